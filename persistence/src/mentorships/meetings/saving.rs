//! The writes of each step of a meeting.
use super::{ANNULMENT, HOMEWORK, NOTE, NOTES, Row};
use crate::engine::column::{Json, bind};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::meetings;
use crate::mentorships;
use crate::mentorships::group_meetings;
use crate::mentorships::regularity;
use crate::mentorships::requests;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::change::Changed;
use domain::base::id::{MeetingId, MentorshipId, RequestId};
use domain::base::moment::Moment;
use domain::mentorships::Completed;
use domain::mentorships::meetings::*;

macro_rules! plan_row {
    ($form:expr) => {
        (
            meetings::planned_at.eq(bind($form.planned_at)),
            meetings::method.eq(bind($form.method)),
            meetings::directions.eq(bind(Json($form.directions))),
            meetings::topic.eq(bind($form.topic)),
            meetings::topic_set_by.eq(bind($form.topic_set_by)),
            meetings::place.eq(bind($form.place)),
            meetings::online.eq($form.online),
            meetings::aid_kind.eq(bind($form.aid_kind)),
            meetings::request_id.eq(bind($form.request_id)),
        )
    };
}

macro_rules! held_row {
    ($tx:expr, $id:expr, $it:expr) => {
        (
            meetings::at.eq(bind($it.began_at)),
            meetings::began_at.eq(bind(Some($it.began_at))),
            meetings::minutes.eq(Some($it.minutes)),
            meetings::held_directions.eq(bind(Some(Json($it.directions)))),
            meetings::held_topic.eq(bind(Some($it.topic))),
            meetings::notes.eq(bind($tx.core.keys.seal_some(NOTES, $id, $it.notes.as_ref())?)),
            meetings::homework.eq(bind($tx.core.keys.seal_some(HOMEWORK, $id, $it.homework.as_ref())?)),
            meetings::homework_due_on.eq($it.homework_due_on),
            meetings::risk_flags.eq(bind((!$it.risk_flags.is_empty()).then_some(Json($it.risk_flags)))),
            meetings::specialist_present.eq(Some($it.specialist_present)),
        )
    };
}

/// The first columns of every new row.
macro_rules! head {
    ($tx:expr, $it:expr, $state:expr) => {
        (
            meetings::id.eq(bind($it.id)),
            meetings::version.eq(1),
            meetings::mentorship_id.eq(bind($it.mentorship_id)),
            meetings::state.eq(bind($state)),
            meetings::created_at.eq(bind($tx.now())),
            meetings::updated_at.eq(bind($tx.now())),
        )
    };
}

/// The columns that every step changes.
macro_rules! step {
    ($tx:expr, $state:expr) => {
        (
            meetings::version.eq(meetings::version + 1),
            meetings::state.eq(bind($state)),
            meetings::updated_at.eq(bind($tx.now())),
        )
    };
}

/// Saves a new plan.
pub async fn save_planned(tx: &mut Tx<'_>, change: Changed<Planned>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let head = head!(tx, it, MeetingState::Planned);
    let at = meetings::at.eq(bind(it.form.planned_at));
    let rows = db!(tx, execute, diesel::insert_into(meetings::table).values((head, at, plan_row!(it.form))))?;
    tx.established(rows, records)
}

/// Saves a changed plan.
pub async fn save_replanned(tx: &mut Tx<'_>, change: Changed<Planned>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let one = meetings::table.find(bind(it.id));
    let at = meetings::at.eq(bind(it.form.planned_at));
    let set = (step!(tx, MeetingState::Planned), at, plan_row!(it.form));
    let rows = db!(tx, execute, prepared(diesel::update(one).set(set)))?;
    tx.established(rows, records)
}

/// Saves a held meeting. If it was the last one that the program demands, the mentorship is completed and its planned
/// meetings are cancelled.
pub async fn save_held(tx: &mut Tx<'_>, change: Changed<MeetingOutcome>) -> Result<(), Failure> {
    let (MeetingOutcome { meeting: HeldMeeting { was, holding: it, .. }, completed }, records) =
        change.into_parts();
    let set = held_row!(tx, was.id, it);
    let one = meetings::table.find(bind(was.id));
    let step = step!(tx, MeetingState::Held);
    let rows = db!(tx, execute, prepared(diesel::update(one).set((step, set))))?;
    tx.established(rows, records)?;
    let request_id = was.form.request_id;
    follow(tx, Held { id: was.id, of: was.mentorship_id, at: it.began_at, request_id, completed }).await
}

