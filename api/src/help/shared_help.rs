//! Needs, services, urgent aid and documents of a case for a member of another organization, over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::get;
use domain::base::access::may;
use domain::base::id::{CaseTransferId, TeamMemberId};
use persistence::help::shared_help::{self, SharedHelp};

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_shared_help).service(get_transferred_help);
}

/// Get the shared help of a membership
///
/// Needs, services, urgent aid and documents of the case as a member of another organization sees them, while the part `help` is granted.
/// Each read is journaled.
#[utoipa::path(tag = "help", params(("id" = TeamMemberId, Path)), responses((status = 200, body = SharedHelp)))]
#[get("/case-team-members/{id}/shared-help")]
async fn get_shared_help(db: Guarded<may::ReadCases>, id: Id<TeamMemberId>) -> Result<Answer, Problem> {
    db.read(async |tx| shared_help::of_membership(tx, id.0).await).await
}

/// Get the shared help of a transfer
///
/// Needs, services, urgent aid and documents of the case for the organization that is to take it over, while the part `help` is opened.
/// Each read is journaled.
#[utoipa::path(tag = "help", params(("id" = CaseTransferId, Path)), responses((status = 200, body = SharedHelp)))]
#[get("/case-transfers/{id}/shared-help")]
async fn get_transferred_help(
    db: Guarded<may::ReadCases>,
    id: Id<CaseTransferId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| shared_help::of_transfer(tx, id.0).await).await
}
