//! Corrections: what was recorded of the past by mistake is annulled with a reason, and what follows from it follows.
use serde_json::{Value, json};
use tests::pairs::Pair;
use tests::{Account, Reply, World};

pub(super) fn annul(world: &World, who: &Account, path: &str) -> Reply {
    world.post(who, &format!("{path}/annulment"), json!({"reason": "Записано не той паре."}))
}
pub(super) fn card(world: &World, who: &Account, mentorship: &str) -> Value {
    world.get(who, &format!("/mentorships/{mentorship}")).expect(200).body
}

#[test]
fn a_meeting_of_another_pair_is_annulled_and_counts_no_more() {
    let (world, pair, id) = World::mentoring();
    world.held(&pair.director, &id, 3);
    let wrong = world.held(&pair.director, &id, 1);
    assert_eq!(card(&world, &pair.director, &id)["held_meetings"], 2);
    let path = format!("/meetings/{}", wrong.id());
    world.post(&pair.director, &format!("{path}/annulment"), json!({})).refused(422, "field.missing");
    let annulled = annul(&world, &pair.director, &path).expect(200);
    assert_eq!(annulled.body["annulment"]["reason"], "Записано не той паре.");
    assert_eq!(annulled.body["held"]["minutes"], 60, "it stays readable");
    assert_eq!(annulled.body["number"], Value::Null);
    assert_eq!(annulled.actions(), json!([]));
    assert_eq!(card(&world, &pair.director, &id)["held_meetings"], 1);
    let list = |query: &str| {
        let path = format!("/mentorships/{id}/meetings{query}");
        world.get(&pair.director, &path).expect(200).items().len()
    };
    assert_eq!((list(""), list("?annulled=true")), (1, 1));
    annul(&world, &pair.director, &path).refused(409, "entry.annulled");
    let rating = json!({"party": "recipient", "score": 5});
    world.post(&pair.director, &format!("{path}/ratings"), rating).refused(409, "entry.annulled");
    let history = world.get(&pair.director, &format!("{path}/history")).expect(200);
    assert_eq!(history.items()[0]["kind"], "meeting.annulled");
    // The time is free again for the right record.
    world.held(&pair.director, &id, 1);
}

#[test]
fn the_regularity_of_a_pair_follows_an_annulment() {
    let (world, pair, id) = World::mentoring();
    let before = card(&world, &pair.director, &id);
    let held = world.held(&pair.director, &id, 1);
    assert_eq!(card(&world, &pair.director, &id)["last_met_on"], world.day(0));
    annul(&world, &pair.director, &format!("/meetings/{}", held.id())).expect(200);
    let after = card(&world, &pair.director, &id);
    assert_eq!(
        (&after["last_met_on"], &after["meeting_due_on"]),
        (&before["last_met_on"], &before["meeting_due_on"])
    );
}

pub(super) fn completed(world: &World) -> (Pair, String, String) {
    let members = json!({"completion": {"kind": "meetings", "meetings": 2, "max_months": 12}});
    let pair = Pair { program: world.plain_program("two-meetings", members), ..world.pair() };
    let id = world.active(&pair);
    world.held(&pair.director, &id, 3);
    let last = world.held(&pair.director, &id, 1).id();
    assert_eq!(card(world, &pair.director, &id)["state"], "completed");
    (pair, id, format!("/meetings/{last}"))
}

#[test]
fn a_mentorship_that_the_meeting_completed_goes_on() {
    let world = World::new();
    let (pair, id, last) = completed(&world);
    annul(&world, &pair.director, &last).expect(200);
    let open = card(&world, &pair.director, &id);
    assert_eq!((&open["state"], &open["ended_on"]), (&json!("active"), &Value::Null));
    world.held(&pair.director, &id, 1);
    assert_eq!(card(&world, &pair.director, &id)["state"], "completed");
}

