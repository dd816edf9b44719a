//! Group meetings in the database. A caller who sees one of its mentorships sees the meeting and the number of
//! participants, but only the participants whose mentorships they see. So a mentor learns nothing about the
//! recipients of others.
mod cards;
mod saving;

pub use cards::{GroupHeldCard, GroupMeetingCard, ParticipantCard};
pub use saving::{save_annulled, save_cancelled, save_held, save_planned, save_replanned};

pub(crate) use saving::end_with;

use crate::engine::column::{Json, any, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::{beneficiaries, group_meetings, mentors, mentorships, participations};
use crate::mentorships::meetings;
use crate::mentorships::reached;
use crate::region::terms;
use crate::scope::mentorships::visible as visible_mentorships;
use crate::sight::Own;
use crate::tx::Tx;
use cards::Row;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::access::NOT_YOURS;
use domain::base::change::{Subject, SubjectKind};
use domain::base::entry::correction::Recorded;
use domain::base::filters::any::AnyOf;
use domain::base::id::{BeneficiaryId, GroupMeetingId, MentorId, MentorshipId, OrganizationId};
use domain::base::moment::Moment;
use domain::base::refusal::Refused;
use domain::base::text::{REFERENCE, Title};
use domain::mentorships::MentorshipState;
use domain::mentorships::group_meetings::*;
use domain::mentorships::meetings::Slot;
use domain::people::BeneficiaryCategory;
use shape::filter;
use std::collections::{HashMap, HashSet};

/// Filters of the list of group meetings.
#[filter]
pub struct GroupMeetingFilter {
    /// Only group meetings in this state.
    pub state: Option<AnyOf<GroupMeetingState>>,
    /// Only group meetings in which this mentorship takes part.
    pub mentorship_id: Option<MentorshipId>,
    /// Only group meetings with this purpose.
    pub purpose: Option<AnyOf<GroupPurpose>>,
    /// `true`: only annulled ones, which are left out otherwise.
    pub annulled: Option<bool>,
}

/// The visible group meetings: those with a mentorship that the scope sees. Every query begins here.
macro_rules! visible {
    ($scope:expr) => {{
        let mut all = group_meetings::table.into_boxed();
        if !$scope.everything {
            let seen = visible_mentorships!($scope).select(mentorships::id);
            let with_them = participations::table.filter(participations::mentorship_id.eq_any(seen));
            all = all.filter(group_meetings::id.eq_any(with_them.select(participations::group_meeting_id)));
        }
        all
    }};
}

fn missing(id: GroupMeetingId) -> Failure {
    Failure::NotFound(Some(Subject::new(SubjectKind::GroupMeeting, id)))
}

/// Whether the right of this transaction reaches the group meeting.
pub(crate) async fn reaches(tx: &mut Tx<'_>, id: GroupMeetingId) -> Result<bool, Failure> {
    let scope = tx.scope().clone();
    Ok(db!(tx, get_result, diesel::select(exists(visible!(scope).filter(group_meetings::id.eq(bind(id))))))?)
}

/// The topics of those of the given group meetings that the right of this transaction reaches.
pub(crate) async fn names(
    tx: &mut Tx<'_>,
    ids: &[GroupMeetingId],
) -> Result<Vec<(GroupMeetingId, String)>, Failure> {
    let (scope, some) = (tx.scope().clone(), group_meetings::id.eq_any(binds(ids)));
    Ok(db!(tx, load, visible!(scope).filter(some).select((group_meetings::id, group_meetings::topic)))?)
}

async fn row(tx: &mut Tx<'_>, id: GroupMeetingId) -> Result<Row, Failure> {
    let scope = tx.scope().clone();
    db!(tx, first, visible!(scope).filter(group_meetings::id.eq(bind(id))).select(Row::as_select()))
        .optional()?
        .ok_or_else(|| missing(id))
}

/// The card of one group meeting.
pub async fn card(tx: &mut Tx<'_>, id: GroupMeetingId) -> Result<GroupMeetingCard, Failure> {
    let row = row(tx, id).await?;
    cards::one(tx, row).await
}

/// Group meetings that the caller may see, ordered by time, the latest first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &GroupMeetingFilter,
    window: &Window,
) -> Result<Page<GroupMeetingCard>, Failure> {
    let scope = tx.scope().clone();
    let among_seen = match filter.mentorship_id {
        Some(id) => reached(tx, &[id], &scope).await?.into_iter().collect(),
        None => Vec::new(),
    };
    let rows: Vec<Row> = db!(tx, load, {
        let order = (group_meetings::at.desc(), group_meetings::id.desc());
        let mut all = visible!(scope).select(Row::as_select()).order(order).limit(window.fetch());
        all = match filter.annulled {
            Some(true) => all.filter(group_meetings::annulment_reason.is_not_null()),
            _ => all.filter(group_meetings::annulment_reason.is_null()),
        };
        if let Some(state) = &filter.state {
            all = all.filter(group_meetings::state.eq_any(any(state)));
        }
        if let Some(purpose) = &filter.purpose {
            all = all.filter(group_meetings::purpose.eq_any(any(purpose)));
        }
        if filter.mentorship_id.is_some() {
            let with = participations::table.filter(participations::mentorship_id.eq_any(binds(&among_seen)));
            all = all.filter(group_meetings::id.eq_any(with.select(participations::group_meeting_id)));
        }
        if let Some((at, id)) = begins_after(window) {
            // The first condition begins the index there; the other one is asked of the rows of that instant.
            let beyond = group_meetings::at.lt(bind(at)).or(group_meetings::id.lt(bind(id)));
            all = all.filter(group_meetings::at.le(bind(at))).filter(beyond);
        }
        all
    })?;
    let page = window.page(rows, |it| Place { text: Some(it.at.micros().to_string()), id: it.id.into() });
    Ok(Page { items: cards::of(tx, page.items).await?, next: page.next })
}

