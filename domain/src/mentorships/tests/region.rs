//! Random orders, sensible or not, in a small region with two mentors, three recipients and one program. The promises of the
//! regulation about all mentorships together must hold after each accepted order.
use super::*;
use crate::base::change::NewFact;
use crate::base::text::Note;
use crate::base::word::Word;
use crate::mentors::Removal;
use crate::mentorships::meetings::*;
use chrono::Days;
use proptest::prelude::*;

/// A mentorship, with the history that the test remembers.
struct Entry {
    it: Mentorship,
    consents: Vec<Consent>,
    held: Vec<Slot>,
    extended_times: i64,
    facts: Vec<&'static str>,
}

#[derive(Default)]
struct Person {
    removal: Option<Removal>,
    open_grounds: u8,
    capacity: i32,
}

struct Region {
    today: NaiveDate,
    situation: Situation,
    mentors: [Person; 2],
    entries: Vec<Entry>,
    /// The numbers of all facts and held meetings so far. They never become smaller.
    established: usize,
    held: usize,
}

const GOAL: usize = 3;

impl Region {
    fn new(kind: u8) -> Self {
        let mut situation = situation();
        situation.recipient.people = vec![human(CHILD, "2009-09-01")];
        let edition = &mut situation.edition;
        edition.completion = if kind & 1 == 0 {
            Completion { kind: CompletionKind::Term, meetings: None, max_months: Some(2) }
        } else {
            let meetings = Some(i32::try_from(GOAL).unwrap());
            Completion { kind: CompletionKind::Meetings, meetings, max_months: Some(2) }
        };
        edition.extendable = true;
        edition.max_extension_months = 1;
        edition.max_extensions = Some(2);
        edition.mentor_capacity = 2;
        edition.long_absence_days = 10;
        let mentor = |capacity| Person { capacity, ..Person::default() };
        let mentors = [mentor(1 + i32::from(kind >> 1 & 1)), mentor(2)];
        Self { today: day(TODAY), situation, mentors, entries: vec![], established: 0, held: 0 }
    }

    /// The situation of a pair, as storage loads it.
    fn situation_of(&self, number: Option<usize>, beneficiary: usize, mentor: usize) -> Situation {
        let others = || self.entries.iter().enumerate().filter(|(n, _)| Some(*n) != number).map(|(_, it)| it);
        let of_mentor = || others().filter(|it| mentor_of(it) == mentor && is_running(it)).count();
        let mut situation = self.situation.clone();
        let open = others().filter(|it| beneficiary_of(it) == beneficiary && is_open(it)).count();
        situation.recipient.not_ended_in_program = i64::try_from(open).unwrap();
        situation.mentor.person_id = id(100 + u128::try_from(mentor).unwrap());
        situation.mentor.capacity = self.mentors[mentor].capacity;
        situation.mentor.active = i64::try_from(of_mentor()).unwrap();
        situation.mentor.active_in_program = situation.mentor.active;
        situation.mentor.facts.removed_on = self.mentors[mentor].removal.as_ref().map(|it| it.removed_on);
        situation
    }

    fn obey(&mut self, order: u8, which: u8, figure: u8) {
        let number = self.newest(which);
        match order % 26 {
            0 | 1 => self.today = self.today + Days::new(u64::from(figure % 16)),
            2 | 3 => self.propose(which, figure),
            4 => self.remove(which),
            5 => self.ground(which, figure),
            6 => self.night(),
            _ => {
                let Some(number) = number else { return };
                match order % 26 {
                    7 | 8 => self.answer(number, figure),
                    9 | 10 => self.sign(number, figure),
                    11 | 12 => self.confirm(number, figure),
                    13 => self.extend(number, figure),
                    14 => self.pause(number, figure),
                    15 | 16 => self.hold(number, figure),
                    17 => self.replace(number, figure),
                    18 => self.terminate(number, figure),
                    19..=24 => self.forward(number, figure),
                    _ => self.withdraw(number, figure),
                }
            }
        }
    }
    /// The next step towards the beginning. Random orders alone would seldom reach it.
    fn forward(&mut self, number: usize, figure: u8) {
        match self.entries[number].it.state() {
            MentorshipState::Proposed => (0..2).for_each(|party| self.answer(number, party)),
            MentorshipState::Accepted => (0..2).for_each(|signatory| self.sign(number, signatory)),
            MentorshipState::Consented => self.confirm(number, figure),
            MentorshipState::Active => self.hold(number, figure),
            _ => self.pause(number, 1),
        }
    }
    /// One of the three newest mentorships. Orders about mentorships that ended long ago test nothing new.
    fn newest(&self, which: u8) -> Option<usize> {
        self.entries.len().checked_sub(1 + usize::from(which % 3))
    }

