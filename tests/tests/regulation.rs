//! Who does what by the regulation of the district (002 §1.5, §3.1, §3.5).
use serde_json::json;
use tests::World;

#[test]
fn the_head_of_a_unit_coordinates_the_work_of_the_own_institution_and_of_no_other() {
    let world = World::new();
    let pair = world.family_pair();
    let head = world.staff("unit_head", &pair.organization);
    let specialist = world.staff("support_specialist", &pair.organization);
    let unit = json!({"name": "Отделение помощи семье и детям", "head_user_id": head.id});
    let units = format!("/organizations/{}/units", pair.organization);
    assert_eq!(world.post(&pair.director, &units, unit).expect(201).body["head_user_id"], json!(head.id));
    let case = world.get(&head, "/cases").expect(200).items()[0]["id"].as_str().unwrap().to_owned();
    let assignment = json!({"specialist_user_id": specialist.id});
    world.post(&head, &format!("/cases/{case}/assignment"), assignment).expect(200);
    let id = world.post(&head, "/mentorships", world.proposal(&pair)).expect(201).id();
    for party in ["mentor", "recipient"] {
        world.step(&head, &id, "acceptances", world.acceptance(&head, party)).expect(200);
    }
    let consent = json!({"signatory": "recipient", "person_id": pair.person, "signed_on": world.day(0),
        "file_id": world.file(&head, "consent")});
    world.step(&head, &id, "consents", consent).expect(200);
    let active = world.step(&head, &id, "confirmation", world.confirmation()).expect(200);
    assert_eq!(active.body["state"], "active");

    let (elsewhere, _) = world.institution("Чужое");
    let stranger = world.staff("unit_head", &elsewhere);
    for path in [format!("/cases/{case}"), format!("/mentorships/{id}"), format!("/mentors/{}", pair.mentor)]
    {
        world.get(&stranger, &path).refused(404, "request.not_found");
    }
    world.post(&stranger, &format!("/cases/{case}/assignment"), json!({})).refused(404, "request.not_found");
    world.step(&stranger, &id, "termination", json!({})).refused(404, "request.not_found");
    let person = world.resident(&head);
    let application = world.submitted(&head, &person, &pair.organization, &world.ngo("Мост")).id();
    world.assess(&head, &application);
    let decision = format!("/mentor-applications/{application}/decision");
    world.post(&head, &decision, json!({"kind": "approve"})).refused(403, "access.forbidden");
}

#[test]
fn a_family_takes_part_only_while_it_is_on_accompaniment_in_the_institution() {
    let world = World::new();
    let pair = world.family_pair();
    let case = world.get(&pair.director, "/cases").expect(200).items()[0]["id"].as_str().unwrap().to_owned();
    let closing = json!({"closed_on": world.day(0), "reason": "moved"});
    world.post(&pair.director, &format!("/cases/{case}/closing"), closing).expect(200);
    let refused = world
        .post(&pair.director, "/mentorships", world.proposal(&pair))
        .refused(409, "mentorship.no_open_case");
    assert_eq!(
        (refused.codes(), &refused.body["rule"]),
        (vec!["mentorship.no_open_case"], &json!("002 §1.2, §3.1"))
    );
    world.case(&pair.director, &pair.organization, &pair.beneficiary);
    world.post(&pair.director, "/mentorships", world.proposal(&pair)).expect(201);
}

#[test]
fn a_mentor_of_a_family_is_adult_lives_in_the_municipality_and_represents_an_ngo() {
    let world = World::new();
    let (organization, director) = world.institution("УСЗСОН");
    let (ngo, business) = (world.ngo("Доброе дело"), world.organization("business", "ООО", "25655000"));
    let told = |birth_date: &str, residence: &str, represents: &str| {
        let members = json!({"family_name": "Петрова", "birth_date": birth_date, "residence": residence});
        let person = world.person(&director, members);
        let id = world.submitted(&director, &person, &organization, represents).id();
        world.assess(&director, &id);
        let path = format!("/mentor-applications/{id}/decision");
        let reply = world.post(&director, &path, json!({"kind": "approve"}));
        let rules = reply.body["errors"].as_array().cloned().unwrap_or_default();
        assert!(rules.iter().all(|it| it["rule"] == "002 §3.5"), "{}", reply.text);
        reply.codes().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(told("2008-03-02", "25655000", &ngo), [""; 0], "on the eighteenth birthday itself");
    assert_eq!(told("2008-03-03", "25655000", &ngo), ["mentor.underage"]);
    assert_eq!(told("1985-06-01", "25655439", &ngo), [""; 0], "a settlement of the municipality");
    assert_eq!(told("1985-06-01", "25656000", &ngo), ["mentor.not_resident"]);
    assert_eq!(told("1985-06-01", "25655000", &business), ["mentor.no_ngo"]);
    assert_eq!(
        told("2008-03-03", "25656000", &business),
        ["mentor.underage", "mentor.not_resident", "mentor.no_ngo"]
    );
}
