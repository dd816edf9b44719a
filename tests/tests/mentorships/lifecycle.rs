//! Every state of a mentorship against every order, and the effect of time on each state. The resulting text is
//! reviewed like code.
use serde_json::{Value, json};
use std::fmt::Write;
use tests::pairs::Pair;
use tests::{Account, Reply, World};

/// The states of a mentorship, with the steps taken so far.
const STATES: [&str; 16] = [
    "proposed",
    "proposed, mentor accepted",
    "proposed, recipient accepted",
    "accepted",
    "accepted, representative signed",
    "accepted, recipient signed",
    "consented",
    "active",
    "paused",
    "completed by meetings",
    "completed by date",
    "replaced",
    "terminated",
    "terminated by date",
    "declined",
    "lapsed",
];
/// The number of these states that have not ended.
const OPEN: usize = 9;
const ORDERS: [&str; 24] = [
    "propose again",
    "propose as the next one",
    "accept by mentor",
    "accept by recipient",
    "decline by mentor",
    "decline by recipient",
    "consent of representative",
    "consent of recipient",
    "confirm",
    "extend",
    "pause",
    "resume",
    "withdraw by mentor",
    "withdraw by recipient",
    "replace: employment_ended",
    "replace: position_changed",
    "replace: long_absence",
    "replace: requested_by_mentor",
    "replace: requested_by_recipient",
    "replace: other_obstacle",
    "terminate: written_refusal",
    "terminate: removed_by_director",
    "terminate: other_objective",
    "plan meeting",
];
const MEETING_STATES: [&str; 4] = ["planned", "held", "missed", "cancelled"];
const MEETING_ORDERS: [&str; 4] = ["edit", "hold", "miss", "cancel"];

/// A girl of 15 with a guardian, and a mentor, in a program of one meeting.
struct Case {
    pair: Pair,
    guardian: String,
    authority: String,
    id: String,
}

struct Stage {
    world: World,
    organization: String,
    director: Account,
    program: String,
    by_date: String,
    paper: String,
}

