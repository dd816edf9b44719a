//! The people in matching: facts of one day, in a fixed order.
//!
//! A pool can be stored as JSON and read again. Empty members are not written, so that large pools stay small.
use super::rules::Risk;
use super::words::Barriers;
use crate::base::id::{BeneficiaryId, MentorId};
use crate::base::text::Oktmo;
use crate::base::word::Word;
use crate::people::Sex;
use crate::region::municipalities::Point;
use serde::{Deserialize, Serialize};
use solver::{BeneficiaryIx, MentorIx};

/// A set of words of one vocabulary with at most 64 words. Bit `k` is the word number `k`.
///
/// Sets are stored as bits, so a vocabulary of matching may only get new words at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tags(pub u64);

impl Tags {
    /// The set of these words.
    pub fn of<W: Word + PartialEq>(words: &[W]) -> Self {
        Self(Self::numbered().filter(|it| words.contains(&it.1)).fold(0, |tags, it| tags | 1 << it.0))
    }
    /// The words of the set, in the order of the vocabulary.
    pub fn words<W: Word>(self) -> Vec<W> {
        Self::numbered().filter(|it| self.0 >> it.0 & 1 == 1).map(|it| it.1).collect()
    }
    fn numbered<W: Word>() -> impl Iterator<Item = (u32, W)> {
        const { assert!(W::ALL.len() <= 64, "a set has room for 64 words") }
        (0..).zip(W::ALL.iter().copied())
    }
    /// The number of words in both sets.
    pub fn common(self, other: Self) -> u32 {
        (self.0 & other.0).count_ones()
    }
    /// The words in both sets.
    #[must_use]
    pub fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
    /// The number of words in the set.
    pub fn count(self) -> u32 {
        self.0.count_ones()
    }
}

/// A municipality with its centre point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub struct Place {
    /// The number of the municipality: the five digits of a district, or the two digits of a whole region.
    pub municipality: u32,
    /// The centre point, if it is known.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub middle: Option<Point>,
    /// The number of the settlement within the municipality. 0 for a beneficiary: mentors of the whole municipality work there.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub settlement: u16,
}

impl Place {
    /// The place of a home. The first five digits of the code are the district, which is the municipality here. The next three are
    /// the settlement; they are `000` for the whole district.
    pub fn of(home: &Oktmo, middle: Option<Point>) -> Self {
        let municipality = home.district().area().parse().unwrap_or_default();
        let settlement = home.municipality().get(5..8).and_then(|it| it.parse().ok());
        Self { municipality, middle, settlement: settlement.unwrap_or_default() }
    }
    /// The whole municipality.
    #[must_use]
    pub fn whole_municipality(self) -> Self {
        Self { settlement: 0, ..self }
    }
    /// Whether somebody who lives here lives in the municipality of another place, or in its settlement if it names one. A whole region
    /// holds all its districts: its number is that of a district without the last three digits.
    pub fn is_in(self, other: Self) -> bool {
        let is_region = other.settlement == 0 && other.municipality > 0;
        let is_there = other.settlement == 0 || self.settlement == other.settlement;
        self.municipality == other.municipality && is_there
            || is_region && self.municipality / 1000 == other.municipality
    }
    /// The distance to another place in metres. 0 in one municipality; `None` if a centre point is not known.
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

/// A wish about the age of the other person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AgeWish {
    /// The least age in full years.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub at_least: Option<u16>,
    /// The greatest age in full years.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub at_most: Option<u16>,
}

impl AgeWish {
    /// Whether the age meets the wish.
    pub fn is_met_by(self, age_years: u16) -> bool {
        self.at_least.is_none_or(|it| age_years >= it) && self.at_most.is_none_or(|it| age_years <= it)
    }
}

/// The area in which a mentor works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Only the municipality where the mentor lives.
    #[default]
    Municipality,
    /// Also municipalities whose centre point is known and within this distance in metres.
    Metres(u32),
    /// The whole region, because the mentor works remotely.
    Anywhere,
}

/// A beneficiary who waits for a mentor, on the day of the round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeneficiaryProfile {
    /// The id of the beneficiary.
    pub id: BeneficiaryId,
    /// The barriers that forbid any mentor.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub barriers: Barriers,
    /// The place where the beneficiary lives.
    pub place: Place,
    /// Age in full years. `None` for a family, which meets any wish about age and sex.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub age_years: Option<u16>,
    /// The sex of the person. `unknown` for a family.
    pub sex: Sex,
    /// The sex of mentor that the beneficiary or the representative asks for.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub mentor_sex: Option<Sex>,
    /// The age of mentor that the beneficiary or the representative asks for.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub mentor_age: AgeWish,
    /// The languages of the beneficiary.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub languages: Tags,
    /// The times of the week when the beneficiary can meet, three for each day.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub hours: Tags,
    /// The interests of the beneficiary.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub interests: Tags,
    /// The activities that the beneficiary dislikes.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub dislikes: Tags,
    /// The needs for help, in the same words as the skills of mentors.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub needs: Tags,
    /// The special training that the mentor must have.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub special_training: Tags,
    /// The risk level of the case.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub risk: Risk,
    /// Days since the beginning of the wait. After a replacement they count from the first wait.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub waiting_days: u32,
}

