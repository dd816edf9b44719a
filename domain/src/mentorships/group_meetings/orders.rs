//! What is sent about a group meeting.
use super::{GameTopic, GroupPurpose};
use crate::base::id::{MentorId, MentorshipId};
use crate::base::moment::Moment;
use crate::base::text::repeats;
use crate::base::text::{Note, Title, contradiction};
use crate::mentorships::meetings::{Direction, MeetingMethod};
use shape::form;
use validator::{Validate, ValidationError};

/// A group meeting as it is planned and re-planned, whole.
#[form]
#[validate(schema(function = "plan_is_whole"))]
#[schema(example = json!({"planned_at": "2026-03-21T05:00:00Z", "method": "game", "purpose": "social_contacts", "mentorship_ids": ["01980000-0000-7000-8000-000000000011"], "directions": ["d01", "d10"], "topic": "Как договориться с соседями", "place": "Дом культуры, п. Усть-Ордынский", "online": false, "game_topic": "conflict", "skills": ["Слушать другого"]}))]
pub struct GroupMeetingForm {
    /// When, within the term of each of the mentorships; a past time may be given to record what was not planned.
    pub planned_at: Moment,
    /// How: a method that suits work with a group (002 §5.5).
    pub method: MeetingMethod,
    /// What for.
    pub purpose: GroupPurpose,
    /// The active mentorships that take part, each once. By 002 §5.6 they have one mentor, or mentors of one institution, or
    /// recipients of one category.
    #[count(1..=50)]
    pub mentorship_ids: Vec<MentorshipId>,
    /// The mentor who leads: one of theirs.
    pub led_by: Option<MentorId>,
    /// What it is to work on, each once.
    #[at_most(11)]
    pub directions: Vec<Direction>,
    /// The topic.
    pub topic: Title,
    /// Where.
    pub place: Option<Title>,
    /// Whether by phone or video.
    #[serde(default)]
    pub online: bool,
    /// What the game is about; only with the method `game`.
    pub game_topic: Option<GameTopic>,
    /// The skills that it is to teach.
    #[at_most(20)]
    pub skills: Vec<Title>,
}

fn plan_is_whole(it: &GroupMeetingForm) -> Result<(), ValidationError> {
    let game_of_nothing = it.game_topic.is_some() && it.method != MeetingMethod::Game;
    let twice = repeats(&it.mentorship_ids) || repeats(&it.directions) || repeats(&it.skills);
    if game_of_nothing || twice { Err(contradiction()) } else { Ok(()) }
}

/// Whether a recipient came.
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
    /// When it began: within the term of each mentorship that came, not in the future.
    pub began_at: Moment,
    /// How long it lasted, in minutes, 5 to 720.
    #[within(5..=720)]
    pub minutes: i32,
    /// What it worked on, at least one, each once.
    #[count(1..=11)]
    pub directions: Vec<Direction>,
    /// The topic.
    pub topic: Title,
    /// Who came: every participant exactly once, at least one of whom came.
    #[count(1..=50)]
    pub attendance: Vec<Attendance>,
    /// What the group thinks of what it has reached (002 §5.7). Shown to those alone who see every participant.
    pub reflection: Option<Note>,
    /// How good the relations of mentors and recipients are, 1 to 5 (002 §5.7). Shown like `reflection`.
    #[within(1..=5)]
    pub relationship_rating: Option<i32>,
}

fn holding_is_whole(it: &GroupHolding) -> Result<(), ValidationError> {
    if repeats(&it.directions) { Err(contradiction()) } else { Ok(()) }
}
