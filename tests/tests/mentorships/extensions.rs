//! Extensions of the term of a mentorship (002 §3.8–3.9).
use super::{codes, facts, rules, with};
use serde_json::{Value, json};
use tests::World;
use tests::pairs::Pair;

/// A pair in a program of a year that may be extended once, by half a year, with a document.
fn extendable(world: &World) -> Pair {
    let members = json!({"extendable": true, "max_extension_months": 6, "max_extensions": 1, "extension_document_required": true});
    Pair { program: world.plain_program("extendable", members), ..world.pair() }
}
fn order(world: &World, pair: &Pair, days: i64) -> Value {
    json!({"ends_on": world.day(days), "reason": "До конца учебного года.", "document_file_id": world.file(&pair.director, "other"),
        "decree": {"number": "41-н", "date": world.day(0)}})
}

#[test]
fn a_term_is_extended_as_often_and_as_far_as_the_edition_allows() {
    let world = World::new();
    let pair = extendable(&world);
    let id = world.active(&pair);
    let extend = |order: Value| world.step(&pair.director, &id, "extensions", order);
    let half = with(order(&world, &pair, 90), "decree", json!({"number": "41-н"}));
    extend(half).expect(422);
    let mut bare = order(&world, &pair, 90);
    bare.as_object_mut().unwrap().remove("document_file_id");
    let told = extend(bare).refused(422, "mentorship.extension_needs_document");
    assert_eq!(told.body["rule"], "002 §3.9");
    extend(order(&world, &pair, 60)).refused(422, "mentorship.extension_not_later");
    extend(order(&world, &pair, 600)).refused(422, "mentorship.extension_too_long");
    let tomorrow = with(order(&world, &pair, 90), "decree", json!({"number": "41-н", "date": world.day(1)}));
    extend(tomorrow).refused(422, "decree.in_future");
    let foreign = with(order(&world, &pair, 90), "document_file_id", "01980000-0000-7000-8000-0000000000ff");
    extend(foreign).refused(422, "field.reference");
    let extended = extend(order(&world, &pair, 90)).expect(200);
    assert_eq!(extended.body["ends_on"], world.day(90));
    let kept = &extended.body["extensions"][0];
    assert_eq!((&kept["from_ends_on"], &kept["ends_on"]), (&json!(world.day(60)), &json!(world.day(90))));
    assert_eq!(
        (&kept["decree"]["number"], &kept["reason"]),
        (&json!("41-н"), &json!("До конца учебного года."))
    );
    let told = extend(order(&world, &pair, 120)).refused(409, "mentorship.extended_enough");
    assert_eq!(told.body["rule"], "002 §3.9");
    assert_eq!(facts(&world, &pair.director, &format!("/mentorships/{id}"))[0], "mentorship.extended");
}

#[test]
fn an_extension_is_of_an_active_mentorship_whose_edition_allows_it() {
    let world = World::new();
    let pair = Pair { program: world.plain_program("fixed", json!({})), ..world.pair() };
    let id = world.active(&pair);
    let extend = || world.step(&pair.director, &id, "extensions", json!({"ends_on": world.day(90)}));
    let told = extend().refused(409, "mentorship.not_extendable");
    assert_eq!(rules(&told), ["002 §3.9"]);
    let pause = json!({"paused_on": world.day(0), "reason": "illness"});
    world.step(&pair.director, &id, "pause", pause).expect(200);
    extend().refused(409, "mentorship.paused");
    let end = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    world.step(&pair.director, &id, "termination", end).expect(200);
    extend().refused(409, "mentorship.not_active");
}

#[test]
fn nothing_is_extended_while_a_ground_for_the_mentors_removal_is_open() {
    let world = World::new();
    let pair = extendable(&world);
    let id = world.active(&pair);
    let ground = json!({"arisen_on": world.day(-1), "text": "Не пришёл на встречу и не предупредил."});
    let ground =
        world.post(&pair.director, &format!("/mentors/{}/removal-grounds", pair.mentor), ground).expect(201);
    let told = world
        .step(&pair.director, &id, "extensions", order(&world, &pair, 90))
        .refused(409, "mentorship.removal_open");
    assert_eq!(told.body["rule"], "002 §3.9");
    let dismissal = format!("/removal-grounds/{}/dismissal", ground.id());
    world.post(&pair.director, &dismissal, json!({"text": "Был в больнице."})).expect(200);
    world.step(&pair.director, &id, "extensions", order(&world, &pair, 90)).expect(200);
}

#[test]
fn what_is_over_is_not_extended_though_the_clock_has_not_looked_yet() {
    let mut world = World::with(&["--clock-seconds", "3600"]);
    let pair = extendable(&world);
    let id = world.active(&pair);
    world.advance_days(61);
    let pair = Pair { director: world.again(&pair.director), ..pair };
    let told = world.step(&pair.director, &id, "extensions", order(&world, &pair, 90));
    assert_eq!((told.status, codes(&told)), (409, vec!["mentorship.term_over".to_owned()]));
}

#[test]
fn what_could_have_begun_is_too_late_though_the_clock_has_not_looked_yet() {
    let mut world = World::with(&["--clock-seconds", "3600"]);
    let pair = extendable(&world);
    let id = world.proposed(&pair);
    world.advance_days(31);
    let director = world.again(&pair.director);
    let yes = world.acceptance(&director, "mentor");
    world.step(&director, &id, "acceptances", yes).refused(409, "mentorship.too_late");
    let no = json!({"party": "mentor", "decision": "decline"});
    world.step(&director, &id, "acceptances", no).expect(200);
}

#[test]
fn a_new_edition_neither_shortens_nor_lengthens_what_has_begun() {
    let world = World::new();
    let pair = extendable(&world);
    let id = world.active(&pair);
    let edition = json!({"effective_from": world.day(0), "serves": "person", "completion": {"kind": "term", "max_months": 1}});
    world.post(&world.admin(), &format!("/programs/{}/editions", pair.program), edition).expect(201);
    let extended = world.step(&pair.director, &id, "extensions", order(&world, &pair, 500)).expect(200);
    assert_eq!(extended.body["ends_on"], world.day(500));
}

#[test]
fn what_ends_within_thirty_days_is_listed() {
    let mut world = World::new();
    let pair = extendable(&world);
    let id = world.active(&pair);
    let soon = |world: &World, days: &str| {
        let path = format!("/mentorships?ends_within_days={days}");
        let found = world.get(&world.again(&pair.director), &path).expect(200);
        found.items().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(soon(&world, "30"), Vec::<String>::new());
    world.advance_days(30);
    assert_eq!(soon(&world, "30"), [id]);
    assert_eq!(soon(&world, "29"), Vec::<String>::new());
    for wrong in ["-1", "366", "soon", "1.5"] {
        let path = format!("/mentorships?ends_within_days={wrong}");
        world.get(&world.again(&pair.director), &path).refused(400, "request.parameter");
    }
}
