use super::Stage;
use serde_json::{Value, json};
use tests::pairs::at_once;
use tests::{Account, World};

#[test]
fn everybody_who_becomes_a_beneficiary_has_one_entry_with_a_number_of_its_own() {
    let stage = Stage::new();
    let world = &stage.world;
    let (one, other) = (stage.entry(&stage.first), stage.entry(&stage.second));
    assert_ne!(one["number"], other["number"]);
    assert_eq!((&one["state"], &one["is_merged"]), (&json!("active"), &json!(false)));
    assert_eq!(one["name"], "Морозова Дарья Сергеевна");
    let family = world.family(&stage.director, &[]);
    let family = world.family_beneficiary(&stage.director, &stage.home, &family);
    let of_family = world.get(&world.admin(), &format!("/register-entries?beneficiary_id={family}"));
    assert!(of_family.expect(200).items().is_empty(), "a family has none");
    let history = format!("/register-entries/{}/history", stage.entry_id(&stage.first));
    let kinds = world.get(&stage.director, &history).expect(200);
    assert_eq!(kinds.items()[0]["kind"], "register_entry.entered");
    let number = one["number"].as_str().expect("a number");
    let found = world.get(&stage.keeper, &format!("/register-entries?number={number}")).expect(200);
    assert_eq!(found.items()[0]["beneficiary_id"], json!(stage.first));
}

#[test]
fn fifty_people_who_become_beneficiaries_at_once_get_fifty_numbers() {
    let world = World::new();
    let (home, director) = world.institution("Центр");
    let people: Vec<String> = (0..50)
        .map(|it| {
            world.person(
                &director,
                json!({"family_name": "Рой", "birth_date": format!("2008-02-{:02}", it % 28 + 1)}),
            )
        })
        .collect();
    let form = |it: usize| json!({"kind": "person", "person_id": people[it], "category": "orphan", "organization_id": home, "territory": "25655000"});
    let answers = at_once(50, |it| world.post(&director, "/beneficiaries", form(it)));
    assert!(answers.iter().all(|it| it.0 == 201), "{answers:?}");
    let list = world.get(&director, "/register-entries?limit=100").expect(200);
    let mut numbers: Vec<String> = list.items().iter().map(|it| it["number"].to_string()).collect();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 50);
}

#[test]
fn an_entry_is_seen_by_who_sees_the_beneficiary_and_by_who_keeps_the_register() {
    let stage = Stage::new();
    let world = &stage.world;
    let path = format!("/register-entries/{}", stage.entry_id(&stage.first));
    let seen = |who: &Account| world.get(who, "/register-entries").expect(200).items().len();
    for (who, count) in
        [(&stage.director, 1), (&stage.other_director, 1), (&stage.keeper, 2), (&world.admin(), 2)]
    {
        assert_eq!(seen(who), count, "{}", who.login);
    }
    world.get(&stage.director, &path).expect(200);
    world.get(&stage.other_director, &path).refused(404, "request.not_found");
    let officer = |territory: &str| {
        let grant = json!([{"role": "guardianship_officer", "territory": territory}]);
        world.account(&format!("officer.{territory}"), grant, None)
    };
    world.get(&officer("25655000"), &path).expect(200);
    world.get(&officer("33701000"), &path).refused(404, "request.not_found");
    for (role, status) in [("analyst", 403), ("tutor", 403)] {
        let who = world.account(role, json!([{"role": role}]), None);
        assert_eq!(world.get(&who, "/register-entries").status, status, "{role}");
    }
    let specialist = world.staff("support_specialist", &stage.home);
    let order = json!({"removed_on": world.day(0), "reason": "moved_out"});
    world.post(&specialist, &format!("{path}/removal"), order.clone()).refused(403, "access.forbidden");
    world.post(&stage.director, &format!("{path}/removal"), order).refused(403, "register.not_keeper");
    assert_eq!(world.get(&stage.director, &path).expect(200).actions(), json!([]));
}

#[test]
fn an_entry_is_removed_and_taken_back_and_never_while_somebody_is_accompanied() {
    let stage = Stage::new();
    let world = &stage.world;
    let path = format!("/register-entries/{}", stage.entry_id(&stage.first));
    let case = world.case(&stage.director, &stage.home, &stage.first);
    let remove = |order: Value| world.post(&stage.keeper, &format!("{path}/removal"), order);
    let whole = json!({"removed_on": world.day(0), "reason": "moved_out"});
    let refused = remove(json!({"removed_on": world.day(1), "reason": "other"}));
    assert_eq!(refused.codes(), ["register.open_case", "register.in_future", "field.missing"]);
    let early = remove(json!({"removed_on": "1900-01-01", "reason": "died"}));
    assert_eq!(early.codes(), ["register.open_case", "life.before_birth", "person.alive"]);
    let offered = world.get(&stage.keeper, &path).expect(200);
    assert_eq!(offered.action("remove").expect("it")["blocked_by"][0], "register.open_case");
    let closing = json!({"closed_on": world.day(0), "reason": "moved"});
    world.post(&stage.director, &format!("/cases/{case}/closing"), closing).expect(200);
    let removed = remove(whole.clone()).expect(200);
    assert_eq!(
        (&removed.body["state"], &removed.body["removal_reason"]),
        (&json!("removed"), &json!("moved_out"))
    );
    remove(whole).refused(409, "register.not_active");
    let of_state =
        |state: &str| world.get(&stage.keeper, &format!("/register-entries?state={state}")).expect(200);
    assert_eq!(of_state("removed").items().len(), 1);
    assert_eq!(of_state("active").items().len(), 1);
    let restore =
        || world.post(&stage.keeper, &format!("{path}/restoration"), json!({"reason": "Вернулась."}));
    let back = restore().expect(200);
    assert_eq!((&back.body["state"], &back.body["note"]), (&json!("active"), &json!("Вернулась.")));
    assert_eq!(back.body["number"], removed.body["number"]);
    restore().refused(409, "register.not_removed");
}

#[test]
fn a_removal_by_a_stale_version_changes_nothing() {
    let stage = Stage::new();
    let path = format!("/api/v1/register-entries/{}/removal", stage.entry_id(&stage.first));
    let order = json!({"removed_on": stage.world.day(0), "reason": "age"});
    let ask = |etag: &str| {
        stage.world.ask("POST", &path).by(&stage.keeper).header("if-match", etag).json(&order).send()
    };
    ask("\"7\"").refused(412, "version.stale");
    assert_eq!(stage.entry(&stage.first)["state"], "active");
    ask("\"1\"").expect(200);
}

#[test]
fn a_key_narrowed_to_the_organization_that_keeps_the_register_reads_no_more_than_its_own() {
    let stage = Stage::new();
    let keeping =
        stage.world.get(&stage.keeper, "/me").expect(200).body["user"]["grants"][0]["organization_id"]
            .clone();
    let key = stage.world.key(&["read_register"], json!({"organization_ids": [keeping]}));
    assert!(stage.world.get(&key, "/register-entries").expect(200).items().is_empty());
    let whole = stage.world.key(&["read_register"], json!({}));
    assert_eq!(stage.world.get(&whole, "/register-entries").expect(200).items().len(), 2);
}
