//! Councils: members with their terms, meetings with quorum and votes, decisions that become tasks.
mod decisions;
mod files;
mod meetings;

use serde_json::{Value, json};
use tests::{Account, Reply, World, with};

/// The id of a thing that is not there.
const NOWHERE: &str = "01980000-0000-7000-8000-0000000000ff";

/// A ministry that keeps a council.
struct Scene {
    world: World,
    ministry: String,
    director: Account,
    council: String,
    members: Vec<String>,
}

/// A council with so many members with a vote, the first of them the chair.
fn scene(members: usize, council: Value) -> Scene {
    let world = World::new();
    let ministry = world.organization("executive_authority", "Министерство", "25655000");
    let director = world.staff("director", &ministry);
    let form = json!({"organization_id": ministry, "kind": "commission", "name": "Комиссия", "level": "regional", "quorum": "half",
        "decides_by": "simple_majority"});
    let council = world.post(&director, "/councils", with(form, &council)).expect(201).id();
    let mut it = Scene { world, ministry, director, council, members: Vec::new() };
    for n in 0..members {
        let role = if n == 0 { "chair" } else { "member" };
        let member = it.member(json!({"name": format!("Член комиссии {n}"), "role": role})).expect(201).id();
        it.members.push(member);
    }
    it
}

impl Scene {
    fn member(&self, members: Value) -> Reply {
        let form =
            json!({"name": "Член комиссии", "role": "member", "voting": true, "from_on": "2012-02-01"});
        let path = format!("/councils/{}/council-members", self.council);
        self.world.post(&self.director, &path, with(form, &members))
    }
    /// A meeting that was planned for that hour.
    fn planned(&self, hours: i64) -> String {
        let agenda = json!([{"question": "О развитии наставничества", "kind": "decision"}, {"question": "О ходе работы", "kind": "report"}]);
        let form =
            json!({"council_id": self.council, "planned_at": self.world.hour(hours), "agenda": agenda});
        self.world.post(&self.director, "/council-meetings", form).expect(201).id()
    }
    fn step(&self, meeting: &str, step: &str, order: Value) -> Reply {
        self.world.post(&self.director, &format!("/council-meetings/{meeting}/{step}"), order)
    }
    /// Records a meeting at that hour with the first `present` of the members.
    fn hold(&self, meeting: &str, hours: i64, members: &[&String], present: usize) -> Reply {
        let presence = |n: usize| if n < present { "present" } else { "absent" };
        let told = members.iter().enumerate();
        let attendance: Vec<Value> =
            told.map(|(n, it)| json!({"member_id": it, "presence": presence(n)})).collect();
        let order = json!({"began_at": self.world.hour(hours), "minutes": 60, "attendance": attendance, "guests": []});
        self.step(meeting, "holding", order)
    }
    /// A meeting of today, held with so many present.
    fn held(&self, present: usize) -> String {
        let meeting = self.planned(-1);
        self.hold(&meeting, -1, &self.members.iter().collect::<Vec<_>>(), present).expect(200);
        meeting
    }
    fn protocol(&self, items: Value) -> Value {
        self.protocol_by(&self.members[0], items)
    }
    /// A protocol of today, signed by that chair.
    fn protocol_by(&self, chair: &str, items: Value) -> Value {
        json!({"number": "7", "signed_on": self.world.day(0), "chair_id": chair, "items": items})
    }
    fn text(&self, number: &str, items: Value) -> Value {
        json!({"number": number, "title": "О развитии наставничества", "items": items})
    }
    /// The items of a protocol that decides by the first question of the agenda.
    fn deciding(&self, number: &str, items: Value, votes: &Value) -> Value {
        json!([with(json!({"agenda_number": 1, "decision": self.text(number, items)}), votes)])
    }
    /// A protocol with a decision that notes something.
    fn decided(&self, number: &str, votes: Value) -> Value {
        self.protocol(self.deciding(number, noted(), &votes))
    }
    fn sign(&self, meeting: &str, order: Value) -> Reply {
        self.step(meeting, "protocol", order)
    }
    fn decisions(&self) -> Vec<Value> {
        let page = self.world.get(&self.director, &format!("/decisions?council_id={}", self.council));
        page.expect(200).items().clone()
    }
    fn tasks(&self, who: &Account, query: &str) -> Vec<Value> {
        self.world.get(who, &format!("/tasks?{query}")).expect(200).items().clone()
    }
}

