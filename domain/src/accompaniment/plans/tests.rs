//! The engine of plans, beside what it decides.
use super::*;
use crate::accompaniment::plan_forms::{PlanForm, PlanKind, shipped};
use crate::accompaniment::tasks::AssigneeKind;
use crate::base::refusal::{Reason, Refused};
use crate::base::text::Note;
use crate::people::{Life, Lives};
use chrono::NaiveDate;
use proptest::prelude::*;
use uuid::Uuid;

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}
pub(super) fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}
pub(super) fn form(kind: PlanKind) -> PlanForm {
    let layout = shipped().into_iter().find(|it| it.kind == kind).unwrap();
    PlanForm { id: id(1), number: 1, layout }
}
fn plan(kind: PlanKind) -> OpenPlan {
    OpenPlan {
        id: id(2),
        kind,
        beneficiary_id: id(3),
        case_id: Some(id(4)),
        organization_id: id(5),
        opened_on: day("2026-02-01"),
    }
}
fn staff(user: u128, parts: &[PlanApprover]) -> PlanStanding {
    PlanStanding { eyes: PlanEyes::Staff, user: Some(id(user)), is_staff: true, parts: parts.to_vec() }
}
pub(super) fn specialist() -> PlanStanding {
    staff(11, &[PlanApprover::Specialist])
}
pub(super) fn director() -> PlanStanding {
    staff(12, &[PlanApprover::Specialist, PlanApprover::UnitHead, PlanApprover::Director])
}
pub(super) fn side(eyes: PlanEyes, part: Option<PlanApprover>) -> PlanStanding {
    PlanStanding { eyes, user: Some(id(20)), is_staff: false, parts: part.into_iter().collect() }
}
pub(super) fn officer() -> PlanStanding {
    side(PlanEyes::Staff, Some(PlanApprover::Guardianship))
}
fn answer(section: &str, value: &str) -> PlanAnswer {
    PlanAnswer { section: Code::new(section), field: Code::new("notes"), value: Note::new(value) }
}
fn goal(key: &str, section: &str, step: Option<AssigneeKind>) -> PlanGoal {
    let step = PlanStep {
        key: Code::new(&format!("{key}-step")),
        text: Note::new("Шаг"),
        responsible: step,
        responsible_text: None,
        due_on: Some(day("2026-04-01")),
        every_days: None,
    };
    PlanGoal {
        key: Code::new(key),
        section: Code::new(section),
        text: Note::new("Цель"),
        criteria: Note::new("Достигнута"),
        due_on: day("2026-06-01"),
        steps: vec![step],
    }
}
/// A text that has all that the form requires.
pub(super) fn whole(kind: PlanKind) -> PlanText {
    let layout = form(kind).layout;
    let required = layout.sections.iter().filter(|it| it.required);
    let goals = layout.sections.iter().filter(|it| it.goals_required);
    PlanText {
        answers: required.map(|it| answer(it.code.as_str(), "Написано.")).collect(),
        goals: goals.map(|it| goal(it.code.as_str(), it.code.as_str(), None)).collect(),
        opinion: Some(Note::new("Согласен.")),
    }
}
fn facts(age: i32) -> VersionFacts {
    VersionFacts { age_years: Some(age), in_force: None }
}
fn draft(kind: PlanKind, text: PlanText) -> Draft {
    let drafted = plan(kind).draft(id(6), None, &form(kind), &specialist()).unwrap().into_parts().0;
    Draft(VersionBody { text, ..drafted.0 })
}
pub(crate) fn submitted(kind: PlanKind, age: i32) -> Submitted {
    draft(kind, whole(kind)).submit(&specialist(), &facts(age)).unwrap().into_parts().0
}
fn codes<T: std::fmt::Debug>(it: Result<T, Refused>) -> Vec<(&'static str, String)> {
    let told = |it: &Reason| (it.rule.code, it.pointer.clone().unwrap_or_default());
    it.unwrap_err().reasons().iter().map(told).collect()
}
fn approving(approver: PlanApprover) -> PlanApproving {
    PlanApproving { approver, on_paper_file_id: None }
}
fn on_paper(approver: PlanApprover) -> PlanApproving {
    PlanApproving { approver, on_paper_file_id: Some(id(9)) }
}
const TODAY: &str = "2026-03-02";

#[test]
fn the_examples_of_the_contract_are_read() {
    let _: (PlanOpening, PlanEnding, PlanDrafting) =
        (crate::examples::of(), crate::examples::of(), crate::examples::of());
    let text: PlanText = crate::examples::of();
    assert_eq!(text.judge(&form(PlanKind::LifePlan).layout, PlanEyes::Person, &PlanText::default()), []);
}

