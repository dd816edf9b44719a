//! The waiting list: beneficiaries without a mentor, the length of their wait, and the barriers.
use super::offered;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::{Account, Stage, World};

fn list(world: &World, who: &Account, stage: &Stage, query: &str) -> Vec<Value> {
    let path = format!("/waiting-list?program_id={}{query}", stage.program);
    world.get(who, &path).expect(200).items().clone()
}
fn ids(all: &[Value]) -> Vec<&str> {
    all.iter().filter_map(|it| it["beneficiary_id"].as_str()).collect()
}
fn one_at_a_time(world: &World, who: &Account, stage: &Stage) -> Vec<String> {
    let first = format!("/waiting-list?program_id={}&limit=1", stage.program);
    let (mut found, mut path) = (Vec::new(), first.clone());
    loop {
        let page = world.get(who, &path).expect(200);
        found.extend(page.items().iter().map(|it| it["beneficiary_id"].as_str().unwrap().to_owned()));
        let Some(next) = page.body["next_cursor"].as_str() else { return found };
        path = format!("{first}&cursor={next}");
    }
}
fn summary(world: &World, who: &Account, stage: &Stage) -> Value {
    world.get(who, &format!("/waiting-list/summary?program_id={}", stage.program)).expect(200).body
}
fn pair_of(stage: &Stage, (person, beneficiary): &(String, String), mentor: &str) -> tests::pairs::Pair {
    tests::pairs::Pair {
        organization: stage.organization.clone(),
        director: stage.director.clone(),
        program: stage.program.clone(),
        beneficiary: beneficiary.clone(),
        person: person.clone(),
        mentor: mentor.to_owned(),
        mentor_person: String::new(),
    }
}

#[test]
fn whoever_waits_longest_comes_first_a_page_at_a_time() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    assert!(list(&world, director, &stage, "").is_empty());
    let days = [5, 90, 5, 5, 0];
    let all: Vec<String> = days.iter().map(|it| world.waits(&stage, *it, json!({})).1).collect();
    let ordered = [&all[1], &all[0], &all[2], &all[3], &all[4]];
    let whole = list(&world, director, &stage, "");
    assert_eq!(ids(&whole), ordered);
    let told: Vec<_> = whole.iter().map(|it| it["waiting_days"].as_i64().unwrap()).collect();
    assert_eq!(told, [90, 5, 5, 5, 0]);
    assert_eq!(
        (&whole[0]["since"], &whole[0]["priority"], &whole[1]["priority"]),
        (&json!(world.day(-90)), &json!(1), &json!(0))
    );
    assert_eq!(
        (&whole[0]["organization_id"], &whole[0]["program_id"]),
        (&json!(stage.organization), &json!(stage.program))
    );
    // Pages of one item each cross the ties in the order.
    let found = one_at_a_time(&world, director, &stage);
    assert_eq!(found.iter().collect::<Vec<_>>(), ordered);
}

#[test]
fn a_person_with_two_records_waits_once_under_the_one_that_waits_longest() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let one = world.waits(&stage, 5, json!({}));
    let two = world.waits(&stage, 90, json!({}));
    world.helps(&stage, json!({}));
    world.helps(&stage, json!({}));
    assert_eq!(summary(&world, director, &stage)["waiting"], 2);
    let merged = world.merged(&one.1, &two.1);
    assert_eq!(ids(&list(&world, director, &stage, "&waiting=true")), [&two.1]);
    let rest = list(&world, director, &stage, "&waiting=false");
    assert_eq!(
        (ids(&rest), &rest[0]["barriers"]),
        (vec![one.1.as_str()], &json!(["not_waiting", "other_record"]))
    );
    let figures = summary(&world, director, &stage);
    assert_eq!((&figures["waiting"], &figures["without_mentor"]), (&json!(1), &json!(1)));
    let candidates = format!("/beneficiaries/{}/candidates?program_id={}", one.1, stage.program);
    let candidates = world.get(director, &candidates).expect(200);
    assert_eq!(candidates.body["barriers"], json!(["not_waiting", "other_record"]));
    world.reversed(&merged);
    assert_eq!(ids(&list(&world, director, &stage, "")), [&two.1, &one.1]);

    // A round proposes for one record, be it the second one of a merge, and then nobody of the two waits.
    world.merged(&one.1, &two.1);
    let round = world.round(&stage, json!({})).id();
    let proposed = world.proposals(director, &round);
    assert_eq!(ids(&proposed), [&two.1]);
    let published = world.publish(&stage, &round);
    assert_eq!(published.body["state"], "published", "{}", published.text);
    assert_eq!(world.proposals(director, &round)[0]["state"], "published");
    assert!(list(&world, director, &stage, "").is_empty(), "the person has a mentor under both records");
    assert_eq!(summary(&world, director, &stage)["without_mentor"], 0);
}

