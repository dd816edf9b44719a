//! A whole story of matching: from a joint activity, by a round, to an active mentorship.
use serde_json::json;
use tests::{Account, Stage, World};

/// The next mentorship that a round proposes to a beneficiary besides the given one. It waits for the job.
fn next_mentorship(world: &World, who: &Account, round: &str, beneficiary: &str, not: &str) -> String {
    for _ in 0..300 {
        let all = world.proposals(who, round);
        let next = all.iter().find(|it| {
            it["beneficiary_id"] == beneficiary && it["state"] == "published" && it["mentorship_id"] != not
        });
        if let Some(it) = next {
            return it["mentorship_id"].as_str().expect("a mentorship").to_owned();
        }
        tests::pause();
    }
    panic!("nobody else is offered");
}

fn mentorship_of(world: &World, stage: &Stage, round: &str, beneficiary: &str) -> String {
    let all = world.proposals(&stage.director, round);
    let own = all.iter().find(|it| it["beneficiary_id"] == beneficiary).expect("a proposal");
    own["mentorship_id"].as_str().expect("a mentorship").to_owned()
}

fn tell(mode: &str) {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let (alena, one) = world.waits(&stage, 200, json!({"risk_level": 0}));
    let (_, two) = world.waits(&stage, 10, json!({}));
    let (first_person, first) = world.helps(&stage, json!({}));
    let (second_person, second) = world.helps(&stage, json!({"interests": ["cooking"]}));
    let (_, third) = world.helps(&stage, json!({"interests": ["reading"], "skills": []}));
    let mentee = world.account("alena", json!([{"role": "mentee"}]), Some(&alena));
    let mentor = world.account("first", json!([{"role": "mentor"}]), Some(&first_person));
    let other = world.account("second", json!([{"role": "mentor"}]), Some(&second_person));

    // They meet at an activity, and each side chooses for itself.
    let activity = world.joint_activity(
        director,
        &stage.program,
        &stage.organization,
        &[&first, &second, &third],
        &[&one, &two],
    );
    world
        .choose_as_beneficiary(&mentee, &one, &activity, &[(&first, 1), (&second, 2)], &[&third])
        .expect(201);
    world.choose_as_mentor(&mentor, &first, &activity, &[(&one, 1)], &[]).expect(201);
    world.choose_as_mentor(&other, &second, &activity, &[(&two, 1), (&one, 1)], &[]).expect(201);

    let candidates = world
        .get(director, &format!("/beneficiaries/{one}/candidates?program_id={}", stage.program))
        .expect(200);
    assert_eq!(candidates.body["items"][0]["mentor_id"], first.as_str(), "{}", candidates.text);
    assert_eq!(candidates.body["items"][0]["pair"]["choice"], 7);
    let veto = json!([{"mentor_id": third, "mentor_name": "Петрова Мария Ильинична", "barriers": ["veto_beneficiary"]}]);
    assert_eq!(candidates.body["excluded"], veto);

    // The round makes proposals, and nobody learns of them before the publication.
    let round = world.round(&stage, json!({"mode": mode}));
    let id = round.id();
    assert_eq!((&round.body["state"], &round.body["rules"]["mode"]), (&json!("ready"), &json!(mode)));
    let result = &round.body["result"];
    assert_eq!(
        (&result["waiting"], &result["covered"], &result["certified"]),
        (&json!(2), &json!(2), &json!(true))
    );
    assert_eq!(result["blocking_count"], 0);
    assert_eq!(world.mate(director, &id, &one), Some(first.clone()));
    assert_eq!(world.mate(director, &id, &two), Some(second.clone()));
    let origins: Vec<_> = world.proposals(director, &id).iter().map(|it| it["origin"].clone()).collect();
    let origin = if mode == "mutual_first" { "mutual_choice" } else { "optimum" };
    assert_eq!(origins, [origin, "optimum"]);
    assert_eq!(world.get(&mentee, "/mentorships").expect(200).items().len(), 0);

    // The question «Why not the second one?» is answered: another person would have to change, and by what the rules measure.
    let asked = format!("/matching-rounds/{id}/explanation?beneficiary_id={two}&mentor_id={third}");
    let why = world.get(director, &asked).expect(200);
    assert_eq!(why.body["proposed"]["mentor_id"], second.as_str());
    if mode == "coverage_first" {
        assert_eq!(why.body["asked"]["verdict"], "worse", "{}", why.text);
        let difference = &why.body["asked"]["difference"];
        assert_eq!(difference["moves"].as_array().unwrap().len(), 1);
        assert!(["choices", "fit"].contains(&difference["costs"].as_str().unwrap()), "{}", why.text);
    }

    // After the publication both sides see the proposal and its reason. The mentor declines for this round.
    let published = world.publish(&stage, &id);
    assert_eq!(
        (&published.body["state"], &published.body["published_proposals"]),
        (&json!("published"), &json!(2))
    );
    let mentorship = mentorship_of(&world, &stage, &id, &one);
    let told = world.get(&mentee, &format!("/mentorships/{mentorship}/explanation")).expect(200);
    assert_eq!(told.body["pair"]["terms"][0]["shared"], json!(["chess", "hiking"]), "{}", told.text);
    assert_eq!(told.body["pair"]["choice"], 0, "how the other side chose is not told");
    let needs = told.body["pair"]["terms"][1].as_object().unwrap();
    assert!(!needs.contains_key("shared") && needs["criterion"] == "needs", "not before the consent");
    let no = json!({"party": "mentor", "decision": "decline", "reason": "no_time"});
    world.step(&mentor, &mentorship, "acceptances", no).expect(200);
    let declined = world.get(&mentee, &format!("/mentorships/{mentorship}")).expect(200);
    assert_eq!(
        (&declined.body["state"], declined.body["declined"].get("reason")),
        (&json!("declined"), None)
    );

    // The next best proposal is looked for. The second mentor is taken by the other child and the third was vetoed,
    // so none is left.
    let left = world.get(director, &format!("/waiting-list?program_id={}", stage.program)).expect(200);
    assert_eq!(left.items()[0]["beneficiary_id"], one.as_str());
    let (_, fourth) = world.helps(&stage, json!({}));
    let other_mentorship = mentorship_of(&world, &stage, &id, &two);
    let no = json!({"party": "recipient", "decision": "decline", "veto": "pair", "on_paper_file_id": world.file(director, "other")});
    world.step(director, &other_mentorship, "acceptances", no).expect(200);
    let next = next_mentorship(&world, director, &id, &one, &mentorship);
    let card = world.get(director, &format!("/mentorships/{next}")).expect(200);
    let mate = card.body["mentor_id"].as_str().unwrap().to_owned();
    assert!(mate == second || mate == fourth, "neither the declined nor the vetoed one comes back");
    let vetoes = world.get(director, &format!("/beneficiaries/{two}/vetoes")).expect(200);
    assert_eq!(vetoes.items()[0]["mentor_id"], second.as_str());

    // Both sides accept, the recipient consents, and the director confirms.
    for party in ["mentor", "recipient"] {
        world.step(director, &next, "acceptances", world.acceptance(director, party)).expect(200);
    }
    let consent = json!({"signatory": "recipient", "person_id": alena, "signed_on": world.day(0), "file_id": world.file(director, "consent")});
    world.step(director, &next, "consents", consent).expect(200);
    let active = world.step(director, &next, "confirmation", world.confirmation()).expect(200);
    assert_eq!(active.body["state"], "active");
    let summary =
        world.get(director, &format!("/waiting-list/summary?program_id={}", stage.program)).expect(200);
    assert_eq!((&summary.body["matched"], &summary.body["median_days_to_match"]), (&json!(1), &json!(200)));
    let told = world.get(&mentee, &format!("/mentorships/{next}/explanation")).expect(200);
    assert!(
        told.body["pair"]["terms"][1]["shared"].is_array() || mate == second,
        "after the consent all is told"
    );
}

#[test]
fn a_child_gets_the_mentor_of_a_mutual_choice_or_the_next_best() {
    tell("coverage_first");
}

#[test]
fn the_same_happens_where_mutual_choices_come_first() {
    tell("mutual_first");
}
