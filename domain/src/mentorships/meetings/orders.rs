//! The orders about a meeting: the plan, and one order for each way to close it.
use super::{
    AidKind, CancellationReason, Direction, MeetingMethod, MissedBy, SentCancellationReason, TopicSetBy,
};
use crate::base::clauses::{Clause, all_hold, clash};
use crate::base::id::RequestId;
use crate::base::moment::Moment;
use crate::base::refusal::Reason;
use crate::base::text::repeats;
use crate::base::text::{MISSING, Note, Title};
use crate::base::word::{Demand, Word, only_sent};
use crate::people::RiskFlag;
use chrono::NaiveDate;
use shape::form;
use validator::{Validate, ValidationError};

/// The plan of a meeting. An edit replaces all members.
#[form]
#[validate(schema(function = "plan_is_whole"))]
#[schema(example = json!({"planned_at": "2026-03-14T06:00:00Z", "method": "talk", "directions": ["d01"], "topic": "Планы на учёбу", "topic_set_by": "together", "place": "Библиотека, п. Усть-Ордынский", "online": false}))]
pub struct MeetingForm {
    /// The planned time, in the term of the mentorship. It may be in the past, to record a meeting that was not planned.
    pub planned_at: Moment,
    /// The method of the meeting.
    pub method: MeetingMethod,
    /// The planned directions of work, each once.
    #[at_most(11)]
    pub directions: Vec<Direction>,
    /// The topic of the meeting.
    pub topic: Option<Title>,
    /// The author of the topic. Only with a topic.
    pub topic_set_by: Option<TopicSetBy>,
    /// The place of the meeting.
    pub place: Option<Title>,
    /// Whether the meeting is held by phone or video.
    #[serde(default)]
    pub online: bool,
    /// The kind of aid. Only for the method `aid`.
    pub aid_kind: Option<AidKind>,
    /// The open request of the recipient that the held meeting answers. Only for a consultation or aid (002 §5.4).
    pub request_id: Option<RequestId>,
}

fn plan_is_whole(it: &MeetingForm) -> Result<(), ValidationError> {
    all_hold([
        clash(it.topic_set_by.is_some() && it.topic.is_none(), &["topic_set_by", "topic"]),
        aid(it.aid_kind, it.method),
        clash(repeats(&it.directions), &["directions"]),
    ])
}

fn aid(kind: Option<AidKind>, method: MeetingMethod) -> Clause {
    clash(kind.is_some() && method != MeetingMethod::Aid, &["aid_kind", "method"])
}

/// An order that records a meeting as held.
#[form]
#[validate(schema(function = "holding_is_whole"))]
#[schema(example = json!({"began_at": "2026-03-14T06:05:00Z", "minutes": 60, "directions": ["d01", "d03"], "topic": "Планы на учёбу", "homework": "Выписать три колледжа, которые интересны."}))]
pub struct Holding {
    /// The beginning of the meeting: in the term of the mentorship and not in the future.
    pub began_at: Moment,
    /// The length of the meeting in minutes, 5 to 720.
    #[within(5..=720)]
    pub minutes: i32,
    /// The directions of work, at least one, each once.
    #[count(1..=11)]
    pub directions: Vec<Direction>,
    /// The topic of the meeting.
    pub topic: Title,
    /// Notes about the course of the meeting.
    pub notes: Option<Note>,
    /// The homework of the recipient for the next meeting.
    pub homework: Option<Note>,
    /// The deadline of the homework. Only with homework.
    pub homework_due_on: Option<NaiveDate>,
    /// The risks of the family that the meeting dealt with, each once (002 §2.2.7). Hidden from the recipient.
    #[at_most(6)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub risk_flags: Vec<RiskFlag>,
    /// Whether a specialist took part (002 §4.1.4).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub specialist_present: bool,
}

fn holding_is_whole(it: &Holding) -> Result<(), ValidationError> {
    all_hold(holding(it))
}

fn holding(it: &Holding) -> [Clause; 3] {
    let due_without_homework = it.homework_due_on.is_some() && it.homework.is_none();
    [
        clash(due_without_homework, &["homework_due_on", "homework"]),
        clash(repeats(&it.directions), &["directions"]),
        clash(repeats(&it.risk_flags), &["risk_flags"]),
    ]
}

/// An order that records a held meeting which was not planned.
#[form]
#[validate(schema(function = "record_is_whole"))]
#[schema(example = json!({"began_at": "2026-03-14T06:05:00Z", "minutes": 60, "method": "talk", "directions": ["d01", "d03"], "topic": "Планы на учёбу"}))]
pub struct MeetingRecord {
    /// The beginning of the meeting: in the term of the mentorship and not in the future.
    pub began_at: Moment,
    /// The length of the meeting in minutes, 5 to 720.
    #[within(5..=720)]
    pub minutes: i32,
    /// The method of the meeting.
    pub method: MeetingMethod,
    /// The directions of work, at least one, each once.
    #[count(1..=11)]
    pub directions: Vec<Direction>,
    /// The topic of the meeting.
    pub topic: Title,
    /// The author of the topic.
    pub topic_set_by: Option<TopicSetBy>,
    /// The place of the meeting.
    pub place: Option<Title>,
    /// Whether the meeting was held by phone or video.
    #[serde(default)]
    pub online: bool,
    /// The kind of aid. Only for the method `aid`.
    pub aid_kind: Option<AidKind>,
    /// The open request of the recipient that this meeting answers. Only for a consultation or aid (002 §5.4).
    pub request_id: Option<RequestId>,
    /// Notes about the course of the meeting.
    pub notes: Option<Note>,
    /// The homework of the recipient for the next meeting.
    pub homework: Option<Note>,
    /// The deadline of the homework. Only with homework.
    pub homework_due_on: Option<NaiveDate>,
    /// The risks of the family that the meeting dealt with, each once (002 §2.2.7). Hidden from the recipient.
    #[at_most(6)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub risk_flags: Vec<RiskFlag>,
    /// Whether a specialist took part (002 §4.1.4).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub specialist_present: bool,
}

impl MeetingRecord {
    /// The part of the record that a plan contains.
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
    /// The part of the record that describes the held meeting.
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
    all_hold(holding(&it.holding()).into_iter().chain([aid(it.aid_kind, it.method)]))
}

/// An order that records a meeting as missed.
#[form]
#[schema(example = json!({"by": "recipient", "note": "Не отвечает на звонки."}))]
pub struct Missing {
    /// The side that did not come.
    pub by: MissedBy,
    /// A description of the circumstances.
    pub note: Option<Note>,
}

/// An order that cancels a planned meeting.
#[form]
#[schema(example = json!({"reason": "illness"}))]
pub struct Cancellation {
    /// The reason for the cancellation.
    #[schema(value_type = SentCancellationReason)]
    #[serde(deserialize_with = "only_sent")]
    pub reason: CancellationReason,
    /// A description of the reason. Required when the reason is `other`.
    pub note: Option<Note>,
}

impl Cancellation {
    /// The reason against a cancellation whose reason demands a description.
    pub(in crate::mentorships) fn unexplained(&self) -> Option<Reason> {
        let lacks = self.reason.demands().contains(&Demand::Text) && self.note.is_none();
        lacks.then(|| MISSING.reason().at("/note"))
    }
}