#[test]
fn a_plan_of_a_case_needs_its_case_and_stands_alone() {
    let order = PlanOpening { kind: PlanKind::Route, case_id: None };
    let facts = PlanOpeningFacts {
        beneficiary_id: id(3),
        organization_id: id(5),
        has_form: false,
        is_open_already: true,
        is_removed: true,
        lives: Lives(vec![Life { born_on: day("2005-05-05"), died_on: Some(day("2026-03-01")) }]),
        by: specialist(),
    };
    let told = codes(OpenPlan::begin(id(2), &order, &facts, day(TODAY)));
    let all = [
        "person.dead",
        "register.not_active",
        "plan.case_needed",
        "plan_form.not_in_force",
        "plan.already_open",
    ];
    assert_eq!(told.iter().map(|it| it.0).collect::<Vec<_>>(), all);
    let by = side(PlanEyes::Mentor, None);
    let facts = PlanOpeningFacts {
        has_form: true,
        is_open_already: false,
        is_removed: false,
        lives: Lives::default(),
        by,
        ..facts
    };
    assert_eq!(codes(OpenPlan::begin(id(2), &order, &facts, day(TODAY)))[0].0, "access.not_yours");
    let order = PlanOpening { kind: PlanKind::EducationRoute, case_id: None };
    let opened = OpenPlan::begin(id(2), &order, &facts, day(TODAY)).unwrap().into_parts().0;
    for (died_on, last) in [("2026-03-05", "2026-03-05"), ("2026-02-20", TODAY)] {
        let ended = opened.clone().end_by_death(day(died_on)).into_parts().0;
        assert_eq!((ended.reason, ended.ended_on), (PlanEndReason::Died, day(last)));
    }
}

#[test]
fn the_next_version_takes_the_last_text_with_its_keys_but_not_the_opinion() {
    let text = whole(PlanKind::LifePlan);
    let last = (1, PlanVersionState::Returned, text.clone());
    let next = plan(PlanKind::LifePlan).draft(id(7), Some(&last), &form(PlanKind::LifePlan), &specialist());
    let next = next.unwrap().into_parts().0.0;
    assert_eq!((next.number, next.text), (2, PlanText { opinion: None, ..text.clone() }));
    let fewer = plan(PlanKind::LifePlan).draft(id(7), Some(&last), &form(PlanKind::Route), &specialist());
    assert!(fewer.unwrap().into_parts().0.0.text.answers.is_empty());
    for state in [PlanVersionState::Draft, PlanVersionState::Submitted] {
        let last = (1, state, text.clone());
        let next =
            plan(PlanKind::LifePlan).draft(id(7), Some(&last), &form(PlanKind::LifePlan), &specialist());
        assert_eq!(codes(next)[0].0, "plan.draft_open");
    }
}

#[test]
fn everything_wrong_with_a_text_is_told_at_once() {
    let mut twice = answer("wishes", "Ещё раз.");
    twice.section = Code::new("wishes");
    let text = PlanText {
        answers: vec![
            answer("nowhere", "…"),
            answer("wishes", "Хочу."),
            twice,
            PlanAnswer { field: Code::new("shoes"), ..answer("health", "44") },
        ],
        goals: vec![
            goal("study", "study_work", Some(AssigneeKind::Mentor)),
            goal("study", "health", Some(AssigneeKind::Mentor)),
            goal("other", "nowhere", None),
        ],
        opinion: None,
    };
    let told = codes(draft(PlanKind::Route, PlanText::default()).edit(&text, &specialist()));
    let all = [
        ("plan_version.unknown_section", "/answers/0/section"),
        ("plan_version.answered_twice", "/answers/2/field"),
        ("plan_version.unknown_field", "/answers/3/field"),
        ("plan_version.repeated_key", "/goals/1/key"),
        ("plan_version.repeated_key", "/goals/1/steps/0/key"),
        ("plan_version.step_unseen", "/goals/1/steps/0/responsible"),
        ("plan_version.unknown_section", "/goals/2/section"),
    ];
    assert_eq!(told, all.map(|(code, at)| (code, at.to_owned())));
}

