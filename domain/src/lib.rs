//! The rules of mentoring, with no HTTP, no SQL, no clock and no randomness.
//!
//! A rule takes the state it leaves and an order. It answers a change with its fact, or a refusal with its paragraph.
//!
//! Areas depend on each other in one direction: base ← region ← people ← mentors ← mentorships ← matching; accompaniment
//! stands on people. [`codes`] and [`catalogues`] list what all areas have, so they stand on top.
pub mod accompaniment;
pub mod base;
pub mod catalogues;
pub mod codes;
#[cfg(test)]
mod examples;
pub mod matching;
pub mod mentors;
pub mod mentorships;
pub mod people;
pub mod region;
