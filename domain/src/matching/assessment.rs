//! Whether two people can be matched, and how well they fit: each rule and each criterion, with its facts.
use super::people::{BeneficiaryProfile, MentorProfile, PairFacts, Reach, Tags};
use super::rules::MatchingRules;
use super::words::{Barrier, Barriers, Criterion};
use crate::people::Sex;

/// The best fit there is.
pub const BEST_FIT: u16 = 10_000;
/// The strongest choice there is: both put each other first.
pub const BEST_CHOICE: u8 = 7;

/// One criterion of the fit of two people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// Which.
    pub criterion: Criterion,
    /// How well it is met, 0 to 1000.
    pub value: u16,
    /// What it weighs, per mille.
    pub weight: u16,
    /// What it adds to the fit: value times weight over 100, rounded down.
    pub points: u16,
    /// What the value was computed from.
    pub facts: Facts,
}

/// What a criterion looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facts {
    /// Words of a vocabulary: those that count, and how many would have been best.
    Shared {
        /// The words that both have.
        words: Tags,
        /// Besides interests: the dislikes that both have.
        dislikes: Tags,
        /// How many would meet the criterion fully.
        of: u32,
    },
    /// Metres between the two municipalities.
    Metres {
        /// How far, if it is known.
        way: Option<u32>,
        /// Where nothing is left.
        longest: u32,
    },
    /// Years by which the mentor is older.
    Years {
        /// By how many; none for a family.
        gap: Option<i32>,
        /// By how many would be best.
        best: i32,
    },
}

/// All that the rules say about two people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// What stands between them.
    pub barriers: Barriers,
    /// How strong their choice is, 0 to 7.
    pub choice: u8,
    /// How well they fit, 0 to 10 000: the points of the terms together.
    pub fit: u16,
    /// Each criterion.
    pub terms: [Term; 6],
}

/// Assesses two people.
pub fn assess(
    rules: &MatchingRules,
    who: &BeneficiaryProfile,
    mentor: &MentorProfile,
    facts: PairFacts,
) -> Assessment {
    let way = mentor.place.metres_to(who.place);
    let terms = terms(rules, who, mentor, way);
    let between = barriers(rules, who, mentor, way).and(facts.barriers);
    Assessment {
        barriers: between.and(who.barriers).and(barriers_of(mentor)),
        choice: facts.choice(),
        fit: terms.iter().map(|it| it.points).sum(),
        terms,
    }
}

/// What keeps a mentor from having any mentorship.
pub(super) fn barriers_of(mentor: &MentorProfile) -> Barriers {
    mentor.barriers.with(Barrier::NoSeat, mentor.free_seats == 0)
}

/// What stands between two people by their profiles alone.
pub(super) fn barriers(
    rules: &MatchingRules,
    who: &BeneficiaryProfile,
    mentor: &MentorProfile,
    way: Option<u32>,
) -> Barriers {
    let near = match mentor.reach {
        Reach::Municipality => who.place.municipality == mentor.place.municipality,
        Reach::Metres(reach) => way.is_some_and(|it| it <= reach),
        Reach::Anywhere => true,
    };
    let gap = gap_years(who, mentor);
    let other_sex = is_other(who.mentor_sex, mentor.sex)
        || who.age_years.is_some() && is_other(mentor.beneficiary_sex, who.sex);
    let other_age = !who.mentor_age.is_met_by(mentor.age_years)
        || who.age_years.is_some_and(|it| !mentor.beneficiary_age.is_met_by(it));
    let hours = who.hours.common(mentor.hours);
    let untrained = who.special_training.common(mentor.special_training) < who.special_training.count();
    Barriers::NONE
        .with(Barrier::OutsideTerritory, !near)
        .with(Barrier::NoCommonLanguage, who.languages.common(mentor.languages) == 0)
        .with(Barrier::NoCommonHours, hours < u32::from(rules.hours_needed))
        .with(Barrier::AgeGap, gap.is_some_and(|it| it < i32::from(rules.least_age_gap_years)))
        .with(Barrier::SexRequirement, other_sex)
        .with(Barrier::AgeRequirement, other_age)
        .with(Barrier::RiskAboveQualification, who.risk > mentor.qualified_for)
        .with(Barrier::SpecialTrainingRequired, untrained)
}

fn is_other(asked: Option<Sex>, sex: Sex) -> bool {
    asked.is_some_and(|it| it != Sex::Unknown && it != sex)
}

fn gap_years(who: &BeneficiaryProfile, mentor: &MentorProfile) -> Option<i32> {
    Some(i32::from(mentor.age_years) - i32::from(who.age_years?))
}

/// How well two people fit, 0 to 10 000.
pub(super) fn fit(
    rules: &MatchingRules,
    who: &BeneficiaryProfile,
    mentor: &MentorProfile,
    way: Option<u32>,
) -> u16 {
    terms(rules, who, mentor, way).iter().map(|it| it.points).sum()
}

fn terms(
    rules: &MatchingRules,
    who: &BeneficiaryProfile,
    mentor: &MentorProfile,
    way: Option<u32>,
) -> [Term; 6] {
    let weights = &rules.weights;
    let longest = u32::from(rules.longest_way_km).saturating_mul(1000);
    let (gap, best) = (gap_years(who, mentor), i32::from(rules.best_age_gap_years));
    let tolerance = u32::from(rules.age_gap_tolerance_years);
    let enough = u32::from(rules.hours_enough);
    [
        shared(
            Criterion::Interests,
            weights.interests,
            who.interests.both(mentor.interests),
            who.dislikes.both(mentor.dislikes),
            who.interests.count() + who.dislikes.count(),
        ),
        shared(Criterion::Needs, weights.needs, who.needs.both(mentor.skills), Tags(0), who.needs.count()),
        shared(Criterion::Hours, weights.hours, who.hours.both(mentor.hours), Tags(0), enough),
        term(
            Criterion::Proximity,
            weights.proximity,
            (longest.saturating_sub(way.unwrap_or(u32::MAX)), longest),
            Facts::Metres { way, longest },
        ),
        term(
            Criterion::Age,
            weights.age,
            (tolerance.saturating_sub(gap.map_or(u32::MAX, |it| it.abs_diff(best))), tolerance),
            Facts::Years { gap, best },
        ),
        shared(
            Criterion::Languages,
            weights.languages,
            who.languages.both(mentor.languages),
            Tags(0),
            who.languages.count(),
        ),
    ]
}

fn shared(criterion: Criterion, weight: u16, words: Tags, dislikes: Tags, of: u32) -> Term {
    term(criterion, weight, (words.count() + dislikes.count(), of), Facts::Shared { words, dislikes, of })
}

/// Nothing asked for is nothing met: the same for every mentor, so it moves nobody.
fn term(criterion: Criterion, weight: u16, (part, whole): (u32, u32), facts: Facts) -> Term {
    let per_mille = u64::from(part.min(whole)) * 1000 / u64::from(whole.max(1));
    let value = u16::try_from(per_mille).unwrap_or(1000);
    let points = u16::try_from(u32::from(value) * u32::from(weight) / 100).unwrap_or(BEST_FIT);
    Term { criterion, value, weight, points, facts }
}
