//! Tasks (поручения): what somebody ordered, with a day, an assignee and a controller who accepts the result.
//!
//! - [`orders`]: the bodies of requests. [`words`]: kinds, states and reasons.
//! - [`states`]: open, reported, done, cancelled, and the steps between them.
//! - [`addressees`]: organizations that a task concerns besides its assignee. [`answers`]: what a class of them answers.
//! - [`standing`]: the caller's parts in a task, which decide whose step it is.
//!
//! A task of the partnership follows from a decision, a plan, a project or an idea. It may be given to another organization or to a class
//! of them, may bind nobody, and may have no end: then its last day is the next report day.
//!
//! Invariant: nobody accepts the own report. Where the controller is the assignee, the report alone finishes the task.
pub mod addressees;
pub mod answers;
pub mod orders;
pub mod standing;
pub mod states;
pub mod words;

#[cfg(test)]
mod tests;

pub use addressees::{Addressed, Addressee};
pub use answers::Answered;
pub use orders::*;
pub use standing::{Part, Standing};
pub use states::*;
pub use words::*;

use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::facts;
use crate::base::id::{CaseId, TaskId, UserId};
use crate::base::refusal::rules;
use crate::base::word::Word;
use chrono::NaiveDate;

rules! {
    NOT_OPEN = "task.not_open", State, ours, "Поручение не открыто: о нём уже сообщили, оно выполнено или отменено.", "The task is not open: it was reported, done or cancelled.";
    NOT_REPORTED = "task.not_reported", State, ours, "О выполнении поручения не сообщали, либо результат уже принят.", "No result of the task awaits acceptance.";
    SETTLED = "task.settled", State, ours, "Поручение уже выполнено или отменено.", "The task is done or cancelled already.";
    OWN_ACCEPTANCE = "task.own_acceptance", State, ours, "Свой отчёт о поручении не принимают.", "Nobody accepts the own report about a task.";
    POSTPONED_ENOUGH = "task.postponed_enough", State, ours, "Срок поручения уже переносили столько раз, сколько можно.", "The task was postponed as often as is allowed.";
    DUE_PAST = "task.due_past", Content, ours, "Срок поручения не может быть в прошлом.", "The last day of a task must not lie in the past.";
    NOT_LATER = "task.not_later", Content, ours, "Новый срок должен быть позже прежнего.", "The new last day must be later than the present one.";
    DUE = "task.due", Content, ours, "Указывают срок либо постоянное исполнение с периодом отчёта.", "A task has a last day, or reports for each period: one of both.";
    UNDATED = "task.undated", State, ours, "У поручения нет срока, переносить нечего.", "The task has no last day that could be postponed.";
    NOT_BINDING = "task.not_binding", State, ours, "Рекомендацию не возвращают.", "A recommendation is not returned.";
    NOT_ADDRESSED = "task.not_addressed", Forbidden, ours, "Поручение не обращено к вашей организации.", "The task is not addressed to your organization.";
    TO_CLASS = "task.to_class", State, ours, "Поручение дано другим организациям: сотруднику своего учреждения его не передают.", "The task is given to other organizations: no account of the own institution gets it instead.";
    BINDS_OTHERS = "task.binds_others", Content, ours, "Другие организации обязывает решение совета или план, по которому поручение даёт руководитель. Остальное — рекомендация названным организациям.", "Other organizations are bound by a decision, or by a plan whose task a director gives. Anything else is a recommendation to organizations by name.";
    ANSWERED = "task.answered", State, ours, "Организация уже ответила на это поручение.", "The organization has answered this task already.";
    ASSIGNEE = "task.assignee", Content, ours, "Поручение дают действующей учётной записи своего учреждения, своему учреждению или его отделению. Наставнику дают поручение по случаю, пока длится наставничество, представителю — пока действуют его полномочия. В другую организацию направляют.", "A task is given to an active account of the own institution, to the institution or to its unit. A mentor gets one about a case while the mentorship runs, a representative while the authority lasts. Another organization gets a referral.";
}

