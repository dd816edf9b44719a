//! Region: organizations, municipalities, accounts, programs, annexes, files and jobs in the database.
//!
//! Most of it is open to every account: directories, programs, annexes. Accounts and keys are for administrators and directors.
//! A file belongs to who uploaded it and to their institution. A job belongs to who began it.
//!
//! Invariant: what a mentorship keeps of a program is the edition, so an edition is never changed.
pub mod annexes;
pub mod files;
pub mod jobs;
pub mod municipalities;
pub mod organizations;
pub mod programs;
pub mod users;
