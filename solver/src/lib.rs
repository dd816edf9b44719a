//! The engine of matching: an exact solver of assignment problems that proves its answers.
//!
//! A [`Problem`] has beneficiaries, mentors with seats, and a cost for each possible pair. [`solve`] finds an assignment of
//! least cost by an auction: beneficiaries bid for seats, with smaller and smaller raises. [`certify`] proves the answer by
//! prices, without solving again. [`Explained`] gives the price of another choice.
//!
//! The crate knows only costs and seats. People, rules and words belong to its callers.
mod ahead;
mod amount;
mod auction;
mod certificate;
mod columns;
mod counterfactual;
mod coverage;
mod lowering;
mod problem;
mod shortlist;
mod solution;
mod watch;

pub use auction::Cancelled;
pub use certificate::{Violation, certify, price_of};
pub use counterfactual::{Counterfactual, Explained, Move};
pub use problem::{BeneficiaryIx, MAX_COST, Malformed, MentorIx, Problem};
pub use solution::{Solution, Unsolved, solve};
pub use watch::{Part, Watch, per_mille};

#[cfg(test)]
mod tests;
