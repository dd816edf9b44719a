//! The directory of organizations over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::Guarded;
use crate::http::list::Query;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::get;
use domain::base::access::may;
use persistence::partnership::directory::{self, DirectoryCard, DirectoryFilter};

crate::http::page::pages! { DirectoryPage of DirectoryCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_organization_directory);
}

/// List the directory of organizations
///
/// Organizations that are open today, by name: their work, their units, their services and how to reach them. Nothing in it is about a
/// person, so that it may be shown to everybody.
#[utoipa::path(tag = "partnership", params(DirectoryFilter), responses((status = 200, body = DirectoryPage)))]
#[get("/organization-directory")]
async fn list_organization_directory(
    db: Guarded<may::ReadPartnership>,
    query: Query<DirectoryFilter>,
) -> Result<Answer, Problem> {
    db.list(query, directory::list).await
}
