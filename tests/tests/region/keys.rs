//! Keys of integrations: what they are narrowed to, where they work from, and how many live at a time.
use crate::http::access::{at, operations, without_effect};
use domain::base::access::Right;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tests::{Account, Realm, World};

/// Collections that every institution reads, as the rights to read them are open: a director of one reads the rest, too.
const SHARED: &[&str] = &[
    "programs",
    "editions",
    "annexes",
    "plan-forms",
    "living-programmes",
    "scales",
    "service-standards",
    "training-courses",
    "municipalities",
    "terms",
    "working-days",
    "emergency-contacts",
    "accompaniment-rules",
    "matching-rules",
    "councils",
    "council-members",
    "council-meetings",
    "decisions",
];

fn all_rights() -> Vec<&'static str> {
    Right::ALL.iter().filter(|it| it.is_for_keys()).map(|it| it.code()).collect()
}

/// Objects of a realm of which one institution alone knows.
fn own(realm: &Realm) -> impl Iterator<Item = (&String, &String)> {
    realm.objects.iter().filter(|(collection, _)| !SHARED.contains(&collection.as_str()))
}

/// The lists, searches and figures that need no object.
fn questions(world: &World, key: &Account) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for (name, method, path) in operations() {
        if method == "GET" && !path.contains('{') && !path.ends_with("/content") {
            let asked = world.ask("GET", &path).by(key).send();
            if asked.status == 422 || asked.status == 400 {
                continue; // A question that needs its words; asked below.
            }
            assert!(matches!(asked.status, 200 | 403), "{name}: {}", asked.text);
            all.push((name, asked.body));
        }
    }
    for text in ["Морозова", "Петрова", "Учреждение", "Морозовых"] {
        let found = world.post(key, "/search", json!({"text": text})).expect(200);
        all.push((format!("search {text}"), found.body));
    }
    let people = world.post(key, "/people/search", json!({"name": "Морозова"})).expect(200);
    all.push(("people/search".to_owned(), people.body));
    all
}

#[test]
fn a_key_of_one_institution_sees_one_institution() {
    let (world, home, away) = Realm::in_world();
    let key = world.key(&all_rights(), json!({"organization_ids": [home.objects["organizations"]]}));
    // Everything under an address that a director of the institution does not see either.
    for (name, method, path) in operations().into_iter().filter(|it| it.2.contains("{id}")) {
        let collection = path.trim_start_matches("/api/v1/").split('/').next().unwrap();
        let status = without_effect(&world, Some(&key), method, &at(&path, &away.objects)).send().status;
        let is_open = SHARED.contains(&collection) && status != 404;
        assert!(
            status == 404 || is_open || status == 403 && SHARED.contains(&collection),
            "{name}: {status}"
        );
    }
    // Everything that a list, a search, a figure or the agenda tells.
    for (name, told) in questions(&world, &key) {
        let text = told.to_string();
        for (collection, id) in own(&away) {
            assert!(!text.contains(id.as_str()), "{name} tells of {collection} of the other institution");
        }
    }
    // And it does see its own.
    for collection in
        ["organizations", "people", "beneficiaries", "families", "cases", "mentors", "mentorships"]
    {
        let path = format!("/{collection}/{}", home.objects[collection]);
        world.get(&key, &path).expect(200);
        let list = world.get(&key, &format!("/{collection}?limit=200")).expect(200);
        assert!(list.text.contains(&home.objects[collection]), "{collection}");
    }
}

#[test]
fn figures_of_a_narrowed_key_count_its_institution_alone() {
    let (world, home, away) = Realm::in_world();
    let narrow = |realm: &Realm| {
        world.key(&all_rights(), json!({"organization_ids": [realm.objects["organizations"]]}))
    };
    let (one, other, all) = (narrow(&home), narrow(&away), world.key(&all_rights(), json!({})));
    let total = |key: &Account, list: &str| {
        let counts = world.get(key, &format!("/{list}/counts?group_by=state")).expect(200).body;
        counts["total"].as_i64().unwrap_or_else(|| panic!("{counts}"))
    };
    for list in ["cases", "mentorships", "mentor-applications", "meetings"] {
        let (here, there, both) = (total(&one, list), total(&other, list), total(&all, list));
        assert!(here > 0 && there > 0, "{list}");
        assert_eq!(here + there, both, "{list}");
    }
}

