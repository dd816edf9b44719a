//! The demonstration region as a new user finds it.
use serde_json::Value;
use std::collections::BTreeSet;
use tests::Installation;

fn words<'a>(all: &'a [Value], member: &str) -> BTreeSet<&'a str> {
    all.iter().filter_map(|it| it[member].as_str()).collect()
}

#[test]
fn the_demonstration_shows_matching_from_the_waiting_list_to_the_next_best() {
    let installation = Installation::demonstration();
    let process = installation.serve();
    let world = &process.client;
    let login = |who: &str| world.login_with("demo", who, api::demo::PASSWORD);
    let specialist = login("specialist");
    let program = world.get(&specialist, "/programs?code=personal-accompaniment").expect(200);
    let program = program.items()[0]["id"].as_str().expect("a program").to_owned();

    let waiting = world.get(&specialist, &format!("/waiting-list?program_id={program}")).expect(200);
    assert!(waiting.items().len() >= 8, "{}", waiting.text);
    let first = waiting.items()[0]["beneficiary_id"].as_str().expect("somebody");
    let candidates = format!("/beneficiaries/{first}/candidates?program_id={program}");
    let candidates = world.get(&specialist, &candidates).expect(200).body;
    assert!(
        ["items", "excluded"].iter().all(|it| candidates[it].as_array().is_some_and(|it| !it.is_empty()))
    );

    let rounds = world.get(&specialist, "/matching-rounds").expect(200);
    let states: Vec<_> = rounds.items().iter().filter_map(|it| it["state"].as_str()).collect();
    assert_eq!(states, ["ready", "published"]);
    let round = |at: usize, what: &str| {
        let id = rounds.items()[at]["id"].as_str().expect("a round");
        world.get(&specialist, &format!("/matching-rounds/{id}/{what}")).expect(200)
    };
    let left_out = round(0, "left-out");
    assert_eq!(words(left_out.items(), "reason"), ["barred", "no_candidate", "seats_to_others"].into());
    let proposed = round(0, "proposals").items()[0]["beneficiary_id"].as_str().expect("somebody").to_owned();
    let why = round(0, &format!("explanation?beneficiary_id={proposed}"));
    assert!(why.body["proposed"].is_object(), "{}", why.text);
    let published = round(1, "proposals");
    let states = ["accepted", "declined", "proposed"];
    assert_eq!(words(published.items(), "mentorship_state"), states.into());
    assert!(published.items().iter().any(|it| it["run"] == 2), "the next best: {}", published.text);

    let mentee = login("mentee");
    let own = world.get(&mentee, &format!("/mentorships?state=proposed&program_id={program}")).expect(200);
    let own = own.items()[0]["id"].as_str().expect("her own").to_owned();
    world.get(&mentee, &format!("/mentorships/{own}/explanation")).expect(200);
}

#[test]
fn the_demonstration_shows_a_task_in_each_of_its_states() {
    let installation = Installation::demonstration();
    let process = installation.serve();
    let world = &process.client;
    let login = |who: &str| world.login_with("demo", who, api::demo::PASSWORD);
    let (head, mentor) = (login("head"), login("mentor"));
    let tasks = world.get(&head, "/tasks?sort=earliest_first").expect(200);
    let told: Vec<_> = tasks
        .items()
        .iter()
        .map(|it| {
            (
                it["state"].as_str().expect("a state"),
                it["days_late"].as_i64(),
                it["steps"].as_array().map(Vec::len),
            )
        })
        .collect();
    let expected = [
        ("done", Some(4), Some(2)),
        ("open", Some(3), Some(0)),
        ("reported", None, Some(1)),
        ("open", None, Some(2)),
        ("open", None, Some(0)),
        ("open", None, Some(0)),
    ];
    assert_eq!(told, expected);
    let waiting = world.get(&head, "/me/agenda").expect(200).body;
    assert_eq!(waiting["tasks"].as_array().map(Vec::len), Some(1), "the reported one");
    assert_eq!(world.get(&mentor, "/tasks").expect(200).items().len(), 1);
}

#[test]
fn the_demonstration_shows_somebody_who_has_just_come_of_age() {
    let installation = Installation::demonstration();
    let process = installation.serve();
    let world = &process.client;
    let specialist = world.login_with("demo", "specialist", api::demo::PASSWORD);
    let due = world.get(&specialist, "/cases?review_due=true").expect(200);
    let young = due.items().iter().find(|it| it["beneficiary_name"] == "Дугаров Аюр Саянович").expect("he");
    let review = &young["reviews_due"][0];
    assert_eq!(
        (&review["kind"], &review["is_overdue"]),
        (&Value::from("coming_of_age"), &Value::from(false))
    );
    let agenda = world.get(&specialist, "/me/agenda").expect(200).body;
    assert_eq!(agenda["reviews_due"].as_array().map(Vec::len), Some(due.items().len()));
}
