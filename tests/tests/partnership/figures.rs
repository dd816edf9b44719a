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

fn agreement(world: &World, who: &Account, organization: &str) {
    let (other, _) = world.institution("Партнёр");
    let parties = json!([{"organization_id": organization, "role": "institution"}, {"organization_id": other, "role": "partner"}]);
    let form = json!({"organization_id": organization, "title": "О сотрудничестве", "subject": "Наставничество.", "sphere": "mentoring",
        "partnership_level": "service", "parties": parties, "audiences": ["minors"], "activities": ["seminar"]});
    let agreement = world.post(who, "/agreements", form).expect(201).id();
    let signing = json!({"number": "17", "signed_on": world.day(-5), "starts_on": world.day(-5), "file_id": world.file(who, "agreement")});
    world.post(who, &format!("/agreements/{agreement}/signing"), signing).expect(200);
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
    agreement(&world, &director, &home);
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    let told = world.get(&analyst, &format!("/organizations/{home}/capacity")).expect(200).body;
    let expected = json!([{"technology": "peer_outreach", "works": 2}, {"technology": "gift_entertainment", "works": 1}]);
    assert_eq!(told["technologies"], expected);
    assert_eq!((&told["works"], &told["gift_entertainment_percent"]), (&json!(3), &json!(33)));
    assert_eq!((&told["mentors"], &told["volunteer_hours"]), (&json!(0), &json!(0)));
    assert_eq!(told["agreements_in_force"], json!(1));
    let own = world.get(&director, &format!("/organizations/{home}/capacity")).expect(200).body;
    assert_eq!((told.get("trainings"), &own["trainings"]), (None, &json!(1)), "that of one person");
    assert_eq!((&told["grants"], &told["granted"]), (&json!(1), &json!("350000.00")));
    assert_eq!(told["organization_name"], json!("Центр"));
    world
        .get(&analyst, "/organizations/01980000-0000-7000-8000-000000000001/capacity")
        .refused(404, "request.not_found");
}

#[test]
fn what_rests_on_fewer_than_five_people_is_told_inside_the_organization_alone() {
    let world = World::new();
    let (home, director) = world.institution("Центр");
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    let path = format!("/organizations/{home}/capacity");
    let told = |who: &Account| world.get(who, &path).expect(200).body;
    let (person, ngo) = (world.resident(&director), world.ngo("НКО «Рядом»"));
    world.mentor(&director, &person, &home, &ngo);
    let held = event(&world, &director, &home, "lecture", "volunteering");
    let work = || {
        let person = world.person(&director, json!({"birth_date": "1980-01-01"}));
        let form = json!({"person_id": person, "worked_on": world.day(-5), "minutes": 60});
        let id = world.post(&director, &format!("/events/{held}/volunteer-work"), form).expect(201).id();
        world.post(&director, &format!("/volunteer-work/{id}/confirmation"), json!({})).expect(200);
    };
    for _ in 0..4 {
        work();
    }
    let (hidden, own) = (told(&analyst), told(&director));
    assert_eq!((hidden.get("mentors"), hidden.get("volunteer_hours")), (None, None));
    assert_eq!((&own["mentors"], &own["volunteer_hours"]), (&json!(1), &json!(4)));
    assert_eq!(hidden["trainings"], json!(0), "none is no secret");
    work();
    assert_eq!(told(&analyst)["volunteer_hours"], json!(5));
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
    // What is to come, has ended or was retired is on no level today.
    let council = |days: i64| {
        let form = json!({"organization_id": home, "kind": "public", "name": "Совет", "level": "municipal", "quorum": "none",
            "decides_by": "consensus", "founded_on": world.day(days)});
        world.post(&director, "/councils", form).expect(201);
    };
    council(1);
    assert_eq!(count(0, "councils"), None);
    council(0);
    let practice = |stage: &str| {
        let form = json!({"name": "Практика", "organization_id": home, "technology": "mentoring", "audiences": ["care_leavers"],
            "about": "Один наставник сопровождает одного выпускника.", "stage": stage, "evidence": "described"});
        world.post(&director, "/practices", form).expect(201).id()
    };
    practice("retired");
    assert_eq!(count(1, "practices"), None);
    let replications = format!("/practices/{}/replications", practice("active"));
    for (from, until) in [(-9, Some(-1)), (1, None), (-9, None)] {
        let form = json!({"adopter": "Другой регион", "region": "Омская область", "started_on": world.day(from),
            "ended_on": until.map(|it| world.day(it))});
        world.post(&director, &replications, form).expect(201);
    }
    let told = (count(0, "councils"), count(1, "practices"), count(0, "replications"));
    assert_eq!(told, (Some(json!(1)), Some(json!(1)), Some(json!(1))));
    assert_eq!((count(1, "agreements"), count(2, "agreements")), (None, None));
}
