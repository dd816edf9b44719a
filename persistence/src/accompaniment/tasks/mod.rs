//! Tasks in the database.
//!
//! - `seen`: the ways by which a caller sees tasks. A list is their union, each way read by its index in the order of days.
//! - `listing`: the list and its filters. `parties`: to whom a task may be given, and who may control it.
//! - `accounts`: whose step a task is. `answers`: what organizations of a class answer.
//! - `saving`: a new task, and the steps of the others.
//!
//! Invariant: a step is saved with its words, and changes no task that has left the state which the step leaves.
mod accounts;
mod answers;
mod listing;
mod parties;
mod saving;
mod seen;

pub use answers::{TaskAnswerCard, answers, load_answering, save_answered};
pub use listing::{TaskCountQuestion, TaskFilter, counts, list};
pub use parties::{entrust, must_be_assignable, must_take_over, parties};
pub use saving::{save_given, save_moved};

pub(crate) use saving::{end_with_case, end_with_source, pass_on};
pub(crate) use seen::{names, reaches};

use crate::accompaniment::rules;
use crate::engine::card::cards;
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{task_steps, tasks};
use crate::names::Names;
use crate::tx::Tx;
use accounts::{Accounts, addressed};
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::accompaniment::tasks::*;
use domain::base::access::Right;
use domain::base::action::{AvailableAction, Judged, available};
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{AssigneeId, CaseId, FileId, OrganizationId, PersonId, TaskId, UserId};
use domain::base::moment::Moment;
use domain::base::text::{Note, Title};
use seen::Seen;
use shape::card;
use std::collections::HashMap;
use uuid::Uuid;

/// A step of a task, as the card shows it.
#[card]
pub struct TaskStepCard {
    /// The step.
    pub step: TaskStep,
    /// The words of the step: the result, the reason, the note.
    pub text: Option<Note>,
    /// The files of the step.
    #[schema(max_items = 5)]
    pub file_ids: Vec<FileId>,
    /// The share of the task that a report tells, in per cent.
    #[schema(minimum = 0, maximum = 100, example = 60)]
    pub share: Option<i32>,
    /// The last day of the task after the step.
    pub due_on: Option<NaiveDate>,
    /// The account that made the step. Absent: the program did.
    pub made_by_user_id: Option<UserId>,
    /// The moment of the step.
    pub recorded_at: Moment,
}

/// The one to whom a task is given, with the name if the caller may see it.
#[card]
pub struct AssigneeCard {
    /// The kind of the assignee.
    pub kind: AssigneeKind,
    /// The id of the account, organization, unit, mentor, person or representative.
    pub id: AssigneeId,
    /// The name of the assignee. Absent where the caller may not see the row.
    #[schema(max_length = 1500, example = "Петрова Елена Викторовна")]
    pub name: Option<String>,
}

/// The thing from which a task has come, such as a consilium.
#[card]
pub struct TaskSourceCard {
    /// The kind of the thing.
    pub kind: SubjectKind,
    /// The id of the thing.
    #[schema(value_type = String, format = Uuid, max_length = 36, example = "01980000-0000-7000-8000-000000000009")]
    pub id: Uuid,
    /// The name of the thing. Absent where it has none, or where the caller may not see it.
    #[schema(max_length = 1500, example = "№ 14. О развитии наставничества")]
    pub name: Option<String>,
}

