//! Meetings of councils in the database. Every account reads that a meeting is planned and what its agenda is. The minutes are read by the
//! organization that keeps the council, and once they are signed by its members in office, or by everybody where the council publishes them.
//!
//! - this page: a row, its card, its lists. `saving`: its steps. `closing`: the protocol, which makes decisions and tasks.
mod closing;
mod saving;

pub use closing::{checks_of_protocol, save_closed};
pub use saving::{
    checks_of_change, checks_of_guests, keeper, save_cancelled, save_held, save_planned, save_replanned,
};

use crate::engine::card::cards;
use crate::engine::column::{Json, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{council_days, council_meetings};
use crate::entry;
use crate::partnership::councils::in_office;
use crate::scope::among;
use crate::sight::{is_found, offered};
use crate::tx::Tx;
use chrono::{NaiveDate, TimeDelta};
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::access::Right;
use domain::base::action::AvailableAction;
use domain::base::change::{Subject, SubjectKind};
use domain::base::filters::any::AnyOf;
use domain::base::id::*;
use domain::base::moment::Moment;
use domain::base::text::{Code, Note, OrderNumber, Title};
use domain::base::word::Word;
use domain::partnership::council_meetings::*;
use domain::partnership::councils::members::CouncilRole;
use domain::partnership::councils::{CouncilForm, DecisionRules};
use serde::{Deserialize, Serialize};
use shape::{card, filter};
use std::collections::HashSet;

/// A member at a meeting, as the minutes show it.
#[card]
pub struct SeatCard {
    /// The member.
    pub member_id: CouncilMemberId,
    /// The way in which the member took part.
    pub presence: Presence,
    /// Whether the member had a vote.
    #[schema(example = true)]
    pub voting: bool,
    /// The role on that day.
    pub role: CouncilRole,
    /// The side on that day.
    pub side: Option<Code>,
    /// The organization that the member came from.
    pub organization_id: Option<OrganizationId>,
}

/// The part of a protocol about a question of the agenda.
#[card]
pub struct ProtocolItemCard {
    /// The number of the question on the agenda.
    #[schema(minimum = 1, maximum = 40, example = 1)]
    pub agenda_number: i32,
    /// The discussion.
    pub discussed: Option<Note>,
    /// Votes by their numbers.
    pub votes: Option<VoteCounts>,
    /// Votes by heads.
    #[schema(max_items = 200)]
    pub ballots: Vec<MemberBallot>,
    /// Votes by sides.
    #[schema(max_items = 5)]
    pub side_ballots: Vec<SideBallot>,
    /// Dissents.
    #[schema(max_items = 40)]
    pub dissents: Vec<CouncilDissent>,
    /// The decision that was carried.
    pub decision_id: Option<DecisionId>,
}

/// The minutes of a meeting.
#[card]
pub struct CouncilMinutes {
    /// The members of that day.
    #[schema(max_items = 200)]
    pub attendance: Vec<SeatCard>,
    /// Guests.
    #[schema(max_items = 50)]
    pub guests: Vec<CouncilGuest>,
    /// The questions of the agenda, once the protocol is signed.
    #[schema(max_items = 40)]
    pub items: Vec<ProtocolItemCard>,
    /// The signed protocol.
    pub file_id: Option<FileId>,
}

/// A meeting of a council as every endpoint returns it.
#[card]
pub struct CouncilMeetingCard {
    /// The id of the meeting.
    pub id: CouncilMeetingId,
    /// The version number; it grows with every change and stands before the dot of the `ETag` header.
    #[schema(minimum = 1, example = 1)]
    pub version: i64,
    /// The state.
    pub state: CouncilMeetingState,
    /// The council.
    pub council_id: CouncilId,
    /// The organization that keeps the council.
    pub organization_id: OrganizationId,
    /// The planned time.
    pub planned_at: Moment,
    /// The place.
    pub place: Option<Title>,
    /// Whether members may take part from afar.
    #[schema(example = false)]
    pub online: bool,
    /// Whether the members vote in writing.
    #[schema(example = false)]
    pub absentee: bool,
    /// The agenda. Its numbers begin with 1.
    #[schema(max_items = 40)]
    pub agenda: Vec<AgendaItem>,
    /// The beginning.
    pub began_at: Option<Moment>,
    /// The length in minutes.
    #[schema(minimum = 1, maximum = 20_160, example = 90)]
    pub minutes: Option<i32>,
    /// The number of members with a vote on that day. Until the protocol is signed it is told to the organization that keeps the council
    /// alone.
    #[schema(minimum = 0, maximum = 200, example = 9)]
    pub entitled: Option<i32>,
    /// The number of those of them who were present, told to the same.
    #[schema(minimum = 0, maximum = 200, example = 5)]
    pub present: Option<i32>,
    /// The member who presided.
    pub chair_id: Option<CouncilMemberId>,
    /// The number of the protocol.
    pub number: Option<OrderNumber>,
    /// The day on which the protocol was signed.
    pub signed_on: Option<NaiveDate>,
    /// The minutes, for the organization that keeps the council. Once they are signed, also for its members in office, and for everybody
    /// where the council publishes them.
    pub record: Option<CouncilMinutes>,
    /// The reason for a cancellation.
    pub cancellation_reason: Option<Note>,
    /// Orders that this caller may send to the meeting now; absent in lists.
    #[schema(max_items = 20)]
    pub available_actions: Option<Vec<AvailableAction>>,
    /// The moment at which it was planned.
    pub created_at: Moment,
    /// The moment of the last change.
    pub updated_at: Moment,
}

cards! { CouncilMeetingCard in "council-meetings"; }

/// Filters of the list of meetings.
#[filter]
pub struct CouncilMeetingFilter {
    /// Only meetings in this state.
    pub state: Option<AnyOf<CouncilMeetingState>>,
    /// Only meetings of this council.
    pub council_id: Option<CouncilId>,
    /// Only meetings of councils that this organization keeps.
    pub organization_id: Option<OrganizationId>,
    /// Only meetings planned for this day or later.
    pub from: Option<NaiveDate>,
    /// Only meetings planned for this day or earlier.
    pub to: Option<NaiveDate>,
}

const PROTOCOL: &str = "council_meetings.protocol";
const CANCELLATION: &str = "council_meetings.cancellation_reason";

/// An item of a protocol as it is stored: the decision is a row of its own.
#[derive(Debug, Serialize, Deserialize)]
struct StoredItem {
    agenda_number: i32,
    discussed: Option<Note>,
    votes: Option<VoteCounts>,
    ballots: Vec<MemberBallot>,
    side_ballots: Vec<SideBallot>,
    dissents: Vec<CouncilDissent>,
    decision_id: Option<DecisionId>,
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = council_meetings)]
struct Row {
    id: CouncilMeetingId,
    version: i64,
    council_id: CouncilId,
    organization_id: OrganizationId,
    state: CouncilMeetingState,
    planned_at: Moment,
    place: Option<Title>,
    online: bool,
    absentee: bool,
    agenda: Json<Vec<AgendaItem>>,
    began_at: Option<Moment>,
    minutes: Option<i32>,
    seats: Json<Vec<Seat>>,
    guests: Json<Vec<CouncilGuest>>,
    decision_rules: Json<Option<DecisionRules>>,
    number: Option<OrderNumber>,
    signed_on: Option<NaiveDate>,
    chair_id: Option<CouncilMemberId>,
    protocol: Option<String>,
    protocol_file_id: Option<FileId>,
    cancellation_reason: Option<String>,
    created_at: Moment,
    updated_at: Moment,
}

