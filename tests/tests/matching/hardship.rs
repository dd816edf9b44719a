//! Difficult situations of rounds: nobody to propose, people and programs that change meanwhile, several rounds at
//! once, a killed server.
use super::{adjust, offered};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use tests::pairs::at_once;
use tests::{Account, Client, Installation, PASSWORD, World};

fn publish(world: &World, who: &Account, round: &str, members: Value) -> tests::Reply {
    let mut order = json!({"starts_on": world.day(0)});
    for (name, value) in members.as_object().expect("members") {
        order[name.as_str()] = value.clone();
    }
    world.post(who, &format!("/matching-rounds/{round}/publication"), order)
}
fn left_out(world: &World, who: &Account, round: &str) -> Vec<Value> {
    world.get(who, &format!("/matching-rounds/{round}/left-out?limit=200")).expect(200).items().clone()
}
fn reasons(all: &[Value]) -> Vec<String> {
    all.iter().map(|it| it["reason"].as_str().expect("a reason").to_owned()).collect()
}

#[test]
fn a_round_of_nobody_is_computed_and_proposes_nothing() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let empty = world.round(&stage, json!({}));
    let result = &empty.body["result"];
    assert_eq!(
        (&result["waiting"], &result["mentors"], &result["certified"]),
        (&json!(0), &json!(0), &json!(true))
    );
    assert_eq!((result.get("mean_fit"), &result["by_priority"]), (None, &json!([])));
    publish(&world, director, &empty.id(), json!({})).refused(409, "matching_round.nothing_proposed");
    // There are mentors, but nobody waits.
    world.helps(&stage, json!({}));
    let idle = world.round(&stage, json!({"mode": "mutual_first"}));
    assert_eq!(idle.body["result"]["mentors"], 1);
    publish(&world, director, &idle.id(), json!({})).refused(409, "matching_round.nothing_proposed");
}

#[test]
fn whoever_has_no_mentor_to_choose_from_is_told_with_the_rules_behind_it() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let (_, one) = world.waits(&stage, 10, json!({}));
    let alone = world.round(&stage, json!({}));
    assert_eq!(
        reasons(&left_out(&world, director, &alone.id())),
        ["no_candidate"],
        "there is no mentor at all"
    );
    assert_eq!(alone.body["result"]["covered"], 0);
    let (_, two) = world.waits(&stage, 10, json!({"agrees_to_matching": false}));
    let mentors: Vec<String> = (0..3).map(|_| world.helps(&stage, json!({})).1).collect();
    for (mentor, side) in mentors.iter().zip(["beneficiary", "mentor", "mentor"]) {
        world.veto(director, &one, mentor, side).expect(201);
    }
    let round = world.round(&stage, json!({})).id();
    let left = left_out(&world, director, &round);
    let of = |id: &str| left.iter().find(|it| it["beneficiary_id"] == id).expect("left out").clone();
    assert_eq!(of(&one)["reason"], "no_candidate");
    assert_eq!(
        of(&one)["detail"]["counts"],
        json!([{"barrier": "veto_mentor", "mentors": 2}, {"barrier": "veto_beneficiary", "mentors": 1}])
    );
    assert_eq!(
        (&of(&two)["reason"], &of(&two)["detail"]["barriers"]),
        (&json!("barred"), &json!(["no_consent"]))
    );
    let told = publish(&world, director, &round, json!({}));
    told.refused(409, "matching_round.nothing_proposed");
    let asked = format!("/matching-rounds/{round}/explanation?beneficiary_id={one}&mentor_id={}", mentors[0]);
    let told = world.get(director, &asked).expect(200);
    assert_eq!(
        (told.body.get("proposed"), &told.body["asked"]["barriers"]),
        (None, &json!(["veto_beneficiary"]))
    );
    for (query, status, code) in [
        ("", 422, "field.missing"),
        ("beneficiary_id=x", 400, "request.parameter"),
        ("beneficiary_id=%00", 400, "request.malformed"),
        ("beneficiary_id=01980000-0000-7000-8000-0000000000ff", 422, "matching_round.unknown_pair"),
    ] {
        world.get(director, &format!("/matching-rounds/{round}/explanation?{query}")).refused(status, code);
    }
    let stranger = format!("/matching-rounds/{round}/explanation?beneficiary_id={one}&mentor_id={one}");
    world.get(director, &stranger).refused(422, "matching_round.unknown_pair");
}

