use super::*;
use crate::base::id::UserId;
use crate::base::moment::Moment;
use crate::base::refusal::{Reason, Refused};
use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

fn user(n: u128) -> UserId {
    Uuid::from_u128(n).into()
}
fn at(minutes: i64) -> Moment {
    Moment::from_micros(1_772_484_000_000_000).unwrap().plus(TimeDelta::minutes(minutes))
}
fn levels() -> Levels {
    [vec![user(1)], vec![user(2), user(3)], vec![user(4)], vec![user(5)]]
}
fn facts(by: UserId) -> ReportFacts {
    ReportFacts {
        by,
        is_own: false,
        organization_id: Uuid::from_u128(10).into(),
        organizations: vec![Uuid::from_u128(10).into()],
        concerned: Vec::new(),
        own_pointer: None,
        has_child: true,
        rules: Default::default(),
        levels: levels(),
        survey_due_on: "2026-03-05".parse().unwrap(),
    }
}
fn reported(members: CrisisReport, facts: ReportFacts) -> New {
    Signal::report(Uuid::from_u128(77).into(), &members, facts, at(0)).unwrap().into_parts().0
}
fn told<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<&'static str> {
    it.unwrap_err().reasons().iter().map(|it: &Reason| it.rule.code).collect()
}

#[test]
fn each_level_is_called_after_the_minutes_of_the_one_before_and_an_empty_one_at_once() {
    let whole = Chain::of(at(0), 15, 0, levels());
    assert_eq!(whole.level_at(at(14)), 1);
    assert_eq!(whole.level_at(at(15)), 2);
    assert_eq!(whole.level_at(at(45)), 4);
    assert_eq!(whole.next_after(at(15)), Some(at(30)));
    let [_, _, directors, admins] = levels();
    let skipped = Chain::of(at(0), 15, 0, [vec![], vec![], directors, admins]);
    assert_eq!(skipped.level_at(at(0)), 3);
    assert_eq!(skipped.next_after(at(15)), None);
    assert_eq!(Chain::of(at(0), 15, 0, Levels::default()).level_at(at(1000)), 0);
}

#[test]
fn a_lower_severity_takes_a_crisis_from_nobody_to_whom_it_has_come() {
    let chain = Chain::of(at(0), 1440, 2, levels());
    assert_eq!(chain.level_at(at(20)), 2);
    assert_eq!(chain.next_after(at(20)), Some(at(2 * 1440)));
}

#[test]
fn the_own_report_of_a_specialist_in_charge_is_taken_up_by_itself_and_that_of_a_head_is_not() {
    let form: CrisisReport = crate::examples::of();
    assert!(reported(form.clone(), facts(user(1))).is_taken_up);
    assert!(!reported(form.clone(), facts(user(2))).is_taken_up);
    assert!(!reported(form, facts(user(99))).is_taken_up);
}

#[test]
fn a_report_tells_all_that_is_wrong_and_a_person_may_send_no_word() {
    let silent = CrisisReport { text: None, happened_at: Some(at(16)), ..crate::examples::of() };
    let id = Uuid::from_u128(77).into();
    let own = ReportFacts { own_pointer: Some("/concerned_user_id"), ..facts(user(1)) };
    let refused = told(Signal::report(id, &silent, own, at(0)));
    assert_eq!(refused, ["field.missing", "crisis.in_future", "crisis.concerns_reporter"]);
    let person = ReportFacts { is_own: true, ..facts(user(99)) };
    let word_less = CrisisReport { happened_at: None, ..silent };
    assert!(Signal::report(id, &word_less, person, at(0)).is_ok());
}

#[test]
fn danger_to_a_child_is_told_to_guardianship_and_a_runaway_to_the_police_too() {
    let of = |kind, danger_to_child| CrisisReport { kind, danger_to_child, ..crate::examples::of() };
    let signal = |form| reported(form, facts(user(99))).signal;
    use NoticeAddressee::{Guardianship, Police};
    assert_eq!(signal(of(CrisisKind::Runaway, false)).must_tell(true), [Guardianship, Police]);
    assert_eq!(signal(of(CrisisKind::Money, true)).must_tell(true), [Guardianship]);
    assert_eq!(signal(of(CrisisKind::Money, false)).must_tell(true), []);
    assert_eq!(signal(of(CrisisKind::Violence, true)).must_tell(false), [], "nobody asks it of an adult");
}

