//! Replacement of the mentor (002 §3.10).
use super::{actions, card, codes, facts, rules, with};
use serde_json::{Value, json};
use tests::World;
use tests::pairs::Pair;

#[test]
fn each_ground_of_replacement_has_its_demands() {
    let (world, pair) = World::paired();
    let specialist = world.staff("support_specialist", &pair.organization);
    let id = world.active(&pair);
    let refused = |order: Value| {
        let told = world.step(&specialist, &id, "replacement", order);
        let cited = rules(&told).into_iter().map(str::to_owned).collect::<Vec<_>>();
        (told.status, codes(&told).join(" "), cited.join(" "))
    };
    let bare = |ground: &str| refused(world.replacement(ground));
    let told = |status, code: &str, rule: &str| (status, code.to_owned(), rule.to_owned());
    let evidence = told(422, "mentorship.replacement_needs_evidence", "002 §3.10.1–2");
    assert_eq!(bare("employment_ended"), evidence);
    assert_eq!(bare("position_changed"), evidence);
    assert_eq!(bare("long_absence"), told(409, "mentorship.absence_too_short", "002 §3.10.3"));
    let request = told(422, "mentorship.request_missing", "002 §3.10.4");
    assert_eq!(bare("requested_by_mentor"), request);
    assert_eq!(bare("requested_by_recipient"), request);
    assert_eq!(bare("other_obstacle"), told(422, "mentorship.obstacle_needs_text", "002 §3.10.5"));
    let ahead = with(world.replacement("other_obstacle"), "ended_on", world.day(1));
    let both = told(422, "mentorship.obstacle_needs_text mentorship.date", "002 §3.10.5 ours");
    assert_eq!(refused(ahead), both, "everything at once");
    assert_eq!(bare("boredom").1, "field.word");
}

#[test]
fn a_long_absence_shows_in_the_meetings_or_is_confirmed_by_the_head() {
    let (mut world, pair) = World::paired();
    let specialist = world.staff("support_specialist", &pair.organization);
    let head = world.staff("unit_head", &pair.organization);
    let id = world.active(&pair);
    let order = world.replacement("long_absence");
    let confirmed =
        with(with(order.clone(), "absence_confirmed", true), "text", "Наставник на вахте до весны.");
    let told = world
        .step(&specialist, &id, "replacement", confirmed.clone())
        .refused(403, "mentorship.absence_by_head");
    assert_eq!(told.body["rule"], "002 §3.10.3");
    let silent = with(order.clone(), "absence_confirmed", true);
    world.step(&head, &id, "replacement", silent).refused(422, "mentorship.absence_needs_text");
    world.step(&head, &id, "replacement", confirmed).expect(200);
    let pair = world.pair_at(&pair.organization, &pair.director, &pair.program);
    let id = world.active(&pair);
    world.held(&pair.director, &id, 1);
    world.advance_days(59);
    let specialist = world.again(&specialist);
    let order = world.replacement("long_absence");
    world.step(&specialist, &id, "replacement", order).refused(409, "mentorship.absence_too_short");
    world.advance_days(1);
    let specialist = world.again(&specialist);
    let order = world.replacement("long_absence");
    world.step(&specialist, &id, "replacement", order).expect(200);
}

#[test]
fn the_next_mentorship_links_to_the_old_one_and_goes_the_whole_way_again() {
    let (world, pair) = World::paired();
    let old_mentor = world.mentor_account("old", &pair);
    let old = world.active(&pair);
    let meeting = world.held(&pair.director, &old, 1).id();
    let planned = world.meeting(&pair.director, &old, 48);
    let order = with(world.replacement("employment_ended"), "text", "Уволилась из НКО.");
    let replaced = world.step(&pair.director, &old, "replacement", order.clone()).expect(200);
    assert_eq!(
        (&replaced.body["state"], &replaced.body["replacement"]["ground"]),
        (&json!("replaced"), &json!("employment_ended"))
    );
    assert_eq!(actions(&replaced), ["make_survey", "make_report", "annul_end"]);
    world.step(&pair.director, &old, "replacement", order).refused(409, "mentorship.not_active");
    assert_eq!(world.get(&pair.director, &format!("/meetings/{planned}")).body["state"], "cancelled");

    let follows = |mentor: &str| {
        let next = Pair { mentor: mentor.into(), ..pair.clone() };
        with(world.proposal(&next), "replaces_id", old.clone())
    };
    let told = world
        .post(&pair.director, "/mentorships", follows(&pair.mentor))
        .refused(409, "mentorship.same_mentor");
    assert_eq!(told.body["rule"], "002 §3.10");
    let mentor = world.another_mentor(&pair);
    let first = world.post(&pair.director, "/mentorships", follows(&mentor)).expect(201);
    assert_eq!((&first.body["state"], &first.body["replaces_id"]), (&json!("proposed"), &json!(old)));
    assert_eq!(first.body["consents"], json!([]), "consent is given again");
    assert_eq!(card(&world, &pair.director, &old).body["replaced_by_id"], json!(first.id()));
    let no = json!({"party": "recipient", "decision": "decline"});
    world.step(&pair.director, &first.id(), "acceptances", no).expect(200);
    let second = world.post(&pair.director, "/mentorships", follows(&mentor)).expect(201).id();
    for party in ["mentor", "recipient"] {
        world
            .step(&pair.director, &second, "acceptances", world.acceptance(&pair.director, party))
            .expect(200);
    }
    world
        .step(&pair.director, &second, "confirmation", world.confirmation())
        .refused(409, "mentorship.not_consented");
    world.step(&pair.director, &second, "consents", world.consent(&pair)).expect(200);
    world.step(&pair.director, &second, "confirmation", world.confirmation()).expect(200);
    let end = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    world.step(&pair.director, &second, "termination", end).expect(200);
    let third = follows(&world.another_mentor(&pair));
    world.post(&pair.director, "/mentorships", third).refused(409, "mentorship.already_succeeded");

    let mentee = world.mentee_account("daria", &pair);
    for entitled in [&pair.director, &mentee] {
        let kept = card(&world, entitled, &old).expect(200);
        assert_eq!((&kept.body["state"], &kept.body["held_meetings"]), (&json!("replaced"), &json!(1)));
        world.get(entitled, &format!("/meetings/{meeting}")).expect(200);
    }
    assert_eq!(card(&world, &mentee, &old).body["replacement"].get("text"), None);
    assert_eq!(
        facts(&world, &pair.director, &format!("/mentorships/{old}")).last().unwrap(),
        "mentorship.proposed"
    );
    for path in [
        format!("/mentorships/{old}"),
        format!("/mentorships/{old}/meetings"),
        format!("/meetings/{meeting}"),
        format!("/mentorships/{second}"),
        format!("/beneficiaries/{}", pair.beneficiary),
    ] {
        assert_eq!(world.get(&old_mentor, &path).status, 404, "the mentor keeps access to nothing: {path}");
    }
    assert_eq!(world.get(&old_mentor, "/mentorships").items().len(), 0);
}

