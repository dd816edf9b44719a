//! Items of consilia over HTTP: cases on an agenda, their resolutions and dissents.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::accompaniment::consilia::{Dissent, Item, ItemForm, ItemPostponement, ItemResolution};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::{CaseId, ConsiliumId, ConsiliumItemId};
use persistence::accompaniment::cases;
use persistence::accompaniment::consilia::{self, ConsiliumItemCard};
use persistence::sight::ruled;

crate::http::page::pages! { ConsiliumItemPage of ConsiliumItemCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_consilium_items).service(add_consilium_item).service(list_consilium_items_of_case);
    config.service(get_consilium_item).service(resolve_consilium_item).service(postpone_consilium_item);
    config.service(dissent_from_consilium_item).service(get_consilium_item_history);
}

/// List the items of a consilium
///
/// Cases on the agenda, those put there last first.
#[utoipa::path(tag = "consilia", params(("id" = ConsiliumId, Path)), responses((status = 200, body = ConsiliumItemPage)))]
#[get("/consilia/{id}/items")]
async fn list_consilium_items(
    db: Guarded<may::ReadConsilia>,
    id: Id<ConsiliumId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| consilia::items_of_consilium(tx, id.0, window).await).await
}

/// Put a case on the agenda
///
/// Adds an open case of the organization to a consilium that was not held yet. Only an urgent item may come while the case is on another
/// agenda.
#[utoipa::path(tag = "consilia", params(("id" = ConsiliumId, Path)), request_body = ItemForm, responses((status = 201, body = ConsiliumItemCard)))]
#[post("/consilia/{id}/items")]
async fn add_consilium_item(
    db: Guarded<may::EditConsilia>,
    id: Id<ConsiliumId>,
    form: Order<ItemForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let planned = consilia::planned(tx, id.0).await?;
        let case = consilia::case_of_item(tx, &form).await?;
        let checks = consilia::checks_of_item(tx, &form, &case).await;
        let facts = consilia::adding(tx, &case, &planned.form).await?;
        let added = ruled(Item::add(tx.mint(), &planned, &form, facts), checks)?;
        let item_id = added.value().id;
        consilia::save_added(tx, added).await?;
        consilia::item_card(tx, item_id).await
    })
    .await
}

/// List the items of a case
///
/// The consilia before which a case came, the latest first.
#[utoipa::path(tag = "consilia", params(("id" = CaseId, Path)), responses((status = 200, body = ConsiliumItemPage)))]
#[get("/cases/{id}/consilium-items")]
async fn list_consilium_items_of_case(
    db: Guarded<may::ReadConsilia>,
    id: Id<CaseId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| consilia::items_of_case(tx, id.0, window).await).await
}

/// Get an item of a consilium
///
/// One item with its resolution and its dissents, and the actions that the caller may take.
#[utoipa::path(tag = "consilia", params(("id" = ConsiliumItemId, Path)), responses((status = 200, body = ConsiliumItemCard)))]
#[get("/consilium-items/{id}")]
async fn get_consilium_item(
    db: Guarded<may::ReadConsilia>,
    id: Id<ConsiliumItemId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| consilia::item_card(tx, id.0).await).await
}

/// Resolve an item
///
/// Records what a held consilium decides about a case: whom it heard, its votes, the stage, the end or continuation, and decisions. Quorum
/// is judged now. Gates are judged where the votes carry the item, now and again when the consilium is closed. Until then the item may be
/// resolved anew.
#[utoipa::path(tag = "consilia", params(("id" = ConsiliumItemId, Path)), request_body = ItemResolution, responses((status = 200, body = ConsiliumItemCard)))]
#[post("/consilium-items/{id}/resolution")]
async fn resolve_consilium_item(
    db: Guarded<may::EditConsilia>,
    id: Id<ConsiliumItemId>,
    order: Order<ItemResolution>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (item, consilium, _) = consilia::load_item(tx, id.0).await?;
        let held = consilium.held()?;
        let case = cases::found(tx, item.form.case_id).await?.open()?;
        let route = consilia::named_route(tx, &case, &order).await?;
        let named = (&*order, route.as_ref());
        let (facts, room) = consilia::item_facts(tx, (&case, &item), &held, named).await?;
        let checks = consilia::checks_of_resolution(tx, &case, &held.was, named).await;
        consilia::save_item(tx, ruled(item.resolve(&order, &held, &facts, &room), checks)?).await?;
        consilia::item_card(tx, id.0).await
    })
    .await
}

/// Postpone an item
///
/// Takes an item off the agenda. The case may come before another consilium.
#[utoipa::path(tag = "consilia", params(("id" = ConsiliumItemId, Path)), request_body = ItemPostponement, responses((status = 200, body = ConsiliumItemCard)))]
#[post("/consilium-items/{id}/postponement")]
async fn postpone_consilium_item(
    db: Guarded<may::EditConsilia>,
    id: Id<ConsiliumItemId>,
    order: Order<ItemPostponement>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (item, consilium, _) = consilia::load_item(tx, id.0).await?;
        consilium.must_not_be_over()?;
        consilia::save_item(tx, item.postpone(&order)?).await?;
        consilia::item_card(tx, id.0).await
    })
    .await
}

/// Record a dissent
///
/// A voting member who was present records a dissent within three days after the sitting, also after the closing; the secretary or the chair
/// does so for others. It stays.
#[utoipa::path(tag = "consilia", params(("id" = ConsiliumItemId, Path)), request_body = Dissent, responses((status = 200, body = ConsiliumItemCard)))]
#[post("/consilium-items/{id}/dissents")]
async fn dissent_from_consilium_item(
    db: Guarded<may::EditConsilia>,
    id: Id<ConsiliumItemId>,
    order: Order<Dissent>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (item, consilium, by) = consilia::load_item(tx, id.0).await?;
        let room = consilia::room(tx).await?;
        let dissenting = item.dissent(&order, &consilium.sat()?, &by, &room)?;
        consilia::save_dissent(tx, dissenting).await?;
        consilia::item_card(tx, id.0).await
    })
    .await
}

/// Get the history of an item
///
/// Changes of the item, the latest first.
#[utoipa::path(tag = "consilia", params(("id" = ConsiliumItemId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/consilium-items/{id}/history")]
async fn get_consilium_item_history(
    db: Guarded<may::ReadHistory>,
    id: Id<ConsiliumItemId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::ConsiliumItem, id.0, query).await
}
