use serde_json::{Value, json};
use tests::{Account, Reply, World};

fn text<'a>(it: &'a Value, name: &str) -> &'a str {
    it[name].as_str().unwrap_or_default()
}

/// The pointer and the code of each error.
fn pointers(it: &Reply) -> Vec<(&str, &str)> {
    let errors = it.body["errors"].as_array().expect("errors");
    errors.iter().map(|it| (text(it, "pointer"), text(it, "code"))).collect()
}

fn listed(world: &World, who: &Account, filter: &str) -> Vec<String> {
    let reply = world.get(who, &format!("/beneficiaries{filter}")).expect(200);
    reply.items().iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn a_person_is_put_on_record_as_a_beneficiary_read_and_edited() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let opeka = world.organization("guardianship_authority", "Опека", "25655000");
    let girl = world.person(&director, json!({}));
    let form = json!({"kind": "person", "person_id": girl, "category": "other", "category_text": "беженка", "origin": "boarding_school",
        "disability": true, "organization_id": organization, "guardianship_authority_id": opeka, "territory": "25655101001"});
    let added = world.post(&director, "/beneficiaries", form.clone()).expect(201);
    let path = format!("/beneficiaries/{}", added.id());
    assert_eq!(added.header("location"), Some(format!("/api/v1{path}").as_str()));
    assert_eq!(
        (&added.body["name"], &added.body["age_years"]),
        (&json!("Морозова Алёна Сергеевна"), &json!(15))
    );
    assert_eq!(
        (&added.body["municipality"], &added.body["territory"]),
        (&json!("25655101"), &json!("25655101001"))
    );
    assert_eq!((&added.body["person_id"], &added.body["disability"]), (&json!(girl), &json!(true)));
    assert_eq!(world.get(&director, &path).expect(200).body, added.body);

    let patch = json!({"category": "orphan", "category_text": null, "guardianship_authority_id": null});
    let patched = world.patch(&director, &path, &added.etag(), patch).expect(200);
    assert_eq!((&patched.body["category"], &patched.body["category_text"]), (&json!("orphan"), &Value::Null));
    world.put(&director, &path, &patched.etag(), form).expect(200);
    world
        .patch(&director, &path, &patched.etag(), json!({"disability": false}))
        .refused(412, "version.stale");
    let history = world.get(&director, &format!("{path}/history")).expect(200);
    assert_eq!(history.items().len(), 3);
    assert!(!history.text.contains("беженка"));
}

#[test]
fn a_family_is_put_on_record_as_a_beneficiary() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let family = world.family(&director, &[]);
    let id = world.family_beneficiary(&director, &organization, &family);
    let card = world.get(&director, &format!("/beneficiaries/{id}")).expect(200);
    assert_eq!((&card.body["name"], &card.body["age_years"]), (&json!("Семья Морозовых"), &Value::Null));
    assert_eq!((&card.body["family_id"], &card.body["person_id"]), (&json!(family), &Value::Null));
}

#[test]
fn the_age_is_that_of_today() {
    let mut world = World::new();
    let (organization, director) = world.institution("Центр");
    let girl = world.person(&director, json!({"birth_date": world.day(1).replace("2026", "2010")}));
    let id = world.beneficiary(&director, &organization, &girl);
    let age =
        |world: &World| world.get(&world.admin(), &format!("/beneficiaries/{id}")).body["age_years"].clone();
    assert_eq!(age(&world), json!(15));
    world.advance_days(1);
    assert_eq!(age(&world), json!(16));
}

#[test]
fn one_person_or_family_is_a_beneficiary_once_in_the_region() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let (other, elsewhere) = world.institution("Другой центр");
    let (girl, family) = (world.person(&director, json!({})), world.family(&director, &[]));
    world.beneficiary(&world.admin(), &other, &girl);
    world.family_beneficiary(&director, &organization, &family);
    let of = |kind: &str, id: &str| {
        let mut form = json!({"kind": kind, "category": "orphan", "organization_id": organization, "territory": "25655000"});
        form[format!("{kind}_id")] = json!(id);
        form
    };
    world
        .post(&director, "/beneficiaries", of("person", &girl))
        .refused(409, "beneficiary.already_on_record");
    world
        .post(&director, "/beneficiaries", of("family", &family))
        .refused(409, "beneficiary.already_on_record");
    assert_eq!(listed(&world, &elsewhere, "").len(), 1);
}

