//! A whole story of a mentorship, from the proposal to the end.
use super::{actions, card, facts, with};
use serde_json::json;
use tests::World;
use tests::pairs::Pair;

#[test]
fn a_family_gets_its_mentor() {
    let world = World::new();
    let (organization, director) = world.institution("УСЗСОН");
    let specialist = world.staff("support_specialist", &organization);
    let mother = world.person(&specialist, json!({"given_name": "Ольга", "birth_date": "1996-08-01"}));
    let child = world.person(&specialist, json!({"given_name": "Миша", "birth_date": "2018-03-01"}));
    let family = world.family(&specialist, &[&mother, &child]);
    let beneficiary = world.family_beneficiary(&specialist, &organization, &family);
    let case = world.case(&specialist, &organization, &beneficiary);
    let woman = world.resident(&specialist);
    let application = world.submitted(&specialist, &woman, &organization, &world.ngo("Доброе дело")).id();
    world.assess(&specialist, &application);
    let decision = format!("/mentor-applications/{application}/decision");
    let approved = world.post(&director, &decision, json!({"kind": "approve"})).expect(200);
    let account = world.account("mentor", json!([{"role": "mentor"}]), Some(&woman));

    let proposal = json!({"program_id": world.program("family-mentoring"), "beneficiary_id": beneficiary, "mentor_id": approved.body["mentor_id"],
        "starts_on": world.day(0), "ends_on": world.day(300), "reason": "Наставник живёт рядом."});
    let proposed = world.post(&specialist, "/mentorships", proposal).expect(201);
    let id = proposed.id();
    assert_eq!(proposed.header("location"), Some(format!("/api/v1/mentorships/{id}").as_str()));
    assert_eq!(
        (&proposed.body["state"], &proposed.body["program_code"], &proposed.body["beneficiary_name"]),
        (&json!("proposed"), &json!("family-mentoring"), &json!("Семья Морозовых"))
    );
    assert_eq!(proposed.body["mentor_name"], "Петрова Мария Ильинична");
    assert_eq!(proposed.body["consents_missing"], json!(["recipient"]));
    assert_eq!(actions(&proposed), ["accept", "decline", "assign_tutor"]);

    let yes = json!({"party": "mentor", "decision": "accept", "note": "Рада помочь."});
    let one = world.step(&account, &id, "acceptances", yes).expect(200);
    assert_eq!((&one.body["state"], actions(&one)), (&json!("proposed"), vec!["withdraw"]));
    let both =
        world.step(&specialist, &id, "acceptances", world.acceptance(&specialist, "recipient")).expect(200);
    let offered = vec!["decline", "consent", "assign_tutor"];
    assert_eq!((&both.body["state"], actions(&both)), (&json!("accepted"), offered));
    let consent = json!({"signatory": "recipient", "person_id": mother, "signed_on": world.day(0), "file_id": world.file(&specialist, "consent")});
    let signed = world.step(&specialist, &id, "consents", consent).expect(200);
    assert_eq!((&signed.body["state"], &signed.body["consents_missing"]), (&json!("consented"), &json!([])));
    assert_eq!(
        world.get(&director, &format!("/mentorships/{id}/consents")).expect(200).items(),
        signed.body["consents"].as_array().unwrap()
    );
    assert_eq!(actions(&card(&world, &director, &id)), ["decline", "confirm", "assign_tutor"]);
    let active = world.step(&director, &id, "confirmation", world.confirmation()).expect(200);
    assert_eq!((&active.body["state"], &active.body["decree"]["number"]), (&json!("active"), &json!("15-н")));
    assert_eq!(
        actions(&active),
        [
            "extend",
            "pause",
            "replace",
            "withdraw",
            "terminate",
            "assign_tutor",
            "plan_meeting",
            "record_meeting",
            "make_request",
            "make_survey",
            "make_report"
        ]
    );

    let closing = json!({"closed_on": world.day(0), "reason": "goals_reached"});
    world
        .post(&director, &format!("/cases/{case}/closing"), closing.clone())
        .refused(409, "case.has_active_mentorship");
    let ahead = world.meeting(&account, &id, 30);
    let refusal = json!({"ground": "written_refusal", "ended_on": world.day(0), "document_file_id": world.file(&account, "refusal")});
    let ended = world.step(&account, &id, "termination", refusal).expect(200);
    assert_eq!((&ended.body["state"], &ended.body["ended_on"]), (&json!("terminated"), &json!(world.day(0))));
    assert_eq!(ended.body["termination"]["ground"], "written_refusal");
    assert_eq!(actions(&ended), Vec::<&str>::new());
    card(&world, &account, &id).refused(404, "request.not_found");
    let meeting = world.get(&specialist, &format!("/meetings/{ahead}")).expect(200);
    assert_eq!(
        (&meeting.body["state"], &meeting.body["cancelled"]["reason"]),
        (&json!("cancelled"), &json!("mentorship_ended"))
    );
    world.post(&director, &format!("/cases/{case}/closing"), closing).expect(200);
    assert_eq!(
        facts(&world, &director, &format!("/mentorships/{id}")),
        [
            "meeting.cancelled",
            "mentorship.terminated",
            "meeting.planned",
            "mentorship.confirmed",
            "mentorship.consented",
            "mentorship.accepted",
            "mentorship.accepted",
            "mentorship.proposed",
        ]
    );
}

