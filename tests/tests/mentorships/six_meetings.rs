//! The program of six meetings (001): its limits of age, to the day, and its completion.
use serde_json::json;
use tests::pairs::{Pair, at_once};
use tests::{Account, Reply, World};

/// Proposes a mentorship to a person born on that day, to begin on the other day.
fn propose(world: &World, pair: &Pair, born: &str, starts_on: &str) -> Reply {
    let person = world.person(&pair.director, json!({"given_name": "Вера", "birth_date": born}));
    let mut order = world.proposal(pair);
    order["beneficiary_id"] = json!(world.beneficiary(&pair.director, &pair.organization, &person));
    order["starts_on"] = json!(starts_on);
    world.post(&pair.director, "/mentorships", order)
}
#[track_caller]
fn refused(reply: Reply) {
    let told = reply.refused(409, "mentorship.age");
    assert_eq!((told.codes(), &told.body["rule"]), (vec!["mentorship.age"], &json!("001 L36")));
}

#[test]
fn one_takes_part_from_the_fifteenth_birthday_to_the_eve_of_the_twenty_third() {
    let (world, pair) = World::paired();
    assert_eq!(world.day(0), "2026-03-02");
    refused(propose(&world, &pair, "2011-03-03", "2026-03-02"));
    propose(&world, &pair, "2011-03-02", "2026-03-02").expect(201);
    propose(&world, &pair, "2003-03-03", "2026-03-02").expect(201);
    refused(propose(&world, &pair, "2003-03-02", "2026-03-02"));
}

#[test]
fn the_age_is_that_of_the_first_day_not_of_the_day_of_the_proposal() {
    let (world, pair) = World::paired();
    propose(&world, &pair, "2011-03-12", &world.day(10)).expect(201);
    refused(propose(&world, &pair, "2011-03-13", &world.day(10)));
    refused(propose(&world, &pair, "2003-03-12", &world.day(10)));
    propose(&world, &pair, "2003-03-13", &world.day(10)).expect(201);
}

#[test]
fn whoever_was_born_on_the_leap_day_grows_older_on_the_first_of_march() {
    let (mut world, mut pair) = World::paired();
    world.advance_days(362);
    pair.director = world.again(&pair.director);
    assert_eq!(world.day(0), "2027-02-27");
    refused(propose(&world, &pair, "2012-02-29", "2027-02-28"));
    propose(&world, &pair, "2012-02-29", "2027-03-01").expect(201);
    propose(&world, &pair, "2004-02-29", "2027-02-28").expect(201);
    refused(propose(&world, &pair, "2004-02-29", "2027-03-01"));
}

#[test]
fn whoever_turns_twenty_three_before_the_first_day_is_not_confirmed_and_after_it_goes_on() {
    let (mut world, mut pair) = World::paired();
    pair.person = world.person(&pair.director, json!({"given_name": "Вера", "birth_date": "2003-03-05"}));
    pair.beneficiary = world.beneficiary(&pair.director, &pair.organization, &pair.person);
    let id = world.consented(&pair);
    let mut order = world.confirmation();
    order["starts_on"] = json!(world.day(3));
    refused(world.step(&pair.director, &id, "confirmation", order.clone()));
    order["starts_on"] = json!(world.day(2));
    world.step(&pair.director, &id, "confirmation", order).expect(200);
    world.advance_days(5);
    let director = world.again(&pair.director);
    world.held(&director, &id, 1);
    let card = world.get(&director, &format!("/mentorships/{id}")).expect(200);
    assert_eq!((&card.body["state"], &card.body["held_meetings"]), (&json!("active"), &json!(1)));
}

#[test]
fn the_sixth_held_meeting_completes_and_a_seventh_is_refused() {
    let (mut world, pair, id) = World::mentoring();
    world.life_plan(&pair.director, &pair.beneficiary);
    let mut director = pair.director.clone();
    for held in 0..6 {
        world.advance_days(3);
        director = world.again(&director);
        let card = world.get(&director, &format!("/mentorships/{id}")).expect(200);
        assert_eq!((&card.body["state"], &card.body["held_meetings"]), (&json!("active"), &json!(held)));
        assert_eq!(card.body["meetings_to_complete"], 6);
        world.held(&director, &id, 1);
    }
    let card = world.get(&director, &format!("/mentorships/{id}")).expect(200);
    assert_eq!(
        (&card.body["state"], &card.body["completion_reason"], &card.body["ended_on"]),
        (&json!("completed"), &json!("meetings_held"), &json!(world.day(0)))
    );
    let seventh = json!({"planned_at": world.hour(1), "method": "talk"});
    let told = world.step(&director, &id, "meetings", seventh).refused(409, "mentorship.meetings_done");
    assert_eq!(told.body["rule"], "001 L40");
}

