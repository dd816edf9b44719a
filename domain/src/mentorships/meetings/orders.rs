//! What is sent about a meeting: the plan, and one order for each way in which it may end.
use super::{AidKind, CancellationReason, Direction, MeetingMethod, MissedBy, TopicSetBy};
use crate::base::id::RequestId;
use crate::base::moment::Moment;
use crate::base::text::repeats;
use crate::base::text::{Note, Title, contradiction};
use crate::people::RiskFlag;
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

/// A meeting as it is planned and re-planned, whole.
#[form]
#[validate(schema(function = "plan_is_whole"))]
#[schema(example = json!({"planned_at": "2026-03-14T06:00:00Z", "method": "talk", "directions": ["d01"], "topic": "Планы на учёбу", "topic_set_by": "together", "place": "Библиотека, п. Усть-Ордынский", "online": false}))]
pub struct MeetingForm {
    /// When, within the term of the mentorship; a past time may be given to record what was not planned.
    pub planned_at: Moment,
    /// How.
    pub method: MeetingMethod,
    /// What it is to work on, each once.
    #[at_most(11)]
    pub directions: Vec<Direction>,
    /// The topic.
    pub topic: Option<Title>,
    /// Who set the topic; only with a topic.
    pub topic_set_by: Option<TopicSetBy>,
    /// Where.
    pub place: Option<Title>,
    /// Whether by phone or video.
    #[serde(default)]
    pub online: bool,
    /// What kind of aid; only with the method `aid`.
    pub aid_kind: Option<AidKind>,
    /// The open request of the recipient that it answers when held; only for a consultation or aid (002 §5.4).
    pub request_id: Option<RequestId>,
}

fn plan_is_whole(it: &MeetingForm) -> Result<(), ValidationError> {
    let author_of_nothing = it.topic_set_by.is_some() && it.topic.is_none();
    let aid_of_nothing = it.aid_kind.is_some() && it.method != MeetingMethod::Aid;
    if author_of_nothing || aid_of_nothing || repeats(&it.directions) { Err(contradiction()) } else { Ok(()) }
}

/// An order that records a meeting as held.
#[form]
#[validate(schema(function = "holding_is_whole"))]
#[schema(example = json!({"began_at": "2026-03-14T06:05:00Z", "minutes": 60, "directions": ["d01", "d03"], "topic": "Планы на учёбу", "homework": "Выписать три колледжа, которые интересны."}))]
pub struct Holding {
    /// When it began: within the term of the mentorship, not in the future.
    pub began_at: Moment,
    /// How long it lasted, in minutes, 5 to 720.
    #[within(5..=720)]
    pub minutes: i32,
    /// What it worked on, at least one, each once.
    #[count(1..=11)]
    pub directions: Vec<Direction>,
    /// The topic.
    pub topic: Title,
    /// What happened.
    pub notes: Option<Note>,
    /// What the recipient is to do by the next one.
    pub homework: Option<Note>,
    /// By what day the homework is to be done; only with homework.
    pub homework_due_on: Option<NaiveDate>,
    /// What of the family's risks it dealt with, each once (002 §2.2.7). Not shown to the recipient.
    #[at_most(6)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub risk_flags: Vec<RiskFlag>,
    /// Whether a specialist took part (002 §4.1.4).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub specialist_present: bool,
}

fn holding_is_whole(it: &Holding) -> Result<(), ValidationError> {
    let due_without_homework = it.homework_due_on.is_some() && it.homework.is_none();
    let twice = repeats(&it.directions) || repeats(&it.risk_flags);
    if due_without_homework || twice { Err(contradiction()) } else { Ok(()) }
}

/// An order that records a meeting which nobody planned as held, in one go.
#[form]
#[validate(schema(function = "record_is_whole"))]
#[schema(example = json!({"began_at": "2026-03-14T06:05:00Z", "minutes": 60, "method": "talk", "directions": ["d01", "d03"], "topic": "Планы на учёбу"}))]
pub struct MeetingRecord {
    /// When it began: within the term of the mentorship, not in the future.
    pub began_at: Moment,
    /// How long it lasted, in minutes, 5 to 720.
    #[within(5..=720)]
    pub minutes: i32,
    /// How.
    pub method: MeetingMethod,
    /// What it worked on, at least one, each once.
    #[count(1..=11)]
    pub directions: Vec<Direction>,
    /// The topic.
    pub topic: Title,
    /// Who set the topic.
    pub topic_set_by: Option<TopicSetBy>,
    /// Where.
    pub place: Option<Title>,
    /// Whether by phone or video.
    #[serde(default)]
    pub online: bool,
    /// What kind of aid; only with the method `aid`.
    pub aid_kind: Option<AidKind>,
    /// The open request of the recipient that it answers when held; only for a consultation or aid (002 §5.4).
    pub request_id: Option<RequestId>,
    /// What happened.
    pub notes: Option<Note>,
    /// What the recipient is to do by the next one.
    pub homework: Option<Note>,
    /// By what day the homework is to be done; only with homework.
    pub homework_due_on: Option<NaiveDate>,
    /// What of the family's risks it dealt with, each once (002 §2.2.7).
    #[at_most(6)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub risk_flags: Vec<RiskFlag>,
    /// Whether a specialist took part (002 §4.1.4).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub specialist_present: bool,
}

impl MeetingRecord {
    /// The plan that there would have been.
    pub(super) fn plan(&self) -> MeetingForm {
        MeetingForm {
            planned_at: self.began_at,
            method: self.method,
            directions: self.directions.clone(),
            topic: Some(self.topic.clone()),
            topic_set_by: self.topic_set_by,
            place: self.place.clone(),
            online: self.online,
            aid_kind: self.aid_kind,
            request_id: self.request_id,
        }
    }
    /// What was done.
    pub(super) fn holding(&self) -> Holding {
        Holding {
            began_at: self.began_at,
            minutes: self.minutes,
            directions: self.directions.clone(),
            topic: self.topic.clone(),
            notes: self.notes.clone(),
            homework: self.homework.clone(),
            homework_due_on: self.homework_due_on,
            risk_flags: self.risk_flags.clone(),
            specialist_present: self.specialist_present,
        }
    }
}

fn record_is_whole(it: &MeetingRecord) -> Result<(), ValidationError> {
    plan_is_whole(&it.plan())?;
    holding_is_whole(&it.holding())
}

/// An order that records that somebody did not come.
#[form]
#[schema(example = json!({"by": "recipient", "note": "Не отвечает на звонки."}))]
pub struct Missing {
    /// Who did not come.
    pub by: MissedBy,
    /// What is known.
    pub note: Option<Note>,
}

/// An order that cancels a planned meeting.
#[form]
#[validate(schema(function = "cancellation_is_whole"))]
#[schema(example = json!({"reason": "illness"}))]
pub struct Cancellation {
    /// Why; `mentorship_ended` is set by the system alone.
    pub reason: CancellationReason,
    /// In words: needed when the reason is `other`.
    pub note: Option<Note>,
}

fn cancellation_is_whole(it: &Cancellation) -> Result<(), ValidationError> {
    if it.reason == CancellationReason::MentorshipEnded { Err(contradiction()) } else { Ok(()) }
}
