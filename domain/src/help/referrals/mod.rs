//! Referrals (направления): another organization is asked to help the beneficiary of a case (003 L53; 002 §4.1.6).
//!
//! - [`orders`]: the bodies of requests. [`words`]: states and age groups.
//! - [`states`]: sent, accepted, ended, and the steps between them.
//! - this page: what the other organization learns and when, and the actions of each side.
//!
//! Invariant: before its acceptance the other organization learns nothing by which anybody could be recognised.
pub mod orders;
pub mod states;
pub mod words;

#[cfg(test)]
mod tests;

pub use orders::*;
pub use states::*;
pub use words::*;

use super::needs::NeedUrgency;
use crate::accompaniment::cases::CASE_TAKEN;
use crate::accompaniment::sharing::{Ground, GroundFacts};
use crate::accompaniment::snapshots::LifeDomain;
use crate::accompaniment::transfers::AnswerReason;
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::facts;
use crate::base::id::{OrganizationId, ReferralId};
use crate::base::refusal::{Reason, rules};
use crate::base::text::{Oktmo, REFERENCE};
use crate::people::consents::{CasePart, ConsentPurpose};
use crate::people::{BeneficiaryCategory, Sex};
use chrono::Days;

rules! {
    ALREADY = "referral.already", State, ours, "По этому случаю уже есть открытое направление в эту организацию.", "The case has an open referral to this organization already.";
    SAME_ORGANIZATION = "referral.same_organization", Content, ours, "Случай сопровождает сама эта организация.", "This organization accompanies the case itself.";
    NEED_ENDED = "referral.need_ended", State, ours, "Эта потребность уже завершена.", "This need has ended already.";
    GROUND_LOST = "referral.ground_lost", State, "152-ФЗ ст. 9", "Согласие, по которому направили, больше не действует.", "The consent by which the referral was sent holds no more.";
    NOT_SENT = "referral.not_sent", State, ours, "На направление уже ответили, его отозвали, или срок ответа истёк.", "The referral was answered or revoked, or the time for the answer is over.";
    NOT_ACCEPTED = "referral.not_accepted", State, ours, "Направление не в работе: его не приняли или оно завершено.", "The referral is not in work: it was not accepted, or has ended.";
    OPEN_REFERRALS = "case.open_referral", State, ours, "По случаю есть открытые направления: отзовите их или завершите вместе со случаем.", "The case has open referrals: revoke them, or end them with the case.";
    NOT_OPEN = "referral.not_open", State, ours, "Направление уже завершено.", "The referral has ended already.";
}

facts! {
    /// Somebody was referred to another organization.
    ReferralSent = "referral.sent",
        "Отправлено направление[ в организацию {to_organization_id}][, срочность: {urgency}]",
        "A referral was sent[ to {to_organization_id}][, urgency: {urgency}]"
        about Referral (ReferralId) {
        /// The other organization.
        to_organization_id: OrganizationId,
        /// The urgency.
        urgency: NeedUrgency,
    }
    /// The other organization accepted the referral.
    ReferralAccepted = "referral.accepted",
        "Направление принято",
        "The referral was accepted"
        about Referral (ReferralId) {}
    /// The other organization rejected the referral.
    ReferralRejected = "referral.rejected",
        "Направление отклонено[: {reason}]",
        "The referral was rejected[: {reason}]"
        about Referral (ReferralId) {
        /// The reason.
        reason: AnswerReason,
    }
    /// The referral was taken back.
    ReferralRevoked = "referral.revoked",
        "Направление отозвано",
        "The referral was revoked"
        about Referral (ReferralId) {}
    /// The time for the answer was over, the consent was withdrawn, or the case was closed.
    ReferralLapsed = "referral.lapsed",
        "Направление утратило силу: истёк срок ответа, отозвано согласие или закрыт случай",
        "The referral lapsed: the time for the answer was over, the consent was withdrawn, or the case was closed"
        about Referral (ReferralId) {}
    /// The work was done.
    ReferralCompleted = "referral.completed",
        "Работа по направлению выполнена",
        "The work of the referral was done"
        about Referral (ReferralId) {}
    /// The referral was returned undone.
    ReferralReturned = "referral.returned",
        "Направление возвращено",
        "The referral was returned"
        about Referral (ReferralId) {}
}

/// The data that the other organization learns before its answer. It is written when the referral is sent, so that a read of it touches
/// no row of a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The domains of the needs, each once.
    pub domains: Vec<LifeDomain>,
    /// The sex of a person.
    pub sex: Option<Sex>,
    /// The age of a person.
    pub age_group: Option<AgeGroup>,
    /// The district. A settlement is too small to hide anybody.
    pub territory: Oktmo,
    /// The category of the beneficiary.
    pub category: BeneficiaryCategory,
}

