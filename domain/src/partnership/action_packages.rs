//! Packages of measures (комплексы мер), each measure with the state before and after it (004 L176–300).
//!
//! Invariant: a value of a measure is entered or counted, and never both. A package has no more measures than its table shows.
use crate::base::id::{ActionPackageId, FileId, LegalActId, MeasureId, OrganizationId};
use crate::base::refusal::{Reason, rules};
use crate::base::text::{BOTH, MISSING, Note, Oktmo, Title};
use crate::base::word::words;
use crate::help::places::FacilityKind;
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

rules! {
    TERM = "action_package.term", Content, ours, "Комплекс мер не заканчивается раньше, чем начинается.", "A package of measures does not end before it begins.";
    TOO_MANY = "measure.too_many", State, ours, "В комплексе мер не больше 200 мер.", "A package has at most 200 measures.";
    DERIVED = "measure.derived", Content, ours, "Значение либо вносят, либо считают: посчитанное не вносят.", "A value is entered or counted: one that is counted is not entered.";
}

words! {
    /// Something that the program counts for a measure.
    MeasureCount in "measure-counts" {
        Clubs = "clubs", "клубы выпускников", "clubs of care leavers";
        Facilities = "facilities", "места проживания", "facilities";
        FacilityOrganizations = "facility_organizations", "организации с местами проживания", "organizations with facilities";
        Beds = "beds", "спальные места", "beds";
    }
}

/// A package of measures as it is entered and edited, whole.
#[entry(ActionPackage: ActionPackageId, at "action-packages", named "action package" "action packages", tag "partnership", read ReadPartnership, edit EditPartnership, called title, by starts_on, annul, judged)]
#[schema(example = json!({"organization_id": "01980000-0000-7000-8000-000000000001", "title": "Комплекс мер по постинтернатному сопровождению", "starts_on": "2018-01-01", "ends_on": "2027-12-31", "territory": "25655000"}))]
pub struct ActionPackageForm {
    /// The organization that keeps the package.
    #[owner]
    #[filter = "Only packages that this organization keeps."]
    pub organization_id: OrganizationId,
    /// Title.
    pub title: Title,
    /// The legal act that has established it.
    pub act_id: Option<LegalActId>,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// The territory. What is counted for measures lies in it; without one, in the whole region.
    pub territory: Option<Oktmo>,
    /// The package in words.
    pub about: Option<Note>,
}

impl ActionPackageForm {
    /// Whether the package is there on a day.
    pub fn is_there(&self, day: NaiveDate) -> bool {
        self.starts_on <= day && day <= self.ends_on
    }
    fn judge(&self, _: ActionPackageId, _: Option<&Self>) -> Vec<Reason> {
        let is_turned = self.ends_on < self.starts_on;
        is_turned.then(|| TERM.reason().at("/ends_on")).into_iter().collect()
    }
}

/// The measures of a package at most, without those that were annulled.
pub const MOST_MEASURES: i64 = 200;

/// The reason against a further measure of a package that has so many.
pub fn against_further(measures: i64) -> Option<Reason> {
    (measures >= MOST_MEASURES).then(|| TOO_MANY.reason().with("most", MOST_MEASURES))
}

