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
    pub direction: Option<ReferralDirection>,
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
    let ways = match filter.direction {
        Some(ReferralDirection::Incoming) => vec![to],
        Some(ReferralDirection::Outgoing) => vec![from],
        None if tx.scope().everything => vec![Way::All],
        None => vec![to, from],
    };
    listed(tx, ways, filter, window).await
}

/// Referrals that await an answer of an organization of the caller, the newest first.
pub(crate) async fn to_answer(tx: &mut Tx<'_>, window: &Window) -> Result<Page<ReferralCard>, Failure> {
    let state = Some(AnyOf::from_iter([ReferralState::Sent]));
    let direction = Some(ReferralDirection::Incoming);
    list(tx, &ReferralFilter { state, direction }, window).await
}

async fn listed(
    tx: &mut Tx<'_>,
    ways: Vec<Way>,
    filter: &ReferralFilter,
    window: &Window,
) -> Result<Page<ReferralCard>, Failure> {
    let states = Stored::behind(filter.state.as_ref(), (ReferralState::Sent, ReferralState::Lapsed));
    let rows = newest_asked!(tx, referrals as Row, ways, states, window);
    let page = window.page(rows, |it| Place::id(it.id));
    let mut items = Vec::new();
    for row in page.items {
        items.push(shown(tx, row).await);
    }
    Ok(Page { items: tx.readable(items.into_iter())?, next: page.next })
}
