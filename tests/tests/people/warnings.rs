use serde_json::{Value, json};
use tests::World;
use tests::pairs::Pair;

fn person(family: &str, given: &str, patronymic: Option<&str>) -> Value {
    json!({"family_name": family, "given_name": given, "patronymic": patronymic, "birth_date": "2010-04-17", "sex": "female"})
}

fn family(members: &[&str]) -> Value {
    let child = |id: &&str| json!({"person_id": id, "role": "child"});
    let members: Vec<Value> = members.iter().map(child).collect();
    json!({"name": "Семья", "has_minor_children": true, "hardship_causes": ["low_income"], "members": members})
}

/// The codes and pointers of warnings.
fn warned(body: &Value) -> Vec<String> {
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    let all = body["warnings"].as_array().into_iter().flatten();
    all.map(|it| format!("{} {}", text(&it["code"]), text(&it["pointer"]))).collect()
}

const LIKE: [&str; 1] = ["person.possible_duplicate /family_name"];

#[test]
fn who_is_like_somebody_on_record_is_entered_with_a_warning() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let add = |form: Value| world.post(&director, "/people", form).expect(201);
    assert_eq!(add(person("Ёлкина", "Анна-Мария", Some("Олеговна"))).body["warnings"], Value::Null);
    for other in [
        person("Ёлкина", "Ольга", Some("Олеговна")),
        person("Ёлкина", "Вера", Some("Игоревна")),
        json!({"family_name": "Ёлкина", "given_name": "Анна-Мария", "patronymic": "Олеговна", "birth_date": "1971-09-30", "sex": "female"}),
    ] {
        assert_eq!(warned(&add(other).body), [""; 0], "a twin, a namesake, an aunt");
    }
    // A hyphen that a clerk leaves out, and a day that was mistyped, hide nobody.
    for (family, given, patronymic) in [
        ("елкина", "АННАМАРИЯ", Some("Олеговна")),
        ("Анна Мария", "Ёлкина", Some("Олеговна")),
        ("Eлкинa", "Анна-Мария", None),
        ("Ёлкина", "Анна", Some("Олеговна")),
        ("Elkina", "Anna-Mariia", Some("Olegovna")),
    ] {
        let added = add(person(family, given, patronymic));
        assert_eq!(warned(&added.body), LIKE, "{family}");
        let read = world.get(&director, &format!("/people/{}", added.id())).expect(200);
        assert_eq!(read.body["warnings"], Value::Null, "a warning is about the order");
        assert_eq!(read.header("etag"), added.header("etag"));
    }
    let day = json!({"family_name": "Ёлкина", "given_name": "Анна-Мария", "birth_date": "2010-04-18", "sex": "female"});
    assert_eq!(warned(&add(day).body), LIKE, "a day further");
}

#[test]
fn an_edit_that_makes_somebody_like_another_warns_in_the_language_of_the_client() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    world.person(&director, person("Озерная", "Инна", None));
    let id = world.person(&director, person("Речная", "Вера", None));
    let path = format!("/people/{id}");
    let edited = world
        .ask("PATCH", &format!("/api/v1{path}"))
        .by(&director)
        .header("if-match", "\"1\"")
        .header("accept-language", "en")
        .body(
            "application/merge-patch+json",
            json!({"family_name": "Озёрная", "given_name": "Инна"}).to_string().into_bytes(),
        )
        .send()
        .expect(200);
    assert_eq!(warned(&edited.body), LIKE);
    let message = &edited.body["warnings"][0]["message"];
    assert_eq!(message, "This person seems to be on record already: the data are very much alike.");
    let back = world
        .patch(&director, &path, "\"2\"", json!({"family_name": "Речная", "given_name": "Вера"}))
        .expect(200);
    assert_eq!(back.body["warnings"], Value::Null);
}

