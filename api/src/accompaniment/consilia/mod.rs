//! Consilia over HTTP.
//!
//! - this page: a sitting, from its plan to its protocol.
//! - [`items`]: cases on an agenda, their resolutions and dissents.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::order::{Edit, Order};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post, put};
use domain::accompaniment::consilia::{
    ConsiliumCancellation, ConsiliumClosing, ConsiliumForm, ConsiliumHolding, Planned,
};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::ConsiliumId;
use persistence::accompaniment::consilia::{self, ConsiliumCard, ConsiliumFilter, ConsiliumProtocol};
use persistence::region::files::entrust_each;
use persistence::region::organizations::must_work_on;
use persistence::sight::{ruled, ruled_after};

pub mod items;

crate::http::page::pages! { ConsiliumPage of ConsiliumCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_consilia).service(plan_consilium).service(get_consilium).service(replace_consilium);
    config.service(hold_consilium).service(close_consilium).service(cancel_consilium);
    config.service(get_consilium_protocol).service(get_consilium_history);
    items::routes(config);
}

/// List consilia
///
/// Consilia of the caller's organizations, the newest first.
#[utoipa::path(tag = "consilia", params(ConsiliumFilter), responses((status = 200, body = ConsiliumPage)))]
#[get("/consilia")]
async fn list_consilia(
    db: Guarded<may::ReadConsilia>,
    query: Query<ConsiliumFilter>,
) -> Result<Answer, Problem> {
    db.list(query, consilia::list).await
}

/// Plan a consilium
///
/// Plans a sitting of an organization of the caller. Members with an account serve that organization; others are names in the protocol. The
/// chair is a director or a head of a unit. An organization that was closed holds those that were planned before, and plans none.
#[utoipa::path(tag = "consilia", request_body = ConsiliumForm, responses((status = 201, body = ConsiliumCard)))]
#[post("/consilia")]
async fn plan_consilium(
    db: Guarded<may::EditConsilia>,
    form: Order<ConsiliumForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let (facts, own) = consilia::facts_of_planning(tx, &form).await?;
        let day = tx.zone().day(form.planned_at);
        let works = must_work_on(tx, day, form.organization_id, "/organization_id").await;
        let planned = ruled_after([own, works], Planned::plan(tx.mint(), &form, &facts))?;
        let id = planned.value().id;
        consilia::save_planned(tx, planned).await?;
        consilia::card(tx, id).await
    })
    .await
}

/// Get a consilium
///
/// One consilium, with the actions that the caller may take.
#[utoipa::path(tag = "consilia", params(("id" = ConsiliumId, Path)), responses((status = 200, body = ConsiliumCard)))]
#[get("/consilia/{id}")]
async fn get_consilium(db: Guarded<may::ReadConsilia>, id: Id<ConsiliumId>) -> Result<Answer, Problem> {
    db.read(async |tx| consilia::card(tx, id.0).await).await
}

/// Replace the plan of a consilium
///
/// Replaces the plan of a consilium that was not held yet. Nobody chairs it whose family is on the agenda. Needs the version in `If-Match`.
#[utoipa::path(tag = "consilia", params(("id" = ConsiliumId, Path)), request_body = ConsiliumForm, responses((status = 200, body = ConsiliumCard)))]
#[put("/consilia/{id}")]
async fn replace_consilium(
    db: Guarded<may::EditConsilia>,
    id: Id<ConsiliumId>,
    edit: Edit<ConsiliumForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let planned = consilia::load(tx, id.0).await?.0.planned()?;
        let form = edit.of(&planned.form)?;
        let facts = consilia::facts_of_replanning(tx, &planned, &form).await?;
        consilia::save_replanned(tx, planned.replan(&form, &facts)?).await?;
        consilia::card(tx, id.0).await
    })
    .await
}

/// Record a consilium as held
///
/// Tells which members were present. Without its chair a consilium is not held, nor before the day on which a case of its agenda was
/// opened.
#[utoipa::path(tag = "consilia", params(("id" = ConsiliumId, Path)), request_body = ConsiliumHolding, responses((status = 200, body = ConsiliumCard)))]
#[post("/consilia/{id}/holding")]
async fn hold_consilium(
    db: Guarded<may::EditConsilia>,
    id: Id<ConsiliumId>,
    order: Order<ConsiliumHolding>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let planned = consilia::load(tx, id.0).await?.0.planned()?;
        let opened_on = consilia::last_opened_on(tx, id.0).await?;
        let held = planned.hold(&order, opened_on, (tx.now(), tx.zone()))?;
        consilia::save_held(tx, held).await?;
        consilia::card(tx, id.0).await
    })
    .await
}

/// Close a consilium
///
/// The chair signs the protocol. In the same transaction stages move, accompaniment ends or goes on, and each decision becomes a task. All
/// gates are judged again: one item that fails refuses the whole, with a pointer to its place on the agenda. A director signs where the
/// chair is gone, or has family on the agenda; nobody signs about the own family.
#[utoipa::path(tag = "consilia", params(("id" = ConsiliumId, Path)), request_body = ConsiliumClosing, responses((status = 200, body = ConsiliumCard)))]
#[post("/consilia/{id}/closing")]
async fn close_consilium(
    db: Guarded<may::CloseConsilium>,
    id: Id<ConsiliumId>,
    order: Order<ConsiliumClosing>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (consilium, by) = consilia::load(tx, id.0).await?;
        let held = consilium.held()?;
        let file = order.file_id.map(|it| (it, "/file_id"));
        let given = entrust_each(tx, file, held.was.form.organization_id).await;
        let (agenda, against) = consilia::against_closing(tx, id.0).await?;
        let closed = ruled(held.close(&order, &agenda, against, &by), [given])?;
        consilia::close(tx, closed, agenda).await?;
        consilia::card(tx, id.0).await
    })
    .await
}

/// Cancel a consilium
///
/// Cancels a sitting that was not held. Its cases may come before another consilium.
#[utoipa::path(tag = "consilia", params(("id" = ConsiliumId, Path)), request_body = ConsiliumCancellation, responses((status = 200, body = ConsiliumCard)))]
#[post("/consilia/{id}/cancellation")]
async fn cancel_consilium(
    db: Guarded<may::EditConsilia>,
    id: Id<ConsiliumId>,
    order: Order<ConsiliumCancellation>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let planned = consilia::load(tx, id.0).await?.0.planned()?;
        consilia::save_cancelled(tx, planned.cancel(&order)).await?;
        consilia::card(tx, id.0).await
    })
    .await
}

/// Get the protocol of a consilium
///
/// The agenda of a closed consilium with its resolutions, decisions, votes and dissents.
#[utoipa::path(tag = "consilia", params(("id" = ConsiliumId, Path)), responses((status = 200, body = ConsiliumProtocol)))]
#[get("/consilia/{id}/protocol")]
async fn get_consilium_protocol(
    db: Guarded<may::ReadConsilia>,
    id: Id<ConsiliumId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| consilia::protocol(tx, id.0).await).await
}

/// Get the history of a consilium
///
/// Changes of the consilium, the latest first.
#[utoipa::path(tag = "consilia", params(("id" = ConsiliumId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/consilia/{id}/history")]
async fn get_consilium_history(
    db: Guarded<may::ReadHistory>,
    id: Id<ConsiliumId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Consilium, id.0, query).await
}
