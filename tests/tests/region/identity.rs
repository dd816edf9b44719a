use chrono::TimeDelta;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tests::{Account, PASSWORD, World};

pub fn refresh(world: &World, token: &str) -> tests::Reply {
    world.ask("POST", "/api/v1/auth/refresh").json(&json!({"refresh_token": token})).send()
}
fn text(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap_or_else(|| panic!("no {name} in {body}")).to_owned()
}
pub fn attempt(world: &World, login: &str, password: &str) -> tests::Reply {
    world.ask("POST", "/api/v1/auth/login").json(&json!({"login": login, "password": password})).send()
}
/// A key of an integration with those rights.
pub fn key(world: &World, robot: &Account, rights: &[&str]) -> Account {
    let form = json!({"name": "Обмен", "user_id": robot.id, "rights": rights, "expires_on": world.day(30)});
    let issued = world.post(&world.admin(), "/api-keys", form).expect(201);
    Account { token: text(&issued.body, "secret"), ..robot.clone() }
}
/// Repeats a request until its answer has that status. It fails after a second and a half.
pub fn within_a_second(world: &World, who: &Account, path: &str, status: u16) {
    let began = Instant::now();
    while world.get(who, path).status != status {
        assert!(began.elapsed() < Duration::from_millis(1500), "still not {status}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn i_am_told_who_i_am_and_what_i_may() {
    let world = World::new();
    let me = world.get(&world.admin(), "/me").expect(200);
    assert_eq!(me.body["user"]["login"], "admin");
    assert_eq!(me.body["region"], world.region.as_str());
    assert_eq!((&me.body["zone"], &me.body["today"]), (&json!("Europe/Moscow"), &json!(world.day(0))));
    assert!(me.body["region_name"].as_str().is_some_and(|it| !it.is_empty()));
    let rights = me.body["rights"].as_array().unwrap();
    assert!(rights.contains(&json!("manage_users")));
    assert!(!rights.contains(&json!("decide_applications")), "an administrator is no director");
}

#[test]
fn an_unknown_login_and_a_wrong_password_are_refused_alike() {
    let world = World::new();
    let unknown = attempt(&world, "nobody", PASSWORD).refused(401, "session.credentials");
    let wrong = attempt(&world, "admin", "не тот пароль совсем").refused(401, "session.credentials");
    let told =
        |it: &tests::Reply| (it.body["title"].clone(), it.body["detail"].clone(), it.body["errors"].clone());
    assert_eq!(told(&unknown), told(&wrong));
}

#[test]
fn an_account_that_was_switched_off_is_out_within_a_second() {
    let world = World::new();
    let ivan = world.account("ivan", json!([{"role": "analyst"}]), None);
    world.get(&ivan, "/me").expect(200);
    let card = world.get(&world.admin(), &format!("/users/{}", ivan.id)).expect(200);
    world
        .patch(&world.admin(), &format!("/users/{}", ivan.id), &card.etag(), json!({"active": false}))
        .expect(200);
    within_a_second(&world, &ivan, "/me", 401);
    attempt(&world, "ivan", PASSWORD).refused(401, "session.credentials");
}

#[test]
fn a_right_taken_away_is_gone_within_a_second() {
    let world = World::new();
    let olga = world.account("olga", json!([{"role": "region_admin"}]), None);
    world.get(&olga, "/users").expect(200);
    let card = world.get(&world.admin(), &format!("/users/{}", olga.id)).expect(200);
    let form = json!({"grants": [{"role": "analyst"}]});
    world.patch(&world.admin(), &format!("/users/{}", olga.id), &card.etag(), form).expect(200);
    within_a_second(&world, &olga, "/users", 403);
}

#[test]
fn the_last_administrator_cannot_lock_the_region() {
    let world = World::new();
    let admin = world.admin();
    let path = format!("/users/{}", admin.id);
    world.edit(&admin, &path, json!({"active": false})).refused(409, "user.last_admin");
}

#[test]
fn a_refresh_token_is_exchanged_once_and_forgives_a_lost_answer() {
    let world = World::new();
    let first = world.admin().refresh_token;
    let second = text(&refresh(&world, &first).expect(200).body, "refresh_token");
    let again = text(&refresh(&world, &first).expect(200).body, "refresh_token");
    assert_eq!(second, again, "within the grace the same successor");
    let third = text(&refresh(&world, &second).expect(200).body, "refresh_token");
    assert_ne!(second, third);
}

#[test]
fn a_refresh_token_used_again_later_ends_the_session() {
    let world = World::new();
    let admin = world.admin();
    let second = text(&refresh(&world, &admin.refresh_token).expect(200).body, "refresh_token");
    world.advance(TimeDelta::seconds(31));
    refresh(&world, &admin.refresh_token).refused(401, "session.ended");
    refresh(&world, &second).refused(401, "session.ended");
    within_a_second(&world, &admin, "/me", 401);
    world.fact("session.reuse_detected");
}

#[test]
fn ten_parallel_refreshes_get_one_successor() {
    let world = World::new();
    let token = world.admin().refresh_token;
    let answers: Vec<String> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..10)
            .map(|_| scope.spawn(|| text(&refresh(&world, &token).expect(200).body, "refresh_token")))
            .collect();
        asked.into_iter().map(|it| it.join().unwrap()).collect()
    });
    assert!(answers.iter().all(|it| *it == answers[0]));
}

