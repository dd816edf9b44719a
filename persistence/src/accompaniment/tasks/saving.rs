//! Saving tasks: a new one, and the steps of others.
use super::{NOTE, Row, place, undated};
use crate::engine::column::{Json, any_of, bind};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{task_addressees, task_steps, tasks};
use crate::tx::Tx;
use diesel::dsl::max;
use diesel::prelude::*;
use domain::accompaniment::cases::CaseClosingReason;
use domain::accompaniment::tasks::{
    Assignee, AssigneeKind, Heir, Moved, New, TaskCancellationReason, TaskForm, TaskState, addressees,
};
use domain::base::change::{Changed, Subject};
use domain::base::id::{CaseId, TaskId};
use uuid::Uuid;

/// The columns of an assignee. Those of a task to a class of organizations tell one that is not there.
fn kept(id: TaskId, assignee: Option<Assignee>) -> Assignee {
    assignee.unwrap_or(Assignee { kind: AssigneeKind::Organization, id: Uuid::from(id).into() })
}

/// Saves a new task. Its giver is the caller.
pub async fn save_given(tx: &mut Tx<'_>, change: Changed<New>) -> Result<(), Failure> {
    let (New { given: it, form, source }, records) = change.into_parts();
    let given_by = tx.caller().map_or(it.controller_user_id, |it| it.user);
    let (id, assignee) = (it.id, kept(it.id, it.assignee));
    let addresses = addressees::addresses(it.addressee.as_ref(), &form.co_organization_ids);
    let of_partnership = (
        tasks::addressee.eq(bind(Json(it.addressee))),
        tasks::co_organization_ids.eq(bind(Json(form.co_organization_ids))),
        tasks::binding.eq(it.binding),
        tasks::report_every.eq(bind(it.report_days.map(|it| it.every))),
        tasks::report_from.eq(it.report_days.map(|it| it.from)),
        tasks::needs_acceptance.eq(it.needs_acceptance),
    );
    let row = (
        tasks::id.eq(bind(it.id)),
        tasks::version.eq(1),
        tasks::kind.eq(bind(form.kind)),
        tasks::source_kind.eq(bind(source.map(|it| it.kind))),
        tasks::source_id.eq(bind(source.map(|it| it.id))),
        tasks::case_id.eq(bind(form.case_id)),
        tasks::organization_id.eq(bind(it.organization_id)),
        tasks::title.eq(bind(form.title)),
        tasks::note.eq(bind(tx.core.keys.seal_some(NOTE, it.id, form.note.as_ref())?)),
        tasks::assignee_kind.eq(bind(assignee.kind)),
        tasks::assignee_id.eq(bind(assignee.id)),
        tasks::assignee_person_id.eq(bind(it.assignee_person_id)),
        tasks::given_by.eq(bind(given_by)),
        tasks::controller_user_id.eq(bind(it.controller_user_id)),
        tasks::due_on.eq(it.due_on.unwrap_or_else(undated)),
        tasks::priority.eq(bind(form.priority)),
        tasks::postponed.eq(it.postponed),
        tasks::state.eq(bind(TaskState::Open)),
        tasks::created_at.eq(bind(tx.now())),
        tasks::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, diesel::insert_into(tasks::table).values((row, of_partnership)))?;
    tx.established(rows, records)?;
    for address in addresses {
        let row = (task_addressees::task_id.eq(bind(id)), task_addressees::address.eq(bind(address)));
        db!(tx, execute, diesel::insert_into(task_addressees::table).values(row))?;
    }
    Ok(())
}

/// Saves a step of a task, with its words. A task that has left the state stays as it is.
pub async fn save_moved(tx: &mut Tx<'_>, change: Changed<Moved>) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let assignee = kept(it.given.id, it.given.assignee);
    let settled_on = Some(tx.today()).filter(|_| !it.state.is_unsettled());
    let set = (
        tasks::version.eq(tasks::version + 1),
        tasks::state.eq(bind(it.state)),
        tasks::assignee_kind.eq(bind(assignee.kind)),
        tasks::assignee_id.eq(bind(assignee.id)),
        tasks::assignee_person_id.eq(bind(it.given.assignee_person_id)),
        tasks::due_on.eq(it.given.due_on.unwrap_or_else(undated)),
        tasks::postponed.eq(it.given.postponed),
        tasks::reported_by.eq(bind(it.report.map(|it| it.by))),
        tasks::reported_on.eq(it.report.map(|it| it.on)),
        tasks::settled_on.eq(settled_on),
        tasks::cancellation_reason.eq(bind(it.cancellation)),
        tasks::updated_at.eq(bind(tx.now())),
    );
    let left = tasks::table.filter(tasks::id.eq(bind(it.given.id))).filter(tasks::state.eq(bind(it.was)));
    // The row first: two steps that meet cross here, and the later one is tried again.
    let rows = db!(tx, execute, prepared(diesel::update(left).set(set)))?;
    tx.established(rows, records)?;
    save_step(tx, &it).await
}

