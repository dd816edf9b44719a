//! Nobody mentors a relative, by any record that tells of kinship.
use serde_json::json;
use tests::World;
use tests::pairs::Pair;

const CONFLICT: &str = "mentorship.conflict_of_interest";

fn refused_in_proposals_and_candidates(world: &World, pair: &Pair) {
    world.post(&pair.director, "/mentorships", world.proposal(pair)).refused(409, CONFLICT);
    let barriers = world.barriers(&pair.director, &pair.beneficiary, &pair.mentor, &pair.program);
    assert!(barriers.contains(&"conflict_of_interest".to_owned()), "{barriers:?}");
}

#[test]
fn a_father_does_not_mentor_the_child_of_his_family() {
    let (world, pair) = World::paired();
    world.family(&pair.director, &[&pair.person, &pair.mentor_person]);
    refused_in_proposals_and_candidates(&world, &pair);
}

#[test]
fn a_grandfather_in_the_mothers_other_family_does_not_mentor_the_child() {
    let (world, pair) = World::paired();
    let mother = world.person(&pair.director, json!({"birth_date": "1985-01-01"}));
    world.family(&pair.director, &[&mother, &pair.person]);
    world.post(&pair.director, "/mentorships", world.proposal(&pair)).expect(201);
    let (world, pair) = World::paired();
    let mother = world.person(&pair.director, json!({"birth_date": "1985-01-01"}));
    world.family(&pair.director, &[&mother, &pair.person]);
    world.family(&pair.director, &[&mother, &pair.mentor_person]);
    refused_in_proposals_and_candidates(&world, &pair);
}

#[test]
fn a_former_guardian_stays_a_relative_and_a_former_head_of_an_institution_does_not() {
    let (world, pair) = World::paired();
    let acts = |basis: &str| {
        let form = json!({"person_id": pair.mentor_person, "basis": basis, "valid_from": "2021-03-12", "valid_until": "2024-03-12"});
        let path = format!("/beneficiaries/{}/representatives", pair.beneficiary);
        world.post(&pair.director, &path, form).expect(201);
    };
    acts("institution_head");
    let id = world.post(&pair.director, "/mentorships", world.proposal(&pair)).expect(201).id();
    let decline = json!({"party": "mentor", "decision": "decline", "on_paper_file_id": world.file(&pair.director, "other")});
    world.step(&pair.director, &id, "acceptances", decline).expect(200);
    acts("guardian");
    refused_in_proposals_and_candidates(&world, &pair);
}

#[test]
fn a_brother_is_known_by_the_mother_who_acts_for_both() {
    let (world, pair) = World::paired();
    let mother = world.person(&pair.director, json!({"birth_date": "1965-01-01"}));
    let brother = world.beneficiary(&pair.director, &pair.organization, &pair.mentor_person);
    for child in [&pair.beneficiary, &brother] {
        let form = json!({"person_id": mother, "basis": "parent", "valid_from": "2021-03-12"});
        world.post(&pair.director, &format!("/beneficiaries/{child}/representatives"), form).expect(201);
    }
    refused_in_proposals_and_candidates(&world, &pair);
}

#[test]
fn kinship_that_is_recorded_after_the_proposal_stops_the_confirmation() {
    let (world, pair) = World::paired();
    let id = world.consented(&pair);
    world.family(&pair.director, &[&pair.person, &pair.mentor_person]);
    world.step(&pair.director, &id, "confirmation", world.confirmation()).refused(409, CONFLICT);
}

#[test]
fn a_round_does_not_propose_relatives() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let (child, beneficiary) = world.waits(&stage, 10, json!({}));
    let (father, _) = world.helps(&stage, json!({}));
    world.family(&stage.director, &[&child, &father]);
    let round = world.round(&stage, json!({})).id();
    assert_eq!(world.mate(&stage.director, &round, &beneficiary), None);
}

#[test]
fn nobody_is_in_charge_of_a_relative() {
    let (world, pair) = World::paired();
    let aunt = world.person(&pair.director, json!({"birth_date": "1985-01-01"}));
    let grants =
        json!([{"role": "support_specialist", "organization_id": pair.organization}, {"role": "tutor"}]);
    let specialist = world.account("aunt", grants, Some(&aunt));
    let case = world.case(&pair.director, &pair.organization, &pair.beneficiary);
    let assigned = json!({"specialist_user_id": specialist.id});
    let path = format!("/cases/{case}/assignment");
    world.post(&pair.director, &path, assigned.clone()).expect(200);
    world.family(&pair.director, &[&aunt, &pair.person]);
    let told = world.post(&pair.director, &path, assigned).refused(409, "person.relative");
    assert_eq!(told.body["errors"][0]["pointer"], "/specialist_user_id");
    let mut order = world.proposal(&pair);
    order["tutor_user_id"] = json!(specialist.id);
    let told = world.post(&pair.director, "/mentorships", order).refused(409, "person.relative");
    assert_eq!(told.body["errors"][0]["pointer"], "/tutor_user_id");
}

#[test]
fn the_tutor_of_a_round_follows_no_relative() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let (child, _) = world.waits(&stage, 10, json!({}));
    world.helps(&stage, json!({}));
    let aunt = world.person(&stage.director, json!({"birth_date": "1985-01-01"}));
    world.family(&stage.director, &[&child, &aunt]);
    let tutor = world.account("aunt", json!([{"role": "tutor"}]), Some(&aunt));
    let round = world.round(&stage, json!({})).id();
    let order = json!({"starts_on": world.day(0), "tutor_user_id": tutor.id});
    let path = format!("/matching-rounds/{round}/publication");
    let accepted = world.post(&stage.director, &path, order).expect(202);
    world.ended(&stage.director, &accepted);
    let all = world.proposals(&stage.director, &round);
    let refusals: Vec<_> = all.iter().map(|it| (&it["state"], &it["refusals"])).collect();
    assert_eq!(refusals, [(&json!("refused"), &json!(["person.relative"]))]);
}
