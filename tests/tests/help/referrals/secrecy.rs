//! Before the answer nothing leaves by which anybody could be recognised, and after the end nothing is read any more.
use super::{NEED, REASON, scene};
use serde_json::json;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use tests::Client;
use tests::pairs::pause;

#[test]
fn before_the_answer_no_byte_tells_who_is_referred() {
    let it = scene();
    let (referral, consent) = it.sent(&["identity", "help"]);
    let head = it.world.staff("unit_head", &it.centre);
    for who in [&it.receiver, &head, &it.helper] {
        it.tells_nothing(who, &referral, &consent);
        it.shared(who, &referral).expect(404);
        it.needs(who, &referral).expect(404);
        let card = it.get(who, &referral).expect(200);
        assert_eq!(card.body["domains"], json!(["relations"]));
        let about = json!({"sex": "female", "age_group": "18-22", "territory": "25655000", "category": "without_parental_care"});
        assert_eq!(card.body["about"], about);
        assert_eq!(
            (&card.body["urgency"], &card.body["from_organization_name"]),
            (&json!("week"), &json!("Дом"))
        );
        for member in
            ["case_id", "need_ids", "reason", "parts", "consent_id", "legal_ground", "ground_file_id"]
        {
            assert!(card.body.get(member).is_none(), "{member}: {}", card.text);
        }
    }
    // Refusals tell nothing either.
    let refused = [
        it.step(&it.receiver, &referral, "acceptance", json!({"specialist_user_id": it.director.id})),
        it.step(&it.receiver, &referral, "acceptance", json!({"case_id": 1})),
        it.step(&it.receiver, &referral, "completion", json!({"result": "Готово."})),
        it.step(&it.receiver, &referral, "revocation", json!({})),
        it.step(&it.receiver, &referral, "case", json!({})),
        it.world.get(&it.receiver, &format!("/consents/{consent}")),
    ];
    for reply in refused {
        assert!(reply.status >= 400, "{}", reply.text);
        for secret in it.secrets("no such consent") {
            assert!(!reply.text.contains(&secret), "{secret}: {}", reply.text);
        }
    }
    let accepted = it.accept(&it.receiver, &referral).expect(200);
    assert!(accepted.text.contains(REASON) && !accepted.text.contains(&it.case), "{}", accepted.text);
}

#[test]
fn a_rejection_leaves_the_centre_as_ignorant_as_before() {
    let it = scene();
    let (referral, consent) = it.sent(&["identity"]);
    it.step(&it.receiver, &referral, "rejection", json!({"reason": "other"})).refused(422, "field.missing");
    let order = json!({"reason": "other", "note": "Психолог в отпуске."});
    let rejected = it.step(&it.receiver, &referral, "rejection", order).expect(200);
    assert_eq!(
        (&rejected.body["state"], &rejected.body["result"]),
        (&json!("rejected"), &json!("Психолог в отпуске."))
    );
    assert!(rejected.body.get("about").is_none());
    it.tells_nothing(&it.receiver, &referral, &consent);
    it.accept(&it.receiver, &referral).refused(409, "referral.not_sent");
    let told = it.get(&it.director, &referral).expect(200);
    assert_eq!((&told.body["answer_reason"], &told.body["reason"]), (&json!("other"), &json!(REASON)));
}

#[test]
fn one_second_after_the_withdrawal_of_the_consent_nothing_of_the_person_is_read() {
    let it = scene();
    let (referral, consent) = it.accepted(&["identity", "help"]);
    assert!(it.shared(&it.receiver, &referral).expect(200).text.contains("Дарья"));
    it.withdraw(&consent);
    for who in [&it.receiver, &it.helper] {
        it.shared(who, &referral).expect(404);
        it.needs(who, &referral).expect(404);
        it.tells_nothing(who, &referral, &consent);
        let card = it.get(who, &referral).expect(200);
        assert_eq!((&card.body["state"], card.body.get("about")), (&json!("lapsed"), None));
    }
    it.step(&it.receiver, &referral, "case", json!({})).refused(409, "referral.not_accepted");
    it.step(&it.receiver, &referral, "completion", json!({"result": "Успели."}))
        .refused(409, "referral.not_accepted");
    assert_eq!(it.get(&it.director, &referral).expect(200).body["state"], "lapsed");
    let (again, _) = it.accepted(&["identity"]);
    it.shared(&it.helper, &again).expect(200);
}

