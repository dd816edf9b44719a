//! Organizations that were closed: nothing new begins in them, and what goes on there is ended or handed over.
use super::transfers::{Scene, scene};
use serde_json::{Value, json};
use tests::{Account, Reply, with};

impl Scene {
    fn home(&self) -> &str {
        &self.pair.organization
    }
    /// Enters the last day of an organization: yesterday.
    fn close(&self, organization: &str) {
        self.world.close_organization(organization, &self.world.day(-1));
    }
    fn post(&self, path: &str, form: Value) -> Reply {
        self.world.post(self.director(), path, form)
    }
    /// Posts what names a closed organization, which is refused at that place alone.
    fn refused(&self, path: &str, form: Value, at: &str) {
        self.post(path, form).refused_at(422, "organization.closed", at);
    }
    /// The codes that an action of a card tells to be in its way.
    fn blocked(&self, who: &Account, path: &str, action: &str) -> Value {
        let card = self.world.get(who, path).expect(200);
        card.action(action).unwrap_or_else(|| panic!("no {action}: {}", card.text))["blocked_by"].clone()
    }
    fn of_case(&self, what: &str) -> String {
        format!("/cases/{}/{what}", self.case)
    }
    /// A ground of law on which the centre reads who it is.
    fn by_law(&self, members: Value) -> Value {
        let paper = self.world.file(&self.pair.director, "consent");
        let ground = json!({"parts": ["identity"], "legal_ground": "Запрос опеки", "ground_file_id": paper});
        with(ground, &members)
    }
    fn transfer(&self) -> Value {
        self.by_law(json!({"to_organization_id": self.centre, "reason": "reorganisation"}))
    }
    fn referral(&self) -> Value {
        let need = json!({"noticed_on": self.world.day(0), "domain": "relations", "text": "Тревожится.", "source": "person", "urgency": "week"});
        let need = self.post(&self.of_case("needs"), need).expect(201).id();
        let form = json!({"to_organization_id": self.centre, "need_ids": [need], "reason": "Нужен психолог.", "urgency": "week"});
        self.by_law(form)
    }
}

#[test]
fn a_closed_organization_begins_nothing_and_its_work_goes_on_until_it_is_ended_or_handed_over() {
    let it = scene();
    let (world, home) = (&it.world, it.home().to_owned());
    let person = world.person(&it.pair.director, json!({"given_name": "Анна", "birth_date": "2006-02-02"}));
    let other = world.beneficiary(&it.pair.director, &home, &person);
    let ended = world.case(&it.pair.director, &home, &other);
    let newcomer = world.person(&it.pair.director, json!({"given_name": "Вера", "birth_date": "2006-03-03"}));
    let idle = world.person(&it.pair.director, json!({"given_name": "Нина", "birth_date": "2006-04-04"}));
    let idle = world.beneficiary(&it.pair.director, &home, &idle);
    it.close(&home);

    let opening = json!({"beneficiary_id": idle, "organization_id": home, "opened_on": world.day(0)});
    it.refused("/cases", opening.clone(), "/organization_id");
    let late = with(opening, &json!({"opened_on": world.day(-30)}));
    it.refused("/cases", late, "/organization_id");
    let form = json!({"kind": "person", "person_id": newcomer, "category": "without_parental_care", "organization_id": home,
        "territory": "25655000"});
    it.refused("/beneficiaries", form, "/organization_id");
    let members = json!([{"role": "chair", "user_id": it.pair.director.id}, {"role": "member", "name": "Петрова Елена"}]);
    let sitting = |hours: i64| json!({"organization_id": home, "planned_at": world.hour(hours), "form": "in_person", "members": members});
    it.refused("/consilia", sitting(24), "/organization_id");
    it.post("/consilia", sitting(-48)).expect(201);
    let programme = json!({"effective_from": world.day(0), "name": "Наша программа", "organization_id": home, "modules": []});
    it.refused("/living-programmes", programme, "/organization_id");
    let asked = json!({"snils": "11223344595", "reason": "Обратилась за помощью."});
    it.refused("/access-requests", asked, "/organization_id");

    // A record keeps the organization that it names, and a case is worked on.
    let path = format!("/beneficiaries/{}", it.pair.beneficiary);
    world.edit(&it.pair.director, &path, json!({"category": "former_care_adult"})).expect(200);
    let contact =
        json!({"held_on": world.day(0), "medium": "phone", "talked_with": ["person"], "reached": true});
    it.post(&it.of_case("case-contacts"), contact).expect(201);
    let closing = json!({"closed_on": world.day(0), "reason": "moved"});
    it.post(&format!("/cases/{ended}/closing"), closing).expect(200);
    let transfer = it.post(&it.of_case("transfers"), it.transfer()).expect(201).id();
    it.accept(&transfer).expect(200);
    let moved = world.get(&it.receiver, &path).expect(200);
    assert_eq!(moved.body["organization_id"], json!(it.centre));
}

