//! Mutual choices: a stable matching of those who ranked each other, and the pairs that block an assignment.
use super::people::Pool;
use super::rules::MatchingRules;
use solver::{BeneficiaryIx, MentorIx};
use std::collections::BTreeMap;

/// Two people who ranked each other and may be matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mutual {
    who: BeneficiaryIx,
    mentor: MentorIx,
    rank_by_beneficiary: u8,
    rank_by_mentor: u8,
    fit: u16,
}

/// All mutual choices in a pool.
#[derive(Debug, Clone)]
pub struct MutualChoices {
    all: Vec<Mutual>,
}

impl MutualChoices {
    /// Collects the mutual choices of possible pairs.
    pub fn of(rules: &MatchingRules, pool: &Pool) -> Self {
        let mut all = Vec::new();
        for (who, _) in pool.waiting() {
            all.extend(pool.facts_of(who).iter().filter_map(|(mentor, facts)| {
                let (rank_by_beneficiary, rank_by_mentor) = facts.mutual()?;
                let pair = pool.assess(rules, who, *mentor).filter(|it| it.barriers.is_empty())?;
                Some(Mutual { who, mentor: *mentor, rank_by_beneficiary, rank_by_mentor, fit: pair.fit })
            }));
        }
        Self { all }
    }

    /// A stable matching by deferred acceptance. Beneficiaries ask mentors in the order of their ranks, and mentors keep the
    /// best within their seats. Equal ranks are ordered by fit, then by id. `seats` are the free seats of the mentors; `taken`
    /// tells who is matched already.
    pub fn stable(
        &self,
        seats: &[u32],
        taken: impl Fn(BeneficiaryIx) -> bool,
    ) -> Vec<(BeneficiaryIx, MentorIx)> {
        let mut wishes: BTreeMap<BeneficiaryIx, Vec<Mutual>> = BTreeMap::new();
        for it in self.all.iter().filter(|it| !taken(it.who)) {
            wishes.entry(it.who).or_default().push(*it);
        }
        // The best wish is the last one, because wishes are popped from the end.
        wishes.values_mut().for_each(|it| {
            it.sort_by_key(|it| (it.rank_by_beneficiary, u16::MAX - it.fit, it.mentor));
            it.reverse();
        });
        let mut kept: BTreeMap<MentorIx, Vec<Mutual>> = BTreeMap::new();
        let mut asking: Vec<BeneficiaryIx> = wishes.keys().rev().copied().collect();
        while let Some(who) = asking.pop() {
            let Some(wish) = wishes.get_mut(&who).and_then(Vec::pop) else { continue };
            let mentees = kept.entry(wish.mentor).or_default();
            mentees.push(wish);
            mentees.sort_by_key(|it| (it.rank_by_mentor, u16::MAX - it.fit, it.who));
            let room = seats.get(wish.mentor.at()).copied().unwrap_or_default();
            if u32::try_from(mentees.len()).is_ok_and(|it| it > room) {
                asking.extend(mentees.pop().map(|it| it.who));
            }
        }
        let mut pairs: Vec<_> = kept.into_values().flatten().map(|it| (it.who, it.mentor)).collect();
        pairs.sort_unstable();
        pairs
    }

    /// The blocking pairs: both would prefer each other to their result. `seats` are the seats available to the round, and
    /// `mate` is the result. `pinned` tells whose mentor the round could not choose.
    pub fn blocking(
        &self,
        pool: &Pool,
        seats: &[u32],
        mate: &[Option<MentorIx>],
        pinned: impl Fn(BeneficiaryIx) -> bool,
    ) -> Vec<(BeneficiaryIx, MentorIx)> {
        let mentees = mentees(seats.len(), mate);
        let rank = |who: BeneficiaryIx, mentor: MentorIx| pool.facts(who, mentor).mutual();
        let wants = |it: &Mutual| {
            let now = mate.get(it.who.at()).copied().flatten();
            now != Some(it.mentor)
                && now.and_then(|now| rank(it.who, now)).is_none_or(|now| it.rank_by_beneficiary < now.0)
        };
        let is_wanted = |it: &Mutual| {
            let has = mentees.get(it.mentor.at()).map_or(&[][..], Vec::as_slice);
            let room = seats.get(it.mentor.at()).copied().unwrap_or_default();
            let worse =
                |other: &BeneficiaryIx| rank(*other, it.mentor).is_none_or(|now| it.rank_by_mentor < now.1);
            u32::try_from(has.len()).is_ok_and(|it| it < room)
                || has.iter().any(|other| !pinned(*other) && worse(other))
        };
        let blocking = self.all.iter().filter(|it| !pinned(it.who) && wants(it) && is_wanted(it));
        blocking.map(|it| (it.who, it.mentor)).collect()
    }
}

fn mentees(mentors: usize, mate: &[Option<MentorIx>]) -> Vec<Vec<BeneficiaryIx>> {
    let mut mentees = vec![Vec::new(); mentors];
    for (who, mentor) in (0..).map(BeneficiaryIx).zip(mate) {
        if let Some(mentees) = mentor.and_then(|it| mentees.get_mut(it.at())) {
            mentees.push(who);
        }
    }
    mentees
}
