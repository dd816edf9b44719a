//! The card of a group meeting.
use super::{Titles, circle_of, participants, sides};
use crate::engine::card::cards;
use crate::engine::column::Json;
use crate::engine::failure::Failure;
use crate::engine::schema::group_meetings;
use crate::mentorships::meetings::CancellationCard;
use crate::mentorships::reached;
use crate::region::terms;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::action::{AvailableAction, Judged, available};
use domain::base::entry::Annulment;
use domain::base::entry::correction::{CorrectionDays, Recorded};
use domain::base::id::{GroupMeetingId, MentorId, MentorshipId};
use domain::base::moment::Moment;
use domain::base::text::{Note, Title};
use domain::mentorships::group_meetings::*;
use domain::mentorships::meetings::{CancellationReason, Direction, MeetingMethod};
use shape::card;
use std::collections::HashSet;

/// A group meeting as every endpoint returns it.
#[card]
pub struct GroupMeetingCard {
    /// The id of the group meeting.
    pub id: GroupMeetingId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The state of the group meeting.
    pub state: GroupMeetingState,
    /// The moment of the meeting: the actual one if it was held, otherwise the planned one.
    pub at: Moment,
    /// The planned moment of the meeting.
    pub planned_at: Moment,
    /// The method of the meeting.
    pub method: MeetingMethod,
    /// The purpose of the meeting.
    pub purpose: GroupPurpose,
    /// The mentor who leads the meeting.
    pub led_by: Option<MentorId>,
    /// The planned directions of work.
    #[schema(max_items = 11)]
    pub directions: Vec<Direction>,
    /// The planned topic.
    pub topic: Title,
    /// The place of the meeting.
    pub place: Option<Title>,
    /// Whether the meeting is by phone or video.
    pub online: bool,
    /// The topic of the game.
    pub game_topic: Option<GameTopic>,
    /// The skills that the meeting teaches.
    #[schema(max_items = 20)]
    pub skills: Vec<Title>,
    /// The participants whose mentorships the caller may see.
    #[schema(max_items = 50)]
    pub participants: Vec<ParticipantCard>,
    /// The number of all participants, including those that the caller may not see.
    #[schema(minimum = 0, maximum = 50, example = 4)]
    pub participants_count: i64,
    /// The record of the held meeting.
    pub held: Option<GroupHeldCard>,
    /// The cancellation of the meeting. Only callers who see every participant see its `note`.
    pub cancelled: Option<CancellationCard>,
    /// The annulment of the record of a held meeting, which counts no more.
    pub annulment: Option<Annulment>,
    /// Orders that this caller may send to the group meeting now.
    #[schema(max_items = 20)]
    pub available_actions: Vec<AvailableAction>,
    /// The moment at which the meeting was planned.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

/// A mentorship that takes part in a group meeting.
#[card]
pub struct ParticipantCard {
    /// The mentorship of the participant.
    pub mentorship_id: MentorshipId,
    /// Whether the recipient came; present once the meeting was held.
    pub attended: Option<bool>,
}

/// The record of a held group meeting.
#[card]
pub struct GroupHeldCard {
    /// The moment at which the meeting began.
    pub began_at: Moment,
    /// The length of the meeting in minutes.
    #[schema(minimum = 5, maximum = 720, example = 90)]
    pub minutes: i32,
    /// The directions of work at the meeting.
    #[schema(max_items = 11)]
    pub directions: Vec<Direction>,
    /// The topic of the meeting.
    pub topic: Title,
    /// The number of recipients who came.
    #[schema(minimum = 0, maximum = 50, example = 3)]
    pub attended_count: i64,
    /// The opinion of the group about its results. Only callers who see every participant see it, and no recipient
    /// does.
    pub reflection: Option<Note>,
    /// The quality of the relations between mentors and recipients. The same callers see it as `reflection`.
    #[schema(minimum = 1, maximum = 5, example = 4)]
    pub relationship_rating: Option<i32>,
}

cards! { GroupMeetingCard in "group-meetings" about GroupMeeting; }

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = group_meetings)]
pub(super) struct Row {
    pub(super) id: GroupMeetingId,
    pub(super) version: i64,
    state: GroupMeetingState,
    pub(super) at: Moment,
    planned_at: Moment,
    method: MeetingMethod,
    purpose: GroupPurpose,
    led_by: Option<MentorId>,
    directions: Json<Vec<Direction>>,
    topic: Title,
    place: Option<Title>,
    online: bool,
    game_topic: Option<GameTopic>,
    skills: Titles,
    began_at: Option<Moment>,
    minutes: Option<i32>,
    held_directions: Option<Json<Vec<Direction>>>,
    held_topic: Option<Title>,
    reflection: Option<String>,
    relationship_rating: Option<i32>,
    cancellation_reason: Option<CancellationReason>,
    note: Option<String>,
    created_at: Moment,
    updated_at: Moment,
    annulment_reason: Option<String>,
}

