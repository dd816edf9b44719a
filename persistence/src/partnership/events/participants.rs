//! Participants of events in the database. They are visible to staff of the organization that holds the event, to the guardianship of the
//! territory in which they live, and to their own selves.
use crate::engine::card::cards;
use crate::engine::column::{any_of, bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::event_participants as participants;
use crate::entry;
use crate::partnership::events::warn_of_numbers;
use crate::people::{life_of, selves};
use crate::scope::beneficiaries::people_in;
use crate::scope::{Way as _, among, when};
use crate::sight::{dangling, is_found, offered, own_person};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::{count_star, exists};
use diesel::prelude::*;
use domain::base::action::AvailableAction;
use domain::base::change::{Changed, Subject, SubjectKind};
use domain::base::entry::{Annulment, Entered};
use domain::base::filters::any::AnyOf;
use domain::base::id::{EventId, EventParticipantId, OrganizationId, PersonId};
use domain::base::moment::Moment;
use domain::base::refusal::Refused;
use domain::base::text::Note;
use domain::partnership::events::participants::*;
use domain::partnership::events::{CLOSED, EventForm, EventState};
use domain::partnership::words::Audience;
use shape::{card, filter};
use std::collections::{BTreeMap, BTreeSet};

/// A participant of an event, as every endpoint returns it.
#[card]
pub struct EventParticipantCard {
    /// The id of the row.
    pub id: EventParticipantId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The event.
    pub event_id: EventId,
    /// The organization that holds it.
    pub organization_id: OrganizationId,
    /// The person.
    pub person_id: PersonId,
    /// The audience in which the person is counted.
    pub audience: Audience,
    /// The role.
    pub role: ParticipantRole,
    /// A note.
    pub note: Option<Note>,
    /// The state.
    pub state: ParticipantState,
    /// The annulment of the row, which counts no more.
    pub annulment: Option<Annulment>,
    /// Orders that this caller may send to the row now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment of the registration.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { EventParticipantCard in "event-participants" about EventParticipant; }

/// Filters of the list of participants.
#[filter]
pub struct ParticipantFilter {
    /// Only participants of this event.
    pub event_id: Option<EventId>,
    /// Only in these states.
    pub state: Option<AnyOf<ParticipantState>>,
    /// `true`: only annulled ones, which are left out otherwise.
    pub annulled: Option<bool>,
}

const NOTE: &str = "event_participants.note";
const ANNULMENT: &str = "event_participants.annulment_reason";

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = participants)]
struct Row {
    id: EventParticipantId,
    version: i64,
    event_id: EventId,
    organization_id: OrganizationId,
    person_id: PersonId,
    audience: Audience,
    role: ParticipantRole,
    note: Option<String>,
    state: ParticipantState,
    annulment_reason: Option<String>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    /// The participant for the rules. None of them reads the note, so it stays sealed.
    fn whole(&self) -> Participant {
        let Self { id, event_id, person_id, audience, role, state, .. } = *self;
        let form = ParticipantForm { event_id, person_id, audience, role: Some(role), note: None };
        Participant { id, form, state, is_annulled: self.annulment_reason.is_some() }
    }
}

/// Those of the participants that the scope sees. Every query for one of them begins here.
macro_rules! visible {
    ($scope:expr, $own:expr) => {{
        let mut all = participants::table.into_boxed();
        if !$scope.everything {
            let there = participants::person_id.eq_any(people_in!($scope.guarded()));
            let guarded = when(!$scope.guarded().is_empty(), there);
            let staffed = among(participants::organization_id, &$scope.organizations);
            all = all.filter(staffed.or_by(among(participants::person_id, &$own)).or_by(guarded));
        }
        all
    }};
}

fn missing(id: EventParticipantId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::EventParticipant, id)))
}

async fn row(tx: &mut Tx<'_>, id: EventParticipantId) -> Result<Row, Failure> {
    let scope = tx.scope().clone();
    let own: Vec<PersonId> = own_person(tx).into_iter().collect();
    let found: Option<Row> =
        db!(tx, first, visible!(scope, own).filter(participants::id.eq(bind(id))).select(Row::as_select()))
            .optional()?;
    found.ok_or_else(|| missing(id))
}

