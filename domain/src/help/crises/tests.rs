use super::*;
use crate::base::change::Changed;
use crate::base::id::UserId;
use crate::base::moment::Moment;
use crate::base::refusal::{Reason, Refused};
use crate::base::text::Note;
use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;
use validator::Validate;

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
        is_staff: true,
        organization_id: Uuid::from_u128(10).into(),
        organizations: vec![Uuid::from_u128(10).into()],
        concerned: Vec::new(),
        details: Vec::new(),
        has_child: true,
        rules: Default::default(),
        levels: levels(),
        survey_due_on: "2026-03-05".parse().unwrap(),
    }
}
fn span(minutes: i32, called: i32) -> Span {
    Span { from: at(0), minutes, called, is_held: false }
}
fn reported(members: CrisisReport, facts: ReportFacts) -> New {
    Signal::report(Uuid::from_u128(77).into(), &members, facts, at(0)).unwrap().into_parts().0
}
fn told<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<&'static str> {
    it.unwrap_err().reasons().iter().map(|it: &Reason| it.rule.code).collect()
}

#[test]
fn each_level_is_called_after_the_minutes_of_the_one_before_and_an_empty_one_at_once() {
    let whole = Chain::of(span(15, 0), levels());
    assert_eq!(whole.level_at(at(14)), 1);
    assert_eq!(whole.level_at(at(15)), 2);
    assert_eq!(whole.level_at(at(45)), 4);
    assert_eq!(whole.next_after(at(15)), Some(at(30)));
    let [_, _, directors, admins] = levels();
    let skipped = Chain::of(span(15, 0), [vec![], vec![], directors, admins]);
    assert_eq!(skipped.level_at(at(0)), 3);
    assert_eq!(skipped.next_after(at(15)), None);
    assert_eq!(Chain::of(span(15, 0), Levels::default()).level_at(at(1000)), 0);
}

#[test]
fn a_chain_that_counts_anew_calls_at_once_whom_it_called_before_and_then_level_by_level() {
    let chain = Chain::of(span(20, 2), levels());
    assert_eq!(chain.level_at(at(0)), 2);
    assert_eq!((chain.next_after(at(0)), chain.next_after(at(20))), (Some(at(20)), Some(at(40))));
    let [_, _, directors, admins] = levels();
    let left = Chain::of(span(20, 2), [vec![], vec![], directors, admins]);
    assert_eq!(left.level_at(at(0)), 3, "nobody of those before is left");
}

#[test]
fn nothing_done_within_the_minutes_calls_the_next_level_and_the_first_action_calls_nobody() {
    let taken = Acknowledged { signal: reported(crate::examples::of(), facts(user(99))).signal, by: user(1) };
    let signal = taken.signal.counted(at(0), 1);
    let chain = signal.chain(levels(), Some(false));
    let anew = |now| chain.called_anew(now).map(|it| it.level).collect::<Vec<_>>();
    assert_eq!((anew(at(59)), anew(at(60)), anew(at(180))), (vec![], vec![2], vec![2, 3, 4]));
    assert_eq!(signal.act_by(), at(60));
    assert!(chain.call_of(user(1)).is_some(), "the first level may act still");
    let rested = signal.chain(levels(), Some(true));
    assert_eq!((rested.called_anew(at(9000)).count(), rested.next_after(at(0))), (0, None));
    assert!(rested.call_of(user(4)).is_some(), "the others may act still");
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
    let names_self = vec![CONCERNS_REPORTER.reason().at("/concerned_user_id")];
    let silent = CrisisReport { text: None, happened_at: Some(at(16)), ..crate::examples::of() };
    let id = Uuid::from_u128(77).into();
    let own = ReportFacts { details: names_self.clone(), ..facts(user(1)) };
    let refused = told(Signal::report(id, &silent, own, at(0)));
    assert_eq!(refused, ["field.missing", "crisis.in_future", "crisis.concerns_reporter"]);
    let person = ReportFacts { is_own: true, ..facts(user(99)) };
    let person = ReportFacts { is_staff: false, details: names_self, ..person };
    let call = Signal::report(id, &silent, person, at(0)).unwrap().into_parts().0;
    let warned: Vec<_> = call.warnings.iter().map(|it| it.rule.code).collect();
    assert_eq!(warned, ["crisis.in_future", "crisis.concerns_reporter"], "the call stands without them");
    assert_eq!(call.form.happened_at, None);
    let ahead = CrisisReport { happened_at: Some(at(3)), ..crate::examples::of() };
    let call = Signal::report(id, &ahead, facts(user(1)), at(0)).unwrap().into_parts().0;
    assert_eq!((call.signal.happened_at, call.warnings.len()), (Some(at(0)), 1));
}

