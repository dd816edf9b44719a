use serde_json::{Value, json};
use tests::{Account, Reply, World};

/// An institution with its director, an НКО, and a candidate on record.
pub struct Scene {
    pub world: World,
    pub organization: String,
    pub director: Account,
    pub ngo: String,
    pub person: String,
}

pub fn scene() -> Scene {
    tests::prepared!(Scene { organization, director, ngo, person } by scene_in)
}

fn scene_in(world: World) -> Scene {
    let (organization, director) = world.institution("УСЗСОН по Эхирит-Булагатскому району");
    let ngo = world.ngo("Доброе дело");
    let person = world.resident(&director);
    Scene { world, organization, director, ngo, person }
}

impl Scene {
    pub fn form(&self) -> Value {
        self.world.application_form(&self.director, &self.person, &self.organization, &self.ngo)
    }
    pub fn draft(&self) -> Reply {
        self.world.draft(&self.director, &self.person, &self.organization, &self.ngo)
    }
    pub fn submitted(&self) -> String {
        self.world.submitted(&self.director, &self.person, &self.organization, &self.ngo).id()
    }
    pub fn step(&self, who: &Account, id: &str, step: &str, order: Value) -> Reply {
        self.world.post(who, &format!("/mentor-applications/{id}/{step}"), order)
    }
    pub fn screen(&self, who: &Account, id: &str) -> Reply {
        self.world.get(who, &format!("/mentor-applications/{id}/screening"))
    }
    pub fn review(&self, who: &Account, id: &str) -> Reply {
        self.world.ask("POST", &format!("/api/v1/mentor-applications/{id}/screening")).by(who).send()
    }
    pub fn state(&self, id: &str) -> Value {
        self.world.get(&self.director, &format!("/mentor-applications/{id}")).expect(200).body["state"]
            .clone()
    }
    /// The account of the candidate.
    pub fn candidate(&self) -> Account {
        self.world.account("candidate", json!([{"role": "mentor"}]), Some(&self.person))
    }
}

fn findings(reply: &Reply) -> Vec<&str> {
    reply.body["findings"].as_array().unwrap().iter().filter_map(|it| it["code"].as_str()).collect()
}

fn kinds(reply: &Reply) -> Vec<&str> {
    reply.items().iter().filter_map(|it| it["kind"].as_str()).collect()
}

#[test]
fn a_candidate_becomes_a_mentor_by_the_directors_decision() {
    let it = scene();
    let draft = it.draft();
    assert_eq!(
        (&draft.body["state"], &draft.body["person_name"]),
        (&json!("draft"), &json!("Петрова Мария Ильинична"))
    );
    assert_eq!(draft.actions(), json!(["edit", "submit", "withdraw"]));
    let id = draft.id();
    let submitted =
        it.step(&it.director, &id, "submission", json!({"note": "Звоните после 18."})).expect(200);
    assert_eq!(
        (&submitted.body["state"], &submitted.body["submitted_on"], &submitted.body["submission_note"]),
        (&json!("submitted"), &json!(it.world.day(0)), &json!("Звоните после 18."))
    );
    assert_eq!(submitted.body["decide_by"], json!(it.world.day(10)));
    it.world.assess(&it.director, &id);
    let seen = it.screen(&it.director, &id).expect(200);
    assert_eq!(seen.body, json!({"as_of": it.world.day(0), "passed": true, "findings": []}));
    assert_eq!(it.state(&id), "submitted", "reading opens no review");
    assert_eq!(it.review(&it.director, &id).expect(200).body["passed"], true);
    assert_eq!(it.state(&id), "under_review");
    let order = json!({"kind": "approve", "decree": {"number": "12-н", "date": it.world.day(0)}});
    let decided = it.step(&it.director, &id, "decision", order.clone()).expect(200);
    assert_eq!((&decided.body["state"], &decided.body["decision"]), (&json!("approved"), &order));
    assert_eq!(decided.actions(), json!([]));
    let mentor =
        it.world.get(&it.director, &format!("/mentors/{}", decided.body["mentor_id"].as_str().unwrap()));
    let mentor = mentor.expect(200).body;
    assert_eq!((&mentor["person_id"], &mentor["ngo_id"]), (&json!(it.person), &json!(it.ngo)));
    assert_eq!((&mentor["capacity"], &mentor["backgrounds"]), (&json!(1), &json!(["ngo_specialist"])));
    let history = it.world.get(&it.director, &format!("/mentor-applications/{id}/history")).expect(200);
    assert_eq!(
        kinds(&history),
        [
            "application.approved",
            "application.review_opened",
            "application.assessed",
            "application.submitted",
            "application.added"
        ]
    );
}

