//! Meetings in the database. Those who may see a mentorship may see its meetings. The recipient does not see the
//! mentor's notes.
mod card;
mod follow_up;
mod listing;
mod saving;

pub use card::{CancellationCard, MeetingCard};
pub use follow_up::{
    HomeworkCard, HomeworkReportCard, RatingCard, rated, save_homework, save_rated, times_reported,
};
pub use listing::{MeetingCountQuestion, MeetingFilter, counts, list};
pub use saving::{
    save_annulled, save_cancelled, save_held, save_missed, save_planned, save_recorded, save_replanned,
};

pub(crate) use saving::end_with;

use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{meetings, surveys};
use crate::mentorships::group_meetings;
use crate::mentorships::{self, By, Stand};
use crate::region::{programs, terms};
use crate::scope::mentorships::visible_ids;
use crate::sight::dangling;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::action::{AvailableAction, Judged, available};
use domain::base::change::{Subject, SubjectKind};
use domain::base::entry::Annulment;
use domain::base::id::{MeetingId, MentorshipId, RequestId};
use domain::base::moment::Moment;
use domain::base::text::{Note, Title};
use domain::mentorships::meetings::*;
use domain::mentorships::{Eyes, LifePlan, Mentorship, Pairing, Party, Term};
use domain::people::RiskFlag;
use domain::region::programs::EditionForm;
use follow_up::{RatingRow, ReportRow};
use listing::Held;

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = meetings)]
struct Row {
    id: MeetingId,
    version: i64,
    mentorship_id: MentorshipId,
    state: MeetingState,
    at: Moment,
    planned_at: Moment,
    method: MeetingMethod,
    directions: Json<Vec<Direction>>,
    topic: Option<Title>,
    topic_set_by: Option<TopicSetBy>,
    place: Option<Title>,
    online: bool,
    began_at: Option<Moment>,
    minutes: Option<i32>,
    held_directions: Option<Json<Vec<Direction>>>,
    held_topic: Option<Title>,
    notes: Option<String>,
    homework: Option<String>,
    missed_by: Option<MissedBy>,
    cancellation_reason: Option<CancellationReason>,
    note: Option<String>,
    created_at: Moment,
    updated_at: Moment,
    aid_kind: Option<AidKind>,
    risk_flags: Option<Json<Vec<RiskFlag>>>,
    specialist_present: Option<bool>,
    homework_due_on: Option<NaiveDate>,
    request_id: Option<RequestId>,
    homework_done: Option<bool>,
    homework_result: Option<String>,
    homework_told_on: Option<NaiveDate>,
    annulment_reason: Option<String>,
}

const NOTES: &str = "meetings.notes";
const HOMEWORK: &str = "meetings.homework";
const NOTE: &str = "meetings.note";
const ANNULMENT: &str = "meetings.annulment_reason";

impl Row {
    fn form(&self) -> MeetingForm {
        MeetingForm {
            planned_at: self.planned_at,
            method: self.method,
            directions: self.directions.0.clone(),
            topic: self.topic.clone(),
            topic_set_by: self.topic_set_by,
            place: self.place.clone(),
            online: self.online,
            aid_kind: self.aid_kind,
            request_id: self.request_id,
        }
    }
    fn held(&self, tx: &Tx<'_>) -> Result<Option<Holding>, Failure> {
        let when = self.began_at.zip(self.minutes);
        let what = self.held_directions.as_ref().zip(self.held_topic.clone());
        let Some(((began_at, minutes), (directions, topic))) = when.zip(what) else { return Ok(None) };
        Ok(Some(Holding {
            began_at,
            minutes,
            directions: directions.0.clone(),
            topic,
            notes: tx.core.keys.open_some(NOTES, self.id, self.notes.as_ref())?,
            homework: tx.core.keys.open_some(HOMEWORK, self.id, self.homework.as_ref())?,
            homework_due_on: self.homework_due_on,
            risk_flags: self.risk_flags.as_ref().map(|it| it.0.clone()).unwrap_or_default(),
            specialist_present: self.specialist_present.unwrap_or_default(),
        }))
    }
    fn homework_state(&self, tx: &Tx<'_>) -> Option<HomeworkState> {
        let done = self.homework_done.unwrap_or_default();
        self.homework.as_ref().map(|_| HomeworkState::on(tx.today(), self.homework_due_on, done))
    }
    fn homework_result(&self, tx: &Tx<'_>) -> Result<Option<HomeworkCard>, Failure> {
        let Some((done, reported_on)) = self.homework_done.zip(self.homework_told_on) else {
            return Ok(None);
        };
        let result = tx.core.keys.open_some(follow_up::RESULT, self.id, self.homework_result.as_ref())?;
        Ok(Some(HomeworkCard { done, result, reported_on }))
    }
    fn missed(&self, tx: &Tx<'_>) -> Result<Option<Missing>, Failure> {
        let Some(by) = self.missed_by else { return Ok(None) };
        Ok(Some(Missing { by, note: tx.core.keys.open_some(NOTE, self.id, self.note.as_ref())? }))
    }
    fn cancelled(&self, tx: &Tx<'_>) -> Result<Option<Cancellation>, Failure> {
        let Some(reason) = self.cancellation_reason else { return Ok(None) };
        Ok(Some(Cancellation { reason, note: tx.core.keys.open_some(NOTE, self.id, self.note.as_ref())? }))
    }
    fn planned(&self) -> Planned {
        Planned { id: self.id, mentorship_id: self.mentorship_id, form: self.form() }
    }
    /// The state of the meeting with its data.
    fn whole(&self, tx: &Tx<'_>) -> Result<Meeting, Failure> {
        let torn = || Failure::broken(format!("meeting {} is not whole", self.id));
        let was = self.planned();
        Ok(match self.state {
            MeetingState::Planned => Meeting::Planned(was),
            MeetingState::Held => {
                let homework_done = self.homework_done.unwrap_or_default();
                let held = HeldMeeting { was, holding: self.held(tx)?.ok_or_else(torn)?, homework_done };
                if self.annulment_reason.is_some() { Meeting::Annulled(held) } else { Meeting::Held(held) }
            }
            MeetingState::Missed => {
                Meeting::Missed(Missed { was, missing: self.missed(tx)?.ok_or_else(torn)? })
            }
            MeetingState::Cancelled => {
                Meeting::Cancelled(Cancelled { was, cancellation: self.cancelled(tx)?.ok_or_else(torn)? })
            }
        })
    }
}

