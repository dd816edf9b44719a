//! What comes after a held meeting: its homework is done or not (002 §5.4), and both sides say how it was.
use super::{
    ALREADY_RATED, HOMEWORK_DONE, HOMEWORK_TOLD_ENOUGH, HeldMeeting, HomeworkReported, HomeworkState,
    MEETING_NOT_HELD, Meeting, MeetingRated, NO_HOMEWORK,
};
use crate::base::access::NOT_YOURS;
use crate::base::change::Changed;
use crate::base::id::MeetingId;
use crate::base::refusal::Refused;
use crate::base::text::Note;
use crate::mentorships::Party;
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

/// An order that tells what became of the homework.
#[form]
#[schema(example = json!({"done": true, "result": "Выписаны три колледжа, выбран один."}))]
pub struct HomeworkResult {
    /// Whether it is done. What is not may be told again later.
    pub done: bool,
    /// What came of it.
    pub result: Option<Note>,
}

/// How a side found a held meeting.
#[form]
#[schema(example = json!({"party": "recipient", "score": 5, "comment": "Стало понятнее, куда поступать."}))]
pub struct MeetingRating {
    /// The side. A side speaks for itself; the institution may record what a side said.
    pub party: Party,
    /// From 1, bad, to 5, good.
    #[within(1..=5)]
    pub score: i32,
    /// In its own words.
    pub comment: Option<Note>,
}

/// The homework of a meeting with what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedHomework {
    /// The meeting.
    pub meeting_id: MeetingId,
    /// Its place among what was told of it, from 1.
    pub n: i32,
    /// The side that told; nobody's where the institution did.
    pub by: Option<Party>,
    /// What was told.
    pub result: HomeworkResult,
    /// The day on which it was told.
    pub told_on: NaiveDate,
}

/// A rating of a meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct Rated {
    /// The meeting.
    pub meeting_id: MeetingId,
    /// What the side said.
    pub rating: MeetingRating,
    /// The day on which it did.
    pub rated_on: NaiveDate,
}

/// So often at most is it told what became of one homework.
pub const HOMEWORK_REPORTS: i32 = 50;

impl HomeworkState {
    /// How homework stands on a day: with its due date, and whether it was told to be done.
    pub fn on(today: NaiveDate, due_on: Option<NaiveDate>, done: bool) -> Self {
        match due_on {
            _ if done => Self::Done,
            Some(due_on) if due_on < today => Self::Overdue,
            _ => Self::Open,
        }
    }
}

impl Meeting {
    /// The held meeting: the one place that refuses what needs one.
    pub fn held(self) -> Result<HeldMeeting, Refused> {
        match self {
            Self::Held(it) => Ok(it),
            _ => Err(MEETING_NOT_HELD.refuse()),
        }
    }
}

impl HeldMeeting {
    /// Tells what became of the homework; done once, it stays done. `by` is the caller's own side, `told` is how often it was told.
    pub fn report_homework(
        &self,
        order: &HomeworkResult,
        by: Option<Party>,
        told: i32,
        today: NaiveDate,
    ) -> Result<Changed<ReportedHomework>, Refused> {
        if self.holding.homework.is_none() {
            return Err(NO_HOMEWORK.refuse());
        }
        if self.homework_done {
            return Err(HOMEWORK_DONE.refuse());
        }
        if told >= HOMEWORK_REPORTS {
            return Err(HOMEWORK_TOLD_ENOUGH.refuse());
        }
        let (id, mentorship_id, n) = (self.was.id, self.was.mentorship_id, told.saturating_add(1));
        let reported = ReportedHomework { meeting_id: id, n, by, result: order.clone(), told_on: today };
        Ok(Changed::new(reported, HomeworkReported { id, mentorship_id, by, done: order.done }))
    }
    /// Records how a side found the meeting, once. `by` is the caller's own side; without it somebody of the institution records
    /// for a side. `rated` names the sides that have spoken.
    pub fn rate(
        &self,
        order: &MeetingRating,
        by: Option<Party>,
        rated: &[Party],
        today: NaiveDate,
    ) -> Result<Changed<Rated>, Refused> {
        if by.is_some_and(|own| own != order.party) {
            return Err(NOT_YOURS.refuse());
        }
        if rated.contains(&order.party) {
            return Err(ALREADY_RATED.reason().at("/party").into());
        }
        let (id, mentorship_id) = (self.was.id, self.was.mentorship_id);
        let given = Rated { meeting_id: id, rating: order.clone(), rated_on: today };
        Ok(Changed::new(given, MeetingRated { id, mentorship_id, party: order.party }))
    }
}
