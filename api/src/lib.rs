//! The HTTP API: routes, guards, problems, the contract, the command line's parts.
//!
//! Areas depend on each other in one direction: http ← region ← people ← mentors ← mentorships ← matching; accompaniment stands on
//! people. [`routes`] and [`openapi`] know all of them, [`server`] serves them, [`demo`] plays a region through them.
pub mod accompaniment;
pub mod demo;
pub mod http;
pub mod matching;
pub mod mentors;
pub mod mentorships;
pub mod openapi;
pub mod people;
pub mod region;
pub mod routes;
pub mod server;
