//! Faults of a body: all of them are told at once, each with its member.
use serde_json::{Value, json};
use tests::{Account, Reply, World};

/// The codes with their members.
pub(super) fn told(it: &Reply) -> Vec<(String, String)> {
    assert_eq!(it.status, 422, "{}", it.text);
    let errors = it.body["errors"].as_array().expect("errors");
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    errors.iter().map(|it| (text(&it["pointer"]), text(&it["code"]))).collect()
}

pub(super) fn expected(all: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut all: Vec<_> = all.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect();
    all.sort();
    all
}

fn add(world: &World, who: &Account, order: Value) -> Vec<(String, String)> {
    told(&world.post(who, "/people", order))
}

#[test]
fn an_order_without_anything_is_told_everything_that_it_lacks() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let missing = |all: &[&str]| {
        all.iter().map(|it| ((*it).to_owned(), "field.missing".to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(
        add(&world, &director, json!({})),
        missing(&["/birth_date", "/family_name", "/given_name", "/sex"])
    );
    let pair = world.pair();
    let id = world.active(&pair);
    let held = told(&world.step(&pair.director, &id, "held-meetings", json!({})));
    assert_eq!(held, missing(&["/began_at", "/directions", "/method", "/minutes", "/topic"]));
}

#[test]
fn an_order_with_ten_faults_is_told_ten() {
    let (world, pair, id) = World::mentoring();
    let order = json!({
        "began_at": "2026-03-01 09:30:00Z", "minutes": 4, "method": "dance", "directions": ["d01", "d99", 5, "d01"],
        "topic": "\u{3000}", "place": ["дома"], "homework_due_on": "+1987- 5- 4 ", "specialist_present": "yes", "note": "?",
    });
    let all = told(&world.step(&pair.director, &id, "held-meetings", order));
    let right = expected(&[
        ("/began_at", "field.format"),
        ("/directions/1", "field.word"),
        ("/directions/2", "field.type"),
        ("/homework_due_on", "field.format"),
        ("/method", "field.word"),
        ("/minutes", "field.range"),
        ("/note", "field.unknown"),
        ("/place", "field.type"),
        ("/specialist_present", "field.type"),
        ("/topic", "field.empty"),
    ]);
    assert_eq!(all, right);
}

#[test]
fn faults_are_told_at_any_depth() {
    let world = World::new();
    let order = json!({
        "kind": "ngo", "name": 5, "territory": "25655000", "inn": "7707083890",
        "contacts": {"phones": ["12", 7, "+79123456789"], "fax": "1", "emails": "a@b.c"},
    });
    let all = told(&world.post(&world.admin(), "/organizations", order));
    let right = expected(&[
        ("/contacts/emails", "field.type"),
        ("/contacts/fax", "field.unknown"),
        ("/contacts/phones/0", "field.length"),
        ("/contacts/phones/1", "field.type"),
        ("/inn", "field.checksum"),
        ("/name", "field.type"),
    ]);
    assert_eq!(all, right);
    let (_, director) = world.institution("Центр");
    let person = json!({
        "family_name": "Морозова", "given_name": "Алёна", "birth_date": "2010-04-17", "sex": "female",
        "documents": [{"kind": "passport", "number": "12", "issued_on": "2024-05-05", "valid_until": "2024-01-01", "x": 1}],
    });
    let right = expected(&[
        ("/documents/0/number", "field.format"),
        ("/documents/0/series", "field.missing"),
        ("/documents/0/valid_until", "field.combination"),
        ("/documents/0/x", "field.unknown"),
    ]);
    assert_eq!(add(&world, &director, person), right);
}

#[test]
fn members_that_contradict_each_other_are_told_beside_other_faults_and_only_if_they_can_be_read() {
    let (world, pair, id) = World::mentoring();
    let mut order = world.holding(-1);
    order["method"] = json!("talk");
    order["aid_kind"] = json!("financial");
    order["minutes"] = json!(0);
    order["homework_due_on"] = json!("2026-05-01");
    order["directions"] = json!(["d01", "d01"]);
    let refused = world.step(&pair.director, &id, "held-meetings", order.clone());
    let aid = ("/aid_kind", "field.word");
    let right = |aid: (&'static str, &'static str)| {
        expected(&[
            aid,
            ("/directions", "field.combination"),
            ("/homework_due_on", "field.combination"),
            ("/minutes", "field.range"),
        ])
    };
    assert_eq!(told(&refused), right(aid));
    let due = refused.body["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .find(|it| it["pointer"] == "/homework_due_on");
    assert_eq!(due.expect("an error")["params"], json!([{"name": "with", "value": "/homework"}]));
    order["homework"] = json!(17);
    let read: Vec<_> = told(&world.step(&pair.director, &id, "held-meetings", order));
    assert!(read.contains(&("/homework".into(), "field.type".into())), "{read:?}");
    assert!(!read.iter().any(|it| it.0 == "/homework_due_on"), "{read:?}");
}

#[test]
fn rules_are_judged_beside_the_faults_of_a_body_whose_members_can_be_read() {
    let (world, pair, id) = World::mentoring();
    let mut order = world.holding(1);
    order["method"] = json!("game");
    order["topic"] = json!("\u{2800}");
    order["mood"] = json!("good");
    order["homework_due_on"] = json!("2026-05-01");
    let nobody = "01980000-0000-7000-8000-0000000000ff";
    order["request_id"] = json!(nobody);
    let all = told(&world.step(&pair.director, &id, "held-meetings", order.clone()));
    for (pointer, code) in [
        ("/topic", "field.empty"),
        ("/mood", "field.unknown"),
        ("/homework_due_on", "field.combination"),
        ("/request_id", "field.reference"),
    ] {
        assert!(all.contains(&(pointer.into(), code.into())), "{pointer}: {all:?}");
    }
    order.as_object_mut().expect("an order").remove("request_id");
    let all = told(&world.step(&pair.director, &id, "held-meetings", order.clone()));
    for (pointer, code) in [
        ("/topic", "field.empty"),
        ("/mood", "field.unknown"),
        ("/homework_due_on", "field.combination"),
        ("/method", "meeting.method_unsuited"),
        ("/began_at", "meeting.in_future"),
    ] {
        assert!(all.contains(&(pointer.into(), code.into())), "{pointer}: {all:?}");
    }
    order["minutes"] = json!(0);
    let all = told(&world.step(&pair.director, &id, "held-meetings", order));
    assert!(all.contains(&("/minutes".into(), "field.range".into())), "{all:?}");
    assert!(!all.iter().any(|it| it.1.starts_with("meeting.")), "rules rely on bounds: {all:?}");
    let mut order = world.holding(1);
    (order["minutes"], order["request_id"]) = (json!(0), json!(nobody));
    let all = told(&world.step(&pair.director, &id, "held-meetings", order));
    assert_eq!(
        all,
        expected(&[
            ("/method", "field.missing"),
            ("/minutes", "field.range"),
            ("/request_id", "field.reference")
        ])
    );
    assert!(world.get(&pair.director, &format!("/mentorships/{id}/meetings")).items().is_empty());
}

#[test]
fn nothing_of_an_order_with_faults_is_carried_out() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let girl = json!({"family_name": "Морозова", "given_name": "Алёна", "birth_date": "2010-04-17", "sex": "female", "mood": 1});
    let ask = || world.ask("POST", "/api/v1/people").by(&director).header("idempotency-key", "one");
    for _ in 0..2 {
        ask().json(&girl).send().refused(422, "field.unknown");
    }
    let id = world.person(&director, json!({}));
    let path = format!("/people/{id}");
    let before = world.get(&director, &path);
    for refused in [
        world.patch(&director, &path, &before.etag(), json!({"given_name": "Вера", "mood": 1})),
        world.patch(
            &director,
            &path,
            &before.etag(),
            json!({"given_name": "\u{3164}", "birth_date": world.day(1)}),
        ),
        world.put(&director, &path, &before.etag(), girl),
    ] {
        assert_eq!(refused.status, 422, "{}", refused.text);
    }
    let both = world.patch(
        &director,
        &path,
        &before.etag(),
        json!({"given_name": "\u{3164}", "birth_date": world.day(1)}),
    );
    assert_eq!(told(&both).len(), 2, "{}", both.text);
    assert_eq!(world.get(&director, &path).text, before.text);
    let search = json!({"name": "мор", "mood": 1});
    world.post(&director, "/people/search", search).refused(422, "field.unknown");
    let change =
        json!({"current_password": tests::PASSWORD, "new_password": "тихая река под горой", "mood": 1});
    world.post(&director, "/me/password", change).refused(422, "field.unknown");
    world.get(&director, "/me").expect(200);
}

#[test]
fn an_unknown_member_has_one_code_however_it_is_sent() {
    let world = World::new();
    let admin = world.admin();
    let form = json!({"kind": "ngo", "name": "Дом", "territory": "25655000", "shape": {"a": [1]}});
    let id = world.organization("ngo", "Дом", "25655000");
    let path = format!("/organizations/{id}");
    let etag = world.get(&admin, &path).etag();
    let right = expected(&[("/shape", "field.unknown")]);
    for refused in [
        world.post(&admin, "/organizations", form.clone()),
        world.put(&admin, &path, &etag, form),
        world.patch(&admin, &path, &etag, json!({"shape": 1})),
    ] {
        assert_eq!((refused.code(), told(&refused)), ("field.unknown", right.clone()));
    }
    let odd = world.post(
        &admin,
        "/organizations",
        json!({"kind": "ngo", "name": "Дом", "territory": "25655000", "a/b~": 1}),
    );
    assert_eq!(told(&odd), expected(&[("/a~1b~0", "field.unknown")]));
}

#[test]
fn an_answer_has_a_hundred_faults_at_most() {
    let world = World::new();
    let mut order = json!({"kind": "ngo", "name": "Дом", "territory": "25655000"});
    for n in 0..500 {
        order[format!("member_{n}")] = json!(n);
    }
    assert_eq!(told(&world.post(&world.admin(), "/organizations", order)).len(), 100);
    let many = json!({"kind": "ngo", "name": "Дом", "territory": "25655000", "focus_areas": vec![0; 900]});
    assert_eq!(told(&world.post(&world.admin(), "/organizations", many)).len(), 100);
}

#[test]
fn an_integer_may_be_written_with_a_fraction_of_zero() {
    let (world, pair, id) = World::mentoring();
    let record = |minutes: &str, hours: i64| {
        let mut order = world.holding(hours);
        (order["method"], order["minutes"]) = (json!("talk"), json!("MINUTES"));
        let body = order.to_string().replace("\"MINUTES\"", minutes);
        let ask = world.ask("POST", &format!("/api/v1/mentorships/{id}/held-meetings")).by(&pair.director);
        ask.body("application/json", body.into_bytes()).send()
    };
    assert_eq!(record("60.0", -1).expect(201).body["held"]["minutes"], 60);
    assert_eq!(record("6e1", -3).expect(201).body["held"]["minutes"], 60);
    for (minutes, code) in
        [("60.5", "field.type"), ("1e30", "field.type"), ("\"60\"", "field.type"), ("1e15", "field.range")]
    {
        assert_eq!(told(&record(minutes, -5)), expected(&[("/minutes", code)]), "{minutes}");
    }
}

#[test]
fn a_value_that_somebody_else_has_is_pointed_at() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let girl = json!({"family_name": "Морозова", "given_name": "Алёна", "birth_date": "2010-04-17", "sex": "female", "snils": "11223344595"});
    world.post(&director, "/people", girl.clone()).expect(201);
    let taken = world.post(&director, "/people", girl).refused(409, "person.snils_taken");
    assert_eq!(taken.body["errors"][0]["pointer"], "/snils");
    let admin = world.admin();
    let home = json!({"kind": "ngo", "name": "Дом", "territory": "25655000", "inn": "7707083893"});
    world.post(&admin, "/organizations", home.clone()).expect(201);
    let taken = world.post(&admin, "/organizations", home).refused(409, "organization.inn_taken");
    assert_eq!(taken.body["errors"][0]["pointer"], "/inn");
}

#[test]
fn every_reference_to_what_is_not_there_is_told() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let nothing = "01980000-0000-7000-8000-0000000000ff";
    let proposal = json!({"program_id": nothing, "beneficiary_id": nothing, "mentor_id": nothing, "starts_on": world.day(0), "mood": 1});
    let mut right: Vec<_> =
        ["/program_id", "/beneficiary_id", "/mentor_id"].map(|it| (it, "field.reference")).to_vec();
    right.push(("/mood", "field.unknown"));
    let mut all = told(&world.post(&director, "/mentorships", proposal));
    all.sort();
    assert_eq!(all, expected(&right));
    let family = json!({"name": "Семья", "has_minor_children": true, "members": [{"person_id": nothing, "role": "mother"}, {"person_id": director.id, "role": "father"}]});
    let right = ["/members/0/person_id", "/members/1/person_id"].map(|it| (it, "field.reference"));
    assert_eq!(told(&world.post(&director, "/families", family)), expected(&right));
}

