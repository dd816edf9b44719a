//! What people are told of a pair: each criterion with its facts, and what another choice would change.
use super::assessment::{Assessment, Facts, Term};
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
    /// What is said of a mentor whom a beneficiary does not get.
    Verdict in "matching-verdicts" {
        Proposed = "proposed", "эта пара и предложена", "the pair is proposed";
        Forbidden = "forbidden", "пару не допускают правила", "rules forbid the pair";
        Worse = "worse", "возможно, но обойдётся дороже", "possible, at a price";
        Decided = "decided", "решено до расчёта", "decided before the rest was computed";
    }
}

/// One criterion of the fit of two people, with what it was computed from.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct TermTold {
    /// Which.
    pub criterion: Criterion,
    /// How well it is met, per mille.
    #[schema(minimum = 0, maximum = 1000, example = 500)]
    pub value: i32,
    /// What it weighs, per mille.
    #[schema(minimum = 0, maximum = 1000, example = 300)]
    pub weight: i32,
    /// What it adds to the fit.
    #[schema(minimum = 0, maximum = 10_000, example = 1500)]
    pub points: i32,
    /// The words that both have, as codes of the criterion's catalogue: interests, needs met by skills, hours, languages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 64, max_length = 64, example = json!(["chess", "hiking"]))]
    pub shared: Vec<String>,
    /// What both like not to do; with interests only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 64, max_length = 64, example = json!(["fishing"]))]
    pub shared_dislikes: Vec<String>,
    /// How many words would meet the criterion fully.
    #[schema(minimum = 0, maximum = 128, example = 4)]
    pub of: Option<i32>,
    /// Metres between the two municipalities, where both are on the map.
    #[schema(minimum = 0, maximum = 4_294_967_295_i64, example = 12_400)]
    pub way_m: Option<i64>,
    /// Years by which the mentor is older.
    #[schema(minimum = -200, maximum = 200, example = 21)]
    pub gap_years: Option<i32>,
    /// Years by which a mentor is best older.
    #[schema(minimum = 0, maximum = 200, example = 18)]
    pub best_gap_years: Option<i32>,
}

