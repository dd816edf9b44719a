//! The parts that an accepted referral opens, and the case of its own that the centre may open.
use super::{NEED, REASON, scene};
use serde_json::json;
use tests::Account;

#[test]
fn an_accepted_referral_opens_the_granted_parts_and_its_needs_to_those_in_charge() {
    let it = scene();
    let problem = json!({"text": "Долг-Х", "noticed_on": it.world.day(0)});
    it.world.post(&it.director, &format!("/cases/{}/problems", it.case), problem).expect(201);
    let health = json!({"noticed_on": it.world.day(0), "domain": "health", "text": "Диета-Х", "source": "person", "urgency": "month"});
    let health = it.world.post(&it.director, &format!("/cases/{}/needs", it.case), health).expect(201).id();
    let consent = it.consent("referral", &["identity", "help"]);
    let form = json!({"parts": ["identity", "help"], "consent_id": consent, "need_ids": [it.need, health]});
    let referral = it.send(&it.director, form).expect(201).id();
    it.accept(&it.receiver, &referral).expect(200);
    let head = it.world.staff("unit_head", &it.centre);
    for who in [&it.receiver, &head, &it.helper] {
        let shared = it.shared(who, &referral).expect(200);
        assert_eq!(shared.body["parts"], json!(["identity", "help"]));
        assert!(shared.text.contains("Дарья") && shared.text.contains("Долг-Х"), "{}", shared.text);
        assert!(shared.body.get("contacts").is_none() && shared.body.get("plans").is_none());
        let needs = it.needs(who, &referral).expect(200);
        assert!(needs.text.contains(NEED) && !needs.text.contains("Диета-Х"), "{}", needs.text);
        let card = it.get(who, &referral).expect(200);
        assert_eq!(
            (&card.body["reason"], &card.body["parts"]),
            (&json!(REASON), &json!(["identity", "help"]))
        );
        assert!(card.body.get("case_id").is_none() && card.body.get("consent_id").is_none());
        it.world.get(who, &format!("/cases/{}", it.case)).expect(404);
        it.world.get(who, &format!("/beneficiaries/{}", it.beneficiary)).expect(404);
        it.world.get(who, &format!("/needs/{}", it.need)).expect(404);
    }
    let done = it.step(&it.helper, &referral, "completion", json!({"result": "Восемь встреч."})).expect(200);
    assert_eq!(done.body["settled_on"], json!(it.world.day(0)));
    let told = it.get(&it.director, &referral).expect(200);
    assert_eq!((&told.body["state"], &told.body["result"]), (&json!("done"), &json!("Восемь встреч.")));
}

#[test]
fn an_accepted_referral_tells_health_with_its_part_alone_and_no_domain_after_its_end() {
    let it = scene();
    let health = json!({"noticed_on": it.world.day(0), "domain": "health", "text": "Диета-Х", "source": "person", "urgency": "month"});
    let health = it.world.post(&it.director, &format!("/cases/{}/needs", it.case), health).expect(201).id();
    let consent = it.consent("referral", &["identity", "help"]);
    let form = json!({"parts": ["identity", "help"], "consent_id": consent, "need_ids": [it.need, health]});
    let referral = it.send(&it.director, form).expect(201).id();
    let colleague = it.world.staff("support_specialist", &it.centre);
    let told = |who: &Account| {
        let card = it.get(who, &referral).expect(200);
        let listed = it.world.get(who, "/referrals").expect(200);
        assert_eq!(listed.items()[0]["domains"], card.body["domains"]);
        let domains = card.body["domains"].as_array().expect("domains").iter();
        let mut domains: Vec<String> = domains.map(|it| it.as_str().expect("a domain").to_owned()).collect();
        domains.sort();
        domains
    };
    let all = ["health", "relations"];
    assert_eq!(told(&it.receiver), all, "before the answer nobody is identified");
    it.accept(&it.receiver, &referral).expect(200);
    for who in [&it.receiver, &it.helper, &colleague] {
        assert_eq!(told(who), ["relations"], "health is not granted");
    }
    assert_eq!(told(&it.director), all);
    it.withdraw(&consent);
    for who in [&it.receiver, &it.helper, &colleague] {
        assert_eq!(told(who), [""; 0]);
    }
    assert_eq!(told(&it.director), all);
}

#[test]
fn a_referral_without_the_part_help_tells_no_need_in_words() {
    let it = scene();
    let (referral, _) = it.accepted(&["identity"]);
    it.shared(&it.helper, &referral).expect(200);
    it.needs(&it.helper, &referral).expect(404);
    for (path, text) in it.told(&it.helper, &referral) {
        assert!(!text.contains(NEED), "{path}: {text}");
    }
}

#[test]
fn the_centre_opens_a_case_of_its_own_and_keeps_it_after_the_end() {
    let it = scene();
    let (referral, consent) = it.accepted(&["identity"]);
    let own =
        json!({"beneficiary_id": it.beneficiary, "organization_id": it.centre, "opened_on": it.world.day(0)});
    it.world.post(&it.receiver, "/cases", own).refused(422, "field.reference");
    let unit = it.world.unit(&it.director, &it.home, json!({"name": "Чужое отделение"})).id();
    it.step(&it.receiver, &referral, "case", json!({"unit_id": unit})).refused(422, "field.reference");
    it.step(&it.receiver, &referral, "case", json!({"stage": "monitoring"})).expect(422);
    let foreign = json!({"specialist_user_id": it.director.id});
    it.step(&it.receiver, &referral, "case", foreign).refused(422, "field.reference");
    let colleague = it.world.staff("support_specialist", &it.centre);
    it.step(&colleague, &referral, "case", json!({})).refused(403, "access.not_yours");
    let opened = it.step(&it.helper, &referral, "case", json!({"reason": "Психолог."})).expect(201);
    assert_eq!((&opened.body["state"], &opened.body["organization_id"]), (&json!("open"), &json!(it.centre)));
    assert_eq!(opened.body["specialist_user_id"], json!(it.helper.id));
    it.step(&it.helper, &referral, "case", json!({})).refused(409, "case.already_open");
    let card = it.get(&it.helper, &referral).expect(200);
    assert_eq!(card.action("open").expect("an order")["blocked_by"], json!(["case.already_open"]));
    let former = it.world.get(&it.director, &format!("/cases/{}", it.case)).expect(200);
    assert_eq!(former.body["state"], "open");
    it.world.get(&it.director, &format!("/cases/{}", opened.id())).expect(404);
    it.withdraw(&consent);
    it.world.get(&it.helper, &format!("/cases/{}", opened.id())).expect(200);
    it.shared(&it.helper, &referral).expect(404);
}

#[test]
fn a_relative_in_the_centre_reads_nothing_and_the_acceptance_does_not_tell_it() {
    let it = scene();
    let sister = it.world.person(&it.director, json!({"given_name": "Анна", "birth_date": "1999-05-05"}));
    it.world.family(&it.director, &[&it.person, &sister]);
    let grant = json!([{"role": "support_specialist", "organization_id": it.centre}]);
    let relative = it.world.account("sister", grant, Some(&sister));
    let (referral, _) = it.sent(&["identity"]);
    it.step(&it.receiver, &referral, "acceptance", json!({"specialist_user_id": relative.id})).expect(200);
    it.shared(&relative, &referral).expect(404);
    it.tells_nothing(&relative, &referral, "no such consent");
    it.step(&relative, &referral, "completion", json!({"result": "Готово."}))
        .refused(403, "access.not_yours");
    it.step(&relative, &referral, "case", json!({})).refused(403, "access.not_yours");
    it.shared(&it.receiver, &referral).expect(200);
}
