use super::wire::{Mode, Wire};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};
use tests::{Account, Client, Installation, Process, World, place_of, postgres_url};

/// Enters organizations from several threads until it is stopped. It remembers the requested and the acknowledged
/// ones.
#[derive(Default)]
struct Load {
    asked: Mutex<BTreeSet<String>>,
    acknowledged: Mutex<BTreeMap<String, String>>,
}

fn enter(client: &Client, who: &Account, name: &str) -> Option<tests::Reply> {
    let body = json!({"kind": "ngo", "name": name, "territory": "25655000"});
    client
        .ask("POST", "/api/v1/organizations")
        .by(who)
        .header("idempotency-key", name.replace("Организация ", "key-"))
        .json(&body)
        .attempt()
        .ok()
}

impl Load {
    fn run(&self, process: Process, who: &Account, end: impl FnOnce(Process)) {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let (stop, client) = (AtomicBool::new(false), process.client.clone());
        std::thread::scope(|scope| {
            for _ in 0..6 {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        let name = format!("Организация {}", COUNT.fetch_add(1, Ordering::SeqCst));
                        self.asked.lock().unwrap().insert(name.clone());
                        match enter(&client, who, &name) {
                            Some(reply) if reply.status == 201 => {
                                drop(self.acknowledged.lock().unwrap().insert(name, reply.id()))
                            }
                            Some(_) => {}
                            None => break,
                        }
                    }
                });
            }
            let before = self.acknowledged.lock().unwrap().len();
            let began = Instant::now();
            while self.acknowledged.lock().unwrap().len() < before + 40 {
                assert!(began.elapsed() < Duration::from_secs(60), "nothing is acknowledged");
                std::thread::sleep(Duration::from_millis(20));
            }
            end(process);
            stop.store(true, Ordering::Relaxed);
        });
    }
    /// Checks that every acknowledged organization exists, none exists twice, and a repeated request finds its
    /// result.
    fn verify(&self, process: &Process, who: &Account) {
        let client = &process.client;
        let acknowledged = self.acknowledged.lock().unwrap();
        assert!(acknowledged.len() > 20, "too little load: {}", acknowledged.len());
        for (name, id) in acknowledged.iter() {
            assert_eq!(
                client.get(who, &format!("/organizations/{id}")).expect(200).body["name"],
                name.as_str()
            );
            assert_eq!(enter(client, who, name).unwrap().expect(201).id(), *id);
        }
        for name in self.asked.lock().unwrap().iter().filter(|it| !acknowledged.contains_key(*it)) {
            enter(client, who, name).unwrap().expect(201);
        }
        let mut names = Vec::new();
        let mut path = String::from("/organizations?limit=200");
        loop {
            let page = client.get(who, &path).expect(200);
            names.extend(page.items().iter().map(|it| it["name"].as_str().unwrap().to_owned()));
            let Some(cursor) = page.body["next_cursor"].as_str() else { break };
            path = format!("/organizations?limit=200&cursor={cursor}");
        }
        let unique: BTreeSet<String> = names.iter().cloned().collect();
        assert_eq!(names.len(), unique.len(), "something happened twice");
        assert_eq!(unique, *self.asked.lock().unwrap());
    }
}

#[test]
fn kill_9_under_load_loses_no_acknowledged_write() {
    let installation = Installation::new();
    let load = Load::default();
    let first = installation.serve();
    let admin = first.admin(&installation);
    load.run(first, &admin, Process::kill);
    for _ in 0..4 {
        let process = installation.serve();
        load.run(process, &admin, Process::kill);
    }
    let process = installation.serve();
    load.verify(&process, &admin);
    drop(process);
    let told = installation.run(&["region", "check", "--code", &installation.region]);
    assert!(told.status.success(), "{told:?}");
}

#[test]
fn sigterm_lets_requests_finish_and_loses_nothing() {
    let installation = Installation::new();
    let load = Load::default();
    let process = installation.serve();
    let admin = process.admin(&installation);
    load.run(process, &admin, |it| assert!(it.terminate(), "the program ends well"));
    let process = installation.serve();
    load.verify(&process, &admin);
}

