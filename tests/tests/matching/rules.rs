//! Editions of a program's rules of matching.
use serde_json::{Value, json};
use tests::{Account, Reply, World};

fn rules(members: Value) -> Value {
    let mut rules = json!({"mode": "coverage_first", "weights": {"interests": 300, "needs": 250, "hours": 150, "proximity": 150, "age": 100, "languages": 50},
        "hours_needed": 1, "hours_enough": 4, "least_age_gap_years": 4, "best_age_gap_years": 18, "age_gap_tolerance_years": 30,
        "longest_way_km": 70, "waiting_days": [60, 180, 365]});
    for (name, value) in members.as_object().expect("members") {
        rules[name.as_str()] = value.clone();
    }
    rules
}
fn issue(world: &World, who: &Account, program: &str, from: &str, members: Value) -> Reply {
    let form = json!({"effective_from": from, "rules": rules(members)});
    world.post(who, &format!("/programs/{program}/matching-rules"), form)
}

#[test]
fn rules_are_issued_listed_and_compared_and_an_edition_never_changes() {
    let world = World::new();
    let program = world.plain_program("long-friendship", json!({}));
    let (admin, list) = (world.admin(), format!("/programs/{program}/matching-rules"));
    assert!(world.get(&admin, &list).expect(200).items().is_empty());
    let first = issue(&world, &admin, &program, "2026-01-01", json!({})).expect(201);
    let path = format!("/matching-rules/{}", first.id());
    assert_eq!(first.header("location"), Some(format!("/api/v1{path}").as_str()));
    let shown = json!(["interests", "hours", "languages", "proximity"]);
    let form = &first.body["form"]["rules"];
    assert_eq!((&form["specialist_answer"], &form["shown_before_consent"]), (&json!(false), &shown));
    let other =
        json!({"mode": "mutual_first", "hours_needed": 3, "waiting_days": [30], "specialist_answer": true});
    let second = issue(&world, &admin, &program, "2026-01-01", other).expect(201);
    assert_eq!((&first.body["number"], &second.body["number"]), (&json!(1), &json!(2)));
    assert_eq!(world.get(&admin, &path).expect(200).body, first.body);
    assert_eq!(world.fact("matching_rules.issued"), second.id());
    let page = world.get(&admin, &format!("{list}?limit=1")).expect(200);
    assert_eq!(page.items()[0]["id"], second.body["id"], "the latest first");
    let next = page.body["next_cursor"].as_str().expect("a next page");
    let rest = world.get(&admin, &format!("{list}?limit=1&cursor={next}")).expect(200);
    assert_eq!(rest.items()[0]["id"], first.body["id"]);

    let comparison = format!("{path}/comparison");
    let told = world.get(&admin, &format!("{comparison}?with={}", second.id())).expect(200);
    let pointers: Vec<_> =
        told.body["differences"].as_array().unwrap().iter().map(|it| it["pointer"].clone()).collect();
    assert_eq!(
        pointers,
        ["/rules/mode", "/rules/hours_needed", "/rules/waiting_days", "/rules/specialist_answer"]
    );
    let same = world.get(&admin, &format!("{comparison}?with={}", first.id())).expect(200);
    assert_eq!(same.body["differences"], json!([]));
    world.get(&admin, &comparison).refused(422, "field.missing");
    world.get(&admin, &format!("{comparison}?with=x")).refused(400, "request.parameter");
    let nowhere = format!("{comparison}?with=01980000-0000-7000-8000-0000000000ff");
    world.get(&admin, &nowhere).refused(404, "request.not_found");
    let elsewhere = world.plain_program("elsewhere", json!({}));
    let elsewhere = issue(&world, &admin, &elsewhere, "2026-01-01", json!({})).expect(201).id();
    let foreign = world.get(&admin, &format!("{comparison}?with={elsewhere}"));
    foreign.refused(422, "matching_rules.other_program");
}

