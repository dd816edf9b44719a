//! Help with personal documents (001 L24): one document step by step, and documents that are due by age.
use serde_json::{Value, json};
use tests::{Account, Reply, World};

/// An institution with the open case of a girl of 15.
struct Scene {
    world: World,
    organization: String,
    director: Account,
    girl: String,
    beneficiary: String,
    case: String,
}

fn scene() -> Scene {
    tests::prepared!(Scene { organization, director, girl, beneficiary, case } by scene_in)
}

fn scene_in(world: World) -> Scene {
    scene_of_in(world, json!({}))
}

fn scene_of(members: Value) -> Scene {
    scene_of_in(World::new(), members)
}

fn scene_of_in(world: World, members: Value) -> Scene {
    let (organization, director) = world.institution("Центр");
    let girl = world.person(&director, members);
    let beneficiary = world.beneficiary(&director, &organization, &girl);
    let case = world.case(&director, &organization, &beneficiary);
    Scene { world, organization, director, girl, beneficiary, case }
}

impl Scene {
    fn list(&self) -> String {
        format!("/cases/{}/document-assistance", self.case)
    }
    fn enter(&self, who: &Account, members: Value) -> Reply {
        let form = json!({"kind": "passport", "noticed_on": self.world.day(-20)});
        self.world.post(who, &self.list(), tests::with(form, &members))
    }
    fn progress(&self, who: &Account, id: &str, order: Value) -> Reply {
        self.world.post(who, &format!("/document-assistance/{id}/progress"), order)
    }
    fn due(&self, who: &Account) -> Reply {
        self.world.get(who, &format!("/cases/{}/documents-due", self.case))
    }
    fn kinds_due(&self) -> Vec<(String, i64)> {
        let due = self.due(&self.director).expect(200);
        let told = |it: &Value| {
            (it["kind"].as_str().expect("a kind").to_owned(), it["age_years"].as_i64().expect("an age"))
        };
        due.items().iter().map(told).collect()
    }
}

fn is(all: &[(&str, i64)]) -> Vec<(String, i64)> {
    all.iter().map(|it| (it.0.to_owned(), it.1)).collect()
}

#[test]
fn a_document_is_obtained_step_by_step_and_received_with_its_day() {
    let it = scene();
    let entered = it.enter(&it.director, json!({"obstacle": "Нет свидетельства о рождении."})).expect(201);
    let (id, path) = (entered.id(), format!("/document-assistance/{}", entered.id()));
    assert_eq!((&entered.body["state"], entered.body.get("number")), (&json!("needed"), None));
    assert_eq!(entered.actions(), json!(["edit", "progress", "annul"]));
    let collecting = it.progress(&it.director, &id, json!({"state": "collecting"})).expect(200);
    assert_eq!(collecting.body["obstacle"], "Нет свидетельства о рождении.", "a known obstacle stays");
    it.progress(&it.director, &id, json!({"state": "needed"})).refused(422, "document.needed_again");
    let submitted = json!({"state": "submitted", "obstacle": "Очередь в МФЦ."});
    it.progress(&it.director, &id, submitted).expect(200);
    let refused = it.progress(&it.director, &id, json!({"state": "received", "number": "25 10 123456"}));
    let refused = refused.refused(422, "document.received_without_date");
    assert_eq!(refused.body["errors"][0]["pointer"], "/issued_on");
    for (members, code) in [
        (json!({"issued_on": it.world.day(1)}), "document.in_future"),
        (json!({"issued_on": it.world.day(-1), "valid_until": it.world.day(-2)}), "document.ends_early"),
        (json!({"issued_on": "2010-04-16"}), "life.before_birth"),
        (json!({"issued_on": it.world.day(-1), "state": "collecting"}), "field.combination"),
        (json!({"issued_on": it.world.day(-1), "state": "lost"}), "field.word"),
        (json!({"state": "transferred"}), "field.word"),
    ] {
        let order = tests::with(json!({"state": "received"}), &members);
        it.progress(&it.director, &id, order).refused(422, code);
    }
    let order = json!({"state": "received", "number": "25 10 123456", "issued_on": it.world.day(-1), "valid_until": it.world.day(900)});
    let received = it.progress(&it.director, &id, order).expect(200);
    assert_eq!(
        (&received.body["state"], &received.body["number"]),
        (&json!("received"), &json!("25 10 123456"))
    );
    assert_eq!(
        (&received.body["issued_on"], &received.body["version"]),
        (&json!(it.world.day(-1)), &json!(4))
    );
    assert_eq!(received.action("progress").expect("it is told")["blocked_by"], json!(["document.settled"]));
    it.progress(&it.director, &id, json!({"state": "collecting"})).refused(409, "document.settled");
    // An edit leaves what steps have set.
    let form = json!({"kind": "passport", "noticed_on": it.world.day(-20), "number": "1"});
    it.world.put(&it.director, &path, &received.etag(), form).refused(422, "field.unknown");
    let other = it.world.patch(&it.director, &path, &received.etag(), json!({"kind": "inn"}));
    other.refused(422, "document.kind_fixed");
    assert_eq!(received.body["received_on"], json!(it.world.day(0)));
    let edited =
        it.world.patch(&it.director, &path, &received.etag(), json!({"due_on": it.world.day(9)})).expect(200);
    assert_eq!((&edited.body["number"], &edited.body["state"]), (&json!("25 10 123456"), &json!("received")));
    let history = it.world.get(&it.director, &format!("{path}/history")).expect(200);
    let kinds = history.kinds();
    let step = "document_assistance.progressed";
    assert_eq!(kinds, ["document_assistance.edited", step, step, step, "document_assistance.added"]);
    assert!(!history.text.contains("123456") && !history.text.contains("МФЦ"));
}