    /// Takes the step if the rules allow it.
    fn step<T>(
        &mut self,
        number: usize,
        rule: impl FnOnce(Mentorship, &Situation, NaiveDate) -> Result<Changed<T>, Refused>,
        keep: impl FnOnce(&mut Entry, T),
    ) -> bool {
        let entry = &self.entries[number];
        let situation = self.situation_of(Some(number), beneficiary_of(entry), mentor_of(entry));
        let Ok(changed) = rule(entry.it.clone(), &situation, self.today) else { return false };
        let (value, records) = changed.into_parts();
        let entry = &mut self.entries[number];
        keep(entry, value);
        self.note(number, &records);
        true
    }
    fn note(&mut self, number: usize, records: &[NewFact]) {
        assert!(!records.is_empty(), "no fact, no change");
        self.established += records.len();
        self.entries[number].facts.extend(records.iter().map(|it| it.kind));
    }

    fn propose(&mut self, which: u8, figure: u8) {
        let (beneficiary, mentor) = (usize::from(which % 3), usize::from(figure & 1));
        let mut situation = self.situation_of(None, beneficiary, mentor);
        let old = self.entries.iter().rev().find(|it| beneficiary_of(it) == beneficiary);
        let old = old.filter(|_| figure & 2 == 0);
        situation.replaced = old.map(|it| ReplacedFacts {
            state: it.it.state(),
            beneficiary_id: it.it.pairing().beneficiary_id,
            program_id: it.it.pairing().program_id,
            mentor_id: it.it.pairing().mentor_id,
            is_succeeded: false,
        });
        let order = Proposal {
            beneficiary_id: id(200 + u128::try_from(beneficiary).unwrap()),
            mentor_id: id(100 + u128::try_from(mentor).unwrap()),
            starts_on: self.today + Days::new(u64::from(figure >> 6)),
            ends_on: None,
            ..proposal()
        };
        let number = self.entries.len();
        let minted = id(1_000 + u128::try_from(number).unwrap());
        let Ok(changed) = Proposed::propose(minted, &order, &situation, self.today) else { return };
        let (it, records) = changed.into_parts();
        let entry = Entry { it: it.into(), consents: vec![], held: vec![], extended_times: 0, facts: vec![] };
        self.entries.push(entry);
        self.note(number, &records);
    }
    fn answer(&mut self, number: usize, figure: u8) {
        let party = if figure & 1 == 0 { Party::Mentor } else { Party::Recipient };
        let decision = if figure > 244 { AnswerKind::Decline } else { AnswerKind::Accept };
        let order = super::answer(party, decision);
        let rule = |it: Mentorship, situation: &Situation, today| {
            it.answer(&order, Some(party), &situation.edition, today)
        };
        self.step(number, rule, |entry, it| entry.it = it);
    }
    fn sign(&mut self, number: usize, figure: u8) {
        let mut form = if figure & 1 == 0 { by_child(TODAY) } else { by_mother(TODAY) };
        form.signed_on = self.today;
        let rule = |it: Mentorship, situation: &Situation, today| {
            it.awaiting_consent()?.consent(id(50), &form, Some(form.person_id), situation, today)
        };
        self.step(number, rule, |entry, it| {
            entry.consents.push(Consent { id: id(50), form: form.clone(), withdrawn_on: None });
            entry.it = it;
        });
    }
    fn confirm(&mut self, number: usize, figure: u8) {
        let starts_on = self.today + Days::new(u64::from(figure & 3));
        let order = Confirmation {
            starts_on,
            ends_on: starts_on + Days::new(u64::from(figure >> 2)) + Days::new(1),
            decree: None,
        };
        let rule =
            |it: Mentorship, situation: &Situation, today| it.consented()?.confirm(&order, situation, today);
        let begun = self.step(number, rule, |entry, it| entry.it = it.into());
        let mentor = &self.mentors[mentor_of(&self.entries[number])];
        assert!(!begun || mentor.removal.is_none(), "who is removed begins nothing");
    }
    fn extend(&mut self, number: usize, figure: u8) {
        let mentor = &self.mentors[mentor_of(&self.entries[number])];
        let is_removal_open = mentor.removal.is_some() || mentor.open_grounds > 0;
        let facts = ExtensionFacts {
            edition: self.situation.edition.clone(),
            extended_times: self.entries[number].extended_times,
            is_removal_open,
            consents_missing: vec![],
        };
        let ends_on = self.today + Days::new(u64::from(figure));
        let order = Extension { ends_on, decree: None, ..examples::of() };
        let rule = |it: Mentorship, _: &Situation, today| it.active()?.extend(id(60), &order, &facts, today);
        let extended = self.step(number, rule, |entry, it| {
            entry.extended_times += 1;
            entry.it = it.mentorship.into();
        });
        assert!(!(extended && is_removal_open), "never over an open removal");
    }
    fn pause(&mut self, number: usize, figure: u8) {
        if figure & 1 == 0 {
            let met_on = self.met_on(number);
            let order = Pause { paused_on: self.today, until: None, ..super::pause() };
            let rule =
                |it: Mentorship, _: &Situation, today| it.active()?.pause(id(70), &order, met_on, today);
            self.step(number, rule, |entry, it| entry.it = it.mentorship.into());
        } else {
            let order = Resumption { resumed_on: self.today };
            let rule = |it: Mentorship, _: &Situation, today| it.paused()?.resume(&order, today);
            self.step(number, rule, |entry, it| entry.it = it.mentorship.into());
        }
    }
    fn hold(&mut self, number: usize, figure: u8) {
        let on = self.today - Days::new(u64::from(figure & 3));
        let order =
            Holding { began_at: at(on, 10 + i64::from(figure >> 6)), homework: None, ..examples::of() };
        let completion = self.situation.edition.completion.clone();
        let held = self.entries[number].held.clone();
        let pace =
            Pace { held, in_groups: vec![], completion, life_plan: LifePlan::NotRequired, zone: zone() };
        let now = at(self.today, 20);
        let rule = |it: Mentorship, _: &Situation, _| {
            let active = it.for_meetings()?;
            let form = MeetingForm { planned_at: order.began_at, ..examples::of() };
            let meeting = Planned { id: id(61), mentorship_id: active.pairing.id, form };
            active.hold(meeting, &order, &pace, now)
        };
        let slot = Slot { began_at: order.began_at, minutes: order.minutes };
        let held = self.step(number, rule, |entry, it| {
            entry.held.push(slot);
            if let Some(completed) = it.completed {
                entry.it = completed.into();
            }
        });
        self.held += usize::from(held);
    }
    fn replace(&mut self, number: usize, figure: u8) {
        let grounds = ReplacementGround::ALL;
        let order = Replacement {
            ground: grounds[usize::from(figure) % grounds.len()],
            ended_on: self.today,
            document_file_id: (figure & 64 == 0).then(|| id(1)),
            absence_confirmed: false,
            text: (figure & 128 == 0).then(|| Note::new("Причина.")),
        };
        let facts = ReplacementFacts {
            silent_days: i64::from(figure & 15),
            long_absence_days: self.situation.edition.long_absence_days,
            by_head: false,
            requested_by: vec![],
            met_on: self.met_on(number),
        };
        let rule = |it: Mentorship, _: &Situation, today| it.running()?.replace(&order, &facts, today);
        self.step(number, rule, |entry, it| entry.it = it.into());
    }
    fn terminate(&mut self, number: usize, figure: u8) {
        let order = Termination {
            ended_on: self.today - Days::new(u64::from(figure & 3)),
            document_file_id: (figure & 4 == 0).then(|| id(1)),
            ..examples::of()
        };
        let met_on = self.met_on(number);
        let rule = |it: Mentorship, _: &Situation, today| {
            it.running()?.terminate(&order, &terminating(false, met_on), today)
        };
        self.step(number, rule, |entry, it| entry.it = it.into());
    }
    fn withdraw(&mut self, number: usize, figure: u8) {
        if figure & 12 != 0 {
            return;
        }
        let (party, person) =
            if figure & 1 == 0 { (Party::Mentor, None) } else { (Party::Recipient, Some(id(CHILD))) };
        let order = Withdrawal {
            party,
            withdrawn_on: self.today,
            person_id: None,
            file_id: (figure & 2 == 0).then(|| id(1)),
            note: None,
        };
        let facts = WithdrawalFacts {
            by: Some((party, person)),
            by_institution: false,
            consents: self.entries[number].consents.clone(),
            met_on: self.met_on(number),
        };
        let rule =
            |it: Mentorship, situation: &Situation, today| it.withdraw(&order, &facts, situation, today);
        self.step(number, rule, |entry, it| entry.it = it.mentorship);
    }
    fn ground(&mut self, which: u8, figure: u8) {
        let mentor = &mut self.mentors[usize::from(which & 1)];
        if figure & 1 == 0 && mentor.removal.is_none() {
            mentor.open_grounds += 1;
        } else {
            mentor.open_grounds = 0;
        }
    }
    /// The director removes the mentor, or lifts the removal.
    fn remove(&mut self, which: u8) {
        if which & 6 != 0 {
            return;
        }
        let index = usize::from(which & 1);
        if self.mentors[index].removal.take().is_some() {
            return;
        }
        let removal = Removal {
            removed_on: self.today,
            decree: Decree { number: OrderNumber::new("34-л"), date: self.today },
        };
        for number in 0..self.entries.len() {
            if mentor_of(&self.entries[number]) != index {
                continue;
            }
            let Some(ended) =
                self.entries[number].it.clone().end_by_removal(&removal, self.met_on(number), self.today)
            else {
                continue;
            };
            let (it, records) = ended.into_parts();
            self.entries[number].it = it;
            self.note(number, &records);
        }
        let left = self.entries.iter().filter(|it| mentor_of(it) == index && is_open(it)).count();
        assert_eq!(left, 0, "a removal touches everything");
        self.mentors[index].removal = Some(removal);
        self.mentors[index].open_grounds = 0;
    }
    fn met_on(&self, number: usize) -> Option<NaiveDate> {
        self.entries[number].held.iter().map(|it| zone().day(it.began_at)).max()
    }
    /// The work of the nightly job.
    fn night(&mut self) {
        for number in 0..self.entries.len() {
            let (it, today) = (self.entries[number].it.clone(), self.today);
            let completion = &self.situation.edition.completion;
            let lapsed = it.clone().lapse(today).map(|it| value_and(it, Mentorship::from));
            let ended = || {
                it.running()
                    .ok()
                    .and_then(|it| it.end_by_date(completion, None, today))
                    .map(|it| value_and(it, |it| it))
            };
            if let Some((it, records)) = lapsed.or_else(ended) {
                self.entries[number].it = it;
                self.note(number, &records);
            }
        }
    }

