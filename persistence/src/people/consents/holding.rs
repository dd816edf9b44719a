//! Consents in force: the one place that answers whether somebody has consented to a purpose on a day.
use super::lines::{Line, of_purpose};
use super::signers_of;
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::beneficiaries;
use crate::people::one_person;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::id::{BeneficiaryId, OrganizationId, PersonId};
use domain::people::consents::{ConsentData, ConsentPurpose, ConsentState, Medium, PersonalConsent};
use domain::people::{BeneficiaryKind, is_minor};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// A use of the data of somebody, for which a consent is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DataUse<'a> {
    /// The purpose.
    pub purpose: ConsentPurpose,
    /// The organization that uses them. None: the organizations of the consent do not matter.
    pub by: Option<OrganizationId>,
    /// The data.
    pub data: &'static [ConsentData],
    /// The medium in which they appear.
    pub medium: Medium<'a>,
    /// The day.
    pub on: NaiveDate,
}

/// The records of a person as a beneficiary, also those that are merged. Nobody who is no beneficiary has any.
pub(crate) async fn records_behind(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<BeneficiaryId>, Failure> {
    let own = beneficiaries::table
        .filter(beneficiaries::person_id.assume_not_null().eq(bind(person)))
        .select(beneficiaries::id);
    let own: Option<BeneficiaryId> = db!(tx, first, own).optional()?;
    match own {
        Some(own) => Ok(one_person::of(tx, own).await?.records()),
        None => Ok(Vec::new()),
    }
}

/// Whether a consent of a person to a purpose is in force on a day, to any data, for anybody and in any medium. Consents are those of the
/// ledger. The caller's scope does not limit them.
pub(crate) async fn has_consented(
    tx: &mut Tx<'_>,
    person: PersonId,
    purpose: ConsentPurpose,
    on: NaiveDate,
) -> Result<bool, Failure> {
    let any = DataUse { purpose, by: None, data: &[], medium: Medium::NotAsked, on };
    Ok(consented_until(tx, person, any).await?.is_some())
}

/// The last day of the longest of the consents that cover the use. None where there is none.
pub(crate) async fn consented_until(
    tx: &mut Tx<'_>,
    person: PersonId,
    asked: DataUse<'_>,
) -> Result<Option<NaiveDate>, Failure> {
    let records = records_behind(tx, person).await?;
    Ok(in_force(tx, &records, asked).await?.into_iter().map(|it| it.1).max())
}

/// Whether consents of a beneficiary cover the use. For a family each of its adults has signed a consent of the family, or has one of
/// their own.
pub(crate) async fn beneficiary_has_consented(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
    asked: DataUse<'_>,
) -> Result<bool, Failure> {
    let signers = signers_of(tx, of).await?;
    let records = one_person::of(tx, of).await?.records();
    let found = in_force(tx, &records, asked).await?;
    if signers.kind == BeneficiaryKind::Person {
        return Ok(!found.is_empty());
    }
    let signed: Vec<PersonId> =
        found.iter().flat_map(|it| it.0.form.signatures.iter().map(|it| it.person_id)).collect();
    for it in signers.people.iter().filter(|it| !is_minor(it.birth_date, asked.on)) {
        if !signed.contains(&it.person_id) && consented_until(tx, it.person_id, asked).await?.is_none() {
            return Ok(false);
        }
    }
    Ok(!found.is_empty())
}

/// The consents of these records that cover the use and are in force on its day, each with its last day.
async fn in_force(
    tx: &mut Tx<'_>,
    of: &[BeneficiaryId],
    asked: DataUse<'_>,
) -> Result<Vec<(PersonalConsent, NaiveDate)>, Failure> {
    let (mut all, mut known) = (Vec::new(), HashMap::new());
    if of.is_empty() {
        return Ok(all);
    }
    for line in of_purpose(tx, of, asked.purpose).await? {
        let Line::Own(row, signatures) = line else { continue };
        let it = row.whole(&signatures);
        if !it.form.covers(asked.by, asked.data, asked.medium) {
            continue;
        }
        let signers = match known.entry(it.beneficiary_id) {
            Entry::Occupied(found) => found.into_mut(),
            Entry::Vacant(place) => place.insert(signers_of(tx, it.beneficiary_id).await?),
        };
        if it.state(signers, asked.on) == ConsentState::InForce {
            let until = it.holds_until(signers);
            all.push((it, until));
        }
    }
    Ok(all)
}
