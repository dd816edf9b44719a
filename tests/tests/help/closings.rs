//! The end of a case: its open needs refuse it, end with it or go on in the case that continues it.
use super::needs::{Scene, scene};
use serde_json::{Value, json};
use tests::{Account, Reply, with};

impl Scene {
    fn close(&self, members: Value) -> Reply {
        let order = json!({"closed_on": self.world.day(-1), "reason": "goals_reached"});
        self.world.post(&self.director, &self.of_case("closing"), with(order, &members))
    }
}

#[test]
fn a_case_with_open_needs_closes_only_when_the_order_ends_them() {
    let it = scene();
    let (open, begun, met) = (it.need(json!({})), it.need(json!({})), it.need(json!({})));
    it.step(&it.director, &begun, "start", json!({})).expect(200);
    it.end(&met, json!({"ended_on": it.world.day(-2)})).expect(200);
    let refused = it.close(json!({})).refused(409, "case.open_needs");
    assert_eq!(refused.body["errors"][0]["params"][0]["value"], "2");
    let card = it.world.get(&it.director, &format!("/cases/{}", it.case)).expect(200);
    let close = card.action("close").expect("a closing");
    assert_eq!(close["blocked_by"], json!([]), "an order may end what is open");
    it.close(json!({"end_open": true})).expect(200);
    for need in [&open, &begun] {
        let told = it.card(need);
        assert_eq!((&told["state"], &told["unmet_reason"]), (&json!("unmet"), &json!("left")));
        assert_eq!(
            (&told["result"], &told["ended_on"]),
            (&json!("Случай закрыт."), &json!(it.world.day(-1)))
        );
    }
    assert_eq!(it.card(&met)["state"], "met");
    it.enter(json!({})).refused(409, "case.not_open");
}

#[test]
fn a_case_is_not_closed_before_its_needs_became_known() {
    let it = scene();
    let need = it.need(json!({}));
    it.end(&need, json!({"ended_on": it.world.day(-3)})).expect(200);
    it.close(json!({"closed_on": it.world.day(-4)})).refused(409, "case.recorded_later");
    it.close(json!({"closed_on": it.world.day(-3)})).expect(200);
}

#[test]
fn a_death_ends_the_open_needs_by_itself() {
    let it = scene();
    let need = it.need(json!({}));
    it.world.die(&it.director, &it.girl, -3).expect(200);
    let told = it.card(&need);
    assert_eq!((&told["state"], &told["unmet_reason"]), (&json!("unmet"), &json!("left")));
    assert!(told["result"].is_string());
}

#[test]
fn the_death_of_one_of_a_family_ends_no_needs_and_lets_no_closing_pass() {
    let it = scene();
    let world = &it.world;
    let father = world
        .person(&it.director, json!({"given_name": "Сергей", "sex": "male", "birth_date": "1980-01-01"}));
    let family = world.family(&it.director, &[&it.girl, &father]);
    let beneficiary = world.family_beneficiary(&it.director, &it.organization, &family);
    let case = world.case(&it.director, &it.organization, &beneficiary);
    let it = Scene { case, ..it };
    let need = it.need(json!({}));
    it.world.die(&it.director, &father, -3).expect(200);
    assert_eq!(it.card(&need)["state"], "open");
    for reason in ["goals_reached", "died"] {
        it.close(json!({"reason": reason})).refused(409, "case.open_needs");
    }
    it.close(json!({"reason": "died", "end_open": true})).expect(200);
    assert_eq!(it.card(&need)["state"], "unmet");
}

#[test]
fn a_line_of_a_programme_is_marked_after_the_closing_too() {
    let it = scene();
    let need = it.need(json!({"programme_number": "17-2026"}));
    it.close(json!({"end_open": true})).expect(200);
    let path = format!("/needs/{need}");
    let mark = json!({"mark": "not_done", "mark_reason": "Выбыл до начала занятий."});
    let marked = it.world.edit(&it.director, &path, mark).expect(200);
    assert_eq!((&marked.body["mark"], &marked.body["state"]), (&json!("not_done"), &json!("unmet")));
    it.world.patch(&it.director, &path, &marked.etag(), json!({"urgency": "now"})).refused(409, "need.over");
}