    fn check(&self) {
        for beneficiary in 0..3 {
            let open = self.entries.iter().filter(|it| beneficiary_of(it) == beneficiary && is_open(it));
            assert!(open.count() <= 1, "one mentorship of one beneficiary in one program");
        }
        for (index, mentor) in self.mentors.iter().enumerate() {
            let load = self.entries.iter().filter(|it| mentor_of(it) == index && is_running(it)).count();
            assert!(load <= usize::try_from(mentor.capacity.min(2)).unwrap(), "within capacity");
        }
        for entry in &self.entries {
            self.check_term(entry);
            let last = entry.facts.iter().rev().find(|it| !it.ends_with("agreement_withdrawn"));
            assert!(
                last.is_some_and(|it| tells(it, &entry.it)),
                "{:?} after {:?}",
                entry.it.state(),
                entry.facts
            );
        }
        let facts: usize = self.entries.iter().map(|it| it.facts.len()).sum();
        let held: usize = self.entries.iter().map(|it| it.held.len()).sum();
        assert_eq!((facts, held), (self.established, self.held), "nothing is lost");
    }
    fn check_term(&self, entry: &Entry) {
        let edition = &self.situation.edition;
        let (term, ended_on) = match &entry.it {
            Mentorship::Active(it) => (&it.term, None),
            Mentorship::Paused(it) => (&it.term, None),
            Mentorship::Completed(it) => (&it.term, Some(it.ended_on)),
            Mentorship::Replaced(it) => (&it.term, Some(it.replacement.ended_on)),
            Mentorship::Terminated(it) => (&it.term, Some(it.termination.ended_on)),
            _ => return assert!(entry.held.is_empty(), "nothing is held before the beginning"),
        };
        assert!(term.ends_on <= edition.latest_extended_end(term.starts_on), "never past the longest term");
        assert!(entry.extended_times > 0 || term.ends_on <= edition.latest_end(term.starts_on));
        assert!(entry.extended_times <= 2);
        assert!(ended_on.is_none_or(|it| it <= term.ends_on && it <= self.today), "never past the term");
        let days = term.starts_on..=term.ends_on;
        assert!(entry.held.iter().all(|it| days.contains(&zone().day(it.began_at))), "no meeting outside");
        assert!(
            entry.held.iter().all(|it| ended_on.is_none_or(|end| zone().day(it.began_at) <= end)),
            "nothing ends before a meeting"
        );
        let by_meetings = edition.completion.kind == CompletionKind::Meetings;
        assert!(!by_meetings || entry.held.len() <= GOAL);
        if let Mentorship::Completed(it) = &entry.it {
            assert_eq!(it.reason == CompletionReason::MeetingsHeld, by_meetings, "the two ways never mix");
            assert!(!by_meetings || entry.held.len() == GOAL);
        }
    }
}

