//! Accompaniment: cases and their problems over HTTP.
//!
//! An institution opens, assigns and closes a case. Specialists add problems to it and record their changes.
//!
//! Invariant: only an open case takes new problems.
pub mod case_problems;
pub mod cases;

use crate::http::routing::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    cases::routes(config);
    case_problems::routes(config);
}
