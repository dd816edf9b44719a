//! The names of assessments beside ids.
use super::{Rated, Row, caller, maker};
use crate::engine::column::binds;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{assessments, scales};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::id::{AssessmentId, BeneficiaryId};
use domain::base::word::Word;
use std::collections::{BTreeSet, HashMap};

/// The names of those of the given assessments that the right of this transaction reaches: the kind of the scale and the day. An answer
/// names assessments of one person, so the part of the caller is asked once for each record of that person.
pub(crate) async fn names(
    tx: &mut Tx<'_>,
    ids: &[AssessmentId],
) -> Result<Vec<(AssessmentId, String)>, Failure> {
    let rows: Vec<Rated> = db!(tx, load, rated!().filter(assessments::id.eq_any(binds(ids))))?;
    let of: BTreeSet<BeneficiaryId> = rows.iter().map(|it| it.0.beneficiary_id).collect();
    let mut parts = HashMap::new();
    for it in of {
        let by = match maker(tx, it).await {
            Err(Failure::NotFound(_)) => continue,
            by => by?,
        };
        parts.insert(it, by);
    }
    let caller = caller(tx);
    let is_shown = |row: &Row| parts.get(&row.beneficiary_id).is_some_and(|by| row.is_shown_to(*by, caller));
    let shown = rows.into_iter().filter(|it| is_shown(&it.0));
    Ok(shown.map(|(row, kind)| (row.id, format!("{}, {}", kind.ru(), row.assessed_on))).collect())
}
