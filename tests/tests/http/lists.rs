//! Lists: pages, cursors and filters, and the catalogues of codes.
use serde_json::json;
use tests::World;

#[test]
fn unknown_and_doubled_parameters_are_refused() {
    let world = World::new();
    for query in [
        "x=1",
        "limit=0",
        "limit=201",
        "limit=-1",
        "limit=abc",
        "limit=",
        "limit=5&limit=6",
        "kind=nonsense",
        "parent_id=7",
        "cursor=abc",
        "Limit=5",
    ] {
        let refused = world.get(&world.admin(), &format!("/organizations?{query}"));
        assert_eq!(refused.status, 400, "{query}: {}", refused.text);
    }
    world.get(&world.admin(), "/organizations?kind=ngo%00").refused(400, "request.malformed");
    world.ask("GET", "/api/v1/catalogues?x=1").send().refused(400, "request.parameter");
}

#[test]
fn a_cursor_belongs_to_one_list_with_one_filter_in_one_region() {
    let world = World::new();
    let admin = world.admin();
    for n in 0..5 {
        world.organization("ngo", &format!("Дом {n}"), "25655000");
    }
    let page = world.get(&admin, "/organizations?limit=2&kind=ngo").expect(200);
    let cursor = page.body["next_cursor"].as_str().unwrap().to_owned();
    assert!(page.header("link").unwrap().contains("rel=\"next\""));
    world.get(&admin, &format!("/organizations?limit=2&kind=ngo&cursor={cursor}")).expect(200);
    for path in ["/organizations?limit=2", "/organizations?limit=2&kind=business", "/users?limit=2"] {
        let joint = format!("{path}&cursor={cursor}");
        world.get(&admin, &joint).refused(400, "request.cursor");
    }
    let (place, mark) = cursor.split_once('.').unwrap();
    for forged in [
        format!("{place}x.{mark}"),
        format!("{place}.{mark}x"),
        place.to_owned(),
        format!("{place}."),
        ".".into(),
    ] {
        world
            .get(&admin, &format!("/organizations?limit=2&kind=ngo&cursor={forged}"))
            .refused(400, "request.cursor");
    }
    let neighbour = world.neighbour();
    world
        .get(&neighbour, &format!("/organizations?limit=2&kind=ngo&cursor={cursor}"))
        .refused(400, "request.cursor");
}

#[test]
fn every_item_of_a_list_comes_once_even_while_others_are_added() {
    let world = World::new();
    let admin = world.admin();
    let enter = |code: String| {
        let form = json!({"code": code, "name": "Курс", "hours": 8});
        world.post(&admin, "/training-courses", form).expect(201).id()
    };
    let mut all: Vec<String> = (0..23).map(|n| enter(format!("before-{n}"))).collect();
    let mut seen: Vec<String> = Vec::new();
    let mut next = String::from("/training-courses?limit=5");
    loop {
        let page = world.get(&admin, &next).expect(200);
        seen.extend(page.items().iter().map(|it| it["id"].as_str().unwrap().to_owned()));
        enter(format!("between-{}", seen.len()));
        match page.body["next_cursor"].as_str() {
            Some(cursor) => next = format!("/training-courses?limit=5&cursor={cursor}"),
            None => break,
        }
    }
    all.reverse();
    // The oldest courses are those that a region begins with.
    assert_eq!(seen[..all.len()], all);
}

#[test]
fn every_problem_has_a_page_and_stands_in_the_list() {
    let world = World::new();
    let all = world.ask("GET", "/api/v1/problems").send().expect(200);
    let codes: Vec<&str> = all.items().iter().map(|it| it["code"].as_str().unwrap()).collect();
    let mut unique = codes.clone();
    unique.dedup();
    assert_eq!(codes, unique, "no code stands twice");
    for code in ["request.not_found", "field.missing", "user.last_admin"] {
        assert!(codes.contains(&code));
        world.ask("GET", &format!("/problems/{code}")).send().expect(200);
        world.ask("GET", &format!("/api/v1/problems/{code}")).send().expect(200);
    }
}

#[test]
fn catalogues_say_every_code_in_two_languages() {
    let world = World::new();
    let all = world.ask("GET", "/api/v1/catalogues").send().expect(200);
    assert!(all.items().len() > 30);
    assert!(all.header("cache-control").unwrap().contains("public"));
    let roles = world.ask("GET", "/api/v1/catalogues/roles").send().expect(200);
    assert_eq!(roles.items().len(), 11);
    assert_eq!(
        (&roles.items()[6]["code"], &roles.items()[6]["ru"], &roles.items()[6]["en"]),
        (&json!("mentor"), &json!("наставник"), &json!("mentor"))
    );
}
