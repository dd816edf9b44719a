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

#[test]
fn organizations_are_found_by_kind_by_territory_and_by_what_they_are_a_branch_of() {
    let world = World::new();
    let kinds = [
        "executive_authority",
        "guardianship_authority",
        "social_service_agency",
        "residential_care",
        "aftercare_service",
        "aftercare_centre",
        "vocational_school",
        "family_placement_centre",
        "ngo",
        "volunteer_body",
        "business",
        "university",
        "police",
    ];
    let here = kinds.map(|kind| world.organization(kind, kind, "25655000"));
    let settlement = world.organization("ngo", "НКО посёлка", "25655101");
    let elsewhere = world.organization("ngo", "НКО другого района", "25701000");
    // The directory is open to every account, because mentors look for partners too.
    let mentor = world.account("mentor", json!([{"role": "mentor"}]), None);
    let found = |filter: &str| {
        let reply = world.get(&mentor, &format!("/organizations?limit=50&{filter}")).expect(200);
        reply.items().iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    for (kind, id) in kinds.iter().zip(&here).filter(|it| *it.0 != "ngo") {
        assert_eq!(found(&format!("kind={kind}&territory=25655000")), [id.as_str()], "{kind}");
    }
    let ngo = &here[8];
    let of_district = found("kind=ngo&territory=25655000");
    assert_eq!(of_district, [ngo, &settlement].map(String::as_str), "the code of a whole district");
    assert_eq!(found("kind=ngo"), [ngo, &elsewhere, &settlement].map(String::as_str));
    assert_eq!(
        found("kind=ngo&territory=25655"),
        [ngo, &settlement].map(String::as_str),
        "the whole district"
    );
    assert_eq!(found("kind=police&territory=25701"), [""; 0]);
    assert_eq!(found("territory=25655").len(), kinds.len() + 1);
    let branch = json!({"kind": "ngo", "name": "Филиал", "territory": "33701000", "parent_id": ngo});
    let branch = world.post(&world.admin(), "/organizations", branch).expect(201).id();
    assert_eq!(found(&format!("parent_id={ngo}")), [branch.as_str()]);
    world.get(&mentor, "/organizations?kind=circus").refused(400, "request.parameter");
}

#[test]
fn an_organization_tells_what_it_works_on_and_how_to_reach_it() {
    let world = World::new();
    let areas = ["mentoring", "volunteering", "community_activation", "social_partnership"];
    let contacts =
        json!({"phones": ["+78332650455"], "emails": ["centre@example.org"], "address": "г. Киров"});
    let form = json!({"kind": "ngo", "name": "Центр помощи детям", "territory": "33701000", "focus_areas": areas, "contacts": contacts});
    let id = world.post(&world.admin(), "/organizations", form).expect(201).id();
    let mentor = world.account("mentor", json!([{"role": "mentor"}]), None);
    let read = world.get(&mentor, &format!("/organizations/{id}")).expect(200);
    assert_eq!((&read.body["focus_areas"], &read.body["contacts"]), (&json!(areas), &contacts));
    let path = format!("/organizations/{id}");
    let strange = world.patch(&world.admin(), &path, &read.etag(), json!({"focus_areas": ["gifts"]}));
    assert_eq!(strange.expect(422).codes(), ["field.word"]);
}
