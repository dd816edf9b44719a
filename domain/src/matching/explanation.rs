//! Explanations of a proposal of a round, made of facts that people can check.
use super::assessment::Assessment;
use super::round::{Origin, Proposal, Round};
use super::words::{Barrier, Barriers};
use crate::base::word::Word;
use solver::{BeneficiaryIx, MentorIx};
use solver::{Counterfactual, Explained};

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
    SeatsToOthers(Vec<SeatsTaken>),
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
        Explanation { round: self, proposal, explained, lowest }
    }
}

/// Explains one proposal.
#[derive(Debug, Clone)]
pub struct Explanation<'a> {
    round: &'a Round<'a>,
    proposal: &'a Proposal,
    explained: Explained<'a>,
    /// The lowest priority among the mentees, by mentor.
    lowest: Vec<Option<u16>>,
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

    /// The reason why a beneficiary gets no mentor. `None` if the beneficiary gets one.
    pub fn why_left_out(&self, who: BeneficiaryIx) -> Option<WhyLeftOut> {
        let profile = self.round.pool.beneficiary(who)?;
        if self.proposal.mentor_of(who).is_some() {
            return None;
        }
        if !profile.barriers.is_empty() {
            return Some(WhyLeftOut::Barred(profile.barriers));
        }
        let candidates = self.round.candidates.of(who);
        if candidates.is_empty() {
            return Some(WhyLeftOut::NoCandidate(self.counts(who)));
        }
        let taken = candidates.into_iter().map(|it| SeatsTaken {
            mentor: it.mentor,
            scarcity: self.proposal.scarcity(it.mentor),
            lowest_priority: self.lowest_priority(it.mentor),
        });
        Some(WhyLeftOut::SeatsToOthers(taken.collect()))
    }

    /// The mentors with too few seats, the scarcest first.
    pub fn scarce(&self) -> Vec<(MentorIx, i128)> {
        let prices = (0..).map(MentorIx).zip(self.proposal.solution.prices().iter().copied());
        let with_seats = prices.zip(self.proposal.problem.seats()).filter(|it| *it.1 > 0).map(|it| it.0);
        let mut scarce: Vec<_> = with_seats.filter(|it| it.1 > 0).collect();
        scarce.sort_by_key(|it| (-it.1, it.0));
        scarce
    }

    fn counts(&self, who: BeneficiaryIx) -> Vec<(Barrier, u32)> {
        let mentors = (0..).map(MentorIx).take(self.round.pool.mentors().len());
        let barriers: Vec<Barriers> =
            mentors.filter_map(|it| self.round.assess(who, it)).map(|it| it.barriers).collect();
        let count =
            |barrier| u32::try_from(barriers.iter().filter(|it| it.has(barrier)).count()).unwrap_or(u32::MAX);
        Barrier::ALL.iter().map(|it| (*it, count(*it))).filter(|it| it.1 > 0).collect()
    }

    fn lowest_priority(&self, mentor: MentorIx) -> u16 {
        self.lowest.get(mentor.at()).copied().flatten().unwrap_or_default()
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
