//! Group meetings: the participants, their attendance, and their visibility to each other.
use serde_json::{Value, json};
use tests::pairs::Pair;
use tests::{Account, Reply, World, without_names};

fn with(mut form: Value, name: &str, value: impl Into<Value>) -> Value {
    form[name] = value.into();
    form
}
fn planned(world: &World, who: &Account, form: Value) -> Reply {
    world.post(who, "/group-meetings", form)
}
fn step(world: &World, who: &Account, id: &str, step: &str, order: Value) -> Reply {
    world.post(who, &format!("/group-meetings/{id}/{step}"), order)
}
fn group(world: &World, who: &Account, id: &str) -> Reply {
    world.get(who, &format!("/group-meetings/{id}"))
}
fn codes(it: &Reply) -> Vec<String> {
    it.codes().into_iter().map(str::to_owned).collect()
}
fn detail(fact: &Value, name: &str) -> Value {
    let details = fact["details"].as_array().expect("details");
    details.iter().find(|it| it["name"] == name).map(|it| it["value"].clone()).unwrap_or_default()
}
/// Two pairs of one institution, with their active mentorships.
fn colleagues(world: &World) -> ([Pair; 2], [String; 2]) {
    let first = world.pair();
    let second = world.pair_at(&first.organization, &first.director, &first.program);
    let ids = [world.active(&first), world.active(&second)];
    ([first, second], ids)
}

#[test]
fn mentors_of_one_institution_bring_their_recipients_together() {
    let world = World::new();
    let ([pair, other], [a, b]) = colleagues(&world);
    let director = &pair.director;
    let form = with(with(world.group_plan(5, &[&a, &b]), "led_by", other.mentor.clone()), "method", "game");
    let form = with(with(form, "game_topic", "conflict"), "skills", json!(["Слушать другого"]));
    let it = planned(&world, director, form.clone()).expect(201);
    let path = format!("/group-meetings/{}", it.id());
    assert_eq!(it.header("location"), Some(format!("/api/v1{path}").as_str()));
    assert_eq!(
        (&it.body["state"], &it.body["participants_count"], &it.actions()),
        (&json!("planned"), &json!(2), &json!(["edit", "hold", "cancel"]))
    );
    for member in ["purpose", "method", "led_by", "game_topic", "skills", "topic", "directions"] {
        assert_eq!(it.body[member], form[member], "{member}");
    }
    assert_eq!(without_names(&it.body["participants"]), json!([{"mentorship_id": a}, {"mentorship_id": b}]));
    let moved = json!({"planned_at": world.hour(-2), "place": "Клуб"});
    let moved = world.patch(director, &path, &it.etag(), moved).expect(200);
    assert_eq!((&moved.body["place"], &moved.body["version"]), (&json!("Клуб"), &json!(2)));
    world.put(director, &path, &it.etag(), form.clone()).refused(412, "version.stale");
    let replaced = world.put(director, &path, &moved.etag(), form).expect(200);
    assert_eq!(replaced.body.get("place"), None);
    let before = world.get(director, &format!("/mentorships/{a}")).etag();
    let order = with(world.group_holding(-2, &[(&b, false), (&a, true)]), "reflection", "Просят ещё.");
    let held = step(&world, director, &it.id(), "holding", with(order, "relationship_rating", 4)).expect(200);
    assert_eq!(held.body["state"], "held");
    assert_eq!(
        held.body["held"],
        json!({"began_at": world.hour(-2), "minutes": 60, "directions": ["d10"], "topic": "Соседи",
            "attended_count": 1, "reflection": "Просят ещё.", "relationship_rating": 4})
    );
    assert_eq!(
        without_names(&held.body["participants"]),
        json!([{"mentorship_id": a, "attended": true}, {"mentorship_id": b, "attended": false}])
    );
    assert_eq!(group(&world, director, &it.id()).expect(200).body, held.body);
    let card = world.get(director, &format!("/mentorships/{a}")).expect(200);
    assert_eq!(
        (&card.body["last_met_on"], &card.body["held_meetings"]),
        (&json!(world.day(0)), &json!(0)),
        "they have met, but it is none of the meetings that complete the program"
    );
    assert_ne!(card.etag(), before);
    let absent = world.get(director, &format!("/mentorships/{b}")).expect(200);
    assert_eq!(absent.body.get("last_met_on"), None);
    let history = world.get(director, &format!("{path}/history")).expect(200);
    let kinds = history.kinds();
    assert_eq!(kinds[..2], ["group_meeting.held", "group_meeting.edited"]);
    assert_eq!(kinds[2..], ["group_meeting.edited", "group_meeting.planned"]);
    assert!(!history.text.contains("Просят"));
    let again = world.group_holding(-1, &[(&a, true), (&b, true)]);
    step(&world, director, &it.id(), "holding", again).refused(409, "group_meeting.not_planned");
    let illness = json!({"reason": "illness"});
    step(&world, director, &it.id(), "cancellation", illness).refused(409, "group_meeting.not_planned");
    world
        .patch(director, &path, &held.etag(), json!({"online": true}))
        .refused(409, "group_meeting.not_planned");
}

