use super::*;
use crate::base::word::Word;
use crate::examples;
use crate::mentorships::tests::{
    active, at, codes, day, id, regulation, running, situation, term, together, value, zone,
};
use crate::mentorships::{CompletionReason, LifePlan, Mentorship};
use validator::Validate;

fn planned(on: &str) -> Planned {
    let form = MeetingForm { planned_at: at(day(on), 14), ..examples::of() };
    value(active(&situation()).plan(id(60), &form, None, &pace(vec![])).unwrap())
}
fn holding(on: &str, hour: i64) -> Holding {
    Holding { began_at: at(day(on), hour), ..examples::of() }
}
fn slot(on: &str, hour: i64) -> Slot {
    Slot { began_at: at(day(on), hour), minutes: 60 }
}
fn pace(held: Vec<Slot>) -> Pace {
    Pace {
        held,
        in_groups: vec![],
        completion: together().completion,
        life_plan: LifePlan::NotRequired,
        zone: zone(),
    }
}
fn hold(order: &Holding, pace: &Pace, now: &str) -> Result<Changed<MeetingOutcome>, Refused> {
    active(&situation()).hold(planned("2026-04-01"), order, pace, at(day(now), 23))
}

#[test]
fn the_examples_of_the_contract_are_valid() {
    assert_eq!(examples::of::<MeetingForm>().validate(), Ok(()));
    assert_eq!(examples::of::<Holding>().validate(), Ok(()));
    assert_eq!(examples::of::<MeetingRecord>().validate(), Ok(()));
    assert_eq!(examples::of::<Missing>().validate(), Ok(()));
    assert_eq!(examples::of::<Cancellation>().validate(), Ok(()));
}

#[test]
fn a_direction_is_named_once_and_a_topic_has_an_author_only_if_there_is_one() {
    let twice = vec![Direction::D01, Direction::D01];
    assert!(Holding { directions: twice.clone(), ..examples::of() }.validate().is_err());
    assert!(Holding { directions: vec![], ..examples::of() }.validate().is_err());
    assert!(MeetingForm { directions: twice, ..examples::of() }.validate().is_err());
    assert!(MeetingForm { topic: None, ..examples::of() }.validate().is_err());
}

#[test]
fn meetings_are_planned_within_the_term_as_the_region_counts_days() {
    let plan = |at| {
        active(&situation()).plan(
            id(60),
            &MeetingForm { planned_at: at, ..examples::of() },
            None,
            &pace(vec![]),
        )
    };
    assert_eq!(codes(plan(at(day("2026-03-09"), 23))), ["meeting.out_of_term"]);
    assert!(plan(at(day("2026-03-10"), 0)).is_ok(), "still the ninth in Greenwich");
    assert!(plan(at(day("2026-12-31"), 23)).is_ok());
    assert_eq!(codes(plan(at(day("2027-01-01"), 0))), ["meeting.out_of_term"]);
    let moved = MeetingForm { planned_at: at(day("2026-04-02"), 14), ..planned("2026-04-01").form };
    let (_, records) =
        active(&situation()).replan(planned("2026-04-01"), &moved, None, zone()).unwrap().into_parts();
    assert_eq!(records[0].body["fields"], serde_json::json!(["planned_at"]));
}

#[test]
fn a_meeting_is_not_held_in_the_future_nor_outside_the_term_nor_over_another() {
    let now = "2026-04-05";
    assert_eq!(codes(hold(&holding("2026-04-06", 14), &pace(vec![]), now)), ["meeting.in_future"]);
    assert_eq!(codes(hold(&holding("2026-03-09", 14), &pace(vec![]), now)), ["meeting.out_of_term"]);
    let before = pace(vec![slot("2026-04-01", 13)]);
    assert!(hold(&holding("2026-04-01", 14), &before, now).is_ok(), "one right after the other");
    let over = pace(vec![slot("2026-04-01", 14)]);
    assert_eq!(codes(hold(&holding("2026-04-01", 14), &over, now)), ["meeting.overlaps"]);
    let in_groups = Pace { in_groups: over.held, ..pace(vec![]) };
    assert_eq!(codes(hold(&holding("2026-04-01", 14), &in_groups, now)), ["meeting.overlaps"]);
}

#[test]
fn the_sixth_held_meeting_completes_the_mentorship_and_there_is_no_seventh() {
    let mut held: Vec<Slot> = (1..=4).map(|it| slot(&format!("2026-04-0{it}"), 10)).collect();
    let five = hold(&holding("2026-04-05", 10), &pace(held.clone()), "2026-05-01").unwrap();
    assert_eq!(five.value().completed, None);
    held.push(slot("2026-04-07", 10));
    let (outcome, records) =
        hold(&holding("2026-04-05", 10), &pace(held.clone()), "2026-05-01").unwrap().into_parts();
    let completed = outcome.completed.unwrap();
    assert_eq!((completed.reason, completed.ended_on), (CompletionReason::MeetingsHeld, day("2026-04-07")));
    let kinds: Vec<_> = records.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, ["meeting.held", "mentorship.completed"]);
    assert_eq!(records[0].body["number"], 5, "recorded late, it takes its place in time");
    held.push(slot("2026-04-05", 10));
    assert_eq!(codes(Mentorship::from(completed).for_meetings()), ["mentorship.meetings_done"]);
    assert_eq!(
        codes(hold(&holding("2026-04-08", 10), &pace(held), "2026-05-01")),
        ["mentorship.meetings_done"]
    );
}

