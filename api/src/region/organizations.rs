//! Organizations and their units over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::order::{Edit, Order};
use crate::http::problem::Problem;
use actix_web::{get, post, put};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::{OrganizationId, UnitId};
use domain::region::organizations::{Organization, OrganizationForm, Unit, UnitForm};
use persistence::region::organizations::{self, OrganizationCard, OrganizationFilter, UnitCard};
use persistence::sight::must_refer;
use utoipa_actix_web::service_config::ServiceConfig;

crate::http::page::pages! { OrganizationPage of OrganizationCard; UnitPage of UnitCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_organizations)
        .service(add_organization)
        .service(get_organization)
        .service(replace_organization);
    config.service(list_units).service(add_unit).service(get_unit).service(replace_unit);
    config.service(get_organization_history).service(get_unit_history);
}

/// List organizations
///
/// The directory of the partnership, the newest entry first.
#[utoipa::path(tag = "organizations", params(OrganizationFilter), responses((status = 200, body = OrganizationPage)))]
#[get("/organizations")]
async fn list_organizations(
    db: Guarded<may::ReadOrganizations>,
    query: Query<OrganizationFilter>,
) -> Result<Answer, Problem> {
    db.list(query, organizations::list).await
}

/// Enter an organization
///
/// Adds an organization to the partnership of the region.
#[utoipa::path(tag = "organizations", request_body = OrganizationForm, responses((status = 201, body = OrganizationCard)))]
#[post("/organizations")]
async fn add_organization(
    db: Guarded<may::ManageOrganizations>,
    form: Order<OrganizationForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        must_refer(tx, SubjectKind::Organization, form.parent_id, "/parent_id").await?;
        organizations::save_added(tx, Organization::add(tx.mint(), form.clone())?).await
    })
    .await
}

/// Get an organization
///
/// One organization with its contacts and focus areas.
#[utoipa::path(tag = "organizations", params(("id" = OrganizationId, Path)), responses((status = 200, body = OrganizationCard)))]
#[get("/organizations/{id}")]
async fn get_organization(
    db: Guarded<may::ReadOrganizations>,
    id: Id<OrganizationId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| organizations::card(tx, id.0).await).await
}

/// Replace an organization
///
/// Replaces the whole form; needs the version in `If-Match`.
#[utoipa::path(tag = "organizations", params(("id" = OrganizationId, Path)), request_body = OrganizationForm, responses((status = 200, body = OrganizationCard)))]
#[put("/organizations/{id}")]
async fn replace_organization(
    db: Guarded<may::ManageOrganizations>,
    id: Id<OrganizationId>,
    edit: Edit<OrganizationForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let organization = organizations::load(tx, id.0).await?;
        let form = edit.of(&organization.form)?;
        must_refer(tx, SubjectKind::Organization, form.parent_id, "/parent_id").await?;
        organizations::save_edited(tx, organization.edit(form)?).await
    })
    .await
}

/// List the units of an organization
///
/// Its units (отделения), the newest first.
#[utoipa::path(tag = "organizations", params(("id" = OrganizationId, Path)), responses((status = 200, body = UnitPage)))]
#[get("/organizations/{id}/units")]
async fn list_units(
    db: Guarded<may::ReadOrganizations>,
    id: Id<OrganizationId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| organizations::list_units(tx, id.0, window).await).await
}

/// Open a unit
///
/// Opens a unit (отделение) of an organization.
#[utoipa::path(tag = "organizations", params(("id" = OrganizationId, Path)), request_body = UnitForm, responses((status = 201, body = UnitCard)))]
#[post("/organizations/{id}/units")]
async fn add_unit(
    db: Guarded<may::EditUnits>,
    id: Id<OrganizationId>,
    form: Order<UnitForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        organizations::card(tx, id.0).await?;
        must_refer(tx, SubjectKind::User, form.head_user_id, "/head_user_id").await?;
        organizations::save_unit_added(tx, Unit::add(tx.mint(), id.0, form.clone())).await
    })
    .await
}

/// Get a unit
///
/// One unit of an organization.
#[utoipa::path(tag = "organizations", params(("id" = UnitId, Path)), responses((status = 200, body = UnitCard)))]
#[get("/units/{id}")]
async fn get_unit(db: Guarded<may::ReadOrganizations>, id: Id<UnitId>) -> Result<Answer, Problem> {
    db.read(async |tx| organizations::unit_card(tx, id.0).await).await
}

/// Replace a unit
///
/// Replaces the whole form; needs the version in `If-Match`.
#[utoipa::path(tag = "organizations", params(("id" = UnitId, Path)), request_body = UnitForm, responses((status = 200, body = UnitCard)))]
#[put("/units/{id}")]
async fn replace_unit(
    db: Guarded<may::EditUnits>,
    id: Id<UnitId>,
    edit: Edit<UnitForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let unit = organizations::load_unit(tx, id.0).await?;
        let form = edit.of(&unit.form)?;
        must_refer(tx, SubjectKind::User, form.head_user_id, "/head_user_id").await?;
        organizations::save_unit_edited(tx, unit.edit(form)).await
    })
    .await
}

/// Get the history of an organization
///
/// What was done to it, the latest first.
#[utoipa::path(tag = "organizations", params(("id" = OrganizationId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/organizations/{id}/history")]
async fn get_organization_history(
    db: Guarded<may::ReadHistory>,
    id: Id<OrganizationId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Organization, id.0, query).await
}

/// Get the history of a unit
///
/// What was done to it, the latest first.
#[utoipa::path(tag = "organizations", params(("id" = UnitId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/units/{id}/history")]
async fn get_unit_history(
    db: Guarded<may::ReadHistory>,
    id: Id<UnitId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Unit, id.0, query).await
}
