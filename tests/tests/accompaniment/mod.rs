//! Cases with their problems and contacts, snapshots and periods of life; tasks.
mod case_problems;
mod cases;
mod life;
mod stages;
mod tasks;
