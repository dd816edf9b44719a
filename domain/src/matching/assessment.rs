//! The assessment of a pair: the rules that forbid it, and the fit by each criterion, with the data behind both.
use super::people::{BeneficiaryProfile, MentorProfile, PairFacts, Place, Reach, Tags};
use super::rules::MatchingRules;
use super::words::{Barrier, Barriers, Criterion};
use crate::people::Sex;

/// The greatest fit.
pub const BEST_FIT: u16 = 10_000;
/// The greatest strength of a choice: both sides rank each other first.
pub const BEST_CHOICE: u8 = 7;

/// One criterion in the fit of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The criterion that this term describes.
    pub criterion: Criterion,
    /// The degree to which the criterion is met, 0 to 1000.
    pub value: u16,
    /// The weight of the criterion, per mille.
    pub weight: u16,
    /// The part of the fit from this criterion: value times weight over 100, rounded down.
    pub points: u16,
    /// The data from which the value was computed.
    pub basis: Basis,
}

/// The data behind the value of a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Shared words of a vocabulary.
    Shared {
        /// The words that both people have.
        words: Tags,
        /// The dislikes that both have. Only for the criterion of interests.
        dislikes: Tags,
        /// The number of words that meets the criterion fully.
        of: u32,
    },
    /// The distance between the municipalities of the two people.
    Metres {
        /// The distance in metres. `None` if it is not known.
        way: Option<u32>,
        /// The distance in metres at which the value is 0.
        longest: u32,
    },
    /// The difference in age: the years by which the mentor is older.
    Years {
        /// The difference in years, negative if the mentor is younger. `None` for a family.
        gap: Option<i32>,
        /// The best difference in years.
        best: i32,
    },
}

/// The result of all rules for a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// The barriers between the two people. Empty: a mentorship is possible.
    pub barriers: Barriers,
    /// The strength of the choice, 0 to 7.
    pub choice: u8,
    /// The fit, 0 to 10 000: the sum of the points of all terms.
    pub fit: u16,
    /// The terms, one for each criterion.
    pub terms: [Term; 6],
}

/// Assesses a pair by the rules.
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

/// The barriers that keep the mentor from any mentorship.
pub(super) fn barriers_of(mentor: &MentorProfile) -> Barriers {
    mentor.barriers.with(Barrier::NoSeat, mentor.free_seats == 0)
}

/// The barriers between two people that follow from their profiles.
fn barriers(
    rules: &MatchingRules,
    who: &BeneficiaryProfile,
    mentor: &MentorProfile,
    way: Option<u32>,
) -> Barriers {
    barriers_nearby(rules, who, mentor).with(Barrier::OutsideTerritory, !reaches(mentor, who.place, way))
}

/// Whether a mentor works in a place at that distance.
pub(super) fn reaches(mentor: &MentorProfile, place: Place, way: Option<u32>) -> bool {
    match mentor.reach {
        Reach::Municipality => mentor.place.is_in(place),
        // No point is the middle of a whole region, but a mentor of it works there.
        Reach::Metres(reach) => mentor.place.is_in(place) || way.is_some_and(|it| it <= reach),
        Reach::Anywhere => true,
    }
}

/// The barriers between two people that follow from their profiles, without the distance.
fn barriers_nearby(rules: &MatchingRules, who: &BeneficiaryProfile, mentor: &MentorProfile) -> Barriers {
    Barriers::NONE
        .with(Barrier::NoCommonLanguage, is_without_language(who, mentor))
        .with(Barrier::NoCommonHours, is_without_hours(rules, who.hours, mentor.hours))
        .with(Barrier::AgeGap, is_too_near_in_age(rules, who, mentor))
        .with(Barrier::SexRequirement, is_of_unwanted_sex(who, mentor))
        .with(Barrier::AgeRequirement, is_of_unwanted_age(who, mentor))
        .with(Barrier::RiskAboveQualification, is_unqualified(who, mentor))
        .with(Barrier::SpecialTrainingRequired, is_untrained(who, mentor))
}

// Each rule by itself: one pair is judged by all of them, and a count of mentors by one after the other.

pub(super) fn is_without_language(who: &BeneficiaryProfile, mentor: &MentorProfile) -> bool {
    who.languages.both(mentor.languages) == Tags(0)
}

pub(super) fn is_without_hours(rules: &MatchingRules, theirs: Tags, ours: Tags) -> bool {
    match rules.hours_needed {
        // As in nearly all rules. Counting takes longer.
        1 => theirs.both(ours) == Tags(0),
        needed => theirs.common(ours) < u32::from(needed),
    }
}

pub(super) fn is_too_near_in_age(
    rules: &MatchingRules,
    who: &BeneficiaryProfile,
    mentor: &MentorProfile,
) -> bool {
    gap_years(who, mentor).is_some_and(|it| it < i32::from(rules.least_age_gap_years))
}

pub(super) fn is_of_unwanted_sex(who: &BeneficiaryProfile, mentor: &MentorProfile) -> bool {
    is_other(who.mentor_sex, mentor.sex)
        || who.age_years.is_some() && is_other(mentor.beneficiary_sex, who.sex)
}

pub(super) fn is_of_unwanted_age(who: &BeneficiaryProfile, mentor: &MentorProfile) -> bool {
    !who.mentor_age.is_met_by(mentor.age_years)
        || who.age_years.is_some_and(|it| !mentor.beneficiary_age.is_met_by(it))
}

