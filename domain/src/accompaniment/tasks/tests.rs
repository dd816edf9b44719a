//! Rules of tasks, one by one and in any order.
use super::*;
use crate::accompaniment::rules::AccompanimentRulesForm;
use crate::base::action::{AvailableAction, Judged, available};
use crate::base::change::Changed;
use crate::base::refusal::Refused;
use crate::examples;
use chrono::TimeDelta;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
fn today() -> NaiveDate {
    day("2026-03-02")
}
fn rules() -> AccompanimentRulesForm {
    AccompanimentRulesForm::default()
}
fn account(n: u128) -> UserId {
    uuid::Uuid::from_u128(n).into()
}
fn codes<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<&'static str> {
    it.unwrap_err().reasons().iter().map(|it| it.rule.code).collect()
}
fn moved(it: Result<Changed<Moved>, Refused>) -> (Moved, &'static str) {
    let (moved, records) = it.unwrap().into_parts();
    (moved, records[0].kind)
}

const ASSIGNEE_USER: u128 = 1;
const CONTROLLER: u128 = 2;
const DIRECTOR: u128 = 3;

fn given_to(user: u128) -> Open {
    let form = TaskForm { controller_user_id: account(CONTROLLER), ..examples::of() };
    let assignee = Assignee { kind: AssigneeKind::User, id: uuid::Uuid::from_u128(user).into() };
    let form = TaskForm { assignee, ..form };
    let parties = Parties { organization_id: None, assignee_person_id: None };
    Open(Open::give(uuid::Uuid::nil().into(), &form, parties, today()).unwrap().into_parts().0.given)
}
fn standing(user: u128, parts: &[Part]) -> Standing {
    Standing { user: Some(account(user)), parts: parts.to_vec(), controller_is_gone: false }
}
fn assignee() -> Standing {
    standing(ASSIGNEE_USER, &[Part::Assignee])
}
fn controller() -> Standing {
    standing(CONTROLLER, &[Part::Controller])
}
fn director() -> Standing {
    standing(DIRECTOR, &[Part::Director])
}
fn reported_by(by: &Standing) -> Reported {
    let (it, _) = moved(given_to(ASSIGNEE_USER).report(&examples::of(), by, today()));
    Reported { given: it.given, report: it.report.unwrap() }
}
fn offered(it: &Task, by: &Standing) -> Vec<AvailableAction> {
    available(
        &TaskOffers { it, by, most_postponements: rules().task_postponements },
        "1",
        Judged::Whole,
        |_| true,
        |_| true,
    )
}
fn actions(it: &Task, by: &Standing) -> Vec<&'static str> {
    offered(it, by).iter().map(|it| it.code.code()).collect()
}

#[test]
fn a_task_is_reported_returned_reported_again_and_accepted() {
    let (first, kind) = moved(given_to(ASSIGNEE_USER).report(&examples::of(), &assignee(), today()));
    assert_eq!((first.state, kind), (TaskState::Reported, "task.reported"));
    let (back, kind) = moved(reported_by(&assignee()).send_back(&examples::of(), &controller()));
    assert_eq!((back.state, back.report, kind), (TaskState::Open, None, "task.returned"));
    let (done, kind) = moved(reported_by(&assignee()).accept(&examples::of(), &controller()));
    assert_eq!((done.state, kind), (TaskState::Done, "task.accepted"));
    assert_eq!(done.report.unwrap().by, account(ASSIGNEE_USER), "who reported stays on record");
}

#[test]
fn a_report_of_the_controller_as_assignee_finishes_the_task() {
    let own = standing(CONTROLLER, &[Part::Assignee, Part::Controller]);
    let (done, kind) = moved(given_to(CONTROLLER).report(&examples::of(), &own, today()));
    assert_eq!((done.state, kind), (TaskState::Done, "task.completed"));
}

