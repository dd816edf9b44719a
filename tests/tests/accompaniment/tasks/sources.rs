//! Tasks of the partnership: what they follow from, to whom else they may go, and who sees them.
use super::{Scene, account, scene};
use serde_json::{Value, json};
use tests::Account;

/// A task that follows from a unit of the institution, such as its resource centre.
fn of_unit(it: &Scene, members: Value) -> Value {
    let unit = it.world.unit(&it.director, &it.pair.organization, json!({"name": "Ресурсный центр"})).id();
    let source = json!({"source": {"kind": "unit", "id": unit}, "kind": "key_point"});
    tests::with(source, &members)
}

#[test]
fn a_task_of_a_source_goes_to_another_organization_and_is_seen_by_all_staff_of_both() {
    let it = scene();
    let other = it.world.organization("ngo", "Исполнитель", "25655000");
    let partner = it.world.organization("business", "Завод", "25655000");
    let staff = |role: &str, of: &str| it.world.staff(role, of);
    let (head, clerk) = (staff("unit_head", &other), staff("support_specialist", &other));
    let helper = staff("support_specialist", &partner);
    let (_, stranger) = it.world.institution("Чужое");
    let assignee =
        json!({"assignee": {"kind": "organization", "id": other}, "co_organization_ids": [partner]});
    let binding = it.give(&it.director, of_unit(&it, assignee.clone())).refused(422, "task.binds_others");
    assert_eq!(binding.body["errors"][0]["pointer"], "/binding");
    let given = it.give(&it.director, advice(of_unit(&it, assignee))).expect(201);
    assert_eq!(
        (&given.body["source"]["kind"], &given.body["source"]["name"]),
        (&json!("unit"), &json!("Ресурсный центр"))
    );
    assert_eq!(given.body["organization_id"], json!(it.pair.organization));
    let task = given.id();
    let seen = |who: &Account| it.listed(who, "").len();
    let all = [&it.director, &it.colleague, &head, &clerk, &helper, &stranger].map(seen);
    assert_eq!(all, [1, 1, 1, 1, 1, 0]);
    it.card(&helper, &task).expect(200);
    it.card(&stranger, &task).refused(404, "request.not_found");
    it.report(&helper, &task).refused(403, "access.not_yours");
    // The work of another organization is not taken away from it.
    let away = it.step(&it.director, &task, "assignment", json!({"user_id": it.specialist.id}));
    away.refused(409, "task.to_class");
    assert!(!it.card(&it.director, &task).actions().to_string().contains("assign"));
    it.report(&clerk, &task).expect(200);
    it.step(&it.director, &task, "acceptance", json!({})).expect(200);
    let of_source = |kind: &str| it.listed(&it.director, &format!("?source_kind={kind}")).len();
    assert_eq!((of_source("unit"), of_source("decision"), of_source("decision,unit")), (1, 0, 1));
    let of = |organization: &str| it.listed(&it.director, &format!("?organization_id={organization}")).len();
    assert_eq!((of(&it.pair.organization), of(&other)), (1, 0));
}

/// The same as a recommendation, which may go to another organization from any source.
fn advice(members: Value) -> Value {
    tests::with(members, &json!({"binding": false}))
}

/// A task that follows from a plan of the institution.
fn of_plan(it: &Scene, members: Value) -> Value {
    of_plan_from(it, "2025-01-01", members)
}

/// A task that follows from a plan which begins on that day.
fn of_plan_from(it: &Scene, starts_on: &str, members: Value) -> Value {
    let form = json!({"organization_id": it.pair.organization, "kind": "annual", "title": "План года", "starts_on": starts_on, "ends_on": "2026-12-31"});
    let plan = it.world.post(&it.director, "/action-plans", form).expect(201).id();
    tests::with(json!({"source": {"kind": "action_plan", "id": plan}, "kind": "key_point"}), &members)
}

/// An order to a class of organizations.
fn to_class(it: &Scene, members: Value) -> Value {
    let class = json!({"text": "НКО района", "organization_kinds": ["ngo"], "territory": "25655000"});
    let mut order = it.order(tests::with(members, &json!({"addressee": class})));
    order.as_object_mut().unwrap().remove("assignee");
    order
}