#[test]
fn a_young_woman_answers_and_signs_by_herself() {
    let (world, pair) = World::paired();
    let (mentee, mentor) = (world.mentee_account("daria", &pair), world.mentor_account("maria", &pair));
    let id = world.proposed(&pair);
    assert_eq!(actions(&card(&world, &mentee, &id)), ["accept", "decline"]);
    let yes = |party| json!({"party": party, "decision": "accept"});
    world.step(&mentee, &id, "acceptances", yes("recipient")).expect(200);
    assert_eq!(actions(&card(&world, &mentee, &id)), ["withdraw"]);
    world.step(&mentor, &id, "acceptances", yes("mentor")).expect(200);
    let consent = json!({"signatory": "recipient", "person_id": pair.person, "signed_on": world.day(0)});
    let signed = world.step(&mentee, &id, "consents", consent).expect(200);
    assert_eq!(signed.body["state"], "consented");
    world.step(&mentee, &id, "confirmation", world.confirmation()).refused(403, "access.forbidden");
}

#[test]
fn for_a_girl_of_fifteen_the_guardian_signs_and_she_too() {
    let (world, mut pair) = World::paired();
    let girl = world.person(&pair.director, json!({}));
    pair.beneficiary = world.beneficiary(&pair.director, &pair.organization, &girl);
    let guardian = world.person(&pair.director, json!({"birth_date": "1980-01-01"}));
    let authority = world.guardian(&pair.director, &pair.beneficiary, &guardian);
    let opeka =
        world.account("opeka", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    let id = world.accepted(&pair);
    let before = card(&world, &opeka, &id).expect(200);
    assert_eq!(before.body["consents_missing"], json!(["representative", "recipient"]));
    assert_eq!(actions(&before), ["consent", "withdraw"]);
    let by_guardian = json!({"signatory": "representative", "person_id": guardian, "representative_id": authority, "signed_on": world.day(0), "file_id": world.file(&opeka, "consent")});
    let one = world.step(&opeka, &id, "consents", by_guardian.clone()).expect(200);
    assert_eq!(
        (&one.body["state"], &one.body["consents_missing"]),
        (&json!("accepted"), &json!(["recipient"]))
    );
    world
        .step(&pair.director, &id, "confirmation", world.confirmation())
        .refused(409, "mentorship.not_consented");
    world.step(&opeka, &id, "consents", by_guardian).refused(409, "consent.already_given");
    let by_girl = with(world.consent(&pair), "person_id", girl);
    let both = world.step(&pair.director, &id, "consents", by_girl).expect(200);
    assert_eq!(
        (&both.body["state"], both.body["consents"].as_array().unwrap().len()),
        (&json!("consented"), 2)
    );
    assert_eq!(
        world.get(&opeka, &format!("/mentorships/{id}/consents?limit=1")).expect(200).items().len(),
        1
    );
}

#[test]
fn time_completes_what_has_outlived_its_last_day_and_lets_lapse_what_has_not_begun() {
    let mut world = World::with(&["--clock-seconds", "1"]);
    let pair = Pair { program: world.plain_program("by-date", json!({})), ..world.pair() };
    let late = world.pair();
    let (active, waiting) = (world.active(&pair), world.accepted(&late));
    let ahead = world.meeting(&pair.director, &active, 24 * 60);
    world.advance_days(30);
    assert_eq!(card(&world, &world.admin(), &waiting).body["state"], "accepted");
    world.advance_days(1);
    let lapsed = world.until(&waiting, "lapsed");
    assert_eq!(lapsed.body["ended_on"], json!(world.day(0)));
    world.advance_days(29);
    assert_eq!(
        card(&world, &world.admin(), &active).body["state"],
        "active",
        "the last day belongs to the term"
    );
    world.advance_days(1);
    let completed = world.until(&active, "completed");
    assert_eq!(
        (&completed.body["completion_reason"], &completed.body["ended_on"]),
        (&json!("term_ended"), &json!(world.day(-1)))
    );
    let admin = world.admin();
    assert_eq!(
        world.get(&admin, &format!("/meetings/{ahead}")).body["cancelled"]["reason"],
        "mentorship_ended"
    );
    world.advance_days(1);
    world.until(&active, "completed");
    let told = facts(&world, &world.admin(), &format!("/mentorships/{active}"));
    assert_eq!(told.iter().filter(|it| *it == "mentorship.completed").count(), 1);
    let history = world.get(&world.admin(), &format!("/mentorships/{waiting}/history")).expect(200);
    assert_eq!(
        (&history.items()[0]["kind"], history.items()[0].get("actor_id")),
        (&json!("mentorship.lapsed"), None)
    );
    let director = world.again(&late.director);
    world
        .step(&director, &waiting, "acceptances", json!({"party": "mentor", "decision": "decline"}))
        .refused(409, "mentorship.not_open");
    let again = Pair { director, ..late };
    world.proposed(&again);
}

#[test]
fn a_step_by_a_stale_version_is_refused_when_one_is_told() {
    let (world, pair) = World::paired();
    let id = world.consented(&pair);
    let seen = card(&world, &pair.director, &id).etag();
    let no = json!({"party": "mentor", "decision": "decline"});
    let step = |etag: &str| {
        let path = format!("/api/v1/mentorships/{id}/acceptances");
        world.ask("POST", &path).by(&pair.director).header("if-match", etag).json(&no).send()
    };
    step("\"1\"").refused(412, "version.stale");
    step(&seen).expect(200);
    step(&seen).refused(412, "version.stale");
}

#[test]
fn what_fails_keeps_nothing_else_from_its_time() {
    if tests::postgres_url().is_some() {
        return; // PostgreSQL has the same clock, but no file to change.
    }
    let mut world = World::with(&["--clock-seconds", "1"]);
    let pair = Pair { program: world.plain_program("by-date", json!({})), ..world.pair() };
    let active = world.active(&pair);
    world.advance_days(59);
    let files = std::fs::read_dir(&world.folder).expect("a folder").map(|it| it.expect("a file").path());
    let regions = files.filter(|it| it.extension().is_some_and(|it| it == "sqlite"));
    for file in regions {
        let spoilt = rusqlite::Connection::open(file).expect("a database");
        spoilt.busy_timeout(std::time::Duration::from_secs(10)).expect("patience");
        spoilt.execute_batch("DROP TABLE IF EXISTS idempotency_keys").expect("the answers are lost");
    }
    world.advance_days(2);
    world.until(&active, "completed");
}
