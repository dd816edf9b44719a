//! The steps of each side, the lists, and those who are on none.
use super::scene;
use serde_json::json;
use tests::Account;

#[test]
fn each_side_takes_its_own_steps_alone_and_strangers_see_nothing() {
    let it = scene();
    let (referral, _) = it.sent(&["identity"]);
    for (step, order) in [
        ("acceptance", json!({"specialist_user_id": it.helper.id})),
        ("rejection", json!({"reason": "no_capacity"})),
        ("completion", json!({"result": "Готово."})),
        ("return", json!({"reason": "Не приходит."})),
    ] {
        it.step(&it.director, &referral, step, order).refused(403, "access.not_yours");
    }
    it.step(&it.receiver, &referral, "revocation", json!({})).refused(403, "access.not_yours");
    it.step(&it.receiver, &referral, "completion", json!({"result": "Готово."}))
        .refused(409, "referral.not_accepted");
    it.step(&it.receiver, &referral, "case", json!({})).refused(409, "referral.not_accepted");
    let foreign = json!({"specialist_user_id": it.director.id});
    it.step(&it.receiver, &referral, "acceptance", foreign).refused(422, "field.reference");
    let stale = it.world.ask("POST", &format!("/api/v1/referrals/{referral}/revocation")).by(&it.director);
    stale.header("If-Match", "\"7.0\"").json(&json!({})).send().refused(412, "version.stale");
    let (_, stranger) = it.world.institution("Чужой центр");
    for path in ["", "/history", "/shared-case", "/needs"] {
        it.world.get(&stranger, &format!("/referrals/{referral}{path}")).expect(404);
    }
    it.accept(&stranger, &referral).expect(404);
    it.send(&stranger, json!({})).expect(404);
    it.world.get(&stranger, &format!("/cases/{}/referrals", it.case)).expect(404);
    it.world.get(&it.receiver, &format!("/cases/{}/referrals", it.case)).expect(404);
    let mentor = it.world.account("mentor", json!([{"role": "mentor"}]), None);
    it.get(&mentor, &referral).expect(404);
    let colleague = it.world.staff("support_specialist", &it.centre);
    it.accept(&colleague, &referral).expect(200);
    it.step(&colleague, &referral, "completion", json!({"result": "Готово."}))
        .refused(403, "access.not_yours");
    it.shared(&colleague, &referral).expect(404);
    it.shared(&it.director, &referral).expect(404);
    let done = it.step(&it.helper, &referral, "completion", json!({"result": "Готово."})).expect(200);
    assert_eq!((&done.body["state"], done.actions()), (&json!("done"), json!([])));
}

#[test]
fn actions_and_lists_tell_each_side_what_is_theirs() {
    let it = scene();
    let (referral, _) = it.sent(&["identity"]);
    let officer = json!([{"role": "guardianship_officer", "territory": "25655101001"}]);
    let officer = it.world.account("officer", officer, None);
    let actions = |who: &Account| it.get(who, &referral).expect(200).actions();
    assert_eq!(actions(&it.receiver), json!(["accept", "reject"]));
    assert_eq!(actions(&it.director), json!(["withdraw"]));
    assert_eq!((actions(&officer), actions(&it.world.admin())), (json!([]), json!([])));
    let one = [referral.clone()];
    for (who, query) in [
        (&it.receiver, ""),
        (&it.receiver, "?direction=in&state=sent"),
        (&it.director, "?direction=out"),
        (&it.director, "?direction=in,out"),
        (&it.world.admin(), ""),
    ] {
        assert_eq!(it.listed(who, query), one, "{query}");
    }
    for (who, query) in
        [(&it.receiver, "?direction=out"), (&it.director, "?direction=in"), (&it.director, "?state=done")]
    {
        assert!(it.listed(who, query).is_empty(), "{query}");
    }
    it.world.get(&it.receiver, "/referrals?direction=up").expect(400);
    let of_case = format!("/cases/{}/referrals?state=sent", it.case);
    for who in [&it.director, &officer] {
        let page = it.world.get(who, &of_case).expect(200);
        assert_eq!(page.items()[0]["case_id"], json!(it.case));
    }
    let due = |who: &Account| {
        let agenda = it.world.get(who, "/me/agenda").expect(200);
        agenda.body["referrals_to_answer"].as_array().expect("referrals").len()
    };
    assert_eq!((due(&it.receiver), due(&it.helper), due(&it.director)), (1, 1, 0));
    it.accept(&it.receiver, &referral).expect(200);
    assert_eq!(due(&it.receiver), 0);
    assert_eq!(actions(&it.helper), json!(["complete", "return", "open"]));
    assert_eq!(actions(&it.director), json!(["withdraw"]));
    let case = it.world.get(&it.director, &format!("/cases/{}", it.case)).expect(200);
    assert!(case.action("refer").is_some());
}

#[test]
fn a_family_is_told_without_a_sex_and_an_age() {
    let it = scene();
    let mother = it.world.person(&it.director, json!({"given_name": "Ольга-Х", "birth_date": "1996-08-01"}));
    let family = it.world.family(&it.director, &[&mother]);
    let family = it.world.family_beneficiary(&it.director, &it.home, &family);
    let case = it.world.case(&it.director, &it.home, &family);
    let need = json!({"noticed_on": it.world.day(0), "domain": "housing", "text": "Крыша.", "source": "person", "urgency": "month"});
    let need = it.world.post(&it.director, &format!("/cases/{case}/needs"), need).expect(201).id();
    let ground = it.world.file(&it.director, "consent");
    let form = json!({"to_organization_id": it.centre, "need_ids": [need], "reason": "Семья-Х", "urgency": "now", "parts": ["identity"],
        "legal_ground": "Запрос опеки", "ground_file_id": ground});
    let sent = it.world.post(&it.director, &format!("/cases/{case}/referrals"), form).expect(201).id();
    let card = it.get(&it.receiver, &sent).expect(200);
    assert_eq!(card.body["about"], json!({"territory": "25655000", "category": "hardship_family"}));
    assert!(!card.text.contains("-Х") && !card.text.contains("Запрос опеки"), "{}", card.text);
    it.accept(&it.receiver, &sent).expect(200);
    assert!(it.shared(&it.helper, &sent).expect(200).text.contains("Семья Морозовых"));
    it.needs(&it.helper, &sent).expect(404);
}
