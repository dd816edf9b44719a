//! The people of a round: those who wait in a program, the possible mentors, and the records about pairs of them.
mod beneficiaries;
mod mentors;
pub(in crate::matching) mod remembered;
mod side;

pub use remembered::Mentors;

use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{
    beneficiaries as beneficiaries_table, matching_adjustments, matching_proposals, mentorships,
    municipalities,
};
use crate::matching::joint_activities::{Persons, wishes_of_persons};
use crate::scope::beneficiaries::visible as visible_beneficiaries;
use crate::tx::Tx;
use beneficiaries::Waiting;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::id::*;
use domain::base::text::Oktmo;
use domain::matching::joint_activities::vetoes::VetoSide;
use domain::matching::*;
use domain::mentorships::MentorshipState;
use domain::region::municipalities::Middle;
use domain::region::municipalities::Point;
use domain::region::programs::Edition;
use side::MentorSide;
use std::collections::{HashMap, HashSet};

/// The geographic points of municipalities.
#[derive(Debug, Default)]
pub(crate) struct Map(HashMap<String, Point>);

impl Map {
    async fn of(tx: &mut Tx<'_>) -> Result<Self, Failure> {
        let all = municipalities::table.filter(municipalities::latitude_e6.is_not_null()).select((
            municipalities::code,
            municipalities::latitude_e6.assume_not_null(),
            municipalities::longitude_e6.assume_not_null(),
        ));
        let rows: Vec<(Oktmo, i64, i64)> = db!(tx, load, all)?;
        let degrees = |it: i64| i32::try_from(it).unwrap_or_default();
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX).max(1);
        let middle = Middle {
            latitude_e6: degrees(rows.iter().map(|it| it.1).sum::<i64>() / count),
            longitude_e6: degrees(rows.iter().map(|it| it.2).sum::<i64>() / count),
        };
        let point = |(code, latitude, longitude): (Oktmo, i64, i64)| {
            let there = Middle { latitude_e6: degrees(latitude), longitude_e6: degrees(longitude) };
            (code.as_str().to_owned(), there.on_map_around(middle))
        };
        Ok(Self(rows.into_iter().map(point).collect()))
    }

    /// The place where somebody lives, with the middle of its municipality or of the district.
    pub(super) fn place(&self, home: Option<&Oktmo>) -> Place {
        let Some(home) = home else { return Place::default() };
        let code = home.municipality();
        let district = code.get(..5).unwrap_or_default();
        let middle = self.0.get(code).or_else(|| self.0.get(&format!("{district}000")));
        Place::of(home, middle.copied())
    }
}

/// The question for which a pool is loaded.
#[derive(Debug, Clone)]
pub struct Question {
    /// The program of the round.
    pub program_id: ProgramId,
    /// The edition of the program.
    pub edition: Edition,
    /// The day on which people are judged.
    pub as_of: NaiveDate,
    /// Only beneficiaries of this organization.
    pub organization_id: Option<OrganizationId>,
    /// Only beneficiaries of this territory.
    pub territory: Option<Oktmo>,
    /// Only these beneficiaries, whether they wait or not.
    pub only: Option<Vec<BeneficiaryId>>,
    /// One more beneficiary besides those who wait, waiting or not.
    pub also: Option<BeneficiaryId>,
    /// The round whose forbidden and declined pairs must not be proposed again.
    pub round_id: Option<MatchingRoundId>,
}

impl Question {
    /// The question about all beneficiaries who wait in the program.
    pub(super) fn about_all(program_id: ProgramId, edition: Edition, as_of: NaiveDate) -> Self {
        Self {
            program_id,
            edition,
            as_of,
            organization_id: None,
            territory: None,
            only: None,
            also: None,
            round_id: None,
        }
    }
}

/// Loads the people of a round that the caller may see. A transaction with a snapshot reads all of them from it.
pub async fn load(tx: &mut Tx<'_>, asked: &Question) -> Result<Pool, Failure> {
    let side = MentorSide::load(tx, asked).await?;
    pool_of(tx, asked, &side).await
}

/// Loads people for an answer that decides nothing. The mentors come from memory. If they are not there, they must be loaded off
/// the worker threads.
pub(super) async fn load_with_known_mentors(tx: &mut Tx<'_>, asked: &Question) -> Result<Pool, Failure> {
    let side = remembered::side(tx, asked).await?;
    pool_of(tx, asked, &side).await
}

