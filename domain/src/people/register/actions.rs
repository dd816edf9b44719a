//! The orders that the cards of the register offer, judged by the rules of the orders.
use super::candidates::RegisterCandidate;
use super::merges::{RegisterMerge, against_reversal};
use super::{RegisterEntry, against_removal};
use crate::base::access::Right;
use crate::base::action::{Action, Offer, Offers, Verdict};

/// An entry as its caller sees it.
#[derive(Debug)]
pub struct RegisterEntryOffers {
    /// The entry.
    pub it: RegisterEntry,
    /// Whether the caller keeps the register.
    pub is_keeper: bool,
    /// Whether the entry is merged into another.
    pub is_merged: bool,
    /// Cases of the person that are open.
    pub open_cases: i64,
}

impl Offers for RegisterEntryOffers {
    const AT: &'static str = "register-entries";
    const OFFERS: &'static [Offer] = &[
        Offer::step(Action::Remove, "removal", Right::ManageRegister),
        Offer::step(Action::Restore, "restoration", Right::ManageRegister),
        Offer::step(Action::Merge, "merges", Right::ManageRegister),
    ];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let is_possible = match (action, &self.it) {
            (Action::Remove | Action::Merge, RegisterEntry::Active(_)) => !self.is_merged,
            (Action::Restore, RegisterEntry::Removed(_)) => true,
            _ => false,
        };
        let against = if action == Action::Remove { against_removal(self.open_cases) } else { None };
        (self.is_keeper && is_possible).then(|| Verdict::default().against(against))
    }
}

/// A merge as its caller sees it.
#[derive(Debug)]
pub struct RegisterMergeOffers {
    /// The merge.
    pub it: RegisterMerge,
    /// Whether no later merge of the same person holds.
    pub is_latest: bool,
}

impl Offers for RegisterMergeOffers {
    const AT: &'static str = "register-merges";
    const OFFERS: &'static [Offer] = &[Offer::step(Action::Reverse, "reversal", Right::ManageRegister)];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let holds = matches!(self.it, RegisterMerge::InForce(_)) && action == Action::Reverse;
        holds.then(|| Verdict::default().against(against_reversal(self.is_latest)))
    }
}

/// A pair as its caller sees it.
#[derive(Debug)]
pub struct RegisterCandidateOffers {
    /// The pair.
    pub it: RegisterCandidate,
}

impl Offers for RegisterCandidateOffers {
    const AT: &'static str = "register-candidates";
    const OFFERS: &'static [Offer] = &[Offer::step(Action::Dismiss, "dismissal", Right::ManageRegister)];
    fn judge(&self, action: Action) -> Option<Verdict> {
        let is_new = self.it.must_be_new().is_ok() && action == Action::Dismiss;
        is_new.then(Verdict::default)
    }
}
