//! The partnership in the demonstration, in the facts of the sources 000, 001, 003 and 004.
pub mod agreements;
pub mod community;
pub mod councils;
mod desk;
mod omsk;
pub mod projects;
