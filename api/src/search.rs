//! The search over everything that the caller sees.
use crate::http::answer::Answer;
use crate::http::guard::Guarded;
use crate::http::list::Query;
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, post};
use domain::base::access::may;
use domain::search::Search;
use persistence::search::{self, FoundCard};

crate::http::page::pages! { FoundPage of FoundCard; }

pub(crate) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(search_all);
}

/// Search for everything by name
///
/// Finds people, families, beneficiaries, mentors, organizations and mentorships that the caller sees, at most five of each
/// kind. Each kind is searched under its own right. The text is in the body, because personal data must not appear in an
/// address.
#[utoipa::path(tag = "people", request_body = Search, responses((status = 200, body = FoundPage)))]
#[post("/search")]
async fn search_all(
    db: Guarded<may::UseAccount>,
    request: HttpRequest,
    find: Order<Search>,
) -> Result<Answer, Problem> {
    let query = Query::by_body(&request, find.clone())?;
    db.list(query, search::search).await
}
