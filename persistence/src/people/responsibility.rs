//! Responsibility for the records of people and families. Who answers for one of the beneficiaries edits the record; an institution that is
//! not responsible any more keeps reading its own cases and mentorships, and edits nothing.
use super::lives::beneficiaries_with;
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, family_members};
use crate::scope::beneficiaries::answered_for;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::access::NOT_YOURS;
use domain::base::id::{BeneficiaryId, FamilyId, PersonId};

/// Refuses an edit of a person by an institution that is not responsible any more.
pub(super) async fn must_answer_for_person(tx: &mut Tx<'_>, id: PersonId) -> Result<(), Failure> {
    if tx.scope().everything {
        return Ok(());
    }
    let all = beneficiaries_with(tx, id).await?;
    must_answer_for_one(tx, &all).await
}

/// The same for a family. Where it is no beneficiary itself, who answers for one of its members edits it.
pub(super) async fn must_answer_for_family(tx: &mut Tx<'_>, id: FamilyId) -> Result<(), Failure> {
    if tx.scope().everything {
        return Ok(());
    }
    let mut all = family_beneficiaries(tx, id).await?;
    if all.is_empty() {
        let members = family_members::table
            .filter(family_members::family_id.eq(bind(id)))
            .select(family_members::person_id);
        let theirs = beneficiaries::table
            .filter(beneficiaries::person_id.assume_not_null().eq_any(members))
            .select(beneficiaries::id);
        all = db!(tx, load, theirs)?;
    }
    must_answer_for_one(tx, &all).await
}

/// The beneficiaries that a family is.
pub(super) async fn family_beneficiaries(
    tx: &mut Tx<'_>,
    id: FamilyId,
) -> Result<Vec<BeneficiaryId>, Failure> {
    let itself = beneficiaries::table
        .filter(beneficiaries::family_id.assume_not_null().eq(bind(id)))
        .select(beneficiaries::id);
    Ok(db!(tx, load, itself)?)
}

/// Refuses a caller who answers for none of these beneficiaries. Where there are none, who sees the record edits it.
async fn must_answer_for_one(tx: &mut Tx<'_>, all: &[BeneficiaryId]) -> Result<(), Failure> {
    if all.is_empty() {
        return Ok(());
    }
    let scope = tx.scope().clone();
    let theirs = beneficiaries::table.filter(beneficiaries::id.eq_any(binds(all)));
    let own: i64 = db!(tx, get_result, theirs.filter(answered_for!(scope)).count())?;
    if own == 0 { Err(Failure::from(NOT_YOURS.refuse())) } else { Ok(()) }
}
