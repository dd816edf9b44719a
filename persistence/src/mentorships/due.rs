//! Ends caused by the passing of time: terms end, proposals lapse.
use super::row::Row;
use super::{meetings, save_ended, whole};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::mentorships;
use crate::region::programs;
use crate::tx::Tx;
use diesel::prelude::*;

/// Mentorships that one transaction ends at most, so that other writes need not wait long.
pub const DUE_AT_ONCE: i64 = 200;

/// Ends mentorships past their last day and lapses proposals that did not begin in time, a part at a time. A
/// mentorship ends only once, because an ended one is no longer due. Returns the number of ends; if it equals
/// [`DUE_AT_ONCE`], there may be more.
pub async fn due(tx: &mut Tx<'_>) -> Result<i64, Failure> {
    let today = tx.today();
    let not_ended = mentorships::table.filter(mentorships::ended_on.is_null());
    let outlived = not_ended
        .filter(mentorships::starts_on.is_not_null())
        .filter(mentorships::ends_on.assume_not_null().lt(today))
        .order((mentorships::ends_on, mentorships::id))
        .limit(DUE_AT_ONCE);
    let mut rows: Vec<Row> = db!(tx, load, outlived.select(Row::as_select()))?;
    let late = not_ended
        .filter(mentorships::starts_on.is_null())
        .filter(mentorships::lapses_after.lt(today))
        .order((mentorships::lapses_after, mentorships::id))
        .limit(DUE_AT_ONCE - i64::try_from(rows.len()).map_err(Failure::broken)?);
    let lapsing: Vec<Row> = db!(tx, load, late.select(Row::as_select()))?;
    rows.extend(lapsing);
    let mut ended = 0;
    for row in rows {
        let id = row.id;
        match end(tx, row).await {
            Ok(()) => ended += 1,
            // One inconsistent row must not stop the others from ending.
            Err(Failure::Broken(why)) => log::error!("mentorship {id} cannot end: {why}"),
            Err(other) => return Err(other),
        }
    }
    Ok(ended)
}

async fn end(tx: &mut Tx<'_>, row: Row) -> Result<(), Failure> {
    let today = tx.today();
    let edition = programs::edition_of(tx, row.edition_id).await?;
    let it = whole(tx, row).await?;
    if let Some(lapsed) = it.clone().lapse(today) {
        return save_ended(tx, lapsed).await.map(drop);
    }
    let running = it.running()?;
    let pace = match edition.form.life_plan_required {
        true => Some(meetings::pace(tx, &running.pairing, &running.term).await?),
        false => None,
    };
    match running.end_by_date(&edition.form.completion, pace.as_ref(), today) {
        Some(ended) => save_ended(tx, ended).await.map(drop),
        None => Ok(()),
    }
}
