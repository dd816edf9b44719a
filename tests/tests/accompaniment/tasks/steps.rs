//! The steps of a task: report, acceptance, return, postponements, assignment, cancellation, and the end of its case.
use super::{Scene, account, scene};
use serde_json::{Value, json};
use tests::Account;
use tests::pairs::at_once;

#[test]
fn a_task_is_reported_returned_reported_again_and_accepted_with_its_words_kept() {
    let it = scene();
    let given =
        it.give(&it.director, json!({"note": "Нужны до 20 марта.", "case_id": it.case, "priority": "high"}));
    let given = given.expect(201);
    let (task, path) = (given.id(), format!("/tasks/{}", given.id()));
    assert_eq!(given.header("location"), Some(format!("/api/v1{path}").as_str()));
    assert_eq!((&given.body["state"], &given.body["version"]), (&json!("open"), &json!(1)));
    assert_eq!(given.body["organization_name"], "Центр помощи семье");
    assert_eq!(given.body["assignee"]["name"], format!("Сотрудник {}", it.specialist.login));
    assert_eq!(given.actions(), json!(["postpone", "assign", "cancel"]));
    assert_eq!(it.card(&it.specialist, &task).expect(200).actions(), json!(["report"]));
    it.report(&it.specialist, &task).expect(200);
    it.step(&it.director, &task, "return", json!({"note": "Не хватает справки."})).expect(200);
    let file = it.world.file(&it.specialist, "other");
    let order = json!({"result": "Справка добавлена.", "file_ids": [file]});
    let reported = it.step(&it.specialist, &task, "report", order).expect(200);
    assert_eq!(
        (&reported.body["state"], &reported.body["reported_on"]),
        (&json!("reported"), &json!(it.world.day(0)))
    );
    assert_eq!(it.card(&it.director, &task).actions(), json!(["accept", "return", "cancel"]));
    let done = it.step(&it.director, &task, "acceptance", json!({"note": "Принято."})).expect(200);
    assert_eq!((&done.body["state"], &done.body["settled_on"]), (&json!("done"), &json!(it.world.day(0))));
    assert_eq!(done.actions(), json!([]));
    let told: Vec<Value> = done.body["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| json!([it["step"], it["text"], it["file_ids"]]))
        .collect();
    assert_eq!(
        json!(told),
        json!([
            ["report", "Собрано.", []],
            ["return", "Не хватает справки.", []],
            ["report", "Справка добавлена.", [file]],
            ["acceptance", "Принято.", []]
        ])
    );
    let history = it.world.get(&it.director, &format!("{path}/history")).expect(200);
    let sentences: Vec<&Value> = history.items().iter().map(|it| &it["ru"]).collect();
    assert_eq!(
        sentences,
        [
            "Выполнение поручения принято.",
            "Сообщено о выполнении поручения.",
            "Поручение возвращено.",
            "Сообщено о выполнении поручения.",
            "Дано поручение: иное, срок: 09.03.2026."
        ]
    );
    assert!(!history.text.contains("справк") && !history.text.contains("документ"));
}

#[test]
fn the_report_of_a_controller_who_is_the_assignee_finishes_the_task() {
    let it = scene();
    let task = it.task(json!({"assignee": account(&it.director)}));
    let done = it.report(&it.director, &task).expect(200);
    assert_eq!(
        (&done.body["state"], &done.body["reported_by_user_id"]),
        (&json!("done"), &json!(it.director.id))
    );
    it.report(&it.director, &task).refused(409, "task.not_open");
    it.step(&it.director, &task, "cancellation", json!({"reason": "mistake"})).refused(409, "task.settled");
}

#[test]
fn a_step_in_the_wrong_state_is_refused_and_changes_nothing() {
    let it = scene();
    let task = it.task(json!({}));
    let later = json!({"due_on": it.world.day(9), "reason": "Справка позже."});
    for (step, order) in [("acceptance", json!({})), ("return", json!({"note": "Нет."}))] {
        it.step(&it.director, &task, step, order).refused(409, "task.not_reported");
    }
    it.report(&it.specialist, &task).expect(200);
    it.step(&it.director, &task, "postponements", later.clone()).refused(409, "task.not_open");
    it.step(&it.director, &task, "assignment", json!({"user_id": it.colleague.id}))
        .refused(409, "task.not_open");
    let card = it.card(&it.director, &task);
    assert_eq!((&card.body["state"], &card.body["version"]), (&json!("reported"), &json!(2)));
    it.step(&it.director, &task, "cancellation", json!({"reason": "other"})).refused(422, "field.missing");
    it.step(&it.director, &task, "cancellation", json!({"reason": "case_closed"})).refused(422, "field.word");
    let cancelled = it.step(&it.director, &task, "cancellation", json!({"reason": "not_needed"})).expect(200);
    assert_eq!(
        (&cancelled.body["state"], &cancelled.body["cancellation_reason"]),
        (&json!("cancelled"), &json!("not_needed"))
    );
    it.step(&it.director, &task, "postponements", later).refused(409, "task.not_open");
}

#[test]
fn a_step_of_another_participant_is_refused() {
    let it = scene();
    let task = it.task(json!({"case_id": it.case}));
    let later = json!({"due_on": it.world.day(9), "reason": "Справка позже."});
    it.report(&it.colleague, &task).refused(403, "access.not_yours");
    it.report(&it.director, &task).refused(403, "access.not_yours");
    for who in [&it.specialist, &it.head] {
        it.step(who, &task, "postponements", later.clone()).refused(403, "access.not_yours");
        it.step(who, &task, "cancellation", json!({"reason": "mistake"})).refused(403, "access.not_yours");
    }
    it.step(&it.specialist, &task, "assignment", json!({"user_id": it.colleague.id}))
        .refused(403, "access.not_yours");
    it.report(&it.specialist, &task).expect(200);
    for who in [&it.specialist, &it.head, &it.colleague] {
        it.step(who, &task, "acceptance", json!({})).refused(403, "access.not_yours");
        it.step(who, &task, "return", json!({"note": "Нет."})).refused(403, "access.not_yours");
    }
    it.step(&it.world.admin(), &task, "acceptance", json!({})).refused(403, "access.forbidden");
}

#[test]
fn a_task_is_postponed_three_times_and_each_time_to_a_later_day() {
    let it = scene();
    let task = it.task(json!({}));
    let postpone = |day: i64| {
        let order = json!({"due_on": it.world.day(day), "reason": "Справка позже."});
        it.step(&it.director, &task, "postponements", order)
    };
    let early = postpone(-1).expect(422);
    assert_eq!(early.codes(), ["task.due_past", "task.not_later"]);
    postpone(7).refused(422, "task.not_later");
    for day in [8, 9, 10] {
        postpone(day).expect(200);
    }
    let refused = postpone(11).refused(409, "task.postponed_enough");
    assert_eq!(refused.body["errors"][0]["code"], "task.postponed_enough");
    let card = it.card(&it.director, &task);
    assert_eq!((&card.body["due_on"], &card.body["postponements"]), (&json!(it.world.day(10)), &json!(3)));
    assert_eq!(card.action("postpone").unwrap()["blocked_by"], json!(["task.postponed_enough"]));
    assert_eq!(card.body["steps"][0]["text"], "Справка позже.");
}

#[test]
fn a_task_after_its_last_day_is_overdue_and_a_late_report_tells_by_how_many_days() {
    let mut it = scene();
    let task = it.task(json!({"due_on": it.world.day(2)}));
    let intime = it.task(json!({"due_on": it.world.day(2)}));
    it.report(&it.specialist, &intime).expect(200);
    it.world.advance_days(5);
    let (director, specialist) = (it.world.again(&it.director), it.world.again(&it.specialist));
    let open = it.card(&director, &task).expect(200);
    assert_eq!((&open.body["is_overdue"], &open.body["days_late"]), (&json!(true), &json!(3)));
    it.report(&specialist, &task).expect(200);
    it.world.advance_days(5);
    let director = it.world.again(&director);
    let late = it.step(&director, &task, "acceptance", json!({})).expect(200);
    assert_eq!((&late.body["is_overdue"], &late.body["days_late"]), (&json!(false), &json!(3)));
    let done = it.step(&director, &intime, "acceptance", json!({})).expect(200);
    assert_eq!(done.body.get("days_late"), None, "the report was in time");
}

#[test]
fn nobody_accepts_the_own_report_and_the_director_accepts_that_of_the_controller() {
    let it = scene();
    let own = json!({"kind": "organization", "id": it.pair.organization});
    let task = it.task(json!({"assignee": own, "controller_user_id": it.specialist.id}));
    it.report(&it.specialist, &task).expect(200);
    let card = it.card(&it.specialist, &task);
    assert_eq!(card.action("accept").unwrap()["blocked_by"], json!(["task.own_acceptance"]));
    it.step(&it.specialist, &task, "acceptance", json!({})).refused(409, "task.own_acceptance");
    it.step(&it.head, &task, "acceptance", json!({})).refused(403, "access.not_yours");
    it.step(&it.director, &task, "acceptance", json!({})).expect(200);
}

#[test]
fn a_task_of_a_closed_account_is_kept_found_and_given_to_another() {
    let it = scene();
    let task = it.task(json!({"controller_user_id": it.head.id}));
    it.task(json!({"assignee": account(&it.colleague)}));
    it.world.close_account(&it.specialist);
    for who in [&it.director, &it.head] {
        assert_eq!(it.listed(who, "?assignee_inactive=true"), [task.as_str()]);
    }
    assert_eq!(it.listed(&it.director, "?assignee_inactive=false").len(), 1);
    let assign = |who: &Account, to: &str| it.step(who, &task, "assignment", json!({"user_id": to}));
    assign(&it.director, &it.specialist.id).refused(422, "task.assignee");
    let (_, stranger) = it.world.institution("Чужое");
    let refused = assign(&it.director, &stranger.id).refused(422, "task.assignee");
    assert_eq!(refused.body["errors"][0]["pointer"], "/user_id");
    let assigned = assign(&it.director, &it.colleague.id).expect(200);
    assert_eq!(assigned.body["assignee"]["id"], it.colleague.id);
    assert!(it.listed(&it.director, "?assignee_inactive=true").is_empty());
    it.report(&it.colleague, &task).expect(200);
    it.step(&it.director, &task, "acceptance", json!({})).refused(403, "access.not_yours");
    it.world.close_account(&it.head);
    it.step(&it.director, &task, "acceptance", json!({})).expect(200);
}

#[test]
fn an_account_that_has_left_the_institution_sees_its_tasks_no_more_and_the_director_controls_them() {
    let it = scene();
    let task = it.task(json!({"controller_user_id": it.head.id}));
    it.report(&it.specialist, &task).expect(200);
    it.step(&it.director, &task, "acceptance", json!({})).refused(403, "access.not_yours");
    let (other, _) = it.world.institution("Другой центр");
    let path = format!("/users/{}", it.head.id);
    let grants = json!({"grants": [{"role": "unit_head", "organization_id": other}]});
    it.world.edit(&it.world.admin(), &path, grants).expect(200);
    let head = it.world.again(&it.head);
    it.step(&head, &task, "acceptance", json!({})).refused(404, "request.not_found");
    it.card(&head, &task).refused(404, "request.not_found");
    for query in ["", "?mine=controller", "?mine=to_do"] {
        assert!(it.world.get(&head, &format!("/tasks{query}")).expect(200).items().is_empty(), "{query}");
    }
    let card = it.card(&it.director, &task).expect(200);
    assert_eq!(card.actions(), json!(["accept", "return", "cancel"]));
    it.step(&it.director, &task, "acceptance", json!({})).expect(200);
}

#[test]
fn a_case_that_closes_cancels_its_tasks_that_are_not_done() {
    let it = scene();
    let in_case = || it.task(json!({"case_id": it.case}));
    let (open, reported, done, other) = (in_case(), in_case(), in_case(), it.task(json!({})));
    it.report(&it.specialist, &reported).expect(200);
    it.report(&it.specialist, &done).expect(200);
    it.step(&it.director, &done, "acceptance", json!({})).expect(200);
    let closing = json!({"closed_on": it.world.day(0), "reason": "moved"});
    it.world.post(&it.director, &format!("/cases/{}/closing", it.case), closing).expect(200);
    for task in [&open, &reported] {
        let card = it.card(&it.director, task).expect(200);
        assert_eq!(card.body["cancellation_reason"], "case_closed");
        assert_eq!(card.actions(), json!([]));
    }
    assert_eq!(it.card(&it.director, &done).body["state"], "done");
    assert_eq!(it.card(&it.director, &other).body["state"], "open");
    let refused = it.give(&it.director, json!({"case_id": it.case})).refused(409, "case.not_open");
    assert_eq!(refused.body["errors"][0]["pointer"], "/case_id");
}

#[test]
fn a_death_closes_the_case_and_cancels_its_tasks() {
    let it = scene();
    let task = it.task(json!({"case_id": it.case}));
    it.world.die(&it.director, &it.pair.person, 0).expect(200);
    let card = it.card(&it.director, &task).expect(200);
    assert_eq!(
        (&card.body["state"], &card.body["cancellation_reason"]),
        (&json!("cancelled"), &json!("case_closed"))
    );
    let history = it.world.get(&it.director, &format!("/tasks/{task}/history")).expect(200);
    assert_eq!(history.items()[0]["en"], "The task was cancelled: case closed.");
}

/// Sends two orders alternately, fifty at once, and tells how many of each were carried out.
fn meet(it: &Scene, task: &str, one: (&str, Value), other: (&str, Value), refused: &[&str]) -> [usize; 2] {
    let orders = [one, other];
    let answers = at_once(50, |n| {
        let (step, order) = &orders[n % 2];
        it.step(&it.director, task, step, order.clone())
    });
    let mut done = [0, 0];
    for (n, (status, code)) in answers.iter().enumerate() {
        match *status {
            200 => done[n % 2] += 1,
            409 => assert!(refused.contains(&code.as_str()), "{code}"),
            other => panic!("{other} {code}"),
        }
    }
    done
}

#[test]
fn of_orders_that_meet_exactly_one_is_carried_out() {
    let it = scene();
    let accept = || ("acceptance", json!({}));
    let send_back = || ("return", json!({"note": "Не хватает."}));
    let task = it.task(json!({}));
    it.report(&it.specialist, &task).expect(200);
    let done = meet(&it, &task, accept(), send_back(), &["task.not_reported"]);
    let card = it.card(&it.director, &task);
    let state = if done == [1, 0] { "done" } else { "open" };
    assert_eq!((done[0] + done[1], &card.body["state"]), (1, &json!(state)), "{done:?}");
    assert_eq!((&card.body["version"], card.body["steps"].as_array().unwrap().len()), (&json!(3), 2));

    let own = it.task(json!({"assignee": account(&it.director)}));
    let report = ("report", json!({"result": "Сделано."}));
    let cancel = ("cancellation", json!({"reason": "mistake"}));
    let done = meet(&it, &own, report, cancel, &["task.not_open", "task.settled"]);
    let card = it.card(&it.director, &own);
    let state = if done == [1, 0] { "done" } else { "cancelled" };
    assert_eq!((done[0] + done[1], &card.body["state"]), (1, &json!(state)), "{done:?}");
    assert_eq!(card.body["version"], 2);
}

#[test]
fn a_step_of_a_stale_version_is_refused_and_a_repeated_order_gives_one_task() {
    let it = scene();
    let task = it.task(json!({}));
    let etag = it.card(&it.director, &task).etag();
    it.report(&it.specialist, &task).expect(200);
    let path = format!("/api/v1/tasks/{task}/cancellation");
    let stale = it.world.ask("POST", &path).by(&it.director).header("if-match", etag);
    stale.json(&json!({"reason": "mistake"})).send().refused(412, "version.stale");
    let order = it.order(json!({"title": "Дважды"}));
    let first = it.world.keyed_post(&it.director, "/tasks", "one", order.clone()).expect(201);
    let again = it.world.keyed_post(&it.director, "/tasks", "one", order).expect(201);
    assert_eq!(first.id(), again.id());
    assert_eq!(it.listed(&it.director, "").len(), 2);
}

#[test]
fn the_words_of_a_task_cannot_be_read_out_of_the_files() {
    if tests::postgres_url().is_some() {
        return; // PostgreSQL has the same columns, but no files to read.
    }
    let it = scene();
    let task = it.task(json!({"note": "КАНАРЕЙКА-ПОРУЧЕНИЕ"}));
    it.step(&it.specialist, &task, "report", json!({"result": "КАНАРЕЙКА-ОТЧЁТ"})).expect(200);
    for entry in std::fs::read_dir(&it.world.folder).unwrap().flatten() {
        let bytes = std::fs::read(entry.path()).unwrap();
        let canary = "КАНАРЕЙКА".as_bytes();
        assert!(!bytes.windows(canary.len()).any(|it| it == canary), "{}", entry.path().display());
    }
}
