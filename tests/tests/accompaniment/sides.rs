//! Accompaniment as the mentor, the tutor and the person see it: everything for them in one answer, and nothing else.
use serde_json::{Value, json};
use tests::pairs::Pair;
use tests::{Account, Reply, World};

/// A text that stands in each part of a case that is not for a side.
const HIDDEN: [&str; 9] = [
    "Причина-Х",
    "Договор-Х",
    "Вывод-Х",
    "Здоровье-Х",
    "Долг-Х",
    "Беседа-Х",
    "Итог-Х",
    "Вопрос-Х",
    "Трудность-Х",
];

struct Scene {
    world: World,
    pair: Pair,
    mentorship: String,
    specialist: Account,
    case: String,
}

fn scene() -> Scene {
    tests::prepared!(Scene { pair, mentorship, specialist, case } by scene_in)
}

fn scene_in(world: World) -> Scene {
    let pair = world.pair();
    let director = pair.director.clone();
    let specialist = world.staff("support_specialist", &pair.organization);
    let order = json!({"beneficiary_id": pair.beneficiary, "organization_id": pair.organization, "opened_on": world.day(-1),
        "specialist_user_id": specialist.id, "reason": "Причина-Х", "stage": "preparation", "kind": "aftercare",
        "legal_bases": [{"kind": "contract", "number": "Договор-Х", "drawn_on": world.day(-30)}]});
    let case = world.post(&director, "/cases", order).expect(201).id();
    let at = |step: &str| format!("/cases/{case}/{step}");
    let snapshot = json!({"taken_on": world.day(0), "source": "visit", "in_touch": "yes", "conclusion": "Вывод-Х",
        "domains": [{"domain": "health", "level": "watch", "note": "Здоровье-Х"}]});
    world.post(&director, &at("snapshots"), snapshot).expect(201);
    world.post(&director, &at("problems"), json!({"text": "Долг-Х", "noticed_on": world.day(0)})).expect(201);
    let contact = json!({"held_on": world.day(0), "medium": "phone", "talked_with": ["person"], "reached": true, "note": "Беседа-Х"});
    world.post(&director, &at("case-contacts"), contact).expect(201);
    let members =
        json!([{"role": "chair", "user_id": director.id}, {"role": "member", "name": "Петрова Елена"}]);
    let consilium = json!({"organization_id": pair.organization, "planned_at": world.hour(20), "form": "in_person", "members": members});
    let consilium = world.post(&director, "/consilia", consilium).expect(201).id();
    let item = json!({"case_id": case, "kind": "scheduled", "question": "Вопрос-Х"});
    world.post(&director, &format!("/consilia/{consilium}/items"), item).expect(201);
    let month = format!("/cases/{case}/monthly-records/2026-03");
    let empty = world.get(&director, &month).expect(200).etag();
    let words = json!({"summary": "Итог-Х", "difficulties": "Трудность-Х", "next_month": "Итог-Х", "for_person": "Ты закрыла два долга."});
    world.put(&director, &month, &empty, words).expect(200);
    let mentorship = world.active(&pair);
    Scene { world, pair, mentorship, specialist, case }
}

impl Scene {
    fn seen(&self, who: &Account) -> Reply {
        self.world.get(who, &format!("/beneficiaries/{}/accompaniment", self.pair.beneficiary))
    }
    fn task(&self, assignee: Value) -> String {
        let task = json!({"kind": "other", "title": "Собрать документы", "case_id": self.case, "assignee": assignee,
            "controller_user_id": self.specialist.id, "due_on": self.world.day(5)});
        self.world.post(&self.pair.director, "/tasks", task).expect(201).id()
    }
}

fn ids(of: &Value) -> Vec<&str> {
    of.as_array().expect("rows").iter().filter_map(|it| it["id"].as_str()).collect()
}