/// Asks over one connection until the server closes it. Tells whether each request was answered, and the closing announced.
fn ask_until_closed(address: &str, request: &[u8], asked: &AtomicU32) -> bool {
    let mut stream = BufReader::new(TcpStream::connect(address).unwrap());
    loop {
        stream.get_mut().write_all(request).unwrap();
        let (mut length, mut closes, mut line) = (0, false, String::new());
        while stream.read_line(&mut line).is_ok_and(|it| it > 2) {
            let (name, value) = line.split_once(' ').unwrap();
            match name.to_ascii_lowercase().as_str() {
                "content-length:" => length = value.trim().parse().unwrap(),
                "connection:" => closes = value.trim() == "close",
                _ => {}
            }
            line.clear();
        }
        if stream.read_exact(&mut vec![0; length]).is_err() || length == 0 || closes {
            return closes;
        }
        asked.fetch_add(1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn at_sigterm_each_open_connection_is_answered_and_told_that_it_ends() {
    let installation = Installation::new();
    let process = installation.serve();
    let address = process.client.address().to_owned();
    let token = process.admin(&installation).token;
    let request =
        format!("GET /api/v1/organizations HTTP/1.1\r\nHost: it\r\nAuthorization: Bearer {token}\r\n\r\n");
    let asked = AtomicU32::new(0);
    std::thread::scope(|scope| {
        let ask = || ask_until_closed(&address, request.as_bytes(), &asked);
        let asking: Vec<_> = (0..20).map(|_| scope.spawn(ask)).collect();
        while asked.load(Ordering::SeqCst) < 100 {
            std::thread::sleep(Duration::from_millis(5));
        }
        let client = process.client.clone();
        let looking = scope.spawn(move || {
            let looks = (0..40).map(|_| {
                std::thread::sleep(Duration::from_millis(10));
                client.ask("GET", "/health/ready").attempt().map_or(0, |it| it.status)
            });
            looks.collect::<BTreeSet<u16>>()
        });
        assert!(process.terminate(), "the program ends well");
        assert!(asking.into_iter().all(|it| it.join().unwrap()), "no connection ends without notice");
        assert!(looking.join().unwrap().contains(&503), "a server that stops is not ready");
    });
}

#[cfg(unix)]
#[test]
fn nobody_but_the_owner_reads_what_the_program_writes() {
    use std::os::unix::fs::PermissionsExt;
    let installation = Installation::new();
    let process = installation.serve();
    let copy = installation.folder().join("copy");
    if postgres_url().is_none() {
        let to = copy.display().to_string();
        let told = installation.run(&["backup", "--region", &installation.region, "--to", &to]);
        assert!(told.status.success(), "{told:?}");
    }
    drop(process);
    let mut folders = vec![installation.folder().to_owned()];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for it in std::fs::read_dir(folder).unwrap() {
            let (path, mode) = {
                let it = it.unwrap();
                (it.path(), it.metadata().unwrap().permissions().mode())
            };
            let made_here = path.ends_with("keys") && postgres_url().is_some();
            assert!(mode & 0o077 == 0 || made_here, "{}: {mode:o}", path.display());
            files += 1;
            if path.is_dir() && !made_here {
                folders.push(path);
            }
        }
    }
    assert!(files > 0 || postgres_url().is_some(), "the program wrote something");
}

#[test]
fn a_full_write_queue_says_come_back_later_and_does_nothing_by_halves() {
    let world = World::with(&["--write-queue", "1"]);
    let statuses: Vec<(u16, Option<String>)> = std::thread::scope(|scope| {
        let world = &world;
        let enter = move |n: usize| {
            let replies = (0..8).map(|m| {
                let body = json!({"kind": "ngo", "name": format!("Дом {n}-{m}"), "territory": "25655000"});
                let reply = world.post(&world.admin(), "/organizations", body);
                (reply.status, reply.header("retry-after").map(str::to_owned))
            });
            replies.collect::<Vec<_>>()
        };
        let asked: Vec<_> = (0..24).map(|n| scope.spawn(move || enter(n))).collect();
        asked.into_iter().flat_map(|it| it.join().unwrap()).collect()
    });
    let entered = statuses.iter().filter(|it| it.0 == 201).count();
    let refused: Vec<_> = statuses.iter().filter(|it| it.0 != 201).collect();
    assert!(refused.iter().all(|it| it.0 == 503 && it.1.is_some()), "{refused:?}");
    assert!(postgres_url().is_some() || !refused.is_empty(), "the queue of one was never full");
    assert_eq!(world.get(&world.admin(), "/organizations?limit=200").items().len(), entered);
}

#[test]
fn writes_behind_another_process_that_holds_the_file_are_told_to_come_back() {
    if postgres_url().is_some() {
        return; // A held table is told by the silence of PostgreSQL.
    }
    let world = World::new();
    let admin = world.admin();
    let other = rusqlite::Connection::open(world.region_file()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let form = json!({"kind": "ngo", "name": "Центр", "territory": "25655000"});
    let enter = || world.ask("POST", "/api/v1/organizations").by(&admin).json(&form).send();
    std::thread::scope(|scope| {
        let held: Vec<_> = (0..3).map(|_| scope.spawn(enter)).collect();
        for it in held {
            let told = it.join().unwrap().refused(503, "server.busy");
            assert!(told.header("retry-after").is_some());
        }
    });
    other.execute_batch("ROLLBACK").unwrap();
    enter().expect(201);
}

#[test]
fn no_reader_of_the_journal_misses_a_late_commit() {
    let world = World::new();
    let (seen, done) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    let entered: BTreeSet<String> = std::thread::scope(|scope| {
        let (world, seen, done) = (&world, &seen, &done);
        let follow = || {
            let mut last = 0;
            loop {
                let finished = done.load(Ordering::SeqCst);
                let began = Instant::now();
                let mut fresh = world.facts_since(last);
                while finished && fresh.is_empty() && began.elapsed() < Duration::from_millis(1500) {
                    fresh = world.facts_since(last);
                }
                if finished && fresh.is_empty() {
                    return;
                }
                last = fresh.last().map_or(last, |it| it.0);
                seen.lock().unwrap().extend(fresh);
            }
        };
        let reader = scope.spawn(follow);
        let write = |n: usize| {
            (0..25)
                .map(|m| world.organization("ngo", &format!("Дом {n}-{m}"), "25655000"))
                .collect::<Vec<_>>()
        };
        let writers: Vec<_> = (0..12).map(|n| scope.spawn(move || write(n))).collect();
        let ids = writers.into_iter().flat_map(|it| it.join().unwrap()).collect();
        done.store(true, Ordering::SeqCst);
        reader.join().unwrap();
        ids
    });
    let seen = seen.into_inner().unwrap();
    let places: Vec<i64> = seen.iter().map(|it| it.0).collect();
    assert_eq!(
        places,
        (1..=i64::try_from(places.len()).unwrap()).collect::<Vec<_>>(),
        "places without a gap"
    );
    let told: BTreeSet<String> =
        seen.iter().filter(|it| it.1 == "organization.added").map(|it| it.2.clone()).collect();
    assert_eq!(told, entered);
}

#[test]
fn a_backup_taken_under_load_is_a_whole_region() {
    if postgres_url().is_some() {
        let installation = Installation::new();
        let told = installation.run(&["backup", "--region", &installation.region, "--to", "unused"]);
        assert!(
            !told.status.success() && String::from_utf8_lossy(&told.stderr).contains("pg_dump"),
            "{told:?}"
        );
        return;
    }
    let installation = Installation::new();
    let process = installation.serve();
    let admin = process.admin(&installation);
    let copy = installation.folder().join("copy").join(format!("{}.sqlite", installation.region));
    std::fs::create_dir(copy.parent().unwrap()).unwrap();
    let load = Load::default();
    load.run(process, &admin, |it| {
        let told =
            installation.run(&["backup", "--region", &installation.region, "--to", copy.to_str().unwrap()]);
        assert!(told.status.success(), "{told:?}");
        it.kill();
    });
    let mut check = installation.command();
    check.env("DATABASE_URL", format!("sqlite:{}", copy.parent().unwrap().display()));
    let told = check.args(["region", "check", "--code", &installation.region]).output().unwrap();
    assert!(told.status.success(), "{told:?}");
    let again =
        installation.run(&["backup", "--region", &installation.region, "--to", copy.to_str().unwrap()]);
    assert!(!again.status.success(), "an existing file is never overwritten");
}

#[test]
fn while_postgresql_is_away_answers_are_503_and_come_back_by_themselves() {
    let Some(url) = postgres_url() else { return };
    let wire = Wire::new(place_of(&url));
    let world = World::through(&format!("127.0.0.1:{}", wire.port));
    let admin = world.admin();
    world.organization("ngo", "До", "25655000");
    wire.turn(Mode::Cut);
    std::thread::sleep(Duration::from_millis(100));
    for _ in 0..3 {
        let began = Instant::now();
        let read = world.get(&admin, "/organizations");
        assert!(read.status == 503 && read.header("retry-after").is_some(), "{}", read.text);
        let write = world.post(
            &admin,
            "/organizations",
            json!({"kind": "ngo", "name": "Во время", "territory": "25655000"}),
        );
        assert_eq!(write.status, 503, "{}", write.text);
        assert!(began.elapsed() < Duration::from_secs(8), "nobody hangs");
        assert!(!read.text.contains("127.0.0.1"), "the cause stays in the log");
    }
    world.ask("GET", "/health/ready").send().expect(503);
    world.ask("GET", "/health/live").send().expect(200);
    wire.turn(Mode::Open);
    let began = Instant::now();
    while world.get(&admin, "/organizations").status != 200
        || world.ask("GET", "/health/ready").send().status != 200
    {
        assert!(began.elapsed() < Duration::from_secs(5), "back in time");
        std::thread::sleep(Duration::from_millis(50));
    }
    world.organization("ngo", "После", "25655000");
    assert_eq!(world.get(&admin, "/organizations").items().len(), 2);
}

#[test]
fn a_wrong_setting_stops_the_start_with_one_clear_line() {
    let installation = Installation::new();
    for (name, value) in [
        ("DATABASE_URL", "mysql://x"),
        ("NASTAVNIK_LISTEN", "everywhere"),
        ("NASTAVNIK_WORKERS", "many"),
        ("NASTAVNIK_WRITE_QUEUE", "0"),
        ("NASTAVNIK_PUBLIC_URL", "not an address"),
        ("NASTAVNIK_CORS_ORIGINS", "https://app.example.org/path"),
        ("NASTAVNIK_REGIONS", "Москва"),
        ("NASTAVNIK_REGIONS", "atlantis"),
        ("NASTAVNIK_LOG", "info,persistence=loud"),
        ("NASTAVNIK_KEYS", "/dev/null/keys"),
    ] {
        let told = installation.command().env(name, value).arg("serve").output().unwrap();
        let said = String::from_utf8_lossy(&told.stderr).into_owned();
        assert!(!told.status.success() && said.lines().count() == 1, "{name}={value}: {said}");
    }
}

#[test]
fn a_region_added_while_the_server_runs_is_served_without_a_restart() {
    let installation = Installation::new();
    let mut server = installation.command();
    let second = format!("{}_b", installation.region);
    server.arg("serve");
    // The server of this test opens all regions. On PostgreSQL, regions of other tests appear and disappear in the
    // same database.
    if postgres_url().is_some() {
        return;
    }
    let process = installation.serve_with(server);
    let told = installation.run(&[
        "region",
        "add",
        "--code",
        &second,
        "--name",
        "Вторая",
        "--territory",
        "33000000",
    ]);
    assert!(told.status.success(), "{told:?}");
    let mut add = installation.command();
    add.args([
        "user",
        "add",
        "--region",
        &second,
        "--login",
        "admin",
        "--name",
        "Админ",
        "--role",
        "region_admin",
    ]);
    assert!(add.output().unwrap().status.success());
    let admin = process.client.login_in(&second, "admin");
    process.client.get(&admin, "/organizations").expect(200);
}
