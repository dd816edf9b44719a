//! Lists over everything that the caller sees: meetings, requests, reports, and the next meeting of each pair.
use serde_json::{Value, json};
use tests::{Account, Reply, World};

fn ids(of: &Reply) -> Vec<String> {
    of.ids()
}
fn listed(world: &World, who: &Account, path: &str) -> Vec<String> {
    ids(&world.get(who, path).expect(200))
}
fn ask(world: &World, who: &Account, mentorship: &str, party: &str, kind: &str) -> String {
    let paper = world.file(who, "other");
    let order = json!({"party": party, "kind": kind, "text": "Нужна помощь.", "on_paper_file_id": paper});
    world.step(who, mentorship, "requests", order).expect(201).id()
}

#[test]
fn a_mentorship_tells_its_next_meeting_in_the_list_and_on_the_card() {
    let (world, pair, id) = World::mentoring();
    let card = || world.get(&pair.director, &format!("/mentorships/{id}")).expect(200).body;
    assert_eq!(card().get("next_meeting"), None);
    let later = world.meeting(&pair.director, &id, 48);
    let sooner = world.meeting(&pair.director, &id, 24);
    world.meeting(&pair.director, &id, -2);
    let next = json!({"id": sooner, "planned_at": world.hour(24), "method": "talk"});
    assert_eq!(card()["next_meeting"], next, "a plan of the past is not the next one");
    let page = world.get(&pair.director, "/mentorships?state=active").expect(200);
    assert_eq!(page.items()[0]["next_meeting"], next);
    let cancellation = json!({"reason": "other", "note": "Заболела."});
    world.post(&pair.director, &format!("/meetings/{sooner}/cancellation"), cancellation).expect(200);
    assert_eq!(card()["next_meeting"]["id"], json!(later));
    let end = json!({"ground": "other_objective", "ended_on": world.day(0), "text": "Переезд."});
    world.step(&pair.director, &id, "termination", end).expect(200);
    assert_eq!(card().get("next_meeting"), None);
}

#[test]
fn meetings_of_all_pairs_that_one_sees_stand_in_one_list_by_time() {
    let (world, pair, other) = World::twice_paired();
    let (mine, theirs) = (world.active(&pair), world.active(&other));
    let foreign = world.meeting(&other.director, &theirs, 2);
    let (first, last) = (world.meeting(&pair.director, &mine, 1), world.meeting(&pair.director, &mine, 72));
    let all = listed(&world, &world.admin(), "/meetings");
    assert_eq!(all, [last.as_str(), foreign.as_str(), first.as_str()], "the latest first");
    for who in [&pair.director, &world.mentor_account("maria", &pair), &world.mentee_account("daria", &pair)]
    {
        assert_eq!(listed(&world, who, "/meetings"), [last.as_str(), first.as_str()]);
    }
    let within = |from: i64, to: i64| format!("/meetings?from={}&to={}", world.day(from), world.day(to));
    assert_eq!(listed(&world, &pair.director, &within(0, 0)), [first.as_str()]);
    assert_eq!(listed(&world, &pair.director, &within(3, 3)), [last.as_str()]);
    assert!(listed(&world, &pair.director, &within(4, 3)).is_empty());
    let own = format!("/mentorships/{mine}/meetings?from={}", world.day(1));
    assert_eq!(listed(&world, &pair.director, &own), [last.as_str()]);
    world.get(&pair.director, "/meetings?from=2026-3-1").refused(400, "request.parameter");
    let held = world.held(&pair.director, &mine, 3).id();
    let cards = world.get(&world.admin(), "/meetings?state=held").expect(200);
    assert_eq!((&cards.items()[0]["id"], &cards.items()[0]["number"]), (&json!(held), &json!(1)));
    let page = world.get(&world.admin(), "/meetings?limit=1").expect(200);
    let cursor = page.body["next_cursor"].as_str().expect("a next page");
    assert_eq!(
        listed(&world, &world.admin(), &format!("/meetings?limit=1&cursor={cursor}")),
        [foreign.as_str()]
    );
}

#[test]
fn the_recipient_is_shown_no_notes_in_the_list_of_all_meetings() {
    let (world, pair, id) = World::mentoring();
    let mut record = world.holding(-4);
    record["method"] = json!("talk");
    record["notes"] = json!("Трудный разговор.");
    world.step(&pair.director, &id, "held-meetings", record).expect(201);
    let notes =
        |who: &Account| world.get(who, "/meetings").expect(200).items()[0]["held"].get("notes").cloned();
    assert_eq!(notes(&world.mentee_account("daria", &pair)), None);
    assert_eq!(notes(&pair.director), Some(json!("Трудный разговор.")));
}

