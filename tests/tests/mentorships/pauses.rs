//! Pauses of a mentorship.
use super::{actions, card, facts};
use serde_json::json;
use tests::World;

#[test]
fn a_paused_mentorship_has_no_meetings_and_goes_on_when_somebody_says_so() {
    let (mut world, pair, id) = World::mentoring();
    let specialist = world.staff("support_specialist", &pair.organization);
    let order =
        json!({"paused_on": world.day(0), "reason": "illness", "until": world.day(20), "note": "Операция."});
    let backwards = json!({"paused_on": world.day(0), "reason": "illness", "until": world.day(0)});
    world.step(&specialist, &id, "pause", backwards).expect(422);
    let ahead = json!({"paused_on": world.day(1), "reason": "illness"});
    world.step(&specialist, &id, "pause", ahead).refused(422, "mentorship.date");
    world
        .step(&specialist, &id, "resumption", json!({"resumed_on": world.day(0)}))
        .refused(409, "mentorship.not_paused");
    let paused = world.step(&specialist, &id, "pause", order.clone()).expect(200);
    assert_eq!(paused.body["state"], "paused");
    assert_eq!(paused.body["paused"], order);
    assert!(actions(&paused).contains(&"resume") && !actions(&paused).contains(&"plan_meeting"));
    let mentor = world.mentor_account("mentor", &pair);
    assert_eq!(card(&world, &mentor, &id).expect(200).body["paused"].get("note"), None, "not for the sides");
    let meeting = json!({"planned_at": world.hour(1), "method": "talk"});
    world.step(&specialist, &id, "meetings", meeting.clone()).refused(409, "mentorship.paused");
    world.step(&specialist, &id, "pause", order).refused(409, "mentorship.paused");
    world.advance_days(5);
    let specialist = world.again(&specialist);
    let resumption = json!({"resumed_on": world.day(0)});
    let resumed = world.step(&specialist, &id, "resumption", resumption).expect(200);
    assert_eq!((&resumed.body["state"], resumed.body.get("paused")), (&json!("active"), None));
    let again = json!({"paused_on": world.day(0), "reason": "holidays"});
    world.step(&specialist, &id, "pause", again).expect(200);
    let told = facts(&world, &specialist, &format!("/mentorships/{id}"));
    assert_eq!(told[..3], ["mentorship.paused", "mentorship.resumed", "mentorship.paused"]);
}

#[test]
fn a_paused_mentorship_ends_like_an_active_one() {
    let mut world = World::with(&["--clock-seconds", "1"]);
    let mut pair = world.pair();
    pair.program = world.plain_program("by-date", json!({}));
    let id = world.active(&pair);
    world
        .step(&pair.director, &id, "pause", json!({"paused_on": world.day(0), "reason": "travel"}))
        .expect(200);
    world.advance_days(61);
    let ended = world.until(&id, "completed");
    assert_eq!((&ended.body["completion_reason"], ended.body.get("paused")), (&json!("term_ended"), None));
}
