//! Histories told in words, to those who work with a thing and to the sides of a mentorship.
use domain::history;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::{Account, Realm, Reply, World};

fn told<'r>(of: &'r Reply, kind: &str) -> &'r Value {
    of.items().iter().find(|it| it["kind"] == kind).unwrap_or_else(|| panic!("no {kind} in {}", of.text))
}

fn codes(world: &World, catalogue: &str) -> BTreeSet<String> {
    let entries = world.get(&world.admin(), &format!("/catalogues/{catalogue}")).expect(200);
    let all = entries.body["items"].as_array().expect("entries").clone();
    all.iter().map(|it| it["code"].as_str().expect("a code").to_owned()).collect()
}

#[test]
fn a_history_entry_is_a_sentence_in_both_languages_beside_its_parts() {
    let (world, pair, id) = World::mentoring();
    let meeting = world.held(&pair.director, &id, 3).id();
    let of = world.get(&pair.director, &format!("/mentorships/{id}/history")).expect(200);
    let held = told(&of, "meeting.held");
    assert_eq!(
        (&held["ru"], &held["en"]),
        (&json!("Встреча состоялась, № 1."), &json!("A meeting was held, number 1."))
    );
    assert_eq!((&held["subject_kind"], &held["subject_id"]), (&json!("meeting"), &json!(meeting)));
    assert_eq!(held["subject_name"], json!(world.today()), "the meeting is told by its day");
    assert_eq!((&held["actor"], &held["actor_id"]), (&json!("yourself"), &json!(pair.director.id)));
    let director = world.get(&pair.director, "/me").expect(200).body["user"]["name"].clone();
    assert_eq!(held["actor_name"], director);
    let directions =
        held["details"].as_array().expect("details").iter().find(|it| it["name"] == "directions");
    let directions = directions.expect("directions");
    assert_eq!(directions["value"], "d01");
    assert!(
        directions["ru"].as_str().is_some_and(|it| it.starts_with("установление контакта")),
        "{directions}"
    );
    assert_eq!(directions["en"], "contact, trust and partnership");
    let proposed = told(&of, "mentorship.proposed");
    let mentor =
        world.get(&pair.director, &format!("/mentorships/{id}")).expect(200).body["mentor_name"].clone();
    assert!(
        proposed["ru"].as_str().is_some_and(|it| it.contains(mentor.as_str().expect("a name"))),
        "{proposed}"
    );
    let consented = told(&of, "mentorship.consented");
    assert_eq!(consented["en"], "The consent was signed: the recipient or an adult of the family.");
    let by_admin = world.get(&world.admin(), &format!("/mentorships/{id}/history")).expect(200);
    assert_eq!(told(&by_admin, "meeting.held")["actor"], "account");
}

#[test]
fn every_history_of_every_kind_of_thing_is_told_by_the_catalogues() {
    let (world, home, _) = Realm::in_world();
    let (kinds, names) = (codes(&world, "fact-kinds"), codes(&world, "fact-details"));
    let mut seen = BTreeSet::new();
    let paths = api::openapi::document()["paths"].as_object().expect("paths");
    for path in paths.keys().filter_map(|it| it.strip_prefix("/api/v1")?.strip_suffix("/{id}/history")) {
        let collection = path.trim_start_matches('/');
        let of = match collection {
            "users" => home.accounts["D"].id.clone(),
            other => home.objects.get(other).unwrap_or_else(|| panic!("no {other} in the realm")).clone(),
        };
        let history = world.get(&world.admin(), &format!("{path}/{of}/history")).expect(200);
        assert!(!history.items().is_empty(), "{path} has no history");
        for it in history.items() {
            let kind = it["kind"].as_str().expect("a kind");
            assert!(kinds.contains(kind), "{kind}");
            let details = it["details"].as_array().expect("details");
            assert!(details.iter().all(|it| names.contains(it["name"].as_str().expect("a name"))), "{it}");
            seen.insert(kind.to_owned());
        }
    }
    assert!(seen.len() >= 25, "{seen:?}");
    assert!(kinds.len() >= seen.len() && history::told("meeting.held").is_some());
}

