//! The objective: one integer for coverage by priority, choices and fit, in strict order.
use super::assessment::{BEST_CHOICE, BEST_FIT};

/// The costs in a round with a given number of people.
///
/// All fits together cost less than one step of one choice. All mentorships together cost less than one beneficiary left out. A
/// step of priority need not outweigh many beneficiaries. The sets of people who can be covered together form a matroid, so the
/// cheapest coverage is the largest, and the best by priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Objective {
    choice: i64,
    left_out: i64,
}

impl Objective {
    /// The costs of a round with this number of beneficiaries.
    pub fn of(people: usize) -> Self {
        let people = i64::try_from(people).unwrap_or(i64::MAX);
        let choice = people.saturating_mul(i64::from(BEST_FIT)).saturating_add(1);
        let dearest = choice.saturating_mul(i64::from(BEST_CHOICE)).saturating_add(i64::from(BEST_FIT));
        Self { choice, left_out: people.saturating_mul(dearest).saturating_add(1) }
    }
    /// The cost of a mentorship. It is 0 if both rank each other first and the fit is perfect.
    pub fn cost(self, choice: u8, fit: u16) -> i64 {
        let choice = i64::from(BEST_CHOICE.saturating_sub(choice));
        choice.saturating_mul(self.choice).saturating_add(i64::from(BEST_FIT.saturating_sub(fit)))
    }
    /// The cost of leaving out a beneficiary of this priority.
    pub fn left_out(self, priority: u16) -> i64 {
        self.left_out.saturating_mul(i64::from(priority).saturating_add(1))
    }
}
