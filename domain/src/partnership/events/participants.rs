//! Persons at an event: who is registered, who waits for a seat, who came (003 L31).
//!
//! Staff register people, and a mentor or a mentee their own self where the registration is open. A person without a seat waits. A seat that
//! becomes free goes to the one who waits longest, in the same transaction. A row made by mistake is annulled, before and after the event: it
//! counts nowhere, and the person may be entered anew.
//!
//! Invariant: no more people are registered than there are seats.
use super::{CLOSED, EventForm, EventState, NOT_HELD};
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, facts};
use crate::base::entry::{ANNULLED, Entered};
use crate::base::id::{EventId, EventParticipantId, PersonId};
use crate::base::refusal::{Reason, Refused, broken, rules};
use crate::base::text::Note;
use crate::base::word::words;
use crate::partnership::words::Audience;
use crate::people::{DEAD, Lives};
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

rules! {
    ALREADY = "event_participant.already", State, ours, "Этот человек уже записан на мероприятие.", "This person is registered for the event already.";
    SETTLED = "event_participant.settled", State, ours, "Человек уже отказался, или его присутствие отмечено.", "The person has cancelled already, or it is recorded whether they came.";
    NO_PERSON = "event_participant.no_person", State, ours, "Учётная запись не связана с человеком.", "The account belongs to no person on record.";
}

words! {
    /// The state of a participant.
    ParticipantState in "participant-states" {
        Registered = "registered", "записан", "registered";
        Waiting = "waiting", "в листе ожидания", "waiting";
        Attended = "attended", "был", "attended";
        Absent = "absent", "не был", "absent";
        Cancelled = "cancelled", "отказался", "cancelled";
    }

    /// The role of a participant.
    ParticipantRole in "participant-roles" {
        Listener = "listener", "участник", "listener";
        Speaker = "speaker", "докладчик", "speaker";
        Leader = "leader", "ведущий", "leader";
    }
}

impl ParticipantState {
    /// Whether it is not yet known whether the person came.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Registered | Self::Waiting)
    }
}

facts! {
    /// A person was entered as a participant.
    ParticipantAdded = "event_participant.added",
        "Внесён участник мероприятия[: {state}]",
        "A participant of an event was entered[: {state}]"
        about EventParticipant (EventParticipantId) {
        /// The event.
        event_id: EventId,
        /// The state.
        state: ParticipantState,
    }
    /// A person who waited has a seat now.
    ParticipantSeated = "event_participant.seated",
        "Освободилось место: участник записан",
        "A seat became free: the participant is registered"
        about EventParticipant (EventParticipantId) {}
    /// A participant has cancelled.
    ParticipantCancelled = "event_participant.cancelled",
        "Участник отказался",
        "The participant has cancelled"
        about EventParticipant (EventParticipantId) {}
    /// It was recorded whether a participant came.
    ParticipantMarked = "event_participant.marked",
        "Отмечено присутствие участника[: {state}]",
        "It was recorded whether the participant came[: {state}]"
        about EventParticipant (EventParticipantId) {
        /// The state.
        state: ParticipantState,
    }
    /// The row of a participant was annulled.
    ParticipantAnnulled = "event_participant.annulled",
        "Запись об участнике аннулирована",
        "The row of the participant was annulled"
        about EventParticipant (EventParticipantId) {}
}

/// An order to enter a participant. After the event it says that the person came.
#[form]
#[schema(example = json!({"event_id": "01980000-0000-7000-8000-00000000007e", "person_id": "01980000-0000-7000-8000-000000000005", "audience": "minors", "role": "listener"}))]
pub struct ParticipantForm {
    /// The event of the caller's organization.
    pub event_id: EventId,
    /// The person.
    pub person_id: PersonId,
    /// The audience in which the person is counted.
    pub audience: Audience,
    /// The role: a listener, if none is told.
    pub role: Option<ParticipantRole>,
    /// A note, such as what the person needs there.
    pub note: Option<Note>,
}

/// An order by which a mentor or a mentee registers their own self.
#[form]
#[schema(example = json!({"event_id": "01980000-0000-7000-8000-00000000007e", "audience": "mentors"}))]
pub struct OwnRegistration {
    /// The event. Its registration is open.
    pub event_id: EventId,
    /// The audience in which the person is counted.
    pub audience: Audience,
    /// A note, such as what the person needs there.
    pub note: Option<Note>,
}

