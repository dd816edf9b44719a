use serde_json::{Value, json};
use tests::{Account, World};

const SNILS: &str = "11223344595";
const OTHER_SNILS: &str = "08765430300";

fn names(items: &[Value]) -> Vec<&str> {
    items.iter().map(|it| it["family_name"].as_str().expect("a name")).collect()
}

fn found(world: &World, who: &Account, find: Value) -> Vec<String> {
    let reply = world.post(who, "/people/search", find).expect(200);
    names(reply.items()).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_person_is_put_on_record_read_and_edited() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let form = json!({"family_name": "Морозова", "given_name": "Алёна", "patronymic": "Сергеевна", "birth_date": "2008-04-17",
        "sex": "female", "snils": "112-233-445 95", "residence": "25655000",
        "contacts": {"phones": ["8 (912) 345-67-89"], "address": "п. Усть-Ордынский, ул. Ленина, 8"},
        "documents": [{"kind": "passport", "series": "25 22", "number": "123456", "issued_on": "2022-05-11"}]});
    let added = world.post(&director, "/people", form.clone()).expect(201);
    let path = format!("/people/{}", added.id());
    assert_eq!(added.header("location"), Some(format!("/api/v1{path}").as_str()));
    assert_eq!(added.body["organization_id"], json!(organization));
    assert_eq!(added.body["contacts"]["phones"], json!(["+79123456789"]));
    assert_eq!(
        (&added.body["snils"], &added.body["documents"][0]["series"]),
        (&json!(SNILS), &json!("2522"))
    );
    assert_eq!(world.get(&director, &path).expect(200).body, added.body);

    let patch = json!({"patronymic": null, "contacts": {"phones": null}, "residence": "25655101"});
    let patched = world.patch(&director, &path, &added.etag(), patch).expect(200);
    assert_eq!(patched.body["contacts"], json!({"address": "п. Усть-Ордынский, ул. Ленина, 8"}));
    assert_eq!((&patched.body["patronymic"], &patched.body["version"]), (&Value::Null, &json!(2)));
    let replaced = world.put(&director, &path, &patched.etag(), form).expect(200);
    assert_eq!(replaced.body["patronymic"], "Сергеевна");
    world.patch(&director, &path, &patched.etag(), json!({"sex": "unknown"})).refused(412, "version.stale");
}

#[test]
fn the_history_of_a_person_names_members_and_no_values() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let id = world.person(&director, json!({"snils": SNILS}));
    let path = format!("/people/{id}");
    world.edit(&director, &path, json!({"snils": null, "given_name": "Елена"})).expect(200);
    let history = world.get(&director, &format!("{path}/history")).expect(200);
    assert_eq!(history.items()[0]["kind"], "person.edited");
    assert_eq!(
        history.items()[0]["details"],
        json!([{"name": "fields", "value": "given_name, snils", "ru": "имя, СНИЛС", "en": "given name, СНИЛС"}])
    );
    assert_eq!(history.items()[1]["kind"], "person.added");
    for value in [SNILS, "Елена", "Алёна", "Морозова"] {
        assert!(!history.text.contains(value), "{value}");
    }
}

#[test]
fn two_people_never_have_one_snils() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let (_, elsewhere) = world.institution("Другой центр");
    world.person(&director, json!({"snils": SNILS}));
    let form = json!({"family_name": "Иванова", "given_name": "Анна", "birth_date": "2009-01-01", "sex": "female", "snils": "112-233-445 95"});
    world.post(&director, "/people", form.clone()).refused(409, "person.snils_taken");
    world.post(&elsewhere, "/people", form).refused(409, "person.snils_taken");
    let id = world.person(&director, json!({"snils": OTHER_SNILS}));
    let path = format!("/people/{id}");
    world.edit(&director, &path, json!({"snils": SNILS})).refused(409, "person.snils_taken");
    world.person(&director, json!({}));
    world.person(&director, json!({}));
}

#[test]
fn people_are_found_by_the_beginning_of_the_name_by_snils_and_by_birth_date() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    world.person(&director, json!({"family_name": "Ёлкина-Морозова", "snils": SNILS}));
    world
        .person(&director, json!({"family_name": "Елкин", "given_name": "Пётр", "birth_date": "2011-02-03"}));
    world.person(&director, json!({"family_name": "Морозов"}));
    let both = ["Елкин", "Ёлкина-Морозова"];
    for name in ["ЁЛК", "елк", "  Елк "] {
        assert_eq!(found(&world, &director, json!({"name": name})), both, "{name}");
    }
    assert_eq!(found(&world, &director, json!({"name": "ёлкина морозова алена"})), ["Ёлкина-Морозова"]);
    assert_eq!(found(&world, &director, json!({"name": "елкин петр"})), ["Елкин"]);
    assert_eq!(found(&world, &director, json!({"snils": "112-233-445 95"})), ["Ёлкина-Морозова"]);
    assert_eq!(found(&world, &director, json!({"birth_date": "2011-02-03"})), ["Елкин"]);
    assert_eq!(found(&world, &director, json!({"birth_date": "2011-02-03", "name": "морозов"})), [""; 0]);
    assert_eq!(found(&world, &director, json!({"snils": OTHER_SNILS})), [""; 0]);
    let etag = world.post(&director, "/people/search", json!({"name": "елкин п"})).expect(200);
    let id = etag.items()[0]["id"].as_str().expect("an id").to_owned();
    world.patch(&director, &format!("/people/{id}"), "\"1\"", json!({"family_name": "Соснин"})).expect(200);
    assert_eq!(found(&world, &director, json!({"name": "соснин"})), ["Соснин"]);
}

