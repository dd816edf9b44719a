//! People who may be one person: those who share a key are compared.
use super::match_keys::{add_keys, traits};
use super::persons::{PersonCard, Row, cards, comparable, coordinator, visible_people};
use super::search::rows_of;
use crate::engine::column::{DbUuid, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Window};
use crate::engine::schema::{
    beneficiaries, family_members, match_keys, mentor_applications, people, representatives,
};
use crate::engine::statement::Statement;
use crate::scope::beneficiaries::answered_for;
use crate::scope::{Way, among, when, within};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::id::PersonId;
use domain::base::kept::Value;
use domain::people::likeness::{self, BLOCK, Likeness, MatchKey, Traits, compare};
use domain::people::{POSSIBLE_DUPLICATE, PersonForm};
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Possible duplicates that are shown at most.
const SHOWN: usize = 20;
/// Keys of others that are read before it is asked whom the caller sees.
const FEW: usize = 400;
/// People with a common key whom the caller sees, and who are compared at most. Only namesakes born on one day can be more.
const COMPARED: i64 = 1000;
/// People that are compared in one step.
const STEP: usize = 200;
/// People whose traits are read in one step.
const PAGE: i64 = 1000;

/// The rows of people whom the caller sees and who have one of the keys. Those that the caller does not see take nobody's place.
async fn seen_with(tx: &mut Tx<'_>, keys: &[MatchKey]) -> Result<Vec<Row>, Failure> {
    let scope = tx.scope_of(Right::ReadPeople);
    let having = match_keys::table.filter(match_keys::key.eq_any(binds(keys))).select(match_keys::person_id);
    let limit = i64::try_from(FEW).unwrap_or(i64::MAX);
    let some: Vec<PersonId> = db!(tx, load, having.clone().limit(limit))?;
    if some.len() >= FEW {
        return Ok(db!(tx, load, {
            let those = visible_people!(scope, None).filter(people::id.eq_any(having.clone()));
            those.limit(COMPARED).select(Row::as_select())
        })?);
    }
    let some: Vec<PersonId> = some.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    if some.is_empty() {
        return Ok(Vec::new());
    }
    Ok(db!(tx, load, visible_people!(scope, Some(some.as_slice())).select(Row::as_select()))?)
}

/// Other people whom the caller sees and who may be the one of the form, the likeliest first. People that the caller does not see
/// leave no trace here.
async fn possible_duplicates(
    tx: &mut Tx<'_>,
    form: &PersonForm,
    except: Option<PersonId>,
) -> Result<Vec<(PersonId, Likeness)>, Failure> {
    let own = traits(tx, form);
    let rows = seen_with(tx, &likeness::match_keys(&own)).await?;
    let others = rows.into_iter().filter(|it| Some(it.id) != except);
    let mut alike = alike(tx, &own, others.collect())?;
    alike.truncate(SHOWN);
    Ok(alike)
}

/// Those of the people who may be the one with these traits, the likeliest first.
fn alike(tx: &Tx<'_>, own: &Traits, others: Vec<Row>) -> Result<Vec<(PersonId, Likeness)>, Failure> {
    let mut alike = Vec::new();
    for it in others {
        let (id, form) = (it.id, comparable(tx, it)?);
        let likeness = compare(own, &traits(tx, &form));
        if likeness.is_possible() {
            alike.push((Reverse(likeness.tenths_of_bits), form.full_name(), id, likeness));
        }
    }
    alike.sort_by(|a, b| (&a.0, &a.1, &a.2).cmp(&(&b.0, &b.1, &b.2)));
    Ok(alike.into_iter().map(|(_, _, id, likeness)| (id, likeness)).collect())
}

/// Possible duplicates of a person who is about to be entered, the likeliest first.
pub async fn list_possible_duplicates(
    tx: &mut Tx<'_>,
    form: &PersonForm,
    _: &Window,
) -> Result<Page<PersonCard>, Failure> {
    let alike = possible_duplicates(tx, form, None).await?;
    let ids: Vec<PersonId> = alike.iter().map(|it| it.0).collect();
    let rows = rows_of(tx, &ids).await?;
    let all = cards(tx, rows).await?.into_iter().map(|it| (it.id, it));
    let mut all: HashMap<PersonId, PersonCard> = all.collect();
    let card = |(id, likeness)| Some(PersonCard { likeness: Some(likeness), ..all.remove(&id)? });
    Ok(Page { items: alike.into_iter().filter_map(card).collect(), next: None })
}

/// Whether the caller sees a person like the one who is to be entered.
pub async fn is_like_another(tx: &mut Tx<'_>, form: &PersonForm) -> Result<bool, Failure> {
    Ok(!possible_duplicates(tx, form, None).await?.is_empty())
}

/// Warns of a person like the one who was entered.
pub fn warn_of_another(tx: &mut Tx<'_>) {
    tx.warn(POSSIBLE_DUPLICATE.reason().at("/family_name"));
}

