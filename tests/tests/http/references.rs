//! References of an order: all that lead nowhere are told at once, beside what the order lacks and what its rules say.
use super::faults::{expected, told};
use serde_json::{Value, json};
use tests::{Account, World};

const NOBODY: &str = "01980000-0000-7000-8000-0000000000ff";

/// An order with the id of nobody at each of these places.
fn naming_nobody(places: &[&str]) -> Value {
    let mut order = json!({});
    for place in places {
        let mut at = &mut order;
        for part in place.split('/') {
            if part == "0" {
                if at.is_null() {
                    *at = json!([null]);
                }
                at = &mut at[0];
            } else {
                at = &mut at[part];
            }
        }
        *at = json!(NOBODY);
    }
    order
}

/// Checks that an order that names nobody at these places, and lacks everything else, is told each of them.
fn tells_each(world: &World, by: &Account, path: &str, places: &[&str]) {
    let mut order = naming_nobody(places);
    order["mood"] = json!(1);
    if places.contains(&"ground_file_id") {
        // Without the ground, its document would contradict the order.
        order["legal_ground"] = json!("Запрос опеки");
    }
    let all = told(&world.post(by, path, order));
    let mut dangling: Vec<String> =
        all.iter().filter(|it| it.1 == "field.reference").map(|it| it.0.clone()).collect();
    dangling.sort();
    let mut right: Vec<String> = places.iter().map(|it| format!("/{it}")).collect();
    right.sort();
    assert_eq!(dangling, right, "{path}: {all:?}");
    assert!(all.contains(&("/mood".into(), "field.unknown".into())), "{path}: {all:?}");
}

#[test]
fn every_reference_of_an_order_is_told_beside_what_it_lacks() {
    let world = World::new();
    let (admin, (_, director)) = (world.admin(), world.institution("Центр"));
    let orders: [(&Account, &str, &[&str]); 11] = [
        (
            &director,
            "/cases",
            &[
                "beneficiary_id",
                "organization_id",
                "specialist_user_id",
                "unit_id",
                "continues_id",
                "legal_bases/0/file_id",
            ],
        ),
        (
            &director,
            "/mentorships",
            &["program_id", "beneficiary_id", "mentor_id", "replaces_id", "tutor_user_id"],
        ),
        (
            &director,
            "/stays",
            &[
                "bed_id",
                "beneficiary_id",
                "case_id",
                "enrolment_id",
                "permission_file_id",
                "place_request_id",
            ],
        ),
        (&director, "/place-requests", &["facility_id", "beneficiary_id"]),
        (
            &director,
            "/joint-activities",
            &["program_id", "organization_id", "mentor_ids/0", "beneficiary_ids/0"],
        ),
        (&director, "/beneficiaries", &["person_id", "organization_id", "guardianship_authority_id"]),
        (
            &director,
            "/mentor-applications",
            &[
                "person_id",
                "organization_id",
                "ngo_id",
                "program_id",
                "documents/0/file_id",
                "statement/annex_id",
                "questionnaire/annex_id",
            ],
        ),
        (&director, "/matching-rounds", &["program_id", "organization_id", "rules_id"]),
        (&director, "/stock-movements", &["stock_item_id", "partner_organization_id"]),
        (&admin, "/api-keys", &["user_id", "organization_ids/0", "program_ids/0"]),
        (&admin, "/users", &["person_id", "grants/0/organization_id", "grants/0/program_id"]),
    ];
    for (by, path, places) in orders {
        tells_each(&world, by, path, places);
    }
}

#[test]
fn every_reference_of_an_order_about_a_thing_is_told_beside_what_it_lacks() {
    let (world, pair, mentorship) = World::mentoring();
    let (director, of) = (&pair.director, &pair.organization);
    let case = world.case(director, of, &world.beneficiary(director, of, &world.person(director, json!({}))));
    let specialist = world.staff("support_specialist", of);
    let sitting = json!({"organization_id": of, "planned_at": world.hour(24), "form": "in_person", "members": [
        {"role": "chair", "user_id": director.id}, {"role": "secretary", "user_id": specialist.id}]});
    let consilium = world.post(director, "/consilia", sitting).expect(201).id();
    let orders: [(String, &[&str]); 7] = [
        (format!("/cases/{case}/transfers"), &["to_organization_id", "ground_file_id"]),
        (format!("/cases/{case}/referrals"), &["to_organization_id", "ground_file_id"]),
        (
            format!("/consilia/{consilium}/items"),
            &["case_id", "file_ids/0", "report_ids/0", "speaker_user_id"],
        ),
        (format!("/beneficiaries/{}/representatives", pair.beneficiary), &["person_id", "document_file_id"]),
        (format!("/mentors/{}/trainings", pair.mentor), &["course_id", "certificate_file_id"]),
        (format!("/mentors/{}/choices", pair.mentor), &["activity_id", "on_paper_file_id"]),
        (format!("/mentorships/{mentorship}/consents"), &["annex_id", "file_id"]),
    ];
    for (path, places) in orders {
        tells_each(&world, director, &path, places);
    }
}

