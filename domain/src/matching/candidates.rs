//! The possible mentors of each beneficiary. The search goes by municipality, so that it does not look at all pairs.
use super::assessment::{Scale, barriers_nearby, barriers_of, proximity};
use super::people::{Place, Pool, Reach};
use super::rules::MatchingRules;
use crate::region::municipalities::Point;
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

/// A mentor who works in a place, with the points of proximity there.
#[derive(Debug, Clone, Copy)]
struct Near {
    mentor: MentorIx,
    proximity: u16,
}

/// The mentors who work in each municipality. A search looks only at the mentors of one municipality.
#[derive(Debug, Clone)]
pub struct Candidates<'a> {
    rules: &'a MatchingRules,
    pool: &'a Pool,
    near: BTreeMap<Place, Vec<Near>>,
}

impl<'a> Candidates<'a> {
    /// Groups the mentors with a free seat by the places where they work.
    pub fn new(rules: &'a MatchingRules, pool: &'a Pool) -> Self {
        let mut near: BTreeMap<Place, Vec<Near>> =
            pool.beneficiaries().iter().map(|it| (it.place, Vec::new())).collect();
        for (mentor, profile) in (0..).map(MentorIx).zip(pool.mentors()) {
            if !barriers_of(profile).is_empty() {
                continue;
            }
            let home = profile.place.municipality;
            let places = match profile.reach {
                Reach::Municipality => near.range_mut(all_of(home)),
                _ => near.range_mut(..),
            };
            for (place, mentors) in places {
                let way = profile.place.metres_to(*place);
                if !matches!(profile.reach, Reach::Metres(reach) if way.is_none_or(|it| it > reach)) {
                    mentors.push(Near { mentor, proximity: proximity(rules, way) });
                }
            }
        }
        Self { rules, pool, near }
    }

    /// The possible mentors of one beneficiary, in the order of the pool.
    pub fn of(&self, who: BeneficiaryIx) -> Vec<Candidate> {
        let Some(profile) = self.pool.beneficiary(who).filter(|it| it.barriers.is_empty()) else {
            return Vec::new();
        };
        let near = self.near.get(&profile.place).map_or(&[][..], Vec::as_slice);
        let scale = Scale::of(self.rules, profile);
        let mut known = self.pool.facts_of(who).iter().peekable();
        let mut candidates = Vec::new();
        for near in near {
            let Some(mentor) = self.pool.mentor(near.mentor) else { continue };
            while known.next_if(|it| it.0 < near.mentor).is_some() {}
            if !barriers_nearby(self.rules, profile, mentor).is_empty() {
                continue;
            }
            let facts = known.next_if(|it| it.0 == near.mentor).map(|it| it.1).unwrap_or_default();
            if facts.barriers.is_empty() {
                let (choice, fit) = (facts.choice(), scale.fit(mentor, near.proximity));
                candidates.push(Candidate { mentor: near.mentor, choice, fit });
            }
        }
        candidates
    }
}

/// The range of all places of a municipality. One municipality may be recorded with different centre points.
fn all_of(municipality: u32) -> std::ops::RangeInclusive<Place> {
    let farthest = Point { east_m: i32::MAX, north_m: i32::MAX };
    Place { municipality, middle: None }..=Place { municipality, middle: Some(farthest) }
}
