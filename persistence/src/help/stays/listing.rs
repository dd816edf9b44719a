//! The list of stays: for each way and each stored state, the first rows in the order of ids; then the first of all of them.
use super::{Row, StayCard, shown};
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{beneficiaries, stays};
use crate::scope::within;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::filters::any::AnyOf;
use domain::base::id::{BedId, BeneficiaryId, CaseId, FacilityId, OrganizationId, StayId};
use domain::base::text::Oktmo;
use domain::base::word::Word;
use domain::help::stays::StayState;
use shape::filter;
use std::collections::BTreeMap;

/// Filters of the list of stays.
#[filter]
pub struct StayFilter {
    /// Only stays in this state now.
    pub state: Option<AnyOf<StayState>>,
    /// Only stays in this facility.
    pub facility_id: Option<FacilityId>,
    /// Only stays in this bed.
    pub bed_id: Option<BedId>,
    /// Only stays of this beneficiary.
    pub beneficiary_id: Option<BeneficiaryId>,
    /// Only stays of this case.
    pub case_id: Option<CaseId>,
}

/// The way by which a list finds its stays.
enum Way {
    All,
    Of(OrganizationId),
    Guarded(Vec<Oktmo>),
}

/// A stored state, and for a reservation whether its hold is over: by that it is a no-show.
struct Stored(StayState, Option<bool>);

impl Stored {
    fn of(now: StayState) -> Vec<Self> {
        match now {
            StayState::Reserved => vec![Self(StayState::Reserved, Some(false))],
            StayState::NoShow => vec![Self(StayState::NoShow, None), Self(StayState::Reserved, Some(true))],
            other => vec![Self(other, None)],
        }
    }
}

/// Stays that the caller sees, the newest first.
pub async fn list(tx: &mut Tx<'_>, filter: &StayFilter, window: &Window) -> Result<Page<StayCard>, Failure> {
    let scope = tx.scope();
    let mut ways: Vec<Way> = scope.organizations.iter().copied().map(Way::Of).collect();
    ways.extend(Some(&scope.territories).filter(|it| !it.is_empty()).cloned().map(Way::Guarded));
    if scope.everything {
        ways = vec![Way::All];
    }
    let is_asked = |it: &StayState| filter.state.as_ref().is_none_or(|asked| asked.has(it));
    let mut found: BTreeMap<StayId, Row> = BTreeMap::new();
    for way in ways {
        for stored in StayState::ALL.iter().copied().filter(is_asked).flat_map(Stored::of) {
            let rows = rows_of(tx, &way, &stored, filter, window).await?;
            found.extend(rows.into_iter().map(|it| (it.id, it)));
        }
    }
    let page = window
        .page(window.first_of(found.into_values().collect(), false, |it: &Row| it.id), |it| Place::id(it.id));
    Ok(Page { items: tx.readable(page.items.into_iter().map(|it| shown(tx, it)))?, next: page.next })
}

/// The first stays of a way that are stored so.
async fn rows_of(
    tx: &mut Tx<'_>,
    way: &Way,
    Stored(state, is_over): &Stored,
    filter: &StayFilter,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let now = tx.now();
    Ok(db!(tx, load, {
        let mut all = stays::table
            .filter(stays::state.eq(bind(*state)))
            .select(Row::as_select())
            .order(stays::id.desc())
            .limit(window.fetch())
            .into_boxed();
        match way {
            Way::All => {}
            Way::Of(of) => all = all.filter(stays::organization_id.eq(bind(*of))),
            Way::Guarded(territories) => {
                let there = beneficiaries::table
                    .filter(within(beneficiaries::territory, territories))
                    .select(beneficiaries::id);
                all = all.filter(stays::beneficiary_id.eq_any(there));
            }
        }
        match is_over {
            Some(true) => all = all.filter(stays::held_until.le(bind(now))),
            Some(false) => all = all.filter(stays::held_until.gt(bind(now))),
            None => {}
        }
        if let Some(facility) = filter.facility_id {
            all = all.filter(stays::facility_id.eq(bind(facility)));
        }
        if let Some(bed) = filter.bed_id {
            all = all.filter(stays::bed_id.eq(bind(bed)));
        }
        if let Some(beneficiary) = filter.beneficiary_id {
            all = all.filter(stays::beneficiary_id.eq(bind(beneficiary)));
        }
        if let Some(case) = filter.case_id {
            all = all.filter(stays::case_id.assume_not_null().eq(bind(case)));
        }
        if let Some(after) = window.after_id() {
            all = all.filter(stays::id.lt(bind(after)));
        }
        all
    })?)
}
