//! Stays that end soon, and those that have passed their last day while nobody has recorded the departure.
use super::{Row, StayCard, shown};
use crate::accompaniment::cases;
use crate::engine::card::Card;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::stays;
use crate::help::places::facility_names;
use crate::tx::Tx;
use chrono::{Days, NaiveDate};
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::change::Subject;
use domain::base::id::OrganizationId;
use domain::help::stays::StayState;
use shape::card;

/// Days ahead within which the last day of a stay is told.
const AHEAD: Days = Days::new(7);

/// A stay that ends soon, or has passed its last day.
#[card]
pub struct EndingStay {
    /// The stay.
    pub stay: StayCard,
    /// The days until its last day. Below zero: so many days have passed since then, and from that day on others may have the bed.
    #[schema(minimum = -100_000, maximum = 7, example = 3)]
    pub days_left: i64,
    /// The last day on which a legal basis of the person's case holds. Absent where one holds without an end, or the caller reads no cases.
    pub basis_until: Option<NaiveDate>,
}

impl Card for EndingStay {
    fn personal(&self) -> Vec<Subject> {
        self.stay.personal()
    }
}

/// Stays in facilities of the caller's organizations that end within a week or should have ended, the earliest last day first.
pub(crate) async fn ending(tx: &mut Tx<'_>, window: &Window) -> Result<Page<EndingStay>, Failure> {
    let mut rows: Vec<Row> = Vec::new();
    for of in tx.scope().organizations.clone() {
        rows.extend(ending_in(tx, of, window).await?);
    }
    let rows = window.first_of(rows, true, |it| (it.until_on, it.id));
    let page = window.page(rows, |it| Place { text: Some(it.until_on.to_string()), id: it.id.into() });
    let names = facility_names(tx, page.items.iter().map(|it| it.facility_id)).await?;
    let today = tx.today();
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        let days_left = row.until_on.signed_duration_since(today).num_days();
        let basis_until = basis_until(tx, &row).await?;
        let name = names.get(&row.facility_id).cloned();
        items.push(shown(tx, row, name).map(|stay| EndingStay { stay, days_left, basis_until }));
    }
    Ok(Page { items: tx.readable(items.into_iter())?, next: page.next })
}

async fn ending_in(tx: &mut Tx<'_>, of: OrganizationId, window: &Window) -> Result<Vec<Row>, Failure> {
    let last = tx.today().checked_add_days(AHEAD).unwrap_or(NaiveDate::MAX);
    let theirs = stays::table
        .filter(stays::organization_id.eq(bind(of)))
        .filter(stays::state.eq(bind(StayState::Arrived)))
        .filter(stays::until_on.le(last))
        .order((stays::until_on.asc(), stays::id.asc()))
        .limit(window.fetch());
    Ok(db!(tx, load, theirs.select(Row::as_select()))?)
}

/// The last day of the basis of the case to which the stay belongs, or of the open case of the person there.
async fn basis_until(tx: &mut Tx<'_>, row: &Row) -> Result<Option<NaiveDate>, Failure> {
    if !tx.scope_of(Right::ReadCases).answers_for(row.organization_id) {
        return Ok(None);
    }
    Ok(match row.case_id {
        Some(case) => cases::found(tx, case).await?.was().form.holds_until(),
        None => {
            let open = cases::open_in(tx, row.beneficiary_id, row.organization_id).await?;
            open.and_then(|it| it.form.holds_until())
        }
    })
}
