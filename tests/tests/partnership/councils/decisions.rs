//! Decisions: the tasks that they make, who answers them, and what is overdue.
use super::{NOWHERE, Scene, scene};
use serde_json::{Value, json};
use tests::{Account, Reply, with};

/// Decision № 14 of 28.09.2017, as the source has it.
fn fourteen(it: &Scene) -> Value {
    let instruct = |no: &str, text: &str| json!({"no": no, "kind": "instruction", "text": text, "organization_id": it.ministry, "report_every": "year"});
    let class = json!({"text": "Предприятия и организации области", "organization_kinds": ["business"]});
    let advise =
        |no: &str, text: &str| json!({"no": no, "kind": "recommendation", "text": text, "addressee": class});
    let items = json!([{"no": "1", "kind": "noted", "text": "Информацию принять к сведению."},
        instruct("2.1", "Продолжить внедрение успешных практик."), instruct("2.2", "Развивать долгосрочное наставничество."),
        instruct("2.3", "Проводить обучающие мероприятия для наставников."),
        advise("3.1", "Развивать наставничество совместно со СМИ."), advise("3.2", "Проводить мониторинг эффективности.")]);
    let signatory = json!({"position": "Заместитель Губернатора, координатор комиссии", "name": "Соколов Пётр Андреевич"});
    json!({"council_id": it.council, "adopted_on": "2017-09-28",
        "decision": with(it.text("14", items), &json!({"signatory": signatory}))})
}

fn entered(it: &Scene) -> String {
    it.world.post(&it.director, "/decisions", fourteen(it)).expect(201).id()
}

fn step(it: &Scene, who: &Account, task: &Value, step: &str, order: Value) -> Reply {
    it.world.post(who, &format!("/tasks/{}/{step}", Reply::id_of(task)), order)
}

#[test]
fn decision_14_makes_five_tasks_and_none_for_the_noted_item() {
    let it = scene(0, json!({}));
    let id = entered(&it);
    let card = it.world.get(&it.director, &format!("/decisions/{id}")).expect(200).body;
    assert_eq!((&card["number"], &card["adopted_on"]), (&json!("14"), &json!("2017-09-28")));
    assert_eq!(card["signatory"]["name"], "Соколов Пётр Андреевич");
    assert_eq!(card["items"][1]["organization_name"], "Министерство");
    let tasks = it.tasks(&it.director, &format!("source_kind=decision&source_id={id}&sort=earliest_first"));
    assert_eq!(tasks.len(), 5, "none for the noted item");
    let (instructions, recommendations) = tasks.split_at(3);
    for task in instructions {
        assert_eq!(
            (&task["binding"], &task["ongoing"], &task["due_on"]),
            (&json!(true), &json!(true), &json!("2018-09-28"))
        );
        assert_eq!(task["assignee"]["name"], "Министерство");
        assert_eq!(task["source"]["name"], "№ 14. О развитии наставничества");
    }
    for task in recommendations {
        assert_eq!((&task["binding"], task.get("due_on"), task.get("assignee")), (&json!(false), None, None));
        assert_eq!(task["addressee"]["text"], "Предприятия и организации области");
        assert_eq!(task["answers"], 0);
    }
    assert!(tasks.iter().any(|it| it["title"] == "Решение № 14, пункт 2.1"), "{tasks:?}");
}

#[test]
fn a_yearly_instruction_without_a_report_is_overdue_and_after_the_report_of_the_year_it_is_not() {
    let it = scene(0, json!({}));
    let id = entered(&it);
    let overdue = || {
        let query =
            format!("overdue=true&source_kind=decision&source_id={id}&organization_id={}", it.ministry);
        it.tasks(&it.director, &query)
    };
    let late = overdue();
    assert_eq!(late.len(), 3, "recommendations are never overdue");
    let specialist = it.world.staff("support_specialist", &it.ministry);
    let report = json!({"result": "В 2025 году обучено 40 наставников.", "share": 60});
    step(&it, &specialist, &late[0], "report", report).expect(200);
    let accepted = step(&it, &it.director, &late[0], "acceptance", json!({})).expect(200);
    assert_eq!((&accepted.body["state"], &accepted.body["due_on"]), (&json!("open"), &json!("2026-09-28")));
    assert_eq!(accepted.body["steps"][0]["share"], 60);
    assert_eq!(overdue().len(), 2);
    let again = json!({"due_on": it.world.day(400), "reason": "Позже."});
    step(&it, &it.director, &late[0], "postponements", again).expect(200);
}

