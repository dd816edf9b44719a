//! The writes of each step of a group meeting.
use super::cards::{ANNULMENT, NOTE, REFLECTION, Row};
use super::{attended, participants};
use crate::engine::column::{Json, bind};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{group_meetings, mentorships as mentorships_table, participations};
use crate::mentorships::{self, regularity};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::Changed;
use domain::base::id::{GroupMeetingId, MentorshipId};
use domain::mentorships::group_meetings::*;

macro_rules! plan_row {
    ($form:expr) => {
        (
            group_meetings::at.eq(bind($form.planned_at)),
            group_meetings::planned_at.eq(bind($form.planned_at)),
            group_meetings::method.eq(bind($form.method)),
            group_meetings::purpose.eq(bind($form.purpose)),
            group_meetings::led_by.eq(bind($form.led_by)),
            group_meetings::directions.eq(bind(Json($form.directions))),
            group_meetings::topic.eq(bind($form.topic)),
            group_meetings::place.eq(bind($form.place)),
            group_meetings::online.eq($form.online),
            group_meetings::game_topic.eq(bind($form.game_topic)),
            group_meetings::skills.eq(bind(Json($form.skills))),
        )
    };
}

/// The columns that every step changes.
macro_rules! step {
    ($tx:expr, $state:expr) => {
        (
            group_meetings::version.eq(group_meetings::version + 1),
            group_meetings::state.eq(bind($state)),
            group_meetings::updated_at.eq(bind($tx.now())),
        )
    };
}

async fn take_part(tx: &mut Tx<'_>, id: GroupMeetingId, all: &[MentorshipId]) -> Result<(), Failure> {
    let own = participations::table.filter(participations::group_meeting_id.eq(bind(id)));
    db!(tx, execute, diesel::delete(own))?;
    let row = |(n, mentorship): (i32, &MentorshipId)| {
        (
            participations::group_meeting_id.eq(bind(id)),
            participations::mentorship_id.eq(bind(*mentorship)),
            participations::n.eq(n),
        )
    };
    let rows: Vec<_> = (1..).zip(all).map(row).collect();
    db!(tx, execute, diesel::insert_into(participations::table).values(rows))?;
    Ok(())
}

/// Saves a new plan.
pub async fn save_planned(tx: &mut Tx<'_>, change: Changed<Planned>) -> Result<(), Failure> {
    let (Planned { id, form }, records) = change.into_parts();
    let all = form.mentorship_ids;
    let head = (
        group_meetings::id.eq(bind(id)),
        group_meetings::version.eq(1),
        group_meetings::state.eq(bind(GroupMeetingState::Planned)),
        group_meetings::created_at.eq(bind(tx.now())),
        group_meetings::updated_at.eq(bind(tx.now())),
    );
    let row = (head, plan_row!(form));
    let rows = db!(tx, execute, diesel::insert_into(group_meetings::table).values(row))?;
    take_part(tx, id, &all).await?;
    tx.established(rows, records)
}

/// Saves a changed plan.
pub async fn save_replanned(tx: &mut Tx<'_>, change: Changed<Planned>) -> Result<(), Failure> {
    let (Planned { id, form }, records) = change.into_parts();
    let all = form.mentorship_ids;
    let one = group_meetings::table.find(bind(id));
    let set = (step!(tx, GroupMeetingState::Planned), plan_row!(form));
    let rows = db!(tx, execute, prepared(diesel::update(one).set(set)))?;
    take_part(tx, id, &all).await?;
    tx.established(rows, records)
}

/// Saves a held group meeting. It counts for the regularity of each pair that came.
pub async fn save_held(tx: &mut Tx<'_>, change: Changed<Held>) -> Result<(), Failure> {
    let (Held { was, holding: it }, records) = change.into_parts();
    let set = (
        group_meetings::at.eq(bind(it.began_at)),
        group_meetings::began_at.eq(bind(Some(it.began_at))),
        group_meetings::minutes.eq(Some(it.minutes)),
        group_meetings::held_directions.eq(bind(Some(Json(it.directions)))),
        group_meetings::held_topic.eq(bind(Some(it.topic))),
        group_meetings::reflection.eq(bind(tx.core.keys.seal_some(
            REFLECTION,
            was.id,
            it.reflection.as_ref(),
        )?)),
        group_meetings::relationship_rating.eq(it.relationship_rating),
    );
    let one = group_meetings::table.find(bind(was.id));
    let step = step!(tx, GroupMeetingState::Held);
    let rows = db!(tx, execute, prepared(diesel::update(one).set((step, set))))?;
    tx.established(rows, records)?;
    for Attendance { mentorship_id, attended } in it.attendance {
        let one = participations::table.find((bind(was.id), bind(mentorship_id)));
        db!(tx, execute, prepared(diesel::update(one).set(participations::attended.eq(Some(attended)))))?;
        if attended {
            regularity::meet(tx, mentorship_id, it.began_at).await?;
        }
    }
    Ok(())
}