#[test]
fn the_facts_of_an_entry_are_told_by_its_own_name() {
    let world = World::new();
    let (organization, director) = world.institution("Центр помощи семье");
    let unit = world.unit(&director, &organization, json!({"name": "Отделение"}));
    let path = format!("/units/{}", unit.id());
    world.patch(&director, &path, &unit.etag(), json!({"description": "Помощь семье."})).expect(200);
    world.post(&director, &format!("{path}/annulment"), json!({"reason": "По ошибке."})).expect(200);
    let history = world.get(&director, &format!("{path}/history")).expect(200);
    let sentences: Vec<_> =
        history.items().iter().map(|it| (it["ru"].as_str().unwrap(), it["en"].as_str().unwrap())).collect();
    assert_eq!(
        sentences,
        [
            ("Аннулировано: отделение.", "Annulled: unit."),
            ("Изменено: отделение; описание.", "Edited: unit; description."),
            ("Внесено: отделение.", "Entered: unit.")
        ]
    );
    let added = &history.items()[2]["details"][0];
    assert_eq!((&added["name"], &added["value"]), (&json!("organization_id"), &json!(organization)));
    assert_eq!(added["ru"], "Центр помощи семье", "the institution is told by its name");
}

#[test]
fn a_side_reads_staff_by_role_and_not_by_name() {
    let (world, pair, id) = World::mentoring();
    let (mentor, mentee) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let meeting = world.held(&mentor, &id, 3).id();
    let director = world.get(&pair.director, "/me").expect(200).body["user"]["name"].clone();
    let director = director.as_str().expect("a name").to_owned();
    for (who, by) in [(&mentor, "yourself"), (&mentee, "mentor")] {
        let of = world.get(who, &format!("/mentorships/{id}/history")).expect(200);
        assert_eq!(told(&of, "meeting.held")["actor"], by);
        let confirmed = told(&of, "mentorship.confirmed");
        assert_eq!(confirmed["actor"], "staff");
        assert!(confirmed.get("actor_id").is_none() && confirmed.get("actor_name").is_none(), "{confirmed}");
        assert!(!of.text.contains(&director) && !of.text.contains(&pair.director.id), "{}", of.text);
        let of_meeting = world.get(who, &format!("/meetings/{meeting}/history")).expect(200);
        assert_eq!(told(&of_meeting, "meeting.held")["actor"], by);
    }
    let words = world.get(&mentor, "/catalogues/history-actors").expect(200);
    assert!(words.text.contains("специалист учреждения"));
}

#[test]
fn a_side_reads_no_history_but_that_of_its_mentorship() {
    let (world, pair, other) = World::twice_paired();
    let (own, foreign) = (world.active(&pair), world.active(&other));
    let (mentor, mentee) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    for who in [&mentor, &mentee] {
        world.get(who, &format!("/mentorships/{own}/history")).expect(200);
        world.get(who, &format!("/mentorships/{foreign}/history")).refused(404, "request.not_found");
        world.get(who, &format!("/programs/{}/history", pair.program)).refused(403, "access.forbidden");
        world
            .get(who, &format!("/organizations/{}/history", pair.organization))
            .refused(403, "access.forbidden");
        world
            .get(who, &format!("/beneficiaries/{}/history", pair.beneficiary))
            .refused(403, "access.forbidden");
    }
    world.get(&mentor, &format!("/mentors/{}/history", pair.mentor)).refused(403, "access.forbidden");
    world.get(&mentee, &format!("/people/{}/history", pair.person)).refused(404, "request.not_found");
    // A director who mentors reads the history of the own pair as its mentor.
    let both = world.director_and("both", &pair.organization, "mentor", &pair.mentor_person);
    let of = world.get(&both, &format!("/mentorships/{own}/history")).expect(200);
    assert_eq!(told(&of, "mentorship.confirmed")["actor"], "staff");
}

#[test]
fn a_name_in_a_history_is_journaled_like_a_card() {
    let (world, pair, id) = World::mentoring();
    let officer: Account =
        world.account("officer", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    world.get(&officer, &format!("/mentorships/{id}/history")).expect(200);
    let readers = world.readers(domain::base::change::SubjectKind::Beneficiary, &pair.beneficiary);
    assert!(readers.contains(&officer.id), "{readers:?}");
}
