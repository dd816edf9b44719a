//! Logins under attack: guessing is slowed down, and nobody is shut out.
use super::identity::{attempt, key};
use crate::parts::raw::Raw;
use actix_web::rt::System;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Account, PASSWORD, Reply, World};

const WRONG: &str = "не тот пароль совсем";
/// A login form of the administrator with a right password.
fn right(login: &str) -> Value {
    json!({"login": login, "password": PASSWORD})
}
fn wrong(login: &str) -> Value {
    json!({"login": login, "password": WRONG})
}

/// A world whose clients are told apart by a proxy.
fn behind_a_proxy() -> World {
    World::with(&["--trusted-proxies", "127.0.0.1"])
}

/// A login from an address, as the proxy tells it.
fn from(world: &World, address: &str, form: &Value) -> Reply {
    world.ask("POST", "/api/v1/auth/login").header("x-forwarded-for", address).json(form).send()
}

/// The device token of a login from that address.
fn device(world: &World, address: &str, login: &str) -> String {
    let opened = from(world, address, &right(login)).expect(200);
    opened.body["device_token"].as_str().expect("a device token").to_owned()
}

fn with_device(mut form: Value, token: &str) -> Value {
    form["device_token"] = json!(token);
    form
}

fn seconds_to_wait(refused: &Reply) -> i64 {
    refused.header("retry-after").expect("a time to wait").parse().unwrap()
}

#[test]
fn a_hundred_wrong_logins_from_one_address_behind_a_proxy_shut_nobody_out() {
    let world = behind_a_proxy();
    for login in ["ivan", "olga", "petr"] {
        world.account(login, json!([{"role": "analyst"}]), None);
    }
    let (office, token) = ("203.0.113.7", device(&world, "198.51.100.20", "ivan"));
    from(&world, office, &right("petr")).expect(200);
    for n in 0..100 {
        let refused = from(&world, office, &wrong(["olga", "ivan", "nobody"][n % 3]));
        assert!([401, 429].contains(&refused.status), "{}", refused.text);
    }
    for n in 0..100 {
        let refused = from(&world, office, &wrong(&format!("guess{n}")));
        assert!([401, 429].contains(&refused.status), "{}", refused.text);
    }
    from(&world, "198.51.100.1", &right("admin")).expect(200);
    from(&world, office, &with_device(right("ivan"), &token)).expect(200);
    from(&world, office, &right("petr")).expect(200);
    let refused = from(&world, office, &right("olga")).refused(429, "request.too_many");
    let wait = seconds_to_wait(&refused);
    assert!((1..=30).contains(&wait), "{wait}");
    world.advance(TimeDelta::seconds(wait));
    from(&world, office, &right("olga")).expect(200);
}

#[test]
fn under_a_thousand_guesses_a_minute_from_a_hundred_addresses_the_owner_signs_in_from_a_known_device() {
    let world = behind_a_proxy();
    world.account("ivan", json!([{"role": "analyst"}]), None);
    let token = device(&world, "198.51.100.20", "ivan");
    let mut compared = 0;
    for n in 0..1000 {
        world.advance(TimeDelta::milliseconds(60));
        let refused = from(&world, &format!("203.0.113.{}", n % 100), &wrong("ivan"));
        compared += usize::from(refused.status == 401);
        if n % 250 == 249 {
            from(&world, "192.0.2.77", &with_device(right("ivan"), &token)).expect(200);
            from(&world, "198.51.100.20", &right("ivan")).expect(200);
            from(&world, "192.0.2.78", &right("admin")).expect(200);
        }
    }
    assert!(compared <= 12, "{compared} guesses were compared in a minute");
    let refused = from(&world, "192.0.2.79", &right("ivan")).refused(429, "request.too_many");
    assert!((1..=30).contains(&seconds_to_wait(&refused)));
}

#[test]
fn right_passwords_are_not_counted_one_after_another_nor_at_once() {
    let world = World::new();
    for _ in 0..30 {
        attempt(&world, "admin", PASSWORD).expect(200);
    }
    std::thread::scope(|scope| {
        let asked: Vec<_> =
            (0..8).map(|_| scope.spawn(|| attempt(&world, "admin", PASSWORD).status)).collect();
        assert!(asked.into_iter().all(|it| it.join().unwrap() == 200));
    });
    attempt(&world, "admin", WRONG).refused(401, "session.credentials");
}

