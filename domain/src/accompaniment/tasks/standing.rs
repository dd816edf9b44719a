//! The caller's standing to a task: the parts in it that decide which steps are theirs.
use super::NOT_ADDRESSED;
use super::states::Reporting;
use crate::base::access::NOT_YOURS;
use crate::base::id::UserId;
use crate::base::refusal::Refused;

/// A part in a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The task is given to the caller, or to an organization or unit for which the caller answers.
    Assignee,
    /// Staff of the task's institution, where the assignee has no account.
    Spokesman,
    /// The account that accepts the result.
    Controller,
    /// The director of the task's institution.
    Director,
    /// The head of a unit of the task's institution.
    Head,
    /// A director or a head of a unit of an organization of the class to which the task is addressed.
    Addressee,
}

/// The parts of a caller in a task.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// The account of the caller.
    pub user: Option<UserId>,
    /// Its parts.
    pub parts: Vec<Part>,
    /// Whether the account of the controller is closed or has left the institution.
    pub controller_is_gone: bool,
    /// Whether every organization of the class that the caller heads has answered.
    pub has_answered: bool,
}

impl Standing {
    fn is(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }
    /// The account that reports. Refuses a caller for whom the report is another's step.
    pub(super) fn must_report(&self) -> Result<UserId, Refused> {
        let is_theirs = self.is(Part::Assignee) || self.is(Part::Spokesman);
        self.user.filter(|_| is_theirs).ok_or_else(|| NOT_YOURS.refuse())
    }
    /// The account that tells what came of a task to a class of organizations: the controller does, for it has no assignee.
    pub(super) fn must_sum_up(&self) -> Result<UserId, Refused> {
        self.user.filter(|_| self.is(Part::Controller)).ok_or_else(|| NOT_YOURS.refuse())
    }
    /// The account that answers for its organization. Refuses who heads none that the task is addressed to.
    pub(super) fn must_answer(&self) -> Result<UserId, Refused> {
        self.user.filter(|_| self.is(Part::Addressee)).ok_or_else(|| NOT_ADDRESSED.refuse())
    }
    /// Refuses a caller who does not control the task. The director does where the controller is gone, or has reported.
    pub(super) fn must_control(&self, report: Option<&Reporting>, controller: UserId) -> Result<(), Refused> {
        let is_free = !self.controller_is_gone && report.is_none_or(|it| it.by != controller);
        let is_theirs = self.is(Part::Controller) || (!is_free && self.is(Part::Director));
        if is_theirs { Ok(()) } else { Err(NOT_YOURS.refuse()) }
    }
    /// Refuses a caller who may not give the task to another account: the controller and the heads of the institution may.
    pub(super) fn must_assign(&self) -> Result<(), Refused> {
        let may = [Part::Controller, Part::Director, Part::Head].into_iter().any(|it| self.is(it));
        if may { Ok(()) } else { Err(NOT_YOURS.refuse()) }
    }
}
