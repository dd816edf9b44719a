//! Sequences of orders through the API, sensible or not. The promises of the regulation hold after each order.
use serde_json::{Value, json};
use std::collections::BTreeMap;
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

struct Play {
    world: World,
    director: Account,
    pair: Pair,
    people: Vec<(String, String)>,
    mentors: Vec<String>,
    paper: String,
    /// The numbers of facts and held meetings of each mentorship. They must never decrease.
    seen: BTreeMap<String, (usize, i64)>,
    accepted: usize,
}

impl Play {
    fn new() -> Self {
        let world = World::with(&["--clock-seconds", "1"]);
        let mut pair = world.pair();
        let members = json!({"extendable": true, "max_extension_months": 6, "max_extensions": 1, "mentor_capacity": 2, "long_absence_days": 5});
        pair.program = world.plain_program("sequences", members);
        let mut people = vec![(pair.person.clone(), pair.beneficiary.clone())];
        let other = world.person(&pair.director, json!({"birth_date": "2006-05-05"}));
        people.push((other.clone(), world.beneficiary(&pair.director, &pair.organization, &other)));
        let mentors = vec![pair.mentor.clone(), world.another_mentor(&pair)];
        let paper = world.file(&pair.director, "other");
        Self {
            director: pair.director.clone(),
            world,
            pair,
            people,
            mentors,
            paper,
            seen: BTreeMap::new(),
            accepted: 0,
        }
    }
    fn all(&self) -> Vec<Value> {
        self.world.get(&self.director, "/mentorships?limit=200").expect(200).items().clone()
    }
    fn obey(&mut self, dice: &mut Dice) {
        let today = self.world.day(0);
        let all = self.all();
        let target = all.get(dice.roll(2.min(all.len()).max(1))).cloned().unwrap_or(Value::Null);
        let mentor = self.mentors[dice.roll(2)].clone();
        let (path, order) = match dice.roll(16) {
            0..=3 => {
                let beneficiary = &self.people[dice.roll(2)].1;
                let mut order = json!({"program_id": self.pair.program, "beneficiary_id": beneficiary, "mentor_id": mentor, "starts_on": today});
                if let (true, Some(old)) = (dice.roll(2) == 0, target["id"].as_str()) {
                    order["replaces_id"] = json!(old);
                }
                ("/mentorships".to_owned(), order)
            }
            4 => {
                self.world.advance_days(3);
                self.director = self.world.again(&self.director);
                return;
            }
            5 => (
                format!("/mentors/{mentor}/removal"),
                json!({"removed_on": today, "decree": {"number": "1", "date": today}}),
            ),
            6 => (
                format!("/mentors/{mentor}/removal-lifting"),
                json!({"lifted_on": today, "decree": {"number": "2", "date": today}}),
            ),
            _ => {
                let Some(id) = target["id"].as_str() else { return };
                let Some((step, order)) = self.step(&target, dice) else { return };
                (format!("/mentorships/{id}/{step}"), order)
            }
        };
        let reply = self.world.post(&self.director, &path, order);
        assert!(matches!(reply.status, 200 | 201 | 409 | 422), "{path}: {} {}", reply.status, reply.text);
        self.accepted += usize::from(reply.status < 300);
    }
    /// An order that fits the state, or any other order.
    fn step(&self, target: &Value, dice: &mut Dice) -> Option<(&'static str, Value)> {
        let today = self.world.day(0);
        let person = self.people.iter().find(|it| target["beneficiary_id"] == it.1)?.0.clone();
        let paper = &self.paper;
        let answer = |party: &str| json!({"party": party, "decision": "accept", "on_paper_file_id": paper});
        let steps = [
            ("acceptances", answer("mentor")),
            ("acceptances", answer("recipient")),
            (
                "consents",
                json!({"signatory": "recipient", "person_id": person, "signed_on": today, "file_id": paper}),
            ),
            ("confirmation", json!({"starts_on": today, "ends_on": self.world.day(20)})),
            ("extensions", json!({"ends_on": self.world.day(40)})),
            ("pause", json!({"paused_on": today, "reason": "other"})),
            ("resumption", json!({"resumed_on": today})),
            ("meetings", json!({"planned_at": self.world.hour(1), "method": "talk"})),
            ("replacement", json!({"ground": "other_obstacle", "ended_on": today, "text": "Ссора."})),
            (
                "withdrawal",
                json!({"party": "recipient", "withdrawn_on": today, "person_id": person, "file_id": paper}),
            ),
            ("termination", json!({"ground": "other_objective", "ended_on": today, "text": "Переезд."})),
        ];
        let fitting = match target["state"].as_str()? {
            "proposed" => dice.roll(2),
            "accepted" => 2,
            "consented" => 3,
            _ => dice.roll(steps.len()),
        };
        let chosen = if dice.roll(4) == 0 { dice.roll(steps.len()) } else { fitting };
        steps.get(chosen).cloned()
    }
    fn check(&mut self) {
        let all = self.all();
        let running = |it: &&Value| it["state"] == "active" || it["state"] == "paused";
        for (_, beneficiary) in &self.people {
            let open =
                all.iter().filter(|it| it["beneficiary_id"] == *beneficiary && it.get("ended_on").is_none());
            assert!(open.count() <= 1, "one mentorship of one beneficiary in one program");
        }
        for mentor in &self.mentors {
            let load = all.iter().filter(running).filter(|it| it["mentor_id"] == *mentor).count();
            assert!(load <= 1, "within capacity");
            let card = self.world.get(&self.director, &format!("/mentors/{mentor}")).expect(200);
            assert!(load == 0 || card.body.get("removal").is_none(), "who is removed has nothing");
        }
        for it in &all {
            let id = it["id"].as_str().unwrap();
            let facts = self
                .world
                .get(&self.director, &format!("/mentorships/{id}/history?limit=200"))
                .expect(200)
                .items()
                .len();
            let held = it["held_meetings"].as_i64().unwrap();
            let before = self.seen.insert(id.to_owned(), (facts, held)).unwrap_or_default();
            assert!(facts >= before.0 && held >= before.1, "nothing is lost");
            assert!(it["extensions"].as_array().unwrap().len() <= 1);
            if let (Some(ended), Some(last)) = (it["ended_on"].as_str(), it["ends_on"].as_str()) {
                assert!(ended <= last, "never past the term");
            }
        }
        assert!(self.seen.keys().all(|id| all.iter().any(|it| it["id"] == *id)), "no mentorship is lost");
    }
}

fn play(seed: u64) {
    let (mut play, mut dice) = (Play::new(), Dice(seed));
    for _ in 0..60 {
        play.obey(&mut dice);
        play.check();
    }
    assert!(play.accepted > 12, "only {} orders were accepted", play.accepted);
}

#[test]
fn no_sequence_of_requests_breaks_the_regulation() {
    play(20_261_122);
}

#[test]
fn nor_does_another_one() {
    play(4_071_992);
}

#[test]
fn nor_does_a_third_one() {
    play(19_112_023);
}