#[test]
fn a_blank_text_of_a_call_is_none() {
    let mut body = serde_json::to_value(crate::examples::of::<CrisisReport>()).unwrap();
    let mut text_of = |text: &str| {
        body["text"] = text.into();
        serde_json::from_value::<CrisisReport>(body.clone()).unwrap().text
    };
    for blank in ["", " \n", "\u{202e}", "\u{301}"] {
        assert_eq!(text_of(blank), None, "{blank:?}");
    }
    assert_eq!(text_of("Страшно."), Some(Note::new("Страшно.")));
}

fn learned() -> FindingFacts {
    FindingFacts {
        concerned: Vec::new(),
        concerns_responsible: false,
        details: Vec::new(),
        has_child: true,
        notice_due_at: None,
        was_danger: false,
        told: Vec::new(),
        rules: Default::default(),
        survey_due_on: "2026-03-05".parse().unwrap(),
        called: 1,
    }
}
fn found(members: CrisisFinding, facts: FindingFacts) -> Result<(Found, Vec<&'static str>), Refused> {
    let form = CrisisReport { kind: CrisisKind::Other, ..crate::examples::of() };
    let signal = reported(form, self::facts(user(99))).signal;
    let taken = Crisis::Acknowledged(Acknowledged { signal, by: user(1) });
    let head = Standing { user: Some(user(2)), level: Some(2), is_head: true, ..Standing::default() };
    let id = Uuid::from_u128(8).into();
    let (found, records) = taken.find(id, &members, &head, facts, at(50))?.into_parts();
    Ok((found, records.iter().map(|it| it.kind).collect()))
}

#[test]
fn a_finding_adds_takes_the_crisis_from_whom_it_concerns_and_begins_the_notice_of_danger() {
    let nothing = CrisisFinding {
        kind: None,
        danger_to_child: false,
        concerns: None,
        concerned_user_id: None,
        concerned_person_id: None,
    };
    assert!(nothing.validate().is_err(), "it adds something");
    let runaway = CrisisFinding { kind: Some(CrisisKind::Runaway), ..nothing.clone() };
    let (it, told) = found(runaway.clone(), learned()).unwrap();
    assert_eq!(told, ["crisis.found"]);
    assert_eq!(it.signal.kinds, [CrisisKind::Other, CrisisKind::Runaway]);
    assert_eq!(
        (it.state, it.by, it.notice_due_at),
        (CrisisState::Acknowledged, Some(user(1)), Some(at(50 + 24 * 60)))
    );
    assert!(it.survey_due_on.is_some());
    let grown = FindingFacts { has_child: false, ..learned() };
    let (it, _) = found(runaway.clone(), grown).unwrap();
    assert_eq!((it.notice_due_at, it.survey_due_on), (None, None));
    let told = FindingFacts { was_danger: true, told: vec![NoticeAddressee::Guardianship], ..learned() };
    let (it, _) = found(runaway, told).unwrap();
    assert_eq!(
        (it.notice_due_at, it.survey_due_on),
        (Some(at(50 + 24 * 60)), None),
        "the police is not told"
    );
    let of_specialist = CrisisFinding { concerns: Some(CrisisConcern::Specialist), ..nothing };
    let (it, told) =
        found(of_specialist.clone(), FindingFacts { concerns_responsible: true, ..learned() }).unwrap();
    assert_eq!(told, ["crisis.found", "crisis.taken_away"]);
    assert_eq!((it.state, it.by, it.signal.counted_from), (CrisisState::Reported, None, at(50)));
    let own =
        FindingFacts { details: vec![CONCERNS_REPORTER.reason().at("/concerned_user_id")], ..learned() };
    assert_eq!(self::told(found(of_specialist, own)), ["crisis.concerns_reporter"]);
}

