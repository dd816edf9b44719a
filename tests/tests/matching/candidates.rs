//! Candidates for a beneficiary, and the reasons against all other mentors.
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::matching::words;
use tests::{Account, Stage, World};

/// Two districts on the map, about 100 kilometres apart.
fn map(world: &World) {
    for (code, latitude) in [("25655000", 52.8), ("25701000", 53.7)] {
        let form =
            json!({"code": code, "name": format!("Район {code}"), "latitude": latitude, "longitude": 104.7});
        world.post(&world.admin(), "/municipalities", form).expect(201);
    }
}
pub(super) fn candidates(world: &World, who: &Account, beneficiary: &str, query: &str) -> tests::Reply {
    world.get(who, &format!("/beneficiaries/{beneficiary}/candidates?{query}"))
}
/// A trained mentor of the highest qualification, with these members of the person and the profile.
fn able(world: &World, stage: &Stage, person: Value, profile: Value) -> (String, String) {
    let it = world.candidate(stage, person, Some("ngo"), profile);
    world.taught(stage, &it.1, "mentor-basics");
    world.change_mentor(stage, &it.1, json!({"qualified_risk_level": 3}));
    it
}
fn demanding() -> Value {
    json!({"mentor": {"minimum_age_years": 21, "organization_kinds": ["ngo"], "required_course_codes": ["mentor-basics"],
        "required_documents": [{"purpose": "passport_copy"}]}})
}

/// Mentors who each differ from a fitting one in one property, with the expected barriers.
fn unfit(world: &World, stage: &Stage, beneficiary: &str) -> Vec<(String, Vec<&'static str>)> {
    let director = &stage.director;
    let plain = |profile: Value| able(world, stage, json!({}), profile).1;
    let grown = |person: Value| able(world, stage, person, json!({})).1;
    let mut all = vec![
        (plain(json!({"away_from": world.day(-1)})), vec!["mentor_away"]),
        (plain(json!({"languages": ["tt"]})), vec!["no_common_language"]),
        (plain(json!({"hours": []})), vec!["no_common_hours"]),
        (plain(json!({"beneficiary_sex": "male"})), vec!["sex_requirement"]),
        (plain(json!({"beneficiary_age_min_years": 20})), vec!["age_requirement"]),
        (plain(json!({"beneficiary_age_max_years": 18})), vec!["age_requirement"]),
        (grown(json!({"sex": "male"})), vec!["sex_requirement"]),
        (grown(json!({"birth_date": "1950-06-01"})), vec!["age_requirement"]),
        (grown(json!({"birth_date": "2004-06-01"})), vec!["age_gap"]),
    ];
    // This mentor was approved for a program with fewer demands.
    let open = Stage { program: world.plain_program("open", json!({})), ..world_stage(stage) };
    all.push((
        able(world, &open, json!({"birth_date": "2006-01-01"}), json!({})).1,
        vec!["mentor_minor", "age_gap"],
    ));
    let far = |profile: Value| able(world, stage, json!({"residence": "25701000"}), profile).1;
    all.push((far(json!({"works_remotely": false})), vec!["outside_territory"]));
    all.push((far(json!({"works_remotely": false, "travel_radius_km": 50})), vec!["outside_territory"]));
    all.push((far(json!({"works_remotely": false, "travel_radius_km": 150})), vec![]));
    all.push((far(json!({})), vec![]));
    let unmapped = able(
        world,
        stage,
        json!({"residence": "25703000"}),
        json!({"works_remotely": false, "travel_radius_km": 999}),
    )
    .1;
    all.push((unmapped, vec!["outside_territory"]));

    let apart = |kind: Option<&str>, is_taught: bool, risk: i32| {
        let id = world.candidate(&open, json!({}), kind, json!({})).1;
        if is_taught {
            world.taught(stage, &id, "mentor-basics");
        }
        world.change_mentor(stage, &id, json!({"qualified_risk_level": risk}));
        id
    };
    all.push((apart(Some("ngo"), false, 3), vec!["training_missing", "special_training_required"]));
    all.push((apart(None, true, 3), vec!["no_organization"]));
    all.push((apart(Some("social_service_agency"), true, 3), vec!["no_organization"]));
    all.push((apart(Some("ngo"), true, 0), vec!["risk_above_qualification"]));

    let without = plain(json!({}));
    world.change_mentor(stage, &without, json!({"documents": []}));
    all.push((without, vec!["documents_expired"]));
    let silent = world.candidate(stage, json!({}), Some("ngo"), json!({})).1;
    world.change_mentor(stage, &silent, json!({"qualified_risk_level": 3}));
    all.push((silent, vec!["training_missing", "special_training_required"]));
    let accused = plain(json!({}));
    let ground = json!({"arisen_on": world.day(0), "text": "Пришёл на встречу нетрезвым."});
    world.post(director, &format!("/mentors/{accused}/removal-grounds"), ground).expect(201);
    all.push((accused, vec!["ground_open"]));
    let removed = plain(json!({}));
    let removal = json!({"removed_on": world.day(0), "decree": {"number": "34-л", "date": world.day(0)}});
    world.post(director, &format!("/mentors/{removed}/removal"), removal).expect(200);
    all.push((removed, vec!["mentor_removed"]));

    let busy = plain(json!({}));
    let another = world.waits(stage, 1, json!({})).1;
    let order = json!({"program_id": stage.program, "beneficiary_id": another, "mentor_id": busy, "starts_on": world.day(0)});
    world.post(director, "/mentorships", order).expect(201);
    all.push((busy, vec!["no_seat"]));
    let (guardian, related) = able(world, stage, json!({}), json!({}));
    world.guardian(director, beneficiary, &guardian);
    all.push((related, vec!["conflict_of_interest"]));
    for side in ["beneficiary", "representative", "mentor", "specialist"] {
        let unwanted = plain(json!({}));
        world.veto(director, beneficiary, &unwanted, side).expect(201);
        let barrier = match side {
            "beneficiary" => "veto_beneficiary",
            "representative" => "veto_representative",
            "mentor" => "veto_mentor",
            _ => "veto_specialist",
        };
        all.push((unwanted, vec![barrier]));
    }
    all
}

