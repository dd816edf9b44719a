//! Municipalities over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::list::Query;
use crate::http::order::{Edit, Order};
use crate::http::problem::Problem;
use actix_web::{get, post, put};
use domain::base::access::may;
use domain::base::id::MunicipalityId;
use domain::region::municipalities::{Municipality, MunicipalityForm};
use persistence::region::municipalities::{self, MunicipalityCard, MunicipalityFilter};
use utoipa_actix_web::service_config::ServiceConfig;

crate::http::page::pages! { MunicipalityPage of MunicipalityCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_municipalities).service(add_municipality);
    config.service(get_municipality).service(replace_municipality);
}

/// List municipalities
///
/// The municipalities of the region that were entered, by name.
#[utoipa::path(tag = "organizations", params(MunicipalityFilter), responses((status = 200, body = MunicipalityPage)))]
#[get("/municipalities")]
async fn list_municipalities(
    db: Guarded<may::ReadOrganizations>,
    query: Query<MunicipalityFilter>,
) -> Result<Answer, Problem> {
    db.list(query, municipalities::list).await
}

/// Enter a municipality
///
/// Adds a municipality, with its middle where matching is to know how far a mentor has to go.
#[utoipa::path(tag = "organizations", request_body = MunicipalityForm, responses((status = 201, body = MunicipalityCard)))]
#[post("/municipalities")]
async fn add_municipality(
    db: Guarded<may::ManageOrganizations>,
    form: Order<MunicipalityForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let municipality = Municipality::add(tx.mint(), &form)?;
        let id = municipality.value().id;
        municipalities::save_added(tx, municipality).await?;
        municipalities::card(tx, id).await
    })
    .await
}

/// Get a municipality
///
/// One municipality.
#[utoipa::path(tag = "organizations", params(("id" = MunicipalityId, Path)), responses((status = 200, body = MunicipalityCard)))]
#[get("/municipalities/{id}")]
async fn get_municipality(
    db: Guarded<may::ReadOrganizations>,
    id: Id<MunicipalityId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| municipalities::card(tx, id.0).await).await
}

/// Replace a municipality
///
/// Replaces the whole form, but not the code; needs the version in `If-Match`.
#[utoipa::path(tag = "organizations", params(("id" = MunicipalityId, Path)), request_body = MunicipalityForm, responses((status = 200, body = MunicipalityCard)))]
#[put("/municipalities/{id}")]
async fn replace_municipality(
    db: Guarded<may::ManageOrganizations>,
    id: Id<MunicipalityId>,
    edit: Edit<MunicipalityForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let municipality = municipalities::load(tx, id.0).await?;
        let form = edit.of(&municipality.form)?;
        municipalities::save_edited(tx, municipality.edit(&form)?).await?;
        municipalities::card(tx, id.0).await
    })
    .await
}
