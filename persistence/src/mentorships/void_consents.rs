//! Running mentorships whose consents do not hold any more.
use super::row::Row;
use super::{consents_given, situation_of, whole};
use crate::engine::column::binds;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::mentorships;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::id::{BeneficiaryId, MentorshipId};
use domain::mentorships::consents_missing;

/// The running mentorships of these recipients whose consents hold today for the last time, or no more. They go on, and are not extended.
/// The caller's scope does not limit it.
pub(crate) async fn void_consents(
    tx: &mut Tx<'_>,
    of: &[BeneficiaryId],
) -> Result<Vec<MentorshipId>, Failure> {
    let mut void = Vec::new();
    if of.is_empty() {
        return Ok(void);
    }
    let running = mentorships::table
        .filter(mentorships::beneficiary_id.eq_any(binds(of)))
        .filter(mentorships::starts_on.is_not_null())
        .filter(mentorships::ended_on.is_null())
        .order(mentorships::id);
    let rows: Vec<Row> = db!(tx, load, running.select(Row::as_select()))?;
    let tomorrow = tx.today().succ_opt().unwrap_or(NaiveDate::MAX);
    for row in rows {
        let it = whole(tx, row).await?;
        let pairing = it.pairing();
        let situation = situation_of(tx, pairing).await?;
        let given = consents_given(tx, pairing.id).await?;
        if !consents_missing(&given, &situation, tomorrow).is_empty() {
            void.push(pairing.id);
        }
    }
    Ok(void)
}
