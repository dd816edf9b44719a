//! Matching through the API: a look at one beneficiary among thousands of possible mentors, and a whole round from its request to
//! published proposals. Everybody is entered through the API before the clock starts.
use crate::scene::Scene;
use serde_json::json;
use std::time::{Duration, Instant};

/// Mentors in the look, all of them possible for everybody.
const LOOKED_AT: usize = 5000;
/// Looks that are timed.
const LOOKS: usize = 60;
/// The beneficiaries and mentors of the round.
const ROUND: (usize, usize) = (3000, 1500);
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

impl Scene {
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
}