#[test]
fn a_group_is_of_one_mentor_or_of_one_institution_or_of_one_category() {
    let world = World::new();
    let tutor = world.account("tutor", json!([{"role": "tutor"}]), None);
    let (girl, same, family) = (world.pair(), world.pair(), world.family_pair());
    let [a, b, c] = [&girl, &same, &family].map(|it| world.followed(it, &tutor));
    planned(&world, &tutor, world.group_plan(5, &[&a, &b])).expect(201);
    for apart in [[&a, &c], [&b, &c]] {
        let form = world.group_plan(5, &apart.map(String::as_str));
        let told = planned(&world, &tutor, form).refused(409, "group_meeting.no_common_ground");
        assert_eq!(
            (&told.body["rule"], &told.body["errors"][0]["pointer"]),
            (&json!("002 §5.6"), &json!("/mentorship_ids"))
        );
    }
    let mentor = world.mentor_account("ngo", &family);
    let own = planned(&world, &mentor, world.group_plan(5, &[&c])).expect(201);
    let path = format!("/group-meetings/{}", own.id());
    world
        .patch(&tutor, &path, &own.etag(), json!({"mentorship_ids": [a, c]}))
        .refused(409, "group_meeting.no_common_ground");
    let ground = |it: &str| {
        let history = world.get(&world.admin(), &format!("/group-meetings/{it}/history")).expect(200);
        history.items()[0]["details"][0]["value"].as_str().expect("a ground").to_owned()
    };
    assert_eq!(ground(&own.id()), "mentor");
    let colleague = world.pair_at(&girl.organization, &girl.director, &girl.program);
    let d = world.active(&colleague);
    let together = planned(&world, &girl.director, world.group_plan(5, &[&a, &d])).expect(201);
    assert_eq!(ground(&together.id()), "institution");
}

#[test]
fn everything_that_stands_against_a_group_is_told_at_once() {
    let world = World::new();
    let ([pair, other], [a, b]) = colleagues(&world);
    let director = &pair.director;
    let third = world.pair_at(&pair.organization, director, &pair.program);
    let proposed = world.proposed(&third);
    let form = with(world.group_plan(24 * 61, &[&a, &proposed]), "method", "talk");
    let told = planned(&world, director, with(form, "led_by", other.mentor.clone()));
    assert_eq!(
        codes(&told),
        [
            "meeting.out_of_term",
            "group_meeting.participant_not_active",
            "group_meeting.method_unsuited",
            "group_meeting.leader_not_among"
        ]
    );
    let refused = |form: Value, status: u16, code: &str, rule: Value, pointer: &str| {
        let told = planned(&world, director, form).refused(status, code);
        let rule_told = told.body.get("rule").cloned().unwrap_or_default();
        assert_eq!((rule_told, &told.body["errors"][0]["pointer"]), (rule, &json!(pointer)), "{code}");
    };
    let plan = || world.group_plan(5, &[&a, &b]);
    for method in ["talk", "aid"] {
        let form = with(plan(), "method", method);
        refused(form, 422, "group_meeting.method_unsuited", json!("002 §5.5"), "/method");
    }
    let stranger = with(plan(), "led_by", third.mentor.clone());
    refused(stranger, 422, "group_meeting.leader_not_among", json!("002 §5.6"), "/led_by");
    let form = world.group_plan(5, &[&a, &proposed]);
    refused(form, 409, "group_meeting.participant_not_active", Value::Null, "/mentorship_ids/1");
    let early = world.group_plan(-24, &[&a]);
    refused(early, 422, "meeting.out_of_term", json!("002 §3.8"), "/mentorship_ids/0");
    let foreign = world.active(&world.pair());
    let nothing = "01980000-0000-7000-8000-0000000000ff";
    let told = planned(&world, director, world.group_plan(5, &[&foreign, &a, nothing]));
    assert_eq!(codes(&told.refused(422, "field.reference")), ["field.reference", "field.reference"]);
    let invalid = |form: Value| codes(&planned(&world, director, form).expect(422));
    assert_eq!(invalid(world.group_plan(5, &[&a, &a])), ["field.combination"]);
    assert_eq!(invalid(world.group_plan(5, &[])), ["field.length"]);
    assert_eq!(invalid(with(plan(), "game_topic", "conflict")), ["field.combination"]);
}

