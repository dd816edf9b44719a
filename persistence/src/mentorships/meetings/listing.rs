//! The lists of meetings: those of one mentorship, and those of all mentorships that the caller sees.
use super::{Judging, MeetingCard, Row, Said, shown};
use crate::engine::column::{bind, binds, each};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::meetings;
use crate::mentorships::charges::{Charge, entrusted};
use crate::mentorships::{self, By};
use crate::scope::mentorships::visible_ids;
use crate::scope::{Way, when};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::filters::any::AnyOf;
use domain::base::filters::order::{ListOrder, MeetingGrouping};
use domain::base::id::{MeetingId, MentorshipId, UserId};
use domain::base::moment::Moment;
use domain::mentorships::meetings::{HomeworkState, MeetingMethod, MeetingState, Slot};
use shape::filter;
use std::collections::HashMap;

/// Filters of the lists of meetings.
#[filter]
pub struct MeetingFilter {
    /// Only meetings in this state.
    pub state: Option<AnyOf<MeetingState>>,
    /// Only meetings whose homework is in this state today.
    pub homework: Option<AnyOf<HomeworkState>>,
    /// `true`: only meetings of the caller's mentorships: as tutor, as specialist in charge of the recipient's open case, as
    /// mentor or as recipient. `false`: only all others.
    pub mine: Option<bool>,
    /// Only meetings of mentorships of this tutor, or of this specialist in charge of the recipient's open case.
    pub specialist_id: Option<UserId>,
    /// Only meetings on this day of the region or later.
    pub from: Option<NaiveDate>,
    /// Only meetings on this day of the region or earlier.
    pub to: Option<NaiveDate>,
    /// `true`: only annulled ones, which are left out otherwise.
    pub annulled: Option<bool>,
    /// The order by the time of the meeting; the latest first, if none is asked for.
    pub sort: Option<ListOrder>,
}

/// The held meetings of mentorships, ordered by time.
pub(super) type Held = HashMap<MentorshipId, Vec<(MeetingId, Slot)>>;

/// The held meetings of these mentorships.
pub(super) async fn held(tx: &mut Tx<'_>, of: &[MentorshipId]) -> Result<Held, Failure> {
    let mut held = Held::new();
    if of.is_empty() {
        return Ok(held);
    }
    let rows: Vec<(MentorshipId, MeetingId, Moment, i32)> = db!(
        tx,
        load,
        meetings::table
            .filter(meetings::mentorship_id.eq_any(binds(of)))
            .filter(meetings::began_at.is_not_null())
            .filter(meetings::annulment_reason.is_null())
            .order((meetings::at, meetings::id))
            .select((
                meetings::mentorship_id,
                meetings::id,
                meetings::at,
                meetings::minutes.assume_not_null()
            ))
    )?;
    for (of, id, began_at, minutes) in rows {
        held.entry(of).or_default().push((id, Slot { began_at, minutes }));
    }
    Ok(held)
}

/// Meetings ordered by time, the latest first: those of a mentorship, or all that the caller sees.
pub async fn list(
    tx: &mut Tx<'_>,
    of: Option<MentorshipId>,
    filter: &MeetingFilter,
    window: &Window,
) -> Result<Page<MeetingCard>, Failure> {
    if let Some(of) = of {
        mentorships::stand(tx, of, By::Reach).await?;
    }
    let mut rows: Vec<Row> = Vec::new();
    for state in each(filter.state.as_ref()) {
        rows.extend(rows_in(tx, of, filter, state, window).await?);
    }
    let rows = window.first_of(rows, filter.sort == Some(ListOrder::EarliestFirst), |it| (it.at, it.id));
    let page = window.page(rows, |it| Place { text: Some(it.at.micros().to_string()), id: it.id.into() });
    Ok(Page { items: cards(tx, page.items).await?, next: page.next })
}

