//! The data with which tests of matching begin. By default, any two people fit.
use crate::client::{Account, Reply};
use crate::given::with;
use crate::world::World;
use serde_json::{Value, json};

/// Every hour of the week.
fn all_hours() -> Vec<String> {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let parts = ["morning", "afternoon", "evening"];
    days.iter().flat_map(|day| parts.iter().map(move |part| format!("{day}_{part}"))).collect()
}

impl World {
    /// Fills in the profile of a mentor: all hours, every place, and these members instead of the default ones.
    pub fn mentor_profile(&self, who: &Account, mentor: &str, members: Value) -> Reply {
        let form = json!({"languages": ["ru"], "hours": all_hours(), "interests": ["chess", "hiking", "cooking", "reading"],
            "dislikes": [], "skills": ["exams", "self_confidence", "household", "job_search"], "works_remotely": true});
        self.fill(who, &format!("/mentors/{mentor}/matching-profile"), with(form, &members))
    }
    /// Fills in the profile of a beneficiary: all hours, and these members instead of the default ones.
    pub fn beneficiary_profile(&self, who: &Account, beneficiary: &str, members: Value) -> Reply {
        let form = json!({"languages": ["ru"], "hours": all_hours(), "interests": ["chess", "hiking", "drawing"], "dislikes": []});
        self.fill(who, &format!("/beneficiaries/{beneficiary}/matching-profile"), with(form, &members))
    }
    /// Records the needs of a beneficiary who agrees to matching and does not wait, with these members instead of the
    /// default ones.
    pub fn needs(&self, who: &Account, beneficiary: &str, members: Value) -> Reply {
        let form = json!({"needs": ["exams", "self_confidence"], "special_course_codes": [], "risk_level": 0,
            "agrees_to_matching": true, "waits": []});
        self.fill(who, &format!("/beneficiaries/{beneficiary}/matching-needs"), with(form, &members))
    }
    /// Records the needs of a beneficiary who has waited for a program for that many days.
    pub fn waiting(&self, who: &Account, beneficiary: &str, program: &str, days: i64) -> Reply {
        let waits = json!([{"program_id": program, "since": self.day(-days)}]);
        self.needs(who, beneficiary, json!({"waits": waits}))
    }
    fn fill(&self, who: &Account, path: &str, form: Value) -> Reply {
        let etag = self.get(who, path).expect(200).etag();
        self.put(who, path, &etag, form).expect(200)
    }
}

/// The stage of a test: an institution with its director, and a program without further demands.
pub struct Stage {
    pub organization: String,
    pub director: Account,
    pub program: String,
}

/// Rounds and their people.
impl World {
    /// Issues rules of matching for a program, with these members instead of the default ones. Returns their id.
    pub fn matching_rules(&self, program: &str, members: Value) -> String {
        let weights = json!({"interests": 300, "needs": 250, "hours": 150, "proximity": 150, "age": 100, "languages": 50});
        let rules = json!({"mode": "coverage_first", "weights": weights, "hours_needed": 1, "hours_enough": 4, "least_age_gap_years": 4,
            "best_age_gap_years": 18, "age_gap_tolerance_years": 30, "longest_way_km": 70, "waiting_days": [60, 180, 365]});
        let form = json!({"effective_from": "2024-01-01", "rules": with(rules, &members)});
        self.post(&self.admin(), &format!("/programs/{program}/matching-rules"), form).expect(201).id()
    }
    /// An institution and a program for people. These members replace those of the plainest edition.
    pub fn stage(&self, members: Value) -> Stage {
        let (organization, director) = self.institution("Центр помощи детям");
        Stage { organization, director, program: self.plain_program("long-friendship", members) }
    }
    /// A person of 19 who has waited for that many days, with these members of the needs. Returns the person and the
    /// beneficiary.
    pub fn waits(&self, stage: &Stage, days: i64, needs: Value) -> (String, String) {
        let person = self.person(&stage.director, json!({"birth_date": "2007-01-10"}));
        let id = self.beneficiary(&stage.director, &stage.organization, &person);
        self.beneficiary_profile(&stage.director, &id, json!({}));
        let wait = json!({"waits": [{"program_id": stage.program, "since": self.day(-days)}]});
        self.needs(&stage.director, &id, with(wait, &needs));
        (person, id)
    }
    /// A mentor of the stage with a filled-in profile, with these members instead of the default ones. Returns the
    /// person and the mentor.
    pub fn helps(&self, stage: &Stage, profile: Value) -> (String, String) {
        let (person, id) = self.trained_mentor(&stage.organization, &stage.director);
        self.mentor_profile(&stage.director, &id, profile);
        (person, id)
    }
    /// Enters that many waiting beneficiaries and as many mentors. Every pair is possible.
    pub fn wait_and_help(&self, stage: &Stage, pairs: usize) {
        for _ in 0..pairs {
            self.waits(stage, 10, json!({}));
            self.helps(stage, json!({}));
        }
    }
    /// Waits until the job of a 202 answer has ended, and returns it.
    pub fn ended(&self, who: &Account, accepted: &Reply) -> Reply {
        let path = accepted.header("location").expect("where the job is").to_owned();
        let path = path.strip_prefix("/api/v1").expect("a path of the API");
        for _ in 0..300 {
            let job = self.get(who, path).expect(200);
            if ["done", "failed", "cancelled"].contains(&job.body["state"].as_str().unwrap_or_default()) {
                return job;
            }
            crate::pairs::pause();
        }
        panic!("the job does not end: {}", self.get(who, path).text);
    }
    /// An order that begins a round for the stage.
    pub fn round_order(&self, stage: &Stage) -> Value {
        json!({"program_id": stage.program, "organization_id": stage.organization, "kind": "full"})
    }
    /// A computed round of the stage, with these members of the order. Returns its card.
    pub fn round(&self, stage: &Stage, members: Value) -> Reply {
        let order = with(self.round_order(stage), &members);
        let begun = self.post(&stage.director, "/matching-rounds", order).expect(202);
        let job = self.ended(&stage.director, &begun);
        assert_eq!(job.body["state"], "done", "{}", job.text);
        self.get(&stage.director, &format!("/matching-rounds/{}", begun.id())).expect(200)
    }
    /// Publishes a round that begins today, and returns its card.
    pub fn publish(&self, stage: &Stage, round: &str) -> Reply {
        let path = format!("/matching-rounds/{round}");
        let order = json!({"starts_on": self.day(0)});
        let accepted = self.post(&stage.director, &format!("{path}/publication"), order).expect(202);
        assert_eq!(self.ended(&stage.director, &accepted).body["state"], "done");
        self.get(&stage.director, &path).expect(200)
    }
    /// All proposals of a round.
    pub fn proposals(&self, who: &Account, round: &str) -> Vec<Value> {
        self.get(who, &format!("/matching-rounds/{round}/proposals?limit=200")).expect(200).items().clone()
    }
    /// The mentor of the latest proposal of a round for a beneficiary.
    pub fn mate(&self, who: &Account, round: &str, beneficiary: &str) -> Option<String> {
        let all = self.proposals(who, round);
        let own = all.iter().rev().find(|it| it["beneficiary_id"] == beneficiary)?;
        own["mentor_id"].as_str().map(str::to_owned)
    }
}

