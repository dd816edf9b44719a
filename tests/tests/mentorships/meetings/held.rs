//! The forms and methods of work, and meetings recorded without a plan.
use super::{codes, meeting, plan, record, with};
use serde_json::{Value, json};
use tests::{Account, Reply, World};

fn recorded(world: &World, who: &Account, mentorship: &str, order: Value) -> Reply {
    world.step(who, mentorship, "held-meetings", order)
}
fn talk(world: &World, hours: i64) -> Value {
    with(world.holding(hours), "method", "talk")
}

#[test]
fn the_method_must_suit_individual_work() {
    let (world, pair, id) = World::mentoring();
    for method in ["consultation", "talk", "practical", "aid"] {
        let form = with(plan(&world, 1), "method", method);
        world.step(&pair.director, &id, "meetings", form).expect(201);
    }
    for method in ["discussion", "game"] {
        let form = with(plan(&world, 1), "method", method);
        let told = world.step(&pair.director, &id, "meetings", form).refused(422, "meeting.method_unsuited");
        assert_eq!(
            (&told.body["rule"], &told.body["errors"][0]["pointer"]),
            (&json!("002 §5.3"), &json!("/method"))
        );
    }
    let it = world.meeting(&pair.director, &id, 1);
    let path = format!("/meetings/{it}");
    let etag = meeting(&world, &pair.director, &it).etag();
    world
        .patch(&pair.director, &path, &etag, json!({"method": "game", "planned_at": world.hour(-48)}))
        .refused(422, "meeting.out_of_term");
    let both = with(with(plan(&world, -48), "method", "game"), "topic", "Игра");
    let told = world.put(&pair.director, &path, &etag, both);
    assert_eq!(codes(&told), ["meeting.out_of_term", "meeting.method_unsuited"], "both are told at once");
    recorded(&world, &pair.director, &id, with(talk(&world, -1), "method", "game"))
        .refused(422, "meeting.method_unsuited");
}

