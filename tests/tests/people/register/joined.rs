//! What stands under one record of a person, and is counted, shown or carried under the other.
use super::{Stage, of_both};
use serde_json::{Value, json};
use tests::pairs::Pair;
use tests::{Account, with};

/// An open case of the second record in the first institution, with the specialist in charge of it.
fn case_of_second(stage: &Stage, by: &Account) -> (String, Account) {
    let specialist = stage.world.staff("support_specialist", &stage.home);
    let order = json!({"beneficiary_id": stage.second, "organization_id": stage.home, "opened_on": stage.world.day(-1),
        "specialist_user_id": specialist.id});
    (stage.world.post(by, "/cases", order).expect(201).id(), specialist)
}

/// The first record with a mentor of the first institution.
fn pair_of_first(stage: &Stage) -> Pair {
    let program = stage.world.program("together-six-meetings");
    let pair = stage.world.pair_at(&stage.home, &stage.director, &program);
    Pair { beneficiary: stage.first.clone(), person: stage.person_of(&stage.first), ..pair }
}

#[test]
fn different_snils_are_compared_over_all_records_of_both_people() {
    let stage = Stage::new();
    let world = &stage.world;
    let third = world.person(&stage.director, json!({"given_name": "Дарья", "birth_date": "2007-01-10"}));
    let third = world.beneficiary(&stage.director, &stage.home, &third);
    for (who, of, snils) in
        [(&stage.other_director, &stage.second, "11223344595"), (&stage.director, &third, "08765430300")]
    {
        let path = format!("/people/{}", stage.person_of(of));
        world.patch(who, &path, "\"1\"", json!({"snils": snils})).expect(200);
    }
    // The first record has none, and takes up the second one with its own.
    stage.merged();
    let mut order = stage.order(&third);
    stage.merging(&stage.keeper, &stage.first, order.clone()).refused(409, "register_merge.snils_differ");
    order["confirm_different_snils"] = json!(true);
    stage.merging(&stage.keeper, &stage.first, order).expect(201);
}

#[test]
fn a_month_of_the_case_of_one_record_counts_what_happened_under_the_other() {
    let stage = Stage::new();
    let world = &stage.world;
    let (case, _) = case_of_second(&stage, &of_both(&stage));
    let merge = stage.merged();
    let mentorship = world.active(&pair_of_first(&stage));
    world.held(&stage.director, &mentorship, 1);
    world.assessed(&stage.director, &stage.first, 0);
    let counted = |kind: &str| {
        let month = world.get(&stage.director, &format!("/cases/{case}/monthly-records/2026-03")).expect(200);
        let counts = month.body["counts"].as_array().expect("counts").iter();
        counts.filter(|it| it["kind"] == kind).map(|it| it["count"].as_i64().expect("a count")).sum::<i64>()
    };
    assert_eq!((counted("meeting_held"), counted("assessment")), (1, 1));
    stage.reverse(&merge).expect(200);
    assert_eq!((counted("meeting_held"), counted("assessment")), (0, 0));
}

#[test]
fn what_one_record_has_is_listed_under_the_other_for_those_who_see_both() {
    let stage = Stage::new();
    let (world, both) = (&stage.world, of_both(&stage));
    let assessment = world.assessed(&stage.director, &stage.first, 0);
    let plan = world.plan(&stage.director, &stage.first, json!({"kind": "life_plan"}));
    let programmes = world.get(&world.admin(), "/living-programmes?regional=true").expect(200);
    let form = json!({"programme_id": programmes.items()[0]["id"], "starts_on": world.day(0)});
    let path = format!("/beneficiaries/{}/living-enrolments", stage.first);
    let enrolment = world.post(&stage.director, &path, form).expect(201).id();
    let under = |who: &Account, what: &str| {
        world.get(who, &format!("/beneficiaries/{}/{what}", stage.second)).expect(200)
    };
    let lists = ["assessments", "plans", "living-enrolments"];
    let listed = |who: &Account| lists.map(|what| under(who, what).ids());
    let none = [Vec::<String>::new(), Vec::new(), Vec::new()];
    let readiness = |who: &Account| under(who, "readiness").body["assessment_id"].clone();
    assert_eq!((listed(&both), readiness(&both)), (none.clone(), Value::Null));
    let merge = stage.merged();
    let all = [vec![assessment.clone()], vec![plan], vec![enrolment]];
    assert_eq!((listed(&both), readiness(&both)), (all, json!(assessment)));
    let compared = under(&both, "assessment-comparison?scale=readiness");
    assert_eq!(compared.body["beneficiary_id"], json!(stage.second));
    // An institution that does not see the first record learns nothing of it.
    assert_eq!(
        (listed(&stage.other_director), readiness(&stage.other_director)),
        (none.clone(), Value::Null)
    );
    for what in lists {
        world
            .get(&stage.director, &format!("/beneficiaries/{}/{what}", stage.second))
            .refused(404, "request.not_found");
    }
    stage.reverse(&merge).expect(200);
    assert_eq!((listed(&both), readiness(&both)), (none, Value::Null));
}

