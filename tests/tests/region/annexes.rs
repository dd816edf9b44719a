//! Annexes №№ 1–3 of the regulation: versions that follow each other, and applications that keep their version.
use serde_json::{Value, json};
use tests::{Account, Reply, World};

fn form(world: &World) -> Value {
    json!({"kind": "questionnaire", "effective_from": world.day(0), "title": "Анкета кандидата",
    "body": "Образование: {{education}}. Дети: {{children}}. Опыт: {{experience}}.",
    "fields": [
        {"code": "education", "label_ru": "Образование", "label_en": "Education", "kind": "choice", "required": true,
            "choices": [{"code": "higher", "label_ru": "высшее"}, {"code": "school", "label_ru": "среднее", "label_en": "school"}]},
        {"code": "children", "label_ru": "Есть ли дети", "kind": "yes_no", "required": true},
        {"code": "experience", "label_ru": "Опыт", "kind": "long_text", "required": false},
        {"code": "since", "label_ru": "С какого дня", "kind": "date", "required": false},
        {"code": "city", "label_ru": "Город", "kind": "text", "required": false},
    ]})
}
fn issue(world: &World, form: Value) -> Reply {
    world.post(&world.admin(), "/annexes", form)
}
fn listed(world: &World, filter: &str) -> Vec<Value> {
    let all = world.get(&world.admin(), &format!("/annexes?{filter}")).expect(200);
    all.items().iter().map(|it| it["id"].clone()).collect()
}
fn pointers(reply: &Reply) -> Vec<(&str, &str)> {
    let all = reply.body["errors"].as_array().unwrap();
    all.iter().map(|it| (it["code"].as_str().unwrap(), it["pointer"].as_str().unwrap_or_default())).collect()
}

/// An institution with its director and a candidate.
struct Scene {
    world: World,
    director: Account,
    application: Value,
}

fn scene() -> Scene {
    let world = World::new();
    let (organization, director) = world.institution("УСЗСОН");
    let ngo = world.ngo("Доброе дело");
    let person = world.resident(&director);
    let application = world.application_form(&director, &person, &organization, &ngo);
    Scene { world, director, application }
}

impl Scene {
    /// A draft that uses that version of the annex, with these answers.
    fn draft(&self, annex: &str, answers: Value) -> Reply {
        let mut form = self.application.clone();
        form["questionnaire"]["annex_id"] = json!(annex);
        form["questionnaire"]["answers"] = answers;
        self.world.post(&self.director, "/mentor-applications", form)
    }
    fn submit(&self, id: &str) -> Reply {
        self.world.post(&self.director, &format!("/mentor-applications/{id}/submission"), json!({}))
    }
}

#[test]
fn a_region_begins_with_the_annexes_of_the_regulation() {
    let world = World::new();
    let all = world.get(&world.admin(), "/annexes").expect(200);
    let kinds: Vec<&Value> = all.items().iter().map(|it| &it["form"]["kind"]).collect();
    assert_eq!(kinds, ["consent", "questionnaire", "statement"]);
    for it in all.items() {
        assert_eq!((&it["number"], &it["form"]["effective_from"]), (&json!(1), &json!("2023-11-19")));
        let read = world.get(&world.admin(), &format!("/annexes/{}", it["id"].as_str().unwrap())).expect(200);
        assert_eq!(&read.body, it);
    }
}