/// The place after which the page begins: a moment and an id.
fn begins_after(window: &Window) -> Option<(Moment, GroupMeetingId)> {
    let place = window.after.as_ref()?;
    let micros = place.text.as_ref()?.parse().ok()?;
    Some((Moment::from_micros(micros)?, place.id.into()))
}

/// The participants, in the order of the form, and whether each came.
async fn participants(
    tx: &mut Tx<'_>,
    ids: &[GroupMeetingId],
) -> Result<HashMap<GroupMeetingId, Vec<(MentorshipId, Option<bool>)>>, Failure> {
    let some = participations::table.filter(participations::group_meeting_id.eq_any(binds(ids)));
    let found: Vec<(GroupMeetingId, MentorshipId, Option<bool>)> = db!(
        tx,
        load,
        some.order((participations::group_meeting_id, participations::n)).select((
            participations::group_meeting_id,
            participations::mentorship_id,
            participations::attended
        ))
    )?;
    let mut all: HashMap<GroupMeetingId, Vec<_>> = HashMap::new();
    for (id, mentorship, attended) in found {
        all.entry(id).or_default().push((mentorship, attended));
    }
    Ok(all)
}

/// Loads a group meeting that a rule will change. The right of this transaction must reach all its mentorships,
/// because nobody decides for recipients whom they do not see.
pub async fn load(tx: &mut Tx<'_>, id: GroupMeetingId) -> Result<GroupMeeting, Failure> {
    let (row, ids) = to_change(tx, id).await?;
    Ok(row.whole(ids))
}

async fn to_change(tx: &mut Tx<'_>, id: GroupMeetingId) -> Result<(Row, Vec<MentorshipId>), Failure> {
    let row = row(tx, id).await?;
    let all = participants(tx, &[id]).await?.remove(&id).unwrap_or_default();
    let ids: Vec<MentorshipId> = all.into_iter().map(|it| it.0).collect();
    let scope = tx.scope().clone();
    if reached(tx, &ids, &scope).await?.len() < ids.len() {
        return Err(NOT_YOURS.refuse().into());
    }
    tx.expect(row.version)?;
    Ok((row, ids))
}

/// Loads a group meeting whose record is to be annulled. The right of this transaction must reach all its mentorships.
pub async fn to_annul(tx: &mut Tx<'_>, id: GroupMeetingId) -> Result<(GroupMeetingState, Recorded), Failure> {
    let (row, ids) = to_change(tx, id).await?;
    let own = sides(tx, &ids).await?;
    let term = terms::corrections(tx).await?;
    Ok(row.recorded(tx, !own.is_empty(), term))
}

