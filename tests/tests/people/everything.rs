use domain::base::change::SubjectKind;
use serde_json::{Value, json};
use tests::{Account, World};

/// The results of a search: kind and name.
fn found(world: &World, who: &Account, text: &str) -> Vec<(String, String)> {
    let reply = world.post(who, "/search", json!({"text": text})).expect(200);
    let of = |it: &Value, member: &str| it[member].as_str().expect("text").to_owned();
    for it in reply.items() {
        let address = of(it, "address");
        assert!(address.ends_with(&of(it, "id")), "{address}");
        world.get(who, address.trim_start_matches("/api/v1")).expect(200);
    }
    reply.items().iter().map(|it| (of(it, "kind"), of(it, "name"))).collect()
}

fn kinds(found: &[(String, String)]) -> Vec<&str> {
    found.iter().map(|it| it.0.as_str()).collect()
}

#[test]
fn one_search_finds_everything_that_the_caller_sees_by_name() {
    let (world, pair) = World::paired();
    let id = world.proposed(&pair);
    let card = world.get(&pair.director, &format!("/mentorships/{id}")).expect(200).body;
    let name = |member: &str| card[member].as_str().expect("a name").to_owned();
    let first = |name: &str| name.split(' ').next().expect("a word").to_owned();
    let (mentor, recipient) = (name("mentor_name"), name("beneficiary_name"));
    let by_mentor = found(&world, &pair.director, &mentor);
    assert!(by_mentor.contains(&("mentor".into(), mentor.clone())), "{by_mentor:?}");
    assert!(by_mentor.contains(&("person".into(), mentor.clone())), "{by_mentor:?}");
    assert!(by_mentor.contains(&("mentorship".into(), format!("{mentor} — {recipient}"))), "{by_mentor:?}");
    let by_recipient = found(&world, &pair.director, &recipient);
    assert!(by_recipient.contains(&("beneficiary".into(), recipient.clone())), "{by_recipient:?}");
    assert!(kinds(&by_recipient).contains(&"mentorship"), "{by_recipient:?}");
    let by_both = found(&world, &pair.director, &format!("{} {}", first(&recipient), first(&mentor)));
    assert!(kinds(&by_both).contains(&"mentorship"), "{by_both:?}");

    let (_, elsewhere) = world.institution("Другой центр");
    for text in [&mentor, &recipient] {
        assert_eq!(found(&world, &elsewhere, text), [], "{text}");
    }
}

#[test]
fn families_and_organizations_are_found_by_words_of_their_names() {
    let world = World::new();
    let (organization, director) = world.institution("ОГБУ «Берёзка» по Эхирит-Булагатскому району");
    let person = world.person(&director, json!({"family_name": "Берёзкина"}));
    let family = world.family(&director, &[&person]);
    world.family_beneficiary(&director, &organization, &family);
    let path = format!("/families/{family}");
    world.edit(&director, &path, json!({"name": "Семья Берёзкиных-Вербных"})).expect(200);
    let all = found(&world, &director, "березк");
    assert_eq!(kinds(&all), ["person", "family", "beneficiary", "organization"]);
    assert_eq!(kinds(&found(&world, &director, "вербных")), ["family", "beneficiary"]);
    assert_eq!(kinds(&found(&world, &director, "морозовых")), [""; 0], "the former name of the family");
    assert_eq!(kinds(&found(&world, &director, "булагатскому бepё")), ["organization"]);
    assert_eq!(found(&world, &director, "»"), []);
}

#[test]
fn a_search_answers_with_five_of_a_kind_at_most_and_each_is_a_read_on_record() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    for _ in 0..7 {
        world.person(&director, json!({"family_name": "Рой"}));
    }
    let all = world.post(&director, "/search", json!({"text": "рой"})).expect(200);
    let ids: Vec<&str> = all.items().iter().map(|it| it["id"].as_str().expect("an id")).collect();
    assert_eq!(ids.len(), 5);
    assert!(ids.iter().all(|it| world.readers(SubjectKind::Person, it).contains(&director.id)));
    assert_eq!(kinds(&found(&world, &director, "рой")), ["person"; 5]);
    let two = world.post(&director, "/search?limit=2", json!({"text": "рой"})).expect(200);
    assert_eq!((two.items().len(), &two.body["next_cursor"]), (2, &Value::Null));
    world.post(&director, "/search", json!({"text": " "})).refused(422, "field.empty");
    world.post(&director, "/search", json!({})).refused(422, "field.missing");
}

#[test]
fn a_mentor_does_not_find_a_recipient_by_the_family_name_before_the_consent() {
    let (world, pair) = World::paired();
    let id = world.accepted(&pair);
    let card = world.get(&pair.director, &format!("/mentorships/{id}")).expect(200).body;
    let recipient = card["beneficiary_name"].as_str().expect("a name");
    let mentor = world.mentor_account("mentor", &pair);
    assert_eq!(found(&world, &mentor, recipient), []);
    world.step(&pair.director, &id, "consents", world.consent(&pair)).expect(200);
    assert_eq!(kinds(&found(&world, &mentor, recipient)), ["beneficiary", "mentorship"]);
}

#[test]
fn from_a_person_lists_lead_on() {
    let (world, pair) = World::paired();
    let ids = |who: &Account, path: &str| -> Vec<String> {
        let reply = world.get(who, path).expect(200);
        reply.items().iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect()
    };
    let family = world.family(&pair.director, &[&pair.person]);
    world.family(&pair.director, &[]);
    let of = |list: &str| ids(&pair.director, &format!("/{list}?person_id={}", pair.person));
    assert_eq!(of("beneficiaries"), [pair.beneficiary.as_str()]);
    assert_eq!(of("families"), [family.as_str()]);
    assert_eq!(of("mentors"), [""; 0]);
    assert_eq!(of("mentor-applications"), [""; 0]);
    let mentor = world.get(&pair.director, &format!("/mentors/{}", pair.mentor)).expect(200).body;
    let person = mentor["person_id"].as_str().expect("a person");
    let of = |list: &str| ids(&pair.director, &format!("/{list}?person_id={person}"));
    assert_eq!(of("mentors"), [pair.mentor.as_str()]);
    assert_eq!(of("mentor-applications"), [mentor["application_id"].as_str().expect("an id")]);
    let own = world.mentor_account("mentor", &pair);
    assert_eq!(
        ids(&own, &format!("/mentors?person_id={person}")),
        [""; 0],
        "a mentor is not shown the person"
    );
}
