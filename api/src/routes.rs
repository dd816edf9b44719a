//! Every route of the API, area by area.
use utoipa_actix_web::service_config::ServiceConfig;

/// The path under which the API is served.
pub const BASE: &str = "/api/v1";

/// Every route of the API.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(utoipa_actix_web::scope(BASE).configure(areas));
}

fn areas(config: &mut ServiceConfig<'_>) {
    crate::entries::routes(config);
    crate::region::routes(config);
    crate::people::routes(config);
    crate::accompaniment::routes(config);
    crate::mentors::routes(config);
    crate::mentorships::routes(config);
    crate::matching::routes(config);
    crate::search::routes(config);
    crate::agenda::routes(config);
}
