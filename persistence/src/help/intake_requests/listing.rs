//! The list of requests for help: for each way and each state the first rows in the order of ids; then the first of all of them.
use super::calling::Around;
use super::seeing::{self, Sight, Way, own_kin, sight};
use super::{IntakeRequestCard, Row, shown};
use crate::accompaniment::rules;
use crate::engine::column::{any, bind};
use crate::engine::conn::db;
use crate::engine::counts::{Counts, grouped};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::intake_requests as requests;
use crate::scope::among;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::filters::any::AnyOf;
use domain::base::filters::order::{IntakeGrouping, ListOrder};
use domain::base::word::Word;
use domain::help::intake_requests::IntakeState;
use domain::help::needs::NeedUrgency;
use shape::filter;
use std::collections::BTreeMap;

/// Filters of the list of requests for help.
#[filter]
pub struct IntakeFilter {
    /// Only requests in this state.
    pub state: Option<AnyOf<IntakeState>>,
    /// Only requests of this urgency.
    pub urgency: Option<AnyOf<NeedUrgency>>,
    /// `true`: only requests about a child in danger. `false`: only all others.
    pub danger_to_child: Option<bool>,
    /// `true`: only requests that wait for a check, or for a decision after it, longer than the working days of the region. `false`: only all
    /// others.
    pub overdue: Option<bool>,
    /// The order by the moment of the entering; the latest first, if none is asked for.
    pub sort: Option<ListOrder>,
}

impl IntakeFilter {
    fn is_rising(&self) -> bool {
        self.sort == Some(ListOrder::EarliestFirst)
    }
}

/// Requests that the caller sees, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &IntakeFilter,
    window: &Window,
) -> Result<Page<IntakeRequestCard>, Failure> {
    let scope = tx.scope().clone();
    let sight = sight(tx, scope).await?;
    let is_asked = |it: &IntakeState| filter.state.as_ref().is_none_or(|asked| asked.has(it));
    let fits = |it: &IntakeState| is_asked(it) && (filter.overdue != Some(true) || it.is_open());
    let states: Vec<IntakeState> = IntakeState::ALL.iter().copied().filter(fits).collect();
    listed(tx, &sight, &states, filter, window).await
}

/// Requests whose check an organization of the caller may take up, the newest first.
pub(crate) async fn to_check(tx: &mut Tx<'_>, window: &Window) -> Result<Page<IntakeRequestCard>, Failure> {
    let scope = tx.scope_of(Right::DecideIntake);
    let sight = sight(tx, scope).await?.of_those_who_may_check();
    let waiting = [IntakeState::Received, IntakeState::Redirected];
    listed(tx, &sight, &waiting, &IntakeFilter::default(), window).await
}

/// Requests that an organization of the caller checks, the newest first.
pub(crate) async fn to_decide(tx: &mut Tx<'_>, window: &Window) -> Result<Page<IntakeRequestCard>, Failure> {
    let scope = tx.scope_of(Right::DecideIntake);
    let sight = sight(tx, scope).await?.of_those_who_have_it();
    listed(tx, &sight, &[IntakeState::Checking], &IntakeFilter::default(), window).await
}

/// Requests about a child in danger, the newest first: those that nobody has decided in the territories that the caller guards, and those
/// that wait for their check and call the caller.
pub(crate) async fn in_danger(tx: &mut Tx<'_>, window: &Window) -> Result<Page<IntakeRequestCard>, Failure> {
    let scope = tx.scope().clone();
    let sight = sight(tx, scope).await?.of_institutions();
    let filter = IntakeFilter { danger_to_child: Some(true), ..IntakeFilter::default() };
    let rows = match sight.is_guardian {
        true => {
            let open = [IntakeState::Received, IntakeState::Redirected, IntakeState::Checking];
            found(tx, &sight, &open, &filter, window).await?
        }
        false => calling(tx, &sight, &filter, window).await?,
    };
    told(tx, &sight, rows, window).await
}

/// The first requests that wait for their check and call the caller. Which accounts are called is no column, so they are sought part by
/// part until the page is full or none is left.
async fn calling(
    tx: &mut Tx<'_>,
    sight: &Sight,
    filter: &IntakeFilter,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let waiting = [IntakeState::Received, IntakeState::Redirected];
    let (mut all, mut part) = (Vec::new(), window.clone());
    loop {
        let rows = found(tx, sight, &waiting, filter, &part).await?;
        let last = rows.last().map(|it| Place::id(it.id)).filter(|_| part.is_full(rows.len()));
        let around = Around::rows(tx, &rows.iter().collect::<Vec<_>>()).await?;
        all.extend(rows.into_iter().filter(|it| around.has_called(tx, it, sight.user)));
        if last.is_none() || window.is_full(all.len()) {
            return Ok(window.first_of(all, false, |it: &Row| it.id));
        }
        part.after = last;
    }
}

