//! The lists of referrals: for each way and each state, the first rows in the order of ids; then the first of all of them.
use super::{ReferralCard, Row, shown};
use crate::accompaniment::sharing::{reaches_case, served, staff};
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::referrals;
use crate::scope::among;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::id::{CaseId, OrganizationId, ReferralId};
use domain::base::word::Word;
use domain::help::referrals::{ReferralDirection, ReferralState};
use shape::filter;
use std::collections::BTreeMap;

/// Filters of the lists of referrals.
#[filter]
pub struct ReferralFilter {
    /// Only referrals in this state today.
    pub state: Option<AnyOf<ReferralState>>,
    /// Only referrals to an organization of the caller, or only those from one.
    pub direction: Option<ReferralDirection>,
}

/// The way by which a list finds its referrals.
enum Way {
    Case(CaseId),
    From(Vec<OrganizationId>),
    To(Vec<OrganizationId>),
    All,
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
    let is_asked = |it: &ReferralState| filter.state.as_ref().is_none_or(|asked| asked.has(it));
    let mut found: BTreeMap<ReferralId, Row> = BTreeMap::new();
    for way in ways {
        for stored in ReferralState::ALL.iter().copied().filter(is_asked).flat_map(Stored::of) {
            let rows = rows_of(tx, &way, &stored, window).await?;
            found.extend(rows.into_iter().map(|it| (it.id, it)));
        }
    }
    let rows = window.first_of(found.into_values().collect(), false, |it: &Row| it.id);
    let page = window.page(rows, |it| Place::id(it.id));
    let mut items = Vec::new();
    for row in page.items {
        items.push(shown(tx, row).await);
    }
    Ok(Page { items: tx.readable(items.into_iter())?, next: page.next })
}

/// A stored state, and for a referral that was sent whether its time is over: by that it is in another state today.
struct Stored(ReferralState, Option<bool>);

impl Stored {
    fn of(today: ReferralState) -> Vec<Self> {
        use ReferralState::{Lapsed, Sent};
        match today {
            Sent => vec![Self(Sent, Some(false))],
            Lapsed => vec![Self(Lapsed, None), Self(Sent, Some(true))],
            other => vec![Self(other, None)],
        }
    }
}

/// The first referrals of a way that are stored so.
async fn rows_of(
    tx: &mut Tx<'_>,
    way: &Way,
    Stored(state, is_late): &Stored,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let today = tx.today();
    Ok(db!(tx, load, {
        let mut all = referrals::table
            .filter(referrals::state.eq(bind(*state)))
            .select(Row::as_select())
            .order(referrals::id.desc())
            .limit(window.fetch())
            .into_boxed();
        match way {
            Way::Case(case) => all = all.filter(referrals::case_id.eq(bind(*case))),
            Way::From(of) => all = all.filter(among(referrals::from_organization_id, of)),
            Way::To(of) => all = all.filter(among(referrals::to_organization_id, of)),
            Way::All => {}
        }
        match is_late {
            Some(true) => all = all.filter(referrals::answer_until.lt(today)),
            Some(false) => all = all.filter(referrals::answer_until.ge(today)),
            None => {}
        }
        if let Some(after) = window.after_id() {
            all = all.filter(referrals::id.lt(bind(after)));
        }
        all
    })?)
}
