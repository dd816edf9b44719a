//! Withdrawal of either side, at any time (002 §3.4).
use super::{card, codes, facts, with};
use serde_json::{Value, json};
use tests::World;

#[test]
fn a_recipient_withdraws_and_the_mentorship_ends_at_once() {
    let (world, pair) = World::paired();
    let mentee = world.mentee_account("daria", &pair);
    let mentor = world.mentor_account("mentor", &pair);
    let id = world.active(&pair);
    let own = json!({"party": "recipient", "withdrawn_on": world.day(0), "note": "Больше не хочу."});
    world.step(&mentor, &id, "withdrawal", own.clone()).refused(403, "access.not_yours");
    world
        .step(&mentee, &id, "withdrawal", with(own.clone(), "withdrawn_on", world.day(1)))
        .refused(422, "mentorship.date");
    let ended = world.step(&mentee, &id, "withdrawal", own.clone()).expect(200);
    assert_eq!(
        (&ended.body["state"], &ended.body["termination"]["ground"]),
        (&json!("terminated"), &json!("consent_withdrawn"))
    );
    assert_eq!(ended.body["consents"][0]["withdrawn_on"], world.day(0));
    assert_eq!(card(&world, &mentor, &id).status, 404);
    let told = world.step(&pair.director, &id, "withdrawal", own).refused(409, "mentorship.ended");
    assert_eq!(codes(&told), ["mentorship.ended"]);
    let told = facts(&world, &pair.director, &format!("/mentorships/{id}"));
    assert_eq!(told[..2], ["mentorship.agreement_withdrawn", "mentorship.terminated"]);
}

#[test]
fn before_the_beginning_a_withdrawal_declines() {
    let (world, pair) = World::paired();
    let mentor = world.mentor_account("mentor", &pair);
    let id = world.consented(&pair);
    let declined = world
        .step(&mentor, &id, "withdrawal", json!({"party": "mentor", "withdrawn_on": world.day(0)}))
        .expect(200);
    assert_eq!(
        (&declined.body["state"], &declined.body["declined"]["reason"]),
        (&json!("declined"), &json!("withdrawn"))
    );
    assert_eq!(declined.body["consents"][0].get("withdrawn_on"), None, "the recipient withdrew nothing");
    let id = world.consented(&pair);
    let paper = world.file(&pair.director, "refusal");
    let order = json!({"party": "recipient", "withdrawn_on": world.day(0), "person_id": pair.person, "file_id": paper});
    let declined = world.step(&pair.director, &id, "withdrawal", order).expect(200);
    assert_eq!(declined.body["consents"][0]["withdrawn_on"], world.day(0));
    let by_system = json!({"party": "mentor", "decision": "decline", "reason": "withdrawn"});
    world.step(&pair.director, &world.proposed(&pair), "acceptances", by_system).expect(422);
}

#[test]
fn a_mentor_leaves_by_a_written_refusal() {
    let (world, pair) = World::paired();
    let mentor = world.mentor_account("mentor", &pair);
    let id = world.active(&pair);
    let order = json!({"party": "mentor", "withdrawn_on": world.day(0)});
    let told = world
        .step(&mentor, &id, "withdrawal", order.clone())
        .refused(422, "mentorship.refusal_needs_document");
    assert_eq!(told.body["rule"], "002 §3.11.1");
    let order = with(order, "file_id", world.file(&mentor, "refusal"));
    let ended = world.step(&mentor, &id, "withdrawal", order).expect(200);
    assert_eq!(ended.body["termination"]["ground"], "written_refusal");
}

#[test]
fn what_is_recorded_for_a_side_needs_its_paper_and_somebody_who_may_sign() {
    let (world, pair, id) = World::mentoring();
    let order = json!({"party": "recipient", "withdrawn_on": world.day(0)});
    let record = |order: Value| world.step(&pair.director, &id, "withdrawal", order);
    let told = record(order.clone()).refused(422, "mentorship.withdrawal_on_paper");
    assert_eq!(codes(&told), ["mentorship.withdrawal_on_paper", "mentorship.withdrawn_by_whom"]);
    let paper = with(order, "file_id", world.file(&pair.director, "refusal"));
    record(with(paper.clone(), "person_id", pair.mentor_person.clone()))
        .refused(422, "mentorship.withdrawn_by_whom");
    record(with(paper, "person_id", pair.person.clone())).expect(200);
    let system = json!({"ground": "consent_withdrawn", "ended_on": world.day(0)});
    world.step(&pair.director, &world.active(&pair), "termination", system).expect(422);
}

