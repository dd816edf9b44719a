//! The actions of cards: where each is sent, what refuses it now, and the words that it takes.
use serde_json::{Value, json};
use tests::entries::all;
use tests::pairs::Pair;
use tests::{Account, Realm, Reply, World};

fn card(world: &World, who: &Account, path: &str) -> Reply {
    world.get(who, path).expect(200)
}

/// Sends an order to where the card says.
fn send(world: &World, who: &Account, action: &Value, body: &Value) -> Reply {
    let method = if action["method"] == "PUT" { "PUT" } else { "POST" };
    world.ask(method, action["path"].as_str().expect("a path")).by(who).json(body).send()
}

fn blocked(action: &Value) -> Vec<&str> {
    action["blocked_by"].as_array().expect("codes").iter().filter_map(Value::as_str).collect()
}

fn words<'a>(action: &'a Value, pointer: &str) -> Vec<&'a str> {
    let member = action["takes"].as_array().expect("members").iter().find(|it| it["pointer"] == pointer);
    member.expect("the member")["words"].as_array().expect("words").iter().filter_map(Value::as_str).collect()
}

/// The order is offered, and it is carried out when it is sent.
fn is_carried_out(world: &World, who: &Account, path: &str, code: &str, body: &Value) -> Reply {
    let card = card(world, who, path);
    let action = card.action(code).unwrap_or_else(|| panic!("{path}: no {code}: {}", card.text));
    assert_eq!(blocked(action), Vec::<&str>::new(), "{path}: {code}");
    let reply = send(world, who, action, body);
    assert!(reply.status < 300, "{path}: {code}: {}", reply.text);
    reply
}

/// The order is offered with these blockers, and refused with one of them when it is sent.
fn is_blocked(world: &World, who: &Account, path: &str, code: &str, body: &Value, by: &[&str]) {
    let card = card(world, who, path);
    let action = card.action(code).unwrap_or_else(|| panic!("{path}: no {code}: {}", card.text));
    assert_eq!(blocked(action), by, "{path}: {code}");
    let refused = send(world, who, action, body);
    assert!(refused.codes().iter().any(|it| by.contains(it)), "{path}: {code}: {}", refused.text);
}

fn is_not_offered(world: &World, who: &Account, path: &str, code: &str) {
    assert!(card(world, who, path).action(code).is_none(), "{path}: {code}");
}

#[test]
fn what_stands_against_a_confirmation_and_an_extension_is_told_before_they_are_sent() {
    let world = World::new();
    let members = json!({"extendable": true, "max_extension_months": 6, "max_extensions": 1});
    let pair = Pair { program: world.plain_program("extendable", members), ..world.pair() };
    let (who, grounds) = (&pair.director, format!("/mentors/{}/removal-grounds", pair.mentor));
    let report = || {
        let ground = json!({"arisen_on": world.day(0), "text": "Не пришёл на встречу."});
        world.post(who, &grounds, ground).expect(201).id()
    };
    let dismiss = |ground: &str| {
        let order = json!({"text": "Был в больнице."});
        is_carried_out(&world, who, &format!("/removal-grounds/{ground}"), "dismiss", &order);
        is_not_offered(&world, who, &format!("/removal-grounds/{ground}"), "dismiss");
    };
    let path = format!("/mentorships/{}", world.consented(&pair));
    let first = report();
    is_blocked(&world, who, &path, "confirm", &world.confirmation(), &["mentorship.ground_open"]);
    dismiss(&first);
    is_carried_out(&world, who, &path, "confirm", &world.confirmation());
    let longer = |days| json!({"ends_on": world.day(days)});
    let second = report();
    is_blocked(&world, who, &path, "extend", &longer(90), &["mentorship.removal_open"]);
    dismiss(&second);
    is_carried_out(&world, who, &path, "extend", &longer(90));
    is_blocked(&world, who, &path, "extend", &longer(120), &["mentorship.extended_enough"]);
}

