//! Meetings of a mentor and a recipient (002 §5.3–5.4; 001 L40). A meeting's number is its place in time among the
//! held ones: what is recorded late takes the place that it had.
mod orders;
#[cfg(test)]
mod tests;
mod words;

pub use orders::{Cancellation, Holding, MeetingForm, Missing};
pub use words::{
    CancellationReason, Direction, MeetingAction, MeetingMethod, MeetingState, MissedBy, TopicSetBy,
};

use crate::access::Right;
use crate::change::{Changed, changed_fields, facts};
use crate::id::{MeetingId, MentorshipId};
use crate::mentorships::{Active, Completed, CompletionReason, MEETINGS_DONE};
use crate::moment::{Moment, Zone};
use crate::programs::{Completion, CompletionKind};
use crate::refusal::{Reason, Refused, rules};
use crate::text::MISSING;
use crate::word::Word;
use chrono::{NaiveDate, TimeDelta};

rules! {
    MEETING_NOT_PLANNED = "meeting.not_planned", State, ours, "Встреча уже состоялась, пропущена или отменена.", "The meeting has been held, missed or cancelled already.";
    MEETING_OUT_OF_TERM = "meeting.out_of_term", Content, "002 §3.8", "Встреча вне срока наставничества.", "The meeting lies outside the term of the mentorship.";
    MEETING_IN_FUTURE = "meeting.in_future", Content, ours, "Время встречи ещё не наступило.", "The time of the meeting has not come yet.";
    MEETING_OVERLAPS = "meeting.overlaps", State, ours, "В это время уже состоялась другая встреча этого наставничества.", "Another meeting of this mentorship was held at that time.";
}

facts! {
    /// A meeting was planned.
    MeetingPlanned = "meeting.planned" about Meeting (MeetingId) {
        /// The mentorship.
        mentorship_id: MentorshipId,
    }
    /// A planned meeting changed.
    MeetingEdited = "meeting.edited" about Meeting (MeetingId) {
        /// The mentorship.
        mentorship_id: MentorshipId,
        /// The members that differ.
        fields: Vec<String>,
    }
    /// A meeting was held.
    MeetingHeld = "meeting.held" about Meeting (MeetingId) {
        /// The mentorship.
        mentorship_id: MentorshipId,
        /// Its place in time among the held ones, from 1, as known then.
        number: i32,
        /// What it worked on.
        directions: Vec<Direction>,
    }
    /// Somebody did not come to a meeting.
    MeetingMissed = "meeting.missed" about Meeting (MeetingId) {
        /// The mentorship.
        mentorship_id: MentorshipId,
        /// Who.
        by: MissedBy,
    }
    /// A meeting was cancelled.
    MeetingCancelled = "meeting.cancelled" about Meeting (MeetingId) {
        /// The mentorship.
        mentorship_id: MentorshipId,
        /// Why.
        reason: CancellationReason,
    }
}

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

/// The time that a held meeting took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slot {
    /// When it began.
    pub began_at: Moment,
    /// How long it lasted, in minutes.
    pub minutes: i32,
}

impl Slot {
    fn overlaps(self, other: Self) -> bool {
        let end = |it: Self| it.began_at.plus(TimeDelta::minutes(it.minutes.into()));
        self.began_at < end(other) && other.began_at < end(self)
    }
}

/// What is known when a meeting is recorded as held.
#[derive(Debug, Clone, PartialEq)]
pub struct Pace {
    /// The meetings of the mentorship already held.
    pub held: Vec<Slot>,
    /// What completes a mentorship, by its edition.
    pub completion: Completion,
    /// The region's time zone.
    pub zone: Zone,
}

impl Pace {
    /// How many meetings complete the mentorship, if meetings do.
    fn goal(&self) -> Option<usize> {
        let by_meetings = self.completion.kind == CompletionKind::Meetings;
        self.completion.meetings.filter(|_| by_meetings).and_then(|it| usize::try_from(it).ok())
    }
}

