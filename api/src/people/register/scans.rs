//! Scans of the register over HTTP.
use crate::http::answer::{Accepted, Answer};
use crate::http::guard::{Guarded, Id};
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::base::access::may;
use domain::base::id::RegisterScanId;
use persistence::people::register::scans::{self, RegisterScanCard};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(begin_register_scan).service(get_register_scan);
}

/// Begin a scan of the register
///
/// A job compares all entries of the region and notes the pairs that may be one person. It shows its progress, can be cancelled, and
/// continues after a restart of the server. One runs at a time.
#[utoipa::path(tag = "register", responses((status = 202, body = RegisterScanCard)))]
#[post("/register-scans")]
async fn begin_register_scan(db: Guarded<may::ManageRegister>) -> Result<Answer, Problem> {
    db.accept(async move |tx| {
        let (id, job_id) = scans::begin(tx).await?;
        Ok(Accepted { card: scans::card(tx, id).await?, job_id })
    })
    .await
}

/// Get a scan of the register
///
/// One scan: its state, and once it is done the number of entries that were compared and of new pairs.
#[utoipa::path(tag = "register", params(("id" = RegisterScanId, Path)), responses((status = 200, body = RegisterScanCard)))]
#[get("/register-scans/{id}")]
async fn get_register_scan(
    db: Guarded<may::ManageRegister>,
    id: Id<RegisterScanId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| scans::card(tx, id.0).await).await
}
