//! Days of life: a day that an order tells lies within the life that it is about.
mod days;

use days::Held::Life;
use days::{DAYS, REPEATED};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::pairs::Pair;
use tests::{World, with};

const BEFORE: &str = "1900-01-01";

/// Every member of an order that is a day or an instant.
fn days_of(node: &Value, pointer: &str, found: &mut BTreeSet<String>) {
    let schemas = &api::openapi::document()["components"]["schemas"];
    if let Some(name) = node["$ref"].as_str().and_then(|it| it.rsplit('/').next()) {
        return days_of(&schemas[name], pointer, found);
    }
    if matches!(node["format"].as_str(), Some("date" | "date-time")) {
        found.insert(pointer.to_owned());
    }
    for many in ["allOf", "oneOf", "anyOf"] {
        node[many].as_array().into_iter().flatten().for_each(|it| days_of(it, pointer, found));
    }
    for (name, member) in node["properties"].as_object().into_iter().flatten() {
        days_of(member, &format!("{pointer}/{name}"), found);
    }
    if node["items"].is_object() {
        days_of(&node["items"], &format!("{pointer}/0"), found);
    }
}

#[test]
fn every_day_of_every_order_is_held_to_the_lives_that_it_is_about() {
    let mut all = BTreeSet::new();
    for (path, item) in api::openapi::document()["paths"].as_object().expect("paths") {
        for method in ["post", "put"] {
            let schema = &item[method]["requestBody"]["content"]["application/json"]["schema"];
            let mut found = BTreeSet::new();
            days_of(schema, "", &mut found);
            let path = path.trim_start_matches("/api/v1");
            all.extend(found.into_iter().map(|it| format!("{} {path} {it}", method.to_uppercase())));
        }
    }
    let known = DAYS.iter().map(|it| it.0).chain(REPEATED).map(str::to_owned).collect();
    let new: Vec<_> = all.difference(&known).collect();
    let gone: Vec<_> = known.difference(&all).collect();
    assert!(new.is_empty() && gone.is_empty(), "new: {new:#?}, gone: {gone:#?}");
}

/// The orders whose days are held to a life, with a day before every birth, in the areas above cases.
fn later_orders(world: &World, pair: &Pair) -> Vec<(&'static str, String, Value)> {
    let of = &pair.organization;
    let planned = json!({"organization_id": of, "title": "Формула счастья", "kind": "lecture", "level": "municipal", "online": false,
        "starts_on": world.day(-9), "audiences": ["minors"], "registration": "none"});
    let event = world.post(&pair.director, "/events", planned).expect(201).id();
    let held = json!({"held_on": world.day(-9)});
    world.post(&pair.director, &format!("/events/{event}/holding"), held).expect(200);
    let paper = world.file(&pair.director, "consent");
    let nomination = json!({"award": "Преодоление", "giver": "Правительство области", "organization_id": of, "subject": "person",
        "person_id": pair.mentor_person, "text": "Наставник года.", "consent_file_id": paper});
    let nomination = world.post(&pair.director, "/nominations", nomination).expect(201).id();
    vec![
        (
            "POST",
            "/joint-activities".into(),
            json!({"program_id": pair.program, "organization_id": of, "name": "Поход", "held_on": BEFORE,
                "mentor_ids": [pair.mentor], "beneficiary_ids": [pair.beneficiary]}),
        ),
        (
            "POST",
            format!("/events/{event}/volunteer-work"),
            json!({"person_id": pair.person, "worked_on": BEFORE, "minutes": 60}),
        ),
        (
            "POST",
            "/specialist-trainings".into(),
            json!({"organization_id": of, "person_id": pair.mentor_person, "name": "Тьюторство", "provider": "Институт",
                "kind": "tutor", "hours": 72, "ended_on": BEFORE}),
        ),
        ("POST", format!("/nominations/{nomination}/sending"), json!({"sent_on": BEFORE})),
        (
            "PUT",
            format!("/mentors/{}/matching-profile", pair.mentor),
            json!({"languages": ["ru"], "hours": ["mon_morning"], "interests": ["chess"], "dislikes": [], "skills": ["exams"],
                "works_remotely": true, "away_from": BEFORE}),
        ),
        (
            "POST",
            "/cases".into(),
            json!({"beneficiary_id": pair.beneficiary, "organization_id": of, "opened_on": world.day(0),
                "legal_bases": [{"kind": "contract", "drawn_on": BEFORE}]}),
        ),
    ]
}

