use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use tests::{Reply, World};

fn raw(world: &World, request: &[u8]) -> String {
    let mut socket = TcpStream::connect(world.base.trim_start_matches("http://")).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    socket.write_all(request).unwrap();
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}
fn add(world: &World, body: &str) -> Reply {
    let ask = world.ask("POST", "/api/v1/organizations").by(&world.admin());
    ask.body("application/json", body.as_bytes().to_vec()).send()
}

#[test]
fn whatever_is_malformed_is_a_problem_with_a_code_and_changes_nothing() {
    let world = World::new();
    let deep = format!("{}1{}", "[".repeat(40), "]".repeat(40));
    let bottomless = "[".repeat(200_000);
    let many = format!("[{}1]", "1,".repeat(1500));
    for body in [
        "",
        "{",
        "nul",
        "{\"kind\":\"ngo\"",
        "{\"a\":1}{",
        "\u{feff}{}",
        "{\"name\":\"a\\u0000b\"}",
        "{\"a\\u0000\":1}",
        "{\"name\":\"\\ud800\"}",
        "{\"name\":\"a\",\"name\":\"b\"}",
        "{\"name\":1e400}",
        "{\"name\":NaN}",
        "{'name':1}",
        &deep,
        &bottomless,
        &many,
    ] {
        let head: String = body.chars().take(40).collect();
        let refused = add(&world, body);
        assert_eq!((refused.status, refused.code()), (400, "request.malformed"), "{head}: {}", refused.text);
    }
    assert!(world.get(&world.admin(), "/organizations").expect(200).items().is_empty());
}

#[test]
fn whatever_is_wrong_inside_is_pointed_at_and_never_echoed() {
    let world = World::new();
    let whole = json!({"kind": "ngo", "name": "Дом", "territory": "25655000"});
    let with = |name: &str, value: serde_json::Value| {
        let mut form = whole.clone();
        form[name] = value;
        form.to_string()
    };
    let secret = "SECRET-VALUE-1234567890";
    for (body, code, pointer) in [
        (with("kind", json!(secret)), "field.word", "/kind"),
        (with("name", json!(5)), "field.type", "/name"),
        (with("name", json!(null)), "field.type", "/name"),
        (with("name", json!(["x"])), "field.type", "/name"),
        (with("name", json!("x".repeat(301))), "field.length", "/name"),
        (with("name", json!("")), "field.empty", "/name"),
        (with("name", json!("a\u{202E}b")), "field.characters", "/name"),
        (with("territory", json!(secret)), "field.length", "/territory"),
        (with("inn", json!("7707083890")), "field.checksum", "/inn"),
        (with("version", json!(7)), "field.unknown", "/version"),
        (with("created_by", json!(secret)), "field.unknown", "/created_by"),
        (with("contacts", json!({"phones": [secret]})), "field.length", "/contacts/phones/0"),
        (
            with("contacts", json!({"emails": ["a@b.c", "not an address"]})),
            "field.format",
            "/contacts/emails/1",
        ),
        (with("parent_id", json!("not-an-id")), "field.format", "/parent_id"),
        (with("focus_areas", json!(vec!["mentoring"; 21])), "field.length", "/focus_areas"),
        ("[]".into(), "field.type", ""),
        (with("contacts", json!([[], [], null])), "field.type", "/contacts"),
        ("\"x\"".into(), "field.type", ""),
        ("{}".into(), "field.missing", "/kind"),
    ] {
        let refused = add(&world, &body).refused(422, "request.invalid");
        let error = &refused.body["errors"][0];
        assert_eq!(
            (error["code"].as_str(), error["pointer"].as_str()),
            (Some(code), Some(pointer)),
            "{body}: {}",
            refused.text
        );
        assert!(!refused.text.contains(secret), "{}", refused.text);
    }
}

