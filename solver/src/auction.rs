//! The exact solver: an auction in which beneficiaries bid for seats. A *raise* is the bid increment of a phase; it becomes
//! smaller in each phase.
//!
//! Staying out is a further place that everybody may take. The *floor* is its price, and the price of seats that stay empty.
//! Prices only rise, until the last empty seats of a phase are lowered. At the end of a phase, empty seats cost the floor, and
//! every beneficiary is within one raise of the best place. Such an answer is optimal when the raise is one.
#![expect(
    clippy::indexing_slicing,
    reason = "the constructor makes every column as long as the problem says, and the inner loop pays for each check"
)]
use super::by_mentor::ByMentor;
use super::integer::Integer;
use super::monitor::{Monitor, per_mille};
use super::prefetch;
use super::problem::{BeneficiaryIx, MentorIx, Problem, wide};
use super::shortlist::{Choice, Shortlist};
use std::collections::BinaryHeap;

/// The divisor of the raise from one phase to the next.
pub(crate) const FINER: i64 = 5;
/// The greatest price of an empty seat above the floor before the last phase, in raises.
const SLACK: i64 = 16;
/// The number of bids between two checks for cancellation.
const PATIENCE: u32 = 4096;
pub(crate) const NOBODY: u32 = u32::MAX;
pub(crate) const UNSEATED: u32 = u32::MAX;

/// The error of a matching that was cancelled before it found an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the matching was cancelled")]
pub struct Cancelled;

/// The answer of the auction, not proven yet.
pub(crate) struct Outcome {
    pub mate: Vec<Option<MentorIx>>,
    pub prices: Vec<i128>,
}

pub(crate) struct Auction<'a, A> {
    pub(crate) problem: &'a Problem,
    pub(crate) scale: i64,
    pub(crate) raise: A,
    /// The greatest number of empty seats that are lowered one by one at the end of a phase.
    few: usize,
    /// The prices by place: the mentors, then staying out. The price of an empty seat; if there is none, at most the lowest
    /// bid.
    pub(crate) price: Vec<A>,
    pub(crate) empty: Vec<u32>,
    pub(crate) seats: Vec<u32>,
    pub(crate) first_seat: Vec<usize>,
    pub(crate) seated: Vec<u32>,
    pub(crate) place: Vec<u32>,
    pub(crate) bid: Vec<A>,
    pub(crate) cost: Vec<A>,
    pub(crate) shortlist: Vec<Shortlist<A>>,
    /// The possible pairs by mentor, created when the first seat is lowered.
    pub(crate) by_mentor: Option<ByMentor>,
    bidders: Vec<u32>,
    /// The next bidder and the one after. Their data is already being prefetched.
    called: [Option<u32>; 2],
    lowest: BinaryHeap<A>,
    pub(crate) monitor: &'a dyn Monitor,
}

impl<'a, A: Integer> Auction<'a, A> {
    pub fn new(problem: &'a Problem, scale: i64, few: usize, monitor: &'a dyn Monitor) -> Self {
        let (people, mentors) = (problem.beneficiaries(), problem.mentors());
        // More seats than people change nothing, so their number is limited to one more than the people.
        let enough = u32::try_from(people).unwrap_or(u32::MAX).saturating_add(1);
        let seats: Vec<u32> = problem.seats().iter().map(|it| *it.min(&enough)).collect();
        let first_seat = seats.iter().scan(0, |next, seats| {
            let first = *next;
            *next += wide(*seats);
            Some(first)
        });
        Self {
            problem,
            scale,
            raise: A::scaled(problem.highest_cost(), scale).finer(FINER),
            few,
            price: vec![A::default(); mentors + 1],
            empty: seats.clone(),
            first_seat: first_seat.collect(),
            seated: vec![NOBODY; seats.iter().map(|it| wide(*it)).sum()],
            seats,
            place: vec![UNSEATED; people],
            bid: vec![A::default(); people],
            cost: vec![A::default(); people],
            shortlist: vec![Shortlist::UNKNOWN; people],
            by_mentor: None,
            bidders: Vec::new(),
            called: [None; 2],
            lowest: BinaryHeap::new(),
            monitor,
        }
    }

    /// Finds an answer that is within one raise of optimal, starting from nothing.
    pub fn run(mut self) -> Result<Self, Cancelled> {
        if let Some(dearest) = self.cover()? {
            self.raise = A::scaled(dearest, self.scale).finer(FINER);
        }
        self.go_on()
    }

    /// Runs the phases until the raise is one.
    fn go_on(mut self) -> Result<Self, Cancelled> {
        let phases = std::iter::successors(Some(self.raise), |it| (*it != A::ONE).then(|| it.finer(FINER)));
        let phases = phases.count();
        for phase in 1.. {
            self.begin_phase();
            loop {
                self.seat_bidders()?;
                if !self.raise_floor()? {
                    break;
                }
            }
            debug_assert!(
                self.is_within_a_raise(),
                "phase {phase} leaves somebody worse off than they may be"
            );
            self.monitor.note_progress(per_mille(phase, phases));
            if self.raise == A::ONE {
                break;
            }
            self.raise = self.raise.finer(FINER);
        }
        Ok(self)
    }

