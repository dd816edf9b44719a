//! Cases and their problems.
mod case_problems;
mod cases;
