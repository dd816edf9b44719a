//! The list of all refusals of all areas, for clients and for tests.
use crate::base::refusal::Rule;

/// Every refusal that a rule can answer.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    [
        crate::base::entry::RULES,
        crate::base::entry::correction::RULES,
        crate::base::decree::RULES,
        crate::base::text::RULES,
        crate::base::access::RULES,
        crate::region::annexes::RULES,
        crate::accompaniment::case_problems::RULES,
        crate::accompaniment::cases::RULES,
        crate::accompaniment::cases::grounds::RULES,
        crate::accompaniment::cases::reviews::RULES,
        crate::accompaniment::case_contacts::RULES,
        crate::accompaniment::life_periods::RULES,
        crate::accompaniment::snapshots::RULES,
        crate::accompaniment::tasks::RULES,
        crate::accompaniment::consilia::RULES,
        crate::accompaniment::sharing::RULES,
        crate::accompaniment::team::RULES,
        crate::accompaniment::transfers::RULES,
        crate::accompaniment::plan_forms::RULES,
        crate::accompaniment::plans::RULES,
        crate::region::files::RULES,
        crate::mentorships::group_meetings::RULES,
        crate::matching::RULES,
        crate::matching::editions::RULES,
        crate::matching::rounds::RULES,
        crate::region::jobs::RULES,
        crate::matching::joint_activities::RULES,
        crate::matching::joint_activities::choices::RULES,
        crate::matching::joint_activities::vetoes::RULES,
        crate::mentorships::meetings::RULES,
        crate::matching::profiles::RULES,
        crate::mentors::RULES,
        crate::mentorships::RULES,
        crate::mentorships::corrections::RULES,
        crate::region::municipalities::RULES,
        crate::region::organizations::RULES,
        crate::people::RULES,
        crate::people::access_requests::RULES,
        crate::people::consents::RULES,
        crate::region::programs::RULES,
        crate::mentorships::mentor_reports::RULES,
        crate::mentorships::requests::RULES,
        crate::mentorships::surveys::RULES,
        crate::region::users::RULES,
    ]
    .into_iter()
    .flatten()
    .copied()
}
