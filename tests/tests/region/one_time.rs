//! One-time passwords: a forgotten password is replaced without anybody learning the next one.
use super::identity::{attempt, key, refresh, within_a_second};
use crate::parts::raw::Raw;
use actix_web::rt::System;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Account, Installation, PASSWORD, Reply, World};

const NEXT: &str = "тихая река под горой";

fn issue(world: &World, by: &Account, of: &Account) -> Reply {
    world.post(by, &format!("/users/{}/one-time-password", of.id), json!({}))
}
fn issued(world: &World, of: &Account) -> String {
    issue(world, &world.admin(), of).expect(200).body["password"].as_str().expect("a password").to_owned()
}
fn analyst(world: &World, login: &str) -> Account {
    world.account(login, json!([{"role": "analyst"}]), None)
}
fn change(world: &World, who: &Account, current: &str) -> Reply {
    world.post(who, "/me/password", json!({"current_password": current, "new_password": NEXT}))
}

#[test]
fn a_one_time_password_ends_all_sessions_and_opens_only_the_change_of_the_password() {
    let world = World::new();
    let ivan = analyst(&world, "ivan");
    let password = issued(&world, &ivan);
    assert!(password.len() >= 20 && password.split('-').count() == 4, "{password}");
    within_a_second(&world, &ivan, "/me", 401);
    refresh(&world, &ivan.refresh_token).refused(401, "session.ended");
    attempt(&world, "ivan", PASSWORD).refused(401, "session.credentials");
    let opened = attempt(&world, "ivan", &password).expect(200);
    assert_eq!(opened.body.get("device_token"), None, "no device is known by it");
    let limited = world.login_with(&world.region, "ivan", &password);
    for path in ["/me", "/organizations", "/jobs", "/users/01980000-0000-7000-8000-000000000001"] {
        world.get(&limited, path).refused(403, "password.change_first");
    }
    world.post(&limited, "/organizations", json!({})).refused(403, "password.change_first");
    let path = format!("/organizations/{}", world.organization("ngo", "Дом", "25655000"));
    world.patch(&limited, &path, "\"1\"", json!({"name": "X"})).refused(403, "password.change_first");
    refresh(&world, &limited.refresh_token).refused(403, "password.change_first");
    change(&world, &limited, PASSWORD).refused(422, "password.wrong");
    change(&world, &limited, &password).expect(200);
    attempt(&world, "ivan", &password).refused(401, "session.credentials");
    let free = world.login_with(&world.region, "ivan", NEXT);
    world.get(&free, "/organizations").expect(200);
    refresh(&world, &free.refresh_token).expect(200);
}

#[test]
fn the_owner_is_told_who_asked_for_it_at_the_login_and_ever_after() {
    let world = World::new();
    let ivan = analyst(&world, "ivan");
    assert_eq!(world.get(&ivan, "/me").expect(200).body.get("one_time_password"), None);
    let password = issued(&world, &ivan);
    let admin = world.admin();
    let told = |it: &Value| {
        let text = |name: &str| it[name].as_str().unwrap_or_default().to_owned();
        (text("requested_by_user_id"), text("requested_by_user_name"), it["is_pending"].clone())
    };
    let opened = attempt(&world, "ivan", &password).expect(200);
    let name = "Администратор".to_owned();
    assert_eq!(told(&opened.body["one_time_password"]), (admin.id.clone(), name.clone(), json!(true)));
    let limited = world.login_with(&world.region, "ivan", &password);
    change(&world, &limited, &password).expect(200);
    let free = world.login_with(&world.region, "ivan", NEXT);
    let me = world.get(&free, "/me").expect(200);
    assert_eq!(told(&me.body["one_time_password"]), (admin.id.clone(), name, json!(false)));
    let history = world.get(&admin, &format!("/users/{}/history", ivan.id)).expect(200);
    assert_eq!(history.kinds(), ["user.password_changed", "user.one_time_password_issued", "user.added"]);
    assert_eq!(history.items()[1]["actor_id"], json!(admin.id));
}

#[test]
fn a_one_time_password_works_for_a_day_and_so_do_its_sessions() {
    let world = World::new();
    let ivan = analyst(&world, "ivan");
    let password = issued(&world, &ivan);
    world.advance(TimeDelta::minutes(24 * 60 - 1));
    let limited = attempt(&world, "ivan", &password).expect(200);
    world.advance(TimeDelta::minutes(1));
    attempt(&world, "ivan", &password).refused(401, "session.credentials");
    let late = Account { token: limited.body["access_token"].as_str().unwrap().to_owned(), ..ivan.clone() };
    std::thread::sleep(std::time::Duration::from_millis(900));
    change(&world, &late, &password).refused(401, "auth.token");
    attempt(&world, "ivan", PASSWORD).refused(401, "session.credentials");
}

