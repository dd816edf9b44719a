mod follow_up;
mod held;

use serde_json::{Value, json};
use tests::pairs::at_once;
use tests::{Account, Reply, World};

fn codes(it: &Reply) -> Vec<String> {
    it.codes().into_iter().map(str::to_owned).collect()
}
fn with(mut form: Value, name: &str, value: impl Into<Value>) -> Value {
    form[name] = value.into();
    form
}
fn meeting(world: &World, who: &Account, id: &str) -> Reply {
    world.get(who, &format!("/meetings/{id}"))
}
fn record(world: &World, who: &Account, id: &str, step: &str, order: Value) -> Reply {
    world.post(who, &format!("/meetings/{id}/{step}"), order)
}
fn plan(world: &World, hours: i64) -> Value {
    json!({"planned_at": world.hour(hours), "method": "talk", "directions": ["d01"], "topic": "Планы на учёбу", "topic_set_by": "together", "place": "Библиотека"})
}

#[test]
fn a_meeting_is_planned_moved_and_held() {
    let (world, pair) = World::paired();
    let mentor = world.mentor_account("maria", &pair);
    let mentorship = world.active(&pair);
    let planned = world.step(&mentor, &mentorship, "meetings", plan(&world, 5)).expect(201);
    let path = format!("/meetings/{}", planned.id());
    assert_eq!(planned.header("location"), Some(format!("/api/v1{path}").as_str()));
    assert_eq!(planned.actions(), json!(["edit", "hold", "miss", "cancel"]));
    assert_eq!(world.get(&mentor, &path).expect(200).body, planned.body);
    let earlier = json!({"planned_at": world.hour(-2), "place": null, "online": true});
    let moved = world.patch(&mentor, &path, &planned.etag(), earlier).expect(200);
    assert_eq!(
        (&moved.body["planned_at"], moved.body.get("place"), &moved.body["online"], &moved.body["version"]),
        (&json!(world.hour(-2)), None, &json!(true), &json!(2))
    );
    world.put(&mentor, &path, &planned.etag(), plan(&world, 1)).refused(412, "version.stale");
    let replaced = world.put(&mentor, &path, &moved.etag(), plan(&world, -2)).expect(200);
    assert_eq!(replaced.body["place"], "Библиотека");
    let order =
        with(with(world.holding(-2), "notes", "Договорились о встрече."), "homework", "Три колледжа.");
    let held = record(&world, &mentor, &planned.id(), "holding", order.clone()).expect(200);
    assert_eq!(
        (&held.body["state"], &held.body["number"], &held.body["held"]),
        (&json!("held"), &json!(1), &order)
    );
    assert_eq!(held.actions(), json!(["report_homework", "rate"]));
    let history = world.get(&pair.director, &format!("{path}/history")).expect(200);
    assert_eq!(history.kinds(), ["meeting.held", "meeting.edited", "meeting.edited", "meeting.planned"]);
    assert!(!history.text.contains("колледжа"));
    let card = world.get(&mentor, &format!("/mentorships/{mentorship}")).expect(200);
    assert_eq!((&card.body["held_meetings"], &card.body["meetings_to_complete"]), (&json!(1), &json!(6)));
}

