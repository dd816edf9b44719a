//! Versions and idempotency: a repeated request has no second effect, and an edit overwrites nothing unseen.
use serde_json::json;
use tests::{Account, Reply, World};

#[test]
fn what_the_client_has_already_is_not_sent_again() {
    let world = World::new();
    let id = world.organization("ngo", "Дом", "25655000");
    let path = format!("/api/v1/organizations/{id}");
    let ask = |tag: &str| world.ask("GET", &path).by(&world.admin()).header("if-none-match", tag).send();
    assert_eq!(ask("\"1\"").expect(304).text, "");
    ask("\"2\", W/\"1\"").expect(304);
    ask("\"2\"").expect(200);
    let catalogue = world.ask("GET", "/api/v1/catalogues/roles").send().expect(200);
    let known = world.ask("GET", "/api/v1/catalogues/roles").header("if-none-match", catalogue.etag()).send();
    known.expect(304);
}

#[test]
fn a_repeated_post_with_its_key_happens_once() {
    let world = World::new();
    let body = json!({"kind": "ngo", "name": "Дом", "territory": "25655000"});
    let ask = |key: &str, body: &serde_json::Value| {
        world
            .ask("POST", "/api/v1/organizations")
            .by(&world.admin())
            .header("idempotency-key", key)
            .json(body)
            .send()
    };
    let first = ask("k-1", &body).expect(201);
    let again = ask("k-1", &body).expect(201);
    assert_eq!(
        (again.text.as_str(), again.header("idempotency-replayed")),
        (first.text.as_str(), Some("true"))
    );
    assert_eq!(
        (again.header("location"), again.header("etag")),
        (first.header("location"), first.header("etag"))
    );
    assert_eq!(first.header("idempotency-replayed"), None);
    ask("k-1", &json!({"kind": "ngo", "name": "Другой", "territory": "25655000"}))
        .refused(422, "idempotency.reused");
    ask("k-2", &json!({"kind": "ngo"})).expect(422);
    ask("k-2", &body).expect(201);
    ask(&"k".repeat(129), &body).refused(400, "request.header");
    assert_eq!(world.get(&world.admin(), "/organizations").items().len(), 2);
    world.advance(chrono::TimeDelta::hours(49));
    let admin = world.login("admin");
    let late = world
        .ask("POST", "/api/v1/organizations")
        .by(&admin)
        .header("idempotency-key", "k-1")
        .json(&body)
        .send()
        .expect(201);
    assert_ne!(late.id(), first.id(), "after 48 hours the key is free again");
}

