//! Nominations: nothing about a person is sent without a consent, and its withdrawal takes the nomination back.
use super::super::child;
use serde_json::{Value, json};
use tests::{Account, Reply, World, with};

fn nomination(world: &World, who: &Account, organization: &str, members: Value) -> Reply {
    let form = json!({"award": "Преодоление", "giver": "Правительство области", "organization_id": organization,
        "subject": "organization", "nominee_id": organization, "text": "Десять лет работы."});
    world.post(who, "/nominations", with(form, &members))
}

fn send(world: &World, who: &Account, id: &str) -> Reply {
    world.post(who, &format!("/nominations/{id}/sending"), json!({"sent_on": world.day(0)}))
}

#[test]
fn a_nomination_of_a_child_is_sent_with_a_consent_and_withdrawn_with_it() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let child = child(&world, &director, &organization, 10);
    let of_child = json!({"subject": "person", "person_id": child.person});
    let draft = nomination(&world, &director, &organization, of_child).expect(201);
    let path = format!("/nominations/{}", draft.id());
    send(&world, &director, &draft.id()).refused(409, "nomination.no_consent");
    child.consents(&world, &director, "story", 100, false).expect(201);
    send(&world, &director, &draft.id()).refused(409, "nomination.no_consent");
    let consent = child.consents(&world, &director, "award", 100, false).expect(201).id();
    assert_eq!(send(&world, &director, &draft.id()).expect(200).body["state"], "sent");
    send(&world, &director, &draft.id()).refused(409, "nomination.not_draft");
    let seen = world.get(&director, &path).expect(200);
    world
        .patch(&director, &path, &seen.etag(), json!({"text": "Другое."}))
        .refused(409, "nomination.not_draft");
    child.withdraws(&world, &director, &consent).expect(200);
    assert_eq!(world.get(&director, &path).expect(200).body["state"], "withdrawn");
    let result = json!({"awarded": true, "decided_on": world.day(0)});
    world.post(&director, &format!("{path}/result"), result).refused(409, "nomination.not_sent");
    world.post(&director, &format!("{path}/withdrawal"), json!({})).refused(409, "nomination.over");
    let told = world.get(&director, &format!("{path}/history")).expect(200);
    assert_eq!(told.kinds(), ["nomination.withdrawn", "nomination.sent", "nomination.added"]);
    let (_, stranger) = world.institution("Другой центр");
    world.get(&stranger, &path).expect(404);
}

#[test]
fn another_consent_that_is_in_force_keeps_a_nomination() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let child = child(&world, &director, &organization, 10);
    let draft =
        nomination(&world, &director, &organization, json!({"subject": "person", "person_id": child.person}));
    let path = format!("/nominations/{}", draft.expect(201).id());
    let consents =
        [100, 200].map(|days| child.consents(&world, &director, "award", days, false).expect(201).id());
    child.withdraws(&world, &director, &consents[0]).expect(200);
    assert_eq!(world.get(&director, &path).expect(200).body["state"], "draft");
    child.withdraws(&world, &director, &consents[1]).expect(200);
    assert_eq!(world.get(&director, &path).expect(200).body["state"], "withdrawn");
}

#[test]
fn a_nomination_keeps_its_subject_and_is_withdrawn_once() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let draft = nomination(&world, &director, &organization, json!({})).expect(201);
    let path = format!("/nominations/{}", draft.id());
    let person = world.resident(&director);
    world
        .patch(&director, &path, &draft.etag(), json!({"subject": "person", "person_id": person}))
        .refused(422, "nomination.subject_fixed");
    let withdrawn = world.post(&director, &format!("{path}/withdrawal"), json!({})).expect(200);
    assert_eq!(withdrawn.body["state"], "withdrawn");
    world.post(&director, &format!("{path}/withdrawal"), json!({})).refused(409, "nomination.over");
}

#[test]
fn each_adult_of_a_family_consents_to_its_nomination() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let [mother, father] =
        ["1990-01-01", "1988-01-01"].map(|it| world.person(&director, json!({"birth_date": it})));
    let son = world.person(&director, json!({"birth_date": "2016-01-01"}));
    let family = world.family(&director, &[&mother, &father, &son]);
    let family = world.family_beneficiary(&director, &organization, &family);
    let form = json!({"subject": "family", "beneficiary_id": family});
    let id = nomination(&world, &director, &organization, form).expect(201).id();
    for (person, expected) in [(&mother, 409), (&father, 200)] {
        let signature = json!({"signatory": "recipient", "person_id": person, "signed_on": world.day(0),
            "file_id": world.file(&director, "consent")});
        let form = json!({"purpose": "award", "data": ["full_name"], "valid_until": world.day(90), "signatures": [signature]});
        world.post(&director, &format!("/beneficiaries/{family}/consents"), form).expect(201);
        assert_eq!(send(&world, &director, &id).status, expected);
    }
}

