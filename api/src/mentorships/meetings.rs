//! Meetings of mentorships over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::HistoryPage;
use crate::http::list::{self, NoFilter, Query};
use crate::http::order::{Edit, Order};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post, put};
use domain::base::access::may;
use domain::base::entry::Annulment;
use domain::base::id::{MeetingId, MentorshipId};
use domain::mentorships::meetings::{
    Cancellation, Holding, HomeworkResult, MeetingForm, MeetingRating, MeetingRecord, Missing,
};
use persistence::engine::counts::Counts;
use persistence::mentorships;
use persistence::mentorships::meetings::{self, MeetingCard, MeetingFilter};
use persistence::mentorships::requests;
use persistence::sight::{apart, ruled_after};

crate::http::page::pages! { MeetingPage of MeetingCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_meetings)
        .service(list_all_meetings)
        .service(get_meeting_counts)
        .service(plan_meeting)
        .service(record_meeting)
        .service(get_meeting)
        .service(replace_meeting);
    config.service(hold_meeting).service(miss_meeting).service(cancel_meeting).service(get_meeting_history);
    config.service(report_homework).service(rate_meeting).service(annul_meeting);
}

/// List the meetings of a mentorship
///
/// Meetings ordered by time, the latest first, including future ones.
#[utoipa::path(tag = "meetings", params(("id" = MentorshipId, Path), MeetingFilter), responses((status = 200, body = MeetingPage)))]
#[get("/mentorships/{id}/meetings")]
async fn list_meetings(
    db: Guarded<may::ReadMeetings>,
    id: Id<MentorshipId>,
    query: Query<MeetingFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| meetings::list(tx, Some(id.0), filter, window).await).await
}

/// List all meetings
///
/// Meetings of all mentorships that the caller sees, ordered by time, the latest first, including future ones.
#[utoipa::path(tag = "meetings", params(MeetingFilter), responses((status = 200, body = MeetingPage)))]
#[get("/meetings")]
async fn list_all_meetings(
    db: Guarded<may::ReadMeetings>,
    query: Query<MeetingFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| meetings::list(tx, None, filter, window).await).await
}

/// Count meetings
///
/// The number of meetings that the caller sees, by a member of theirs.
#[utoipa::path(tag = "meetings", params(meetings::MeetingCountQuestion), responses((status = 200, body = Counts)))]
#[get("/meetings/counts")]
async fn get_meeting_counts(db: Guarded<may::ReadMeetings>, request: HttpRequest) -> Result<Answer, Problem> {
    let asked: meetings::MeetingCountQuestion = list::filters(request.query_string())?;
    db.read(async |tx| meetings::counts(tx, &asked).await).await
}

/// Plan a meeting
///
/// Plans a meeting within the term of an active mentorship. For a meeting that was not planned, use `recordMeeting`.
#[utoipa::path(tag = "meetings", params(("id" = MentorshipId, Path)), request_body = MeetingForm, responses((status = 201, body = MeetingCard)))]
#[post("/mentorships/{id}/meetings")]
async fn plan_meeting(
    db: Guarded<may::EditMeetings>,
    id: Id<MentorshipId>,
    form: Order<MeetingForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let active = mentorships::load(tx, id.0).await?.for_meetings()?;
        let pace = meetings::pace(tx, &active.pairing, &active.term).await?;
        let (asked, named) = apart(requests::asked(tx, id.0, form.request_id).await);
        let planned = active.plan(tx.mint(), &form, asked.flatten().as_ref(), &pace);
        let planned = ruled_after([named], planned)?;
        let meeting_id = planned.value().id;
        meetings::save_planned(tx, planned).await?;
        meetings::card(tx, meeting_id).await
    })
    .await
}

/// Record a held meeting
///
/// Records a meeting that was held without a plan; only five members are required. The rules are the same as for
/// planning and holding a meeting. The last meeting that a program demands completes the mentorship.
#[utoipa::path(tag = "meetings", params(("id" = MentorshipId, Path)), request_body = MeetingRecord, responses((status = 201, body = MeetingCard)))]
#[post("/mentorships/{id}/held-meetings")]
async fn record_meeting(
    db: Guarded<may::EditMeetings>,
    id: Id<MentorshipId>,
    order: Order<MeetingRecord>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let active = mentorships::load(tx, id.0).await?.for_meetings()?;
        let pace = meetings::pace(tx, &active.pairing, &active.term).await?;
        let (asked, named) = apart(requests::asked(tx, id.0, order.request_id).await);
        let recorded = active.record(tx.mint(), &order, asked.flatten().as_ref(), &pace, tx.now());
        let recorded = ruled_after([named], recorded)?;
        let meeting_id = recorded.value().meeting.was.id;
        meetings::save_recorded(tx, recorded).await?;
        meetings::changed_card(tx, meeting_id).await
    })
    .await
}

/// Get a meeting
///
/// One meeting with its records.
#[utoipa::path(tag = "meetings", params(("id" = MeetingId, Path)), responses((status = 200, body = MeetingCard)))]
#[get("/meetings/{id}")]
async fn get_meeting(db: Guarded<may::ReadMeetings>, id: Id<MeetingId>) -> Result<Answer, Problem> {
    db.read(async |tx| meetings::card(tx, id.0).await).await
}