#[test]
fn what_rests_on_a_meeting_is_named() {
    let world = World::new();
    let (pair, _, last) = completed(&world);
    let next = world.proposed(&Pair { mentor: world.another_mentor(&pair), ..pair.clone() });
    let told = annul(&world, &pair.director, &last).refused(409, "entry.built_on");
    let params = &told.body["errors"][0]["params"];
    assert_eq!(*params, json!([{"name": "id", "value": next}, {"name": "kind", "value": "mentorship"}]));
}

#[test]
fn a_side_does_not_annul_and_nobody_does_after_ninety_days_but_an_administrator() {
    let (mut world, pair, id) = World::mentoring();
    let mentor = world.mentor_account("mentor.m", &pair);
    let path = format!("/meetings/{}", world.held(&mentor, &id, 1).id());
    annul(&world, &mentor, &path).refused(403, "access.forbidden");
    let both = world.director_and("director.m", &pair.organization, "mentor", &pair.mentor_person);
    annul(&world, &both, &path).refused(403, "access.own");
    world.advance_days(91);
    let director = world.again(&pair.director);
    annul(&world, &director, &path).refused(409, "entry.term");
    annul(&world, &world.again(&world.admin()), &path).expect(200);
}

#[test]
fn a_training_recorded_by_mistake_counts_for_no_program() {
    let (world, pair) = World::paired();
    let trainings = format!("/mentors/{}/trainings", pair.mentor);
    let training = world.get(&pair.director, &trainings).expect(200).items()[0].clone();
    let path = format!("/trainings/{}", training["id"].as_str().expect("an id"));
    let annulled = annul(&world, &pair.director, &path).expect(200);
    assert_eq!(annulled.body["annulment"]["reason"], "Записано не той паре.");
    assert!(world.get(&pair.director, &trainings).expect(200).items().is_empty());
    assert_eq!(world.get(&pair.director, &format!("{trainings}?annulled=true")).expect(200).items().len(), 1);
    let program =
        world.plain_program("taught", json!({"mentor": {"required_course_codes": ["mentor-basics"]}}));
    let mut order = world.proposal(&pair);
    order["program_id"] = json!(program);
    world.post(&pair.director, "/mentorships", order).refused(409, "mentor.training_missing");
    annul(&world, &pair.director, &path).refused(409, "entry.annulled");
}

#[test]
fn surveys_and_reports_made_by_mistake_leave_their_lists() {
    let (world, pair, id) = World::mentoring();
    for (kind, form) in [("surveys", world.survey()), ("mentor-reports", world.report())] {
        let made = world.step(&pair.director, &id, kind, form).expect(201).id();
        let path = format!("/{kind}/{made}");
        let annulled = annul(&world, &pair.director, &path).expect(200);
        assert_eq!(annulled.body["annulment"]["reason"], "Записано не той паре.", "{kind}");
        let list = |query: &str| {
            world.get(&pair.director, &format!("/mentorships/{id}/{kind}{query}")).expect(200).items().len()
        };
        assert_eq!((list(""), list("?annulled=true")), (0, 1), "{kind}");
        annul(&world, &pair.director, &path).refused(409, "entry.annulled");
    }
}