#[test]
fn a_session_ends_after_two_idle_weeks_and_after_thirty_days_in_any_case() {
    let world = World::new();
    let idle = world.admin().refresh_token;
    let mut busy = world.login("admin").refresh_token;
    for _ in 0..2 {
        world.advance(TimeDelta::days(10));
        busy = text(&refresh(&world, &busy).expect(200).body, "refresh_token");
    }
    refresh(&world, &idle).refused(401, "session.ended");
    world.advance(TimeDelta::days(11));
    refresh(&world, &busy).refused(401, "session.ended");
}

#[test]
fn who_logs_out_is_out_within_a_second() {
    let world = World::new();
    let admin = world.admin();
    world
        .ask("POST", "/api/v1/auth/logout")
        .json(&json!({"refresh_token": admin.refresh_token}))
        .send()
        .expect(200);
    within_a_second(&world, &admin, "/me", 401);
    refresh(&world, &admin.refresh_token).refused(401, "session.ended");
}

#[test]
fn an_access_token_lives_fifteen_minutes() {
    let world = World::new();
    let admin = world.admin();
    world.advance(TimeDelta::minutes(14));
    world.get(&admin, "/me").expect(200);
    world.advance(TimeDelta::minutes(1));
    world.get(&admin, "/me").refused(401, "auth.token");
}

#[test]
fn a_password_is_long_uncommon_and_of_any_characters() {
    let world = World::new();
    let add = |login: &str, password: &str| {
        let body =
            json!({"login": login, "name": "Кто-то", "grants": [{"role": "analyst"}], "password": password});
        world.post(&world.admin(), "/users", body)
    };
    add("user1", "короткий пароль").expect(201);
    assert_eq!(add("user2", "коротки пароль").expect(422).codes(), ["field.length"]);
    add("user3", "passwordpassword").refused(422, "password.common");
    add("user4", "абвабвабвабвабвабв").refused(422, "password.repeats");
    add("user5", &"ж".repeat(129)).expect(422);
    add("user6", "🌲🌲🦊 in the wood, 64+ characters are welcome, и кириллица тоже, да").expect(201);
}

#[test]
fn whoever_changes_the_password_logs_in_anew_everywhere() {
    let world = World::new();
    let ivan = world.account("ivan", json!([{"role": "analyst"}]), None);
    let change = |current: &str, new: &str| {
        world.post(&ivan, "/me/password", json!({"current_password": current, "new_password": new}))
    };
    change("совсем не тот пароль", "тихая река под горой").refused(422, "password.wrong");
    change(PASSWORD, PASSWORD).refused(422, "password.same");
    change(PASSWORD, "тихая река под горой").expect(200);
    within_a_second(&world, &ivan, "/me", 401);
    attempt(&world, "ivan", PASSWORD).expect(401);
    attempt(&world, "ivan", "тихая река под горой").expect(200);
}

