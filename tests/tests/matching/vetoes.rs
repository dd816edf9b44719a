//! Standing objections against pairs.
use domain::base::id::{BeneficiaryId, MentorId, MentorshipId};
use domain::matching::joint_activities::vetoes::{Veto, VetoSide};
use persistence::matching::joint_activities::vetoes::save_made;
use persistence::tx::Tx;
use serde_json::{Value, json};
use tests::{Account, World};

fn listed(world: &World, who: &Account, beneficiary: &str, query: &str) -> Vec<String> {
    let reply = world.get(who, &format!("/beneficiaries/{beneficiary}/vetoes{query}")).expect(200);
    reply.items().iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn a_veto_stands_until_it_is_lifted_and_stays_on_record() {
    let (world, pair) = World::paired();
    let specialist = world.staff("support_specialist", &pair.organization);
    let made = world.veto(&specialist, &pair.beneficiary, &pair.mentor, "representative").expect(201);
    let id = made.id();
    assert_eq!(made.header("location"), Some(format!("/api/v1/vetoes/{id}").as_str()));
    assert_eq!(
        (&made.body["made_by"], &made.body["reason"], &made.body["note"], &made.body["made_on"]),
        (
            &json!("representative"),
            &json!("conflict"),
            &json!("Поссорились на экскурсии."),
            &json!(world.day(0))
        )
    );
    assert_eq!(world.fact("veto.made"), id);
    let told = world
        .veto(&specialist, &pair.beneficiary, &pair.mentor, "representative")
        .refused(409, "veto.stands");
    assert_eq!(told.body["errors"][0]["pointer"], "/made_by");
    let by_mentor = world.veto(&pair.director, &pair.beneficiary, &pair.mentor, "mentor").expect(201).id();
    let propose = || world.post(&pair.director, "/mentorships", world.proposal(&pair));
    propose().refused(409, "mentorship.objection");

    let order = json!({"reason": "Помирились."});
    let path = format!("/vetoes/{id}");
    let stale = world
        .ask("POST", &format!("/api/v1{path}/lifting"))
        .by(&specialist)
        .header("if-match", "\"7\"")
        .json(&order)
        .send();
    stale.refused(412, "version.stale");
    world.post(&specialist, &format!("{path}/lifting"), json!({})).expect(422);
    let lifted = world.post(&specialist, &format!("{path}/lifting"), order.clone()).expect(200);
    assert_eq!(
        (&lifted.body["lifted_on"], &lifted.body["lifting_reason"], &lifted.body["version"]),
        (&json!(world.day(0)), &json!("Помирились."), &json!(2))
    );
    assert_eq!(world.fact("veto.lifted"), id);
    world.post(&specialist, &format!("{path}/lifting"), order.clone()).refused(409, "veto.lifted");
    let of = |query| listed(&world, &specialist, &pair.beneficiary, query);
    assert_eq!(of(""), [by_mentor.as_str(), &id]);
    assert_eq!((of("?lifted=true"), of("?lifted=false")), (vec![id.clone()], vec![by_mentor.clone()]));
    let page = format!("/beneficiaries/{}/vetoes?limit=1", pair.beneficiary);
    let first = world.get(&specialist, &page).expect(200);
    let next = first.body["next_cursor"].as_str().expect("a cursor");
    assert_eq!(of(&format!("?limit=1&cursor={next}")), [id.as_str()]);
    propose().refused(409, "mentorship.objection");
    world.post(&specialist, &format!("/vetoes/{by_mentor}/lifting"), order).expect(200);
    propose().expect(201);
    world.veto(&specialist, &pair.beneficiary, &pair.mentor, "representative").expect(201);
}

#[test]
fn another_reason_is_told_and_a_decline_is_not_made_by_hand() {
    let (world, pair, away) = World::twice_paired();
    let path = format!("/beneficiaries/{}/vetoes", pair.beneficiary);
    let make = |form: Value| world.post(&pair.director, &path, form);
    let form = |reason: &str| json!({"mentor_id": pair.mentor, "made_by": "specialist", "reason": reason});
    make(form("other")).refused(422, "field.missing");
    make(form("declined")).expect(422);
    make(form("whim")).expect(422);
    let told = make(json!({"mentor_id": away.mentor, "made_by": "specialist", "reason": "safety"}))
        .refused(422, "field.reference");
    assert_eq!(told.body["errors"][0]["pointer"], "/mentor_id");
    make(form("professional_opinion")).expect(201);
}

#[test]
fn neither_of_the_pair_sees_or_makes_a_veto_whatever_else_they_are() {
    let (world, pair, away) = World::twice_paired();
    let id = world.veto(&pair.director, &pair.beneficiary, &pair.mentor, "beneficiary").expect(201).id();
    let path = format!("/vetoes/{id}");
    let (mentor, mentee) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let lifting = json!({"reason": "Так."});
    let lift = |who: &Account| world.post(who, &format!("{path}/lifting"), lifting.clone());
    for who in [&mentor, &away.director] {
        world.get(who, &path).refused(404, "request.not_found");
        world
            .get(who, &format!("/beneficiaries/{}/vetoes", pair.beneficiary))
            .refused(404, "request.not_found");
        world.veto(who, &pair.beneficiary, &pair.mentor, "specialist").refused(404, "request.not_found");
        lift(who).refused(404, "request.not_found");
    }
    world.get(&mentee, &path).refused(404, "request.not_found");
    world
        .get(&mentee, &format!("/beneficiaries/{}/vetoes", pair.beneficiary))
        .refused(403, "access.forbidden");
    world.veto(&mentee, &pair.beneficiary, &pair.mentor, "beneficiary").refused(403, "access.forbidden");

    let another = world.another_mentor(&pair);
    let against_another =
        world.veto(&pair.director, &pair.beneficiary, &another, "specialist").expect(201).id();
    let staff_and =
        |login: &str, role: &str, person: &str| world.director_and(login, &pair.organization, role, person);
    let as_mentor = staff_and("as-mentor", "mentor", &pair.mentor_person);
    let as_mentee = staff_and("as-mentee", "mentee", &pair.person);
    for who in [&as_mentor, &as_mentee] {
        world.get(who, &path).refused(404, "request.not_found");
        lift(who).refused(404, "request.not_found");
        // The refusal does not tell whether a veto already stands.
        for side in ["beneficiary", "specialist"] {
            world.veto(who, &pair.beneficiary, &pair.mentor, side).refused(403, "access.own");
        }
    }
    assert_eq!(listed(&world, &as_mentor, &pair.beneficiary, ""), [against_another]);
    let of_own = format!("/beneficiaries/{}/vetoes", pair.beneficiary);
    world.get(&as_mentee, &of_own).refused(403, "access.forbidden");

    let admin = world.admin();
    let shown = world.get(&admin, &path).expect(200);
    assert_eq!(shown.body["note"], "Поссорились на экскурсии.");
    lift(&admin).refused(403, "access.forbidden");
    world.veto(&admin, &pair.beneficiary, &pair.mentor, "mentor").refused(403, "access.forbidden");
    use domain::base::change::SubjectKind::{Beneficiary, Mentor};
    assert!(world.readers(Beneficiary, &pair.beneficiary).contains(&admin.id));
    assert!(world.readers(Mentor, &pair.mentor).contains(&admin.id));
    let officer = json!([{"role": "guardianship_officer", "territory": "25655000"}]);
    let officer = world.account("officer", officer, None);
    world.get(&officer, &path).refused(404, "request.not_found");
    let coordinator = json!([{"role": "program_coordinator", "program_id": pair.program}]);
    let coordinator = world.account("coordinator", coordinator, None);
    world.get(&coordinator, &path).refused(404, "request.not_found");
}

#[test]
fn a_declined_mentorship_makes_a_veto_unless_that_side_s_stands() {
    let (world, pair) = World::paired();
    let mentorship = world.proposed(&pair);
    let decline = |side: VetoSide| {
        let beneficiary: BeneficiaryId = pair.beneficiary.parse().expect("an id");
        let mentor: MentorId = pair.mentor.parse().expect("an id");
        let mentorship: MentorshipId = mentorship.parse().expect("an id");
        world.inside(async move |tx: &mut Tx<'_>| {
            let made = Veto::after_decline(tx.mint(), beneficiary, mentor, side, mentorship, tx.today());
            save_made(tx, made).await
        });
    };
    decline(VetoSide::Mentor);
    decline(VetoSide::Mentor);
    let all = listed(&world, &pair.director, &pair.beneficiary, "");
    assert_eq!(all.len(), 1);
    let it = world.get(&pair.director, &format!("/vetoes/{}", all[0])).expect(200).body;
    assert_eq!(
        (&it["made_by"], &it["reason"], &it["mentorship_id"]),
        (&json!("mentor"), &json!("declined"), &json!(mentorship))
    );
    decline(VetoSide::Beneficiary);
    assert_eq!(listed(&world, &pair.director, &pair.beneficiary, "").len(), 2);
}