#[test]
fn a_meeting_missed_or_cancelled_is_none_of_the_six() {
    let (world, pair, id) = World::mentoring();
    world.life_plan(&pair.director, &pair.beneficiary);
    let missed = world.meeting(&pair.director, &id, -2);
    let order = json!({"by": "recipient"});
    world.post(&pair.director, &format!("/meetings/{missed}/missing"), order).expect(200);
    let cancelled = world.meeting(&pair.director, &id, 5);
    let order = json!({"reason": "illness"});
    world.post(&pair.director, &format!("/meetings/{cancelled}/cancellation"), order).expect(200);
    for hours in [8, 7, 6, 5, 4] {
        world.held(&pair.director, &id, hours);
    }
    let card = world.get(&pair.director, &format!("/mentorships/{id}")).expect(200);
    assert_eq!((&card.body["state"], &card.body["held_meetings"]), (&json!("active"), &json!(5)));
    world.held(&pair.director, &id, 1);
    let card = world.get(&pair.director, &format!("/mentorships/{id}")).expect(200);
    assert_eq!(card.body["state"], "completed");
}

#[test]
fn after_the_sixth_meeting_the_life_plan_is_awaited_and_its_adoption_completes() {
    let (mut world, pair, id) = World::mentoring();
    for hours in [8, 7, 6, 5, 4] {
        world.held(&pair.director, &id, hours);
    }
    let card = |world: &World, who: &Account| world.get(who, &format!("/mentorships/{id}")).expect(200);
    assert_eq!(card(&world, &pair.director).body.get("awaits"), None);
    let ahead = world.meeting(&pair.director, &id, 48);
    let last = world.held(&pair.director, &id, 1);
    assert_eq!(last.body["number"], 6, "it happened, and is not refused");
    let waiting = card(&world, &pair.director);
    assert_eq!((&waiting.body["state"], &waiting.body["awaits"]), (&json!("active"), &json!("life_plan")));
    let seventh = json!({"planned_at": world.hour(1), "method": "talk"});
    world.step(&pair.director, &id, "meetings", seventh).refused(409, "mentorship.meetings_done");
    let order = json!({"paused_on": world.day(0), "reason": "travel"});
    world.step(&pair.director, &id, "pause", order).expect(200);
    assert_eq!(card(&world, &pair.director).body["awaits"], "life_plan");
    world.advance_days(3);
    let director = world.again(&pair.director);
    world.life_plan(&director, &pair.beneficiary);
    let done = card(&world, &director);
    assert_eq!(
        (&done.body["state"], &done.body["completion_reason"], &done.body["ended_on"]),
        (&json!("completed"), &json!("meetings_held"), &json!(world.day(0)))
    );
    assert_eq!(done.body.get("awaits"), None);
    let it = world.get(&director, &format!("/meetings/{ahead}")).expect(200);
    assert_eq!(it.body["cancelled"], json!({"reason": "mentorship_ended"}));
}

#[test]
fn a_life_plan_adopted_before_the_mentorship_does_not_count_and_a_term_without_one_says_so() {
    let mut world = World::with(&["--clock-seconds", "1"]);
    let mut pair = world.pair();
    world.life_plan(&pair.director, &pair.beneficiary);
    world.advance_days(1);
    pair.director = world.again(&pair.director);
    let id = world.active(&pair);
    for hours in [8, 7, 6, 5, 4, 3] {
        world.held(&pair.director, &id, hours);
    }
    let card = world.get(&pair.director, &format!("/mentorships/{id}")).expect(200);
    assert_eq!(card.body["awaits"], "life_plan");
    world.advance_days(61);
    let ended = world.until(&id, "terminated");
    assert_eq!(ended.body["termination"]["ground"], "life_plan_missing");
    let director = world.again(&pair.director);
    let mistaken = json!({"reason": "Ошибка."});
    let told = world.step(&director, &id, "end/annulment", mistaken);
    told.refused(409, "mentorship.ended_by_itself");
}

#[test]
fn the_last_meeting_and_the_adoption_at_once_complete_once() {
    let (world, pair, id) = World::mentoring();
    for hours in [8, 7, 6, 5, 4] {
        world.held(&pair.director, &id, hours);
    }
    let plan = world.plan(&pair.director, &pair.beneficiary, json!({"kind": "life_plan"}));
    let version = world.drafted(&pair.director, &plan, world.life_plan_text());
    world.of_version(&pair.director, &version, "submission", json!({})).expect(200);
    world.of_version(&pair.director, &version, "approvals", json!({"approver": "specialist"})).expect(200);
    let order = json!({"approver": "person", "on_paper_file_id": world.file(&pair.director, "other")});
    let meeting = world.meeting(&pair.director, &id, -1);
    let holding = world.holding(-1);
    let replies = at_once(2, |n| match n {
        0 => world.post(&pair.director, &format!("/meetings/{meeting}/holding"), holding.clone()),
        _ => world.of_version(&pair.director, &version, "approvals", order.clone()),
    });
    assert!(replies.iter().all(|it| it.0 == 200), "{replies:?}");
    let card = world.get(&pair.director, &format!("/mentorships/{id}")).expect(200);
    assert_eq!((&card.body["state"], card.body.get("awaits")), (&json!("completed"), None));
}
