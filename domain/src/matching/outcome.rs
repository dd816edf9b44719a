//! The outcome of a computed round: the result in figures, the proposals, and the beneficiaries left out with reasons.
use super::descriptions::PairAssessment;
use super::explanation::WhyLeftOut;
use super::recall::KeptProposal;
use super::round::{Coverage, Proposal, Round};
use super::rounds::{LeftOutReason, ProposalOrigin};
use super::rules::Risk;
use super::tally::Tally;
use super::words::Barrier;
use crate::base::id::{BeneficiaryId, MatchingRoundId, MentorId};
use serde::Deserialize;
use shape::card;
use solver::BeneficiaryIx;
use solver::certify;
use std::collections::BTreeMap;

/// The greatest number of listed blocking pairs.
const BLOCKING_LISTED: usize = 200;
/// The greatest number of listed scarce mentors.
const SCARCE_LISTED: usize = 20;

/// The result for one priority of a round.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct PriorityResult {
    /// The priority. 0 is the least urgent.
    #[schema(minimum = 0, maximum = 31, example = 9)]
    pub priority: i32,
    /// The risk level of the cases, 0 to 3.
    #[schema(minimum = 0, maximum = 3, example = 2)]
    pub risk_level: i32,
    /// The number of waiting thresholds that the wait has passed.
    #[schema(minimum = 0, maximum = 7, example = 1)]
    pub waiting_step: i32,
    /// The number of beneficiaries who wait.
    #[schema(minimum = 0, maximum = 10_000_000, example = 40)]
    pub waiting: i64,
    /// The number of waiting beneficiaries who get a mentor.
    #[schema(minimum = 0, maximum = 10_000_000, example = 38)]
    pub covered: i64,
}

/// A pair in a round.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct PairInRound {
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor.
    pub mentor_id: MentorId,
}

/// A mentor with too few seats.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct ScarceMentor {
    /// The mentor.
    pub mentor_id: MentorId,
    /// The greatest saving from one more seat, in units of the round's objective.
    #[schema(max_length = 40, pattern = "^[0-9]+$", example = "70014")]
    pub scarcity: String,
}

/// The differences from the previous round.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct RoundChanges {
    /// The previous round.
    pub round_id: MatchingRoundId,
    /// The results of the previous round by priority.
    #[schema(max_items = 32)]
    pub by_priority: Vec<PriorityResult>,
    /// The number of beneficiaries who waited in the previous round.
    #[schema(minimum = 0, maximum = 10_000_000, example = 96)]
    pub waiting: i64,
    /// The number of waiting beneficiaries who got a mentor in the previous round.
    #[schema(minimum = 0, maximum = 10_000_000, example = 80)]
    pub covered: i64,
    /// The sum of the strengths of the choices that the previous round satisfied.
    #[schema(minimum = 0, maximum = 100_000_000, example = 210)]
    pub choices: i64,
    /// The mean fit of the previous round.
    #[schema(minimum = 0, maximum = 10_000, example = 5400)]
    pub mean_fit: Option<i32>,
    /// The number of pairs that are in both rounds.
    #[schema(minimum = 0, maximum = 10_000_000, example = 70)]
    pub same_pairs: i64,
    /// The number of beneficiaries who get another mentor than in the previous round.
    #[schema(minimum = 0, maximum = 10_000_000, example = 6)]
    pub other_mentors: i64,
    /// The number of beneficiaries who get a mentor and got none in the previous round.
    #[schema(minimum = 0, maximum = 10_000_000, example = 12)]
    pub newly_covered: i64,
    /// The number of beneficiaries who got a mentor in the previous round, and get none now or are not in this round.
    #[schema(minimum = 0, maximum = 10_000_000, example = 4)]
    pub no_longer_covered: i64,
}

/// The result of a round in figures.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct RoundResult {
    /// The number of beneficiaries without barriers of their own, who can be matched.
    #[schema(minimum = 0, maximum = 10_000_000, example = 100)]
    pub waiting: i64,
    /// The number of waiting beneficiaries who get a mentor.
    #[schema(minimum = 0, maximum = 10_000_000, example = 88)]
    pub covered: i64,
    /// The results by priority, the most urgent first. Only priorities in which somebody waits.
    #[schema(max_items = 32)]
    pub by_priority: Vec<PriorityResult>,
    /// The sum of the strengths of the satisfied choices.
    #[schema(minimum = 0, maximum = 100_000_000, example = 240)]
    pub choices: i64,
    /// The mean fit, 0 to 10 000, rounded down.
    #[schema(minimum = 0, maximum = 10_000, example = 5600)]
    pub mean_fit: Option<i32>,
    /// The lowest fit.
    #[schema(minimum = 0, maximum = 10_000, example = 2100)]
    pub lowest_fit: Option<i32>,
    /// The fit at the fifth percentile: one pair in twenty has a lower fit.
    #[schema(minimum = 0, maximum = 10_000, example = 3000)]
    pub fifth_percentile_fit: Option<i32>,
    /// The number of mentors in the round, also those without a free seat.
    #[schema(minimum = 0, maximum = 10_000_000, example = 60)]
    pub mentors: i64,
    /// The number of possible pairs from which the solver chose.
    #[schema(minimum = 0, maximum = 100_000_000_000_i64, example = 3100)]
    pub possible_pairs: i64,
    /// The cost of the assignment. The certificate proves that no assignment costs less.
    #[schema(max_length = 40, pattern = "^[0-9]+$", example = "70061403")]
    pub objective: String,
    /// Whether the certificate of optimality is valid. An assignment without one is never stored.
    #[schema(example = true)]
    pub certified: bool,
    /// The number of blocking pairs: both ranked each other and would prefer each other to their result. 0 in the mode
    /// `mutual_first`.
    #[schema(minimum = 0, maximum = 10_000_000, example = 1)]
    pub blocking_count: i64,
    /// The first blocking pairs, ordered by beneficiary.
    #[schema(max_items = 200)]
    pub blocking: Vec<PairInRound>,
    /// The mentors with too few seats, the scarcest first.
    #[schema(max_items = 20)]
    pub scarce: Vec<ScarceMentor>,
    /// The differences from the previous round in the same program and organization.
    pub changes: Option<RoundChanges>,
}

