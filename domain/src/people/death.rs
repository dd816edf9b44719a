//! The death of a person: recorded with its document, and annulled where it was recorded by mistake.
use super::{ALIVE, DEAD, DEATH_DATE, Person};
use crate::base::change::{Changed, facts};
use crate::base::id::{FileId, PersonId};
use crate::base::refusal::{Reason, Refused};
use crate::base::text::{Note, Title};
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

/// An order to record the death of a person.
#[form]
#[schema(example = json!({"died_on": "2026-03-14", "document": "Свидетельство о смерти II-СТ № 654321"}))]
pub struct Death {
    /// The day of death: not before the birth and not in the future.
    pub died_on: NaiveDate,
    /// The document that proves the death, with its number.
    pub document: Title,
    /// The file with a copy of the document.
    pub document_file_id: Option<FileId>,
}

/// An order to annul a death that was recorded by mistake.
#[form]
#[schema(example = json!({"reason": "Свидетельство относится к однофамильцу."}))]
pub struct DeathAnnulment {
    /// The reason. It is kept with the person.
    pub reason: Note,
}

facts! {
    /// The death of a person was recorded.
    PersonDied = "person.died",
        "Записана смерть[, день: {died_on}]",
        "The death was recorded[, day: {died_on}]"
        about Person (PersonId) {
        /// The day of death.
        died_on: NaiveDate,
    }
    /// The record of a death was annulled: the person is alive.
    DeathAnnulled = "person.death_annulled",
        "Запись о смерти аннулирована",
        "The record of the death was annulled"
        about Person (PersonId) {}
}

/// The reason against the record of any death.
pub(super) fn against_dying(is_dead: bool) -> Option<Reason> {
    is_dead.then(|| DEAD.reason())
}

/// The reason against the annulment of a death.
pub(super) fn against_living_on(is_dead: bool) -> Option<Reason> {
    (!is_dead).then(|| ALIVE.reason())
}

impl Person {
    /// Records the death.
    pub fn die(self, order: &Death, today: NaiveDate) -> Result<Changed<Self>, Refused> {
        if let Some(past) = against_dying(self.death.is_some()) {
            return Err(past.into());
        }
        if !(self.form.birth_date..=today).contains(&order.died_on) {
            return Err(DEATH_DATE.reason().at("/died_on").with("today", today).into());
        }
        let fact = PersonDied { id: self.id, died_on: order.died_on };
        Ok(Changed::new(Self { death: Some(order.clone()), ..self }, fact))
    }
    /// Annuls the record of the death. Mentorships that it ended stay ended: their sides may be proposed to each other again.
    pub fn live_on(self) -> Result<Changed<Self>, Refused> {
        if let Some(past) = against_living_on(self.death.is_some()) {
            return Err(past.into());
        }
        let fact = DeathAnnulled { id: self.id };
        Ok(Changed::new(Self { death: None, ..self }, fact))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn girl() -> Person {
        Person { id: uuid::Uuid::nil().into(), form: crate::examples::of(), death: None }
    }
    fn code<T: std::fmt::Debug>(it: Result<T, Refused>) -> &'static str {
        it.unwrap_err().reasons()[0].rule.code
    }
    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_person_dies_once_between_birth_and_today_and_an_error_is_annulled() {
        let order: Death = crate::examples::of();
        let on = |died_on: &str| Death { died_on: day(died_on), ..order.clone() };
        let today = day("2026-03-20");
        assert_eq!(code(girl().die(&on("2026-03-21"), today)), "person.death_date");
        assert_eq!(code(girl().die(&on("2008-04-16"), today)), "person.death_date");
        let dead = girl().die(&on("2008-04-17"), today).unwrap().into_parts().0;
        assert_eq!(code(dead.clone().die(&order, today)), "person.dead");
        assert_eq!(dead.live_on().unwrap().into_parts().0.death, None);
        assert_eq!(code(girl().live_on()), "person.alive");
    }
}
