//! The agenda: the desk of each role in one call.
use serde_json::{Value, json};
use tests::{Account, World};

fn agenda(world: &World, who: &Account) -> Value {
    world.get(who, "/me/agenda").expect(200).body
}
fn ids(of: &Value, part: &str) -> Vec<String> {
    of[part].as_array().expect("a part").iter().map(tests::Reply::id_of).collect()
}

#[test]
fn the_agenda_tells_what_is_due_what_waits_who_is_silent_and_what_ends() {
    let mut world = World::new();
    let (pair, other, third) = (world.pair(), world.pair(), world.pair());
    let (active, foreign) = (world.active(&pair), world.active(&other));
    let (today, week) =
        (world.meeting(&pair.director, &active, 1), world.meeting(&pair.director, &active, 72));
    world.meeting(&pair.director, &active, 24 * 9);
    world.meeting(&other.director, &foreign, 1);
    let order = json!({"party": "recipient", "kind": "aid", "text": "Нужна помощь."});
    let asked = world.step(&pair.director, &active, "requests", order).expect(201).id();
    let ground = json!({"arisen_on": world.day(0), "text": "Пропустил три встречи."});
    let ground = world
        .post(&pair.director, &format!("/mentors/{}/removal-grounds", pair.mentor), ground)
        .expect(201)
        .id();
    let ngo = world.ngo("Мост");
    let candidate = world.resident(&third.director);
    let application = world.submitted(&third.director, &candidate, &third.organization, &ngo).id();
    let proposed = world.proposed(&third);
    let told = agenda(&world, &pair.director);
    assert_eq!(told["today"], json!(world.day(0)));
    assert_eq!(ids(&told, "meetings_today"), [today.as_str()]);
    assert_eq!(ids(&told, "meetings_this_week"), [week.as_str()]);
    assert_eq!(
        (ids(&told, "requests_open"), ids(&told, "removal_grounds_open")),
        (vec![asked], vec![ground])
    );
    assert!(ids(&told, "meetings_to_record").is_empty() && ids(&told, "mentorships_silent").is_empty());
    let queue = agenda(&world, &third.director);
    assert_eq!(ids(&queue, "applications_to_decide"), [application.as_str()]);
    assert_eq!(queue["applications_to_decide"][0]["screening"]["failed"], json!(1));
    assert_eq!(ids(&queue, "mentorships_to_begin"), [proposed.as_str()]);
    assert!(
        queue["mentorships_to_begin"][0]["available_actions"].as_array().is_some_and(|it| !it.is_empty())
    );
    world.advance_days(40);
    let later = agenda(&world, &world.again(&pair.director));
    assert_eq!(ids(&later, "meetings_to_record").len(), 3);
    assert_eq!(ids(&later, "mentorships_silent"), [active.as_str()]);
    assert_eq!(ids(&later, "mentorships_ending"), [active.as_str()]);
}

#[test]
fn each_part_of_the_agenda_shows_what_its_list_shows() {
    let (world, pair, other) = World::twice_paired();
    let (active, foreign) = (world.active(&pair), world.active(&other));
    world.meeting(&other.director, &foreign, 1);
    let meeting = world.meeting(&pair.director, &active, 1);
    for party in ["recipient", "mentor"] {
        let order = json!({"party": party, "kind": "other", "text": "Хочу поговорить."});
        world.step(&pair.director, &active, "requests", order).expect(201);
    }
    let mentor = world.mentor_account("maria", &pair);
    let mentee = world.mentee_account("daria", &pair);
    for (who, requests) in [(&mentor, 1), (&mentee, 1), (&pair.director, 2)] {
        let told = agenda(&world, who);
        assert_eq!(ids(&told, "meetings_today"), [meeting.as_str()]);
        assert_eq!(ids(&told, "requests_open").len(), requests);
        let listed = world.get(who, "/requests?state=open&sort=earliest_first").expect(200);
        assert_eq!(&told["requests_open"], &listed.body["items"]);
    }
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    let nothing = agenda(&world, &analyst);
    let parts: Vec<&Value> =
        nothing.as_object().expect("an agenda").values().filter(|it| it.is_array()).collect();
    assert!(parts.len() > 40 && parts.iter().all(|it| it.as_array().is_some_and(Vec::is_empty)), "{nothing}");
    let specialist = world.staff("support_specialist", &pair.organization);
    let mine = world.get(&specialist, "/me/agenda?mine=true").expect(200).body;
    assert!(ids(&mine, "meetings_today").is_empty(), "it follows no pair");
    assert_eq!(ids(&agenda(&world, &specialist), "meetings_today"), [meeting.as_str()]);
    world.get(&specialist, "/me/agenda?state=active").refused(400, "request.parameter");
}

#[test]
fn reading_the_agenda_is_journaled_like_reading_its_lists() {
    let (world, pair, id) = World::mentoring();
    let meeting = world.meeting(&pair.director, &id, 1);
    let mentor = world.mentor_account("maria", &pair);
    agenda(&world, &mentor);
    let readers = world.readers(domain::base::change::SubjectKind::Meeting, &meeting);
    assert!(readers.contains(&mentor.id), "{readers:?}");
}

