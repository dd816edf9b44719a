//! A start for the auction: the assignment that covers most people if every mentor costs the same.
//!
//! Leaving people out usually costs far more than any mentor. Then the first phases of an auction only find who stays out,
//! raise by raise. Augmenting paths find the same sooner. People with the highest cost of being left out come first, and keep a
//! seat while others look for one. If a search finds no seat, every mentor within reach is full of people whose cost is no
//! lower. A seat of these mentors is worth that cost. These prices are exact except for the costs of the mentors, with which
//! the auction goes on.
#![expect(
    clippy::indexing_slicing,
    reason = "the auction makes every column as long as the problem says, and the search pays for each check"
)]
use super::auction::{Auction, Cancelled, FINER, NOBODY, UNSEATED};
use super::integer::Integer;
use super::prefetch;
use super::problem::{BeneficiaryIx, MentorIx, Problem, wide};
use std::cmp::Reverse;
use std::collections::VecDeque;

/// The number of looks at each edge after which the start is given up. The auction then begins without it.
const PATIENCE: usize = 64;
/// Trees are handed on when fewer than one search in this number finds a seat. Before that, it takes more time than it saves.
const EASILY: usize = 16;
/// The number of searches between the prefetch of a row and its use. The beginning of the row is prefetched `START_AHEAD`
/// before.
const ROW_AHEAD: usize = 2;
const START_AHEAD: usize = 6;
/// The mark of a mentor in whose reach nobody else will find a seat.
const CLOSED: u32 = u32::MAX;

/// The state of the search for seats, pass by pass. In a pass, all people without a seat search at the same time. A tree grows
/// from each of them, and no two trees share a mentor.
struct Passes {
    /// The number of the pass, always even.
    now: u32,
    /// Whether the mentors of a finished tree are handed on to other trees.
    grafts: bool,
    /// The number of mentors who are in no tree because their tree was finished. If it is 0, people who found no seat cannot
    /// get one.
    lost: usize,
    /// By mentor: the pass in which a tree reached the mentor, plus one if that tree was finished since (`seen`). The next
    /// mentor in the list of the tree (`next`). A person of another tree who found the mentor taken (`late`).
    seen: Vec<u32>,
    next: Vec<u32>,
    late: Vec<u32>,
    /// By beneficiary: the root of the person's tree (`root`), and the person who would take their seat (`before`). For a root,
    /// the first mentor in the list of its tree (`first`).
    root: Vec<u32>,
    before: Vec<u32>,
    first: Vec<u32>,
    /// The number of mentors at the start of the row known to have no empty seat, by beneficiary.
    full: Vec<u32>,
    /// The people who have not searched yet in this pass.
    queue: VecDeque<u32>,
    looks: usize,
}

impl Passes {
    fn new(problem: &Problem) -> Self {
        let (people, mentors) = (problem.beneficiaries(), problem.mentors());
        Self {
            now: 0,
            grafts: false,
            lost: 0,
            seen: problem.seats().iter().map(|it| if *it == 0 { CLOSED } else { 0 }).collect(),
            next: vec![NOBODY; mentors],
            late: vec![NOBODY; mentors],
            root: vec![NOBODY; people],
            before: vec![NOBODY; people],
            first: vec![NOBODY; people],
            full: vec![0; people],
            queue: VecDeque::new(),
            looks: 0,
        }
    }

    /// The mark of a mentor whose tree was finished in this pass, and who is in no other tree yet.
    fn lost_now(&self) -> u32 {
        self.now + 1
    }

    /// Adds a mentor to a tree. The mentees of the mentor search next.
    fn grow(&mut self, by: u32, mentor: u32, mentees: &[u32]) {
        let (root, at) = (self.root[wide(by)], wide(mentor));
        self.lost -= usize::from(self.seen[at] == self.lost_now());
        (self.seen[at], self.late[at]) = (self.now, NOBODY);
        self.next[at] = std::mem::replace(&mut self.first[wide(root)], mentor);
        for mentee in mentees {
            (self.root[wide(*mentee)], self.before[wide(*mentee)]) = (root, by);
            self.queue.push_back(*mentee);
        }
    }
}

