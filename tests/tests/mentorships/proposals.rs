//! Reasons against a proposal.
use super::{codes, rules, with};
use serde_json::json;
use tests::World;

#[test]
fn everything_that_stands_against_two_is_told_at_once() {
    let (world, pair) = World::paired();
    let family = world.program("family-mentoring");
    let order = with(with(world.proposal(&pair), "program_id", family.clone()), "starts_on", world.day(-1));
    let told = world.post(&pair.director, "/mentorships", with(order, "ends_on", "2027-03-02"));
    let told = told.refused(409, "mentorship.wrong_recipient");
    assert_eq!(told.body["rule"], "002 §1.2");
    assert_eq!(
        codes(&told),
        [
            "mentorship.wrong_recipient",
            "mentorship.no_minor_children",
            "mentorship.no_open_case",
            "mentor.not_approved",
            "mentorship.date",
            "mentorship.term_too_long"
        ]
    );
    assert_eq!(rules(&told), ["002 §1.2", "002 §1.2", "002 §1.2, §3.1", "002 §3.7", "ours", "002 §3.8"]);

    let child = world.person(&pair.director, json!({"birth_date": "2011-03-03", "given_name": "Вера"}));
    let small = world.beneficiary(&pair.director, &pair.organization, &child);
    let tomorrow =
        with(with(world.proposal(&pair), "beneficiary_id", small.clone()), "starts_on", world.day(0));
    let told = world.post(&pair.director, "/mentorships", with(tomorrow.clone(), "ends_on", world.day(0)));
    assert_eq!(codes(&told.refused(409, "mentorship.age")), ["mentorship.age", "mentorship.term_order"]);
    world.post(&pair.director, "/mentorships", with(tomorrow, "starts_on", world.day(1))).expect(201);
}

#[test]
fn what_stands_against_a_mentor_stands_against_the_proposal() {
    let (world, pair) = World::paired();
    let man = world.person(
        &pair.director,
        json!({"given_name": "Пётр", "birth_date": "1980-05-05", "residence": "25000001"}),
    );
    let police = world.organization("police", "ОВД", "25655000");
    let plain = world.plain_program("plain", json!({}));
    let mut form = world.application_form(&pair.director, &man, &pair.organization, &police);
    form["program_id"] = json!(plain);
    let id = world.post(&pair.director, "/mentor-applications", form).expect(201).id();
    world.post(&pair.director, &format!("/mentor-applications/{id}/submission"), json!({})).expect(200);
    let approved = world
        .post(&pair.director, &format!("/mentor-applications/{id}/decision"), json!({"kind": "approve"}))
        .expect(200);
    let strict = world.plain_program(
        "strict",
        json!({"mentor": {"minimum_age_years": 50, "residence_required": true, "organization_kinds": ["ngo"],
        "required_course_codes": ["mentor-basics"], "required_documents": [{"purpose": "certificate"}]}}),
    );
    let order = with(
        with(world.proposal(&pair), "mentor_id", approved.body["mentor_id"].clone()),
        "program_id",
        strict,
    );
    let told = world.post(&pair.director, "/mentorships", order).expect(409);
    assert_eq!(
        codes(&told),
        [
            "mentor.underage",
            "mentor.not_resident",
            "mentor.no_ngo",
            "mentor.document_missing",
            "mentor.training_missing"
        ]
    );
}

#[test]
fn what_has_expired_counts_no_longer() {
    let (world, pair) = World::paired();
    let course = json!({"code": "refresher", "name": "Повторный курс", "hours": 8, "valid_months": 1});
    let course = world.post(&world.admin(), "/training-courses", course).expect(201).id();
    let training = json!({"course_id": course, "completed_on": world.day(-60)});
    world.post(&pair.director, &format!("/mentors/{}/trainings", pair.mentor), training).expect(201);
    let mentor = format!("/mentors/{}", pair.mentor);
    let file = world.file(&pair.director, "other");
    let documents = json!([{"purpose": "passport_copy", "file_id": file}, {"purpose": "certificate", "file_id": file, "issued_on": world.day(-60)}]);
    world.edit(&pair.director, &mentor, json!({"documents": documents})).expect(200);
    let short = |purpose: &str| json!({"purpose": purpose, "valid_months": 1});
    let program = world.plain_program(
        "fresh",
        json!({"mentor": {"required_course_codes": ["refresher"],
        "required_documents": [short("passport_copy"), short("certificate")]}}),
    );
    let told = world.post(&pair.director, "/mentorships", with(world.proposal(&pair), "program_id", program));
    let told = told.refused(409, "mentor.document_undated");
    assert_eq!(
        codes(&told),
        ["mentor.document_undated", "mentor.document_expired", "mentor.training_expired"]
    );
    assert_eq!(rules(&told), ["002 §3.6", "002 §3.6", "000 L59"]);
}

#[test]
fn nobody_mentors_themselves_or_those_whom_they_represent() {
    let (world, mut pair) = World::paired();
    let authority = json!({"person_id": pair.mentor_person, "basis": "institution_head", "valid_from": "2021-03-12", "valid_until": world.day(5)});
    world
        .post(&pair.director, &format!("/beneficiaries/{}/representatives", pair.beneficiary), authority)
        .expect(201);
    world
        .post(&pair.director, "/mentorships", world.proposal(&pair))
        .refused(409, "mentorship.conflict_of_interest");
    world
        .post(&pair.director, "/mentorships", with(world.proposal(&pair), "starts_on", world.day(6)))
        .expect(201);
    let wide = world.plain_program("wide", json!({"age_max_years": 100}));
    pair.beneficiary = world.beneficiary(&pair.director, &pair.organization, &pair.mentor_person);
    pair.program = wide;
    world
        .post(&pair.director, "/mentorships", world.proposal(&pair))
        .refused(409, "mentorship.conflict_of_interest");
}