#[test]
fn what_the_form_requires_is_there_when_it_is_submitted() {
    let told = codes(draft(PlanKind::Route, PlanText::default()).submit(&specialist(), &facts(10)));
    let missing = |at: &str| ("plan_version.incomplete", at.to_owned());
    let unheard = ("plan_version.not_heard", String::new());
    assert_eq!(told, [missing("/answers"), missing("/answers"), missing("/goals"), unheard]);
    let unheard = PlanText { opinion: None, ..whole(PlanKind::Route) };
    assert!(draft(PlanKind::Route, unheard).submit(&specialist(), &facts(9)).is_ok());
    let in_force = Some((id(5), PlanText { opinion: None, ..whole(PlanKind::Route) }));
    let same = draft(PlanKind::Route, whole(PlanKind::Route));
    let told = codes(same.submit(&specialist(), &VersionFacts { in_force, ..facts(17) }));
    assert_eq!(told[0].0, "plan_version.unchanged");
}

#[test]
fn approvals_come_in_the_order_of_the_form_and_the_last_one_adopts() {
    let it = submitted(PlanKind::DevelopmentPlacement, 12);
    let told =
        codes(it.clone().approve(&approving(PlanApprover::Guardianship), &officer(), &facts(12), day(TODAY)));
    assert_eq!(told, [("plan_version.out_of_turn", "/approver".to_owned())]);
    let first = it.approve(&approving(PlanApprover::Director), &director(), &facts(12), day(TODAY));
    let first = first.unwrap().into_parts().0;
    assert_eq!(first.adoption, None);
    let next = Submitted { body: first.body, submitted_by: None, approvals: first.approvals };
    let before = Some((id(8), PlanText::default()));
    let known = VersionFacts { in_force: before, ..facts(12) };
    let last = next.approve(&approving(PlanApprover::Guardianship), &officer(), &known, day(TODAY)).unwrap();
    let (last, told) = last.into_parts();
    let adoption = last.adoption.unwrap();
    assert_eq!((adoption.review_on, adoption.supersedes), (day("2026-09-02"), Some(id(8))));
    let kinds: Vec<&str> = told.iter().map(|it| it.kind).collect();
    let all = ["plan_version.approved", "plan_version.adopted", "plan.renewed", "plan_version.superseded"];
    assert_eq!(kinds, all);
}

#[test]
fn a_head_does_not_approve_what_they_wrote_and_staff_records_papers() {
    let mut it = submitted(PlanKind::Trajectory, 12);
    let waits = |it: &Submitted, by: &PlanStanding| it.waits_for(by, &facts(12));
    assert!(waits(&it, &director()) && !waits(&it, &specialist()) && !waits(&it, &officer()));
    assert!(!submitted(PlanKind::Route, 16).waits_for(&director(), &facts(16)), "a consilium decides it");
    it.submitted_by = director().user;
    assert!(!waits(&it, &director()), "it is their own");
    let own = it.clone().approve(&approving(PlanApprover::UnitHead), &director(), &facts(12), day(TODAY));
    assert_eq!(codes(own)[0].0, "plan_version.own_approval");
    let bare = it.clone().approve(&approving(PlanApprover::UnitHead), &specialist(), &facts(12), day(TODAY));
    assert_eq!(codes(bare), [("field.missing", "/on_paper_file_id".to_owned())]);
    let foreign = it.clone().approve(&on_paper(PlanApprover::UnitHead), &officer(), &facts(12), day(TODAY));
    assert_eq!(codes(foreign)[0].0, "access.not_yours");
    assert!(
        it.clone().approve(&on_paper(PlanApprover::UnitHead), &specialist(), &facts(12), day(TODAY)).is_ok()
    );
    it.body.form.layout.self_approval = true;
    assert!(it.approve(&approving(PlanApprover::UnitHead), &director(), &facts(12), day(TODAY)).is_ok());
}

#[test]
fn the_person_signs_from_fourteen_and_the_representative_before() {
    let turn = |age: i32| {
        let mut it = submitted(PlanKind::LifePlan, age);
        let order = approving(PlanApprover::Specialist);
        let approved =
            it.clone().approve(&order, &specialist(), &facts(age), day(TODAY)).unwrap().into_parts().0;
        it.approvals = approved.approvals;
        it
    };
    let representative = on_paper(PlanApprover::Representative);
    let refused = turn(14).approve(&representative, &specialist(), &facts(14), day(TODAY));
    assert_eq!(codes(refused)[0].0, "plan_version.person_not_signed");
    assert!(turn(13).approve(&representative, &specialist(), &facts(13), day(TODAY)).is_ok());
    let person = side(PlanEyes::Person, Some(PlanApprover::Person));
    assert!(turn(14).approve(&approving(PlanApprover::Person), &person, &facts(14), day(TODAY)).is_ok());
}