#[test]
fn a_search_asks_for_something_and_for_nothing_unknown() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let nothing = world.post(&director, "/people/search", json!({})).expect(422);
    assert_eq!(nothing.codes(), ["field.missing"]);
    let unknown = world.post(&director, "/people/search", json!({"phone": "+79123456789"}));
    assert_eq!(unknown.expect(422).codes(), ["field.missing", "field.unknown"]);
    let wrong = world.post(&director, "/people/search", json!({"snils": "11223344594"}));
    assert_eq!(wrong.expect(422).codes(), ["field.checksum"]);
}

#[test]
fn found_people_come_page_by_page_and_no_address_tells_whom_one_looks_for() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    for name in ["Морозова", "Морозов", "Морозов", "Морозенко", "Морозов"]
    {
        world.person(&director, json!({"family_name": name, "given_name": "Ян"}));
    }
    let find = json!({"name": "мороз", "birth_date": "2010-04-17"});
    let (mut all, mut path) = (Vec::new(), "/people/search?limit=2".to_owned());
    loop {
        let page = world.post(&director, &path, find.clone()).expect(200);
        all.extend(page.items().iter().map(|it| it["family_name"].as_str().expect("a name").to_owned()));
        let Some(cursor) = page.body["next_cursor"].as_str() else { break };
        let link = page.header("link").expect("a link");
        assert!(!link.contains("2010") && !link.contains("birth_date"), "{link}");
        assert!(!told(cursor).contains("мороз"), "{cursor}");
        world
            .post(&director, &format!("/people/search?limit=2&cursor={cursor}"), json!({"name": "м"}))
            .refused(400, "request.cursor");
        path = format!("/people/search?limit=2&cursor={cursor}");
    }
    assert_eq!(all, ["Морозенко", "Морозов", "Морозов", "Морозов", "Морозова"]);
}

/// The text that anybody can read in a cursor.
fn told(cursor: &str) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let place = cursor.split('.').next().unwrap_or_default();
    let (mut bits, mut count, mut bytes) = (0u32, 0, Vec::new());
    for letter in place.bytes() {
        bits = bits << 6 | letters.iter().position(|it| *it == letter).expect("base64") as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    let text = String::from_utf8(bytes).expect("text");
    assert!(text.starts_with('{'), "{text}");
    text
}

#[test]
fn an_institution_sees_the_people_it_put_on_record_and_nobody_else() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let (_, elsewhere) = world.institution("Другой центр");
    let own = world.person(&director, json!({"family_name": "Своя"}));
    let foreign = world.person(&elsewhere, json!({"family_name": "Чужая", "snils": SNILS}));
    world.person(&world.admin(), json!({"family_name": "Областная"}));
    assert_eq!(names(world.get(&director, "/people").expect(200).items()), ["Своя"]);
    assert_eq!(
        names(world.get(&world.admin(), "/people").expect(200).items()),
        ["Областная", "Чужая", "Своя"]
    );
    assert_eq!(found(&world, &director, json!({"birth_date": "2010-04-17"})), ["Своя"]);
    assert_eq!(found(&world, &director, json!({"snils": SNILS})), [""; 0]);
    for (method, path) in [("GET", ""), ("GET", "/history")] {
        let ask = |id: &str| world.ask(method, &format!("/api/v1/people/{id}{path}")).by(&director).send();
        assert_eq!(ask(&own).status, 200);
        assert_eq!(
            ask(&foreign).refused(404, "request.not_found").body["detail"],
            ask("01980000-0000-7000-8000-000000000005").body["detail"]
        );
    }
    let path = format!("/people/{foreign}");
    world.patch(&director, &path, "\"1\"", json!({"sex": "unknown"})).refused(404, "request.not_found");
    world.patch(&director, &path, "\"7\"", json!({"sex": "unknown"})).refused(404, "request.not_found");
}

#[test]
fn an_institution_sees_the_people_around_its_beneficiaries() {
    let world = World::new();
    let admin = world.admin();
    let (organization, director) = world.institution("Центр");
    let (_, elsewhere) = world.institution("Другой центр");
    let child = world.person(&admin, json!({"family_name": "Дитя"}));
    let mother = world.person(&admin, json!({"family_name": "Мать"}));
    let guardian = world.person(&admin, json!({"family_name": "Опекун"}));
    let everybody = [&child, &mother, &guardian];
    for id in everybody {
        world.get(&director, &format!("/people/{id}")).expect(404);
    }
    let beneficiary = world.beneficiary(&admin, &organization, &child);
    world.guardian(&admin, &beneficiary, &guardian);
    let family = world.family(&admin, &[&mother]);
    world.get(&director, &format!("/people/{mother}")).expect(404);
    world.family_beneficiary(&admin, &organization, &family);
    for id in everybody {
        world.get(&director, &format!("/people/{id}")).expect(200);
        world.get(&elsewhere, &format!("/people/{id}")).expect(404);
    }
    assert_eq!(found(&world, &director, json!({"birth_date": "2010-04-17"})), ["Дитя", "Мать", "Опекун"]);
    assert_eq!(names(world.get(&director, "/people?limit=2").items()), ["Опекун", "Мать"]);
}

