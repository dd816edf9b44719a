//! Events in the database: they are entries, and so are the numbers of their people and the hours of volunteers.
//!
//! - [`participants`]: persons at an event. [`volunteers`]: the rules about hours that need other rows. [`ties`]: those about the things in
//!   whose figures an event stands.
//! - this page: who runs an event, the rules about numbers that need other rows, and the table of attendance.
pub mod participants;
pub(crate) mod ties;
pub(crate) mod volunteers;

use crate::engine::card::Card;
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{event_attendances as attendances, event_participants, events};
use crate::entry;
use crate::region::organizations::against_closed;
use crate::scope::among;
use crate::tx::Tx;
use chrono::{Days, NaiveDate};
use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::change::{Changed, SubjectKind};
use domain::base::entry::Entered;
use domain::base::entry::correction::built_on;
use domain::base::filters::period::must_have_days;
use domain::base::id::{AgreementId, EventAttendanceId, EventId, OrganizationId, ProjectId};
use domain::base::moment::CALENDAR;
use domain::base::refusal::{Reason, Refused};
use domain::partnership::events::attendance::*;
use domain::partnership::events::orders::EventHolding;
use domain::partnership::events::participants::ParticipantState;
use domain::partnership::events::{EventForm, EventState, IN_FUTURE, NOT_HELD, SEATS_TAKEN};
use domain::partnership::words::Audience;
use domain::region::organizations::CLOSED as ORGANIZATION_CLOSED;
use shape::filter;
use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// The question for the people at events.
#[filter]
pub struct AttendanceQuestion {
    /// Only events held on this day or later: a year before the last day, if none is given.
    pub from: Option<NaiveDate>,
    /// Only events held on this day or earlier: today, if none is given.
    pub to: Option<NaiveDate>,
    /// Only events that this organization holds.
    pub organization_id: Option<OrganizationId>,
    /// Only events that this organization holds with others, gives the place for, tells of or takes part in.
    pub partner_id: Option<OrganizationId>,
    /// Only events of this project.
    pub project_id: Option<ProjectId>,
    /// Only events that follow from this agreement.
    pub agreement_id: Option<AgreementId>,
    /// Only this audience.
    pub audience: Option<Audience>,
}

impl Card for AttendanceTable {}

