//! The states of a task, and the steps between them. A step consumes the state that it leaves.
use super::orders::*;
use super::standing::Standing;
use super::words::*;
use super::*;
use crate::accompaniment::rules::AccompanimentRulesForm;
use crate::base::change::{Changed, Subject, SubjectKind};
use crate::base::id::{CaseId, FileId, OrganizationId, PersonId, TaskId, UserId};
use crate::base::refusal::{Reason, Refused};
use crate::base::text::Note;
use chrono::NaiveDate;

/// A task in any state, with the data that the rules check.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// The id of the task.
    pub id: TaskId,
    /// The institution whose task it is. `None`: a task of a program coordinator.
    pub organization_id: Option<OrganizationId>,
    /// The one who has to do it.
    pub assignee: Assignee,
    /// The person of the assignee: of a mentor, of a representative, or the person itself.
    pub assignee_person_id: Option<PersonId>,
    /// The account that accepts the result.
    pub controller_user_id: UserId,
    /// The last day.
    pub due_on: NaiveDate,
    /// The number of postponements.
    pub postponed: i32,
}

/// The parties of a new task, as storage has found them.
#[derive(Debug, Clone, Copy)]
pub struct Parties {
    /// The institution whose task it is.
    pub organization_id: Option<OrganizationId>,
    /// The person of the assignee.
    pub assignee_person_id: Option<PersonId>,
}

/// A task that was just given.
#[derive(Debug, Clone)]
pub struct New {
    /// The task.
    pub given: Given,
    /// The order.
    pub form: TaskForm,
    /// The thing from which the task follows. `None` for a task given by hand.
    pub source: Option<Subject>,
}

/// The organization that takes a case over, with its tasks.
#[derive(Debug, Clone, Copy)]
pub struct Heir {
    /// The case that goes on.
    pub case_id: CaseId,
    /// The organization.
    pub organization_id: OrganizationId,
    /// The account of the specialist in charge.
    pub specialist_user_id: UserId,
    /// The account that accepts the results.
    pub controller_user_id: UserId,
}

/// A report on record: its author and its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reporting {
    /// The account that reported.
    pub by: UserId,
    /// The day of the report.
    pub on: NaiveDate,
}

/// An open task.
#[derive(Debug, Clone, PartialEq)]
pub struct Open(pub Given);

/// A task whose result was reported and awaits the controller.
#[derive(Debug, Clone, PartialEq)]
pub struct Reported {
    /// The task.
    pub given: Given,
    /// The report.
    pub report: Reporting,
}

/// A task in any state. A task that is done or cancelled never changes.
#[derive(Debug, Clone, PartialEq)]
pub enum Task {
    /// The task waits for its assignee.
    Open(Open),
    /// The task waits for its controller.
    Reported(Reported),
    /// The task is done or cancelled.
    Settled(TaskState),
}

/// A task after a step, with what the step has told.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// The task.
    pub given: Given,
    /// The state that it has left.
    pub was: TaskState,
    /// Its state.
    pub state: TaskState,
    /// The report on record.
    pub report: Option<Reporting>,
    /// The reason for the cancellation.
    pub cancellation: Option<TaskCancellationReason>,
    /// The step.
    pub step: TaskStep,
    /// The words of the step.
    pub text: Option<Note>,
    /// The files of the step.
    pub file_ids: Vec<FileId>,
}

impl Given {
    fn of(id: TaskId, form: &TaskForm, parties: Parties) -> Self {
        Self {
            id,
            organization_id: parties.organization_id,
            assignee: form.assignee,
            assignee_person_id: parties.assignee_person_id,
            controller_user_id: form.controller_user_id,
            due_on: form.due_on,
            postponed: 0,
        }
    }
    /// Whether the controller is the assignee.
    fn is_controlled_by_assignee(&self) -> bool {
        let user: uuid::Uuid = self.controller_user_id.into();
        self.assignee.kind == AssigneeKind::User && uuid::Uuid::from(self.assignee.id) == user
    }
    fn moved(self, was: TaskState, state: TaskState, step: TaskStep) -> Moved {
        let (text, file_ids) = (None, Vec::new());
        Moved { given: self, was, state, report: None, cancellation: None, step, text, file_ids }
    }
    /// The reasons against any postponement.
    pub(super) fn against_postponement(&self, most: i32) -> Option<Reason> {
        (self.postponed >= most).then(|| POSTPONED_ENOUGH.reason().with("most", most))
    }
}

fn against_past(due_on: NaiveDate, today: NaiveDate) -> Option<Reason> {
    (due_on < today).then(|| DUE_PAST.reason().at("/due_on").with("today", today))
}