#[test]
fn a_draft_is_edited_until_it_is_handed_in() {
    let it = scene();
    let draft = it.draft();
    let path = format!("/mentor-applications/{}", draft.id());
    let patched = it
        .world
        .patch(
            &it.director,
            &path,
            &draft.etag(),
            json!({"ngo_id": null, "questionnaire": {"motivation": "Вырос в детском доме."}}),
        )
        .expect(200);
    assert_eq!(patched.body.get("ngo_id"), None);
    assert_eq!(patched.body["questionnaire"]["motivation"], "Вырос в детском доме.");
    assert_eq!(patched.body["statement"], draft.body["statement"]);
    let form = it.form();
    let replaced = it.world.put(&it.director, &path, &patched.etag(), form.clone()).expect(200);
    assert_eq!((&replaced.body["version"], &replaced.body["ngo_id"]), (&json!(3), &json!(it.ngo)));
    it.world.put(&it.director, &path, &draft.etag(), form.clone()).refused(412, "version.stale");
    let mut other = form.clone();
    other["person_id"] = json!(it.world.resident(&it.director));
    let refused = it.world.put(&it.director, &path, &replaced.etag(), other).expect(422);
    assert_eq!(
        (refused.codes(), &refused.body["errors"][0]["pointer"]),
        (vec!["field.combination"], &json!("/person_id"))
    );
    let mut early = form.clone();
    early["statement"]["signed_on"] = json!(it.world.day(1));
    early["documents"][0]["issued_on"] = json!(it.world.day(1));
    let refused =
        it.world.put(&it.director, &path, &replaced.etag(), early).refused(422, "mentor.date_in_future");
    assert_eq!(refused.codes().len(), 2);
    let submitted = it.step(&it.director, &draft.id(), "submission", json!({})).expect(200);
    it.world.put(&it.director, &path, &submitted.etag(), form).refused(409, "application.not_draft");
    it.step(&it.director, &draft.id(), "submission", json!({})).refused(409, "application.not_draft");
}

#[test]
fn what_is_missing_in_an_application_is_told_all_at_once() {
    let it = scene();
    let mut form = it.form();
    for member in ["statement", "questionnaire", "documents"] {
        form.as_object_mut().unwrap().remove(member);
    }
    let id = it.world.post(&it.director, "/mentor-applications", form).expect(201).id();
    let refused = it.step(&it.director, &id, "submission", json!({})).expect(409);
    assert_eq!(
        refused.codes(),
        ["application.statement_missing", "application.questionnaire_missing", "mentor.document_missing"]
    );
    assert_eq!(refused.body["rule"], "002 §3.6");
    assert_eq!(it.state(&id), "draft");
}

#[test]
fn an_expired_or_undated_document_does_not_count() {
    let it = scene();
    let admin = it.world.admin();
    let mut form = it.form();
    form["documents"][0]["valid_until"] = json!(it.world.day(-1));
    let id = it.world.post(&it.director, "/mentor-applications", form).expect(201).id();
    it.step(&it.director, &id, "submission", json!({})).refused(409, "mentor.document_expired");
    let rules = json!({"required_documents": [{"purpose": "passport_copy", "valid_months": 6}]});
    let program = it.world.plain_program("dated", json!({"mentor": rules}));
    let mut form = it.form();
    form["program_id"] = json!(program);
    let draft = it.world.post(&it.director, "/mentor-applications", form).expect(201);
    it.step(&it.director, &draft.id(), "submission", json!({})).refused(409, "mentor.document_undated");
    let mut documents = draft.body["documents"].clone();
    documents[0]["issued_on"] = json!(it.world.day(-30));
    let path = format!("/mentor-applications/{}", draft.id());
    it.world
        .patch(&admin, &path, &draft.etag(), json!({"documents": documents}))
        .refused(403, "access.forbidden");
    it.world.patch(&it.director, &path, &draft.etag(), json!({"documents": documents})).expect(200);
    it.step(&it.director, &draft.id(), "submission", json!({})).expect(200);
}

