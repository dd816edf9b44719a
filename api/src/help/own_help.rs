//! The help of a beneficiary over HTTP, as the person, the representative of a child, an adult of a family and the guardianship read it.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::get;
use domain::base::access::may;
use domain::base::id::BeneficiaryId;
use persistence::help::own_help::{self, OwnHelp};

/// The route of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_own_help);
}

/// Get the help of a beneficiary
///
/// Needs, services, referrals, urgent aid, documents and stays, without the words of staff. The person reads them from 14 years on, so
/// does the representative of a living child, an adult of the family that is helped, and the guardianship of the territory. A representative
/// and an adult of a family read no words of needs, nothing that came of a crisis or is about safety, no place of refuge, and not which
/// organizations help. At least the latest 200 rows of each list are told; `more` tells of which there may be earlier ones. Each read is
/// journaled.
#[utoipa::path(tag = "help", params(("id" = BeneficiaryId, Path)), responses((status = 200, body = OwnHelp)))]
#[get("/beneficiaries/{id}/help")]
async fn get_own_help(db: Guarded<may::ReadOwnHelp>, id: Id<BeneficiaryId>) -> Result<Answer, Problem> {
    db.read(async |tx| own_help::of_beneficiary(tx, id.0).await).await
}