#[test]
fn an_integration_works_by_a_key_and_only_as_far_as_the_key_names() {
    let mut world = World::new();
    let robot = world.account("robot", json!([{"role": "integration"}]), None);
    let form = json!({"name": "Обмен", "user_id": robot.id, "rights": ["read_organizations"], "expires_on": world.day(30)});
    let issued = world.post(&world.admin(), "/api-keys", form).expect(201);
    let secret = text(&issued.body, "secret");
    let id = text(&issued.body["key"], "id");
    assert!(secret.starts_with(&format!("nst_{}_", world.region)));
    assert_eq!(
        world.get(&world.admin(), &format!("/api-keys/{id}")).expect(200).body.get("secret"),
        None,
        "shown once"
    );
    let key = Account { token: secret, ..robot };
    world.get(&key, "/organizations").expect(200);
    world.get(&key, "/users").refused(403, "access.forbidden");
    world.get(&key, "/me").refused(403, "access.forbidden");
    world
        .post(&key, "/organizations", json!({"kind": "ngo", "name": "x", "territory": "25000000"}))
        .expect(403);
    world.advance_days(31);
    within_a_second(&world, &key, "/organizations", 401);
    world.get(&key, "/organizations").refused(401, "api_key.expired");
}

#[test]
fn a_revoked_key_is_out_within_a_second() {
    let world = World::new();
    let robot = world.account("robot", json!([{"role": "integration"}]), None);
    let form = json!({"name": "Обмен", "user_id": robot.id, "rights": ["read_organizations"], "expires_on": world.day(30)});
    let issued = world.post(&world.admin(), "/api-keys", form).expect(201);
    let path = format!("/api-keys/{}", text(&issued.body["key"], "id"));
    let key = Account { token: text(&issued.body, "secret"), ..robot };
    world.get(&key, "/organizations").expect(200);
    world.post(&world.admin(), &format!("{path}/revocation"), json!({})).expect(200);
    world
        .post(&world.admin(), &format!("{path}/revocation"), json!({}))
        .refused(409, "api_key.revoked_already");
    within_a_second(&world, &key, "/organizations", 401);
    assert_eq!(world.get(&world.admin(), "/api-keys").expect(200).items()[0]["is_revoked"], true);
}

#[test]
fn a_key_names_only_rights_that_integrations_have() {
    let world = World::new();
    let ivan = world.account("ivan", json!([{"role": "analyst"}]), None);
    let form = json!({"name": "Обмен", "user_id": ivan.id, "rights": ["decide_applications"], "expires_on": world.day(400)});
    let refused = world.post(&world.admin(), "/api-keys", form).refused(422, "api_key.term");
    assert_eq!(refused.codes(), ["api_key.term", "api_key.owner", "api_key.right"]);
}

#[test]
fn an_integration_must_make_its_posts_repeatable() {
    let world = World::new();
    let robot = world.account("robot", json!([{"role": "integration"}]), None);
    world
        .post(
            &robot,
            "/me/password",
            json!({"current_password": PASSWORD, "new_password": "тихая река под горой"}),
        )
        .refused(400, "idempotency.required");
}

