//! Accompaniment: cases and their problems in the database.
//!
//! A case is visible to its institution and to the guardianship officer of the territory where the beneficiary lives.
//! A team member of another organization sees of a case only what `shared_cases` shows, and so does one that is to take it over.
//! A plan of a case is visible as the case is, one of a beneficiary to those who answer for them. A side reads the sections for it.
//! An assessment and an enrolment are visible to those who answer for the beneficiary, and in part to the mentor and the beneficiary.
//! A monthly record is visible as its case is.
//! A task is visible to its parties, to the heads of its institution, and to those who see its case.
//!
//! Invariant: a beneficiary has at most one open case in an institution. A partial unique index holds it.
pub(crate) mod asked;
pub mod assessments;
pub mod case_problems;
pub mod cases;
pub mod consilia;
pub mod contributions;
pub mod handovers;
pub mod living;
pub mod monthly_records;
pub mod plan_forms;
pub mod plans;
pub mod rules;
pub mod shared_cases;
pub(crate) mod sharing;
pub mod sides;
pub mod tasks;
pub mod team;
pub mod transfers;
