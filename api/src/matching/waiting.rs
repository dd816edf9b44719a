//! The waiting list over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::Guarded;
use crate::http::list::{self, Query};
use crate::http::problem::Problem;
use actix_web::{HttpRequest, get};
use domain::base::access::may;
use persistence::matching::waiting::{self, WaitingCard, WaitingFilter, WaitingListFilter, WaitingSummary};
use utoipa_actix_web::service_config::ServiceConfig;

crate::http::page::pages! { WaitingPage of WaitingCard; }

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_waiting).service(get_waiting_summary);
}

/// List who has no mentor
///
/// Everybody without a mentorship of a program: who waits, the longest first, then who does not wait: nobody put them on record as
/// waiting, or they are done with the program. Of each: days waited, how many mentors are possible, and the rules that rule out most.
#[utoipa::path(tag = "matching", params(WaitingListFilter), responses((status = 200, body = WaitingPage)))]
#[get("/waiting-list")]
async fn list_waiting(
    db: Guarded<may::ReadMatching>,
    query: Query<WaitingListFilter>,
) -> Result<Answer, Problem> {
    db.list(query, waiting::list).await
}

/// Get the waiting list in figures
///
/// How many have no mentor, how many of them wait and for how long, how many have no possible mentor and what keeps them from one, and the median of days to a match
/// over the last twelve months.
#[utoipa::path(tag = "matching", params(WaitingFilter), responses((status = 200, body = WaitingSummary)))]
#[get("/waiting-list/summary")]
async fn get_waiting_summary(
    db: Guarded<may::ReadMatching>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: WaitingFilter = list::filters(request.query_string())?;
    db.read_apart(async move |tx| waiting::summary(tx, &asked).await).await
}