#[test]
fn nobody_but_a_consilium_adopts_a_route_and_it_adopts_nothing_else() {
    let route = submitted(PlanKind::Route, 16);
    for approver in [PlanApprover::Consilium, PlanApprover::Director] {
        let told = route.clone().approve(&on_paper(approver), &director(), &facts(16), day(TODAY));
        assert_eq!(codes(told)[0].0, "plan_version.by_consilium");
    }
    let adopted = route.adopt(&facts(16), day(TODAY)).unwrap().into_parts().0;
    assert_eq!(adopted.adoption.unwrap().adopted_on, day(TODAY));
    let told = codes(submitted(PlanKind::Trajectory, 16).adopt(&facts(16), day(TODAY)));
    assert_eq!(told[0].0, "plan_version.out_of_turn");
    let mut it = submitted(PlanKind::Route, 16);
    assert!(it.is_adopted_by_consilium() && it.must_await_consilium(&facts(16)).is_ok());
    it.body.form.layout.approvers.push(PlanApprover::Person);
    assert!(!it.is_adopted_by_consilium() && it.must_await_consilium(&facts(16)).is_ok());
    it.body.form.layout.approvers.reverse();
    assert!(!it.is_adopted_by_consilium() && it.must_await_consilium(&facts(16)).is_err());
}

#[test]
fn whose_turn_it_is_returns_a_version_and_the_heads_do_at_any_turn() {
    let order = PlanReturn { reason: Note::new("Не всё.") };
    let it = submitted(PlanKind::DevelopmentPlacement, 12);
    assert_eq!(codes(it.clone().send_back(&order, &officer(), &facts(12)))[0].0, "access.not_yours");
    assert_eq!(codes(it.clone().send_back(&order, &specialist(), &facts(12)))[0].0, "access.not_yours");
    assert!(it.send_back(&order, &director(), &facts(12)).is_ok());
}

#[test]
fn a_side_reads_and_edits_the_sections_that_are_for_it_and_the_rest_stays() {
    let mut layout = form(PlanKind::LifePlan);
    layout.layout.sections[3].for_mentor = false;
    let hidden = layout.layout.sections[3].code.clone();
    let text = PlanText {
        answers: vec![answer("dreams", "Стать поваром."), answer(hidden.as_str(), "Жильё не выделено.")],
        goals: vec![goal("flat", hidden.as_str(), None)],
        opinion: None,
    };
    let it = Draft(VersionBody { text, form: layout, ..draft(PlanKind::LifePlan, PlanText::default()).0 });
    let mentor = side(PlanEyes::Mentor, None);
    let read = it.text(PlanEyes::Mentor);
    assert_eq!((read.answers.len(), read.goals.len()), (1, 0));
    let own = PlanText { answers: vec![answer("dreams", "Открыть кафе.")], ..PlanText::default() };
    let edited = it.clone().edit(&own, &mentor).unwrap().into_parts().0;
    assert_eq!((edited.0.text.answers.len(), edited.0.text.goals.len()), (2, 1));
    let peeking = PlanText { answers: vec![answer(hidden.as_str(), "…")], ..PlanText::default() };
    assert_eq!(codes(it.edit(&peeking, &mentor))[0].0, "plan_version.unknown_section");
}

#[test]
fn a_side_reads_drafts_of_what_it_drafts_and_of_the_rest_what_was_adopted() {
    let layout = |kind| form(kind).layout;
    let reads = |eyes: PlanEyes, kind, state| eyes.read(&layout(kind), state);
    use PlanVersionState::{Adopted, Draft, Submitted, Superseded};
    assert!(reads(PlanEyes::Mentor, PlanKind::LifePlan, Draft));
    assert!(reads(PlanEyes::Mentor, PlanKind::Route, Adopted));
    assert!(!reads(PlanEyes::Mentor, PlanKind::Route, Submitted));
    assert!(!reads(PlanEyes::Mentor, PlanKind::Route, Superseded));
    assert!(reads(PlanEyes::Person, PlanKind::EducationRoute, Submitted));
    assert!(!reads(PlanEyes::Person, PlanKind::EducationRoute, Draft));
    assert!(!reads(PlanEyes::Person, PlanKind::Route, Submitted));
    assert!(reads(PlanEyes::Staff, PlanKind::Route, Draft));
}

