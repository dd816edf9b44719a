//! The lives of people, for rules about days. They decide, and are shown to nobody: the scope of the caller does not bound them.
//!
//! The condition `no_record_is_dead` is SQL of its own: diesel would need aliases of two tables that its query has already.
use super::kinship::people_in;
use super::{one_person, people_of, records_behind};
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, family_members, people};
use crate::tx::{ToldDay, Tx};
use chrono::NaiveDate;
use diesel::backend::Backend;
use diesel::dsl::exists;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;
use domain::base::id::{BeneficiaryId, PersonId};
use domain::base::refusal::Reason;
use domain::people::{Life, Lives};

/// The life of a person.
pub async fn life_of(tx: &mut Tx<'_>, id: PersonId) -> Result<Lives, Failure> {
    lives(tx, &[id]).await
}

/// The lives behind a beneficiary: of the person, or of all members of the family. A death that is on record under another record of the
/// person is the person's.
pub async fn lives_of(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<Lives, Failure> {
    let people = people_of(tx, id).await?;
    let own = lives(tx, &people).await?;
    for other in one_person::of(tx, id).await?.others() {
        let people = people_of(tx, other).await?;
        let there = lives(tx, &people).await?;
        if there.are_over() {
            return Ok(there);
        }
    }
    Ok(own)
}

/// Whether the person of a beneficiary has died, under any record. A family has no death of its own: it dies out with its members.
pub(crate) async fn has_died(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<bool, Failure> {
    let records = one_person::of(tx, of).await?.records();
    let dead = beneficiaries::table
        .inner_join(people::table)
        .filter(beneficiaries::id.eq_any(binds(&records)))
        .filter(people::died_on.is_not_null());
    Ok(db!(tx, get_result, diesel::select(exists(dead)))?)
}

/// The result of [`no_record_is_dead`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoRecordIsDead;

/// Condition on beneficiaries: no death is on record under any of the records that merges join. A beneficiary without other records has
/// no such row, so the own death is asked beside it.
pub(crate) fn no_record_is_dead() -> NoRecordIsDead {
    NoRecordIsDead
}

impl Expression for NoRecordIsDead {
    type SqlType = Bool;
}
impl QueryId for NoRecordIsDead {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}
impl<QS: ?Sized> AppearsOnTable<QS> for NoRecordIsDead {}
impl<QS: ?Sized> SelectableExpression<QS> for NoRecordIsDead {}
impl<GB> ValidGrouping<GB> for NoRecordIsDead {
    type IsAggregate = is_aggregate::Never;
}
impl<DB: Backend> QueryFragment<DB> for NoRecordIsDead {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        pass.push_sql(
            "NOT EXISTS (SELECT 1 FROM person_records AS records \
             INNER JOIN beneficiaries AS others ON others.id = records.record_id \
             INNER JOIN people AS selves ON selves.id = others.person_id \
             WHERE records.beneficiary_id = beneficiaries.id AND selves.died_on IS NOT NULL)",
        );
        Ok(())
    }
}

/// Whether one of these people lives and is under 18.
pub async fn has_minors(tx: &mut Tx<'_>, ids: &[PersonId]) -> Result<bool, Failure> {
    Ok(lives(tx, ids).await?.has_minors(tx.today()))
}

/// The lives of these people.
pub(crate) async fn lives(tx: &mut Tx<'_>, ids: &[PersonId]) -> Result<Lives, Failure> {
    let all =
        people::table.filter(people::id.eq_any(binds(ids))).select((people::birth_date, people::died_on));
    let rows: Vec<(NaiveDate, Option<NaiveDate>)> = db!(tx, load, all)?;
    Ok(Lives(rows.into_iter().map(|(born_on, died_on)| Life { born_on, died_on }).collect()))
}

/// The beneficiaries that a person is, alone or as a member of a family.
pub(super) async fn beneficiaries_with(tx: &mut Tx<'_>, id: PersonId) -> Result<Vec<BeneficiaryId>, Failure> {
    let families = family_members::table
        .filter(family_members::person_id.eq(bind(id)))
        .select(family_members::family_id);
    // PostgreSQL has no index for the one or the other where the other is a subquery.
    let alone = beneficiaries::table
        .filter(beneficiaries::person_id.assume_not_null().eq(bind(id)))
        .select(beneficiaries::id);
    let in_families = beneficiaries::table
        .filter(beneficiaries::family_id.assume_not_null().eq_any(families))
        .select(beneficiaries::id);
    Ok(db!(tx, load, alone.union_all(in_families))?)
}

/// The beneficiaries whose lives are over with this person's: the person under all records, and families without a living member.
pub(crate) async fn beneficiaries_over(tx: &mut Tx<'_>, id: PersonId) -> Result<Vec<BeneficiaryId>, Failure> {
    let mut over = Vec::new();
    for it in beneficiaries_with(tx, id).await? {
        if lives_of(tx, it).await?.are_over() {
            over.extend(one_person::of(tx, it).await?.records());
        }
    }
    Ok(over)
}

/// A person under all records. Somebody who is no beneficiary has one.
pub(crate) async fn selves(tx: &mut Tx<'_>, id: PersonId) -> Result<Vec<PersonId>, Failure> {
    let mut all = vec![id];
    let records = records_behind(tx, id).await?;
    if records.len() > 1 {
        all.extend(people_in(tx, &records).await?.into_iter().filter(|it| *it != id));
    }
    Ok(all)
}

/// The reasons against days of an entry about these lives. A day before or after its own, such as the end of a contract, is held to
/// a birth only: it was planned before a death.
pub(crate) fn against_life(lives: &Lives, days: &[ToldDay]) -> Vec<Reason> {
    let at = |it: &ToldDay| (format!("/{}", it.name), it.day);
    let mut reasons = lives.against(days.iter().filter(|it| it.is_own).map(at));
    reasons.extend(lives.against_before_birth(days.iter().filter(|it| !it.is_own).map(at)));
    reasons
}
