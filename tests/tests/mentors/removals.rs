//! Removal of mentors, its lifting, and the grounds for it (002 §3.9, §3.11.2).
use serde_json::{Value, json};
use tests::{Account, World};

fn removal(world: &World) -> Value {
    json!({"removed_on": world.day(0), "decree": {"number": "34-л", "date": world.day(0)}})
}
fn lifting(world: &World) -> Value {
    json!({"lifted_on": world.day(0), "decree": {"number": "58-л", "date": world.day(0)}})
}

#[test]
fn a_director_removes_a_mentor_and_everything_that_the_mentor_has_ends() {
    let (world, mut pair) = World::paired();
    let mentor = format!("/mentors/{}", pair.mentor);
    world.edit(&pair.director, &mentor, json!({"capacity": 3})).expect(200);
    let active = world.active(&pair);
    pair.program = world.plain_program("second", json!({}));
    let paused = world.active(&pair);
    world
        .step(&pair.director, &paused, "pause", json!({"paused_on": world.day(0), "reason": "other"}))
        .expect(200);
    pair.program = world.plain_program("third", json!({}));
    let proposed = world.proposed(&pair);
    let removed = world.post(&pair.director, &format!("{mentor}/removal"), removal(&world)).expect(200);
    assert_eq!(removed.body["removal"], removal(&world));
    for (id, state) in [(&active, "terminated"), (&paused, "terminated"), (&proposed, "declined")] {
        let card = world.get(&pair.director, &format!("/mentorships/{id}")).expect(200);
        assert_eq!(card.body["state"], state);
    }
    let card = world.get(&pair.director, &format!("/mentorships/{active}"));
    assert_eq!(
        (&card.body["termination"]["ground"], &card.body["termination"]["decree"]["number"]),
        (&json!("removed_by_director"), &json!("34-л"))
    );
    let card = world.get(&pair.director, &format!("/mentorships/{proposed}"));
    assert_eq!(card.body["declined"]["reason"], "mentor_removed");
    world.post(&pair.director, "/mentorships", world.proposal(&pair)).refused(409, "mentor.removed");
    world.post(&pair.director, &format!("{mentor}/removal"), removal(&world)).refused(409, "mentor.removed");
}

#[test]
fn only_the_director_who_approved_removes_by_an_order_of_a_day_that_has_come() {
    let (world, pair) = World::paired();
    let path = format!("/mentors/{}/removal", pair.mentor);
    let remove = |who: &Account, order: Value| world.post(who, &path, order);
    for role in ["unit_head", "support_specialist"] {
        remove(&world.staff(role, &pair.organization), removal(&world)).refused(403, "access.forbidden");
    }
    let (_, other) = world.institution("Другой центр");
    remove(&other, removal(&world)).refused(404, "request.not_found");
    let mut ahead = removal(&world);
    ahead["removed_on"] = json!(world.day(1));
    ahead["decree"]["date"] = json!(world.day(1));
    let told = remove(&pair.director, ahead).refused(422, "mentor.date_in_future");
    assert_eq!(told.codes().len(), 2, "everything at once");
    remove(&pair.director, json!({"removed_on": world.day(0)})).expect(422);
}

#[test]
fn a_removal_is_lifted_and_the_mentor_mentors_again() {
    let (world, pair) = World::paired();
    let mentor = format!("/mentors/{}", pair.mentor);
    let ended = world.active(&pair);
    let lift = |order: Value| world.post(&pair.director, &format!("{mentor}/removal-lifting"), order);
    let told = lift(lifting(&world)).refused(409, "mentor.not_removed");
    assert_eq!(told.body["rule"], "002 §3.11.2");
    world.post(&pair.director, &format!("{mentor}/removal"), removal(&world)).expect(200);
    let mut early = lifting(&world);
    early["lifted_on"] = json!(world.day(-1));
    lift(early).refused(422, "mentor.lifted_before_removed");
    let lifted = lift(lifting(&world)).expect(200);
    assert_eq!(lifted.body.get("removal"), None);
    let state = world.get(&pair.director, &format!("/mentorships/{ended}")).body["state"].clone();
    assert_eq!(state, "terminated", "what the removal ended stays ended");
    world.active(&pair);
    world.post(&pair.director, &format!("{mentor}/removal"), removal(&world)).expect(200);
    let kept = world.get(&pair.director, &format!("{mentor}/removals")).expect(200);
    assert_eq!(kept.items().len(), 2);
    assert_eq!(kept.items()[1]["lifting_decree"]["number"], "58-л");
    let page = world.get(&pair.director, &format!("{mentor}/removals?limit=1")).expect(200);
    let next = page.body["next_cursor"].as_str().unwrap();
    let rest = world.get(&pair.director, &format!("{mentor}/removals?limit=1&cursor={next}")).expect(200);
    assert_eq!(rest.items().len(), 1);
    let facts = world.get(&pair.director, &format!("{mentor}/history")).expect(200);
    let kinds: Vec<&str> = facts.items().iter().filter_map(|it| it["kind"].as_str()).take(3).collect();
    assert_eq!(kinds, ["mentor.removed", "mentor.removal_lifted", "mentor.removed"]);
}

