//! The directory of services that organizations offer: read by every account, entered by the organization (003 L53).
use serde_json::{Value, json};
use tests::{Account, Reply, World, with};

fn offer(world: &World, who: &Account, organization: &str, members: Value) -> Reply {
    let form = json!({"organization_id": organization, "name": "Консультация юриста", "kind": "legal", "free": true,
        "territory": "25655000", "starts_on": world.day(0)});
    world.post(who, "/service-offers", with(form, &members))
}

#[test]
fn services_are_found_by_organization_kind_and_municipality() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let (other, stranger) = world.institution("Другой центр");
    let legal = offer(&world, &director, &organization, json!({"age_from": 14, "age_to": 23})).expect(201);
    let meal = json!({"name": "Горячее питание", "kind": "urgent", "territory": "25701000", "phone": "+73954131522",
        "opening_hours": "каждый день с 9 до 18"});
    offer(&world, &stranger, &other, meal).expect(201);
    let specialist = world.staff("support_specialist", &other);
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    let found = |who: &Account, query: &str| {
        let page = world.get(who, &format!("/service-offers{query}")).expect(200);
        page.items().iter().map(|it| it["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
    };
    for who in [&director, &specialist, &analyst, &world.admin()] {
        assert_eq!(found(who, ""), ["Горячее питание", "Консультация юриста"]);
        assert_eq!(found(who, &format!("?organization_id={organization}")), ["Консультация юриста"]);
        assert_eq!(found(who, "?kind=urgent"), ["Горячее питание"]);
        assert_eq!(found(who, "?territory=25701"), ["Горячее питание"]);
        assert!(found(who, "?kind=urgent&territory=25655").is_empty());
    }
    assert_eq!(legal.body["organization_name"], "Центр");
    assert_eq!(legal.actions(), json!(["edit", "annul"]));
}

#[test]
fn services_are_found_for_the_place_of_somebody_in_need() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    for (name, territory) in [
        ("Область", "25000000"),
        ("Район", "25655000"),
        ("Село", "25655101"),
        ("Улица", "25655101001"),
        ("Соседи", "25655102"),
        ("Далеко", "25701000"),
    ] {
        offer(&world, &director, &organization, json!({"name": name, "territory": territory})).expect(201);
    }
    let found = |query: &str| {
        let page = world.get(&director, &format!("/service-offers?{query}")).expect(200);
        let mut all: Vec<String> =
            page.items().iter().map(|it| it["name"].as_str().expect("a name").to_owned()).collect();
        all.sort();
        all
    };
    assert_eq!(found("place=25655101001"), ["Область", "Район", "Село", "Улица"]);
    assert_eq!(found("place=25655101"), ["Область", "Район", "Село", "Улица"]);
    assert_eq!(found("place=25655000"), ["Область", "Район", "Село", "Соседи", "Улица"]);
    assert_eq!(found("place=25656101"), ["Область"]);
    assert_eq!(found("place=25655102&kind=legal"), ["Область", "Район", "Соседи"]);
    assert!(found("place=25655102&kind=urgent").is_empty() && found("place=x").is_empty());
    assert_eq!(found("territory=25655000"), ["Район", "Село", "Соседи", "Улица"], "a whole district");
}

#[test]
fn an_organization_enters_its_own_services_alone_and_a_mistake_leaves_the_list() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let (other, stranger) = world.institution("Другой центр");
    offer(&world, &director, &other, json!({})).refused(422, "field.reference");
    let specialist = world.staff("support_specialist", &organization);
    offer(&world, &specialist, &organization, json!({})).refused(403, "access.forbidden");
    let entered = offer(&world, &director, &organization, json!({})).expect(201);
    let path = format!("/service-offers/{}", entered.id());
    world.patch(&stranger, &path, &entered.etag(), json!({"free": false})).expect(403);
    let edited = world.patch(&director, &path, &entered.etag(), json!({"free": false})).expect(200);
    assert_eq!(edited.body["free"], false);
    world.patch(&director, &path, &entered.etag(), json!({"free": true})).refused(412, "version.stale");
    world.post(&stranger, &format!("{path}/annulment"), json!({"reason": "Чужая."})).expect(403);
    world.post(&director, &format!("{path}/annulment"), json!({"reason": "Ошибка."})).expect(200);
    assert!(world.get(&stranger, "/service-offers").expect(200).items().is_empty());
    assert_eq!(world.get(&stranger, "/service-offers?annulled=true").expect(200).items().len(), 1);
}

#[test]
fn a_service_that_is_offered_no_more_leaves_the_directory_and_a_filter_shows_it() {
    let mut world = World::new();
    let (organization, director) = world.institution("Центр");
    let last = json!({"name": "Лагерь", "starts_on": world.day(-30), "ends_on": world.day(0)});
    let ending = offer(&world, &director, &organization, last).expect(201).id();
    let lasting = offer(&world, &director, &organization, json!({})).expect(201).id();
    let ids = |world: &World, who: &Account, query: &str| {
        let page = world.get(who, &format!("/service-offers{query}")).expect(200);
        page.ids()
    };
    assert_eq!(ids(&world, &director, ""), [lasting.clone(), ending.clone()]);
    assert!(ids(&world, &director, "?ended=true").is_empty());
    world.advance_days(1);
    let director = world.again(&director);
    assert_eq!(ids(&world, &director, ""), std::slice::from_ref(&lasting));
    assert_eq!(ids(&world, &director, "?ended=true&kind=legal"), std::slice::from_ref(&ending));
    assert_eq!(ids(&world, &director, "?ended=false"), [lasting]);
    world.get(&director, &format!("/service-offers/{ending}")).expect(200);
    world.get(&director, "/service-offers?ended=perhaps").expect(400);
}

#[test]
fn ages_and_days_of_a_service_are_in_their_order() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let wrong = json!({"age_from": 18, "age_to": 14, "ends_on": world.day(-1)});
    let refused = offer(&world, &director, &organization, wrong).expect(422);
    assert_eq!(refused.codes(), ["service_offer.ages", "service_offer.ends_early"]);
    offer(&world, &director, &organization, json!({"age_from": 121})).refused(422, "field.range");
    offer(&world, &director, &organization, json!({"kind": "magic"})).expect(422);
    offer(&world, &director, &organization, json!({"age_from": 14, "age_to": 14, "ends_on": world.day(0)}))
        .expect(201);
}
