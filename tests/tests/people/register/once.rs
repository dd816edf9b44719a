//! Two records of one person: what counts once over both, and what each record lends the other.
use super::{Stage, of_both};
use serde_json::{Value, json};
use tests::pairs::{Pair, at_once};
use tests::{Account, PASSWORD, Reply, World};

/// A transfer from the case of the first institution to the second one.
fn transfer(stage: &Stage, who: &Account, case: &str, ground: Value) -> Reply {
    let form = json!({"to_organization_id": stage.away, "reason": "study", "parts": ["identity"]});
    stage.world.post(who, &format!("/cases/{case}/transfers"), tests::with(form, &ground))
}

fn by_law(stage: &Stage) -> Value {
    json!({"legal_ground": "Запрос опеки", "ground_file_id": stage.world.file(&stage.director, "consent")})
}

#[test]
fn a_transfer_goes_on_in_the_case_that_the_receiver_has_under_the_other_record() {
    let stage = Stage::new();
    let world = &stage.world;
    let one = world.case(&stage.director, &stage.home, &stage.first);
    let two = world.case(&stage.other_director, &stage.away, &stage.second);
    stage.merged();
    let transfer = transfer(&stage, &stage.director, &one, by_law(&stage)).expect(201).id();
    let heir = world.staff("support_specialist", &stage.away);
    let accept = |specialist: &Account| {
        let order = json!({"specialist_user_id": specialist.id});
        world.post(&stage.other_director, &format!("/case-transfers/{transfer}/acceptance"), order)
    };
    accept(&stage.director).refused(422, "field.reference");
    let accepted = accept(&heir).expect(200);
    assert_eq!(accepted.body["next_case_id"], json!(two));
    let next = world.get(&stage.other_director, &format!("/cases/{two}")).expect(200);
    assert_eq!((&next.body["state"], &next.body["continues_id"]), (&json!("open"), &json!(one)));
    assert_eq!(next.body["specialist_user_id"], json!(heir.id));
    let before = world.get(&stage.director, &format!("/cases/{one}")).expect(200);
    assert_eq!(before.body["closing_reason"], "transferred");
    let open = world.get(&world.admin(), &format!("/cases?beneficiary_id={}&state=open", stage.first));
    assert_eq!(open.expect(200).items().len(), 1);
}

/// A referral from a case to an organization, accepted by its director.
fn referred(stage: &Stage, (from, case): (&Account, &str), (to, by): (&str, &Account)) -> String {
    let world = &stage.world;
    let need = json!({"noticed_on": world.day(0), "domain": "relations", "text": "Тревога.", "source": "person", "urgency": "week"});
    let need = world.post(from, &format!("/cases/{case}/needs"), need).expect(201).id();
    let file = world.file(from, "consent");
    let form = json!({"to_organization_id": to, "need_ids": [need], "reason": "Нужен психолог", "urgency": "week",
        "parts": ["identity"], "legal_ground": "Запрос опеки", "ground_file_id": file});
    let referral = world.post(from, &format!("/cases/{case}/referrals"), form).expect(201).id();
    let order = json!({"specialist_user_id": by.id});
    world.post(by, &format!("/referrals/{referral}/acceptance"), order).expect(200);
    referral
}

#[test]
fn a_referral_opens_no_second_case_under_the_other_record_and_a_new_one_begins_on_the_first() {
    let stage = Stage::new();
    let world = &stage.world;
    let one = world.case(&stage.director, &stage.home, &stage.first);
    let two = world.case(&stage.other_director, &stage.away, &stage.second);
    stage.merged();
    let referral = referred(&stage, (&stage.director, &one), (&stage.away, &stage.other_director));
    let open = format!("/referrals/{referral}/case");
    world.post(&stage.other_director, &open, json!({})).refused(409, "case.already_open");
    let card = world.get(&stage.other_director, &format!("/referrals/{referral}")).expect(200);
    assert_eq!(card.action("open").expect("it")["blocked_by"][0], "case.already_open");

    // The other way round: the first institution has closed its case, and is asked for help about the second record.
    let revoked = json!({"reason": "Не нужно."});
    world.post(&stage.director, &format!("/referrals/{referral}/revocation"), revoked).expect(200);
    let closing = json!({"closed_on": world.day(0), "reason": "moved", "end_open": true});
    world.post(&stage.director, &format!("/cases/{one}/closing"), closing).expect(200);
    let back = referred(&stage, (&stage.other_director, &two), (&stage.home, &stage.director));
    let opened = world.post(&stage.director, &format!("/referrals/{back}/case"), json!({})).expect(201);
    assert_eq!(opened.body["beneficiary_id"], json!(stage.first));
}

