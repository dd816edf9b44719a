//! People, families, beneficiaries and their representatives over HTTP.
//!
//! People are found by a search with a body, for personal data stand in no address.
//!
//! Invariant: what a caller may not see is 404, whether or not it is there.
mod beneficiaries;
mod families;
mod persons;
mod representatives;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    persons::routes(config);
    families::routes(config);
    beneficiaries::routes(config);
    representatives::routes(config);
}
