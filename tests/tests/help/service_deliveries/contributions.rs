//! Services that other organizations record in a case: members of its team, and receivers of its referrals.
use super::super::needs::{Scene, scene};
use super::super::service_standards::introduced;
use serde_json::{Value, json};
use tests::{Account, Reply, with};

/// A case with two needs, and a centre that helps.
struct Outside {
    it: Scene,
    centre: String,
    receiver: Account,
    standard: String,
    study: String,
    health: String,
}

fn outside() -> Outside {
    let it = scene();
    let (centre, receiver) = it.world.institution("Центр помощи");
    let standard = introduced(&it.world, json!({"code": "any", "effective_from": it.world.day(-90)}));
    let study = it.need(json!({}));
    let health = it.need(json!({"domain": "health", "text": "Лечить зубы-Х."}));
    Outside { it, centre, receiver, standard, study, health }
}

impl Outside {
    fn delivery(&self, members: Value) -> Value {
        let form = json!({"standard_id": self.standard, "provider_organization_id": self.centre,
            "delivered_on": self.it.world.day(0), "volume": 2, "need_ids": [self.study], "result": "Занимались-Х."});
        with(form, &members)
    }
    fn record(&self, who: &Account, at: &str, members: Value) -> Reply {
        self.it.world.post(who, &format!("{at}/service-deliveries"), self.delivery(members))
    }
    /// A membership of the director of the centre, and its consent.
    fn member(&self, parts: &[&str], level: &str) -> (String, String) {
        let ground = self.it.consent_to("team", &self.centre, parts);
        let form = json!({"user_id": self.receiver.id, "role": "psychologist", "parts": parts, "level": level,
            "until": self.it.world.day(100)});
        let path = self.it.of_case("team-members");
        let member = self.it.world.post(&self.it.director, &path, with(form, &ground)).expect(201).id();
        (format!("/case-team-members/{member}"), ground["consent_id"].as_str().expect("a consent").to_owned())
    }
    /// An accepted referral with the need of study alone, and its consent.
    fn referral(&self, parts: &[&str]) -> (String, String) {
        let ground = self.it.consent_to("referral", &self.centre, parts);
        let form = json!({"to_organization_id": self.centre, "need_ids": [self.study], "reason": "Нужен репетитор.",
            "urgency": "week", "parts": parts});
        let path = self.it.of_case("referrals");
        let sent = self.it.world.post(&self.it.director, &path, with(form, &ground)).expect(201).id();
        let at = format!("/referrals/{sent}");
        let order = json!({"specialist_user_id": self.receiver.id});
        self.it.world.post(&self.receiver, &format!("{at}/acceptance"), order).expect(200);
        (at, ground["consent_id"].as_str().expect("a consent").to_owned())
    }
    fn withdraw(&self, consent: &str) {
        let paper = self.it.world.file(&self.it.director, "consent");
        let order = json!({"person_id": self.it.girl, "file_id": paper});
        self.it.world.post(&self.it.director, &format!("/consents/{consent}/withdrawal"), order).expect(200);
    }
    fn own(&self, at: &str) -> Reply {
        self.it.world.get(&self.receiver, &format!("{at}/service-deliveries")).expect(200)
    }
    fn desk(&self, who: &Account) -> Vec<String> {
        let agenda = self.it.world.get(who, "/me/agenda").expect(200);
        agenda.body["deliveries_of_others"].as_array().expect("deliveries").iter().map(Reply::id_of).collect()
    }
}

#[test]
fn a_contributing_member_records_services_and_reads_the_own_ones_for_ever() {
    let here = outside();
    let (it, world) = (&here.it, &here.it.world);
    let (at, consent) = here.member(&["identity", "help"], "contribute");
    let told = world.get(&here.receiver, &format!("{at}/shared-help")).expect(200);
    assert_eq!(told.body["needs"][0]["id"], json!(here.study));
    let card = world.get(&here.receiver, &at).expect(200);
    assert_eq!(card.action("record_delivery").expect("an action")["blocked_by"], json!([]));
    let added = here.record(&here.receiver, &at, json!({})).expect(201);
    assert!(!added.text.contains("Морозова") && added.text.contains("Занимались-Х"), "{}", added.text);
    let all = world.get(&it.director, &it.of_case("service-deliveries")).expect(200);
    assert_eq!(Reply::id_of(&all.items()[0]), added.id());
    assert_eq!(here.desk(&it.director), [added.id()], "the organization that accompanies is told");
    assert!(here.desk(&here.receiver).is_empty());
    here.record(&it.director, &at, json!({})).expect(404);
    here.withdraw(&consent);
    here.record(&here.receiver, &at, json!({})).refused(409, "case_team.not_running");
    let own = here.own(&at);
    assert_eq!(own.items()[0]["delivery"]["result"], "Занимались-Х.");
    assert!(!own.text.contains("Морозова") && !own.text.contains(&it.case), "{}", own.text);
    let reason = json!({"reason": "Внесено по ошибке."});
    world.post(&it.director, &format!("/service-deliveries/{}/annulment", added.id()), reason).expect(200);
    assert_eq!(here.own(&at).items()[0]["annulment"]["reason"], "Внесено по ошибке.");
    assert!(here.desk(&it.director).is_empty());
}

