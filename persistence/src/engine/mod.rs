//! Engine: the two databases, and how one query is written for both.
//!
//! - [`conn`]: a connection of either engine; `db!` compiles a query for each.
//! - [`column`]: domain values as columns. `schema` lists the tables.
//! - `birthday`: the coming of age in SQL.
//! - [`card`], [`page`]: metadata of read models, and pages of lists. `lapsing`: states that time alone changes.
//! - `counts`: rows counted by a member. `listed`: conditions on lists of words.
//! - [`failure`]: the reasons of failed transactions, and the rule behind each unique index.
//! - [`seal`]: keys, sealed values, keyed digests.
//! - `sqlite`, `postgres`: reading and writing on each engine.
//!
//! Invariant: nothing here knows a feature, except the rules that `failure` names.
pub(crate) mod birthday;
pub mod card;
pub mod column;
pub mod conn;
pub mod counts;
pub(crate) mod editions;
pub mod failure;
pub(crate) mod lapsing;
pub(crate) mod listed;
pub mod page;
pub(crate) mod postgres;
pub(crate) mod schema;
pub mod seal;
pub(crate) mod sqlite;
pub(crate) mod statement;
