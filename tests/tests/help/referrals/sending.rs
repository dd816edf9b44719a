//! The needs and the ground of a referral, its day, and its case.
use super::scene;
use serde_json::json;
use tests::pairs::at_once;

#[test]
fn a_referral_is_refused_for_all_that_is_wrong_at_once() {
    let it = scene();
    let refused =
        it.send(&it.director, json!({"to_organization_id": it.home, "need_ids": [it.case]})).expect(422);
    assert_eq!(refused.codes(), ["referral.same_organization", "field.reference", "sharing.no_ground"]);
    let of_team = json!({"consent_id": it.consent("team", &["identity"])});
    it.send(&it.director, of_team).refused(422, "sharing.beyond_consent");
    let consent = it.consent("referral", &["identity"]);
    let wide = json!({"consent_id": consent, "parts": ["identity", "health"]});
    it.send(&it.director, wide).refused(422, "sharing.beyond_consent");
    let ground = it.world.file(&it.director, "consent");
    let law = json!({"legal_ground": "Запрос опеки", "ground_file_id": ground});
    it.send(&it.director, tests::with(law.clone(), &json!({"parts": ["identity", "help"]})))
        .refused(422, "sharing.ground_parts");
    let specialist = it.world.staff("support_specialist", &it.home);
    it.send(&specialist, law.clone()).refused(403, "sharing.director_only");
    it.send(&it.director, json!({"consent_id": consent, "parts": ["life"]})).refused(422, "field.missing");
    it.send(&it.director, json!({"consent_id": consent, "to_organization_id": it.case}))
        .refused(422, "field.reference");
    let other = it.world.person(&it.director, json!({"given_name": "Другая"}));
    let other = it.world.beneficiary(&it.director, &it.home, &other);
    let other = it.world.case(&it.director, &it.home, &other);
    let foreign = json!({"noticed_on": it.world.day(0), "domain": "housing", "text": "Жильё.", "source": "person", "urgency": "month"});
    let foreign = it.world.post(&it.director, &format!("/cases/{other}/needs"), foreign).expect(201).id();
    it.send(&it.director, json!({"consent_id": consent, "need_ids": [it.need, foreign]}))
        .refused(422, "field.reference");
    let sent = it.send(&specialist, json!({"consent_id": consent})).expect(201);
    let name = format!("направление в другую организацию, по {}", it.world.day(300));
    assert_eq!(sent.body["consent_name"], json!(name), "a consent is called by its purpose and its term");
    it.send(&it.director, json!({"consent_id": consent})).refused(409, "referral.already");
}

#[test]
fn careless_and_hostile_orders_are_told_their_faults() {
    let it = scene();
    let consent = it.consent("referral", &["identity"]);
    for members in [
        json!({"need_ids": []}),
        json!({"need_ids": [it.need, it.need]}),
        json!({"need_ids": vec![it.need.clone(); 11]}),
        json!({"need_ids": "everything"}),
        json!({"parts": ["identity", "identity"]}),
        json!({"parts": ["identity", "soul"]}),
        json!({"urgency": "never"}),
        json!({"reason": "\u{200B} "}),
        json!({"reason": "я".repeat(4001)}),
        json!({"state": "accepted"}),
        json!({"answer_until": it.world.day(300)}),
        json!({"legal_ground": "Закон"}),
    ] {
        it.send(&it.director, tests::with(json!({"consent_id": consent}), &members)).expect(422);
    }
    assert!(it.listed(&it.receiver, "").is_empty());
}

#[test]
fn needs_that_have_ended_are_not_referred() {
    let it = scene();
    let consent = it.consent("referral", &["identity"]);
    let result = json!({"outcome": "met", "result": "Сдала.", "ended_on": it.world.day(0)});
    let ended = it.world.post(&it.director, &format!("/needs/{}/result", it.need), result);
    assert_eq!(ended.status, 200, "{}", ended.text);
    it.send(&it.director, json!({"consent_id": consent})).refused(409, "referral.need_ended");
}

#[test]
fn thirty_orders_at_once_send_one_referral() {
    let it = scene();
    let consent = it.consent("referral", &["identity"]);
    let answers = at_once(30, |_| it.send(&it.director, json!({"consent_id": consent})));
    assert_eq!(answers.iter().filter(|it| it.0 == 201).count(), 1, "{answers:?}");
    let mut late = answers.iter().filter(|it| it.0 != 201);
    assert!(late.all(|it| *it == (409, "referral.already".to_owned())), "{answers:?}");
    assert_eq!(it.listed(&it.receiver, "").len(), 1);
}

