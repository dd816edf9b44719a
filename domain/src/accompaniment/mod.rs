//! Accompaniment: an institution's work with a beneficiary, before, beside and after mentoring.
//!
//! - [`cases`]: a beneficiary on accompaniment in an institution, with a specialist.
//! - [`case_problems`]: problems noticed in a case, and how each was resolved.
//!
//! Invariant: a beneficiary has at most one open case in an institution.
pub mod case_problems;
pub mod cases;
