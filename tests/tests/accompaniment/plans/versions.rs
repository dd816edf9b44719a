//! Versions: copied with their keys, edited whole, never lost, compared.
use super::{Stage, goal, route};
use serde_json::json;

#[test]
fn a_version_copies_the_last_one_with_its_keys_and_asks_the_opinion_anew() {
    let stage = Stage::new();
    let world = &stage.world;
    let (plan, first) = stage.submitted("trajectory", stage.trajectory());
    let versions = format!("/plans/{plan}/versions");
    world.post(&stage.specialist, &versions, json!({})).refused(409, "plan.draft_open");
    let order = json!({"reason": "Мало целей."});
    world.of_version(&stage.head, &first, "return", order).expect(200);
    let second = world.post(&stage.specialist, &versions, json!({})).expect(201);
    assert_eq!((&second.body["number"], second.body.get("opinion")), (&json!(2), None));
    assert_eq!(second.body["goals"][0]["key"], "drawing");
    let path = format!("/plan-versions/{}", second.id());
    let told = world.of_version(&stage.specialist, &second.id(), "submission", json!({}));
    told.refused(409, "plan_version.not_heard");
    let etag = world.get(&stage.specialist, &path).etag();
    world.patch(&stage.specialist, &path, &etag, json!({"opinion": "Да."})).expect(200);
    world.put(&stage.specialist, &path, &etag, stage.trajectory()).refused(412, "version.stale");
    world.of_version(&stage.specialist, &second.id(), "submission", json!({})).expect(200);
    let etag = world.get(&stage.specialist, &path).etag();
    let late = world.put(&stage.specialist, &path, &etag, stage.trajectory());
    late.refused(409, "plan_version.not_draft");
    let card = world.get(&stage.specialist, &format!("/plans/{plan}")).expect(200);
    let states: Vec<&str> = card.body["versions"]
        .as_array()
        .expect("versions")
        .iter()
        .filter_map(|it| it["state"].as_str())
        .collect();
    assert_eq!(states, ["submitted", "returned"]);
    let returned = stage.version(&stage.specialist, &first);
    assert_eq!(
        (&returned["return_reason"], &returned["opinion"]),
        (&json!("Мало целей."), &json!("Согласна."))
    );
}

#[test]
fn what_is_wrong_with_a_text_is_told_at_its_place() {
    let stage = Stage::new();
    let world = &stage.world;
    let plan = stage.plan("trajectory");
    let draft = world.post(&stage.specialist, &format!("/plans/{plan}/versions"), json!({})).expect(201);
    let path = format!("/plan-versions/{}", draft.id());
    let mut unseen = goal("one", "development");
    unseen["steps"][0]["key"] = json!("one");
    let text = json!({"answers": [
        {"section": "nowhere", "field": "notes", "value": "…"},
        {"section": "interests", "field": "shoes", "value": "44"}
    ], "goals": [unseen]});
    let told =
        world.put(&stage.specialist, &path, &draft.etag(), text).refused(422, "plan_version.unknown_section");
    let all = ["plan_version.unknown_section", "plan_version.unknown_field", "plan_version.repeated_key"];
    assert_eq!(told.codes(), all);
    let told = world.of_version(&stage.specialist, &draft.id(), "submission", json!({}));
    let told = told.refused(422, "plan_version.incomplete");
    assert_eq!(
        told.codes(),
        ["plan_version.incomplete", "plan_version.incomplete", "plan_version.not_heard"]
    );
    let nobody = json!({"goals": [{"key": "one", "section": "development", "text": "…", "criteria": "…",
        "due_on": "2026-06-01", "steps": [{"key": "two", "text": "…", "due_on": "2026-06-01", "every_days": 7}]}]});
    let told = world.put(&stage.specialist, &path, &draft.etag(), nobody).refused(422, "field.combination");
    assert_eq!(told.codes(), ["field.combination", "field.missing"]);
}

#[test]
fn answers_fit_the_kind_of_their_field_and_steps_are_seen_by_who_takes_them() {
    let stage = Stage::new();
    let world = &stage.world;
    let layout = json!({"kind": "corrective", "effective_from": "2026-01-01", "title": "Программа", "approvers": ["unit_head"],
        "sections": [{"code": "aims", "label_ru": "Цели", "fields": [
            {"code": "hours", "label_ru": "Часов в неделю", "kind": "number"},
            {"code": "days", "label_ru": "Дни", "kind": "choices", "choices": [
                {"code": "mon", "label_ru": "Понедельник"}, {"code": "sat", "label_ru": "Суббота"}]}]}]});
    world.post(&world.admin(), "/plan-forms", layout).expect(201);
    let plan = stage.plan("corrective");
    let draft = world.post(&stage.specialist, &format!("/plans/{plan}/versions"), json!({})).expect(201);
    let path = format!("/plan-versions/{}", draft.id());
    let answers = |hours: &str, days: &str| json!([{"section": "aims", "field": "hours", "value": hours}, {"section": "aims", "field": "days", "value": days}]);
    let mut wrong = answers("много", "mon,mon");
    wrong.as_array_mut().expect("answers").push(json!({"section": "aims", "field": "hours", "value": "2"}));
    let text = json!({"answers": wrong, "goals": [goal("walk", "aims")]});
    let told =
        world.put(&stage.specialist, &path, &draft.etag(), text).refused(422, "plan_version.wrong_answer");
    let all = [
        "plan_version.wrong_answer",
        "plan_version.wrong_answer",
        "plan_version.answered_twice",
        "plan_version.step_unseen",
    ];
    assert_eq!(told.codes(), all);
    let text = json!({"answers": answers("2.5", "sat, mon")});
    world.put(&stage.specialist, &path, &draft.etag(), text).expect(200);
}

#[test]
fn two_versions_are_compared_by_their_keys() {
    let stage = Stage::new();
    let world = &stage.world;
    let plan = stage.plan("trajectory");
    let first = world.adopted(&stage.specialist, &plan, stage.trajectory(), &["unit_head"]);
    let same = world.drafted(&stage.specialist, &plan, stage.trajectory());
    let told = world.of_version(&stage.specialist, &same, "submission", json!({}));
    told.refused(422, "plan_version.unchanged");
    let mut text = stage.trajectory();
    text["answers"][0]["value"] = json!("Рисует и поёт.");
    text["goals"][0]["due_on"] = json!("2026-09-01");
    let path = format!("/plan-versions/{same}");
    let etag = world.get(&stage.specialist, &path).etag();
    world.put(&stage.specialist, &path, &etag, text).expect(200);
    let told =
        world.get(&stage.specialist, &format!("/plan-versions/{first}/comparison?with={same}")).expect(200);
    let changes: Vec<(&str, &str)> = told.body["differences"]
        .as_array()
        .expect("differences")
        .iter()
        .map(|it| (it["part"].as_str().expect("a part"), it["change"].as_str().expect("a change")))
        .collect();
    assert_eq!(changes, [("answer", "changed"), ("goal", "moved")]);
    let other = stage.plan("route");
    let other = world.drafted(&stage.specialist, &other, route());
    let path = format!("/plan-versions/{first}/comparison?with={other}");
    world.get(&stage.specialist, &path).refused(422, "field.reference");
}