#[test]
fn a_group_meeting_recorded_by_mistake_counts_for_no_pair() {
    let mut world = World::new();
    let pair = world.family_pair();
    let id = world.active(&pair);
    let mentor = world.mentor_account("maria", &pair);
    let plan = json!({"planned_at": world.hour(-3), "method": "game", "game_topic": "conflict", "purpose": "leisure",
        "topic": "Игра", "mentorship_ids": [id]});
    let path =
        format!("/group-meetings/{}", world.post(&pair.director, "/group-meetings", plan).expect(201).id());
    annul(&world, &pair.director, &path).refused(409, "meeting.not_held");
    let before = card(&world, &pair.director, &id);
    let holding = json!({"began_at": world.hour(-3), "minutes": 60, "directions": ["d10"], "topic": "Игра",
        "attendance": [{"mentorship_id": id, "attended": true}]});
    world.post(&pair.director, &format!("{path}/holding"), holding.clone()).expect(200);
    assert_eq!(card(&world, &pair.director, &id)["last_met_on"], world.day(0));
    let seen = |who: &Account| world.get(who, &path).expect(200);
    assert!(seen(&mentor).action("annul").is_none(), "a side does not annul what is about itself");
    annul(&world, &mentor, &path).refused(403, "access.forbidden");
    assert_eq!(seen(&pair.director).action("annul").unwrap()["blocked_by"], json!([]));
    let annulled = annul(&world, &pair.director, &path).expect(200);
    assert_eq!(annulled.body["annulment"]["reason"], "Записано не той паре.");
    assert_eq!((&annulled.body["held"]["minutes"], annulled.actions()), (&json!(60), json!([])));
    let after = card(&world, &pair.director, &id);
    assert_eq!(
        (&after["last_met_on"], &after["meeting_due_on"]),
        (&before["last_met_on"], &before["meeting_due_on"])
    );
    annul(&world, &pair.director, &path).refused(409, "entry.annulled");
    let list =
        |query: &str| world.get(&pair.director, &format!("/group-meetings{query}")).expect(200).items().len();
    assert_eq!((list(""), list("?annulled=true")), (0, 1));
    let history = world.get(&pair.director, &format!("{path}/history")).expect(200);
    assert_eq!(history.items()[0]["kind"], "group_meeting.annulled");
    // The time is free again for the right record; after ninety days only the administrator annuls it.
    let plan = json!({"planned_at": world.hour(-3), "method": "game", "game_topic": "conflict", "purpose": "leisure",
        "topic": "Игра", "mentorship_ids": [id]});
    let again =
        format!("/group-meetings/{}", world.post(&pair.director, "/group-meetings", plan).expect(201).id());
    world.post(&pair.director, &format!("{again}/holding"), holding).expect(200);
    world.advance_days(91);
    let director = world.again(&pair.director);
    annul(&world, &director, &again).refused(409, "entry.term");
    annul(&world, &world.admin(), &again).expect(200);
}

/// A pair in a program of a year that may be extended twice, by a year.
fn extendable(world: &World) -> Pair {
    let members = json!({"extendable": true, "max_extension_months": 12, "max_extensions": 2});
    Pair { program: world.plain_program("extendable", members), ..world.pair() }
}
/// Extends the term up to that day, and returns the address of the extension.
fn extend(world: &World, who: &Account, id: &str, days: i64) -> String {
    let extended = world.step(who, id, "extensions", json!({"ends_on": world.day(days)})).expect(200);
    let last = extended.body["extensions"].as_array().expect("extensions").last().cloned();
    format!("/mentorships/{id}/extensions/{}", Reply::id_of(&last.expect("an extension")))
}
/// The kinds of the records that a refusal names.
pub(super) fn named(it: &Reply) -> Vec<(String, String)> {
    let of = |error: &Value, name: &str| {
        let params = error["params"].as_array().expect("params");
        params.iter().find(|it| it["name"] == name).expect(name)["value"].as_str().expect(name).to_owned()
    };
    let errors = it.body["errors"].as_array().expect("errors");
    errors.iter().map(|it| (of(it, "kind"), of(it, "id"))).collect()
}

