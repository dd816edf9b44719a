//! What is told of one beneficiary of a computed round. The round is recalled from what was kept of it, proof included, away from
//! the worker threads, and remembered for a while.
use super::rounds::{self, KeptRound};
use crate::engine::card::Card;
use crate::engine::failure::Failure;
use crate::mentorships::{mentor_names, recipient_names};
use crate::sight::{Own, dangling};
use crate::tx::Tx;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, MatchingRoundId, MentorId};
use domain::base::refusal::Refused;
use domain::base::text::MISSING;
use domain::matching::*;
use shape::{card, filter};
use std::collections::{BTreeSet, HashMap};

/// So many alternatives are told.
const ALTERNATIVES: usize = 5;

/// What is asked about a round.
#[filter]
pub struct ExplanationQuestion {
    /// The beneficiary.
    #[param(value_type = BeneficiaryId, required = true)]
    pub beneficiary_id: Option<BeneficiaryId>,
    /// «Why not this mentor?»
    pub mentor_id: Option<MentorId>,
}

/// The mentor whom a round proposes, and why.
#[card]
pub struct ProposedCard {
    /// The mentor.
    pub mentor_id: MentorId,
    /// How it came about.
    pub origin: ProposalOrigin,
    /// How the two fit, criterion by criterion.
    pub pair: PairTold,
}

/// Somebody who is mentioned in an explanation.
#[card]
pub struct MentionedMentor {
    /// The mentor.
    pub mentor_id: MentorId,
    /// The mentor's name.
    #[schema(max_length = 400, example = "Белов Пётр Ильич")]
    pub name: String,
}

/// Somebody who is mentioned in an explanation.
#[card]
pub struct MentionedBeneficiary {
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The beneficiary's name.
    #[schema(max_length = 1000, example = "Морозова Алёна Сергеевна")]
    pub name: String,
}

/// Why a round proposes what it proposes for one beneficiary, and what anything else would cost, exactly.
#[card]
pub struct RoundExplanation {
    /// The round.
    pub round_id: MatchingRoundId,
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor proposed; without it, the beneficiary stays without one.
    pub proposed: Option<ProposedCard>,
    /// Whom they could have instead, the cheapest for the whole round first, each with who would have to change.
    #[schema(max_items = 5)]
    pub alternatives: Vec<AlternativeTold>,
    /// Why not the mentor asked about.
    pub asked: Option<WhyNotTold>,
    /// The names of the mentors mentioned.
    #[schema(max_items = 10_000)]
    pub mentors: Vec<MentionedMentor>,
    /// The names of the beneficiaries mentioned.
    #[schema(max_items = 10_000)]
    pub beneficiaries: Vec<MentionedBeneficiary>,
}

impl Card for RoundExplanation {
    fn personal(&self) -> Vec<Subject> {
        let mentors = self.mentors.iter().map(|it| Subject::new(SubjectKind::Mentor, it.mentor_id));
        let beneficiaries = self.beneficiaries.iter();
        let beneficiaries = beneficiaries.map(|it| Subject::new(SubjectKind::Beneficiary, it.beneficiary_id));
        mentors.chain(beneficiaries).collect()
    }
}

/// A computed round with its proposal, recalled and proven again.
#[derive(Debug, Clone)]
pub struct RecalledRound {
    rules: MatchingRules,
    pool: Pool,
    proposal: Proposal,
}

impl RecalledRound {
    /// Recalls it. Takes as long as finding the candidates of everybody does.
    pub fn recall(rules: MatchingRules, kept: KeptRound) -> Result<Self, Failure> {
        let round = Round::new(&rules, &kept.pool).with_threads(usize::MAX);
        let proposal = round.recall(&kept.proposal).map_err(Failure::broken)?;
        Ok(Self { proposal, rules, pool: kept.pool })
    }

