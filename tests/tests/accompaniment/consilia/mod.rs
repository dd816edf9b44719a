//! Consilia: stages move only by them, and a closing does everything that its items decide, or nothing.
mod family;
mod gates;
mod routes;

use serde_json::{Value, json};
use tests::pairs::at_once;
use tests::{Account, Reply, World, with};

/// A person of 16 in care, whose case is to come before a consilium of the centre.
struct Scene {
    world: World,
    centre: String,
    director: Account,
    specialist: Account,
    person: String,
    beneficiary: String,
    case: String,
}

fn scene_of(kind: &str, stage: &str) -> Scene {
    scene_in(World::new(), kind, stage)
}

fn scene_in(world: World, kind: &str, stage: &str) -> Scene {
    let (centre, director) = world.institution("Центр сопровождения");
    let specialist = world.staff("support_specialist", &centre);
    let born = world.today() - chrono::Months::new(12 * 16);
    let person = world.person(&director, json!({"birth_date": born}));
    let beneficiary = world.beneficiary(&director, &centre, &person);
    let order = json!({"beneficiary_id": beneficiary, "organization_id": centre, "opened_on": world.day(-40), "kind": kind,
        "stage": stage, "legal_bases": [{"kind": "contract", "drawn_on": world.day(-40)}]});
    let case = world.post(&director, "/cases", order).expect(201).id();
    Scene { world, centre, director, specialist, person, beneficiary, case }
}

fn scene() -> Scene {
    tests::prepared!(Scene { centre, director, specialist, person, beneficiary, case } by social)
}

fn social(world: World) -> Scene {
    scene_in(world, "social", "accompaniment")
}

impl Scene {
    fn form(&self) -> Value {
        json!({"organization_id": self.centre, "planned_at": self.world.hour(-2), "form": "in_person", "members": [
            {"role": "chair", "user_id": self.director.id}, {"role": "secretary", "user_id": self.specialist.id},
            {"role": "member", "name": "Петрова Елена", "organization": "Отдел опеки"}, {"role": "invited", "name": "Мастер училища"}]})
    }
    fn planned(&self) -> String {
        self.planned_with(json!({}))
    }
    /// A planned consilium with these members of the form instead of its own.
    fn planned_with(&self, members: Value) -> String {
        let form = with(self.form(), &members);
        self.world.post(&self.director, "/consilia", form).expect(201).id()
    }
    fn step(&self, who: &Account, consilium: &str, step: &str, order: Value) -> Reply {
        self.world.post(who, &format!("/consilia/{consilium}/{step}"), order)
    }
    fn add(&self, consilium: &str, case: &str, kind: &str) -> Reply {
        let item = json!({"case_id": case, "kind": kind, "question": "О дальнейшем сопровождении"});
        self.step(&self.specialist, consilium, "items", item)
    }
    fn hold(&self, consilium: &str) -> Reply {
        self.step(
            &self.specialist,
            consilium,
            "holding",
            json!({"held_at": self.world.hour(-1), "present": [1, 2, 3]}),
        )
    }
    fn resolution(&self) -> Value {
        json!({"heard": [{"person_id": self.person, "heard": "present", "opinion": "Согласна."}],
            "votes": {"in_favour": 3, "against": 0, "abstained": 0}, "decisions": [self.decision()]})
    }
    fn decision(&self) -> Value {
        json!({"title": "Подобрать наставника", "assignee": {"kind": "user", "id": self.specialist.id}, "due_on": self.world.day(10)})
    }
    fn resolve(&self, item: &str, members: Value) -> Reply {
        let order = with(self.resolution(), &members);
        self.world.post(&self.specialist, &format!("/consilium-items/{item}/resolution"), order)
    }
    fn close(&self, consilium: &str, number: &str) -> Reply {
        self.step(&self.director, consilium, "closing", json!({"protocol_number": number}))
    }
    /// A held consilium with one item of the kind for the case.
    fn held(&self, kind: &str) -> (String, String) {
        let consilium = self.planned();
        let item = self.add(&consilium, &self.case, kind).expect(201).id();
        self.hold(&consilium).expect(200);
        (consilium, item)
    }
    fn stage(&self) -> Value {
        self.world.get(&self.director, &format!("/cases/{}", self.case)).expect(200).body["stage"].clone()
    }
    fn snapshot(&self) {
        let form = json!({"taken_on": self.world.day(0), "source": "visit", "in_touch": "yes",
            "domains": [{"domain": "household", "level": "stable"}]});
        self.world.post(&self.director, &format!("/cases/{}/snapshots", self.case), form).expect(201);
    }
}

