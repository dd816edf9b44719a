//! The register of recipients (единый учёт, 004 L80): one person, one entry in the region.
//!
//! - this page: entries, their removal and their restoration.
//! - merges: two entries that are one person. candidates: pairs that may be one person.
//! - scans: the search of the whole region for such pairs. searches: a known person found by the exact data.
//!
//! Invariant: a merge moves nothing, so its reversal is exact.
pub mod actions;
pub mod candidates;
pub mod merges;
pub mod scans;
pub mod searches;

use super::{ALIVE, Lives};
use crate::base::change::{Changed, facts};
use crate::base::id::{BeneficiaryId, RegisterEntryId};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::{MISSING, Note};
use crate::base::word::{Demand, Word, words};
use chrono::NaiveDate;
use shape::form;
use validator::Validate;

rules! {
    NOT_KEEPER = "register.not_keeper", Forbidden, "004 L120", "Единый учёт ведут администратор региона и организация-оператор учёта.", "The region's administrator and the organizations that keep the register decide about it.";
    NOT_ACTIVE = "register.not_active", State, ours, "Получатель снят с учёта.", "The entry is removed from the register.";
    NOT_REMOVED = "register.not_removed", State, ours, "Получатель состоит на учёте.", "The entry is not removed from the register.";
    STILL_ACCOMPANIED = "register.open_case", State, ours, "Сначала завершите случаи получателя: снять с учёта того, кого сопровождают, нельзя.", "Somebody with an open case is not removed from the register: the case is closed first.";
    REMOVED_IN_FUTURE = "register.in_future", Content, ours, "Дата не может быть в будущем.", "The day must not lie in the future.";
    OTHER_ACCOUNT = "register.other_account", State, "004 L80", "У этого человека есть действующая учётная запись под другой его записью.", "This person has an open account under another record.";
    MERGED = "register.merged", State, "004 L80", "Это повторная запись того же человека: новое начинайте по основной записи.", "This is a second record of the same person: what is new begins on the first one.";
}

words! {
    /// The state of an entry of the register.
    RegisterState in "register-states" {
        Active = "active", "на учёте", "on the register";
        Removed = "removed", "снят с учёта", "removed";
    }

    /// The reason for which somebody is removed from the register.
    RegisterRemovalReason in "register-removal-reasons" {
        Adopted = "adopted", "усыновление", "adopted";
        ParentsRestored = "parents_restored", "восстановление родительских прав", "parental rights restored";
        Age = "age", "возраст", "age";
        MovedOut = "moved_out", "выбытие из региона", "left the region";
        Died = "died", "смерть", "died";
        Error = "error", "внесён ошибочно", "entered by mistake";
        Other = "other", "иное", "other", demands [Text];
    }
}

/// An order to remove an entry from the register. Nothing that goes on changes, and the person waits for no mentor. Until the entry is taken
/// back, no case, mentorship, plan, enrolment or assessment begins. No mentorship is confirmed, and no bed is asked for, offered or booked.
/// Enrolments and assessments of a day before the removal are taken, and so is the assessment `after` a programme that still runs. A bed is
/// given in a crisis, or by a request of the urgency `now`. Urgent aid is given all the same.
#[form]
#[schema(example = json!({"removed_on": "2026-03-02", "reason": "moved_out"}))]
pub struct RegisterRemoval {
    /// The day of the removal, today or before.
    pub removed_on: NaiveDate,
    /// The reason.
    pub reason: RegisterRemovalReason,
    /// The reason in words. Required for `other`.
    pub note: Option<Note>,
}

/// An order to take a removed entry back onto the register.
#[form]
#[schema(example = json!({"reason": "Семья вернулась в регион."}))]
pub struct RegisterRestoration {
    /// The reason.
    pub reason: Note,
}

