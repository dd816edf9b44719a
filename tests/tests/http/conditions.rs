//! The answers that a client takes, and those that it has seen already.
use crate::http::access::{at, operations};
use domain::base::change::SubjectKind;
use serde_json::json;
use tests::{Account, Realm, Reply, World};

#[test]
fn media_types_are_compared_by_their_own_rules() {
    let world = World::new();
    let ask = |accept: &str| {
        world.ask("GET", "/api/v1/organizations").by(&world.admin()).header("accept", accept).send()
    };
    for taken in [
        "Application/JSON",
        "APPLICATION/*",
        "application/json; charset=UTF-8",
        "text/html, application/json;q=0.001",
        "application/json;profile=\"a,b;q=0\";Q=1.000",
        "text/html,*/*;q=0.1",
        ",, application/json ,",
        "text/html;q=1, application/problem+json",
        "*/*;q=0, application/json",
    ] {
        ask(taken).expect(200);
    }
    for refused in [
        "text/html",
        "application/json;q=0",
        "application/json; Q=0.000, */*",
        "application/*;q=0, */*",
        "*/*;q=0",
        "json",
        "application/jsonp",
        "text/html;x=\"application/json, */*\"",
    ] {
        ask(refused).refused(406, "request.accept");
    }
    let lines = world.ask("GET", "/api/v1/organizations").by(&world.admin());
    lines.header("accept", "text/html").header("accept", "application/json").send().expect(200);
}

#[test]
fn a_language_is_chosen_by_its_weight() {
    let world = World::new();
    let title = |language: &str| {
        world.ask("GET", "/api/v1/nothing").header("accept-language", language).send().body["title"].clone()
    };
    for english in ["EN", "en-US;Q=0.2", "de, en;q=0.5, ru;q=0.4", "ru;q=0, en;q=0.1"] {
        assert_eq!(title(english), "Not found.", "{english}");
    }
    for russian in ["ru-RU, en", "en;q=0", "enm", "en;q=0.5, ru;q=0.5", ""] {
        assert_eq!(title(russian), "Не найдено.", "{russian}");
    }
}

fn edit(world: &World, path: &str, tags: &[&str]) -> Reply {
    let form = json!({"kind": "ngo", "name": "Дом", "territory": "25655000"});
    let ask = world.ask("PUT", path).by(&world.admin()).json(&form);
    tags.iter().fold(ask, |ask, tag| ask.header("if-match", tag)).send()
}

#[test]
fn an_edit_needs_the_version_as_it_was_sent() {
    let world = World::new();
    let path = format!("/api/v1/organizations/{}", world.organization("ngo", "Дом", "25655000"));
    for tag in [
        "\"0001\"",
        "\"+1\"",
        "\" 1\"",
        "W/\"1\"",
        "\"one\"",
        "\"\"",
        "\"2\"",
        "\"99999999999999999999\"",
        "\"0\", W/\"1\"",
        "\"1,2\"",
    ] {
        let stale = edit(&world, &path, &[tag]).refused(412, "version.stale");
        assert_eq!(stale.etag(), "\"1\"", "{tag}");
    }
    for any in ["*", " * "] {
        edit(&world, &path, &[any]).refused(428, "version.required");
    }
    edit(&world, &path, &["W/\"1\"", "*"]).refused(428, "version.required");
    edit(&world, &path, &[]).refused(428, "version.required");
    assert_eq!(edit(&world, &path, &["\"7\", \"1\""]).expect(200).etag(), "\"2\"");
    assert_eq!(edit(&world, &path, &["\"7\"", "W/\"8\" ,\"2\""]).expect(200).etag(), "\"3\"");
    assert_eq!(
        edit(&world, &path, &["\"3.gz\""]).expect(200).etag(),
        "\"4\"",
        "what stands before the dot decides"
    );
    edit(&world, &path, &["\"3.4\""]).refused(412, "version.stale");
}

#[test]
fn what_the_client_has_is_told_by_a_tag_a_list_of_tags_or_a_star() {
    let world = World::new();
    let path = format!("/api/v1/organizations/{}", world.organization("ngo", "Дом", "25655000"));
    let ask =
        |tag: &str| world.ask("GET", &path).by(&world.admin()).header("if-none-match", tag).send().status;
    for known in ["\"1\"", "W/\"1\"", "*", "\"7\", \"1\"", ",\"1\"", "\"1.gz\""] {
        assert_eq!(ask(known), 304, "{known}");
    }
    for other in ["\"0001\"", "\"2\"", "1", "\"7, 1\"", "w/\"1\"", "\"*\""] {
        assert_eq!(ask(other), 200, "{other}");
    }
    let nowhere =
        world.ask("GET", "/api/v1/organizations/01980000-0000-7000-8000-000000000001").by(&world.admin());
    nowhere.header("if-none-match", "*").send().refused(404, "request.not_found");
}