impl Open {
    /// Gives a task.
    pub fn give(
        id: TaskId,
        form: &TaskForm,
        parties: Parties,
        today: NaiveDate,
    ) -> Result<Changed<New>, Refused> {
        Refused::unless_empty(against_past(form.due_on, today).into_iter().collect())?;
        let given = Given::of(id, form, parties);
        let fact = TaskGiven { id, case_id: form.case_id, kind: form.kind, due_on: form.due_on };
        Ok(Changed::new(New { given, form: form.clone(), source: None }, fact))
    }
    /// Gives a task that follows from another thing, as that was decided. Its day may have passed meanwhile.
    pub fn follow(id: TaskId, form: &TaskForm, parties: Parties, source: Subject) -> Changed<New> {
        let given = Given::of(id, form, parties);
        let fact = TaskGiven { id, case_id: form.case_id, kind: form.kind, due_on: form.due_on };
        Changed::new(New { given, form: form.clone(), source: Some(source) }, fact)
    }
    /// Reports that the task is done. If its controller is the assignee, it is done by that.
    pub fn report(
        self,
        order: &TaskReport,
        by: &Standing,
        today: NaiveDate,
    ) -> Result<Changed<Moved>, Refused> {
        let report = Some(Reporting { by: by.must_report()?, on: today });
        let (id, is_done) = (self.0.id, self.0.is_controlled_by_assignee());
        let state = if is_done { TaskState::Done } else { TaskState::Reported };
        let moved = self.0.moved(TaskState::Open, state, TaskStep::Report);
        let (text, file_ids) = (Some(order.result.clone()), order.file_ids.clone());
        let moved = Moved { report, text, file_ids, ..moved };
        Ok(if is_done {
            Changed::new(moved, TaskCompleted { id })
        } else {
            Changed::new(moved, TaskReported { id })
        })
    }
    /// Gives the task a later day, so often at most as the rules of accompaniment let.
    pub fn postpone(
        self,
        order: &TaskPostponement,
        by: &Standing,
        rules: &AccompanimentRulesForm,
        today: NaiveDate,
    ) -> Result<Changed<Moved>, Refused> {
        by.must_control(None, self.0.controller_user_id)?;
        let mut reasons: Vec<Reason> =
            self.0.against_postponement(rules.task_postponements).into_iter().collect();
        reasons.extend(against_past(order.due_on, today));
        if order.due_on <= self.0.due_on {
            reasons.push(NOT_LATER.reason().at("/due_on").with("due_on", self.0.due_on));
        }
        Refused::unless_empty(reasons)?;
        let fact = TaskPostponed { id: self.0.id, due_on: order.due_on };
        let given = Given { due_on: order.due_on, postponed: self.0.postponed.saturating_add(1), ..self.0 };
        let moved = given.moved(TaskState::Open, TaskState::Open, TaskStep::Postponement);
        Ok(Changed::new(Moved { text: Some(order.reason.clone()), ..moved }, fact))
    }
    /// Gives the task to another account.
    pub fn assign(self, order: &TaskAssignment, by: &Standing) -> Result<Changed<Moved>, Refused> {
        by.must_assign()?;
        let fact = TaskAssigned { id: self.0.id, user_id: order.user_id };
        let account: uuid::Uuid = order.user_id.into();
        let assignee = Assignee { kind: AssigneeKind::User, id: account.into() };
        let given = Given { assignee, assignee_person_id: None, ..self.0 };
        let moved = given.moved(TaskState::Open, TaskState::Open, TaskStep::Assignment);
        Ok(Changed::new(Moved { text: order.note.clone(), ..moved }, fact))
    }
}

impl Reported {
    /// The reason against an acceptance by the account that reported.
    pub(super) fn against_acceptance(&self, by: &Standing) -> Option<Reason> {
        (by.user == Some(self.report.by)).then(|| OWN_ACCEPTANCE.reason())
    }
    /// Accepts the result: the task is done.
    pub fn accept(self, order: &TaskAcceptance, by: &Standing) -> Result<Changed<Moved>, Refused> {
        by.must_control(Some(&self.report), self.given.controller_user_id)?;
        Refused::unless_empty(self.against_acceptance(by).into_iter().collect())?;
        let fact = TaskAccepted { id: self.given.id };
        let moved = self.given.moved(TaskState::Reported, TaskState::Done, TaskStep::Acceptance);
        Ok(Changed::new(Moved { report: Some(self.report), text: order.note.clone(), ..moved }, fact))
    }
    /// Returns the task to its assignee: it is open again.
    pub fn send_back(self, order: &TaskReturn, by: &Standing) -> Result<Changed<Moved>, Refused> {
        by.must_control(Some(&self.report), self.given.controller_user_id)?;
        let fact = TaskReturned { id: self.given.id };
        let moved = self.given.moved(TaskState::Reported, TaskState::Open, TaskStep::Return);
        Ok(Changed::new(Moved { text: Some(order.note.clone()), ..moved }, fact))
    }
}