#[test]
fn a_term_that_cannot_be_longer_blocks_every_extension() {
    let world = World::new();
    let members = json!({"extendable": true, "max_extension_months": 1, "completion": {"kind": "term", "max_months": 1}});
    let pair = Pair { program: world.plain_program("short", members), ..world.pair() };
    let id = world.consented(&pair);
    let month = json!({"starts_on": world.day(0), "ends_on": world.day(28)});
    world.step(&pair.director, &id, "confirmation", month).expect(200);
    let path = format!("/mentorships/{id}");
    let seen = card(&world, &pair.director, &path);
    let late = json!({"ends_on": world.day(90)});
    let extend = seen.action("extend").unwrap();
    assert_eq!(blocked(extend), Vec::<&str>::new());
    send(&world, &pair.director, extend, &late).refused(422, "mentorship.extension_too_long");
    let day = |days: i64| json!({"ends_on": world.day(days)});
    let longest = (55..65).rev().find(|it| send(&world, &pair.director, extend, &day(*it)).status == 200);
    assert!(longest.is_some(), "two months in all");
    is_blocked(&world, &pair.director, &path, "extend", &late, &["mentorship.extension_too_long"]);
}

#[test]
fn a_side_declines_before_it_has_accepted_and_withdraws_after() {
    let (world, pair) = World::paired();
    let mentor = world.account("maria", json!([{"role": "mentor"}]), Some(&pair.mentor_person));
    let path = format!("/mentorships/{}", world.proposed(&pair));
    is_not_offered(&world, &mentor, &path, "withdraw");
    let offered = card(&world, &mentor, &path);
    assert_eq!(words(offered.action("decline").unwrap(), "/party"), ["mentor"]);
    let reasons = json!({"party": "mentor", "decision": "accept"});
    is_carried_out(&world, &mentor, &path, "accept", &reasons);
    for gone in ["accept", "decline"] {
        is_not_offered(&world, &mentor, &path, gone);
    }
    let withdrawal = json!({"party": "mentor", "withdrawn_on": world.day(0)});
    let seen = card(&world, &mentor, &path);
    let other = json!({"party": "recipient", "withdrawn_on": world.day(0)});
    assert_eq!(words(seen.action("withdraw").unwrap(), "/party"), ["mentor"]);
    send(&world, &mentor, seen.action("withdraw").unwrap(), &other).refused(403, "access.not_yours");
    is_carried_out(&world, &mentor, &path, "withdraw", &withdrawal);
}

#[test]
fn a_mentor_is_offered_the_words_that_work_for_a_mentor() {
    let (world, pair) = World::paired();
    let mentor = world.account("maria", json!([{"role": "mentor"}]), Some(&pair.mentor_person));
    let path = format!("/mentorships/{}", world.active(&pair));
    let seen = card(&world, &mentor, &path);
    let terminate = seen.action("terminate").unwrap();
    assert_eq!(words(terminate, "/ground"), ["written_refusal"]);
    let paper = world.file(&mentor, "refusal");
    let on = |ground: &str| {
        json!({"ground": ground, "ended_on": world.day(0), "document_file_id": paper, "text": "Переезд.",
            "decree": {"number": "3", "date": world.day(0)}})
    };
    let sent = ["removed_by_director", "other_objective"];
    for ground in sent {
        send(&world, &mentor, terminate, &on(ground)).refused(403, "access.not_yours");
    }
    for by_system in ["consent_withdrawn", "meetings_not_held", "recipient_died"] {
        let told = send(&world, &mentor, terminate, &on(by_system)).refused(422, "field.word");
        assert_eq!(told.body["errors"][0]["pointer"], "/ground");
    }
    let request = seen.action("make_request").unwrap();
    assert_eq!(words(request, "/kind"), ["replacement", "other"]);
    let aid = json!({"party": "mentor", "kind": "aid"});
    send(&world, &mentor, request, &aid).refused(422, "mentorship_request.recipient_asks");
    let asked = json!({"party": "mentor", "kind": "replacement"});
    let made = is_carried_out(&world, &mentor, &path, "make_request", &asked);
    let again = card(&world, &mentor, &path);
    assert_eq!(words(again.action("make_request").unwrap(), "/kind"), ["other"]);
    let own = format!("/requests/{}", made.id());
    is_carried_out(&world, &mentor, &own, "withdraw", &json!({}));
    is_not_offered(&world, &mentor, &own, "withdraw");
    is_carried_out(&world, &mentor, &path, "terminate", &on("written_refusal"));
}

