//! Mentorships, from the proposal to the end.
mod annulled_ends;
mod contacts;
mod corrections;
mod crowds;
mod endings;
mod expanded;
mod extensions;
mod eyes;
mod group_meetings;
mod kindness;
mod lifecycle;
mod lists;
mod meetings;
mod mentor_reports;
mod pauses;
mod proposals;
mod regularity;
mod regulation;
mod replacements;
mod requests;
mod selves;
mod sequences;
mod sides;
mod six_meetings;
mod story;
mod surveys;
mod tutors;
mod withdrawals;

use serde_json::Value;
use tests::{Account, Reply, World};

pub fn card(world: &World, who: &Account, id: &str) -> Reply {
    world.get(who, &format!("/mentorships/{id}"))
}
pub fn actions(it: &Reply) -> Vec<&str> {
    let all = it.body["available_actions"].as_array().expect("actions");
    all.iter().filter_map(|it| it["code"].as_str()).collect()
}
pub fn codes(it: &Reply) -> Vec<String> {
    it.codes().into_iter().map(str::to_owned).collect()
}
/// The paragraphs of the errors.
pub fn rules(it: &Reply) -> Vec<&str> {
    let errors = it.body["errors"].as_array().expect("errors");
    errors.iter().map(|it| it["rule"].as_str().unwrap_or("ours")).collect()
}
pub fn facts(world: &World, who: &Account, path: &str) -> Vec<String> {
    let history = world.get(who, &format!("{path}/history")).expect(200);
    history.items().iter().map(|it| it["kind"].as_str().expect("a kind").to_owned()).collect()
}
pub fn with(mut form: Value, name: &str, value: impl Into<Value>) -> Value {
    form[name] = value.into();
    form
}
