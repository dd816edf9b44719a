//! Periods of a beneficiary's life: forms of care, education, work and hobbies (002 §4.1.10; 004 L33–43).
//!
//! Together they are the path from an institution through vocational education to the first job. Periods of one kind may overlap:
//! one studies at two places, and lives in a hostel while an institution stays responsible.
use crate::base::id::LifePeriodId;
use crate::base::refusal::{Reason, rules};
use crate::base::text::{BOTH, MISSING, Title};
use crate::base::word::words;
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

rules! {
    ENDS_EARLY = "life_period.ends_early", Content, ours, "Период не заканчивается раньше, чем начинается.", "A period does not end before it begins.";
    KIND_FIXED = "life_period.kind_fixed", Content, ours, "Вид периода не меняется: внесите другой период.", "The kind of a period stays: enter another period instead.";
}

words! {
    /// The kind of a period of life.
    LifePeriodKind in "life-period-kinds" {
        Placement = "placement", "устройство", "placement";
        Education = "education", "учёба", "education";
        Work = "work", "работа", "work";
        Hobby = "hobby", "увлечение", "hobby";
    }

    /// The form of care in which a child lives, or the way in which a grown-up lives.
    PlacementForm in "placement-forms" {
        Institution = "institution", "организация для детей-сирот", "institution for orphans";
        Guardianship = "guardianship", "опека или попечительство", "guardianship";
        FosterFamily = "foster_family", "приёмная семья", "foster family";
        OwnFamily = "own_family", "кровная семья", "own family";
        Hostel = "hostel", "общежитие", "hostel";
        Independent = "independent", "самостоятельное проживание", "independent living";
    }

    /// The level of education.
    EducationLevel in "education-levels" {
        School = "school", "школа", "school";
        Vocational = "vocational", "среднее профессиональное", "vocational education";
        Higher = "higher", "высшее", "higher education";
        Courses = "courses", "курсы", "courses";
    }
}

/// A period of a beneficiary's life as it is entered and edited, whole.
#[entry(LifePeriod: LifePeriodId, at "life-periods", named "life period" "life periods", tag "cases", read ReadCases, edit EditCases, under Beneficiary "beneficiaries", entering AddLifePeriod, by starts_on, personal, annul, past ends_on, judged)]
#[schema(example = json!({"kind": "education", "name": "Иркутский колледж автомобильного транспорта", "level": "vocational", "occupation": "Автомеханик", "course": 2, "starts_on": "2024-09-01"}))]
pub struct LifePeriodForm {
    /// The kind of the period. It stays as it was entered.
    #[told]
    #[filter = "Only of these kinds."]
    #[fixed(KIND_FIXED)]
    pub kind: LifePeriodKind,
    /// The place of education, the employer, the institution or the family of the placement, or the hobby.
    pub name: Title,
    /// The form of the placement: required of a placement, and of nothing else.
    pub placement: Option<PlacementForm>,
    /// The level of education: required of education, and of nothing else.
    pub level: Option<EducationLevel>,
    /// The speciality of education, or the post at work.
    pub occupation: Option<Title>,
    /// The course or the class of education, 1 to 12.
    #[within(1..=12)]
    pub course: Option<i32>,
    /// Whether the work is by a contract.
    pub official: Option<bool>,
    /// The club or the place of the hobby.
    pub place: Option<Title>,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day. Absent: the period goes on.
    pub ends_on: Option<NaiveDate>,
}

impl LifePeriodForm {
    fn judge(&self, _: LifePeriodId, _: Option<&Self>) -> Vec<Reason> {
        use LifePeriodKind::{Education, Hobby, Placement, Work};
        let mut reasons: Vec<Reason> = [
            ("/placement", self.placement.is_some(), &[Placement][..], true),
            ("/level", self.level.is_some(), &[Education], true),
            ("/occupation", self.occupation.is_some(), &[Education, Work], false),
            ("/course", self.course.is_some(), &[Education], false),
            ("/official", self.official.is_some(), &[Work], false),
            ("/place", self.place.is_some(), &[Hobby], false),
        ]
        .into_iter()
        .filter_map(|(pointer, is_told, kinds, is_required)| match (is_told, kinds.contains(&self.kind)) {
            (true, false) => Some(BOTH.reason().at(pointer).with("with", "/kind")),
            (false, true) if is_required => Some(MISSING.reason().at(pointer)),
            _ => None,
        })
        .collect();
        if self.ends_on.is_some_and(|it| it < self.starts_on) {
            reasons.push(ENDS_EARLY.reason().at("/ends_on"));
        }
        reasons
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entry::Entry;
    use crate::base::word::Word;
    use proptest::prelude::*;
    use serde_json::json;

    fn codes(form: &LifePeriodForm) -> Vec<(&'static str, String)> {
        let all = form.against(uuid::Uuid::nil().into(), None);
        all.iter().map(|it| (it.rule.code, it.pointer.clone().unwrap_or_default())).collect()
    }

    #[test]
    fn the_example_of_the_contract_is_a_period_of_education() {
        assert_eq!(codes(&crate::examples::of()), []);
    }

    proptest! {
        /// Each member belongs to its kinds alone, and each fault is told.
        #[test]
        fn a_member_of_another_kind_is_a_contradiction(kind in 0..4_usize, told in prop::array::uniform6(any::<bool>())) {
            let mut form = json!({"kind": LifePeriodKind::ALL[kind].code(), "name": "Клуб", "starts_on": "2024-09-01"});
            let members = [
                ("placement", json!("hostel"), vec!["placement"]),
                ("level", json!("school"), vec!["education"]),
                ("occupation", json!("Повар"), vec!["education", "work"]),
                ("course", json!(2), vec!["education"]),
                ("official", json!(true), vec!["work"]),
                ("place", json!("Дом творчества"), vec!["hobby"]),
            ];
            let mut faults = Vec::new();
            for ((member, value, kinds), told) in members.into_iter().zip(told) {
                let suits = kinds.contains(&form["kind"].as_str().unwrap());
                let is_required = ["placement", "level"].contains(&member);
                if told {
                    form[member] = value;
                }
                match (told, suits) {
                    (true, false) => faults.push(("field.combination", format!("/{member}"))),
                    (false, true) if is_required => faults.push(("field.missing", format!("/{member}"))),
                    _ => {}
                }
            }
            prop_assert_eq!(codes(&serde_json::from_value(form).unwrap()), faults);
        }
    }
}
