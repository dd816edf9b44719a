//! What matching knows of people: facts of one day, put in canonical order.
//!
//! All of it can be kept as JSON and read again. What is empty is not written, so that whole pools stay small.
use super::rules::Risk;
use super::words::Barriers;
use crate::base::id::{BeneficiaryId, MentorId};
use crate::base::word::Word;
use crate::people::Sex;
use crate::region::municipalities::Point;
use serde::{Deserialize, Serialize};
use solver::{BeneficiaryIx, MentorIx};

/// A set of words of one vocabulary of at most 64: bit `k` is the word number `k`.
///
/// Sets are kept as bits, so vocabularies of matching may only grow at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tags(pub u64);

impl Tags {
    /// The set of these words.
    pub fn of<W: Word + PartialEq>(words: &[W]) -> Self {
        Self(Self::numbered().filter(|it| words.contains(&it.1)).fold(0, |tags, it| tags | 1 << it.0))
    }
    /// The words in the set, in the order of the vocabulary.
    pub fn words<W: Word>(self) -> Vec<W> {
        Self::numbered().filter(|it| self.0 >> it.0 & 1 == 1).map(|it| it.1).collect()
    }
    fn numbered<W: Word>() -> impl Iterator<Item = (u32, W)> {
        const { assert!(W::ALL.len() <= 64, "a set has room for 64 words") }
        (0..).zip(W::ALL.iter().copied())
    }
    /// How many words both have.
    pub fn common(self, other: Self) -> u32 {
        (self.0 & other.0).count_ones()
    }
    /// The words that both have.
    #[must_use]
    pub fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
    /// How many words there are.
    pub fn count(self) -> u32 {
        self.0.count_ones()
    }
}

/// A municipality and its middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Place {
    /// Which municipality.
    pub municipality: u32,
    /// Its middle, if it is known.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub middle: Option<Point>,
}

impl Place {
    /// Metres to another place; 0 within a municipality, nothing where a middle is unknown.
    pub fn metres_to(self, other: Self) -> Option<u32> {
        if self.municipality == other.municipality {
            return Some(0);
        }
        let (here, there) = self.middle.zip(other.middle)?;
        let east = u64::from(here.east_m.abs_diff(there.east_m));
        let north = u64::from(here.north_m.abs_diff(there.north_m));
        Some(u32::try_from((east * east).saturating_add(north * north).isqrt()).unwrap_or(u32::MAX))
    }
}

/// How old the other is asked to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AgeWish {
    /// Full years, no less.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub at_least: Option<u16>,
    /// Full years, no more.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub at_most: Option<u16>,
}

impl AgeWish {
    /// Whether somebody of that age is what was asked for.
    pub fn is_met_by(self, age_years: u16) -> bool {
        self.at_least.is_none_or(|it| age_years >= it) && self.at_most.is_none_or(|it| age_years <= it)
    }
}

/// How far from home a mentor works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// In the municipality of residence only.
    #[default]
    Municipality,
    /// In municipalities whose middle is known to lie within so many metres too.
    Metres(u32),
    /// Wherever the program works, from afar.
    Anywhere,
}

/// Somebody who waits for a mentor, on the day of the round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeneficiaryProfile {
    /// Who.
    pub id: BeneficiaryId,
    /// What keeps them from having any mentor.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub barriers: Barriers,
    /// Where they live.
    pub place: Place,
    /// Full years; none for a family, which meets any wish on age and sex.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub age_years: Option<u16>,
    /// Sex.
    pub sex: Sex,
    /// The sex of mentor that they or their representative asked for.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub mentor_sex: Option<Sex>,
    /// The age of mentor that they or their representative asked for.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub mentor_age: AgeWish,
    /// Languages.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub languages: Tags,
    /// The hours of the week when they can meet, three a day.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub hours: Tags,
    /// Interests.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub interests: Tags,
    /// What they like not to do.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub dislikes: Tags,
    /// What they need help with, in the words of mentors' skills.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub needs: Tags,
    /// Special training that their mentor must have.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub special_training: Tags,
    /// How grave the case is.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub risk: Risk,
    /// Days since they began to wait; a replacement keeps the days of the first wait.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub waiting_days: u32,
}

