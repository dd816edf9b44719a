//! Access requests over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::AccessRequestId;
use domain::people::access_requests::{AccessDecision, AccessRequest, AccessRequestForm};
use persistence::people::{self, AccessRequestCard, AccessRequestFilter};

crate::http::page::pages! { AccessRequestPage of AccessRequestCard; }

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_access_requests).service(request_access).service(get_access_request);
    config.service(decide_access_request).service(get_access_request_history);
}

/// List access requests
///
/// Requests of the caller's institutions, and those that the caller may decide, the newest first.
#[utoipa::path(tag = "people", params(AccessRequestFilter), responses((status = 200, body = AccessRequestPage)))]
#[get("/access-requests")]
async fn list_access_requests(
    db: Guarded<may::ReadAccessRequests>,
    query: Query<AccessRequestFilter>,
) -> Result<Answer, Problem> {
    db.list(query, people::list_access_requests).await
}

/// Request access to a person
///
/// Asks for the card of a person whom another institution has on record, by СНИЛС. The answer is the same whether or not there is
/// anybody. A director or a head of an institution that holds the person decides within 14 days; otherwise the request lapses. An
/// account makes at most ten requests within 24 hours.
#[utoipa::path(tag = "people", request_body = AccessRequestForm, responses((status = 202, body = AccessRequestCard)))]
#[post("/access-requests")]
async fn request_access(
    db: Guarded<may::RequestAccess>,
    order: Order<AccessRequestForm>,
) -> Result<Answer, Problem> {
    // That somebody was sought leaves a trace that is not undone.
    db.must_be_complete()?;
    db.take_in(async move |tx| {
        let organization = people::asking_institution(tx, &order).await?;
        let (person, lately) = people::sought(tx, &order.snils).await?;
        let made = AccessRequest::make(tx.mint(), organization, person, lately, tx.today())?;
        let id = made.value().id;
        people::save_access_requested(tx, made, &order.reason).await?;
        people::access_request_card(tx, id).await
    })
    .await
}

/// Get an access request
///
/// One request. The person is shown to those who decide, and to those who ask once access is granted.
#[utoipa::path(tag = "people", params(("id" = AccessRequestId, Path)), responses((status = 200, body = AccessRequestCard)))]
#[get("/access-requests/{id}")]
async fn get_access_request(
    db: Guarded<may::ReadAccessRequests>,
    id: Id<AccessRequestId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| people::access_request_card(tx, id.0).await).await
}

/// Decide an access request
///
/// Grants the institution that asks the reading of the person's card until a day, or refuses with a reason. It is for a director or
/// a head of an institution that holds the person, and not for the institution that asks.
#[utoipa::path(tag = "people", params(("id" = AccessRequestId, Path)), request_body = AccessDecision, responses((status = 200, body = AccessRequestCard)))]
#[post("/access-requests/{id}/decision")]
async fn decide_access_request(
    db: Guarded<may::DecideAccess>,
    id: Id<AccessRequestId>,
    order: Order<AccessDecision>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (request, is_own) = people::load_access_request(tx, id.0).await?;
        people::save_access_decided(tx, request.decide(&order, is_own, tx.today())?).await?;
        people::access_request_card(tx, id.0).await
    })
    .await
}

/// Get the history of an access request
///
/// Changes of the request, the latest first.
#[utoipa::path(tag = "people", params(("id" = AccessRequestId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/access-requests/{id}/history")]
async fn get_access_request_history(
    db: Guarded<may::ReadHistory>,
    id: Id<AccessRequestId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::AccessRequest, id.0, query).await
}
