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
        let person = self.world.person(&self.director, json!({}));
        let beneficiary = self.world.beneficiary(&self.director, &self.organization, &person);
        let (mentor_person, mentor) = self.world.trained_mentor(&self.organization, &self.director);
        let (organization, director) = (self.organization.clone(), self.director.clone());
        let program = program.to_owned();
        let pair = Pair { organization, director, program, beneficiary, person, mentor, mentor_person };
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
        if order == "propose as the next one" {
            return self.propose_next(case);
        }
        let (path, body) = self.request(case, order);
        self.world.post(&self.director, &path, body)
    }
    /// The address and the body of an order.
    fn request(&self, case: &Case, order: &str) -> (String, Value) {
        let (world, today) = (&self.world, self.world.day(0));
        let step = |step: &str, order: Value| (format!("/mentorships/{}/{step}", case.id), order);
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
            "extend" => step("extensions", json!({"ends_on": world.day(90), "document_file_id": self.paper})),
            "pause" => step("pause", json!({"paused_on": today, "reason": "holidays"})),
            "resume" => step("resumption", json!({"resumed_on": today})),
            "withdraw by mentor" => withdraw("mentor"),
            "withdraw by recipient" => withdraw("recipient"),
            "propose again" => ("/mentorships".to_owned(), world.proposal(&case.pair)),
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
                let card = self.world.get(&self.director, &format!("/mentorships/{}", case.id)).expect(200);
                let reply = self.order(&case, order);
                if let Some((action, word)) = offered(order) {
                    let address = self.request(&case, order).0;
                    let is_told = agrees(&card, action, word, &address, &reply);
                    // Before the beginning, an institution records a withdrawal as a refusal.
                    let is_refusal = action == "withdraw" && card.action("decline").is_some();
                    assert!(is_told || is_refusal, "{state}: {order}: {} {:?}", card.body, reply.codes());
                }
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
                let card = self.world.get(&self.director, &format!("/meetings/{id}")).expect(200);
                let reply = self.meeting(&id, order);
                let step = match order {
                    "edit" => "",
                    "hold" => "/holding",
                    "miss" => "/missing",
                    _ => "/cancellation",
                };
                let is_told = agrees(&card, order, None, &format!("/meetings/{id}{step}"), &reply);
                assert!(is_told, "{state}: {order}: {}", card.body);
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
            "edit" => world.edit(&self.director, &path, json!({"online": true})),
            "hold" => step("holding", world.holding(-1)),
            "miss" => step("missing", json!({"by": "both"})),
            _ => step("cancellation", json!({"reason": "illness"})),
        }
    }
}

/// A word of an order, with the pointer to its member.
type Chosen = Option<(&'static str, &'static str)>;

/// The action of the card that is this order, with the word that the order takes.
fn offered(order: &'static str) -> Option<(&'static str, Chosen)> {
    if let Some(ground) = order.strip_prefix("replace: ") {
        return Some(("replace", Some(("/ground", ground))));
    }
    if let Some(ground) = order.strip_prefix("terminate: ") {
        return Some(("terminate", Some(("/ground", ground))));
    }
    let by = |action, party| Some((action, Some(("/party", party))));
    match order {
        "accept by mentor" => by("accept", "mentor"),
        "accept by recipient" => by("accept", "recipient"),
        "decline by mentor" => by("decline", "mentor"),
        "decline by recipient" => by("decline", "recipient"),
        "withdraw by mentor" => by("withdraw", "mentor"),
        "withdraw by recipient" => by("withdraw", "recipient"),
        "consent of representative" => Some(("consent", Some(("/signatory", "representative")))),
        "consent of recipient" => Some(("consent", Some(("/signatory", "recipient")))),
        "plan meeting" => Some(("plan_meeting", None)),
        "confirm" | "extend" | "pause" | "resume" => Some((order, None)),
        _ => None,
    }
}

/// Whether the card told the outcome of the order: it is carried out at the address that the card names if nothing blocks it and
/// its word is listed, and otherwise refused, with a code that blocks it.
fn agrees(card: &Reply, action: &str, word: Chosen, address: &str, reply: &Reply) -> bool {
    let Some(action) = card.action(action) else { return reply.status >= 400 };
    assert_eq!(action["path"], format!("/api/v1{address}"));
    let takes = |pointer: &str, word: &str| {
        let mut members = action["takes"].as_array().expect("members").iter();
        let member = members.find(|it| it["pointer"] == pointer);
        member.is_none_or(|it| it["words"].as_array().expect("words").contains(&json!(word)))
    };
    let blocked = action["blocked_by"].as_array().expect("codes of a single card");
    match (word.is_none_or(|(pointer, word)| takes(pointer, word)), blocked.is_empty()) {
        (true, true) => reply.status < 300,
        (true, false) => reply.codes().iter().any(|it| blocked.contains(&json!(it))),
        (false, _) => reply.status >= 400,
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
