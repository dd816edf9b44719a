//! Editions of a program: the regulation as data. A mentorship keeps the edition under which it began.
use serde_json::{Value, json};
use tests::World;

/// The latest edition of a program.
fn latest(world: &World, program: &str) -> Value {
    let all = world.get(&world.admin(), &format!("/programs/{program}/editions?limit=1")).expect(200);
    all.items()[0].clone()
}
fn text(it: &Value) -> &str {
    it.as_str().expect("a text")
}

#[test]
fn the_regulation_of_the_district_stands_as_data_with_its_number_date_and_organization() {
    let world = World::new();
    let program = world.program("family-mentoring");
    let first = latest(&world, &program);
    assert_eq!(
        (
            &first["form"]["decree"]["number"],
            &first["form"]["decree"]["date"],
            &first["form"]["effective_from"]
        ),
        (&json!("11/1-а"), &json!("2023-11-19"), &json!("2023-11-19"))
    );
    let agency = world.organization("social_service_agency", "УСЗСОН", "25655000");
    let mut own = first["form"].clone();
    own["organization_id"] = json!(agency);
    own["effective_from"] = json!(world.day(0));
    let issued =
        world.post(&world.admin(), &format!("/programs/{program}/editions"), own.clone()).expect(201);
    assert_eq!((&issued.body["form"], &issued.body["number"]), (&own, &json!(2)));
    own["organization_id"] = json!("01980000-0000-7000-8000-000000000001");
    let refused = world.post(&world.admin(), &format!("/programs/{program}/editions"), own).expect(422);
    assert_eq!(refused.body["errors"][0]["pointer"], "/organization_id");
}

#[test]
fn a_program_tells_which_kinds_of_work_it_covers() {
    let world = World::new();
    let family = latest(&world, &world.program("family-mentoring"));
    assert_eq!(family["form"]["work_kinds"], json!(["preventive", "corrective", "rehabilitative"]));
    let plain = world.plain_program("plain", json!({}));
    assert_eq!(latest(&world, &plain)["form"]["work_kinds"], json!([]));
    let twice = json!({"effective_from": world.day(0), "serves": "person", "work_kinds": ["preventive", "preventive"],
        "completion": {"kind": "term", "max_months": 12}});
    let refused = world.post(&world.admin(), &format!("/programs/{plain}/editions"), twice);
    let refused = refused.refused(422, "edition.repeated");
    assert_eq!(refused.body["errors"][0]["pointer"], "/work_kinds/1");
}

#[test]
fn comparing_editions_tells_exactly_what_changed_with_the_paragraph() {
    let world = World::new();
    let program = world.program("family-mentoring");
    let first = latest(&world, &program);
    let mut form = first["form"].clone();
    form["effective_from"] = json!("2026-01-01");
    form["decree"]["number"] = json!("3-а");
    form["completion"]["max_months"] = json!(9);
    form["mentor"]["required_documents"] = json!([]);
    form.as_object_mut().unwrap().remove("title");
    let second = world.post(&world.admin(), &format!("/programs/{program}/editions"), form).expect(201);
    let compare =
        |one: &str, with: &str| world.get(&world.admin(), &format!("/editions/{one}/comparison?with={with}"));
    let told = compare(text(&first["id"]), &second.id()).expect(200);
    let told = told.body["differences"].as_array().unwrap().clone();
    let pointers: Vec<&str> = told.iter().map(|it| text(&it["pointer"])).collect();
    assert_eq!(
        pointers,
        [
            "/title",
            "/decree/number",
            "/effective_from",
            "/completion/max_months",
            "/mentor/required_documents"
        ]
    );
    assert_eq!(
        told[3],
        json!({"pointer": "/completion/max_months", "before": "12", "after": "9", "rule": "002 §3.8",
            "ru": "наибольший срок, месяцев", "en": "longest term, months"})
    );
    assert_eq!((&told[1]["before"], &told[1]["after"]), (&json!("11/1-а"), &json!("3-а")));
    assert_eq!((told[0].get("after"), told[2].get("rule")), (None, None));
    assert_eq!(told[4]["before"], json!("[{\"purpose\":\"passport_copy\"}]"));
    let back = compare(&second.id(), text(&first["id"])).expect(200);
    assert_eq!(back.body["differences"][3]["before"], "9");
    assert_eq!(compare(&second.id(), &second.id()).expect(200).body["differences"], json!([]));
}

