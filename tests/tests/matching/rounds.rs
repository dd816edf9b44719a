//! Rounds of matching: begun, computed, adjusted, computed again, published.
use super::{adjust, run};
use crate::parts::raw::Raw;
use actix_web::rt::System;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::{Account, Reply, Stage, World};

pub(super) fn begin(world: &World, who: &Account, stage: &Stage, members: Value) -> Reply {
    let mut order = world.round_order(stage);
    for (name, value) in members.as_object().expect("members") {
        match value {
            Value::Null => drop(order.as_object_mut().expect("an order").remove(name)),
            value => order[name.as_str()] = value.clone(),
        }
    }
    world.post(who, "/matching-rounds", order)
}
fn pairs(world: &World, who: &Account, round: &str) -> BTreeSet<(String, String)> {
    let text = |it: &Value| it.as_str().expect("an id").to_owned();
    let all = world.proposals(who, round);
    all.iter().map(|it| (text(&it["beneficiary_id"]), text(&it["mentor_id"]))).collect()
}
fn left_out(world: &World, who: &Account, round: &str) -> Vec<(String, String)> {
    let all = world.get(who, &format!("/matching-rounds/{round}/left-out?limit=200")).expect(200);
    let text = |it: &Value| it.as_str().expect("a word").to_owned();
    all.items().iter().map(|it| (text(&it["beneficiary_id"]), text(&it["reason"]))).collect()
}

/// The parameter of the first error with that name.
fn parameter(of: &Reply, name: &str) -> String {
    let all = of.body["errors"][0]["params"].as_array().expect("parameters");
    let found =
        all.iter().find(|it| it["name"] == name).unwrap_or_else(|| panic!("no {name} in {}", of.text));
    found["value"].as_str().expect("a text").to_owned()
}

#[test]
fn a_delta_round_keeps_what_was_proposed_and_matches_who_came_since() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let (_, one) = world.waits(&stage, 10, json!({}));
    let (_, first) = world.helps(&stage, json!({"skills": []}));
    let before = world.round(&stage, json!({}));
    assert_eq!((before.body.get("previous_id"), before.body["result"].get("changes")), (None, None));
    // The new mentor suits her better, so a full round could move her. A delta round keeps her pair.
    let (_, two) = world.waits(&stage, 400, json!({}));
    let (_, second) = world.helps(&stage, json!({}));
    let delta = world.round(&stage, json!({"kind": "delta"}));
    assert_eq!((&delta.body["kind"], &delta.body["previous_id"]), (&json!("delta"), &json!(before.id())));
    let kept = BTreeSet::from([(one.clone(), first.clone()), (two.clone(), second.clone())]);
    assert_eq!(pairs(&world, director, &delta.id()), kept);
    let changes = &delta.body["result"]["changes"];
    let figures = ["waiting", "covered", "same_pairs", "other_mentors", "newly_covered", "no_longer_covered"];
    assert_eq!(figures.map(|it| changes[it].as_i64().unwrap()), [1, 1, 1, 0, 1, 0]);
    assert_eq!(changes["round_id"], json!(before.id()));
    // A full round does not keep pairs. Both matchings fit equally well, so the order decides, and the result is
    // always the same.
    let full = world.round(&stage, json!({}));
    assert_eq!(full.body["previous_id"], json!(delta.id()));
    assert_eq!(full.body["result"]["covered"], 2);
    // A pair that is no longer possible is not kept.
    world.veto(director, &one, &first, "mentor").expect(201);
    world.veto(director, &two, &second, "mentor").expect(201);
    let after = world.round(&stage, json!({"kind": "delta"}));
    assert_eq!(pairs(&world, director, &after.id()), BTreeSet::from([(one, second), (two, first)]));
}

