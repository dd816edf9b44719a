//! Meetings of councils: quorum of that day, votes, dissents, and a protocol that does everything or nothing.
use super::{NOWHERE, counts, noted, scene};
use serde_json::{Value, json};
use tests::pairs::at_once;
use tests::with;

#[test]
fn a_council_of_nine_with_four_present_closes_a_report_and_no_decision() {
    let it = scene(9, json!({}));
    let meeting = it.held(4);
    let refused = it.sign(&meeting, it.decided("14", counts(4, 0))).refused(409, "council_meeting.no_quorum");
    assert_eq!(refused.body["errors"][0]["pointer"], "/items/0/decision");
    assert!(it.decisions().is_empty());
    let report = json!([{"agenda_number": 2, "discussed": "Заслушан доклад."}]);
    let closed = it.sign(&meeting, it.protocol(report)).expect(200);
    assert_eq!(
        (&closed.body["state"], &closed.body["entitled"], &closed.body["present"]),
        (&json!("closed"), &json!(9), &json!(4))
    );
    assert_eq!(closed.body["record"]["items"][0]["discussed"], "Заслушан доклад.");
    it.sign(&meeting, it.decided("14", counts(4, 0))).refused(409, "council_meeting.not_held");
}

#[test]
fn a_member_who_left_last_month_counts_in_the_quorum_of_last_month_and_not_in_that_of_today() {
    let it = scene(4, json!({"quorum": "majority"}));
    let path = format!("/council-members/{}", it.members[3]);
    it.world.edit(&it.director, &path, json!({"until_on": it.world.day(-30)})).expect(200);
    let all: Vec<&String> = it.members.iter().collect();
    let (then, now) = (it.planned(-24 * 40), it.planned(-1));
    it.hold(&then, -24 * 40, &all[..3], 2).refused(422, "council_meeting.attendance");
    it.hold(&then, -24 * 40, &all, 2).expect(200);
    it.hold(&now, -1, &all, 2).refused(422, "council_meeting.attendance");
    it.hold(&now, -1, &all[..3], 2).expect(200);
    it.sign(&then, it.decided("1", counts(2, 0))).refused(409, "council_meeting.no_quorum");
    it.sign(&now, it.decided("1", counts(2, 0))).expect(200);
}

#[test]
fn a_tie_with_the_chair_for_is_carried_and_with_the_chair_recused_is_not() {
    let it = scene(6, json!({}));
    let ballots = |votes: [&str; 6]| {
        let ballot = |(n, vote): (usize, &str)| json!({"member_id": it.members[n], "vote": vote});
        json!({"ballots": votes.into_iter().enumerate().map(ballot).collect::<Vec<Value>>()})
    };
    let sign = |number: &str, votes: Value| it.sign(&it.held(6), it.decided(number, votes));
    sign("1", ballots(["for", "for", "for", "against", "against", "against"])).expect(200);
    let recused = ballots(["recused", "for", "for", "against", "against", "recused"]);
    sign("2", recused).refused(409, "council_meeting.not_carried");
    let tie = |chair: &str| json!({"votes": {"in_favour": 3, "against": 3, "abstained": 0, "recused": 0, "chair": chair}});
    sign("2", tie("for")).expect(200);
    sign("3", counts(3, 3)).refused(409, "council_meeting.not_carried");
    sign("3", tie("against")).refused(409, "council_meeting.not_carried");
    assert_eq!(it.decisions().len(), 2);
}

#[test]
fn the_member_who_signs_takes_the_casting_vote_from_no_chair_who_was_present() {
    let it = scene(6, json!({}));
    let sign = |meeting: &str, (number, first): (&str, usize), votes: &[&str]| {
        let ballot = |(n, vote): (usize, &&str)| json!({"member_id": it.members[first + n], "vote": vote});
        let ballots = json!({"ballots": votes.iter().enumerate().map(ballot).collect::<Vec<Value>>()});
        let order = it.protocol_by(&it.members[1], it.deciding(number, noted(), &ballots));
        it.sign(meeting, order)
    };
    let meeting = it.held(6);
    let chair_against = ["against", "for", "for", "for", "against", "against"];
    sign(&meeting, ("1", 0), &chair_against).refused(409, "council_meeting.not_carried");
    let chair_recused = ["recused", "for", "for", "against", "against", "recused"];
    sign(&meeting, ("1", 0), &chair_recused).refused(409, "council_meeting.not_carried");
    let chair_for = ["for", "against", "against", "against", "for", "for"];
    let closed = sign(&meeting, ("1", 0), &chair_for).expect(200);
    assert_eq!(closed.body["chair_id"], json!(it.members[1]), "another one presided");
    // Where the chair was absent, the member who presided decides.
    let (without, mut members) = (it.planned(-1), it.members.iter().collect::<Vec<_>>());
    members.rotate_left(1);
    it.hold(&without, -1, &members, 5).expect(200);
    sign(&without, ("2", 1), &["for", "for", "against", "against", "recused"]).expect(200);
}

