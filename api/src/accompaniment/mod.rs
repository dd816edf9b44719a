//! Accompaniment: cases, their problems and reviews, and tasks over HTTP.
//!
//! An institution opens, assigns and closes a case. Specialists add problems to it and record their changes.
//! Plans are written in versions, which their approvers adopt one by one.
//! Each month of a case has a record, which the specialist in charge signs.
//! Assessments are made by scales; people take part in programmes of independent living.
//! Tasks are given within an institution, reported by their assignees and accepted by their controllers.
//!
//! Invariant: only an open case takes new problems.
pub mod assessments;
pub mod case_problems;
pub mod cases;
pub mod consilia;
pub mod living;
pub mod monthly_records;
pub mod plan_forms;
pub mod plans;
pub mod reviews;
pub mod sides;
pub mod tasks;
pub mod team;
pub mod transfers;

use crate::http::routing::ServiceConfig;

/// The routes of this area.
pub fn routes(config: &mut ServiceConfig<'_>) {
    cases::routes(config);
    consilia::routes(config);
    monthly_records::routes(config);
    sides::routes(config);
    case_problems::routes(config);
    reviews::routes(config);
    plan_forms::routes(config);
    plans::routes(config);
    assessments::routes(config);
    living::routes(config);
    tasks::routes(config);
    team::routes(config);
    transfers::routes(config);
}
