//! The steps of a crisis: whose they are, what refuses them, and what careless input is told.
use super::*;

#[test]
fn a_crisis_goes_from_the_report_to_its_end_and_a_grave_one_asks_for_a_consilium() {
    let it = scene();
    let crisis =
        it.report(&it.mentee, json!({"happened_at": it.world.hour(-2), "reach_me": "Писать подруге"}));
    let card = it.seen(&it.specialist, &crisis).expect(200);
    assert_eq!(
        (&card.body["severity"], &card.body["reach_me"]),
        (&json!("critical"), &json!("Писать подруге"))
    );
    assert_eq!(card.actions(), json!(["acknowledge", "set_severity", "record_notice", "record_finding"]));
    it.listen(&it.specialist, &crisis).refused(409, "crisis.not_acknowledged");
    it.resolve(&it.specialist, &crisis, "safe").refused(409, "crisis.not_acknowledged");
    let taken = it.step(&it.specialist, &crisis, "acknowledgement", json!({"severity": "high"})).expect(200);
    assert_eq!(taken.body["severity"], "high");
    assert_eq!(
        taken.actions(),
        json!([
            "set_severity",
            "record_action",
            "record_notice",
            "record_finding",
            "resolve_crisis",
            "call_false_alarm"
        ])
    );
    let resolve = taken.action("resolve_crisis").expect("it is offered");
    assert_eq!(resolve["takes"][0]["words"], json!(["handed_over", "died", "not_found"]));
    it.resolve(&it.specialist, &crisis, "safe").refused(409, "crisis.no_talk");
    let away = json!({"kind": "urgent_action", "measure": "moved_away", "at": it.world.hour(-1), "reached": true, "text": "У бабушки-Х."});
    it.step(&it.specialist, &crisis, "actions", away).expect(200);
    it.resolve(&it.specialist, &crisis, "safe").refused(409, "crisis.no_talk");
    let missed = json!({"kind": "listen", "at": it.world.now(), "reached": false, "text": "Не ответила."});
    it.step(&it.specialist, &crisis, "actions", missed).expect(200);
    it.resolve(&it.specialist, &crisis, "safe").refused(409, "crisis.no_talk");
    it.listen(&it.head, &crisis).expect(200);
    it.resolve(&it.head, &crisis, "safe").refused(403, "access.not_yours");
    let ended = it.resolve(&it.specialist, &crisis, "support_plan").expect(200);
    assert_eq!((&ended.body["state"], &ended.body["outcome"]), (&json!("resolved"), &json!("support_plan")));
    assert_eq!(ended.body["actions"].as_array().expect("actions").len(), 3);
    it.take(&it.specialist, &crisis).refused(409, "crisis.ended");
    it.listen(&it.specialist, &crisis).refused(409, "crisis.ended");
    it.step(&it.specialist, &crisis, "severity", json!({"severity": "low"})).refused(409, "crisis.ended");
    it.tell(&it.specialist, &crisis, "police").refused(409, "crisis.ended");
    let tasks = it.world.get(&it.specialist, "/tasks?mine=to_do").expect(200);
    let [task] = tasks.items().as_slice() else { panic!("one task: {}", tasks.text) };
    assert_eq!((&task["kind"], &task["due_on"]), (&json!("crisis_follow_up"), &json!(it.world.day(3))));
    assert_eq!((&task["case_id"], &task["controller_user_id"]), (&json!(it.case), &json!(it.director.id)));
    let history = it.world.get(&it.director, &format!("/crises/{crisis}/history")).expect(200);
    let kinds = history.kinds();
    let told = [
        "crisis.resolved",
        "crisis.acted",
        "crisis.acted",
        "crisis.acted",
        "crisis.severity_set",
        "crisis.acknowledged",
        "crisis.reported",
    ];
    assert_eq!(kinds, told);
}

#[test]
fn a_moderate_crisis_and_one_that_concerns_somebody_there_give_no_task_that_all_would_see() {
    let it = scene();
    for members in
        [json!({"urgency": "month"}), json!({"concerns": "staff", "concerned_user_id": it.colleague.id})]
    {
        let crisis = it.report(&it.mentee, members);
        let by = if it.waits(&it.specialist).contains(&crisis) { &it.specialist } else { &it.head };
        it.take(by, &crisis).expect(200);
        it.listen(by, &crisis).expect(200);
        it.resolve(by, &crisis, "safe").expect(200);
    }
    assert!(it.world.get(&it.director, "/tasks").expect(200).items().is_empty());
}

