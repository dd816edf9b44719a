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
pub struct FamilyOffers {
    /// Whether the caller answers for the family: a former institution edits nothing.
    pub is_answered_for: bool,
}

impl Offers for FamilyOffers {
    const AT: &'static str = "families";
    const OFFERS: &'static [Offer] = &[Offer::edit(Right::EditPeople)];
    fn judge(&self, action: Action) -> Option<Verdict> {
        (self.is_answered_for && action == Action::Edit).then(Verdict::default)
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
    /// The reason against what begins today: a removal from the register. Of a day before it more is still entered.
    pub against_beginning: Option<Reason>,
    /// The reason against what goes on with the beneficiary: a death.
    pub against_going_on: Option<Reason>,
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
        let verdict = Verdict::default();
        let (is_theirs, verdict) = match action {
            Action::Edit => (self.is_answered_for, verdict),
            // An assessment and an enrolment of a day before the removal are entered all the same.
            Action::AddLifePeriod
            | Action::AddCareerActivity
            | Action::AddRepresentative
            | Action::GiveConsent
            | Action::StartAssessment => (true, verdict),
            Action::OpenPlan => {
                let against = self.against_going_on.iter().chain(&self.against_beginning);
                (true, verdict.against(against.cloned()))
            }
            Action::Enrol => (true, verdict.against(self.against_going_on.clone())),
            Action::EditProfile => (!self.is_mentored, verdict),
            Action::EditNeeds => (!self.is_own && !self.is_mentored, verdict),
            Action::Choose => (self.is_known, verdict.against(self.against_choosing.clone())),
            Action::MakeVeto => (!self.is_own, verdict),
            _ => return None,
        };
        is_theirs.then_some(verdict)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::action::{Judged, available};
    use crate::people::register::against_beginning;
    use crate::people::{Life, Lives};

    #[test]
    fn what_would_be_refused_on_any_day_is_offered_with_the_reason() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let dead = Life { born_on: day("2005-05-05"), died_on: Some(day("2026-03-01")) };
        let blocked = |lives: &Lives, is_removed: bool, action: Action| {
            let it = BeneficiaryOffers {
                is_answered_for: true,
                is_own: false,
                is_mentored: false,
                is_known: true,
                against_choosing: None,
                against_beginning: against_beginning(is_removed),
                against_going_on: lives.against_going_on(),
                under: Vec::new(),
            };
            let all = available(&it, "id", Judged::Whole, |_| true, |_| true);
            all.into_iter().find(|it| it.code == action).unwrap().blocked_by.unwrap()
        };
        let (alive, dead) = (Lives(vec![Life { died_on: None, ..dead }]), Lives(vec![dead]));
        assert_eq!(blocked(&dead, true, Action::OpenPlan), ["person.dead", "register.not_active"]);
        assert_eq!(blocked(&alive, true, Action::OpenPlan), ["register.not_active"]);
        assert_eq!(blocked(&dead, true, Action::Enrol), ["person.dead"]);
        assert_eq!(blocked(&alive, true, Action::Enrol), [""; 0], "a day before the removal may be told");
        assert_eq!(blocked(&dead, true, Action::StartAssessment), [""; 0]);
        assert_eq!(blocked(&alive, false, Action::OpenPlan), [""; 0]);
    }
}