#[test]
fn a_group_meeting_is_held_with_everybody_told_of_and_nobody_at_two_places() {
    let world = World::new();
    let ([pair, _], [a, b]) = colleagues(&world);
    let director = &pair.director;
    let id = planned(&world, director, world.group_plan(-2, &[&a, &b])).expect(201).id();
    let hold = |order: Value| step(&world, director, &id, "holding", order);
    hold(world.group_holding(1, &[(&a, true), (&b, true)])).refused(422, "meeting.in_future");
    hold(world.group_holding(-30, &[(&a, true), (&b, false)])).refused(422, "meeting.out_of_term");
    hold(world.group_holding(-2, &[(&a, true)])).refused(422, "group_meeting.attendance");
    hold(world.group_holding(-2, &[(&a, true), (&a, true)])).refused(422, "group_meeting.attendance");
    hold(world.group_holding(-2, &[(&a, false), (&b, false)])).refused(422, "group_meeting.nobody_came");
    let told = hold(with(world.group_holding(-2, &[(&a, true), (&b, true)]), "relationship_rating", 6));
    assert_eq!(codes(&told.expect(422)), ["field.range"]);
    world.held(director, &b, 2);
    let told = hold(world.group_holding(-2, &[(&a, true), (&b, true)])).refused(409, "meeting.overlaps");
    assert_eq!(told.body["errors"][0]["pointer"], "/attendance/1");
    hold(world.group_holding(-2, &[(&a, true), (&b, false)])).expect(200);
    let planned_alone = world.meeting(director, &a, -2);
    let alone = world.post(director, &format!("/meetings/{planned_alone}/holding"), world.holding(-2));
    alone.refused(409, "meeting.overlaps");
    let second = planned(&world, director, world.group_plan(-2, &[&a])).expect(201).id();
    step(&world, director, &second, "holding", world.group_holding(-2, &[(&a, true)]))
        .refused(409, "meeting.overlaps");
    let cancelled = |order: Value| step(&world, director, &second, "cancellation", order);
    cancelled(json!({"reason": "other"})).refused(422, "field.missing");
    let it = cancelled(json!({"reason": "other", "note": "Зал занят."})).expect(200);
    assert_eq!(
        (&it.body["state"], &it.body["cancelled"]["note"]),
        (&json!("cancelled"), &json!("Зал занят."))
    );
}

