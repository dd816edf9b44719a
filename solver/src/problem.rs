//! What the solver is given: who may be matched with whom, at what cost, and how many seats there are.
use super::ahead;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A beneficiary's place in a [`Problem`], counted from 0 in canonical order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BeneficiaryIx(pub u32);

/// A mentor's place in a [`Problem`], counted from 0 in canonical order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MentorIx(pub u32);

impl BeneficiaryIx {
    /// As the index of a slice.
    pub fn at(self) -> usize {
        wide(self.0)
    }
}

impl MentorIx {
    /// As the index of a slice.
    pub fn at(self) -> usize {
        wide(self.0)
    }
}

/// The largest cost of one mentorship or of one beneficiary left out.
pub const MAX_COST: i64 = i64::MAX / 8;

/// Why rows are not a problem to solve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// More beneficiaries or mentors than fit in 32 bits.
    #[error("too many beneficiaries or mentors")]
    TooMany,
    /// Lengths of the columns disagree, or a row ends before it begins.
    #[error("the rows do not fit the columns")]
    Rows,
    /// A row's mentors are unknown, repeated or out of order.
    #[error("a row's mentors must be known, ascending and unique")]
    Mentors,
    /// A cost is negative or above [`MAX_COST`].
    #[error("a cost is out of range")]
    Cost,
}

/// Choose mentorships so that each beneficiary has at most one and each mentor at most as many as there are
/// free seats, and the sum of the costs of the chosen and of those left out is the least.
///
/// Equal problems have equal answers: put beneficiaries and mentors in order of their stable ids.
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
    /// No beneficiaries yet; `seats` are the free seats of every mentor.
    pub fn new(seats: Vec<u32>) -> Self {
        let starts = vec![0];
        Self { seats, starts, left_out: Vec::new(), mentors: Vec::new(), costs: Vec::new(), highest_cost: 0 }
    }

    /// The next beneficiary: what it costs to leave them out, and each possible mentor with the cost.
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

    /// All at once, in compressed rows: row `w` is `starts[w]..starts[w + 1]` of `mentors` and `costs`.
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

    /// How many beneficiaries there are.
    pub fn beneficiaries(&self) -> usize {
        self.left_out.len()
    }
    /// How many mentors there are, those without a free seat included.
    pub fn mentors(&self) -> usize {
        self.seats.len()
    }
    /// How many possible mentorships there are.
    pub fn edges(&self) -> usize {
        self.mentors.len()
    }
    /// The highest cost of all.
    pub fn highest_cost(&self) -> i64 {
        self.highest_cost
    }
    /// The free seats of every mentor.
    pub fn seats(&self) -> &[u32] {
        &self.seats
    }
    /// What it costs to leave each beneficiary out.
    pub fn left_out(&self) -> &[i64] {
        &self.left_out
    }
    /// The possible mentors of one beneficiary, ascending, and their costs, in step.
    pub fn row(&self, who: BeneficiaryIx) -> (&[u32], &[i64]) {
        let range = self.range(who.at());
        (self.mentors.get(range.clone()).unwrap_or(&[]), self.costs.get(range).unwrap_or(&[]))
    }
    /// Whoever looks at the row of a beneficiary soon will ask first where it begins.
    pub(crate) fn announce(&self, who: BeneficiaryIx) {
        ahead::of(&self.starts, who.at());
    }
    /// What a mentorship costs; `None` where it is not possible.
    pub fn cost(&self, who: BeneficiaryIx, mentor: MentorIx) -> Option<i64> {
        let (mentors, costs) = self.row(who);
        costs.get(mentors.binary_search(&mentor.0).ok()?).copied()
    }
    /// Every beneficiary in order.
    pub fn everyone(&self) -> impl Iterator<Item = BeneficiaryIx> + use<> {
        (0..u32::try_from(self.beneficiaries()).unwrap_or(u32::MAX)).map(BeneficiaryIx)
    }
}

/// A 32-bit index as one of a slice.
pub(crate) fn wide(ix: u32) -> usize {
    usize::try_from(ix).unwrap_or(usize::MAX)
}
