//! Reports of mentors.
use serde_json::{Value, json};
use tests::{Account, Reply, World};

fn made(world: &World, who: &Account, mentorship: &str, form: Value) -> Reply {
    world.step(who, mentorship, "mentor-reports", form)
}
fn with(mut form: Value, name: &str, value: impl Into<Value>) -> Value {
    form[name] = value.into();
    form
}

#[test]
fn a_mentor_reports_to_the_institution_and_its_commission() {
    let (world, pair, stranger) = World::twice_paired();
    let (mentor, mentee) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let id = world.active(&pair);
    let form = with(with(world.report(), "for_commission", true), "attended_commission_on", world.day(0));
    let it = made(&world, &mentor, &id, form.clone()).expect(201);
    let path = format!("/mentor-reports/{}", it.id());
    assert_eq!(it.header("location"), Some(format!("/api/v1{path}").as_str()));
    assert_eq!((&it.body["report"], &it.body["made_by"]), (&form, &json!(mentor.id)));
    assert_eq!(world.fact("mentor_report.made"), it.id());
    let second = made(&world, &pair.director, &id, world.report()).expect(201).id();
    for who in [&pair.director, &world.admin(), &mentor] {
        let told = world.get(who, &path).expect(200).body;
        assert_eq!(
            (&told["report"], &told["created_at"]),
            (&it.body["report"], &it.body["created_at"]),
            "{}",
            who.login
        );
        let listed = world.get(who, &format!("/mentorships/{id}/mentor-reports")).expect(200);
        let ids: Vec<&Value> = listed.items().iter().map(|it| &it["id"]).collect();
        assert_eq!(ids, [&json!(second), &json!(it.id())]);
    }
    let first = world.get(&mentor, &format!("/mentorships/{id}/mentor-reports?limit=1")).expect(200);
    let next = first.body["next_cursor"].as_str().expect("a cursor");
    let rest =
        world.get(&mentor, &format!("/mentorships/{id}/mentor-reports?limit=1&cursor={next}")).expect(200);
    assert_eq!(rest.items()[0]["id"], json!(it.id()));
    world.get(&mentee, &path).refused(404, "request.not_found");
    world.get(&mentee, &format!("/mentorships/{id}/mentor-reports")).refused(403, "access.forbidden");
    made(&world, &mentee, &id, world.report()).refused(403, "access.forbidden");
    for who in [&stranger.director, &world.mentor_account("other", &stranger)] {
        world.get(who, &path).refused(404, "request.not_found");
        world.get(who, &format!("/mentorships/{id}/mentor-reports")).refused(404, "request.not_found");
        made(&world, who, &id, world.report()).refused(404, "request.not_found");
    }
}

#[test]
fn a_report_tells_of_days_of_the_mentorship_and_does_not_contradict_itself() {
    let (world, pair, id) = World::mentoring();
    let attended = with(world.report(), "for_commission", true);
    for (form, pointer) in [
        (with(world.report(), "period_from", world.day(-1)), "/period_from"),
        (with(world.report(), "period_to", world.day(1)), "/period_to"),
        (with(attended, "attended_commission_on", world.day(1)), "/attended_commission_on"),
    ] {
        let told = made(&world, &pair.director, &id, form).refused(422, "mentor_report.date");
        assert_eq!(told.body["errors"][0]["pointer"], pointer);
    }
    let outcome = json!({"domain": "safety", "change": "same"});
    for form in [
        with(world.report(), "attended_commission_on", world.day(0)),
        with(world.report(), "period_to", world.day(-1)),
        with(world.report(), "outcomes", json!([outcome, outcome])),
    ] {
        let told = made(&world, &pair.director, &id, form).expect(422);
        assert_eq!(told.codes(), ["field.combination"]);
    }
    let over = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    world.step(&pair.director, &id, "termination", over).expect(200);
    made(&world, &pair.director, &id, world.report()).expect(201);
    let proposed = world.proposed(&world.pair_at(&pair.organization, &pair.director, &pair.program));
    made(&world, &pair.director, &proposed, world.report()).refused(409, "mentorship.not_active");
}

