use serde_json::{Value, json};
use tests::World;

#[test]
fn a_representative_is_put_on_record_read_and_ended() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let girl = world.beneficiary(&director, &organization, &world.person(&director, json!({})));
    let guardian = world.person(&director, json!({"family_name": "Опекунова", "patronymic": null}));
    let form = json!({"person_id": guardian, "basis": "guardian", "document": "Распоряжение № 54", "valid_from": "2021-03-12"});
    let all = format!("/beneficiaries/{girl}/representatives");
    let added = world.post(&director, &all, form.clone()).expect(201);
    let path = format!("/representatives/{}", added.id());
    assert_eq!(added.header("location"), Some(format!("/api/v1{path}").as_str()));
    assert_eq!(
        (&added.body["person_name"], &added.body["document"]),
        (&json!("Опекунова Алёна"), &json!("Распоряжение № 54"))
    );
    assert_eq!(world.get(&director, &path).expect(200).body, added.body);
    let ended =
        world.patch(&director, &path, &added.etag(), json!({"valid_until": "2026-03-01"})).expect(200);
    assert_eq!(ended.body["valid_until"], "2026-03-01");
    let second = world.guardian(&director, &girl, &guardian);
    let ids: Vec<Value> =
        world.get(&director, &all).expect(200).items().iter().map(|it| it["id"].clone()).collect();
    assert_eq!(ids, [json!(second), added.body["id"].clone()]);
    let replaced = world.put(&director, &path, &ended.etag(), form).expect(200);
    assert_eq!(replaced.body["valid_until"], Value::Null);
    world.patch(&director, &path, &ended.etag(), json!({"basis": "trustee"})).refused(412, "version.stale");
    let history = world.get(&director, &format!("{path}/history")).expect(200);
    assert_eq!(history.items()[1]["kind"], "representative.edited");
    assert!(!history.text.contains("Распоряжение"));
}

#[test]
fn nobody_represents_themselves_or_backwards_in_time_or_by_what_is_not_there() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let person = world.person(&director, json!({}));
    let girl = world.beneficiary(&director, &organization, &person);
    let guardian = world.person(&director, json!({}));
    let foreign = world.person(&world.admin(), json!({}));
    let all = format!("/beneficiaries/{girl}/representatives");
    let form = |id: &str| json!({"person_id": id, "basis": "guardian", "valid_from": "2021-03-12", "valid_until": "2021-03-11"});
    let refused = world.post(&director, &all, form(&person)).refused(422, "representative.self");
    assert_eq!(refused.codes(), ["representative.self", "representative.term"]);
    world.post(&director, &all, form(&guardian)).refused(422, "representative.term");
    let refused = world.post(&director, &all, form(&foreign)).refused(422, "field.reference");
    assert_eq!(refused.body["errors"][0]["pointer"], "/person_id");
    let mut with_file = form(&guardian);
    with_file["document_file_id"] = json!("01980000-0000-7000-8000-00000000000c");
    let refused = world.post(&director, &all, with_file).refused(422, "field.reference");
    assert_eq!(refused.body["errors"][0]["pointer"], "/document_file_id");
    let id = world.guardian(&director, &girl, &guardian);
    let path = format!("/representatives/{id}");
    world.patch(&director, &path, "\"1\"", json!({"person_id": person})).refused(422, "representative.self");
}

#[test]
fn representatives_are_seen_with_their_beneficiary() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let (_, elsewhere) = world.institution("Другой центр");
    let girl = world.beneficiary(&director, &organization, &world.person(&director, json!({})));
    let id = world.guardian(&director, &girl, &world.person(&director, json!({})));
    let (path, all) = (format!("/representatives/{id}"), format!("/beneficiaries/{girl}/representatives"));
    let officer =
        world.account("opeka", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    for account in [&world.admin(), &officer] {
        assert_eq!(world.get(account, &all).expect(200).items().len(), 1);
        world.get(account, &path).expect(200);
    }
    world.patch(&officer, &path, "\"1\"", json!({"basis": "trustee"})).refused(403, "access.forbidden");
    let form = json!({"person_id": world.person(&elsewhere, json!({})), "basis": "guardian", "valid_from": "2021-03-12"});
    world.post(&elsewhere, &all, form).refused(404, "request.not_found");
    world.get(&elsewhere, &all).refused(404, "request.not_found");
    world.get(&elsewhere, &path).refused(404, "request.not_found");
    world.patch(&elsewhere, &path, "\"1\"", json!({"basis": "trustee"})).refused(404, "request.not_found");
    let mentor = world.account("mentor", json!([{"role": "mentor"}]), None);
    world.get(&mentor, &path).refused(404, "request.not_found");
    world.get(&mentor, &all).refused(404, "request.not_found");
}
