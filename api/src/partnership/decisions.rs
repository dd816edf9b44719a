//! Decisions of councils over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::DecisionId;
use domain::partnership::decisions::{Adopted, DecisionCancellation, DecisionForm};
use persistence::partnership::decisions::{self, DecisionCard, DecisionFilter};

crate::http::page::pages! { DecisionPage of DecisionCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_decisions).service(enter_decision).service(get_decision);
    config.service(cancel_decision).service(get_decision_history);
}

/// List decisions
///
/// Decisions of all councils, the latest day first.
#[utoipa::path(tag = "partnership", params(DecisionFilter), responses((status = 200, body = DecisionPage)))]
#[get("/decisions")]
async fn list_decisions(
    db: Guarded<may::ReadPartnership>,
    query: Query<DecisionFilter>,
) -> Result<Answer, Problem> {
    db.list(query, decisions::list).await
}

/// Enter a decision
///
/// Enters a decision by itself, as old papers are, by the staff of the organization that keeps the council. Each instruction and each
/// recommendation becomes a task. The protocol of a meeting makes decisions too.
#[utoipa::path(tag = "partnership", request_body = DecisionForm, responses((status = 201, body = DecisionCard)))]
#[post("/decisions")]
async fn enter_decision(db: Guarded<may::RunCouncils>, form: Order<DecisionForm>) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let of = decisions::origin(tx, &form).await?;
        let adopted = Adopted::adopt(tx.mint(), of, form.adopted_on, form.decision.clone());
        let id = adopted.value().id;
        decisions::save_adopted(tx, adopted).await?;
        decisions::card(tx, id).await
    })
    .await
}

/// Get a decision
///
/// One decision with its items and who signed it. Its tasks are found by `GET /tasks?source_kind=decision&source_id=`.
#[utoipa::path(tag = "partnership", params(("id" = DecisionId, Path)), responses((status = 200, body = DecisionCard)))]
#[get("/decisions/{id}")]
async fn get_decision(db: Guarded<may::ReadPartnership>, id: Id<DecisionId>) -> Result<Answer, Problem> {
    db.read(async |tx| decisions::card(tx, id.0).await).await
}

/// Cancel a decision
///
/// A later decision of the same council cancels it. Tasks of it that are not done end with it.
#[utoipa::path(tag = "partnership", params(("id" = DecisionId, Path)), request_body = DecisionCancellation, responses((status = 200, body = DecisionCard)))]
#[post("/decisions/{id}/cancellation")]
async fn cancel_decision(
    db: Guarded<may::RunCouncils>,
    id: Id<DecisionId>,
    order: Order<DecisionCancellation>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let (decision, by) = decisions::load_cancelling(tx, id.0, &order).await?;
        decisions::save_cancelled(tx, decision.cancel(&by)?).await?;
        decisions::card(tx, id.0).await
    })
    .await
}

/// Get the history of a decision
///
/// Changes of the decision, the latest first.
#[utoipa::path(tag = "partnership", params(("id" = DecisionId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/decisions/{id}/history")]
async fn get_decision_history(
    db: Guarded<may::ReadHistory>,
    id: Id<DecisionId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::Decision, id.0, query).await
}
