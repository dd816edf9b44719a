//! A look at one beneficiary or one pair, without a round.
use super::assessment::{Assessment, assess};
use super::people::Pool;
use super::rules::MatchingRules;
use super::words::{Barrier, Barriers};
use crate::base::word::Word;
use solver::{BeneficiaryIx, MentorIx};
use std::cmp::Reverse;

/// Whom one beneficiary could have, and why not the others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preview {
    /// The best mentors: by choice, then by fit, then by id.
    pub best: Vec<(MentorIx, Assessment)>,
    /// How many mentors nothing forbids.
    pub possible: u32,
    /// All the others, by id, each with everything that stands between the two.
    pub excluded: Vec<(MentorIx, Barriers)>,
    /// How many mentors each barrier rules out, in the order of the catalogue.
    pub counts: Vec<(Barrier, u32)>,
}

/// A place among others, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rank {
    /// Which.
    pub place: u32,
    /// Among how many.
    pub of: u32,
}

/// Where two people stand among those whom each of them could have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The mentor, among the beneficiary's possible mentors.
    pub among_mentors: Rank,
    /// The beneficiary, among the mentor's possible beneficiaries.
    pub among_beneficiaries: Rank,
}

/// Assesses one beneficiary against every mentor and answers the best, at most so many.
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

/// Where a pair stands, seen from either side; nowhere if something forbids it.
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

/// The strongest choice first, then the best fit.
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
    /// All that the rules say about two people; `None` for strangers.
    pub fn assess(&self, rules: &MatchingRules, who: BeneficiaryIx, mentor: MentorIx) -> Option<Assessment> {
        let (one, other) = (self.beneficiary(who)?, self.mentor(mentor)?);
        Some(assess(rules, one, other, self.facts(who, mentor)))
    }
}
