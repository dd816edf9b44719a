//! People, families, beneficiaries and their representatives in the database.
//!
//! Who is visible to whom stands in the `visible!` of each file. What an institution may see hangs on `beneficiaries`
//! and is asked by `column.eq_any(a list of ids)`, not by a correlated EXISTS: with 200 000 people SQLite answers the one
//! in 4 ms, and the other in anything up to a minute, for it goes through the institution's beneficiaries for each person.
mod beneficiaries;
mod families;
mod persons;
mod representatives;

pub use beneficiaries::*;
pub use families::*;
pub use persons::*;
pub use representatives::*;

pub(crate) use beneficiaries::{answered_for, visible_beneficiaries};

use crate::column::bind;
use crate::conn::db;
use crate::failure::Failure;
use crate::schema::{beneficiaries as beneficiaries_table, people as people_table};
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::id::{BeneficiaryId, MentorId, PersonId};
use domain::base::text::Name;

/// What a person takes part as: the mentor that they are, the beneficiaries that they themselves are.
pub(crate) async fn as_participant(
    tx: &mut Tx<'_>,
    person: PersonId,
) -> Result<(Option<MentorId>, Vec<BeneficiaryId>), Failure> {
    use beneficiaries_table as beneficiaries;
    let own = beneficiaries::table
        .filter(beneficiaries::person_id.eq(bind(Some(person))))
        .select(beneficiaries::id);
    Ok((crate::mentors::of_person(tx, person).await?, db!(tx, load, own)?))
}

/// A human being, as far as others name and count them.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = people_table)]
pub(crate) struct Human {
    family_name: Name,
    pub(crate) given_name: Name,
    patronymic: Option<Name>,
    pub(crate) birth_date: NaiveDate,
}

impl Human {
    /// «Морозова Алёна Сергеевна».
    pub(crate) fn full_name(&self) -> String {
        let parts = [Some(&self.family_name), Some(&self.given_name), self.patronymic.as_ref()];
        parts.into_iter().flatten().map(Name::as_str).collect::<Vec<_>>().join(" ")
    }
}