/// Saves a held meeting that was not planned, with the consequences of a held meeting.
pub async fn save_recorded(tx: &mut Tx<'_>, change: Changed<MeetingOutcome>) -> Result<(), Failure> {
    let (MeetingOutcome { meeting: HeldMeeting { was, holding: it, .. }, completed }, records) =
        change.into_parts();
    let head = head!(tx, was, MeetingState::Held);
    let plan = plan_row!(was.form);
    let held = held_row!(tx, was.id, it);
    let rows = db!(tx, execute, diesel::insert_into(meetings::table).values((head, plan, held)))?;
    tx.established(rows, records)?;
    let request_id = was.form.request_id;
    follow(tx, Held { id: was.id, of: was.mentorship_id, at: it.began_at, request_id, completed }).await
}

/// The data on which the consequences of a held meeting depend.
struct Held {
    id: MeetingId,
    of: MentorshipId,
    at: Moment,
    request_id: Option<RequestId>,
    completed: Option<Completed>,
}

/// Writes the consequences of a held meeting: the regularity of the pair, the answer to a request, the end of the
/// mentorship.
async fn follow(tx: &mut Tx<'_>, it: Held) -> Result<(), Failure> {
    regularity::meet(tx, it.of, it.at).await?;
    if let Some(request) = it.request_id {
        requests::answer(tx, request, Some(it.id)).await?;
    }
    match it.completed {
        Some(completed) => {
            mentorships::complete(tx, &completed).await?;
            end_with(tx, it.of).await
        }
        // The version stays: a meeting changes no form, and must not fight with an order on the mentorship.
        None => Ok(()),
    }
}

/// Saves an annulled meeting. The regularity of the pair follows, a request that it answered is open again, and a mentorship that
/// it completed goes on.
pub async fn save_annulled(tx: &mut Tx<'_>, change: Changed<AnnulledMeeting>) -> Result<(), Failure> {
    let (AnnulledMeeting { was: HeldMeeting { was, .. }, annulment }, records) = change.into_parts();
    let reason = tx.core.keys.seal_some(ANNULMENT, was.id, Some(&annulment.reason))?;
    let one = meetings::table.find(bind(was.id));
    let set = (step!(tx, MeetingState::Held), meetings::annulment_reason.eq(bind(reason)));
    let rows = db!(tx, execute, prepared(diesel::update(one).set(set)))?;
    tx.established(rows, records)?;
    let of = was.mentorship_id;
    let resumed_on = mentorships::resumed_on(tx, of).await?;
    let in_groups = group_meetings::attended(tx, &[of]).await?.into_iter().map(|(_, slot)| slot.began_at);
    regularity::recount(tx, of, resumed_on, in_groups).await?;
    if mentorships::reopen(tx, was.mentorship_id).await? {
        requests::reopen(tx, was.id).await?;
    }
    Ok(())
}

/// Saves a missed meeting.
pub async fn save_missed(tx: &mut Tx<'_>, change: Changed<Missed>) -> Result<(), Failure> {
    let (Missed { was, missing: it }, records) = change.into_parts();
    let set = (
        meetings::missed_by.eq(bind(Some(it.by))),
        meetings::note.eq(bind(tx.core.keys.seal_some(NOTE, was.id, it.note.as_ref())?)),
    );
    let one = meetings::table.find(bind(was.id));
    let step = step!(tx, MeetingState::Missed);
    let rows = db!(tx, execute, prepared(diesel::update(one).set((step, set))))?;
    tx.established(rows, records)
}

/// Saves a cancelled meeting.
pub async fn save_cancelled(tx: &mut Tx<'_>, change: Changed<Cancelled>) -> Result<(), Failure> {
    let (Cancelled { was, cancellation: it }, records) = change.into_parts();
    let set = (
        meetings::cancellation_reason.eq(bind(Some(it.reason))),
        meetings::note.eq(bind(tx.core.keys.seal_some(NOTE, was.id, it.note.as_ref())?)),
    );
    let one = meetings::table.find(bind(was.id));
    let step = step!(tx, MeetingState::Cancelled);
    let rows = db!(tx, execute, prepared(diesel::update(one).set((step, set))))?;
    tx.established(rows, records)
}

/// Closes what is open in a mentorship that has just ended. Its planned meetings are cancelled and its requests are
/// closed.
pub(crate) async fn end_with(tx: &mut Tx<'_>, of: MentorshipId) -> Result<(), Failure> {
    let planned: Vec<Row> = db!(
        tx,
        load,
        meetings::table
            .filter(meetings::mentorship_id.eq(bind(of)))
            .filter(meetings::state.eq(bind(MeetingState::Planned)))
            .order(meetings::id)
            .select(Row::as_select())
    )?;
    for it in planned {
        save_cancelled(tx, it.planned().end_with_mentorship()).await?;
    }
    group_meetings::end_with(tx, of).await?;
    requests::end_with(tx, of).await
}
