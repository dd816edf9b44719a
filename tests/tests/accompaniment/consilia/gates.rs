//! The gates of consilia: what a move to another stage, the end and the continuation of accompaniment ask for.
use super::{Scene, scene, scene_of};
use serde_json::{Value, json};
use tests::with;

/// A care leaver in preparation, ready, with a submitted route and three modules that are still open.
pub(super) fn ready() -> (Scene, String, Vec<Value>) {
    let it = scene_of("aftercare", "preparation");
    let world = &it.world;
    world.assessed(&it.director, &it.beneficiary, -1);
    let plan = world.plan(&it.specialist, &it.beneficiary, json!({"kind": "route", "case_id": it.case}));
    let route = world.drafted(&it.specialist, &plan, super::super::plans::route());
    world.of_version(&it.specialist, &route, "submission", json!({})).expect(200);
    let programmes = world.get(&it.director, "/living-programmes?regional=true").expect(200);
    let modules = programmes.items()[0]["modules"].as_array().expect("modules").clone();
    let mandatory =
        modules.into_iter().filter(|it| it["mandatory"] == json!(true)).map(|it| it["code"].clone());
    let mandatory: Vec<Value> = mandatory.collect();
    (it, route, mandatory)
}

/// The order that lets a care leaver enter, with these modules waived.
pub(super) fn enters(route: &str, modules: &[Value]) -> Value {
    let waivers: Vec<Value> =
        modules.iter().map(|it| json!({"module_code": it, "reason": "Освоено."})).collect();
    json!({"to_stage": "accompaniment", "route_version_id": route, "waivers": waivers})
}

#[test]
fn a_primary_consilium_adopts_the_route_waives_modules_and_lets_a_care_leaver_enter() {
    let (it, route, mandatory) = ready();
    let waivers: Vec<Value> =
        mandatory.iter().map(|it| json!({"module_code": it, "reason": "Освоено в семье."})).collect();
    let enters = json!({"to_stage": "accompaniment", "route_version_id": route, "waivers": waivers});
    let (consilium, item) = it.held("primary");
    it.resolve(&item, json!({"to_stage": "accompaniment", "route_version_id": route}))
        .refused(409, "consilium.modules_open");
    let foreign = with(enters.clone(), &json!({"route_version_id": it.case}));
    it.resolve(&item, foreign).expect(409);
    let unknown = json!([{"module_code": "no-such-module", "reason": "Так."}]);
    let refused = it.resolve(&item, with(enters.clone(), &json!({"waivers": unknown}))).expect(409);
    assert!(refused.text.contains("living_module.not_waivable"), "{}", refused.text);
    it.resolve(&item, enters.clone()).expect(200);
    it.close(&consilium, "1").expect(200);
    assert_eq!(it.stage(), "accompaniment");
    let card = it.world.get(&it.director, &format!("/cases/{}", it.case)).expect(200);
    assert_eq!(card.body.get("primary_consilium_due_on"), None, "it has had its primary consilium");
    let adopted = it.world.get(&it.director, &format!("/plan-versions/{route}")).expect(200);
    assert_eq!(
        (&adopted.body["state"], &adopted.body["approvals"][0]["approver"]),
        (&json!("adopted"), &json!("consilium"))
    );
    let (_, item) = it.held("scheduled");
    it.resolve(&item, json!({"waivers": waivers})).refused(422, "consilium.kind_unsuited");
    let (_, again) = (it.snapshot(), it.resolve(&item, json!({"route_version_id": route})));
    again.refused(422, "field.reference");
}

#[test]
fn readiness_of_181_days_is_none_and_a_route_returned_meanwhile_refuses_the_closing() {
    let (mut it, route, mandatory) = ready();
    let (consilium, item) = it.held("primary");
    it.resolve(&item, enters(&route, &mandatory)).expect(200);
    let back = json!({"reason": "Поправить."});
    it.world.of_version(&it.director, &route, "return", back).expect(200);
    let refused = it.close(&consilium, "1").expect(409);
    assert_eq!(refused.codes(), ["consilium.route_missing"]);
    assert_eq!(refused.body["errors"][0]["pointer"], "/items/0");
    it.step(&it.director, &consilium, "cancellation", json!({})).refused(409, "consilium.not_planned");
    it.world.advance_days(180);
    (it.director, it.specialist) = (it.world.again(&it.director), it.world.again(&it.specialist));
    let refused = it.close(&consilium, "1").expect(409);
    assert_eq!(refused.codes(), ["consilium.readiness_missing", "consilium.route_missing"]);
    assert_eq!(it.stage(), "preparation");
}

