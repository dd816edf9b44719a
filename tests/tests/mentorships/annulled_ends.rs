//! Ends of mentorships that were recorded by mistake are annulled, and the pair goes on if it could begin today.
use super::corrections::{annul, card, completed, named};
use serde_json::json;
use tests::World;
use tests::pairs::Pair;

#[test]
fn a_pair_whose_end_was_a_mistake_goes_on() {
    let (world, pair) = World::paired();
    let mentor = world.mentor_account("maria", &pair);
    let id = world.active(&pair);
    let planned = world.meeting(&pair.director, &id, 48);
    let path = format!("/mentorships/{id}/end");
    annul(&world, &pair.director, &path).refused(409, "mentorship.not_ended");
    let end = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    let ended = world.step(&pair.director, &id, "termination", end.clone()).expect(200);
    assert_eq!(ended.action("annul_end").expect("an action")["blocked_by"], json!([]));
    world.get(&mentor, &format!("/mentorships/{id}")).expect(404);
    world.post(&pair.director, &format!("{path}/annulment"), json!({})).refused(422, "field.missing");
    let order = json!({"reason": "Записано не той паре."});
    let once =
        || world.keyed_post(&pair.director, &format!("{path}/annulment"), "one-key-00000002", order.clone());
    let open = once().expect(200);
    assert_eq!(once().expect(200).body, open.body, "a repeated request is carried out once");
    assert_eq!((&open.body["state"], open.body.get("ended_on")), (&json!("active"), None));
    assert_eq!(open.body.get("termination"), None);
    let kept = &open.body["annulled_end"];
    assert_eq!(kept["annulment"]["reason"], "Записано не той паре.");
    assert_eq!(
        (&kept["termination"]["text"], &kept["termination"]["ended_on"]),
        (&json!("Переезд."), &json!(world.day(0)))
    );
    assert!(open.body["version"].as_i64() > ended.body["version"].as_i64());
    assert_eq!(
        open.body["contacts"],
        world.get(&pair.director, &format!("/mentorships/{id}")).body["contacts"]
    );
    let meeting = world.get(&pair.director, &format!("/meetings/{planned}")).expect(200);
    assert_eq!(meeting.body["state"], "cancelled", "what the end cancelled stays cancelled");
    assert_eq!(card(&world, &mentor, &id).get("annulled_end"), None, "a side is not told of the mistake");
    let history = world.get(&pair.director, &format!("/mentorships/{id}/history")).expect(200);
    assert_eq!(history.items()[0]["kind"], "mentorship.end_annulled");
    world.held(&pair.director, &id, 1);
    let text = json!({"ground": "employment_ended", "ended_on": world.day(0), "text": "Уволилась из НКО."});
    let replaced = world.step(&pair.director, &id, "replacement", text.clone()).expect(200);
    assert_eq!(replaced.action("annul_end").expect("an action")["blocked_by"], json!([]));
    let again = annul(&world, &pair.director, &path).expect(200);
    assert_eq!((&again.body["state"], again.body.get("replacement")), (&json!("active"), None));
    assert_eq!(again.body["annulled_end"]["replacement"]["ground"], "employment_ended");
    world.step(&pair.director, &id, "replacement", text).expect(200);
}

#[test]
fn a_pause_that_the_end_cut_short_goes_on_and_one_that_was_over_does_not() {
    let (world, pair, id) = World::mentoring();
    let pause = json!({"paused_on": world.day(0), "reason": "illness", "note": "Грипп."});
    let end = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    let path = format!("/mentorships/{id}/end");
    world.step(&pair.director, &id, "pause", pause).expect(200);
    world.step(&pair.director, &id, "termination", end.clone()).expect(200);
    let open = annul(&world, &pair.director, &path).expect(200);
    assert_eq!((&open.body["state"], &open.body["paused"]["note"]), (&json!("paused"), &json!("Грипп.")));
    world.step(&pair.director, &id, "resumption", json!({"resumed_on": world.day(0)})).expect(200);
    world.step(&pair.director, &id, "termination", end).expect(200);
    assert_eq!(annul(&world, &pair.director, &path).expect(200).body["state"], "active");
}

#[test]
fn an_end_on_which_another_mentorship_stands_is_not_annulled() {
    let (world, pair, id) = World::mentoring();
    let path = format!("/mentorships/{id}/end");
    let text = json!({"ground": "employment_ended", "ended_on": world.day(0), "text": "Уволилась из НКО."});
    world.step(&pair.director, &id, "replacement", text).expect(200);
    let next = Pair { mentor: world.another_mentor(&pair), ..pair.clone() };
    let mut order = world.proposal(&next);
    order["replaces_id"] = json!(id);
    let next = world.post(&pair.director, "/mentorships", order).expect(201).id();
    let told = annul(&world, &pair.director, &path).refused(409, "entry.built_on");
    assert_eq!(
        (named(&told), told.codes()),
        (vec![("mentorship".to_owned(), next.clone())], vec!["entry.built_on"])
    );
    let seen = world.get(&pair.director, &format!("/mentorships/{id}")).expect(200);
    assert_eq!(seen.action("annul_end").expect("an action")["blocked_by"], json!(["entry.built_on"]));
    let no = json!({"party": "mentor", "decision": "decline"});
    world.step(&pair.director, &next, "acceptances", no).expect(200);
    annul(&world, &pair.director, &path).expect(200);
}

