//! Requests of the sides of a mentorship.
use serde_json::{Value, json};
use tests::{Account, Reply, World};

fn asked(world: &World, who: &Account, mentorship: &str, form: Value) -> Reply {
    world.step(who, mentorship, "requests", form)
}
fn request(world: &World, who: &Account, id: &str) -> Reply {
    world.get(who, &format!("/requests/{id}"))
}
fn withdrawn(world: &World, who: &Account, id: &str) -> Reply {
    world.post(who, &format!("/requests/{id}/withdrawal"), json!({"note": "Разобрались сами."}))
}
fn listed(world: &World, who: &Account, mentorship: &str, filter: &str) -> Vec<String> {
    let reply = world.get(who, &format!("/mentorships/{mentorship}/requests?{filter}")).expect(200);
    reply.items().iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect()
}
fn ask(party: &str, kind: &str) -> Value {
    json!({"party": party, "kind": kind})
}
fn codes(it: &Reply) -> Vec<String> {
    it.codes().into_iter().map(str::to_owned).collect()
}

#[test]
fn the_recipient_asks_and_a_consultation_answers() {
    let (world, pair) = World::paired();
    let (mentor, mentee) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let id = world.active(&pair);
    let form = json!({"party": "recipient", "kind": "consultation", "text": "Помогите выбрать колледж."});
    let it = asked(&world, &mentee, &id, form).expect(201);
    assert_eq!(it.header("location"), Some(format!("/api/v1/requests/{}", it.id()).as_str()));
    assert_eq!(
        (&it.body["state"], &it.body["made_on"], &it.actions()),
        (&json!("open"), &json!(world.day(0)), &json!(["withdraw"]))
    );
    let seen = request(&world, &mentor, &it.id()).expect(200);
    assert_eq!((&seen.body["text"], &seen.actions()), (&json!("Помогите выбрать колледж."), &json!([])));
    let plan = json!({"planned_at": world.hour(-2), "method": "consultation", "request_id": it.id()});
    let planned = world.step(&mentor, &id, "meetings", plan).expect(201);
    assert_eq!(planned.body["request_id"], json!(it.id()));
    assert_eq!(planned.body["request_name"], json!(format!("консультация, {}", world.day(0))));
    assert_eq!(request(&world, &mentee, &it.id()).body["state"], "open", "a plan answers nothing yet");
    world.post(&mentor, &format!("/meetings/{}/holding", planned.id()), world.holding(-2)).expect(200);
    let answered = request(&world, &mentee, &it.id()).expect(200);
    assert_eq!(
        (&answered.body["state"], &answered.body["meeting_id"], &answered.body["settled_on"]),
        (&json!("answered"), &json!(planned.id()), &json!(world.day(0)))
    );
    assert_eq!(
        (answered.etag().get(..2).map(str::to_owned), &answered.actions()),
        (Some("\"2".to_owned()), &json!([]))
    );
    assert_eq!(world.fact("mentorship_request.made"), it.id());
    assert_eq!(world.fact("mentorship_request.answered"), it.id());
    withdrawn(&world, &mentee, &it.id()).refused(409, "mentorship_request.not_open");
    let aid = asked(&world, &pair.director, &id, ask("recipient", "aid")).expect(201).id();
    let mut record = world.holding(-4);
    record["method"] = json!("aid");
    record["request_id"] = json!(aid);
    let held = world.step(&mentor, &id, "held-meetings", record).expect(201);
    assert_eq!(request(&world, &mentor, &aid).body["meeting_id"], json!(held.id()));
}