#[test]
fn another_one_time_password_ends_the_one_before() {
    let world = World::new();
    let ivan = analyst(&world, "ivan");
    let (first, second) = (issued(&world, &ivan), issued(&world, &ivan));
    assert_ne!(first, second);
    attempt(&world, "ivan", &first).refused(401, "session.credentials");
    attempt(&world, "ivan", &second).expect(200);
}

#[test]
fn a_one_time_password_is_in_no_kept_answer_and_in_no_row() {
    let world = World::new();
    let ivan = analyst(&world, "ivan");
    let path = format!("/api/v1/users/{}/one-time-password", ivan.id);
    let ask = || {
        let ask = world.ask("POST", &path).by(&world.admin()).header("idempotency-key", "one");
        ask.json(&json!({})).send().expect(200)
    };
    let (first, again) = (ask(), ask());
    let password = first.body["password"].as_str().expect("a password").to_owned();
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!((again.body.get("password"), &again.body["expires_at"]), (None, &first.body["expires_at"]));
    attempt(&world, "ivan", &password).expect(200);
    System::new().block_on(async {
        let raw = Raw::of_world(&world).await;
        for column in [
            "password_hash FROM users",
            "kind || ' ' || request_id FROM facts",
            "fingerprint || answer FROM idempotency_keys",
        ] {
            let lines = raw.lines(&format!("SELECT {column}")).await;
            assert!(lines.iter().all(|it| !it.contains(&password)), "{column}");
        }
    });
}

#[test]
fn only_administrators_ask_for_one_and_never_for_themselves_nor_for_a_closed_account() {
    let world = World::new();
    let home = world.organization("social_service_agency", "Свой", "25655000");
    let director = world.account("director", json!([{"role": "director", "organization_id": home}]), None);
    let colleague =
        world.account("colleague", json!([{"role": "support_specialist", "organization_id": home}]), None);
    let (ivan, robot) =
        (analyst(&world, "ivan"), world.account("robot", json!([{"role": "integration"}]), None));
    issue(&world, &director, &colleague).refused(403, "access.forbidden");
    issue(&world, &director, &ivan).refused(404, "request.not_found");
    issue(&world, &ivan, &colleague).refused(404, "request.not_found");
    let key = key(&world, &robot, &["use_account"]);
    let path = format!("/api/v1/users/{}/one-time-password", ivan.id);
    let by_key = world.ask("POST", &path).by(&key).header("idempotency-key", "one").json(&json!({})).send();
    assert!([403, 404].contains(&by_key.status), "{}", by_key.text);
    let admin = world.admin();
    issue(&world, &admin, &admin).refused(403, "access.own");
    let neighbour = world.neighbour();
    issue(&world, &neighbour, &ivan).refused(404, "request.not_found");
    world.close_account(&ivan);
    issue(&world, &admin, &ivan).refused(409, "user.closed");
    world.get(&director, &format!("/users/{}/history", colleague.id)).expect(200);
    world.get(&director, &format!("/users/{}/history", robot.id)).refused(404, "request.not_found");
}

#[test]
fn the_command_line_gives_the_last_administrator_a_one_time_password() {
    let installation = Installation::new();
    let command = ["user", "one-time-password", "--region", &installation.region, "--login"];
    let told = installation.run(&[&command[..], &["nobody"]].concat());
    assert!(!told.status.success() && told.stdout.is_empty(), "{told:?}");
    let process = installation.serve();
    let before = process.admin(&installation);
    let told = installation.run(&[&command[..], &["admin"]].concat());
    assert!(told.status.success(), "{told:?}");
    let password = String::from_utf8(told.stdout).unwrap().trim().to_owned();
    let login = json!({"login": "admin", "password": password, "region": installation.region});
    let opened = process.client.ask("POST", "/api/v1/auth/login").json(&login).send().expect(200);
    let notice = &opened.body["one_time_password"];
    assert_eq!((notice.get("requested_by_user_id"), &notice["is_pending"]), (None, &json!(true)));
    std::thread::sleep(std::time::Duration::from_millis(900));
    process.client.get(&before, "/me").refused(401, "auth.token");
    let limited = Account { token: opened.body["access_token"].as_str().unwrap().to_owned(), ..before };
    let order = json!({"current_password": password, "new_password": NEXT});
    process.client.post(&limited, "/me/password", order).expect(200);
}
