//! Stories of beneficiaries who wait: after any orders, the waiting list is what the rule says of needs and mentorships.
use serde_json::{Value, json};
use tests::pairs::Pair;
use tests::{Account, World};

/// Numbers that look random but are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}

struct Story {
    world: World,
    director: Account,
    pairs: Vec<Pair>,
    programs: [String; 2],
    mentors: Vec<String>,
}

impl Story {
    fn new() -> Self {
        let world = World::new();
        let first = world.pair();
        let members = json!({"completion": {"kind": "meetings", "meetings": 1, "max_months": 12}, "mentor_capacity": 3});
        let programs = ["one", "two"].map(|it| world.plain_program(it, members.clone()));
        let mut pairs = vec![first.clone()];
        for birth_date in ["2006-05-05", "2007-02-02"] {
            let person = world.person(&first.director, json!({"birth_date": birth_date}));
            let beneficiary = world.beneficiary(&first.director, &first.organization, &person);
            pairs.push(Pair { person, beneficiary, ..first.clone() });
        }
        let mut mentors = vec![first.mentor.clone()];
        mentors.extend((0..2).map(|_| world.another_mentor(&first)));
        for it in &mentors {
            let path = format!("/mentors/{it}");
            world.edit(&first.director, &path, json!({"capacity": 3})).expect(200);
        }
        Self { director: first.director.clone(), world, pairs, programs, mentors }
    }

    /// The mentorships of a beneficiary, in the order of their proposals.
    fn all(&self, beneficiary: &str) -> Vec<Value> {
        let path = format!("/mentorships?beneficiary_id={beneficiary}&limit=200");
        let mut all = self.world.get(&self.director, &path).expect(200).items().clone();
        all.sort_by_key(|it| it["id"].as_str().unwrap().to_owned());
        all
    }

    fn waits(&self, beneficiary: &str) -> Vec<Value> {
        let path = format!("/beneficiaries/{beneficiary}/matching-needs");
        let needs = self.world.get(&self.director, &path).expect(200);
        needs.body["form"]["waits"].as_array().cloned().unwrap_or_default()
    }

    fn check(&self, seed: u64, told: &str) {
        let ids = self.pairs.iter().map(|it| &it.beneficiary);
        let of: Vec<_> = ids.map(|it| (it, self.all(it), self.waits(it))).collect();
        for program in &self.programs {
            let mut expected: Vec<(bool, Option<String>, String)> = Vec::new();
            for (beneficiary, all, waits) in &of {
                let since = since(all, waits, program);
                expected.extend(since.map(|it| (it.is_none(), it, (*beneficiary).clone())));
            }
            expected.sort();
            let path = format!("/waiting-list?program_id={program}");
            let listed = self.world.get(&self.director, &path).expect(200);
            let text = |it: &Value| it.as_str().map(str::to_owned);
            let found: Vec<_> = listed
                .items()
                .iter()
                .map(|it| {
                    (it.get("since").is_none(), text(&it["since"]), text(&it["beneficiary_id"]).unwrap())
                })
                .collect();
            assert_eq!(found, expected, "seed {seed}, after {told}");
        }
        if self.world.region_file().exists() {
            assert_eq!(
                self.otherwise_filled(),
                0,
                "seed {seed}, after {told}: the migration fills other rows"
            );
        }
    }

    /// The kept rows in which the table differs from what the migration would fill into it.
    fn otherwise_filled(&self) -> i64 {
        let up = include_str!("../../../migrations/0050_waiting/up.sql");
        let filled: Vec<&str> = up
            .split("INSERT INTO waiting (program_id, beneficiary_id, organization_id, since)")
            .skip(1)
            .map(|it| it.split(';').next().unwrap())
            .collect();
        assert_eq!(filled.len(), 2);
        let filled = filled.join(" UNION ALL ");
        let kept = "SELECT program_id, beneficiary_id, organization_id, since FROM waiting";
        let count = format!(
            "SELECT (SELECT count(*) FROM ({kept} EXCEPT SELECT * FROM ({filled}))) \
             + (SELECT count(*) FROM (SELECT * FROM ({filled}) EXCEPT {kept}))"
        );
        let conn = rusqlite::Connection::open(self.world.region_file()).unwrap();
        conn.query_row(&count, [], |row| row.get(0)).unwrap()
    }

