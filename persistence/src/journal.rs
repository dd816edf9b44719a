//! The journal: facts in an order that no reader can find a gap in, reads of personal data, and what the region is.
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, RegionInfo, Window};
use crate::engine::schema::{facts, journal, reads, region};
use crate::sight;
use crate::tx::{Read, Tx};
use diesel::prelude::*;
use diesel_async::AsyncPgConnection;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{FactId, Id, UserId};
use domain::base::moment::Moment;
use domain::base::text::{Oktmo, Title};
use shape::card;
use uuid::Uuid;

/// Gives committed facts their places, in one order for all readers.
///
/// A number taken inside a writer's transaction can become visible after a later one, and a reader that has passed it never
/// comes back. Here only facts that are committed get numbers, by one numberer at a time (the row lock), and the numbers of a
/// batch appear at once. Writers wait for nobody.
pub const NUMBER: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; \
    SELECT last_seq FROM journal FOR UPDATE; \
    WITH fresh AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM facts WHERE seq IS NULL), \
    done AS (UPDATE facts SET seq = journal.last_seq + fresh.n FROM fresh, journal WHERE facts.id = fresh.id RETURNING 1) \
    UPDATE journal SET last_seq = last_seq + (SELECT count(*) FROM done) WHERE EXISTS (SELECT 1 FROM fresh); \
    COMMIT";

pub(crate) async fn number(conn: &AsyncPgConnection) -> Result<(), Failure> {
    Ok(crate::engine::postgres::batch(conn, NUMBER).await?)
}

/// One entry of a resource's history.
#[card]
pub struct HistoryEntry {
    /// The entry.
    pub id: FactId,
    /// When it happened.
    pub at: Moment,
    /// The account that did it; none where the clock or the command line did.
    pub actor_id: Option<UserId>,
    /// The request that did it, as `X-Request-Id` named it.
    #[schema(max_length = 64, example = "0198f0c2a5d07f6e8a3b")]
    pub request_id: String,
    /// What happened, such as `organization.edited`.
    #[schema(max_length = 64, example = "organization.edited")]
    pub kind: String,
    /// Codes, dates and names of fields; never personal values.
    #[schema(max_items = 50)]
    pub details: Vec<HistoryDetail>,
}

/// One detail of an entry.
#[card]
pub struct HistoryDetail {
    /// Its name.
    #[schema(max_length = 64, example = "fields")]
    pub name: String,
    /// Its value as text; lists are joined by commas.
    #[schema(max_length = 8000, example = "name, contacts")]
    pub value: String,
}

impl crate::engine::card::Card for HistoryEntry {}

fn details(body: serde_json::Value) -> Vec<HistoryDetail> {
    let serde_json::Value::Object(members) = body else { return Vec::new() };
    let told = members.into_iter().filter(|(_, value)| !value.is_null());
    told.map(|(name, value)| HistoryDetail { name, value: plain(value) }).collect()
}

