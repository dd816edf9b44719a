//! Movements of stock over HTTP. Stock items are entries.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::list::Query;
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::base::access::may;
use domain::base::change::SubjectKind::{Organization, StockItem};
use domain::base::id::StockMovementId;
use domain::help::stock::StockMovementForm;
use persistence::help::stock::{self, StockMovementCard, StockMovementFilter};
use persistence::region::organizations::must_work_on;
use persistence::sight::{found_beside, must_reach, must_refer, ruled_after};

crate::http::page::pages! { StockMovementPage of StockMovementCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_stock_movements).service(book_stock_movement).service(get_stock_movement);
}

/// List movements of stock
///
/// Movements of stock items of the caller's organizations, the newest first. The balance of an item is their sum.
#[utoipa::path(tag = "help", params(StockMovementFilter), responses((status = 200, body = StockMovementPage)))]
#[get("/stock-movements")]
async fn list_stock_movements(
    db: Guarded<may::ReadServices>,
    query: Query<StockMovementFilter>,
) -> Result<Answer, Problem> {
    db.list(query, stock::list_movements).await
}

/// Book a movement of stock
///
/// Books what came in or went out, and changes the balance of the item. No balance falls below nothing. A movement is never edited:
/// another one corrects it. Gifts of urgent aid book their movements by themselves.
#[utoipa::path(tag = "help", request_body = StockMovementForm, responses((status = 201, body = StockMovementCard)))]
#[post("/stock-movements")]
async fn book_stock_movement(
    db: Guarded<may::EditServices>,
    form: Order<StockMovementForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let partner = form.partner_organization_id;
        let reached = must_reach(tx, StockItem, form.stock_item_id, "/stock_item_id").await;
        let checks = vec![
            must_refer(tx, Organization, partner, "/partner_organization_id").await,
            must_work_on(tx, form.moved_on, partner, "/partner_organization_id").await,
        ];
        let ((), checks) = found_beside(reached, checks)?;
        let held = stock::load(tx, form.stock_item_id).await?;
        let booked = ruled_after(checks, held.book(tx.mint(), &form, tx.today()))?;
        let id = booked.value().id;
        stock::save_moved(tx, booked).await?;
        stock::movement_card(tx, id).await
    })
    .await
}

/// Get a movement of stock
///
/// One movement. It never changes.
#[utoipa::path(tag = "help", params(("id" = StockMovementId, Path)), responses((status = 200, body = StockMovementCard)))]
#[get("/stock-movements/{id}")]
async fn get_stock_movement(
    db: Guarded<may::ReadServices>,
    id: Id<StockMovementId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| stock::movement_card(tx, id.0).await).await
}