#[test]
fn a_step_of_another_participant_is_refused() {
    assert_eq!(codes(given_to(1).report(&examples::of(), &controller(), today())), ["access.not_yours"]);
    for by in [assignee(), director(), standing(9, &[Part::Head])] {
        assert_eq!(codes(reported_by(&assignee()).accept(&examples::of(), &by)), ["access.not_yours"]);
        assert_eq!(
            codes(given_to(1).postpone(&examples::of(), &by, &rules(), today())),
            ["access.not_yours"]
        );
        assert_eq!(codes(Task::Open(given_to(1)).cancel(&examples::of(), &by)), ["access.not_yours"]);
    }
    assert_eq!(codes(given_to(1).assign(&examples::of(), &assignee())), ["access.not_yours"]);
    assert!(given_to(1).assign(&examples::of(), &standing(9, &[Part::Head])).is_ok());
}

#[test]
fn the_director_acts_where_the_controller_is_gone_or_has_reported() {
    let gone = Standing { controller_is_gone: true, ..director() };
    assert!(reported_by(&assignee()).accept(&examples::of(), &gone).is_ok());
    assert!(given_to(1).postpone(&examples::of(), &gone, &rules(), today()).is_ok());
    let own = standing(CONTROLLER, &[Part::Controller, Part::Spokesman]);
    assert_eq!(codes(reported_by(&own).accept(&examples::of(), &own)), ["task.own_acceptance"]);
    assert!(reported_by(&own).accept(&examples::of(), &director()).is_ok());
    let speaks = Standing { parts: vec![Part::Spokesman, Part::Director], ..gone };
    assert_eq!(codes(reported_by(&speaks).accept(&examples::of(), &speaks)), ["task.own_acceptance"]);
}

#[test]
fn a_task_is_not_due_in_the_past_and_is_postponed_to_later_days_three_times() {
    let form = TaskForm { due_on: day("2026-03-01"), ..examples::of() };
    let parties = Parties { organization_id: None, assignee_person_id: None };
    let given = Open::give(uuid::Uuid::nil().into(), &form, parties, today());
    assert_eq!(codes(given), ["task.due_past"]);
    let mut open = given_to(1);
    let to = |day: NaiveDate| TaskPostponement { due_on: day, ..examples::of() };
    assert_eq!(
        codes(open.clone().postpone(&to(open.0.due_on), &controller(), &rules(), today())),
        ["task.not_later"]
    );
    assert_eq!(
        codes(open.clone().postpone(&to(day("2026-03-01")), &controller(), &rules(), today())),
        ["task.due_past", "task.not_later"]
    );
    for _ in 0..rules().task_postponements {
        let later = open.0.due_on + TimeDelta::days(7);
        open = Open(moved(open.postpone(&to(later), &controller(), &rules(), today())).0.given);
    }
    let again = to(open.0.due_on + TimeDelta::days(7));
    assert_eq!(
        codes(open.clone().postpone(&again, &controller(), &rules(), today())),
        ["task.postponed_enough"]
    );
    let told = offered(&Task::Open(open), &controller());
    let postpone = told.iter().find(|it| it.code == Action::Postpone).unwrap();
    assert_eq!(postpone.blocked_by, Some(vec!["task.postponed_enough"]));
}

#[test]
fn a_step_in_the_wrong_state_is_refused() {
    let reported = Task::Reported(reported_by(&assignee()));
    assert_eq!(codes(reported.clone().open()), ["task.not_open"]);
    assert_eq!(codes(Task::Open(given_to(1)).reported()), ["task.not_reported"]);
    let done = Task::Settled(TaskState::Done);
    assert_eq!(codes(done.clone().cancel(&examples::of(), &controller())), ["task.settled"]);
    assert!(done.clone().end_by(TaskCancellationReason::CaseClosed).is_none());
    let ended = reported.end_by(TaskCancellationReason::CaseClosed).unwrap().into_parts().0;
    assert_eq!(ended.cancellation, Some(TaskCancellationReason::CaseClosed));
    let other = TaskCancellation { reason: TaskCancellationReason::Other, note: None };
    assert_eq!(codes(Task::Open(given_to(1)).cancel(&other, &controller())), ["field.missing"]);
}