#[test]
fn a_mentee_asks_for_another_mentor_and_the_institution_replaces_the_mentor() {
    let (world, pair) = World::paired();
    let mentee = world.mentee_account("daria", &pair);
    let specialist = world.staff("support_specialist", &pair.organization);
    let id = world.active(&pair);
    let order = world.replacement("requested_by_recipient");
    world.step(&mentee, &id, "replacement", order.clone()).refused(403, "access.forbidden");
    let wish = json!({"party": "recipient", "kind": "replacement", "text": "Хочу наставницу."});
    let request = world.step(&mentee, &id, "requests", wish).expect(201).id();
    let by_mentor = world.replacement("requested_by_mentor");
    world.step(&specialist, &id, "replacement", by_mentor).refused(422, "mentorship.request_missing");
    world.step(&specialist, &id, "replacement", order).expect(200);
    assert_eq!(world.get(&mentee, &format!("/requests/{request}")).body["state"], "answered");
}

#[test]
fn only_a_replaced_mentorship_of_the_same_recipient_and_program_is_followed() {
    let (world, pair) = World::paired();
    let old = world.active(&pair);
    let mentor = world.another_mentor(&pair);
    let next = Pair { mentor, ..pair.clone() };
    let follow = |proposal: Value| codes(&world.post(&pair.director, "/mentorships", proposal));
    let order = with(world.proposal(&next), "replaces_id", old.clone());
    assert_eq!(follow(order.clone()), ["mentorship.already_in_program", "mentorship.not_replaced"]);
    world
        .step(
            &pair.director,
            &old,
            "replacement",
            with(world.replacement("other_obstacle"), "text", "Ссора."),
        )
        .expect(200);
    let person = world.person(&pair.director, json!({"birth_date": "2007-01-10"}));
    let beneficiary = world.beneficiary(&pair.director, &pair.organization, &person);
    assert_eq!(follow(with(order.clone(), "beneficiary_id", beneficiary)), ["mentorship.not_replaced"]);
    assert_eq!(
        follow(with(order.clone(), "program_id", world.program("long-term"))),
        ["mentorship.not_replaced"]
    );
    let nowhere = with(order.clone(), "replaces_id", "01980000-0000-7000-8000-0000000000ff");
    assert_eq!(follow(nowhere), ["field.reference"]);
    world.post(&pair.director, "/mentorships", order).expect(201);
}

#[test]
fn a_mentor_is_replaced_on_each_ground_that_its_demands_support() {
    let world = World::new();
    let (organization, director) = world.institution("Центр помощи семье");
    let program = world.program("together-six-meetings");
    let paper = world.file(&director, "other");
    let words = |ground: &str| with(world.replacement(ground), "text", "Переехал в другой район.");
    let on_paper = |ground: &str| with(world.replacement(ground), "document_file_id", paper.clone());
    for order in [
        words("employment_ended"),
        on_paper("employment_ended"),
        words("position_changed"),
        on_paper("position_changed"),
        on_paper("requested_by_mentor"),
        on_paper("requested_by_recipient"),
        words("other_obstacle"),
    ] {
        let id = world.active(&world.pair_at(&organization, &director, &program));
        let replaced = world.step(&director, &id, "replacement", order.clone()).expect(200);
        assert_eq!(replaced.body["state"], "replaced", "{order}");
        for (member, told) in order.as_object().expect("members") {
            assert_eq!(&replaced.body["replacement"][member], told, "{order}");
        }
    }
}