    /// One order, sensible or not.
    fn obey(&mut self, dice: &mut Dice) -> String {
        let world = &self.world;
        let mentor = self.mentors[dice.roll(3)].clone();
        let program = self.programs[dice.roll(2)].clone();
        let pair =
            Pair { program, mentor, director: self.director.clone(), ..self.pairs[dice.roll(3)].clone() };
        let mut all = self.all(&pair.beneficiary);
        all.retain(|it| it["program_id"] == json!(pair.program));
        let id = all.last().map(|it| it["id"].as_str().unwrap().to_owned()).unwrap_or_default();
        let state = all.last().map_or("none", |it| it["state"].as_str().unwrap()).to_owned();
        let today = world.day(0);
        let step = |step: &str, order: Value| world.step(&self.director, &id, step, order).status;
        let what = match (state.as_str(), dice.roll(6)) {
            (_, 0) => {
                let days = [0, -1, -3, -40, -40][dice.roll(5)];
                let mut waits = self.waits(&pair.beneficiary);
                waits.retain(|it| it["program_id"] != json!(pair.program));
                if dice.roll(3) > 0 {
                    waits.push(json!({"program_id": pair.program, "since": world.day(days)}));
                }
                world.needs(&self.director, &pair.beneficiary, json!({"waits": waits}));
                "needs"
            }
            ("proposed", 1) => {
                step("acceptances", json!({"party": "mentor", "decision": "decline"}));
                "a refusal"
            }
            ("proposed", _) => {
                for party in ["mentor", "recipient"] {
                    step("acceptances", world.acceptance(&self.director, party));
                }
                step("consents", world.consent(&pair));
                step("confirmation", world.confirmation());
                "a beginning"
            }
            ("active", 1) => {
                let ground = json!({"ground": "other_objective", "ended_on": today, "text": "Переезд."});
                step("termination", ground);
                "a termination"
            }
            ("active", 2) => {
                step("withdrawal", json!({"party": "recipient", "withdrawn_on": today}));
                "a withdrawal"
            }
            ("active", 3 | 4) => {
                let plan = json!({"planned_at": world.hour(-1), "method": "talk"});
                let planned = world.step(&self.director, &id, "meetings", plan);
                if planned.status == 201 {
                    let path = format!("/meetings/{}/holding", planned.id());
                    world.post(&self.director, &path, world.holding(-1));
                }
                "the last meeting"
            }
            ("active", _) => {
                let order = json!({"ground": "other_obstacle", "ended_on": today, "text": "Переезд."});
                step("replacement", order);
                "a replacement"
            }
            ("completed", 1..=4) => {
                let held = world.get(&self.director, &format!("/mentorships/{id}/meetings"));
                if let Some(one) = held.items().first().and_then(|it| it["id"].as_str()) {
                    let order = json!({"reason": "Записано не той паре."});
                    world.post(&self.director, &format!("/meetings/{one}/annulment"), order);
                }
                "an annulled meeting"
            }
            ("terminated" | "replaced", 1 | 2) => {
                step("end/annulment", json!({"reason": "Записано не той паре."}));
                "an annulled end"
            }
            (_, 5) => {
                self.world.advance_days(1);
                self.director = self.world.again(&self.director);
                "a day"
            }
            _ => {
                world.post(&self.director, "/mentorships", world.proposal(&pair));
                "a proposal"
            }
        };
        format!("{what}: {state} of {}", pair.beneficiary)
    }
}

/// The answer of the rule, told from the API alone: none if somebody mentors them in the program, else the day since which they wait.
fn since(all: &[Value], waits: &[Value], program: &str) -> Option<Option<String>> {
    let all: Vec<&Value> = all.iter().filter(|it| it["program_id"] == program).collect();
    if all.iter().any(|it| it.get("ended_on").is_none()) {
        return None;
    }
    let text = |it: &Value| it.as_str().map(str::to_owned);
    let entered = waits.iter().find(|it| it["program_id"] == program).and_then(|it| text(&it["since"]));
    let Some(latest) = all.iter().rfind(|it| it.get("starts_on").is_some()) else { return Some(entered) };
    let is_withdrawn = latest["termination"]["ground"] == "consent_withdrawn";
    Some(match latest["state"].as_str().unwrap() {
        "replaced" => entered.or(text(&latest["proposed_on"])),
        "terminated" if !is_withdrawn => entered,
        _ => entered.filter(|it| Some(it.as_str()) >= latest["ended_on"].as_str()),
    })
}

#[test]
fn after_any_orders_the_list_is_what_the_rule_says() {
    let (mut seen, mut story) = (std::collections::BTreeMap::<String, usize>::new(), Story::new());
    for seed in 1..=3 {
        let mut dice = Dice(seed);
        for _ in 0..40 {
            let told = story.obey(&mut dice);
            story.check(seed, &told);
            *seen.entry(told.split(" of ").next().unwrap().to_owned()).or_default() += 1;
        }
    }
    let told = [
        "needs: replaced",
        "needs: terminated",
        "needs: completed",
        "a refusal: proposed",
        "a withdrawal: active",
        "an annulled meeting: completed",
        "an annulled end: replaced",
        "an annulled end: terminated",
    ];
    assert!(told.iter().all(|it| seen.contains_key(*it)), "{seen:?}");
}

#[test]
fn who_moves_to_another_institution_waits_on_its_list() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let (_, one) = world.waits(&stage, 40, json!({}));
    world.waits(&stage, 20, json!({}));
    let (organization, director) = world.institution("Другой центр");
    let listed = |who: &Account| {
        let all = world.get(who, &format!("/waiting-list?program_id={}", stage.program)).expect(200);
        all.items().iter().map(|it| it["beneficiary_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((listed(&stage.director).len(), listed(&director).len()), (2, 0));
    let path = format!("/beneficiaries/{one}");
    world.edit(&world.admin(), &path, json!({"organization_id": organization})).expect(200);
    assert_eq!(listed(&director), std::slice::from_ref(&one));
    assert_eq!(listed(&stage.director).len(), 1);
    let narrowed = format!("/waiting-list?program_id={}&organization_id={organization}", stage.program);
    assert_eq!(world.get(&world.admin(), &narrowed).expect(200).items().len(), 1);
}