#[test]
fn meetings_and_decisions_are_listed_and_found_by_their_days() {
    let it = scene(0, json!({}));
    // Papers of former years are entered last.
    let [soon, middle, old] = [48, -24 * 40, -24 * 400].map(|hours| it.planned(hours));
    let found = |query: &str| it.world.get(&it.director, &format!("/council-meetings?{query}")).expect(200);
    assert_eq!(found("").ids(), [soon.clone(), middle.clone(), old.clone()]);
    let (mut walked, mut path) = (Vec::new(), "limit=1".to_owned());
    loop {
        let page = found(&path);
        walked.extend(page.ids());
        let Some(cursor) = page.body["next_cursor"].as_str() else { break };
        path = format!("limit=1&cursor={cursor}");
    }
    assert_eq!(walked, [soon.clone(), middle.clone(), old.clone()]);
    let day = |days: i64| it.world.day(days);
    assert_eq!(found(&format!("from={}", day(-50))).ids(), [soon, middle.clone()]);
    assert_eq!(found(&format!("to={}&council_id={}", day(-39), it.council)).ids(), [middle, old]);
    let decide = |number: &str, day: &str| {
        let form = json!({"council_id": it.council, "adopted_on": day, "decision": it.text(number, noted())});
        it.world.post(&it.director, "/decisions", form).expect(201).id()
    };
    let (late, early) = (decide("15", "2017-12-20"), decide("2", "2016-03-01"));
    let found = |query: &str| it.world.get(&it.director, &format!("/decisions?{query}")).expect(200).ids();
    assert_eq!(found("from=2017-01-01"), [late]);
    assert_eq!(found(&format!("to=2016-03-01&organization_id={}", it.ministry)), [early]);
}

#[test]
fn sides_decide_together_or_not_at_all() {
    let sides = json!([{"code": "authority", "name": "Власть"}, {"code": "ngo", "name": "НКО"}]);
    let it = scene(0, json!({"decides_by": "sides", "sides": sides, "quorum": "none"}));
    let seat = |side: &str| it.member(json!({"name": format!("От {side}"), "side": side})).expect(201).id();
    let members = [seat("authority"), seat("ngo")];
    it.member(json!({"name": "Ничей"})).refused(422, "council_member.side");
    let held = |present: usize| {
        let meeting = it.planned(-1);
        it.hold(&meeting, -1, &members.iter().collect::<Vec<_>>(), present).expect(200);
        meeting
    };
    let sign = |present: usize, votes: Value| {
        let order = it.protocol_by(&members[0], it.deciding("1", noted(), &votes));
        it.sign(&held(present), order)
    };
    let votes = |ngo: &str| json!({"side_ballots": [{"side": "authority", "vote": "for"}, {"side": "ngo", "vote": ngo}]});
    sign(2, counts(2, 0)).refused(422, "council_meeting.votes_by");
    sign(2, votes("abstained")).refused(409, "council_meeting.not_carried");
    sign(1, votes("for")).refused(409, "council_meeting.sides_absent");
    sign(2, votes("for")).expect(200);
}

#[test]
fn a_protocol_is_refused_with_all_that_is_wrong_and_then_nothing_has_happened() {
    let it = scene(5, json!({}));
    let meeting = it.held(3);
    let (absent, stranger) = (&it.members[4], "01980000-0000-7000-8000-0000000000ff");
    let items = json!([{"no": "2", "kind": "instruction", "text": "Провести слёт.", "organization_id": stranger, "due_on": it.world.day(-9)}]);
    let dissent = json!([{"member_id": absent, "text": "Против."}]);
    let item = json!({"agenda_number": 3, "dissents": dissent, "decision": it.text("1", items)});
    let order = with(
        it.protocol(json!([with(item, &counts(3, 1))])),
        &json!({"signed_on": it.world.day(1), "chair_id": absent}),
    );
    let refused = it.sign(&meeting, order).expect(422);
    let codes = [
        "council_meeting.signed",
        "council_meeting.chair",
        "council_meeting.votes",
        "council_meeting.agenda",
        "council_meeting.ballot",
        "task.due_past",
        "field.reference",
    ];
    assert_eq!(refused.codes(), codes);
    let place = &refused.body["errors"][6]["pointer"];
    assert_eq!(place, "/items/0/decision/items/0/organization_id");
    let card = it.world.get(&it.director, &format!("/council-meetings/{meeting}")).expect(200);
    assert_eq!((&card.body["state"], card.actions()), (&json!("held"), json!(["sign_protocol"])));
    assert!(it.decisions().is_empty() && it.tasks(&it.director, "source_kind=decision").is_empty());
    // One decision of two that cannot stand takes the other with it.
    let text = |number: &str| it.text(number, json!([{"no": "1", "kind": "noted", "text": "К сведению."}]));
    let part = |n: i32, number: &str, votes: &Value| {
        with(json!({"agenda_number": n, "decision": text(number)}), votes)
    };
    let both = |votes: Value| it.protocol(json!([part(1, "1", &counts(3, 0)), part(2, "2", &votes)]));
    it.sign(&meeting, both(counts(1, 2))).refused(409, "council_meeting.not_carried");
    assert!(it.decisions().is_empty());
    it.sign(&meeting, both(counts(2, 1))).expect(200);
    assert_eq!(it.decisions().len(), 2);
}

