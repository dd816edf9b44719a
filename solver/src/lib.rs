//! The engine of matching: an exact solver of assignment problems that proves its answers.
//!
//! A [`Problem`] has beneficiaries, mentors with seats, and a cost for each possible pair. [`solve`] finds an assignment of
//! least cost by an auction: beneficiaries bid for seats, with smaller and smaller raises. [`certify`] proves the answer by
//! prices, without solving again. [`Explained`] gives the price of another choice.
//!
//! The crate knows only costs and seats. People, rules and words belong to its callers.
mod auction;
mod by_mentor;
mod certificate;
mod counterfactual;
mod coverage;
mod integer;
mod lowering;
mod monitor;
mod prefetch;
mod problem;
mod shortlist;
mod solution;

pub use auction::Cancelled;
pub use certificate::{Violation, certify, price_of};
pub use counterfactual::{Counterfactual, Explained, Move};
pub use monitor::{Monitor, Part, per_mille};
pub use problem::{BeneficiaryIx, MAX_COST, Malformed, MentorIx, Problem};
pub use solution::{Solution, Unsolved, solve};

#[cfg(test)]
mod tests;
