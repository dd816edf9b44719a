//! Shared help: needs and services for a member of another organization and for the one that is to take a case over.
use super::needs::{Scene, scene};
use serde_json::{Value, json};
use tests::{Account, Reply};

impl Scene {
    /// A member of another organization with these parts, by a consent.
    fn stranger(&self, parts: &[&str]) -> (Account, String) {
        let world = &self.world;
        let fund = world.ngo("Берег");
        let stranger = world.staff("support_specialist", &fund);
        let form =
            json!({"user_id": stranger.id, "role": "psychologist", "parts": parts, "until": world.day(60)});
        let form = tests::with(form, &self.consent_to("team", &fund, parts));
        let member = world.post(&self.director, &self.of_case("team-members"), form).expect(201).id();
        (stranger, member)
    }
    fn shared(&self, who: &Account, member: &str) -> Reply {
        self.world.get(who, &format!("/case-team-members/{member}/shared-help"))
    }
    fn delivered(&self, code: &str, members: Value) {
        let found = self.world.get(&self.director, &format!("/service-standards?code={code}")).expect(200);
        let form = json!({"standard_id": Reply::id_of(&found.items()[0]), "provider_organization_id": self.organization,
            "delivered_on": self.world.day(-1)});
        let path = self.of_case("service-deliveries");
        self.world.post(&self.director, &path, tests::with(form, &members)).expect(201);
    }
}

#[test]
fn a_member_with_the_part_help_reads_needs_and_services_and_nothing_of_health_and_law() {
    let it = scene();
    it.need(json!({"text": "Нужда-Х", "programme_number": "Номер-Х"}));
    let hidden = it.need(json!({"domain": "health", "text": "Недуг-Х"}));
    it.need(json!({"domain": "law", "text": "Суд-Х"}));
    it.delivered("hardship-help", json!({"result": "Услуга-Х"}));
    it.delivered("hardship-help", json!({"result": "Лечение-Х", "need_ids": [hidden]}));
    it.delivered("hardship-help", json!({}));
    let doctor = super::service_standards::introduced(
        &it.world,
        json!({"code": "doctor", "kind": "medical", "name": "Клиника-Х"}),
    );
    it.need(json!({"domain": "self", "text": "Зависимость-Х", "standard_id": doctor}));
    it.need(json!({"source": "crisis", "text": "Еда-Х"}));
    super::service_standards::introduced(&it.world, json!({"code": "advice", "part": "law"}));
    it.delivered("advice", json!({"result": "Юрист-Х"}));
    it.delivered("doctor", json!({"result": "Врач-Х"}));
    let (stranger, member) = it.stranger(&["identity", "help"]);
    let told = it.shared(&stranger, &member).expect(200);
    for mark in ["Нужда-Х", "Услуга-Х", "Еда-Х"] {
        assert!(told.text.contains(mark), "{mark}: {}", told.text);
    }
    for mark in [
        "Недуг-Х",
        "Суд-Х",
        "Лечение-Х",
        "Врач-Х",
        "Номер-Х",
        "Клиника-Х",
        "Зависимость-Х",
        "Юрист-Х",
        "crisis",
    ] {
        assert!(!told.text.contains(mark), "{mark}: {}", told.text);
    }
    assert_eq!(told.body["service_deliveries"].as_array().map(Vec::len), Some(2));
    for path in [it.of_case("needs"), it.of_case("service-deliveries"), format!("/needs/{hidden}")] {
        it.world.get(&stranger, &path).refused(404, "request.not_found");
    }
    assert!(it.world.get(&stranger, "/needs").expect(200).items().is_empty());
}

#[test]
fn a_member_with_the_part_help_reads_urgent_aid_and_documents_and_nothing_of_health_and_law() {
    let it = scene();
    let world = &it.world;
    let document = |members: Value| {
        let form = json!({"kind": "passport", "noticed_on": world.day(-1), "obstacle": "Помеха-Х"});
        world.post(&it.director, &it.of_case("document-assistance"), tests::with(form, &members)).expect(201);
    };
    document(json!({}));
    document(json!({"kind": "disability"}));
    document(json!({"kind": "other", "name": "Справка-Х"}));
    for (kind, number) in [("food_kit", "1"), ("legal", "2"), ("psychological", "3")] {
        let aid = json!({"organization_id": it.organization, "kind": kind, "beneficiary_id": it.beneficiary, "given_on": world.day(0),
            "items": [{"name": format!("Вещь-{kind}"), "quantity": 2, "unit": "шт."}], "act": {"number": number, "signed_by_recipient": true},
            "result": "Слова-Х"});
        world.post(&it.director, "/emergency-aids", aid).expect(201);
    }
    let (stranger, member) = it.stranger(&["identity", "help"]);
    let told = it.shared(&stranger, &member).expect(200);
    let things = json!([{"name": "Вещь-food_kit", "quantity": 2, "unit": "шт."}]);
    let [aid] = told.body["emergency_aids"].as_array().expect("aid").as_slice() else {
        panic!("{}", told.text)
    };
    assert_eq!((&aid["kind"], &aid["things"]), (&json!("food_kit"), &things));
    let kinds: Vec<&Value> =
        told.body["documents"].as_array().expect("documents").iter().map(|it| &it["kind"]).collect();
    assert_eq!(kinds, ["passport"]);
    for mark in ["Помеха-Х", "Справка-Х", "Слова-Х", "Вещь-legal", "Вещь-psychological", "disability"]
    {
        assert!(!told.text.contains(mark), "{mark}: {}", told.text);
    }
    let (whole, member) = it.stranger(&["identity", "help", "health", "law"]);
    let told = it.shared(&whole, &member).expect(200);
    for mark in ["Справка-Х", "Вещь-legal", "Вещь-psychological", "disability"] {
        assert!(told.text.contains(mark), "{mark}: {}", told.text);
    }
}

#[test]
fn without_the_part_or_after_the_end_of_the_membership_nothing_is_shared() {
    let it = scene();
    it.need(json!({}));
    let (other, without) = it.stranger(&["identity", "life"]);
    it.shared(&other, &without).refused(404, "request.not_found");
    let (stranger, member) = it.stranger(&["identity", "help"]);
    it.shared(&stranger, &member).expect(200);
    it.shared(&other, &member).refused(404, "request.not_found");
    let ending = json!({"reason": "not_needed"});
    it.world.post(&it.director, &format!("/case-team-members/{member}/ending"), ending).expect(200);
    it.shared(&stranger, &member).refused(404, "request.not_found");
}

#[test]
fn the_receiver_of_a_transfer_reads_the_help_that_it_opens() {
    let it = scene();
    let world = &it.world;
    it.need(json!({"text": "Нужда-Х"}));
    let (centre, receiver) = world.institution("Центр сопровождения");
    let propose = |parts: &[&str]| {
        let form = json!({"to_organization_id": centre, "reason": "moved", "parts": parts});
        let form = tests::with(form, &it.consent_to("transfer", &centre, parts));
        world.post(&it.director, &it.of_case("transfers"), form).expect(201).id()
    };
    let read = |who: &Account, id: &str| world.get(who, &format!("/case-transfers/{id}/shared-help"));
    let first = propose(&["identity"]);
    read(&receiver, &first).refused(404, "request.not_found");
    world.post(&it.director, &format!("/case-transfers/{first}/withdrawal"), json!({})).expect(200);
    let second = propose(&["identity", "help"]);
    assert!(read(&receiver, &second).expect(200).text.contains("Нужда-Х"));
    let away = world.institution("Чужой центр").1;
    read(&away, &second).refused(404, "request.not_found");
}