    /// What is told of one beneficiary.
    pub fn explain(&self, asked: &ExplanationQuestion) -> Result<Told, Refused> {
        let id = asked.beneficiary_id.ok_or_else(|| Refused::from(MISSING.reason().at("/beneficiary_id")))?;
        let unknown = |pointer: &str| Refused::from(UNKNOWN_PAIR.reason().at(pointer));
        let who = self.pool.beneficiary_ix(id).ok_or_else(|| unknown("/beneficiary_id"))?;
        let mentor = match asked.mentor_id {
            Some(it) => Some(self.pool.mentor_ix(it).ok_or_else(|| unknown("/mentor_id"))?),
            None => None,
        };
        let round = Round::new(&self.rules, &self.pool);
        let explanation = round.explain(&self.proposal);
        explanation.told(&self.pool, who, mentor, ALTERNATIVES).ok_or_else(|| unknown("/beneficiary_id"))
    }
}

/// The explanation as it is answered, with the names of everybody mentioned.
pub async fn card(
    tx: &mut Tx<'_>,
    round_id: MatchingRoundId,
    asked: &ExplanationQuestion,
    told: Told,
) -> Result<RoundExplanation, Failure> {
    rounds::row(tx, round_id).await?;
    let beneficiary_id = asked.beneficiary_id.ok_or_else(|| dangling("/beneficiary_id"))?;
    let told = without_own(told, &Own::of(tx), beneficiary_id)?;
    let (mut mentors, mut beneficiaries) = (BTreeSet::new(), BTreeSet::from([beneficiary_id]));
    mentors.extend(told.proposed.as_ref().map(|it| it.0));
    mentors.extend(told.alternatives.iter().map(|it| it.mentor_id));
    mentors.extend(told.asked.as_ref().map(|it| it.mentor_id));
    let differences = told.alternatives.iter().map(|it| &it.difference);
    let asked_difference = told.asked.iter().filter_map(|it| it.difference.as_ref());
    for it in differences.chain(asked_difference).flat_map(|it| &it.moves) {
        mentors.extend([it.from_mentor_id, it.to_mentor_id].into_iter().flatten());
        beneficiaries.insert(it.beneficiary_id);
    }
    let mentors: Vec<MentorId> = mentors.into_iter().collect();
    let beneficiaries: Vec<BeneficiaryId> = beneficiaries.into_iter().collect();
    let mentor_names = mentor_names(tx, &mentors).await?;
    let names = recipient_names(tx, &beneficiaries).await?;
    Ok(RoundExplanation {
        round_id,
        beneficiary_id,
        proposed: told.proposed.map(|(mentor_id, origin, pair)| ProposedCard { mentor_id, origin, pair }),
        alternatives: told.alternatives,
        asked: told.asked,
        mentors: mentors.into_iter().map(|it| mentioned(it, &mentor_names)).collect(),
        beneficiaries: beneficiaries
            .into_iter()
            .map(|it| MentionedBeneficiary {
                beneficiary_id: it,
                name: names.get(&it).cloned().unwrap_or_default(),
            })
            .collect(),
    })
}

/// What is told to the staff who are of a pair themselves: nothing of that pair, as if it were not there.
fn without_own(mut told: Told, own: &Own, who: BeneficiaryId) -> Result<Told, Refused> {
    let is_asked = told.asked.as_ref().is_some_and(|it| own.is_of(who, it.mentor_id));
    if own.is(who) || is_asked {
        let pointer = if own.is(who) { "/beneficiary_id" } else { "/mentor_id" };
        return Err(UNKNOWN_PAIR.reason().at(pointer).into());
    }
    told.proposed = told.proposed.filter(|it| !own.is_of(who, it.0));
    told.alternatives.retain(|it| !own.is_of(who, it.mentor_id));
    let differences = told.alternatives.iter_mut().map(|it| &mut it.difference);
    let asked = told.asked.iter_mut().filter_map(|it| it.difference.as_mut());
    for it in differences.chain(asked) {
        let is_own = |mentor: Option<MentorId>| mentor.is_some_and(|it| own.is_mentor(it));
        it.moves.retain(|it| {
            !own.is(it.beneficiary_id) && !is_own(it.from_mentor_id) && !is_own(it.to_mentor_id)
        });
    }
    Ok(told)
}

fn mentioned(it: MentorId, names: &HashMap<MentorId, String>) -> MentionedMentor {
    MentionedMentor { mentor_id: it, name: names.get(&it).cloned().unwrap_or_default() }
}
