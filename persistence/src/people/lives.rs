//! The lives of people, for rules about days. They decide, and are shown to nobody: the scope of the caller does not bound them.
//!
//! A death is on record under one of the records of a person, and is the person's under all of them: every life is asked here.
//!
//! The conditions `no_record_is_dead` and `no_self_is_dead` are SQL of their own: diesel would need aliases of tables that their queries have
//! already.
use super::kinship::people_in;
use super::{one_person, people_of, records_behind};
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, family_members, people, person_records};
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
use std::collections::HashMap;

/// The life of a person. A death that is on record under another record of the person is the person's.
pub async fn life_of(tx: &mut Tx<'_>, id: PersonId) -> Result<Lives, Failure> {
    lives(tx, &[id]).await
}

/// The lives behind a beneficiary: of the person, or of all members of the family. A death that is on record under another record of the
/// person is the person's.
pub async fn lives_of(tx: &mut Tx<'_>, id: BeneficiaryId) -> Result<Lives, Failure> {
    let people = people_of(tx, id).await?;
    lives(tx, &people).await
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

/// The result of [`no_record_is_dead`] and of [`no_self_is_dead`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct NoRecordIsDead(&'static str);

const OF_BENEFICIARY: &str = "NOT EXISTS (SELECT 1 FROM person_records AS records \
     INNER JOIN beneficiaries AS others ON others.id = records.record_id \
     INNER JOIN people AS selves ON selves.id = others.person_id \
     WHERE records.beneficiary_id = beneficiaries.id AND selves.died_on IS NOT NULL)";

const OF_PERSON: &str = "NOT EXISTS (SELECT 1 FROM beneficiaries AS owns \
     INNER JOIN person_records AS records ON records.beneficiary_id = owns.id \
     INNER JOIN beneficiaries AS others ON others.id = records.record_id \
     INNER JOIN people AS selves ON selves.id = others.person_id \
     WHERE owns.person_id = people.id AND selves.died_on IS NOT NULL)";

/// Condition on beneficiaries: no death is on record under any of the records that merges join. A beneficiary without other records has
/// no such row, so the own death is asked beside it.
pub(crate) fn no_record_is_dead() -> NoRecordIsDead {
    NoRecordIsDead(OF_BENEFICIARY)
}

/// Condition on people: no death is on record under another record of the person. The own death is asked beside it.
pub(crate) fn no_self_is_dead() -> NoRecordIsDead {
    NoRecordIsDead(OF_PERSON)
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
        pass.push_sql(self.0);
        Ok(())
    }
}

/// Whether one of these people lives and is under 18.
pub async fn has_minors(tx: &mut Tx<'_>, ids: &[PersonId]) -> Result<bool, Failure> {
    Ok(lives(tx, ids).await?.has_minors(tx.today()))
}

/// The lives of these people.
pub(crate) async fn lives(tx: &mut Tx<'_>, ids: &[PersonId]) -> Result<Lives, Failure> {
    Ok(Lives(life_of_each(tx, ids).await?.into_iter().map(|it| it.1).collect()))
}

/// The life of each of these people.
pub(crate) async fn life_of_each(
    tx: &mut Tx<'_>,
    ids: &[PersonId],
) -> Result<Vec<(PersonId, Life)>, Failure> {
    type Human = (PersonId, NaiveDate, Option<NaiveDate>);
    let all = people::table.filter(people::id.eq_any(binds(ids)));
    let rows: Vec<Human> = db!(tx, load, all.select((people::id, people::birth_date, people::died_on)))?;
    let living: Vec<PersonId> = rows.iter().filter(|it| it.2.is_none()).map(|it| it.0).collect();
    let elsewhere = died_elsewhere(tx, &living).await?;
    let life = |(id, born_on, died_on): Human| {
        let died_on = died_on.or_else(|| elsewhere.get(&id).copied());
        (id, Life { born_on, died_on })
    };
    Ok(rows.into_iter().map(life).collect())
}