#[test]
fn twenty_acceptances_and_revocations_at_once_leave_one_truth() {
    let it = scene();
    let (referral, _) = it.sent(&["identity"]);
    let answers = at_once(40, |n| match n % 2 {
        0 => it.accept(&it.receiver, &referral),
        _ => it.step(&it.director, &referral, "revocation", json!({})),
    });
    let state = it.get(&it.director, &referral).expect(200).body["state"].clone();
    let good = answers.iter().filter(|it| it.0 == 200).count();
    // One accepted referral may still be revoked, and nothing follows a revocation.
    assert_eq!(state, "revoked", "{answers:?}");
    assert!(good == 1 || good == 2, "{answers:?}");
    assert!(answers.iter().all(|it| [200, 409].contains(&it.0)), "{answers:?}");
    let history = it.world.get(&it.director, &format!("/referrals/{referral}/history")).expect(200);
    let kinds = history.kinds();
    let all = ["referral.revoked", "referral.accepted", "referral.sent"];
    let expected: Vec<&str> = all.into_iter().filter(|it| good == 2 || *it != "referral.accepted").collect();
    assert_eq!(kinds, expected);
    it.shared(&it.receiver, &referral).expect(404);
}

#[test]
fn a_referral_lapses_by_its_day_and_another_one_is_sent() {
    let mut it = scene();
    let (referral, consent) = it.sent(&["identity"]);
    assert_eq!(it.get(&it.director, &referral).expect(200).body["answer_until"], json!(it.world.day(5)));
    it.world.advance_days(5);
    (it.receiver, it.director) = (it.world.again(&it.receiver), it.world.again(&it.director));
    assert_eq!(it.listed(&it.receiver, "?state=sent"), std::slice::from_ref(&referral));
    it.world.advance_days(1);
    (it.receiver, it.director) = (it.world.again(&it.receiver), it.world.again(&it.director));
    assert!(it.listed(&it.receiver, "?state=sent").is_empty());
    assert_eq!(it.listed(&it.receiver, "?state=lapsed"), std::slice::from_ref(&referral));
    it.accept(&it.receiver, &referral).refused(409, "referral.not_sent");
    it.step(&it.director, &referral, "revocation", json!({})).refused(409, "referral.not_open");
    it.tells_nothing(&it.receiver, &referral, &consent);
    let again = it.send(&it.director, json!({"consent_id": consent})).expect(201).id();
    assert_eq!(it.listed(&it.receiver, "?state=lapsed,sent"), [again, referral.clone()]);
    assert_eq!(it.get(&it.receiver, &referral).expect(200).body["state"], "lapsed");
}

#[test]
fn a_case_with_open_referrals_is_closed_only_with_their_end() {
    let it = scene();
    let (referral, consent) = it.accepted(&["identity"]);
    let result = json!({"outcome": "met", "result": "Сдала.", "ended_on": it.world.day(0)});
    it.world.post(&it.director, &format!("/needs/{}/result", it.need), result).expect(200);
    let closing = json!({"closed_on": it.world.day(0), "reason": "moved"});
    let path = format!("/cases/{}/closing", it.case);
    let refused = it.world.post(&it.director, &path, closing.clone()).refused(409, "case.open_referral");
    assert!(refused.body["errors"][0]["params"].to_string().contains("referrals"), "{}", refused.text);
    it.world.post(&it.director, &path, tests::with(closing, &json!({"end_open": true}))).expect(200);
    assert_eq!(it.get(&it.director, &referral).expect(200).body["state"], "lapsed");
    it.shared(&it.receiver, &referral).expect(404);
    it.tells_nothing(&it.receiver, &referral, &consent);
    it.send(&it.director, json!({"consent_id": consent})).refused(409, "case.not_open");
}

#[test]
fn a_need_is_not_annulled_while_a_referral_asks_for_it() {
    let it = scene();
    let (referral, _) = it.sent(&["identity"]);
    let annulment = format!("/needs/{}/annulment", it.need);
    let reason = json!({"reason": "Не тот случай."});
    let refused = it.world.post(&it.director, &annulment, reason.clone()).refused(409, "entry.built_on");
    let named = json!([{"name": "id", "value": referral}, {"name": "kind", "value": "referral"}]);
    assert_eq!(refused.body["errors"][0]["params"], named);
    // One that came to nothing holds it no more.
    it.step(&it.director, &referral, "revocation", json!({})).expect(200);
    it.world.post(&it.director, &annulment, reason).expect(200);
}
