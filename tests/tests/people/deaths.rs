//! The death of a person: recorded with a document, ends what runs, and is annulled where it was recorded by mistake.
use serde_json::{Value, json};
use tests::{Account, World};

fn state(world: &World, who: &Account, mentorship: &str) -> Value {
    world.get(who, &format!("/mentorships/{mentorship}")).expect(200).body
}

#[test]
fn a_death_is_recorded_once_between_birth_and_today() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let person = world.person(&director, json!({}));
    let order = |on: &str| json!({"died_on": on, "document": "Свидетельство"});
    let path = format!("/people/{person}/death");
    for on in [world.day(1), "2010-04-16".to_owned()] {
        world.post(&director, &path, order(&on)).refused(422, "person.death_date");
    }
    world.post(&director, &path, json!({"died_on": world.day(0)})).refused(422, "field.missing");
    let dead = world.die(&director, &person, -3).expect(200);
    assert_eq!(dead.body["death"]["died_on"], world.day(-3));
    assert_eq!(dead.body["version"], 2);
    world.die(&director, &person, 0).refused(409, "person.dead");
    let later = json!({"birth_date": world.day(-1)});
    let person = format!("/people/{person}");
    world.patch(&director, &person, &dead.etag(), later).refused(422, "person.death_date");
    let history = world.get(&director, &format!("{person}/history")).expect(200);
    assert_eq!(history.items()[0]["kind"], "person.died");
}

#[test]
fn what_runs_with_a_recipient_ends_with_the_recipient() {
    let world = World::new();
    let pair = world.pair();
    let case = world.case(&pair.director, &pair.organization, &pair.beneficiary);
    let id = world.active(&pair);
    let planned = world.meeting(&pair.director, &id, 48);
    world.die(&pair.director, &pair.person, 0).expect(200);
    let ended = state(&world, &pair.director, &id);
    assert_eq!(
        (&ended["state"], &ended["termination"]["ground"]),
        (&json!("terminated"), &json!("recipient_died"))
    );
    let case = world.get(&pair.director, &format!("/cases/{case}")).expect(200);
    assert_eq!((&case.body["state"], &case.body["closing_reason"]), (&json!("closed"), &json!("died")));
    let meeting = world.get(&pair.director, &format!("/meetings/{planned}")).expect(200);
    assert_eq!(meeting.body["state"], "cancelled");
}

#[test]
fn a_plan_without_a_case_ends_with_the_person_and_none_is_opened_for_the_dead() {
    let world = World::new();
    let pair = world.pair();
    let (director, of) = (&pair.director, format!("/beneficiaries/{}/plans", pair.beneficiary));
    let case = world.case(director, &pair.organization, &pair.beneficiary);
    let life = world.plan(director, &pair.beneficiary, json!({"kind": "life_plan"}));
    let route = world.plan(director, &pair.beneficiary, json!({"kind": "route", "case_id": case}));
    world.die(director, &pair.person, 0).expect(200);
    for (plan, reason) in [(&life, "died"), (&route, "case_closed")] {
        let ended = world.get(director, &format!("/plans/{plan}")).expect(200);
        assert_eq!((&ended.body["state"], &ended.body["end_reason"]), (&json!("ended"), &json!(reason)));
        assert_eq!(ended.body["ended_on"], world.day(0));
    }
    world.post(director, &of, json!({"kind": "education_route"})).refused(409, "person.dead");
}

#[test]
fn a_plan_ends_on_the_day_of_death_and_not_before_its_opening() {
    let mut world = World::new();
    let pair = world.pair();
    let before = world.plan(&pair.director, &pair.beneficiary, json!({"kind": "life_plan"}));
    world.advance_days(5);
    let director = world.again(&pair.director);
    let after = world.plan(&director, &pair.beneficiary, json!({"kind": "education_route"}));
    world.die(&director, &pair.person, -2).expect(200);
    for (plan, last) in [(&before, -2), (&after, 0)] {
        let ended = world.get(&director, &format!("/plans/{plan}")).expect(200);
        assert_eq!(ended.body["ended_on"], world.day(last));
    }
}

