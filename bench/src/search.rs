//! The search of people by the beginnings of names, asked at a steady pace: what a form asks at each letter that somebody types.
use crate::client::Client;
use crate::ground::Ground;
use crate::load::{Requests, request};
use crate::pace::{self, Pace, Timed};
use actix_web::rt::System;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// People in the region.
const PEOPLE: usize = 200_000;
/// Clients that enter people at once.
const CLIENTS: usize = 8;
/// The pace of the searches.
const PACE: Pace = Pace { per_second: 1000, connections: 200, lasting: Duration::from_secs(20) };

const SYLLABLES: [&str; 24] = [
    "бо", "ва", "ге", "да", "жи", "за", "ки", "ла", "ми", "но", "ор", "пе", "ре", "со", "ту", "уш", "фе",
    "хо", "це", "чу", "ша", "щу", "эль", "яр",
];
const GIVEN: [&str; 10] =
    ["Анна", "Борис", "Вера", "Глеб", "Дарья", "Егор", "Жанна", "Захар", "Ирина", "Кирилл"];

/// Measures it on one engine.
pub fn measure(url: Option<String>) {
    let engine = if url.is_some() { "PostgreSQL" } else { "SQLite" };
    let ground = Ground::lay(url, "search");
    let server = ground.serve(3600);
    let client = Client::new(format!("http://{}", server.address));
    let (_, who) = ground.institution(&client, "director");
    let began = Instant::now();
    let enter = |client: &Client, n| drop(client.post(&who, "/people", person(n)).expect(201));
    server.at_once(CLIENTS, PEOPLE, enter);
    println!(
        "\n{engine}: {PEOPLE} people entered through the API in {:.0} s; {} searches a second over {} connections",
        began.elapsed().as_secs_f64(),
        PACE.per_second,
        PACE.connections,
    );
    let ask = |path: &str, bodies: Vec<Value>| {
        let all = bodies.iter().map(|it| request("POST", path, &who.token, Some(&it.to_string())));
        let requests = Requests::new(all.collect());
        let before = server.cpu();
        let all = System::new().block_on(pace::keep(PACE, server.address, requests));
        let within = |thousandths| pace::within_ms(&all, Timed::since_due, thousandths);
        let cpu = server.cpu().zip(before).map_or(0.0, |(after, before)| (after - before).as_secs_f64());
        println!(
            "  {path:24} {:5} answers {:?}: p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms, slowest {:.0} ms; {:.2} ms of the server's CPU each",
            all.len(),
            pace::statuses(&all),
            within(500),
            within(950),
            within(990),
            within(1000),
            cpu * 1000.0 / f64::from(u32::try_from(all.len()).expect("a number")),
        );
    };
    // A form shows ten; a page of fifty is what a list shows.
    for (path, letters) in
        [("/people/search?limit=10", 2), ("/people/search?limit=10", 4), ("/people/search", 2)]
    {
        ask(path, beginnings(letters).iter().map(|it| json!({"name": it})).collect());
    }
    ask("/search", beginnings(2).iter().map(|it| json!({"text": it})).collect());
    drop(server);
    ground.raze();
}

/// The person of that number. Family names are of three syllables, each as frequent as another.
fn person(n: usize) -> Value {
    let syllable = |by: usize| SYLLABLES[n / by % SYLLABLES.len()];
    let family = format!("{}{}{}в", capital(syllable(1)), syllable(24), syllable(576));
    let born = format!("{}-{:02}-{:02}", 1950 + n % 70, n / 70 % 12 + 1, n / 840 % 28 + 1);
    json!({"family_name": family, "given_name": GIVEN[n / 7 % GIVEN.len()], "birth_date": born, "sex": "male", "residence": "25655000"})
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// Beginnings of so many letters.
fn beginnings(letters: usize) -> Vec<String> {
    let pairs = SYLLABLES.iter().flat_map(|one| SYLLABLES.iter().map(move |other| format!("{one}{other}")));
    pairs.map(|it| it.chars().take(letters).collect()).collect()
}
