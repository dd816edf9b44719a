//! Cases, their problems and tasks.
mod case_problems;
mod cases;
mod tasks;
