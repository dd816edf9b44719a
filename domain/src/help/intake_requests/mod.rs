//! Requests for help (обращения): somebody in need is found, an organization of the territory checks and decides (003 L55).
//!
//! - [`orders`]: the bodies of requests. [`words`]: sources and states.
//! - [`receipt`]: a request that was just made, and the chain of one about a child in danger.
//! - this page: waiting, checked, decided, and the steps between them.
//!
//! Invariant: one organization at a time has a request. The first that takes up the check has it until its decision. A request is hidden
//! from the one whom it concerns, in any role.
pub mod orders;
pub mod receipt;
pub mod words;

#[cfg(test)]
mod tests;

pub use orders::*;
pub use receipt::{Receipt, Received, chain, escalate};
pub use words::*;

use super::needs::NeedUrgency;
use crate::base::access::{NOT_YOURS, Right};
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::change::{Changed, facts};
use crate::base::id::{IntakeRequestId, OrganizationId};
use crate::base::refusal::{Reason, Refused, broken, rules};
use crate::base::text::{Note, Oktmo, Title};
use crate::people::DEAD;

rules! {
    TAKEN = "intake.taken", State, ours, "Обращение уже проверяет организация, которая взяла его первой.", "The organization that took the request up first checks it already.";
    DECIDED = "intake.decided", State, ours, "По обращению уже принято решение.", "The request is decided already.";
    NOT_CHECKED = "intake.not_checked", State, ours, "Решение принимают после проверки.", "A request is decided after its check.";
    SAME_ORGANIZATION = "intake.same_organization", Content, ours, "Обращение уже у этой организации.", "The request is with this organization already.";
    NOBODY_THERE = "intake.nobody_there", Content, ours, "В этой организации некому проверить обращение.", "Nobody in this organization could check the request.";
    NOT_EARLIER = "intake.not_earlier", Content, ours, "Повторяют более раннее обращение, которое само не повторное.", "A request repeats an earlier one that is no duplicate itself.";
    CASE_UNSUITED = "intake.case_unsuited", Content, ours, "Обращение принимают в открытый случай своей организации об этом человеке.", "A request is accepted into an open case of the own organization, about the person who is in need.";
    CONCERNS_AUTHOR = "intake.concerns_author", Content, ours, "Сообщивший не указывает себя: тот, кого обращение касается, его не видит.", "The author names neither themselves nor an own account: the one whom a request concerns does not see it.";
    CONCERNS_THEM = "intake.concerns_them", Content, ours, "Обращение касается сотрудников этой организации: передать его ей нельзя.", "The request concerns the staff of this organization, so it is not handed to them.";
    OWN_DUPLICATE = "intake.own_duplicate", Content, ours, "Обращение не повторяет само себя.", "A request is no duplicate of itself.";
}

facts! {
    /// Somebody asked for help.
    IntakeReceived = "intake_request.received",
        "Поступило обращение о помощи[, срочность: {urgency}]",
        "A request for help was received[, urgency: {urgency}]"
        about IntakeRequest (IntakeRequestId) {
        /// The source.
        source: IntakeSource,
        /// The urgency.
        urgency: NeedUrgency,
        /// Whether a child is in danger.
        danger_to_child: bool,
    }
    /// Nobody has taken up the check of a request about a child in danger in time, and the next level was called.
    IntakeEscalated = "intake_request.escalated",
        "Обращение передано следующему уровню[: {level}]",
        "The next level was called[: {level}]"
        about IntakeRequest (IntakeRequestId) {
        /// The level.
        level: i32,
    }
    /// An organization took up the check.
    IntakeChecked = "intake_request.checked",
        "Обращение взято на проверку[: {organization_id}]",
        "The check of the request was taken up[: {organization_id}]"
        about IntakeRequest (IntakeRequestId) {
        /// The organization that checks.
        organization_id: OrganizationId,
    }
    /// The region directed a request that waits to an organization.
    IntakeDirected = "intake_request.directed",
        "Обращение направлено в организацию[: {to_organization_id}]",
        "The request was directed to an organization[: {to_organization_id}]"
        about IntakeRequest (IntakeRequestId) {
        /// The organization that has to check it.
        to_organization_id: OrganizationId,
    }
    /// The organization gave the request back.
    IntakeReleased = "intake_request.released",
        "Обращение возвращено без решения",
        "The request was given back without a decision"
        about IntakeRequest (IntakeRequestId) {}
    /// The request was decided.
    IntakeDecided = "intake_request.decided",
        "По обращению принято решение[: {outcome}][, передано: {to_organization_id}]",
        "The request was decided[: {outcome}][, handed to {to_organization_id}]"
        about IntakeRequest (IntakeRequestId) {
        /// The outcome.
        outcome: IntakeState,
        /// The organization that has to check it anew.
        to_organization_id: Option<OrganizationId>,
    }
}

