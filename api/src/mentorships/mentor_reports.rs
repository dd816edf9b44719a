//! Reports of mentors over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::list::{NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use actix_web::{get, post};
use domain::base::access::may;
use domain::base::id::{MentorshipId, ReportId};
use domain::mentorships::mentor_reports::{Report, ReportForm};
use domain::mentorships::spans::Span;
use persistence::mentorships;
use persistence::mentorships::mentor_reports::{self, ReportCard};
use utoipa_actix_web::service_config::ServiceConfig;

crate::http::page::pages! { ReportPage of ReportCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_reports).service(make_report).service(get_report);
}

/// List the reports on a mentorship
///
/// Reports of the mentor (002 §4.1.11), the newest first.
#[utoipa::path(tag = "reports", params(("id" = MentorshipId, Path)), responses((status = 200, body = ReportPage)))]
#[get("/mentorships/{id}/reports")]
async fn list_reports(
    db: Guarded<may::ReadReports>,
    id: Id<MentorshipId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| mentor_reports::list(tx, id.0, window).await).await
}

/// Report on a mentorship
///
/// Records the work of a period, its difficulties and changes, for the institution or its commission. A report never
/// changes, and the recipient does not see it. A report is also possible while the mentorship is paused. After its
/// end, only the institution may add one.
#[utoipa::path(tag = "reports", params(("id" = MentorshipId, Path)), request_body = ReportForm, responses((status = 201, body = ReportCard)))]
#[post("/mentorships/{id}/reports")]
async fn make_report(
    db: Guarded<may::EditMeetings>,
    id: Id<MentorshipId>,
    form: Order<ReportForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let mentorship = mentorships::load(tx, id.0).await?;
        let span = Span::of(&mentorship)?;
        let made = Report::make(tx.mint(), &span, &form, tx.today())?;
        let eyes = mentorship.pairing().side_of(tx.caller()).into();
        mentor_reports::save_made(tx, made, eyes).await
    })
    .await
}

/// Get a report
///
/// One report of a mentor.
#[utoipa::path(tag = "reports", params(("id" = ReportId, Path)), responses((status = 200, body = ReportCard)))]
#[get("/reports/{id}")]
async fn get_report(db: Guarded<may::ReadReports>, id: Id<ReportId>) -> Result<Answer, Problem> {
    db.read(async |tx| mentor_reports::card(tx, id.0).await).await
}
