//! Consents to pass on data of a beneficiary, and to use it: one ledger for every purpose (152-ФЗ, annex 3 of 002).
//!
//! - [`words`]: purposes, parts of a case, data, states.
//! - [`orders`]: the bodies of requests.
//! - [`signing`]: who signs for a beneficiary on a day, and for how long a consent holds.
//!
//! Invariant: a consent holds only while its signatures suffice for the age of the person. A withdrawal works at once.
pub mod orders;
pub mod signing;
pub mod words;

#[cfg(test)]
mod tests;

pub use orders::{ConsentSignature, Medium, PersonalConsentForm, PersonalConsentWithdrawal};
pub(crate) use signing::against_recording;
pub use signing::{HumanFacts, RepresentativeFacts, Signers};
pub use words::*;

use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, facts};
use crate::base::id::{BeneficiaryId, ConsentId, PersonId};
use crate::base::refusal::{Reason, Refused, rules};
use chrono::NaiveDate;

rules! {
    CONSENT_GIVEN = "consent.already_given", State, ours, "Эта сторона уже подписала согласие.", "This signatory has signed already.";
    WRONG_SIGNATORY = "consent.wrong_signatory", Content, "002 §3.7", "Этот человек не вправе подписать согласие в этом качестве.", "This person cannot sign the consent in this capacity.";
    TOO_YOUNG = "consent.too_young", Content, "002 §3.7", "В этом возрасте согласие ещё не подписывают.", "A person of this age does not sign the consent yet.";
    NO_AUTHORITY = "consent.no_authority", Content, "002 §3.7", "В день подписания у представителя нет действующих полномочий.", "On the day of signing the representative has no valid authority.";
    CONSENT_ON_PAPER = "consent.paper_needed", Content, "002 §3.7", "К согласию, внесённому за подписавшего, прилагают его копию.", "A consent recorded on behalf of its signatory needs a copy of the paper.";
    CONSENT_TERM = "consent.term", Content, "152-ФЗ ст. 9", "Согласие дают на срок: он не может закончиться раньше подписания.", "A consent is given for a term, which cannot end before the signing.";
    CONSENT_ENDED = "consent.ended", State, ours, "Согласие уже отозвано, или его срок истёк.", "The consent was withdrawn, or its term is over.";
    OF_MENTORSHIP = "consent.of_mentorship", State, "002 §3.7", "Согласие на наставничество подписывают и отзывают в самом наставничестве.", "The consent of a mentorship is signed and withdrawn with the mentorship.";
    CONSENT_COMPLETE = "consent.complete", State, ours, "Все нужные подписи уже есть.", "All needed signatures are there already.";
    SCOPE = "consent.scope", State, "152-ФЗ ст. 9", "Согласие дано на другие данные, другой организации или для других каналов.", "The consent is to other data, for another organization or for other channels.";
    WITHDRAWN_BY_WHOM = "consent.withdrawn_by_whom", Content, "152-ФЗ ст. 9", "Отозвать согласие вправе тот, кто вправе подписать его сегодня.", "A consent is withdrawn by somebody who may sign it today.";
}

facts! {
    /// A consent was put on record.
    ConsentRecorded = "consent.recorded",
        "Внесено согласие[: {purpose}]",
        "A consent was put on record[: {purpose}]"
        about Consent (ConsentId) {
        /// The beneficiary.
        beneficiary_id: BeneficiaryId,
        /// The purpose.
        purpose: ConsentPurpose,
    }
    /// A further signature was put under a consent.
    ConsentSigned = "consent.signed",
        "Согласие подписано[: {signatory}]",
        "The consent was signed[: {signatory}]"
        about Consent (ConsentId) {
        /// The capacity of the signatory.
        signatory: Signatory,
    }
    /// A consent was withdrawn.
    ConsentWithdrawn = "consent.withdrawn",
        "Согласие отозвано",
        "The consent was withdrawn"
        about Consent (ConsentId) {}
}

/// A consent, with the data that the rules check.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonalConsent {
    /// The id of the consent.
    pub id: ConsentId,
    /// The beneficiary.
    pub beneficiary_id: BeneficiaryId,
    /// The order by which it was put on record, with all signatures so far.
    pub form: PersonalConsentForm,
    /// The first day on which it no longer holds, because it was withdrawn.
    pub withdrawn_on: Option<NaiveDate>,
}

