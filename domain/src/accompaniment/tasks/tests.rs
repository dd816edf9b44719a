//! Rules of tasks, one by one and in any order.
use super::*;
use crate::accompaniment::rules::AccompanimentRulesForm;
use crate::base::action::{AvailableAction, Judged, available};
use crate::base::change::{Changed, Subject, SubjectKind};
use crate::base::id::OrganizationId;
use crate::base::refusal::Refused;
use crate::base::word::Word;
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
    let form = TaskForm { assignee: Some(assignee), ..form };
    let parties = Parties { organization_id: None, assignee_person_id: None, first_on: None };
    Open(Open::give(uuid::Uuid::nil().into(), &form, parties, today()).unwrap().into_parts().0.given)
}
fn standing(user: u128, parts: &[Part]) -> Standing {
    Standing { user: Some(account(user)), parts: parts.to_vec(), ..Standing::default() }
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
fn a_task_names_organizations_for_today_and_one_of_old_papers_for_their_first_day() {
    let id = |n: u128| uuid::Uuid::from_u128(n);
    let form = TaskForm {
        assignee: Some(Assignee { kind: AssigneeKind::Organization, id: id(1).into() }),
        co_organization_ids: vec![id(2).into()],
        due_on: Some(day("2017-09-28")),
        ..examples::of()
    };
    let told = form.named(None, today());
    assert_eq!(told.day, today());
    let all = [(id(1), "/assignee/id"), (id(2), "/co_organization_ids/0")];
    let all = all.map(|(id, pointer)| (OrganizationId::from(id), pointer.to_owned()));
    assert_eq!(told.organizations, all);
    assert_eq!(form.named(Some(day("2017-01-01")), today()).day, day("2017-01-01"));
    assert_eq!(form.named(Some(day("2027-01-01")), today()).day, today());
    let to_account = Assignee { kind: AssigneeKind::User, id: id(1).into() };
    let inside = TaskForm { assignee: Some(to_account), co_organization_ids: Vec::new(), ..form };
    assert!(inside.named(None, today()).organizations.is_empty());
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
    let form = TaskForm { due_on: Some(day("2026-03-01")), ..examples::of() };
    let parties = Parties { organization_id: None, assignee_person_id: None, first_on: None };
    let given = Open::give(uuid::Uuid::nil().into(), &form, parties, today());
    assert_eq!(codes(given), ["task.due_past"]);
    let mut open = given_to(1);
    let to = |day: NaiveDate| TaskPostponement { due_on: day, ..examples::of() };
    assert_eq!(
        codes(open.clone().postpone(&to(open.0.due_on.unwrap()), &controller(), &rules(), today())),
        ["task.not_later"]
    );
    assert_eq!(
        codes(open.clone().postpone(&to(day("2026-03-01")), &controller(), &rules(), today())),
        ["task.due_past", "task.not_later"]
    );
    for _ in 0..rules().task_postponements {
        let later = open.0.due_on.unwrap() + TimeDelta::days(7);
        open = Open(moved(open.postpone(&to(later), &controller(), &rules(), today())).0.given);
    }
    let again = to(open.0.due_on.unwrap() + TimeDelta::days(7));
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

/// A task of a year's reports, decided on a day, with more members.
fn yearly(decided_on: &str, change: impl Fn(TaskForm) -> TaskForm) -> Open {
    let form = TaskForm {
        due_on: None,
        report_every: Some(ReportPeriod::Year),
        controller_user_id: account(CONTROLLER),
        ..examples::of()
    };
    let parties = Parties { organization_id: None, assignee_person_id: None, first_on: None };
    let source = Subject::new(SubjectKind::Decision, uuid::Uuid::nil());
    let given = Open::follow(uuid::Uuid::nil().into(), &change(form), parties, source, day(decided_on));
    Open(given.into_parts().0.given)
}

#[test]
fn a_task_without_end_is_open_again_after_each_accepted_report() {
    let open = yearly("2024-09-28", |it| it);
    assert_eq!(open.0.due_on, Some(day("2025-09-28")));
    assert_eq!(days_late(TaskState::Open, open.0.due_on, None, today()), Some(155));
    let (reported, kind) = moved(open.report(&examples::of(), &assignee(), today()));
    assert_eq!((reported.state, kind), (TaskState::Reported, "task.reported"));
    let reported = Reported { given: reported.given, report: reported.report.unwrap() };
    let (again, kind) = moved(reported.accept(&examples::of(), &controller()));
    assert_eq!((again.state, again.report, kind), (TaskState::Open, None, "task.report_accepted"));
    assert_eq!(again.given.due_on, Some(day("2026-09-28")), "the report day keeps its place in the year");
    let alone = yearly("2025-09-28", |it| TaskForm { needs_acceptance: false, ..it });
    let (again, kind) = moved(alone.report(&examples::of(), &assignee(), today()));
    assert_eq!((again.state, kind), (TaskState::Open, "task.report_accepted"));
    assert_eq!(again.given.due_on, Some(day("2027-09-28")), "a report before its day counts for it");
    let twice = Open(again.given).report(&examples::of(), &assignee(), today());
    assert_eq!(
        moved(twice).0.given.due_on,
        Some(day("2027-09-28")),
        "a second report counts for no later year"
    );
}

#[test]
fn a_task_of_old_papers_is_due_no_earlier_than_they_begin_and_reports_of_a_plan_are_counted_from_there() {
    let of = |kind| Some(TaskSource { kind, id: uuid::Uuid::nil().into() });
    let since = |first_on: &str| Parties {
        organization_id: None,
        assignee_person_id: None,
        first_on: Some(day(first_on)),
    };
    let give = |form: &TaskForm, parties| Open::give(uuid::Uuid::nil().into(), form, parties, today());
    let plan = TaskForm { case_id: None, source: of(TaskSourceKind::ActionPlan), ..examples::of() };
    let due = |on: &str| TaskForm { due_on: Some(day(on)), ..plan.clone() };
    assert_eq!(codes(give(&due("2014-12-31"), since("2015-01-01"))), ["task.due_past"]);
    assert!(give(&due("2015-01-01"), since("2015-01-01")).is_ok());
    // Papers that are still to begin are judged by today.
    assert_eq!(codes(give(&due("2026-03-01"), since("2027-01-01"))), ["task.due_past"]);
    let yearly = TaskForm { due_on: None, report_every: Some(ReportPeriod::Year), ..plan.clone() };
    let first = |form: &TaskForm| give(form, since("2025-01-01")).unwrap().into_parts().0.given.due_on;
    assert_eq!(first(&yearly), Some(day("2026-01-01")));
    let project = TaskForm { source: of(TaskSourceKind::Project), ..yearly };
    assert_eq!(first(&project), Some(day("2027-03-02")), "a running project has a new task from today");
}

#[test]
fn a_recommendation_needs_no_day_and_is_never_returned_or_postponed() {
    let form = TaskForm { due_on: None, binding: false, ..examples::of() };
    let parties = Parties { organization_id: None, assignee_person_id: None, first_on: None };
    let give = |form: &TaskForm| Open::give(uuid::Uuid::nil().into(), form, parties, today());
    let open = Open(give(&form).unwrap().into_parts().0.given);
    assert_eq!(days_late(TaskState::Open, open.0.due_on, None, today()), None);
    let control = Standing { user: Some(form.controller_user_id), ..controller() };
    let later = TaskPostponement { due_on: day("2026-04-01"), ..examples::of() };
    assert_eq!(codes(open.clone().postpone(&later, &control, &rules(), today())), ["task.undated"]);
    let (reported, _) = moved(open.report(&examples::of(), &assignee(), today()));
    let reported = Reported { given: reported.given, report: reported.report.unwrap() };
    assert_eq!(codes(reported.clone().send_back(&examples::of(), &control)), ["task.not_binding"]);
    let told = offered(&Task::Reported(reported), &control);
    let back = told.iter().find(|it| it.code == Action::Return).unwrap();
    assert_eq!(back.blocked_by, Some(vec!["task.not_binding"]));
    assert_eq!(codes(give(&TaskForm { binding: true, ..form.clone() })), ["task.due"]);
    let both = TaskForm { due_on: Some(today()), report_every: Some(ReportPeriod::Month), ..form };
    assert_eq!(codes(give(&both)), ["task.due"]);
}

#[test]
fn an_organization_of_the_class_answers_once_and_the_controller_sums_up() {
    use crate::base::text::Oktmo;
    use crate::region::organizations::OrganizationKind;
    let to = Addressee { organization_kinds: vec![OrganizationKind::Business], ..examples::of() };
    let open = yearly("2026-03-01", |it| TaskForm {
        assignee: None,
        addressee: Some(to.clone()),
        report_every: None,
        binding: false,
        ..it
    });
    let of = |kind| Addressed { id: uuid::Uuid::nil().into(), kind, territory: Oktmo::new("25655000") };
    let (enterprise, ngo) = (of(OrganizationKind::Business), of(OrganizationKind::Ngo));
    let head = standing(9, &[Part::Addressee]);
    let answer = |of: &Addressed, is_answered, by: &Standing| {
        codes(open.clone().answer(&examples::of(), of, is_answered, by))
    };
    assert_eq!(answer(&ngo, false, &head), ["task.not_addressed"]);
    assert_eq!(answer(&enterprise, false, &assignee()), ["task.not_addressed"]);
    assert_eq!(answer(&enterprise, true, &head), ["task.answered"]);
    let answered = open.clone().answer(&examples::of(), &enterprise, false, &head).unwrap().into_parts();
    assert_eq!(answered.1[0].kind, "task.answered");
    assert_eq!(actions(&Task::Open(open.clone()), &head), ["answer"]);
    assert_eq!(codes(open.clone().assign(&examples::of(), &controller())), ["task.to_class"]);
    assert_eq!(codes(open.clone().report(&examples::of(), &head, today())), ["access.not_yours"]);
    let (done, kind) = moved(open.report(&examples::of(), &controller(), today()));
    assert_eq!((done.state, kind), (TaskState::Done, "task.completed"));
}

#[test]
fn the_last_day_of_a_month_stays_the_report_day_of_a_task_without_end() {
    let days = ReportDays { every: ReportPeriod::Month, from: day("2026-01-31") };
    assert_eq!(days.first(), day("2026-02-28"));
    assert_eq!(days.next(day("2026-02-28"), day("2026-02-27")), day("2026-03-31"));
    assert_eq!(days.next(day("2026-03-10"), day("2026-03-09")), day("2026-03-31"), "after a postponement");
}

proptest! {
    /// A report day follows the report and the one before, by whole periods.
    #[test]
    fn the_next_report_day_is_the_first_after_the_report(from in -4000i64..0, postponed in 0i64..20, said in -400i64..400, every in 0usize..4) {
        let days = |from| ReportDays { every: ReportPeriod::ALL[every], from };
        let (from, said) = (today() + TimeDelta::days(from), today() + TimeDelta::days(said));
        let last = days(from).first() + TimeDelta::days(postponed);
        let next = days(from).next(last, said);
        prop_assert!(next >= last && next > said);
        prop_assert!(next <= days(said).first().max(days(last).first()) + TimeDelta::days(3));
        prop_assert_eq!(next == last, days(said).first() < last, "a report before its period leaves the day");
        let plain = days(from).next(days(from).first(), said.max(last));
        prop_assert!(next == last || next == plain, "a postponement moves no later day");
    }

    #[test]
    fn a_task_is_late_by_the_days_after_its_last_day_until_the_report(due in -40i64..40, said in -40i64..1) {
        let (due, said) = (today() + TimeDelta::days(due), today() + TimeDelta::days(said));
        let late = |state, said| days_late(state, Some(due), said, today());
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