#[test]
fn the_sixth_held_meeting_completes_the_mentorship() {
    let (world, pair) = World::paired();
    let mentor = world.mentor_account("maria", &pair);
    let id = world.active(&pair);
    world.life_plan(&pair.director, &pair.beneficiary);
    let (seventh, ahead) = (world.meeting(&mentor, &id, -1), world.meeting(&mentor, &id, 30));
    let before = world.get(&mentor, &format!("/mentorships/{id}")).etag();
    for hours in [8, 7, 6, 5, 4] {
        world.held(&mentor, &id, hours);
    }
    let fifth = world.get(&mentor, &format!("/mentorships/{id}")).expect(200);
    assert_eq!((&fifth.body["state"], &fifth.body["held_meetings"]), (&json!("active"), &json!(5)));
    assert_ne!(fifth.etag(), before, "what is told has changed");
    let sixth = world.held(&mentor, &id, 3);
    assert_eq!((&sixth.body["state"], &sixth.body["number"]), (&json!("held"), &json!(6)));
    meeting(&world, &mentor, &sixth.id()).refused(404, "request.not_found");
    let card = world.get(&pair.director, &format!("/mentorships/{id}")).expect(200);
    assert_eq!(
        (&card.body["state"], &card.body["completion_reason"], &card.body["ended_on"]),
        (&json!("completed"), &json!("meetings_held"), &json!(world.day(0)))
    );
    for left in [&seventh, &ahead] {
        let it = meeting(&world, &pair.director, left).expect(200);
        assert_eq!(it.body["cancelled"], json!({"reason": "mentorship_ended"}));
    }
    record(&world, &pair.director, &seventh, "holding", world.holding(-1))
        .refused(409, "meeting.not_planned");
    let told =
        world.step(&pair.director, &id, "meetings", plan(&world, 1)).refused(409, "mentorship.meetings_done");
    assert_eq!(told.body["rule"], "001 L40");
    let history = world.get(&pair.director, &format!("/mentorships/{id}/history?limit=200")).expect(200);
    let count = |kind: &str| history.items().iter().filter(|it| it["kind"] == kind).count();
    assert_eq!(["meeting.held", "meeting.cancelled", "mentorship.completed"].map(count), [6, 2, 1]);
}

#[test]
fn a_meeting_lies_within_the_term_not_in_the_future_and_over_no_other() {
    let (world, pair, id) = World::mentoring();
    let planned = |hours| world.step(&pair.director, &id, "meetings", plan(&world, hours));
    let told = planned(-24).refused(422, "meeting.out_of_term");
    assert_eq!(
        (&told.body["rule"], &told.body["errors"][0]["pointer"]),
        (&json!("002 §3.8"), &json!("/planned_at"))
    );
    planned(24 * 61).refused(422, "meeting.out_of_term");
    let it = planned(24 * 60).expect(201);
    let path = format!("/meetings/{}", it.id());
    world
        .patch(&pair.director, &path, &it.etag(), json!({"planned_at": world.hour(24 * 61)}))
        .refused(422, "meeting.out_of_term");
    let hold = |order: Value| record(&world, &pair.director, &it.id(), "holding", order);
    hold(world.holding(1)).refused(422, "meeting.in_future");
    assert_eq!(codes(&hold(world.holding(-30))), ["meeting.out_of_term"]);
    let other = world.held(&pair.director, &id, 3);
    hold(with(world.holding(-3), "minutes", 5)).refused(409, "meeting.overlaps");
    hold(with(world.holding(-4), "minutes", 61)).refused(409, "meeting.overlaps");
    let held = hold(world.holding(-4)).expect(200);
    assert_eq!(
        (&held.body["number"], &other.body["number"]),
        (&json!(1), &json!(1)),
        "recorded late, it takes its place"
    );
    assert_eq!(meeting(&world, &pair.director, &other.id()).body["number"], 2);
}

#[test]
fn what_contradicts_itself_is_refused() {
    let (world, pair, id) = World::mentoring();
    let planned = |form: Value| codes(&world.step(&pair.director, &id, "meetings", form).expect(422));
    assert_eq!(planned(with(plan(&world, 1), "directions", json!(["d01", "d01"]))), ["field.combination"]);
    let authored = json!({"planned_at": world.hour(1), "method": "talk", "topic_set_by": "mentor"});
    assert_eq!(planned(authored), ["field.combination"]);
    assert_eq!(planned(with(plan(&world, 1), "method", "sermon")), ["field.word"]);
    assert_eq!(planned(with(plan(&world, 1), "state", "held")), ["field.unknown"]);
    let it = world.meeting(&pair.director, &id, -2);
    let held = |form: Value| codes(&record(&world, &pair.director, &it, "holding", form).expect(422));
    assert_eq!(held(with(world.holding(-2), "directions", json!([]))), ["field.length"]);
    assert_eq!(held(with(world.holding(-2), "minutes", 4)), ["field.range"]);
    assert_eq!(held(with(world.holding(-2), "minutes", 721)), ["field.range"]);
    let cancelled = |form: Value| record(&world, &pair.director, &it, "cancellation", form);
    assert_eq!(codes(&cancelled(json!({"reason": "mentorship_ended"})).expect(422)), ["field.word"]);
    let told = cancelled(json!({"reason": "other"})).refused(422, "field.missing");
    assert_eq!(told.body["errors"][0]["pointer"], "/note");
    assert_eq!(
        cancelled(json!({"reason": "other", "note": "Сломалась машина."})).expect(200).body["cancelled"]["note"],
        "Сломалась машина."
    );
}

