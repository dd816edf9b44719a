use serde_json::{Value, json};
use tests::{Account, World};

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
        person("Ёлкина", "Анна", Some("Олеговна")),
        person("Ёлкина", "Анна-Мария", Some("Игоревна")),
        json!({"family_name": "Ёлкина", "given_name": "Анна-Мария", "birth_date": "2010-04-18", "sex": "female"}),
    ] {
        assert_eq!(warned(&add(other).body), [""; 0]);
    }
    for (family, given, patronymic) in [
        ("елкина", "АННАМАРИЯ", Some("Олеговна")),
        ("Анна Мария", "Ёлкина", Some("Олеговна")),
        ("Eлкинa", "Анна-Мария", None),
    ] {
        let added = add(person(family, given, patronymic));
        assert_eq!(warned(&added.body), LIKE, "{family}");
        let read = world.get(&director, &format!("/people/{}", added.id())).expect(200);
        assert_eq!(read.body["warnings"], Value::Null, "a warning is about the order");
        assert_eq!(read.header("etag"), added.header("etag"));
    }
}

#[test]
fn an_edit_that_makes_somebody_like_another_warns_in_the_language_of_the_client() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    world.person(&director, person("Озерная", "Инна", None));
    let id = world.person(&director, person("Речная", "Инна", None));
    let path = format!("/people/{id}");
    let edited = world
        .ask("PATCH", &format!("/api/v1{path}"))
        .by(&director)
        .header("if-match", "\"1\"")
        .header("accept-language", "en")
        .body("application/merge-patch+json", json!({"family_name": "Озёрная"}).to_string().into_bytes())
        .send()
        .expect(200);
    assert_eq!(warned(&edited.body), LIKE);
    let message = &edited.body["warnings"][0]["message"];
    assert_eq!(message, "This person seems to be on record already: the same name and birth date.");
    let back = world.patch(&director, &path, "\"2\"", json!({"family_name": "Речная"})).expect(200);
    assert_eq!(back.body["warnings"], Value::Null);
}

#[test]
fn nothing_hints_at_somebody_whom_the_caller_does_not_see() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let (_, elsewhere) = world.institution("Другой центр");
    let form = person("Тихая", "Вера", None);
    world.post(&elsewhere, "/people", form.clone()).expect(201);
    let duplicates = |who: &Account| world.post(who, "/people/duplicates", form.clone()).expect(200);
    assert_eq!(duplicates(&director).body, json!({"items": []}));
    assert_eq!(warned(&world.post(&director, "/people", form.clone()).expect(201).body), [""; 0]);
    assert_eq!(duplicates(&director).items().len(), 1);
    assert_eq!(duplicates(&elsewhere).items().len(), 1);
    assert_eq!(duplicates(&world.admin()).items().len(), 2);
    assert_eq!(warned(&world.post(&world.admin(), "/people", form.clone()).expect(201).body), LIKE);
}

#[test]
fn possible_duplicates_are_shown_before_somebody_is_entered() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let id = world.person(&director, person("Соснина-Берёзкина", "Инна", Some("Юрьевна")));
    world.person(&director, person("Соснина", "Инна", Some("Юрьевна")));
    let asked = person("Берёзкина", "Инна", Some("Юрьевна"));
    assert!(world.post(&director, "/people/duplicates", asked).expect(200).items().is_empty());
    let asked = person("сосницына", "инна", None);
    assert!(world.post(&director, "/people/duplicates", asked).expect(200).items().is_empty());
    let asked = person("соснина березкина", "инна", None);
    let found = world.post(&director, "/people/duplicates", asked).expect(200);
    assert_eq!(found.items()[0]["id"], json!(id));
    assert_eq!(found.items().len(), 1);
    for _ in 0..22 {
        world.person(&director, person("Рой", "Ян", None));
    }
    let many = world.post(&director, "/people/duplicates", person("Рой", "Ян", None)).expect(200);
    assert_eq!((many.items().len(), &many.body["next_cursor"]), (20, &Value::Null));
    world.post(&director, "/people/duplicates", json!({"family_name": "Рой"})).refused(422, "field.missing");
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
