use serde_json::{Value, json};
use tests::{Account, World};

fn form(code: &str) -> Value {
    json!({"code": code, "name": "Наставничество выпускников", "description": "Первый год после выпуска."})
}

fn edition() -> Value {
    json!({"effective_from": "2026-01-01", "serves": "person", "completion": {"kind": "term", "max_months": 12}})
}

fn director(world: &World) -> Account {
    let id = world.organization("social_service_agency", "УСЗСОН", "25655000");
    world.account("director", json!([{"role": "director", "organization_id": id}]), None)
}

#[test]
fn a_region_begins_with_the_shipped_programs_and_their_first_editions() {
    let world = World::new();
    let admin = world.admin();
    let listed = world.get(&admin, "/programs").expect(200);
    let mut codes: Vec<&str> = listed.items().iter().filter_map(|it| it["code"].as_str()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["family-mentoring", "long-term", "personal-accompaniment", "together-six-meetings"]);
    let id = world.program("family-mentoring");
    let editions = world.get(&admin, &format!("/programs/{id}/editions")).expect(200);
    let [first] = editions.items().as_slice() else { panic!("one edition: {}", editions.text) };
    assert_eq!((&first["number"], &first["form"]["decree"]["number"]), (&json!(1), &json!("11/1-а")));
    assert_eq!(first["form"]["completion"], json!({"kind": "term", "max_months": 12}));
    let read = world.get(&admin, &format!("/editions/{}", first["id"].as_str().unwrap())).expect(200);
    assert_eq!(&read.body, first);
    let form = |code: &str| {
        let editions = world.get(&admin, &format!("/programs/{}/editions", world.program(code))).expect(200);
        editions.items()[0]["form"].clone()
    };
    let (short, long) = (form("together-six-meetings"), form("long-term"));
    assert_eq!((&short["effective_from"], &long["extendable"]), (&json!("2017-09-01"), &json!(true)));
    assert_eq!(short["completion"], json!({"kind": "meetings", "meetings": 6, "max_months": 12}));
    assert_eq!(long["completion"]["kind"], "term", "it ends by a day, not by meetings");
}

#[test]
fn a_program_is_entered_edited_and_remembered() {
    let world = World::new();
    let admin = world.admin();
    let added = world.post(&admin, "/programs", form("first-year")).expect(201);
    let path = format!("/programs/{}", added.id());
    assert_eq!(world.get(&admin, &path).expect(200).body, added.body);
    let patched = world
        .patch(&admin, &path, &added.etag(), json!({"name_en": "First year", "description": null}))
        .expect(200);
    assert_eq!((&patched.body["name_en"], patched.body.get("description")), (&json!("First year"), None));
    let replaced = world.put(&admin, &path, &patched.etag(), form("first-year")).expect(200);
    assert_eq!(replaced.body["version"], 3);
    let history = world.get(&admin, &format!("{path}/history")).expect(200);
    assert_eq!(history.kinds(), ["program.edited", "program.edited", "program.added"]);
    world.patch(&admin, &path, &added.etag(), json!({"name": "x"})).refused(412, "version.stale");
}

#[test]
fn the_code_of_a_program_is_its_own_for_ever() {
    let world = World::new();
    let admin = world.admin();
    world.post(&admin, "/programs", form("family-mentoring")).refused(409, "program.code_taken");
    let added = world.post(&admin, "/programs", form("first-year")).expect(201);
    world
        .patch(&admin, &format!("/programs/{}", added.id()), &added.etag(), json!({"code": "other"}))
        .refused(422, "program.code_fixed");
}

#[test]
fn editions_follow_one_another_and_never_go_back_in_time() {
    let world = World::new();
    let admin = world.admin();
    let id = world.post(&admin, "/programs", form("first-year")).expect(201).id();
    let path = format!("/programs/{id}/editions");
    let first = world.post(&admin, &path, edition()).expect(201);
    assert_eq!(first.header("location"), Some(format!("/api/v1/editions/{}", first.id()).as_str()));
    assert_eq!((&first.body["number"], &first.body["form"]["age_max_years"]), (&json!(1), &json!(23)));
    let mut next = edition();
    next["effective_from"] = json!("2025-12-31");
    world.post(&admin, &path, next.clone()).refused(422, "edition.before_previous");
    next["effective_from"] = json!("2026-06-01");
    assert_eq!(world.post(&admin, &path, next).expect(201).body["number"], 2);
    let listed = world.get(&admin, &format!("{path}?limit=1")).expect(200);
    assert_eq!(listed.items()[0]["number"], 2);
    let cursor = listed.body["next_cursor"].as_str().unwrap();
    let rest = world.get(&admin, &format!("{path}?limit=1&cursor={cursor}")).expect(200);
    assert_eq!(rest.items()[0]["number"], 1);
}

