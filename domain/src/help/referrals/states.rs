//! The states of a referral, and the steps between them. A step consumes the state that it leaves.
use super::orders::*;
use super::words::*;
use super::*;
use crate::accompaniment::sharing::GroundFacts;
use crate::accompaniment::transfers::{AnswerReason, Rejection};
use crate::base::access::NOT_YOURS;
use crate::base::change::Changed;
use crate::base::id::{CaseId, OrganizationId, ReferralId, UserId};
use crate::base::refusal::{Reason, Refused};
use crate::base::text::Note;
use chrono::NaiveDate;

/// A referral that awaits its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// The id of the referral.
    pub id: ReferralId,
    /// The case.
    pub case_id: CaseId,
    /// The organization that accompanies.
    pub from_organization_id: OrganizationId,
    /// The order.
    pub form: ReferralForm,
    /// The last day for the answer.
    pub answer_until: NaiveDate,
}

/// A referral that was just sent.
#[derive(Debug, Clone, PartialEq)]
pub struct New {
    /// The referral.
    pub sent: Sent,
    /// The data that the other organization learns before its answer.
    pub preview: Preview,
}

/// A referral that the other organization works on.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// The id of the referral.
    pub id: ReferralId,
}

/// A referral in any state.
#[derive(Debug, Clone, PartialEq)]
pub enum Referral {
    /// The other organization has not answered yet.
    Sent(Box<Sent>),
    /// The other organization works on it.
    Accepted(Accepted),
    /// The referral has ended.
    Settled,
}

/// A referral after a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// The id of the referral.
    pub id: ReferralId,
    /// The state that it has left.
    pub was: ReferralState,
    /// Its state.
    pub state: ReferralState,
    /// The day.
    pub on: NaiveDate,
    /// The account that does the work, once accepted.
    pub specialist_user_id: Option<UserId>,
    /// The reason for a rejection.
    pub reason: Option<AnswerReason>,
    /// The words of the step.
    pub words: Option<Note>,
}

impl Moved {
    fn of(id: ReferralId, was: ReferralState, state: ReferralState, on: NaiveDate) -> Self {
        Self { id, was, state, on, specialist_user_id: None, reason: None, words: None }
    }
    /// Ends a referral that is still open: its time is over, its consent was withdrawn, or its case was closed. One whose time is over
    /// ended on the day after its last one, also where nobody has looked since. Its words are not needed, so they stay sealed.
    pub fn lapse(
        (id, was): (ReferralId, ReferralState),
        answer_until: NaiveDate,
        today: NaiveDate,
    ) -> Option<Changed<Self>> {
        let on = match was.on(answer_until, today) {
            ReferralState::Lapsed => answer_until.succ_opt().unwrap_or(today),
            _ => today,
        };
        let lapsed = || Changed::new(Self::of(id, was, ReferralState::Lapsed, on), ReferralLapsed { id });
        was.is_open().then(lapsed)
    }
}

