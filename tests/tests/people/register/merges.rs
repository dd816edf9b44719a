use super::{Stage, of_both};
use serde_json::{Value, json};
use tests::pairs::{Pair, at_once};
use tests::{Account, Reply};

fn opening(stage: &Stage, of: &str, organization: &str) -> Value {
    json!({"beneficiary_id": of, "organization_id": organization, "opened_on": stage.world.day(-1)})
}

/// The value of a parameter of an error.
fn param(error: &Value, name: &str) -> Value {
    let all = error["params"].as_array().expect("parameters");
    all.iter().find(|it| it["name"] == name).expect("the parameter")["value"].clone()
}

/// Every card of both records that a caller reads, as bytes.
fn cards(stage: &Stage, who: &Account, cases: &[String]) -> Vec<String> {
    let mut paths: Vec<String> = cases.iter().map(|it| format!("/cases/{it}")).collect();
    for of in [&stage.first, &stage.second] {
        paths.push(format!("/beneficiaries/{of}"));
        paths.push(format!("/register-entries/{}", stage.entry_id(of)));
        paths.push(format!("/cases?beneficiary_id={of}"));
        paths.push(format!("/mentorships?beneficiary_id={of}"));
    }
    paths.iter().map(|it| stage.world.get(who, it).expect(200).body.to_string()).collect()
}

#[test]
fn a_merge_counts_both_records_and_its_reversal_brings_every_card_back() {
    let stage = Stage::new();
    let world = &stage.world;
    let both = of_both(&stage);
    let program = world.program("together-six-meetings");
    let one = world.case(&stage.director, &stage.home, &stage.first);
    let two = world.case(&stage.other_director, &stage.away, &stage.second);
    let pair = world.pair_at(&stage.home, &stage.director, &program);
    let person = world.get(&stage.director, &format!("/beneficiaries/{}", stage.first)).expect(200);
    let person = person.body["person_id"].as_str().expect("a person").to_owned();
    let pair = Pair { beneficiary: stage.first.clone(), person, ..pair };
    let mentorship = world.proposed(&pair);
    let cases = [one.clone(), two.clone()];
    let before = cards(&stage, &both, &cases);

    let merge = stage.merged();
    let of_first = world.get(&both, &format!("/cases?beneficiary_id={}", stage.first)).expect(200);
    assert_eq!(of_first.items().len(), 2, "a list of the first shows both");
    let of_second = world.get(&both, &format!("/mentorships?beneficiary_id={}", stage.second)).expect(200);
    assert_eq!(of_second.items()[0]["id"], json!(mentorship));
    let second = stage.entry(&stage.second);
    assert_eq!(
        (&second["is_merged"], &second["merged_into_id"]),
        (&json!(true), &json!(stage.entry_id(&stage.first)))
    );

    // A second open case in either organization, and a second mentorship in the program.
    let open = |of: &str, organization: &str| world.post(&both, "/cases", opening(&stage, of, organization));
    open(&stage.first, &stage.home).refused(409, "case.already_open");
    open(&stage.first, &stage.away).refused(409, "case.already_open");
    let merged = open(&stage.second, &stage.home).refused(409, "register.merged");
    assert_eq!(param(&merged.body["errors"][0], "primary_beneficiary_id"), json!(stage.first));
    let (_, mentor) = world.trained_mentor(&stage.away, &stage.other_director);
    let other_pair =
        Pair { beneficiary: stage.second.clone(), mentor, organization: stage.away.clone(), ..pair.clone() };
    let codes = world.post(&stage.other_director, "/mentorships", world.proposal(&other_pair));
    assert!(codes.codes().contains(&"mentorship.already_in_program"), "{:?}", codes.codes());

    // A thing that began meanwhile stays, and the reversal tells it.
    let plan = json!({"kind": "life_plan"});
    let plan =
        world.post(&stage.director, &format!("/beneficiaries/{}/plans", stage.first), plan).expect(201).id();
    let second_plan = world.post(
        &stage.other_director,
        &format!("/beneficiaries/{}/plans", stage.second),
        json!({"kind": "life_plan"}),
    );
    second_plan.refused(409, "plan.already_open");
    let reversed = stage.reverse(&merge).expect(200);
    assert_eq!(reversed.body["since_merge"], json!([{"kind": "plan", "id": plan}]));
    assert_eq!(reversed.body["state"], "reversed");
    assert_eq!(cards(&stage, &both, &cases), before);
    world
        .post(
            &stage.other_director,
            &format!("/beneficiaries/{}/plans", stage.second),
            json!({"kind": "life_plan"}),
        )
        .expect(201);
    stage.reverse(&merge).refused(409, "register_merge.reversed");
}

