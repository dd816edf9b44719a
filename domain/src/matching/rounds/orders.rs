//! What is sent to begin a round and to move it.
use super::{AdjustmentKind, RoundKind};
use crate::base::id::{BeneficiaryId, MatchingRulesId, MentorId, OrganizationId, ProgramId, UserId};
use crate::base::text::Oktmo;
use crate::matching::MatchingMode;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

/// An order to begin a round of matching.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"program_id": "01980000-0000-7000-8000-00000000000a", "organization_id": "01980000-0000-7000-8000-000000000001", "kind": "full", "mode": "coverage_first"}))]
pub struct RoundOrder {
    /// The program.
    pub program_id: ProgramId,
    /// The organization for whose beneficiaries it is; a program's coordinator may leave it out: for all of the program's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub organization_id: Option<OrganizationId>,
    /// Only beneficiaries of this territory: those whose code begins so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[validate(nested)]
    pub territory: Option<Oktmo>,
    /// Whom it matches: everybody who waits, or only who came since the latest round of this program and organization, whose
    /// proposals it keeps.
    pub kind: RoundKind,
    /// Which comes first; without it, what the rules say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub mode: Option<MatchingMode>,
    /// The edition of the program's rules of matching; without it, the one in effect as of that day, or the shipped rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub rules_id: Option<MatchingRulesId>,
    /// The day as of which people are judged, today to 90 days ahead; without it, today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub as_of: Option<NaiveDate>,
}

/// An order that adjusts a ready round; it takes effect when the round is computed again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "pin", "beneficiary_id": "01980000-0000-7000-8000-000000000007", "mentor_id": "01980000-0000-7000-8000-00000000000f"}))]
pub struct Adjustment {
    /// What is changed.
    pub kind: AdjustmentKind,
    /// The beneficiary of the pair.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor of the pair.
    pub mentor_id: MentorId,
}

/// An order that publishes a round: each of its proposals becomes a proposed mentorship.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"starts_on": "2026-04-01", "ends_on": "2026-12-31"}))]
pub struct Publication {
    /// The first day of the mentorships as planned, today or later.
    pub starts_on: NaiveDate,
    /// The last day as planned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ends_on: Option<NaiveDate>,
    /// The account of the tutor who will follow the pairs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub tutor_user_id: Option<UserId>,
}
