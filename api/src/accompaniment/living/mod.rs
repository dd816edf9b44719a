//! Programmes of independent living over HTTP.
//!
//! - this page: editions of programmes.
//! - [`enrolments`]: people who take part, and their modules.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::list::Query;
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{get, post};
use domain::accompaniment::living::{LivingProgramme, LivingProgrammeForm, shipped};
use domain::base::access::may;
use domain::base::id::LivingProgrammeId;
use persistence::accompaniment::living::{self, LivingProgrammeCard, LivingProgrammeFilter};
use persistence::engine::failure::Failure;
use persistence::region::organizations::must_work_on;
use persistence::sight::ruled;
use persistence::tx::Tx;

pub mod enrolments;

crate::http::page::pages! { LivingProgrammePage of LivingProgrammeCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_living_programmes).service(issue_living_programme).service(get_living_programme);
    enrolments::routes(config);
}

/// List programmes of independent living
///
/// Editions of the region and of organizations, the newest first.
#[utoipa::path(tag = "cases", params(LivingProgrammeFilter), responses((status = 200, body = LivingProgrammePage)))]
#[get("/living-programmes")]
async fn list_living_programmes(
    db: Guarded<may::ReadPrograms>,
    query: Query<LivingProgrammeFilter>,
) -> Result<Answer, Problem> {
    db.list(query, living::list).await
}

/// Issue an edition of a programme of independent living
///
/// Without an organization: the programme of the region, by an administrator. With one: the adaptation of the region's edition that is
/// in force on the first day. An organization adds modules and hours; it takes none away. An edition never changes.
#[utoipa::path(tag = "cases", request_body = LivingProgrammeForm, responses((status = 201, body = LivingProgrammeCard)))]
#[post("/living-programmes")]
async fn issue_living_programme(
    db: Guarded<may::EditLivingProgrammes>,
    form: Order<LivingProgrammeForm>,
) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let of = form.organization_id;
        let owned = living::must_own(tx, of).await;
        let works = must_work_on(tx, form.effective_from, of, "/organization_id").await;
        let previous = living::latest(tx, of).await?;
        let regional = living::in_force(tx, None, form.effective_from).await?;
        let issued = LivingProgramme::issue(tx.mint(), &form, previous.as_ref(), regional.as_ref());
        living::save_issued(tx, ruled(issued, [owned, works])?).await
    })
    .await
}

/// Get an edition of a programme of independent living
///
/// One edition with all its modules.
#[utoipa::path(tag = "cases", params(("id" = LivingProgrammeId, Path)), responses((status = 200, body = LivingProgrammeCard)))]
#[get("/living-programmes/{id}")]
async fn get_living_programme(
    db: Guarded<may::ReadPrograms>,
    id: Id<LivingProgrammeId>,
) -> Result<Answer, Problem> {
    db.read(async |tx| living::card(tx, id.0).await).await
}

/// Gives a region the programme of the product, if it has none.
pub async fn ship(tx: &mut Tx<'_>) -> Result<(), Failure> {
    if living::latest(tx, None).await?.is_none() {
        living::save_issued(tx, LivingProgramme::issue(tx.mint(), &shipped(), None, None)?).await?;
    }
    Ok(())
}
