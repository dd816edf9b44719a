//! Matching over HTTP: what people tell of themselves, the rules, candidates, rounds and the waiting list.
mod candidates;
mod profiles;
mod recalled;
mod rounds;
mod rules;
mod waiting;
pub mod work;

pub use recalled::Recalled;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    profiles::routes(config);
    rules::routes(config);
    candidates::routes(config);
    rounds::routes(config);
    waiting::routes(config);
}