#[test]
fn the_second_case_without_a_route_refuses_the_closing_and_nothing_of_the_first_has_moved() {
    let (it, route, mandatory) = ready();
    let person = it.world.person(&it.director, json!({"given_name": "Анна", "birth_date": "2009-05-05"}));
    let other = it.world.beneficiary(&it.director, &it.centre, &person);
    let order = json!({"beneficiary_id": other, "organization_id": it.centre, "opened_on": it.world.day(-40), "stage": "accompaniment",
        "legal_bases": [{"kind": "contract", "drawn_on": it.world.day(-40)}]});
    let other = it.world.post(&it.director, "/cases", order).expect(201).id();
    let snapshot = json!({"taken_on": it.world.day(0), "source": "visit", "in_touch": "yes",
        "domains": [{"domain": "household", "level": "stable"}]});
    it.world.post(&it.director, &format!("/cases/{other}/snapshots"), snapshot).expect(201);
    let consilium = it.planned();
    let first = it.add(&consilium, &other, "transition").expect(201).id();
    let second = it.add(&consilium, &it.case, "primary").expect(201).id();
    it.hold(&consilium).expect(200);
    let heard = json!([{"person_id": person, "heard": "present", "opinion": "Справляюсь."}]);
    it.resolve(&first, json!({"heard": heard, "to_stage": "monitoring"})).expect(200);
    it.resolve(&second, enters(&route, &mandatory)).expect(200);
    let back = json!({"reason": "Поправить."});
    it.world.of_version(&it.director, &route, "return", back).expect(200);
    let refused = it.close(&consilium, "1").refused(409, "consilium.route_missing");
    assert_eq!((refused.codes(), refused.pointers()), (vec!["consilium.route_missing"], vec!["/items/1"]));
    for (case, stage) in [(&other, "accompaniment"), (&it.case, "preparation")] {
        let card = it.world.get(&it.director, &format!("/cases/{case}")).expect(200);
        assert_eq!(card.body["stage"], stage);
        let tasks = it.world.get(&it.director, &format!("/tasks?case_id={case}")).expect(200);
        assert!(tasks.items().is_empty(), "{}", tasks.text);
    }
    let card = it.world.get(&it.director, &format!("/consilia/{consilium}")).expect(200);
    assert_eq!((&card.body["state"], card.body.get("protocol_number")), (&json!("held"), None));
}

#[test]
fn monitoring_begins_when_every_goal_of_the_route_has_a_result() {
    let (it, route, mandatory) = ready();
    let (consilium, item) = it.held("primary");
    it.resolve(&item, enters(&route, &mandatory)).expect(200);
    it.close(&consilium, "1").expect(200);
    it.snapshot();
    let (consilium, item) = it.held("transition");
    it.resolve(&item, json!({"to_stage": "monitoring"})).refused(409, "consilium.goals_open");
    let done = json!({"key": "college", "state": "done", "happened_on": it.world.day(0)});
    it.world.post(&it.specialist, &format!("/plan-versions/{route}/results"), done).expect(200);
    it.resolve(&item, json!({"to_stage": "monitoring"})).expect(200);
    it.close(&consilium, "2").expect(200);
    assert_eq!(it.stage(), "monitoring");
}

#[test]
fn every_gate_refuses_and_moves_nothing() {
    let it = scene_of("aftercare", "preparation");
    let (_, item) = it.held("primary");
    let refused = it.resolve(&item, json!({"to_stage": "accompaniment"})).expect(409);
    assert_eq!(refused.codes()[..2], ["consilium.readiness_missing", "consilium.route_missing"]);
    it.resolve(&item, json!({"to_stage": "monitoring"})).refused(409, "consilium.stage_step");
    it.resolve(&item, json!({"to_stage": "hardship_help"})).refused(422, "consilium.kind_unsuited");
    it.resolve(&item, json!({"heard": []})).expect(409);
    let nothing = it.resolve(&item, json!({"decisions": [], "heard": []})).expect(409);
    assert!(nothing.text.contains("no_decision"));
    assert!(nothing.text.contains("person_not_heard"));
    assert_eq!(it.stage(), "preparation");

    let it = scene();
    let (_, item) = it.held("transition");
    it.resolve(&item, json!({"to_stage": "preparation"})).refused(422, "consilium.reason_needed");
    it.resolve(&item, json!({"votes": {"in_favour": 2, "against": 2, "abstained": 0}})).expect(422);
    it.resolve(&item, json!({"decisions": [with(it.decision(), &json!({"due_on": it.world.day(-1)}))]}))
        .refused(422, "task.due_past");
    let stranger = it.world.institution("Чужой центр").1;
    let foreign = with(it.decision(), &json!({"assignee": {"kind": "user", "id": stranger.id}}));
    let refused = it.resolve(&item, json!({"decisions": [foreign]})).refused(422, "task.assignee");
    assert_eq!(refused.body["errors"][0]["pointer"], "/decisions/0/assignee/id");
    let other = it.world.person(&it.director, json!({}));
    let heard = json!([{"person_id": other, "heard": "present", "opinion": "Согласна."}]);
    it.resolve(&item, json!({"heard": heard})).expect(422);
}