#[test]
fn a_closed_case_of_one_record_is_continued_under_the_other() {
    let stage = Stage::new();
    let world = &stage.world;
    let both = of_both(&stage);
    let two = world.case(&stage.other_director, &stage.away, &stage.second);
    let closing = json!({"closed_on": world.day(-2), "reason": "moved"});
    world.post(&stage.other_director, &format!("/cases/{two}/closing"), closing).expect(200);
    let order = json!({"beneficiary_id": stage.first, "organization_id": stage.away, "opened_on": world.day(-1), "continues_id": two});
    world.post(&both, "/cases", order.clone()).refused(422, "case.wrong_continuation");
    stage.merged();
    let next = world.post(&both, "/cases", order).expect(201);
    assert_eq!(
        (&next.body["continues_id"], &next.body["beneficiary_id"]),
        (&json!(two), &json!(stage.first))
    );
}

#[test]
fn somebody_known_by_a_case_of_one_record_gets_urgent_aid_under_the_other() {
    let stage = Stage::new();
    let world = &stage.world;
    let case = world.case(&stage.director, &stage.home, &stage.first);
    let form = json!({"organization_id": stage.home, "kind": "food_kit", "beneficiary_id": stage.second,
        "given_on": world.day(0), "items": [{"name": "Набор", "quantity": 1}], "case_id": case,
        "act": {"number": "17", "signed_by_recipient": true}});
    let give = || world.post(&stage.director, "/emergency-aids", form.clone());
    assert!(give().codes().contains(&"field.reference"));
    stage.merged();
    let given = give().expect(201);
    assert_eq!((&given.body["case_id"], &given.body["beneficiary_id"]), (&json!(case), &json!(stage.second)));
}

#[test]
fn a_consent_under_one_record_grants_under_the_other_and_its_withdrawal_ends_it_for_both() {
    let stage = Stage::new();
    let world = &stage.world;
    let both = of_both(&stage);
    let case = world.case(&stage.director, &stage.home, &stage.first);
    let person = stage.person_of(&stage.second);
    let signature = json!({"signatory": "recipient", "person_id": person, "signed_on": world.day(0),
        "file_id": world.file(&stage.other_director, "consent")});
    let form = json!({"purpose": "transfer", "organization_ids": [stage.away], "parts": ["identity"],
        "valid_until": world.day(300), "signatures": [signature]});
    let ledger = |of: &str| format!("/beneficiaries/{of}/consents");
    let consent = world.post(&stage.other_director, &ledger(&stage.second), form).expect(201).id();
    let propose = || transfer(&stage, &both, &case, json!({"consent_id": consent}));
    propose().refused(422, "sharing.beyond_consent");
    let merge = stage.merged();
    let told = |who: &Account, of: &str| world.get(who, &ledger(of)).expect(200).items().len();
    assert_eq!((told(&both, &stage.first), told(&both, &stage.second)), (1, 1));
    assert_eq!(told(&stage.director, &stage.first), 0, "the other record is not seen");
    let proposed = propose().expect(201).id();
    let shared = || world.get(&stage.other_director, &format!("/case-transfers/{proposed}/shared-case"));
    shared().expect(200);
    let paper = world.file(&stage.other_director, "consent");
    let order = json!({"person_id": person, "file_id": paper});
    world.post(&stage.other_director, &format!("/consents/{consent}/withdrawal"), order).expect(200);
    shared().expect(404);
    let heir = world.staff("support_specialist", &stage.away);
    let order = json!({"specialist_user_id": heir.id});
    world
        .post(&stage.other_director, &format!("/case-transfers/{proposed}/acceptance"), order)
        .refused(409, "case_transfer.ground_lost");
    stage.reverse(&merge).expect(200);
    assert_eq!(told(&both, &stage.first), 0);
}

#[test]
fn one_person_has_no_two_open_accounts_under_two_records() {
    let stage = Stage::new();
    let world = &stage.world;
    let (one, two) = (stage.person_of(&stage.first), stage.person_of(&stage.second));
    let merge = stage.merged();
    let open = |login: &str, person: &str| {
        let form = json!({"login": login, "name": "Дарья", "grants": [{"role": "mentee"}], "password": PASSWORD,
            "person_id": person});
        world.post(&world.admin(), "/users", form)
    };
    open("one", &one).expect(201);
    let refused = open("two", &two).refused(409, "register.other_account");
    assert_eq!(refused.body["errors"][0]["pointer"], "/person_id");
    open("again", &one).expect(201);
    stage.reverse(&merge).expect(200);
    open("two", &two).expect(201);
}