/// Whether the right of this transaction reaches the participant.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: EventParticipantId) -> Result<bool, Failure> {
    is_found(row(tx, id).await)
}

fn shown(tx: &Tx<'_>, row: Row) -> Result<EventParticipantCard, Failure> {
    let reason: Option<Note> = tx.core.keys.open_some(ANNULMENT, row.id, row.annulment_reason.as_ref())?;
    Ok(EventParticipantCard {
        id: row.id,
        version: row.version,
        event_id: row.event_id,
        organization_id: row.organization_id,
        person_id: row.person_id,
        audience: row.audience,
        role: row.role,
        note: tx.core.keys.open_some(NOTE, row.id, row.note.as_ref())?,
        state: row.state,
        annulment: reason.map(|reason| Annulment { reason }),
        available_actions: None,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

/// The card of one participant.
pub async fn card(tx: &mut Tx<'_>, id: EventParticipantId) -> Result<EventParticipantCard, Failure> {
    let row = row(tx, id).await?;
    let event = entry::found::<EventForm>(tx, row.event_id).await?.form.state;
    let card = shown(tx, row)?;
    let offers = ParticipantOffers { state: card.state, event, is_annulled: card.annulment.is_some() };
    let actions = offered(tx, &offers, Subject::new(SubjectKind::EventParticipant, id)).await?;
    Ok(EventParticipantCard { available_actions: Some(actions), ..card })
}

/// The way by which a list finds its rows. Each has the order of the list in an index.
enum Seen {
    All,
    Of(OrganizationId),
    Own(PersonId),
    Guarded,
}

/// Participants that the caller sees, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &ParticipantFilter,
    window: &Window,
) -> Result<Page<EventParticipantCard>, Failure> {
    let scope = tx.scope().clone();
    let mut ways: Vec<Seen> = scope.organizations.iter().copied().map(Seen::Of).collect();
    ways.extend(own_person(tx).map(Seen::Own));
    ways.extend((!scope.guarded().is_empty()).then_some(Seen::Guarded));
    if scope.everything {
        ways = vec![Seen::All];
    }
    let mut found: Vec<Row> = Vec::new();
    for way in ways {
        found.extend(rows_of(tx, &way, filter, window).await?);
    }
    found.sort_by_key(|it| it.id);
    found.dedup_by_key(|it| it.id);
    let rows = window.first_of(found, false, |it: &Row| it.id);
    let page = window.page(rows, |it| Place::id(it.id));
    Ok(Page { items: tx.readable(page.items.into_iter().map(|it| shown(tx, it)))?, next: page.next })
}

async fn rows_of(
    tx: &mut Tx<'_>,
    way: &Seen,
    filter: &ParticipantFilter,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(tx, load, {
        let mut all = participants::table
            .select(Row::as_select())
            .order(participants::id.desc())
            .limit(window.fetch())
            .into_boxed();
        match way {
            Seen::All => {}
            Seen::Of(of) => all = all.filter(participants::organization_id.eq(bind(*of))),
            Seen::Own(of) => all = all.filter(participants::person_id.eq(bind(*of))),
            Seen::Guarded => {
                all = all.filter(participants::person_id.eq_any(people_in!(scope.guarded())));
            }
        }
        all = match filter.annulled {
            Some(true) => all.filter(participants::annulment_reason.is_not_null()),
            _ => all.filter(participants::annulment_reason.is_null()),
        };
        if let Some(of) = filter.event_id {
            all = all.filter(participants::event_id.eq(bind(of)));
        }
        if let Some(states) = &filter.state {
            all = all.filter(participants::state.eq_any(any_of(states.values())));
        }
        if let Some(after) = window.after_id() {
            all = all.filter(participants::id.lt(bind(after)));
        }
        all
    })?)
}

/// The seats of an event as they are taken.
pub(crate) async fn seats(tx: &mut Tx<'_>, id: EventId) -> Result<Seats, Failure> {
    let of_event = || {
        let there = participants::table.filter(participants::event_id.eq(bind(id)));
        there.filter(participants::annulment_reason.is_null())
    };
    let taken = of_event().filter(participants::state.eq(bind(ParticipantState::Registered)));
    let taken: i64 = db!(tx, first, taken.select(count_star()))?;
    let waiting = of_event().filter(participants::state.eq(bind(ParticipantState::Waiting)));
    Ok(Seats { taken, has_waiting: db!(tx, get_result, diesel::select(exists(waiting)))? })
}

/// Refuses an event that takes nobody, where the person of the order is not there: both are told at once.
pub async fn must_take_people(tx: &mut Tx<'_>, id: EventId) -> Result<(), Failure> {
    let event = entry::found::<EventForm>(tx, id).await?;
    event.must_stand()?;
    let closed = (!event.form.takes_people(false, tx.today())).then(|| CLOSED.reason().at("/event_id"));
    Ok(Refused::unless_empty(closed.into_iter().collect())?)
}

/// Enters a participant. The caller has asked whether the event and the person may be named.
pub async fn add(
    tx: &mut Tx<'_>,
    form: &ParticipantForm,
    by_self: bool,
) -> Result<EventParticipantId, Failure> {
    let event = entry::found::<EventForm>(tx, form.event_id).await?;
    event.must_stand()?;
    if !by_self && !tx.scope().answers_for(event.form.organization_id) {
        return Err(dangling("/event_id"));
    }
    // Somebody who is on the list under another record is on it.
    let people = selves(tx, form.person_id).await?;
    let listed = participants::table
        .filter(participants::event_id.eq(bind(form.event_id)))
        .filter(participants::person_id.eq_any(binds(&people)))
        .filter(participants::state.ne(bind(ParticipantState::Cancelled)))
        .filter(participants::annulment_reason.is_null());
    let is_listed = db!(tx, get_result, diesel::select(exists(listed)))?;
    let seats = seats(tx, form.event_id).await?;
    let (life, today) = (life_of(tx, form.person_id).await?, tx.today());
    let facts = Entering { event: &event.form, seats, is_listed, by_self, life, today };
    let (it, records) = Participant::enter(tx.mint(), form, &facts)?.into_parts();
    let row = (
        participants::id.eq(bind(it.id)),
        participants::version.eq(1),
        participants::event_id.eq(bind(form.event_id)),
        participants::organization_id.eq(bind(event.form.organization_id)),
        participants::person_id.eq(bind(form.person_id)),
        participants::audience.eq(bind(form.audience)),
        participants::role.eq(bind(form.role.unwrap_or(ParticipantRole::Listener))),
        participants::note.eq(bind(tx.core.keys.seal_some(NOTE, it.id, form.note.as_ref())?)),
        participants::state.eq(bind(it.state)),
        participants::created_at.eq(bind(tx.now())),
        participants::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(participants::table).values(row))?;
    tx.established(rows, records)?;
    fill(tx, form.event_id, &event.form).await?;
    if event.form.state == EventState::Held {
        warn_of_numbers(tx, form.event_id, form.audience).await?;
    }
    Ok(it.id)
}

/// Loads a participant that a rule will change, with the event.
async fn load(tx: &mut Tx<'_>, id: EventParticipantId) -> Result<(Participant, Entered<EventForm>), Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    Ok((row.whole(), entry::found::<EventForm>(tx, row.event_id).await?))
}

/// A participant comes no more, and the seat goes to the one who waits longest.
pub async fn cancel(tx: &mut Tx<'_>, id: EventParticipantId) -> Result<EventParticipantCard, Failure> {
    let (it, event) = load(tx, id).await?;
    save(tx, it.cancel()?, &event).await
}

/// Records whether a participant came.
pub async fn mark(
    tx: &mut Tx<'_>,
    id: EventParticipantId,
    order: &ParticipantPresence,
) -> Result<EventParticipantCard, Failure> {
    let (it, event) = load(tx, id).await?;
    let audience = it.form.audience;
    let card = save(tx, it.mark(order, event.form.state)?, &event).await?;
    warn_of_numbers(tx, event.id, audience).await?;
    Ok(card)
}

/// Annuls the row of a participant. A seat that becomes free goes to the one who waits longest.
pub async fn annul(
    tx: &mut Tx<'_>,
    id: EventParticipantId,
    order: &Annulment,
) -> Result<EventParticipantCard, Failure> {
    let (it, event) = load(tx, id).await?;
    let (_, records) = it.annul()?.into_parts();
    let reason = tx.core.keys.seal_some(ANNULMENT, id, Some(&order.reason))?;
    let set = (
        participants::version.eq(participants::version + 1),
        participants::annulment_reason.eq(bind(reason)),
        participants::updated_at.eq(bind(tx.now())),
    );
    let one = participants::table.filter(participants::id.eq(bind(id)));
    let standing = one.filter(participants::annulment_reason.is_null());
    let rows = db!(tx, execute, prepared(diesel::update(standing).set(set)))?;
    tx.established(rows, records)?;
    settled(tx, id, &event).await
}

/// Cancels what somebody who died was registered for. Seats of events that are not over go to those who wait longest. The caller's scope does
/// not limit it.
pub(crate) async fn end_by_death(
    tx: &mut Tx<'_>,
    people: &[PersonId],
    died_on: NaiveDate,
) -> Result<(), Failure> {
    let open = [ParticipantState::Registered, ParticipantState::Waiting];
    let theirs = participants::table
        .filter(participants::person_id.eq_any(binds(people)))
        .filter(participants::state.eq_any(any_of(&open)))
        .filter(participants::annulment_reason.is_null())
        .order(participants::id);
    let rows: Vec<Row> = db!(tx, load, theirs.select(Row::as_select()))?;
    let ids: BTreeSet<EventId> = rows.iter().map(|it| it.event_id).collect();
    let found = entry::those::<EventForm>(tx, ids.into_iter().collect()).await?;
    let events: BTreeMap<EventId, Entered<EventForm>> =
        found.into_iter().map(|it| (it.id, it.entered())).collect();
    let mut freed = BTreeSet::new();
    for row in rows {
        let cancelled =
            events.get(&row.event_id).and_then(|it| row.whole().cancel_by_death(&it.form, died_on));
        if let Some(cancelled) = cancelled {
            update(tx, cancelled).await?;
            freed.insert(row.event_id);
        }
    }
    // All are cancelled first, so that no seat goes to the dead under another record.
    let today = tx.today();
    for (id, event) in events.iter().filter(|it| freed.contains(it.0) && passes_seats_on(it.1, today)) {
        fill(tx, *id, &event.form).await?;
    }
    Ok(())
}

async fn save(
    tx: &mut Tx<'_>,
    change: Changed<Participant>,
    event: &Entered<EventForm>,
) -> Result<EventParticipantCard, Failure> {
    let id = change.value().id;
    update(tx, change).await?;
    settled(tx, id, event).await
}

/// The card of a participant who was changed, after the seats that the change has freed were given to others.
async fn settled(
    tx: &mut Tx<'_>,
    id: EventParticipantId,
    event: &Entered<EventForm>,
) -> Result<EventParticipantCard, Failure> {
    if event.annulment.is_none() {
        fill(tx, event.id, &event.form).await?;
    }
    card(tx, id).await
}

async fn update(tx: &mut Tx<'_>, change: Changed<Participant>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let set = (
        participants::version.eq(participants::version + 1),
        participants::state.eq(bind(it.state)),
        participants::updated_at.eq(bind(tx.now())),
    );
    let one = participants::table.filter(participants::id.eq(bind(it.id)));
    let rows = db!(tx, execute, prepared(diesel::update(one).set(set)))?;
    tx.established(rows, records)
}

/// Gives the free seats of a planned event to those who wait longest.
pub(crate) async fn fill(tx: &mut Tx<'_>, id: EventId, event: &EventForm) -> Result<(), Failure> {
    if event.state != EventState::Planned {
        return Ok(());
    }
    let seats = seats(tx, id).await?;
    if !seats.has_waiting {
        return Ok(());
    }
    let free = seats.free(event).unwrap_or(i64::MAX);
    let next = participants::table
        .filter(participants::event_id.eq(bind(id)))
        .filter(participants::state.eq(bind(ParticipantState::Waiting)))
        .filter(participants::annulment_reason.is_null())
        .order(participants::id)
        .limit(free);
    let rows: Vec<Row> = db!(tx, load, next.select(Row::as_select()))?;
    for row in rows {
        update(tx, row.whole().seat()).await?;
    }
    Ok(())
}