#[test]
fn staff_reports_all_results_and_a_side_the_steps_given_to_it() {
    let goals = vec![
        goal("study", "study_work", Some(AssigneeKind::Mentor)),
        goal("work", "study_work", None),
        goal("health", "health", None),
    ];
    let it = Adopted(draft(PlanKind::Route, PlanText { goals, ..PlanText::default() }).0);
    let order = |key: &str, state| PlanResultForm {
        key: Code::new(key),
        state,
        happened_on: day(TODAY),
        moved_to: None,
        note: None,
    };
    let report = |order: &PlanResultForm, by: &PlanStanding| it.report(id(30), order, by, day(TODAY));
    let mentor = side(PlanEyes::Mentor, None);
    assert!(report(&order("study-step", PlanProgress::Done), &mentor).is_ok());
    assert_eq!(codes(report(&order("work-step", PlanProgress::Done), &mentor))[0].0, "access.not_yours");
    assert_eq!(codes(report(&order("health", PlanProgress::Done), &mentor))[0].0, "plan_result.unknown_key");
    assert!(report(&order("study", PlanProgress::Partly), &specialist()).is_ok());
    let wrong = PlanResultForm {
        happened_on: day("2026-03-03"),
        moved_to: Some(day("2026-05-01")),
        ..order("study", PlanProgress::Planned)
    };
    let told: Vec<&str> = codes(report(&wrong, &specialist())).into_iter().map(|it| it.0).collect();
    assert_eq!(told, ["plan_result.not_a_result", "plan_result.in_future", "plan_result.not_movable"]);
    let moved =
        PlanResultForm { moved_to: Some(day("2026-05-01")), ..order("study-step", PlanProgress::InProgress) };
    assert!(report(&moved, &specialist()).is_ok());
}

#[test]
fn a_comparison_pairs_by_keys_and_tells_moved_days_apart() {
    let before = PlanText {
        answers: vec![answer("wishes", "Учиться."), answer("health", "Здоров.")],
        goals: vec![goal("study", "study_work", None), goal("flat", "housing", None)],
        opinion: None,
    };
    let mut after = before.clone();
    after.answers[0].value = Note::new("Работать.");
    after.answers.remove(1);
    after.goals.remove(1);
    after.goals[0].due_on = day("2026-09-01");
    after.goals.push(goal("money", "money_documents", None));
    let told: Vec<(PlanPart, PlanChange, String)> = compare(&before, &after)
        .into_iter()
        .map(|it| (it.part, it.change, it.key.map(|it| it.to_string()).unwrap_or_default()))
        .collect();
    let expected = [
        (PlanPart::Answer, PlanChange::Changed, "notes"),
        (PlanPart::Answer, PlanChange::Removed, "notes"),
        (PlanPart::Goal, PlanChange::Moved, "study"),
        (PlanPart::Goal, PlanChange::Added, "money"),
        (PlanPart::Step, PlanChange::Added, "money-step"),
        (PlanPart::Goal, PlanChange::Removed, "flat"),
        (PlanPart::Step, PlanChange::Removed, "flat-step"),
    ];
    assert_eq!(told, expected.map(|(part, change, key)| (part, change, key.to_owned())));
}

proptest! {
    #[test]
    fn parting_a_text_loses_nothing_and_comparing_it_with_itself_finds_nothing(
        sections in proptest::collection::vec((0usize..8, any::<bool>()), 0..8), eyes in 0usize..3,
    ) {
        let layout = form(PlanKind::Route).layout;
        let eyes = [PlanEyes::Staff, PlanEyes::Mentor, PlanEyes::Person][eyes];
        let mut text = PlanText { opinion: Some(Note::new("Да.")), ..PlanText::default() };
        for (n, (at, is_goal)) in sections.into_iter().enumerate() {
            let code = layout.sections[at].code.as_str();
            match is_goal {
                true => text.goals.push(goal(&format!("goal-{n}"), code, None)),
                false => text.answers.push(answer(code, "…")),
            }
        }
        let (read, kept) = text.parted(&layout, eyes);
        prop_assert_eq!(read.goals.len() + kept.goals.len(), text.goals.len());
        prop_assert_eq!(read.answers.len() + kept.answers.len(), text.answers.len());
        let shown: Vec<&Code> = eyes.sections(&layout).map(|it| &it.code).collect();
        prop_assert!(read.goals.iter().all(|it| shown.contains(&&it.section)));
        prop_assert!(kept.goals.iter().all(|it| !shown.contains(&&it.section)));
        prop_assert!(compare(&text, &text).is_empty());
    }
}