#[test]
fn the_agenda_tells_of_homework_and_cases_without_a_specialist_and_access_to_decide() {
    let (world, pair, other) = World::twice_paired();
    let active = world.active(&pair);
    let mut record = world.holding(-4);
    record["method"] = json!("talk");
    record["homework"] = json!("Написать письмо.");
    let held = world.step(&pair.director, &active, "held-meetings", record).expect(201).id();
    let case = world.case(&pair.director, &pair.organization, &pair.beneficiary);
    let snils = json!({"snils": "11223344595"});
    let sought = world.person(&pair.director, snils.clone());
    world.beneficiary(&pair.director, &pair.organization, &sought);
    let order = json!({"snils": snils["snils"], "reason": "Семья переехала к нам."});
    let asked = world.post(&other.director, "/access-requests", order).expect(202).id();
    let told = agenda(&world, &pair.director);
    assert_eq!(ids(&told, "homework_open"), [held.as_str()]);
    assert_eq!(ids(&told, "cases_unassigned"), [case.as_str()]);
    assert_eq!(ids(&told, "access_requests_to_decide"), [asked.as_str()]);
    for (part, list) in [
        ("homework_open", "/meetings?homework=open,overdue&sort=earliest_first"),
        ("cases_unassigned", "/cases?state=open&unassigned=true&sort=earliest_first"),
        ("access_requests_to_decide", "/access-requests?to_decide=true"),
        ("rounds_to_publish", "/matching-rounds?state=ready"),
    ] {
        assert_eq!(told[part], world.get(&pair.director, list).expect(200).body["items"], "{part}");
    }
    let elsewhere = agenda(&world, &other.director);
    for part in ["homework_open", "cases_unassigned", "access_requests_to_decide", "rounds_to_publish"] {
        assert!(ids(&elsewhere, part).is_empty(), "{part}");
    }
    // Neither cases nor access are the mentor's; homework is.
    let mentor = agenda(&world, &world.mentor_account("maria", &pair));
    assert_eq!(ids(&mentor, "homework_open"), [held.as_str()]);
    assert!(ids(&mentor, "cases_unassigned").is_empty());
    assert!(ids(&mentor, "access_requests_to_decide").is_empty());
    let specialist = world.staff("support_specialist", &pair.organization);
    let charge = json!({"specialist_user_id": specialist.id});
    world.post(&pair.director, &format!("/cases/{case}/assignment"), charge).expect(200);
    assert!(ids(&agenda(&world, &pair.director), "cases_unassigned").is_empty());
    let others = world.get(&pair.director, "/cases?unassigned=false").expect(200);
    assert_eq!(others.items().len(), 1);
    let done = json!({"done": true, "result": "Написано."});
    world.post(&pair.director, &format!("/meetings/{held}/homework-result"), done).expect(200);
    assert!(ids(&agenda(&world, &pair.director), "homework_open").is_empty());
}

#[test]
fn a_computed_round_waits_in_the_agenda_of_those_who_publish_it() {
    let world = World::new();
    let stage = world.stage(json!({}));
    world.wait_and_help(&stage, 2);
    let round = world.round(&stage, json!({})).id();
    let told = agenda(&world, &stage.director);
    assert_eq!(ids(&told, "rounds_to_publish"), [round.as_str()]);
    let listed = world.get(&stage.director, "/matching-rounds?state=ready").expect(200);
    assert_eq!(told["rounds_to_publish"], listed.body["items"]);
    let other = world.pair();
    assert!(ids(&agenda(&world, &other.director), "rounds_to_publish").is_empty());
}

#[test]
fn the_agenda_tells_of_tasks_to_do_and_of_results_to_accept() {
    let (world, pair) = World::paired();
    let specialist = world.staff("support_specialist", &pair.organization);
    let give = |assignee: Value, day: i64| {
        let order = json!({"kind": "other", "title": "Собрать документы", "assignee": assignee,
            "controller_user_id": pair.director.id, "due_on": world.day(day)});
        world.post(&pair.director, "/tasks", order).expect(201).id()
    };
    let own = give(json!({"kind": "user", "id": specialist.id}), 5);
    let of_all = give(json!({"kind": "organization", "id": pair.organization}), 2);
    let of_mentor = give(json!({"kind": "mentor", "id": pair.mentor}), 3);
    let mentor = world.mentor_account("maria", &pair);
    assert_eq!(ids(&agenda(&world, &specialist), "tasks"), [of_all.as_str(), own.as_str()]);
    assert_eq!(ids(&agenda(&world, &mentor), "tasks"), [of_mentor.as_str()]);
    assert_eq!(ids(&agenda(&world, &pair.director), "tasks"), [of_all.as_str()]);
    world.post(&specialist, &format!("/tasks/{own}/report"), json!({"result": "Собрано."})).expect(200);
    assert_eq!(ids(&agenda(&world, &specialist), "tasks"), [of_all.as_str()]);
    let told = agenda(&world, &pair.director);
    assert_eq!(ids(&told, "tasks"), [of_all.as_str(), own.as_str()]);
    let listed = world.get(&pair.director, "/tasks?mine=to_do&sort=earliest_first").expect(200);
    assert_eq!(told["tasks"], listed.body["items"]);
    assert!(told["tasks"][1]["available_actions"].as_array().is_some_and(|it| it.len() == 3));
    assert!(ids(&agenda(&world, &world.admin()), "tasks").is_empty(), "what one sees is not yet one's own");
}
