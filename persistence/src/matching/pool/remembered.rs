//! Memory of mentors between requests about candidates. With thousands of mentors, loading them is most of the work.
//!
//! A remembered side has its place in the journal, and the journal has no gaps. The facts after that place tell which mentors have
//! changed, and only these are read again. A fact that touches all mentors makes the side be loaded anew, off the worker threads.
//! Rounds do not use the memory, because they read one snapshot.
use super::{MentorSide, Question};
use crate::engine::column::{any_of, binds};
use crate::engine::conn::{Conn, db};
use crate::engine::failure::Failure;
use crate::engine::schema::{facts, journal, mentors, mentorships, removal_grounds, trainings};
use crate::engine::sqlite::held;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::SubjectKind;
use domain::base::id::*;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// Rows that reads of the mentors wait for, see [`crate::db::Region::read_remembered`].
#[derive(Debug)]
pub enum Mentors {}

/// Sides that the memory holds at most.
const REMEMBERED: usize = 8;
/// Facts after which a worker thread looks for changed mentors at most. It takes a millisecond.
const LOOKED_THROUGH: i64 = 2000;
/// Facts that are read at once.
const IN_A_PORTION: i64 = 10_000;
/// Changed mentors that are read again at most. With more, all are loaded.
const EXCHANGED: usize = 400;

/// Kinds of things of which all mentors are made. Facts about other kinds than these and [`OF_ONE`] change no mentor.
const OF_ALL: [SubjectKind; 5] = [
    SubjectKind::Organization,
    SubjectKind::Program,
    SubjectKind::Edition,
    SubjectKind::Course,
    SubjectKind::Municipality,
];

/// Kinds of things of which one mentor is made.
const OF_ONE: [SubjectKind; 5] = [
    SubjectKind::Person,
    SubjectKind::Mentor,
    SubjectKind::RemovalGround,
    SubjectKind::Training,
    SubjectKind::Mentorship,
];

/// The key of a side: a program, its edition and a day.
type Which = (ProgramId, EditionId, NaiveDate);

/// The answers to the latest `MOST` questions of a region, the latest last, each with the last place of the journal that it knows.
#[derive(Debug)]
pub(in crate::matching) struct Latest<K, V, const MOST: usize>(Mutex<Vec<(K, i64, V)>>);

impl<K, V, const MOST: usize> Default for Latest<K, V, MOST> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: PartialEq, V: Clone, const MOST: usize> Latest<K, V, MOST> {
    pub(in crate::matching) fn find(&self, asked: &K) -> Option<(i64, V)> {
        held(&self.0).iter().find(|it| it.0 == *asked).map(|it| (it.1, it.2.clone()))
    }
    pub(in crate::matching) fn keep(&self, asked: K, place: i64, answer: V) {
        let mut all = held(&self.0);
        all.retain(|it| it.0 != asked);
        if all.len() >= MOST {
            all.remove(0);
        }
        all.push((asked, place, answer));
    }
}

/// The mentors as they are now: from memory with the changed ones exchanged, or loaded. Loading is refused on a worker thread.
pub(super) async fn side(tx: &mut Tx<'_>, asked: &Question) -> Result<Arc<MentorSide>, Failure> {
    let which = (asked.program_id, asked.edition.id, asked.as_of);
    let core = tx.core.clone();
    let memory = core.memory.of::<Latest<Which, Arc<MentorSide>, REMEMBERED>>();
    // The place is read first. A fact that comes later is met again, and meeting it twice does no harm.
    let place = last_place(tx).await?;
    let changed = match memory.find(&which) {
        Some((known, side)) => changed_since(tx, known, place).await?.map(|changed| (known, side, changed)),
        None => None,
    };
    let side = match changed {
        Some((known, side, changed)) if changed.is_empty() => {
            if place > known {
                memory.keep(which, place, side.clone());
            }
            return Ok(side);
        }
        Some((_, side, changed)) => Arc::new(side.exchanged(tx, asked, &changed).await?),
        None => {
            tx.must_be_apart()?;
            Arc::new(MentorSide::load(tx, asked).await?)
        }
    };
    memory.keep(which, place, side.clone());
    Ok(side)
}

/// The last place of the journal.
pub(in crate::matching) async fn last_place(tx: &mut Tx<'_>) -> Result<i64, Failure> {
    Ok(db!(tx, first, journal::table.select(journal::last_seq))?)
}

/// The things of these kinds about which a fact has a later place, or has none yet: on PostgreSQL a fact gets its place in the
/// journal only some time after its commit. Looking through many facts is refused on a worker thread.
pub(in crate::matching) async fn told_since(
    tx: &mut Tx<'_>,
    after: i64,
    last: i64,
    kinds: &[SubjectKind],
) -> Result<Vec<(SubjectKind, Uuid)>, Failure> {
    if last - after > LOOKED_THROUGH {
        tx.must_be_apart()?;
    }
    let mut told: Vec<(SubjectKind, Uuid)> = Vec::new();
    let mut first = after;
    while first < last {
        // The kinds are picked here. In the statement they would tempt SQLite to walk all facts of these kinds.
        let later = facts::table
            .filter(facts::seq.gt(first).and(facts::seq.le(first + IN_A_PORTION)))
            .select((facts::subject_kind, facts::subject_id));
        let portion: Vec<(SubjectKind, Uuid)> = db!(tx, load, later)?;
        told.extend(portion.into_iter().filter(|it| kinds.contains(&it.0)));
        told.sort_unstable();
        told.dedup();
        first += IN_A_PORTION;
    }
    if matches!(tx.conn, Conn::Postgres(_)) {
        let coming =
            facts::table.filter(facts::seq.is_null()).filter(facts::subject_kind.eq_any(any_of(kinds)));
        let coming: Vec<(SubjectKind, Uuid)> =
            db!(tx, load, coming.select((facts::subject_kind, facts::subject_id)).distinct())?;
        told.extend(coming);
    }
    Ok(told)
}

/// The mentors who may have changed after a place. None: all of them, or too many.
async fn changed_since(tx: &mut Tx<'_>, after: i64, last: i64) -> Result<Option<Vec<MentorId>>, Failure> {
    let told = told_since(tx, after, last, &[OF_ALL, OF_ONE].concat()).await?;
    if told.iter().any(|it| OF_ALL.contains(&it.0)) {
        return Ok(None);
    }
    let of = |kind: SubjectKind| told.iter().filter(move |it| it.0 == kind).map(|it| it.1);
    let mut changed: BTreeSet<MentorId> = of(SubjectKind::Mentor).map(MentorId::from).collect();
    macro_rules! add {
        ($kind:ident $id:ty: $key:expr => $mentor:expr, $table:expr) => {
            let ids: Vec<$id> = of(SubjectKind::$kind).map(<$id>::from).collect();
            for part in ids.chunks(EXCHANGED) {
                let found: Vec<MentorId> =
                    db!(tx, load, $table.filter($key.eq_any(binds(part))).select($mentor).distinct())?;
                changed.extend(found);
            }
        };
    }
    add!(Person PersonId: mentors::person_id => mentors::id, mentors::table);
    add!(RemovalGround RemovalGroundId: removal_grounds::id => removal_grounds::mentor_id, removal_grounds::table);
    add!(Training TrainingId: trainings::id => trainings::mentor_id, trainings::table);
    add!(Mentorship MentorshipId: mentorships::id => mentorships::mentor_id, mentorships::table);
    Ok((changed.len() <= EXCHANGED).then(|| changed.into_iter().collect()))
}
