//! What a computed round leaves behind: its result in figures, each proposal, everyone left out and why.
use super::explanation::WhyLeftOut;
use super::recall::KeptProposal;
use super::round::{Coverage, Proposal, Round};
use super::rounds::{LeftOutReason, ProposalOrigin};
use super::rules::Risk;
use super::told::PairTold;
use super::words::Barrier;
use crate::base::id::{BeneficiaryId, MatchingRoundId, MentorId};
use serde::Deserialize;
use shape::card;
use solver::BeneficiaryIx;
use solver::certify;
use std::collections::BTreeMap;

/// So many blocking pairs are listed.
const BLOCKING_LISTED: usize = 200;
/// So many scarce mentors are listed.
const SCARCE_LISTED: usize = 20;

/// One priority of a round.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct PriorityResult {
    /// The priority; 0 is the least urgent.
    #[schema(minimum = 0, maximum = 31, example = 9)]
    pub priority: i32,
    /// How grave the cases are.
    #[schema(minimum = 0, maximum = 3, example = 2)]
    pub risk_level: i32,
    /// How many terms of waiting they have outlived.
    #[schema(minimum = 0, maximum = 7, example = 1)]
    pub waiting_step: i32,
    /// How many wait.
    #[schema(minimum = 0, maximum = 10_000_000, example = 40)]
    pub waiting: i64,
    /// How many of them get a mentor.
    #[schema(minimum = 0, maximum = 10_000_000, example = 38)]
    pub covered: i64,
}

/// Two people of a round.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct PairInRound {
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor.
    pub mentor_id: MentorId,
}

/// A mentor of whom there is too little.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct ScarceMentor {
    /// The mentor.
    pub mentor_id: MentorId,
    /// What one more seat would save at most, in units of the round's objective.
    #[schema(max_length = 40, pattern = "^[0-9]+$", example = "70014")]
    pub scarcity: String,
}

/// What differs from the round before.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct RoundChanges {
    /// The round before.
    pub round_id: MatchingRoundId,
    /// Its priorities.
    #[schema(max_items = 32)]
    pub by_priority: Vec<PriorityResult>,
    /// How many waited then.
    #[schema(minimum = 0, maximum = 10_000_000, example = 96)]
    pub waiting: i64,
    /// How many of them got a mentor.
    #[schema(minimum = 0, maximum = 10_000_000, example = 80)]
    pub covered: i64,
    /// The strengths of the choices that came true then, together.
    #[schema(minimum = 0, maximum = 100_000_000, example = 210)]
    pub choices: i64,
    /// The mean fit then.
    #[schema(minimum = 0, maximum = 10_000, example = 5400)]
    pub mean_fit: Option<i32>,
    /// How many pairs are the same.
    #[schema(minimum = 0, maximum = 10_000_000, example = 70)]
    pub same_pairs: i64,
    /// How many have another mentor now.
    #[schema(minimum = 0, maximum = 10_000_000, example = 6)]
    pub other_mentors: i64,
    /// How many get a mentor who did not then.
    #[schema(minimum = 0, maximum = 10_000_000, example = 12)]
    pub newly_covered: i64,
    /// How many got one then and do not now, or are no longer in the round.
    #[schema(minimum = 0, maximum = 10_000_000, example = 4)]
    pub no_longer_covered: i64,
}

/// What a round achieves.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct RoundResult {
    /// How many can be matched at all: nothing keeps them from having a mentor.
    #[schema(minimum = 0, maximum = 10_000_000, example = 100)]
    pub waiting: i64,
    /// How many of them get a mentor.
    #[schema(minimum = 0, maximum = 10_000_000, example = 88)]
    pub covered: i64,
    /// By priority, the most urgent first; only those in which somebody waits.
    #[schema(max_items = 32)]
    pub by_priority: Vec<PriorityResult>,
    /// The strengths of the choices that come true, together.
    #[schema(minimum = 0, maximum = 100_000_000, example = 240)]
    pub choices: i64,
    /// The mean fit, rounded down.
    #[schema(minimum = 0, maximum = 10_000, example = 5600)]
    pub mean_fit: Option<i32>,
    /// The worst fit.
    #[schema(minimum = 0, maximum = 10_000, example = 2100)]
    pub lowest_fit: Option<i32>,
    /// The fit than which one in twenty is worse.
    #[schema(minimum = 0, maximum = 10_000, example = 3000)]
    pub fifth_percentile_fit: Option<i32>,
    /// Mentors of the round, those without a free seat included.
    #[schema(minimum = 0, maximum = 10_000_000, example = 60)]
    pub mentors: i64,
    /// Possible pairs that the solver chose from.
    #[schema(minimum = 0, maximum = 100_000_000_000_i64, example = 3100)]
    pub possible_pairs: i64,
    /// The cost of the answer, of which the certificate proves that none is less.
    #[schema(max_length = 40, pattern = "^[0-9]+$", example = "70061403")]
    pub objective: String,
    /// Whether the certificate of optimality holds; an answer without one is never kept.
    #[schema(example = true)]
    pub certified: bool,
    /// How many pairs ranked each other and would both rather have each other; none under `mutual_first`.
    #[schema(minimum = 0, maximum = 10_000_000, example = 1)]
    pub blocking_count: i64,
    /// The first of them, by beneficiary.
    #[schema(max_items = 200)]
    pub blocking: Vec<PairInRound>,
    /// The scarcest mentors, the scarcest first.
    #[schema(max_items = 20)]
    pub scarce: Vec<ScarceMentor>,
    /// What differs from the round before in the same program and organization.
    pub changes: Option<RoundChanges>,
}

