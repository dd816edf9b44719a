//! The last day on which all documents of a mentor are valid. The row stores it, so that lists find documents about
//! to expire.
use super::{Row, found, program_of};
use crate::engine::column::{bind, binds};
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::{mentor_applications, mentors};
use crate::region::programs;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::id::{EditionId, MentorId, ProgramId};
use domain::mentors::{
    ExpiringDocument, Mentor, Reckoned, documents_expiring, documents_valid_until, notice_ends_on,
};
use domain::region::programs::MentorRules;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Mentors whose last day is computed in one transaction, so that other writes need not wait long.
pub const RECKONED_AT_ONCE: usize = 200;

/// The edition in force of the mentor's program, and the earliest last day among the documents that it demands.
pub(super) async fn reckoned(
    tx: &mut Tx<'_>,
    it: &Mentor,
) -> Result<(EditionId, Option<NaiveDate>), Failure> {
    let (program, today) = (program_of(tx, it.application_id).await?, tx.today());
    let edition = programs::must_be_in_force(tx, program, today).await?;
    Ok((edition.id, documents_valid_until(&it.form.documents, &edition.form.mentor)))
}

/// The documents of mentors that are about to expire. Only mentors whose stored last day is near are examined, by the
/// edition that the day was computed from.
pub(super) async fn expiring(
    tx: &mut Tx<'_>,
    of: &[&Row],
) -> Result<HashMap<MentorId, Vec<ExpiringDocument>>, Failure> {
    let today = tx.today();
    let is_near = |it: &&&Row| it.documents_valid_until.is_some_and(|last| last <= notice_ends_on(today));
    let mut rules: HashMap<EditionId, MentorRules> = HashMap::new();
    let mut all = HashMap::new();
    for it in of.iter().filter(is_near) {
        let Some(edition) = it.documents_edition_id else { continue };
        if let Entry::Vacant(unknown) = rules.entry(edition) {
            unknown.insert(programs::edition_of(tx, edition).await?.form.mentor);
        }
        let asked = rules.get(&edition).cloned().unwrap_or_default();
        all.insert(it.id, documents_expiring(&it.documents.0, &asked, today));
    }
    Ok(all)
}

/// Computes the last day again for mentors whose stored edition is missing or no longer in force. One call does a
/// part of them and returns their number. If it equals [`RECKONED_AT_ONCE`], there may be more.
pub async fn reckon(tx: &mut Tx<'_>) -> Result<usize, Failure> {
    let today = tx.today();
    let (of, by): (Vec<ProgramId>, Vec<EditionId>) =
        programs::all_in_force(tx, today).await?.into_iter().unzip();
    let edition = mentors::documents_edition_id;
    let outdated = edition.is_null().or(edition.assume_not_null().ne_all(binds(&by)));
    let limit = i64::try_from(RECKONED_AT_ONCE).map_err(Failure::broken)?;
    let ids: Vec<MentorId> = db!(
        tx,
        load,
        mentors::table
            .inner_join(mentor_applications::table)
            .filter(mentor_applications::program_id.eq_any(binds(&of)))
            .filter(outdated)
            .order(mentors::id)
            .limit(limit)
            .select(mentors::id)
    )?;
    for id in &ids {
        let mentor = found(tx, *id).await?;
        let (edition_id, valid_until) = reckoned(tx, &mentor).await?;
        let (it, records) = Reckoned::by(*id, edition_id, valid_until).into_parts();
        let set = (
            mentors::documents_edition_id.eq(bind(Some(it.edition_id))),
            mentors::documents_valid_until.eq(it.valid_until),
        );
        let rows = db!(tx, execute, prepared(diesel::update(mentors::table.find(bind(it.id))).set(set)))?;
        tx.established(rows, records)?;
    }
    Ok(ids.len())
}
