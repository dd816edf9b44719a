//! Measures a round of matching from its request to its result: `make bench-round`, on SQLite. `SIZE` 1 is a round of 20 000 who wait
//! and 7 500 mentors.
//!
//! One person of each kind is entered by the rules through the API. Its rows are copied with other ids, places and profiles while no
//! server runs. The round is computed by a server, whose log tells the time of each part, and the system its memory. Nothing is
//! asserted.
use persistence::engine::seal::{MasterKey, RegionKeys, unhex};
use rusqlite::{Connection, ToSql, params};
use serde_json::{Value, json};
use std::fs::File;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tests::{Account, Client, Installation, PASSWORD, Reply};
use uuid::Uuid;

const WAITING: f64 = 20_000.0;
const MENTORS: f64 = 7_500.0;
/// Districts of a region whose people live all over it.
const DISTRICTS: u64 = 20;

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

/// A key of a row.
type Key = [u8; 16];

/// Where the people of a region live, and what is known of them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Region {
    /// In twenty districts. One mentor of ten works remotely.
    Spread,
    /// In twenty districts, with mentors who have told nothing of themselves, so that nobody is possible.
    Untold,
    /// All in one town, so that a third of all pairs is possible.
    Town,
}

fn main() {
    let size: f64 = std::env::var("SIZE").ok().and_then(|it| it.parse().ok()).unwrap_or(0.1);
    let only = std::env::args().nth(1);
    for (name, region) in [("spread", Region::Spread), ("untold", Region::Untold), ("town", Region::Town)] {
        if only.as_ref().is_none_or(|it| it == name) {
            println!("\n{name}, size {size}");
            measure(region, size);
        }
    }
}

/// A count of the region at a size.
fn at(size: f64, count: f64) -> u64 {
    (size * count).round() as u64
}

fn measure(region: Region, size: f64) {
    let installation = Installation::new();
    let began = Instant::now();
    let first = Prototypes::enter(&installation);
    first.multiply(&installation, region, at(size, WAITING), at(size, MENTORS));
    println!("  filled in {:.0} s", began.elapsed().as_secs_f64());
    let log = installation.folder().join("log");
    let mut command = installation.command();
    command.env("NASTAVNIK_REGIONS", &installation.region).env("NASTAVNIK_LOG", "warn,api::matching=info");
    command.arg("serve").stderr(Stdio::from(File::create(&log).expect("a log")));
    let process = installation.serve_with(command);
    let who = process.client.login_in(&installation.region, "coordinator");
    let before = process.memory_mb("VmRSS");
    process.forget_peak();
    let began = Instant::now();
    let order = json!({"program_id": first.program, "kind": "full"});
    let begun = process.client.post(&who, "/matching-rounds", order).expect(202);
    ended(&process.client, &who, &begun);
    let took = began.elapsed();
    let peak = process.memory_mb("VmHWM");
    for line in std::fs::read_to_string(&log).expect("a log").lines() {
        println!("  {}", line.split_once("] ").map_or(line, |it| it.1));
    }
    println!(
        "  from the request to the result {:.2} s; {before} MB before, {peak} MB at most, {} MB after",
        took.as_secs_f64(),
        process.memory_mb("VmRSS")
    );
    explain(&process.client, &who, &begun.id());
    process.terminate();
}

fn explain(client: &Client, who: &Account, round: &str) {
    let path = format!("/matching-rounds/{round}");
    let left = client.get(who, &format!("{path}/left-out?limit=1")).expect(200);
    let Some(one) = left.items().first() else { return };
    let id = one["beneficiary_id"].as_str().expect("an id");
    let began = Instant::now();
    client.get(who, &format!("{path}/explanation?beneficiary_id={id}")).expect(200);
    println!("  its explanation for one left out: {:.2} s", began.elapsed().as_secs_f64());
}

fn ended(client: &Client, who: &Account, accepted: &Reply) {
    let path = accepted.header("location").expect("where the job is").to_owned();
    let path = path.strip_prefix("/api/v1").expect("a path of the API");
    loop {
        let job = client.get(who, path).expect(200);
        match job.body["state"].as_str() {
            Some("done") => return,
            Some("queued" | "running") => std::thread::sleep(Duration::from_millis(20)),
            _ => panic!("{}", job.text),
        }
    }
}

/// One person of each kind, entered by the rules.
struct Prototypes {
    program: String,
    mentor: String,
    mentor_person: String,
    beneficiary: String,
    beneficiary_person: String,
}

