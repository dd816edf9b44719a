//! Jobs: work that continues after its request.
use chrono::TimeDelta;
use serde_json::json;
use std::time::{Duration, Instant};
use tests::{Account, Reply, World};

fn job(world: &World, who: &Account, id: &str) -> Reply {
    world.get(who, &format!("/jobs/{id}"))
}
fn cancel(world: &World, who: &Account, id: &str) -> Reply {
    world.post(who, &format!("/jobs/{id}/cancellation"), json!({}))
}
fn listed(world: &World, who: &Account, query: &str) -> Vec<String> {
    let reply = world.get(who, &format!("/jobs{query}")).expect(200);
    reply.items().iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect()
}
fn tutor(world: &World, login: &str) -> Account {
    world.account(login, json!([{"role": "tutor"}]), None)
}
/// The job after its end.
fn ended(world: &World, who: &Account, id: &str) -> Reply {
    let began = Instant::now();
    loop {
        let it = job(world, who, id).expect(200);
        if it.body.get("ended_at").is_some() {
            return it;
        }
        assert!(began.elapsed() < Duration::from_secs(10), "it never ends: {}", it.text);
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn whoever_asked_for_work_sees_how_it_stands_and_nobody_else_but_the_administrator() {
    let world = World::new();
    let (owner, other) = (tutor(&world, "owner"), tutor(&world, "other"));
    let id = world.running_job(&owner);
    for who in [&owner, &world.admin()] {
        let it = job(&world, who, &id).expect(200);
        assert_eq!((&it.body["state"], &it.body["progress"]), (&json!("running"), &json!(0.0)));
        assert_eq!((&it.body["kind"], &it.body["attempts"]), (&json!("matching_round"), &json!(1)));
        assert_eq!(it.actions(), json!(["cancel"]));
        assert_eq!((&it.body["user_id"], it.body.get("result_path")), (&json!(owner.id), None));
        assert_eq!(listed(&world, who, ""), std::slice::from_ref(&id));
    }
    job(&world, &other, &id).refused(404, "request.not_found");
    cancel(&world, &other, &id).refused(404, "request.not_found");
    assert!(listed(&world, &other, "").is_empty());
    assert_eq!(world.fact("job.queued"), id);
}

#[test]
fn jobs_are_found_by_state_and_kind_a_page_at_a_time() {
    let world = World::new();
    let owner = tutor(&world, "owner");
    let mut all: Vec<String> = (0..3).map(|_| world.running_job(&owner)).collect();
    all.reverse();
    assert_eq!(listed(&world, &owner, "?state=running&kind=matching_round"), all);
    assert!(listed(&world, &owner, "?state=done").is_empty());
    assert!(listed(&world, &owner, "?kind=matching_publication").is_empty());
    let first = world.get(&owner, "/jobs?limit=2").expect(200);
    let next = first.body["next_cursor"].as_str().expect("a cursor");
    assert_eq!(listed(&world, &owner, &format!("?limit=2&cursor={next}")), all[2..]);
    world.get(&owner, "/jobs?state=lost").refused(400, "request.parameter");
}

#[test]
fn a_job_that_is_asked_to_stop_ends_as_cancelled_though_its_server_died() {
    let world = World::new();
    let owner = tutor(&world, "owner");
    let id = world.running_job(&owner);
    let asked = cancel(&world, &owner, &id).expect(200);
    assert_eq!((&asked.body["state"], &asked.body["is_cancelling"]), (&json!("running"), &json!(true)));
    assert_eq!(asked.actions(), json!([]));
    let again = cancel(&world, &owner, &id).expect(200);
    assert_eq!(again.body["version"], asked.body["version"], "to ask twice is to ask once");
    world.advance(TimeDelta::seconds(6));
    let it = ended(&world, &owner, &id);
    assert_eq!((&it.body["state"], it.body.get("problem_code")), (&json!("cancelled"), None));
    assert_eq!(it.body["attempts"], 2);
    cancel(&world, &owner, &id).refused(409, "job.ended");
    assert_eq!((world.fact("job.cancellation_asked"), world.fact("job.ended")), (id.clone(), id));
}

#[test]
fn what_is_queued_is_run_at_once_and_what_fails_says_why() {
    let world = World::new();
    let owner = tutor(&world, "owner");
    let id = world.queued_job(&owner);
    let it = ended(&world, &owner, &id);
    assert_eq!((&it.body["state"], &it.body["problem_code"]), (&json!("failed"), &json!("access.forbidden")));
    cancel(&world, &owner, &id).refused(409, "job.ended");
    let id = world.running_job(&owner);
    let stale = world.ask("POST", &format!("/api/v1/jobs/{id}/cancellation")).by(&owner);
    stale.header("if-match", "\"1\"").json(&json!({})).send().refused(412, "version.stale");
}
