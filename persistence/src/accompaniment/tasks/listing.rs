//! The list of tasks: for each way and each state, the first rows in the order of days; then the first of all of them.
use super::seen::{Seen, Way, of_way};
use super::{Row, TaskCard, shown, undated};
use crate::engine::column::{AnyText, any_of, bind};
use crate::engine::conn::db;
use crate::engine::counts::{Counts, grouped};
use crate::engine::failure::Failure;
use crate::engine::page::{DaysAhead, Page, Place, Window};
use crate::engine::schema::{tasks, users};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::accompaniment::tasks::{AssigneeKind, MyTasks, TaskSourceKind, TaskState};
use domain::base::action::Judged;
use domain::base::change::SubjectKind;
use domain::base::filters::any::AnyOf;
use domain::base::filters::order::{ListOrder, TaskGrouping};
use domain::base::id::{CaseId, OrganizationId, TaskId, TaskSourceId, UserId};
use domain::base::word::Word;
use shape::filter;
use std::collections::BTreeMap;

/// Filters of the list of tasks.
#[filter]
pub struct TaskFilter {
    /// Only tasks in this state.
    pub state: Option<AnyOf<TaskState>>,
    /// Only tasks of the caller: given to them or to their institution, controlled by them, or waiting for a step of theirs.
    pub mine: Option<MyTasks>,
    /// Only tasks of this case.
    pub case_id: Option<CaseId>,
    /// Only tasks that follow from this kind of thing.
    pub source_kind: Option<AnyOf<TaskSourceKind>>,
    /// Only tasks that follow from this thing.
    pub source_id: Option<TaskSourceId>,
    /// Only tasks of this organization, which gave them.
    pub organization_id: Option<OrganizationId>,
    /// Only tasks given to this organization.
    pub assignee_organization_id: Option<OrganizationId>,
    /// `true`: only open tasks whose last day or report day has passed. `false`: only all others.
    pub overdue: Option<bool>,
    /// Only open tasks whose last day is today or within this number of days (1 to 365).
    #[param(value_type = Option<i32>, minimum = 1, maximum = 365, example = 7)]
    pub due_within_days: Option<DaysAhead>,
    /// `true`: only tasks given to an account that is closed. `false`: only all others.
    pub assignee_inactive: Option<bool>,
    /// The order by the last day; the latest first, if none is asked for.
    pub sort: Option<ListOrder>,
}

impl TaskFilter {
    /// The states whose tasks can fit.
    fn states(&self) -> impl Iterator<Item = TaskState> {
        let is_open_only = self.overdue == Some(true) || self.due_within_days.is_some();
        let fits = move |it: &TaskState| {
            let is_asked = self.state.as_ref().is_none_or(|asked| asked.has(it));
            is_asked && (!is_open_only || *it == TaskState::Open)
        };
        TaskState::ALL.iter().copied().filter(fits)
    }
    /// Whether tasks without a day can fit.
    fn takes_undated(&self) -> bool {
        self.overdue != Some(true) && self.due_within_days.is_none()
    }
    fn is_rising(&self) -> bool {
        self.sort == Some(ListOrder::EarliestFirst)
    }
}

/// The day by which a falling order puts tasks without one: behind all others.
fn behind() -> NaiveDate {
    NaiveDate::from_ymd_opt(1800, 1, 1).unwrap_or(NaiveDate::MIN)
}

/// The tasks that a part of the list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    Dated,
    Undated,
}

/// Tasks that the caller sees, ordered by their last day. Those without one stand behind all others in both orders.
pub async fn list(tx: &mut Tx<'_>, filter: &TaskFilter, window: &Window) -> Result<Page<TaskCard>, Failure> {
    let scope = tx.scope().clone();
    let seen = Seen::by(tx, &scope).await?;
    let is_rising = filter.is_rising();
    let part = if is_rising { Part::All } else { Part::Dated };
    let mut rows = rows_of_part(tx, &seen, filter, (window, part)).await?;
    if !window.is_full(rows.len()) && !is_rising && filter.takes_undated() {
        rows.extend(rows_of_part(tx, &seen, filter, (window, Part::Undated)).await?);
    }
    let day = |it: &Row| if !is_rising && it.due_on == undated() { behind() } else { it.due_on };
    let rows = window.first_of(rows, is_rising, |it| (day(it), it.id));
    let page = window.page(rows, |it| Place { text: Some(day(it).to_string()), id: it.id.into() });
    Ok(Page { items: shown(tx, page.items, Judged::State, &seen.joined()).await?, next: page.next })
}

