use serde_json::{Value, json};
use tests::{Account, World};

fn person(family: &str, given: &str, patronymic: Option<&str>) -> Value {
    json!({"family_name": family, "given_name": given, "patronymic": patronymic, "birth_date": "2010-04-17", "sex": "female"})
}

fn with(mut form: Value, members: Value) -> Value {
    for (name, value) in members.as_object().expect("members") {
        form[name] = value.clone();
    }
    form
}

/// The ids of possible duplicates, as they are told.
fn like(world: &World, who: &Account, form: &Value) -> Vec<String> {
    let found = world.post(who, "/people/duplicates", form.clone()).expect(200);
    found.items().iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect()
}

/// Whether the entry of somebody warns.
fn warns(world: &World, who: &Account, form: Value) -> bool {
    let added = world.post(who, "/people", form).expect(201);
    added.body["warnings"][0]["code"] == json!("person.possible_duplicate")
}

#[test]
fn possible_duplicates_are_shown_the_likeliest_first_with_the_reasons() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let whole = world.person(&director, person("Соснина-Берёзкина", "Инна", Some("Юрьевна")));
    let half = world.person(&director, person("Соснина", "Инна", Some("Юрьевна")));
    world.person(&director, person("Соснина", "Ольга", Some("Юрьевна")));
    let asked = person("Берёзкина", "Инна", Some("Юрьевна"));
    let found = world.post(&director, "/people/duplicates", asked).expect(200);
    let ids: Vec<&Value> = found.items().iter().map(|it| &it["id"]).collect();
    assert_eq!(
        ids,
        [&json!(whole), &json!(half)],
        "a part of the name is more than another name, and a twin is nobody"
    );
    let first = &found.items()[0]["likeness"];
    assert_eq!(
        first["reasons"],
        json!(["part_of_family_name", "same_given_name", "same_patronymic", "same_birth_date", "same_sex"])
    );
    let tenths = |at: usize| found.items()[at]["likeness"]["tenths_of_bits"].as_i64().expect("a measure");
    assert!(tenths(0) > tenths(1) && tenths(1) >= 120);
    let asked = person("соснина березкина", "инна", None);
    assert_eq!(like(&world, &director, &asked)[0], whole);
    assert_eq!(like(&world, &director, &person("Сосницкая", "Вера", None)), [""; 0]);
    let read = world.get(&director, &format!("/people/{whole}")).expect(200);
    assert_eq!(read.body.get("likeness"), None, "a person alone is like nobody");
    world.post(&director, "/people/duplicates", json!({"family_name": "Рой"})).refused(422, "field.missing");
}

#[test]
fn somebody_is_found_in_spite_of_an_error_in_the_name_the_date_or_the_number() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let form = with(
        person("Хамаганова", "Юлия", Some("Сергеевна")),
        json!({"birth_date": "2010-04-07", "residence": "25655000", "snils": "11223344595", "contacts": {"phones": ["+79123456789"]}}),
    );
    let id = world.person(&director, form.clone());
    for members in [
        json!({"family_name": "Хамаганава"}),
        json!({"family_name": "Khamaganova", "given_name": "Yuliia", "patronymic": "Sergeevna"}),
        json!({"family_name": "Юлия", "given_name": "Хамаганова"}),
        json!({"family_name": "Батуева"}),
        json!({"patronymic": null, "given_name": "Юлиа"}),
        json!({"birth_date": "2010-07-04"}),
        json!({"birth_date": "2010-01-01"}),
        json!({"birth_date": "2001-04-07"}),
        json!({"residence": "25601000", "sex": "unknown"}),
        json!({"contacts": {"phones": ["+79990000000", "8 (912) 345-67-89"]}, "family_name": "Хамагонова"}),
    ] {
        let asked = with(with(form.clone(), json!({"snils": null, "contacts": {}})), members.clone());
        assert_eq!(like(&world, &director, &asked), [id.as_str()], "{members}");
    }
    let stranger =
        with(person("Волкова", "Вера", None), json!({"birth_date": "1980-01-15", "snils": "11223344595"}));
    let found = world.post(&director, "/people/duplicates", stranger).expect(200);
    assert_eq!(found.items().len(), 0, "a number alone is a mistake in the number");
}

#[test]
fn somebody_is_found_by_what_an_edit_left() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let id = world.person(&director, person("Тихая", "Вера", Some("Павловна")));
    let path = format!("/people/{id}");
    let edited = json!({"family_name": "Громова", "given_name": "Инна", "birth_date": "1999-12-05"});
    world.patch(&director, &path, "\"1\"", edited.clone()).expect(200);
    assert_eq!(like(&world, &director, &person("Тихая", "Вера", Some("Павловна"))), [""; 0]);
    assert_eq!(like(&world, &director, &with(person("Громова", "Инна", None), edited)), [id.as_str()]);
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
    assert!(!warns(&world, &director, form.clone()));
    assert_eq!(duplicates(&director).items().len(), 1);
    assert_eq!(duplicates(&elsewhere).items().len(), 1);
    assert_eq!(duplicates(&world.admin()).items().len(), 2);
    assert!(warns(&world, &world.admin(), form.clone()));
}

#[test]
fn a_crowd_that_the_caller_does_not_see_takes_nobody_s_place() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let (_, elsewhere) = world.institution("Другой центр");
    let form = person("Рой", "Ян", None);
    for _ in 0..90 {
        world.person(&elsewhere, form.clone());
    }
    assert_eq!(like(&world, &director, &form), [""; 0]);
    let own = world.person(&director, form.clone());
    assert_eq!(like(&world, &director, &form), [own.as_str()]);
    let many = world.post(&elsewhere, "/people/duplicates", form).expect(200);
    assert_eq!((many.items().len(), &many.body["next_cursor"]), (20, &Value::Null));
}

#[test]
fn in_a_crowd_with_hundreds_of_common_keys_the_likeliest_comes_first_whenever_they_were_entered() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let form = |snils: Value| with(person("Рой", "Яна", Some("Львовна")), json!({"snils": snils}));
    let first = world.person(&director, form(json!("11223344595")));
    for _ in 0..70 {
        world.person(&director, form(Value::Null));
    }
    let last = world.person(&director, form(json!("08765430300")));
    for (snils, id) in [("11223344595", &first), ("08765430300", &last)] {
        let found = like(&world, &director, &form(json!(snils)));
        assert_eq!((found.len(), &found[0]), (20, id));
    }
}

#[test]
fn careless_and_hostile_names_are_compared_without_harm() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let long = "Ё".repeat(100);
    for name in ["Å", "O'", "李小龍", "Ḁ-Ḁ-Ḁ", "ь", "Ъь", long.as_str(), "I. II Ⅲ", "علی"] {
        let form = person(name, name, Some(name));
        let id = world.person(&director, form.clone());
        assert_eq!(like(&world, &director, &form)[0], id, "{name}");
    }
    world.post(&director, "/people/duplicates", person("А1", "А", None)).refused(422, "field.characters");
}

#[test]
fn two_who_enter_one_person_at_once_both_succeed_and_the_next_is_warned() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let form = person("Парная", "Ия", Some("Львовна"));
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| world.post(&director, "/people", form.clone()).expect(201));
        }
    });
    assert_eq!(like(&world, &director, &form).len(), 4);
    assert!(warns(&world, &director, form));
}
