//! Region: accounts, organizations, municipalities, programs, annexes, files, jobs and catalogues over HTTP.
//!
//! Login and catalogues need no account; every other request passes the guard.
//!
//! Invariant: data for a demonstration or a new region passes the same rules as a client's order.
pub mod annexes;
pub mod catalogues;
pub mod files;
pub mod jobs;
pub mod programs;
pub mod specialists;
pub mod users;

use crate::http::routing::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    users::routes(config);
    programs::routes(config);
    annexes::routes(config);
    files::routes(config);
    jobs::routes(config);
    specialists::routes(config);
    catalogues::routes(config);
}
