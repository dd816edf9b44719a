//! Agreements of organizations and councils (000 L18; 001 L48; 003 L9–14).
//!
//! - [`orders`]: the bodies of requests. [`words`]: vocabularies, and the state on a day.
//! - [`states`]: planned, signed, terminated, and the steps between them.
//! - this page: the refusals, the facts, and the actions that a card offers.
//!
//! Invariant: whether an agreement is in force is computed for a day and never stored.
pub mod orders;
pub mod states;
pub mod words;

#[cfg(test)]
mod tests;

pub use orders::*;
pub use states::*;
pub use words::*;

use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::facts;
use crate::base::id::AgreementId;
use crate::base::refusal::rules;
use chrono::NaiveDate;

rules! {
    TWO_PARTIES = "agreement.two_parties", Content, ours, "Сторон не меньше двух, и они разные.", "There are at least two parties, and they differ.";
    KEEPER = "agreement.keeper", Content, ours, "Соглашение ведёт одна из его сторон.", "One of the parties keeps the agreement.";
    NOT_PLANNED = "agreement.not_planned", State, ours, "Соглашение уже подписано.", "The agreement is signed already.";
    NOT_IN_FORCE = "agreement.not_in_force", State, ours, "Соглашение не действует.", "The agreement is not in force.";
    EXTENSION = "agreement.extension", Content, ours, "Новый срок — позже прежнего.", "The new last day is later than the one before.";
    TERM = "agreement.term", Content, ours, "Соглашение не заканчивается раньше, чем начинается.", "An agreement does not end before it begins.";
    IN_FUTURE = "agreement.in_future", Content, ours, "Дата не может быть в будущем.", "The day must not lie in the future.";
}

facts! {
    /// An agreement is being prepared.
    AgreementAdded = "agreement.added",
        "Соглашение внесено[, сфера: {sphere}]",
        "The agreement was entered[, sphere: {sphere}]"
        about Agreement (AgreementId) {
        /// The sphere.
        sphere: AgreementSphere,
    }
    /// The agreement was edited.
    AgreementEdited = "agreement.edited",
        "Соглашение изменено[: {fields}]",
        "The agreement was edited[: {fields}]"
        about Agreement (AgreementId) {
        /// The changed members.
        fields: Vec<String>,
    }
    /// The agreement was signed.
    AgreementSigned = "agreement.signed",
        "Соглашение подписано[, действует с {starts_on}][ по {ends_on}]",
        "The agreement was signed[, in force from {starts_on}][ to {ends_on}]"
        about Agreement (AgreementId) {
        /// The first day in force.
        starts_on: NaiveDate,
        /// The last day in force.
        ends_on: Option<NaiveDate>,
    }
    /// The agreement was extended.
    AgreementExtended = "agreement.extended",
        "Соглашение продлено[ по {ends_on}]",
        "The agreement was extended[ to {ends_on}]"
        about Agreement (AgreementId) {
        /// The last day in force.
        ends_on: NaiveDate,
    }
    /// The agreement was terminated.
    AgreementTerminated = "agreement.terminated",
        "Соглашение расторгнуто[: {ground}][, последний день {ended_on}]",
        "The agreement was terminated[: {ground}][, the last day is {ended_on}]"
        about Agreement (AgreementId) {
        /// The ground.
        ground: AgreementEnd,
        /// The last day in force.
        ended_on: NaiveDate,
    }
    /// The agreement had been entered by mistake.
    AgreementAnnulled = "agreement.annulled",
        "Соглашение аннулировано",
        "The agreement was annulled"
        about Agreement (AgreementId) {}
}

/// An agreement as its caller sees it.
#[derive(Debug)]
pub struct AgreementOffers {
    /// The state. None for an annulled agreement.
    pub state: Option<AgreementState>,
    /// The days.
    pub days: AgreementDays,
    /// Whether the caller answers for the organization that keeps the agreement.
    pub is_keeper: bool,
    /// Whether the caller may sign for the organization that keeps it.
    pub signs: bool,
    /// Whether the caller may sign for one of its parties.
    pub is_party: bool,
}

impl Offers for AgreementOffers {
    const AT: &'static str = "agreements";
    const OFFERS: &'static [Offer] = &[
        Offer::edit(Right::EditPartnership),
        Offer::step(Action::Annul, "annulment", Right::EditPartnership),
        Offer::step(Action::Sign, "signing", Right::SignAgreements),
        Offer::step(Action::Extend, "extensions", Right::SignAgreements),
        Offer::step(Action::Terminate, "termination", Right::SignAgreements),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let state = self.state?;
        let is_planned = state == AgreementState::Planned;
        let is_signed = !is_planned && self.days.ended_on.is_none();
        let is_theirs = match action {
            Action::Edit => self.is_keeper && is_planned,
            Action::Annul => self.is_keeper && (is_planned || self.signs),
            Action::Sign => self.is_party && is_planned,
            Action::Extend => self.is_party && is_signed && self.days.ends_on.is_some(),
            Action::Terminate => self.is_party && is_signed,
            _ => false,
        };
        is_theirs.then(Verdict::default)
    }
}
