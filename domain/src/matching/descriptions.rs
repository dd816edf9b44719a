//! The description of a pair for people: each criterion with its data, and the effect of another choice.
use super::assessment::{Assessment, Basis, Term};
use super::explanation::{Difference, Explanation, WhyNot};
use super::people::{Pool, Tags};
use super::round::Origin;
use super::rounds::ProposalOrigin;
use super::vocabulary::{Interest, Language, SupportNeed, WeekHour};
use super::words::{Barrier, Criterion};
use crate::base::id::{BeneficiaryId, MentorId};
use crate::base::word::{Word, words};
use serde::Deserialize;
use shape::card;
use solver::{BeneficiaryIx, MentorIx};

words! {
    /// The answer to the question why a beneficiary does not get a mentor.
    Verdict in "matching-verdicts" {
        Proposed = "proposed", "эта пара и предложена", "the pair is proposed";
        Forbidden = "forbidden", "пару не допускают правила", "rules forbid the pair";
        Worse = "worse", "возможно, но обойдётся дороже", "possible, but the whole result would be worse";
        Decided = "decided", "решено до расчёта", "decided before the computation";
    }

    /// The measure by which a round would be worse. The rules compare rounds by these in this order.
    RoundCost in "matching-round-costs" {
        Coverage = "coverage", "наставника получит меньше подопечных", "fewer beneficiaries would get a mentor";
        Urgency = "urgency", "наставника потеряет более срочный подопечный", "a more urgent beneficiary would lose the mentor to a less urgent one";
        Choices = "choices", "взаимный выбор исполнится хуже", "choices of the two sides would be met less";
        Fit = "fit", "пары подойдут друг другу хуже", "the pairs would fit less";
        Nothing = "nothing", "подбор не станет хуже", "the round would be as good";
    }
}

/// One criterion in the fit of a pair, with the data behind it.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct CriterionAssessment {
    /// The criterion that this term describes.
    pub criterion: Criterion,
    /// The degree to which the criterion is met, per mille.
    #[schema(minimum = 0, maximum = 1000, example = 500)]
    pub value: i32,
    /// The weight of the criterion, per mille.
    #[schema(minimum = 0, maximum = 1000, example = 300)]
    pub weight: i32,
    /// The part of the fit from this criterion.
    #[schema(minimum = 0, maximum = 10_000, example = 1500)]
    pub points: i32,
    /// The words that both people have, as codes of the criterion's catalogue: interests, needs met by skills, hours or
    /// languages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 64, max_length = 64, example = json!(["chess", "hiking"]))]
    pub shared: Vec<String>,
    /// The activities that both people dislike. Only with the criterion `interests`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<super::Interest>, max_items = 64, example = json!(["fishing"]))]
    pub shared_dislikes: Vec<String>,
    /// The number of words that meets the criterion fully.
    #[schema(minimum = 0, maximum = 128, example = 4)]
    pub of: Option<i32>,
    /// The distance between the two municipalities in metres. Absent if a centre point is not known.
    #[schema(minimum = 0, maximum = 4_294_967_295_i64, example = 12_400)]
    pub way_m: Option<i64>,
    /// The difference in age: the years by which the mentor is older.
    #[schema(minimum = -200, maximum = 200, example = 21)]
    pub gap_years: Option<i32>,
    /// The best difference in age, in years.
    #[schema(minimum = 0, maximum = 200, example = 18)]
    pub best_gap_years: Option<i32>,
}

/// The assessment of a pair.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct PairAssessment {
    /// The fit, 0 to 10 000: the sum of the points of the criteria.
    #[schema(minimum = 0, maximum = 10_000, example = 6200)]
    pub fit: i32,
    /// The strength of the choice. 7: both rank each other first. 2 to 6: both ranked each other. 1: one side ranked the other.
    #[schema(minimum = 0, maximum = 7, example = 7)]
    pub choice: i32,
    /// The criteria.
    #[schema(max_items = 6)]
    pub terms: Vec<CriterionAssessment>,
}

fn codes<W: Word>(tags: Tags) -> Vec<String> {
    tags.words::<W>().into_iter().map(|it| it.code().to_owned()).collect()
}

