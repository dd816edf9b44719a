//! The input of the solver: the possible pairs with their costs, and the numbers of seats.
use super::prefetch;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// The index of a beneficiary in a [`Problem`], from 0, in the caller's fixed order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BeneficiaryIx(pub u32);

/// The index of a mentor in a [`Problem`], from 0, in the caller's fixed order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MentorIx(pub u32);

impl BeneficiaryIx {
    /// The index for a slice.
    pub fn at(self) -> usize {
        wide(self.0)
    }
}

impl MentorIx {
    /// The index for a slice.
    pub fn at(self) -> usize {
        wide(self.0)
    }
}

/// The greatest cost of a mentorship, or of a beneficiary left out.
pub const MAX_COST: i64 = i64::MAX / 8;

/// The reason why the input is not a valid problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// There are more beneficiaries or mentors than fit in 32 bits.
    #[error("too many beneficiaries or mentors")]
    TooMany,
    /// The lengths of the columns do not agree, or a row ends before it begins.
    #[error("the rows do not fit the columns")]
    Rows,
    /// The mentors of a row are unknown, repeated or out of order.
    #[error("a row's mentors must be known, ascending and unique")]
    Mentors,
    /// A cost is negative or above [`MAX_COST`].
    #[error("a cost is out of range")]
    Cost,
}

/// An assignment problem. Each beneficiary gets at most one mentor, and each mentor at most as many as there are free seats.
/// The sum of the costs of chosen pairs and of beneficiaries left out must be the least.
///
/// Equal problems have equal answers, so the caller must order people by their stable ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    seats: Vec<u32>,
    starts: Vec<usize>,
    left_out: Vec<i64>,
    mentors: Vec<u32>,
    costs: Vec<i64>,
    highest_cost: i64,
}

impl Problem {
    /// A problem without beneficiaries. `seats` are the free seats of the mentors.
    pub fn new(seats: Vec<u32>) -> Self {
        let starts = vec![0];
        Self { seats, starts, left_out: Vec::new(), mentors: Vec::new(), costs: Vec::new(), highest_cost: 0 }
    }

    /// Adds the next beneficiary: the cost of leaving them out, and each possible mentor with the cost of the pair.
    pub fn push(
        &mut self,
        left_out: i64,
        options: impl IntoIterator<Item = (MentorIx, i64)>,
    ) -> Result<(), Malformed> {
        if u32::try_from(self.beneficiaries()).is_err() {
            return Err(Malformed::TooMany);
        }
        for (mentor, cost) in options {
            self.mentors.push(mentor.0);
            self.costs.push(cost);
        }
        self.left_out.push(left_out);
        self.starts.push(self.mentors.len());
        self.check_row(self.left_out.len().saturating_sub(1))
    }

    /// Creates a problem from compressed rows: row `w` is `starts[w]..starts[w + 1]` of `mentors` and `costs`.
    pub fn from_rows(
        seats: Vec<u32>,
        starts: Vec<usize>,
        left_out: Vec<i64>,
        mentors: Vec<u32>,
        costs: Vec<i64>,
    ) -> Result<Self, Malformed> {
        let whole = starts.first() == Some(&0)
            && starts.len() == left_out.len().saturating_add(1)
            && starts.last() == Some(&mentors.len())
            && mentors.len() == costs.len();
        if !whole {
            return Err(Malformed::Rows);
        }
        let mut problem = Self { seats, starts, left_out, mentors, costs, highest_cost: 0 };
        if u32::try_from(problem.beneficiaries()).is_err() || u32::try_from(problem.mentors()).is_err() {
            return Err(Malformed::TooMany);
        }
        (0..problem.beneficiaries()).try_for_each(|row| problem.check_row(row))?;
        Ok(problem)
    }

    fn check_row(&mut self, row: usize) -> Result<(), Malformed> {
        let range = self.range(row);
        let (mentors, costs) =
            (self.mentors.get(range.clone()).ok_or(Malformed::Rows)?, self.costs.get(range).unwrap_or(&[]));
        let known = mentors.last().is_none_or(|it| wide(*it) < self.seats.len());
        if !known || !mentors.is_sorted_by(|a, b| a < b) {
            return Err(Malformed::Mentors);
        }
        let all = costs.iter().chain(self.left_out.get(row));
        let (lowest, highest) =
            all.fold((0, self.highest_cost), |(low, high), it| (low.min(*it), high.max(*it)));
        if lowest < 0 || highest > MAX_COST {
            return Err(Malformed::Cost);
        }
        self.highest_cost = highest;
        Ok(())
    }

    fn range(&self, row: usize) -> Range<usize> {
        let bound = |ix: usize| self.starts.get(ix).copied().unwrap_or_default();
        bound(row)..bound(row.saturating_add(1))
    }

    /// The number of beneficiaries.
    pub fn beneficiaries(&self) -> usize {
        self.left_out.len()
    }
    /// The number of mentors, also those without a free seat.
    pub fn mentors(&self) -> usize {
        self.seats.len()
    }
    /// The number of possible pairs.
    pub fn edges(&self) -> usize {
        self.mentors.len()
    }
    /// The highest of all costs.
    pub fn highest_cost(&self) -> i64 {
        self.highest_cost
    }
    /// The free seats of the mentors.
    pub fn seats(&self) -> &[u32] {
        &self.seats
    }
    /// The costs of leaving the beneficiaries out.
    pub fn left_out(&self) -> &[i64] {
        &self.left_out
    }
    /// The possible mentors of one beneficiary, ascending, and their costs in the same order.
    pub fn row(&self, who: BeneficiaryIx) -> (&[u32], &[i64]) {
        let range = self.range(who.at());
        (self.mentors.get(range.clone()).unwrap_or(&[]), self.costs.get(range).unwrap_or(&[]))
    }
    /// Prefetches the beginning of a beneficiary's row.
    pub(crate) fn announce(&self, who: BeneficiaryIx) {
        prefetch::element(&self.starts, who.at());
    }
    /// The cost of a pair. `None` if it is not possible.
    pub fn cost(&self, who: BeneficiaryIx, mentor: MentorIx) -> Option<i64> {
        let (mentors, costs) = self.row(who);
        costs.get(mentors.binary_search(&mentor.0).ok()?).copied()
    }
    /// Every beneficiary in order.
    pub fn everyone(&self) -> impl Iterator<Item = BeneficiaryIx> + use<> {
        (0..u32::try_from(self.beneficiaries()).unwrap_or(u32::MAX)).map(BeneficiaryIx)
    }
}

/// A 32-bit index as an index for a slice.
pub(crate) fn wide(ix: u32) -> usize {
    usize::try_from(ix).unwrap_or(usize::MAX)
}
