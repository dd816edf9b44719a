//! The most that each list and each write of a filled region bears: connections that ask again as soon as they are answered.
use super::{CLIENTS, INSTITUTIONS, Region};
use crate::load::{self, Requests, Round, request};
use crate::pace::{self, Pace, Timed};
use crate::scene;
use actix_web::rt::System;
use std::time::Duration;

/// The time for which each thing is asked.
const LASTING: Duration = Duration::from_secs(5);
/// The pace of the pages that are read beside held meetings.
const PAGES: Pace = Pace { per_second: 50, connections: 10, lasting: LASTING };
/// Meetings of a pair at most. It began today, and a day has three hours before each run.
const OF_A_PAIR: usize = 29;
/// More meetings than are held within that time.
const MEETINGS: usize = 20_000;

impl Region {
    pub(super) fn bear_most(&mut self, met: usize) {
        println!("  the most of {} connections: a second, p50 and p99 in ms, refused", load::CONNECTIONS);
        self.log_in();
        for (name, paths) in &self.addresses()[4..] {
            let pages = paths.iter().map(|it| request("GET", &page(it), &self.who().token, None));
            tell(name, &load::ask(self.server.address, &Requests::new(pages.collect()), LASTING));
        }
        let people = (0..1000).map(|n| self.post(n, "/people", &scene::person(n, 1990).to_string()));
        tell("people entered", &load::ask(self.server.address, &Requests::new(people.collect()), LASTING));
        let most = met + MEETINGS.min((self.mentorships.len() * OF_A_PAIR).saturating_sub(met));
        self.plan_and_hold(met, most);
    }

    /// Holds meetings that are planned before, while others read pages.
    fn plan_and_hold(&mut self, first: usize, next: usize) {
        let plan = |n| {
            let (path, plan, _) = self.meeting_of(n);
            self.post(n % self.mentorships.len(), &path, &plan.to_string())
        };
        let half = first + (next - first) / 2;
        let plans = Requests::new((first..half).map(plan).collect());
        tell("meetings planned", &load::ask_each(self.server.address, &plans, LASTING));
        self.log_in();
        let planned = self.server.at_once(CLIENTS, next - half, |client, n| {
            let n = half + n;
            let (path, plan, holding) = self.meeting_of(n);
            let pair = n % self.mentorships.len();
            let id = client.post(&self.of(pair).1, &path, plan).expect(201).id();
            self.post(pair, &format!("/meetings/{id}/holding"), &holding.to_string())
        });
        let page = request("GET", "/people?limit=50", &self.who().token, None);
        let (address, pages) = (self.server.address, Requests::new(vec![page]));
        let reading = std::thread::spawn(move || System::new().block_on(pace::keep(PAGES, address, pages)));
        tell("meetings held", &load::ask_each(address, &Requests::new(planned), LASTING));
        let read = reading.join().expect("the pages");
        println!(
            "    beside them {} pages {:?}, p95 {:.1} ms",
            read.len(),
            pace::statuses(&read),
            pace::within_ms(&read, Timed::since_due, 950)
        );
    }

    /// A request of the director of that institution.
    fn post(&self, institution: usize, path: &str, body: &str) -> Vec<u8> {
        request("POST", path, &self.institutions[institution % INSTITUTIONS].1.token, Some(body))
    }
}

/// The address of a page of 50, if it is one of a list.
fn page(path: &str) -> String {
    match path {
        "/me/agenda" => path.to_owned(),
        it if it.contains("/summary") => it.to_owned(),
        it => format!("{it}{}limit=50", if it.contains('?') { '&' } else { '?' }),
    }
}

fn tell(name: &str, it: &Round) {
    println!(
        "    {name:20} {:6.0} {:8.1} {:8.1} {:6}",
        it.per_second,
        super::ms(it.p50),
        super::ms(it.p99),
        it.refused
    );
}