#[test]
fn a_meeting_answers_only_an_open_request_of_its_own_mentorship() {
    let (world, pair, other) = World::twice_paired();
    let (id, elsewhere) = (world.active(&pair), world.active(&other));
    let consultation = asked(&world, &pair.director, &id, ask("recipient", "consultation")).expect(201).id();
    let foreign = asked(&world, &other.director, &elsewhere, ask("recipient", "aid")).expect(201).id();
    let mentor_asks = json!({"party": "mentor", "kind": "other", "text": "Нужен методист."});
    let something = asked(&world, &pair.director, &id, mentor_asks).expect(201).id();
    let plan = |method: &str, request: &str| {
        let form = json!({"planned_at": world.hour(1), "method": method, "request_id": request});
        world.step(&pair.director, &id, "meetings", form)
    };
    for strange in [&foreign, "01980000-0000-7000-8000-0000000000ff"] {
        let told = plan("aid", strange).refused(422, "field.reference");
        assert_eq!(told.body["errors"][0]["pointer"], "/request_id");
    }
    for (method, wrong) in [("talk", &consultation), ("practical", &consultation), ("aid", &something)] {
        let told = plan(method, wrong).refused(422, "meeting.wrong_request");
        assert_eq!(
            (&told.body["rule"], &told.body["errors"][0]["pointer"]),
            (&json!("002 §5.4"), &json!("/request_id"))
        );
    }
    let planned = plan("consultation", &consultation).expect(201);
    withdrawn(&world, &pair.director, &consultation).expect(200);
    plan("consultation", &consultation).refused(409, "mentorship_request.not_open");
    let path = format!("/meetings/{}", planned.id());
    let moved = json!({"planned_at": world.hour(-1)});
    world.patch(&pair.director, &path, &planned.etag(), moved).expect(200);
    world.post(&pair.director, &format!("{path}/holding"), world.holding(-1)).expect(200);
    assert_eq!(request(&world, &pair.director, &consultation).body["state"], "withdrawn");
}

#[test]
fn a_side_asks_for_itself_and_for_another_mentor_on_paper_or_in_person() {
    let (world, pair) = World::paired();
    let (mentor, mentee) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let proposed = world.consented(&pair);
    asked(&world, &mentee, &proposed, ask("recipient", "aid")).refused(409, "mentorship.not_active");
    world.step(&pair.director, &proposed, "confirmation", world.confirmation()).expect(200);
    let id = proposed;
    asked(&world, &mentee, &id, ask("mentor", "replacement")).refused(403, "access.not_yours");
    asked(&world, &mentor, &id, ask("recipient", "aid")).refused(403, "access.not_yours");
    let told = asked(&world, &mentor, &id, ask("mentor", "consultation"))
        .refused(422, "mentorship_request.recipient_asks");
    assert_eq!(
        (&told.body["rule"], &told.body["errors"][0]["pointer"]),
        (&json!("002 §5.4"), &json!("/party"))
    );
    let told = asked(&world, &mentor, &id, ask("mentor", "other")).refused(422, "field.missing");
    assert_eq!(told.body["errors"][0]["pointer"], "/text");
    let told = asked(&world, &pair.director, &id, ask("recipient", "replacement"))
        .refused(422, "mentorship_request.paper_needed");
    assert_eq!(
        (&told.body["rule"], &told.body["errors"][0]["pointer"]),
        (&json!("002 §3.10.4"), &json!("/on_paper_file_id"))
    );
    asked(&world, &mentee, &id, ask("recipient", "replacement")).expect(201);
    let told = asked(&world, &pair.director, &id, ask("recipient", "replacement"));
    assert_eq!(codes(&told), ["mentorship_request.already_open", "mentorship_request.paper_needed"]);
    asked(&world, &mentee, &id, ask("recipient", "replacement"))
        .refused(409, "mentorship_request.already_open");
    let paper = world.file(&pair.director, "other");
    let mut on_paper = ask("mentor", "replacement");
    on_paper["on_paper_file_id"] = json!(paper);
    let it = asked(&world, &pair.director, &id, on_paper.clone()).expect(201);
    assert_eq!(it.body["on_paper_file_id"], json!(paper));
    on_paper["on_paper_file_id"] = json!("01980000-0000-7000-8000-0000000000ff");
    asked(&world, &pair.director, &id, on_paper).refused(422, "field.reference");
}

