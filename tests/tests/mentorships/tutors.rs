//! The tutor of a pair: named later, changed, left away. The present tutor alone sees the pair.
use super::{card, facts};
use crate::offers::{callers, holds};
use serde_json::{Value, json};
use tests::{Account, Reply, World};

fn tutor(world: &World, login: &str) -> Account {
    world.account(login, json!([{"role": "tutor"}]), None)
}

/// Names the account as the tutor, or nobody.
fn name(world: &World, who: &Account, id: &str, tutor: Option<&Account>) -> Reply {
    let order = tutor.map_or(json!({}), |it| json!({"tutor_user_id": it.id}));
    world.step(who, id, "tutor", order)
}

#[test]
fn a_tutor_is_named_later_and_the_former_one_sees_the_pair_no_more() {
    let (world, pair) = World::paired();
    let [one, other] = ["one", "other"].map(|login| tutor(&world, login));
    let id = world.active(&pair);
    let path = format!("/mentorships/{id}");
    let sees = |who: &Account| {
        let around = [
            path.clone(),
            format!("/beneficiaries/{}/accompaniment", pair.beneficiary),
            format!("/mentors/{}", pair.mentor),
        ];
        around.map(|path| world.get(who, &path).status)
    };
    assert_eq!((sees(&one), sees(&other)), ([404; 3], [404; 3]));
    let named = name(&world, &pair.director, &id, Some(&one)).expect(200);
    assert_eq!((&named.body["tutor_user_id"], &named.body["state"]), (&json!(one.id), &json!("active")));
    assert_eq!((sees(&one), sees(&other)), ([200; 3], [404; 3]));
    let meeting = world.meeting(&one, &id, 5);
    world.get(&one, &format!("/meetings/{meeting}")).expect(200);
    name(&world, &pair.director, &id, Some(&other)).expect(200);
    assert_eq!((sees(&one), sees(&other)), ([404; 3], [200; 3]));
    world.get(&one, &format!("/meetings/{meeting}")).expect(404);
    assert!(world.get(&one, "/mentorships").expect(200).items().is_empty());
    let left = name(&world, &pair.director, &id, None).expect(200);
    assert!(left.body["tutor_user_id"].is_null());
    assert_eq!((sees(&one), sees(&other)), ([404; 3], [404; 3]));
    let told = facts(&world, &pair.director, &path);
    let of_tutors: Vec<&str> = told.iter().map(String::as_str).filter(|it| it.contains("tutor")).collect();
    assert_eq!(of_tutors, ["mentorship.tutor_left", "mentorship.tutor_named", "mentorship.tutor_named"]);
    let history = world.get(&pair.director, &format!("{path}/history")).expect(200);
    for (language, sentence) in
        [("ru", "Тьютор больше не сопровождает пару"), ("en", "The tutor follows the pair no more")]
    {
        let text = history.items()[0][language].as_str().expect("a sentence");
        assert!(text.starts_with(sentence), "{text}");
    }
}

#[test]
fn a_tutor_is_named_once_and_from_the_latest_version_of_the_pair() {
    let (world, pair) = World::paired();
    let (one, other) = (tutor(&world, "one"), tutor(&world, "other"));
    let id = world.proposed(&pair);
    name(&world, &pair.director, &id, None).refused(409, "mentorship.same_tutor");
    let before = card(&world, &pair.director, &id).expect(200).etag();
    name(&world, &pair.director, &id, Some(&one)).expect(200);
    let same = name(&world, &pair.director, &id, Some(&one)).refused(409, "mentorship.same_tutor");
    assert_eq!(same.body["errors"][0]["pointer"], "/tutor_user_id");
    let path = format!("/api/v1/mentorships/{id}/tutor");
    let conditional = |etag: &str| {
        let order = json!({"tutor_user_id": other.id});
        world.ask("POST", &path).by(&pair.director).header("if-match", etag).json(&order).send()
    };
    conditional(&before).refused(412, "version.stale");
    let present = card(&world, &pair.director, &id).expect(200).etag();
    assert_eq!(conditional(&present).expect(200).body["tutor_user_id"], json!(other.id));
}

#[test]
fn a_tutor_holds_the_role_in_an_open_account_and_is_no_relative_of_the_recipient() {
    let (world, pair) = World::paired();
    let admin = world.admin();
    let id = world.active(&pair);
    let dismissed = tutor(&world, "dismissed");
    world.close_account(&dismissed);
    for nobody in [&dismissed, &pair.director, &admin] {
        let told = name(&world, &pair.director, &id, Some(nobody)).refused(422, "field.reference");
        assert_eq!(told.body["errors"][0]["pointer"], "/tutor_user_id");
    }
    let unknown = json!({"tutor_user_id": "01980000-0000-7000-8000-0000000000ff"});
    world.step(&pair.director, &id, "tutor", unknown.clone()).refused(422, "field.reference");
    let aunt = world.person(&pair.director, json!({"birth_date": "1985-01-01"}));
    world.family(&pair.director, &[&aunt, &pair.person]);
    for (login, person) in [("aunt", &aunt), ("daria", &pair.person)] {
        let near = world.account(login, json!([{"role": "tutor"}]), Some(person));
        let told = name(&world, &pair.director, &id, Some(&near)).refused(409, "person.relative");
        assert_eq!(told.body["errors"][0]["pointer"], "/tutor_user_id");
    }
    // A pair that has ended is named none, and all that is wrong is told at once.
    world.die(&pair.director, &pair.person, 0).expect(200);
    let late = tutor(&world, "late");
    name(&world, &pair.director, &id, Some(&late)).refused(409, "mentorship.ended");
    let told = world.step(&pair.director, &id, "tutor", unknown);
    assert_eq!(told.codes(), ["mentorship.ended", "field.reference"]);
    assert!(card(&world, &pair.director, &id).expect(200).action("assign_tutor").is_none());
}

#[test]
fn a_tutor_is_named_by_those_who_may_propose_the_pair_and_by_no_side_of_it() {
    let (world, pair, id) = World::mentoring();
    let path = format!("/mentorships/{id}");
    let mut named: Vec<Value> = Vec::new();
    for (n, who) in callers(&world, &pair).iter().enumerate() {
        let order = json!({"tutor_user_id": tutor(&world, &format!("tutor.{n}")).id});
        let reply = holds(&world, who, &path, "assign_tutor", "/tutor", order);
        if reply.status == 200 {
            named.push(json!(who.login));
        }
    }
    assert_eq!(named.len(), 4, "the director, the head, the specialist and the coordinator: {named:?}");
    let grants = json!([{"role": "director", "organization_id": pair.organization}, {"role": "mentor"}]);
    let both = world.account("both", grants, Some(&pair.mentor_person));
    name(&world, &both, &id, None).refused(403, "access.own");
    assert!(card(&world, &both, &id).expect(200).action("assign_tutor").is_none());
}
