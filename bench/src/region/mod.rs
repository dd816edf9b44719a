//! A region of the size that a large one has, filled by the rules through the API, and what it bears: single things asked by one
//! client, then a working day at a steady pace, then the most of each list and write. `SIZE` 1 is 100 000 beneficiaries in 20 institutions with 7 500 mentors, 20 000
//! running mentorships, 20 000 who wait, 108 000 meetings and 100 000 open cases.
mod most;
mod specialist;

use crate::client::{Account, Client};
use crate::ground::{Ground, day};
use crate::load::{Requests, request};
use crate::pace::{self, Pace, Timed};
use crate::server::Server;
use crate::{bare_postgres, scene};
use actix_web::rt::System;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const INSTITUTIONS: usize = 20;
const MENTORS: f64 = 7_500.0;
const BENEFICIARIES: f64 = 100_000.0;
const RUNNING: f64 = 20_000.0;
const WAITING: f64 = 20_000.0;
const MEETINGS: f64 = 108_000.0;
/// Clients that enter at once.
const CLIENTS: usize = 16;
/// The paces of reads and of writes on a working day.
const READS: Pace = Pace { per_second: 270, connections: 180, lasting: Duration::from_secs(60) };
const WRITES: Pace = Pace { per_second: 30, connections: 20, lasting: Duration::from_secs(60) };
/// Times that one client asks each thing.
const ASKED: usize = 40;

/// Measures it on one engine.
pub fn measure(url: Option<String>) {
    let size: f64 = std::env::var("SIZE").ok().and_then(|it| it.parse().ok()).unwrap_or(0.1);
    let engine = if url.is_some() { "PostgreSQL" } else { "SQLite" };
    println!("\n{engine}: a region of size {size}");
    let mut region = Region::found(url);
    region.fill(size);
    region.ask_one_by_one();
    region.work_a_day();
    region.bear_most(at(size, MEETINGS));
    region.accompany();
    region.tell_sizes();
    drop(region.server);
    region.ground.raze();
}

/// A count of the region at a size.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of people")]
fn at(size: f64, count: f64) -> usize {
    (size * count).round() as usize
}

struct Region {
    ground: Ground,
    server: Server,
    program: String,
    /// The institutions, each with its director.
    institutions: Vec<(String, Account)>,
    logged_in: Instant,
    mentors: Vec<String>,
    /// People and their beneficiaries.
    beneficiaries: Vec<(String, String)>,
    mentorships: Vec<String>,
    /// The account of a specialist of the first institution.
    specialist: String,
    /// The cases of that specialist.
    charges: Vec<String>,
    /// The latest meetings end before it.
    met_until: DateTime<Utc>,
}

impl Region {
    fn found(url: Option<String>) -> Self {
        let ground = Ground::lay(url, "region");
        let server = ground.serve(60);
        let client = Client::new(format!("http://{}", server.address));
        let program = ground.program(&client, 3);
        let institutions: Vec<(String, Account)> =
            (0..INSTITUTIONS).map(|n| ground.institution(&client, &format!("director{n}"))).collect();
        let (first, _) = &institutions[0];
        let specialist = ground.account(&client, specialist::LOGIN, "support_specialist", first);
        Self {
            specialist,
            charges: Vec::new(),
            ground,
            server,
            program,
            institutions,
            logged_in: Instant::now(),
            mentors: Vec::new(),
            beneficiaries: Vec::new(),
            mentorships: Vec::new(),
            met_until: Utc::now(),
        }
    }

    /// Logs the directors in, unless their tokens are young: these live for fifteen minutes.
    fn log_in(&mut self) {
        if self.logged_in.elapsed() < Duration::from_secs(360) {
            return;
        }
        let client = Client::new(format!("http://{}", self.server.address));
        for (n, institution) in self.institutions.iter_mut().enumerate() {
            institution.1 = client.login_in(&self.ground.region, &format!("director{n}"));
        }
        self.logged_in = Instant::now();
    }

