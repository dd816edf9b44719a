//! Help as the person reads it, the representative of a child, and the guardianship.
use super::places::{House, facility_form};
use serde_json::{Value, json};
use tests::{Account, Reply, with};

/// Words of staff, which nobody of them reads.
const OF_STAFF: [&str; 6] = ["Итог-Х", "Услуга-Х", "Слова-Х", "Помеха-Х", "Направление-Х", "Выбыла-Х"];

struct Scene {
    house: House,
    person: String,
    who: String,
    case: String,
}

impl std::ops::Deref for Scene {
    type Target = House;
    fn deref(&self) -> &House {
        &self.house
    }
}

/// A girl of 16 with some help of each kind.
fn scene() -> Scene {
    let house = House::new(1, 1);
    let (world, director) = (&house.world, &house.director);
    let person = world.person(director, json!({"birth_date": "2009-05-05", "sex": "female"}));
    let who = world.beneficiary(director, &house.organization, &person);
    let case = world.case(director, &house.organization, &who);
    let of_case = |what: &str, form: Value| {
        world.post(director, &format!("/cases/{case}/{what}"), form).expect(201).id()
    };
    let need = |members: Value| {
        let form = json!({"noticed_on": world.day(-5), "domain": "study_work", "text": "Нужда-Х", "source": "person", "urgency": "month",
            "in_the_persons_words": "Хочу-Х"});
        of_case("needs", with(form, &members))
    };
    let need_of_study = need(json!({}));
    need(json!({"domain": "health", "text": "Недуг-Х"}));
    let misfortune = need(json!({"source": "crisis", "domain": "self", "text": "Беда-Х"}));
    let fund = world.ngo("Берег");
    let referral = json!({"to_organization_id": fund, "need_ids": [need_of_study], "reason": "Направление-Х", "urgency": "week",
        "parts": ["identity"], "legal_ground": "Постановление комиссии", "ground_file_id": world.file(director, "other")});
    let of_crisis = json!({"to_organization_id": world.ngo("Приют-Х"), "need_ids": [misfortune], "ground_file_id": world.file(director, "other")});
    of_case("referrals", with(referral.clone(), &of_crisis));
    of_case("referrals", referral);
    let result = json!({"outcome": "met", "result": "Итог-Х", "ended_on": world.day(0)});
    world.post(director, &format!("/needs/{need_of_study}/result"), result).expect(200);
    let standard = world.get(director, "/service-standards?code=hardship-help").expect(200);
    let delivery = json!({"standard_id": Reply::id_of(&standard.items()[0]), "provider_organization_id": house.organization,
        "delivered_on": world.day(-1), "result": "Услуга-Х"});
    of_case(
        "service-deliveries",
        with(delivery.clone(), &json!({"delivered_on": world.day(-2), "need_ids": [misfortune]})),
    );
    of_case("service-deliveries", delivery);
    let document = json!({"kind": "passport", "noticed_on": world.day(-2), "due_on": world.day(20), "obstacle": "Помеха-Х"});
    of_case("document-assistance", document);
    let aid = |kind: &str, number: &str, members: Value| {
        let form = json!({"organization_id": house.organization, "kind": kind, "beneficiary_id": who, "given_on": world.day(0),
            "items": [{"name": format!("Вещь-{kind}"), "quantity": 1}], "act": {"number": number, "signed_by_recipient": true}, "result": "Слова-Х"});
        world.post(director, "/emergency-aids", with(form, &members))
    };
    aid("food_kit", "1", json!({})).expect(201);
    aid("psychological", "2", json!({})).expect(201);
    let permitted = json!({"permission_file_id": world.file(director, "other"), "purpose": "study"});
    let stay = world
        .post(&house.specialist, "/stays", with(house.order(&who, 0, 0, 5), &permitted))
        .expect(201)
        .id();
    house.arrived(&stay);
    aid("temporary_housing", "3", json!({"stay_id": stay})).expect(201);
    let left = json!({"departed_on": world.day(0), "reason": "term", "note": "Выбыла-Х"});
    house.step(&stay, "departure", left).expect(200);
    let refuge = json!({"kind": "crisis_place", "name": "Убежище-Х", "address": null});
    let refuge = world
        .post(director, "/facilities", with(facility_form(&house.organization), &refuge))
        .expect(201)
        .id();
    let room = json!({"name": "Комната", "sex_rule": "any", "age_rule": "any"});
    let room = world.post(director, &format!("/facilities/{refuge}/rooms"), room).expect(201).id();
    let bed = json!({"name": "1", "opened_on": "2025-01-01"});
    let bed = world.post(director, &format!("/rooms/{room}/beds"), bed).expect(201).id();
    let hidden = with(
        house.order(&who, 0, 1, 3),
        &with(permitted.clone(), &json!({"bed_id": bed, "purpose": "crisis"})),
    );
    world.post(&house.specialist, "/stays", hidden).expect(201);
    Scene { person, who, case, house }
}

