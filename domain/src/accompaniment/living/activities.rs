//! Encounters of a beneficiary with work: excursions, trials, practice, routes (004-13).
use crate::base::text::{Note, Title};
use crate::base::word::words;
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

words! {
    /// The kind of an encounter with work.
    CareerActivityKind in "career-kinds" {
        Excursion = "excursion", "экскурсия", "excursion";
        Trial = "trial", "проба", "trial";
        Practice = "practice", "практика", "practice";
        Route = "route", "маршрут", "route";
    }
}

/// An encounter of a beneficiary with work as it is entered and edited, whole.
#[entry(CareerActivity: CareerActivityId, at "career-activities", named "career activity" "career activities", tag "cases", read ReadLiving, edit EditLiving, under Beneficiary "beneficiaries", entering AddCareerActivity, by held_on, personal, annul, past)]
#[schema(example = json!({"kind": "trial", "name": "Профессиональная проба «Повар»", "held_on": "2026-02-20", "hours": 4, "place": "Ангарский промышленно-экономический техникум", "result": "Понравилось готовить, хочет на день открытых дверей."}))]
pub struct CareerActivityForm {
    /// The kind.
    #[told]
    #[filter = "Only of these kinds."]
    pub kind: CareerActivityKind,
    /// The name.
    pub name: Title,
    /// The day.
    #[told]
    pub held_on: NaiveDate,
    /// The hours, 1 to 1000.
    #[within(1..=1000)]
    pub hours: Option<i32>,
    /// The enterprise, or the institution of education.
    pub place: Option<Title>,
    /// The result in words.
    #[sealed]
    pub result: Option<Note>,
}
