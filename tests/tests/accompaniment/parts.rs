//! The matrix of sensitive parts: each part of a case × each way to be near it, in force, ended and withdrawn.
use super::Place;
use super::team::{MARKS, Marked, marked, scene};
use serde_json::{Value, json};
use std::fmt::Write as _;
use tests::Account;

/// Every address under the case and its beneficiary, and every list that could name them.
fn addresses(of: &Marked) -> Vec<String> {
    let (case, beneficiary, girl) = (&of.case, &of.place.beneficiary, &of.place.girl);
    let mut all: Vec<String> = [
        "",
        "/overview",
        "/problems",
        "/snapshots",
        "/case-contacts",
        "/needs",
        "/service-deliveries",
        "/team-members",
        "/transfers",
        "/reviews",
        "/consilium-items",
        "/monthly-records",
        "/monthly-records/2026-03",
        "/history",
    ]
    .iter()
    .map(|it| format!("/cases/{case}{it}"))
    .collect();
    let under = [
        "",
        "/life-periods",
        "/consents",
        "/plans",
        "/assessments",
        "/living-enrolments",
        "/career-activities",
        "/accompaniment",
        "/history",
    ];
    all.extend(under.iter().map(|it| format!("/beneficiaries/{beneficiary}{it}")));
    all.push(format!("/plan-versions/{}", of.plan_version));
    all.extend([format!("/people/{girl}"), format!("/people/{girl}/history")]);
    let lists = [
        "/cases",
        "/beneficiaries",
        "/tasks",
        "/monthly-records?to=2026-03",
        "/monthly-records/completeness?month=2026-03",
        "/consilia",
        "/case-transfers",
        "/case-team-members",
        "/needs",
        "/me/agenda",
    ];
    all.extend(lists.iter().map(|it| (*it).to_owned()));
    all
}

/// A line of the matrix: of each part, whether this caller reads all of it (+), a piece of it (~), or nothing of it (.).
fn line(of: &Marked, way: &str, who: &Account, more: &[String]) -> String {
    let asked = addresses(of);
    let read = asked.iter().chain(more).map(|it| of.place.world.get(who, it)).filter(|it| it.status == 200);
    let text: String = read.map(|it| it.text).collect();
    let cells = MARKS.iter().map(|(_, marks)| {
        let seen = marks.iter().filter(|it| text.contains(**it)).count();
        let cell = if seen == marks.len() {
            "+"
        } else if seen > 0 {
            "~"
        } else {
            "."
        };
        format!("{cell:<10}")
    });
    let cells: String = cells.collect();
    format!("{way:<56}{}\n", cells.trim_end())
}

/// The lines of a woman who is accompanied, and of the mentor of a running mentorship and of one that has ended.
fn sides() -> String {
    let place = super::place();
    let mut pair = place.world.pair();
    let (girl, beneficiary) = (pair.person.clone(), pair.beneficiary.clone());
    let (organization, director) = (pair.organization.clone(), pair.director.clone());
    let it = marked(Place { girl, beneficiary, organization, director, ..place }, "person");
    let world = &it.place.world;
    pair.director = it.place.director.clone();
    let (own, mentor) = (world.mentee_account("own", &pair), world.mentor_account("mentor", &pair));
    let mut text = line(&it, "the person, of age", &own, &[]);
    text += &line(&it, "a mentor before the mentorship", &mentor, &[]);
    let mentorship = world.active(&pair);
    text += &line(&it, "the mentor of a running mentorship", &mentor, &[]);
    let end = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    world.step(&pair.director, &mentorship, "termination", end).expect(200);
    text + &line(&it, "the mentor after its end", &mentor, &[])
}

#[test]
fn each_part_of_a_case_is_read_by_those_alone_to_whom_the_matrix_gives_it() {
    let it = scene();
    let (world, director) = (it.world(), &it.place.director);
    let mut text = String::from(
        "# Each part of a case × each way to be near it: + all of it is read by some address, ~ a piece of it, . nothing.\n",
    );
    let parts: String = MARKS.iter().map(|it| format!("{:<10}", it.0)).collect();
    writeln!(text, "{:<56}{}", "", parts.trim_end()).unwrap();
    let mut tell = |way: &str, who: &Account, more: &[String]| text += &line(&it, way, who, more);
    let officer = |login: &str, territory: &str| {
        world.account(login, json!([{"role": "guardianship_officer", "territory": territory}]), None)
    };
    tell("director of the organization that accompanies", director, &[]);
    for role in ["unit_head", "support_specialist"] {
        tell(&format!("{role} there"), &world.staff(role, &it.place.organization), &[]);
    }
    tell("region_admin", &world.admin(), &[]);
    tell("guardianship_officer of the territory", &officer("opeka", "25655000"), &[]);
    tell("guardianship_officer of another territory", &officer("neighbour", "25656000"), &[]);
    tell("analyst", &world.account("analyst", json!([{"role": "analyst"}]), None), &[]);
    let own = world.account("child", json!([{"role": "mentee"}]), Some(&it.place.girl));
    tell("the child, below 14", &own, &[]);
    tell(
        "a key with read_cases, read_people, read_beneficiaries",
        &world.key(&["read_cases", "read_people", "read_beneficiaries"], json!({})),
        &[],
    );
    tell("director of another organization", &world.institution("Чужой центр").1, &[]);
    tell("specialist of another organization", &it.stranger, &[]);
    let shared = |membership: &str| {
        ["shared-case", "shared-help"].map(|it| format!("/case-team-members/{membership}/{it}"))
    };
    let end = json!({"reason": "not_needed"});
    for (part, _) in &MARKS {
        let mut parts = vec!["identity"];
        parts.extend(Some(*part).filter(|it| *it != "identity"));
        let (membership, _) = it.granted(&parts);
        tell(&format!("member with {}", parts.join(", ")), &it.stranger, &shared(&membership));
        it.end(director, &membership, end.clone()).expect(200);
        if *part == "health" {
            tell("member with identity, health; ended", &it.stranger, &shared(&membership));
        }
    }
    let (membership, consent) = it.granted(&["identity", "health", "law"]);
    it.withdraw(&consent);
    tell("member with identity, health, law; consent withdrawn", &it.stranger, &shared(&membership));
    let receiver = world.staff("director", &it.fund);
    let proposal: Value = json!({"to_organization_id": it.fund, "reason": "study", "parts": ["identity", "life"],
        "legal_ground": "Запрос опеки", "ground_file_id": world.file(director, "consent")});
    let transfer = world.post(director, &format!("/cases/{}/transfers", it.case), proposal).expect(201).id();
    let shared = ["shared-case", "shared-help"].map(|it| format!("/case-transfers/{transfer}/{it}"));
    tell("receiver of a proposed transfer, identity, life", &receiver, &shared);
    world
        .post(director, &format!("/case-transfers/{transfer}/withdrawal"), json!({"note": "Передумали."}))
        .expect(200);
    tell("the same, withdrawn", &receiver, &shared);
    text += &sides();
    tests::matrix("parts.txt", &text);
}