#[test]
fn a_long_absence_is_a_ground_for_whom_it_works() {
    let (world, pair) = World::paired();
    let path = format!("/mentorships/{}", world.active(&pair));
    let specialist = world.staff("support_specialist", &pair.organization);
    let seen = |who: &Account| card(&world, who, &path).action("replace").unwrap().clone();
    assert!(words(&seen(&pair.director), "/ground").contains(&"long_absence"), "a director confirms it");
    let replace = seen(&specialist);
    assert!(!words(&replace, "/ground").contains(&"long_absence"));
    let order = json!({"ground": "long_absence", "ended_on": world.day(0)});
    send(&world, &specialist, &replace, &order).refused(409, "mentorship.absence_too_short");
}

#[test]
fn meetings_tell_what_stands_in_their_way() {
    let (world, pair) = World::paired();
    let (who, id) = (&pair.director, world.active(&pair));
    let path = format!("/mentorships/{id}");
    let mentor = world.account("maria", json!([{"role": "mentor"}]), Some(&pair.mentor_person));
    let recorded = json!({"began_at": world.hour(-2), "minutes": 45, "method": "talk", "directions": ["d01"], "topic": "Знакомство"});
    let held = is_carried_out(&world, &mentor, &path, "record_meeting", &recorded).id();
    let plan = json!({"planned_at": world.hour(5), "method": "talk"});
    let meeting = is_carried_out(&world, &mentor, &path, "plan_meeting", &plan).id();
    let meeting = format!("/meetings/{meeting}");
    is_blocked(&world, who, &meeting, "miss", &json!({"by": "both"}), &["meeting.in_future"]);
    let seen = card(&world, who, &meeting);
    let cancel = seen.action("cancel").unwrap();
    assert!(!words(cancel, "/reason").contains(&"mentorship_ended"));
    let told = send(&world, who, cancel, &json!({"reason": "mentorship_ended"})).refused(422, "field.word");
    assert_eq!(told.body["errors"][0]["pointer"], "/reason");
    let pause = json!({"paused_on": world.day(0), "reason": "illness"});
    is_carried_out(&world, who, &path, "pause", &pause);
    for gone in ["plan_meeting", "record_meeting", "extend", "pause"] {
        is_not_offered(&world, who, &path, gone);
    }
    is_blocked(&world, who, &meeting, "hold", &world.holding(-1), &["mentorship.paused"]);
    is_carried_out(&world, who, &meeting, "cancel", &json!({"reason": "illness"}));
    is_carried_out(&world, who, &path, "resume", &json!({"resumed_on": world.day(0)}));

    let held = format!("/meetings/{held}");
    is_not_offered(&world, &mentor, &held, "annul");
    let rating = json!({"party": "mentor", "score": 5});
    is_carried_out(&world, &mentor, &held, "rate", &rating);
    is_not_offered(&world, &mentor, &held, "rate");
    let version = card(&world, who, &held).etag();
    let action = card(&world, who, &held).action("annul").unwrap().clone();
    assert_eq!(blocked(&action), Vec::<&str>::new());
    let order = json!({"reason": "Записана не той паре."});
    let annul = || world.ask("POST", action["path"].as_str().unwrap()).by(who).json(&order);
    annul().header("If-Match", version).send().expect(200);
    is_not_offered(&world, who, &held, "annul");
}

#[test]
fn a_meeting_of_a_mentorship_that_has_not_begun_cannot_be_recorded() {
    let (world, pair) = World::paired();
    let id = world.consented(&pair);
    let later = json!({"starts_on": world.day(10), "ends_on": world.day(60)});
    world.step(&pair.director, &id, "confirmation", later).expect(200);
    let recorded = json!({"began_at": world.hour(-2), "minutes": 45, "method": "talk", "directions": ["d01"], "topic": "Знакомство"});
    let path = format!("/mentorships/{id}");
    is_blocked(&world, &pair.director, &path, "record_meeting", &recorded, &["meeting.out_of_term"]);
}

