//! Every route of the API, area by area.
use crate::http::routing::{self, ServiceConfig};
use actix_web::web;
use utoipa::openapi::OpenApi;

/// The path under which the API is served.
pub const BASE: &str = "/api/v1";

/// Every route of the API, on a server.
pub fn routes(config: &mut web::ServiceConfig) {
    routing::serve(config, BASE, areas);
}

/// Every operation of the API, in a contract.
pub fn operations(contract: &mut OpenApi) {
    routing::describe(contract, BASE, areas);
}

fn areas(config: &mut ServiceConfig<'_>) {
    crate::region::routes(config);
    crate::people::routes(config);
    crate::accompaniment::routes(config);
    crate::help::routes(config);
    crate::partnership::routes(config);
    crate::mentors::routes(config);
    crate::mentorships::routes(config);
    crate::matching::routes(config);
    crate::search::routes(config);
    crate::overview::routes(config);
    crate::agenda::routes(config);
    // Last: the address of one entry takes each word behind the collection that no other operation has.
    crate::entries::routes(config);
}
