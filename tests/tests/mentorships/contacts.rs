//! Those whom the sides of a mentorship can call.
use super::card;
use serde_json::{Value, json};
use tests::pairs::Pair;
use tests::{Account, World};

struct Scene {
    world: World,
    pair: Pair,
    specialist: Account,
    mentor: Account,
    mentee: Account,
}

/// A pair whose recipient is on accompaniment by a specialist with a work telephone, in a program that allows these contacts.
fn scene(contacts: Value) -> Scene {
    let world = World::new();
    let pair = Pair { program: world.plain_program("called", contacts), ..world.pair() };
    let grants = json!([{"role": "support_specialist", "organization_id": pair.organization}]);
    let specialist = world.account("sveta", grants, None);
    let path = format!("/users/{}", specialist.id);
    let seen = world.get(&world.admin(), &path).expect(200);
    let phone = json!({"work_phone": "8 (395) 410-00-17", "name": "Светлова Инна Олеговна"});
    let edited = world.patch(&world.admin(), &path, &seen.etag(), phone).expect(200);
    assert_eq!(edited.body["work_phone"], "+73954100017");
    let case = json!({"beneficiary_id": pair.beneficiary, "organization_id": pair.organization, "opened_on": world.day(-5),
        "specialist_user_id": specialist.id});
    world.post(&pair.director, "/cases", case).expect(201);
    let (mentor, mentee) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    Scene { world, pair, specialist, mentor, mentee }
}

fn contacts(it: &Scene, who: &Account, id: &str) -> Vec<(String, String, Option<String>)> {
    let seen = card(&it.world, who, id).expect(200);
    let text = |it: &Value| it.as_str().map(str::to_owned);
    let all = seen.body["contacts"].as_array().expect("contacts").iter();
    all.map(|it| (text(&it["kind"]).unwrap(), text(&it["name"]).unwrap(), text(&it["phone"]))).collect()
}

#[test]
fn a_mentor_and_a_mentee_have_the_specialist_and_the_institution_to_call() {
    let it = scene(json!({}));
    let id = it.world.active(&it.pair);
    let specialist =
        ("specialist".to_owned(), "Светлова Инна Олеговна".to_owned(), Some("+73954100017".to_owned()));
    for who in [&it.mentor, &it.mentee, &it.specialist] {
        let told = contacts(&it, who, &id);
        assert_eq!(told[0], specialist, "{}", who.login);
        assert_eq!((told.len(), told[1].0.as_str()), (2, "institution"));
    }
    let listed = it.world.get(&it.mentor, "/mentorships").expect(200);
    assert_eq!(listed.items()[0]["contacts"][0]["phone"], "+73954100017", "in the mentor's list too");
    let end = json!({"ground": "other_objective", "ended_on": it.world.day(0), "text": "Переезд."});
    it.world.step(&it.pair.director, &id, "termination", end).expect(200);
    assert!(contacts(&it, &it.mentee, &id).is_empty(), "there is nobody to call after the end");
}

#[test]
fn a_mentor_calls_the_recipient_only_where_the_program_allows_it_and_after_the_consent() {
    let it = scene(json!({"mentor_contacts": ["recipient", "institution"]}));
    let person = format!("/people/{}", it.pair.person);
    let phone = json!({"contacts": {"phones": ["+79123456701"]}});
    it.world.edit(&it.pair.director, &person, phone).expect(200);
    let id = it.world.accepted(&it.pair);
    let kinds = |who: &Account| contacts(&it, who, &id).into_iter().map(|it| it.0).collect::<Vec<_>>();
    assert_eq!(kinds(&it.mentor), ["institution"], "not before the consent");
    it.world.step(&it.pair.director, &id, "consents", it.world.consent(&it.pair)).expect(200);
    let told = contacts(&it, &it.mentor, &id);
    assert_eq!((told[0].0.as_str(), told[0].2.as_deref()), ("recipient", Some("+79123456701")));
    assert_eq!(kinds(&it.mentor), ["recipient", "institution"], "the program names no specialist");
    assert_eq!(kinds(&it.mentee), ["specialist", "institution"], "their own contact");
    let closed = json!({"active": false});
    let path = format!("/users/{}", it.specialist.id);
    let seen = it.world.get(&it.world.admin(), &path).expect(200);
    it.world.patch(&it.world.admin(), &path, &seen.etag(), closed).expect(200);
    assert_eq!(kinds(&it.mentee), ["institution"], "a closed account answers no calls");
}
