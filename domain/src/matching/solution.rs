//! Solving a problem, and what an answer is.
use super::amount::fits_in_64_bits;
use super::auction::{Auction, Cancelled};
use super::certificate::{Violation, certify};
use super::problem::{BeneficiaryIx, MentorIx, Problem};

/// An answer that has been proven optimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    mate: Vec<Option<MentorIx>>,
    prices: Vec<i128>,
    objective: i128,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsolved {
    /// Somebody asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The certificate did not hold: a defect of the solver, and the answer is withheld.
    #[error("the certificate does not hold: {0}")]
    Unproven(#[from] Violation),
}

/// Finds the assignment of least cost and proves it. Looks at `stop` now and then.
pub fn solve(problem: &Problem, stop: &dyn Fn() -> bool) -> Result<Solution, Unsolved> {
    let outcome = if fits_in_64_bits(problem) {
        Auction::<i64>::new(problem, stop).run()?
    } else {
        Auction::<i128>::new(problem, stop).run()?
    };
    let objective = certify(problem, &outcome.mate, &outcome.prices)?;
    Ok(Solution { mate: outcome.mate, prices: outcome.prices, objective })
}

impl Solution {
    /// Whom a beneficiary gets; `None` who stays without a mentor.
    pub fn mentor_of(&self, who: BeneficiaryIx) -> Option<MentorIx> {
        self.mate.get(who.at()).copied().flatten()
    }
    /// The mentor of every beneficiary, in order.
    pub fn mate(&self) -> &[Option<MentorIx>] {
        &self.mate
    }
    /// What one more seat of a mentor would save at most, in the units of the costs; 0 where a seat is left.
    pub fn price(&self, mentor: MentorIx) -> i128 {
        self.prices.get(mentor.at()).copied().unwrap_or_default()
    }
    /// The prices of all mentors, in order.
    pub fn prices(&self) -> &[i128] {
        &self.prices
    }
    /// What the answer costs: no assignment costs less.
    pub fn objective(&self) -> i128 {
        self.objective
    }
    /// How many beneficiaries get a mentor.
    pub fn matched(&self) -> usize {
        self.mate.iter().flatten().count()
    }
}