#[test]
fn a_list_has_a_tag_of_its_items() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    world.person(&director, json!({}));
    let ask = |query: &str, tag: &str| {
        world.ask("GET", &format!("/api/v1/people{query}")).by(&director).header("if-none-match", tag).send()
    };
    let first = ask("", "\"none\"").expect(200);
    assert_eq!(ask("", &first.etag()).expect(304).etag(), first.etag());
    ask("", "*").expect(304);
    let second = world.person(&director, json!({"given_name": "Вера"}));
    let changed = ask("", &first.etag()).expect(200);
    assert_ne!(changed.etag(), first.etag());
    let page = ask("?limit=1", "\"none\"").expect(200);
    assert_eq!(page.body["items"].as_array().map(Vec::len), Some(1));
    assert!(page.body["next_cursor"].is_string());
    ask("?limit=1", &page.etag()).expect(304);
    world.edit(&director, &format!("/people/{second}"), json!({"given_name": "Надежда"})).expect(200);
    ask("", &changed.etag()).expect(200);
}

#[test]
fn a_list_that_the_client_has_already_is_journaled_as_read() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let id = world.person(&director, json!({}));
    let list = world.get(&director, "/people").expect(200);
    let before = world.readers(SubjectKind::Person, &id).len();
    world.advance(chrono::TimeDelta::seconds(120));
    world.ask("GET", "/api/v1/people").by(&director).header("if-none-match", list.etag()).send().expect(304);
    assert!(world.readers(SubjectKind::Person, &id).len() > before);
}

#[test]
fn a_renamed_person_is_not_304_in_anything_that_shows_the_name() {
    let (world, home, _) = Realm::in_world();
    let names = ["Морозов", "Петров", "Учреждение home", "Сотрудник home", "Наставничество"];
    let ask = |who: &Account, path: &str, tag: &str| {
        world.ask("GET", path).by(who).header("if-none-match", tag).send()
    };
    let mut shown = Vec::new();
    for (operation, _, path) in operations().into_iter().filter(|it| it.1 == "GET") {
        let path = at(&path, &home.objects);
        for who in ["A", "D", "S", "C", "T", "M"].map(|it| &home.accounts[it]) {
            let reply = world.ask("GET", &path).by(who).send();
            let is_named = names.iter().any(|it| reply.text.contains(it));
            if reply.status == 200 && is_named && reply.header("etag").is_some() {
                ask(who, &path, &reply.etag()).expect(304);
                shown.push((operation.clone(), path.clone(), who.clone(), reply));
            }
        }
    }
    assert!(shown.len() > 40, "{}", shown.len());
    let rename = |path: &str, change: serde_json::Value| {
        world.edit(&world.admin(), path, change).expect(200);
    };
    let people = world.get(&world.admin(), "/people?limit=200").expect(200);
    for (n, it) in people.items().iter().enumerate() {
        let letter = char::from_u32(0x430 + u32::try_from(n).unwrap()).unwrap();
        rename(&format!("/people/{}", Reply::id_of(it)), json!({"family_name": format!("Новикова{letter}")}));
    }
    for it in world.get(&world.admin(), "/families?limit=200").expect(200).items() {
        rename(&format!("/families/{}", Reply::id_of(it)), json!({"name": "Семья Новиковых"}));
    }
    for it in world.get(&world.admin(), "/users?limit=200").expect(200).items() {
        rename(&format!("/users/{}", Reply::id_of(it)), json!({"name": "Новый сотрудник"}));
    }
    rename(&format!("/organizations/{}", home.objects["organizations"]), json!({"name": "Новое учреждение"}));
    rename(&format!("/programs/{}", home.objects["programs"]), json!({"name": "Новая программа"}));
    for (operation, path, who, before) in shown {
        let now = world.ask("GET", &path).by(&who).send().expect(200);
        if now.text != before.text {
            let asked = ask(&who, &path, &before.etag());
            assert_eq!(asked.status, 200, "{operation} is told to be as it was");
            assert_eq!(asked.text, now.text);
        }
    }
}