async fn pool_of(tx: &mut Tx<'_>, asked: &Question, side: &MentorSide) -> Result<Pool, Failure> {
    let seen = crate::mentors::seen_ids(tx).await?;
    let is_seen = |it: &&MentorProfile| seen.as_ref().is_none_or(|all| all.contains(&it.id));
    let answered = crate::mentors::answered_ids(tx).await?;
    // A round is stored, and more people read it than the account that began it. So it holds only what all of them
    // may know.
    let is_kept = asked.round_id.is_some();
    let known = |it: &MentorProfile| !is_kept && answered.as_ref().is_none_or(|all| all.contains(&it.id));
    let as_known = |it: &MentorProfile| if known(it) { it.clone() } else { to_strangers(it) };
    let mentors: Vec<MentorProfile> = side.profiles().filter(is_seen).map(as_known).collect();
    let waiting = beneficiaries::all(tx, asked, &side.region.map).await?;
    let profiles =
        waiting.iter().map(|it| it.record.on(&asked.edition.form, &side.region.courses, asked.as_of));
    let profiles = profiles.collect();
    let records = pair_records(tx, asked, side, &waiting).await?;
    Ok(Pool::new(profiles, mentors, records))
}

/// Hides an open ground against a mentor. An institution that only receives the mentor sees that they are not
/// offered, but not why.
fn to_strangers(it: &MentorProfile) -> MentorProfile {
    let accused = it.barriers.has(Barrier::GroundOpen);
    let rest = it.barriers.without([Barrier::GroundOpen].into_iter().collect());
    MentorProfile { barriers: rest.with(Barrier::NotOffered, accused), ..it.clone() }
}

/// All records about pairs: choices, objections, conflicts of interest, former mentorships.
async fn pair_records(
    tx: &mut Tx<'_>,
    asked: &Question,
    side: &MentorSide,
    waiting: &[Waiting],
) -> Result<Vec<PairRecord>, Failure> {
    // An obstacle between a mentor and one record of a person stands between them under all records.
    let others = || waiting.iter().flat_map(|it| it.other_records.iter().copied());
    let only: Option<Vec<BeneficiaryId>> =
        asked.only.as_ref().map(|it| it.iter().copied().chain(others()).collect());
    let only = only.as_deref();
    let mut records = Vec::new();
    let persons = persons(waiting);
    let wishes = wishes_of_persons(tx, asked.program_id, only, &persons).await?;
    for it in wishes.ranks {
        let rank = |it: Option<i32>| it.and_then(|it| u8::try_from(it).ok());
        records.push(PairRecord {
            rank_by_beneficiary: rank(it.by_beneficiary),
            rank_by_mentor: rank(it.by_mentor),
            ..between(it.beneficiary_id, it.mentor_id, None)
        });
    }
    let objected: Vec<BeneficiaryId> = wishes.objections.iter().map(|it| it.beneficiary_id).collect();
    let told = told_vetoes(tx, asked, &objected).await?;
    for it in wishes.objections {
        let is_told = told.as_ref().is_none_or(|told| told.contains(&it.beneficiary_id));
        let barrier = if is_told { barrier_of(it.side) } else { Barrier::NotOffered };
        records.push(between(it.beneficiary_id, it.mentor_id, Some(barrier)));
    }
    for (beneficiary, mentor) in former(tx, only).await? {
        records.push(between(beneficiary, mentor, Some(Barrier::FormerMentorship)));
    }
    for (beneficiary, mentor) in of_round(tx, asked.round_id).await? {
        records.push(between(beneficiary, mentor, Some(Barrier::DeclinedInRound)));
    }
    records.extend(of_other_records(&persons, &records));
    for it in waiting {
        let relatives = it.relatives.iter().filter_map(|it| side.by_person.get(it));
        let conflict = Some(Barrier::ConflictOfInterest);
        records.extend(relatives.map(|mentor| between(it.record.id, *mentor, conflict)));
    }
    Ok(records)
}

/// The other records of those who wait, each with the records under which they wait.
fn persons(waiting: &[Waiting]) -> Persons {
    let mut persons = Persons::new();
    for it in waiting {
        it.other_records.iter().for_each(|other| persons.entry(*other).or_default().push(it.record.id));
    }
    persons
}

