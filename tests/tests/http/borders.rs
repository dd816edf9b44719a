//! Borders between regions and institutions, and the journal of reads.
use serde_json::json;
use tests::{Reply, World};

#[test]
fn nothing_of_one_region_is_reachable_from_another() {
    let world = World::new();
    let (admin, neighbour) = (world.admin(), world.neighbour());
    let id = world.organization("ngo", "Дом", "25655000");
    assert!(world.get(&neighbour, "/organizations").expect(200).items().is_empty());
    world.get(&neighbour, &format!("/organizations/{id}")).refused(404, "request.not_found");
    world
        .patch(&neighbour, &format!("/organizations/{id}"), "\"1\"", json!({"name": "Чужой"}))
        .refused(404, "request.not_found");
    world
        .post(
            &neighbour,
            "/organizations",
            json!({"kind": "ngo", "name": "Филиал", "territory": "25655000", "parent_id": id}),
        )
        .refused(422, "field.reference");
    world.get(&neighbour, &format!("/users/{}", admin.id)).refused(404, "request.not_found");
    let wrong = world
        .ask("POST", "/api/v1/auth/login")
        .json(&json!({"login": "admin", "password": tests::PASSWORD}))
        .send();
    wrong.refused(400, "request.parameter");
    let nowhere = json!({"login": "admin", "password": tests::PASSWORD, "region": "atlantis"});
    world.ask("POST", "/api/v1/auth/login").json(&nowhere).send().refused(401, "session.credentials");
}

#[test]
fn a_hidden_thing_and_no_thing_are_answered_alike() {
    let world = World::new();
    let away = world.organization("ngo", "Чужой", "25655000");
    let home = world.organization("ngo", "Свой", "25655000");
    let director = world.account("director", json!([{"role": "director", "organization_id": home}]), None);
    let stranger = world.account("stranger", json!([{"role": "unit_head", "organization_id": away}]), None);
    let hidden = world.get(&director, &format!("/users/{}", stranger.id)).expect(404);
    let nothing = world.get(&director, "/users/01980000-0000-7000-8000-000000000001").expect(404);
    let shape = |it: &Reply| {
        let mut body = it.body.clone();
        body["request_id"] = json!("");
        let names: Vec<String> =
            it.headers.iter().map(|(name, _)| name.clone()).filter(|it| it != "date").collect();
        (body, names.len())
    };
    assert_eq!(shape(&hidden), shape(&nothing));
}

#[test]
fn the_history_tells_who_did_what_in_which_request() {
    let world = World::new();
    let admin = world.admin();
    let id = world.organization("ngo", "Дом", "25655000");
    let path = format!("/organizations/{id}");
    let patch = world
        .ask("PATCH", &format!("/api/v1{path}"))
        .by(&admin)
        .header("if-match", "\"1\"")
        .header("x-request-id", "edit-1");
    patch
        .body("application/merge-patch+json", br#"{"name":"X","inn":"7707083893"}"#.to_vec())
        .send()
        .expect(200);
    let history = world.get(&admin, &format!("{path}/history")).expect(200);
    let kinds: Vec<_> = history.items().iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["organization.edited", "organization.added"]);
    let edit = &history.items()[0];
    assert_eq!(
        (edit["actor_id"].as_str(), edit["request_id"].as_str()),
        (Some(admin.id.as_str()), Some("edit-1"))
    );
    let fields =
        json!({"name": "fields", "value": "inn, name", "ru": "ИНН, наименование", "en": "ИНН, name"});
    assert_eq!(edit["details"], json!([fields]));
    world
        .get(&admin, "/organizations/01980000-0000-7000-8000-000000000001/history")
        .refused(404, "request.not_found");
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    world.get(&analyst, &format!("{path}/history")).refused(403, "access.forbidden");
}

#[test]
fn a_unit_belongs_to_its_organization_and_its_director() {
    let world = World::new();
    let (home, away) = (
        world.organization("social_service_agency", "Свой", "25655000"),
        world.organization("ngo", "Чужой", "25655000"),
    );
    let director = world.account("director", json!([{"role": "director", "organization_id": home}]), None);
    let unit = world
        .post(
            &director,
            &format!("/organizations/{home}/units"),
            json!({"name": "Отделение помощи семье", "head_user_id": director.id}),
        )
        .expect(201);
    world
        .post(&director, &format!("/organizations/{away}/units"), json!({"name": "Отделение"}))
        .refused(403, "access.forbidden");
    let path = format!("/units/{}", unit.id());
    world.put(&director, &path, &unit.etag(), json!({"name": "Отделение помощи семье и детям"})).expect(200);
    world.get(&world.admin(), &format!("{path}/history")).expect(200);
    assert_eq!(world.get(&director, &format!("/organizations/{home}/units")).expect(200).items().len(), 1);
    world.get(&director, &path).expect(200);
    world
        .post(
            &director,
            &format!("/organizations/{home}/units"),
            json!({"name": "Отделение", "head_user_id": world.admin().id}),
        )
        .refused(422, "field.reference");
}

#[test]
fn a_read_of_personal_data_leaves_a_trace_and_a_read_of_a_directory_does_not() {
    let world = World::new();
    let admin = world.admin();
    let ivan = world.account("ivan", json!([{"role": "analyst"}]), None);
    let organization = world.organization("ngo", "Дом", "25655000");
    world.get(&admin, &format!("/users/{}", ivan.id)).expect(200);
    world.get(&admin, &format!("/organizations/{organization}")).expect(200);
    let readers = world.readers(domain::base::change::SubjectKind::User, &ivan.id);
    assert_eq!(readers.iter().filter(|it| **it == admin.id).count(), 1);
    assert!(world.readers(domain::base::change::SubjectKind::Organization, &organization).is_empty());
}
