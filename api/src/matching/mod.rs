//! Matching over HTTP: profiles, rules, candidates, joint activities, rounds, the waiting list.
//!
//! Computing and publishing are jobs ([`work`]). They are answered with 202 and the address of the job, which shows
//! the progress.
//!
//! Invariant: no computation over people runs on a worker thread.
mod candidates;
pub mod joint_activities;
mod profiles;
mod recalled;
mod rounds;
mod rules;
mod waiting;
pub mod work;

use crate::http::routing::ServiceConfig;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    joint_activities::routes(config);
    profiles::routes(config);
    rules::routes(config);
    candidates::routes(config);
    rounds::routes(config);
    waiting::routes(config);
}