#[test]
fn mentors_without_a_free_seat_are_counted_and_get_nobody() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let (_, mentor) = world.helps(&stage, json!({}));
    let (_, busy) = world.waits(&stage, 10, json!({}));
    let order = json!({"program_id": stage.program, "beneficiary_id": busy, "mentor_id": mentor, "starts_on": world.day(0)});
    world.post(director, "/mentorships", order).expect(201);
    let (_, one) = world.waits(&stage, 10, json!({}));
    let round = world.round(&stage, json!({}));
    assert_eq!((&round.body["result"]["mentors"], &round.body["result"]["covered"]), (&json!(1), &json!(0)));
    let left = left_out(&world, director, &round.id());
    assert_eq!(left.len(), 1, "whoever has a mentor is not matched");
    assert_eq!(
        (&left[0]["beneficiary_id"], &left[0]["detail"]["counts"]),
        (&json!(one), &json!([{"barrier": "no_seat", "mentors": 1}]))
    );
    adjust(&world, director, &round.id(), "pin", &one, &mentor).refused(409, "matching_round.pin_impossible");
}

#[test]
fn where_everybody_has_one_option_the_round_finds_it() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    let tongues = ["tt", "ba", "en"];
    let mut expected = BTreeSet::new();
    for tongue in tongues {
        let (_, one) = world.waits(&stage, 10, json!({}));
        world.beneficiary_profile(director, &one, json!({"languages": [tongue]}));
        let (_, mentor) = world.helps(&stage, json!({"languages": [tongue]}));
        expected.insert((one, mentor));
    }
    for mode in ["coverage_first", "mutual_first"] {
        let round = world.round(&stage, json!({"mode": mode}));
        assert_eq!(round.body["result"]["possible_pairs"], 3);
        let all = world.proposals(director, &round.id());
        let text = |it: &Value| it.as_str().unwrap().to_owned();
        let pairs: BTreeSet<_> =
            all.iter().map(|it| (text(&it["beneficiary_id"]), text(&it["mentor_id"]))).collect();
        assert_eq!(pairs, expected, "{mode}");
    }
}

#[test]
fn a_mentor_who_is_gone_by_then_is_refused_with_the_rule_and_the_others_are_proposed() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    world.wait_and_help(&stage, 3);
    let round = world.round(&stage, json!({})).id();
    let first = world.proposals(director, &round)[0].clone();
    let mentor = first["mentor_id"].as_str().unwrap();
    let removal = json!({"removed_on": world.day(0), "decree": {"number": "34-л", "date": world.day(0)}});
    world.post(director, &format!("/mentors/{mentor}/removal"), removal).expect(200);
    let published = world.publish(&stage, &round);
    let figures = ["pending_proposals", "published_proposals", "refused_proposals"]
        .map(|it| published.body[it].as_i64().unwrap());
    assert_eq!(figures, [0, 2, 1]);
    let all = world.proposals(director, &round);
    let refused: Vec<_> = all.iter().filter(|it| it["state"] == "refused").collect();
    assert_eq!((&refused[0]["id"], &refused[0]["refusals"]), (&first["id"], &json!(["mentor.removed"])));
    assert_eq!(world.get(director, "/mentorships").expect(200).items().len(), 2);
    publish(&world, director, &round, json!({})).refused(409, "matching_round.not_ready");
    let narrowed = |query: &str| {
        world.get(director, &format!("/matching-rounds/{round}/proposals?{query}")).expect(200).items().len()
    };
    assert_eq!(
        (narrowed("state=refused"), narrowed("state=published"), narrowed("origin=pinned")),
        (1, 2, 0)
    );
    assert_eq!((narrowed(&format!("mentor_id={mentor}")), narrowed("limit=1")), (1, 1));
}

