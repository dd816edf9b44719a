//! Specialists of an organization, also those without an account: positions, direct support and terms (004 L164–166).
use crate::base::id::{SpecialistId, UnitId, UserId};
use crate::base::refusal::{Reason, rules};
use crate::base::text::{Name, Title};
use crate::base::word::words;
use chrono::NaiveDate;
use shape::entry;
use validator::Validate;

rules! {
    TERM = "specialist.term", Content, ours, "Работа не заканчивается раньше, чем начинается.", "The work does not end before it begins.";
}

words! {
    /// The position of a specialist.
    SpecialistPosition in "specialist-positions" {
        SocialPedagogue = "social_pedagogue", "социальный педагог", "social pedagogue";
        Psychologist = "psychologist", "педагог-психолог", "psychologist";
        MedicalWorker = "medical_worker", "медицинский работник", "medical worker";
        SocialWorker = "social_worker", "специалист по социальной работе", "social worker";
        Lawyer = "lawyer", "юрист", "lawyer";
        Tutor = "tutor", "тьютор", "tutor";
        Curator = "curator", "куратор, мастер, воспитатель", "curator";
        Manager = "manager", "руководитель", "manager";
        Other = "other", "иная должность", "other";
    }
}

/// A specialist of an organization as entered and edited, whole.
#[entry(Specialist: SpecialistId, at "specialists", named "specialist" "specialists", tag "organizations", read ReadPartnershipInside, edit EditPartnershipInside, under Organization "organizations", entering AddSpecialist, by name, until ends_on, annul, judged)]
#[schema(example = json!({"name": "Соболева Н. П.", "position": "psychologist", "direct_support": true, "starts_on": "2019-09-01"}))]
pub struct SpecialistForm {
    /// Name.
    pub name: Name,
    /// The position.
    #[told]
    #[filter = "Only in this position."]
    pub position: SpecialistPosition,
    /// The post in words, where the position does not tell it.
    pub post: Option<Title>,
    /// The unit, of the same organization.
    #[filter = "Only of this unit."]
    pub unit_id: Option<UnitId>,
    /// The account, if there is one.
    pub user_id: Option<UserId>,
    /// Whether the work is direct support of people, and not its organization.
    #[told]
    #[filter = "Only those whose work is direct support, or only others."]
    pub direct_support: bool,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: Option<NaiveDate>,
}

impl SpecialistForm {
    fn judge(&self, _: SpecialistId, _: Option<&Self>) -> Vec<Reason> {
        let is_turned = self.ends_on.is_some_and(|it| it < self.starts_on);
        is_turned.then(|| TERM.reason().at("/ends_on")).into_iter().collect()
    }
}