#[test]
fn a_specialist_pins_and_forbids_and_the_round_is_computed_around_that() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let (_, one) = world.waits(&stage, 10, json!({}));
    let (_, two) = world.waits(&stage, 10, json!({"needs": []}));
    let (_, good) = world.helps(&stage, json!({}));
    let (_, poor) = world.helps(&stage, json!({"interests": [], "skills": []}));
    let round = world.round(&stage, json!({})).id();
    let usual = BTreeSet::from([(one.clone(), good.clone()), (two.clone(), poor.clone())]);
    assert_eq!(pairs(&world, director, &round), usual);

    let specialist = world.staff("support_specialist", &stage.organization);
    let pinned = adjust(&world, &specialist, &round, "pin", &one, &poor).expect(200);
    assert_eq!((&pinned.body["adjustments"][0]["kind"], &pinned.body["version"]), (&json!("pin"), &json!(3)));
    assert_eq!(pairs(&world, director, &round), usual, "it takes effect when the round is computed again");
    let again = run(&world, &specialist, &round);
    assert_eq!((&again.body["state"], &again.body["run"]), (&json!("ready"), &json!(2)));
    assert_eq!(again.body["result"]["changes"]["round_id"], json!(round));
    assert_eq!(again.body["result"]["changes"]["other_mentors"], 2);
    assert_eq!(
        pairs(&world, director, &round),
        BTreeSet::from([(one.clone(), poor.clone()), (two.clone(), good.clone())])
    );
    let origins: BTreeSet<_> = world
        .proposals(director, &round)
        .iter()
        .map(|it| it["origin"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(origins, BTreeSet::from(["optimum".to_owned(), "pinned".to_owned()]));
    let told = world.get(
        director,
        &format!("/matching-rounds/{round}/explanation?beneficiary_id={one}&mentor_id={good}"),
    );
    assert_eq!(told.expect(200).body["asked"]["verdict"], "decided", "a pin is not weighed");

    adjust(&world, director, &round, "clear", &one, &poor).expect(200);
    let cleared = adjust(&world, director, &round, "forbid", &one, &good).expect(200);
    assert_eq!(cleared.body["adjustments"].as_array().unwrap().len(), 1);
    let forbid = run(&world, director, &round);
    assert_eq!(pairs(&world, director, &round), BTreeSet::from([(one.clone(), poor), (two, good.clone())]));
    assert_eq!(forbid.body["run"], 3);
    let asked = world.get(
        director,
        &format!("/matching-rounds/{round}/explanation?beneficiary_id={one}&mentor_id={good}"),
    );
    let asked = asked.expect(200);
    assert_eq!(
        (&asked.body["asked"]["verdict"], &asked.body["asked"]["barriers"]),
        (&json!("forbidden"), &json!(["declined_in_round"]))
    );
    // After the prohibition is taken back, the two may even be pinned.
    adjust(&world, director, &round, "pin", &one, &good).expect(200);
    assert_eq!(run(&world, director, &round).body["adjustments"].as_array().unwrap().len(), 1);
    assert_eq!(pairs(&world, director, &round), usual);
    let kinds: Vec<_> = world
        .get(director, &format!("/matching-rounds/{round}/history"))
        .expect(200)
        .items()
        .iter()
        .map(|it| it["kind"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(kinds[0], "matching_round.computed");
    assert!(
        kinds.contains(&"matching_round.adjusted".to_owned())
            && kinds.contains(&"matching_round.rerun".to_owned())
    );
}

#[test]
fn contradictory_pins_are_refused_with_their_reasons() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let (_, one) = world.waits(&stage, 10, json!({}));
    let (_, two) = world.waits(&stage, 10, json!({}));
    let (_, first) = world.helps(&stage, json!({}));
    let (_, second) = world.helps(&stage, json!({}));
    world.veto(director, &two, &second, "beneficiary").expect(201);
    let round = world.round(&stage, json!({})).id();
    adjust(&world, director, &round, "pin", &one, &first).expect(200);
    adjust(&world, director, &round, "pin", &one, &first).expect(200);
    let taken =
        adjust(&world, director, &round, "pin", &one, &second).refused(409, "matching_round.pin_taken");
    assert_eq!(taken.body["errors"][0]["pointer"], "/beneficiary_id");
    let full =
        adjust(&world, director, &round, "pin", &two, &first).refused(409, "matching_round.pin_impossible");
    assert_eq!(full.body["errors"][0]["pointer"], "/mentor_id");
    assert_eq!(parameter(&full, "no_free_seat"), "true");
    let vetoed =
        adjust(&world, director, &round, "pin", &two, &second).refused(409, "matching_round.pin_impossible");
    assert!(parameter(&vetoed, "barriers").contains("veto_beneficiary"), "{}", vetoed.text);
    let nowhere = "01980000-0000-7000-8000-0000000000ff";
    for (beneficiary, mentor) in [(&one[..], nowhere), (nowhere, &first[..]), (&first, &one)] {
        adjust(&world, director, &round, "forbid", beneficiary, mentor)
            .refused(422, "matching_round.unknown_pair");
    }
    adjust(&world, director, &round, "glue", &one, &first).expect(422);
    // A pinned pair may become impossible before the round is computed again.
    world.veto(director, &one, &first, "specialist").expect(201);
    let rerun = world.post(director, &format!("/matching-rounds/{round}/runs"), json!({})).expect(202);
    let job = world.ended(director, &rerun);
    assert_eq!(
        (&job.body["state"], &job.body["problem_code"]),
        (&json!("failed"), &json!("matching_round.pin_impossible"))
    );
    let card = world.get(director, &format!("/matching-rounds/{round}")).expect(200);
    assert_eq!(
        (&card.body["state"], &card.body["run"]),
        (&json!("ready"), &json!(1)),
        "what was ready is ready"
    );
    adjust(&world, director, &round, "clear", &one, &first).expect(200);
    assert_eq!(run(&world, director, &round).body["run"], 2);
    adjust(&world, director, &round, "clear", &one, &first).expect(200);
}

#[test]
fn a_round_has_five_hundred_adjustments_at_most() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let beneficiaries: Vec<String> = (0..25).map(|_| world.waits(&stage, 10, json!({})).1).collect();
    let mentors: Vec<String> = (0..21).map(|_| world.helps(&stage, json!({})).1).collect();
    let round = world.round(&stage, json!({})).id();
    adjust(&world, &stage.director, &round, "forbid", &beneficiaries[0], &mentors[0]).expect(200);
    // The others beside it, for every order of the five hundred would take a tenth of a second.
    System::new().block_on(async {
        let raw = Raw::of_world(&world).await;
        let last = raw.id(&mentors[20]);
        raw.batch(&format!(
            "INSERT INTO matching_adjustments (round_id, beneficiary_id, mentor_id, kind, made_by, made_at) \
             SELECT first.round_id, beneficiaries.id, mentors.id, first.kind, first.made_by, first.made_at \
             FROM matching_adjustments AS first CROSS JOIN beneficiaries CROSS JOIN mentors \
             WHERE mentors.id <> {last} AND NOT (beneficiaries.id = first.beneficiary_id AND mentors.id = first.mentor_id) LIMIT 499"
        ))
        .await;
    });
    let told = adjust(&world, &stage.director, &round, "forbid", &beneficiaries[0], &mentors[20]);
    told.refused(409, "matching_round.adjustments");
    adjust(&world, &stage.director, &round, "clear", &beneficiaries[0], &mentors[0]).expect(200);
    adjust(&world, &stage.director, &round, "forbid", &beneficiaries[0], &mentors[20]).expect(200);
}

#[test]
fn a_mentor_of_two_seats_gets_two_and_the_most_urgent_go_first() {
    let world = World::new();
    let stage = world.stage(json!({"mentor_capacity": 2}));
    let director = &stage.director;
    let (_, mentor) = world.helps(&stage, json!({}));
    world.change_mentor(&stage, &mentor, json!({"capacity": 3, "qualified_risk_level": 3}));
    let (_, lately) = world.waits(&stage, 1, json!({}));
    let (_, long) = world.waits(&stage, 400, json!({}));
    let (_, grave) = world.waits(&stage, 0, json!({"risk_level": 2}));
    let round = world.round(&stage, json!({}));
    let chosen = BTreeSet::from([(long.clone(), mentor.clone()), (grave.clone(), mentor.clone())]);
    assert_eq!(pairs(&world, director, &round.id()), chosen);
    let priorities: Vec<_> = round.body["result"]["by_priority"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            ["priority", "risk_level", "waiting_step", "waiting", "covered"]
                .map(|name| it[name].as_i64().unwrap())
        })
        .collect();
    assert_eq!(priorities, [[8, 2, 0, 1, 1], [3, 0, 3, 1, 1], [0, 0, 0, 1, 0]]);
    assert_eq!(round.body["result"]["scarce"][0]["mentor_id"], json!(mentor));
    assert_eq!(left_out(&world, director, &round.id()), [(lately, "seats_to_others".to_owned())]);
    let detail = world.get(director, &format!("/matching-rounds/{}/left-out", round.id())).expect(200);
    let detail = &detail.items()[0]["detail"];
    assert_eq!(
        (&detail["possible_mentors"], &detail["seats_to_others"][0]["lowest_priority"]),
        (&json!(1), &json!(3))
    );
    let published = world.publish(&stage, &round.id());
    assert_eq!(published.body["published_proposals"], 2);
    assert_eq!(world.barriers(director, &long, &mentor, &stage.program), ["not_waiting", "no_seat"]);
}