#[test]
fn a_mentor_learns_nothing_about_the_recipients_of_others() {
    let world = World::new();
    let ([pair, other], [a, b]) = colleagues(&world);
    let director = &pair.director;
    let (mentor, mentee) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let it = planned(&world, director, world.group_plan(-2, &[&a, &b])).expect(201).id();
    let own = group(&world, &mentor, &it).expect(200);
    assert_eq!(
        (without_names(&own.body["participants"]), &own.body["participants_count"], &own.actions()),
        (json!([{"mentorship_id": a}]), &json!(2), &json!([]))
    );
    assert!(!own.text.contains(&b));
    let order = world.group_holding(-2, &[(&a, true), (&b, true)]);
    step(&world, &mentor, &it, "holding", order.clone()).refused(403, "access.not_yours");
    step(&world, &mentor, &it, "cancellation", json!({"reason": "illness"})).refused(403, "access.not_yours");
    let path = format!("/group-meetings/{it}");
    world.patch(&mentor, &path, &own.etag(), json!({"online": true})).refused(403, "access.not_yours");
    step(&world, &mentee, &it, "holding", order.clone()).refused(403, "access.forbidden");
    let strange = planned(&world, &mentor, world.group_plan(5, &[&a, &b])).refused(422, "field.reference");
    assert_eq!(strange.body["errors"][0]["pointer"], "/mentorship_ids/1");
    let order = with(with(order, "reflection", "Алёна плакала."), "relationship_rating", 2);
    step(&world, director, &it, "holding", order).expect(200);
    for who in [&mentor, &mentee] {
        let told = group(&world, who, &it).expect(200);
        let held = &told.body["held"];
        assert_eq!((held.get("reflection"), held.get("relationship_rating")), (None, None), "{}", who.login);
        assert_eq!(held["attended_count"], 2);
        let own = json!([{"mentorship_id": a, "attended": true}]);
        assert_eq!(without_names(&told.body["participants"]), own);
    }
    let alone = planned(&world, &mentor, world.group_plan(-4, &[&a])).expect(201).id();
    let order = with(world.group_holding(-4, &[(&a, true)]), "reflection", "Стало легче.");
    let held = step(&world, &mentor, &alone, "holding", order).expect(200);
    assert_eq!(held.body["held"]["reflection"], "Стало легче.", "a group of one's own is told whole");
    assert_eq!(group(&world, &mentee, &alone).body["held"].get("reflection"), None);
    let listed = |who: &Account, filter: &str| {
        let reply = world.get(who, &format!("/group-meetings?{filter}")).expect(200);
        reply.items().iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed(&mentor, "state=held"), [it.clone(), alone]);
    assert_eq!(listed(&mentor, &format!("mentorship_id={b}")), Vec::<String>::new());
    assert_eq!(listed(&world.mentor_account("other", &other), "limit=50"), [it.as_str()]);
    let stranger = world.pair();
    for who in [&stranger.director, &world.mentor_account("stranger", &stranger)] {
        group(&world, who, &it).refused(404, "request.not_found");
        step(&world, who, &it, "cancellation", json!({"reason": "illness"}))
            .refused(404, "request.not_found");
        assert_eq!(listed(who, "limit=50"), Vec::<String>::new());
    }
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    world.get(&analyst, "/group-meetings").refused(403, "access.forbidden");
    world.get(&mentor, &format!("/group-meetings/{it}/history")).refused(403, "access.forbidden");
}

#[test]
fn who_has_ended_leaves_the_meetings_still_planned() {
    let world = World::new();
    let ([pair, _], [a, b]) = colleagues(&world);
    let director = &pair.director;
    let both = planned(&world, director, world.group_plan(5, &[&a, &b])).expect(201).id();
    let alone = planned(&world, director, world.group_plan(6, &[&a])).expect(201).id();
    let held = planned(&world, director, world.group_plan(-2, &[&a, &b])).expect(201).id();
    step(&world, director, &held, "holding", world.group_holding(-2, &[(&a, true), (&b, true)])).expect(200);
    let over = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    world.step(director, &a, "termination", over).expect(200);
    let it = group(&world, director, &both).expect(200);
    assert_eq!(
        (without_names(&it.body["participants"]), &it.body["state"], &it.body["version"]),
        (json!([{"mentorship_id": b}]), &json!("planned"), &json!(2))
    );
    let it = group(&world, director, &alone).expect(200);
    assert_eq!(it.body["cancelled"], json!({"reason": "mentorship_ended"}));
    let it = group(&world, director, &held).expect(200);
    assert_eq!(it.body["participants"].as_array().map(Vec::len), Some(2), "what was held stays");
    let told = world.get(director, &format!("/group-meetings/{both}/history")).expect(200);
    assert_eq!(detail(&told.items()[0], "mentorship_id"), json!(a), "who left is on record");
    let kinds = |id: &str| {
        let history = world.get(director, &format!("/group-meetings/{id}/history")).expect(200);
        history.items().iter().map(|it| it["kind"].as_str().expect("a kind").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&both), ["group_meeting.left", "group_meeting.planned"]);
    assert_eq!(kinds(&alone), ["group_meeting.cancelled", "group_meeting.left", "group_meeting.planned"]);
}

