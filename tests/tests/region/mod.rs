//! Organizations, municipalities, programs, annexes, accounts, files, jobs.
mod annexes;
mod editions;
mod files;
mod identity;
mod jobs;
mod municipalities;
mod organizations;
mod programs;
mod sessions;
