//! The last day for a decision, filled in for applications that were submitted before deadlines were stored.
use super::is_considered;
use crate::engine::column::bind;
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::mentor_applications;
use crate::region::programs::must_be_in_force;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::id::{ApplicationId, ProgramId};
use domain::mentors::{ApplicationState, Dated};

/// Applications that one transaction dates at most, so that other writes need not wait long.
const DATED_AT_ONCE: i64 = 200;

/// Sets the last day for a decision on applications that were submitted before deadlines were stored.
pub async fn date(tx: &mut Tx<'_>) -> Result<(), Failure> {
    let undated = mentor_applications::table
        .filter(is_considered!())
        .filter(mentor_applications::decide_by.is_null())
        .select((
            mentor_applications::id,
            mentor_applications::program_id,
            mentor_applications::submitted_on.assume_not_null(),
        ))
        .limit(DATED_AT_ONCE);
    let found: Vec<(ApplicationId, ProgramId, NaiveDate)> = db!(tx, load, undated)?;
    for (id, program, submitted_on) in found {
        let edition = must_be_in_force(tx, program, submitted_on).await?;
        let (it, records) = Dated::by(id, &edition.form, submitted_on).into_parts();
        let one = diesel::update(mentor_applications::table.find(bind(it.id)));
        let rows = db!(tx, execute, prepared(one.set(mentor_applications::decide_by.eq(it.decide_by))))?;
        tx.established(rows, records)?;
    }
    Ok(())
}
