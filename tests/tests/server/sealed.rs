use serde_json::json;
use tests::World;
use tests::pairs::Pair;

/// Texts that must not be found in a stolen file.
const CANARIES: [&str; 12] = [
    "11223344595",
    "9123456789",
    "dom@example.org",
    "Неприметная",
    "654321",
    "ОВД Синегорья",
    "Распоряжение 771",
    "Бабушка пьёт",
    "addiction",
    "offence_prevention",
    "Соседи в ссоре",
    "Помирились во дворе",
];

#[test]
fn what_was_stored_cannot_be_read_out_of_the_files() {
    if tests::postgres_url().is_some() {
        return; // PostgreSQL has the same columns, but no files to read.
    }
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let form = json!({"family_name": "Морозова", "given_name": "Алёна", "birth_date": "2010-04-17", "sex": "female", "snils": CANARIES[0],
        "contacts": {"phones": ["+79123456789"], "emails": [CANARIES[2]], "address": "ул. Неприметная, 8"},
        "documents": [{"kind": "passport", "series": "2522", "number": CANARIES[4], "issuer": CANARIES[5]}]});
    let person = world
        .ask("POST", "/api/v1/people")
        .by(&director)
        .header("idempotency-key", "canary")
        .json(&form)
        .send()
        .expect(201)
        .id();
    let girl = world.beneficiary(&director, &organization, &person);
    let guardian = world.person(&director, json!({}));
    let authority = json!({"person_id": guardian, "basis": "guardian", "document": CANARIES[6], "valid_from": "2021-03-12"});
    world.post(&director, &format!("/beneficiaries/{girl}/representatives"), authority).expect(201);
    let opening = json!({"beneficiary_id": girl, "organization_id": organization, "opened_on": world.day(0), "reason": CANARIES[7]});
    let case = world.post(&director, "/cases", opening).expect(201).id();
    let closing = json!({"closed_on": world.day(0), "reason": "other", "note": CANARIES[7]});
    world.post(&director, &format!("/cases/{case}/closing"), closing).expect(200);
    let needs = json!({"needs": [CANARIES[8], CANARIES[9]], "risk_level": 3});
    world.put(&director, &format!("/beneficiaries/{girl}/matching-needs"), "\"0\"", needs).expect(200);
    let (_, mentor) = world.trained_mentor(&organization, &director);
    let veto =
        json!({"mentor_id": mentor, "made_by": "representative", "reason": "conflict", "note": CANARIES[10]});
    let veto = world.post(&director, &format!("/beneficiaries/{girl}/vetoes"), veto).expect(201).id();
    let lifting = json!({"reason": CANARIES[11]});
    world.post(&director, &format!("/vetoes/{veto}/lifting"), lifting).expect(200);
    world.post(&director, "/people/search", json!({"snils": CANARIES[0]})).expect(200);

    let files: Vec<_> =
        std::fs::read_dir(&world.folder).expect("a folder").map(|it| it.expect("a file").path()).collect();
    let bytes: Vec<u8> = files.iter().flat_map(|it| std::fs::read(it).expect("a file")).collect();
    let holds = |text: &str| bytes.windows(text.len()).any(|it| it == text.as_bytes());
    assert!(holds("Морозова"), "the files are these");
    for canary in CANARIES {
        assert!(!holds(canary), "{canary}");
    }
}

#[test]
fn a_row_that_does_not_open_does_not_take_its_list_away() {
    if tests::postgres_url().is_some() {
        return; // The same program; the file of SQLite is changed here.
    }
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let damaged = world.person(&director, json!({}));
    let whole = world.person(&director, json!({"given_name": "Вера"}));
    let girl = world.beneficiary(&director, &organization, &damaged);
    let case = world.case(&director, &organization, &girl);
    let text = json!({"text": "Пропускает занятия.", "noticed_on": world.day(0)});
    world.post(&director, &format!("/cases/{case}/problems"), text).expect(201);
    let raw = rusqlite::Connection::open(world.region_file()).unwrap();
    raw.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    raw.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
    let spoil = "UPDATE people SET private = substr(private, 1, length(private) - 4) || 'AAAA' WHERE given_name = 'Алёна'";
    assert_eq!(raw.execute(spoil, []).unwrap(), 1);
    raw.execute_batch("UPDATE case_problems SET text = 'v1.k1.AAAA'").unwrap();
    let people = world.get(&director, "/people").expect(200);
    let ids: Vec<String> = people.ids();
    assert_eq!(ids, std::slice::from_ref(&whole));
    let found = world.post(&director, "/people/search", json!({"name": "Морозова"})).expect(200);
    assert_eq!(found.items().len(), 1);
    assert!(world.get(&director, &format!("/cases/{case}/problems")).expect(200).items().is_empty());
    // Alone it is a fault, which is told.
    let card = world.ask("GET", &format!("/api/v1/people/{damaged}")).by(&director);
    assert_eq!(card.status(), 500);
    world.get(&director, &format!("/people/{whole}")).expect(200);
}

