//! Figures of the partnership over HTTP: the levels of a region, and the capacity of an organization.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::get;
use domain::base::access::may;
use domain::base::id::OrganizationId;
use persistence::partnership::capacity::{self, OrganizationCapacity};
use persistence::partnership::levels::{self, PartnershipLevels};

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_partnership_levels).service(get_organization_capacity);
}

/// Get the levels of partnership
///
/// Counts what there is today on each of the three levels: governance, methods, and accompaniment itself.
#[utoipa::path(tag = "partnership", responses((status = 200, body = PartnershipLevels)))]
#[get("/partnership/levels")]
async fn get_partnership_levels(db: Guarded<may::ReadPartnership>) -> Result<Answer, Problem> {
    db.read(async |tx| levels::levels(tx).await).await
}

/// Get the capacity of an organization
///
/// The technologies by which an organization works, with the part of gifts and entertainment, its trainings, mentors, volunteers' hours,
/// agreements and grants. It is computed, and never a single score.
#[utoipa::path(tag = "partnership", params(("id" = OrganizationId, Path)), responses((status = 200, body = OrganizationCapacity)))]
#[get("/organizations/{id}/capacity")]
async fn get_organization_capacity(
    db: Guarded<may::ReadPartnership>,
    id: Id<OrganizationId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| capacity::of_organization(tx, id.0).await).await
}