#[test]
fn a_member_records_the_own_services_alone_for_needs_that_are_shared() {
    let here = outside();
    let (it, world) = (&here.it, &here.it.world);
    let (at, _) = here.member(&["identity", "help"], "contribute");
    let other = json!({"provider_organization_id": it.organization, "need_ids": [here.health, here.study]});
    let refused = here.record(&here.receiver, &at, other).expect(422);
    assert_eq!(refused.codes(), ["delivery.not_own", "field.reference"]);
    assert_eq!(refused.body["errors"][1]["pointer"], "/need_ids/0");
    here.record(&here.receiver, &at, json!({"need_ids": [it.case]})).refused(422, "field.reference");
    here.record(&here.receiver, &at, json!({"delivered_on": world.day(1)})).refused(422, "case.in_future");
    here.record(&here.receiver, &at, json!({"standard_id": it.case})).refused(422, "field.reference");
    let named = json!({"provider_organization_id": null, "provider_text": "Мы", "provider_kind": "ngo"});
    here.record(&here.receiver, &at, named).refused(422, "delivery.not_own");
    here.record(&here.receiver, &at, json!({"need_ids": []})).expect(201);
    let (_, stranger) = world.institution("Чужой центр");
    here.record(&stranger, &at, json!({})).expect(404);
    world.get(&stranger, &format!("{at}/service-deliveries")).expect(404);
    world.get(&it.director, &format!("{at}/service-deliveries")).expect(404);
}

#[test]
fn an_urgent_service_is_given_with_its_act_and_by_nobody_as_a_delivery() {
    let here = outside();
    let urgent = here.it.shipped("urgent-food");
    here.it.deliver(&urgent, json!({})).refused(422, "delivery.act_missing");
    let (member, _) = here.member(&["identity", "help"], "contribute");
    let (referral, _) = here.referral(&["identity", "help"]);
    for at in [&member, &referral] {
        let refused = here.record(&here.receiver, at, json!({"standard_id": urgent}));
        assert_eq!(refused.expect(422).codes(), ["delivery.act_missing"]);
        here.record(&here.receiver, at, json!({})).expect(201);
    }
}

#[test]
fn a_reading_member_and_one_without_the_part_record_nothing() {
    let here = outside();
    let (at, _) = here.member(&["identity", "help"], "read");
    here.record(&here.receiver, &at, json!({})).refused(403, "case_team.read_only");
    let here = outside();
    let (at, _) = here.member(&["identity", "records"], "contribute");
    here.record(&here.receiver, &at, json!({})).refused(403, "case_team.read_only");
    let contact = json!({"held_on": here.it.world.day(0), "medium": "phone", "talked_with": ["person"], "reached": true});
    here.it.world.post(&here.receiver, &format!("{at}/case-contacts"), contact).expect(201);
}

#[test]
fn those_in_charge_of_a_referral_record_services_for_its_needs_until_it_ends() {
    let here = outside();
    let (it, world) = (&here.it, &here.it.world);
    let (at, _) = here.referral(&["identity", "help", "health"]);
    let card = world.get(&here.receiver, &at).expect(200);
    assert!(card.action("record_delivery").is_some());
    here.record(&here.receiver, &at, json!({"need_ids": [here.health]})).refused(422, "field.reference");
    let colleague = world.staff("support_specialist", &here.centre);
    here.record(&colleague, &at, json!({})).expect(404);
    let added = here.record(&here.receiver, &at, json!({})).expect(201).id();
    assert_eq!(here.desk(&it.director), std::slice::from_ref(&added));
    let done = json!({"result": "Занятия окончены."});
    world.post(&here.receiver, &format!("{at}/completion"), done).expect(200);
    here.record(&here.receiver, &at, json!({})).expect(404);
    let own = here.own(&at);
    assert_eq!((own.items()[0]["id"].as_str(), own.items().len()), (Some(added.as_str()), 1));
    assert!(!own.text.contains("Морозова") && !own.text.contains(&it.case), "{}", own.text);
    world.get(&colleague, &format!("{at}/service-deliveries")).expect(404);
    world.get(&it.director, &format!("{at}/service-deliveries")).expect(404);
}

#[test]
fn a_referral_without_the_part_or_the_consent_takes_no_services() {
    let here = outside();
    let (at, _) = here.referral(&["identity"]);
    here.record(&here.receiver, &at, json!({})).expect(404);
    assert!(here.it.world.get(&here.receiver, &at).expect(200).action("record_delivery").is_none());
    let here = outside();
    let (at, consent) = here.referral(&["identity", "help"]);
    here.record(&here.receiver, &at, json!({})).expect(201);
    here.withdraw(&consent);
    here.record(&here.receiver, &at, json!({})).expect(404);
    assert_eq!(here.own(&at).items().len(), 1);
}
