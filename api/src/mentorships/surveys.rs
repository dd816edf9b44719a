//! Surveys of living conditions over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::list::Query;
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::base::access::may;
use domain::base::entry::Annulment;
use domain::base::id::{MentorshipId, SurveyId};
use domain::mentorships::days::MentorshipDays;
use domain::mentorships::surveys::{Survey, SurveyForm};
use persistence::mentorships::meetings;
use persistence::mentorships::surveys::{self, SurveyCard};
use persistence::mentorships::{self, StatementFilter};
use persistence::sight::{apart, ruled_after};

crate::http::page::pages! { SurveyPage of SurveyCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_surveys).service(make_survey).service(get_survey).service(annul_survey);
}

/// List the surveys of a mentorship
///
/// Surveys of living conditions (002 §4.1.2), the newest first. A mentor sees only their own surveys.
#[utoipa::path(tag = "reports", params(("id" = MentorshipId, Path), StatementFilter), responses((status = 200, body = SurveyPage)))]
#[get("/mentorships/{id}/surveys")]
async fn list_surveys(
    db: Guarded<may::ReadReports>,
    id: Id<MentorshipId>,
    query: Query<StatementFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| surveys::list(tx, Some(id.0), filter, window).await).await
}

/// Record a survey of living conditions
///
/// Records the observations of a visit during a mentorship, also while it is paused. After its end, only the
/// institution may add one. A survey never changes, and the recipient does not see it.
#[utoipa::path(tag = "reports", params(("id" = MentorshipId, Path)), request_body = SurveyForm, responses((status = 201, body = SurveyCard)))]
#[post("/mentorships/{id}/surveys")]
async fn make_survey(
    db: Guarded<may::EditMeetings>,
    id: Id<MentorshipId>,
    form: Order<SurveyForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let mentorship = mentorships::load(tx, id.0).await?;
        let days = MentorshipDays::of(&mentorship)?;
        let (meeting, named) = apart(meetings::referred(tx, id.0, form.meeting_id, "/meeting_id").await);
        let made = Survey::make(tx.mint(), &days, &form, meeting.flatten().as_ref(), tx.today());
        let made = ruled_after([named], made)?;
        let stand = mentorships::Stand::to(tx, mentorship.pairing()).await?;
        surveys::save_made(tx, made, &stand).await
    })
    .await
}

/// Get a survey of living conditions
///
/// One survey of living conditions.
#[utoipa::path(tag = "reports", params(("id" = SurveyId, Path)), responses((status = 200, body = SurveyCard)))]
#[get("/surveys/{id}")]
async fn get_survey(db: Guarded<may::ReadReports>, id: Id<SurveyId>) -> Result<Answer, Problem> {
    db.read(async |tx| surveys::card(tx, id.0).await).await
}

/// Annul a survey of living conditions
///
/// Annuls one that was made by mistake. It stays readable with the reason, and leaves lists. The institution may
/// do it within the term of corrections, an administrator of the region also later.
#[utoipa::path(tag = "reports", params(("id" = SurveyId, Path)), request_body = Annulment, responses((status = 200, body = SurveyCard)))]
#[post("/surveys/{id}/annulment")]
async fn annul_survey(
    db: Guarded<may::AnnulRecords>,
    id: Id<SurveyId>,
    order: Order<Annulment>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| surveys::annul(tx, id.0, &order).await).await
}
