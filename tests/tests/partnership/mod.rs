//! Sentences about partnership: agreements, councils, projects, events, clubs and packages of measures.
mod agreements;
mod community;
mod councils;
mod events;
mod figures;
mod ideas;
mod packages;
mod projects;
mod structure;
