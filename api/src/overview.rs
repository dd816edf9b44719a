//! The overview of a case over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::get;
use domain::base::access::may;
use domain::base::id::CaseId;
use persistence::overview::{self, CaseOverview};

/// The route of the overview.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_case_overview);
}

/// Get the overview of a case
///
/// Everything that the page of a case shows, in one answer. Each part is what its own address shows to the caller; a part whose right
/// the caller lacks is absent.
#[utoipa::path(tag = "cases", params(("id" = CaseId, Path)), responses((status = 200, body = CaseOverview)))]
#[get("/cases/{id}/overview")]
async fn get_case_overview(db: Guarded<may::ReadCases>, id: Id<CaseId>) -> Result<Answer, Problem> {
    db.read(async |tx| overview::overview(tx, id.0).await).await
}
