use serde_json::{Value, json};
use tests::{Account, Reply, World};

/// A mentor with the institution and the director that approved, and the НКО of the mentor.
struct Scene {
    world: World,
    organization: String,
    director: Account,
    ngo: String,
    person: String,
    mentor: String,
}

fn scene() -> Scene {
    tests::prepared!(Scene { organization, director, ngo, person, mentor } by scene_in)
}

fn scene_in(world: World) -> Scene {
    let (organization, director) = world.institution("УСЗСОН по Эхирит-Булагатскому району");
    let ngo = world.ngo("Доброе дело");
    let person = world.resident(&director);
    let mentor = world.mentor(&director, &person, &organization, &ngo);
    Scene { world, organization, director, ngo, person, mentor }
}

impl Scene {
    fn path(&self) -> String {
        format!("/mentors/{}", self.mentor)
    }
    fn card(&self) -> Reply {
        self.world.get(&self.director, &self.path()).expect(200)
    }
    fn eligibility(&self, program: &str, on: &str) -> Reply {
        let program = self.world.program(program);
        self.world.get(&self.director, &format!("{}/eligibility?program_id={program}&on={on}", self.path()))
    }
    fn course(&self) -> String {
        let found = self.world.get(&self.director, "/training-courses?code=mentor-basics").expect(200);
        found.items()[0]["id"].as_str().unwrap().to_owned()
    }
    fn form(&self) -> Value {
        let card = self.card().body;
        json!({"capacity": card["capacity"], "backgrounds": card["backgrounds"], "ngo_id": card["ngo_id"], "documents": card["documents"]})
    }
}

fn findings(reply: &Reply) -> Vec<&str> {
    reply.body["findings"].as_array().unwrap().iter().filter_map(|it| it["code"].as_str()).collect()
}

#[test]
fn a_mentors_entry_is_edited_whole_or_in_part() {
    let it = scene();
    let card = it.card();
    let patched = it
        .world
        .patch(&it.director, &it.path(), &card.etag(), json!({"capacity": 3, "note": "Опыт с подростками."}))
        .expect(200);
    assert_eq!(
        (&patched.body["capacity"], &patched.body["note"]),
        (&json!(3), &json!("Опыт с подростками."))
    );
    assert_eq!(patched.body["documents"], card.body["documents"]);
    it.world
        .patch(&it.director, &it.path(), &card.etag(), json!({"capacity": 2}))
        .refused(412, "version.stale");
    let mut form = it.form();
    form["capacity"] = json!(4);
    let refused = it.world.put(&it.director, &it.path(), &patched.etag(), form.clone()).expect(422);
    assert_eq!(refused.codes(), ["field.range"]);
    form["capacity"] = json!(2);
    form["documents"][0]["issued_on"] = json!(it.world.day(1));
    it.world
        .put(&it.director, &it.path(), &patched.etag(), form.clone())
        .refused(422, "mentor.date_in_future");
    form["documents"] =
        json!([{"purpose": "passport_copy", "file_id": "01980000-0000-7000-8000-00000000000c"}]);
    it.world.put(&it.director, &it.path(), &patched.etag(), form.clone()).refused(422, "field.reference");
    form["documents"] = json!([]);
    form["ngo_id"] = json!("01980000-0000-7000-8000-000000000001");
    it.world.put(&it.director, &it.path(), &patched.etag(), form.clone()).refused(422, "field.reference");
    form["ngo_id"] = json!(it.ngo);
    let replaced = it.world.put(&it.director, &it.path(), &patched.etag(), form).expect(200);
    assert_eq!((&replaced.body["documents"], replaced.body.get("note")), (&json!([]), None));
    let history = it.world.get(&it.director, &format!("{}/history", it.path())).expect(200);
    assert_eq!(history.kinds(), ["mentor.edited", "mentor.edited", "mentor.added"]);
}