facts! {
    /// A recipient came onto the register.
    RegisterEntered = "register_entry.entered",
        "Получатель поставлен на учёт",
        "The recipient came onto the register"
        about RegisterEntry (RegisterEntryId) {
        /// The beneficiary.
        beneficiary_id: BeneficiaryId,
    }
    /// An entry was removed from the register.
    RegisterRemoved = "register_entry.removed",
        "Снят с учёта[: {reason}]",
        "Removed from the register[: {reason}]"
        about RegisterEntry (RegisterEntryId) {
        /// The reason.
        reason: RegisterRemovalReason,
    }
    /// A removed entry was taken back.
    RegisterRestored = "register_entry.restored",
        "Восстановлен на учёте",
        "Taken back onto the register"
        about RegisterEntry (RegisterEntryId) {}
}

/// A new entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entered {
    /// The id of the entry.
    pub id: RegisterEntryId,
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
}

impl Entered {
    /// Enters a person who has become a beneficiary. Families have no entry.
    pub fn enter(id: RegisterEntryId, beneficiary_id: BeneficiaryId) -> Changed<Self> {
        Changed::new(Self { id, beneficiary_id }, RegisterEntered { id, beneficiary_id })
    }
}

/// An entry in any state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegisterEntry {
    /// The recipient is on the register.
    Active(Active),
    /// The recipient is removed from the register.
    Removed(Removed),
}

/// An entry on the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Active {
    /// The id of the entry.
    pub id: RegisterEntryId,
}

/// An entry that is removed from the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// The id of the entry.
    pub id: RegisterEntryId,
    /// The day of the removal.
    pub removed_on: NaiveDate,
    /// The reason.
    pub reason: RegisterRemovalReason,
    /// The reason in words.
    pub note: Option<Note>,
}

impl RegisterEntry {
    /// The entry, if it is on the register.
    pub fn active(self) -> Result<Active, Refused> {
        match self {
            Self::Active(it) => Ok(it),
            Self::Removed(_) => Err(NOT_ACTIVE.refuse()),
        }
    }
    /// The entry, if it is removed from the register.
    pub fn removed(self) -> Result<Removed, Refused> {
        match self {
            Self::Removed(it) => Ok(it),
            Self::Active(_) => Err(NOT_REMOVED.refuse()),
        }
    }
    /// The state.
    pub fn state(&self) -> RegisterState {
        match self {
            Self::Active(_) => RegisterState::Active,
            Self::Removed(_) => RegisterState::Removed,
        }
    }
}

/// The reason against any removal: the person is accompanied.
pub(crate) fn against_removal(open_cases: i64) -> Option<Reason> {
    (open_cases > 0).then(|| STILL_ACCOMPANIED.reason().with("cases", open_cases))
}

/// The reason against beginning something new for a person: their entry is removed from the register.
pub fn against_beginning(is_removed: bool) -> Option<Reason> {
    is_removed.then(|| NOT_ACTIVE.reason())
}

/// The reason against a record of that day: the person was removed from the register by then. An earlier day is still entered.
pub fn against_beginning_on(day: NaiveDate, removed_on: Option<NaiveDate>) -> Option<Reason> {
    against_beginning(removed_on.is_some_and(|it| it <= day))
}

/// The stored data that a removal needs.
#[derive(Debug, Clone, Default)]
pub struct RemovalFacts {
    /// The open cases of the person.
    pub open_cases: i64,
    /// The life of the person.
    pub lives: Lives,
    /// Whether the entry is merged into another: the first one is removed, and this one with it.
    pub is_merged: bool,
}

