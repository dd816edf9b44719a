//! The rules of mentoring. They use no HTTP, no SQL, no clock and no randomness.
//!
//! A rule takes the present state and an order. It returns a change with its facts, or a refusal with its paragraph of the
//! source.
//!
//! Areas depend on each other in one direction: base ← region ← people ← mentors ← mentorships ← matching. Accompaniment
//! depends on people, help on accompaniment. [`codes`], [`history`] and [`catalogues`] collect entries of all areas, so they depend on all of them.
// The code that `#[entry]` writes names this crate as other crates do.
extern crate self as domain;

pub mod accompaniment;
pub mod base;
pub mod catalogues;
pub mod codes;
pub mod entries;
#[cfg(test)]
mod examples;
pub mod help;
pub mod history;
pub mod matching;
pub mod mentors;
pub mod mentorships;
pub mod partnership;
pub mod people;
pub mod region;
pub mod search;