#[test]
fn a_seal_that_does_not_open_takes_no_list_of_accounts_or_items_away() {
    if tests::postgres_url().is_some() {
        return; // The same program; the file of SQLite is changed here.
    }
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let called = world.staff("support_specialist", &organization);
    let path = format!("/users/{}", called.id);
    world.edit(&world.admin(), &path, json!({"work_phone": "8 (395) 410-00-17"})).expect(200);
    let girl = world.beneficiary(&director, &organization, &world.person(&director, json!({})));
    let case = world.case(&director, &organization, &girl);
    let members =
        json!([{"role": "chair", "user_id": director.id}, {"role": "member", "name": "Петрова Елена"}]);
    let consilium = json!({"organization_id": organization, "planned_at": world.hour(20), "form": "in_person", "members": members});
    let consilium = world.post(&director, "/consilia", consilium).expect(201).id();
    let item = json!({"case_id": case, "kind": "scheduled", "question": "Как помочь?"});
    let agenda = format!("/consilia/{consilium}/items");
    world.post(&director, &agenda, item).expect(201);
    assert_eq!(world.get(&director, &agenda).expect(200).items().len(), 1);
    let raw = rusqlite::Connection::open(world.region_file()).unwrap();
    raw.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    raw.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
    let spoil = "UPDATE users SET work_phone = 'v1.k1.AAAA' WHERE work_phone IS NOT NULL";
    assert_eq!(raw.execute(spoil, []).unwrap(), 1);
    assert_eq!(raw.execute("UPDATE consilium_items SET question = 'v1.k1.AAAA'", []).unwrap(), 1);
    let accounts = world.get(&world.admin(), "/users").expect(200).ids();
    assert!(accounts.contains(&director.id) && !accounts.contains(&called.id), "{accounts:?}");
    assert!(world.get(&director, &agenda).expect(200).items().is_empty());
    assert!(world.get(&director, &format!("/cases/{case}/consilium-items")).expect(200).items().is_empty());
}

