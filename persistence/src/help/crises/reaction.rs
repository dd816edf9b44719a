//! Reaction times of the crises that the caller sees, by organization and month.
use super::seen::{Seen, Way, of_way};
use crate::engine::card::Card;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::crises;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::id::{CrisisId, OrganizationId};
use domain::base::moment::Moment;
use domain::base::month::Month;
use domain::help::crises::CrisisState;
use domain::help::crises::reaction::{Course, ReactionTimes};
use shape::{card, filter};
use std::collections::BTreeMap;

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
    /// The reaction times, by organization and month.
    #[schema(max_items = 100_000)]
    pub times: Vec<ReactionTimes>,
}

/// The figures name nobody.
impl Card for ReactionTable {}

type Line = (CrisisId, OrganizationId, Moment, Moment, Option<Moment>, Option<Moment>, bool, CrisisState);

/// The reaction times of months. A caller who sees no persons is told the whole region, without small counts.
pub async fn reaction_times(tx: &mut Tx<'_>, asked: &ReactionQuestion) -> Result<ReactionTable, Failure> {
    let to = asked.to.unwrap_or_else(|| Month::of(tx.today()));
    let from = asked.from.unwrap_or(to).clamp(to.before(MOST_MONTHS - 1), to);
    let mut seen = Seen::by(tx, tx.scope());
    let is_blind = seen.whole.is_empty();
    if is_blind {
        seen.whole.push(Way::All);
    }
    let mut found: BTreeMap<CrisisId, Line> = BTreeMap::new();
    for way in &seen.whole {
        let lines = lines_of(tx, &seen, way, asked, (from, to)).await?;
        found.extend(lines.into_iter().map(|it| (it.0, it)));
    }
    let zone = tx.zone();
    let course = |(
        _,
        organization_id,
        reported_at,
        acknowledge_by,
        acknowledged_at,
        first_action_at,
        is_own,
        state,
    ): Line| Course {
        organization_id,
        month: Month::of(zone.day(reported_at)),
        reported_at,
        acknowledge_by,
        acknowledged_at,
        first_action_at,
        is_own,
        is_false_alarm: state == CrisisState::FalseAlarm,
    };
    let courses: Vec<Course> = found.into_values().map(course).collect();
    Ok(ReactionTable { from, to, times: ReactionTimes::of(&courses, is_blind) })
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
        all.select((
            crises::id,
            crises::organization_id,
            crises::reported_at,
            crises::acknowledge_by,
            crises::acknowledged_at,
            crises::first_action_at,
            crises::is_own,
            crises::state,
        ))
    })?)
}
