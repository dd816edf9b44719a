//! Accompaniment: cases and their problems over HTTP.
//!
//! A case is opened, assigned, and closed by its institution. A problem of a case is noticed, followed and resolved.
pub mod case_problems;
pub mod cases;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    cases::routes(config);
    case_problems::routes(config);
}
