//! The matrix of sensitive parts: each part of a case × each way to be near it, in force, ended and withdrawn.
use super::Place;
use super::team::{MARKS, Marked, Scene, marked, scene};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::fmt::Write as _;
use tests::{Account, Reply};

/// A column of the matrix with its marks.
type Column = (&'static str, &'static [&'static str]);

/// What stands beside the parts of [`MARKS`]: help that was given, and crises.
const BESIDE: [Column; 2] = [
    ("aid", &["Помеха-Х", "Вещь-Х", "Гостиница-Х", "Направление-Х"]),
    ("crises", &["Крик-Х", "\"source\":\"crisis\""]),
];

/// The parts that somebody grants.
const PARTS: [&str; 8] = ["identity", "life", "health", "law", "help", "records", "plans", "crises"];

const OF_CASE: [&str; 18] = [
    "",
    "/overview",
    "/problems",
    "/snapshots",
    "/case-contacts",
    "/needs",
    "/service-deliveries",
    "/service-programmes",
    "/document-assistance",
    "/documents-due",
    "/referrals",
    "/team-members",
    "/transfers",
    "/reviews",
    "/consilium-items",
    "/monthly-records",
    "/monthly-records/2026-03",
    "/history",
];

const OF_BENEFICIARY: [&str; 10] = [
    "",
    "/life-periods",
    "/consents",
    "/plans",
    "/assessments",
    "/living-enrolments",
    "/career-activities",
    "/accompaniment",
    "/help",
    "/history",
];

const LISTS: [&str; 15] = [
    "/cases",
    "/beneficiaries",
    "/tasks",
    "/monthly-records?to=2026-03",
    "/monthly-records/completeness?month=2026-03",
    "/consilia",
    "/case-transfers",
    "/case-team-members",
    "/needs",
    "/referrals",
    "/stays",
    "/emergency-aids",
    "/place-requests",
    "/crises",
    "/me/agenda",
];

fn of_case(id: &str) -> Vec<String> {
    OF_CASE.iter().map(|it| format!("/cases/{id}{it}")).collect()
}

fn of_beneficiary(id: &str) -> Vec<String> {
    OF_BENEFICIARY.iter().map(|it| format!("/beneficiaries/{id}{it}")).collect()
}

fn columns() -> Vec<Column> {
    MARKS.into_iter().chain(BESIDE).collect()
}

fn row(way: &str, cells: &[&str]) -> String {
    let cells: String = cells.iter().map(|it| format!("{it:<10}")).collect();
    format!("{way:<56}{}\n", cells.trim_end())
}

/// A marked case, and every address that could tell of it: under the case and its beneficiary, of what was given, and every list.
struct Watched<'m> {
    of: &'m Marked,
    asked: Vec<String>,
}

impl<'m> Watched<'m> {
    fn new(of: &'m Marked) -> Self {
        let (place, version) = (&of.place, format!("/plan-versions/{}", of.plan_version));
        let plan = place.world.get(&place.director, &version).expect(200).body["plan_id"].clone();
        let plan = format!("/plans/{}", plan.as_str().expect("a plan"));
        let person = format!("/people/{}", place.girl);
        let mut asked = of_case(&of.case);
        asked.extend(of_beneficiary(&place.beneficiary));
        asked.extend([version, plan, format!("{person}/history"), person]);
        asked.extend(helped(of));
        asked.extend(LISTS.map(str::to_owned));
        Self { of, asked }
    }
    /// Of each column, whether the caller reads all of it (+), a piece of it (~), or nothing of it (.) at these addresses.
    fn cells<'a>(&self, who: &Account, asked: impl Iterator<Item = &'a String>) -> Vec<&'static str> {
        let read = asked.map(|it| self.of.place.world.get(who, it)).filter(|it| it.status == 200);
        let text: String = read.map(|it| it.text).collect();
        let cell = |marks: &[&str]| match marks.iter().filter(|it| text.contains(**it)).count() {
            0 => ".",
            seen if seen == marks.len() => "+",
            _ => "~",
        };
        columns().iter().map(|it| cell(it.1)).collect()
    }
    /// A line of the matrix: what a caller reads at every address, and at these.
    fn line(&self, way: &str, who: &Account, more: &[String]) -> String {
        row(way, &self.cells(who, self.asked.iter().chain(more)))
    }
    /// The same at these addresses alone.
    fn line_at(&self, way: &str, who: &Account, asked: &[String]) -> String {
        row(way, &self.cells(who, asked.iter()))
    }
    /// The same of those who read nothing, also while the matrix is written anew.
    #[track_caller]
    fn nothing(&self, way: &str, who: &Account, more: &[String]) -> String {
        let cells = self.cells(who, self.asked.iter().chain(more));
        assert!(cells.iter().all(|it| *it == "."), "{way}: {cells:?}");
        row(way, &cells)
    }
}

