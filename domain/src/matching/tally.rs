//! The number of mentors that each rule excludes, for many beneficiaries.
use super::assessment::barriers_of;
use super::excluded::{Excluded, Set};
use super::people::{PairFacts, Pool};
use super::rules::MatchingRules;
use super::words::{Barrier, Barriers};
use crate::base::word::Word;
use solver::{BeneficiaryIx, MentorIx};
use std::sync::Arc;

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
    pool: &'a Pool,
    excluded: Excluded<'a>,
    /// The mentors whom a barrier keeps from any mentorship.
    unable: Vec<(Barrier, Set)>,
}

impl<'a> Tally<'a> {
    /// Sorts the mentors by the barriers that keep them from any mentorship.
    pub fn new(rules: &'a MatchingRules, pool: &'a Pool) -> Self {
        let against: Vec<Barriers> = pool.mentors().iter().map(barriers_of).collect();
        let any = against.iter().fold(Barriers::NONE, |any, it| any.and(*it));
        let unable = any.all().map(|barrier| (barrier, Set::of(&against, |it| it.has(barrier))));
        Self { pool, excluded: Excluded::new(rules, pool), unable: unable.collect() }
    }

    /// Counts the mentors for one beneficiary. Nobody is counted for a beneficiary outside the pool.
    pub fn of(&mut self, who: BeneficiaryIx) -> Counted {
        let Some(profile) = self.pool.beneficiary(who) else { return Counted::default() };
        let excluded = self.excluded.by_rules(profile);
        let known: Vec<_> = self.pool.facts_of(who).iter().filter(|it| !it.1.barriers.is_empty()).collect();
        let all = u32::try_from(self.pool.mentors().len()).unwrap_or(u32::MAX);
        let count = |barrier: Barrier| match profile.barriers.has(barrier) {
            true => all,
            false => self.count(barrier, &excluded, &known),
        };
        let counts = Barrier::ALL.iter().map(|it| (*it, count(*it))).filter(|it| it.1 > 0).collect();
        if !profile.barriers.is_empty() {
            return Counted { possible: 0, counts };
        }
        let mut any = Set::none(self.pool.mentors().len());
        self.unable.iter().for_each(|it| any.join(&it.1));
        excluded.iter().for_each(|it| any.join(&it.1));
        known.iter().for_each(|it| any.add(it.0));
        Counted { possible: all.saturating_sub(any.count()), counts }
    }

    /// The number of mentors whom a barrier rules out: by themselves, by a rule about two people, or by a record.
    fn count(
        &self,
        barrier: Barrier,
        excluded: &[(Barrier, Arc<Set>)],
        known: &[&(MentorIx, PairFacts)],
    ) -> u32 {
        let unable = self.unable.iter().find(|it| it.0 == barrier).map(|it| &it.1);
        let by_rule = excluded.iter().find(|it| it.0 == barrier).map(|it| &*it.1);
        let is_counted = |mentor| unable.into_iter().chain(by_rule).any(|it| it.has(mentor));
        let besides = known.iter().filter(|it| it.1.barriers.has(barrier) && !is_counted(it.0)).count();
        let both = match (unable, by_rule) {
            (Some(one), Some(other)) => one.count_with(other),
            (one, other) => one.or(other).map_or(0, Set::count),
        };
        both.saturating_add(u32::try_from(besides).unwrap_or(u32::MAX))
    }
}