impl Scene {
    fn read(&self, who: &Account) -> Reply {
        self.world.get(who, &format!("/beneficiaries/{}/help", self.who))
    }
    /// The account of a guardian.
    fn guardian(&self, login: &str, members: Value) -> Account {
        let person = self.world.resident(&self.director);
        let form = json!({"person_id": person, "basis": "guardian", "valid_from": "2021-03-12"});
        let path = format!("/beneficiaries/{}/representatives", self.who);
        self.world.post(&self.director, &path, with(form, &members)).expect(201);
        self.world.account(login, json!([{"role": "mentee"}]), Some(&person))
    }
}

fn told(it: &Value, part: &str, member: &str) -> Vec<String> {
    let rows = it[part].as_array().unwrap_or_else(|| panic!("{part}: {it}"));
    rows.iter().map(|it| it[member].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_person_reads_all_that_was_done_and_no_words_of_staff() {
    let it = scene();
    let girl = it.world.account("daria", json!([{"role": "mentee"}]), Some(&it.person));
    let read = it.read(&girl).expect(200);
    for mark in OF_STAFF {
        assert!(!read.text.contains(mark), "{mark}: {}", read.text);
    }
    for mark in
        ["Нужда-Х", "Хочу-Х", "Недуг-Х", "Беда-Х", "Убежище-Х", "Социальная гостиница", "Вещь-food_kit"]
    {
        assert!(read.text.contains(mark), "{mark}: {}", read.text);
    }
    let body = &read.body;
    assert_eq!(told(body, "needs", "state"), ["open", "open", "met"]);
    assert_eq!(told(body, "documents", "kind"), ["passport"]);
    assert_eq!(told(body, "emergency_aids", "kind"), ["temporary_housing", "psychological", "food_kit"]);
    assert_eq!(told(body, "stays", "state"), ["reserved", "departed"]);
    assert_eq!(told(body, "referrals", "state"), ["sent", "sent"]);
    assert_eq!(told(body, "service_deliveries", "delivered_on"), [it.world.day(-1), it.world.day(-2)]);
    assert_eq!(body["emergency_aids"][0]["organization_id"], json!(it.organization));
    assert!(!read.text.contains("\"source\""), "the source of a need tells of crises");
    let report = json!({"beneficiary_id": it.who, "kind": "conflict", "text": "Кричат-Х."});
    let reported = it.world.post(&girl, "/crises", report).expect(201).id();
    let about = json!({"beneficiary_id": it.who, "kind": "conflict", "text": "Чужое-Х."});
    it.world.post(&it.specialist, "/crises", about).expect(201);
    let read = it.read(&girl).expect(200);
    assert_eq!(told(&read.body, "reported_crises", "id"), [reported]);
    assert!(!read.text.contains("Чужое-Х"), "{}", read.text);
}

#[test]
fn a_representative_reads_neither_words_nor_places_of_refuge_and_only_while_the_authority_holds() {
    let it = scene();
    let guardian = it.guardian("guardian", json!({}));
    let read = it.read(&guardian).expect(200);
    let hidden = [
        "Нужда-Х",
        "Хочу-Х",
        "Недуг-Х",
        "Беда-Х",
        "Убежище-Х",
        "crisis_place",
        "Вещь-temporary_housing",
        "Вещь-psychological",
    ];
    for mark in OF_STAFF.iter().chain(&hidden) {
        assert!(!read.text.contains(mark), "{mark}: {}", read.text);
    }
    assert_eq!(told(&read.body, "needs", "domain"), ["study_work"], "neither of health nor from a crisis");
    assert_eq!(told(&read.body, "stays", "facility_name"), ["Социальная гостиница"]);
    assert_eq!(told(&read.body, "emergency_aids", "kind"), ["food_kit"]);
    assert_eq!(read.body["reported_crises"], json!([]));
    assert_eq!(
        told(&read.body, "service_deliveries", "delivered_on"),
        [it.world.day(-1)],
        "not that of a crisis"
    );
    assert_eq!(told(&read.body, "referrals", "state"), ["sent"]);
    for (part, member) in [
        ("service_deliveries", "provider_organization_id"),
        ("referrals", "to_organization_id"),
        ("emergency_aids", "organization_id"),
    ] {
        assert_eq!(
            read.body[part][0].get(member).unwrap_or(&Value::Null),
            &Value::Null,
            "{part}: {}",
            read.text
        );
    }
    assert!(!read.text.contains("Приют-Х") && !read.text.contains("Берег"), "{}", read.text);
    let former = it.guardian("former", json!({"valid_until": it.world.day(-1)}));
    it.read(&former).refused(404, "request.not_found");
}

#[test]
fn guardianship_of_the_territory_reads_and_nobody_else_does() {
    let it = scene();
    let world = &it.world;
    let officer = |login: &str, territory: &str| {
        world.account(login, json!([{"role": "guardianship_officer", "territory": territory}]), None)
    };
    let read = it.read(&officer("opeka", "25655000")).expect(200);
    assert!(read.text.contains("Убежище-Х") && read.text.contains("Нужда-Х"), "{}", read.text);
    assert_eq!(read.body.get("reported_crises"), None);
    for mark in OF_STAFF {
        assert!(!read.text.contains(mark), "{mark}: {}", read.text);
    }
    it.read(&officer("daleko", "33701000")).refused(404, "request.not_found");
    let other = world.person(&it.director, json!({}));
    world.beneficiary(&it.director, &it.organization, &other);
    it.read(&world.account("other", json!([{"role": "mentee"}]), Some(&other)))
        .refused(404, "request.not_found");
    it.read(&it.specialist).refused(403, "access.forbidden");
    it.read(&world.admin()).refused(403, "access.forbidden");
    let child = world.person(&it.director, json!({"birth_date": "2013-05-05"}));
    let young = world.beneficiary(&it.director, &it.organization, &child);
    let account = world.account("young", json!([{"role": "mentee"}]), Some(&child));
    world.get(&account, &format!("/beneficiaries/{young}/help")).refused(404, "request.not_found");
    let closing = json!({"closed_on": world.day(0), "reason": "goals_reached", "end_open": true});
    let stay = world.get(&it.specialist, "/stays?state=reserved").expect(200);
    it.step(&Reply::id_of(&stay.items()[0]), "cancellation", json!({})).expect(200);
    world.post(&it.director, &format!("/cases/{}/closing", it.case), closing).expect(200);
    let girl = world.account("daria", json!([{"role": "mentee"}]), Some(&it.person));
    assert_eq!(
        told(&it.read(&girl).expect(200).body, "needs", "state"),
        ["unmet", "unmet", "met"],
        "of a closed case too"
    );
}

#[test]
fn an_adult_of_a_family_reads_its_help_as_a_representative_does_and_its_children_do_not() {
    let house = House::new(1, 1);
    let (world, director) = (&house.world, &house.director);
    let person = |members: Value| world.person(director, members);
    let mother = person(json!({"birth_date": "1985-05-05", "given_name": "Мария"}));
    let boy = person(json!({"birth_date": "2010-05-05", "given_name": "Пётр", "sex": "male"}));
    let stranger = person(json!({"birth_date": "1985-06-06", "given_name": "Анна"}));
    let family =
        world.family_beneficiary(director, &house.organization, &world.family(director, &[&mother, &boy]));
    let case = world.case(director, &house.organization, &family);
    let need = |members: Value| {
        let form = json!({"noticed_on": world.day(-5), "domain": "study_work", "text": "Нужда-Х", "source": "person", "urgency": "month"});
        world.post(director, &format!("/cases/{case}/needs"), with(form, &members)).expect(201);
    };
    need(json!({}));
    need(json!({"source": "crisis", "domain": "self", "text": "Беда-Х"}));
    need(json!({"domain": "safety", "text": "Страх-Х"}));
    let account = |login: &str, person: &str| world.account(login, json!([{"role": "mentee"}]), Some(person));
    let read = |who: &Account| world.get(who, &format!("/beneficiaries/{family}/help"));
    let grown = account("mother", &mother);
    let told = read(&grown).expect(200);
    assert_eq!(self::told(&told.body, "needs", "domain"), ["study_work"]);
    assert!(!told.text.contains("-Х"), "one of them may be the danger: {}", told.text);
    assert_eq!(told.body["reported_crises"], json!([]));
    for (login, person) in [("boy", &boy), ("stranger", &stranger)] {
        read(&account(login, person)).refused(404, "request.not_found");
    }
}

#[test]
fn nothing_is_left_out_for_what_the_reader_does_not_see_and_what_is_left_out_is_told_of() {
    let it = scene();
    let enter = |what: &str, form: Value| {
        it.world.post(&it.director, &format!("/cases/{}/{what}", it.case), form).expect(201);
    };
    for _ in 0..55 {
        enter(
            "needs",
            json!({"noticed_on": it.world.day(-1), "domain": "self", "text": "Беда-Х", "source": "crisis", "urgency": "month"}),
        );
    }
    let guardian = it.guardian("guardian", json!({}));
    let read = it.read(&guardian).expect(200).body;
    assert_eq!(told(&read, "needs", "domain"), ["study_work"], "behind 55 later ones that are not read");
    let girl = it.world.account("daria", json!([{"role": "mentee"}]), Some(&it.person));
    let read = it.read(&girl).expect(200).body;
    assert_eq!(told(&read, "needs", "domain").len(), 58);
    let more = |read: &Value| {
        let all = read["more"].as_object().unwrap().iter().filter(|it| it.1 == true);
        all.map(|it| it.0.clone()).collect::<Vec<_>>()
    };
    assert_eq!(more(&read), Vec::<String>::new());
    let standard = it.world.get(&it.director, "/service-standards?code=hardship-help").expect(200);
    let standard = Reply::id_of(&standard.items()[0]);
    for _ in 0..199 {
        enter(
            "service-deliveries",
            json!({"standard_id": standard, "provider_organization_id": it.organization, "delivered_on": it.world.day(-1)}),
        );
    }
    let read = it.read(&girl).expect(200).body;
    assert_eq!(told(&read, "service_deliveries", "delivered_on").len(), 200, "of 201");
    assert_eq!(more(&read), ["service_deliveries"]);
}
