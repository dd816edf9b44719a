//! Matching of beneficiaries with mentors: the program proposes and proves an assignment, people decide.
//!
//! A [`Pool`] holds the facts of one day. A [`Round`] applies the [`MatchingRules`] and returns a [`Proposal`]: the best
//! assignment in strict order by coverage, choices and fit. The crate `solver` finds the assignment and proves it. The modules
//! beside them are:
//! - [`joint_activities`]: mentors and beneficiaries meet, then rank or veto each other.
//! - [`profiles`]: the statements of people about themselves; [`editions`]: the rules of a program from a day on.
//! - [`rounds`]: a round as a resource, from its computation to its publication.
//!
//! Invariant: candidates, rounds and the waiting list assess a pair by the same function.
mod assessment;
mod candidates;
mod choices;
mod descriptions;
pub mod editions;
mod excluded;
mod explanation;
pub mod joint_activities;
mod objective;
mod on_record;
mod outcome;
mod people;
mod preview;
pub mod profiles;
mod recall;
mod round;
pub mod rounds;
mod rules;
mod tally;
mod vocabulary;
mod words;

pub use assessment::{Assessment, BEST_CHOICE, BEST_FIT, Basis, Term, assess};
pub use candidates::{Candidate, Candidates};
pub use choices::MutualChoices;
pub use descriptions::{
    AlternativeMentor, CriterionAssessment, ExplanationOfOne, MentorChange, PairAssessment, RoundCost,
    RoundDifference, Verdict, WhyNotMentor,
};
pub use editions::{MatchingRulesEdition, MatchingRulesForm, OTHER_PROGRAM as RULES_OF_OTHER_PROGRAM};
pub use explanation::{Difference, Explanation, SeatsTaken, WhyLeftOut, WhyNot};
pub use objective::Objective;
pub use on_record::{
    BeneficiaryOnRecord, Courses, LatestMentorship, MentorOnRecord, waiting_record, waiting_since,
};
pub use outcome::{
    BarrierCount, LeftOut, LeftOutDetail, Outcome, PairInRound, PriorityResult, ProposedPair, RoundBefore,
    RoundChanges, RoundResult, ScarceMentor, SeatsToOthers,
};
pub use people::{
    AgeWish, BeneficiaryProfile, MentorProfile, OutOfOrder, PairFacts, PairRecord, Place, Pool, Reach, Tags,
};
pub use preview::{Preview, Rank, Standing, preview, standing};
pub use profiles::{
    BENEFICIARY_PROFILE, BeneficiaryProfileForm, MENTOR_PROFILE, MatchingNeeds, MatchingNeedsForm,
    MentorProfileForm, NEEDS, PartOffers, ProfileOfBeneficiary, ProfileOfMentor, Wait,
};
pub use recall::KeptProposal;
pub use round::{Coverage, NoProposal, Origin, Proposal, Proposed, Round, Totals};
pub use rounds::{
    AdjustedPair, Adjustment, AdjustmentKind, BegunRound, ComputedRound, LeftOutReason, NOT_READY, NextFound,
    PIN_IMPOSSIBLE, PROGRAM_CHANGED, PairsRefused, ProposalOrigin, ProposalState, Publication,
    PublicationFacts, PublishedRound, Publishing, ReadyRound, RoundKind, RoundOffers, RoundOnRecord,
    RoundOrder, RoundState, SCOPE_NEEDED, StoppedRound, UNKNOWN_PAIR, as_of,
};
pub use rules::{AGE_GAP, MatchingRules, RULES, Risk, SHOWN, WAITING, WEIGHTS, Weights};
/// The types of the solver that appear in the interface of this area.
pub use solver::{BeneficiaryIx, MentorIx, Monitor, Unsolved};
pub use tally::{Counted, Tally};
pub use vocabulary::{Interest, Language, SupportNeed, WeekHour};
pub use words::{Barrier, Barriers, Criterion, MatchingMode};

#[cfg(test)]
mod tests;
