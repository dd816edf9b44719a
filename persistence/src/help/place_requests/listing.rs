//! The waiting list in its order: by urgency, then since when one waits.
use super::{PlaceRequestCard, Row, shown};
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::place_requests as requests;
use crate::help::ways::{Way, by_way, living_in};
use crate::people::one_person;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::filters::any::AnyOf;
use domain::base::id::{BeneficiaryId, FacilityId, PlaceRequestId};
use domain::base::word::Word;
use domain::help::place_requests::PlaceRequestState;
use shape::filter;
use std::collections::BTreeMap;

/// Filters of the waiting list.
#[filter]
pub struct PlaceRequestFilter {
    /// Only requests in this state now.
    pub state: Option<AnyOf<PlaceRequestState>>,
    /// Only requests for this facility.
    pub facility_id: Option<FacilityId>,
    /// Only requests of this beneficiary.
    pub beneficiary_id: Option<BeneficiaryId>,
}

/// A stored state, and for one that waits whether an offer holds.
struct Stored(PlaceRequestState, Option<bool>);

impl Stored {
    fn of(now: PlaceRequestState) -> Self {
        match now {
            PlaceRequestState::Waiting => Self(PlaceRequestState::Waiting, Some(false)),
            PlaceRequestState::Offered => Self(PlaceRequestState::Waiting, Some(true)),
            settled => Self(settled, None),
        }
    }
}

/// Requests that the caller sees, the most urgent first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &PlaceRequestFilter,
    window: &Window,
) -> Result<Page<PlaceRequestCard>, Failure> {
    let is_asked = |it: &PlaceRequestState| filter.state.as_ref().is_none_or(|asked| asked.has(it));
    let mut found: BTreeMap<PlaceRequestId, Row> = BTreeMap::new();
    for way in Way::of(tx.scope()) {
        for stored in PlaceRequestState::ALL.iter().copied().filter(is_asked).map(Stored::of) {
            let rows = rows_of(tx, &way, &stored, filter, window).await?;
            found.extend(rows.into_iter().map(|it| (it.id, it)));
        }
    }
    let rows = window.first_of(found.into_values().collect(), true, |it: &Row| (it.rank, it.id));
    let page = window.page(rows, |it| Place { text: Some(it.rank.to_string()), id: it.id.into() });
    Ok(Page { items: tx.readable(page.items.into_iter().map(|it| shown(tx, it)))?, next: page.next })
}

/// The first requests of a way that are stored so.
async fn rows_of(
    tx: &mut Tx<'_>,
    way: &Way,
    Stored(state, is_offered): &Stored,
    filter: &PlaceRequestFilter,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let now = tx.now();
    let records = one_person::records_of(tx, filter.beneficiary_id).await?;
    Ok(db!(tx, load, {
        let all = requests::table
            .filter(requests::state.eq(bind(*state)))
            .select(Row::as_select())
            .order((requests::rank.asc(), requests::id.asc()))
            .limit(window.fetch())
            .into_boxed();
        let mut all =
            by_way!(all, way, requests::organization_id, |it| living_in!(requests::beneficiary_id, it));
        match is_offered {
            Some(true) => all = all.filter(requests::offered_held_until.assume_not_null().gt(bind(now))),
            Some(false) => {
                let lapsed = requests::offered_held_until.assume_not_null().le(bind(now));
                all = all.filter(requests::offered_held_until.is_null().or(lapsed));
            }
            None => {}
        }
        if let Some(facility) = filter.facility_id {
            all = all.filter(requests::facility_id.assume_not_null().eq(bind(facility)));
        }
        if let Some(of) = &records {
            all = all.filter(requests::beneficiary_id.eq_any(binds(of)));
        }
        if let Some((rank, id)) = window.beyond::<i32, PlaceRequestId>() {
            // The first condition begins the index there; the other one is asked of the rows of that rank.
            all = all
                .filter(requests::rank.ge(rank))
                .filter(requests::rank.gt(rank).or(requests::id.gt(bind(id))));
        }
        all
    })?)
}
