//! Matching beneficiaries with mentors: the engine proposes and proves, people decide.
mod amount;
mod auction;
mod certificate;
mod problem;
mod shortlist;
mod solution;

pub use auction::Cancelled;
pub use certificate::{Violation, certify, price_of};
pub use problem::{BeneficiaryIx, MAX_COST, Malformed, MentorIx, Problem};
pub use solution::{Solution, Unsolved, solve};

#[cfg(test)]
mod tests;
