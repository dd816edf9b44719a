//! Approvals: in the order of the form, in person or on paper; adoption and return.
use super::{Stage, goal, route};
use serde_json::json;
use tests::{Account, Reply};

#[test]
fn the_guardianship_approves_after_the_director_and_adopts() {
    let stage = Stage::born("2012-01-10");
    let world = &stage.world;
    let text = json!({"answers": [
        {"section": "rights", "field": "notes", "value": "Пенсия назначена."},
        {"section": "family_placement", "field": "notes", "value": "Подбирают семью."},
        {"section": "health", "field": "notes", "value": "Здоров."},
        {"section": "education", "field": "notes", "value": "7 класс."}
    ], "goals": [{"key": "music", "section": "development", "text": "Музыка", "criteria": "Играет", "due_on": "2026-06-01"}],
        "opinion": "Хочу в семью."});
    let (plan, version) = stage.submitted("development_placement", text);
    let officer =
        world.account("officer", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    let waiting = |who: &Account| {
        let agenda = world.get(who, "/me/agenda").expect(200).body;
        let part = agenda["plans_to_approve"].as_array().expect("a part").clone();
        assert!(part.iter().all(|it| it["versions"][0]["id"] == json!(version)), "{part:?}");
        part.iter().map(Reply::id_of).collect::<Vec<_>>()
    };
    let (_, stranger) = world.institution("Чужой центр");
    assert_eq!(waiting(&stage.director), std::slice::from_ref(&plan));
    for who in [&stage.specialist, &stage.head, &officer, &stranger, &world.admin()] {
        assert_eq!(waiting(who), Vec::<String>::new(), "{}", who.login);
    }
    let order = json!({"approver": "guardianship"});
    let told = world.of_version(&officer, &version, "approvals", order.clone());
    let told = told.refused(409, "plan_version.out_of_turn");
    assert_eq!(told.body["errors"][0]["params"][0]["value"], "director");
    let own = json!({"approver": "director"});
    world.of_version(&officer, &version, "approvals", own.clone()).refused(403, "access.not_yours");
    world.of_version(&stage.specialist, &version, "approvals", own.clone()).refused(422, "field.missing");
    world.of_version(&stage.director, &version, "approvals", own).expect(200);
    assert_eq!((waiting(&officer), waiting(&stage.director)), (vec![plan.clone()], Vec::new()));
    let adopted = world.of_version(&officer, &version, "approvals", order.clone()).expect(200);
    assert_eq!(waiting(&officer), Vec::<String>::new());
    assert_eq!(
        (&adopted.body["state"], &adopted.body["adopted_on"]),
        (&json!("adopted"), &json!(world.day(0)))
    );
    let approvers: Vec<&str> = adopted.body["approvals"]
        .as_array()
        .expect("approvals")
        .iter()
        .filter_map(|it| it["approver"].as_str())
        .collect();
    assert_eq!(approvers, ["director", "guardianship"]);
    let card = world.get(&stage.director, &format!("/plans/{plan}")).expect(200);
    assert_eq!(card.body["review_on"], "2026-09-02");
    world.of_version(&officer, &version, "approvals", order).refused(409, "plan_version.not_submitted");
    let back = json!({"reason": "Поздно."});
    world.of_version(&officer, &version, "return", back).refused(409, "plan_version.not_submitted");
    let elsewhere =
        world.account("elsewhere", json!([{"role": "guardianship_officer", "territory": "33701000"}]), None);
    world.get(&elsewhere, &format!("/plan-versions/{version}")).refused(404, "request.not_found");
}

#[test]
fn preventive_measures_of_a_case_are_adopted_by_the_director_and_the_commission() {
    let stage = Stage::born("2012-01-10");
    let mut measure = goal("studio", "measures");
    measure["steps"] =
        json!([{"key": "studio-first", "text": "Записаться", "responsible_text": "Социальный педагог"}]);
    let text = json!({"answers": [{"section": "grounds", "field": "notes", "value": "Прогулы."}],
        "goals": [measure], "opinion": "Согласна."});
    let plan = stage.plan("prevention");
    let version = stage.world.adopted(&stage.specialist, &plan, text, &["director", "commission"]);
    let told = stage.version(&stage.specialist, &version);
    assert_eq!((&told["state"], &told["goals"][0]["section"]), (&json!("adopted"), &json!("measures")));
}

#[test]
fn a_head_does_not_approve_the_own_version_and_a_new_one_supersedes() {
    let stage = Stage::new();
    let world = &stage.world;
    let plan = stage.plan("trajectory");
    let first = world.drafted(&stage.head, &plan, stage.trajectory());
    world.of_version(&stage.head, &first, "submission", json!({})).expect(200);
    let order = json!({"approver": "unit_head"});
    let told = world.of_version(&stage.head, &first, "approvals", order.clone());
    told.refused(409, "plan_version.own_approval");
    let waiting = |who: &Account| world.get(who, "/me/agenda").expect(200).body["plans_to_approve"].clone();
    assert_eq!(waiting(&stage.head), json!([]), "the own version waits for others");
    assert_eq!(waiting(&stage.director)[0]["id"], json!(plan));
    world.of_version(&stage.director, &first, "approvals", order.clone()).expect(200);
    let mut text = stage.trajectory();
    text["answers"][0]["value"] = json!("Поёт.");
    let second = world.drafted(&stage.specialist, &plan, text);
    world.of_version(&stage.specialist, &second, "submission", json!({})).expect(200);
    world.of_version(&stage.head, &second, "approvals", order).expect(200);
    let states = [&first, &second].map(|it| stage.version(&stage.head, it)["state"].clone());
    assert_eq!(states, [json!("superseded"), json!("adopted")]);
    let told = world.get(&stage.head, &format!("/plan-versions/{first}/history")).expect(200);
    assert_eq!(told.items()[0]["kind"], "plan_version.superseded");
}

#[test]
fn nobody_but_a_consilium_adopts_a_route() {
    let stage = Stage::new();
    let world = &stage.world;
    let (_, version) = stage.submitted("route", route());
    for approver in ["consilium", "director"] {
        let order = json!({"approver": approver, "on_paper_file_id": world.file(&stage.director, "other")});
        world
            .of_version(&stage.director, &version, "approvals", order)
            .refused(409, "plan_version.by_consilium");
    }
    let card = stage.version(&stage.director, &version);
    assert_eq!(card["next_approver"], "consilium");
    let offered =
        card["available_actions"].as_array().expect("actions").iter().find(|it| it["code"] == "approve_plan");
    assert_eq!(offered.expect("offered")["blocked_by"], json!(["plan_version.by_consilium"]));
    let back = json!({"reason": "Поправить."});
    world.of_version(&stage.specialist, &version, "return", back.clone()).refused(403, "access.not_yours");
    world.of_version(&stage.head, &version, "return", back).expect(200);
}

#[test]
fn a_person_from_fourteen_signs_and_before_it_the_representative_does() {
    for (born, signs, refused) in
        [("2012-03-02", "person", "representative"), ("2012-03-03", "representative", "person")]
    {
        let stage = Stage::born(born);
        let world = &stage.world;
        let plan = world.plan(&stage.specialist, &stage.beneficiary, json!({"kind": "life_plan"}));
        let version = world.drafted(&stage.specialist, &plan, world.life_plan_text());
        world.of_version(&stage.specialist, &version, "submission", json!({})).expect(200);
        world
            .of_version(&stage.specialist, &version, "approvals", json!({"approver": "specialist"}))
            .expect(200);
        let on_paper = |approver: &str| json!({"approver": approver, "on_paper_file_id": world.file(&stage.specialist, "other")});
        let told = world.of_version(&stage.specialist, &version, "approvals", on_paper(refused));
        let code = if refused == "representative" {
            "plan_version.person_not_signed"
        } else {
            "plan_version.out_of_turn"
        };
        told.refused(409, code);
        world.of_version(&stage.specialist, &version, "approvals", on_paper(signs)).expect(200);
    }
}

#[test]
fn a_child_of_nine_need_not_be_heard_and_one_of_ten_must() {
    for (born, code) in [("2016-03-02", Some("plan_version.not_heard")), ("2016-03-03", None)] {
        let stage = Stage::born(born);
        let world = &stage.world;
        let plan = stage.plan("trajectory");
        let mut text = stage.trajectory();
        text.as_object_mut().expect("a text").remove("opinion");
        let version = world.drafted(&stage.specialist, &plan, text);
        let told = world.of_version(&stage.specialist, &version, "submission", json!({}));
        match code {
            Some(code) => told.refused(409, code),
            None => told.expect(200),
        };
    }
}