#[test]
fn a_mentor_sees_of_a_mentor_the_name_the_backgrounds_and_the_organization() {
    let it = scene();
    let own = it.world.account("own", json!([{"role": "mentor"}]), Some(&it.person));
    let seen = it.world.get(&own, &it.path()).expect(200).body;
    let mut members: Vec<&String> = seen.as_object().unwrap().keys().collect();
    members.sort();
    assert_eq!(
        members,
        [
            "available_actions",
            "backgrounds",
            "created_at",
            "id",
            "name",
            "organization_id",
            "organization_name",
            "updated_at",
            "version"
        ]
    );
    let offered: Vec<&Value> =
        seen["available_actions"].as_array().unwrap().iter().map(|it| &it["code"]).collect();
    assert_eq!(offered, ["edit_profile", "choose"], "the words about oneself, and nothing of staff");
    assert_eq!(seen["name"], "Петрова Мария Ильинична");
    let other = it.world.resident(&it.director);
    let other = it.world.mentor(&it.director, &other, &it.organization, &it.ngo);
    it.world.get(&own, &format!("/mentors/{other}")).refused(404, "request.not_found");
    assert_eq!(it.world.get(&own, "/mentors").expect(200).items().len(), 1);
    it.world.patch(&own, &it.path(), "\"1\"", json!({"capacity": 3})).refused(403, "access.forbidden");
    let grants = json!([{"role": "mentor"}, {"role": "unit_head", "organization_id": it.organization}]);
    let both = it.world.account("both", grants, Some(&it.person));
    let seen = it.world.get(&both, &it.path()).expect(200).body;
    assert_eq!(seen["person_id"], json!(it.person), "as staff of the institution one sees the whole");
}

#[test]
fn mentors_are_seen_by_those_who_approved_sent_coordinate_and_watch_over() {
    let it = scene();
    let admin = it.world.admin();
    let (_, stranger) = it.world.institution("Чужое");
    let sender = it.world.staff("director", &it.ngo);
    let coordinator = |login: &str, code: &str| {
        let grants = json!([{"role": "program_coordinator", "program_id": it.world.program(code)}]);
        it.world.account(login, grants, None)
    };
    let officer = |login: &str, territory: &str| {
        it.world.account(login, json!([{"role": "guardianship_officer", "territory": territory}]), None)
    };
    let (ours, other) = (coordinator("ours", "family-mentoring"), coordinator("other", "long-term"));
    let (near, far) = (officer("near", "25655000"), officer("far", "25701000"));
    let tutor = it.world.account("tutor", json!([{"role": "tutor"}]), None);
    for who in [&admin, &it.director, &sender, &ours, &near] {
        assert_eq!(it.world.get(who, &it.path()).expect(200).body["person_id"], json!(it.person));
        assert_eq!(it.world.get(who, "/mentors").expect(200).items().len(), 1);
    }
    for who in [&stranger, &other, &far, &tutor] {
        it.world.get(who, &it.path()).refused(404, "request.not_found");
        assert_eq!(it.world.get(who, "/mentors").expect(200).items().len(), 0);
        it.world.get(who, &format!("{}/trainings", it.path())).refused(404, "request.not_found");
    }
    let count = |query: &str| it.world.get(&admin, &format!("/mentors?{query}")).expect(200).items().len();
    assert_eq!(
        (count(&format!("organization_id={}", it.organization)), count(&format!("ngo_id={}", it.ngo))),
        (1, 1)
    );
    assert_eq!(count(&format!("organization_id={}", it.ngo)), 0);
    it.world.patch(&ours, &it.path(), "\"1\"", json!({"capacity": 2})).expect(200);
    it.world.patch(&sender, &it.path(), "\"2\"", json!({"capacity": 3})).refused(403, "access.not_yours");
    it.world.patch(&stranger, &it.path(), "\"2\"", json!({"capacity": 3})).refused(404, "request.not_found");
    it.world.patch(&near, &it.path(), "\"2\"", json!({"capacity": 3})).refused(403, "access.forbidden");
}

