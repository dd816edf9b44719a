//! Rules of accompaniment and transferred days: the edition of the day counts.
use super::scene;
use serde_json::{Value, json};
use tests::{Reply, World, with};

fn rules(world: &World, members: Value) -> Reply {
    let form = json!({"effective_from": world.day(0), "quorum_percent": 51, "quorum_people": 3, "urgent_quorum_people": 2,
        "dissent_days": 3, "protocol_working_days": 5, "task_postponements": 3, "continuation_months": 12, "team_months": 12,
        "lost_contact_attempts": 3, "lost_contact_days": 60});
    world.post(&world.admin(), "/accompaniment-rules", with(form, &members))
}

#[test]
fn a_task_is_postponed_as_often_as_the_rules_of_the_day_let_and_an_annulled_edition_counts_no_more() {
    let it = scene();
    let task = json!({"kind": "other", "title": "Собрать документы", "assignee": {"kind": "user", "id": it.director.id},
        "controller_user_id": it.director.id, "due_on": it.world.day(1)});
    let task = it.world.post(&it.director, "/tasks", task).expect(201).id();
    let postpone = |days: i64| {
        it.world.post(
            &it.director,
            &format!("/tasks/{task}/postponements"),
            json!({"due_on": it.world.day(days), "reason": "Болела."}),
        )
    };
    rules(&it.world, json!({"effective_from": it.world.day(1), "task_postponements": 0})).expect(201);
    let strict = rules(&it.world, json!({"task_postponements": 1})).expect(201).id();
    postpone(2).expect(200);
    postpone(3).refused(409, "task.postponed_enough");
    let card = it.world.get(&it.director, &format!("/tasks/{task}")).expect(200);
    assert_eq!(
        card.action("postpone").expect("a postponement")["blocked_by"],
        json!(["task.postponed_enough"])
    );
    let annulled = it.world.post(
        &it.world.admin(),
        &format!("/accompaniment-rules/{strict}/annulment"),
        json!({"reason": "Ошибка."}),
    );
    annulled.expect(200);
    postpone(3).expect(200);
}

#[test]
fn the_protocol_of_a_consilium_is_due_after_working_days_of_the_region() {
    let it = scene();
    let head = it.world.staff("unit_head", &it.organization);
    let members =
        json!([{"role": "chair", "user_id": it.director.id}, {"role": "member", "user_id": head.id}]);
    let plan = json!({"organization_id": it.organization, "planned_at": it.world.hour(1), "form": "in_person", "members": members});
    let consilium = it.world.post(&it.director, "/consilia", plan).expect(201).id();
    let path = format!("/consilia/{consilium}");
    assert_eq!(it.world.get(&it.director, &path).expect(200).body.get("protocol_due_on"), None);
    let holding = json!({"held_at": it.world.hour(0), "present": [1, 2]});
    let held = it.world.post(&it.director, &format!("{path}/holding"), holding).expect(200);
    // 2026-03-02 is a Monday, and the ninth is the Monday after it.
    assert_eq!(held.body["protocol_due_on"], "2026-03-09");
    let holiday = json!({"day": "2026-03-09", "is_working": false});
    let holiday = it.world.post(&it.world.admin(), "/working-days", holiday).expect(201).id();
    assert_eq!(it.world.get(&it.director, &path).expect(200).body["protocol_due_on"], "2026-03-10");
    let mistake = json!({"reason": "Рабочий день."});
    it.world.post(&it.world.admin(), &format!("/working-days/{holiday}/annulment"), mistake).expect(200);
    assert_eq!(it.world.get(&it.director, &path).expect(200).body["protocol_due_on"], "2026-03-09");
    rules(&it.world, json!({"protocol_working_days": 1})).expect(201);
    assert_eq!(it.world.get(&it.director, &path).expect(200).body["protocol_due_on"], "2026-03-03");
    let agenda = it.world.get(&it.director, "/me/agenda").expect(200);
    assert_eq!(agenda.body["consilia_to_close"].as_array().expect("consilia").len(), 1);
}

#[test]
fn rules_and_transferred_days_are_read_by_all_and_entered_by_the_region() {
    let it = scene();
    for list in ["/working-days", "/accompaniment-rules"] {
        assert_eq!(it.world.get(&it.director, list).expect(200).items().len(), 0);
        it.world.post(&it.director, list, json!({})).refused(403, "access.forbidden");
    }
}
