//! Visibility of the parts of a mentorship to each role.
use super::{actions, card, with};
use serde_json::json;
use tests::World;

#[test]
fn a_stranger_finds_nothing_and_a_reader_may_not_change() {
    let (world, pair) = World::paired();
    let stranger = world.pair();
    let id = world.active(&pair);
    let tutor = world.account("tutor", json!([{"role": "tutor"}]), None);
    let opeka = |name: &str, territory: &str| {
        world.account(name, json!([{"role": "guardianship_officer", "territory": territory}]), None)
    };
    let unseen = [
        stranger.director.clone(),
        world.mentor_account("mentor2", &stranger),
        world.mentee_account("mentee2", &stranger),
        tutor,
        opeka("opeka.far", "11000000"),
        world.account(
            "coordinator2",
            json!([{"role": "program_coordinator", "program_id": world.program("long-term")}]),
            None,
        ),
    ];
    for who in &unseen {
        card(&world, who, &id).refused(404, "request.not_found");
        assert!(world.get(who, "/mentorships").expect(200).items().is_empty(), "{}", who.login);
        world.step(who, &id, "confirmation", world.confirmation()).refused(404, "request.not_found");
        world
            .step(
                who,
                &id,
                "termination",
                json!({"ground": "other_objective", "ended_on": world.day(0), "text": "x"}),
            )
            .refused(404, "request.not_found");
        world.get(who, &format!("/mentorships/{id}/consents")).refused(404, "request.not_found");
    }
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    world.get(&analyst, "/mentorships").refused(403, "access.forbidden");
    card(&world, &analyst, &id).refused(404, "request.not_found");

    let (mentor, mentee) = (world.mentor_account("mentor1", &pair), world.mentee_account("mentee1", &pair));
    let coordinator = world.account(
        "coordinator1",
        json!([{"role": "program_coordinator", "program_id": pair.program}]),
        None,
    );
    let readers = [world.admin(), mentor, mentee, coordinator, opeka("opeka.near", "25655000")];
    for who in &readers {
        card(&world, who, &id).expect(200);
        assert_eq!(world.get(who, "/mentorships").expect(200).items().len(), 1, "{}", who.login);
        world.step(who, &id, "confirmation", world.confirmation()).refused(403, "access.forbidden");
    }
    for who in [&readers[0], &readers[2], &readers[3], &readers[4]] {
        world
            .step(
                who,
                &id,
                "termination",
                json!({"ground": "other_objective", "ended_on": world.day(0), "text": "x"}),
            )
            .refused(403, "access.forbidden");
    }
    world.post(&readers[1], "/mentorships", world.proposal(&pair)).refused(403, "access.forbidden");
    for who in &readers {
        world.get(who, &format!("/mentorships/{id}/history")).expect(200);
    }
    let unknown = "/mentorships/01980000-0000-7000-8000-0000000000ff";
    let hidden = with(card(&world, &stranger.director, &id).body, "request_id", "");
    assert_eq!(hidden, with(world.get(&stranger.director, unknown).expect(404).body, "request_id", ""));
}

#[test]
fn a_tutor_sees_the_pairs_that_are_assigned() {
    let (world, pair) = World::paired();
    let tutor = world.account("tutor", json!([{"role": "tutor"}]), None);
    let order = with(world.proposal(&pair), "tutor_user_id", tutor.id.clone());
    world.get(&tutor, &format!("/mentors/{}", pair.mentor)).refused(404, "request.not_found");
    let id = world.post(&pair.director, "/mentorships", order).expect(201).id();
    let seen = card(&world, &tutor, &id).expect(200);
    assert_eq!(
        (&seen.body["beneficiary_name"], &seen.body["reason"]),
        (&json!("Морозова Дарья Сергеевна"), &json!("Живут рядом."))
    );
    assert_eq!(actions(&seen), Vec::<&str>::new());
    world.get(&tutor, &format!("/mentors/{}", pair.mentor)).expect(200);
    world.get(&tutor, &format!("/beneficiaries/{}", pair.beneficiary)).expect(200);
}

#[test]
fn a_mentor_learns_the_name_with_the_consent_and_forgets_it_with_the_end() {
    let (world, pair) = World::paired();
    let mentor = world.mentor_account("maria", &pair);
    let recipient = format!("/beneficiaries/{}", pair.beneficiary);
    let id = world.proposed(&pair);
    let seen = |id: &str| card(&world, &mentor, id).expect(200).body;
    let before = seen(&id);
    assert_eq!(
        (&before["beneficiary_name"], &before["beneficiary_age_years"]),
        (&json!("Дарья"), &json!(19))
    );
    assert_eq!(before.get("reason"), None);
    world.get(&mentor, &recipient).refused(404, "request.not_found");
    let yes = with(world.acceptance(&pair.director, "recipient"), "note", "Немного страшно.");
    world.step(&pair.director, &id, "acceptances", yes).expect(200);
    assert_eq!(seen(&id)["recipient_accepted"].get("note"), None);
    assert_eq!(card(&world, &pair.director, &id).body["recipient_accepted"]["note"], "Немного страшно.");
    world
        .step(
            &mentor,
            &id,
            "acceptances",
            json!({"party": "mentor", "decision": "accept", "note": "Готова."}),
        )
        .expect(200);
    assert_eq!(seen(&id)["beneficiary_name"], "Дарья");
    assert_eq!(seen(&id)["mentor_accepted"]["note"], "Готова.");
    let mentee = world.mentee_account("daria", &pair);
    assert_eq!(card(&world, &mentee, &id).body["mentor_accepted"].get("note"), None);
    world.step(&pair.director, &id, "consents", world.consent(&pair)).expect(200);
    assert_eq!(seen(&id)["beneficiary_name"], "Морозова Дарья Сергеевна");
    assert_eq!(world.get(&mentor, &recipient).expect(200).body.get("category"), None);
    world.step(&pair.director, &id, "confirmation", world.confirmation()).expect(200);
    world.get(&mentor, &recipient).expect(200);
    let over = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    world.step(&pair.director, &id, "termination", over).expect(200);
    world.get(&mentor, &recipient).refused(404, "request.not_found");
    card(&world, &mentor, &id).refused(404, "request.not_found");
    assert!(world.get(&mentor, "/mentorships").expect(200).items().is_empty());
    card(&world, &mentee, &id).expect(200);

    let family = world.family_pair();
    let id = world.proposed(&family);
    let account = world.mentor_account("maria.family", &family);
    assert_eq!(card(&world, &account, &id).expect(200).body["beneficiary_name"], "Ольга, Миша");
}