#[test]
fn a_death_under_one_record_closes_the_account_that_the_person_has_under_the_other() {
    let stage = Stage::new();
    let (world, admin) = (&stage.world, stage.world.admin());
    stage.merged();
    let form = json!({"login": "darya", "name": "Дарья", "grants": [{"role": "mentee"}], "password": PASSWORD,
        "person_id": stage.person_of(&stage.second)});
    let account = format!("/users/{}", world.post(&admin, "/users", form).expect(201).id());
    world.die(&stage.director, &stage.person_of(&stage.first), 0).expect(200);
    assert_eq!(world.get(&admin, &account).expect(200).body["active"], false);
    world.edit(&admin, &account, json!({"active": true})).refused(409, "person.dead");
}

/// Another record of somebody in the institution: the first one of the two.
fn twin(world: &World, (organization, director): (&str, &Account), person: &str) -> String {
    let record = world.beneficiary(director, organization, person);
    let twin = world.person(director, json!({"given_name": "Мария", "birth_date": "1985-01-01"}));
    let first = world.beneficiary(director, organization, &twin);
    world.merged(&first, &record);
    twin
}

#[test]
fn a_death_under_one_record_ends_what_the_person_does_as_a_mentor_under_the_other() {
    let (world, pair) = World::paired();
    let twin = twin(&world, (&pair.organization, &pair.director), &pair.mentor_person);
    let id = world.active(&pair);
    let planned = world.meeting(&pair.director, &id, 48);
    world.die(&pair.director, &twin, 0).expect(200);
    let ended = world.get(&pair.director, &format!("/mentorships/{id}")).expect(200).body;
    assert_eq!(
        (&ended["state"], &ended["replacement"]["ground"]),
        (&json!("replaced"), &json!("mentor_died"))
    );
    let meeting = world.get(&pair.director, &format!("/meetings/{planned}")).expect(200);
    assert_eq!(meeting.body["state"], "cancelled");
    // Nothing new begins with the mentor, under either record.
    let next = Pair {
        mentor: pair.mentor.clone(),
        ..world.pair_at(&pair.organization, &pair.director, &pair.program)
    };
    let refused = world.post(&pair.director, "/mentorships", world.proposal(&next));
    assert_eq!(refused.refused(409, "person.dead").body["errors"][0]["pointer"], "/mentor_id");
}

#[test]
fn a_round_forgets_a_mentor_who_died_under_another_record() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let (_, waits) = world.waits(&stage, 10, json!({}));
    let (mentor_person, mentor) = world.helps(&stage, json!({}));
    let twin = twin(&world, (&stage.organization, &stage.director), &mentor_person);
    let mate = || world.mate(&stage.director, &world.round(&stage, json!({})).id(), &waits);
    assert_eq!(mate(), Some(mentor));
    world.die(&stage.director, &twin, 0).expect(200);
    assert_eq!(mate(), None);
}

#[test]
fn a_round_proposes_no_mentor_to_a_family_whose_members_died_under_other_records() {
    let world = World::new();
    let stage = world.stage(json!({"serves": "family"}));
    let (director, organization) = (&stage.director, &stage.organization);
    let (mother, father) = (world.person(director, json!({})), world.person(director, json!({})));
    let family = world.family(director, &[&mother, &father]);
    let waits = world.family_beneficiary(director, organization, &family);
    world.beneficiary_profile(director, &waits, json!({}));
    world.waiting(director, &waits, &stage.program, 5);
    let (_, mentor) = world.helps(&stage, json!({}));
    let twin = twin(&world, (organization, director), &mother);
    let round = || world.round(&stage, json!({})).id();
    assert_eq!(world.mate(director, &round(), &waits), Some(mentor.clone()));
    world.die(director, &father, 0).expect(200);
    assert_eq!(world.mate(director, &round(), &waits), Some(mentor));
    world.die(director, &twin, 0).expect(200);
    assert_eq!(world.mate(director, &round(), &waits), None);
}

