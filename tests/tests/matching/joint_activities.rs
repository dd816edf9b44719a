//! Joint activities of mentors and beneficiaries.
use serde_json::{Value, json};
use tests::pairs::Pair;
use tests::{Account, World};

fn with(mut form: Value, name: &str, value: impl Into<Value>) -> Value {
    form[name] = value.into();
    form
}
fn path(id: &str) -> String {
    format!("/joint-activities/{id}")
}
fn ids(world: &World, who: &Account, query: &str) -> Vec<String> {
    let reply = world.get(who, &format!("/joint-activities{query}")).expect(200);
    reply.items().iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect()
}
/// An activity of one institution with both pairs.
fn held(world: &World, one: &Pair, other: &Pair) -> String {
    let (mentors, beneficiaries) =
        ([one.mentor.as_str(), &other.mentor], [one.beneficiary.as_str(), &other.beneficiary]);
    world.joint_activity(&one.director, &one.program, &one.organization, &mentors, &beneficiaries)
}
fn two(world: &World) -> (Pair, Pair) {
    let one = world.pair();
    let other = world.pair_at(&one.organization, &one.director, &one.program);
    (one, other)
}

#[test]
fn staff_see_an_activity_whole_and_a_participant_the_other_side() {
    let world = World::new();
    let (one, other) = two(&world);
    let id = held(&world, &one, &other);
    assert_eq!(world.fact("joint_activity.added"), id);
    let coordinator = json!([{"role": "program_coordinator", "program_id": one.program}]);
    let coordinator = world.account("coordinator", coordinator, None);
    for who in [&one.director, &world.admin(), &coordinator, &world.staff("unit_head", &one.organization)] {
        let it = world.get(who, &path(&id)).expect(200).body;
        let count = |name: &str| it[name].as_array().expect("a list").len();
        assert_eq!((count("mentors"), count("beneficiaries")), (2, 2), "{}", who.login);
        assert_eq!(
            it["beneficiaries"][0],
            json!({"beneficiary_id": one.beneficiary, "beneficiary_name": "Морозова Дарья Сергеевна"})
        );
        assert_eq!(ids(&world, who, ""), [id.as_str()]);
    }
    let (mentor, mentee) = (world.mentor_account("maria", &one), world.mentee_account("daria", &one));
    let it = world.get(&mentor, &path(&id)).expect(200).body;
    assert_eq!(it["mentors"].as_array().expect("a list").len(), 1);
    assert_eq!(it["mentors"][0]["mentor_id"], json!(one.mentor));
    let given = |id: &str| json!({"beneficiary_id": id, "beneficiary_name": "Дарья"});
    assert_eq!(it["beneficiaries"], json!([given(&one.beneficiary), given(&other.beneficiary)]));
    let it = world.get(&mentee, &path(&id)).expect(200).body;
    assert_eq!(it["mentors"].as_array().expect("a list").len(), 2);
    assert_eq!(
        it["beneficiaries"],
        json!([{"beneficiary_id": one.beneficiary, "beneficiary_name": "Морозова Дарья Сергеевна"}])
    );
    assert_eq!(ids(&world, &mentor, ""), [id.as_str()]);
    assert_eq!(ids(&world, &mentee, ""), [id.as_str()]);
    let stranger = world.pair();
    let outsiders = [
        stranger.director.clone(),
        world.mentor_account("other", &stranger),
        world.mentee_account("another", &stranger),
    ];
    for who in &outsiders {
        world.get(who, &path(&id)).refused(404, "request.not_found");
        assert!(ids(&world, who, "").is_empty());
    }
    for role in ["tutor", "analyst"] {
        let who = world.account(role, json!([{"role": role}]), None);
        world.get(&who, "/joint-activities").refused(403, "access.forbidden");
        world.get(&who, &path(&id)).refused(404, "request.not_found");
    }
    use domain::base::change::SubjectKind::JointActivity;
    assert!(world.readers(JointActivity, &id).contains(&mentor.id), "a read of names leaves a trace");
}