#[test]
fn training_makes_a_mentor_eligible_until_it_expires() {
    let mut it = scene();
    let today = it.world.day(0);
    assert_eq!(it.eligibility("family-mentoring", &today).expect(200).body["eligible"], true);
    let untrained = it.eligibility("long-term", &today).expect(200);
    assert_eq!(findings(&untrained), ["mentor.training_missing"]);
    assert_eq!(untrained.body["findings"][0]["subject"], "mentor-basics");
    let course = it.course();
    let basics = it.world.get(&it.world.admin(), &format!("/training-courses/{course}")).expect(200);
    it.world
        .patch(
            &it.world.admin(),
            &format!("/training-courses/{course}"),
            &basics.etag(),
            json!({"valid_months": 12}),
        )
        .expect(200);
    let form = json!({"course_id": course, "completed_on": today, "certificate_number": "УН-114",
        "certificate_file_id": it.world.file(&it.director, "certificate")});
    let recorded = it.world.post(&it.director, &format!("{}/trainings", it.path()), form).expect(201);
    assert_eq!(
        (&recorded.body["course_code"], &recorded.body["valid_until"]),
        (&json!("mentor-basics"), &json!("2027-03-02"))
    );
    let read = it.world.get(&it.director, &format!("/trainings/{}", recorded.id())).expect(200);
    assert_eq!(read.body, recorded.body);
    let listed = it.world.get(&it.director, &format!("{}/trainings", it.path())).expect(200);
    assert_eq!(listed.items(), &vec![recorded.row()]);
    assert_eq!(it.eligibility("long-term", &today).expect(200).body["eligible"], true);
    assert_eq!(findings(&it.eligibility("long-term", "2027-03-03")), ["mentor.training_expired"]);
    it.world.advance_days(366);
    it.director = it.world.login(&it.director.login);
    let path = format!("{}/eligibility?program_id={}", it.path(), it.world.program("long-term"));
    let now = it.world.get(&it.director, &path).expect(200);
    assert_eq!((&now.body["on"], findings(&now)), (&json!("2027-03-03"), vec!["mentor.training_expired"]));
}

#[test]
fn nobody_is_proposed_a_mentor_whose_training_has_expired() {
    let mut world = World::new();
    let admin = world.admin();
    let course = world.get(&admin, "/training-courses?code=mentor-basics").expect(200).items()[0].clone();
    let path = format!("/training-courses/{}", course["id"].as_str().unwrap());
    world.patch(&admin, &path, "\"1\"", json!({"valid_months": 1})).expect(200);
    let pair = world.pair();
    world.advance_days(40);
    let director = world.again(&pair.director);
    world.post(&director, "/mentorships", world.proposal(&pair)).refused(409, "mentor.training_expired");
}

#[test]
fn eligibility_tells_everything_that_is_wrong_on_a_day() {
    let it = scene();
    assert_eq!(findings(&it.eligibility("family-mentoring", &it.world.day(-1))), ["mentor.not_approved"]);
    assert_eq!(findings(&it.eligibility("family-mentoring", "2020-01-01")), ["program.not_in_force"]);
    let mut form = it.form();
    form["documents"] = json!([]);
    form.as_object_mut().unwrap().remove("ngo_id");
    it.world.put(&it.director, &it.path(), &it.card().etag(), form).expect(200);
    let wrong = it.eligibility("family-mentoring", &it.world.day(-1)).expect(200);
    assert_eq!(findings(&wrong), ["mentor.not_approved", "mentor.no_ngo", "mentor.document_missing"]);
    let nothing = "01980000-0000-7000-8000-00000000000a";
    let ask = |query: &str| it.world.get(&it.director, &format!("{}/eligibility{query}", it.path()));
    ask(&format!("?program_id={nothing}")).refused(404, "request.not_found");
    assert_eq!(findings(&ask("").expect(200)), ["mentor.no_ngo", "mentor.document_missing"]);
    ask("?program=1").refused(400, "request.parameter");
    ask(&format!("?program_id={nothing}&on=yesterday")).refused(400, "request.parameter");
}

#[test]
fn a_document_without_a_date_counts_for_ever_only_where_the_program_lets_it() {
    let it = scene();
    let admin = it.world.admin();
    let program = it.world.program("family-mentoring");
    let latest =
        it.world.get(&admin, &format!("/programs/{program}/editions")).expect(200).items()[0].clone();
    let mut form = latest["form"].clone();
    form["effective_from"] = json!(it.world.day(0));
    form["mentor"]["required_documents"] = json!([{"purpose": "passport_copy", "valid_months": 6}]);
    it.world.post(&admin, &format!("/programs/{program}/editions"), form).expect(201);
    assert_eq!(findings(&it.eligibility("family-mentoring", &it.world.day(0))), ["mentor.document_undated"]);
}

