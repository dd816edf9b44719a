//! Region: the data that a region enters before mentoring begins.
//!
//! - [`organizations`]: organizations of the partnership and their units. [`audiences`]: the people for whom they work.
//! - [`specialists`]: specialists of organizations, also those without an account.
//! - [`municipalities`]: the municipalities where people live, each with a centre point for distances.
//! - [`users`]: accounts, passwords, sessions, keys of integrations.
//! - [`programs`]: mentoring programs as data. A new edition does not change mentorships that began earlier.
//! - [`annexes`]: annexes 1 to 3 of the regulation, in versions.
//! - [`terms`]: the days within which a mistaken record is annulled, and those for which reads are kept.
//! - [`working_days`]: days that work otherwise than their weekday tells.
//! - [`files`]: uploaded files and their purposes.
//! - [`jobs`]: work that takes longer than a request.
//!
//! Invariant: a mentorship keeps the edition of the program under which it began.
pub mod annexes;
pub mod audiences;
pub mod files;
pub mod jobs;
pub mod municipalities;
pub mod organizations;
pub mod programs;
pub mod specialists;
pub mod terms;
pub mod users;
pub mod working_days;