#[test]
fn a_round_proposes_nobody_who_acts_for_the_person_under_another_record() {
    let world = World::new();
    let stage = world.stage(json!({}));
    let (_, waits) = world.waits(&stage, 10, json!({}));
    let (head, _) = world.helps(&stage, json!({}));
    let twin = world.person(&stage.director, json!({"given_name": "Мария", "birth_date": "2007-01-10"}));
    let twin = world.beneficiary(&stage.director, &stage.organization, &twin);
    let form = json!({"person_id": head, "basis": "institution_head", "valid_from": "2021-03-12"});
    world.post(&stage.director, &format!("/beneficiaries/{twin}/representatives"), form).expect(201);
    let mate = || world.mate(&stage.director, &world.round(&stage, json!({})).id(), &waits);
    assert!(mate().is_some());
    world.merged(&twin, &waits);
    assert_eq!(mate(), None);
}

#[test]
fn a_death_under_one_record_ends_the_consents_and_the_authorities_of_the_other() {
    let stage = Stage::new();
    let world = &stage.world;
    let signed = |signatory: &str, person: &str| {
        json!({"signatory": signatory, "person_id": person, "signed_on": world.day(-2),
            "file_id": world.file(&stage.other_director, "consent")})
    };
    let record = |of: &str, signature: Value| {
        let form = json!({"purpose": "story", "data": ["story"], "valid_until": world.day(300), "signatures": [signature]});
        world.post(&stage.other_director, &format!("/beneficiaries/{of}/consents"), form)
    };
    let second = stage.person_of(&stage.second);
    let consent = record(&stage.second, signed("recipient", &second)).expect(201).id();
    // The woman is the guardian of a boy, under the second record.
    let boy = world.person(&stage.other_director, json!({"given_name": "Миша", "birth_date": "2018-03-01"}));
    let boy = world.beneficiary(&stage.other_director, &stage.away, &boy);
    let authority = world.guardian(&stage.other_director, &boy, &second);
    let by_guardian = |on: i64| {
        let members = json!({"representative_id": authority, "signed_on": world.day(on)});
        record(&boy, tests::with(signed("representative", &second), &members))
    };
    by_guardian(-2).expect(201);
    stage.merged();
    world.die(&stage.director, &stage.person_of(&stage.first), -1).expect(200);
    let seen = world.get(&stage.other_director, &format!("/consents/{consent}")).expect(200);
    assert_eq!((&seen.body["state"], &seen.body["holds_until"]), (&json!("expired"), &json!(world.day(-1))));
    by_guardian(0).refused(422, "consent.no_authority");
    by_guardian(-2).expect(201);
}

#[test]
fn nobody_is_accompanied_who_is_removed_from_the_register_under_any_record() {
    let stage = Stage::new();
    let world = &stage.world;
    let both = of_both(&stage);
    stage.merged();
    let entry = format!("/register-entries/{}", stage.entry_id(&stage.first));
    let remove = || {
        let order = json!({"removed_on": world.day(0), "reason": "moved_out"});
        world.post(&stage.keeper, &format!("{entry}/removal"), order)
    };
    let open = |who: &Account, of: &str, organization: &str| {
        let order = json!({"beneficiary_id": of, "organization_id": organization, "opened_on": world.day(0)});
        world.post(who, "/cases", order)
    };
    remove().expect(200);
    let refused = open(&both, &stage.first, &stage.home).refused(409, "register.not_active");
    assert_eq!(refused.body["errors"][0]["pointer"], "/beneficiary_id");
    open(&stage.other_director, &stage.second, &stage.away).refused(409, "register.not_active");
    let family = world.family(&stage.director, &[]);
    let family = world.family_beneficiary(&stage.director, &stage.home, &family);
    open(&stage.director, &family, &stage.home).expect(201);
    world.post(&stage.keeper, &format!("{entry}/restoration"), json!({"reason": "Вернулась."})).expect(200);
    let answers = at_once(2, |it| match it {
        0 => remove(),
        _ => open(&both, &stage.first, &stage.home),
    });
    let done = |it: &&(u16, String)| it.0 == 200 || it.0 == 201;
    assert_eq!(answers.iter().filter(done).count(), 1, "{answers:?}");
}

#[test]
fn an_entry_tells_who_accompanies_the_person_under_any_record() {
    let stage = Stage::new();
    let world = &stage.world;
    let specialist = world.staff("support_specialist", &stage.away);
    let order = json!({"beneficiary_id": stage.second, "organization_id": stage.away, "opened_on": world.day(-3),
        "specialist_user_id": specialist.id});
    world.post(&stage.other_director, "/cases", order).expect(201);
    let told = |who: &Account| {
        let card = world.get(who, &format!("/register-entries/{}", stage.entry_id(&stage.first)));
        tests::without_names(&card.expect(200).body["cases"])
    };
    assert_eq!(told(&stage.director), json!([]));
    stage.merged();
    let expected =
        json!([{"organization_id": stage.away, "specialist_user_id": specialist.id, "since": world.day(-3)}]);
    assert_eq!((told(&stage.keeper), told(&stage.director)), (expected.clone(), expected));
    let listed = world.get(&stage.keeper, "/register-entries").expect(200);
    assert!(listed.items().iter().all(|it| it["cases"].is_null()), "a list tells none");
}

