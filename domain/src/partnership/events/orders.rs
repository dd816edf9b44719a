//! The steps of an event: it is held, or cancelled.
use super::attendance::{AudienceCount, EventAttendanceForm};
use super::*;
use crate::base::access::may;
use crate::base::action::Action;
use crate::base::entry::Step;
use crate::base::named::FIELDS;
use crate::base::telling::Told;

fn against_ended(it: &Event) -> Vec<Reason> {
    if it.form.state == EventState::Planned { Vec::new() } else { vec![NOT_PLANNED.reason()] }
}

/// An order to record that an event was held, with the numbers of people.
#[form]
#[schema(example = json!({"held_on": "2026-01-20", "minutes": 45, "counts": [{"audience": "minors", "people": 43}, {"audience": "specialists"}], "results": "Шестеро записались на консультацию."}))]
pub struct EventHolding {
    /// The first day: today or earlier.
    pub held_on: NaiveDate,
    /// The minutes in all, 10 to 20 160.
    #[within(10..=20_160)]
    pub minutes: Option<i32>,
    /// The people who came, each counted in one audience. An audience that nobody has counted has no number.
    #[at_most(30)]
    pub counts: Vec<AudienceCount>,
    /// The organizations that took part.
    #[at_most(100)]
    pub organization_ids: Vec<OrganizationId>,
    /// The results in words.
    pub results: Option<Note>,
}

impl EventHolding {
    /// The first version of the attendance.
    pub fn attendance(&self) -> EventAttendanceForm {
        EventAttendanceForm {
            counted_on: self.held_on,
            minutes: self.minutes,
            counts: self.counts.clone(),
            organization_ids: self.organization_ids.clone(),
            results: self.results.clone(),
            corrects_id: None,
            reason: None,
        }
    }
}

impl Step<EventForm> for EventHolding {
    type Right = may::EditPartnership;
    const AT: &'static str = "holding";
    const ACTION: Action = Action::Hold;
    const TOLD: Option<&'static Told> = Some(&Told {
        kind: "event.held",
        ru: "Мероприятие состоялось",
        en: "The event was held",
        details: FIELDS,
    });
    fn description() -> String {
        "Records that the event was held, with the numbers of people. They are the first version of its attendance.".to_owned()
    }
    fn against(it: &Event, _: NaiveDate) -> Vec<Reason> {
        against_ended(it)
    }
    fn against_order(&self, _: &EventForm, today: NaiveDate) -> Vec<Reason> {
        let early = || IN_FUTURE.reason().at("/held_on").with("today", today);
        (self.held_on > today).then(early).into_iter().collect()
    }
    fn changed(&self, form: EventForm, _: NaiveDate) -> EventForm {
        let held_on = Some(self.held_on);
        EventForm { state: EventState::Held, held_on, ..form }
    }
}

/// An order to cancel an event.
#[form]
#[schema(example = json!({"reason": "Карантин в школе."}))]
pub struct EventCancellation {
    /// The reason.
    pub reason: Note,
}

impl Step<EventForm> for EventCancellation {
    type Right = may::EditPartnership;
    const AT: &'static str = "cancellation";
    const ACTION: Action = Action::Cancel;
    const TOLD: Option<&'static Told> = Some(&Told {
        kind: "event.cancelled",
        ru: "Мероприятие отменено",
        en: "The event was cancelled",
        details: FIELDS,
    });
    fn description() -> String {
        "Cancels an event that is planned.".to_owned()
    }
    fn against(it: &Event, _: NaiveDate) -> Vec<Reason> {
        against_ended(it)
    }
    fn changed(&self, form: EventForm, _: NaiveDate) -> EventForm {
        let cancel_reason = Some(self.reason.clone());
        EventForm { state: EventState::Cancelled, cancel_reason, ..form }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entry::{Entered, Entry};
    use crate::base::refusal::Refused;

    fn codes<T>(it: Result<T, Refused>) -> Vec<&'static str> {
        it.err().iter().flat_map(|it| it.reasons()).map(|it| it.rule.code).collect()
    }

    #[test]
    fn an_event_is_held_or_cancelled_once_and_not_on_a_day_to_come() {
        let form: EventForm = crate::examples::of();
        let holding: EventHolding = crate::examples::of();
        let event = Entered { id: uuid::Uuid::nil().into(), parent: None, form, annulment: None };
        let early = holding.held_on.pred_opt().unwrap();
        assert_eq!(codes(holding.take(event.clone(), early)), [IN_FUTURE.code]);
        let held = holding.take(event.clone(), holding.held_on).unwrap().into_parts().0;
        assert_eq!((held.form.state, held.form.held_on), (EventState::Held, Some(holding.held_on)));
        let order = EventCancellation { reason: Note::new("Карантин.") };
        assert_eq!(codes(order.take(held, early)), [NOT_PLANNED.code]);
        let cancelled = order.take(event, early).unwrap().into_parts().0;
        assert_eq!(codes(holding.take(cancelled, early)), [NOT_PLANNED.code, IN_FUTURE.code]);
    }

    #[test]
    fn another_kind_has_words_and_seats_need_a_registration() {
        let form: EventForm = crate::examples::of();
        let pointers = |it: &EventForm| -> Vec<String> {
            let reasons = it.against(uuid::Uuid::nil().into(), None);
            reasons.iter().filter_map(|it| it.pointer.as_deref().map(str::to_owned)).collect()
        };
        assert_eq!(pointers(&form), Vec::<String>::new());
        let wrong = EventForm {
            kind: EventKind::Other,
            ends_on: form.starts_on.pred_opt(),
            registration: EventRegistration::Without,
            ..form.clone()
        };
        assert_eq!(pointers(&wrong), ["/ends_on", "/kind_text", "/seats"]);
        let open = EventForm { registration: EventRegistration::Open, ..form };
        let last = open.registration_until.unwrap();
        assert!(open.is_open_on(last) && !open.is_open_on(last.succ_opt().unwrap()));
        let held = EventForm { state: EventState::Held, ..open };
        assert!(!held.is_open_on(last));
    }
}
