//! One integer for what matters in strict order: coverage by priority, choices, fit.
use super::assessment::{BEST_CHOICE, BEST_FIT};

/// The costs of a round of so many people.
///
/// All fits together weigh less than one step of one choice, and all mentorships together less than one
/// beneficiary left out. One step of priority need not outweigh many beneficiaries: whoever can be covered
/// together forms a matroid, so the heaviest coverage is also the largest, and the best priority by priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Objective {
    choice: i64,
    left_out: i64,
}

impl Objective {
    /// For a round of so many beneficiaries.
    pub fn of(people: usize) -> Self {
        let people = i64::try_from(people).unwrap_or(i64::MAX);
        let choice = people.saturating_mul(i64::from(BEST_FIT)).saturating_add(1);
        let dearest = choice.saturating_mul(i64::from(BEST_CHOICE)).saturating_add(i64::from(BEST_FIT));
        Self { choice, left_out: people.saturating_mul(dearest).saturating_add(1) }
    }
    /// What a mentorship costs: nothing for a mutual first choice that fits perfectly.
    pub fn cost(self, choice: u8, fit: u16) -> i64 {
        let choice = i64::from(BEST_CHOICE.saturating_sub(choice));
        choice.saturating_mul(self.choice).saturating_add(i64::from(BEST_FIT.saturating_sub(fit)))
    }
    /// What it costs to leave out somebody of that priority.
    pub fn left_out(self, priority: u16) -> i64 {
        self.left_out.saturating_mul(i64::from(priority).saturating_add(1))
    }
}
