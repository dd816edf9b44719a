//! Events over HTTP: their participants, and the table of attendance. Events, numbers of people and hours of volunteers are entries.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{self, NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::entry::Annulment;
use domain::base::id::EventParticipantId;
use domain::partnership::events::attendance::AttendanceTable;
use domain::partnership::events::participants::*;
use persistence::partnership::events::participants::{self, EventParticipantCard, ParticipantFilter};
use persistence::partnership::events::{self, AttendanceQuestion};
use persistence::sight::{all_of, must_reach, must_refer};

crate::http::page::pages! { EventParticipantPage of EventParticipantCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(get_attendance)
        .service(list_participants)
        .service(add_participant)
        .service(register_oneself);
    config.service(get_participant).service(cancel_participant).service(withdraw_participant);
    config.service(mark_participant).service(annul_participant).service(get_participant_history);
}

/// Get the people at events
///
/// Events held within some days, each with its people by audience, and their sum. An event that nobody has counted is left out of the sum
/// and told beside it. A number of 1 to 4 people of a sensitive audience is hidden from all who do not hold the event, and so is each
/// total that would tell it.
#[utoipa::path(tag = "partnership", params(AttendanceQuestion), responses((status = 200, body = AttendanceTable)))]
#[get("/events/attendance")]
async fn get_attendance(db: Guarded<may::ReadPartnership>, request: HttpRequest) -> Result<Answer, Problem> {
    let asked: AttendanceQuestion = list::filters(request.query_string())?;
    db.read(async |tx| events::attendance(tx, &asked).await).await
}

/// List participants of events
///
/// Participants of events of the caller's organizations, those who live in the caller's territory, and the caller's own rows, the newest
/// first.
#[utoipa::path(tag = "partnership", params(ParticipantFilter), responses((status = 200, body = EventParticipantPage)))]
#[get("/event-participants")]
async fn list_participants(
    db: Guarded<may::ReadParticipants>,
    query: Query<ParticipantFilter>,
) -> Result<Answer, Problem> {
    db.list(query, participants::list).await
}

/// Enter a participant of an event
///
/// Staff register a person for an event of their organization. A person without a seat waits. After the event the entry says that the person
/// came.
#[utoipa::path(tag = "partnership", request_body = ParticipantForm, responses((status = 201, body = EventParticipantCard)))]
#[post("/event-participants")]
async fn add_participant(
    db: Guarded<may::EditParticipants>,
    form: Order<ParticipantForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let reached = must_reach(tx, SubjectKind::Event, form.event_id, "/event_id").await;
        let person = must_refer(tx, SubjectKind::Person, Some(form.person_id), "/person_id").await;
        let open = match (&reached, &person) {
            (Ok(()), Err(_)) => participants::must_take_people(tx, form.event_id).await,
            _ => Ok(()),
        };
        all_of([open, reached, person])?;
        let id = participants::add(tx, &form, false).await?;
        participants::card(tx, id).await
    })
    .await
}

/// Register oneself for an event
///
/// A mentor or a mentee registers while the registration of the event is open. A person without a seat waits.
#[utoipa::path(tag = "partnership", request_body = OwnRegistration, responses((status = 201, body = EventParticipantCard)))]
#[post("/event-registrations")]
async fn register_oneself(
    db: Guarded<may::JoinCommunity>,
    order: Order<OwnRegistration>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        must_refer(tx, SubjectKind::Event, Some(order.event_id), "/event_id").await?;
        let person = tx.caller().and_then(|it| it.person).ok_or_else(|| NO_PERSON.refuse())?;
        let id = participants::add(tx, &order.form(person), true).await?;
        participants::card(tx, id).await
    })
    .await
}

/// Get a participant of an event
///
/// One participant, with the actions that the caller may take.
#[utoipa::path(tag = "partnership", params(("id" = EventParticipantId, Path)), responses((status = 200, body = EventParticipantCard)))]
#[get("/event-participants/{id}")]
async fn get_participant(
    db: Guarded<may::ReadParticipants>,
    id: Id<EventParticipantId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| participants::card(tx, id.0).await).await
}

/// Record that a participant has cancelled
///
/// The seat goes to the one who waits longest.
#[utoipa::path(tag = "partnership", params(("id" = EventParticipantId, Path)), request_body = ParticipantCancellation, responses((status = 200, body = EventParticipantCard)))]
#[post("/event-participants/{id}/cancellation")]
async fn cancel_participant(
    db: Guarded<may::EditParticipants>,
    id: Id<EventParticipantId>,
    _order: Order<ParticipantCancellation>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| participants::cancel(tx, id.0).await).await
}

/// Withdraw one's own registration
///
/// A mentor or a mentee comes no more. The seat goes to the one who waits longest.
#[utoipa::path(tag = "partnership", params(("id" = EventParticipantId, Path)), request_body = ParticipantWithdrawal, responses((status = 200, body = EventParticipantCard)))]
#[post("/event-participants/{id}/withdrawal")]
async fn withdraw_participant(
    db: Guarded<may::JoinCommunity>,
    id: Id<EventParticipantId>,
    _order: Order<ParticipantWithdrawal>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| participants::cancel(tx, id.0).await).await
}

/// Record whether a participant came
///
/// After the event. It may be corrected.
#[utoipa::path(tag = "partnership", params(("id" = EventParticipantId, Path)), request_body = ParticipantPresence, responses((status = 200, body = EventParticipantCard)))]
#[post("/event-participants/{id}/presence")]
async fn mark_participant(
    db: Guarded<may::EditParticipants>,
    id: Id<EventParticipantId>,
    order: Order<ParticipantPresence>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| participants::mark(tx, id.0, &order).await).await
}

/// Annul the row of a participant
///
/// Annuls a row that was entered by mistake, before or after the event. It stays readable with the reason, leaves the list, the seats and the
/// numbers of those who came, and the person may be entered anew. A seat goes to the one who waits longest.
#[utoipa::path(tag = "partnership", params(("id" = EventParticipantId, Path)), request_body = Annulment, responses((status = 200, body = EventParticipantCard)))]
#[post("/event-participants/{id}/annulment")]
async fn annul_participant(
    db: Guarded<may::EditParticipants>,
    id: Id<EventParticipantId>,
    order: Order<Annulment>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| participants::annul(tx, id.0, &order).await).await
}

/// Get the history of a participant of an event
///
/// Changes of the row, the latest first.
#[utoipa::path(tag = "partnership", params(("id" = EventParticipantId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/event-participants/{id}/history")]
async fn get_participant_history(
    db: Guarded<may::ReadHistory>,
    id: Id<EventParticipantId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::EventParticipant, id.0, query).await
}