/// What a held meeting left: itself and, if it was the last of the program, the mentorship completed.
#[derive(Debug, Clone, PartialEq)]
pub struct MeetingOutcome {
    /// The meeting.
    pub meeting: HeldMeeting,
    /// The mentorship, if this meeting completed it.
    pub completed: Option<Completed>,
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

impl Active {
    /// Plans a meeting within the term.
    pub fn plan(&self, id: MeetingId, form: &MeetingForm, zone: Zone) -> Result<Changed<Planned>, Refused> {
        Refused::unless_empty(
            self.out_of_term(zone.day(form.planned_at), "/planned_at").into_iter().collect(),
        )?;
        let mentorship_id = self.pairing.id;
        Ok(Changed::new(
            Planned { id, mentorship_id, form: form.clone() },
            MeetingPlanned { id, mentorship_id },
        ))
    }
    /// Replaces the plan of a meeting.
    pub fn replan(
        &self,
        meeting: Planned,
        form: &MeetingForm,
        zone: Zone,
    ) -> Result<Changed<Planned>, Refused> {
        Refused::unless_empty(
            self.out_of_term(zone.day(form.planned_at), "/planned_at").into_iter().collect(),
        )?;
        let Planned { id, mentorship_id, form: before } = meeting;
        let fact = MeetingEdited { id, mentorship_id, fields: changed_fields(&before, form) };
        Ok(Changed::new(Planned { id, mentorship_id, form: form.clone() }, fact))
    }
    /// Records a meeting as held. The last one of a program that completes by meetings completes the mentorship.
    pub fn hold(
        self,
        meeting: Planned,
        order: &Holding,
        pace: &Pace,
        now: Moment,
    ) -> Result<Changed<MeetingOutcome>, Refused> {
        Refused::unless_empty(self.against_holding(order, pace, now))?;
        let count = pace.held.len().saturating_add(1);
        let earlier = pace.held.iter().filter(|it| it.began_at < order.began_at).count();
        let fact = MeetingHeld {
            id: meeting.id,
            mentorship_id: meeting.mentorship_id,
            number: i32::try_from(earlier).unwrap_or(i32::MAX).saturating_add(1),
            directions: order.directions.clone(),
        };
        let meeting = HeldMeeting { was: meeting, holding: order.clone() };
        if pace.goal() != Some(count) {
            return Ok(Changed::new(MeetingOutcome { meeting, completed: None }, fact));
        }
        let latest = pace.held.iter().map(|it| it.began_at).fold(order.began_at, Moment::max);
        let (completed, end) = self.complete(CompletionReason::MeetingsHeld, pace.zone.day(latest));
        Ok(Changed::new(MeetingOutcome { meeting, completed: Some(completed) }, fact).and(end))
    }
    fn against_holding(&self, order: &Holding, pace: &Pace, now: Moment) -> Vec<Reason> {
        let slot = Slot { began_at: order.began_at, minutes: order.minutes };
        let mut reasons = Vec::new();
        if pace.goal().is_some_and(|goal| pace.held.len() >= goal) {
            reasons.push(MEETINGS_DONE.reason());
        }
        if order.began_at > now {
            reasons.push(MEETING_IN_FUTURE.reason().at("/began_at"));
        }
        reasons.extend(self.out_of_term(pace.zone.day(order.began_at), "/began_at"));
        if pace.held.iter().any(|it| it.overlaps(slot)) {
            reasons.push(MEETING_OVERLAPS.reason().at("/began_at"));
        }
        reasons
    }
    fn out_of_term(&self, day: NaiveDate, pointer: &str) -> Option<Reason> {
        let term = self.term.starts_on..=self.term.ends_on;
        let reason = || {
            let it = MEETING_OUT_OF_TERM.reason().at(pointer).with("not_before", self.term.starts_on);
            it.with("not_after", self.term.ends_on)
        };
        (!term.contains(&day)).then(reason)
    }
}

impl Planned {
    /// Records that somebody did not come, once the time has come.
    pub fn miss(self, order: &Missing, now: Moment) -> Result<Changed<Missed>, Refused> {
        if self.form.planned_at > now {
            return Err(MEETING_IN_FUTURE.refuse());
        }
        let fact = MeetingMissed { id: self.id, mentorship_id: self.mentorship_id, by: order.by };
        Ok(Changed::new(Missed { was: self, missing: order.clone() }, fact))
    }
    /// Cancels the meeting.
    pub fn cancel(self, order: &Cancellation) -> Result<Changed<Cancelled>, Refused> {
        if order.reason == CancellationReason::Other && order.note.is_none() {
            return Err(MISSING.reason().at("/note").into());
        }
        Ok(self.cancelled(order.clone()))
    }
    /// Cancels what was still planned when its mentorship ended, in the same change of things.
    pub fn end_with_mentorship(self) -> Changed<Cancelled> {
        self.cancelled(Cancellation { reason: CancellationReason::MentorshipEnded, note: None })
    }
    fn cancelled(self, cancellation: Cancellation) -> Changed<Cancelled> {
        let fact =
            MeetingCancelled { id: self.id, mentorship_id: self.mentorship_id, reason: cancellation.reason };
        Changed::new(Cancelled { was: self, cancellation }, fact)
    }
}

/// What a caller with these rights can do with a meeting of a mentorship that is active.
pub fn available_meeting_actions(state: MeetingState, may: impl Fn(Right) -> bool) -> Vec<MeetingAction> {
    if state == MeetingState::Planned && may(Right::EditMeetings) {
        MeetingAction::ALL.to_vec()
    } else {
        Vec::new()
    }
}
