//! Forms of plans over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::list::{self, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post};
use domain::accompaniment::plan_forms::{PlanForm, PlanLayout, shipped};
use domain::base::access::may;
use domain::base::id::PlanFormId;
use persistence::accompaniment::plan_forms::{self, PlanFormCard, PlanFormComparison, PlanFormFilter};
use persistence::engine::failure::Failure;
use persistence::tx::Tx;
use serde::Deserialize;

crate::http::page::pages! { PlanFormPage of PlanFormCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_plan_forms).service(issue_plan_form).service(get_plan_form);
    config.service(get_plan_form_comparison);
}

/// List plan forms
///
/// Editions of the forms of plans, the newest first.
#[utoipa::path(tag = "plans", params(PlanFormFilter), responses((status = 200, body = PlanFormPage)))]
#[get("/plan-forms")]
async fn list_plan_forms(
    db: Guarded<may::ReadPlanForms>,
    query: Query<PlanFormFilter>,
) -> Result<Answer, Problem> {
    db.list(query, plan_forms::list).await
}

/// Issue a plan form
///
/// Issues an edition of a form, valid from a day. It gets the next number of its kind and never changes. Versions of plans keep the
/// edition by which they were drafted.
#[utoipa::path(tag = "plans", request_body = PlanLayout, responses((status = 201, body = PlanFormCard)))]
#[post("/plan-forms")]
async fn issue_plan_form(
    db: Guarded<may::ManagePlanForms>,
    layout: Order<PlanLayout>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| issue(tx, &layout).await).await
}

async fn issue(tx: &mut Tx<'_>, layout: &PlanLayout) -> Result<PlanFormCard, Failure> {
    let previous = plan_forms::latest(tx, layout.kind).await?;
    let form = PlanForm::issue(tx.mint(), previous.as_ref(), layout)?;
    plan_forms::save_issued(tx, form).await
}

/// Get a plan form
///
/// One edition of a form: its sections, its fields and its approvers.
#[utoipa::path(tag = "plans", params(("id" = PlanFormId, Path)), responses((status = 200, body = PlanFormCard)))]
#[get("/plan-forms/{id}")]
async fn get_plan_form(db: Guarded<may::ReadPlanForms>, id: Id<PlanFormId>) -> Result<Answer, Problem> {
    db.read(async |tx| plan_forms::card(tx, id.0).await).await
}

/// Parameters of the comparison of two editions of a plan form.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlanFormQuestion {
    /// Another edition of the same form.
    #[param(value_type = PlanFormId, required = true)]
    pub with: Option<PlanFormId>,
}

/// Get the comparison of two plan forms
///
/// Every member that has another value in another edition of the same form.
#[utoipa::path(tag = "plans", params(("id" = PlanFormId, Path), PlanFormQuestion), responses((status = 200, body = PlanFormComparison)))]
#[get("/plan-forms/{id}/comparison")]
async fn get_plan_form_comparison(
    db: Guarded<may::ReadPlanForms>,
    id: Id<PlanFormId>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: PlanFormQuestion = list::filters(request.query_string())?;
    db.read(async |tx| plan_forms::comparison(tx, id.0, asked.with).await).await
}

/// Gives a region the forms of the product, for each kind of plan of which the region has none.
pub async fn ship(tx: &mut Tx<'_>) -> Result<(), Failure> {
    for layout in shipped() {
        if plan_forms::latest(tx, layout.kind).await?.is_none() {
            issue(tx, &layout).await?;
        }
    }
    Ok(())
}
