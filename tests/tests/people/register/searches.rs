use super::Stage;
use domain::base::change::SubjectKind;
use serde_json::{Value, json};
use tests::{Account, Reply};

fn search(stage: &Stage, who: &Account, members: Value) -> Reply {
    let mut order = json!({"purpose": "application"});
    for (name, value) in members.as_object().expect("members") {
        order[name.as_str()] = value.clone();
    }
    stage.world.post(who, "/register-searches", order)
}

fn woman() -> Value {
    json!({"family_name": "морозова", "given_name": "Дарья", "patronymic": "Сергеевна", "birth_date": "2007-01-10"})
}

#[test]
fn somebody_whom_the_caller_does_not_see_is_found_by_the_exact_data_only() {
    let stage = Stage::new();
    let specialist = stage.world.staff("support_specialist", &stage.away);
    let found = search(&stage, &specialist, woman()).expect(201);
    assert_eq!(found.body["found"], json!(2));
    let homes: Vec<&Value> =
        found.body["entries"].as_array().expect("both").iter().map(|it| &it["organization_id"]).collect();
    assert_eq!(homes, [&json!(stage.home), &json!(stage.away)]);
    let text = found.body["entries"].to_string();
    assert!(!text.contains("Морозова") && !text.contains("2007"), "{text}");
    for (member, value) in [
        ("family_name", "Мороз"),
        ("given_name", "Даша"),
        ("birth_date", "2007-01-11"),
        ("patronymic", "Игоревна"),
    ] {
        let mut asked = woman();
        asked[member] = json!(value);
        assert_eq!(search(&stage, &specialist, asked).expect(201).body["found"], json!(0), "{member}");
    }
    search(&stage, &specialist, json!({"family_name": "Морозова"})).refused(422, "field.missing");
    let both = json!({"snils": "11223344595", "family_name": "Морозова"});
    search(&stage, &specialist, both).refused(422, "field.combination");
}

#[test]
fn a_search_by_snils_finds_the_first_record_of_a_merged_person() {
    let stage = Stage::new();
    let card =
        stage.world.get(&stage.other_director, &format!("/beneficiaries/{}", stage.second)).expect(200);
    let person = format!("/people/{}", card.body["person_id"].as_str().expect("a person"));
    stage.world.patch(&stage.other_director, &person, "\"1\"", json!({"snils": "11223344595"})).expect(200);
    let by_snils = || search(&stage, &stage.keeper, json!({"snils": "112-233-445 95"})).expect(201).body;
    assert_eq!(by_snils()["entries"][0]["entry_id"], json!(stage.entry_id(&stage.second)));
    stage.merged();
    assert_eq!(by_snils()["entries"][0]["entry_id"], json!(stage.entry_id(&stage.first)));
    assert_eq!(search(&stage, &stage.keeper, woman()).expect(201).body["found"], json!(1));
}

#[test]
fn each_search_is_kept_with_its_purpose_and_each_find_is_a_read() {
    let stage = Stage::new();
    let world = &stage.world;
    let order = json!({"note": "Пришла на приём."});
    let mut asked = woman();
    asked["note"] = order["note"].clone();
    let made = search(&stage, &stage.other_director, asked).expect(201);
    let own = world.get(&stage.other_director, "/register-searches").expect(200);
    assert_eq!((own.items().len(), &own.items()[0]["note"]), (1, &json!("Пришла на приём.")));
    assert!(own.items()[0]["entries"].is_null(), "those who were found are told once");
    assert!(world.get(&stage.director, "/register-searches").expect(200).items().is_empty());
    let path = format!("/register-searches/{}", made.id());
    world.get(&stage.director, &path).refused(404, "request.not_found");
    for who in [&stage.keeper, &world.admin()] {
        assert_eq!(world.get(who, &path).expect(200).body["found"], json!(2), "{}", who.login);
    }
    let entry = stage.entry_id(&stage.first);
    assert!(world.readers(SubjectKind::RegisterEntry, &entry).contains(&stage.other_director.id));
    let history = world.get(&stage.director, &format!("/register-entries/{entry}/history")).expect(200);
    assert_eq!(
        history.kinds(),
        ["register_entry.entered"],
        "a history does not tell who sought somebody and why"
    );
}

#[test]
fn somebody_who_was_removed_from_the_register_is_not_found() {
    let stage = Stage::new();
    let order = json!({"removed_on": stage.world.day(0), "reason": "adopted"});
    let path = format!("/register-entries/{}/removal", stage.entry_id(&stage.first));
    stage.world.post(&stage.keeper, &path, order).expect(200);
    assert_eq!(search(&stage, &stage.other_director, woman()).expect(201).body["found"], json!(1));
}

#[test]
fn an_account_searches_fifty_times_a_day_and_a_mentor_never() {
    let stage = Stage::new();
    for n in 0..50 {
        let nobody =
            json!({"family_name": format!("Никто{n}"), "given_name": "Нет", "birth_date": "2000-01-01"});
        let name = ["а", "б", "в", "г", "д", "е", "ж", "з", "и", "к"];
        let mut nobody = nobody;
        nobody["family_name"] = json!(format!("Никто{}{}", name[n / 10], name[n % 10]));
        assert_eq!(search(&stage, &stage.director, nobody).expect(201).body["found"], json!(0));
    }
    search(&stage, &stage.director, woman()).refused(409, "register_search.too_many");
    search(&stage, &stage.other_director, woman()).expect(201);
    let tutor = stage.world.account("tutor", json!([{"role": "tutor"}]), None);
    search(&stage, &tutor, woman()).refused(403, "access.forbidden");
}
