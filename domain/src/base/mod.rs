//! Base: the words in which every other area speaks.
//!
//! - [`id`]: identifiers, one type for each kind of thing.
//! - [`moment`]: instants, days of a zone, months by the calendar.
//! - [`text`]: texts that are judged by their type: names, notes, СНИЛС, telephones.
//! - [`word`]: closed vocabularies with labels in Russian and English.
//! - [`refusal`]: a rule that was broken, with its code and paragraph.
//! - [`change`]: a new value with the facts that explain it. Storage saves nothing else.
//! - `editions`: what is issued from a day on and never edited.
//! - [`access`]: roles, rights, and the rows that a right reaches.
//!
//! Invariant: nothing here knows any area above it.
pub mod access;
pub mod change;
pub(crate) mod editions;
pub mod id;
pub mod moment;
pub mod refusal;
pub mod text;
pub mod word;
