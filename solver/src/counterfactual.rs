//! Counterfactuals: the exact price of another choice, and the people who would have to change.
#![expect(
    clippy::indexing_slicing,
    reason = "the constructor makes every column as long as the problem says, and each question walks millions of edges"
)]
use super::by_mentor::ByMentor;
use super::problem::{BeneficiaryIx, MentorIx, Problem, wide};
use super::solution::Solution;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::OnceLock;

/// The change of one beneficiary to another mentor, or to none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// The beneficiary.
    pub who: BeneficiaryIx,
    /// The mentor in the solution.
    pub from: Option<MentorIx>,
    /// The mentor after the change.
    pub to: Option<MentorIx>,
}

/// The best assignment in which a beneficiary has a certain mentor, as the difference from the solution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counterfactual {
    /// The rise of the cost, in units of the objective. 0: the assignment is as good.
    pub price: i128,
    /// All changes. The beneficiary who chooses is first.
    pub moves: Vec<Move>,
}

const NOBODY: u32 = u32::MAX;

/// The explanations of one solution of one problem.
///
/// Places are numbered: the mentors, then staying out, then the place that stands for a seat left empty.
#[derive(Debug, Clone)]
pub struct Explained<'a> {
    problem: &'a Problem,
    solution: &'a Solution,
    place: Vec<u32>,
    /// The cost and price of each beneficiary's own place together. No other place of the beneficiary has a lower sum.
    worth: Vec<i64>,
    price: Vec<i64>,
    has_room: Vec<bool>,
    /// The beneficiaries for whom a mentor is possible, by mentor. Each has the loss for this person, compared with their own
    /// place: the rise of cost and price together.
    seekers: OnceLock<ByMentor>,
}

impl<'a> Explained<'a> {
    /// Prepares the explanations.
    pub fn new(problem: &'a Problem, solution: &'a Solution) -> Self {
        let out = u32::try_from(problem.mentors()).unwrap_or(u32::MAX);
        // A proven price is never above the cost of leaving a beneficiary out.
        let price = |it| i64::try_from(solution.price(MentorIx(it))).unwrap_or(i64::MAX);
        let mut explained = Self {
            problem,
            solution,
            place: vec![out; problem.beneficiaries()],
            worth: problem.left_out().to_vec(),
            price: (0..out).map(price).chain([0]).collect(),
            has_room: Vec::new(),
            seekers: OnceLock::new(),
        };
        let mut free = problem.seats().to_vec();
        for who in problem.everyone() {
            let mentor = solution.mentor_of(who);
            let Some((mentor, cost)) = mentor.and_then(|it| Some((it, problem.cost(who, it)?))) else {
                continue;
            };
            explained.place[who.at()] = mentor.0;
            explained.worth[who.at()] = cost.saturating_add(explained.price[mentor.at()]);
            free[mentor.at()] = free[mentor.at()].saturating_sub(1);
        }
        explained.has_room = free.iter().map(|it| *it > 0).chain([true]).collect();
        explained
    }

    /// The price and the changes if a beneficiary has this mentor. `None` if the pair is not possible.
    ///
    /// Under the proven prices no single change gains anything. A chain of changes leads from the wanted seat back to the seat
    /// that is left. The cheapest chain is therefore a shortest path, and its length is exact.
    pub fn choosing(&self, who: BeneficiaryIx, mentor: MentorIx) -> Option<Counterfactual> {
        let loss = self.loss(who, mentor)?;
        if self.solution.mentor_of(who) == Some(mentor) {
            return Some(Counterfactual { price: 0, moves: Vec::new() });
        }
        let mut search = Search::new(self, who);
        let (_, rest) = search.find(|it| it.0 == mentor.0)?;
        Some(Counterfactual { price: i128::from(loss) + rest, moves: search.moves(mentor) })
    }

    /// The other mentors that a beneficiary could have, at most `most`, the cheapest first.
    pub fn alternatives(&self, who: BeneficiaryIx, most: usize) -> Vec<(MentorIx, Counterfactual)> {
        let now = self.solution.mentor_of(who);
        let mut found: Vec<(i128, MentorIx)> = Vec::new();
        let mut search = Search::new(self, who);
        for (place, rest) in search.by_ref() {
            // The chooser's own change gains nothing, so every place found later costs at least this.
            if most.checked_sub(1).is_none_or(|it| found.get(it).is_some_and(|worst| worst.0 < rest)) {
                break;
            }
            let mentor = MentorIx(place);
            let Some(loss) = self.loss(who, mentor).filter(|_| now != Some(mentor)) else { continue };
            let cost = (i128::from(loss) + rest, mentor);
            found.insert(found.partition_point(|it| *it < cost), cost);
            found.truncate(most);
        }
        let told = |(price, mentor)| (mentor, Counterfactual { price, moves: search.moves(mentor) });
        found.into_iter().map(told).collect()
    }