#[test]
fn help_in_hardship_comes_by_an_urgent_item_and_leads_back_to_the_stage_left() {
    let it = scene();
    let (consilium, item) = it.held("urgent");
    it.resolve(&item, json!({"to_stage": "hardship_help"})).expect(200);
    it.close(&consilium, "1").expect(200);
    assert_eq!(it.stage(), "hardship_help");
    let (consilium, item) = it.held("scheduled");
    it.resolve(&item, json!({"to_stage": "monitoring"})).refused(409, "consilium.stage_step");
    it.resolve(&item, json!({"to_stage": "accompaniment"})).expect(200);
    it.close(&consilium, "2").expect(200);
    assert_eq!(it.stage(), "accompaniment");
}

#[test]
fn a_care_leaver_is_closed_only_by_a_final_item_but_for_what_does_not_wait() {
    let it = scene_of("aftercare", "accompaniment");
    let path = format!("/cases/{}/closing", it.case);
    let closing =
        |reason: &str| json!({"closed_on": it.world.day(0), "reason": reason, "note": "Так решили."});
    for reason in ["goals_reached", "adulthood", "other", "unreachable"] {
        it.world.post(&it.director, &path, closing(reason)).refused(409, "case.final_consilium_needed");
    }
    let (consilium, item) = it.held("final");
    it.resolve(&item, json!({})).refused(422, "field.missing");
    let early = json!({"decisions": [], "finish": {"outcome": "close", "closing_reason": "goals_reached", "closed_on": it.world.day(-90)}});
    let refused = it.resolve(&item, early).refused(422, "case.closed_before_opened");
    assert_eq!(refused.body["errors"][0]["pointer"], "/finish/closed_on");
    let lost = json!({"decisions": [], "finish": {"outcome": "close", "closing_reason": "unreachable", "closed_on": it.world.day(0)}});
    it.resolve(&item, lost).refused(409, "case.contact_attempts_few");
    let ends = json!({"decisions": [], "finish": {"outcome": "close", "closing_reason": "goals_reached", "closed_on": it.world.day(0)}});
    it.resolve(&item, ends).expect(200);
    it.close(&consilium, "3").expect(200);
    let case = it.world.get(&it.director, &format!("/cases/{}", it.case)).expect(200);
    assert_eq!(
        (&case.body["state"], &case.body["closing_reason"]),
        (&json!("closed"), &json!("goals_reached"))
    );
    let it = scene_of("aftercare", "accompaniment");
    let moved = json!({"closed_on": it.world.day(0), "reason": "moved"});
    it.world.post(&it.director, &format!("/cases/{}/closing", it.case), moved).expect(200);
}

#[test]
fn the_review_at_23_is_decided_by_a_final_item_for_a_year_at_most() {
    let it = scene();
    let born = it.world.today() - chrono::Months::new(12 * 23);
    let person = it.world.person(&it.director, json!({"birth_date": born}));
    let beneficiary = it.world.beneficiary(&it.director, &it.centre, &person);
    let order = json!({"beneficiary_id": beneficiary, "organization_id": it.centre, "opened_on": it.world.day(-40),
        "kind": "aftercare", "stage": "accompaniment"});
    let case = it.world.post(&it.director, "/cases", order).expect(201).id();
    let it = Scene { case, person, beneficiary, ..it };
    let (consilium, item) = it.held("final");
    let until = |days| json!({"finish": {"outcome": "continue", "ground": "studies", "continue_until": it.world.day(days)}});
    it.resolve(&item, until(400)).refused(422, "case_review.too_long");
    it.resolve(&item, until(0)).refused(422, "case_review.too_long");
    it.resolve(&item, until(200)).expect(200);
    it.close(&consilium, "4").expect(200);
    let case = it.world.get(&it.director, &format!("/cases/{}", it.case)).expect(200);
    assert_eq!((&case.body["state"], &case.body["reviews_due"]), (&json!("open"), &json!([])));
    let reviews = it.world.get(&it.director, &format!("/cases/{}/reviews", it.case)).expect(200);
    let [review] = reviews.items().as_slice() else { panic!("one review") };
    assert_eq!(
        (&review["outcome"], &review["continue_until"]),
        (&json!("continue"), &json!(it.world.day(200)))
    );
    let (_, item) = it.held("final");
    it.resolve(&item, until(100)).refused(409, "case_review.not_due");
}

