//! The page for frontend engineers: its requests are answered as it shows.
use serde_json::Value;
use tests::page::{blocks, send_all};
use tests::{Client, Installation, World, postgres_url};

const PAGE: &str = include_str!("../../docs/frontend.md");

#[test]
fn every_request_of_the_page_for_frontends_is_answered_as_it_shows() {
    if postgres_url().is_some() {
        return; // It tells of the API, not of the engine.
    }
    let installation = Installation::demonstration();
    let process = installation.serve();
    let sent = send_all(&process.client, PAGE);
    assert!(sent > 15, "{sent}");
    let form = &api::openapi::document()["components"]["schemas"]["LoginForm"]["examples"][0];
    process.client.ask("POST", "/api/v1/auth/login").json(form).send().expect(200);
}

#[test]
fn every_block_of_the_page_is_a_request_or_its_answer() {
    let fences = PAGE.matches("\n```").count();
    let all = blocks(PAGE, "http");
    assert_eq!(fences, all.len() * 2, "a block of another language is not tried");
    for pair in all.chunks(2) {
        assert!(!pair[0].starts_with("HTTP/") && pair[1].starts_with("HTTP/1.1 "), "{pair:#?}");
    }
}

#[test]
fn the_page_is_served_and_the_contract_leads_to_it() {
    let world = World::new();
    let page = Client::new(world.base.clone()).ask("GET", "/docs/start").send().expect(200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.starts_with("default-src 'self'"), "{policy}");
    for part in ["<h1>Start here</h1>", "<h2>Signing in</h2>", "<table>", "href=\"/docs/\""] {
        assert!(page.text.contains(part), "{part}");
    }
    let told = api::openapi::document()["info"]["description"].as_str().unwrap_or_default();
    assert!(told.contains("(/docs/start)"), "{told}");
    assert!(include_str!("../../README.md").contains("(docs/frontend.md)"));
}

#[test]
fn the_page_of_the_contract_opens_closed_and_with_a_filter() {
    let world = World::new();
    let ask = |path: &str| world.ask("GET", path).send().expect(200);
    assert!(ask("/docs/").text.contains("swagger-ui-bundle.js"));
    let settings = ask("/docs/swagger-initializer.js").text;
    for setting in [
        "\"docExpansion\": \"none\"",
        "\"filter\": true",
        "\"tryItOutEnabled\": true",
        "\"persistAuthorization\": true",
        "\"defaultModelsExpandDepth\": -1",
        "\"url\": \"/docs/openapi.json\"",
    ] {
        assert!(settings.contains(setting), "{setting}: {settings}");
    }
    assert!(ask("/docs/index.css").text.contains(".start"));
}

#[test]
fn the_page_of_the_contract_tells_each_operation_its_own_codes() {
    let world = World::new();
    let contract = world.ask("GET", "/docs/openapi.json").send().expect(200).body;
    let paths = contract["paths"].as_object().expect("paths");
    let of = |path: &str, method: &str| &paths[&format!("/api/v1{path}")][method]["responses"];
    let confirm = of("/mentorships/{id}/confirmation", "post");
    let told = confirm["409"]["description"].as_str().expect("a text");
    assert!(told.contains("`mentorship.") && told.contains("002 §3.7"), "{told}");
    let example = &confirm["409"]["content"]["application/problem+json"]["example"];
    assert!(told.contains(&format!("`{}`", example["code"].as_str().expect("a code"))), "{example}");
    for (path, item) in paths {
        for (method, it) in item.as_object().expect("operations") {
            let responses = it["responses"].as_object().expect("responses");
            let boxes = responses
                .iter()
                .filter(|(status, it)| status.starts_with('4') && it.get("content").is_some());
            assert!(boxes.count() <= 5, "{method} {path}");
            assert!(it.get("x-problems").is_none(), "{method} {path}");
        }
    }
}

#[test]
fn the_document_of_the_page_is_the_same_packed_and_plain() {
    let world = World::new();
    let ask = |accepted: &str| {
        world.ask("GET", "/docs/openapi.json").header("accept-encoding", accepted).send().expect(200)
    };
    let (plain, packed) = (ask("identity"), ask("gzip"));
    assert_eq!((plain.header("content-encoding"), packed.header("content-encoding")), (None, Some("gzip")));
    assert!(plain.text.starts_with('{') && packed.text == plain.text, "two documents");
    assert!(packed.bytes.len() * 5 < plain.bytes.len());
    for it in [plain, packed] {
        assert!(it.header("vary").is_some_and(|it| it.contains("accept-encoding")));
        assert_eq!(it.header("cache-control"), Some("public, max-age=300"));
        assert_eq!(it.header("content-type"), Some("application/json"));
    }
}

#[test]
fn no_optional_filter_is_filled_in() {
    let mut seen = 0;
    for operation in api::openapi::document()["paths"]
        .as_object()
        .expect("paths")
        .values()
        .flat_map(|it| it.as_object().expect("operations").values())
    {
        for it in operation["parameters"].as_array().into_iter().flatten() {
            if it["in"] == "query" && it["required"] != Value::Bool(true) {
                seen += 1;
                let filled = ["example", "examples"].iter().any(|name| it.get(*name).is_some());
                assert!(!filled, "{} {}", operation["operationId"], it["name"]);
            }
        }
    }
    assert!(seen > 80, "{seen}");
}