#[test]
fn requests_of_all_pairs_are_shown_as_in_each_pair() {
    let (world, pair, other) = World::twice_paired();
    let (mine, theirs) = (world.active(&pair), world.active(&other));
    let aid = ask(&world, &pair.director, &mine, "recipient", "aid");
    let away = ask(&world, &pair.director, &mine, "recipient", "replacement");
    let mentors = ask(&world, &pair.director, &mine, "mentor", "other");
    let foreign = ask(&world, &other.director, &theirs, "recipient", "aid");
    let (mentor, mentee) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let both = world.director_and("both", &other.organization, "mentor", &pair.mentor_person);
    assert_eq!(listed(&world, &pair.director, "/requests"), [mentors.as_str(), away.as_str(), aid.as_str()]);
    assert_eq!(listed(&world, &mentor, "/requests"), [mentors.as_str(), aid.as_str()]);
    assert_eq!(listed(&world, &mentee, "/requests"), [away.as_str(), aid.as_str()]);
    assert_eq!(listed(&world, &both, "/requests"), [foreign.as_str(), mentors.as_str(), aid.as_str()]);
    assert_eq!(listed(&world, &pair.director, "/requests?state=open&kind=aid"), [aid]);
    let ahead = format!("/requests?from={}", world.day(1));
    assert!(listed(&world, &pair.director, &ahead).is_empty());
    let until = format!("/requests?from={}&to={}", world.day(0), world.day(0));
    assert_eq!(listed(&world, &pair.director, &until).len(), 3);
}

#[test]
fn reports_of_all_mentors_are_found_by_the_days_that_they_are_about() {
    let (world, pair, other) = World::twice_paired();
    let (mine, theirs) = (world.active(&pair), world.active(&other));
    let report =
        |who: &Account, of: &str| world.step(who, of, "mentor-reports", world.report()).expect(201).id();
    let own = report(&pair.director, &mine);
    report(&other.director, &theirs);
    let mentor = world.mentor_account("maria", &pair);
    for who in [&pair.director, &mentor] {
        assert_eq!(listed(&world, who, "/mentor-reports"), [own.as_str()]);
    }
    assert_eq!(listed(&world, &world.admin(), "/mentor-reports").len(), 2);
    world.get(&world.mentee_account("daria", &pair), "/mentor-reports").refused(403, "access.forbidden");
    let from = |day: i64| format!("/mentor-reports?from={}", world.day(day));
    assert_eq!((listed(&world, &mentor, &from(0)).len(), listed(&world, &mentor, &from(1)).len()), (1, 0));
    let survey = world.step(&pair.director, &mine, "surveys", world.survey()).expect(201).id();
    let path = format!("/mentorships/{mine}/surveys?to={}", world.day(0));
    assert_eq!(listed(&world, &pair.director, &path), [survey]);
    let own_request = |it: &Value| it["mentorship_id"] == json!(mine);
    assert!(world.get(&mentor, "/mentor-reports").items().iter().all(own_request));
}

#[test]
fn a_recipient_who_is_also_staff_is_shown_no_report_about_themselves() {
    let (world, pair, id) = World::mentoring();
    world.step(&pair.director, &id, "mentor-reports", world.report()).expect(201);
    let both = world.director_and("both", &pair.organization, "mentee", &pair.person);
    assert!(listed(&world, &both, "/mentor-reports").is_empty());
}

