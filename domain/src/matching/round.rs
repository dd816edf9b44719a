//! A round: the people of one day, the rules, what is decided already, and the proposal for the rest.
use super::assessment::Assessment;
use super::candidates::{Candidate, Candidates};
use super::choices::MutualChoices;
use super::objective::Objective;
use super::people::Pool;
use super::rules::MatchingRules;
use super::words::{Barrier, Barriers, MatchingMode};
use serde::{Deserialize, Serialize};
use solver::Cancelled;
use solver::{BeneficiaryIx, Malformed, MentorIx, Problem};
use solver::{Part, Watch, per_mille};
use solver::{Solution, Unsolved, solve};

/// How many rows a thread builds between two looks at whether to stop.
const ROWS: usize = 512;

/// Why a round proposes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoProposal {
    /// A pinned mentorship is not possible: the two, and what stands between them.
    #[error("beneficiary {} cannot be pinned to mentor {}", .0.0, .1.0)]
    Pin(BeneficiaryIx, MentorIx, Barriers),
    /// The round is too large for the range of costs.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// What was kept of a proposal is not of this round.
    #[error("the record of the proposal is not of this round")]
    Record,
    /// It was cancelled, or nothing was proven.
    #[error(transparent)]
    Unsolved(#[from] Unsolved),
}

/// How a proposed mentorship came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The specialist pinned it before the round.
    Pinned,
    /// Both chose each other, and choices came first.
    MutualChoice,
    /// It is part of the best assignment.
    Optimum,
}

/// A mentorship that the round proposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// Who.
    pub beneficiary: BeneficiaryIx,
    /// With whom.
    pub mentor: MentorIx,
    /// How it came about.
    pub origin: Origin,
}

/// People, rules and what is decided already.
#[derive(Debug, Clone)]
pub struct Round<'a> {
    pub(super) rules: &'a MatchingRules,
    pub(super) pool: &'a Pool,
    pub(super) candidates: Candidates<'a>,
    pinned: Vec<Option<MentorIx>>,
    pub(super) threads: usize,
}

/// What a round proposes, proven and ready to be explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub(super) problem: Problem,
    pub(super) solution: Solution,
    pub(super) fixed: Vec<Option<(MentorIx, Origin)>>,
    mate: Vec<Option<MentorIx>>,
    blocking: Vec<(BeneficiaryIx, MentorIx)>,
}

impl<'a> Round<'a> {
    /// A round in which everything is open.
    pub fn new(rules: &'a MatchingRules, pool: &'a Pool) -> Self {
        let pinned = vec![None; pool.beneficiaries().len()];
        Self { rules, pool, candidates: Candidates::new(rules, pool), pinned, threads: 1 }
    }

