//! Roles and their steps by the regulation of the district (002 §1.5, §3.1, §3.5).
use serde_json::json;
use std::collections::BTreeSet;
use tests::World;
use tests::pairs::Pair;

#[test]
fn the_head_of_a_unit_coordinates_the_work_of_the_own_institution_and_of_no_other() {
    let world = World::new();
    let pair = world.family_pair();
    let head = world.staff("unit_head", &pair.organization);
    let specialist = world.staff("support_specialist", &pair.organization);
    let unit = json!({"name": "Отделение помощи семье и детям", "head_user_id": head.id});
    let units = format!("/organizations/{}/units", pair.organization);
    assert_eq!(world.post(&pair.director, &units, unit).expect(201).body["head_user_id"], json!(head.id));
    let case = world.get(&head, "/cases").expect(200).items()[0]["id"].as_str().unwrap().to_owned();
    let assignment = json!({"specialist_user_id": specialist.id});
    world.post(&head, &format!("/cases/{case}/assignment"), assignment).expect(200);
    let id = world.post(&head, "/mentorships", world.proposal(&pair)).expect(201).id();
    for party in ["mentor", "recipient"] {
        world.step(&head, &id, "acceptances", world.acceptance(&head, party)).expect(200);
    }
    let consent = json!({"signatory": "recipient", "person_id": pair.person, "signed_on": world.day(0),
        "file_id": world.file(&head, "consent")});
    world.step(&head, &id, "consents", consent).expect(200);
    let active = world.step(&head, &id, "confirmation", world.confirmation()).expect(200);
    assert_eq!(active.body["state"], "active");

    let (elsewhere, _) = world.institution("Чужое");
    let stranger = world.staff("unit_head", &elsewhere);
    for path in [format!("/cases/{case}"), format!("/mentorships/{id}"), format!("/mentors/{}", pair.mentor)]
    {
        world.get(&stranger, &path).refused(404, "request.not_found");
    }
    world.post(&stranger, &format!("/cases/{case}/assignment"), json!({})).refused(404, "request.not_found");
    world.step(&stranger, &id, "termination", json!({})).refused(404, "request.not_found");
    let person = world.resident(&head);
    let application = world.submitted(&head, &person, &pair.organization, &world.ngo("Мост")).id();
    world.assess(&head, &application);
    let decision = format!("/mentor-applications/{application}/decision");
    world.post(&head, &decision, json!({"kind": "approve"})).refused(403, "access.forbidden");
}

#[test]
fn a_family_takes_part_only_while_it_is_on_accompaniment_in_the_institution() {
    let world = World::new();
    let pair = world.family_pair();
    let case = world.get(&pair.director, "/cases").expect(200).items()[0]["id"].as_str().unwrap().to_owned();
    let closing = json!({"closed_on": world.day(0), "reason": "moved"});
    world.post(&pair.director, &format!("/cases/{case}/closing"), closing).expect(200);
    let refused = world
        .post(&pair.director, "/mentorships", world.proposal(&pair))
        .refused(409, "mentorship.no_open_case");
    assert_eq!(
        (refused.codes(), &refused.body["rule"]),
        (vec!["mentorship.no_open_case"], &json!("002 §1.2, §3.1"))
    );
    world.case(&pair.director, &pair.organization, &pair.beneficiary);
    world.post(&pair.director, "/mentorships", world.proposal(&pair)).expect(201);
}