#[test]
fn a_word_beside_a_row_that_does_not_open_takes_no_list_of_mentorships_or_crises_away() {
    if tests::postgres_url().is_some() {
        return; // The same program; the file of SQLite is changed here.
    }
    let world = World::new();
    let members = json!({"extendable": true, "max_extension_months": 6, "mentor_contacts": ["recipient", "specialist"]});
    let pair = Pair { program: world.plain_program("called", members), ..world.pair() };
    let (director, specialist) =
        (pair.director.clone(), world.staff("support_specialist", &pair.organization));
    let phone = json!({"work_phone": "8 (395) 410-00-17"});
    world.edit(&world.admin(), &format!("/users/{}", specialist.id), phone).expect(200);
    let phone = json!({"contacts": {"phones": ["+79123456701"]}});
    world.edit(&director, &format!("/people/{}", pair.person), phone).expect(200);
    let case = json!({"beneficiary_id": pair.beneficiary, "organization_id": pair.organization, "opened_on": world.day(-5),
        "specialist_user_id": specialist.id});
    world.post(&director, "/cases", case).expect(201);
    let id = world.active(&pair);
    let longer = json!({"ends_on": world.day(90), "reason": "До конца учебного года.", "decree": {"number": "41-н", "date": world.day(0)}});
    world.step(&director, &id, "extensions", longer).expect(200);
    let pause = json!({"paused_on": world.day(0), "reason": "illness", "note": "Операция."});
    world.step(&director, &id, "pause", pause).expect(200);
    let crisis = json!({"beneficiary_id": pair.beneficiary, "kind": "conflict", "text": "Ссора дома."});
    let crisis = world.post(&director, "/crises", crisis).expect(201).id();
    world.post(&specialist, &format!("/crises/{crisis}/acknowledgement"), json!({})).expect(200);
    let mentor = world.mentor_account("maria", &pair);
    let phones = |who: &tests::Account| {
        let listed = world.get(who, "/mentorships").expect(200);
        assert_eq!(listed.ids(), std::slice::from_ref(&id), "{}", who.login);
        let contacts = listed.items()[0]["contacts"].as_array().expect("contacts").iter();
        contacts.filter(|it| it["kind"] != "institution" && !it["phone"].is_null()).count()
    };
    assert_eq!((phones(&mentor), phones(&director)), (2, 1));
    let raw = rusqlite::Connection::open(world.region_file()).unwrap();
    raw.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    raw.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
    for spoil in [
        "UPDATE users SET work_phone = 'v1.k1.AAAA' WHERE work_phone IS NOT NULL",
        "UPDATE people SET private = 'v1.k1.AAAA' WHERE given_name = 'Дарья'",
        "UPDATE extensions SET reason = 'v1.k1.AAAA'",
        "UPDATE pauses SET note = 'v1.k1.AAAA'",
    ] {
        assert_eq!(raw.execute(spoil, []).unwrap(), 1, "{spoil}");
    }
    assert_eq!((phones(&mentor), phones(&director)), (0, 0));
    let listed = world.get(&director, "/mentorships").expect(200);
    let row = &listed.items()[0];
    assert_eq!((&row["paused"]["reason"], &row["paused"]["note"]), (&json!("illness"), &json!(null)));
    assert!(row["extensions"].as_array().is_none_or(Vec::is_empty), "{row}");
    let crises = world.get(&director, "/crises").expect(200);
    assert_eq!(crises.ids(), [crisis.as_str()]);
    assert!(crises.items()[0]["responsible_phone"].is_null(), "{}", crises.text);
    // Alone each of them is a fault, which is told.
    for path in [format!("/mentorships/{id}"), format!("/crises/{crisis}")] {
        assert_eq!(world.ask("GET", &format!("/api/v1{path}")).by(&director).status(), 500, "{path}");
    }
}

#[test]
fn needs_that_do_not_open_do_not_take_the_waiting_list_and_the_round_away() {
    if tests::postgres_url().is_some() {
        return; // The same program; the file of SQLite is changed here.
    }
    let world = World::new();
    let stage = world.stage(json!({}));
    let (damaged, whole) = (world.waits(&stage, 9, json!({})).1, world.waits(&stage, 5, json!({})).1);
    world.helps(&stage, json!({}));
    let raw = rusqlite::Connection::open(world.region_file()).unwrap();
    raw.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    raw.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
    let spoil = "UPDATE matching_needs SET form = 'v1.k1.AAAA' WHERE beneficiary_id = ?1";
    let id = uuid::Uuid::parse_str(&damaged).unwrap();
    let rows =
        raw.execute(spoil, [id.to_string()]).unwrap() + raw.execute(spoil, [id.as_bytes().to_vec()]).unwrap();
    assert_eq!(rows, 1);
    let path = format!("/waiting-list?program_id={}", stage.program);
    let listed = world.get(&stage.director, &path).expect(200);
    let ids: Vec<&str> = listed.items().iter().filter_map(|it| it["beneficiary_id"].as_str()).collect();
    assert_eq!(ids, [whole.as_str()]);
    // A page of the damaged row alone is a page of a list still.
    assert!(world.get(&stage.director, &format!("{path}&limit=1")).expect(200).items().is_empty());
    let figures = format!("/waiting-list/summary?program_id={}", stage.program);
    assert_eq!(world.get(&stage.director, &figures).expect(200).body["waiting"], json!(1));
    let round = world.round(&stage, json!({})).id();
    let proposals = world.proposals(&stage.director, &round);
    assert!(proposals.iter().all(|it| it["beneficiary_id"] == whole.as_str()) && proposals.len() == 1);
    // The candidates of the damaged one are a fault, those of the other are not.
    let candidates = |id: &str| format!("/api/v1/beneficiaries/{id}/candidates?program_id={}", stage.program);
    assert_eq!(world.ask("GET", &candidates(&whole)).by(&stage.director).status(), 200);
    assert_eq!(world.ask("GET", &candidates(&damaged)).by(&stage.director).status(), 500);
    // A damaged proposal is left out of the list of its round.
    raw.execute_batch("UPDATE matching_proposals SET assessment = 'v1.k1.AAAA'").unwrap();
    assert!(world.proposals(&stage.director, &round).is_empty());
}
