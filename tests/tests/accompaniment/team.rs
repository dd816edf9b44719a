//! Teams of several organizations: what a member of another one sees of a case, and when that ends.
use super::Place;
use serde_json::{Value, json};
use std::ops::{Deref, DerefMut};
use tests::pairs::at_once;
use tests::{Account, Reply, World, with};

/// Each part of a case, with a text that stands in nothing else.
pub(super) const MARKS: [(&str, &[&str]); 7] = [
    ("identity", &["Морозова"]),
    ("life", &["Колледж-Х", "Быт-Х"]),
    ("health", &["Здоровье-Х"]),
    ("law", &["Право-Х", "Договор-Х"]),
    ("help", &["Долг-Х", "Нужда-Х"]),
    ("records", &["Беседа-Х", "Месяц-Х", "Трудность-Х", "Слова-Х"]),
    ("plans", &["План-Х"]),
];
/// Words about the whole: for those who may know life, health and law.
const CONCLUSION: &str = "Вывод-Х";
/// The conclusion of an assessment: for those who may know plans, health and law.
const ASSESSMENT: &str = "Оценка-Х";
/// A text of a plan about health.
const PLAN_HEALTH: &str = "Недуг-Х";
/// The conclusion of an assessment that is not completed: for nobody from outside.
const DRAFT: &str = "Черновик-Х";

/// A case of an institution with something in each part.
pub(super) struct Marked {
    pub(super) place: Place,
    pub(super) case: String,
    pub(super) plan_version: String,
}

/// The same of a child, and a specialist of a fund who is not of the institution.
pub(super) struct Scene {
    marked: Marked,
    pub(super) guardian: String,
    pub(super) authority: String,
    pub(super) fund: String,
    pub(super) stranger: Account,
}

impl Deref for Scene {
    type Target = Marked;
    fn deref(&self) -> &Marked {
        &self.marked
    }
}

impl DerefMut for Scene {
    fn deref_mut(&mut self) -> &mut Marked {
        &mut self.marked
    }
}

pub(super) fn scene() -> Scene {
    let (world, (of, ids, stranger)) = World::staged(|world| {
        let Scene { marked, guardian, authority, fund, stranger } = scene_in(world);
        let Marked { place, case, plan_version } = marked;
        let Place { world, organization, director, girl, beneficiary } = place;
        let of = (organization, director, girl, beneficiary);
        (world, (of, [case, plan_version, guardian, authority, fund], stranger))
    });
    let (organization, director, girl, beneficiary) = of;
    let [case, plan_version, guardian, authority, fund] = ids;
    let place = Place { world, organization, director, girl, beneficiary };
    Scene { marked: Marked { place, case, plan_version }, guardian, authority, fund, stranger }
}

fn scene_in(world: World) -> Scene {
    let place = super::place_in(world);
    let world = &place.world;
    let born = world.today() - chrono::Months::new(12 * 12);
    let child = world.person(&place.director, json!({"birth_date": born}));
    let beneficiary = world.beneficiary(&place.director, &place.organization, &child);
    let place = Place { girl: child, beneficiary, ..place };
    let world = &place.world;
    let guardian = world.resident(&place.director);
    let authority = world.guardian(&place.director, &place.beneficiary, &guardian);
    let marked = marked(place, "representative");
    let fund = marked.place.world.organization("ngo", "Фонд", "25655000");
    let stranger = marked.place.world.staff("support_specialist", &fund);
    Scene { guardian, authority, fund, stranger, marked }
}

