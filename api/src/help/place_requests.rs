//! The waiting list for places over HTTP.
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
use domain::base::id::PlaceRequestId;
use domain::help::place_requests::{
    PlaceOfferForm, PlaceOfferRefusal, PlaceRequestForm, PlaceRequestWithdrawal,
};
use persistence::help::place_requests::{self, PlaceRequestCard, PlaceRequestFilter};

crate::http::page::pages! { PlaceRequestPage of PlaceRequestCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_place_requests).service(add_place_request).service(get_place_request);
    config
        .service(offer_place)
        .service(refuse_place)
        .service(withdraw_place_request)
        .service(get_place_request_history);
}

/// List requests for places
///
/// The waiting list: the most urgent first, then who waits longest. An offer that nobody has answered leaves the request where it was, and
/// its bed goes to the next.
#[utoipa::path(tag = "places", params(PlaceRequestFilter), responses((status = 200, body = PlaceRequestPage)))]
#[get("/place-requests")]
async fn list_place_requests(
    db: Guarded<may::ReadPlaces>,
    query: Query<PlaceRequestFilter>,
) -> Result<Answer, Problem> {
    db.list(query, place_requests::list).await
}

/// Ask for a place
///
/// Puts a person on the waiting list of a facility, or of any one of a kind in an organization. Somebody removed from the register waits
/// only for a bed that is needed `now`.
#[utoipa::path(tag = "places", request_body = PlaceRequestForm, responses((status = 201, body = PlaceRequestCard)))]
#[post("/place-requests")]
async fn add_place_request(
    db: Guarded<may::BookPlaces>,
    form: Order<PlaceRequestForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let id = place_requests::add(tx, &form).await?;
        place_requests::card(tx, id).await
    })
    .await
}

/// Get a request for a place
///
/// One request with its offer, and the actions that the caller may take.
#[utoipa::path(tag = "places", params(("id" = PlaceRequestId, Path)), responses((status = 200, body = PlaceRequestCard)))]
#[get("/place-requests/{id}")]
async fn get_place_request(db: Guarded<may::ReadPlaces>, id: Id<PlaceRequestId>) -> Result<Answer, Problem> {
    db.read(async |tx| place_requests::card(tx, id.0).await).await
}

/// Offer a place
///
/// Holds a bed for somebody who waits, for the hours that the rules of accompaniment set. A stay that names the request takes the offer.
/// The answer warns where somebody more urgent waits whom the bed would suit. Somebody removed from the register is offered none, unless it
/// is needed `now`.
#[utoipa::path(tag = "places", params(("id" = PlaceRequestId, Path)), request_body = PlaceOfferForm, responses((status = 200, body = PlaceRequestCard)))]
#[post("/place-requests/{id}/offers")]
async fn offer_place(
    db: Guarded<may::BookPlaces>,
    id: Id<PlaceRequestId>,
    order: Order<PlaceOfferForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let waiting = place_requests::load(tx, id.0).await?.waiting()?;
        place_requests::offer(tx, waiting, &order).await?;
        place_requests::card(tx, id.0).await
    })
    .await
}

/// Record that an offer of a place was refused
///
/// The person does not want the bed and waits on. Its nights go to the next who waits and has had no offer since they became free.
#[utoipa::path(tag = "places", params(("id" = PlaceRequestId, Path)), request_body = PlaceOfferRefusal, responses((status = 200, body = PlaceRequestCard)))]
#[post("/place-requests/{id}/refusal")]
async fn refuse_place(
    db: Guarded<may::BookPlaces>,
    id: Id<PlaceRequestId>,
    _order: Order<PlaceOfferRefusal>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let waiting = place_requests::load(tx, id.0).await?.waiting()?;
        let refused = waiting.refuse(tx.now())?;
        place_requests::save_refused(tx, refused).await?;
        place_requests::card(tx, id.0).await
    })
    .await
}

/// Withdraw a request for a place
///
/// The person waits no more. The nights of an offer are free, and go to the next who waits.
#[utoipa::path(tag = "places", params(("id" = PlaceRequestId, Path)), request_body = PlaceRequestWithdrawal, responses((status = 200, body = PlaceRequestCard)))]
#[post("/place-requests/{id}/withdrawal")]
async fn withdraw_place_request(
    db: Guarded<may::BookPlaces>,
    id: Id<PlaceRequestId>,
    _order: Order<PlaceRequestWithdrawal>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let waiting = place_requests::load(tx, id.0).await?.waiting()?;
        place_requests::save_settled(tx, waiting.withdraw()).await?;
        place_requests::card(tx, id.0).await
    })
    .await
}

/// Get the history of a request for a place
///
/// Changes of the request, the latest first.
#[utoipa::path(tag = "places", params(("id" = PlaceRequestId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/place-requests/{id}/history")]
async fn get_place_request_history(
    db: Guarded<may::ReadHistory>,
    id: Id<PlaceRequestId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::PlaceRequest, id.0, query).await
}
