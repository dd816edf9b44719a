//! A recipient is told that a mentorship ended, in words that wound nobody: not that the mentor was removed, gave up or died.
use super::{card, with};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::pairs::Pair;
use tests::{Account, World};

/// Words that tell why a mentor left, in codes and in both languages.
const WOUNDING: &[&str] = &[
    "removed",
    "refusal",
    "requested_by_mentor",
    "no_time",
    "mentor_died",
    "died",
    "employment",
    "position_changed",
    "long_absence",
    "obstacle",
    "agreement_withdrawn",
    "отстран",
    "отказ",
    "просьбе наставника",
    "смерть",
    "отсутствие наставника",
    "34-л",
    "Боюсь",
    "Устал",
];

/// Addresses that tell the same to everybody: words of vocabularies, problems, the regulation.
const OF_NOBODY: &[&str] =
    &["/plan-forms", "/catalogues", "/problems", "/annexes", "/programs", "/editions", "/health", "/metrics"];

/// All that an account can read of these objects, by address.
fn readable(world: &World, who: &Account, objects: &BTreeMap<&str, Vec<String>>) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (path, item) in api::openapi::document()["paths"].as_object().expect("paths") {
        let Some(path) = path.strip_prefix("/api/v1").filter(|_| item.get("get").is_some()) else { continue };
        if OF_NOBODY.iter().any(|it| path.starts_with(it)) || path.ends_with("/content") {
            continue;
        }
        let collection = path.trim_start_matches('/').split('/').next().unwrap_or_default();
        let ids = match path.contains("{id}") {
            true => objects.get(collection).cloned().unwrap_or_default(),
            false => vec![String::new()],
        };
        for id in ids {
            let mentor = objects.get("mentors").and_then(|it| it.first()).cloned().unwrap_or_default();
            let at = path.replace("{id}", &id).replace("{mentor_id}", &mentor);
            let told = world.get(who, &at);
            if told.status == 200 {
                all.push((at, told.text));
            }
        }
    }
    for text in ["Дарья", "Мария", "Ольга"] {
        let found = world.post(who, "/search", json!({"text": text}));
        all.push((format!("search {text}"), found.text));
    }
    all
}

fn objects(
    world: &World,
    pair: &Pair,
    mentorship: &str,
    meeting: &str,
) -> BTreeMap<&'static str, Vec<String>> {
    let consents = world.get(&world.admin(), &format!("/mentorships/{mentorship}/consents")).expect(200);
    BTreeMap::from([
        ("mentorships", vec![mentorship.to_owned()]),
        ("meetings", vec![meeting.to_owned()]),
        ("beneficiaries", vec![pair.beneficiary.clone()]),
        ("people", vec![pair.person.clone(), pair.mentor_person.clone()]),
        ("mentors", vec![pair.mentor.clone()]),
        ("organizations", vec![pair.organization.clone()]),
        ("consents", consents.ids()),
    ])
}

/// Ends a mentorship of the pair in one of the ways in which a mentor leaves.
fn leave(world: &World, pair: &Pair, mentor: &Account, way: &str) -> (String, String) {
    let director = &pair.director;
    if way == "declined" {
        let id = world.proposed(pair);
        let no = json!({"party": "mentor", "decision": "decline", "reason": "no_time", "note": "Боюсь этого подростка."});
        world.step(mentor, &id, "acceptances", no).expect(200);
        return (id, String::new());
    }
    let id = world.active(pair);
    let meeting = world.meeting(director, &id, 5);
    match way {
        "withdrawn" => {
            let paper = world.file(mentor, "refusal");
            let leaves = json!({"party": "mentor", "withdrawn_on": world.day(0), "file_id": paper, "note": "Устал от подростка."});
            world.step(mentor, &id, "withdrawal", leaves).expect(200);
        }
        "removed" => {
            let removal =
                json!({"removed_on": world.day(0), "decree": {"number": "34-л", "date": world.day(0)}});
            world.post(director, &format!("/mentors/{}/removal", pair.mentor), removal).expect(200);
        }
        "died" => {
            world.die(director, &pair.mentor_person, 0).expect(200);
        }
        ground => {
            let paper = world.file(director, "other");
            let order = with(world.replacement(ground), "document_file_id", paper);
            let order = with(order, "text", "Устал от подростка.");
            world.step(director, &id, "replacement", order).expect(200);
        }
    }
    (id, meeting)
}