#[test]
fn a_program_that_has_changed_by_the_first_day_needs_a_new_round() {
    let mut world = World::with(&["--clock-seconds", "1"]);
    let mut stage = world.stage(json!({"proposal_deadline_days": 5}));
    let (_, one) = world.waits(&stage, 10, json!({}));
    world.helps(&stage, json!({}));
    world.helps(&stage, json!({}));
    let round = world.round(&stage, json!({})).id();
    let edition = json!({"effective_from": world.day(7), "serves": "person", "completion": {"kind": "term", "max_months": 6}});
    let editions = format!("/programs/{}/editions", stage.program);
    world.post(&world.admin(), &editions, edition).expect(201);
    let told = publish(&world, &stage.director, &round, json!({"starts_on": world.day(7)}));
    let told = told.refused(409, "matching_round.program_changed");
    assert_eq!(told.body["errors"][0]["pointer"], "/starts_on");
    world.publish(&stage, &round);
    let mentorship = offered(&world, &stage, &round, &one, &[]);
    // The program changes before the proposal lapses, so the next best proposal is refused.
    world.advance_days(8);
    world.until(&mentorship, "lapsed");
    stage.director = world.again(&stage.director);
    let began = Instant::now();
    let refused = loop {
        let all = world.proposals(&stage.director, &round);
        if let Some(it) = all.into_iter().find(|it| it["state"] == "refused") {
            break it;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "the next best is neither offered nor refused");
        tests::pause();
    };
    assert_eq!(
        (&refused["refusals"], &refused["run"]),
        (&json!(["matching_round.program_changed"]), &json!(2))
    );
    let card = world.get(&stage.director, &format!("/matching-rounds/{round}")).expect(200);
    assert_eq!(card.body["state"], "published");
}

#[test]
fn the_days_and_the_tutor_of_a_publication_are_judged() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    world.waits(&stage, 10, json!({}));
    world.helps(&stage, json!({}));
    let round = world.round(&stage, json!({})).id();
    for (members, pointer) in [
        (json!({"starts_on": world.day(-1)}), "/starts_on"),
        (json!({"ends_on": world.day(0)}), "/ends_on"),
        (json!({"ends_on": world.day(366)}), "/ends_on"),
        (json!({"ends_on": "2200-12-31"}), "/ends_on"),
    ] {
        let told = publish(&world, director, &round, members).refused(422, "matching_round.starts_on");
        assert_eq!(told.body["errors"][0]["pointer"], pointer);
    }
    for odd in ["9999-12-31", "+10000-01-01", "+262142-12-31", "0000-01-01", "x"] {
        let told = publish(&world, director, &round, json!({"starts_on": odd}));
        assert!([409, 422].contains(&told.status), "{odd}: {}", told.text);
    }
    let told = publish(&world, director, &round, json!({"tutor_user_id": director.id}));
    assert_eq!(
        (told.status, &told.body["errors"][0]["pointer"]),
        (422, &json!("/tutor_user_id")),
        "{}",
        told.text
    );
    let wrong = json!({"starts_on": world.day(-1), "tutor_user_id": director.id});
    let both = publish(&world, director, &round, wrong).refused(422, "field.reference");
    assert_eq!(both.pointers()[..2], ["/tutor_user_id", "/starts_on"]);
    let tutor = world.account("tutor", json!([{"role": "tutor"}]), None);
    let accepted =
        publish(&world, director, &round, json!({"tutor_user_id": tutor.id, "ends_on": world.day(90)}))
            .expect(202);
    assert_eq!(world.ended(director, &accepted).body["state"], "done");
    let card = world.get(&tutor, "/mentorships").expect(200);
    assert_eq!((&card.items()[0]["planned_ends_on"], card.items().len()), (&json!(world.day(90)), 1));
}