async fn save_step(tx: &mut Tx<'_>, it: &Moved) -> Result<(), Failure> {
    let id = it.given.id;
    let earlier = task_steps::table.filter(task_steps::task_id.eq(bind(id)));
    let last: Option<i32> = db!(tx, first, earlier.select(max(task_steps::n)))?;
    let n = last.map_or(1, |it| it.saturating_add(1));
    let row = (
        task_steps::task_id.eq(bind(id)),
        task_steps::n.eq(n),
        task_steps::step.eq(bind(it.step)),
        task_steps::text.eq(bind(tx.core.keys.seal_some(&place(n), id, it.text.as_ref())?)),
        task_steps::file_ids.eq(bind(Json(it.file_ids.clone()))),
        task_steps::share.eq(it.share),
        task_steps::due_on.eq(it.given.due_on.unwrap_or_else(undated)),
        task_steps::made_by.eq(bind(tx.caller().map(|it| it.user))),
        task_steps::recorded_at.eq(bind(tx.now())),
    );
    db!(tx, execute, diesel::insert_into(task_steps::table).values(row))?;
    Ok(())
}

/// Cancels the tasks of a case that has just closed for that reason, and that are not done yet. The caller's scope does not limit it.
pub(crate) async fn end_with_case(
    tx: &mut Tx<'_>,
    case: CaseId,
    closed: CaseClosingReason,
) -> Result<(), Failure> {
    let reason = match closed {
        CaseClosingReason::Transferred => TaskCancellationReason::Transferred,
        _ => TaskCancellationReason::CaseClosed,
    };
    for row in unsettled(tx, case).await? {
        if let Some(cancelled) = row.whole().end_by(reason) {
            save_moved(tx, cancelled).await?;
        }
    }
    Ok(())
}

/// Cancels the tasks that follow from a thing and are not done yet. The caller's scope does not limit it.
pub(crate) async fn end_with_source(
    tx: &mut Tx<'_>,
    source: Subject,
    reason: TaskCancellationReason,
) -> Result<(), Failure> {
    let theirs = tasks::table
        .filter(tasks::source_id.eq(bind(Some(source.id))))
        .filter(tasks::source_kind.eq(bind(Some(source.kind))))
        .filter(tasks::state.eq_any(any_of(&[TaskState::Open, TaskState::Reported])))
        .order(tasks::id);
    let rows: Vec<Row> = db!(tx, load, theirs.select(Row::as_select()))?;
    for row in rows {
        if let Some(cancelled) = row.whole().end_by(reason) {
            save_moved(tx, cancelled).await?;
        }
    }
    Ok(())
}

/// The tasks of a case that are not settled. The caller's scope does not limit them.
async fn unsettled(tx: &mut Tx<'_>, case: CaseId) -> Result<Vec<Row>, Failure> {
    let theirs = tasks::table
        .filter(tasks::case_id.eq(bind(Some(case))))
        .filter(tasks::state.eq_any(any_of(&[TaskState::Open, TaskState::Reported])))
        .order(tasks::id);
    Ok(db!(tx, load, theirs.select(Row::as_select()))?)
}

/// Gives the tasks of a case anew in the organization that takes it over. The closing of the case then cancels the former ones.
pub(crate) async fn pass_on(tx: &mut Tx<'_>, case: CaseId, to: &Heir) -> Result<(), Failure> {
    for row in unsettled(tx, case).await? {
        let form = TaskForm {
            kind: row.kind,
            title: row.title.clone(),
            note: tx.core.keys.open_some(NOTE, row.id, row.note.as_ref())?,
            case_id: Some(case),
            source: None,
            assignee: row.assignee(),
            addressee: row.addressee.0.clone(),
            co_organization_ids: row.co_organization_ids.0.clone(),
            controller_user_id: row.controller_user_id,
            due_on: super::day_of(row.due_on),
            report_every: row.report_every,
            binding: row.binding,
            needs_acceptance: row.needs_acceptance,
            priority: row.priority,
        };
        if let Some(given) = row.whole().pass_on(tx.mint(), form, to) {
            save_given(tx, given).await?;
        }
    }
    Ok(())
}
