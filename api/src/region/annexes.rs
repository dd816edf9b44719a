//! Annexes of the regulation over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::list::Query;
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::base::access::may;
use domain::base::id::AnnexId;
use domain::region::annexes::{Annex, AnnexForm, shipped};
use persistence::engine::failure::Failure;
use persistence::region::annexes::{self, AnnexCard, AnnexFilter};
use persistence::tx::Tx;

crate::http::page::pages! { AnnexPage of AnnexCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_annexes).service(issue_annex).service(get_annex);
}

/// List annexes
///
/// Versions of the annexes №№ 1–3 of the regulation (002 §3.6–3.7), the newest entry first.
#[utoipa::path(tag = "annexes", params(AnnexFilter), responses((status = 200, body = AnnexPage)))]
#[get("/annexes")]
async fn list_annexes(db: Guarded<may::ReadAnnexes>, query: Query<AnnexFilter>) -> Result<Answer, Problem> {
    db.list(query, annexes::list).await
}

/// Issue an annex
///
/// Issues a version of a form, valid from a day. It gets the next number of its kind and never changes. Documents
/// that were filled in before keep their version.
#[utoipa::path(tag = "annexes", request_body = AnnexForm, responses((status = 201, body = AnnexCard)))]
#[post("/annexes")]
async fn issue_annex(db: Guarded<may::ManageAnnexes>, form: Order<AnnexForm>) -> Result<Answer, Problem> {
    db.create(async move |tx| issue(tx, &form).await).await
}

async fn issue(tx: &mut Tx<'_>, form: &AnnexForm) -> Result<AnnexCard, Failure> {
    let previous = annexes::latest(tx, form.kind).await?;
    let annex = Annex::issue(tx.mint(), previous.as_ref(), form)?;
    annexes::save_issued(tx, annex).await
}

/// Get an annex
///
/// One version of an annex: its text and its fields.
#[utoipa::path(tag = "annexes", params(("id" = AnnexId, Path)), responses((status = 200, body = AnnexCard)))]
#[get("/annexes/{id}")]
async fn get_annex(db: Guarded<may::ReadAnnexes>, id: Id<AnnexId>) -> Result<Answer, Problem> {
    db.read(async |tx| annexes::card(tx, id.0).await).await
}

/// Gives a region the annexes of the product, for each kind of which the region has none.
pub async fn ship(tx: &mut Tx<'_>) -> Result<(), Failure> {
    for form in shipped() {
        if annexes::latest(tx, form.kind).await?.is_none() {
            issue(tx, &form).await?;
        }
    }
    Ok(())
}