#[test]
fn the_own_report_of_the_specialist_in_charge_is_taken_up_by_itself() {
    let it = scene();
    let own = it.report(&it.specialist, json!({}));
    let card = it.seen(&it.specialist, &own).expect(200);
    assert_eq!(
        (&card.body["state"], &card.body["acknowledged_by_user_id"]),
        (&json!("acknowledged"), &json!(it.specialist.id))
    );
    assert_eq!(card.body["text"], "Кричат-Х.");
    let by_head = it.report(&it.head, json!({}));
    assert_eq!(it.seen(&it.head, &by_head).expect(200).body["state"], "reported");
}

#[test]
fn a_false_alarm_is_called_by_a_head_or_a_director_and_never_by_the_one_who_is_responsible() {
    let it = scene();
    let crisis = it.report(&it.mentee, json!({}));
    let order = json!({"note": "Нажала случайно."});
    it.step(&it.head, &crisis, "false-alarm", order.clone()).refused(409, "crisis.not_acknowledged");
    it.take(&it.specialist, &crisis).expect(200);
    it.step(&it.head, &crisis, "false-alarm", order.clone()).refused(409, "crisis.no_talk");
    it.listen(&it.specialist, &crisis).expect(200);
    it.step(&it.specialist, &crisis, "false-alarm", order.clone()).refused(409, "crisis.false_alarm_alone");
    it.step(&it.colleague, &crisis, "false-alarm", order.clone()).refused(403, "access.not_yours");
    let ended = it.step(&it.director, &crisis, "false-alarm", order).expect(200);
    assert_eq!(
        (&ended.body["state"], &ended.body["end_note"]),
        (&json!("false_alarm"), &json!("Нажала случайно."))
    );
}

#[test]
fn a_colleague_and_a_stranger_do_not_act_and_a_head_ends_it_where_the_responsible_account_is_gone() {
    let it = scene();
    let crisis = it.report(&it.mentee, json!({}));
    it.take(&it.colleague, &crisis).refused(403, "crisis.not_called");
    it.take(&it.mentee, &crisis).expect(403);
    it.take(&it.specialist, &crisis).expect(200);
    it.listen(&it.colleague, &crisis).refused(403, "access.not_yours");
    it.listen(&it.head, &crisis).expect(200);
    it.resolve(&it.head, &crisis, "safe").refused(403, "access.not_yours");
    it.world.close_account(&it.specialist);
    assert_eq!(it.waits(&it.head), [crisis.as_str()], "it is in the list of those who may end it");
    assert!(it.seen(&it.mentee, &crisis).expect(200).body["responsible_phone"].is_null());
    it.resolve(&it.head, &crisis, "safe").expect(200);
}

#[test]
fn a_head_takes_a_crisis_over_from_one_who_is_away() {
    let it = scene();
    let crisis = it.report(&it.mentee, json!({}));
    it.step(&it.head, &crisis, "takeover", json!({})).refused(409, "crisis.not_acknowledged");
    it.take(&it.specialist, &crisis).expect(200);
    it.step(&it.colleague, &crisis, "takeover", json!({})).refused(403, "access.not_yours");
    let taken = it.step(&it.head, &crisis, "takeover", json!({})).expect(200);
    assert_eq!(taken.body["acknowledged_by_user_id"], json!(it.head.id));
    assert_eq!(it.seen(&it.mentee, &crisis).expect(200).body["acknowledged_by_user_id"], json!(it.head.id));
    it.step(&it.head, &crisis, "takeover", json!({})).refused(403, "access.not_yours");
    it.listen(&it.head, &crisis).expect(200);
    it.resolve(&it.specialist, &crisis, "safe").refused(403, "access.not_yours");
    it.resolve(&it.head, &crisis, "safe").expect(200);
}

#[test]
fn nobody_silences_the_chain_before_the_crisis_is_taken_up_nor_a_child_s_danger_by_a_false_alarm() {
    let it = scene();
    let crisis = it.report(&it.mentee, json!({"kind": "violence"}));
    let low = json!({"severity": "low"});
    it.step(&it.specialist, &crisis, "severity", low.clone()).refused(409, "crisis.severity_lowered");
    it.take(&it.specialist, &crisis).expect(200);
    it.step(&it.specialist, &crisis, "severity", low).expect(200);
    it.listen(&it.specialist, &crisis).expect(200);
    let order = json!({"note": "Показалось."});
    it.step(&it.head, &crisis, "false-alarm", order.clone()).refused(409, "crisis.notice_missing");
    it.tell(&it.head, &crisis, "guardianship").expect(200);
    it.step(&it.head, &crisis, "false-alarm", order).expect(200);
}

