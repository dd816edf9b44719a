//! Standards of services: to whom a service is given, by whom, how much of it, and on what ground (004 L192–193; 442-ФЗ).
//!
//! A standard is data in editions, open to all. An edition is never edited: a change is a new edition with the same code. The latest
//! introduced edition of a day is the one in force, until it is retired.
//!
//! Invariant: nobody delivers by a draft.
mod shipped;

pub use shipped::shipped;

use crate::base::access::may;
use crate::base::action::Action;
use crate::base::entry::Step;
use crate::base::id::ServiceStandardId;
use crate::base::moment::age_years;
use crate::base::named::FIELDS;
use crate::base::refusal::{Reason, broken, rules};
use crate::base::telling::Told;
use crate::base::text::{Code, Note, OrderNumber, Title, repeats};
use crate::base::word::{only_sent, sent, words};
use crate::people::BeneficiaryCategory;
use crate::people::consents::CasePart;
use crate::region::organizations::OrganizationKind;
use chrono::NaiveDate;
use shape::{entry, form};
use validator::Validate;

rules! {
    NOT_IN_FORCE = "standard.not_in_force", State, "004 L192", "В этот день стандарт не действует.", "The standard is not in force on that day.";
    STEP = "standard.step", State, ours, "Стандарт вводят из проекта или из апробации, а отменяют введённый.", "A standard is introduced from a draft or a pilot, and retired after it was introduced.";
    RETIRED_DAY = "standard.retired_day", Content, ours, "Стандарт отменяют не раньше, чем он вступил в силу, и не будущим днём.", "A standard is not retired before it took effect, and not on a day to come.";
    AGES = "standard.ages", Content, ours, "Возраст «от» не больше возраста «до».", "The least age is not above the greatest.";
    REPEATED = "standard.repeated", Content, ours, "Слово указано дважды.", "A word stands twice.";
}

words! {
    /// The kind of a service.
    ServiceKind in "service-kinds" {
        Household = "household", "социально-бытовые", "household";
        Medical = "medical", "социально-медицинские", "medical";
        Psychological = "psychological", "социально-психологические", "psychological";
        Pedagogical = "pedagogical", "социально-педагогические", "pedagogical";
        Labour = "labour", "социально-трудовые", "labour";
        Legal = "legal", "социально-правовые", "legal";
        Communicative = "communicative", "повышение коммуникативного потенциала", "communicative";
        Urgent = "urgent", "срочные", "urgent";
        Accompaniment = "accompaniment", "сопровождение", "accompaniment";
        FosterPatronage = "foster_patronage", "патронатное воспитание", "foster patronage";
        SocialPatronage = "social_patronage", "социальный патронат", "social patronage";
    }

    /// The form in which a service is given.
    ServiceFormat in "service-forms" {
        Home = "home", "на дому", "at home";
        SemiResidential = "semi_residential", "полустационарная", "semi-residential";
        Residential = "residential", "стационарная", "residential";
        Outside = "outside", "вне организации", "outside";
    }

    /// The state of a standard.
    StandardState in "standard-states" {
        Drafted = "drafted", "разработан", "drafted", by system;
        Piloted = "piloted", "апробируется", "piloted";
        Active = "active", "действует", "active";
        Retired = "retired", "отменён", "retired", by system;
    }
}

sent! {
    SentStandardState of StandardState;
}

/// The norm of a service: how much, how often, how long.
#[form]
#[derive(Copy, Eq, Default)]
pub struct ServiceNorm {
    /// The units of one delivery, 1 to 10 000.
    #[within(1..=10_000)]
    pub volume: Option<i32>,
    /// The days from a delivery to the next, 1 to 366.
    #[within(1..=366)]
    pub every_days: Option<i32>,
    /// The minutes of one delivery, 1 to 10 000.
    #[within(1..=10_000)]
    pub minutes: Option<i32>,
}