fn plain(value: serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text,
        serde_json::Value::Array(items) => items.into_iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

type FactRow = (FactId, Moment, Option<UserId>, String, String, Json<serde_json::Value>);

/// What happened to a subject that the caller can see, the latest first.
pub async fn history(
    tx: &mut Tx<'_>,
    subject: Subject,
    window: &Window,
) -> Result<Page<HistoryEntry>, Failure> {
    sight::must_see(tx, subject).await?;
    told::<FactId>(tx, subject, subject.kind, &[], window).await
}

/// What happened to a subject that the caller can see and to its parts of one kind, as the meetings of a mentorship, the latest
/// first.
pub async fn history_with<I: Id>(
    tx: &mut Tx<'_>,
    subject: Subject,
    kind: SubjectKind,
    parts: &[I],
    window: &Window,
) -> Result<Page<HistoryEntry>, Failure> {
    sight::must_see(tx, subject).await?;
    told(tx, subject, kind, parts, window).await
}

async fn told<I: Id>(
    tx: &mut Tx<'_>,
    subject: Subject,
    kind: SubjectKind,
    parts: &[I],
    window: &Window,
) -> Result<Page<HistoryEntry>, Failure> {
    let rows: Vec<FactRow> = db!(tx, load, {
        let own = facts::subject_kind.eq(bind(subject.kind)).and(facts::subject_id.eq(bind(subject.id)));
        let mut all = facts::table
            .filter(own)
            .select((facts::id, facts::at, facts::actor_id, facts::request_id, facts::kind, facts::body))
            .order(facts::id.desc())
            .limit(window.fetch())
            .into_boxed();
        if !parts.is_empty() {
            let of_parts = facts::subject_kind.eq(bind(kind)).and(facts::subject_id.eq_any(binds(parts)));
            all = all.or_filter(of_parts);
        }
        if let Some(after) = window.after_id() {
            all = all.filter(facts::id.lt(bind(after)));
        }
        all
    })?;
    let entries = rows.into_iter().map(|(id, at, actor_id, request_id, kind, body)| HistoryEntry {
        id,
        at,
        actor_id,
        request_id,
        kind,
        details: details(body.0),
    });
    Ok(window.page(entries.collect(), |it| Place::id(it.id)))
}

pub(crate) async fn keep_reads(tx: &mut Tx<'_>, batch: &[Read]) -> Result<(), Failure> {
    for part in batch.chunks(500) {
        let rows: Vec<_> = part
            .iter()
            .map(|it| {
                (
                    reads::id.eq(bind(tx.mint::<FactId>())),
                    reads::at.eq(bind(it.at)),
                    reads::user_id.eq(bind(it.user)),
                    reads::request_id.eq(bind(it.request_id.clone())),
                    reads::subject_kind.eq(bind(it.subject.kind)),
                    reads::subject_id.eq(bind(it.subject.id)),
                )
            })
            .collect();
        db!(tx, execute, diesel::insert_into(reads::table).values(rows))?;
    }
    Ok(())
}

/// Who read a subject: account, subject, instant. For the person concerned, and for tests.
pub async fn readers(tx: &mut Tx<'_>, kind: SubjectKind, id: Uuid) -> Result<Vec<(UserId, Moment)>, Failure> {
    let of_subject =
        reads::table.filter(reads::subject_kind.eq(bind(kind))).filter(reads::subject_id.eq(bind(id)));
    Ok(db!(tx, load, of_subject.select((reads::user_id, reads::at)).order(reads::id).limit(1000))?)
}

/// Writes what a new region is.
pub(crate) async fn found_region(tx: &mut Tx<'_>, info: &RegionInfo) -> Result<(), Failure> {
    let row = (
        region::code.eq(bind(info.code.clone())),
        region::name.eq(bind(info.name.clone())),
        region::territory.eq(bind(info.territory.clone())),
        region::time_zone.eq(bind(info.zone.name().to_owned())),
        region::created_at.eq(bind(tx.now())),
    );
    db!(tx, execute, diesel::insert_into(region::table).values(row))?;
    db!(
        tx,
        execute,
        diesel::insert_into(journal::table).values((journal::id.eq(1), journal::last_seq.eq(0)))
    )?;
    Ok(())
}

/// Reads what this region is.
pub(crate) async fn region_info(tx: &mut Tx<'_>) -> Result<RegionInfo, Failure> {
    let (code, name, territory, zone): (String, Title, Oktmo, String) = db!(
        tx,
        first,
        region::table.select((region::code, region::name, region::territory, region::time_zone))
    )?;
    let zone = zone.parse().map_err(Failure::Broken)?;
    Ok(RegionInfo { code, name: name.into(), territory, zone })
}

/// The last place given, and how many facts have one: equal unless something was lost.
pub async fn last_place(tx: &mut Tx<'_>) -> Result<(i64, i64), Failure> {
    let last: i64 = db!(tx, first, journal::table.select(journal::last_seq))?;
    let numbered: i64 = db!(tx, get_result, facts::table.filter(facts::seq.is_not_null()).count())?;
    Ok((last, numbered))
}

/// Facts after a place, in their order: what a feed reads.
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
}

/// The codes of the regions in a PostgreSQL database.
pub(crate) async fn schemas(conn: &AsyncPgConnection, prefix: &str) -> Result<Vec<String>, Failure> {
    use catalogue::schemata;
    let all = schemata::table.select(schemata::schema_name).order(schemata::schema_name);
    let names: Vec<String> = diesel_async::RunQueryDsl::load(all, &mut &*conn).await?;
    Ok(names.iter().filter_map(|it| it.strip_prefix(prefix)).map(str::to_owned).collect())
}