#[test]
fn an_item_is_judged_by_what_the_items_before_it_have_decided() {
    let it = scene();
    let consilium = it.planned();
    let first = it.add(&consilium, &it.case, "urgent").expect(201).id();
    let second = it.add(&consilium, &it.case, "urgent").expect(201).id();
    it.hold(&consilium).expect(200);
    for item in [&first, &second] {
        it.resolve(item, json!({"to_stage": "hardship_help"})).expect(200);
    }
    let refused = it.close(&consilium, "1").refused(409, "consilium.stage_step");
    assert_eq!(refused.body["errors"][0]["pointer"], "/items/1");
    assert_eq!(it.stage(), "accompaniment");
    let off = json!({"note": "Уже решено."});
    it.world.post(&it.specialist, &format!("/consilium-items/{second}/postponement"), off).expect(200);
    it.close(&consilium, "1").expect(200);
    assert_eq!(it.stage(), "hardship_help");
}

#[test]
fn a_case_that_is_closed_takes_no_decisions_and_a_director_closes_where_the_chair_is_gone() {
    let it = scene();
    let head = it.world.staff("unit_head", &it.centre);
    let members = json!([{"role": "chair", "user_id": head.id}, {"role": "secretary", "user_id": it.specialist.id},
        {"role": "member", "name": "Петрова Елена"}]);
    let consilium = it.planned_with(json!({"members": members}));
    let item = it.add(&consilium, &it.case, "final").expect(201).id();
    it.step(
        &it.director,
        &consilium,
        "holding",
        json!({"held_at": it.world.hour(-40), "present": [1, 2, 3]}),
    )
    .refused(422, "consilium.held_early");
    it.hold(&consilium).expect(200);
    let ends = json!({"finish": {"outcome": "close", "closing_reason": "goals_reached", "closed_on": it.world.day(0)}});
    it.resolve(&item, ends.clone()).refused(422, "consilium.decisions_end");
    it.step(&it.director, &consilium, "closing", json!({"protocol_number": "1"}))
        .refused(403, "access.not_yours");
    it.world.close_account(&head);
    it.resolve(&item, with(ends, &json!({"decisions": []}))).expect(200);
    it.close(&consilium, "1").expect(200);
}

#[test]
fn nothing_is_decided_about_a_case_behind_the_item_that_closes_it() {
    let it = scene();
    let consilium = it.planned();
    let last = it.add(&consilium, &it.case, "final").expect(201).id();
    let urgent = it.add(&consilium, &it.case, "urgent").expect(201).id();
    it.hold(&consilium).expect(200);
    let end = json!({"outcome": "close", "closing_reason": "goals_reached", "closed_on": it.world.day(0)});
    let ends = json!({"decisions": [], "finish": end});
    let down = json!({"votes": {"in_favour": 0, "against": 3, "abstained": 0}});
    it.resolve(&last, ends.clone()).expect(200);
    it.resolve(&urgent, json!({})).refused_at(409, "consilium.case_ends", "/decisions");
    it.resolve(&urgent, down.clone()).expect(200);
    it.resolve(&last, with(ends.clone(), &down)).expect(200);
    it.resolve(&urgent, json!({})).expect(200);
    it.resolve(&last, ends.clone()).refused_at(409, "consilium.case_ends", "/finish/outcome");
    let off = json!({"note": "Случай закрывают."});
    it.world.post(&it.specialist, &format!("/consilium-items/{urgent}/postponement"), off).expect(200);
    it.resolve(&last, ends).expect(200);
    it.close(&consilium, "1").expect(200);
}

#[test]
fn nobody_chairs_a_consilium_about_the_own_family() {
    let it = scene();
    let (mother, chair) = it.mother();
    it.world.family(&it.director, &[&mother, &it.person]);
    let members =
        json!([{"role": "chair", "user_id": chair.id}, {"role": "member", "name": "Петрова Елена"}]);
    let consilium = it.planned_with(json!({"members": members}));
    it.add(&consilium, &it.case, "scheduled").refused(422, "consilium.chair_kin");
}

#[test]
fn readiness_under_another_record_of_the_person_opens_the_gate() {
    let it = scene_of("aftercare", "preparation");
    let born = it.world.today() - chrono::Months::new(12 * 16);
    let twin = it.world.person(&it.director, json!({"birth_date": born}));
    let twin = it.world.beneficiary(&it.director, &it.centre, &twin);
    it.world.assessed(&it.director, &twin, -1);
    let (_, item) = it.held("primary");
    let refused = || it.resolve(&item, json!({"to_stage": "accompaniment"})).expect(409);
    assert_eq!(refused().codes()[..2], ["consilium.readiness_missing", "consilium.route_missing"]);
    it.world.merged(&it.beneficiary, &twin);
    assert_eq!(refused().codes()[0], "consilium.route_missing", "nobody is to be heard twice");
}