#[test]
fn an_extension_recorded_by_mistake_gives_the_earlier_last_day_back() {
    let world = World::new();
    let pair = extendable(&world);
    let mentor = world.mentor_account("maria", &pair);
    let id = world.active(&pair);
    let (earlier, path) = (world.day(60), extend(&world, &pair.director, &id, 90));
    let before = world.get(&pair.director, &format!("/mentorships/{id}")).expect(200);
    let offered = &before.body["extensions"][0]["available_actions"][0];
    assert_eq!(offered["path"], format!("/api/v1{path}/annulment"));
    assert_eq!(offered["blocked_by"], json!([]));
    world.post(&pair.director, &format!("{path}/annulment"), json!({})).refused(422, "field.missing");
    annul(&world, &mentor, &path).refused(403, "access.forbidden");
    let of_nothing = format!("/mentorships/{id}/extensions/{id}");
    annul(&world, &pair.director, &of_nothing).expect(404);
    let order = json!({"reason": "Записано не той паре."});
    let once =
        || world.keyed_post(&pair.director, &format!("{path}/annulment"), "one-key-00000001", order.clone());
    let annulled = once().expect(200);
    assert_eq!(once().expect(200).body, annulled.body, "a repeated request is carried out once");
    let kept = &annulled.body["extensions"][0];
    assert_eq!((&annulled.body["ends_on"], &kept["ends_on"]), (&json!(earlier), &json!(world.day(90))));
    assert_eq!(kept["annulment"]["reason"], "Записано не той паре.");
    assert_eq!(kept["available_actions"], json!([]));
    assert_eq!(annulled.body["consents"].as_array().map(Vec::len), Some(1), "the consent stays");
    assert!(annulled.body["version"].as_i64() > before.body["version"].as_i64());
    assert_eq!(card(&world, &mentor, &id)["extensions"], json!([]), "a side is not told of the mistake");
    annul(&world, &pair.director, &path).refused(409, "entry.annulled");
    let history = world.get(&pair.director, &format!("/mentorships/{id}/history")).expect(200);
    assert_eq!(history.items()[0]["kind"], "mentorship.extension_annulled");
    // It counts no more: two are allowed.
    extend(&world, &pair.director, &id, 80);
    extend(&world, &pair.director, &id, 100);
}

#[test]
fn an_extension_is_annulled_only_by_who_has_seen_the_present_version() {
    let world = World::new();
    let pair = extendable(&world);
    let id = world.active(&pair);
    let stale = world.get(&pair.director, &format!("/mentorships/{id}")).etag();
    let path = extend(&world, &pair.director, &id, 90);
    let order = json!({"reason": "Записано не той паре."});
    let with = |etag: &str, path: &str| {
        let asked = world.ask("POST", &format!("/api/v1{path}/annulment")).by(&pair.director);
        asked.header("If-Match", etag).json(&order).send()
    };
    with(&stale, &path).expect(412);
    let end = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    world.step(&pair.director, &id, "termination", end).expect(200);
    with(&stale, &format!("/mentorships/{id}/end")).expect(412);
    let fresh = world.get(&pair.director, &format!("/mentorships/{id}")).etag();
    with(&fresh, &format!("/mentorships/{id}/end")).expect(200);
}

#[test]
fn what_rests_on_an_extension_is_named_and_corrected_first() {
    let mut world = World::with(&["--clock-seconds", "1"]);
    let pair = extendable(&world);
    let id = world.active(&pair);
    let first = extend(&world, &pair.director, &id, 90);
    let second = extend(&world, &pair.director, &id, 120);
    let told = annul(&world, &pair.director, &first).refused(409, "entry.built_on");
    let id_of = |path: &str| path.rsplit('/').next().expect("an id").to_owned();
    assert_eq!(named(&told), [("extension".to_owned(), id_of(&second))]);
    annul(&world, &pair.director, &second).expect(200);
    world.advance_days(62);
    let director = world.again(&pair.director);
    let held = world.held(&director, &id, 1).id();
    let planned = world.meeting(&director, &id, 48);
    let group = json!({"planned_at": world.hour(-30), "method": "game", "game_topic": "conflict", "purpose": "leisure",
        "topic": "Игра", "mentorship_ids": [id]});
    let group = world.post(&director, "/group-meetings", group).expect(201).id();
    let survey = world.step(&director, &id, "surveys", world.survey()).expect(201).id();
    let told = annul(&world, &director, &first).refused(409, "entry.built_on");
    let mut expected: Vec<(String, String)> =
        [("meeting", &held), ("meeting", &planned), ("group_meeting", &group), ("survey", &survey)]
            .map(|it| (it.0.to_owned(), it.1.clone()))
            .into();
    let mut all = named(&told);
    all.sort();
    expected.sort();
    assert_eq!(all, expected);
    annul(&world, &director, &format!("/meetings/{held}")).expect(200);
    annul(&world, &director, &format!("/surveys/{survey}")).expect(200);
    for path in [format!("/meetings/{planned}"), format!("/group-meetings/{group}")] {
        let order = json!({"reason": "illness"});
        world.post(&director, &format!("{path}/cancellation"), order).expect(200);
    }
    let end = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    world.step(&director, &id, "termination", end).expect(200);
    let told = annul(&world, &director, &first).refused(409, "entry.built_on");
    assert_eq!(named(&told), [("mentorship_end".to_owned(), id.clone())]);
    annul(&world, &director, &format!("/mentorships/{id}/end")).expect(200);
    annul(&world, &director, &first).expect(200);
    world.until(&id, "completed");
}