#[test]
fn what_one_person_has_once_is_named_before_a_merge() {
    let stage = Stage::new();
    let world = &stage.world;
    world.case(&stage.director, &stage.home, &stage.first);
    let both = of_both(&stage);
    let second = world.post(&both, "/cases", opening(&stage, &stage.second, &stage.home));
    let second = if second.status == 201 { second.id() } else { panic!("{}", second.body) };
    for (who, of) in [(&stage.director, &stage.first), (&stage.other_director, &stage.second)] {
        world.post(who, &format!("/beneficiaries/{of}/plans"), json!({"kind": "life_plan"})).expect(201);
    }
    let pair = Reply::id_of(&world.get(&stage.keeper, "/register-candidates").expect(200).items()[0]);
    let pair = || world.get(&stage.keeper, &format!("/register-candidates/{pair}")).expect(200).body;
    let foreseen: Vec<Value> =
        pair()["clashes"].as_array().expect("all").iter().map(|it| it["kind"].clone()).collect();
    assert_eq!(foreseen, [json!("case"), json!("plan")], "told before anybody merges");
    let refused = stage
        .merging(&stage.keeper, &stage.first, stage.order(&stage.second))
        .refused(409, "register_merge.clash");
    let errors = refused.body["errors"].as_array().expect("all");
    let told: Vec<Value> = errors.iter().map(|it| param(it, "kind")).collect();
    assert_eq!(told, [json!("case"), json!("plan")]);
    assert_eq!(param(&errors[0], "other_id"), json!(second));
    let merges = world.get(&stage.keeper, "/register-merges").expect(200);
    assert!(merges.items().is_empty(), "nothing was merged");
}

#[test]
fn an_institution_that_does_not_see_the_first_record_goes_on_with_its_own() {
    let stage = Stage::new();
    let world = &stage.world;
    stage.merged();
    let case =
        world.post(&stage.other_director, "/cases", opening(&stage, &stage.second, &stage.away)).expect(201);
    let seen = world
        .get(&stage.other_director, &format!("/register-entries?beneficiary_id={}", stage.second))
        .expect(200);
    assert_eq!(
        (&seen.items()[0]["is_merged"], &seen.items()[0]["merged_into_id"]),
        (&json!(true), &Value::Null)
    );
    world
        .get(&stage.other_director, &format!("/beneficiaries/{}", stage.first))
        .refused(404, "request.not_found");
    let of_first = world.get(&stage.director, &format!("/cases?beneficiary_id={}", stage.first)).expect(200);
    assert!(of_first.items().is_empty(), "the case of the other institution is not shown");
    assert_eq!(case.body["beneficiary_id"], json!(stage.second));
}

#[test]
fn merges_are_for_those_who_keep_the_register() {
    let stage = Stage::new();
    let world = &stage.world;
    let both = of_both(&stage);
    stage.merging(&both, &stage.first, stage.order(&stage.second)).refused(403, "register.not_keeper");
    stage
        .merging(&stage.director, &stage.first, stage.order(&stage.second))
        .refused(403, "register.not_keeper");
    let merge = stage.merged();
    for who in [&both, &stage.director] {
        assert!(world.get(who, "/register-merges").expect(200).items().is_empty());
        world.get(who, &format!("/register-merges/{merge}")).refused(404, "request.not_found");
        let order = json!({"reason": "Нет."});
        world
            .post(who, &format!("/register-merges/{merge}/reversal"), order)
            .refused(404, "request.not_found");
    }
    let nobody = json!({"other_entry_id": "01980000-0000-7000-8000-000000000000", "reason": "Нет."});
    stage.merging(&stage.keeper, &stage.first, nobody).refused(422, "field.reference");
    stage.merging(&stage.keeper, &stage.first, stage.order(&stage.first)).refused(422, "register_merge.same");
}

