//! The records of one person. Merges move nothing, so a rule about what a person has once asks all of them.
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::register_merges;
use crate::sight::sees;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::BeneficiaryId;
use domain::base::refusal::Refused;
use domain::people::register::MERGED;

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
    fn first(&self) -> BeneficiaryId {
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

/// The person behind a beneficiary. One statement in a transaction for everybody who was never merged.
pub(crate) async fn of(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<OnePerson, Failure> {
    if let Some(all) = tx.one_person().get(&of) {
        return Ok(OnePerson { of, all: all.clone() });
    }
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
    all.sort_by_key(|it| *it != first);
    tx.one_person().insert(of, all.clone());
    Ok(OnePerson { of, all })
}

/// Reads at once which of these beneficiaries were never merged. A list asks no more about them.
pub(crate) async fn know(tx: &mut Tx<'_>, ids: &[BeneficiaryId]) -> Result<(), Failure> {
    let mut unknown: Vec<BeneficiaryId> = ids.to_vec();
    unknown.retain(|it| !tx.one_person().contains_key(it));
    if unknown.is_empty() {
        return Ok(());
    }
    let columns = (register_merges::beneficiary_id, register_merges::other_beneficiary_id);
    let in_force = || register_merges::table.filter(register_merges::reversed_at.is_null()).select(columns);
    let first = in_force().filter(register_merges::beneficiary_id.eq_any(binds(&unknown)));
    let second = in_force().filter(register_merges::other_beneficiary_id.eq_any(binds(&unknown)));
    let merged: Vec<(BeneficiaryId, BeneficiaryId)> = db!(tx, load, first.union_all(second))?;
    for id in unknown {
        if !merged.iter().any(|it| it.0 == id || it.1 == id) {
            tx.one_person().insert(id, vec![id]);
        }
    }
    Ok(())
}

/// Forgets what this transaction has read, after a merge or a reversal.
pub(super) fn forget(tx: &mut Tx<'_>) {
    tx.one_person().clear();
}

/// The records of a person for a list of what belongs to a beneficiary.
pub(crate) async fn records_of(
    tx: &mut Tx<'_>,
    asked: Option<BeneficiaryId>,
) -> Result<Option<Vec<BeneficiaryId>>, Failure> {
    let Some(id) = asked else { return Ok(None) };
    let all = of(tx, id).await?.records();
    // Who does not see the one that is asked for learns nothing of the others by it.
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