#[test]
fn a_beneficiary_is_a_person_or_a_family_and_stays_the_same() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let (girl, other) = (world.person(&director, json!({})), world.person(&director, json!({})));
    let form = json!({"kind": "family", "person_id": girl, "category": "other", "organization_id": organization, "territory": "25655000"});
    let refused = world.post(&director, "/beneficiaries", form).expect(422);
    assert_eq!(
        pointers(&refused),
        [
            ("/person_id", "field.combination"),
            ("/family_id", "field.missing"),
            ("/category_text", "field.missing")
        ]
    );
    let id = world.beneficiary(&director, &organization, &girl);
    let path = format!("/beneficiaries/{id}");
    let refused =
        world.patch(&director, &path, "\"1\"", json!({"person_id": other})).refused(422, "beneficiary.fixed");
    assert_eq!(pointers(&refused), [("/person_id", "beneficiary.fixed")]);
}

#[test]
fn an_order_about_a_beneficiary_refers_only_to_what_the_caller_sees() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let (foreign_organization, elsewhere) = world.institution("Другой центр");
    let nobody = "01980000-0000-7000-8000-000000000001";
    let (own, foreign) = (world.person(&director, json!({})), world.person(&elsewhere, json!({})));
    let family = world.family(&elsewhere, &[]);
    let form = |members: Value| {
        let mut form = json!({"kind": "person", "person_id": own, "category": "orphan", "organization_id": organization, "territory": "25655000"});
        json!(members)
            .as_object()
            .expect("members")
            .iter()
            .for_each(|(name, value)| form[name.as_str()] = value.clone());
        if form["person_id"].is_null() {
            form.as_object_mut().expect("a form").remove("person_id");
        }
        form
    };
    for (members, pointer) in [
        (json!({"person_id": foreign}), "/person_id"),
        (json!({"person_id": nobody}), "/person_id"),
        (json!({"kind": "family", "person_id": null, "family_id": family}), "/family_id"),
        (json!({"organization_id": foreign_organization}), "/organization_id"),
        (json!({"organization_id": nobody}), "/organization_id"),
        (json!({"guardianship_authority_id": nobody}), "/guardianship_authority_id"),
    ] {
        let refused = world.post(&director, "/beneficiaries", form(members)).refused(422, "field.reference");
        assert_eq!(pointers(&refused), [(pointer, "field.reference")]);
    }
    let unknown = world.post(&world.admin(), "/beneficiaries", form(json!({"organization_id": nobody})));
    assert_eq!(pointers(&unknown.refused(422, "field.reference")), [("/organization_id", "field.reference")]);
}

#[test]
fn only_the_region_gives_a_beneficiary_to_another_institution() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let (next, receiving) = world.institution("Другой центр");
    let girl = world.person(&director, json!({}));
    let path = format!("/beneficiaries/{}", world.beneficiary(&director, &organization, &girl));
    let transfer = json!({"organization_id": next});
    world.patch(&director, &path, "\"1\"", transfer.clone()).refused(422, "field.reference");
    world.get(&receiving, &path).refused(404, "request.not_found");
    world.patch(&receiving, &path, "\"1\"", transfer.clone()).refused(404, "request.not_found");
    world.patch(&world.admin(), &path, "\"1\"", transfer).expect(200);
    world.get(&receiving, &path).expect(200);
    world.get(&director, &path).refused(404, "request.not_found");
    world.get(&receiving, &format!("/people/{girl}")).expect(200);
}