#[test]
fn guesses_at_once_find_no_more_places_than_one_after_another() {
    let world = World::new();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let asked: Vec<_> =
            (0..40).map(|_| scope.spawn(|| attempt(&world, "victim", WRONG).status)).collect();
        asked.into_iter().map(|it| it.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|it| **it == 401).count(), 10, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|it| **it == 429).count(), 30, "{statuses:?}");
}

#[test]
fn an_outage_gives_the_place_of_a_right_password_back() {
    let world = World::new();
    System::new().block_on(async {
        let raw = Raw::of_world(&world).await;
        for table in ["sessions", "users"] {
            raw.batch(&format!("ALTER TABLE {table} RENAME TO away")).await;
            for _ in 0..15 {
                let status = world.ask("POST", "/api/v1/auth/login").json(&right("admin")).status();
                assert!(status >= 500, "{status}");
            }
            raw.batch(&format!("ALTER TABLE away RENAME TO {table}")).await;
        }
    });
    attempt(&world, "admin", PASSWORD).expect(200);
}

#[test]
fn while_writes_are_refused_a_known_login_and_an_unknown_one_are_answered_alike() {
    let world = World::with(&["--write-queue", "1"]);
    world.account("ivan", json!([{"role": "analyst"}]), None);
    let enter = |n: usize| {
        (0..10)
            .map(|m| {
                let form = json!({"kind": "ngo", "name": format!("Дом {n}-{m}"), "territory": "25655000"});
                world.post(&world.admin(), "/organizations", form).status
            })
            .collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        (0..16).for_each(|n| drop(scope.spawn(move || enter(n))));
        for login in ["ivan", "nobody"].repeat(5) {
            attempt(&world, login, WRONG).refused(401, "session.credentials");
        }
        for _ in 0..30 {
            let status = attempt(&world, "ivan", PASSWORD).status;
            assert!([200, 503].contains(&status), "a right password was counted: {status}");
        }
    });
    attempt(&world, "ivan", PASSWORD).expect(200);
}

#[test]
fn a_known_login_and_an_unknown_one_are_slowed_down_alike() {
    let world = behind_a_proxy();
    world.account("ivan", json!([{"role": "analyst"}]), None);
    let closed = world.account("closed", json!([{"role": "analyst"}]), None);
    world.close_account(&closed);
    let answers = |login: &str, password: &str, address: &str| {
        let form = json!({"login": login, "password": password, "device_token": "v1.1.nonsense"});
        (0..13)
            .map(|_| from(&world, address, &form))
            .map(|it| (it.status, it.code().to_owned()))
            .collect::<Vec<_>>()
    };
    let unknown = answers("nobody", WRONG, "203.0.113.1");
    assert_eq!(unknown.iter().filter(|it| it.0 == 401).count(), 10);
    assert_eq!(answers("ivan", WRONG, "203.0.113.2"), unknown);
    assert_eq!(answers("closed", PASSWORD, "203.0.113.3"), unknown);
    let nowhere = json!({"login": "ivan", "password": PASSWORD, "region": "atlantis"});
    from(&world, "203.0.113.4", &nowhere).refused(401, "session.credentials");
}

#[test]
fn a_device_has_a_budget_of_its_own() {
    let world = behind_a_proxy();
    world.account("ivan", json!([{"role": "analyst"}]), None);
    let token = device(&world, "198.51.100.20", "ivan");
    let guess = with_device(wrong("ivan"), &token);
    for _ in 0..10 {
        from(&world, "192.0.2.1", &guess).refused(401, "session.credentials");
    }
    let refused = from(&world, "192.0.2.2", &with_device(right("ivan"), &token)).expect(429);
    from(&world, "192.0.2.3", &right("ivan")).expect(200);
    world.advance(TimeDelta::seconds(seconds_to_wait(&refused)));
    from(&world, "192.0.2.2", &with_device(right("ivan"), &token)).expect(200);
}

#[test]
fn a_known_address_has_a_budget_and_is_no_exemption() {
    let world = behind_a_proxy();
    world.account("ivan", json!([{"role": "analyst"}]), None);
    from(&world, "198.51.100.20", &right("ivan")).expect(200);
    for _ in 0..10 {
        from(&world, "198.51.100.20", &wrong("ivan")).expect(401);
    }
    from(&world, "198.51.100.20", &wrong("ivan")).refused(429, "request.too_many");
    from(&world, "192.0.2.3", &right("ivan")).expect(200);
}