#[test]
fn everything_wrong_with_an_edition_is_told_at_once() {
    let world = World::new();
    let id = world.program("long-term");
    let wrong = json!({
        "effective_from": "2026-01-01", "serves": "person", "age_min_years": 23, "age_max_years": 23,
        "requires_minor_children": true, "completion": {"kind": "meetings"}, "max_extension_months": 3,
        "mentor": {"organization_kinds": ["ngo", "ngo"]},
        "consents": {"recipient_from_years": 18, "representative_until_years": 16},
    });
    let refused = world.post(&world.admin(), &format!("/programs/{id}/editions"), wrong).expect(422);
    let mut codes = refused.codes();
    codes.sort_unstable();
    assert_eq!(
        codes,
        [
            "edition.ages",
            "edition.completion",
            "edition.consent_ages",
            "edition.extension",
            "edition.minor_children",
            "edition.repeated"
        ]
    );
}

#[test]
fn a_life_plan_is_asked_only_of_a_person_whose_mentorship_meetings_complete() {
    let world = World::new();
    let path = format!("/programs/{}/editions", world.program("long-term"));
    let mut asks = edition();
    asks["life_plan_required"] = json!(true);
    let told = world.post(&world.admin(), &path, asks).refused(422, "edition.life_plan");
    assert_eq!(told.body["errors"][0]["pointer"], "/life_plan_required");
}

#[test]
fn an_edition_asks_only_for_courses_that_somebody_teaches() {
    let world = World::new();
    let id = world.program("long-term");
    let mut asks = edition();
    asks["mentor"] = json!({"required_course_codes": ["mentor-basics", "nobody-teaches-this"]});
    let refused =
        world.post(&world.admin(), &format!("/programs/{id}/editions"), asks).refused(422, "field.reference");
    assert_eq!(refused.body["errors"][0]["pointer"], "/mentor/required_course_codes/1");
}

#[test]
fn programs_are_read_by_all_and_entered_by_the_region_alone() {
    let world = World::new();
    let director = director(&world);
    let id = world.program("family-mentoring");
    let found = world.get(&director, "/programs?code=family-mentoring").expect(200);
    assert_eq!(found.items().len(), 1);
    world.post(&director, "/programs", form("own")).refused(403, "access.forbidden");
    world.put(&director, &format!("/programs/{id}"), "\"1\"", form("own")).refused(403, "access.forbidden");
    world.post(&director, &format!("/programs/{id}/editions"), edition()).refused(403, "access.forbidden");
    let nothing = "01980000-0000-7000-8000-00000000000a";
    world.get(&director, &format!("/programs/{nothing}")).refused(404, "request.not_found");
    world.get(&director, &format!("/programs/{nothing}/editions")).refused(404, "request.not_found");
    world.get(&director, &format!("/editions/{nothing}")).refused(404, "request.not_found");
    world
        .post(&director, &format!("/programs/{nothing}/editions"), edition())
        .refused(404, "request.not_found");
}

#[test]
fn a_program_names_an_organization_that_is_there() {
    let world = World::new();
    let admin = world.admin();
    let mut stray = form("stray");
    stray["organization_id"] = json!("01980000-0000-7000-8000-000000000001");
    world.post(&admin, "/programs", stray.clone()).refused(422, "field.reference");
    let id = world.organization("ngo", "Дом", "25655000");
    stray["organization_id"] = json!(id);
    world.post(&admin, "/programs", stray).expect(201);
    let found = world.get(&admin, &format!("/programs?organization_id={id}")).expect(200);
    assert_eq!(found.items()[0]["code"], "stray");
}
