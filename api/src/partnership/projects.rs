//! Projects over HTTP: their number, and the account of one. Projects and what stands under them are entries.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::list;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get};
use domain::base::access::may;
use domain::base::id::ProjectId;
use domain::partnership::projects::account::{ProjectAccount, ProjectSummary};
use persistence::partnership::projects::{self, AccountQuestion, ProjectQuestion};

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_project_summary).service(get_project_account);
}

/// Get the number of projects
///
/// The projects that an organization has carried out: running or completed, and begun on a day or later. A part of another project of the
/// organization counts with it. A key that does not reach the organization is refused: nothing is told as a false zero.
#[utoipa::path(tag = "partnership", params(ProjectQuestion), responses((status = 200, body = ProjectSummary)))]
#[get("/projects/summary")]
async fn get_project_summary(
    db: Guarded<may::ReadPartnership>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: ProjectQuestion = list::filters(request.query_string())?;
    db.read(async |tx| projects::summary(tx, &asked).await).await
}

/// Get the account of a project
///
/// Tells the course of a project and of all that stands under it within some days: its targets, its events and their people, and key points,
/// which are its tasks. The money given to it is told to the organization and to the administrator of the region alone.
#[utoipa::path(tag = "partnership", params(("id" = ProjectId, Path), AccountQuestion), responses((status = 200, body = ProjectAccount)))]
#[get("/projects/{id}/account")]
async fn get_project_account(
    db: Guarded<may::ReadPartnership>,
    id: Id<ProjectId>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: AccountQuestion = list::filters(request.query_string())?;
    db.read(async |tx| projects::account(tx, id.0, &asked).await).await
}
