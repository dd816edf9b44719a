//! Partnership over HTTP: where more than the operations of an entry is needed.
//!
//! Agreements, meetings of councils, decisions, participants of events and the community; figures and directories.
//!
//! Invariant: a handler decides nothing; rules stand in `domain`.
pub mod action_packages;
pub mod agreements;
pub mod capacity;
pub mod community;
pub mod council_activity;
pub mod council_meetings;
pub mod decisions;
pub mod directory;
pub mod events;
pub mod projects;

use crate::http::routing::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    action_packages::routes(config);
    agreements::routes(config);
    capacity::routes(config);
    community::routes(config);
    council_activity::routes(config);
    council_meetings::routes(config);
    decisions::routes(config);
    directory::routes(config);
    events::routes(config);
    projects::routes(config);
}