fn missing(id: MeetingId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::Meeting, id)))
}

/// Whether the right of this transaction reaches the meeting, as it reaches its mentorship.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: MeetingId) -> Result<bool, Failure> {
    let one = meetings::table.find(bind(id)).select(meetings::mentorship_id);
    let of: Option<MentorshipId> = db!(tx, first, one).optional()?;
    match of {
        Some(of) => mentorships::reaches(tx, of).await,
        None => Ok(false),
    }
}

/// The days of those of the given meetings that the right of this transaction reaches.
pub(crate) async fn names(tx: &mut Tx<'_>, ids: &[MeetingId]) -> Result<Vec<(MeetingId, String)>, Failure> {
    let scope = tx.scope().clone();
    let found: Vec<(MeetingId, Moment)> = db!(tx, load, {
        meetings::table
            .filter(meetings::id.eq_any(binds(ids)))
            .filter(meetings::mentorship_id.eq_any(visible_ids!(scope)))
            .select((meetings::id, meetings::at))
    })?;
    Ok(found.into_iter().map(|(id, at)| (id, tx.zone().day(at).to_string())).collect())
}

async fn row(tx: &mut Tx<'_>, id: MeetingId) -> Result<Row, Failure> {
    let one = meetings::table.find(bind(id));
    db!(tx, first, one.select(Row::as_select())).optional()?.ok_or_else(|| missing(id))
}

/// The row of a meeting and the caller's stand to its mentorship. Not found if the right of this transaction does not
/// reach the mentorship.
async fn row_and_stand(tx: &mut Tx<'_>, id: MeetingId) -> Result<(Row, Stand), Failure> {
    let row = row(tx, id).await?;
    match mentorships::stand(tx, row.mentorship_id, By::Reach).await {
        Err(Failure::NotFound(_)) => Err(missing(id)),
        stand => Ok((row, stand?)),
    }
}

/// The card of one meeting.
pub async fn card(tx: &mut Tx<'_>, id: MeetingId) -> Result<MeetingCard, Failure> {
    let (row, stand) = row_and_stand(tx, id).await?;
    one(tx, row, &stand, By::Reach).await
}

/// The card of the meeting that this transaction has just changed. The change may have ended the mentorship, so that
/// the caller no longer sees it, and still gets the answer.
pub async fn changed_card(tx: &mut Tx<'_>, id: MeetingId) -> Result<MeetingCard, Failure> {
    let row = row(tx, id).await?;
    let stand = mentorships::stand(tx, row.mentorship_id, By::Change).await?;
    one(tx, row, &stand, By::Change).await
}

async fn one(tx: &mut Tx<'_>, row: Row, stand: &Stand, by: By) -> Result<MeetingCard, Failure> {
    let held = listing::held(tx, &[row.mentorship_id]).await?;
    let said = Said::of(tx, &[row.id]).await?;
    let facts = action_facts(tx, &row, stand, by).await?;
    shown(tx, row, stand, &held, &said, Judging::Whole(facts))
}

