//! A mentor: approved once and edited.
use super::applications::dates_of_documents;
use super::{ApplicationDocument, ApplicationForm, MentorBackground, REMOVED, Removal};
use crate::base::change::{Changed, changed_fields, facts};
use crate::base::id::{ApplicationId, MentorId, OrganizationId, PersonId};
use crate::base::refusal::Refused;
use crate::base::text::Note;
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

/// What may be edited about a mentor, whole.
#[form]
#[schema(example = json!({"capacity": 2, "qualified_risk_level": 1, "backgrounds": ["ngo_specialist"], "ngo_id": "01980000-0000-7000-8000-000000000001"}))]
pub struct MentorForm {
    /// How many mentorships the mentor can have active at a time, 1 to 3, in all programs together.
    #[within(1..=3)]
    pub capacity: i32,
    /// The gravest case that the mentor is qualified for, 0 to 3.
    #[within(0..=3)]
    #[serde(default)]
    #[schema(default = 0)]
    pub qualified_risk_level: i32,
    /// Where the mentor comes from.
    #[at_most(12)]
    pub backgrounds: Vec<MentorBackground>,
    /// The organization that the mentor represents.
    pub ngo_id: Option<OrganizationId>,
    /// The documents on record, renewed ones included.
    #[at_most(20)]
    pub documents: Vec<ApplicationDocument>,
    /// What specialists should know.
    pub note: Option<Note>,
}

facts! {
    /// Somebody became a mentor.
    MentorAdded = "mentor.added" about Mentor (MentorId) {
        /// The institution that approved.
        organization_id: OrganizationId,
        /// The application approved.
        application_id: ApplicationId,
    }
    /// A mentor's form changed.
    MentorEdited = "mentor.edited" about Mentor (MentorId) {
        /// The members that differ.
        fields: Vec<String>,
    }
}

/// A mentor as the rules see it.
#[derive(Debug, Clone)]
pub struct Mentor {
    /// The mentor's id.
    pub id: MentorId,
    /// Who it is.
    pub person_id: PersonId,
    /// The institution that approved.
    pub organization_id: OrganizationId,
    /// The application approved.
    pub application_id: ApplicationId,
    /// The day of the approval.
    pub approved_on: NaiveDate,
    /// What may be edited.
    pub form: MentorForm,
    /// The removal, while it holds.
    pub removal: Option<Removal>,
}

impl Mentor {
    /// The mentor whom an approval makes, with a capacity of one (ours) until somebody widens it.
    pub(super) fn approved(
        id: MentorId,
        application_id: ApplicationId,
        it: &ApplicationForm,
        on: NaiveDate,
    ) -> (Self, MentorAdded) {
        let backgrounds = it.questionnaire.as_ref().map(|it| it.backgrounds.clone()).unwrap_or_default();
        let form = MentorForm {
            capacity: 1,
            qualified_risk_level: 0,
            backgrounds,
            ngo_id: it.ngo_id,
            documents: it.documents.clone(),
            note: None,
        };
        let mentor = Self {
            id,
            person_id: it.person_id,
            organization_id: it.organization_id,
            application_id,
            approved_on: on,
            form,
            removal: None,
        };
        (mentor, MentorAdded { id, organization_id: it.organization_id, application_id })
    }
    /// Replaces the form.
    pub fn edit(self, form: &MentorForm, today: NaiveDate) -> Result<Changed<Self>, Refused> {
        let mut reasons = dates_of_documents(&form.documents, today);
        if self.removal.is_some() {
            reasons.insert(0, REMOVED.reason());
        }
        Refused::unless_empty(reasons)?;
        let fact = MentorEdited { id: self.id, fields: changed_fields(&self.form, form) };
        Ok(Changed::new(Self { form: form.clone(), ..self }, fact))
    }
}
