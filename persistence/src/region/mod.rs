//! Region: organizations, municipalities, accounts, programs, annexes, files and jobs in the database.
//!
//! Directories, programs and annexes are open to every account. Only administrators and directors see accounts and
//! keys. A file belongs to its uploader and to their institution. A job belongs to the account that began it.
//!
//! Invariant: an edition of a program never changes, because mentorships refer to the edition that they began under.
pub mod annexes;
pub mod files;
pub mod jobs;
pub mod organizations;
pub mod programs;
pub mod specialists;
pub mod terms;
pub mod users;