/// A case of the beneficiary of a place, whose plans this approver approves last.
pub(super) fn marked(place: Place, last_approver: &str) -> Marked {
    let world = &place.world;
    let order = json!({"beneficiary_id": place.beneficiary, "organization_id": place.organization, "opened_on": world.day(-30),
        "reason": "Причина-Х", "legal_bases": [{"kind": "contract", "number": "Договор-Х", "drawn_on": world.day(-30)}]});
    let case = world.post(&place.director, "/cases", order).expect(201).id();
    let place = a_month_later(place, &case);
    let world = &place.world;
    let domain = |domain: &str, note: &str| json!({"domain": domain, "level": "watch", "note": note});
    let snapshot = json!({"taken_on": world.day(-1), "source": "visit", "in_touch": "yes", "conclusion": CONCLUSION,
        "domains": [domain("household", "Быт-Х"), domain("health", "Здоровье-Х"), domain("law", "Право-Х")]});
    let put = |path: &str, form: Value| world.post(&place.director, path, form).expect(201);
    put(&format!("/cases/{case}/snapshots"), snapshot);
    put(&format!("/cases/{case}/problems"), json!({"text": "Долг-Х", "noticed_on": world.day(-2)}));
    let need = json!({"noticed_on": world.day(-1), "domain": "money", "text": "Нужда-Х", "source": "person", "urgency": "week"});
    put(&format!("/cases/{case}/needs"), need);
    let contact = json!({"held_on": world.day(-1), "medium": "phone", "talked_with": ["person"], "reached": true, "note": "Беседа-Х"});
    put(&format!("/cases/{case}/case-contacts"), contact);
    let period = json!({"kind": "education", "name": "Колледж-Х", "level": "vocational", "starts_on": world.day(-300)});
    put(&format!("/beneficiaries/{}/life-periods", place.beneficiary), period);
    let plan_version = plan_and_assess(&place, last_approver);
    Marked { place, case, plan_version }
}

/// The month of the case is over and signed.
fn a_month_later(mut place: Place, case: &str) -> Place {
    place.world.advance_days(31);
    place.director = place.world.again(&place.director);
    let words = json!({"summary": "Месяц-Х", "difficulties": "Трудность-Х", "for_person": "Слова-Х", "next_month": "Учёба.",
        "changes": [{"domain": "health", "change": "worse"}]});
    let path = format!("/cases/{case}/monthly-records/2026-03/signature");
    place.world.post(&place.director, &path, json!({"words": words})).expect(200);
    place
}

/// A plan of the child in force, whose version is answered, and a completed assessment.
fn plan_and_assess(of: &Place, last_approver: &str) -> String {
    let (world, director) = (&of.world, &of.director);
    let plan = world.plan(director, &of.beneficiary, json!({"kind": "life_plan"}));
    let mut text = world.life_plan_text();
    text["opinion"] = json!("План-Х");
    let health = json!({"section": "health", "field": "notes", "value": PLAN_HEALTH});
    text["answers"].as_array_mut().expect("answers").push(health);
    let version = world.adopted(director, &plan, text, &["specialist", last_approver]);
    let scale = super::assessments::scale(world, "readiness");
    let form = of.form(&scale, 3, json!({"conclusion": ASSESSMENT}));
    let id = of.start(director, form).expect(201).id();
    of.end_draft(director, &id).expect(200);
    of.start(director, of.form(&scale, 3, json!({"conclusion": DRAFT}))).expect(201);
    version
}