impl Prototypes {
    fn enter(installation: &Installation) -> Self {
        let process = installation.serve();
        let (admin, client) = (process.admin(installation), &process.client);
        let id = |who: &Account, path: &str, body: Value| client.post(who, path, body).expect(201).id();
        let agency = json!({"kind": "social_service_agency", "name": "Центр", "territory": "25655000"});
        let organization = id(&admin, "/organizations", agency);
        let program = id(&admin, "/programs", json!({"code": "long-friendship", "name": "Наставничество"}));
        let edition = json!({"effective_from": "2024-01-01", "serves": "person",
            "completion": {"kind": "term", "max_months": 12}, "mentor_capacity": 3});
        id(&admin, &format!("/programs/{program}/editions"), edition);
        let account = |login: &str, grant: Value| {
            let form = json!({"login": login, "name": "Сотрудник", "grants": [grant], "password": PASSWORD});
            id(&admin, "/users", form);
            client.login_in(&installation.region, login)
        };
        let director = account("director", json!({"role": "director", "organization_id": organization}));
        account("coordinator", json!({"role": "program_coordinator", "program_id": program}));
        let person = |born: &str| {
            let form = json!({"family_name": "Светлова", "given_name": "Анна", "birth_date": born,
                "sex": "female", "residence": "25655000"});
            id(&director, "/people", form)
        };
        let (mentor_person, beneficiary_person) = (person("1985-06-01"), person("2008-06-01"));
        let form = json!({"person_id": mentor_person, "organization_id": organization, "program_id": program,
            "statement": {"addressed_to": "Директору", "text": "Прошу рассмотреть.", "signed_on": "2026-01-10"},
            "questionnaire": {"backgrounds": ["ngo_specialist"], "occupation": "Координатор", "motivation": "Хочу помочь."},
            "documents": []});
        let application = format!("/mentor-applications/{}", id(&director, "/mentor-applications", form));
        client.post(&director, &format!("{application}/submission"), json!({})).expect(200);
        let decision = json!({"kind": "approve"});
        let decided = client.post(&director, &format!("{application}/decision"), decision).expect(200);
        let mentor = decided.body["mentor_id"].as_str().expect("a mentor").to_owned();
        let form = json!({"kind": "person", "person_id": beneficiary_person, "category": "orphan",
            "organization_id": organization, "territory": "25655000"});
        let beneficiary = id(&director, "/beneficiaries", form);
        let fill = |path: String, form: Value| {
            let etag = client.get(&director, &path).expect(200).etag();
            client.put(&director, &path, &etag, form).expect(200);
        };
        let told = json!({"languages": ["ru"], "hours": HOURS, "interests": ["chess"], "dislikes": []});
        fill(format!("/mentors/{mentor}/matching-profile"), {
            let mut profile = told.clone();
            profile["skills"] = json!(["exams"]);
            profile
        });
        fill(format!("/beneficiaries/{beneficiary}/matching-profile"), told);
        let needs = json!({"needs": ["exams"], "risk_level": 0, "agrees_to_matching": true,
            "waits": [{"program_id": program, "since": "2025-10-15"}]});
        fill(format!("/beneficiaries/{beneficiary}/matching-needs"), needs);
        process.terminate();
        Self { program, mentor, mentor_person, beneficiary, beneficiary_person }
    }

    /// Copies the rows of the two people until there are so many.
    fn multiply(&self, installation: &Installation, region: Region, waiting: u64, mentors: u64) {
        let key = std::fs::read_to_string(installation.folder().join("keys/master.key")).expect("a key");
        let key = unhex(key.trim()).expect("a key").try_into().expect("32 bytes");
        let keys = MasterKey::new(key).of_region(&installation.region).expect("keys");
        let file = installation.folder().join(format!("regions/{}.sqlite", installation.region));
        let mut conn = Connection::open(file).expect("a region");
        let tx = conn.transaction().expect("a transaction");
        for n in 1..mentors {
            self.mentor(&tx, region, n);
        }
        for n in 1..waiting {
            self.beneficiary(&tx, &keys, region, n);
        }
        tx.commit().expect("a filled region");
        conn.execute_batch(persistence::engine::conn::STATISTICS).expect("statistics");
    }

    fn mentor(&self, conn: &Connection, region: Region, n: u64) {
        let (id, person) = (numbered(1, n), numbered(2, n));
        let born = format!("{}-{:02}-11", 1960 + n % 40, n % 12 + 1);
        self.person(conn, &self.mentor_person, person, &born, &home(region, n), n);
        let seats = 1 + i64::from(mixed(n).is_multiple_of(3));
        let set: [(&str, &dyn ToSql); 3] = [("id", &id), ("person_id", &person), ("capacity", &seats)];
        copy(conn, "mentors", "id", &self.mentor, &set);
        if region != Region::Untold {
            let profile = json!({"hours": some(&HOURS, mixed(n + 3), 2), "interests": some(&INTERESTS, mixed(n + 4), 5),
                "skills": some(&NEEDS, mixed(n + 5), 3), "works_remotely": n.is_multiple_of(10)});
            let form = form(conn, "mentor_profiles", "mentor_id", &self.mentor, profile);
            copy(conn, "mentor_profiles", "mentor_id", &self.mentor, &[("mentor_id", &id), ("form", &form)]);
        }
    }

