//! Scales: by which items something is measured, who rates it, and how answers become scores (001-13, 000-30, 002-11).
//!
//! A scale is data. An edition is never edited: a change is a new edition with the same code, and an assessment keeps the one that it
//! was made with. An edition that was a mistake is annulled.
//!
//! Invariant: the items of a licensed scale are not ours to keep. It has domains with their ranges, and takes sums only.
mod shipped;

pub use shipped::shipped;

use crate::accompaniment::snapshots::LifeDomain;
use crate::base::id::ScaleId;
use crate::base::refusal::{Reason, broken, rules};
use crate::base::text::{BOTH, Code, MISSING, Title};
use crate::base::word::words;
use chrono::NaiveDate;
use shape::{entry, form};
use std::collections::BTreeSet;
use validator::Validate;

rules! {
    LICENSED_ITEMS = "scale.licensed_items", Content, ours, "Пункты лицензионной шкалы не хранят: вносят только суммы.", "The items of a licensed scale are not kept: it takes sums only.";
    REPEATED = "scale.repeated", Content, ours, "Такой код в шкале уже есть.", "The scale has this code already.";
    EMPTY_RANGE = "scale.empty_range", Content, ours, "Наименьшее значение должно быть меньше наибольшего.", "The least value must be less than the greatest.";
    LEVELS = "scale.levels", Content, ours, "Уровни идут по возрастанию, первый — с нуля.", "Levels ascend, and the first begins at zero.";
}

words! {
    /// The kind of a scale.
    ScaleKind in "scale-kinds" {
        Readiness = "readiness", "готовность к самостоятельной жизни", "readiness for independent life";
        Skills = "skills", "навыки", "skills";
        Inclusion = "inclusion", "социальная включённость", "social inclusion";
        Capital = "capital", "социальный капитал", "social capital";
        Family = "family", "семья", "family";
        Wellbeing = "wellbeing", "благополучие", "wellbeing";
        Potential = "potential", "реабилитационный потенциал", "rehabilitation potential";
        Screening = "screening", "скрининг", "screening";
    }

    /// The one who rates.
    Rater in "raters" {
        Own = "self", "сам", "self";
        Specialist = "specialist", "специалист", "specialist";
        Psychologist = "psychologist", "психолог", "psychologist";
        Mentor = "mentor", "наставник", "mentor";
        Caregiver = "caregiver", "воспитатель или опекун", "caregiver";
        Outside = "outside", "сторонний эксперт", "outside expert";
    }

    /// The rule by which answers become a score.
    ScoreRule in "score-rules" {
        Mean = "mean", "среднее", "mean";
        Sum = "sum", "сумма", "sum";
    }
}

/// The least and the greatest value.
#[form]
#[derive(Copy, Eq)]
pub struct ScoreRange {
    /// The least value, -1000 to 1000.
    #[within(-1000..=1000)]
    pub min: i32,
    /// The greatest value, -1000 to 1000.
    #[within(-1000..=1000)]
    pub max: i32,
}

/// An item of a scale.
#[form]
#[derive(Eq)]
pub struct ScaleItem {
    /// The code, unique in the scale. Answers name it.
    pub code: Code,
    /// The text in Russian.
    pub label_ru: Title,
    /// The text in English.
    pub label_en: Option<Title>,
    /// The values that an answer may have.
    pub range: ScoreRange,
}

/// A domain of a scale: what a part of it measures.
#[form]
#[derive(Eq)]
pub struct ScaleDomain {
    /// The code, unique in the scale. Scores are compared by it.
    pub code: Code,
    /// The label in Russian.
    pub label_ru: Title,
    /// The label in English.
    pub label_en: Option<Title>,
    /// The domain of life that it is about.
    pub skill_domain: Option<LifeDomain>,
    /// The items. A licensed scale has none.
    #[at_most(30)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ScaleItem>,
    /// The values that a sum may have. Required of a licensed scale, and of nothing else: an answer names the domain.
    pub sum_range: Option<ScoreRange>,
}

