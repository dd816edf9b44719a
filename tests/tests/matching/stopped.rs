//! Rounds whose job was stopped, and orders that are sent twice.
use super::rounds::begin;
use super::{adjust, run};
use domain::base::id::MatchingRoundId;
use domain::matching::StoppedRound;
use persistence::matching::rounds::save_stopped;
use persistence::tx::Tx;
use serde_json::json;
use tests::World;

/// Brings a round to the state that work without a result leaves.
fn stop(world: &World, round: &str, is_cancelled: bool) {
    let id: MatchingRoundId = round.parse().expect("an id");
    let stopped =
        async move |tx: &mut Tx<'_>| save_stopped(tx, StoppedRound::stop(id, false, is_cancelled)).await;
    world.inside(stopped);
}

#[test]
fn a_round_that_came_to_nothing_is_run_again_and_one_that_is_out_is_left_alone() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let (_, one) = world.waits(&stage, 10, json!({}));
    let (_, mentor) = world.helps(&stage, json!({}));
    let round = world.round(&stage, json!({})).id();
    let path = format!("/matching-rounds/{round}");
    let publish = || world.post(director, &format!("{path}/publication"), json!({"starts_on": world.day(0)}));
    for (state, is_cancelled) in [("failed", false), ("cancelled", true)] {
        stop(&world, &round, is_cancelled);
        let card = world.get(director, &path).expect(200);
        assert_eq!((&card.body["state"], &card.actions()), (&json!(state), &json!(["run"])));
        publish().refused(409, "matching_round.not_ready");
        adjust(&world, director, &round, "pin", &one, &mentor).refused(409, "matching_round.not_ready");
        assert_eq!(run(&world, director, &round).body["state"], "ready");
    }
    publish().expect(202);
    for order in [("runs", json!({})), ("publication", json!({"starts_on": world.day(0)}))] {
        world
            .post(director, &format!("{path}/{}", order.0), order.1)
            .refused(409, "matching_round.not_ready");
    }
    adjust(&world, director, &round, "forbid", &one, &mentor).refused(409, "matching_round.not_ready");
}

#[test]
fn a_cancelled_job_leaves_no_half_of_a_round() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    world.waits(&stage, 10, json!({}));
    world.helps(&stage, json!({}));
    for _ in 0..5 {
        let begun = begin(&world, director, &stage, json!({})).expect(202);
        let job = begun.header("location").expect("a job").trim_start_matches("/api/v1").to_owned();
        let told = world.post(director, &format!("{job}/cancellation"), json!({}));
        assert!(told.status == 200 || told.code() == "job.ended", "{}", told.text);
        let ended = world.ended(director, &begun);
        let card = world.get(director, &format!("/matching-rounds/{}", begun.id())).expect(200);
        match ended.body["state"].as_str() {
            Some("cancelled") => {
                assert_eq!((&card.body["state"], card.body.get("result")), (&json!("cancelled"), None))
            }
            _ => assert_eq!(
                (&card.body["state"], &card.body["pending_proposals"]),
                (&json!("ready"), &json!(1))
            ),
        }
        assert_eq!(run(&world, director, &begun.id()).body["state"], "ready");
    }
}
