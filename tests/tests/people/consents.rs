//! The ledger of consents: who signs at which age, for how long it holds, and who withdraws.
use chrono::Months;
use serde_json::{Value, json};
use tests::{Account, Reply, World, with};

/// An institution, a child of that age who is its beneficiary, and the child's guardian.
struct Scene {
    world: World,
    organization: String,
    director: Account,
    child: String,
    beneficiary: String,
    guardian: String,
    authority: String,
}

fn scene(years: u32) -> Scene {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let born = world.today() - Months::new(years * 12);
    let child = world.person(&director, json!({"birth_date": born}));
    let beneficiary = world.beneficiary(&director, &organization, &child);
    let guardian = world.resident(&director);
    let authority = world.guardian(&director, &beneficiary, &guardian);
    Scene { world, organization, director, child, beneficiary, guardian, authority }
}

impl Scene {
    fn own(&self) -> Value {
        let paper = self.world.file(&self.director, "consent");
        json!({"signatory": "recipient", "person_id": self.child, "signed_on": self.world.day(0), "file_id": paper})
    }
    fn represented(&self) -> Value {
        let order = json!({"signatory": "representative", "person_id": self.guardian, "representative_id": self.authority});
        with(self.own(), &order)
    }
    fn form(&self, signatures: &[Value]) -> Value {
        json!({"purpose": "team", "organization_ids": [self.organization], "parts": ["identity", "life"],
            "valid_until": self.world.day(300), "signatures": signatures})
    }
    fn record(&self, who: &Account, form: Value) -> Reply {
        self.world.post(who, &format!("/beneficiaries/{}/consents", self.beneficiary), form)
    }
    fn card(&self, who: &Account, consent: &str) -> Reply {
        self.world.get(who, &format!("/consents/{consent}"))
    }
    fn step(&self, who: &Account, consent: &str, step: &str, order: Value) -> Reply {
        self.world.post(who, &format!("/consents/{consent}/{step}"), order)
    }
    fn withdrawal(&self, person: &str) -> Value {
        json!({"person_id": person, "file_id": self.world.file(&self.director, "consent")})
    }
}

#[test]
fn a_consent_is_recorded_read_withdrawn_and_told_in_words() {
    let it = scene(10);
    let recorded = it.record(&it.director, it.form(&[it.represented()])).expect(201);
    let id = recorded.id();
    assert_eq!(recorded.header("location"), Some(format!("/api/v1/consents/{id}").as_str()));
    assert_eq!(
        (&recorded.body["state"], &recorded.body["holds_from"]),
        (&json!("in_force"), &json!(it.world.day(0)))
    );
    assert_eq!(
        recorded.body["organizations"],
        json!([{"organization_id": it.organization, "organization_name": "Центр"}])
    );
    assert_eq!(it.card(&it.director, &id).expect(200).body, recorded.body);
    let withdraw = recorded.action("withdraw").expect("an action");
    assert_eq!(withdraw["blocked_by"], json!([]));
    let withdrawn = it.step(&it.director, &id, "withdrawal", it.withdrawal(&it.guardian)).expect(200);
    assert_eq!(
        (&withdrawn.body["state"], &withdrawn.body["withdrawn_on"]),
        (&json!("withdrawn"), &json!(it.world.day(0)))
    );
    it.step(&it.director, &id, "withdrawal", it.withdrawal(&it.guardian)).refused(409, "consent.ended");
    it.step(&it.director, &id, "signatures", it.represented()).refused(409, "consent.ended");
    let told = it.world.get(&it.director, &format!("/consents/{id}/history")).expect(200);
    let told: Vec<_> = told.items().iter().map(|it| it["ru"].clone()).collect();
    assert_eq!(told, ["Согласие отозвано.", "Внесено согласие: работа команды случая."]);
}

#[test]
fn from_fourteen_a_consent_waits_for_both_signatures() {
    let it = scene(14);
    let recorded = it.record(&it.director, it.form(&[it.represented()])).expect(201);
    let id = recorded.id();
    assert_eq!(
        (&recorded.body["state"], &recorded.body["signatures_missing"]),
        (&json!("awaiting"), &json!(["recipient"]))
    );
    assert_eq!(recorded.action("sign").expect("an action")["takes"][0]["words"], json!(["recipient"]));
    it.step(&it.director, &id, "signatures", it.represented()).refused(409, "consent.already_given");
    let signed = it.step(&it.director, &id, "signatures", it.own()).expect(200);
    assert_eq!((&signed.body["state"], signed.body["version"].as_i64()), (&json!("in_force"), Some(2)));
    it.step(&it.director, &id, "signatures", it.own()).refused(409, "consent.complete");
}