#[test]
fn of_two_rounds_over_the_same_people_one_is_published() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    world.wait_and_help(&stage, 2);
    let (one, two) = (world.round(&stage, json!({})).id(), world.round(&stage, json!({})).id());
    world.publish(&stage, &one);
    publish(&world, director, &two, json!({})).refused(409, "matching_round.overtaken");
    let told = world.get(director, &format!("/matching-rounds/{two}")).expect(200);
    assert_eq!(told.action("publish").unwrap()["blocked_by"], json!(["matching_round.overtaken"]));
    assert_eq!(told.action("run").unwrap()["blocked_by"], json!([]));
    world.advance(chrono::TimeDelta::minutes(1));
    let rerun = world.post(director, &format!("/matching-rounds/{two}/runs"), json!({})).expect(202);
    world.ended(director, &rerun);
    publish(&world, director, &two, json!({})).refused(409, "matching_round.nothing_proposed");
    assert_eq!(world.get(director, "/mentorships").expect(200).items().len(), 2);
}

#[test]
fn of_many_publications_at_once_one_is_done() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    world.wait_and_help(&stage, 3);
    let rounds = [world.round(&stage, json!({})).id(), world.round(&stage, json!({})).id()];
    let answers = at_once(8, |it| publish(&world, director, &rounds[it % 2], json!({})));
    let accepted = answers.iter().filter(|it| it.0 == 202).count();
    assert_eq!(accepted, 1, "{answers:?}");
    let told: BTreeSet<&str> = answers.iter().filter(|it| it.0 != 202).map(|it| it.1.as_str()).collect();
    assert!(
        told.is_subset(&BTreeSet::from(["matching_round.not_ready", "matching_round.overtaken"])),
        "{answers:?}"
    );
    let began = Instant::now();
    while world.get(director, "/mentorships").expect(200).items().len() < 3 {
        assert!(began.elapsed() < Duration::from_secs(20), "it is published");
        tests::pause();
    }
    let of: BTreeSet<String> = world
        .get(director, "/mentorships")
        .expect(200)
        .items()
        .iter()
        .map(|it| it["beneficiary_id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(of.len(), 3, "each once");
}

#[test]
fn whoever_is_of_a_pair_of_a_round_learns_nothing_of_it_as_staff() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let (person, one) = world.waits(&stage, 10, json!({}));
    let (_, two) = world.waits(&stage, 5, json!({}));
    let (mentor_person, first) = world.helps(&stage, json!({}));
    let (_, second) = world.helps(&stage, json!({}));
    world.veto(&stage.director, &one, &second, "mentor").expect(201);
    let round = world.round(&stage, json!({})).id();
    let both =
        |login: &str, role: &str, person: &str| world.director_and(login, &stage.organization, role, person);
    let (as_mentee, as_mentor) =
        (both("as-mentee", "mentee", &person), both("as-mentor", "mentor", &mentor_person));
    let path = format!("/matching-rounds/{round}");
    let of = |who: &Account| {
        world
            .proposals(who, &round)
            .iter()
            .map(|it| it["beneficiary_id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(of(&stage.director).len(), 2);
    assert_eq!((of(&as_mentee), of(&as_mentor)), (vec![two.clone()], vec![two.clone()]));
    let asked = |beneficiary: &str, mentor: &str| {
        format!("{path}/explanation?beneficiary_id={beneficiary}&mentor_id={mentor}")
    };
    world.get(&as_mentee, &asked(&one, &second)).refused(422, "matching_round.unknown_pair");
    world.get(&as_mentor, &asked(&two, &first)).refused(422, "matching_round.unknown_pair");
    let told = world.get(&as_mentor, &format!("{path}/explanation?beneficiary_id={one}")).expect(200);
    assert_eq!(told.body.get("proposed"), None);
    let other = world.get(&as_mentor, &format!("{path}/explanation?beneficiary_id={two}")).expect(200);
    assert!(
        other.body["alternatives"].as_array().unwrap().iter().all(|it| it["mentor_id"] != first.as_str())
    );
    let seen = adjust(&world, &stage.director, &round, "forbid", &one, &first).expect(200);
    assert_eq!(seen.body["adjustments"].as_array().unwrap().len(), 1);
    for who in [&as_mentee, &as_mentor] {
        assert_eq!(world.get(who, &path).expect(200).body["adjustments"], json!([]));
    }
    let waiting = world.get(&as_mentee, &format!("/waiting-list?program_id={}", stage.program)).expect(200);
    assert!(!waiting.text.contains(&one));
    let history = |who: &Account| {
        let all = world.get(who, &format!("{path}/history")).expect(200).items().clone();
        all.iter().filter(|it| it["kind"] == "matching_round.adjusted").count()
    };
    assert_eq!((history(&stage.director), history(&as_mentee), history(&as_mentor)), (1, 0, 0));
}

#[test]
fn what_a_choice_would_change_for_somebody_else_tells_staff_nothing_of_their_own_pair() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let director = &stage.director;
    // Three beneficiaries wait for two mentors. A change for one of them takes a mentor from another.
    let people = [(0, 400), (1, 200), (2, 10)].map(|(_, days)| world.waits(&stage, days, json!({})));
    let mentors = [0, 1].map(|_| world.helps(&stage, json!({})));
    let round = world.round(&stage, json!({})).id();
    let path = format!("/matching-rounds/{round}");
    let card = world.get(director, &path).expect(200);
    assert!(!card.body["result"]["scarce"].as_array().unwrap().is_empty(), "{}", card.text);
    for (index, (mentor_person, mentor)) in mentors.iter().enumerate() {
        let both = world.director_and(&format!("both-{index}"), &stage.organization, "mentor", mentor_person);
        let mut moves = 0;
        for (_, who) in &people {
            let explanation = format!("{path}/explanation?beneficiary_id={who}");
            let all = world.get(director, &explanation).expect(200);
            moves += all.text.matches(mentor.as_str()).count();
            let told = world.get(&both, &explanation).expect(200);
            assert!(!told.text.contains(mentor.as_str()), "{}", told.text);
        }
        assert!(moves > 0, "others are told of the mentor");
        for list in ["", "/left-out"] {
            let told = world.get(&both, &format!("{path}{list}")).expect(200);
            assert!(!told.text.contains(mentor.as_str()), "{}", told.text);
        }
    }
}

#[test]
fn whoever_is_matched_learns_as_the_director_no_more_than_as_the_recipient() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let (person, one) = world.waits(&stage, 10, json!({}));
    world.helps(&stage, json!({}));
    let round = world.round(&stage, json!({})).id();
    world.publish(&stage, &round);
    let mentorship = offered(&world, &stage, &round, &one, &[]);
    let both = world.director_and("both", &stage.organization, "mentee", &person);
    let plain = world.account("plain", json!([{"role": "mentee"}]), Some(&person));
    let explanation = format!("/mentorships/{mentorship}/explanation");
    let told = |who: &Account| tests::without_names(&world.get(who, &explanation).expect(200).body);
    assert_eq!(told(&both), told(&plain));
    assert_ne!(told(&stage.director), told(&plain));
}

/// Fills a region of a real installation with that many waiting beneficiaries and mentors. Returns a director.
fn settle(client: &Client, region: &str, admin: &Account, count: usize) -> (Account, Value) {
    let post = |who: &Account, path: &str, body: Value| client.post(who, path, body);
    let office = json!({"kind": "social_service_agency", "name": "Центр", "territory": "25655000"});
    let organization = post(admin, "/organizations", office).expect(201).id();
    let account = json!({"login": "director", "name": "Директор", "password": PASSWORD,
        "grants": [{"role": "director", "organization_id": organization}]});
    post(admin, "/users", account).expect(201);
    let director = client.login_in(region, "director");
    let program =
        post(admin, "/programs", json!({"code": "long", "name": "Наставничество"})).expect(201).id();
    let edition = json!({"effective_from": "2024-01-01", "serves": "person", "completion": {"kind": "term", "max_months": 12}});
    post(admin, &format!("/programs/{program}/editions"), edition).expect(201);
    let person = |born: &str| {
        let form = json!({"family_name": "Морозова", "given_name": "Алёна", "birth_date": born, "sex": "female", "residence": "25655000"});
        post(&director, "/people", form).expect(201).id()
    };
    let born = format!(
        "{}-01-01",
        chrono::Utc::now().date_naive().format("%Y").to_string().parse::<i32>().unwrap() - 20
    );
    let since = chrono::Utc::now().date_naive() - chrono::TimeDelta::days(9);
    let profile = json!({"languages": ["ru"], "hours": ["mon_morning", "sat_evening"]});
    for _ in 0..count {
        let form = json!({"kind": "person", "person_id": person(&born), "category": "without_parental_care", "organization_id": organization, "territory": "25655000"});
        let one = format!("/beneficiaries/{}", post(&director, "/beneficiaries", form).expect(201).id());
        client.put(&director, &format!("{one}/matching-profile"), "\"0\"", profile.clone()).expect(200);
        let needs = json!({"agrees_to_matching": true, "waits": [{"program_id": program, "since": since}]});
        client.put(&director, &format!("{one}/matching-needs"), "\"0\"", needs).expect(200);
        let form = json!({"person_id": person("1980-01-01"), "organization_id": organization, "program_id": program,
            "statement": {"addressed_to": "Директору", "text": "Прошу.", "signed_on": since},
            "questionnaire": {"backgrounds": ["ngo_specialist"], "occupation": "Координатор", "motivation": "Помочь."}, "documents": []});
        let application = format!(
            "/mentor-applications/{}",
            post(&director, "/mentor-applications", form).expect(201).id()
        );
        post(&director, &format!("{application}/submission"), json!({})).expect(200);
        let decided =
            post(&director, &format!("{application}/decision"), json!({"kind": "approve"})).expect(200);
        let mentor = decided.body["mentor_id"].as_str().unwrap().to_owned();
        client
            .put(&director, &format!("/mentors/{mentor}/matching-profile"), "\"0\"", profile.clone())
            .expect(200);
    }
    (director, json!({"program_id": program, "organization_id": organization, "kind": "full"}))
}

fn until(client: &Client, who: &Account, path: &str, state: &str) -> Value {
    let began = Instant::now();
    loop {
        let card = client.get(who, path).expect(200).body;
        if card["state"] == state {
            return card;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{path} does not become {state}: {card}");
        tests::pause();
    }
}

#[test]
fn kill_9_in_the_middle_of_a_round_loses_nothing_and_does_nothing_twice() {
    const COUNT: usize = 120;
    let installation = Installation::new();
    let first = installation.serve();
    let admin = first.admin(&installation);
    let (director, order) = settle(&first.client, &installation.region, &admin, COUNT);
    let begun = first.client.post(&director, "/matching-rounds", order).expect(202);
    first.kill();
    let path = format!("/matching-rounds/{}", begun.id());
    let mut process = installation.serve();
    let ready = until(&process.client, &director, &path, "ready");
    assert_eq!((&ready["result"]["covered"], &ready["pending_proposals"]), (&json!(COUNT), &json!(COUNT)));
    let today = chrono::Utc::now().date_naive() + chrono::TimeDelta::days(1);
    process.client.post(&director, &format!("{path}/publication"), json!({"starts_on": today})).expect(202);
    // The server is killed several times during the publication, at any point of it.
    for pause_ms in [0, 60, 150] {
        std::thread::sleep(Duration::from_millis(pause_ms));
        process.kill();
        process = installation.serve();
    }
    let card = until(&process.client, &director, &path, "published");
    assert_eq!((&card["published_proposals"], &card["refused_proposals"]), (&json!(COUNT), &json!(0)));
    let (mut of, mut next) = (Vec::new(), String::from("/mentorships?limit=200"));
    loop {
        let page = process.client.get(&director, &next).expect(200);
        of.extend(page.items().iter().map(|it| it["beneficiary_id"].as_str().unwrap().to_owned()));
        let Some(cursor) = page.body["next_cursor"].as_str() else { break };
        next = format!("/mentorships?limit=200&cursor={cursor}");
    }
    assert_eq!((of.len(), of.iter().collect::<BTreeSet<_>>().len()), (COUNT, COUNT), "exactly one each");
    let told = installation.run(&["region", "check", "--code", &installation.region]);
    drop(process);
    assert!(told.status.success(), "{told:?}");
}
