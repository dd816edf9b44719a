//! Orders about transfers: the bodies of requests.
use super::words::{AnswerReason, TransferReason};
use crate::accompaniment::sharing::clauses;
use crate::base::clauses::{all_hold, clash, unexplained};
use crate::base::id::{ConsentId, FileId, MentorshipId, OrganizationId, UnitId, UserId};
use crate::base::text::{Note, repeats};
use crate::people::consents::CasePart;
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

/// An order to propose a transfer of a case to another organization.
#[form]
#[validate(schema(function = "transfer_is_whole"))]
#[schema(example = json!({"to_organization_id": "01980000-0000-7000-8000-000000000001", "reason": "study", "parts": ["identity", "life"], "consent_id": "01980000-0000-7000-8000-000000000012", "mentorship_ids": ["01980000-0000-7000-8000-00000000000e"], "note": "Поступила в колледж, живёт в общежитии."}))]
pub struct CaseTransferForm {
    /// The organization that is to take the case over.
    pub to_organization_id: OrganizationId,
    /// The reason.
    pub reason: TransferReason,
    /// The parts of this case that the other organization reads, `identity` among them.
    #[at_most(8)]
    pub parts: Vec<CasePart>,
    /// The consent for the purpose `transfer` that names the other organization and these parts.
    pub consent_id: Option<ConsentId>,
    /// The ground of law, instead of a consent. The director tells it, for `identity` and `life` alone.
    pub legal_ground: Option<Note>,
    /// The file with the ground of law. Required with it.
    pub ground_file_id: Option<FileId>,
    /// The day on which the transfer is wished: today or later.
    pub wished_on: Option<NaiveDate>,
    /// Mentorships that are handed over with the case: all of the beneficiary here that have not ended.
    #[at_most(10)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentorship_ids: Vec<MentorshipId>,
    /// The transfer in words, to both organizations. Required when the reason is `other`.
    pub note: Option<Note>,
}

fn transfer_is_whole(it: &CaseTransferForm) -> Result<(), ValidationError> {
    let ground = clauses(it.consent_id, it.legal_ground.as_ref(), it.ground_file_id, &it.parts);
    all_hold(ground.into_iter().chain([
        clash(repeats(&it.mentorship_ids), &["mentorship_ids"]),
        unexplained(it.reason, it.note.as_ref()),
    ]))
}

/// An order to accept a transfer: the organization takes the case over today.
#[form]
#[schema(example = json!({"specialist_user_id": "01980000-0000-7000-8000-000000000003"}))]
pub struct TransferAcceptance {
    /// The account of the specialist in charge. It has a role in the organization that takes the case over.
    pub specialist_user_id: UserId,
    /// The unit of that organization.
    pub unit_id: Option<UnitId>,
    /// The account of the tutor who follows the mentorships that are handed over. Absent: each keeps its tutor, except one who serves the
    /// former organization and not this one.
    pub tutor_user_id: Option<UserId>,
}

/// An order to reject what another organization has asked: a transfer, or a referral.
#[form]
#[validate(schema(function = "rejection_is_whole"))]
#[schema(example = json!({"reason": "no_capacity"}))]
pub struct Rejection {
    /// The reason.
    pub reason: AnswerReason,
    /// The reason in words. Required when the reason is `other`.
    pub note: Option<Note>,
}

fn rejection_is_whole(it: &Rejection) -> Result<(), ValidationError> {
    all_hold([unexplained(it.reason, it.note.as_ref())])
}

/// An order to take a proposed transfer back.
#[form]
#[schema(example = json!({"note": "Получатель передумал."}))]
pub struct TransferWithdrawal {
    /// The reason in words.
    pub note: Option<Note>,
}
