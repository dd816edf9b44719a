//! Engine: the two databases, and how one query is written for both.
//!
//! - [`conn`]: a connection of either engine; `db!` compiles a query for each.
//! - [`column`]: domain values as columns. `schema` lists the tables.
//! - [`card`], [`page`]: what a read model tells of itself, and windows of lists.
//! - `editions`: how the latest edition is found, or the one in effect on a day.
//! - [`failure`]: why a transaction failed, and the rule behind each unique index.
//! - [`seal`]: keys, sealed values, keyed digests.
//! - `sqlite`, `postgres`: how each engine reads and writes.
//!
//! Invariant: nothing here knows a feature, but for the rules that `failure` names.
pub mod card;
pub mod column;
pub mod conn;
pub(crate) mod editions;
pub mod failure;
pub mod page;
pub(crate) mod postgres;
pub(crate) mod schema;
pub mod seal;
pub(crate) mod sqlite;
