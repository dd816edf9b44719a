//! After the acknowledgement: nothing done within the minutes calls the next level.
use super::*;

#[test]
fn nothing_done_within_the_minutes_calls_the_next_level_and_then_the_one_after() {
    let mut it = scene();
    let crisis = it.report(&it.mentee, json!({}));
    let taken = it.take(&it.specialist, &crisis).expect(200);
    assert_eq!(taken.body["act_by"], json!(it.world.hour(1)));
    it.pass(59);
    assert!(it.waits(&it.head).is_empty());
    it.pass(1);
    assert_eq!(it.waits(&it.head), [crisis.as_str()]);
    assert_eq!(it.waits(&it.specialist), [crisis.as_str()], "it is still hers");
    assert!(it.waits(&it.director).is_empty());
    it.pass(60);
    assert_eq!(it.waits(&it.director), [crisis.as_str()]);
    let acted = it.listen(&it.specialist, &crisis).expect(200);
    assert!(acted.body["act_by"].is_null());
    let levels: Vec<_> =
        acted.body["calls"].as_array().expect("calls").iter().map(|it| it["level"].clone()).collect();
    assert_eq!(levels, [1, 2, 3]);
    assert!(it.waits(&it.head).is_empty() && it.waits(&it.director).is_empty());
    it.pass(600);
    assert!(it.waits(&it.head).is_empty());
    assert_eq!(it.told(&crisis).iter().filter(|it| *it == "crisis.escalated").count(), 2);
}

#[test]
fn the_head_who_takes_it_over_has_the_minutes_anew_and_heads_who_were_called_before_are_called_again() {
    let mut it = scene();
    let crisis = it.report(&it.mentee, json!({}));
    it.pass(16);
    it.take(&it.specialist, &crisis).expect(200);
    it.pass(60);
    assert_eq!(it.waits(&it.head), [crisis.as_str()], "she was called before the acknowledgement already");
    assert_eq!(it.waits(&it.director), [crisis.as_str()]);
    let taken = it.step(&it.head, &crisis, "takeover", json!({})).expect(200);
    assert_eq!(taken.body["act_by"], json!(it.world.hour(1)));
    assert!(it.waits(&it.director).is_empty());
    it.pass(60);
    assert_eq!(it.waits(&it.director), [crisis.as_str()]);
    assert_eq!(it.waits(&it.head), [crisis.as_str()]);
    assert!(it.waits(&it.specialist).is_empty());
}

#[test]
fn the_severity_and_the_region_set_the_minutes_and_the_own_report_counts_from_itself() {
    let mut it = scene();
    let own = it.report(&it.specialist, json!({"urgency": "week"}));
    assert_eq!(it.seen(&it.head, &own).expect(200).body["act_by"], json!(it.world.hour(4)));
    let graded = it.step(&it.head, &own, "severity", json!({"severity": "low"})).expect(200);
    assert_eq!(graded.body["act_by"], json!(it.world.hour(72)), "a head who has it not lets it wait");
    let taken = it.report(&it.mentee, json!({}));
    let low = json!({"severity": "low"});
    it.step(&it.specialist, &taken, "acknowledgement", low.clone()).expect(200);
    for who in [&it.specialist, &it.head] {
        let seen = it.seen(who, &taken).expect(200);
        assert_eq!((&seen.body["severity"], &seen.body["act_by"]), (&json!("low"), &json!(it.world.hour(1))));
    }
    it.step(&it.specialist, &taken, "severity", json!({"severity": "moderate"})).expect(200);
    let lowered = it.step(&it.specialist, &taken, "severity", low).expect(200);
    assert_eq!(lowered.body["act_by"], json!(it.world.hour(1)), "nobody gives the own account more minutes");
    let rules = json!({"effective_from": it.world.day(0), "quorum_percent": 51, "quorum_people": 3, "urgent_quorum_people": 2,
        "dissent_days": 3, "protocol_working_days": 5, "task_postponements": 3, "continuation_months": 12, "team_months": 12,
        "lost_contact_attempts": 3, "lost_contact_days": 60, "first_action_minutes_critical": 5});
    let entered = it.world.post(&it.world.admin(), "/accompaniment-rules", rules.clone()).expect(201);
    assert_eq!(entered.body["first_action_minutes_high"], 240, "what is not told is as the program has it");
    it.world
        .post(&it.world.admin(), "/accompaniment-rules", with(rules, &json!({"first_action_minutes_low": 0})))
        .refused(422, "field.range");
    let crisis = it.report(&it.specialist, json!({}));
    it.pass(5);
    assert_eq!(it.waits(&it.head), [crisis.as_str()]);
}

#[test]
fn the_clock_writes_a_level_that_silence_calls_once() {
    let flags = ["--clock-seconds", "1"];
    let mut it = scene_in(World::with(&flags));
    let beside = it.world.beside(&flags);
    let crisis = it.report(&it.mentee, json!({}));
    it.take(&it.specialist, &crisis).expect(200);
    it.pass(61);
    let escalated = |it: &Scene| it.told(&crisis).iter().filter(|it| *it == "crisis.escalated").count();
    for _ in 0..100 {
        if escalated(&it) == 1 {
            break;
        }
        tests::pairs::pause();
    }
    for _ in 0..20 {
        tests::pairs::pause();
    }
    drop(beside);
    assert_eq!(escalated(&it), 1);
    let calls = it.seen(&it.head, &crisis).expect(200).body["calls"].clone();
    assert_eq!((&calls[1]["level"], calls.as_array().map(Vec::len)), (&json!(2), Some(2)));
}

#[test]
fn a_try_that_reached_nobody_leaves_the_minutes_running() {
    let mut it = scene();
    let crisis = it.report(&it.mentee, json!({}));
    let taken = it.take(&it.specialist, &crisis).expect(200);
    let order =
        json!({"kind": "listen", "at": it.world.now(), "reached": false, "text": "Не берёт трубку-Х."});
    let tried = it.step(&it.specialist, &crisis, "actions", order).expect(200);
    assert_eq!(tried.body["act_by"], taken.body["act_by"]);
    it.pass(60);
    assert_eq!(it.waits(&it.head), [crisis.as_str()]);
    let measure = json!({"kind": "urgent_action", "measure": "police", "at": it.world.now(), "reached": false,
        "text": "Вызвали-Х."});
    let acted = it.step(&it.specialist, &crisis, "actions", measure).expect(200);
    assert!(acted.body["act_by"].is_null());
    assert!(it.waits(&it.head).is_empty());
}

#[test]
fn a_silent_crisis_is_in_the_agenda_behind_hundreds_about_which_something_is_done() {
    let mut it = scene();
    for _ in 0..201 {
        let handled = it.report(&it.specialist, json!({}));
        it.listen(&it.specialist, &handled).expect(200);
    }
    let silent = it.report(&it.mentee, json!({}));
    it.take(&it.specialist, &silent).expect(200);
    it.pass(60);
    assert_eq!(it.waits(&it.head), [silent.as_str()]);
    it.world.close_account(&it.specialist);
    assert!(it.waits(&it.head).len() > 1, "nobody has them any more");
}