#[test]
fn a_reference_that_rests_on_what_was_not_sent_is_not_accused() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let specialist = world.staff("support_specialist", &organization);
    let order = json!({"specialist_user_id": specialist.id, "opened_on": world.day(0)});
    let right = expected(&[("/beneficiary_id", "field.missing"), ("/organization_id", "field.missing")]);
    assert_eq!(told(&world.post(&director, "/cases", order)), right);
    // An id beside which its kind is lacking may be of anything.
    let nobody = "01980000-0000-7000-8000-0000000000ff";
    let task = json!({"title": "Позвонить", "source": {"id": nobody}, "assignee": {"kind": "organization", "id": organization},
        "controller_user_id": director.id, "due_on": world.day(3)});
    let mut all = told(&world.post(&director, "/tasks", task));
    all.sort();
    assert_eq!(all, expected(&[("/kind", "field.missing"), ("/source/kind", "field.missing")]));
}

#[test]
fn a_file_that_is_not_there_is_told_beside_the_rules() {
    let (world, pair, id) = World::mentoring();
    let nothing = "01980000-0000-7000-8000-0000000000ff";
    let order = json!({"died_on": world.day(1), "document": "Свидетельство", "document_file_id": nothing});
    let refused = world.post(&pair.director, &format!("/people/{}/death", pair.person), order);
    let mut all = told(&refused);
    all.sort();
    let right = [("/died_on", "person.death_date"), ("/document_file_id", "field.reference")];
    assert_eq!(all, expected(&right));
    let tutor = json!({"tutor_user_id": nothing, "mood": 1});
    let all = told(&world.step(&pair.director, &id, "tutor", tutor));
    assert!(all.contains(&("/tutor_user_id".into(), "field.reference".into())), "{all:?}");
}