#[test]
fn a_step_holds_to_the_version_that_was_seen_and_two_that_meet_make_one_end() {
    let it = scene();
    let entered = it.enter(&it.director, json!({})).expect(201);
    let path = format!("/api/v1/document-assistance/{}/progress", entered.id());
    let step = |tag: &str| {
        let ask = it.world.ask("POST", &path).by(&it.director).header("if-match", tag);
        ask.json(&json!({"state": "collecting"})).send()
    };
    step("\"7\"").refused(412, "version.stale");
    step(&entered.etag()).expect(200);
    step(&entered.etag()).refused(412, "version.stale");
    let ends = ["refused", "not_needed"];
    let answers =
        tests::pairs::at_once(8, |n| it.progress(&it.director, &entered.id(), json!({"state": ends[n % 2]})));
    assert_eq!(answers.iter().filter(|it| it.0 == 200).count(), 1, "{answers:?}");
    let mut others = answers.iter().filter(|it| it.0 != 200);
    assert!(others.all(|it| *it == (409, "document.settled".to_owned())), "{answers:?}");
}

#[test]
fn documents_are_listed_by_kind_and_by_state() {
    let it = scene();
    let passport = it.enter(&it.director, json!({})).expect(201).id();
    let inn =
        it.enter(&it.director, json!({"kind": "inn", "noticed_on": it.world.day(-10)})).expect(201).id();
    let other = it.enter(&it.director, json!({"kind": "other"})).refused(422, "field.missing");
    assert_eq!(other.body["errors"][0]["pointer"], "/name");
    let other = json!({"kind": "other", "name": "Справка об обучении", "noticed_on": it.world.day(-5)});
    let other = it.enter(&it.director, other).expect(201).id();
    it.progress(&it.director, &inn, json!({"state": "collecting"})).expect(200);
    let ids = |query: &str| {
        let page = it.world.get(&it.director, &format!("{}{query}", it.list())).expect(200);
        page.ids()
    };
    assert_eq!(ids(""), [other.clone(), inn.clone(), passport.clone()]);
    assert_eq!(ids("?kind=passport,inn"), [inn.clone(), passport.clone()]);
    assert_eq!(ids("?state=needed"), [other, passport]);
    assert_eq!(ids("?state=collecting&kind=inn"), std::slice::from_ref(&inn));
    let annulment = json!({"reason": "Не тот документ."});
    it.world.post(&it.director, &format!("/document-assistance/{inn}/annulment"), annulment).expect(200);
    assert!(ids("?kind=inn").is_empty());
    it.progress(&it.director, &inn, json!({"state": "submitted"})).refused(409, "entry.annulled");
}

