//! The number of mentors that each rule excludes, for many beneficiaries.
//!
//! A rule looks at few features of a beneficiary: their languages, their place, their age. So a rule is asked of all mentors once
//! for each different feature, and the excluded mentors are remembered as a set of bits. The sets of one beneficiary are then
//! joined 64 mentors at a time. Only common hours, which differ from person to person, are compared each time.
use super::assessment::{
    barriers_of, is_of_unwanted_age, is_of_unwanted_sex, is_too_near_in_age, is_unqualified, is_untrained,
    is_without_hours, is_without_language, reaches,
};
use super::people::{BeneficiaryProfile, MentorProfile, PairFacts, Place, Pool, Tags};
use super::rules::{MatchingRules, Risk};
use super::words::{Barrier, Barriers};
use crate::base::word::Word;
use crate::people::Sex;
use solver::{BeneficiaryIx, MentorIx};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The mentors of one beneficiary, counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counted {
    /// The number of possible mentors.
    pub possible: u32,
    /// The number of mentors that each barrier rules out, in the order of the catalogue.
    pub counts: Vec<(Barrier, u32)>,
}

/// The mentors of a pool, ready to be counted for its beneficiaries. The figures are those of
/// [`preview`](super::preview()).
#[derive(Debug)]
pub struct Tally<'a> {
    rules: &'a MatchingRules,
    pool: &'a Pool,
    hours: Vec<Tags>,
    /// The mentors whom a barrier keeps from any mentorship.
    unable: Vec<(Barrier, Set)>,
    remembered: BTreeMap<Asked, Rc<Set>>,
}

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
struct Set {
    words: Vec<u64>,
    count: u32,
}

impl Set {
    fn of<T>(all: &[T], is_in: impl Fn(&T) -> bool) -> Self {
        let word = |part: &[T]| part.iter().rev().fold(0, |word, it| word << 1 | u64::from(is_in(it)));
        let words: Vec<u64> = all.chunks(64).map(word).collect();
        let count = words.iter().map(|it| it.count_ones()).sum();
        Self { words, count }
    }
    fn has(&self, mentor: MentorIx) -> bool {
        self.words.get(mentor.at() / 64).is_some_and(|it| it >> (mentor.at() % 64) & 1 == 1)
    }
    fn join(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(own, other)| *own |= other);
    }
    fn add(&mut self, mentor: MentorIx) {
        if let Some(word) = self.words.get_mut(mentor.at() / 64) {
            *word |= 1 << (mentor.at() % 64);
        }
    }
    fn count(&self) -> u32 {
        self.words.iter().map(|it| it.count_ones()).sum()
    }
    fn count_with(&self, other: &Self) -> u32 {
        self.words.iter().zip(&other.words).map(|(own, other)| (own | other).count_ones()).sum()
    }
}

impl<'a> Tally<'a> {
    /// Sorts the mentors by the barriers that keep them from any mentorship.
    pub fn new(rules: &'a MatchingRules, pool: &'a Pool) -> Self {
        let against: Vec<Barriers> = pool.mentors().iter().map(barriers_of).collect();
        let any = against.iter().fold(Barriers::NONE, |any, it| any.and(*it));
        let unable = any.all().map(|barrier| (barrier, Set::of(&against, |it| it.has(barrier))));
        Self {
            rules,
            pool,
            hours: pool.mentors().iter().map(|it| it.hours).collect(),
            unable: unable.collect(),
            remembered: BTreeMap::new(),
        }
    }

    /// Counts the mentors for one beneficiary. Nobody is counted for a beneficiary outside the pool.
    pub fn of(&mut self, who: BeneficiaryIx) -> Counted {
        let Some(profile) = self.pool.beneficiary(who) else { return Counted::default() };
        let excluded = self.excluded(profile);
        let known: Vec<_> = self.pool.facts_of(who).iter().filter(|it| !it.1.barriers.is_empty()).collect();
        let all = u32::try_from(self.hours.len()).unwrap_or(u32::MAX);
        let count = |barrier: Barrier| match profile.barriers.has(barrier) {
            true => all,
            false => self.count(barrier, &excluded, &known),
        };
        let counts = Barrier::ALL.iter().map(|it| (*it, count(*it))).filter(|it| it.1 > 0).collect();
        if !profile.barriers.is_empty() {
            return Counted { possible: 0, counts };
        }
        let mut any = Set { words: vec![0; self.hours.len().div_ceil(64)], count: 0 };
        self.unable.iter().for_each(|it| any.join(&it.1));
        excluded.iter().for_each(|it| any.join(&it.1));
        known.iter().for_each(|it| any.add(it.0));
        Counted { possible: all.saturating_sub(any.count()), counts }
    }

    /// The number of mentors whom a barrier rules out: by themselves, by a rule about two people, or by a record.
    fn count(
        &self,
        barrier: Barrier,
        excluded: &[(Barrier, Rc<Set>)],
        known: &[&(MentorIx, PairFacts)],
    ) -> u32 {
        let unable = self.unable.iter().find(|it| it.0 == barrier).map(|it| &it.1);
        let by_rule = excluded.iter().find(|it| it.0 == barrier).map(|it| &*it.1);
        let is_counted = |mentor| unable.into_iter().chain(by_rule).any(|it| it.has(mentor));
        let besides = known.iter().filter(|it| it.1.barriers.has(barrier) && !is_counted(it.0)).count();
        let both = match (unable, by_rule) {
            (Some(one), Some(other)) => one.count_with(other),
            (one, other) => one.or(other).map_or(0, |it| it.count),
        };
        both.saturating_add(u32::try_from(besides).unwrap_or(u32::MAX))
    }

    /// The mentors whom each rule about two people excludes.
    fn excluded(&mut self, who: &BeneficiaryProfile) -> [(Barrier, Rc<Set>); 8] {
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
            (Barrier::NoCommonHours, Rc::new(hours)),
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

    fn remember(&mut self, asked: Asked, is_in: &dyn Fn(&MentorProfile) -> bool) -> Rc<Set> {
        if let Some(known) = self.remembered.get(&asked) {
            return known.clone();
        }
        if self.remembered.len() >= REMEMBERED {
            self.remembered.clear();
        }
        let set = Rc::new(Set::of(self.pool.mentors(), is_in));
        self.remembered.insert(asked, set.clone());
        set
    }
}
