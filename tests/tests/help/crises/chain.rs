//! The chain: the accounts that are called, and when, also where the clock of the server stands still.
use super::*;
use persistence::engine::failure::Failure;
use persistence::help::crises;
use persistence::tx::Tx;
use std::collections::BTreeSet;
use tests::pairs::{at_once, pause};

#[test]
fn a_signal_at_night_about_her_mentor_is_hidden_from_him_and_comes_to_the_head_across_midnight() {
    let (world, pair) = World::paired();
    let specialist = world.staff("support_specialist", &pair.organization);
    let head = world.staff("unit_head", &pair.organization);
    let order = json!({"beneficiary_id": pair.beneficiary, "organization_id": pair.organization, "opened_on": world.day(-1),
        "specialist_user_id": specialist.id});
    world.post(&pair.director, "/cases", order).expect(201);
    world.active(&pair);
    let (mentor, mentee) = (world.mentor_account("mentor", &pair), world.mentee_account("mentee", &pair));
    // 09:00 in Moscow; the signal comes at 23:40.
    world.advance(TimeDelta::minutes(14 * 60 + 40));
    let [mentor, mentee, head] = [&mentor, &mentee, &head].map(|it| world.again(it));
    let before = world.get(&mentor, "/crises").expect(200).text;
    let order = json!({"beneficiary_id": pair.beneficiary, "kind": "violence", "concerns": "mentor"});
    let crisis = world.post(&mentee, "/crises", order).expect(201).id();
    let path = format!("/crises/{crisis}");
    world.get(&mentor, &path).expect(404);
    world.get(&mentor, &format!("{path}/history")).expect(404);
    assert_eq!(world.get(&mentor, "/crises").expect(200).text, before);
    let waits = |who: &Account| {
        world.get(who, "/me/agenda").expect(200).body["crises"].as_array().expect("crises").len()
    };
    assert_eq!((waits(&head), waits(&mentor)), (0, 0));
    world.post(&head, &format!("{path}/acknowledgement"), json!({})).refused(403, "crisis.not_called");
    world.advance(TimeDelta::minutes(15));
    let [head, mentor] = [&head, &mentor].map(|it| world.again(it));
    assert_eq!((waits(&head), waits(&mentor)), (1, 0));
    world.advance(TimeDelta::minutes(10));
    let taken = world.post(&head, &format!("{path}/acknowledgement"), json!({})).expect(200);
    assert_eq!(taken.body["calls"].as_array().expect("calls").len(), 2, "the specialist and the head");
    assert_eq!(world.today().to_string(), "2026-03-03", "it is after midnight");
    let action = json!({"kind": "listen", "at": world.now(), "reached": true, "text": "Поговорили."});
    world.post(&head, &format!("{path}/actions"), action).expect(200);
    let figures = world.get(&head, "/crises/reaction-times").expect(200);
    let times = &figures.body["times"][0];
    assert_eq!(
        (&times["acknowledgement_minutes"], &times["first_action_minutes"], &times["acknowledged_in_time"]),
        (&json!(25), &json!(25), &json!(0))
    );
}

#[test]
fn a_level_without_an_open_account_is_left_out_in_the_same_instant() {
    let it = scene();
    it.world.close_account(&it.specialist);
    it.world.close_account(&it.head);
    let crisis = it.report(&it.mentee, json!({}));
    assert_eq!(it.waits(&it.director), [crisis.as_str()]);
    it.take(&it.director, &crisis).expect(200);
    it.world.close_account(&it.director);
    let last = it.report(&it.colleague, json!({}));
    assert_eq!(
        it.waits(&it.world.admin()),
        [crisis.as_str(), last.as_str()],
        "and the one that nobody has any more"
    );
    it.take(&it.world.admin(), &last).expect(200);
}

