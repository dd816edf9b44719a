//! Keeping a proposal, and having it again without solving.
use super::choices::MutualChoices;
use super::round::{NoProposal, Origin, Proposal, Proposed, Round};
use serde::{Deserialize, Serialize};
use solver::MentorIx;
use solver::Solution;

/// What must be kept of a proposal to have it again, proof included, beside the pool and the rules.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct KeptProposal {
    /// The mentorships, by beneficiary, and how each came about.
    pub mentorships: Vec<Proposed>,
    /// The prices of all mentors, in order, that prove what was solved.
    pub prices: Vec<i64>,
}

impl Proposal {
    /// What must be kept to have this proposal again.
    pub fn kept(&self) -> KeptProposal {
        // A proven price is never above what it costs to leave somebody out, which 64 bits hold.
        let prices = self.solution.prices().iter().map(|it| i64::try_from(*it).unwrap_or(i64::MAX));
        KeptProposal { mentorships: self.mentorships().collect(), prices: prices.collect() }
    }
}

impl Round<'_> {
    /// The proposal of which this was kept, proven anew and not solved. Pins are those of the record. What no
    /// longer is the best proposal of these people under these rules is refused.
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
