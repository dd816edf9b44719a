use super::Stage;
use serde_json::{Value, json};
use tests::pairs::{at_once, pause};
use tests::{Account, World};

fn pairs(stage: &Stage, who: &Account) -> Vec<Value> {
    stage.world.get(who, "/register-candidates").expect(200).items().clone()
}

#[test]
fn records_that_are_alike_are_shown_to_those_who_keep_the_register_and_to_nobody_else() {
    let stage = Stage::new();
    let found = pairs(&stage, &stage.keeper);
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0]["state"], &found[0]["is_likely"]), (&json!("new"), &json!(true)));
    let both: Vec<&Value> =
        found[0]["entries"].as_array().expect("two").iter().map(|it| &it["beneficiary_id"]).collect();
    assert!(both.contains(&&json!(stage.first)) && both.contains(&&json!(stage.second)));
    assert_eq!(pairs(&stage, &stage.world.admin()).len(), 1);
    let path = format!("/register-candidates/{}", found[0]["id"].as_str().expect("an id"));
    for who in [&stage.director, &stage.other_director] {
        assert!(pairs(&stage, who).is_empty(), "{}", who.login);
        stage.world.get(who, &path).refused(404, "request.not_found");
    }
    for (who, count) in [(&stage.keeper, 1), (&stage.world.admin(), 1), (&stage.director, 0)] {
        let desk = stage.world.on_desk(who, "register_pairs_to_decide");
        assert_eq!(desk.len(), count, "{}: a pair waits for those who decide it", who.login);
        assert_eq!(desk, pairs(&stage, who).iter().map(tests::Reply::id_of).collect::<Vec<_>>());
    }
    for state in ["merged", "distinct", "unlike"] {
        let list = stage.world.get(&stage.keeper, &format!("/register-candidates?state={state}&likely=true"));
        assert!(list.expect(200).items().is_empty(), "{state}");
    }
}

#[test]
fn a_pair_that_was_dismissed_is_never_proposed_again() {
    let stage = Stage::new();
    let found = pairs(&stage, &stage.keeper);
    let path = format!("/register-candidates/{}", found[0]["id"].as_str().expect("an id"));
    let order = json!({"reason": "Близнецы."});
    let dismissed = stage.world.post(&stage.keeper, &format!("{path}/dismissal"), order.clone()).expect(200);
    assert_eq!(
        (&dismissed.body["state"], &dismissed.body["reason"]),
        (&json!("distinct"), &json!("Близнецы."))
    );
    stage
        .world
        .post(&stage.keeper, &format!("{path}/dismissal"), order)
        .refused(409, "register_candidate.decided");
    let card = stage.world.get(&stage.director, &format!("/beneficiaries/{}", stage.first)).expect(200);
    let person = format!("/people/{}", card.body["person_id"].as_str().expect("a person"));
    stage.world.patch(&stage.director, &person, "\"1\"", json!({"residence": "25655000"})).expect(200);
    assert_eq!(pairs(&stage, &stage.keeper)[0]["state"], "distinct");
    assert_eq!(pairs(&stage, &stage.keeper).len(), 1);
}

#[test]
fn a_pair_whose_data_were_corrected_is_alike_no_more_and_may_become_so_again() {
    let stage = Stage::new();
    let card = stage.world.get(&stage.director, &format!("/beneficiaries/{}", stage.first)).expect(200);
    let person = format!("/people/{}", card.body["person_id"].as_str().expect("a person"));
    let edit =
        |version: &str, form: Value| stage.world.patch(&stage.director, &person, version, form).expect(200);
    edit("\"1\"", json!({"family_name": "Громова", "given_name": "Инна", "birth_date": "2001-05-05"}));
    assert_eq!(pairs(&stage, &stage.keeper)[0]["state"], "unlike");
    edit("\"2\"", json!({"family_name": "Морозова", "given_name": "Дарья", "birth_date": "2007-01-10"}));
    assert_eq!(pairs(&stage, &stage.keeper)[0]["state"], "new");
}

#[test]
fn a_merge_decides_its_pair_and_a_reversal_makes_them_different_people() {
    let stage = Stage::new();
    let merge = stage.merged();
    assert_eq!(pairs(&stage, &stage.keeper)[0]["state"], "merged");
    stage.reverse(&merge).expect(200);
    let pair = &pairs(&stage, &stage.keeper)[0];
    assert_eq!((&pair["state"], &pair["reason"]), (&json!("distinct"), &json!("Это сёстры.")));
}

/// Waits for the end of a scan.
fn scanned(world: &World, who: &Account, id: &str) -> Value {
    for _ in 0..100 {
        let scan = world.get(who, &format!("/register-scans/{id}")).expect(200).body;
        if scan["state"] != "running" {
            return scan;
        }
        pause();
    }
    panic!("the scan did not end");
}

#[test]
fn a_scan_compares_everybody_and_finds_what_is_known_only_once() {
    let stage = Stage::new();
    let world = &stage.world;
    world.post(&stage.director, "/register-scans", json!(null)).refused(403, "register.not_keeper");
    let begun = world.post(&stage.keeper, "/register-scans", json!(null)).expect(202);
    assert_eq!(begun.body["state"], "running");
    let done = scanned(world, &stage.keeper, &begun.id());
    assert_eq!((&done["state"], &done["entries"], &done["found"]), (&json!("done"), &json!(2), &json!(0)));
    world.get(&stage.director, &format!("/register-scans/{}", begun.id())).refused(404, "request.not_found");
    stage.merged();
    let again = world.post(&stage.keeper, "/register-scans", json!(null)).expect(202);
    assert_eq!(scanned(world, &stage.keeper, &again.id())["found"], json!(0));
    assert_eq!(pairs(&stage, &stage.keeper)[0]["state"], "merged");
}

#[test]
fn one_scan_runs_at_a_time() {
    let stage = Stage::new();
    let begun = at_once(10, |_| stage.world.post(&stage.keeper, "/register-scans", json!(null)));
    assert!(begun.iter().any(|it| it.0 == 202), "{begun:?}");
    assert!(begun.contains(&(409, "register_scan.running".to_owned())), "{begun:?}");
}
