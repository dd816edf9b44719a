//! Crises in the closing of a case, and in its monthly record.
use super::seen::{Seen, Way, of_way};
use crate::engine::column::{any_of, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{crises, crisis_concerned, crisis_organizations};
use crate::help::ways::line_of;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::accompaniment::monthly_records::{MonthItem, MonthItemKind};
use domain::base::id::{CaseId, CrisisId, MonthItemId};
use domain::base::moment::Moment;
use domain::base::refusal::Reason;
use domain::help::crises::{CASE_HAS_CRISIS, CrisisState};
use std::collections::HashSet;
use uuid::Uuid;

/// The reason against the closing of a case while a crisis of the beneficiary has not ended. One that the caller does not see blocks
/// nothing; for one who reads no crises at all, such as a key, those count that concern nobody.
pub(crate) async fn against_closing(tx: &mut Tx<'_>, case: CaseId) -> Result<Option<Reason>, Failure> {
    let (of, _) = line_of(tx, case).await?;
    let seen = Seen::reading(tx).await?;
    let is_blind = seen.whole.is_empty();
    let ways = if is_blind { vec![Way::All] } else { seen.whole.clone() };
    let mut all: HashSet<CrisisId> = HashSet::new();
    for way in &ways {
        let parties = &seen.parties;
        let ids: Vec<CrisisId> = db!(tx, load, {
            let mut unended = of_way!(way, parties)
                .filter(crises::beneficiary_id.eq_any(binds(&of)))
                .filter(crises::state.eq_any(any_of(&[CrisisState::Reported, CrisisState::Acknowledged])));
            if is_blind {
                let concerned = crisis_concerned::table
                    .filter(crisis_concerned::crisis_id.eq(crises::id))
                    .select(crisis_concerned::crisis_id);
                unended = unended.filter(not(exists(concerned)));
            }
            unended.select(crises::id)
        })?;
        all.extend(ids);
    }
    Ok((!all.is_empty()).then(|| CASE_HAS_CRISIS.reason().with("crises", all.len())))
}

/// Those of the crises that concern the account or the person of the caller.
pub(crate) async fn about_caller(
    tx: &mut Tx<'_>,
    among: &[MonthItemId],
) -> Result<Vec<MonthItemId>, Failure> {
    let parties = Seen::reading(tx).await?.parties;
    if among.is_empty() || parties.is_empty() {
        return Ok(Vec::new());
    }
    let theirs = crisis_concerned::table
        .filter(crisis_concerned::crisis_id.eq_any(binds(among)))
        .filter(crisis_concerned::party_id.eq_any(parties))
        .select(crisis_concerned::crisis_id);
    Ok(db!(tx, load, theirs)?)
}

/// Crises of a case that were reported within these days. A record is read by everybody who sees the case, so a crisis that concerns
/// somebody is not in it.
pub(crate) async fn month_items(
    tx: &mut Tx<'_>,
    case: CaseId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<MonthItem>, Failure> {
    let (of, organization) = line_of(tx, case).await?;
    let zone = tx.zone();
    let (begin, end) = (zone.dawn(from), zone.dawn(to.succ_opt().unwrap_or(to)));
    let concerned = crisis_concerned::table
        .filter(crisis_concerned::crisis_id.eq(crises::id))
        .select(crisis_concerned::crisis_id);
    let shown = crisis_organizations::table
        .filter(crisis_organizations::crisis_id.eq(crises::id))
        .filter(crisis_organizations::organization_id.eq(bind(organization)))
        .select(crisis_organizations::crisis_id);
    let reported = crises::table
        .filter(crises::beneficiary_id.eq_any(binds(&of)))
        .filter(crises::reported_at.ge(bind(begin)))
        .filter(crises::reported_at.lt(bind(end)))
        .filter(not(exists(concerned)))
        .filter(exists(shown))
        .select((crises::id, crises::reported_at));
    let mut rows: Vec<(CrisisId, Moment)> = db!(tx, load, reported)?;
    rows.sort_unstable();
    let item =
        |(id, at): (CrisisId, Moment)| MonthItem::of(MonthItemKind::Crisis, Uuid::from(id), zone.day(at));
    Ok(rows.into_iter().map(item).collect())
}
