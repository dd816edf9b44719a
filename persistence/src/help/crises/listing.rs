//! The lists of crises: for each way and each state, the first rows in the order of ids; then the first of all of them.
use super::Row;
use super::cards::{CrisisCard, shown};
use super::chain::Around;
use super::seen::{Seen, Way, found as found_by, of_way};
use crate::engine::column::{any, bind};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::page::{Page, Place, Window};
use crate::engine::schema::crises;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::action::Judged;
use domain::base::filters::any::AnyOf;
use domain::base::id::{BeneficiaryId, CrisisId, OrganizationId};
use domain::base::word::Word;
use domain::help::crises::{CrisisProgress, CrisisSeverity, CrisisState};
use shape::filter;
use std::collections::BTreeMap;

/// Unended crises of a way in a state among which those are sought that wait for the caller.
const SOUGHT: i64 = 200;
/// Crises that an agenda shows at most.
const FIRST: usize = 50;

/// Filters of the list of crises. A filter by what a reporter is not told leaves out crises that the caller has only reported.
#[filter]
pub struct CrisisFilter {
    /// Only crises with this progress.
    pub progress: Option<AnyOf<CrisisProgress>>,
    /// Only crises in this state.
    pub state: Option<AnyOf<CrisisState>>,
    /// Only crises of this severity.
    pub severity: Option<AnyOf<CrisisSeverity>>,
    /// Only crises of this beneficiary.
    pub beneficiary_id: Option<BeneficiaryId>,
    /// Only crises of beneficiaries for whom this organization answers.
    pub organization_id: Option<OrganizationId>,
}

impl CrisisFilter {
    /// The states whose crises can fit.
    fn states(&self) -> impl Iterator<Item = CrisisState> {
        let fits = move |it: &CrisisState| {
            let progress = self.progress.as_ref();
            let is_asked = self.state.as_ref().is_none_or(|asked| asked.has(it));
            is_asked && progress.is_none_or(|asked| asked.has(&it.progress()))
        };
        CrisisState::ALL.iter().copied().filter(fits)
    }
    /// Whether it asks for nothing that a reporter is not told.
    fn is_for_reporters(&self) -> bool {
        self.state.is_none() && self.severity.is_none() && self.organization_id.is_none()
    }
}

/// Crises that the caller sees, the newest first.
pub async fn list(
    tx: &mut Tx<'_>,
    filter: &CrisisFilter,
    window: &Window,
) -> Result<Page<CrisisCard>, Failure> {
    let seen = Seen::reading(tx);
    let mut found: BTreeMap<CrisisId, (Row, bool)> = BTreeMap::new();
    for state in filter.states() {
        for (way, is_whole) in seen.ways().filter(|(_, is_whole)| *is_whole || filter.is_for_reporters()) {
            for row in rows_of(tx, &seen, way, state, filter, window).await? {
                found.entry(row.id).or_insert((row, is_whole));
            }
        }
    }
    let rows = window.first_of(found.into_values().collect(), false, |it| it.0.id);
    let page = window.page(rows, |it| Place::id(it.0.id));
    Ok(Page { items: shown(tx, page.items, Judged::State).await?, next: page.next })
}

/// The first crises of a way in a state.
async fn rows_of(
    tx: &mut Tx<'_>,
    seen: &Seen,
    way: &Way,
    state: CrisisState,
    filter: &CrisisFilter,
    window: &Window,
) -> Result<Vec<Row>, Failure> {
    let parties = &seen.parties;
    Ok(db!(tx, load, {
        let mut all = of_way!(way, parties)
            .filter(crises::state.eq(bind(state)))
            .order(crises::id.desc())
            .limit(window.fetch());
        if let Some(asked) = &filter.severity {
            all = all.filter(crises::severity.eq_any(any(asked)));
        }
        if let Some(of) = filter.beneficiary_id {
            all = all.filter(crises::beneficiary_id.eq(bind(of)));
        }
        if let Some(of) = filter.organization_id {
            all = all.filter(crises::organization_id.eq(bind(of)));
        }
        if let Some(after) = window.after_id() {
            all = all.filter(crises::id.lt(bind(after)));
        }
        all.select(Row::as_select())
    })?)
}

/// Crises that wait for the caller, the earliest first: those to which the chain has come and that nobody has taken up, those for which
/// the caller is responsible, and for guardianship those that await its survey. It asks nobody's clock.
pub async fn waiting(tx: &mut Tx<'_>) -> Result<Vec<CrisisCard>, Failure> {
    let seen = Seen::reading(tx);
    let mut found: BTreeMap<CrisisId, Row> = BTreeMap::new();
    let mut to_survey: Vec<CrisisId> = Vec::new();
    for id in responsible(tx).await? {
        if let Some((row, true)) = found_by(tx, &seen, id).await? {
            found.insert(id, row);
        }
    }
    for way in &seen.whole {
        for state in [CrisisState::Reported, CrisisState::Acknowledged] {
            let rows = oldest(tx, &seen, way, state).await?;
            found.extend(rows.into_iter().map(|it| (it.id, it)));
        }
        if let Way::Guarded(_) = way {
            let rows = awaiting_survey(tx, &seen, way).await?;
            to_survey.extend(rows.iter().map(|it| it.id));
            found.extend(rows.into_iter().map(|it| (it.id, it)));
        }
    }
    let around = Around::rows(tx, &found.values().collect::<Vec<_>>()).await?;
    let waits = |it: &Row| around.waits_for(tx, it) || to_survey.contains(&it.id);
    let rows: Vec<(Row, bool)> = found.into_values().filter(waits).take(FIRST).map(|it| (it, true)).collect();
    tx.begin_list();
    shown(tx, rows, Judged::State).await
}

/// Crises for which the account of the caller is responsible. Whether the caller still sees them is asked of each.
async fn responsible(tx: &mut Tx<'_>) -> Result<Vec<CrisisId>, Failure> {
    let Some(user) = tx.caller().map(|it| it.user) else { return Ok(Vec::new()) };
    let own = crises::table
        .filter(crises::acknowledged_by.assume_not_null().eq(bind(user)))
        .filter(crises::state.eq(bind(CrisisState::Acknowledged)))
        .order(crises::id)
        .limit(SOUGHT)
        .select(crises::id);
    Ok(db!(tx, load, own)?)
}

/// The crises of a way in a state that have waited longest.
async fn oldest(tx: &mut Tx<'_>, seen: &Seen, way: &Way, state: CrisisState) -> Result<Vec<Row>, Failure> {
    let parties = &seen.parties;
    Ok(db!(tx, load, {
        of_way!(way, parties)
            .filter(crises::state.eq(bind(state)))
            .order(crises::id)
            .limit(SOUGHT)
            .select(Row::as_select())
    })?)
}

/// Crises of the territories of guardianship that await its survey, the most urgent first.
async fn awaiting_survey(tx: &mut Tx<'_>, seen: &Seen, way: &Way) -> Result<Vec<Row>, Failure> {
    let parties = &seen.parties;
    Ok(db!(tx, load, {
        of_way!(way, parties)
            .filter(crises::surveyed_on.is_null())
            .filter(crises::survey_due_on.is_not_null())
            .order((crises::survey_due_on, crises::id))
            .limit(SOUGHT)
            .select(Row::as_select())
    })?)
}
