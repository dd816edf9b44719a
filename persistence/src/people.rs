//! People in the database.
use crate::failure::Failure;
use crate::tx::Tx;
use domain::id::{BeneficiaryId, MentorId, PersonId};

/// What a person takes part as.
pub(crate) async fn as_participant(
    _tx: &mut Tx<'_>,
    _person: PersonId,
) -> Result<(Option<MentorId>, Vec<BeneficiaryId>), Failure> {
    Ok((None, Vec::new()))
}
