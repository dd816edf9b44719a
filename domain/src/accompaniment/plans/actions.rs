//! The orders that the cards of plans and of their versions offer, judged by the rules of the orders.
use super::standing::PlanStanding;
use super::states::{OpenPlan, Plan};
use super::versions::{PlanVersion, VersionFacts};
use super::words::PlanEndReason;
use super::{DRAFT_OPEN, PlanVersionState};
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};
use crate::base::word::Word;

/// A plan as its caller sees it.
#[derive(Debug)]
pub struct PlanOffers<'a> {
    /// The plan.
    pub it: &'a Plan,
    /// The state of its last version.
    pub last: Option<PlanVersionState>,
    /// The caller's standing to it.
    pub by: &'a PlanStanding,
}

impl Offers for PlanOffers<'_> {
    const AT: &'static str = "plans";
    const OFFERS: &'static [Offer] = &[
        Offer::step(Action::DraftVersion, "versions", Right::EditPlans),
        Offer::step(Action::EndPlan, "ending", Right::EditPlans),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let Plan::Open(OpenPlan { kind, .. }) = self.it else { return None };
        match action {
            Action::DraftVersion => {
                let is_open = self.last.is_some_and(PlanVersionState::is_unsettled);
                let against = is_open.then(|| DRAFT_OPEN.reason());
                Some(Verdict::default().unless(self.by.must_draft(*kind)).against(against))
            }
            Action::EndPlan => {
                let sent = PlanEndReason::ALL.iter().copied().filter(|it| it.is_sent());
                Some(Verdict::default().unless(self.by.must_be_staff()).takes("/reason", sent))
            }
            _ => None,
        }
    }
}

/// A version of a plan as its caller sees it. A version of an ended plan offers nothing.
#[derive(Debug)]
pub struct PlanVersionOffers<'a> {
    /// The version, if its plan is open.
    pub it: Option<&'a PlanVersion>,
    /// The stored data. `None` where only the state is judged.
    pub facts: Option<&'a VersionFacts>,
    /// The caller's standing to the plan.
    pub by: &'a PlanStanding,
}

impl Offers for PlanVersionOffers<'_> {
    const AT: &'static str = "plan-versions";
    const OFFERS: &'static [Offer] = &[
        Offer::edit(Right::EditPlans),
        Offer::step(Action::Submit, "submission", Right::EditPlans),
        Offer::step(Action::ApprovePlan, "approvals", Right::ApprovePlans),
        Offer::step(Action::Return, "return", Right::ApprovePlans),
        Offer::step(Action::RecordResult, "results", Right::EditPlans),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let (verdict, unknown) = (Verdict::default(), VersionFacts::default());
        let facts = self.facts.unwrap_or(&unknown);
        match (action, self.it?) {
            (Action::Edit, PlanVersion::Draft(it)) => {
                Some(verdict.unless(self.by.must_draft(it.0.plan.kind)))
            }
            (Action::Submit, PlanVersion::Draft(it)) => {
                let theirs = self.by.must_draft(it.0.plan.kind);
                Some(verdict.unless(theirs).against(it.against_submission(facts)))
            }
            (Action::ApprovePlan, PlanVersion::Submitted(it)) => {
                let verdict = verdict.against(it.against_approval(self.by, facts));
                it.is_theirs(self.by, facts).then(|| verdict.takes("/approver", it.next(facts.age_years)))
            }
            (Action::Return, PlanVersion::Submitted(it)) => {
                Some(verdict.unless(it.must_return(self.by, facts)))
            }
            (Action::RecordResult, PlanVersion::Adopted(it)) => it.is_reported_by(self.by).then_some(verdict),
            _ => None,
        }
    }
}