/// How two people fit.
#[card]
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct PairTold {
    /// How well, 0 to 10 000: the points of the criteria together.
    #[schema(minimum = 0, maximum = 10_000, example = 6200)]
    pub fit: i32,
    /// How strong their choice is: 7 where both put each other first, 2 to 6 where both ranked each other, 1 where one side did.
    #[schema(minimum = 0, maximum = 7, example = 7)]
    pub choice: i32,
    /// Each criterion.
    #[schema(max_items = 6)]
    pub terms: Vec<TermTold>,
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

impl From<&Term> for TermTold {
    fn from(it: &Term) -> Self {
        let mut told = Self {
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
        match it.facts {
            Facts::Shared { words, dislikes, of } => {
                told.shared = words_of(it.criterion, words);
                told.shared_dislikes = words_of(it.criterion, dislikes);
                told.of = i32::try_from(of).ok();
            }
            Facts::Metres { way, .. } => told.way_m = way.map(i64::from),
            Facts::Years { gap, best } => {
                told.gap_years = gap;
                told.best_gap_years = Some(best);
            }
        }
        told
    }
}

impl From<&Assessment> for PairTold {
    fn from(it: &Assessment) -> Self {
        let terms = it.terms.iter().map(TermTold::from).collect();
        Self { fit: it.fit.into(), choice: it.choice.into(), terms }
    }
}

impl PairTold {
    /// What the two sides are told: never how the other side chose, and before the consent the facts of these criteria alone.
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

/// Somebody who would have another mentor, or none.
#[card]
#[derive(Clone, PartialEq, Eq)]
pub struct MoveTold {
    /// Who.
    pub beneficiary_id: BeneficiaryId,
    /// Whom they have in the round.
    pub from_mentor_id: Option<MentorId>,
    /// Whom they would have.
    pub to_mentor_id: Option<MentorId>,
}

/// What a choice against the round would change, exactly.
#[card]
#[derive(Clone, PartialEq, Eq)]
pub struct DifferenceTold {
    /// By how much the round would be worse, in units of its objective; 0: as good.
    #[schema(max_length = 40, pattern = "^[0-9]+$", example = "1403")]
    pub price: String,
    /// Priorities of those who would get a mentor and now do not.
    #[schema(max_items = 1000, minimum = 0, maximum = 31)]
    pub newly_covered_priorities: Vec<i32>,
    /// Priorities of those who would lose their mentor.
    #[schema(max_items = 1000, minimum = 0, maximum = 31)]
    pub newly_left_out_priorities: Vec<i32>,
    /// How the strengths of choices together would change.
    #[schema(minimum = -1_000_000, maximum = 1_000_000, example = -2)]
    pub choices: i64,
    /// How the fits together would change.
    #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000, example = -310)]
    pub fit: i64,
    /// Everyone who would change, the one who chooses first.
    #[schema(max_items = 10_000)]
    pub moves: Vec<MoveTold>,
}

impl DifferenceTold {
    fn of(it: &Difference, pool: &Pool) -> Self {
        let mentor = |ix: Option<MentorIx>| ix.and_then(|it| pool.mentor(it)).map(|it| it.id);
        let moved = |it: &solver::Move| {
            let beneficiary_id = pool.beneficiary(it.who)?.id;
            Some(MoveTold { beneficiary_id, from_mentor_id: mentor(it.from), to_mentor_id: mentor(it.to) })
        };
        let priorities = |all: &[u16]| all.iter().map(|it| i32::from(*it)).collect();
        Self {
            price: it.counterfactual.price.to_string(),
            newly_covered_priorities: priorities(&it.newly_covered),
            newly_left_out_priorities: priorities(&it.newly_left_out),
            choices: it.choices,
            fit: it.fit,
            moves: it.counterfactual.moves.iter().filter_map(moved).collect(),
        }
    }
}

/// What choosing another mentor would mean.
#[card]
#[derive(Clone, PartialEq, Eq)]
pub struct AlternativeTold {
    /// The mentor.
    pub mentor_id: MentorId,
    /// How the two fit.
    pub pair: PairTold,
    /// What it would change.
    pub difference: DifferenceTold,
}

/// Why not this mentor.
#[card]
#[derive(Clone, PartialEq, Eq)]
pub struct WhyNotTold {
    /// The mentor asked about.
    pub mentor_id: MentorId,
    /// What is said of the two.
    pub verdict: Verdict,
    /// Every rule that forbids them; with `forbidden` only.
    #[schema(max_items = 40)]
    pub barriers: Vec<Barrier>,
    /// How the two fit.
    pub pair: PairTold,
    /// What it would change; with `worse` only.
    pub difference: Option<DifferenceTold>,
}

/// What is told of one beneficiary of a computed round: the proposal, the alternatives, one mentor asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The proposed mentor with how it came about and how the two fit.
    pub proposed: Option<(MentorId, ProposalOrigin, PairTold)>,
    /// Whom they could have instead, the cheapest for the whole round first.
    pub alternatives: Vec<AlternativeTold>,
    /// The mentor asked about.
    pub asked: Option<WhyNotTold>,
}

impl Explanation<'_> {
    /// All that is told of one beneficiary, with at most so many alternatives; nothing for strangers.
    pub fn told(
        &self,
        pool: &Pool,
        who: BeneficiaryIx,
        asked: Option<MentorIx>,
        most: usize,
    ) -> Option<Told> {
        pool.beneficiary(who)?;
        let id = |ix: MentorIx| pool.mentor(ix).map(|it| it.id);
        let proposed = self.why(who).and_then(|(mentor, origin, pair)| {
            Some((id(mentor)?, ProposalOrigin::from(origin), PairTold::from(&pair)))
        });
        let alternative = |(mentor, difference): (MentorIx, Difference)| {
            Some(AlternativeTold {
                mentor_id: id(mentor)?,
                pair: PairTold::from(&self.pair(who, mentor)?),
                difference: DifferenceTold::of(&difference, pool),
            })
        };
        let alternatives = self.alternatives(who, most).into_iter().filter_map(alternative).collect();
        Some(Told { proposed, alternatives, asked: asked.and_then(|it| self.why_not_told(pool, who, it)) })
    }

    fn why_not_told(&self, pool: &Pool, who: BeneficiaryIx, mentor: MentorIx) -> Option<WhyNotTold> {
        let (mut barriers, mut difference) = (Vec::new(), None);
        let verdict = match self.why_not(who, mentor)? {
            WhyNot::Proposed => Verdict::Proposed,
            WhyNot::Decided => Verdict::Decided,
            WhyNot::Forbidden(all) => {
                barriers = all.all().collect();
                Verdict::Forbidden
            }
            WhyNot::Worse(it) => {
                difference = Some(DifferenceTold::of(&it, pool));
                Verdict::Worse
            }
        };
        let mentor_id = pool.mentor(mentor)?.id;
        let pair = PairTold::from(&self.pair(who, mentor)?);
        Some(WhyNotTold { mentor_id, verdict, barriers, pair, difference })
    }
}