/// A mentor, on the day of the round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MentorProfile {
    /// Who.
    pub id: MentorId,
    /// What keeps them from having any mentorship.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub barriers: Barriers,
    /// Where they live.
    pub place: Place,
    /// How far they go.
    pub reach: Reach,
    /// Full years.
    pub age_years: u16,
    /// Sex.
    pub sex: Sex,
    /// The sex of beneficiary that they asked for.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub beneficiary_sex: Option<Sex>,
    /// The age of beneficiary that they asked for.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub beneficiary_age: AgeWish,
    /// Languages.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub languages: Tags,
    /// The hours of the week when they can meet, three a day.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub hours: Tags,
    /// Interests.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub interests: Tags,
    /// What they like not to do.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub dislikes: Tags,
    /// What they can help with.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub skills: Tags,
    /// Special training passed.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub special_training: Tags,
    /// The gravest case that they are qualified for.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub qualified_for: Risk,
    /// Capacity less the mentorships that are active, which no round touches.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub free_seats: u32,
}

/// What is known of two people together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairRecord {
    /// The one.
    pub beneficiary: BeneficiaryId,
    /// The other.
    pub mentor: MentorId,
    /// Vetoes, conflicts, former mentorships, answers in this round.
    pub barriers: Barriers,
    /// The place that the beneficiary gave the mentor after joint activity, from 1.
    pub rank_by_beneficiary: Option<u8>,
    /// The place that the mentor gave the beneficiary, from 1.
    pub rank_by_mentor: Option<u8>,
}

/// What two people said of each other, and what stands between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PairFacts {
    /// See [`PairRecord::barriers`].
    #[serde(default, skip_serializing_if = "is_empty")]
    pub barriers: Barriers,
    /// See [`PairRecord::rank_by_beneficiary`].
    #[serde(default, skip_serializing_if = "is_empty")]
    pub rank_by_beneficiary: Option<u8>,
    /// See [`PairRecord::rank_by_mentor`].
    #[serde(default, skip_serializing_if = "is_empty")]
    pub rank_by_mentor: Option<u8>,
}

impl PairFacts {
    /// How strong the choice is, 0 to 7: 7 for two who put each other first, 2 for two who ranked each other
    /// last, 1 where only one side ranked the other, 0 for none.
    pub fn choice(self) -> u8 {
        let strength = |rank: u8, most: u8| most.saturating_sub(rank.saturating_sub(1)).max(1);
        match (self.rank_by_beneficiary, self.rank_by_mentor) {
            (Some(theirs), Some(ours)) => strength(theirs, 3) + strength(ours, 4),
            (None, None) => 0,
            _ => 1,
        }
    }
    /// The ranks, if both ranked the other.
    pub fn mutual(self) -> Option<(u8, u8)> {
        self.rank_by_beneficiary.zip(self.rank_by_mentor)
    }
    fn join(self, other: Self) -> Self {
        let best = |a: Option<u8>, b: Option<u8>| a.into_iter().chain(b).min();
        Self {
            barriers: self.barriers.and(other.barriers),
            rank_by_beneficiary: best(self.rank_by_beneficiary, other.rank_by_beneficiary),
            rank_by_mentor: best(self.rank_by_mentor, other.rank_by_mentor),
        }
    }
}

/// Everybody in a round, in the order of their ids, whatever the order they came in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Kept")]
pub struct Pool {
    beneficiaries: Vec<BeneficiaryProfile>,
    mentors: Vec<MentorProfile>,
    /// By beneficiary, then by mentor.
    pairs: Vec<Vec<(MentorIx, PairFacts)>>,
}

/// A pool as it was kept, not yet checked.
#[derive(Deserialize)]
struct Kept {
    beneficiaries: Vec<BeneficiaryProfile>,
    mentors: Vec<MentorProfile>,
    pairs: Vec<Vec<(MentorIx, PairFacts)>>,
}

/// Why what was kept is not a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the people or the pairs of the pool are out of order")]
pub struct OutOfOrder;

impl TryFrom<Kept> for Pool {
    type Error = OutOfOrder;
    fn try_from(it: Kept) -> Result<Self, OutOfOrder> {
        let pool = Self { beneficiaries: it.beneficiaries, mentors: it.mentors, pairs: it.pairs };
        let known =
            |row: &[(MentorIx, PairFacts)]| row.last().is_none_or(|it| it.0.at() < pool.mentors.len());
        let in_order = pool.beneficiaries.is_sorted_by(|a, b| a.id < b.id)
            && pool.mentors.is_sorted_by(|a, b| a.id < b.id)
            && pool.pairs.len() == pool.beneficiaries.len()
            && pool.pairs.iter().all(|row| row.is_sorted_by(|a, b| a.0 < b.0) && known(row));
        if in_order { Ok(pool) } else { Err(OutOfOrder) }
    }
}