/// The first tasks of a part of the list.
async fn rows_of_part(
    tx: &mut Tx<'_>,
    seen: &Seen,
    filter: &TaskFilter,
    within: (&Window, Part),
) -> Result<Vec<Row>, Failure> {
    let mut found: BTreeMap<TaskId, Row> = BTreeMap::new();
    for state in filter.states() {
        for way in seen.ways(filter.mine, state) {
            let rows = rows_of(tx, &way, state, filter, within).await?;
            found.extend(rows.into_iter().map(|it| (it.id, it)));
        }
    }
    Ok(found.into_values().collect())
}

/// The first tasks of a way in a state.
async fn rows_of(
    tx: &mut Tx<'_>,
    way: &Way,
    state: TaskState,
    filter: &TaskFilter,
    (window, part): (&Window, Part),
) -> Result<Vec<Row>, Failure> {
    let today = tx.today();
    Ok(db!(tx, load, {
        let mut all = of_way!(way).filter(tasks::state.eq(bind(state))).limit(window.fetch());
        match part {
            Part::All => {}
            Part::Dated => all = all.filter(tasks::due_on.lt(undated())),
            Part::Undated => all = all.filter(tasks::due_on.eq(undated())),
        }
        if let Some(case) = filter.case_id {
            all = all.filter(tasks::case_id.eq(bind(Some(case))));
        }
        if let Some(kinds) = &filter.source_kind {
            let kinds: Vec<SubjectKind> = kinds.values().iter().map(|it| it.subject()).collect();
            all = all.filter(tasks::source_kind.assume_not_null().eq_any(any_of(&kinds)));
        }
        if let Some(source) = filter.source_id {
            all = all.filter(tasks::source_id.eq(bind(Some(source))));
        }
        if let Some(organization) = filter.organization_id {
            all = all.filter(tasks::organization_id.eq(bind(Some(organization))));
        }
        if let Some(organization) = filter.assignee_organization_id {
            all = all.filter(tasks::assignee_id.eq(bind(organization)));
        }
        match filter.overdue {
            Some(true) => all = all.filter(tasks::due_on.lt(today)),
            Some(false) if state == TaskState::Open => all = all.filter(tasks::due_on.ge(today)),
            _ => {}
        }
        if let Some(days) = filter.due_within_days {
            all = all.filter(tasks::due_on.between(today, days.last_day(today)));
        }
        if let Some(is_closed) = filter.assignee_inactive {
            let of_account = tasks::assignee_kind.eq(bind(AssigneeKind::User));
            let closed = users::table
                .filter(users::id.eq(tasks::assignee_id))
                .filter(users::active.eq(false))
                .select(users::id);
            all = match is_closed {
                true => all.filter(of_account.and(exists(closed))),
                false => all.filter(diesel::dsl::not(of_account.and(exists(closed)))),
            };
        }
        all = match filter.is_rising() {
            true => all.order((tasks::due_on.asc(), tasks::id.asc())),
            false => all.order((tasks::due_on.desc(), tasks::id.desc())),
        };
        if let Some((day, id)) = window.beyond::<NaiveDate, TaskId>() {
            // The first condition begins the index there; the other one is asked of the rows of that day.
            all = match filter.is_rising() {
                // All tasks without a day follow the last one with a day.
                false if part == Part::Undated && day == behind() => all.filter(tasks::id.lt(bind(id))),
                false if part == Part::Undated => all,
                true => {
                    all.filter(tasks::due_on.ge(day)).filter(tasks::due_on.gt(day).or(tasks::id.gt(bind(id))))
                }
                false => {
                    all.filter(tasks::due_on.le(day)).filter(tasks::due_on.lt(day).or(tasks::id.lt(bind(id))))
                }
            };
        }
        all.select(Row::as_select())
    })?)
}

/// The question by which member tasks are counted.
#[filter]
pub struct TaskCountQuestion {
    /// The member by which the rows are counted: `state`, also if none is named.
    pub group_by: Option<TaskGrouping>,
}

/// The tasks that the caller sees, counted by a member.
pub async fn counts(tx: &mut Tx<'_>, asked: &TaskCountQuestion) -> Result<Counts, Failure> {
    let scope = tx.scope().clone();
    let ways = Seen::by(tx, &scope).await?.all();
    let sees_all = scope.everything;
    macro_rules! counted {
        ($member:ident as $Value:ty) => {
            grouped!(tx, tasks, $member as $Value, (sees_all, ways), tasks::table, |way| {
                let theirs = of_way!(way);
                match way {
                    // The index of cases has those tasks alone that are about one.
                    Way::Guarded(_) => theirs.filter(tasks::case_id.is_not_null()),
                    _ => theirs,
                }
            })
        };
    }
    Ok(match asked.group_by.unwrap_or(TaskGrouping::State) {
        TaskGrouping::State => Counts::of(counted!(state as TaskState)),
        TaskGrouping::Controller => Counts::of(counted!(controller_user_id as UserId)),
    })
}