#[test]
fn a_consent_that_is_withdrawn_while_the_referral_is_read_closes_it_to_every_reader_at_once() {
    let it = scene();
    let (referral, consent) = it.accepted(&["identity", "help"]);
    let beside = it.world.beside(&[]);
    let there = beside.login_in(&it.world.region, &it.helper.login);
    let (here, other): (&Client, &Client) = (&it.world, &beside);
    let readers = [(here, &it.receiver), (other, &there)];
    let asked = [("shared-case", "Дарья"), ("needs", NEED)];
    let paper = it.world.file(&it.director, "consent");
    let order = json!({"person_id": it.person, "file_id": paper});
    let (all_read, is_withdrawn) = (Barrier::new(9), AtomicBool::new(false));
    let read = |n: usize| {
        let ((client, who), (what, mark)) = (readers[n % 2], asked[n / 2 % 2]);
        let path = format!("/referrals/{referral}/{what}");
        let first = client.get(who, &path);
        all_read.wait();
        assert!(first.expect(200).text.contains(mark));
        for _ in 0..10_000 {
            let is_late = is_withdrawn.load(Ordering::SeqCst);
            let told = client.get(who, &path);
            if told.status == 404 {
                break;
            }
            assert!(!is_late, "{path} is read after the withdrawal: {}", told.text);
            assert!(told.expect(200).text.contains(mark), "what is read is whole");
        }
        client.get(who, &path).refused(404, "request.not_found");
    };
    let withdrawn = std::thread::scope(|threads| {
        for n in 0..8 {
            let read = &read;
            threads.spawn(move || read(n));
        }
        all_read.wait();
        let withdrawn = it.world.post(&it.director, &format!("/consents/{consent}/withdrawal"), order);
        is_withdrawn.store(true, Ordering::SeqCst);
        withdrawn
    });
    withdrawn.expect(200);
    it.tells_nothing(&it.receiver, &referral, &consent);
}

#[test]
fn a_consent_that_is_withdrawn_before_the_answer_ends_the_referral() {
    let it = scene();
    let (referral, consent) = it.sent(&["identity"]);
    it.withdraw(&consent);
    let card = it.get(&it.receiver, &referral).expect(200);
    assert_eq!((&card.body["state"], card.body.get("about")), (&json!("lapsed"), None));
    it.accept(&it.receiver, &referral).refused(409, "referral.not_sent");
    it.tells_nothing(&it.receiver, &referral, &consent);
}

#[test]
fn a_consent_that_has_run_out_hides_what_was_told_and_refuses_the_acceptance() {
    let mut it = scene();
    let paper = it.world.file(&it.director, "consent");
    let signature = json!({"signatory": "recipient", "person_id": it.person, "signed_on": it.world.day(0), "file_id": paper});
    let form = json!({"purpose": "referral", "organization_ids": [it.centre], "parts": ["identity", "help"],
        "valid_until": it.world.day(2), "signatures": [signature]});
    let ledger = format!("/beneficiaries/{}/consents", it.beneficiary);
    let consent = it.world.post(&it.director, &ledger, form).expect(201).id();
    let order = json!({"consent_id": consent, "parts": ["identity", "help"]});
    let referral = it.send(&it.director, order).expect(201).id();
    assert_eq!(it.get(&it.receiver, &referral).expect(200).actions(), json!(["accept", "reject"]));
    it.world.advance_days(3);
    (it.receiver, it.helper) = (it.world.again(&it.receiver), it.world.again(&it.helper));
    let card = it.get(&it.receiver, &referral).expect(200);
    assert_eq!((&card.body["state"], card.body.get("about")), (&json!("sent"), None));
    assert_eq!(card.action("accept").expect("an answer")["blocked_by"], json!(["referral.ground_lost"]));
    it.accept(&it.receiver, &referral).refused(409, "referral.ground_lost");
    it.tells_nothing(&it.receiver, &referral, &consent);
    it.step(&it.receiver, &referral, "rejection", json!({"reason": "person_refused"})).expect(200);
}

