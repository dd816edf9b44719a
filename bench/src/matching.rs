//! Matching through the API: a look at one beneficiary among thousands of possible mentors, and a whole round from its request to
//! published proposals. Everybody is entered through the API before the clock starts.
use crate::client::{Account, Client};
use crate::ground::Ground;
use crate::server::Server;
use serde_json::{Value, json};
use std::fs::File;
use std::time::{Duration, Instant};

/// Mentors in the look, all of them possible for everybody.
const LOOKED_AT: usize = 5000;
/// Looks that are timed.
const LOOKS: usize = 60;
/// The beneficiaries and mentors of the round.
const ROUND: (usize, usize) = (3000, 1500);
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

/// Measures both on one engine.
pub fn measure(url: Option<String>) {
    let engine = if url.is_some() { "PostgreSQL" } else { "SQLite" };
    let looks = Scene::set(url.clone(), "look", LOOKED_AT, LOOKS, true);
    looks.look(engine);
    looks.strike();
    let round = Scene::set(url, "round", ROUND.1, ROUND.0, false);
    round.run(engine);
    round.strike();
}

/// A region with a server, an institution, a program, and people.
struct Scene {
    ground: Ground,
    server: Server,
    who: Account,
    organization: String,
    program: String,
    waiting: Vec<String>,
}

impl Scene {
    fn set(url: Option<String>, name: &str, mentors: usize, waiting: usize, all_fit: bool) -> Self {
        let ground = Ground::lay(url, name);
        let log = File::create(ground.folder().join("log")).expect("a log");
        let server = Server::product(&ground.flags(&["--log", "warn", "--clock-seconds", "3600"]), log);
        let client = Client::new(format!("http://{}", server.address));
        let admin = client.login_in(&ground.region, "admin");
        let id = |path: &str, body: Value| client.post(&admin, path, body).expect(201).id();
        let (organization, who) = ground.institution(&client);
        let program = id("/programs", json!({"code": "long-friendship", "name": "Наставничество"}));
        let edition = json!({"effective_from": "2024-01-01", "serves": "person", "completion": {"kind": "term", "max_months": 12}});
        id(&format!("/programs/{program}/editions"), edition);
        let mut scene = Self { ground, server, who, organization, program, waiting: Vec::new() };
        let began = Instant::now();
        scene.at_once(mentors, |client, n| scene.mentor(client, n, all_fit));
        scene.waiting = scene.at_once(waiting, |client, n| scene.beneficiary(client, n, all_fit));
        let took = began.elapsed().as_secs_f64();
        println!("\n{mentors} mentors and {waiting} beneficiaries entered through the API in {took:.0} s");
        scene
    }

    fn client(&self) -> Client {
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
        let form = json!({"person_id": person, "organization_id": self.organization, "program_id": self.program,
            "statement": {"addressed_to": "Директору", "text": "Прошу рассмотреть.", "signed_on": "2026-01-10"},
            "questionnaire": {"backgrounds": ["ngo_specialist"], "occupation": "Координатор", "motivation": "Хочу помочь."}, "documents": []});
        let post = |path: String, body: Value| client.post(&self.who, &path, body);
        let application = post("/mentor-applications".into(), form).expect(201).id();
        post(format!("/mentor-applications/{application}/submission"), json!({})).expect(200);
        let decided =
            post(format!("/mentor-applications/{application}/decision"), json!({"kind": "approve"}))
                .expect(200);
        let mentor = decided.body["mentor_id"].as_str().expect("a mentor");
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

    /// One beneficiary after the other, each looked at once; then the same ones again.
    fn look(&self, engine: &str) {
        let client = self.client();
        let ask = |id: &String| {
            let began = Instant::now();
            let path = format!("/beneficiaries/{id}/candidates?program_id={}&limit=10", self.program);
            let body = client.get(&self.who, &path).expect(200).body;
            assert_eq!(body["possible"], LOOKED_AT, "all are possible");
            began.elapsed()
        };
        let first = ask(&self.waiting[0]);
        let before = self.server.cpu();
        let mut times: Vec<Duration> = self.waiting.iter().map(ask).collect();
        let spent = self.server.cpu().zip(before).map(|(after, before)| after.saturating_sub(before));
        let cpu_ms = spent.unwrap_or_default().as_secs_f64() * 1000.0 / times.len() as f64;
        times.sort_unstable();
        let ms = |it: Duration| it.as_secs_f64() * 1000.0;
        println!(
            "{engine}: candidates of one among {LOOKED_AT} possible mentors: median {:.1} ms, slowest {:.1} ms, {cpu_ms:.1} ms of the server's CPU; the first ever {:.0} ms",
            ms(times[times.len() / 2]),
            ms(times[times.len() - 1]),
            ms(first),
        );
    }

    /// A round from its request to published proposals.
    fn run(&self, engine: &str) {
        let client = self.client();
        let began = Instant::now();
        let order = json!({"program_id": self.program, "organization_id": self.organization, "kind": "full"});
        let begun = client.post(&self.who, "/matching-rounds", order).expect(202);
        self.ended(&client, begun.location());
        let computed = began.elapsed();
        let path = format!("/matching-rounds/{}", begun.id());
        let today = client.get(&self.who, &path).expect(200).body["as_of"].clone();
        let accepted =
            client.post(&self.who, &format!("{path}/publication"), json!({"starts_on": today})).expect(202);
        self.ended(&client, accepted.location());
        let (whole, round) = (began.elapsed(), client.get(&self.who, &path).expect(200).body);
        println!(
            "{engine}: a round of {} x {} with {} possible pairs: computed in {:.2} s, published in {:.2} s, together {:.2} s; {} covered, {} published, certified: {}",
            ROUND.0,
            ROUND.1,
            round["result"]["possible_pairs"],
            computed.as_secs_f64(),
            (whole - computed).as_secs_f64(),
            whole.as_secs_f64(),
            round["result"]["covered"],
            round["published_proposals"],
            round["result"]["certified"],
        );
        let left = client.get(&self.who, &format!("{path}/left-out?limit=1")).expect(200).body;
        let one = left["items"][0]["beneficiary_id"].as_str().unwrap_or(&self.waiting[0]).to_owned();
        for of in ["a first time", "again"] {
            let began = Instant::now();
            client.get(&self.who, &format!("{path}/explanation?beneficiary_id={one}")).expect(200);
            println!(
                "{engine}: its explanation for one left out, {of}: {:.0} ms",
                began.elapsed().as_secs_f64() * 1000.0
            );
        }
    }

    fn ended(&self, client: &Client, job: &str) {
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

    fn strike(self) {
        drop(self.server);
        self.ground.raze();
    }
}

/// So many words of a list, beginning somewhere.
fn some(words: &[&'static str], from: usize, count: usize) -> Vec<&'static str> {
    (0..count)
        .map(|it| words[(from + it * (1 + from % 3)) % words.len()])
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .collect()
}
