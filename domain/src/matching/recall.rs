//! Storing a proposal, and restoring it without solving again.
use super::choices::MutualChoices;
use super::round::{NoProposal, Origin, Proposal, Proposed, Round};
use serde::{Deserialize, Serialize};
use solver::MentorIx;
use solver::Solution;

/// The stored part of a proposal. With the pool and the rules it restores the proposal and its proof.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct KeptProposal {
    /// The mentorships with their origins, ordered by beneficiary.
    pub mentorships: Vec<Proposed>,
    /// The prices of all mentors, in order. They prove the solved part.
    pub prices: Vec<i64>,
}

impl Proposal {
    /// The part of this proposal to store.
    pub fn kept(&self) -> KeptProposal {
        // A proven price is never above the cost of leaving a beneficiary out, which fits in 64 bits.
        let prices = self.solution.prices().iter().map(|it| i64::try_from(*it).unwrap_or(i64::MAX));
        KeptProposal { mentorships: self.mentorships().collect(), prices: prices.collect() }
    }
}

impl Round<'_> {
    /// Restores a stored proposal and proves it again, without solving. The pins come from the record. Refuses a record that is
    /// no longer the best proposal for these people and rules.
    pub fn recall(&self, kept: &KeptProposal) -> Result<Proposal, NoProposal> {
        let mut fixed = self.pins_of(kept)?;
        let choices = MutualChoices::of(self.rules, self.pool);
        self.fix_mutual(&mut fixed, &choices);
        let mut mate = vec![None; fixed.len()];
        for it in &kept.mentorships {
            let of_round = fixed.get(it.beneficiary.at()).copied().flatten();
            let (mate, expected) = match it.origin {
                Origin::Optimum => (mate.get_mut(it.beneficiary.at()), None),
                origin => (None, Some((it.mentor, origin))),
            };
            if of_round != expected {
                return Err(NoProposal::Record);
            }
            mate.into_iter().for_each(|mate| *mate = Some(it.mentor));
        }
        let problem = self.problem(&fixed, &|| false)?;
        let prices = kept.prices.iter().copied().map(i128::from).collect();
        let solution = Solution::proven(&problem, mate, prices)?;
        let proposal = self.proposal(fixed, problem, solution, &choices);
        if proposal.mentorships().eq(kept.mentorships.iter().copied()) {
            Ok(proposal)
        } else {
            Err(NoProposal::Record)
        }
    }

    fn pins_of(&self, kept: &KeptProposal) -> Result<Vec<Option<(MentorIx, Origin)>>, NoProposal> {
        let mut pinned = vec![None; self.pool.beneficiaries().len()];
        for it in kept.mentorships.iter().filter(|it| it.origin == Origin::Pinned) {
            self.check_pin(&pinned, it.beneficiary, it.mentor)?;
            pinned.get_mut(it.beneficiary.at()).into_iter().for_each(|pin| *pin = Some(it.mentor));
        }
        Ok(pinned.into_iter().map(|it| it.map(|it| (it, Origin::Pinned))).collect())
    }
}
