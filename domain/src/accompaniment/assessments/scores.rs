//! Scores: answers, by the rule of the edition of a scale. They are computed once, at completion, and kept.
use super::{ANSWER, AssessmentAnswer, INCOMPLETE};
use crate::accompaniment::scales::{ScaleDomain, ScaleForm, ScoreRange, ScoreRule};
use crate::base::refusal::Reason;
use crate::base::text::Code;
use shape::form;
use std::collections::BTreeMap;
use validator::Validate;

/// The score of a domain, or of the whole scale.
#[form]
pub struct Score {
    /// The code of the domain. Absent: the whole scale.
    pub domain: Option<Code>,
    /// The number of answers.
    #[within(0..=600)]
    pub answered: i32,
    /// The number of items.
    #[within(0..=600)]
    pub items: i32,
    /// The score, with two decimals: the mean or the sum. Where answers are lacking, the given ones stand for them.
    #[within(-600_000.0..=600_000.0)]
    pub score: f64,
    /// The least score that is possible.
    #[within(-600_000.0..=600_000.0)]
    pub least: f64,
    /// The greatest score that is possible.
    #[within(-600_000.0..=600_000.0)]
    pub greatest: f64,
    /// The place of the score between both, 0 to 100.
    #[within(0..=100)]
    pub percent: i32,
    /// The code of the level that is reached.
    pub level: Option<Code>,
}

/// The scores of an assessment.
#[form]
pub struct Scores {
    /// The score of the whole scale.
    pub total: Score,
    /// The scores of its domains, in their order.
    #[at_most(20)]
    pub domains: Vec<Score>,
    /// Whether a higher score is the better one.
    pub higher_is_better: bool,
}

/// The thing that is answered: an item, or a domain of which a sum is told.
type Asked<'s> = (&'s Code, ScoreRange);

impl ScaleDomain {
    fn asked(&self) -> Vec<Asked<'_>> {
        match self.sum_range {
            Some(range) => vec![(&self.code, range)],
            None => self.items.iter().map(|it| (&it.code, it.range)).collect(),
        }
    }
}

impl ScaleForm {
    /// The reasons against answers: unknown items, values out of range, second answers.
    pub(super) fn against_answers(&self, answers: &[AssessmentAnswer]) -> Vec<Reason> {
        let mut open: BTreeMap<&Code, ScoreRange> =
            self.domains.iter().flat_map(ScaleDomain::asked).collect();
        let mut reasons = Vec::new();
        for (n, it) in answers.iter().enumerate() {
            match open.remove(&it.item) {
                None => reasons.push(ANSWER.reason().at(format!("/answers/{n}/item"))),
                Some(range) if !(range.min..=range.max).contains(&it.value) => {
                    let wrong = ANSWER.reason().at(format!("/answers/{n}/value"));
                    reasons.push(wrong.with("min", range.min).with("max", range.max));
                }
                Some(_) => {}
            }
        }
        reasons
    }
    /// The scores of these answers, which fit the scale. Refused while too few items of a domain are answered.
    pub(super) fn scores(&self, answers: &[AssessmentAnswer]) -> Result<Scores, Vec<Reason>> {
        let given: BTreeMap<&Code, i32> = answers.iter().map(|it| (&it.item, it.value)).collect();
        let mut whole = Sums::default();
        let mut domains = Vec::new();
        let mut lacking = Vec::new();
        for it in &self.domains {
            let mut own = Sums::default();
            for (code, range) in it.asked() {
                own.add(range, given.get(code).copied());
            }
            if own.answered * 100 < self.min_answered_percent * own.items {
                lacking.push(INCOMPLETE.reason().at("/answers").with("domain", it.code.as_str()));
            }
            domains.push(own.score(self, Some(it.code.clone())));
            whole.join(&own);
        }
        let scores =
            Scores { total: whole.score(self, None), domains, higher_is_better: self.higher_is_better };
        if lacking.is_empty() { Ok(scores) } else { Err(lacking) }
    }
}

/// Sums over the items of a domain or of the scale.
#[derive(Default)]
struct Sums {
    items: i32,
    answered: i32,
    /// The least and the greatest sum over all items.
    range: (i32, i32),
    /// The answers above their least values, and the room that they had.
    reached: i32,
    room: i32,
}

impl Sums {
    fn add(&mut self, range: ScoreRange, value: Option<i32>) {
        self.items += 1;
        self.range = (self.range.0 + range.min, self.range.1 + range.max);
        if let Some(value) = value {
            self.answered += 1;
            self.reached += value - range.min;
            self.room += range.max - range.min;
        }
    }
    fn join(&mut self, it: &Self) {
        self.items += it.items;
        self.answered += it.answered;
        self.range = (self.range.0 + it.range.0, self.range.1 + it.range.1);
        self.reached += it.reached;
        self.room += it.room;
    }
    fn score(&self, scale: &ScaleForm, domain: Option<Code>) -> Score {
        let parts = match scale.rule {
            ScoreRule::Mean => f64::from(self.items.max(1)),
            ScoreRule::Sum => 1.0,
        };
        let (least, greatest) = (f64::from(self.range.0) / parts, f64::from(self.range.1) / parts);
        let share = f64::from(self.reached) / f64::from(self.room.max(1));
        let percent =
            (200 * i64::from(self.reached) + i64::from(self.room)) / (2 * i64::from(self.room.max(1)));
        let percent = i32::try_from(percent).unwrap_or_default();
        Score {
            domain,
            answered: self.answered,
            items: self.items,
            score: rounded(least + share * (greatest - least)),
            least: rounded(least),
            greatest: rounded(greatest),
            percent,
            level: scale.level(percent),
        }
    }
}

/// Two decimals.
pub(super) fn rounded(it: f64) -> f64 {
    (it * 100.0).round() / 100.0
}