#[test]
fn a_closed_consilium_moves_the_stage_and_its_decisions_are_tasks() {
    let it = scene();
    it.snapshot();
    let (consilium, item) = it.held("transition");
    it.resolve(&item, json!({"to_stage": "monitoring"})).expect(200);
    assert_eq!(it.stage(), "accompaniment", "a resolution alone moves nothing");
    it.world.get(&it.director, &format!("/consilia/{consilium}/protocol")).expect(404);
    let closed = it.close(&consilium, "7").expect(200);
    assert_eq!((&closed.body["state"], &closed.body["protocol_number"]), (&json!("closed"), &json!("7")));
    assert_eq!(it.stage(), "monitoring");
    let tasks = it.world.get(&it.specialist, &format!("/tasks?case_id={}", it.case)).expect(200);
    let [task] = tasks.items().as_slice() else { panic!("one task") };
    assert_eq!((&task["kind"], &task["source"]["id"]), (&json!("consilium_decision"), &json!(item)));
    assert_eq!(
        (&task["controller_user_id"], &task["assignee"]["id"]),
        (&json!(it.director.id), &json!(it.specialist.id))
    );
    let protocol = it.world.get(&it.specialist, &format!("/consilia/{consilium}/protocol")).expect(200);
    let shown = &protocol.body["items"][0];
    assert_eq!(
        (&shown["is_carried"], &shown["resolution"]["heard"][0]["opinion"]),
        (&json!(true), &json!("Согласна."))
    );
    let told = it.world.get(&it.director, &format!("/cases/{}/history", it.case)).expect(200);
    assert_eq!(told.items()[0]["kind"], "case.stage_moved");
    it.close(&consilium, "8").refused(409, "consilium.not_held");
    it.resolve(&item, json!({})).refused(409, "consilium.not_held");
    it.step(&it.director, &consilium, "cancellation", json!({})).refused(409, "consilium.not_planned");
    let again = it.planned();
    it.add(&again, &it.case, "scheduled").expect(201);
}

#[test]
fn one_failing_item_refuses_the_whole_closing_and_points_to_its_place() {
    let it = scene();
    let other = it.world.person(&it.director, json!({"birth_date": "2009-05-05"}));
    let other = it.world.beneficiary(&it.director, &it.centre, &other);
    let second = it.world.case(&it.director, &it.centre, &other);
    let consilium = it.planned();
    let first = it.add(&consilium, &it.case, "scheduled").expect(201).id();
    let second = it.add(&consilium, &second, "scheduled").expect(201).id();
    it.hold(&consilium).expect(200);
    it.resolve(&first, json!({})).expect(200);
    let refused = it.close(&consilium, "7").refused(409, "consilium.item_unresolved");
    assert_eq!(refused.body["errors"][0]["pointer"], "/items/1");
    assert!(
        it.world.get(&it.director, &format!("/tasks?case_id={}", it.case)).expect(200).items().is_empty()
    );
    let off = json!({"note": "Не готова справка."});
    it.world
        .post(&it.specialist, &format!("/consilium-items/{second}/postponement"), off.clone())
        .expect(200);
    it.world
        .post(&it.specialist, &format!("/consilium-items/{second}/postponement"), off)
        .refused(409, "consilium.item_settled");
    it.close(&consilium, "7").expect(200);
}

#[test]
fn what_has_changed_since_the_resolution_is_judged_again_when_the_consilium_is_closed() {
    let it = scene();
    it.snapshot();
    let (consilium, item) = it.held("transition");
    it.resolve(&item, json!({"to_stage": "monitoring"})).expect(200);
    let snapshots = it.world.get(&it.director, &format!("/cases/{}/snapshots", it.case)).expect(200);
    let snapshot = Reply::id_of(&snapshots.items()[0]).to_owned();
    it.world
        .post(&it.director, &format!("/snapshots/{snapshot}/annulment"), json!({"reason": "Ошибка."}))
        .expect(200);
    let refused = it.close(&consilium, "7").refused(409, "consilium.snapshot_stale");
    assert_eq!(refused.body["errors"][0]["pointer"], "/items/0");
    assert_eq!(it.stage(), "accompaniment");
    it.resolve(&item, json!({})).expect(200);
    it.close(&consilium, "7").expect(200);
    assert_eq!(it.stage(), "accompaniment");
}

