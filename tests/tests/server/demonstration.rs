//! The demonstration region as a new user finds it.
mod accompaniment;
mod partnership;

use chrono::NaiveDate;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tests::{Account, Client, Installation, Process, Reply};

/// A server of the demonstration region, with the accounts that have logged in. Sentences change nothing, so those that run at once share
/// it.
struct Shown {
    process: Process,
    logins: Mutex<HashMap<String, Account>>,
    _installation: Installation,
}

impl Shown {
    fn client(&self) -> &Client {
        &self.process.client
    }
    /// An account. A server of its own hashes a password as dearly as in earnest, so each logs in once.
    fn login(&self, who: &str) -> Account {
        let mut all = self.logins.lock().unwrap_or_else(PoisonError::into_inner);
        let login = || self.client().login_with(api::demo::CODE, who, api::demo::PASSWORD);
        all.entry(who.to_owned()).or_insert_with(login).clone()
    }
    fn get(&self, who: &str, path: &str) -> Reply {
        self.client().get(&self.login(who), path).expect(200)
    }
}

fn shown() -> Arc<Shown> {
    static SHOWN: Mutex<Weak<Shown>> = Mutex::new(Weak::new());
    let mut kept = SHOWN.lock().unwrap_or_else(PoisonError::into_inner);
    kept.upgrade().unwrap_or_else(|| {
        let installation = Installation::demonstration();
        let process = installation.serve();
        let shown = Arc::new(Shown { process, logins: Mutex::default(), _installation: installation });
        *kept = Arc::downgrade(&shown);
        shown
    })
}

fn words<'a>(all: &'a [Value], member: &str) -> BTreeSet<&'a str> {
    all.iter().filter_map(|it| it[member].as_str()).collect()
}

fn text<'a>(it: &'a Value, member: &str) -> &'a str {
    it[member].as_str().unwrap_or_default()
}

fn day(it: &Value, member: &str) -> NaiveDate {
    text(it, member).parse().unwrap_or_else(|_| panic!("no day {member} in {it}"))
}

fn rows<'a>(it: &'a Value, member: &str) -> &'a Vec<Value> {
    it[member].as_array().unwrap_or_else(|| panic!("no rows {member} in {it}"))
}

#[test]
fn the_demonstration_shows_matching_from_the_waiting_list_to_the_next_best() {
    let shown = shown();
    let world = shown.client();
    let login = |who: &str| shown.login(who);
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
    let shown = shown();
    let world = shown.client();
    let login = |who: &str| shown.login(who);
    let (head, mentor) = (login("head"), login("mentor"));
    let tasks = world.get(&head, "/tasks?sort=earliest_first").expect(200);
    let told: Vec<_> = tasks
        .items()
        .iter()
        // Those of councils, plans and projects belong to no case.
        .filter(|it| it["case_id"].is_string())
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
    ];
    assert_eq!(told, expected);
    let waiting = world.get(&head, "/me/agenda").expect(200).body;
    assert_eq!(waiting["tasks"].as_array().map(Vec::len), Some(1), "the reported one");
    assert_eq!(world.get(&mentor, "/tasks").expect(200).items().len(), 1);
}

#[test]
fn the_demonstration_shows_somebody_who_has_just_come_of_age() {
    let shown = shown();
    let due = shown.get("centre.specialist", "/cases?review_due=true");
    let young = due.items().iter().find(|it| it["beneficiary_name"] == "Дугаров Аюр Саянович").expect("he");
    let review = &young["reviews_due"][0];
    assert_eq!(
        (&review["kind"], &review["is_overdue"]),
        (&Value::from("coming_of_age"), &Value::from(false))
    );
    for who in ["centre.specialist", "specialist"] {
        let due = shown.get(who, "/cases?review_due=true");
        let agenda = shown.get(who, "/me/agenda").body;
        assert_eq!(rows(&agenda, "reviews_due").len(), due.items().len(), "{who}");
    }
}

