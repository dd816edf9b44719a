//! The list of tasks: for each way and each state, the first rows in the order of days; then the first of all of them.
use super::seen::{Seen, Way, of_way};
use super::{Row, TaskCard, shown};
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{DaysAhead, Page, Place, Window};
use crate::engine::schema::{tasks, users};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::accompaniment::tasks::{AssigneeKind, MyTasks, TaskState};
use domain::base::action::Judged;
use domain::base::filters::any::AnyOf;
use domain::base::filters::order::ListOrder;
use domain::base::id::{CaseId, OrganizationId, TaskId};
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
    /// Only tasks given to this organization.
    pub assignee_organization_id: Option<OrganizationId>,
    /// `true`: only open tasks whose last day has passed. `false`: only all others.
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
    fn is_rising(&self) -> bool {
        self.sort == Some(ListOrder::EarliestFirst)
    }
}

/// Tasks that the caller sees, ordered by their last day.
pub async fn list(tx: &mut Tx<'_>, filter: &TaskFilter, window: &Window) -> Result<Page<TaskCard>, Failure> {
    let seen = Seen::by(tx, tx.scope());
    let mut found: BTreeMap<TaskId, Row> = BTreeMap::new();
    for state in filter.states() {
        for way in seen.ways(filter.mine, state) {
            let rows = rows_of(tx, &way, state, filter, window).await?;
            found.extend(rows.into_iter().map(|it| (it.id, it)));
        }
    }
    let rows = window.first_of(found.into_values().collect(), filter.is_rising(), |it| (it.due_on, it.id));
    let page = window.page(rows, |it| Place { text: Some(it.due_on.to_string()), id: it.id.into() });
    Ok(Page { items: shown(tx, page.items, Judged::State).await?, next: page.next })
}

/// The first tasks of a way in a state.
async fn rows_of(
    tx: &mut Tx<'_>,
    way: &Way,
    state: TaskState,
    filter: &TaskFilter,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let today = tx.today();
    Ok(db!(tx, load, {
        let mut all = of_way!(way).filter(tasks::state.eq(bind(state))).limit(window.fetch());
        if let Some(case) = filter.case_id {
            all = all.filter(tasks::case_id.eq(bind(Some(case))));
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
