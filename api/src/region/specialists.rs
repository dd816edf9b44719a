//! Counts of specialists over HTTP. Specialists themselves are entries.
use crate::http::answer::Answer;
use crate::http::guard::Guarded;
use crate::http::list;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get};
use domain::base::access::may;
use persistence::region::specialists::{self, Staffing, StaffingQuestion};

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_staffing);
}

/// Get the staffing
///
/// The number of specialists of organizations on a day, and how many of them support people directly; by unit where one organization is
/// asked. A count tells nobody's name.
#[utoipa::path(tag = "organizations", params(StaffingQuestion), responses((status = 200, body = Staffing)))]
#[get("/staffing")]
async fn get_staffing(db: Guarded<may::ReadPartnership>, request: HttpRequest) -> Result<Answer, Problem> {
    let asked: StaffingQuestion = list::filters(request.query_string())?;
    db.read(async |tx| specialists::staffing(tx, &asked).await).await
}