/// An edition of a service standard as it is entered. It is never edited.
#[entry(ServiceStandard: ServiceStandardId, at "service-standards", named "service standard" "service standards", tag "help", read ReadPrograms, edit ManageAccompaniment, by effective_from, once, annul, judged)]
#[schema(example = json!({"code": "money-school", "name": "Школа финансовой грамотности", "kind": "pedagogical", "effective_from": "2026-01-01", "format": "semi_residential", "unit": "занятие", "norm": {"volume": 1, "every_days": 7, "minutes": 60}, "age_from": 14, "age_to": 23, "categories": ["orphan", "without_parental_care", "former_care_adult"], "disability_note": "Материалы даны и простым языком.", "provider_kinds": ["social_service_agency", "ngo"], "free": true, "outcome": "Планирует расходы на месяц.", "order_number": "112-ос", "ordered_on": "2025-12-10"}))]
pub struct ServiceStandardForm {
    /// The code of the standard. All its editions have it.
    #[told]
    #[filter = "Only editions of the standards with these codes."]
    pub code: Code,
    /// The name of the service.
    pub name: Title,
    /// The kind of the service.
    #[told]
    #[filter = "Only of these kinds."]
    pub kind: ServiceKind,
    /// The first day on which the edition may be in force.
    #[told]
    pub effective_from: NaiveDate,
    /// The form in which the service is given.
    pub format: ServiceFormat,
    /// The unit in which deliveries are counted.
    pub unit: Title,
    /// The norm.
    #[json]
    pub norm: ServiceNorm,
    /// The least age in full years, 0 to 120. Only people have an age: a family is no recipient then.
    #[within(0..=120)]
    pub age_from: Option<i32>,
    /// The greatest age in full years, 0 to 120.
    #[within(0..=120)]
    pub age_to: Option<i32>,
    /// The categories of recipients. Absent: any.
    #[at_most(5)]
    pub categories: Vec<BeneficiaryCategory>,
    /// The way in which the service is given to people with disabilities.
    pub disability_note: Option<Note>,
    /// The kinds of organizations that may give the service. Absent: any.
    #[at_most(14)]
    pub provider_kinds: Vec<OrganizationKind>,
    /// The part of a case that a reader of another organization needs beside `help` to learn of the service. Absent: `health` for medical
    /// services, `law` for legal ones, none for others.
    pub part: Option<CasePart>,
    /// Whether the service costs the recipient nothing.
    pub free: bool,
    /// The expected outcome.
    pub outcome: Option<Note>,
    /// The number of the order that approved the standard.
    pub order_number: Option<OrderNumber>,
    /// The day of that order.
    pub ordered_on: Option<NaiveDate>,
    /// The state. The steps `introduction` and `retirement` change it.
    #[state]
    #[filter = "Only in these states."]
    pub state: StandardState,
    /// The day from which the standard is retired.
    #[state]
    pub retired_on: Option<NaiveDate>,
}

impl StandardState {
    /// Whether the standard may be introduced yet.
    fn is_new(self) -> bool {
        matches!(self, Self::Drafted | Self::Piloted)
    }
}