#[test]
fn a_new_version_follows_the_older_ones_and_changes_none() {
    let world = World::new();
    let before = world.get(&world.admin(), "/annexes?kind=questionnaire").expect(200).items()[0].clone();
    let issued = issue(&world, form(&world)).expect(201);
    assert_eq!(issued.header("location"), Some(format!("/api/v1/annexes/{}", issued.id()).as_str()));
    assert_eq!((&issued.body["number"], &issued.body["form"]), (&json!(2), &form(&world)));
    assert_eq!(world.fact("annex.issued"), issued.id());
    let mut later = form(&world);
    later["effective_from"] = json!(world.day(10));
    let later = issue(&world, later).expect(201);
    assert_eq!(later.body["number"], 3);
    let mut early = form(&world);
    early["effective_from"] = json!(world.day(9));
    issue(&world, early).refused(422, "annex.before_previous");
    let old = world.get(&world.admin(), &format!("/annexes/{}", before["id"].as_str().unwrap())).expect(200);
    assert_eq!(old.body, before);

    let (old, second, third) = (before["id"].clone(), json!(issued.id()), json!(later.id()));
    assert_eq!(listed(&world, "kind=questionnaire"), [third.clone(), second.clone(), old.clone()]);
    let on = |day: &str| listed(&world, &format!("kind=questionnaire&in_force_on={day}"));
    assert_eq!((on("2023-11-18"), on("2023-11-19")), (vec![], vec![old]));
    assert_eq!((on(&world.day(0)), on(&world.day(9))), (vec![second.clone()], vec![second]));
    assert_eq!(on(&world.day(10)), [third]);
    assert_eq!(listed(&world, &format!("in_force_on={}", world.day(10))).len(), 3);
    let first = world.get(&world.admin(), "/annexes?kind=questionnaire&limit=1").expect(200);
    let cursor = first.body["next_cursor"].as_str().unwrap();
    assert_eq!(listed(&world, &format!("kind=questionnaire&limit=2&cursor={cursor}")).len(), 2);
    world.get(&world.admin(), "/annexes?kind=report").refused(400, "request.parameter");
}

#[test]
fn everything_wrong_with_an_annex_is_told_at_once() {
    let world = World::new();
    let mut wrong = form(&world);
    wrong["body"] = json!("{{education}} {{nothing}}");
    wrong["fields"][1]["code"] = json!("education");
    wrong["fields"][2]["choices"] =
        json!([{"code": "one", "label_ru": "один"}, {"code": "one", "label_ru": "один"}]);
    wrong["fields"][0].as_object_mut().unwrap().remove("choices");
    assert_eq!(
        pointers(&issue(&world, wrong).expect(422)),
        [
            ("annex.repeated", "/fields/1/code"),
            ("annex.choices", "/fields/0/choices"),
            ("annex.choices", "/fields/2/choices"),
            ("annex.repeated", "/fields/2/choices/1/code"),
            ("annex.placeholder", "/body"),
        ]
    );
}

#[test]
fn annexes_are_read_by_all_and_issued_by_the_region_alone() {
    let world = World::new();
    let (organization, director) = world.institution("УСЗСОН");
    let head = world.staff("unit_head", &organization);
    let mentee = world.account("mentee", json!([{"role": "mentee"}]), None);
    for who in [&director, &head, &mentee] {
        assert_eq!(world.get(who, "/annexes").expect(200).items().len(), 3);
        world.post(who, "/annexes", form(&world)).refused(403, "access.forbidden");
    }
    let nothing = "/annexes/01980000-0000-7000-8000-000000000020";
    world.get(&mentee, nothing).refused(404, "request.not_found");
}

#[test]
fn answers_are_judged_by_the_version_that_was_filled_in() {
    let it = scene();
    let annex = issue(&it.world, form(&it.world)).expect(201).id();
    let wrong = json!([
        {"field": "education", "value": "none"}, {"field": "education", "value": "higher"},
        {"field": "since", "value": "вчера"}, {"field": "city", "value": "Усть-\nОрда"}, {"field": "hobby", "value": "лыжи"}]);
    let id = it.draft(&annex, wrong).expect(201).id();
    let refused = it.submit(&id).refused(422, "annex.wrong_answer");
    assert_eq!(
        pointers(&refused),
        [
            ("annex.wrong_answer", "/questionnaire/answers/0/value"),
            ("annex.answered_twice", "/questionnaire/answers/1/field"),
            ("annex.wrong_answer", "/questionnaire/answers/2/value"),
            ("annex.wrong_answer", "/questionnaire/answers/3/value"),
            ("annex.unknown_field", "/questionnaire/answers/4/field"),
            ("annex.answer_missing", "/questionnaire/answers"),
        ]
    );
    assert_eq!(refused.body["errors"][0]["rule"], "002 §3.6");
    let card = it.world.get(&it.director, &format!("/mentor-applications/{id}")).expect(200);
    assert_eq!(card.body["state"], "draft");
    let answers = json!([{"field": "education", "value": "higher"}, {"field": "children", "value": "yes"},
        {"field": "experience", "value": "Пять лет\nв школе."}, {"field": "since", "value": "2026-03-01"}, {"field": "city", "value": "Иркутск"}]);
    let path = format!("/mentor-applications/{id}");
    let patch = json!({"questionnaire": {"answers": answers}});
    it.world.patch(&it.director, &path, &card.etag(), patch).expect(200);
    let submitted = it.submit(&id).expect(200);
    assert_eq!(submitted.body["questionnaire"]["answers"], answers);
    assert!(!it.world.get(&it.director, &format!("{path}/history")).expect(200).text.contains("Иркутск"));
}

