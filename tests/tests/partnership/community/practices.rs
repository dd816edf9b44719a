//! Practices with their replications, publications, trainings of specialists.
use serde_json::{Value, json};
use tests::{Account, Reply, World, with};

fn practice(world: &World, who: &Account, organization: &str, members: Value) -> Reply {
    let form = json!({"name": "Персональное сопровождение", "organization_id": organization, "technology": "mentoring",
        "audiences": ["care_leavers"], "about": "Один наставник — один выпускник.", "stage": "active", "evidence": "piloted"});
    world.post(who, "/practices", with(form, &members))
}

#[test]
fn evidence_above_a_pilot_is_shown_by_a_file() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let bare = practice(&world, &director, &organization, json!({"evidence": "measured"}));
    bare.refused(422, "practice.evidence");
    let file = world.file(&director, "other");
    let shown = json!({"evidence": "measured", "file_ids": [file]});
    let measured = practice(&world, &director, &organization, shown).expect(201);
    let path = format!("/practices/{}", measured.id());
    world
        .patch(&director, &path, &measured.etag(), json!({"file_ids": []}))
        .refused(422, "practice.evidence");
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    assert_eq!(
        world.get(&analyst, "/practices?evidence=measured,compared").expect(200).ids(),
        [measured.id()]
    );
    practice(&world, &analyst, &organization, json!({})).expect(403);
}

#[test]
fn a_practice_is_replicated_by_organizations_and_by_ten_regions() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let adopter = world.ngo("Доброе дело");
    let list =
        format!("/practices/{}/replications", practice(&world, &director, &organization, json!({})).id());
    let replication =
        |members: Value| world.post(&director, &list, with(json!({"started_on": "2017-03-01"}), &members));
    for n in 0..10 {
        replication(json!({"region": format!("Область {n}")})).expect(201);
    }
    replication(json!({"adopter_id": adopter, "started_on": "1997-05-01"})).expect(201);
    // Experience is passed on by a circle, too (003 L57).
    let circle = json!({"title": "Круг «Ресоциализация»", "kind": "thematic_circle", "organization_id": organization, "level": "regional",
        "online": false, "starts_on": "2015-08-20", "audiences": ["specialists"], "registration": "none"});
    let circle = world.post(&director, "/events", circle).expect(201).id();
    let passed_on = replication(json!({"adopter": "Центр «Надежда»", "event_id": circle})).expect(201);
    assert_eq!(passed_on.body["event_name"], "Круг «Ресоциализация»");
    replication(json!({"adopter": "Центр «Надежда»", "event_id": adopter})).refused(422, "field.reference");
    replication(json!({})).refused(422, "field.missing");
    replication(json!({"region": "Область", "ended_on": "2017-02-28"}))
        .refused(422, "replication.ends_early");
    assert_eq!(world.get(&director, &list).expect(200).items().len(), 12);
    assert_eq!(world.get(&director, &format!("{list}?adopter_id={adopter}")).expect(200).items().len(), 1);
}

#[test]
fn a_publication_has_one_year_and_materials_are_found_by_kind_and_topic() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let enter = |members: Value| {
        let form = json!({"title": "Сборник практик", "kind": "collection", "organization_id": organization, "year": 2015});
        world.post(&director, "/publications", with(form, &members))
    };
    enter(json!({})).expect(201);
    enter(json!({"published_on": "2016-01-01"})).refused(422, "publication.other_year");
    enter(json!({"link": "javascript:alert(1)"})).refused(422, "field.format");
    let leaflet = json!({"kind": "leaflet", "title": "Стань наставником", "circulation": 300, "topic": "recruitment",
        "valid_until": world.day(0)});
    let leaflet = enter(leaflet).expect(201).id();
    let found = |query: &str| world.get(&director, &format!("/publications{query}")).expect(200).ids();
    assert_eq!(found("?kind=leaflet,booklet"), std::slice::from_ref(&leaflet));
    assert_eq!(found("?topic=recruitment"), [leaflet]);
    assert_eq!(found("").len(), 2);
}

#[test]
fn trainings_of_specialists_are_read_inside_the_organization_alone() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let (_, stranger) = world.institution("Другой центр");
    let specialist = world.staff("support_specialist", &organization);
    let form = json!({"organization_id": organization, "user_id": specialist.id, "name": "Школа тьютора", "provider": "Институт",
        "kind": "tutor", "hours": 36, "ended_on": "2025-10-01"});
    let entered = world.post(&specialist, "/specialist-trainings", form.clone()).expect(201);
    let mut nobodys = form.clone();
    nobodys.as_object_mut().expect("a form").remove("user_id");
    world.post(&director, "/specialist-trainings", nobodys).refused(422, "field.missing");
    world
        .post(&director, "/specialist-trainings", with(form, &json!({"hours": 1001})))
        .refused(422, "field.range");
    let path = format!("/specialist-trainings/{}", entered.id());
    world.get(&stranger, &path).expect(404);
    assert!(world.get(&stranger, "/specialist-trainings").expect(200).items().is_empty());
    assert_eq!(
        world.get(&world.admin(), "/specialist-trainings?kind=tutor").expect(200).ids(),
        [entered.id()]
    );
    world.get(&world.account("analyst", json!([{"role": "analyst"}]), None), &path).expect(404);
}
