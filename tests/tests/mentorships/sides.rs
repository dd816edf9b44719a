//! Acceptances, consents, confirmation.
use super::{card, codes, with};
use serde_json::{Value, json};
use tests::World;
use tests::pairs::Pair;

#[test]
fn each_side_answers_once_for_itself_and_others_only_with_its_paper() {
    let (world, pair) = World::paired();
    let mentor = world.mentor_account("maria", &pair);
    let id = world.proposed(&pair);
    let yes = |party: &str| json!({"party": party, "decision": "accept"});
    world.step(&mentor, &id, "acceptances", yes("recipient")).refused(403, "access.not_yours");
    let told = world
        .step(&pair.director, &id, "acceptances", yes("recipient"))
        .refused(422, "mentorship.paper_needed");
    assert_eq!(
        (&told.body["rule"], &told.body["errors"][0]["pointer"]),
        (&json!("002 §3.4"), &json!("/on_paper_file_id"))
    );
    let reasoned = with(yes("mentor"), "reason", "no_time");
    assert_eq!(codes(&world.step(&mentor, &id, "acceptances", reasoned).expect(422)), ["field.combination"]);
    world.step(&mentor, &id, "acceptances", yes("mentor")).expect(200);
    let told =
        world.step(&mentor, &id, "acceptances", yes("mentor")).refused(409, "mentorship.already_answered");
    assert_eq!(told.body["rule"], "002 §3.4");
    world.step(&pair.director, &id, "consents", world.consent(&pair)).refused(409, "mentorship.not_accepted");
}

#[test]
fn either_side_declines_before_the_beginning_and_not_after() {
    let (world, pair) = World::paired();
    let (mentee, mentor) = (world.mentee_account("daria", &pair), world.mentor_account("maria", &pair));
    let no = |party: &str| json!({"party": party, "decision": "decline", "reason": "no_time", "note": "Новая работа."});
    let id = world.proposed(&pair);
    let declined = world.step(&mentor, &id, "acceptances", no("mentor")).expect(200);
    assert_eq!(
        (&declined.body["state"], &declined.body["declined"]["reason"], &declined.body["beneficiary_name"]),
        (&json!("declined"), &json!("no_time"), &json!("Дарья"))
    );
    card(&world, &mentor, &id).refused(404, "request.not_found");
    assert_eq!(card(&world, &pair.director, &id).body["declined"]["note"], "Новая работа.");
    let late = world.step(&mentee, &id, "acceptances", no("recipient")).refused(409, "mentorship.not_open");
    assert_eq!(late.body["errors"][0].get("rule"), None);
    let id = world.consented(&pair);
    assert_eq!(
        world.step(&mentee, &id, "acceptances", no("recipient")).expect(200).body["state"],
        "declined"
    );
    let id = world.active(&pair);
    world.step(&mentee, &id, "acceptances", no("recipient")).refused(409, "mentorship.not_open");
}

#[test]
fn only_who_may_sign_signs() {
    let (world, pair) = World::paired();
    let mentee = world.mentee_account("daria", &pair);
    let id = world.accepted(&pair);
    let consent = world.consent(&pair);
    let refused = |form: Value| codes(&world.step(&pair.director, &id, "consents", form));
    assert_eq!(
        refused(with(consent.clone(), "person_id", pair.mentor_person.clone())),
        ["mentorship.conflict_of_interest", "consent.wrong_signatory"]
    );
    let stranger = world.person(&pair.director, json!({}));
    assert_eq!(refused(with(consent.clone(), "person_id", stranger)), ["consent.wrong_signatory"]);
    assert_eq!(
        refused(with(consent.clone(), "person_id", "01980000-0000-7000-8000-0000000000ff")),
        ["consent.wrong_signatory"]
    );
    assert_eq!(refused(with(consent.clone(), "signed_on", world.day(-1))), ["mentorship.date"]);
    assert_eq!(refused(with(consent.clone(), "signed_on", world.day(1))), ["mentorship.date"]);
    let no_paper = json!({"signatory": "recipient", "person_id": pair.person, "signed_on": world.day(0)});
    assert_eq!(refused(no_paper), ["consent.paper_needed"]);
    let half = json!({"signatory": "representative", "person_id": pair.person, "signed_on": world.day(0)});
    assert_eq!(refused(half), ["field.missing"]);
    let guardian = world.person(&pair.director, json!({"birth_date": "1980-01-01"}));
    let authority = world.guardian(&pair.director, &pair.beneficiary, &guardian);
    let by_guardian = json!({"signatory": "representative", "person_id": guardian, "representative_id": authority, "signed_on": world.day(0), "file_id": consent["file_id"]});
    assert_eq!(refused(by_guardian), ["consent.wrong_signatory"], "she is of age");
    let for_another =
        json!({"signatory": "recipient", "person_id": pair.mentor_person, "signed_on": world.day(0)});
    let told = world.step(&mentee, &id, "consents", for_another).refused(403, "access.not_yours");
    assert!(told.text.contains("consent.wrong_signatory"));
}

