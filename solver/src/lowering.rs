//! The end of a phase: the prices of the last empty seats are lowered until somebody takes them.
//!
//! An empty seat above the floor gets a taker when all other prices rise, or when its own price falls. While there are many
//! such seats, the floor rises and reaches all of them at once. The last few are lowered one by one: the reverse auction of
//! Bertsekas and Castañón, 1992. The seat goes to the highest offer, at a price of one raise below the second offer. The taker
//! leaves another seat, which is lowered next. The chain ends when the taker stayed out before, or leaves a seat that is cheap
//! enough, or when no offer is high enough. Every taker gains at least one raise, so the chain ends.
#![expect(
    clippy::indexing_slicing,
    reason = "the auction makes every column as long as the problem says, and each seat looks at hundreds of offers"
)]
use super::auction::{Auction, Cancelled, NOBODY};
use super::by_mentor::ByMentor;
use super::integer::Integer;
use super::problem::{BeneficiaryIx, wide};

/// The number of offers between two checks for cancellation.
const PATIENCE: usize = 1 << 18;

/// The two highest offers for a seat, with the person of the higher one and the cost of the pair.
struct Offers<A> {
    best: A,
    second: A,
    who: u32,
    cost: A,
}

impl<A: Integer> Auction<'_, A> {
    /// Lowers every empty seat to a price of at most `most`. A person who takes a seat leaves another one, which is lowered
    /// too.
    pub(crate) fn lower_seats(&mut self, most: A) -> Result<(), Cancelled> {
        if self.monitor.stops() {
            return Err(Cancelled);
        }
        let by_mentor =
            self.by_mentor.take().unwrap_or_else(|| ByMentor::of(self.problem, |_, _, cost| cost));
        let mut dear: Vec<u32> = (0..self.out()).filter(|it| self.is_dear(*it, most)).collect();
        let mut looked = 0;
        while let Some(mentor) = dear.pop() {
            if !self.is_dear(mentor, most) {
                continue;
            }
            looked += by_mentor.beneficiaries_of(mentor).len();
            if looked > PATIENCE {
                looked = 0;
                if self.monitor.stops() {
                    return Err(Cancelled);
                }
            }
            let left = self.lower_seat(mentor, most, &by_mentor);
            dear.extend([mentor].into_iter().chain(left).filter(|it| self.is_dear(*it, most)));
        }
        self.by_mentor = Some(by_mentor);
        Ok(())
    }

    fn is_dear(&self, mentor: u32, most: A) -> bool {
        self.empty[wide(mentor)] > 0 && self.price[wide(mentor)] > most
    }

    /// Lowers the price of an empty seat until somebody takes it or it costs at most `most`. Answers the mentor whose seat the
    /// taker left.
    fn lower_seat(&mut self, mentor: u32, most: A, by_mentor: &ByMentor) -> Option<u32> {
        let floor = self.floor();
        let offers = self.offers(mentor, by_mentor);
        if offers.best <= most {
            self.price[wide(mentor)] = offers.best.max(floor);
            self.tell_of(mentor, by_mentor);
            return None;
        }
        let price = if offers.second == A::BELOW { floor } else { floor.max(offers.second - self.raise) };
        let left = self.place[wide(offers.who)];
        self.leave(BeneficiaryIx(offers.who));
        self.take_empty(BeneficiaryIx(offers.who), mentor);
        self.cost[wide(offers.who)] = offers.cost;
        self.bid[wide(offers.who)] = price;
        self.price[wide(mentor)] = price;
        self.tell_of(mentor, by_mentor);
        Some(left).filter(|it| *it != self.out())
    }

    /// The offers of people in other places. An offer is the price at which the person would be as well off as now.
    fn offers(&self, mentor: u32, by_mentor: &ByMentor) -> Offers<A> {
        let mut offers = Offers { best: A::BELOW, second: A::BELOW, who: NOBODY, cost: A::default() };
        for edge in by_mentor.beneficiaries_of(mentor) {
            let (who, cost) = (edge.who, A::scaled(edge.cost, self.scale));
            let place = self.place[wide(who)];
            let offer = self.cost[wide(who)] + self.price[wide(place)] - cost;
            if offer > offers.second && place != mentor {
                if offer > offers.best {
                    offers = Offers { best: offer, second: offers.best, who, cost };
                } else {
                    offers.second = offer;
                }
            }
        }
        offers
    }

    /// Updates the shortlists after a price fell, because this mentor may now be better than others. Bids are reviewed at the
    /// beginning of the next phase.
    fn tell_of(&mut self, mentor: u32, by_mentor: &ByMentor) {
        let price = self.price[wide(mentor)];
        for edge in by_mentor.beneficiaries_of(mentor) {
            let value = A::scaled(edge.cost, self.scale) + price;
            self.shortlist[wide(edge.who)].hear_of(mentor, value);
        }
    }
}