#[test]
fn a_mentor_knows_a_family_by_the_given_names_of_its_members() {
    let world = World::new();
    let pair = world.family_pair();
    let id = world.joint_activity(
        &pair.director,
        &pair.program,
        &pair.organization,
        &[&pair.mentor],
        &[&pair.beneficiary],
    );
    let mentor = world.mentor_account("maria", &pair);
    let shown = world.get(&mentor, &path(&id)).expect(200);
    assert_eq!(shown.body["beneficiaries"][0]["beneficiary_name"], "Ольга, Миша");
    assert!(!shown.text.contains("Морозов"), "{}", shown.text);
}

#[test]
fn activities_are_found_by_program_and_institution_page_by_page() {
    let (world, pair, away) = World::twice_paired();
    let program = world.program("long-term");
    let enter = |of: &Pair, program: &str| {
        world.joint_activity(&of.director, program, &of.organization, &[&of.mentor], &[])
    };
    let all = [enter(&pair, &pair.program), enter(&pair, &program), enter(&away, &program)];
    let admin = world.admin();
    assert_eq!(ids(&world, &admin, ""), [all[2].as_str(), &all[1], &all[0]]);
    assert_eq!(ids(&world, &admin, &format!("?program_id={program}")), [all[2].as_str(), &all[1]]);
    assert_eq!(
        ids(&world, &admin, &format!("?organization_id={}", pair.organization)),
        [all[1].as_str(), &all[0]]
    );
    let first = world.get(&pair.director, "/joint-activities?limit=1").expect(200);
    let next = first.body["next_cursor"].as_str().expect("a cursor");
    assert_eq!(ids(&world, &pair.director, &format!("?limit=1&cursor={next}")), [all[0].as_str()]);
}

#[test]
fn an_institution_holds_its_own_activities_with_those_whom_it_sees() {
    let (world, pair, away) = World::twice_paired();
    let form = world.activity_form(&pair.program, &pair.organization, &[&pair.mentor], &[&pair.beneficiary]);
    let add = |who: &Account, form: Value| world.post(who, "/joint-activities", form);
    let foreign = with(form.clone(), "organization_id", away.organization.clone());
    let told = add(&pair.director, foreign.clone()).refused(422, "field.reference");
    assert_eq!(told.body["errors"][0]["pointer"], "/organization_id");
    let unknown = with(form.clone(), "program_id", "01980000-0000-7000-8000-000000000009");
    let told = add(&pair.director, unknown).refused(422, "field.reference");
    assert_eq!(told.body["errors"][0]["pointer"], "/program_id");
    let strangers = with(form.clone(), "mentor_ids", json!([pair.mentor, away.mentor]));
    let strangers = with(strangers, "beneficiary_ids", json!([away.beneficiary]));
    let told = add(&pair.director, strangers).refused(422, "field.reference").body;
    let pointers: Vec<&Value> =
        told["errors"].as_array().expect("errors").iter().map(|it| &it["pointer"]).collect();
    assert_eq!(pointers, ["/mentor_ids/1", "/beneficiary_ids/0"]);
    let twice = with(form.clone(), "mentor_ids", json!([pair.mentor, pair.mentor]));
    add(&pair.director, twice).expect(422);
    add(&world.admin(), form.clone()).refused(403, "access.forbidden");
    add(&world.mentor_account("maria", &pair), form.clone()).refused(403, "access.forbidden");
    add(&world.staff("support_specialist", &pair.organization), form.clone()).expect(201);
    // A coordinator may hold the program's activities at any institution, with people that the program makes visible.
    let coordinator = json!([{"role": "program_coordinator", "program_id": pair.program}]);
    let coordinator = world.account("coordinator", coordinator, None);
    add(&coordinator, foreign.clone()).refused(422, "field.reference");
    world.proposed(&pair);
    add(&coordinator, foreign.clone()).expect(201);
    let elsewhere = with(foreign, "program_id", world.program("long-term"));
    add(&coordinator, elsewhere).refused(422, "field.reference");
}

