//! Secrets in the answers about candidates, and the callers who may not learn them.
use super::candidates::candidates;
use serde_json::json;
use tests::{Stage, World};

#[test]
fn who_may_not_read_vetoes_learns_of_one_only_that_the_mentor_is_not_offered() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let (_, one) = world.waits(&stage, 3, json!({}));
    let (_, mentor) = world.helps(&stage, json!({}));
    world.veto(&stage.director, &one, &mentor, "mentor").expect(201);
    let grant = json!([{"role": "guardianship_officer", "territory": "25655000"}]);
    let officer = world.account("officer", grant.clone(), None);
    let mixed = json!([grant[0], {"role": "support_specialist", "organization_id": world.institution("Другой центр").0}]);
    let mixed = world.account("mixed", mixed, None);
    let specialist = world.staff("support_specialist", &stage.organization);
    let program = &stage.program;
    for (who, barrier) in [(&officer, "not_offered"), (&mixed, "not_offered"), (&specialist, "veto_mentor")] {
        world.get(who, &format!("/beneficiaries/{one}/vetoes")).expect(if who.id == specialist.id {
            200
        } else {
            403
        });
        let list = candidates(&world, who, &one, "").expect(200);
        assert_eq!(list.body["excluded"][0]["barriers"], json!([barrier]), "{}", who.login);
        assert_eq!(list.body["counts"][0]["barrier"], json!(barrier));
        let pair = world.get(who, &format!("/beneficiaries/{one}/candidates/{mentor}")).expect(200);
        assert_eq!(pair.body["barriers"], json!([barrier]));
        let waiting = world.get(who, &format!("/waiting-list?program_id={program}")).expect(200);
        assert_eq!(waiting.items()[0]["blocking"][0]["barrier"], json!(barrier));
        let summary = world.get(who, &format!("/waiting-list/summary?program_id={program}")).expect(200);
        assert_eq!(summary.text.contains("veto_mentor"), barrier == "veto_mentor", "{}", summary.text);
    }
}

#[test]
fn whoever_is_of_a_pair_learns_nothing_of_the_other_side_through_another_role() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let (person, one) = world.waits(&stage, 3, json!({}));
    let (mentor_person, mentor) = world.helps(&stage, json!({}));
    world.veto(&stage.director, &one, &mentor, "mentor").expect(201);
    let both =
        |login: &str, role: &str, person: &str| world.director_and(login, &stage.organization, role, person);
    let (as_mentee, as_mentor) =
        (both("as-mentee", "mentee", &person), both("as-mentor", "mentor", &mentor_person));
    let (list, pair) =
        (format!("/beneficiaries/{one}/candidates"), format!("/beneficiaries/{one}/candidates/{mentor}"));
    for path in [&list, &pair] {
        let told = world.get(&as_mentee, path);
        assert!(!told.text.contains("veto"), "{}", told.text);
        assert!([403, 404].contains(&told.status), "{}", told.text);
    }
    let told = world.get(&as_mentor, &pair);
    assert!([403, 404].contains(&told.status) && !told.text.contains("veto"), "{}", told.text);
    assert!(!world.get(&as_mentor, &list).expect(200).text.contains(&mentor));
}

#[test]
fn whoever_merely_receives_a_mentor_learns_nothing_of_what_is_on_record_against_them() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let mentor = world.candidate(&stage, json!({}), Some("ngo"), json!({})).1;
    let ngo = world.get(&stage.director, &format!("/mentors/{mentor}")).expect(200).body["ngo_id"].clone();
    let ngo = ngo.as_str().expect("an organization").to_owned();
    let director = world.staff("director", &ngo);
    let theirs = Stage { organization: ngo, director, program: stage.program.clone() };
    let (_, one) = world.waits(&stage, 3, json!({}));
    let (_, two) = world.waits(&theirs, 3, json!({}));
    let ground = json!({"arisen_on": world.day(0), "text": "Пришёл на встречу нетрезвым."});
    world.post(&stage.director, &format!("/mentors/{mentor}/removal-grounds"), ground).expect(201);
    assert_eq!(world.barriers(&stage.director, &one, &mentor, &stage.program), ["ground_open"]);
    assert_eq!(world.barriers(&theirs.director, &two, &mentor, &stage.program), ["not_offered"]);
    let told =
        world.get(&theirs.director, &format!("/waiting-list?program_id={}", stage.program)).expect(200);
    assert!(told.text.contains("not_offered") && !told.text.contains("ground_open"), "{}", told.text);
    // A round shows the secret to nobody, because more people read it than the account that began it.
    let round = world.round(&stage, json!({})).id();
    let path = format!("/matching-rounds/{round}");
    let asked = format!("{path}/explanation?beneficiary_id={one}&mentor_id={mentor}");
    let told = world.get(&stage.director, &asked).expect(200);
    assert_eq!(told.body["asked"]["barriers"], json!(["not_offered"]), "{}", told.text);
    for part in ["", "/left-out", "/proposals"] {
        let told = world.get(&stage.director, &format!("{path}{part}")).expect(200);
        assert!(!told.text.contains("ground_open"), "{}", told.text);
    }
}