#[test]
fn other_organizations_are_bound_by_the_plan_of_a_director_alone_and_no_child_is_named_to_them() {
    let it = scene();
    let other = it.world.organization("ngo", "Исполнитель", "25655000");
    let to_other = json!({"assignee": {"kind": "organization", "id": other}});
    let clerk = |order: Value| it.world.post(&it.specialist, "/tasks", order);
    let refused = clerk(it.order(of_plan(&it, to_other.clone()))).refused(422, "task.binds_others");
    assert_eq!(refused.body["errors"][0]["pointer"], "/binding");
    let class = clerk(to_class(&it, advice(of_plan(&it, json!({}))))).refused(422, "task.binds_others");
    assert_eq!(class.body["errors"][0]["pointer"], "/addressee");
    let unit = it.world.post(&it.director, "/tasks", to_class(&it, advice(of_unit(&it, json!({})))));
    unit.refused(422, "task.binds_others");
    clerk(it.order(advice(of_plan(&it, to_other.clone())))).expect(201);
    it.give(&it.director, of_plan(&it, to_other)).expect(201);
    for kind in ["person", "mentor", "representative"] {
        let child = json!({"assignee": {"kind": kind, "id": it.pair.beneficiary}, "co_organization_ids": [other], "binding": false});
        let refused = it.give(&it.director, of_unit(&it, child)).refused(422, "task.assignee");
        assert_eq!(refused.body["errors"][0]["pointer"], "/assignee/kind");
    }
    let decision = json!({"source": {"kind": "decision", "id": it.case}});
    it.give(&it.director, decision).refused(422, "field.word");
    let late = json!({"due_on": it.world.day(-1)});
    it.give(&it.director, of_unit(&it, late.clone())).refused(422, "task.due_past");
    it.give(&it.director, of_plan(&it, late)).expect(201);
}

#[test]
fn a_task_is_given_to_no_organization_that_was_closed_before() {
    let it = scene();
    let other = it.world.organization("ngo", "Исполнитель", "25655000");
    it.world.close_organization(&other, &it.world.day(-10));
    let to_other = json!({"assignee": {"kind": "organization", "id": other}, "co_organization_ids": [other]});
    let order = advice(of_unit(&it, to_other.clone()));
    let refused = it.give(&it.director, order).refused(422, "organization.closed");
    assert_eq!(refused.pointers(), ["/assignee/id", "/co_organization_ids/0"]);
    // A task of papers was given on their first day, also where its own day is a later one.
    let of_days = |starts_on: i64, due_on: i64| {
        let order = tests::with(to_other.clone(), &json!({"due_on": it.world.day(due_on)}));
        it.give(&it.director, of_plan_from(&it, &it.world.day(starts_on), order))
    };
    of_days(-9, -5).refused(422, "organization.closed");
    of_days(-10, -5).expect(201);
    of_days(-10, 5).expect(201);
    let project = json!({"organization_id": it.pair.organization, "title": "Наставники рядом", "goal": "Помочь выпускникам.",
        "target_groups": ["minors"], "level": "municipal", "starts_on": it.world.day(-10), "ends_on": "2026-12-31"});
    let project = it.world.post(&it.director, "/projects", project).expect(201).id();
    let source = json!({"source": {"kind": "project", "id": project}, "kind": "key_point"});
    it.give(&it.director, advice(tests::with(source, &to_other))).expect(201);
}

#[test]
fn a_task_of_an_old_plan_is_due_no_earlier_than_the_plan_and_its_reports_are_counted_from_there() {
    let it = scene();
    let of_old = |members: Value| it.order(of_plan_from(&it, "2015-01-01", members));
    let give = |order: Value| it.world.post(&it.director, "/tasks", order);
    let refused = give(of_old(json!({"due_on": "1800-01-01"}))).refused(422, "task.due_past");
    assert_eq!(refused.body["errors"][0]["pointer"], "/due_on");
    give(of_old(json!({"due_on": "2014-12-31"}))).refused(422, "task.due_past");
    let late = give(of_old(json!({"due_on": "2015-06-30"}))).expect(201);
    assert!(late.body["days_late"].as_i64().is_some_and(|it| it > 3000), "{}", late.text);
    let mut yearly = of_old(json!({"report_every": "year"}));
    yearly.as_object_mut().unwrap().remove("due_on");
    assert_eq!(give(yearly).expect(201).body["due_on"], "2016-01-01");
}

#[test]
fn the_tasks_of_an_annulled_plan_end_with_it_and_no_new_one_follows_from_it() {
    let it = scene();
    let order = of_plan(&it, json!({}));
    let task = it.task(order.clone());
    let plan = order["source"]["id"].as_str().unwrap().to_owned();
    let path = format!("/action-plans/{plan}/annulment");
    it.world.post(&it.director, &path, json!({"reason": "Внесён по ошибке."})).expect(200);
    let ended = it.card(&it.director, &task).expect(200).body;
    assert_eq!(
        (&ended["state"], &ended["cancellation_reason"]),
        (&json!("cancelled"), &json!("source_annulled"))
    );
    it.give(&it.director, order).refused(409, "entry.annulled");
}

