//! Needs: what somebody on accompaniment needs, how it ends, and the individual programme as a view of it.
use serde_json::{Value, json};
use tests::{Account, Reply, World, with};

/// An institution with an open case of a girl of 15.
pub(super) struct Scene {
    pub(super) world: World,
    pub(super) organization: String,
    pub(super) director: Account,
    pub(super) girl: String,
    pub(super) beneficiary: String,
    pub(super) case: String,
}

pub(super) fn scene() -> Scene {
    tests::prepared!(Scene { organization, director, girl, beneficiary, case } by scene_in)
}

fn scene_in(world: World) -> Scene {
    let (organization, director) = world.institution("Центр");
    let girl = world.person(&director, json!({}));
    let beneficiary = world.beneficiary(&director, &organization, &girl);
    let case = world.case(&director, &organization, &beneficiary);
    Scene { world, organization, director, girl, beneficiary, case }
}

impl Scene {
    pub(super) fn of_case(&self, what: &str) -> String {
        format!("/cases/{}/{what}", self.case)
    }
    pub(super) fn form(&self, members: Value) -> Value {
        let form = json!({"noticed_on": self.world.day(-5), "domain": "study_work", "text": "Вернуться в техникум.",
            "source": "person", "urgency": "month"});
        with(form, &members)
    }
    pub(super) fn enter(&self, members: Value) -> Reply {
        self.world.post(&self.director, &self.of_case("needs"), self.form(members))
    }
    pub(super) fn need(&self, members: Value) -> String {
        self.enter(members).expect(201).id()
    }
    pub(super) fn step(&self, who: &Account, need: &str, step: &str, order: Value) -> Reply {
        self.world.post(who, &format!("/needs/{need}/{step}"), order)
    }
    pub(super) fn end(&self, need: &str, members: Value) -> Reply {
        let order =
            json!({"outcome": "met", "result": "Зачислена на первый курс.", "ended_on": self.world.day(0)});
        self.step(&self.director, need, "result", with(order, &members))
    }
    pub(super) fn card(&self, need: &str) -> Value {
        self.world.get(&self.director, &format!("/needs/{need}")).expect(200).body
    }
    /// A consent of the girl and a guardian that opens these parts to an organization.
    pub(super) fn consent_to(&self, purpose: &str, organization: &str, parts: &[&str]) -> Value {
        let world = &self.world;
        let guardian = world.resident(&self.director);
        let authority = world.guardian(&self.director, &self.beneficiary, &guardian);
        let signed = |members: Value| {
            let paper = world.file(&self.director, "consent");
            with(json!({"signed_on": world.day(0), "file_id": paper}), &members)
        };
        let by_guardian =
            json!({"signatory": "representative", "person_id": guardian, "representative_id": authority});
        let by_girl = json!({"signatory": "recipient", "person_id": self.girl});
        let form = json!({"purpose": purpose, "organization_ids": [organization], "parts": parts, "valid_until": world.day(200),
            "signatures": [signed(by_guardian), signed(by_girl)]});
        let ledger = format!("/beneficiaries/{}/consents", self.beneficiary);
        json!({"consent_id": world.post(&self.director, &ledger, form).expect(201).id()})
    }
    fn ids(&self, who: &Account, path: &str) -> Vec<String> {
        self.world.get(who, path).expect(200).ids()
    }
}

#[test]
fn a_need_is_taken_into_work_and_ends_with_a_result_in_words() {
    let it = scene();
    let need = it.need(json!({"due_on": it.world.day(10), "in_the_persons_words": "Хочу учиться."}));
    assert_eq!(it.card(&need)["state"], "open");
    let begun = it.step(&it.director, &need, "start", json!({})).expect(200);
    assert_eq!((&begun.body["state"], &begun.body["version"]), (&json!("in_work"), &json!(2)));
    it.step(&it.director, &need, "start", json!({})).refused(409, "need.not_open");
    let ended = it.end(&need, json!({})).expect(200);
    assert_eq!((&ended.body["state"], &ended.body["ended_on"]), (&json!("met"), &json!(it.world.day(0))));
    assert_eq!(ended.body["result"], "Зачислена на первый курс.");
    let history = it.world.get(&it.world.admin(), &format!("/needs/{need}/history")).expect(200);
    assert_eq!(history.kinds(), ["need.ended", "need.started", "need.added"]);
    let journal = history.text;
    assert!(!journal.contains("Зачислена") && !journal.contains("техникум"), "the journal tells no words");
}