/// The items of a decision that notes something.
fn noted() -> Value {
    json!([{"no": "1", "kind": "noted", "text": "Принять к сведению."}])
}

fn counts(in_favour: i32, against: i32) -> Value {
    json!({"votes": {"in_favour": in_favour, "against": against, "abstained": 0, "recused": 0}})
}

#[test]
fn a_coordination_council_is_entered_with_its_members_and_their_terms() {
    let it = scene(1, json!({"kind": "coordination", "name": "Координационный совет"}));
    let card = it.world.get(&it.director, &format!("/councils/{}", it.council)).expect(200);
    assert_eq!(
        (&card.body["kind"], &card.body["organization_name"]),
        (&json!("coordination"), &json!("Министерство"))
    );
    let again = it.member(json!({"name": "ЧЛЕН комиссии 0"})).refused(409, "council_member.twice");
    assert_eq!(again.body["errors"][0]["pointer"], "/name");
    let early = it.member(json!({"until_on": "2012-01-31"})).refused(422, "council_member.leaves_early");
    assert_eq!(early.body["errors"][0]["pointer"], "/until_on");
    it.member(json!({"side": "authority"})).refused(422, "council_member.side");
    // A member who leaves gets a last day, leaves the list, and may come back later.
    let path = format!("/council-members/{}", it.members[0]);
    let left = it.world.edit(&it.director, &path, json!({"until_on": it.world.day(-30)})).expect(200);
    let listed = |query: &str| {
        let path = format!("/councils/{}/council-members{query}", it.council);
        it.world.get(&it.director, &path).expect(200).items().len()
    };
    assert_eq!((listed(""), listed("?ended=true")), (0, 1));
    let back = json!({"name": "Член комиссии 0", "from_on": it.world.day(-30)});
    it.member(back).refused(409, "council_member.twice");
    it.member(json!({"name": "Член комиссии 0", "from_on": it.world.day(-29)})).expect(201);
    let longer = it.world.patch(&it.director, &path, &left.etag(), json!({"until_on": it.world.day(-29)}));
    longer.refused(409, "council_member.twice");
}

#[test]
fn a_closed_council_meets_and_decides_no_more() {
    let it = scene(2, json!({"founded_on": "2012-02-01"}));
    let members: Vec<&String> = it.members.iter().collect();
    let meeting = it.planned(-1);
    let path = format!("/councils/{}", it.council);
    it.world.edit(&it.director, &path, json!({"closed_on": it.world.day(-10)})).expect(200);
    let late = it.hold(&meeting, -1, &members, 2).refused(422, "council.not_there");
    assert_eq!(late.body["errors"][0]["pointer"], "/began_at");
    let decide = |number: &str, day: &str| {
        let form = json!({"council_id": it.council, "adopted_on": day, "decision": it.text(number, noted())});
        it.world.post(&it.director, "/decisions", form)
    };
    for day in [it.world.day(-9), "2012-01-31".to_owned()] {
        let refused = decide("1", &day).refused(422, "council.not_there");
        assert_eq!(refused.body["errors"][0]["pointer"], "/adopted_on");
    }
    decide("1", &it.world.day(-10)).expect(201);
    it.hold(&meeting, -24 * 11, &members, 2).expect(200);
}

#[test]
fn an_annulled_council_decides_no_more_and_one_with_decisions_is_not_annulled() {
    let it = scene(2, json!({}));
    let held = it.held(2);
    let path = format!("/councils/{}", it.council);
    let annul = || it.world.post(&it.director, &format!("{path}/annulment"), json!({"reason": "Ошибка."}));
    let decide = |number: &str| {
        let form = json!({"council_id": it.council, "adopted_on": it.world.day(-1), "decision": it.text(number, noted())});
        it.world.post(&it.director, "/decisions", form).expect(201).id()
    };
    let (first, second) = (decide("1"), decide("2"));
    let refused = annul().refused(409, "entry.built_on");
    let named = |id: &str| json!([{"name": "id", "value": id}, {"name": "kind", "value": "decision"}]);
    let told: Vec<&Value> =
        refused.body["errors"].as_array().unwrap().iter().map(|it| &it["params"]).collect();
    assert_eq!(told, [&named(&first), &named(&second)]);
    let offered = it.world.get(&it.director, &path).expect(200);
    let annulment = offered.action("annul").expect("an annulment");
    assert_eq!(annulment["blocked_by"][0], json!("entry.built_on"));
    let bare = scene(2, json!({}));
    let held_there = bare.held(2);
    let reason = json!({"reason": "Ошибка."});
    bare.world.post(&bare.director, &format!("/councils/{}/annulment", bare.council), reason).expect(200);
    bare.sign(&held_there, bare.decided("2", counts(2, 0))).refused(409, "entry.annulled");
    it.sign(&held, it.decided("3", counts(2, 0))).expect(200);
}

