//! Stored rounds of matching: begun, computed, adjusted by a specialist, published as proposed mentorships.
mod orders;
pub(crate) mod states;
#[cfg(test)]
mod tests;
mod words;

pub use orders::{Adjustment, Publication, RoundOrder};
pub use states::{
    AdjustedPair, BegunRound, ComputedRound, NextFound, PairsRefused, PublicationFacts, PublishedRound,
    Publishing, ReadyRound, RoundOffers, RoundOnRecord, StoppedRound, as_of,
};
pub use words::{AdjustmentKind, LeftOutReason, ProposalOrigin, ProposalState, RoundKind, RoundState};

use crate::base::refusal::rules;

rules! {
    AS_OF = "matching_round.as_of", Content, ours, "Подбор считают на сегодня или на день в ближайшие 90 дней.", "The day of a round is today or at most 90 days ahead.";
    SCOPE_NEEDED = "matching_round.scope_needed", Content, ours, "Назовите организацию, для подопечных которой идёт подбор.", "Name the organization whose beneficiaries the round matches.";
    NOT_READY = "matching_round.not_ready", State, ours, "Подбор ещё не посчитан, не удался или уже опубликован.", "The round is not computed yet, has failed, or is published already.";
    OVERTAKEN = "matching_round.overtaken", State, ours, "Другой подбор по тем же людям опубликован позже: посчитайте этот заново.", "Another round over the same people was published since: compute this one again.";
    PROGRAM_CHANGED = "matching_round.program_changed", State, ours, "В день начала действует уже другая редакция программы: проведите новый подбор.", "On the first day another edition of the program is in force: begin a new round.";
    NOTHING_PROPOSED = "matching_round.nothing_proposed", State, ours, "Подбор ничего не предложил: публиковать нечего.", "The round proposes nothing: there is nothing to publish.";
    STARTS_ON = "matching_round.starts_on", Content, "002 §3.8", "Первый день — не раньше сегодняшнего, последний — позже первого и в пределах срока программы.", "The first day is not before today, the last one after it and within the program's longest term.";
    UNKNOWN_PAIR = "matching_round.unknown_pair", Content, ours, "Такой пары в этом подборе нет.", "There is no such pair in this round.";
    PIN_TAKEN = "matching_round.pin_taken", State, ours, "За подопечным в этом подборе уже закреплён другой наставник.", "Another mentor is pinned to the beneficiary in this round already.";
    PIN_IMPOSSIBLE = "matching_round.pin_impossible", State, "002 §3.4", "Эту пару закрепить нельзя: правила её не допускают.", "The pair cannot be pinned: rules forbid it.";
    ADJUSTMENTS = "matching_round.adjustments", State, ours, "В подборе уже 500 поправок: проведите новый подбор.", "The round has 500 adjustments already: begin a new one.";
}