#[test]
fn every_rule_that_forbids_a_mentor_is_told_by_its_code() {
    let world = World::new();
    map(&world);
    let stage = world.stage(demanding());
    let director = &stage.director;
    let needs = json!({"risk_level": 1, "special_course_codes": ["mentor-basics"]});
    let (person, one) = world.waits(&stage, 10, needs);
    // A former mentor of the beneficiary. The mentorship ended early.
    let (_, former) = able(&world, &stage, json!({}), json!({}));
    let pair = tests::pairs::Pair {
        organization: stage.organization.clone(),
        director: director.clone(),
        program: stage.program.clone(),
        beneficiary: one.clone(),
        person,
        mentor: former.clone(),
        mentor_person: String::new(),
    };
    let active = world.active(&pair);
    let no = world.get(director, &format!("/beneficiaries/{one}/candidates?program_id={}", stage.program));
    assert_eq!(no.expect(200).body["barriers"], json!(["not_waiting"]), "she has a mentor");
    let ending = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    world.step(director, &active, "termination", ending).expect(200);
    let wishes = json!({"mentor_sex": "female", "mentor_age_max_years": 60});
    world.beneficiary_profile(director, &one, wishes);

    let mut expected: BTreeMap<String, Vec<&str>> = unfit(&world, &stage, &one).into_iter().collect();
    expected.insert(former, vec!["former_mentorship"]);
    let query = format!("program_id={}&limit=50&excluded_limit=200", stage.program);
    let told = candidates(&world, director, &one, &query).expect(200);
    assert_eq!(told.body["barriers"], json!([]), "{}", told.text);
    let mut found = BTreeMap::new();
    for it in told.body["items"].as_array().unwrap() {
        found.insert(it["mentor_id"].as_str().unwrap().to_owned(), Vec::new());
    }
    let mut counts: BTreeMap<String, i64> = BTreeMap::new();
    for it in told.body["excluded"].as_array().unwrap() {
        let barriers = words(&it["barriers"]);
        for it in &barriers {
            *counts.entry(it.clone()).or_default() += 1;
        }
        found.insert(it["mentor_id"].as_str().unwrap().to_owned(), barriers);
    }
    assert_eq!(found.len(), expected.len());
    for (mentor, barriers) in &expected {
        assert_eq!(&found[mentor], barriers, "{mentor}");
        assert_eq!(
            &world.barriers(director, &one, mentor, &stage.program),
            barriers,
            "the pair says the same"
        );
    }
    let figures: BTreeMap<String, i64> = told.body["counts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["barrier"].as_str().unwrap().to_owned(), it["mentors"].as_i64().unwrap()))
        .collect();
    assert_eq!(figures, counts);
    let possible = expected.values().filter(|it| it.is_empty()).count();
    assert_eq!(
        (&told.body["possible"], &told.body["excluded_count"]),
        (&json!(possible), &json!(expected.len() - possible))
    );

    // On the day before the approval nobody was a mentor.
    let before = format!("{query}&as_of={}", world.day(-1));
    let told = candidates(&world, director, &one, &before).expect(200);
    assert_eq!(told.body["items"], json!([]));
    let all = told.body["excluded"].as_array().unwrap();
    assert!(all.iter().all(|it| words(&it["barriers"]).contains(&"mentor_not_approved".to_owned())));

    // The list is limited, but the counts are complete.
    let few =
        candidates(&world, director, &one, &format!("program_id={}&limit=1&excluded_limit=0", stage.program));
    let few = few.expect(200);
    assert_eq!((few.body["items"].as_array().unwrap().len(), &few.body["excluded"]), (1, &json!([])));
    assert_eq!(
        (&few.body["counts"], &few.body["possible"]),
        (&told_counts(&world, director, &one, &query), &json!(possible))
    );
}

fn told_counts(world: &World, who: &Account, beneficiary: &str, query: &str) -> Value {
    candidates(world, who, beneficiary, query).expect(200).body["counts"].clone()
}

#[test]
fn what_keeps_a_beneficiary_from_any_mentor_is_told_by_its_code() {
    let world = World::new();
    let stage = world.stage(json!({"requires_open_case": true}));
    let director = &stage.director;
    world.helps(&stage, json!({}));
    let told = |id: &str| {
        let query = format!("program_id={}", stage.program);
        let list = candidates(&world, director, id, &query).expect(200);
        assert!(list.body["items"] == json!([]) || list.body["barriers"] == json!([]), "{}", list.text);
        words(&list.body["barriers"])
    };
    let (_, one) = world.waits(&stage, 3, json!({}));
    assert_eq!(told(&one), ["no_open_case"]);
    world.case(director, &stage.organization, &one);
    assert_eq!(told(&one), Vec::<String>::new());
    let (_, wary) = world.waits(&stage, 3, json!({"agrees_to_matching": false}));
    world.case(director, &stage.organization, &wary);
    assert_eq!(told(&wary), ["no_consent"]);
    let child = world.person(director, json!({"birth_date": "2018-01-10"}));
    let child = world.beneficiary(director, &stage.organization, &child);
    assert_eq!(
        told(&child),
        ["not_waiting", "profile_missing", "no_open_case", "no_consent", "program_mismatch"]
    );
    let silent = world.candidate(&stage, json!({}), Some("ngo"), json!({})).1;
    assert_eq!(world.barriers(director, &one, &silent, &stage.program), Vec::<String>::new());
    let quiet = world.trained_mentor(&stage.organization, director).1;
    assert_eq!(
        world.barriers(director, &one, &quiet, &stage.program),
        ["profile_missing", "no_common_hours"]
    );
}

#[test]
fn where_mentors_must_live_in_the_municipality_no_distance_helps() {
    let world = World::new();
    map(&world);
    let stage = world.stage(json!({"mentor": {"residence_required": true}}));
    let near = world.candidate(&stage, json!({}), Some("ngo"), json!({})).1;
    // This mentor was approved for a program without a demand about residence.
    let open = Stage { program: world.plain_program("open", json!({})), ..world_stage(&stage) };
    let far = world
        .candidate(&open, json!({"residence": "25701000"}), Some("ngo"), json!({"works_remotely": true}))
        .1;
    let (_, one) = world.waits(&stage, 3, json!({}));
    assert_eq!(world.barriers(&stage.director, &one, &near, &stage.program), Vec::<String>::new());
    assert_eq!(world.barriers(&stage.director, &one, &far, &stage.program), ["outside_territory"]);
    assert_eq!(world.barriers(&stage.director, &one, &far, &open.program), ["not_waiting"]);
    // An institution of a settlement has mentors of this settlement only.
    let organization = world.organization("social_service_agency", "Поселковый центр", "25655101");
    let grants = json!([{"role": "director", "organization_id": organization}]);
    let village =
        Stage { director: world.account("village", grants, None), organization, ..world_stage(&stage) };
    let villager = world.candidate(&village, json!({"residence": "25655101"}), Some("ngo"), json!({})).1;
    let neighbour = world.candidate(&stage, json!({"residence": "25655102"}), Some("ngo"), json!({})).1;
    let (_, two) = world.waits(&village, 3, json!({}));
    let between = |one: &str, mentor: &str| world.barriers(&world.admin(), one, mentor, &stage.program);
    assert_eq!(between(&two, &villager), Vec::<String>::new());
    for elsewhere in [&near, &neighbour] {
        assert_eq!(between(&two, elsewhere), ["outside_territory"]);
    }
    for inside in [&villager, &neighbour] {
        assert_eq!(between(&one, inside), Vec::<String>::new());
    }
}

#[test]
fn an_institution_of_a_whole_region_has_mentors_of_all_its_districts() {
    let world = World::new();
    let organization = world.organization("social_service_agency", "Областной центр", "25000000");
    let director = world.staff("director", &organization);
    let program = world.plain_program("of-the-region", json!({"mentor": {"residence_required": true}}));
    let stage = Stage { organization, director, program };
    let inside = world.candidate(&stage, json!({"residence": "25701101001"}), Some("ngo"), json!({})).1;
    let open = Stage { program: world.plain_program("open", json!({})), ..world_stage(&stage) };
    let outside = world.candidate(&open, json!({"residence": "33701000"}), Some("ngo"), json!({})).1;
    let (_, one) = world.waits(&stage, 3, json!({}));
    assert_eq!(world.barriers(&stage.director, &one, &inside, &stage.program), Vec::<String>::new());
    assert_eq!(world.barriers(&stage.director, &one, &outside, &stage.program), ["outside_territory"]);
    // Where a home is known by its region alone, a mentor of the region reaches it, however near they work.
    let person = world.person(&stage.director, json!({"birth_date": "2007-01-10"}));
    let somewhere = world.beneficiary_in(&stage.director, &stage.organization, "25000000", &person);
    world.beneficiary_profile(&stage.director, &somewhere, json!({}));
    world.waiting(&stage.director, &somewhere, &open.program, 3);
    for profile in [json!({"works_remotely": false}), json!({"works_remotely": false, "travel_radius_km": 5})]
    {
        world.mentor_profile(&stage.director, &inside, profile.clone());
        world.mentor_profile(&stage.director, &outside, profile);
        let between = |mentor: &str| world.barriers(&stage.director, &somewhere, mentor, &open.program);
        assert_eq!(between(&inside), Vec::<String>::new());
        assert_eq!(between(&outside), ["outside_territory"]);
    }
}

fn world_stage(it: &Stage) -> Stage {
    Stage {
        organization: it.organization.clone(),
        director: it.director.clone(),
        program: it.program.clone(),
    }
}

#[test]
fn a_pair_is_looked_at_from_both_sides() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let (_, best) = world.helps(&stage, json!({}));
    let (_, worse) = world.helps(&stage, json!({"interests": ["cooking"], "skills": []}));
    let (_, one) = world.waits(&stage, 100, json!({"needs": []}));
    let (_, two) = world.waits(&stage, 1, json!({}));
    let pair = |beneficiary: &str, mentor: &str| {
        world.get(director, &format!("/beneficiaries/{beneficiary}/candidates/{mentor}")).expect(200).body
    };
    let places = |it: &Value| (it["among_mentors"].clone(), it["among_beneficiaries"].clone());
    let among = |place: i64| json!({"place": place, "of": 2});
    assert_eq!(places(&pair(&two, &best)), (among(1), among(1)), "her needs are met");
    assert_eq!(places(&pair(&one, &best)), (among(1), among(2)));
    assert_eq!(places(&pair(&one, &worse)).0, among(2));
    let told = pair(&two, &best);
    assert_eq!((&told["program_id"], &told["free_seats"]), (&json!(stage.program), &json!(1)));
    let points: i64 =
        told["pair"]["terms"].as_array().unwrap().iter().map(|it| it["points"].as_i64().unwrap()).sum();
    assert_eq!(told["pair"]["fit"], points);
    world.veto(director, &two, &best, "mentor").expect(201);
    let told = pair(&two, &best);
    assert_eq!(
        (&told["barriers"], told.get("among_mentors"), told.get("among_beneficiaries")),
        (&json!(["veto_mentor"]), None, None)
    );
    assert_eq!(places(&pair(&one, &best)).1, json!({"place": 1, "of": 1}), "whom the mentor could have");
}

