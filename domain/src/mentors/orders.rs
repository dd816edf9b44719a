//! What a candidate and a director send: the form with its annexes and the orders of each step.
use super::{DecisionKind, MentorBackground, RejectionReason};
use crate::base::id::{AnnexId, FileId, OrganizationId, PersonId, ProgramId};
use crate::base::text::{Note, OrderNumber, Title, contradiction};
use crate::region::annexes::AnnexAnswer;
use crate::region::files::FilePurpose;
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

/// The written statement to the director (annex 1).
#[form]
pub struct Statement {
    /// The director to whom it is addressed, by office and name.
    pub addressed_to: Title,
    /// What the candidate asks.
    pub text: Note,
    /// When it was signed, not in the future.
    pub signed_on: NaiveDate,
    /// The version of the annex by which it was written.
    pub annex_id: Option<AnnexId>,
}

/// The questionnaire (annex 2).
#[form]
#[validate(schema(function = "answers_belong_to_an_annex"))]
pub struct Questionnaire {
    /// Where the candidate comes from, at least one.
    #[count(1..=12)]
    pub backgrounds: Vec<MentorBackground>,
    /// Place of work or study and position.
    pub occupation: Title,
    /// Education.
    pub education: Option<Title>,
    /// Life and professional experience that could help a recipient.
    pub experience: Option<Note>,
    /// Why the candidate wants to be a mentor.
    pub motivation: Note,
    /// Interests and skills to share.
    pub interests: Option<Note>,
    /// When the candidate can meet a recipient.
    pub availability: Option<Title>,
    /// The version of the annex that was filled in; it stays, whatever version follows.
    pub annex_id: Option<AnnexId>,
    /// Answers to the fields of that version, judged when the application is submitted.
    #[at_most(50)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<AnnexAnswer>,
}

fn answers_belong_to_an_annex(it: &Questionnaire) -> Result<(), ValidationError> {
    if it.annex_id.is_none() && !it.answers.is_empty() { Err(contradiction()) } else { Ok(()) }
}

/// A document that a candidate or mentor presented.
#[form]
#[validate(schema(function = "issued_before_expiry"))]
pub struct ApplicationDocument {
    /// What it is.
    pub purpose: FilePurpose,
    /// The copy.
    pub file_id: FileId,
    /// When it was issued, not in the future.
    pub issued_on: Option<NaiveDate>,
    /// The last day on which it is valid; without it, as long as the program says.
    pub valid_until: Option<NaiveDate>,
}

fn issued_before_expiry(it: &ApplicationDocument) -> Result<(), ValidationError> {
    let expired_unissued = it.issued_on.zip(it.valid_until).is_some_and(|(issued, last)| last < issued);
    if expired_unissued { Err(contradiction()) } else { Ok(()) }
}

/// A candidate's application as it is entered and edited, whole.
#[form]
#[schema(example = json!({"person_id": "01980000-0000-7000-8000-000000000005", "organization_id": "01980000-0000-7000-8000-000000000001", "ngo_id": "01980000-0000-7000-8000-000000000016", "program_id": "01980000-0000-7000-8000-00000000000a", "statement": {"addressed_to": "Директору ОГБУ «УСЗСОН по Эхирит-Булагатскому району»", "text": "Прошу рассмотреть мою кандидатуру в качестве наставника.", "signed_on": "2026-02-10"}, "questionnaire": {"backgrounds": ["ngo_specialist"], "occupation": "НКО «Доброе дело», координатор", "motivation": "Хочу помочь семье наладить быт."}, "documents": [{"purpose": "passport_copy", "file_id": "01980000-0000-7000-8000-00000000000c"}]}))]
pub struct ApplicationForm {
    /// The candidate.
    pub person_id: PersonId,
    /// The institution that decides.
    pub organization_id: OrganizationId,
    /// The organization that the candidate represents.
    pub ngo_id: Option<OrganizationId>,
    /// The program in which the candidate wants to be a mentor: its edition says what is asked.
    pub program_id: ProgramId,
    /// The statement (annex 1); a draft may be without it.
    pub statement: Option<Statement>,
    /// The questionnaire (annex 2); a draft may be without it.
    pub questionnaire: Option<Questionnaire>,
    /// The documents.
    #[at_most(20)]
    pub documents: Vec<ApplicationDocument>,
}

/// An order to submit a draft.
#[form]
#[derive(Default)]
#[schema(example = json!({"note": "Удобнее связаться по телефону после 18 часов."}))]
pub struct Submission {
    /// A word to those who will review.
    pub note: Option<Note>,
}

/// An order to approve or reject an application.
#[form]
#[validate(schema(function = "decision_is_whole"))]
#[schema(example = json!({"kind": "approve", "order_number": "12-н", "order_date": "2026-02-20"}))]
pub struct Decision {
    /// Approve or reject.
    pub kind: DecisionKind,
    /// Why: needed when rejecting, and only then.
    pub reason: Option<RejectionReason>,
    /// In the director's own words: needed when the reason is `other`.
    pub note: Option<Note>,
    /// The number of the order; given together with its date.
    pub order_number: Option<OrderNumber>,
    /// The date of the order, not in the future.
    pub order_date: Option<NaiveDate>,
}

fn decision_is_whole(it: &Decision) -> Result<(), ValidationError> {
    let reason_of_approval = it.kind == DecisionKind::Approve && it.reason.is_some();
    let half_an_order = it.order_number.is_some() != it.order_date.is_some();
    if reason_of_approval || half_an_order { Err(contradiction()) } else { Ok(()) }
}

/// An order to withdraw an application.
#[form]
#[derive(Default)]
#[schema(example = json!({"reason": "Переезжаю в другой район."}))]
pub struct Withdrawal {
    /// Why, if the candidate says so.
    pub reason: Option<Note>,
}
