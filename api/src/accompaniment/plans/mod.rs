//! Plans over HTTP.
//!
//! - this page: a plan as a thread of versions.
//! - [`versions`]: texts, approvals and results.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::accompaniment::plans::{OpenPlan, PlanDrafting, PlanEnding, PlanOpening};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::{BeneficiaryId, PlanId};
use persistence::accompaniment::plans::{self, PlanCard, PlanFilter, PlanReviewFilter, PlanVersionCard};

pub mod versions;

crate::http::page::pages! { PlanPage of PlanCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_plans_to_review).service(list_plans).service(open_plan).service(get_plan);
    config.service(end_plan).service(draft_plan_version).service(get_plan_history);
    versions::routes(config);
}

/// List plans to review
///
/// Open plans with an adopted version, in the order of their review: those of the caller's institutions, and those that the caller
/// oversees.
#[utoipa::path(tag = "plans", params(PlanReviewFilter), responses((status = 200, body = PlanPage)))]
#[get("/plans")]
async fn list_plans_to_review(
    db: Guarded<may::ReadPlans>,
    query: Query<PlanReviewFilter>,
) -> Result<Answer, Problem> {
    db.list(query, plans::list).await
}

/// List the plans of a beneficiary
///
/// Plans of the beneficiary and of the cases, the newest first. A mentor, a tutor and the person see them as far as sections are for
/// them.
#[utoipa::path(tag = "plans", params(("id" = BeneficiaryId, Path), PlanFilter), responses((status = 200, body = PlanPage)))]
#[get("/beneficiaries/{id}/plans")]
async fn list_plans(
    db: Guarded<may::ReadPlans>,
    id: Id<BeneficiaryId>,
    query: Query<PlanFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| plans::of_beneficiary(tx, id.0, filter, window).await).await
}

/// Open a plan
///
/// Opens a plan of an open case, or a life plan or an education route of the beneficiary. One plan of a kind is open at a time. Its
/// text is written in versions. None is opened for somebody who has died or is removed from the register.
#[utoipa::path(tag = "plans", params(("id" = BeneficiaryId, Path)), request_body = PlanOpening, responses((status = 201, body = PlanCard)))]
#[post("/beneficiaries/{id}/plans")]
async fn open_plan(
    db: Guarded<may::EditPlans>,
    id: Id<BeneficiaryId>,
    order: Order<PlanOpening>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let facts = plans::opening(tx, id.0, &order).await?;
        let plan = OpenPlan::begin(tx.mint(), &order, &facts, tx.today())?;
        let plan_id = plan.value().id;
        plans::save_opened(tx, plan).await?;
        plans::card(tx, plan_id).await
    })
    .await
}

/// Get a plan
///
/// One plan with the list of its versions, and the actions that the caller may take.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path)), responses((status = 200, body = PlanCard)))]
#[get("/plans/{id}")]
async fn get_plan(db: Guarded<may::ReadPlans>, id: Id<PlanId>) -> Result<Answer, Problem> {
    db.read(async |tx| plans::card(tx, id.0).await).await
}

/// End a plan
///
/// Ends a plan. Its versions stay as they are, and nobody changes them any more. The plans of a case that closes end with it.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path)), request_body = PlanEnding, responses((status = 200, body = PlanCard)))]
#[post("/plans/{id}/ending")]
async fn end_plan(
    db: Guarded<may::EditPlans>,
    id: Id<PlanId>,
    order: Order<PlanEnding>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (plan, by) = plans::load(tx, id.0).await?;
        plans::save_ended(tx, plan.open()?.end(&order, &by, tx.today())?).await?;
        plans::card(tx, id.0).await
    })
    .await
}

/// Draft the next version of a plan
///
/// Begins a version by the form in force. It takes the text of the last one with its keys, also of one that was returned. A plan has
/// one version at a time that is drafted or submitted.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path)), request_body = PlanDrafting, responses((status = 201, body = PlanVersionCard)))]
#[post("/plans/{id}/versions")]
async fn draft_plan_version(
    db: Guarded<may::EditPlans>,
    id: Id<PlanId>,
    _order: Order<PlanDrafting>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let (plan, by) = plans::load(tx, id.0).await?;
        let plan = plan.open()?;
        let (last, form) = plans::last_version(tx, &plan).await?;
        let draft = plan.draft(tx.mint(), last.as_ref(), &form, &by)?;
        let version_id = draft.value().0.id;
        plans::save_drafted(tx, draft).await?;
        plans::version_card(tx, version_id).await
    })
    .await
}

/// Get the history of a plan
///
/// Changes of the plan, the latest first. Each version has a history of its own.
#[utoipa::path(tag = "plans", params(("id" = PlanId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/plans/{id}/history")]
async fn get_plan_history(
    db: Guarded<may::ReadHistory>,
    id: Id<PlanId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Plan, id.0, query).await
}
