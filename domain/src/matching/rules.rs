//! The matching rules of a program. They are data with editions, not constants.
use super::words::{Criterion, MatchingMode};
use crate::base::change::changed_fields;
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::repeated;
use serde::{Deserialize, Serialize};
use shape::form;
use validator::Validate;

rules! {
    WEIGHTS = "matching_rules.weights", Content, ours, "Веса критериев должны давать в сумме 1000.", "The weights of the criteria must add up to 1000.";
    WAITING = "matching_rules.waiting", Content, ours, "Сроки ожидания должны возрастать.", "The days of waiting must be in ascending order.";
    AGE_GAP = "matching_rules.age_gap", Content, ours, "Лучшая разница в возрасте не может быть меньше наименьшей.", "The best difference in age cannot be less than the least one.";
    SHOWN = "matching_rules.shown_before_consent", Content, ours, "Критерий назван дважды.", "The criterion is named twice.";
}

/// The weights of the criteria, per mille. Their sum is 1000.
#[form]
#[derive(Copy)]
#[schema(example = json!({"interests": 300, "needs": 250, "hours": 150, "proximity": 150, "age": 100, "languages": 50}))]
pub struct Weights {
    /// The weight of shared interests and shared dislikes, 0 to 1000.
    #[schema(minimum = 0, maximum = 1000)]
    #[validate(range(max = 1000))]
    pub interests: u16,
    /// The weight of the beneficiary's needs that the mentor's skills meet, 0 to 1000.
    #[schema(minimum = 0, maximum = 1000)]
    #[validate(range(max = 1000))]
    pub needs: u16,
    /// The weight of common hours, 0 to 1000.
    #[schema(minimum = 0, maximum = 1000)]
    #[validate(range(max = 1000))]
    pub hours: u16,
    /// The weight of proximity, 0 to 1000.
    #[schema(minimum = 0, maximum = 1000)]
    #[validate(range(max = 1000))]
    pub proximity: u16,
    /// The weight of the difference in age, 0 to 1000.
    #[schema(minimum = 0, maximum = 1000)]
    #[validate(range(max = 1000))]
    pub age: u16,
    /// The weight of common languages, 0 to 1000.
    #[schema(minimum = 0, maximum = 1000)]
    #[validate(range(max = 1000))]
    pub languages: u16,
}

/// The matching rules of one program. An edition replaces all of them.
#[form]
#[schema(example = json!({"mode": "coverage_first", "weights": {"interests": 300, "needs": 250, "hours": 150, "proximity": 150, "age": 100, "languages": 50}, "hours_needed": 1, "hours_enough": 4, "least_age_gap_years": 4, "best_age_gap_years": 18, "age_gap_tolerance_years": 30, "longest_way_km": 70, "waiting_days": [60, 180, 365], "specialist_answer": false, "shown_before_consent": ["interests", "hours", "languages", "proximity"]}))]
pub struct MatchingRules {
    /// The mode of rounds.
    pub mode: MatchingMode,
    /// The weights of the criteria.
    pub weights: Weights,
    /// The least number of common hours of the week, 1 to 21 (three a day). With fewer, two people cannot be matched.
    #[within(1..=21)]
    pub hours_needed: u16,
    /// The number of common hours of the week that meets the criterion fully, 1 to 21.
    #[within(1..=21)]
    pub hours_enough: u16,
    /// The least difference in age, in years by which the mentor is older, 0 to 50.
    #[schema(minimum = 0, maximum = 50)]
    #[validate(range(max = 50))]
    pub least_age_gap_years: u16,
    /// The best difference in age, in years by which the mentor is older, 0 to 80.
    #[schema(minimum = 0, maximum = 80)]
    #[validate(range(max = 80))]
    pub best_age_gap_years: u16,
    /// The deviation from the best difference in age at which the value is 0, in years, 1 to 100.
    #[within(1..=100)]
    pub age_gap_tolerance_years: u16,
    /// The distance at which the value of proximity is 0, in kilometres, 1 to 20 000.
    #[within(1..=20_000)]
    pub longest_way_km: u16,
    /// The days of waiting after which the priority rises within one risk level. Ascending, up to 7 thresholds.
    #[count(0..=7)]
    #[schema(minimum = 0, maximum = 65_535)]
    pub waiting_days: Vec<u16>,
    /// Whether a proposed mentorship also needs an acceptance of the specialist.
    #[serde(default)]
    pub specialist_answer: bool,
    /// The criteria whose data both sides see before the consent, up to 6. For other criteria they see only the value.
    #[at_most(6)]
    #[serde(default = "shown_before_consent")]
    pub shown_before_consent: Vec<Criterion>,
}