/// A level: the words for a part of the range.
#[form]
#[derive(Eq)]
pub struct ScaleLevel {
    /// The first per cent of the range at which the level is reached, 0 to 100.
    #[within(0..=100)]
    pub from_percent: i32,
    /// The code of the level.
    pub code: Code,
    /// The label in Russian.
    pub label_ru: Title,
    /// The label in English.
    pub label_en: Option<Title>,
}

/// An edition of a scale as it is entered. It is never edited.
#[entry(Scale: ScaleId, at "scales", named "scale" "scales", tag "cases", read ReadPrograms, edit ManageAccompaniment, by effective_from, once, annul, judged)]
#[schema(example = json!({"code": "money-skills", "name": "Обращение с деньгами", "kind": "skills", "effective_from": "2026-01-01", "raters": ["self", "specialist"], "domains": [{"code": "money", "label_ru": "Деньги", "label_en": "Money", "skill_domain": "money", "items": [{"code": "budget", "label_ru": "Планирует расходы на месяц", "label_en": "Plans the expenses of a month", "range": {"min": 1, "max": 5}}]}], "rule": "mean", "higher_is_better": true, "min_answered_percent": 80, "levels": [{"from_percent": 0, "code": "low", "label_ru": "низкий"}, {"from_percent": 60, "code": "enough", "label_ru": "достаточный"}], "retest_days": 180, "licensed": false}))]
pub struct ScaleForm {
    /// The code of the scale. All its editions have it.
    #[told]
    #[filter = "Only editions of the scale with this code."]
    pub code: Code,
    /// The name of the scale.
    pub name: Title,
    /// The kind of the scale.
    #[told]
    #[filter = "Only of these kinds."]
    pub kind: ScaleKind,
    /// The first day on which assessments are made with this edition.
    #[told]
    pub effective_from: NaiveDate,
    /// Those who may rate.
    #[count(1..=6)]
    pub raters: Vec<Rater>,
    /// The domains.
    #[count(1..=20)]
    pub domains: Vec<ScaleDomain>,
    /// The rule by which answers become a score.
    pub rule: ScoreRule,
    /// Whether a higher score is the better one.
    pub higher_is_better: bool,
    /// The per cent of items of each domain that must be answered, 1 to 100.
    #[within(1..=100)]
    pub min_answered_percent: i32,
    /// The levels, ascending. Absent: a score has no level.
    #[at_most(6)]
    pub levels: Vec<ScaleLevel>,
    /// The days after which it is measured again, 1 to 1000.
    #[within(1..=1000)]
    pub retest_days: Option<i32>,
    /// Whether the items belong to a holder of rights, so that only sums are kept.
    pub licensed: bool,
    /// The licence and the holder of the rights. Required of a licensed scale.
    pub licence: Option<Title>,
}

impl ScaleForm {
    /// The level of a share of the range.
    pub fn level(&self, percent: i32) -> Option<Code> {
        let reached = self.levels.iter().rev().find(|it| it.from_percent <= percent);
        reached.map(|it| it.code.clone())
    }
    fn judge(&self, _: ScaleId, _: Option<&Self>) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if self.licensed && self.licence.is_none() {
            reasons.push(MISSING.reason().at("/licence"));
        }
        let mut domains = BTreeSet::new();
        let mut items = BTreeSet::new();
        for (n, it) in self.domains.iter().enumerate() {
            let at = |member: &str| format!("/domains/{n}/{member}");
            if !domains.insert(&it.code) {
                reasons.push(REPEATED.reason().at(at("code")));
            }
            reasons.extend(self.against_kept(it, at));
            for (m, item) in it.items.iter().enumerate() {
                if !items.insert(&item.code) {
                    reasons.push(REPEATED.reason().at(at(&format!("items/{m}/code"))));
                }
                reasons.extend(item.range.against(&at(&format!("items/{m}/range"))));
            }
            reasons.extend(it.sum_range.and_then(|range| range.against(&at("sum_range"))));
        }
        reasons.extend(self.against_levels());
        reasons
    }
    /// A licensed scale keeps ranges of sums, any other its items.
    fn against_kept(&self, it: &ScaleDomain, at: impl Fn(&str) -> String) -> Vec<Reason> {
        broken([
            (self.licensed && !it.items.is_empty(), LICENSED_ITEMS.reason().at(at("items"))),
            (self.licensed && it.sum_range.is_none(), MISSING.reason().at(at("sum_range"))),
            (!self.licensed && it.items.is_empty(), MISSING.reason().at(at("items"))),
            (
                !self.licensed && it.sum_range.is_some(),
                BOTH.reason().at(at("sum_range")).with("with", "/licensed"),
            ),
        ])
    }
    fn against_levels(&self) -> Vec<Reason> {
        let mut known = BTreeSet::new();
        let mut last = -1;
        let mut reasons = Vec::new();
        for (n, it) in self.levels.iter().enumerate() {
            if !known.insert(&it.code) {
                reasons.push(REPEATED.reason().at(format!("/levels/{n}/code")));
            }
            if it.from_percent <= last || (n == 0 && it.from_percent != 0) {
                reasons.push(LEVELS.reason().at(format!("/levels/{n}/from_percent")));
            }
            last = it.from_percent;
        }
        reasons
    }
}

