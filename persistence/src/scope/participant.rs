//! Participation of a person: a scope includes the person's own rows as a mentor and as a beneficiary.
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, mentors};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::id::{BeneficiaryId, MentorId, PersonId};

/// The mentor and the beneficiaries that a person is.
pub(crate) async fn as_participant(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<(Option<MentorId>, Vec<BeneficiaryId>), Failure> {
    let own = beneficiaries::table
        .filter(beneficiaries::person_id.eq(bind(Some(person))))
        .select(beneficiaries::id);
    let mentor = mentors::table.filter(mentors::person_id.eq(bind(person))).select(mentors::id);
    Ok((db!(tx, first, mentor).optional()?, db!(tx, load, own)?))
}
