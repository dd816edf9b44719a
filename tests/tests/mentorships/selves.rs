//! Limits of a participant, which hold even with other roles: rows that they never see and decisions that they never
//! take.
use super::{actions, card, codes, with};
use serde_json::{Value, json};
use tests::pairs::Pair;
use tests::{Account, World};

/// An account of the pair's mentor, who is also a director of the same institution.
fn director_who_mentors(world: &World, pair: &Pair) -> Account {
    let grants = json!([{"role": "director", "organization_id": pair.organization}, {"role": "mentor"}]);
    world.account("both", grants, Some(&pair.mentor_person))
}

#[test]
fn a_director_who_mentors_decides_nothing_about_the_own_pair() {
    let world = World::new();
    let pair = Pair {
        program: world.plain_program("extendable", json!({"extendable": true, "max_extension_months": 6})),
        ..world.pair()
    };
    let both = director_who_mentors(&world, &pair);
    world.post(&both, "/mentorships", world.proposal(&pair)).refused(403, "access.own");
    let id = world.consented(&pair);
    world.step(&both, &id, "confirmation", world.confirmation()).refused(403, "access.own");
    world.step(&pair.director, &id, "confirmation", world.confirmation()).expect(200);
    let today = world.day(0);
    for (step, order) in [
        ("extensions", json!({"ends_on": world.day(90)})),
        ("pause", json!({"paused_on": today, "reason": "other"})),
        ("replacement", json!({"ground": "other_obstacle", "ended_on": today, "text": "Ссора."})),
    ] {
        world.step(&both, &id, step, order).refused(403, "access.own");
    }
    let other = json!({"ground": "other_objective", "ended_on": today, "text": "Не хочу."});
    world.step(&both, &id, "termination", other).refused(403, "access.not_yours");
    let seen = card(&world, &both, &id).expect(200);
    assert_eq!(
        actions(&seen),
        [
            "withdraw",
            "terminate",
            "plan_meeting",
            "record_meeting",
            "make_request",
            "make_survey",
            "make_report"
        ]
    );
    assert_eq!(seen.body.get("reason"), None, "seen with the eyes of the mentor");
    let removal = json!({"removed_on": today, "decree": {"number": "1", "date": today}});
    world.post(&both, &format!("/mentors/{}/removal", pair.mentor), removal).refused(403, "access.own");
}

#[test]
fn a_director_who_mentors_learns_nothing_that_is_kept_from_the_mentor() {
    let (world, pair) = World::paired();
    let both = director_who_mentors(&world, &pair);
    let mentee = world.mentee_account("daria", &pair);
    let id = world.active(&pair);
    let wish = json!({"party": "recipient", "kind": "replacement", "text": "Мне с ним страшно."});
    let request = world.step(&mentee, &id, "requests", wish).expect(201).id();
    let meeting = world.held(&pair.director, &id, 1).id();
    let rating = json!({"party": "recipient", "score": 1, "comment": "Кричал."});
    world.post(&mentee, &format!("/meetings/{meeting}/ratings"), rating).expect(200);
    let ground = json!({"arisen_on": world.day(0), "text": "Жалоба семьи."});
    let ground = world
        .post(&pair.director, &format!("/mentors/{}/removal-grounds", pair.mentor), ground)
        .expect(201)
        .id();
    for path in [format!("/requests/{request}"), format!("/removal-grounds/{ground}")] {
        assert_eq!(world.get(&both, &path).status, 404, "{path}");
    }
    let seen = [
        world.get(&both, &format!("/mentorships/{id}/requests")),
        world.get(&both, &format!("/meetings/{meeting}")),
    ];
    for it in seen {
        assert!(!it.text.contains("страшно") && !it.text.contains("Кричал"), "{}", it.text);
    }
    let dismissal = json!({"text": "Пустяки."});
    assert_eq!(world.post(&both, &format!("/removal-grounds/{ground}/dismissal"), dismissal).status, 404);
    let removal = json!({"removed_on": world.day(0), "decree": {"number": "1", "date": world.day(0)}});
    world.post(&pair.director, &format!("/mentors/{}/removal", pair.mentor), removal).expect(200);
    let lifting = json!({"lifted_on": world.day(0), "decree": {"number": "2", "date": world.day(0)}});
    world
        .post(&both, &format!("/mentors/{}/removal-lifting", pair.mentor), lifting)
        .refused(403, "access.own");
    for path in [
        format!("/mentorships/{id}"),
        format!("/mentorships/{id}/meetings"),
        format!("/mentorships/{id}/history"),
        format!("/meetings/{meeting}"),
    ] {
        assert_eq!(world.get(&both, &path).status, 404, "ended: {path}");
    }
}