    /// Enters so many things, in parts between which the directors log in again. Tells the pace of the first and of the last part.
    fn enter<T: Send>(
        &mut self,
        what: &str,
        times: usize,
        enter: impl Fn(&Self, &Client, usize) -> T + Sync,
    ) -> Vec<T> {
        const PARTS: usize = 8;
        let (mut all, mut paces) = (Vec::new(), Vec::new());
        for part in 0..PARTS {
            self.log_in();
            let (first, next) = (times * part / PARTS, times * (part + 1) / PARTS);
            let began = Instant::now();
            let it = &*self;
            let mut done =
                it.server.at_once(CLIENTS, next - first, |client, n| (n, enter(it, client, first + n)));
            paces.push((next - first) as f64 / began.elapsed().as_secs_f64());
            done.sort_by_key(|it| it.0);
            all.extend(done.into_iter().map(|it| it.1));
        }
        println!(
            "  {times:7} {what}: {:.0} a second in the first eighth, {:.0} in the last",
            paces[0],
            paces[PARTS - 1]
        );
        all
    }

    fn fill(&mut self, size: f64) {
        self.mentors = self.enter("mentors from application to approval", at(size, MENTORS), Self::mentor);
        self.beneficiaries =
            self.enter("people with their beneficiaries", at(size, BENEFICIARIES), Self::beneficiary);
        self.enter("beneficiaries who wait", at(size, WAITING), Self::wait);
        self.mentorships = self.enter("pairs from proposal to active", at(size, RUNNING), Self::pair);
        self.enter("meetings planned and held", at(size, MEETINGS), Self::meeting);
        let cases = self.enter("cases opened", at(size, BENEFICIARIES), Self::case);
        self.charges = cases.into_iter().step_by(INSTITUTIONS).take(specialist::CHARGES).collect();
    }

    fn of(&self, n: usize) -> &(String, Account) {
        &self.institutions[n % INSTITUTIONS]
    }

    fn person(&self, client: &Client, n: usize, born: usize) -> String {
        let form = scene::person(n, born);
        client.post(&self.of(n).1, "/people", form).expect(201).id()
    }

    fn mentor(&self, client: &Client, n: usize) -> String {
        let (organization, who) = self.of(n);
        let person = self.person(client, n, 1965 + n % 35);
        let mentor = scene::mentor(client, who, organization, &self.program, &person);
        client.put(who, &format!("/mentors/{mentor}"), "\"1\"", json!({"capacity": 3})).expect(200);
        mentor
    }

    fn beneficiary(&self, client: &Client, n: usize) -> (String, String) {
        let (organization, who) = self.of(n);
        let person = self.person(client, n, 2004 + n % 4);
        let form = json!({"kind": "person", "person_id": person, "category": "orphan", "organization_id": organization, "territory": "25655000"});
        let id = client.post(who, "/beneficiaries", form).expect(201).id();
        (person, id)
    }

    /// The last beneficiaries wait; the first get a mentor.
    fn wait(&self, client: &Client, n: usize) {
        let n = self.beneficiaries.len() - 1 - n;
        let since = format!("2025-{:02}-15", n % 10 + 1);
        let needs = json!({"needs": ["exams"], "risk_level": 0, "agrees_to_matching": true,
            "waits": [{"program_id": self.program, "since": since}]});
        let path = format!("/beneficiaries/{}/matching-needs", self.beneficiaries[n].1);
        client.put(&self.of(n).1, &path, "\"0\"", needs).expect(200);
    }

    /// Mentors of the same institution have up to three.
    fn pair(&self, client: &Client, n: usize) -> String {
        let (_, who) = self.of(n);
        let (person, beneficiary) = &self.beneficiaries[n];
        let mentor = &self.mentors[n % (self.mentors.len() / INSTITUTIONS * INSTITUTIONS)];
        let proposal = json!({"program_id": self.program, "beneficiary_id": beneficiary, "mentor_id": mentor,
            "starts_on": day(0), "reason": "Живут рядом."});
        let id = client.post(who, "/mentorships", proposal).expect(201).id();
        let step = |name: &str, order: Value| {
            client.post(who, &format!("/mentorships/{id}/{name}"), order).expect(200);
        };
        let paper = client.upload(who, "other");
        for party in ["mentor", "recipient"] {
            step("acceptances", json!({"party": party, "decision": "accept", "on_paper_file_id": paper}));
        }
        let consent = client.upload(who, "consent");
        step(
            "consents",
            json!({"signatory": "recipient", "person_id": person, "signed_on": day(0), "file_id": consent}),
        );
        step(
            "confirmation",
            json!({"starts_on": day(0), "ends_on": day(300), "decree": {"number": format!("{n}-н"), "date": day(0)}}),
        );
        id
    }

