//! The integers in which the auction counts: 64 bits where they suffice, 128 where they do not.
use super::problem::Problem;
use std::ops::{Add, AddAssign, Sub, SubAssign};

/// A scaled cost or price.
pub(crate) trait Amount:
    Copy + Ord + Default + Add<Output = Self> + Sub<Output = Self> + AddAssign + SubAssign + Into<i128>
{
    /// Above every amount that occurs.
    const NEVER: Self;
    /// Below every amount that occurs.
    const BELOW: Self;
    /// The least raise of a price.
    const ONE: Self;
    /// A cost times the scale.
    fn scaled(cost: i64, scale: i64) -> Self;
    /// The next finer raise, never below one.
    fn finer(self, divisor: i64) -> Self;
    /// So many times this.
    fn coarser(self, times: i64) -> Self;
}

impl Amount for i64 {
    const NEVER: Self = Self::MAX;
    const BELOW: Self = Self::MIN;
    const ONE: Self = 1;
    fn scaled(cost: i64, scale: i64) -> Self {
        cost.wrapping_mul(scale)
    }
    fn finer(self, divisor: i64) -> Self {
        (self / divisor).max(1)
    }
    fn coarser(self, times: i64) -> Self {
        self.saturating_mul(times)
    }
}

impl Amount for i128 {
    const NEVER: Self = Self::MAX;
    const BELOW: Self = Self::MIN;
    const ONE: Self = 1;
    fn scaled(cost: i64, scale: i64) -> Self {
        Self::from(cost).wrapping_mul(Self::from(scale))
    }
    fn finer(self, divisor: i64) -> Self {
        (self / Self::from(divisor)).max(1)
    }
    fn coarser(self, times: i64) -> Self {
        self.saturating_mul(Self::from(times))
    }
}

/// Costs are multiplied by this, so that raises of one are finer than any difference of whole costs.
///
/// Two more than the mentors: among the prices of the mentors and of staying out one remainder then is
/// unused, and rounding below it keeps every inequality that the certificate needs.
pub(crate) fn scale(problem: &Problem) -> i64 {
    i64::try_from(problem.mentors()).unwrap_or(i64::MAX).saturating_add(2)
}

/// Whether 64 bits hold every price: within a phase none exceeds eight scaled highest costs.
pub(crate) fn fits_in_64_bits(problem: &Problem, scale: i64) -> bool {
    i128::from(problem.highest_cost()) * i128::from(scale) < i128::from(i64::MAX / 16)
}
