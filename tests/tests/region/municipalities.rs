use serde_json::{Value, json};
use tests::World;

fn names(page: &[Value]) -> Vec<&str> {
    page.iter().filter_map(|it| it["name"].as_str()).collect()
}

#[test]
fn a_municipality_is_entered_found_and_edited() {
    let world = World::new();
    let admin = world.admin();
    let form = json!({"code": "25655000", "name": "Эхирит-Булагатский район", "latitude": 52.806001, "longitude": 104.761});
    let added = world.post(&admin, "/municipalities", form.clone()).expect(201);
    let path = format!("/municipalities/{}", added.id());
    assert_eq!(added.header("location"), Some(format!("/api/v1{path}").as_str()));
    assert_eq!(world.get(&admin, &path).expect(200).body, added.body);
    assert_eq!((&added.body["latitude"], &added.body["longitude"]), (&json!(52.806001), &json!(104.761)));
    let patch = json!({"latitude": null, "longitude": null, "name": "Эхирит-Булагатский округ"});
    let patched = world.patch(&admin, &path, &added.etag(), patch).expect(200);
    assert_eq!((&patched.body["version"], patched.body.get("latitude")), (&json!(2), None));
    world.put(&admin, &path, &added.etag(), form.clone()).refused(412, "version.stale");
    let replaced = world.put(&admin, &path, &patched.etag(), form).expect(200);
    assert_eq!(replaced.body["latitude"], json!(52.806001));
    assert_eq!(world.fact("municipality.added"), added.id());
    assert_eq!(world.fact("municipality.edited"), added.id());
}

#[test]
fn municipalities_are_listed_by_name() {
    let world = World::new();
    let admin = world.admin();
    for (code, name) in [("25655000", "Ёлкино"), ("25701000", "Боровское"), ("33701000", "Ясное")]
    {
        world.post(&admin, "/municipalities", json!({"code": code, "name": name})).expect(201);
    }
    let all = world.get(&admin, "/municipalities").expect(200);
    assert_eq!(names(all.items()), ["Боровское", "Ёлкино", "Ясное"]);
    let first = world.get(&admin, "/municipalities?limit=2").expect(200);
    let cursor = first.body["next_cursor"].as_str().expect("a next page");
    let rest = world.get(&admin, &format!("/municipalities?limit=2&cursor={cursor}")).expect(200);
    assert_eq!((names(first.items()), names(rest.items())), (vec!["Боровское", "Ёлкино"], vec!["Ясное"]));
    let there = world.get(&admin, "/municipalities?code=25").expect(200);
    assert_eq!(names(there.items()), ["Боровское", "Ёлкино"]);
}

#[test]
fn a_municipality_has_one_code_for_good_and_a_whole_middle() {
    let world = World::new();
    let admin = world.admin();
    let add = |form| world.post(&admin, "/municipalities", form);
    let id = add(json!({"code": "25655000", "name": "Район"})).expect(201).id();
    add(json!({"code": "25655000", "name": "Другой"})).refused(409, "municipality.code_taken");
    let settlement = json!({"code": "25655000101", "name": "Посёлок", "latitude": 52.8});
    let refused = add(settlement).refused(422, "municipality.not_a_municipality");
    assert_eq!(refused.codes(), ["municipality.not_a_municipality", "field.missing"]);
    add(json!({"code": "25656000", "name": "Район", "longitude": 104.0})).refused(422, "field.missing");
    let beyond = json!({"code": "25656000", "name": "Район", "latitude": 91, "longitude": -181});
    assert_eq!(add(beyond).expect(422).codes(), ["field.range", "field.range"]);
    let path = format!("/municipalities/{id}");
    world.patch(&admin, &path, "\"1\"", json!({"code": "25656000"})).refused(422, "municipality.code_fixed");
}

#[test]
fn everybody_reads_municipalities_and_the_region_keeps_them() {
    let world = World::new();
    let form = json!({"code": "25655000", "name": "Район"});
    let id = world.post(&world.admin(), "/municipalities", form.clone()).expect(201).id();
    let path = format!("/municipalities/{id}");
    let (_, director) = world.institution("Центр");
    let mentee = world.account("mentee", json!([{"role": "mentee"}]), None);
    for who in [&director, &mentee] {
        assert_eq!(world.get(who, "/municipalities").expect(200).items().len(), 1);
        world.get(who, &path).expect(200);
        world.post(who, "/municipalities", form.clone()).refused(403, "access.forbidden");
        world.put(who, &path, "\"1\"", form.clone()).refused(403, "access.forbidden");
    }
}