#[test]
fn training_is_recorded_by_those_who_answer_for_the_mentor() {
    let it = scene();
    let path = format!("{}/trainings", it.path());
    let form = json!({"course_id": it.course(), "completed_on": it.world.day(0)});
    let mut wrong = form.clone();
    wrong["completed_on"] = json!(it.world.day(1));
    it.world.post(&it.director, &path, wrong).refused(422, "mentor.date_in_future");
    let nothing = "01980000-0000-7000-8000-00000000000e";
    for (member, value) in [("course_id", nothing), ("certificate_file_id", nothing)] {
        let mut stray = form.clone();
        stray[member] = json!(value);
        let refused = it.world.post(&it.director, &path, stray).refused(422, "field.reference");
        assert_eq!(refused.body["errors"][0]["pointer"], format!("/{member}"));
    }
    let sender = it.world.staff("director", &it.ngo);
    it.world.post(&sender, &path, form.clone()).refused(403, "access.not_yours");
    let own = it.world.account("own", json!([{"role": "mentor"}]), Some(&it.person));
    it.world.post(&own, &path, form.clone()).refused(403, "access.forbidden");
    let (_, stranger) = it.world.institution("Чужое");
    it.world.post(&stranger, &path, form.clone()).refused(404, "request.not_found");
    let specialist = it.world.staff("support_specialist", &it.organization);
    let id = it.world.post(&specialist, &path, form).expect(201).id();
    it.world.get(&own, &format!("/trainings/{id}")).expect(200);
    it.world.get(&stranger, &format!("/trainings/{id}")).refused(404, "request.not_found");
}

#[test]
fn a_course_keeps_its_code() {
    let world = World::new();
    let admin = world.admin();
    let form = json!({"code": "first-aid", "name": "Первая помощь", "hours": 8, "valid_months": 24});
    let added = world.post(&admin, "/training-courses", form.clone()).expect(201);
    world.post(&admin, "/training-courses", form.clone()).refused(409, "course.code_taken");
    let path = format!("/training-courses/{}", added.id());
    assert_eq!(world.get(&admin, &path).expect(200).body, added.body);
    world.patch(&admin, &path, &added.etag(), json!({"code": "other"})).refused(422, "course.code_fixed");
    let mut longer = form;
    longer["hours"] = json!(16);
    let replaced = world.put(&admin, &path, &added.etag(), longer.clone()).expect(200);
    assert_eq!((&replaced.body["hours"], &replaced.body["version"]), (&json!(16), &json!(2)));
    world.put(&admin, &path, &added.etag(), longer).refused(412, "version.stale");
    let history = world.get(&admin, &format!("{path}/history")).expect(200);
    assert_eq!(history.items()[0]["kind"], "course.edited");
    assert_eq!(world.get(&admin, "/training-courses").expect(200).items().len(), 2);
}

#[test]
fn courses_are_kept_by_the_region_and_by_coordinators() {
    let it = scene();
    let path = format!("/training-courses/{}", it.course());
    let grants = json!([{"role": "program_coordinator", "program_id": it.world.program("long-term")}]);
    let coordinator = it.world.account("coordinator", grants, None);
    let etag = it.world.get(&coordinator, &path).expect(200).etag();
    it.world.patch(&coordinator, &path, &etag, json!({"hours": 24})).expect(200);
    let form = json!({"code": "first-aid", "name": "Первая помощь", "hours": 8});
    it.world.post(&coordinator, "/training-courses", form.clone()).expect(201);
    it.world.post(&it.director, "/training-courses", form).refused(403, "access.forbidden");
    it.world.patch(&it.director, &path, &etag, json!({"hours": 1})).refused(403, "access.forbidden");
    let mentee = it.world.account("mentee", json!([{"role": "mentee"}]), None);
    it.world.get(&mentee, &path).refused(404, "request.not_found");
    it.world
        .get(&it.director, "/training-courses/01980000-0000-7000-8000-00000000000e")
        .refused(404, "request.not_found");
}

#[test]
fn a_mentor_has_any_of_the_backgrounds_that_the_sources_name() {
    let it = scene();
    // The backgrounds of 000 L57 come first, then those of 001 L38.
    let all = [
        "executive_authority_specialist",
        "institution_specialist",
        "ngo_specialist",
        "public_chamber_member",
        "university_teacher",
        "student",
        "business_leader",
        "culture",
        "science",
        "education",
        "arts",
        "sport",
    ];
    let patch = |etag: &str, told: &[&str]| {
        it.world.patch(&it.director, &it.path(), etag, json!({"backgrounds": told}))
    };
    let mut etag = it.card().etag();
    for background in all {
        let patched = patch(&etag, &[background]).expect(200);
        assert_eq!(patched.body["backgrounds"], json!([background]));
        etag = patched.etag();
    }
    assert_eq!(patch(&etag, &all).expect(200).body["backgrounds"], json!(all));
    let strange = patch(&it.card().etag(), &["astronaut"]).expect(422);
    assert_eq!(strange.codes(), ["field.word"]);
}