#[test]
fn the_will_of_a_side_a_removal_and_a_death_are_never_annulled() {
    let (world, pair) = World::paired();
    let another = || world.pair_at(&pair.organization, &pair.director, &pair.program);
    let stands = |id: &str, code: &str| {
        let told = annul(&world, &pair.director, &format!("/mentorships/{id}/end")).refused(409, code);
        let seen = world.get(&pair.director, &format!("/mentorships/{id}")).expect(200);
        assert!(seen.action("annul_end").is_none(), "{code}");
        told
    };
    let paper = |purpose: &str| world.file(&pair.director, purpose);
    let (refused, withdrawn, asked, removed, died) = (another(), another(), another(), another(), another());
    let id = world.active(&refused);
    let order =
        json!({"ground": "written_refusal", "ended_on": world.day(0), "document_file_id": paper("refusal")});
    world.step(&pair.director, &id, "termination", order).expect(200);
    assert_eq!(stands(&id, "mentorship.end_stands").body["rule"], "002 §3.4, §3.10–3.11");
    let id = world.active(&withdrawn);
    let order = json!({"party": "recipient", "withdrawn_on": world.day(0), "person_id": withdrawn.person, "file_id": paper("refusal")});
    world.step(&pair.director, &id, "withdrawal", order).expect(200);
    stands(&id, "mentorship.end_stands");
    let id = world.active(&asked);
    let order = json!({"ground": "requested_by_recipient", "ended_on": world.day(0), "document_file_id": paper("other")});
    world.step(&pair.director, &id, "replacement", order).expect(200);
    stands(&id, "mentorship.end_stands");
    let id = world.active(&removed);
    let order = json!({"ground": "removed_by_director", "ended_on": world.day(0), "decree": {"number": "34-л", "date": world.day(0)}});
    world.step(&pair.director, &id, "termination", order).expect(200);
    stands(&id, "mentorship.end_stands");
    let id = world.active(&died);
    world.die(&pair.director, &died.person, 0).expect(200);
    stands(&id, "mentorship.end_stands");
    let id = world.proposed(&pair);
    world
        .step(&pair.director, &id, "acceptances", json!({"party": "mentor", "decision": "decline"}))
        .expect(200);
    stands(&id, "mentorship.end_stands");
}

#[test]
fn an_end_by_the_term_or_the_meetings_is_no_order_to_annul() {
    let mut world = World::with(&["--clock-seconds", "1"]);
    let (pair, id, _) = completed(&world);
    annul(&world, &pair.director, &format!("/mentorships/{id}/end"))
        .refused(409, "mentorship.ended_by_itself");
    let program = world.plain_program("by-term", json!({}));
    let pair = Pair { program, ..world.pair_at(&pair.organization, &pair.director, &pair.program) };
    let id = world.active(&pair);
    world.advance_days(61);
    world.until(&id, "completed");
    let director = world.again(&pair.director);
    annul(&world, &director, &format!("/mentorships/{id}/end")).refused(409, "mentorship.ended_by_itself");
}

#[test]
fn a_pair_that_could_not_be_confirmed_today_does_not_go_on() {
    let (world, pair, id) = World::mentoring();
    let path = format!("/mentorships/{id}/end");
    let end = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    world.step(&pair.director, &id, "termination", end).expect(200);
    let mentor = format!("/mentors/{}", pair.mentor);
    world.edit(&pair.director, &mentor, json!({"capacity": 1})).expect(200);
    let other = Pair {
        mentor: pair.mentor.clone(),
        ..world.pair_at(&pair.organization, &pair.director, &pair.program)
    };
    world.active(&other);
    annul(&world, &pair.director, &path).refused(409, "mentorship.over_capacity");
    let seen = world.get(&pair.director, &format!("/mentorships/{id}")).expect(200);
    assert_eq!(
        seen.action("annul_end").expect("an action")["blocked_by"],
        json!(["mentorship.over_capacity"])
    );
    let removal = json!({"removed_on": world.day(0), "decree": {"number": "34-л", "date": world.day(0)}});
    world.post(&pair.director, &format!("{mentor}/removal"), removal).expect(200);
    annul(&world, &pair.director, &path).refused(409, "mentor.removed");
    world.die(&pair.director, &pair.person, 0).expect(200);
    let told = annul(&world, &pair.director, &path).refused(409, "person.dead");
    assert!(told.codes().contains(&"mentor.removed"), "everything at once: {:?}", told.codes());
}
