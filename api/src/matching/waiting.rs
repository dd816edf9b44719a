//! The waiting list over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::Guarded;
use crate::http::list::{self, Query};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get};
use domain::base::access::may;
use persistence::matching::waiting::{
    self, Figures, WaitingCard, WaitingFilter, WaitingListFilter, WaitingSummary,
};

crate::http::page::pages! { WaitingPage of WaitingCard; }

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_waiting).service(get_waiting_summary);
}

/// List beneficiaries without a mentor
///
/// All beneficiaries without a mentorship of a program. Those who wait come first, the longest wait first. Those who
/// do not wait follow: nobody recorded their wait, or they have finished the program. The dead, and those who are
/// removed from the register, are in neither part. Each item has the days waited, the number of possible mentors, and
/// the rules that exclude most mentors.
#[utoipa::path(tag = "matching", params(WaitingListFilter), responses((status = 200, body = WaitingPage)))]
#[get("/waiting-list")]
async fn list_waiting(
    db: Guarded<may::ReadMatching>,
    query: Query<WaitingListFilter>,
) -> Result<Answer, Problem> {
    db.list_remembered::<waiting::Walk, _, _>(query, waiting::list).await
}

/// Get the waiting list in figures
///
/// The number of beneficiaries without a mentor, of those who wait, and of those without a possible mentor. It also
/// has the median wait, the rules that exclude most, and the median time to a match over the last 12 months.
#[utoipa::path(tag = "matching", params(WaitingFilter), responses((status = 200, body = WaitingSummary)))]
#[get("/waiting-list/summary")]
async fn get_waiting_summary(
    db: Guarded<may::ReadMatching>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: WaitingFilter = list::filters(request.query_string())?;
    db.read_remembered::<Figures, _>(async move |tx| waiting::summary(tx, &asked).await).await
}