#[test]
fn two_rounds_over_the_same_people_come_to_the_same() {
    let world = World::new();
    let stage = world.stage(json!({}));
    for days in 0..4 {
        world.waits(&stage, 40 * days, json!({}));
        world.helps(&stage, json!({}));
    }
    let (one, two) = (world.round(&stage, json!({})), world.round(&stage, json!({})));
    assert!(one.body["input_digest"].is_string());
    for name in ["input_digest", "rules", "as_of"] {
        assert_eq!(one.body[name], two.body[name], "{name}");
    }
    assert_eq!(one.body["result"]["objective"], two.body["result"]["objective"]);
    assert_eq!(pairs(&world, &stage.director, &one.id()), pairs(&world, &stage.director, &two.id()));
    world.helps(&stage, json!({}));
    assert_ne!(world.round(&stage, json!({})).body["input_digest"], one.body["input_digest"]);
}

#[test]
fn a_round_is_within_the_reach_of_who_begins_it() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let coordinator = world.account(
        "coordinator",
        json!([{"role": "program_coordinator", "program_id": stage.program}]),
        None,
    );
    let away = world.plain_program("away", json!({}));
    let stranger =
        world.account("stranger", json!([{"role": "program_coordinator", "program_id": away}]), None);
    let (other, other_director) = world.institution("Другой центр");
    let told = begin(&world, director, &stage, json!({"organization_id": null}))
        .refused(422, "matching_round.scope_needed");
    assert_eq!(told.body["errors"][0]["pointer"], "/organization_id");
    let told =
        begin(&world, director, &stage, json!({"organization_id": other})).refused(422, "field.reference");
    assert_eq!(told.body["errors"][0]["pointer"], "/organization_id");
    let told = begin(&world, director, &stage, json!({"program_id": other})).refused(422, "field.reference");
    assert_eq!(told.body["errors"][0]["pointer"], "/program_id");
    begin(&world, &stranger, &stage, json!({"organization_id": null}))
        .refused(422, "matching_round.scope_needed");
    begin(&world, &world.admin(), &stage, json!({})).refused(403, "access.forbidden");
    let (mentee, mentor) = (
        world.account("mentee", json!([{"role": "mentee"}]), None),
        world.account("mentor", json!([{"role": "mentor"}]), None),
    );
    for who in [&mentee, &mentor] {
        begin(&world, who, &stage, json!({})).refused(403, "access.forbidden");
    }
    for (as_of, status) in [(world.day(-1), 422), (world.day(91), 422), (world.day(90), 202)] {
        let told = begin(&world, director, &stage, json!({"as_of": as_of}));
        assert_eq!(told.status, status, "{as_of}: {}", told.text);
        assert!(status != 422 || told.code() == "matching_round.as_of", "{}", told.text);
    }
    for odd in ["+10000-01-01", "9999-12-31", "-0001-01-01", "2026-02-30", "\u{0}"] {
        let told = begin(&world, director, &stage, json!({"as_of": odd}));
        assert!([400, 422].contains(&told.status), "{odd}: {}", told.text);
    }
    for odd in ["x", "\u{0}", "", "2565500000000000000"] {
        let told = begin(&world, director, &stage, json!({"territory": odd}));
        assert!([400, 422].contains(&told.status), "{odd}: {}", told.text);
    }

    // The coordinator has a round over the whole program, with two institutions and two territories.
    let (_, one) = world.waits(&stage, 10, json!({}));
    let theirs = Stage { organization: other, director: other_director, program: stage.program.clone() };
    let (_, two) = world.waits(&theirs, 10, json!({}));
    let person = world.person(director, json!({"birth_date": "2007-01-10"}));
    let three = world.beneficiary_in(director, &stage.organization, "25701000", &person);
    world.beneficiary_profile(director, &three, json!({}));
    world.waiting(director, &three, &stage.program, 10);
    world.helps(&stage, json!({}));
    let whom = |who: &Account, members: Value| {
        let begun = begin(&world, who, &stage, members).expect(202);
        assert_eq!(world.ended(who, &begun).body["state"], "done");
        let mut all: BTreeSet<String> = pairs(&world, who, &begun.id()).into_iter().map(|it| it.0).collect();
        all.extend(left_out(&world, who, &begun.id()).into_iter().map(|it| it.0));
        (begun.id(), all)
    };
    let set = |all: &[&String]| all.iter().map(|it| (*it).clone()).collect::<BTreeSet<_>>();
    let (whole, everybody) = whom(&coordinator, json!({"organization_id": null}));
    assert_eq!(everybody, set(&[&one, &two, &three]));
    assert_eq!(whom(&coordinator, json!({})).1, set(&[&one, &three]));
    assert_eq!(whom(director, json!({"territory": "25701000"})).1, set(&[&three]));
    let (own, all) = whom(director, json!({}));
    assert_eq!(all, set(&[&one, &three]));
    let path = |id: &str, part: &str| format!("/matching-rounds/{id}{part}");
    let explanation = format!("/explanation?beneficiary_id={one}");
    for part in ["", "/proposals", "/left-out", "/history", &explanation] {
        for (who, id) in
            [(director, &whole), (&stranger, &whole), (&theirs.director, &own), (&stranger, &own)]
        {
            world.get(who, &path(id, part)).refused(404, "request.not_found");
        }
    }
    let listed = |who: &Account, query: &str| {
        world.get(who, &format!("/matching-rounds{query}")).expect(200).items().len()
    };
    assert_eq!((listed(&theirs.director, ""), listed(&stranger, "")), (0, 0));
    assert_eq!(listed(&coordinator, ""), listed(&world.admin(), ""));
    assert_eq!(listed(director, &format!("?program_id={away}")), 0);
    assert_eq!(listed(director, "?state=failed"), 0);
    let page = world
        .get(director, &format!("/matching-rounds?limit=2&organization_id={}", stage.organization))
        .expect(200);
    assert!(page.body["next_cursor"].is_string());
    for part in ["/adjustments", "/runs", "/publication"] {
        let order = match part {
            "/adjustments" => json!({"kind": "pin", "beneficiary_id": one, "mentor_id": one}),
            "/runs" => json!({}),
            _ => json!({"starts_on": world.day(0)}),
        };
        world.post(&theirs.director, &path(&own, part), order.clone()).refused(404, "request.not_found");
        world.post(&world.admin(), &path(&own, part), order).refused(403, "access.forbidden");
    }
}

