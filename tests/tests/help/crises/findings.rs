//! Findings after the report: they only add, hide the crisis at once, and take it from whom it concerns.
use super::sight::hidden;
use super::*;

#[test]
fn a_finding_about_the_specialist_who_has_it_hides_the_crisis_at_once_and_calls_the_head() {
    let it = scene();
    let crisis = it.report(&it.mentee, json!({"kind": "other"}));
    it.take(&it.specialist, &crisis).expect(200);
    let order = json!({"kind": "violence", "concerns": "specialist", "concerned_user_id": it.specialist.id});
    let found = it.find(&it.head, &crisis, order).expect(200);
    assert_eq!((&found.body["state"], &found.body["kind"]), (&json!("reported"), &json!("other")));
    assert!(found.body["acknowledged_by_user_id"].is_null());
    let [finding] = found.body["findings"].as_array().expect("findings").as_slice() else {
        panic!("one finding: {}", found.text)
    };
    assert_eq!((&finding["kind"], &finding["made_by_user_id"]), (&json!("violence"), &json!(it.head.id)));
    hidden(&it, &it.specialist, &crisis);
    assert_eq!(it.seen(&it.mentee, &crisis).expect(200).body["progress"], "heard");
    assert_eq!(it.waits(&it.head), [crisis.as_str()], "the first level is left out in the same instant");
    assert!(it.waits(&it.director).is_empty());
    let told = it.told(&crisis);
    assert_eq!(told[..3], ["crisis.escalated", "crisis.taken_away", "crisis.found"]);
    it.take(&it.head, &crisis).expect(200);
    it.listen(&it.head, &crisis).expect(200);
    it.tell(&it.head, &crisis, "guardianship").expect(200);
    it.resolve(&it.head, &crisis, "safe").expect(200);
    hidden(&it, &it.specialist, &crisis);
}

#[test]
fn a_signed_month_tells_those_whom_a_crisis_concerns_by_now_nothing_of_it_and_nobody_that_it_is_gone() {
    let mut it = scene();
    it.pass(29 * 24 * 60);
    let crisis = it.report(&it.colleague, json!({}));
    let path = |month: &str| format!("/cases/{}/monthly-records/{month}", it.case);
    let words = json!({"summary": "Учится.", "changes": [], "next_month": "К врачу."});
    let order = json!({"words": words});
    let signed = it.world.post(&it.specialist, &format!("{}/signature", path("2026-03")), order).expect(200);
    assert!(signed.text.contains(&crisis), "{}", signed.text);
    let about = json!({"concerns": "specialist", "concerned_user_id": it.specialist.id});
    it.find(&it.head, &crisis, about).expect(200);
    let march = path("2026-03");
    let own = it.world.get(&it.specialist, &march).expect(200);
    assert!(!own.text.contains(&crisis) && !own.text.contains("\"crisis\""), "{}", own.text);
    let of_head = it.world.get(&it.head, &march).expect(200);
    assert!(of_head.text.contains(&crisis), "{}", of_head.text);
    for seen in [&own, &of_head] {
        assert_eq!((&seen.body["since_signed"], &seen.body["sha256"]), (&json!([]), &signed.body["sha256"]));
    }
    let april = path("2026-04");
    it.pass(24 * 60);
    for who in [&it.specialist, &it.head] {
        let next = it.world.get(who, &april).expect(200);
        assert_eq!(next.body["late_entries"], json!([]));
    }
}

#[test]
fn the_chain_goes_on_from_the_moment_of_the_finding() {
    let mut it = scene();
    let crisis = it.report(&it.mentee, json!({}));
    it.pass(40);
    it.take(&it.director, &crisis).expect(200);
    it.pass(50);
    let about = json!({"concerns": "staff", "concerned_user_id": it.director.id});
    it.find(&it.head, &crisis, about).expect(200);
    hidden(&it, &it.director, &crisis);
    assert_eq!(it.waits(&it.head), [crisis.as_str()], "those whom it has come to keep it");
    assert!(it.waits(&it.world.admin()).is_empty());
    it.pass(15);
    assert_eq!(it.waits(&it.world.admin()), [crisis.as_str()]);
}

#[test]
fn whoever_may_be_meant_by_an_unnamed_finding_is_hidden_from_but_for_its_author() {
    let it = scene();
    let crisis = it.report(&it.mentee, json!({}));
    it.find(&it.specialist, &crisis, json!({"concerns": "staff"})).expect(200);
    hidden(&it, &it.colleague, &crisis);
    it.seen(&it.specialist, &crisis).expect(200);
    let other = it.report(&it.colleague, json!({}));
    it.find(&it.head, &other, json!({"concerns": "specialist"})).expect(200);
    it.seen(&it.specialist, &other).expect(404);
    it.seen(&it.colleague, &other).expect(404);
    let (world, pair) = World::paired();
    world.active(&pair);
    let mentor = world.mentor_account("mentor", &pair);
    let form = json!({"beneficiary_id": pair.beneficiary, "kind": "other", "text": "Синяки-Х."});
    let crisis = world.post(&mentor, "/crises", form).expect(201).id();
    let path = format!("/crises/{crisis}");
    let order = json!({"concerns": "mentor", "concerned_person_id": pair.mentor_person});
    world.post(&pair.director, &format!("{path}/findings"), order).expect(200);
    world.get(&mentor, &path).expect(404);
    assert!(world.get(&mentor, "/crises").expect(200).items().is_empty(), "the reporter loses it too");
}