#[test]
fn an_authority_counts_on_the_day_of_signing_and_a_child_under_fourteen_does_not_sign() {
    let (world, mut pair) = World::paired();
    pair.program = world.plain_program("children", json!({"age_min_years": 7, "age_max_years": 18}));
    let boy = world.person(&pair.director, json!({"given_name": "Миша", "birth_date": "2014-03-01"}));
    pair.beneficiary = world.beneficiary(&pair.director, &pair.organization, &boy);
    let guardian = world.person(&pair.director, json!({"birth_date": "1980-01-01"}));
    let form = json!({"person_id": guardian, "basis": "guardian", "valid_from": "2021-03-12", "valid_until": world.day(-1)});
    let authority = world
        .post(&pair.director, &format!("/beneficiaries/{}/representatives", pair.beneficiary), form)
        .expect(201)
        .id();
    let id = world.accepted(&pair);
    let by_boy = with(world.consent(&pair), "person_id", boy);
    let told = world.step(&pair.director, &id, "consents", by_boy).refused(422, "consent.too_young");
    assert_eq!(told.body["rule"], "002 §3.7");
    let by_guardian = json!({"signatory": "representative", "person_id": guardian, "representative_id": authority, "signed_on": world.day(0), "file_id": world.file(&pair.director, "consent")});
    world.step(&pair.director, &id, "consents", by_guardian).refused(422, "consent.no_authority");
}

#[test]
fn who_turns_fourteen_before_the_first_day_signs_too() {
    let (world, mut pair) = World::paired();
    pair.program = world.plain_program("children", json!({"age_min_years": 7, "age_max_years": 18}));
    let boy = world.person(&pair.director, json!({"given_name": "Миша", "birth_date": "2012-03-08"}));
    pair.beneficiary = world.beneficiary(&pair.director, &pair.organization, &boy);
    let guardian = world.person(&pair.director, json!({"birth_date": "1980-01-01"}));
    let authority = world.guardian(&pair.director, &pair.beneficiary, &guardian);
    let proposal = with(world.proposal(&pair), "starts_on", world.day(10));
    let id = world.post(&pair.director, "/mentorships", proposal).expect(201).id();
    for party in ["mentor", "recipient"] {
        world.step(&pair.director, &id, "acceptances", world.acceptance(&pair.director, party)).expect(200);
    }
    let by_guardian = json!({"signatory": "representative", "person_id": guardian, "representative_id": authority, "signed_on": world.day(0), "file_id": world.file(&pair.director, "consent")});
    let signed = world.step(&pair.director, &id, "consents", by_guardian).expect(200);
    assert_eq!(
        (&signed.body["state"], &signed.body["consents_missing"]),
        (&json!("consented"), &json!(["recipient"]))
    );
    let late = json!({"starts_on": world.day(10), "ends_on": world.day(60)});
    let told = world
        .step(&pair.director, &id, "confirmation", late.clone())
        .refused(409, "mentorship.consent_missing");
    assert_eq!(told.body["errors"][0]["params"], json!([{"name": "subject", "value": "recipient"}]));
    let early = json!({"starts_on": world.day(0), "ends_on": world.day(60)});
    world.step(&pair.director, &id, "confirmation", early).expect(200);
}

#[test]
fn a_confirmation_is_judged_by_the_day_itself() {
    let (world, pair) = World::paired();
    let id = world.consented(&pair);
    let confirm = |order: Value| world.step(&pair.director, &id, "confirmation", order);
    let order = world.confirmation();
    let told = confirm(with(order.clone(), "ends_on", "2027-03-03")).refused(422, "mentorship.term_too_long");
    assert_eq!(
        (&told.body["rule"], &told.body["errors"][0]["params"][0]["value"]),
        (&json!("002 §3.8"), &json!("2027-03-02"))
    );
    confirm(with(order.clone(), "ends_on", world.day(0))).refused(422, "mentorship.term_order");
    confirm(with(order.clone(), "decree", json!({"number": "1", "date": world.day(1)})))
        .refused(422, "decree.in_future");
    assert_eq!(
        codes(&confirm(
            json!({"starts_on": world.day(0), "ends_on": world.day(9), "decree": {"number": "1"}})
        )),
        ["field.missing"]
    );
    let other = world.program("long-term");
    let busy = Pair { program: other, ..pair.clone() };
    let meanwhile = world.active(&busy);
    confirm(order.clone()).refused(409, "mentorship.over_capacity");
    let over = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    world.step(&pair.director, &meanwhile, "termination", over).expect(200);
    confirm(order).expect(200);
}

#[test]
fn nothing_begins_before_the_consent() {
    let (mut world, mut pair) = World::paired();
    let id = world.accepted(&pair);
    world.advance_days(2);
    pair.director = world.again(&pair.director);
    world.step(&pair.director, &id, "consents", world.consent(&pair)).expect(200);
    let early = with(world.confirmation(), "starts_on", world.day(-1));
    let told = world
        .step(&pair.director, &id, "confirmation", early)
        .refused(422, "mentorship.starts_before_consent");
    assert_eq!(told.body["rule"], "002 §3.7");
}
