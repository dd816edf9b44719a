//! The mentors whom rules exclude for a beneficiary.
//!
//! A rule looks at few features of a beneficiary: their languages, their place, their age. So a rule is asked of all mentors once
//! for each different feature, and the excluded mentors are remembered as a set of bits. The sets of one beneficiary are then
//! joined 64 mentors at a time. Only common hours, which differ from person to person, are compared each time.
use super::assessment::{
    is_of_unwanted_age, is_of_unwanted_sex, is_too_near_in_age, is_unqualified, is_untrained,
    is_without_hours, is_without_language, reaches,
};
use super::people::{BeneficiaryProfile, MentorProfile, Place, Pool, Tags};
use super::rules::{MatchingRules, Risk};
use super::words::Barrier;
use crate::people::Sex;
use solver::MentorIx;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Sets that are remembered at most. One of 10 000 mentors has 1.3 kB.
const REMEMBERED: usize = 2048;

/// The features of a beneficiary at which one rule looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Asked {
    Languages(u64),
    Place(Place),
    Gap(Option<u16>),
    Sex(Option<Sex>, Sex, bool),
    Age(Option<u16>, Option<u16>, Option<u16>),
    Risk(Risk),
    Training(u64),
}

/// A set of mentors. Mentor `n` is the bit `n % 64` of the word `n / 64`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Set {
    words: Vec<u64>,
}

impl Set {
    pub fn of<T>(all: &[T], is_in: impl Fn(&T) -> bool) -> Self {
        let word = |part: &[T]| part.iter().rev().fold(0, |word, it| word << 1 | u64::from(is_in(it)));
        Self { words: all.chunks(64).map(word).collect() }
    }
    /// The empty set of so many mentors.
    pub fn none(mentors: usize) -> Self {
        Self { words: vec![0; mentors.div_ceil(64)] }
    }
    /// The mentors who are not in the set, in order.
    pub fn others(&self, mentors: usize) -> impl Iterator<Item = MentorIx> {
        let last = mentors.checked_rem(64).filter(|it| *it > 0).map_or(u64::MAX, |it| (1 << it) - 1);
        let words = self.words.len();
        self.words.iter().zip(1..).zip((0..).step_by(64)).flat_map(move |((word, n), first)| {
            let left = !word & if n == words { last } else { u64::MAX };
            std::iter::successors(Some(left), |it| Some(it & it.wrapping_sub(1)))
                .take_while(|it| *it != 0)
                .map(move |it| MentorIx(first + it.trailing_zeros()))
        })
    }
    pub fn has(&self, mentor: MentorIx) -> bool {
        self.words.get(mentor.at() / 64).is_some_and(|it| it >> (mentor.at() % 64) & 1 == 1)
    }
    pub fn join(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(own, other)| *own |= other);
    }
    pub fn add(&mut self, mentor: MentorIx) {
        if let Some(word) = self.words.get_mut(mentor.at() / 64) {
            *word |= 1 << (mentor.at() % 64);
        }
    }
    pub fn count(&self) -> u32 {
        self.words.iter().map(|it| it.count_ones()).sum()
    }
    pub fn count_with(&self, other: &Self) -> u32 {
        self.words.iter().zip(&other.words).map(|(own, other)| (own | other).count_ones()).sum()
    }
}

/// The mentors of a pool, ready to be excluded by the rules about two people.
#[derive(Debug, Clone)]
pub(super) struct Excluded<'a> {
    rules: &'a MatchingRules,
    pool: &'a Pool,
    hours: Vec<Tags>,
    remembered: BTreeMap<Asked, Arc<Set>>,
}

impl<'a> Excluded<'a> {
    pub fn new(rules: &'a MatchingRules, pool: &'a Pool) -> Self {
        let hours = pool.mentors().iter().map(|it| it.hours).collect();
        Self { rules, pool, hours, remembered: BTreeMap::new() }
    }

    /// The mentors whom each rule about two people excludes.
    pub fn by_rules(&mut self, who: &BeneficiaryProfile) -> [(Barrier, Arc<Set>); 8] {
        let (rules, wish, age) = (self.rules, who.mentor_age, who.age_years);
        let (sex, place) = (Asked::Sex(who.mentor_sex, who.sex, age.is_some()), who.place);
        let unwanted = Asked::Age(wish.at_least, wish.at_most, age);
        let hours = Set::of(&self.hours, |it| is_without_hours(rules, who.hours, *it));
        let mut of = |asked, is_in: &dyn Fn(&MentorProfile) -> bool| self.remember(asked, is_in);
        [
            (
                Barrier::OutsideTerritory,
                of(Asked::Place(place), &|it| !reaches(it, place, it.place.metres_to(place))),
            ),
            (
                Barrier::NoCommonLanguage,
                of(Asked::Languages(who.languages.0), &|it| is_without_language(who, it)),
            ),
            (Barrier::NoCommonHours, Arc::new(hours)),
            (Barrier::AgeGap, of(Asked::Gap(age), &|it| is_too_near_in_age(rules, who, it))),
            (Barrier::SexRequirement, of(sex, &|it| is_of_unwanted_sex(who, it))),
            (Barrier::AgeRequirement, of(unwanted, &|it| is_of_unwanted_age(who, it))),
            (Barrier::RiskAboveQualification, of(Asked::Risk(who.risk), &|it| is_unqualified(who, it))),
            (
                Barrier::SpecialTrainingRequired,
                of(Asked::Training(who.special_training.0), &|it| is_untrained(who, it)),
            ),
        ]
    }

    fn remember(&mut self, asked: Asked, is_in: &dyn Fn(&MentorProfile) -> bool) -> Arc<Set> {
        if let Some(known) = self.remembered.get(&asked) {
            return known.clone();
        }
        if self.remembered.len() >= REMEMBERED {
            self.remembered.clear();
        }
        let set = Arc::new(Set::of(self.pool.mentors(), is_in));
        self.remembered.insert(asked, set.clone());
        set
    }
}