#[test]
fn mine_are_the_pairs_that_one_follows_accompanies_or_belongs_to() {
    let (world, pair, other) = World::twice_paired();
    let tutor = world.account("tutor", json!([{"role": "tutor"}]), None);
    let (followed, plain) = (world.followed(&pair, &tutor), world.active(&other));
    let specialist = world.staff("support_specialist", &other.organization);
    let case = world.case(&other.director, &other.organization, &other.beneficiary);
    let charge = json!({"specialist_user_id": specialist.id});
    world.post(&other.director, &format!("/cases/{case}/assignment"), charge).expect(200);
    let meeting = world.meeting(&other.director, &plain, 24);
    let mine = |who: &Account| listed(&world, who, "/mentorships?mine=true");
    assert_eq!(mine(&specialist), [plain.as_str()]);
    assert_eq!(mine(&tutor), [followed.as_str()]);
    assert!(mine(&other.director).is_empty());
    assert_eq!(listed(&world, &other.director, "/mentorships?mine=false"), [plain.as_str()]);
    assert_eq!(mine(&world.mentor_account("maria", &other)), [plain.as_str()]);
    let of =
        |who: &Account, list: &str| listed(&world, who, &format!("/{list}?specialist_id={}", specialist.id));
    assert_eq!(of(&other.director, "mentorships"), [plain.as_str()]);
    assert_eq!(of(&other.director, "meetings"), [meeting.as_str()]);
    assert_eq!(listed(&world, &specialist, "/meetings?mine=true"), [meeting.as_str()]);
    assert!(listed(&world, &specialist, "/meetings?mine=false").is_empty());
    let mentor = world.mentor_account("petr", &other);
    assert!(of(&mentor, "mentorships").is_empty(), "who is in charge of a case is not shown to a mentor");
    let tutors = format!("/mentorships?specialist_id={}", tutor.id);
    assert_eq!(listed(&world, &pair.director, &tutors), [followed.as_str()]);
}

#[test]
fn a_filter_takes_several_words() {
    let world = World::new();
    let (pair, other, third) = (world.pair(), world.pair(), world.pair());
    let (active, proposed) = (world.active(&pair), world.proposed(&other));
    world.accepted(&third);
    let admin = world.admin();
    assert_eq!(
        listed(&world, &admin, "/mentorships?state=active,proposed"),
        [proposed.as_str(), active.as_str()]
    );
    let page = world.get(&admin, "/mentorships?state=active,proposed&limit=1").expect(200);
    let next = page.header("link").expect("a next page").to_owned();
    assert!(next.contains("&state=active,proposed>"), "{next}");
    let cursor = page.body["next_cursor"].as_str().expect("a next page");
    let rest = format!("/mentorships?state=active,proposed&limit=1&cursor={cursor}");
    assert_eq!(listed(&world, &admin, &rest), [active.as_str()]);
    let joint = format!("/mentorships?state=active&limit=1&cursor={cursor}");
    world.get(&admin, &joint).refused(400, "request.cursor");
    for wrong in ["active,", ",active", "active,active", "active,nothing", "active, proposed", "Active"] {
        let path = format!("/mentorships?state={}", wrong.replace(' ', "%20"));
        world.get(&admin, &path).refused(400, "request.parameter");
    }
    let (all, some) = ("/organizations?kind=ngo,social_service_agency", "/organizations?kind=ngo");
    assert!(listed(&world, &admin, all).len() > listed(&world, &admin, some).len());
    world.get(&admin, "/users?role=mentor,tutor").expect(200);
    world.get(&admin, "/jobs?state=queued,running&kind=matching_round").expect(200);
    let homework = |asked: &str| listed(&world, &admin, &format!("/meetings?homework={asked}"));
    assert!(homework("open,overdue,done").is_empty());
    let mut record = world.holding(-4);
    record["method"] = json!("talk");
    record["homework"] = json!("Написать письмо.");
    let held = world.step(&pair.director, &active, "held-meetings", record).expect(201).id();
    assert_eq!((homework("open,done").len(), homework("overdue,done").len()), (1, 0));
    let done = json!({"done": true, "result": "Написано."});
    world.post(&pair.director, &format!("/meetings/{held}/homework-result"), done).expect(200);
    assert_eq!((homework("open,overdue").len(), homework("overdue,done").len()), (0, 1));
}

#[test]
fn a_list_by_time_is_read_from_either_end() {
    let (world, pair, other) = World::twice_paired();
    let (first, second) = (world.active(&pair), world.active(&other));
    for hours in [5, 1, 3] {
        world.meeting(&pair.director, &first, hours);
        world.meeting(&other.director, &second, hours);
    }
    ask(&world, &pair.director, &first, "recipient", "aid");
    ask(&world, &other.director, &second, "recipient", "aid");
    for made in [&pair, &other] {
        world.case(&made.director, &made.organization, &made.beneficiary);
    }
    for list in ["mentorships", "meetings", "requests", "mentor-applications", "cases"] {
        let mut latest = listed(&world, &world.admin(), &format!("/{list}?sort=latest_first"));
        assert!(latest.len() > 1, "{list}");
        assert_eq!(listed(&world, &world.admin(), &format!("/{list}")), latest, "{list}");
        latest.reverse();
        let (mut walked, mut path) = (Vec::new(), format!("/{list}?sort=earliest_first&limit=1"));
        loop {
            let page = world.get(&world.admin(), &path).expect(200);
            walked.extend(ids(&page));
            let Some(cursor) = page.body["next_cursor"].as_str() else { break };
            path = format!("/{list}?sort=earliest_first&limit=1&cursor={cursor}");
        }
        assert_eq!(walked, latest, "{list}");
    }
}

