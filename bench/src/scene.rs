//! A region with people who can be matched, entered through the API by several clients.
use crate::client::{Account, Client};
use crate::ground::Ground;
use crate::server::Server;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Clients that enter people at once.
const CLIENTS: usize = 4;

const INTERESTS: [&str; 12] = [
    "football",
    "chess",
    "hiking",
    "fishing",
    "drawing",
    "singing",
    "cooking",
    "reading",
    "theatre",
    "programming",
    "gardening",
    "volunteering",
];
const NEEDS: [&str; 6] = ["exams", "self_confidence", "job_search", "housing", "documents", "communication"];
const HOURS: [&str; 9] = [
    "mon_evening",
    "tue_evening",
    "wed_evening",
    "thu_evening",
    "fri_evening",
    "sat_morning",
    "sat_afternoon",
    "sun_morning",
    "sun_afternoon",
];

/// A region with a server, an institution, a program, and people.
pub struct Scene {
    pub ground: Ground,
    pub server: Server,
    pub who: Account,
    pub organization: String,
    pub program: String,
    pub waiting: Vec<String>,
}

impl Scene {
    pub fn set(url: Option<String>, name: &str, mentors: usize, waiting: usize, all_fit: bool) -> Self {
        let ground = Ground::lay(url, name);
        let server = ground.serve(3600);
        let client = Client::new(format!("http://{}", server.address));
        let (organization, who) = ground.institution(&client, "director");
        let program = ground.program(&client, 1);
        let mut scene = Self { ground, server, who, organization, program, waiting: Vec::new() };
        let began = Instant::now();
        scene.at_once(mentors, |client, n| scene.mentor(client, n, all_fit));
        scene.waiting = scene.at_once(waiting, |client, n| scene.beneficiary(client, n, all_fit));
        let took = began.elapsed().as_secs_f64();
        println!("\n{mentors} mentors and {waiting} beneficiaries entered through the API in {took:.0} s");
        scene
    }

    pub fn client(&self) -> Client {
        Client::new(format!("http://{}", self.server.address))
    }

    /// So many people entered by several clients.
    fn at_once<T: Send>(&self, times: usize, enter: impl Fn(&Client, usize) -> T + Sync) -> Vec<T> {
        self.server.at_once(CLIENTS, times, enter)
    }

    fn person(&self, client: &Client, family_name: &str, born: i32, n: usize) -> String {
        let sex = if n.is_multiple_of(3) { "male" } else { "female" };
        let born = format!("{}-{:02}-11", born, n % 12 + 1);
        let form = json!({"family_name": family_name, "given_name": "Александра", "birth_date": born, "sex": sex, "residence": "25655000"});
        client.post(&self.who, "/people", form).expect(201).id()
    }

    fn mentor(&self, client: &Client, n: usize, all_fit: bool) {
        let person = self.person(client, "Наставникова", 1965 + i32::try_from(n % 35).expect("years"), n);
        let mentor = mentor(client, &self.who, &self.organization, &self.program, &person);
        let mut profile = self.told(n, all_fit);
        profile["skills"] = json!(some(&NEEDS, n, 3));
        let path = format!("/mentors/{mentor}/matching-profile");
        client.put(&self.who, &path, "\"0\"", profile).expect(200);
    }

    fn beneficiary(&self, client: &Client, n: usize, all_fit: bool) -> String {
        let person = self.person(client, "Ждущая", 2004 + i32::try_from(n % 7).expect("years"), n);
        let form = json!({"kind": "person", "person_id": person, "category": "orphan", "organization_id": self.organization,
            "territory": "25655000"});
        let id = client.post(&self.who, "/beneficiaries", form).expect(201).id();
        let profile = self.told(n * 7 + 3, all_fit);
        client.put(&self.who, &format!("/beneficiaries/{id}/matching-profile"), "\"0\"", profile).expect(200);
        let since = format!("2025-{:02}-15", n % 10 + 1);
        let needs = json!({"needs": some(&NEEDS, n, 2), "risk_level": 0, "agrees_to_matching": true,
            "waits": [{"program_id": self.program, "since": since}]});
        client.put(&self.who, &format!("/beneficiaries/{id}/matching-needs"), "\"0\"", needs).expect(200);
        id
    }

    fn told(&self, n: usize, all_fit: bool) -> Value {
        let hours = if all_fit { HOURS.to_vec() } else { some(&HOURS, n / 3, 2) };
        json!({"languages": ["ru"], "hours": hours, "interests": some(&INTERESTS, n, 5), "dislikes": []})
    }

    pub fn ended(&self, client: &Client, job: &str) {
        let path = job.strip_prefix("/api/v1").expect("a path of the API");
        loop {
            let state = client.get(&self.who, path).expect(200).body["state"].clone();
            match state.as_str() {
                Some("done") => return,
                Some("queued" | "running") => std::thread::sleep(Duration::from_millis(10)),
                other => panic!("the job is {other:?}"),
            }
        }
    }

    pub fn strike(self) {
        drop(self.server);
        self.ground.raze();
    }
}

/// A mentor of an institution, from the application of a person to its approval.
pub fn mentor(client: &Client, who: &Account, organization: &str, program: &str, person: &str) -> String {
    let form = json!({"person_id": person, "organization_id": organization, "program_id": program,
        "statement": {"addressed_to": "Директору", "text": "Прошу рассмотреть.", "signed_on": "2026-01-10"},
        "questionnaire": {"backgrounds": ["ngo_specialist"], "occupation": "Координатор", "motivation": "Хочу помочь."}, "documents": []});
    let post = |path: String, body: Value| client.post(who, &path, body);
    let application = post("/mentor-applications".into(), form).expect(201).id();
    post(format!("/mentor-applications/{application}/submission"), json!({})).expect(200);
    let decision = json!({"kind": "approve"});
    let decided = post(format!("/mentor-applications/{application}/decision"), decision).expect(200);
    decided.body["mentor_id"].as_str().expect("a mentor").to_owned()
}

/// A person of that number and year of birth. Family names and birthdays differ, as they do: of four years, each day has its share.
pub fn person(n: usize, born: usize) -> Value {
    const SYLLABLES: [&str; 12] = ["ба", "ве", "го", "ди", "жа", "зе", "ко", "лу", "ми", "но", "ра", "су"];
    let syllable = |by: usize| SYLLABLES[n / by % SYLLABLES.len()];
    let family = format!("К{}{}{}ва", syllable(1), syllable(12), syllable(144));
    let born = format!("{born}-{:02}-{:02}", n / 4 % 12 + 1, n / 48 % 28 + 1);
    json!({"family_name": family, "given_name": "Александра", "birth_date": born, "sex": "female", "residence": "25655000"})
}

/// So many words of a list, beginning somewhere.
fn some(words: &[&'static str], from: usize, count: usize) -> Vec<&'static str> {
    (0..count)
        .map(|it| words[(from + it * (1 + from % 3)) % words.len()])
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect()
}