#[test]
fn days_beyond_the_calendar_are_refused_wherever_they_are_sent() {
    let world = World::new();
    let pair = world.pair();
    let id = world.active(&pair);
    let bounds =
        json!([{"name": "not_after", "value": "2200-12-31"}, {"name": "not_before", "value": "1800-01-01"}]);
    let refused = |it: Reply, pointer: &str| {
        assert_eq!(it.status, 422, "{}", it.text);
        let error = it.body["errors"][0].clone();
        let told = (&error["code"], &error["pointer"], &error["params"]);
        assert_eq!(told, (&json!("field.range"), &json!(pointer), &bounds));
    };
    for at in [
        "+262142-12-31T23:59:59Z",
        "-262143-01-01T00:00:00Z",
        "+10000-06-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
    ] {
        let plan = json!({"planned_at": at, "method": "talk"});
        refused(world.step(&pair.director, &id, "meetings", plan), "/planned_at");
        let mut held = world.holding(-1);
        (held["began_at"], held["method"]) = (json!(at), json!("talk"));
        refused(world.step(&pair.director, &id, "held-meetings", held), "/began_at");
        let mut group = world.group_plan(1, &[&id]);
        group["planned_at"] = json!(at);
        refused(world.post(&pair.director, "/group-meetings", group), "/planned_at");
    }
    let planned = world.meeting(&pair.director, &id, 1);
    let path = format!("/meetings/{planned}");
    let etag = world.get(&pair.director, &path).etag();
    let far = json!({"planned_at": "+262142-12-31T23:59:59Z"});
    refused(world.patch(&pair.director, &path, &etag, far), "/planned_at");
    for day in ["+10000-06-01", "-0001-01-01", "0001-01-01", "1799-12-31", "2201-01-01"] {
        let person =
            json!({"family_name": "Морозова", "given_name": "Алёна", "birth_date": day, "sex": "female"});
        refused(world.post(&pair.director, "/people", person), "/birth_date");
        let mut report = world.report();
        report["period_from"] = json!(day);
        refused(world.step(&pair.director, &id, "reports", report), "/period_from");
        let asked = world.get(&world.admin(), &format!("/annexes?in_force_on={}", day.replace('+', "%2B")));
        assert!(asked.refused(400, "request.parameter").text.contains("in_force_on"), "{day}");
    }
    world.get(&world.admin(), "/annexes?in_force_on=2200-12-31").expect(200);
    let named = json!({"kind": "ngo", "name": "15-01-20", "territory": "25655000"});
    world.post(&world.admin(), "/organizations", named).expect(201);
}

#[test]
fn only_declared_content_types_are_read() {
    let world = World::new();
    for media_type in [
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "application/json; charset=windows-1251",
        "application/merge-patch+json",
    ] {
        let ask = world.ask("POST", "/api/v1/organizations").by(&world.admin());
        ask.body(media_type, b"{}".to_vec()).send().refused(415, "request.media_type");
    }
    let zipped =
        world.ask("POST", "/api/v1/organizations").by(&world.admin()).header("content-encoding", "gzip");
    zipped.body("application/json", vec![31, 139, 8]).send().refused(415, "request.media_type");
    let form = json!({"kind": "ngo", "name": "Дом", "territory": "25655000"}).to_string().into_bytes();
    world
        .ask("POST", "/api/v1/organizations")
        .by(&world.admin())
        .body("application/json; charset=utf-8", form)
        .send()
        .expect(201);
}

#[test]
fn an_answer_that_nobody_accepts_is_not_made() {
    let world = World::new();
    let ask = |accept: &str| {
        world.ask("GET", "/api/v1/organizations").by(&world.admin()).header("accept", accept).send()
    };
    ask("text/html").refused(406, "request.accept");
    ask("application/json;q=0").refused(406, "request.accept");
    ask("text/html, */*;q=0.1").expect(200);
    ask("application/problem+json").expect(200);
}

#[test]
fn too_much_is_refused_before_it_is_read() {
    let world = World::new();
    let name = "я".repeat(600_000);
    add(&world, &json!({"name": name}).to_string()).refused(413, "request.too_large");
    let long = format!("/api/v1/organizations?cursor={}", "x".repeat(9000));
    world.ask("GET", &long).by(&world.admin()).send().refused(414, "request.uri");
}

#[test]
fn unknown_and_doubled_parameters_are_refused() {
    let world = World::new();
    for query in [
        "x=1",
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=abc",
        "limit=",
        "limit=5&limit=6",
        "kind=nonsense",
        "parent_id=7",
        "cursor=abc",
        "Limit=5",
    ] {
        let refused = world.get(&world.admin(), &format!("/organizations?{query}"));
        assert_eq!(refused.status, 400, "{query}: {}", refused.text);
    }
    world.get(&world.admin(), "/organizations?kind=ngo%00").refused(400, "request.malformed");
    world.ask("GET", "/api/v1/catalogues?x=1").send().refused(400, "request.parameter");
}