#[test]
fn a_sitting_has_a_quorum_a_known_list_and_cases_of_its_own_organization() {
    let it = scene();
    let consilium = it.planned();
    let elsewhere = it.world.institution("Другой центр");
    let both = json!([{"role": "director", "organization_id": it.centre}, {"role": "director", "organization_id": elsewhere.0}]);
    let director = it.world.account("director.of.two", both, None);
    let person = it.world.person(&director, json!({}));
    let foreign = it.world.beneficiary(&director, &elsewhere.0, &person);
    let foreign = it.world.case(&director, &elsewhere.0, &foreign);
    let item = json!({"case_id": foreign, "kind": "scheduled", "question": "О чужом случае"});
    it.step(&director, &consilium, "items", item).refused(422, "consilium.case_foreign");
    let card = it.world.get(&director, &format!("/consilia/{consilium}")).expect(200);
    let path = format!("/consilia/{consilium}");
    let moved = json!({"organization_id": elsewhere.0});
    let refused = it.world.patch(&director, &path, &card.etag(), moved).expect(422);
    assert!(refused.codes().contains(&"consilium.organization_fixed"), "{}", refused.text);
    it.world.patch(&director, &path, &card.etag(), json!({"place": "Кабинет 5"})).expect(200);
    let unknown = json!({"held_at": it.world.hour(-1), "present": [1, 9]});
    it.step(&it.director, &consilium, "holding", unknown).refused(422, "consilium.present_unknown");
    let few = json!({"held_at": it.world.hour(-1), "present": [1, 4]});
    let item = it.add(&consilium, &it.case, "scheduled").expect(201).id();
    it.step(&it.director, &consilium, "holding", few).expect(200);
    let alone = json!({"votes": {"in_favour": 1, "against": 0, "abstained": 0}});
    it.resolve(&item, alone).refused(409, "consilium.quorum");
    let empty = it.planned();
    it.hold(&empty).expect(200);
    it.close(&empty, "3").refused(409, "consilium.empty");

    let bare = json!({"birth_date": "2009-05-05"});
    let person = it.world.person(&it.director, bare);
    let beneficiary = it.world.beneficiary(&it.director, &it.centre, &person);
    let order = json!({"beneficiary_id": beneficiary, "organization_id": it.centre, "opened_on": it.world.day(-4), "stage": "preparation"});
    let case = it.world.post(&it.director, "/cases", order).expect(201).id();
    let it = Scene { case, person, beneficiary, ..it };
    let (_, item) = it.held("primary");
    it.resolve(&item, json!({"to_stage": "accompaniment"})).refused(409, "consilium.basis_missing");
}

#[test]
fn fifty_orders_to_put_one_case_on_two_agendas_leave_one_item() {
    let it = scene();
    let two = [it.planned(), it.planned()];
    let statuses: Vec<u16> = std::thread::scope(|threads| {
        let ask = |n: usize| it.add(&two[n % 2], &it.case, "scheduled").status;
        let all: Vec<_> = (0..50).map(|n| threads.spawn(move || ask(n))).collect();
        all.into_iter().map(|it| it.join().expect("an answer")).collect()
    });
    assert_eq!(statuses.iter().filter(|it| **it == 201).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|it| [201, 409, 503].contains(it)), "{statuses:?}");
    let items = it.world.get(&it.director, &format!("/cases/{}/consilium-items", it.case)).expect(200);
    assert_eq!(items.items().len(), 1);
    it.add(&two[0], &it.case, "urgent").expect(201);
    let kept = if items.items()[0]["consilium_id"] == json!(two[0]) { &two[0] } else { &two[1] };
    it.step(&it.director, kept, "cancellation", json!({"note": "Болезнь."})).expect(200);
    it.add(&it.planned(), &it.case, "scheduled").expect(201);
}

