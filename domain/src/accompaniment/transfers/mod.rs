//! Transfers: another organization takes a case over (004-05).
//!
//! - [`orders`]: the bodies of requests. [`words`]: reasons and states.
//! - this page: proposed, and the answers to a proposal.
//!
//! Invariant: both sides act, and the acceptance does everything at once. No mentorship is ever without an open case.
pub mod orders;
pub mod words;

#[cfg(test)]
mod tests;

pub use orders::*;
pub use words::*;

use super::cases::{CaseOpening, Closed, against_transfer};
use super::sharing::{Ground, GroundFacts};
use crate::base::access::{NOT_YOURS, Right};
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, facts};
use crate::base::id::{CaseId, CaseTransferId, MentorshipId, OrganizationId};
use crate::base::refusal::{Reason, Refused, rules};
use crate::base::text::Note;
use crate::people::consents::{CasePart, ConsentPurpose};
use chrono::{Days, NaiveDate};

rules! {
    NOT_PROPOSED = "case_transfer.not_proposed", State, ours, "На предложение уже ответили, его отозвали, или срок ответа истёк.", "The proposal was answered or withdrawn, or the time for the answer is over.";
    SAME_ORGANIZATION = "case_transfer.same_organization", Content, ours, "Случай уже у этой организации.", "The case is with this organization already.";
    MENTORSHIP_UNSETTLED = "case_transfer.mentorship_unsettled", State, "002 §3.1", "Каждое наставничество получателя называют в передаче или заканчивают до неё.", "Each mentorship of the beneficiary is named in the transfer, or ends before it.";
    MENTORSHIP_UNSUITED = "case_transfer.mentorship_unsuited", Content, "002 §3.1", "Вместе со случаем передают только незаконченные наставничества этого получателя.", "Only mentorships of this beneficiary that have not ended are handed over with the case.";
    GROUND_LOST = "case_transfer.ground_lost", State, "152-ФЗ ст. 9", "Согласие, по которому передают случай, больше не действует.", "The consent by which the case is handed over holds no more.";
    WISHED_PAST = "case_transfer.wished_past", Content, ours, "Желаемый день передачи не может быть в прошлом.", "The wished day of the transfer must not lie in the past.";
}

facts! {
    /// A case was proposed to another organization.
    TransferProposed = "case_transfer.proposed",
        "Предложена передача случая[: {reason}][, организация: {to_organization_id}]",
        "A transfer of the case was proposed[: {reason}][, to {to_organization_id}]"
        about CaseTransfer (CaseTransferId) {
        /// The case.
        case_id: CaseId,
        /// The other organization.
        to_organization_id: OrganizationId,
        /// The reason.
        reason: TransferReason,
    }
    /// A transfer was accepted.
    TransferAccepted = "case_transfer.accepted",
        "Передача случая принята",
        "The transfer of the case was accepted"
        about CaseTransfer (CaseTransferId) {
        /// The case that was left.
        case_id: CaseId,
        /// The case that goes on.
        next_case_id: CaseId,
    }
    /// A transfer was rejected.
    TransferRejected = "case_transfer.rejected",
        "Передача случая отклонена[: {reason}]",
        "The transfer of the case was rejected[: {reason}]"
        about CaseTransfer (CaseTransferId) {
        /// The case.
        case_id: CaseId,
        /// The reason.
        reason: AnswerReason,
    }
    /// A transfer was taken back.
    TransferWithdrawn = "case_transfer.withdrawn",
        "Предложение передать случай отозвано",
        "The proposed transfer of the case was withdrawn"
        about CaseTransfer (CaseTransferId) {
        /// The case.
        case_id: CaseId,
    }
    /// Nobody answered a transfer in time.
    TransferLapsed = "case_transfer.lapsed",
        "На предложение передать случай не ответили в срок",
        "Nobody answered the proposed transfer of the case in time"
        about CaseTransfer (CaseTransferId) {
        /// The case.
        case_id: CaseId,
    }
}

/// A transfer that awaits the answer of the other organization.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposed {
    /// The id of the transfer.
    pub id: CaseTransferId,
    /// The case.
    pub case_id: CaseId,
    /// The organization that accompanies.
    pub from_organization_id: OrganizationId,
    /// The order.
    pub form: CaseTransferForm,
    /// The last day for the answer.
    pub answer_until: NaiveDate,
}

/// A transfer in any state.
#[derive(Debug, Clone, PartialEq)]
pub enum Transfer {
    /// The other organization has not answered yet.
    Proposed(Box<Proposed>),
    /// The transfer was answered or withdrawn, or has lapsed.
    Settled(TransferState),
}

