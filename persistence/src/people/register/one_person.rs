//! The records of one person. Merges move nothing, so a rule about what a person has once asks all of them.
//!
//! - Once over all records: a life and a removal from the register; an open case in an organization; a mentorship in a program, and a
//!   place on the list of those who wait for one; an objection to a mentor, and ranks; an open plan of a kind; an enrolment; a request for
//!   a bed in an organization, and the nights of beds; an open account. A case of one record is one of the other too, wherever something
//!   needs a case. A consent grants under all records, and its withdrawal ends it under all of them. An authority to act for a person is one
//!   under all records, and so is the own signature. The readiness of a person and the months of a case count what is on record under any.
//! - Shown under each record, as far as the caller sees the others: cases, mentorships, plans, assessments, enrolments and consents. The
//!   person is the person under all records, and the mentor the mentor; guardianship sees crises by the territory of each record.
//! - Apart under each record: stays and urgent aid, for nobody in need waits for a decision about records, and no gift is given only
//!   once; each signed consent, for it is withdrawn by itself, as two papers under one record are; needs, notes and papers, periods of life
//!   and encounters with work, which a reversal leaves where they are.
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{person_records, register_merges};
use crate::sight::sees;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::BeneficiaryId;
use domain::base::refusal::Refused;
use domain::people::register::MERGED;
use std::collections::HashMap;

/// The beneficiaries that are one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OnePerson {
    /// The one that was asked about.
    of: BeneficiaryId,
    /// All of them: at the beginning the one into which the others are merged.
    all: Vec<BeneficiaryId>,
}

impl OnePerson {
    /// The record into which the others are merged.
    pub(crate) fn first(&self) -> BeneficiaryId {
        self.all.first().copied().unwrap_or(self.of)
    }
    /// Whether the record that was asked about is merged into another.
    pub(crate) fn is_second(&self) -> bool {
        self.first() != self.of
    }
    /// All records of the person.
    pub(crate) fn records(self) -> Vec<BeneficiaryId> {
        self.all
    }
    /// The records of the person besides the one that was asked about.
    pub(crate) fn others(&self) -> Vec<BeneficiaryId> {
        self.all.iter().copied().filter(|it| *it != self.of).collect()
    }
}

