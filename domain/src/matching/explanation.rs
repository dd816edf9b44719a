//! Explanations of a proposal of a round, made of facts that people can check.
use super::assessment::Assessment;
use super::round::{Origin, Proposal, Round};
use super::tally::Tally;
use super::words::{Barrier, Barriers};
use solver::{BeneficiaryIx, MentorIx};
use solver::{Counterfactual, Explained};
use std::collections::BinaryHeap;

/// Possible mentors whose seats went to others, listed for one beneficiary at most.
const TAKEN_LISTED: usize = 20;

/// The reason why a beneficiary does not get a certain mentor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyNot {
    /// The beneficiary gets this mentor.
    Proposed,
    /// Rules forbid the pair. Holds all barriers.
    Forbidden(Barriers),
    /// The pair is possible, but the whole assignment would be worse. Holds the difference.
    Worse(Difference),
    /// The mentor of this beneficiary, or all seats of this mentor, were fixed before the assignment was solved.
    Decided,
}

/// The change of the proposal if one beneficiary gets another mentor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The exact price, and the list of all changes.
    pub counterfactual: Counterfactual,
    /// The priorities of beneficiaries who would get a mentor and do not get one now.
    pub newly_covered: Vec<u16>,
    /// The priorities of beneficiaries who would lose their mentor.
    pub newly_left_out: Vec<u16>,
    /// The change of the sum of the strengths of choices.
    pub choices: i64,
    /// The change of the sum of the fits.
    pub fit: i64,
}

/// The reason why a beneficiary gets no mentor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyLeftOut {
    /// Barriers of the beneficiary forbid any mentor.
    Barred(Barriers),
    /// Rules forbid every mentor. Holds the number of mentors for each barrier.
    NoCandidate(Vec<(Barrier, u32)>),
    /// Mentors are possible, but others get all their seats.
    SeatsToOthers {
        /// The number of possible mentors.
        possible: usize,
        /// The first of them, at most 20: the lowest priority first, then in the order of the pool.
        taken: Vec<SeatsTaken>,
    },
}

/// A mentor whose seats all went to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatsTaken {
    /// The mentor.
    pub mentor: MentorIx,
    /// The scarcity of the mentor: see [`Proposal::scarcity`].
    pub scarcity: i128,
    /// The lowest priority among the beneficiaries who got the seats.
    pub lowest_priority: u16,
}

impl Round<'_> {
    /// Prepares the explanations of one proposal of this round.
    pub fn explain<'b>(&'b self, proposal: &'b Proposal) -> Explanation<'b> {
        let explained = Explained::new(&proposal.problem, &proposal.solution);
        let mut lowest = vec![None; self.pool.mentors().len()];
        for it in proposal.mentorships() {
            let priority = self.priority(it.beneficiary);
            if let Some(lowest) = lowest.get_mut(it.mentor.at()) {
                *lowest = Some(lowest.map_or(priority, |it: u16| it.min(priority)));
            }
        }
        let lowest: Vec<u16> = lowest.into_iter().map(Option::unwrap_or_default).collect();
        let mut in_order: Vec<MentorIx> = self.pool.mentor_ixs().collect();
        in_order.sort_by_key(|it| lowest.get(it.at()));
        let mut ranks = vec![0; in_order.len()];
        for (rank, mentor) in (0..).zip(&in_order) {
            ranks.get_mut(mentor.at()).into_iter().for_each(|it| *it = rank);
        }
        Explanation { round: self, proposal, explained, lowest, in_order, ranks }
    }
}

/// Explains one proposal.
#[derive(Debug, Clone)]
pub struct Explanation<'a> {
    round: &'a Round<'a>,
    proposal: &'a Proposal,
    explained: Explained<'a>,
    /// The lowest priority among the mentees, by mentor. 0 for a mentor without mentees.
    lowest: Vec<u16>,
    /// The mentors, the lowest priority of their mentees first.
    in_order: Vec<MentorIx>,
    /// The place in that order, by mentor.
    ranks: Vec<u32>,
}