/// Saves an annulled group meeting. The regularity of each pair that came follows.
pub async fn save_annulled(tx: &mut Tx<'_>, change: Changed<AnnulledGroupMeeting>) -> Result<(), Failure> {
    let (AnnulledGroupMeeting { id, annulment }, records) = change.into_parts();
    let reason = tx.core.keys.seal_some(ANNULMENT, id, Some(&annulment.reason))?;
    let one = group_meetings::table.find(bind(id));
    let set = (step!(tx, GroupMeetingState::Held), group_meetings::annulment_reason.eq(bind(reason)));
    let rows = db!(tx, execute, prepared(diesel::update(one).set(set)))?;
    tx.established(rows, records)?;
    let all = participants(tx, &[id]).await?.remove(&id).unwrap_or_default();
    for (of, _) in all.into_iter().filter(|it| it.1 == Some(true)) {
        let resumed_on = mentorships::resumed_on(tx, of).await?;
        let in_groups = attended(tx, &[of]).await?.into_iter().map(|(_, slot)| slot.began_at);
        regularity::recount(tx, of, resumed_on, in_groups).await?;
        mentorships::recounted(tx, of).await?;
    }
    Ok(())
}

/// Saves a cancelled group meeting.
pub async fn save_cancelled(tx: &mut Tx<'_>, change: Changed<Cancelled>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let rows = cancel(tx, it).await?;
    tx.established(rows, records)
}

async fn cancel(tx: &mut Tx<'_>, it: Cancelled) -> Result<usize, Failure> {
    let Cancelled { was, cancellation: it } = it;
    let set = (
        group_meetings::cancellation_reason.eq(bind(Some(it.reason))),
        group_meetings::note.eq(bind(tx.core.keys.seal_some(NOTE, was.id, it.note.as_ref())?)),
    );
    let one = group_meetings::table.find(bind(was.id));
    let step = step!(tx, GroupMeetingState::Cancelled);
    Ok(db!(tx, execute, prepared(diesel::update(one).set((step, set))))?)
}

/// Removes an ended mentorship from the group meetings that are still ahead. The row of the last participant stays,
/// because it decides who sees the cancelled meeting.
pub(crate) async fn end_with(tx: &mut Tx<'_>, of: MentorshipId) -> Result<(), Failure> {
    let planned: Vec<Row> = db!(
        tx,
        load,
        group_meetings::table
            .inner_join(participations::table)
            .filter(participations::mentorship_id.eq(bind(of)))
            .filter(group_meetings::state.eq(bind(GroupMeetingState::Planned)))
            .order(group_meetings::id)
            .select(Row::as_select())
    )?;
    let own = mentorships_table::table.find(bind(of)).select(mentorships_table::ended_on);
    let ended_on: Option<NaiveDate> = db!(tx, first, own)?;
    for row in planned {
        let id = row.id;
        let all = participants(tx, &[id]).await?.remove(&id).unwrap_or_default();
        let planned = row.whole(all.into_iter().map(|it| it.0).collect()).planned()?;
        if ended_on.is_some_and(|it| planned.may_have_met(it, tx.zone(), tx.now())) {
            continue;
        }
        let (left, records) = planned.leave(of).into_parts();
        let rows = match left {
            Left::Cancelled(it) => cancel(tx, it).await?,
            Left::Planned(_) => {
                let own = participations::table.find((bind(id), bind(of)));
                db!(tx, execute, diesel::delete(own))?;
                let one = group_meetings::table.find(bind(id));
                let step = step!(tx, GroupMeetingState::Planned);
                db!(tx, execute, prepared(diesel::update(one).set(step)))?
            }
        };
        tx.established(rows, records)?;
    }
    Ok(())
}