#[test]
fn fifty_protocols_of_one_meeting_close_it_once() {
    let it = scene(3, json!({}));
    let meeting = it.held(3);
    let item = json!([{"no": "1", "kind": "instruction", "text": "Провести слёт.", "organization_id": it.ministry, "due_on": it.world.day(30)}]);
    let order = |n: i32| it.protocol(it.deciding(&n.to_string(), item.clone(), &counts(3, 0)));
    let orders: Vec<Value> = (0..50).map(order).collect();
    let told = at_once(50, |n| it.sign(&meeting, orders[n].clone()));
    assert_eq!(told.iter().filter(|it| it.0 == 200).count(), 1, "{told:?}");
    assert!(told.iter().all(|it| it.0 == 200 || it.1 == "council_meeting.not_held"), "{told:?}");
    assert_eq!(it.decisions().len(), 1);
    assert_eq!(it.tasks(&it.director, "source_kind=decision").len(), 1);
}

#[test]
fn fifty_protocols_of_two_meetings_leave_one_decision_with_the_number() {
    let it = scene(3, json!({}));
    let meetings = [it.held(3), it.held(3)];
    let told = at_once(50, |n| it.sign(&meetings[n % 2], it.decided("14", counts(3, 0))));
    assert_eq!(told.iter().filter(|it| it.0 == 200).count(), 1, "{told:?}");
    let known = ["decision.number_taken", "council_meeting.not_held"];
    assert!(told.iter().all(|it| it.0 == 200 || known.contains(&it.1.as_str())), "{told:?}");
    let numbers: Vec<Value> = it.decisions().iter().map(|it| it["number"].clone()).collect();
    assert_eq!(numbers, ["14"]);
    let open = meetings.iter().find(|id| it.sign(id, it.decided("15", counts(3, 0))).status == 200);
    assert!(open.is_some(), "the other meeting is still to be closed");
}

#[test]
fn minutes_are_read_by_the_organization_of_the_council_until_it_publishes_them() {
    let it = scene(3, json!({}));
    let (_, stranger) = it.world.institution("Чужое");
    let meeting = it.held(3);
    let quorum = |who| {
        let card = it.world.get(who, &format!("/council-meetings/{meeting}")).expect(200).body;
        (card["entitled"].clone(), card["present"].clone())
    };
    let both = || (json!(3), json!(3));
    assert_eq!((quorum(&it.director), quorum(&stranger)), (both(), (Value::Null, Value::Null)), "not signed");
    let dissent = json!({"dissents": [{"member_id": it.members[1], "text": "Срок слишком короткий."}]});
    it.sign(&meeting, it.decided("1", with(counts(2, 1), &dissent))).expect(200);
    let path = format!("/council-meetings/{meeting}");
    let seen = |who| it.world.get(who, &path).expect(200).body["record"].clone();
    assert_eq!(quorum(&stranger), both());
    let own = seen(&it.director);
    assert_eq!(own["items"][0]["dissents"][0]["text"], "Срок слишком короткий.");
    assert_eq!(own["attendance"][0]["member_name"], "Член комиссии 0");
    assert_eq!(seen(&stranger), Value::Null);
    let hidden = it.world.get(&stranger, &path).expect(200);
    assert!(!hidden.text.contains("слишком"), "{}", hidden.text);
    let council = format!("/councils/{}", it.council);
    it.world.edit(&it.director, &council, json!({"publishes": true})).expect(200);
    assert_eq!(seen(&stranger)["items"][0]["dissents"][0]["text"], "Срок слишком короткий.");
}

