//! Occupancy of a facility: the nights of a month, read from the nights that its beds have.
use crate::engine::card::Card;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{bed_nights, place_requests, stays};
use crate::entry;
use crate::help::places::{open_beds, open_within};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::base::id::{FacilityId, StayId};
use domain::base::moment::Moment;
use domain::base::month::Month;
use domain::help::occupancy::{CountedAt, HeldNight, Holder, Occupancy};
use domain::help::place_requests::PlaceRequestState;
use domain::help::places::nights::Span;
use domain::help::places::{FacilityForm, FacilityKind};
use domain::help::stays::StayState;
use shape::filter;

/// The question about the occupancy of a facility.
#[filter]
pub struct OccupancyQuestion {
    /// The month; the present one, if none is given.
    pub month: Option<Month>,
}

impl Card for Occupancy {}

/// A night as it is stored: the stay with its state and arrival, or the block, and until when it is held.
type Stored = (NaiveDate, Option<(StayId, StayState, Option<Moment>)>, Option<uuid::Uuid>, Option<Moment>);

/// The occupancy of a facility in a month.
pub async fn of_facility(
    tx: &mut Tx<'_>,
    id: FacilityId,
    asked: &OccupancyQuestion,
) -> Result<Occupancy, Failure> {
    let facility = entry::card::<FacilityForm>(tx, id).await?.form;
    let month = asked.month.unwrap_or_else(|| Month::of(tx.today()));
    let within = Span::new(month.first_day(), month.next().first_day());
    let beds = open_beds(tx, id).await?;
    let beds: Vec<Span> = beds.into_iter().map(|it| open_within(it, &facility, within)).collect();
    let theirs = bed_nights::table
        .left_join(stays::table)
        .filter(bed_nights::facility_id.eq(bind(id)))
        .filter(bed_nights::night.ge(within.from_on))
        .filter(bed_nights::night.lt(within.until_on));
    let stored: Vec<Stored> = db!(
        tx,
        load,
        theirs.select((
            bed_nights::night,
            (stays::id, stays::state, stays::arrived_at).nullable(),
            bed_nights::block_id,
            bed_nights::held_until,
        ))
    )?;
    let zone = tx.zone();
    let held = |(night, stay, block, held_until): Stored| {
        let holder = match (stay, block) {
            (Some((id, state, at)), _) => Holder::Stay(id.into(), state, at.map(|it| zone.day(it))),
            (None, Some(_)) => Holder::Block,
            (None, None) => Holder::Offer,
        };
        HeldNight { night, holder, held_until }
    };
    let held: Vec<HeldNight> = stored.into_iter().map(held).collect();
    let waiting = waiting(tx, id, &facility).await?;
    let at = CountedAt { now: tx.now(), today: tx.today() };
    Ok(Occupancy::count((id, month), &beds, &held, waiting, at))
}

/// The number of people who wait for this facility, or for any of its kind.
async fn waiting(tx: &mut Tx<'_>, id: FacilityId, of: &FacilityForm) -> Result<u32, Failure> {
    let here = place_requests::table
        .filter(place_requests::facility_id.assume_not_null().eq(bind(id)))
        .filter(place_requests::state.eq(bind(PlaceRequestState::Waiting)))
        .select(count_star());
    let here: i64 = db!(tx, first, here)?;
    let anywhere = place_requests::table
        .filter(place_requests::organization_id.eq(bind(of.organization_id)))
        .filter(place_requests::state.eq(bind(PlaceRequestState::Waiting)))
        .filter(place_requests::kind.eq(bind(Some::<FacilityKind>(of.kind))))
        .select(count_star());
    let anywhere: i64 = db!(tx, first, anywhere)?;
    Ok(u32::try_from(here + anywhere).unwrap_or(u32::MAX))
}