/// The stored data for the orders that this caller may send to the meeting.
async fn action_facts(
    tx: &mut Tx<'_>,
    row: &Row,
    stand: &Stand,
    by: By,
) -> Result<Option<Box<MeetingActionFacts>>, Failure> {
    let plans = row.state == MeetingState::Planned && stand.may(Right::EditMeetings);
    let annuls = row.state == MeetingState::Held && stand.may(Right::AnnulRecords);
    if !plans && !annuls {
        return Ok(None);
    }
    let mentorship = mentorships::of_meeting(tx, row.mentorship_id, by).await?;
    let pace = match mentorship.clone().running() {
        Ok(it) if plans => Some(pace(tx, &it.pairing, &it.term).await?),
        _ => None,
    };
    let annulment = if annuls { Some(annulment_facts(tx, row, stand).await?) } else { None };
    Ok(Some(Box::new(MeetingActionFacts { mentorship, pace, annulment })))
}

/// The depth to which the actions of a meeting are judged.
enum Judging {
    /// By the state alone, for a list.
    State,
    /// By all rules, with the data that they need.
    Whole(Option<Box<MeetingActionFacts>>),
}

/// The reports and ratings of held meetings.
struct Said {
    ratings: Vec<RatingRow>,
    reports: Vec<ReportRow>,
}

impl Said {
    async fn of(tx: &mut Tx<'_>, ids: &[MeetingId]) -> Result<Self, Failure> {
        Ok(Self { ratings: follow_up::ratings(tx, ids).await?, reports: follow_up::reports(tx, ids).await? })
    }
}

