//! Storage on SQLite and PostgreSQL: the only crate that knows SQL.
//!
//! A region is a database of its own. Every query is written once and compiled for both engines; it runs inside a
//! [`tx::Tx`] and nowhere else, and whatever changes anything takes a [`domain::base::change::Changed`], which carries its fact.
pub mod annexes;
pub mod backup;
pub mod card;
pub mod case_problems;
pub mod cases;
pub mod column;
pub mod conn;
pub mod contacts;
pub mod db;
pub mod documents;
pub mod failure;
pub mod group_meetings;
pub mod idempotency;
pub mod jobs;
pub mod joint_activities;
pub mod journal;
pub mod matching;
pub mod meetings;
pub mod mentors;
pub mod mentorships;
pub mod migrate;
pub mod municipalities;
pub mod organizations;
pub mod page;
pub mod people;
mod postgres;
pub mod programs;
mod reach;
pub mod reports;
pub mod requests;
mod schema;
pub mod seal;
pub mod sight;
mod sqlite;
pub mod surveys;
pub mod tx;
pub mod users;
