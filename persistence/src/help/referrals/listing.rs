//! The lists of referrals: for each way and each state, the first rows in the order of ids; then the first of all of them.
use super::{ReferralCard, Row, shown};
use crate::accompaniment::asked::{Way, newest_asked};
use crate::accompaniment::sharing::{reaches_case, served, staff};
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::lapsing::Stored;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::referrals;
use crate::scope::among;
use crate::tx::Tx;
use chrono::Days;
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::id::CaseId;
use domain::help::referrals::{ReferralDirection, ReferralState};
use shape::filter;

/// Filters of the lists of referrals.
#[filter]
pub struct ReferralFilter {
    /// Only referrals in this state today.
    pub state: Option<AnyOf<ReferralState>>,
    /// Only referrals to an organization of the caller, or only those from one.
    pub direction: Option<AnyOf<ReferralDirection>>,
}

/// The referrals of a case, the newest first.
pub async fn of_case(
    tx: &mut Tx<'_>,
    case: CaseId,
    filter: &ReferralFilter,
    window: &Window,
) -> Result<Page<ReferralCard>, Failure> {
    if !reaches_case(tx, case).await? {
        return Err(Failure::NotFound(Some(Subject::new(SubjectKind::Case, case))));
    }
    listed(tx, vec![Way::Case(case)], filter, window).await
}

/// Referrals to and from the organizations of the caller, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &ReferralFilter,
    window: &Window,
) -> Result<Page<ReferralCard>, Failure> {
    let to = Way::To(staff(tx).map(served).unwrap_or_default());
    let from = Way::From(tx.scope().organizations.clone());
    let ways = match &filter.direction {
        None if tx.scope().everything => vec![Way::All],
        None => vec![to, from],
        Some(asked) => {
            let both = [(ReferralDirection::Incoming, to), (ReferralDirection::Outgoing, from)];
            both.into_iter().filter_map(|(it, way)| asked.has(&it).then_some(way)).collect()
        }
    };
    listed(tx, ways, filter, window).await
}

/// Referrals that await an answer of an organization of the caller, the newest first.
pub(crate) async fn to_answer(tx: &mut Tx<'_>, window: &Window) -> Result<Page<ReferralCard>, Failure> {
    let state = Some(AnyOf::from_iter([ReferralState::Sent]));
    let direction = Some(AnyOf::from_iter([ReferralDirection::Incoming]));
    list(tx, &ReferralFilter { state, direction }, window).await
}

/// The days for which an answer stands on the desk of the organization that has sent the referral.
const ANSWERED_DAYS: Days = Days::new(14);

/// Referrals of the caller's organizations that were answered, returned or done within the last days, or that have lapsed, the latest first.
pub(crate) async fn answered(tx: &mut Tx<'_>, window: &Window) -> Result<Page<ReferralCard>, Failure> {
    let (today, from) = (tx.today(), tx.scope().organizations.clone());
    let since = today.checked_sub_days(ANSWERED_DAYS).unwrap_or(today);
    let mut rows: Vec<Row> = Vec::new();
    for of in &from {
        let theirs = referrals::table.filter(referrals::from_organization_id.eq(bind(*of)));
        let told = theirs
            .filter(referrals::answered_on.assume_not_null().ge(since))
            .order((referrals::answered_on.desc(), referrals::id.desc()))
            .limit(window.fetch());
        let told: Vec<Row> = db!(tx, load, told.select(Row::as_select()))?;
        // The clock has not ended these yet.
        let late = theirs
            .filter(referrals::state.eq(bind(ReferralState::Sent)))
            .filter(referrals::answer_until.lt(today))
            .order(referrals::id.desc())
            .limit(window.fetch());
        let late: Vec<Row> = db!(tx, load, late.select(Row::as_select()))?;
        rows.extend(told.into_iter().chain(late));
    }
    let day = |it: &Row| it.settled_on.or(it.accepted_on).unwrap_or(it.answer_until);
    let rows = window.first_of(rows, false, |it| (day(it), it.id));
    shown_page(tx, rows, window).await
}

async fn shown_page(tx: &mut Tx<'_>, rows: Vec<Row>, window: &Window) -> Result<Page<ReferralCard>, Failure> {
    let page = window.page(rows, |it| Place::id(it.id));
    let mut items = Vec::new();
    for row in page.items {
        items.push(shown(tx, row).await);
    }
    Ok(Page { items: tx.readable(items.into_iter())?, next: page.next })
}

async fn listed(
    tx: &mut Tx<'_>,
    ways: Vec<Way>,
    filter: &ReferralFilter,
    window: &Window,
) -> Result<Page<ReferralCard>, Failure> {
    let states = Stored::behind(filter.state.as_ref(), (ReferralState::Sent, ReferralState::Lapsed));
    let rows = newest_asked!(tx, referrals as Row, ways, states, window);
    shown_page(tx, rows, window).await
}