#[test]
fn a_child_of_thirteen_does_not_sign_and_nobody_signs_for_an_adult() {
    let it = scene(13);
    it.record(&it.director, it.form(&[it.own()])).refused(422, "consent.too_young");
    let it = scene(18);
    it.record(&it.director, it.form(&[it.represented()])).refused(422, "consent.wrong_signatory");
    let recorded = it.record(&it.director, it.form(&[it.own()])).expect(201);
    assert_eq!(recorded.body["state"], "in_force");
    it.step(&it.director, &recorded.id(), "withdrawal", it.withdrawal(&it.guardian))
        .refused(422, "consent.withdrawn_by_whom");
}

#[test]
fn what_a_guardian_signed_alone_ends_with_the_eighteenth_birthday() {
    let mut it = scene(13);
    let form = with(it.form(&[it.represented()]), &json!({"valid_until": it.world.day(3000)}));
    let recorded = it.record(&it.director, form).expect(201);
    let birthday = it.world.today() + Months::new(60);
    assert_eq!(recorded.body["holds_until"], json!(birthday.pred_opt()));
    let days = (birthday - it.world.today()).num_days();
    it.world.advance_days(days - 1);
    let director = it.world.again(&it.director);
    assert_eq!(it.card(&director, &recorded.id()).expect(200).body["state"], "in_force");
    it.world.advance_days(1);
    let director = it.world.again(&it.director);
    assert_eq!(it.card(&director, &recorded.id()).expect(200).body["state"], "expired");
}

#[test]
fn everything_wrong_with_a_consent_is_told_at_once() {
    let it = scene(15);
    let ahead = with(it.own(), &json!({"signed_on": it.world.day(1), "file_id": null}));
    let nobody = "01980000-0000-7000-8000-00000000000c";
    let stranger = with(it.represented(), &json!({"representative_id": nobody, "file_id": nobody}));
    let form = with(
        it.form(&[ahead, stranger]),
        &json!({"organization_ids": [nobody], "valid_until": it.world.day(-1)}),
    );
    let refused = it.record(&it.director, form).expect(422);
    let told: Vec<(String, String)> = refused.body["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|it| {
            (it["pointer"].as_str().unwrap_or("").to_owned(), it["code"].as_str().unwrap_or("").to_owned())
        })
        .collect();
    let mut told: Vec<_> = told.iter().map(|(at, code)| (at.as_str(), code.as_str())).collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            ("/organization_ids/0", "field.reference"),
            ("/signatures/0/file_id", "consent.paper_needed"),
            ("/signatures/0/signed_on", "life.in_future"),
            ("/signatures/1/file_id", "field.reference"),
            ("/signatures/1/representative_id", "consent.no_authority"),
            ("/valid_until", "consent.term"),
        ]
    );
}

#[test]
fn each_purpose_asks_for_its_own_members() {
    let it = scene(10);
    let wrong = |members: Value, pointer: &str, code: &str| {
        let refused = it.record(&it.director, with(it.form(&[it.represented()]), &members)).expect(422);
        let errors = refused.body["errors"].as_array().cloned().unwrap_or_default();
        assert!(errors.iter().any(|it| it["pointer"] == pointer && it["code"] == code), "{errors:?}");
    };
    wrong(json!({"organization_ids": []}), "/organization_ids", "field.missing");
    wrong(json!({"parts": []}), "/parts", "field.missing");
    wrong(json!({"parts": ["life", "life"]}), "/parts", "field.combination");
    wrong(json!({"data": ["full_name"]}), "/data", "field.combination");
    wrong(json!({"channels": ["Газета"]}), "/channels", "field.combination");
    wrong(json!({"purpose": "image"}), "/data", "field.missing");
    wrong(json!({"purpose": "image", "data": ["image"]}), "/parts", "field.combination");
    wrong(json!({"purpose": "mentorship"}), "/purpose", "field.word");
    wrong(json!({"signatures": []}), "/signatures", "field.length");
    let form = json!({"purpose": "image", "data": ["image"], "channels": ["Сайт центра"], "valid_until": it.world.day(9),
        "signatures": [it.represented()]});
    assert_eq!(it.record(&it.director, form).expect(201).body["data"], json!(["image"]));
}