#[test]
fn a_program_by_date_counts_no_meetings() {
    let held = (1..=9).map(|it| slot(&format!("2026-04-0{it}"), 10)).collect();
    let pace = Pace { completion: regulation().completion, ..pace(held) };
    assert_eq!(hold(&holding("2026-04-10", 10), &pace, "2026-05-01").unwrap().value().completed, None);
    let ended = value(running(&situation()).end_by_date(&term(), None, day("2027-01-01")).unwrap());
    assert_eq!(codes(ended.for_meetings()), ["mentorship.not_active"]);
}

#[test]
fn nobody_has_missed_what_is_still_to_come() {
    let order: Missing = examples::of();
    assert_eq!(codes(planned("2026-04-01").miss(&order, at(day("2026-04-01"), 13))), ["meeting.in_future"]);
    let missed = value(planned("2026-04-01").miss(&order, at(day("2026-04-01"), 14)).unwrap());
    assert_eq!(codes(Meeting::Missed(missed).planned()), ["meeting.not_planned"]);
}

#[test]
fn a_cancellation_for_another_reason_tells_it_and_the_end_of_a_mentorship_is_not_for_people_to_say() {
    let order = |reason| Cancellation { reason, note: None };
    assert_eq!(codes(planned("2026-04-01").cancel(&order(CancellationReason::Other))), ["field.missing"]);
    assert!(planned("2026-04-01").cancel(&order(CancellationReason::Illness)).is_ok());
    let by_system = serde_json::json!({"reason": "mentorship_ended"});
    assert!(serde_json::from_value::<Cancellation>(by_system).is_err());
    let (left, records) = planned("2026-04-01").end_with_mentorship().into_parts();
    assert_eq!(left.cancellation.reason, CancellationReason::MentorshipEnded);
    assert_eq!(records[0].kind, "meeting.cancelled");
}

#[test]
fn what_can_be_done_depends_on_where_the_meeting_stands() {
    use crate::base::action::{Action, Judged, available};
    let can = |it: &Meeting, rated: &[Party], may: bool| {
        let now = at(day("2026-04-02"), 9);
        let today = day("2026-04-02");
        let offers = MeetingOffers { it, by: None, rated, reported: 0, facts: None, now, today };
        let all = available(&offers, 1, Judged::State, |_| may, |_| true);
        all.into_iter().map(|it| it.code).collect::<Vec<_>>()
    };
    let plan = Meeting::Planned(planned("2026-04-01"));
    assert_eq!(can(&plan, &[], true), [Action::Edit, Action::Hold, Action::Miss, Action::Cancel]);
    assert_eq!(can(&plan, &[], false), []);
    let held = |homework: Option<&str>, homework_done| {
        let homework = homework.map(|it| serde_json::from_value(it.into()).unwrap());
        let holding = Holding { homework, ..holding("2026-04-01", 10) };
        Meeting::Held(HeldMeeting { was: planned("2026-04-01"), holding, homework_done })
    };
    let open = held(Some("Прочитать."), false);
    assert_eq!(can(&open, &[Party::Mentor], true), [Action::ReportHomework, Action::Rate, Action::Annul]);
    assert_eq!(can(&held(Some("Прочитать."), true), &[], true), [Action::Rate, Action::Annul]);
    assert_eq!(can(&held(None, false), Party::ALL, true), [Action::Annul]);
    let missed = planned("2026-04-01").miss(&examples::of(), at(day("2026-04-02"), 9)).unwrap();
    assert_eq!(can(&Meeting::Missed(value(missed)), &[], true), []);
}

#[test]
fn homework_is_told_of_until_it_is_done() {
    let told = |done| HomeworkResult { done, result: None };
    let held = |homework: Option<&str>| {
        let order =
            Holding { homework: homework.map(crate::base::text::Note::new), ..holding("2026-04-01", 14) };
        value(hold(&order, &pace(vec![]), "2026-04-05").unwrap()).meeting
    };
    let today = day("2026-04-06");
    assert_eq!(codes(held(None).report_homework(&told(true), None, 0, today)), ["meeting.no_homework"]);
    let it = held(Some("Прочесть."));
    assert!(it.report_homework(&told(false), None, 0, today).is_ok());
    let done = HeldMeeting { homework_done: true, ..it };
    assert_eq!(codes(done.report_homework(&told(false), None, 0, today)), ["meeting.homework_done"]);
    assert_eq!(codes(Meeting::Planned(planned("2026-04-01")).held()), ["meeting.not_held"]);
    assert_eq!(HomeworkState::on(today, Some(today), false), HomeworkState::Open);
    assert_eq!(HomeworkState::on(today, Some(day("2026-04-05")), false), HomeworkState::Overdue);
    assert_eq!(HomeworkState::on(today, Some(day("2026-04-05")), true), HomeworkState::Done);
}