    /// The loss for a beneficiary with this mentor, compared with their own place. `None` if the pair is not possible.
    fn loss(&self, who: BeneficiaryIx, mentor: MentorIx) -> Option<i64> {
        let has_seats = self.problem.seats().get(mentor.at()).is_some_and(|it| *it > 0);
        let cost = self.problem.cost(who, mentor).filter(|_| has_seats)?;
        Some(cost.saturating_add(self.price[mentor.at()]).saturating_sub(self.worth[who.at()]))
    }

    fn seekers(&self) -> &ByMentor {
        self.seekers.get_or_init(|| {
            ByMentor::of(self.problem, |who, mentor, cost| {
                cost.saturating_add(self.price[mentor.at()]).saturating_sub(self.worth[who.at()])
            })
        })
    }
}

/// The shortest-path search for places from which a chain of changes ends at the chooser's place. It finds the cheapest first.
struct Search<'a> {
    explained: &'a Explained<'a>,
    chooser: BeneficiaryIx,
    /// The least price of a chain from each place, found so far.
    price: Vec<i128>,
    /// The next place of the chain from each place, and the person who moves there. `NOBODY` if a seat is left empty there.
    step: Vec<(u32, u32)>,
    done: Vec<bool>,
    open: BinaryHeap<Reverse<(i128, u32)>>,
}

impl<'a> Search<'a> {
    fn new(explained: &'a Explained<'a>, chooser: BeneficiaryIx) -> Self {
        let places = explained.price.len() + 1;
        let end = explained.place.get(chooser.at()).copied();
        let mut search = Self {
            explained,
            chooser,
            price: vec![i128::MAX; places],
            step: vec![(NOBODY, NOBODY); places],
            done: vec![false; places],
            open: BinaryHeap::new(),
        };
        end.into_iter().for_each(|it| search.reach(it, 0, (NOBODY, NOBODY)));
        search
    }

    fn reach(&mut self, place: u32, price: i128, step: (u32, u32)) {
        let known = &mut self.price[wide(place)];
        if price < *known {
            *known = price;
            self.step[wide(place)] = step;
            self.open.push(Reverse((price, place)));
        }
    }

    /// Visits the places from which somebody could move to this place, or where a seat could be left empty for it.
    fn look_back(&mut self, place: u32, price: i128) {
        let (explained, chooser) = (self.explained, self.chooser);
        let out = wide(place) + 1 == explained.price.len();
        if wide(place) == explained.price.len() {
            for (with_room, _) in (0..).zip(&explained.has_room).filter(|it| *it.1) {
                self.reach(with_room, price, (place, NOBODY));
            }
            return;
        }
        if out {
            for who in explained.problem.everyone().filter(|it| *it != chooser) {
                let loss = explained.problem.left_out()[who.at()].saturating_sub(explained.worth[who.at()]);
                self.reach(explained.place[who.at()], price + i128::from(loss), (place, who.0));
            }
        } else if explained.problem.seats()[wide(place)] > 0 {
            for edge in explained.seekers().beneficiaries_of(place) {
                let (who, loss) = (edge.who, edge.cost);
                if who != chooser.0 {
                    self.reach(explained.place[wide(who)], price + i128::from(loss), (place, who));
                }
            }
        }
        let empty = u32::try_from(explained.price.len()).unwrap_or(u32::MAX);
        self.reach(empty, price + i128::from(explained.price[wide(place)]), (place, NOBODY));
    }

    /// All changes for a found mentor: the chooser's first, then those that follow from it.
    fn moves(&self, mentor: MentorIx) -> Vec<Move> {
        let out = self.explained.problem.mentors();
        let place = |it: u32| (wide(it) < out).then_some(MentorIx(it));
        let mut moves = vec![Move {
            who: self.chooser,
            from: self.explained.solution.mentor_of(self.chooser),
            to: Some(mentor),
        }];
        let mut at = mentor.0;
        while let Some((next, who)) = self.step.get(wide(at)).copied().filter(|it| it.0 != NOBODY) {
            if who != NOBODY {
                moves.push(Move { who: BeneficiaryIx(who), from: place(at), to: place(next) });
            }
            at = next;
        }
        moves
    }
}

impl Iterator for Search<'_> {
    type Item = (u32, i128);
    fn next(&mut self) -> Option<Self::Item> {
        while let Some(Reverse((price, place))) = self.open.pop() {
            if !std::mem::replace(&mut self.done[wide(place)], true) {
                self.look_back(place, price);
                return Some((place, price));
            }
        }
        None
    }
}