impl Scene {
    pub(super) fn world(&self) -> &World {
        &self.place.world
    }
    /// A consent of the guardian that opens these parts to the fund.
    pub(super) fn consent(&self, parts: &[&str]) -> String {
        let (world, director) = (self.world(), &self.place.director);
        let signature = json!({"signatory": "representative", "person_id": self.guardian, "representative_id": self.authority,
            "signed_on": world.day(0), "file_id": world.file(director, "consent")});
        let form = json!({"purpose": "team", "organization_ids": [self.fund], "parts": parts, "valid_until": world.day(200),
            "signatures": [signature]});
        world
            .post(director, &format!("/beneficiaries/{}/consents", self.place.beneficiary), form)
            .expect(201)
            .id()
    }
    pub(super) fn invite(&self, who: &Account, members: Value) -> Reply {
        let form =
            json!({"user_id": self.stranger.id, "role": "psychologist", "until": self.world().day(100)});
        self.world().post(who, &format!("/cases/{}/team-members", self.case), with(form, &members))
    }
    /// A membership of the stranger with these parts, by a consent for them.
    pub(super) fn granted(&self, parts: &[&str]) -> (String, String) {
        let consent = self.consent(parts);
        let invited = self.invite(&self.place.director, json!({"parts": parts, "consent_id": consent}));
        (invited.expect(201).id(), consent)
    }
    fn shared(&self, who: &Account, membership: &str) -> Reply {
        self.world().get(who, &format!("/case-team-members/{membership}/shared-case"))
    }
    /// The guardian takes a consent back.
    pub(super) fn withdraw(&self, consent: &str) {
        let paper = self.world().file(&self.place.director, "consent");
        let order = json!({"person_id": self.guardian, "file_id": paper});
        self.world()
            .post(&self.place.director, &format!("/consents/{consent}/withdrawal"), order)
            .expect(200);
    }
    pub(super) fn end(&self, who: &Account, membership: &str, order: Value) -> Reply {
        self.world().post(who, &format!("/case-team-members/{membership}/ending"), order)
    }
    /// Whether no address of the case and of its beneficiary lets the stranger in.
    fn is_closed_to(&self, who: &Account) -> bool {
        let (case, beneficiary) = (&self.case, &self.place.beneficiary);
        let of_case =
            ["problems", "snapshots", "case-contacts", "needs", "service-deliveries", "team-members"];
        let mut all: Vec<String> = of_case.iter().map(|it| format!("/cases/{case}/{it}")).collect();
        let of_beneficiary = ["", "/life-periods", "/consents"];
        all.extend(of_beneficiary.map(|it| format!("/beneficiaries/{beneficiary}{it}")));
        all.extend(["", "/history"].map(|it| format!("/cases/{case}{it}")));
        all.extend([format!("/people/{}", self.place.girl), format!("/plan-versions/{}", self.plan_version)]);
        let status = |path: &String| self.world().ask("GET", &format!("/api/v1{path}")).by(who).status();
        all.iter().all(|it| status(it) == 404)
            && self.world().get(who, "/cases").expect(200).items().is_empty()
    }
}

#[test]
fn a_member_of_another_organization_sees_the_granted_parts_and_not_one_byte_more() {
    let it = scene();
    for (part, _) in &MARKS {
        let mut parts = vec!["identity"];
        parts.extend(Some(*part).filter(|it| *it != "identity"));
        let (membership, _) = it.granted(&parts);
        let help = it.world().get(&it.stranger, &format!("/case-team-members/{membership}/shared-help"));
        let text = it.shared(&it.stranger, &membership).expect(200).text + &help.text;
        for (other, marks) in &MARKS {
            for mark in *marks {
                assert_eq!(text.contains(mark), parts.contains(other), "{mark} of {other} by {parts:?}");
            }
        }
        for hidden in [CONCLUSION, "Причина-Х", ASSESSMENT, PLAN_HEALTH, DRAFT] {
            assert!(!text.contains(hidden), "{hidden} by {parts:?}: {text}");
        }
        assert!(it.is_closed_to(&it.stranger));
        it.end(&it.place.director, &membership, json!({"reason": "not_needed"})).expect(200);
        it.shared(&it.stranger, &membership).expect(404);
    }
    let (membership, _) = it.granted(&["identity", "life", "health", "law"]);
    assert!(it.shared(&it.stranger, &membership).expect(200).text.contains(CONCLUSION));
    it.end(&it.place.director, &membership, json!({"reason": "not_needed"})).expect(200);
    let (membership, _) = it.granted(&["identity", "plans", "health"]);
    let text = it.shared(&it.stranger, &membership).expect(200).text;
    assert!(text.contains(PLAN_HEALTH) && !text.contains(ASSESSMENT), "{text}");
    it.end(&it.place.director, &membership, json!({"reason": "not_needed"})).expect(200);
    let (membership, _) = it.granted(&["identity", "plans", "health", "law"]);
    let text = it.shared(&it.stranger, &membership).expect(200).text;
    assert!(text.contains(ASSESSMENT) && !text.contains(DRAFT), "{text}");
}

