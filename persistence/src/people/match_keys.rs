//! The keys under which people who may be one person meet. Each save of a person keeps them.
use crate::engine::column::bind;
use crate::engine::conn::db;
use crate::engine::failure::Failure;
use crate::engine::schema::match_keys;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::id::PersonId;
use domain::people::PersonForm;
use domain::people::likeness::{self, Known, MatchKey, Traits};

pub(super) const SNILS: &str = "people.snils";
const PHONES: &str = "people.phones";

/// Rows of one statement. Each binds two values, and SQLite takes 32 766 of them.
const ROWS: usize = 15_000;

/// The traits of a person. СНИЛС and telephones are blind in them.
pub(super) fn traits(tx: &Tx<'_>, of: &PersonForm) -> Traits {
    let blind = |column: &str, value: &str| tx.core.keys.blind(column, value);
    let phones: Vec<String> = of.contacts.phones.iter().map(|it| blind(PHONES, it.as_str())).collect();
    Traits::of(&Known {
        family_name: of.family_name.as_str(),
        given_name: of.given_name.as_str(),
        patronymic: of.patronymic.as_ref().map(|it| it.as_str()),
        birth_date: of.birth_date,
        sex: of.sex,
        residence: of.residence.as_ref().map(|it| it.as_str()),
        snils: of.snils.as_ref().map(|it| blind(SNILS, it.as_str())).as_deref(),
        phones: &phones,
    })
}

/// Keeps the keys of a person who is new, or of whom something may have changed.
pub(super) async fn keep_keys(
    tx: &mut Tx<'_>,
    id: PersonId,
    was: Option<&PersonForm>,
    is: &PersonForm,
) -> Result<(), Failure> {
    let keys = |of: &PersonForm| likeness::match_keys(&traits(tx, of));
    let (former, present) = (was.map(keys).unwrap_or_default(), keys(is));
    for key in former.iter().filter(|it| !present.contains(it)) {
        let row = match_keys::table.find((bind(*key), bind(id)));
        db!(tx, execute, diesel::delete(row))?;
    }
    add_keys(tx, present.into_iter().filter(|it| !former.contains(it)).map(|key| (key, id)).collect()).await
}

/// Adds keys of people.
pub(super) async fn add_keys(tx: &mut Tx<'_>, mut keys: Vec<(MatchKey, PersonId)>) -> Result<(), Failure> {
    while !keys.is_empty() {
        let some = keys.split_off(keys.len().saturating_sub(ROWS));
        let row = |(key, id)| (match_keys::key.eq(bind(key)), match_keys::person_id.eq(bind(id)));
        let rows: Vec<_> = some.into_iter().map(row).collect();
        db!(tx, execute, diesel::insert_into(match_keys::table).values(rows.clone()))?;
    }
    Ok(())
}
