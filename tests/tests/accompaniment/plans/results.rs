//! Results: appended, carried over by key; overdue reviews.
use super::Stage;
use serde_json::{Value, json};

#[test]
fn results_are_appended_and_a_new_version_keeps_the_last_of_equal_keys() {
    let stage = Stage::new();
    let world = &stage.world;
    let plan = stage.plan("trajectory");
    let first = world.adopted(&stage.specialist, &plan, stage.trajectory(), &["unit_head"]);
    let result = |key: &str, state: &str| json!({"key": key, "state": state, "happened_on": world.day(0)});
    let with = |mut it: Value, name: &str, value: Value| {
        it[name] = value;
        it
    };
    let ask = |order: Value| world.of_version(&stage.specialist, &first, "results", order);
    ask(result("nothing", "done")).refused(422, "plan_result.unknown_key");
    ask(result("drawing", "in_progress")).refused(422, "plan_result.not_a_result");
    ask(with(result("drawing", "done"), "happened_on", json!(world.day(1))))
        .refused(422, "plan_result.in_future");
    ask(with(result("drawing", "done"), "happened_on", json!(world.day(-1))))
        .refused(422, "plan_result.before_plan");
    ask(with(result("drawing-first", "done"), "moved_to", json!("2026-05-01")))
        .refused(422, "plan_result.not_movable");
    ask(with(result("drawing-first", "in_progress"), "moved_to", json!("2026-05-01"))).expect(200);
    let told = ask(with(result("drawing-first", "done"), "note", json!("Записалась."))).expect(200);
    assert_eq!(told.body["results"].as_array().map(Vec::len), Some(1), "the last of the key");
    ask(result("drawing", "partly")).expect(200);
    let mut text = stage.trajectory();
    text["goals"][0]["text"] = json!("Ходить в студию и на пленэр");
    let second = world.drafted(&stage.specialist, &plan, text);
    let kept = stage.version(&stage.specialist, &second)["results"].clone();
    let states: Vec<&Value> = kept.as_array().expect("results").iter().map(|it| &it["state"]).collect();
    assert_eq!(states, [&json!("partly"), &json!("done")]);
    assert_eq!(kept[0]["version_name"], "траектория развития, занятости, № 1");
    world
        .of_version(&stage.specialist, &second, "results", result("drawing", "done"))
        .refused(409, "plan_version.not_adopted");
    let all = world
        .get(&stage.specialist, &format!("/plan-versions/{second}/results?key=drawing-first"))
        .expect(200);
    assert_eq!(all.items().len(), 2, "nothing is overwritten");
}

#[test]
fn a_review_is_overdue_after_its_months_and_stands_on_the_agenda() {
    let mut stage = Stage::new();
    let plan = stage.plan("trajectory");
    stage.world.adopted(&stage.specialist, &plan, stage.trajectory(), &["unit_head"]);
    let (_, other) = stage.world.institution("Другой центр");
    stage.world.advance_days(185);
    let director = stage.world.again(&stage.director);
    let world = &stage.world;
    assert_eq!(world.day(0), "2026-09-03");
    let overdue = world.get(&director, "/plans?overdue=true").expect(200);
    assert_eq!(
        (&overdue.items()[0]["id"], &overdue.items()[0]["is_review_overdue"]),
        (&json!(plan), &json!(true))
    );
    assert!(world.get(&director, "/plans?overdue=false").expect(200).items().is_empty());
    let agenda = world.get(&director, "/me/agenda").expect(200);
    assert_eq!(agenda.body["plans_to_review"][0]["id"], json!(plan));
    let officer =
        world.account("officer", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    assert_eq!(world.get(&officer, "/plans").expect(200).items().len(), 1);
    let other = world.again(&other);
    assert!(world.get(&other, "/plans").expect(200).items().is_empty());
    world.post(&director, &format!("/plans/{plan}/ending"), json!({"reason": "completed"})).expect(200);
    assert!(world.get(&director, "/plans").expect(200).items().is_empty());
}