    fn beneficiary(&self, conn: &Connection, keys: &RegionKeys, region: Region, n: u64) {
        let (id, person) = (numbered(3, n), numbered(4, n));
        let born = format!("{}-{:02}-11", 2004 + n % 7, n % 12 + 1);
        let home = home(region, n);
        self.person(conn, &self.beneficiary_person, person, &born, &home, n);
        let set: [(&str, &dyn ToSql); 3] = [("id", &id), ("person_id", &person), ("territory", &home)];
        copy(conn, "beneficiaries", "id", &self.beneficiary, &set);
        let (key, from) = ("beneficiary_id", &self.beneficiary);
        let profile =
            json!({"hours": some(&HOURS, mixed(n + 7), 2), "interests": some(&INTERESTS, mixed(n + 8), 5)});
        let form = form(conn, "beneficiary_profiles", key, from, profile);
        copy(conn, "beneficiary_profiles", key, from, &[(key, &id), ("form", &form)]);
        let needs = json!({"needs": some(&NEEDS, mixed(n + 9), 2), "special_course_codes": [],
            "risk_level": 0, "agrees_to_matching": true});
        let sealed = keys.seal("matching_needs.form", Uuid::from_bytes(id), &needs).expect("a seal");
        copy(conn, "matching_needs", key, from, &[(key, &id), ("form", &sealed)]);
        let since = format!("2025-{:02}-15", n % 10 + 1);
        for table in ["waits", "waiting"] {
            copy(conn, table, key, from, &[(key, &id), ("since", &since)]);
        }
    }

    fn person(&self, conn: &Connection, from: &str, id: Key, born: &str, home: &str, n: u64) {
        let sex = if n.is_multiple_of(3) { "male" } else { "female" };
        let set: [(&str, &dyn ToSql); 4] =
            [("id", &id), ("birth_date", &born), ("sex", &sex), ("residence", &home)];
        copy(conn, "people", "id", from, &set);
    }
}

/// Enters a row like the one with that key, with some other values.
fn copy(conn: &Connection, table: &str, key: &str, from: &str, set: &[(&str, &dyn ToSql)]) {
    let names = conn.prepare_cached(&format!("SELECT name FROM pragma_table_info('{table}')"));
    let names: Vec<String> = names
        .and_then(|mut it| it.query_map([], |row| row.get(0)).map(|all| all.flatten().collect()))
        .expect("columns");
    let value = |name: &String| match set.iter().position(|it| it.0 == name) {
        Some(at) => format!("?{}", at + 2),
        None => format!("\"{name}\""),
    };
    let values: Vec<String> = names.iter().map(value).collect();
    let sql = format!(
        "INSERT INTO {table} (\"{}\") SELECT {} FROM {table} WHERE {key} = ?1",
        names.join("\", \""),
        values.join(", ")
    );
    let from = crate::key(from);
    let mut bound: Vec<&dyn ToSql> = vec![&from];
    bound.extend(set.iter().map(|it| it.1));
    let rows = conn.prepare_cached(&sql).and_then(|mut it| it.execute(&*bound));
    assert_eq!(rows.unwrap_or_else(|it| panic!("{sql}: {it}")), 1);
}

/// A stored form with some other members.
fn form(conn: &Connection, table: &str, key: &str, of: &str, members: Value) -> String {
    let sql = format!("SELECT form FROM {table} WHERE {key} = ?1");
    let form =
        conn.prepare_cached(&sql).and_then(|mut it| it.query_row(params![crate::key(of)], |row| row.get(0)));
    let text: String = form.expect("a form");
    let mut form: Value = serde_json::from_str(&text).expect("a form");
    for (name, value) in members.as_object().expect("members") {
        form[name] = value.clone();
    }
    form.to_string()
}

fn home(region: Region, n: u64) -> String {
    match region {
        Region::Town => "25655000".to_owned(),
        _ => format!("256{:02}000", 10 + n % DISTRICTS),
    }
}

/// Numbers that look like chance, the same in each run.
fn mixed(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// An id as the database has it.
fn numbered(kind: u64, n: u64) -> Key {
    *Uuid::from_u64_pair(kind, mixed(n)).as_bytes()
}

fn key(id: &str) -> Key {
    *id.parse::<Uuid>().expect("an id").as_bytes()
}

/// So many words of a list, beginning somewhere.
fn some(words: &[&'static str], from: u64, count: u64) -> Vec<&'static str> {
    let all = u64::try_from(words.len()).expect("a length");
    let at = |n: u64| usize::try_from((from % all + n * (1 + from % 3)) % all).expect("a place");
    let chosen: std::collections::BTreeSet<_> = (0..count).map(|it| words[at(it)]).collect();
    chosen.into_iter().collect()
}