/// Whether it is as if nothing was said.
fn is_empty<T: Default + PartialEq>(it: &T) -> bool {
    *it == T::default()
}

impl Pool {
    /// Puts them in order. Who is there twice counts once; what is known of strangers is left out.
    pub fn new(
        mut beneficiaries: Vec<BeneficiaryProfile>,
        mut mentors: Vec<MentorProfile>,
        records: Vec<PairRecord>,
    ) -> Self {
        beneficiaries.sort_by_key(|it| it.id);
        beneficiaries.dedup_by_key(|it| it.id);
        mentors.sort_by_key(|it| it.id);
        mentors.dedup_by_key(|it| it.id);
        let mut pool = Self { pairs: vec![Vec::new(); beneficiaries.len()], beneficiaries, mentors };
        for record in records {
            pool.add(&record);
        }
        pool.pairs.iter_mut().for_each(|row| {
            row.sort_by_key(|it| it.0);
            row.dedup_by(|later, first| {
                let same = later.0 == first.0;
                if same {
                    first.1 = first.1.join(later.1);
                }
                same
            });
        });
        pool
    }

    fn add(&mut self, record: &PairRecord) {
        let (Some(who), Some(mentor)) =
            (self.beneficiary_ix(record.beneficiary), self.mentor_ix(record.mentor))
        else {
            return;
        };
        let facts = PairFacts {
            barriers: record.barriers,
            rank_by_beneficiary: record.rank_by_beneficiary,
            rank_by_mentor: record.rank_by_mentor,
        };
        if let Some(row) = self.pairs.get_mut(who.at()) {
            row.push((mentor, facts));
        }
    }

    /// Those who wait, by id.
    pub fn beneficiaries(&self) -> &[BeneficiaryProfile] {
        &self.beneficiaries
    }
    /// The mentors, by id.
    pub fn mentors(&self) -> &[MentorProfile] {
        &self.mentors
    }
    /// One of the beneficiaries.
    pub fn beneficiary(&self, who: BeneficiaryIx) -> Option<&BeneficiaryProfile> {
        self.beneficiaries.get(who.at())
    }
    /// One of the mentors.
    pub fn mentor(&self, who: MentorIx) -> Option<&MentorProfile> {
        self.mentors.get(who.at())
    }
    /// The places of all mentors.
    pub fn mentor_ixs(&self) -> impl Iterator<Item = MentorIx> + use<> {
        (0..u32::try_from(self.mentors.len()).unwrap_or(u32::MAX)).map(MentorIx)
    }
    /// Where somebody stands among those who wait.
    pub fn beneficiary_ix(&self, id: BeneficiaryId) -> Option<BeneficiaryIx> {
        let at = self.beneficiaries.binary_search_by_key(&id, |it| it.id).ok()?;
        u32::try_from(at).ok().map(BeneficiaryIx)
    }
    /// Where somebody stands among the mentors.
    pub fn mentor_ix(&self, id: MentorId) -> Option<MentorIx> {
        let at = self.mentors.binary_search_by_key(&id, |it| it.id).ok()?;
        u32::try_from(at).ok().map(MentorIx)
    }
    /// What is known of one beneficiary and any mentor, by mentor.
    pub fn facts_of(&self, who: BeneficiaryIx) -> &[(MentorIx, PairFacts)] {
        self.pairs.get(who.at()).map_or(&[], Vec::as_slice)
    }
    /// What is known of two people together.
    pub fn facts(&self, who: BeneficiaryIx, mentor: MentorIx) -> PairFacts {
        let row = self.facts_of(who);
        let at = row.binary_search_by_key(&mentor, |it| it.0).ok();
        at.and_then(|it| row.get(it)).map(|it| it.1).unwrap_or_default()
    }
    /// Everybody who waits, with their place.
    pub fn waiting(&self) -> impl Iterator<Item = (BeneficiaryIx, &BeneficiaryProfile)> {
        (0..).map(BeneficiaryIx).zip(&self.beneficiaries)
    }
}
