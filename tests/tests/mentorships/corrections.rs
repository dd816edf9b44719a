//! Corrections: what was recorded of the past by mistake is annulled with a reason, and what follows from it follows.
use serde_json::{Value, json};
use tests::pairs::Pair;
use tests::{Account, Reply, World};

fn annul(world: &World, who: &Account, path: &str) -> Reply {
    world.post(who, &format!("{path}/annulment"), json!({"reason": "Записано не той паре."}))
}
fn card(world: &World, who: &Account, mentorship: &str) -> Value {
    world.get(who, &format!("/mentorships/{mentorship}")).expect(200).body
}

#[test]
fn a_meeting_of_another_pair_is_annulled_and_counts_no_more() {
    let world = World::new();
    let pair = world.pair();
    let id = world.active(&pair);
    world.held(&pair.director, &id, 3);
    let wrong = world.held(&pair.director, &id, 1);
    assert_eq!(card(&world, &pair.director, &id)["held_meetings"], 2);
    let path = format!("/meetings/{}", wrong.id());
    world.post(&pair.director, &format!("{path}/annulment"), json!({})).refused(422, "field.missing");
    let annulled = annul(&world, &pair.director, &path).expect(200);
    assert_eq!(annulled.body["annulment"]["reason"], "Записано не той паре.");
    assert_eq!(annulled.body["held"]["minutes"], 60, "it stays readable");
    assert_eq!(annulled.body["number"], Value::Null);
    assert_eq!(annulled.actions(), json!([]));
    assert_eq!(card(&world, &pair.director, &id)["held_meetings"], 1);
    let list = |query: &str| {
        let path = format!("/mentorships/{id}/meetings{query}");
        world.get(&pair.director, &path).expect(200).items().len()
    };
    assert_eq!((list(""), list("?annulled=true")), (1, 1));
    annul(&world, &pair.director, &path).refused(409, "entry.annulled");
    let rating = json!({"party": "recipient", "score": 5});
    world.post(&pair.director, &format!("{path}/ratings"), rating).refused(409, "entry.annulled");
    let history = world.get(&pair.director, &format!("{path}/history")).expect(200);
    assert_eq!(history.items()[0]["kind"], "meeting.annulled");
    // The time is free again for the right record.
    world.held(&pair.director, &id, 1);
}

#[test]
fn the_regularity_of_a_pair_follows_an_annulment() {
    let world = World::new();
    let pair = world.pair();
    let id = world.active(&pair);
    let before = card(&world, &pair.director, &id);
    let held = world.held(&pair.director, &id, 1);
    assert_eq!(card(&world, &pair.director, &id)["last_met_on"], world.day(0));
    annul(&world, &pair.director, &format!("/meetings/{}", held.id())).expect(200);
    let after = card(&world, &pair.director, &id);
    assert_eq!(
        (&after["last_met_on"], &after["meeting_due_on"]),
        (&before["last_met_on"], &before["meeting_due_on"])
    );
}

fn completed(world: &World) -> (Pair, String, String) {
    let members = json!({"completion": {"kind": "meetings", "meetings": 2, "max_months": 12}});
    let pair = Pair { program: world.plain_program("two-meetings", members), ..world.pair() };
    let id = world.active(&pair);
    world.held(&pair.director, &id, 3);
    let last = world.held(&pair.director, &id, 1).id();
    assert_eq!(card(world, &pair.director, &id)["state"], "completed");
    (pair, id, format!("/meetings/{last}"))
}

#[test]
fn a_mentorship_that_the_meeting_completed_goes_on() {
    let world = World::new();
    let (pair, id, last) = completed(&world);
    annul(&world, &pair.director, &last).expect(200);
    let open = card(&world, &pair.director, &id);
    assert_eq!((&open["state"], &open["ended_on"]), (&json!("active"), &Value::Null));
    world.held(&pair.director, &id, 1);
    assert_eq!(card(&world, &pair.director, &id)["state"], "completed");
}

#[test]
fn what_rests_on_a_meeting_is_named() {
    let world = World::new();
    let (pair, _, last) = completed(&world);
    let next = world.proposed(&Pair { mentor: world.another_mentor(&pair), ..pair.clone() });
    let told = annul(&world, &pair.director, &last).refused(409, "entry.built_on");
    let params = &told.body["errors"][0]["params"];
    assert_eq!(*params, json!([{"name": "id", "value": next}, {"name": "kind", "value": "mentorship"}]));
}

#[test]
fn a_side_does_not_annul_and_nobody_does_after_ninety_days_but_an_administrator() {
    let mut world = World::new();
    let pair = world.pair();
    let id = world.active(&pair);
    let mentor = world.mentor_account("mentor.m", &pair);
    let path = format!("/meetings/{}", world.held(&mentor, &id, 1).id());
    annul(&world, &mentor, &path).refused(403, "access.forbidden");
    let both = world.director_and("director.m", &pair.organization, "mentor", &pair.mentor_person);
    annul(&world, &both, &path).refused(403, "access.own");
    world.advance_days(91);
    let director = world.again(&pair.director);
    annul(&world, &director, &path).refused(409, "entry.term");
    annul(&world, &world.again(&world.admin()), &path).expect(200);
}

#[test]
fn a_training_recorded_by_mistake_counts_for_no_program() {
    let world = World::new();
    let pair = world.pair();
    let trainings = format!("/mentors/{}/trainings", pair.mentor);
    let training = world.get(&pair.director, &trainings).expect(200).items()[0].clone();
    let path = format!("/trainings/{}", training["id"].as_str().expect("an id"));
    let annulled = annul(&world, &pair.director, &path).expect(200);
    assert_eq!(annulled.body["annulment"]["reason"], "Записано не той паре.");
    assert!(world.get(&pair.director, &trainings).expect(200).items().is_empty());
    assert_eq!(world.get(&pair.director, &format!("{trainings}?annulled=true")).expect(200).items().len(), 1);
    let program =
        world.plain_program("taught", json!({"mentor": {"required_course_codes": ["mentor-basics"]}}));
    let mut order = world.proposal(&pair);
    order["program_id"] = json!(program);
    world.post(&pair.director, "/mentorships", order).refused(409, "mentor.training_missing");
    annul(&world, &pair.director, &path).refused(409, "entry.annulled");
}

#[test]
fn surveys_and_reports_made_by_mistake_leave_their_lists() {
    let world = World::new();
    let pair = world.pair();
    let id = world.active(&pair);
    for (kind, form) in [("surveys", world.survey()), ("mentor-reports", world.report())] {
        let made = world.step(&pair.director, &id, kind, form).expect(201).id();
        let path = format!("/{kind}/{made}");
        let annulled = annul(&world, &pair.director, &path).expect(200);
        assert_eq!(annulled.body["annulment"]["reason"], "Записано не той паре.", "{kind}");
        let list = |query: &str| {
            world.get(&pair.director, &format!("/mentorships/{id}/{kind}{query}")).expect(200).items().len()
        };
        assert_eq!((list(""), list("?annulled=true")), (0, 1), "{kind}");
        annul(&world, &pair.director, &path).refused(409, "entry.annulled");
    }
}