#[test]
fn a_section_of_a_regions_own_form_needs_the_part_that_its_edition_names() {
    let it = scene();
    let (world, director) = (it.world(), &it.place.director);
    let notes = json!([{"code": "notes", "label_ru": "Записи", "kind": "long_text"}]);
    let section =
        |code: &str, part: Value| json!({"code": code, "label_ru": "Раздел", "part": part, "fields": notes});
    let sections =
        [section("school", json!(null)), section("court", json!("law")), section("cure", json!("health"))];
    let layout = json!({"kind": "corrective", "effective_from": world.day(-1), "title": "Программа", "approvers": ["specialist"],
        "sections": sections});
    world.post(&world.admin(), "/plan-forms", layout).expect(201);
    let plan = world.plan(director, &it.place.beneficiary, json!({"kind": "corrective", "case_id": it.case}));
    let answer = |section: &str, value: &str| json!({"section": section, "field": "notes", "value": value});
    let answers = [answer("school", "Школа-Ф"), answer("court", "Суд-Ф"), answer("cure", "Лечение-Ф")];
    world.adopted(director, &plan, json!({"answers": answers, "opinion": "Да."}), &["specialist"]);
    for (parts, told) in [
        (vec!["identity", "plans"], [true, false, false]),
        (vec!["identity", "plans", "law"], [true, true, false]),
        (vec!["identity", "plans", "health"], [true, false, true]),
        (vec!["identity", "law", "health"], [false, false, false]),
    ] {
        let (membership, _) = it.granted(&parts);
        let text = it.shared(&it.stranger, &membership).expect(200).text;
        assert_eq!(["Школа-Ф", "Суд-Ф", "Лечение-Ф"].map(|it| text.contains(it)), told, "{parts:?}: {text}");
        it.end(director, &membership, json!({"reason": "not_needed"})).expect(200);
    }
}

#[test]
fn a_withdrawn_consent_takes_the_sight_at_once() {
    let it = scene();
    let (membership, consent) = it.granted(&["identity", "records"]);
    it.shared(&it.stranger, &membership).expect(200);
    it.withdraw(&consent);
    it.shared(&it.stranger, &membership).expect(404);
    let card = it.world().get(&it.stranger, &format!("/case-team-members/{membership}")).expect(200);
    assert_eq!(
        (&card.body["state"], &card.body["end_reason"]),
        (&json!("ended"), &json!("consent_withdrawn"))
    );
    it.end(&it.stranger, &membership, json!({"reason": "left"})).refused(409, "case_team.not_running");
    let again = it.invite(&it.place.director, json!({"parts": ["identity"], "consent_id": consent}));
    again.refused(422, "sharing.beyond_consent");
}

#[test]
fn a_grant_ends_with_its_last_day_its_case_and_its_account() {
    let mut it = scene();
    let (membership, _) = it.granted(&["identity"]);
    it.place.world.advance_days(100);
    let stranger = it.world().again(&it.stranger);
    it.shared(&stranger, &membership).expect(200);
    it.place.world.advance_days(1);
    let stranger = it.world().again(&it.stranger);
    it.shared(&stranger, &membership).expect(404);
    let card = it.world().get(&stranger, &format!("/case-team-members/{membership}")).expect(200);
    assert_eq!(card.body["state"], "expired");

    let it = scene();
    let (membership, _) = it.granted(&["identity"]);
    let closing = json!({"closed_on": it.world().day(0), "reason": "moved", "end_open": true});
    it.world().post(&it.place.director, &format!("/cases/{}/closing", it.case), closing).expect(200);
    it.shared(&it.stranger, &membership).expect(404);
    it.invite(&it.place.director, json!({})).refused(409, "case.not_open");

    let it = scene();
    let (membership, _) = it.granted(&["identity"]);
    let elsewhere = it.world().organization("ngo", "Другой фонд", "25655000");
    let users = format!("/users/{}", it.stranger.id);
    let card = it.world().get(&it.world().admin(), &users).expect(200);
    let grants = json!({"grants": [{"role": "support_specialist", "organization_id": elsewhere}]});
    it.world().patch(&it.world().admin(), &users, &card.etag(), grants).expect(200);
    let moved = it.world().again(&it.stranger);
    it.shared(&moved, &membership).expect(404);
}

