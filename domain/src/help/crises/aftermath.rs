//! The time after a crisis: the survey of guardianship, and what follows from a grave crisis that nobody else may know of.
use super::*;
use crate::base::change::Changed;
use crate::base::id::{CrisisId, UserId};
use crate::base::refusal::{Reason, Refused};
use crate::base::text::Note;
use chrono::{Days, NaiveDate};

/// A follow-up that is due after a crisis. A task would be read by the whole institution; this is read with the crisis alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FollowUp {
    /// The account that has to see to it.
    pub by: UserId,
    /// The last day for it.
    pub due_on: NaiveDate,
}

impl FollowUp {
    /// The follow-up after a grave crisis that ends today.
    pub fn after(it: &Signal, by: UserId, days: i32, today: NaiveDate) -> Option<Self> {
        let is_grave = matches!(it.severity, CrisisSeverity::Critical | CrisisSeverity::High);
        let days = Days::new(u64::try_from(days).unwrap_or(0));
        is_grave.then(|| Self { by, due_on: today.checked_add_days(days).unwrap_or(today) })
    }
}

/// A follow-up on record.
#[derive(Debug, Clone)]
pub struct FollowedUp {
    /// The crisis.
    pub id: CrisisId,
    /// The result.
    pub result: Note,
}

/// A survey on record.
#[derive(Debug, Clone)]
pub struct Surveyed {
    /// The crisis.
    pub id: CrisisId,
    /// The survey.
    pub form: CrisisSurvey,
}

impl Signal {
    /// Records the follow-up of a crisis. Refuses everybody but the account that has to see to it; a head does where that one is gone.
    pub fn follow_up(
        &self,
        order: &CrisisFollowUp,
        is_due: bool,
        by: &Standing,
    ) -> Result<Changed<FollowedUp>, Refused> {
        if !is_due {
            return Err(NO_FOLLOW_UP_DUE.refuse());
        }
        by.must_follow_up()?;
        let it = FollowedUp { id: self.id, result: order.result.clone() };
        Ok(Changed::new(it, CrisisFollowedUp { id: self.id }))
    }
    /// Records the survey of guardianship.
    pub fn survey(
        &self,
        order: &CrisisSurvey,
        is_due: bool,
        (reported_on, today): (NaiveDate, NaiveDate),
    ) -> Result<Changed<Surveyed>, Refused> {
        let mut reasons: Vec<Reason> = Vec::new();
        if !is_due {
            reasons.push(NO_SURVEY_DUE.reason());
        }
        if order.surveyed_on > today {
            reasons.push(IN_FUTURE.reason().at("/surveyed_on").with("today", today));
        }
        if order.surveyed_on < reported_on {
            reasons.push(ACTION_EARLY.reason().at("/surveyed_on").with("not_before", reported_on));
        }
        Refused::unless_empty(reasons)?;
        Ok(Changed::new(Surveyed { id: self.id, form: order.clone() }, CrisisSurveyed { id: self.id }))
    }
}
