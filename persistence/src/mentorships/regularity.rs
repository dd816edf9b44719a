//! Regularity of meetings in the database: one row for each mentorship that has begun.
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{meetings, mentorships, regularities};
use crate::journal;
use crate::region::programs;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::id::{EditionId, MentorshipId};
use domain::base::moment::Moment;
use domain::mentorships::MentorshipState;
use domain::mentorships::regularity::Regularity;
use std::collections::HashMap;

type Row = (MentorshipId, Option<NaiveDate>, NaiveDate);

/// The regularity of those of the given mentorships that have begun.
pub(crate) async fn of(
    tx: &mut Tx<'_>,
    ids: &[MentorshipId],
) -> Result<HashMap<MentorshipId, Regularity>, Failure> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let some = regularities::table.filter(regularities::mentorship_id.eq_any(binds(ids)));
    let rows: Vec<Row> = db!(
        tx,
        load,
        some.select((regularities::mentorship_id, regularities::last_on, regularities::due_on))
    )?;
    Ok(rows.into_iter().map(|(id, last_on, due_on)| (id, Regularity { last_on, due_on })).collect())
}

/// The regularity of a mentorship at its beginning, and the deadline in days of its edition.
async fn begun(tx: &mut Tx<'_>, id: MentorshipId) -> Result<(Regularity, i32), Failure> {
    let row = mentorships::table.find(bind(id)).select((mentorships::edition_id, mentorships::starts_on));
    let (edition_id, starts_on): (EditionId, Option<NaiveDate>) = db!(tx, first, row)?;
    let starts_on = starts_on.ok_or_else(|| Failure::broken(format!("mentorship {id} has not begun")))?;
    let deadline_days = programs::edition_of(tx, edition_id).await?.form.contact_deadline_days;
    Ok((Regularity::begin(starts_on, deadline_days), deadline_days))
}

/// The regularity of one mentorship, and the deadline in days of its edition.
async fn one(tx: &mut Tx<'_>, id: MentorshipId) -> Result<(Regularity, i32), Failure> {
    let (begun, deadline_days) = begun(tx, id).await?;
    Ok((of(tx, &[id]).await?.remove(&id).unwrap_or(begun), deadline_days))
}

/// The regularity of a mentorship that has begun.
pub(crate) async fn of_one(tx: &mut Tx<'_>, id: MentorshipId) -> Result<Regularity, Failure> {
    Ok(one(tx, id).await?.0)
}

async fn save(tx: &mut Tx<'_>, id: MentorshipId, it: Regularity) -> Result<(), Failure> {
    let own = regularities::table.find(bind(id));
    let set = (regularities::last_on.eq(it.last_on), regularities::due_on.eq(it.due_on));
    let known = db!(tx, execute, prepared(diesel::update(own).set(set)))?;
    if known == 0 {
        let row = (regularities::mentorship_id.eq(bind(id)), set);
        db!(tx, execute, diesel::insert_into(regularities::table).values(row))?;
    }
    Ok(())
}

/// Creates the row for a mentorship that was confirmed in this transaction.
pub(crate) async fn begin(tx: &mut Tx<'_>, id: MentorshipId) -> Result<(), Failure> {
    let regularity = of_one(tx, id).await?;
    save(tx, id, regularity).await
}

/// Notes that the pair has met at that instant.
pub(crate) async fn meet(tx: &mut Tx<'_>, id: MentorshipId, at: Moment) -> Result<(), Failure> {
    let (regularity, deadline_days) = one(tx, id).await?;
    let on = tx.zone().day(at);
    save(tx, id, regularity.meet(on, deadline_days)).await
}

/// Notes the end of a pause on that day. The deadline for the next meeting runs from it.
pub async fn resume(tx: &mut Tx<'_>, id: MentorshipId, on: NaiveDate) -> Result<(), Failure> {
    let (regularity, deadline_days) = one(tx, id).await?;
    save(tx, id, regularity.resume(on, deadline_days)).await
}

/// The day on which the pair last met, including group meetings.
pub async fn met_on(tx: &mut Tx<'_>, id: MentorshipId) -> Result<Option<NaiveDate>, Failure> {
    Ok(of(tx, &[id]).await?.remove(&id).and_then(|it| it.last_on))
}

/// Counts the regularity anew after a meeting was annulled: from the first day, the end of the last pause, and the last meeting
/// of those in groups and of its own.
pub(crate) async fn recount(
    tx: &mut Tx<'_>,
    id: MentorshipId,
    resumed_on: Option<NaiveDate>,
    in_groups: impl Iterator<Item = Moment>,
) -> Result<(), Failure> {
    let (mut regularity, deadline_days) = begun(tx, id).await?;
    if let Some(on) = resumed_on {
        regularity = regularity.resume(on, deadline_days);
    }
    let met = in_groups.chain(last_held(tx, id).await?).max();
    if let Some(at) = met {
        regularity = regularity.meet(tx.zone().day(at), deadline_days);
    }
    save(tx, id, regularity).await
}

/// The instant of the last held individual meeting.
async fn last_held(tx: &mut Tx<'_>, id: MentorshipId) -> Result<Option<Moment>, Failure> {
    let held = meetings::table
        .filter(meetings::mentorship_id.eq(bind(id)))
        .filter(meetings::began_at.is_not_null())
        .filter(meetings::annulment_reason.is_null());
    Ok(db!(tx, first, held.order(meetings::at.desc()).select(meetings::at)).optional()?)
}

/// Creates a row for every active mentorship without one: those that began before the rows were kept.
pub(crate) async fn fill(tx: &mut Tx<'_>) -> Result<(), Failure> {
    let known = regularities::table.select(regularities::mentorship_id);
    let unknown = mentorships::table
        .filter(mentorships::state.eq(bind(MentorshipState::Active)))
        .filter(mentorships::id.ne_all(known))
        .select(mentorships::id);
    let ids: Vec<MentorshipId> = db!(tx, load, unknown)?;
    if ids.is_empty() {
        return Ok(());
    }
    let zone = journal::region_info(tx).await?.zone;
    for id in ids {
        let (regularity, deadline_days) = one(tx, id).await?;
        let last = last_held(tx, id).await?;
        let met = last.map(|it| regularity.meet(zone.day(it), deadline_days));
        save(tx, id, met.unwrap_or(regularity)).await?;
    }
    Ok(())
}