#[test]
fn a_device_token_is_of_one_account_and_one_password_and_opens_nothing_itself() {
    let world = behind_a_proxy();
    for login in ["ivan", "olga"] {
        world.account(login, json!([{"role": "analyst"}]), None);
    }
    let (own, foreign) = (device(&world, "198.51.100.20", "ivan"), device(&world, "198.51.100.21", "olga"));
    from(&world, "192.0.2.1", &with_device(wrong("ivan"), &own)).refused(401, "session.credentials");
    let spend = || {
        for n in 0..30 {
            from(&world, &format!("203.0.113.{n}"), &wrong("ivan"));
        }
    };
    spend();
    for not_known in [foreign.as_str(), "v1.1.nonsense", &own[..own.len() - 4]] {
        from(&world, "192.0.2.2", &with_device(right("ivan"), not_known)).refused(429, "request.too_many");
    }
    let opened = from(&world, "192.0.2.2", &with_device(right("ivan"), &own)).expect(200);
    let ivan = Account {
        login: "ivan".into(),
        token: opened.body["access_token"].as_str().unwrap().to_owned(),
        refresh_token: String::new(),
        id: String::new(),
    };
    let order = json!({"current_password": PASSWORD, "new_password": "тихая река под горой"});
    world.post(&ivan, "/me/password", order).expect(200);
    spend();
    let form = json!({"login": "ivan", "password": "тихая река под горой", "device_token": own});
    from(&world, "192.0.2.4", &form).refused(429, "request.too_many");
}

#[test]
fn a_network_of_ipv6_is_one_address() {
    let world = behind_a_proxy();
    let guesses =
        (0..130).map(|n| from(&world, &format!("2001:db8:1:2::{n:x}"), &wrong(&format!("guess{n}"))));
    assert_eq!(guesses.filter(|it| it.status == 429).count(), 30);
    from(&world, "2001:db8:1:3::1", &right("admin")).expect(200);
}

#[test]
fn guesses_at_the_current_password_in_a_session_are_slowed_down() {
    let world = World::new();
    let ivan = world.account("ivan", json!([{"role": "analyst"}]), None);
    let change = |current: &str| {
        let order = json!({"current_password": current, "new_password": "тихая река под горой"});
        world.post(&ivan, "/me/password", order)
    };
    for _ in 0..10 {
        change(WRONG).refused(422, "password.wrong");
    }
    let refused = change(PASSWORD).refused(429, "request.too_many");
    attempt(&world, "ivan", PASSWORD).expect(200);
    world.advance(TimeDelta::seconds(seconds_to_wait(&refused)));
    change(PASSWORD).expect(200);
}

#[test]
fn a_key_of_an_integration_cannot_change_the_password_of_its_account() {
    let world = World::new();
    let robot = world.account("robot", json!([{"role": "integration"}]), None);
    let key = key(&world, &robot, &["use_account"]);
    let order = json!({"current_password": PASSWORD, "new_password": "тихая река под горой"});
    let ask = world.ask("POST", "/api/v1/me/password").by(&key).header("idempotency-key", "one");
    ask.json(&order).send().refused(403, "access.forbidden");
    let form = json!({"name": "Обмен", "user_id": robot.id, "rights": ["change_password"], "expires_on": world.day(30)});
    world.post(&world.admin(), "/api-keys", form).refused(422, "api_key.right");
}

#[test]
fn a_password_that_is_guessed_first_is_refused_at_its_member() {
    let world = World::new();
    for (n, password) in
        ["password1234567", "P@ssw0rd-2026-!!", "Наставник12345678", "йцукен1234567890"].iter().enumerate()
    {
        let form = json!({"login": format!("user{n}"), "name": "Кто-то", "grants": [{"role": "analyst"}], "password": password});
        let refused = world.post(&world.admin(), "/users", form).refused(422, "password.common");
        assert_eq!(refused.body["errors"][0]["pointer"], "/password", "{password}");
        let order = json!({"current_password": PASSWORD, "new_password": password});
        let refused = world.post(&world.admin(), "/me/password", order).refused(422, "password.common");
        assert_eq!(refused.body["errors"][0]["pointer"], "/new_password", "{password}");
    }
}
