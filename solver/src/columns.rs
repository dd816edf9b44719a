//! The rows of a problem turned: for whom each mentor is possible.
#![expect(
    clippy::indexing_slicing,
    reason = "every column is as long as it was counted, and turning walks millions of edges"
)]
use super::problem::{BeneficiaryIx, MentorIx, Problem, wide};

/// Somebody for whom a mentor is possible, and what the pair costs, or another figure of it. Packed, for there is
/// one for each edge.
#[derive(Debug, Clone, Copy, Default)]
#[repr(Rust, packed(4))]
pub(crate) struct Edge {
    pub who: u32,
    pub cost: i64,
}

/// By mentor, the beneficiaries in order.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    starts: Vec<usize>,
    edges: Vec<Edge>,
}

impl Columns {
    /// Turns the rows. Of each pair the figure is kept that is made of its cost.
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

    /// For whom a mentor is possible.
    pub fn column(&self, mentor: u32) -> &[Edge] {
        let at = wide(mentor);
        &self.edges[self.starts[at]..self.starts[at + 1]]
    }
}
