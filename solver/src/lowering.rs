//! The end of a phase: the last empty seats come down to those who would take them.
//!
//! An empty seat above the floor attracts somebody when everything else becomes dearer, step by step, or when it
//! becomes cheaper itself. While there are many such seats, the floor rises and brings them down all at once;
//! the last few are brought down one by one (Bertsekas and Castañón 1992, the reverse auction). The seat goes to
//! whoever offers most, a raise below what the second offers, and the seat that is left is the next, until
//! somebody comes who stayed out or whose seat is no dearer than an empty one may be, or nobody offers more than
//! that. Whoever moves is better off by a raise at least, so that this ends.
#![expect(
    clippy::indexing_slicing,
    reason = "the auction makes every column as long as the problem says, and each seat looks at hundreds of offers"
)]
use super::amount::Amount;
use super::auction::{Auction, Cancelled, NOBODY};
use super::columns::Columns;
use super::problem::{BeneficiaryIx, wide};

/// How many offers are looked at between two looks at whether to stop.
const PATIENCE: usize = 1 << 18;

/// The two highest prices that somebody would pay for a seat, and who would pay the higher, at what cost.
struct Offers<A> {
    best: A,
    second: A,
    who: u32,
    cost: A,
}

impl<A: Amount> Auction<'_, A> {
    /// Brings every empty seat down to a price of at most so much: somebody takes it, and leaves a seat that is
    /// brought down as well.
    pub(crate) fn lower_seats(&mut self, most: A) -> Result<(), Cancelled> {
        if self.watch.stops() {
            return Err(Cancelled);
        }
        let columns = self.columns.take().unwrap_or_else(|| Columns::of(self.problem, |_, _, cost| cost));
        let mut dear: Vec<u32> = (0..self.out()).filter(|it| self.is_dear(*it, most)).collect();
        let mut looked = 0;
        while let Some(mentor) = dear.pop() {
            if !self.is_dear(mentor, most) {
                continue;
            }
            looked += columns.column(mentor).len();
            if looked > PATIENCE {
                looked = 0;
                if self.watch.stops() {
                    return Err(Cancelled);
                }
            }
            let left = self.lower_seat(mentor, most, &columns);
            dear.extend([mentor].into_iter().chain(left).filter(|it| self.is_dear(*it, most)));
        }
        self.columns = Some(columns);
        Ok(())
    }

    fn is_dear(&self, mentor: u32, most: A) -> bool {
        self.empty[wide(mentor)] > 0 && self.price[wide(mentor)] > most
    }

    /// Lowers the price of an empty seat until somebody takes it or it is no longer dear. Answers which mentor
    /// was left for it.
    fn lower_seat(&mut self, mentor: u32, most: A, columns: &Columns) -> Option<u32> {
        let floor = self.floor();
        let offers = self.offers(mentor, columns);
        if offers.best <= most {
            self.price[wide(mentor)] = offers.best.max(floor);
            self.tell_of(mentor, columns);
            return None;
        }
        let price = if offers.second == A::BELOW { floor } else { floor.max(offers.second - self.raise) };
        let left = self.place[wide(offers.who)];
        self.leave(BeneficiaryIx(offers.who));
        self.take_empty(BeneficiaryIx(offers.who), mentor);
        self.cost[wide(offers.who)] = offers.cost;
        self.bid[wide(offers.who)] = price;
        self.price[wide(mentor)] = price;
        self.tell_of(mentor, columns);
        Some(left).filter(|it| *it != self.out())
    }

    /// What those who sit elsewhere would pay: as much as would leave them as well off as they are.
    fn offers(&self, mentor: u32, columns: &Columns) -> Offers<A> {
        let mut offers = Offers { best: A::BELOW, second: A::BELOW, who: NOBODY, cost: A::default() };
        for edge in columns.column(mentor) {
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

    /// A price fell: nobody may take for granted any more that other mentors are no worse. What they bid for
    /// theirs is reviewed when the next phase begins.
    fn tell_of(&mut self, mentor: u32, columns: &Columns) {
        let price = self.price[wide(mentor)];
        for edge in columns.column(mentor) {
            let value = A::scaled(edge.cost, self.scale) + price;
            self.shortlist[wide(edge.who)].hear_of(mentor, value);
        }
    }
}
