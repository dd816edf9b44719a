//! The one whom a request accuses learns nothing of it, in any role and by any address.
use super::{Scene, scene};
use serde_json::{Value, json};
use tests::{Account, Reply, with};

impl Scene {
    /// A request about a child in danger that an administrator has made.
    fn accusing(&self, members: Value) -> String {
        let members = with(json!({"danger_to_child": true}), &members);
        self.make(&self.world.admin(), members).expect(201).id()
    }
    #[track_caller]
    fn hides(&self, who: &Account, id: &str) {
        self.get(who, id).expect(404);
        self.world.get(who, &format!("/intake-requests/{id}/history")).expect(404);
        let body = json!({"organization_id": self.other});
        self.world.post(who, &format!("/intake-requests/{id}/check"), body).expect(404);
        self.world.post(who, &format!("/intake-requests/{id}/release"), json!({"note": "Нет."})).expect(404);
        self.decide(who, id, json!({})).expect(404);
        for path in ["/intake-requests", "/intake-requests?danger_to_child=true", "/me/agenda"] {
            assert!(!self.world.get(who, path).expect(200).text.contains(id), "{path} tells of {id}");
        }
        let own = self.made(json!({}));
        self.check(who, &own, &self.other).expect(200);
        self.decide(who, &own, json!({"outcome": "duplicate", "duplicate_of_id": id}))
            .refused(422, "field.reference");
        self.decide(who, &own, json!({})).expect(200);
    }
}

#[test]
fn an_accused_account_sees_nothing_of_a_request_by_any_account_of_that_person() {
    let it = scene();
    let man = it.world.resident(&it.director);
    let grant = json!([{"role": "support_specialist", "organization_id": it.other}]);
    let accused = it.world.account("accused", grant.clone(), Some(&man));
    let by_account = it.accusing(json!({"concerned_user_id": accused.id}));
    let by_person = it.accusing(json!({"concerned_person_id": man}));
    for id in [&by_account, &by_person] {
        it.hides(&accused, id);
        let card = it.get(&it.colleague, id).expect(200);
        assert_eq!(card.body["concerned_person_id"], json!(man));
        assert_eq!(card.actions(), json!(["check"]));
    }
    assert_eq!(it.get(&it.officer, &by_account).expect(200).body["concerned_user_id"], json!(accused.id));
    it.check(&it.director, &by_account, &it.centre).expect(200);
    let beside = it.get(&it.colleague, &by_account).expect(200);
    assert!(!beside.text.contains(&accused.id), "whom it concerns is for those who read its words");
}

#[test]
fn an_account_of_the_accused_under_another_record_sees_nothing_of_a_request() {
    let it = scene();
    let adult = json!({"given_name": "Анна", "birth_date": "2005-04-02"});
    let one = it.world.person(&it.director, adult.clone());
    let first = it.world.beneficiary(&it.director, &it.centre, &one);
    let two = it.world.person(&it.colleague, adult);
    let second = it.world.beneficiary(&it.colleague, &it.other, &two);
    let grant = json!([{"role": "support_specialist", "organization_id": it.other}]);
    let accused = it.world.account("accused", grant, Some(&two));
    let early = it.accusing(json!({"concerned_person_id": one}));
    it.get(&accused, &early).expect(200);
    it.world.merged(&first, &second);
    // A caller is remembered for less than a second, and a session begins anew.
    let accused = it.world.login("accused");
    let later = it.accusing(json!({"concerned_person_id": one}));
    for id in [&early, &later] {
        it.hides(&accused, id);
        it.get(&it.colleague, id).expect(200);
    }
}

#[test]
fn what_concerns_the_staff_of_an_organization_is_hidden_from_everybody_there() {
    let it = scene();
    let id = it.accusing(json!({"concerned_organization_id": it.other}));
    let specialist = it.world.staff("support_specialist", &it.other);
    for who in [&it.colleague, &specialist] {
        it.hides(who, &id);
    }
    let key = it.world.key(&["read_intake"], json!({"organization_ids": [it.other]}));
    it.get(&key, &id).expect(404);
    assert!(!it.listed(&key, "").contains(&id));
    let card = it.get(&it.director, &id).expect(200);
    assert_eq!(card.body["concerned_organization_name"], "Другой центр");
    it.check(&it.director, &id, &it.centre).expect(200);
    it.decide(&it.director, &id, json!({"outcome": "redirected", "organization_id": it.other}))
        .refused(422, "intake.concerns_them");
    // Somebody who serves there and tells of it learns what becomes of it, and no more.
    let told = it.make(&specialist, json!({"concerned_organization_id": it.other})).expect(201);
    assert!(!told.text.contains("-Х"), "{}", told.text);
    let seen = it.get(&specialist, &told.id()).expect(200);
    assert_eq!((&seen.body["state"], seen.actions()), (&json!("received"), json!([])));
    assert!(!seen.text.contains("-Х") && seen.body.get("concerned_organization_id").is_none());
    it.check(&specialist, &told.id(), &it.other).expect(403);
    it.hides(&it.colleague, &told.id());
    assert!(it.get(&it.director, &told.id()).expect(200).text.contains("Нет дров-Х"));
}