#[test]
fn what_was_done_is_reported_while_paused_and_by_the_institution_after_the_end() {
    let (mut world, pair) = World::paired();
    let mentor = world.mentor_account("maria", &pair);
    let id = world.active(&pair);
    let of = |day: String| with(with(world.report(), "period_from", day.clone()), "period_to", day);
    let visit = |day: String| with(world.survey(), "visited_on", day);
    let today = world.day(0);
    let first = (of(today.clone()), visit(today.clone()));
    let second = (of(world.day(1)), visit(world.day(1)));
    let pause = json!({"paused_on": today, "reason": "illness"});
    world.step(&pair.director, &id, "pause", pause).expect(200);
    made(&world, &mentor, &id, first.0.clone()).expect(201);
    world.step(&mentor, &id, "surveys", first.1.clone()).expect(201);
    world.advance_days(2);
    let (director, mentor) = (world.again(&pair.director), world.again(&mentor));
    let over = json!({"ground": "other_objective", "ended_on": today, "text": "Переезд."});
    world.step(&director, &id, "termination", over).expect(200);
    made(&world, &director, &id, first.0.clone()).expect(201);
    world.step(&director, &id, "surveys", first.1.clone()).expect(201);
    let told = made(&world, &director, &id, second.0).refused(422, "mentor_report.date");
    assert_eq!(told.codes(), ["mentor_report.date", "mentor_report.date"]);
    world.step(&director, &id, "surveys", second.1).refused(422, "survey.date");
    made(&world, &mentor, &id, first.0).refused(404, "request.not_found");
    world.step(&mentor, &id, "surveys", first.1).refused(404, "request.not_found");
}

/// The outcomes that the regulation names, each with its paragraphs.
const OUTCOMES: [(&str, &[&str]); 6] = [
    ("§2.2.3", &["socialisation", "adaptation", "rehabilitation_potential"]),
    ("§2.2.4", &["experience"]),
    ("§2.2.5", &["approved_behaviour", "norms", "self_regulation"]),
    ("§2.2.6", &["responsibility", "independence", "law_abidance"]),
    ("§2.2.7", &["safety"]),
    ("§2.2.8", &["parental_competence", "family_functions", "family_cohesion", "joint_activity"]),
];

#[test]
fn a_report_tells_of_each_outcome_of_the_regulation_for_a_person_and_for_a_family() {
    let world = World::new();
    let listed = world.get(&world.admin(), "/catalogues/outcome-domains").expect(200);
    let codes: Vec<&str> = listed.items().iter().filter_map(|it| it["code"].as_str()).collect();
    assert_eq!(codes, OUTCOMES.map(|(_, domains)| domains).concat(), "no outcome without its paragraph");
    for (login, pair) in [("person", world.pair()), ("family", world.family_pair())] {
        let mentor = world.mentor_account(login, &pair);
        let id = world.active(&pair);
        let report =
            |outcomes: Vec<Value>| made(&world, &mentor, &id, with(world.report(), "outcomes", outcomes));
        for (paragraph, domains) in OUTCOMES {
            let changes = ["better", "same", "worse"].iter().cycle();
            let outcomes: Vec<Value> = domains
                .iter()
                .zip(changes)
                .map(|(it, change)| json!({"domain": it, "change": change}))
                .collect();
            let it = report(outcomes.clone()).expect(201).id();
            let read = world.get(&pair.director, &format!("/mentor-reports/{it}")).expect(200);
            assert_eq!(read.body["report"]["outcomes"], json!(outcomes), "{login}: {paragraph}");
        }
        let told = report(vec![json!({"domain": "wealth", "change": "better"})]).expect(422);
        assert_eq!(told.codes(), ["field.word"], "{login}");
    }
}