#[test]
fn the_priority_of_whoever_lost_the_mentor_is_kept() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let (person, one) = world.waits(&stage, 200, json!({}));
    let (_, first) = world.helps(&stage, json!({}));
    let pair = tests::pairs::Pair {
        organization: stage.organization.clone(),
        director: director.clone(),
        program: stage.program.clone(),
        beneficiary: one.clone(),
        person,
        mentor: first.clone(),
        mentor_person: String::new(),
    };
    let active = world.active(&pair);
    let (_, two) = world.waits(&stage, 199, json!({}));
    let (_, second) = world.helps(&stage, json!({}));
    let round = world.round(&stage, json!({})).id();
    assert_eq!(pairs(&world, director, &round), BTreeSet::from([(two.clone(), second.clone())]));
    let order = json!({"ground": "other_obstacle", "ended_on": world.day(0), "text": "Переезд."});
    world.step(director, &active, "replacement", order).expect(200);
    let again = run(&world, director, &round);
    assert_eq!(again.body["result"]["waiting"], 2);
    assert_eq!(again.body["result"]["by_priority"][0]["waiting_step"], 2);
    let now = BTreeSet::from([(one.clone(), second), (two, first)]);
    assert_eq!(pairs(&world, director, &round), now, "not the one who was replaced");
    let published = world.publish(&stage, &round);
    assert_eq!(published.body["published_proposals"], 2);
    let next = world
        .proposals(director, &round)
        .into_iter()
        .find(|it| it["beneficiary_id"] == one.as_str())
        .unwrap();
    let card =
        world.get(director, &format!("/mentorships/{}", next["mentorship_id"].as_str().unwrap())).expect(200);
    assert_eq!(card.body["replaces_id"], json!(active), "the next one follows the replaced one");
}

