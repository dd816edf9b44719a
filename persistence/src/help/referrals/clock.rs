//! The part of the clock in referrals: it ends those that nobody has answered in time, once each.
//!
//! Nobody's sight waits for it: the state is computed from the day at each read.
use super::{Row, end_each};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::referrals;
use crate::tx::Tx;
use diesel::prelude::*;

/// Referrals of one transaction at most.
pub const LAPSED_AT_ONCE: usize = 50;

/// Ends a part of the referrals whose time is over. Two servers that meet cross at the row of the referral, and the later one finds
/// nothing left. Returns the number of referrals; if it equals [`LAPSED_AT_ONCE`], there may be more.
pub async fn lapse(tx: &mut Tx<'_>) -> Result<usize, Failure> {
    let limit = i64::try_from(LAPSED_AT_ONCE).map_err(Failure::broken)?;
    let late = referrals::table
        .filter(referrals::accepted_on.is_null().and(referrals::settled_on.is_null()))
        .filter(referrals::answer_until.lt(tx.today()))
        .order((referrals::answer_until, referrals::id))
        .limit(limit);
    let rows: Vec<Row> = db!(tx, load, late.select(Row::as_select()))?;
    let number = rows.len();
    end_each(tx, rows).await?;
    Ok(number)
}