#[test]
fn a_card_offers_each_step_to_whose_it_is() {
    let (open, reported) = (Task::Open(given_to(1)), Task::Reported(reported_by(&assignee())));
    assert_eq!(actions(&open, &assignee()), ["report"]);
    assert_eq!(actions(&open, &controller()), ["postpone", "assign", "cancel"]);
    assert_eq!(actions(&open, &director()), ["assign"]);
    assert_eq!(actions(&open, &Standing::default()), Vec::<&str>::new());
    assert_eq!(actions(&reported, &controller()), ["accept", "return", "cancel"]);
    assert_eq!(actions(&reported, &assignee()), Vec::<&str>::new());
    assert_eq!(actions(&Task::Settled(TaskState::Done), &controller()), Vec::<&str>::new());
    let told = offered(&open, &controller());
    let cancel = told.iter().find(|it| it.code == Action::Cancel).unwrap();
    assert_eq!(cancel.takes.as_ref().unwrap()[0].words, ["not_needed", "mistake", "other"]);
}

#[test]
fn a_kind_that_the_system_makes_is_in_no_order() {
    let mut form = serde_json::to_value(examples::of::<TaskForm>()).unwrap();
    form["kind"] = "consilium_decision".into();
    assert!(serde_json::from_value::<TaskForm>(form).is_err());
}

proptest! {
    #[test]
    fn a_task_is_late_by_the_days_after_its_last_day_until_the_report(due in -40i64..40, said in -40i64..1) {
        let (due, said) = (today() + TimeDelta::days(due), today() + TimeDelta::days(said));
        let late = |state, said| days_late(state, due, said, today());
        prop_assert_eq!(late(TaskState::Open, None).is_some(), due < today());
        prop_assert_eq!(late(TaskState::Done, Some(said)).is_some(), due < said);
        prop_assert_eq!(late(TaskState::Reported, Some(said)), late(TaskState::Done, Some(said)));
        prop_assert_eq!(late(TaskState::Cancelled, Some(said)), None);
    }

    #[test]
    fn what_a_card_offers_unblocked_is_carried_out_and_nothing_else(parts in 0u8..32, gone in any::<bool>(), own in any::<bool>(), is_reported in any::<bool>()) {
        let all = [Part::Assignee, Part::Spokesman, Part::Controller, Part::Director, Part::Head];
        let parts: Vec<Part> = all.into_iter().enumerate().filter(|(n, _)| parts & (1 << n) != 0).map(|it| it.1).collect();
        let user = if parts.contains(&Part::Controller) { CONTROLLER } else { 7 };
        let by = Standing { controller_is_gone: gone, ..standing(user, &parts) };
        let task = match is_reported {
            true => Task::Reported(reported_by(&standing(if own { user } else { 8 }, &[Part::Spokesman]))),
            false => Task::Open(given_to(1)),
        };
        let told = offered(&task, &by);
        let can = |action| told.iter().any(|it| it.code == action && it.blocked_by == Some(vec![]));
        let it = || task.clone();
        prop_assert_eq!(can(Action::Report), it().open().and_then(|it| it.report(&examples::of(), &by, today())).is_ok());
        prop_assert_eq!(can(Action::Postpone), it().open().and_then(|it| it.postpone(&examples::of(), &by, &rules(), today())).is_ok());
        prop_assert_eq!(can(Action::Assign), it().open().and_then(|it| it.assign(&examples::of(), &by)).is_ok());
        prop_assert_eq!(can(Action::Accept), it().reported().and_then(|it| it.accept(&examples::of(), &by)).is_ok());
        prop_assert_eq!(can(Action::Return), it().reported().and_then(|it| it.send_back(&examples::of(), &by)).is_ok());
        prop_assert_eq!(can(Action::Cancel), it().cancel(&examples::of(), &by).is_ok());
    }
}