#[test]
fn nobody_has_missed_what_is_still_to_come_and_what_is_settled_stays() {
    let (world, pair, id) = World::mentoring();
    let absent = json!({"by": "recipient", "note": "Не отвечает на звонки."});
    let ahead = world.meeting(&pair.director, &id, 1);
    record(&world, &pair.director, &ahead, "missing", absent.clone()).refused(422, "meeting.in_future");
    let past = world.meeting(&pair.director, &id, -1);
    let missed = record(&world, &pair.director, &past, "missing", absent.clone()).expect(200);
    assert_eq!((&missed.body["state"], &missed.body["missed"]), (&json!("missed"), &absent));
    for (step, order) in
        [("holding", world.holding(-1)), ("missing", absent), ("cancellation", json!({"reason": "illness"}))]
    {
        record(&world, &pair.director, &past, step, order).refused(409, "meeting.not_planned");
    }
    let path = format!("/meetings/{past}");
    world.put(&pair.director, &path, &missed.etag(), plan(&world, 1)).refused(409, "meeting.not_planned");
    world.put(&pair.director, &path, "\"1\"", plan(&world, 1)).refused(412, "version.stale");
    let body = plan(&world, 1).to_string().into_bytes();
    let bare =
        world.ask("PUT", &format!("/api/v1{path}")).by(&pair.director).body("application/json", body).send();
    bare.refused(428, "version.required");
}

#[test]
fn meetings_are_listed_by_time() {
    let (world, pair, id) = World::mentoring();
    let ahead = world.meeting(&pair.director, &id, 24);
    let late = world.meeting(&pair.director, &id, -1);
    let early = world.held(&pair.director, &id, 5).id();
    let twin = world.meeting(&pair.director, &id, 24);
    let listed = |filter: &str| {
        let reply = world.get(&pair.director, &format!("/mentorships/{id}/meetings?{filter}")).expect(200);
        let ids = reply.items().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        (ids, reply.body["next_cursor"].as_str().map(str::to_owned))
    };
    let all = vec![twin, ahead, late, early.clone()];
    assert_eq!(listed("limit=50").0, all);
    assert_eq!(listed("state=held").0, [early]);
    assert_eq!(listed("state=missed").0, Vec::<String>::new());
    let (mut walked, mut cursor) = listed("limit=1");
    while let Some(next) = cursor {
        let (page, further) = listed(&format!("limit=1&cursor={next}"));
        walked.extend(page);
        cursor = further;
    }
    assert_eq!(walked, all);
    let wrong = world.get(&pair.director, &format!("/mentorships/{id}/meetings?state=gone"));
    wrong.refused(400, "request.parameter");
}

