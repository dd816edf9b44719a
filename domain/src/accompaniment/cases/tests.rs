//! Tests of the rules of cases.
use super::*;
use crate::region::terms::TermKind;
use chrono::TimeDelta;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
fn opened() -> Open {
    let order: CaseOpening = crate::examples::of();
    Open::begin(uuid::Uuid::nil().into(), &order, &CaseOpeningFacts::default(), day("2024-02-01"))
        .unwrap()
        .into_parts()
        .0
}
fn codes<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<&'static str> {
    it.unwrap_err().reasons().iter().map(|it| it.rule.code).collect()
}

#[test]
fn the_examples_of_the_contract_open_and_close_a_case() {
    let order: CaseClosing = crate::examples::of();
    let (closed, records) =
        opened().close(&order, &CaseClosingFacts::default(), day("2025-02-01")).unwrap().into_parts();
    assert_eq!(records[0].body, serde_json::json!({"reason": "goals_reached", "closed_on": "2025-01-31"}));
    assert_eq!(codes(Case::Closed(closed).open()), ["case.not_open"]);
    assert_eq!(Case::Open(opened()).open().unwrap().opened_on, day("2024-02-01"));
}

#[test]
fn the_opening_and_each_new_legal_basis_tell_a_day_of_a_life() {
    let form: CaseForm = crate::examples::of();
    let opening = CaseOpening { legal_bases: form.legal_bases.clone(), ..crate::examples::of() };
    let days = opening.days();
    let pointers: Vec<&str> = days.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(pointers, ["/opened_on", "/legal_bases/0/drawn_on"]);
    assert!(form.new_days(&form).is_empty(), "one that was there is not asked again");
}

#[test]
fn a_case_does_not_open_tomorrow() {
    let order: CaseOpening = crate::examples::of();
    assert_eq!(
        codes(Open::begin(uuid::Uuid::nil().into(), &order, &CaseOpeningFacts::default(), day("2024-01-31"))),
        ["case.in_future"]
    );
}

#[test]
fn a_case_is_not_closed_under_a_mentorship_that_has_not_ended() {
    let order = CaseClosing {
        closed_on: day("2025-01-31"),
        reason: CaseClosingReason::Other,
        note: None,
        file_id: None,
        end_open: false,
    };
    let facts = CaseClosingFacts { unended_mentorships: 1, ..CaseClosingFacts::default() };
    assert_eq!(
        codes(opened().close(&order, &facts, day("2025-01-30"))),
        ["case.has_active_mentorship", "case.in_future", "field.missing"]
    );
    let refused = opened().close(&order, &facts, day("2025-02-01")).unwrap_err();
    assert_eq!(refused.reasons()[0].rule.rule, Some("002 §1.2, §3.1"));
}

#[test]
fn a_case_lasts_until_the_last_day_of_its_last_mentorship() {
    let order: CaseClosing = crate::examples::of();
    let until = |last| CaseClosingFacts { mentorship_lasted_until: Some(day(last)), ..Default::default() };
    let today = day("2025-02-01");
    assert!(opened().close(&order, &until("2025-01-31"), today).is_ok());
    assert_eq!(codes(opened().close(&order, &until("2025-02-01"), today)), ["case.mentorship_lasted"]);
}

#[test]
fn a_case_is_closed_by_death_only_when_a_death_is_on_record() {
    let order = CaseClosing { reason: CaseClosingReason::Died, ..crate::examples::of() };
    let (today, died) = (day("2025-02-01"), CaseClosingFacts { has_died: true, ..Default::default() });
    assert_eq!(codes(opened().close(&order, &CaseClosingFacts::default(), today)), ["case.nobody_died"]);
    assert!(opened().close(&order, &died, today).is_ok());
}

#[test]
fn what_is_open_refuses_a_closing_unless_the_order_or_the_death_of_all_ends_it() {
    let order: CaseClosing = crate::examples::of();
    let (today, open) = (day("2025-02-01"), vec![CASE_NOT_OPEN.reason()]);
    let facts = CaseClosingFacts { ends_with_case: open.clone(), ..Default::default() };
    assert_eq!(codes(opened().close(&order, &facts, today)), ["case.not_open"]);
    let ending = CaseClosing { end_open: true, ..order.clone() };
    assert!(opened().close(&ending, &facts, today).is_ok());
    let lasting = CaseClosingFacts { outlasts_case: open.clone(), ..Default::default() };
    assert_eq!(codes(opened().close(&ending, &lasting, today)), ["case.not_open"]);
    // One of a family has died.
    let died = CaseClosing { reason: CaseClosingReason::Died, ..order.clone() };
    let one = CaseClosingFacts {
        ends_with_case: open.clone(),
        outlasts_case: open,
        has_died: true,
        ..Default::default()
    };
    for order in [&order, &died] {
        assert_eq!(codes(opened().close(order, &one, today)), ["case.not_open", "case.not_open"]);
    }
    let all = CaseClosingFacts { is_over: true, ..one };
    assert!(opened().close(&died, &all, today).is_ok());
    assert!(opened().close(&order, &all, today).is_err());
}

#[test]
fn a_care_leaver_who_is_accompanied_comes_before_a_primary_consilium() {
    let asked_in = |kind: CaseKind| -> Vec<CaseStage> {
        CaseStage::ALL.iter().copied().filter(|it| kind.asks_primary_consilium(*it, None)).collect()
    };
    let stages = [CaseStage::Accompaniment, CaseStage::Monitoring, CaseStage::HardshipHelp];
    assert_eq!(asked_in(CaseKind::Aftercare), stages);
    assert_eq!(asked_in(CaseKind::Social), Vec::new(), "of others it is voluntary");
    let former = Some(uuid::Uuid::nil().into());
    assert!(!CaseKind::Aftercare.asks_primary_consilium(CaseStage::Accompaniment, former));
    let days = [TermKind::PrimaryConsilium, TermKind::HousingContract].map(TermKind::default_days);
    assert_eq!(days, [Some(30), Some(120)]);
}

#[test]
fn a_specialist_can_be_put_in_charge_and_taken_off() {
    let (case, records) = opened().assign(&CaseAssignment { specialist_user_id: None }).into_parts();
    assert_eq!(case.specialist_user_id, None);
    assert_eq!(records[0].kind, "case.assigned");
}

proptest! {
    #[test]
    fn a_closed_case_always_lasted_from_its_opening_to_a_day_not_in_the_future(end in -50i64..50, now in 0i64..50) {
        let start = day("2024-02-01");
        let (closed_on, today) = (start + TimeDelta::days(end), start + TimeDelta::days(now));
        let order =
            CaseClosing { closed_on, reason: CaseClosingReason::Moved, note: None, file_id: None, end_open: false };
        let closes = opened().close(&order, &CaseClosingFacts::default(), today).is_ok();
        prop_assert_eq!(closes, start <= closed_on && closed_on <= today);
    }
}