/// A task as every endpoint returns it.
#[card]
pub struct TaskCard {
    /// The id of the task.
    pub id: TaskId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The state of the task.
    pub state: TaskState,
    /// The kind of the task.
    pub kind: TaskKind,
    /// The task in a few words. It names nobody.
    pub title: Title,
    /// A description of the task.
    pub note: Option<Note>,
    /// The case to which the task belongs.
    pub case_id: Option<CaseId>,
    /// The institution whose task it is. Absent: a task of a program coordinator.
    pub organization_id: Option<OrganizationId>,
    /// The thing from which the task has come. Absent: it was made by hand.
    pub source: Option<TaskSourceCard>,
    /// The one who has to do it. Absent where the task is addressed to a class of organizations.
    pub assignee: Option<AssigneeCard>,
    /// The class of organizations to which the task is addressed.
    pub addressee: Option<Addressee>,
    /// The number of organizations of the class that have answered: `GET /tasks/{id}/answers`.
    #[schema(minimum = 0, maximum = 100_000, example = 2)]
    pub answers: Option<i64>,
    /// Organizations that work on it too.
    #[schema(max_items = 10)]
    pub co_organization_ids: Vec<OrganizationId>,
    /// The account that gave the task.
    pub given_by_user_id: UserId,
    /// The account that accepts the result.
    pub controller_user_id: UserId,
    /// The last day for the task, or the next report day of a task without end. Absent for a recommendation without a day.
    pub due_on: Option<NaiveDate>,
    /// Whether the task has no end: it is open again after each accepted report.
    #[schema(example = false)]
    pub ongoing: bool,
    /// The period of reports about a task without end.
    pub report_every: Option<ReportPeriod>,
    /// Whether it binds; `false` for a recommendation.
    #[schema(example = true)]
    pub binding: bool,
    /// Whether a report has to be accepted.
    #[schema(example = true)]
    pub needs_acceptance: bool,
    /// The priority.
    pub priority: TaskPriority,
    /// The number of postponements.
    #[schema(minimum = 0, maximum = 3, example = 1)]
    pub postponements: i32,
    /// Whether the task is open after its last day.
    #[schema(example = false)]
    pub is_overdue: bool,
    /// The days by which the task is late: until its report, or until today. Absent if it is not late.
    #[schema(minimum = 1, maximum = 100_000, example = 3)]
    pub days_late: Option<i64>,
    /// The account that reported the result.
    pub reported_by_user_id: Option<UserId>,
    /// The day of the report.
    pub reported_on: Option<NaiveDate>,
    /// The day on which the task was done or cancelled.
    pub settled_on: Option<NaiveDate>,
    /// The reason for the cancellation.
    pub cancellation_reason: Option<TaskCancellationReason>,
    /// The steps of the task with their words, the latest last; at most the last 50.
    #[schema(max_items = 50)]
    pub steps: Vec<TaskStepCard>,
    /// Orders that this caller may send to the task now.
    #[schema(max_items = 20)]
    pub available_actions: Vec<AvailableAction>,
    /// The moment at which the task was given.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { TaskCard in "tasks" about Task; }

/// The day of a task that has none, in storage: the rising order of days puts such a task behind all others.
fn undated() -> NaiveDate {
    NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX)
}

fn day_of(stored: NaiveDate) -> Option<NaiveDate> {
    Some(stored).filter(|it| *it != undated())
}

/// Steps that a card shows at most.
const SHOWN: usize = 50;
const NOTE: &str = "tasks.note";