#[test]
fn a_cursor_belongs_to_one_list_with_one_filter_in_one_region() {
    let world = World::new();
    let admin = world.admin();
    for n in 0..5 {
        world.organization("ngo", &format!("Дом {n}"), "25655000");
    }
    let page = world.get(&admin, "/organizations?limit=2&kind=ngo").expect(200);
    let cursor = page.body["next_cursor"].as_str().unwrap().to_owned();
    assert!(page.header("link").unwrap().contains("rel=\"next\""));
    world.get(&admin, &format!("/organizations?limit=2&kind=ngo&cursor={cursor}")).expect(200);
    for path in ["/organizations?limit=2", "/organizations?limit=2&kind=business", "/users?limit=2"] {
        let joint = format!("{path}&cursor={cursor}");
        world.get(&admin, &joint).refused(400, "request.cursor");
    }
    let (place, mark) = cursor.split_once('.').unwrap();
    for forged in [
        format!("{place}x.{mark}"),
        format!("{place}.{mark}x"),
        place.to_owned(),
        format!("{place}."),
        ".".into(),
    ] {
        world
            .get(&admin, &format!("/organizations?limit=2&kind=ngo&cursor={forged}"))
            .refused(400, "request.cursor");
    }
    let neighbour = world.neighbour();
    world
        .get(&neighbour, &format!("/organizations?limit=2&kind=ngo&cursor={cursor}"))
        .refused(400, "request.cursor");
}

#[test]
fn every_item_of_a_list_comes_once_even_while_others_are_added() {
    let world = World::new();
    let admin = world.admin();
    let mut all: Vec<String> =
        (0..23).map(|n| world.organization("ngo", &format!("Дом {n}"), "25655000")).collect();
    let mut seen = Vec::new();
    let mut next = String::from("/organizations?limit=5");
    loop {
        let page = world.get(&admin, &next).expect(200);
        seen.extend(page.items().iter().map(|it| it["id"].as_str().unwrap().to_owned()));
        world.organization("business", "Между страницами", "25655000");
        match page.body["next_cursor"].as_str() {
            Some(cursor) => next = format!("/organizations?limit=5&cursor={cursor}"),
            None => break,
        }
    }
    all.reverse();
    assert_eq!(seen, all);
}

#[test]
fn what_is_not_there_is_404_and_a_wrong_method_405_with_allow() {
    let world = World::new();
    let admin = world.admin();
    for path in [
        "/organizations/not-an-id",
        "/organizations/01980000-0000-7000-8000-000000000001",
        "/nothing",
        "/organizations/a/b/c/d",
        "/catalogues/nothing",
        "/problems/nothing",
    ] {
        world.get(&admin, path).refused(404, "request.not_found");
    }
    world.ask("GET", "/").send().refused(404, "request.not_found");
    for method in ["DELETE", "POST", "TRACE", "OPTIONS"] {
        let refused =
            world.ask(method, "/api/v1/organizations/01980000-0000-7000-8000-000000000001").by(&admin).send();
        assert_eq!((refused.status, refused.code()), (405, "request.method"), "{method}");
        assert_eq!(refused.header("allow"), Some("GET, PATCH, PUT, HEAD"));
    }
}

#[test]
fn head_answers_like_get_without_a_body() {
    let world = World::new();
    let id = world.organization("ngo", "Дом", "25655000");
    let path = format!("/api/v1/organizations/{id}");
    let get = world.ask("GET", &path).by(&world.admin()).send();
    let head = world.ask("HEAD", &path).by(&world.admin()).send();
    assert_eq!((head.status, head.text.as_str(), head.header("etag")), (200, "", get.header("etag")));
}

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
fn every_answer_names_its_request_and_is_not_stored() {
    let world = World::new();
    let own = world
        .ask("GET", "/api/v1/me")
        .by(&world.admin())
        .header("x-request-id", "mobile-7.1_a")
        .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        .send();
    assert_eq!(own.header("x-request-id"), Some("mobile-7.1_a"));
    assert!(own.header("traceparent").is_some());
    assert_eq!(
        (own.header("cache-control"), own.header("x-content-type-options")),
        (Some("no-store"), Some("nosniff"))
    );
    let minted =
        world.ask("GET", "/api/v1/me").header("x-request-id", "spaces are not welcome").send().expect(401);
    assert_ne!(minted.header("x-request-id"), Some("spaces are not welcome"));
    assert_eq!(minted.body["request_id"].as_str(), minted.header("x-request-id"));
}

#[test]
fn a_problem_speaks_the_clients_language() {
    let world = World::new();
    let ask = |language: &str| {
        world.ask("GET", "/api/v1/nothing").header("accept-language", language).send().body["title"].clone()
    };
    assert_eq!(ask("ru"), "Не найдено.");
    assert_eq!(ask("en-GB,en;q=0.9"), "Not found.");
    assert_eq!(ask("ru;q=0.5,en;q=0.9"), "Not found.");
    assert_eq!(ask("de"), "Не найдено.");
}