/// The days on which these people died, where the death is on record under another record of the person. Somebody who is no beneficiary has
/// one record.
pub(crate) async fn died_elsewhere(
    tx: &mut Tx<'_>,
    ids: &[PersonId],
) -> Result<HashMap<PersonId, NaiveDate>, Failure> {
    let mut died: HashMap<PersonId, NaiveDate> = HashMap::new();
    if ids.is_empty() {
        return Ok(died);
    }
    let own = beneficiaries::table
        .filter(beneficiaries::person_id.assume_not_null().eq_any(binds(ids)))
        .select((beneficiaries::id, beneficiaries::person_id.assume_not_null()));
    let own: Vec<(BeneficiaryId, PersonId)> = db!(tx, load, own)?;
    one_person::know(tx, &own.iter().map(|it| it.0).collect::<Vec<_>>()).await?;
    let mut others: Vec<(BeneficiaryId, PersonId)> = Vec::new();
    for (record, person) in own {
        let beside = one_person::of(tx, record).await?.others();
        others.extend(beside.into_iter().map(|it| (it, person)));
    }
    if others.is_empty() {
        return Ok(died);
    }
    let records: Vec<BeneficiaryId> = others.iter().map(|it| it.0).collect();
    let dead = beneficiaries::table
        .inner_join(people::table)
        .filter(beneficiaries::id.eq_any(binds(&records)))
        .filter(people::died_on.is_not_null())
        .select((beneficiaries::id, people::died_on.assume_not_null()));
    let dead: Vec<(BeneficiaryId, NaiveDate)> = db!(tx, load, dead)?;
    for (record, person) in others {
        if let Some((_, on)) = dead.iter().find(|it| it.0 == record) {
            died.entry(person).and_modify(|it| *it = (*it).min(*on)).or_insert(*on);
        }
    }
    Ok(died)
}

/// Everybody whose death is on record under another record of theirs, with the day. Only the dead who have several records are read, who
/// are few.
pub(crate) async fn dead_elsewhere(tx: &mut Tx<'_>) -> Result<HashMap<PersonId, NaiveDate>, Failure> {
    let dead = people::table.filter(people::died_on.is_not_null()).select(people::id);
    let joined = person_records::table.filter(person_records::beneficiary_id.eq(beneficiaries::id));
    let theirs = beneficiaries::table
        .filter(beneficiaries::person_id.assume_not_null().eq_any(dead))
        .filter(exists(joined))
        .select(beneficiaries::id);
    let theirs: Vec<BeneficiaryId> = db!(tx, load, theirs)?;
    if theirs.is_empty() {
        return Ok(HashMap::new());
    }
    let records: Vec<BeneficiaryId> = one_person::by_record(tx, &theirs).await?.into_keys().collect();
    let people = people_in(tx, &records).await?;
    died_elsewhere(tx, &people).await
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

/// The beneficiaries whose lives are over with that of a person, who is given under all records: the person under all of them, and families
/// without a living member.
pub(crate) async fn beneficiaries_over(
    tx: &mut Tx<'_>,
    ids: &[PersonId],
) -> Result<Vec<BeneficiaryId>, Failure> {
    let mut over: Vec<BeneficiaryId> = Vec::new();
    for id in ids {
        for it in beneficiaries_with(tx, *id).await? {
            if !over.contains(&it) && lives_of(tx, it).await?.are_over() {
                over.extend(one_person::of(tx, it).await?.records());
            }
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

/// The person of the caller under all records; nobody where the account is of no person. Without a merge it reads nothing.
pub(crate) async fn own_selves(tx: &mut Tx<'_>) -> Result<Vec<PersonId>, Failure> {
    let own = tx.caller().and_then(|it| Some((it.person?, it.beneficiaries.clone())));
    let Some((own, records)) = own else { return Ok(Vec::new()) };
    let mut all = vec![own];
    if records.len() > 1 {
        all.extend(people_in(tx, &records).await?.into_iter().filter(|it| *it != own));
    }
    Ok(all)
}

/// Those of these people that merges join to others, each with the person under all records.
pub(crate) async fn selves_of(
    tx: &mut Tx<'_>,
    ids: &[PersonId],
) -> Result<HashMap<PersonId, Vec<PersonId>>, Failure> {
    let mut all: HashMap<PersonId, Vec<PersonId>> = HashMap::new();
    if ids.is_empty() {
        return Ok(all);
    }
    let theirs = beneficiaries::table
        .filter(beneficiaries::person_id.assume_not_null().eq_any(binds(ids)))
        .select((beneficiaries::person_id.assume_not_null(), beneficiaries::id));
    let theirs: Vec<(PersonId, BeneficiaryId)> = db!(tx, load, theirs)?;
    let records: Vec<BeneficiaryId> = theirs.iter().map(|it| it.1).collect();
    one_person::know(tx, &records).await?;
    for (person, record) in theirs {
        let records = one_person::of(tx, record).await?.records();
        if records.len() > 1 {
            all.entry(person).or_default().extend(people_in(tx, &records).await?);
        }
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