#[test]
fn a_contributing_member_adds_contacts_and_reads_the_own_ones_for_ever() {
    let it = scene();
    let (world, director) = (it.world(), &it.place.director);
    let (narrow, wide) = (it.consent(&["identity"]), it.consent(&["identity", "records"]));
    let level =
        |parts: Value, consent: &str| json!({"parts": parts, "consent_id": consent, "level": "contribute"});
    it.invite(director, level(json!(["identity"]), &narrow)).refused(422, "case_team.level_records");
    let own = json!({"user_id": world.staff("unit_head", &it.place.organization).id, "level": "contribute"});
    it.invite(director, own).refused(422, "case_team.own_parts");
    let reading = json!({"parts": ["identity", "records"], "consent_id": wide});
    let reader = it.invite(director, reading).expect(201).id();
    let add = |who: &Account, membership: &str| {
        let contact = json!({"held_on": world.day(0), "medium": "visit_home", "talked_with": ["person"], "reached": true, "note": "Фонд-Х"});
        world.post(who, &format!("/case-team-members/{membership}/case-contacts"), contact)
    };
    add(&it.stranger, &reader).refused(403, "case_team.read_only");
    it.end(director, &reader, json!({"reason": "not_needed"})).expect(200);
    let membership = it.invite(director, level(json!(["identity", "records"]), &wide)).expect(201).id();
    let card = world.get(&it.stranger, &format!("/case-team-members/{membership}")).expect(200);
    assert_eq!(card.action("record_contact").expect("an action")["blocked_by"], json!([]));
    let added = add(&it.stranger, &membership).expect(201);
    assert!(!added.text.contains("Морозова") && added.text.contains("Фонд-Х"), "{}", added.text);
    add(director, &membership).expect(404);
    let contacts = format!("/cases/{}/case-contacts", it.case);
    assert_eq!(Reply::id_of(&world.get(director, &contacts).expect(200).items()[0]), added.id());
    assert!(it.shared(&it.stranger, &membership).expect(200).text.contains("Фонд-Х"));
    let mine = format!("/case-team-members/{membership}/case-contacts");
    let future =
        json!({"held_on": world.day(1), "medium": "phone", "talked_with": ["person"], "reached": true});
    world.post(&it.stranger, &mine, future).expect(422);
    it.withdraw(&wide);
    add(&it.stranger, &membership).refused(409, "case_team.not_running");
    let own = world.get(&it.stranger, &mine).expect(200);
    let [one] = own.items().as_slice() else { panic!("{}", own.text) };
    assert_eq!((&one["contact"]["note"], one.get("annulment")), (&json!("Фонд-Х"), None));
    assert!(it.is_closed_to(&it.stranger) && !own.text.contains("Беседа-Х"), "{}", own.text);
    let annulled = json!({"reason": "Внесено по ошибке."});
    world.post(director, &format!("/case-contacts/{}/annulment", added.id()), annulled).expect(200);
    let own = world.get(&it.stranger, &mine).expect(200);
    assert_eq!(own.items()[0]["annulment"]["reason"], "Внесено по ошибке.");
}