/// Warns of a person like the one who was edited, if the caller sees one.
pub async fn warn_of_duplicates(tx: &mut Tx<'_>, id: PersonId, form: &PersonForm) -> Result<(), Failure> {
    if !possible_duplicates(tx, form, Some(id)).await?.is_empty() {
        warn_of_another(tx);
    }
    Ok(())
}

/// Everybody in the region who may be that person, the likeliest first, whether the caller sees them or not.
pub async fn candidates_of(tx: &mut Tx<'_>, id: PersonId) -> Result<Vec<(PersonId, Likeness)>, Failure> {
    let row: Option<Row> =
        db!(tx, first, people::table.find(bind(id)).select(Row::as_select())).optional()?;
    let form = comparable(tx, row.ok_or(Failure::NotFound(None))?)?;
    let own = traits(tx, &form);
    let mut ids = sharing(tx, &likeness::match_keys(&own)).await?;
    ids.remove(&id);
    let (ids, mut others) = (ids.into_iter().collect::<Vec<_>>(), Vec::new());
    for some in ids.chunks(STEP) {
        let those = people::table.filter(people::id.eq_any(binds(some)));
        let rows: Vec<Row> = db!(tx, load, those.select(Row::as_select()))?;
        others.extend(rows);
    }
    alike(tx, &own, others)
}

/// Somebody who has a key.
#[derive(QueryableByName)]
struct Keyed {
    #[diesel(sql_type = DbUuid)]
    key: Uuid,
    #[diesel(sql_type = DbUuid)]
    person_id: Uuid,
}

/// Everybody with one of these keys, by one statement. As in the scan, a key of more people than a block has tells nothing.
async fn sharing(tx: &mut Tx<'_>, keys: &[MatchKey]) -> Result<BTreeSet<PersonId>, Failure> {
    let enough = i64::try_from(BLOCK).unwrap_or(i64::MAX).saturating_add(1);
    let mut all = Statement::default();
    for (n, key) in keys.iter().enumerate() {
        all = all.text(if n == 0 { "" } else { " UNION ALL " });
        all = all.text("SELECT key, person_id FROM (SELECT key, person_id FROM match_keys WHERE key = ");
        all = all.value(Value::Uuid(Some(*key))).text(" LIMIT ").rows(enough).text(") AS keyed");
    }
    if keys.is_empty() {
        return Ok(BTreeSet::new());
    }
    let found: Vec<Keyed> = db!(tx, load, all)?;
    let mut by_key: HashMap<Uuid, Vec<PersonId>> = HashMap::new();
    found.into_iter().for_each(|it| by_key.entry(it.key).or_default().push(it.person_id.into()));
    Ok(by_key.into_values().filter(|it| it.len() <= BLOCK).flatten().collect())
}

/// The likeness of the records of two people.
pub(crate) async fn likeness_of(
    tx: &mut Tx<'_>,
    one: PersonId,
    other: PersonId,
) -> Result<Likeness, Failure> {
    let both = people::table.filter(people::id.eq_any(binds(&[one, other]))).order(people::id);
    let rows: Vec<Row> = db!(tx, load, both.select(Row::as_select()))?;
    let mut both = Vec::new();
    for it in rows {
        both.push(traits(tx, &comparable(tx, it)?));
    }
    match both.as_slice() {
        [one, other] => Ok(compare(one, other)),
        _ => Err(Failure::broken("two people who are not there")),
    }
}

/// The traits of people by their ids, a step of them after that one; nothing after the last. For a scan of the region.
pub async fn everybodys_traits(
    tx: &mut Tx<'_>,
    after: Option<PersonId>,
) -> Result<Vec<(PersonId, Traits)>, Failure> {
    let after = after.unwrap_or_else(|| uuid::Uuid::nil().into());
    let next = people::table.filter(people::id.gt(bind(after))).order(people::id).limit(PAGE);
    let rows: Vec<Row> = db!(tx, load, next.select(Row::as_select()))?;
    rows.into_iter().map(|it| Ok((it.id, traits(tx, &comparable(tx, it)?)))).collect()
}

/// Keeps the keys of everybody who was on record before keys were kept: sorted, so that neighbours are written together.
pub(crate) async fn fill_match_keys(tx: &mut Tx<'_>) -> Result<(), Failure> {
    let (mut keys, mut after) = (Vec::new(), None);
    loop {
        let some = everybodys_traits(tx, after).await?;
        let Some((last, _)) = some.last() else { break };
        after = Some(*last);
        keys.extend(
            some.iter().flat_map(|(id, it)| likeness::match_keys(it).into_iter().map(|key| (key, *id))),
        );
    }
    keys.sort_unstable_by(|a, b| b.cmp(a));
    add_keys(tx, keys).await
}
