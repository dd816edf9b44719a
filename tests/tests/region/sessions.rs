//! Endings: what was taken away works no more, and does not come back with what is given again.
use super::identity::{attempt, key, refresh, within_a_second};
use serde_json::{Value, json};
use tests::{Account, PASSWORD, Reply, World};

fn edit(world: &World, who: &Account, change: Value) {
    let path = format!("/users/{}", who.id);
    world.edit(&world.admin(), &path, change).expect(200);
}

#[test]
fn an_account_that_is_opened_again_lets_no_old_token_in() {
    let world = World::new();
    let ivan = world.account("ivan", json!([{"role": "analyst"}]), None);
    let elsewhere = world.login("ivan");
    edit(&world, &ivan, json!({"active": false}));
    within_a_second(&world, &ivan, "/me", 401);
    edit(&world, &ivan, json!({"active": true}));
    within_a_second(&world, &elsewhere, "/me", 401);
    for old in [&ivan, &elsewhere] {
        world.get(old, "/me").refused(401, "auth.token");
        refresh(&world, &old.refresh_token).refused(401, "session.ended");
    }
    let anew = world.login("ivan");
    world.get(&anew, "/me").expect(200);
    refresh(&world, &anew.refresh_token).expect(200);
}

#[test]
fn an_account_closed_and_opened_in_one_breath_lets_no_old_token_in() {
    let world = World::new();
    let ivan = world.account("ivan", json!([{"role": "analyst"}]), None);
    world.get(&ivan, "/me").expect(200);
    edit(&world, &ivan, json!({"active": false}));
    edit(&world, &ivan, json!({"active": true}));
    refresh(&world, &ivan.refresh_token).refused(401, "session.ended");
    within_a_second(&world, &ivan, "/me", 401);
}

#[test]
fn a_key_ends_for_good_with_its_account_and_with_the_role_of_an_integration() {
    let world = World::new();
    let both = json!([{"role": "integration"}, {"role": "analyst"}]);
    for (taken, given) in [
        (json!({"active": false}), json!({"active": true})),
        (json!({"grants": [{"role": "analyst"}]}), json!({"grants": both})),
    ] {
        let robot = world.account(&format!("robot{}", taken.to_string().len()), both.clone(), None);
        let key = key(&world, &robot, &["read_organizations"]);
        world.get(&key, "/organizations").expect(200);
        edit(&world, &robot, taken);
        within_a_second(&world, &key, "/organizations", 401);
        edit(&world, &robot, given);
        world.get(&key, "/organizations").refused(401, "api_key.revoked");
        world.fact("api_key.revoked");
    }
    let kept = world.get(&world.admin(), "/api-keys").expect(200);
    assert!(kept.items().iter().all(|it| it["is_revoked"] == true));
}

#[test]
fn an_edit_that_closes_nothing_ends_no_session_and_no_key() {
    let world = World::new();
    let robot = world.account("robot", json!([{"role": "integration"}]), None);
    let key = key(&world, &robot, &["read_organizations"]);
    edit(&world, &robot, json!({"name": "Обмен с областью"}));
    world.get(&key, "/organizations").expect(200);
    refresh(&world, &robot.refresh_token).expect(200);
}

#[test]
fn a_role_taken_away_and_given_again_counts_anew() {
    let world = World::new();
    let olga = world.account("olga", json!([{"role": "region_admin"}]), None);
    edit(&world, &olga, json!({"grants": [{"role": "analyst"}]}));
    within_a_second(&world, &olga, "/users", 403);
    edit(&world, &olga, json!({"grants": [{"role": "region_admin"}]}));
    within_a_second(&world, &olga, "/users", 200);
}

#[test]
fn a_changed_password_ends_the_refresh_tokens_of_every_device() {
    let world = World::new();
    let (ivan, tablet) = (world.account("ivan", json!([{"role": "analyst"}]), None), world.login("ivan"));
    let order = json!({"current_password": PASSWORD, "new_password": "тихая река под горой"});
    world.post(&ivan, "/me/password", order).expect(200);
    for old in [&ivan, &tablet] {
        refresh(&world, &old.refresh_token).refused(401, "session.ended");
    }
    attempt(&world, "ivan", PASSWORD).refused(401, "session.credentials");
}

#[test]
fn of_two_changes_of_a_password_at_once_one_wins() {
    let world = World::new();
    let ivan = world.account("ivan", json!([{"role": "analyst"}]), None);
    let change = |new: &str| {
        let order = json!({"current_password": PASSWORD, "new_password": new});
        world.post(&ivan, "/me/password", order).status
    };
    let mut statuses = std::thread::scope(|scope| {
        let one = scope.spawn(|| change("тихая река под горой"));
        let other = scope.spawn(|| change("третий автобус до Усть-Орды"));
        [one.join().unwrap(), other.join().unwrap()]
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
}

#[test]
fn a_login_that_is_compared_while_its_account_is_closed_opens_nothing_that_lasts() {
    let world = World::new();
    let ivan = world.account("ivan", json!([{"role": "analyst"}]), None);
    let opened: Vec<Reply> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..6).map(|_| scope.spawn(|| attempt(&world, "ivan", PASSWORD))).collect();
        edit(&world, &ivan, json!({"active": false}));
        asked.into_iter().map(|it| it.join().unwrap()).collect()
    });
    edit(&world, &ivan, json!({"active": true}));
    for it in opened.iter().filter(|it| it.status == 200) {
        let token = it.body["refresh_token"].as_str().unwrap();
        refresh(&world, token).refused(401, "session.ended");
    }
}