#[test]
fn an_objection_under_one_record_holds_under_the_other() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let (one, two) = (world.waits(&stage, 90, json!({})), world.waits(&stage, 5, json!({})));
    let (_, mentor) = world.helps(&stage, json!({}));
    world.veto(&stage.director, &two.1, &mentor, "specialist").expect(201);
    let barriers = || {
        let path = format!("/beneficiaries/{}/candidates?program_id={}", one.1, stage.program);
        world.get(&stage.director, &path).expect(200).body["excluded"].clone()
    };
    assert_eq!(barriers(), json!([]));
    world.merged(&one.1, &two.1);
    assert_eq!(barriers()[0]["barriers"], json!(["veto_specialist"]));
    let refused =
        world.post(&stage.director, "/mentorships", world.proposal(&pair_of(&stage, &one, &mentor)));
    assert!(refused.codes().contains(&"mentorship.objection"), "{:?}", refused.codes());
}

#[test]
fn ranks_under_one_record_count_under_the_other_and_the_latest_word_wins() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let (one, two) = (world.waits(&stage, 90, json!({})).1, world.waits(&stage, 5, json!({})).1);
    let (_, mentor) = world.helps(&stage, json!({}));
    let met =
        |who: &str| world.joint_activity(director, &stage.program, &stage.organization, &[&mentor], &[who]);
    let choice = || {
        let path = format!("/beneficiaries/{one}/candidates?program_id={}", stage.program);
        world.get(director, &path).expect(200).body["items"][0]["pair"]["choice"].clone()
    };
    let second = met(&two);
    world.choose_as_beneficiary(director, &two, &second, &[(&mentor, 1)], &[]).expect(201);
    world.choose_as_mentor(director, &mentor, &second, &[(&two, 1)], &[]).expect(201);
    assert_eq!(choice(), 0);
    world.merged(&one, &two);
    assert_eq!(choice(), 7);
    let first = met(&one);
    world.choose_as_mentor(director, &mentor, &first, &[(&one, 3)], &[]).expect(201);
    assert_eq!(choice(), 5);
}

#[test]
fn one_who_is_removed_from_the_register_waits_for_no_mentor_until_the_entry_is_taken_back() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let one = world.waits(&stage, 5, json!({})).1;
    world.helps(&stage, json!({}));
    let waiting = || {
        let listed = list(&world, director, &stage, "&waiting=true");
        (listed.len(), summary(&world, director, &stage)["waiting"].clone())
    };
    assert_eq!(waiting(), (1, json!(1)));
    world.removed(&one, 0);
    assert_eq!(waiting(), (0, json!(0)));
    let path = format!("/beneficiaries/{one}/candidates?program_id={}", stage.program);
    assert_eq!(world.get(director, &path).expect(200).body["barriers"], json!(["not_waiting"]));
    world.restored(&one);
    assert_eq!(waiting(), (1, json!(1)));
}

/// The lengths of the list: whole, of those who wait, and of the others; with the figures about both parts.
fn lengths(world: &World, who: &Account, stage: &Stage) -> ([usize; 3], Value, Value) {
    let parts = ["", "&waiting=true", "&waiting=false"];
    let figures = summary(world, who, stage);
    let all = parts.map(|it| list(world, who, stage, it).len());
    (all, figures["without_mentor"].clone(), figures["waiting"].clone())
}

#[test]
fn one_whose_death_another_record_tells_is_on_no_list_in_no_figure_and_no_candidate() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let (one, two) = (world.waits(&stage, 5, json!({})), world.waits(&stage, 90, json!({})));
    let other = world.waits(&stage, 3, json!({})).1;
    world.helps(&stage, json!({}));
    world.helps(&stage, json!({}));
    world.merged(&one.1, &two.1);
    let candidates = || {
        let of = |it: &str| format!("/beneficiaries/{it}/candidates?program_id={}", stage.program);
        [&one.1, &two.1].map(|it| world.get(director, &of(it)).status)
    };
    let proposed = || {
        let round = world.round(&stage, json!({})).id();
        let all = world.proposals(director, &round);
        ids(&all).into_iter().map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let both = BTreeSet::from([two.1.clone(), other.clone()]);
    assert_eq!(lengths(&world, director, &stage), ([3, 2, 1], json!(2), json!(2)));
    assert_eq!((candidates(), proposed()), ([200, 200], both.clone()));
    world.die(director, &one.0, 0).expect(200);
    assert_eq!(lengths(&world, director, &stage), ([1, 1, 0], json!(1), json!(1)));
    assert_eq!((candidates(), proposed()), ([403, 403], BTreeSet::from([other])));
    let annulment = json!({"reason": "Записано по ошибке."});
    world.post(director, &format!("/people/{}/death/annulment", one.0), annulment).expect(200);
    assert_eq!(lengths(&world, director, &stage), ([3, 2, 1], json!(2), json!(2)));
    assert_eq!((candidates(), proposed()), ([200, 200], both));
}

