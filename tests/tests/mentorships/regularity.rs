//! Regularity of the meetings of pairs.
use serde_json::{Value, json};
use tests::{Account, World};

fn silent(world: &World, who: &Account, wanted: &str) -> Vec<String> {
    let reply = world.get(who, &format!("/mentorships?silent={wanted}")).expect(200);
    reply.items().iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect()
}
fn met_and_due(world: &World, who: &Account, id: &str) -> (Value, Value) {
    let card = world.get(who, &format!("/mentorships/{id}")).expect(200).body;
    (card["last_met_on"].clone(), card["meeting_due_on"].clone())
}

#[test]
fn a_pair_is_to_meet_within_the_deadline_of_its_program() {
    let (world, pair) = World::paired();
    let consented = world.consented(&pair);
    assert_eq!(met_and_due(&world, &pair.director, &consented), (Value::Null, Value::Null));
    let order = json!({"starts_on": world.day(0), "ends_on": world.day(60)});
    let confirmed = world.step(&pair.director, &consented, "confirmation", order).expect(200);
    assert_eq!(
        (confirmed.body.get("last_met_on"), &confirmed.body["meeting_due_on"]),
        (None, &json!(world.day(30)))
    );
    let mut world = world;
    world.advance_days(10);
    let director = world.again(&pair.director);
    world.held(&director, &consented, 1);
    let met = (json!(world.day(0)), json!(world.day(30)));
    assert_eq!(met_and_due(&world, &director, &consented), met);
    world.held(&director, &consented, 24 * 5);
    assert_eq!(met_and_due(&world, &director, &consented), met, "what is recorded late takes nothing back");
    let missed = world.meeting(&director, &consented, -1);
    world.post(&director, &format!("/meetings/{missed}/missing"), json!({"by": "both"})).expect(200);
    assert_eq!(met_and_due(&world, &director, &consented), met, "nobody came: they have not met");
    let over = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    world.step(&director, &consented, "termination", over).expect(200);
    assert_eq!(met_and_due(&world, &director, &consented), (met.0, Value::Null), "nothing is due any more");
}

#[test]
fn the_institution_sees_which_pairs_have_fallen_silent() {
    let (mut world, pair, other) = World::twice_paired();
    let (id, elsewhere) = (world.active(&pair), world.active(&other));
    let second = world.active(&world.pair_at(&pair.organization, &pair.director, &pair.program));
    assert_eq!(silent(&world, &pair.director, "true"), Vec::<String>::new());
    world.advance_days(30);
    let director = world.again(&pair.director);
    assert_eq!(silent(&world, &director, "true"), Vec::<String>::new(), "the last day is still in time");
    world.held(&director, &second, 1);
    world.advance_days(1);
    let director = world.again(&pair.director);
    assert_eq!(silent(&world, &director, "true"), [id.as_str()]);
    assert_eq!(silent(&world, &director, "false"), [second.as_str()]);
    assert_eq!(silent(&world, &world.admin(), "true"), [elsewhere, id.clone()]);
    let first = world.get(&world.admin(), "/mentorships?silent=true&limit=1").expect(200);
    let next = first.header("link").expect("a link").to_owned();
    assert!(next.contains("&silent=true>"), "{next}");
    world.held(&director, &id, 1);
    assert_eq!(silent(&world, &director, "true"), Vec::<String>::new());
    for wrong in ["maybe", "1"] {
        world.get(&director, &format!("/mentorships?silent={wrong}")).refused(400, "request.parameter");
    }
}
