use serde_json::{Value, json};
use tests::{Account, World};

/// An institution with its director and a beneficiary of it.
fn place(world: &World) -> (String, Account, String) {
    let (organization, director) = world.institution("Центр");
    let girl = world.person(&director, json!({}));
    let beneficiary = world.beneficiary(&director, &organization, &girl);
    (organization, director, beneficiary)
}

fn listed(world: &World, who: &Account, filter: &str) -> Vec<String> {
    let reply = world.get(who, &format!("/cases{filter}")).expect(200);
    reply.items().iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn a_case_is_opened_assigned_and_closed() {
    let world = World::new();
    let (organization, director, beneficiary) = place(&world);
    let specialist = world.staff("support_specialist", &organization);
    let order = json!({"beneficiary_id": beneficiary, "organization_id": organization, "opened_on": world.day(0),
        "specialist_user_id": director.id, "reason": "Семья признана находящейся в трудной жизненной ситуации."});
    let opened = world.post(&specialist, "/cases", order).expect(201);
    let path = format!("/cases/{}", opened.id());
    assert_eq!(opened.header("location"), Some(format!("/api/v1{path}").as_str()));
    assert_eq!(
        (&opened.body["state"], &opened.body["beneficiary_name"]),
        (&json!("open"), &json!("Морозова Алёна Сергеевна"))
    );
    assert_eq!(
        opened.actions(),
        json!([
            "edit",
            "assign",
            "close",
            "notice_problem",
            "invite",
            "complete_review",
            "refer",
            "take_snapshot",
            "record_contact",
            "add_need",
            "record_delivery",
            "add_document"
        ])
    );
    assert_eq!(world.get(&specialist, &path).expect(200).body, opened.body);

    let assigned = world
        .post(&director, &format!("{path}/assignment"), json!({"specialist_user_id": specialist.id}))
        .expect(200);
    assert_eq!(
        (&assigned.body["specialist_user_id"], &assigned.body["version"]),
        (&json!(specialist.id), &json!(2))
    );
    let nobody = world.post(&director, &format!("{path}/assignment"), json!({})).expect(200);
    assert_eq!(nobody.body["specialist_user_id"], Value::Null);

    let closing = json!({"closed_on": world.day(0), "reason": "other", "note": "Переехали к бабушке."});
    let closed = world.post(&specialist, &format!("{path}/closing"), closing).expect(200);
    assert_eq!(
        (&closed.body["state"], &closed.body["closing_note"]),
        (&json!("closed"), &json!("Переехали к бабушке."))
    );
    assert_eq!(
        (&closed.actions(), &closed.body["reason"]),
        (&json!(["take_snapshot", "record_contact", "record_delivery"]), &opened.body["reason"])
    );
    let history = world.get(&director, &format!("{path}/history")).expect(200);
    assert_eq!(history.kinds(), ["case.closed", "case.assigned", "case.assigned", "case.opened"]);
    assert!(!history.text.contains("бабушке"));
}

#[test]
fn a_beneficiary_has_one_open_case_in_an_institution_at_a_time() {
    let world = World::new();
    let (organization, director, beneficiary) = place(&world);
    let order =
        json!({"beneficiary_id": beneficiary, "organization_id": organization, "opened_on": world.day(0)});
    let first = world.post(&director, "/cases", order.clone()).expect(201);
    world.post(&director, "/cases", order.clone()).refused(409, "case.already_open");
    let closing = json!({"closed_on": world.day(0), "reason": "goals_reached"});
    world.post(&director, &format!("/cases/{}/closing", first.id()), closing).expect(200);
    world.post(&director, "/cases", order).expect(201);
}

#[test]
fn a_closed_case_takes_no_further_step() {
    let world = World::new();
    let (organization, director, beneficiary) = place(&world);
    let path = format!("/cases/{}", world.case(&director, &organization, &beneficiary));
    let closing = json!({"closed_on": world.day(0), "reason": "moved"});
    world.post(&director, &format!("{path}/closing"), closing.clone()).expect(200);
    world.post(&director, &format!("{path}/closing"), closing).refused(409, "case.not_open");
    world
        .post(&director, &format!("{path}/assignment"), json!({"specialist_user_id": director.id}))
        .refused(409, "case.not_open");
}

#[test]
fn a_case_lasts_from_its_opening_to_a_day_not_in_the_future() {
    let world = World::new();
    let (organization, director, beneficiary) = place(&world);
    let order =
        json!({"beneficiary_id": beneficiary, "organization_id": organization, "opened_on": world.day(1)});
    let refused = world.post(&director, "/cases", order).refused(422, "case.in_future");
    assert_eq!(refused.body["errors"][0]["pointer"], "/opened_on");
    let closing = format!("/cases/{}/closing", world.case(&director, &organization, &beneficiary));
    let on = |day: i64| json!({"closed_on": world.day(day), "reason": "other"});
    let refused = world.post(&director, &closing, on(1)).refused(422, "case.in_future");
    assert_eq!(refused.codes(), ["case.in_future", "field.missing"]);
    let refused = world.post(&director, &closing, on(-31)).refused(422, "case.closed_before_opened");
    assert_eq!(refused.codes(), ["case.closed_before_opened", "field.missing"]);
    world.post(&director, &closing, json!({"closed_on": world.day(-30), "reason": "moved"})).expect(200);
}

#[test]
fn a_case_refers_only_to_the_callers_own_institution_beneficiaries_and_colleagues() {
    let world = World::new();
    let (organization, director, beneficiary) = place(&world);
    let (foreign_organization, foreign_director, foreign_beneficiary) = place(&world);
    let dismissed = world.staff("support_specialist", &organization);
    world.close_account(&dismissed);
    let nobody = "01980000-0000-7000-8000-000000000003";
    for (member, value) in [
        ("beneficiary_id", foreign_beneficiary.as_str()),
        ("beneficiary_id", nobody),
        ("organization_id", &foreign_organization),
        ("organization_id", nobody),
        ("specialist_user_id", &foreign_director.id),
        ("specialist_user_id", &world.admin().id),
        ("specialist_user_id", &dismissed.id),
        ("specialist_user_id", nobody),
    ] {
        let mut order = json!({"beneficiary_id": beneficiary, "organization_id": organization, "opened_on": world.day(0)});
        order[member] = json!(value);
        let refused = world.post(&director, "/cases", order).refused(422, "field.reference");
        assert_eq!(refused.body["errors"][0]["pointer"], format!("/{member}"));
    }
    let path = format!("/cases/{}/assignment", world.case(&director, &organization, &beneficiary));
    world
        .post(&director, &path, json!({"specialist_user_id": foreign_director.id}))
        .refused(422, "field.reference");
}

#[test]
fn cases_are_listed_by_what_is_asked() {
    let world = World::new();
    let (organization, director, beneficiary) = place(&world);
    let (other, elsewhere, foreign_beneficiary) = place(&world);
    let closed = world.case(&director, &organization, &beneficiary);
    world
        .post(
            &director,
            &format!("/cases/{closed}/closing"),
            json!({"closed_on": world.day(0), "reason": "moved"}),
        )
        .expect(200);
    let open = world.case(&director, &organization, &beneficiary);
    world
        .post(&director, &format!("/cases/{open}/assignment"), json!({"specialist_user_id": director.id}))
        .expect(200);
    let foreign = world.case(&elsewhere, &other, &foreign_beneficiary);
    let all = |filter: &str| listed(&world, &world.admin(), filter);
    assert_eq!(all(""), [foreign.as_str(), &open, &closed]);
    assert_eq!(all("?state=closed"), [closed.as_str()]);
    assert_eq!(all("?state=closed,open"), [foreign.as_str(), &open, &closed]);
    assert_eq!(all("?state=open,closed&sort=earliest_first&limit=2"), [closed.as_str(), &open]);
    assert_eq!(all(&format!("?beneficiary_id={foreign_beneficiary}")), [foreign.as_str()]);
    assert_eq!(all(&format!("?organization_id={organization}&state=open")), [open.as_str()]);
    assert_eq!(all(&format!("?specialist_user_id={}", director.id)), [open.as_str()]);
    assert_eq!(listed(&world, &director, ""), [open.as_str(), &closed]);
    assert_eq!(listed(&world, &director, &format!("?organization_id={other}")), [""; 0]);
    let first = world.get(&director, "/cases?limit=1").expect(200);
    let cursor = first.body["next_cursor"].as_str().expect("a cursor");
    assert_eq!(listed(&world, &director, &format!("?limit=1&cursor={cursor}")), [closed.as_str()]);
    world.get(&director, "/cases?state=paused").refused(400, "request.parameter");
}

#[test]
fn a_case_is_seen_by_its_institution_the_guardianship_and_the_region() {
    let world = World::new();
    let (organization, director, beneficiary) = place(&world);
    let (_, elsewhere, _) = place(&world);
    let path = format!("/cases/{}", world.case(&director, &organization, &beneficiary));
    let closing = json!({"closed_on": world.day(0), "reason": "moved"});
    let officer =
        world.account("opeka", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    for account in [&world.admin(), &officer] {
        let card = world.get(account, &path).expect(200);
        assert_eq!(card.actions(), json!([]));
        world.post(account, &format!("{path}/closing"), closing.clone()).refused(403, "access.forbidden");
        world.post(account, &format!("{path}/assignment"), json!({})).refused(403, "access.forbidden");
    }
    let neighbour =
        world.account("neighbour", json!([{"role": "guardianship_officer", "territory": "25656000"}]), None);
    let mentor = world.account("mentor", json!([{"role": "mentor"}]), None);
    for account in [&elsewhere, &neighbour, &mentor] {
        world.get(account, &path).refused(404, "request.not_found");
        world.get(account, &format!("{path}/history")).refused(404, "request.not_found");
        world.post(account, &format!("{path}/closing"), closing.clone()).refused(404, "request.not_found");
    }
    world.get(&mentor, "/cases").refused(403, "access.forbidden");
    assert_eq!(listed(&world, &neighbour, ""), [""; 0]);
    let order =
        json!({"beneficiary_id": beneficiary, "organization_id": organization, "opened_on": world.day(0)});
    world.post(&world.admin(), "/cases", order).refused(403, "access.forbidden");
}

#[test]
fn a_step_may_say_which_version_it_was_decided_on() {
    let world = World::new();
    let (organization, director, beneficiary) = place(&world);
    let path = format!("/api/v1/cases/{}", world.case(&director, &organization, &beneficiary));
    let assign = || {
        world
            .ask("POST", &format!("{path}/assignment"))
            .by(&director)
            .header("if-match", "\"1\"")
            .json(&json!({}))
            .send()
    };
    assign().expect(200);
    assign().refused(412, "version.stale");
}

#[test]
fn a_specialist_of_a_service_of_accompaniment_keeps_its_cases() {
    let world = World::new();
    let service = world.organization("aftercare_service", "Служба сопровождения выпускников", "25655000");
    let specialist = world.staff("support_specialist", &service);
    let graduate = world.person(&specialist, json!({"birth_date": "2007-01-10"}));
    let beneficiary = world.beneficiary(&specialist, &service, &graduate);
    let order = json!({"beneficiary_id": beneficiary, "organization_id": service, "opened_on": world.day(0),
        "specialist_user_id": specialist.id});
    let case = world.post(&specialist, "/cases", order).expect(201);
    assert_eq!(case.body["specialist_user_id"], json!(specialist.id));
    assert_eq!(listed(&world, &specialist, ""), [case.id()]);
    let problem = json!({"text": "Не получает пособие.", "noticed_on": world.day(0)});
    world.post(&specialist, &format!("/cases/{}/problems", case.id()), problem).expect(201);
    let elsewhere = world.organization("aftercare_service", "Другая служба", "25655000");
    let stranger = world.staff("support_specialist", &elsewhere);
    world.get(&stranger, &format!("/cases/{}", case.id())).refused(404, "request.not_found");
}