#[test]
fn a_specialist_helps_with_the_own_name_and_a_director_names_anybody_of_the_institution() {
    let it = scene();
    let specialist = it.world.staff("support_specialist", &it.organization);
    let own = it.enter(&specialist, json!({"helper_user_id": specialist.id})).expect(201);
    assert_eq!(own.body["helper_user_id"], json!(specialist.id));
    let refused = it.enter(&specialist, json!({"helper_user_id": it.director.id}));
    assert_eq!(refused.refused(422, "field.reference").body["errors"][0]["pointer"], "/helper_user_id");
    let entered = it.enter(&it.director, json!({"helper_user_id": specialist.id})).expect(201);
    // Somebody else goes on with the document, although specialists see no accounts of others.
    let another = it.world.staff("support_specialist", &it.organization);
    let moved = it.progress(&another, &entered.id(), json!({"state": "submitted"})).expect(200);
    let path = format!("/document-assistance/{}", entered.id());
    let due = json!({"due_on": it.world.day(9)});
    let patched = it.world.patch(&another, &path, &moved.etag(), due).expect(200);
    assert_eq!(patched.body["helper_user_id"], json!(specialist.id));
    let taken = json!({"helper_user_id": it.director.id});
    it.world.patch(&another, &path, &patched.etag(), taken).refused(422, "field.reference");
    let (_, stranger) = it.world.institution("Чужое");
    it.enter(&it.director, json!({"helper_user_id": stranger.id})).refused(422, "field.reference");
}