impl Row {
    fn planned(&self) -> Planned {
        let form = CouncilMeetingForm {
            council_id: self.council_id,
            planned_at: self.planned_at,
            place: self.place.clone(),
            online: self.online,
            absentee: self.absentee,
            agenda: self.agenda.0.clone(),
        };
        Planned { id: self.id, organization_id: self.organization_id, form }
    }
    fn sitting(&self) -> Option<Sitting> {
        let (began_at, minutes) = self.began_at.zip(self.minutes)?;
        let (seats, guests) = (self.seats.0.clone(), self.guests.0.clone());
        Some(Sitting { began_at, minutes, seats, guests, rules: self.decision_rules.0.clone()? })
    }
    fn whole(&self) -> CouncilMeeting {
        match (self.state, self.sitting()) {
            (CouncilMeetingState::Planned, _) => CouncilMeeting::Planned(self.planned()),
            (CouncilMeetingState::Held, Some(sitting)) => {
                CouncilMeeting::Held(Held { was: self.planned(), sitting })
            }
            _ => CouncilMeeting::Over,
        }
    }
}

fn missing(id: CouncilMeetingId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::CouncilMeeting, id)))
}

/// The visible meetings: the reach of a right is the organization that keeps the council. Every query begins here.
macro_rules! visible {
    ($scope:expr) => {{
        let mut all = council_meetings::table.into_boxed();
        if !$scope.everything {
            all = all.filter(among(council_meetings::organization_id, &$scope.organizations));
        }
        all
    }};
}

