//! The integers of the auction: 64 bits if they are enough, 128 bits otherwise.
use super::problem::Problem;
use std::ops::{Add, AddAssign, Sub, SubAssign};

/// An integer that holds a scaled cost or price.
pub(crate) trait Integer:
    Copy + Ord + Default + Add<Output = Self> + Sub<Output = Self> + AddAssign + SubAssign + Into<i128>
{
    /// A value above every possible price.
    const NEVER: Self;
    /// A value below every possible price.
    const BELOW: Self;
    /// The smallest raise of a price.
    const ONE: Self;
    /// The cost multiplied by the scale.
    fn scaled(cost: i64, scale: i64) -> Self;
    /// The raise of the next phase, at least one.
    fn finer(self, divisor: i64) -> Self;
    /// The raise multiplied by a number.
    fn coarser(self, times: i64) -> Self;
}

impl Integer for i64 {
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

impl Integer for i128 {
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

/// The factor of all costs. It makes a raise of one smaller than any difference of unscaled costs.
///
/// The factor is the number of mentors plus two. So the prices of the mentors and of staying out leave one remainder unused.
/// Rounding just below this remainder keeps every inequality that the certificate needs.
pub(crate) fn scale(problem: &Problem) -> i64 {
    i64::try_from(problem.mentors()).unwrap_or(i64::MAX).saturating_add(2)
}

/// Whether 64 bits hold every price. In a phase, no price exceeds eight times the highest scaled cost.
pub(crate) fn fits_in_64_bits(problem: &Problem, scale: i64) -> bool {
    i128::from(problem.highest_cost()) * i128::from(scale) < i128::from(i64::MAX / 16)
}
