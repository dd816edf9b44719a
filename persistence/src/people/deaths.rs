//! Deaths of people in the database. The document and the reason of an annulment are sealed.
use super::upheld::upheld_with;
use crate::engine::column::bind;
use crate::engine::conn::{db, prepared};
use crate::engine::failure::Failure;
use crate::engine::schema::people;
use crate::tx::Tx;
use chrono::NaiveDate;
use diesel::prelude::*;
use domain::base::change::Changed;
use domain::base::id::PersonId;
use domain::people::{DeathAnnulment, Person};
use std::cmp::Reverse;
use uuid::Uuid;

pub(super) const DEATH: &str = "people.death";
const ANNULMENT: &str = "people.death_annulment";

/// Saves a death, or its annulment with the reason. Everything that the death ends, it ends in the same transaction. It warns if a consent
/// that the dead gave for another holds no more.
pub async fn save_death(
    tx: &mut Tx<'_>,
    change: Changed<Person>,
    annulment: Option<&DeathAnnulment>,
) -> Result<(), Failure> {
    let (it, records) = change.into_parts();
    let died_on = it.death.as_ref().map(|it| it.died_on);
    let upheld = if died_on.is_some() { Some(upheld_with(tx, it.id).await?) } else { None };
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
    let Some((died_on, upheld)) = died_on.zip(upheld) else {
        return tx.above().person_lives_on(tx, it.id).await;
    };
    tx.above().person_died(tx, it.id, died_on).await?;
    upheld.warn(tx, "/died_on").await
}

/// The dead that are read at a time.
const PAGE: i64 = 500;

/// Ends for everybody who has died what a death ends today. A death of before may have ended less. The latest one comes first, since the life
/// of a family ends with it.
pub(crate) async fn end_for_the_dead(tx: &mut Tx<'_>) -> Result<(), Failure> {
    let (mut dead, mut after): (Vec<(PersonId, NaiveDate)>, _) = (Vec::new(), PersonId::from(Uuid::nil()));
    loop {
        let next = people::table
            .filter(people::died_on.is_not_null())
            .filter(people::id.gt(bind(after)))
            .order(people::id)
            .limit(PAGE)
            .select((people::id, people::died_on.assume_not_null()));
        let some: Vec<(PersonId, NaiveDate)> = db!(tx, load, next)?;
        let Some((last, _)) = some.last() else { break };
        after = *last;
        dead.extend(some);
    }
    dead.sort_by_key(|it| Reverse(it.1));
    for (person, died_on) in dead {
        tx.above().person_died(tx, person, died_on).await?;
    }
    Ok(())
}