/// The merges in force of a beneficiary, as the first or as the second.
async fn merges(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<Vec<(BeneficiaryId, BeneficiaryId)>, Failure> {
    let columns = (register_merges::beneficiary_id, register_merges::other_beneficiary_id);
    let in_force = || register_merges::table.filter(register_merges::reversed_at.is_null()).select(columns);
    // Each half has an index of its own.
    let first = in_force().filter(register_merges::beneficiary_id.eq(bind(of)));
    let second = in_force().filter(register_merges::other_beneficiary_id.eq(bind(of)));
    Ok(db!(tx, load, first.union_all(second))?)
}

/// All records that merges join to this one, and the one into which they are merged.
async fn joined(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<(BeneficiaryId, Vec<BeneficiaryId>), Failure> {
    let (mut first, mut all, mut next) = (of, vec![of], 0);
    while let Some(at) = all.get(next).copied() {
        next += 1;
        for (one, other) in merges(tx, at).await? {
            if other == first {
                first = one;
            }
            for it in [one, other] {
                if !all.contains(&it) {
                    all.push(it);
                }
            }
        }
    }
    Ok((first, all))
}

/// Keeps anew which records are one person, after a merge of these two or its reversal.
pub(super) async fn keep(tx: &mut Tx<'_>, of: [BeneficiaryId; 2]) -> Result<(), Failure> {
    tx.one_person().clear();
    for one in of {
        let (first_id, all) = joined(tx, one).await?;
        let theirs = person_records::table.filter(person_records::beneficiary_id.eq_any(binds(&all)));
        db!(tx, execute, diesel::delete(theirs))?;
        for record in all.iter().filter(|_| all.len() > 1) {
            let row = |other: &BeneficiaryId| {
                (
                    person_records::beneficiary_id.eq(bind(*record)),
                    person_records::record_id.eq(bind(*other)),
                    person_records::first_id.eq(bind(first_id)),
                )
            };
            let rows: Vec<_> = all.iter().map(row).collect();
            db!(tx, execute, diesel::insert_into(person_records::table).values(rows))?;
        }
    }
    tx.above().records_joined(tx, of).await
}

/// The person behind a beneficiary. One statement in a transaction.
pub(crate) async fn of(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<OnePerson, Failure> {
    know(tx, &[of]).await?;
    let known = tx.one_person().get(&of).cloned();
    Ok(OnePerson { of, all: known.unwrap_or_else(|| vec![of]) })
}

/// Reads at once who these beneficiaries are. A list asks no more about them.
pub(crate) async fn know(tx: &mut Tx<'_>, ids: &[BeneficiaryId]) -> Result<(), Failure> {
    let mut unknown: Vec<BeneficiaryId> = ids.to_vec();
    unknown.retain(|it| !tx.one_person().contains_key(it));
    if unknown.is_empty() {
        return Ok(());
    }
    let theirs = person_records::table
        .filter(person_records::beneficiary_id.eq_any(binds(&unknown)))
        .order((person_records::beneficiary_id, person_records::record_id))
        .select((person_records::beneficiary_id, person_records::record_id, person_records::first_id));
    let rows: Vec<(BeneficiaryId, BeneficiaryId, BeneficiaryId)> = db!(tx, load, theirs)?;
    for id in unknown {
        let own = rows.iter().filter(|it| it.0 == id);
        let mut all: Vec<BeneficiaryId> = own.clone().map(|it| it.1).collect();
        let first = own.map(|it| it.2).next().unwrap_or(id);
        all.retain(|it| *it != first);
        all.insert(0, first);
        tx.one_person().insert(id, all);
    }
    Ok(())
}

/// All records of these people, each with those of the given beneficiaries that are the same person. One statement for any number.
pub(crate) async fn by_record(
    tx: &mut Tx<'_>,
    ids: &[BeneficiaryId],
) -> Result<HashMap<BeneficiaryId, Vec<BeneficiaryId>>, Failure> {
    know(tx, ids).await?;
    let mut asked: Vec<BeneficiaryId> = ids.to_vec();
    asked.sort_unstable();
    asked.dedup();
    let mut all: HashMap<BeneficiaryId, Vec<BeneficiaryId>> = HashMap::new();
    for id in asked {
        for record in of(tx, id).await?.records() {
            all.entry(record).or_default().push(id);
        }
    }
    Ok(all)
}

/// Whether two beneficiaries are one person.
pub(crate) async fn are(tx: &mut Tx<'_>, one: BeneficiaryId, other: BeneficiaryId) -> Result<bool, Failure> {
    Ok(of(tx, one).await?.all.contains(&other))
}

/// The records of a person for a list of what belongs to a beneficiary.
pub(crate) async fn records_of(
    tx: &mut Tx<'_>,
    asked: Option<BeneficiaryId>,
) -> Result<Option<Vec<BeneficiaryId>>, Failure> {
    let Some(id) = asked else { return Ok(None) };
    let all = of(tx, id).await?.records();
    // A caller who does not see the one that is asked for learns nothing of the others by it.
    if all.len() > 1 && !sees(tx, Subject::new(SubjectKind::Beneficiary, id)).await? {
        return Ok(Some(vec![id]));
    }
    Ok(Some(all))
}

/// The person behind a beneficiary under whom something new is to begin. A second record of a person is refused: what is new begins on
/// the first one, if the caller sees that. Otherwise the caller would have no way, and goes on with the own record; rules count both.
pub(crate) async fn beginning_on(
    tx: &mut Tx<'_>,
    id: BeneficiaryId,
    pointer: Option<&str>,
) -> Result<OnePerson, Failure> {
    let it = of(tx, id).await?;
    let first = it.first();
    if !it.is_second() || !sees(tx, Subject::new(SubjectKind::Beneficiary, first)).await? {
        return Ok(it);
    }
    let reason = MERGED.reason().with("primary_beneficiary_id", first);
    Err(Refused::from(match pointer {
        Some(pointer) => reason.at(pointer),
        None => reason,
    })
    .into())
}

/// The record on which something new of a person begins: the first one, if the caller sees it, and else the own one.
pub(crate) async fn record_for_new(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<BeneficiaryId, Failure> {
    let first = of(tx, id).await?.first();
    let is_seen = first == id || sees(tx, Subject::new(SubjectKind::Beneficiary, first)).await?;
    Ok(if is_seen { first } else { id })
}
