//! The view of a side of an accompaniment over HTTP.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::get;
use domain::base::access::may;
use domain::base::id::BeneficiaryId;
use persistence::accompaniment::sides::{self, Accompaniment};

/// The route of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_accompaniment);
}

/// Get the accompaniment of a beneficiary as a side sees it
///
/// The organizations that accompany, plans, tasks and assessments, as far as they are for that side. Sides are the person from 14 years
/// on, and the mentor and the tutor of a running mentorship. After its end they find nothing.
#[utoipa::path(tag = "cases", params(("id" = BeneficiaryId, Path)), responses((status = 200, body = Accompaniment)))]
#[get("/beneficiaries/{id}/accompaniment")]
async fn get_accompaniment(
    db: Guarded<may::ReadAccompaniment>,
    id: Id<BeneficiaryId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| sides::accompaniment(tx, id.0).await).await
}