/// Replace the plan of a meeting
///
/// Replaces the whole plan of a meeting that was not held, missed or cancelled; needs the version in `If-Match`.
#[utoipa::path(tag = "meetings", params(("id" = MeetingId, Path)), request_body = MeetingForm, responses((status = 200, body = MeetingCard)))]
#[put("/meetings/{id}")]
async fn replace_meeting(
    db: Guarded<may::EditMeetings>,
    id: Id<MeetingId>,
    edit: Edit<MeetingForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (planned, mentorship) = meetings::load_planned(tx, id.0).await?;
        let form = edit.of(&planned.form)?;
        let active = mentorship.for_meetings()?;
        let (asked, named) = apart(requests::asked(tx, active.pairing.id, form.request_id).await);
        let replanned = active.replan(planned, &form, asked.flatten().as_ref(), tx.zone());
        meetings::save_replanned(tx, ruled_after([named], replanned)?).await?;
        meetings::card(tx, id.0).await
    })
    .await
}

/// Record a meeting as held
///
/// Records when the meeting began, how long it lasted, and the work done. The last meeting that a program demands
/// completes the mentorship.
#[utoipa::path(tag = "meetings", params(("id" = MeetingId, Path)), request_body = Holding, responses((status = 200, body = MeetingCard)))]
#[post("/meetings/{id}/holding")]
async fn hold_meeting(
    db: Guarded<may::EditMeetings>,
    id: Id<MeetingId>,
    order: Order<Holding>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (planned, mentorship) = meetings::load_planned(tx, id.0).await?;
        let active = mentorship.for_meetings()?;
        let pace = meetings::pace(tx, &active.pairing, &active.term).await?;
        meetings::save_held(tx, active.hold(planned, &order, &pace, tx.now())?).await?;
        meetings::changed_card(tx, id.0).await
    })
    .await
}

/// Record a meeting as missed
///
/// Records who did not come. It is possible only after the planned time.
#[utoipa::path(tag = "meetings", params(("id" = MeetingId, Path)), request_body = Missing, responses((status = 200, body = MeetingCard)))]
#[post("/meetings/{id}/missing")]
async fn miss_meeting(
    db: Guarded<may::EditMeetings>,
    id: Id<MeetingId>,
    order: Order<Missing>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let planned = meetings::load(tx, id.0).await?.planned()?;
        meetings::save_missed(tx, planned.miss(&order, tx.now())?).await?;
        meetings::card(tx, id.0).await
    })
    .await
}

/// Cancel a meeting
///
/// Cancels a planned meeting, with a reason.
#[utoipa::path(tag = "meetings", params(("id" = MeetingId, Path)), request_body = Cancellation, responses((status = 200, body = MeetingCard)))]
#[post("/meetings/{id}/cancellation")]
async fn cancel_meeting(
    db: Guarded<may::EditMeetings>,
    id: Id<MeetingId>,
    order: Order<Cancellation>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let planned = meetings::load(tx, id.0).await?.planned()?;
        meetings::save_cancelled(tx, planned.cancel(&order)?).await?;
        meetings::card(tx, id.0).await
    })
    .await
}

/// Annul the record of a held meeting
///
/// Annuls a meeting that was recorded by mistake, for example for the wrong pair; needs the version in `If-Match`. It stays readable with the reason, leaves
/// lists and counts no more. The regularity of the pair follows, a request that it answered is open again, and a mentorship that
/// it completed goes on. The institution may do it within the term of corrections, an administrator of the region also later, and a side never.
#[utoipa::path(tag = "meetings", params(("id" = MeetingId, Path)), request_body = Annulment, responses((status = 200, body = MeetingCard)))]
#[post("/meetings/{id}/annulment")]
async fn annul_meeting(
    db: Guarded<may::AnnulRecords>,
    id: Id<MeetingId>,
    order: Order<Annulment>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (meeting, facts) = meetings::to_annul(tx, id.0).await?;
        meetings::save_annulled(tx, meeting.annul(&order, &facts, tx.today())?).await?;
        meetings::card(tx, id.0).await
    })
    .await
}

/// Report on the homework of a meeting
///
/// The mentor, the recipient or the institution reports whether the homework of a held meeting is done, and its
/// result. Homework that is not done may be reported again. Earlier reports stay, with their authors.
#[utoipa::path(tag = "meetings", params(("id" = MeetingId, Path)), request_body = HomeworkResult, responses((status = 200, body = MeetingCard)))]
#[post("/meetings/{id}/homework-result")]
async fn report_homework(
    db: Guarded<may::ReportHomework>,
    id: Id<MeetingId>,
    order: Order<HomeworkResult>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let held = meetings::load(tx, id.0).await?.held()?;
        let by = mentorships::side_in(tx, held.was.mentorship_id).await?;
        let reported = meetings::times_reported(tx, id.0).await?;
        meetings::save_homework(tx, held.report_homework(&order, by, reported, tx.today())?).await?;
        meetings::card(tx, id.0).await
    })
    .await
}

/// Rate a meeting
///
/// Records the rating of a held meeting by a side, once. A side rates only for itself and sees only its own rating.
/// The institution may record the rating of a side, and sees both.
#[utoipa::path(tag = "meetings", params(("id" = MeetingId, Path)), request_body = MeetingRating, responses((status = 200, body = MeetingCard)))]
#[post("/meetings/{id}/ratings")]
async fn rate_meeting(
    db: Guarded<may::RateMeeting>,
    id: Id<MeetingId>,
    order: Order<MeetingRating>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let held = meetings::load(tx, id.0).await?.held()?;
        let by = mentorships::side_in(tx, held.was.mentorship_id).await?;
        let rated = meetings::rated(tx, id.0).await?;
        meetings::save_rated(tx, held.rate(&order, by, &rated, tx.today())?).await?;
        meetings::card(tx, id.0).await
    })
    .await
}

/// Get the history of a meeting
///
/// Changes of the meeting, the latest first.
#[utoipa::path(tag = "meetings", params(("id" = MeetingId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/meetings/{id}/history")]
async fn get_meeting_history(
    db: Guarded<may::ReadHistory>,
    id: Id<MeetingId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| mentorships::history_of_meeting(tx, id.0, window).await).await
}
