//! A round: the people of one day, the rules, the fixed decisions, and a proposal for the rest.
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
use solver::{Monitor, Part, per_mille};
use solver::{Solution, Unsolved, solve};

/// The number of rows that a thread builds before they are put into the problem. They take 8 bytes for each pair until then.
const ROWS: usize = 128;

/// The reason why a round gives no proposal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoProposal {
    /// A pinned mentorship is not possible. Holds the pair and its barriers.
    #[error("beneficiary {} cannot be pinned to mentor {}", .0.0, .1.0)]
    Pin(BeneficiaryIx, MentorIx, Barriers),
    /// The round is too large for the range of costs.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// The stored record does not belong to this round.
    #[error("the record of the proposal is not of this round")]
    Record,
    /// The round was cancelled, or the solution could not be proven.
    #[error(transparent)]
    Unsolved(#[from] Unsolved),
}

/// The origin of a proposed mentorship.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The specialist pinned the pair before the round.
    Pinned,
    /// Both sides chose each other, and the mode gives choices precedence.
    MutualChoice,
    /// The pair is part of the best assignment.
    Optimum,
}

/// A mentorship that the round proposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// The beneficiary.
    pub beneficiary: BeneficiaryIx,
    /// The mentor.
    pub mentor: MentorIx,
    /// The origin of the mentorship in the round.
    pub origin: Origin,
}

/// A round: people, rules and pinned mentorships.
#[derive(Debug, Clone)]
pub struct Round<'a> {
    pub(super) rules: &'a MatchingRules,
    pub(super) pool: &'a Pool,
    pinned: Vec<Option<MentorIx>>,
    pub(super) threads: usize,
}

/// The proposal of a round, proven and ready to be explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub(super) problem: Problem,
    pub(super) solution: Solution,
    pub(super) fixed: Vec<Option<(MentorIx, Origin)>>,
    mate: Vec<Option<MentorIx>>,
    blocking: Vec<(BeneficiaryIx, MentorIx)>,
}

impl<'a> Round<'a> {
    /// A round without pinned mentorships.
    pub fn new(rules: &'a MatchingRules, pool: &'a Pool) -> Self {
        let pinned = vec![None; pool.beneficiaries().len()];
        Self { rules, pool, pinned, threads: 1 }
    }

    /// Sets the number of threads that look for candidates, limited by the parallelism of the machine. The number does not
    /// change the proposal.
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        let most = std::thread::available_parallelism().map_or(1, usize::from);
        self.threads = threads.clamp(1, most);
        self
    }

    /// Pins a mentorship: the round keeps the pair, and it takes a seat of the mentor.
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

    /// The assessment of a pair. `None` if either is not in the pool.
    pub fn assess(&self, who: BeneficiaryIx, mentor: MentorIx) -> Option<Assessment> {
        self.pool.assess(self.rules, who, mentor)
    }

    /// The priority of a beneficiary. 0 is the least urgent.
    pub fn priority(&self, who: BeneficiaryIx) -> u16 {
        let profile = self.pool.beneficiary(who);
        profile.map_or(0, |it| self.rules.priority(it.risk, it.waiting_days))
    }

    /// The best proposal for the round, with its proof. Asks the monitor from time to time whether to stop.
    pub fn propose(&self, monitor: &dyn Monitor) -> Result<Proposal, NoProposal> {
        let mut fixed: Vec<_> = self.pinned.iter().map(|it| it.map(|it| (it, Origin::Pinned))).collect();
        let choices = MutualChoices::of(self.rules, self.pool);
        self.fix_mutual(&mut fixed, &choices);
        let problem = self.problem(&fixed, &Part { whole: monitor, from: 0, to: 300 })?;
        let solution = solve(&problem, &Part { whole: monitor, from: 300, to: 1000 })?;
        Ok(self.proposal(fixed, problem, solution, &choices))
    }

    /// In the mode `mutual_first`, fixes a stable matching of mutual choices beside the pinned pairs.
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
        monitor: &dyn Monitor,
    ) -> Result<Problem, NoProposal> {
        let objective = Objective::of(self.pool.beneficiaries().len());
        let mut problem = Problem::new(self.seats_beside(fixed));
        let mut candidates = vec![Candidates::new(self.rules, self.pool); self.threads];
        let open: Vec<_> = self.pool.waiting().zip(fixed).map(|((who, _), it)| (who, it.is_none())).collect();
        for block in open.chunks(self.threads.saturating_mul(ROWS)) {
            if monitor.stops() {
                return Err(Unsolved::from(Cancelled).into());
            }
            for ((who, is_open), row) in block.iter().zip(rows(&mut candidates, block)) {
                let left_out = if *is_open { objective.left_out(self.priority(*who)) } else { 0 };
                let priced = row.iter().map(|it| (it.mentor, objective.cost(it.choice, it.fit)));
                problem.push(left_out, priced)?;
            }
            monitor.note_progress(per_mille(problem.beneficiaries(), open.len()));
        }
        Ok(problem)
    }

    /// The totals of a proposal, for each level of the objective.
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

