//! Plans in the database: plans, their versions and results.
//!
//! - `cards`: the read models. `in_force`: what a granted case shows of plans. `seen`: who reads a plan, and the caller's standing to it.
//! - `plan`: plans, their lists, and what rules need when one is opened. `versions`: versions and their comparison.
//! - `routes`: the route of a case, as a consilium asks for it. `results`: results of goals and steps. `saving`: the writes of each step.
//! - `waiting`: what waits for the approval of the caller. `names`: the names beside ids.
//!
//! Invariant: a version is superseded in the transaction that adopts the next one; partial unique indexes hold one of each.
mod cards;
mod in_force;
mod names;
mod plan;
mod results;
mod routes;
mod saving;
mod seen;
mod versions;
mod waiting;

pub use cards::{PlanCard, PlanComparison, PlanResultCard, PlanVersionCard, PlanVersionSummary};
pub use in_force::PlanInForce;
pub use plan::{PlanFilter, PlanReviewFilter, card, list, load, of_beneficiary, opening};
pub use results::{PlanResultFilter, results};
pub use saving::{
    save_approved, save_drafted, save_edited, save_ended, save_opened, save_reported, save_returned,
    save_submitted,
};
pub use versions::{LoadedVersion, comparison, last_version, load_version, version_card};

pub(in crate::accompaniment) use in_force::in_force;
pub(crate) use names::{names, version_names};
pub(crate) use plan::{life_plan_adopted, reaches};
pub(crate) use routes::{route_goals_open, submitted_route};
pub(crate) use saving::{end_by_death, end_with_case};
pub(in crate::accompaniment) use seen::Ward;
pub(crate) use versions::{pass_on, reaches as reaches_version};
pub(crate) use waiting::to_approve;
