//! Figures of the partnership that are computed: the capacity of an organization, and the three levels of partnership.
use serde_json::{Value, json};
use tests::{Account, World};

fn event(world: &World, who: &Account, organization: &str, kind: &str, technology: &str) -> String {
    let form = json!({"title": "Встреча", "kind": kind, "organization_id": organization, "level": "municipal", "online": false,
        "starts_on": world.day(-5), "technologies": [technology], "audiences": ["minors"], "registration": "none"});
    let event = world.post(who, "/events", form).expect(201).id();
    let holding =
        json!({"held_on": world.day(-5), "minutes": 60, "counts": [{"audience": "minors", "people": 16}]});
    world.post(who, &format!("/events/{event}/holding"), holding).expect(200);
    event
}

fn project(world: &World, who: &Account, organization: &str) -> String {
    let form = json!({"title": "Здоровым духом и бездомный богат", "organization_id": organization, "goal": "Труд и близкие.",
        "target_groups": ["homeless"], "technologies": ["peer_outreach"], "level": "municipal", "starts_on": "2015-12-01", "ends_on": "2016-12-31",
        "grant_funder": "Фонд", "grant_amount": "350000.00", "own_share": "20000.00"});
    let project = world.post(who, "/projects", form).expect(201).id();
    world.post(who, &format!("/projects/{project}/start"), json!({"started_on": "2015-12-01"})).expect(200);
    project
}

#[test]
fn an_organization_tells_its_capacity_by_technologies_trainings_mentors_agreements_and_grants() {
    let world = World::new();
    let (home, director) = world.institution("Центр");
    let empty = world.get(&director, &format!("/organizations/{home}/capacity")).expect(200).body;
    assert_eq!((&empty["works"], empty.get("gift_entertainment_percent")), (&json!(0), None));
    assert_eq!(empty["granted"], json!("0.00"));
    event(&world, &director, &home, "lecture", "peer_outreach");
    event(&world, &director, &home, "concert", "gift_entertainment");
    let annulled = event(&world, &director, &home, "concert", "gift_entertainment");
    world.post(&director, &format!("/events/{annulled}/annulment"), json!({"reason": "Дважды."})).expect(200);
    project(&world, &director, &home);
    let training = json!({"organization_id": home, "user_id": director.id, "name": "Социальные технологии", "provider": "Институт", "kind": "course",
        "hours": 72, "ended_on": world.day(-30)});
    world.post(&director, "/specialist-trainings", training).expect(201);
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    let told = world.get(&analyst, &format!("/organizations/{home}/capacity")).expect(200).body;
    let expected = json!([{"technology": "peer_outreach", "works": 2}, {"technology": "gift_entertainment", "works": 1}]);
    assert_eq!(told["technologies"], expected);
    assert_eq!((&told["works"], &told["gift_entertainment_percent"]), (&json!(3), &json!(33)));
    assert_eq!(
        (&told["trainings"], &told["mentors"], &told["volunteer_hours"]),
        (&json!(1), &json!(0), &json!(0))
    );
    assert_eq!((&told["grants"], &told["granted"]), (&json!(1), &json!("350000.00")));
    assert_eq!(told["organization_name"], json!("Центр"));
    world
        .get(&analyst, "/organizations/01980000-0000-7000-8000-000000000001/capacity")
        .refused(404, "request.not_found");
}

#[test]
fn each_level_of_partnership_tells_what_there_is_on_it() {
    let world = World::new();
    let (home, director) = world.institution("Центр");
    let (_, partner) = world.institution("Партнёр");
    let count = |level: usize, figure: &str| {
        let body = world.get(&partner, "/partnership/levels").expect(200).body;
        let figures: Vec<Value> = body["levels"][level]["figures"].as_array().expect("figures").clone();
        figures.into_iter().find(|it| it["figure"] == figure).map(|it| it["count"].clone())
    };
    assert_eq!(count(0, "events"), None);
    event(&world, &director, &home, "pedagogical_readings", "mentoring");
    event(&world, &director, &home, "seminar", "mentoring");
    event(&world, &director, &home, "seminar", "mentoring");
    event(&world, &director, &home, "excursion", "mentoring");
    project(&world, &director, &home);
    let club = json!({"name": "Клуб", "kind": "mentors", "organization_id": home, "host_id": home, "opened_on": "2017-01-01"});
    world.post(&director, "/clubs", club).expect(201);
    assert_eq!(
        (0..3).map(|it| count(it, "events")).collect::<Vec<_>>(),
        [Some(json!(1)), Some(json!(2)), Some(json!(1))]
    );
    assert_eq!((count(0, "projects"), count(2, "clubs")), (Some(json!(1)), Some(json!(1))));
    assert_eq!((count(1, "agreements"), count(2, "agreements")), (None, None));
}