#[test]
fn a_recipient_reads_neither_why_a_mentor_left_nor_the_order_of_a_removal() {
    let (world, pair) = World::paired();
    let (mentor, mentee) = (world.mentor_account("mentor", &pair), world.mentee_account("daria", &pair));
    let id = world.proposed(&pair);
    let no = json!({"party": "mentor", "decision": "decline", "note": "Боюсь этого подростка."});
    world.step(&mentor, &id, "acceptances", no).expect(200);
    assert_eq!(card(&world, &mentee, &id).body["declined"].get("note"), None);
    let id = world.active(&pair);
    let paper = world.file(&mentor, "refusal");
    let leaves = json!({"party": "mentor", "withdrawn_on": world.day(0), "file_id": paper, "note": "Не могу с этим подростком."});
    world.step(&mentor, &id, "withdrawal", leaves).expect(200);
    assert_eq!(card(&world, &mentee, &id).body["termination"].get("text"), None);
    assert_eq!(card(&world, &pair.director, &id).body["termination"]["text"], "Не могу с этим подростком.");
    let other = Pair { mentor: world.another_mentor(&pair), ..pair.clone() };
    let id = world.active(&other);
    let removal = json!({"removed_on": world.day(0), "decree": {"number": "34-л", "date": world.day(0)}});
    world.post(&pair.director, &format!("/mentors/{}/removal", other.mentor), removal).expect(200);
    assert!(!card(&world, &mentee, &id).text.contains("34-л"));
}

#[test]
fn the_institution_keeps_the_paper_that_a_mentor_brought_and_the_mentor_does_not() {
    let (world, pair) = World::paired();
    let mentor = world.mentor_account("mentor", &pair);
    let id = world.active(&pair);
    let paper = world.file(&mentor, "refusal");
    let content = format!("/api/v1/files/{paper}/content");
    assert_eq!(world.get(&pair.director, &format!("/files/{paper}")).status, 404, "still the mentor's alone");
    let leaves = json!({"party": "mentor", "withdrawn_on": world.day(0), "file_id": paper});
    let key = |it: tests::Ask<'_>| it.by(&mentor).header("idempotency-key", "leaves").json(&leaves).send();
    let path = format!("/api/v1/mentorships/{id}/withdrawal");
    let first = key(world.ask("POST", &path)).expect(200);
    let again = key(world.ask("POST", &path)).expect(200);
    assert_eq!(
        (again.text, again.headers.iter().any(|it| it.0 == "idempotency-replayed")),
        (first.text, true)
    );
    assert_eq!(world.ask("GET", &content).by(&pair.director).send().status, 200);
    assert_eq!(world.ask("GET", &content).by(&mentor).send().status, 404);
    let own = world.file(&mentor, "other");
    assert_eq!(world.get(&mentor, &format!("/files/{own}")).status, 200);
}

