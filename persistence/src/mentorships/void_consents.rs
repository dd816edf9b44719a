//! Running mentorships whose consents do not hold any more.
use super::consents;
use crate::engine::column::binds;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::mentorships;
use crate::people::signers_of;
use crate::region::programs;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::id::{BeneficiaryId, EditionId, MentorshipId};
use domain::mentorships::{Consent, consents_missing_by};
use domain::people::consents::Signers;
use std::collections::{BTreeSet, HashMap};

type Running = (MentorshipId, BeneficiaryId, EditionId);

/// The running mentorships of these recipients whose consents hold today for the last time, or no more. They go on, and are not extended.
/// The caller's scope does not limit it. It asks for nothing but what a consent rests on: an edit asks it before and after.
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
        .order(mentorships::id)
        .select((mentorships::id, mentorships::beneficiary_id, mentorships::edition_id));
    let rows: Vec<Running> = db!(tx, load, running)?;
    if rows.is_empty() {
        return Ok(void);
    }
    let ids: Vec<MentorshipId> = rows.iter().map(|it| it.0).collect();
    let mut given: HashMap<MentorshipId, Vec<Consent>> = HashMap::new();
    for it in consents::of(tx, &ids).await? {
        given.entry(it.mentorship_id).or_default().push(it.consent());
    }
    let editions = programs::editions_of(tx, &rows.iter().map(|it| it.2).collect::<Vec<_>>()).await?;
    let mut signers: HashMap<BeneficiaryId, Signers> = HashMap::new();
    for recipient in rows.iter().map(|it| it.1).collect::<BTreeSet<_>>() {
        signers.insert(recipient, signers_of(tx, recipient).await?);
    }
    let tomorrow = tx.today().succ_opt().unwrap_or(NaiveDate::MAX);
    for (id, recipient, edition) in rows {
        let known = editions.get(&edition).zip(signers.get(&recipient));
        let (edition, signers) = known.ok_or_else(|| Failure::broken("a mentorship without its edition"))?;
        let signers = Signers { ages: edition.form.consents, ..signers.clone() };
        let given = given.remove(&id).unwrap_or_default();
        if !consents_missing_by(&given, &signers, &edition.form, tomorrow).is_empty() {
            void.push(id);
        }
    }
    Ok(void)
}
