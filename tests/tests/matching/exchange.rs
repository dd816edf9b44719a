//! The remembered mentors: after any change, candidates are what a server without a memory finds.
use super::candidates::candidates;
use serde_json::{Value, json};
use tests::{Account, Stage, World};

/// A stage with people on it, and the beneficiaries whose candidates are asked for.
struct Town {
    world: World,
    stage: Stage,
    asked: Vec<String>,
}

impl Town {
    fn new(mentor: Value) -> Self {
        let world = World::new();
        let stage = world.stage(json!({"mentor": mentor, "mentor_capacity": 3}));
        let asked = (0..2).map(|it| world.waits(&stage, it, json!({})).1).collect();
        Self { world, stage, asked }
    }
    fn told(&self) -> Vec<Value> {
        let of = |it: &String| {
            let query = format!("program_id={}&excluded_limit=200", self.stage.program);
            candidates(&self.world, &self.stage.director, it, &query).expect(200).body
        };
        self.asked.iter().map(of).collect()
    }
    /// The answers of a server that has just started, with the waiting list and its figures.
    fn anew(&self) -> (Vec<Value>, [Value; 2]) {
        let other = self.world.beside(&[]);
        let who = other.login_in(&self.world.region, &self.stage.director.login);
        let of = |it: &String| {
            let query = format!("program_id={}&excluded_limit=200", self.stage.program);
            other.get(&who, &format!("/beneficiaries/{it}/candidates?{query}")).expect(200).body
        };
        let all = self.asked.iter().map(of).collect();
        (all, ["", "/summary"].map(|it| self.list(&other, &who, it)))
    }
    fn list(&self, client: &tests::Client, who: &Account, path: &str) -> Value {
        let path = format!("/waiting-list{path}?program_id={}", self.stage.program);
        client.get(who, &path).expect(200).body
    }
    /// Asks for candidates, makes a change, and compares. Tells whether the change is seen in them.
    fn after(&self, what: &str, change: impl FnOnce(&World, &Stage)) -> bool {
        let before = self.told();
        change(&self.world, &self.stage);
        let (candidates, lists) = self.anew();
        let told = self.told();
        assert_eq!(told, candidates, "{what}");
        let here = ["", "/summary"].map(|it| self.list(&self.world, &self.stage.director, it));
        assert_eq!(here[0]["items"], lists[0]["items"], "{what}");
        assert_eq!(here[1], lists[1], "{what}");
        told != before
    }
}

fn edit(world: &World, who: &Account, path: &str, members: Value) {
    world.edit(who, path, members).expect(200);
}