#[test]
fn only_editions_of_one_program_are_compared() {
    let world = World::new();
    let (one, other) = (world.plain_program("one", json!({})), world.plain_program("other", json!({})));
    let (one, other) = (latest(&world, &one), latest(&world, &other));
    let ask = |query: String| {
        world.get(&world.admin(), &format!("/editions/{}/comparison{query}", text(&one["id"])))
    };
    let refused = ask(format!("?with={}", text(&other["id"]))).refused(422, "edition.other_program");
    assert_eq!(refused.body["errors"][0]["parameter"], "with");
    ask("?with=01980000-0000-7000-8000-00000000000b".into()).refused(404, "request.not_found");
    ask(String::new()).refused(422, "field.missing");
    ask("?with=first".into()).refused(400, "request.parameter");
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    let path = format!("/editions/{0}/comparison?with={0}", text(&one["id"]));
    world.get(&analyst, &path).expect(200);
}

#[test]
fn a_new_edition_never_changes_what_began_under_an_older_one() {
    let (world, mut pair) = World::paired();
    let rules = json!({"completion": {"kind": "term", "max_months": 12}, "mentor_capacity": 1});
    pair.program = world.plain_program("changing", rules);
    let id = world.consented(&pair);
    let first = latest(&world, &pair.program);
    let mut form = first["form"].clone();
    form["effective_from"] = json!(world.day(0));
    form["completion"]["max_months"] = json!(1);
    form["mentor_capacity"] = json!(3);
    form["mentor"]["required_documents"] = json!([{"purpose": "certificate"}]);
    form["mentor"]["required_course_codes"] = json!(["mentor-basics"]);
    let second =
        world.post(&world.admin(), &format!("/programs/{}/editions", pair.program), form).expect(201).id();
    let mut order = world.confirmation();
    order["ends_on"] = json!(world.day(365));
    let active = world.step(&pair.director, &id, "confirmation", order).expect(200);
    assert_eq!(active.body["edition_id"], first["id"], "the longest term is that of its own edition");

    let other = world.pair_at(&pair.organization, &pair.director, &pair.program);
    let capacity = format!("/mentors/{}", pair.mentor);
    world.edit(&pair.director, &capacity, json!({"capacity": 3})).expect(200);
    let mut again = world.proposal(&pair);
    again["beneficiary_id"] = json!(other.beneficiary);
    again["ends_on"] = json!(world.day(60));
    let refused = world.post(&pair.director, "/mentorships", again).expect(409);
    assert_eq!(refused.codes(), ["mentor.document_missing", "mentorship.term_too_long"], "{}", refused.text);
    let running = world.get(&pair.director, &format!("/mentorships/{id}")).expect(200);
    assert_eq!((&running.body["state"], &running.body["edition_id"]), (&json!("active"), &first["id"]));
    assert_ne!(json!(second), first["id"]);
}

#[test]
fn a_program_goes_on_until_another_edition_takes_its_place() {
    let mut world = World::new();
    let program = world.program("family-mentoring");
    let first = latest(&world, &program);
    let mut ending = first["form"].clone();
    ending["effective_from"] = json!(world.day(0));
    ending["effective_until"] = json!(world.day(30));
    let path = format!("/programs/{program}/editions");
    let refused = world.post(&world.admin(), &path, ending.clone()).expect(422);
    assert_eq!(refused.codes(), ["field.unknown"], "an edition has no last day");
    world.advance_days(5 * 365);
    let id = world.active(&world.family_pair());
    let edition_of = |id: &str| {
        world.get(&world.admin(), &format!("/mentorships/{id}")).expect(200).body["edition_id"].clone()
    };
    assert_eq!(edition_of(&id), first["id"], "years later it is still in force");
    ending.as_object_mut().unwrap().remove("effective_until");
    ending["effective_from"] = json!(world.day(0));
    let second = world.post(&world.admin(), &path, ending).expect(201).id();
    let next = world.proposed(&world.family_pair());
    assert_eq!((edition_of(&next), edition_of(&id)), (json!(second), first["id"].clone()));
}