#[test]
fn every_problem_has_a_page_and_stands_in_the_list() {
    let world = World::new();
    let all = world.ask("GET", "/api/v1/problems").send().expect(200);
    let codes: Vec<&str> = all.items().iter().map(|it| it["code"].as_str().unwrap()).collect();
    let mut unique = codes.clone();
    unique.dedup();
    assert_eq!(codes, unique, "no code stands twice");
    for code in ["request.not_found", "field.missing", "user.last_admin"] {
        assert!(codes.contains(&code));
        world.ask("GET", &format!("/problems/{code}")).send().expect(200);
        world.ask("GET", &format!("/api/v1/problems/{code}")).send().expect(200);
    }
}

#[test]
fn catalogues_say_every_code_in_two_languages() {
    let world = World::new();
    let all = world.ask("GET", "/api/v1/catalogues").send().expect(200);
    assert!(all.items().len() > 30);
    assert!(all.header("cache-control").unwrap().contains("public"));
    let roles = world.ask("GET", "/api/v1/catalogues/roles").send().expect(200);
    assert_eq!(roles.items().len(), 11);
    assert_eq!(
        (&roles.items()[6]["code"], &roles.items()[6]["ru"], &roles.items()[6]["en"]),
        (&json!("mentor"), &json!("наставник"), &json!("mentor"))
    );
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

#[test]
fn odd_conditions_and_headers_are_refused() {
    let world = World::new();
    let id = world.organization("ngo", "Дом", "25655000");
    let path = format!("/api/v1/organizations/{id}");
    for tag in ["1", "\"one\"", "*", "\"1\", \"2\"", "\"99999999999999999999\""] {
        let ask = world.ask("PATCH", &path).by(&world.admin()).header("if-match", tag);
        ask.body("application/merge-patch+json", b"{}".to_vec()).send().refused(400, "request.header");
    }
    let list = world
        .ask("PATCH", &path)
        .by(&world.admin())
        .header("if-match", "\"1\"")
        .body("application/merge-patch+json", b"[]".to_vec())
        .send();
    list.refused(422, "request.invalid");
}

#[test]
fn smuggled_and_broken_requests_are_closed() {
    let world = World::new();
    for request in [
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        "\0\0\0\0\r\n\r\n",
    ] {
        let answer = raw(&world, request.as_bytes());
        assert!(answer.starts_with("HTTP/1.1 400") || answer.is_empty(), "{request:?}: {answer}");
    }
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let world = World::with(&["--body-seconds", "1"]);
    let began = Instant::now();
    let head = "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{";
    let answer = raw(&world, head.as_bytes());
    assert!(answer.contains("request.timeout"), "{answer}");
    tests::contract::met("problem request.timeout".to_owned());
    assert!(began.elapsed() < Duration::from_secs(10));
}

#[test]
fn headers_that_do_not_come_are_not_waited_for() {
    let world = World::with(&["--header-seconds", "1"]);
    let began = Instant::now();
    raw(&world, b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX-A: ");
    assert!(began.elapsed() < Duration::from_secs(15));
}

#[test]
fn pages_of_known_origins_only_may_call() {
    let world = World::with(&["--cors-origins", "https://app.example.org"]);
    let ask = |origin: &str| world.ask("GET", "/api/v1/catalogues").header("origin", origin).send();
    assert_eq!(
        ask("https://app.example.org").header("access-control-allow-origin"),
        Some("https://app.example.org")
    );
    assert_eq!(ask("https://evil.example.org").header("access-control-allow-origin"), None);
    let preflight = world
        .ask("OPTIONS", "/api/v1/organizations")
        .header("origin", "https://app.example.org")
        .header("access-control-request-method", "PATCH")
        .header("access-control-request-headers", "if-match,authorization")
        .send();
    assert_eq!(preflight.status, 200, "{}", preflight.text);
}

#[test]
fn the_server_tells_how_it_is() {
    let world = World::new();
    world.ask("GET", "/health/live").send().expect(200);
    world.ask("GET", "/health/ready").send().expect(200);
    world.get(&world.admin(), "/organizations/01980000-0000-7000-8000-000000000001").expect(404);
    let figures = world.ask("GET", "/metrics").send().expect(200).text;
    assert!(
        figures.contains(
            "http_requests_total{method=\"GET\",route=\"/api/v1/organizations/{id}\",status=\"404\"} 1"
        ),
        "{figures}"
    );
    world.ask("GET", "/openapi.json").send().expect(200);
    assert!(world.ask("GET", "/docs").send().expect(200).text.contains("swagger"), "redirects to the page");
    assert!(world.ask("GET", "/docs/").send().expect(200).text.contains("swagger"));
}

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
    assert_eq!(edit["details"], json!([{"name": "fields", "value": "inn, name"}]));
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