fn value_and<T>(it: Changed<T>, into: impl Fn(T) -> Mentorship) -> (Mentorship, Vec<NewFact>) {
    let (it, records) = it.into_parts();
    (into(it), records)
}
fn mentor_of(it: &Entry) -> usize {
    usize::from(it.it.pairing().mentor_id == id(101))
}
fn beneficiary_of(it: &Entry) -> usize {
    (0..3).find(|n| it.it.pairing().beneficiary_id == id(200 + u128::try_from(*n).unwrap())).unwrap()
}
fn is_running(it: &Entry) -> bool {
    matches!(it.it.state(), MentorshipState::Active | MentorshipState::Paused)
}
fn is_open(it: &Entry) -> bool {
    use MentorshipState as State;
    is_running(it) || matches!(it.it.state(), State::Proposed | State::Accepted | State::Consented)
}
/// Whether the latest fact of a mentorship agrees with its state.
fn tells(fact: &str, it: &Mentorship) -> bool {
    use MentorshipState as State;
    match it.state() {
        State::Proposed => matches!(fact, "mentorship.proposed" | "mentorship.accepted"),
        State::Accepted => matches!(fact, "mentorship.accepted" | "mentorship.consented"),
        State::Consented => fact == "mentorship.consented",
        State::Active => matches!(
            fact,
            "mentorship.confirmed" | "mentorship.extended" | "mentorship.resumed" | "meeting.held"
        ),
        State::Paused => fact == "mentorship.paused",
        State::Completed => fact == "mentorship.completed",
        State::Replaced => fact == "mentorship.replaced",
        State::Terminated => fact == "mentorship.terminated",
        State::Declined => fact == "mentorship.declined",
        State::Lapsed => fact == "mentorship.lapsed",
    }
}

