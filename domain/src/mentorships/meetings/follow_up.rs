//! Records after a held meeting: the result of its homework (002 §5.4) and the ratings of both sides.
use super::{
    ALREADY_RATED, HOMEWORK_DONE, HOMEWORK_REPORTED_ENOUGH, HeldMeeting, HomeworkReported, HomeworkState,
    MEETING_NOT_HELD, Meeting, MeetingRated, NO_HOMEWORK,
};
use crate::base::access::NOT_YOURS;
use crate::base::change::Changed;
use crate::base::entry::ANNULLED;
use crate::base::id::MeetingId;
use crate::base::refusal::{Reason, Refused};
use crate::base::text::Note;
use crate::mentorships::Party;
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

/// An order to report on the homework of a meeting.
#[form]
#[schema(example = json!({"done": true, "result": "Выписаны три колледжа, выбран один."}))]
pub struct HomeworkResult {
    /// Whether the homework is done. If not, it can be reported again later.
    pub done: bool,
    /// A description of the result.
    pub result: Option<Note>,
}

/// The rating of a held meeting by a side.
#[form]
#[schema(example = json!({"party": "recipient", "score": 5, "comment": "Стало понятнее, куда поступать."}))]
pub struct MeetingRating {
    /// The side that rates. A side rates for itself; the institution may record a rating of either side.
    pub party: Party,
    /// The rating, from 1 (bad) to 5 (good).
    #[within(1..=5)]
    pub score: i32,
    /// A comment of the side.
    pub comment: Option<Note>,
}

/// A report on the homework of a meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportedHomework {
    /// The meeting.
    pub meeting_id: MeetingId,
    /// The number among the reports on this homework, from 1.
    pub n: i32,
    /// The side that reported. `None` if the institution reported.
    pub by: Option<Party>,
    /// The reported result of the homework.
    pub result: HomeworkResult,
    /// The day of the report.
    pub reported_on: NaiveDate,
}

/// A recorded rating of a meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct Rated {
    /// The meeting.
    pub meeting_id: MeetingId,
    /// The rating of the side.
    pub rating: MeetingRating,
    /// The day of the rating.
    pub rated_on: NaiveDate,
}

/// The greatest number of reports on one homework.
pub const HOMEWORK_REPORTS: i32 = 50;

impl HomeworkState {
    /// The state of homework on a day. `due_on` is its deadline, `done` tells whether it was reported as done.
    pub fn on(today: NaiveDate, due_on: Option<NaiveDate>, done: bool) -> Self {
        match due_on {
            _ if done => Self::Done,
            Some(due_on) if due_on < today => Self::Overdue,
            _ => Self::Open,
        }
    }
}

impl Meeting {
    /// The meeting, if it is held; otherwise a refusal.
    pub fn held(self) -> Result<HeldMeeting, Refused> {
        match self {
            Self::Held(it) => Ok(it),
            Self::Annulled(_) => Err(ANNULLED.refuse()),
            _ => Err(MEETING_NOT_HELD.refuse()),
        }
    }
}

impl HeldMeeting {
    /// Reports on the homework. Refuses if it is done already. `by` is the caller's own side, `reported` is the number of earlier
    /// reports.
    pub fn report_homework(
        &self,
        order: &HomeworkResult,
        by: Option<Party>,
        reported: i32,
        today: NaiveDate,
    ) -> Result<Changed<ReportedHomework>, Refused> {
        self.must_have_homework()?;
        self.must_take_reports(reported)?;
        let (id, mentorship_id, n) = (self.was.id, self.was.mentorship_id, reported.saturating_add(1));
        let report = ReportedHomework { meeting_id: id, n, by, result: order.clone(), reported_on: today };
        Ok(Changed::new(report, HomeworkReported { id, mentorship_id, by, done: order.done }))
    }
    /// Refuses a report where there was no homework, or it is done.
    pub(super) fn must_have_homework(&self) -> Result<(), Refused> {
        match (&self.holding.homework, self.homework_done) {
            (None, _) => Err(NO_HOMEWORK.refuse()),
            (Some(_), true) => Err(HOMEWORK_DONE.refuse()),
            (Some(_), false) => Ok(()),
        }
    }
    /// Refuses one report too many.
    pub(super) fn must_take_reports(&self, reported: i32) -> Result<(), Refused> {
        if reported >= HOMEWORK_REPORTS { Err(HOMEWORK_REPORTED_ENOUGH.refuse()) } else { Ok(()) }
    }
    /// The reason against a rating of that side.
    pub(super) fn against_rating(&self, party: Party, by: Option<Party>, rated: &[Party]) -> Option<Reason> {
        if by.is_some_and(|own| own != party) {
            return Some(NOT_YOURS.reason().at("/party"));
        }
        rated.contains(&party).then(|| ALREADY_RATED.reason().at("/party"))
    }
    /// Records the rating of a side, once. `by` is the caller's own side. `None` means that the institution records for a side.
    /// `rated` lists the sides that have rated already.
    pub fn rate(
        &self,
        order: &MeetingRating,
        by: Option<Party>,
        rated: &[Party],
        today: NaiveDate,
    ) -> Result<Changed<Rated>, Refused> {
        if let Some(reason) = self.against_rating(order.party, by, rated) {
            return Err(reason.into());
        }
        let (id, mentorship_id) = (self.was.id, self.was.mentorship_id);
        let given = Rated { meeting_id: id, rating: order.clone(), rated_on: today };
        Ok(Changed::new(given, MeetingRated { id, mentorship_id, party: order.party }))
    }
}