#[test]
fn one_who_is_removed_from_the_register_is_among_those_without_a_mentor_under_no_record() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let (one, two) = (world.waits(&stage, 5, json!({})).1, world.waits(&stage, 90, json!({})).1);
    let alone = world.waits(&stage, 3, json!({})).1;
    world.merged(&one, &two);
    assert_eq!(lengths(&world, director, &stage), ([3, 2, 1], json!(2), json!(2)));
    world.removed(&one, 0);
    assert_eq!(lengths(&world, director, &stage), ([1, 1, 0], json!(1), json!(1)));
    world.removed(&alone, 0);
    assert_eq!(lengths(&world, director, &stage), ([0, 0, 0], json!(0), json!(0)));
    world.restored(&one);
    assert_eq!(lengths(&world, director, &stage), ([2, 1, 1], json!(1), json!(1)));
}

#[test]
fn what_keeps_people_waiting_is_told_of_each_and_of_all() {
    let world = World::new();
    let stage = world.stage(json!({"mentor": {"required_course_codes": ["mentor-basics"]}}));
    let director = &stage.director;
    let nobody = summary(&world, director, &stage);
    assert_eq!(
        (&nobody["waiting"], nobody.get("median_waiting_days"), nobody.get("median_days_to_match")),
        (&json!(0), None, None)
    );
    world.waits(&stage, 30, json!({}));
    let (_, wary) = world.waits(&stage, 20, json!({"agrees_to_matching": false}));
    let (_, grave) = world.waits(&stage, 10, json!({"risk_level": 3}));
    world.helps(&stage, json!({}));
    world.helps(&stage, json!({}));
    let untaught = world.candidate(&stage, json!({}), Some("ngo"), json!({})).1;
    world.change_mentor(&stage, &untaught, json!({"qualified_risk_level": 3}));
    let all = list(&world, director, &stage, "");
    let told: Vec<_> =
        all.iter().map(|it| (it["possible_mentors"].as_i64().unwrap(), it["barriers"].clone())).collect();
    assert_eq!(told, [(2, json!([])), (0, json!(["no_consent"])), (0, json!([]))]);
    let of = |id: &str| all.iter().find(|it| it["beneficiary_id"] == id).unwrap()["blocking"].clone();
    assert_eq!(
        of(&grave),
        json!([{"barrier": "risk_above_qualification", "mentors": 2}, {"barrier": "training_missing", "mentors": 1}])
    );
    assert_eq!(of(&wary)[0], json!({"barrier": "no_consent", "mentors": 3}));
    let whole = summary(&world, director, &stage);
    assert_eq!(
        (&whole["waiting"], &whole["without_candidate"], &whole["median_waiting_days"]),
        (&json!(3), &json!(2), &json!(20))
    );
    assert_eq!(whole["blocking"], json!([{"barrier": "no_consent", "beneficiaries": 1}]));
}