#[test]
fn rules_that_contradict_themselves_are_refused_with_every_reason() {
    let world = World::new();
    let program = world.plain_program("long-friendship", json!({}));
    let admin = world.admin();
    issue(&world, &admin, &program, "2026-02-01", json!({})).expect(201);
    let weights =
        json!({"interests": 1000, "needs": 1, "hours": 0, "proximity": 0, "age": 0, "languages": 0});
    let wrong = json!({"weights": weights, "waiting_days": [60, 60], "best_age_gap_years": 3,
        "shown_before_consent": ["hours", "age", "hours"]});
    let told =
        issue(&world, &admin, &program, "2026-01-31", wrong).refused(422, "matching_rules.before_previous");
    let codes = [
        "matching_rules.before_previous",
        "matching_rules.weights",
        "matching_rules.waiting",
        "matching_rules.age_gap",
        "matching_rules.shown_before_consent",
    ];
    assert_eq!(told.codes(), codes);
    let at: Vec<_> = told.body["errors"].as_array().unwrap().iter().map(|it| it["pointer"].clone()).collect();
    let pointers = [
        "/effective_from",
        "/rules/weights",
        "/rules/waiting_days",
        "/rules/best_age_gap_years",
        "/rules/shown_before_consent/2",
    ];
    assert_eq!(at, pointers);
    for (members, code) in [
        (json!({"hours_needed": 0}), "field.range"),
        (json!({"hours_needed": -1}), "field.range"),
        (json!({"longest_way_km": 65_536}), "field.range"),
        (json!({"waiting_days": [1, 2, 3, 4, 5, 6, 7, 8]}), "field.length"),
        (json!({"mode": "by_lot"}), "field.word"),
        (json!({"waiting_days": [99_999]}), "field.range"),
    ] {
        issue(&world, &admin, &program, "2026-02-01", members.clone()).refused(422, code);
    }
    let (_, director) = world.institution("Центр");
    issue(&world, &director, &program, "2026-02-01", json!({})).refused(403, "access.forbidden");
    let nowhere = "01980000-0000-7000-8000-0000000000ff";
    issue(&world, &admin, nowhere, "2026-02-01", json!({})).refused(404, "request.not_found");
}

#[test]
fn a_round_keeps_the_rules_it_went_by_and_may_go_by_another_mode_or_edition() {
    let world = World::new();
    let stage = world.stage(json!({}));
    world.waits(&stage, 10, json!({}));
    world.helps(&stage, json!({}));
    let shipped = world.round(&stage, json!({}));
    assert_eq!((shipped.body.get("rules_id"), &shipped.body["rules"]["hours_needed"]), (None, &json!(1)));
    let strict = world.matching_rules(&stage.program, json!({"hours_needed": 3}));
    let by_strict = world.round(&stage, json!({}));
    assert_eq!(
        (&by_strict.body["rules_id"], &by_strict.body["rules"]["hours_needed"]),
        (&json!(strict), &json!(3))
    );
    let later = issue(&world, &world.admin(), &stage.program, &world.day(20), json!({"hours_needed": 5}));
    let later = later.expect(201).id();
    let today = world.round(&stage, json!({}));
    assert_eq!(today.body["rules_id"], json!(strict), "not in effect yet");
    let ahead = world.round(&stage, json!({"as_of": world.day(20)}));
    assert_eq!(ahead.body["rules_id"], json!(later));
    let named = world.round(&stage, json!({"rules_id": later, "mode": "mutual_first"}));
    assert_eq!(named.body["rules"]["hours_needed"], 5);
    assert_eq!(named.body["rules"]["mode"], "mutual_first", "the order's own mode goes before the rules'");
    let again = world.get(&stage.director, &format!("/matching-rounds/{}", by_strict.id())).expect(200);
    assert_eq!((&again.body["rules"], &again.body["rules_id"]), (&by_strict.body["rules"], &json!(strict)));

    let elsewhere = world.plain_program("elsewhere", json!({}));
    let foreign = world.matching_rules(&elsewhere, json!({}));
    let mut order = world.round_order(&stage);
    order["rules_id"] = json!(foreign);
    let told = world.post(&stage.director, "/matching-rounds", order.clone());
    let told = told.refused(422, "matching_rules.other_program");
    assert_eq!(told.body["errors"][0]["pointer"], "/rules_id");
    order["rules_id"] = json!(stage.program);
    let told = world.post(&stage.director, "/matching-rounds", order).refused(422, "field.reference");
    assert_eq!(told.body["errors"][0]["pointer"], "/rules_id");
}