#[test]
fn a_consent_that_runs_out_at_work_leaves_no_word_and_opens_no_case() {
    let mut it = scene();
    let paper = it.world.file(&it.director, "consent");
    let signature = json!({"signatory": "recipient", "person_id": it.person, "signed_on": it.world.day(0), "file_id": paper});
    let form = json!({"purpose": "referral", "organization_ids": [it.centre], "parts": ["identity"], "valid_until": it.world.day(2),
        "signatures": [signature]});
    let ledger = format!("/beneficiaries/{}/consents", it.beneficiary);
    let consent = it.world.post(&it.director, &ledger, form).expect(201).id();
    let referral = it.send(&it.director, json!({"consent_id": consent})).expect(201).id();
    it.accept(&it.receiver, &referral).expect(200);
    it.world.advance_days(3);
    (it.receiver, it.helper) = (it.world.again(&it.receiver), it.world.again(&it.helper));
    it.tells_nothing(&it.helper, &referral, &consent);
    it.step(&it.receiver, &referral, "case", json!({})).refused(409, "referral.ground_lost");
    let done = it.step(&it.helper, &referral, "completion", json!({"result": "Успели трижды."})).expect(200);
    assert!(done.body.get("result").is_none());
    it.director = it.world.again(&it.director);
    assert_eq!(it.get(&it.director, &referral).expect(200).body["result"], "Успели трижды.");
}

#[test]
fn an_ended_or_revoked_referral_is_read_without_the_person() {
    let it = scene();
    for (who, step, order) in [
        (&it.receiver, "completion", json!({"result": "Дарья-Х спокойна."})),
        (&it.receiver, "return", json!({"reason": "Дарья-Х не приходит."})),
        (&it.director, "revocation", json!({"reason": "Дарья-Х уехала."})),
        (&it.director, "revocation", json!({})),
    ] {
        let (referral, consent) = it.accepted(&["identity", "help"]);
        it.shared(&it.helper, &referral).expect(200);
        it.step(who, &referral, step, order).expect(200);
        it.tells_nothing(&it.receiver, &referral, &consent);
        it.tells_nothing(&it.helper, &referral, &consent);
        it.shared(&it.receiver, &referral).expect(404);
        for (late, order) in
            [("completion", json!({"result": "Поздно."})), ("return", json!({"reason": "Поздно."}))]
        {
            it.step(&it.receiver, &referral, late, order).refused(409, "referral.not_accepted");
        }
        it.step(&it.director, &referral, "revocation", json!({})).refused(409, "referral.not_open");
    }
}

#[test]
fn a_closed_account_and_one_that_has_left_the_centre_read_nothing() {
    let it = scene();
    let (referral, _) = it.accepted(&["identity", "help"]);
    assert!(it.needs(&it.helper, &referral).expect(200).text.contains(NEED));
    let moved = json!({"grants": [{"role": "support_specialist", "organization_id": it.home}]});
    it.world.edit(&it.world.admin(), &format!("/users/{}", it.helper.id), moved).expect(200);
    for _ in 0..10 {
        pause();
    }
    let helper = it.world.again(&it.helper);
    // The specialist works for the other side now, and reads the referral as it does.
    it.shared(&helper, &referral).expect(404);
    it.step(&it.receiver, &referral, "case", json!({})).refused(422, "field.reference");
    it.world.close_account(&it.receiver);
    for _ in 0..10 {
        pause();
    }
    it.shared(&it.receiver, &referral).expect(401);
}