#[test]
fn a_mentor_reads_who_accompanies_and_the_own_tasks_and_nothing_of_the_case() {
    let it = scene();
    let mentor = it.world.mentor_account("maria", &it.pair);
    let own = it.task(json!({"kind": "mentor", "id": it.pair.mentor}));
    it.task(json!({"kind": "user", "id": it.specialist.id}));
    let plan = it.world.plan(&mentor, &it.pair.beneficiary, json!({"kind": "education_route"}));
    let seen = it.seen(&mentor).expect(200);
    let [by] = seen.body["accompanied_by"].as_array().expect("organizations").as_slice() else {
        panic!("{}", seen.text)
    };
    assert_eq!(
        (&by["organization_id"], &by["specialist_user_id"]),
        (&json!(it.pair.organization), &json!(it.specialist.id))
    );
    assert!(by["specialist_user_name"].is_string());
    assert_eq!((by.get("stage"), by.get("opened_on")), (None, None));
    assert_eq!(
        (ids(&seen.body["tasks"]), ids(&seen.body["plans"])),
        (vec![own.as_str()], vec![plan.as_str()])
    );
    assert_eq!((seen.body.get("months"), seen.body.get("living_enrolments")), (None, None));
    for text in HIDDEN {
        assert!(!seen.text.contains(text), "{text}");
    }
}

#[test]
fn the_person_reads_the_stage_and_the_words_for_them_of_signed_months_alone() {
    let it = scene();
    let girl = it.world.mentee_account("daria", &it.pair);
    let mentor = it.world.mentor_account("maria", &it.pair);
    let own = it.task(json!({"kind": "person", "id": it.pair.person}));
    it.task(json!({"kind": "mentor", "id": it.pair.mentor}));
    let month = format!("/cases/{}/monthly-records/2026-03", it.case);
    let before = it.seen(&girl).expect(200);
    assert_eq!(before.body["months"], json!([]));
    assert_eq!(
        (&before.body["accompanied_by"][0]["stage"], ids(&before.body["tasks"])),
        (&json!("preparation"), vec![own.as_str()])
    );
    it.world.advance(chrono::TimeDelta::days(29));
    let (girl, specialist) = (it.world.again(&girl), it.world.again(&it.specialist));
    it.world.post(&specialist, &format!("{month}/signature"), json!({})).expect(200);
    let signed = json!([{"month": "2026-03", "text": "Ты закрыла два долга."}]);
    let seen = it.seen(&girl).expect(200);
    assert_eq!(seen.body["months"], signed);
    assert_eq!(seen.body["living_enrolments"], json!([]));
    for text in HIDDEN {
        assert!(!seen.text.contains(text), "{text}");
    }
    let mentor = it.world.again(&mentor);
    assert!(!it.seen(&mentor).expect(200).text.contains("Ты закрыла"));
    // The words stay for the person after the end of the case.
    let director = it.world.again(&it.pair.director);
    let end = json!({"ground": "other_objective", "ended_on": it.world.day(0), "text": "Переезд."});
    it.world.step(&director, &it.mentorship, "termination", end).expect(200);
    let closing = json!({"closed_on": it.world.day(0), "reason": "moved"});
    it.world.post(&director, &format!("/cases/{}/closing", it.case), closing).expect(200);
    let after = it.seen(&girl).expect(200);
    assert_eq!((&after.body["months"], &after.body["accompanied_by"]), (&signed, &json!([])));
}

#[test]
fn an_invited_mentor_and_person_read_when_and_where_and_nothing_of_the_question() {
    let it = scene();
    let (girl, mentor) =
        (it.world.mentee_account("daria", &it.pair), it.world.mentor_account("maria", &it.pair));
    let director = &it.pair.director;
    let member = |role: &str, who: &Account| json!({"role": role, "user_id": who.id});
    let consilium = |members: Value| {
        let form = json!({"organization_id": it.pair.organization, "planned_at": it.world.hour(20), "form": "in_person",
            "place": "Кабинет 3", "members": members});
        it.world.post(director, "/consilia", form)
    };
    let with_both = json!([member("chair", director), member("invited", &mentor), member("member", &girl)]);
    let planned = consilium(with_both).expect(201).id();
    let agenda = json!({"case_id": it.case, "kind": "urgent", "question": "Вопрос-Х"});
    it.world.post(director, &format!("/consilia/{planned}/items"), agenda).expect(201);
    for (who, role) in [(&mentor, "invited"), (&girl, "member")] {
        let seen = it.seen(who).expect(200);
        let [one] = seen.body["invitations"].as_array().expect("invitations").as_slice() else {
            panic!("{}", seen.text)
        };
        assert_eq!((&one["place"], &one["role"]), (&json!("Кабинет 3"), &json!(role)));
        assert!(
            HIDDEN.iter().all(|it| !seen.text.contains(it)) && one.get("kind").is_none(),
            "{}",
            seen.text
        );
        it.world.get(who, &format!("/consilia/{planned}")).expect(404);
    }
    let tutor = it.world.account("tutor", json!([{"role": "tutor"}]), None);
    consilium(json!([member("chair", director), member("member", &tutor)])).refused(422, "consilium.member");
    let cancelled = json!({"note": "Перенос."});
    it.world.post(director, &format!("/consilia/{planned}/cancellation"), cancelled).expect(200);
    assert_eq!(it.seen(&mentor).expect(200).body["invitations"], json!([]));
}

