//! The shortlist: the two best mentors of one beneficiary, kept between bids.
#![expect(
    clippy::indexing_slicing,
    reason = "there is a price for every place, and the inner loop pays for each check"
)]
use super::auction::NOBODY;
use super::integer::Integer;
use super::problem::wide;

/// The best place of a beneficiary, and the value of the second best.
#[derive(Clone, Copy)]
pub(crate) struct Choice<A> {
    /// The index of a mentor, or the number of mentors for staying out.
    pub place: u32,
    /// The scaled cost of the place.
    pub cost: A,
    /// The cost and the price of the place together.
    pub value: A,
    /// A lower bound for the value of the second best place. [`Integer::NEVER`] if there is none.
    pub second: A,
}

/// Two mentors with their scaled costs, and a lower bound for the values of all others. The bound stays true while prices rise;
/// [`Shortlist::hear_of`] updates it after a fall. There is one shortlist for each beneficiary, so it is small.
#[derive(Clone, Copy)]
pub(crate) struct Shortlist<A> {
    mentors: [u32; 2],
    costs: [A; 2],
    beyond: A,
}

impl<A: Integer> Shortlist<A> {
    /// A shortlist of which nothing is known yet, not even whether there are mentors.
    pub const UNKNOWN: Self = Self { mentors: [NOBODY; 2], costs: [A::NEVER; 2], beyond: A::BELOW };

    /// Builds the shortlist from the row of a beneficiary at the present prices.
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

    /// Adapts the bound after all prices were lowered by the same amount.
    pub fn lower(&mut self, by: A) {
        if self.beyond != A::NEVER && self.beyond != A::BELOW {
            self.beyond -= by;
        }
    }

    /// Adapts the bound after the price of a mentor fell. `value` is the new value of the mentor.
    pub fn hear_of(&mut self, mentor: u32, value: A) {
        if value < self.beyond && !self.mentors.contains(&mentor) {
            self.beyond = value;
        }
    }

    /// Whether no place outside the shortlist can be better than this choice.
    pub fn settles(&self, choice: &Choice<A>) -> bool {
        choice.value <= self.beyond
    }

    /// The best of the two mentors and of staying out. Staying out is the last place in the prices.
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