#[test]
fn nobody_learns_from_a_request_that_the_other_side_wants_to_part() {
    let (world, pair, stranger) = World::twice_paired();
    let (mentor, mentee) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let tutor = world.account("tutor", json!([{"role": "tutor"}]), None);
    let id = world.followed(&pair, &tutor);
    let parts = asked(&world, &mentee, &id, ask("recipient", "replacement")).expect(201).id();
    let aid = asked(&world, &mentee, &id, ask("recipient", "aid")).expect(201).id();
    let leaves = asked(&world, &mentor, &id, ask("mentor", "replacement")).expect(201).id();
    request(&world, &mentor, &parts).refused(404, "request.not_found");
    withdrawn(&world, &mentor, &parts).refused(404, "request.not_found");
    request(&world, &mentee, &leaves).refused(404, "request.not_found");
    assert_eq!(listed(&world, &mentor, &id, "limit=50"), [leaves.clone(), aid.clone()]);
    assert_eq!(listed(&world, &mentee, &id, "limit=50"), [aid.clone(), parts.clone()]);
    let all = [leaves.clone(), aid.clone(), parts.clone()];
    for who in [&pair.director, &world.admin(), &tutor] {
        assert_eq!(listed(&world, who, &id, "limit=50"), all, "{}", who.login);
        request(&world, who, &parts).expect(200);
    }
    assert_eq!(listed(&world, &pair.director, &id, "kind=aid&state=open"), [aid.as_str()]);
    let first = world.get(&mentor, &format!("/mentorships/{id}/requests?limit=1")).expect(200);
    let next = first.body["next_cursor"].as_str().expect("a cursor");
    assert_eq!(listed(&world, &mentor, &id, &format!("limit=1&cursor={next}")), [aid.as_str()]);
    withdrawn(&world, &mentor, &aid).refused(403, "access.not_yours");
    for who in [&tutor, &world.admin()] {
        withdrawn(&world, who, &aid).refused(403, "access.forbidden");
        asked(&world, who, &id, ask("recipient", "aid")).refused(403, "access.forbidden");
    }
    for who in [&stranger.director, &world.mentor_account("other", &stranger)] {
        request(&world, who, &aid).refused(404, "request.not_found");
        withdrawn(&world, who, &aid).refused(404, "request.not_found");
        asked(&world, who, &id, ask("recipient", "aid")).refused(404, "request.not_found");
        world.get(who, &format!("/mentorships/{id}/requests")).refused(404, "request.not_found");
    }
    let path = format!("/api/v1/requests/{aid}/withdrawal");
    let stale = world.ask("POST", &path).by(&mentee).header("if-match", "\"7\"").json(&json!({})).send();
    stale.refused(412, "version.stale");
    let it = withdrawn(&world, &mentee, &aid).expect(200);
    assert_eq!((&it.body["state"], &it.body["note"]), (&json!("withdrawn"), &json!("Разобрались сами.")));
    assert_eq!(world.fact("mentorship_request.withdrawn"), aid);
    asked(&world, &mentee, &id, ask("recipient", "aid")).expect(201);
}

#[test]
fn what_is_still_open_is_closed_with_the_mentorship() {
    let (world, pair) = World::paired();
    let mentee = world.mentee_account("daria", &pair);
    let id = world.active(&pair);
    let aid = asked(&world, &mentee, &id, ask("recipient", "aid")).expect(201).id();
    let over = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    world.step(&pair.director, &id, "termination", over).expect(200);
    let it = request(&world, &mentee, &aid).expect(200);
    assert_eq!((&it.body["state"], &it.body["settled_on"]), (&json!("closed"), &json!(world.day(0))));
    assert_eq!(world.fact("mentorship_request.closed"), aid);
    asked(&world, &mentee, &id, ask("recipient", "aid")).refused(409, "mentorship.not_active");
}

#[test]
fn the_institution_answers_in_words_and_a_side_does_not() {
    let (world, pair) = World::paired();
    let mentee = world.mentee_account("daria", &pair);
    let specialist = world.staff("support_specialist", &pair.organization);
    let id = world.active(&pair);
    let pause = json!({"paused_on": world.day(0), "reason": "holidays"});
    world.step(&specialist, &id, "pause", pause).expect(200);
    let wish = json!({"party": "recipient", "kind": "replacement"});
    let it = asked(&world, &mentee, &id, wish.clone()).expect(201).id();
    assert_eq!(request(&world, &specialist, &it).actions(), json!(["withdraw", "answer"]));
    let path = format!("/requests/{it}/answer");
    let words = json!({"text": "Поговорили, остаёмся с этой наставницей."});
    world.post(&mentee, &path, words.clone()).refused(403, "access.forbidden");
    world.post(&specialist, &path, json!({})).expect(422);
    let answered = world.post(&specialist, &path, words.clone()).expect(200);
    assert_eq!((&answered.body["state"], &answered.body["note"]), (&json!("answered"), &words["text"]));
    assert_eq!(request(&world, &mentee, &it).body["note"], words["text"]);
    world.post(&specialist, &path, words).refused(409, "mentorship_request.not_open");
    asked(&world, &mentee, &id, wish).expect(201);
}
