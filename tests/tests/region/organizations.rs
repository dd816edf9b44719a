use serde_json::json;
use tests::World;

#[test]
fn an_organization_is_entered_found_and_edited() {
    let world = World::new();
    let admin = world.admin();
    let form = json!({"kind": "ngo", "name": "Дом на Заречной", "territory": "25655000", "inn": "7707083893", "ngo_register_number": "77-12"});
    let added = world.post(&admin, "/organizations", form.clone()).expect(201);
    assert_eq!(added.header("location"), Some(format!("/api/v1/organizations/{}", added.id()).as_str()));
    let path = format!("/organizations/{}", added.id());
    assert_eq!(world.get(&admin, &path).expect(200).body, added.body);
    let patched =
        world.patch(&admin, &path, &added.etag(), json!({"name": "Дом у реки", "inn": null})).expect(200);
    assert_eq!(
        (&patched.body["name"], &patched.body["inn"], &patched.body["version"]),
        (&json!("Дом у реки"), &json!(null), &json!(2))
    );
    let replaced = world.put(&admin, &path, &patched.etag(), form).expect(200);
    assert_eq!(replaced.body["inn"], "7707083893");
}

#[test]
fn a_second_organization_with_the_same_inn_is_refused() {
    let world = World::new();
    let form = json!({"kind": "ngo", "name": "Дом", "territory": "25655000", "inn": "7707083893"});
    world.post(&world.admin(), "/organizations", form.clone()).expect(201);
    world.post(&world.admin(), "/organizations", form).refused(409, "organization.inn_taken");
}

#[test]
fn nobody_overwrites_what_they_have_not_seen() {
    let world = World::new();
    let admin = world.admin();
    let id = world.organization("ngo", "Дом", "25655000");
    let path = format!("/organizations/{id}");
    let etag = world.get(&admin, &path).etag();
    world.patch(&admin, &path, &etag, json!({"name": "Первый"})).expect(200);
    let stale = world.patch(&admin, &path, &etag, json!({"name": "Второй"})).refused(412, "version.stale");
    assert_eq!(stale.etag(), "\"2\"");
    let body = json!({"name": "x"}).to_string().into_bytes();
    world
        .ask("PATCH", &format!("/api/v1{path}"))
        .by(&admin)
        .body("application/merge-patch+json", body)
        .send()
        .refused(428, "version.required");
    assert_eq!(world.get(&admin, &path).body["name"], "Первый");
}

#[test]
fn an_organization_is_not_its_own_branch_and_only_an_ngo_has_a_mark() {
    let world = World::new();
    let id = world.organization("business", "Завод", "25655000");
    let form = json!({"parent_id": id, "ngo_register_number": "77-12"});
    let refused = world.patch(&world.admin(), &format!("/organizations/{id}"), "\"1\"", form);
    let refused = refused.refused(422, "organization.own_parent");
    assert_eq!(refused.codes(), ["organization.own_parent", "organization.mark_needs_ngo"]);
}

#[test]
fn a_second_organization_with_the_same_ogrn_is_refused() {
    let world = World::new();
    let form = json!({"kind": "ngo", "name": "Дом", "territory": "25655000", "ogrn": "1027700132195"});
    world.post(&world.admin(), "/organizations", form.clone()).expect(201);
    world.post(&world.admin(), "/organizations", form).refused(409, "organization.ogrn_taken");
}

#[test]
fn a_unit_is_changed_in_part() {
    let world = World::new();
    let home = world.organization("social_service_agency", "Свой", "25655000");
    let form = json!({"name": "Отделение", "head_name": "Петрова"});
    let unit = world.post(&world.admin(), &format!("/organizations/{home}/units"), form).expect(201);
    let path = format!("/units/{}", unit.id());
    let changed = world.patch(&world.admin(), &path, &unit.etag(), json!({"head_name": null})).expect(200);
    assert_eq!((&changed.body["name"], changed.body.get("head_name")), (&json!("Отделение"), None));
}
