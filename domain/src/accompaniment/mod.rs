//! Accompaniment: the work of an institution with a beneficiary before, during and after mentoring.
//!
//! - [`cases`]: a beneficiary on accompaniment in an institution, with a specialist.
//! - [`case_problems`]: problems noticed in a case, and their recorded changes.
//! - [`tasks`]: orders with a day, given within an institution or about a case.
//!
//! Invariant: a beneficiary has at most one open case in an institution.
pub mod case_problems;
pub mod cases;
pub mod tasks;