/// A measure of a package as it is entered and edited, whole: the state before it and after it, in words or as a value.
#[entry(Measure: MeasureId, at "measures", named "measure" "measures", tag "partnership", read ReadPartnership, edit EditPartnership, under ActionPackage "action-packages", annul, judged)]
#[schema(example = json!({"number": 7, "name": "Клубы выпускников", "after_text": "Три из четырёх клубов работают на базе колледжей.", "unit": "клубов", "before_value": 1.0, "before_on": "2018-01-01", "after_value": 4.0, "after_on": "2019-12-18"}))]
pub struct MeasureForm {
    /// The number of the measure in its package.
    #[within(1..=999)]
    pub number: i32,
    /// The direction of the measure.
    pub name: Title,
    /// The state before, in words.
    pub before_text: Option<Note>,
    /// The state after, or while the measure runs, in words.
    pub after_text: Option<Note>,
    /// The unit of the values.
    pub unit: Option<Title>,
    /// The value before.
    #[within(0.0..=1_000_000_000.0)]
    pub before_value: Option<f64>,
    /// The day of the value before.
    pub before_on: Option<NaiveDate>,
    /// The value after.
    #[within(0.0..=1_000_000_000.0)]
    pub after_value: Option<f64>,
    /// The day of the value after.
    pub after_on: Option<NaiveDate>,
    /// The thing that the program counts on both days, instead of values that are entered. It is counted in the territory of the package. A
    /// club lies where the organization lies that hosts it.
    pub counted: Option<MeasureCount>,
    /// The kind of facility, where facilities, their organizations or beds are counted.
    pub facility_kind: Option<FacilityKind>,
    /// The organization that is responsible.
    pub responsible_id: Option<OrganizationId>,
    /// Other organizations that take part.
    #[at_most(50)]
    pub organization_ids: Vec<OrganizationId>,
    /// Files about the measure.
    #[at_most(10)]
    pub file_ids: Vec<FileId>,
}

impl MeasureForm {
    /// Whether an organization is responsible for the measure, or takes part in it.
    pub fn names(&self, it: OrganizationId) -> bool {
        self.responsible_id == Some(it) || self.organization_ids.contains(&it)
    }
    fn judge(&self, _: MeasureId, _: Option<&Self>) -> Vec<Reason> {
        let values = [(self.before_value, "/before_value"), (self.after_value, "/after_value")];
        let days = [(self.before_on, "/before_on"), (self.after_on, "/after_on")];
        let mut reasons = Vec::new();
        for ((value, pointer), (on, day)) in values.into_iter().zip(days) {
            let (is_entered, is_counted) = (value.is_some(), self.counted.is_some());
            reasons.extend((is_entered && is_counted).then(|| DERIVED.reason().at(pointer)));
            let is_undated = on.is_none() && (is_entered || is_counted);
            reasons.extend(is_undated.then(|| MISSING.reason().at(day)));
        }
        let is_of_places = self.counted.is_some_and(|it| it != MeasureCount::Clubs);
        let is_lost = self.facility_kind.is_some() && !is_of_places;
        reasons.extend(is_lost.then(|| BOTH.reason().at("/facility_kind").with("with", "/counted")));
        reasons
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entry::Entry;
    use crate::examples::of;

    fn refusals(form: &MeasureForm) -> Vec<(&'static str, String)> {
        let all = form.against(uuid::Uuid::nil().into(), None);
        all.into_iter().map(|it| (it.rule.code, it.pointer.unwrap_or_default())).collect()
    }
    fn expected(of: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
        of.iter().map(|it| (it.0, it.1.to_owned())).collect()
    }

    #[test]
    fn a_package_has_two_hundred_measures_at_most() {
        assert!(against_further(MOST_MEASURES - 1).is_none());
        let told = against_further(MOST_MEASURES).unwrap();
        assert_eq!((told.rule.code, &told.params["most"]), (TOO_MANY.code, &serde_json::json!(200)));
    }

    #[test]
    fn a_value_of_a_measure_is_entered_or_counted_and_has_its_day() {
        let form: MeasureForm = of();
        assert_eq!(refusals(&form), []);
        let both = MeasureForm { counted: Some(MeasureCount::Clubs), ..form.clone() };
        let derived = [("measure.derived", "/before_value"), ("measure.derived", "/after_value")];
        assert_eq!(refusals(&both), expected(&derived));
        let counted = MeasureForm { before_value: None, after_value: None, before_on: None, ..both };
        assert_eq!(refusals(&counted), expected(&[("field.missing", "/before_on")]));
        let undated = MeasureForm { after_on: None, ..form.clone() };
        assert_eq!(refusals(&undated), expected(&[("field.missing", "/after_on")]));
        let lost = MeasureForm { facility_kind: Some(FacilityKind::SocialHotel), ..form };
        assert_eq!(refusals(&lost), expected(&[("field.combination", "/facility_kind")]));
    }
}