#[test]
fn a_follow_up_is_due_after_a_grave_crisis_and_is_seen_to_once_by_whose_it_is() {
    let signal = reported(crate::examples::of(), facts(user(99))).signal;
    let today = "2026-03-02".parse().unwrap();
    let due = FollowUp::after(&signal, user(2), 3, today).unwrap();
    assert_eq!((due.by, due.due_on.to_string().as_str()), (user(2), "2026-03-05"));
    let low = Signal { severity: CrisisSeverity::Moderate, ..signal.clone() };
    assert_eq!(FollowUp::after(&low, user(2), 3, today), None);
    let by = Standing { user: Some(user(2)), follows_up: true, ..Standing::default() };
    let order: CrisisFollowUp = crate::examples::of();
    assert!(signal.follow_up(&order, true, &by).is_ok());
    assert_eq!(told(signal.follow_up(&order, false, &by)), ["crisis.no_follow_up_due"]);
    assert_eq!(told(signal.follow_up(&order, true, &Standing::default())), ["access.not_yours"]);
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
    assert_eq!(taken.clone().take_over(&head, (1, at(9))).unwrap().value().by, Some(user(2)));
    let own = Standing { user: Some(user(1)), is_head: true, is_responsible: true, ..Standing::default() };
    assert_eq!(told(taken.take_over(&own, (1, at(9)))), ["access.not_yours"]);
}

#[test]
fn only_a_head_lowers_the_severity_while_nobody_has_it() {
    let crisis = Crisis::Reported(reported(crate::examples::of(), facts(user(99))).signal);
    let low = CrisisSeverityOrder { severity: CrisisSeverity::Low };
    let specialist = Standing { user: Some(user(1)), level: Some(1), is_called: true, ..Standing::default() };
    let rules = Default::default();
    assert_eq!(told(crisis.clone().grade(&low, &specialist, &rules)), ["crisis.severity_lowered"]);
    let head = Standing { is_head: true, ..specialist.clone() };
    assert!(crisis.clone().grade(&low, &head, &rules).is_ok());
    let signal = reported(crate::examples::of(), facts(user(99))).signal;
    let same = CrisisSeverityOrder { severity: signal.severity };
    let taken = Crisis::Acknowledged(Acknowledged { signal, by: user(1) });
    assert!(taken.clone().grade(&low, &specialist, &rules).unwrap().is_some());
    assert!(taken.clone().grade(&same, &specialist, &rules).unwrap().is_none());
    let minutes = |it: Changed<Moved>| (it.value().signal.ack_minutes, it.value().signal.action_minutes);
    let graded = |by: &Standing| minutes(taken.clone().grade(&low, by, &rules).unwrap().unwrap());
    let own = Standing { is_responsible: true, ..specialist };
    assert_eq!((graded(&own), graded(&Standing { is_head: true, ..own.clone() })), ((15, 60), (15, 60)));
    assert_eq!(graded(&head), (1440, 4320), "a head who has it not lets it wait");
    let order = CrisisAcknowledgement { severity: Some(CrisisSeverity::Low) };
    assert_eq!(minutes(crisis.acknowledge(&order, &head, &rules, (1, at(9))).unwrap()), (15, 60));
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
        let chain = Chain::of(span(minutes, 0), all.clone());
        let held = Chain::of(Span { is_held: true, ..span(minutes, 1) }, all);
        prop_assert!(held.level_at(at(early)) <= held.level_at(at(early + later)));
        prop_assert_eq!(held.called_anew(at(i64::from(minutes) - 1)).count(), 0, "the one who has it has the minutes");
        prop_assert!(chain.level_at(at(early)) <= chain.level_at(at(early + later)));
        prop_assert_eq!(chain.called(at(0)).count(), present.min(1), "the first level that has somebody is called at once");
        prop_assert_eq!(chain.called(at(i64::from(minutes) * 4)).count(), present);
    }
}