/// A request that waits for an organization to check it.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// The id of the request.
    pub id: IntakeRequestId,
    /// The place of the people in need.
    pub territory: Oktmo,
    /// The organization to which it was redirected. No other one checks it then.
    pub directed_to: Option<OrganizationId>,
    /// The organization whose staff the request concerns.
    pub concerns: Option<OrganizationId>,
}

/// A request that an organization checks.
#[derive(Debug, Clone, PartialEq)]
pub struct Checking {
    /// The id of the request.
    pub id: IntakeRequestId,
    /// The organization.
    pub organization_id: OrganizationId,
    /// The name of that organization.
    pub organization_name: Title,
    /// The organization to which it was redirected before.
    pub directed_to: Option<OrganizationId>,
    /// The organization whose staff the request concerns.
    pub concerns: Option<OrganizationId>,
}

/// The data of other rows that a decision rests on. Members that the order does not tell are all right.
#[derive(Debug, Clone, Copy)]
pub struct DecisionFacts {
    /// Whether somebody works on cases in the organization to which it is redirected.
    pub is_staffed: bool,
    /// Whether the other request is earlier, and no duplicate itself.
    pub is_earlier: bool,
    /// Whether the case is open and of the organization that checks.
    pub is_own_case: bool,
    /// Whether the beneficiary, also of the case, is the person in need, or their family.
    pub is_person: bool,
    /// Whether the beneficiary, also of the case, has died: the person, or all members of the family.
    pub is_dead: bool,
}

/// A request in any state.
#[derive(Debug, Clone, PartialEq)]
pub enum Intake {
    /// The request waits for its check.
    Waiting(Waiting),
    /// An organization checks it.
    Checking(Checking),
    /// The request is decided.
    Decided,
}

/// A request after a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// The id of the request.
    pub id: IntakeRequestId,
    /// The step.
    pub step: IntakeStep,
}

/// The step of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum IntakeStep {
    /// This organization has taken it up.
    Taken(OrganizationId),
    /// The region has directed it to an organization.
    Directed(IntakeDirection),
    /// The organization that checked it has given it back, with these words.
    Released {
        /// The organization.
        by: OrganizationId,
        /// Whether it was redirected before.
        is_redirected: bool,
        /// The reason.
        note: Note,
    },
    /// The organization that checked it has decided.
    Decided {
        /// The organization.
        by: OrganizationId,
        /// The order.
        order: Box<IntakeDecision>,
    },
}

impl IntakeStep {
    /// Whether the request waits for another organization by it, whose accounts are called from the beginning.
    pub fn is_handed_on(&self) -> bool {
        match self {
            Self::Directed(_) => true,
            Self::Decided { order, .. } => order.outcome == IntakeState::Redirected,
            Self::Taken(_) | Self::Released { .. } => false,
        }
    }
}

impl Waiting {
    /// Whether an organization of that territory may take up the check.
    pub fn may_check(&self, organization: OrganizationId, works_in: &Oktmo) -> bool {
        let is_theirs = match self.directed_to {
            Some(it) => it == organization,
            None => works_in.meets(&self.territory),
        };
        is_theirs && self.concerns != Some(organization)
    }
    /// Directs the request to an organization in which somebody works on cases: nobody has taken it up, or nobody there can.
    pub fn direct(self, order: &IntakeDirection, is_staffed: bool) -> Result<Changed<Moved>, Refused> {
        let reasons = broken([
            (self.directed_to == Some(order.organization_id), SAME_ORGANIZATION.reason()),
            (self.concerns == Some(order.organization_id), CONCERNS_THEM.reason()),
            (!is_staffed, NOBODY_THERE.reason()),
        ])
        .into_iter()
        .map(|it| it.at("/organization_id"));
        Refused::unless_empty(reasons.collect())?;
        let (id, to_organization_id) = (self.id, order.organization_id);
        let step = IntakeStep::Directed(order.clone());
        Ok(Changed::new(Moved { id, step }, IntakeDirected { id, to_organization_id }))
    }
    /// Takes up the check for an organization of that territory.
    pub fn check(self, order: &IntakeCheck, works_in: &Oktmo) -> Result<Changed<Moved>, Refused> {
        if !self.may_check(order.organization_id, works_in) {
            return Err(NOT_YOURS.refuse());
        }
        let (id, organization_id) = (self.id, order.organization_id);
        let step = IntakeStep::Taken(organization_id);
        Ok(Changed::new(Moved { id, step }, IntakeChecked { id, organization_id }))
    }
}

