//! Matching over HTTP: profiles, rules, candidates, joint activities, rounds, the waiting list.
//!
//! Computing and publishing are jobs ([`work`]): 202 and an address that tells how far they are.
//!
//! Invariant: nothing that computes over people runs on a worker thread.
mod candidates;
pub mod joint_activities;
mod profiles;
mod recalled;
mod rounds;
mod rules;
mod waiting;
pub mod work;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    joint_activities::routes(config);
    profiles::routes(config);
    rules::routes(config);
    candidates::routes(config);
    rounds::routes(config);
    waiting::routes(config);
}