#[test]
fn merges_nest_and_the_latest_is_reversed_first() {
    let stage = Stage::new();
    let world = &stage.world;
    let third = world.person(&stage.director, json!({"given_name": "Даша", "birth_date": "2007-01-10"}));
    let third = world.beneficiary(&stage.director, &stage.home, &third);
    let inner = stage.merged();
    stage.merging(&stage.keeper, &third, stage.order(&stage.second)).refused(409, "register.merged");
    let outer = stage.merging(&stage.keeper, &third, stage.order(&stage.first)).expect(201).id();
    stage.reverse(&inner).refused(409, "register_merge.not_latest");
    let blocked = world.get(&stage.keeper, &format!("/register-merges/{inner}")).expect(200);
    assert_eq!(blocked.action("reverse").expect("it")["blocked_by"][0], "register_merge.not_latest");
    // All three are one person: the plan of the third counts for the second.
    world
        .post(&stage.director, &format!("/beneficiaries/{third}/plans"), json!({"kind": "life_plan"}))
        .expect(201);
    let second = format!("/beneficiaries/{}/plans", stage.second);
    world
        .post(&stage.other_director, &second, json!({"kind": "life_plan"}))
        .refused(409, "plan.already_open");
    stage.reverse(&outer).expect(200);
    stage.reverse(&inner).expect(200);
    world.post(&stage.other_director, &second, json!({"kind": "life_plan"})).expect(201);
}

#[test]
fn different_snils_are_merged_only_where_somebody_confirms_it() {
    let stage = Stage::new();
    let world = &stage.world;
    for (who, of, snils) in [
        (&stage.director, &stage.first, "11223344595"),
        (&stage.other_director, &stage.second, "08765430300"),
    ] {
        let card = world.get(who, &format!("/beneficiaries/{of}")).expect(200);
        let path = format!("/people/{}", card.body["person_id"].as_str().expect("a person"));
        world.patch(who, &path, "\"1\"", json!({"snils": snils})).expect(200);
    }
    let mut order = stage.order(&stage.second);
    stage.merging(&stage.keeper, &stage.first, order.clone()).refused(409, "register_merge.snils_differ");
    order["confirm_different_snils"] = json!(true);
    stage.merging(&stage.keeper, &stage.first, order).expect(201);
}

#[test]
fn two_people_who_merge_the_same_records_at_once_merge_them_once() {
    let stage = Stage::new();
    let (one, two) = (stage.order(&stage.second), stage.order(&stage.first));
    let (first, second) = (stage.entry_id(&stage.first), stage.entry_id(&stage.second));
    let answers = at_once(10, |it| {
        let (of, order) = if it % 2 == 0 { (&first, &one) } else { (&second, &two) };
        stage.world.post(&stage.keeper, &format!("/register-entries/{of}/merges"), order.clone())
    });
    assert_eq!(answers.iter().filter(|it| it.0 == 201).count(), 1, "{answers:?}");
    let merges = stage.world.get(&stage.keeper, "/register-merges?in_force=true").expect(200);
    assert_eq!(merges.items().len(), 1);
}

#[test]
fn a_merge_while_a_mentorship_is_proposed_leaves_one_of_the_two() {
    let stage = Stage::new();
    let world = &stage.world;
    let program = world.program("together-six-meetings");
    let mut pairs = Vec::new();
    for (who, home, of) in
        [(&stage.director, &stage.home, &stage.first), (&stage.other_director, &stage.away, &stage.second)]
    {
        world.case(who, home, of);
        let pair = world.pair_at(home, who, &program);
        let person = world.get(who, &format!("/beneficiaries/{of}")).expect(200).body["person_id"]
            .as_str()
            .expect("a person")
            .to_owned();
        pairs.push(Pair { beneficiary: of.clone(), person, ..pair });
    }
    world.proposed(&pairs[0]);
    let (proposal, order) = (world.proposal(&pairs[1]), stage.order(&stage.second));
    let path = format!("/register-entries/{}/merges", stage.entry_id(&stage.first));
    let answers = at_once(2, |it| match it {
        0 => world.post(&stage.other_director, "/mentorships", proposal.clone()),
        _ => world.post(&stage.keeper, &path, order.clone()),
    });
    assert_eq!(answers.iter().filter(|it| it.0 == 201).count(), 1, "{answers:?}");
    let refused = answers.iter().find(|it| it.0 != 201).expect("one of the two");
    assert!(
        ["register_merge.clash", "mentorship.already_in_program"].contains(&refused.1.as_str()),
        "{answers:?}"
    );
}

