//! Reports of mentors over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::list::Query;
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::base::access::may;
use domain::base::entry::Annulment;
use domain::base::id::{MentorReportId, MentorshipId};
use domain::mentorships::days::MentorshipDays;
use domain::mentorships::mentor_reports::{MentorReport, MentorReportForm};
use persistence::mentorships::mentor_reports::{self, MentorReportCard};
use persistence::mentorships::{self, StatementFilter};

crate::http::page::pages! { MentorReportPage of MentorReportCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_mentor_reports)
        .service(list_all_mentor_reports)
        .service(make_mentor_report)
        .service(get_mentor_report)
        .service(annul_mentor_report);
}

/// List the reports on a mentorship
///
/// Reports of the mentor (002 §4.1.11), the newest first.
#[utoipa::path(tag = "reports", params(("id" = MentorshipId, Path), StatementFilter), responses((status = 200, body = MentorReportPage)))]
#[get("/mentorships/{id}/mentor-reports")]
async fn list_mentor_reports(
    db: Guarded<may::ReadReports>,
    id: Id<MentorshipId>,
    query: Query<StatementFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| mentor_reports::list(tx, Some(id.0), filter, window).await)
        .await
}

/// List all reports
///
/// Reports of the mentors in all mentorships that the caller sees, the newest first.
#[utoipa::path(tag = "reports", params(StatementFilter), responses((status = 200, body = MentorReportPage)))]
#[get("/mentor-reports")]
async fn list_all_mentor_reports(
    db: Guarded<may::ReadReports>,
    query: Query<StatementFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| mentor_reports::list(tx, None, filter, window).await).await
}

/// Report on a mentorship
///
/// Records the work of a period, its difficulties and changes, for the institution or its commission. A report never
/// changes, and the recipient does not see it. A report is also possible while the mentorship is paused. After its
/// end, only the institution may add one.
#[utoipa::path(tag = "reports", params(("id" = MentorshipId, Path)), request_body = MentorReportForm, responses((status = 201, body = MentorReportCard)))]
#[post("/mentorships/{id}/mentor-reports")]
async fn make_mentor_report(
    db: Guarded<may::EditMeetings>,
    id: Id<MentorshipId>,
    form: Order<MentorReportForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let mentorship = mentorships::load(tx, id.0).await?;
        let days = MentorshipDays::of(&mentorship)?;
        let made = MentorReport::make(tx.mint(), &days, &form, tx.today())?;
        let stand = mentorships::Stand::to(tx, mentorship.pairing()).await?;
        mentor_reports::save_made(tx, made, &stand).await
    })
    .await
}

/// Get a report
///
/// One report of a mentor.
#[utoipa::path(tag = "reports", params(("id" = MentorReportId, Path)), responses((status = 200, body = MentorReportCard)))]
#[get("/mentor-reports/{id}")]
async fn get_mentor_report(db: Guarded<may::ReadReports>, id: Id<MentorReportId>) -> Result<Answer, Problem> {
    db.read(async |tx| mentor_reports::card(tx, id.0).await).await
}

/// Annul a mentor's report
///
/// Annuls one that was made by mistake. It stays readable with the reason, and leaves lists. The institution may
/// do it within the term of corrections, an administrator of the region also later.
#[utoipa::path(tag = "reports", params(("id" = MentorReportId, Path)), request_body = Annulment, responses((status = 200, body = MentorReportCard)))]
#[post("/mentor-reports/{id}/annulment")]
async fn annul_mentor_report(
    db: Guarded<may::AnnulRecords>,
    id: Id<MentorReportId>,
    order: Order<Annulment>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| mentor_reports::annul(tx, id.0, &order).await).await
}