#[test]
fn a_family_has_candidates_too() {
    let world = World::new();
    let pair = world.family_pair();
    let director = &pair.director;
    world.mentor_profile(director, &pair.mentor, json!({}));
    world.beneficiary_profile(director, &pair.beneficiary, json!({}));
    world.waiting(director, &pair.beneficiary, &pair.program, 5);
    let told = candidates(&world, director, &pair.beneficiary, "").expect(200);
    assert_eq!(
        (&told.body["items"][0]["mentor_id"], &told.body["barriers"]),
        (&json!(pair.mentor), &json!([]))
    );
    let age =
        told.body["items"][0]["pair"]["terms"].as_array().unwrap().iter().find(|it| it["criterion"] == "age");
    assert_eq!(age.unwrap().get("gap_years"), None, "a family has no age");
}

#[test]
fn the_program_may_be_left_out_where_one_waits_in_one_alone() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let (_, mentor) = world.helps(&stage, json!({}));
    let (_, one) = world.waits(&stage, 3, json!({}));
    assert_eq!(candidates(&world, director, &one, "").expect(200).body["program_id"], json!(stage.program));
    let second = world.plain_program("second", json!({}));
    let waits = json!([{"program_id": stage.program, "since": world.day(-3)}, {"program_id": second, "since": world.day(-2)}]);
    world.needs(director, &one, json!({"waits": waits}));
    for path in
        [format!("/beneficiaries/{one}/candidates"), format!("/beneficiaries/{one}/candidates/{mentor}")]
    {
        let told = world.get(director, &path).refused(422, "field.missing");
        assert_eq!(told.body["errors"][0]["parameter"], "program_id");
        assert_eq!(
            world.get(director, &format!("{path}?program_id={second}")).expect(200).body["program_id"],
            json!(second)
        );
        world.get(director, &format!("{path}?program_id={one}")).refused(422, "field.reference");
        let later =
            world.plain_program(&format!("later-{}", path.len()), json!({"effective_from": "2030-01-01"}));
        world.get(director, &format!("{path}?program_id={later}")).refused(409, "program.not_in_force");
    }
}

