//! The people whose cards other institutions have granted to an institution.
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::access_requests;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::id::{OrganizationId, PersonId};
use domain::people::access_requests::AccessRequestState;

/// The people granted to these institutions today.
pub(crate) async fn granted_to(
    tx: &mut Tx<'_>,
    organizations: &[OrganizationId],
) -> Result<Vec<PersonId>, Failure> {
    if organizations.is_empty() {
        return Ok(Vec::new());
    }
    let granted = access_requests::table
        .filter(access_requests::organization_id.eq_any(binds(organizations)))
        .filter(access_requests::state.eq(bind(AccessRequestState::Granted)))
        .filter(access_requests::ends_on.assume_not_null().ge(tx.today()))
        .select(access_requests::person_id.assume_not_null());
    Ok(db!(tx, load, granted)?)
}
