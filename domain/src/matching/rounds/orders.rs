//! The orders about a round: to begin, to adjust and to publish it.
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
    /// The organization whose beneficiaries are matched. Only a program's coordinator may omit it: then all beneficiaries of
    /// the program are matched.
    pub organization_id: Option<OrganizationId>,
    /// The territory of the beneficiaries: an ОКТМО code or the beginning of one. Absent: no limit.
    pub territory: Option<Oktmo>,
    /// The kind of round. `full` matches everybody who waits. `delta` matches only new beneficiaries, and keeps the proposals
    /// of the latest round of this program and organization.
    pub kind: RoundKind,
    /// The mode. Absent: the mode of the rules.
    pub mode: Option<MatchingMode>,
    /// The edition of the program's matching rules. Absent: the one in effect on the day `as_of`, or the shipped rules.
    pub rules_id: Option<MatchingRulesId>,
    /// The day for which people are assessed, from today to 90 days ahead. Absent: today.
    pub as_of: Option<NaiveDate>,
}

/// An order to adjust a ready round. It takes effect when the round is computed again.
#[form]
#[schema(example = json!({"kind": "pin", "beneficiary_id": "01980000-0000-7000-8000-000000000007", "mentor_id": "01980000-0000-7000-8000-00000000000f"}))]
pub struct Adjustment {
    /// The kind of adjustment.
    pub kind: AdjustmentKind,
    /// The beneficiary of the pair.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor of the pair.
    pub mentor_id: MentorId,
}

/// An order to publish a round. Each of its proposals becomes a proposed mentorship.
#[form]
#[schema(example = json!({"starts_on": "2026-04-01", "ends_on": "2026-12-31"}))]
pub struct Publication {
    /// The planned first day of the mentorships: today or later.
    pub starts_on: NaiveDate,
    /// The planned last day of the mentorships.
    pub ends_on: Option<NaiveDate>,
    /// The account of the tutor who will accompany the pairs.
    pub tutor_user_id: Option<UserId>,
}
