//! A mentorship read together with what belongs to it: each part as its own address shows it.
use domain::base::change::SubjectKind;
use serde_json::{Value, json};
use tests::{Account, World};

/// The parts that are lists, and their addresses under the mentorship.
const LISTS: [(&str, &str); 5] = [
    ("meetings", "meetings"),
    ("requests", "requests"),
    ("mentor_reports", "mentor-reports"),
    ("surveys", "surveys"),
    ("history", "history"),
];

/// The answer of an address to this caller; nothing where it refuses.
fn shown(world: &World, who: &Account, address: &str) -> Value {
    let reply = world.get(who, address);
    if reply.status == 200 { reply.body } else { Value::Null }
}

fn with_part(world: &World, who: &Account, id: &str, part: &str) -> Value {
    world.get(who, &format!("/mentorships/{id}?expand={part}")).expect(200).body[part].clone()
}

#[test]
fn a_mentorship_is_read_with_parts_as_their_own_addresses_show_them() {
    let (world, pair) = World::paired();
    let (mentor, mentee) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let id = world.active(&pair);
    world.meeting(&pair.director, &id, 30);
    for party in ["recipient", "mentor"] {
        let order = json!({"party": party, "kind": "other", "text": "Хочу поговорить."});
        world.step(&pair.director, &id, "requests", order).expect(201);
    }
    for who in [&pair.director, &mentor] {
        world.step(who, &id, "surveys", world.survey()).expect(201);
    }
    world.step(&mentor, &id, "mentor-reports", world.report()).expect(201);
    let (specialist, analyst) = (world.staff("support_specialist", &pair.organization), world.admin());
    for who in [&pair.director, &specialist, &mentor, &mentee, &analyst] {
        for (part, address) in LISTS {
            let listed = shown(&world, who, &format!("/mentorships/{id}/{address}"))["items"].clone();
            assert_eq!(with_part(&world, who, &id, part), listed, "{part} for {}", who.login);
        }
        for (part, one) in [
            ("mentor", format!("/mentors/{}", pair.mentor)),
            ("beneficiary", format!("/beneficiaries/{}", pair.beneficiary)),
        ] {
            assert_eq!(
                with_part(&world, who, &id, part),
                shown(&world, who, &one),
                "{part} for {}",
                who.login
            );
        }
    }
    assert!(with_part(&world, &mentee, &id, "surveys").is_null(), "the recipient is shown none");
    assert_eq!(with_part(&world, &mentor, &id, "surveys").as_array().map(Vec::len), Some(1));
}

#[test]
fn at_most_three_known_parts_are_read_with_a_mentorship() {
    let (world, pair, id) = World::mentoring();
    let ask = |query: &str| world.get(&pair.director, &format!("/mentorships/{id}{query}"));
    let card = ask("?expand=meetings,requests,history").expect(200).body;
    assert!(["meetings", "requests", "history"].iter().all(|it| card[*it].is_array()));
    let plain = ask("").expect(200).body;
    assert!(LISTS.iter().all(|(part, _)| plain.get(part).is_none()), "{plain}");
    for wrong in [
        "?expand=meetings,requests,history,surveys",
        "?expand=meetings,meetings",
        "?expand=cases",
        "?expand=",
        "?with=meetings",
    ] {
        ask(wrong).refused(400, "request.parameter");
    }
}

#[test]
fn the_tag_of_a_mentorship_with_parts_changes_with_them() {
    let (world, pair, id) = World::mentoring();
    let address = format!("/api/v1/mentorships/{id}?expand=requests");
    let before = world.ask("GET", &address).by(&pair.director).send().expect(200).etag();
    let again = world.ask("GET", &address).by(&pair.director).header("if-none-match", &before).send();
    again.expect(304);
    world.step(&pair.director, &id, "requests", json!({"party": "recipient", "kind": "aid"})).expect(201);
    let later = world.ask("GET", &address).by(&pair.director).header("if-none-match", &before).send();
    let later = later.expect(200);
    assert_ne!(later.etag(), before);
    let version = |tag: &str| tag.trim_matches('"').split('.').next().map(str::to_owned);
    assert_eq!(version(&later.etag()), version(&before), "an edit of the form is not disturbed");
}

#[test]
fn reading_a_part_is_journaled_like_reading_it_alone() {
    let (world, pair, id) = World::mentoring();
    let meeting = world.meeting(&pair.director, &id, 24);
    let request = json!({"party": "recipient", "kind": "aid"});
    let request = world.step(&pair.director, &id, "requests", request).expect(201).id();
    let survey = world.step(&pair.director, &id, "surveys", world.survey()).expect(201).id();
    let reader = world.staff("support_specialist", &pair.organization);
    let read = |parts: &str| world.get(&reader, &format!("/mentorships/{id}?expand={parts}")).expect(200);
    read("meetings,requests,surveys");
    read("beneficiary,mentor");
    for (kind, of) in [
        (SubjectKind::Mentorship, &id),
        (SubjectKind::Meeting, &meeting),
        (SubjectKind::Request, &request),
        (SubjectKind::Survey, &survey),
        (SubjectKind::Beneficiary, &pair.beneficiary),
        (SubjectKind::Mentor, &pair.mentor),
    ] {
        assert!(world.readers(kind, of).contains(&reader.id), "{kind:?}");
    }
}