    pub(crate) fn out(&self) -> u32 {
        u32::try_from(self.problem.mentors()).unwrap_or(u32::MAX)
    }

    pub(crate) fn floor(&self) -> A {
        self.price[self.problem.mentors()]
    }

    /// Begins a phase: counts prices from the floor again, so that they stay small. People who are no longer within the smaller
    /// raise lose their seats.
    fn begin_phase(&mut self) {
        let floor = self.floor();
        self.price.iter_mut().for_each(|it| *it -= floor);
        self.bid.iter_mut().filter(|it| **it != A::NEVER).for_each(|it| *it -= floor);
        self.shortlist.iter_mut().for_each(|it| it.lower(floor));
        let far = A::scaled(self.problem.highest_cost(), self.scale);
        for (price, seats) in self.price.iter_mut().zip(&self.seats) {
            if *seats == 0 {
                *price = far + far + far + far;
            }
        }
        for who in self.problem.everyone() {
            self.review(who);
        }
        self.bidders.reverse();
    }

    fn review(&mut self, who: BeneficiaryIx) {
        let place = self.place[who.at()];
        if place == UNSEATED {
            self.bidders.push(who.0);
            return;
        }
        let choice = self.choose(who);
        let cost = self.cost[who.at()];
        if cost + self.price[wide(place)] > choice.value + self.raise {
            self.unseat(who);
            return;
        }
        let other = if choice.place == place { choice.second } else { choice.value };
        if other != A::NEVER {
            let most = other + self.raise - cost;
            self.bid[who.at()] = self.bid[who.at()].min(most);
        }
    }

    fn unseat(&mut self, who: BeneficiaryIx) {
        self.leave(who);
        self.place[who.at()] = UNSEATED;
        self.bidders.push(who.0);
    }

    pub(crate) fn leave(&mut self, who: BeneficiaryIx) {
        let place = self.place[who.at()];
        if place != self.out() {
            let seats = self.seats_of(place);
            let seat = seats.clone().find(|it| self.seated[*it] == who.0).unwrap_or(seats.start);
            self.seated[seat] = NOBODY;
            self.empty[wide(place)] += 1;
        }
    }

    pub(crate) fn take_empty(&mut self, who: BeneficiaryIx, mentor: u32) {
        let seats = self.seats_of(mentor);
        let seat = seats.clone().find(|it| self.seated[*it] == NOBODY).unwrap_or(seats.start);
        self.seated[seat] = who.0;
        self.empty[wide(mentor)] -= 1;
        self.place[who.at()] = mentor;
    }

    pub(crate) fn seats_of(&self, mentor: u32) -> std::ops::Range<usize> {
        let first = self.first_seat[wide(mentor)];
        first..first + wide(self.seats[wide(mentor)])
    }

    fn seat_bidders(&mut self) -> Result<(), Cancelled> {
        let mut left = 0;
        while let Some(who) = self.next_bidder() {
            if left == 0 {
                if self.monitor.stops() {
                    return Err(Cancelled);
                }
                left = PATIENCE;
            }
            left -= 1;
            self.make_bid(who);
        }
        Ok(())
    }

    /// The next bidder. The function also prefetches the row of the bidder after, and the other data of the one after that.
    fn next_bidder(&mut self) -> Option<BeneficiaryIx> {
        loop {
            let [now, after] = self.called;
            self.called = [after.or_else(|| self.bidders.pop()), self.bidders.pop()];
            let [next, after] = self.called.map(|it| it.map(BeneficiaryIx));
            if let Some(next) = next {
                let (mentors, costs) = self.problem.row(next);
                prefetch::slice(mentors);
                prefetch::slice(costs);
            }
            if let Some(after) = after {
                self.problem.announce(after);
                prefetch::element(self.problem.left_out(), after.at());
                prefetch::element(&self.shortlist, after.at());
            }
            if now.is_some() || next.is_none() {
                return now.map(BeneficiaryIx);
            }
        }
    }

    fn choose(&mut self, who: BeneficiaryIx) -> Choice<A> {
        let out = A::scaled(self.problem.left_out()[who.at()], self.scale);
        let shortlist = &mut self.shortlist[who.at()];
        let choice = shortlist.best(&self.price, out);
        if shortlist.settles(&choice) {
            return choice;
        }
        let (mentors, costs) = self.problem.row(who);
        *shortlist = Shortlist::read(mentors, costs, self.scale, &self.price);
        shortlist.best(&self.price, out)
    }