#[test]
fn a_need_closes_only_with_a_result() {
    let it = scene();
    let need = it.need(json!({}));
    let refused = it.end(&need, json!({"result": null, "outcome": "unmet"})).expect(422);
    assert_eq!(refused.codes(), ["need.no_result", "field.missing"]);
    let refused = it.end(&need, json!({"unmet_reason": "queue"})).expect(422);
    assert_eq!(refused.codes(), ["field.combination"]);
    for (day, code) in [(1, "need.day"), (-6, "need.day")] {
        it.end(&need, json!({"ended_on": it.world.day(day)})).refused(422, code);
    }
    for order in [json!({"outcome": "open"}), json!({"outcome": "unmet", "unmet_reason": "transferred"})] {
        it.end(&need, order).refused(422, "field.word");
    }
    assert_eq!((&it.card(&need)["state"], &it.card(&need)["version"]), (&json!("open"), &json!(1)));
    let unmet = json!({"outcome": "unmet", "unmet_reason": "queue", "result": "Мест нет до осени."});
    let ended = it.end(&need, unmet).expect(200);
    assert_eq!((&ended.body["state"], &ended.body["unmet_reason"]), (&json!("unmet"), &json!("queue")));
    for outcome in ["partly_met", "withdrawn"] {
        let other = it.need(json!({}));
        assert_eq!(it.end(&other, json!({"outcome": outcome})).expect(200).body["state"], outcome);
    }
}

#[test]
fn nobody_names_a_state_or_a_result_in_a_form_and_an_ended_need_keeps_all_but_its_mark() {
    let it = scene();
    for (member, value) in
        [("state", json!("met")), ("result", json!("Сделано.")), ("ended_on", json!(it.world.day(0)))]
    {
        let refused = it.enter(json!({member: value})).refused(422, "field.unknown");
        assert_eq!(refused.body["errors"][0]["pointer"], format!("/{member}"));
    }
    let need = it.need(json!({"programme_number": "17-2026"}));
    let path = format!("/needs/{need}");
    let ended = it.end(&need, json!({})).expect(200);
    it.end(&need, json!({})).refused(409, "need.over");
    it.step(&it.director, &need, "start", json!({})).refused(409, "need.not_open");
    let changed = json!({"urgency": "now"});
    it.world.patch(&it.director, &path, &ended.etag(), changed).refused(409, "need.over");
    let partly = json!({"mark": "partly"});
    it.world.patch(&it.director, &path, &ended.etag(), partly).refused(422, "field.missing");
    let partly = json!({"mark": "partly", "mark_reason": "Два занятия из четырёх."});
    let marked = it.world.patch(&it.director, &path, &ended.etag(), partly).expect(200);
    assert_eq!((&marked.body["mark"], &marked.body["state"]), (&json!("partly"), &json!("met")));
    it.world.patch(&it.director, &path, &ended.etag(), json!({})).refused(412, "version.stale");
}

#[test]
fn the_individual_programme_is_a_view_of_needs_with_its_number() {
    let it = scene();
    let standards = it.world.get(&it.director, "/service-standards?code=preparation").expect(200);
    let standard = Reply::id_of(&standards.items()[0]);
    let line = |number: &str, mark: Value| {
        let members = json!({"standard_id": standard, "volume": 4, "programme_number": number, "mark": mark});
        it.need(members)
    };
    let (done, open) = (line("17-2026", json!("done")), line("17-2026", Value::Null));
    line("18-2026", Value::Null);
    it.need(json!({}));
    let programme = it.world.get(&it.director, &it.of_case("needs?programme_number=17-2026")).expect(200);
    let ids: Vec<String> = programme.ids();
    assert_eq!(ids, [open, done]);
    assert_eq!((&programme.items()[1]["mark"], &programme.items()[1]["volume"]), (&json!("done"), &json!(4)));
    assert_eq!(programme.items()[0]["standard_id"], json!(standard));
    let refused = it.enter(json!({"volume": 2, "mark": "done"})).expect(422);
    assert_eq!(refused.codes(), ["field.missing", "field.missing"]);
    it.enter(json!({"due_on": it.world.day(-6)})).refused(422, "need.due_early");
}

