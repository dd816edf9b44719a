//! Versions and idempotency: a repeated request has no second effect, and an edit overwrites nothing unseen.
use serde_json::json;
use tests::{Reply, World};

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