#[test]
fn the_demonstration_tells_the_projects_and_the_attendance_of_the_sources() {
    let shown = shown();
    let world = shown.client();
    let analyst = shown.login("analyst");
    let all = |path: &str| world.get(&analyst, &format!("{path}limit=200")).expect(200).items().clone();
    let (projects, events) = (all("/projects?"), all("/events?"));
    let found = |of: &[Value], title: &str| {
        of.iter().find(|it| it["title"] == title).cloned().expect("the thing of the source")
    };
    let kirov = found(&projects, "Проект 1 (название в источнике не указано)");
    let kirov = kirov["organization_id"].as_str().expect("an id");
    let summary = format!("/projects/summary?organization_id={kirov}&since=2012-01-01");
    assert_eq!(world.get(&analyst, &summary).expect(200).body["implemented"], 5);
    let together = found(&projects, "Наставники: не рядом, а вместе!");
    assert_eq!(together["approvals"][0]["approved_on"], "2016-07-21");
    let kinds = words(&events, "kind");
    for kind in [
        "pedagogical_readings",
        "conference",
        "round_table",
        "seminar",
        "rally",
        "press_lunch",
        "thematic_circle",
        "service_fair",
        "family_day",
        "festival",
        "tournament",
        "clean_up",
        "flash_mob",
        "photo_contest",
        "outreach",
        "commemoration",
    ] {
        assert!(kinds.contains(kind), "{kind}");
    }
    assert_eq!(
        words(&projects, "state"),
        ["completed", "running", "stopped"].into(),
        "a draft is seen by its owner alone"
    );
    assert_eq!(words(&events, "state"), ["cancelled", "held", "planned"].into());
    assert_eq!(words(&all("/ideas?"), "state"), ["adopted", "declined", "new"].into());

    let happiness = found(&events, "Формула счастья");
    let sober = happiness["co_organizer_ids"][0].as_str().expect("a co-organizer");
    let asked =
        format!("/events/attendance?from=2015-01-01&to=2015-12-31&audience=minors&partner_id={sober}");
    let table = world.get(&analyst, &asked).expect(200).body;
    let people: Vec<Option<i64>> =
        table["rows"].as_array().expect("rows").iter().map(|it| it["people"].as_i64()).collect();
    assert_eq!(people, [Some(16), None, Some(43)]);
    assert_eq!((&table["sum"], &table["without_number"]), (&Value::from(59), &Value::from(1)));
    let healthy = found(&projects, "Здоровым духом и бездомный богат");
    let platforms = projects.iter().filter(|it| it["parent_id"] == healthy["id"]).count();
    let account = format!("/projects/{}/account", healthy["id"].as_str().expect("an id"));
    let account = world.get(&analyst, &account).expect(200).body;
    assert_eq!(
        (platforms, &account["events_held"], &account["targets"][0]["value"]),
        (3, &Value::from(10), &Value::from(42.0))
    );
}

#[test]
fn the_demonstration_tells_the_agreements_the_staff_and_the_package_of_the_sources() {
    let shown = shown();
    let world = shown.client();
    let analyst = shown.login("analyst");
    let get = |path: &str| world.get(&analyst, path).expect(200);
    let agreements = get("/agreements?limit=200");
    let states = ["expired", "in_force", "planned", "terminated", "upcoming"];
    assert_eq!(words(agreements.items(), "state"), states.into());
    let director = shown.login("director");
    let agenda = world.get(&director, "/me/agenda").expect(200).body;
    assert_eq!(agenda["agreements_ending"].as_array().map(Vec::len), Some(1));
    // 004 L164–166: 21 specialists in services and 10 of them with people, 10 in the centre and 3, one in each of 24 schools.
    let staff = |kind: &str| {
        let told = get(&format!("/staffing?kind={kind}")).body;
        ["specialists", "direct_support", "organizations", "without_specialists"]
            .map(|it| told[it].as_i64().expect("a number"))
    };
    assert_eq!(staff("aftercare_service")[..2], [21, 10]);
    assert_eq!(staff("aftercare_centre")[..2], [10, 3]);
    assert_eq!(staff("vocational_school"), [24, 24, 24, 0]);
    let package = get("/action-packages").items()[0]["id"].as_str().expect("an id").to_owned();
    let table = get(&format!("/action-packages/{package}/table")).body;
    let rows = table["rows"].as_array().expect("rows");
    let sides = |n: usize| (rows[n]["before"]["value"].as_f64(), rows[n]["after"]["value"].as_f64());
    assert_eq!((rows.len(), sides(4), sides(5)), (12, (Some(4.0), Some(6.0)), (None, Some(12.0))));
    assert_eq!(rows[10]["organization_ids"].as_array().map(Vec::len), Some(2), "НКО of the package");
    // Clubs: from 1 to 4, counted, and they open the clubs (004 L244–257).
    assert_eq!((sides(7), &rows[7]["after"]["is_counted"]), ((Some(1.0), Some(4.0)), &Value::from(true)));
    let clubs = rows[7]["after"]["club_ids"].as_array().expect("clubs").iter();
    let clubs: Vec<Value> =
        clubs.map(|it| get(&format!("/clubs/{}", it.as_str().expect("an id"))).body).collect();
    assert_eq!(words(&clubs, "host_id").len(), 4, "three of them on the base of three colleges");
    assert!(
        !get("/funding-programs").items().is_empty() && !get("/coordinator-appointments").items().is_empty()
    );
    assert!(get("/legal-acts").items().len() >= 3);
}