#[test]
fn a_recipient_has_one_mentorship_in_a_program_and_a_mentor_as_many_as_allowed() {
    let (world, mut pair) = World::paired();
    let first = world.active(&pair);
    let told = world.post(&pair.director, "/mentorships", world.proposal(&pair)).expect(409);
    assert_eq!(codes(&told), ["mentorship.already_in_program", "mentorship.over_capacity"]);
    pair.program = world.plain_program("other", json!({}));
    let told = world
        .post(&pair.director, "/mentorships", world.proposal(&pair))
        .refused(409, "mentorship.over_capacity");
    let params = &told.body["errors"][0]["params"];
    assert_eq!(
        params,
        &json!([{"name": "mentor_capacity", "value": "1"}, {"name": "program_capacity", "value": "1"}])
    );
    let form = json!({"capacity": 2});
    let mentor = format!("/mentors/{}", pair.mentor);
    world.edit(&pair.director, &mentor, form).expect(200);
    let second = world.proposed(&pair);
    let listed = |filter: &str| {
        let reply = world.get(&pair.director, &format!("/mentorships?{filter}")).expect(200);
        reply.items().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed(&format!("beneficiary_id={}", pair.beneficiary)), [second.clone(), first.clone()]);
    assert_eq!(
        listed(&format!("program_id={}&mentor_id={}", pair.program, pair.mentor)),
        std::slice::from_ref(&second)
    );
    assert_eq!(
        listed(&format!("organization_id={}&state=active", pair.organization)),
        std::slice::from_ref(&first)
    );
    assert_eq!(listed("limit=1"), [second]);
    let page = world.get(&pair.director, "/mentorships?limit=1").expect(200);
    let next = format!("limit=1&cursor={}", page.body["next_cursor"].as_str().unwrap());
    assert_eq!(listed(&next), [first]);
}

#[test]
fn what_is_referred_to_must_be_there_and_visible() {
    let (world, pair) = World::paired();
    let elsewhere = world.pair();
    let nobody = "01980000-0000-7000-8000-0000000000ff";
    let told = |name: &str, id: &str| {
        let reply = world.post(&pair.director, "/mentorships", with(world.proposal(&pair), name, id));
        let reply = reply.refused(422, "field.reference");
        assert_eq!(reply.body["errors"][0]["pointer"], format!("/{name}"));
        with(reply.body, "request_id", "")
    };
    for (name, hidden) in [("beneficiary_id", &elsewhere.beneficiary), ("mentor_id", &elsewhere.mentor)] {
        assert_eq!(told(name, hidden), told(name, nobody));
    }
    told("program_id", nobody);
    told("tutor_user_id", &world.admin().id);
    let tutor = world.account("tutor", json!([{"role": "tutor"}]), None);
    let proposed = world.post(
        &pair.director,
        "/mentorships",
        with(world.proposal(&pair), "tutor_user_id", tutor.id.clone()),
    );
    assert_eq!(proposed.expect(201).body["tutor_user_id"], json!(tutor.id));
    let other = world.accepted(&elsewhere);
    let foreign = world.file(&pair.director, "consent");
    let consent = with(world.consent(&elsewhere), "file_id", foreign.clone());
    world.step(&elsewhere.director, &other, "consents", consent).refused(422, "field.reference");
    let no = json!({"party": "mentor", "decision": "decline", "on_paper_file_id": foreign});
    world.step(&elsewhere.director, &other, "acceptances", no).refused(422, "field.reference");
}

#[test]
fn a_program_begins_with_its_first_edition() {
    let (world, pair) = World::paired();
    let program = world.plain_program("later", json!({"effective_from": world.day(10)}));
    let order = with(world.proposal(&pair), "program_id", program);
    world.post(&pair.director, "/mentorships", order.clone()).refused(409, "program.not_in_force");
    world.post(&pair.director, "/mentorships", with(order, "starts_on", world.day(10))).expect(201);
}

#[test]
fn a_mentorship_keeps_the_edition_that_it_began_under() {
    let (world, mut pair) = World::paired();
    pair.program = world.plain_program("changing", json!({"completion": {"kind": "term", "max_months": 3}}));
    let id = world.consented(&pair);
    let shorter = json!({"effective_from": "2024-02-01", "serves": "person", "completion": {"kind": "term", "max_months": 1}});
    world.post(&world.admin(), &format!("/programs/{}/editions", pair.program), shorter).expect(201);
    world.step(&pair.director, &id, "confirmation", world.confirmation()).expect(200);
}

#[test]
fn a_coordinator_proposes_in_own_programs_only() {
    let (world, pair) = World::paired();
    let other = world.program("long-term");
    let grants = json!([{"role": "program_coordinator", "program_id": pair.program}]);
    let coordinator = world.account("coordinator", grants, None);
    world.post(&coordinator, "/mentorships", world.proposal(&pair)).refused(422, "field.reference");
    let id = world.proposed(&pair);
    let no = json!({"party": "recipient", "decision": "decline"});
    world.step(&coordinator, &id, "acceptances", no).expect(200);
    let known = world.get(&coordinator, &format!("/beneficiaries/{}", pair.beneficiary)).expect(200);
    assert_eq!(known.body["category"], "without_parental_care");
    let elsewhere = with(world.proposal(&pair), "program_id", other);
    world.post(&coordinator, "/mentorships", elsewhere).refused(403, "access.not_yours");
    world.post(&coordinator, "/mentorships", world.proposal(&pair)).expect(201);
}
