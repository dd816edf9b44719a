//! Region: what a region has before anybody is mentored in it.
//!
//! - [`organizations`]: organizations of the partnership and their units.
//! - [`municipalities`]: where people live, with a middle for distances.
//! - [`users`]: accounts, passwords, sessions, keys of integrations.
//! - [`programs`]: programs as data, with editions that never change what began earlier.
//! - [`annexes`]: annexes 1 to 3 of the regulation, in versions.
//! - [`files`]: uploaded files and their purposes.
//! - [`jobs`]: work that takes longer than a request.
//!
//! Invariant: a mentorship keeps the edition of the program under which it began.
pub mod annexes;
pub mod files;
pub mod jobs;
pub mod municipalities;
pub mod organizations;
pub mod programs;
pub mod users;
