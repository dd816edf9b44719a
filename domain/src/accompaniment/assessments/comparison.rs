//! The comparison of assessments by one scale: what has changed between the first and the last.
use super::scores::{Score, Scores, rounded};
use super::{AssessmentPoint, CompletedAssessment};
use crate::accompaniment::scales::Rater;
use crate::base::id::AssessmentId;
use crate::base::text::Code;
use chrono::NaiveDate;
use shape::card;
use std::collections::BTreeMap;

/// A domain before and after.
#[card]
#[derive(Clone, PartialEq)]
pub struct ScoreChange {
    /// The code of the domain. Absent: the whole scale.
    pub domain: Option<Code>,
    /// The score before; the place in the range, 0 to 100, where it is rescaled.
    #[schema(minimum = -600000, maximum = 600000, example = 2.5)]
    pub before: f64,
    /// The score after.
    #[schema(minimum = -600000, maximum = 600000, example = 3.5)]
    pub after: f64,
    /// The difference.
    #[schema(minimum = -1200000, maximum = 1200000, example = 1)]
    pub change: f64,
    /// Whether both are shown as a place in the range, because the editions have different ranges.
    pub is_rescaled: bool,
    /// Whether it became better. Absent: nothing changed.
    pub is_better: Option<bool>,
}

/// The change that one rater saw.
#[card]
#[derive(Clone, PartialEq)]
pub struct RaterComparison {
    /// The rater of both assessments.
    pub rater: Rater,
    /// The first assessment before.
    pub before_assessment_id: AssessmentId,
    /// Its day.
    pub before_on: NaiveDate,
    /// The last assessment after.
    pub after_assessment_id: AssessmentId,
    /// Its day.
    pub after_on: NaiveDate,
    /// The change of the whole scale.
    pub total: ScoreChange,
    /// The changes of domains that both editions have.
    #[schema(max_items = 20)]
    pub domains: Vec<ScoreChange>,
}

/// Compares completed assessments by one scale, rater by rater: the first `before` with the last `after`. A rater who lacks one of
/// both is left out.
pub fn compare(all: &[CompletedAssessment]) -> Vec<RaterComparison> {
    let mut by_rater: BTreeMap<Rater, Vec<&CompletedAssessment>> = BTreeMap::new();
    for it in all {
        by_rater.entry(it.rater).or_default().push(it);
    }
    by_rater.into_values().filter_map(|of| between(&of)).collect()
}

fn between(of: &[&CompletedAssessment]) -> Option<RaterComparison> {
    let at = |point| of.iter().copied().filter(move |it| it.point == point);
    let before = at(AssessmentPoint::Before).min_by_key(|it| (it.assessed_on, it.id))?;
    let after = at(AssessmentPoint::After).max_by_key(|it| (it.assessed_on, it.id))?;
    let (earlier, later) = (&before.scores, &after.scores);
    let pair = |it: &Score| {
        let same = earlier.domains.iter().find(|other| other.domain == it.domain)?;
        Some(change(same, it, later))
    };
    Some(RaterComparison {
        rater: before.rater,
        before_assessment_id: before.id,
        before_on: before.assessed_on,
        after_assessment_id: after.id,
        after_on: after.assessed_on,
        total: change(&earlier.total, &later.total, later),
        domains: later.domains.iter().filter_map(pair).collect(),
    })
}

fn change(before: &Score, after: &Score, later: &Scores) -> ScoreChange {
    let is_rescaled = (before.least, before.greatest) != (after.least, after.greatest);
    let shown = |it: &Score| if is_rescaled { f64::from(it.percent) } else { it.score };
    let (from, to) = (shown(before), shown(after));
    ScoreChange {
        domain: after.domain.clone(),
        before: from,
        after: to,
        change: rounded(to - from),
        is_rescaled,
        is_better: (from != to).then_some((to > from) == later.higher_is_better),
    }
}
