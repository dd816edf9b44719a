//! The possible pairs of a problem by mentor. The problem itself holds them by beneficiary.
#![expect(
    clippy::indexing_slicing,
    reason = "every part is as long as it was counted, and turning walks millions of edges"
)]
use super::problem::{BeneficiaryIx, MentorIx, Problem, wide};

/// A possible pair of a mentor, with its cost or a number made from it. It is packed, because there is one for each
/// possible pair.
#[derive(Debug, Clone, Copy, Default)]
#[repr(Rust, packed(4))]
pub(crate) struct Edge {
    pub who: u32,
    pub cost: i64,
}

/// The possible beneficiaries in order, by mentor.
#[derive(Debug, Clone)]
pub(crate) struct ByMentor {
    starts: Vec<usize>,
    edges: Vec<Edge>,
}

impl ByMentor {
    /// Builds the list from the rows of the problem. `cost` computes the stored number of a pair.
    pub fn of(problem: &Problem, cost: impl Fn(BeneficiaryIx, MentorIx, i64) -> i64) -> Self {
        let mentors = problem.mentors();
        let mut next = vec![0; mentors + 1];
        for who in problem.everyone() {
            problem.row(who).0.iter().for_each(|it| next[wide(*it) + 1] += 1);
        }
        (0..mentors).for_each(|it| next[it + 1] += next[it]);
        let starts = next.clone();
        let mut edges = vec![Edge::default(); problem.edges()];
        for who in problem.everyone() {
            let (row, costs) = problem.row(who);
            for (mentor, its) in row.iter().zip(costs) {
                let at = &mut next[wide(*mentor)];
                edges[*at] = Edge { who: who.0, cost: cost(who, MentorIx(*mentor), *its) };
                *at += 1;
            }
        }
        Self { starts, edges }
    }

    /// The possible beneficiaries of a mentor.
    pub fn beneficiaries_of(&self, mentor: u32) -> &[Edge] {
        let at = wide(mentor);
        &self.edges[self.starts[at]..self.starts[at + 1]]
    }
}
