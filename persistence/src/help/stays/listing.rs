//! The list of stays: for each way and each stored state, the first rows in the order of ids; then the first of all of them.
use super::{Row, StayCard, shown};
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::lapsing::Stored;
use crate::engine::page::{DaysAhead, Page, Place, Window};
use crate::engine::schema::stays;
use crate::help::places::facility_names;
use crate::help::ways::{Way, by_way, living_in};
use crate::people::one_person;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::filters::any::AnyOf;
use domain::base::id::{BedId, BeneficiaryId, CaseId, FacilityId, StayId};
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
    /// Only stays whose last day has passed, is today or is within this number of days (1 to 365).
    #[param(value_type = Option<i32>, minimum = 1, maximum = 365, example = 7)]
    pub ends_within_days: Option<DaysAhead>,
}

/// Stays that the caller sees, the newest first.
pub async fn list(tx: &mut Tx<'_>, filter: &StayFilter, window: &Window) -> Result<Page<StayCard>, Failure> {
    let states = Stored::behind(filter.state.as_ref(), (StayState::Reserved, StayState::NoShow));
    let mut found: BTreeMap<StayId, Row> = BTreeMap::new();
    for way in Way::of(tx.scope()) {
        for stored in &states {
            let rows = rows_of(tx, &way, stored, filter, window).await?;
            found.extend(rows.into_iter().map(|it| (it.id, it)));
        }
    }
    let page = window
        .page(window.first_of(found.into_values().collect(), false, |it: &Row| it.id), |it| Place::id(it.id));
    let names = facility_names(tx, page.items.iter().map(|it| it.facility_id)).await?;
    let card = |it: Row| {
        let name = names.get(&it.facility_id).cloned();
        shown(tx, it, name)
    };
    Ok(Page { items: tx.readable(page.items.into_iter().map(card))?, next: page.next })
}

/// The first stays of a way that are stored so.
async fn rows_of(
    tx: &mut Tx<'_>,
    way: &Way,
    Stored(state, is_over): &Stored<StayState>,
    filter: &StayFilter,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let (now, last_day) = (tx.now(), filter.ends_within_days.map(|it| it.last_day(tx.today())));
    let records = one_person::records_of(tx, filter.beneficiary_id).await?;
    Ok(db!(tx, load, {
        let all = stays::table
            .filter(stays::state.eq(bind(*state)))
            .select(Row::as_select())
            .order(stays::id.desc())
            .limit(window.fetch())
            .into_boxed();
        let mut all = by_way!(all, way, stays::organization_id, |it| living_in!(stays::beneficiary_id, it));
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
        if let Some(of) = &records {
            all = all.filter(stays::beneficiary_id.eq_any(binds(of)));
        }
        if let Some(case) = filter.case_id {
            all = all.filter(stays::case_id.assume_not_null().eq(bind(case)));
        }
        if let Some(last_day) = last_day {
            all = all.filter(stays::until_on.le(last_day));
        }
        if let Some(after) = window.after_id() {
            all = all.filter(stays::id.lt(bind(after)));
        }
        all
    })?)
}
