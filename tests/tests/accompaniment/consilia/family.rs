//! Consilia and families: nobody decides about the own one, and who is of the age is heard.
use super::{Scene, scene};
use serde_json::json;
use tests::{Account, with};

impl Scene {
    /// A director of the centre, with the person of the account.
    pub(super) fn mother(&self) -> (String, Account) {
        let mother = self.world.person(&self.director, json!({"birth_date": "1980-01-01"}));
        let grants = json!([{"role": "director", "organization_id": self.centre}]);
        let account = self.world.account("director.mother", grants, Some(&mother));
        (mother, account)
    }
}

#[test]
fn no_new_plan_makes_a_relative_of_somebody_on_the_agenda_the_chair() {
    let it = scene();
    let (mother, chair) = it.mother();
    it.world.family(&it.director, &[&mother, &it.person]);
    let members =
        json!([{"role": "chair", "user_id": chair.id}, {"role": "secretary", "user_id": it.specialist.id}]);
    let form = with(it.form(), &json!({"members": members}));
    let consilium = it.planned();
    let path = format!("/consilia/{consilium}");
    let put = |etag: &str| it.world.put(&it.director, &path, etag, form.clone());
    let card = it.world.get(&it.director, &path).expect(200);
    let item = it.add(&consilium, &it.case, "scheduled").expect(201).id();
    let refused = put(&card.etag()).refused(422, "consilium.chair_kin");
    assert_eq!(refused.pointers(), ["/members/0/user_id"]);
    let off = json!({"note": "Без матери."});
    it.world.post(&it.specialist, &format!("/consilium-items/{item}/postponement"), off).expect(200);
    put(&card.etag()).expect(200);
}

#[test]
fn a_chair_who_became_family_closes_nothing_and_another_director_does_and_controls_the_tasks() {
    let it = scene();
    let (mother, chair) = it.mother();
    let members = json!([{"role": "chair", "user_id": chair.id}, {"role": "secretary", "user_id": it.specialist.id},
        {"role": "member", "name": "Петрова Елена"}]);
    let consilium = it.planned_with(json!({"members": members}));
    let item = it.add(&consilium, &it.case, "scheduled").expect(201).id();
    it.hold(&consilium).expect(200);
    it.resolve(&item, json!({})).expect(200);
    it.close(&consilium, "1").refused(403, "access.not_yours");
    it.world.family(&it.director, &[&mother, &it.person]);
    let closing = json!({"protocol_number": "1"});
    it.step(&chair, &consilium, "closing", closing).refused(403, "access.own");
    let offered = it.world.get(&chair, &format!("/consilia/{consilium}")).expect(200);
    assert!(offered.action("close").is_none(), "{}", offered.body);
    it.close(&consilium, "1").expect(200);
    let tasks = it.world.get(&it.specialist, &format!("/tasks?case_id={}", it.case)).expect(200);
    assert_eq!(tasks.items()[0]["controller_user_id"], json!(it.director.id));
}

#[test]
fn a_director_who_is_family_closes_nothing_where_the_chair_is_gone() {
    let it = scene();
    let (mother, director) = it.mother();
    it.world.family(&it.director, &[&mother, &it.person]);
    let head = it.world.staff("unit_head", &it.centre);
    let members = json!([{"role": "chair", "user_id": head.id}, {"role": "secretary", "user_id": it.specialist.id},
        {"role": "member", "name": "Петрова Елена"}]);
    let consilium = it.planned_with(json!({"members": members}));
    let item = it.add(&consilium, &it.case, "scheduled").expect(201).id();
    it.hold(&consilium).expect(200);
    it.resolve(&item, json!({})).expect(200);
    it.world.close_account(&head);
    let closing = json!({"protocol_number": "1"});
    it.step(&director, &consilium, "closing", closing).refused(403, "access.own");
    it.close(&consilium, "1").expect(200);
}

#[test]
fn the_person_is_heard_under_any_record() {
    let it = scene();
    let born = it.world.today() - chrono::Months::new(12 * 16);
    let person = it.world.person(&it.director, json!({"birth_date": born}));
    let twin = it.world.beneficiary(&it.director, &it.centre, &person);
    let (_, item) = it.held("scheduled");
    let heard = json!([{"person_id": person, "heard": "present", "opinion": "Согласна."}]);
    let resolve = || it.resolve(&item, json!({"heard": heard}));
    let refused = resolve();
    assert!(refused.codes().contains(&"consilium.heard_unknown"), "{}", refused.text);
    it.world.merged(&twin, &it.beneficiary);
    resolve().expect(200);
    it.resolve(&item, json!({"heard": []})).refused(409, "consilium.person_not_heard");
}

#[test]
fn no_sitting_is_before_the_day_on_which_a_case_of_its_agenda_was_opened() {
    let it = scene();
    let sat = |at: &str| {
        let consilium = it.planned_with(json!({"planned_at": at}));
        let item = it.add(&consilium, &it.case, "scheduled").expect(201).id();
        let held = json!({"held_at": at, "present": [1, 2, 3]});
        (it.step(&it.specialist, &consilium, "holding", held), item)
    };
    let (long_ago, item) = sat("2012-01-01T04:00:00Z");
    let refused = long_ago.refused(422, "case.outside");
    assert_eq!(refused.pointers(), ["/held_at"]);
    let off = json!({"note": "Не тот день."});
    it.world.post(&it.specialist, &format!("/consilium-items/{item}/postponement"), off).expect(200);
    let (of_the_case, _) = sat(&it.world.hour(-39 * 24));
    of_the_case.expect(200);
}

#[test]
fn somebody_who_was_heard_has_an_opinion_and_one_who_declined_has_none() {
    let it = scene();
    let (_, item) = it.held("scheduled");
    let resolve =
        |heard: &str| it.resolve(&item, json!({"heard": [{"person_id": it.person, "heard": heard}]}));
    for heard in ["present", "in_writing", "through_representative"] {
        let refused = resolve(heard).refused(422, "field.missing");
        assert_eq!(refused.pointers(), ["/heard/0/opinion"]);
    }
    for heard in ["declined", "unable"] {
        resolve(heard).expect(200);
    }
}

#[test]
fn who_turned_ten_after_the_sitting_was_not_to_be_heard_at_it() {
    let it = scene();
    let born = it.world.today() - chrono::Months::new(12 * 10);
    let person = it.world.person(&it.director, json!({"birth_date": born}));
    let beneficiary = it.world.beneficiary(&it.director, &it.centre, &person);
    let case = it.world.case(&it.director, &it.centre, &beneficiary);
    let it = Scene { case, person, beneficiary, ..it };
    let sat = |hours: i64| {
        let at = it.world.hour(hours);
        let consilium = it.planned_with(json!({"planned_at": at}));
        let item = it.add(&consilium, &it.case, "scheduled").expect(201).id();
        let held = json!({"held_at": at, "present": [1, 2, 3]});
        it.step(&it.specialist, &consilium, "holding", held).expect(200);
        (consilium, item)
    };
    let (consilium, item) = sat(-25);
    it.resolve(&item, json!({"heard": []})).expect(200);
    it.close(&consilium, "1").expect(200);
    let (_, item) = sat(-1);
    it.resolve(&item, json!({"heard": []})).refused(409, "consilium.person_not_heard");
}
