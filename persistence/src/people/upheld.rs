//! Consents that an edit of their basis makes void: an authority that ends, an age, a death, a member of a family who leaves.
use super::lives::{beneficiaries_with, selves};
use super::one_person;
use crate::engine::column::binds;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::representatives;
use crate::sight::sees;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::change::{Subject, SubjectKind};
use domain::base::id::{BeneficiaryId, MentorshipId, PersonId};
use domain::people::CONSENT_LAPSED;

/// The mentorships of some recipients whose consents did not hold before an edit.
#[derive(Debug)]
pub(super) struct Upheld {
    of: Vec<BeneficiaryId>,
    void: Vec<MentorshipId>,
}

/// Notes before an edit which consents of these recipients do not hold. A consent under one record rests on the others of the person too.
pub(super) async fn upheld(tx: &mut Tx<'_>, of: &[BeneficiaryId]) -> Result<Upheld, Failure> {
    let of: Vec<BeneficiaryId> = one_person::by_record(tx, of).await?.into_keys().collect();
    let void = tx.above().void_consents(tx, &of).await?;
    Ok(Upheld { of, void })
}

/// The same before an edit of a person: of those who are the person, are a family with them, or are represented by them.
pub(super) async fn upheld_with(tx: &mut Tx<'_>, id: PersonId) -> Result<Upheld, Failure> {
    let (mut of, people) = (Vec::new(), selves(tx, id).await?);
    for it in &people {
        of.extend(beneficiaries_with(tx, *it).await?);
    }
    let represented = representatives::table
        .filter(representatives::person_id.eq_any(binds(&people)))
        .select(representatives::beneficiary_id);
    let represented: Vec<BeneficiaryId> = db!(tx, load, represented)?;
    of.extend(represented);
    upheld(tx, &of).await
}

impl Upheld {
    /// Warns after the edit if it has made the consent to a running mentorship void that the caller sees. The pair goes on, and is not
    /// extended before the consent is signed anew.
    pub(super) async fn warn(self, tx: &mut Tx<'_>, pointer: &str) -> Result<(), Failure> {
        for it in tx.above().void_consents(tx, &self.of).await? {
            let is_new = !self.void.contains(&it);
            if is_new && sees(tx, Subject::new(SubjectKind::Mentorship, it)).await? {
                tx.warn(CONSENT_LAPSED.reason().at(pointer));
                return Ok(());
            }
        }
        Ok(())
    }
}
