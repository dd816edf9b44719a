//! Random orders, sensible or not, given to one mentorship. The invariants must hold after each accepted order.
use super::*;
use crate::base::moment::age_years;
use crate::mentorships::meetings::*;
use chrono::Days;
use proptest::prelude::*;

/// A mentorship, with the history that the test remembers.
struct Machine {
    situation: Situation,
    today: NaiveDate,
    mentorship: Mentorship,
    accepted: (bool, bool),
    signed: Vec<(Signatory, NaiveDate)>,
    held: Vec<Slot>,
    completions: usize,
}

impl Machine {
    fn new(birth: u64, kind: u8) -> Self {
        let mut situation = situation();
        let born = day("2003-03-15").checked_add_days(Days::new(birth % 2_900)).unwrap();
        situation.recipient.people = vec![HumanFacts { person_id: id(CHILD), birth_date: born }];
        let goal = i32::from(kind % 4);
        situation.edition.completion = match goal {
            0 => Completion { kind: CompletionKind::Term, meetings: None, max_months: Some(2) },
            _ => Completion { kind: CompletionKind::Meetings, meetings: Some(goal), max_months: Some(2) },
        };
        situation.edition.consent_needed = kind < 224;
        let mentorship = proposed(&super::situation());
        let today = day(TODAY);
        Self {
            situation,
            today,
            mentorship,
            accepted: (false, false),
            signed: vec![],
            held: vec![],
            completions: 0,
        }
    }
    fn obey(&mut self, order: u8, figure: u8) {
        match order % 16 {
            0 | 1 => self.today = self.today + Days::new(u64::from(figure % 24)),
            2 => self.answer(figure),
            3 => self.answer(figure & 1),
            4 | 5 => self.sign(figure),
            6 | 7 => self.confirm(figure),
            8 => self.terminate(figure),
            9..=12 => self.hold(figure),
            13 => self.night(),
            14 => self.situation.mentor.active = i64::from(figure.is_multiple_of(3)),
            _ => self.situation.mentor.facts.removed_on = (figure.is_multiple_of(8)).then_some(self.today),
        }
    }
    fn answer(&mut self, figure: u8) {
        let party = if figure & 1 == 0 { Party::Mentor } else { Party::Recipient };
        let decision = if figure > 240 { AnswerKind::Decline } else { AnswerKind::Accept };
        let order = super::answer(party, decision);
        if self.step(|it, situation, today| it.answer(&order, Some(party), &situation.edition, today))
            && figure <= 240
        {
            match party {
                Party::Mentor => self.accepted.0 = true,
                Party::Recipient => self.accepted.1 = true,
            }
        }
    }
    fn sign(&mut self, figure: u8) {
        let signed_on = self.today - Days::new(u64::from(figure >> 5));
        let mut form = if figure & 1 == 0 { by_child(TODAY) } else { by_mother(TODAY) };
        form.signed_on = signed_on;
        let by = Some(if figure & 14 == 14 { id(77) } else { form.person_id });
        if self
            .step(|it, situation, today| it.awaiting_consent()?.consent(id(50), &form, by, situation, today))
        {
            self.signed.push((form.signatory, signed_on));
        }
    }
    fn confirm(&mut self, figure: u8) {
        let starts_on = self.today + Days::new(u64::from(figure & 7)) - Days::new(3);
        let ends_on = starts_on + Days::new(u64::from(figure >> 2)) + Days::new(4);
        let order = Confirmation { starts_on, ends_on, decree: None };
        if self.step(|it, situation, today| it.consented()?.confirm(&order, situation, today)) {
            self.begun(&order);
        }
    }
    fn terminate(&mut self, figure: u8) {
        let ended_on = self.today + Days::new(u64::from(figure & 7)) - Days::new(4);
        let order = Termination { ended_on, ..examples_of_refusal() };
        self.step(|it, _, today| it.running()?.terminate(&order, &terminating(false, None), today));
    }
    fn hold(&mut self, figure: u8) {
        let on = self.today + Days::new(u64::from(figure & 3)) - Days::new(2);
        let order = Holding {
            began_at: at(on, 10 + i64::from(figure >> 6)),
            minutes: 60,
            directions: vec![Direction::D01],
            topic: crate::base::text::Title::new("Планы"),
            notes: None,
            homework: None,
            homework_due_on: None,
            risk_flags: vec![],
            specialist_present: false,
        };
        let pace = Pace {
            held: self.held.clone(),
            in_groups: vec![],
            completion: self.situation.edition.completion.clone(),
            life_plan: LifePlan::NotRequired,
            zone: zone(),
        };
        let now = at(self.today, 20);
        let Ok(active) = self.mentorship.clone().for_meetings() else { return };
        let meeting = Planned { id: id(60), mentorship_id: active.pairing.id, form: plan(order.began_at) };
        let Ok(changed) = active.hold(meeting, &order, &pace, now) else { return };
        self.held.push(Slot { began_at: order.began_at, minutes: order.minutes });
        if let Some(completed) = value(changed).completed {
            self.completions += 1;
            assert_eq!(Some(self.held.len()), self.goal());
            self.mentorship = completed.into();
        }
    }
    /// The work of the nightly job.
    fn night(&mut self) {
        if let Some(lapsed) = self.mentorship.clone().lapse(self.today) {
            self.mentorship = value(lapsed).into();
        }
        let completion = &self.situation.edition.completion;
        let running = self.mentorship.clone().running().ok();
        if let Some(ended) = running.and_then(|it| it.end_by_date(completion, None, self.today)) {
            self.mentorship = value(ended);
        }
    }
    /// Takes the step if the rules allow it. Answers whether they did.
    fn step<T: Into<Mentorship>>(
        &mut self,
        rule: impl FnOnce(Mentorship, &Situation, NaiveDate) -> Result<Changed<T>, Refused>,
    ) -> bool {
        match rule(self.mentorship.clone(), &self.situation, self.today) {
            Ok(changed) => self.mentorship = value(changed).into(),
            Err(_) => return false,
        }
        true
    }
    fn goal(&self) -> Option<usize> {
        let completion = &self.situation.edition.completion;
        let counts = completion.kind == CompletionKind::Meetings;
        completion.meetings.filter(|_| counts).map(|it| usize::try_from(it).unwrap())
    }
    /// The conditions that must hold when a mentorship begins.
    fn begun(&self, order: &Confirmation) {
        assert_eq!(self.accepted, (true, true), "voluntary for both");
        let age = age_years(self.situation.recipient.people[0].birth_date, order.starts_on);
        assert!((15..23).contains(&age));
        let has = |it| self.signed.iter().any(|(signatory, on)| *signatory == it && *on <= order.starts_on);
        if self.situation.edition.consent_needed {
            assert!(has(Signatory::Recipient) && (age >= 18 || has(Signatory::Representative)));
        }
        assert!(self.situation.mentor.active < 1, "within capacity");
        assert!(self.situation.mentor.facts.removed_on.is_none_or(|it| it > order.starts_on));
        assert!(order.starts_on < order.ends_on);
        assert!(order.ends_on <= self.situation.edition.latest_end(order.starts_on));
    }
    fn check(&self) {
        let (term, ended_on) = match &self.mentorship {
            Mentorship::Active(it) => (Some(&it.term), None),
            Mentorship::Completed(it) => (Some(&it.term), Some(it.ended_on)),
            Mentorship::Terminated(it) => (Some(&it.term), Some(it.termination.ended_on)),
            _ => (None, None),
        };
        assert!(self.completions <= 1);
        assert!(self.goal().is_none_or(|goal| self.held.len() <= goal));
        let Some(term) = term else {
            return assert!(self.held.is_empty(), "nothing is held before the beginning");
        };
        assert!(ended_on.is_none_or(|it| it <= term.ends_on && it <= self.today), "never past the term");
        let days = term.starts_on..=term.ends_on;
        assert!(self.held.iter().all(|it| days.contains(&zone().day(it.began_at))));
        let by_meetings = matches!(&self.mentorship, Mentorship::Completed(it) if it.reason == CompletionReason::MeetingsHeld);
        assert_eq!(by_meetings, self.goal() == Some(self.held.len()) && self.completions == 1);
    }
}