fn shown(
    tx: &Tx<'_>,
    row: Row,
    stand: &Stand,
    held: &Held,
    said: &Said,
    judging: Judging,
) -> Result<MeetingCard, Failure> {
    let available_actions = actions(tx, &row, stand, said, judging)?;
    let place = held.get(&row.mentorship_id).and_then(|all| all.iter().position(|(id, _)| *id == row.id));
    let number = place.map(|it| i64::try_from(it + 1)).transpose().map_err(Failure::broken)?;
    let (mut record, mut missed, mut cancelled) = (row.held(tx)?, row.missed(tx)?, row.cancelled(tx)?);
    if stand.eyes() == Eyes::Recipient {
        if let Some(record) = record.as_mut() {
            record.notes = None;
            record.risk_flags.clear();
        }
        missed.iter_mut().for_each(|it| it.note = None);
        cancelled.iter_mut().for_each(|it| it.note = None);
    }
    let form = row.form();
    let own: Vec<&RatingRow> = said.ratings.iter().filter(|it| it.meeting_id == row.id).collect();
    let shown = own.iter().filter(|it| it.is_shown_to(stand.eyes()));
    let reports = said.reports.iter().filter(|it| it.meeting_id == row.id);
    let homework = row.homework_state(tx);
    Ok(MeetingCard {
        id: row.id,
        version: row.version,
        mentorship_id: row.mentorship_id,
        state: row.state,
        at: row.at,
        planned_at: form.planned_at,
        method: form.method,
        directions: form.directions,
        topic: form.topic,
        topic_set_by: form.topic_set_by,
        place: form.place,
        online: form.online,
        aid_kind: form.aid_kind,
        request_id: form.request_id,
        number,
        held: record,
        homework_state: homework,
        homework_result: row.homework_result(tx)?,
        homework_reports: reports.map(|it| it.shown(tx)).collect::<Result<_, _>>()?,
        ratings: shown.map(|it| it.shown(tx)).collect::<Result<_, _>>()?,
        missed,
        cancelled: cancelled.map(CancellationCard::from),
        annulment: annulment(tx, row.id, row.annulment_reason.as_deref())?,
        available_actions,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

fn actions(
    tx: &Tx<'_>,
    row: &Row,
    stand: &Stand,
    said: &Said,
    judging: Judging,
) -> Result<Vec<AvailableAction>, Failure> {
    let own = |it: &&RatingRow| it.meeting_id == row.id;
    let rated: Vec<Party> = said.ratings.iter().filter(own).map(|it| it.party).collect();
    let reported = said.reports.iter().filter(|it| it.meeting_id == row.id).count();
    let (judged, facts) = match judging {
        Judging::State => (Judged::State, None),
        Judging::Whole(facts) => (Judged::Whole, facts),
    };
    let offers = MeetingOffers {
        it: &row.whole(tx)?,
        by: stand.side(),
        rated: &rated,
        reported: i32::try_from(reported).map_err(Failure::broken)?,
        facts: facts.as_deref(),
        now: tx.now(),
        today: tx.today(),
    };
    Ok(available(&offers, row.id, judged, |right| stand.may(right), |right| tx.may(right)))
}

/// Loads a meeting that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: MeetingId) -> Result<Meeting, Failure> {
    let (row, _) = row_and_stand(tx, id).await?;
    tx.expect(row.version)?;
    row.whole(tx)
}

/// Loads a meeting of that mentorship to which an order refers. A meeting of another mentorship is not found.
pub async fn referred(
    tx: &mut Tx<'_>,
    of: MentorshipId,
    id: Option<MeetingId>,
    pointer: &str,
) -> Result<Option<Meeting>, Failure> {
    let Some(id) = id else { return Ok(None) };
    match row_and_stand(tx, id).await {
        Ok((row, _)) if row.mentorship_id == of => row.whole(tx).map(Some),
        Ok(_) | Err(Failure::NotFound(_)) => Err(dangling(pointer)),
        Err(other) => Err(other),
    }
}

/// Loads a planned meeting that a rule will change, with its mentorship.
pub async fn load_planned(tx: &mut Tx<'_>, id: MeetingId) -> Result<(Planned, Mentorship), Failure> {
    let row = row(tx, id).await?;
    let mentorship = match mentorships::of_meeting(tx, row.mentorship_id, By::Reach).await {
        Err(Failure::NotFound(_)) => return Err(missing(id)),
        mentorship => mentorship?,
    };
    tx.expect(row.version)?;
    Ok((row.whole(tx)?.planned()?, mentorship))
}

fn annulment(tx: &Tx<'_>, id: MeetingId, reason: Option<&str>) -> Result<Option<Annulment>, Failure> {
    let reason: Option<Note> = tx.core.keys.open_some(ANNULMENT, id, reason)?;
    Ok(reason.map(|reason| Annulment { reason }))
}

/// Loads a meeting whose record is to be annulled, with the facts that rules judge.
pub async fn to_annul(tx: &mut Tx<'_>, id: MeetingId) -> Result<(Meeting, MeetingAnnulmentFacts), Failure> {
    let (row, stand) = row_and_stand(tx, id).await?;
    tx.expect(row.version)?;
    let facts = annulment_facts(tx, &row, &stand).await?;
    Ok((row.whole(tx)?, facts))
}

async fn annulment_facts(
    tx: &mut Tx<'_>,
    row: &Row,
    stand: &Stand,
) -> Result<MeetingAnnulmentFacts, Failure> {
    let term = terms::corrections(tx).await?;
    let is_about_caller = stand.side().is_some();
    let recorded = tx.recorded(row.updated_at, row.annulment_reason.is_some(), is_about_caller, term);
    let standing = surveys::table
        .filter(surveys::meeting_id.eq(bind(Some(row.id))))
        .filter(surveys::annulment_reason.is_null());
    let surveys = db!(tx, load, standing.select(surveys::id))?;
    Ok(MeetingAnnulmentFacts { recorded, surveys })
}

/// The facts that rules judge when a meeting is recorded as held.
pub async fn pace(tx: &mut Tx<'_>, of: &Pairing, term: &Term) -> Result<Pace, Failure> {
    let edition = programs::edition_of(tx, of.edition_id).await?;
    let life_plan = life_plan(tx, of, term, &edition.form).await?;
    let held = listing::held(tx, &[of.id]).await?.remove(&of.id).unwrap_or_default();
    let held = held.into_iter().map(|(_, slot)| slot).collect();
    let in_groups = group_meetings::attended(tx, &[of.id]).await?.into_iter().map(|(_, slot)| slot).collect();
    Ok(Pace { held, in_groups, completion: edition.form.completion, life_plan, zone: tx.zone() })
}

/// The life plan of the recipient, as the edition of the mentorship asks for it.
async fn life_plan(
    tx: &mut Tx<'_>,
    of: &Pairing,
    term: &Term,
    edition: &EditionForm,
) -> Result<LifePlan, Failure> {
    if !edition.life_plan_required {
        return Ok(LifePlan::NotRequired);
    }
    let within = (term.starts_on, term.ends_on);
    let adopted = tx.above().life_plan_adopted(tx, of.beneficiary_id, within).await?;
    Ok(adopted.map_or(LifePlan::Awaited, LifePlan::Adopted))
}

/// The times of the held meetings of the given mentorships.
pub(crate) async fn slots(
    tx: &mut Tx<'_>,
    ids: &[MentorshipId],
) -> Result<Vec<(MentorshipId, Slot)>, Failure> {
    let held = meetings::table
        .filter(meetings::mentorship_id.eq_any(binds(ids)))
        .filter(meetings::began_at.is_not_null())
        .filter(meetings::annulment_reason.is_null());
    let found: Vec<(MentorshipId, Moment, i32)> = db!(
        tx,
        load,
        held.select((meetings::mentorship_id, meetings::at, meetings::minutes.assume_not_null()))
    )?;
    Ok(found.into_iter().map(|(id, began_at, minutes)| (id, Slot { began_at, minutes })).collect())
}