/// The place of the words of a step, which the seal binds: they open at no other place.
fn place(n: i32) -> String {
    format!("task_steps.text\0{n}")
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = tasks)]
struct Row {
    id: TaskId,
    version: i64,
    kind: TaskKind,
    source_kind: Option<SubjectKind>,
    source_id: Option<Uuid>,
    case_id: Option<CaseId>,
    organization_id: Option<OrganizationId>,
    title: Title,
    note: Option<String>,
    assignee_kind: AssigneeKind,
    assignee_id: AssigneeId,
    assignee_person_id: Option<PersonId>,
    given_by: UserId,
    controller_user_id: UserId,
    due_on: NaiveDate,
    priority: TaskPriority,
    addressee: Json<Option<Addressee>>,
    co_organization_ids: Json<Vec<OrganizationId>>,
    binding: bool,
    report_every: Option<ReportPeriod>,
    report_from: Option<NaiveDate>,
    needs_acceptance: bool,
    postponed: i32,
    state: TaskState,
    reported_by: Option<UserId>,
    reported_on: Option<NaiveDate>,
    settled_on: Option<NaiveDate>,
    cancellation_reason: Option<TaskCancellationReason>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    /// The assignee. A class of organizations is none: its columns of an assignee tell an organization that is not there.
    fn assignee(&self) -> Option<Assignee> {
        let assignee = Assignee { kind: self.assignee_kind, id: self.assignee_id };
        self.addressee.0.is_none().then_some(assignee)
    }
    /// The addresses of the organizations that the task concerns besides its assignee.
    fn addresses(&self) -> Vec<String> {
        addressees::addresses(self.addressee.0.as_ref(), &self.co_organization_ids.0)
    }
    /// The thing from which the task follows.
    fn source(&self) -> Option<Subject> {
        self.source_kind.zip(self.source_id).map(|(kind, id)| Subject::new(kind, id))
    }
    /// Whether it follows from a thing of the partnership, which all staff of its institution sees.
    fn is_of_partnership(&self) -> bool {
        self.source_kind.is_some_and(|it| TaskSourceKind::of(it).is_some())
    }
    /// The kind and the id of the assignee's row.
    fn assignee_row(&self) -> Subject {
        let kind = match self.assignee_kind {
            AssigneeKind::User => SubjectKind::User,
            AssigneeKind::Organization => SubjectKind::Organization,
            AssigneeKind::Unit => SubjectKind::Unit,
            AssigneeKind::Mentor => SubjectKind::Mentor,
            AssigneeKind::Person => SubjectKind::Person,
            AssigneeKind::Representative => SubjectKind::Representative,
        };
        Subject::new(kind, self.assignee_id)
    }
    fn whole(&self) -> Task {
        let given = Given {
            id: self.id,
            organization_id: self.organization_id,
            assignee: self.assignee(),
            addressee: self.addressee.0.clone(),
            assignee_person_id: self.assignee_person_id,
            controller_user_id: self.controller_user_id,
            due_on: day_of(self.due_on),
            report_days: self
                .report_every
                .zip(self.report_from)
                .map(|(every, from)| ReportDays { every, from }),
            binding: self.binding,
            needs_acceptance: self.needs_acceptance,
            postponed: self.postponed,
        };
        match (self.state, self.reported_by, self.reported_on) {
            (TaskState::Open, ..) => Task::Open(Open(given)),
            (TaskState::Reported, Some(by), Some(on)) => {
                Task::Reported(Reported { given, report: Reporting { by, on } })
            }
            (state, ..) => Task::Settled(state),
        }
    }
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = task_steps)]
struct StepRow {
    task_id: TaskId,
    n: i32,
    step: TaskStep,
    text: Option<String>,
    file_ids: Json<Vec<FileId>>,
    share: Option<i32>,
    due_on: NaiveDate,
    made_by: Option<UserId>,
    recorded_at: Moment,
}

fn missing(id: TaskId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Task, id)))
}

/// The row of one visible task. Every query for one task begins here.
async fn row(tx: &mut Tx<'_>, id: TaskId) -> Result<Row, Failure> {
    let one = tasks::table.find(bind(id));
    let row: Row = db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))?;
    if seen::is_seen(tx, &row).await? { Ok(row) } else { Err(missing(id)) }
}

/// The steps of the given tasks.
async fn steps(tx: &mut Tx<'_>, ids: &[TaskId]) -> Result<HashMap<TaskId, Vec<StepRow>>, Failure> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let of_tasks = task_steps::table.filter(task_steps::task_id.eq_any(binds(ids)));
    let ordered = of_tasks.order((task_steps::task_id, task_steps::n));
    let rows: Vec<StepRow> = db!(tx, load, ordered.select(StepRow::as_select()))?;
    let mut all: HashMap<TaskId, Vec<StepRow>> = HashMap::new();
    for step in rows {
        all.entry(step.task_id).or_default().push(step);
    }
    for it in all.values_mut() {
        it.drain(..it.len().saturating_sub(SHOWN));
    }
    Ok(all)
}

fn step_card(tx: &Tx<'_>, it: StepRow) -> Result<TaskStepCard, Failure> {
    Ok(TaskStepCard {
        step: it.step,
        text: tx.core.keys.open_some(&place(it.n), it.task_id, it.text)?,
        file_ids: it.file_ids.0,
        share: it.share,
        due_on: day_of(it.due_on),
        made_by_user_id: it.made_by,
        recorded_at: it.recorded_at,
    })
}

