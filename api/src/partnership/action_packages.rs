//! Packages of measures over HTTP. Packages and measures are entries; here is the table of a package.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::get;
use domain::base::access::may;
use domain::base::id::ActionPackageId;
use persistence::partnership::action_packages::{self, PackageTable};

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_package_table);
}

/// Get the table of a package of measures
///
/// The measures of a package with the state before and after each, as the source prints it. Values of clubs and facilities may be counted for
/// their days; others are as they were entered.
#[utoipa::path(tag = "partnership", params(("id" = ActionPackageId, Path)), responses((status = 200, body = PackageTable)))]
#[get("/action-packages/{id}/table")]
async fn get_package_table(
    db: Guarded<may::ReadPartnership>,
    id: Id<ActionPackageId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| action_packages::table(tx, id.0).await).await
}