impl OwnRegistration {
    /// The entering of that person.
    pub fn form(&self, person_id: PersonId) -> ParticipantForm {
        let Self { event_id, audience, note } = self.clone();
        ParticipantForm { event_id, person_id, audience, role: None, note }
    }
}

/// An order to record that a participant has cancelled.
#[form]
#[schema(example = json!({}))]
pub struct ParticipantCancellation {}

/// An order by which a participant cancels.
#[form]
#[schema(example = json!({}))]
pub struct ParticipantWithdrawal {}

/// An order to record whether a participant came.
#[form]
#[schema(example = json!({"attended": true}))]
pub struct ParticipantPresence {
    /// Whether the person came.
    pub attended: bool,
}

/// The places of an event, as they are taken.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seats {
    /// The number of people who are registered.
    pub taken: i64,
    /// Whether somebody waits.
    pub has_waiting: bool,
}

impl Seats {
    /// The seats that are free now. None: there is no limit.
    pub fn free(&self, event: &EventForm) -> Option<i64> {
        event.seats.map(|it| i64::from(it).saturating_sub(self.taken).max(0))
    }
}

/// A participant in any state.
#[derive(Debug, Clone, PartialEq)]
pub struct Participant {
    /// The id of the row.
    pub id: EventParticipantId,
    /// The order.
    pub form: ParticipantForm,
    /// The state.
    pub state: ParticipantState,
    /// Whether the row is annulled.
    pub is_annulled: bool,
}

/// The data that the entering of a participant needs.
#[derive(Debug)]
pub struct Entering<'a> {
    /// The event.
    pub event: &'a EventForm,
    /// Its seats.
    pub seats: Seats,
    /// Whether the person is on its list already.
    pub is_listed: bool,
    /// Whether a participant enters their own self.
    pub by_self: bool,
    /// The life of the person.
    pub life: Lives,
    /// The present day.
    pub today: NaiveDate,
}

impl Entering<'_> {
    /// The reasons against somebody who did not live on any day of the event. A birth on its last day, or a death on its first one, lets
    /// them have been there.
    fn against_life(&self, who: &str) -> Vec<Reason> {
        let (first, last) = (self.event.first_day(), self.event.ends_on.unwrap_or(self.event.starts_on));
        if self.life.died_on().is_some_and(|it| it < first) {
            return vec![DEAD.reason().at(who)];
        }
        self.life.against_before_birth([(who, last.max(first))])
    }
    /// The state in which a person begins.
    fn state(&self) -> ParticipantState {
        if self.event.state == EventState::Held {
            return ParticipantState::Attended;
        }
        let is_full = self.seats.free(self.event) == Some(0);
        if is_full || self.seats.has_waiting {
            ParticipantState::Waiting
        } else {
            ParticipantState::Registered
        }
    }
}

impl Participant {
    /// Enters a participant.
    pub fn enter(
        id: EventParticipantId,
        form: &ParticipantForm,
        facts: &Entering<'_>,
    ) -> Result<Changed<Self>, Refused> {
        let who = if facts.by_self { "/event_id" } else { "/person_id" };
        let mut reasons = broken([
            (!facts.event.takes_people(facts.by_self, facts.today), CLOSED.reason().at("/event_id")),
            (facts.is_listed, ALREADY.reason().at(who)),
        ]);
        reasons.extend(facts.against_life(who));
        Refused::unless_empty(reasons)?;
        let state = facts.state();
        let fact = ParticipantAdded { id, event_id: form.event_id, state };
        Ok(Changed::new(Self { id, form: form.clone(), state, is_annulled: false }, fact))
    }
    /// Records that the participant has cancelled.
    pub fn cancel(self) -> Result<Changed<Self>, Refused> {
        self.must_stand()?;
        if !self.state.is_open() {
            return Err(SETTLED.refuse());
        }
        let fact = ParticipantCancelled { id: self.id };
        Ok(Changed::new(Self { state: ParticipantState::Cancelled, ..self }, fact))
    }
    /// Cancels because the person has died. `None`: it is settled, or the event began by its plan on that day or before, so the person may
    /// have been there.
    pub fn cancel_by_death(self, event: &EventForm, died_on: NaiveDate) -> Option<Changed<Self>> {
        let is_to_come = event.state == EventState::Planned && died_on < event.starts_on;
        if is_to_come { self.cancel().ok() } else { None }
    }
    /// Gives a free seat to a participant who waits.
    pub fn seat(self) -> Changed<Self> {
        let fact = ParticipantSeated { id: self.id };
        Changed::new(Self { state: ParticipantState::Registered, ..self }, fact)
    }
    /// Records whether the participant came. It may be corrected.
    pub fn mark(self, order: &ParticipantPresence, of: EventState) -> Result<Changed<Self>, Refused> {
        self.must_stand()?;
        Refused::unless_empty(against_marking(self.state, of))?;
        let state = if order.attended { ParticipantState::Attended } else { ParticipantState::Absent };
        let fact = ParticipantMarked { id: self.id, state };
        Ok(Changed::new(Self { state, ..self }, fact))
    }
    /// Annuls the row in any state. A seat of the person is free again.
    pub fn annul(self) -> Result<Changed<EventParticipantId>, Refused> {
        self.must_stand()?;
        Ok(Changed::new(self.id, ParticipantAnnulled { id: self.id }))
    }
    fn must_stand(&self) -> Result<(), Refused> {
        if self.is_annulled { Err(ANNULLED.refuse()) } else { Ok(()) }
    }
}

