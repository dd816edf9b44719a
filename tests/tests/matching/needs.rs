//! Needs of beneficiaries, and their waits for programs.
use serde_json::json;
use tests::{Account, World};

fn coordinator(world: &World, login: &str, program: &str) -> Account {
    world.account(login, json!([{"role": "program_coordinator", "program_id": program}]), None)
}

#[test]
fn staff_tells_what_a_beneficiary_needs() {
    let (world, pair) = World::paired();
    let path = format!("/beneficiaries/{}/matching-needs", pair.beneficiary);
    let other = world.plain_program("other", json!({}));
    let form = json!({"needs": ["exams", "grief"], "special_course_codes": ["mentor-basics"], "risk_level": 3, "agrees_to_matching": true,
        "waits": [{"program_id": other, "since": world.day(-9)}, {"program_id": pair.program, "since": world.day(-2)}]});
    let filled = world.put(&pair.director, &path, "\"0\"", form.clone()).expect(200);
    assert_eq!((&filled.body["form"], &filled.body["beneficiary_id"]), (&form, &json!(pair.beneficiary)));
    let patched = world.patch(&pair.director, &path, "\"1\"", json!({"risk_level": 1})).expect(200);
    assert_eq!(patched.body["form"]["waits"], form["waits"], "who has waited longest comes first");
    let patch = json!({"waits": [form["waits"][1]]});
    let patched = world.patch(&pair.director, &path, "\"2\"", patch).expect(200);
    assert_eq!(patched.body["form"]["waits"], json!([form["waits"][1]]));
    assert_eq!(patched.body["form"]["risk_level"], 1);
    assert_eq!(world.get(&world.admin(), &path).expect(200).row(), patched.row());
    assert_eq!(world.fact("beneficiary.needs_edited"), pair.beneficiary);
    world.patch(&pair.director, &path, "\"1\"", json!({"risk_level": 0})).refused(412, "version.stale");
    world.put(&world.admin(), &path, "\"3\"", json!({})).refused(403, "access.forbidden");
    let (_, stranger) = world.institution("Другой центр");
    world.get(&stranger, &path).refused(404, "request.not_found");
}

#[test]
fn needs_are_refused_with_every_reason() {
    let (world, pair) = World::paired();
    let path = format!("/beneficiaries/{}/matching-needs", pair.beneficiary);
    let fill = |form| world.put(&pair.director, &path, "\"0\"", form);
    let wait = |program: &str, days| json!({"program_id": program, "since": world.day(days)});
    let families = world.program("family-mentoring");
    let later = json!({"effective_from": "2030-01-01"});
    let later = world.plain_program("later", later);
    let form = json!({"needs": ["grief", "grief"], "waits": [wait(&pair.program, 1), wait(&pair.program, 0), wait(&families, 0), wait(&later, 0)]});
    let refused = fill(form).refused(422, "matching_profile.repeated");
    let codes = [
        "matching_profile.repeated",
        "matching_needs.since_in_future",
        "matching_profile.repeated",
        "program.not_in_force",
        "mentorship.wrong_recipient",
    ];
    let mut told = refused.codes();
    let mut all = codes.to_vec();
    told.sort_unstable();
    all.sort_unstable();
    assert_eq!(told, all);
    fill(json!({"waits": [wait(&families, 0)]})).refused(409, "mentorship.wrong_recipient");
    fill(json!({"waits": [wait(&later, 0)]})).refused(409, "program.not_in_force");
    fill(json!({"waits": [wait(&pair.beneficiary, 0)]})).refused(422, "field.reference");
    fill(json!({"special_course_codes": ["no-such-course"]})).refused(422, "field.reference");
    fill(json!({"risk_level": 4})).refused(422, "field.range");
    fill(json!({"agrees_to_matching": true, "risk_level": 1})).expect(200);
}

#[test]
fn who_waits_for_a_program_is_visible_to_its_coordinator_and_to_no_other() {
    let (world, pair) = World::paired();
    let other = world.plain_program("other", json!({}));
    let ours = coordinator(&world, "ours", &pair.program);
    let theirs = coordinator(&world, "theirs", &other);
    let path = format!("/beneficiaries/{}", pair.beneficiary);
    world.get(&ours, &path).refused(404, "request.not_found");
    world.waiting(&pair.director, &pair.beneficiary, &pair.program, 5);
    let card = world.get(&ours, &path).expect(200);
    assert_eq!(card.body["category"], "without_parental_care", "as a coordinator sees those in a mentorship");
    let needs = world.get(&ours, &format!("{path}/matching-needs")).expect(200);
    assert_eq!(needs.body["form"]["waits"][0]["since"], world.day(-5));
    world.get(&ours, &format!("{path}/matching-profile")).expect(200);
    world.put(&ours, &format!("{path}/matching-needs"), "\"1\"", json!({})).refused(403, "access.forbidden");
    let listed = |who: &Account| world.get(who, "/beneficiaries").expect(200).items().len();
    assert_eq!((listed(&ours), listed(&theirs)), (1, 0));
    for part in ["", "/matching-needs", "/matching-profile"] {
        world.get(&theirs, &format!("{path}{part}")).refused(404, "request.not_found");
    }
    world.needs(&pair.director, &pair.beneficiary, json!({}));
    world.get(&ours, &path).refused(404, "request.not_found");
}
