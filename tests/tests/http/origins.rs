//! Pages of other sites: each answer of each layer carries what their browsers need, and a refused site is told so.
use serde_json::json;
use tests::{Reply, World};

const APP: &str = "https://app.example.org";

fn is_shown(it: &Reply) {
    assert_eq!(it.header("access-control-allow-origin"), Some(APP), "{} {}", it.status, it.text);
    let exposed = it.header("access-control-expose-headers").unwrap_or_default().to_lowercase();
    for name in ["etag", "location", "link", "idempotency-replayed", "x-request-id", "retry-after"] {
        assert!(exposed.split(',').any(|it| it.trim() == name), "{name}: {exposed}");
    }
    assert!(it.header("vary").is_some_and(|it| it.contains("origin")));
    assert!(it.header("x-request-id").is_some());
}

#[test]
fn every_answer_of_every_layer_is_shown_to_the_page_that_asked() {
    let world = World::with(&["--cors-origins", APP]);
    let admin = world.admin();
    let id = world.organization("ngo", "Дом", "25655000");
    let one = format!("/api/v1/organizations/{id}");
    let ask = |method, path: &str| world.ask(method, path).header("origin", APP);
    let signed = |method, path: &str| ask(method, path).by(&admin);
    let wrong = json!({"login": "admin", "password": "wrong", "region": world.region});
    for (status, reply) in [
        (200, ask("GET", "/api/v1/catalogues").send()),
        (200, ask("GET", "/health/live").send()),
        (401, ask("POST", "/api/v1/auth/login").json(&wrong).send()),
        (401, ask("GET", "/api/v1/me").send()),
        (401, ask("GET", "/api/v1/me").header("authorization", "Bearer x.y.z").send()),
        (404, ask("GET", "/api/v1/nothing").send()),
        (404, ask("GET", "/nothing").send()),
        (404, signed("GET", "/api/v1/organizations/nothing").send()),
        (405, signed("DELETE", &one).send()),
        (406, signed("GET", &one).header("accept", "text/html").send()),
        (414, signed("GET", &format!("/api/v1/organizations?cursor={}", "x".repeat(9000))).send()),
        (400, ask("GET", "/api/v1/organizations?a=%00").send()),
        (400, signed("GET", "/api/v1/organizations?limit=0").send()),
        (400, signed("POST", "/api/v1/organizations").body("application/json", b"{".to_vec()).send()),
        (415, signed("POST", "/api/v1/organizations").body("text/plain", b"{}".to_vec()).send()),
        (413, signed("POST", "/api/v1/organizations").body("application/json", vec![b' '; 1_100_000]).send()),
        (422, signed("POST", "/api/v1/organizations").json(&json!({})).send()),
        (428, signed("PUT", &one).json(&json!({})).send()),
        (
            412,
            signed("PUT", &one)
                .header("if-match", "\"7\"")
                .json(&json!({"kind": "ngo", "name": "Д", "territory": "25655000"}))
                .send(),
        ),
        (304, signed("GET", &one).header("if-none-match", "*").send()),
    ] {
        assert_eq!(reply.status, status, "{}", reply.text);
        is_shown(&reply);
    }
    let busy =
        (0..40).map(|_| ask("POST", "/api/v1/auth/login").json(&wrong).send()).find(|it| it.status == 429);
    let busy = busy.expect("too many attempts");
    is_shown(&busy);
    assert!(busy.header("retry-after").is_some());
}

#[test]
fn a_site_that_is_not_known_is_told_so() {
    let world = World::with(&["--cors-origins", APP]);
    for origin in
        ["https://evil.example.org", "null", "http://app.example.org", "https://app.example.org.evil.org"]
    {
        let refused = world.ask("GET", "/api/v1/catalogues").header("origin", origin).send();
        let refused = refused.refused(403, "request.origin");
        assert_eq!(refused.header("access-control-allow-origin"), None);
        assert!(refused.header("x-request-id").is_some());
        let preflight = world.ask("OPTIONS", "/api/v1/organizations").header("origin", origin);
        preflight.header("access-control-request-method", "POST").send().refused(403, "request.origin");
    }
}

#[test]
fn a_page_asks_before_it_sends() {
    let world = World::with(&["--cors-origins", APP]);
    let ask = |method: &str, headers: &str| {
        let ask = world.ask("OPTIONS", "/api/v1/organizations").header("origin", APP);
        ask.header("access-control-request-method", method)
            .header("access-control-request-headers", headers)
            .send()
    };
    let allowed = ask("PATCH", "authorization, if-match, idempotency-key, content-type").expect(200);
    assert_eq!(allowed.header("access-control-allow-origin"), Some(APP));
    assert!(allowed.header("access-control-allow-methods").is_some_and(|it| it.contains("PATCH")));
    assert!(allowed.header("access-control-max-age").is_some());
    ask("BREW", "authorization").refused(405, "request.method");
    ask("GET", "x-nothing").refused(400, "request.header");
}

#[test]
fn pages_of_the_server_itself_need_no_permission() {
    let world = World::new();
    let host = world.base.trim_start_matches("http://").to_owned();
    let ask = |origin: &str| world.ask("GET", "/api/v1/catalogues").header("origin", origin);
    ask(&format!("http://{host}")).send().expect(200);
    ask("https://behind-a-proxy.example.org").header("sec-fetch-site", "same-origin").send().expect(200);
    ask(&format!("http://{host}"))
        .header("sec-fetch-site", "cross-site")
        .send()
        .refused(403, "request.origin");
    world.ask("GET", "/api/v1/catalogues").send().expect(200);
}