impl ServiceStandardForm {
    /// Whether the edition is in force on that day, where no later one is.
    pub fn is_in_force_on(&self, day: NaiveDate) -> bool {
        self.state != StandardState::Drafted
            && self.effective_from <= day
            && self.retired_on.is_none_or(|it| day < it)
    }
    /// Whether somebody learns of the service to whom these parts of a case are granted.
    pub fn is_told_to(&self, parts: &[CasePart]) -> bool {
        let part = self.part.or(match self.kind {
            ServiceKind::Medical => Some(CasePart::Health),
            ServiceKind::Legal => Some(CasePart::Law),
            _ => None,
        });
        part.is_none_or(|it| parts.contains(&it))
    }
    /// Whether an organization of that kind may give the service.
    pub fn admits(&self, provider: OrganizationKind) -> bool {
        self.provider_kinds.is_empty() || self.provider_kinds.contains(&provider)
    }
    /// Whether the service is for somebody of that category who was born on that day. A family was born on none.
    pub fn serves(&self, category: BeneficiaryCategory, born_on: Option<NaiveDate>, day: NaiveDate) -> bool {
        let has_ages = self.age_from.is_some() || self.age_to.is_some();
        let is_of_age = match born_on.map(|it| age_years(it, day)) {
            Some(age) => self.age_from.is_none_or(|it| it <= age) && self.age_to.is_none_or(|it| age <= it),
            None => !has_ages,
        };
        is_of_age && (self.categories.is_empty() || self.categories.contains(&category))
    }
    fn judge(&self, _: ServiceStandardId, _: Option<&Self>) -> Vec<Reason> {
        let is_turned = self.age_from.zip(self.age_to).is_some_and(|(from, to)| from > to);
        broken([
            (is_turned, AGES.reason().at("/age_to")),
            (repeats(&self.categories), REPEATED.reason().at("/categories")),
            (repeats(&self.provider_kinds), REPEATED.reason().at("/provider_kinds")),
        ])
    }
}

/// An order to introduce a standard: to try it out, or to put it in force.
#[form]
#[schema(example = json!({"state": "active"}))]
pub struct StandardIntroduction {
    /// The state. A standard in a pilot is in force as well.
    #[schema(value_type = SentStandardState)]
    #[serde(deserialize_with = "only_sent")]
    pub state: StandardState,
}

impl Step<ServiceStandardForm> for StandardIntroduction {
    type Right = may::ManageAccompaniment;
    const AT: &'static str = "introduction";
    const ACTION: Action = Action::Introduce;
    const TOLD: Option<&'static Told> = Some(&Told {
        kind: "service_standard.introduced",
        ru: "Стандарт введён",
        en: "The standard was introduced",
        details: FIELDS,
    });
    fn description() -> String {
        "Introduces a drafted standard, to try it out or to put it in force; or puts in force one that was tried out.".to_owned()
    }
    fn against(it: &ServiceStandard, _: NaiveDate) -> Vec<Reason> {
        if it.form.state.is_new() { Vec::new() } else { vec![STEP.reason()] }
    }
    fn against_order(&self, it: &ServiceStandardForm, _: NaiveDate) -> Vec<Reason> {
        let is_again = it.state == self.state && it.state.is_new();
        is_again.then(|| STEP.reason()).into_iter().collect()
    }
    fn changed(&self, form: ServiceStandardForm, _: NaiveDate) -> ServiceStandardForm {
        ServiceStandardForm { state: self.state, ..form }
    }
}

/// An order to retire a standard.
#[form]
#[schema(example = json!({"retired_on": "2026-03-01"}))]
pub struct StandardRetirement {
    /// The first day on which the standard is not in force: today or earlier.
    pub retired_on: NaiveDate,
}

