//! Answers of organizations to a task that is addressed to their class. The institution whose task it is reads all answers, others
//! read their own.
use super::accounts::headed_by;
use super::{Row, addressed, load, row};
use crate::engine::card::Card;
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{task_answers, tasks};
use crate::sight::{dangling, must_be_own};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::accompaniment::tasks::{
    Addressed, Answered, NOT_ADDRESSED, Standing, Task, TaskAnswer, TaskAnswerKind,
};
use domain::base::access::Right;
use domain::base::change::Changed;
use domain::base::id::{OrganizationId, TaskId, UserId};
use domain::base::text::Note;
use shape::card;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The answer of an organization, as a list shows it.
#[card]
pub struct TaskAnswerCard {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The answer.
    pub answer: TaskAnswerKind,
    /// The answer in words.
    pub text: Option<Note>,
    /// The account that answered.
    pub answered_by_user_id: UserId,
    /// The day of the answer.
    pub answered_on: NaiveDate,
}

impl Card for TaskAnswerCard {}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = task_answers)]
struct AnswerRow {
    id: Uuid,
    organization_id: OrganizationId,
    answer: TaskAnswerKind,
    text: Option<String>,
    answered_by: UserId,
    answered_on: NaiveDate,
}

const TEXT: &str = "task_answers.text";

/// Those of the organizations that have answered the tasks.
pub(super) async fn given(
    tx: &mut Tx<'_>,
    ids: &[TaskId],
    of: &[Addressed],
) -> Result<HashSet<(TaskId, OrganizationId)>, Failure> {
    if of.is_empty() {
        return Ok(HashSet::new());
    }
    let own: Vec<OrganizationId> = of.iter().map(|it| it.id).collect();
    let theirs = task_answers::table
        .filter(task_answers::task_id.eq_any(binds(ids)))
        .filter(task_answers::organization_id.eq_any(binds(&own)))
        .select((task_answers::task_id, task_answers::organization_id));
    let rows: Vec<(TaskId, OrganizationId)> = db!(tx, load, theirs)?;
    Ok(rows.into_iter().collect())
}

/// The numbers of answers to those of the tasks that are addressed to a class.
pub(super) async fn counts(tx: &mut Tx<'_>, rows: &[Row]) -> Result<HashMap<TaskId, i64>, Failure> {
    let ids: Vec<TaskId> = rows.iter().filter(|it| it.addressee.0.is_some()).map(|it| it.id).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let theirs = task_answers::table
        .filter(task_answers::task_id.eq_any(binds(&ids)))
        .group_by(task_answers::task_id)
        .select((task_answers::task_id, count_star()));
    let told: Vec<(TaskId, i64)> = db!(tx, load, theirs)?;
    let none = ids.into_iter().map(|it| (it, 0));
    Ok(none.chain(told).collect())
}

/// The answers to a task, by the ids of the organizations.
pub async fn answers(tx: &mut Tx<'_>, id: TaskId, window: &Window) -> Result<Page<TaskAnswerCard>, Failure> {
    let task = row(tx, id).await?;
    let scope = tx.scope().clone();
    let is_giver =
        scope.everything || task.organization_id.is_some_and(|it| scope.organizations.contains(&it));
    let rows: Vec<AnswerRow> = db!(tx, load, {
        let mut all = task_answers::table.filter(task_answers::task_id.eq(bind(id))).into_boxed();
        if !is_giver {
            all = all.filter(task_answers::organization_id.eq_any(binds(&scope.organizations)));
        }
        if let Some(after) = window.after_id() {
            all = all.filter(task_answers::organization_id.gt(bind(after)));
        }
        all.order(task_answers::organization_id).limit(window.fetch()).select(AnswerRow::as_select())
    })?;
    let page = window.page(rows, |it| Place::id(it.organization_id));
    let items = tx.readable(page.items.into_iter().map(|it| shown(tx, it)))?;
    Ok(Page { items, next: page.next })
}

fn shown(tx: &Tx<'_>, it: AnswerRow) -> Result<TaskAnswerCard, Failure> {
    Ok(TaskAnswerCard {
        organization_id: it.organization_id,
        answer: it.answer,
        text: tx.core.keys.open_some(TEXT, it.id, it.text)?,
        answered_by_user_id: it.answered_by,
        answered_on: it.answered_on,
    })
}

/// Loads a task for an answer: the task, the caller's standing to it, the organization, and whether that has answered.
pub async fn load_answering(
    tx: &mut Tx<'_>,
    id: TaskId,
    order: &TaskAnswer,
) -> Result<(Task, Standing, Addressed, bool), Failure> {
    let (task, by) = load(tx, id).await?;
    must_be_own(tx, order.organization_id, "/organization_id").await?;
    if !headed_by(tx, Right::ReportTasks).contains(&order.organization_id) {
        return Err(NOT_ADDRESSED.refuse().into());
    }
    let found = addressed(tx, &[order.organization_id]).await?.pop();
    let of = found.ok_or_else(|| dangling("/organization_id"))?;
    let is_answered = !given(tx, &[id], std::slice::from_ref(&of)).await?.is_empty();
    Ok((task, by, of, is_answered))
}

/// Saves an answer. The task gets a new version, for its card counts the answers.
pub async fn save_answered(tx: &mut Tx<'_>, change: Changed<Answered>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let step = (tasks::version.eq(tasks::version + 1), tasks::updated_at.eq(bind(tx.now())));
    let rows = db!(tx, execute, prepared(diesel::update(tasks::table.find(bind(it.task_id))).set(step)))?;
    tx.established(rows, records)?;
    let id: Uuid = tx.mint();
    let text = tx.core.keys.seal_some(TEXT, id, it.order.text.as_ref())?;
    let row = (
        task_answers::id.eq(bind(id)),
        task_answers::task_id.eq(bind(it.task_id)),
        task_answers::organization_id.eq(bind(it.order.organization_id)),
        task_answers::answer.eq(bind(it.order.answer)),
        task_answers::text.eq(bind(text)),
        task_answers::answered_by.eq(bind(it.by)),
        task_answers::answered_on.eq(tx.today()),
    );
    db!(tx, execute, diesel::insert_into(task_answers::table).values(row))?;
    Ok(())
}