#[test]
fn nothing_is_resolved_before_somebody_has_talked_and_a_child_s_danger_was_told() {
    let signal = reported(crate::examples::of(), facts(user(99))).signal;
    let taken = Acknowledged { signal, by: user(1) };
    let by = Standing { user: Some(user(1)), is_responsible: true, ..Standing::default() };
    let order = |outcome| CrisisResolution { outcome, ..crate::examples::of() };
    let must_be_told = vec![NoticeAddressee::Guardianship];
    let none = Handled { must_be_told: must_be_told.clone(), ..Handled::default() };
    let refused = told(taken.clone().resolve(&order(CrisisOutcome::Safe), &by, &none));
    assert_eq!(refused, ["crisis.no_talk", "crisis.notice_missing"]);
    let written = Handled { told: must_be_told.clone(), must_be_told, ..Handled::default() };
    for outcome in [CrisisOutcome::Died, CrisisOutcome::HandedOver, CrisisOutcome::NotFound] {
        assert!(taken.clone().resolve(&order(outcome), &by, &written).is_ok());
    }
    let talked = Handled { has_talked: true, ..written };
    assert!(taken.clone().resolve(&order(CrisisOutcome::Safe), &by, &talked).is_ok());
    let stranger = Standing { user: Some(user(2)), level: Some(2), is_head: true, ..Standing::default() };
    assert_eq!(
        told(taken.clone().resolve(&order(CrisisOutcome::Safe), &stranger, &talked)),
        ["access.not_yours"]
    );
    let alarm: CrisisFalseAlarm = crate::examples::of();
    assert_eq!(told(taken.clone().call_false_alarm(&alarm, &by, &talked)), ["crisis.false_alarm_alone"]);
    assert!(taken.call_false_alarm(&alarm, &stranger, &talked).is_ok());
}

#[test]
fn a_head_takes_over_and_a_false_alarm_needs_a_talk_and_a_notice_too() {
    let signal = reported(crate::examples::of(), facts(user(99))).signal;
    let taken = Acknowledged { signal, by: user(1) };
    let head = Standing { user: Some(user(2)), level: Some(2), is_head: true, ..Standing::default() };
    let must_be_told = vec![NoticeAddressee::Guardianship];
    let none = Handled { must_be_told, ..Handled::default() };
    let refused = told(taken.clone().call_false_alarm(&crate::examples::of(), &head, &none));
    assert_eq!(refused, ["crisis.no_talk", "crisis.notice_missing"]);
    assert_eq!(taken.clone().take_over(&head).unwrap().value().by, Some(user(2)));
    let own = Standing { user: Some(user(1)), is_head: true, is_responsible: true, ..Standing::default() };
    assert_eq!(told(taken.take_over(&own)), ["access.not_yours"]);
}

#[test]
fn only_a_head_lowers_the_severity_while_nobody_has_it() {
    let crisis = Crisis::Reported(reported(crate::examples::of(), facts(user(99))).signal);
    let low = CrisisSeverityOrder { severity: CrisisSeverity::Low };
    let specialist = Standing { user: Some(user(1)), level: Some(1), is_called: true, ..Standing::default() };
    let rules = Default::default();
    assert_eq!(told(crisis.clone().grade(&low, &specialist, &rules, 1)), ["crisis.severity_lowered"]);
    let head = Standing { is_head: true, ..specialist.clone() };
    assert!(crisis.clone().grade(&low, &head, &rules, 1).is_ok());
    let signal = reported(crate::examples::of(), facts(user(99))).signal;
    let taken = Crisis::Acknowledged(Acknowledged { signal, by: user(1) });
    assert!(taken.grade(&low, &specialist, &rules, 1).is_ok());
}

proptest! {
    #[test]
    fn who_may_act_grows_with_time_and_follows_from_moments_alone(
        minutes in 1_i32..2000,
        gone in prop::collection::vec(any::<bool>(), 4),
        early in 0_i64..10_000,
        later in 0_i64..10_000,
    ) {
        let mut all = levels();
        for (level, is_gone) in all.iter_mut().zip(gone) {
            if is_gone {
                level.clear();
            }
        }
        let present = all.iter().filter(|it| !it.is_empty()).count();
        let chain = Chain::of(at(0), minutes, 0, all);
        prop_assert!(chain.level_at(at(early)) <= chain.level_at(at(early + later)));
        prop_assert_eq!(chain.called(at(0)).count(), present.min(1), "the first level that has somebody is called at once");
        prop_assert_eq!(chain.called(at(i64::from(minutes) * 4)).count(), present);
    }
}