#[test]
fn who_has_a_mentor_is_not_there_and_who_lost_one_is_back_with_the_old_day() {
    let mut world = World::with(&["--clock-seconds", "1"]);
    let mut stage = world.stage(json!({}));
    let one = world.waits(&stage, 40, json!({}));
    let two = world.waits(&stage, 30, json!({}));
    let (_, first) = world.helps(&stage, json!({}));
    let (_, second) = world.helps(&stage, json!({}));
    let lost = world.active(&pair_of(&stage, &one, &first));
    let done = world.active(&pair_of(&stage, &two, &second));
    let director = stage.director.clone();
    assert!(list(&world, &director, &stage, "").is_empty());
    let told = summary(&world, &director, &stage);
    assert_eq!(
        (&told["matched"], &told["median_days_to_match"]),
        (&json!(2), &json!(30)),
        "the lower of the two middle ones"
    );
    let order = json!({"ground": "other_obstacle", "ended_on": world.day(0), "text": "Переезд."});
    world.step(&director, &lost, "replacement", order).expect(200);
    let back = list(&world, &director, &stage, "");
    assert_eq!((ids(&back), &back[0]["since"]), (vec![one.1.as_str()], &json!(world.day(-40))));
    // After sixty days the other mentorship has ended regularly.
    world.advance_days(61);
    world.until(&done, "completed");
    stage.director = world.again(&director);
    let left = list(&world, &stage.director, &stage, "");
    assert_eq!(ids(&left), [&one.1, &two.1]);
    assert_eq!((&left[0]["waiting_days"], &left[0]["barriers"]), (&json!(101), &json!([])));
    assert_eq!(
        (left[1].get("since"), &left[1]["waiting_days"], &left[1]["barriers"]),
        (None, &json!(0), &json!(["not_waiting"])),
        "who has finished the program does not wait"
    );
    assert_eq!(ids(&list(&world, &stage.director, &stage, "&waiting=true")), [&one.1]);
    assert_eq!(ids(&list(&world, &stage.director, &stage, "&waiting=false")), [&two.1]);
    let told = summary(&world, &stage.director, &stage);
    assert_eq!(
        (&told["without_mentor"], &told["waiting"], &told["median_waiting_days"]),
        (&json!(2), &json!(1), &json!(101))
    );
    world.waiting(&stage.director, &two.1, &stage.program, 0);
    let anew = list(&world, &stage.director, &stage, "");
    assert_eq!((ids(&anew), &anew[1]["waiting_days"]), (vec![one.1.as_str(), two.1.as_str()], &json!(0)));
}

#[test]
fn who_was_never_put_on_record_as_waiting_is_listed_after_those_who_were() {
    let world = World::new();
    let stage = world.stage(json!({"serves": "person"}));
    let director = &stage.director;
    let unnoticed: Vec<String> = (0..3)
        .map(|_| {
            let person = world.person(director, json!({"birth_date": "2007-01-10"}));
            world.beneficiary(director, &stage.organization, &person)
        })
        .collect();
    let (_, waiting) = world.waits(&stage, 0, json!({}));
    world.helps(&stage, json!({}));
    let all = list(&world, director, &stage, "");
    let mut expected = vec![waiting.as_str()];
    expected.extend(unnoticed.iter().map(String::as_str));
    assert_eq!(ids(&all), expected);
    let last = &all[3];
    assert_eq!(
        (last.get("since"), &last["waiting_days"], &last["possible_mentors"], &last["barriers"]),
        (None, &json!(0), &json!(0), &json!(["not_waiting", "profile_missing", "no_consent"]))
    );
    assert_eq!(last["blocking"][0]["mentors"], 1);
    let told = summary(&world, director, &stage);
    assert_eq!((&told["without_mentor"], &told["waiting"]), (&json!(4), &json!(1)));
    // Pages of one item each cross the border between those who wait and those who do not.
    let found = one_at_a_time(&world, director, &stage);
    assert_eq!(found, expected);
    // A recorded wait moves a beneficiary up. A mentorship of another program changes nothing here.
    world.waiting(director, &unnoticed[2], &stage.program, 7);
    let moved = list(&world, director, &stage, "");
    assert_eq!(ids(&moved), [&unnoticed[2], &waiting, &unnoticed[0], &unnoticed[1]]);
    assert_eq!(ids(&list(&world, director, &stage, "&waiting=true")), [&unnoticed[2], &waiting]);
    assert_eq!(ids(&list(&world, director, &stage, "&waiting=false")), [&unnoticed[0], &unnoticed[1]]);
    let path = format!("/waiting-list?program_id={}&waiting=perhaps", stage.program);
    assert_eq!(world.get(director, &path).status, 400);
}

#[test]
fn a_proposal_takes_off_the_list_and_a_refusal_puts_back() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let (_, one) = world.waits(&stage, 40, json!({}));
    world.helps(&stage, json!({}));
    let round = world.round(&stage, json!({})).id();
    assert_eq!(ids(&list(&world, &stage.director, &stage, "")), [one.as_str()]);
    world.publish(&stage, &round);
    assert!(list(&world, &stage.director, &stage, "").is_empty());
    let mentorship = offered(&world, &stage, &round, &one, &[]);
    let no = json!({"party": "mentor", "decision": "decline"});
    world.step(&stage.director, &mentorship, "acceptances", no).expect(200);
    let back = list(&world, &stage.director, &stage, "");
    assert_eq!(back[0]["waiting_days"], 40);
}

