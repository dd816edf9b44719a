//! Work of volunteers at events (003 L55). Hours count once somebody else has confirmed them.
use super::EventState;
use crate::base::access::may;
use crate::base::action::Action;
use crate::base::entry::Step;
use crate::base::id::{FileId, PersonId, VolunteerGroupId, VolunteerWorkId};
use crate::base::moment::age_years;
use crate::base::named::FIELDS;
use crate::base::refusal::{Reason, broken, rules};
use crate::base::telling::Told;
use crate::base::text::{BOTH, MISSING, Note, Title};
use crate::base::word::words;
use crate::partnership::community::volunteer_groups::{VOLUNTEER_FROM_YEARS, VolunteerConsent};
use crate::partnership::words::Audience;
use crate::people::{COMING_OF_AGE_YEARS, Life, Lives, is_minor};
use chrono::NaiveDate;
use shape::{entry, form};
use validator::Validate;

rules! {
    OWN = "volunteer_work.own", Forbidden, ours, "Свои часы не подтверждают.", "Nobody confirms their own hours.";
    NOT_HELD = "volunteer_work.not_held", State, ours, "Часы — после мероприятия.", "Hours are entered after the event.";
    OUTSIDE = "volunteer_work.outside", Content, ours, "Часы — в дни мероприятия или накануне.", "Hours lie on the days of the event, or on the day before it.";
    NO_GROUP = "volunteer_work.no_group", Content, ours, "Отряда в этот день ещё нет или уже нет.", "The group is not there on that day.";
    DAY = "volunteer_work.day", Content, ours, "В этом возрасте столько за день не работают.", "Nobody of this age works so long on a day.";
    NO_CONSENT = "volunteer_work.no_consent", State, ours, "Нет согласия на добровольчество несовершеннолетнего.", "There is no consent to the volunteering of a minor.";
    DECIDED = "volunteer_work.decided", State, ours, "Часы уже подтверждены или отклонены.", "The hours were confirmed or rejected already.";
}

words! {
    /// The state of a volunteer's hours.
    VolunteerWorkState in "volunteer-work-states" {
        Recorded = "recorded", "записано", "recorded";
        Confirmed = "confirmed", "подтверждено", "confirmed";
        Rejected = "rejected", "отклонено", "rejected";
    }
}

/// Hours of a volunteer, or of a group of them, as they are entered and edited, whole.
#[entry(VolunteerWork: VolunteerWorkId, at "volunteer-work", named "volunteer work" "volunteer work", tag "partnership", read ReadPartnershipInside, edit EditParticipants, under Event "events", called worked_on, by worked_on, entering RecordVolunteerWork, annul, past, judged, personal)]
#[schema(example = json!({"person_id": "01980000-0000-7000-8000-000000000005", "worked_on": "2026-01-20", "minutes": 60, "work": "Встречал гостей"}))]
pub struct VolunteerWorkForm {
    /// The person. Without one, a group and the number of its people.
    pub person_id: Option<PersonId>,
    /// The group, of an organization for which the caller answers. It stands beside no person, for its members are known to its owner only.
    pub group_id: Option<VolunteerGroupId>,
    /// The number of people of the group, 5 to 1000. Fewer are entered each by name, for a small number is told to nobody.
    #[within(5..=1000)]
    pub people: Option<i32>,
    /// The day: today or earlier, and one of the event or the day before it.
    #[told]
    pub worked_on: NaiveDate,
    /// The minutes of each, 1 to 720.
    #[told]
    #[within(1..=720)]
    pub minutes: i32,
    /// The work in words.
    pub work: Option<Title>,
    /// The signed consent of a minor who is no beneficiary: the ledger has only those of beneficiaries.
    pub consent_file_id: Option<FileId>,
    /// The state. The steps `confirmation` and `rejection` change it.
    #[state]
    #[filter = "Only in these states."]
    pub state: VolunteerWorkState,
    /// The reason for which the hours were rejected.
    #[state]
    pub rejection_reason: Option<Note>,
}