impl Stage {
    fn new() -> Self {
        let world = World::with(&["--clock-seconds", "1"]);
        let (organization, director) = world.institution("Центр помощи семье");
        let extendable = |completion: Value| json!({"extendable": true, "max_extension_months": 6, "completion": completion});
        let short = json!({"kind": "meetings", "meetings": 1, "max_months": 12});
        let program = world.plain_program("short", extendable(short));
        let by_date = world.plain_program("by-date", extendable(json!({"kind": "term", "max_months": 12})));
        let paper = world.file(&director, "other");
        Self { world, organization, director, program, by_date, paper }
    }
    fn case(&self, program: &str) -> Case {
        let mut pair = self.world.pair_at(&self.organization, &self.director, program);
        pair.person = self.world.person(&self.director, json!({}));
        pair.beneficiary = self.world.beneficiary(&self.director, &self.organization, &pair.person);
        let guardian = self.world.person(&self.director, json!({"birth_date": "1980-01-01"}));
        let authority = self.world.guardian(&self.director, &pair.beneficiary, &guardian);
        let id = self.world.proposed(&pair);
        Case { pair, guardian, authority, id }
    }
    /// A mentorship in that state. States that only time brings about are made elsewhere.
    fn at(&self, state: &str) -> Case {
        self.at_in(state, &self.program)
    }
    fn at_in(&self, state: &str, program: &str) -> Case {
        let case = self.case(program);
        let accepted = ["accept by mentor", "accept by recipient"];
        let consented = ["consent of representative", "consent of recipient"];
        let steps: Vec<&str> = match state {
            "proposed" => vec![],
            "proposed, mentor accepted" => accepted[..1].to_vec(),
            "proposed, recipient accepted" => accepted[1..].to_vec(),
            "accepted" => accepted.to_vec(),
            "accepted, representative signed" => [&accepted[..], &consented[..1]].concat(),
            "accepted, recipient signed" => [&accepted[..], &consented[1..]].concat(),
            "consented" => [accepted, consented].concat(),
            "active" => [&accepted[..], &consented[..], &["confirm"]].concat(),
            "paused" => [&accepted[..], &consented[..], &["confirm", "pause"]].concat(),
            "replaced" => [&accepted[..], &consented[..], &["confirm", "replace: other_obstacle"]].concat(),
            "terminated" => {
                [&accepted[..], &consented[..], &["confirm", "terminate: other_objective"]].concat()
            }
            "completed by meetings" => [&accepted[..], &consented[..], &["confirm"]].concat(),
            "declined" => vec!["decline by mentor"],
            other => panic!("time makes '{other}'"),
        };
        for step in steps {
            assert_eq!(self.order(&case, step).status, 200, "{state}: {step}");
        }
        if state == "completed by meetings" {
            self.world.held(&self.director, &case.id, 1);
        }
        case
    }
    fn order(&self, case: &Case, order: &str) -> Reply {
        let (world, today) = (&self.world, self.world.day(0));
        let step = |step: &str, order: Value| world.step(&self.director, &case.id, step, order);
        let answer = |party: &str, decision: &str| {
            let order = json!({"party": party, "decision": decision, "on_paper_file_id": self.paper});
            step("acceptances", order)
        };
        let terminate = |ground: &str| {
            let order = json!({"ground": ground, "ended_on": today, "document_file_id": self.paper,
                "decree": {"number": "34-л", "date": today}, "text": "Переезд."});
            step("termination", order)
        };
        let replace = |ground: &str| {
            let order = json!({"ground": ground, "ended_on": today, "document_file_id": self.paper, "text": "Переезд.",
                "absence_confirmed": ground == "long_absence"});
            step("replacement", order)
        };
        let withdraw = |party: &str| {
            let order = json!({"party": party, "withdrawn_on": today, "person_id": case.guardian, "file_id": self.paper});
            step("withdrawal", order)
        };
        match order {
            "propose as the next one" => self.propose_next(case),
            "extend" => step("extensions", json!({"ends_on": world.day(90), "document_file_id": self.paper})),
            "pause" => step("pause", json!({"paused_on": today, "reason": "holidays"})),
            "resume" => step("resumption", json!({"resumed_on": today})),
            "withdraw by mentor" => withdraw("mentor"),
            "withdraw by recipient" => withdraw("recipient"),
            "propose again" => world.post(&self.director, "/mentorships", world.proposal(&case.pair)),
            "accept by mentor" => answer("mentor", "accept"),
            "accept by recipient" => answer("recipient", "accept"),
            "decline by mentor" => answer("mentor", "decline"),
            "decline by recipient" => answer("recipient", "decline"),
            "consent of representative" => step(
                "consents",
                json!({"signatory": "representative", "person_id": case.guardian, "representative_id": case.authority,
                    "signed_on": today, "file_id": self.paper}),
            ),
            "consent of recipient" => step(
                "consents",
                json!({"signatory": "recipient", "person_id": case.pair.person, "signed_on": today, "file_id": self.paper}),
            ),
            "confirm" => step("confirmation", world.confirmation()),
            "plan meeting" => step("meetings", json!({"planned_at": world.hour(0), "method": "talk"})),
            other => match other.strip_prefix("replace: ") {
                Some(ground) => replace(ground),
                None => terminate(other.strip_prefix("terminate: ").expect("an order")),
            },
        }
    }
    /// Proposes another mentor after this one.
    fn propose_next(&self, case: &Case) -> Reply {
        let pair = Pair { director: self.director.clone(), ..case.pair.clone() };
        let next = Pair { mentor: self.world.another_mentor(&pair), ..pair };
        let mut order = self.world.proposal(&next);
        order["replaces_id"] = json!(case.id);
        self.world.post(&self.director, "/mentorships", order)
    }
    fn state(&self, id: &str) -> String {
        let card = self.world.get(&self.world.admin(), &format!("/mentorships/{id}")).expect(200);
        card.body["state"].as_str().expect("a state").to_owned()
    }
    /// The outcome of an order: the new state of the mentorship, or every reason against the order.
    fn outcome(&self, case: &Case, order: &str, reply: &Reply) -> String {
        match (reply.status, order) {
            (201, "propose again" | "propose as the next one") => "a new one, proposed".into(),
            (200 | 201, _) => self.state(&case.id),
            (status, _) => format!("{status} {}", reply.codes().join(", ")),
        }
    }
    /// One mentorship in each state that has not ended, and its state after sixty-one days.
    fn by_time(&mut self, text: &mut String) -> Vec<(&'static str, Case)> {
        let mut open: Vec<_> = STATES[..OPEN]
            .iter()
            .map(|state| (*state, self.at(state), self.at_in(state, &self.by_date)))
            .collect();
        self.world.advance_days(61);
        self.director = self.world.again(&self.director);
        text.push_str("time: the term of sixty days and the thirty days of a proposal have passed, in programs that complete\n");
        writeln!(text, "    {:<36}{:<24}by date", "", "by meetings").expect("a line");
        for (state, by_meetings, by_date) in &mut open {
            let (short, long) = match *state {
                "active" | "paused" => ("terminated", "completed"),
                _ => ("lapsed", "lapsed"),
            };
            self.world.until(&by_meetings.id, short);
            self.world.until(&by_date.id, long);
            writeln!(text, "    {state:<36}{short:<24}{long}").expect("a line");
            by_meetings.pair.director = self.director.clone();
            by_date.pair.director = self.director.clone();
        }
        let mut ended = Vec::new();
        for (state, by_meetings, by_date) in open {
            match state {
                "proposed" => ended.push(("lapsed", by_meetings)),
                "active" => {
                    ended.extend([("terminated by date", by_meetings), ("completed by date", by_date)])
                }
                _ => {}
            }
        }
        ended
    }
    fn mentorships(&self, text: &mut String, mut ended: Vec<(&'static str, Case)>) {
        for state in STATES {
            writeln!(text, "\nmentorship: {state}").expect("a line");
            let place = ended.iter().position(|it| it.0 == state);
            let (by_time, mut case) = match place {
                Some(place) => (true, ended.swap_remove(place).1),
                None => (false, self.at(state)),
            };
            for order in ORDERS {
                let reply = self.order(&case, order);
                let outcome = self.outcome(&case, order, &reply);
                writeln!(text, "    {order:<36}{outcome}").expect("a line");
                match reply.status {
                    200 => {
                        assert!(!by_time, "what time has ended stays as it is");
                        case = self.at(state);
                    }
                    201 if order.starts_with("propose") => {
                        let no = json!({"party": "recipient", "decision": "decline"});
                        self.world.step(&self.director, &reply.id(), "acceptances", no).expect(200);
                    }
                    _ => {}
                }
            }
        }
    }
    fn meetings(&self, text: &mut String) {
        for state in MEETING_STATES {
            writeln!(text, "\nmeeting: {state}").expect("a line");
            for order in MEETING_ORDERS {
                let mentorship = self.at("active").id;
                let id = self.world.meeting(&self.director, &mentorship, -1);
                match state {
                    "held" => drop(self.meeting(&id, "hold").expect(200)),
                    "missed" => drop(self.meeting(&id, "miss").expect(200)),
                    "cancelled" => drop(self.meeting(&id, "cancel").expect(200)),
                    _ => {}
                }
                let reply = self.meeting(&id, order);
                let outcome = match reply.status {
                    200 => reply.body["state"].as_str().expect("a state").to_owned(),
                    status => format!("{status} {}", reply.codes().join(", ")),
                };
                writeln!(text, "    {order:<36}{outcome}").expect("a line");
            }
        }
    }
    fn meeting(&self, id: &str, order: &str) -> Reply {
        let (world, path) = (&self.world, format!("/meetings/{id}"));
        let step = |step: &str, order: Value| world.post(&self.director, &format!("{path}/{step}"), order);
        match order {
            "edit" => {
                let etag = world.get(&self.director, &path).etag();
                world.patch(&self.director, &path, &etag, json!({"online": true}))
            }
            "hold" => step("holding", world.holding(-1)),
            "miss" => step("missing", json!({"by": "both"})),
            _ => step("cancellation", json!({"reason": "illness"})),
        }
    }
}

#[test]
fn the_matrix_of_the_lifecycle_is_as_committed() {
    let mut stage = Stage::new();
    let mut text = "# What becomes of a mentorship, or of a meeting, by each order, and by time.\n\
        # Made by `make matrix`; the director sends every order, with every paper.\n\n"
        .to_owned();
    let ended = stage.by_time(&mut text);
    stage.mentorships(&mut text, ended);
    stage.meetings(&mut text);
    tests::matrix("lifecycle.txt", &text);
}