/// Help of each kind and a crisis, each with its mark, and the addresses of all of it. The referral is revoked and the stay is over, so
/// that neither holds the case.
fn helped(of: &Marked) -> Vec<String> {
    let place = &of.place;
    let (world, director) = (&place.world, &place.director);
    let add = |path: &str, form: Value| world.post(director, path, form).expect(201).id();
    let in_case = |what: &str, form: Value| add(&format!("/cases/{}/{what}", of.case), form);
    let paper = || world.file(director, "other");
    let document = json!({"kind": "passport", "noticed_on": world.day(-1), "obstacle": "Помеха-Х"});
    let document = in_case("document-assistance", document);
    let referral = json!({"to_organization_id": world.ngo("Берег"), "need_ids": [need_of(of)], "reason": "Направление-Х",
        "urgency": "week", "parts": ["identity"], "legal_ground": "Постановление комиссии", "ground_file_id": paper()});
    let referral = in_case("referrals", referral);
    world.post(director, &format!("/referrals/{referral}/revocation"), json!({})).expect(200);
    let need = json!({"noticed_on": world.day(-1), "domain": "household", "text": "Еда", "source": "crisis", "urgency": "week"});
    let need = in_case("needs", need);
    let aid = json!({"organization_id": place.organization, "kind": "food_kit", "beneficiary_id": place.beneficiary,
        "given_on": world.day(0), "items": [{"name": "Вещь-Х", "quantity": 1}], "act": {"number": "1", "signed_by_recipient": true}});
    let aid = add("/emergency-aids", aid);
    let crisis = json!({"beneficiary_id": place.beneficiary, "kind": "conflict", "text": "Крик-Х"});
    let crisis = add("/crises", crisis);
    let facility = json!({"organization_id": place.organization, "kind": "social_hotel", "name": "Гостиница-Х", "territory": "25655000",
        "amenities": [], "opened_on": "2025-01-01"});
    let facility = add("/facilities", facility);
    let room = json!({"name": "Комната", "sex_rule": "any", "age_rule": "any"});
    let room = add(&format!("/facilities/{facility}/rooms"), room);
    let bed = add(&format!("/rooms/{room}/beds"), json!({"name": "1", "opened_on": "2025-01-01"}));
    let stay = json!({"beneficiary_id": place.beneficiary, "bed_id": bed, "from_on": world.day(0), "until_on": world.day(5),
        "purpose": "study", "order_number": "12-п", "order_on": world.day(0), "permission_file_id": paper()});
    let stay = add("/stays", stay);
    let step = |step: &str, order: Value| world.post(director, &format!("/stays/{stay}/{step}"), order);
    step("arrival", json!({"arrived_at": world.now()})).expect(200);
    step("departure", json!({"departed_on": world.day(0), "reason": "term"})).expect(200);
    let all = [
        ("document-assistance", document),
        ("referrals", referral),
        ("needs", need),
        ("emergency-aids", aid),
    ];
    let all = all.into_iter().chain([("crises", crisis), ("stays", stay)]);
    all.map(|(what, id)| format!("/{what}/{id}")).collect()
}

/// The marked need of a case.
fn need_of(of: &Marked) -> String {
    let needs = format!("/cases/{}/needs", of.case);
    let needs = of.place.world.get(&of.place.director, &needs).expect(200);
    Reply::id_of(needs.items().iter().find(|it| it["text"] == "Нужда-Х").expect("the need"))
}

/// Those of the organization that accompanies, of its authorities and of others, and the sides of the child.
fn near(it: &Watched<'_>, scene: &Scene) -> String {
    let (world, place) = (scene.world(), &scene.place);
    let officer = |login: &str, territory: &str| {
        world.account(login, json!([{"role": "guardianship_officer", "territory": territory}]), None)
    };
    let own = |login: &str, person: &str| world.account(login, json!([{"role": "mentee"}]), Some(person));
    let mut text = it.line("director of the organization that accompanies", &place.director, &[]);
    for role in ["unit_head", "support_specialist"] {
        text += &it.line(&format!("{role} there"), &world.staff(role, &place.organization), &[]);
    }
    text += &it.line("region_admin", &world.admin(), &[]);
    text += &it.line("guardianship_officer of the territory", &officer("opeka", "25655000"), &[]);
    let far = officer("neighbour", "25656000");
    text += &it.nothing("guardianship_officer of another territory", &far, &[]);
    text += &it.nothing("analyst", &world.account("analyst", json!([{"role": "analyst"}]), None), &[]);
    text += &it.line("the child, below 14", &own("child", &place.girl), &[]);
    text += &it.line("the representative of the child", &own("guardian", &scene.guardian), &[]);
    let rights = ["read_cases", "read_people", "read_beneficiaries"];
    text += &it.line(&format!("a key with {}", rights.join(", ")), &world.key(&rights, json!({})), &[]);
    text += &it.nothing("director of another organization", &world.institution("Чужой центр").1, &[]);
    text + &it.nothing("specialist of another organization", &scene.stranger, &[])
}