/// The stored data that hours of a group need.
#[derive(Debug, Clone, Copy)]
pub struct VolunteerGroupFacts {
    /// The first day of the group.
    pub formed_on: NaiveDate,
    /// The last day of the group, if it is no more.
    pub disbanded_on: Option<NaiveDate>,
    /// The minutes that its people work on a day at most. None: the minutes are not asked again.
    pub most: Option<i64>,
}

/// The stored data that hours of a person need.
#[derive(Debug, Clone, Copy)]
pub struct VolunteerFacts {
    /// The state of the event.
    pub state: EventState,
    /// The first and the last day of the event.
    pub days: (NaiveDate, NaiveDate),
    /// The life of the person.
    pub life: Life,
    /// The minutes of the day that are entered elsewhere and not rejected.
    pub minutes_beside: i64,
    /// The consent to volunteering on the day.
    pub consent: VolunteerConsent,
    /// The present day.
    pub today: NaiveDate,
}

/// The minutes that somebody of that age works on a day at most (ours, by bands of age).
pub fn most_minutes(age: i32) -> i64 {
    match age {
        COMING_OF_AGE_YEARS.. => 720,
        16..COMING_OF_AGE_YEARS => 420,
        VOLUNTEER_FROM_YEARS..16 => 240,
        _ => 0,
    }
}

/// The minutes that people of a group work on a day at most: those of the youngest volunteers, if it is made of minors. To somebody who is
/// not told of whom it is made (`is_told`), that limit holds for every group, so that no refusal tells it.
pub fn most_minutes_of_group(made_of: Option<Audience>, is_told: bool) -> i64 {
    let is_of_minors = made_of.is_some_and(Audience::is_of_minors);
    if is_of_minors || !is_told {
        most_minutes(VOLUNTEER_FROM_YEARS)
    } else {
        most_minutes(COMING_OF_AGE_YEARS)
    }
}

impl VolunteerWorkForm {
    fn judge(&self, _: VolunteerWorkId, before: Option<&Self>) -> Vec<Reason> {
        let is_named = self.person_id.is_some();
        let is_edit = before.is_some_and(|it| it.state == self.state);
        let decided = self.state != VolunteerWorkState::Recorded && is_edit;
        broken([
            (!is_named && self.group_id.is_none(), MISSING.reason().at("/person_id")),
            (!is_named && self.group_id.is_some() && self.people.is_none(), MISSING.reason().at("/people")),
            (is_named && self.people.is_some(), BOTH.reason().at("/people").with("with", "/person_id")),
            (is_named && self.group_id.is_some(), BOTH.reason().at("/group_id").with("with", "/person_id")),
            (decided, DECIDED.reason()),
        ])
    }
    /// The reasons against hours of a group that rest on it.
    pub fn against_group(&self, of: &VolunteerGroupFacts) -> Vec<Reason> {
        let is_late = of.disbanded_on.is_some_and(|it| it < self.worked_on);
        let gone = self.worked_on < of.formed_on || is_late;
        let long = of.most.filter(|most| i64::from(self.minutes) > *most);
        let long = long.map(|most| DAY.reason().at("/minutes").with("most", most));
        gone.then(|| NO_GROUP.reason().at("/worked_on")).into_iter().chain(long).collect()
    }
    /// The reasons against hours of that person by what is on record. A minor of today needs a consent: the ledger has none of the years
    /// before it. A signed paper stands for it where the person is no beneficiary.
    pub fn against_facts(&self, facts: &VolunteerFacts) -> Vec<Reason> {
        let born_on = facts.life.born_on;
        let age = age_years(born_on, self.worked_on);
        let (most, all) = (most_minutes(age), facts.minutes_beside.saturating_add(i64::from(self.minutes)));
        let has_consented = facts.consent.is_given(self.consent_file_id);
        let unconsented = is_minor(born_on, facts.today) && !has_consented;
        let told = broken([
            (all > most, DAY.reason().at("/minutes").with("most", most)),
            (unconsented, NO_CONSENT.reason().at("/person_id")),
        ]);
        let outside = Lives(vec![facts.life]).against([("/worked_on", self.worked_on)]);
        let at_event = self.against_event(facts.state, facts.days);
        outside.into_iter().chain(at_event).chain(told).collect()
    }
    /// The reason against hours at an event in that state and on these days. What prepares it is done on the day before.
    pub fn against_event(&self, state: EventState, days: (NaiveDate, NaiveDate)) -> Option<Reason> {
        if state != EventState::Held {
            return Some(NOT_HELD.reason());
        }
        let (from, to) = (days.0.pred_opt().unwrap_or(days.0), days.1);
        let is_outside = self.worked_on < from || to < self.worked_on;
        is_outside.then(|| OUTSIDE.reason().at("/worked_on").with("from", from).with("to", to))
    }
    /// Whether the hours are decided by the step between these forms.
    pub fn is_decided_after(&self, before: &Self) -> bool {
        before.state == VolunteerWorkState::Recorded && self.state != before.state
    }
}

