//! Clients behind proxies are told apart, and an installation that cannot do so says it.
use serde_json::json;
use std::io::Read;
use std::process::Stdio;
use tests::{Installation, PASSWORD, World};

fn guess(world: &World, header: &str, value: &str, n: usize) -> u16 {
    let form = json!({"login": format!("guess{n}"), "password": "не тот пароль совсем"});
    world.ask("POST", "/api/v1/auth/login").header(header, value).json(&form).send().status
}

#[test]
fn the_configured_header_tells_clients_apart_and_no_other_does() {
    let world =
        World::with(&["--trusted-proxies", "127.0.0.0/8,fd00::/8", "--forwarding-header", "forwarded"]);
    for n in 0..100 {
        assert_eq!(guess(&world, "forwarded", "for=198.51.100.1, for=\"203.0.113.7:4711\"", n), 401);
    }
    assert_eq!(guess(&world, "forwarded", "for=203.0.113.7;proto=https", 100), 429);
    assert_eq!(guess(&world, "forwarded", "for=203.0.113.8", 100), 401);
    let right = json!({"login": "admin", "password": PASSWORD});
    let ask = world.ask("POST", "/api/v1/auth/login").header("forwarded", "for=\"[2001:db8::1]\"");
    ask.json(&right).send().expect(200);
    for n in 101..201 {
        assert_eq!(guess(&world, "x-forwarded-for", &format!("203.0.113.{n}"), n), 401);
    }
    assert_eq!(guess(&world, "x-forwarded-for", "203.0.113.9", 201), 429, "another header names nobody");
}

#[test]
fn a_wrong_network_of_proxies_stops_the_start_with_one_line() {
    let installation = Installation::new();
    for wrong in ["10.0.0.0/33", "proxy.internal", "0.0.0.0/0"] {
        let told = installation.run(&["--trusted-proxies", wrong, "serve"]);
        assert_eq!(told.status.code(), Some(2), "{told:?}");
        assert_eq!(String::from_utf8_lossy(&told.stderr).trim().lines().count(), 1, "{told:?}");
    }
}

#[test]
fn a_throttle_that_sees_only_a_proxy_says_so_once_in_the_log() {
    let installation = Installation::new();
    let warned = |flags: &[&str], header: &str| {
        let mut command = installation.command();
        command
            .env("NASTAVNIK_REGIONS", &installation.region)
            .args(flags)
            .arg("serve")
            .stderr(Stdio::piped());
        let mut process = installation.serve_with(command);
        let mut log = process.log();
        for n in 0..8 {
            let form = json!({"login": format!("guess{n}"), "password": "не тот пароль совсем"});
            let ask = process.client.ask("POST", "/api/v1/auth/login").header(header, "203.0.113.7");
            ask.json(&form).send().expect(401);
        }
        process.kill();
        let mut told = String::new();
        log.read_to_string(&mut told).unwrap();
        told.matches("--trusted-proxies").count()
    };
    assert_eq!(warned(&[], "x-forwarded-for"), 1);
    assert_eq!(
        warned(&["--trusted-proxies", "127.0.0.1", "--forwarding-header", "forwarded"], "x-forwarded-for"),
        1
    );
    assert_eq!(warned(&["--trusted-proxies", "127.0.0.1"], "x-forwarded-for"), 0);
    assert_eq!(warned(&[], "x-something"), 0);
}
