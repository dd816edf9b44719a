//! Base: the shared types that all other areas use.
//!
//! - [`id`]: identifiers, one type for each kind of thing.
//! - [`moment`]: instants, calendar days in a time zone, calendar months.
//! - [`names`]: names as they are found.
//! - [`network`]: networks of addresses.
//! - [`text`]: text types that check themselves: names, notes, СНИЛС, telephones.
//! - [`clauses`]: rules over several members of a form.
//! - [`word`]: closed vocabularies, with labels in Russian and English.
//! - [`refusal`]: the answer of a broken rule, with its code and its paragraph of the source.
//! - [`change`]: a new value with the facts that explain it. Storage saves nothing else.
//! - [`telling`]: facts in words, in both languages.
//! - [`named`]: names of details of facts and members of forms, with labels.
//! - [`entry`]: plain records, told by their form alone.
//! - [`correction`]: the annulment of records of the past.
//! - [`action`]: the orders that a card offers, and what refuses them now.
//! - [`decree`]: the papers by which a director or an authority decides.
//! - [`access`]: roles, rights, and the rows that a right reaches.
//! - [`written`]: days, instants and ids as text.
//!
//! Invariant: this area uses no other area.
pub mod access;
pub mod action;
pub mod any;
pub mod change;
pub(crate) mod characters;
pub mod clauses;
pub mod correction;
pub mod decree;
pub(crate) mod editions;
pub mod entry;
pub mod id;
pub mod kept;
pub mod moment;
pub mod named;
pub mod names;
pub mod network;
pub mod order;
pub mod plain;
pub mod refusal;
pub mod telling;
pub mod text;
pub mod word;
pub mod written;
