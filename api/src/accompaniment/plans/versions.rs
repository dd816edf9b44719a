//! Versions of plans over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{self, NoFilter, Query};
use crate::http::order::{Edit, Order};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post, put};
use domain::accompaniment::plans::{PlanApproving, PlanResultForm, PlanReturn, PlanSubmission, PlanText};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::PlanVersionId;
use persistence::accompaniment::plans::{
    self, PlanComparison, PlanResultCard, PlanResultFilter, PlanVersionCard,
};
use persistence::region::files::entrust_each;
use persistence::sight::ruled;
use serde::Deserialize;

crate::http::page::pages! { PlanResultPage of PlanResultCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_plan_version).service(replace_plan_version).service(get_plan_comparison);
    config.service(submit_plan_version).service(approve_plan_version).service(return_plan_version);
    config.service(list_plan_results).service(record_plan_result).service(get_plan_version_history);
}

/// Get a version of a plan
///
/// One version with its text, its approvals and the last results, and the actions that the caller may take.
#[utoipa::path(tag = "plans", params(("id" = PlanVersionId, Path)), responses((status = 200, body = PlanVersionCard)))]
#[get("/plan-versions/{id}")]
async fn get_plan_version(db: Guarded<may::ReadPlans>, id: Id<PlanVersionId>) -> Result<Answer, Problem> {
    db.read(async |tx| plans::version_card(tx, id.0).await).await
}

/// Replace the text of a draft
///
/// Replaces the answers, the goals and the opinion of a draft. A mentor, a tutor and the person replace the sections that they read;
/// the others stay. Needs the version in `If-Match`.
#[utoipa::path(tag = "plans", params(("id" = PlanVersionId, Path)), request_body = PlanText, responses((status = 200, body = PlanVersionCard)))]
#[put("/plan-versions/{id}")]
async fn replace_plan_version(
    db: Guarded<may::EditPlans>,
    id: Id<PlanVersionId>,
    edit: Edit<PlanText>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let found = plans::load_version(tx, id.0).await?;
        let draft = found.it.draft()?;
        let text = edit.of(&draft.text(found.by.eyes))?;
        plans::save_edited(tx, draft.edit(&text, &found.by)?).await?;
        plans::version_card(tx, id.0).await
    })
    .await
}

/// Submit a version of a plan
///
/// Gives a draft to those who approve it. The demands of the form must be met, and the opinion of a person from ten years on must be
/// known.
#[utoipa::path(tag = "plans", params(("id" = PlanVersionId, Path)), request_body = PlanSubmission, responses((status = 200, body = PlanVersionCard)))]
#[post("/plan-versions/{id}/submission")]
async fn submit_plan_version(
    db: Guarded<may::EditPlans>,
    id: Id<PlanVersionId>,
    _order: Order<PlanSubmission>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let found = plans::load_version(tx, id.0).await?;
        let submitted = found.it.draft()?.submit(&found.by, &found.facts)?;
        plans::save_submitted(tx, submitted).await?;
        plans::version_card(tx, id.0).await
    })
    .await
}

/// Approve a version of a plan
///
/// The approver whose turn it is approves, or staff of the institution records their paper. The last approval adopts the version; it
/// supersedes the one before. A version that a consilium adopts is approved by nobody else.
#[utoipa::path(tag = "plans", params(("id" = PlanVersionId, Path)), request_body = PlanApproving, responses((status = 200, body = PlanVersionCard)))]
#[post("/plan-versions/{id}/approvals")]
async fn approve_plan_version(
    db: Guarded<may::ApprovePlans>,
    id: Id<PlanVersionId>,
    order: Order<PlanApproving>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let found = plans::load_version(tx, id.0).await?;
        let file = order.on_paper_file_id.map(|it| (it, "/on_paper_file_id"));
        let given = entrust_each(tx, file, found.organization_id).await;
        let approved = found.it.submitted()?.approve(&order, &found.by, &found.facts, tx.today());
        plans::save_approved(tx, ruled(approved, [given])?).await?;
        plans::version_card(tx, id.0).await
    })
    .await
}

/// Return a version of a plan
///
/// The approver whose turn it is, or a head of the institution, returns a submitted version with a reason. It stays on record, and the
/// next version copies it.
#[utoipa::path(tag = "plans", params(("id" = PlanVersionId, Path)), request_body = PlanReturn, responses((status = 200, body = PlanVersionCard)))]
#[post("/plan-versions/{id}/return")]
async fn return_plan_version(
    db: Guarded<may::ApprovePlans>,
    id: Id<PlanVersionId>,
    order: Order<PlanReturn>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let found = plans::load_version(tx, id.0).await?;
        let returned = found.it.submitted()?.send_back(&order, &found.by, &found.facts)?;
        plans::save_returned(tx, returned).await?;
        plans::version_card(tx, id.0).await
    })
    .await
}

/// Parameters of the comparison of two versions of a plan.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlanComparisonQuestion {
    /// Another version of the same plan.
    #[param(value_type = PlanVersionId, required = true)]
    pub with: Option<PlanVersionId>,
}

/// Get the comparison of two versions of a plan
///
/// Answers are paired by section and field, goals and steps by their key: what was added, removed and changed, and which days were
/// moved. The caller sees what they read in both.
#[utoipa::path(tag = "plans", params(("id" = PlanVersionId, Path), PlanComparisonQuestion), responses((status = 200, body = PlanComparison)))]
#[get("/plan-versions/{id}/comparison")]
async fn get_plan_comparison(
    db: Guarded<may::ReadPlans>,
    id: Id<PlanVersionId>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: PlanComparisonQuestion = list::filters(request.query_string())?;
    db.read(async |tx| plans::comparison(tx, id.0, asked.with).await).await
}

/// List the results of a plan
///
/// The progress of goals and steps, the newest first, also as recorded of earlier versions. A page of a mentor, a tutor or the person
/// may be short: it leaves out what they do not read.
#[utoipa::path(tag = "plans", params(("id" = PlanVersionId, Path), PlanResultFilter), responses((status = 200, body = PlanResultPage)))]
#[get("/plan-versions/{id}/results")]
async fn list_plan_results(
    db: Guarded<may::ReadPlans>,
    id: Id<PlanVersionId>,
    query: Query<PlanResultFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| plans::results(tx, id.0, filter, window).await).await
}

/// Record a result of a plan
///
/// Records the progress of a goal or a step of the adopted version, or gives a step a later day. Staff does, and the one who has to take
/// the step. Nothing is overwritten; the next version keeps the last result of equal keys.
#[utoipa::path(tag = "plans", params(("id" = PlanVersionId, Path)), request_body = PlanResultForm, responses((status = 200, body = PlanVersionCard)))]
#[post("/plan-versions/{id}/results")]
async fn record_plan_result(
    db: Guarded<may::EditPlans>,
    id: Id<PlanVersionId>,
    order: Order<PlanResultForm>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let found = plans::load_version(tx, id.0).await?;
        let result = found.it.adopted()?.report(tx.mint(), &order, &found.by, tx.today())?;
        plans::save_reported(tx, result).await?;
        plans::version_card(tx, id.0).await
    })
    .await
}

/// Get the history of a version of a plan
///
/// Changes of the version, the latest first.
#[utoipa::path(tag = "plans", params(("id" = PlanVersionId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/plan-versions/{id}/history")]
async fn get_plan_version_history(
    db: Guarded<may::ReadHistory>,
    id: Id<PlanVersionId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::PlanVersion, id.0, query).await
}