#[test]
fn the_waiting_list_is_for_those_who_match_and_within_their_reach() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let (_, one) = world.waits(&stage, 40, json!({}));
    let (other, their_director) = world.institution("Другой центр");
    let theirs = Stage { organization: other, director: their_director, program: stage.program.clone() };
    let (_, two) = world.waits(&theirs, 30, json!({}));
    let grants = |role: &str, name: &str, value: &str| json!([{"role": role, name: value}]);
    let coordinator =
        world.account("coordinator", grants("program_coordinator", "program_id", &stage.program), None);
    let foreign = world.plain_program("foreign", json!({}));
    let foreign = world.account("foreign", grants("program_coordinator", "program_id", &foreign), None);
    let officer = world.account("officer", grants("guardianship_officer", "territory", "25655000"), None);
    for (who, seen) in [(&stage.director, vec![&one]), (&theirs.director, vec![&two]), (&foreign, vec![])] {
        assert_eq!(ids(&list(&world, who, &stage, "")), seen, "{}", who.login);
        assert_eq!(summary(&world, who, &stage)["waiting"], seen.len(), "{}", who.login);
    }
    for who in [&coordinator, &officer, &world.admin()] {
        assert_eq!(ids(&list(&world, who, &stage, "")), [&one, &two], "{}", who.login);
        let narrowed = format!("&organization_id={}", theirs.organization);
        assert_eq!(ids(&list(&world, who, &stage, &narrowed)), [&two]);
        assert_eq!(summary(&world, who, &stage)["waiting"], 2);
    }
    let hidden = format!("&organization_id={}", theirs.organization);
    assert!(list(&world, &stage.director, &stage, &hidden).is_empty());
    for path in ["/waiting-list", "/waiting-list/summary"] {
        let told = world.get(&stage.director, path).refused(422, "field.missing");
        assert_eq!(told.body["errors"][0]["parameter"], "program_id");
        world.get(&stage.director, &format!("{path}?program_id={one}")).refused(422, "field.reference");
        for query in ["program_id=x", "program_id=%00", "organization_id=1", "who=1"] {
            assert_eq!(world.get(&stage.director, &format!("{path}?{query}")).status, 400, "{query}");
        }
        for role in ["mentor", "mentee"] {
            let who = world.account(&format!("{role}{}", path.len()), json!([{"role": role}]), None);
            world.get(&who, &format!("{path}?program_id={}", stage.program)).refused(403, "access.forbidden");
        }
    }
    for query in ["limit=0", "limit=1000000", "cursor=%00", "cursor=abc"] {
        let told = world.get(&stage.director, &format!("/waiting-list?program_id={}&{query}", stage.program));
        assert!([400, 422].contains(&told.status), "{query}: {}", told.text);
    }
}

#[test]
fn a_family_of_which_nobody_lives_waits_no_more_and_one_without_members_does() {
    let world = World::new();
    let stage = world.stage(json!({"serves": "family"}));
    let director = &stage.director;
    let family = |members: &[&str]| {
        let family = world.family(director, members);
        let id = world.family_beneficiary(director, &stage.organization, &family);
        world.beneficiary_profile(director, &id, json!({}));
        world.waiting(director, &id, &stage.program, 5);
        id
    };
    let people: Vec<String> = (0..4).map(|_| world.person(director, json!({}))).collect();
    let gone = family(&[&people[0], &people[1]]);
    let bereaved = family(&[&people[2], &people[3]]);
    let unknown = family(&[]);
    let listed = |who: &Account| {
        let mut all: Vec<String> =
            ids(&list(&world, who, &stage, "")).into_iter().map(str::to_owned).collect();
        all.sort();
        all
    };
    let sorted = |all: &[&String]| {
        let mut all: Vec<String> = all.iter().map(|it| (*it).clone()).collect();
        all.sort();
        all
    };
    assert_eq!(listed(director), sorted(&[&gone, &bereaved, &unknown]));
    world.die(director, &people[0], 0).expect(200);
    world.die(director, &people[2], 0).expect(200);
    assert_eq!(listed(director), sorted(&[&gone, &bereaved, &unknown]));
    world.die(director, &people[1], 0).expect(200);
    assert_eq!(listed(director), sorted(&[&bereaved, &unknown]));
    assert_eq!(summary(&world, director, &stage)["without_mentor"], json!(2));
    let annulment = json!({"reason": "Записано по ошибке."});
    let path = format!("/people/{}/death/annulment", people[1]);
    world.post(director, &path, annulment).expect(200);
    assert_eq!(listed(director), sorted(&[&gone, &bereaved, &unknown]));
}