#[test]
fn the_head_of_the_unit_is_called_before_other_heads_and_nobody_in_charge_calls_the_heads_at_once() {
    let mut it = scene();
    let own = it.world.staff("unit_head", &it.organization);
    let unit = it
        .world
        .unit(&it.director, &it.organization, json!({"name": "Отделение", "head_user_id": own.id}))
        .id();
    let path = format!("/cases/{}", it.case);
    it.world.edit(&it.director, &path, json!({"unit_id": unit})).expect(200);
    let crisis = it.report(&it.mentee, json!({}));
    it.pass(15);
    let own = it.world.again(&own);
    assert_eq!(it.waits(&own), [crisis.as_str()]);
    assert!(it.waits(&it.head).is_empty());
    it.take(&it.head, &crisis).refused(403, "crisis.not_called");
    it.world.post(&it.director, &format!("{path}/assignment"), json!({})).expect(200);
    let second = it.report(&it.mentee, json!({}));
    assert!(it.waits(&it.head).contains(&second));
    let order = json!({"specialist_user_id": it.specialist.id});
    it.world.post(&it.director, &format!("{path}/assignment"), order).expect(200);
    it.take(&it.head, &second).expect(200);
}

#[test]
fn the_severity_moves_the_chain_and_takes_a_crisis_from_nobody_to_whom_it_has_come() {
    let mut it = scene();
    let crisis = it.report(&it.mentee, json!({"urgency": "week"}));
    it.pass(16);
    assert!(it.waits(&it.head).is_empty(), "thirty minutes are not over");
    it.step(&it.specialist, &crisis, "severity", json!({"severity": "critical"})).expect(200);
    assert_eq!(it.waits(&it.head), [crisis.as_str()]);
    it.step(&it.head, &crisis, "severity", json!({"severity": "low"})).expect(200);
    assert_eq!(it.waits(&it.head), [crisis.as_str()]);
    it.pass(60);
    assert!(it.waits(&it.director).is_empty());
    it.take(&it.director, &crisis).refused(403, "crisis.not_called");
    it.take(&it.head, &crisis).expect(200);
}

#[test]
fn the_region_sets_the_minutes_and_the_telephones() {
    let mut it = scene();
    let rules = json!({"effective_from": it.world.day(0), "quorum_percent": 51, "quorum_people": 3, "urgent_quorum_people": 2,
        "dissent_days": 3, "protocol_working_days": 5, "task_postponements": 3, "continuation_months": 12, "team_months": 12,
        "lost_contact_attempts": 3, "lost_contact_days": 60, "ack_minutes_critical": 5});
    let entered = it.world.post(&it.world.admin(), "/accompaniment-rules", rules).expect(201);
    assert_eq!(entered.body["ack_minutes_high"], 30, "what is not told is as the program has it");
    let phone = json!({"name": "Дежурный", "kind": "duty_line", "phone": "8 800 200-01-22"});
    it.world.post(&it.director, "/emergency-contacts", phone.clone()).expect(403);
    it.world.post(&it.world.admin(), "/emergency-contacts", phone).expect(201);
    let crisis = it.try_report(&it.mentee, json!({})).expect(201);
    let phones = crisis.body["emergency_contacts"].as_array().expect("telephones").clone();
    assert_eq!((phones.len(), &phones[0]["phone"]), (2, &json!("8 800 200-01-22")));
    assert_eq!(phones[1]["phone"], "112", "no own number of its kind takes it away");
    it.pass(6);
    assert_eq!(it.waits(&it.head), [crisis.id()]);
}