fn against_decided(it: &VolunteerWork) -> Vec<Reason> {
    if it.form.state == VolunteerWorkState::Recorded { Vec::new() } else { vec![DECIDED.reason()] }
}

/// An order to confirm hours.
#[form]
#[schema(example = json!({}))]
pub struct VolunteerWorkConfirmation {}

impl Step<VolunteerWorkForm> for VolunteerWorkConfirmation {
    type Right = may::EndorseParticipants;
    const AT: &'static str = "confirmation";
    const ACTION: Action = Action::Confirm;
    const TOLD: Option<&'static Told> = Some(&Told {
        kind: "volunteer_work.confirmed",
        ru: "Часы добровольца подтверждены",
        en: "The hours of the volunteer were confirmed",
        details: FIELDS,
    });
    fn description() -> String {
        "Confirms the hours, so that they count. Nobody confirms their own.".to_owned()
    }
    fn against(it: &VolunteerWork, _: NaiveDate) -> Vec<Reason> {
        against_decided(it)
    }
    fn changed(&self, form: VolunteerWorkForm, _: NaiveDate) -> VolunteerWorkForm {
        VolunteerWorkForm { state: VolunteerWorkState::Confirmed, ..form }
    }
}

/// An order to reject hours.
#[form]
#[schema(example = json!({"reason": "Ушёл через час."}))]
pub struct VolunteerWorkRejection {
    /// The reason.
    pub reason: Note,
}

