//! What is told of a meeting.
use super::{HomeworkCard, HomeworkReportCard, RatingCard};
use crate::engine::card::cards;
use domain::base::id::{MeetingId, MentorshipId, RequestId};
use domain::base::moment::Moment;
use domain::base::text::Title;
use domain::mentorships::meetings::*;
use shape::card;

/// A meeting as every endpoint shows it.
#[card]
pub struct MeetingCard {
    /// Its id.
    pub id: MeetingId,
    /// Grows with every change; the `ETag`.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The mentorship.
    pub mentorship_id: MentorshipId,
    /// Where it stands.
    pub state: MeetingState,
    /// When it took place, or is or was to.
    pub at: Moment,
    /// When it was planned for.
    pub planned_at: Moment,
    /// How.
    pub method: MeetingMethod,
    /// What it was to work on.
    #[schema(max_items = 11)]
    pub directions: Vec<Direction>,
    /// The topic as planned.
    pub topic: Option<Title>,
    /// Who set the topic.
    pub topic_set_by: Option<TopicSetBy>,
    /// Where.
    pub place: Option<Title>,
    /// Whether by phone or video.
    pub online: bool,
    /// What kind of aid.
    pub aid_kind: Option<AidKind>,
    /// The request of the recipient that it answers.
    pub request_id: Option<RequestId>,
    /// The place in time of a held one among the held ones of its mentorship, from 1.
    #[schema(minimum = 1, maximum = 100_000, example = 2)]
    pub number: Option<i64>,
    /// What was recorded when it was held. Its `notes` and `risk_flags` are not shown to the recipient.
    pub held: Option<Holding>,
    /// How its homework stands today, if there is any.
    pub homework_state: Option<HomeworkState>,
    /// What became of its homework, once somebody told: the latest of the reports.
    pub homework_result: Option<HomeworkCard>,
    /// All that was told of its homework and by whom, in the order of time.
    #[schema(max_items = 50)]
    pub homework_reports: Vec<HomeworkReportCard>,
    /// How the sides found it. A side sees what it said itself.
    #[schema(max_items = 2)]
    pub ratings: Vec<RatingCard>,
    /// Who did not come. Its `note` is not shown to the recipient.
    pub missed: Option<Missing>,
    /// Why it was cancelled. Its `note` is not shown to the recipient.
    pub cancelled: Option<Cancellation>,
    /// What this caller can do with it now.
    #[schema(max_items = 10)]
    pub available_actions: Vec<MeetingAction>,
    /// When it was planned.
    pub created_at: Moment,
    /// When it last changed.
    pub updated_at: Moment,
}

cards! { MeetingCard in "meetings" about Meeting; }
