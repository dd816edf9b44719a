//! Filters of lists: [`any`] of several values, [`plain`] numbers and truth values as text, and the [`order`] of rows.
pub mod any;
pub mod order;
pub mod plain;