#[test]
fn a_parameter_is_named_whatever_is_wrong_with_it() {
    let world = World::new();
    for query in [
        "kind=x",
        "nothing=1",
        "kind=ngo&kind=ngo",
        "kind=",
        "limit=0",
        "limit=x",
        "limit=%2B5",
        "annulled=%2Btrue",
    ] {
        let refused =
            world.get(&world.admin(), &format!("/organizations?{query}")).refused(400, "request.parameter");
        let name = query.split('=').next().unwrap_or_default();
        assert_eq!(refused.body["params"], json!([{"name": "parameter", "value": name}]), "{query}");
    }
}

#[test]
fn all_wrong_parameters_are_told_at_once() {
    let world = World::new();
    let query = "kind=x&nothing=1&limit=0&parent_id=1&parent_id=2&annulled=maybe&sort=&%D1%84=1";
    let refused =
        world.get(&world.admin(), &format!("/organizations?{query}")).refused(400, "request.parameter");
    let names = "annulled, kind, limit, nothing, parent_id, sort";
    assert_eq!(refused.body["params"], json!([{"name": "parameter", "value": names}]));
}

#[test]
fn days_and_instants_are_read_as_the_contract_writes_them() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    for day in [
        "+1987- 5- 4 ",
        "1987-5-4",
        " 1987-05-04",
        "19870504",
        "1987-02-30",
        "1987-05-04T00:00:00Z",
        "04.05.1987",
        "",
    ] {
        let person = json!({"family_name": "Морозова", "given_name": "Алёна", "birth_date": day, "sex": "female",
            "documents": [{"kind": "other", "number": "1", "issued_on": day}]});
        let right = expected(&[("/birth_date", "field.format"), ("/documents/0/issued_on", "field.format")]);
        assert_eq!(add(&world, &director, person), right, "{day}");
        let asked = day.replace('+', "%2B").replace(' ', "%20");
        let refused = world
            .get(&world.admin(), &format!("/annexes?in_force_on={asked}"))
            .refused(400, "request.parameter");
        assert!(refused.text.contains("in_force_on"), "{day}");
    }
    let pair = world.pair();
    let id = world.active(&pair);
    let plan =
        |at: &str| world.step(&pair.director, &id, "meetings", json!({"planned_at": at, "method": "talk"}));
    let tomorrow = world.hour(24);
    let day = tomorrow.get(..10).expect("a day").to_owned();
    for at in [
        "09:30:00Z",
        "T09:30Z",
        " 09:30:00Z",
        "T09:30:00",
        "T09:30:00+0300",
        "T23:59:60Z",
        "T24:00:00Z",
        "T09:30:00 Z",
    ] {
        assert_eq!(told(&plan(&format!("{day}{at}"))), expected(&[("/planned_at", "field.format")]), "{at}");
    }
    for at in ["t09:30:00z", "T09:30:00.25Z", "T09:30:00+09:00"] {
        plan(&format!("{day}{at}")).expect(201);
    }
    for id in ["01980000000070008000000000000001", "{01980000-0000-7000-8000-000000000001}"] {
        let order = json!({"beneficiary_id": id, "organization_id": id, "opened_on": "2026-03-01"});
        let right = expected(&[("/beneficiary_id", "field.format"), ("/organization_id", "field.format")]);
        assert_eq!(told(&world.post(&director, "/cases", order)), right);
        assert_eq!(world.get(&director, &format!("/people/{id}")).status, 404);
    }
}

#[test]
fn null_is_the_same_as_absent_in_an_order() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let mut girl = world.girl();
    for name in ["patronymic", "snils", "residence", "contacts", "documents"] {
        girl[name] = json!(null);
    }
    let entered = world.post(&director, "/people", girl.clone()).expect(201);
    assert_eq!((entered.body.get("patronymic"), &entered.body["documents"]), (None, &json!([])));
    let path = format!("/people/{}", entered.id());
    let replaced = world.put(&director, &path, &entered.etag(), girl.clone()).expect(200);
    assert_eq!(replaced.body["documents"], json!([]));
    let removed = world.patch(&director, &path, &replaced.etag(), json!({"documents": null})).expect(200);
    assert_eq!(removed.body["documents"], json!([]));
    // A required member is missing where it is null, and other faults are told beside.
    girl["sex"] = json!(null);
    girl["no_such_member"] = json!(null);
    let refused = world.post(&director, "/people", girl).expect(422);
    assert_eq!(refused.codes().len(), 2, "{}", refused.text);
}
