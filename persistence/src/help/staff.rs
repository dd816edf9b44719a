//! The accounts that answer for somebody in danger: staff of organizations, administrators, and the people behind accounts. The chains of
//! crises and of requests for help are made of them. No caller's scope limits it.
use crate::engine::column::{any_of, bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{grants, users};
use crate::people::selves_of;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::access::Role;
use domain::base::id::{OrganizationId, PersonId, UserId};
use std::collections::HashMap;

/// An open account with a role, the organization of the role, and the person of the account.
pub(super) type StaffLine = (UserId, Role, Option<OrganizationId>, Option<PersonId>);

/// The roles of open accounts.
macro_rules! open_accounts {
    () => {
        grants::table.inner_join(users::table).filter(users::active.eq(true)).select((
            grants::user_id,
            grants::role,
            grants::organization_id,
            users::person_id,
        ))
    };
}

/// The open accounts that work on cases in these organizations.
pub(super) async fn staff_of(tx: &mut Tx<'_>, there: &[OrganizationId]) -> Result<Vec<StaffLine>, Failure> {
    if there.is_empty() {
        return Ok(Vec::new());
    }
    let roles = [Role::Director, Role::UnitHead, Role::SupportSpecialist];
    let theirs = open_accounts!()
        .filter(grants::organization_id.assume_not_null().eq_any(binds(there)))
        .filter(grants::role.eq_any(any_of(&roles)));
    Ok(db!(tx, load, theirs)?)
}

/// The open accounts of administrators.
pub(super) async fn admins(tx: &mut Tx<'_>) -> Result<Vec<StaffLine>, Failure> {
    Ok(db!(tx, load, open_accounts!().filter(grants::role.eq(bind(Role::RegionAdmin))))?)
}

/// Those of the staff that merges of records join to others, each with the person under all records.
pub(super) async fn selves_of_staff(
    tx: &mut Tx<'_>,
    staff: &[StaffLine],
) -> Result<HashMap<PersonId, Vec<PersonId>>, Failure> {
    let mut people: Vec<PersonId> = staff.iter().filter_map(|it| it.3).collect();
    people.sort_unstable();
    people.dedup();
    selves_of(tx, &people).await
}

/// The people behind accounts, open or closed: where one account is meant, every account of theirs is.
pub(super) async fn persons_of(tx: &mut Tx<'_>, accounts: &[UserId]) -> Result<Vec<PersonId>, Failure> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let theirs = users::table
        .filter(users::id.eq_any(binds(accounts)))
        .filter(users::person_id.is_not_null())
        .select(users::person_id.assume_not_null());
    Ok(db!(tx, load, theirs)?)
}