/// People with special properties.
impl World {
    /// A mentor of the stage without training, approved for its program. The organization is of the given kind, or
    /// there is none. The members replace those of the profile. Returns the person and the mentor.
    pub fn candidate(
        &self,
        stage: &Stage,
        person: Value,
        kind: Option<&str>,
        profile: Value,
    ) -> (String, String) {
        let director = &stage.director;
        let woman = json!({"family_name": "Петрова", "given_name": "Мария", "patronymic": "Ильинична", "birth_date": "1985-06-01", "residence": "25655000"});
        let person = self.person(director, with(woman, &person));
        let ngo = self.organization(kind.unwrap_or("ngo"), "Доброе дело", "25655000");
        let mut form = self.application_form(director, &person, &stage.organization, &ngo);
        form["program_id"] = json!(stage.program);
        if kind.is_none() {
            form.as_object_mut().expect("a form").remove("ngo_id");
        }
        let id = self.post(director, "/mentor-applications", form).expect(201).id();
        let path = format!("/mentor-applications/{id}");
        self.post(director, &format!("{path}/submission"), json!({})).expect(200);
        let decided =
            self.post(director, &format!("{path}/decision"), json!({"kind": "approve"})).expect(200);
        let mentor = decided.body["mentor_id"].as_str().expect("a mentor").to_owned();
        self.mentor_profile(director, &mentor, profile);
        (person, mentor)
    }
    /// Records that a mentor completed a course ten days ago.
    pub fn taught(&self, stage: &Stage, mentor: &str, course: &str) {
        let training = json!({"course_id": self.course(course), "completed_on": self.day(-10)});
        self.post(&stage.director, &format!("/mentors/{mentor}/trainings"), training).expect(201);
    }
    /// Changes members of a mentor's entry.
    pub fn change_mentor(&self, stage: &Stage, mentor: &str, members: Value) {
        let path = format!("/mentors/{mentor}");
        let etag = self.get(&stage.director, &path).expect(200).etag();
        self.patch(&stage.director, &path, &etag, members).expect(200);
    }
    /// All barriers of matching for a pair in a program.
    pub fn barriers(&self, who: &Account, beneficiary: &str, mentor: &str, program: &str) -> Vec<String> {
        let path = format!("/beneficiaries/{beneficiary}/candidates/{mentor}?program_id={program}");
        crate::matching::words(&self.get(who, &path).expect(200).body["barriers"])
    }
}

/// The words of a JSON list.
pub fn words(of: &Value) -> Vec<String> {
    of.as_array().expect("a list").iter().map(|it| it.as_str().expect("a word").to_owned()).collect()
}
