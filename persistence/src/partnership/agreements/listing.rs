//! The lists of agreements: for each asked state, sphere and level the first rows in order; then the first of all of them.
use super::{AgreementCard, Row, shown, visible};
use crate::engine::column::{bind, each};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::listed::has_any;
use crate::engine::page::{DaysAhead, Page, Place, Window};
use crate::engine::schema::{agreement_parties, agreements};
use crate::scope::among;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::filters::any::AnyOf;
use domain::base::id::{AgreementId, OrganizationId};
use domain::partnership::agreements::{AgreementSphere, AgreementState};
use domain::partnership::words::{Audience, PartnershipLevel};
use shape::filter;

/// Filters of the list of agreements.
#[filter]
pub struct AgreementFilter {
    /// Only agreements in this state today.
    pub state: Option<AnyOf<AgreementState>>,
    /// Only of this sphere.
    pub sphere: Option<AnyOf<AgreementSphere>>,
    /// Only on this level of partnership.
    pub partnership_level: Option<AnyOf<PartnershipLevel>>,
    /// Only agreements with this organization among their parties.
    pub organization_id: Option<OrganizationId>,
    /// Only agreements about one of these audiences.
    pub audience: Option<AnyOf<Audience>>,
    /// Only agreements in force whose last day is today or within this number of days (1 to 365), the earliest last day first.
    #[param(value_type = Option<i32>, minimum = 1, maximum = 365, example = 30)]
    pub ends_within_days: Option<DaysAhead>,
    /// `true`: only annulled ones, which are left out otherwise.
    pub annulled: Option<bool>,
}

/// Agreements, the newest first; those that end soon by their last day.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &AgreementFilter,
    window: &Window,
) -> Result<Page<AgreementCard>, Failure> {
    if let Some(days) = filter.ends_within_days {
        return ending_soon(tx, filter, days, window).await;
    }
    let mut rows = Vec::new();
    for part in parts(filter, each(filter.state.as_ref())) {
        rows.extend(rows_of(tx, filter, part, None, window).await?);
    }
    let page = window.page(window.first_of(rows, false, |it: &Row| it.id), |it| Place::id(it.id));
    shown_page(tx, page)
}

fn shown_page(tx: &Tx<'_>, page: Page<Row>) -> Result<Page<AgreementCard>, Failure> {
    let items = tx.readable(page.items.into_iter().map(|it| shown(tx, it)))?;
    Ok(Page { items, next: page.next })
}

async fn ending_soon(
    tx: &mut Tx<'_>,
    filter: &AgreementFilter,
    days: DaysAhead,
    window: &Window,
) -> Result<Page<AgreementCard>, Failure> {
    let is_asked = filter.state.as_ref().is_none_or(|it| it.has(&AgreementState::InForce));
    if !is_asked {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let last = days.last_day(tx.today());
    let mut rows = Vec::new();
    for part in parts(filter, vec![Some(AgreementState::InForce)]) {
        rows.extend(rows_of(tx, filter, part, Some(last), window).await?);
    }
    let rows = window.first_of(rows, true, |it: &Row| (it.ends_on, it.id));
    let place = |it: &Row| Place { text: it.ends_on.map(|it| it.to_string()), id: it.id.into() };
    shown_page(tx, window.page(rows, place))
}

/// Days ahead within which the end of an agreement stands on the agenda.
const ENDING: &str = "30";

/// Agreements in force with a party for which the caller signs that end soon, the earliest first. An account that signs
/// for every party has no desk of them.
pub(crate) async fn ending(tx: &mut Tx<'_>, window: &Window) -> Result<Page<AgreementCard>, Failure> {
    if tx.scope().organizations.is_empty() {
        return Ok(Page { items: Vec::new(), next: None });
    }
    let filter = AgreementFilter { ends_within_days: ENDING.parse().ok(), ..AgreementFilter::default() };
    list(tx, &filter, window).await
}

/// A state, a sphere and a level of which a list reads the first rows; `None` for all of them.
type Part = (Option<AgreementState>, Option<AgreementSphere>, Option<PartnershipLevel>);

/// The parts of the list of agreements that a filter asks for. No two have an agreement in common.
fn parts(filter: &AgreementFilter, states: Vec<Option<AgreementState>>) -> Vec<Part> {
    let (spheres, levels) = (each(filter.sphere.as_ref()), each(filter.partnership_level.as_ref()));
    let mut all = Vec::new();
    for state in states {
        for sphere in &spheres {
            all.extend(levels.iter().map(|level| (state, *sphere, *level)));
        }
    }
    all
}

/// Agreements of a part; where a last day is told, those that end until then in the order of their ends.
async fn rows_of(
    tx: &mut Tx<'_>,
    filter: &AgreementFilter,
    (state, sphere, level): Part,
    until: Option<NaiveDate>,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let (scope, today) = (tx.scope().clone(), tx.today());
    Ok(db!(tx, load, {
        let mut all = visible!(scope).select(Row::as_select()).limit(window.fetch());
        all = match until {
            Some(last) => {
                let soon = all.filter(agreements::ends_on.assume_not_null().le(last));
                soon.order((agreements::ends_on.asc(), agreements::id.asc()))
            }
            None => all.order(agreements::id.desc()),
        };
        all = match filter.annulled.unwrap_or(false) {
            true => all.filter(agreements::annulment_reason.is_not_null()),
            false => all.filter(agreements::annulment_reason.is_null()),
        };
        if let Some(state) = state {
            let stands = agreements::ended_on.is_null().or(agreements::ended_on.assume_not_null().ge(today));
            all = match state {
                AgreementState::Terminated => all.filter(agreements::ended_on.assume_not_null().lt(today)),
                _ => all.filter(stands),
            };
            all = match state {
                AgreementState::Terminated => all,
                AgreementState::Planned => all.filter(agreements::starts_on.is_null()),
                AgreementState::Upcoming => all.filter(agreements::starts_on.assume_not_null().gt(today)),
                AgreementState::Expired => all.filter(agreements::ends_on.assume_not_null().lt(today)),
                AgreementState::InForce => {
                    let lasts =
                        agreements::ends_on.is_null().or(agreements::ends_on.assume_not_null().ge(today));
                    all.filter(agreements::starts_on.assume_not_null().le(today)).filter(lasts)
                }
            };
        }
        if let Some(sphere) = sphere {
            all = all.filter(agreements::sphere.eq(bind(sphere)));
        }
        if let Some(level) = level {
            all = all.filter(agreements::partnership_level.eq(bind(level)));
        }
        if let Some(of) = filter.organization_id {
            let theirs = agreement_parties::table
                .filter(agreement_parties::organization_id.eq(bind(of)))
                .select(agreement_parties::agreement_id);
            all = all.filter(agreements::id.eq_any(theirs));
        }
        if let Some(audiences) = &filter.audience {
            all = all.filter(has_any(agreements::audiences, audiences));
        }
        match until {
            Some(_) => {
                if let Some((after, id)) = window.beyond::<NaiveDate, AgreementId>() {
                    let later = agreements::ends_on.assume_not_null().gt(after);
                    all = all
                        .filter(agreements::ends_on.assume_not_null().ge(after))
                        .filter(later.or(agreements::id.gt(bind(id))));
                }
            }
            None => {
                if let Some(after) = window.after_id() {
                    all = all.filter(agreements::id.lt(bind(after)));
                }
            }
        }
        all
    })?)
}