/// How many mentors a barrier rules out.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct BarrierCount {
    /// The barrier.
    pub barrier: Barrier,
    /// How many mentors.
    #[schema(minimum = 0, maximum = 10_000_000, example = 14)]
    pub mentors: i64,
}

impl From<(Barrier, u32)> for BarrierCount {
    fn from((barrier, mentors): (Barrier, u32)) -> Self {
        Self { barrier, mentors: mentors.into() }
    }
}

/// A mentor all of whose seats went to others.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct SeatsToOthers {
    /// The mentor.
    pub mentor_id: MentorId,
    /// What one more seat would save at most, in units of the round's objective.
    #[schema(max_length = 40, pattern = "^[0-9]+$", example = "70014")]
    pub scarcity: String,
    /// The lowest priority among those who got the seats.
    #[schema(minimum = 0, maximum = 31, example = 4)]
    pub lowest_priority: i32,
}

/// Why somebody stays without a mentor, in detail.
#[card]
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
pub struct LeftOutDetail {
    /// What keeps them from having any mentor.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 40)]
    pub barriers: Vec<Barrier>,
    /// How many mentors each rule rules out, where there is no possible one; the most first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 40)]
    pub counts: Vec<BarrierCount>,
    /// How many mentors are possible.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10_000_000, example = 3)]
    pub possible_mentors: i64,
    /// The possible mentors whose seats went to the least urgent, at most 20.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub seats_to_others: Vec<SeatsToOthers>,
}

/// A proposal of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedPair {
    /// The two.
    pub pair: PairInRound,
    /// How it came about.
    pub origin: ProposalOrigin,
    /// How urgent it is.
    pub priority: i32,
    /// How the two fit.
    pub told: PairTold,
}

/// Somebody whom a round leaves without a mentor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Who.
    pub beneficiary_id: BeneficiaryId,
    /// How urgent it is.
    pub priority: i32,
    /// Why.
    pub reason: LeftOutReason,
    /// In detail.
    pub detail: LeftOutDetail,
}

/// The round before, as far as it is compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundBefore {
    /// Which.
    pub id: MatchingRoundId,
    /// What it achieved.
    pub result: RoundResult,
    /// What it proposed, with how each came about.
    pub pairs: BTreeMap<BeneficiaryId, (MentorId, ProposalOrigin)>,
}

/// All that a computed round leaves behind.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// In figures.
    pub result: RoundResult,
    /// What it proposes, by beneficiary.
    pub proposals: Vec<ProposedPair>,
    /// Whom it leaves out, by beneficiary.
    pub left_out: Vec<LeftOut>,
    /// From which it can be explained later.
    pub kept: KeptProposal,
}