#[test]
fn group_meetings_are_listed_by_time() {
    let world = World::new();
    let ([pair, _], [a, b]) = colleagues(&world);
    let made = |hours, who: &[&str], purpose: &str| {
        planned(&world, &pair.director, with(world.group_plan(hours, who), "purpose", purpose))
            .expect(201)
            .id()
    };
    let (late, early) = (made(8, &[&a], "leisure"), made(2, &[&a, &b], "training"));
    let middle = made(4, &[&b], "leisure");
    let listed = |filter: &str| {
        let reply = world.get(&pair.director, &format!("/group-meetings?{filter}")).expect(200);
        let ids = reply.items().iter().map(|it| it["id"].as_str().expect("an id").to_owned());
        (ids.collect::<Vec<_>>(), reply.body["next_cursor"].as_str().map(str::to_owned))
    };
    let all = vec![late.clone(), middle.clone(), early.clone()];
    assert_eq!(listed("limit=50").0, all);
    assert_eq!(listed("purpose=leisure").0, [late, middle.clone()]);
    assert_eq!(listed(&format!("mentorship_id={b}")).0, [middle, early]);
    assert_eq!(listed("state=held").0, Vec::<String>::new());
    let (mut walked, mut cursor) = listed("limit=1");
    while let Some(next) = cursor {
        let (page, further) = listed(&format!("limit=1&cursor={next}"));
        walked.extend(page);
        cursor = further;
    }
    assert_eq!(walked, all);
}

#[test]
fn who_joins_and_who_leaves_a_group_is_on_record() {
    let world = World::new();
    let ([pair, _], [a, b]) = colleagues(&world);
    let director = &pair.director;
    let c = world.active(&world.pair_at(&pair.organization, director, &pair.program));
    let it = planned(&world, director, world.group_plan(5, &[&a, &b])).expect(201);
    let path = format!("/group-meetings/{}", it.id());
    world.patch(director, &path, &it.etag(), json!({"mentorship_ids": [b, c]})).expect(200);
    let history = world.get(director, &format!("{path}/history")).expect(200);
    let edited = &history.items()[0];
    assert_eq!((detail(edited, "joined"), detail(edited, "left")), (json!(c), json!(a)));
}

#[test]
fn what_took_place_before_an_end_is_still_told_after_it() {
    let mut world = World::new();
    let ([pair, _], [a, b]) = colleagues(&world);
    let past = planned(&world, &pair.director, world.group_plan(2, &[&a, &b])).expect(201).id();
    let after_the_end = planned(&world, &pair.director, world.group_plan(26, &[&a, &b])).expect(201).id();
    let ended_on = world.day(0);
    world.advance_days(2);
    let director = &world.again(&pair.director);
    let ahead = planned(&world, director, world.group_plan(5, &[&a, &b])).expect(201).id();
    let over = json!({"ground": "other_objective", "ended_on": ended_on, "text": "Переезд."});
    world.step(director, &a, "termination", over).expect(200);
    let who = |id: &str| without_names(&group(&world, director, id).expect(200).body["participants"]);
    assert_eq!(who(&past), json!([{"mentorship_id": a}, {"mentorship_id": b}]));
    assert_eq!(
        (who(&after_the_end), who(&ahead)),
        (json!([{"mentorship_id": b}]), json!([{"mentorship_id": b}]))
    );
    let late = world.group_holding(-20, &[(&a, true), (&b, true)]);
    let told = step(&world, director, &past, "holding", late).refused(422, "meeting.out_of_term");
    assert_eq!(told.body["errors"][0]["pointer"], "/attendance/0");
    let order = world.group_holding(-46, &[(&a, true), (&b, true)]);
    let held = step(&world, director, &past, "holding", order).expect(200);
    assert_eq!(held.body["held"]["attended_count"], 2);
    let form = world.group_plan(5, &[&a, &b]);
    planned(&world, director, form).refused(409, "group_meeting.participant_not_active");
}

#[test]
fn a_group_meets_by_each_method_and_plays_each_topic_of_the_regulation() {
    let world = World::new();
    let ([pair, _], [a, b]) = colleagues(&world);
    let director = &pair.director;
    for method in ["consultation", "discussion", "game", "practical"] {
        let form = with(world.group_plan(5, &[&a, &b]), "method", method);
        assert_eq!(planned(&world, director, form).expect(201).body["method"], method);
    }
    let game = with(world.group_plan(5, &[&a, &b]), "method", "game");
    for topic in ["everyday", "conflict", "contact"] {
        let it = planned(&world, director, with(game.clone(), "game_topic", topic)).expect(201);
        assert_eq!(group(&world, director, &it.id()).expect(200).body["game_topic"], topic);
    }
    let told = planned(&world, director, with(game, "game_topic", "war")).expect(422);
    assert_eq!(codes(&told), ["field.word"]);
}