/// Whether seats that a death frees go to those who wait: the event stands, and is not over by its plan.
pub fn passes_seats_on(event: &Entered<EventForm>, today: NaiveDate) -> bool {
    let last = event.form.ends_on.unwrap_or(event.form.starts_on);
    event.annulment.is_none() && event.form.state == EventState::Planned && today <= last
}

fn against_marking(state: ParticipantState, of: EventState) -> Vec<Reason> {
    broken([
        (of != EventState::Held, NOT_HELD.reason()),
        (state == ParticipantState::Cancelled, SETTLED.reason()),
    ])
}

/// A participant as its caller sees it.
#[derive(Debug)]
pub struct ParticipantOffers {
    /// The state.
    pub state: ParticipantState,
    /// The state of the event.
    pub event: EventState,
    /// Whether the row is annulled.
    pub is_annulled: bool,
}

impl Offers for ParticipantOffers {
    const AT: &'static str = "event-participants";
    const OFFERS: &'static [Offer] = &[
        Offer::step(Action::RecordPresence, "presence", Right::EditParticipants),
        Offer::step(Action::Cancel, "cancellation", Right::EditParticipants),
        Offer::step(Action::Withdraw, "withdrawal", Right::JoinCommunity),
        Offer::step(Action::Annul, "annulment", Right::EditParticipants),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        if self.is_annulled {
            return None;
        }
        match action {
            Action::Annul => Some(Verdict::default()),
            Action::RecordPresence => (self.state != ParticipantState::Cancelled)
                .then(|| Verdict::default().against(against_marking(self.state, self.event))),
            _ => self.state.is_open().then(Verdict::default),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::EventRegistration;
    use super::*;
    use crate::base::action::{Judged, available};
    use crate::base::entry::Annulment;
    use crate::people::{BEFORE_BIRTH, Life};
    use proptest::prelude::*;

    fn codes<T>(it: Result<T, Refused>) -> Vec<&'static str> {
        it.err().iter().flat_map(|it| it.reasons()).map(|it| it.rule.code).collect()
    }
    fn event(seats: i32) -> EventForm {
        EventForm { registration: EventRegistration::Open, seats: Some(seats), ..crate::examples::of() }
    }

    fn registered() -> Participant {
        let (id, form) = (uuid::Uuid::nil().into(), crate::examples::of());
        Participant { id, form, state: ParticipantState::Registered, is_annulled: false }
    }

    #[test]
    fn who_finds_no_seat_waits_and_nobody_overtakes_who_waits() {
        let (form, event): (ParticipantForm, _) = (crate::examples::of(), event(2));
        let today = event.starts_on.pred_opt().unwrap().pred_opt().unwrap();
        let id = uuid::Uuid::nil().into();
        let state = |taken, has_waiting| {
            let seats = Seats { taken, has_waiting };
            let life = Lives::default();
            let facts = Entering { event: &event, seats, is_listed: false, by_self: false, life, today };
            Participant::enter(id, &form, &facts).unwrap().into_parts().0.state
        };
        assert_eq!(state(1, false), ParticipantState::Registered);
        assert_eq!(state(2, false), ParticipantState::Waiting);
        assert_eq!(state(1, true), ParticipantState::Waiting);
    }