async fn row(tx: &mut Tx<'_>, id: CouncilMeetingId) -> Result<Row, Failure> {
    let scope = tx.scope().clone();
    let one =
        db!(tx, first, visible!(scope).filter(council_meetings::id.eq(bind(id))).select(Row::as_select()));
    one.optional()?.ok_or_else(|| missing(id))
}

/// Whether the right of this transaction reaches the meeting.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: CouncilMeetingId) -> Result<bool, Failure> {
    is_found(row(tx, id).await)
}

/// The names of those of the meetings that the right of this transaction reaches: their days.
pub(crate) async fn names(
    tx: &mut Tx<'_>,
    ids: &[CouncilMeetingId],
) -> Result<Vec<(CouncilMeetingId, String)>, Failure> {
    let scope = tx.scope().clone();
    let found: Vec<(CouncilMeetingId, Moment)> = db!(tx, load, {
        visible!(scope)
            .filter(council_meetings::id.eq_any(binds(ids)))
            .select((council_meetings::id, council_meetings::planned_at))
    })?;
    Ok(found.into_iter().map(|(id, at)| (id, tx.zone().day(at).to_string())).collect())
}

/// The card of one meeting.
pub async fn card(tx: &mut Tx<'_>, id: CouncilMeetingId) -> Result<CouncilMeetingCard, Failure> {
    let row = row(tx, id).await?;
    let offers = CouncilMeetingOffers(row.state);
    let actions = offered(tx, &offers, Subject::new(SubjectKind::CouncilMeeting, id)).await?;
    let shown = shown(tx, vec![row]).await?.pop().ok_or_else(|| missing(id))?;
    Ok(CouncilMeetingCard { available_actions: Some(actions), ..shown })
}

/// Loads a meeting that a rule will change.
pub async fn load(tx: &mut Tx<'_>, id: CouncilMeetingId) -> Result<CouncilMeeting, Failure> {
    let row = row(tx, id).await?;
    tx.expect(row.version)?;
    Ok(row.whole())
}

/// The cards of rows that the caller sees, with the minutes that the caller may read.
async fn shown(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<Vec<CouncilMeetingCard>, Failure> {
    let inside = tx.scope_of(Right::ReadPartnershipInside);
    let others = rows.iter().filter(|it| !inside.answers_for(it.organization_id)).map(|it| it.council_id);
    let ids: Vec<CouncilId> = others.collect::<HashSet<_>>().into_iter().collect();
    let own = if ids.is_empty() { Vec::new() } else { in_office(tx).await? };
    let councils = entry::those::<CouncilForm>(tx, ids).await?;
    let published = councils.iter().filter(|it| it.form.publishes).map(|it| it.id);
    let open: HashSet<CouncilId> = published.chain(own).collect();
    let card = |it: Row| {
        let is_open = it.state == CouncilMeetingState::Closed && open.contains(&it.council_id);
        let is_told = inside.answers_for(it.organization_id) || is_open;
        made(tx, it, is_told)
    };
    tx.readable(rows.into_iter().map(card))
}

fn made(tx: &Tx<'_>, it: Row, is_told: bool) -> Result<CouncilMeetingCard, Failure> {
    let sitting = it.sitting();
    // The quorum is a part of minutes that nobody has signed yet.
    let counted = sitting.as_ref().filter(|_| is_told || it.state == CouncilMeetingState::Closed);
    let (entitled, present) = (counted.map(Sitting::entitled), counted.map(Sitting::present));
    let protocol: Option<Vec<StoredItem>> =
        tx.core.keys.open_some(PROTOCOL, it.id, it.protocol.as_ref().filter(|_| is_told))?;
    let record = sitting.filter(|_| is_told).map(|it| CouncilMinutes {
        attendance: it.seats.into_iter().map(seat).collect(),
        guests: it.guests,
        items: protocol.unwrap_or_default().into_iter().map(item).collect(),
        file_id: None,
    });
    Ok(CouncilMeetingCard {
        id: it.id,
        version: it.version,
        state: it.state,
        council_id: it.council_id,
        organization_id: it.organization_id,
        planned_at: it.planned_at,
        place: it.place,
        online: it.online,
        absentee: it.absentee,
        agenda: it.agenda.0,
        began_at: it.began_at,
        minutes: it.minutes,
        entitled,
        present,
        chair_id: it.chair_id,
        number: it.number,
        signed_on: it.signed_on,
        record: record.map(|record| CouncilMinutes { file_id: it.protocol_file_id, ..record }),
        cancellation_reason: tx.core.keys.open_some(CANCELLATION, it.id, it.cancellation_reason.as_ref())?,
        available_actions: None,
        created_at: it.created_at,
        updated_at: it.updated_at,
    })
}

fn seat(it: Seat) -> SeatCard {
    let Seat { member_id, presence, voting, role, side, organization_id } = it;
    SeatCard { member_id, presence, voting, role, side, organization_id }
}

fn item(it: StoredItem) -> ProtocolItemCard {
    let StoredItem { agenda_number, discussed, votes, ballots, side_ballots, dissents, decision_id } = it;
    ProtocolItemCard { agenda_number, discussed, votes, ballots, side_ballots, dissents, decision_id }
}

/// Meetings, the latest planned day first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &CouncilMeetingFilter,
    window: &Window,
) -> Result<Page<CouncilMeetingCard>, Failure> {
    let is_asked = |it: &CouncilMeetingState| filter.state.as_ref().is_none_or(|asked| asked.has(it));
    let mut rows: Vec<Row> = Vec::new();
    for state in CouncilMeetingState::ALL.iter().copied().filter(is_asked) {
        rows.extend(rows_of(tx, filter, state, window).await?);
    }
    let place = |it: &Row| Place { text: Some(it.planned_at.micros().to_string()), id: it.id.into() };
    let page = window.page(window.first_of(rows, false, |it| (it.planned_at, it.id)), place);
    Ok(Page { items: shown(tx, page.items).await?, next: page.next })
}

