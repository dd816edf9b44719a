//! Matching in the database: what it knows of people, the rules it goes by, rounds and what they propose.
pub mod candidates;
pub mod explanations;
mod mentors;
pub mod pool;
pub mod proposals;
pub mod publication;
pub mod rounds;
pub mod rules;
pub mod waiting;
