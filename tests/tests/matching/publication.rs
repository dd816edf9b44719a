//! Checks at the publication of a round, and the beneficiaries who get a next best proposal.
use super::{adjust, next_best_is_done, offered, run};
use serde_json::{Value, json};
use tests::{Account, Stage, World};

fn declines(world: &World, stage: &Stage, mentorship: &str) {
    let order = json!({"party": "mentor", "decision": "decline", "reason": "other", "on_paper_file_id": world.file(&stage.director, "other")});
    world.step(&stage.director, mentorship, "acceptances", order).expect(200);
}
fn refusals(world: &World, who: &Account, round: &str) -> Vec<Value> {
    let all = world.proposals(who, round);
    all.iter().filter(|it| it["state"] == "refused").map(|it| it["refusals"].clone()).collect()
}

#[test]
fn whoever_takes_back_the_consent_to_matching_is_not_proposed() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let (_, one) = world.waits(&stage, 10, json!({}));
    world.helps(&stage, json!({}));
    let round = world.round(&stage, json!({})).id();
    let waits = json!([{"program_id": stage.program, "since": world.day(-10)}]);
    world.needs(director, &one, json!({"agrees_to_matching": false, "waits": waits}));
    let published = world.publish(&stage, &round);
    assert_eq!(
        (&published.body["published_proposals"], &published.body["refused_proposals"]),
        (&json!(0), &json!(1))
    );
    assert_eq!(refusals(&world, director, &round), [json!(["no_consent"])]);
    assert_eq!(world.get(director, "/mentorships").expect(200).items().len(), 0);
}

#[test]
fn what_came_up_between_the_two_since_the_round_was_computed_is_not_passed_over() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let (_, one) = world.waits(&stage, 10, json!({"risk_level": 2}));
    let (_, mentor) = world.helps(&stage, json!({}));
    world.change_mentor(&stage, &mentor, json!({"qualified_risk_level": 3}));
    let round = world.round(&stage, json!({})).id();
    assert_eq!(world.mate(director, &round, &one), Some(mentor.clone()));
    world.change_mentor(&stage, &mentor, json!({"qualified_risk_level": 0}));
    world.publish(&stage, &round);
    assert_eq!(refusals(&world, director, &round), [json!(["risk_above_qualification"])]);
}

#[test]
fn a_seat_that_one_round_has_given_away_is_not_given_by_another() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let other = Stage {
        program: world.plain_program("other", json!({})),
        organization: stage.organization.clone(),
        director: stage.director.clone(),
    };
    let (_, one) = world.waits(&stage, 10, json!({}));
    let both = [&stage, &other].map(|it| json!({"program_id": it.program, "since": world.day(-10)}));
    world.needs(director, &one, json!({"waits": both}));
    let (_, mentor) = world.helps(&stage, json!({}));
    let rounds = [&stage, &other].map(|it| world.round(it, json!({})).id());
    for round in &rounds {
        assert_eq!(world.mate(director, round, &one), Some(mentor.clone()));
    }
    world.publish(&stage, &rounds[0]);
    world.publish(&other, &rounds[1]);
    assert_eq!(refusals(&world, director, &rounds[0]), [] as [Value; 0]);
    assert_eq!(refusals(&world, director, &rounds[1]), [json!(["no_seat"])]);
    assert_eq!(world.get(director, "/mentorships").expect(200).items().len(), 1);
}