#[test]
fn a_meeting_is_planned_changed_held_and_cancelled_in_its_order() {
    let it = scene(2, json!({}));
    let meeting = it.planned(48);
    let path = format!("/council-meetings/{meeting}");
    let etag = it.world.get(&it.director, &path).etag();
    let other = scene_council(&it);
    it.world
        .patch(&it.director, &path, &etag, json!({"council_id": other}))
        .refused(422, "council_meeting.council_fixed");
    let changed = it.world.patch(&it.director, &path, &etag, json!({"place": "Малый зал"})).expect(200);
    assert_eq!(changed.body["place"], "Малый зал");
    let form = json!({"council_id": it.council, "planned_at": changed.body["planned_at"], "place": "Большой зал", "agenda": changed.body["agenda"]});
    let changed = it.world.put(&it.director, &path, &changed.etag(), form).expect(200);
    assert_eq!(changed.body["place"], "Большой зал");
    it.world.patch(&it.director, &path, &etag, json!({"place": "Зал"})).refused(412, "version.stale");
    let members: Vec<&String> = it.members.iter().collect();
    it.hold(&meeting, 1, &members, 2).refused(422, "council_meeting.in_future");
    it.sign(&meeting, it.decided("1", counts(2, 0))).refused(409, "council_meeting.not_held");
    let cancelled = it.step(&meeting, "cancellation", json!({"reason": "Перенесено."})).expect(200);
    assert_eq!(
        (&cancelled.body["state"], &cancelled.body["cancellation_reason"]),
        (&json!("cancelled"), &json!("Перенесено."))
    );
    it.step(&meeting, "cancellation", json!({"reason": "Дважды."}))
        .refused(409, "council_meeting.not_planned");
    it.hold(&meeting, -1, &members, 2).refused(409, "council_meeting.not_planned");
    let history = it.world.get(&it.director, &format!("{path}/history")).expect(200);
    let edited = "council_meeting.edited";
    assert_eq!(history.kinds(), ["council_meeting.cancelled", edited, edited, "council_meeting.planned"]);
    let listed = |query: &str| {
        it.world.get(&it.director, &format!("/council-meetings?{query}")).expect(200).items().len()
    };
    assert_eq!((listed("state=cancelled"), listed("state=planned")), (1, 0));
    assert_eq!(
        (listed(&format!("council_id={}", it.council)), listed(&format!("council_id={other}"))),
        (1, 0)
    );
}

#[test]
fn a_meeting_of_no_council_is_refused_with_all_else_that_is_wrong_with_its_plan() {
    let it = scene(0, json!({}));
    let agenda = json!([{"question": "О ходе работы", "kind": "report", "organization_id": NOWHERE, "file_ids": [NOWHERE]}]);
    let plan = json!({"council_id": NOWHERE, "planned_at": it.world.hour(20), "agenda": agenda});
    let places = ["/council_id", "/agenda/0/organization_id", "/agenda/0/file_ids/0"];
    let refused = it.world.post(&it.director, "/council-meetings", plan.clone());
    assert_eq!(refused.refused(422, "field.reference").pointers(), places);
    // An edit names another council in vain, there or not there.
    let path = format!("/council-meetings/{}", it.planned(48));
    let etag = it.world.get(&it.director, &path).etag();
    let refused = it.world.put(&it.director, &path, &etag, plan);
    assert_eq!(refused.refused(422, "council_meeting.council_fixed").pointers(), places);
    // Neither members nor the organizations of guests are made up.
    let held = json!({"began_at": it.world.hour(-1), "minutes": 60, "attendance": [{"member_id": NOWHERE, "presence": "present"}],
        "guests": [{"name": "Гостья", "organization_id": NOWHERE}]});
    let refused = it.step(&it.planned(-1), "holding", held).expect(422);
    assert_eq!(refused.codes(), ["council_meeting.attendance", "field.reference"]);
    assert_eq!(refused.pointers(), ["/attendance", "/guests/0/organization_id"]);
}

/// Another council of the same ministry.
fn scene_council(it: &super::Scene) -> String {
    let form = json!({"organization_id": it.ministry, "kind": "collegium", "name": "Коллегия", "level": "regional", "quorum": "none",
        "decides_by": "consensus"});
    it.world.post(&it.director, "/councils", form).expect(201).id()
}

#[test]
fn a_co_report_at_a_collegium_is_a_question_of_its_agenda() {
    let it = scene(2, json!({"kind": "collegium", "name": "Коллегия"}));
    let ngo = it.world.organization("ngo", "Твой путь", "25655000");
    let agenda = json!([{"question": "О профилактике", "kind": "report"},
        {"question": "Опыт работы с НКО", "kind": "co_report", "speaker": "Директор центра", "organization_id": ngo}]);
    let form = json!({"council_id": it.council, "planned_at": "2015-12-10T06:00:00Z", "agenda": agenda});
    let card = it.world.post(&it.director, "/council-meetings", form).expect(201);
    assert_eq!(card.body["agenda"][1]["kind"], "co_report");
}
