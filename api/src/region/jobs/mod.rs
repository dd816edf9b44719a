//! Jobs over HTTP: work that continues after its request.
pub mod handle;

use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::list::Query;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::base::access::may;
use domain::base::id::JobId;
use persistence::region::jobs::{self, JobCard, JobFilter};

crate::http::page::pages! { JobPage of JobCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_jobs).service(get_job).service(cancel_job);
}

/// List jobs
///
/// Jobs of the caller, and jobs about rounds of matching that the caller may run, the newest first. An administrator
/// of the region sees all.
#[utoipa::path(tag = "jobs", params(JobFilter), responses((status = 200, body = JobPage)))]
#[get("/jobs")]
async fn list_jobs(db: Guarded<may::UseAccount>, query: Query<JobFilter>) -> Result<Answer, Problem> {
    db.list(query, async |tx, filter, window| jobs::list(tx, filter, window).await).await
}

/// Get a job
///
/// One job: its progress, and the address of its result once it is done. The job continues after a restart of the
/// server.
#[utoipa::path(tag = "jobs", params(("id" = JobId, Path)), responses((status = 200, body = JobCard)))]
#[get("/jobs/{id}")]
async fn get_job(db: Guarded<may::UseAccount>, id: Id<JobId>) -> Result<Answer, Problem> {
    db.read(async |tx| jobs::card(tx, id.0).await).await
}

/// Cancel a job
///
/// Asks a job that has not ended to stop. It ends as `cancelled` within seconds, without effect. A cancelled
/// publication keeps the mentorships proposed so far, and its round is ready again with the rest. A job that is done
/// first stays done.
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