impl ScoreRange {
    fn against(self, at: &str) -> Option<Reason> {
        (self.min >= self.max).then(|| EMPTY_RANGE.reason().at(format!("{at}/min")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::entry::Entry;

    fn told(form: &ScaleForm) -> Vec<(&'static str, String)> {
        let all = form.against(uuid::Uuid::nil().into(), None);
        all.iter().map(|it| (it.rule.code, it.pointer.clone().unwrap_or_default())).collect()
    }

    #[test]
    fn shipped_scales_keep_their_own_rules_and_licensed_ones_have_no_items() {
        let all = shipped();
        for it in &all {
            assert_eq!((it.validate(), told(it)), (Ok(()), Vec::new()), "{}", it.code.as_str());
        }
        let codes: BTreeSet<&Code> = all.iter().map(|it| &it.code).collect();
        assert_eq!((codes.len(), all.iter().filter(|it| it.licensed).count()), (10, 4));
        let readiness = all.iter().find(|it| it.kind == ScaleKind::Readiness).unwrap();
        assert_eq!(readiness.domains.len(), 8);
    }

    #[test]
    fn a_licensed_scale_takes_sums_and_any_other_has_items() {
        let own: ScaleForm = crate::examples::of();
        assert_eq!(told(&own), []);
        let at = |code, pointer: &str| (code, pointer.to_owned());
        assert_eq!(
            told(&ScaleForm { licensed: true, ..own.clone() }),
            [
                at("field.missing", "/licence"),
                at("scale.licensed_items", "/domains/0/items"),
                at("field.missing", "/domains/0/sum_range"),
            ]
        );
        let mut sums = own;
        sums.domains[0].items.clear();
        sums.domains[0].sum_range = Some(ScoreRange { min: 3, max: 3 });
        assert_eq!(
            told(&sums),
            [
                at("field.missing", "/domains/0/items"),
                at("field.combination", "/domains/0/sum_range"),
                at("scale.empty_range", "/domains/0/sum_range/min"),
            ]
        );
    }

    #[test]
    fn codes_stand_once_and_levels_ascend_from_zero() {
        let mut form: ScaleForm = crate::examples::of();
        form.domains.push(form.domains[0].clone());
        form.levels.reverse();
        form.levels.push(form.levels[0].clone());
        let codes: Vec<String> = told(&form).into_iter().map(|it| format!("{} {}", it.0, it.1)).collect();
        assert_eq!(
            codes,
            [
                "scale.repeated /domains/1/code",
                "scale.repeated /domains/1/items/0/code",
                "scale.levels /levels/0/from_percent",
                "scale.levels /levels/1/from_percent",
                "scale.repeated /levels/2/code",
            ]
        );
    }

    #[test]
    fn a_level_begins_at_its_first_per_cent() {
        let form: ScaleForm = crate::examples::of();
        let level = |percent| form.level(percent).map(|it| it.as_str().to_owned()).unwrap();
        assert_eq!([level(0), level(59), level(60), level(100)], ["low", "low", "enough", "enough"]);
    }
}
