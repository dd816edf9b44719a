//! The lists of referrals: for each way and each state, the first rows in the order of ids; then the first of all of them.
use super::{ReferralCard, Row, held, shown};
use crate::accompaniment::asked::{Way, first_asked};
use crate::accompaniment::sharing::{reached_cases, reaches_case, served, staff};
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::counts::{Counts, grouped};
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
use domain::base::filters::order::{ListOrder, ReferralGrouping};
use domain::base::id::{CaseId, OrganizationId};
use domain::help::referrals::{ReferralDirection, ReferralState};
use shape::filter;

/// Filters of the lists of referrals.
#[filter]
pub struct ReferralFilter {
    /// Only referrals in this state today.
    pub state: Option<AnyOf<ReferralState>>,
    /// Only referrals to an organization of the caller, or only those from one.
    pub direction: Option<AnyOf<ReferralDirection>>,
    /// The order by the moment of the entering; the latest first, if none is asked for.
    pub sort: Option<ListOrder>,
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
    let ways = ways_of(tx, filter.direction.as_ref());
    listed(tx, ways, filter, window).await
}

/// The ways to the referrals that the caller sees, or to those of them in some directions.
fn ways_of(tx: &Tx<'_>, direction: Option<&AnyOf<ReferralDirection>>) -> Vec<Way> {
    let to = Way::To(staff(tx).map(served).unwrap_or_default());
    let from = Way::From(tx.scope().organizations.clone());
    match direction {
        None if tx.scope().everything => vec![Way::All],
        None => vec![to, from],
        Some(asked) => {
            let both = [(ReferralDirection::Incoming, to), (ReferralDirection::Outgoing, from)];
            both.into_iter().filter_map(|(it, way)| asked.has(&it).then_some(way)).collect()
        }
    }
}

/// Referrals that await an answer of an organization of the caller, the newest first.
pub(crate) async fn to_answer(tx: &mut Tx<'_>, window: &Window) -> Result<Page<ReferralCard>, Failure> {
    let state = Some(AnyOf::from_iter([ReferralState::Sent]));
    let direction = Some(AnyOf::from_iter([ReferralDirection::Incoming]));
    list(tx, &ReferralFilter { state, direction, ..Default::default() }, window).await
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
    let cases_of: Vec<CaseId> = page.items.iter().map(|it| it.case_id).collect();
    let reached = reached_cases(tx, &cases_of).await?;
    let mut items = Vec::new();
    for row in page.items {
        let is_inside = reached.contains(&row.case_id);
        items.push(told(tx, row, is_inside).await);
    }
    Ok(Page { items: tx.readable(items.into_iter())?, next: page.next })
}

async fn told(tx: &mut Tx<'_>, row: Row, is_inside: bool) -> Result<ReferralCard, Failure> {
    let held = if is_inside { Vec::new() } else { held(tx, &row).await? };
    shown(tx, row, is_inside, &held).await
}

async fn listed(
    tx: &mut Tx<'_>,
    ways: Vec<Way>,
    filter: &ReferralFilter,
    window: &Window,
) -> Result<Page<ReferralCard>, Failure> {
    let states = Stored::behind(filter.state.as_ref(), (ReferralState::Sent, ReferralState::Lapsed));
    let is_rising = filter.sort == Some(ListOrder::EarliestFirst);
    let rows = first_asked!(tx, referrals as Row, ways, states, (is_rising, window));
    shown_page(tx, rows, window).await
}

/// The question by which member referrals are counted.
#[filter]
pub struct ReferralCountQuestion {
    /// The member by which the rows are counted: `state`, also if none is named.
    pub group_by: Option<ReferralGrouping>,
}

/// The referrals to and from the organizations of the caller, counted by a member.
pub async fn counts(tx: &mut Tx<'_>, asked: &ReferralCountQuestion) -> Result<Counts, Failure> {
    let (ways, sees_all, today) = (ways_of(tx, None), tx.scope().everything, tx.today());
    macro_rules! counted {
        ($all:expr, $member:ident as $Value:ty) => {
            grouped!(tx, referrals, $member as $Value, (sees_all, ways), $all, |way| {
                let all = referrals::table.into_boxed();
                match way {
                    Way::Case(case) => all.filter(referrals::case_id.eq(bind(*case))),
                    Way::From(of) => all.filter(among(referrals::from_organization_id, of)),
                    Way::To(of) => all.filter(among(referrals::to_organization_id, of)),
                    Way::All => all,
                }
            })
        };
    }
    Ok(match asked.group_by.unwrap_or(ReferralGrouping::State) {
        ReferralGrouping::State => {
            let stored = counted!(referrals::table, state as ReferralState);
            let sent = referrals::state.eq(bind(ReferralState::Sent));
            let late = referrals::table.filter(sent).filter(referrals::answer_until.lt(today));
            let late = counted!(late, state as ReferralState);
            Counts::of(Stored::counted(&stored, &late, (ReferralState::Sent, ReferralState::Lapsed)))
        }
        ReferralGrouping::From => {
            Counts::of(counted!(referrals::table, from_organization_id as OrganizationId))
        }
        ReferralGrouping::To => Counts::of(counted!(referrals::table, to_organization_id as OrganizationId)),
    })
}
