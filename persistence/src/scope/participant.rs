//! What a person takes part as: a scope has the own rows of mentors and beneficiaries.
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{beneficiaries, mentors};
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::id::{BeneficiaryId, MentorId, PersonId};

/// The mentor that a person is, and the beneficiaries that the person is.
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
