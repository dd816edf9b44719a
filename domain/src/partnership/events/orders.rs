//! The steps of an event: it is held, or cancelled.
use super::attendance::{AudienceCount, EventAttendanceForm};
use super::*;
use crate::base::access::may;
use crate::base::action::Action;
use crate::base::entry::Step;
use crate::base::id::EventAttendanceId;
use crate::base::named::FIELDS;
use crate::base::telling::Told;

/// The reasons against the holding of an event that was cancelled.
fn against_cancelled(it: &Event) -> Vec<Reason> {
    if it.form.state == EventState::Cancelled { vec![NOT_PLANNED.reason()] } else { Vec::new() }
}

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
    /// The version of the attendance in force, where the event is on record as held already, on a wrong day.
    pub corrects_id: Option<EventAttendanceId>,
    /// The reason for which it is held again. Required with `corrects_id`.
    pub reason: Option<Note>,
}

impl EventHolding {
    /// The version of the attendance that comes of it: the first one, or a correction.
    pub fn attendance(&self) -> EventAttendanceForm {
        EventAttendanceForm {
            counted_on: self.held_on,
            minutes: self.minutes,
            counts: self.counts.clone(),
            organization_ids: self.organization_ids.clone(),
            results: self.results.clone(),
            corrects_id: self.corrects_id,
            reason: self.reason.clone(),
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
        "Records that the event was held, with the numbers of people. They are the first version of its attendance. An event that is on record with a wrong day is held again with `corrects_id` and a reason: the numbers are a new version then.".to_owned()
    }
    fn against(it: &Event, _: NaiveDate) -> Vec<Reason> {
        against_cancelled(it)
    }
    fn against_order(&self, it: &EventForm, today: NaiveDate) -> Vec<Reason> {
        let is_again = it.state == EventState::Held;
        broken([
            (is_again && self.corrects_id.is_none(), NOT_PLANNED.reason()),
            (self.held_on > today, IN_FUTURE.reason().at("/held_on").with("today", today)),
        ])
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
        assert_eq!(codes(order.take(held.clone(), early)), [NOT_PLANNED.code]);
        // A wrong day is mended by another holding, which names the numbers in force.
        assert_eq!(codes(holding.take(held.clone(), early)), [NOT_PLANNED.code, IN_FUTURE.code]);
        let reason = Some(Note::new("Ошибка в дате."));
        let corrects_id = Some(uuid::Uuid::nil().into());
        let again = EventHolding { held_on: early, corrects_id, reason: reason.clone(), ..holding.clone() };
        assert_eq!((again.attendance().corrects_id, again.attendance().reason), (corrects_id, reason));
        let mended = again.take(held.clone(), early).unwrap().into_parts().0;
        assert!(mended.form.is_held_after(&held.form), "organizations are asked for the other day");
        assert_eq!(mended.form.held_on, Some(early));
        let cancelled = order.take(event, early).unwrap().into_parts().0;
        assert_eq!(codes(holding.take(cancelled, early)), [NOT_PLANNED.code, IN_FUTURE.code]);
    }

    #[test]
    fn an_event_that_was_held_keeps_the_ties_that_it_has_and_its_day_by_plan() {
        let nil = uuid::Uuid::nil();
        let planned: EventForm = crate::examples::of();
        let held = EventForm { state: EventState::Held, held_on: Some(planned.starts_on), ..planned.clone() };
        let told = |it: &EventForm, before: &EventForm| -> Vec<(&'static str, String)> {
            let all = it.against(nil.into(), Some(before));
            all.into_iter().map(|it| (it.rule.code, it.pointer.unwrap_or_default())).collect()
        };
        let other = |it: &EventForm| EventForm {
            project_id: None,
            starts_on: it.starts_on.pred_opt().unwrap(),
            ..it.clone()
        };
        assert!(told(&other(&planned), &planned).is_empty());
        let fixed = |at: &str| (HELD_FIXED.code, at.to_owned());
        assert_eq!(told(&other(&held), &held), [fixed("/project_id"), fixed("/starts_on")]);
        let tied = EventForm { club_id: Some(nil.into()), council_id: Some(nil.into()), ..held.clone() };
        assert!(told(&tied, &held).is_empty(), "what it lacked is told later");
        assert_eq!(told(&held, &tied), [fixed("/club_id"), fixed("/council_id")]);
    }

    #[test]
    fn an_event_lasts_from_its_holding_on_as_long_as_it_was_planned() {
        let form: EventForm = crate::examples::of();
        let day = |days: i64| form.starts_on + TimeDelta::days(days);
        assert_eq!(form.days(), (day(0), day(0)));
        let long = EventForm { ends_on: Some(day(2)), ..form.clone() };
        assert_eq!(long.days(), (day(0), day(2)));
        assert_eq!(EventForm { held_on: Some(day(7)), ..long }.days(), (day(7), day(9)));
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
