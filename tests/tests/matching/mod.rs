//! Matching beneficiaries with mentors.
mod answers;
mod candidates;
mod hardship;
mod needs;
mod profiles;
mod publication;
mod rounds;
mod rules;
mod story;
mod waiting;

use tests::{Stage, World};

/// The mentorship that a round offers to somebody beside these, once the jobs behind it are done.
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
