//! Days of life: a day that an order tells lies within the life that it is about.
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::World;
use tests::pairs::Pair;

const BEFORE: &str = "1900-01-01";

/// The way in which a day of an order is held to the lives that it is about.
#[derive(Clone, Copy, PartialEq)]
enum Held {
    /// To a life. It lies between a birth and a death: an order with a day before the birth is refused.
    Life,
    /// It lies after a day that is held itself, such as the first day of the mentorship.
    LaterDay,
    /// It is about no life, or only about the future.
    Nothing,
}
use Held::{LaterDay, Life, Nothing};

/// Every day of every order of the contract. A new one is added here, with the lives that it is about.
const DAYS: [(&str, Held); 158] = [
    ("POST /register-entries/{id}/removal /removed_on", LaterDay),
    ("POST /register-searches /birth_date", Nothing),
    ("POST /crises /happened_at", Life),
    ("POST /crises/{id}/actions /at", LaterDay),
    ("POST /crises/{id}/notices /at", LaterDay),
    ("POST /crises/{id}/survey /surveyed_on", LaterDay),
    ("POST /stock-movements /moved_on", Nothing),
    ("POST /emergency-aids /given_on", Life),
    ("POST /cases/{id}/document-assistance /noticed_on", LaterDay),
    ("POST /cases/{id}/document-assistance /due_on", Life),
    ("POST /document-assistance/{id}/progress /issued_on", Life),
    ("POST /document-assistance/{id}/progress /valid_until", LaterDay),
    ("POST /cases/{id}/needs /noticed_on", LaterDay),
    ("POST /cases/{id}/needs /due_on", LaterDay),
    ("POST /needs/{id}/result /ended_on", LaterDay),
    ("POST /cases/{id}/service-deliveries /delivered_on", LaterDay),
    ("POST /service-standards /effective_from", Nothing),
    ("POST /service-standards /ordered_on", Nothing),
    ("POST /service-standards/{id}/retirement /retired_on", Nothing),
    ("POST /accompaniment-rules /effective_from", Nothing),
    ("PUT /accompaniment-rules/{id} /effective_from", Nothing),
    ("POST /working-days /day", Nothing),
    ("PUT /working-days/{id} /day", Nothing),
    ("POST /facilities /opened_on", Nothing),
    ("POST /facilities /closed_on", Nothing),
    ("PUT /facilities/{id} /opened_on", Nothing),
    ("PUT /facilities/{id} /closed_on", Nothing),
    ("POST /facilities/{id}/house-rules /effective_from", Nothing),
    ("POST /rooms/{id}/beds /opened_on", Nothing),
    ("POST /rooms/{id}/beds /closed_on", Nothing),
    ("PUT /beds/{id} /opened_on", Nothing),
    ("PUT /beds/{id} /closed_on", Nothing),
    ("POST /bed-blocks /from_on", Nothing),
    ("POST /bed-blocks /until_on", Nothing),
    ("POST /stays /from_on", Nothing),
    ("POST /stays /until_on", Nothing),
    ("POST /stays /order_on", Nothing),
    ("POST /stays/{id}/arrival /arrived_at", LaterDay),
    ("POST /stays/{id}/extensions /until_on", Nothing),
    ("POST /stays/{id}/departure /departed_on", LaterDay),
    ("POST /place-requests /from_on", Nothing),
    ("POST /place-requests/{id}/offers /from_on", Nothing),
    ("POST /place-requests/{id}/offers /until_on", Nothing),
    ("POST /access-requests/{id}/decision /ends_on", Nothing),
    ("POST /annexes /effective_from", Nothing),
    ("POST /api-keys /expires_on", Nothing),
    ("PUT /beneficiaries/{id}/matching-needs /waits/0/since", Life),
    ("POST /beneficiaries/{id}/life-periods /starts_on", Life),
    ("POST /beneficiaries/{id}/life-periods /ends_on", LaterDay),
    ("POST /beneficiaries/{id}/assessments /assessed_on", Life),
    ("POST /beneficiaries/{id}/career-activities /held_on", Life),
    ("POST /beneficiaries/{id}/living-enrolments /starts_on", Life),
    ("POST /beneficiaries/{id}/living-enrolments /planned_end_on", LaterDay),
    ("POST /living-enrolments/{id}/completion /completed_on", LaterDay),
    ("POST /living-enrolments/{id}/ending /ended_on", LaterDay),
    ("POST /living-enrolments/{id}/module-results /on", LaterDay),
    ("POST /living-programmes /decree/date", Nothing),
    ("POST /living-programmes /effective_from", Nothing),
    ("POST /scales /effective_from", Nothing),
    ("POST /case-team-members/{id}/case-contacts /held_on", LaterDay),
    ("POST /case-team-members/{id}/service-deliveries /delivered_on", LaterDay),
    ("POST /referrals/{id}/service-deliveries /delivered_on", LaterDay),
    ("POST /case-team-members/{id}/case-contacts /next_on", LaterDay),
    ("POST /cases/{id}/case-contacts /held_on", LaterDay),
    ("POST /cases/{id}/case-contacts /next_on", LaterDay),
    ("POST /cases/{id}/snapshots /taken_on", LaterDay),
    ("POST /cases/{id}/snapshots /contract_until", Life),
    ("POST /beneficiaries/{id}/representatives /valid_from", Life),
    ("POST /beneficiaries/{id}/consents /signatures/0/signed_on", Life),
    ("POST /beneficiaries/{id}/consents /valid_until", LaterDay),
    ("POST /beneficiaries/{id}/representatives /valid_until", LaterDay),
    ("POST /case-problems/{id}/resolution /on", LaterDay),
    ("POST /cases /opened_on", Life),
    ("POST /cases /legal_bases/0/drawn_on", Nothing),
    ("POST /cases /legal_bases/0/valid_until", Nothing),
    ("POST /cases/{id}/closing /closed_on", LaterDay),
    ("POST /cases/{id}/problems /noticed_on", Life),
    ("POST /cases/{id}/team-members /until", Nothing),
    ("POST /cases/{id}/transfers /wished_on", Nothing),
    ("POST /service-offers /starts_on", Nothing),
    ("POST /service-offers /ends_on", Nothing),
    ("PUT /service-offers/{id} /starts_on", Nothing),
    ("PUT /service-offers/{id} /ends_on", Nothing),
    ("POST /consilia /planned_at", Nothing),
    ("PUT /consilia/{id} /planned_at", Nothing),
    ("POST /consilia/{id}/holding /held_at", Nothing),
    ("POST /consilium-items/{id}/resolution /decisions/0/due_on", Nothing),
    ("POST /consilium-items/{id}/resolution /finish/closed_on", Nothing),
    ("POST /consilium-items/{id}/resolution /finish/continue_until", Nothing),
    ("POST /cases/{id}/reviews /completed_on", LaterDay),
    ("POST /tasks /due_on", Nothing),
    ("POST /tasks/{id}/postponements /due_on", Nothing),
    ("POST /plan-forms /effective_from", Nothing),
    ("PUT /plan-versions/{id} /goals/0/due_on", Nothing),
    ("PUT /plan-versions/{id} /goals/0/steps/0/due_on", Nothing),
    ("POST /plan-versions/{id}/results /happened_on", LaterDay),
    ("POST /plan-versions/{id}/results /moved_to", LaterDay),
    ("POST /terms /effective_from", Nothing),
    ("PUT /terms/{id} /effective_from", Nothing),
    ("POST /group-meetings /planned_at", Nothing),
    ("PUT /group-meetings/{id} /planned_at", Nothing),
    ("POST /group-meetings/{id}/holding /began_at", LaterDay),
    ("POST /joint-activities /held_on", Nothing),
    ("PUT /joint-activities/{id} /held_on", Nothing),
    ("POST /matching-rounds /as_of", Nothing),
    ("POST /matching-rounds/{id}/publication /ends_on", Nothing),
    ("POST /matching-rounds/{id}/publication /starts_on", Nothing),
    ("PUT /meetings/{id} /planned_at", Nothing),
    ("POST /meetings/{id}/holding /began_at", LaterDay),
    ("POST /meetings/{id}/holding /homework_due_on", LaterDay),
    ("POST /mentor-applications /documents/0/issued_on", Life),
    ("POST /mentor-applications /documents/0/valid_until", LaterDay),
    ("POST /mentor-applications /statement/signed_on", Life),
    ("PUT /mentor-applications/{id} /documents/0/issued_on", Life),
    ("PUT /mentor-applications/{id} /documents/0/valid_until", LaterDay),
    ("PUT /mentor-applications/{id} /statement/signed_on", Life),
    ("POST /mentor-applications/{id}/decision /decree/date", Nothing),
    ("POST /mentor-applications/{id}/withdrawal /withdrawn_on", LaterDay),
    ("PUT /mentors/{id} /documents/0/issued_on", Life),
    ("PUT /mentors/{id} /documents/0/valid_until", LaterDay),
    ("PUT /mentors/{id}/matching-profile /away_from", Nothing),
    ("PUT /mentors/{id}/matching-profile /away_until", Nothing),
    ("POST /mentors/{id}/removal /decree/date", Nothing),
    ("POST /mentors/{id}/removal /removed_on", LaterDay),
    ("POST /mentors/{id}/removal-grounds /arisen_on", Life),
    ("POST /mentors/{id}/removal-lifting /lifted_on", LaterDay),
    ("POST /mentors/{id}/removal-lifting /decree/date", Nothing),
    ("POST /mentors/{id}/trainings /completed_on", Life),
    ("POST /mentorships /ends_on", LaterDay),
    ("POST /mentorships /starts_on", LaterDay),
    ("POST /mentorships/{id}/confirmation /ends_on", LaterDay),
    ("POST /mentorships/{id}/confirmation /decree/date", Nothing),
    ("POST /mentorships/{id}/confirmation /starts_on", LaterDay),
    ("POST /mentorships/{id}/consents /signed_on", LaterDay),
    ("POST /mentorships/{id}/extensions /ends_on", LaterDay),
    ("POST /mentorships/{id}/extensions /decree/date", Nothing),
    ("POST /mentorships/{id}/held-meetings /began_at", LaterDay),
    ("POST /mentorships/{id}/held-meetings /homework_due_on", LaterDay),
    ("POST /mentorships/{id}/meetings /planned_at", Nothing),
    ("POST /mentorships/{id}/mentor-reports /attended_commission_on", LaterDay),
    ("POST /mentorships/{id}/mentor-reports /period_from", LaterDay),
    ("POST /mentorships/{id}/mentor-reports /period_to", LaterDay),
    ("POST /mentorships/{id}/pause /paused_on", LaterDay),
    ("POST /mentorships/{id}/pause /until", LaterDay),
    ("POST /mentorships/{id}/replacement /ended_on", LaterDay),
    ("POST /mentorships/{id}/resumption /resumed_on", LaterDay),
    ("POST /mentorships/{id}/surveys /visited_on", LaterDay),
    ("POST /mentorships/{id}/termination /ended_on", LaterDay),
    ("POST /mentorships/{id}/termination /decree/date", Nothing),
    ("POST /mentorships/{id}/withdrawal /withdrawn_on", LaterDay),
    ("POST /people /birth_date", Nothing),
    ("POST /people /documents/0/issued_on", LaterDay),
    ("POST /people /documents/0/valid_until", LaterDay),
    ("POST /people/search /birth_date", Nothing),
    ("POST /people/{id}/death /died_on", LaterDay),
    ("POST /programs/{id}/editions /effective_from", Nothing),
    ("POST /programs/{id}/editions /decree/date", Nothing),
    ("POST /programs/{id}/matching-rules /effective_from", Nothing),
];
/// Days of orders that replace a form, which are held as those of the order that entered it, and of a form that is only asked about.
const REPEATED: [&str; 19] = [
    "PUT /document-assistance/{id} /noticed_on",
    "PUT /document-assistance/{id} /due_on",
    "PUT /needs/{id} /noticed_on",
    "PUT /needs/{id} /due_on",
    "PUT /assessments/{id} /assessed_on",
    "PUT /career-activities/{id} /held_on",
    "POST /consents/{id}/signatures /signed_on",
    "POST /people/duplicates /birth_date",
    "POST /people/duplicates /documents/0/issued_on",
    "POST /people/duplicates /documents/0/valid_until",
    "PUT /cases/{id} /legal_bases/0/drawn_on",
    "PUT /cases/{id} /legal_bases/0/valid_until",
    "PUT /life-periods/{id} /ends_on",
    "PUT /life-periods/{id} /starts_on",
    "PUT /people/{id} /birth_date",
    "PUT /people/{id} /documents/0/issued_on",
    "PUT /people/{id} /documents/0/valid_until",
    "PUT /representatives/{id} /valid_from",
    "PUT /representatives/{id} /valid_until",
];

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
    vec![
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
    let world = World::new();
    let pair = world.pair();
    for (method, path, order) in orders(&world, &pair) {
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
    assert_eq!(to_life, 21, "each is sent above: two days of an application in one order");
}

#[test]
fn a_day_after_the_death_is_refused_and_one_before_it_is_not() {
    let world = World::new();
    let pair = world.pair();
    let death = json!({"died_on": world.day(-3), "document": "Свидетельство"});
    world.post(&pair.director, &format!("/people/{}/death", pair.mentor_person), death).expect(200);
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
    let world = World::new();
    let pair = world.pair();
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
    let etag = world.get(&pair.director, &path).expect(200).etag();
    world.patch(&pair.director, &path, &etag, json!({"valid_until": world.day(-1)})).expect(200);
    let told = world.step(&pair.director, &id, "confirmation", world.confirmation());
    told.refused(409, "mentorship.consent_void");
    let renewed = world.guardian(&pair.director, &pair.beneficiary, &mother);
    world.step(&pair.director, &id, "consents", consent(&renewed)).expect(200);
    world.step(&pair.director, &id, "confirmation", world.confirmation()).expect(200);

    let path = format!("/representatives/{renewed}");
    let etag = world.get(&pair.director, &path).expect(200).etag();
    world.patch(&pair.director, &path, &etag, json!({"valid_until": world.day(-1)})).expect(200);
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
    let etag = world.get(&pair.director, &path).expect(200).etag();
    world.patch(&pair.director, &path, &etag, json!({"valid_until": world.day(-1)})).expect(200);
    let mistaken = json!({"reason": "Записано не той паре."});
    world.step(&pair.director, &id, "end/annulment", mistaken).refused(409, "mentorship.consent_void");
}