/// The ids of events held within some days, the earliest first.
macro_rules! held_within {
    ($within:expr) => {{
        let (from, to): (NaiveDate, NaiveDate) = $within;
        events::table
            .filter(events::state.eq(bind(EventState::Held)))
            .filter(events::annulment_reason.is_null())
            .filter(events::held_on.assume_not_null().between(from, to))
            .order((events::held_on.assume_not_null(), events::id))
            .select(events::id)
    }};
}
/// Whether the right of this transaction reaches one of the organizations that run the event.
pub(crate) async fn is_run_by_caller(tx: &mut Tx<'_>, id: EventId) -> Result<bool, Failure> {
    match entry::found::<EventForm>(tx, id).await {
        Ok(it) => Ok(it.form.run_by().any(|it| tx.scope().answers_for(it))),
        Err(Failure::NotFound(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// The reasons against what is entered under an event that other rows know.
pub(super) async fn against_entry(
    tx: &mut Tx<'_>,
    id: EventId,
    form: &dyn Any,
    before: Option<&dyn Any>,
) -> Result<Vec<Reason>, Failure> {
    if let Some(form) = form.downcast_ref() {
        return against_attendance(tx, id, form).await;
    }
    match form.downcast_ref() {
        Some(form) => volunteers::against(tx, id, form, before.and_then(|it| it.downcast_ref())).await,
        None => Ok(Vec::new()),
    }
}

/// The reasons against a version of the attendance that other rows know.
async fn against_attendance(
    tx: &mut Tx<'_>,
    id: EventId,
    form: &EventAttendanceForm,
) -> Result<Vec<Reason>, Failure> {
    let event = entry::found::<EventForm>(tx, id).await?;
    let latest = attendances::table
        .filter(attendances::event_id.eq(bind(id)))
        .filter(attendances::annulment_reason.is_null())
        .order(attendances::id.desc())
        .select(attendances::id);
    let in_force: Option<EventAttendanceId> = db!(tx, first, latest).optional()?;
    let named = came_by_name(tx, id).await?;
    let facts = AttendanceFacts { state: event.form.state, in_force, named, today: tx.today() };
    let mut reasons = form.against_facts(&facts);
    // A correction keeps the organizations of the version in force.
    let held_on = event.form.held_on;
    let known = match in_force {
        Some(it) => Some(entry::found::<EventAttendanceForm>(tx, it).await?.form.took_part(held_on)),
        None => None,
    };
    reasons.extend(against_closed(tx, &form.took_part(held_on), known.as_ref()).await?);
    Ok(reasons)
}

/// The people of an event who came by name, by audience.
async fn came_by_name(tx: &mut Tx<'_>, id: EventId) -> Result<BTreeMap<Audience, i64>, Failure> {
    let came = event_participants::table
        .filter(event_participants::event_id.eq(bind(id)))
        .filter(event_participants::state.eq(bind(ParticipantState::Attended)))
        .filter(event_participants::annulment_reason.is_null())
        .group_by(event_participants::audience)
        .select((event_participants::audience, count_star()));
    let named: Vec<(Audience, i64)> = db!(tx, load, came)?;
    Ok(named.into_iter().collect())
}

/// Warns where more people of an audience came by name than the numbers in force tell. A version corrects them.
async fn warn_of_numbers(tx: &mut Tx<'_>, id: EventId, audience: Audience) -> Result<(), Failure> {
    let named = came_by_name(tx, id).await?.get(&audience).copied().unwrap_or(0);
    let numbers = in_force(tx, &[id]).await?.remove(&id);
    if let Some(warning) = numbers.and_then(|it| it.against_named(audience, named)) {
        tx.warn(warning);
    }
    Ok(())
}

/// The versions that correct a version of the attendance, as reasons against its annulment.
pub(crate) async fn corrected_by(
    tx: &mut Tx<'_>,
    event: EventId,
    id: EventAttendanceId,
) -> Result<Vec<Reason>, Failure> {
    let later = attendances::table
        .filter(attendances::event_id.eq(bind(event)))
        .filter(attendances::annulment_reason.is_null())
        .filter(attendances::corrects_id.eq(bind(Some(id))))
        .order(attendances::id)
        .select(attendances::id);
    let later: Vec<EventAttendanceId> = db!(tx, load, later)?;
    Ok(later.into_iter().map(|it| built_on(SubjectKind::EventAttendance, it)).collect())
}

/// The reasons against fewer seats than people are registered.
pub(crate) async fn against_edit(
    tx: &mut Tx<'_>,
    id: EventId,
    before: &EventForm,
    after: &EventForm,
) -> Result<Vec<Reason>, Failure> {
    let Some(seats) = after.seats.filter(|_| after.seats != before.seats) else { return Ok(Vec::new()) };
    let taken = participants::seats(tx, id).await?.taken;
    let is_less = i64::from(seats) < taken && after.state == EventState::Planned;
    Ok(is_less.then(|| SEATS_TAKEN.reason().at("/seats").with("taken", taken)).into_iter().collect())
}

/// The version of the attendance that comes of a holding, as the rules about versions judge it.
async fn judged(
    tx: &mut Tx<'_>,
    id: EventId,
    order: &EventHolding,
) -> Result<Changed<EventAttendance>, Failure> {
    let (form, under) = (order.attendance(), Some(Uuid::from(id)));
    let added = Entered::add(tx.mint(), under, form.clone());
    entry::judged(tx, under, &form, added).await
}

/// The reasons against the numbers of a holding. Its state and its day are told by the order. Organizations that took part are asked for the
/// day of the order: the one on record may be wrong.
pub(crate) async fn against_holding(
    tx: &mut Tx<'_>,
    id: EventId,
    order: &EventHolding,
) -> Result<Vec<Reason>, Failure> {
    let mut reasons = match judged(tx, id, order).await {
        Ok(_) => Vec::new(),
        Err(Failure::Refused(refused)) => refused.reasons().to_vec(),
        Err(failed) => return Err(failed),
    };
    let told = [NOT_HELD.code, IN_FUTURE.code, ORGANIZATION_CLOSED.code];
    let is_told = |code: &'static str| match order.corrects_id {
        Some(_) => told.contains(&code),
        None => told.contains(&code) || [NO_REASON.code, CORRECTED.code].contains(&code),
    };
    reasons.retain(|it| !is_told(it.rule.code));
    let held_on = entry::found::<EventForm>(tx, id).await?.form.held_on;
    let known = in_force(tx, &[id]).await?.remove(&id).map(|it| it.took_part(held_on));
    let named = order.attendance().took_part(Some(order.held_on));
    reasons.extend(against_closed(tx, &named, known.as_ref()).await?);
    Ok(reasons)
}

/// Enters the first version of the attendance with the holding of an event, or the next one with another holding.
pub(crate) async fn held(tx: &mut Tx<'_>, id: EventId, order: &EventHolding) -> Result<(), Failure> {
    let added = judged(tx, id, order).await?;
    entry::save_added(tx, added).await?;
    Ok(())
}

/// The people at events within some days.
pub async fn attendance(tx: &mut Tx<'_>, asked: &AttendanceQuestion) -> Result<AttendanceTable, Failure> {
    let to = asked.to.unwrap_or_else(|| tx.today());
    must_have_days(asked.from, to)?;
    let year_before = to.checked_sub_days(Days::new(365)).unwrap_or(NaiveDate::MIN);
    let from = asked.from.unwrap_or(year_before).max(CALENDAR.0);
    let most = i64::try_from(MOST_ROWS).unwrap_or(i64::MAX).saturating_add(1);
    let scope = tx.scope().clone();
    let ids: Vec<EventId> = db!(tx, load, {
        let mut all = held_within!((from, to)).limit(most).into_boxed();
        if !scope.everything {
            all = all.filter(among(events::organization_id, &scope.organizations));
        }
        if let Some(of) = asked.organization_id {
            all = all.filter(events::organization_id.eq(bind(of)));
        }
        if let Some(of) = asked.project_id {
            all = all.filter(events::project_id.assume_not_null().eq(bind(of)));
        }
        if let Some(of) = asked.agreement_id {
            all = all.filter(events::agreement_id.assume_not_null().eq(bind(of)));
        }
        all
    })?;
    if ids.len() > MOST_ROWS {
        return Err(Refused::from(TOO_MANY.reason().with("most", MOST_ROWS)).into());
    }
    let found = with_attendance(tx, ids, asked.partner_id).await?;
    Ok(AttendanceTable::of((from, to), found, asked.audience))
}

/// The events of these projects that were held within some days.
pub(super) async fn of_projects(
    tx: &mut Tx<'_>,
    all: &[ProjectId],
    within: (NaiveDate, NaiveDate),
) -> Result<Vec<HeldEvent>, Failure> {
    let theirs = held_within!(within).filter(events::project_id.assume_not_null().eq_any(binds(all)));
    let ids: Vec<EventId> = db!(tx, load, theirs)?;
    with_attendance(tx, ids, None).await
}

/// These events in their order, each with the version of its attendance in force.
async fn with_attendance(
    tx: &mut Tx<'_>,
    ids: Vec<EventId>,
    partner: Option<OrganizationId>,
) -> Result<Vec<HeldEvent>, Failure> {
    let inside = tx.scope_of(Right::EditPartnershipInside);
    let cards = entry::those::<EventForm>(tx, ids.clone()).await?;
    let mut forms: HashMap<EventId, EventForm> = cards.into_iter().map(|it| (it.id, it.form)).collect();
    let mut counts = in_force(tx, &ids).await?;
    let held = |id: EventId| {
        let form = forms.remove(&id)?;
        let attendance = counts.remove(&id);
        let took_part = |of: &OrganizationId| attendance.iter().any(|it| it.organization_ids.contains(of));
        if partner.is_some_and(|it| !form.is_partner(it) && !took_part(&it)) {
            return None;
        }
        let is_own = form.run_by().any(|it| inside.answers_for(it));
        Some(HeldEvent {
            event_id: id,
            is_own,
            title: form.title,
            organization_id: form.organization_id,
            held_on: form.held_on?,
            audiences: form.audiences,
            counts: attendance.map(|it| it.counts).unwrap_or_default(),
        })
    };
    Ok(ids.into_iter().filter_map(held).collect())
}

/// The version of the attendance in force of each event that has one.
async fn in_force(
    tx: &mut Tx<'_>,
    ids: &[EventId],
) -> Result<HashMap<EventId, EventAttendanceForm>, Failure> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let standing = attendances::table
        .filter(attendances::event_id.eq_any(binds(ids)))
        .filter(attendances::annulment_reason.is_null())
        .order((attendances::event_id, attendances::id))
        .select((attendances::event_id, attendances::id));
    let rows: Vec<(EventId, EventAttendanceId)> = db!(tx, load, standing)?;
    let latest: HashMap<EventId, EventAttendanceId> = rows.into_iter().collect();
    let cards = entry::those::<EventAttendanceForm>(tx, latest.values().copied().collect()).await?;
    let mut forms: HashMap<EventAttendanceId, EventAttendanceForm> =
        cards.into_iter().map(|it| (it.id, it.form)).collect();
    Ok(latest.into_iter().filter_map(|(event, id)| Some((event, forms.remove(&id)?))).collect())
}
