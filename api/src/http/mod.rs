//! HTTP: what every request passes through, and what a process shares between requests.
//!
//! - [`guard`]: who asks, by what right, which version, which key; the only door to a transaction.
//! - [`order`], [`json`], [`upload`]: bodies, read strictly; each error with its pointer.
//! - [`answer`], [`download`], [`list`], [`history`], [`page`]: what goes out. [`problem`]: refusals in the client's language.
//! - [`state`]: regions, [`tokens`], [`throttle`], [`config`]. [`password`]: hashing off the workers.
//!
//! Invariant: a handler reaches the database only through `Guarded<may::X>`.
pub mod answer;
pub mod config;
pub mod download;
pub mod guard;
pub mod history;
pub mod json;
pub mod list;
pub mod order;
pub mod page;
pub mod password;
pub mod problem;
pub mod state;
pub mod throttle;
pub mod tokens;
pub mod upload;
