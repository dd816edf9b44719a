//! Matching over HTTP: what people tell of themselves, the rules, candidates, rounds and the waiting list.
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
