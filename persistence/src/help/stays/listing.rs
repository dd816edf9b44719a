//! The list of stays: for each way and each stored state, the first rows in the order of ids; then the first of all of them.
use super::{Row, StayCard, shown};
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::counts::{Counts, grouped};
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
use domain::base::filters::order::{ListOrder, StayGrouping};
use domain::base::id::{BedId, BeneficiaryId, CaseId, FacilityId, OrganizationId, StayId};
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
    /// The order by the moment of the booking; the latest first, if none is asked for.
    pub sort: Option<ListOrder>,
}

impl StayFilter {
    fn is_rising(&self) -> bool {
        self.sort == Some(ListOrder::EarliestFirst)
    }
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
    let rows = window.first_of(found.into_values().collect(), filter.is_rising(), |it: &Row| it.id);
    let page = window.page(rows, |it| Place::id(it.id));
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
            .limit(window.fetch())
            .into_boxed();
        let all = match filter.is_rising() {
            true => all.order(stays::id.asc()),
            false => all.order(stays::id.desc()),
        };
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
            all = match filter.is_rising() {
                true => all.filter(stays::id.gt(bind(after))),
                false => all.filter(stays::id.lt(bind(after))),
            };
        }
        all
    })?)
}

/// The question by which member stays are counted.
#[filter]
pub struct StayCountQuestion {
    /// The member by which the rows are counted: `state`, also if none is named.
    pub group_by: Option<StayGrouping>,
}

/// The stays that the caller sees, counted by a member.
pub async fn counts(tx: &mut Tx<'_>, asked: &StayCountQuestion) -> Result<Counts, Failure> {
    let (ways, sees_all, now) = (Way::of(tx.scope()), tx.scope().everything, tx.now());
    macro_rules! counted {
        ($all:expr, $member:ident as $Value:ty) => {
            grouped!(tx, stays, $member as $Value, (sees_all, ways), $all, |way| {
                let all = stays::table.into_boxed();
                by_way!(all, way, stays::organization_id, |it| living_in!(stays::beneficiary_id, it))
            })
        };
    }
    Ok(match asked.group_by.unwrap_or(StayGrouping::State) {
        StayGrouping::State => {
            let stored = counted!(stays::table, state as StayState);
            let reserved = stays::state.eq(bind(StayState::Reserved));
            let late = stays::table.filter(reserved).filter(stays::held_until.le(bind(now)));
            let late = counted!(late, state as StayState);
            Counts::of(Stored::counted(&stored, &late, (StayState::Reserved, StayState::NoShow)))
        }
        StayGrouping::Organization => Counts::of(counted!(stays::table, organization_id as OrganizationId)),
        StayGrouping::Facility => Counts::of(counted!(stays::table, facility_id as FacilityId)),
    })
}