/// A hundred thousand sequences of orders, in four tests that run in parallel.
macro_rules! sequences {
    ($($name:ident = $cases:literal;)+) => {$(
        proptest! {
            #![proptest_config(ProptestConfig::with_cases($cases))]
            #[test]
            fn $name(kind: u8, orders in prop::collection::vec(any::<(u8, u8, u8)>(), 0..48)) {
                let mut region = Region::new(kind);
                for (order, which, figure) in orders {
                    region.obey(order, which, figure);
                    region.check();
                }
            }
        }
    )+};
}
sequences! {
    no_sequence_of_orders_breaks_the_promises_of_the_region = 25_000;
    no_second_sequence_does = 25_000;
    no_third_sequence_does = 25_000;
    no_fourth_sequence_does = 25_000;
}

#[test]
fn the_region_reaches_every_state_and_every_fact() {
    use proptest::strategy::{Strategy, ValueTree};
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let orders = prop::collection::vec(any::<(u8, u8, u8)>(), 40..120);
    let (mut states, mut facts) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    for number in 0..2_000u64 {
        let mut region = Region::new(u8::try_from(number % 256).unwrap());
        for (order, which, figure) in orders.new_tree(&mut runner).unwrap().current() {
            region.obey(order, which, figure);
        }
        states.extend(region.entries.iter().map(|it| it.it.state()));
        facts.extend(region.entries.iter().flat_map(|it| it.facts.iter().copied()));
    }
    assert_eq!(states.len(), MentorshipState::ALL.len(), "{states:?}");
    for fact in ["extended", "paused", "resumed", "replaced", "agreement_withdrawn", "completed"] {
        assert!(facts.contains(format!("mentorship.{fact}").as_str()), "{fact} in {facts:?}");
    }
}
