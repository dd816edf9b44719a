//! Orders about tasks: the bodies of requests.
use super::BINDS_OTHERS;
use super::addressees::Addressee;
use super::words::{
    AssigneeKind, ReportPeriod, SentTaskCancellationReason, SentTaskKind, SentTaskSourceKind, TaskAnswerKind,
    TaskCancellationReason, TaskKind, TaskPriority, TaskSourceKind,
};
use crate::base::change::Subject;
use crate::base::clauses::{all_hold, clash, lack};
use crate::base::id::{AssigneeId, CaseId, FileId, OrganizationId, TaskSourceId, UserId};
use crate::base::refusal::Reason;
use crate::base::text::{MISSING, Note, Title, repeats};
use crate::base::word::{Demand, Word, first, only_sent, yes};
use crate::region::organizations::NamedOn;
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

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

impl Assignee {
    /// The organization, where one has to do it.
    pub fn organization(self) -> Option<OrganizationId> {
        (self.kind == AssigneeKind::Organization).then(|| uuid::Uuid::from(self.id).into())
    }
}

/// The thing of the partnership from which a task follows.
#[form]
#[derive(Copy, Eq)]
#[schema(example = json!({"kind": "action_plan", "id": "01980000-0000-7000-8000-000000000070"}))]
pub struct TaskSource {
    /// The kind of the thing. A decision makes its tasks itself, and nobody adds to them.
    #[schema(value_type = SentTaskSourceKind)]
    #[serde(deserialize_with = "only_sent")]
    pub kind: TaskSourceKind,
    /// The id of the plan, project, idea or unit. It is not annulled, and a project is not over.
    pub id: TaskSourceId,
}

impl TaskSource {
    /// The thing itself.
    pub fn subject(self) -> Subject {
        Subject::new(self.kind.subject(), self.id)
    }
}

/// An order to do something by a day, or without end with a report for each period.
#[form]
#[validate(schema(function = "task_is_whole"))]
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
    /// The thing of the partnership from which the task follows, of an organization of the caller. Such a task belongs to no case, and may
    /// be given to another organization: as a recommendation, or by a plan whose task a director gives. A task of a plan or a project may
    /// lie in the past, for old papers are entered late, and no earlier than the first day of that.
    pub source: Option<TaskSource>,
    /// The one who has to do it. Either this or `addressee`. A task about a case is given to its institution, or to an account on its team,
    /// also of another organization.
    pub assignee: Option<Assignee>,
    /// The class of organizations to which the task is addressed. Each of them answers once. Only by a plan, from a director.
    pub addressee: Option<Addressee>,
    /// Organizations that work on it too, at most 10, each once. Only with a source.
    #[at_most(10)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub co_organization_ids: Vec<OrganizationId>,
    /// The account that accepts the result. If it is the assignee's, the report finishes the task.
    pub controller_user_id: UserId,
    /// The last day for the task: today or later. A task of a plan or a project ends no earlier than that begins. Either this or `report_every`,
    /// where the task is binding.
    pub due_on: Option<NaiveDate>,
    /// The period of reports, for a task that has no end. It is counted from today, for a task of a plan from the first day of the plan. After
    /// each accepted report the task is open again, with the next report day.
    pub report_every: Option<ReportPeriod>,
    /// `false` for a recommendation, which nobody returns. Only with a source.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub binding: bool,
    /// `false` where a report alone is enough.
    #[serde(default = "yes")]
    #[schema(default = true)]
    pub needs_acceptance: bool,
    /// The priority; `normal` if none is given.
    #[serde(default = "first")]
    pub priority: TaskPriority,
}

fn task_is_whole(it: &TaskForm) -> Result<(), ValidationError> {
    let is_to_class = it.addressee.is_some();
    let is_shared = is_to_class || !it.co_organization_ids.is_empty() || !it.binding;
    let names_one = it.assignee.is_some();
    all_hold([
        lack(!names_one && !is_to_class, &["assignee", "addressee"]),
        clash(names_one && is_to_class, &["addressee", "assignee"]),
        clash(it.source.is_some() && it.case_id.is_some(), &["case_id", "source"]),
        lack(is_shared && it.source.is_none(), &["source", "addressee", "co_organization_ids", "binding"]),
        clash(repeats(&it.co_organization_ids), &["co_organization_ids"]),
    ])
}

impl TaskForm {
    /// Whether it follows from papers that may be old: a plan or a project.
    pub(super) fn is_of_papers(&self) -> bool {
        let kind = self.source.map(|it| it.kind);
        matches!(kind, Some(TaskSourceKind::ActionPlan | TaskSourceKind::Project))
    }
    /// Whether it follows from a plan.
    pub(super) fn is_of_plan(&self) -> bool {
        self.source.is_some_and(|it| it.kind == TaskSourceKind::ActionPlan)
    }
    /// The organizations that have to do it, for the day on which it is given. A task of papers was given on their first day, `first_on`.
    pub fn named(&self, first_on: Option<NaiveDate>, today: NaiveDate) -> NamedOn {
        let day = first_on.map_or(today, |it| it.min(today));
        let named = NamedOn::on(day).one(self.assignee.and_then(Assignee::organization), "/assignee/id");
        named.each(&self.co_organization_ids, "/co_organization_ids")
    }
    /// The reason against a task that binds organizations besides `own`, whose task it is. `signs` tells whether the caller signs for `own`.
    pub fn against_binding(&self, own: OrganizationId, signs: bool) -> Option<Reason> {
        let source = self.source?;
        if signs && source.kind == TaskSourceKind::ActionPlan {
            return None;
        }
        let is_given = self.assignee.and_then(Assignee::organization).is_some_and(|it| it != own);
        let is_shared = is_given || self.co_organization_ids.iter().any(|it| *it != own);
        let to_class = self.addressee.is_some().then_some("/addressee");
        let pointer = to_class.or((is_shared && self.binding).then_some("/binding"))?;
        Some(BINDS_OTHERS.reason().at(pointer))
    }
    /// A task for one assignee by a day, without anything else.
    pub fn plain(
        kind: TaskKind,
        title: Title,
        assignee: Assignee,
        controller_user_id: UserId,
        due_on: NaiveDate,
    ) -> Self {
        Self {
            kind,
            title,
            note: None,
            case_id: None,
            source: None,
            assignee: Some(assignee),
            addressee: None,
            co_organization_ids: Vec::new(),
            controller_user_id,
            due_on: Some(due_on),
            report_every: None,
            binding: true,
            needs_acceptance: true,
            priority: first(),
        }
    }
}

/// A report that a task is done. About a task without end, it tells what was done in the period.
#[form]
#[schema(example = json!({"result": "Документы собраны и переданы в администрацию района."}))]
pub struct TaskReport {
    /// The result.
    pub result: Note,
    /// The share of the task that is done, 0 to 100 per cent. It is told only: done is what was accepted.
    #[within(0..=100)]
    pub share: Option<i32>,
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
    /// The account that has to do it from now on: of the institution, or on the team of the case.
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

/// The answer of an organization to a task that is addressed to its class. Each answers once.
#[form]
#[schema(example = json!({"organization_id": "01980000-0000-7000-8000-000000000001", "answer": "adopted", "text": "Наставники приглашены на встречу с редакцией районной газеты."}))]
pub struct TaskAnswer {
    /// The organization that answers.
    pub organization_id: OrganizationId,
    /// The answer.
    pub answer: TaskAnswerKind,
    /// The answer in words.
    pub text: Option<Note>,
}
