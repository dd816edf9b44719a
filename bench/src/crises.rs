//! Calls for help while two hundred other clients are busy: each is to be accepted in under a second.
use crate::client::Client;
use crate::ground::{Ground, day};
use crate::load::{Requests, request};
use crate::pace::{self, Pace, Timed};
use crate::scene;
use actix_web::rt::System;
use serde_json::json;
use std::time::{Duration, Instant};

/// Beneficiaries with an open case.
const CASES: usize = 2000;
/// Clients that enter at once.
const CLIENTS: usize = 16;
const LASTING: Duration = Duration::from_secs(60);
/// The paces of the busy clients, and of the calls.
const READS: Pace = Pace { per_second: 270, connections: 180, lasting: LASTING };
const WRITES: Pace = Pace { per_second: 30, connections: 20, lasting: LASTING };
const CALLS: Pace = Pace { per_second: 5, connections: 5, lasting: LASTING };
/// The time within which each call is to be accepted.
const AIM_MS: f64 = 1000.0;
/// Answers that took longer are told with their seconds.
const SLOW: Duration = Duration::from_millis(300);

/// Measures it on one engine.
pub fn measure(url: Option<String>) {
    let engine = if url.is_some() { "PostgreSQL" } else { "SQLite" };
    let ground = Ground::lay(url, "crises");
    let server = ground.serve(1);
    let client = Client::new(format!("http://{}", server.address));
    let (organization, who) = ground.institution(&client, "director");
    let specialist = ground.account(&client, "specialist", "support_specialist", &organization);
    ground.account(&client, "head", "unit_head", &organization);
    let began = Instant::now();
    let beneficiaries = server.at_once(CLIENTS, CASES, |client, n| {
        let person = client.post(&who, "/people", scene::person(n, 2008 + n % 4)).expect(201).id();
        let form = json!({"kind": "person", "person_id": person, "category": "orphan", "organization_id": organization, "territory": "25655000"});
        let id = client.post(&who, "/beneficiaries", form).expect(201).id();
        let case = json!({"beneficiary_id": id, "organization_id": organization, "opened_on": day(0), "specialist_user_id": specialist});
        client.post(&who, "/cases", case).expect(201);
        id
    });
    println!("\n{engine}: {CASES} cases opened in {:.0} s; 200 clients", began.elapsed().as_secs_f64());
    let who = client.login_in(&ground.region, "director");
    let page = ["/cases", "/beneficiaries", "/crises", "/me/agenda", "/people"];
    let single = beneficiaries.iter().take(500).map(|it| format!("/beneficiaries/{it}"));
    let paths: Vec<String> = single.chain(page.map(str::to_owned).into_iter().cycle().take(100)).collect();
    let reads = paths.iter().map(|it| request("GET", it, &who.token, None)).collect();
    let writes =
        (0..1000).map(|n| request("POST", "/people", &who.token, Some(&scene::person(n, 1990).to_string())));
    let calls = beneficiaries.iter().map(|it| {
        let call = json!({"beneficiary_id": it, "kind": "violence", "text": "Нужна помощь.", "danger_to_child": true});
        request("POST", "/crises", &who.token, Some(&call.to_string()))
    });
    let (reads, writes, calls) =
        (Requests::new(reads), Requests::new(writes.collect()), Requests::new(calls.collect()));
    let address = server.address;
    let (read, written, called) = System::new().block_on(async move {
        let reading = actix_web::rt::spawn(pace::keep(READS, address, reads));
        let writing = actix_web::rt::spawn(pace::keep(WRITES, address, writes));
        let called = pace::keep(CALLS, address, calls).await;
        (reading.await.expect("the reads"), writing.await.expect("the writes"), called)
    });
    for (what, all) in [("reads", &read), ("writes", &written), ("calls for help", &called)] {
        let within = |thousandths| pace::within_ms(all, Timed::since_due, thousandths);
        println!(
            "  {what:14} {:6} answers {:?}: p50 {:.1} ms, p99 {:.1} ms, slowest {:.1} ms",
            all.len(),
            pace::statuses(all),
            within(500),
            within(990),
            within(1000)
        );
        let (slow, seconds) = pace::longer_than(all, SLOW);
        if slow > 0 {
            println!("    {slow} took longer than {SLOW:?}, due in the seconds {seconds:?}");
        }
    }
    let slowest = pace::within_ms(&called, Timed::since_due, 1000);
    let told =
        if slowest < AIM_MS && called.iter().all(|it| it.status == 201) { "reached" } else { "missed" };
    println!("  each call for help accepted in under a second: {told}");
    drop(server);
    ground.raze();
}