#[test]
fn a_ground_is_reported_by_staff_and_decided_by_the_director() {
    let (world, pair) = World::paired();
    let specialist = world.staff("support_specialist", &pair.organization);
    let mentor = world.mentor_account("mentor", &pair);
    let path = format!("/mentors/{}/removal-grounds", pair.mentor);
    let form = json!({"arisen_on": world.day(0), "text": "Пришёл на встречу нетрезвым."});
    let mut ahead = form.clone();
    ahead["arisen_on"] = json!(world.day(1));
    world.post(&specialist, &path, ahead).refused(422, "mentor.date_in_future");
    world.post(&mentor, &path, form.clone()).refused(403, "access.forbidden");
    let one = world.post(&specialist, &path, form.clone()).expect(201);
    assert_eq!((&one.body["state"], &one.body["text"]), (&json!("open"), &form["text"]));
    let ground = format!("/removal-grounds/{}", one.id());
    world.get(&specialist, &ground).expect(200);
    assert_eq!(world.get(&mentor, &ground).status, 404, "not for the mentor");
    assert_eq!(world.get(&mentor, &path).status, 403, "nor the list of them");
    let why = json!({"text": "Не подтвердилось."});
    world.post(&specialist, &format!("{ground}/dismissal"), why.clone()).refused(403, "access.forbidden");
    let stale = world
        .ask("POST", &format!("/api/v1{ground}/dismissal"))
        .by(&pair.director)
        .header("if-match", "\"7\"");
    stale.json(&why).send().refused(412, "version.stale");
    let dismissed = world.post(&pair.director, &format!("{ground}/dismissal"), why.clone()).expect(200);
    assert_eq!(
        (&dismissed.body["state"], &dismissed.body["closing_text"]),
        (&json!("dismissed"), &why["text"])
    );
    world.post(&pair.director, &format!("{ground}/dismissal"), why).refused(409, "removal_ground.not_open");
    let second = world.post(&specialist, &path, form.clone()).expect(201).id();
    world.post(&pair.director, &format!("/mentors/{}/removal", pair.mentor), removal(&world)).expect(200);
    let upheld = world.get(&specialist, &format!("/removal-grounds/{second}")).expect(200);
    assert_eq!(upheld.body["state"], "upheld");
    assert_eq!(world.get(&specialist, &path).expect(200).items().len(), 2);
    world.post(&specialist, &path, form).refused(409, "mentor.removed");
}

#[test]
fn an_institution_that_a_mentor_represents_decides_nothing_about_the_mentor() {
    let world = World::new();
    let (organization, director) = world.institution("Центр помощи семье");
    let (ngo, their_director) = world.institution("Учреждение, которое представляет наставник");
    let person = world.resident(&director);
    let mut form = world.application_form(&director, &person, &organization, &ngo);
    form["program_id"] = json!(world.plain_program("any", json!({})));
    let application = world.post(&director, "/mentor-applications", form).expect(201).id();
    let path = format!("/mentor-applications/{application}");
    world.post(&director, &format!("{path}/submission"), json!({})).expect(200);
    let decided = world.post(&director, &format!("{path}/decision"), json!({"kind": "approve"})).expect(200);
    let mentor = format!("/mentors/{}", decided.body["mentor_id"].as_str().unwrap());
    world
        .post(&their_director, &format!("{mentor}/removal"), removal(&world))
        .refused(403, "access.not_yours");
    let ground = json!({"arisen_on": world.day(0), "text": "Жалоба."});
    let ground = world.post(&director, &format!("{mentor}/removal-grounds"), ground).expect(201).id();
    let dismissal = format!("/removal-grounds/{ground}/dismissal");
    world.post(&their_director, &dismissal, json!({"text": "Нет."})).refused(404, "request.not_found");
    let grounds = world.get(&their_director, &format!("{mentor}/removal-grounds"));
    assert_eq!(grounds.status, 403, "the mentor is seen, what is on record against the mentor is not");
}

#[test]
fn grounds_against_all_mentors_for_whom_one_answers_stand_in_one_list() {
    let (world, pair, other) = World::twice_paired();
    let open = |who: &Account, mentor: &str| {
        let form = json!({"arisen_on": world.day(0), "text": "Пропустил три встречи."});
        world.post(who, &format!("/mentors/{mentor}/removal-grounds"), form).expect(201).id()
    };
    let (own, foreign) = (open(&pair.director, &pair.mentor), open(&other.director, &other.mentor));
    let listed = |who: &Account, filter: &str| -> Vec<String> {
        let page = world.get(who, &format!("/removal-grounds?{filter}")).expect(200);
        page.ids()
    };
    assert_eq!(listed(&world.admin(), ""), [foreign.as_str(), own.as_str()]);
    assert_eq!(listed(&pair.director, ""), [own.as_str()]);
    assert_eq!(listed(&pair.director, &format!("from={}&to={}", world.day(0), world.day(0))), [own.as_str()]);
    assert!(listed(&pair.director, &format!("from={}", world.day(1))).is_empty());
    let about_me = world.director_and("both", &pair.organization, "mentor", &pair.mentor_person);
    assert!(listed(&about_me, "").is_empty(), "nobody reads what is held against them");
    let dismissal = json!({"text": "Болел."});
    world.post(&pair.director, &format!("/removal-grounds/{own}/dismissal"), dismissal).expect(200);
    assert!(listed(&pair.director, "state=open").is_empty());
    assert_eq!(listed(&pair.director, "state=dismissed"), [own]);
}