#[test]
fn candidates_are_for_those_who_match_and_within_their_reach() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let (person, one) = world.waits(&stage, 3, json!({}));
    let (mentor_person, mentor) = world.candidate(&stage, json!({}), Some("ngo"), json!({}));
    let mentor_account = world.account("mentor", json!([{"role": "mentor"}]), Some(&mentor_person));
    let mentee = world.account("mentee", json!([{"role": "mentee"}]), Some(&person));
    let tutor = world.account("tutor", json!([{"role": "tutor"}]), None);
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    let coordinator = |login: &str, program: &str| {
        world.account(login, json!([{"role": "program_coordinator", "program_id": program}]), None)
    };
    let own = coordinator("own", &stage.program);
    let foreign = coordinator("foreign", &world.plain_program("foreign", json!({})));
    let officer = |login: &str, territory: &str| {
        world.account(login, json!([{"role": "guardianship_officer", "territory": territory}]), None)
    };
    let (here, there) = (officer("here", "25655000"), officer("there", "25701000"));
    let (_, elsewhere) = world.institution("Другой центр");
    let specialist = world.staff("support_specialist", &stage.organization);
    for path in
        [format!("/beneficiaries/{one}/candidates"), format!("/beneficiaries/{one}/candidates/{mentor}")]
    {
        for who in [&stage.director, &specialist, &own, &here, &world.admin()] {
            let told = world.get(who, &path).expect(200);
            assert!(told.text.contains(&mentor), "{} {}", who.login, told.text);
        }
        for who in [&foreign, &there, &elsewhere] {
            world.get(who, &path).refused(404, "request.not_found");
        }
        world.get(&mentee, &path).refused(403, "access.forbidden");
        for who in [&mentor_account, &tutor, &analyst] {
            let told = world.get(who, &path);
            assert!([403, 404].contains(&told.status), "{}: {}", who.login, told.text);
        }
    }
    use domain::base::change::SubjectKind::{Beneficiary, Mentor};
    assert!(world.readers(Beneficiary, &one).contains(&here.id), "a look leaves a trace");
    assert!(world.readers(Mentor, &mentor).contains(&here.id));
    // The institution does not see a mentor of another institution.
    let other = Stage { organization: world.institution("Третий центр").0, ..world_stage(&stage) };
    let other = Stage { director: world.staff("director", &other.organization), ..other };
    let (_, theirs) = world.helps(&other, json!({}));
    assert!(!candidates(&world, &stage.director, &one, "").expect(200).text.contains(&theirs));
    world
        .get(&stage.director, &format!("/beneficiaries/{one}/candidates/{theirs}"))
        .refused(404, "request.not_found");
    assert!(candidates(&world, &own, &one, "").expect(200).text.contains(&mentor));
}