/// Obstacles between mentors and people under their other records, as records about these people.
fn of_other_records(persons: &Persons, known: &[PairRecord]) -> Vec<PairRecord> {
    let barred = known.iter().filter(|it| !it.barriers.is_empty());
    let of_each = |it: &PairRecord| {
        let of = persons.get(&it.beneficiary).into_iter().flatten();
        of.map(|of| PairRecord { barriers: it.barriers, ..between(*of, it.mentor, None) }).collect::<Vec<_>>()
    };
    barred.flat_map(of_each).collect()
}

/// The beneficiaries whose vetoes the caller may know; none: all of them. Other callers see only that a mentor is not
/// offered. A round needs no check, because only those who may know vetoes see it.
async fn told_vetoes(
    tx: &mut Tx<'_>,
    asked: &Question,
    of: &[BeneficiaryId],
) -> Result<Option<HashSet<BeneficiaryId>>, Failure> {
    let scope = tx.scope_of(Right::ReadVetoes);
    if asked.round_id.is_some() || of.is_empty() || scope == *tx.scope() {
        return Ok(None);
    }
    let told: Vec<BeneficiaryId> = db!(tx, load, {
        let told = visible_beneficiaries!(scope).filter(beneficiaries_table::id.eq_any(binds(of)));
        told.select(beneficiaries_table::id)
    })?;
    Ok(Some(told.into_iter().collect()))
}

fn between(beneficiary: BeneficiaryId, mentor: MentorId, barrier: Option<Barrier>) -> PairRecord {
    let barriers = barrier.into_iter().collect();
    PairRecord { beneficiary, mentor, barriers, rank_by_beneficiary: None, rank_by_mentor: None }
}

fn barrier_of(side: VetoSide) -> Barrier {
    match side {
        VetoSide::Beneficiary => Barrier::VetoBeneficiary,
        VetoSide::Representative => Barrier::VetoRepresentative,
        VetoSide::Mentor => Barrier::VetoMentor,
        VetoSide::Specialist => Barrier::VetoSpecialist,
    }
}

/// Pairs whose mentorship ended early.
async fn former(
    tx: &mut Tx<'_>,
    only: Option<&[BeneficiaryId]>,
) -> Result<Vec<(BeneficiaryId, MentorId)>, Failure> {
    Ok(db!(tx, load, {
        let ended = mentorships::state
            .eq(bind(MentorshipState::Terminated))
            .or(mentorships::state.eq(bind(MentorshipState::Replaced)));
        let mut all = mentorships::table
            .filter(ended)
            .select((mentorships::beneficiary_id, mentorships::mentor_id))
            .into_boxed();
        if let Some(only) = only {
            all = all.filter(mentorships::beneficiary_id.eq_any(binds(only)));
        }
        all
    })?)
}

/// Pairs that a round must not propose again: forbidden by a specialist, declined, or not answered in time.
async fn of_round(
    tx: &mut Tx<'_>,
    round: Option<MatchingRoundId>,
) -> Result<Vec<(BeneficiaryId, MentorId)>, Failure> {
    let Some(round) = round else { return Ok(Vec::new()) };
    let forbidden = matching_adjustments::table
        .filter(matching_adjustments::round_id.eq(bind(round)))
        .filter(matching_adjustments::kind.eq(bind(AdjustmentKind::Forbid)));
    let mut pairs: Vec<(BeneficiaryId, MentorId)> = db!(
        tx,
        load,
        forbidden.select((matching_adjustments::beneficiary_id, matching_adjustments::mentor_id))
    )?;
    let refused = mentorships::state
        .eq(bind(MentorshipState::Declined))
        .or(mentorships::state.eq(bind(MentorshipState::Lapsed)));
    let of_round = matching_proposals::table
        .inner_join(
            mentorships::table.on(matching_proposals::mentorship_id.assume_not_null().eq(mentorships::id)),
        )
        .filter(matching_proposals::round_id.eq(bind(round)))
        .filter(refused)
        .select((matching_proposals::beneficiary_id, matching_proposals::mentor_id));
    let refused: Vec<(BeneficiaryId, MentorId)> = db!(tx, load, of_round)?;
    pairs.extend(refused);
    Ok(pairs)
}