#[test]
fn meetings_of_a_council_that_was_annulled_or_closed_leave_the_agenda() {
    let it = scene(2, json!({}));
    let specialist = it.world.staff("support_specialist", &it.ministry);
    let (planned, held) = (it.planned(48), it.held(2));
    let meetings = || -> Vec<String> {
        let agenda = it.world.get(&specialist, "/me/agenda").expect(200).body;
        agenda["council_meetings"].as_array().unwrap().iter().map(Reply::id_of).collect()
    };
    assert_eq!(meetings(), [held.clone(), planned]);
    let path = format!("/councils/{}", it.council);
    it.world.edit(&it.director, &path, json!({"closed_on": it.world.day(-1)})).expect(200);
    assert_eq!(meetings(), [held], "its protocol is not signed yet");
    it.world.post(&it.director, &format!("{path}/annulment"), json!({"reason": "Ошибка."})).expect(200);
    assert_eq!(meetings(), Vec::<String>::new());
}

#[test]
fn a_member_whom_the_council_no_longer_takes_may_still_leave() {
    let it = scene(1, json!({}));
    let own = it.member(json!({"name": "Из министерства", "organization_id": it.ministry})).expect(201);
    let path = format!("/councils/{}", it.council);
    it.world.edit(&it.director, &path, json!({"bars_employees": true})).expect(200);
    let member = format!("/council-members/{}", own.id());
    let left = json!({"until_on": it.world.day(-1)});
    it.world.patch(&it.director, &member, &own.etag(), left).expect(200);
    it.member(json!({"name": "Другой", "organization_id": it.ministry}))
        .refused(422, "council_member.employee");
}

#[test]
fn the_staff_of_an_institution_is_not_in_its_board_of_trustees_and_an_ngo_is() {
    let it = scene(0, json!({"kind": "trustees", "name": "Попечительский совет", "bars_employees": true}));
    let own = it.member(json!({"organization_id": it.ministry})).refused(422, "council_member.employee");
    assert_eq!(own.body["errors"][0]["pointer"], "/organization_id");
    let ngo = it.world.organization("ngo", "Покров", "25655000");
    let member = it.member(json!({"organization_id": ngo})).expect(201);
    assert_eq!(member.body["organization_name"], "Покров");
    // An account of the institution is one of its staff, under any organization and after any edit.
    let specialist = it.world.staff("support_specialist", &it.ministry);
    let account = json!({"user_id": specialist.id});
    let hidden = it.member(with(json!({"name": "Из министерства"}), &account));
    hidden.refused_at(422, "council_member.employee", "/user_id");
    let both = it.member(with(json!({"organization_id": it.ministry}), &account));
    let both = both.refused(422, "council_member.employee");
    assert_eq!(both.pointers(), ["/organization_id", "/user_id"]);
    let path = format!("/council-members/{}", member.id());
    let named = it.world.edit(&it.director, &path, account);
    named.refused_at(422, "council_member.employee", "/user_id");
}

#[test]
fn one_official_is_a_member_once_also_by_another_paper_and_under_another_spelling() {
    let it = scene(0, json!({}));
    it.member(json!({"basis": "Распоряжение № 14"})).expect(201);
    let by_paper = it.member(json!({"basis": "Распоряжение № 15"}));
    by_paper.refused_at(409, "council_member.twice", "/name");
    let specialist = it.world.staff("support_specialist", &it.ministry);
    let first = json!({"name": "Петрова Елена Викторовна", "user_id": specialist.id});
    let first = it.member(first).expect(201);
    let spelled = it.member(json!({"name": "Петрова Е. В.", "user_id": specialist.id}));
    spelled.refused_at(409, "council_member.twice", "/user_id");
    // Namesakes have accounts and papers of their own.
    let namesake = |basis: Value| {
        it.member(json!({"name": "Петрова Елена Викторовна", "user_id": it.director.id, "basis": basis}))
    };
    namesake(Value::Null).refused_at(409, "council_member.twice", "/name");
    let second = namesake(json!("Распоряжение № 15")).expect(201);
    let path = format!("/council-members/{}", second.id());
    let edited = it.world.edit(&it.director, &path, json!({"user_id": specialist.id}));
    edited.refused_at(409, "council_member.twice", "/user_id");
    // Who has left may come back under another spelling.
    let path = format!("/council-members/{}", first.id());
    it.world.edit(&it.director, &path, json!({"until_on": it.world.day(-1)})).expect(200);
    let back = json!({"name": "Петрова Е. В.", "user_id": specialist.id, "from_on": it.world.day(0)});
    it.member(back).expect(201);
}

