//! The states of a meeting as types.
use super::{Cancellation, Holding, MEETING_NOT_PLANNED, MeetingForm, MeetingState, Missing};
use crate::base::id::{MeetingId, MentorshipId};
use crate::base::refusal::Refused;

/// A planned meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// The id of the meeting.
    pub id: MeetingId,
    /// The mentorship.
    pub mentorship_id: MentorshipId,
    /// The plan of the meeting.
    pub form: MeetingForm,
}

/// A held meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldMeeting {
    /// The meeting as planned.
    pub was: Planned,
    /// The record of the meeting.
    pub holding: Holding,
    /// Whether the homework was reported as done.
    pub homework_done: bool,
}

/// A missed meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct Missed {
    /// The meeting as planned.
    pub was: Planned,
    /// The record of the absence.
    pub missing: Missing,
}

/// A cancelled meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct Cancelled {
    /// The meeting as planned.
    pub was: Planned,
    /// The order of the cancellation.
    pub cancellation: Cancellation,
}

/// A meeting in any state.
#[derive(Debug, Clone, PartialEq)]
pub enum Meeting {
    /// A planned meeting.
    Planned(Planned),
    /// A held meeting.
    Held(HeldMeeting),
    /// A missed meeting.
    Missed(Missed),
    /// A cancelled meeting.
    Cancelled(Cancelled),
    /// A held meeting whose record was annulled.
    Annulled(HeldMeeting),
}

impl Meeting {
    /// The state as a word of the vocabulary.
    pub fn state(&self) -> MeetingState {
        match self {
            Self::Planned(_) => MeetingState::Planned,
            Self::Held(_) | Self::Annulled(_) => MeetingState::Held,
            Self::Missed(_) => MeetingState::Missed,
            Self::Cancelled(_) => MeetingState::Cancelled,
        }
    }
    /// The meeting, if it is planned. All rules refuse a held, missed or cancelled meeting through this function.
    pub fn planned(self) -> Result<Planned, Refused> {
        match self {
            Self::Planned(it) => Ok(it),
            _ => Err(MEETING_NOT_PLANNED.refuse()),
        }
    }
}
