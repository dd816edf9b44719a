//! Reads of personal data in the journal. The readers of a person must be told for years, and a page of fifty people is shown
//! a thousand times a second. A row for each person shown would be most of the database and of the writer's time.
//!
//! - A writing is one row: `read_batches`, packed in the order of requests.
//! - Many small batches are joined to one.
//! - When much waits, it becomes a run: pages sorted by subject (`read_runs`, `read_pages`), found by the first subject.
use super::packed::{self, Disclosure};
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{read_batches, read_pages, read_runs};
use crate::tx::{Read, Tx};
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{FactId, UserId};
use domain::base::moment::Moment;
use std::cmp::Reverse;
use uuid::Uuid;

/// Disclosures of a batch at most; a request with more has a batch of its own.
const IN_A_BATCH: usize = 100_000;
/// Disclosures that wait unsorted. A question about one subject opens all of these batches.
const UNSORTED: i64 = 250_000;
/// A batch of fewer disclosures is small.
const SMALL: i32 = 1_000;
/// Small batches that wait, before they are joined to one. A quiet region writes two of them a second.
const SMALL_ONES: usize = 256;
/// Disclosures of a sorted page, more if they are about one subject.
const IN_A_PAGE: usize = 256;
/// Readers that are told, the latest first.
const READERS_TOLD: usize = 1000;

/// Reads in packed form, ready to be written.
#[derive(Debug, Clone)]
pub(crate) struct Batch {
    disclosures: i32,
    last_at: Moment,
    body: Vec<u8>,
}

impl Batch {
    fn of(reads: &[Read]) -> Result<Self, Failure> {
        let disclosures = reads.iter().map(|it| it.subjects.len()).sum::<usize>();
        let last_at =
            reads.iter().map(|it| it.at).max().ok_or_else(|| Failure::broken("a batch of nothing"))?;
        let disclosures = i32::try_from(disclosures).map_err(Failure::broken)?;
        Ok(Self { disclosures, last_at, body: packed::batch(reads)? })
    }
}

/// Packs reads. The caller does it before the transaction, for there is one writer on SQLite.
pub(crate) fn pack(reads: &[Read]) -> Result<Vec<Batch>, Failure> {
    let mut batches = Vec::new();
    let mut rest = reads;
    while !rest.is_empty() {
        let mut count = 0;
        let fits = rest.iter().take_while(|it| {
            count += it.subjects.len();
            count <= IN_A_BATCH
        });
        let (part, after) = rest.split_at(fits.count().max(1));
        batches.push(Batch::of(part)?);
        rest = after;
    }
    Ok(batches)
}

/// Writes packed reads, and tells whether so much waits that it must be tidied.
pub(crate) async fn keep(tx: &mut Tx<'_>, batches: &[Batch]) -> Result<bool, Failure> {
    for it in batches {
        insert(tx, it).await?;
    }
    Ok(!untidy(waiting(tx).await?).is_empty())
}

async fn insert(tx: &mut Tx<'_>, batch: &Batch) -> Result<(), Failure> {
    let row = (
        read_batches::id.eq(bind(tx.mint::<FactId>())),
        read_batches::disclosures.eq(batch.disclosures),
        read_batches::last_at.eq(bind(batch.last_at)),
        read_batches::body.eq(batch.body.as_slice()),
    );
    db!(tx, execute, diesel::insert_into(read_batches::table).values(row))?;
    Ok(())
}

/// The batches that wait, the oldest first, with the number of their disclosures.
async fn waiting(tx: &mut Tx<'_>) -> Result<Vec<(FactId, i32)>, Failure> {
    let all = read_batches::table.select((read_batches::id, read_batches::disclosures));
    Ok(db!(tx, load, all.order(read_batches::id))?)
}

/// The batches that are due for a better place: all if they make a run, the small ones if these are many, else none.
fn untidy(waiting: Vec<(FactId, i32)>) -> Vec<FactId> {
    let disclosures: i64 = waiting.iter().map(|it| i64::from(it.1)).sum();
    let makes_run = disclosures >= UNSORTED;
    let due: Vec<FactId> =
        waiting.into_iter().filter(|it| makes_run || it.1 < SMALL).map(|it| it.0).collect();
    if makes_run || due.len() >= SMALL_ONES { due } else { Vec::new() }
}

/// The batches that are due for a better place, each with its packed reads.
pub(crate) async fn due(tx: &mut Tx<'_>) -> Result<Vec<(FactId, Vec<u8>)>, Failure> {
    let due = untidy(waiting(tx).await?);
    let bodies = read_batches::table.select((read_batches::id, read_batches::body));
    Ok(db!(tx, load, bodies.filter(read_batches::id.eq_any(binds(&due))))?)
}

/// Batches in their better place.
#[derive(Debug)]
pub(crate) struct Tidied {
    batches: Vec<FactId>,
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// One batch.
    Joined(Batch),
    /// Pages that are sorted by subject.
    Sorted(Run),
}

/// Sorted pages.
#[derive(Debug)]
struct Run {
    disclosures: i32,
    last_at: Moment,
    /// The first subject of each page, and the page.
    pages: Vec<(Uuid, Vec<u8>)>,
}

