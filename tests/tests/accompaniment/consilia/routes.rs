//! The route and the modules that a consilium asks for, and what it asks of a resolution that was voted down.
use super::gates::{enters, ready};
use super::{Scene, scene, scene_of};
use crate::accompaniment::plans;
use serde_json::{Value, json};

impl Scene {
    /// The next version of a plan with this text, submitted.
    fn submitted(&self, plan: &str, text: Value) -> String {
        let version = self.world.drafted(&self.specialist, plan, text);
        self.world.of_version(&self.specialist, &version, "submission", json!({})).expect(200);
        version
    }
}

#[test]
fn a_care_leaver_comes_to_monitoring_only_with_a_route_whose_goals_all_have_a_result() {
    let it = scene_of("aftercare", "accompaniment");
    it.snapshot();
    let by = |version: &str| json!({"to_stage": "monitoring", "route_version_id": version});
    let (consilium, item) = it.held("transition");
    it.resolve(&item, json!({"to_stage": "monitoring"})).refused(409, "consilium.route_missing");
    let plan = it.world.plan(&it.specialist, &it.beneficiary, json!({"kind": "route", "case_id": it.case}));
    let route = it.submitted(&plan, plans::route());
    it.resolve(&item, by(&route)).refused(409, "consilium.goals_open");
    it.resolve(&item, json!({"route_version_id": route})).expect(200);
    it.close(&consilium, "1").expect(200);
    let done = json!({"key": "college", "state": "done", "happened_on": it.world.day(0)});
    it.world.of_version(&it.specialist, &route, "results", done).expect(200);
    let (consilium, item) = it.held("transition");
    it.resolve(&item, json!({"to_stage": "monitoring"})).expect(200);
    let mut more = plans::route();
    more["goals"].as_array_mut().expect("goals").push(plans::goal("friends", "circle"));
    let next = it.submitted(&plan, more);
    it.resolve(&item, by(&next)).refused(409, "consilium.goals_open");
    it.resolve(&item, json!({"to_stage": "monitoring"})).expect(200);
    let over = json!({"reason": "replaced"});
    it.world.post(&it.specialist, &format!("/plans/{plan}/ending"), over).expect(200);
    let refused = it.close(&consilium, "2").refused(409, "consilium.route_missing");
    assert_eq!((refused.pointers(), it.stage()), (vec!["/items/0"], json!("accompaniment")));
}

#[test]
fn a_version_that_awaits_another_approver_first_is_adopted_by_no_consilium() {
    let it = scene();
    let notes = json!({"code": "notes", "label_ru": "Что сделано", "kind": "long_text"});
    let section = json!({"code": "study_work", "label_ru": "Учёба", "goals_required": true, "for_mentor": true, "fields": [notes]});
    let layout = json!({"kind": "route", "effective_from": it.world.day(0), "title": "Маршрут", "review_months": 6,
        "approvers": ["specialist", "consilium"], "sections": [section]});
    it.world.post(&it.world.admin(), "/plan-forms", layout).expect(201);
    let plan = it.world.plan(&it.specialist, &it.beneficiary, json!({"kind": "route", "case_id": it.case}));
    let goals = [plans::goal("college", "study_work")];
    let route = it.submitted(&plan, json!({"answers": [], "goals": goals, "opinion": "Согласна."}));
    let (consilium, item) = it.held("scheduled");
    let refused =
        it.resolve(&item, json!({"route_version_id": route})).refused(409, "plan_version.out_of_turn");
    assert_eq!(refused.pointers(), ["/route_version_id"]);
    let paper = json!({"approver": "specialist", "on_paper_file_id": it.world.file(&it.specialist, "other")});
    it.world.of_version(&it.specialist, &route, "approvals", paper).expect(200);
    it.resolve(&item, json!({"route_version_id": route})).expect(200);
    it.close(&consilium, "1").expect(200);
    let adopted = it.world.get(&it.director, &format!("/plan-versions/{route}")).expect(200);
    assert_eq!(adopted.body["state"], "adopted");
}

#[test]
fn modules_are_waived_beside_an_enrolment_that_has_ended_and_what_was_passed_there_stays_passed() {
    let (it, route, mandatory) = ready();
    let world = &it.world;
    let regional = world.get(&it.director, "/living-programmes?regional=true").expect(200);
    let form = json!({"programme_id": regional.items()[0]["id"], "starts_on": world.day(0)});
    let at = format!("/beneficiaries/{}/living-enrolments", it.beneficiary);
    let enrolment = format!("/living-enrolments/{}", world.post(&it.director, &at, form).expect(201).id());
    let passed =
        json!({"module_code": "law", "state": "passed", "on": world.day(0), "hours": 24, "result": "Знает."});
    world.post(&it.director, &format!("{enrolment}/module-results"), passed).expect(200);
    let end = json!({"reason": "other", "note": "Призван.", "ended_on": world.day(0)});
    world.post(&it.director, &format!("{enrolment}/ending"), end).expect(200);
    let (consilium, item) = it.held("primary");
    it.resolve(&item, enters(&route, &mandatory)).refused(409, "living_module.not_waivable");
    let open: Vec<Value> = mandatory.into_iter().filter(|it| it != "law").collect();
    it.resolve(&item, enters(&route, &open)).expect(200);
    it.close(&consilium, "1").expect(200);
    assert_eq!(it.stage(), "accompaniment");
    let over = world.get(&it.director, &enrolment).expect(200);
    assert_eq!((&over.body["state"], &over.body["progress"]["done"]), (&json!("ended"), &json!(1)));
}

#[test]
fn an_outdated_programme_of_the_organization_hides_no_new_module_of_the_region() {
    let (it, route, mandatory) = ready();
    let own = json!({"effective_from": it.world.day(0), "name": "Подготовка", "organization_id": it.centre});
    it.world.post(&it.director, "/living-programmes", own).expect(201);
    let (_, item) = it.held("primary");
    it.resolve(&item, enters(&route, &mandatory)).expect(200);
    let driving = json!({"code": "driving", "name": "Вождение", "domain": "household", "mandatory": true, "min_hours": 12,
        "min_age": 14, "outcome": "Водит мопед."});
    let new = json!({"effective_from": it.world.day(0), "name": "Новая подготовка", "modules": [driving]});
    it.world.post(&it.world.admin(), "/living-programmes", new).expect(201);
    let refused = it.resolve(&item, enters(&route, &mandatory)).expect(409);
    assert!(refused.codes().contains(&"consilium.modules_open"), "{}", refused.text);
    it.resolve(&item, enters(&route, &[json!("driving")])).expect(200);
}

#[test]
fn a_move_that_was_voted_down_is_recorded_with_no_gate_asked() {
    let it = scene_of("aftercare", "preparation");
    let (consilium, item) = it.held("primary");
    it.resolve(&item, json!({"to_stage": "accompaniment"})).refused(409, "consilium.readiness_missing");
    let votes = json!({"in_favour": 1, "against": 2, "abstained": 0});
    let told = it.resolve(&item, json!({"to_stage": "accompaniment", "votes": votes})).expect(200);
    assert_eq!(told.body["is_carried"], false);
    it.close(&consilium, "1").expect(200);
    assert_eq!(it.stage(), "preparation");
    let tasks = it.world.get(&it.director, &format!("/tasks?case_id={}", it.case)).expect(200);
    assert!(tasks.items().is_empty(), "{}", tasks.text);
    let (consilium, item) = it.held("primary");
    it.resolve(&item, json!({})).expect(200);
    it.close(&consilium, "2").expect(200);
    assert_eq!(it.stage(), "preparation", "a decision alone moves nothing and asks for no route");
}
