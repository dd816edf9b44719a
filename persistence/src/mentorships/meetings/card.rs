//! The card of a meeting.
use super::{HomeworkCard, HomeworkReportCard, RatingCard};
use crate::engine::card::cards;
use domain::base::action::AvailableAction;
use domain::base::entry::Annulment;
use domain::base::id::{MeetingId, MentorshipId, RequestId};
use domain::base::moment::Moment;
use domain::base::text::{Note, Title};
use domain::mentorships::meetings::*;
use shape::card;

/// A meeting as every endpoint returns it.
#[card]
pub struct MeetingCard {
    /// The id of the meeting.
    pub id: MeetingId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The mentorship of the meeting.
    pub mentorship_id: MentorshipId,
    /// The state of the meeting.
    pub state: MeetingState,
    /// The moment of the meeting: the actual one if it was held, otherwise the planned one.
    pub at: Moment,
    /// The planned moment of the meeting.
    pub planned_at: Moment,
    /// The method of the meeting.
    pub method: MeetingMethod,
    /// The planned directions of work.
    #[schema(max_items = 11)]
    pub directions: Vec<Direction>,
    /// The planned topic.
    pub topic: Option<Title>,
    /// The author of the topic.
    pub topic_set_by: Option<TopicSetBy>,
    /// The place of the meeting.
    pub place: Option<Title>,
    /// Whether the meeting is by phone or video.
    pub online: bool,
    /// The kind of aid, if the method is `aid`.
    pub aid_kind: Option<AidKind>,
    /// The request of the recipient that the meeting answers.
    pub request_id: Option<RequestId>,
    /// The number of a held meeting among the held ones of its mentorship, from 1, ordered by time.
    #[schema(minimum = 1, maximum = 100_000, example = 2)]
    pub number: Option<i64>,
    /// The record of the held meeting. The recipient does not see its `notes` and `risk_flags`.
    pub held: Option<Holding>,
    /// The state of the homework today, if there is any.
    pub homework_state: Option<HomeworkState>,
    /// The latest report about the homework, if there is one.
    pub homework_result: Option<HomeworkCard>,
    /// All reports about the homework, ordered by time.
    #[schema(max_items = 50)]
    pub homework_reports: Vec<HomeworkReportCard>,
    /// The ratings of the meeting by the sides. A side sees only its own.
    #[schema(max_items = 2)]
    pub ratings: Vec<RatingCard>,
    /// The record of the missed meeting. The recipient does not see its `note`.
    pub missed: Option<Missing>,
    /// The cancellation of the meeting. The recipient does not see its `note`.
    pub cancelled: Option<CancellationCard>,
    /// The annulment of the record of a held meeting, which counts no more.
    pub annulment: Option<Annulment>,
    /// Orders that this caller may send to the meeting now.
    #[schema(max_items = 20)]
    pub available_actions: Vec<AvailableAction>,
    /// The moment at which the meeting was planned.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

/// The cancellation of a meeting.
#[card]
pub struct CancellationCard {
    /// The reason for the cancellation.
    pub reason: CancellationReason,
    /// A description of the reason.
    pub note: Option<Note>,
}

impl From<Cancellation> for CancellationCard {
    fn from(it: Cancellation) -> Self {
        Self { reason: it.reason, note: it.note }
    }
}

cards! { MeetingCard in "meetings" about Meeting; }
