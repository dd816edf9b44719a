//! The edge: malformed, too large and too slow requests, and the headers of every answer.
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
        (with("contacts", json!([[], [], null])), "field.type", "/contacts"),
        ("{}".into(), "field.missing", "/kind"),
    ] {
        let refused = add(&world, &body).refused(422, code);
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
    let (world, pair, id) = World::mentoring();
    let bounds =
        json!([{"name": "not_after", "value": "2200-12-31"}, {"name": "not_before", "value": "1800-01-01"}]);
    let refused = |it: Reply, pointer: &str| {
        assert_eq!(it.status, 422, "{}", it.text);
        let error = it.body["errors"][0].clone();
        let told = (&error["code"], &error["pointer"], &error["params"]);
        assert_eq!(told, (&json!("field.range"), &json!(pointer), &bounds));
    };
    for at in ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
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
    let far = json!({"planned_at": "9999-12-31T23:59:59Z"});
    refused(world.patch(&pair.director, &path, &etag, far), "/planned_at");
    for day in ["0001-01-01", "1799-12-31", "2201-01-01", "9999-12-31"] {
        let person =
            json!({"family_name": "Морозова", "given_name": "Алёна", "birth_date": day, "sex": "female"});
        refused(world.post(&pair.director, "/people", person), "/birth_date");
        let mut report = world.report();
        report["period_from"] = json!(day);
        refused(world.step(&pair.director, &id, "mentor-reports", report), "/period_from");
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
fn odd_conditions_and_headers_are_refused() {
    let world = World::new();
    let id = world.organization("ngo", "Дом", "25655000");
    let path = format!("/api/v1/organizations/{id}");
    for tag in ["1", "one", "", ",", "\"1\" \"2\"", "\"1", "w/\"1\"", "1, \"1\""] {
        let ask = world.ask("PATCH", &path).by(&world.admin()).header("if-match", tag);
        ask.body("application/merge-patch+json", b"{}".to_vec()).send().refused(400, "request.header");
    }
    let list = world
        .ask("PATCH", &path)
        .by(&world.admin())
        .header("if-match", "\"1\"")
        .body("application/merge-patch+json", b"[]".to_vec())
        .send();
    list.refused(400, "request.malformed");
}

#[test]
fn smuggled_and_broken_requests_are_closed() {
    let world = World::new();
    for request in [
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        "\0\0\0\0\r\n\r\n",
        // A line that goes on in the next one.
        "GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: one\r\n two\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: one\r\n\ttwo\r\n\r\n",
        "GET /health/live HTTP/1.1\r\n X-A: one\r\nHost: x\r\n\r\n",
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
        // A name or a value that another reader may take for something else.
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\n\r\nhello",
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello",
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 5\r\n\r\nhello",
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST /api/v1/auth/login HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: one\rtwo\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: one\0two\r\n\r\n",
        "GET /health/live HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET /health/live HTTP/1.1\r\n\r\n",
        // Lengths that clash behind a bare line feed.
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nX-A: a\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nX-A: a\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        // A size of a chunk that a bare line feed ends.
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n",
        "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2;a\n{}\r\n0\r\n\r\n",
    ] {
        let answer = raw(&world, request.as_bytes());
        assert!(answer.starts_with("HTTP/1.1 400") || answer.is_empty(), "{request:?}: {answer}");
    }
}

#[test]
fn a_bare_line_feed_ends_a_line_and_moves_no_border_between_requests() {
    let world = World::new();
    let (first, last) = ("POST /api/v1/auth/login HTTP/1.1", "GET /health/live HTTP/1.1");
    let body = "Content-Type: application/json\nContent-Length: 2";
    let answer = raw(
        &world,
        format!("{first}\nHost: x\n{body}\n\n{{}}{last}\nHost: x\nConnection: close\n\n").as_bytes(),
    );
    let statuses: Vec<&str> = answer.split("HTTP/1.1 ").skip(1).filter_map(|it| it.get(..3)).collect();
    assert_eq!(statuses, ["422", "200"], "{answer}");
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
fn an_address_is_the_same_with_its_letters_encoded() {
    let world = World::new();
    let get = |address: &str| world.ask("GET", address).by(&world.admin()).status();
    for address in ["/api/v1/organizations", "/api/v1/org%61nizations", "/api/v1/%6frganizations?limit=1"] {
        assert_eq!(get(address), 200, "{address}");
    }
    for address in
        ["/api/v1/organizationsx", "/api/v1/organization", "/api/v1/organizations%2Fx", "/api/v1", "/api/v1/"]
    {
        assert_eq!(get(address), 404, "{address}");
    }
}
