//! Stays over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{self, NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::StayId;
use domain::help::stays::*;
use persistence::engine::counts::Counts;
use persistence::help::place_requests;
use persistence::help::stays::{self, StayCard, StayFilter};

crate::http::page::pages! { StayPage of StayCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_stays)
        .service(get_stay_counts)
        .service(book_stay)
        .service(get_stay)
        .service(get_stay_history);
    config.service(arrive_stay).service(extend_stay).service(move_stay).service(depart_stay);
    config.service(cancel_stay);
}

/// List stays
///
/// Stays in the facilities of the caller's organizations, or of people of the caller's territory, the newest first.
#[utoipa::path(tag = "places", params(StayFilter), responses((status = 200, body = StayPage)))]
#[get("/stays")]
async fn list_stays(db: Guarded<may::ReadPlaces>, query: Query<StayFilter>) -> Result<Answer, Problem> {
    db.list(query, stays::list).await
}

/// Count stays
///
/// The number of stays that the caller sees, by a member of theirs.
#[utoipa::path(tag = "places", params(stays::StayCountQuestion), responses((status = 200, body = Counts)))]
#[get("/stays/counts")]
async fn get_stay_counts(db: Guarded<may::ReadPlaces>, request: HttpRequest) -> Result<Answer, Problem> {
    let asked: stays::StayCountQuestion = list::filters(request.query_string())?;
    db.read(async |tx| stays::counts(tx, &asked).await).await
}

/// Book a bed
///
/// Books a bed for a person. No bed and no person has two stays on one night, and a room keeps its rules of sex and age. A person
/// without a case, or of another age than the facility takes, needs an order of the director. Somebody removed from the register is given
/// none, but in a crisis (`crisis`) or by a request for a place of the urgency `now`. Offers of other organizations for these nights end.
#[utoipa::path(tag = "places", request_body = StayForm, responses((status = 201, body = StayCard)))]
#[post("/stays")]
async fn book_stay(db: Guarded<may::BookPlaces>, form: Order<StayForm>) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let request = place_requests::answered(tx, &form).await?;
        let is_needed_now = request.as_ref().is_some_and(|it| it.form.is_needed_now());
        let elsewhere = place_requests::end_elsewhere(tx, &form).await?;
        let id = stays::book(tx, &form, is_needed_now).await?;
        place_requests::pass_on_each(tx, elsewhere).await?;
        if let Some(it) = request {
            place_requests::save_settled(tx, it.place(id, form.bed_id, form.span())).await?;
        }
        stays::card(tx, id).await
    })
    .await
}

/// Get a stay
///
/// One stay with the actions that the caller may take. A reservation whose hold is over is a no-show.
#[utoipa::path(tag = "places", params(("id" = StayId, Path)), responses((status = 200, body = StayCard)))]
#[get("/stays/{id}")]
async fn get_stay(db: Guarded<may::ReadPlaces>, id: Id<StayId>) -> Result<Answer, Problem> {
    db.read(async |tx| stays::card(tx, id.0).await).await
}

/// Record an arrival
///
/// The person has come. The house rules that are in force have been signed. An arrival that was in time can be recorded after the hold: it
/// undoes the no-show while no other person has the nights. Offers of them give way.
#[utoipa::path(tag = "places", params(("id" = StayId, Path)), request_body = StayArrival, responses((status = 200, body = StayCard)))]
#[post("/stays/{id}/arrival")]
async fn arrive_stay(
    db: Guarded<may::BookPlaces>,
    id: Id<StayId>,
    order: Order<StayArrival>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        match stays::load(tx, id.0).await? {
            Stay::Missed(it) => {
                place_requests::give_way(tx, &it).await?;
                stays::save_restored(tx, it, &order).await?;
            }
            other => stays::save_arrived(tx, other.reserved()?, &order).await?,
        }
        stays::card(tx, id.0).await
    })
    .await
}

/// Extend a stay
///
/// Adds nights in the same bed, up to the nights that the facility allows for the whole stay.
#[utoipa::path(tag = "places", params(("id" = StayId, Path)), request_body = StayExtension, responses((status = 200, body = StayCard)))]
#[post("/stays/{id}/extensions")]
async fn extend_stay(
    db: Guarded<may::BookPlaces>,
    id: Id<StayId>,
    order: Order<StayExtension>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let running = stays::load(tx, id.0).await?.running()?;
        stays::extend(tx, running, &order).await?;
        stays::card(tx, id.0).await
    })
    .await
}

/// Move a person to another bed
///
/// The person sleeps in another bed of the facility from tonight on. The bed that is left is offered to the first one who waits.
#[utoipa::path(tag = "places", params(("id" = StayId, Path)), request_body = StayMove, responses((status = 200, body = StayCard)))]
#[post("/stays/{id}/moves")]
async fn move_stay(
    db: Guarded<may::BookPlaces>,
    id: Id<StayId>,
    order: Order<StayMove>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let running = stays::load(tx, id.0).await?.running()?;
        let bed = stays::move_to(tx, running, &order).await?;
        place_requests::offer_freed(tx, bed).await?;
        stays::card(tx, id.0).await
    })
    .await
}

/// Record a departure
///
/// The person has left. The nights from that day on are free, and are offered to the first one who waits and whom they suit.
#[utoipa::path(tag = "places", params(("id" = StayId, Path)), request_body = StayDeparture, responses((status = 200, body = StayCard)))]
#[post("/stays/{id}/departure")]
async fn depart_stay(
    db: Guarded<may::BookPlaces>,
    id: Id<StayId>,
    order: Order<StayDeparture>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let arrived = stays::load(tx, id.0).await?.arrived()?;
        let bed = stays::depart(tx, arrived, &order).await?;
        place_requests::offer_freed(tx, bed).await?;
        stays::card(tx, id.0).await
    })
    .await
}

/// Cancel a reservation
///
/// The person does not come. The nights are free, and are offered to the first one who waits and whom they suit.
#[utoipa::path(tag = "places", params(("id" = StayId, Path)), request_body = StayCancellation, responses((status = 200, body = StayCard)))]
#[post("/stays/{id}/cancellation")]
async fn cancel_stay(
    db: Guarded<may::BookPlaces>,
    id: Id<StayId>,
    order: Order<StayCancellation>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let reserved = stays::load(tx, id.0).await?.reserved()?;
        let bed = stays::cancel(tx, reserved, &order).await?;
        place_requests::offer_freed(tx, bed).await?;
        stays::card(tx, id.0).await
    })
    .await
}

/// Get the history of a stay
///
/// Changes of the stay, the latest first.
#[utoipa::path(tag = "places", params(("id" = StayId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/stays/{id}/history")]
async fn get_stay_history(
    db: Guarded<may::ReadHistory>,
    id: Id<StayId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Stay, id.0, query).await
}