#[test]
fn meetings_are_seen_with_their_mentorship_and_notes_are_not_for_the_recipient() {
    let (world, pair) = World::paired();
    let stranger = world.pair();
    let tutor = world.account("tutor", json!([{"role": "tutor"}]), None);
    let opeka =
        world.account("opeka", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    let (mentor, mentee) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let order = with(world.proposal(&pair), "tutor_user_id", tutor.id.clone());
    let id = world.post(&pair.director, "/mentorships", order).expect(201).id();
    for party in ["mentor", "recipient"] {
        world.step(&pair.director, &id, "acceptances", world.acceptance(&pair.director, party)).expect(200);
    }
    world.step(&pair.director, &id, "consents", world.consent(&pair)).expect(200);
    world.step(&pair.director, &id, "confirmation", world.confirmation()).expect(200);
    let it = world.meeting(&tutor, &id, -2);
    let order = with(with(world.holding(-2), "notes", "Плачет."), "homework", "Выписать колледжи.");
    record(&world, &tutor, &it, "holding", order).expect(200);
    for who in [&world.admin(), &pair.director, &tutor, &mentor, &opeka] {
        assert_eq!(meeting(&world, who, &it).expect(200).body["held"]["notes"], "Плачет.", "{}", who.login);
        assert_eq!(world.get(who, &format!("/mentorships/{id}/meetings")).expect(200).items().len(), 1);
    }
    let own = meeting(&world, &mentee, &it).expect(200).body;
    assert_eq!((own["held"].get("notes"), &own["held"]["homework"]), (None, &json!("Выписать колледжи.")));
    let listed = world.get(&mentee, &format!("/mentorships/{id}/meetings")).expect(200);
    assert_eq!(listed.items()[0]["held"].get("notes"), None);
    let next = world.meeting(&mentor, &id, 1);
    assert_eq!(meeting(&world, &mentee, &next).actions(), json!([]));
    for who in [&mentee, &opeka] {
        record(&world, who, &next, "cancellation", json!({"reason": "illness"}))
            .refused(403, "access.forbidden");
        world.step(who, &id, "meetings", plan(&world, 1)).refused(403, "access.forbidden");
    }
    let other_mentor = world.mentor_account("other", &stranger);
    for who in [&stranger.director, &other_mentor, &world.account("tutor2", json!([{"role": "tutor"}]), None)]
    {
        meeting(&world, who, &next).refused(404, "request.not_found");
        world.get(who, &format!("/mentorships/{id}/meetings")).refused(404, "request.not_found");
        world.step(who, &id, "meetings", plan(&world, 1)).refused(404, "request.not_found");
        record(&world, who, &next, "cancellation", json!({"reason": "illness"}))
            .refused(404, "request.not_found");
    }
    world.get(&stranger.director, &format!("/meetings/{next}/history")).refused(404, "request.not_found");
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    meeting(&world, &analyst, &next).refused(404, "request.not_found");
}

#[test]
fn what_was_noted_of_a_pair_cannot_be_read_out_of_the_files() {
    if tests::postgres_url().is_some() {
        return; // PostgreSQL has the same columns, but no files to read.
    }
    const CANARIES: [&str; 6] =
        ["Живут рядом", "Мать болеет", "Плачет ночью", "Позвонить тёте", "Загулял", "Переезд к бабушке"];
    let (world, pair) = World::paired();
    let id = world.proposed(&pair);
    let yes = with(world.acceptance(&pair.director, "recipient"), "note", CANARIES[1]);
    world.step(&pair.director, &id, "acceptances", yes).expect(200);
    world.step(&pair.director, &id, "acceptances", world.acceptance(&pair.director, "mentor")).expect(200);
    world.step(&pair.director, &id, "consents", world.consent(&pair)).expect(200);
    world.step(&pair.director, &id, "confirmation", world.confirmation()).expect(200);
    let it = world.meeting(&pair.director, &id, -2);
    let order = with(with(world.holding(-2), "notes", CANARIES[2]), "homework", CANARIES[3]);
    record(&world, &pair.director, &it, "holding", order).expect(200);
    let it = world.meeting(&pair.director, &id, -1);
    record(&world, &pair.director, &it, "missing", json!({"by": "recipient", "note": CANARIES[4]}))
        .expect(200);
    let over = json!({"ground": "other_objective", "ended_on": world.day(0), "text": CANARIES[5]});
    world.step(&pair.director, &id, "termination", over).expect(200);
    let files = std::fs::read_dir(&world.folder).expect("a folder").map(|it| it.expect("a file").path());
    let bytes: Vec<u8> = files.flat_map(|it| std::fs::read(it).expect("a file")).collect();
    let holds = |text: &str| bytes.windows(text.len()).any(|it| it == text.as_bytes());
    assert!(holds("Планы на учёбу"), "the files are these");
    for canary in CANARIES {
        assert!(!holds(canary), "{canary}");
    }
}

#[test]
fn six_meetings_held_at_once_complete_once() {
    let (world, pair, id) = World::mentoring();
    world.life_plan(&pair.director, &pair.beneficiary);
    for hours in [8, 7, 6, 5] {
        world.held(&pair.director, &id, hours);
    }
    let planned: Vec<String> = (0..8).map(|_| world.meeting(&pair.director, &id, -1)).collect();
    let hold = |index: usize| {
        let order = with(world.holding(-4), "minutes", 5);
        let began = chrono::DateTime::parse_from_rfc3339(&world.hour(-4)).unwrap()
            + chrono::TimeDelta::minutes(10 * index as i64);
        let order =
            with(order, "began_at", began.to_utc().to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
        record(&world, &pair.director, &planned[index], "holding", order)
    };
    let replies = at_once(8, hold);
    assert_eq!(replies.iter().filter(|it| it.0 == 200).count(), 2, "{replies:?}");
    assert_eq!(replies.iter().filter(|it| it.1 == "meeting.not_planned").count(), 6, "{replies:?}");
    let card = world.get(&pair.director, &format!("/mentorships/{id}")).expect(200);
    assert_eq!((&card.body["state"], &card.body["held_meetings"]), (&json!("completed"), &json!(6)));
}

#[test]
fn what_was_noted_of_a_meeting_that_did_not_take_place_is_not_for_the_recipient() {
    let (world, pair) = World::paired();
    let (mentor, mentee) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let id = world.active(&pair);
    let (missed, cancelled) = (world.meeting(&mentor, &id, -1), world.meeting(&mentor, &id, 3));
    let absent = json!({"by": "recipient", "note": "Загулял."});
    record(&world, &mentor, &missed, "missing", absent.clone()).expect(200);
    let off = json!({"reason": "other", "note": "Боится отчима."});
    record(&world, &pair.director, &cancelled, "cancellation", off.clone()).expect(200);
    for who in [&mentor, &pair.director] {
        assert_eq!(meeting(&world, who, &missed).expect(200).body["missed"], absent, "{}", who.login);
        assert_eq!(meeting(&world, who, &cancelled).expect(200).body["cancelled"], off, "{}", who.login);
    }
    assert_eq!(meeting(&world, &mentee, &missed).expect(200).body["missed"], json!({"by": "recipient"}));
    assert_eq!(
        meeting(&world, &mentee, &cancelled).expect(200).body["cancelled"],
        json!({"reason": "other"})
    );
    let listed = world.get(&mentee, &format!("/mentorships/{id}/meetings")).expect(200);
    assert_eq!(listed.items().len(), 2);
    assert!(!listed.text.contains("Загулял") && !listed.text.contains("отчима"));
}

#[test]
fn a_held_meeting_does_not_fight_with_an_order_on_the_mentorship() {
    let (world, pair, id) = World::mentoring();
    let path = format!("/mentorships/{id}");
    let seen = world.get(&pair.director, &path).expect(200);
    world.held(&pair.director, &id, 3);
    let now = world.get(&pair.director, &path).expect(200);
    assert_eq!((&now.body["version"], &now.body["held_meetings"]), (&seen.body["version"], &json!(1)));
    let step = |name: &str, order: Value| {
        let ask = world.ask("POST", &format!("/api/v1{path}/{name}")).by(&pair.director);
        ask.header("If-Match", seen.etag()).json(&order).send()
    };
    step("pause", json!({"paused_on": world.day(0), "reason": "other"})).expect(200);
    step("resumption", json!({"resumed_on": world.day(0)})).refused(412, "version.stale");
}

#[test]
fn the_tag_of_a_mentorship_changes_with_what_it_shows_of_other_rows() {
    let (world, pair, id) = World::mentoring();
    let path = format!("/api/v1/mentorships/{id}");
    let known = |tag: &str| world.ask("GET", &path).by(&pair.director).header("If-None-Match", tag).send();
    let first = world.get(&pair.director, &format!("/mentorships/{id}")).etag();
    assert!(first.contains('.'), "{first}");
    known(&first).expect(304);
    world.meeting(&pair.director, &id, 24);
    let second = known(&first).expect(200);
    assert_ne!(second.etag(), first, "the next meeting is another one");
    known(&second.etag()).expect(304);
    assert_eq!(second.etag().split('.').next(), first.split('.').next(), "the version is the same");
}