#[test]
fn needs_are_found_by_state_domain_and_urgency() {
    let it = scene();
    let (now, week) =
        (it.need(json!({"urgency": "now", "domain": "safety"})), it.need(json!({"urgency": "week"})));
    it.step(&it.director, &week, "start", json!({})).expect(200);
    let found = |query: &str| it.ids(&it.director, &it.of_case(&format!("needs?{query}")));
    assert_eq!(found("state=open"), [now.as_str()]);
    assert_eq!(found("state=in_work"), [week.as_str()]);
    assert_eq!(found("domain=safety,leisure"), [now.as_str()]);
    assert_eq!(found("urgency=now,week"), [week.clone(), now.clone()]);
    it.step(&it.director, &now, "annulment", json!({"reason": "Не тот случай."})).expect(200);
    assert_eq!((found(""), found("annulled=true")), (vec![week], vec![now]));
}

#[test]
fn a_problem_behind_a_need_is_of_the_same_case() {
    let it = scene();
    let person = it.world.person(&it.director, json!({"given_name": "Вера"}));
    let beneficiary = it.world.beneficiary(&it.director, &it.organization, &person);
    let other = it.world.case(&it.director, &it.organization, &beneficiary);
    let problem = |case: &str| {
        let form = json!({"text": "Долг за общежитие.", "noticed_on": it.world.day(-6)});
        it.world.post(&it.director, &format!("/cases/{case}/problems"), form).expect(201).id()
    };
    let refused = it.enter(json!({"problem_id": problem(&other)})).refused(422, "field.reference");
    assert_eq!(refused.body["errors"][0]["pointer"], "/problem_id");
    assert_eq!(refused.body["errors"].as_array().map(Vec::len), Some(1));
    let need = it.enter(json!({"problem_id": problem(&it.case)})).expect(201);
    assert_eq!(need.body["problem_name"], json!(format!("проблема, {}", it.world.day(-6))));
}

#[test]
fn needs_are_read_and_entered_by_the_institution_read_by_the_guardianship_and_by_nobody_else() {
    let it = scene();
    let world = &it.world;
    let need = it.need(json!({}));
    let path = format!("/needs/{need}");
    let away = world.institution("Чужой центр").1;
    let officer = json!([{"role": "guardianship_officer", "territory": "25655000"}]);
    let officer = world.account("officer", officer, None);
    let mentee = world.account("mentee", json!([{"role": "mentee"}]), Some(&it.girl));
    let specialist = world.staff("support_specialist", &it.organization);
    for (who, read, entered) in [
        (&specialist, 200, 201),
        (&officer, 200, 403),
        (&world.admin(), 200, 403),
        (&away, 404, 404),
        (&mentee, 404, 404),
    ] {
        assert_eq!(world.get(who, &path).status, read, "{}", who.login);
        let form = it.form(json!({}));
        let told = world.post(who, &it.of_case("needs"), form);
        assert_eq!(told.status, entered, "{}: {}", who.login, told.text);
    }
    let ended = it.step(&officer, &need, "result", json!({"outcome": "met", "ended_on": world.day(0)}));
    assert_eq!(ended.status, 403, "{}", ended.text);
    let key = world.key(&["read_services", "edit_services"], json!({"organization_ids": [it.organization]}));
    assert_eq!(world.get(&key, &path).status, 200);
    world.keyed_post(&key, &it.of_case("needs"), "need-1", it.form(json!({}))).expect(201);
}