#[test]
fn screening_tells_every_failed_rule_with_its_paragraph() {
    let it = scene();
    let child = it.world.person(&it.director, json!({"birth_date": "2012-01-01"}));
    let mut form = it.form();
    form["person_id"] = json!(child);
    form["documents"][0]["valid_until"] = json!(it.world.day(-1));
    for member in ["ngo_id", "statement"] {
        form.as_object_mut().unwrap().remove(member);
    }
    let id = it.world.post(&it.director, "/mentor-applications", form).expect(201).id();
    let screened = it.screen(&it.director, &id).expect(200);
    assert_eq!(
        findings(&screened),
        [
            "mentor.underage",
            "mentor.not_resident",
            "mentor.no_ngo",
            "application.statement_missing",
            "mentor.document_expired"
        ]
    );
    assert_eq!(screened.body["passed"], false);
    let last = screened.body["findings"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["rule"], &last["subject"]), (&json!("002 §3.6"), &json!("passport_copy")));
}

#[test]
fn an_approval_is_refused_with_every_rule_that_fails() {
    let it = scene();
    let child = it.world.person(&it.director, json!({"birth_date": "2012-01-01"}));
    let mut form = it.form();
    form["person_id"] = json!(child);
    let id = it.world.post(&it.director, "/mentor-applications", form).expect(201).id();
    it.step(&it.director, &id, "submission", json!({})).expect(200);
    let refused = it.step(
        &it.director,
        &id,
        "decision",
        json!({"kind": "approve", "decree": {"number": "1", "date": it.world.day(1)}}),
    );
    assert_eq!(
        refused.expect(422).codes(),
        ["decree.in_future", "mentor.underage", "mentor.not_resident", "application.not_assessed"]
    );
    it.step(&it.director, &id, "decision", json!({"kind": "reject"})).refused(422, "field.missing");
    it.step(&it.director, &id, "decision", json!({"kind": "reject", "reason": "other"}))
        .refused(422, "field.missing");
    it.step(&it.director, &id, "decision", json!({"kind": "approve", "reason": "no_need"})).expect(422);
    let rejected = it
        .step(
            &it.director,
            &id,
            "decision",
            json!({"kind": "reject", "reason": "requirements_not_met", "note": "Нет 18 лет."}),
        )
        .expect(200);
    assert_eq!(
        (&rejected.body["state"], &rejected.body["decision"]["reason"], &rejected.body["decision"]["note"]),
        (&json!("rejected"), &json!("requirements_not_met"), &json!("Нет 18 лет."))
    );
    it.step(&it.director, &id, "decision", json!({"kind": "approve"}))
        .refused(409, "application.not_submitted");
    it.step(&it.director, &id, "withdrawal", json!({})).refused(409, "application.closed");
    it.review(&it.director, &id).refused(409, "application.not_submitted");
}

#[test]
fn a_candidate_applies_for_oneself_and_for_nobody_else() {
    let it = scene();
    let candidate = it.candidate();
    let other = it.world.resident(&it.director);
    let form = it.world.application_form(&candidate, &it.person, &it.organization, &it.ngo);
    let id = it.world.post(&candidate, "/mentor-applications", form.clone()).expect(201).id();
    let mut foreign = form;
    foreign["person_id"] = json!(other);
    let refused = it.world.post(&candidate, "/mentor-applications", foreign).refused(422, "field.reference");
    assert_eq!(refused.body["errors"][0]["pointer"], "/person_id");
    it.step(&candidate, &id, "submission", json!({})).expect(200);
    assert_eq!(it.screen(&candidate, &id).expect(200).body["passed"], true);
    it.review(&candidate, &id).refused(403, "application.own");
    it.step(&candidate, &id, "decision", json!({"kind": "approve"})).refused(403, "access.forbidden");
    assert_eq!(it.world.get(&candidate, "/mentor-applications").expect(200).items().len(), 1);
    let seen = it.world.get(&it.director, &format!("/mentor-applications/{id}")).expect(200);
    assert_eq!(seen.actions(), json!(["review", "assess", "approve", "reject", "withdraw"]));
    let withdrawn = it.step(&candidate, &id, "withdrawal", json!({"reason": "Переезжаю."})).expect(200);
    assert_eq!(
        (&withdrawn.body["state"], &withdrawn.body["withdrawn_on"], &withdrawn.body["withdrawal_reason"]),
        (&json!("withdrawn"), &json!(it.world.day(0)), &json!("Переезжаю."))
    );
}