#[test]
fn beneficiaries_are_listed_by_what_is_asked() {
    let world = World::new();
    let admin = world.admin();
    let (organization, director) = world.institution("Центр");
    let (other, _) = world.institution("Другой центр");
    let girl = world.beneficiary(&director, &organization, &world.person(&director, json!({})));
    let family = world.family_beneficiary(&director, &organization, &world.family(&director, &[]));
    let form = json!({"kind": "person", "person_id": world.person(&admin, json!({})), "category": "orphan", "organization_id": other, "territory": "25701000"});
    let orphan = world.post(&admin, "/beneficiaries", form).expect(201).id();
    let all = |filter: &str| listed(&world, &admin, filter);
    assert_eq!(all(""), [orphan.as_str(), &family, &girl]);
    assert_eq!(all("?kind=family"), [family.as_str()]);
    assert_eq!(all("?category=orphan"), [orphan.as_str()]);
    assert_eq!(all("?kind=family,person"), all(""));
    assert_eq!(all("?kind=person&category=orphan,without_parental_care"), [orphan.as_str(), &girl]);
    assert_eq!(all(&format!("?organization_id={organization}")), [family.as_str(), &girl]);
    assert_eq!(all("?territory=25655"), [family.as_str(), &girl]);
    assert_eq!(all("?territory=257&kind=family"), [""; 0]);
    let first = world.get(&admin, "/beneficiaries?limit=2").expect(200);
    let cursor = first.body["next_cursor"].as_str().expect("a cursor");
    assert_eq!(listed(&world, &admin, &format!("?limit=2&cursor={cursor}")), [girl.as_str()]);
    assert_eq!(listed(&world, &director, ""), [family.as_str(), &girl]);
    assert_eq!(listed(&world, &director, &format!("?organization_id={other}")), [""; 0]);
    world.get(&admin, "/beneficiaries?person_id=1").refused(400, "request.parameter");
}

#[test]
fn a_guardianship_officer_sees_the_beneficiaries_of_the_territory_and_changes_none() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let girl = world.beneficiary(&director, &organization, &world.person(&director, json!({})));
    let officer = |login: &str, territory: &str| {
        world.account(login, json!([{"role": "guardianship_officer", "territory": territory}]), None)
    };
    let (local, neighbour) = (officer("local", "25655000"), officer("neighbour", "25656000"));
    let path = format!("/beneficiaries/{girl}");
    assert_eq!(world.get(&local, &path).expect(200).body["category"], "without_parental_care");
    world.patch(&local, &path, "\"1\"", json!({"disability": true})).refused(403, "access.forbidden");
    world.get(&neighbour, &path).refused(404, "request.not_found");
    world.patch(&neighbour, &path, "\"1\"", json!({"disability": true})).refused(404, "request.not_found");
    assert_eq!(listed(&world, &neighbour, ""), [""; 0]);
    assert_eq!(world.get(&local, &format!("{path}/history")).expect(200).items().len(), 1);
}

#[test]
fn a_mentee_sees_the_own_record_in_outline_and_nothing_else() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let person = world.person(&director, json!({"snils": "11223344595"}));
    let own = world.beneficiary(&director, &organization, &person);
    let foreign = world.beneficiary(&director, &organization, &world.person(&director, json!({})));
    let mentee = world.account("mentee", json!([{"role": "mentee"}]), Some(&person));
    assert_eq!(listed(&world, &mentee, ""), [own.as_str()]);
    let path = format!("/beneficiaries/{own}");
    let card = world.get(&mentee, &path).expect(200);
    let members: Vec<&String> = card.body.as_object().expect("a card").keys().collect();
    assert_eq!(
        members,
        [
            "age_years",
            "available_actions",
            "created_at",
            "id",
            "kind",
            "municipality",
            "name",
            "organization_id",
            "organization_name",
            "updated_at",
            "version"
        ]
    );
    assert_eq!(listed(&world, &mentee, "?category=without_parental_care"), [""; 0], "no guessing by filters");
    assert_eq!(listed(&world, &mentee, "?territory=25655000"), [""; 0], "no guessing by filters");
    world.get(&mentee, &format!("/beneficiaries/{foreign}")).refused(404, "request.not_found");
    world.get(&mentee, &format!("/people/{person}")).refused(404, "request.not_found");
    world.get(&mentee, &format!("{path}/history")).refused(403, "access.forbidden");
    world.get(&mentee, &format!("{path}/representatives")).refused(403, "access.forbidden");
    world
        .get(&mentee, &format!("/beneficiaries/{foreign}/representatives"))
        .refused(404, "request.not_found");
    world.patch(&mentee, &path, "\"1\"", json!({"disability": true})).refused(403, "access.forbidden");
}

