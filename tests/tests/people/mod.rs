//! People, families, beneficiaries, representatives.
mod access_requests;
mod beneficiaries;
mod consents;
mod deaths;
mod everything;
mod families;
mod kinship;
mod lives;
mod persons;
mod representatives;
mod search;
mod warnings;
