//! Participation of a person: a scope includes the person's own rows as a mentor and as a beneficiary.
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, mentors, person_records};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::id::{BeneficiaryId, MentorId, PersonId};

/// The mentor and the beneficiaries that a person is. All records that merges join are the person's own.
pub(crate) async fn as_participant(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<(Option<MentorId>, Vec<BeneficiaryId>), Failure> {
    let own = beneficiaries::table
        .filter(beneficiaries::person_id.eq(bind(Some(person))))
        .select(beneficiaries::id);
    let mut own: Vec<BeneficiaryId> = db!(tx, load, own)?;
    if !own.is_empty() {
        let others = person_records::table
            .filter(person_records::beneficiary_id.eq_any(binds(&own)))
            .filter(person_records::record_id.ne_all(binds(&own)))
            .select(person_records::record_id);
        let others: Vec<BeneficiaryId> = db!(tx, load, others)?;
        own.extend(others);
    }
    let mentor = mentors::table.filter(mentors::person_id.eq(bind(person))).select(mentors::id);
    Ok((db!(tx, first, mentor).optional()?, own))
}
