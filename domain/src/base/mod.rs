//! Base: the shared types that all other areas use.
//!
//! - [`id`]: identifiers, one type for each kind of thing.
//! - [`moment`]: instants, calendar days in a time zone.
//! - [`month`]: calendar months.
//! - [`network`]: networks of addresses.
//! - [`text`]: text types that check themselves: names, notes, СНИЛС, telephones; names as they are found.
//! - [`written`]: days, instants and ids as text.
//! - [`clauses`]: rules over several members of a form.
//! - [`word`]: closed vocabularies, with labels in Russian and English.
//! - [`refusal`]: the answer of a broken rule, with its code and its paragraph of the source.
//! - [`change`]: a new value with the facts that explain it. Storage saves nothing else.
//! - [`telling`]: facts in words, in both languages.
//! - [`named`]: names of details of facts and members of forms, with labels.
//! - [`filters`]: words and values of lists: several at once, as text in an address, and the order of rows.
//! - [`entry`]: plain records, told by their form alone; editions; the annulment of records of the past.
//! - [`action`]: the orders that a card offers, and what refuses them now.
//! - [`decree`]: the papers by which a director or an authority decides.
//! - [`access`]: roles, rights, and the rows that a right reaches.
//!
//! Invariant: this area uses no other area.
pub mod access;
pub mod action;
pub mod change;
pub mod clauses;
pub mod decree;
pub mod entry;
pub mod filters;
pub mod id;
pub mod kept;
pub mod moment;
pub mod month;
pub mod named;
pub mod network;
pub mod refusal;
pub mod telling;
pub mod text;
pub mod word;
pub mod written;
