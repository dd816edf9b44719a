//! Black-box tests, whose names are sentences about the program. Each runs on SQLite and, with `TEST_DATABASE_URL`,
//! on PostgreSQL.
mod accompaniment;
mod actions;
mod agenda;
mod entries;
mod frontend;
mod help;
mod house;
mod http;
mod matching;
mod mentors;
mod mentorships;
mod offers;
mod overview;
mod partnership;
mod parts;
mod people;
mod readme;
mod region;
mod screens;
mod server;

/// The servers of most sentences run in this process, and allocate as the program itself does.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