    #[test]
    fn a_list_closes_for_oneself_with_the_registration_and_for_staff_with_a_cancellation() {
        let form: ParticipantForm = crate::examples::of();
        let (id, open) = (uuid::Uuid::nil().into(), event(2));
        let last = open.registration_until.unwrap();
        let told = |event: &EventForm, by_self: bool, is_listed: bool, today: NaiveDate| {
            let (seats, life) = (Seats::default(), Lives::default());
            let facts = Entering { event, seats, is_listed, by_self, life, today };
            codes(Participant::enter(id, &form, &facts))
        };
        assert_eq!(told(&open, true, false, last), Vec::<&str>::new());
        assert_eq!(told(&open, true, true, last.succ_opt().unwrap()), [CLOSED.code, ALREADY.code]);
        assert_eq!(told(&open, false, false, last.succ_opt().unwrap()), Vec::<&str>::new());
        let by_staff = EventForm { registration: EventRegistration::ByStaff, ..open.clone() };
        assert_eq!(told(&by_staff, true, false, last), [CLOSED.code]);
        let cancelled = EventForm { state: EventState::Cancelled, ..open.clone() };
        assert_eq!(told(&cancelled, false, false, last), [CLOSED.code]);
        let held = EventForm { state: EventState::Held, registration: EventRegistration::Without, ..open };
        assert_eq!(told(&held, false, false, last), Vec::<&str>::new());
    }

    #[test]
    fn nobody_is_entered_for_days_before_the_birth_or_after_the_death() {
        let (form, event): (ParticipantForm, _) = (crate::examples::of(), event(2));
        let (first, id) = (event.starts_on, uuid::Uuid::nil().into());
        let told = |born_on: NaiveDate, died_on: Option<NaiveDate>| {
            let life = Lives(vec![Life { born_on, died_on }]);
            let seats = Seats::default();
            let facts =
                Entering { event: &event, seats, is_listed: false, by_self: false, life, today: first };
            codes(Participant::enter(id, &form, &facts))
        };
        let (long_ago, before) = (NaiveDate::MIN, first.pred_opt());
        assert_eq!(told(long_ago, None), Vec::<&str>::new());
        assert_eq!(told(long_ago, Some(first)), Vec::<&str>::new(), "alive that morning");
        assert_eq!(told(long_ago, before), [DEAD.code]);
        let last = event.ends_on.unwrap_or(first);
        assert_eq!(told(last, None), Vec::<&str>::new());
        assert_eq!(told(last.succ_opt().unwrap(), None), [BEFORE_BIRTH.code]);
    }

    #[test]
    fn presence_is_recorded_after_the_event_and_a_cancellation_before_it() {
        let it = registered();
        let came = ParticipantPresence { attended: true };
        assert_eq!(codes(it.clone().mark(&came, EventState::Planned)), [NOT_HELD.code]);
        let marked = it.clone().mark(&came, EventState::Held).unwrap().into_parts().0;
        assert_eq!(marked.state, ParticipantState::Attended);
        assert_eq!(codes(marked.clone().cancel()), [SETTLED.code]);
        let gone = ParticipantPresence { attended: false };
        assert_eq!(
            marked.mark(&gone, EventState::Held).unwrap().into_parts().0.state,
            ParticipantState::Absent
        );
        let cancelled = it.cancel().unwrap().into_parts().0;
        assert_eq!(codes(cancelled.mark(&came, EventState::Held)), [SETTLED.code]);
    }

    #[test]
    fn a_row_is_annulled_once_in_any_state_and_stands_still_from_then_on() {
        let came = ParticipantPresence { attended: true };
        let marked = registered().mark(&came, EventState::Held).unwrap().into_parts().0;
        for it in [registered(), registered().cancel().unwrap().into_parts().0, marked] {
            assert!(it.clone().annul().is_ok());
            let it = Participant { is_annulled: true, ..it };
            assert_eq!(codes(it.clone().annul()), [ANNULLED.code]);
            assert_eq!(codes(it.clone().cancel()), [ANNULLED.code]);
            assert_eq!(codes(it.clone().mark(&came, EventState::Held)), [ANNULLED.code]);
            let offers = ParticipantOffers { state: it.state, event: EventState::Held, is_annulled: true };
            assert!(available(&offers, "1", Judged::State, |_| true, |_| true).is_empty());
        }
    }