#[test]
fn the_card_of_the_dead_tells_why_neither_a_plan_nor_an_enrolment_begins() {
    let world = World::new();
    let pair = world.pair();
    let card = format!("/beneficiaries/{}", pair.beneficiary);
    let blocked = |action: &str| {
        let card = world.get(&pair.director, &card).expect(200);
        card.action(action).expect("the action")["blocked_by"].clone()
    };
    assert_eq!([blocked("open_plan"), blocked("enrol")], [json!([]), json!([])]);
    world.die(&pair.director, &pair.person, 0).expect(200);
    assert_eq!([blocked("open_plan"), blocked("enrol")], [json!(["person.dead"]), json!(["person.dead"])]);
    assert_eq!(blocked("start_assessment"), json!([]), "one of a day before is still entered");
}

#[test]
fn the_death_of_a_mentor_is_a_ground_of_replacement_and_the_recipient_waits_again() {
    let world = World::new();
    let pair = world.pair();
    let id = world.active(&pair);
    world.die(&pair.director, &pair.mentor_person, 0).expect(200);
    let ended = state(&world, &pair.director, &id);
    assert_eq!(
        (&ended["state"], &ended["replacement"]["ground"]),
        (&json!("replaced"), &json!("mentor_died"))
    );
    let next = world.another_mentor(&pair);
    let mut order = world.proposal(&pair);
    order["mentor_id"] = json!(next);
    order["replaces_id"] = json!(id);
    world.post(&pair.director, "/mentorships", order).expect(201);
}

#[test]
fn what_has_not_begun_with_the_dead_is_declined() {
    let world = World::new();
    let pair = world.pair();
    let id = world.accepted(&pair);
    world.die(&pair.director, &pair.person, 0).expect(200);
    let ended = state(&world, &pair.director, &id);
    assert_eq!((&ended["state"], &ended["declined"]["reason"]), (&json!("declined"), &json!("died")));
}

#[test]
fn nothing_new_begins_with_the_dead() {
    let world = World::new();
    let pair = world.pair();
    world.die(&pair.director, &pair.person, 0).expect(200);
    world.die(&pair.director, &pair.mentor_person, 0).expect(200);
    let told = world.post(&pair.director, "/mentorships", world.proposal(&pair)).refused(409, "person.dead");
    let pointers: Vec<&Value> =
        told.body["errors"].as_array().expect("errors").iter().map(|it| &it["pointer"]).collect();
    assert_eq!(pointers[..2], [&json!("/beneficiary_id"), &json!("/mentor_id")]);
    let case = json!({"beneficiary_id": pair.beneficiary, "organization_id": pair.organization, "opened_on": world.day(-1)});
    world.post(&pair.director, "/cases", case).refused(409, "person.dead");
    let other = world.person(&pair.director, json!({}));
    world.die(&pair.director, &other, 0).expect(200);
    let form = json!({"kind": "person", "person_id": other, "category": "without_parental_care", "organization_id": pair.organization, "territory": "25655000"});
    world.post(&pair.director, "/beneficiaries", form).refused(409, "person.dead");
    let candidate = world.application_form(&pair.director, &other, &pair.organization, &world.ngo("Забота"));
    world.post(&pair.director, "/mentor-applications", candidate).refused(409, "person.dead");
}

#[test]
fn the_waiting_list_and_rounds_forget_the_dead() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let (child, beneficiary) = world.waits(&stage, 10, json!({}));
    let (mentor_person, mentor) = world.helps(&stage, json!({}));
    let waiting = || {
        let path = format!("/waiting-list?program_id={}", stage.program);
        let all = world.get(&stage.director, &path).expect(200);
        all.items().iter().any(|it| it["beneficiary_id"] == json!(beneficiary))
    };
    assert!(waiting());
    let dead = world.die(&stage.director, &mentor_person, 0).expect(200);
    let round = world.round(&stage, json!({})).id();
    assert_eq!(world.mate(&stage.director, &round, &beneficiary), None);
    let annulment = json!({"reason": "Однофамилец."});
    let path = format!("/people/{mentor_person}/death/annulment");
    assert_eq!(dead.body["version"], 2);
    world.post(&stage.director, &path, annulment).expect(200);
    let round = world.round(&stage, json!({})).id();
    assert_eq!(world.mate(&stage.director, &round, &beneficiary), Some(mentor));
    world.die(&stage.director, &child, 0).expect(200);
    assert!(!waiting());
}