#[test]
fn a_member_of_another_organization_is_invited_to_the_consilium_about_the_case() {
    let it = scene();
    let (world, director) = (it.world(), &it.place.director);
    let plan = |role: &str| {
        let members =
            json!([{"role": "chair", "user_id": director.id}, {"role": role, "user_id": it.stranger.id}]);
        let form = json!({"organization_id": it.place.organization, "planned_at": world.hour(20), "form": "online", "members": members});
        world.post(director, "/consilia", form)
    };
    plan("member").refused(422, "consilium.member");
    let (membership, _) = it.granted(&["identity"]);
    let consilium = plan("member").expect(201).id();
    let item = json!({"case_id": it.case, "kind": "scheduled", "question": "Вопрос-Х"});
    world.post(director, &format!("/consilia/{consilium}/items"), item).expect(201);
    let seen = it.shared(&it.stranger, &membership).expect(200);
    assert_eq!(
        (&seen.body["invitations"][0]["role"], &seen.body["invitations"][0]["form"]),
        (&json!("member"), &json!("online"))
    );
    assert!(!seen.text.contains("Вопрос-Х"), "{}", seen.text);
    it.end(director, &membership, json!({"reason": "not_needed"})).expect(200);
    let (membership, _) = it.granted(&["identity", "records"]);
    let told = it.shared(&it.stranger, &membership).expect(200);
    assert_eq!(told.body["invitations"][0]["question"], "Вопрос-Х");
    world.get(&it.stranger, &format!("/consilia/{consilium}")).expect(404);
    plan("chair").refused(422, "field.combination");
}

#[test]
fn nobody_else_sees_by_a_membership_of_another() {
    let it = scene();
    let (membership, _) = it.granted(&["identity"]);
    let colleague = it.world().staff("director", &it.fund);
    it.shared(&colleague, &membership).expect(404);
    it.world().get(&colleague, &format!("/case-team-members/{membership}")).expect(404);
    assert!(it.world().get(&colleague, "/case-team-members").expect(200).items().is_empty());
    it.shared(&it.place.director, &membership).expect(404);
    let own = it.world().get(&it.stranger, "/case-team-members?running=true").expect(200);
    assert_eq!(own.ids(), [membership.as_str()]);
    let team = it.world().get(&it.place.director, &format!("/cases/{}/team-members", it.case)).expect(200);
    assert_eq!(team.items()[0]["organization_name"], "Фонд");
    it.end(&colleague, &membership, json!({"reason": "left"})).expect(404);
    it.end(&it.stranger, &membership, json!({"reason": "other"})).refused(422, "field.missing");
    let left = it.end(&it.stranger, &membership, json!({"reason": "left"})).expect(200);
    assert_eq!(left.body["state"], "ended");
    let told =
        it.world().get(&it.place.director, &format!("/case-team-members/{membership}/history")).expect(200);
    assert_eq!(told.items().len(), 2);
}

