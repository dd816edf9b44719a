//! The two best mentors of one beneficiary, kept between bids.
#![expect(
    clippy::indexing_slicing,
    reason = "there is a price for every place, and the inner loop pays for each check"
)]
use super::amount::Amount;
use super::auction::NOBODY;
use super::problem::wide;

/// The best place of somebody, and how far the second best is.
#[derive(Clone, Copy)]
pub(crate) struct Choice<A> {
    /// A mentor, or after the last mentor: staying out.
    pub place: u32,
    /// The scaled cost of that place.
    pub cost: A,
    /// Cost and price of that place together.
    pub value: A,
    /// The second best place has no lower value; [`Amount::NEVER`] where there is none.
    pub second: A,
}

/// Two mentors at their scaled costs, and what no other is better than: it stays true while prices rise, and
/// [`Shortlist::hear_of`] those that fall. There are many of these, so they are small.
#[derive(Clone, Copy)]
pub(crate) struct Shortlist<A> {
    mentors: [u32; 2],
    costs: [A; 2],
    beyond: A,
}

impl<A: Amount> Shortlist<A> {
    /// Knows nothing yet, not even that there is nothing.
    pub const UNKNOWN: Self = Self { mentors: [NOBODY; 2], costs: [A::NEVER; 2], beyond: A::BELOW };

    /// Reads the row of a beneficiary at today's prices.
    pub fn read(mentors: &[u32], costs: &[i64], scale: i64, price: &[A]) -> Self {
        let mut values = [A::NEVER; 3];
        let mut edges = [usize::MAX; 2];
        for (edge, (mentor, cost)) in mentors.iter().zip(costs).enumerate() {
            let value = A::scaled(*cost, scale) + price[wide(*mentor)];
            if value < values[2] {
                if value < values[1] {
                    values[2] = values[1];
                    if value < values[0] {
                        values[1] = values[0];
                        edges[1] = edges[0];
                        values[0] = value;
                        edges[0] = edge;
                    } else {
                        values[1] = value;
                        edges[1] = edge;
                    }
                } else {
                    values[2] = value;
                }
            }
        }
        Self {
            mentors: edges.map(|it| mentors.get(it).copied().unwrap_or(NOBODY)),
            costs: edges.map(|it| costs.get(it).map_or(A::NEVER, |it| A::scaled(*it, scale))),
            beyond: values[2],
        }
    }

    /// Follows a new origin of prices.
    pub fn lower(&mut self, by: A) {
        if self.beyond != A::NEVER && self.beyond != A::BELOW {
            self.beyond -= by;
        }
    }

    /// Follows a mentor whose price fell, and who is of this value now.
    pub fn hear_of(&mut self, mentor: u32, value: A) {
        if value < self.beyond && !self.mentors.contains(&mentor) {
            self.beyond = value;
        }
    }

    /// Whether no place beyond the two mentors can be better than this choice.
    pub fn settles(&self, choice: &Choice<A>) -> bool {
        choice.value <= self.beyond
    }

    /// The best of the two mentors and of staying out, whose place is the last of the prices.
    pub fn best(&self, price: &[A], out: A) -> Choice<A> {
        let last = price.len() - 1;
        let place = u32::try_from(last).unwrap_or(u32::MAX);
        let mut best = Choice { place, cost: out, value: out + price[last], second: self.beyond };
        for (mentor, cost) in self.mentors.into_iter().zip(self.costs) {
            if mentor == NOBODY {
                break;
            }
            let value = cost + price[wide(mentor)];
            if value < best.value {
                let second = best.value.min(best.second);
                best = Choice { place: mentor, cost, value, second };
            } else {
                best.second = best.second.min(value);
            }
        }
        best
    }
}
