//! Measures the product beside its engines' bare drivers: `make bench`, and `make bench-journal` for the order of facts alone.
//!
//! Every server is a process of its own with as many workers; the client is this process, which does not contain the product. The compared
//! programs run in turn on the same data. Nothing is asserted: a ratio tells about the program, a number of requests per second about the machine.
mod bare;
mod bare_postgres;
mod bare_sqlite;
mod client;
mod crises;
mod ground;
mod journal;
mod load;
mod matching;
mod pace;
mod region;
mod scene;
mod search;
mod server;
mod silence;
mod table;

use actix_web::rt::System;
use client::Client;
use ground::{Ground, Questions};
use load::Requests;
use server::Server;
use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};
use table::{Aim, Contestant};

/// The time for which a contestant is asked in one round.
const LASTING: Duration = Duration::from_millis(1200);
/// The share of the bare driver's throughput that the product is to reach.
const SHARE: f64 = 0.7;
/// The least ratio of durable writes to those of a server that commits each request by itself.
const GROUPED: f64 = 3.0;

const PRODUCT: &str = "product";
const BARE: &str = "bare driver";
const ALONE: &str = "bare driver, a commit per request";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let given = || postgres_url().expect("TEST_DATABASE_URL is not set");
    match words.as_slice() {
        [] => on_both(|url| measure(url, "")),
        ["sqlite"] => measure(None, ""),
        ["sqlite", what] => measure(None, what),
        ["postgres"] => measure(Some(given()), ""),
        ["postgres", what] => measure(Some(given()), what),
        ["journal"] => journal::measure(&given()),
        ["crises"] => on_both(crises::measure),
        ["crises", "sqlite"] => crises::measure(None),
        ["crises", "postgres"] => crises::measure(Some(given())),
        ["matching"] => on_both(matching::measure),
        ["region"] => on_both(region::measure),
        ["region", "sqlite"] => region::measure(None),
        ["region", "postgres"] => region::measure(Some(given())),
        ["search"] => on_both(search::measure),
        ["search", "sqlite"] => search::measure(None),
        ["silence"] => silence::measure(&given()),
        ["matching", "sqlite"] => matching::measure(None),
        ["matching", "postgres"] => matching::measure(Some(given())),
        ["serve", "sqlite", file] => {
            System::new().block_on(bare_sqlite::serve(workers(), (*file).to_owned()))
        }
        ["serve", "postgres", url, schema, writers] => {
            let writers = writers.parse().expect("a number of connections");
            let serve = bare_postgres::serve(workers(), (*url).to_owned(), (*schema).to_owned(), writers);
            System::new().block_on(serve)
        }
        _ => println!(
            "usage: bench [sqlite [WORD IN A TITLE] | postgres [WORD IN A TITLE] | journal | crises [sqlite | postgres] | matching [sqlite | postgres] | region [sqlite | postgres] | search [sqlite] | silence]"
        ),
    }
}

/// Measures on SQLite, then on PostgreSQL if it is there.
fn on_both(measure: impl Fn(Option<String>)) {
    measure(None);
    match postgres_url() {
        Some(url) => measure(Some(url)),
        None => println!("\nPostgreSQL is left out: TEST_DATABASE_URL is not set."),
    }
}

/// Where PostgreSQL is.
fn postgres_url() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok()
}

/// Worker threads of every server: a processor core each, as the product has by default.
fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Measures on one engine what has that word in its title.
fn measure(url: Option<String>, what: &str) {
    let is_postgres = url.is_some();
    let system = System::new();
    let ground = Ground::lay(url, "");
    let began = Instant::now();
    system.block_on(ground.fill());
    println!(
        "\n{}: {} organizations entered in {:.1} s; {} connections, {} workers",
        if is_postgres { "PostgreSQL" } else { "SQLite" },
        ground::ROWS,
        began.elapsed().as_secs_f64(),
        load::CONNECTIONS,
        workers(),
    );
    if is_postgres {
        system.block_on(bare_postgres::tidy(&ground.url, &ground.schema()));
    } else {
        println!("one write of 4 KiB reaches the disk in {:.0} µs", sync_time(&ground).as_secs_f64() * 1e6);
    }
    contest(&ground, is_postgres, what);
    ground.raze();
}

fn contest(ground: &Ground, is_postgres: bool, what: &str) {
    let log = |name: &str| File::create(ground.folder().join(name)).expect("a log");
    let start = |level: &str| Server::product(&ground.flags(&["--log", level]), log(level));
    let (product, talkative) = (start("warn"), start("info"));
    let bare: Vec<String> = if is_postgres {
        vec!["postgres".into(), ground.url.clone(), ground.schema(), "16".into()]
    } else {
        vec!["sqlite".into(), ground.file().display().to_string()]
    };
    let bare = Server::bare(&bare, log("bare"));
    let client = |it: &Server| Client::new(format!("http://{}", it.address));
    let who = client(&product).login_in(&ground.region, "admin");
    let questions = Questions::gather(&client(&product), &who);
    ground::compare(&client(&product), &client(&bare), &who);

    let ours = |requests| asked(PRODUCT, &product, requests);
    let theirs = |requests| asked(BARE, &bare, requests);
    let share = || Aim { against: BARE, at_least: SHARE };
    let hold = |title: &str, contestants: &[Contestant<'_>], aims: &[Aim<'_>]| {
        if title.contains(what) {
            table::hold(title, contestants, aims);
        }
    };
    let logged = asked("product that logs each request", &talkative, &questions.one);
    hold("GET one", &[ours(&questions.one), logged, theirs(&questions.one)], &[share()]);
    let first = [ours(&questions.first_page), theirs(&questions.first_page)];
    hold("list of 20, first page", &first, &[share()]);
    let next = [ours(&questions.next_page), theirs(&questions.bare_next_page)];
    hold("list of 20, by cursor", &next, &[share()]);
    let (add, grouped) = (ours(&questions.add), theirs(&questions.add));
    if is_postgres {
        hold("durable write with its fact", &[add, grouped], &[share()]);
    } else {
        let alone = asked(ALONE, &bare, &questions.add_alone);
        let more = Aim { against: ALONE, at_least: GROUPED };
        hold("durable write with its fact", &[add, alone, grouped], &[share(), more]);
    }
}

fn asked<'c>(name: &'c str, server: &'c Server, requests: &'c Requests) -> Contestant<'c> {
    let round = || load::ask(server.address, requests, LASTING);
    Contestant { name, round: Box::new(round), cpu: Box::new(|| server.cpu()) }
}

/// The least time of a commit. On a disk that only pretends to sync, grouped commits gain little.
fn sync_time(ground: &Ground) -> Duration {
    let mut file = File::create(ground.folder().join("sync")).expect("a file");
    let mut times: Vec<Duration> = (0..200)
        .map(|_| {
            file.write_all(&[1; 4096]).expect("a write");
            let began = Instant::now();
            file.sync_data().expect("a disk");
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2]
}