/// The number of mentors whom a barrier rules out.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct BarrierCount {
    /// The barrier.
    pub barrier: Barrier,
    /// The number of mentors.
    #[schema(minimum = 0, maximum = 10_000_000, example = 14)]
    pub mentors: i64,
}

impl From<(Barrier, u32)> for BarrierCount {
    fn from((barrier, mentors): (Barrier, u32)) -> Self {
        Self { barrier, mentors: mentors.into() }
    }
}

/// A mentor whose seats all went to others.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct SeatsToOthers {
    /// The mentor.
    pub mentor_id: MentorId,
    /// The greatest saving from one more seat, in units of the round's objective.
    #[schema(max_length = 40, pattern = "^[0-9]+$", example = "70014")]
    pub scarcity: String,
    /// The lowest priority among the beneficiaries who got the seats.
    #[schema(minimum = 0, maximum = 31, example = 4)]
    pub lowest_priority: i32,
}

/// Details of the reason why a beneficiary gets no mentor.
#[card]
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
pub struct LeftOutDetail {
    /// The barriers of the beneficiary. Only with `barred`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 40)]
    pub barriers: Vec<Barrier>,
    /// The number of mentors that each barrier rules out, the greatest first. Only with `no_candidate`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 40)]
    pub counts: Vec<BarrierCount>,
    /// The number of possible mentors.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10_000_000, example = 3)]
    pub possible_mentors: i64,
    /// Possible mentors whose seats went to others, the lowest priority first, at most 20. Only with `seats_to_others`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20)]
    pub seats_to_others: Vec<SeatsToOthers>,
}

/// A pair that a round proposes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedPair {
    /// The beneficiary and the mentor.
    pub pair: PairInRound,
    /// The origin of the proposal.
    pub origin: ProposalOrigin,
    /// The priority of the beneficiary.
    pub priority: i32,
    /// The assessment of the pair.
    pub assessment: PairAssessment,
}

/// A beneficiary whom a round leaves without a mentor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The priority of the beneficiary.
    pub priority: i32,
    /// The reason why the beneficiary gets no mentor.
    pub reason: LeftOutReason,
    /// The details of the reason.
    pub detail: LeftOutDetail,
}

/// The previous round, with the data for the comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundBefore {
    /// The id of the previous round.
    pub id: MatchingRoundId,
    /// The result of the previous round.
    pub result: RoundResult,
    /// The pairs of the previous round with their origins.
    pub pairs: BTreeMap<BeneficiaryId, (MentorId, ProposalOrigin)>,
}

/// The complete outcome of a computed round.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The result in figures.
    pub result: RoundResult,
    /// The proposed pairs, ordered by beneficiary.
    pub proposals: Vec<ProposedPair>,
    /// The beneficiaries left out, in order.
    pub left_out: Vec<LeftOut>,
    /// The record from which the proposal can be explained later.
    pub kept: KeptProposal,
}

fn figure(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Round<'_> {
    /// The outcome of a proposal of this round. `kept_from` are the pairs that a delta round took over, with their origins.
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
        let proposed = |it: super::Proposed| {
            let beneficiary_id = self.pool.beneficiary(it.beneficiary)?.id;
            let mentor_id = self.pool.mentor(it.mentor)?.id;
            let assessment = PairAssessment::from(&self.assess(it.beneficiary, it.mentor)?);
            let origin = kept_from.get(&beneficiary_id).copied();
            Some(ProposedPair {
                pair: PairInRound { beneficiary_id, mentor_id },
                origin: origin.unwrap_or_else(|| it.origin.into()),
                priority: self.priority(it.beneficiary).into(),
                assessment,
            })
        };
        proposal.mentorships().filter_map(proposed).collect()
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
        let result = |(priority, it): (i32, &Coverage)| PriorityResult {
            priority,
            risk_level: priority / steps,
            waiting_step: priority % steps,
            waiting: it.waiting.into(),
            covered: it.covered.into(),
        };
        let mut results: Vec<_> = (0..).zip(all).map(result).filter(|it| it.waiting > 0).collect();
        results.reverse();
        results
    }

    fn left_out(&self, proposal: &Proposal) -> Vec<LeftOut> {
        let (explanation, mut tally) = (self.explain(proposal), Tally::new(self.rules, self.pool));
        let mut left_out = |who: BeneficiaryIx| {
            let why = explanation.why_left_out(who, &mut tally)?;
            let beneficiary_id = self.pool.beneficiary(who)?.id;
            let (reason, detail) = self.detail(why);
            Some(LeftOut { beneficiary_id, priority: self.priority(who).into(), reason, detail })
        };
        self.pool.waiting().filter_map(|it| left_out(it.0)).collect()
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
            WhyLeftOut::SeatsToOthers { possible, taken } => {
                detail.possible_mentors = figure(possible);
                let told = |it: &super::SeatsTaken| {
                    let mentor_id = self.pool.mentor(it.mentor)?.id;
                    let lowest_priority = it.lowest_priority.into();
                    Some(SeatsToOthers { mentor_id, scarcity: it.scarcity.to_string(), lowest_priority })
                };
                detail.seats_to_others = taken.iter().filter_map(told).collect();
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