#[test]
fn a_mentor_of_a_family_is_adult_lives_in_the_municipality_and_represents_an_ngo() {
    let world = World::new();
    let (organization, director) = world.institution("УСЗСОН");
    let (ngo, business) = (world.ngo("Доброе дело"), world.organization("business", "ООО", "25655000"));
    let told = |birth_date: &str, residence: &str, represents: &str| {
        let members = json!({"family_name": "Петрова", "birth_date": birth_date, "residence": residence});
        let person = world.person(&director, members);
        let id = world.submitted(&director, &person, &organization, represents).id();
        world.assess(&director, &id);
        let path = format!("/mentor-applications/{id}/decision");
        let reply = world.post(&director, &path, json!({"kind": "approve"}));
        let rules = reply.body["errors"].as_array().cloned().unwrap_or_default();
        assert!(rules.iter().all(|it| it["rule"] == "002 §3.5"), "{}", reply.text);
        reply.codes().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(told("2008-03-02", "25655000", &ngo), [""; 0], "on the eighteenth birthday itself");
    assert_eq!(told("2008-03-03", "25655000", &ngo), ["mentor.underage"]);
    assert_eq!(told("1985-06-01", "25655439", &ngo), [""; 0], "a settlement of the municipality");
    assert_eq!(told("1985-06-01", "25656000", &ngo), ["mentor.not_resident"]);
    assert_eq!(told("1985-06-01", "25655000", &business), ["mentor.no_ngo"]);
    assert_eq!(
        told("2008-03-03", "25656000", &business),
        ["mentor.underage", "mentor.not_resident", "mentor.no_ngo"]
    );
}

#[test]
fn a_meeting_works_on_any_of_the_eleven_directions() {
    let world = World::new();
    let pair = Pair { program: world.plain_program("directions", json!({})), ..world.pair() };
    let id = world.active(&pair);
    let listed = world.get(&pair.director, "/catalogues/mentoring-directions").expect(200);
    let codes: Vec<&str> = listed.items().iter().filter_map(|it| it["code"].as_str()).collect();
    assert_eq!(codes.len(), 11);
    let meeting = |hours: i64, directions: &[&str]| json!({"began_at": world.hour(-hours), "minutes": 45, "method": "talk", "directions": directions, "topic": "Встреча"});
    for (hours, directions) in (1..).zip(codes.chunks(2)) {
        let held = world.step(&pair.director, &id, "held-meetings", meeting(hours, directions)).expect(201);
        assert_eq!(held.body["held"]["directions"], json!(directions));
    }
    let other = world.step(&pair.director, &id, "held-meetings", meeting(8, &["d12"]));
    assert_eq!((other.status, other.codes()), (422, vec!["field.word"]));
}

/// The number of rows of each source in the list of requirements.
const SOURCES: [(&str, usize); 5] = [("000", 31), ("001", 40), ("002", 61), ("003", 38), ("004", 37)];

/// The names of all tests in a folder. Only functions with `#[test]` count, because a helper shows nothing. Functions
/// with `#[ignore]` do not count, because nobody runs them.
fn sentences(folder: &std::path::Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder of tests") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sentences(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = std::fs::read_to_string(&path).expect("a file of tests");
            let mut is_test = false;
            for line in text.lines().map(str::trim) {
                if let Some(name) = line.strip_prefix("fn ").and_then(|it| it.split('(').next())
                    && is_test
                {
                    found.insert(name.to_owned());
                }
                let goes_on =
                    line.starts_with("#[") && !line.starts_with("#[ignore") || line.starts_with("//");
                is_test = line == "#[test]" || is_test && goes_on;
            }
        }
    }
}

/// The faults in the rows of a source: missing or misplaced rows, names without a test, missing reasons.
fn faults(source: &str, count: usize, text: &str, tests: &BTreeSet<String>) -> Vec<String> {
    let rows: Vec<&str> = text.lines().filter(|it| !it.is_empty() && !it.starts_with('#')).collect();
    let ids: Vec<&str> = rows.iter().filter_map(|it| it.split(' ').next()).collect();
    let all: Vec<String> = (1..=count).map(|it| format!("{source}-{it:02}")).collect();
    let mut faults = Vec::new();
    if ids != all {
        faults.push(format!("not the {count} rows of {source}, each once and in order: {ids:?}"));
    }
    for row in rows {
        let columns: Vec<&str> = row.split("  ").map(str::trim).filter(|it| !it.is_empty()).collect();
        let [_, _, _, shown] = columns.as_slice() else {
            faults.push(format!("not four columns: {row}"));
            continue;
        };
        let (words, reason) = shown.split_once(" - ").unwrap_or((shown, ""));
        let words: Vec<&str> = words.split(' ').collect();
        let (names, is_whole) = match words.as_slice() {
            ["no" | "context"] => (&[][..], !reason.is_empty()),
            ["part", names @ ..] => (names, !names.is_empty() && !reason.is_empty()),
            names => (names, reason.is_empty()),
        };
        if !is_whole {
            faults
                .push(format!("names without `part`, or `part`, `no` or `context` without a reason: {row}"));
        }
        faults
            .extend(names.iter().filter(|it| !tests.contains(**it)).map(|it| format!("no test {it}: {row}")));
    }
    faults
}

#[test]
fn every_row_of_every_source_names_the_tests_that_show_it_or_a_reason() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tests = BTreeSet::new();
    sentences(&root.join("tests"), &mut tests);
    sentences(&root.join("../domain/src"), &mut tests);
    let told = SOURCES.map(|(source, count)| {
        let text = std::fs::read_to_string(root.join(format!("matrix/{source}.txt"))).expect("the rows");
        faults(source, count, &text, &tests)
    });
    assert_eq!(told.concat(), [""; 0]);
}

#[test]
fn a_row_that_claims_what_no_test_shows_is_found() {
    let tests = BTreeSet::from(["one_test".to_owned(), "other_test".to_owned()]);
    let first = "009-01  L1  a word  one_test other_test";
    let told = |second: &str| faults("009", 2, &format!("# A comment\n\n{first}\n{second}\n"), &tests).len();
    for right in ["one_test", "part one_test - the rest", "no - comes later", "context - asks nothing"] {
        assert_eq!(told(&format!("009-02  L2–3  a word  {right}")), 0, "{right}");
    }
    for wrong in [
        "another_test",
        "one_test - the rest",
        "part one_test",
        "part - the rest",
        "no",
        "context",
        "no -",
        "",
    ] {
        assert_ne!(told(&format!("009-02  L2–3  a word  {wrong}")), 0, "{wrong}");
    }
    for rows in ["", first, "009-03  L3  a word  one_test", "008-02  L2  a word  one_test"] {
        assert_ne!(told(rows), 0, "{rows}");
    }
}
