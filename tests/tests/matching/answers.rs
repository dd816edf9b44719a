//! Answers to the proposals of a round, their consequences, and the secrets of each side.
use super::{next_best_is_done, offered};
use serde_json::{Value, json};
use tests::{Account, Stage, World};

/// A published round over one beneficiary and one mentor.
struct Offer {
    person: String,
    beneficiary: String,
    mentor_person: String,
    mentor: String,
    round: String,
    mentorship: String,
}

fn offer(world: &World, stage: &Stage) -> Offer {
    let (person, beneficiary) = world.waits(stage, 10, json!({}));
    let (mentor_person, mentor) = world.helps(stage, json!({}));
    let round = world.round(stage, json!({})).id();
    world.publish(stage, &round);
    let mentorship = offered(world, stage, &round, &beneficiary, &[]);
    Offer { person, beneficiary, mentor_person, mentor, round, mentorship }
}
fn yes(party: &str) -> Value {
    json!({"party": party, "decision": "accept"})
}
fn no(party: &str) -> Value {
    json!({"party": party, "decision": "decline"})
}
fn vetoes(world: &World, who: &Account, beneficiary: &str) -> Vec<(String, String)> {
    let all = world.get(who, &format!("/beneficiaries/{beneficiary}/vetoes")).expect(200);
    let text = |it: &Value| it.as_str().expect("a text").to_owned();
    all.items().iter().map(|it| (text(&it["mentor_id"]), text(&it["made_by"]))).collect()
}

#[test]
fn where_the_rules_ask_for_it_a_mentorship_waits_for_the_specialist() {
    let world = World::new();
    let stage = world.stage(json!({}));
    world.matching_rules(&stage.program, json!({"specialist_answer": true}));
    let it = offer(&world, &stage);
    let director = &stage.director;
    let card = world.get(director, &format!("/mentorships/{}", it.mentorship)).expect(200);
    assert_eq!(
        (&card.body["specialist_answer_needed"], card.body.get("specialist_accepted")),
        (&json!(true), None)
    );
    for party in ["mentor", "recipient"] {
        let answered = world.step(director, &it.mentorship, "acceptances", world.acceptance(director, party));
        assert_eq!(answered.expect(200).body["state"], "proposed", "{party}");
    }
    let consent = json!({"signatory": "recipient", "person_id": it.person, "signed_on": world.day(0), "file_id": world.file(director, "consent")});
    world.step(director, &it.mentorship, "consents", consent).refused(409, "mentorship.not_accepted");
    let mentor = world.account("mentor", json!([{"role": "mentor"}]), Some(&it.mentor_person));
    let mentee = world.account("mentee", json!([{"role": "mentee"}]), Some(&it.person));
    for who in [&mentor, &mentee] {
        world.step(who, &it.mentorship, "acceptances", yes("specialist")).refused(403, "access.not_yours");
    }
    let represented = json!({"party": "specialist", "decision": "accept", "representative_id": it.person});
    let told = world.step(director, &it.mentorship, "acceptances", represented).expect(422);
    assert_eq!(told.codes(), ["field.combination"]);
    let specialist = world.staff("support_specialist", &stage.organization);
    let answered = world.step(&specialist, &it.mentorship, "acceptances", yes("specialist")).expect(200);
    assert_eq!(answered.body["state"], "accepted");
    assert_eq!(answered.body["specialist_accepted"]["on"], json!(world.day(0)));
    world
        .step(&specialist, &it.mentorship, "acceptances", yes("specialist"))
        .refused(409, "mentorship.already_answered");
}

#[test]
fn a_specialist_who_is_not_asked_does_not_accept_and_one_who_is_may_decline() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let it = offer(&world, &stage);
    let specialist = world.staff("support_specialist", &stage.organization);
    let told = world.step(&specialist, &it.mentorship, "acceptances", yes("specialist"));
    let told = told.refused(409, "mentorship.specialist_not_asked");
    assert_eq!(told.body["errors"][0]["pointer"], "/party");

    let strict = Stage {
        program: world.plain_program("strict", json!({})),
        organization: stage.organization.clone(),
        director: stage.director.clone(),
    };
    world.matching_rules(&strict.program, json!({"specialist_answer": true}));
    let it = offer(&world, &strict);
    let mut order = no("specialist");
    order["veto"] = json!("pair");
    let declined = world.step(&specialist, &it.mentorship, "acceptances", order).expect(200);
    assert_eq!(
        (&declined.body["state"], &declined.body["declined"]["party"]),
        (&json!("declined"), &json!("specialist"))
    );
    assert_eq!(vetoes(&world, &specialist, &it.beneficiary), [(it.mentor, "specialist".to_owned())]);
}

