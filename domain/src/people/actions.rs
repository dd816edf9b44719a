//! The orders that the cards of people, families, beneficiaries, representatives and access requests offer, judged by the rules
//! of the orders.
use super::access_requests::{AccessDecisionKind, AccessRequest};
use super::death::{against_dying, against_living_on};
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::refusal::Reason;
use chrono::NaiveDate;

/// A person as the caller sees the record.
#[derive(Debug, Clone, Copy)]
pub struct PersonOffers {
    /// Whether the death is on record.
    pub is_dead: bool,
    /// Whether the caller answers for the person: a former institution edits nothing.
    pub is_answered_for: bool,
}

impl Offers for PersonOffers {
    const AT: &'static str = "people";
    const OFFERS: &'static [Offer] = &[
        Offer::edit(Right::EditPeople),
        Offer::step(Action::RecordDeath, "death", Right::EditPeople),
        Offer::step(Action::AnnulDeath, "death/annulment", Right::EditPeople),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let past = match action {
            Action::Edit => None,
            Action::RecordDeath => against_dying(self.is_dead),
            Action::AnnulDeath => against_living_on(self.is_dead),
            _ => return None,
        };
        (self.is_answered_for && past.is_none()).then(Verdict::default)
    }
}

/// A family as its caller sees it.
#[derive(Debug, Clone, Copy)]
pub struct FamilyOffers;

impl Offers for FamilyOffers {
    const AT: &'static str = "families";
    const OFFERS: &'static [Offer] = &[Offer::edit(Right::EditPeople)];
    fn judge(&self, action: Action) -> Option<Verdict> {
        (action == Action::Edit).then(Verdict::default)
    }
}

/// The authority of a representative as its caller sees it.
#[derive(Debug, Clone, Copy)]
pub struct RepresentativeOffers;

impl Offers for RepresentativeOffers {
    const AT: &'static str = "representatives";
    const OFFERS: &'static [Offer] = &[Offer::edit(Right::EditBeneficiaries)];
    fn judge(&self, action: Action) -> Option<Verdict> {
        (action == Action::Edit).then(Verdict::default)
    }
}

/// A beneficiary as the caller sees the record.
#[derive(Debug, Clone)]
pub struct BeneficiaryOffers {
    /// Whether the caller answers for the institution in charge.
    pub is_answered_for: bool,
    /// Whether the caller is the beneficiary.
    pub is_own: bool,
    /// Whether the caller is the mentor of the beneficiary at present.
    pub is_mentored: bool,
    /// Whether the caller knows the beneficiary otherwise than as the mentor.
    pub is_known: bool,
    /// The reason against any choice after an activity.
    pub against_choosing: Option<Reason>,
    /// The entering of entries under the beneficiary.
    pub under: Vec<Offer>,
}

impl Offers for BeneficiaryOffers {
    const AT: &'static str = "beneficiaries";
    const OFFERS: &'static [Offer] = &[
        Offer::edit(Right::EditBeneficiaries),
        Offer::step(Action::AddRepresentative, "representatives", Right::EditBeneficiaries),
        Offer::step(Action::GiveConsent, "consents", Right::GiveConsents),
        Offer::step(Action::OpenPlan, "plans", Right::EditPlans),
        Offer::step(Action::StartAssessment, "assessments", Right::MakeAssessments),
        Offer::step(Action::Enrol, "living-enrolments", Right::EditLiving),
        Offer::edit_at(Action::EditProfile, "matching-profile", Right::EditBeneficiaryProfiles),
        Offer::edit_at(Action::EditNeeds, "matching-needs", Right::EditNeeds),
        Offer::step(Action::Choose, "choices", Right::MakeChoice),
        Offer::step(Action::MakeVeto, "vetoes", Right::MakeVeto),
    ];
    fn offers(&self) -> Vec<Offer> {
        Self::OFFERS.iter().copied().chain(self.under.iter().copied()).collect()
    }
    fn judge(&self, action: Action) -> Option<Verdict> {
        let (is_theirs, against) = match action {
            Action::Edit => (self.is_answered_for, None),
            Action::AddLifePeriod
            | Action::AddCareerActivity
            | Action::AddRepresentative
            | Action::GiveConsent
            | Action::OpenPlan
            | Action::StartAssessment
            | Action::Enrol => (true, None),
            Action::EditProfile => (!self.is_mentored, None),
            Action::EditNeeds => (!self.is_own && !self.is_mentored, None),
            Action::Choose => (self.is_known, self.against_choosing.clone()),
            Action::MakeVeto => (!self.is_own, None),
            _ => return None,
        };
        is_theirs.then(|| Verdict::default().against(against))
    }
}

/// An access request as its caller sees it.
#[derive(Debug)]
pub struct AccessRequestOffers {
    /// The request.
    pub it: AccessRequest,
    /// Whether it is of the caller's own institution.
    pub is_own: bool,
    /// The present day.
    pub today: NaiveDate,
}

impl Offers for AccessRequestOffers {
    const AT: &'static str = "access-requests";
    const OFFERS: &'static [Offer] = &[
        Offer::step(Action::Grant, "decision", Right::DecideAccess),
        Offer::step(Action::Refuse, "decision", Right::DecideAccess),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        self.it.must_await_decision(self.is_own, self.today).ok()?;
        let kind = match action {
            Action::Grant => AccessDecisionKind::Grant,
            Action::Refuse => AccessDecisionKind::Refuse,
            _ => return None,
        };
        Some(Verdict::default().takes("/kind", [kind]))
    }
}
