use serde_json::{Value, json};
use tests::pairs::at_once;
use tests::{Account, Reply, World};

fn found(world: &World, who: &Account, find: Value) -> Vec<String> {
    let reply = world.post(who, "/people/search", find).expect(200);
    let name = |it: &Value| {
        let names = ["family_name", "given_name", "patronymic"].map(|member| it[member].as_str());
        names.into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    reply.items().iter().map(name).collect()
}

fn named(world: &World, who: &Account, text: &str) -> Vec<String> {
    found(world, who, json!({"name": text}))
}

#[test]
fn any_word_of_a_name_finds_it_in_any_order_by_its_beginning() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let add = |family: &str, given: &str, patronymic: &str| {
        world
            .person(&director, json!({"family_name": family, "given_name": given, "patronymic": patronymic}));
    };
    add("Иванова-Петрова", "Анна", "Сергеевна");
    add("Иванова", "Мария", "Петровна");
    add("Сидорова", "Анна-Мария", "Ивановна");
    let (double, maria, both) =
        ["Иванова-Петрова Анна Сергеевна", "Иванова Мария Петровна", "Сидорова Анна-Мария Ивановна"].into();
    for (text, people) in [
        ("Петрова", vec![double]),
        ("петров", vec![maria, double]),
        ("Анна", vec![double, both]),
        ("Мария Иванова", vec![maria]),
        ("мария иван", vec![maria, both]),
        ("Иванова-Петрова", vec![double]),
        ("Ивановапетрова", vec![double]),
        ("Петрова Иванова Анна", vec![double]),
        ("аннамария", vec![both]),
        ("и", vec![maria, double, both]),
        ("се", vec![double]),
        ("нова", vec![]),
        ("Анна Анна", vec![double, both]),
        ("Анна Кузнецова", vec![]),
        ("-", vec![]),
    ] {
        assert_eq!(named(&world, &director, text), people, "{text}");
    }
}

#[test]
fn a_name_is_found_in_every_spelling_of_it() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    for (family, given) in [
        ("Ёлкина", "Ка\u{304}тя"),
        ("О’Коннор", "Вера"),
        ("Соловьёв-Седой", "Пётр"),
        ("Шoколова", "Наталья"),
        ("Аннамухаммедов", "Тихии\u{306}"),
    ] {
        world.person(&director, json!({"family_name": family, "given_name": given, "patronymic": null}));
    }
    for (text, family) in [
        ("ЕЛКИНА", "Ёлкина"),
        ("катя", "Ёлкина"),
        ("О'Коннор", "О’Коннор"),
        ("о коннор", "О’Коннор"),
        ("Oʼкoннop", "О’Коннор"),
        ("оконнор вера", "О’Коннор"),
        ("Коннор", "О’Коннор"),
        ("BEPA", "О’Коннор"),
        ("соловьев—седой", "Соловьёв-Седой"),
        ("соловьевседой", "Соловьёв-Седой"),
        ("петр седой", "Соловьёв-Седой"),
        ("Шоколова", "Шoколова"),
        ("Анна Мухаммедов", "Аннамухаммедов"),
        ("анна-мухаммедов тихий", "Аннамухаммедов"),
    ] {
        let found = named(&world, &director, text);
        assert!(found.len() == 1 && found[0].starts_with(family), "{text}: {found:?}");
    }
}

#[test]
fn who_is_renamed_is_found_by_the_new_name_alone() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let id = world.person(&director, json!({"family_name": "Ветрова", "patronymic": null}));
    let edit = json!({"family_name": "Ветрова-Снежная", "given_name": "Ия"});
    world.patch(&director, &format!("/people/{id}"), "\"1\"", edit).expect(200);
    assert_eq!(named(&world, &director, "снежная ия"), ["Ветрова-Снежная Ия"]);
    assert_eq!(named(&world, &director, "ветрова"), ["Ветрова-Снежная Ия"]);
    assert_eq!(named(&world, &director, "алена"), [""; 0]);
    world.patch(&director, &format!("/people/{id}"), "\"2\"", json!({"family_name": "Ёж"})).expect(200);
    assert_eq!(named(&world, &director, "снежная"), [""; 0]);
    assert_eq!(named(&world, &director, "еж"), ["Ёж Ия"]);
}

#[test]
fn a_search_finds_only_whom_the_caller_sees_page_by_page() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let (_, elsewhere) = world.institution("Другой центр");
    for (who, given) in
        [(&director, "Анна"), (&elsewhere, "Анфиса"), (&director, "Антонина"), (&director, "Ангелина")]
    {
        world.person(who, json!({"family_name": "Лесная", "given_name": given, "patronymic": "Андреевна"}));
    }
    let given = |who: &Account, text: &str| {
        let (mut all, mut path) = (Vec::new(), "/people/search?limit=1".to_owned());
        loop {
            let page = world.post(who, &path, json!({"name": text})).expect(200);
            all.extend(page.items().iter().map(|it| it["given_name"].as_str().expect("a name").to_owned()));
            let Some(cursor) = page.body["next_cursor"].as_str() else { return all };
            path = format!("/people/search?limit=1&cursor={cursor}");
        }
    };
    for text in ["ан", "андр", "лес ан", "лесная андреевна", "л"] {
        assert_eq!(given(&director, text), ["Ангелина", "Анна", "Антонина"], "{text}");
        assert_eq!(given(&elsewhere, text), ["Анфиса"], "{text}");
        assert_eq!(given(&world.admin(), text), ["Ангелина", "Анна", "Антонина", "Анфиса"], "{text}");
    }
    let born = json!({"name": "ан", "birth_date": "2010-04-18"});
    assert_eq!(found(&world, &director, born), [""; 0]);
}

/// More people than a search reads before it looks among the visible ones alone, entered by so many at once.
const HUNDREDS: usize = 1030;
const AT_ONCE: usize = 103;

#[test]
fn a_search_finds_the_few_whom_the_caller_sees_behind_hundreds_of_others() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let (_, elsewhere) = world.institution("Другой центр");
    let enter = |n: usize| {
        let family =
            format!("Роща{}", char::from_u32(u32::from('а') + u32::try_from(n).unwrap() % 32).unwrap());
        let born = format!("{}-04-18", 1960 + n % 40);
        let form = json!({"family_name": family, "given_name": "Роман", "birth_date": born, "sex": "male", "residence": "25655000"});
        world.post(&elsewhere, "/people", form)
    };
    let entered: Vec<_> = (0..HUNDREDS / AT_ONCE).flat_map(|_| at_once(AT_ONCE, enter)).collect();
    assert!(entered.iter().all(|it| it.0 == 201), "{entered:?}");
    for family in ["Рощава", "Роя", "Рябова"] {
        world.person(&director, json!({"family_name": family, "given_name": "Роман"}));
    }
    let given = |path: &str| world.post(&director, path, json!({"name": "ро"})).expect(200);
    let families = |it: &Reply| -> Vec<String> {
        it.items().iter().map(|it| it["family_name"].as_str().expect("a name").to_owned()).collect()
    };
    let first = given("/people/search?limit=2");
    assert_eq!(families(&first), ["Рощава", "Роя"]);
    let next = first.body["next_cursor"].as_str().expect("a next page");
    assert_eq!(families(&given(&format!("/people/search?limit=2&cursor={next}"))), ["Рябова"]);
}