#[test]
fn a_group_meeting_a_case_and_its_problems_offer_what_goes() {
    let world = World::new();
    let pair = world.family_pair();
    let (who, id) = (&pair.director, world.active(&pair));
    let plan = json!({"planned_at": world.hour(1), "method": "game", "game_topic": "conflict", "purpose": "leisure",
        "topic": "Игра", "mentorship_ids": [id]});
    let group = format!("/group-meetings/{}", world.post(who, "/group-meetings", plan).expect(201).id());
    let seen = card(&world, who, &group);
    assert_eq!(
        words(seen.action("edit").unwrap(), "/method"),
        ["consultation", "discussion", "game", "practical"]
    );
    is_carried_out(&world, who, &group, "cancel", &json!({"reason": "circumstances"}));
    is_not_offered(&world, who, &group, "hold");

    let cases = card(&world, who, &format!("/cases?beneficiary_id={}", pair.beneficiary));
    let case = format!("/cases/{}", Reply::id_of(&cases.items()[0]));
    let closing = json!({"closed_on": world.day(0), "reason": "goals_reached"});
    is_blocked(&world, who, &case, "close", &closing, &["case.has_active_mentorship"]);
    let seen = card(&world, who, &case);
    assert!(!words(seen.action("close").unwrap(), "/reason").contains(&"died"), "nobody has died");
    let problem = json!({"text": "Нет дров.", "noticed_on": world.day(0)});
    let problem = is_carried_out(&world, who, &case, "notice_problem", &problem).id();
    let resolved = json!({"state": "resolved", "on": world.day(0)});
    is_carried_out(&world, who, &format!("/case-problems/{problem}"), "resolve", &resolved);
    is_not_offered(&world, who, &format!("/case-problems/{problem}"), "resolve");
    let end = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    is_carried_out(&world, who, &format!("/mentorships/{id}"), "terminate", &end);
    is_carried_out(&world, who, &case, "close", &closing);
    is_not_offered(&world, who, &case, "close");
}

#[test]
fn an_application_tells_what_it_lacks_before_it_is_submitted_and_before_it_is_decided() {
    let world = World::new();
    let (organization, who) = world.institution("Центр помощи семье");
    let person = world.resident(&who);
    let ngo = world.ngo("Доброе дело");
    let mut form = world.application_form(&who, &person, &organization, &ngo);
    form.as_object_mut().unwrap().remove("statement");
    let bare =
        format!("/mentor-applications/{}", world.post(&who, "/mentor-applications", form).expect(201).id());
    is_blocked(&world, &who, &bare, "submit", &json!({}), &["application.statement_missing"]);
    is_carried_out(&world, &who, &bare, "withdraw", &json!({}));
    let draft = world.draft(&who, &person, &organization, &ngo).id();
    let path = format!("/mentor-applications/{draft}");
    is_carried_out(&world, &who, &path, "submit", &json!({}));
    let approval = json!({"kind": "approve"});
    is_blocked(&world, &who, &path, "approve", &approval, &["application.not_assessed"]);
    world.assess(&who, &draft).expect(200);
    let seen = card(&world, &who, &path);
    assert_eq!(words(seen.action("approve").unwrap(), "/kind"), ["approve"]);
    assert_eq!(words(seen.action("reject").unwrap(), "/kind"), ["reject"]);
    let mentor = is_carried_out(&world, &who, &path, "approve", &approval).body["mentor_id"].clone();
    assert_eq!(card(&world, &who, &path).actions(), json!([]));

    let mentor = format!("/mentors/{}", mentor.as_str().unwrap());
    let removal = json!({"removed_on": world.day(0), "decree": {"number": "34-л", "date": world.day(0)}});
    is_not_offered(&world, &who, &mentor, "lift_removal");
    is_carried_out(&world, &who, &mentor, "remove", &removal);
    for gone in ["edit", "remove", "open_ground"] {
        is_not_offered(&world, &who, &mentor, gone);
    }
    let lifting = json!({"lifted_on": world.day(0), "decree": {"number": "58-л", "date": world.day(0)}});
    is_carried_out(&world, &who, &mentor, "lift_removal", &lifting);
    let head = world.staff("unit_head", &organization);
    is_not_offered(&world, &head, &mentor, "remove");
}

