//! Compression: gzip for what is long and holds no secret.
use serde_json::json;
use tests::{Account, Reply, World};

fn ask(world: &World, who: &Account, path: &str, accepted: &str, tag: &str) -> Reply {
    let ask = world.ask("GET", &format!("/api/v1{path}")).by(who).header("accept-encoding", accepted);
    ask.header("if-none-match", tag).send()
}

fn full(world: &World) -> Account {
    for n in 0..20 {
        world.organization("ngo", &format!("Дом номер {n}"), "25655000");
    }
    world.admin()
}

#[test]
fn a_long_answer_is_compressed_for_whom_takes_it() {
    let world = World::new();
    let admin = full(&world);
    let plain = ask(&world, &admin, "/organizations", "identity", "\"none\"");
    assert_eq!(plain.header("content-encoding"), None);
    for accepted in
        ["gzip", "GZIP", "x-gzip", "br, gzip;q=0.5", "*", "deflate;q=0.9, gzip;q=0.1, identity;q=0.1"]
    {
        let packed = ask(&world, &admin, "/organizations", accepted, "\"none\"");
        assert_eq!(packed.header("content-encoding"), Some("gzip"), "{accepted}");
        assert_eq!(packed.text, plain.text, "{accepted}");
        assert!(packed.bytes.len() * 2 < plain.bytes.len());
        assert!(packed.header("vary").is_some_and(|it| it.contains("accept-encoding")));
    }
    for accepted in ["", "br", "gzip;q=0", "gzip;q=0, *", "*;q=0", "gzip;q=0.5, identity", "gzipped"] {
        let plain = ask(&world, &admin, "/organizations", accepted, "\"none\"");
        assert_eq!(plain.header("content-encoding"), None, "{accepted}");
        assert!(plain.header("vary").is_some_and(|it| it.contains("accept-encoding")));
    }
    let short = ask(&world, &admin, "/me", "gzip", "\"none\"");
    assert!(short.bytes.len() < 1400 || short.header("content-encoding").is_some());
}

#[test]
fn a_compressed_answer_has_a_tag_of_its_own_that_is_known_again() {
    let world = World::new();
    let admin = full(&world);
    let plain = ask(&world, &admin, "/organizations", "identity", "\"none\"");
    let packed = ask(&world, &admin, "/organizations", "gzip", "\"none\"");
    assert_ne!(plain.etag(), packed.etag());
    let known = ask(&world, &admin, "/organizations", "gzip", &packed.etag()).expect(304);
    assert_eq!((known.etag(), known.bytes.len()), (packed.etag(), 0));
    assert_eq!(ask(&world, &admin, "/organizations", "gzip", &plain.etag()).expect(304).etag(), plain.etag());
    ask(&world, &admin, "/catalogues", "gzip", "*").expect(304);
    assert_eq!(
        ask(&world, &admin, "/catalogues", "gzip", "\"none\"").header("content-encoding"),
        Some("gzip")
    );
    let contract = world.ask("GET", "/openapi.json").header("accept-encoding", "gzip").send();
    assert!(contract.text.starts_with('{'));
}

#[test]
fn an_answer_with_a_secret_is_never_compressed() {
    let world = World::new();
    let admin = world.admin();
    let long = "x".repeat(300);
    let login = json!({"login": "admin", "password": tests::PASSWORD, "region": world.region});
    let ask = world.ask("POST", "/api/v1/auth/login").header("accept-encoding", "gzip").json(&login);
    let tokens = ask.send().expect(200);
    assert_eq!(tokens.header("content-encoding"), None);
    let refresh = json!({"refresh_token": tokens.body["refresh_token"]});
    let ask = world.ask("POST", "/api/v1/auth/refresh").header("accept-encoding", "gzip").json(&refresh);
    assert_eq!(ask.send().expect(200).header("content-encoding"), None);
    let user = world.account("crm", json!([{"role": "integration"}]), None);
    let key = json!({"name": long, "user_id": user.id, "rights": ["read_organizations"], "expires_on": world.day(30)});
    for _ in 0..2 {
        let ask = world.ask("POST", "/api/v1/api-keys").by(&admin).header("accept-encoding", "gzip");
        let issued = ask.header("idempotency-key", "one").json(&key).send();
        assert_eq!((issued.status, issued.header("content-encoding")), (201, None), "{}", issued.text);
    }
}