    fn meeting(&self, client: &Client, n: usize) {
        let who = &self.of(n % self.mentorships.len()).1;
        let (path, plan, holding) = self.meeting_of(n);
        let meeting = client.post(who, &path, plan).expect(201).id();
        client.post(who, &format!("/meetings/{meeting}/holding"), holding).expect(200);
    }

    /// The address and the bodies of the meeting of that number: its plan, and what is told after it. Meetings of one pair do not
    /// overlap.
    fn meeting_of(&self, n: usize) -> (String, Value, Value) {
        let (round, pair) = (n / self.mentorships.len(), n % self.mentorships.len());
        let minutes = 6 * (i64::try_from(round).expect("a number") + 1);
        let at = (self.met_until - TimeDelta::minutes(minutes)).to_rfc3339_opts(SecondsFormat::Secs, true);
        let plan = json!({"planned_at": at, "method": "talk"});
        let holding = json!({"began_at": at, "minutes": 5, "directions": ["d01"], "topic": "Планы на учёбу"});
        (format!("/mentorships/{}/meetings", self.mentorships[pair]), plan, holding)
    }

    /// The addresses of single things, and those of lists.
    fn addresses(&self) -> [(&'static str, Vec<String>); 14] {
        // Those of the first institution, whose director asks.
        let some = |all: Vec<String>| all.into_iter().step_by(INSTITUTIONS).take(500).collect::<Vec<_>>();
        let people: Vec<String> = self.beneficiaries.iter().map(|it| format!("/people/{}", it.0)).collect();
        let beneficiaries: Vec<String> =
            self.beneficiaries.iter().map(|it| format!("/beneficiaries/{}", it.1)).collect();
        let of = |path: &str, ids: &[String]| some(ids.iter().map(|it| format!("/{path}/{it}")).collect());
        let meetings =
            some(self.mentorships.iter().map(|it| format!("/mentorships/{it}/meetings")).collect());
        let waiting = |what: &str| vec![format!("/waiting-list{what}program_id={}", self.program)];
        let all = |path: &str| vec![path.to_owned()];
        [
            ("a person", some(people)),
            ("a beneficiary", some(beneficiaries)),
            ("a mentor", of("mentors", &self.mentors)),
            ("a mentorship", of("mentorships", &self.mentorships)),
            ("meetings of one", meetings),
            ("people", all("/people")),
            ("beneficiaries", all("/beneficiaries")),
            ("orphans", all("/beneficiaries?category=orphan")),
            ("mentors", all("/mentors")),
            ("active mentorships", all("/mentorships?state=active")),
            ("silent mentorships", all("/mentorships?silent=true")),
            ("the agenda", all("/me/agenda")),
            ("the waiting list", waiting("?")),
            ("its summary", waiting("/summary?")),
        ]
    }

    fn who(&self) -> &Account {
        &self.institutions[0].1
    }

    fn ask_one_by_one(&mut self) {
        self.log_in();
        let client = Client::new(format!("http://{}", self.server.address));
        println!("  one client, ms: median and slowest of {ASKED}");
        for (name, paths) in self.addresses() {
            let who = self.who();
            let mut times: Vec<Duration> = (0..ASKED)
                .map(|n| {
                    let began = Instant::now();
                    client.get(who, &paths[n % paths.len()]).expect(200);
                    began.elapsed()
                })
                .collect();
            times.sort_unstable();
            println!("    {name:20} {:8.2} {:8.2}", ms(times[ASKED / 2]), ms(times[ASKED - 1]));
        }
    }

    /// Of ten requests one is a write; of the reads two thirds are single things, a twentieth the agenda and the waiting list.
    fn work_a_day(&mut self) {
        self.log_in();
        let addresses = self.addresses();
        let get = |path: &String| request("GET", path, &self.who().token, None);
        let mut reads = Vec::new();
        for n in 0..1800 {
            let kind = match n % 18 {
                0..=11 => n % 5,
                12..=16 => 5 + n % 6,
                _ => 11 + n / 18 % 2,
            };
            let paths = &addresses[kind].1;
            reads.push(get(&paths[n % paths.len()]));
        }
        let name = json!({"name": "ка"}).to_string();
        let search = || request("POST", "/people/search?limit=10", &self.who().token, Some(&name));
        reads.extend((0..100).map(|_| search()));
        let writes = (0..1000).map(|n| {
            let form = scene::person(n, 1990).to_string();
            request("POST", "/people", &self.institutions[n % INSTITUTIONS].1.token, Some(&form))
        });
        let (reads, writes) = (Requests::new(reads), Requests::new(writes.collect()));
        let before = self.server.cpu();
        let address = self.server.address;
        let (read, written) = System::new().block_on(async move {
            let reading = actix_web::rt::spawn(pace::keep(READS, address, reads));
            let written = pace::keep(WRITES, address, writes).await;
            (reading.await.expect("the reads"), written)
        });
        let cpu = self.server.cpu().zip(before).map_or(0.0, |(after, before)| (after - before).as_secs_f64());
        for (what, all) in [("reads", &read), ("writes", &written)] {
            let within = |thousandths| pace::within_ms(all, Timed::since_due, thousandths);
            println!(
                "  a working day, {what}: {} answers {:?}: p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms",
                all.len(),
                pace::statuses(all),
                within(500),
                within(950),
                within(990)
            );
        }
        println!(
            "  {:.0} % of one core, {} MB resident",
            cpu / READS.lasting.as_secs_f64() * 100.0,
            self.server.resident_mb()
        );
    }

    /// The largest tables.
    fn tell_sizes(&self) {
        let mut sizes: Vec<(String, i64)> = match self.ground.url.starts_with("sqlite:") {
            true => {
                let conn = rusqlite::Connection::open(self.ground.file()).expect("the region's file");
                let sql = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name";
                let Ok(mut query) = conn.prepare(sql) else {
                    let bytes = std::fs::metadata(self.ground.file()).map_or(0, |it| it.len());
                    println!("  the file has {:.0} MB", bytes as f64 / 1e6);
                    return;
                };
                let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("sizes");
                rows.map(|it| it.expect("a size")).collect()
            }
            false => System::new().block_on(async {
                let client = bare_postgres::connect(&self.ground.url, &self.ground.schema()).await;
                let told = client
                    .query_one("SELECT xact_commit, xact_rollback FROM pg_stat_database WHERE datname = current_database()", &[])
                    .await
                    .expect("figures");
                let (done, undone): (i64, i64) = (told.get(0), told.get(1));
                println!("  {undone} of {} transactions rolled back", done + undone);
                let sql = "SELECT relname::text, pg_total_relation_size(relid), seq_scan FROM pg_stat_user_tables WHERE schemaname = $1";
                let rows = client.query(sql, &[&self.ground.schema()]).await.expect("sizes");
                let scans: i64 = rows.iter().map(|it| it.get::<_, i64>(2)).sum();
                println!("  {scans} sequential scans");
                rows.iter().map(|it| (it.get(0), it.get(1))).collect()
            }),
        };
        sizes.sort_by_key(|it| -it.1);
        let whole: i64 = sizes.iter().map(|it| it.1).sum();
        let mb = |bytes: i64| bytes as f64 / 1e6;
        let largest: Vec<String> =
            sizes.iter().take(6).map(|it| format!("{} {:.1}", it.0, mb(it.1))).collect();
        println!("  {:.0} MB in all; MB of the largest: {}", mb(whole), largest.join(", "));
    }
}

fn ms(it: Duration) -> f64 {
    it.as_secs_f64() * 1000.0
}
