//! Memory of mentors between requests about candidates. With thousands of mentors, loading them is most of the work.
//!
//! A remembered side has its place in the journal, and the journal has no gaps. If no fact about its rows follows
//! after that place, reading again would give the same side. Rounds do not use the memory, because they read one
//! snapshot.
use super::MentorSide;
use crate::engine::conn::{Conn, db};
use crate::engine::failure::Failure;
use crate::engine::schema::{facts, journal};
use crate::engine::sqlite::held;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::SubjectKind;
use domain::base::id::{EditionId, ProgramId};
use std::sync::{Arc, Mutex};

/// Sides that the memory holds at most.
const REMEMBERED: usize = 8;

/// Kinds of things that the mentors' side is made of. Facts about other kinds do not change it.
const MADE_OF: [SubjectKind; 11] = [
    SubjectKind::Organization,
    SubjectKind::Person,
    SubjectKind::Program,
    SubjectKind::Edition,
    SubjectKind::Application,
    SubjectKind::Course,
    SubjectKind::Mentor,
    SubjectKind::RemovalGround,
    SubjectKind::Training,
    SubjectKind::Mentorship,
    SubjectKind::Municipality,
];

/// The key of a side: a program, its edition and a day.
pub(super) type Which = (ProgramId, EditionId, NaiveDate);

#[derive(Debug, Clone)]
struct Side {
    which: Which,
    place: i64,
    side: Arc<MentorSide>,
}

/// The remembered sides of a region, the latest last.
#[derive(Debug, Default)]
pub(crate) struct Sides(Mutex<Vec<Side>>);

impl Sides {
    fn find(&self, which: &Which) -> Option<Side> {
        held(&self.0).iter().find(|it| it.which == *which).cloned()
    }
    fn keep(&self, side: Side) {
        let mut all = held(&self.0);
        all.retain(|it| it.which != side.which);
        if all.len() >= REMEMBERED {
            all.remove(0);
        }
        all.push(side);
    }
}

/// The remembered side, if nothing has changed since it was read.
pub(super) async fn side(tx: &mut Tx<'_>, which: &Which) -> Result<Option<Arc<MentorSide>>, Failure> {
    let core = tx.core.clone();
    let Some(known) = core.memory.of::<Sides>().find(which) else { return Ok(None) };
    let place = last_place(tx).await?;
    if place != known.place && has_changed(tx, Some(known.place)).await? {
        return Ok(None);
    }
    // On PostgreSQL a fact gets its place in the journal only some time after its commit.
    if matches!(tx.conn, Conn::Postgres(_)) && has_changed(tx, None).await? {
        return Ok(None);
    }
    let side = known.side.clone();
    if place != known.place {
        core.memory.of::<Sides>().keep(Side { place, ..known });
    }
    Ok(Some(side))
}

/// Remembers a side with the last place of the journal before the side was read.
pub(super) fn keep(tx: &Tx<'_>, which: Which, place: i64, side: &Arc<MentorSide>) {
    tx.core.memory.of::<Sides>().keep(Side { which, place, side: side.clone() });
}

/// The last place of the journal.
pub(super) async fn last_place(tx: &mut Tx<'_>) -> Result<i64, Failure> {
    Ok(db!(tx, first, journal::table.select(journal::last_seq))?)
}

/// Whether a fact about these kinds has a later place. Without a place: whether one has no place yet.
async fn has_changed(tx: &mut Tx<'_>, after: Option<i64>) -> Result<bool, Failure> {
    let kinds: Vec<SubjectKind> = db!(tx, load, {
        let kinds = facts::table.select(facts::subject_kind).distinct().into_boxed();
        match after {
            Some(place) => kinds.filter(facts::seq.gt(place)),
            None => kinds.filter(facts::seq.is_null()),
        }
    })?;
    Ok(kinds.iter().any(|it| MADE_OF.contains(it)))
}
