//! The states of a meeting as types.
use super::{Cancellation, Holding, MEETING_NOT_PLANNED, MeetingForm, MeetingState, Missing};
use crate::base::id::{MeetingId, MentorshipId};
use crate::base::refusal::Refused;

/// To take place.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// Its id.
    pub id: MeetingId,
    /// The mentorship.
    pub mentorship_id: MentorshipId,
    /// The plan.
    pub form: MeetingForm,
}

/// Held.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldMeeting {
    /// The meeting as planned.
    pub was: Planned,
    /// What was recorded.
    pub holding: Holding,
    /// Whether the homework was told to be done.
    pub homework_done: bool,
}

/// Missed.
#[derive(Debug, Clone, PartialEq)]
pub struct Missed {
    /// The meeting as planned.
    pub was: Planned,
    /// What was recorded.
    pub missing: Missing,
}

/// Cancelled.
#[derive(Debug, Clone, PartialEq)]
pub struct Cancelled {
    /// The meeting as planned.
    pub was: Planned,
    /// What was recorded.
    pub cancellation: Cancellation,
}

/// A meeting in whatever state.
#[derive(Debug, Clone, PartialEq)]
pub enum Meeting {
    /// To take place.
    Planned(Planned),
    /// Held.
    Held(HeldMeeting),
    /// Missed.
    Missed(Missed),
    /// Cancelled.
    Cancelled(Cancelled),
}

impl Meeting {
    /// Its state as a word.
    pub fn state(&self) -> MeetingState {
        match self {
            Self::Planned(_) => MeetingState::Planned,
            Self::Held(_) => MeetingState::Held,
            Self::Missed(_) => MeetingState::Missed,
            Self::Cancelled(_) => MeetingState::Cancelled,
        }
    }
    /// The planned meeting: the one place that refuses what has been settled.
    pub fn planned(self) -> Result<Planned, Refused> {
        match self {
            Self::Planned(it) => Ok(it),
            _ => Err(MEETING_NOT_PLANNED.refuse()),
        }
    }
}