#[test]
fn a_guardianship_officer_sees_the_people_of_the_territory_and_changes_none() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let officer =
        world.account("opeka", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    let resident =
        world.person(&director, json!({"family_name": "Местная", "residence": "25655000", "snils": SNILS}));
    world.person(&director, json!({"family_name": "Соседская", "residence": "25656000"}));
    world.person(&director, json!({"family_name": "Бездомная"}));
    let child = world.person(&director, json!({"family_name": "Подопечная"}));
    world.beneficiary(&director, &organization, &child);
    assert_eq!(names(world.get(&officer, "/people").expect(200).items()), ["Подопечная", "Местная"]);
    let path = format!("/people/{resident}");
    assert_eq!(world.get(&officer, &path).expect(200).body["snils"], SNILS);
    world.patch(&officer, &path, "\"1\"", json!({"sex": "unknown"})).refused(403, "access.forbidden");
    let form =
        json!({"family_name": "Иванова", "given_name": "Анна", "birth_date": "2009-01-01", "sex": "female"});
    world.post(&officer, "/people", form).refused(403, "access.forbidden");
}

#[test]
fn those_who_take_part_do_not_read_records_of_people() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let id = world.person(&director, json!({}));
    for role in ["mentor", "mentee", "tutor", "analyst"] {
        let account = world.account(role, json!([{"role": role}]), Some(&id));
        world.get(&account, "/people").refused(403, "access.forbidden");
        world.get(&account, &format!("/people/{id}")).refused(404, "request.not_found");
        world.post(&account, "/people/search", json!({"name": "м"})).refused(403, "access.forbidden");
    }
}

#[test]
fn who_may_not_read_a_snils_sees_it_masked_and_does_not_erase_it() {
    let world = World::new();
    let admin = world.admin();
    let (organization, director) = world.institution("Центр");
    let specialist = world.staff("support_specialist", &organization);
    let path = format!("/people/{}", world.person(&director, json!({"snils": SNILS})));
    assert_eq!(world.get(&specialist, &path).expect(200).body["snils"], SNILS);
    let masked = world.get(&admin, &path).expect(200);
    assert_eq!(masked.body["snils"], "***-***-*45 95");
    assert_eq!(world.get(&admin, "/people").items()[0]["snils"], "***-***-*45 95");
    let form = json!({"family_name": "Морозова", "given_name": "Елена", "birth_date": "2010-04-17", "sex": "female"});
    let replaced = world.put(&admin, &path, &masked.etag(), form.clone()).expect(200);
    assert_eq!(replaced.body["snils"], "***-***-*45 95");
    assert_eq!(world.get(&director, &path).body["snils"], SNILS);
    let mut given = form.clone();
    given["snils"] = json!(OTHER_SNILS);
    let replaced = world.put(&admin, &path, &replaced.etag(), given).expect(200);
    assert_eq!(replaced.body["snils"], "***-***-*03 00");
    assert_eq!(world.get(&director, &path).body["snils"], OTHER_SNILS);
    let erased = world.put(&director, &path, &replaced.etag(), form).expect(200);
    assert_eq!(erased.body["snils"], Value::Null);
}

#[test]
fn everything_wrong_with_a_person_is_told_at_once() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let form = json!({"family_name": "Мор0зова", "given_name": "", "birth_date": "2010-04-17", "sex": "female", "snils": "11223344594",
        "contacts": {"phones": ["12"]}, "documents": [{"kind": "passport", "series": "25", "number": "123456"}]});
    let refused = world.post(&director, "/people", form).expect(422);
    let told: Vec<_> = refused.body["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|it| it["pointer"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(told, ["/contacts/phones/0", "/documents/0/series", "/family_name", "/given_name", "/snils"]);
    assert!(!refused.text.contains("11223344594") && !refused.text.contains("Мор0зова"));
    let born = |day: String| {
        json!({"family_name": "Иванова", "given_name": "Анна", "birth_date": day, "sex": "female",
        "documents": [{"kind": "passport", "series": "2522", "number": "123456", "issued_on": "2026-03-03"}]})
    };
    let tomorrow = world.post(&director, "/people", born(world.day(1))).refused(422, "person.born_in_future");
    assert_eq!(tomorrow.codes(), ["person.born_in_future", "person.document_dates"]);
    world.post(&director, "/people", born("1890-01-01".into())).refused(422, "person.born_too_long_ago");
    world.post(&director, "/people", born("2010-01-01".into())).refused(422, "person.document_dates");
}