#[test]
fn a_case_of_the_second_record_carries_a_mentorship_of_the_first_and_a_death_ends_both() {
    let stage = Stage::new();
    let world = &stage.world;
    let both = of_both(&stage);
    // One institution has entered her twice; the open case hangs on the second record.
    let case = world.post(&both, "/cases", opening(&stage, &stage.second, &stage.home)).expect(201).id();
    stage.merged();
    let program = world.program("together-six-meetings");
    let pair = world.pair_at(&stage.home, &stage.director, &program);
    let person = stage.person_of(&stage.first);
    let pair = Pair { beneficiary: stage.first.clone(), person: person.clone(), ..pair };
    let mentorship = world.proposed(&pair);
    world.die(&stage.director, &person, 0).expect(200);
    let state = |path: String| world.get(&both, &path).expect(200).body["state"].clone();
    assert_eq!(state(format!("/cases/{case}")), "closed");
    assert_ne!(state(format!("/mentorships/{mentorship}")), "proposed");
    let again = opening(&stage, &stage.second, &stage.away);
    world.post(&stage.other_director, "/cases", again).refused(409, "person.dead");
}

#[test]
fn a_merge_waits_until_a_death_is_on_record_under_both_entries_and_ends_nothing_itself() {
    let stage = Stage::new();
    let world = &stage.world;
    let case = world.case(&stage.other_director, &stage.away, &stage.second);
    let state = || {
        let card = world.get(&stage.other_director, &format!("/cases/{case}")).expect(200);
        card.body["state"].clone()
    };
    world.die(&stage.director, &stage.person_of(&stage.first), 0).expect(200);
    for (one, other) in [(&stage.first, &stage.second), (&stage.second, &stage.first)] {
        let refused =
            stage.merging(&stage.keeper, one, stage.order(other)).refused(409, "register_merge.one_died");
        assert_eq!(refused.body["errors"][0]["pointer"], "/other_entry_id");
    }
    assert_eq!(state(), "open");
    world.die(&stage.other_director, &stage.person_of(&stage.second), 0).expect(200);
    assert_eq!(state(), "closed");
    stage.merged();
}

#[test]
fn a_death_under_one_record_frees_the_seat_that_the_person_has_under_the_other() {
    let stage = Stage::new();
    let world = &stage.world;
    let event = json!({"organization_id": stage.away, "title": "Слёт выпускников", "kind": "lecture", "level": "municipal",
        "online": false, "starts_on": world.day(7), "registration": "by_staff"});
    let event = world.post(&stage.other_director, "/events", event).expect(201).id();
    let form =
        json!({"event_id": event, "person_id": stage.person_of(&stage.second), "audience": "care_leavers"});
    let seat = world.post(&stage.other_director, "/event-participants", form).expect(201).id();
    stage.merged();
    world.die(&stage.director, &stage.person_of(&stage.first), 0).expect(200);
    let seat = world.get(&stage.other_director, &format!("/event-participants/{seat}")).expect(200);
    assert_eq!(seat.body["state"], "cancelled");
}

#[test]
fn a_relative_known_by_one_record_is_no_mentor_under_the_other() {
    let stage = Stage::new();
    let world = &stage.world;
    world.case(&stage.director, &stage.home, &stage.first);
    let program = world.program("together-six-meetings");
    let pair = world.pair_at(&stage.home, &stage.director, &program);
    let grants = json!([{"role": "director", "organization_id": stage.home}, {"role": "director", "organization_id": stage.away}]);
    let both = world.account("registrar", grants, None);
    world.guardian(&both, &stage.second, &pair.mentor_person);
    let card = world.get(&stage.director, &format!("/beneficiaries/{}", stage.first)).expect(200);
    let person = card.body["person_id"].as_str().expect("a person").to_owned();
    let pair = Pair { beneficiary: stage.first.clone(), person, ..pair };
    stage.merged();
    let refused = world.post(&stage.director, "/mentorships", world.proposal(&pair));
    assert!(refused.codes().contains(&"mentorship.conflict_of_interest"), "{:?}", refused.codes());
}

#[test]
fn the_pairs_of_three_records_are_decided_with_their_merges() {
    let stage = Stage::new();
    let world = &stage.world;
    let third = world.person(&stage.director, json!({"given_name": "Дарья", "birth_date": "2007-01-10"}));
    let third = world.beneficiary(&stage.director, &stage.home, &third);
    stage.merged();
    stage.merging(&stage.keeper, &stage.first, stage.order(&third)).expect(201);
    let states: Vec<Value> = world
        .get(&stage.keeper, "/register-candidates")
        .expect(200)
        .items()
        .iter()
        .map(|it| it["state"].clone())
        .collect();
    assert_eq!(states, ["merged", "merged", "merged"]);
}
