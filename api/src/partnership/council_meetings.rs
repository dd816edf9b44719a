//! Meetings of councils over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::order::{Edit, Order};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post, put};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::CouncilMeetingId;
use domain::partnership::council_meetings::{
    CouncilHolding, CouncilMeetingCancellation, CouncilMeetingForm, CouncilProtocol, Planned,
};
use persistence::partnership::council_meetings::{self, CouncilMeetingCard, CouncilMeetingFilter};
use persistence::partnership::councils;
use persistence::sight::ruled;

crate::http::page::pages! { CouncilMeetingPage of CouncilMeetingCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_council_meetings).service(plan_council_meeting).service(get_council_meeting);
    config.service(replace_council_meeting).service(hold_council_meeting).service(sign_council_protocol);
    config.service(cancel_council_meeting).service(get_council_meeting_history);
}

/// List the meetings of councils
///
/// Meetings of all councils, the latest planned day first. Minutes are told to the organization that keeps the council, and once they are
/// signed to everybody where the council publishes them.
#[utoipa::path(tag = "partnership", params(CouncilMeetingFilter), responses((status = 200, body = CouncilMeetingPage)))]
#[get("/council-meetings")]
async fn list_council_meetings(
    db: Guarded<may::ReadPartnership>,
    query: Query<CouncilMeetingFilter>,
) -> Result<Answer, Problem> {
    db.list(query, council_meetings::list).await
}

/// Plan a meeting of a council
///
/// Plans a meeting with its agenda, by the staff of the organization that keeps the council. Old meetings are planned and held as well. The
/// members of the council whose accounts are told read its files while they are in office, if they are papers of that organization. A consent
/// or another paper about a person stays closed to members from outside.
#[utoipa::path(tag = "partnership", request_body = CouncilMeetingForm, responses((status = 201, body = CouncilMeetingCard)))]
#[post("/council-meetings")]
async fn plan_council_meeting(
    db: Guarded<may::RunCouncils>,
    form: Order<CouncilMeetingForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let of = council_meetings::keeper(tx, &form).await?;
        let planned = Planned::plan(tx.mint(), of, &form);
        let id = planned.value().id;
        council_meetings::save_planned(tx, planned).await?;
        council_meetings::card(tx, id).await
    })
    .await
}

/// Get a meeting of a council
///
/// One meeting, with the actions that the caller may take.
#[utoipa::path(tag = "partnership", params(("id" = CouncilMeetingId, Path)), responses((status = 200, body = CouncilMeetingCard)))]
#[get("/council-meetings/{id}")]
async fn get_council_meeting(
    db: Guarded<may::ReadPartnership>,
    id: Id<CouncilMeetingId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| council_meetings::card(tx, id.0).await).await
}

/// Replace the plan of a meeting
///
/// Replaces the plan of a meeting that was not held yet. Needs the version in `If-Match`.
#[utoipa::path(tag = "partnership", params(("id" = CouncilMeetingId, Path)), request_body = CouncilMeetingForm, responses((status = 200, body = CouncilMeetingCard)))]
#[put("/council-meetings/{id}")]
async fn replace_council_meeting(
    db: Guarded<may::RunCouncils>,
    id: Id<CouncilMeetingId>,
    edit: Edit<CouncilMeetingForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let planned = council_meetings::load(tx, id.0).await?.planned()?;
        let form = edit.of(&planned.form)?;
        let checks = council_meetings::checks_of_change(tx, &planned, &form).await;
        council_meetings::save_replanned(tx, ruled(planned.replan(&form), [checks])?).await?;
        council_meetings::card(tx, id.0).await
    })
    .await
}

/// Record a meeting as held
///
/// Tells each member of that day once, while the council works. The quorum is counted over the members with a vote on that day.
#[utoipa::path(tag = "partnership", params(("id" = CouncilMeetingId, Path)), request_body = CouncilHolding, responses((status = 200, body = CouncilMeetingCard)))]
#[post("/council-meetings/{id}/holding")]
async fn hold_council_meeting(
    db: Guarded<may::RunCouncils>,
    id: Id<CouncilMeetingId>,
    order: Order<CouncilHolding>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let planned = council_meetings::load(tx, id.0).await?.planned()?;
        let guests = council_meetings::checks_of_guests(tx, &order).await;
        let day = tx.zone().day(order.began_at);
        let (council, stands) = councils::known(tx, planned.form.council_id).await?;
        let works = councils::works(&council, day, "/began_at");
        let members = councils::members(tx, planned.form.council_id).await?;
        let held = planned.hold(&order, (&council, &members), (tx.now(), tx.zone()));
        council_meetings::save_held(tx, ruled(held, [stands, works, guests])?).await?;
        council_meetings::card(tx, id.0).await
    })
    .await
}

/// Sign the protocol of a meeting
///
/// Closes a held meeting. In the same transaction its decisions are adopted, and each instruction and each recommendation of them becomes a
/// task. Without a quorum reports and information are closed, and nothing is decided.
#[utoipa::path(tag = "partnership", params(("id" = CouncilMeetingId, Path)), request_body = CouncilProtocol, responses((status = 200, body = CouncilMeetingCard)))]
#[post("/council-meetings/{id}/protocol")]
async fn sign_council_protocol(
    db: Guarded<may::RunCouncils>,
    id: Id<CouncilMeetingId>,
    order: Order<CouncilProtocol>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let held = council_meetings::load(tx, id.0).await?.held()?;
        let stands = councils::standing(tx, held.council_id()).await.map(drop);
        let checks = council_meetings::checks_of_protocol(tx, &held, &order).await;
        let closed = ruled(held.close(&order, (tx.today(), tx.zone())), [stands, checks])?;
        council_meetings::save_closed(tx, closed).await?;
        council_meetings::card(tx, id.0).await
    })
    .await
}

/// Cancel a meeting
///
/// Cancels a planned meeting.
#[utoipa::path(tag = "partnership", params(("id" = CouncilMeetingId, Path)), request_body = CouncilMeetingCancellation, responses((status = 200, body = CouncilMeetingCard)))]
#[post("/council-meetings/{id}/cancellation")]
async fn cancel_council_meeting(
    db: Guarded<may::RunCouncils>,
    id: Id<CouncilMeetingId>,
    order: Order<CouncilMeetingCancellation>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let planned = council_meetings::load(tx, id.0).await?.planned()?;
        council_meetings::save_cancelled(tx, planned.cancel(&order)).await?;
        council_meetings::card(tx, id.0).await
    })
    .await
}

/// Get the history of a meeting of a council
///
/// Changes of the meeting, the latest first.
#[utoipa::path(tag = "partnership", params(("id" = CouncilMeetingId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/council-meetings/{id}/history")]
async fn get_council_meeting_history(
    db: Guarded<may::ReadHistory>,
    id: Id<CouncilMeetingId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::CouncilMeeting, id.0, query).await
}