#[test]
fn whatever_changes_one_mentor_is_exchanged_in_memory() {
    let town = Town::new(json!({"required_course_codes": ["mentor-basics"]}));
    let (world, stage, director) = (&town.world, &town.stage, &town.stage.director);
    let (person, mentor) = world.helps(stage, json!({}));
    let helps = |world: &World, stage: &Stage| drop(world.helps(stage, json!({})));
    assert!(town.after("a new mentor", helps));
    assert!(!town.after("a new person", |world, stage| drop(world.person(&stage.director, json!({})))));
    let hours = |world: &World, stage: &Stage| {
        drop(world.mentor_profile(&stage.director, &mentor, json!({"hours": ["mon_morning"]})));
    };
    assert!(town.after("a profile", hours));
    let risk = |world: &World, stage: &Stage| world.change_mentor(stage, &mentor, json!({"capacity": 2}));
    assert!(town.after("an entry", risk));
    let moves = |world: &World, stage: &Stage| {
        edit(world, &stage.director, &format!("/people/{person}"), json!({"residence": "25701000"}));
    };
    assert!(town.after("a person who is a mentor", moves));
    let mut untaught = String::new();
    assert!(town.after("an approval", |world, stage| {
        untaught = world.candidate(stage, json!({}), Some("ngo"), json!({})).1;
    }));
    assert!(town.after("a training", |world, stage| world.taught(stage, &untaught, "mentor-basics")));
    assert!(town.after("an annulled training", |world, stage| {
        let all = world.get(&stage.director, &format!("/mentors/{untaught}/trainings")).expect(200);
        let training = all.items()[0]["id"].as_str().unwrap().to_owned();
        let order = json!({"reason": "Записано не тому."});
        world.post(&stage.director, &format!("/trainings/{training}/annulment"), order).expect(200);
    }));
    let (_, accused) = world.helps(stage, json!({}));
    assert!(town.after("a ground", |world, stage| {
        let ground = json!({"arisen_on": world.day(0), "text": "Пришёл на встречу нетрезвым."});
        world.post(&stage.director, &format!("/mentors/{accused}/removal-grounds"), ground).expect(201);
    }));
    assert!(town.after("a removal", |world, stage| {
        let removal = json!({"removed_on": world.day(0), "decree": {"number": "34-л", "date": world.day(0)}});
        world.post(&stage.director, &format!("/mentors/{accused}/removal"), removal).expect(200);
    }));
    let (dead, _) = world.helps(stage, json!({}));
    assert!(town.after("a death", |world, stage| {
        world.die(&stage.director, &dead, 0).expect(200);
    }));
    assert!(town.after("an annulled death", |world, stage| {
        let order = json!({"reason": "Записано по ошибке."});
        world.post(&stage.director, &format!("/people/{dead}/death/annulment"), order).expect(200);
    }));
    let another = world.waits(stage, 1, json!({})).1;
    let mut mentorship = String::new();
    assert!(town.after("a proposal", |world, stage| {
        let order = json!({"program_id": stage.program, "beneficiary_id": another, "mentor_id": mentor, "starts_on": world.day(0)});
        mentorship = world.post(&stage.director, "/mentorships", order).expect(201).id();
    }));
    assert!(town.after("a refusal", |world, stage| {
        let no = json!({"party": "mentor", "decision": "decline"});
        world.step(&stage.director, &mentorship, "acceptances", no).expect(200);
    }));
    // Several changes between two questions, of one mentor and of others.
    assert!(town.after("a day of work", |world, stage| {
        for _ in 0..3 {
            world.person(&stage.director, json!({}));
            let (_, one) = world.helps(stage, json!({}));
            world.change_mentor(stage, &one, json!({"qualified_risk_level": 2}));
        }
        world.change_mentor(stage, &mentor, json!({"capacity": 1}));
        edit(world, &stage.director, &format!("/people/{person}"), json!({"residence": "25655000"}));
    }));
    assert!(!town.told().is_empty(), "{}", director.login);
}

#[test]
fn what_touches_all_mentors_is_loaded_anew() {
    let town = Town::new(json!({"residence_required": true}));
    let (world, stage) = (&town.world, &town.stage);
    let (person, _) = world.helps(stage, json!({"works_remotely": false, "travel_radius_km": 150}));
    edit(world, &stage.director, &format!("/people/{person}"), json!({"residence": "25701000"}));
    let admin = world.admin();
    let path = format!("/programs/{}/editions", stage.program);
    let edition = |mentor: Value| json!({"effective_from": world.day(0), "serves": "person", "completion": {"kind": "term", "max_months": 12}, "mentor": mentor});
    assert!(town.after("an edition", |world, _| {
        drop(world.post(&admin, &path, edition(json!({"minimum_age_years": 90}))).expect(201));
    }));
    for code in ["25655000", "25701000"] {
        town.after("a municipality", |world, _| {
            let form =
                json!({"code": code, "name": format!("Район {code}"), "latitude": 52.8, "longitude": 104.7});
            drop(world.post(&admin, "/municipalities", form).expect(201));
        });
    }
    town.after("an institution", |world, stage| {
        edit(
            world,
            &admin,
            &format!("/organizations/{}", stage.organization),
            json!({"territory": "25701000"}),
        );
    });
    assert!(town.after("rules of matching", |world, stage| {
        drop(
            world
                .matching_rules(&stage.program, json!({"least_age_gap_years": 50, "best_age_gap_years": 60})),
        );
    }));
}

#[test]
fn those_who_ask_at_once_after_a_start_are_all_answered_alike() {
    let town = Town::new(json!({}));
    for _ in 0..4 {
        town.world.helps(&town.stage, json!({}));
    }
    let paths = [
        format!("/beneficiaries/{}/candidates?program_id={}", town.asked[0], town.stage.program),
        format!("/waiting-list?program_id={}", town.stage.program),
        format!("/waiting-list/summary?program_id={}", town.stage.program),
    ];
    for path in paths {
        let told = tests::pairs::at_once(24, |_| town.world.get(&town.stage.director, &path));
        assert!(told.iter().all(|it| it.0 == 200 && it.1 == told[0].1), "{path}: {told:?}");
    }
}
