//! The HTTP API: routes, guards, problems, the contract, and parts of the command line.
//!
//! Areas depend on each other in one direction. The order is http, region, people, mentors, mentorships, matching.
//! The area accompaniment depends on people, and [`agenda`] on all. [`routes`] and [`openapi`] know all areas, and [`server`] serves them.
//! [`demo`] builds a demonstration region through the API.
pub mod accompaniment;
pub mod agenda;
pub mod demo;
mod entries;
pub mod help;
pub mod http;
pub mod matching;
pub mod mentors;
pub mod mentorships;
pub mod openapi;
pub mod overview;
pub mod partnership;
pub mod people;
pub mod region;
pub mod routes;
mod search;
pub mod server;
pub mod shipped;