    #[test]
    fn a_death_cancels_what_is_to_come_and_leaves_what_may_have_been() {
        let it = registered();
        let planned = event(2);
        let first = planned.starts_on;
        let after = |event: &EventForm, state, died_on| {
            let ended = Participant { state, ..it.clone() }.cancel_by_death(event, died_on);
            ended.map(|it| it.into_parts().0.state)
        };
        let cancelled = Some(ParticipantState::Cancelled);
        assert_eq!(after(&planned, ParticipantState::Registered, first.pred_opt().unwrap()), cancelled);
        assert_eq!(after(&planned, ParticipantState::Waiting, first.pred_opt().unwrap()), cancelled);
        assert_eq!(after(&planned, ParticipantState::Registered, first), None, "alive that morning");
        assert_eq!(after(&planned, ParticipantState::Registered, first.succ_opt().unwrap()), None);
        assert_eq!(after(&planned, ParticipantState::Cancelled, first.pred_opt().unwrap()), None);
        let held = EventForm { state: EventState::Held, ..planned };
        assert_eq!(after(&held, ParticipantState::Attended, first.pred_opt().unwrap()), None);
        assert_eq!(after(&held, ParticipantState::Registered, first.pred_opt().unwrap()), None);
    }

    #[test]
    fn a_seat_of_the_dead_is_passed_on_until_the_last_day_of_an_event_that_stands() {
        let form = event(2);
        let (first, last) = (form.starts_on, form.starts_on.succ_opt().unwrap());
        let passes = |form: EventForm, annulment: Option<Annulment>, today: NaiveDate| {
            passes_seats_on(&Entered { id: uuid::Uuid::nil().into(), parent: None, form, annulment }, today)
        };
        assert!(passes(form.clone(), None, first) && !passes(form.clone(), None, last));
        let longer = EventForm { ends_on: Some(last), ..form.clone() };
        assert!(passes(longer.clone(), None, last));
        assert!(!passes(longer, None, last.succ_opt().unwrap()));
        assert!(!passes(form.clone(), Some(crate::examples::of()), first), "it was annulled");
        assert!(!passes(EventForm { state: EventState::Cancelled, ..form }, None, first));
    }

    proptest! {
        /// However people come and cancel, no more are registered than there are seats.
        #[test]
        fn no_more_are_registered_than_there_are_seats(seats in 1..4_i32, steps in proptest::collection::vec(any::<(bool, u8)>(), 0..40)) {
            let (form, event): (ParticipantForm, _) = (crate::examples::of(), event(seats));
            let mut all: Vec<Participant> = Vec::new();
            let count = |all: &[Participant], state| all.iter().filter(|it| it.state == state).count();
            for (comes, which) in steps {
                let taken = i64::try_from(count(&all, ParticipantState::Registered)).unwrap();
                let waiting = count(&all, ParticipantState::Waiting) > 0;
                let facts = Entering {
                    event: &event,
                    seats: Seats { taken, has_waiting: waiting },
                    is_listed: false,
                    by_self: false,
                    life: Lives::default(),
                    today: event.starts_on,
                };
                if comes {
                    all.push(Participant::enter(uuid::Uuid::nil().into(), &form, &facts).unwrap().into_parts().0);
                } else if !all.is_empty() {
                    let at = usize::from(which) % all.len();
                    let was = all[at].clone();
                    if let Ok(cancelled) = was.clone().cancel() {
                        all[at] = cancelled.into_parts().0;
                        let next = all.iter().position(|it| it.state == ParticipantState::Waiting);
                        if let (ParticipantState::Registered, Some(next)) = (was.state, next) {
                            all[next] = all[next].clone().seat().into_parts().0;
                        }
                    }
                }
                prop_assert!(count(&all, ParticipantState::Registered) <= usize::try_from(seats).unwrap());
                let free = count(&all, ParticipantState::Registered) < usize::try_from(seats).unwrap();
                prop_assert!(!free || count(&all, ParticipantState::Waiting) == 0, "nobody waits beside a free seat");
            }
        }
    }
}