#[test]
fn an_officer_of_guardianship_withdraws_for_the_child_and_not_for_the_mentor() {
    let (world, pair) = World::paired();
    let officer =
        world.account("officer", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    let id = world.active(&pair);
    let paper = world.file(&officer, "refusal");
    let for_mentor = json!({"party": "mentor", "withdrawn_on": world.day(0), "file_id": paper});
    world.step(&officer, &id, "withdrawal", for_mentor).refused(403, "access.not_yours");
    let for_child = json!({"party": "recipient", "withdrawn_on": world.day(0), "file_id": paper, "person_id": pair.person});
    world.step(&officer, &id, "withdrawal", for_child).expect(200);
    assert_eq!(world.get(&pair.director, &format!("/files/{paper}")).status, 200, "the institution keeps it");
}

#[test]
fn nobody_goes_around_a_replacement_or_an_open_ground() {
    let (world, pair, id) = World::mentoring();
    let ground = json!({"arisen_on": world.day(0), "text": "Жалоба."});
    let ground = world
        .post(&pair.director, &format!("/mentors/{}/removal-grounds", pair.mentor), ground)
        .expect(201)
        .id();
    let order = with(world.replacement("other_obstacle"), "text", "Ссора.");
    let confirmed = with(order.clone(), "absence_confirmed", true);
    world.step(&pair.director, &id, "replacement", confirmed).expect(422);
    world.step(&pair.director, &id, "replacement", order).expect(200);
    let told = world.post(&pair.director, "/mentorships", world.proposal(&pair));
    assert_eq!(codes(&told), ["mentorship.ground_open", "mentorship.succession_missing"]);
    let dismissal = format!("/removal-grounds/{ground}/dismissal");
    world.post(&pair.director, &dismissal, json!({"text": "Не подтвердилось."})).expect(200);
    let linked = with(world.proposal(&pair), "replaces_id", id);
    world.post(&pair.director, "/mentorships", linked).refused(409, "mentorship.same_mentor");
}

#[test]
fn the_days_of_a_pause_are_no_absence_and_pauses_do_not_overlap() {
    let (mut world, pair) = World::paired();
    let specialist = world.staff("support_specialist", &pair.organization);
    let id = world.active(&pair);
    world.held(&specialist, &id, 1);
    let pause = |world: &World, days: i64| json!({"paused_on": world.day(days), "reason": "illness"});
    world.advance_days(1);
    let specialist = world.again(&specialist);
    world.step(&specialist, &id, "pause", pause(&world, -2)).refused(422, "mentorship.date");
    world.step(&specialist, &id, "pause", pause(&world, 0)).expect(200);
    world.advance_days(58);
    let specialist = world.again(&specialist);
    world.step(&specialist, &id, "resumption", json!({"resumed_on": world.day(0)})).expect(200);
    world.step(&specialist, &id, "pause", pause(&world, -5)).refused(422, "mentorship.date");
    let order = world.replacement("long_absence");
    let told =
        world.step(&specialist, &id, "replacement", order).refused(409, "mentorship.absence_too_short");
    let silent = |it: &Value| it["name"] == "silent_days" && it["value"] == "1";
    assert!(told.body["errors"][0]["params"].as_array().unwrap().iter().any(silent), "{}", told.text);
}

#[test]
fn a_first_day_is_not_moved_under_another_edition() {
    let world = World::new();
    let pair = Pair { program: world.plain_program("edited", json!({})), ..world.pair() };
    let edition = json!({"effective_from": world.day(3), "serves": "person", "completion": {"kind": "term", "max_months": 3}});
    let id = world.consented(&pair);
    world.post(&world.admin(), &format!("/programs/{}/editions", pair.program), edition).expect(201);
    let on = |days: i64| json!({"starts_on": world.day(days), "ends_on": world.day(days + 60)});
    world.step(&pair.director, &id, "confirmation", on(3)).refused(422, "mentorship.other_edition");
    world.step(&pair.director, &id, "confirmation", on(2)).expect(200);
}

#[test]
fn nobody_is_removed_before_the_approval() {
    let (world, pair) = World::paired();
    let removal = json!({"removed_on": world.day(-1), "decree": {"number": "34-л", "date": world.day(-1)}});
    world
        .post(&pair.director, &format!("/mentors/{}/removal", pair.mentor), removal)
        .refused(422, "mentor.removed_before_approved");
}
