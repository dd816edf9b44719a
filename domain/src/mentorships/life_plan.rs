//! The life plan that a program of meetings asks for (001 L40): the mentorship is completed by the last of two events, the held meetings
//! and the adoption of a version of the recipient's life plan, in either order.
use super::meetings::Pace;
use super::{Active, Completed, CompletionReason, Running};
use crate::base::change::Changed;
use crate::base::word::words;
use chrono::NaiveDate;

words! {
    /// The thing that a mentorship still waits for after all its meetings.
    Awaited in "mentorship-awaits" {
        LifePlan = "life_plan", "жизненный план", "life plan";
    }
}

/// The life plan of the recipient, as the program asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LifePlan {
    /// The program asks for none.
    #[default]
    NotRequired,
    /// No version was adopted in the term of the mentorship.
    Awaited,
    /// The first version that was adopted in the term, with its day.
    Adopted(NaiveDate),
}

impl Pace {
    /// The last day of a mentorship that is completed by its meetings: the later of the last meeting and the adoption. `None` while
    /// something is missing.
    pub fn completed_on(&self) -> Option<NaiveDate> {
        if !self.is_reached() {
            return None;
        }
        let met_on = self.held.iter().map(|it| self.zone.day(it.began_at)).max()?;
        match self.life_plan {
            LifePlan::NotRequired => Some(met_on),
            LifePlan::Awaited => None,
            LifePlan::Adopted(day) => Some(day.max(met_on)),
        }
    }
    /// The thing that a mentorship waits for whose meetings are all held.
    pub fn awaits(&self) -> Option<Awaited> {
        (self.is_reached() && self.life_plan == LifePlan::Awaited).then_some(Awaited::LifePlan)
    }
}

impl Running {
    /// Completes the mentorship, also a paused one, if the life plan was the last thing that was missing. `None` otherwise.
    pub fn complete_by_life_plan(self, pace: &Pace) -> Option<Changed<Completed>> {
        let ended_on = pace.completed_on()?;
        let Self { pairing, term } = self;
        let (completed, fact) = Active { pairing, term }.complete(CompletionReason::MeetingsHeld, ended_on);
        Some(Changed::new(completed, fact))
    }
}
