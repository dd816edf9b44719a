//! The days of a mentorship on which a report or a survey may be dated.
use crate::base::id::MentorshipId;
use crate::base::refusal::{Reason, Refused, Rule};
use crate::mentorships::{Mentorship, NOT_ACTIVE};
use chrono::NaiveDate;

/// The days of a mentorship that has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MentorshipDays {
    /// The mentorship.
    pub mentorship_id: MentorshipId,
    /// The first day of the mentorship.
    pub first: NaiveDate,
    /// The last day: the end of the term, or the day on which the mentorship ended earlier.
    pub last: NaiveDate,
}

impl MentorshipDays {
    /// The reason against a record of any day: none of the days has come.
    pub(crate) fn against_every_day(
        &self,
        today: NaiveDate,
        rule: &'static Rule,
        pointer: &str,
    ) -> Option<Reason> {
        self.against(self.first, today, rule, pointer)
    }
    /// The days of a mentorship that is active, paused, completed, replaced or terminated. Refuses other states.
    pub fn of(it: &Mentorship) -> Result<Self, Refused> {
        let (term, ended_on) = match it {
            Mentorship::Active(it) => (&it.term, None),
            Mentorship::Paused(it) => (&it.term, None),
            Mentorship::Completed(it) => (&it.term, Some(it.ended_on)),
            Mentorship::Replaced(it) => (&it.term, Some(it.replacement.ended_on)),
            Mentorship::Terminated(it) => (&it.term, Some(it.termination.ended_on)),
            _ => return Err(NOT_ACTIVE.refuse()),
        };
        let last = ended_on.map_or(term.ends_on, |it| it.min(term.ends_on));
        Ok(Self { mentorship_id: it.pairing().id, first: term.starts_on, last })
    }
    /// The reason against a record dated on the day: it is before the first day, after the last day, or in the future.
    pub(crate) fn against(
        &self,
        day: NaiveDate,
        today: NaiveDate,
        rule: &'static Rule,
        pointer: &str,
    ) -> Option<Reason> {
        let latest = self.last.min(today);
        let reason = || rule.reason().at(pointer).with("not_before", self.first).with("not_after", latest);
        (!(self.first..=latest).contains(&day)).then(reason)
    }
}