#[test]
fn a_side_rates_a_meeting_once_and_for_itself() {
    use crate::mentorships::Party;
    let held = value(hold(&holding("2026-04-01", 14), &pace(vec![]), "2026-04-05").unwrap()).meeting;
    let rate = |by, rated: &[Party]| held.rate(&examples::of(), by, rated, day("2026-04-06"));
    assert!(rate(Some(Party::Recipient), &[Party::Mentor]).is_ok());
    assert_eq!(codes(rate(Some(Party::Mentor), &[])), ["access.not_yours"]);
    assert_eq!(codes(rate(None, &[Party::Recipient])), ["meeting.already_rated"]);
    assert!(MeetingRating { score: 6, ..examples::of() }.validate().is_err());
    assert_eq!(examples::of::<HomeworkResult>().validate(), Ok(()));
}

#[test]
fn every_label_fits_the_catalogue() {
    let longest = Direction::ALL.iter().map(|it| it.ru().chars().count()).max();
    assert!(longest <= Some(300), "{longest:?}");
    assert_eq!(Direction::ALL.len(), 11);
}

#[test]
fn the_methods_that_suit_each_form_of_work_are_those_of_the_regulation() {
    use MeetingMethod as Method;
    for method in Method::ALL.iter().copied() {
        let only_group = matches!(method, Method::Discussion | Method::Game);
        let only_individual = matches!(method, Method::Talk | Method::Aid);
        assert_eq!(WorkForm::Individual.suits(method), !only_group, "{method}");
        assert_eq!(WorkForm::Group.suits(method), !only_individual, "{method}");
        let form = MeetingForm { planned_at: at(day("2026-04-01"), 14), method, ..examples::of() };
        let planned = active(&situation()).plan(id(60), &form, None, &pace(vec![]));
        if only_group {
            assert_eq!(codes(planned), ["meeting.method_unsuited"]);
        } else {
            assert!(planned.is_ok(), "{method}");
        }
    }
}

#[test]
fn a_meeting_recorded_at_once_is_the_one_planned_and_held() {
    let order = MeetingRecord { began_at: at(day("2026-04-01"), 14), ..examples::of() };
    let now = at(day("2026-04-02"), 10);
    let at_once = value(active(&situation()).record(id(60), &order, None, &pace(vec![]), now).unwrap());
    let planned = value(active(&situation()).plan(id(60), &order.plan(), None, &pace(vec![])).unwrap());
    let held = value(active(&situation()).hold(planned, &order.holding(), &pace(vec![]), now).unwrap());
    assert_eq!(at_once, held);
}

#[test]
fn everything_against_a_meeting_recorded_at_once_is_told() {
    let order = MeetingRecord {
        began_at: at(day("2026-03-09"), 14),
        method: MeetingMethod::Game,
        homework: Some(crate::base::text::Note::new("Прочесть.")),
        homework_due_on: Some(day("2026-03-08")),
        ..examples::of()
    };
    let told = active(&situation()).record(id(60), &order, None, &pace(vec![]), at(day("2026-03-08"), 10));
    let all =
        ["meeting.in_future", "meeting.out_of_term", "meeting.homework_due_early", "meeting.method_unsuited"];
    assert_eq!(codes(told), all);
}

#[test]
fn a_meeting_answers_an_open_request_for_what_it_gives() {
    use crate::mentorships::requests::{Request, RequestKind};
    let plan = |method, kind| {
        let planned_at = at(day("2026-04-01"), 14);
        let form = MeetingForm { planned_at, method, request_id: Some(id(80)), ..examples::of() };
        active(&situation()).plan(id(60), &form, Some(&Request::Settled(kind)), &pace(vec![]))
    };
    let settled = "mentorship_request.not_open";
    assert_eq!(codes(plan(MeetingMethod::Consultation, RequestKind::Aid)), [settled]);
    assert_eq!(codes(plan(MeetingMethod::Talk, RequestKind::Aid)), ["meeting.wrong_request", settled]);
    assert_eq!(codes(plan(MeetingMethod::Aid, RequestKind::Replacement)), ["meeting.wrong_request", settled]);
    let method = MeetingMethod::Consultation;
    let before = MeetingForm { request_id: Some(id(80)), method, ..planned("2026-04-01").form };
    let meeting = Planned { form: before.clone(), ..planned("2026-04-01") };
    let moved = MeetingForm { online: true, ..before };
    let asked = Request::Settled(RequestKind::Aid);
    assert!(active(&situation()).replan(meeting, &moved, Some(&asked), zone()).is_ok(), "settled since");
}
