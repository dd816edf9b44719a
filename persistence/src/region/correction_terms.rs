//! The term of corrections in force.
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::correction_terms;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::entry::correction::CorrectionDays;

/// The term of corrections in force today.
pub(crate) async fn in_force(tx: &mut Tx<'_>) -> Result<CorrectionDays, Failure> {
    let begun = correction_terms::table
        .filter(correction_terms::annulment_reason.is_null())
        .filter(correction_terms::effective_from.le(tx.today()))
        .order((correction_terms::effective_from.desc(), correction_terms::id.desc()))
        .select(correction_terms::days);
    let days: Option<i32> = db!(tx, first, begun).optional()?;
    Ok(days.map_or_else(CorrectionDays::default, CorrectionDays))
}