#[test]
fn a_mentor_who_is_no_beneficiary_consents_on_paper() {
    let (world, pair) = World::paired();
    let of = |members: Value| {
        let form = with(json!({"subject": "person", "person_id": pair.mentor_person}), &members);
        nomination(&world, &pair.director, &pair.organization, form).expect(201).id()
    };
    send(&world, &pair.director, &of(json!({}))).refused(409, "nomination.no_consent");
    let paper = world.file(&pair.director, "consent");
    send(&world, &pair.director, &of(json!({"consent_file_id": paper}))).expect(200);
    let recipient = json!({"person_id": pair.person, "consent_file_id": paper});
    send(&world, &pair.director, &of(recipient)).refused(409, "nomination.no_consent");
}

#[test]
fn an_award_of_an_organization_is_open_and_that_of_a_person_is_not() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let id = nomination(&world, &director, &organization, json!({"category": "Социальный проект"}))
        .expect(201)
        .id();
    let step = |step: &str, order: Value| world.post(&director, &format!("/nominations/{id}/{step}"), order);
    let early = json!({"awarded": false, "decided_on": world.day(1), "prize": "Диплом"});
    step("result", early.clone()).refused(409, "nomination.not_sent");
    step("sending", json!({"sent_on": world.day(1)})).refused(422, "life.in_future");
    step("sending", json!({"sent_on": world.day(-3)})).expect(200);
    assert_eq!(step("result", early).codes(), ["life.in_future", "nomination.prize"]);
    let before = json!({"awarded": true, "decided_on": world.day(-4)});
    step("result", before).refused(422, "nomination.decided_early");
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    assert!(world.get(&analyst, "/awards").expect(200).items().is_empty());
    step("result", json!({"awarded": true, "decided_on": world.day(0), "prize": "Диплом"})).expect(200);
    let pair = world.pair_at(&organization, &director, &world.program("together-six-meetings"));
    let paper = world.file(&director, "consent");
    let form = json!({"subject": "person", "person_id": pair.mentor_person, "consent_file_id": paper});
    let of_person = nomination(&world, &director, &organization, form).expect(201).id();
    send(&world, &director, &of_person).expect(200);
    let won = json!({"awarded": true, "decided_on": world.day(0)});
    world.post(&director, &format!("/nominations/{of_person}/result"), won).expect(200);
    let open = world.get(&analyst, "/awards").expect(200);
    assert_eq!(open.ids(), std::slice::from_ref(&id));
    assert_eq!(
        (&open.items()[0]["prize"], &open.items()[0]["nominee_name"]),
        (&json!("Диплом"), &json!("Центр"))
    );
    let officer = json!([{"role": "guardianship_officer", "territory": "25655000"}]);
    let officer = world.account("officer", officer, None);
    for who in [&analyst, &officer, &world.mentor_account("mentor", &pair)] {
        for list in ["/nominations", "/success-stories"] {
            world.get(who, list).expect(403);
        }
    }
    let key = world
        .key(&["read_partnership_inside", "edit_participants"], json!({"organization_ids": [organization]}));
    let drafted = nomination(&world, &director, &organization, json!({})).expect(201).id();
    let order = json!({"sent_on": world.day(0)});
    world.keyed_post(&key, &format!("/nominations/{drafted}/sending"), "sending", order).expect(403);
    nomination(&world, &director, &organization, json!({"subject": "practice"}))
        .refused(422, "field.missing");
}

#[test]
fn a_nomination_waits_on_the_desk_of_its_organization_until_it_is_sent_or_withdrawn() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let (_, stranger) = world.institution("Другой центр");
    let [first, second] =
        [0, 1].map(|_| nomination(&world, &director, &organization, json!({})).expect(201).id());
    let waiting = |who: &Account| world.on_desk(who, "nominations_to_send");
    assert_eq!(waiting(&director), [second.clone(), first.clone()]);
    assert_eq!(waiting(&director), world.get(&director, "/nominations?state=draft").expect(200).ids());
    assert!(waiting(&stranger).is_empty() && waiting(&world.admin()).is_empty());
    send(&world, &director, &first).expect(200);
    world.post(&director, &format!("/nominations/{second}/withdrawal"), json!({})).expect(200);
    assert!(waiting(&director).is_empty());
}
