//! The orders about a group meeting.
use super::{GameTopic, GroupPurpose};
use crate::base::clauses::{all_hold, clash};
use crate::base::id::{MentorId, MentorshipId};
use crate::base::moment::Moment;
use crate::base::text::repeats;
use crate::base::text::{Note, Title};
use crate::mentorships::meetings::{Direction, MeetingMethod};
use shape::form;
use validator::{Validate, ValidationError};

/// The plan of a group meeting. An edit replaces all members.
#[form]
#[validate(schema(function = "plan_is_whole"))]
#[schema(example = json!({"planned_at": "2026-03-21T05:00:00Z", "method": "game", "purpose": "social_contacts", "mentorship_ids": ["01980000-0000-7000-8000-000000000011"], "directions": ["d01", "d10"], "topic": "Как договориться с соседями", "place": "Дом культуры, п. Усть-Ордынский", "online": false, "game_topic": "conflict", "skills": ["Слушать другого"]}))]
pub struct GroupMeetingForm {
    /// The planned time, in the term of each mentorship. It may be in the past, to record a meeting that was not planned.
    pub planned_at: Moment,
    /// The method: one that suits work with a group (002 §5.5).
    pub method: MeetingMethod,
    /// The purpose of the meeting.
    pub purpose: GroupPurpose,
    /// The active mentorships that take part, each once. By 002 §5.6 they have one mentor, mentors of one institution, or
    /// recipients of one category.
    #[count(1..=50)]
    pub mentorship_ids: Vec<MentorshipId>,
    /// The mentor who leads: a mentor of one of the mentorships.
    pub led_by: Option<MentorId>,
    /// The planned directions of work, each once.
    #[at_most(11)]
    pub directions: Vec<Direction>,
    /// The topic of the meeting.
    pub topic: Title,
    /// The place of the meeting.
    pub place: Option<Title>,
    /// Whether the meeting is held by phone or video.
    #[serde(default)]
    pub online: bool,
    /// The topic of the game. Only for the method `game`.
    pub game_topic: Option<GameTopic>,
    /// The skills that the recipients practise.
    #[at_most(20)]
    pub skills: Vec<Title>,
}

fn plan_is_whole(it: &GroupMeetingForm) -> Result<(), ValidationError> {
    let game_of_nothing = it.game_topic.is_some() && it.method != MeetingMethod::Game;
    all_hold([
        clash(game_of_nothing, &["game_topic", "method"]),
        clash(repeats(&it.mentorship_ids), &["mentorship_ids"]),
        clash(repeats(&it.directions), &["directions"]),
        clash(repeats(&it.skills), &["skills"]),
    ])
}

/// The attendance of one recipient.
#[form]
#[derive(Copy)]
pub struct Attendance {
    /// The mentorship of the recipient.
    pub mentorship_id: MentorshipId,
    /// Whether the recipient came.
    pub attended: bool,
}

/// An order that records a group meeting as held.
#[form]
#[validate(schema(function = "holding_is_whole"))]
#[schema(example = json!({"began_at": "2026-03-21T05:10:00Z", "minutes": 90, "directions": ["d01", "d10"], "topic": "Как договориться с соседями", "attendance": [{"mentorship_id": "01980000-0000-7000-8000-000000000011", "attended": true}], "reflection": "Говорили охотно, просят собираться чаще.", "relationship_rating": 4}))]
pub struct GroupHolding {
    /// The beginning of the meeting: in the term of each mentorship that came, and not in the future.
    pub began_at: Moment,
    /// The length of the meeting in minutes, 5 to 720.
    #[within(5..=720)]
    pub minutes: i32,
    /// The directions of work, at least one, each once.
    #[count(1..=11)]
    pub directions: Vec<Direction>,
    /// The topic of the meeting.
    pub topic: Title,
    /// The attendance: each participant exactly once, and at least one who came.
    #[count(1..=50)]
    pub attendance: Vec<Attendance>,
    /// The group's own view of its results (002 §5.7). Visible only to callers who see all participants.
    pub reflection: Option<Note>,
    /// The quality of relations between mentors and recipients, 1 to 5 (002 §5.7). Visible like `reflection`.
    #[within(1..=5)]
    pub relationship_rating: Option<i32>,
}

fn holding_is_whole(it: &GroupHolding) -> Result<(), ValidationError> {
    all_hold([clash(repeats(&it.directions), &["directions"])])
}