fn shared(membership: &str) -> [String; 2] {
    ["shared-case", "shared-help"].map(|it| format!("/case-team-members/{membership}/{it}"))
}

/// Members of another organization: with each part, with all of them, and after the end. Parts only add to each other, so one who has
/// them all asks at every address for the others.
fn members(it: &Watched<'_>, scene: &Scene) -> String {
    let (director, stranger) = (&scene.place.director, &scene.stranger);
    let end = |membership: &str| {
        scene.end(director, membership, json!({"reason": "not_needed"})).expect(200);
    };
    let (mut text, mut ended) = (String::new(), Vec::new());
    for part in PARTS {
        let mut parts = vec!["identity"];
        parts.extend(Some(part).filter(|it| *it != "identity"));
        let (membership, _) = scene.granted(&parts);
        let asked = shared(&membership);
        text += &it.line_at(&format!("member with {}", parts.join(", ")), stranger, &asked);
        end(&membership);
        ended.extend(asked);
    }
    let parts = ["identity", "records"];
    let order = json!({"parts": parts, "consent_id": scene.consent(&parts), "level": "contribute"});
    let membership = scene.invite(director, order).expect(201).id();
    let own = ["case-contacts", "service-deliveries"];
    let mut asked: Vec<String> =
        own.iter().map(|it| format!("/case-team-members/{membership}/{it}")).collect();
    asked.extend(shared(&membership));
    text += &it.line_at("member with identity, records who contributes", stranger, &asked);
    end(&membership);
    ended.extend(asked);
    text += &it.nothing("the same members, each ended", stranger, &ended);
    let (membership, consent) = scene.granted(&PARTS);
    text += &it.line("member with every part", stranger, &shared(&membership));
    scene.withdraw(&consent);
    text + &it.nothing("the same, consent withdrawn", stranger, &shared(&membership))
}

/// A referral to the fund by a consent, and the consent.
fn referred(scene: &Scene, parts: &[&str]) -> (String, String) {
    let (world, director) = (scene.world(), &scene.place.director);
    let signature = json!({"signatory": "representative", "person_id": scene.guardian, "representative_id": scene.authority,
        "signed_on": world.day(0), "file_id": world.file(director, "consent")});
    let consent = json!({"purpose": "referral", "organization_ids": [scene.fund], "parts": parts, "valid_until": world.day(200),
        "signatures": [signature]});
    let ledger = format!("/beneficiaries/{}/consents", scene.place.beneficiary);
    let consent = world.post(director, &ledger, consent).expect(201).id();
    let referral = json!({"to_organization_id": scene.fund, "need_ids": [need_of(scene)], "reason": "Направление-Х", "urgency": "week",
        "parts": parts, "consent_id": consent});
    (world.post(director, &format!("/cases/{}/referrals", scene.case), referral).expect(201).id(), consent)
}

/// Those of the organization to which the child is referred: before the answer, at work, and after the end.
fn receivers(it: &Watched<'_>, scene: &Scene, director: &Account) -> String {
    let (world, helper) = (scene.world(), &scene.stranger);
    let parts = ["identity", "help"];
    let asked = |referral: &str| {
        ["", "/shared-case", "/needs", "/service-deliveries", "/history"]
            .map(|it| format!("/referrals/{referral}{it}"))
    };
    let step = |referral: &str, step: &str, order: Value| {
        world.post(director, &format!("/referrals/{referral}/{step}"), order).expect(200);
    };
    let accept = |referral: &str| step(referral, "acceptance", json!({"specialist_user_id": helper.id}));
    let (referral, consent) = referred(scene, &parts);
    let mut text = it.nothing("receiver of a referral, identity, help", director, &asked(&referral));
    accept(&referral);
    text += &it.line("receiver of it, accepted", director, &asked(&referral));
    text += &it.line("the specialist named for it", helper, &asked(&referral));
    scene.withdraw(&consent);
    text += &it.nothing("the same, consent withdrawn", helper, &asked(&referral));
    let (referral, _) = referred(scene, &parts);
    accept(&referral);
    step(&referral, "completion", json!({"result": "Восемь встреч."}));
    text + &it.nothing("the same, done", helper, &asked(&referral))
}