impl Sent {
    /// Refers the beneficiary of an open case to another organization.
    pub fn send(
        id: ReferralId,
        (case_id, from): (CaseId, OrganizationId),
        form: &ReferralForm,
        facts: &ReferralFacts,
        today: NaiveDate,
    ) -> Result<Changed<New>, Refused> {
        let mut reasons: Vec<Reason> = Vec::new();
        if facts.is_pending {
            reasons.push(ALREADY.reason().at("/to_organization_id"));
        }
        if form.to_organization_id == from {
            reasons.push(SAME_ORGANIZATION.reason().at("/to_organization_id"));
        }
        reasons.extend(facts.against_needs());
        reasons.extend(form.ground().against(&facts.ground));
        Refused::unless_empty(reasons)?;
        let answer_until = today.checked_add_days(facts.answer_days).unwrap_or(NaiveDate::MAX);
        let fact = ReferralSent { id, to_organization_id: form.to_organization_id, urgency: form.urgency };
        let sent = Self { id, case_id, from_organization_id: from, form: form.clone(), answer_until };
        Ok(Changed::new(New { sent, preview: facts.preview.clone() }, fact))
    }
    /// Accepts the referral. Its consent is judged anew: it may have ended since.
    pub fn accept(
        self,
        order: &ReferralAcceptance,
        ground: &GroundFacts,
        today: NaiveDate,
    ) -> Result<Changed<Moved>, Refused> {
        let rests_on_consent = self.form.consent_id.is_some();
        if rests_on_consent && !self.form.ground().against(ground).is_empty() {
            return Err(GROUND_LOST.refuse());
        }
        let moved = Moved::of(self.id, ReferralState::Sent, ReferralState::Accepted, today);
        let moved = Moved { specialist_user_id: Some(order.specialist_user_id), ..moved };
        Ok(Changed::new(moved, ReferralAccepted { id: self.id }))
    }
    /// Rejects the referral.
    pub fn reject(self, order: &Rejection, today: NaiveDate) -> Changed<Moved> {
        let moved = Moved::of(self.id, ReferralState::Sent, ReferralState::Rejected, today);
        let moved = Moved { reason: Some(order.reason), words: order.note.clone(), ..moved };
        Changed::new(moved, ReferralRejected { id: self.id, reason: order.reason })
    }
    /// Whether the time for the answer is over.
    pub fn has_lapsed(&self, today: NaiveDate) -> bool {
        ReferralState::Sent.on(self.answer_until, today) == ReferralState::Lapsed
    }
}

impl Accepted {
    /// Ends the referral with a result.
    pub fn complete(self, order: &ReferralCompletion, today: NaiveDate) -> Changed<Moved> {
        let moved = Moved::of(self.id, ReferralState::Accepted, ReferralState::Done, today);
        let moved = Moved { words: Some(order.result.clone()), ..moved };
        Changed::new(moved, ReferralCompleted { id: self.id })
    }
    /// Returns the referral undone.
    pub fn send_back(self, order: &ReferralReturn, today: NaiveDate) -> Changed<Moved> {
        let moved = Moved::of(self.id, ReferralState::Accepted, ReferralState::Returned, today);
        let moved = Moved { words: Some(order.reason.clone()), ..moved };
        Changed::new(moved, ReferralReturned { id: self.id })
    }
}

impl Referral {
    /// A referral that was sent, as it stands on the day.
    pub fn sent(it: Sent, today: NaiveDate) -> Self {
        if it.has_lapsed(today) { Self::Settled } else { Self::Sent(Box::new(it)) }
    }
    /// The referral, if it awaits its answer and the caller answers for the other organization.
    pub fn to_answer(self, by: Sides) -> Result<Sent, Refused> {
        match self {
            _ if !by.is_receiver => Err(NOT_YOURS.refuse()),
            Self::Sent(it) => Ok(*it),
            Self::Accepted(_) | Self::Settled => Err(NOT_SENT.refuse()),
        }
    }
    /// The referral, if it is accepted and the caller is in charge of the work.
    pub fn to_finish(self, by: Sides) -> Result<Accepted, Refused> {
        match self {
            _ if !by.is_in_charge => Err(NOT_YOURS.refuse()),
            Self::Accepted(it) => Ok(it),
            Self::Sent(_) | Self::Settled => Err(NOT_ACCEPTED.refuse()),
        }
    }
    /// Takes the referral back for the organization that has sent it.
    pub fn revoke(
        self,
        by: Sides,
        order: &ReferralRevocation,
        today: NaiveDate,
    ) -> Result<Changed<Moved>, Refused> {
        if !by.is_sender {
            return Err(NOT_YOURS.refuse());
        }
        let (id, was) = self.open().ok_or_else(|| NOT_OPEN.refuse())?;
        let moved = Moved::of(id, was, ReferralState::Revoked, today);
        let moved = Moved { words: order.reason.clone(), ..moved };
        Ok(Changed::new(moved, ReferralRevoked { id }))
    }
    fn open(self) -> Option<(ReferralId, ReferralState)> {
        match self {
            Self::Sent(it) => Some((it.id, ReferralState::Sent)),
            Self::Accepted(it) => Some((it.id, ReferralState::Accepted)),
            Self::Settled => None,
        }
    }
}
