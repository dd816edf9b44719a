//! Explanations of a computed round for one beneficiary. The stored round is recalled with its proof outside of the
//! worker threads, and is kept in memory for a while.
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

/// Alternatives that an explanation shows at most.
const ALTERNATIVES: usize = 5;

/// Parameters of the question about a round.
#[filter]
pub struct ExplanationQuestion {
    /// The beneficiary in question.
    #[param(value_type = BeneficiaryId, required = true)]
    pub beneficiary_id: Option<BeneficiaryId>,
    /// The mentor for the question «Why not this mentor?».
    pub mentor_id: Option<MentorId>,
}

/// The mentor whom a round proposes, and the reason.
#[card]
pub struct ProposedCard {
    /// The proposed mentor.
    pub mentor_id: MentorId,
    /// The origin of the proposal.
    pub origin: ProposalOrigin,
    /// The fit of the two, by criterion.
    pub pair: PairAssessment,
}

/// A mentor whom an explanation mentions.
#[card]
pub struct MentionedMentor {
    /// The mentioned mentor.
    pub mentor_id: MentorId,
    /// The name of the mentor.
    #[schema(max_length = 400, example = "Белов Пётр Ильич")]
    pub mentor_name: String,
}

/// A beneficiary whom an explanation mentions.
#[card]
pub struct MentionedBeneficiary {
    /// The mentioned beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The name of the beneficiary.
    #[schema(max_length = 1000, example = "Морозова Алёна Сергеевна")]
    pub beneficiary_name: String,
}

/// The reasons for a round's proposal for one beneficiary, and the exact cost of every alternative.
#[card]
pub struct RoundExplanation {
    /// The round in question.
    pub round_id: MatchingRoundId,
    /// The beneficiary in question.
    pub beneficiary_id: BeneficiaryId,
    /// The proposed mentor; absent: the round leaves the beneficiary without a mentor.
    pub proposed: Option<ProposedCard>,
    /// The alternative mentors, the cheapest for the whole round first. Each names the beneficiaries whose pairs
    /// would change.
    #[schema(max_items = 5)]
    pub alternatives: Vec<AlternativeMentor>,
    /// The reasons against the mentor asked about.
    pub asked: Option<WhyNotMentor>,
    /// The names of the mentioned mentors.
    #[schema(max_items = 10_000)]
    pub mentors: Vec<MentionedMentor>,
    /// The names of the mentioned beneficiaries.
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

/// A computed round with its proposal, recalled and with its proof checked again.
#[derive(Debug, Clone)]
pub struct RecalledRound {
    rules: MatchingRules,
    pool: Pool,
    proposal: Proposal,
}

impl RecalledRound {
    /// Recalls a stored round. It takes as long as finding the candidates of all beneficiaries.
    pub fn recall(rules: MatchingRules, kept: KeptRound) -> Result<Self, Failure> {
        let round = Round::new(&rules, &kept.pool).with_threads(usize::MAX);
        let proposal = round.recall(&kept.proposal).map_err(Failure::broken)?;
        Ok(Self { proposal, rules, pool: kept.pool })
    }

    /// Explains the round for one beneficiary.
    pub fn explain(&self, asked: &ExplanationQuestion) -> Result<ExplanationOfOne, Refused> {
        let id = asked.beneficiary_id.ok_or_else(|| Refused::from(MISSING.reason().at("/beneficiary_id")))?;
        let unknown = |pointer: &str| Refused::from(UNKNOWN_PAIR.reason().at(pointer));
        let who = self.pool.beneficiary_ix(id).ok_or_else(|| unknown("/beneficiary_id"))?;
        let mentor = match asked.mentor_id {
            Some(it) => Some(self.pool.mentor_ix(it).ok_or_else(|| unknown("/mentor_id"))?),
            None => None,
        };
        let round = Round::new(&self.rules, &self.pool);
        let explanation = round.explain(&self.proposal);
        explanation.describe(&self.pool, who, mentor, ALTERNATIVES).ok_or_else(|| unknown("/beneficiary_id"))
    }
}

/// The explanation as the answer returns it, with the names of all mentioned people.
pub async fn card(
    tx: &mut Tx<'_>,
    round_id: MatchingRoundId,
    asked: &ExplanationQuestion,
    explained: ExplanationOfOne,
) -> Result<RoundExplanation, Failure> {
    rounds::row(tx, round_id).await?;
    let beneficiary_id = asked.beneficiary_id.ok_or_else(|| dangling("/beneficiary_id"))?;
    let explained = without_own(explained, &Own::of(tx), beneficiary_id)?;
    let (mut mentors, mut beneficiaries) = (BTreeSet::new(), BTreeSet::from([beneficiary_id]));
    mentors.extend(explained.proposed.as_ref().map(|it| it.0));
    mentors.extend(explained.alternatives.iter().map(|it| it.mentor_id));
    mentors.extend(explained.asked.as_ref().map(|it| it.mentor_id));
    let differences = explained.alternatives.iter().map(|it| &it.difference);
    let asked_difference = explained.asked.iter().filter_map(|it| it.difference.as_ref());
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
        proposed: explained.proposed.map(|(mentor_id, origin, pair)| ProposedCard {
            mentor_id,
            origin,
            pair,
        }),
        alternatives: explained.alternatives,
        asked: explained.asked,
        mentors: mentors.into_iter().map(|it| mentioned(it, &mentor_names)).collect(),
        beneficiaries: beneficiaries
            .into_iter()
            .map(|it| MentionedBeneficiary {
                beneficiary_id: it,
                beneficiary_name: names.get(&it).cloned().unwrap_or_default(),
            })
            .collect(),
    })
}

/// Removes the caller's own pairs from an explanation, because staff may not read about pairs that they are part of.
fn without_own(
    mut explained: ExplanationOfOne,
    own: &Own,
    who: BeneficiaryId,
) -> Result<ExplanationOfOne, Refused> {
    let is_asked = explained.asked.as_ref().is_some_and(|it| own.is_of(who, it.mentor_id));
    if own.is(who) || is_asked {
        let pointer = if own.is(who) { "/beneficiary_id" } else { "/mentor_id" };
        return Err(UNKNOWN_PAIR.reason().at(pointer).into());
    }
    explained.proposed = explained.proposed.filter(|it| !own.is_of(who, it.0));
    explained.alternatives.retain(|it| !own.is_of(who, it.mentor_id));
    let differences = explained.alternatives.iter_mut().map(|it| &mut it.difference);
    let asked = explained.asked.iter_mut().filter_map(|it| it.difference.as_mut());
    for it in differences.chain(asked) {
        let is_own = |mentor: Option<MentorId>| mentor.is_some_and(|it| own.is_mentor(it));
        it.moves.retain(|it| {
            !own.is(it.beneficiary_id) && !is_own(it.from_mentor_id) && !is_own(it.to_mentor_id)
        });
    }
    Ok(explained)
}

fn mentioned(it: MentorId, names: &HashMap<MentorId, String>) -> MentionedMentor {
    MentionedMentor { mentor_id: it, mentor_name: names.get(&it).cloned().unwrap_or_default() }
}
