//! A PostgreSQL that falls silent under load: all its processes are stopped for a while, then go on.
use crate::client::Client;
use crate::ground::{self, Ground};
use crate::load::{Requests, request};
use crate::pace::{self, Pace, Timed};
use crate::server::Server;
use actix_web::rt::System;
use std::fs::File;
use std::process::Command;
use std::time::{Duration, Instant};

const PACE: Pace = Pace { per_second: 200, connections: 64, lasting: Duration::from_secs(50) };
/// From its stop, in the time of the load, to its going on.
const SILENT: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(40));

/// Measures it on the cluster at that address, whose processes the caller may stop.
pub fn measure(url: &str) {
    let system = System::new();
    let ground = Ground::lay(Some(url.to_owned()), "silence");
    let server = system.block_on(postmaster(url));
    let log = File::create(ground.folder().join("log")).expect("a log");
    let product = Server::product(&ground.flags(&["--log", "error", "--clock-seconds", "3600"]), log);
    let client = Client::new(format!("http://{}", product.address));
    let who = client.login_in(&ground.region, "admin");
    let enter = |n: usize| request("POST", "/organizations", &who.token, Some(&ground::body(n)));
    let read = || request("GET", "/organizations?limit=20", &who.token, None);
    let requests = Requests::new((0..100).map(|it| if it % 4 == 0 { enter(it) } else { read() }).collect());
    let (all, thawed) = system.block_on(async {
        let load = tokio::spawn(pace::keep(PACE, product.address, requests));
        tokio::time::sleep(SILENT.0).await;
        let stopped = Stopped::of(server);
        tokio::time::sleep(SILENT.1 - SILENT.0).await;
        drop(stopped);
        let thawed = Instant::now();
        (load.await.expect("the load"), thawed)
    });
    tell(&all, thawed);
    drop(product);
    ground.raze();
}

fn tell(all: &[Timed], thawed: Instant) {
    let good = |it: &&Timed| matches!(it.status, 200 | 201);
    let after: Vec<&Timed> = all.iter().filter(|it| it.sent > thawed).collect();
    let last_refused = after.iter().filter(|it| !good(it)).map(|it| it.answered).max();
    println!(
        "\nPostgreSQL silent for {} s under {} requests a second over {} connections: {} answers {:?}, longest {:.2} s; the last refusal {:.2} s after it went on",
        (SILENT.1 - SILENT.0).as_secs(),
        PACE.per_second,
        PACE.connections,
        all.len(),
        pace::statuses(all),
        pace::within_ms(all, Timed::since_sent, 1000) / 1000.0,
        last_refused.map_or(0.0, |it| it.saturating_duration_since(thawed).as_secs_f64()),
    );
}

/// The id of the process that is the parent of all others.
async fn postmaster(url: &str) -> u32 {
    let client = crate::bare_postgres::connect(url, "public").await;
    let told = "SELECT pg_read_file('postmaster.pid')";
    let text: String = client.query_one(told, &[]).await.expect("the right to read it").get(0);
    text.lines().next().and_then(|it| it.trim().parse().ok()).expect("an id of a process")
}

/// Processes that are stopped until this is dropped.
struct Stopped(Vec<u32>);

impl Stopped {
    fn of(parent: u32) -> Self {
        let children =
            std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).expect("Linux");
        let children = children.split_whitespace().filter_map(|it| it.parse().ok());
        let it = Self(std::iter::once(parent).chain(children).collect());
        it.signal("-STOP");
        it
    }
    fn signal(&self, name: &str) {
        let ids = self.0.iter().map(u32::to_string);
        let told = Command::new("kill").arg(name).args(ids).status().expect("a signal");
        assert!(told.success() || name == "-CONT", "kill {name}: {told}");
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        self.signal("-CONT");
    }
}
