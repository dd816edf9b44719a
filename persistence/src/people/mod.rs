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

use crate::engine::schema::people as people_table;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::text::Name;

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