#[test]
fn the_mentor_and_the_account_of_one_record_are_sides_of_the_plan_of_the_other() {
    let stage = Stage::new();
    let world = &stage.world;
    world.case(&stage.director, &stage.home, &stage.first);
    let pair = pair_of_first(&stage);
    world.active(&pair);
    let mentor = world.mentor_account("maria", &pair);
    let plan = world.plan(&stage.other_director, &stage.second, json!({"kind": "life_plan"}));
    let version = world.drafted(&stage.other_director, &plan, world.life_plan_text());
    world.of_version(&stage.other_director, &version, "submission", json!({})).expect(200);
    let order = json!({"approver": "specialist"});
    world.of_version(&stage.other_director, &version, "approvals", order).expect(200);
    let read = || world.get(&mentor, &format!("/plans/{plan}"));
    read().refused(404, "request.not_found");
    let merge = stage.merged();
    read().expect(200);
    let girl = world.mentee_account("daria", &pair);
    for who in [&mentor, &girl] {
        let listed = world.get(who, &format!("/beneficiaries/{}/plans", stage.first)).expect(200);
        assert_eq!(listed.ids(), std::slice::from_ref(&plan), "{}", who.login);
        let page = world.get(who, &format!("/beneficiaries/{}/accompaniment", stage.first)).expect(200);
        assert_eq!(page.body["plans"][0]["id"], json!(plan), "{}", who.login);
    }
    let adopted = world.of_version(&girl, &version, "approvals", json!({"approver": "person"})).expect(200);
    assert_eq!(adopted.body["state"], "adopted");
    stage.reverse(&merge).expect(200);
    read().refused(404, "request.not_found");
}

#[test]
fn a_case_of_one_record_has_the_mentor_and_the_person_of_the_other() {
    let stage = Stage::new();
    let (world, director) = (&stage.world, &stage.director);
    let (case, specialist) = case_of_second(&stage, &of_both(&stage));
    stage.merged();
    let pair = pair_of_first(&stage);
    let mentorship = world.active(&pair);
    let (mentor, girl) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    // A consilium about the case reads the report of the mentor, and invites the person.
    let report = world.step(director, &mentorship, "mentor-reports", world.report()).expect(201).id();
    let members = json!([{"role": "chair", "user_id": director.id}, {"role": "member", "user_id": girl.id}]);
    let form = json!({"organization_id": stage.home, "planned_at": world.hour(20), "form": "online", "members": members});
    let sitting = world.post(director, "/consilia", form).expect(201).id();
    let item =
        json!({"case_id": case, "kind": "urgent", "question": "Отчёт наставника", "report_ids": [report]});
    world.post(director, &format!("/consilia/{sitting}/items"), item).expect(201);
    // The specialist in charge is told to the mentor, and finds the pair among the own ones.
    let card = world.get(&mentor, &format!("/mentorships/{mentorship}")).expect(200);
    let contacts = card.body["contacts"].as_array().expect("contacts");
    assert!(contacts.iter().any(|it| it["kind"] == "specialist"), "{contacts:?}");
    let mine = world.get(&specialist, "/mentorships?mine=true").expect(200);
    assert_eq!(mine.ids(), [mentorship]);
}

#[test]
fn an_authority_under_one_record_signs_for_the_mentorship_of_the_other() {
    let stage = Stage::new();
    let (world, director) = (&stage.world, &stage.director);
    let boy = json!({"given_name": "Миша", "birth_date": "2014-03-01", "sex": "male"});
    let record = |who: &Account, of: &str| {
        let person = world.person(who, boy.clone());
        (world.beneficiary(who, of, &person), person)
    };
    let (first, person) = record(director, &stage.home);
    let (second, _) = record(&stage.other_director, &stage.away);
    world.case(director, &stage.home, &first);
    let guardian = world.person(&stage.other_director, json!({"birth_date": "1980-01-01"}));
    let authority = world.guardian(&stage.other_director, &second, &guardian);
    let program = world.plain_program("children", json!({"age_min_years": 7, "age_max_years": 18}));
    let pair = world.pair_at(&stage.home, director, &program);
    let mentorship = world.accepted(&Pair { beneficiary: first.clone(), person, ..pair });
    let sign = || {
        let form = json!({"signatory": "representative", "person_id": guardian, "representative_id": authority,
            "signed_on": world.day(0), "file_id": world.file(director, "consent")});
        world.step(director, &mentorship, "consents", form)
    };
    assert!(sign().status >= 400, "the authority is somebody else's");
    world.merged(&first, &second);
    let signed = sign().expect(200);
    assert_eq!(signed.body["state"], "consented", "{}", signed.text);
}

