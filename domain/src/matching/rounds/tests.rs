//! Tests of stored rounds: the actions possible in each state.
use super::states::ADJUSTMENTS_AT_MOST;
use super::*;
use crate::base::action::{Action, Offers};
use crate::base::refusal::Refused;
use crate::base::word::Word;
use crate::examples;
use crate::matching::{Barrier, Barriers};
use chrono::NaiveDate;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
fn codes<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<&'static str> {
    it.unwrap_err().reasons().iter().map(|it| it.rule.code).collect()
}
fn id(n: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(n)
}
fn ready() -> ReadyRound {
    let round = RoundOnRecord {
        id: id(1).into(),
        program_id: id(2).into(),
        edition_id: id(3).into(),
        state: RoundState::Ready,
    };
    round.ready().unwrap()
}
fn facts() -> PublicationFacts {
    PublicationFacts {
        pending: 1,
        is_overtaken: false,
        edition_id: Some(id(3).into()),
        latest_end: Some(day("2027-03-31")),
    }
}

#[test]
fn a_round_looks_at_today_or_a_little_ahead() {
    let order = |as_of: &str| RoundOrder { as_of: Some(day(as_of)), ..examples::of() };
    let today = day("2026-03-02");
    assert_eq!(as_of(&examples::of(), today), Ok(today));
    assert!(as_of(&order("2026-05-31"), today).is_ok());
    for wrong in ["2026-03-01", "2026-06-01"] {
        assert_eq!(codes(as_of(&order(wrong), today)), ["matching_round.as_of"]);
    }
}

#[test]
fn only_a_ready_round_is_adjusted_or_published_and_one_that_came_to_nothing_is_run_again() {
    for state in RoundState::ALL {
        let round = RoundOnRecord {
            state: *state,
            ..RoundOnRecord {
                id: id(1).into(),
                program_id: id(2).into(),
                edition_id: id(3).into(),
                state: RoundState::Ready,
            }
        };
        let offers = RoundOffers { it: &round, facts: None };
        assert_eq!(round.clone().ready().is_ok(), offers.judge(Action::Publish).is_some());
        assert_eq!(round.clone().to_run().is_ok(), offers.judge(Action::Run).is_some());
    }
}

#[test]
fn contradictory_pins_are_refused_for_all_reasons_at_once() {
    let pin: Adjustment = examples::of();
    let free = AdjustedPair { is_in_round: true, free_seats: 1, ..AdjustedPair::default() };
    assert!(ready().adjust(&pin, &free).is_ok());
    let full = AdjustedPair { is_pinned_to_other: true, pins_of_mentor: 1, ..free.clone() };
    let both = ["matching_round.pin_taken", "matching_round.pin_impossible"];
    assert_eq!(codes(ready().adjust(&pin, &full)), both);
    let vetoed = AdjustedPair { barriers: Barriers::NONE.with(Barrier::VetoMentor, true), ..free.clone() };
    assert_eq!(codes(ready().adjust(&pin, &vetoed)), ["matching_round.pin_impossible"]);
    let forbid = Adjustment { kind: AdjustmentKind::Forbid, ..pin.clone() };
    assert!(ready().adjust(&forbid, &vetoed).is_ok());
    let many = AdjustedPair { adjustments: ADJUSTMENTS_AT_MOST, ..free };
    assert_eq!(codes(ready().adjust(&forbid, &many)), ["matching_round.adjustments"]);
    let clear = Adjustment { kind: AdjustmentKind::Clear, ..pin.clone() };
    assert!(ready().adjust(&clear, &many).is_ok());
    assert_eq!(codes(ready().adjust(&pin, &AdjustedPair::default())), ["matching_round.unknown_pair"]);
}

#[test]
fn a_round_is_published_only_while_it_is_the_last_word_about_its_people() {
    let order: Publication = examples::of();
    let today = day("2026-03-02");
    assert!(ready().publish(&order, &facts(), today).is_ok());
    let worst = PublicationFacts { pending: 0, is_overtaken: true, edition_id: None, ..facts() };
    assert_eq!(
        codes(ready().publish(&order, &worst, today)),
        ["matching_round.nothing_proposed", "matching_round.overtaken", "matching_round.program_changed"]
    );
    let late = Publication { starts_on: day("2026-03-01"), ends_on: Some(day("2027-04-01")), ..order };
    let days = ["matching_round.starts_on", "matching_round.starts_on"];
    assert_eq!(codes(ready().publish(&late, &facts(), today)), days);
}

#[test]
fn work_that_came_to_nothing_leaves_what_was_ready_ready() {
    let state = |ready, cancelled| StoppedRound::stop(id(1).into(), ready, cancelled).value().state;
    assert_eq!(state(true, true), RoundState::Ready);
    assert_eq!(state(false, true), RoundState::Cancelled);
    assert_eq!(state(false, false), RoundState::Failed);
}