#[test]
fn a_child_who_died_is_told_of_and_a_clock_that_is_a_little_ahead_refuses_no_call() {
    let it = scene();
    let ahead: chrono::DateTime<chrono::Utc> = it.world.now().parse().expect("an instant");
    let ahead = (ahead + TimeDelta::minutes(2)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let crisis = it.report(&it.specialist, json!({"kind": "neglect", "happened_at": ahead}));
    assert_eq!(it.seen(&it.specialist, &crisis).expect(200).body["happened_at"], json!(it.world.now()));
    it.world.die(&it.world.admin(), &it.girl, 0).expect(200);
    it.resolve(&it.specialist, &crisis, "died").refused(409, "crisis.notice_missing");
    it.tell(&it.specialist, &crisis, "guardianship").expect(200);
    it.resolve(&it.specialist, &crisis, "died").expect(200);
}

#[test]
fn careless_and_hostile_input_is_told_everything_at_once() {
    let it = scene();
    let wrong = it.try_report(&it.director, json!({"text": null, "happened_at": it.world.hour(1), "concerns": "other", "concerned_user_id": it.director.id}));
    assert_eq!(wrong.expect(422).codes(), ["field.missing", "crisis.in_future", "crisis.concerns_reporter"]);
    it.try_report(&it.director, json!({"concerned_user_id": it.head.id})).refused(422, "field.combination");
    it.try_report(
        &it.director,
        json!({"concerns": "other", "concerned_user_id": it.head.id, "concerned_person_id": it.girl}),
    )
    .refused(422, "field.combination");
    let (_, foreign) = it.world.institution("Чужой центр");
    for id in [foreign.id.as_str(), it.case.as_str()] {
        it.try_report(&it.colleague, json!({"concerns": "staff", "concerned_user_id": id}))
            .refused(422, "field.reference");
        it.try_report(&it.colleague, json!({"concerns": "other", "concerned_person_id": id}))
            .refused(422, "field.reference");
    }
    it.try_report(&it.mentee, json!({"kind": "'; DROP TABLE crises; --"})).refused(422, "field.word");
    it.try_report(&it.mentee, json!({"state": "resolved"})).refused(422, "field.unknown");
    it.try_report(&it.director, json!({"text": "\u{202e}"})).refused(422, "field.missing");
    it.try_report(&it.mentee, json!({"text": "Тут\u{202e}"})).expect(422);
    it.try_report(&it.mentee, json!({"text": "х".repeat(4001)})).refused(422, "field.length");
    let crisis = it.report(&it.mentee, json!({}));
    it.take(&it.specialist, &crisis).expect(200);
    let act = |members: Value| {
        let form = json!({"kind": "listen", "at": it.world.now(), "reached": true, "text": "Поговорили."});
        it.step(&it.specialist, &crisis, "actions", with(form, &members))
    };
    act(json!({"measure": "police"})).refused(422, "field.combination");
    act(json!({"kind": "urgent_action"})).refused(422, "field.missing");
    act(json!({"at": it.world.hour(1)})).refused(422, "crisis.in_future");
    act(json!({"at": it.world.hour(-25)})).refused(422, "crisis.action_early");
    act(json!({"at": it.world.hour(-1), "text": "Наставник приехал первым."})).expect(200);
    let stale = it.world.ask("POST", &format!("/api/v1/crises/{crisis}/severity"));
    let stale = stale.by(&it.specialist).header("If-Match", "\"1.0\"").json(&json!({"severity": "low"}));
    stale.send().refused(412, "version.stale");
    it.world.get(&it.director, "/crises?state=nothing").expect(400);
    assert_eq!(
        it.listed(
            &it.director,
            &format!("?beneficiary_id={}&severity=critical&progress=taken_up", it.beneficiary)
        ),
        [crisis.as_str()]
    );
    assert!(it.listed(&it.director, "?severity=low").is_empty());
    assert!(it.listed(&it.director, &format!("?organization_id={}", it.organization)).len() == 1);
}

#[test]
fn a_list_goes_on_page_by_page_the_newest_first() {
    let it = scene();
    let all: Vec<String> = (0..5).map(|_| it.report(&it.mentee, json!({}))).collect();
    it.take(&it.specialist, &all[2]).expect(200);
    let mut seen = Vec::new();
    let mut path = "/crises?limit=2".to_owned();
    loop {
        let page = it.world.get(&it.director, &path).expect(200);
        seen.extend(page.ids());
        match page.body["next_cursor"].as_str() {
            Some(next) => path = format!("/crises?limit=2&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, all.into_iter().rev().collect::<Vec<_>>());
}
