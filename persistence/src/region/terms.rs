//! The terms in force.
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::terms;
use crate::journal::reads;
use crate::tx::Tx;
use chrono::TimeDelta;
use diesel::prelude::*;
use domain::base::entry::correction::CorrectionDays;
use domain::region::terms::TermKind;

/// The term of corrections in force today.
pub(crate) async fn corrections(tx: &mut Tx<'_>) -> Result<CorrectionDays, Failure> {
    Ok(in_force(tx, TermKind::Corrections).await?.map_or_else(CorrectionDays::default, CorrectionDays))
}

/// Deletes the reads of personal data that are older than the term in force. Without a term they are kept.
pub async fn sweep_reads(tx: &mut Tx<'_>) -> Result<(), Failure> {
    let Some(days) = in_force(tx, TermKind::Reads).await? else { return Ok(()) };
    reads::sweep(tx, tx.now().plus(TimeDelta::days(-i64::from(days)))).await
}

/// The days of the term of that kind in force today. None if the region has set none.
async fn in_force(tx: &mut Tx<'_>, kind: TermKind) -> Result<Option<i32>, Failure> {
    let begun = terms::table
        .filter(terms::kind.eq(bind(kind)))
        .filter(terms::annulment_reason.is_null())
        .filter(terms::effective_from.le(tx.today()))
        .order((terms::effective_from.desc(), terms::id.desc()))
        .select(terms::days);
    Ok(db!(tx, first, begun).optional()?)
}