fn examples_of_refusal() -> Termination {
    Termination {
        ground: TerminationGround::WrittenRefusal,
        ended_on: day(TODAY),
        document_file_id: Some(id(1)),
        decree: None,
        text: None,
    }
}
fn plan(planned_at: Moment) -> MeetingForm {
    let directions = vec![];
    let method = MeetingMethod::Talk;
    MeetingForm {
        planned_at,
        method,
        directions,
        topic: None,
        topic_set_by: None,
        place: None,
        online: false,
        aid_kind: None,
        request_id: None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]
    #[test]
    fn no_sequence_of_orders_breaks_the_regulation(
        birth in 0u64..2_900, kind: u8, orders in prop::collection::vec(any::<(u8, u8)>(), 0..40),
    ) {
        let mut machine = Machine::new(birth, kind);
        for (order, figure) in orders {
            let before = machine.mentorship.state();
            machine.obey(order, figure);
            machine.check();
            let ended = matches!(before, MentorshipState::Completed | MentorshipState::Terminated | MentorshipState::Declined | MentorshipState::Lapsed);
            prop_assert!(!ended || machine.mentorship.state() == before, "what has ended stays ended");
        }
    }
}

#[test]
fn the_machine_reaches_every_state() {
    use proptest::strategy::{Strategy, ValueTree};
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let orders = prop::collection::vec(any::<(u8, u8)>(), 20..60);
    let mut seen = std::collections::BTreeSet::new();
    for number in 0..4_000u64 {
        let mut machine = Machine::new(number, u8::try_from(number % 256).unwrap());
        for (order, figure) in orders.new_tree(&mut runner).unwrap().current() {
            machine.obey(order, figure);
            seen.insert((machine.mentorship.state(), machine.completions));
        }
    }
    let states: std::collections::BTreeSet<MentorshipState> = seen.iter().map(|it| it.0).collect();
    assert_eq!(states.len(), 8, "{seen:?}");
    assert!(seen.contains(&(MentorshipState::Completed, 1)), "{seen:?}");
}