impl Step<VolunteerWorkForm> for VolunteerWorkRejection {
    type Right = may::EndorseParticipants;
    const AT: &'static str = "rejection";
    const ACTION: Action = Action::Reject;
    const TOLD: Option<&'static Told> = Some(&Told {
        kind: "volunteer_work.rejected",
        ru: "Часы добровольца отклонены",
        en: "The hours of the volunteer were rejected",
        details: FIELDS,
    });
    fn description() -> String {
        "Rejects the hours with a reason. They do not count.".to_owned()
    }
    fn against(it: &VolunteerWork, _: NaiveDate) -> Vec<Reason> {
        against_decided(it)
    }
    fn changed(&self, form: VolunteerWorkForm, _: NaiveDate) -> VolunteerWorkForm {
        let (state, rejection_reason) = (VolunteerWorkState::Rejected, Some(self.reason.clone()));
        VolunteerWorkForm { state, rejection_reason, ..form }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entry::Entry;
    use chrono::{Months, TimeDelta};

    #[test]
    fn the_minutes_of_a_day_depend_on_the_age_and_a_minor_needs_a_consent() {
        let form: VolunteerWorkForm = crate::examples::of();
        let codes = |age: u32, minutes: i32, beside: i64, has_consent: bool| -> Vec<&'static str> {
            let born_on = form.worked_on.checked_sub_months(Months::new(12 * age)).unwrap();
            let (state, today) = (EventState::Held, form.worked_on);
            let consent = VolunteerConsent { is_in_ledger: has_consent, has_records: true };
            let life = Life { born_on, died_on: None };
            let days = (today, today);
            let facts = VolunteerFacts { state, days, life, minutes_beside: beside, consent, today };
            let told = VolunteerWorkForm { minutes, ..form.clone() };
            told.against_facts(&facts).iter().map(|it| it.rule.code).collect()
        };
        for (age, most) in [(18, 720), (17, 420), (16, 420), (15, 240), (14, 240)] {
            assert_eq!(codes(age, most, 0, true), Vec::<&str>::new(), "{age}");
            assert_eq!(codes(age, most, 1, true), [DAY.code], "{age}");
        }
        assert_eq!(codes(13, 1, 0, true), [DAY.code]);
        assert_eq!(codes(17, 60, 0, false), [NO_CONSENT.code]);
        assert_eq!(codes(18, 60, 0, false), Vec::<&str>::new());
    }

    #[test]
    fn a_minor_who_is_no_beneficiary_consents_to_the_hours_on_paper() {
        let paper = Some(FileId::from(uuid::Uuid::nil()));
        let form = VolunteerWorkForm { consent_file_id: paper, ..crate::examples::of() };
        let codes = |has_records: bool| -> Vec<&'static str> {
            let today = form.worked_on;
            let born_on = today.checked_sub_months(Months::new(12 * 16)).unwrap();
            let consent = VolunteerConsent { is_in_ledger: false, has_records };
            let life = Life { born_on, died_on: None };
            let (state, days) = (EventState::Held, (today, today));
            let facts = VolunteerFacts { state, days, life, minutes_beside: 0, consent, today };
            form.against_facts(&facts).iter().map(|it| it.rule.code).collect()
        };
        assert_eq!(codes(false), Vec::<&str>::new());
        assert_eq!(codes(true), [NO_CONSENT.code]);
    }

    #[test]
    fn hours_lie_between_the_birth_and_the_death_of_who_worked() {
        let form: VolunteerWorkForm = crate::examples::of();
        let today = form.worked_on;
        let codes = |born_on: NaiveDate, died_on: Option<NaiveDate>| -> Vec<&'static str> {
            let consent = VolunteerConsent { is_in_ledger: true, has_records: true };
            let life = Life { born_on, died_on };
            let (state, days) = (EventState::Held, (today, today));
            let facts = VolunteerFacts { state, days, life, minutes_beside: 0, consent, today };
            form.against_facts(&facts).iter().map(|it| it.rule.code).collect()
        };
        let born_on = today.checked_sub_months(Months::new(12 * 30)).unwrap();
        assert_eq!(codes(born_on, Some(today)), Vec::<&str>::new());
        assert_eq!(codes(born_on, today.pred_opt()), ["life.after_death"]);
        assert_eq!(codes(today.succ_opt().unwrap(), None), ["life.before_birth", DAY.code]);
    }

    #[test]
    fn a_group_of_minors_works_no_longer_than_its_youngest_may() {
        let form: VolunteerWorkForm = crate::examples::of();
        let codes = |made_of: Audience, is_told: bool, minutes: i32| -> Vec<&'static str> {
            let most = Some(most_minutes_of_group(Some(made_of), is_told));
            let facts = VolunteerGroupFacts { formed_on: form.worked_on, disbanded_on: None, most };
            let told = VolunteerWorkForm { minutes, ..form.clone() };
            told.against_group(&facts).iter().map(|it| it.rule.code).collect()
        };
        assert_eq!(codes(Audience::MinorsInConflict, true, 240), Vec::<&str>::new());
        assert_eq!(codes(Audience::MinorsInConflict, true, 241), [DAY.code]);
        assert_eq!(codes(Audience::Students, true, 720), Vec::<&str>::new());
        for made_of in [Audience::MinorsInConflict, Audience::Homeless, Audience::Students] {
            assert_eq!(
                codes(made_of, false, 241),
                [DAY.code],
                "a refusal tells nobody what the group is made of"
            );
            assert_eq!(codes(made_of, false, 240), Vec::<&str>::new());
        }
    }

    #[test]
    fn a_group_works_from_its_first_day_to_its_last_one() {
        let form: VolunteerWorkForm = crate::examples::of();
        let on = form.worked_on;
        let codes = |formed_on: NaiveDate, disbanded_on: Option<NaiveDate>| -> Vec<&'static str> {
            let facts = VolunteerGroupFacts { formed_on, disbanded_on, most: None };
            form.against_group(&facts).iter().map(|it| it.rule.code).collect()
        };
        assert_eq!(codes(on, Some(on)), Vec::<&str>::new());
        assert_eq!(codes(on.succ_opt().unwrap(), None), [NO_GROUP.code]);
        assert_eq!(codes(on.pred_opt().unwrap(), on.pred_opt()), [NO_GROUP.code]);
    }

    #[test]
    fn hours_lie_on_the_days_of_the_event_or_on_the_day_before_it() {
        let form: VolunteerWorkForm = crate::examples::of();
        let first = form.worked_on;
        let code = |state: EventState, days: i64| -> Option<&'static str> {
            let worked_on = first + TimeDelta::days(days);
            let told = VolunteerWorkForm { worked_on, ..form.clone() };
            told.against_event(state, (first, first + TimeDelta::days(2))).map(|it| it.rule.code)
        };
        let held = |days: i64| code(EventState::Held, days);
        assert_eq!([-2, -1, 0, 2, 3].map(held), [Some(OUTSIDE.code), None, None, None, Some(OUTSIDE.code)]);
        assert_eq!(code(EventState::Planned, 3), Some(NOT_HELD.code), "a plan has no day yet");
    }

    #[test]
    fn hours_are_of_a_person_or_of_a_number_of_people_and_stay_once_decided() {
        let form: VolunteerWorkForm = crate::examples::of();
        let codes = |it: &VolunteerWorkForm, before: Option<&VolunteerWorkForm>| -> Vec<&'static str> {
            it.against(uuid::Uuid::nil().into(), before).iter().map(|it| it.rule.code).collect()
        };
        let both = VolunteerWorkForm { people: Some(3), ..form.clone() };
        assert_eq!(codes(&both, None), ["field.combination"]);
        let nobody = VolunteerWorkForm { person_id: None, ..form.clone() };
        assert_eq!(codes(&nobody, None), ["field.missing"]);
        let named = VolunteerWorkForm { group_id: Some(uuid::Uuid::nil().into()), ..form.clone() };
        assert_eq!(codes(&named, None), ["field.combination"]);
        let group = VolunteerWorkForm { group_id: Some(uuid::Uuid::nil().into()), ..nobody };
        assert_eq!(codes(&group, None), ["field.missing"]);
        assert_eq!(codes(&VolunteerWorkForm { people: Some(3), ..group }, None), Vec::<&str>::new());
        let recorded = form.clone();
        let confirmed = VolunteerWorkForm { state: VolunteerWorkState::Confirmed, ..form };
        let longer = VolunteerWorkForm { minutes: 90, ..confirmed.clone() };
        assert_eq!(codes(&longer, Some(&confirmed)), [DECIDED.code]);
        assert_eq!(codes(&confirmed, Some(&confirmed)), [DECIDED.code], "an edit is not offered either");
        let rejected = VolunteerWorkForm { state: VolunteerWorkState::Rejected, ..recorded.clone() };
        assert_eq!(codes(&rejected, Some(&recorded)), Vec::<&str>::new(), "a step is no edit");
    }
}
