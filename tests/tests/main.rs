//! Sentences about the program. Each runs on SQLite and, when `TEST_DATABASE_URL` is set, on PostgreSQL.
mod accompaniment;
mod house;
mod http;
mod matching;
mod mentors;
mod mentorships;
mod parts;
mod people;
mod readme;
mod region;
mod server;