impl Step<ServiceStandardForm> for StandardRetirement {
    type Right = may::ManageAccompaniment;
    const AT: &'static str = "retirement";
    const ACTION: Action = Action::Retire;
    const TOLD: Option<&'static Told> = Some(&Told {
        kind: "service_standard.retired",
        ru: "Стандарт отменён",
        en: "The standard was retired",
        details: FIELDS,
    });
    fn description() -> String {
        "Retires an introduced standard. What was delivered by it before that day stays.".to_owned()
    }
    fn against(it: &ServiceStandard, _: NaiveDate) -> Vec<Reason> {
        let is_introduced = matches!(it.form.state, StandardState::Piloted | StandardState::Active);
        if is_introduced { Vec::new() } else { vec![STEP.reason()] }
    }
    fn against_order(&self, it: &ServiceStandardForm, today: NaiveDate) -> Vec<Reason> {
        let not_before = it.effective_from;
        let day =
            || RETIRED_DAY.reason().at("/retired_on").with("not_before", not_before).with("today", today);
        let is_wrong = self.retired_on > today || self.retired_on < not_before;
        is_wrong.then(day).into_iter().collect()
    }
    fn changed(&self, form: ServiceStandardForm, _: NaiveDate) -> ServiceStandardForm {
        let (state, retired_on) = (StandardState::Retired, Some(self.retired_on));
        ServiceStandardForm { state, retired_on, ..form }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entry::{Entered, Entry};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn standard() -> ServiceStandard {
        let form: ServiceStandardForm = crate::examples::of();
        Entered { id: uuid::Uuid::nil().into(), parent: None, form, annulment: None }
    }

    #[test]
    fn shipped_standards_keep_their_own_rules_and_are_in_force() {
        let all = shipped();
        for it in &all {
            let against = it.against(uuid::Uuid::nil().into(), None);
            assert_eq!((it.validate(), against), (Ok(()), Vec::new()), "{}", it.code.as_str());
            assert!(it.is_in_force_on(day("2026-03-02")));
        }
        let codes: BTreeSet<&Code> = all.iter().map(|it| &it.code).collect();
        let urgent = all.iter().filter(|it| it.kind == ServiceKind::Urgent).count();
        assert_eq!((codes.len(), urgent), (10, 6));
    }

    #[test]
    fn a_standard_is_drafted_tried_out_put_in_force_and_retired() {
        let today = day("2026-03-02");
        let to = |state| StandardIntroduction { state };
        let on = |text| StandardRetirement { retired_on: day(text) };
        assert!(!standard().form.is_in_force_on(today));
        assert!(on("2026-03-01").take(standard(), today).is_err());
        let (piloted, _) = to(StandardState::Piloted).take(standard(), today).unwrap().into_parts();
        assert!(piloted.form.is_in_force_on(today) && !piloted.form.is_in_force_on(day("2025-12-31")));
        assert!(to(StandardState::Piloted).take(piloted.clone(), today).is_err());
        let (active, _) = to(StandardState::Active).take(piloted, today).unwrap().into_parts();
        for wrong in ["2026-03-03", "2025-12-31"] {
            let refused = on(wrong).take(active.clone(), today).unwrap_err();
            assert_eq!(refused.reasons()[0].rule.code, "standard.retired_day");
        }
        let (retired, _) = on("2026-03-01").take(active, today).unwrap().into_parts();
        assert!(retired.form.is_in_force_on(day("2026-02-28")) && !retired.form.is_in_force_on(today));
        assert!(to(StandardState::Active).take(retired, today).is_err());
    }

    #[test]
    fn ages_ascend_and_words_stand_once() {
        let mut form = standard().form;
        (form.age_from, form.age_to) = (Some(24), Some(23));
        form.categories.push(BeneficiaryCategory::Orphan);
        form.provider_kinds.push(OrganizationKind::Ngo);
        let told = form.against(uuid::Uuid::nil().into(), None);
        let at: Vec<&str> = told.iter().filter_map(|it| it.pointer.as_deref()).collect();
        assert_eq!(at, ["/age_to", "/categories", "/provider_kinds"]);
    }

    proptest! {
        #[test]
        fn somebody_is_served_within_the_ages_and_a_family_only_without_ages(age in 0i32..60, from in 0i32..40, to in 0i32..60) {
            let form = ServiceStandardForm { age_from: Some(from), age_to: Some(to), categories: Vec::new(), ..standard().form };
            let today = day("2026-03-02");
            let born_on = NaiveDate::from_ymd_opt(2026 - age, 3, 2);
            let category = BeneficiaryCategory::Orphan;
            prop_assert_eq!(form.serves(category, born_on, today), (from..=to).contains(&age));
            prop_assert!(!form.serves(category, None, today));
            let ageless = ServiceStandardForm { age_from: None, age_to: None, ..form };
            prop_assert!(ageless.serves(category, None, today));
        }
    }
}