impl Task {
    /// The state of the task as a word of the vocabulary.
    pub fn state(&self) -> TaskState {
        match self {
            Self::Open(_) => TaskState::Open,
            Self::Reported(_) => TaskState::Reported,
            Self::Settled(state) => *state,
        }
    }
    /// The task, if it is open.
    pub fn open(self) -> Result<Open, Refused> {
        match self {
            Self::Open(it) => Ok(it),
            Self::Reported(_) | Self::Settled(_) => Err(NOT_OPEN.refuse()),
        }
    }
    /// The task, if its result was reported and is not accepted yet.
    pub fn reported(self) -> Result<Reported, Refused> {
        match self {
            Self::Reported(it) => Ok(it),
            Self::Open(_) | Self::Settled(_) => Err(NOT_REPORTED.refuse()),
        }
    }
    /// The task and its report, if somebody has still to act.
    pub(super) fn unsettled(self) -> Result<(Given, Option<Reporting>), Refused> {
        match self {
            Self::Open(Open(given)) => Ok((given, None)),
            Self::Reported(Reported { given, report }) => Ok((given, Some(report))),
            Self::Settled(_) => Err(SETTLED.refuse()),
        }
    }
    /// Cancels a task that is not done yet.
    pub fn cancel(self, order: &TaskCancellation, by: &Standing) -> Result<Changed<Moved>, Refused> {
        let was = self.state();
        let (given, report) = self.unsettled()?;
        by.must_control(report.as_ref(), given.controller_user_id)?;
        Refused::unless_empty(order.unexplained().into_iter().collect())?;
        Ok(cancelled(given, was, report, order.reason, order.note.clone()))
    }
    /// Cancels a task that is not settled, because its case was closed or handed over.
    pub fn end_by(self, reason: TaskCancellationReason) -> Option<Changed<Moved>> {
        let was = self.state();
        let (given, report) = self.unsettled().ok()?;
        Some(cancelled(given, was, report, reason, None))
    }
    /// Gives the same task in the organization that has taken the case over: to its specialist, if it was given to staff. `form` is the
    /// task as it was given. `None` for a task that is settled.
    pub fn pass_on(self, id: TaskId, form: TaskForm, to: &Heir) -> Option<Changed<New>> {
        let (given, _) = self.unsettled().ok()?;
        let source = Some(Subject::new(SubjectKind::Task, given.id));
        let staff: uuid::Uuid = to.specialist_user_id.into();
        let (assignee, assignee_person_id) = match given.assignee.kind.may_lack_account() {
            true => (given.assignee, given.assignee_person_id),
            false => (Assignee { kind: AssigneeKind::User, id: staff.into() }, None),
        };
        let (case_id, controller_user_id) = (Some(to.case_id), to.controller_user_id);
        let (organization_id, due_on, postponed) = (Some(to.organization_id), given.due_on, given.postponed);
        let given = Given {
            id,
            organization_id,
            assignee,
            assignee_person_id,
            controller_user_id,
            due_on,
            postponed,
        };
        let fact = TaskGiven { id, case_id, kind: form.kind, due_on };
        let form = TaskForm { case_id, assignee, controller_user_id, due_on, ..form };
        Some(Changed::new(New { given, form, source }, fact))
    }
}

fn cancelled(
    given: Given,
    was: TaskState,
    report: Option<Reporting>,
    reason: TaskCancellationReason,
    text: Option<Note>,
) -> Changed<Moved> {
    let fact = TaskCancelled { id: given.id, reason };
    let moved = given.moved(was, TaskState::Cancelled, TaskStep::Cancellation);
    Changed::new(Moved { report, cancellation: Some(reason), text, ..moved }, fact)
}

/// The days by which a task is late: until its report, or until today while it is open. `None` if it is not.
pub fn days_late(
    state: TaskState,
    due_on: NaiveDate,
    reported_on: Option<NaiveDate>,
    today: NaiveDate,
) -> Option<i64> {
    let until = match state {
        TaskState::Open => today,
        TaskState::Reported | TaskState::Done => reported_on?,
        TaskState::Cancelled => return None,
    };
    Some(until.signed_duration_since(due_on).num_days()).filter(|it| *it > 0)
}