#[test]
fn a_guardian_withdraws_for_the_child() {
    let (world, mut pair) = World::paired();
    let girl = world.person(&pair.director, json!({}));
    pair.beneficiary = world.beneficiary(&pair.director, &pair.organization, &girl);
    let guardian = world.person(&pair.director, json!({"birth_date": "1980-01-01"}));
    let authority = world.guardian(&pair.director, &pair.beneficiary, &guardian);
    let id = world.accepted(&pair);
    let paper = world.file(&pair.director, "consent");
    let by_guardian = json!({"signatory": "representative", "person_id": guardian, "representative_id": authority, "signed_on": world.day(0), "file_id": paper});
    let by_girl =
        json!({"signatory": "recipient", "person_id": girl, "signed_on": world.day(0), "file_id": paper});
    for consent in [by_guardian, by_girl] {
        world.step(&pair.director, &id, "consents", consent).expect(200);
    }
    world.step(&pair.director, &id, "confirmation", world.confirmation()).expect(200);
    let order =
        json!({"party": "recipient", "withdrawn_on": world.day(0), "person_id": guardian, "file_id": paper});
    let ended = world.step(&pair.director, &id, "withdrawal", order).expect(200);
    let withdrawn =
        ended.body["consents"].as_array().unwrap().iter().filter(|it| it["withdrawn_on"] == world.day(0));
    assert_eq!(withdrawn.count(), 2);
}

#[test]
fn a_family_names_whom_the_mentorship_covers_and_whom_the_mentor_turns_to() {
    let world = World::new();
    let pair = world.family_pair();
    let mentor = world.mentor_account("mentor", &pair);
    let id = world.accepted(&pair);
    let consent = world.consent(&pair);
    let stranger = world.person(&pair.director, json!({}));
    let strange = with(consent.clone(), "covered_person_ids", json!([pair.person, stranger]));
    let told =
        world.step(&pair.director, &id, "consents", strange).refused(422, "consent.covered_not_member");
    assert_eq!(
        (&told.body["rule"], &told.body["errors"][0]["pointer"]),
        (&json!("002 §3.7"), &json!("/covered_person_ids/1"))
    );
    let of_questionnaire =
        world.get(&pair.director, "/annexes?kind=questionnaire").expect(200).items()[0]["id"].clone();
    let wrong = with(consent.clone(), "annex_id", of_questionnaire);
    world.step(&pair.director, &id, "consents", wrong).refused(422, "field.reference");
    let twice = with(consent.clone(), "covered_person_ids", json!([pair.person, pair.person]));
    world.step(&pair.director, &id, "consents", twice).expect(422);
    assert_eq!(card(&world, &mentor, &id).body.get("primary_contact_name"), None);
    let covered = with(consent, "covered_person_ids", json!([pair.person]));
    let signed = world.step(&pair.director, &id, "consents", covered).expect(200);
    assert_eq!(signed.body["consents"][0]["covered_person_ids"], json!([pair.person]));
    assert_eq!(signed.body["consents"][0]["primary_contact_id"], json!(pair.person));
    let annex = world.get(&pair.director, "/annexes?kind=consent").expect(200).items()[0]["id"].clone();
    assert_eq!(signed.body["consents"][0]["annex_id"], annex, "the version in effect on the day");
    let told = card(&world, &mentor, &id);
    assert!(told.body["primary_contact_name"].as_str().unwrap().contains("Ольга"), "{}", told.text);
}

#[test]
fn a_family_without_a_contact_names_one_and_a_person_names_none() {
    let world = World::new();
    let pair = world.family_pair();
    let mother = pair.person.clone();
    let family = json!({"name": "Семья Гуровых", "has_minor_children": true, "members": [{"person_id": mother, "role": "mother"}]});
    let family = world.post(&pair.director, "/families", family).expect(201).id();
    let beneficiary = world.family_beneficiary(&pair.director, &pair.organization, &family);
    world.case(&pair.director, &pair.organization, &beneficiary);
    let pair = tests::pairs::Pair { beneficiary, ..pair };
    let id = world.accepted(&pair);
    let told = world
        .step(&pair.director, &id, "consents", world.consent(&pair))
        .refused(422, "consent.no_primary_contact");
    assert_eq!(told.body["rule"], "002 §3.7");
    world
        .step(
            &pair.director,
            &id,
            "consents",
            with(world.consent(&pair), "primary_contact_id", mother.clone()),
        )
        .expect(200);
    let alone = world.pair();
    let consent = with(world.consent(&alone), "primary_contact_id", alone.person.clone());
    world
        .step(&alone.director, &world.accepted(&alone), "consents", consent)
        .refused(422, "consent.only_for_family");
}
