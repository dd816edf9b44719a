//! The data with which tests of mentorships begin.
use crate::client::{Account, Reply};
use crate::world::World;
use serde_json::{Value, json};

/// A recipient and a mentor who fit, with an institution and a program.
#[derive(Clone)]
pub struct Pair {
    pub organization: String,
    /// The director, who may take every step for both sides with a paper.
    pub director: Account,
    pub program: String,
    pub beneficiary: String,
    /// The person who signs: the recipient, or the mother of the family.
    pub person: String,
    pub mentor: String,
    pub mentor_person: String,
}

/// Worlds that begin with pairs.
impl World {
    /// A world with a pair.
    pub fn paired() -> (Self, Pair) {
        Self::prepared(Self::pair)
    }
    /// A world with the pairs of two institutions.
    pub fn twice_paired() -> (Self, Pair, Pair) {
        let (world, (one, other)) = Self::prepared(|world| (world.pair(), world.pair()));
        (world, one, other)
    }
    /// A world with a pair and its active mentorship.
    pub fn mentoring() -> (Self, Pair, String) {
        let (world, (pair, id)) = Self::prepared(|world| {
            let pair = world.pair();
            let id = world.active(&pair);
            (pair, id)
        });
        (world, pair, id)
    }
}

/// Mentorships.
impl World {
    /// A woman of 19, who signs alone, and a trained mentor, in the program of six meetings.
    pub fn pair(&self) -> Pair {
        let (organization, director) = self.institution("Центр помощи семье");
        self.pair_at(&organization, &director, &self.program("together-six-meetings"))
    }
    /// Such a pair at the given institution and in the given program for people.
    pub fn pair_at(&self, organization: &str, director: &Account, program: &str) -> Pair {
        let person = self.person(director, json!({"given_name": "Дарья", "birth_date": "2007-01-10"}));
        let beneficiary = self.beneficiary(director, organization, &person);
        let (mentor_person, mentor) = self.trained_mentor(organization, director);
        Pair {
            organization: organization.into(),
            director: director.clone(),
            program: program.into(),
            beneficiary,
            person,
            mentor,
            mentor_person,
        }
    }
    /// A mother and her child on accompaniment, and a mentor of an НКО, in the district's program.
    pub fn family_pair(&self) -> Pair {
        let (organization, director) = self.institution("Центр помощи семье");
        let mother = self.person(&director, json!({"given_name": "Ольга", "birth_date": "1996-08-01"}));
        let child = self.person(&director, json!({"given_name": "Миша", "birth_date": "2018-03-01"}));
        let family = self.family(&director, &[&mother, &child]);
        let beneficiary = self.family_beneficiary(&director, &organization, &family);
        self.case(&director, &organization, &beneficiary);
        let (mentor_person, mentor) = self.trained_mentor(&organization, &director);
        let program = self.program("family-mentoring");
        Pair { organization, director, program, beneficiary, person: mother, mentor, mentor_person }
    }
    /// A resident from an НКО, approved and trained as a mentor. Returns the person and the mentor.
    pub fn trained_mentor(&self, organization: &str, director: &Account) -> (String, String) {
        let person = self.resident(director);
        let mentor = self.mentor(director, &person, organization, &self.ngo("Доброе дело"));
        let training = json!({"course_id": self.course("mentor-basics"), "completed_on": self.day(-10)});
        self.post(director, &format!("/mentors/{mentor}/trainings"), training).expect(201);
        (person, mentor)
    }
    /// A program for people. These members replace those of the plainest edition.
    pub fn plain_program(&self, code: &str, members: Value) -> String {
        let program = json!({"code": code, "name": "Наставничество"});
        let id = self.post(&self.admin(), "/programs", program).expect(201).id();
        let mut edition = json!({"effective_from": "2024-01-01", "serves": "person", "completion": {"kind": "term", "max_months": 12}});
        for (name, value) in members.as_object().expect("members") {
            edition[name.as_str()] = value.clone();
        }
        self.post(&self.admin(), &format!("/programs/{id}/editions"), edition).expect(201);
        id
    }

