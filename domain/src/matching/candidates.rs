//! The possible mentors of each beneficiary: those whom no rule excludes, with their fits.
use super::assessment::{Scale, barriers_of, proximity};
use super::excluded::{Excluded, Set};
use super::people::{Place, Pool};
use super::rules::MatchingRules;
use solver::{BeneficiaryIx, MentorIx};
use std::collections::BTreeMap;

/// A mentor who is possible for a beneficiary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The mentor.
    pub mentor: MentorIx,
    /// The strength of the choice, 0 to 7.
    pub choice: u8,
    /// The fit, 0 to 10 000.
    pub fit: u16,
}

/// The mentors of a pool, ready to be found for its beneficiaries.
#[derive(Debug, Clone)]
pub struct Candidates<'a> {
    rules: &'a MatchingRules,
    pool: &'a Pool,
    /// The mentors whom a barrier keeps from any mentorship.
    unable: Set,
    excluded: Excluded<'a>,
    /// The places where mentors live.
    homes: Vec<Place>,
    /// The number of the home, by mentor.
    home_of: Vec<usize>,
    /// The points of proximity of each home, by the place of a beneficiary.
    near: BTreeMap<Place, Vec<u16>>,
}

impl<'a> Candidates<'a> {
    /// Finds out which mentors may have a mentorship at all, and where they live.
    pub fn new(rules: &'a MatchingRules, pool: &'a Pool) -> Self {
        let mut homes: Vec<Place> = pool.mentors().iter().map(|it| it.place).collect();
        homes.sort_unstable();
        homes.dedup();
        let home_of = pool.mentors().iter().map(|it| homes.binary_search(&it.place).unwrap_or_default());
        Self {
            rules,
            pool,
            unable: Set::of(pool.mentors(), |it| !barriers_of(it).is_empty()),
            excluded: Excluded::new(rules, pool),
            home_of: home_of.collect(),
            homes,
            near: BTreeMap::new(),
        }
    }

    /// The possible mentors of one beneficiary, in the order of the pool.
    pub fn of(&mut self, who: BeneficiaryIx) -> Vec<Candidate> {
        let Some(profile) = self.pool.beneficiary(who).filter(|it| it.barriers.is_empty()) else {
            return Vec::new();
        };
        let mut excluded = self.unable.clone();
        self.excluded.by_rules(profile).iter().for_each(|it| excluded.join(&it.1));
        let facts = self.pool.facts_of(who);
        facts.iter().filter(|it| !it.1.barriers.is_empty()).for_each(|it| excluded.add(it.0));
        let near = self.near.entry(profile.place).or_insert_with(|| {
            self.homes.iter().map(|it| proximity(self.rules, it.metres_to(profile.place))).collect()
        });
        let (scale, mut known) = (Scale::of(self.rules, profile), facts.iter().peekable());
        let candidate = |mentor: MentorIx| {
            while known.next_if(|it| it.0 < mentor).is_some() {}
            let choice = known.next_if(|it| it.0 == mentor).map_or(0, |it| it.1.choice());
            let proximity = self.home_of.get(mentor.at()).and_then(|it| near.get(*it)).copied();
            let fit = scale.fit(self.pool.mentor(mentor)?, proximity.unwrap_or_default());
            Some(Candidate { mentor, choice, fit })
        };
        excluded.others(self.pool.mentors().len()).filter_map(candidate).collect()
    }
}
