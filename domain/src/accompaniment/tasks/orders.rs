//! Orders about tasks: the bodies of requests.
use super::words::{
    AssigneeKind, SentTaskCancellationReason, SentTaskKind, TaskCancellationReason, TaskKind, TaskPriority,
};
use crate::base::id::{AssigneeId, CaseId, FileId, UserId};
use crate::base::refusal::Reason;
use crate::base::text::{MISSING, Note, Title};
use crate::base::word::{Demand, Word, first, only_sent};
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

/// The one to whom a task is given.
#[form]
#[derive(Copy, Eq)]
#[schema(example = json!({"kind": "user", "id": "01980000-0000-7000-8000-000000000003"}))]
pub struct Assignee {
    /// The kind of the assignee.
    pub kind: AssigneeKind,
    /// The id of the account, organization, unit, mentor, person or representative.
    pub id: AssigneeId,
}

/// An order to do something by a day.
#[form]
#[schema(example = json!({"kind": "other", "title": "Собрать документы для постановки на очередь", "note": "Справка о составе семьи нужна до 20 марта.", "case_id": "01980000-0000-7000-8000-000000000009", "assignee": {"kind": "user", "id": "01980000-0000-7000-8000-000000000003"}, "controller_user_id": "01980000-0000-7000-8000-000000000003", "due_on": "2026-03-20", "priority": "high"}))]
pub struct TaskForm {
    /// The kind of the task.
    #[schema(value_type = SentTaskKind)]
    #[serde(deserialize_with = "only_sent")]
    pub kind: TaskKind,
    /// The task in a few words. It is shown in lists and told in notices, so it names nobody.
    pub title: Title,
    /// A description of the task.
    pub note: Option<Note>,
    /// The open case to which the task belongs. All who see the case see the task.
    pub case_id: Option<CaseId>,
    /// The one who has to do it.
    pub assignee: Assignee,
    /// The account that accepts the result. If it is the assignee's, the report finishes the task.
    pub controller_user_id: UserId,
    /// The last day for the task: today or later.
    pub due_on: NaiveDate,
    /// The priority; `normal` if none is given.
    #[serde(default = "first")]
    pub priority: TaskPriority,
}

/// A report that a task is done.
#[form]
#[schema(example = json!({"result": "Документы собраны и переданы в администрацию района."}))]
pub struct TaskReport {
    /// The result.
    pub result: Note,
    /// Files about the result, at most 5.
    #[at_most(5)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub file_ids: Vec<FileId>,
}

/// An order to accept a reported result.
#[form]
#[schema(example = json!({"note": "Спасибо, принято."}))]
pub struct TaskAcceptance {
    /// A note about the result.
    pub note: Option<Note>,
}

/// An order to return a reported task, which is open again.
#[form]
#[schema(example = json!({"note": "Не хватает справки о доходах."}))]
pub struct TaskReturn {
    /// The reason for the return.
    pub note: Note,
}

/// An order to give an open task a later day.
#[form]
#[schema(example = json!({"due_on": "2026-04-10", "reason": "Справка будет готова в апреле."}))]
pub struct TaskPostponement {
    /// The new last day: today or later, and after the present one.
    pub due_on: NaiveDate,
    /// The reason for the later day.
    pub reason: Note,
}

/// An order to give an open task to another account of the institution.
#[form]
#[schema(example = json!({"user_id": "01980000-0000-7000-8000-000000000003", "note": "Петрова в отпуске."}))]
pub struct TaskAssignment {
    /// The account that has to do it from now on.
    pub user_id: UserId,
    /// The reason for the change.
    pub note: Option<Note>,
}

/// An order to cancel a task.
#[form]
#[schema(example = json!({"reason": "not_needed", "note": "Справку принесла сама семья."}))]
pub struct TaskCancellation {
    /// The reason for the cancellation.
    #[schema(value_type = SentTaskCancellationReason)]
    #[serde(deserialize_with = "only_sent")]
    pub reason: TaskCancellationReason,
    /// A description of the reason. Required when the reason is `other`.
    pub note: Option<Note>,
}

impl TaskCancellation {
    /// The reason against a cancellation whose reason demands a description.
    pub(super) fn unexplained(&self) -> Option<Reason> {
        let lacks = self.reason.demands().contains(&Demand::Text) && self.note.is_none();
        lacks.then(|| MISSING.reason().at("/note"))
    }
}