impl<A: Integer> Auction<'_, A> {
    /// Finds the start. Answers the highest cost of a mentorship. `None` if that cost is too high for the start to save time,
    /// or the search takes too long.
    pub(crate) fn cover(&mut self) -> Result<Option<i64>, Cancelled> {
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
            passes.grafts = false;
            loop {
                if self.monitor.stops() {
                    return Err(Cancelled);
                }
                if passes.looks > most {
                    self.uncover();
                    return Ok(None);
                }
                let before = waiting.len();
                self.pass(&waiting, &mut passes);
                waiting.retain(|it| self.place[it.at()] == UNSEATED);
                if passes.lost == 0 {
                    break;
                }
                passes.grafts = (before - waiting.len()) * EASILY < before;
            }
            if let Some(who) = waiting.first() {
                passes.looks += problem.mentors();
                let price = A::scaled(left_out[who.at()], self.scale);
                let reached = passes.seen.iter_mut().zip(&mut self.price).filter(|it| *it.0 == passes.now);
                reached.for_each(|(seen, worth)| (*seen, *worth) = (CLOSED, price));
            }
        }
        self.settle();
        Ok(Some(dearest))
    }

    /// Searches an empty seat for every person who waits.
    fn pass(&mut self, waiting: &[BeneficiaryIx], passes: &mut Passes) {
        (passes.now, passes.lost) = (passes.now + 2, 0);
        for who in waiting {
            (passes.root[who.at()], passes.first[who.at()]) = (who.0, NOBODY);
            passes.queue.push_back(who.0);
        }
        while let Some(who) = passes.queue.pop_front() {
            self.announce(passes);
            if !self.is_growing(who, passes) {
                continue;
            }
            let row = self.problem.row(BeneficiaryIx(who)).0;
            if let Some(mentor) = self.first_empty(who, row, passes) {
                let root = passes.root[wide(who)];
                self.move_along(who, mentor, passes);
                self.give_up(root, passes);
                continue;
            }
            passes.looks += row.len();
            for mentor in row {
                let seen = passes.seen[wide(*mentor)];
                if seen == passes.now && passes.grafts {
                    passes.late[wide(*mentor)] = who;
                } else if seen != passes.now && seen != CLOSED {
                    passes.grow(who, *mentor, &self.seated[self.seats_of(*mentor)]);
                }
            }
        }
    }

    /// Prefetches the data of the next people in the queue.
    fn announce(&self, passes: &Passes) {
        if let Some(later) = passes.queue.get(START_AHEAD).map(|it| BeneficiaryIx(*it)) {
            self.problem.announce(later);
            prefetch::element(&self.place, later.at());
            prefetch::element(&passes.root, later.at());
            prefetch::element(&passes.full, later.at());
        }
        if let Some(soon) = passes.queue.get(ROW_AHEAD) {
            prefetch::slice(self.problem.row(BeneficiaryIx(*soon)).0);
        }
    }

    /// Whether the person is in a tree whose root has no seat yet.
    fn is_growing(&self, who: u32, passes: &Passes) -> bool {
        let place = self.place[wide(who)];
        let is_reached = place == UNSEATED || passes.seen[wide(place)] == passes.now;
        is_reached && self.place[wide(passes.root[wide(who)])] == UNSEATED
    }

    /// Finishes the tree of a root that got a seat. Its mentors go to the trees that found them taken.
    fn give_up(&self, root: u32, passes: &mut Passes) {
        let mut mentors = Vec::new();
        let mut next = passes.first[wide(root)];
        while next != NOBODY {
            mentors.push(next);
            next = passes.next[wide(next)];
        }
        passes.lost += mentors.len();
        if !passes.grafts {
            return;
        }
        let lost = passes.lost_now();
        mentors.iter().for_each(|it| passes.seen[wide(*it)] = lost);
        for mentor in mentors {
            let late = passes.late[wide(mentor)];
            if passes.seen[wide(mentor)] == lost && late != NOBODY && self.is_growing(late, passes) {
                passes.grow(late, mentor, &self.seated[self.seats_of(mentor)]);
            }
        }
    }

    /// The first mentor of the row with an empty seat. In this search seats only fill up, so each row is read once.
    fn first_empty(&self, who: u32, row: &[u32], passes: &mut Passes) -> Option<u32> {
        let full = &mut passes.full[wide(who)];
        let more = row.iter().skip(wide(*full)).take_while(|it| self.empty[wide(**it)] == 0).count();
        passes.looks += more;
        *full += u32::try_from(more).unwrap_or(u32::MAX);
        row.get(wide(*full)).copied()
    }

    /// Gives an empty seat to a person. Each person before in the tree takes the seat that becomes empty.
    fn move_along(&mut self, last: u32, mentor: u32, passes: &Passes) {
        self.empty[wide(mentor)] -= 1;
        let (mut who, mut place, mut leaving) = (last, mentor, NOBODY);
        loop {
            let seats = self.seats_of(place);
            let seat = seats.clone().find(|it| self.seated[*it] == leaving).unwrap_or(seats.start);
            self.seated[seat] = who;
            place = std::mem::replace(&mut self.place[wide(who)], place);
            if place == UNSEATED {
                return;
            }
            leaving = who;
            who = passes.before[wide(who)];
        }
    }

    /// People who found no seat stay out. The bids are set by the next review.
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