#[test]
fn a_side_annuls_no_extension_and_no_end_and_after_ninety_days_only_an_administrator_does() {
    let mut world = World::new();
    let pair = extendable(&world);
    let specialist = world.staff("support_specialist", &pair.organization);
    let both = world.director_and("director.m", &pair.organization, "mentor", &pair.mentor_person);
    let mentee = world.mentee_account("daria", &pair);
    let id = world.active(&pair);
    let own = [extend(&world, &pair.director, &id, 300), format!("/mentorships/{id}/end")];
    annul(&world, &specialist, &own[0]).expect(200);
    let late = extend(&world, &pair.director, &id, 300);
    let end = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    annul(&world, &both, &late).refused(403, "access.own");
    world.step(&pair.director, &id, "termination", end.clone()).expect(200);
    annul(&world, &mentee, &own[1]).refused(403, "access.forbidden");
    annul(&world, &both, &own[1]).refused(404, "request.not_found");
    annul(&world, &specialist, &own[1]).expect(200);
    world.step(&pair.director, &id, "termination", end).expect(200);
    world.advance_days(91);
    let specialist = world.again(&specialist);
    annul(&world, &specialist, &own[1]).refused(409, "entry.term");
    let seen = world.get(&specialist, &format!("/mentorships/{id}")).expect(200);
    assert_eq!(seen.action("annul_end").expect("an action")["blocked_by"], json!(["entry.term"]));
    annul(&world, &world.again(&world.admin()), &own[1]).expect(200);
    annul(&world, &specialist, &late).refused(409, "entry.term");
    annul(&world, &world.again(&world.admin()), &late).expect(200);
}

#[test]
fn the_term_of_corrections_is_data_of_the_region() {
    let (mut world, pair, id) = World::mentoring();
    let path = format!("/meetings/{}", world.held(&pair.director, &id, 1).id());
    let term = |world: &World, days: i32| json!({"kind": "corrections", "effective_from": world.day(0), "days": days});
    world.post(&pair.director, "/terms", term(&world, 10)).refused(403, "access.forbidden");
    for days in [0, 3651] {
        world.post(&world.admin(), "/terms", term(&world, days)).refused(422, "field.range");
    }
    let tomorrow = json!({"kind": "corrections", "effective_from": world.day(20), "days": 3650});
    world.post(&world.admin(), "/terms", tomorrow).expect(201);
    let short = world.post(&world.admin(), "/terms", term(&world, 10)).expect(201).id();
    world.advance_days(11);
    let (director, admin) = (world.again(&pair.director), world.again(&world.admin()));
    let told = annul(&world, &director, &path).refused(409, "entry.term");
    assert_eq!(told.body["errors"][0]["params"], json!([{"name": "days", "value": "10"}]));
    let blocked = |who: &Account| {
        world.get(who, &path).expect(200).action("annul").expect("an action")["blocked_by"].clone()
    };
    assert_eq!((blocked(&director), blocked(&admin)), (json!(["entry.term"]), json!([])));
    assert_eq!(world.get(&director, "/terms").expect(200).items().len(), 2);
    annul(&world, &admin, &format!("/terms/{short}")).expect(200);
    assert_eq!(blocked(&director), json!([]), "without it the term is ninety days");
    let shorter = world.post(&admin, "/terms", term(&world, 5)).expect(201);
    annul(&world, &director, &path).refused(409, "entry.term");
    let longer = json!({"days": 11});
    let one = format!("/terms/{}", shorter.id());
    world.patch(&admin, &one, &shorter.etag(), longer).expect(200);
    annul(&world, &director, &path).expect(200);
}
