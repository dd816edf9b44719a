//! Storage on SQLite and PostgreSQL: the only crate that knows SQL.
//!
//! A region is a database of its own. Every query is written once and compiled for both engines. It runs inside a
//! [`tx::Tx`] and nowhere else. A change takes a [`domain::base::change::Changed`], which carries its fact.
//!
//! Areas depend on each other in one direction, as in `domain`. The order is engine, then tx, scope, journal,
//! sight, names, history and entry, then region, people, mentors, mentorships and matching. The area accompaniment depends on people.
//! [`agenda`], [`registry`] with `corrections`, and [`db`] are on top and know all areas.
pub mod accompaniment;
pub mod agenda;
mod corrections;
pub mod db;
pub mod engine;
pub mod entry;
pub mod help;
pub mod history;
pub mod idempotency;
pub mod journal;
pub mod matching;
pub mod mentors;
pub mod mentorships;
pub mod names;
pub mod overview;
pub mod partnership;
pub mod people;
pub mod region;
pub mod registry;
mod scope;
pub mod search;
pub mod sight;
pub mod tx;
