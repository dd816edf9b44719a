//! Ends of a mentorship before the end of its term.
use super::{card, codes, facts, rules, with};
use serde_json::{Value, json};
use tests::pairs::Pair;
use tests::{Account, World};

#[test]
fn each_ground_of_termination_has_its_demands() {
    let (world, pair) = World::paired();
    let head = world.staff("unit_head", &pair.organization);
    let id = world.active(&pair);
    let end = |who: &Account, order: Value| world.step(who, &id, "termination", order);
    let on = |ground: &str| json!({"ground": ground, "ended_on": world.day(0)});
    let told = end(&head, on("written_refusal")).refused(422, "mentorship.refusal_needs_document");
    assert_eq!(told.body["rule"], "002 §3.11.1");
    let told = end(&head, on("removed_by_director")).refused(403, "mentorship.director_only");
    assert_eq!(codes(&told), ["mentorship.director_only", "mentorship.removal_needs_decree"]);
    assert_eq!(rules(&told), ["002 §3.11.2"; 2]);
    end(&pair.director, on("removed_by_director")).refused(422, "mentorship.removal_needs_decree");
    end(&head, on("other_objective")).refused(422, "mentorship.other_needs_text");
    let with_text = with(on("other_objective"), "text", "Переезд в другой район.");
    end(&head, with(with_text.clone(), "ended_on", world.day(1))).refused(422, "mentorship.date");
    end(&head, with(with_text.clone(), "ended_on", world.day(-1))).refused(422, "mentorship.date");
    let ended = end(&head, with_text.clone()).expect(200);
    assert_eq!(ended.body["termination"]["text"], "Переезд в другой район.");
    end(&head, with_text).refused(409, "mentorship.not_active");
    world
        .step(&pair.director, &id, "meetings", json!({"planned_at": world.hour(1), "method": "talk"}))
        .refused(409, "mentorship.not_active");
}

#[test]
fn a_mentor_removed_by_the_director_mentors_nobody_from_that_day() {
    let (world, pair, id) = World::mentoring();
    let order = json!({"ground": "removed_by_director", "ended_on": world.day(0), "decree": {"number": "34-л", "date": world.day(0)}});
    world.step(&pair.director, &id, "termination", order).expect(200);
    let mentor = world.get(&pair.director, &format!("/mentors/{}", pair.mentor)).expect(200);
    assert_eq!(
        mentor.body["removal"],
        json!({"removed_on": world.day(0), "decree": {"number": "34-л", "date": world.day(0)}})
    );
    assert_eq!(facts(&world, &pair.director, &format!("/mentors/{}", pair.mentor))[0], "mentor.removed");
    world.post(&pair.director, "/mentorships", world.proposal(&pair)).refused(409, "mentor.removed");
}

#[test]
fn a_mentor_of_another_institution_is_removed_by_its_own_director() {
    let (world, pair) = World::paired();
    let (theirs, their_director) = world.institution("Другой центр");
    let program = world.plain_program("common", json!({}));
    let coordinator =
        world.account("coordinator", json!([{"role": "program_coordinator", "program_id": program}]), None);
    let grants = json!([{"role": "director", "organization_id": theirs}, {"role": "director", "organization_id": pair.organization}]);
    let both = world.account("both", grants, None);
    let (_, mentor) = world.trained_mentor(&theirs, &their_director);
    let common = Pair { program, mentor: mentor.clone(), director: both.clone(), ..pair.clone() };
    let id = world.active(&common);
    card(&world, &coordinator, &id).expect(200);
    let order = json!({"ground": "removed_by_director", "ended_on": world.day(0), "decree": {"number": "34-л", "date": world.day(0)}});
    world.step(&pair.director, &id, "termination", order.clone()).refused(403, "mentorship.director_only");
    let person = world.person(&their_director, json!({"birth_date": "2007-01-10"}));
    let beneficiary = world.beneficiary(&their_director, &theirs, &person);
    world.edit(&their_director, &format!("/mentors/{mentor}"), json!({"capacity": 2})).expect(200);
    let program = world.program("long-term");
    let own = Pair { director: their_director.clone(), program, person, beneficiary, ..common };
    let removal = with(order.clone(), "decree", json!({"number": "7", "date": world.day(0)}));
    world.step(&their_director, &world.active(&own), "termination", removal).expect(200);
    let ended = card(&world, &pair.director, &id).expect(200);
    assert_eq!(
        (&ended.body["state"], &ended.body["termination"]["decree"]["number"]),
        (&json!("terminated"), &json!("7")),
        "a removal touches everything that the mentor has"
    );
    let kept = world.get(&their_director, &format!("/mentors/{mentor}")).expect(200);
    assert_eq!(kept.body["removal"]["decree"]["number"], "7", "by its own director's order");
}

#[test]
fn no_mentorship_ends_before_a_meeting_that_was_held() {
    let (mut world, pair, id) = World::mentoring();
    world.advance_days(5);
    let director = world.again(&pair.director);
    world.held(&director, &id, 1);
    let early = json!({"ground": "other_objective", "ended_on": world.day(-1), "text": "Переезд."});
    let told = world.step(&director, &id, "termination", early).refused(422, "mentorship.date");
    let params = &told.body["errors"][0]["params"];
    assert_eq!(params[0], json!({"name": "not_after", "value": world.day(0)}));
    assert_eq!(params[1], json!({"name": "not_before", "value": world.day(0)}));
    let removal = json!({"removed_on": world.day(-2), "decree": {"number": "34-л", "date": world.day(-2)}});
    world.post(&director, &format!("/mentors/{}/removal", pair.mentor), removal).expect(200);
    assert_eq!(card(&world, &director, &id).body["ended_on"], world.day(0), "what was held stays within");
}
