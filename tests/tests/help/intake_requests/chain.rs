//! The chain of a request about a child in danger: guardianship at once, the organizations of the territory level by level.
use super::{Scene, scene};
use chrono::TimeDelta;
use persistence::help::intake_requests;
use persistence::tx::Tx;
use serde_json::{Value, json};
use tests::{Account, Reply};

impl Scene {
    fn waits(&self, who: &Account) -> Vec<String> {
        let agenda = self.world.get(&self.world.again(who), "/me/agenda").expect(200);
        agenda.body["intake_in_danger"].as_array().expect("requests").iter().map(Reply::id_of).collect()
    }
    fn pass(&mut self, minutes: i64) {
        self.world.advance(TimeDelta::minutes(minutes));
        self.world.advance_days(0);
        for it in [&mut self.director, &mut self.colleague, &mut self.stranger, &mut self.officer] {
            *it = self.world.again(it);
        }
    }
    /// The clock looks once. The number of requests at which it looked.
    fn tick(&self) -> usize {
        self.world.inside(async move |tx: &mut Tx<'_>| intake_requests::call(tx).await)
    }
    fn levels(&self, id: &str) -> Vec<String> {
        let history = self.world.get(&self.director, &format!("/intake-requests/{id}/history")).expect(200);
        let told = history.items().iter().filter(|it| it["kind"] == "intake_request.escalated");
        told.map(|it| it["details"][0]["value"].as_str().expect("a level").to_owned()).rev().collect()
    }
}

#[test]
fn danger_to_a_child_calls_guardianship_at_once_and_the_organizations_level_by_level() {
    let mut it = scene();
    let specialist = it.world.staff("support_specialist", &it.centre);
    let head = it.world.staff("unit_head", &it.other);
    let distant = it.world.staff("support_specialist", &it.far);
    let id = it.made(json!({"danger_to_child": true}));
    let one = [id.clone()];
    let none: [String; 0] = [];
    assert_eq!((it.waits(&it.officer), it.waits(&specialist)), (one.to_vec(), one.to_vec()));
    for who in [&head, &it.director, &it.world.admin(), &distant, &it.foreign_officer] {
        assert_eq!(it.waits(who), none);
    }
    let card = it.get(&it.director, &id).expect(200);
    assert_eq!((&card.body["called_level"], card.actions()), (&json!(1), json!(["check"])));
    assert!(card.body["next_call_at"].is_string());
    it.pass(15);
    assert_eq!((it.waits(&head), it.waits(&it.director)), (one.to_vec(), none.to_vec()));
    assert_eq!((it.tick(), it.tick(), it.levels(&id)), (1, 0, vec!["2".to_owned()]));
    it.pass(30);
    for who in [&it.director, &it.colleague, &it.world.admin()] {
        assert_eq!(it.waits(who), one);
    }
    // The clock stood still meanwhile: the check writes what it missed.
    assert_eq!(it.get(&it.director, &id).expect(200).body["called_level"], 4);
    it.check(&it.colleague, &id, &it.other).expect(200);
    assert_eq!((it.levels(&id), it.tick()), (["2", "3", "4"].map(str::to_owned).to_vec(), 0));
    assert_eq!((it.waits(&it.director), it.waits(&it.officer)), (none.to_vec(), one.to_vec()));
    let back = json!({"note": "Некому выехать."});
    it.world.post(&it.colleague, &format!("/intake-requests/{id}/release"), back).expect(200);
    assert_eq!(it.waits(&specialist), one);
    assert_eq!((it.tick(), it.levels(&id).len()), (1, 3));
}

#[test]
fn a_level_of_nobody_is_left_out_and_a_redirected_request_calls_its_organization() {
    let mut it = scene();
    let alone = it.made(json!({"danger_to_child": true, "territory": "25702000"}));
    assert_eq!(it.waits(&it.world.admin()), std::slice::from_ref(&alone), "nobody works there");
    let id = it.made(json!({"danger_to_child": true}));
    assert_eq!(it.waits(&it.director), std::slice::from_ref(&id), "there are neither specialists nor heads");
    it.check(&it.director, &id, &it.centre).expect(200);
    let order = json!({"outcome": "redirected", "organization_id": it.far});
    it.decide(&it.director, &id, order).expect(200);
    assert_eq!(it.waits(&it.stranger), std::slice::from_ref(&id));
    assert!(it.waits(&it.colleague).is_empty());
    it.pass(16);
    it.tick();
    assert!(it.levels(&id).is_empty() || it.levels(&id) == ["4"]);
}

#[test]
fn a_redirected_request_calls_its_organization_level_by_level_from_the_redirection() {
    let mut it = scene();
    let specialist = it.world.staff("support_specialist", &it.far);
    let id = it.made(json!({"danger_to_child": true}));
    let one = [id.clone()];
    let none: [String; 0] = [];
    it.pass(50);
    assert_eq!(it.waits(&it.world.admin()), one, "all levels of the territory are called by now");
    it.check(&it.director, &id, &it.centre).expect(200);
    let order = json!({"outcome": "redirected", "organization_id": it.far});
    it.decide(&it.director, &id, order).expect(200);
    assert_eq!(it.waits(&specialist), one);
    assert_eq!((it.waits(&it.stranger), it.waits(&it.world.admin())), (none.to_vec(), none.to_vec()));
    assert_eq!(it.get(&it.world.admin(), &id).expect(200).body["called_level"], 1);
    assert_eq!(it.tick(), 0, "the clock looks again at the next level");
    it.pass(15);
    assert_eq!((it.waits(&it.stranger), it.waits(&it.world.admin())), (one.to_vec(), none.to_vec()));
    let before = it.levels(&id).len();
    assert_eq!(it.tick(), 1);
    assert_eq!(it.levels(&id)[before..], ["3"]);
    it.check(&it.stranger, &id, &it.far).expect(200);
    let back = json!({"note": "Некому выехать."});
    it.world.post(&it.stranger, &format!("/intake-requests/{id}/release"), back).expect(200);
    assert_eq!(it.waits(&it.stranger), one, "who was called before is called still");
    let direct = json!({"organization_id": it.other, "note": "В районе некому."});
    it.world.post(&it.world.admin(), &format!("/intake-requests/{id}/direction"), direct).expect(200);
    assert_eq!((it.waits(&it.colleague), it.waits(&it.world.admin())), (one.to_vec(), none.to_vec()));
}

#[test]
fn the_agenda_finds_what_calls_its_reader_behind_many_that_do_not() {
    let mut it = scene();
    let head = it.world.staff("unit_head", &it.centre);
    it.world.staff("support_specialist", &it.centre);
    let old = it.made(json!({"danger_to_child": true}));
    it.pass(15);
    // These call the specialists alone.
    let tutor = it.world.account("other", json!([{"role": "tutor"}]), None);
    for _ in 0..52 {
        it.make(&tutor, json!({"danger_to_child": true})).expect(201);
    }
    assert_eq!(it.waits(&head), [old]);
}

#[test]
fn the_region_directs_a_request_that_nobody_takes_up() {
    let it = scene();
    let alone = it.made(json!({"danger_to_child": true, "territory": "25702000"}));
    let admin = it.world.admin();
    let direct = |who: &Account, to: &str| {
        let order = json!({"organization_id": to, "note": "В районе некому-Х."});
        it.world.post(who, &format!("/intake-requests/{alone}/direction"), order)
    };
    assert_eq!(it.get(&admin, &alone).expect(200).actions(), json!(["direct"]));
    let empty = it.world.organization("ngo", "Пустая", "25702000");
    direct(&admin, &empty).refused(422, "intake.nobody_there");
    direct(&admin, &alone).refused(422, "field.reference");
    direct(&it.director, &it.centre).expect(404);
    let directed = direct(&admin, &it.centre).expect(200);
    assert_eq!(directed.body["directed_to_organization_name"], "Центр");
    assert_eq!(directed.body["handlings"][0]["note"], "В районе некому-Х.");
    direct(&admin, &it.centre).refused(422, "intake.same_organization");
    direct(&it.director, &it.other).refused(403, "access.forbidden");
    assert_eq!(it.waits(&it.director), std::slice::from_ref(&alone));
    direct(&admin, &it.other).expect(200);
    it.get(&it.director, &alone).expect(404);
    it.check(&it.colleague, &alone, &it.other).expect(200);
    direct(&admin, &it.centre).refused(409, "intake.taken");
    it.decide(&it.colleague, &alone, json!({})).expect(200);
    direct(&admin, &it.centre).refused(409, "intake.decided");
}

#[test]
fn a_request_without_danger_calls_nobody() {
    let mut it = scene();
    let id = it.made(json!({}));
    it.pass(60);
    let card = it.get(&it.director, &id).expect(200);
    assert_eq!((card.body.get("called_level"), card.body.get("next_call_at")), (None, None));
    assert!(it.waits(&it.director).is_empty() && it.waits(&it.officer).is_empty());
    assert_eq!(it.tick(), 0);
    let author = it.world.account("author", json!([{"role": "tutor"}]), None);
    let made = it.make(&author, json!({"danger_to_child": true})).expect(201);
    assert_eq!(made.body.get("called_level"), None::<&Value>, "the author learns the state alone");
}
