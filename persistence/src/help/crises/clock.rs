//! The part of the clock in crises: it writes down the levels that were called meanwhile, once each, with the deadline that had passed.
//!
//! Nobody's sight waits for it: who may act is computed at each read.
use super::Row;
use super::chain::Around;
use super::saving::save_calls;
use crate::engine::column::bind;
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{crises, crisis_calls, crisis_courses};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::id::{CrisisId, UserId};
use domain::base::moment::Moment;
use domain::help::crises::{Call, Signal};

/// Crises of one transaction at most.
pub const DUE_AT_ONCE: usize = 50;

/// Writes down the levels that were called by now, of a part of the crises. Two servers that meet cross at the row of the crisis, and
/// the later one finds nothing left. Returns the number of crises; if it equals [`DUE_AT_ONCE`], there may be more.
pub async fn due(tx: &mut Tx<'_>) -> Result<usize, Failure> {
    let limit = i64::try_from(DUE_AT_ONCE).map_err(Failure::broken)?;
    let late = crises::table
        .inner_join(crisis_courses::table)
        .filter(crises::next_call_at.assume_not_null().le(bind(tx.now())))
        .filter(crises::next_call_at.is_not_null())
        .order((crises::next_call_at, crises::id))
        .limit(limit);
    let rows: Vec<Row> = db!(tx, load, late.select(Row::as_select()))?;
    for row in &rows {
        catch_up(tx, row).await?;
    }
    Ok(rows.len())
}

/// Writes down the levels of a crisis that were called by now. A step that begins another chain does the same before, so that nothing
/// is lost where the clock came late.
pub(super) async fn catch_up(tx: &mut Tx<'_>, row: &Row) -> Result<(), Failure> {
    let chain = Around::rows(tx, &[row]).await?.chain(row);
    let called: Vec<Call> = chain.called_anew(tx.now()).cloned().collect();
    let known = on_record(tx, row.id).await?;
    let levels: Vec<i32> = known.iter().map(|it| it.0).collect();
    save(tx, row.id, chain.next_after(tx.now()), (not_yet(&known, called), levels)).await
}

/// The levels and accounts that are written down.
async fn on_record(tx: &mut Tx<'_>, id: CrisisId) -> Result<Vec<(i32, UserId)>, Failure> {
    let known = crisis_calls::table
        .filter(crisis_calls::crisis_id.eq(bind(id)))
        .select((crisis_calls::level, crisis_calls::user_id));
    Ok(db!(tx, load, known)?)
}

/// Those of the calls that are not written down yet.
fn not_yet(known: &[(i32, UserId)], called: Vec<Call>) -> Vec<Call> {
    let new = |it: Call| {
        let (level, since) = (it.level, it.since);
        let users: Vec<UserId> =
            it.users.into_iter().filter(|user| !known.contains(&(level, *user))).collect();
        Call { level, since, users }
    };
    called.into_iter().map(new).filter(|it| !it.users.is_empty()).collect()
}

/// Writes down new calls after the levels on record, and when the clock has to look again.
async fn save(
    tx: &mut Tx<'_>,
    id: CrisisId,
    next: Option<Moment>,
    (new, on_record): (Vec<Call>, Vec<i32>),
) -> Result<(), Failure> {
    let waiting = crises::table.filter(crises::id.eq(bind(id)));
    let looked = diesel::update(waiting).set(crises::next_call_at.eq(bind(next)));
    let rows = db!(tx, execute, prepared(looked))?;
    let records = Signal::escalate(id, &new, &on_record).map(|it| it.into_parts().1).unwrap_or_default();
    tx.established(rows, records)?;
    save_calls(tx, id, &new).await
}