/// The candidates of a block of people, in order. Each thread takes a contiguous part and remembers what it found.
fn rows(candidates: &mut [Candidates<'_>], block: &[(BeneficiaryIx, bool)]) -> Vec<Vec<Candidate>> {
    let rows_of = |candidates: &mut Candidates<'_>, some: &[(BeneficiaryIx, bool)]| -> Vec<Vec<Candidate>> {
        let row = |(who, is_open): &_| if *is_open { candidates.of(*who) } else { Vec::new() };
        some.iter().map(row).collect()
    };
    let most = block.len().div_ceil(candidates.len().max(1)).max(1);
    let mut parts = candidates.iter_mut().zip(block.chunks(most));
    let Some((own, some)) = parts.next() else { return Vec::new() };
    std::thread::scope(|scope| {
        let others: Vec<_> = parts.map(|(its, some)| scope.spawn(move || rows_of(its, some))).collect();
        let mut rows = rows_of(own, some);
        for other in others {
            rows.extend(other.join().unwrap_or_else(|it| std::panic::resume_unwind(it)));
        }
        rows
    })
}

/// The coverage of one priority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Coverage {
    /// The number of beneficiaries who wait.
    pub waiting: u32,
    /// The number of waiting beneficiaries who get a mentor.
    pub covered: u32,
}

/// The totals of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// The coverage by priority, the least urgent first.
    pub by_priority: Vec<Coverage>,
    /// The sum of the strengths of the satisfied choices.
    pub choices: u64,
    /// The mean fit, rounded down. `None` without mentorships.
    pub mean_fit: Option<u16>,
    /// The lowest fit.
    pub lowest_fit: Option<u16>,
    /// The fit at the fifth percentile: one pair in twenty has a lower fit.
    pub fifth_percentile_fit: Option<u16>,
}

impl Proposal {
    /// The mentor of a beneficiary. `None` if the beneficiary gets no mentor.
    pub fn mentor_of(&self, who: BeneficiaryIx) -> Option<MentorIx> {
        self.mate.get(who.at()).copied().flatten()
    }
    /// The origin of a beneficiary's mentorship.
    pub(super) fn origin_of(&self, who: BeneficiaryIx) -> Origin {
        self.fixed.get(who.at()).copied().flatten().map_or(Origin::Optimum, |it| it.1)
    }
    /// The mentorships, ordered by beneficiary.
    pub fn mentorships(&self) -> impl Iterator<Item = Proposed> {
        (0..).map(BeneficiaryIx).zip(self.mate.iter().zip(&self.fixed)).filter_map(
            |(beneficiary, (mate, fixed))| {
                let origin = fixed.map_or(Origin::Optimum, |it| it.1);
                mate.map(|mentor| Proposed { beneficiary, mentor, origin })
            },
        )
    }
    /// The blocking pairs, for the specialist to see: both ranked each other and would prefer each other to their result.
    pub fn blocking(&self) -> &[(BeneficiaryIx, MentorIx)] {
        &self.blocking
    }
    /// The scarcity of a mentor: the greatest saving from one more seat, in units of the objective. 0 if a seat stays free.
    pub fn scarcity(&self, mentor: MentorIx) -> i128 {
        self.solution.price(mentor)
    }
    /// The proven solution of the part that was not fixed.
    pub fn solution(&self) -> &Solution {
        &self.solution
    }
    /// The solved problem. With [`Self::solution`], anybody can check the certificate again.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}