#[test]
fn a_representative_answers_for_a_child_while_the_authority_holds() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let person = world.person(director, json!({"birth_date": "2010-04-17"}));
    let girl = world.beneficiary(director, &stage.organization, &person);
    world.beneficiary_profile(director, &girl, json!({}));
    world.waiting(director, &girl, &stage.program, 3);
    let (_, first) = world.helps(&stage, json!({}));
    let guardian = world.person(director, json!({"birth_date": "1980-01-01"}));
    let authority = world.guardian(director, &girl, &guardian);
    let old = json!({"person_id": guardian, "basis": "trustee", "valid_from": "2021-03-12", "valid_until": world.day(-1)});
    let old = world.post(director, &format!("/beneficiaries/{girl}/representatives"), old).expect(201).id();
    let other = world.beneficiary(director, &stage.organization, &world.person(director, json!({})));
    let foreign = world.guardian(director, &other, &guardian);
    let round = world.round(&stage, json!({})).id();
    world.publish(&stage, &round);
    let id = offered(&world, &stage, &round, &girl, &[]);
    let answer = |representative: &str| json!({"party": "recipient", "decision": "decline", "veto": "pair", "representative_id": representative, "on_paper_file_id": world.file(director, "other")});
    let nowhere = "01980000-0000-7000-8000-0000000000ff";
    for wrong in [old.as_str(), &foreign, nowhere] {
        let told =
            world.step(director, &id, "acceptances", answer(wrong)).refused(422, "consent.no_authority");
        assert_eq!(told.body["errors"][0]["pointer"], "/representative_id");
    }
    let mut of_mentor = answer(&authority);
    of_mentor["party"] = json!("mentor");
    world.step(director, &id, "acceptances", of_mentor).expect(422);
    let (_, second) = world.helps(&stage, json!({}));
    world.step(director, &id, "acceptances", answer(&authority)).expect(200);
    assert_eq!(vetoes(&world, director, &girl), [(first.clone(), "representative".to_owned())]);
    let next = offered(&world, &stage, &round, &girl, &[&id]);
    let card = world.get(director, &format!("/mentorships/{next}")).expect(200);
    assert_eq!(card.body["mentor_id"], json!(second), "whom a veto excludes is not offered again");
    let accept = json!({"party": "recipient", "decision": "accept", "representative_id": authority, "on_paper_file_id": world.file(director, "other")});
    let card = world.step(director, &next, "acceptances", accept).expect(200);
    assert!(card.body["recipient_accepted"].is_object());
}

#[test]
fn a_refusal_reaches_as_far_as_it_was_meant_to() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let it = offer(&world, &stage);
    let director = &stage.director;
    let mentor = world.account("mentor", json!([{"role": "mentor"}]), Some(&it.mentor_person));
    let both = json!({"party": "mentor", "decision": "accept", "veto": "pair"});
    world.step(&mentor, &it.mentorship, "acceptances", both).expect(422);
    let mut order = no("mentor");
    order["veto"] = json!("round");
    world.step(&mentor, &it.mentorship, "acceptances", order).expect(200);
    assert!(vetoes(&world, director, &it.beneficiary).is_empty(), "for this round alone");
    next_best_is_done(&world, director, 1);
    assert_eq!(world.proposals(director, &it.round).len(), 1, "nobody else is there");
    world.advance(chrono::TimeDelta::minutes(1));
    let again = world.round(&stage, json!({})).id();
    assert_eq!(
        world.mate(director, &again, &it.beneficiary),
        Some(it.mentor.clone()),
        "another round may bring them back"
    );
    let published = world.publish(&stage, &again);
    assert_eq!(published.body["published_proposals"], 1);
    let second = offered(&world, &stage, &again, &it.beneficiary, &[]);
    let mut order = no("mentor");
    order["veto"] = json!("pair");
    world.step(&mentor, &second, "acceptances", order).expect(200);
    assert_eq!(vetoes(&world, director, &it.beneficiary), [(it.mentor.clone(), "mentor".to_owned())]);
    next_best_is_done(&world, director, 2);
    let last = world.round(&stage, json!({}));
    assert_eq!(last.body["result"]["covered"], 0);
    assert_eq!(world.barriers(director, &it.beneficiary, &it.mentor, &stage.program), ["veto_mentor"]);
}

