//! What is sent to move a mentorship: one order for each step.
use super::{AnswerKind, DeclineReason, Party, Signatory, TerminationGround};
use crate::id::{BeneficiaryId, FileId, MentorId, PersonId, ProgramId, RepresentativeId, UserId};
use crate::mentors::Removal;
use crate::text::{Note, OrderNumber, contradiction};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

/// An order to propose a mentorship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"program_id": "01980000-0000-7000-8000-00000000000a", "beneficiary_id": "01980000-0000-7000-8000-000000000007", "mentor_id": "01980000-0000-7000-8000-00000000000f", "starts_on": "2026-03-10", "ends_on": "2026-12-31", "reason": "Семье нужна помощь в организации быта, наставник живёт рядом."}))]
pub struct Proposal {
    /// The program; its edition in force on the first day holds to the end.
    pub program_id: ProgramId,
    /// The recipient.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor.
    pub mentor_id: MentorId,
    /// The account of the tutor who will follow the pair.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub tutor_user_id: Option<UserId>,
    /// The first day as planned, today or later.
    pub starts_on: NaiveDate,
    /// The last day as planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ends_on: Option<NaiveDate>,
    /// Why these two, 002 §3.8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[validate(nested)]
    pub reason: Option<Note>,
}

/// The answer of a side to a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "answer_is_whole"))]
#[schema(example = json!({"party": "recipient", "decision": "accept", "on_paper_file_id": "01980000-0000-7000-8000-00000000000c"}))]
pub struct Acceptance {
    /// The side that answers.
    pub party: Party,
    /// What it answers. Declining is possible until the mentorship begins, even after accepting.
    pub decision: AnswerKind,
    /// Why it declines, if it says so; only when declining.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub reason: Option<DeclineReason>,
    /// In its own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[validate(nested)]
    pub note: Option<Note>,
    /// The signed paper: needed when somebody else records that the side accepts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub on_paper_file_id: Option<FileId>,
}

fn answer_is_whole(it: &Acceptance) -> Result<(), ValidationError> {
    let reason_to_accept = it.decision == AnswerKind::Accept && it.reason.is_some();
    if reason_to_accept { Err(contradiction()) } else { Ok(()) }
}

/// The consent of the recipient (annex 3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "consent_is_whole"))]
#[schema(example = json!({"signatory": "representative", "person_id": "01980000-0000-7000-8000-000000000005", "representative_id": "01980000-0000-7000-8000-000000000008", "signed_on": "2026-03-05", "file_id": "01980000-0000-7000-8000-00000000000c"}))]
pub struct ConsentForm {
    /// In what capacity it is signed. For a family: `recipient`, by one of its adults.
    pub signatory: Signatory,
    /// Who signs.
    pub person_id: PersonId,
    /// The authority: needed for a representative, and only then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub representative_id: Option<RepresentativeId>,
    /// When it was signed: not before the proposal and not in the future.
    pub signed_on: NaiveDate,
    /// The signed paper: needed when somebody else records the consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub file_id: Option<FileId>,
}

fn consent_is_whole(it: &ConsentForm) -> Result<(), ValidationError> {
    let whole = it.representative_id.is_some() == (it.signatory == Signatory::Representative);
    if whole { Ok(()) } else { Err(contradiction()) }
}

/// An order that confirms a mentorship: from its first day the mentor is assigned (закреплён).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = "confirmation_is_whole"))]
#[schema(example = json!({"starts_on": "2026-03-10", "ends_on": "2026-12-31", "order_number": "15-н", "order_date": "2026-03-09"}))]
pub struct Confirmation {
    /// The first day, not before the consents.
    pub starts_on: NaiveDate,
    /// The last day, after the first and within the longest term of the program.
    pub ends_on: NaiveDate,
    /// The number of the order; given together with its date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[validate(nested)]
    pub order_number: Option<OrderNumber>,
    /// The date of the order, not in the future.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub order_date: Option<NaiveDate>,
}

fn confirmation_is_whole(it: &Confirmation) -> Result<(), ValidationError> {
    if it.order_number.is_some() == it.order_date.is_some() { Ok(()) } else { Err(contradiction()) }
}

/// An order to end a mentorship before its term (002 §3.11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"ground": "written_refusal", "ended_on": "2026-05-12", "document_file_id": "01980000-0000-7000-8000-00000000000c"}))]
pub struct Termination {
    /// The ground.
    pub ground: TerminationGround,
    /// The last day: not before the first one and not in the future.
    pub ended_on: NaiveDate,
    /// The written refusal: needed for `written_refusal`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub document_file_id: Option<FileId>,
    /// The number of the director's order: needed for `removed_by_director`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[validate(nested)]
    pub order_number: Option<OrderNumber>,
    /// The date of the order, not in the future: needed for `removed_by_director`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub order_date: Option<NaiveDate>,
    /// What happened: needed for `other_objective`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[validate(nested)]
    pub text: Option<Note>,
}

impl Termination {
    /// The removal of the mentor that goes with it: from the last day of the mentorship, by the same order.
    pub fn removal(&self) -> Option<Removal> {
        let (order_number, order_date) = self.order_number.clone().zip(self.order_date)?;
        let removal = Removal { removed_on: self.ended_on, order_number, order_date };
        (self.ground == TerminationGround::RemovedByDirector).then_some(removal)
    }
}
