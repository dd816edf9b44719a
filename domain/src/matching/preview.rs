//! A preview for one beneficiary or one pair, computed without a round.
use super::assessment::{Assessment, assess};
use super::people::Pool;
use super::rules::MatchingRules;
use super::words::{Barrier, Barriers};
use crate::base::word::Word;
use solver::{BeneficiaryIx, MentorIx};
use std::cmp::Reverse;

/// The mentors for one beneficiary: the best ones, and the barriers of the others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preview {
    /// The best mentors, ordered by choice, then by fit, then by id.
    pub best: Vec<(MentorIx, Assessment)>,
    /// The number of possible mentors.
    pub possible: u32,
    /// The other mentors by id, each with all barriers of the pair.
    pub excluded: Vec<(MentorIx, Barriers)>,
    /// The number of mentors that each barrier rules out, in the order of the catalogue.
    pub counts: Vec<(Barrier, u32)>,
}

/// A place in an order, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rank {
    /// The place, from 1.
    pub place: u32,
    /// The number of people in the order.
    pub of: u32,
}

/// The places of two people among each other's possible partners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The place of the mentor among the possible mentors of the beneficiary.
    pub among_mentors: Rank,
    /// The place of the beneficiary among the possible beneficiaries of the mentor.
    pub among_beneficiaries: Rank,
}

/// Assesses one beneficiary with every mentor. Lists at most `most` of the best mentors.
pub fn preview(rules: &MatchingRules, pool: &Pool, who: BeneficiaryIx, most: usize) -> Preview {
    let mut preview = Preview::default();
    let mut possible = Vec::new();
    let mut counts = [0_u32; Barrier::ALL.len()];
    for mentor in pool.mentor_ixs() {
        let Some(pair) = pool.assess(rules, who, mentor) else { continue };
        if pair.barriers.is_empty() {
            possible.push((order(&pair), mentor));
        } else {
            preview.excluded.push((mentor, pair.barriers));
            let barriers = counts.iter_mut().zip(Barrier::ALL);
            barriers.for_each(|(count, it)| *count += u32::from(pair.barriers.has(*it)));
        }
    }
    possible.sort_unstable();
    let assessed = |mentor| Some((mentor, pool.assess(rules, who, mentor)?));
    preview.best = possible.iter().take(most).filter_map(|it| assessed(it.1)).collect();
    preview.possible = count(possible.len());
    preview.counts = Barrier::ALL.iter().copied().zip(counts).filter(|it| it.1 > 0).collect();
    preview
}

/// The places of a pair, seen from both sides. `None` if a barrier forbids the pair.
pub fn standing(
    rules: &MatchingRules,
    pool: &Pool,
    who: BeneficiaryIx,
    mentor: MentorIx,
) -> Option<Standing> {
    let possible = |who, mentor| {
        pool.assess(rules, who, mentor).filter(|it| it.barriers.is_empty()).map(|it| order(&it))
    };
    let own = possible(who, mentor)?;
    let mentors = pool.mentor_ixs().filter_map(|it| Some((possible(who, it)?, it)));
    let beneficiaries = pool.waiting().filter_map(|(it, _)| Some((possible(it, mentor)?, it)));
    Some(Standing {
        among_mentors: rank(mentors, &(own, mentor)),
        among_beneficiaries: rank(beneficiaries, &(own, who)),
    })
}

/// The sort key: the strongest choice first, then the best fit.
type Order = Reverse<(u8, u16)>;

fn order(pair: &Assessment) -> Order {
    Reverse((pair.choice, pair.fit))
}

fn rank<T: Ord>(all: impl Iterator<Item = T>, own: &T) -> Rank {
    let (mut before, mut of) = (0_usize, 0_usize);
    for it in all {
        of += 1;
        before += usize::from(it < *own);
    }
    Rank { place: count(before).saturating_add(1), of: count(of) }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl Pool {
    /// The assessment of a pair. `None` if either is not in the pool.
    pub fn assess(&self, rules: &MatchingRules, who: BeneficiaryIx, mentor: MentorIx) -> Option<Assessment> {
        let (one, other) = (self.beneficiary(who)?, self.mentor(mentor)?);
        Some(assess(rules, one, other, self.facts(who, mentor)))
    }
}