impl PersonalConsent {
    /// Puts a consent on record. `by` is the person who signs in the system; `None`: an institution records a signed paper.
    pub fn record(
        id: ConsentId,
        of: BeneficiaryId,
        form: &PersonalConsentForm,
        signers: &Signers,
        by: Option<PersonId>,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        let mut reasons = Vec::new();
        for (n, it) in form.signatures.iter().enumerate() {
            reasons.extend(signers.against(it, by, today, &format!("/signatures/{n}")));
        }
        let signed_on = form.signatures.iter().map(|it| it.signed_on);
        reasons.extend(against_term(form.valid_until, signed_on, "/valid_until"));
        Refused::unless_empty(reasons)?;
        let it = Self { id, beneficiary_id: of, form: form.clone(), withdrawn_on: None };
        Ok(Changed::new(it, ConsentRecorded { id, beneficiary_id: of, purpose: form.purpose }))
    }
    /// Adds a signature that is still missing.
    pub fn sign(
        mut self,
        order: &ConsentSignature,
        signers: &Signers,
        by: Option<PersonId>,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        let mut reasons: Vec<Reason> = self.against_signing(signers, today).into_iter().collect();
        if self.form.signatures.iter().any(|it| it.signatory == order.signatory) {
            reasons.push(CONSENT_GIVEN.reason().at("/signatory"));
        }
        reasons.extend(signers.against(order, by, today, ""));
        reasons.extend(against_term(self.form.valid_until, [order.signed_on], "/signed_on"));
        Refused::unless_empty(reasons)?;
        self.form.signatures.push(order.clone());
        let fact = ConsentSigned { id: self.id, signatory: order.signatory };
        Ok(Changed::new(self, fact))
    }
    /// Withdraws the consent. It no longer holds from this day on.
    pub fn withdraw(
        mut self,
        order: &PersonalConsentWithdrawal,
        signers: &Signers,
        by: Option<PersonId>,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        let mut reasons: Vec<Reason> = self.against_withdrawal(signers, today).into_iter().collect();
        reasons.extend(against_recording(by, order.person_id, order.file_id.is_some(), ""));
        if !signers.may_sign(order.person_id, today) {
            reasons.push(WITHDRAWN_BY_WHOM.reason().at("/person_id"));
        }
        Refused::unless_empty(reasons)?;
        self.withdrawn_on = Some(today);
        let fact = ConsentWithdrawn { id: self.id };
        Ok(Changed::new(self, fact))
    }
    /// The state of the consent on the day.
    pub fn state(&self, signers: &Signers, on: NaiveDate) -> ConsentState {
        if self.withdrawn_on.is_some_and(|it| it <= on) {
            return ConsentState::Withdrawn;
        }
        match signers.holds_from(&self.form.signatures) {
            _ if on > self.holds_until(signers) => ConsentState::Expired,
            Some(from) if from <= on => ConsentState::InForce,
            _ => ConsentState::Awaiting,
        }
    }
    /// The last day on which the consent holds, without regard to a withdrawal.
    pub fn holds_until(&self, signers: &Signers) -> NaiveDate {
        signers
            .holds_until(&self.form.signatures)
            .map_or(self.form.valid_until, |it| it.min(self.form.valid_until))
    }
    fn against_signing(&self, signers: &Signers, today: NaiveDate) -> Option<Reason> {
        match self.state(signers, today) {
            ConsentState::Awaiting => None,
            ConsentState::InForce => Some(CONSENT_COMPLETE.reason()),
            ConsentState::Withdrawn | ConsentState::Expired => Some(CONSENT_ENDED.reason()),
        }
    }
    fn against_withdrawal(&self, signers: &Signers, today: NaiveDate) -> Option<Reason> {
        let is_over = matches!(self.state(signers, today), ConsentState::Withdrawn | ConsentState::Expired);
        is_over.then(|| CONSENT_ENDED.reason())
    }
}

fn against_term(
    valid_until: NaiveDate,
    signed_on: impl IntoIterator<Item = NaiveDate>,
    pointer: &str,
) -> Option<Reason> {
    let is_over = signed_on.into_iter().any(|it| valid_until < it);
    is_over.then(|| CONSENT_TERM.reason().at(pointer))
}

/// A consent as its caller sees it.
#[derive(Debug)]
pub struct ConsentOffers<'a> {
    /// The consent.
    pub it: &'a PersonalConsent,
    /// Those who may sign for the beneficiary.
    pub signers: &'a Signers,
    /// The person who signs in the system, where the caller is the beneficiary.
    pub by: Option<PersonId>,
    /// The present day.
    pub today: NaiveDate,
}

impl Offers for ConsentOffers<'_> {
    const AT: &'static str = "consents";
    const OFFERS: &'static [Offer] = &[
        Offer::step(Action::Sign, "signatures", Right::GiveConsents),
        Offer::step(Action::Withdraw, "withdrawal", Right::GiveConsents),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let is_theirs = |may: bool| self.by.is_none() || may;
        match action {
            Action::Sign => {
                let mut open = self.signers.missing(&self.it.form.signatures, self.today);
                open.retain(|it| self.by.is_none() || *it == Signatory::Recipient);
                let verdict = Verdict::default().against(self.it.against_signing(self.signers, self.today));
                is_theirs(!open.is_empty()).then(|| verdict.takes("/signatory", open))
            }
            Action::Withdraw => {
                let may = self.by.is_some_and(|it| self.signers.may_sign(it, self.today));
                let against = self.it.against_withdrawal(self.signers, self.today);
                is_theirs(may).then(|| Verdict::default().against(against))
            }
            _ => None,
        }
    }
}
