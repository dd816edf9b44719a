//! The consideration of an application by an institution: requirements, checklist, deadline.
use super::applications::{Scene, scene};
use serde_json::{Value, json};
use tests::{Account, Reply};

impl Scene {
    /// An application of another resident to a program that demands no assessment.
    fn submitted_to(&self, program: &str) -> Reply {
        let mut form = self.form();
        form["person_id"] = json!(self.world.resident(&self.director));
        form["program_id"] = json!(program);
        let id = self.world.post(&self.director, "/mentor-applications", form).expect(201).id();
        self.step(&self.director, &id, "submission", json!({})).expect(200)
    }
    fn card(&self, who: &Account, id: &str) -> Reply {
        self.world.get(who, &format!("/mentor-applications/{id}"))
    }
    fn approve(&self, id: &str) -> Reply {
        self.step(&self.director, id, "decision", json!({"kind": "approve"}))
    }
    fn assess(&self, who: &Account, id: &str, etag: &str, form: Value) -> Reply {
        self.world.put(who, &format!("/mentor-applications/{id}/assessment"), etag, form)
    }
    fn findings(&self, who: &Account, id: &str) -> Vec<(Value, Value, Value)> {
        let screened = self.world.get(who, &format!("/mentor-applications/{id}/screening")).expect(200);
        let all = screened.body["findings"].as_array().unwrap();
        all.iter().map(|it| (it["code"].clone(), it["rule"].clone(), it["subject"].clone())).collect()
    }
    fn checklist(&self, who: &Account, id: &str) -> Reply {
        self.world.get(who, &format!("/mentor-applications/{id}/checklist"))
    }
    fn overdue(&self, filter: &str) -> Vec<String> {
        let found = self.world.get(&self.director, &format!("/mentor-applications?{filter}")).expect(200);
        found.items().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn nobody_becomes_a_mentor_of_a_family_before_the_five_requirements_were_assessed() {
    let it = scene();
    let id = it.submitted();
    assert_eq!(
        it.findings(&it.director, &id),
        [(json!("application.not_assessed"), json!("002 §2.2.1"), Value::Null)]
    );
    let refused = it.approve(&id).refused(409, "application.not_assessed");
    assert_eq!(refused.body["rule"], "002 §2.2.1");
    let mut form = it.world.assessment(&["experience", "social_norms"]);
    form["requirements"][0]["note"] = json!("Нет опыта работы с семьями.");
    let etag = it.card(&it.director, &id).etag();
    let assessed = it.assess(&it.director, &id, &etag, form.clone()).expect(200);
    assert_eq!(assessed.body["assessment"], form);
    let unmet =
        |subject: &str| (json!("application.requirement_not_met"), json!("002 §2.2.1"), json!(subject));
    assert_eq!(it.findings(&it.director, &id), [unmet("experience"), unmet("social_norms")]);
    let refused = it.approve(&id).refused(409, "application.requirement_not_met");
    assert_eq!(refused.codes().len(), 2);

    it.assess(&it.director, &id, &etag, it.world.assessment(&[])).refused(412, "version.stale");
    let part = json!({"requirements": it.world.assessment(&[])["requirements"]});
    let path = format!("/mentor-applications/{id}/assessment");
    let patched = it.world.patch(&it.director, &path, &assessed.etag(), part).expect(200);
    assert_eq!(patched.body["assessment"], it.world.assessment(&[]));
    assert_eq!(it.findings(&it.director, &id), []);
    it.approve(&id).expect(200);
    let history = it.world.get(&it.director, &format!("/mentor-applications/{id}/history")).expect(200);
    let kinds = history.kinds();
    assert_eq!(kinds[..3], ["application.approved", "application.assessed", "application.assessed"]);
    assert!(!history.text.contains("experience") && !history.text.contains("Нет опыта"));
    let etag = it.card(&it.director, &id).etag();
    it.assess(&it.director, &id, &etag, form).refused(409, "application.not_submitted");
}

#[test]
fn everything_that_stands_against_an_approval_is_told_beside_the_assessment() {
    let it = scene();
    let mut form = it.form();
    form.as_object_mut().unwrap().remove("ngo_id");
    let id = it.world.post(&it.director, "/mentor-applications", form).expect(201).id();
    assert_eq!(it.findings(&it.director, &id).len(), 1, "a draft is not assessed yet");
    it.step(&it.director, &id, "submission", json!({})).expect(200);
    assert_eq!(it.approve(&id).expect(409).codes(), ["mentor.no_ngo", "application.not_assessed"]);
    let reason = json!({"kind": "reject", "reason": "requirements_not_met"});
    it.step(&it.director, &id, "decision", reason).expect(200);
    assert_eq!(it.findings(&it.director, &id).len(), 1, "nor a closed application any more");
}

#[test]
fn an_assessment_has_each_requirement_once() {
    let it = scene();
    let id = it.submitted();
    let etag = it.card(&it.director, &id).etag();
    let wrong = |form: Value| it.assess(&it.director, &id, &etag, form).expect(422);
    let mut four = it.world.assessment(&[]);
    four["requirements"].as_array_mut().unwrap().pop();
    assert_eq!(wrong(four).codes(), ["field.length"]);
    let mut twice = it.world.assessment(&[]);
    twice["requirements"][4]["requirement"] = json!("experience");
    assert_eq!(wrong(twice).codes(), ["field.combination"]);
    let mut unknown = it.world.assessment(&[]);
    unknown["requirements"][4]["requirement"] = json!("wealth");
    assert_eq!(wrong(unknown).codes(), ["field.word"]);
}

#[test]
fn a_candidate_neither_assesses_nor_sees_the_assessment() {
    let it = scene();
    let id = it.submitted();
    let candidate = it.candidate();
    let grants = json!([{"role": "director", "organization_id": it.organization}]);
    let both = it.world.account("both", grants, Some(&it.person));
    let etag = it.card(&it.director, &id).etag();
    it.assess(&candidate, &id, &etag, it.world.assessment(&[])).refused(403, "access.forbidden");
    it.assess(&both, &id, &etag, it.world.assessment(&[])).refused(403, "application.own");
    let (_, stranger) = it.world.institution("Чужое");
    it.assess(&stranger, &id, &etag, it.world.assessment(&[])).refused(404, "request.not_found");
    it.assess(&it.world.admin(), &id, &etag, it.world.assessment(&[])).refused(403, "access.forbidden");
    let specialist = it.world.staff("support_specialist", &it.organization);
    let assessed = it.assess(&specialist, &id, &etag, it.world.assessment(&["success"])).expect(200);
    for who in [&it.director, &specialist, &it.world.admin()] {
        assert_eq!(it.card(who, &id).expect(200).body["assessment"], assessed.body["assessment"]);
    }
    for who in [&candidate, &both] {
        assert_eq!(it.card(who, &id).expect(200).body.get("assessment"), None);
        assert_eq!(it.findings(who, &id), [], "nor what screening makes of it");
    }
    let refused = it.step(&both, &id, "decision", json!({"kind": "approve"})).refused(403, "application.own");
    assert_eq!(refused.codes(), ["application.own"], "nor what the decision would stand on");
    assert_eq!(assessed.actions(), json!(["review", "assess", "withdraw"]));
}

#[test]
fn a_program_that_does_not_ask_for_it_approves_without_an_assessment() {
    let it = scene();
    let plain = it.world.plain_program("plain", json!({}));
    let id = it.submitted_to(&plain).id();
    assert_eq!(it.findings(&it.director, &id), []);
    it.approve(&id).expect(200);
}

#[test]
fn a_checklist_tells_of_each_document_whether_it_is_there_and_until_when() {
    let it = scene();
    let asked = json!({"required_documents": [{"purpose": "passport_copy"}, {"purpose": "certificate", "valid_months": 12},
        {"purpose": "other"}, {"purpose": "protocol", "valid_months": 1}, {"purpose": "order"}]});
    let program = it.world.plain_program("papers", json!({"mentor": asked}));
    let file = it.world.file(&it.director, "other");
    let mut form = it.form();
    form["program_id"] = json!(program);
    form["documents"] = json!([
        {"purpose": "passport_copy", "file_id": file},
        {"purpose": "certificate", "file_id": file, "issued_on": it.world.day(-400)},
        {"purpose": "certificate", "file_id": file, "issued_on": "2025-04-01"},
        {"purpose": "other", "file_id": file, "valid_until": it.world.day(-1)},
        {"purpose": "protocol", "file_id": file},
    ]);
    form.as_object_mut().unwrap().remove("questionnaire");
    let id = it.world.post(&it.director, "/mentor-applications", form).expect(201).id();
    let list = it.checklist(&it.director, &id).expect(200);
    let documents = json!([
        {"purpose": "passport_copy", "given": true, "state": "ok"},
        {"purpose": "certificate", "given": true, "state": "expiring", "valid_until": "2026-04-01"},
        {"purpose": "other", "given": true, "state": "expired", "valid_until": it.world.day(-1)},
        {"purpose": "protocol", "given": true, "state": "undated"},
        {"purpose": "order", "given": false, "state": "missing"},
    ]);
    assert_eq!(list.body["documents"], documents);
    assert_eq!(
        (&list.body["complete"], &list.body["statement_given"], &list.body["questionnaire_given"]),
        (&json!(false), &json!(true), &json!(false))
    );
    let submitted = it.submitted();
    let whole = it.checklist(&it.candidate(), &submitted).expect(200);
    assert_eq!((&whole.body["complete"], &whole.body["as_of"]), (&json!(true), &json!(it.world.day(0))));
    let (_, stranger) = it.world.institution("Чужое");
    it.checklist(&stranger, &submitted).refused(404, "request.not_found");
    let mentee = it.world.account("mentee", json!([{"role": "mentee"}]), None);
    it.checklist(&mentee, &submitted).refused(404, "request.not_found");
}

#[test]
fn a_checklist_of_a_program_without_an_edition_in_force_is_not_complete() {
    let it = scene();
    let later = json!({"code": "later", "name": "Позже"});
    let mut form = it.form();
    form["program_id"] = json!(it.world.post(&it.world.admin(), "/programs", later).expect(201).id());
    let id = it.world.post(&it.director, "/mentor-applications", form).expect(201).id();
    let list = it.checklist(&it.director, &id).expect(200).body;
    assert_eq!(
        (&list["complete"], list.get("edition_id"), &list["documents"]),
        (&json!(false), None, &json!([]))
    );
}

#[test]
fn an_application_is_overdue_when_its_last_day_for_a_decision_has_passed() {
    let mut it = scene();
    let quick = it.world.plain_program("quick", json!({"review_deadline_days": 5}));
    let slow = it.world.plain_program("slow", json!({"review_deadline_days": 30}));
    let (first, second) = (it.submitted_to(&quick), it.submitted_to(&slow));
    assert_eq!(
        (&first.body["decide_by"], &second.body["decide_by"]),
        (&json!(it.world.day(5)), &json!(it.world.day(30)))
    );
    let decided = it.submitted_to(&quick).id();
    it.approve(&decided).expect(200);
    let edition = json!({"effective_from": it.world.day(0), "serves": "person", "review_deadline_days": 300,
        "completion": {"kind": "term", "max_months": 12}});
    it.world.post(&it.world.admin(), &format!("/programs/{quick}/editions"), edition).expect(201);
    it.world.advance_days(5);
    it.director = it.world.again(&it.director);
    assert_eq!(it.overdue("overdue=true"), [""; 0], "the last day itself is in time");
    it.world.advance_days(1);
    it.director = it.world.again(&it.director);
    assert_eq!(it.overdue("overdue=true"), [first.id()], "the later edition changed nothing");
    let review = format!("/api/v1/mentor-applications/{}/screening", first.id());
    it.world.ask("POST", &review).by(&it.director).send().expect(200);
    assert_eq!(it.overdue("overdue=true&state=under_review"), [first.id()]);
    assert_eq!(it.overdue("overdue=false"), [decided, second.id()]);
    it.step(&it.director, &first.id(), "decision", json!({"kind": "reject", "reason": "no_need"}))
        .expect(200);
    assert_eq!(it.overdue("overdue=true"), [""; 0]);
    it.world.get(&it.director, "/mentor-applications?overdue=1").refused(400, "request.parameter");
}

#[test]
fn the_link_to_the_next_page_of_what_is_overdue_keeps_the_filter() {
    let mut it = scene();
    let program = it.world.plain_program("quick", json!({"review_deadline_days": 1}));
    let ids = [it.submitted_to(&program).id(), it.submitted_to(&program).id()];
    it.world.advance_days(2);
    it.director = it.world.again(&it.director);
    let page = it.world.get(&it.director, "/mentor-applications?overdue=true&limit=1").expect(200);
    let link = page.header("link").unwrap().to_owned();
    let next = link.trim_start_matches("</api/v1").split('>').next().unwrap();
    assert!(next.contains("overdue=true"), "{next}");
    assert_eq!(it.world.get(&it.director, next).expect(200).items()[0]["id"], json!(ids[0]));
}

#[test]
fn only_the_director_decides_and_a_rejection_has_a_reason() {
    let it = scene();
    let id = it.submitted();
    it.world.assess(&it.director, &id);
    let grants = json!([{"role": "program_coordinator", "program_id": it.world.program("family-mentoring")}]);
    let coordinator = it.world.account("coordinator", grants, None);
    let (head, specialist) = (
        it.world.staff("unit_head", &it.organization),
        it.world.staff("support_specialist", &it.organization),
    );
    for who in [&head, &specialist, &coordinator, &it.world.admin()] {
        it.step(who, &id, "decision", json!({"kind": "approve"})).refused(403, "access.forbidden");
    }
    it.step(&it.director, &id, "decision", json!({"kind": "reject"})).refused(422, "field.missing");
    it.approve(&id).expect(200);
}

#[test]
fn the_list_tells_in_short_how_each_application_that_waits_is_screened() {
    let it = scene();
    let id = it.submitted();
    let row = |who: &Account| {
        let list = it.world.get(who, "/mentor-applications?awaits_decision=true").expect(200);
        let found = list.items().iter().find(|row| row["id"] == json!(id)).cloned();
        found.unwrap_or_default()
    };
    let told = json!({"as_of": it.world.day(0), "failed": 1, "first_code": "application.not_assessed"});
    assert_eq!(
        (&row(&it.director)["screening"], &row(&it.director)["awaits_decision"]),
        (&told, &json!(true))
    );
    assert_eq!(it.card(&it.director, &id).body["screening"], told);
    let candidate = it.world.account("candidate", json!([{"role": "mentor"}]), Some(&it.person));
    assert_eq!(row(&candidate).get("screening"), None, "staff screen, a candidate does not");
    let etag = it.card(&it.director, &id).etag();
    it.assess(&it.director, &id, &etag, it.world.assessment(&[])).expect(200);
    assert_eq!(row(&it.director)["screening"]["failed"], json!(0));
    assert_eq!(row(&it.director)["screening"].get("first_code"), None);
    it.step(&it.director, &id, "screening", json!({})).expect(200);
    let specialist = format!("mine=true&specialist_id={}", it.director.id);
    assert_eq!(it.overdue(&specialist), [id.as_str()], "whoever has opened the review");
    assert_eq!(it.card(&it.director, &id).body["reviewer_user_id"], json!(it.director.id));
    let hidden = format!("/mentor-applications?specialist_id={}", it.director.id);
    assert!(it.world.get(&candidate, &hidden).expect(200).items().is_empty());
    assert_eq!(it.card(&candidate, &id).body.get("reviewer_user_id"), None);
    assert_eq!(it.world.get(&candidate, "/mentor-applications?mine=true").expect(200).items().len(), 1);
    assert!(it.overdue("mine=false").is_empty());
    it.approve(&id).expect(200);
    assert!(it.overdue("awaits_decision=true").is_empty());
    assert_eq!(it.overdue("awaits_decision=false"), [id.as_str()]);
    assert_eq!(it.card(&it.director, &id).body.get("screening"), None);
}