/// Those of the mentorships of which the caller is a side.
async fn sides(tx: &mut Tx<'_>, ids: &[MentorshipId]) -> Result<HashSet<MentorshipId>, Failure> {
    let own = Own::of(tx);
    let some = mentorships::table.filter(mentorships::id.eq_any(binds(ids)));
    let found: Vec<(MentorshipId, MentorId, BeneficiaryId)> =
        db!(tx, load, some.select((mentorships::id, mentorships::mentor_id, mentorships::beneficiary_id)))?;
    Ok(found.into_iter().filter(|it| own.is_of(it.2, it.1)).map(|it| it.0).collect())
}

type Known = (MentorshipId, MentorId, OrganizationId, (BeneficiaryCategory, Option<Title>), Term);
type Term = (MentorshipState, Option<NaiveDate>, Option<NaiveDate>, Option<NaiveDate>);

/// The facts about all participants that rules judge. Refuses, in one answer, all participants that the right of this
/// transaction does not reach.
pub async fn circle(tx: &mut Tx<'_>, ids: &[MentorshipId]) -> Result<Circle, Failure> {
    let scope = tx.scope().clone();
    let own = reached(tx, ids, &scope).await?;
    let strange = ids.iter().enumerate().filter(|(_, it)| !own.contains(it));
    let dangling = strange.map(|(index, _)| REFERENCE.reason().at(format!("/mentorship_ids/{index}")));
    Refused::unless_empty(dangling.collect())?;
    circle_of(tx, ids).await
}

async fn circle_of(tx: &mut Tx<'_>, ids: &[MentorshipId]) -> Result<Circle, Failure> {
    let with_sides = mentorships::table.inner_join(mentors::table).inner_join(beneficiaries::table);
    let known: Vec<Known> = db!(
        tx,
        load,
        with_sides.filter(mentorships::id.eq_any(binds(ids))).select((
            mentorships::id,
            mentors::id,
            mentors::organization_id,
            (beneficiaries::category, beneficiaries::category_text),
            (mentorships::state, mentorships::starts_on, mentorships::ends_on, mentorships::ended_on),
        ))
    )?;
    let mut held = meetings::slots(tx, ids).await?;
    held.extend(attended(tx, ids).await?);
    let mut found: HashMap<MentorshipId, Participant> =
        known.into_iter().map(|it| (it.0, participant(it, &held))).collect();
    let participants = ids.iter().filter_map(|it| found.remove(it)).collect();
    Ok(Circle { participants, zone: tx.zone() })
}

fn participant(it: Known, held: &[(MentorshipId, Slot)]) -> Participant {
    let (mentorship_id, mentor_id, organization_id, (category, category_text), term) = it;
    let (state, from, to, ended_on) = term;
    let last = to.map(|it| ended_on.map_or(it, |ended_on| it.min(ended_on)));
    let own = held.iter().filter(|(of, _)| *of == mentorship_id);
    Participant {
        mentorship_id,
        mentor_id,
        organization_id,
        category,
        category_text,
        is_active: state == MentorshipState::Active,
        term: from.zip(last),
        held: own.map(|(_, slot)| *slot).collect(),
    }
}

/// The times of held group meetings at which the given mentorships were present.
pub(crate) async fn attended(
    tx: &mut Tx<'_>,
    ids: &[MentorshipId],
) -> Result<Vec<(MentorshipId, Slot)>, Failure> {
    let came = participations::table
        .inner_join(group_meetings::table)
        .filter(participations::mentorship_id.eq_any(binds(ids)))
        .filter(participations::attended.eq(Some(true)))
        .filter(group_meetings::annulment_reason.is_null());
    let found: Vec<(MentorshipId, Moment, i32)> = db!(
        tx,
        load,
        came.select((
            participations::mentorship_id,
            group_meetings::at,
            group_meetings::minutes.assume_not_null()
        ))
    )?;
    Ok(found.into_iter().map(|(id, began_at, minutes)| (id, Slot { began_at, minutes })).collect())
}

/// Lists of titles, which `Row` stores as JSON.
type Titles = Json<Vec<Title>>;