impl Checking {
    /// Gives the request back.
    pub fn release(self, order: &IntakeRelease) -> Changed<Moved> {
        let (id, by, is_redirected) = (self.id, self.organization_id, self.directed_to.is_some());
        let step = IntakeStep::Released { by, is_redirected, note: order.note.clone() };
        Changed::new(Moved { id, step }, IntakeReleased { id })
    }
    /// Decides the request.
    pub fn decide(self, order: &IntakeDecision, facts: DecisionFacts) -> Result<Changed<Moved>, Refused> {
        let mut reasons: Vec<Reason> = Vec::new();
        if order.organization_id == Some(self.organization_id) {
            reasons.push(SAME_ORGANIZATION.reason().at("/organization_id"));
        }
        if order.organization_id.is_some() && order.organization_id == self.concerns {
            reasons.push(CONCERNS_THEM.reason().at("/organization_id"));
        }
        if order.duplicate_of_id == Some(self.id) {
            reasons.push(OWN_DUPLICATE.reason().at("/duplicate_of_id"));
        } else if !facts.is_earlier {
            reasons.push(NOT_EARLIER.reason().at("/duplicate_of_id"));
        }
        if !facts.is_staffed {
            reasons.push(NOBODY_THERE.reason().at("/organization_id"));
        }
        let member = if order.case_id.is_some() { "/case_id" } else { "/beneficiary_id" };
        if !facts.is_own_case || !facts.is_person {
            reasons.push(CASE_UNSUITED.reason().at(member));
        }
        if facts.is_dead {
            reasons.push(DEAD.reason().at(member));
        }
        Refused::unless_empty(reasons)?;
        let (id, outcome, to_organization_id) = (self.id, order.outcome, order.organization_id);
        let step = IntakeStep::Decided { by: self.organization_id, order: Box::new(order.clone()) };
        Ok(Changed::new(Moved { id, step }, IntakeDecided { id, outcome, to_organization_id }))
    }
}

impl Intake {
    /// The request, if nobody checks it yet. The refusal names the organization that has it.
    pub fn waiting(self) -> Result<Waiting, Refused> {
        match self {
            Self::Waiting(it) => Ok(it),
            Self::Checking(it) => {
                let taken = TAKEN.reason().with("organization_id", it.organization_id);
                Err(taken.with("organization_name", it.organization_name).into())
            }
            Self::Decided => Err(DECIDED.refuse()),
        }
    }
    /// The request, if the caller answers for the organization that checks it.
    pub fn checked_by(self, answers: impl Fn(OrganizationId) -> bool) -> Result<Checking, Refused> {
        match self {
            Self::Checking(it) if answers(it.organization_id) => Ok(it),
            Self::Checking(_) => Err(NOT_YOURS.refuse()),
            Self::Waiting(_) => Err(NOT_CHECKED.refuse()),
            Self::Decided => Err(DECIDED.refuse()),
        }
    }
}

/// A request as its caller sees it.
#[derive(Debug)]
pub struct IntakeOffers<'a> {
    /// The request.
    pub it: &'a Intake,
    /// The organizations for which the caller may act, with their territories.
    pub organizations: &'a [(OrganizationId, Oktmo)],
}

impl Offers for IntakeOffers<'_> {
    const AT: &'static str = "intake-requests";
    const OFFERS: &'static [Offer] = &[
        Offer::step(Action::Check, "check", Right::DecideIntake),
        Offer::step(Action::Direct, "direction", Right::ManageAccompaniment),
        Offer::step(Action::Release, "release", Right::DecideIntake),
        Offer::step(Action::Decide, "decision", Right::DecideIntake),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let mut own = self.organizations.iter();
        let is_theirs = match (action, self.it) {
            (Action::Direct, Intake::Waiting(_)) => true,
            (Action::Check, Intake::Waiting(it)) => own.any(|(of, works_in)| it.may_check(*of, works_in)),
            (Action::Decide | Action::Release, Intake::Checking(it)) => {
                own.any(|(of, _)| *of == it.organization_id)
            }
            _ => false,
        };
        is_theirs.then(Verdict::default)
    }
}
