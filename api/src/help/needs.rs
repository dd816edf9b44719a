//! Needs that are due, over HTTP. Needs themselves are entries.
use crate::http::answer::Answer;
use crate::http::guard::Guarded;
use crate::http::list::Query;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::get;
use domain::base::access::may;
use persistence::help::needs::{self, DueNeedFilter};

/// The route of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_due_needs);
}

/// List needs that are due
///
/// Needs of the open cases that the caller sees which have a last day and have not ended, the earliest last day first.
#[utoipa::path(tag = "help", params(DueNeedFilter), responses((status = 200, body = ref("#/components/schemas/NeedPage"))))]
#[get("/needs")]
async fn list_due_needs(
    db: Guarded<may::ReadServices>,
    query: Query<DueNeedFilter>,
) -> Result<Answer, Problem> {
    db.list(query, needs::list).await
}
