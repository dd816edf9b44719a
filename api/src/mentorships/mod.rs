//! Mentorships over HTTP: the steps of a mentorship, and the records of a running one.
//!
//! - [`steps`]: proposal, answers, consents, confirmation, course and ends.
//! - [`corrections`]: annulments of extensions and ends.
//! - [`meetings`] and [`group_meetings`]; [`requests`] of the sides; [`surveys`] and [`mentor_reports`].
//!
//! Invariant: each step has an order of its own, so that each act stays on record.
pub mod corrections;
pub mod group_meetings;
pub mod meetings;
pub mod mentor_reports;
pub mod requests;
pub mod steps;
pub mod surveys;

use crate::http::routing::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    steps::routes(config);
    corrections::routes(config);
    meetings::routes(config);
    group_meetings::routes(config);
    requests::routes(config);
    surveys::routes(config);
    mentor_reports::routes(config);
}
