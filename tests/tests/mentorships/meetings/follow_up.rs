//! Steps after a held meeting: homework and ratings.
use super::{codes, meeting, record, with};
use serde_json::{Value, json};
use tests::{Account, Reply, World};

fn told(world: &World, who: &Account, id: &str, done: bool, result: &str) -> Reply {
    record(world, who, id, "homework-result", json!({"done": done, "result": result}))
}
fn rated(world: &World, who: &Account, id: &str, party: &str, score: i32) -> Reply {
    let order = json!({"party": party, "score": score, "comment": format!("Оценка {party}")});
    record(world, who, id, "ratings", order)
}
fn with_homework(world: &World, who: &Account, mentorship: &str, hours: i64, due: Option<i64>) -> String {
    let mut order = with(world.holding(hours), "homework", "Выписать три колледжа.");
    order["method"] = json!("talk");
    if let Some(days) = due {
        order["homework_due_on"] = json!(world.day(days));
    }
    world.step(who, mentorship, "held-meetings", order).expect(201).id()
}

#[test]
fn homework_is_given_told_of_and_done() {
    let (world, pair) = World::paired();
    let (mentor, mentee) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let id = world.active(&pair);
    let it = with_homework(&world, &mentor, &id, -2, Some(7));
    let given = meeting(&world, &mentee, &it).expect(200);
    assert_eq!(
        (&given.body["homework_state"], &given.body["held"]["homework_due_on"]),
        (&json!("open"), &json!(world.day(7)))
    );
    assert_eq!(given.actions(), json!(["report_homework", "rate"]));
    let first = told(&world, &mentee, &it, false, "Нашла только два.").expect(200);
    assert_eq!(
        (&first.body["homework_state"], &first.body["homework_result"]["done"], &first.body["version"]),
        (&json!("open"), &json!(false), &json!(2))
    );
    let second = told(&world, &mentor, &it, true, "Нашли третий вместе.").expect(200);
    assert_eq!(
        second.body["homework_result"],
        json!({"done": true, "result": "Нашли третий вместе.", "reported_on": world.day(0)})
    );
    assert_eq!(second.body["homework_state"], "done");
    assert_eq!(meeting(&world, &mentee, &it).body["homework_result"], second.body["homework_result"]);
    told(&world, &pair.director, &it, false, "Нет.").refused(409, "meeting.homework_done");
    let history = world.get(&pair.director, &format!("/meetings/{it}/history")).expect(200);
    assert_eq!(history.kinds(), ["meeting.homework_reported", "meeting.homework_reported", "meeting.held"]);
    assert!(!history.text.contains("третий"));
    let without = world.held(&pair.director, &id, 5).id();
    let none = told(&world, &mentor, &without, true, "Сделано.").refused(409, "meeting.no_homework");
    assert_eq!(none.body["rule"], "002 §5.4");
    let ahead = world.meeting(&pair.director, &id, 5);
    told(&world, &mentor, &ahead, true, "Сделано.").refused(409, "meeting.not_held");
    let mut due_without = with(world.holding(-8), "homework_due_on", world.day(3));
    due_without["method"] = json!("talk");
    let refused = world.step(&pair.director, &id, "held-meetings", due_without).expect(422);
    assert_eq!(codes(&refused), ["field.combination"]);
}

#[test]
fn nothing_told_of_homework_is_lost_and_who_told_it_is_known() {
    let (world, pair) = World::paired();
    let (mentor, mentee) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let id = world.active(&pair);
    let it = with_homework(&world, &mentor, &id, -2, Some(7));
    assert_eq!(meeting(&world, &mentee, &it).body["homework_reports"], json!([]));
    told(&world, &mentee, &it, false, "Слова ребёнка.").expect(200);
    told(&world, &pair.director, &it, false, "Слова отделения.").expect(200);
    let silent = record(&world, &mentor, &it, "homework-result", json!({"done": true})).expect(200);
    let latest = json!({"done": true, "reported_on": world.day(0)});
    for who in [&mentee, &mentor, &pair.director] {
        let card = meeting(&world, who, &it).expect(200);
        assert_eq!(card.body["homework_result"], latest);
        let mut reports = card.body["homework_reports"].as_array().expect("reports").clone();
        for report in &mut reports {
            assert!(report.as_object_mut().expect("a report").remove("reported_at").is_some());
        }
        let on = world.day(0);
        assert_eq!(
            json!(reports),
            json!([
                {"by": "recipient", "done": false, "result": "Слова ребёнка.", "reported_on": on},
                {"done": false, "result": "Слова отделения.", "reported_on": on},
                {"by": "mentor", "done": true, "reported_on": on},
            ]),
            "{}",
            who.login
        );
    }
    let listed = world.get(&mentee, &format!("/mentorships/{id}/meetings")).expect(200);
    assert_eq!(listed.items()[0]["homework_reports"], silent.body["homework_reports"]);
    let history = world.get(&pair.director, &format!("/meetings/{it}/history")).expect(200);
    assert!(!history.text.contains("Слова"));
    let again = with_homework(&world, &mentor, &id, -4, None);
    for _ in 0..50 {
        record(&world, &mentor, &again, "homework-result", json!({"done": false})).expect(200);
    }
    told(&world, &mentor, &again, false, "Нет.").refused(409, "meeting.homework_told_enough");
}

