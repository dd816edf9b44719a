//! Editions of the rules of matching over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::list::{self, NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post};
use domain::base::access::may;
use domain::base::id::{MatchingRulesId, ProgramId};
use domain::matching::{MatchingRulesEdition, MatchingRulesForm};
use persistence::matching::rules::{self, MatchingRulesCard, MatchingRulesComparison};
use persistence::region::programs;
use serde::Deserialize;

crate::http::page::pages! { MatchingRulesPage of MatchingRulesCard; }

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_matching_rules).service(issue_matching_rules);
    config.service(get_matching_rules).service(get_matching_rules_comparison);
}

/// List the rules of matching of a program
///
/// Editions of the rules, the latest first. A program without an edition uses the default rules of the product.
#[utoipa::path(tag = "matching", params(("id" = ProgramId, Path)), responses((status = 200, body = MatchingRulesPage)))]
#[get("/programs/{id}/matching-rules")]
async fn list_matching_rules(
    db: Guarded<may::ReadPrograms>,
    id: Id<ProgramId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| rules::list(tx, id.0, window).await).await
}

/// Issue rules of matching
///
/// Weights, thresholds, priorities and mode, valid from a day. The edition gets the next number and never changes.
/// Earlier results keep the rules that they were computed with.
#[utoipa::path(tag = "matching", params(("id" = ProgramId, Path)), request_body = MatchingRulesForm, responses((status = 201, body = MatchingRulesCard)))]
#[post("/programs/{id}/matching-rules")]
async fn issue_matching_rules(
    db: Guarded<may::ManagePrograms>,
    id: Id<ProgramId>,
    form: Order<MatchingRulesForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let program = programs::load(tx, id.0).await?;
        let previous = rules::latest(tx, program.id).await?;
        let issued = MatchingRulesEdition::issue(tx.mint(), program.id, previous.as_ref(), &form)?;
        rules::save_issued(tx, issued).await
    })
    .await
}

/// Get rules of matching
///
/// One edition of the rules of matching of a program.
#[utoipa::path(tag = "matching", params(("id" = MatchingRulesId, Path)), responses((status = 200, body = MatchingRulesCard)))]
#[get("/matching-rules/{id}")]
async fn get_matching_rules(
    db: Guarded<may::ReadPrograms>,
    id: Id<MatchingRulesId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| rules::card(tx, id.0).await).await
}

/// Parameters of the comparison of two editions of rules.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RulesComparisonQuestion {
    /// Another edition of the same program's rules.
    #[param(value_type = MatchingRulesId, required = true)]
    with: Option<MatchingRulesId>,
}

/// Get the comparison of two editions of rules
///
/// Every member that has another value in another edition of the same program's rules.
#[utoipa::path(tag = "matching", params(("id" = MatchingRulesId, Path), RulesComparisonQuestion), responses((status = 200, body = MatchingRulesComparison)))]
#[get("/matching-rules/{id}/comparison")]
async fn get_matching_rules_comparison(
    db: Guarded<may::ReadPrograms>,
    id: Id<MatchingRulesId>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: RulesComparisonQuestion = list::filters(request.query_string())?;
    db.read(async |tx| rules::comparison(tx, id.0, asked.with).await).await
}
