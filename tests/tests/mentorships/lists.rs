//! Lists over everything that the caller sees: meetings, requests, reports, and the next meeting of each pair.
use serde_json::{Value, json};
use tests::{Account, Reply, World};

fn ids(of: &Reply) -> Vec<String> {
    of.items().iter().map(Reply::id_of).collect()
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
    let world = World::new();
    let pair = world.pair();
    let id = world.active(&pair);
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
    let world = World::new();
    let (pair, other) = (world.pair(), world.pair());
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
    let world = World::new();
    let pair = world.pair();
    let id = world.active(&pair);
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
    let world = World::new();
    let (pair, other) = (world.pair(), world.pair());
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
    let world = World::new();
    let (pair, other) = (world.pair(), world.pair());
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
    let world = World::new();
    let pair = world.pair();
    let id = world.active(&pair);
    world.step(&pair.director, &id, "mentor-reports", world.report()).expect(201);
    let both = world.director_and("both", &pair.organization, "mentee", &pair.person);
    assert!(listed(&world, &both, "/mentor-reports").is_empty());
}

#[test]
fn mine_are_the_pairs_that_one_follows_accompanies_or_belongs_to() {
    let world = World::new();
    let (pair, other) = (world.pair(), world.pair());
    let tutor = world.account("tutor", json!([{"role": "tutor"}]), None);
    let (followed, plain) = (world.followed(&pair, &tutor), world.active(&other));
    let specialist = world.staff("support_specialist", &other.organization);
    let case = world.case(&other.director, &other.organization, &other.beneficiary);
    let user =
        |who: &Account| world.get(who, "/me").expect(200).body["user"]["id"].as_str().unwrap().to_owned();
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