/// A transfer that was just answered, withdrawn, or found to have lapsed.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// The transfer as it was proposed.
    pub was: Proposed,
    /// Its state.
    pub state: TransferState,
    /// The day.
    pub on: NaiveDate,
    /// The reason for a rejection.
    pub reason: Option<AnswerReason>,
    /// The words of the answer.
    pub note: Option<Note>,
    /// The case that goes on.
    pub next_case_id: Option<CaseId>,
}

/// The stored data that the rules need.
#[derive(Debug, Clone)]
pub struct TransferFacts {
    /// The ground on which the other organization reads the case.
    pub ground: GroundFacts,
    /// The mentorships of the beneficiary in the accompanying organization that have not ended.
    pub mentorships: Vec<MentorshipId>,
    /// Whether another transfer of the case awaits its answer.
    pub is_pending: bool,
    /// The days for the answer.
    pub answer_days: Days,
    /// The reasons against handing the case over by what is open in it.
    pub open: Vec<Reason>,
}

impl CaseTransferForm {
    /// The ground on which the other organization reads the parts.
    pub fn ground(&self) -> Ground<'_> {
        Ground {
            purpose: ConsentPurpose::Transfer,
            parts: &self.parts,
            consent_id: self.consent_id,
            is_of_law: self.legal_ground.is_some(),
            until: None,
        }
    }
    /// The reasons against the named mentorships: each that has not ended is named, and no other.
    fn against_mentorships(&self, unended: &[MentorshipId]) -> Vec<Reason> {
        let foreign = self.mentorship_ids.iter().enumerate().filter(|(_, it)| !unended.contains(it));
        let mut reasons: Vec<Reason> =
            foreign.map(|(n, _)| MENTORSHIP_UNSUITED.reason().at(format!("/mentorship_ids/{n}"))).collect();
        let left = unended.iter().any(|it| !self.mentorship_ids.contains(it));
        if left {
            reasons.push(MENTORSHIP_UNSETTLED.reason().at("/mentorship_ids"));
        }
        reasons
    }
}

impl Proposed {
    /// Proposes an open case to another organization.
    pub fn propose(
        id: CaseTransferId,
        (case_id, from): (CaseId, OrganizationId),
        form: &CaseTransferForm,
        facts: &TransferFacts,
        today: NaiveDate,
    ) -> Result<Changed<Self>, Refused> {
        let mut reasons: Vec<Reason> = against_transfer(facts.is_pending).into_iter().collect();
        reasons.extend(facts.open.iter().cloned());
        if form.to_organization_id == from {
            reasons.push(SAME_ORGANIZATION.reason().at("/to_organization_id"));
        }
        if form.wished_on.is_some_and(|it| it < today) {
            reasons.push(WISHED_PAST.reason().at("/wished_on").with("today", today));
        }
        reasons.extend(form.against_mentorships(&facts.mentorships));
        reasons.extend(form.ground().against(&facts.ground));
        Refused::unless_empty(reasons)?;
        let answer_until = today.checked_add_days(facts.answer_days).unwrap_or(NaiveDate::MAX);
        let fact = TransferProposed {
            id,
            case_id,
            to_organization_id: form.to_organization_id,
            reason: form.reason,
        };
        let it = Self { id, case_id, from_organization_id: from, form: form.clone(), answer_until };
        Ok(Changed::new(it, fact))
    }
    /// Accepts the transfer. Its mentorships and its ground are judged anew: both may have changed since the proposal.
    pub fn accept(
        self,
        next: CaseId,
        facts: &TransferFacts,
        today: NaiveDate,
    ) -> Result<Changed<Settled>, Refused> {
        // The organization that takes the case over learns that something is open, and no more.
        let mut reasons: Vec<Reason> = facts.open.iter().map(|it| it.rule.reason()).collect();
        if !self.form.against_mentorships(&facts.mentorships).is_empty() {
            reasons.push(MENTORSHIP_UNSETTLED.reason());
        }
        let rests_on_consent = self.form.consent_id.is_some();
        if rests_on_consent && !self.form.ground().against(&facts.ground).is_empty() {
            reasons.push(GROUND_LOST.reason());
        }
        Refused::unless_empty(reasons)?;
        let fact = TransferAccepted { id: self.id, case_id: self.case_id, next_case_id: next };
        Ok(Changed::new(
            Settled { next_case_id: Some(next), ..self.settled(TransferState::Accepted, today) },
            fact,
        ))
    }
    /// Rejects the transfer.
    pub fn reject(self, order: &Rejection, today: NaiveDate) -> Changed<Settled> {
        let fact = TransferRejected { id: self.id, case_id: self.case_id, reason: order.reason };
        let (reason, note) = (Some(order.reason), order.note.clone());
        Changed::new(Settled { reason, note, ..self.settled(TransferState::Rejected, today) }, fact)
    }
    /// Takes the transfer back: by an order, or because the case was closed otherwise.
    pub fn withdraw(self, note: Option<Note>, today: NaiveDate) -> Changed<Settled> {
        let fact = TransferWithdrawn { id: self.id, case_id: self.case_id };
        Changed::new(Settled { note, ..self.settled(TransferState::Withdrawn, today) }, fact)
    }
    /// Records that nobody answered in time.
    pub fn lapse(self, today: NaiveDate) -> Changed<Settled> {
        let fact = TransferLapsed { id: self.id, case_id: self.case_id };
        Changed::new(self.settled(TransferState::Lapsed, today), fact)
    }
    fn settled(self, state: TransferState, on: NaiveDate) -> Settled {
        Settled { was: self, state, on, reason: None, note: None, next_case_id: None }
    }
    /// Whether the time for the answer is over.
    pub fn has_lapsed(&self, today: NaiveDate) -> bool {
        TransferState::Proposed.on(self.answer_until, today) == TransferState::Lapsed
    }
}

