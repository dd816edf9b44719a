//! A database that is silent, or that another session holds up.
use super::wire::{Mode, Wire};
use crate::parts::raw::Raw;
use serde_json::{Value, json};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tests::{Account, PASSWORD, Reply, World, place_of, postgres_url};

fn ngo(name: &str) -> Value {
    json!({"kind": "ngo", "name": name, "territory": "25655000"})
}

/// The answer, which must come within the deadline.
#[track_caller]
fn soon(what: &str, ask: impl FnOnce() -> Reply) -> Reply {
    let began = Instant::now();
    let reply = ask();
    assert!(began.elapsed() < Duration::from_secs(3), "{what}: {:?}", began.elapsed());
    reply
}

fn login(world: &World) -> Reply {
    let form = json!({"region": world.region, "login": "admin", "password": PASSWORD});
    world.ask("POST", "/api/v1/auth/login").json(&form).send()
}

fn is_green(world: &World) -> bool {
    let admin = world.admin();
    world.ask("GET", "/health/ready").send().status == 200
        && world.get(&admin, "/organizations").status == 200
        && world.post(&admin, "/organizations", ngo("После")).status == 201
}

#[test]
fn while_postgresql_is_silent_answers_are_503_within_three_seconds() {
    let Some(url) = postgres_url() else { return };
    let wire = Wire::new(place_of(&url));
    let world = World::through(&format!("127.0.0.1:{}", wire.port));
    let admin = world.admin();
    for mode in [Mode::Frozen, Mode::Swallows] {
        world.organization("ngo", "До", "25655000");
        wire.turn(mode);
        for _ in 0..2 {
            soon("a read", || world.get(&admin, "/organizations")).expect(503);
            soon("a write", || world.post(&admin, "/organizations", ngo("Во время"))).expect(503);
            soon("a login", || login(&world)).expect(503);
            soon("ready", || world.ask("GET", "/health/ready").send()).expect(503);
            soon("live", || world.ask("GET", "/health/live").send()).expect(200);
        }
        wire.turn(Mode::Open);
        let began = Instant::now();
        while !is_green(&world) {
            assert!(began.elapsed() < Duration::from_secs(5), "{mode:?}: back in time");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

#[test]
fn many_requests_to_a_silent_database_are_all_answered_in_time() {
    let Some(url) = postgres_url() else { return };
    let wire = Wire::new(place_of(&url));
    let world = World::through(&format!("127.0.0.1:{}", wire.port));
    let admin = world.admin();
    wire.turn(Mode::Frozen);
    std::thread::scope(|scope| {
        let (world, admin) = (&world, &admin);
        for n in 0..20 {
            scope.spawn(move || match n % 2 {
                0 => soon("a read", || world.get(admin, "/organizations")).expect(503),
                _ => soon("a write", || world.post(admin, "/organizations", ngo("Во время"))).expect(503),
            });
        }
    });
    wire.turn(Mode::Open);
    let began = Instant::now();
    while !is_green(&world) {
        assert!(began.elapsed() < Duration::from_secs(5), "back in time");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_commit_without_an_answer_is_of_unknown_outcome_and_happens_once() {
    let Some(url) = postgres_url() else { return };
    let wire = Wire::new(place_of(&url));
    let world = World::through(&format!("127.0.0.1:{}", wire.port));
    let admin = world.admin();
    let ask = |name: &str| {
        let ask = world.ask("POST", "/api/v1/organizations").by(&admin);
        ask.header("idempotency-key", name.replace(' ', "-").replace("Дом", "home")).json(&ngo(name)).send()
    };
    // Work of the clock may be the first to commit, so it is tried until it was ours.
    let name = (0..10).map(|n| format!("Дом {n}")).find(|name| {
        wire.turn(Mode::FreezesAtCommit);
        let reply = soon("a commit", || ask(name));
        wire.turn(Mode::Open);
        if reply.status == 503 && reply.code() == "server.outcome_unknown" {
            assert!(reply.header("retry-after").is_some(), "{}", reply.text);
            return true;
        }
        while !is_green(&world) {
            std::thread::sleep(Duration::from_millis(100));
        }
        false
    });
    let name = name.expect("a commit of ours was never held up");
    let began = Instant::now();
    while ask(&name).status != 201 {
        assert!(began.elapsed() < Duration::from_secs(5), "back in time");
        std::thread::sleep(Duration::from_millis(100));
    }
    let all = world.get(&admin, "/organizations?limit=200").expect(200);
    assert_eq!(all.items().iter().filter(|it| it["name"] == name.as_str()).count(), 1);
}

#[test]
fn a_lock_of_another_session_is_answered_503_in_time() {
    if postgres_url().is_none() {
        return;
    }
    let world = World::new();
    let admin = world.admin();
    world.organization("ngo", "До", "25655000");
    actix_web::rt::System::new().block_on(async {
        let raw = Raw::of_world(&world).await;
        raw.batch("BEGIN; LOCK TABLE organizations IN ACCESS EXCLUSIVE MODE").await;
        soon("a write", || world.post(&admin, "/organizations", ngo("Во время"))).expect(503);
        soon("a read", || world.get(&admin, "/organizations")).expect(503);
        raw.batch("ROLLBACK").await;
    });
    let began = Instant::now();
    while !is_green(&world) {
        assert!(began.elapsed() < Duration::from_secs(5), "back in time");
    }
}

/// A server with two regions, the account of the second one's administrator, and the wire that always carries what that region
/// sends.
fn two_regions(url: &str) -> (Wire, World, Account) {
    let wire = Wire::sparing(place_of(url), "region_world_n");
    let world = World::through(&format!("127.0.0.1:{}", wire.port));
    let other = world.neighbour();
    assert_eq!(world.region, "world", "the wire knows the second region by its name");
    world.organization("ngo", "До", "25655000");
    (wire, world, other)
}

/// Asks both regions at once while the first one is silent.
fn ask_beside_silence(world: &World, other: &Account) {
    let admin = &world.admin();
    std::thread::scope(|scope| {
        scope.spawn(|| soon("a read", || world.get(admin, "/organizations")).expect(503));
        scope.spawn(|| soon("a write", || world.post(admin, "/organizations", ngo("Во время"))).expect(503));
        scope.spawn(|| soon("a login", || login(world)).expect(503));
        scope.spawn(|| soon("ready", || world.ask("GET", "/health/ready").send()).expect(503));
        scope.spawn(|| soon("live", || world.ask("GET", "/health/live").send()).expect(200));
        for _ in 0..5 {
            soon("a read elsewhere", || world.get(other, "/organizations")).expect(200);
            soon("a write elsewhere", || world.post(other, "/organizations", ngo("Соседи"))).expect(201);
        }
        world.login_in(&format!("{}_n", world.region), "admin");
    });
}

#[test]
fn while_the_processes_of_one_region_are_stopped_it_is_503_and_the_other_goes_on() {
    let Some(url) = postgres_url() else { return };
    let (wire, world, other) = two_regions(&url);
    let stopped = actix_web::rt::System::new().block_on(async {
        let raw = Raw::of_world(&world).await;
        wire.turn(Mode::HoldsNew);
        Stopped::of(&raw, "region_world").await
    });
    match stopped {
        Ok(stopped) => {
            ask_beside_silence(&world, &other);
            drop(stopped);
        }
        Err(why) => eprintln!("no process of PostgreSQL is stopped: {why}"),
    }
    wire.turn(Mode::Open);
    let began = Instant::now();
    while !is_green(&world) {
        assert!(began.elapsed() < Duration::from_secs(5), "back in time");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn while_the_connections_of_one_region_are_silent_the_other_goes_on() {
    let Some(url) = postgres_url() else { return };
    let (wire, world, other) = two_regions(&url);
    for mode in [Mode::Frozen, Mode::Swallows] {
        wire.turn(mode);
        ask_beside_silence(&world, &other);
        wire.turn(Mode::Open);
        let began = Instant::now();
        while !is_green(&world) {
            assert!(began.elapsed() < Duration::from_secs(5), "{mode:?}: back in time");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// The processes of PostgreSQL that serve a region, stopped until this is dropped.
struct Stopped(Vec<String>);

impl Stopped {
    /// Stops those of one schema in the database of this world. Other tests share the cluster, so a process is stopped only while it
    /// waits for a statement: at work it may hold what all need.
    async fn of(raw: &Raw, schema: &str) -> Result<Self, String> {
        let database = raw.lines("SELECT current_database()::text").await.remove(0);
        let of_region = format!(
            "SELECT pid::text FROM pg_stat_activity WHERE datname = current_database() AND application_name = '{schema}'"
        );
        let at_work = format!(
            "{of_region} AND (state, wait_event) IS DISTINCT FROM ('idle'::text, 'ClientRead'::text)"
        );
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(10) {
            if raw.lines(&at_work).await.is_empty() {
                let all = raw.lines(&of_region).await;
                if all.is_empty() || !all.iter().all(|it| is_process_of(it, &database)) {
                    return Err("they do not run on this machine".to_owned());
                }
                if !signal("-0", &all) {
                    return Err("they belong to somebody else".to_owned());
                }
                let stopped = Self(all);
                assert!(signal("-STOP", &stopped.0), "kill -STOP");
                if raw.lines(&at_work).await.is_empty() {
                    return Ok(stopped);
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err("they never rest".to_owned())
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        signal("-CONT", &self.0);
    }
}

/// Whether the process tells that it serves the database. The numbers of a container are those of other processes here.
fn is_process_of(pid: &str, database: &str) -> bool {
    let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&line).contains(database)
}

fn signal(name: &str, pids: &[String]) -> bool {
    let told = Command::new("kill").arg(name).args(pids).stderr(Stdio::null()).status();
    told.is_ok_and(|it| it.success())
}