#[test]
fn the_rows_that_one_sees_are_counted_by_state() {
    let (world, pair, other) = World::twice_paired();
    let (active, _) = (world.active(&pair), world.proposed(&other));
    world.meeting(&pair.director, &active, 2);
    world.held(&pair.director, &active, 3);
    world.case(&pair.director, &pair.organization, &pair.beneficiary);
    let counts = |who: &Account, list: &str| {
        world.get(who, &format!("/{list}/counts?group_by=state")).expect(200).body
    };
    let one = |value: &str| json!({"total": 1, "counts": [{"value": value, "count": 1}]});
    assert_eq!(counts(&pair.director, "mentorships"), one("active"));
    assert_eq!(counts(&other.director, "mentorships"), one("proposed"));
    let both = json!([{"value": "proposed", "count": 1}, {"value": "active", "count": 1}]);
    assert_eq!(counts(&world.admin(), "mentorships")["counts"], both);
    let met = json!([{"value": "planned", "count": 1}, {"value": "held", "count": 1}]);
    assert_eq!(counts(&pair.director, "meetings"), json!({"total": 2, "counts": met}));
    assert_eq!(counts(&other.director, "meetings"), json!({"total": 0, "counts": []}));
    assert_eq!(counts(&pair.director, "cases"), one("open"));
    assert_eq!(counts(&pair.director, "mentor-applications"), one("approved"));
    world
        .get(&world.mentor_account("maria", &pair), "/cases/counts?group_by=state")
        .refused(403, "access.forbidden");
    for wrong in ["?group_by=mentor_name", "?group_by=state&state=active", "?group_by="] {
        world.get(&pair.director, &format!("/mentorships/counts{wrong}")).refused(400, "request.parameter");
    }
}

#[test]
fn the_rows_that_one_sees_are_counted_by_each_member_that_the_list_allows() {
    let (world, pair, other) = World::twice_paired();
    let (active, _) = (world.active(&pair), world.proposed(&other));
    world.meeting(&pair.director, &active, 2);
    world.held(&pair.director, &active, 3);
    world.case(&pair.director, &pair.organization, &pair.beneficiary);
    let (mentor, mentee) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let allowed = [
        ("mentorships", vec!["state", "program_id", "organization_id", "tutor_user_id"]),
        ("meetings", vec!["state", "method"]),
        ("mentor-applications", vec!["state", "program_id", "organization_id"]),
        ("cases", vec!["state", "organization_id", "specialist_user_id"]),
    ];
    for who in [&world.admin(), &pair.director, &other.director, &mentor, &mentee] {
        for (list, members) in &allowed {
            let rows = world.get(who, &format!("/{list}?limit=200"));
            if rows.status == 403 {
                world.get(who, &format!("/{list}/counts?group_by=state")).refused(403, "access.forbidden");
                continue;
            }
            for member in members {
                let told = world.get(who, &format!("/{list}/counts?group_by={member}")).expect(200).body;
                let mut expected: std::collections::BTreeMap<String, i64> = Default::default();
                for row in rows.items() {
                    *expected.entry(row[member].to_string()).or_default() += 1;
                }
                let counts = told["counts"].as_array().expect("counts");
                let found = counts.iter().map(|it| (it["value"].to_string(), it["count"].as_i64().unwrap()));
                assert_eq!(found.collect::<std::collections::BTreeMap<_, _>>(), expected, "{list} {member}");
                assert_eq!(told["total"], json!(rows.items().len()), "{list} {member}");
            }
        }
    }
    // A member that the reader is not shown, and one of another list, is no word.
    for (list, wrong) in [
        ("mentor-applications", "reviewer_user_id"),
        ("mentorships", "termination_ground"),
        ("mentorships", "beneficiary_id"),
        ("meetings", "organization_id"),
        ("cases", "method"),
    ] {
        let path = format!("/{list}/counts?group_by={wrong}");
        world.get(&pair.director, &path).refused(400, "request.parameter");
    }
}