#[test]
fn two_enterprises_answer_a_recommendation_and_it_is_never_returned() {
    let it = scene(0, json!({}));
    let id = entered(&it);
    let enterprise = |name: &str| {
        let of = it.world.organization("business", name, "33701000");
        (of.clone(), it.world.staff("director", &of), it.world.staff("support_specialist", &of))
    };
    let ((one, first, clerk), (two, second, _)) = (enterprise("Завод"), enterprise("Комбинат"));
    let ngo = it.world.organization("ngo", "Покров", "33701000");
    let outsider = it.world.staff("director", &ngo);
    let advice = it.tasks(&first, "source_kind=decision");
    assert_eq!(advice.len(), 2, "an enterprise sees what is recommended to its class, and no instruction");
    assert!(it.tasks(&outsider, "").is_empty());
    assert_eq!((it.tasks(&first, "mine=to_do").len(), it.tasks(&clerk, "mine=to_do").len()), (2, 0));
    // The head of one organization who works in another answers for the first alone.
    let grants = json!([{"role": "director", "organization_id": one}, {"role": "support_specialist", "organization_id": two}]);
    let both = it.world.account("both", grants, None);
    let answer = |who: &Account, of: &str| {
        let order =
            json!({"organization_id": of, "answer": "adopted", "text": "Наставники приглашены в редакцию."});
        step(&it, who, &advice[0], "answers", order)
    };
    answer(&clerk, &one).refused(403, "task.not_addressed");
    answer(&first, &two).refused(422, "field.reference");
    answer(&both, &two).refused(403, "task.not_addressed");
    assert_eq!(answer(&first, &one).expect(200).body["answers"], 1);
    answer(&first, &one).refused(409, "task.answered");
    answer(&second, &two).expect(200);
    answer(&outsider, &ngo).refused(404, "request.not_found");
    answer(&it.director, &it.ministry).refused(403, "task.not_addressed");
    assert_eq!(it.tasks(&first, "mine=to_do").len(), 1, "what is answered waits no more");
    let path = format!("/tasks/{}", Reply::id_of(&advice[0]));
    let told = it.world.get(&first, &format!("{path}/history")).expect(200).text;
    assert!(!told.contains(&two) && !told.contains("Комбинат"), "{told}");
    let answers = |who: &Account| it.world.get(who, &format!("{path}/answers")).expect(200).items().len();
    assert_eq!((answers(&it.director), answers(&first)), (2, 1));
    let later = json!({"due_on": it.world.day(30), "reason": "Позже."});
    step(&it, &it.director, &advice[0], "postponements", later).refused(409, "task.undated");
    // The controller sums up what came of it; nothing of a recommendation is returned.
    step(&it, &first, &advice[0], "report", json!({"result": "Сделали."})).refused(403, "access.not_yours");
    let summed =
        step(&it, &it.director, &advice[0], "report", json!({"result": "Ответили двое."})).expect(200);
    assert_eq!(summed.body["state"], "done");
    let given = json!({"no": "1", "kind": "recommendation", "text": "Создать клуб.", "organization_id": one});
    let order = json!({"council_id": it.council, "adopted_on": it.world.day(-1), "decision": it.text("15", json!([given]))});
    let other = it.world.post(&it.director, "/decisions", order).expect(201).id();
    let task = it.tasks(&first, &format!("source_id={other}")).remove(0);
    step(&it, &clerk, &task, "report", json!({"result": "Клуб создан."})).expect(200);
    let back = step(&it, &it.director, &task, "return", json!({"note": "Ещё раз."}));
    back.refused(409, "task.not_binding");
    assert_ne!(id, other);
}

#[test]
fn fifty_answers_of_one_enterprise_are_one() {
    let it = scene(0, json!({}));
    entered(&it);
    let of = it.world.organization("business", "Завод", "33701000");
    let director = it.world.staff("director", &of);
    let task = it.tasks(&director, "").remove(0);
    let order = json!({"organization_id": of, "answer": "partly"});
    let told = tests::pairs::at_once(50, |_| step(&it, &director, &task, "answers", order.clone()));
    assert_eq!(told.iter().filter(|it| it.0 == 200).count(), 1, "{told:?}");
    assert!(told.iter().all(|it| it.0 == 200 || it.1 == "task.answered"), "{told:?}");
}