#[test]
fn of_fifty_closings_that_meet_on_two_servers_one_is_carried_out_and_does_everything_once() {
    let it = scene();
    it.snapshot();
    let (consilium, item) = it.held("transition");
    it.resolve(&item, json!({"to_stage": "monitoring"})).expect(200);
    let beside = it.world.beside(&[]);
    let there = beside.login_in(&it.world.region, &it.director.login);
    let path = format!("/consilia/{consilium}/closing");
    let answers = at_once(50, |n| {
        let order = json!({"protocol_number": (n + 1).to_string()});
        match n % 2 {
            0 => it.world.post(&it.director, &path, order),
            _ => beside.post(&there, &path, order),
        }
    });
    assert_eq!(answers.iter().filter(|it| it.0 == 200).count(), 1, "{answers:?}");
    let mut late = answers.iter().filter(|it| it.0 != 200);
    assert!(late.all(|it| *it == (409, "consilium.not_held".to_owned())), "{answers:?}");
    let told = |of: String, kind: &str| {
        let history = it.world.get(&it.director, &format!("{of}/history?limit=200")).expect(200);
        history.kinds().iter().filter(|it| **it == kind).count()
    };
    let (case, consilium) = (format!("/cases/{}", it.case), format!("/consilia/{consilium}"));
    assert_eq!((told(consilium, "consilium.closed"), told(case, "case.stage_moved")), (1, 1));
    assert_eq!(it.stage(), "monitoring");
    let tasks = it.world.get(&it.specialist, &format!("/tasks?case_id={}", it.case)).expect(200);
    assert_eq!(tasks.items().len(), 1);
}

#[test]
fn a_dissent_stays_and_is_shown_with_the_item_to_those_who_see_it() {
    let mut it = scene();
    let (consilium, item) = it.held("scheduled");
    it.resolve(&item, json!({})).expect(200);
    let path = format!("/consilium-items/{item}/dissents");
    let dissent =
        |who: &Account, member: i32| it.world.post(who, &path, json!({"member": member, "text": "Рано-Х."}));
    let colleague = it.world.staff("unit_head", &it.centre);
    dissent(&colleague, 1).refused(403, "access.not_yours");
    dissent(&it.specialist, 4).refused(422, "consilium.dissent_unsuited");
    dissent(&it.director, 1).expect(200);
    it.close(&consilium, "5").expect(200);
    let told = dissent(&it.specialist, 3).expect(200);
    assert_eq!(told.body["dissents"].as_array().expect("dissents").len(), 2);
    let there = json!([{"role": "guardianship_officer", "territory": "25655000"}]);
    let officer = it.world.account("officer", there, None);
    let shown = it.world.get(&officer, &format!("/consilium-items/{item}")).expect(200);
    assert!(shown.text.contains("Рано-Х."));
    it.world.get(&officer, &format!("/consilia/{consilium}")).expect(404);
    let stranger = it.world.institution("Чужой центр").1;
    it.world.get(&stranger, &format!("/consilium-items/{item}")).expect(404);
    it.world.get(&stranger, &format!("/consilia/{consilium}")).expect(404);
    assert!(it.world.get(&stranger, "/consilia").expect(200).items().is_empty());
    it.world.advance_days(4);
    it.specialist = it.world.again(&it.specialist);
    let late = it.world.post(&it.specialist, &path, json!({"member": 3, "text": "Поздно."}));
    late.refused(409, "consilium.dissent_late");
}

#[test]
fn the_chair_records_the_dissent_of_a_member_without_an_account_where_there_is_no_secretary() {
    let it = scene();
    let members = json!([{"role": "chair", "user_id": it.director.id}, {"role": "member", "user_id": it.specialist.id},
        {"role": "member", "name": "Петрова Елена", "organization": "Отдел опеки"}]);
    let consilium = it.planned_with(json!({"members": members}));
    let item = it.add(&consilium, &it.case, "scheduled").expect(201).id();
    it.hold(&consilium).expect(200);
    it.resolve(&item, json!({})).expect(200);
    let dissent = |who: &Account| {
        let order = json!({"member": 3, "text": "Рано."});
        it.world.post(who, &format!("/consilium-items/{item}/dissents"), order)
    };
    dissent(&it.specialist).refused(403, "access.not_yours");
    let told = dissent(&it.director).expect(200);
    assert_eq!(
        (&told.body["dissents"][0]["member"], &told.body["dissents"][0]["made_by_user_id"]),
        (&json!(3), &json!(it.director.id))
    );
}

