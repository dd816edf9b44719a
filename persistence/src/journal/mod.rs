//! The journal: what has happened, and who has seen whom.
//!
//! - Facts: one order without gaps for all readers. On PostgreSQL committed facts are numbered afterwards.
//! - [`reads`]: reads of personal data, by batches that are joined and sorted by subject.
//! - The row about the region, with its check value.
//!
//! Invariants: a reader that has seen a place has seen everything before it. A read that was noted is written, or noted again.
mod packed;
pub mod reads;
pub(crate) mod unpacked;

use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::RegionInfo;
use crate::engine::schema::{facts, journal, region};
use crate::tx::Tx;
use diesel::prelude::*;
use diesel_async::AsyncPgConnection;
use domain::base::text::{Oktmo, Title};
use uuid::Uuid;

/// Numbers committed facts, in one order for all readers.
///
/// A number taken inside a writer's transaction can become visible after a later number. A reader that has passed it
/// would never see it. So only committed facts get numbers. One numberer works at a time (the row lock), and the
/// numbers of a batch appear at once. Writers wait for nobody.
pub const NUMBER: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; \
    SELECT last_seq FROM journal FOR UPDATE; \
    WITH fresh AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM facts WHERE seq IS NULL), \
    done AS (UPDATE facts SET seq = journal.last_seq + fresh.n FROM fresh, journal WHERE facts.id = fresh.id RETURNING 1) \
    UPDATE journal SET last_seq = last_seq + (SELECT count(*) FROM done) WHERE EXISTS (SELECT 1 FROM fresh); \
    COMMIT";

pub(crate) async fn number(conn: &AsyncPgConnection) -> Result<(), Failure> {
    Ok(crate::engine::postgres::batch(conn, NUMBER).await?)
}

/// Writes the row that describes a new region.
pub(crate) async fn found_region(tx: &mut Tx<'_>, info: &RegionInfo) -> Result<(), Failure> {
    let row = (
        region::code.eq(bind(info.code.clone())),
        region::name.eq(bind(info.name.clone())),
        region::territory.eq(bind(info.territory.clone())),
        region::time_zone.eq(bind(info.zone.name().to_owned())),
        region::created_at.eq(bind(tx.now())),
        region::key_check.eq(bind(Some(tx.core.keys.check_value()?))),
    );
    db!(tx, execute, diesel::insert_into(region::table).values(row))?;
    db!(
        tx,
        execute,
        diesel::insert_into(journal::table).values((journal::id.eq(1), journal::last_seq.eq(0)))
    )?;
    Ok(())
}

/// Reads the row that describes this region.
pub(crate) async fn region_info(tx: &mut Tx<'_>) -> Result<RegionInfo, Failure> {
    let (code, name, territory, zone): (String, Title, Oktmo, String) = db!(
        tx,
        first,
        region::table.select((region::code, region::name, region::territory, region::time_zone))
    )?;
    let zone = zone.parse().map_err(Failure::Broken)?;
    Ok(RegionInfo { code, name: name.into(), territory, zone })
}

/// The check value of the region. None in a region from before check values.
pub(crate) async fn key_check(tx: &mut Tx<'_>) -> Result<Option<String>, Failure> {
    Ok(db!(tx, first, region::table.select(region::key_check))?)
}

/// Gives the region its check value.
pub(crate) async fn keep_key_check(tx: &mut Tx<'_>) -> Result<(), Failure> {
    let value = region::key_check.eq(bind(Some(tx.core.keys.check_value()?)));
    db!(tx, execute, diesel::update(region::table).set(value))?;
    Ok(())
}

/// The last place given in the journal, and the number of facts with a place. The two are equal unless a fact was
/// lost.
pub async fn last_place(tx: &mut Tx<'_>) -> Result<(i64, i64), Failure> {
    let last: i64 = db!(tx, first, journal::table.select(journal::last_seq))?;
    let numbered: i64 = db!(tx, get_result, facts::table.filter(facts::seq.is_not_null()).count())?;
    Ok((last, numbered))
}

/// Facts after a place, in their order, for a feed.
pub async fn since(tx: &mut Tx<'_>, seq: i64, limit: i64) -> Result<Vec<(i64, String, Uuid)>, Failure> {
    let numbered = facts::table.filter(facts::seq.gt(seq)).select((
        facts::seq.assume_not_null(),
        facts::kind,
        facts::subject_id,
    ));
    Ok(db!(tx, load, numbered.order(facts::seq).limit(limit))?)
}

mod catalogue {
    diesel::table! {
        #[sql_name = "schemata"]
        information_schema.schemata (schema_name) { schema_name -> Text, }
    }
    diesel::table! {
        nastavnik.regions (code) { code -> Text, }
    }
}

/// The codes in the register of a PostgreSQL database.
pub(crate) async fn registered(conn: &AsyncPgConnection) -> Result<Vec<String>, Failure> {
    use catalogue::regions;
    let all = regions::table.select(regions::code).order(regions::code);
    Ok(diesel_async::RunQueryDsl::load(all, &mut &*conn).await?)
}

/// The names of the schemas of a PostgreSQL database that begin with a prefix, without it.
pub(crate) async fn schemas(conn: &AsyncPgConnection, prefix: &str) -> Result<Vec<String>, Failure> {
    use catalogue::schemata;
    let all = schemata::table.select(schemata::schema_name).order(schemata::schema_name);
    let names: Vec<String> = diesel_async::RunQueryDsl::load(all, &mut &*conn).await?;
    Ok(names.iter().filter_map(|it| it.strip_prefix(prefix)).map(str::to_owned).collect())
}