#[test]
fn a_closed_organization_takes_no_case_no_referral_and_no_place_in_a_team_of_another_one() {
    let it = scene();
    let (world, director) = (&it.world, &it.pair.director);
    let sent = it.post(&it.of_case("referrals"), it.referral()).expect(201).id();
    it.close(&it.centre);

    let accepted = json!({"specialist_user_id": it.heir.id});
    let step = |path: String, order: Value| world.post(&it.receiver, &path, order);
    let card = format!("/referrals/{sent}");
    assert_eq!(it.blocked(&it.receiver, &card, "accept"), json!(["organization.closed"]));
    assert_eq!(it.blocked(&it.receiver, &card, "reject"), json!([]));
    let late = step(format!("/referrals/{sent}/acceptance"), accepted);
    late.refused_at(422, "organization.closed", "/specialist_user_id");
    step(format!("/referrals/{sent}/rejection"), json!({"reason": "no_capacity"})).expect(200);
    it.refused(&it.of_case("referrals"), it.referral(), "/to_organization_id");
    it.refused(&it.of_case("transfers"), it.transfer(), "/to_organization_id");
    let invited = json!({"user_id": it.heir.id, "role": "psychologist", "until": world.day(90)});
    it.refused(&it.of_case("team-members"), it.by_law(invited), "/user_id");

    // A consent names it for its last day, and for no later one.
    let signed = |days: i64| {
        let signature = json!({"signatory": "recipient", "person_id": it.pair.person, "signed_on": world.day(days),
            "file_id": world.file(director, "consent")});
        json!({"purpose": "team", "organization_ids": [it.home(), it.centre], "parts": ["identity"],
            "valid_until": world.day(300), "signatures": [signature]})
    };
    let ledger = format!("/beneficiaries/{}/consents", it.pair.beneficiary);
    it.refused(&ledger, signed(0), "/organization_ids/1");
    it.post(&ledger, signed(-1)).expect(201);
}

#[test]
fn a_transfer_to_an_organization_that_has_closed_meanwhile_is_rejected_and_not_accepted() {
    let it = scene();
    let transfer = it.post(&it.of_case("transfers"), it.transfer()).expect(201).id();
    it.close(&it.centre);
    let card = format!("/case-transfers/{transfer}");
    assert_eq!(it.blocked(&it.receiver, &card, "accept"), json!(["organization.closed"]));
    assert_eq!(it.blocked(&it.receiver, &card, "reject"), json!([]));
    it.accept(&transfer).refused_at(422, "organization.closed", "/specialist_user_id");
    it.answer(&it.receiver, &transfer, "rejection", json!({"reason": "no_capacity"})).expect(200);
}

#[test]
fn a_closed_organization_gets_no_mentor_and_begins_no_mentorship() {
    let it = scene();
    let (world, pair) = (&it.world, &it.pair);
    let agreed = world.consented(pair);
    let fresh = world.pair_at(it.home(), &pair.director, &pair.program);
    let candidate = world.resident(&pair.director);
    let ngo = world.ngo("Второе дело");
    let application = world.submitted(&pair.director, &candidate, it.home(), &ngo).id();
    world.assess(&pair.director, &application);
    let form = world.application_form(&pair.director, &candidate, it.home(), &ngo);
    it.close(it.home());
    it.close(&ngo);

    let again = it.post("/mentor-applications", form).refused(422, "organization.closed");
    assert_eq!(again.pointers(), ["/organization_id", "/ngo_id"]);
    let closed = json!(["organization.closed"]);
    let card = format!("/mentor-applications/{application}");
    assert_eq!(it.blocked(&pair.director, &card, "approve"), closed);
    assert_eq!(it.blocked(&pair.director, &card, "reject"), json!([]));
    assert_eq!(it.blocked(&pair.director, &format!("/mentorships/{agreed}"), "confirm"), closed);
    let decision = format!("/mentor-applications/{application}/decision");
    it.refused(&decision, json!({"kind": "approve"}), "/kind");
    let no = json!({"kind": "reject", "reason": "other", "note": "Учреждение закрыто."});
    it.post(&decision, no).expect(200);
    let mentor = format!("/mentors/{}", pair.mentor);
    let named = world.edit(&pair.director, &mentor, json!({"ngo_id": ngo}));
    named.refused_at(422, "organization.closed", "/ngo_id");
    it.refused(&format!("/mentorships/{agreed}/confirmation"), world.confirmation(), "/starts_on");
    let left = json!({"party": "mentor", "decision": "decline"});
    it.post(&format!("/mentorships/{agreed}/acceptances"), left).expect(200);
    it.refused("/mentorships", world.proposal(&fresh), "/beneficiary_id");
    let round = json!({"program_id": pair.program, "organization_id": it.home(), "kind": "full"});
    it.refused("/matching-rounds", round, "/organization_id");
    let activity = world.activity_form(&pair.program, it.home(), &[&pair.mentor], &[&pair.beneficiary]);
    it.refused("/joint-activities", activity.clone(), "/organization_id");
    it.post("/joint-activities", with(activity, &json!({"held_on": world.day(-1)}))).expect(201);
}