#[test]
fn danger_to_a_child_that_is_found_later_is_told_from_that_moment() {
    let mut it = scene();
    let near = it.officer("near", "25655000");
    let crisis = it.report(&it.mentee, json!({"kind": "other"}));
    it.take(&it.specialist, &crisis).expect(200);
    assert!(it.waits(&near).is_empty());
    it.listen(&it.specialist, &crisis).expect(200);
    it.pass(60);
    let near = it.world.again(&near);
    let found = it.find(&it.specialist, &crisis, json!({"danger_to_child": true})).expect(200);
    assert_eq!(
        (&found.body["notices"][0]["how"], &found.body["danger_to_child"]),
        (&json!("system"), &json!(false))
    );
    assert_eq!(found.body["notices_due"], json!(["guardianship"]));
    assert_eq!(found.body["notice_due_at"], json!(it.world.hour(24)));
    assert_eq!(found.body["survey_due_on"], json!(it.world.day(3)));
    assert_eq!(it.waits(&near), [crisis.as_str()]);
    it.resolve(&it.specialist, &crisis, "safe").refused(409, "crisis.notice_missing");
    it.tell(&it.specialist, &crisis, "guardianship").expect(200);
    let runaway = it.find(&it.specialist, &crisis, json!({"kind": "runaway"})).expect(200);
    assert_eq!(runaway.body["notices_due"], json!(["police"]));
    assert_eq!(runaway.body["notices"].as_array().map(Vec::len), Some(2), "guardianship is told once");
    it.tell(&it.specialist, &crisis, "police").expect(200);
    it.resolve(&it.specialist, &crisis, "safe").expect(200);
}

#[test]
fn a_finding_is_for_those_who_handle_and_adds_something() {
    let it = scene();
    let crisis = it.report(&it.mentee, json!({}));
    let order = json!({"kind": "violence"});
    it.find(&it.colleague, &crisis, order.clone()).refused(403, "access.not_yours");
    it.find(&it.mentee, &crisis, order.clone()).expect(403);
    let (_, foreign) = it.world.institution("Чужой центр");
    it.find(&foreign, &crisis, order.clone()).expect(404);
    it.find(&it.specialist, &crisis, json!({})).refused(422, "field.missing");
    it.find(&it.specialist, &crisis, json!({"concerns": "nobody"})).refused(422, "field.missing");
    it.find(&it.specialist, &crisis, json!({"kind": "other", "concerned_user_id": it.head.id}))
        .refused(422, "field.combination");
    it.find(&it.specialist, &crisis, json!({"kind": "nothing"})).refused(422, "field.word");
    let own = json!({"concerns": "specialist", "concerned_user_id": it.specialist.id});
    it.find(&it.specialist, &crisis, own).refused(422, "crisis.concerns_reporter");
    for id in [foreign.id.as_str(), it.case.as_str()] {
        it.find(&it.specialist, &crisis, json!({"concerns": "staff", "concerned_user_id": id}))
            .refused(422, "field.reference");
        it.find(&it.specialist, &crisis, json!({"concerns": "other", "concerned_person_id": id}))
            .refused(422, "field.reference");
    }
    let stale = it.world.ask("POST", &format!("/api/v1/crises/{crisis}/findings"));
    stale.by(&it.specialist).header("If-Match", "\"9.0\"").json(&order).send().refused(412, "version.stale");
    it.take(&it.specialist, &crisis).expect(200);
    it.listen(&it.specialist, &crisis).expect(200);
    it.resolve(&it.specialist, &crisis, "safe").expect(200);
    it.find(&it.specialist, &crisis, order).refused(409, "crisis.ended");
}

#[test]
fn a_finding_and_an_acknowledgement_that_meet_leave_nothing_with_the_one_whom_it_concerns() {
    for _ in 0..3 {
        let it = scene();
        let crisis = it.report(&it.mentee, json!({}));
        let about = json!({"concerns": "specialist", "concerned_user_id": it.specialist.id});
        let (taken, found) = std::thread::scope(|threads| {
            let taking = threads.spawn(|| it.take(&it.specialist, &crisis).status);
            let finding = threads.spawn(|| it.find(&it.head, &crisis, about.clone()).status);
            (taking.join().expect("an answer"), finding.join().expect("an answer"))
        });
        assert_eq!(found, 200);
        assert!([200, 403, 404, 409].contains(&taken), "{taken}");
        let card = it.seen(&it.head, &crisis).expect(200);
        assert_eq!(card.body["state"], "reported");
        hidden(&it, &it.specialist, &crisis);
    }
}

#[test]
fn a_specialist_who_has_it_and_names_nobody_of_the_staff_gives_it_to_the_head_and_keeps_sight_alone() {
    let it = scene();
    let crisis = it.report(&it.mentee, json!({}));
    it.take(&it.specialist, &crisis).expect(200);
    let found = it.find(&it.specialist, &crisis, json!({"concerns": "specialist"})).expect(200);
    assert_eq!(found.body["state"], "reported");
    assert_eq!(it.told(&crisis)[..3], ["crisis.escalated", "crisis.taken_away", "crisis.found"]);
    hidden(&it, &it.colleague, &crisis);
    assert_eq!(it.waits(&it.head), [crisis.as_str()], "the next level is called at once");
    assert!(it.waits(&it.specialist).is_empty());
    it.seen(&it.specialist, &crisis).expect(200);
    it.take(&it.specialist, &crisis).refused(403, "crisis.not_called");
    it.take(&it.head, &crisis).expect(200);
    it.step(&it.specialist, &crisis, "severity", json!({"severity": "low"})).refused(403, "access.not_yours");
}
