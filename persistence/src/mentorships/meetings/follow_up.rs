//! Homework and ratings of held meetings in the database. Those responsible see the words of both sides; a side sees
//! only its own words.
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{homework_reports, meeting_ratings, meetings};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::Changed;
use domain::base::id::MeetingId;
use domain::base::moment::Moment;
use domain::base::text::Note;
use domain::base::word::Word;
use domain::mentorships::Eyes;
use domain::mentorships::Party;
use domain::mentorships::meetings::{Rated, ReportedHomework};
use shape::card;

/// The result of the homework of a meeting.
#[card]
pub struct HomeworkCard {
    /// Whether the homework is done.
    pub done: bool,
    /// The result in words.
    pub result: Option<Note>,
    /// The day of the report.
    pub reported_on: NaiveDate,
}

/// One report about the homework of a meeting.
#[card]
pub struct HomeworkReportCard {
    /// The side that reported; absent if the institution did.
    pub by: Option<Party>,
    /// Whether the homework is done.
    pub done: bool,
    /// The result in words.
    pub result: Option<Note>,
    /// The day of the report.
    pub reported_on: NaiveDate,
    /// The moment at which the report was recorded.
    pub reported_at: Moment,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = homework_reports)]
pub(super) struct ReportRow {
    pub(super) meeting_id: MeetingId,
    n: i32,
    party: Option<Party>,
    done: bool,
    result: Option<String>,
    reported_on: NaiveDate,
    reported_at: Moment,
}

impl ReportRow {
    pub(super) fn shown(&self, tx: &Tx<'_>) -> Result<HomeworkReportCard, Failure> {
        let place = report_place(self.n);
        Ok(HomeworkReportCard {
            by: self.party,
            done: self.done,
            result: tx.core.keys.open_some(&place, self.meeting_id, self.result.as_ref())?,
            reported_on: self.reported_on,
            reported_at: self.reported_at,
        })
    }
}

/// The rating of a meeting by a side.
#[card]
pub struct RatingCard {
    /// The side that rated.
    pub party: Party,
    /// The score from 1 (bad) to 5 (good).
    #[schema(minimum = 1, maximum = 5, example = 5)]
    pub score: i32,
    /// The side's own words.
    pub comment: Option<Note>,
    /// The day of the rating.
    pub rated_on: NaiveDate,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = meeting_ratings)]
pub(super) struct RatingRow {
    pub(super) meeting_id: MeetingId,
    pub(super) party: Party,
    score: i32,
    comment: Option<String>,
    rated_on: NaiveDate,
}

pub(super) const RESULT: &str = "meetings.homework_result";

/// The place of a report, which the seal binds. Reports from before several were kept have number 0 and keep their
/// old place.
fn report_place(n: i32) -> String {
    if n == 0 { RESULT.to_owned() } else { format!("homework_reports.result\0{n}") }
}

/// The place of a side's comment, which the seal binds: the comments of a meeting have different places.
fn place(party: Party) -> String {
    format!("meeting_ratings.comment\0{}", party.code())
}

impl RatingRow {
    pub(super) fn is_shown_to(&self, eyes: Eyes) -> bool {
        match eyes {
            Eyes::Staff => true,
            Eyes::Mentor => self.party == Party::Mentor,
            Eyes::Recipient => self.party == Party::Recipient,
        }
    }
    pub(super) fn shown(&self, tx: &Tx<'_>) -> Result<RatingCard, Failure> {
        let comment = tx.core.keys.open_some(&place(self.party), self.meeting_id, self.comment.as_ref())?;
        Ok(RatingCard { party: self.party, score: self.score, comment, rated_on: self.rated_on })
    }
}

/// The ratings of the given meetings.
pub(super) async fn ratings(tx: &mut Tx<'_>, ids: &[MeetingId]) -> Result<Vec<RatingRow>, Failure> {
    let some = meeting_ratings::table.filter(meeting_ratings::meeting_id.eq_any(binds(ids)));
    Ok(db!(tx, load, some.order(meeting_ratings::party).select(RatingRow::as_select()))?)
}

/// The homework reports of the given meetings, in their order.
pub(super) async fn reports(tx: &mut Tx<'_>, ids: &[MeetingId]) -> Result<Vec<ReportRow>, Failure> {
    let some = homework_reports::table.filter(homework_reports::meeting_id.eq_any(binds(ids)));
    Ok(db!(tx, load, some.order(homework_reports::n).select(ReportRow::as_select()))?)
}

/// The number of reports about the homework of a meeting.
pub async fn times_reported(tx: &mut Tx<'_>, id: MeetingId) -> Result<i32, Failure> {
    i32::try_from(reports(tx, &[id]).await?.len()).map_err(Failure::broken)
}

/// The sides that have rated a meeting.
pub async fn rated(tx: &mut Tx<'_>, id: MeetingId) -> Result<Vec<Party>, Failure> {
    Ok(ratings(tx, &[id]).await?.into_iter().map(|it| it.party).collect())
}

/// Saves a report about the homework, beside the earlier reports.
pub async fn save_homework(tx: &mut Tx<'_>, change: Changed<ReportedHomework>) -> Result<(), Failure> {
    let (ReportedHomework { meeting_id, n, by, result: it, reported_on }, records) = change.into_parts();
    let seal = |place: &str| tx.core.keys.seal_some(place, meeting_id, it.result.as_ref());
    let (result, latest) = (seal(&report_place(n))?, seal(RESULT)?);
    let row = (
        homework_reports::meeting_id.eq(bind(meeting_id)),
        homework_reports::n.eq(n),
        homework_reports::party.eq(bind(by)),
        homework_reports::done.eq(it.done),
        homework_reports::result.eq(bind(result)),
        homework_reports::reported_on.eq(reported_on),
        homework_reports::reported_at.eq(bind(tx.now())),
    );
    db!(tx, execute, diesel::insert_into(homework_reports::table).values(row))?;
    let set = (
        meetings::version.eq(meetings::version + 1),
        meetings::homework_done.eq(Some(it.done)),
        meetings::homework_result.eq(bind(latest)),
        meetings::homework_told_on.eq(Some(reported_on)),
        meetings::updated_at.eq(bind(tx.now())),
    );
    let one = meetings::table.find(bind(meeting_id));
    let rows = db!(tx, execute, prepared(diesel::update(one).set(set)))?;
    tx.established(rows, records)
}

/// Saves the rating of a meeting by a side.
pub async fn save_rated(tx: &mut Tx<'_>, change: Changed<Rated>) -> Result<(), Failure> {
    let (Rated { meeting_id, rating: it, rated_on }, records) = change.into_parts();
    let comment = tx.core.keys.seal_some(&place(it.party), meeting_id, it.comment.as_ref())?;
    let row = (
        meeting_ratings::meeting_id.eq(bind(meeting_id)),
        meeting_ratings::party.eq(bind(it.party)),
        meeting_ratings::score.eq(it.score),
        meeting_ratings::comment.eq(bind(comment)),
        meeting_ratings::rated_on.eq(rated_on),
    );
    db!(tx, execute, diesel::insert_into(meeting_ratings::table).values(row))?;
    let set = (meetings::version.eq(meetings::version + 1), meetings::updated_at.eq(bind(tx.now())));
    let one = meetings::table.find(bind(meeting_id));
    let rows = db!(tx, execute, prepared(diesel::update(one).set(set)))?;
    tx.established(rows, records)
}
