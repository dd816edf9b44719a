//! The day of a specialist with forty cases, beside as many cases as the region has: the agenda, the page of each case, the months.
use super::{INSTITUTIONS, Region, ms};
use crate::client::{Account, Client};
use crate::ground::day;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// The login of the specialist.
pub(super) const LOGIN: &str = "specialist";
/// The cases of the specialist.
pub(super) const CHARGES: usize = 40;

impl Region {
    /// Opens the case of the beneficiary of that number. The first of the first institution are the specialist's.
    pub(super) fn case(&self, client: &Client, n: usize) -> String {
        let (organization, who) = self.of(n);
        let mut order = json!({"beneficiary_id": self.beneficiaries[n].1, "organization_id": organization, "opened_on": day(0)});
        if n.is_multiple_of(INSTITUTIONS) && n / INSTITUTIONS < CHARGES {
            order["specialist_user_id"] = json!(self.specialist);
        }
        client.post(who, "/cases", order).expect(201).id()
    }

    /// Measures the calls of a specialist's day, one after another.
    pub(super) fn accompany(&self) {
        let client = Client::new(format!("http://{}", self.server.address));
        let who = client.login_in(&self.ground.region, LOGIN);
        println!("  a specialist with {} cases, ms: p50, p95 and slowest", self.charges.len());
        let asked = |path: &str| drop(client.get(&who, path).expect(200));
        tell("the agenda", (0..CHARGES).map(|_| timed(|| asked("/me/agenda?mine=true"))));
        tell(
            "the page of a case",
            self.charges.iter().map(|it| timed(|| asked(&format!("/cases/{it}/overview")))),
        );
        let month = day(0).format("%Y-%m").to_string();
        let records: Vec<String> =
            self.charges.iter().map(|it| format!("/cases/{it}/monthly-records/{month}")).collect();
        let list = format!(
            "/monthly-records?from={month}&to={month}&specialist_user_id={}&limit=50",
            self.specialist
        );
        tell("the months to sign", (0..CHARGES).map(|_| timed(|| asked(&list))));
        tell("a monthly record", records.iter().map(|it| timed(|| asked(it))));
        let director = client.login_in(&self.ground.region, "director0");
        for case in &self.charges {
            end(&client, &director, case);
        }
        let began = Instant::now();
        tell("a signature", records.iter().map(|it| timed(|| sign(&client, &who, it))));
        println!(
            "    all {} months in {:.0} ms, {} calls",
            records.len(),
            ms(began.elapsed()),
            records.len() + 1
        );
    }
}

/// Closes a case, and ends its mentorship before: the month of a closed case is signed at once.
fn end(client: &Client, director: &Account, case: &str) {
    let of = client.get(director, &format!("/cases/{case}")).expect(200).body["beneficiary_id"].clone();
    let running = format!("/mentorships?state=active&beneficiary_id={}", of.as_str().unwrap_or_default());
    for it in client.get(director, &running).expect(200).items() {
        let path = format!("/mentorships/{}/termination", it["id"].as_str().unwrap_or_default());
        let order = json!({"ground": "other_objective", "ended_on": day(0), "text": "Переезд."});
        client.post(director, &path, order).expect(200);
    }
    let order = json!({"closed_on": day(0), "reason": "goals_reached"});
    client.post(director, &format!("/cases/{case}/closing"), order).expect(200);
}

fn sign(client: &Client, who: &Account, record: &str) {
    let words: Value = json!({"summary": "Учится, на связи.", "next_month": "Медосмотр."});
    drop(client.post(who, &format!("{record}/signature"), json!({"words": words})).expect(200));
}

fn timed(ask: impl FnOnce()) -> Duration {
    let began = Instant::now();
    ask();
    began.elapsed()
}

fn tell(name: &str, times: impl Iterator<Item = Duration>) {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    let at = |percent: usize| ms(times[(times.len() * percent / 100).min(times.len() - 1)]);
    println!("    {name:20} {:8.2} {:8.2} {:8.2}", at(50), at(95), at(100));
}