#[test]
fn the_catalogues_tell_which_method_suits_which_form() {
    let world = World::new();
    let listed = |name: &str| {
        let reply = world.get(&world.admin(), &format!("/catalogues/{name}")).expect(200);
        let entries = reply.items();
        entries.iter().map(|it| it["code"].as_str().expect("a code").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed("work-forms"), ["individual", "group"]);
    assert_eq!(listed("individual-meeting-methods"), ["consultation", "talk", "practical", "aid"]);
    assert_eq!(listed("group-meeting-methods"), ["consultation", "discussion", "game", "practical"]);
    assert_eq!(listed("meeting-methods"), ["consultation", "talk", "practical", "aid", "discussion", "game"]);
    assert_eq!(listed("aid-kinds"), ["pedagogical", "psychological", "social"]);
}

#[test]
fn aid_has_a_kind_and_nothing_else_has() {
    let (world, pair, id) = World::mentoring();
    let aid = |kind: &str| {
        let form = with(with(plan(&world, 1), "method", "aid"), "aid_kind", kind);
        world.step(&pair.director, &id, "meetings", form)
    };
    for kind in ["pedagogical", "social"] {
        assert_eq!(aid(kind).expect(201).body["aid_kind"], kind);
    }
    assert_eq!(codes(&aid("financial").expect(422)), ["field.word"]);
    let planned = aid("psychological").expect(201);
    assert_eq!(planned.body["aid_kind"], "psychological");
    let talk = with(plan(&world, 1), "aid_kind", "social");
    let told = world.step(&pair.director, &id, "meetings", talk).expect(422);
    assert_eq!(codes(&told), ["field.combination"]);
    let path = format!("/meetings/{}", planned.id());
    world
        .patch(&pair.director, &path, &planned.etag(), json!({"method": "talk"}))
        .refused(422, "field.combination");
    let talk = json!({"method": "talk", "aid_kind": null});
    let edited = world.patch(&pair.director, &path, &planned.etag(), talk).expect(200);
    assert_eq!(edited.body.get("aid_kind"), None);
}

#[test]
fn entering_a_held_meeting_needs_at_most_six_fields() {
    let (world, pair) = World::paired();
    let mentor = world.mentor_account("maria", &pair);
    let id = world.active(&pair);
    let order = talk(&world, -1);
    assert!(order.as_object().expect("members").len() <= 6, "{order}");
    let held = recorded(&world, &mentor, &id, order).expect(201);
    assert_eq!(held.header("location"), Some(format!("/api/v1/meetings/{}", held.id()).as_str()));
    assert_eq!(
        (&held.body["state"], &held.body["number"], &held.body["version"], &held.body["at"]),
        (&json!("held"), &json!(1), &json!(1), &json!(world.hour(-1)))
    );
    assert_eq!(held.body["held"], world.holding(-1));
    assert_eq!(meeting(&world, &mentor, &held.id()).body, held.body);
    for member in ["began_at", "minutes", "method", "directions", "topic"] {
        let mut less = talk(&world, -3);
        less.as_object_mut().expect("members").remove(member);
        let told = recorded(&world, &mentor, &id, less).expect(422);
        assert_eq!(codes(&told), ["field.missing"], "{member}");
    }
    let history = world.get(&pair.director, &format!("/meetings/{}/history", held.id())).expect(200);
    assert_eq!(history.kinds(), ["meeting.held"]);
}

#[test]
fn a_held_meeting_tells_the_risks_it_dealt_with_and_whether_a_specialist_was_there() {
    let (world, pair) = World::paired();
    let mentee = world.mentee_account("daria", &pair);
    let id = world.active(&pair);
    let mut order = talk(&world, -1);
    for (name, value) in [
        ("method", json!("aid")),
        ("aid_kind", json!("social")),
        ("risk_flags", json!(["parental_addiction", "child_violence_risk", "safety"])),
        ("specialist_present", json!(true)),
        ("topic_set_by", json!("together")),
        ("place", json!("Отделение")),
        ("notes", json!("Говорили о лечении.")),
    ] {
        order[name] = value;
    }
    let held = recorded(&world, &pair.director, &id, order.clone()).expect(201);
    assert_eq!(
        (&held.body["held"]["risk_flags"], &held.body["held"]["specialist_present"], &held.body["aid_kind"]),
        (&order["risk_flags"], &json!(true), &json!("social"))
    );
    let own = meeting(&world, &mentee, &held.id()).expect(200).body;
    assert_eq!((own["held"].get("risk_flags"), own["held"].get("notes")), (None, None));
    let twice = with(talk(&world, -3), "risk_flags", json!(["safety", "safety"]));
    let told = recorded(&world, &pair.director, &id, twice).expect(422);
    assert_eq!(codes(&told), ["field.combination"]);
    let planned = world.meeting(&pair.director, &id, -4);
    let order = with(world.holding(-4), "risk_flags", json!(["neglect"]));
    let held = record(&world, &pair.director, &planned, "holding", order).expect(200);
    assert_eq!(held.body["held"]["risk_flags"], json!(["neglect"]));
}

#[test]
fn a_meeting_recorded_at_once_obeys_the_rules_of_planning_and_holding() {
    let (world, pair, id) = World::mentoring();
    world.life_plan(&pair.director, &pair.beneficiary);
    let told = recorded(&world, &pair.director, &id, talk(&world, 1)).refused(422, "meeting.in_future");
    assert_eq!(told.body["errors"][0]["pointer"], "/began_at");
    recorded(&world, &pair.director, &id, talk(&world, -48)).refused(422, "meeting.out_of_term");
    recorded(&world, &pair.director, &id, talk(&world, -5)).expect(201);
    recorded(&world, &pair.director, &id, talk(&world, -5)).refused(409, "meeting.overlaps");
    let early = with(with(talk(&world, -1), "homework", "Прочесть."), "homework_due_on", world.day(-1));
    let told = recorded(&world, &pair.director, &id, early).refused(422, "meeting.homework_due_early");
    assert_eq!(told.body["errors"][0]["pointer"], "/homework_due_on");
    for hours in [-4, -3, -2, -1] {
        recorded(&world, &pair.director, &id, talk(&world, hours)).expect(201);
    }
    let sixth = recorded(&world, &pair.director, &id, with(talk(&world, 0), "minutes", 5)).expect(201);
    assert_eq!(sixth.body["number"], 6);
    let card = world.get(&pair.director, &format!("/mentorships/{id}")).expect(200);
    assert_eq!(
        (&card.body["state"], &card.body["completion_reason"], &card.body["held_meetings"]),
        (&json!("completed"), &json!("meetings_held"), &json!(6))
    );
    recorded(&world, &pair.director, &id, talk(&world, 0)).refused(409, "mentorship.meetings_done");
}

#[test]
fn only_those_who_plan_meetings_record_them() {
    let (world, pair, stranger) = World::twice_paired();
    let mentee = world.mentee_account("daria", &pair);
    let id = world.active(&pair);
    recorded(&world, &mentee, &id, talk(&world, -1)).refused(403, "access.forbidden");
    recorded(&world, &world.admin(), &id, talk(&world, -1)).refused(403, "access.forbidden");
    let other = world.mentor_account("other", &stranger);
    for who in [&stranger.director, &other] {
        recorded(&world, who, &id, talk(&world, -1)).refused(404, "request.not_found");
    }
    let proposed = world.proposed(&stranger);
    recorded(&world, &stranger.director, &proposed, talk(&world, -1)).refused(409, "mentorship.not_active");
}

#[test]
fn a_topic_is_set_together_or_by_the_mentor_and_both_see_by_whom() {
    let (world, pair) = World::paired();
    let (mentor, mentee) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let id = world.active(&pair);
    for (hours, author, other) in [(-1, "together", "mentor"), (-3, "mentor", "together")] {
        let form = with(plan(&world, 5), "topic_set_by", author);
        let planned = world.step(&mentor, &id, "meetings", form).expect(201);
        let seen = meeting(&world, &mentee, &planned.id()).expect(200).body;
        assert_eq!(
            (&planned.body["topic_set_by"], &seen["topic_set_by"], &seen["topic"]),
            (&json!(author), &json!(author), &json!("Планы на учёбу"))
        );
        let path = format!("/meetings/{}", planned.id());
        let edited = world.patch(&mentor, &path, &planned.etag(), json!({"topic_set_by": other})).expect(200);
        assert_eq!(edited.body["topic_set_by"], other);
        let order = with(with(talk(&world, hours), "topic_set_by", author), "place", "Берег реки");
        let held = recorded(&world, &mentor, &id, order).expect(201);
        let seen = meeting(&world, &mentee, &held.id()).expect(200).body;
        assert_eq!(
            (&held.body["topic_set_by"], &seen["topic_set_by"], &seen["place"]),
            (&json!(author), &json!(author), &json!("Берег реки"))
        );
    }
    let strange = with(plan(&world, 5), "topic_set_by", "neighbour");
    let told = world.step(&mentor, &id, "meetings", strange).expect(422);
    assert_eq!(codes(&told), ["field.word"]);
}