#[test]
fn nobody_decides_about_their_family_and_a_protocol_number_is_given_once_in_a_year() {
    let it = scene();
    let born = json!({"birth_date": "1980-01-01"});
    let mother = it.world.person(&it.director, born);
    it.world.family(&it.director, &[&mother, &it.person]);
    let head = it.world.account(
        "specialist.mother",
        json!([{"role": "support_specialist", "organization_id": it.centre}]),
        Some(&mother),
    );
    let (consilium, item) = it.held("scheduled");
    let order = it.resolution();
    it.world.post(&head, &format!("/consilium-items/{item}/resolution"), order).refused(403, "access.own");
    it.resolve(&item, json!({})).expect(200);
    it.close(&consilium, "9").expect(200);
    let (consilium, item) = it.held("scheduled");
    it.resolve(&item, json!({})).expect(200);
    it.close(&consilium, "9").refused(409, "consilium.protocol_number_taken");
    it.step(&it.specialist, &consilium, "closing", json!({"protocol_number": "10"})).expect(403);
    let colleague = it.world.staff("unit_head", &it.centre);
    it.step(&colleague, &consilium, "closing", json!({"protocol_number": "10"}))
        .refused(403, "access.not_yours");
    it.close(&consilium, "10").expect(200);
}

#[test]
fn a_plan_has_one_chair_who_leads_and_a_case_closed_meanwhile_is_taken_off() {
    let it = scene();
    let plan = |members: Value| {
        it.world.post(&it.director, "/consilia", with(it.form(), &json!({"members": members})))
    };
    let outsider = json!({"role": "member", "name": "Петрова Елена"});
    let by = |role: &str, user: &str| json!({"role": role, "user_id": user});
    plan(json!([by("chair", &it.specialist.id), outsider])).refused(422, "consilium.chair");
    plan(json!([by("member", &it.director.id), outsider])).refused(422, "field.missing");
    let stranger = it.world.institution("Чужой центр").1;
    plan(json!([by("chair", &it.director.id), by("member", &stranger.id)])).refused(422, "consilium.member");
    plan(json!([by("chair", &it.director.id), {"role": "member"}])).refused(422, "field.missing");
    let consilium = it.planned();
    let card = it.world.get(&it.director, &format!("/consilia/{consilium}")).expect(200);
    let moved = with(it.form(), &json!({"organization_id": it.centre, "place": "Кабинет 3"}));
    let path = format!("/consilia/{consilium}");
    it.world.put(&it.director, &path, &card.etag(), moved.clone()).expect(200);
    it.world.put(&it.director, &path, &card.etag(), moved).refused(412, "version.stale");
    let item = it.add(&consilium, &it.case, "scheduled").expect(201).id();
    it.add(&consilium, &it.case, "scheduled").refused(409, "consilium.on_agenda");
    it.step(&it.director, &consilium, "holding", json!({"held_at": it.world.hour(3), "present": [1]}))
        .refused(422, "consilium.in_future");
    it.step(&it.director, &consilium, "holding", json!({"held_at": it.world.hour(-1), "present": [2, 3]}))
        .refused(409, "consilium.chair_absent");
    it.hold(&consilium).expect(200);
    let closing = json!({"closed_on": it.world.day(0), "reason": "moved"});
    it.world.post(&it.director, &format!("/cases/{}/closing", it.case), closing).expect(200);
    it.close(&consilium, "6").expect(200);
    let shown = it.world.get(&it.director, &format!("/consilium-items/{item}")).expect(200);
    assert_eq!(shown.body["state"], "postponed");
    it.world.get(&it.director, &format!("/consilia/{consilium}/history")).expect(200);
    it.world.get(&it.director, &format!("/consilium-items/{item}/history")).expect(200);
    let listed = it.world.get(&it.director, "/consilia?state=closed").expect(200);
    assert_eq!(listed.items().len(), 1);
}