/// The open part of the partnership belongs to no program and to no territory.
const OPEN_PART: [&str; 18] = [
    "action-packages",
    "action-plans",
    "agreements",
    "clubs",
    "coordinator-appointments",
    "events",
    "funding-programs",
    "ideas",
    "legal-acts",
    "measures",
    "practices",
    "project-partners",
    "project-targets",
    "projects",
    "publications",
    "replications",
    "target-results",
    "volunteer-groups",
];

#[test]
fn a_key_of_a_program_or_of_a_territory_sees_no_other() {
    let (world, home, away) = Realm::in_world();
    let by_program = world.key(&all_rights(), json!({"program_ids": [home.objects["programs"]]}));
    let by_territory = world.key(&all_rights(), json!({"territories": ["25655000"]}));
    for key in [&by_program, &by_territory] {
        world.get(key, &format!("/mentorships/{}", home.objects["mentorships"])).expect(200);
        for (collection, id) in own(&away).filter(|(it, _)| {
            !matches!(
                it.as_str(),
                "organizations" | "units" | "service-offers" | "living-programmes" | "scales"
            ) && !OPEN_PART.contains(&it.as_str())
        }) {
            let status = world.get(key, &format!("/{collection}/{id}")).status;
            assert!(matches!(status, 403 | 404), "{collection}: {status}");
        }
    }
    let programs = world.get(&by_program, "/programs").expect(200);
    assert_eq!(programs.items().len(), 1);
    world.get(&by_program, &format!("/programs/{}", away.objects["programs"])).expect(404);
}

#[test]
fn a_key_that_names_a_place_is_no_more_than_the_integration() {
    let world = World::new();
    let (home, away) = (world.institution("Свой").0, world.institution("Чужой").0);
    let grants = json!([{"role": "integration"}, {"role": "director", "organization_id": away}]);
    let robot = world.account("robot-director", grants, None);
    let key = world.key_of(&robot, &all_rights(), json!({"organization_ids": [home]}));
    let foreign = world.person(&world.staff("director", &away), json!({}));
    world.get(&key, &format!("/people/{foreign}")).expect(404);
    // A narrowed key enters into its institution, and another key of the account does not see the files that it brought.
    let entered = world.keyed_post(&key, "/people", "p-1", world.girl()).expect(201);
    assert_eq!(entered.body["organization_id"], json!(home));
    let scan = tests::given::upload_body("other", "скан.pdf", "application/pdf", tests::given::PDF);
    let file = world.uploading(&key, scan).header("idempotency-key", "f-1").send().expect(201).id();
    assert_eq!(world.get(&key, &format!("/files/{file}")).expect(200).body["organization_id"], json!(home));
    let other = world.key_of(&robot, &all_rights(), json!({"organization_ids": [away]}));
    world.get(&other, &format!("/files/{file}")).expect(404);
    world.get(&other, &format!("/people/{}", entered.id())).expect(404);
    // Nor is it told by the same idempotency key what the other one was answered.
    world.keyed_post(&other, "/people", "p-1", world.girl()).refused(422, "idempotency.reused");
}

#[test]
fn a_key_of_a_territory_enters_nobody_who_lives_elsewhere() {
    let world = World::new();
    let key = world.key(&["read_people", "edit_people"], json!({"territories": ["25655000"]}));
    let mut girl = world.girl();
    girl["residence"] = json!("33701000");
    world.keyed_post(&key, "/people", "p-1", girl.clone()).refused(422, "field.reference");
    girl["residence"] = json!("25655000");
    let entered = world.keyed_post(&key, "/people", "p-2", girl).expect(201);
    world.get(&key, &format!("/people/{}", entered.id())).expect(200);
}

