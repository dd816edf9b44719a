//! Saving meetings: the plan, the record of a meeting, a cancellation.
use super::CANCELLATION;
use crate::engine::column::{Json, bind};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::council_meetings;
use crate::partnership::councils::must_work;
use crate::region::files::entrust_each;
use crate::sight::{all_of, must_refer};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::change::{Changed, SubjectKind};
use domain::base::id::OrganizationId;
use domain::partnership::council_meetings::{
    CouncilGuest, CouncilMeetingForm, CouncilMeetingState, Dropped, Held, Planned, Seat,
};
use domain::partnership::councils::DecisionRules;

/// Refuses a plan for a day on which the council does not work, and one that refers to what the caller does not see. Its files are given to
/// the organization that keeps the council.
pub async fn checks_of_plan(
    tx: &mut Tx<'_>,
    form: &CouncilMeetingForm,
    of: OrganizationId,
) -> Result<(), Failure> {
    let day = tx.zone().day(form.planned_at);
    let mut checks = vec![must_work(tx, form.council_id, day, "/planned_at").await];
    for (n, it) in form.agenda.iter().enumerate() {
        let place = format!("/agenda/{n}/organization_id");
        checks.push(must_refer(tx, SubjectKind::Organization, it.organization_id, &place).await);
        let files = (0..).zip(&it.file_ids);
        let files: Vec<_> = files.map(|(at, id)| (*id, format!("/agenda/{n}/file_ids/{at}"))).collect();
        checks.push(entrust_each(tx, files, of).await);
    }
    all_of(checks)
}

/// Refuses guests of organizations that the caller does not see.
pub async fn checks_of_guests(tx: &mut Tx<'_>, guests: &[CouncilGuest]) -> Result<(), Failure> {
    let mut checks = Vec::new();
    for (n, it) in guests.iter().enumerate() {
        let place = format!("/guests/{n}/organization_id");
        checks.push(must_refer(tx, SubjectKind::Organization, it.organization_id, &place).await);
    }
    all_of(checks)
}

/// The columns of a plan.
macro_rules! plan {
    ($tx:expr, $form:expr) => {
        (
            council_meetings::planned_at.eq(bind($form.planned_at)),
            council_meetings::place.eq(bind($form.place.clone())),
            council_meetings::online.eq($form.online),
            council_meetings::absentee.eq($form.absentee),
            council_meetings::agenda.eq(bind(Json($form.agenda.clone()))),
            council_meetings::updated_at.eq(bind($tx.now())),
        )
    };
}

/// A meeting in a state, for a change that leaves it.
macro_rules! in_state {
    ($id:expr, $state:expr) => {
        council_meetings::table
            .filter(council_meetings::id.eq(bind($id)))
            .filter(council_meetings::state.eq(bind($state)))
    };
}
pub(super) use in_state;

/// Saves a new plan.
pub async fn save_planned(tx: &mut Tx<'_>, change: Changed<Planned>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let head = (
        council_meetings::id.eq(bind(it.id)),
        council_meetings::version.eq(1),
        council_meetings::council_id.eq(bind(it.form.council_id)),
        council_meetings::organization_id.eq(bind(it.organization_id)),
        council_meetings::state.eq(bind(CouncilMeetingState::Planned)),
        council_meetings::seats.eq(bind(Json(Vec::<Seat>::new()))),
        council_meetings::guests.eq(bind(Json(Vec::<CouncilGuest>::new()))),
        council_meetings::decision_rules.eq(bind(Json(None::<DecisionRules>))),
        council_meetings::created_at.eq(bind(tx.now())),
    );
    let row = (head, plan!(tx, it.form));
    let rows = db!(tx, execute, diesel::insert_into(council_meetings::table).values(row))?;
    tx.established(rows, records)
}

/// Saves a changed plan.
pub async fn save_replanned(tx: &mut Tx<'_>, change: Changed<Planned>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let set = (council_meetings::version.eq(council_meetings::version + 1), plan!(tx, it.form));
    let planned = in_state!(it.id, CouncilMeetingState::Planned);
    let rows = db!(tx, execute, prepared(diesel::update(planned).set(set)))?;
    tx.established(rows, records)
}

/// Saves the record of a meeting.
pub async fn save_held(tx: &mut Tx<'_>, change: Changed<Held>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let set = (
        council_meetings::version.eq(council_meetings::version + 1),
        council_meetings::state.eq(bind(CouncilMeetingState::Held)),
        council_meetings::began_at.eq(bind(Some(it.sitting.began_at))),
        council_meetings::held_on.eq(Some(tx.zone().day(it.sitting.began_at))),
        council_meetings::minutes.eq(Some(it.sitting.minutes)),
        council_meetings::seats.eq(bind(Json(it.sitting.seats))),
        council_meetings::guests.eq(bind(Json(it.sitting.guests))),
        council_meetings::decision_rules.eq(bind(Json(Some(it.sitting.rules)))),
        council_meetings::updated_at.eq(bind(tx.now())),
    );
    let planned = in_state!(it.was.id, CouncilMeetingState::Planned);
    let rows = db!(tx, execute, prepared(diesel::update(planned).set(set)))?;
    tx.established(rows, records)
}

/// Saves a cancellation.
pub async fn save_cancelled(tx: &mut Tx<'_>, change: Changed<Dropped>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let reason = tx.core.keys.seal_some(CANCELLATION, it.was.id, Some(&it.order.reason))?;
    let set = (
        council_meetings::version.eq(council_meetings::version + 1),
        council_meetings::state.eq(bind(CouncilMeetingState::Cancelled)),
        council_meetings::cancellation_reason.eq(bind(reason)),
        council_meetings::updated_at.eq(bind(tx.now())),
    );
    let planned = in_state!(it.was.id, CouncilMeetingState::Planned);
    let rows = db!(tx, execute, prepared(diesel::update(planned).set(set)))?;
    tx.established(rows, records)
}
