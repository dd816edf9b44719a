//! Organizations, municipalities, programs, annexes, accounts, files, jobs.
mod annexes;
mod editions;
mod files;
pub(crate) mod identity;
mod jobs;
mod keys;
mod logins;
mod municipalities;
mod one_time;
mod organizations;
mod programs;
mod sessions;
mod uploads;