#[test]
fn the_account_of_one_record_signs_for_the_mentorship_and_in_the_ledger_of_the_other() {
    let stage = Stage::new();
    let (world, director) = (&stage.world, &stage.director);
    world.case(director, &stage.home, &stage.first);
    let mentorship = world.accepted(&pair_of_first(&stage));
    let person = stage.person_of(&stage.second);
    let girl = world.account("daria", json!([{"role": "mentee"}]), Some(&person));
    let signature = json!({"signatory": "recipient", "person_id": person, "signed_on": world.day(0)});
    let sign = || world.step(&girl, &mentorship, "consents", signature.clone());
    let merge = stage.merged();
    let card = world.get(&girl, &format!("/mentorships/{mentorship}")).expect(200);
    let offered = card.body["available_actions"].as_array().expect("actions");
    assert!(offered.iter().any(|it| it["code"] == "consent"), "{offered:?}");
    assert_eq!(sign().expect(200).body["state"], "consented");
    let form = json!({"purpose": "transfer", "organization_ids": [stage.away], "parts": ["identity"],
        "valid_until": world.day(300), "signatures": [signature]});
    let ledger = format!("/beneficiaries/{}/consents", stage.first);
    assert_eq!(world.post(&girl, &ledger, form).expect(201).body["state"], "in_force");
    // A signature of one record is no ground for the other once they are two people again.
    stage.reverse(&merge).expect(200);
    let confirmed = world.step(director, &mentorship, "confirmation", world.confirmation());
    assert!(confirmed.codes().contains(&"mentorship.consent_void"), "{}", confirmed.text);
}

#[test]
fn a_successor_of_a_replaced_mentor_is_named_under_any_record() {
    let stage = Stage::new();
    let (world, director) = (&stage.world, &stage.director);
    world.case(director, &stage.home, &stage.first);
    let pair = pair_of_first(&stage);
    let replaced = world.active(&pair);
    let order = with(world.replacement("employment_ended"), &json!({"text": "Уволилась из НКО."}));
    world.step(director, &replaced, "replacement", order).expect(200);
    // The second record becomes the first one of the person, and the next mentorship begins on it.
    world.merged(&stage.second, &stage.first);
    let both = of_both(&stage);
    let mentor = world.another_mentor(&pair);
    let next = Pair { beneficiary: stage.second.clone(), mentor, director: both, ..pair };
    let refused = world.post(&next.director, "/mentorships", world.proposal(&next));
    assert!(refused.codes().contains(&"mentorship.succession_missing"), "{}", refused.text);
    let named = with(world.proposal(&next), &json!({"replaces_id": replaced}));
    let told = world.post(&next.director, "/mentorships", named);
    assert!(!told.codes().contains(&"mentorship.not_replaced"), "{}", told.text);
}

#[test]
fn a_request_for_help_about_one_record_is_accepted_into_the_case_of_the_other() {
    let stage = Stage::new();
    let (world, both) = (&stage.world, of_both(&stage));
    let (case, _) = case_of_second(&stage, &both);
    let form = json!({"source": "neighbour", "person_id": stage.person_of(&stage.first), "territory": "25655101001",
        "urgency": "now", "text": "Нет дров.", "reporter": "Соседка"});
    let request = world.post(&both, "/intake-requests", form).expect(201).id();
    let step = |step: &str, order: Value| {
        world.post(&stage.director, &format!("/intake-requests/{request}/{step}"), order)
    };
    step("check", json!({"organization_id": stage.home})).expect(200);
    let accept = || step("decision", json!({"outcome": "accepted", "note": "Съездили.", "case_id": case}));
    accept().refused(422, "intake.case_unsuited");
    stage.merged();
    accept().expect(200);
}

#[test]
fn a_request_for_a_place_under_one_record_ends_with_the_case_of_the_other() {
    let stage = Stage::new();
    let world = &stage.world;
    let (far, _) = world.institution("Центр «Порог»");
    let grants = [&stage.home, &stage.away, &far];
    let grants = grants.map(|it| json!({"role": "director", "organization_id": it}));
    let all = world.account("all", json!(grants), None);
    let case = world.case(&all, &far, &stage.second);
    stage.merged();
    let form = json!({"beneficiary_id": stage.first, "organization_id": far, "kind": "social_hotel", "from_on": world.day(0),
        "nights": 3, "urgency": "week"});
    let request = world.post(&all, "/place-requests", form).expect(201).id();
    let closing = json!({"closed_on": world.day(0), "reason": "moved"});
    world.post(&all, &format!("/cases/{case}/closing"), closing).expect(200);
    let card = world.get(&all, &format!("/place-requests/{request}")).expect(200);
    assert_eq!(card.body["state"], "withdrawn");
}