/// The cards of rows that the caller sees. `joined` are the cases about which the caller has tasks as a member of their teams.
async fn shown(
    tx: &mut Tx<'_>,
    rows: Vec<Row>,
    judged: Judged,
    joined: &[CaseId],
) -> Result<Vec<TaskCard>, Failure> {
    let ids: Vec<TaskId> = rows.iter().map(|it| it.id).collect();
    let mut steps = steps(tx, &ids).await?;
    let accounts = Accounts::around(tx, &rows).await?;
    let assignees = rows.iter().filter(|it| it.assignee().is_some()).map(Row::assignee_row);
    let sources = rows.iter().filter(|it| it.is_of_partnership()).filter_map(Row::source);
    let names = Names::of(tx, assignees.chain(sources).collect::<Vec<_>>()).await?;
    let answers = answers::counts(tx, &rows).await?;
    let most_postponements = rules::in_force(tx).await?.task_postponements;
    let rights = Seen::by_rights(tx, [Right::GiveTasks, Right::ReportTasks], &rows, joined).await?;
    let card = |it: Row| {
        let told = steps.remove(&it.id).unwrap_or_default();
        let steps = told.into_iter().map(|it| step_card(tx, it)).collect::<Result<_, _>>()?;
        let offers = TaskOffers { it: &it.whole(), by: &accounts.standing(tx, &it), most_postponements };
        let may = |right: Right| rights.iter().any(|(own, seen)| *own == right && seen.has(&it));
        let actions = available(&offers, it.id, judged, may, |_| true);
        let told = answers.get(&it.id).copied();
        Ok(TaskCard { answers: told, ..made(tx, it, steps, actions, &names)? })
    };
    tx.readable(rows.into_iter().map(card))
}

fn made(
    tx: &Tx<'_>,
    it: Row,
    steps: Vec<TaskStepCard>,
    available_actions: Vec<AvailableAction>,
    names: &Names,
) -> Result<TaskCard, Failure> {
    let (row, due_on) = (it.assignee_row(), day_of(it.due_on));
    let days_late = days_late(it.state, due_on, it.reported_on, tx.today());
    let name_of = |it: Subject| names.name(it.kind, it.id).map(str::to_owned);
    let assignee = it.assignee().map(|Assignee { kind, id }| AssigneeCard { kind, id, name: name_of(row) });
    let source = it.source().map(|of| TaskSourceCard { kind: of.kind, id: of.id, name: name_of(of) });
    Ok(TaskCard {
        id: it.id,
        version: it.version,
        state: it.state,
        kind: it.kind,
        title: it.title,
        note: tx.core.keys.open_some(NOTE, it.id, it.note)?,
        case_id: it.case_id,
        organization_id: it.organization_id,
        source,
        assignee,
        addressee: it.addressee.0,
        answers: None,
        co_organization_ids: it.co_organization_ids.0,
        given_by_user_id: it.given_by,
        controller_user_id: it.controller_user_id,
        due_on,
        ongoing: it.report_every.is_some(),
        report_every: it.report_every,
        binding: it.binding,
        needs_acceptance: it.needs_acceptance,
        priority: it.priority,
        postponements: it.postponed,
        is_overdue: it.state == TaskState::Open && days_late.is_some(),
        days_late,
        reported_by_user_id: it.reported_by,
        reported_on: it.reported_on,
        settled_on: it.settled_on,
        cancellation_reason: it.cancellation_reason,
        steps,
        available_actions,
        created_at: it.created_at,
        updated_at: it.updated_at,
    })
}

/// The card of one task.
pub async fn card(tx: &mut Tx<'_>, id: TaskId) -> Result<TaskCard, Failure> {
    let found = vec![row(tx, id).await?];
    let joined = seen::joined_among(tx, &found).await?;
    shown(tx, found, Judged::Whole, &joined).await?.pop().ok_or_else(|| missing(id))
}

/// Loads a task that a rule will change, and the caller's standing to it.
pub async fn load(tx: &mut Tx<'_>, id: TaskId) -> Result<(Task, Standing), Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    let rows = [row];
    let accounts = Accounts::around(tx, &rows).await?;
    let [row] = rows;
    Ok((row.whole(), accounts.standing(tx, &row)))
}