#[test]
fn no_membership_without_a_ground_a_term_and_staff() {
    let it = scene();
    let director = &it.place.director;
    let consent = it.consent(&["identity", "life"]);
    let refused = it.invite(director, json!({"until": null})).expect(422);
    assert_eq!(refused.codes(), ["field.missing", "field.missing", "sharing.no_ground"]);
    let wide = json!({"parts": ["identity", "health"], "consent_id": consent, "until": it.world().day(300)});
    let refused = it.invite(director, wide).expect(422);
    assert_eq!(refused.codes(), ["sharing.beyond_consent", "sharing.beyond_consent"]);
    let within = json!({"parts": ["identity"], "consent_id": consent});
    let past = it.invite(director, with(within.clone(), &json!({"until": it.world().day(-1)})));
    past.refused(422, "case_team.term_past");
    let long = it.invite(director, with(within, &json!({"until": it.world().day(400)}))).expect(422);
    assert_eq!(long.codes(), ["case_team.too_long", "sharing.beyond_consent"]);
    let mentor = it.world().account("nobody", json!([{"role": "mentor"}]), None);
    let refused = it
        .invite(director, json!({"user_id": mentor.id, "parts": ["identity"], "consent_id": consent}))
        .expect(422);
    assert!(refused.codes().contains(&"case_team.member"));
    let ok = json!({"parts": ["identity"], "consent_id": consent});
    it.invite(director, ok.clone()).expect(201);
    it.invite(director, ok.clone()).refused(409, "case_team.already");
    let guard =
        it.world().account("guard", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    it.invite(&guard, ok.clone()).expect(403);
    it.invite(&it.world().neighbour(), ok).expect(404);
}

#[test]
fn the_director_grants_by_a_ground_of_law_and_never_health() {
    let it = scene();
    let head = it.world().staff("unit_head", &it.place.organization);
    let by_law = |who: &Account, parts: Value| {
        let paper = it.world().file(who, "other");
        it.invite(who, json!({"parts": parts, "legal_ground": "120-ФЗ, статья 14", "ground_file_id": paper}))
    };
    by_law(&head, json!(["identity"])).refused(403, "sharing.director_only");
    by_law(&it.place.director, json!(["identity", "law"])).refused(422, "sharing.ground_parts");
    by_law(&it.place.director, json!(["identity", "records"])).refused(422, "sharing.ground_parts");
    by_law(&it.place.director, json!(["identity", "crises"])).refused(422, "sharing.ground_parts");
    let membership = by_law(&it.place.director, json!(["identity", "life"])).expect(201).id();
    assert!(it.shared(&it.stranger, &membership).expect(200).text.contains("Быт-Х"));
    let own = it.world().get(&it.stranger, &format!("/case-team-members/{membership}")).expect(200);
    assert!(!own.text.contains("120-ФЗ"), "the ground is told to those who see the case");
}

#[test]
fn a_corrected_birth_date_closes_what_the_guardian_alone_had_opened() {
    let it = scene();
    let (membership, _) = it.granted(&["identity"]);
    it.shared(&it.stranger, &membership).expect(200);
    let path = format!("/people/{}", it.place.girl);
    let older = it.world().today() - chrono::Months::new(15 * 12);
    it.world().edit(&it.place.director, &path, json!({"birth_date": older})).expect(200);
    it.shared(&it.stranger, &membership).expect(404);
}

#[test]
fn nobody_is_in_the_team_of_a_relative() {
    let it = scene();
    let grants = json!([{"role": "support_specialist", "organization_id": it.fund}]);
    let aunt = it.world().account("aunt", grants, Some(&it.guardian));
    let consent = it.consent(&["identity"]);
    let order = json!({"user_id": aunt.id, "parts": ["identity"], "consent_id": consent});
    it.invite(&it.place.director, order).refused(409, "person.relative");
}

#[test]
fn the_own_staff_is_in_a_team_without_a_grant() {
    let it = scene();
    let head = it.world().staff("unit_head", &it.place.organization);
    let plain = json!({"user_id": head.id, "role": "specialist", "until": null});
    let refused = it.invite(&it.place.director, with(plain.clone(), &json!({"parts": ["life"]})));
    refused.refused(422, "case_team.own_parts");
    let membership = it.invite(&it.place.director, plain).expect(201);
    assert_eq!((&membership.body["parts"], membership.body.get("organization_id")), (&json!([]), None));
    assert_eq!(it.world().get(&head, &format!("/cases/{}", it.case)).expect(200).body["state"], "open");
}

#[test]
fn what_a_member_reads_is_journaled() {
    let it = scene();
    let (membership, _) = it.granted(&["identity", "records"]);
    it.shared(&it.stranger, &membership).expect(200);
    let readers = it.world().readers(domain::base::change::SubjectKind::Case, &it.case);
    assert!(readers.contains(&it.stranger.id), "{readers:?}");
}

#[test]
fn fifty_invitations_at_once_make_one_member() {
    let it = scene();
    let consent = it.consent(&["identity"]);
    let form = json!({"user_id": it.stranger.id, "role": "lawyer", "parts": ["identity"], "consent_id": consent, "until": it.world().day(9)});
    let path = format!("/cases/{}/team-members", it.case);
    let answers = at_once(50, |_| it.world().post(&it.place.director, &path, form.clone()));
    assert_eq!(answers.iter().filter(|it| it.0 == 201).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|it| [201, 409].contains(&it.0)), "{answers:?}");
}
