//! The waiting list in its order: by urgency, then since when one waits.
use super::{PlaceRequestCard, Row, shown};
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{beneficiaries, place_requests as requests};
use crate::scope::within;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::filters::any::AnyOf;
use domain::base::id::{BeneficiaryId, FacilityId, OrganizationId, PlaceRequestId};
use domain::base::text::Oktmo;
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

/// The way by which a list finds its requests.
enum Way {
    All,
    Of(OrganizationId),
    Guarded(Vec<Oktmo>),
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
    let scope = tx.scope();
    let mut ways: Vec<Way> = scope.organizations.iter().copied().map(Way::Of).collect();
    ways.extend(Some(&scope.territories).filter(|it| !it.is_empty()).cloned().map(Way::Guarded));
    if scope.everything {
        ways = vec![Way::All];
    }
    let is_asked = |it: &PlaceRequestState| filter.state.as_ref().is_none_or(|asked| asked.has(it));
    let mut found: BTreeMap<PlaceRequestId, Row> = BTreeMap::new();
    for way in ways {
        for stored in PlaceRequestState::ALL.iter().copied().filter(is_asked).map(Stored::of) {
            let rows = rows_of(tx, &way, &stored, filter, window).await?;
            found.extend(rows.into_iter().map(|it| (it.id, it)));
        }
    }
    let rows = window.first_of(found.into_values().collect(), true, |it: &Row| (it.rank, it.id));
    let page = window.page(rows, |it| Place { text: Some(it.rank.to_string()), id: it.id.into() });
    Ok(Page { items: tx.readable(page.items.into_iter().map(|it| shown(tx, it)))?, next: page.next })
}

/// The place after which the page begins: a rank and an id.
fn beyond(window: &Window) -> Option<(i32, PlaceRequestId)> {
    let place = window.after.as_ref()?;
    Some((place.text.as_ref()?.parse().ok()?, place.id.into()))
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
    Ok(db!(tx, load, {
        let mut all = requests::table
            .filter(requests::state.eq(bind(*state)))
            .select(Row::as_select())
            .order((requests::rank.asc(), requests::id.asc()))
            .limit(window.fetch())
            .into_boxed();
        match way {
            Way::All => {}
            Way::Of(of) => all = all.filter(requests::organization_id.eq(bind(*of))),
            Way::Guarded(territories) => {
                let there = beneficiaries::table
                    .filter(within(beneficiaries::territory, territories))
                    .select(beneficiaries::id);
                all = all.filter(requests::beneficiary_id.eq_any(there));
            }
        }
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
        if let Some(beneficiary) = filter.beneficiary_id {
            all = all.filter(requests::beneficiary_id.eq(bind(beneficiary)));
        }
        if let Some((rank, id)) = beyond(window) {
            // The first condition begins the index there; the other one is asked of the rows of that rank.
            all = all
                .filter(requests::rank.ge(rank))
                .filter(requests::rank.gt(rank).or(requests::id.gt(bind(id))));
        }
        all
    })?)
}