impl Transfer {
    /// A proposal as it stands on the day.
    pub fn proposed(it: Proposed, today: NaiveDate) -> Self {
        match TransferState::Proposed.on(it.answer_until, today) {
            TransferState::Proposed => Self::Proposed(Box::new(it)),
            lapsed => Self::Settled(lapsed),
        }
    }
    /// The transfer, if it awaits its answer and the caller is on the side that the order asks for.
    pub fn open_to(self, is_theirs: bool) -> Result<Proposed, Refused> {
        if !is_theirs {
            return Err(NOT_YOURS.refuse());
        }
        match self {
            Self::Proposed(it) => Ok(*it),
            Self::Settled(_) => Err(NOT_PROPOSED.refuse()),
        }
    }
}

impl TransferState {
    /// The state on a day of a transfer that is stored in this one: a proposal lapses by its day.
    pub fn on(self, answer_until: NaiveDate, today: NaiveDate) -> Self {
        if self == Self::Proposed && answer_until < today { Self::Lapsed } else { self }
    }
}

impl TransferAcceptance {
    /// The order that opens the case anew in the organization that takes it over. It goes on in the kind and the stage that were left.
    pub fn opening(&self, of: &Closed, to: OrganizationId, today: NaiveDate) -> CaseOpening {
        CaseOpening {
            beneficiary_id: of.was.beneficiary_id,
            organization_id: to,
            specialist_user_id: Some(self.specialist_user_id),
            opened_on: today,
            reason: None,
            kind: None,
            stage: None,
            unit_id: self.unit_id,
            legal_bases: Vec::new(),
            continues_id: Some(of.was.id),
        }
    }
}

/// The parts of the former case that the organization which takes it over reads in this state.
pub fn shared_parts(state: TransferState, parts: Vec<CasePart>) -> Vec<CasePart> {
    if matches!(state, TransferState::Proposed | TransferState::Accepted) { parts } else { Vec::new() }
}

/// The side of a transfer on which its caller stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sides {
    /// Whether the caller answers for the organization that accompanies.
    pub is_sender: bool,
    /// Whether the caller answers for the organization that is to take the case over.
    pub is_receiver: bool,
}

/// A transfer as its caller sees it.
#[derive(Debug)]
pub struct TransferOffers {
    /// The state of the transfer.
    pub state: TransferState,
    /// The caller's side.
    pub sides: Sides,
    /// The reason for which the other organization begins nothing today.
    pub closed: Option<Reason>,
}

impl Offers for TransferOffers {
    const AT: &'static str = "case-transfers";
    const OFFERS: &'static [Offer] = &[
        Offer::step(Action::Accept, "acceptance", Right::TransferCase),
        Offer::step(Action::Reject, "rejection", Right::TransferCase),
        Offer::step(Action::Withdraw, "withdrawal", Right::TransferCase),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let is_theirs = match action {
            Action::Accept | Action::Reject => self.sides.is_receiver,
            Action::Withdraw => self.sides.is_sender,
            _ => false,
        };
        let against = self.closed.clone().filter(|_| action == Action::Accept);
        (self.state == TransferState::Proposed && is_theirs).then(|| Verdict::default().against(against))
    }
}
