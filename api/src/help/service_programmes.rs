//! Individual programmes of services over HTTP. Their lines are needs.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::get;
use domain::base::access::may;
use domain::base::id::CaseId;
use persistence::help::service_programmes::{self, ServiceProgrammes};

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_service_programmes);
}

/// Get the programmes of services of a case
///
/// The needs of a case that have the number of an individual programme (ИППСУ), by number: the standard, the volume, how much of it was
/// delivered, and the mark of each line.
#[utoipa::path(tag = "help", params(("id" = CaseId, Path)), responses((status = 200, body = ServiceProgrammes)))]
#[get("/cases/{id}/service-programmes")]
async fn get_service_programmes(db: Guarded<may::ReadServices>, id: Id<CaseId>) -> Result<Answer, Problem> {
    db.read(async |tx| service_programmes::of_case(tx, id.0).await).await
}