#[test]
fn tasks_without_a_day_stand_behind_all_others_in_both_orders() {
    let it = scene();
    let advised: Vec<String> = (0..3)
        .map(|_| {
            let mut order = it.order(advice(of_unit(&it, json!({}))));
            order.as_object_mut().unwrap().remove("due_on");
            it.world.post(&it.director, "/tasks", order).expect(201).id()
        })
        .collect();
    let (soon, late) =
        (it.task(json!({"due_on": it.world.day(3)})), it.task(json!({"due_on": it.world.day(9)})));
    for (sort, dated) in [("latest_first", [&late, &soon]), ("earliest_first", [&soon, &late])] {
        let (mut told, mut next) = (Vec::new(), format!("/tasks?limit=1&sort={sort}"));
        for _ in 0..5 {
            let page = it.world.get(&it.director, &next).expect(200);
            told.extend(page.ids());
            let cursor = page.body["next_cursor"].as_str().unwrap_or_default();
            next = format!("/tasks?limit=1&sort={sort}&cursor={cursor}");
        }
        assert_eq!(told[..2], dated.map(Clone::clone), "{sort}");
        assert!(told.len() == 5 && advised.iter().all(|it| told[2..].contains(it)), "{sort}: {told:?}");
    }
}

#[test]
fn only_a_task_of_a_source_is_shared_and_none_of_a_foreign_one_is_given() {
    let it = scene();
    let (other, stranger) = it.world.institution("Чужое");
    let foreign = it.world.unit(&it.world.admin(), &other, json!({"name": "Отделение"})).id();
    let class = json!({"text": "Предприятия", "organization_kinds": ["business"]});
    let refused = |members: Value, code: &str, place: &str| {
        let refused = it.give(&it.director, members).refused(422, code);
        assert_eq!(refused.body["errors"][0]["pointer"], place);
    };
    refused(json!({"source": {"kind": "unit", "id": foreign}}), "field.reference", "/source/id");
    refused(json!({"co_organization_ids": [other]}), "field.missing", "/source");
    refused(json!({"binding": false}), "field.missing", "/source");
    refused(of_unit(&it, json!({"case_id": it.case})), "field.combination", "/case_id");
    refused(of_unit(&it, json!({"addressee": class})), "field.combination", "/addressee");
    refused(
        of_unit(&it, json!({"co_organization_ids": [other, other]})),
        "field.combination",
        "/co_organization_ids",
    );
    refused(json!({"report_every": "month"}), "task.due", "/due_on");
    let nowhere = "01980000-0000-7000-8000-0000000000ff";
    refused(
        of_unit(&it, json!({"co_organization_ids": [nowhere], "binding": false})),
        "field.reference",
        "/co_organization_ids/0",
    );
    let theirs = json!({"assignee": account(&stranger), "controller_user_id": it.director.id});
    refused(of_unit(&it, theirs), "task.assignee", "/assignee/id");
}

#[test]
fn a_task_to_a_class_is_found_by_an_organization_that_is_entered_later() {
    let it = scene();
    let order = to_class(&it, of_plan(&it, json!({})));
    let task = it.world.post(&it.director, "/tasks", order).expect(201).id();
    let head = |kind: &str, territory: &str| {
        it.world.staff("director", &it.world.organization(kind, "Организация", territory))
    };
    let (near, far, other) = (head("ngo", "25655101"), head("ngo", "33701000"), head("business", "25655101"));
    let seen = |who: &Account| it.listed(who, "").len();
    assert_eq!((seen(&near), seen(&far), seen(&other)), (1, 0, 0));
    assert_eq!(it.card(&near, &task).expect(200).actions(), json!(["answer"]));
    let mut offered = it.card(&it.director, &task).expect(200).actions();
    offered.as_array_mut().unwrap().sort_by_key(Value::to_string);
    assert_eq!(
        offered,
        json!(["cancel", "postpone", "report"]),
        "nobody has to do it, so nobody gets it instead"
    );
    it.step(&it.director, &task, "assignment", json!({"user_id": it.specialist.id}))
        .refused(409, "task.to_class");
}

#[test]
fn a_task_without_end_is_open_again_after_each_accepted_report() {
    let it = scene();
    let mut order = it.order(json!({"report_every": "month", "needs_acceptance": false}));
    order.as_object_mut().unwrap().remove("due_on");
    let given = it.world.post(&it.director, "/tasks", order).expect(201);
    assert_eq!((&given.body["due_on"], &given.body["ongoing"]), (&json!("2026-04-02"), &json!(true)));
    let reported = it.report(&it.specialist, &given.id()).expect(200);
    assert_eq!((&reported.body["state"], &reported.body["due_on"]), (&json!("open"), &json!("2026-05-02")));
    let again = it.report(&it.specialist, &given.id()).expect(200);
    assert_eq!(again.body["due_on"], json!("2026-05-02"), "a second report counts for no later month");
    let kinds = it.world.get(&it.director, &format!("/tasks/{}/history", given.id())).expect(200);
    assert_eq!(kinds.items()[0]["kind"], "task.report_accepted");
}
