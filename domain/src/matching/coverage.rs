//! A start for the auction: whom the seats would go to if every mentor cost the same.
//!
//! Where leaving people out is far dearer than any mentor, the first phases of an auction would only find out
//! who stays out, raise by raise. The same follows from augmenting ways: whoever is dearest to leave out comes
//! first, and keeps a seat while others are found one. Where none is found, every mentor within reach is full
//! of people no less dear, and a seat there is worth just as much: these prices are exact but for the costs
//! of the mentors, with which the auction goes on.
#![expect(
    clippy::indexing_slicing,
    reason = "the auction makes every column as long as the problem says, and the search pays for each check"
)]
use super::amount::Amount;
use super::auction::{Auction, Cancelled, FINER, NOBODY, UNSEATED};
use super::problem::{BeneficiaryIx, MentorIx, Problem, wide};
use std::cmp::Reverse;

/// A start is given up that looks at each edge so many times: the auction does without.
const PATIENCE: usize = 64;
/// Nobody without a seat will find one here.
const CLOSED: u32 = u32::MAX;

/// Somebody on a way to an empty seat, who could move to a mentor by making a mentee of theirs move on.
struct Step {
    who: u32,
    /// Which mentor of the row.
    edge: usize,
    /// Which seat of that mentor.
    seat: usize,
}

/// What is known of the mentors while seats are looked for, pass by pass.
struct Passes {
    now: u32,
    /// By mentor: in which pass somebody came this way.
    seen: Vec<u32>,
    /// By beneficiary: how many mentors of the row have no empty seat any more.
    full: Vec<usize>,
    looks: usize,
}

impl Passes {
    fn new(problem: &Problem) -> Self {
        let seen = problem.seats().iter().map(|it| if *it == 0 { CLOSED } else { 0 }).collect();
        Self { now: 0, seen, full: vec![0; problem.beneficiaries()], looks: 0 }
    }

    /// Rows are read from either end in turn, or all ways would lead through the same mentors.
    fn nth(&self, row: &[u32], edge: usize) -> Option<u32> {
        let at = if self.now.is_multiple_of(2) { Some(edge) } else { row.len().checked_sub(edge + 1) };
        row.get(at?).copied()
    }
}

impl<A: Amount> Auction<'_, A> {
    /// Seats whom the seats would go to. Answers the highest cost of a mentorship, if that is small enough for
    /// the start to be worth its while.
    pub(super) fn cover(&mut self) -> Result<Option<i64>, Cancelled> {
        let (problem, left_out) = (self.problem, self.problem.left_out());
        let costs = problem.everyone().flat_map(|it| problem.row(it).1);
        let dearest = costs.copied().max().unwrap_or_default();
        if dearest >= problem.highest_cost() / FINER {
            return Ok(None);
        }
        let most = problem.edges().saturating_add(problem.beneficiaries()).saturating_mul(PATIENCE);
        let mut order: Vec<_> = problem.everyone().collect();
        order.sort_by_key(|it| (Reverse(left_out[it.at()]), *it));
        let mut passes = Passes::new(problem);
        for class in order.chunk_by(|one, other| left_out[one.at()] == left_out[other.at()]) {
            let mut waiting = class.to_vec();
            loop {
                if self.watch.stops() {
                    return Err(Cancelled);
                }
                if passes.looks > most {
                    self.uncover();
                    return Ok(None);
                }
                passes.now += 1;
                let before = waiting.len();
                waiting.retain(|who| !self.find_seat(*who, &mut passes));
                if waiting.len() == before {
                    break;
                }
            }
            if let Some(who) = waiting.first() {
                let price = A::scaled(left_out[who.at()], self.scale);
                let reached = passes.seen.iter_mut().zip(&mut self.price).filter(|it| *it.0 == passes.now);
                reached.for_each(|(seen, worth)| (*seen, *worth) = (CLOSED, price));
            }
        }
        self.settle();
        Ok(Some(dearest))
    }

    /// Looks for an empty seat for somebody, with everybody on the way moving on by one seat.
    fn find_seat(&mut self, who: BeneficiaryIx, passes: &mut Passes) -> bool {
        let mut way = vec![Step { who: who.0, edge: 0, seat: 0 }];
        let mut arrived = true;
        while let Some(mut last) = way.pop() {
            let row = self.problem.row(BeneficiaryIx(last.who)).0;
            if std::mem::take(&mut arrived)
                && let Some(mentor) = self.first_empty(last.who, row, passes)
            {
                way.push(last);
                self.move_along(way, mentor, passes);
                return true;
            }
            while let Some(mentor) = passes.nth(row, last.edge) {
                if last.seat == 0 {
                    passes.looks += 1;
                    let seen = &mut passes.seen[wide(mentor)];
                    if *seen == passes.now || *seen == CLOSED {
                        last.edge += 1;
                        continue;
                    }
                    *seen = passes.now;
                }
                let seats = self.seats_of(mentor);
                if let Some(mentee) = self.seated[seats].get(last.seat) {
                    last.seat += 1;
                    way.push(last);
                    way.push(Step { who: *mentee, edge: 0, seat: 0 });
                    arrived = true;
                    break;
                }
                (last.edge, last.seat) = (last.edge + 1, 0);
            }
        }
        false
    }

    /// Seats only fill up, so each row is looked through once.
    fn first_empty(&self, who: u32, row: &[u32], passes: &mut Passes) -> Option<u32> {
        let full = &mut passes.full[wide(who)];
        let more = row[*full..].iter().position(|it| self.empty[wide(*it)] > 0);
        passes.looks += more.unwrap_or(row.len() - *full);
        *full = more.map_or(row.len(), |it| it + *full);
        row.get(*full).copied()
    }

    /// The last on the way takes an empty seat, and everyone before the seat that becomes empty.
    fn move_along(&mut self, mut way: Vec<Step>, mentor: u32, passes: &Passes) {
        self.empty[wide(mentor)] -= 1;
        let seats = self.seats_of(mentor);
        let mut seat = seats.clone().find(|it| self.seated[*it] == NOBODY).unwrap_or(seats.start);
        let mut place = mentor;
        while let Some(step) = way.pop() {
            self.seated[seat] = step.who;
            self.place[wide(step.who)] = place;
            if let Some(before) = way.last() {
                let row = self.problem.row(BeneficiaryIx(before.who)).0;
                place = passes.nth(row, before.edge).unwrap_or(place);
                seat = self.first_seat[wide(place)] + before.seat - 1;
            }
        }
    }

    /// Whoever found no seat stays out; what each would pay at most the next review tells.
    fn settle(&mut self) {
        let out = self.out();
        for who in self.problem.everyone() {
            let place = &mut self.place[who.at()];
            let cost = if *place == UNSEATED { None } else { self.problem.cost(who, MentorIx(*place)) };
            *place = cost.map_or(out, |_| *place);
            let cost = cost.unwrap_or(self.problem.left_out()[who.at()]);
            self.cost[who.at()] = A::scaled(cost, self.scale);
            self.bid[who.at()] = A::NEVER;
        }
    }

    fn uncover(&mut self) {
        self.empty.clone_from(&self.seats);
        self.seated.fill(NOBODY);
        self.place.fill(UNSEATED);
        self.price.fill(A::default());
    }
}
