//! Plans as a mentor, a tutor, the person and others read and write them.
use super::goal;
use serde_json::{Value, json};
use tests::pairs::Pair;
use tests::{Account, World};

/// A running pair on accompaniment, with its case.
fn pair(world: &World) -> (Pair, String) {
    let pair = world.pair();
    let case = world.case(&pair.director, &pair.organization, &pair.beneficiary);
    world.active(&pair);
    (pair, case)
}

fn sections(of: &Value) -> Vec<&str> {
    of["answers"].as_array().expect("answers").iter().filter_map(|it| it["section"].as_str()).collect()
}

#[test]
fn a_mentor_and_the_person_write_the_life_plan_and_the_person_adopts_it() {
    let world = World::new();
    let (pair, _) = pair(&world);
    let (mentor, girl) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let plan = world.plan(&girl, &pair.beneficiary, json!({"kind": "life_plan"}));
    let version = world.drafted(&mentor, &plan, world.life_plan_text());
    let path = format!("/plan-versions/{version}");
    world.edit(&girl, &path, json!({"opinion": "Хочу стать поваром."})).expect(200);
    world.of_version(&girl, &version, "submission", json!({})).expect(200);
    let order = json!({"approver": "person"});
    world.of_version(&girl, &version, "approvals", order.clone()).refused(409, "plan_version.out_of_turn");
    world.of_version(&pair.director, &version, "approvals", json!({"approver": "specialist"})).expect(200);
    world.of_version(&mentor, &version, "approvals", order.clone()).refused(403, "access.forbidden");
    let adopted = world.of_version(&girl, &version, "approvals", order).expect(200);
    assert_eq!(adopted.body["state"], "adopted");
}

#[test]
fn a_mentor_opens_an_education_route_and_no_other_plan_of_staff() {
    let world = World::new();
    let (pair, case) = pair(&world);
    let (mentor, girl) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let at = format!("/beneficiaries/{}/plans", pair.beneficiary);
    world.post(&girl, &at, json!({"kind": "education_route"})).refused(403, "access.not_yours");
    world.post(&mentor, &at, json!({"kind": "education_route"})).expect(201);
    let order = json!({"kind": "trajectory", "case_id": case});
    world.post(&mentor, &at, order).refused(422, "field.reference");
}

#[test]
fn a_side_reads_the_sections_that_are_for_it_of_what_was_adopted() {
    let world = World::new();
    let (pair, case) = pair(&world);
    let (mentor, girl) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let director = &pair.director;
    let layout = json!({"kind": "corrective", "effective_from": "2026-01-01", "title": "Программа", "approvers": ["unit_head"], "sections": [
        {"code": "staff", "label_ru": "Служебное", "for_person": false, "fields": [{"code": "notes", "label_ru": "Записи", "kind": "long_text"}]},
        {"code": "own", "label_ru": "Личное", "fields": [{"code": "notes", "label_ru": "Записи", "kind": "long_text"}]},
        {"code": "shared", "label_ru": "Общее", "for_mentor": true, "fields": [{"code": "notes", "label_ru": "Записи", "kind": "long_text"}]}]});
    world.post(&world.admin(), "/plan-forms", layout).expect(201);
    let plan = world.plan(director, &pair.beneficiary, json!({"kind": "corrective", "case_id": case}));
    let answer = |section: &str| json!({"section": section, "field": "notes", "value": "Написано."});
    let text = json!({"answers": [answer("staff"), answer("own"), answer("shared")], "opinion": "Да.",
        "goals": [goal("walk", "shared"), {"key": "secret", "section": "staff", "text": "Тайна", "criteria": "…", "due_on": "2026-06-01"}]});
    let version = world.drafted(director, &plan, text);
    let path = format!("/plan-versions/{version}");
    for who in [&mentor, &girl] {
        world.get(who, &path).refused(404, "request.not_found");
        let card = world.get(who, &format!("/plans/{plan}")).expect(200);
        assert_eq!((&card.body["versions"], card.body.get("case_id")), (&json!([]), None));
    }
    world.of_version(director, &version, "submission", json!({})).expect(200);
    let order = json!({"approver": "unit_head", "on_paper_file_id": world.file(director, "other")});
    let head = world.staff("unit_head", &pair.organization);
    world.of_version(&head, &version, "approvals", order).expect(200);
    let read = |who: &Account| world.get(who, &path).expect(200).body;
    assert_eq!(sections(&read(&mentor)), ["shared"]);
    assert_eq!(sections(&read(&girl)), ["own", "shared"]);
    assert_eq!(read(&mentor).get("opinion"), None);
    for who in [&mentor, &girl] {
        assert!(!world.get(who, &path).text.contains("Тайна"));
        let etag = world.get(who, &path).etag();
        world.put(who, &path, &etag, json!({})).refused(409, "plan_version.not_draft");
    }
    let done = |key: &str| json!({"key": key, "state": "done", "happened_on": world.day(0)});
    world.of_version(&girl, &version, "results", done("walk-first")).refused(403, "access.not_yours");
    world.of_version(&mentor, &version, "results", done("walk")).refused(403, "access.not_yours");
    world.of_version(&mentor, &version, "results", done("secret")).refused(422, "plan_result.unknown_key");
    world.of_version(&mentor, &version, "results", done("walk-first")).expect(200);
    world.of_version(director, &version, "results", done("secret")).expect(200);
    let results = world.get(&mentor, &format!("{path}/results")).expect(200);
    assert_eq!(results.items().len(), 1);
}

#[test]
fn another_institution_sees_no_plan_and_a_mentor_none_after_the_end() {
    let world = World::new();
    let (pair, case) = pair(&world);
    let mentor = world.mentor_account("maria", &pair);
    let plan = world.plan(&pair.director, &pair.beneficiary, json!({"kind": "route", "case_id": case}));
    let (_, other) = world.institution("Другой центр");
    world.get(&other, &format!("/plans/{plan}")).refused(404, "request.not_found");
    world
        .get(&other, &format!("/beneficiaries/{}/plans", pair.beneficiary))
        .refused(404, "request.not_found");
    world.post(&other, &format!("/plans/{plan}/versions"), json!({})).refused(404, "request.not_found");
    assert_eq!(
        world.get(&mentor, &format!("/beneficiaries/{}/plans", pair.beneficiary)).expect(200).items().len(),
        1
    );
    world
        .post(&mentor, &format!("/plans/{plan}/ending"), json!({"reason": "completed"}))
        .refused(403, "access.not_yours");
    let pairs = world.get(&pair.director, "/mentorships").expect(200).items()[0]["id"].clone();
    let end = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    world.step(&pair.director, pairs.as_str().expect("an id"), "termination", end).expect(200);
    world.get(&mentor, &format!("/plans/{plan}")).refused(404, "request.not_found");
    let officer =
        world.account("officer", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    world.get(&officer, &format!("/plans/{plan}")).expect(200);
}