#[test]
fn a_council_names_sides_where_they_decide_and_nowhere_else() {
    let it = scene(0, json!({}));
    let enter = |members: Value| {
        let form = json!({"organization_id": it.ministry, "kind": "commission", "name": "Трёхсторонняя комиссия", "level": "regional",
            "quorum": "none", "decides_by": "sides"});
        it.world.post(&it.director, "/councils", with(form, &members))
    };
    let side = |code: &str| json!({"code": code, "name": "Сторона"});
    let (one, two) = (json!({"sides": [side("ngo")]}), json!({"sides": [side("ngo"), side("authority")]}));
    enter(json!({})).refused(422, "council.sides");
    enter(one).refused(422, "council.sides");
    enter(json!({"sides": [side("ngo"), side("ngo")]})).refused(422, "council.sides");
    enter(two.clone()).expect(201);
    let heads = json!({"decides_by": "consensus", "founded_on": "2012-02-01", "closed_on": "2012-01-31"});
    let refused = enter(with(two, &heads)).expect(422);
    assert_eq!(refused.codes(), ["council.sides", "council.ends_early"]);
}

#[test]
fn a_council_is_kept_by_the_director_and_run_by_the_staff_of_its_organization() {
    let it = scene(1, json!({}));
    let specialist = it.world.staff("support_specialist", &it.ministry);
    let (_, stranger) = it.world.institution("Чужое");
    let path = format!("/councils/{}/council-members", it.council);
    let form = json!({"name": "Новый", "role": "member", "voting": true, "from_on": "2012-02-01"});
    it.world.post(&specialist, &path, form.clone()).refused(403, "access.forbidden");
    let foreign = it.world.post(&stranger, &path, form).status;
    assert!([403, 404].contains(&foreign), "{foreign}");
    let plan = json!({"council_id": it.council, "planned_at": it.world.hour(20), "agenda": [{"question": "О ходе работы", "kind": "report"}]});
    let refused = it.world.post(&stranger, "/council-meetings", plan.clone()).refused(422, "field.reference");
    assert_eq!(refused.body["errors"][0]["pointer"], "/council_id");
    let meeting = it.world.post(&specialist, "/council-meetings", plan).expect(201).id();
    let seen = it.world.get(&stranger, &format!("/council-meetings/{meeting}")).expect(200);
    assert_eq!(seen.actions(), json!([]));
    let cancel = json!({"reason": "Перенесено."});
    let foreign = it.world.post(&stranger, &format!("/council-meetings/{meeting}/cancellation"), cancel);
    foreign.refused(403, "access.forbidden");
    let mentor = it.world.account("tutor", json!([{"role": "tutor"}]), None);
    it.world.get(&mentor, &format!("/councils/{}", it.council)).expect(200);
}

#[test]
fn meetings_and_tasks_of_a_council_stand_on_the_agenda_of_its_organization() {
    let it = scene(3, json!({}));
    let specialist = it.world.staff("support_specialist", &it.ministry);
    let (other, stranger) = it.world.institution("Исполнитель");
    let (soon, _far) = (it.planned(48), it.planned(24 * 20));
    let held = it.held(3);
    let agenda = |who: &Account| it.world.get(who, "/me/agenda").expect(200).body;
    let meetings = |who: &Account| -> Vec<String> {
        agenda(who)["council_meetings"].as_array().unwrap().iter().map(Reply::id_of).collect()
    };
    assert_eq!(meetings(&specialist), [held.clone(), soon.clone()]);
    assert_eq!(meetings(&stranger), Vec::<String>::new());
    let item = json!([{"no": "1", "kind": "instruction", "text": "Провести слёт.", "organization_id": other, "due_on": it.world.day(30)}]);
    let order = it.protocol(it.deciding("1", item, &counts(3, 0)));
    it.sign(&held, order).expect(200);
    assert_eq!(meetings(&specialist), [soon]);
    assert_eq!(agenda(&stranger)["tasks"][0]["title"], "Решение № 1, пункт 1");
    assert_eq!(agenda(&specialist)["tasks"], json!([]), "the ministry waits for the report");
}

