//! The list of urgent aid: for each way and each kind, the first rows in the order of days; then the first of all of them.
use super::{EmergencyAidCard, Row, shown};
use crate::engine::column::{any, bind, binds, each};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::emergency_aids as aids;
use crate::help::ways::{Way, by_way, living_in};
use crate::people::one_person;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::filters::any::AnyOf;
use domain::base::id::{BeneficiaryId, EmergencyAidId, OrganizationId};
use domain::help::emergency_aids::EmergencyAidState;
use domain::help::stock::UrgentAidKind;
use shape::filter;
use std::collections::BTreeMap;

/// Filters of the list of urgent aid.
#[filter]
pub struct EmergencyAidFilter {
    /// Only of these kinds.
    pub kind: Option<AnyOf<UrgentAidKind>>,
    /// Only in these states.
    pub state: Option<AnyOf<EmergencyAidState>>,
    /// Only to this beneficiary.
    pub beneficiary_id: Option<BeneficiaryId>,
    /// Only by this organization.
    pub organization_id: Option<OrganizationId>,
    /// Only on this day or later.
    pub from: Option<NaiveDate>,
    /// Only on this day or earlier.
    pub to: Option<NaiveDate>,
}

/// Urgent aid that the caller sees, the latest day first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &EmergencyAidFilter,
    window: &Window,
) -> Result<Page<EmergencyAidCard>, Failure> {
    let mut found: BTreeMap<EmergencyAidId, Row> = BTreeMap::new();
    for way in Way::of(tx.scope()) {
        for kind in each(filter.kind.as_ref()) {
            let rows = rows_of(tx, &way, kind, filter, window).await?;
            found.extend(rows.into_iter().map(|it| (it.id, it)));
        }
    }
    let rows = window.first_of(found.into_values().collect(), false, |it: &Row| (it.given_on, it.id));
    let page = window.page(rows, |it| Place { text: Some(it.given_on.to_string()), id: it.id.into() });
    let items = tx.readable(page.items.into_iter().map(|it| shown(tx, it)))?;
    Ok(Page { items, next: page.next })
}

/// The first urgent aid of a way and of a kind, or of any kind.
async fn rows_of(
    tx: &mut Tx<'_>,
    way: &Way,
    kind: Option<UrgentAidKind>,
    filter: &EmergencyAidFilter,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let records = one_person::records_of(tx, filter.beneficiary_id).await?;
    Ok(db!(tx, load, {
        let all = aids::table
            .select(Row::as_select())
            .order((aids::given_on.desc(), aids::id.desc()))
            .limit(window.fetch())
            .into_boxed();
        let mut all = by_way!(all, way, aids::organization_id, |it| given_in!(it));
        if let Some(kind) = kind {
            all = all.filter(aids::kind.eq(bind(kind)));
        }
        if let Some(states) = &filter.state {
            all = all.filter(aids::state.eq_any(any(states)));
        }
        if let Some(of) = &records {
            all = all.filter(aids::beneficiary_id.assume_not_null().eq_any(binds(of)));
        }
        if let Some(of) = filter.organization_id {
            all = all.filter(aids::organization_id.eq(bind(of)));
        }
        if let Some(from) = filter.from {
            all = all.filter(aids::given_on.ge(from));
        }
        if let Some(to) = filter.to {
            all = all.filter(aids::given_on.le(to));
        }
        if let Some((day, id)) = window.beyond::<NaiveDate, EmergencyAidId>() {
            // The first condition begins the index there; the other one is asked of the rows of that day.
            let later = aids::given_on.lt(day).or(aids::id.lt(bind(id)));
            all = all.filter(aids::given_on.le(day)).filter(later);
        }
        all
    })?)
}