#[test]
fn a_forged_token_opens_nothing() {
    let world = World::new();
    let admin = world.admin();
    let parts: Vec<&str> = admin.token.split('.').collect();
    let encode = |text: &str| {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        text.as_bytes()
            .chunks(3)
            .map(|it| {
                let n = it.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - it.len()));
                (0..=it.len())
                    .map(|i| char::from(ALPHABET[(n >> (18 - 6 * i) & 63) as usize]))
                    .collect::<String>()
            })
            .collect::<String>()
    };
    let forged = [
        format!("{}.{}.", encode(r#"{"alg":"none","typ":"at+jwt"}"#), parts[1]),
        format!("{}.{}.{}", encode(r#"{"alg":"HS256","typ":"at+jwt"}"#), parts[1], parts[2]),
        format!(
            "{}.{}.{}",
            encode(r#"{"alg":"EdDSA","typ":"at+jwt","kid":"other","jku":"http://127.0.0.1:9/"}"#),
            parts[1],
            parts[2]
        ),
        format!("{}.{}.{}", parts[0], encode(r#"{"sub":"x"}"#), parts[2]),
        format!("{}x", admin.token),
        "x".repeat(6000),
        "nst_kirov_00000000_00".into(),
        format!("nst_{}_00000000_{}", world.region, "0".repeat(64)),
        String::new(),
    ];
    for token in forged {
        let forger = Account { token: token.clone(), ..admin.clone() };
        let refused = world.get(&forger, "/me");
        assert_eq!(refused.status, 401, "{token}: {}", refused.text);
        assert!(refused.header("www-authenticate").is_some());
    }
    let basic = world.ask("GET", "/api/v1/me").header("authorization", "Basic YTpi").send();
    basic.refused(401, "auth.required");
    world.ask("GET", "/api/v1/me").send().refused(401, "auth.required");
}

#[test]
fn the_public_key_is_published() {
    let world = World::new();
    let keys = world.ask("GET", "/.well-known/jwks.json").send().expect(200);
    assert_eq!(keys.body["keys"][0]["crv"], "Ed25519");
    assert_eq!(keys.body["keys"][0].get("d"), None);
}

#[test]
fn a_director_sees_the_accounts_of_their_own_institution_only() {
    let world = World::new();
    let (home, away) = (
        world.organization("social_service_agency", "Свой", "25655000"),
        world.organization("ngo", "Чужой", "25655000"),
    );
    let director = world.account("director", json!([{"role": "director", "organization_id": home}]), None);
    let colleague =
        world.account("colleague", json!([{"role": "support_specialist", "organization_id": home}]), None);
    let stranger =
        world.account("stranger", json!([{"role": "support_specialist", "organization_id": away}]), None);
    let logins: Vec<_> =
        world.get(&director, "/users").expect(200).items().iter().map(|it| it["login"].clone()).collect();
    assert_eq!(logins, ["colleague", "director"]);
    world.get(&director, &format!("/users/{}", colleague.id)).expect(200);
    world.get(&director, &format!("/users/{}", stranger.id)).refused(404, "request.not_found");
    let form = json!({"active": false});
    world
        .patch(&director, &format!("/users/{}", colleague.id), "\"1\"", form.clone())
        .refused(403, "access.forbidden");
    world
        .patch(&director, &format!("/users/{}", stranger.id), "\"1\"", form)
        .refused(404, "request.not_found");
    world.get(&world.admin(), "/users?role=director").expect(200);
    let there = world.get(&world.admin(), &format!("/users?organization_id={away}")).expect(200);
    assert_eq!(there.items().len(), 1);
}

#[test]
fn a_login_is_taken_once_whatever_its_case() {
    let world = World::new();
    let form = |login: &str| json!({"login": login, "name": "Кто-то", "grants": [{"role": "analyst"}], "password": PASSWORD});
    world.post(&world.admin(), "/users", form("Ivan.Petrov")).expect(201);
    world.post(&world.admin(), "/users", form("ivan.petrov")).refused(409, "user.login_taken");
    attempt(&world, "IVAN.petrov", PASSWORD).expect(200);
}

#[test]
fn a_role_names_its_place_and_the_place_exists() {
    let world = World::new();
    let form =
        |grants: Value| json!({"login": "ivan", "name": "Кто-то", "grants": grants, "password": PASSWORD});
    world.post(&world.admin(), "/users", form(json!([{"role": "director"}]))).expect(422);
    let nowhere = json!([{"role": "director", "organization_id": "01980000-0000-7000-8000-000000000001"}]);
    let refused = world.post(&world.admin(), "/users", form(nowhere)).refused(422, "field.reference");
    assert_eq!(refused.body["errors"][0]["pointer"], "/grants/0/organization_id");
}

#[test]
fn a_role_or_a_right_that_stands_twice_is_refused() {
    let world = World::new();
    let form = json!({"login": "ivan", "name": "Кто-то", "grants": [{"role": "analyst"}, {"role": "analyst"}], "password": PASSWORD});
    world.post(&world.admin(), "/users", form).refused(422, "user.grant_twice");
    let robot = world.account("robot", json!([{"role": "integration"}]), None);
    let rights = ["read_people", "read_people"];
    let form = json!({"name": "Обмен", "user_id": robot.id, "rights": rights, "expires_on": world.day(30)});
    world.post(&world.admin(), "/api-keys", form).refused(422, "api_key.right_twice");
}

#[test]
fn a_password_is_not_the_login_over_again() {
    let world = World::new();
    let form = json!({"login": "konstantinopolskiy", "name": "Кто-то", "grants": [{"role": "analyst"}], "password": "konstantinopolskiy1"});
    world.post(&world.admin(), "/users", form).refused(422, "password.login");
}

#[test]
fn an_account_is_replaced_whole() {
    let world = World::new();
    let ivan = world.account("ivan", json!([{"role": "analyst"}]), None);
    let form = json!({"login": "ivan.petrov", "name": "Иван Петров", "grants": [{"role": "tutor"}]});
    let replaced = world.put(&world.admin(), &format!("/users/{}", ivan.id), "\"1\"", form).expect(200);
    assert_eq!(replaced.body["grants"], json!([{"role": "tutor"}]));
}