/// The first meetings in a state, or in any.
async fn rows_in(
    tx: &mut Tx<'_>,
    of: Option<MentorshipId>,
    filter: &MeetingFilter,
    state: Option<MeetingState>,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let (scope, today) = (tx.scope().clone(), tx.today());
    let own = Charge::of_caller(tx);
    let of_specialist = filter.specialist_id.map(|it| Charge::of(tx, it));
    let begin = filter.from.map(|it| tx.zone().dawn(it));
    let end = filter.to.and_then(|it| it.succ_opt()).map(|it| tx.zone().dawn(it));
    Ok(db!(tx, load, {
        let mut all = meetings::table.select(Row::as_select()).limit(window.fetch()).into_boxed();
        match of {
            Some(of) => all = all.filter(meetings::mentorship_id.eq(bind(of))),
            None => {
                let seen = visible_ids!(scope);
                all = all.filter(meetings::mentorship_id.eq_any(seen));
            }
        }
        all = match filter.annulled {
            Some(true) => all.filter(meetings::annulment_reason.is_not_null()),
            _ => all.filter(meetings::annulment_reason.is_null()),
        };
        if let Some(state) = state {
            all = all.filter(meetings::state.eq(bind(state)));
        }
        match (filter.mine, &own) {
            (Some(true), Some(own)) => all = all.filter(meetings::mentorship_id.eq_any(entrusted!(own))),
            (Some(false), Some(own)) => all = all.filter(meetings::mentorship_id.ne_all(entrusted!(own))),
            _ => {}
        }
        if let Some(specialist) = &of_specialist {
            all = all.filter(meetings::mentorship_id.eq_any(entrusted!(specialist)));
        }
        if let Some(begin) = begin {
            all = all.filter(meetings::at.ge(bind(begin)));
        }
        if let Some(end) = end {
            all = all.filter(meetings::at.lt(bind(end)));
        }
        if let Some(asked) = &filter.homework {
            let done = meetings::homework_done.is_not_null().and(meetings::homework_done.assume_not_null());
            let undone = meetings::homework.is_not_null().and(diesel::dsl::not(done));
            let late = meetings::homework_due_on
                .is_not_null()
                .and(meetings::homework_due_on.assume_not_null().lt(today));
            let open = when(asked.has(&HomeworkState::Open), undone.and(diesel::dsl::not(late)));
            let overdue = when(asked.has(&HomeworkState::Overdue), undone.and(late));
            all = all.filter(open.or_by(overdue).or_by(when(asked.has(&HomeworkState::Done), done)));
            if !asked.has(&HomeworkState::Done) {
                all = all.filter(meetings::homework.is_not_null());
            }
        }
        let is_rising = filter.sort == Some(ListOrder::EarliestFirst);
        all = match is_rising {
            true => all.order((meetings::at.asc(), meetings::id.asc())),
            false => all.order((meetings::at.desc(), meetings::id.desc())),
        };
        if let Some((at, id)) = beyond(window) {
            // The first condition begins the index there; the other one is asked of the rows of that instant.
            all = match is_rising {
                true => all
                    .filter(meetings::at.ge(bind(at)))
                    .filter(meetings::at.gt(bind(at)).or(meetings::id.gt(bind(id)))),
                false => all
                    .filter(meetings::at.le(bind(at)))
                    .filter(meetings::at.lt(bind(at)).or(meetings::id.lt(bind(id)))),
            };
        }
        all
    })?)
}

async fn cards(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<Vec<MeetingCard>, Failure> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut of: Vec<MentorshipId> = rows.iter().map(|it| it.mentorship_id).collect();
    of.sort_unstable();
    of.dedup();
    let stands = mentorships::stands(tx, &of).await?;
    of.retain(|id| rows.iter().any(|it| it.mentorship_id == *id && it.began_at.is_some()));
    let held = held(tx, &of).await?;
    let said = Said::of(tx, &rows.iter().map(|it| it.id).collect::<Vec<_>>()).await?;
    tx.readable(rows.into_iter().filter_map(|row| {
        let stand = stands.get(&row.mentorship_id)?;
        Some(shown(tx, row, stand, &held, &said, Judging::State))
    }))
}

crate::engine::counts::counted! {
    meetings, MeetingCountQuestion of MeetingGrouping {
        State: state as MeetingState, Method: method as MeetingMethod
    },
    meetings::table.filter(meetings::annulment_reason.is_null()),
    |scope| meetings::table
        .filter(meetings::mentorship_id.eq_any(visible_ids!(scope)))
        .into_boxed()
}

/// The place after which the page begins: a moment and an id.
fn beyond(window: &Window) -> Option<(Moment, MeetingId)> {
    let place = window.after.as_ref()?;
    let micros = place.text.as_ref()?.parse().ok()?;
    Some((Moment::from_micros(micros)?, place.id.into()))
}
