//! Trainings of specialists (000 L9, 001 L25, 003 L15, 004 L19). Only the own organization reads them, and administrators.
use crate::base::id::{FileId, OrganizationId, PersonId, SpecialistTrainingId, UserId};
use crate::base::refusal::Reason;
use crate::base::text::{MISSING, OrderNumber, Title};
use crate::base::word::words;
use crate::people::Lives;
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

words! {
    /// The kind of a training.
    SpecialistTrainingKind in "specialist-training-kinds" {
        Course = "course", "курсы", "course";
        Seminar = "seminar", "семинар", "seminar";
        Internship = "internship", "стажировка", "internship";
        Tutor = "tutor", "подготовка тьютора", "tutor training";
    }
}

/// A training of a specialist as it is entered and edited, whole.
#[entry(SpecialistTraining: SpecialistTrainingId, at "specialist-trainings", named "specialist training" "specialist trainings", tag "partnership", read ReadPartnershipInside, edit EditPartnershipInside, by ended_on, annul, past, judged, personal)]
#[schema(example = json!({"organization_id": "01980000-0000-7000-8000-000000000001", "user_id": "01980000-0000-7000-8000-000000000003", "name": "Сопровождение замещающих семей", "provider": "Институт повышения квалификации", "kind": "course", "hours": 72, "ended_on": "2025-11-20", "certificate_number": "452"}))]
pub struct SpecialistTrainingForm {
    /// The organization in which the specialist works.
    #[owner]
    #[filter = "Only of this organization."]
    pub organization_id: OrganizationId,
    /// The account of the specialist. This or the person is told.
    #[filter = "Only of this account."]
    pub user_id: Option<UserId>,
    /// The specialist as a person, where there is no account.
    #[filter = "Only of this person."]
    pub person_id: Option<PersonId>,
    /// Name.
    pub name: Title,
    /// The organization that trained, in words.
    pub provider: Title,
    /// The kind.
    #[told]
    #[filter = "Only of these kinds."]
    pub kind: SpecialistTrainingKind,
    /// The hours.
    #[within(1..=1_000)]
    pub hours: i32,
    /// The last day.
    pub ended_on: NaiveDate,
    /// The number of the certificate.
    pub certificate_number: Option<OrderNumber>,
    /// The file of the certificate.
    pub file_id: Option<FileId>,
}

impl SpecialistTrainingForm {
    fn judge(&self, _: SpecialistTrainingId, _: Option<&Self>) -> Vec<Reason> {
        let nobody = self.user_id.is_none() && self.person_id.is_none();
        nobody.then(|| MISSING.reason().at("/user_id").with("with", "/person_id")).into_iter().collect()
    }
    /// The reasons against a day outside of the life of the specialist.
    pub fn against_life(&self, life: &Lives) -> Vec<Reason> {
        life.against([("/ended_on", self.ended_on)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Life;

    #[test]
    fn a_training_lies_within_the_life_of_the_specialist() {
        let form: SpecialistTrainingForm = crate::examples::of();
        let codes = |born_on: NaiveDate, died_on: Option<NaiveDate>| -> Vec<&'static str> {
            let life = Lives(vec![Life { born_on, died_on }]);
            form.against_life(&life).iter().map(|it| it.rule.code).collect()
        };
        let (last, after) = (form.ended_on, form.ended_on.succ_opt().unwrap());
        assert_eq!(codes(NaiveDate::MIN, Some(last)), Vec::<&str>::new());
        assert_eq!(codes(NaiveDate::MIN, last.pred_opt()), ["life.after_death"]);
        assert_eq!(codes(after, None), ["life.before_birth"]);
    }
}
