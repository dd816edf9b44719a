//! The mentor record: created by an approval, edited later.
use super::applications::dates_of_documents;
use super::{ApplicationDocument, ApplicationForm, MentorBackground, Removal};
use crate::base::change::{Changed, changed_fields, facts};
use crate::base::id::{ApplicationId, EditionId, MentorId, OrganizationId, PersonId};
use crate::base::refusal::Refused;
use crate::base::text::Note;
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

/// The data of a mentor. An edit replaces all members.
#[form]
#[schema(example = json!({"capacity": 2, "qualified_risk_level": 1, "backgrounds": ["ngo_specialist"], "ngo_id": "01980000-0000-7000-8000-000000000001"}))]
pub struct MentorForm {
    /// The greatest number of active mentorships at a time in all programs together, 1 to 3.
    #[within(1..=3)]
    pub capacity: i32,
    /// The highest risk level of a case for which the mentor is qualified, 0 to 3.
    #[within(0..=3)]
    #[serde(default)]
    #[schema(default = 0)]
    pub qualified_risk_level: i32,
    /// The professional or social backgrounds of the mentor.
    #[at_most(12)]
    pub backgrounds: Vec<MentorBackground>,
    /// The organization that the mentor represents.
    pub ngo_id: Option<OrganizationId>,
    /// The documents of the mentor, renewed ones included.
    #[at_most(20)]
    pub documents: Vec<ApplicationDocument>,
    /// A note for specialists.
    pub note: Option<Note>,
}

facts! {
    /// A candidate became a mentor.
    MentorAdded = "mentor.added",
        "Кандидат стал наставником[, учреждение: {organization_id}]",
        "The candidate became a mentor[, institution: {organization_id}]"
        about Mentor (MentorId) {
        /// The institution that approved the candidate.
        organization_id: OrganizationId,
        /// The approved application.
        application_id: ApplicationId,
    }
    /// A mentor was edited.
    MentorEdited = "mentor.edited",
        "Данные наставника изменены[: {fields}]",
        "The data of the mentor was edited[: {fields}]"
        about Mentor (MentorId) {
        /// The names of the members that changed.
        fields: Vec<String>,
    }
    /// The last day of a mentor's documents was computed by another edition of the program.
    MentorReckoned = "mentor.documents_reckoned",
        "Срок действия документов наставника пересчитан[: по {valid_until}]",
        "The validity of the mentor's documents was computed anew[: until {valid_until}]"
        about Mentor (MentorId) {
        /// The edition by which the day was computed.
        edition_id: EditionId,
        /// The last day on which all documents are valid; none if no document expires.
        valid_until: Option<NaiveDate>,
    }
}

/// The last day of a mentor's documents by an edition of the program.
#[derive(Debug, Clone, Copy)]
pub struct Reckoned {
    /// The mentor's id.
    pub id: MentorId,
    /// The edition by which the day was computed.
    pub edition_id: EditionId,
    /// The last day on which all documents are valid; none if no document expires.
    pub valid_until: Option<NaiveDate>,
}

impl Reckoned {
    /// Takes over the day that an edition gives.
    pub fn by(id: MentorId, edition_id: EditionId, valid_until: Option<NaiveDate>) -> Changed<Self> {
        let fact = MentorReckoned { id, edition_id, valid_until };
        Changed::new(Self { id, edition_id, valid_until }, fact)
    }
}

/// A mentor, with the data that the rules check.
#[derive(Debug, Clone)]
pub struct Mentor {
    /// The mentor's id.
    pub id: MentorId,
    /// The person who is the mentor.
    pub person_id: PersonId,
    /// The institution that approved the mentor.
    pub organization_id: OrganizationId,
    /// The approved application.
    pub application_id: ApplicationId,
    /// The day of the approval.
    pub approved_on: NaiveDate,
    /// The data that an edit may change.
    pub form: MentorForm,
    /// The removal, while it is in effect.
    pub removal: Option<Removal>,
}

impl Mentor {
    /// The mentor record that an approval creates. The first capacity is one mentorship (our rule), until somebody raises it.
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
        reasons.splice(0..0, self.offers(false).against_a_removed_one());
        Refused::unless_empty(reasons)?;
        let fact = MentorEdited { id: self.id, fields: changed_fields(&self.form, form) };
        Ok(Changed::new(Self { form: form.clone(), ..self }, fact))
    }
}
