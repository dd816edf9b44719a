//! Who could mentor whom, without looking at all pairs: municipality by municipality.
use super::assessment::{barriers, barriers_of, fit};
use super::people::{BeneficiaryProfile, Pool, Reach};
use super::problem::{BeneficiaryIx, MentorIx};
use super::rules::MatchingRules;
use std::collections::BTreeMap;

/// A mentor whom nothing forbids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub mentor: MentorIx,
    /// How strong the choice is, 0 to 7.
    pub choice: u8,
    /// How well they fit, 0 to 10 000.
    pub fit: u16,
}

/// A mentor who works in a municipality, and the metres from home.
#[derive(Debug, Clone, Copy)]
struct Near {
    mentor: MentorIx,
    way: u32,
}

/// The mentors who work in each municipality: the rest of the region is never looked at.
#[derive(Debug, Clone)]
pub struct Candidates<'a> {
    rules: &'a MatchingRules,
    pool: &'a Pool,
    near: BTreeMap<u32, Vec<Near>>,
}

impl<'a> Candidates<'a> {
    /// Sorts the mentors who have a seat by where they work.
    pub fn new(rules: &'a MatchingRules, pool: &'a Pool) -> Self {
        let mut near: BTreeMap<u32, Vec<Near>> =
            pool.beneficiaries().iter().map(|it| (it.place.municipality, Vec::new())).collect();
        let places: BTreeMap<u32, _> =
            pool.beneficiaries().iter().map(|it| (it.place.municipality, it.place)).collect();
        for (mentor, profile) in (0..).map(MentorIx).zip(pool.mentors()) {
            if !barriers_of(profile).is_empty() {
                continue;
            }
            if profile.reach == Reach::Municipality {
                let home = near.get_mut(&profile.place.municipality);
                home.into_iter().for_each(|it| it.push(Near { mentor, way: 0 }));
                continue;
            }
            for (place, mentors) in places.values().zip(near.values_mut()) {
                let way = profile.place.metres_to(*place);
                if !matches!(profile.reach, Reach::Metres(reach) if way > reach) {
                    mentors.push(Near { mentor, way });
                }
            }
        }
        Self { rules, pool, near }
    }

    /// The possible mentors of one beneficiary, in canonical order.
    pub fn of(&self, who: BeneficiaryIx) -> Vec<Candidate> {
        let Some(profile) = self.pool.beneficiaries().get(who.at()).filter(|it| it.barriers.is_empty())
        else {
            return Vec::new();
        };
        let near = self.near.get(&profile.place.municipality).map_or(&[][..], Vec::as_slice);
        let known = !self.pool.facts_of(who).is_empty();
        near.iter().filter_map(|it| self.candidate(who, profile, *it, known)).collect()
    }

    fn candidate(
        &self,
        who: BeneficiaryIx,
        profile: &BeneficiaryProfile,
        near: Near,
        known: bool,
    ) -> Option<Candidate> {
        let mentor = self.pool.mentors().get(near.mentor.at())?;
        if !barriers(self.rules, profile, mentor, near.way).is_empty() {
            return None;
        }
        let facts = if known { self.pool.facts(who, near.mentor) } else { Default::default() };
        let possible = facts.barriers.is_empty();
        possible.then(|| Candidate {
            mentor: near.mentor,
            choice: facts.choice(),
            fit: fit(self.rules, profile, mentor, near.way),
        })
    }
}