#[test]
fn a_key_is_narrowed_to_what_is_there() {
    let world = World::new();
    let robot = world.account("robot", json!([{"role": "integration"}]), None);
    let nothing = "01980000-0000-7000-8000-000000000001";
    let mut form = json!({"name": "Обмен", "user_id": robot.id, "rights": ["read_people"], "expires_on": world.day(30),
        "organization_ids": [nothing], "program_ids": [world.program("family-mentoring"), nothing]});
    let refused = world.post(&world.admin(), "/api-keys", form.clone()).refused(422, "field.reference");
    let pointers: Vec<_> =
        refused.body["errors"].as_array().unwrap().iter().map(|it| it["pointer"].clone()).collect();
    assert_eq!(pointers, ["/organization_ids/0", "/program_ids/1"]);
    form["organization_ids"] = json!([]);
    world.post(&world.admin(), "/api-keys", form.clone()).refused(422, "field.reference");
    form["program_ids"] = json!([]);
    form["ip_ranges"] = json!(["203.0.113.0/24", "10.0.0.0/33", "здесь", "0.0.0.0/0"]);
    let refused = world.post(&world.admin(), "/api-keys", form).refused(422, "field.format");
    assert_eq!(refused.codes(), ["field.format"; 3]);
}

#[test]
fn an_account_has_two_live_keys_and_no_third() {
    let world = World::new();
    let robot = world.account("robot", json!([{"role": "integration"}]), None);
    let (first, second) = (world.issued(&robot, json!({})), world.issued(&robot, json!({})));
    let third =
        json!({"name": "Обмен", "user_id": robot.id, "rights": ["read_people"], "expires_on": world.day(30)});
    let refused = world.post(&world.admin(), "/api-keys", third.clone()).refused(409, "api_key.live");
    assert_eq!(refused.body["errors"][0]["pointer"], "/user_id");
    for it in [&first, &second] {
        let key = Account { token: it["secret"].as_str().unwrap().to_owned(), ..robot.clone() };
        world.get(&key, "/people").expect(200);
    }
    let id = first["key"]["id"].as_str().unwrap();
    world.post(&world.admin(), &format!("/api-keys/{id}/revocation"), json!({})).expect(200);
    world.post(&world.admin(), "/api-keys", third).expect(201);
}

#[test]
fn a_key_from_a_wrong_network_is_an_unknown_key_and_the_journal_knows() {
    let world = World::with(&["--trusted-proxies", "127.0.0.1"]);
    let robot = world.account("robot", json!([{"role": "integration"}]), None);
    let issued = world.issued(&robot, json!({"ip_ranges": ["203.0.113.0/24", "2001:db8::/32"]}));
    let token = issued["secret"].as_str().unwrap();
    let from = |token: &str, address: &str| {
        let asked = world.ask("GET", "/api/v1/people").header("authorization", format!("Bearer {token}"));
        asked.header("x-forwarded-for", address).send()
    };
    from(token, "203.0.113.9").expect(200);
    from(token, "2001:db8::9").expect(200);
    let misplaced = from(token, "198.51.100.7").expect(401);
    let unknown = from(&format!("{token}0"), "198.51.100.7").expect(401);
    let told = |it: &tests::Reply| {
        let mut body = it.body.clone();
        body["request_id"] = json!("");
        let names: Vec<String> = it.headers.iter().map(|(name, _)| name.clone()).collect();
        (body, names, it.header("www-authenticate").map(str::to_owned))
    };
    assert_eq!(told(&misplaced), told(&unknown));
    // Not even where the right address has just been believed.
    from(token, "203.0.113.9").expect(200);
    from(token, "198.51.100.7").expect(401);
    assert_eq!(world.fact("api_key.misplaced"), issued["key"]["id"].as_str().unwrap());
    // The same network is journaled once a minute, another one anew.
    from(token, "198.51.100.8").expect(401);
    from(token, "192.0.2.1").expect(401);
    let began = Instant::now();
    let count = || world.facts_since(0).iter().filter(|it| it.1 == "api_key.misplaced").count();
    while count() < 2 {
        assert!(began.elapsed() < Duration::from_secs(5), "the second network is not journaled");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(count(), 2);
}
