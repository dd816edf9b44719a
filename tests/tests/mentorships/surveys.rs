//! Surveys of living conditions.
use serde_json::{Value, json};
use tests::{Account, Reply, World};

fn made(world: &World, who: &Account, mentorship: &str, form: Value) -> Reply {
    world.step(who, mentorship, "surveys", form)
}
fn survey(world: &World, who: &Account, id: &str) -> Reply {
    world.get(who, &format!("/surveys/{id}"))
}
fn listed(world: &World, who: &Account, mentorship: &str) -> Vec<String> {
    let reply = world.get(who, &format!("/mentorships/{mentorship}/surveys")).expect(200);
    reply.items().iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect()
}
fn with(mut form: Value, name: &str, value: impl Into<Value>) -> Value {
    form[name] = value.into();
    form
}
fn held(world: &World, who: &Account, mentorship: &str, hours: i64, direction: &str) -> String {
    let mut order = world.holding(hours);
    order["method"] = json!("talk");
    order["directions"] = json!([direction]);
    world.step(who, mentorship, "held-meetings", order).expect(201).id()
}

#[test]
fn what_was_seen_on_a_visit_is_seen_by_staff_and_the_mentor_who_saw_it() {
    let (world, pair, stranger) = World::twice_paired();
    let (mentor, mentee) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let tutor = world.account("tutor", json!([{"role": "tutor"}]), None);
    let id = world.followed(&pair, &tutor);
    let meeting = held(&world, &mentor, &id, -2, "d02");
    let form = with(world.survey(), "meeting_id", meeting);
    let form = with(form, "upbringing", "Мать читает сыну на ночь.");
    let it = made(&world, &mentor, &id, form.clone()).expect(201);
    assert_eq!(it.header("location"), Some(format!("/api/v1/surveys/{}", it.id()).as_str()));
    assert_eq!((&it.body["survey"], &it.body["made_by"]), (&form, &json!(mentor.id)));
    assert_eq!(world.fact("survey.made"), it.id());
    let by_staff = made(&world, &pair.director, &id, world.survey()).expect(201).id();
    let all = [by_staff.clone(), it.id()];
    for who in [&pair.director, &world.admin(), &tutor] {
        assert_eq!(listed(&world, who, &id), all, "{}", who.login);
        assert_eq!(survey(&world, who, &it.id()).expect(200).body["survey"], form);
    }
    assert_eq!(listed(&world, &mentor, &id), [it.id()]);
    survey(&world, &mentor, &by_staff).refused(404, "request.not_found");
    world.get(&mentee, &format!("/mentorships/{id}/surveys")).refused(403, "access.forbidden");
    survey(&world, &mentee, &it.id()).refused(404, "request.not_found");
    made(&world, &mentee, &id, world.survey()).refused(403, "access.forbidden");
    for who in [&stranger.director, &world.mentor_account("other", &stranger)] {
        survey(&world, who, &it.id()).refused(404, "request.not_found");
        world.get(who, &format!("/mentorships/{id}/surveys")).refused(404, "request.not_found");
        made(&world, who, &id, world.survey()).refused(404, "request.not_found");
    }
    let path = format!("/mentorships/{id}/surveys?limit=1");
    let first = world.get(&pair.director, &path).expect(200);
    let next = first.body["next_cursor"].as_str().expect("a cursor");
    let second = world.get(&pair.director, &format!("{path}&cursor={next}")).expect(200);
    assert_eq!(second.items()[0]["id"], json!(it.id()));
}

#[test]
fn a_survey_is_of_a_visit_that_took_place_during_the_mentorship() {
    let (world, pair, other) = World::twice_paired();
    let (id, elsewhere) = (world.active(&pair), world.active(&other));
    let form = |name: &str, value: Value| with(world.survey(), name, value);
    for day in [world.day(-1), world.day(1)] {
        let told =
            made(&world, &pair.director, &id, form("visited_on", json!(day))).refused(422, "survey.date");
        assert_eq!(told.body["errors"][0]["pointer"], "/visited_on");
    }
    let talk = held(&world, &pair.director, &id, -2, "d01");
    let planned = world.meeting(&pair.director, &id, 2);
    for wrong in [talk, planned] {
        let told = made(&world, &pair.director, &id, form("meeting_id", json!(wrong)))
            .refused(422, "survey.wrong_meeting");
        assert_eq!(
            (&told.body["rule"], &told.body["errors"][0]["pointer"]),
            (&json!("002 §4.1.2"), &json!("/meeting_id"))
        );
    }
    let foreign = held(&world, &other.director, &elsewhere, -2, "d02");
    made(&world, &pair.director, &id, form("meeting_id", json!(foreign))).refused(422, "field.reference");
    made(&world, &pair.director, &id, form("housing", json!("castle"))).expect(422);
    let proposed = world.proposed(&world.pair_at(&pair.organization, &pair.director, &pair.program));
    made(&world, &pair.director, &proposed, world.survey()).refused(409, "mentorship.not_active");
}

#[test]
fn what_was_seen_cannot_be_read_out_of_the_files() {
    if tests::postgres_url().is_some() {
        return; // PostgreSQL has the same columns, but no files to read.
    }
    let (world, pair, id) = World::mentoring();
    made(&world, &pair.director, &id, world.survey()).expect(201);
    world.step(&pair.director, &id, "mentor-reports", world.report()).expect(201);
    let files = std::fs::read_dir(&world.folder).expect("a folder").map(|it| it.expect("a file").path());
    let bytes: Vec<u8> = files.flat_map(|it| std::fs::read(it).expect("a file")).collect();
    for canary in ["Течёт крыша", "письменный стол", "Познакомились", "Молчит"]
    {
        assert!(!bytes.windows(canary.len()).any(|it| it == canary.as_bytes()), "{canary}");
    }
}
