//! The waiting list over HTTP.
use crate::answer::Answer;
use crate::guard::Guarded;
use crate::list::{self, Query};
use crate::problem::Problem;
use actix_web::{HttpRequest, get};
use domain::access::may;
use persistence::matching::waiting::{self, WaitingCard, WaitingFilter, WaitingSummary};
use utoipa_actix_web::service_config::ServiceConfig;

crate::openapi::pages! { WaitingPage of WaitingCard; }

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_waiting).service(get_waiting_summary);
}

/// List who waits for a mentor
///
/// Everybody who waits in a program and has no mentorship of it, the longest first: days waited, how many mentors are possible, and the
/// rules that rule out most. Who has finished the program stays out until put on record anew, so a page may be shorter than asked for.
#[utoipa::path(tag = "matching", params(WaitingFilter), responses((status = 200, body = WaitingPage)))]
#[get("/waiting-list")]
async fn list_waiting(
    db: Guarded<may::ReadMatching>,
    query: Query<WaitingFilter>,
) -> Result<Answer, Problem> {
    db.list(query, waiting::list).await
}

/// Get the waiting list in figures
///
/// How many wait and for how long, how many have no possible mentor and what keeps them from one, and the median of days to a match
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