#[test]
fn an_edit_needs_the_version_and_keeps_the_program_and_the_institution() {
    let world = World::new();
    let (one, other) = two(&world);
    let away = world.pair();
    let id = held(&world, &one, &other);
    let read = world.get(&one.director, &path(&id)).expect(200);
    let patch = |body: Value| world.patch(&one.director, &path(&id), "\"1\"", body);
    let told = patch(json!({"program_id": world.program("long-term"), "organization_id": away.organization}))
        .refused(422, "joint_activity.program_fixed");
    assert_eq!(told.codes(), ["joint_activity.program_fixed", "joint_activity.organization_fixed"]);
    patch(json!({"mentor_ids": [away.mentor]})).refused(422, "field.reference");
    let form = with(
        world.activity_form(&one.program, &one.organization, &[&one.mentor], &[&one.beneficiary]),
        "name",
        "Поход на лыжах",
    );
    let edited = world.put(&one.director, &path(&id), &read.etag(), form.clone()).expect(200);
    assert_eq!((&edited.body["name"], &edited.body["version"]), (&json!("Поход на лыжах"), &json!(2)));
    assert_eq!(edited.body["mentors"].as_array().expect("a list").len(), 1);
    world.put(&one.director, &path(&id), &read.etag(), form.clone()).refused(412, "version.stale");
    let unsaid = world.ask("PUT", &format!("/api/v1{}", path(&id))).by(&one.director).json(&form).send();
    assert_eq!(unsaid.status, 428);
    for who in [&world.admin(), &world.mentor_account("maria", &one)] {
        world.put(who, &path(&id), "\"2\"", form.clone()).refused(403, "access.forbidden");
    }
    world.put(&away.director, &path(&id), "\"2\"", form).refused(404, "request.not_found");
    let history = world.get(&one.director, &format!("{}/history", path(&id))).expect(200);
    assert_eq!(history.kinds(), ["joint_activity.edited", "joint_activity.added"]);
    assert!(history.items()[0]["details"].to_string().contains(&other.mentor), "who left stays on record");
    let mentor = world.login("maria");
    world.get(&mentor, &format!("{}/history", path(&id))).refused(403, "access.forbidden");
}

#[test]
fn who_has_chosen_or_was_named_is_not_taken_off() {
    let world = World::new();
    let (one, other) = two(&world);
    let id = held(&world, &one, &other);
    let ranked = [(other.beneficiary.as_str(), 1)];
    world.choose_as_mentor(&one.director, &one.mentor, &id, &ranked, &[]).expect(201);
    // The choice is now empty. But the mentor has chosen and the beneficiary was named, so neither can be removed.
    world.choose_as_mentor(&one.director, &one.mentor, &id, &[], &[]).expect(201);
    let patch = |who: &Account, body: Value| world.edit(who, &path(&id), body);
    let told =
        patch(&one.director, json!({"mentor_ids": [], "beneficiary_ids": [], "held_on": world.day(1)}))
            .refused(409, "joint_activity.chosen_already");
    let chose = "joint_activity.participant_chose";
    assert_eq!(told.codes(), ["joint_activity.chosen_already", chose, chose]);
    patch(&one.director, json!({"mentor_ids": [other.mentor]})).refused(409, chose);
    patch(&one.director, json!({"mentor_ids": [one.mentor], "beneficiary_ids": [other.beneficiary]}))
        .expect(200);
    // A participant who is also staff may not remove others, because the answer would show who was named.
    let both = world.director_and("both", &one.organization, "mentor", &one.mentor_person);
    patch(&both, json!({"beneficiary_ids": []})).refused(403, "access.own");
    patch(&both, json!({"name": "Поход", "mentor_ids": [one.mentor, other.mentor]})).expect(200);
}