impl Scene {
    /// A held consilium with one item of that kind for the case.
    fn sitting(&self, kind: &str) -> (String, String) {
        let world = &self.world;
        let members = json!([{"role": "chair", "user_id": self.director.id}, {"role": "member", "name": "Петрова Елена"},
            {"role": "member", "name": "Кузнецова Анна"}]);
        let sitting = json!({"organization_id": self.organization, "planned_at": world.hour(-2), "form": "in_person", "members": members});
        let sitting = world.post(&self.director, "/consilia", sitting).expect(201).id();
        let item = json!({"case_id": self.case, "kind": kind, "question": "Дальнейшее сопровождение"});
        let item = world.post(&self.director, &format!("/consilia/{sitting}/items"), item).expect(201).id();
        let held = json!({"held_at": world.hour(-1), "present": [1, 2, 3]});
        world.post(&self.director, &format!("/consilia/{sitting}/holding"), held).expect(200);
        (sitting, item)
    }
    fn resolve(&self, item: &str, members: Value) -> Reply {
        let heard = json!([{"person_id": self.girl, "heard": "present", "opinion": "Согласна."}]);
        let order = json!({"votes": {"in_favour": 3, "against": 0, "abstained": 0}, "heard": heard, "note": "Так решили."});
        self.world.post(&self.director, &format!("/consilium-items/{item}/resolution"), with(order, &members))
    }
}

#[test]
fn a_final_item_refuses_open_needs_as_a_closing_does() {
    let it = scene();
    let world = &it.world;
    it.need(json!({}));
    let (sitting, item) = it.sitting("final");
    let finish = json!({"outcome": "close", "closing_reason": "goals_reached", "closed_on": world.day(0)});
    it.resolve(&item, json!({"finish": finish})).refused(409, "case.open_needs");
    let ending = with(finish, &json!({"end_open": true}));
    it.resolve(&item, json!({"finish": ending})).expect(200);
    world
        .post(&it.director, &format!("/consilia/{sitting}/closing"), json!({"protocol_number": "1"}))
        .expect(200);
    let needs = world.get(&it.director, &it.of_case("needs")).expect(200);
    assert_eq!(needs.items()[0]["unmet_reason"], "left");
}

impl Scene {
    /// The centre accepts the case: its director, and the case that goes on.
    fn handed_over(&self, centre: &(String, Account), parts: &[&str], ground: Value) -> String {
        let world = &self.world;
        let transfer =
            with(json!({"to_organization_id": centre.0, "reason": "moved", "parts": parts}), &ground);
        let transfer = world.post(&self.director, &self.of_case("transfers"), transfer).expect(201).id();
        let order = json!({"specialist_user_id": world.staff("support_specialist", &centre.0).id});
        let path = format!("/case-transfers/{transfer}/acceptance");
        let accepted = world.post(&centre.1, &path, order).expect(200);
        accepted.body["next_case_id"].as_str().expect("a case").to_owned()
    }
    fn ground_of_law(&self) -> Value {
        json!({"legal_ground": "Запрос опеки", "ground_file_id": self.world.file(&self.director, "consent")})
    }
}

#[test]
fn a_transfer_hands_open_needs_over_and_leaves_words_that_nobody_granted() {
    let it = scene();
    let world = &it.world;
    let (open, met) =
        (it.need(json!({"text": "Найти общежитие.", "due_on": world.day(9)})), it.need(json!({})));
    it.end(&met, json!({})).expect(200);
    let centre = world.institution("Центр сопровождения");
    let next = it.handed_over(&centre, &["identity"], it.ground_of_law());
    let told = it.card(&open);
    assert_eq!((&told["state"], &told["unmet_reason"]), (&json!("unmet"), &json!("transferred")));
    let all = world.get(&centre.1, &format!("/cases/{next}/needs")).expect(200);
    let [anew] = all.items().as_slice() else { panic!("one need goes on: {}", all.text) };
    assert_eq!((&anew["state"], &anew["source"]), (&json!("open"), &json!("transfer")));
    assert_eq!((&anew["domain"], &anew["continues_id"]), (&json!("study_work"), &json!(open)));
    assert_eq!((&anew["noticed_on"], &anew["due_on"]), (&json!(world.day(0)), &json!(world.day(9))));
    assert!(!all.text.contains("общежитие"), "{}", all.text);
    world.get(&centre.1, &format!("/needs/{open}")).refused(404, "request.not_found");
    let started =
        world.post(&centre.1, &format!("/needs/{}/start", Reply::id_of(anew)), json!({})).expect(200);
    assert_eq!(started.body["state"], "in_work");
}

#[test]
fn a_case_with_an_open_referral_is_not_handed_over() {
    let it = scene();
    let world = &it.world;
    let (asked, (centre, _)) = (world.ngo("Берег"), world.institution("Центр сопровождения"));
    let need = it.need(json!({}));
    let referral = json!({"to_organization_id": asked, "need_ids": [need], "reason": "Нужен психолог.", "urgency": "week",
        "parts": ["identity"]});
    world.post(&it.director, &it.of_case("referrals"), with(referral, &it.ground_of_law())).expect(201);
    let transfer = json!({"to_organization_id": centre, "reason": "moved", "parts": ["identity"]});
    let proposed = world.post(&it.director, &it.of_case("transfers"), with(transfer, &it.ground_of_law()));
    proposed.refused(409, "case.open_referral");
}

