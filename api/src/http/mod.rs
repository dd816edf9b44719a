//! HTTP: the steps that every request passes, and the state that the requests of a process share.
//!
//! - [`guard`]: the only way to a transaction. [`entered`]: the caller, the right, the version and the key of a request.
//! - [`order`], [`json`]: bodies, read strictly. [`faults`]: all that is wrong with a body, each fault with its pointer.
//! - [`upload`]: files; [`slots`]: how many at once.
//! - [`routing`]: operations, named once for the server and for the contract.
//! - [`accepted`], [`tags`]: what a client takes, and what it has seen.
//! - [`answer`], [`download`], [`list`], [`history`], [`page`]: answers. [`problem`]: refusals in the client's language.
//! - [`state`]: regions, and all that the requests share. [`config`]: settings.
//! - [`logins`]: tokens, passwords, guesses, and the address of a client behind proxies.
//!
//! Invariant: a handler reaches the database only through `Guarded<may::X>`.
pub mod accepted;
pub mod answer;
pub mod config;
pub mod download;
pub mod entered;
pub mod faults;
pub mod guard;
pub mod history;
pub mod json;
pub mod leaving;
pub mod list;
pub mod logins;
pub mod naming;
pub mod order;
pub mod page;
pub mod problem;
mod remembered;
pub mod routing;
pub mod slots;
pub mod state;
pub mod tags;
pub mod upload;
