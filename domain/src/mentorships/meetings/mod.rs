//! Meetings of a mentor and a recipient (002 §5.3–5.4; 001 L40). The number of a meeting is its position by time among the held
//! ones. A meeting recorded late gets the number of its time.
mod actions;
mod annulment;
mod follow_up;
mod holding;
mod orders;
mod states;
#[cfg(test)]
mod tests;
mod words;

pub use actions::{MeetingActionFacts, MeetingOffers};
pub use annulment::{AnnulledMeeting, MeetingAnnulmentFacts};
pub use follow_up::{HOMEWORK_REPORTS, HomeworkResult, MeetingRating, Rated, ReportedHomework};
pub use holding::{MeetingOutcome, Pace, Slot};
pub use orders::{Cancellation, Holding, MeetingForm, MeetingRecord, Missing};
pub use states::{Cancelled, HeldMeeting, Meeting, Missed, Planned};
pub use words::{
    AidKind, CancellationReason, Direction, HomeworkState, MeetingMethod, MeetingState, MissedBy,
    SentCancellationReason, TopicSetBy, WorkForm, group_methods, individual_methods,
};

use crate::base::change::{Changed, facts};
use crate::base::id::{MeetingId, MentorshipId};
use crate::base::moment::Moment;
use crate::base::refusal::{Reason, Refused, rules};
use crate::mentorships::Party;

rules! {
    MEETING_NOT_PLANNED = "meeting.not_planned", State, ours, "Встреча уже состоялась, пропущена или отменена.", "The meeting has been held, missed or cancelled already.";
    MEETING_OUT_OF_TERM = "meeting.out_of_term", Content, "002 §3.8", "Встреча вне срока наставничества.", "The meeting lies outside the term of the mentorship.";
    MEETING_IN_FUTURE = "meeting.in_future", Content, ours, "Время встречи ещё не наступило.", "The time of the meeting has not come yet.";
    MEETING_OVERLAPS = "meeting.overlaps", State, ours, "В это время уже состоялась другая встреча этого наставничества.", "Another meeting of this mentorship was held at that time.";
    METHOD_UNSUITED = "meeting.method_unsuited", Content, "002 §5.3", "Этот метод не подходит для индивидуальной работы.", "This method does not suit individual work.";
    WRONG_REQUEST = "meeting.wrong_request", Content, "002 §5.4", "На запрос о консультации или помощи отвечают консультацией или помощью.", "A request for a consultation or aid is answered by a consultation or aid.";
    MEETING_NOT_HELD = "meeting.not_held", State, ours, "Встреча не состоялась.", "The meeting was not held.";
    NO_HOMEWORK = "meeting.no_homework", State, "002 §5.4", "Домашнего задания не было.", "There was no homework.";
    HOMEWORK_DONE = "meeting.homework_done", State, ours, "Домашнее задание уже выполнено.", "The homework is done already.";
    HOMEWORK_REPORTED_ENOUGH = "meeting.homework_told_enough", State, ours, "О домашнем задании рассказано слишком много раз.", "The homework has too many reports already.";
    ALREADY_RATED = "meeting.already_rated", State, ours, "Эта сторона уже оценила встречу.", "This side has rated the meeting already.";
    HOMEWORK_DUE_EARLY = "meeting.homework_due_early", Content, ours, "Срок домашнего задания раньше самой встречи.", "The homework would be due before the meeting itself.";
}

facts! {
    /// A meeting was planned.
    MeetingPlanned = "meeting.planned",
        "Встреча запланирована",
        "A meeting was planned"
        about Meeting (MeetingId) {
        /// The mentorship.
        mentorship_id: MentorshipId,
    }
    /// A planned meeting changed.
    MeetingEdited = "meeting.edited",
        "План встречи изменён[: {fields}]",
        "The plan of a meeting was changed[: {fields}]"
        about Meeting (MeetingId) {
        /// The mentorship.
        mentorship_id: MentorshipId,
        /// The names of the members that changed.
        fields: Vec<String>,
    }
    /// A meeting was held.
    MeetingHeld = "meeting.held",
        "Встреча состоялась[, № {number}]",
        "A meeting was held[, number {number}]"
        about Meeting (MeetingId) {
        /// The mentorship.
        mentorship_id: MentorshipId,
        /// The position by time among the held meetings, from 1, at the time of recording.
        number: i32,
        /// The directions of work at the meeting.
        directions: Vec<Direction>,
    }
    /// The record of a held meeting was annulled.
    MeetingAnnulled = "meeting.annulled",
        "Запись о встрече аннулирована",
        "The record of a meeting was annulled"
        about Meeting (MeetingId) {
        /// The mentorship.
        mentorship_id: MentorshipId,
    }
    /// A meeting was missed by a side.
    MeetingMissed = "meeting.missed",
        "Встреча не состоялась[, не пришли: {by}]",
        "A meeting was missed[, absent: {by}]"
        about Meeting (MeetingId) {
        /// The mentorship.
        mentorship_id: MentorshipId,
        /// The side that did not come.
        by: MissedBy,
    }
    /// A result of the homework was reported.
    HomeworkReported = "meeting.homework_reported",
        "Рассказано о домашнем задании[, выполнено: {done}]",
        "Homework was reported on[, done: {done}]"
        about Meeting (MeetingId) {
        /// The mentorship.
        mentorship_id: MentorshipId,
        /// The side that reported. Absent if the institution reported.
        by: Option<Party>,
        /// Whether the homework is done.
        done: bool,
    }
    /// A side rated a meeting.
    MeetingRated = "meeting.rated",
        "Встреча оценена[, сторона: {party}]",
        "A meeting was rated[, side: {party}]"
        about Meeting (MeetingId) {
        /// The mentorship.
        mentorship_id: MentorshipId,
        /// The side that rated.
        party: Party,
    }
    /// A meeting was cancelled.
    MeetingCancelled = "meeting.cancelled",
        "Встреча отменена[: {reason}]",
        "A meeting was cancelled[: {reason}]"
        about Meeting (MeetingId) {
        /// The mentorship.
        mentorship_id: MentorshipId,
        /// The reason for the cancellation.
        reason: CancellationReason,
    }
}

impl Planned {
    /// Records the meeting as missed. Refuses before the planned time.
    pub fn miss(self, order: &Missing, now: Moment) -> Result<Changed<Missed>, Refused> {
        Refused::unless_empty(self.against_missing(now).into_iter().collect())?;
        let fact = MeetingMissed { id: self.id, mentorship_id: self.mentorship_id, by: order.by };
        Ok(Changed::new(Missed { was: self, missing: order.clone() }, fact))
    }
    fn against_missing(&self, now: Moment) -> Option<Reason> {
        (self.form.planned_at > now).then(|| MEETING_IN_FUTURE.reason().at("/by"))
    }
    /// Cancels the meeting.
    pub fn cancel(self, order: &Cancellation) -> Result<Changed<Cancelled>, Refused> {
        Refused::unless_empty(order.unexplained().into_iter().collect())?;
        Ok(self.cancelled(order.clone()))
    }
    /// Cancels a planned meeting because its mentorship ended. Both are saved in one transaction.
    pub fn end_with_mentorship(self) -> Changed<Cancelled> {
        self.cancelled(Cancellation { reason: CancellationReason::MentorshipEnded, note: None })
    }
    fn cancelled(self, cancellation: Cancellation) -> Changed<Cancelled> {
        let fact =
            MeetingCancelled { id: self.id, mentorship_id: self.mentorship_id, reason: cancellation.reason };
        Changed::new(Cancelled { was: self, cancellation }, fact)
    }
}