fn words_of(criterion: Criterion, tags: Tags) -> Vec<String> {
    match criterion {
        Criterion::Interests => codes::<Interest>(tags),
        Criterion::Needs => codes::<SupportNeed>(tags),
        Criterion::Hours => codes::<WeekHour>(tags),
        Criterion::Languages => codes::<Language>(tags),
        Criterion::Proximity | Criterion::Age => Vec::new(),
    }
}

impl From<&Term> for CriterionAssessment {
    fn from(it: &Term) -> Self {
        let mut described = Self {
            criterion: it.criterion,
            value: it.value.into(),
            weight: it.weight.into(),
            points: it.points.into(),
            shared: Vec::new(),
            shared_dislikes: Vec::new(),
            of: None,
            way_m: None,
            gap_years: None,
            best_gap_years: None,
        };
        match it.basis {
            Basis::Shared { words, dislikes, of } => {
                described.shared = words_of(it.criterion, words);
                described.shared_dislikes = words_of(it.criterion, dislikes);
                described.of = i32::try_from(of).ok();
            }
            Basis::Metres { way, .. } => described.way_m = way.map(i64::from),
            Basis::Years { gap, best } => {
                described.gap_years = gap;
                described.best_gap_years = Some(best);
            }
        }
        described
    }
}

impl From<&Assessment> for PairAssessment {
    fn from(it: &Assessment) -> Self {
        let terms = it.terms.iter().map(CriterionAssessment::from).collect();
        Self { fit: it.fit.into(), choice: it.choice.into(), terms }
    }
}

impl PairAssessment {
    /// The assessment as both sides see it. It hides the choice, and before the consent also the data of criteria that are not
    /// in `shown`.
    #[must_use]
    pub fn to_sides(mut self, shown: &[Criterion], is_consented: bool) -> Self {
        self.choice = 0;
        for it in self.terms.iter_mut().filter(|it| !is_consented && !shown.contains(&it.criterion)) {
            it.shared.clear();
            it.shared_dislikes.clear();
            (it.of, it.way_m, it.gap_years, it.best_gap_years) = (None, None, None, None);
        }
        self
    }
}

impl From<Origin> for ProposalOrigin {
    fn from(it: Origin) -> Self {
        match it {
            Origin::Pinned => Self::Pinned,
            Origin::MutualChoice => Self::MutualChoice,
            Origin::Optimum => Self::Optimum,
        }
    }
}

/// A beneficiary who would get another mentor, or none.
#[card]
#[derive(Clone, PartialEq, Eq)]
pub struct MentorChange {
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The mentor in the round. Absent: none.
    pub from_mentor_id: Option<MentorId>,
    /// The mentor after the change. Absent: none.
    pub to_mentor_id: Option<MentorId>,
}

/// The exact change of the round if one beneficiary gets another mentor.
#[card]
#[derive(Clone, PartialEq, Eq)]
pub struct RoundDifference {
    /// The first measure of the rules by which the round would be worse. The members below tell by how much.
    pub costs: RoundCost,
    /// The priorities of beneficiaries who would get a mentor and do not get one now.
    #[schema(max_items = 1000, minimum = 0, maximum = 31)]
    pub newly_covered_priorities: Vec<i32>,
    /// The priorities of beneficiaries who would lose their mentor.
    #[schema(max_items = 1000, minimum = 0, maximum = 31)]
    pub newly_left_out_priorities: Vec<i32>,
    /// The change of the sum of the strengths of choices.
    #[schema(minimum = -1_000_000, maximum = 1_000_000, example = -2)]
    pub choices: i64,
    /// The change of the sum of the fits, in ten-thousandths of a perfect one.
    #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000, example = -310)]
    pub fit: i64,
    /// The beneficiaries whose mentor would change. The one who chooses is first.
    #[schema(max_items = 10_000)]
    pub moves: Vec<MentorChange>,
}

impl Difference {
    /// The first measure by which the round would be worse.
    pub fn costs(&self) -> RoundCost {
        let sum = |all: &[u16]| all.iter().copied().map(u64::from).sum::<u64>();
        if self.newly_covered.len() < self.newly_left_out.len() {
            RoundCost::Coverage
        } else if sum(&self.newly_covered) < sum(&self.newly_left_out) {
            RoundCost::Urgency
        } else if self.choices < 0 {
            RoundCost::Choices
        } else if self.fit < 0 {
            RoundCost::Fit
        } else {
            RoundCost::Nothing
        }
    }
}

