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
    let (world, pair) = World::paired();
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
    let (world, pair) = World::paired();
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
    let (mut world, pair) = World::paired();
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
    let (world, pair) = World::paired();
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
    let (world, pair, id) = World::mentoring();
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
    let (world, pair) = World::paired();
    let id = world.accepted(&pair);
    world.die(&pair.director, &pair.person, 0).expect(200);
    let ended = state(&world, &pair.director, &id);
    assert_eq!((&ended["state"], &ended["declined"]["reason"]), (&json!("declined"), &json!("died")));
}

#[test]
fn nothing_new_begins_with_the_dead() {
    let (world, pair) = World::paired();
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
    let (world, pair, id) = World::mentoring();
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
    let (world, pair) = World::paired();
    let case = world.case(&pair.director, &pair.organization, &pair.beneficiary);
    let order = json!({"closed_on": world.day(0), "reason": "died"});
    let told = world.post(&pair.director, &format!("/cases/{case}/closing"), order);
    assert_eq!(told.refused(409, "case.nobody_died").body["errors"][0]["pointer"], "/reason");
}

#[test]
fn a_case_lasts_until_the_last_day_of_its_mentorship() {
    let (world, pair) = World::paired();
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
    let (world, pair) = World::paired();
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

#[test]
fn an_application_ends_with_its_candidate_and_a_dead_mentor_is_not_eligible() {
    let (world, pair) = World::paired();
    let (director, ngo) = (&pair.director, world.ngo("Забота"));
    let (first, second) = (world.resident(director), world.resident(director));
    let submitted = world.submitted(director, &first, &pair.organization, &ngo).id();
    let draft = world.draft(director, &second, &pair.organization, &ngo).id();
    let waits = || {
        let desk = world.get(director, "/me/agenda").expect(200);
        let part = desk.body["applications_to_decide"].as_array().expect("a part");
        part.iter().any(|it| it["id"] == json!(submitted))
    };
    assert!(waits());
    world.die(director, &first, -1).expect(200);
    world.die(director, &second, 0).expect(200);
    assert!(!waits());
    for id in [&submitted, &draft] {
        let path = format!("/mentor-applications/{id}");
        let ended = world.get(director, &path).expect(200);
        let told = (&ended.body["state"], &ended.body["withdrawn_on"]);
        assert_eq!(told, (&json!("withdrawn"), &json!(world.day(0))));
        let history = world.get(director, &format!("{path}/history")).expect(200);
        assert_eq!(history.items()[0]["kind"], "application.ended_by_death");
        let approval = json!({"kind": "approve"});
        world.post(director, &format!("{path}/decision"), approval).refused(409, "application.not_submitted");
    }
    let screened = world.get(director, &format!("/mentor-applications/{submitted}/screening")).expect(200);
    assert_eq!(screened.body["findings"][0]["code"], "person.dead");
    let eligible = || {
        let path =
            format!("/mentors/{}/eligibility?program_id={}&on={}", pair.mentor, pair.program, world.day(0));
        world.get(director, &path).expect(200).body
    };
    assert_eq!(eligible()["eligible"], json!(true));
    world.die(director, &pair.mentor_person, 0).expect(200);
    assert_eq!(
        (&eligible()["eligible"], &eligible()["findings"][0]["code"]),
        (&json!(false), &json!("person.dead"))
    );
}

#[test]
fn work_lists_forget_a_mentor_who_died() {
    let (world, pair) = World::paired();
    let mentor = format!("/mentors/{}", pair.mentor);
    let mut documents = world.get(&pair.director, &mentor).expect(200).body["documents"].clone();
    documents[0]["valid_until"] = json!(world.day(10));
    world.edit(&pair.director, &mentor, json!({"documents": documents})).expect(200);
    let ground = json!({"arisen_on": world.day(-3), "text": "Не пришёл."});
    world.post(&pair.director, &format!("{mentor}/removal-grounds"), ground).expect(201);
    let listed = || {
        let desk = world.get(&pair.director, "/me/agenda").expect(200);
        let of = |part: &str| desk.body[part].as_array().expect("a part").len();
        let expiring = world.get(&pair.director, "/mentors?documents_expire_within_days=30").expect(200);
        (of("mentors_expiring"), of("removal_grounds_open"), expiring.items().len())
    };
    assert_eq!(listed(), (1, 1, 1));
    world.die(&pair.director, &pair.mentor_person, 0).expect(200);
    assert_eq!(listed(), (0, 0, 0));
    let grounds = world.get(&pair.director, &format!("{mentor}/removal-grounds")).expect(200);
    assert_eq!(grounds.items().len(), 1, "what is on record stays there");
}

#[test]
fn the_dead_take_part_in_nothing_new() {
    let (world, pair) = World::paired();
    let (director, of) = (&pair.director, &pair.organization);
    let mother = world.person(director, json!({"birth_date": "1985-01-01"}));
    let family = world.family(director, &[&mother]);
    let event = |days: i64| {
        let form = json!({"organization_id": of, "title": "Встреча", "kind": "lecture", "level": "municipal", "online": false,
            "starts_on": world.day(days), "audiences": ["minors"], "registration": "by_staff"});
        world.post(director, "/events", form).expect(201).id()
    };
    let (before, after) = (event(-5), event(5));
    for person in [&mother, &pair.person, &pair.mentor_person] {
        world.die(director, person, -2).expect(200);
    }
    let dead = |path: &str, form: Value, pointers: &[&str]| {
        let told = world.post(director, path, form).refused(409, "person.dead");
        assert_eq!(told.pointers(), pointers, "{path}");
    };
    let enters = |event: &str| json!({"event_id": event, "person_id": pair.person, "audience": "minors"});
    dead("/event-participants", enters(&after), &["/person_id"]);
    world.post(director, "/event-participants", enters(&before)).expect(201);
    let activity = |days: i64| {
        json!({"program_id": pair.program, "organization_id": of, "name": "Поход", "held_on": world.day(days),
            "mentor_ids": [pair.mentor], "beneficiary_ids": [pair.beneficiary]})
    };
    dead("/joint-activities", activity(0), &["/mentor_ids/0", "/beneficiary_ids/0"]);
    let held = world.post(director, "/joint-activities", activity(-2)).expect(201);
    let path = format!("/joint-activities/{}", held.id());
    world.edit(director, &path, json!({"place": "Лес"})).expect(200);
    world.edit(director, &path, json!({"held_on": world.day(-1)})).refused(409, "person.dead");
    let form = json!({"kind": "family", "family_id": family, "category": "hardship_family", "organization_id": of, "territory": "25655000"});
    dead("/beneficiaries", form, &["/family_id"]);
    let request = json!({"source": "neighbour", "person_id": pair.person, "territory": "25655000", "urgency": "week", "text": "Нет дров."});
    dead("/intake-requests", request, &["/person_id"]);
}

#[test]
fn hours_and_trainings_lie_within_a_life() {
    let (world, pair) = World::paired();
    let (director, of) = (&pair.director, &pair.organization);
    let form = json!({"organization_id": of, "title": "Встреча", "kind": "lecture", "level": "municipal", "online": false,
        "starts_on": world.day(-5), "ends_on": world.day(-1), "audiences": ["minors"], "registration": "none"});
    let event = format!("/events/{}", world.post(director, "/events", form).expect(201).id());
    world.post(director, &format!("{event}/holding"), json!({"held_on": world.day(-5)})).expect(200);
    world.die(director, &pair.mentor_person, -3).expect(200);
    let works = |days: i64| {
        let form = json!({"person_id": pair.mentor_person, "worked_on": world.day(days), "minutes": 60});
        world.post(director, &format!("{event}/volunteer-work"), form)
    };
    let learns = |days: i64| {
        let form = json!({"organization_id": of, "person_id": pair.mentor_person, "name": "Тьюторство", "provider": "Институт",
            "kind": "tutor", "hours": 72, "ended_on": world.day(days)});
        world.post(director, "/specialist-trainings", form)
    };
    assert_eq!(works(-2).refused(422, "life.after_death").pointers(), ["/worked_on"]);
    assert_eq!(learns(-2).refused(422, "life.after_death").pointers(), ["/ended_on"]);
    works(-5).expect(201);
    learns(-3).expect(201);
}