#[test]
fn a_decision_is_refused_with_all_that_is_wrong_and_a_number_is_taken_once_a_year() {
    let it = scene(0, json!({}));
    entered(&it);
    let again =
        it.world.post(&it.director, "/decisions", fourteen(&it)).refused(409, "decision.number_taken");
    assert_eq!(again.body["errors"][0]["pointer"], "/decision/number");
    let next = with(fourteen(&it), &json!({"adopted_on": "2018-01-10"}));
    it.world.post(&it.director, "/decisions", next).expect(201);
    let items = json!([{"no": "1", "kind": "instruction", "text": "Сделать."},
        {"no": "2", "kind": "approval", "text": "Утвердить.", "organization_id": it.ministry},
        {"no": "3", "kind": "instruction", "text": "Успеть.", "organization_id": it.ministry, "due_on": "2018-01-01"},
        {"no": "4", "kind": "instruction", "text": "Проверить.", "organization_id": it.ministry, "due_on": "2027-01-01", "controller_user_id": it.ministry}]);
    let wrong =
        json!({"council_id": it.council, "adopted_on": it.world.day(1), "decision": it.text("16", items)});
    let refused = it.world.post(&it.director, "/decisions", wrong).expect(422);
    let codes = [
        "decision.in_future",
        "decision.addressee",
        "task.due",
        "decision.addressee",
        "task.due_past",
        "field.reference",
    ];
    assert_eq!(refused.codes(), codes);
    let same =
        json!([{"no": "1", "kind": "noted", "text": "Раз."}, {"no": "1", "kind": "noted", "text": "Два."}]);
    let twice =
        json!({"council_id": it.council, "adopted_on": it.world.day(0), "decision": it.text("16", same)});
    it.world.post(&it.director, "/decisions", twice).refused(422, "field.combination");
    let (_, stranger) = it.world.institution("Чужое");
    it.world.post(&stranger, "/decisions", fourteen(&it)).refused(422, "field.reference");
}

#[test]
fn a_decision_of_no_council_is_refused_with_all_else_that_is_wrong() {
    let it = scene(0, json!({}));
    let items = json!([{"no": "1", "kind": "instruction", "text": "Сделать."},
        {"no": "2", "kind": "instruction", "text": "Проверить.", "organization_id": NOWHERE, "due_on": it.world.day(30)}]);
    let text = with(it.text("16", items), &json!({"act_ids": [NOWHERE], "file_id": NOWHERE}));
    let wrong = json!({"council_id": NOWHERE, "adopted_on": it.world.day(1), "decision": text});
    let refused = it.world.post(&it.director, "/decisions", wrong.clone()).refused(422, "field.reference");
    let places = [
        "/council_id",
        "/adopted_on",
        "/decision/items/0/organization_id",
        "/decision/items/0/due_on",
        "/decision/items/1/organization_id",
        "/decision/act_ids/0",
        "/decision/file_id",
    ];
    assert_eq!(refused.pointers(), places);
    // A council of another organization is none for the caller, and no more is told of it.
    let (_, stranger) = it.world.institution("Чужое");
    let foreign = with(wrong, &json!({"council_id": it.council}));
    let refused = it.world.post(&stranger, "/decisions", foreign).refused(422, "field.reference");
    assert_eq!(refused.pointers(), places);
}

#[test]
fn a_cancelled_decision_takes_its_open_tasks_with_it_and_stays_readable() {
    let it = scene(0, json!({}));
    let old = entered(&it);
    let noted = json!([{"no": "1", "kind": "noted", "text": "Решение № 14 отменить."}]);
    let order =
        json!({"council_id": it.council, "adopted_on": "2017-12-20", "decision": it.text("1", noted)});
    let new = it.world.post(&it.director, "/decisions", order).expect(201).id();
    let cancel = |id: &str, by: &str| {
        it.world.post(&it.director, &format!("/decisions/{id}/cancellation"), json!({"by_decision_id": by}))
    };
    cancel(&new, &old).refused(422, "decision.cancelled_by");
    cancel(&old, &old).refused(422, "decision.cancelled_by");
    let card = cancel(&old, &new).expect(200);
    assert_eq!(
        (&card.body["state"], &card.body["cancelled_by_decision_id"]),
        (&json!("cancelled"), &json!(new))
    );
    assert_eq!(card.body["cancelled_on"], "2017-12-20", "the day of the decision, not that of the entry");
    assert_eq!(card.actions(), json!([]));
    cancel(&old, &new).refused(409, "decision.not_adopted");
    let both = cancel(&old, NOWHERE).refused(409, "decision.not_adopted");
    assert_eq!(both.codes(), ["decision.not_adopted", "field.reference"]);
    cancel(&new, NOWHERE).refused(422, "field.reference");
    let tasks = it.tasks(&it.director, &format!("source_id={old}"));
    assert!(tasks.iter().all(|it| it["cancellation_reason"] == "decision_cancelled"), "{tasks:?}");
    let stated = |state: &str| {
        it.world.get(&it.director, &format!("/decisions?state={state}")).expect(200).items().len()
    };
    assert_eq!((stated("adopted"), stated("cancelled")), (1, 1));
}