impl Explanation<'_> {
    /// The proposed mentor of a beneficiary, the origin of the pair and its assessment. `None` if there is no proposed mentor.
    pub fn why(&self, who: BeneficiaryIx) -> Option<(MentorIx, Origin, Assessment)> {
        let mentor = self.proposal.mentor_of(who)?;
        let origin = self.proposal.origin_of(who);
        Some((mentor, origin, self.round.assess(who, mentor)?))
    }

    /// The assessment of a pair. `None` if either is not in the pool.
    pub(super) fn pair(&self, who: BeneficiaryIx, mentor: MentorIx) -> Option<Assessment> {
        self.round.assess(who, mentor)
    }

    /// The reason why the beneficiary does not get this mentor. `None` if either is not in the pool.
    pub fn why_not(&self, who: BeneficiaryIx, mentor: MentorIx) -> Option<WhyNot> {
        if self.proposal.mentor_of(who) == Some(mentor) {
            return Some(WhyNot::Proposed);
        }
        let pair = self.round.assess(who, mentor)?;
        if !pair.barriers.is_empty() {
            return Some(WhyNot::Forbidden(pair.barriers));
        }
        let choosing = self.explained.choosing(who, mentor);
        Some(choosing.map_or(WhyNot::Decided, |it| WhyNot::Worse(self.difference(it))))
    }

    /// The other mentors that a beneficiary could have, at most `most`. The one with the lowest price for the whole round is
    /// first. Empty for a mentorship that was fixed before.
    pub fn alternatives(&self, who: BeneficiaryIx, most: usize) -> Vec<(MentorIx, Difference)> {
        let found = self.explained.alternatives(who, most).into_iter();
        found.map(|(mentor, it)| (mentor, self.difference(it))).collect()
    }

    /// The reason why a beneficiary gets no mentor. `None` if the beneficiary gets one. The tally is of the pool of the round; it
    /// counts the mentors whom rules exclude.
    pub fn why_left_out(&self, who: BeneficiaryIx, tally: &mut Tally<'_>) -> Option<WhyLeftOut> {
        let profile = self.round.pool.beneficiary(who)?;
        if self.proposal.mentor_of(who).is_some() {
            return None;
        }
        if !profile.barriers.is_empty() {
            return Some(WhyLeftOut::Barred(profile.barriers));
        }
        // The problem has a row for everybody who was not given a mentor before.
        let possible = self.proposal.problem.row(who).0;
        if possible.is_empty() {
            return Some(WhyLeftOut::NoCandidate(tally.of(who).counts));
        }
        Some(WhyLeftOut::SeatsToOthers { possible: possible.len(), taken: self.taken(possible) })
    }

    /// The first of the mentors, the lowest priority of their mentees first.
    fn taken(&self, mentors: &[u32]) -> Vec<SeatsTaken> {
        let mut first = BinaryHeap::with_capacity(TAKEN_LISTED);
        for rank in mentors.iter().filter_map(|it| self.ranks.get(MentorIx(*it).at()).copied()) {
            if first.len() < TAKEN_LISTED {
                first.push(rank);
            } else if first.peek().is_some_and(|last| rank < *last) {
                first.pop();
                first.push(rank);
            }
        }
        let taken = |rank: u32| {
            let mentor = *self.in_order.get(usize::try_from(rank).ok()?)?;
            let lowest_priority = self.lowest.get(mentor.at()).copied().unwrap_or_default();
            Some(SeatsTaken { mentor, scarcity: self.proposal.scarcity(mentor), lowest_priority })
        };
        first.into_sorted_vec().into_iter().filter_map(taken).collect()
    }

    /// The mentors with too few seats, the scarcest first.
    pub fn scarce(&self) -> Vec<(MentorIx, i128)> {
        let prices = (0..).map(MentorIx).zip(self.proposal.solution.prices().iter().copied());
        let with_seats = prices.zip(self.proposal.problem.seats()).filter(|it| *it.1 > 0).map(|it| it.0);
        let mut scarce: Vec<_> = with_seats.filter(|it| it.1 > 0).collect();
        scarce.sort_by_key(|it| (-it.1, it.0));
        scarce
    }

    fn difference(&self, counterfactual: Counterfactual) -> Difference {
        let (mut newly_covered, mut newly_left_out) = (Vec::new(), Vec::new());
        let (mut choices, mut fit) = (0, 0);
        for it in &counterfactual.moves {
            let pair = |place: Option<MentorIx>| {
                let pair = place.and_then(|mentor| self.round.assess(it.who, mentor));
                pair.map_or((0, 0), |it| (i64::from(it.choice), i64::from(it.fit)))
            };
            let (before, after) = (pair(it.from), pair(it.to));
            choices += after.0 - before.0;
            fit += after.1 - before.1;
            match (it.from, it.to) {
                (None, Some(_)) => newly_covered.push(self.round.priority(it.who)),
                (Some(_), None) => newly_left_out.push(self.round.priority(it.who)),
                _ => {}
            }
        }
        Difference { counterfactual, newly_covered, newly_left_out, choices, fit }
    }
}