/// A mentor, on the day of the round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MentorProfile {
    /// The id of the mentor.
    pub id: MentorId,
    /// The barriers that forbid any mentorship.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub barriers: Barriers,
    /// The place where the mentor lives.
    pub place: Place,
    /// The area in which the mentor works.
    pub reach: Reach,
    /// Age in full years.
    pub age_years: u16,
    /// The sex of the mentor.
    pub sex: Sex,
    /// The sex of beneficiary that the mentor asks for.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub beneficiary_sex: Option<Sex>,
    /// The age of beneficiary that the mentor asks for.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub beneficiary_age: AgeWish,
    /// The languages of the mentor.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub languages: Tags,
    /// The times of the week when the mentor can meet, three for each day.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub hours: Tags,
    /// The interests of the mentor.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub interests: Tags,
    /// The activities that the mentor dislikes.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub dislikes: Tags,
    /// The kinds of help that the mentor can give.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub skills: Tags,
    /// The completed special training.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub special_training: Tags,
    /// The highest risk level of a case for which the mentor is qualified.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub qualified_for: Risk,
    /// The free seats: the capacity less the mentorships that have not ended, which a round never changes.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub free_seats: u32,
}

/// The stored data about a pair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairRecord {
    /// The beneficiary.
    pub beneficiary: BeneficiaryId,
    /// The mentor.
    pub mentor: MentorId,
    /// The barriers from vetoes, conflicts of interest, earlier mentorships and answers in this round.
    pub barriers: Barriers,
    /// The rank that the beneficiary gave the mentor after a joint activity, from 1.
    pub rank_by_beneficiary: Option<u8>,
    /// The rank that the mentor gave the beneficiary, from 1.
    pub rank_by_mentor: Option<u8>,
}

/// The ranks that two people gave each other, and the barriers between them.
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
    /// The strength of the choice, 0 to 7. 7: both rank each other first. 2: both rank each other last. 1: only one side ranked
    /// the other. 0: no ranks.
    pub fn choice(self) -> u8 {
        let strength = |rank: u8, most: u8| most.saturating_sub(rank.saturating_sub(1)).max(1);
        match (self.rank_by_beneficiary, self.rank_by_mentor) {
            (Some(theirs), Some(ours)) => strength(theirs, 3) + strength(ours, 4),
            (None, None) => 0,
            _ => 1,
        }
    }
    /// The ranks, if both sides ranked each other.
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

/// All people of a round, in the order of their ids.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Kept")]
pub struct Pool {
    beneficiaries: Vec<BeneficiaryProfile>,
    mentors: Vec<MentorProfile>,
    /// The facts of pairs, by beneficiary, then by mentor.
    pairs: Vec<Vec<(MentorIx, PairFacts)>>,
}

/// A stored pool whose order has not been checked yet.
#[derive(Deserialize)]
struct Kept {
    beneficiaries: Vec<BeneficiaryProfile>,
    mentors: Vec<MentorProfile>,
    pairs: Vec<Vec<(MentorIx, PairFacts)>>,
}

/// The error of a stored pool whose people or pairs are out of order.
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

/// Whether the value is the default and need not be written.
fn is_empty<T: Default + PartialEq>(it: &T) -> bool {
    *it == T::default()
}

impl Pool {
    /// Creates a pool in the order of ids. A person given twice counts once. Records about people outside the pool are dropped.
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

    /// The beneficiaries, in the order of ids.
    pub fn beneficiaries(&self) -> &[BeneficiaryProfile] {
        &self.beneficiaries
    }
    /// The mentors, in the order of ids.
    pub fn mentors(&self) -> &[MentorProfile] {
        &self.mentors
    }
    /// The beneficiary at this index.
    pub fn beneficiary(&self, who: BeneficiaryIx) -> Option<&BeneficiaryProfile> {
        self.beneficiaries.get(who.at())
    }
    /// The mentor at this index.
    pub fn mentor(&self, who: MentorIx) -> Option<&MentorProfile> {
        self.mentors.get(who.at())
    }
    /// The indexes of all mentors.
    pub fn mentor_ixs(&self) -> impl Iterator<Item = MentorIx> + use<> {
        (0..u32::try_from(self.mentors.len()).unwrap_or(u32::MAX)).map(MentorIx)
    }
    /// The index of a beneficiary.
    pub fn beneficiary_ix(&self, id: BeneficiaryId) -> Option<BeneficiaryIx> {
        let at = self.beneficiaries.binary_search_by_key(&id, |it| it.id).ok()?;
        u32::try_from(at).ok().map(BeneficiaryIx)
    }
    /// The index of a mentor.
    pub fn mentor_ix(&self, id: MentorId) -> Option<MentorIx> {
        let at = self.mentors.binary_search_by_key(&id, |it| it.id).ok()?;
        u32::try_from(at).ok().map(MentorIx)
    }
    /// The facts of all pairs of one beneficiary, in the order of mentors.
    pub fn facts_of(&self, who: BeneficiaryIx) -> &[(MentorIx, PairFacts)] {
        self.pairs.get(who.at()).map_or(&[], Vec::as_slice)
    }
    /// The facts of a pair. The default if nothing is known.
    pub fn facts(&self, who: BeneficiaryIx, mentor: MentorIx) -> PairFacts {
        let row = self.facts_of(who);
        let at = row.binary_search_by_key(&mentor, |it| it.0).ok();
        at.and_then(|it| row.get(it)).map(|it| it.1).unwrap_or_default()
    }
    /// All beneficiaries with their indexes.
    pub fn waiting(&self) -> impl Iterator<Item = (BeneficiaryIx, &BeneficiaryProfile)> {
        (0..).map(BeneficiaryIx).zip(&self.beneficiaries)
    }
}
