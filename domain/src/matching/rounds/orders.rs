//! What is sent to begin a round and to move it.
use super::{AdjustmentKind, RoundKind};
use crate::base::id::{BeneficiaryId, MatchingRulesId, MentorId, OrganizationId, ProgramId, UserId};
use crate::base::text::Oktmo;
use crate::matching::MatchingMode;
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

/// An order to begin a round of matching.
#[form]
#[schema(example = json!({"program_id": "01980000-0000-7000-8000-00000000000a", "organization_id": "01980000-0000-7000-8000-000000000001", "kind": "full", "mode": "coverage_first"}))]
pub struct RoundOrder {
    /// The program.
    pub program_id: ProgramId,
    /// The organization for whose beneficiaries it is; a program's coordinator may leave it out: for all of the program's.
    pub organization_id: Option<OrganizationId>,
    /// Only beneficiaries of this territory: those whose code begins so.
    pub territory: Option<Oktmo>,
    /// Whom it matches: everybody who waits, or only who came since the latest round of this program and organization, whose
    /// proposals it keeps.
    pub kind: RoundKind,
    /// Which comes first; without it, what the rules say.
    pub mode: Option<MatchingMode>,
    /// The edition of the program's rules of matching; without it, the one in effect as of that day, or the shipped rules.
    pub rules_id: Option<MatchingRulesId>,
    /// The day as of which people are judged, today to 90 days ahead; without it, today.
    pub as_of: Option<NaiveDate>,
}

/// An order that adjusts a ready round; it takes effect when the round is computed again.
#[form]
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
#[form]
#[schema(example = json!({"starts_on": "2026-04-01", "ends_on": "2026-12-31"}))]
pub struct Publication {
    /// The first day of the mentorships as planned, today or later.
    pub starts_on: NaiveDate,
    /// The last day as planned.
    pub ends_on: Option<NaiveDate>,
    /// The account of the tutor who will follow the pairs.
    pub tutor_user_id: Option<UserId>,
}