#[test]
fn odd_questions_about_candidates_are_refused_and_never_break() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let (_, mentor) = world.helps(&stage, json!({}));
    let (_, one) = world.waits(&stage, 3, json!({}));
    let odd = [
        "limit=0",
        "limit=51",
        "limit=-1",
        "limit=99999999999999999999",
        "limit=x",
        "limit=",
        "excluded_limit=201",
        "as_of=2026-13-01",
        "as_of=x",
        "as_of=%00",
        "as_of=%2B10000-01-01",
        "as_of=%2B262142-12-31",
        "as_of=-0001-01-01",
        "as_of=10000-01-01",
        "program_id=x",
        "program_id=%00",
        "cursor=1",
        "limit=1&limit=2",
    ];
    for query in odd {
        for path in [
            format!("/beneficiaries/{one}/candidates?{query}"),
            format!("/beneficiaries/{one}/candidates/{mentor}?{query}"),
        ] {
            let told = world.get(&stage.director, &path);
            assert!([400, 422].contains(&told.status), "{query}: {}", told.text);
        }
    }
    candidates(&world, &stage.director, &one, "as_of=9999-12-31").refused(400, "request.parameter");
    let far = candidates(&world, &stage.director, &one, "as_of=2200-12-31").expect(200);
    assert_eq!(
        (&far.body["waiting_days"], &far.body["barriers"]),
        (&json!(63_859), &json!(["program_mismatch"]))
    );
    candidates(&world, &stage.director, &one, "as_of=2023-12-31").refused(409, "program.not_in_force");
    world
        .get(&stage.director, &format!("/beneficiaries/{one}/candidates/x"))
        .refused(404, "request.not_found");
    world
        .get(&stage.director, &format!("/beneficiaries/x/candidates/{mentor}"))
        .refused(404, "request.not_found");
}