async fn rows_of(
    tx: &mut Tx<'_>,
    filter: &CouncilMeetingFilter,
    state: CouncilMeetingState,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let scope = tx.scope().clone();
    let begin = filter.from.map(|it| tx.zone().dawn(it));
    let end = filter.to.and_then(|it| it.succ_opt()).map(|it| tx.zone().dawn(it));
    let after = window.beyond::<i64, CouncilMeetingId>();
    let after = after.and_then(|(micros, id)| Some((Moment::from_micros(micros)?, id)));
    Ok(db!(tx, load, {
        let mut all = visible!(scope)
            .filter(council_meetings::state.eq(bind(state)))
            .select(Row::as_select())
            .order((council_meetings::planned_at.desc(), council_meetings::id.desc()))
            .limit(window.fetch());
        if let Some(council) = filter.council_id {
            all = all.filter(council_meetings::council_id.eq(bind(council)));
        }
        if let Some(of) = filter.organization_id {
            all = all.filter(council_meetings::organization_id.eq(bind(of)));
        }
        if let Some(begin) = begin {
            all = all.filter(council_meetings::planned_at.ge(bind(begin)));
        }
        if let Some(end) = end {
            all = all.filter(council_meetings::planned_at.lt(bind(end)));
        }
        if let Some((at, id)) = after {
            let earlier = council_meetings::planned_at.lt(bind(at)).or(council_meetings::id.lt(bind(id)));
            all = all.filter(council_meetings::planned_at.le(bind(at))).filter(earlier);
        }
        all
    })?)
}

/// Days ahead within which a planned meeting stands on the agenda.
const AHEAD: i64 = 7;

/// The meetings of councils of the caller's organizations for an agenda, the earliest first: planned ones up to a week ahead, and held ones
/// whose protocol is not signed. A council that was annulled has none, and one that was closed only those that it has held.
pub(crate) async fn on_agenda(tx: &mut Tx<'_>, window: &Window) -> Result<Page<CouncilMeetingCard>, Failure> {
    let own = tx.scope_of(Right::RunCouncils).organizations;
    let (until, today) = (tx.now().plus(TimeDelta::days(AHEAD)), tx.today());
    let mut rows: Vec<Row> = Vec::new();
    for state in [CouncilMeetingState::Planned, CouncilMeetingState::Held] {
        for of in &own {
            let works =
                council_days::closed_on.is_null().or(council_days::closed_on.assume_not_null().ge(today));
            let was_held = council_meetings::state.eq(bind(CouncilMeetingState::Held));
            let standing = council_days::table
                .filter(council_days::id.eq(council_meetings::council_id))
                .filter(council_days::annulment_reason.is_null())
                .filter(works.or(was_held))
                .select(council_days::id);
            let theirs = council_meetings::table
                .filter(council_meetings::organization_id.eq(bind(*of)))
                .filter(council_meetings::state.eq(bind(state)))
                .filter(council_meetings::planned_at.le(bind(until)))
                .filter(exists(standing))
                .order((council_meetings::planned_at, council_meetings::id))
                .limit(window.fetch());
            let found: Vec<Row> = db!(tx, load, theirs.select(Row::as_select()))?;
            rows.extend(found);
        }
    }
    let rows = window.first_of(rows, true, |it| (it.planned_at, it.id));
    let page = window.page(rows, |it| Place::id(it.id));
    Ok(Page { items: shown(tx, page.items).await?, next: None })
}