#[test]
fn no_answer_to_a_recipient_or_a_representative_tells_why_the_mentor_left() {
    let world = World::new();
    let ways = [
        "declined",
        "withdrawn",
        "removed",
        "died",
        "requested_by_mentor",
        "employment_ended",
        "other_obstacle",
    ];
    for (number, way) in ways.into_iter().enumerate() {
        let pair = world.pair();
        let mother = world.person(&pair.director, json!({"given_name": "Ольга", "birth_date": "1980-08-01"}));
        let mentor = world.mentor_account(&format!("mentor{number}"), &pair);
        let mentee = world.mentee_account(&format!("mentee{number}"), &pair);
        let mother = world.account(&format!("mother{number}"), json!([{"role": "mentee"}]), Some(&mother));
        let (id, meeting) = leave(&world, &pair, &mentor, way);
        let objects = objects(&world, &pair, &id, &meeting);
        let read = readable(&world, &mentee, &objects);
        let is_read = |at: &str| read.iter().any(|it| it.0 == at);
        assert!(
            is_read(&format!("/mentorships/{id}")) && is_read(&format!("/mentorships/{id}/history")),
            "{way}"
        );
        for (at, text) in read.into_iter().chain(readable(&world, &mother, &objects)) {
            for word in WOUNDING {
                assert!(!text.contains(word), "{way}: «{word}» in {at}: {text}");
            }
        }
        let told = card(&world, &mentee, &id).expect(200).body;
        assert_eq!(told["ended_on"], world.day(0), "{way}: that it ended is told");
        for member in ["declined", "termination", "replacement"] {
            assert_eq!(told.get(member), None, "{way}");
        }
        let history = world.get(&mentee, &format!("/mentorships/{id}/history")).expect(200);
        let ends: Vec<&Value> =
            history.items().iter().filter(|it| it["kind"] == "mentorship.ended").collect();
        assert_eq!(ends.len(), 1, "{way}: {}", history.text);
        assert!(
            ends[0]["ru"].as_str().is_some_and(|it| it.starts_with("Наставничество закончилось")),
            "{way}"
        );
        let staff = card(&world, &pair.director, &id).expect(200).body;
        let known = ["declined", "termination", "replacement"].iter().any(|it| staff.get(*it).is_some());
        assert!(known, "{way}: staff reads the ground");
    }
}

#[test]
fn a_recipient_reads_the_end_that_it_brought_about_itself() {
    let (world, pair) = World::paired();
    let mentee = world.mentee_account("daria", &pair);
    let id = world.proposed(&pair);
    let no =
        json!({"party": "recipient", "decision": "decline", "reason": "too_far", "note": "Далеко ехать."});
    world.step(&mentee, &id, "acceptances", no).expect(200);
    let told = card(&world, &mentee, &id).expect(200).body;
    assert_eq!(
        (&told["declined"]["reason"], &told["declined"]["note"]),
        (&json!("too_far"), &json!("Далеко ехать."))
    );
    let history = world.get(&mentee, &format!("/mentorships/{id}/history")).expect(200);
    assert_eq!(history.items()[0]["en"], "The proposal was declined by: recipient, reason: too far away.");
    let id = world.active(&pair);
    let leaves = json!({"party": "recipient", "withdrawn_on": world.day(0)});
    world.step(&mentee, &id, "withdrawal", leaves).expect(200);
    assert_eq!(card(&world, &mentee, &id).expect(200).body["termination"]["ground"], "consent_withdrawn");
    let kinds = super::facts(&world, &mentee, &format!("/mentorships/{id}"));
    assert!(kinds.iter().any(|it| it == "mentorship.agreement_withdrawn"), "{kinds:?}");
}
