//! Answers of the register to other areas about somebody: whether they are on it, who accompanies them, whether they have an account.
use super::one_person;
use crate::engine::column::{bind, binds};
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::{cases, register_entries, users};
use crate::people::selves;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::base::id::{BeneficiaryId, OrganizationId, PersonId, UserId};
use domain::base::refusal::Refused;
use domain::people::register::{OTHER_ACCOUNT, RegisterState, against_beginning};
use shape::card;

/// Organizations that an entry tells at most.
const ACCOMPANYING: i64 = 50;

/// An organization that accompanies somebody. Of the case no more is told.
#[card]
pub struct AccompanyingCard {
    /// The organization.
    pub organization_id: OrganizationId,
    /// The specialist in charge.
    pub specialist_user_id: Option<UserId>,
    /// The first day of the case.
    pub since: NaiveDate,
}

/// The organizations with an open case of the person behind a beneficiary. The scope of the caller does not bound it: the register tells
/// who accompanies somebody (004 L80).
pub(super) async fn accompanying(
    tx: &mut Tx<'_>,
    of: BeneficiaryId,
) -> Result<Vec<AccompanyingCard>, Failure> {
    let all = one_person::of(tx, of).await?.records();
    let open = cases::table
        .filter(cases::beneficiary_id.eq_any(binds(&all)))
        .filter(cases::closed_on.is_null())
        .order(cases::id)
        .limit(ACCOMPANYING)
        .select((cases::organization_id, cases::specialist_user_id, cases::opened_on));
    let rows: Vec<(OrganizationId, Option<UserId>, NaiveDate)> = db!(tx, load, open)?;
    let card = |(organization_id, specialist_user_id, since)| AccompanyingCard {
        organization_id,
        specialist_user_id,
        since,
    };
    Ok(rows.into_iter().map(card).collect())
}

/// The day on which somebody was removed from the register. None for somebody who is on it. The first record of a person stands for all of
/// them; a family has none.
pub(crate) async fn day_of_removal(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<Option<NaiveDate>, Failure> {
    let record = one_person::of(tx, of).await?.first();
    let removed = register_entries::table
        .filter(register_entries::beneficiary_id.eq(bind(record)))
        .filter(register_entries::state.eq(bind(RegisterState::Removed)))
        .select(register_entries::removed_on.assume_not_null());
    Ok(db!(tx, first, removed).optional()?)
}

/// Whether somebody is removed from the register.
pub(crate) async fn is_removed(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<bool, Failure> {
    Ok(day_of_removal(tx, of).await?.is_some())
}

/// Refuses to begin something new for somebody who is removed from the register: the entry is taken back first.
pub(crate) async fn must_be_on_it(tx: &mut Tx<'_>, of: BeneficiaryId, pointer: &str) -> Result<(), Failure> {
    match against_beginning(is_removed(tx, of).await?) {
        Some(reason) => Err(Refused::from(reason.at(pointer)).into()),
        None => Ok(()),
    }
}

/// Refuses an open account of a person who has one under another record: the rights of both would be one person's.
pub async fn must_have_no_other_account(
    tx: &mut Tx<'_>,
    person: PersonId,
    pointer: &str,
) -> Result<(), Failure> {
    let mut others = selves(tx, person).await?;
    others.retain(|it| *it != person);
    if others.is_empty() {
        return Ok(());
    }
    let open = users::table
        .filter(users::person_id.assume_not_null().eq_any(binds(&others)))
        .filter(users::active.eq(true));
    let is_open: bool = db!(tx, get_result, diesel::select(exists(open)))?;
    if is_open { Err(Refused::from(OTHER_ACCOUNT.reason().at(pointer)).into()) } else { Ok(()) }
}

/// The open cases of the person behind a beneficiary, in all organizations and under all records of the person.
pub(super) async fn open_cases(tx: &mut Tx<'_>, of: BeneficiaryId) -> Result<i64, Failure> {
    let all = one_person::of(tx, of).await?.records();
    let open =
        cases::table.filter(cases::beneficiary_id.eq_any(binds(&all))).filter(cases::closed_on.is_null());
    Ok(db!(tx, get_result, open.count())?)
}
