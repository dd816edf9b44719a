//! Problems of cases over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::accompaniment::case_problems::{CaseProblemForm, CaseProblemResolution};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::{CaseId, CaseProblemId};
use persistence::accompaniment::case_problems::{self, CaseProblemCard};
use persistence::accompaniment::cases;
use persistence::people;

crate::http::page::pages! { CaseProblemPage of CaseProblemCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_case_problems).service(add_case_problem).service(get_case_problem);
    config.service(resolve_case_problem).service(get_case_problem_history);
}

/// List the problems of a case
///
/// The problems of the beneficiary (002 §3.3) with the changes of each, the newest entry first.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)), responses((status = 200, body = CaseProblemPage)))]
#[get("/cases/{id}/problems")]
async fn list_case_problems(
    db: Guarded<may::ReadCases>,
    id: Id<CaseId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    db.list(query, async |tx, _, window| case_problems::list(tx, id.0, window).await).await
}

/// Add a problem to a case
///
/// Puts a problem on record. Only an open case takes new problems.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)), request_body = CaseProblemForm, responses((status = 201, body = CaseProblemCard)))]
#[post("/cases/{id}/problems")]
async fn add_case_problem(
    db: Guarded<may::EditCases>,
    id: Id<CaseId>,
    form: Order<CaseProblemForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let case = cases::load(tx, id.0).await?.open()?;
        let noticed = case.notice(tx.mint(), &form, tx.today());
        let lives = people::lives_of(tx, case.beneficiary_id).await?;
        let problem = lives.judge([("/noticed_on", form.noticed_on)], noticed)?;
        let problem_id = problem.value().id;
        case_problems::save_noticed(tx, problem).await?;
        case_problems::card(tx, problem_id).await
    })
    .await
}

/// Get a problem of a case
///
/// One problem with its changes, step by step.
#[utoipa::path(tag = "cases", params(("id" = CaseProblemId, Path)), responses((status = 200, body = CaseProblemCard)))]
#[get("/case-problems/{id}")]
async fn get_case_problem(db: Guarded<may::ReadCases>, id: Id<CaseProblemId>) -> Result<Answer, Problem> {
    db.read(async |tx| case_problems::card(tx, id.0).await).await
}

/// Record a change of a problem
///
/// The problem improved, got worse or is resolved. Earlier changes stay on record. A resolved problem takes no
/// further change.
#[utoipa::path(tag = "cases", params(("id" = CaseProblemId, Path)), request_body = CaseProblemResolution, responses((status = 200, body = CaseProblemCard)))]
#[post("/case-problems/{id}/resolution")]
async fn resolve_case_problem(
    db: Guarded<may::EditCases>,
    id: Id<CaseProblemId>,
    order: Order<CaseProblemResolution>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let problem = case_problems::load(tx, id.0).await?;
        case_problems::save_moved(tx, problem.resolve(&order, tx.today())?).await?;
        case_problems::card(tx, id.0).await
    })
    .await
}

/// Get the history of a problem of a case
///
/// Changes of the problem, the latest first.
#[utoipa::path(tag = "cases", params(("id" = CaseProblemId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/case-problems/{id}/history")]
async fn get_case_problem_history(
    db: Guarded<may::ReadHistory>,
    id: Id<CaseProblemId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::CaseProblem, id.0, query).await
}