#[test]
fn a_dissent_is_told_to_the_organization_and_the_guardianship_and_no_hint_of_it_to_the_sides() {
    let it = scene();
    let (girl, mentor) =
        (it.world.mentee_account("daria", &it.pair), it.world.mentor_account("maria", &it.pair));
    let (world, director) = (&it.world, &it.pair.director);
    let by = |role: &str, who: &Account| json!({"role": role, "user_id": who.id});
    let members = json!([by("chair", director), by("secretary", &it.specialist), {"role": "member", "name": "Петрова Елена"},
        by("invited", &mentor), by("invited", &girl)]);
    let form = json!({"organization_id": it.pair.organization, "planned_at": world.hour(-2), "form": "in_person", "members": members});
    let consilium = format!("/consilia/{}", world.post(director, "/consilia", form).expect(201).id());
    let item = json!({"case_id": it.case, "kind": "urgent", "question": "Вопрос-Х"});
    let item = world.post(director, &format!("{consilium}/items"), item).expect(201).id();
    let path = format!("/consilium-items/{item}");
    let held = json!({"held_at": world.hour(-1), "present": [1, 2, 3, 4, 5]});
    world.post(director, &format!("{consilium}/holding"), held).expect(200);
    let decision = json!({"title": "Записать к врачу", "assignee": {"kind": "user", "id": it.specialist.id}, "due_on": world.day(10)});
    let resolution = json!({"heard": [{"person_id": it.pair.person, "heard": "present", "opinion": "Согласна."}],
        "votes": {"in_favour": 2, "against": 1, "abstained": 0}, "decisions": [decision]});
    world.post(director, &format!("{path}/resolution"), resolution).expect(200);
    let dissent = json!({"member": 1, "text": "Рано-Х."});
    world.post(director, &format!("{path}/dissents"), dissent).expect(200);
    world.post(director, &format!("{consilium}/closing"), json!({"protocol_number": "5"})).expect(200);

    let officer = json!([{"role": "guardianship_officer", "territory": "25655000"}]);
    let officer = world.account("officer", officer, None);
    for who in [director, &it.specialist, &officer] {
        assert!(world.get(who, &path).expect(200).text.contains("Рано-Х."));
    }
    let protocol = world.get(director, &format!("{consilium}/protocol")).expect(200);
    assert!(protocol.text.contains("Рано-Х."), "{}", protocol.text);
    let history = world.get(director, &format!("{path}/history")).expect(200);
    assert!(history.text.contains("consilium_item.dissented"), "{}", history.text);
    let (case, beneficiary) =
        (format!("/cases/{}", it.case), format!("/beneficiaries/{}", it.pair.beneficiary));
    let closed = [&path, &consilium].map(|it| [it.clone(), format!("{it}/history")]).concat();
    let near = [
        format!("{beneficiary}/accompaniment"),
        format!("{beneficiary}/history"),
        format!("{case}/history"),
        format!("{case}/consilium-items"),
        format!("/mentorships/{}/history", it.mentorship),
        format!("/people/{}/history", it.pair.person),
        "/consilia".to_owned(),
        "/tasks".to_owned(),
        "/me/agenda".to_owned(),
    ];
    for who in [&girl, &mentor] {
        for path in closed.iter().chain([&format!("{consilium}/protocol")]) {
            let status = world.get(who, path).status;
            assert!([403, 404].contains(&status), "{path}: {status}");
        }
        world.get(who, &path).refused(404, "request.not_found");
        it.seen(who).expect(200);
        for path in &near {
            let read = world.get(who, path);
            for hint in ["Рано-Х", "dissent", "собое мнение", &item] {
                assert!(read.status != 200 || !read.text.contains(hint), "{path}: {}", read.text);
            }
        }
    }
}