impl Active {
    /// Removes the entry.
    pub fn remove(
        self,
        order: &RegisterRemoval,
        facts: &RemovalFacts,
        today: NaiveDate,
    ) -> Result<Changed<Removed>, Refused> {
        let mut reasons: Vec<Reason> = against_removal(facts.open_cases).into_iter().collect();
        reasons.extend(facts.is_merged.then(|| MERGED.reason()));
        reasons.extend(facts.lives.against_before_birth([("/removed_on", order.removed_on)]));
        if order.reason == RegisterRemovalReason::Died && !facts.lives.has_death() {
            reasons.push(ALIVE.reason().at("/reason"));
        }
        if order.removed_on > today {
            reasons.push(REMOVED_IN_FUTURE.reason().at("/removed_on").with("today", today));
        }
        if order.reason.demands().contains(&Demand::Text) && order.note.is_none() {
            reasons.push(MISSING.reason().at("/note"));
        }
        Refused::unless_empty(reasons)?;
        let fact = RegisterRemoved { id: self.id, reason: order.reason };
        let RegisterRemoval { removed_on, reason, note } = order.clone();
        Ok(Changed::new(Removed { id: self.id, removed_on, reason, note }, fact))
    }
}

impl Removed {
    /// Takes the entry back onto the register.
    pub fn restore(self) -> Changed<Active> {
        Changed::new(Active { id: self.id }, RegisterRestored { id: self.id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }
    fn active() -> Active {
        Active { id: uuid::Uuid::nil().into() }
    }
    fn told(order: &RegisterRemoval, open_cases: i64) -> Vec<&'static str> {
        let facts = RemovalFacts { open_cases, ..RemovalFacts::default() };
        let refused = active().remove(order, &facts, day("2026-03-02")).err();
        refused.iter().flat_map(|it| it.reasons()).map(|it| it.rule.code).collect()
    }

    #[test]
    fn the_examples_of_the_contract_are_accepted() {
        let order: RegisterRemoval = crate::examples::of();
        assert_eq!(order.validate(), Ok(()));
        assert_eq!(told(&order, 0), [""; 0]);
        assert_eq!(crate::examples::of::<RegisterRestoration>().validate(), Ok(()));
    }

    #[test]
    fn a_removal_tells_all_that_is_against_it() {
        let order = RegisterRemoval {
            removed_on: day("2026-03-03"),
            reason: RegisterRemovalReason::Other,
            note: None,
        };
        assert_eq!(told(&order, 2), ["register.open_case", "register.in_future", "field.missing"]);
    }

    #[test]
    fn nobody_is_removed_before_the_birth_or_as_dead_while_alive() {
        let life = crate::people::Life { born_on: day("2008-01-01"), died_on: None };
        let facts = RemovalFacts { lives: Lives(vec![life]), is_merged: true, ..RemovalFacts::default() };
        let order = RegisterRemoval {
            removed_on: day("2007-12-31"),
            reason: RegisterRemovalReason::Died,
            note: None,
        };
        let refused = active().remove(&order, &facts, day("2026-03-02")).unwrap_err();
        let told: Vec<&str> = refused.reasons().iter().map(|it| it.rule.code).collect();
        assert_eq!(told, ["register.merged", "life.before_birth", "person.alive"]);
    }

    #[test]
    fn a_record_of_a_day_before_the_removal_is_still_entered() {
        let removed_on = Some(day("2026-02-10"));
        assert!(against_beginning_on(day("2026-02-09"), removed_on).is_none());
        for on in ["2026-02-10", "2026-03-02"] {
            let refused = against_beginning_on(day(on), removed_on).map(|it| it.rule.code);
            assert_eq!(refused, Some("register.not_active"), "{on}");
            assert!(against_beginning_on(day(on), None).is_none());
        }
    }

    #[test]
    fn an_entry_is_removed_and_taken_back_in_turn() {
        let facts = RemovalFacts::default();
        let removed =
            active().remove(&crate::examples::of(), &facts, day("2026-03-02")).unwrap().into_parts().0;
        let entry = RegisterEntry::Removed(removed.clone());
        assert_eq!(entry.state(), RegisterState::Removed);
        assert!(entry.clone().active().is_err());
        assert_eq!(entry.removed().unwrap(), removed);
        let back = RegisterEntry::Active(removed.restore().into_parts().0);
        assert_eq!(back.state(), RegisterState::Active);
        assert!(back.clone().removed().is_err());
        assert_eq!(back.active().unwrap(), active());
    }
}
