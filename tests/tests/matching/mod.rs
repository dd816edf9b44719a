//! Matching of beneficiaries with mentors.
mod answers;
mod candidates;
mod choices;
mod exchange;
mod hardship;
mod joint_activities;
mod needs;
mod profiles;
mod publication;
mod rounds;
mod rules;
mod secrets;
mod stopped;
mod story;
mod vetoes;
mod waiting;
mod waits;

use serde_json::json;
use tests::{Account, Reply, Stage, World};

/// The mentorship that a round offers to a beneficiary besides the given ones. It waits for the jobs.
fn offered(world: &World, stage: &Stage, round: &str, beneficiary: &str, beside: &[&str]) -> String {
    for _ in 0..300 {
        let all = world.proposals(&stage.director, round);
        let own = all.iter().filter(|it| it["beneficiary_id"] == beneficiary && it["state"] == "published");
        let mut ids = own.filter_map(|it| it["mentorship_id"].as_str()).filter(|it| !beside.contains(it));
        if let Some(id) = ids.next() {
            return id.to_owned();
        }
        tests::pause();
    }
    panic!("nobody else is offered")
}

fn adjust(world: &World, who: &Account, round: &str, kind: &str, beneficiary: &str, mentor: &str) -> Reply {
    let order = json!({"kind": kind, "beneficiary_id": beneficiary, "mentor_id": mentor});
    world.post(who, &format!("/matching-rounds/{round}/adjustments"), order)
}

/// Computes a round again and returns its card.
fn run(world: &World, who: &Account, round: &str) -> Reply {
    let accepted = world.post(who, &format!("/matching-rounds/{round}/runs"), json!({})).expect(202);
    let job = world.ended(who, &accepted);
    assert_eq!(job.body["state"], "done", "{}", job.text);
    world.get(who, &format!("/matching-rounds/{round}")).expect(200)
}

/// Waits until that many jobs have looked for the next best mentor.
fn next_best_is_done(world: &World, who: &Account, count: usize) {
    for _ in 0..100 {
        let jobs = world.get(who, "/jobs?kind=matching_next_best&state=done").expect(200);
        if jobs.items().len() == count {
            return;
        }
        tests::pause();
    }
    panic!("the next best is not looked for");
}