#[test]
fn a_stage_that_watches_less_waits_until_a_crisis_has_ended() {
    let it = scene();
    let world = &it.world;
    let report = json!({"beneficiary_id": it.beneficiary, "kind": "conflict", "text": "Кричат."});
    world.post(&it.director, "/crises", report).expect(201);
    let snapshot =
        json!({"taken_on": world.day(0), "source": "visit", "in_touch": "yes", "activity": "studying"});
    world.post(&it.director, &it.of_case("snapshots"), snapshot).expect(201);
    let (_, item) = it.sitting("transition");
    let refused = it.resolve(&item, json!({"to_stage": "monitoring"}));
    assert_eq!(refused.codes(), ["case.has_open_crisis"], "{}", refused.text);
}

#[test]
fn a_key_that_reads_no_crises_closes_no_case_over_one_but_learns_nothing_of_a_hidden_one() {
    let it = scene();
    let key = it.world.key(&["read_cases", "edit_cases"], json!({"organization_ids": [it.organization]}));
    let order = json!({"closed_on": it.world.day(0), "reason": "goals_reached"});
    let path = format!("/api/v1{}", it.of_case("closing"));
    let close = || it.world.ask("POST", &path).by(&key).header("idempotency-key", "once").json(&order).send();
    let call = |members: Value| {
        let report = json!({"beneficiary_id": it.beneficiary, "kind": "conflict", "text": "Ссора дома."});
        it.world.post(&it.director, "/crises", with(report, &members)).expect(201)
    };
    let specialist = it.world.staff("support_specialist", &it.organization);
    call(json!({"concerns": "specialist", "concerned_user_id": specialist.id}));
    call(json!({}));
    let refused = close().refused(409, "case.has_open_crisis");
    assert!(refused.text.contains("\"1\""), "{}", refused.text);
}

#[test]
fn words_of_needs_go_along_with_the_parts_that_the_consent_opens() {
    let it = scene();
    it.need(json!({"text": "Нужда-Х"}));
    it.need(json!({"text": "Недуг-Х", "domain": "health"}));
    let centre = it.world.institution("Центр сопровождения");
    let parts = ["identity", "help"];
    let next = it.handed_over(&centre, &parts, it.consent_to("transfer", &centre.0, &parts));
    let told = it.world.get(&centre.1, &format!("/cases/{next}/needs")).expect(200).text;
    assert!(told.contains("Нужда-Х") && !told.contains("Недуг-Х"), "{told}");
}

#[test]
fn what_is_handed_over_counts_for_the_organization_that_had_it() {
    let it = scene();
    let world = &it.world;
    it.need(json!({"noticed_on": world.day(-1)}));
    let centre = world.institution("Центр сопровождения");
    let next = it.handed_over(&centre, &["identity"], it.ground_of_law());
    let kinds = |who: &Account, case: &str| {
        let months = [world.day(0), world.day(-3)].map(|it| it.get(..7).expect("a month").to_owned());
        let told = months.iter().map(|it| world.get(who, &format!("/cases/{case}/monthly-records/{it}")));
        told.filter(|it| it.status == 200).map(|it| it.text.matches("need_").count()).sum::<usize>()
    };
    assert_eq!((kinds(&it.director, &it.case) > 0, kinds(&centre.1, &next)), (true, 0));
}

#[test]
fn a_month_tells_needs_and_services_and_a_signed_one_keeps_them() {
    let it = scene();
    let world = &it.world;
    let need = it.need(json!({"noticed_on": world.day(0)}));
    let standard = world.get(&it.director, "/service-standards?code=hardship-help").expect(200);
    let delivery = json!({"standard_id": Reply::id_of(&standard.items()[0]), "provider_organization_id": it.organization,
        "delivered_on": world.day(0), "minutes": 45});
    let path = it.of_case("service-deliveries");
    let delivered = world.post(&it.director, &path, delivery).expect(201).id();
    it.end(&need, json!({})).expect(200);
    let month = world.day(0).get(..7).expect("a month").to_owned();
    let counts = || {
        let told = world.get(&it.director, &it.of_case(&format!("monthly-records/{month}"))).expect(200).body;
        let all = told["counts"].as_array().expect("counts").clone();
        all.iter()
            .map(|it| (it["kind"].as_str().unwrap().to_owned(), it["count"].clone()))
            .collect::<Vec<_>>()
    };
    let expected = [("need_noticed", 1), ("need_ended", 1), ("delivery", 1)];
    assert_eq!(counts(), expected.map(|(kind, count)| (kind.to_owned(), json!(count))));
    let annulment = format!("/service-deliveries/{delivered}/annulment");
    world.post(&it.director, &annulment, json!({"reason": "Не тот день."})).expect(200);
    assert_eq!(counts().len(), 2);
}