#[test]
fn nobody_decides_on_themselves() {
    let it = scene();
    let grants = json!([{"role": "director", "organization_id": it.organization}]);
    let both = it.world.account("both", grants, Some(&it.person));
    let id = it.submitted();
    it.review(&both, &id).refused(403, "application.own");
    it.step(&both, &id, "decision", json!({"kind": "approve"})).refused(403, "application.own");
    let seen = it.world.get(&both, &format!("/mentor-applications/{id}")).expect(200);
    assert_eq!(seen.actions(), json!(["withdraw"]));
}

#[test]
fn one_candidate_has_one_open_application_in_the_region() {
    let it = scene();
    let first = it.submitted();
    let second = it.draft().id();
    assert_eq!(findings(&it.screen(&it.director, &second)), ["application.open_elsewhere"]);
    it.step(&it.director, &second, "submission", json!({})).refused(409, "application.open_elsewhere");
    it.step(&it.director, &first, "withdrawal", json!({})).expect(200);
    it.step(&it.director, &second, "submission", json!({})).expect(200);
    it.world.assess(&it.director, &second);
    it.step(&it.director, &second, "decision", json!({"kind": "approve"})).expect(200);
    let third = it.submitted();
    it.world.assess(&it.director, &third);
    assert_eq!(findings(&it.screen(&it.director, &third)), ["application.already_mentor"]);
    it.step(&it.director, &third, "decision", json!({"kind": "approve"}))
        .refused(409, "application.already_mentor");
}

#[test]
fn an_application_waits_until_its_program_is_in_force() {
    let it = scene();
    let admin = it.world.admin();
    let program =
        it.world.post(&admin, "/programs", json!({"code": "later", "name": "Позже"})).expect(201).id();
    let mut form = it.form();
    form["program_id"] = json!(program);
    let id = it.world.post(&it.director, "/mentor-applications", form).expect(201).id();
    assert_eq!(findings(&it.screen(&it.director, &id)), ["program.not_in_force"]);
    it.step(&it.director, &id, "submission", json!({})).refused(409, "program.not_in_force");
    let edition = json!({"effective_from": it.world.day(0), "serves": "person", "completion": {"kind": "term", "max_months": 12}});
    it.world.post(&admin, &format!("/programs/{program}/editions"), edition).expect(201);
    it.step(&it.director, &id, "submission", json!({})).expect(200);
}

#[test]
fn an_application_names_only_what_is_there_and_ones_own_to_name() {
    let it = scene();
    let (foreign, stranger) = it.world.institution("Чужое");
    let nothing = "01980000-0000-7000-8000-000000000001";
    let hidden_person = it.world.resident(&stranger);
    let hidden_file = it.world.file(&stranger, "passport_copy");
    let cases = [
        ("/person_id", json!(hidden_person)),
        ("/person_id", json!(nothing)),
        ("/organization_id", json!(nothing)),
        ("/organization_id", json!(foreign)),
        ("/ngo_id", json!(nothing)),
        ("/program_id", json!(nothing)),
        ("/documents/0/file_id", json!(hidden_file)),
        ("/documents/0/file_id", json!(nothing)),
    ];
    for (pointer, value) in cases {
        let mut form = it.form();
        *form.pointer_mut(pointer).unwrap() = value;
        let refused =
            it.world.post(&it.director, "/mentor-applications", form).refused(422, "field.reference");
        assert_eq!(refused.body["errors"][0]["pointer"], pointer);
    }
}

#[test]
fn a_candidates_copies_stay_when_staff_completes_the_draft() {
    let it = scene();
    let candidate = it.candidate();
    let form = it.world.application_form(&candidate, &it.person, &it.organization, &it.ngo);
    let draft = it.world.post(&candidate, "/mentor-applications", form).expect(201);
    let patched = it.world.patch(
        &it.director,
        &format!("/mentor-applications/{}", draft.id()),
        &draft.etag(),
        json!({"questionnaire": {"occupation": "НКО, директор"}}),
    );
    assert_eq!(patched.expect(200).body["documents"], draft.body["documents"]);
}