#[test]
fn a_repeated_order_begins_no_second_round() {
    let world = World::new();
    let stage = world.stage(json!({}));
    world.waits(&stage, 10, json!({}));
    world.helps(&stage, json!({}));
    let ask = |path: &str, key: &str, body: &Value| {
        world
            .ask("POST", &format!("/api/v1{path}"))
            .by(&stage.director)
            .header("idempotency-key", key)
            .json(body)
            .send()
            .expect(202)
    };
    let order = world.round_order(&stage);
    let first = ask("/matching-rounds", "begin-1", &order);
    world.ended(&stage.director, &first);
    let second = ask("/matching-rounds", "begin-1", &order);
    assert_eq!((second.id(), second.header("location")), (first.id(), first.header("location")));
    let path = format!("/matching-rounds/{}", first.id());
    let rerun = ask(&format!("{path}/runs"), "run-1", &json!({}));
    world.ended(&stage.director, &rerun);
    assert_eq!(
        ask(&format!("{path}/runs"), "run-1", &json!({})).header("location"),
        rerun.header("location")
    );
    let order = json!({"starts_on": world.day(0)});
    let published = ask(&format!("{path}/publication"), "publish-1", &order);
    world.ended(&stage.director, &published);
    let replayed = ask(&format!("{path}/publication"), "publish-1", &order);
    assert_eq!(replayed.header("location"), published.header("location"));
    let card = world.get(&stage.director, &path).expect(200);
    assert_eq!((&card.body["run"], &card.body["published_proposals"]), (&json!(2), &json!(1)));
    assert_eq!(world.get(&stage.director, "/matching-rounds").expect(200).items().len(), 1);
    let adjust = json!({"kind": "pin", "beneficiary_id": stage.program, "mentor_id": stage.program});
    world
        .post(&stage.director, &format!("{path}/adjustments"), adjust)
        .refused(409, "matching_round.not_ready");
}

#[test]
fn the_lists_of_a_round_begin_with_the_most_urgent_on_every_page() {
    let world = World::new();
    let stage = world.stage(json!({}));
    world.helps(&stage, json!({}));
    world.helps(&stage, json!({}));
    for days in [1, 400, 70, 200, 0] {
        world.waits(&stage, days, json!({}));
    }
    let round = world.round(&stage, json!({})).id();
    for (list, wanted) in [("proposals", vec![3, 2]), ("left-out", vec![1, 0, 0])] {
        let path = format!("/matching-rounds/{round}/{list}");
        let whole = world.get(&stage.director, &path).expect(200).items().clone();
        let priorities: Vec<i64> =
            whole.iter().map(|it| it["priority"].as_i64().expect("a number")).collect();
        assert_eq!(priorities, wanted, "{list}");
        let (mut paged, mut next) = (Vec::new(), String::new());
        loop {
            let page = world.get(&stage.director, &format!("{path}?limit=1{next}")).expect(200);
            paged.extend(page.items().clone());
            let Some(cursor) = page.body["next_cursor"].as_str() else { break };
            next = format!("&cursor={cursor}");
        }
        assert_eq!(paged, whole, "{list}");
    }
}