#[test]
fn the_clock_writes_each_level_once_also_where_two_servers_look_at_the_same_time() {
    let flags = ["--clock-seconds", "1"];
    let mut it = scene_in(World::with(&flags));
    let beside = it.world.beside(&flags);
    let crisis = it.report(&it.mentee, json!({}));
    it.pass(31);
    for _ in 0..100 {
        let told = it.world.facts_since(0).into_iter().filter(|(_, kind, _)| kind == "crisis.escalated");
        if told.count() == 2 {
            break;
        }
        tests::pairs::pause();
    }
    it.pass(120);
    it.take(&it.director, &crisis).expect(200);
    for _ in 0..25 {
        tests::pairs::pause();
    }
    drop(beside);
    let told: Vec<_> =
        it.world.facts_since(0).into_iter().filter(|(_, kind, _)| kind == "crisis.escalated").collect();
    assert!(told.iter().all(|it| it.2 == crisis));
    assert_eq!(
        told.len(),
        3,
        "the head, the director and the administrator: what the clock missed, the step wrote"
    );
    let history = it.world.get(&it.director, &format!("/crises/{crisis}/history")).expect(200);
    let mut levels: Vec<String> = history
        .items()
        .iter()
        .filter(|it| it["kind"] == "crisis.escalated")
        .map(|it| it["details"][0]["value"].as_str().expect("a level").to_owned())
        .collect();
    let all = levels.len();
    levels.dedup();
    assert_eq!(levels.len(), all, "each level once");
}

#[test]
fn fifty_answers_on_two_servers_that_meet_the_clock_leave_one_level_and_one_who_has_it() {
    let mut it = scene();
    let crisis = it.report(&it.mentee, json!({}));
    it.pass(16);
    let beside = it.world.beside(&[]);
    let there = beside.login_in(&it.world.region, &it.head.login);
    let path = format!("/crises/{crisis}/acknowledgement");
    let look = || loop {
        match it.world.tried_inside(async move |tx: &mut Tx<'_>| crises::due(tx).await) {
            Err(Failure::Busy) => pause(),
            looked => return looked.expect("the clock"),
        }
    };
    let take = |n: usize| match n % 2 {
        0 => it.take(&it.specialist, &crisis),
        _ => beside.post(&there, &path, json!({})),
    };
    let answers = std::thread::scope(|threads| {
        let clock = threads.spawn(|| (0..50).map(|_| look()).sum::<usize>());
        let answers = at_once(50, take);
        clock.join().expect("the clock");
        answers
    });
    assert_eq!(answers.iter().filter(|it| it.0 == 200).count(), 1, "{answers:?}");
    let mut late = answers.iter().filter(|it| it.0 != 200);
    assert!(late.all(|it| *it == (409, "crisis.acknowledged".to_owned())), "{answers:?}");
    // Two servers make their ids at the same instant, so the order of what they tell is left to chance.
    let mut told = it.told(&crisis);
    told.sort();
    assert_eq!(told, ["crisis.acknowledged", "crisis.escalated", "crisis.reported"]);
    let calls = it.seen(&it.specialist, &crisis).expect(200).body["calls"].clone();
    let level = |it: &Value| it["level"].as_i64().expect("a level");
    let levels: BTreeSet<i64> = calls.as_array().expect("calls").iter().map(level).collect();
    assert_eq!((calls.as_array().map(Vec::len), levels), (Some(2), [1, 2].into()));
}

#[test]
fn a_case_that_is_given_to_a_colleague_calls_the_colleague_and_no_further_level() {
    let it = scene();
    let crisis = it.report(&it.mentee, json!({}));
    let order = json!({"specialist_user_id": it.colleague.id});
    it.world.post(&it.director, &format!("/cases/{}/assignment", it.case), order).expect(200);
    assert_eq!(it.waits(&it.colleague), [crisis.as_str()]);
    it.take(&it.colleague, &crisis).expect(200);
    assert_eq!(it.told(&crisis), ["crisis.acknowledged", "crisis.reported"]);
    let called = it.seen(&it.colleague, &crisis).expect(200).body["calls"].to_string();
    assert!(called.contains(&it.colleague.id), "{called}");
}

#[test]
fn the_same_severity_changes_nothing() {
    let it = scene();
    let crisis = it.report(&it.mentee, json!({}));
    let before = it.seen(&it.head, &crisis).expect(200);
    let same = json!({"severity": "critical"});
    let graded = it.step(&it.head, &crisis, "severity", same.clone()).expect(200);
    assert_eq!((graded.etag(), &graded.body), (before.etag(), &before.body));
    assert_eq!(it.told(&crisis), ["crisis.reported"]);
    it.step(&it.colleague, &crisis, "severity", same).refused(403, "access.not_yours");
}
