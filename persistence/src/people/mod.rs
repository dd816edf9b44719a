//! People, families, beneficiaries and their representatives in the database.
//!
//! The macro `visible!` of each file decides which rows a caller sees. The people of an institution follow from
//! `beneficiaries`. They are asked by `column.eq_any(a list of ids)`, not by a correlated EXISTS. With 200 000
//! people, SQLite answers the list in 4 ms. EXISTS can take a minute, because it reads the institution's
//! beneficiaries for each person.
mod access_requests;
mod beneficiaries;
mod consents;
mod deaths;
mod families;
mod kinship;
mod likeness;
mod listing;
mod lives;
mod match_keys;
mod names;
mod persons;
pub mod register;
mod representatives;
mod responsibility;
mod search;
mod upheld;

pub use access_requests::*;
pub use beneficiaries::*;
pub use consents::*;
pub use deaths::*;
pub use families::*;
pub use kinship::must_be_no_relative;
pub use likeness::*;
pub use listing::list_people;
pub use lives::*;
pub use persons::*;
pub(crate) use register::one_person;
pub use representatives::*;
pub use search::*;

pub(crate) use consents::{
    DataUse, beneficiary_has_consented, consent_names, consent_today, consented_until, granting_consent,
    has_consented, reaches_consent, records_behind, signers_of,
};
pub(crate) use kinship::{kin_of, kinship_around, people_in, people_of, people_under_all_records};
pub(crate) use names::{Part, fill_names, is_named, named, rarest_first};

use crate::engine::schema::people as people_table;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::text::Name;

/// A person, reduced to the columns for a name and an age.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = people_table)]
pub(crate) struct Human {
    family_name: Name,
    pub(crate) given_name: Name,
    patronymic: Option<Name>,
    pub(crate) birth_date: NaiveDate,
}

impl Human {
    /// The family name, given name and patronymic: «Морозова Алёна Сергеевна».
    pub(crate) fn full_name(&self) -> String {
        self.names().collect::<Vec<_>>().join(" ")
    }

    /// The names: family name, given name, patronymic.
    fn names(&self) -> impl Iterator<Item = &str> {
        let all = [Some(&self.family_name), Some(&self.given_name), self.patronymic.as_ref()];
        all.into_iter().flatten().map(Name::as_str)
    }
}
