//! Work that outlives its request, over HTTP, and what runs it.
pub mod handle;
pub mod runner;
pub mod work;

use crate::answer::Answer;
use crate::guard::{Guarded, Id};
use crate::list::Query;
use crate::problem::Problem;
use actix_web::{get, post};
use domain::access::may;
use domain::id::JobId;
use persistence::jobs::{self, JobCard, JobFilter};
use utoipa_actix_web::service_config::ServiceConfig;

crate::openapi::pages! { JobPage of JobCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_jobs).service(get_job).service(cancel_job);
}

/// List jobs
///
/// Work that outlives its request, the newest first: what the caller has asked for, and what works on rounds of matching that the
/// caller may run. An administrator of the region sees all.
#[utoipa::path(tag = "jobs", params(JobFilter), responses((status = 200, body = JobPage)))]
#[get("/jobs")]
async fn list_jobs(db: Guarded<may::UseAccount>, query: Query<JobFilter>) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| jobs::list(tx, filter, window).await).await
}

/// Get a job
///
/// One job: how far it is, and where its result is once it is done. It goes on when the server is started anew.
#[utoipa::path(tag = "jobs", params(("id" = JobId, Path)), responses((status = 200, body = JobCard)))]
#[get("/jobs/{id}")]
async fn get_job(db: Guarded<may::UseAccount>, id: Id<JobId>) -> Result<Answer, Problem> {
    db.read(async |tx| jobs::card(tx, id.0).await).await
}

/// Cancel a job
///
/// Asks a job that has not ended to stop. It ends as `cancelled` within seconds, without effect, except that what a publication
/// has proposed by then stays proposed, and its round is ready again with the rest; where it is done first, it stays done.
#[utoipa::path(tag = "jobs", params(("id" = JobId, Path)), responses((status = 200, body = JobCard)))]
#[post("/jobs/{id}/cancellation")]
async fn cancel_job(db: Guarded<may::UseAccount>, id: Id<JobId>) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        if let Some(asked) = jobs::load(tx, id.0).await?.open()?.cancel() {
            jobs::save_cancelling(tx, asked).await?;
        }
        jobs::card(tx, id.0).await
    })
    .await
}