/// The orders whose days are held to a life, with a day before every birth.
fn orders(world: &World, pair: &Pair) -> Vec<(&'static str, String, Value)> {
    let case = world.case(&pair.director, &pair.organization, &pair.beneficiary);
    let candidate = world.person(&pair.director, json!({"birth_date": "1985-06-01"}));
    let ngo = world.ngo("Забота");
    let mut form = world.application_form(&pair.director, &candidate, &pair.organization, &ngo);
    let draft = world.post(&pair.director, "/mentor-applications", form.clone()).expect(201);
    let path = format!("/mentor-applications/{}", draft.id());
    form["statement"]["signed_on"] = json!(BEFORE);
    form["documents"][0]["issued_on"] = json!(BEFORE);
    let courses = world.get(&world.admin(), "/training-courses").expect(200).items()[0]["id"].clone();
    let mentor = format!("/mentors/{}", pair.mentor);
    let document = json!({"purpose": "passport_copy", "file_id": world.file(&pair.director, "passport_copy"), "issued_on": BEFORE});
    let needs = json!({"waits": [{"program_id": pair.program, "since": BEFORE}]});
    let beneficiary = format!("/beneficiaries/{}", pair.beneficiary);
    let signature = json!({"signatory": "recipient", "person_id": pair.person, "signed_on": BEFORE,
        "file_id": world.file(&pair.director, "consent")});
    let consent = json!({"purpose": "story", "data": ["story"], "valid_until": world.day(9), "signatures": [signature]});
    let found = |path: &str| world.get(&pair.director, path).expect(200).items()[0]["id"].clone();
    let assessment = json!({"scale_id": found("/scales?code=readiness"), "rater": "specialist", "point": "before", "assessed_on": BEFORE});
    let enrolment = json!({"programme_id": found("/living-programmes?regional=true"), "starts_on": BEFORE});
    let aid = json!({"organization_id": pair.organization, "kind": "food_kit", "beneficiary_id": pair.beneficiary, "given_on": BEFORE,
        "act": {"number": "1", "signed_by_recipient": true}});
    let needed = json!({"kind": "passport", "noticed_on": world.day(0)});
    let needs_passport =
        world.post(&pair.director, &format!("/cases/{case}/document-assistance"), needed).expect(201).id();
    let of = |kind: &str| {
        with(
            json!({"name": "Круг", "organization_id": pair.organization}),
            &match kind {
                "clubs" => json!({"kind": "social", "host_id": pair.organization, "opened_on": BEFORE}),
                _ => json!({"source": "ngo", "formed_on": BEFORE}),
            },
        )
    };
    let begun = |kind: &str| world.post(&pair.director, &format!("/{kind}"), of(kind)).expect(201).id();
    let joins = |of: &str, id: String| json!({of: id, "person_id": pair.person, "role": "member", "joined_on": BEFORE});
    vec![
        ("POST", "/club-members".into(), joins("club_id", begun("clubs"))),
        ("POST", "/volunteer-group-members".into(), joins("volunteer_group_id", begun("volunteer-groups"))),
        ("POST", "/emergency-aids".into(), aid),
        (
            "POST",
            format!("/cases/{case}/document-assistance"),
            json!({"kind": "passport", "noticed_on": world.day(0), "due_on": BEFORE}),
        ),
        (
            "POST",
            format!("/document-assistance/{needs_passport}/progress"),
            json!({"state": "received", "issued_on": BEFORE}),
        ),
        (
            "POST",
            "/crises".into(),
            json!({"beneficiary_id": pair.beneficiary, "kind": "other", "text": "Давно.", "happened_at": format!("{BEFORE}T12:00:00Z")}),
        ),
        ("POST", format!("{beneficiary}/assessments"), assessment),
        ("POST", format!("{beneficiary}/living-enrolments"), enrolment),
        (
            "POST",
            format!("{beneficiary}/career-activities"),
            json!({"kind": "trial", "name": "Повар", "held_on": BEFORE}),
        ),
        ("POST", format!("{beneficiary}/consents"), consent),
        ("PUT", format!("{beneficiary}/matching-needs"), needs),
        (
            "POST",
            format!("{beneficiary}/representatives"),
            json!({"person_id": candidate, "basis": "guardian", "valid_from": BEFORE}),
        ),
        (
            "POST",
            "/cases".into(),
            json!({"beneficiary_id": pair.beneficiary, "organization_id": pair.organization, "opened_on": BEFORE}),
        ),
        ("POST", format!("/cases/{case}/problems"), json!({"text": "Нет кровати.", "noticed_on": BEFORE})),
        (
            "POST",
            format!("{beneficiary}/life-periods"),
            json!({"kind": "hobby", "name": "Хор", "starts_on": BEFORE}),
        ),
        (
            "POST",
            format!("/cases/{case}/snapshots"),
            json!({"taken_on": world.day(0), "source": "visit", "in_touch": "yes", "contract_until": BEFORE}),
        ),
        ("POST", "/mentor-applications".into(), form.clone()),
        ("PUT", path, form),
        (
            "PUT",
            mentor.clone(),
            json!({"capacity": 1, "backgrounds": ["ngo_specialist"], "documents": [document]}),
        ),
        ("POST", format!("{mentor}/removal-grounds"), json!({"arisen_on": BEFORE, "text": "Не пришёл."})),
        ("POST", format!("{mentor}/trainings"), json!({"course_id": courses, "completed_on": BEFORE})),
    ]
}

