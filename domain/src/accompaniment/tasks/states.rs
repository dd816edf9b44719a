//! The states of a task, and the steps between them. A step consumes the state that it leaves.
use super::addressees::Addressee;
use super::orders::*;
use super::standing::Standing;
use super::words::*;
use super::*;
use crate::accompaniment::rules::AccompanimentRulesForm;
use crate::base::change::{Changed, Fact, Subject, SubjectKind};
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
    /// The one who has to do it. `None`: a class of organizations.
    pub assignee: Option<Assignee>,
    /// The class of organizations to which it is addressed.
    pub addressee: Option<Addressee>,
    /// The person of the assignee: of a mentor, of a representative, or the person itself.
    pub assignee_person_id: Option<PersonId>,
    /// The account that accepts the result.
    pub controller_user_id: UserId,
    /// The last day, or the next report day of a task without end.
    pub due_on: Option<NaiveDate>,
    /// The period of reports about a task without end.
    pub report_days: Option<ReportDays>,
    /// Whether it binds: a recommendation does not.
    pub binding: bool,
    /// Whether a report has to be accepted.
    pub needs_acceptance: bool,
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
    /// The first day of the plan or the project from which it follows.
    pub first_on: Option<NaiveDate>,
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
    /// The share of the task that a report tells, in per cent.
    pub share: Option<i32>,
}

impl Given {
    /// A new task. The first report of a task without end is due a period after `from`, unless the form tells its day.
    fn of(id: TaskId, form: &TaskForm, parties: Parties, from: NaiveDate) -> Self {
        let report_days = form.report_every.map(|every| ReportDays { every, from });
        Self {
            id,
            organization_id: parties.organization_id,
            assignee: form.assignee,
            addressee: form.addressee.clone(),
            assignee_person_id: parties.assignee_person_id,
            controller_user_id: form.controller_user_id,
            due_on: form.due_on.or(report_days.map(ReportDays::first)),
            report_days,
            binding: form.binding,
            needs_acceptance: form.needs_acceptance,
            postponed: 0,
        }
    }
    /// Whether the controller is the assignee.
    fn is_controlled_by_assignee(&self) -> bool {
        let user: uuid::Uuid = self.controller_user_id.into();
        let is_own = |it: Assignee| it.kind == AssigneeKind::User && uuid::Uuid::from(it.id) == user;
        self.assignee.is_some_and(is_own)
    }
    /// Whether the institution whose task it is does it. A task of another organization or of a class of them stays theirs.
    pub(super) fn is_done_inside(&self) -> bool {
        self.assignee.is_some_and(|it| it.organization().is_none_or(|of| Some(of) == self.organization_id))
    }
    /// Whether a report is enough: nobody accepts it.
    fn is_done_by_report(&self) -> bool {
        !self.needs_acceptance || self.assignee.is_none() || self.is_controlled_by_assignee()
    }
    fn moved(self, was: TaskState, state: TaskState, step: TaskStep) -> Moved {
        let (text, file_ids, share) = (None, Vec::new(), None);
        Moved { given: self, was, state, report: None, cancellation: None, step, text, file_ids, share }
    }
    /// The task after a report of that day was accepted: a task without end is open again, until the next report day. `done` is the fact
    /// about any other one.
    fn settled(self, was: TaskState, step: TaskStep, report: Reporting, done: impl Fact) -> Changed<Moved> {
        let Some((days, last)) = self.report_days.zip(self.due_on) else {
            let moved = self.moved(was, TaskState::Done, step);
            return Changed::new(Moved { report: Some(report), ..moved }, done);
        };
        let (id, due_on) = (self.id, days.next(last, report.on));
        let given = Self { due_on: Some(due_on), postponed: 0, ..self };
        Changed::new(given.moved(was, TaskState::Open, step), TaskRenewed { id, due_on })
    }
    /// The reasons against any postponement.
    pub(super) fn against_postponement(&self, most: i32) -> Option<Reason> {
        let is_enough = self.postponed >= most;
        let undated = self.due_on.is_none().then(|| UNDATED.reason());
        undated.or_else(|| is_enough.then(|| POSTPONED_ENOUGH.reason().with("most", most)))
    }
    /// The reason against a return of any report.
    pub(super) fn against_return(&self) -> Option<Reason> {
        (!self.binding).then(|| NOT_BINDING.reason())
    }
}

/// The reason against a day before the one from which it is judged.
pub(crate) fn against_past(due_on: NaiveDate, today: NaiveDate) -> Option<Reason> {
    (due_on < today).then(|| DUE_PAST.reason().at("/due_on").with("today", today))
}

/// The reason against a task with a day and with reports, or with neither where it binds.
pub(crate) fn against_due(
    due_on: Option<NaiveDate>,
    report_every: Option<ReportPeriod>,
    binding: bool,
) -> Option<Reason> {
    let is_wrong = match (due_on, report_every) {
        (Some(_), Some(_)) => true,
        (None, None) => binding,
        _ => false,
    };
    is_wrong.then(|| DUE.reason().at("/due_on"))
}