    /// Lets so many threads look for candidates, at most as many as the machine runs at once. The proposal
    /// is the same with any number.
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        let most = std::thread::available_parallelism().map_or(1, usize::from);
        self.threads = threads.clamp(1, most);
        self
    }

    /// Pins a mentorship: the round takes it as given, with a seat of the mentor.
    pub fn pin(&mut self, who: BeneficiaryIx, mentor: MentorIx) -> Result<(), NoProposal> {
        self.check_pin(&self.pinned, who, mentor)?;
        self.pinned.get_mut(who.at()).into_iter().for_each(|it| *it = Some(mentor));
        Ok(())
    }

    pub(super) fn check_pin(
        &self,
        pinned: &[Option<MentorIx>],
        who: BeneficiaryIx,
        mentor: MentorIx,
    ) -> Result<(), NoProposal> {
        let barriers =
            self.assess(who, mentor).map_or(Barriers::NONE.with(Barrier::NotOffered, true), |it| it.barriers);
        let others = (0..).map(BeneficiaryIx).zip(pinned).filter(|it| it.0 != who);
        let taken = others.filter(|it| *it.1 == Some(mentor)).count();
        let room = self.pool.mentor(mentor).map_or(0, |it| it.free_seats);
        let barriers = barriers.with(Barrier::NoSeat, u32::try_from(taken).is_ok_and(|it| it >= room));
        if barriers.is_empty() { Ok(()) } else { Err(NoProposal::Pin(who, mentor, barriers)) }
    }

    /// All that the rules say about two people; `None` for strangers.
    pub fn assess(&self, who: BeneficiaryIx, mentor: MentorIx) -> Option<Assessment> {
        self.pool.assess(self.rules, who, mentor)
    }

    /// How urgent a mentor is for somebody; 0 is the least.
    pub fn priority(&self, who: BeneficiaryIx) -> u16 {
        let profile = self.pool.beneficiary(who);
        profile.map_or(0, |it| self.rules.priority(it.risk, it.waiting_days))
    }

    /// The best proposal for the round, proven. Asks the watch now and then whether to stop.
    pub fn propose(&self, watch: &dyn Watch) -> Result<Proposal, NoProposal> {
        let mut fixed: Vec<_> = self.pinned.iter().map(|it| it.map(|it| (it, Origin::Pinned))).collect();
        let choices = MutualChoices::of(self.rules, self.pool);
        self.fix_mutual(&mut fixed, &choices);
        let problem = self.problem(&fixed, &Part { whole: watch, from: 0, to: 300 })?;
        let solution = solve(&problem, &Part { whole: watch, from: 300, to: 1000 })?;
        Ok(self.proposal(fixed, problem, solution, &choices))
    }

    /// Where choices come first: fixes whoever chose each other, beside the pinned.
    pub(super) fn fix_mutual(&self, fixed: &mut [Option<(MentorIx, Origin)>], choices: &MutualChoices) {
        if self.rules.mode != MatchingMode::MutualFirst {
            return;
        }
        let is_pinned = |who: BeneficiaryIx| fixed.get(who.at()).is_some_and(Option::is_some);
        for (who, mentor) in choices.stable(&self.seats_beside(fixed), is_pinned) {
            fixed.get_mut(who.at()).into_iter().for_each(|it| *it = Some((mentor, Origin::MutualChoice)));
        }
    }

    pub(super) fn proposal(
        &self,
        fixed: Vec<Option<(MentorIx, Origin)>>,
        problem: Problem,
        solution: Solution,
        choices: &MutualChoices,
    ) -> Proposal {
        let chosen = fixed.iter().zip(solution.mate());
        let mate: Vec<_> = chosen.map(|(fixed, free)| fixed.map(|it| it.0).or(*free)).collect();
        let seats: Vec<u32> = self.pool.mentors().iter().map(|it| it.free_seats).collect();
        let is_pinned = |who: BeneficiaryIx| matches!(fixed.get(who.at()), Some(Some((_, Origin::Pinned))));
        let blocking = choices.blocking(self.pool, &seats, &mate, is_pinned);
        Proposal { problem, solution, fixed, mate, blocking }
    }

    fn seats_beside(&self, fixed: &[Option<(MentorIx, Origin)>]) -> Vec<u32> {
        let mut seats: Vec<u32> = self.pool.mentors().iter().map(|it| it.free_seats).collect();
        for (mentor, _) in fixed.iter().flatten() {
            seats.get_mut(mentor.at()).into_iter().for_each(|it| *it = it.saturating_sub(1));
        }
        seats
    }

    pub(super) fn problem(
        &self,
        fixed: &[Option<(MentorIx, Origin)>],
        watch: &dyn Watch,
    ) -> Result<Problem, NoProposal> {
        let objective = Objective::of(self.pool.beneficiaries().len());
        let mut problem = Problem::new(self.seats_beside(fixed));
        let open: Vec<_> = self.pool.waiting().zip(fixed).map(|((who, _), it)| (who, it.is_none())).collect();
        for block in open.chunks(self.threads.saturating_mul(ROWS)) {
            if watch.stops() {
                return Err(Unsolved::from(Cancelled).into());
            }
            for ((who, is_open), row) in block.iter().zip(self.rows(block)) {
                let left_out = if *is_open { objective.left_out(self.priority(*who)) } else { 0 };
                let priced = row.iter().map(|it| (it.mentor, objective.cost(it.choice, it.fit)));
                problem.push(left_out, priced)?;
            }
            watch.is_told(per_mille(problem.beneficiaries(), open.len()));
        }
        Ok(problem)
    }

    /// The candidates of a block of people, in order: each thread takes a run of them.
    fn rows(&self, block: &[(BeneficiaryIx, bool)]) -> Vec<Vec<Candidate>> {
        let rows_of = |some: &[(BeneficiaryIx, bool)]| -> Vec<Vec<Candidate>> {
            let row = |(who, is_open): &_| if *is_open { self.candidates.of(*who) } else { Vec::new() };
            some.iter().map(row).collect()
        };
        let mut runs = block.chunks(block.len().div_ceil(self.threads).max(1));
        let Some(own) = runs.next() else { return Vec::new() };
        std::thread::scope(|scope| {
            let others: Vec<_> = runs.map(|some| scope.spawn(|| rows_of(some))).collect();
            let mut rows = rows_of(own);
            for other in others {
                rows.extend(other.join().unwrap_or_else(|it| std::panic::resume_unwind(it)));
            }
            rows
        })
    }

    /// What a proposal achieves, tier by tier.
    pub fn totals(&self, proposal: &Proposal) -> Totals {
        let mut totals = Totals {
            by_priority: vec![Coverage::default(); self.rules.priorities().into()],
            ..Totals::default()
        };
        let mut fits = Vec::new();
        for ((who, profile), mentor) in self.pool.waiting().zip(&proposal.mate) {
            if !profile.barriers.is_empty() {
                continue;
            }
            if let Some(class) = totals.by_priority.get_mut(usize::from(self.priority(who))) {
                class.waiting += 1;
                class.covered += u32::from(mentor.is_some());
            }
            if let Some(pair) = mentor.and_then(|it| self.assess(who, it)) {
                totals.choices += u64::from(pair.choice);
                fits.push(pair.fit);
            }
        }
        fits.sort_unstable();
        let sum: u64 = fits.iter().copied().map(u64::from).sum();
        totals.mean_fit =
            sum.checked_div(u64::try_from(fits.len()).unwrap_or(1)).and_then(|it| u16::try_from(it).ok());
        totals.lowest_fit = fits.first().copied();
        totals.fifth_percentile_fit = fits.get(fits.len() / 20).copied();
        totals
    }
}