#[test]
fn a_day_before_the_birth_is_refused_with_its_member() {
    let (world, pair) = World::paired();
    for (method, path, order) in orders(&world, &pair).into_iter().chain(later_orders(&world, &pair)) {
        let told = match method {
            "POST" => world.post(&pair.director, &path, order),
            _ => {
                let etag = world.get(&pair.director, &path).expect(200).etag();
                world.put(&pair.director, &path, &etag, order)
            }
        };
        assert_eq!(told.status, 422, "{method} {path}: {}", told.text);
        let errors = told.body["errors"].as_array().expect("errors");
        let held: Vec<&Value> = errors.iter().filter(|it| it["code"] == "life.before_birth").collect();
        assert!(!held.is_empty(), "{method} {path}: {}", told.text);
        assert!(held.iter().all(|it| it["pointer"].as_str().is_some_and(|it| it.len() > 1)), "{}", told.text);
    }
    let to_life = DAYS.iter().filter(|it| it.1 == Life).count();
    assert_eq!(to_life, 29, "each is sent above: two days of an application in one order");
}

#[test]
fn a_day_after_the_death_is_refused_and_one_before_it_is_not() {
    let (world, pair) = World::paired();
    world.die(&pair.director, &pair.mentor_person, -3).expect(200);
    let ground = |day: i64| {
        let form = json!({"arisen_on": world.day(day), "text": "Не пришёл."});
        world.post(&pair.director, &format!("/mentors/{}/removal-grounds", pair.mentor), form)
    };
    let told = ground(-2).refused(422, "life.after_death");
    assert_eq!(told.body["errors"][0]["pointer"], "/arisen_on");
    ground(-3).expect(201);
}

#[test]
fn a_consent_whose_authority_has_ended_is_signed_anew() {
    let (world, pair) = World::paired();
    let child = world.person(&pair.director, json!({"birth_date": "2013-05-01"}));
    let mother = world.person(&pair.director, json!({"birth_date": "1985-01-01"}));
    let program = world.plain_program(
        "young",
        json!({"age_min_years": 10, "age_max_years": 18, "extendable": true, "max_extension_months": 6}),
    );
    let beneficiary = world.beneficiary(&pair.director, &pair.organization, &child);
    let authority = world.guardian(&pair.director, &beneficiary, &mother);
    let pair = Pair { program, beneficiary, person: child, ..pair };
    let id = world.accepted(&pair);
    let consent = |authority: &str| {
        json!({"signatory": "representative", "person_id": mother, "representative_id": authority, "signed_on": world.day(0),
            "file_id": world.file(&pair.director, "consent")})
    };
    world.step(&pair.director, &id, "consents", consent(&authority)).expect(200);
    let path = format!("/representatives/{authority}");
    world.edit(&pair.director, &path, json!({"valid_until": world.day(-1)})).expect(200);
    let told = world.step(&pair.director, &id, "confirmation", world.confirmation());
    told.refused(409, "mentorship.consent_void");
    let renewed = world.guardian(&pair.director, &pair.beneficiary, &mother);
    world.step(&pair.director, &id, "consents", consent(&renewed)).expect(200);
    world.step(&pair.director, &id, "confirmation", world.confirmation()).expect(200);

    let path = format!("/representatives/{renewed}");
    world.edit(&pair.director, &path, json!({"valid_until": world.day(-1)})).expect(200);
    let extension = json!({"ends_on": world.day(90), "reason": "Нужно ещё."});
    world.step(&pair.director, &id, "extensions", extension.clone()).refused(409, "mentorship.consent_void");
    let third = world.guardian(&pair.director, &pair.beneficiary, &mother);
    world.step(&pair.director, &id, "consents", consent(&third)).expect(200);
    world.step(&pair.director, &id, "extensions", extension).expect(200);
    let again = world.step(&pair.director, &id, "consents", consent(&third));
    again.refused(409, "mentorship.not_accepted");
    // An end is annulled only while the authority behind the consent holds.
    let end = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    world.step(&pair.director, &id, "termination", end).expect(200);
    let path = format!("/representatives/{third}");
    world.edit(&pair.director, &path, json!({"valid_until": world.day(-1)})).expect(200);
    let mistaken = json!({"reason": "Записано не той паре."});
    world.step(&pair.director, &id, "end/annulment", mistaken).refused(409, "mentorship.consent_void");
}