#[test]
fn the_work_of_a_council_is_counted_by_period_and_organization() {
    let it = scene(2, json!({}));
    let ngo = it.world.organization("ngo", "Покров", "25655000");
    let guest = it.member(json!({"name": "От НКО", "organization_id": ngo})).expect(201).id();
    let all: Vec<&String> = it.members.iter().chain([&guest]).collect();
    let (first, second) = (it.planned(-1), it.planned(-24 * 40));
    it.hold(&first, -1, &all, 3).expect(200);
    it.hold(&second, -24 * 40, &all, 2).expect(200);
    let item = json!([{"no": "1", "kind": "instruction", "text": "Провести слёт.", "organization_id": ngo, "due_on": it.world.day(30)}]);
    let order = it.protocol(it.deciding("1", item, &counts(3, 0)));
    it.sign(&first, order).expect(200);
    let activity = |query: &str| {
        it.world.get(&it.director, &format!("/councils/{}/activity{query}", it.council)).expect(200).body
    };
    let told = activity("");
    assert_eq!((&told["meetings"], &told["decisions"]), (&json!(2), &json!(1)));
    assert_eq!(told["tasks"], json!([{"state": "open", "count": 1}]));
    let of_ngo = told["presence"].as_array().unwrap().iter().find(|it| it["organization_id"] == json!(ngo));
    let of_ngo = of_ngo.expect("the organization").clone();
    assert_eq!((&of_ngo["present"], &of_ngo["possible"]), (&json!(1), &json!(2)));
    assert_eq!(of_ngo["organization_name"], "Покров");
    let tutor = it.world.account("tutor", json!([{"role": "tutor"}]), None);
    let seen = || it.world.get(&tutor, &format!("/councils/{}/activity", it.council)).expect(200).body;
    assert_eq!(
        (&seen()["meetings"], &seen()["presence"]),
        (&json!(2), &json!([])),
        "the minutes are not published"
    );
    let path = format!("/councils/{}", it.council);
    it.world.edit(&it.director, &path, json!({"publishes": true})).expect(200);
    let of_ngo = |told: &Value| {
        let all = told["presence"].as_array().expect("presence").iter();
        let mut theirs = all.filter(|it| it["organization_id"] == json!(ngo));
        theirs.next().map(|it| (it["present"].clone(), it["possible"].clone()))
    };
    let signed = Some((json!(1), json!(1)));
    assert_eq!((of_ngo(&seen()), &seen()["meetings"]), (signed, &json!(2)), "one protocol is not signed");
    let report = it.protocol(json!([{"agenda_number": 2, "discussed": "Заслушан доклад."}]));
    it.sign(&second, report).expect(200);
    assert_eq!(seen()["presence"], told["presence"]);
    let month = activity(&format!("?from={}", it.world.day(-30)));
    assert_eq!((&month["meetings"], &month["decisions"]), (&json!(1), &json!(1)));
    let before = activity(&format!("?to={}", it.world.day(-30)));
    assert_eq!(
        (&before["meetings"], &before["decisions"], &before["tasks"]),
        (&json!(1), &json!(0), &json!([]))
    );
}

#[test]
fn a_council_has_brought_about_no_event_that_was_cancelled() {
    let it = scene(0, json!({}));
    let event = || {
        let form = json!({"organization_id": it.ministry, "title": "Круглый стол", "kind": "round_table", "level": "regional",
            "online": false, "starts_on": it.world.day(-1), "audiences": ["mentors"], "registration": "none", "council_id": it.council});
        it.world.post(&it.director, "/events", form).expect(201).id()
    };
    let (_, dropped) = (event(), event());
    let events = || {
        let path = format!("/councils/{}/activity", it.council);
        it.world.get(&it.director, &path).expect(200).body["events"].clone()
    };
    assert_eq!(events(), json!(2));
    let reason = json!({"reason": "Карантин."});
    it.world.post(&it.director, &format!("/events/{dropped}/cancellation"), reason).expect(200);
    assert_eq!(events(), json!(1));
}