#[test]
fn fifty_parallel_posts_with_one_key_happen_once() {
    let world = World::new();
    let body = json!({"kind": "ngo", "name": "Дом", "territory": "25655000"});
    let answers: Vec<Reply> = std::thread::scope(|scope| {
        let ask = || {
            world
                .ask("POST", "/api/v1/organizations")
                .by(&world.admin())
                .header("idempotency-key", "once")
                .json(&body)
                .send()
        };
        let asked: Vec<_> = (0..50).map(|_| scope.spawn(ask)).collect();
        asked.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let mut ids: Vec<String> = answers.iter().filter(|it| it.status == 201).map(Reply::id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 1);
    for answer in answers.iter().filter(|it| it.status != 201) {
        assert_eq!((answer.status, answer.code()), (409, "idempotency.in_flight"));
    }
    assert_eq!(world.get(&world.admin(), "/organizations").items().len(), 1);
}

#[test]
fn of_a_hundred_edits_of_one_version_one_succeeds() {
    let world = World::new();
    let id = world.organization("ngo", "Дом", "25655000");
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let world = &world;
        let path = format!("/organizations/{id}");
        let asked: Vec<_> = (0..100)
            .map(|n| {
                let path = path.clone();
                scope.spawn(move || {
                    world.patch(&world.admin(), &path, "\"1\"", json!({"name": format!("Дом {n}")})).status
                })
            })
            .collect();
        asked.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let count = |status| answers.iter().filter(|it| **it == status).count();
    assert_eq!((count(200), count(412)), (1, 99), "{answers:?}");
}

/// The versions that a history tells, the latest first.
fn told(world: &World, who: &Account, path: &str) -> Vec<i64> {
    let history = world.get(who, &format!("{path}/history?limit=200")).expect(200);
    history.items().iter().map(|it| it["version"].as_i64().unwrap_or_else(|| panic!("{it}"))).collect()
}

#[test]
fn the_history_tells_the_version_that_each_entry_made() {
    let (world, pair) = World::paired();
    let organization = format!("/organizations/{}", pair.organization);
    let entered = told(&world, &world.admin(), &organization);
    assert_eq!(entered, [1]);
    for (etag, name) in [("\"1\"", "Дом"), ("\"2\"", "Кров")] {
        world.patch(&world.admin(), &organization, etag, json!({"name": name})).expect(200);
    }
    assert_eq!(told(&world, &world.admin(), &organization), [3, 2, 1]);
    let mentorship = format!("/mentorships/{}", world.active(&pair));
    for path in [format!("/people/{}", pair.person), format!("/mentors/{}", pair.mentor), mentorship] {
        let versions = told(&world, &pair.director, &path);
        assert_eq!(versions.last(), Some(&1), "{path}: entered as the first");
        assert!(versions.is_sorted_by(|later, earlier| later >= earlier), "{path}: {versions:?}");
        let card = world.get(&pair.director, &path).expect(200);
        assert_eq!(versions.first().copied(), card.body["version"].as_i64(), "{path}");
    }
}

#[test]
fn a_repeated_edit_with_its_key_happens_once() {
    let world = World::new();
    let id = world.organization("ngo", "Дом", "25655000");
    let path = format!("/api/v1/organizations/{id}");
    let form = |name: &str| json!({"kind": "ngo", "name": name, "territory": "25655000"});
    let ask = |method: &'static str, key: &str, etag: &str, body: &serde_json::Value| {
        let is_patch = method == "PATCH";
        let media_type = if is_patch { "application/merge-patch+json" } else { "application/json" };
        let asked = world.ask(method, &path).by(&world.admin()).header("if-match", etag);
        asked.header("idempotency-key", key).body(media_type, body.to_string().into_bytes()).send()
    };
    for (n, method) in ["PUT", "PATCH"].into_iter().enumerate() {
        let (seen, key) = (format!("\"{}\"", n + 1), format!("edit-{method}"));
        let first = ask(method, &key, &seen, &form(method)).expect(200);
        assert_eq!(first.header("idempotency-replayed"), None);
        // The answer was lost. The version that the client has seen is stale by now, and the edit is done.
        let again = ask(method, &key, &seen, &form(method)).expect(200);
        assert_eq!((&again.text, again.etag()), (&first.text, first.etag()));
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        ask(method, &key, &seen, &form("Другой")).refused(422, "idempotency.reused");
        ask(method, &"k".repeat(129), &seen, &form("Другой")).refused(400, "request.header");
        ask(method, "fresh", &seen, &form(method)).refused(412, "version.stale");
    }
    ask("PATCH", "edit-PUT", "\"1\"", &form("PUT")).refused(422, "idempotency.reused");
    assert_eq!(world.get(&world.admin(), &format!("/organizations/{id}")).body["version"], 3);
    // A refused edit is not kept: the same key carries it out later.
    ask("PUT", "later", "\"1\"", &form("Позже")).refused(412, "version.stale");
    assert_eq!(ask("PUT", "later", "\"3\"", &form("Позже")).expect(200).body["name"], "Позже");
}

#[test]
fn a_key_of_an_edit_belongs_to_its_account() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let id = world.person(&director, json!({}));
    let path = format!("/api/v1/people/{id}");
    let other = world.account("second", json!([{"role": "region_admin"}]), None);
    let patch = |who: &Account, etag: &str, name: &str| {
        let body = json!({"given_name": name}).to_string().into_bytes();
        let asked = world.ask("PATCH", &path).by(who).header("if-match", etag);
        asked.header("idempotency-key", "one").body("application/merge-patch+json", body).send()
    };
    let etag = world.get(&director, &format!("/people/{id}")).etag();
    let first = patch(&director, &etag, "Вера").expect(200);
    let by_other = patch(&other, &first.etag(), "Нина").expect(200);
    assert_eq!(by_other.header("idempotency-replayed"), None);
    assert_eq!(patch(&director, &etag, "Вера").expect(200).text, first.text);
}

#[test]
fn an_integration_needs_no_key_for_an_edit_and_may_send_one() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let id = world.person(&director, json!({}));
    let key = world.key(&["read_people", "edit_people"], json!({}));
    let path = format!("/api/v1/people/{id}");
    let patch = |name: &str, key_of_edit: Option<&str>| {
        let etag = world.get(&director, &format!("/people/{id}")).etag();
        let body = json!({"given_name": name}).to_string().into_bytes();
        let mut asked = world.ask("PATCH", &path).by(&key).header("if-match", etag);
        if let Some(key_of_edit) = key_of_edit {
            asked = asked.header("idempotency-key", key_of_edit);
        }
        asked.body("application/merge-patch+json", body).send()
    };
    patch("Вера", None).expect(200);
    patch("Нина", Some("n-1")).expect(200);
    assert_eq!(patch("Нина", Some("n-1")).expect(200).header("idempotency-replayed"), Some("true"));
}
