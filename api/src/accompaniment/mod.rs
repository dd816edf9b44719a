//! Accompaniment: cases, their problems and reviews, and tasks over HTTP.
//!
//! An institution opens, assigns and closes a case. Specialists add problems to it and record their changes.
//! Tasks are given within an institution, reported by their assignees and accepted by their controllers.
//!
//! Invariant: only an open case takes new problems.
pub mod case_problems;
pub mod cases;
pub mod consilia;
pub mod consilium_items;
pub mod overview;
pub mod reviews;
pub mod tasks;
pub mod team;
pub mod transfers;

use crate::http::routing::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    cases::routes(config);
    consilia::routes(config);
    consilium_items::routes(config);
    overview::routes(config);
    case_problems::routes(config);
    reviews::routes(config);
    tasks::routes(config);
    team::routes(config);
    transfers::routes(config);
}
