//! Places over HTTP: beds out of use, and the occupancy of a facility. Facilities, rooms and beds are entries.
use crate::http::answer::Answer;
use crate::http::guard::{Guarded, Id};
use crate::http::history::{self, HistoryPage};
use crate::http::list::{self, NoFilter, Query};
use crate::http::order::Order;
use crate::http::problem::Problem;
use crate::http::routing::ServiceConfig;
use actix_web::{HttpRequest, get, post};
use domain::base::access::may;
use domain::base::change::SubjectKind;
use domain::base::id::{BedBlockId, FacilityId};
use domain::help::occupancy::Occupancy;
use domain::help::places::blocks::{BedBlockEnding, BedBlockForm};
use persistence::help::occupancy::{self, OccupancyQuestion};
use persistence::help::place_requests;
use persistence::help::places::blocks::{self, BedBlockCard, BedBlockFilter};

crate::http::page::pages! { BedBlockPage of BedBlockCard; }

/// The routes of this feature.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_occupancy).service(list_bed_blocks).service(add_bed_block).service(get_bed_block);
    config.service(end_bed_block).service(get_bed_block_history);
}

/// Get the occupancy of a facility
///
/// The nights of a month: slept, booked, offered, out of use and free. They make up all nights of the open beds.
#[utoipa::path(tag = "places", params(("id" = FacilityId, Path), OccupancyQuestion), responses((status = 200, body = Occupancy)))]
#[get("/facilities/{id}/occupancy")]
async fn get_occupancy(
    db: Guarded<may::ReadPlaces>,
    id: Id<FacilityId>,
    request: HttpRequest,
) -> Result<Answer, Problem> {
    let asked: OccupancyQuestion = list::filters(request.query_string())?;
    db.read(async |tx| occupancy::of_facility(tx, id.0, &asked).await).await
}

/// List blocks of beds
///
/// Beds out of use in the facilities of the caller's organizations, also past ones, the newest first.
#[utoipa::path(tag = "places", params(BedBlockFilter), responses((status = 200, body = BedBlockPage)))]
#[get("/bed-blocks")]
async fn list_bed_blocks(
    db: Guarded<may::ReadPlaces>,
    query: Query<BedBlockFilter>,
) -> Result<Answer, Problem> {
    db.list(query, blocks::list).await
}

/// Take a bed out of use
///
/// The bed is given to nobody on these nights. Nobody may have it on one of them.
#[utoipa::path(tag = "places", request_body = BedBlockForm, responses((status = 201, body = BedBlockCard)))]
#[post("/bed-blocks")]
async fn add_bed_block(db: Guarded<may::ManagePlaces>, form: Order<BedBlockForm>) -> Result<Answer, Problem> {
    db.create(async move |tx| {
        let id = blocks::begin(tx, &form).await?;
        blocks::card(tx, id).await
    })
    .await
}

/// Get a block of a bed
///
/// One block with the actions that the caller may take.
#[utoipa::path(tag = "places", params(("id" = BedBlockId, Path)), responses((status = 200, body = BedBlockCard)))]
#[get("/bed-blocks/{id}")]
async fn get_bed_block(db: Guarded<may::ReadPlaces>, id: Id<BedBlockId>) -> Result<Answer, Problem> {
    db.read(async |tx| blocks::card(tx, id.0).await).await
}

/// End a block of a bed
///
/// The bed is in use again from today on. Its nights are offered to the first one who waits and whom they suit.
#[utoipa::path(tag = "places", params(("id" = BedBlockId, Path)), request_body = BedBlockEnding, responses((status = 200, body = BedBlockCard)))]
#[post("/bed-blocks/{id}/ending")]
async fn end_bed_block(
    db: Guarded<may::ManagePlaces>,
    id: Id<BedBlockId>,
    _order: Order<BedBlockEnding>,
) -> Result<Answer, Problem> {
    db.write(async move |tx| {
        let ended = blocks::load(tx, id.0).await?.end(tx.today())?;
        let bed = blocks::save_ended(tx, ended).await?;
        place_requests::offer_freed(tx, bed).await?;
        blocks::card(tx, id.0).await
    })
    .await
}

/// Get the history of a block of a bed
///
/// Changes of the block, the latest first.
#[utoipa::path(tag = "places", params(("id" = BedBlockId, Path)), responses((status = 200, body = HistoryPage)))]
#[get("/bed-blocks/{id}/history")]
async fn get_bed_block_history(
    db: Guarded<may::ReadHistory>,
    id: Id<BedBlockId>,
    query: Query<NoFilter>,
) -> Result<Answer, Problem> {
    history::of(db, SubjectKind::BedBlock, id.0, query).await
}