#[test]
fn a_child_of_another_family_is_warned_of_where_the_caller_sees_that_family() {
    let world = World::new();
    let admin = world.admin();
    let (_, director) = world.institution("Центр");
    let child = world.person(&director, json!({"family_name": "Дитя"}));
    let grown = world.person(&director, json!({"family_name": "Мать", "birth_date": "1980-01-01"}));
    let first = world.post(&director, "/families", family(&[&grown, &child])).expect(201);
    assert_eq!(first.body["warnings"], Value::Null);
    let second = world.post(&director, "/families", family(&[&grown, &child])).expect(201);
    let warning = ["family.child_of_another /members/1/person_id"];
    assert_eq!(warned(&second.body), warning, "a grown-up may belong to two families");
    let path = format!("/families/{}", second.id());
    let without = world.patch(&director, &path, &second.etag(), json!({"members": []})).expect(200);
    assert_eq!(without.body["warnings"], Value::Null);

    let unseen = world.person(&admin, json!({"family_name": "Дитя"}));
    world.post(&admin, "/families", family(&[&unseen])).expect(201);
    let own = world.person(&director, json!({"family_name": "Своё"}));
    world.post(&admin, "/families", family(&[&own])).expect(201);
    let third = world.post(&director, "/families", family(&[&own])).expect(201);
    assert_eq!(third.body["warnings"], Value::Null, "the other family is the region's");
}

#[test]
fn the_repetition_of_an_order_is_answered_with_its_warnings() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    world.person(&director, person("Рой", "Ян", None));
    let add = || {
        let order = world.ask("POST", "/api/v1/people").by(&director).header("idempotency-key", "once");
        order.json(&person("Рой", "Ян", None)).send().expect(201)
    };
    let (first, again) = (add(), add());
    assert_eq!(warned(&first.body), LIKE);
    assert_eq!(first.body, again.body);
}

const LAPSED: &str = "mentorship.consent_lapsed";

#[test]
fn an_edit_that_ends_the_basis_of_a_running_consent_is_warned_of() {
    let (world, pair) = World::paired();
    let director = &pair.director;
    let child = world.person(director, json!({"birth_date": "2013-05-01"}));
    let mother = world.person(director, json!({"family_name": "Мать", "birth_date": "1985-01-01"}));
    let program = world.plain_program("young", json!({"age_min_years": 10, "age_max_years": 18}));
    let beneficiary = world.beneficiary(director, &pair.organization, &child);
    let authority = world.guardian(director, &beneficiary, &mother);
    let pair = Pair { program, beneficiary, person: child.clone(), ..pair.clone() };
    let id = world.accepted(&pair);
    let consent = json!({"signatory": "representative", "person_id": mother, "representative_id": authority,
        "signed_on": world.day(0), "file_id": world.file(director, "consent")});
    world.step(director, &id, "consents", consent).expect(200);
    let (authority, child) = (format!("/representatives/{authority}"), format!("/people/{child}"));
    let lapsed = |path: &str, members: Value| -> Vec<String> {
        let all = warned(&world.edit(director, path, members).expect(200).body);
        all.into_iter().filter(|it| it.starts_with(LAPSED)).collect()
    };
    assert_eq!(lapsed(&authority, json!({"valid_until": world.day(0)})), [""; 0], "nothing runs");
    lapsed(&authority, json!({"valid_until": world.day(30)}));
    world.step(director, &id, "confirmation", world.confirmation()).expect(200);
    assert_eq!(lapsed(&authority, json!({"valid_until": world.day(40)})), [""; 0]);
    let of_age = lapsed(&child, json!({"birth_date": "2011-05-01"}));
    assert_eq!(of_age, [format!("{LAPSED} /birth_date")], "at fourteen the child signs too");
    assert_eq!(lapsed(&child, json!({"birth_date": "2013-05-01"})), [""; 0]);
    let ended = lapsed(&authority, json!({"valid_until": world.day(0)}));
    assert_eq!(ended, [format!("{LAPSED} /valid_until")]);
    assert_eq!(lapsed(&authority, json!({"valid_until": world.day(-1)})), [""; 0], "it had ended before");
    assert_eq!(lapsed(&authority, json!({"valid_until": null})), [""; 0]);
    let dead = warned(&world.die(director, &mother, 0).expect(200).body);
    assert_eq!(dead, [format!("{LAPSED} /died_on")]);
}

#[test]
fn who_leaves_a_family_leaves_its_consent_without_a_signature() {
    let world = World::new();
    let pair = world.family_pair();
    world.active(&pair);
    let card = world.get(&pair.director, &format!("/beneficiaries/{}", pair.beneficiary)).expect(200);
    let path = format!("/families/{}", card.body["family_id"].as_str().expect("a family"));
    let family = world.get(&pair.director, &path).expect(200);
    let rest = json!({"members": [family.body["members"][1]], "primary_contact_id": null});
    let rest = tests::without_names(&rest);
    let edited = world.edit(&pair.director, &path, rest).expect(200);
    assert_eq!(warned(&edited.body), [format!("{LAPSED} /members")]);
}
