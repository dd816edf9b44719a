//! Matching beneficiaries with mentors: the engine proposes and proves, people decide.
//!
//! A [`Pool`] holds the facts of one day, a [`Round`] puts the [`MatchingRules`] to them and answers a
//! [`Proposal`]: the best in strict order by coverage, expressed choices and fit. Underneath lies [`solve`],
//! which knows only costs and seats and proves each answer.
mod ahead;
mod amount;
mod assessment;
mod auction;
mod candidates;
mod certificate;
mod choices;
mod columns;
mod counterfactual;
mod coverage;
pub(crate) mod editions;
mod explanation;
mod lowering;
mod objective;
mod on_record;
mod outcome;
mod people;
mod preview;
mod problem;
pub(crate) mod profiles;
mod recall;
mod round;
pub(crate) mod rounds;
mod rules;
mod shortlist;
mod solution;
mod told;
mod vocabulary;
mod watch;
mod words;

pub use assessment::{Assessment, BEST_CHOICE, BEST_FIT, Facts, Term, assess};
pub use auction::Cancelled;
pub use candidates::{Candidate, Candidates};
pub use certificate::{Violation, certify, price_of};
pub use choices::MutualChoices;
pub use counterfactual::{Counterfactual, Explained, Move};
pub use editions::{MatchingRulesEdition, MatchingRulesForm, OTHER_PROGRAM as RULES_OF_OTHER_PROGRAM};
pub use explanation::{Difference, Explanation, SeatsTaken, WhyLeftOut, WhyNot};
pub use objective::Objective;
pub use on_record::{BeneficiaryOnRecord, Courses, LatestMentorship, MentorOnRecord, waiting_since};
pub use outcome::{
    BarrierCount, LeftOut, LeftOutDetail, Outcome, PairInRound, PriorityResult, ProposedPair, RoundBefore,
    RoundChanges, RoundResult, ScarceMentor, SeatsToOthers,
};
pub use people::{
    AgeWish, BeneficiaryProfile, MentorProfile, OutOfOrder, PairFacts, PairRecord, Place, Point, Pool, Reach,
    Tags,
};
pub use preview::{Preview, Rank, Standing, preview, standing};
pub use problem::{BeneficiaryIx, MAX_COST, Malformed, MentorIx, Problem};
pub use profiles::{
    BeneficiaryProfileForm, MatchingNeeds, MatchingNeedsForm, MentorProfileForm, ProfileOfBeneficiary,
    ProfileOfMentor, Wait,
};
pub use recall::KeptProposal;
pub use round::{Coverage, NoProposal, Origin, Proposal, Proposed, Round, Totals};
pub use rounds::{
    AdjustedPair, Adjustment, AdjustmentKind, BegunRound, ComputedRound, LeftOutReason, NOT_READY,
    PIN_IMPOSSIBLE, PROGRAM_CHANGED, ProposalOrigin, ProposalState, Publication, PublicationFacts,
    PublishedRound, Publishing, ReadyRound, RoundAction, RoundKind, RoundOnRecord, RoundOrder, RoundState,
    SCOPE_NEEDED, StoppedRound, UNKNOWN_PAIR, as_of, available_actions,
};
pub use rules::{AGE_GAP, MatchingRules, RULES, Risk, SHOWN, WAITING, WEIGHTS, Weights};
pub use solution::{Solution, Unsolved, solve};
pub use told::{AlternativeTold, DifferenceTold, MoveTold, PairTold, TermTold, Told, Verdict, WhyNotTold};
pub use vocabulary::{Interest, Language, SupportNeed, WeekHour};
pub use watch::Watch;
pub use words::{Barrier, Barriers, Criterion, MatchingMode};

#[cfg(test)]
mod tests;
