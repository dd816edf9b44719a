//! What it would cost to choose otherwise, exactly, and who would have to change.
use super::problem::{BeneficiaryIx, MentorIx, Problem, wide};
use super::solution::Solution;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// Somebody who would have another mentor, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Who.
    pub who: BeneficiaryIx,
    /// Whom they have now.
    pub from: Option<MentorIx>,
    /// Whom they would have.
    pub to: Option<MentorIx>,
}

/// The best assignment in which somebody has a certain mentor, told by what differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counterfactual {
    /// By how much the assignment would be worse, in units of the objective; 0: as good.
    pub price: i128,
    /// Everyone who would change, the one who chooses first.
    pub moves: Vec<Move>,
}

/// A place: a mentor, or staying out.
type Place = Option<MentorIx>;

/// How a place was reached on the way of least price: who leaves which place for it. Nobody, where a seat
/// is left empty for it.
#[derive(Clone, Copy)]
struct Step {
    price: i128,
    from: Place,
    who: Option<BeneficiaryIx>,
}

/// Explains one solution of one problem.
#[derive(Debug, Clone)]
pub struct Explained<'a> {
    problem: &'a Problem,
    solution: &'a Solution,
    mentees: Vec<Vec<BeneficiaryIx>>,
    left_out: Vec<BeneficiaryIx>,
}

impl<'a> Explained<'a> {
    /// Sorts everyone by their place.
    pub fn new(problem: &'a Problem, solution: &'a Solution) -> Self {
        let mut explained =
            Self { problem, solution, mentees: vec![Vec::new(); problem.mentors()], left_out: Vec::new() };
        for who in problem.everyone() {
            match solution.mentor_of(who) {
                Some(mentor) => {
                    explained.mentees.get_mut(mentor.at()).into_iter().for_each(|it| it.push(who))
                }
                None => explained.left_out.push(who),
            }
        }
        explained
    }

    /// What it would cost that a beneficiary has that mentor; `None` where it is not possible.
    ///
    /// Under the proven prices no single move gains anything, so the cheapest chain of moves from the wanted
    /// seat to the one that is left behind is a shortest way, and its length is exact.
    pub fn choosing(&self, who: BeneficiaryIx, mentor: MentorIx) -> Option<Counterfactual> {
        let now = self.solution.mentor_of(who);
        if !self.has_seats(Some(mentor)) {
            return None;
        }
        let first = self.worth(who, Some(mentor))? - self.worth(who, now)?;
        if now == Some(mentor) {
            return Some(Counterfactual { price: 0, moves: Vec::new() });
        }
        let (rest, mut moves) = self.chain(who, Some(mentor), now)?;
        moves.insert(0, Move { who, from: now, to: Some(mentor) });
        Some(Counterfactual { price: first + rest, moves })
    }

    /// The mentors whom a beneficiary could have instead, the cheapest first, at most so many.
    pub fn alternatives(&self, who: BeneficiaryIx, most: usize) -> Vec<(MentorIx, Counterfactual)> {
        let now = self.solution.mentor_of(who);
        let options = self.problem.row(who).0.iter().map(|it| MentorIx(*it)).filter(|it| Some(*it) != now);
        let mut by_first: Vec<_> =
            options.filter_map(|it| Some((self.worth(who, Some(it))? - self.worth(who, now)?, it))).collect();
        by_first.sort_unstable();
        let mut found: Vec<(MentorIx, Counterfactual)> = Vec::new();
        for (least, mentor) in by_first {
            // The price is at least that of the first move alone: what follows cannot be among the best.
            if most.checked_sub(1).is_none_or(|it| found.get(it).is_some_and(|worst| worst.1.price < least)) {
                break;
            }
            found.extend(self.choosing(who, mentor).map(|it| (mentor, it)));
            found.sort_by_key(|it| (it.1.price, it.0));
        }
        found.truncate(most);
        found
    }

    /// Cost and price of a place together.
    fn worth(&self, who: BeneficiaryIx, place: Place) -> Option<i128> {
        match place {
            Some(mentor) => Some(i128::from(self.problem.cost(who, mentor)?) + self.solution.price(mentor)),
            None => self.problem.left_out().get(who.at()).copied().map(i128::from),
        }
    }

    fn has_room(&self, place: Place) -> bool {
        place.is_none_or(|it| {
            let taken = self.mentees.get(it.at()).map_or(0, Vec::len);
            self.problem.seats().get(it.at()).is_some_and(|seats| taken < wide(*seats))
        })
    }

    /// The cheapest way to make room at `from` by whoever moves on, until somebody takes the seat at `to`
    /// or it stays empty for a seat that was.
    fn chain(&self, chooser: BeneficiaryIx, from: Place, to: Place) -> Option<(i128, Vec<Move>)> {
        let mut steps: BTreeMap<Place, Step> = BTreeMap::new();
        let mut open = BinaryHeap::from([Reverse((0_i128, from))]);
        let mut done = BTreeSet::new();
        let mut room_found = false;
        while let Some(Reverse((price, place))) = open.pop() {
            if !done.insert(place) {
                continue;
            }
            if place == to {
                return Some((price, self.moves(&steps, from, to)));
            }
            let mut onward = self.moved_on(chooser, place, price);
            // The first room found is the cheapest, so others need not be looked into.
            if !room_found && self.has_room(place) {
                room_found = true;
                onward.extend(self.left_empty(place, price));
            }
            for (next, step) in onward {
                if !done.contains(&next) && steps.get(&next).is_none_or(|it| step.price < it.price) {
                    steps.insert(next, step);
                    open.push(Reverse((step.price, next)));
                }
            }
        }
        None
    }

    /// Where those at a place could move on to.
    fn moved_on(&self, chooser: BeneficiaryIx, place: Place, price: i128) -> Vec<(Place, Step)> {
        let mut steps = Vec::new();
        let people = place.map_or(Some(&self.left_out), |it| self.mentees.get(it.at()));
        for who in people.into_iter().flatten().copied().filter(|it| *it != chooser) {
            let Some(here) = self.worth(who, place) else { continue };
            let (mentors, _) = self.problem.row(who);
            let places = mentors.iter().map(|it| Some(MentorIx(*it))).chain([None]).filter(|it| *it != place);
            steps.extend(places.filter(|it| self.has_seats(*it)).filter_map(|next| {
                let price = price + self.worth(who, next)? - here;
                Some((next, Step { price, from: place, who: Some(who) }))
            }));
        }
        steps
    }

    /// Where a seat could stay empty instead of the one that is free here, at the loss of what it is worth.
    fn left_empty(&self, place: Place, price: i128) -> impl Iterator<Item = (Place, Step)> {
        let mentors = (0..).map(MentorIx).zip(self.solution.prices()).map(|(it, lost)| (Some(it), *lost));
        mentors
            .chain([(None, 0)])
            .filter(move |it| it.0 != place && self.has_seats(it.0))
            .map(move |(next, lost)| (next, Step { price: price + lost, from: place, who: None }))
    }

    fn has_seats(&self, place: Place) -> bool {
        place.is_none_or(|it| self.problem.seats().get(it.at()).is_some_and(|it| *it > 0))
    }

    fn moves(&self, steps: &BTreeMap<Place, Step>, from: Place, to: Place) -> Vec<Move> {
        let mut moves = Vec::new();
        let mut at = to;
        while at != from {
            let Some(step) = steps.get(&at) else { break };
            moves.extend(step.who.map(|who| Move { who, from: step.from, to: at }));
            at = step.from;
        }
        moves.reverse();
        moves
    }
}