#[test]
fn a_young_person_signs_and_withdraws_alone_in_the_system() {
    let it = scene(18);
    let account = it.world.account("young", json!([{"role": "mentee"}]), Some(&it.child));
    let own = with(it.own(), &json!({"file_id": null}));
    let other = with(it.own(), &json!({"person_id": it.guardian, "file_id": null}));
    let refused = it.record(&account, it.form(&[other])).expect(403);
    assert!(refused.codes().contains(&"access.not_yours"));
    it.record(&it.director, it.form(std::slice::from_ref(&own))).refused(422, "consent.paper_needed");
    let recorded = it.record(&account, it.form(&[own])).expect(201);
    assert_eq!(recorded.body["state"], "in_force");
    let withdrawn =
        it.step(&account, &recorded.id(), "withdrawal", json!({"person_id": it.child})).expect(200);
    assert_eq!(withdrawn.body["state"], "withdrawn");
}

#[test]
fn the_ledger_shows_the_consents_of_mentorships_too() {
    let (world, pair) = World::paired();
    let id = world.consented(&pair);
    let ledger = format!("/beneficiaries/{}/consents", pair.beneficiary);
    let form = json!({"purpose": "story", "data": ["story"], "valid_until": world.day(30), "signatures": [
        {"signatory": "recipient", "person_id": pair.person, "signed_on": world.day(0), "file_id": world.file(&pair.director, "consent")}]});
    let own = world.post(&pair.director, &ledger, form).expect(201).id();
    let all = world.get(&pair.director, &ledger).expect(200);
    let told: Vec<_> = all.items().iter().map(|it| (it["purpose"].clone(), it["state"].clone())).collect();
    assert_eq!(told, [(json!("story"), json!("in_force")), (json!("mentorship"), json!("in_force"))]);
    let signed = Reply::id_of(&all.items()[1]);
    assert_eq!(all.items()[1]["mentorship_id"], json!(id));
    assert_eq!(
        world.get(&pair.director, &format!("/consents/{signed}")).expect(200).body["available_actions"],
        json!([])
    );
    let paper = json!({"person_id": pair.person, "file_id": world.file(&pair.director, "consent")});
    world
        .post(&pair.director, &format!("/consents/{signed}/withdrawal"), paper)
        .refused(409, "consent.of_mentorship");
    let first = world.get(&pair.director, &format!("{ledger}?limit=1")).expect(200);
    assert_eq!(first.ids(), [own]);
    let next = first.body["next_cursor"].as_str().expect("a cursor").to_owned();
    let second = world.get(&pair.director, &format!("{ledger}?limit=1&cursor={next}")).expect(200);
    assert_eq!(second.ids(), [signed.as_str()]);
    let stories = world.get(&pair.director, &format!("{ledger}?purpose=story,image")).expect(200);
    assert_eq!(stories.items().len(), 1);
    let of_mentorships = world.get(&pair.director, &format!("{ledger}?purpose=mentorship")).expect(200);
    assert_eq!(of_mentorships.items().len(), 1);
    let mentor = world.mentor_account("mentor", &pair);
    world.get(&mentor, &ledger).expect(403);
    let neighbour = world.neighbour();
    world.get(&neighbour, &ledger).expect(404);
    world.get(&neighbour, &format!("/consents/{signed}")).expect(404);
}

#[test]
fn a_consent_moves_on_from_its_latest_version_only() {
    let it = scene(15);
    let recorded = it.record(&it.director, it.form(&[it.represented()])).expect(201);
    let path = format!("/api/v1/consents/{}/signatures", recorded.id());
    let stale = |etag: &str| {
        it.world.ask("POST", &path).by(&it.director).header("if-match", etag).json(&it.own()).send()
    };
    it.step(&it.director, &recorded.id(), "signatures", it.own()).expect(200);
    stale(&recorded.etag()).refused(412, "version.stale");
}

#[test]
fn a_consent_that_awaits_the_own_signature_of_a_person_stands_on_the_desk_of_that_person_alone() {
    let it = scene(14);
    let recorded = it.record(&it.director, it.form(&[it.represented()])).expect(201).id();
    let own_first = it.record(&it.director, it.form(&[it.own()])).expect(201);
    assert_eq!(own_first.body["signatures_missing"], json!(["representative"]));
    let withdrawn = it.record(&it.director, it.form(&[it.represented()])).expect(201).id();
    it.step(&it.director, &withdrawn, "withdrawal", it.withdrawal(&it.guardian)).expect(200);
    let child = it.world.account("child", json!([{"role": "mentee"}]), Some(&it.child));
    let waiting = |who: &Account| it.world.on_desk(who, "consents_to_sign");
    assert_eq!(waiting(&child), std::slice::from_ref(&recorded));
    assert!(waiting(&it.director).is_empty(), "a paper that staff records waits for somebody else");
    assert!(waiting(&it.world.admin()).is_empty());
    let own = json!({"signatory": "recipient", "person_id": it.child, "signed_on": it.world.day(0)});
    it.step(&child, &recorded, "signatures", own).expect(200);
    assert!(waiting(&child).is_empty());
}