#[test]
fn an_application_keeps_the_version_it_was_filled_in_by() {
    let it = scene();
    let annex = issue(&it.world, form(&it.world)).expect(201).id();
    let answers = json!([{"field": "education", "value": "school"}, {"field": "children", "value": "no"}]);
    let id = it.draft(&annex, answers.clone()).expect(201).id();
    let mut next = form(&it.world);
    next["body"] = json!("Опыт: {{other}}");
    next["fields"] = json!([{"code": "other", "label_ru": "Опыт", "kind": "text", "required": true}]);
    let newer = issue(&it.world, next).expect(201).id();
    let submitted = it.submit(&id).expect(200);
    assert_eq!(
        (&submitted.body["questionnaire"]["annex_id"], &submitted.body["questionnaire"]["answers"]),
        (&json!(annex), &answers)
    );
    let other = it.draft(&newer, answers).expect(201).id();
    it.submit(&other).refused(422, "annex.unknown_field");
}

#[test]
fn an_application_names_only_an_annex_that_is_there_of_its_kind_and_in_effect() {
    let it = scene();
    let all = it.world.get(&it.director, "/annexes").expect(200);
    let of = |kind: &str| {
        let found = all.items().iter().find(|it| it["form"]["kind"] == kind).unwrap();
        found["id"].as_str().unwrap().to_owned()
    };
    let mut ahead = form(&it.world);
    ahead["effective_from"] = json!(it.world.day(1));
    let ahead = issue(&it.world, ahead).expect(201).id();
    let nothing = "01980000-0000-7000-8000-000000000020";
    for annex in [of("statement").as_str(), &of("consent"), &ahead, nothing] {
        let refused = it.draft(annex, json!([])).refused(422, "field.reference");
        assert_eq!(refused.body["errors"][0]["pointer"], "/questionnaire/annex_id");
    }
    let mut form = it.application.clone();
    form["statement"]["annex_id"] = json!(of("questionnaire"));
    let refused =
        it.world.post(&it.director, "/mentor-applications", form.clone()).refused(422, "field.reference");
    assert_eq!(refused.body["errors"][0]["pointer"], "/statement/annex_id");
    form["statement"]["annex_id"] = json!(of("statement"));
    let draft = it.world.post(&it.director, "/mentor-applications", form.clone()).expect(201);
    assert_eq!(draft.body["statement"]["annex_id"], json!(of("statement")));
    form["questionnaire"]["answers"] = json!([{"field": "education", "value": "higher"}]);
    let refused = it.world.post(&it.director, "/mentor-applications", form).expect(422);
    assert_eq!(pointers(&refused), [("field.combination", "/questionnaire/answers")]);
    it.submit(&draft.id()).expect(200);
}

#[test]
fn what_a_candidate_answers_is_kept_sealed() {
    if tests::postgres_url().is_some() {
        return; // PostgreSQL has the same columns, but no files to read.
    }
    let it = scene();
    let annex = issue(&it.world, form(&it.world)).expect(201).id();
    let answers = json!([{"field": "experience", "value": "КАНАРЕЙКА-ОТВЕТ"}]);
    it.draft(&annex, answers).expect(201);
    for entry in std::fs::read_dir(&it.world.folder).unwrap().flatten() {
        let bytes = std::fs::read(entry.path()).unwrap();
        let canary = "КАНАРЕЙКА".as_bytes();
        assert!(!bytes.windows(canary.len()).any(|it| it == canary), "{}", entry.path().display());
    }
}