#[test]
fn the_history_of_both_entries_tells_their_merge_and_its_reversal() {
    let stage = Stage::new();
    let merge = stage.merged();
    stage.reverse(&merge).expect(200);
    let expected = ["register_entry.unmerged", "register_entry.merged", "register_entry.entered"];
    for (who, of) in [(&stage.director, &stage.first), (&stage.other_director, &stage.second)] {
        let history = format!("/register-entries/{}/history", stage.entry_id(of));
        let told = stage.world.get(who, &history).expect(200);
        assert_eq!(told.kinds(), expected, "{of}");
    }
}

#[test]
fn a_record_of_a_day_before_the_removal_is_entered_and_a_programme_that_runs_is_assessed_at_its_end() {
    let (world, pair) = World::paired();
    let id_at = |path: &str| Reply::id_of(&world.get(&world.admin(), path).expect(200).items()[0]);
    let (programme, scale) = (id_at("/living-programmes?regional=true"), id_at("/scales?code=readiness"));
    world.removed(&pair.beneficiary, -5);
    let begin = |what: &str, form: Value| {
        world.post(&pair.director, &format!("/beneficiaries/{}/{what}", pair.beneficiary), form)
    };
    let enrol = |day: i64| {
        begin("living-enrolments", json!({"programme_id": programme, "starts_on": world.day(day)}))
    };
    let assess = |point: &str, day: i64| {
        let form =
            json!({"scale_id": scale, "rater": "specialist", "point": point, "assessed_on": world.day(day)});
        begin("assessments", form)
    };
    assess("before", -5).refused(409, "register.not_active");
    assess("before", -6).expect(201);
    assess("after", 0).refused(409, "register.not_active");
    enrol(-5).refused(409, "register.not_active");
    enrol(-6).expect(201);
    assess("after", 0).expect(201);
    assess("before", 0).refused(409, "register.not_active");
}

#[test]
fn nothing_new_begins_with_one_who_is_removed_from_the_register_until_the_entry_is_taken_back() {
    let (world, pair) = World::paired();
    let (director, admin) = (&pair.director, world.admin());
    let mentorship = world.consented(&pair);
    world.removed(&pair.beneficiary, 0);
    let confirm = || world.step(director, &mentorship, "confirmation", world.confirmation());
    confirm().refused(409, "register.not_active");
    let (mentor_person, mentor) = world.trained_mentor(&pair.organization, director);
    let program = world.plain_program("other", json!({}));
    let other = Pair { program, mentor, mentor_person, ..pair.clone() };
    let propose = || world.post(director, "/mentorships", world.proposal(&other));
    let refused = propose().refused(409, "register.not_active");
    assert_eq!(refused.body["errors"][0]["pointer"], "/beneficiary_id");
    let id_at = |path: &str| Reply::id_of(&world.get(&admin, path).expect(200).items()[0]);
    let (programme, scale) = (id_at("/living-programmes?regional=true"), id_at("/scales?code=readiness"));
    let of_beneficiary = format!("/beneficiaries/{}", pair.beneficiary);
    let beginnings = [
        ("plans", "open_plan", json!({"kind": "life_plan"})),
        ("living-enrolments", "enrol", json!({"programme_id": programme, "starts_on": world.day(0)})),
        (
            "assessments",
            "start_assessment",
            json!({"scale_id": scale, "rater": "specialist", "point": "before", "assessed_on": world.day(0)}),
        ),
    ];
    let begin =
        |what: &str, form: &Value| world.post(director, &format!("{of_beneficiary}/{what}"), form.clone());
    let card = world.get(director, &of_beneficiary).expect(200);
    for (what, action, form) in &beginnings {
        begin(what, form).refused(409, "register.not_active");
        let offered = card.action(action).expect("the action");
        // The other two may be of a day before the removal.
        let expected = if *what == "plans" { json!(["register.not_active"]) } else { json!([]) };
        assert_eq!(offered["blocked_by"], expected, "{action}");
    }
    world.restored(&pair.beneficiary);
    for (what, _, form) in &beginnings {
        begin(what, form).expect(201);
    }
    confirm().expect(200);
    propose().expect(201);
}
