//! Filters of lists: [`any`] of several values, [`plain`] numbers and truth values as text, and the [`order`] of rows. The [`period`] of a figure.
pub mod any;
pub mod order;
pub mod period;
pub mod plain;
