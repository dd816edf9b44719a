//! Saving meetings: the plan, the record of a meeting, a cancellation.
use super::CANCELLATION;
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{council_meeting_files, council_meetings};
use crate::partnership::councils;
use crate::region::files::entrust_each;
use crate::region::organizations::{against_closed, must_be_open};
use crate::sight::{all_of, dangling, must_refer, must_refer_each};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::change::{Changed, SubjectKind};
use domain::base::id::{FileId, OrganizationId};
use domain::base::refusal::Refused;
use domain::partnership::council_meetings::{
    CouncilGuest, CouncilHolding, CouncilMeetingForm, CouncilMeetingState, Dropped, Held, Planned, Seat,
};
use domain::partnership::councils::{CouncilForm, DecisionRules};
use std::collections::BTreeSet;

/// The organization that keeps the council of a new meeting, which the caller runs. All that is wrong with the plan is told at once.
pub async fn keeper(tx: &mut Tx<'_>, form: &CouncilMeetingForm) -> Result<OrganizationId, Failure> {
    let (council, refused) = councils::run(tx, form.council_id).await;
    let of = council.as_ref().map(|it| (it, it.organization_id));
    let checks = checks_of_plan(tx, form, None, of).await;
    all_of([refused, checks])?;
    council.map(|it| it.organization_id).ok_or_else(|| dangling("/council_id"))
}

/// Refuses a changed plan of a meeting, with all that is wrong about it.
pub async fn checks_of_change(
    tx: &mut Tx<'_>,
    planned: &Planned,
    form: &CouncilMeetingForm,
) -> Result<(), Failure> {
    let (council, stands) = councils::known(tx, planned.form.council_id).await?;
    let of = Some((&council, planned.organization_id));
    let checks = checks_of_plan(tx, form, Some(&planned.form), of).await;
    all_of([stands, checks])
}

/// Refuses a plan for a day on which the council does not work, and one that names what the caller does not see, or closed organizations. Its
/// files are given to the organization that keeps the council. Without a council, what rests on it is not asked.
async fn checks_of_plan(
    tx: &mut Tx<'_>,
    form: &CouncilMeetingForm,
    before: Option<&CouncilMeetingForm>,
    council: Option<(&CouncilForm, OrganizationId)>,
) -> Result<(), Failure> {
    let zone = tx.zone();
    let day = zone.day(form.planned_at);
    let mut checks = vec![council.map_or(Ok(()), |it| councils::works(it.0, day, "/planned_at"))];
    for (n, it) in form.agenda.iter().enumerate() {
        let place = format!("/agenda/{n}/organization_id");
        checks.push(must_refer(tx, SubjectKind::Organization, it.organization_id, &place).await);
        let place = format!("/agenda/{n}/file_ids");
        checks.push(match council {
            Some((_, of)) => {
                let files = it.file_ids.iter().enumerate();
                let files: Vec<_> = files.map(|(at, id)| (*id, format!("{place}/{at}"))).collect();
                entrust_each(tx, files, of).await
            }
            None => must_refer_each(tx, SubjectKind::File, &it.file_ids, &place).await,
        });
    }
    let was = before.map(|it| it.named(zone));
    let closed = against_closed(tx, &form.named(zone), was.as_ref()).await?;
    checks.push(Refused::unless_empty(closed).map_err(Failure::from));
    all_of(checks)
}

/// Refuses guests of organizations that the caller does not see, or that were closed before the meeting.
pub async fn checks_of_guests(tx: &mut Tx<'_>, order: &CouncilHolding) -> Result<(), Failure> {
    let mut checks = Vec::new();
    for (n, it) in order.guests.iter().enumerate() {
        let place = format!("/guests/{n}/organization_id");
        checks.push(must_refer(tx, SubjectKind::Organization, it.organization_id, &place).await);
    }
    checks.push(must_be_open(tx, &order.named(tx.zone())).await);
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
    tx.established(rows, records)?;
    add_files(tx, &it, it.form.files()).await
}

/// Keeps files of a meeting, which the members of the council read. Each of them is new to the meeting.
pub(super) async fn add_files(
    tx: &mut Tx<'_>,
    of: &Planned,
    files: impl IntoIterator<Item = FileId>,
) -> Result<(), Failure> {
    let row = |id: FileId| {
        (
            council_meeting_files::file_id.eq(bind(id)),
            council_meeting_files::meeting_id.eq(bind(of.id)),
            council_meeting_files::council_id.eq(bind(of.form.council_id)),
        )
    };
    let rows: Vec<_> = files.into_iter().map(row).collect();
    if !rows.is_empty() {
        db!(tx, execute, diesel::insert_into(council_meeting_files::table).values(rows))?;
    }
    Ok(())
}

/// Keeps the files of a changed agenda. Those that stay on it stay as they are.
async fn replace_files(tx: &mut Tx<'_>, of: &Planned) -> Result<(), Failure> {
    let kept = || council_meeting_files::table.filter(council_meeting_files::meeting_id.eq(bind(of.id)));
    let known: Vec<FileId> = db!(tx, load, kept().select(council_meeting_files::file_id))?;
    let (known, named): (BTreeSet<FileId>, _) = (known.into_iter().collect(), of.form.files());
    let gone: Vec<FileId> = known.difference(&named).copied().collect();
    if !gone.is_empty() {
        let gone = kept().filter(council_meeting_files::file_id.eq_any(binds(&gone)));
        db!(tx, execute, diesel::delete(gone))?;
    }
    add_files(tx, of, named.difference(&known).copied()).await
}

/// Saves a changed plan.
pub async fn save_replanned(tx: &mut Tx<'_>, change: Changed<Planned>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let set = (council_meetings::version.eq(council_meetings::version + 1), plan!(tx, it.form));
    let planned = in_state!(it.id, CouncilMeetingState::Planned);
    let rows = db!(tx, execute, prepared(diesel::update(planned).set(set)))?;
    tx.established(rows, records)?;
    replace_files(tx, &it).await
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
