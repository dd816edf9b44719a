//! Scans of the region for pairs that may be one person, in the database.
use super::candidates::note;
use super::{keeps, must_keep};
use crate::engine::card::cards;
use crate::engine::column::bind;
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{
    beneficiaries, register_candidates, register_entries, register_merges, register_scans,
};
use crate::region::jobs;
use crate::sight::is_found;
use crate::tx::Tx;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::change::{Changed, NewFact, Subject, SubjectKind};
use domain::base::id::{JobId, PersonId, RegisterEntryId, RegisterScanId, UserId};
use domain::base::moment::Moment;
use domain::people::likeness::Likeness;
use domain::people::register::scans::*;
use domain::region::jobs::JobKind;
use shape::card;
use std::collections::HashMap;
use uuid::Uuid;

/// A scan, as every endpoint returns it.
#[card]
pub struct RegisterScanCard {
    /// The id of the scan.
    pub id: RegisterScanId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The state.
    pub state: RegisterScanState,
    /// The job that does the work.
    pub job_id: JobId,
    /// The account that began it.
    pub made_by_user_id: UserId,
    /// The number of entries that were compared, once it is done.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 2838)]
    pub entries: Option<i64>,
    /// The number of pairs that were not known before, once it is done.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 12)]
    pub found: Option<i64>,
    /// The moment of the beginning.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { RegisterScanCard in "register-scans"; }

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = register_scans)]
struct Row {
    id: RegisterScanId,
    version: i64,
    state: RegisterScanState,
    job_id: JobId,
    made_by: UserId,
    entries: Option<i64>,
    found: Option<i64>,
    created_at: Moment,
    updated_at: Moment,
}

fn missing(id: RegisterScanId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::RegisterScan, id)))
}

async fn row(tx: &mut Tx<'_>, id: RegisterScanId) -> Result<Row, Failure> {
    let one = register_scans::table.find(bind(id));
    let row: Row = db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))?;
    if keeps(tx).await? { Ok(row) } else { Err(missing(id)) }
}

/// Whether the right of this transaction reaches the scan.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: RegisterScanId) -> Result<bool, Failure> {
    is_found(row(tx, id).await)
}

/// The card of one scan.
pub async fn card(tx: &mut Tx<'_>, id: RegisterScanId) -> Result<RegisterScanCard, Failure> {
    let it = row(tx, id).await?;
    Ok(RegisterScanCard {
        id: it.id,
        version: it.version,
        state: it.state,
        job_id: it.job_id,
        made_by_user_id: it.made_by,
        entries: it.entries,
        found: it.found,
        created_at: it.created_at,
        updated_at: it.updated_at,
    })
}

/// Begins a scan and puts its work into the queue.
pub async fn begin(tx: &mut Tx<'_>) -> Result<(RegisterScanId, JobId), Failure> {
    must_keep(tx).await?;
    let running = register_scans::table.filter(register_scans::state.eq(bind(RegisterScanState::Running)));
    let is_running = db!(tx, get_result, diesel::select(exists(running)))?;
    let (it, records) = Scan::begin(tx.mint(), is_running)?.into_parts();
    let subject = Subject::new(SubjectKind::RegisterScan, it.id);
    let job_id = jobs::enqueue(tx, JobKind::RegisterScan, subject).await?;
    let row = (
        register_scans::id.eq(bind(it.id)),
        register_scans::version.eq(1),
        register_scans::state.eq(bind(RegisterScanState::Running)),
        register_scans::job_id.eq(bind(job_id)),
        register_scans::made_by.eq(bind(tx.author()?)),
        register_scans::created_at.eq(bind(tx.now())),
        register_scans::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(register_scans::table).values(row))?;
    tx.established(rows, records)?;
    Ok((it.id, job_id))
}

/// The people on the register, each with the entry. A scan compares them.
pub async fn registered(tx: &mut Tx<'_>) -> Result<HashMap<PersonId, RegisterEntryId>, Failure> {
    let all = register_entries::table.inner_join(beneficiaries::table);
    let all = all.select((beneficiaries::person_id.assume_not_null(), register_entries::id));
    let all: Vec<(PersonId, RegisterEntryId)> = db!(tx, load, all)?;
    Ok(all.into_iter().collect())
}

/// The pairs of entries of which one is merged into the other. They are found no more.
pub async fn merged_pairs(tx: &mut Tx<'_>) -> Result<Vec<(RegisterEntryId, RegisterEntryId)>, Failure> {
    let in_force = register_merges::table
        .filter(register_merges::reversed_at.is_null())
        .select((register_merges::entry_id, register_merges::other_entry_id));
    Ok(db!(tx, load, in_force)?)
}

/// Notes pairs that a scan has found.
pub async fn note_all(
    tx: &mut Tx<'_>,
    found: &[((RegisterEntryId, RegisterEntryId), Likeness)],
) -> Result<(), Failure> {
    for (entries, likeness) in found {
        note(tx, *entries, likeness.clone()).await?;
    }
    Ok(())
}

/// The number of pairs that were found since a scan began, also before its work was taken up again.
pub async fn found_since(tx: &mut Tx<'_>, id: RegisterScanId) -> Result<i64, Failure> {
    let id: Uuid = id.into();
    let later = register_candidates::table.filter(register_candidates::id.gt(bind(id)));
    Ok(db!(tx, get_result, later.count())?)
}

/// Saves the end of a scan.
pub async fn save_done(tx: &mut Tx<'_>, change: Changed<ScanDone>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    set_state(tx, it.id, RegisterScanState::Done, Some((it.entries, it.found)), records).await
}

/// Notes that the work on a scan ended without success.
pub async fn stopped(tx: &mut Tx<'_>, id: RegisterScanId) -> Result<(), Failure> {
    let (it, records) = Scan { id }.stop().into_parts();
    set_state(tx, it.id, RegisterScanState::Stopped, None, records).await
}

async fn set_state(
    tx: &mut Tx<'_>,
    id: RegisterScanId,
    state: RegisterScanState,
    counts: Option<(i64, i64)>,
    records: Vec<NewFact>,
) -> Result<(), Failure> {
    let set = (
        register_scans::version.eq(register_scans::version + 1),
        register_scans::state.eq(bind(state)),
        register_scans::entries.eq(counts.map(|it| it.0)),
        register_scans::found.eq(counts.map(|it| it.1)),
        register_scans::updated_at.eq(bind(tx.now())),
    );
    let running = register_scans::table
        .filter(register_scans::id.eq(bind(id)))
        .filter(register_scans::state.eq(bind(RegisterScanState::Running)));
    let rows = db!(tx, execute, prepared(diesel::update(running).set(set)))?;
    tx.established(rows, records)
}
