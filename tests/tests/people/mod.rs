//! People, families, beneficiaries, representatives.
mod access_requests;
mod beneficiaries;
mod consents;
mod deaths;
mod everything;
mod families;
mod kinship;
mod likeness;
mod lives;
mod persons;
mod register;
mod representatives;
mod search;
mod warnings;