#[test]
fn applications_are_seen_by_the_institution_the_coordinator_and_the_candidate() {
    let it = scene();
    let id = it.submitted();
    let path = format!("/mentor-applications/{id}");
    let (_, stranger) = it.world.institution("Чужое");
    let specialist = it.world.staff("support_specialist", &it.organization);
    let program = |code: &str| json!([{"role": "program_coordinator", "program_id": it.world.program(code)}]);
    let ours = it.world.account("ours", program("family-mentoring"), None);
    let other = it.world.account("other", program("long-term"), None);
    let tutor = it.world.account("tutor", json!([{"role": "tutor"}]), None);
    let nobody = it.world.account("nobody", json!([{"role": "mentor"}]), None);
    for who in [&it.director, &specialist, &ours, &it.candidate(), &it.world.admin()] {
        it.world.get(who, &path).expect(200);
        it.screen(who, &id).expect(200);
    }
    for who in [&stranger, &other, &tutor, &nobody] {
        it.world.get(who, &path).refused(404, "request.not_found");
        it.screen(who, &id).refused(404, "request.not_found");
        it.step(who, &id, "withdrawal", json!({})).refused(404, "request.not_found");
    }
    it.step(&specialist, &id, "decision", json!({"kind": "approve"})).refused(403, "access.forbidden");
    it.world.get(&tutor, "/mentor-applications").refused(403, "access.forbidden");
    it.world.get(&it.candidate_again(), &format!("{path}/history")).refused(403, "access.forbidden");
    it.world.get(&ours, &format!("{path}/history")).expect(200);
    it.world.get(&ours, &format!("/people/{}", it.person)).expect(200);
    it.world.get(&other, &format!("/people/{}", it.person)).refused(404, "request.not_found");
}

impl Scene {
    fn candidate_again(&self) -> Account {
        self.world.login("candidate")
    }
}

#[test]
fn applications_are_found_by_state_institution_and_program() {
    let it = scene();
    let admin = it.world.admin();
    let (other, stranger) = it.world.institution("Другое");
    it.submitted();
    let person = it.world.resident(&stranger);
    it.world.draft(&stranger, &person, &other, &it.ngo);
    let count = |query: &str| {
        it.world.get(&admin, &format!("/mentor-applications?{query}")).expect(200).items().len()
    };
    assert_eq!((count("limit=10"), count("state=draft"), count("state=approved")), (2, 1, 0));
    assert_eq!(count(&format!("organization_id={other}")), 1);
    assert_eq!(count(&format!("program_id={}", it.world.program("family-mentoring"))), 2);
    assert_eq!(count(&format!("program_id={}", it.world.program("long-term"))), 0);
    let own = it.world.get(&stranger, "/mentor-applications").expect(200);
    assert_eq!(own.items()[0]["organization_id"], json!(other));
    it.world.get(&admin, "/mentor-applications?state=lost").refused(400, "request.parameter");
}

#[test]
fn staff_sees_a_person_who_applied_though_another_put_them_on_record() {
    let it = scene();
    let candidate = it.candidate();
    let (organization, director) = it.world.institution("Другое");
    let path = format!("/people/{}", it.person);
    it.world.get(&director, &path).refused(404, "request.not_found");
    let form = it.world.application_form(&candidate, &it.person, &organization, &it.ngo);
    it.world.post(&candidate, "/mentor-applications", form).expect(201);
    it.world.get(&director, &path).expect(200);
}

#[test]
fn what_a_candidate_writes_is_kept_sealed() {
    let it = scene();
    let draft = it.draft();
    it.step(&it.director, &draft.id(), "submission", json!({"note": "КАНАРЕЙКА-СЛОВО"})).expect(200);
    it.step(&it.director, &draft.id(), "withdrawal", json!({"reason": "КАНАРЕЙКА-ПРИЧИНА"})).expect(200);
    if tests::postgres_url().is_some() {
        return;
    }
    let canaries = ["КАНАРЕЙКА", "Прошу рассмотреть", "Хочу помочь", "скан.pdf"];
    for entry in std::fs::read_dir(&it.world.folder).unwrap().flatten() {
        let bytes = std::fs::read(entry.path()).unwrap();
        for canary in canaries {
            let found = bytes.windows(canary.len()).any(|it| it == canary.as_bytes());
            assert!(!found, "{canary} stands in {}", entry.path().display());
        }
    }
}

#[test]
fn the_institution_opens_what_a_candidate_brought_with_the_application() {
    let scene = scene();
    let candidate = scene.candidate();
    let passport = scene.world.file(&candidate, "passport_copy");
    let path = format!("/files/{passport}");
    assert_eq!(scene.world.get(&scene.director, &path).status, 404, "still the candidate's alone");
    let mut form = scene.form();
    form["documents"] = json!([{"purpose": "passport_copy", "file_id": passport}]);
    scene.world.post(&candidate, "/mentor-applications", form).expect(201);
    assert_eq!(scene.world.get(&scene.director, &path).status, 200);
    let (_, elsewhere) = scene.world.institution("Другой центр");
    assert_eq!(scene.world.get(&elsewhere, &path).status, 404);
}
