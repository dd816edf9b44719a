//! Group meetings over HTTP.
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
use domain::base::entry::Annulment;
use domain::base::id::GroupMeetingId;
use domain::mentorships::group_meetings::{AnnulledGroupMeeting, GroupHolding, GroupMeetingForm, Planned};
use domain::mentorships::meetings::Cancellation;
use persistence::mentorships::group_meetings::{self, GroupMeetingCard, GroupMeetingFilter};

crate::http::page::pages! { GroupMeetingPage of GroupMeetingCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_group_meetings).service(plan_group_meeting).service(get_group_meeting);
    config
        .service(replace_group_meeting)
        .service(hold_group_meeting)
        .service(cancel_group_meeting)
        .service(annul_group_meeting);
    config.service(get_group_meeting_history);
}

/// List group meetings
///
/// Group meetings of the mentorships that the caller may see, ordered by time, the latest first, including future
/// ones.
#[utoipa::path(tag = "meetings", params(GroupMeetingFilter), responses((status = 200, body = GroupMeetingPage)))]
#[get("/group-meetings")]
async fn list_group_meetings(
    db: Guarded<may::ReadMeetings>,
    query: Query<GroupMeetingFilter>,
) -> Result<Answer, Problem> {
    db.list(query, group_meetings::list).await
}

/// Plan a group meeting
///
/// Plans a meeting of several pairs: of one mentor, of mentors of one institution, or of recipients of one category
/// (002 §5.6). It counts for the regularity of each pair that comes, but not as a meeting that completes a program.
#[utoipa::path(tag = "meetings", request_body = GroupMeetingForm, responses((status = 201, body = GroupMeetingCard)))]
#[post("/group-meetings")]
async fn plan_group_meeting(
    db: Guarded<may::EditMeetings>,
    form: Order<GroupMeetingForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let circle = group_meetings::circle(tx, &form.mentorship_ids).await?;
        let planned = Planned::plan(tx.mint(), &form, &circle)?;
        let id = planned.value().id;
        group_meetings::save_planned(tx, planned).await?;
        group_meetings::card(tx, id).await
    })
    .await
}

/// Get a group meeting
///
/// One group meeting, with those participants whose mentorships the caller may see.
#[utoipa::path(tag = "meetings", params(("id" = GroupMeetingId, Path)), responses((status = 200, body = GroupMeetingCard)))]
#[get("/group-meetings/{id}")]
async fn get_group_meeting(
    db: Guarded<may::ReadMeetings>,
    id: Id<GroupMeetingId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| group_meetings::card(tx, id.0).await).await
}

/// Replace the plan of a group meeting
///
/// Replaces the whole plan of a group meeting that was not held or cancelled; needs the version in `If-Match`. The
/// caller must have the right to change meetings of all participants.
#[utoipa::path(tag = "meetings", params(("id" = GroupMeetingId, Path)), request_body = GroupMeetingForm, responses((status = 200, body = GroupMeetingCard)))]
#[put("/group-meetings/{id}")]
async fn replace_group_meeting(
    db: Guarded<may::EditMeetings>,
    id: Id<GroupMeetingId>,
    edit: Edit<GroupMeetingForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let planned = group_meetings::load(tx, id.0).await?.planned()?;
        let form = edit.of(&planned.form)?;
        let circle = group_meetings::circle(tx, &form.mentorship_ids).await?;
        group_meetings::save_replanned(tx, planned.replan(&form, &circle)?).await?;
        group_meetings::card(tx, id.0).await
    })
    .await
}

/// Record a group meeting as held
///
/// Records who came and the work done. The caller must have the right to change meetings of all participants.
#[utoipa::path(tag = "meetings", params(("id" = GroupMeetingId, Path)), request_body = GroupHolding, responses((status = 200, body = GroupMeetingCard)))]
#[post("/group-meetings/{id}/holding")]
async fn hold_group_meeting(
    db: Guarded<may::EditMeetings>,
    id: Id<GroupMeetingId>,
    order: Order<GroupHolding>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let planned = group_meetings::load(tx, id.0).await?.planned()?;
        let circle = group_meetings::circle(tx, &planned.form.mentorship_ids).await?;
        group_meetings::save_held(tx, planned.hold(&order, &circle, tx.now())?).await?;
        group_meetings::card(tx, id.0).await
    })
    .await
}

/// Cancel a group meeting
///
/// Cancels a planned group meeting, with a reason. The caller must have the right to change meetings of all
/// participants.
#[utoipa::path(tag = "meetings", params(("id" = GroupMeetingId, Path)), request_body = Cancellation, responses((status = 200, body = GroupMeetingCard)))]
#[post("/group-meetings/{id}/cancellation")]
async fn cancel_group_meeting(
    db: Guarded<may::EditMeetings>,
    id: Id<GroupMeetingId>,
    order: Order<Cancellation>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let planned = group_meetings::load(tx, id.0).await?.planned()?;
        group_meetings::save_cancelled(tx, planned.cancel(&order)?).await?;
        group_meetings::card(tx, id.0).await
    })
    .await
}

/// Annul the record of a held group meeting
///
/// Annuls a group meeting that was recorded by mistake. It stays readable with the reason, leaves lists and counts for no pair. The
/// institution may do it within the term of corrections, an administrator of the region also later, and a side of one of its mentorships never.
#[utoipa::path(tag = "meetings", params(("id" = GroupMeetingId, Path)), request_body = Annulment, responses((status = 200, body = GroupMeetingCard)))]
#[post("/group-meetings/{id}/annulment")]
async fn annul_group_meeting(
    db: Guarded<may::AnnulRecords>,
    id: Id<GroupMeetingId>,
    order: Order<Annulment>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (state, recorded) = group_meetings::to_annul(tx, id.0).await?;
        let annulled = AnnulledGroupMeeting::of(id.0, state, &order, recorded, tx.today())?;
        group_meetings::save_annulled(tx, annulled).await?;
        group_meetings::card(tx, id.0).await
    })
    .await
}

/// Get the history of a group meeting
///
/// Changes of the group meeting, the latest first.
#[utoipa::path(tag = "meetings", params(("id" = GroupMeetingId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/group-meetings/{id}/history")]
async fn get_group_meeting_history(
    db: Guarded<may::ReadHistory>,
    id: Id<GroupMeetingId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::GroupMeeting, id.0, query).await
}