    /// Bids for the best place. The bid is the highest price at which this place stays within one raise of the second best.
    fn make_bid(&mut self, who: BeneficiaryIx) {
        let choice = self.choose(who);
        let place = wide(choice.place);
        self.cost[who.at()] = choice.cost;
        self.bid[who.at()] =
            if choice.second == A::NEVER { A::NEVER } else { choice.second - choice.cost + self.raise };
        if choice.place == self.out() {
            self.place[who.at()] = choice.place;
            return;
        }
        let seats = self.seats_of(choice.place);
        if self.empty[place] > 0 {
            self.take_empty(who, choice.place);
        } else {
            self.place[who.at()] = choice.place;
            let seat = seats.clone().min_by_key(|it| self.bid[wide(self.seated[*it])]).unwrap_or(seats.start);
            let loser = std::mem::replace(&mut self.seated[seat], who.0);
            self.place[wide(loser)] = UNSEATED;
            self.bidders.push(loser);
        }
        if self.empty[place] == 0
            && let Some(lowest) = seats.map(|it| self.bid[wide(self.seated[it])]).min()
        {
            self.price[place] = lowest;
        }
    }

    /// Handles empty seats whose price is too far above the floor. A few of them are lowered one by one. Otherwise the floor
    /// rises until as many bids lie below it as there are such seats, and those bidders lose their seats. Answers whether
    /// somebody must bid again.
    fn raise_floor(&mut self) -> Result<bool, Cancelled> {
        let floor = self.floor();
        let slack = if self.raise == A::ONE { A::ONE } else { self.raise.coarser(SLACK) };
        self.lowest.clear();
        for (price, empty) in self.price.iter().zip(&self.empty).filter(|it| *it.1 > 0 && *it.0 > floor) {
            self.lowest.extend(std::iter::repeat_n(*price, wide(*empty)));
        }
        let Some(highest) = self.lowest.peek().copied().filter(|it| *it - floor > slack) else {
            return Ok(false);
        };
        if self.lowest.iter().filter(|it| **it - floor > slack).count() <= self.few {
            self.lower_seats(floor + slack)?;
            return Ok(false);
        }
        // The heap holds one entry more than there are such seats. The floor rises to its highest entry.
        self.lowest.push(highest);
        let mut level = highest;
        for bid in &self.bid {
            if *bid < level {
                self.lowest.pop();
                self.lowest.push(*bid);
                level = self.lowest.peek().copied().unwrap_or(level);
            }
        }
        self.lift_to(level.max(floor + self.raise));
        Ok(true)
    }

    fn lift_to(&mut self, level: A) {
        for who in self.problem.everyone() {
            if self.bid[who.at()] < level {
                self.unseat(who);
            }
        }
        self.price.iter_mut().for_each(|it| *it = level.max(*it));
    }

    /// Whether every beneficiary is within one raise of the best place. Each phase must end so.
    fn is_within_a_raise(&self) -> bool {
        self.problem.everyone().all(|who| {
            let (mentors, costs) = self.problem.row(who);
            let values = mentors
                .iter()
                .zip(costs)
                .map(|(mentor, cost)| A::scaled(*cost, self.scale) + self.price[wide(*mentor)]);
            let out = A::scaled(self.problem.left_out()[who.at()], self.scale) + self.floor();
            let own = self.cost[who.at()] + self.price[wide(self.place[who.at()])];
            own <= values.fold(out, A::min) + self.raise
        })
    }

    /// The answer with unscaled prices above the floor. Prices are rounded just below a remainder that no price has.
    pub fn outcome(self) -> Outcome {
        let scale = i128::from(self.scale);
        let prices: Vec<i128> = self.price.iter().map(|it| (*it).into()).collect();
        let mut used = vec![false; self.problem.mentors() + 2];
        for it in &prices {
            if let Some(used) = usize::try_from(it.rem_euclid(scale)).ok().and_then(|it| used.get_mut(it)) {
                *used = true;
            }
        }
        let unused =
            used.iter().position(|it| !it).and_then(|it| i128::try_from(it).ok()).unwrap_or_default();
        let rounded = |it: i128| (it - unused - 1).div_euclid(scale);
        let floor = rounded(self.floor().into());
        let out = self.out();
        Outcome {
            mate: self.place.iter().map(|it| (*it < out).then_some(MentorIx(*it))).collect(),
            prices: prices.iter().take(self.problem.mentors()).map(|it| rounded(*it) - floor).collect(),
        }
    }
}

impl<'a> Auction<'a, i64> {
    /// Continues the auction in 128 bits with a greater scale, until the raise is one.
    pub fn refine(self, scale: i64, monitor: &'a dyn Monitor) -> Result<Auction<'a, i128>, Cancelled> {
        let finer = |it: i64| if it == i64::NEVER { i128::NEVER } else { i128::scaled(it, scale) };
        let all = |these: Vec<i64>| these.into_iter().map(finer).collect();
        let refined = Auction {
            problem: self.problem,
            scale,
            raise: finer(self.raise).finer(FINER),
            few: self.few,
            price: all(self.price),
            empty: self.empty,
            seats: self.seats,
            first_seat: self.first_seat,
            seated: self.seated,
            place: self.place,
            bid: all(self.bid),
            cost: all(self.cost),
            shortlist: vec![Shortlist::UNKNOWN; self.shortlist.len()],
            by_mentor: self.by_mentor,
            bidders: self.bidders,
            called: self.called,
            lowest: BinaryHeap::new(),
            monitor,
        };
        refined.go_on()
    }
}