/// The director of an institution that has another record of the child, while the records are one person and after that.
fn merged(it: &Watched<'_>, scene: &Scene) -> String {
    let world = scene.world();
    let (organization, director) = world.institution("Центр «Кров»");
    let person = world.person(&director, json!({"family_name": "Другова"}));
    let second = world.beneficiary(&director, &organization, &person);
    let merge = world.merged(&scene.place.beneficiary, &second);
    let asked = of_beneficiary(&second);
    let text = it.line("director of the second of two merged records", &director, &asked);
    world.reversed(&merge);
    text + &it.nothing("the same, reversed", &director, &asked)
}

/// A day later: a member whose term is over, and both sides of a transfer. Tokens are of the day before, so all log in again.
fn handed_over(it: &Watched<'_>, scene: &Scene, receiver: &Account) -> String {
    let (world, place) = (scene.world(), &scene.place);
    let order = json!({"parts": PARTS, "consent_id": scene.consent(&PARTS), "until": world.day(0)});
    let membership = scene.invite(&place.director, order).expect(201).id();
    world.advance(TimeDelta::days(1));
    let [director, stranger, receiver] =
        [&place.director, &scene.stranger, receiver].map(|it| world.again(it));
    let mut text = it.nothing("member with every part, term over", &stranger, &shared(&membership));
    let propose = || {
        let order = json!({"to_organization_id": scene.fund, "reason": "study", "parts": ["identity", "life"],
            "legal_ground": "Запрос опеки", "ground_file_id": world.file(&director, "consent")});
        world.post(&director, &format!("/cases/{}/transfers", scene.case), order).expect(201).id()
    };
    let answer = |who: &Account, transfer: &str, answer: &str, order: Value| {
        world.post(who, &format!("/case-transfers/{transfer}/{answer}"), order).expect(200)
    };
    let asked =
        |transfer: &str| ["shared-case", "shared-help"].map(|it| format!("/case-transfers/{transfer}/{it}"));
    let transfer = propose();
    text += &it.line("receiver of a proposed transfer, identity, life", &receiver, &asked(&transfer));
    answer(&director, &transfer, "withdrawal", json!({"note": "Передумали."}));
    text += &it.nothing("the same, withdrawn", &receiver, &asked(&transfer));
    let transfer = propose();
    let accepted =
        answer(&receiver, &transfer, "acceptance", json!({"specialist_user_id": scene.stranger.id}));
    let next = accepted.body["next_case_id"].as_str().expect("the case that goes on").to_owned();
    let mut both = of_case(&next);
    both.extend(asked(&transfer));
    text += &it.line("receiver of an accepted transfer, identity, life", &receiver, &both);
    text + &it.line("director who has handed the case over", &director, &both)
}

/// The lines of a woman who is accompanied, and of the sides of a mentorship before, while it runs and after its end.
fn sides() -> String {
    let place = super::place();
    let mut pair = place.world.pair();
    let (girl, beneficiary) = (pair.person.clone(), pair.beneficiary.clone());
    let (organization, director) = (pair.organization.clone(), pair.director.clone());
    let marked = marked(Place { girl, beneficiary, organization, director, ..place }, "person");
    let (it, world) = (Watched::new(&marked), &marked.place.world);
    pair.director = marked.place.director.clone();
    let (own, mentor) = (world.mentee_account("own", &pair), world.mentor_account("mentor", &pair));
    let tutor = world.account("tutor", json!([{"role": "tutor"}]), None);
    let coordinator = json!([{"role": "program_coordinator", "program_id": pair.program}]);
    let coordinator = world.account("coordinator", coordinator, None);
    let mut text = it.line("the person, of age", &own, &[]);
    text += &it.nothing("a mentor before the mentorship", &mentor, &[]);
    let mentorship = world.followed(&pair, &tutor);
    text += &it.line("the mentor of a running mentorship", &mentor, &[]);
    text += &it.line("the tutor of it", &tutor, &[]);
    text += &it.line("the coordinator of its program", &coordinator, &[]);
    let end = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    world.step(&pair.director, &mentorship, "termination", end).expect(200);
    text += &it.nothing("the mentor after its end", &mentor, &[]);
    text + &it.line("the tutor after its end", &tutor, &[])
}

#[test]
fn each_part_of_a_case_is_read_by_those_alone_to_whom_the_matrix_gives_it() {
    let scene = scene();
    let it = Watched::new(&scene);
    let mut text = String::from(
        "# Each part of a case × each way to be near it: + all of it is read by some address, ~ a piece of it, . nothing.\n",
    );
    let parts: String = columns().iter().map(|it| format!("{:<10}", it.0)).collect();
    writeln!(text, "{:<56}{}", "", parts.trim_end()).unwrap();
    text += &near(&it, &scene);
    text += &members(&it, &scene);
    let receiver = scene.world().staff("director", &scene.fund);
    text += &receivers(&it, &scene, &receiver);
    text += &merged(&it, &scene);
    text += &handed_over(&it, &scene, &receiver);
    text += &sides();
    tests::matrix("parts.txt", &text);
}