/// A need that a referral names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReferredNeed {
    /// The domain of life.
    pub domain: LifeDomain,
    /// Whether the need has ended, or was annulled.
    pub has_ended: bool,
}

/// The stored data that the rules need.
#[derive(Debug, Clone)]
pub struct ReferralFacts {
    /// The ground on which the other organization reads the case.
    pub ground: GroundFacts,
    /// The named needs in their order. None where the case has no such need.
    pub needs: Vec<Option<ReferredNeed>>,
    /// The data that the other organization learns before its answer.
    pub preview: Preview,
    /// Whether the case has an open referral to that organization.
    pub is_pending: bool,
    /// The days for the answer.
    pub answer_days: Days,
}

impl ReferralFacts {
    /// The reasons against the named needs: each is a need of the case that has not ended.
    fn against_needs(&self) -> Vec<Reason> {
        let against = |(n, it): (usize, &Option<ReferredNeed>)| match it {
            None => Some(REFERENCE.reason().at(format!("/need_ids/{n}"))),
            Some(it) => it.has_ended.then(|| NEED_ENDED.reason().at(format!("/need_ids/{n}"))),
        };
        self.needs.iter().enumerate().filter_map(against).collect()
    }
}

impl ReferralForm {
    /// The ground on which the other organization reads the parts.
    pub fn ground(&self) -> Ground<'_> {
        Ground {
            purpose: ConsentPurpose::Referral,
            parts: &self.parts,
            consent_id: self.consent_id,
            is_of_law: self.legal_ground.is_some(),
            until: None,
        }
    }
}

/// The parts of the case that the other organization reads in this state.
pub fn shared_parts(state: ReferralState, parts: Vec<CasePart>) -> Vec<CasePart> {
    if state == ReferralState::Accepted { parts } else { Vec::new() }
}

/// The domains of the needs as the other organization reads them, to which these parts are open today. Before its acceptance they are of
/// nobody. Afterwards health and law need their own parts, and nothing is told once no part is open.
pub fn told_domains(state: ReferralState, all: Vec<LifeDomain>, held: &[CasePart]) -> Vec<LifeDomain> {
    let is_told = |it: &LifeDomain| match state {
        ReferralState::Sent => true,
        _ => it.is_told_to(held),
    };
    if held.is_empty() { Vec::new() } else { all.into_iter().filter(is_told).collect() }
}

/// The side of a referral on which its caller stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sides {
    /// Whether the caller answers for the organization that accompanies.
    pub is_sender: bool,
    /// Whether the caller answers for the other organization.
    pub is_receiver: bool,
    /// Whether the caller directs the other organization or one of its units, or does the work.
    pub is_in_charge: bool,
}

/// A referral as its caller sees it.
#[derive(Debug)]
pub struct ReferralOffers {
    /// The state of the referral.
    pub state: ReferralState,
    /// The caller's side.
    pub sides: Sides,
    /// Whether the consent or the ground of law still opens something.
    pub holds: bool,
    /// Whether the organization that is asked has an open case of the beneficiary.
    pub has_case: bool,
    /// Whether the other organization reads the needs, and records what it does about them.
    pub has_help: bool,
    /// The reason for which the organization that is asked begins nothing today.
    pub closed: Option<Reason>,
}

impl Offers for ReferralOffers {
    const AT: &'static str = "referrals";
    const OFFERS: &'static [Offer] = &[
        Offer::step(Action::Accept, "acceptance", Right::AnswerReferrals),
        Offer::step(Action::Reject, "rejection", Right::AnswerReferrals),
        Offer::step(Action::Complete, "completion", Right::AnswerReferrals),
        Offer::step(Action::Return, "return", Right::AnswerReferrals),
        Offer::step(Action::Open, "case", Right::AnswerReferrals),
        Offer::step(Action::RecordDelivery, "service-deliveries", Right::EditServices),
        Offer::step(Action::Withdraw, "revocation", Right::SendReferrals),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let (state, by) = (self.state, self.sides);
        let is_theirs = match action {
            Action::Accept | Action::Reject => state == ReferralState::Sent && by.is_receiver,
            Action::Complete | Action::Return | Action::Open => {
                state == ReferralState::Accepted && by.is_in_charge
            }
            Action::RecordDelivery => state == ReferralState::Accepted && by.is_in_charge && self.has_help,
            Action::Withdraw => state.is_open() && by.is_sender,
            _ => false,
        };
        let lost = (!self.holds).then(|| GROUND_LOST.reason());
        let taken = self.has_case.then(|| CASE_TAKEN.reason());
        let against = match action {
            Action::Accept => [lost, None, self.closed.clone()],
            Action::Open => [lost, taken, self.closed.clone()],
            _ => [None, None, None],
        };
        is_theirs.then(|| Verdict::default().against(against.into_iter().flatten()))
    }
}