/// The default criteria whose data both sides see before the consent. They leave out needs and age.
fn shown_before_consent() -> Vec<Criterion> {
    vec![Criterion::Interests, Criterion::Hours, Criterion::Languages, Criterion::Proximity]
}

impl Default for MatchingRules {
    fn default() -> Self {
        Self {
            mode: MatchingMode::CoverageFirst,
            weights: Weights {
                interests: 300,
                needs: 250,
                hours: 150,
                proximity: 150,
                age: 100,
                languages: 50,
            },
            hours_needed: 1,
            hours_enough: 4,
            least_age_gap_years: 4,
            best_age_gap_years: 18,
            age_gap_tolerance_years: 30,
            longest_way_km: 70,
            waiting_days: vec![60, 180, 365],
            specialist_answer: false,
            shown_before_consent: shown_before_consent(),
        }
    }
}

impl MatchingRules {
    /// Refuses rules that contradict themselves, with all reasons at once.
    pub fn judge(&self) -> Result<(), Refused> {
        let weights = &self.weights;
        let sum: u32 = [
            weights.interests,
            weights.needs,
            weights.hours,
            weights.proximity,
            weights.age,
            weights.languages,
        ]
        .map(u32::from)
        .iter()
        .sum();
        let reasons: [Option<Reason>; 3] = [
            (sum != 1000).then(|| WEIGHTS.reason().at("/weights").with("sum", sum)),
            (!self.waiting_days.is_sorted_by(|a, b| a < b)).then(|| WAITING.reason().at("/waiting_days")),
            (self.best_age_gap_years < self.least_age_gap_years)
                .then(|| AGE_GAP.reason().at("/best_age_gap_years")),
        ];
        let repeated = repeated(&self.shown_before_consent)
            .map(|it| SHOWN.reason().at(format!("/shown_before_consent/{it}")));
        Refused::unless_empty(reasons.into_iter().flatten().chain(repeated).collect())
    }

    /// The names of the members that differ in later rules.
    pub fn differences(&self, later: &Self) -> Vec<String> {
        changed_fields(self, later)
    }

    /// The priority of a beneficiary: by risk, then by the length of the wait. 0 is the least urgent.
    pub fn priority(&self, risk: Risk, waiting_days: u32) -> u16 {
        let steps = u16::try_from(self.waiting_days.len()).unwrap_or(u16::MAX).saturating_add(1);
        let waited = self.waiting_days.iter().filter(|it| u32::from(**it) <= waiting_days).count();
        risk.0.saturating_mul(steps).saturating_add(u16::try_from(waited).unwrap_or(u16::MAX))
    }

    /// The number of priorities.
    pub fn priorities(&self) -> u16 {
        self.priority(Risk::HIGHEST, u32::MAX).saturating_add(1)
    }
}

/// The risk level of a case, 0 to 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(from = "u16", into = "u16")]
pub struct Risk(u16);

impl Risk {
    /// The highest risk level.
    pub const HIGHEST: Self = Self(3);

    /// The risk level, limited to the highest one.
    pub fn new(level: u16) -> Self {
        Self(level).min(Self::HIGHEST)
    }
}

impl From<u16> for Risk {
    fn from(level: u16) -> Self {
        Self::new(level)
    }
}

impl From<Risk> for u16 {
    fn from(it: Risk) -> Self {
        it.0
    }
}