pub(super) const REFLECTION: &str = "group_meetings.reflection";
pub(super) const NOTE: &str = "group_meetings.note";
pub(super) const ANNULMENT: &str = "group_meetings.annulment_reason";

impl Row {
    /// The state of the meeting, and its record as the rules about an annulment see it. `sides` tells whether the caller is a
    /// side of one of its mentorships.
    pub(super) fn recorded(
        &self,
        tx: &Tx<'_>,
        sides: bool,
        term: CorrectionDays,
    ) -> (GroupMeetingState, Recorded) {
        (self.state, tx.recorded(self.updated_at, self.annulment_reason.is_some(), sides, term))
    }
    /// The state of the meeting with its data.
    pub(super) fn whole(self, mentorship_ids: Vec<MentorshipId>) -> GroupMeeting {
        if self.state != GroupMeetingState::Planned {
            return GroupMeeting::Settled;
        }
        let form = GroupMeetingForm {
            planned_at: self.planned_at,
            method: self.method,
            purpose: self.purpose,
            mentorship_ids,
            led_by: self.led_by,
            directions: self.directions.0,
            topic: self.topic,
            place: self.place,
            online: self.online,
            game_topic: self.game_topic,
            skills: self.skills.0,
        };
        GroupMeeting::Planned(Planned { id: self.id, form })
    }
    fn held(
        &self,
        tx: &Tx<'_>,
        attended_count: i64,
        is_whole: bool,
    ) -> Result<Option<GroupHeldCard>, Failure> {
        let when = self.began_at.zip(self.minutes);
        let what = self.held_directions.as_ref().zip(self.held_topic.clone());
        let Some(((began_at, minutes), (directions, topic))) = when.zip(what) else { return Ok(None) };
        Ok(Some(GroupHeldCard {
            began_at,
            minutes,
            directions: directions.0.clone(),
            topic,
            attended_count,
            reflection: tx.core.keys.open_some(
                REFLECTION,
                self.id,
                self.reflection.as_ref().filter(|_| is_whole),
            )?,
            relationship_rating: self.relationship_rating.filter(|_| is_whole),
        }))
    }
    fn cancelled(&self, tx: &Tx<'_>, is_whole: bool) -> Result<Option<CancellationCard>, Failure> {
        let Some(reason) = self.cancellation_reason else { return Ok(None) };
        let note = tx.core.keys.open_some(NOTE, self.id, self.note.as_ref().filter(|_| is_whole))?;
        Ok(Some(CancellationCard { reason, note }))
    }
}

/// The participants of a page that the caller sees, those seen otherwise than as the recipient, and those that the
/// caller may change.
struct Sights {
    seen: HashSet<MentorshipId>,
    closely: HashSet<MentorshipId>,
    changeable: HashSet<MentorshipId>,
    annullable: HashSet<MentorshipId>,
    own: HashSet<MentorshipId>,
    term: CorrectionDays,
}