    /// An order that proposes the pair from today.
    pub fn proposal(&self, pair: &Pair) -> Value {
        json!({"program_id": pair.program, "beneficiary_id": pair.beneficiary, "mentor_id": pair.mentor, "starts_on": self.day(0), "reason": "Живут рядом."})
    }
    /// Takes a step of a mentorship: `acceptances`, `consents`, `confirmation`, `termination`, `meetings`.
    pub fn step(&self, who: &Account, mentorship: &str, step: &str, order: Value) -> Reply {
        self.post(who, &format!("/mentorships/{mentorship}/{step}"), order)
    }
    /// An order by which a side accepts on paper.
    pub fn acceptance(&self, who: &Account, party: &str) -> Value {
        json!({"party": party, "decision": "accept", "on_paper_file_id": self.file(who, "other")})
    }
    /// The consent that the recipient signs today on paper.
    pub fn consent(&self, pair: &Pair) -> Value {
        json!({"signatory": "recipient", "person_id": pair.person, "signed_on": self.day(0), "file_id": self.file(&pair.director, "consent")})
    }
    /// An order that confirms a mentorship from today for two months.
    pub fn confirmation(&self) -> Value {
        json!({"starts_on": self.day(0), "ends_on": self.day(60), "decree": {"number": "15-н", "date": self.day(0)}})
    }
    /// Proposes a mentorship of the pair and returns its id.
    pub fn proposed(&self, pair: &Pair) -> String {
        self.post(&pair.director, "/mentorships", self.proposal(pair)).expect(201).id()
    }
    /// A mentorship that both sides have accepted.
    pub fn accepted(&self, pair: &Pair) -> String {
        let id = self.proposed(pair);
        for party in ["mentor", "recipient"] {
            self.step(&pair.director, &id, "acceptances", self.acceptance(&pair.director, party)).expect(200);
        }
        id
    }
    /// A mentorship to which the recipient has consented.
    pub fn consented(&self, pair: &Pair) -> String {
        let id = self.accepted(pair);
        self.step(&pair.director, &id, "consents", self.consent(pair)).expect(200);
        id
    }
    /// A mentorship confirmed from today for two months.
    pub fn active(&self, pair: &Pair) -> String {
        let id = self.consented(pair);
        self.step(&pair.director, &id, "confirmation", self.confirmation()).expect(200);
        id
    }
    /// The instant in that many hours, as the API writes it.
    pub fn hour(&self, hours: i64) -> String {
        let now: chrono::DateTime<chrono::Utc> = self.now().parse().expect("an instant");
        let then = now + chrono::TimeDelta::hours(hours);
        then.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }
    /// Plans a meeting in that many hours, which may be negative, and returns its id.
    pub fn meeting(&self, who: &Account, mentorship: &str, hours: i64) -> String {
        let plan = json!({"planned_at": self.hour(hours), "method": "talk"});
        self.step(who, mentorship, "meetings", plan).expect(201).id()
    }
    /// An order that records a held meeting of one hour, in that many hours.
    pub fn holding(&self, hours: i64) -> Value {
        json!({"began_at": self.hour(hours), "minutes": 60, "directions": ["d01"], "topic": "Планы на учёбу"})
    }
    /// A held meeting of one hour, that many hours ago.
    pub fn held(&self, who: &Account, mentorship: &str, hours_ago: i64) -> Reply {
        let id = self.meeting(who, mentorship, -hours_ago);
        self.post(who, &format!("/meetings/{id}/holding"), self.holding(-hours_ago)).expect(200)
    }
    /// An active mentorship of the pair that the given tutor follows.
    pub fn followed(&self, pair: &Pair, tutor: &Account) -> String {
        let mut order = self.proposal(pair);
        order["tutor_user_id"] = json!(tutor.id);
        let id = self.post(&pair.director, "/mentorships", order).expect(201).id();
        for party in ["mentor", "recipient"] {
            self.step(&pair.director, &id, "acceptances", self.acceptance(&pair.director, party)).expect(200);
        }
        self.step(&pair.director, &id, "consents", self.consent(pair)).expect(200);
        self.step(&pair.director, &id, "confirmation", self.confirmation()).expect(200);
        id
    }
    /// A form that plans a group meeting of these mentorships in that many hours.
    pub fn group_plan(&self, hours: i64, mentorships: &[&str]) -> Value {
        json!({"planned_at": self.hour(hours), "method": "discussion", "purpose": "social_contacts", "mentorship_ids": mentorships,
            "directions": ["d10"], "topic": "Как договориться с соседями"})
    }
    /// An order that records a held group meeting of one hour, with the people who came.
    pub fn group_holding(&self, hours: i64, attendance: &[(&str, bool)]) -> Value {
        let rows: Vec<Value> =
            attendance.iter().map(|(id, came)| json!({"mentorship_id": id, "attended": came})).collect();
        json!({"began_at": self.hour(hours), "minutes": 60, "directions": ["d10"], "topic": "Соседи", "attendance": rows})
    }
    /// A survey of today.
    pub fn survey(&self) -> Value {
        json!({"visited_on": self.day(0), "housing": "house", "sanitary": "satisfactory", "heating": "good", "repair": "poor",
            "has_own_bed": true, "has_study_place": false, "has_seasonal_clothes": true, "has_food": true,
            "problems": "Течёт крыша.", "conclusion": "Нужен письменный стол."})
    }
    /// A report of a mentor of today.
    pub fn report(&self) -> Value {
        json!({"period_from": self.day(0), "period_to": self.day(0), "work_done": "Познакомились.", "difficulties": "Молчит.",
            "outcomes": [{"domain": "responsibility", "change": "better", "note": "Пришла вовремя."}], "for_commission": false})
    }
    /// The account of a mentor.
    pub fn mentor_account(&self, login: &str, pair: &Pair) -> Account {
        self.account(login, json!([{"role": "mentor"}]), Some(&pair.mentor_person))
    }
    /// The account of a recipient who is a person.
    pub fn mentee_account(&self, login: &str, pair: &Pair) -> Account {
        self.account(login, json!([{"role": "mentee"}]), Some(&pair.person))
    }
    /// Another mentor of the pair's institution.
    pub fn another_mentor(&self, pair: &Pair) -> String {
        self.trained_mentor(&pair.organization, &pair.director).1
    }
    /// An order that replaces the mentor today on the given ground.
    pub fn replacement(&self, ground: &str) -> Value {
        json!({"ground": ground, "ended_on": self.day(0)})
    }
    /// Logs in again, because tokens expire when a test moves the clock by days.
    pub fn again(&self, who: &Account) -> Account {
        self.login(&who.login)
    }
    /// Waits until the clock has brought the mentorship to that state.
    pub fn until(&self, mentorship: &str, state: &str) -> Reply {
        for _ in 0..100 {
            let card = self.get(&self.admin(), &format!("/mentorships/{mentorship}")).expect(200);
            if card.body["state"] == state {
                return card;
            }
            pause();
        }
        panic!("mentorship {mentorship} did not become {state}");
    }
}

/// Waits a little.
#[expect(clippy::disallowed_methods, reason = "a test waits for the clock of the server")]
pub fn pause() {
    std::thread::sleep(std::time::Duration::from_millis(100));
}

/// Sends that many requests at once and returns the statuses and codes. A request that is answered with «come back
/// later» is sent again, as a client would do.
pub fn at_once(times: usize, ask: impl Fn(usize) -> Reply + Sync) -> Vec<(u16, String)> {
    let answer = |it| loop {
        let reply = ask(it);
        if reply.status != 503 {
            return (reply.status, reply.code().to_owned());
        }
        pause();
    };
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..times).map(|it| scope.spawn(move || answer(it))).collect();
        all.into_iter().map(|it| it.join().expect("an answer")).collect()
    })
}
