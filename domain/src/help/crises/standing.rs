//! The caller's standing to a crisis, which decides whose step it is.
use super::{FALSE_ALARM_ALONE, NOT_CALLED, SEVERITY_LOWERED};
use crate::base::access::NOT_YOURS;
use crate::base::id::UserId;
use crate::base::refusal::{Reason, Refused};

/// The caller's standing to a crisis.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// The account of the caller.
    pub user: Option<UserId>,
    /// The level of the chain on which the caller is.
    pub level: Option<i32>,
    /// Whether that level is called by now.
    pub is_called: bool,
    /// Whether the caller is a head or a director of an organization of the chain, or an administrator.
    pub is_head: bool,
    /// Whether the caller is responsible for the crisis.
    pub is_responsible: bool,
    /// Whether the account that is responsible is closed, or serves nobody any more.
    pub responsible_is_gone: bool,
    /// Whether the caller has to see to the follow-up.
    pub follows_up: bool,
}

impl Standing {
    fn allowed(is_theirs: bool) -> Result<(), Refused> {
        if is_theirs { Ok(()) } else { Err(NOT_YOURS.refuse()) }
    }
    /// The account that takes the crisis up. Refuses one to whom it has not come.
    pub(super) fn must_be_called(&self) -> Result<UserId, Refused> {
        self.user.filter(|_| self.is_called).ok_or_else(|| NOT_CALLED.refuse())
    }
    /// Refuses a caller who is neither responsible nor in the chain.
    pub(super) fn must_handle(&self) -> Result<(), Refused> {
        Self::allowed(self.is_responsible || self.level.is_some())
    }
    /// Refuses a caller who is not responsible. Heads, directors and administrators end it where the responsible account is gone.
    pub(super) fn must_resolve(&self) -> Result<(), Refused> {
        Self::allowed(self.is_responsible || (self.responsible_is_gone && self.is_head))
    }
    /// Refuses a caller who has not to see to the follow-up.
    pub(super) fn must_follow_up(&self) -> Result<(), Refused> {
        Self::allowed(self.follows_up)
    }
    /// Refuses the one who is responsible, and everybody below the heads.
    pub(super) fn must_call_false_alarm(&self) -> Result<(), Refused> {
        if self.is_responsible {
            return Err(FALSE_ALARM_ALONE.refuse());
        }
        Self::allowed(self.is_head)
    }
    /// The account that takes a crisis over from the one who is responsible.
    pub(super) fn must_take_over(&self) -> Result<UserId, Refused> {
        Self::allowed(self.is_head && !self.is_responsible)?;
        self.user.ok_or_else(|| NOT_YOURS.refuse())
    }
    /// Whether the caller lets the others wait longer by a lower severity: a head does, but nobody gives the own account more minutes.
    pub(super) fn lets_wait(&self) -> bool {
        self.is_head && !self.is_responsible
    }
    /// The reason against a lower severity while nobody has taken the crisis up: only a head lets the others wait longer.
    pub(super) fn against_lowering(&self, is_reported: bool, is_lower: bool) -> Option<Reason> {
        let is_refused = is_reported && is_lower && !self.is_head;
        is_refused.then(|| SEVERITY_LOWERED.reason().at("/severity"))
    }
}
