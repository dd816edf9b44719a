//! People, families, beneficiaries, representatives.
mod beneficiaries;
mod families;
mod persons;
mod representatives;