impl Open {
    /// Gives a task. One that follows from papers may lie in the past, and no earlier than they begin.
    pub fn give(
        id: TaskId,
        form: &TaskForm,
        parties: Parties,
        today: NaiveDate,
    ) -> Result<Changed<New>, Refused> {
        // Of papers that are refused no day is known.
        let from = parties.first_on.map(|it| it.min(today)).or((!form.is_of_papers()).then_some(today));
        let past = form.due_on.zip(from).and_then(|(due_on, from)| against_past(due_on, from));
        let due = against_due(form.due_on, form.report_every, form.binding);
        Refused::unless_empty(past.into_iter().chain(due).collect())?;
        let source = form.source.map(TaskSource::subject);
        // The reports of a plan are counted from its first day, for old plans are entered late.
        let reported_from = parties.first_on.filter(|_| form.is_of_plan()).unwrap_or(today);
        Ok(Self::given(id, form, parties, source, reported_from))
    }
    /// Gives a task that follows from another thing, as that was decided on a day. Its last day may have passed meanwhile.
    pub fn follow(
        id: TaskId,
        form: &TaskForm,
        parties: Parties,
        source: Subject,
        decided_on: NaiveDate,
    ) -> Changed<New> {
        Self::given(id, form, parties, Some(source), decided_on)
    }
    fn given(
        id: TaskId,
        form: &TaskForm,
        parties: Parties,
        source: Option<Subject>,
        from: NaiveDate,
    ) -> Changed<New> {
        let given = Given::of(id, form, parties, from);
        let fact = TaskGiven { id, case_id: form.case_id, kind: form.kind, due_on: given.due_on };
        Changed::new(New { given, form: form.clone(), source }, fact)
    }
    /// The account that reports. A task to a class of organizations is summed up by its controller.
    pub(super) fn must_report(&self, by: &Standing) -> Result<UserId, Refused> {
        if self.0.assignee.is_some() { by.must_report() } else { by.must_sum_up() }
    }
    /// Reports that the task is done. If its controller is the assignee, it is done by that.
    pub fn report(
        self,
        order: &TaskReport,
        by: &Standing,
        today: NaiveDate,
    ) -> Result<Changed<Moved>, Refused> {
        let report = Reporting { by: self.must_report(by)?, on: today };
        let (id, is_done) = (self.0.id, self.0.is_done_by_report());
        let (text, file_ids, share) = (Some(order.result.clone()), order.file_ids.clone(), order.share);
        let told = |it: Moved| Moved { text, file_ids, share, ..it };
        if !is_done {
            let moved = self.0.moved(TaskState::Open, TaskState::Reported, TaskStep::Report);
            return Ok(Changed::new(told(Moved { report: Some(report), ..moved }), TaskReported { id }));
        }
        let settled = self.0.settled(TaskState::Open, TaskStep::Report, report, TaskCompleted { id });
        Ok(settled.map(told))
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
        if let Some(present) = self.0.due_on.filter(|it| order.due_on <= *it) {
            reasons.push(NOT_LATER.reason().at("/due_on").with("due_on", present));
        }
        Refused::unless_empty(reasons)?;
        let fact = TaskPostponed { id: self.0.id, due_on: order.due_on };
        let due_on = Some(order.due_on);
        let given = Given { due_on, postponed: self.0.postponed.saturating_add(1), ..self.0 };
        let moved = given.moved(TaskState::Open, TaskState::Open, TaskStep::Postponement);
        Ok(Changed::new(Moved { text: Some(order.reason.clone()), ..moved }, fact))
    }
    /// Gives the task to another account.
    pub fn assign(self, order: &TaskAssignment, by: &Standing) -> Result<Changed<Moved>, Refused> {
        by.must_assign()?;
        if !self.0.is_done_inside() {
            return Err(TO_CLASS.refuse());
        }
        let fact = TaskAssigned { id: self.0.id, user_id: order.user_id };
        let account: uuid::Uuid = order.user_id.into();
        let assignee = Some(Assignee { kind: AssigneeKind::User, id: account.into() });
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
    /// Accepts the result: the task is done. One without end is open again, until its next report day.
    pub fn accept(self, order: &TaskAcceptance, by: &Standing) -> Result<Changed<Moved>, Refused> {
        by.must_control(Some(&self.report), self.given.controller_user_id)?;
        Refused::unless_empty(self.against_acceptance(by).into_iter().collect())?;
        let done = TaskAccepted { id: self.given.id };
        let settled = self.given.settled(TaskState::Reported, TaskStep::Acceptance, self.report, done);
        Ok(settled.map(|it| Moved { text: order.note.clone(), ..it }))
    }
    /// Returns the task to its assignee: it is open again.
    pub fn send_back(self, order: &TaskReturn, by: &Standing) -> Result<Changed<Moved>, Refused> {
        by.must_control(Some(&self.report), self.given.controller_user_id)?;
        Refused::unless_empty(self.given.against_return().into_iter().collect())?;
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
    /// Cancels a task that is not settled, because its case was closed or handed over, or its decision was cancelled.
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
        let (assignee, assignee_person_id) = match given.assignee {
            Some(it) if it.kind.may_lack_account() => (it, given.assignee_person_id),
            _ => (Assignee { kind: AssigneeKind::User, id: staff.into() }, None),
        };
        let assignee = Some(assignee);
        let (case_id, controller_user_id) = (Some(to.case_id), to.controller_user_id);
        let (organization_id, due_on) = (Some(to.organization_id), given.due_on);
        let given = Given { id, organization_id, assignee, assignee_person_id, controller_user_id, ..given };
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
    due_on: Option<NaiveDate>,
    reported_on: Option<NaiveDate>,
    today: NaiveDate,
) -> Option<i64> {
    let due_on = due_on?;
    let until = match state {
        TaskState::Open => today,
        TaskState::Reported | TaskState::Done => reported_on?,
        TaskState::Cancelled => return None,
    };
    Some(until.signed_duration_since(due_on).num_days()).filter(|it| *it > 0)
}
