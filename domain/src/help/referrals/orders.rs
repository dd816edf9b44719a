//! Orders about referrals: the bodies of requests.
use crate::accompaniment::cases::CaseOpening;
use crate::accompaniment::cases::grounds::{CaseKind, CaseStage};
use crate::accompaniment::sharing::clauses;
use crate::base::clauses::{all_hold, clash};
use crate::base::id::{BeneficiaryId, ConsentId, FileId, NeedId, OrganizationId, UnitId, UserId};
use crate::base::text::{Note, repeats};
use crate::help::needs::NeedUrgency;
use crate::people::consents::CasePart;
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

/// An order to refer the beneficiary of a case to another organization.
#[form]
#[validate(schema(function = "referral_is_whole"))]
#[schema(example = json!({"to_organization_id": "01980000-0000-7000-8000-000000000001", "need_ids": ["01980000-0000-7000-8000-000000000053"], "reason": "Нужен психолог, который работает с подростками.", "urgency": "week", "parts": ["identity", "help"], "consent_id": "01980000-0000-7000-8000-000000000012"}))]
pub struct ReferralForm {
    /// The organization that is asked to help.
    pub to_organization_id: OrganizationId,
    /// Needs of the case that have not ended. Before the answer the other organization learns their domains alone.
    #[count(1..=10)]
    pub need_ids: Vec<NeedId>,
    /// The reason in words. The other organization reads it after its acceptance.
    pub reason: Note,
    /// The urgency.
    pub urgency: NeedUrgency,
    /// The parts of the case that the other organization reads after its acceptance, `identity` among them.
    #[at_most(8)]
    pub parts: Vec<CasePart>,
    /// The consent for the purpose `referral` that names the other organization and these parts.
    pub consent_id: Option<ConsentId>,
    /// The ground of law, instead of a consent. The director tells it, for `identity` and `life` alone.
    pub legal_ground: Option<Note>,
    /// The file with the ground of law. Required with it.
    pub ground_file_id: Option<FileId>,
}

fn referral_is_whole(it: &ReferralForm) -> Result<(), ValidationError> {
    let ground = clauses(it.consent_id, it.legal_ground.as_ref(), it.ground_file_id, &it.parts);
    all_hold(ground.into_iter().chain([clash(repeats(&it.need_ids), &["need_ids"])]))
}

/// An order to accept a referral.
#[form]
#[schema(example = json!({"specialist_user_id": "01980000-0000-7000-8000-000000000003"}))]
pub struct ReferralAcceptance {
    /// The account that does the work. It has a role in the organization that accepts.
    pub specialist_user_id: UserId,
}

/// An order to end an accepted referral: the work is done.
#[form]
#[schema(example = json!({"result": "Проведено восемь встреч, тревога снизилась."}))]
pub struct ReferralCompletion {
    /// The result in words, for the organization that has sent the referral.
    pub result: Note,
}

/// An order to return an accepted referral undone.
#[form]
#[schema(example = json!({"reason": "Не приходит на встречи."}))]
pub struct ReferralReturn {
    /// The reason in words.
    pub reason: Note,
}

/// An order to take a referral back.
#[form]
#[schema(example = json!({"reason": "Помощь больше не нужна."}))]
pub struct ReferralRevocation {
    /// The reason in words.
    pub reason: Option<Note>,
}

/// An order to open a case of the own organization for the one who is referred.
#[form]
#[schema(example = json!({"kind": "social", "reason": "Принята на психологическое сопровождение."}))]
pub struct OwnCaseOpening {
    /// The kind of accompaniment: social, unless another is told.
    pub kind: Option<CaseKind>,
    /// The first stage: accompaniment, unless another is told. The case of a care leaver tells it.
    pub stage: Option<CaseStage>,
    /// The specialist in charge: the specialist of the referral, unless another is told.
    pub specialist_user_id: Option<UserId>,
    /// The unit of the organization.
    pub unit_id: Option<UnitId>,
    /// The reason for accompaniment.
    pub reason: Option<Note>,
}

impl OwnCaseOpening {
    /// The order that opens the case today.
    pub fn opening(
        &self,
        (beneficiary_id, organization_id): (BeneficiaryId, OrganizationId),
        specialist_user_id: Option<UserId>,
        today: NaiveDate,
    ) -> CaseOpening {
        CaseOpening {
            beneficiary_id,
            organization_id,
            specialist_user_id,
            opened_on: today,
            reason: self.reason.clone(),
            kind: self.kind,
            stage: self.stage,
            unit_id: self.unit_id,
            legal_bases: Vec::new(),
            continues_id: None,
        }
    }
}
