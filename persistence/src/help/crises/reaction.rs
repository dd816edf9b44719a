//! Reaction times of the crises that the caller sees, by organization and month.
use super::seen::{Seen, Way, of_way};
use crate::engine::card::Card;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{crises, crisis_calls, crisis_courses};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::id::{CrisisId, OrganizationId};
use domain::base::moment::Moment;
use domain::base::month::Month;
use domain::help::crises::reaction::{Course, ReactionTimes};
use domain::help::crises::{CrisisSeverity, CrisisState};
use shape::{card, filter};
use std::collections::{BTreeMap, HashSet};

/// Months of one answer at most.
const MOST_MONTHS: u32 = 12;

/// The question for reaction times.
#[filter]
pub struct ReactionQuestion {
    /// Only crises reported in this month or later, at most twelve months. `to`, if none is given.
    pub from: Option<Month>,
    /// Only crises reported in this month or earlier. The present month, if none is given.
    pub to: Option<Month>,
    /// Only crises of beneficiaries for whom this organization answers.
    pub organization_id: Option<OrganizationId>,
}

/// Reaction times to crises. Crises that a caller does not see are in none of the counts, so that no count tells of them.
#[card]
pub struct ReactionTable {
    /// The first month.
    pub from: Month,
    /// The last month.
    pub to: Month,
    /// The reaction times, by organization and month: of all severities, then of each.
    #[schema(max_items = 100_000)]
    pub times: Vec<ReactionTimes>,
}

/// The figures name nobody.
impl Card for ReactionTable {}

#[derive(Queryable, Selectable)]
#[diesel(table_name = crises)]
struct Line {
    id: CrisisId,
    organization_id: OrganizationId,
    severity: CrisisSeverity,
    reported_at: Moment,
    acknowledge_by: Moment,
    first_action_at: Option<Moment>,
    ended_at: Option<Moment>,
    is_own: bool,
    state: CrisisState,
    #[diesel(embed)]
    course: Taken,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = crisis_courses)]
struct Taken {
    first_acknowledged_at: Option<Moment>,
}

/// Crises, each with a level that was called.
type Escalated = HashSet<(CrisisId, i32)>;

/// The reaction times of months. A caller who sees no persons is told the whole region, without small counts.
pub async fn reaction_times(tx: &mut Tx<'_>, asked: &ReactionQuestion) -> Result<ReactionTable, Failure> {
    let to = asked.to.unwrap_or_else(|| Month::of(tx.today()));
    let from = asked.from.unwrap_or(to).clamp(to.before(MOST_MONTHS - 1), to);
    let mut seen = Seen::ordering(tx).await?;
    let is_blind = seen.whole.is_empty();
    if is_blind {
        seen.whole.push(Way::All);
    }
    let (mut found, mut escalated): (BTreeMap<CrisisId, Line>, Escalated) = Default::default();
    for way in &seen.whole {
        let lines = lines_of(tx, &seen, way, asked, (from, to)).await?;
        found.extend(lines.into_iter().map(|it| (it.id, it)));
        escalated.extend(escalated_of(tx, &seen, way, (from, to)).await?);
    }
    let zone = tx.zone();
    let course = |it: Line| Course {
        organization_id: it.organization_id,
        month: Month::of(zone.day(it.reported_at)),
        severity: it.severity,
        reported_at: it.reported_at,
        acknowledge_by: it.acknowledge_by,
        acknowledged_at: it.course.first_acknowledged_at,
        first_action_at: it.first_action_at,
        ended_at: it.ended_at,
        escalated: [2, 3, 4].map(|level| escalated.contains(&(it.id, level))),
        is_own: it.is_own,
        is_false_alarm: it.state == CrisisState::FalseAlarm,
    };
    let courses: Vec<Course> = found.into_values().map(course).collect();
    Ok(ReactionTable { from, to, times: ReactionTimes::of(&courses, is_blind) })
}

/// The levels that were called in the crises of a way after a deadline had passed.
async fn escalated_of(
    tx: &mut Tx<'_>,
    seen: &Seen,
    way: &Way,
    (from, to): (Month, Month),
) -> Result<Vec<(CrisisId, i32)>, Failure> {
    let (begin, end) = (from.instants(tx.zone()).0, to.instants(tx.zone()).1);
    let parties = &seen.parties;
    Ok(db!(tx, load, {
        of_way!(way, parties)
            .inner_join(crisis_calls::table.on(crisis_calls::crisis_id.eq(crises::id)))
            .filter(crises::reported_at.ge(bind(begin)))
            .filter(crises::reported_at.lt(bind(end)))
            .filter(crisis_calls::due_at.gt(crises::reported_at))
            .select((crises::id, crisis_calls::level))
    })?)
}

/// The crises of a way that were reported in these months.
async fn lines_of(
    tx: &mut Tx<'_>,
    seen: &Seen,
    way: &Way,
    asked: &ReactionQuestion,
    (from, to): (Month, Month),
) -> Result<Vec<Line>, Failure> {
    let (begin, end) = (from.instants(tx.zone()).0, to.instants(tx.zone()).1);
    let parties = &seen.parties;
    Ok(db!(tx, load, {
        let mut all = of_way!(way, parties)
            .filter(crises::reported_at.ge(bind(begin)))
            .filter(crises::reported_at.lt(bind(end)));
        if let Some(of) = asked.organization_id {
            all = all.filter(crises::organization_id.eq(bind(of)));
        }
        all.select(Line::as_select())
    })?)
}