#[test]
fn a_mentor_who_has_a_seat_less_by_then_is_given_one_less() {
    let world = World::new();
    let stage = world.stage(json!({"mentor_capacity": 2}));
    let director = &stage.director;
    for _ in 0..3 {
        world.waits(&stage, 10, json!({}));
    }
    let (_, mentor) = world.helps(&stage, json!({}));
    world.change_mentor(&stage, &mentor, json!({"capacity": 2}));
    let round = world.round(&stage, json!({}));
    assert_eq!(round.body["result"]["covered"], 2);
    world.change_mentor(&stage, &mentor, json!({"capacity": 1}));
    let published = world.publish(&stage, &round.id());
    assert_eq!(
        (&published.body["published_proposals"], &published.body["refused_proposals"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(refusals(&world, director, &round.id()), [json!(["no_seat"])]);
}

#[test]
fn a_pin_hinders_no_next_best_after_its_publication() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let (_, one) = world.waits(&stage, 10, json!({}));
    let (_, two) = world.waits(&stage, 10, json!({}));
    let mentors = [0, 1, 2, 3].map(|_| world.helps(&stage, json!({})).1);
    let round = world.round(&stage, json!({})).id();
    adjust(&world, director, &round, "pin", &one, &mentors[3]).expect(200);
    run(&world, director, &round);
    world.publish(&stage, &round);
    let mut had = Vec::new();
    for (count, who) in [(1, &two), (2, &one)] {
        let mentorship = offered(&world, &stage, &round, who, &[]);
        declines(&world, &stage, &mentorship);
        had.push(mentorship);
        next_best_is_done(&world, director, count);
        let beside: Vec<&str> = had.iter().map(String::as_str).collect();
        had.push(offered(&world, &stage, &round, who, &beside));
    }
    assert_eq!(refusals(&world, director, &round), [] as [Value; 0]);
}

#[test]
fn the_next_best_is_for_whoever_was_refused_and_for_nobody_else() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let (_, one) = world.waits(&stage, 100, json!({"risk_level": 0}));
    let (_, two) = world.waits(&stage, 10, json!({}));
    world.helps(&stage, json!({}));
    let round = world.round(&stage, json!({})).id();
    world.publish(&stage, &round);
    let mentorship = offered(&world, &stage, &round, &one, &[]);
    declines(&world, &stage, &mentorship);
    next_best_is_done(&world, director, 1);
    let all = world.proposals(director, &round);
    let of: Vec<&Value> = all.iter().map(|it| &it["beneficiary_id"]).collect();
    assert_eq!(of, [&json!(one)], "a seat that became free is for a new round to give: {two} waits for one");
}

#[test]
fn a_pin_goes_before_what_the_round_before_proposed() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let (_, one) = world.waits(&stage, 10, json!({}));
    let mentors = [0, 1].map(|_| world.helps(&stage, json!({})).1);
    let before = world.round(&stage, json!({})).id();
    let proposed = world.mate(director, &before, &one).expect("a mentor");
    let other = mentors.iter().find(|it| **it != proposed).expect("another");
    let delta = world.round(&stage, json!({"kind": "delta"})).id();
    assert_eq!(world.mate(director, &delta, &one), Some(proposed));
    adjust(&world, director, &delta, "pin", &one, other).expect(200);
    run(&world, director, &delta);
    assert_eq!(world.mate(director, &delta, &one).as_ref(), Some(other));
    assert_eq!(world.proposals(director, &delta)[0]["origin"], "pinned");
}

#[test]
fn whoever_may_run_a_round_sees_its_jobs_whoever_began_them() {
    let world = World::new();
    let stage = world.stage(json!({}));
    world.wait_and_help(&stage, 1);
    let specialist = world.staff("support_specialist", &stage.organization);
    let (_, elsewhere) = world.institution("Другой центр");
    let tutor = world.account("tutor", json!([{"role": "tutor"}]), None);
    let begun = world.post(&stage.director, "/matching-rounds", world.round_order(&stage)).expect(202);
    let job = world.ended(&stage.director, &begun);
    let path = format!("/jobs/{}", job.id());
    assert_eq!(world.get(&specialist, &path).expect(200).body["state"], "done");
    assert_eq!(world.get(&specialist, "/jobs").expect(200).items().len(), 1);
    for who in [&elsewhere, &tutor] {
        world.get(who, &path).refused(404, "request.not_found");
        assert_eq!(world.get(who, "/jobs").expect(200).items().len(), 0);
    }
}