facts! {
    /// A task was given.
    TaskGiven = "task.given",
        "Дано поручение[: {kind}][, срок: {due_on}]",
        "A task was given[: {kind}][, due on {due_on}]"
        about Task (TaskId) {
        /// The case to which the task belongs.
        case_id: Option<CaseId>,
        /// The kind of the task.
        kind: TaskKind,
        /// The last day.
        due_on: Option<NaiveDate>,
    }
    /// The result of a task was reported, and awaits its controller.
    TaskReported = "task.reported",
        "Сообщено о выполнении поручения",
        "The result of the task was reported"
        about Task (TaskId) {}
    /// A task was reported by its own controller and is done by that.
    TaskCompleted = "task.completed",
        "Поручение выполнено",
        "The task was completed"
        about Task (TaskId) {}
    /// The result of a task was accepted.
    TaskAccepted = "task.accepted",
        "Выполнение поручения принято",
        "The result of the task was accepted"
        about Task (TaskId) {}
    /// A report about a task without end was accepted: it is open until the next report day.
    TaskRenewed = "task.report_accepted",
        "Отчёт по постоянному поручению принят[, следующий до {due_on}]",
        "A report about the task without end was accepted[, the next is due on {due_on}]"
        about Task (TaskId) {
        /// The next report day.
        due_on: NaiveDate,
    }
    /// An organization answered a task that is addressed to its class. Others of the class read this fact, so it does not tell which one.
    TaskAnswered = "task.answered",
        "Организация ответила на поручение",
        "An organization answered the task"
        about Task (TaskId) {}
    /// A reported task was returned and is open again.
    TaskReturned = "task.returned",
        "Поручение возвращено",
        "The task was returned"
        about Task (TaskId) {}
    /// A task got a later day.
    TaskPostponed = "task.postponed",
        "Срок поручения перенесён[ на {due_on}]",
        "The task was postponed[ to {due_on}]"
        about Task (TaskId) {
        /// The new last day.
        due_on: NaiveDate,
    }
    /// A task was given to another account.
    TaskAssigned = "task.assigned",
        "Поручение передано другому сотруднику[: {user_id}]",
        "The task was given to another account[: {user_id}]"
        about Task (TaskId) {
        /// The account that has to do it.
        user_id: UserId,
    }
    /// A task was cancelled.
    TaskCancelled = "task.cancelled",
        "Поручение отменено[: {reason}]",
        "The task was cancelled[: {reason}]"
        about Task (TaskId) {
        /// The reason for the cancellation.
        reason: TaskCancellationReason,
    }
}

/// A task as its caller sees it.
#[derive(Debug)]
pub struct TaskOffers<'a> {
    /// The task.
    pub it: &'a Task,
    /// The caller's parts in it.
    pub by: &'a Standing,
    /// Postponements of a task at most.
    pub most_postponements: i32,
}

impl Offers for TaskOffers<'_> {
    const AT: &'static str = "tasks";
    const OFFERS: &'static [Offer] = &[
        Offer::step(Action::Report, "report", Right::ReportTasks),
        Offer::step(Action::Answer, "answers", Right::ReportTasks),
        Offer::step(Action::Accept, "acceptance", Right::GiveTasks),
        Offer::step(Action::Return, "return", Right::GiveTasks),
        Offer::step(Action::Postpone, "postponements", Right::GiveTasks),
        Offer::step(Action::Assign, "assignment", Right::GiveTasks),
        Offer::step(Action::Cancel, "cancellation", Right::GiveTasks),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let verdict = Verdict::default();
        match (action, self.it) {
            (Action::Report, Task::Open(it)) => Some(verdict.unless(it.must_report(self.by))),
            (Action::Answer, Task::Open(it)) if it.0.assignee.is_none() => {
                let answered = self.by.has_answered.then(|| ANSWERED.reason());
                Some(verdict.unless(self.by.must_answer()).against(answered))
            }
            (Action::Postpone, Task::Open(Open(it))) => {
                let is_theirs = self.by.must_control(None, it.controller_user_id);
                Some(verdict.unless(is_theirs).against(it.against_postponement(self.most_postponements)))
            }
            (Action::Assign, Task::Open(it)) if it.0.is_done_inside() => {
                Some(verdict.unless(self.by.must_assign()))
            }
            (Action::Accept | Action::Return, Task::Reported(it)) => {
                let is_theirs = self.by.must_control(Some(&it.report), it.given.controller_user_id);
                let own = match action {
                    Action::Accept => it.against_acceptance(self.by),
                    _ => it.given.against_return(),
                };
                Some(verdict.unless(is_theirs).against(own))
            }
            (Action::Cancel, it) => {
                let (given, report) = it.clone().unsettled().ok()?;
                let is_theirs = self.by.must_control(report.as_ref(), given.controller_user_id);
                let reasons = TaskCancellationReason::ALL.iter().copied().filter(|it| it.is_sent());
                Some(verdict.unless(is_theirs).takes("/reason", reasons))
            }
            _ => None,
        }
    }
}