#[test]
fn of_two_results_that_meet_one_ends_the_need() {
    let it = scene();
    let need = it.need(json!({}));
    let order = json!({"outcome": "met", "result": "Сделано.", "ended_on": it.world.day(0)});
    let answers: Vec<u16> = std::thread::scope(|threads| {
        let one = || it.step(&it.director, &need, "result", order.clone()).status;
        let all: Vec<_> = (0..6).map(|_| threads.spawn(one)).collect();
        all.into_iter().map(|it| it.join().expect("an answer")).collect()
    });
    let count = |status| answers.iter().filter(|it| **it == status).count();
    assert_eq!((count(200), count(409)), (1, 5), "{answers:?}");
    assert_eq!(it.card(&need)["version"], 2);
}

#[test]
fn needs_that_are_due_stand_in_one_list_and_on_the_agenda_of_the_institution() {
    let it = scene();
    let world = &it.world;
    let (later, sooner) =
        (it.need(json!({"due_on": world.day(6)})), it.need(json!({"due_on": world.day(-1)})));
    it.need(json!({}));
    let far = it.need(json!({"due_on": world.day(30), "urgency": "now"}));
    let ended = it.need(json!({"due_on": world.day(1)}));
    it.end(&ended, json!({})).expect(200);
    it.step(&it.director, &later, "start", json!({})).expect(200);
    assert_eq!(it.ids(&it.director, "/needs"), [sooner.clone(), later.clone(), far.clone()]);
    assert_eq!(it.ids(&it.director, "/needs?due_within_days=7"), [sooner.clone(), later.clone()]);
    assert_eq!(it.ids(&it.director, "/needs?urgency=now"), [far]);
    let first = world.get(&it.director, "/needs?limit=1").expect(200);
    let next = first.body["next_cursor"].as_str().expect("a cursor");
    assert_eq!(it.ids(&it.director, &format!("/needs?limit=1&cursor={next}")), [later.as_str()]);
    let agenda = |who: &Account, query: &str| {
        let told = world.get(who, &format!("/me/agenda{query}")).expect(200).body["needs_due"].clone();
        told.as_array().expect("needs").iter().map(Reply::id_of).collect::<Vec<_>>()
    };
    assert_eq!(agenda(&it.director, ""), [sooner, later]);
    assert_eq!(agenda(&it.director, "?mine=true"), Vec::<String>::new());
    let assigned = json!({"specialist_user_id": it.director.id});
    world.post(&it.director, &it.of_case("assignment"), assigned).expect(200);
    assert_eq!(agenda(&it.director, "?mine=true").len(), 2);
    let away = world.institution("Чужой центр").1;
    assert!(it.ids(&away, "/needs").is_empty() && agenda(&away, "").is_empty());
    assert_eq!(it.ids(&world.admin(), "/needs").len(), 3);
    assert!(agenda(&world.admin(), "").is_empty());
}

#[test]
fn words_of_needs_cannot_be_read_out_of_the_files() {
    if tests::postgres_url().is_some() {
        return; // PostgreSQL has the same columns, but no files to read.
    }
    let it = scene();
    let need = it.need(json!({"text": "КАНАРЕЙКА-1", "in_the_persons_words": "КАНАРЕЙКА-2"}));
    it.end(&need, json!({"result": "КАНАРЕЙКА-3"})).expect(200);
    for entry in std::fs::read_dir(&it.world.folder).unwrap().flatten() {
        let (bytes, canary) = (std::fs::read(entry.path()).unwrap(), "КАНАРЕЙКА".as_bytes());
        assert!(!bytes.windows(canary.len()).any(|it| it == canary), "{}", entry.path().display());
    }
}

#[test]
fn hostile_words_are_kept_as_they_are_and_careless_members_are_refused() {
    let it = scene();
    let text = "'; DROP TABLE needs; -- <script>alert(1)</script>";
    assert_eq!(it.card(&it.need(json!({"text": text})))["text"], text);
    for (members, code) in [
        (json!({"text": ""}), "field.empty"),
        (json!({"domain": "magic"}), "field.word"),
        (json!({"volume": 0}), "field.range"),
        (json!({"nothing": 1}), "field.unknown"),
    ] {
        it.enter(members).refused(422, code);
    }
}