#[test]
fn a_consilium_of_nobody_is_told_its_members_whom_nobody_sees() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let sitting = json!({"organization_id": NOBODY, "planned_at": world.hour(24), "form": "in_person", "members": [
        {"role": "chair", "name": "Петрова Елена"}, {"role": "member", "user_id": NOBODY}]});
    let all = told(&world.post(&director, "/consilia", sitting));
    for right in [("/organization_id", "field.reference"), ("/members/1/user_id", "consilium.member")] {
        assert!(all.contains(&(right.0.into(), right.1.into())), "{all:?}");
    }
}

#[test]
fn what_an_order_refers_to_is_told_beside_what_its_rules_say() {
    let (world, pair, mentorship) = World::mentoring();
    let director = &pair.director;
    let sorted = |mut all: Vec<(String, String)>| {
        all.sort();
        all
    };
    let needs = json!({"special_course_codes": ["no-such-course"], "waits": [{"program_id": NOBODY, "since": world.day(1)}]});
    let path = format!("/beneficiaries/{}/matching-needs", pair.beneficiary);
    let right = [
        ("/special_course_codes/0", "field.reference"),
        ("/waits/0/program_id", "field.reference"),
        ("/waits/0/since", "matching_needs.since_in_future"),
    ];
    assert_eq!(sorted(told(&world.put(director, &path, "\"0\"", needs))), expected(&right));
    let ground = json!({"arisen_on": world.day(1), "text": "Пришёл нетрезвым.", "document_file_id": NOBODY});
    let path = format!("/mentors/{}/removal-grounds", pair.mentor);
    let right = [("/arisen_on", "mentor.date_in_future"), ("/document_file_id", "field.reference")];
    assert_eq!(sorted(told(&world.post(director, &path, ground))), expected(&right));
    let mut again = world.proposal(&pair);
    again["tutor_user_id"] = json!(NOBODY);
    let refused = world.post(director, "/mentorships", again).expect(409);
    let codes = refused.codes();
    assert!(codes.contains(&"mentorship.already_in_program"), "{}", refused.text);
    assert!(codes.contains(&"field.reference"), "{}", refused.text);
    let request = json!({"party": "mentor", "kind": "other", "on_paper_file_id": NOBODY});
    let right = [("/on_paper_file_id", "field.reference"), ("/text", "field.missing")];
    assert_eq!(sorted(told(&world.step(director, &mentorship, "requests", request))), expected(&right));
    let meeting = json!({"planned_at": world.hour(1), "method": "game", "request_id": NOBODY});
    let right = [("/method", "meeting.method_unsuited"), ("/request_id", "field.reference")];
    assert_eq!(sorted(told(&world.step(director, &mentorship, "meetings", meeting))), expected(&right));
    let herself = json!({"person_id": pair.person, "basis": "guardian", "valid_from": "2021-03-12", "document_file_id": NOBODY});
    let path = format!("/beneficiaries/{}/representatives", pair.beneficiary);
    let right = [("/document_file_id", "field.reference"), ("/person_id", "representative.self")];
    assert_eq!(sorted(told(&world.post(director, &path, herself))), expected(&right));
    let robot = world.account("robot", json!([{"role": "integration"}]), None);
    let key = json!({"name": "Обмен", "user_id": robot.id, "rights": ["read_people"], "expires_on": world.day(0), "organization_ids": [NOBODY]});
    let right = [("/expires_on", "api_key.term"), ("/organization_ids/0", "field.reference")];
    assert_eq!(sorted(told(&world.post(&world.admin(), "/api-keys", key))), expected(&right));
    let person = world.person(director, json!({}));
    let beneficiary = world.beneficiary(director, &pair.organization, &person);
    let path = format!("/cases/{}", world.case(director, &pair.organization, &beneficiary));
    let form = json!({"unit_id": NOBODY, "legal_bases": [{"kind": "contract", "drawn_on": world.day(1)}]});
    let right = [("/legal_bases/0/drawn_on", "case.in_future"), ("/unit_id", "field.reference")];
    let tag = world.get(director, &path).etag();
    assert_eq!(sorted(told(&world.put(director, &path, &tag, form))), expected(&right));
}