fn figure(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Round<'_> {
    /// Tells what a proposal of this round comes to. `kept_from` are pairs that a delta round took over, with how they came
    /// about.
    pub fn outcome(
        &self,
        proposal: &Proposal,
        before: Option<&RoundBefore>,
        kept_from: &BTreeMap<BeneficiaryId, ProposalOrigin>,
    ) -> Outcome {
        let proposals = self.proposals(proposal, kept_from);
        let mut result = self.result(proposal);
        result.changes = before.map(|it| changes(it, &proposals));
        Outcome { result, left_out: self.left_out(proposal), kept: proposal.kept(), proposals }
    }

    fn proposals(
        &self,
        proposal: &Proposal,
        kept_from: &BTreeMap<BeneficiaryId, ProposalOrigin>,
    ) -> Vec<ProposedPair> {
        let tell = |it: super::Proposed| {
            let beneficiary_id = self.pool.beneficiary(it.beneficiary)?.id;
            let mentor_id = self.pool.mentor(it.mentor)?.id;
            let told = PairTold::from(&self.assess(it.beneficiary, it.mentor)?);
            let origin = kept_from.get(&beneficiary_id).copied();
            Some(ProposedPair {
                pair: PairInRound { beneficiary_id, mentor_id },
                origin: origin.unwrap_or_else(|| it.origin.into()),
                priority: self.priority(it.beneficiary).into(),
                told,
            })
        };
        proposal.mentorships().filter_map(tell).collect()
    }

    fn result(&self, proposal: &Proposal) -> RoundResult {
        let totals = self.totals(proposal);
        let pair = |it: &(BeneficiaryIx, solver::MentorIx)| {
            let beneficiary_id = self.pool.beneficiary(it.0)?.id;
            Some(PairInRound { beneficiary_id, mentor_id: self.pool.mentor(it.1)?.id })
        };
        let scarce = self.explain(proposal).scarce().into_iter().take(SCARCE_LISTED);
        let scarce = scarce.filter_map(|(mentor, scarcity)| {
            let mentor_id = self.pool.mentor(mentor)?.id;
            Some(ScarceMentor { mentor_id, scarcity: scarcity.to_string() })
        });
        let by_priority = self.by_priority(&totals.by_priority);
        RoundResult {
            waiting: by_priority.iter().map(|it| it.waiting).sum(),
            covered: by_priority.iter().map(|it| it.covered).sum(),
            by_priority,
            choices: i64::try_from(totals.choices).unwrap_or(i64::MAX),
            mean_fit: totals.mean_fit.map(i32::from),
            lowest_fit: totals.lowest_fit.map(i32::from),
            fifth_percentile_fit: totals.fifth_percentile_fit.map(i32::from),
            mentors: figure(self.pool.mentors().len()),
            possible_pairs: figure(proposal.problem().edges()),
            objective: proposal.solution().objective().to_string(),
            certified: is_proven(proposal),
            blocking_count: figure(proposal.blocking().len()),
            blocking: proposal.blocking().iter().take(BLOCKING_LISTED).filter_map(pair).collect(),
            scarce: scarce.collect(),
            changes: None,
        }
    }

    fn by_priority(&self, all: &[Coverage]) -> Vec<PriorityResult> {
        let steps = i32::from(self.rules.priority(Risk::new(1), 0)).max(1);
        let told = |(priority, it): (i32, &Coverage)| PriorityResult {
            priority,
            risk_level: priority / steps,
            waiting_step: priority % steps,
            waiting: it.waiting.into(),
            covered: it.covered.into(),
        };
        let mut told: Vec<_> = (0..).zip(all).map(told).filter(|it| it.waiting > 0).collect();
        told.reverse();
        told
    }

    fn left_out(&self, proposal: &Proposal) -> Vec<LeftOut> {
        let explanation = self.explain(proposal);
        let tell = |who: BeneficiaryIx| {
            let why = explanation.why_left_out(who)?;
            let beneficiary_id = self.pool.beneficiary(who)?.id;
            let (reason, detail) = self.detail(why);
            Some(LeftOut { beneficiary_id, priority: self.priority(who).into(), reason, detail })
        };
        self.pool.waiting().filter_map(|it| tell(it.0)).collect()
    }

    fn detail(&self, why: WhyLeftOut) -> (LeftOutReason, LeftOutDetail) {
        let mut detail = LeftOutDetail::default();
        let reason = match why {
            WhyLeftOut::Barred(barriers) => {
                detail.barriers = barriers.all().collect();
                LeftOutReason::Barred
            }
            WhyLeftOut::NoCandidate(counts) => {
                detail.counts = counts.into_iter().map(BarrierCount::from).collect();
                detail.counts.sort_by_key(|it| -it.mentors);
                LeftOutReason::NoCandidate
            }
            WhyLeftOut::SeatsToOthers(mut all) => {
                detail.possible_mentors = figure(all.len());
                all.sort_by_key(|it| (it.lowest_priority, it.mentor));
                let tell = |it: &super::SeatsTaken| {
                    let mentor_id = self.pool.mentor(it.mentor)?.id;
                    let lowest_priority = it.lowest_priority.into();
                    Some(SeatsToOthers { mentor_id, scarcity: it.scarcity.to_string(), lowest_priority })
                };
                detail.seats_to_others = all.iter().take(SCARCE_LISTED).filter_map(tell).collect();
                LeftOutReason::SeatsToOthers
            }
        };
        (reason, detail)
    }
}

fn is_proven(proposal: &Proposal) -> bool {
    let solution = proposal.solution();
    certify(proposal.problem(), solution.mate(), solution.prices()) == Ok(solution.objective())
}

fn changes(before: &RoundBefore, now: &[ProposedPair]) -> RoundChanges {
    let mentor_before = |it: &ProposedPair| before.pairs.get(&it.pair.beneficiary_id).map(|it| it.0);
    let count = |matches: &dyn Fn(&ProposedPair) -> bool| figure(now.iter().filter(|it| matches(it)).count());
    let same_pairs = count(&|it| mentor_before(it) == Some(it.pair.mentor_id));
    let newly_covered = count(&|it| mentor_before(it).is_none());
    let other_mentors = figure(now.len()) - same_pairs - newly_covered;
    RoundChanges {
        round_id: before.id,
        by_priority: before.result.by_priority.clone(),
        waiting: before.result.waiting,
        covered: before.result.covered,
        choices: before.result.choices,
        mean_fit: before.result.mean_fit,
        same_pairs,
        other_mentors,
        newly_covered,
        no_longer_covered: figure(before.pairs.len()) - same_pairs - other_mentors,
    }
}