/// Joins or sorts batches. It takes long, so it must run outside of the worker threads.
pub(crate) fn tidy(batches: &[(FactId, Vec<u8>)]) -> Result<Tidied, Failure> {
    let mut reads = Vec::new();
    for (_, body) in batches {
        reads.append(&mut packed::of_batch(body)?);
    }
    let disclosures: usize = reads.iter().map(|it| it.subjects.len()).sum();
    let place = match i64::try_from(disclosures).map_err(Failure::broken)? >= UNSORTED {
        true => Place::Sorted(run(packed::disclosures(reads).collect())?),
        false => Place::Joined(Batch::of(&reads)?),
    };
    Ok(Tidied { batches: batches.iter().map(|it| it.0).collect(), place })
}

fn run(mut all: Vec<Disclosure>) -> Result<Run, Failure> {
    let last_at = all.iter().map(|it| it.at).max();
    let last_at = last_at.ok_or_else(|| Failure::broken("a run of nothing"))?;
    all.sort_unstable_by_key(|it| (it.subject.id, it.subject.kind, it.at));
    let mut pages = Vec::new();
    let mut rest = all.as_slice();
    while let Some(first) = rest.first() {
        // A subject stands on one page, so that one page answers for it.
        let end = match rest.get(IN_A_PAGE - 1).map(|it| it.subject.id) {
            Some(last) => {
                IN_A_PAGE + rest.iter().skip(IN_A_PAGE).take_while(|it| it.subject.id == last).count()
            }
            None => rest.len(),
        };
        let (page, after) = rest.split_at(end);
        pages.push((first.subject.id, packed::sorted(page)?));
        rest = after;
    }
    let disclosures = i32::try_from(all.len()).map_err(Failure::broken)?;
    Ok(Run { disclosures, last_at, pages })
}

/// Puts what was tidied in the place of its batches. If another process was sooner, nothing is left to do.
pub(crate) async fn replace(tx: &mut Tx<'_>, tidied: &Tidied) -> Result<(), Failure> {
    let there = read_batches::id.eq_any(binds(&tidied.batches));
    let there: i64 = db!(tx, get_result, read_batches::table.filter(there).count())?;
    if i64::try_from(tidied.batches.len()) != Ok(there) {
        return Ok(());
    }
    let batches = read_batches::id.eq_any(binds(&tidied.batches));
    db!(tx, execute, diesel::delete(read_batches::table.filter(batches)))?;
    match &tidied.place {
        Place::Joined(batch) => insert(tx, batch).await,
        Place::Sorted(run) => save(tx, run).await,
    }
}

async fn save(tx: &mut Tx<'_>, run: &Run) -> Result<(), Failure> {
    let id = tx.mint::<FactId>();
    let row = (
        read_runs::id.eq(bind(id)),
        read_runs::disclosures.eq(run.disclosures),
        read_runs::last_at.eq(bind(run.last_at)),
    );
    db!(tx, execute, diesel::insert_into(read_runs::table).values(row))?;
    for (first, body) in &run.pages {
        let row = (
            read_pages::run_id.eq(bind(id)),
            read_pages::first_subject.eq(bind(*first)),
            read_pages::body.eq(body.as_slice()),
        );
        db!(tx, execute, diesel::insert_into(read_pages::table).values(row))?;
    }
    Ok(())
}

/// Deletes the reads before that moment. Reads that are kept together go when the latest of them is too old.
pub(crate) async fn sweep(tx: &mut Tx<'_>, expired: Moment) -> Result<(), Failure> {
    let batches = read_batches::table.filter(read_batches::last_at.lt(bind(expired)));
    db!(tx, execute, diesel::delete(batches))?;
    let runs = read_runs::table.filter(read_runs::last_at.lt(bind(expired))).select(read_runs::id);
    let runs: Vec<FactId> = db!(tx, load, runs)?;
    for id in runs {
        db!(tx, execute, diesel::delete(read_pages::table.filter(read_pages::run_id.eq(bind(id)))))?;
        db!(tx, execute, diesel::delete(read_runs::table.find(bind(id))))?;
    }
    Ok(())
}

/// Reads of a subject: the account and the moment of each, the latest first. The person concerned may ask for them, and tests do.
pub async fn readers(tx: &mut Tx<'_>, kind: SubjectKind, id: Uuid) -> Result<Vec<(UserId, Moment)>, Failure> {
    let subject = Subject::new(kind, id);
    let page = read_pages::table
        .filter(read_pages::run_id.eq(read_runs::id))
        .filter(read_pages::first_subject.le(bind(id)))
        .order(read_pages::first_subject.desc())
        .select(read_pages::body)
        .single_value();
    let pages: Vec<Option<Vec<u8>>> = db!(tx, load, read_runs::table.select(page))?;
    let mut all = Vec::new();
    for it in pages.into_iter().flatten() {
        all.append(&mut packed::of_sorted(&it, subject)?);
    }
    let batches: Vec<Vec<u8>> = db!(tx, load, read_batches::table.select(read_batches::body))?;
    for it in batches {
        all.extend(packed::disclosures(packed::of_batch(&it)?).filter(|it| it.subject == subject));
    }
    all.sort_by_key(|it| Reverse(it.at));
    Ok(all.into_iter().take(READERS_TOLD).map(|it| (it.user, it.at)).collect())
}