pub(super) fn is_unqualified(who: &BeneficiaryProfile, mentor: &MentorProfile) -> bool {
    who.risk > mentor.qualified_for
}

pub(super) fn is_untrained(who: &BeneficiaryProfile, mentor: &MentorProfile) -> bool {
    who.special_training.both(mentor.special_training) != who.special_training
}

fn is_other(asked: Option<Sex>, sex: Sex) -> bool {
    asked.is_some_and(|it| it != Sex::Unknown && it != sex)
}

fn gap_years(who: &BeneficiaryProfile, mentor: &MentorProfile) -> Option<i32> {
    Some(i32::from(mentor.age_years) - i32::from(who.age_years?))
}

fn terms(
    rules: &MatchingRules,
    who: &BeneficiaryProfile,
    mentor: &MentorProfile,
    way: Option<u32>,
) -> [Term; 6] {
    let weights = &rules.weights;
    let longest = longest_way(rules);
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
            (left_of(longest, way), longest),
            Basis::Metres { way, longest },
        ),
        term(
            Criterion::Age,
            weights.age,
            (left_of(tolerance, gap.map(|it| it.abs_diff(best))), tolerance),
            Basis::Years { gap, best },
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
    term(criterion, weight, (words.count() + dislikes.count(), of), Basis::Shared { words, dislikes, of })
}

fn term(criterion: Criterion, weight: u16, (part, whole): (u32, u32), basis: Basis) -> Term {
    let (value, points) = (value(part, whole), points(weight, part, whole));
    Term { criterion, value, weight, points, basis }
}

/// The value of a criterion. If nothing is asked for, it is 0 for every mentor, so it prefers nobody.
fn value(part: u32, whole: u32) -> u16 {
    u16::try_from(u64::from(part.min(whole)) * 1000 / u64::from(whole.max(1))).unwrap_or(1000)
}

fn points(weight: u16, part: u32, whole: u32) -> u16 {
    u16::try_from(u32::from(value(part, whole)) * u32::from(weight) / 100).unwrap_or(BEST_FIT)
}

/// The rest of `whole`. It is 0 if `gone` is not known.
fn left_of(whole: u32, gone: Option<u32>) -> u32 {
    whole.saturating_sub(gone.unwrap_or(u32::MAX))
}

fn longest_way(rules: &MatchingRules) -> u32 {
    u32::from(rules.longest_way_km).saturating_mul(1000)
}

/// The points of proximity for a distance in metres.
pub(super) fn proximity(rules: &MatchingRules, way: Option<u32>) -> u16 {
    let longest = longest_way(rules);
    points(rules.weights.proximity, left_of(longest, way), longest)
}

/// Tables of the points of one beneficiary for every criterion but proximity. A round computes millions of fits, and a table
/// saves the divisions.
pub(super) struct Scale<'a> {
    rules: &'a MatchingRules,
    who: &'a BeneficiaryProfile,
    interests: Vec<u16>,
    needs: Vec<u16>,
    hours: Vec<u16>,
    languages: Vec<u16>,
    /// The points by the mentor's age in years.
    age: Vec<u16>,
}

/// The oldest age in the table. For older mentors the points are computed.
const OLDEST_YEARS: u16 = 110;

fn points_of_age(rules: &MatchingRules, own_age_years: Option<u16>, age_years: u16) -> u16 {
    let tolerance = u32::from(rules.age_gap_tolerance_years);
    let gap = own_age_years.map(|own| i32::from(age_years) - i32::from(own));
    let off = gap.map(|it| it.abs_diff(rules.best_age_gap_years.into()));
    points(rules.weights.age, left_of(tolerance, off), tolerance)
}

impl<'a> Scale<'a> {
    pub fn of(rules: &'a MatchingRules, who: &'a BeneficiaryProfile) -> Self {
        let table = |weight, of: u32| (0..=of).map(|it| points(weight, it, of)).collect();
        let weights = &rules.weights;
        Self {
            rules,
            who,
            interests: table(weights.interests, who.interests.count() + who.dislikes.count()),
            needs: table(weights.needs, who.needs.count()),
            hours: table(weights.hours, rules.hours_enough.into()),
            languages: table(weights.languages, who.languages.count()),
            age: (0..=OLDEST_YEARS).map(|it| points_of_age(rules, who.age_years, it)).collect(),
        }
    }

    /// The fit of a mentor, 0 to 10 000. `proximity` are the points of proximity.
    pub fn fit(&self, mentor: &MentorProfile, proximity: u16) -> u16 {
        let (who, age_years) = (self.who, mentor.age_years);
        let of_age = self.age.get(usize::from(age_years)).copied();
        let of_age = of_age.unwrap_or_else(|| points_of_age(self.rules, who.age_years, age_years));
        let shared = who.interests.common(mentor.interests) + who.dislikes.common(mentor.dislikes);
        proximity
            + looked_up(&self.interests, shared)
            + looked_up(&self.needs, who.needs.common(mentor.skills))
            + looked_up(&self.hours, who.hours.common(mentor.hours))
            + looked_up(&self.languages, who.languages.common(mentor.languages))
            + of_age
    }
}

/// The entry of a table. An index beyond the table gets the last entry.
fn looked_up(table: &[u16], at: u32) -> u16 {
    usize::try_from(at).ok().and_then(|it| table.get(it)).or(table.last()).copied().unwrap_or_default()
}