/// How many of one priority wait, and how many of them get a mentor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Those who wait.
    pub waiting: u32,
    /// Those who get a mentor.
    pub covered: u32,
}

/// What a proposal achieves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// By priority, the least first.
    pub by_priority: Vec<Coverage>,
    /// The strengths of the choices that come true, together.
    pub choices: u64,
    /// The mean fit, rounded down; none without mentorships.
    pub mean_fit: Option<u16>,
    /// The worst fit.
    pub lowest_fit: Option<u16>,
    /// The fit than which one in twenty is worse.
    pub fifth_percentile_fit: Option<u16>,
}

impl Proposal {
    /// Whom a beneficiary gets; `None` who stays without a mentor.
    pub fn mentor_of(&self, who: BeneficiaryIx) -> Option<MentorIx> {
        self.mate.get(who.at()).copied().flatten()
    }
    /// How the mentorship of a beneficiary came about.
    pub(super) fn origin_of(&self, who: BeneficiaryIx) -> Origin {
        self.fixed.get(who.at()).copied().flatten().map_or(Origin::Optimum, |it| it.1)
    }
    /// The mentorships, by beneficiary.
    pub fn mentorships(&self) -> impl Iterator<Item = Proposed> {
        (0..).map(BeneficiaryIx).zip(self.mate.iter().zip(&self.fixed)).filter_map(
            |(beneficiary, (mate, fixed))| {
                let origin = fixed.map_or(Origin::Optimum, |it| it.1);
                mate.map(|mentor| Proposed { beneficiary, mentor, origin })
            },
        )
    }
    /// Who ranked each other and would both rather have each other: for the specialist to see.
    pub fn blocking(&self) -> &[(BeneficiaryIx, MentorIx)] {
        &self.blocking
    }
    /// How scarce a mentor is: what one more seat would save at most, in units of the objective; 0 where a
    /// seat stays free.
    pub fn scarcity(&self, mentor: MentorIx) -> i128 {
        self.solution.price(mentor)
    }
    /// The proven solution of what was open.
    pub fn solution(&self) -> &Solution {
        &self.solution
    }
    /// What was solved: with [`Self::solution`] anybody can check the certificate again.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}
