//! The work of a council over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::list;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get};
use domain::base::access::may;
use domain::base::id::CouncilId;
use persistence::partnership::council_activity::{self, CouncilActivity, CouncilActivityQuestion};

/// The route of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_council_activity);
}

/// Get the work of a council
///
/// Meetings held, presence by the organizations of the members, decisions, their tasks by state, and events that the council has brought
/// about (003 L48–50).
#[utoipa::path(tag = "partnership", params(("id" = CouncilId, Path), CouncilActivityQuestion), responses((status = 200, body = CouncilActivity)))]
#[get("/councils/{id}/activity")]
async fn get_council_activity(
    db: Guarded<may::ReadPartnership>,
    id: Id<CouncilId>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: CouncilActivityQuestion = list::filters(request.query_string())?;
    db.read(async |tx| council_activity::of_council(tx, id.0, &asked).await).await
}