#[test]
fn an_item_names_reports_of_the_mentor_of_its_person_and_no_others() {
    let it = scene();
    let (mentor, director) = (it.world.mentor_account("maria", &it.pair), &it.pair.director);
    let report = |of: &str| it.world.step(director, of, "mentor-reports", it.world.report()).expect(201).id();
    let own = it.world.step(&mentor, &it.mentorship, "mentor-reports", it.world.report()).expect(201).id();
    let (annulled, second) = (report(&it.mentorship), report(&it.mentorship));
    let reason = json!({"reason": "Внесён дважды."});
    it.world.post(director, &format!("/mentor-reports/{annulled}/annulment"), reason).expect(200);
    let program = it.world.program("together-six-meetings");
    let other = it.world.pair_at(&it.pair.organization, director, &program);
    let of_another = report(&it.world.active(&other));
    let foreign = it.world.pair();
    let pair = it.world.active(&foreign);
    let unseen =
        it.world.step(&foreign.director, &pair, "mentor-reports", it.world.report()).expect(201).id();
    let members =
        json!([{"role": "chair", "user_id": director.id}, {"role": "member", "user_id": it.specialist.id}]);
    let form = json!({"organization_id": it.pair.organization, "planned_at": it.world.hour(20), "form": "online",
        "members": members});
    let planned = it.world.post(director, "/consilia", form).expect(201).id();
    let add = |reports: Value| {
        let item = json!({"case_id": it.case, "kind": "urgent", "question": "Отчёт наставника", "report_ids": reports});
        it.world.post(director, &format!("/consilia/{planned}/items"), item)
    };
    for wrong in [&annulled, &of_another, &unseen] {
        let refused = add(json!([own, wrong])).refused(422, "field.reference");
        assert_eq!(refused.body["errors"][0]["pointer"], "/report_ids/1", "{}", refused.text);
    }
    let twice = add(json!([own, own])).expect(422);
    assert!(twice.text.contains("/report_ids"), "{}", twice.text);
    let item = add(json!([own, second])).expect(201);
    assert_eq!(item.body["report_ids"], json!([own, second]));
    // The words of the report stay at its own address.
    assert!(!item.text.contains("work_done"));
    let read = it.world.get(&it.specialist, &format!("/mentor-reports/{own}")).expect(200);
    assert!(read.text.contains("work_done"));
}

#[test]
fn a_side_reads_nothing_after_the_end_of_the_pair_and_nobody_else_reads_it_at_all() {
    let it = scene();
    let mentor = it.world.mentor_account("maria", &it.pair);
    let other = it.world.another_mentor(&it.pair);
    let card = it.world.get(&it.pair.director, &format!("/mentors/{other}")).expect(200);
    let person = card.body["person_id"].as_str().expect("a person").to_owned();
    let other = it.world.account("other", json!([{"role": "mentor"}]), Some(&person));
    it.seen(&other).refused(404, "request.not_found");
    it.seen(&it.pair.director).refused(403, "access.forbidden");
    let (_, stranger) = it.world.institution("Чужой центр");
    it.seen(&stranger).refused(404, "request.not_found");
    it.seen(&mentor).expect(200);
    let end = json!({"ground": "other_objective", "ended_on": it.world.day(0), "text": "Переезд."});
    let ended = it.world.step(&it.pair.director, &it.mentorship, "termination", end);
    assert_eq!(ended.status, 200, "{}", ended.text);
    it.seen(&mentor).refused(404, "request.not_found");
}

#[test]
fn a_child_below_fourteen_reads_no_page_of_their_own() {
    let it = super::scene();
    let born = it.world.today() - chrono::Months::new(12 * 14) + chrono::TimeDelta::days(1);
    let child = it.world.person(&it.director, json!({"given_name": "Катя", "birth_date": born}));
    let beneficiary = it.world.beneficiary(&it.director, &it.organization, &child);
    let own = it.world.account("katya", json!([{"role": "mentee"}]), Some(&child));
    let path = format!("/beneficiaries/{beneficiary}/accompaniment");
    it.world.get(&own, &path).refused(404, "request.not_found");
    it.world.advance(chrono::TimeDelta::days(1));
    let own = it.world.login(&own.login);
    it.world.get(&own, &path).expect(200);
}