impl RoundDifference {
    fn of(it: &Difference, pool: &Pool) -> Self {
        let mentor = |ix: Option<MentorIx>| ix.and_then(|it| pool.mentor(it)).map(|it| it.id);
        let moved = |it: &solver::Move| {
            let beneficiary_id = pool.beneficiary(it.who)?.id;
            Some(MentorChange {
                beneficiary_id,
                from_mentor_id: mentor(it.from),
                to_mentor_id: mentor(it.to),
            })
        };
        let priorities = |all: &[u16]| all.iter().map(|it| i32::from(*it)).collect();
        Self {
            costs: it.costs(),
            newly_covered_priorities: priorities(&it.newly_covered),
            newly_left_out_priorities: priorities(&it.newly_left_out),
            choices: it.choices,
            fit: it.fit,
            moves: it.counterfactual.moves.iter().filter_map(moved).collect(),
        }
    }
}

/// Another possible mentor for a beneficiary, with the effect of choosing this mentor.
#[card]
#[derive(Clone, PartialEq, Eq)]
pub struct AlternativeMentor {
    /// The mentor.
    pub mentor_id: MentorId,
    /// The assessment of the pair.
    pub pair: PairAssessment,
    /// The change of the round.
    pub difference: RoundDifference,
}

/// The answer to the question why a beneficiary does not get this mentor.
#[card]
#[derive(Clone, PartialEq, Eq)]
pub struct WhyNotMentor {
    /// The mentor in the question.
    pub mentor_id: MentorId,
    /// The answer to the question.
    pub verdict: Verdict,
    /// The barriers of the pair. Only with `forbidden`.
    #[schema(max_items = 40)]
    pub barriers: Vec<Barrier>,
    /// The assessment of the pair.
    pub pair: PairAssessment,
    /// The change of the round. Only with `worse`.
    pub difference: Option<RoundDifference>,
}

/// The explanation for one beneficiary of a computed round: the proposal, the alternatives, and one mentor in question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplanationOfOne {
    /// The proposed mentor, the origin of the proposal and the assessment of the pair.
    pub proposed: Option<(MentorId, ProposalOrigin, PairAssessment)>,
    /// The alternatives. The one that costs the whole round least is first.
    pub alternatives: Vec<AlternativeMentor>,
    /// The answer about the mentor in question.
    pub asked: Option<WhyNotMentor>,
}

impl Explanation<'_> {
    /// The explanation for one beneficiary, with at most `most` alternatives. `None` if the beneficiary is not in the pool.
    pub fn describe(
        &self,
        pool: &Pool,
        who: BeneficiaryIx,
        asked: Option<MentorIx>,
        most: usize,
    ) -> Option<ExplanationOfOne> {
        pool.beneficiary(who)?;
        let id = |ix: MentorIx| pool.mentor(ix).map(|it| it.id);
        let proposed = self.why(who).and_then(|(mentor, origin, pair)| {
            Some((id(mentor)?, ProposalOrigin::from(origin), PairAssessment::from(&pair)))
        });
        let alternative = |(mentor, difference): (MentorIx, Difference)| {
            Some(AlternativeMentor {
                mentor_id: id(mentor)?,
                pair: PairAssessment::from(&self.pair(who, mentor)?),
                difference: RoundDifference::of(&difference, pool),
            })
        };
        let alternatives = self.alternatives(who, most).into_iter().filter_map(alternative).collect();
        Some(ExplanationOfOne {
            proposed,
            alternatives,
            asked: asked.and_then(|it| self.describe_why_not(pool, who, it)),
        })
    }

    fn describe_why_not(&self, pool: &Pool, who: BeneficiaryIx, mentor: MentorIx) -> Option<WhyNotMentor> {
        let (mut barriers, mut difference) = (Vec::new(), None);
        let verdict = match self.why_not(who, mentor)? {
            WhyNot::Proposed => Verdict::Proposed,
            WhyNot::Decided => Verdict::Decided,
            WhyNot::Forbidden(all) => {
                barriers = all.all().collect();
                Verdict::Forbidden
            }
            WhyNot::Worse(it) => {
                difference = Some(RoundDifference::of(&it, pool));
                Verdict::Worse
            }
        };
        let mentor_id = pool.mentor(mentor)?.id;
        let pair = PairAssessment::from(&self.pair(who, mentor)?);
        Some(WhyNotMentor { mentor_id, verdict, barriers, pair, difference })
    }
}