#[test]
fn who_mentors_nobody_sees_no_beneficiary() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let girl = world.beneficiary(&director, &organization, &world.person(&director, json!({})));
    for role in ["mentor", "tutor", "mentee"] {
        let account = world.account(role, json!([{"role": role}]), None);
        assert_eq!(listed(&world, &account, ""), [""; 0]);
        world.get(&account, &format!("/beneficiaries/{girl}")).refused(404, "request.not_found");
    }
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    world.get(&analyst, "/beneficiaries").refused(403, "access.forbidden");
}

#[test]
fn a_beneficiary_is_of_each_category_and_origin_that_the_sources_name() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let entered = |members: Value| {
        let mut form = json!({"kind": "person", "person_id": world.person(&director, json!({})), "category": "orphan",
            "organization_id": organization, "territory": "25655000"});
        for (name, value) in members.as_object().expect("members") {
            form[name.as_str()] = value.clone();
        }
        world.post(&director, "/beneficiaries", form)
    };
    for category in ["orphan", "without_parental_care", "former_care_adult"] {
        let card = entered(json!({"category": category})).expect(201);
        assert_eq!(text(&card.body, "category"), category);
    }
    let other = entered(json!({"category": "other", "category_text": "беженка"})).expect(201);
    assert_eq!(text(&other.body, "category_text"), "беженка");
    for origin in ["childrens_home", "boarding_school", "foster_family"] {
        let card = entered(json!({"origin": origin})).expect(201);
        assert_eq!(text(&card.body, "origin"), origin);
    }
    let wrong = entered(json!({"category": "pupil", "origin": "street"})).expect(422);
    assert!(wrong.codes().contains(&"field.word"), "{}", wrong.text);
}

#[test]
fn a_beneficiary_moves_when_nothing_goes_on_and_is_edited_by_the_new_institution_alone() {
    let (world, pair) = World::paired();
    let (next, next_director) = world.institution("Другой центр");
    let case = world.case(&pair.director, &pair.organization, &pair.beneficiary);
    let mentorship = world.proposed(&pair);
    let path = format!("/beneficiaries/{}", pair.beneficiary);
    let move_there = || world.edit(&world.admin(), &path, json!({"organization_id": next}));
    let told = move_there().refused(409, "beneficiary.engaged");
    assert_eq!(told.body["errors"][0]["pointer"], "/organization_id");
    assert_eq!(
        told.body["errors"][0]["params"],
        json!([{"name": "cases", "value": "1"}, {"name": "mentorships", "value": "1"}])
    );
    let decline = json!({"party": "recipient", "decision": "decline", "on_paper_file_id": world.file(&pair.director, "other")});
    world.step(&pair.director, &mentorship, "acceptances", decline).expect(200);
    let closing = json!({"closed_on": world.day(0), "reason": "transferred"});
    world.post(&pair.director, &format!("/cases/{case}/closing"), closing).expect(200);
    move_there().expect(200);
    let person = format!("/people/{}", pair.person);
    let etag = world.get(&pair.director, &person).expect(200).etag();
    let edit = json!({"residence": "25655000"});
    world.patch(&pair.director, &person, &etag, edit.clone()).refused(403, "access.not_yours");
    world.patch(&next_director, &person, &etag, edit).expect(200);
    world.get(&pair.director, &format!("/cases/{case}")).expect(200);
}

#[test]
fn a_plan_of_its_own_keeps_a_beneficiary_at_the_institution() {
    let (world, pair) = World::paired();
    let (next, _) = world.institution("Другой центр");
    world.plan(&pair.director, &pair.beneficiary, json!({"kind": "life_plan"}));
    let path = format!("/beneficiaries/{}", pair.beneficiary);
    let told = world.edit(&world.admin(), &path, json!({"organization_id": next}));
    let told = told.refused(409, "beneficiary.engaged");
    assert_eq!(told.body["errors"][0]["params"], json!([{"name": "plans", "value": "1"}]));
}