#[test]
fn what_nobody_answers_lapses_and_the_next_best_is_offered() {
    let mut world = World::with(&["--clock-seconds", "1"]);
    let mut stage = world.stage(json!({"proposal_deadline_days": 5}));
    let it = offer(&world, &stage);
    let (_, second) = world.helps(&stage, json!({}));
    world.advance_days(5);
    tests::pause();
    let card = world.get(&world.admin(), &format!("/mentorships/{}", it.mentorship)).expect(200);
    assert_eq!(card.body["state"], "proposed", "the last day is not over");
    world.advance_days(1);
    world.until(&it.mentorship, "lapsed");
    stage.director = world.again(&stage.director);
    let next = offered(&world, &stage, &it.round, &it.beneficiary, &[&it.mentorship]);
    let card = world.get(&stage.director, &format!("/mentorships/{next}")).expect(200);
    assert_eq!(
        (&card.body["mentor_id"], &card.body["planned_starts_on"]),
        (&json!(second), &json!(world.day(0)))
    );
    // The mentor who did not answer is not proposed again in this round, even after the second one did not answer
    // either.
    world.advance_days(6);
    world.until(&next, "lapsed");
    stage.director = world.again(&stage.director);
    next_best_is_done(&world, &stage.director, 2);
    assert_eq!(world.proposals(&stage.director, &it.round).len(), 2);
}

#[test]
fn neither_side_learns_why_or_how_the_other_chose() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let (person, one) = world.waits(&stage, 10, json!({"risk_level": 0}));
    let (first_person, first) = world.helps(&stage, json!({}));
    let (second_person, second) = world.helps(&stage, json!({}));
    let activity =
        world.joint_activity(director, &stage.program, &stage.organization, &[&first, &second], &[&one]);
    let mentee = world.account("mentee", json!([{"role": "mentee"}]), Some(&person));
    let mentor = world.account("first", json!([{"role": "mentor"}]), Some(&first_person));
    let other = world.account("second", json!([{"role": "mentor"}]), Some(&second_person));
    world.choose_as_beneficiary(&mentee, &one, &activity, &[(&first, 1), (&second, 2)], &[]).expect(201);
    world.choose_as_mentor(&mentor, &first, &activity, &[(&one, 1)], &[]).expect(201);
    world.choose_as_mentor(&other, &second, &activity, &[], &[&one]).expect(201);
    let round = world.round(&stage, json!({})).id();
    world.publish(&stage, &round);
    let id = offered(&world, &stage, &round, &one, &[]);

    let clean = |who: &Account, path: &str| {
        let told = world.get(who, path);
        if told.status != 200 {
            return told;
        }
        for word in
            ["veto", "rank", "no_time", "conflict", "Собаки", "mutual_choice", "optimum", "priority", "risk"]
        {
            assert!(!told.text.contains(word), "{} learns '{word}' at {path}: {}", who.login, told.text);
        }
        told
    };
    let card = format!("/mentorships/{id}");
    let everywhere = |who: &Account| {
        clean(who, &card);
        clean(who, "/mentorships");
        clean(who, &format!("{card}/explanation"));
        clean(who, &format!("{card}/history"));
        let closed = [
            format!("/beneficiaries/{one}/candidates"),
            format!("/beneficiaries/{one}/candidates/{second}"),
            format!("/beneficiaries/{one}/vetoes"),
            format!("/matching-rounds/{round}"),
            format!("/matching-rounds/{round}/proposals"),
            format!("/matching-rounds/{round}/left-out"),
            format!("/matching-rounds/{round}/explanation?beneficiary_id={one}"),
            format!("/matching-rounds/{round}/history"),
            format!("/waiting-list?program_id={}", stage.program),
            format!("/waiting-list/summary?program_id={}", stage.program),
            format!("/beneficiaries/{one}/matching-needs"),
        ];
        for path in closed {
            let told = clean(who, &path);
            assert!([403, 404].contains(&told.status), "{} reads {path}: {}", who.login, told.text);
        }
    };
    everywhere(&mentee);
    everywhere(&mentor);
    let told = clean(&mentor, &format!("{card}/explanation")).expect(200);
    assert_eq!((told.body.get("origin"), &told.body["pair"]["choice"]), (None, &json!(0)));
    for it in told.body["pair"]["terms"].as_array().unwrap() {
        let hidden = ["needs", "age"].contains(&it["criterion"].as_str().unwrap());
        assert!(!hidden || it.as_object().unwrap().len() == 4, "{it}");
    }
    let staff = world.get(director, &format!("{card}/explanation")).expect(200);
    assert_eq!((&staff.body["origin"], &staff.body["pair"]["choice"]), (&json!("optimum"), &json!(7)));

    let why = json!({"party": "mentor", "decision": "decline", "reason": "no_time", "note": "Собаки.", "veto": "pair"});
    let told = world.step(&mentor, &id, "acceptances", why).expect(200);
    assert_eq!(told.body["declined"]["note"], "Собаки.", "its own words");
    everywhere(&mentee);
    world.get(&mentor, &card).refused(404, "request.not_found");
    let told = world.get(director, &card).expect(200);
    assert_eq!(told.body["declined"]["reason"], "no_time");
}
