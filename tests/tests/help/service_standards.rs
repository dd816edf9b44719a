//! Standards of services: editions, their introduction and retirement, and those that every region is given.
use serde_json::{Value, json};
use tests::{Account, Reply, World, with};

fn form(members: Value) -> Value {
    let form = json!({"code": "money-school", "name": "Школа денег", "kind": "pedagogical", "effective_from": "2026-01-01",
        "format": "outside", "unit": "занятие", "norm": {"volume": 1, "minutes": 60}, "free": true});
    with(form, &members)
}
/// A standard as its administrator enters it.
pub(super) fn drafted(world: &World, members: Value) -> String {
    world.post(&world.admin(), "/service-standards", form(members)).expect(201).id()
}
/// The same, in force.
pub(super) fn introduced(world: &World, members: Value) -> String {
    let id = drafted(world, members);
    step(world, &world.admin(), &id, "introduction", json!({"state": "active"})).expect(200);
    id
}
pub(super) fn step(world: &World, who: &Account, id: &str, step: &str, order: Value) -> Reply {
    world.post(who, &format!("/service-standards/{id}/{step}"), order)
}

#[test]
fn a_region_begins_with_four_standards_of_accompaniment_and_six_urgent_ones() {
    let world = World::new();
    let listed = |query: &str| {
        let page = world.get(&world.admin(), &format!("/service-standards?limit=200{query}")).expect(200);
        page.items().iter().map(|it| it["code"].as_str().expect("a code").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed("&kind=urgent").len(), 6);
    let mut own = listed("&kind=accompaniment");
    own.sort();
    assert_eq!(own, ["hardship-help", "individual-accompaniment", "preparation", "supported-living"]);
    assert_eq!(listed("&state=active").len(), 10);
}

#[test]
fn everybody_reads_standards_and_the_administrator_alone_enters_them() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let id = drafted(&world, json!({}));
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    for who in [&director, &analyst, &world.staff("support_specialist", &organization)] {
        world.get(who, &format!("/service-standards/{id}")).expect(200);
        world.post(who, "/service-standards", form(json!({}))).refused(403, "access.forbidden");
        step(&world, who, &id, "introduction", json!({"state": "active"})).refused(403, "access.forbidden");
    }
    let told = world.get(&world.admin(), &format!("/service-standards/{id}")).expect(200);
    world
        .patch(&world.admin(), &format!("/service-standards/{id}"), &told.etag(), json!({}))
        .refused(405, "request.method");
}

#[test]
fn a_standard_is_tried_out_put_in_force_and_retired() {
    let world = World::new();
    let (admin, id) = (world.admin(), drafted(&world, json!({})));
    let introduce = |state: &str| step(&world, &admin, &id, "introduction", json!({"state": state}));
    let retire = |day: i64| step(&world, &admin, &id, "retirement", json!({"retired_on": world.day(day)}));
    retire(0).refused(409, "standard.step");
    introduce("drafted").refused(422, "field.word");
    introduce("retired").refused(422, "field.word");
    assert_eq!(introduce("piloted").expect(200).body["state"], "piloted");
    introduce("piloted").refused(409, "standard.step");
    assert_eq!(introduce("active").expect(200).body["state"], "active");
    introduce("active").refused(409, "standard.step");
    retire(1).refused(422, "standard.retired_day");
    retire(-500).refused(422, "standard.retired_day");
    let retired = retire(-1).expect(200);
    assert_eq!(
        (&retired.body["state"], &retired.body["retired_on"]),
        (&json!("retired"), &json!(world.day(-1)))
    );
    introduce("active").refused(409, "standard.step");
    let history = world.get(&admin, &format!("/service-standards/{id}/history")).expect(200);
    let kinds = history.kinds();
    let steps = ["service_standard.retired", "service_standard.introduced", "service_standard.introduced"];
    assert_eq!(kinds[..3], steps);
}

#[test]
fn ages_of_a_standard_ascend_and_its_words_stand_once() {
    let world = World::new();
    let wrong = form(
        json!({"age_from": 24, "age_to": 18, "categories": ["orphan", "orphan"], "provider_kinds": ["ngo", "ngo"]}),
    );
    let refused = world.post(&world.admin(), "/service-standards", wrong).expect(422);
    assert_eq!(refused.codes(), ["standard.ages", "standard.repeated", "standard.repeated"]);
    let wrong = form(json!({"norm": {"minutes": 0}}));
    world.post(&world.admin(), "/service-standards", wrong).refused(422, "field.range");
    let wrong = form(json!({"state": "active"}));
    world.post(&world.admin(), "/service-standards", wrong).refused(422, "field.unknown");
}