#[test]
fn a_request_that_repeats_a_hidden_one_does_not_tell_of_it() {
    let it = scene();
    let accused = it.world.staff("support_specialist", &it.other);
    let hidden = it.accusing(json!({"concerned_user_id": accused.id}));
    let open = it.made(json!({}));
    it.check(&it.director, &open, &it.centre).expect(200);
    let duplicate = json!({"outcome": "duplicate", "duplicate_of_id": hidden});
    it.decide(&it.director, &open, duplicate).expect(200);
    assert_eq!(it.get(&it.director, &open).expect(200).body["duplicate_of_id"], json!(hidden));
    assert!(!it.get(&accused, &open).expect(200).text.contains(&hidden));
}

#[test]
fn a_caller_of_a_large_territory_lists_no_request_of_another_one() {
    let it = scene();
    let region = it.world.organization("executive_authority", "Министерство", "25000000");
    let minister = it.world.staff("director", &region);
    let officer = json!([{"role": "guardianship_officer", "territory": "25000000"}]);
    let officer = it.world.account("wide", officer, None);
    let own = it.made(json!({"danger_to_child": true}));
    let foreign = it.made(json!({"danger_to_child": true, "territory": "33701000"}));
    for who in [&minister, &officer] {
        it.get(who, &foreign).expect(404);
        assert_eq!(it.listed(who, ""), std::slice::from_ref(&own));
        assert!(!it.world.get(who, "/me/agenda").expect(200).text.contains(&foreign));
    }
}

#[test]
fn somebody_is_accused_whom_the_author_does_not_see_and_the_answer_does_not_tell() {
    let it = scene();
    let man = it.world.resident(&it.director);
    let grant = json!([{"role": "support_specialist", "organization_id": it.other}]);
    let accused = it.world.account("accused", grant, Some(&man));
    let mentor = it.world.account("mentor", json!([{"role": "mentor"}]), None);
    let nobody = "01980000-0000-7000-8000-00000000dead";
    let make = |who: &Account, members: Value| it.make(who, members).expect(201);
    let members = |it: &Reply| it.body.as_object().expect("a card").keys().cloned().collect::<Vec<_>>();
    let missing = make(&mentor, json!({"concerned_user_id": nobody}));
    for (member, id) in [("concerned_user_id", &accused.id), ("concerned_person_id", &man)] {
        let made = make(&mentor, json!({ member: id }));
        it.hides(&accused, &made.id());
        assert!(!made.text.contains(id.as_str()), "{}", made.text);
        assert_eq!(members(&made), members(&missing), "of somebody and of nobody the answer is the same");
        assert_eq!(it.get(&it.colleague, &made.id()).expect(200).body["concerned_person_id"], json!(man));
    }
    make(&mentor, json!({"concerned_person_id": nobody}));
    assert!(it.get(&accused, &missing.id()).expect(200).text.contains("Нет дров-Х"));
    let of_chief = make(&accused, json!({"danger_to_child": true, "concerned_user_id": it.colleague.id}));
    it.get(&it.colleague, &of_chief.id()).expect(404);
}

#[test]
fn nobody_accuses_themselves_nor_two_at_once() {
    let it = scene();
    let man = it.world.resident(&it.director);
    let two = json!({"concerned_person_id": man, "concerned_organization_id": it.other});
    it.make(&it.director, two).refused(422, "field.combination");
    it.make(&it.director, json!({"concerned_user_id": it.director.id}))
        .refused(422, "intake.concerns_author");
    it.make(&it.director, json!({"concerned_organization_id": man})).refused(422, "field.reference");
    let grant = json!([{"role": "support_specialist", "organization_id": it.centre}]);
    let own = it.world.account("own", grant, Some(&man));
    it.make(&own, json!({"concerned_person_id": man})).refused(422, "intake.concerns_author");
    assert!(it.listed(&it.world.admin(), "").is_empty());
}

#[test]
fn requests_are_counted_as_each_account_sees_them_and_read_from_either_end() {
    let it = scene();
    let first = it.made(json!({}));
    it.made(json!({"urgency": "week"}));
    it.check(&it.director, &first, &it.centre).expect(200);
    let admin = it.world.admin();
    for who in [&it.director, &it.colleague, &it.officer, &admin] {
        it.world.must_count_as_listed(who, "intake-requests", &["state", "urgency"]);
        it.world.must_read_from_either_end(who, "intake-requests");
    }
    for who in [&it.stranger, &it.foreign_officer] {
        let told = it.world.get(who, "/intake-requests/counts").expect(200).body;
        assert_eq!(told, json!({"total": 0, "counts": []}), "{}", who.login);
    }
    it.accusing(json!({"concerned_user_id": it.colleague.id}));
    for (who, total) in [(&it.colleague, 2), (&it.director, 3)] {
        it.world.must_count_as_listed(who, "intake-requests", &["state", "urgency"]);
        let told = it.world.get(who, "/intake-requests/counts").expect(200).body;
        assert_eq!(told["total"], json!(total), "{}: one's own fault counts for others", who.login);
    }
    it.world.get(&admin, "/intake-requests/counts?group_by=source").refused(400, "request.parameter");
}