impl Sights {
    async fn of(tx: &mut Tx<'_>, ids: &[MentorshipId]) -> Result<Self, Failure> {
        let scope = tx.scope_of(Right::ReadMeetings);
        let seen = reached(tx, ids, &scope).await?;
        let mut without_own = scope;
        without_own.beneficiaries.clear();
        let closely = reached(tx, ids, &without_own).await?;
        let changeable = reached(tx, ids, &tx.scope_of(Right::EditMeetings)).await?;
        let annullable = reached(tx, ids, &tx.scope_of(Right::AnnulRecords)).await?;
        let own = sides(tx, ids).await?;
        let term = terms::corrections(tx).await?;
        Ok(Self { seen, closely, changeable, annullable, own, term })
    }
}

/// One card, with the rules that refuse each of its actions now.
pub(super) async fn one(tx: &mut Tx<'_>, row: Row) -> Result<GroupMeetingCard, Failure> {
    let id = row.id;
    let all = participants(tx, &[id]).await?.remove(&id).unwrap_or_default();
    let ids: Vec<MentorshipId> = all.iter().map(|it| it.0).collect();
    let sights = Sights::of(tx, &ids).await?;
    let circle = match ids.iter().all(|it| sights.changeable.contains(it)) {
        true => Some(circle_of(tx, &ids).await?),
        false => None,
    };
    shown(tx, row, &all, &sights, Judged::Whole, circle.as_ref())
}

pub(super) async fn of(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<Vec<GroupMeetingCard>, Failure> {
    let ids: Vec<GroupMeetingId> = rows.iter().map(|it| it.id).collect();
    let mut everybody = participants(tx, &ids).await?;
    let all: Vec<MentorshipId> = everybody.values().flatten().map(|it| it.0).collect();
    let sights = Sights::of(tx, &all).await?;
    let of_row = |row: Row| {
        let own = everybody.remove(&row.id).unwrap_or_default();
        shown(tx, row, &own, &sights, Judged::State, None)
    };
    tx.readable(rows.into_iter().map(of_row))
}

fn shown(
    tx: &Tx<'_>,
    row: Row,
    all: &[(MentorshipId, Option<bool>)],
    sights: &Sights,
    judged: Judged,
    circle: Option<&Circle>,
) -> Result<GroupMeetingCard, Failure> {
    let count = |it: usize| i64::try_from(it).map_err(Failure::broken);
    let came = all.iter().filter(|it| it.1 == Some(true)).count();
    let is_whole = all.iter().all(|it| sights.closely.contains(&it.0));
    let may_edit = all.iter().all(|it| sights.changeable.contains(&it.0));
    let seen = all.iter().filter(|it| sights.seen.contains(&it.0));
    let (state, recorded) = row.recorded(tx, all.iter().any(|it| sights.own.contains(&it.0)), sights.term);
    let offers = GroupMeetingOffers { state, circle, recorded, now: tx.now(), today: tx.today() };
    let may_annul = all.iter().all(|it| sights.annullable.contains(&it.0));
    let may = |right| if right == Right::AnnulRecords { may_annul } else { may_edit };
    let annulment: Option<Note> = tx.core.keys.open_some(ANNULMENT, row.id, row.annulment_reason.as_ref())?;
    let (held, cancelled) = (row.held(tx, count(came)?, is_whole)?, row.cancelled(tx, is_whole)?);
    Ok(GroupMeetingCard {
        id: row.id,
        version: row.version,
        state: row.state,
        at: row.at,
        planned_at: row.planned_at,
        method: row.method,
        purpose: row.purpose,
        led_by: row.led_by,
        directions: row.directions.0,
        topic: row.topic,
        place: row.place,
        online: row.online,
        game_topic: row.game_topic,
        skills: row.skills.0,
        participants: seen.map(|it| ParticipantCard { mentorship_id: it.0, attended: it.1 }).collect(),
        participants_count: count(all.len())?,
        held,
        cancelled,
        annulment: annulment.map(|reason| Annulment { reason }),
        available_actions: available(&offers, row.id, judged, may, |right| tx.may(right)),
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