#[test]
fn a_death_recorded_by_mistake_is_annulled_with_a_reason() {
    let world = World::new();
    let pair = world.pair();
    let id = world.active(&pair);
    let path = format!("/people/{}/death/annulment", pair.person);
    let annulment = json!({"reason": "Однофамилец."});
    world.post(&pair.director, &path, annulment.clone()).refused(409, "person.alive");
    world.die(&pair.director, &pair.person, 0).expect(200);
    world.post(&pair.director, &path, json!({})).refused(422, "field.missing");
    let alive = world.post(&pair.director, &path, annulment).expect(200);
    assert_eq!(alive.body["death"], Value::Null);
    assert_eq!(state(&world, &pair.director, &id)["state"], "terminated", "nothing is revived");
    world.post(&pair.director, "/mentorships", world.proposal(&pair)).expect(201);
}

#[test]
fn no_case_is_closed_by_a_death_that_is_not_on_record() {
    let world = World::new();
    let pair = world.pair();
    let case = world.case(&pair.director, &pair.organization, &pair.beneficiary);
    let order = json!({"closed_on": world.day(0), "reason": "died"});
    let told = world.post(&pair.director, &format!("/cases/{case}/closing"), order);
    assert_eq!(told.refused(409, "case.nobody_died").body["errors"][0]["pointer"], "/reason");
}

#[test]
fn a_case_lasts_until_the_last_day_of_its_mentorship() {
    let world = World::new();
    let pair = world.pair();
    let case = world.case(&pair.director, &pair.organization, &pair.beneficiary);
    let id = world.active(&pair);
    let ending = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    world.step(&pair.director, &id, "termination", ending).expect(200);
    let close = |day: i64| {
        let order = json!({"closed_on": world.day(day), "reason": "moved"});
        world.post(&pair.director, &format!("/cases/{case}/closing"), order)
    };
    let told = close(-1).refused(409, "case.mentorship_lasted");
    assert_eq!(told.body["errors"][0]["params"][0], json!({"name": "not_before", "value": world.day(0)}));
    close(0).expect(200);
}

#[test]
fn a_death_closes_the_account_of_the_person_and_its_annulment_leaves_it_closed() {
    let world = World::new();
    let pair = world.pair();
    let mentor = world.account("mentor.dead", json!([{"role": "mentor"}]), Some(&pair.mentor_person));
    world.get(&mentor, "/me").expect(200);
    let path = format!("/people/{}", pair.mentor_person);
    world.die(&pair.director, &pair.mentor_person, 0).expect(200);
    crate::region::identity::within_a_second(&world, &mentor, "/me", 401);
    let login = json!({"login": "mentor.dead", "password": tests::PASSWORD});
    let attempt = || world.ask("POST", "/api/v1/auth/login").json(&login).send();
    attempt().refused(401, "session.credentials");
    assert_eq!(world.fact("user.closed_by_death"), mentor.id);
    let account = format!("/users/{}", mentor.id);
    let etag = world.get(&world.admin(), &account).etag();
    let opening = world.patch(&world.admin(), &account, &etag, json!({"active": true}));
    assert_eq!(opening.refused(409, "person.dead").body["errors"][0]["pointer"], "/active");
    world.patch(&world.admin(), &account, &etag, json!({"name": "Учётная запись умершего"})).expect(200);
    let another = json!({"login": "mentor.again", "name": "Ещё одна", "person_id": pair.mentor_person,
        "grants": [{"role": "mentor"}], "password": tests::PASSWORD});
    world.post(&world.admin(), "/users", another).refused(409, "person.dead");
    let reason = json!({"reason": "Внесено не тому человеку."});
    world.post(&pair.director, &format!("{path}/death/annulment"), reason).expect(200);
    attempt().refused(401, "session.credentials");
    // The way back is an administrator's.
    world.edit(&world.admin(), &account, json!({"active": true})).expect(200);
    attempt().expect(200);
    world.get(&mentor, "/me").expect(401);
}