#[test]
fn meetings_are_listed_by_how_their_homework_stands() {
    let (mut world, pair, id) = World::mentoring();
    let soon = with_homework(&world, &pair.director, &id, -4, Some(1));
    let late = with_homework(&world, &pair.director, &id, -2, Some(20));
    let undated = with_homework(&world, &pair.director, &id, -1, None);
    let done = with_homework(&world, &pair.director, &id, -6, Some(1));
    told(&world, &pair.director, &done, true, "Сделано.").expect(200);
    told(&world, &pair.director, &soon, false, "Ещё нет.").expect(200);
    world.held(&pair.director, &id, 9);
    world.advance_days(2);
    let director = world.again(&pair.director);
    let listed = |wanted: &str| {
        let reply =
            world.get(&director, &format!("/mentorships/{id}/meetings?homework={wanted}")).expect(200);
        reply.items().iter().map(|it| it["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(listed("open"), [undated, late]);
    assert_eq!(listed("overdue"), [soon.as_str()]);
    assert_eq!(listed("done"), [done]);
    assert_eq!(meeting(&world, &director, &soon).body["homework_state"], "overdue");
    let wrong = world.get(&director, &format!("/mentorships/{id}/meetings?homework=lost"));
    wrong.refused(400, "request.parameter");
}

#[test]
fn each_side_rates_a_meeting_once_and_sees_what_it_said_itself() {
    let (world, pair) = World::paired();
    let (mentor, mentee) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let id = world.active(&pair);
    let it = world.held(&mentor, &id, 2).id();
    rated(&world, &mentee, &it, "mentor", 5).refused(403, "access.not_yours");
    let own = rated(&world, &mentee, &it, "recipient", 2).expect(200);
    let said =
        json!([{"party": "recipient", "score": 2, "comment": "Оценка recipient", "rated_on": world.day(0)}]);
    assert_eq!((&own.body["ratings"], &own.actions()), (&said, &json!([])));
    assert_eq!(meeting(&world, &mentor, &it).body["ratings"], json!([]), "the mentor does not see it");
    let told = rated(&world, &mentee, &it, "recipient", 3).refused(409, "meeting.already_rated");
    assert_eq!(told.body["errors"][0]["pointer"], "/party");
    let by_staff = rated(&world, &pair.director, &it, "mentor", 4).expect(200);
    let parties: Vec<&Value> =
        by_staff.body["ratings"].as_array().expect("ratings").iter().map(|it| &it["party"]).collect();
    assert_eq!(parties, ["mentor", "recipient"]);
    assert_eq!(by_staff.actions(), json!(["annul"]));
    rated(&world, &mentor, &it, "mentor", 5).refused(409, "meeting.already_rated");
    let listed = world.get(&mentor, &format!("/mentorships/{id}/meetings")).expect(200);
    assert_eq!(listed.items()[0]["ratings"].as_array().map(Vec::len), Some(1));
    let ahead = world.meeting(&pair.director, &id, 5);
    rated(&world, &mentor, &ahead, "mentor", 5).refused(409, "meeting.not_held");
    let told = rated(&world, &mentor, &it, "mentor", 6).expect(422);
    assert_eq!(codes(&told), ["field.range"]);
    let stale = world.ask("POST", &format!("/api/v1/meetings/{it}/ratings")).by(&mentor);
    let stale = stale.header("if-match", "\"1\"").json(&json!({"party": "mentor", "score": 5})).send();
    stale.refused(412, "version.stale");
    let history = world.get(&pair.director, &format!("/meetings/{it}/history")).expect(200);
    assert_eq!(history.items()[0]["kind"], "meeting.rated");
    assert!(!history.text.contains("Оценка"));
}

#[test]
fn strangers_neither_rate_nor_tell_of_homework() {
    let (world, pair, stranger) = World::twice_paired();
    let id = world.active(&pair);
    let it = with_homework(&world, &pair.director, &id, -2, None);
    for who in [&stranger.director, &world.mentor_account("other", &stranger)] {
        told(&world, who, &it, true, "Сделано.").refused(404, "request.not_found");
        rated(&world, who, &it, "mentor", 1).refused(404, "request.not_found");
    }
    let opeka =
        world.account("opeka", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    for who in [&opeka, &world.admin()] {
        told(&world, who, &it, true, "Сделано.").refused(403, "access.forbidden");
        rated(&world, who, &it, "mentor", 1).refused(403, "access.forbidden");
    }
}