#[test]
fn documents_are_seen_with_their_case_and_recorded_by_those_who_keep_it() {
    let it = scene();
    let world = &it.world;
    let id = it.enter(&it.director, json!({"obstacle": "Отец не даёт согласия."})).expect(201).id();
    let path = format!("/document-assistance/{id}");
    let officer =
        world.account("opeka", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    for who in [&world.admin(), &officer] {
        let seen = world.get(who, &path).expect(200);
        assert_eq!((seen.actions(), &seen.body["obstacle"]), (json!([]), &json!("Отец не даёт согласия.")));
        it.due(who).expect(200);
        it.enter(who, json!({})).refused(403, "access.forbidden");
        it.progress(who, &id, json!({"state": "collecting"})).refused(403, "access.forbidden");
    }
    let (_, stranger) = world.institution("Чужое");
    let mentee = world.account("mentee", json!([{"role": "mentee"}]), Some(&it.girl));
    let mentor = world.account("mentor", json!([{"role": "mentor"}]), None);
    for who in [&stranger, &mentee, &mentor] {
        world.get(who, &path).refused(404, "request.not_found");
        world.get(who, &it.list()).refused(404, "request.not_found");
        it.due(who).refused(404, "request.not_found");
        it.enter(who, json!({})).refused(404, "request.not_found");
        it.progress(who, &id, json!({"state": "collecting"})).refused(404, "request.not_found");
    }
    for role in ["unit_head", "support_specialist"] {
        let who = world.staff(role, &it.organization);
        it.progress(&who, &id, json!({"state": "collecting"})).expect(200);
    }
    let close = |day: i64| {
        let closing = json!({"closed_on": world.day(day), "reason": "goals_reached"});
        world.post(&it.director, &format!("/cases/{}/closing", it.case), closing)
    };
    close(-21).refused(409, "case.recorded_later");
    close(-2).expect(200);
    // A document that was begun in the case arrives later; a new one needs a case.
    it.enter(&it.director, json!({"noticed_on": world.day(0)})).refused(422, "case.outside");
    let received = json!({"state": "received", "issued_on": world.day(0)});
    it.progress(&it.director, &id, received).expect(200);
}

#[test]
fn documents_of_an_age_are_due_until_they_are_on_record() {
    let it = scene();
    assert_eq!(it.kinds_due(), is(&[("passport", 14), ("housing_list", 14)]));
    let due = it.due(&it.director).expect(200);
    let list = &due.items()[1];
    assert_eq!(
        (&list["due_on"], &list["basis"], list.get("state")),
        (&json!("2024-04-17"), &json!("159-ФЗ ст. 8"), None)
    );
    let passport = it.enter(&it.director, json!({})).expect(201).id();
    it.progress(&it.director, &passport, json!({"state": "submitted"})).expect(200);
    let due = it.due(&it.director).expect(200);
    let told = &due.items()[0];
    assert_eq!((&told["state"], &told["assistance_id"]), (&json!("submitted"), &json!(passport)));
    let received = json!({"state": "received", "issued_on": it.world.day(-1)});
    it.progress(&it.director, &passport, received).expect(200);
    assert_eq!(it.kinds_due(), is(&[("housing_list", 14)]));
    let list = it.enter(&it.director, json!({"kind": "housing_list"})).expect(201).id();
    it.progress(&it.director, &list, json!({"state": "not_needed"})).expect(200);
    assert_eq!(it.kinds_due(), is(&[]));
    let annulment = json!({"reason": "Не та девушка."});
    it.world.post(&it.director, &format!("/document-assistance/{passport}/annulment"), annulment).expect(200);
    assert_eq!(it.kinds_due(), is(&[("passport", 14)]));
}

#[test]
fn documents_that_are_wanted_expire_or_fall_due_by_age_stand_on_the_agenda() {
    let it = scene_of(json!({"birth_date": "2012-03-20"}));
    let (world, director) = (&it.world, &it.director);
    let desk = |who: &Account, query: &str| -> Vec<(String, String, String)> {
        let told = world.get(who, &format!("/me/agenda{query}")).expect(200).body["documents_due"].clone();
        let text = |it: &Value, member: &str| it[member].as_str().expect("a text").to_owned();
        let line = |it: &Value| (text(it, "kind"), text(it, "matter"), text(it, "day"));
        told.as_array().expect("documents").iter().map(line).collect()
    };
    let is = |all: &[(&str, &str, &str)]| -> Vec<(String, String, String)> {
        all.iter().map(|it| (it.0.to_owned(), it.1.to_owned(), it.2.to_owned())).collect()
    };
    let list = ("housing_list", "of_age", "2026-03-20");
    assert_eq!(desk(director, ""), is(&[("passport", "of_age", "2026-03-20"), list]));
    let later = it.enter(director, json!({"kind": "snils", "due_on": world.day(31)})).expect(201).id();
    let soon = world.day(9);
    let passport = it.enter(director, json!({"kind": "passport", "due_on": soon})).expect(201).id();
    assert_eq!(desk(director, ""), is(&[("passport", "wanted", &soon), list]));
    assert!(desk(director, "?mine=true").is_empty(), "the case of nobody");
    let end = world.day(25);
    let received = json!({"state": "received", "issued_on": world.day(-1), "valid_until": end});
    it.progress(director, &passport, received.clone()).expect(200);
    assert_eq!(desk(director, ""), is(&[list, ("passport", "expires", &end)]));
    it.progress(director, &later, received).expect(200);
    let next = it.enter(director, json!({"kind": "passport"})).expect(201).id();
    assert_eq!(desk(director, ""), is(&[list, ("snils", "expires", &end)]), "the next one is begun");
    it.progress(director, &next, json!({"state": "refused"})).expect(200);
    let both = [list, ("passport", "expires", &end), ("snils", "expires", &end)];
    assert_eq!(desk(director, "").len(), 3, "a help that has failed replaces nothing");
    assert!(is(&both).iter().all(|it| desk(director, "").contains(it)));
    it.enter(director, json!({"kind": "passport"})).expect(201);
    let stranger = world.institution("Чужой центр").1;
    assert!(desk(&stranger, "").is_empty());
    let officer =
        world.account("opeka", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    assert!(desk(&officer, "").is_empty(), "guardianship obtains no documents");
    let closing = json!({"closed_on": world.day(0), "reason": "goals_reached"});
    world.post(director, &format!("/cases/{}/closing", it.case), closing).expect(200);
    assert!(desk(director, "").is_empty());
}

#[test]
fn a_passport_on_the_card_of_the_person_is_on_record_and_one_of_fourteen_is_replaced_at_twenty() {
    let it = scene();
    let (world, director) = (&it.world, &it.director);
    let case_of = |born: &str, issued_on: &str| {
        let passport =
            json!([{"kind": "passport", "series": "2520", "number": "123456", "issued_on": issued_on}]);
        let person =
            world.person(director, json!({"birth_date": born, "documents": passport, "given_name": "Ольга"}));
        let beneficiary = world.beneficiary(director, &it.organization, &person);
        world.case(director, &it.organization, &beneficiary)
    };
    let ages = |case: &str| {
        let due = world.get(director, &format!("/cases/{case}/documents-due")).expect(200);
        due.items()
            .iter()
            .filter(|it| it["kind"] == "passport")
            .map(|it| it["age_years"].clone())
            .collect::<Vec<_>>()
    };
    // Twenty in 90 days, in 91 days, and twenty already with the old and with the new passport.
    assert_eq!(ages(&case_of("2006-05-31", "2020-06-10")), [json!(20)]);
    assert!(ages(&case_of("2006-06-01", "2020-06-10")).is_empty());
    assert_eq!(ages(&case_of("2006-02-01", "2020-06-10")), [json!(20)]);
    assert!(ages(&case_of("2006-02-01", "2026-02-20")).is_empty());
}

#[test]
fn a_family_has_no_documents_of_its_own_and_the_dead_need_none() {
    let it = scene();
    let (world, director) = (&it.world, &it.director);
    let family = world.family(director, &[&it.girl]);
    let beneficiary = world.family_beneficiary(director, &it.organization, &family);
    let case = world.case(director, &it.organization, &beneficiary);
    let due = world.get(director, &format!("/cases/{case}/documents-due")).expect(200);
    assert!(due.items().is_empty());
    world.die(director, &it.girl, -3).expect(200);
    assert!(it.due(director).expect(200).items().is_empty());
}

#[test]
fn numbers_and_obstacles_cannot_be_read_out_of_the_files() {
    if tests::postgres_url().is_some() {
        return; // PostgreSQL has the same columns, but no files to read.
    }
    let it = scene();
    let words = json!({"kind": "other", "name": "КАНАРЕЙКА-ЧТО", "obstacle": "КАНАРЕЙКА-ПОЧЕМУ"});
    let id = it.enter(&it.director, words).expect(201).id();
    let order = json!({"state": "received", "number": "КАНАРЕЙКА-1", "issued_on": it.world.day(0)});
    it.progress(&it.director, &id, order).expect(200);
    for entry in std::fs::read_dir(&it.world.folder).unwrap().flatten() {
        let bytes = std::fs::read(entry.path()).unwrap();
        let canary = "КАНАРЕЙКА".as_bytes();
        assert!(!bytes.windows(canary.len()).any(|it| it == canary), "{}", entry.path().display());
    }
}

#[test]
fn a_transfer_takes_along_the_documents_that_are_being_obtained_where_help_is_granted() {
    for parts in [&["identity", "help"][..], &["identity"]] {
        let it = scene_of(json!({"birth_date": "2004-04-17"}));
        let (world, director) = (&it.world, &it.director);
        let words = json!({"obstacle": "Отец не даёт согласия.", "due_on": world.day(30)});
        let passport = it.enter(director, words).expect(201).id();
        it.progress(director, &passport, json!({"state": "submitted"})).expect(200);
        it.enter(director, json!({"kind": "disability"})).expect(201);
        let inn = it.enter(director, json!({"kind": "inn"})).expect(201).id();
        it.progress(director, &inn, json!({"state": "received", "issued_on": world.day(-1)})).expect(200);
        let (receiver, heir, next) = handed_over(&it, parts);
        let passed = world.get(&receiver, &format!("/cases/{next}/document-assistance")).expect(200);
        let told: Vec<_> = passed
            .items()
            .iter()
            .map(|it| (&it["kind"], &it["state"], &it["due_on"], it.get("obstacle")))
            .collect();
        match parts.len() {
            // Papers of a disability are of health, which was not granted.
            2 => assert_eq!(told, [(&json!("passport"), &json!("submitted"), &json!(world.day(30)), None)]),
            _ => assert!(told.is_empty(), "{}", passed.text),
        }
        for it in passed.items() {
            let received = json!({"state": "received", "issued_on": world.day(0)});
            let path = format!("/document-assistance/{}/progress", Reply::id_of(it));
            world.post(&heir, &path, received).expect(200);
        }
        world.get(&receiver, &format!("/document-assistance/{passport}")).refused(404, "request.not_found");
        let left = world.get(director, &format!("/document-assistance/{passport}")).expect(200);
        assert_eq!(
            (&left.body["state"], &left.body["obstacle"]),
            (&json!("transferred"), &json!("Отец не даёт согласия."))
        );
        it.progress(director, &passport, json!({"state": "collecting"})).refused(409, "document.settled");
    }
}

/// Another organization takes the case over and reads these parts of it: its director, its specialist and the case that goes on.
fn handed_over(it: &Scene, parts: &[&str]) -> (Account, Account, String) {
    let (world, director) = (&it.world, &it.director);
    let (centre, receiver) = world.institution("Центр сопровождения");
    let heir = world.staff("support_specialist", &centre);
    let signature = json!({"signatory": "recipient", "person_id": it.girl, "signed_on": world.day(0), "file_id": world.file(director, "consent")});
    let consent = json!({"purpose": "transfer", "organization_ids": [centre], "parts": parts, "valid_until": world.day(300),
        "signatures": [signature]});
    let ledger = format!("/beneficiaries/{}/consents", it.beneficiary);
    let consent = world.post(director, &ledger, consent).expect(201).id();
    let transfer =
        json!({"to_organization_id": centre, "reason": "moved", "parts": parts, "consent_id": consent});
    let transfer = world.post(director, &format!("/cases/{}/transfers", it.case), transfer).expect(201).id();
    let order = json!({"specialist_user_id": heir.id});
    let accepted =
        world.post(&receiver, &format!("/case-transfers/{transfer}/acceptance"), order).expect(200);
    let next = accepted.body["next_case_id"].as_str().expect("a case").to_owned();
    (receiver, heir, next)
}

#[test]
fn what_was_received_in_a_former_case_is_on_record() {
    let it = scene();
    let list = it.enter(&it.director, json!({"kind": "housing_list"})).expect(201).id();
    it.progress(&it.director, &list, json!({"state": "received", "issued_on": it.world.day(-3)})).expect(200);
    let closing = json!({"closed_on": it.world.day(-2), "reason": "goals_reached"});
    it.world.post(&it.director, &format!("/cases/{}/closing", it.case), closing).expect(200);
    let opening = json!({"beneficiary_id": it.beneficiary, "organization_id": it.organization, "opened_on": it.world.day(-1)});
    let case = it.world.post(&it.director, "/cases", opening).expect(201).id();
    assert_eq!(Scene { case, ..it }.kinds_due(), is(&[("passport", 14)]));
}

#[test]
fn every_kind_of_document_is_entered_and_told_in_both_languages() {
    let it = scene();
    let kinds = it.world.get(&it.director, "/catalogues/personal-documents").expect(200);
    assert_eq!(kinds.items().len(), 21);
    for kind in kinds.items() {
        let form = json!({"kind": kind["code"], "name": "Для техникума"});
        let entered = it.enter(&it.director, form).expect(201);
        assert_eq!((&entered.body["kind"], &entered.body["name"]), (&kind["code"], &json!("Для техникума")));
        assert!(kind["ru"].is_string() && kind["en"].is_string());
    }
    for kind in [json!("diploma"), json!(""), json!(7), json!(null)] {
        it.enter(&it.director, json!({"kind": kind})).expect(422);
    }
}
