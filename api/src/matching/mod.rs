//! Matching over HTTP.
mod profiles;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    profiles::routes(config);
}
