//! Accompaniment: cases and their problems in the database.
//!
//! A case is visible to its institution and to the guardianship officer of the territory where the beneficiary lives.
//!
//! Invariant: a partial unique index holds one open case of a beneficiary in an institution.
pub mod case_problems;
pub mod cases;
