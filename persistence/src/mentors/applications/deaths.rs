//! The end of applications with the life of their candidate.
use super::{Row, saving, shown, whole};
use crate::engine::column::binds;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{mentor_applications, people as people_table};
use crate::people::Human;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::id::PersonId;

/// Ends the applications of somebody who died that are not closed. The person is given under all records. The caller's scope does not
/// limit it.
pub(crate) async fn end_by_death(tx: &mut Tx<'_>, people: &[PersonId]) -> Result<(), Failure> {
    let theirs = mentor_applications::table
        .inner_join(people_table::table)
        .filter(mentor_applications::person_id.eq_any(binds(people)))
        .filter(mentor_applications::decided_on.is_null())
        .filter(mentor_applications::withdrawn_on.is_null())
        .order(mentor_applications::id);
    let rows: Vec<(Row, Human)> = db!(tx, load, theirs.select((Row::as_select(), Human::as_select())))?;
    for row in rows {
        let card = shown(tx, row)?;
        if let Some(ended) = whole(&card)?.end_by_death(tx.today()) {
            saving::save_withdrawn(tx, ended).await?;
        }
    }
    Ok(())
}
