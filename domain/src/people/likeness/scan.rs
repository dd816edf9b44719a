//! All pairs of a region that are alike.
use super::{Likeness, MatchKey, Traits, compare, match_keys};

/// People under one key at most. A key of more people tells nothing, and its pairs would be too many.
pub const BLOCK: usize = 200;

/// Two of the scanned people, by their places, and their likeness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LikePair {
    /// The place of the first.
    pub one: usize,
    /// The place of the second, which is greater.
    pub other: usize,
    /// Their likeness.
    pub likeness: Likeness,
}

/// The pairs that are possibly one person, by their places.
pub fn scan(people: &[Traits]) -> Vec<LikePair> {
    let mut pairs = Vec::new();
    let mut last = None;
    for (one, other) in candidates(people) {
        if last.replace((one, other)) == Some((one, other)) {
            continue;
        }
        let (Some(a), Some(b)) = (people.get(one), people.get(other)) else { continue };
        let likeness = compare(a, b);
        if likeness.is_possible() {
            pairs.push(LikePair { one, other, likeness });
        }
    }
    pairs
}

/// The places of people who share a key, in order; a pair as often as it shares keys.
fn candidates(people: &[Traits]) -> Vec<(usize, usize)> {
    let mut keyed: Vec<(MatchKey, usize)> = Vec::with_capacity(people.len() * 8);
    for (place, it) in people.iter().enumerate() {
        keyed.extend(match_keys(it).into_iter().map(|key| (key, place)));
    }
    keyed.sort_unstable();
    let mut pairs = Vec::new();
    for block in keyed.chunk_by(|a, b| a.0 == b.0).filter(|it| it.len() <= BLOCK) {
        let mut rest = block;
        while let Some(((_, one), others)) = rest.split_first() {
            pairs.extend(others.iter().map(|(_, other)| (*one, *other)));
            rest = others;
        }
    }
    pairs.sort_unstable();
    pairs
}