#[test]
fn records_and_vetoes_are_annulled_and_lifted_by_whom_they_are_offered_to() {
    let (mut world, pair) = World::paired();
    let trainings = card(&world, &pair.director, &format!("/mentors/{}/trainings", pair.mentor));
    assert!(trainings.items()[0].get("available_actions").is_none(), "a list tells no actions of records");
    let training = format!("/trainings/{}", Reply::id_of(&trainings.items()[0]));
    let mentor = world.account("maria", json!([{"role": "mentor"}]), Some(&pair.mentor_person));
    is_not_offered(&world, &mentor, &training, "annul");
    let order = json!({"reason": "Внесено по ошибке."});
    world.advance_days(91);
    let who = world.again(&pair.director);
    is_blocked(&world, &who, &training, "annul", &order, &["entry.term"]);
    let admin = world.admin();
    is_carried_out(&world, &admin, &training, "annul", &order);
    is_not_offered(&world, &admin, &training, "annul");
    let veto = json!({"mentor_id": pair.mentor, "made_by": "specialist", "reason": "professional_opinion"});
    let veto =
        world.post(&who, &format!("/beneficiaries/{}/vetoes", pair.beneficiary), veto).expect(201).id();
    is_carried_out(&world, &who, &format!("/vetoes/{veto}"), "lift", &json!({"reason": "Помирились."}));
    is_not_offered(&world, &who, &format!("/vetoes/{veto}"), "lift");
}

#[test]
fn every_entry_offers_its_edit_and_its_annulment_to_whom_they_belong() {
    let (world, home, _) = Realm::in_world();
    for it in all() {
        let who = it.editor(&home);
        let form = it.example(&world, &home, 31);
        let added = world.post(&who, &it.list(&home), form.clone()).expect(201);
        let path = it.one(&added.id());
        let edit = added.action("edit");
        assert_eq!(edit.is_none(), it.about.is_entered_once, "{path}");
        if let Some(edit) = edit {
            let address = format!("/api/v1{path}");
            assert_eq!((&edit["method"], &edit["path"]), (&json!("PUT"), &json!(address)));
            world.put(&who, &path, &added.etag(), form).expect(200);
        }
        let annul = added.action("annul");
        assert_eq!(annul.is_some(), it.about.has_annulment, "{path}");
        if let Some(annul) = annul {
            let version = world.get(&who, &path).etag();
            let order = json!({"reason": "Внесено по ошибке."});
            world
                .ask("POST", annul["path"].as_str().unwrap())
                .by(&who)
                .header("If-Match", version)
                .json(&order)
                .send()
                .expect(200);
            assert_eq!(world.get(&who, &path).expect(200).actions(), json!([]));
        }
    }
}

#[test]
fn lists_offer_actions_by_their_state_and_judge_no_rules() {
    let (world, pair, id) = World::mentoring();
    let listed = card(&world, &pair.director, "/mentorships");
    let extend = &listed.items()[0]["available_actions"][0];
    assert_eq!(extend["path"], format!("/api/v1/mentorships/{id}/extensions"));
    assert!(extend.get("blocked_by").is_none() && extend.get("takes").is_none(), "{extend}");
}

#[test]
fn a_catalogue_tells_the_demands_that_the_rules_read() {
    let (world, pair, id) = World::mentoring();
    for (catalogue, step) in [("termination-grounds", "termination"), ("replacement-grounds", "replacement")]
    {
        let all = world.ask("GET", &format!("/api/v1/catalogues/{catalogue}")).send().expect(200);
        for word in all.items() {
            let bare = json!({"ground": word["code"], "ended_on": world.day(0)});
            let refused = world.step(&pair.director, &id, step, bare);
            assert!(refused.status >= 400, "{word}: every ground demands something or is the system's");
            if word["by_system"] == true {
                refused.refused(422, "field.word");
                continue;
            }
            let demands: Vec<&str> =
                word["demands"].as_array().expect("demands").iter().filter_map(Value::as_str).collect();
            let pointers: Vec<&str> = refused.body["errors"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|it| it["pointer"].as_str())
                .collect();
            let named: &[&str] = match demands.as_slice() {
                ["document"] | ["document_or_text"] | ["request"] => &["/document_file_id"],
                ["decree"] => &["/decree"],
                ["text"] => &["/text"],
                ["absence"] => &["/ground"],
                other => panic!("{other:?}"),
            };
            assert_eq!(pointers, named, "{word}");
        }
    }
}