async fn listed(
    tx: &mut Tx<'_>,
    sight: &Sight,
    states: &[IntakeState],
    filter: &IntakeFilter,
    window: &Window,
) -> Result<Page<IntakeRequestCard>, Failure> {
    let rows = found(tx, sight, states, filter, window).await?;
    told(tx, sight, rows, window).await
}

/// The first rows of all ways.
async fn found(
    tx: &mut Tx<'_>,
    sight: &Sight,
    states: &[IntakeState],
    filter: &IntakeFilter,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let in_time_since = rules::intake_checks(tx).await?.earliest_in_time(tx.today());
    let mut rows = BTreeMap::new();
    for way in sight.ways() {
        for state in states {
            let some = rows_of(tx, (sight, &way), (*state, in_time_since), filter, window).await?;
            rows.extend(some.into_iter().map(|it| (it.id, it)));
        }
    }
    Ok(window.first_of(rows.into_values().collect(), filter.is_rising(), |it: &Row| it.id))
}

/// The cards of a page.
async fn told(
    tx: &mut Tx<'_>,
    sight: &Sight,
    rows: Vec<Row>,
    window: &Window,
) -> Result<Page<IntakeRequestCard>, Failure> {
    let (term, page) = (rules::intake_checks(tx).await?, window.page(rows, |it| Place::id(it.id)));
    let around = Around::rows(tx, &page.items.iter().collect::<Vec<_>>()).await?;
    let kin = own_kin(tx, &page.items).await?;
    let mut items = Vec::new();
    for row in page.items {
        items.push(shown(tx, row, sight, (&term, &around, &kin)).await);
    }
    Ok(Page { items: tx.readable(items.into_iter())?, next: page.next })
}

/// The first requests of a way in a state.
async fn rows_of(
    tx: &mut Tx<'_>,
    (sight, way): (&Sight, &Way),
    (state, in_time_since): (IntakeState, NaiveDate),
    filter: &IntakeFilter,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    Ok(db!(tx, load, {
        let mut all = seeing::of_way!(way, sight)
            .filter(requests::state.eq(bind(state)))
            .select(Row::as_select())
            .limit(window.fetch());
        all = match filter.is_rising() {
            true => all.order(requests::id.asc()),
            false => all.order(requests::id.desc()),
        };
        if let Some(urgency) = &filter.urgency {
            all = all.filter(requests::urgency.eq_any(any(urgency)));
        }
        if let Some(is_in_danger) = filter.danger_to_child {
            all = all.filter(requests::danger_to_child.eq(is_in_danger));
        }
        if sight.is_asked_alone {
            let asked = among(requests::directed_to_id.assume_not_null(), &sight.organizations);
            all = all.filter(requests::directed_to_id.is_null().or(asked));
        }
        let redirected_on = requests::decided_on.assume_not_null();
        let checked_on = requests::checked_on.assume_not_null();
        match (state, filter.overdue) {
            (IntakeState::Received, Some(true)) => all = all.filter(requests::received_on.lt(in_time_since)),
            (IntakeState::Received, Some(false)) => all = all.filter(requests::received_on.ge(in_time_since)),
            (IntakeState::Redirected, Some(true)) => all = all.filter(redirected_on.lt(in_time_since)),
            (IntakeState::Redirected, Some(false)) => all = all.filter(redirected_on.ge(in_time_since)),
            (IntakeState::Checking, Some(true)) => all = all.filter(checked_on.lt(in_time_since)),
            (IntakeState::Checking, Some(false)) => all = all.filter(checked_on.ge(in_time_since)),
            _ => {}
        }
        if let Some(after) = window.after_id() {
            all = match filter.is_rising() {
                true => all.filter(requests::id.gt(bind(after))),
                false => all.filter(requests::id.lt(bind(after))),
            };
        }
        all
    })?)
}

/// The question by which member requests for help are counted.
#[filter]
pub struct IntakeCountQuestion {
    /// The member by which the rows are counted: `state`, also if none is named.
    pub group_by: Option<IntakeGrouping>,
}

/// The requests that the caller sees, counted by a member.
pub async fn counts(tx: &mut Tx<'_>, asked: &IntakeCountQuestion) -> Result<Counts, Failure> {
    let scope = tx.scope().clone();
    let sight = sight(tx, scope).await?;
    let ways = sight.ways();
    macro_rules! counted {
        ($member:ident as $Value:ty) => {
            // Nobody sees all: those that concern the reader are left out.
            grouped!(tx, requests, $member as $Value, (false, ways), requests::table, |way| {
                seeing::of_way!(way, sight)
            })
        };
    }
    Ok(match asked.group_by.unwrap_or(IntakeGrouping::State) {
        IntakeGrouping::State => Counts::of(counted!(state as IntakeState)),
        IntakeGrouping::Urgency => Counts::of(counted!(urgency as NeedUrgency)),
    })
}
