//! Deaths of people in the database. The document and the reason of an annulment are sealed.
use crate::engine::column::bind;
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::people;
use crate::tx::Tx;
use diesel::prelude::*;
use domain::base::change::Changed;
use domain::people::{DeathAnnulment, Person};

pub(super) const DEATH: &str = "people.death";
const ANNULMENT: &str = "people.death_annulment";

/// Saves a death, or its annulment with the reason. What the death ends, it ends in the same transaction.
pub async fn save_death(
    tx: &mut Tx<'_>,
    change: Changed<Person>,
    annulment: Option<&DeathAnnulment>,
) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let died_on = it.death.as_ref().map(|it| it.died_on);
    let set = (
        people::version.eq(people::version + 1),
        people::died_on.eq(died_on),
        people::death.eq(bind(tx.core.keys.seal_some(DEATH, it.id, it.death.as_ref())?)),
        people::death_annulment.eq(bind(tx.core.keys.seal_some(
            ANNULMENT,
            it.id,
            annulment.map(|it| &it.reason),
        )?)),
        people::updated_at.eq(bind(tx.now())),
    );
    let rows = db!(tx, execute, prepared(diesel::update(people::table.find(bind(it.id))).set(set)))?;
    tx.established(rows, records)?;
    match died_on {
        Some(died_on) => tx.above().person_died(tx, it.id, died_on).await,
        None => Ok(()),
    }
}
