//! Requests for help: people in need who were found, the first organization that checks, and its decision (003 L55).
mod chain;
mod concerned;

use serde_json::{Value, json};
use tests::pairs::at_once;
use tests::{Account, Reply, World, with};

/// Two organizations of a district, one of another, and the guardianship of both districts.
struct Scene {
    world: World,
    centre: String,
    director: Account,
    other: String,
    colleague: Account,
    far: String,
    stranger: Account,
    officer: Account,
    foreign_officer: Account,
}

fn scene() -> Scene {
    tests::prepared!(Scene { centre, director, other, colleague, far, stranger, officer, foreign_officer } by scene_in)
}

fn scene_in(world: World) -> Scene {
    let (centre, director) = world.institution("Центр");
    let (other, colleague) = world.institution("Другой центр");
    let far = world.organization("aftercare_centre", "Дальний центр", "25701000");
    let stranger = world.staff("director", &far);
    let officer = |login: &str, territory: &str| {
        world.account(login, json!([{"role": "guardianship_officer", "territory": territory}]), None)
    };
    let (near, distant) = (officer("officer", "25655000"), officer("officer2", "25701000"));
    Scene {
        centre,
        director,
        other,
        colleague,
        far,
        stranger,
        officer: near,
        foreign_officer: distant,
        world,
    }
}

impl Scene {
    fn form(&self) -> Value {
        json!({"source": "neighbour", "described": "Женщина с детьми-Х", "territory": "25655101001", "urgency": "now",
            "text": "Нет дров-Х", "reporter": "Соседка-Х"})
    }
    fn make(&self, who: &Account, members: Value) -> Reply {
        self.world.post(who, "/intake-requests", with(self.form(), &members))
    }
    fn made(&self, members: Value) -> String {
        let tutor = self.world.account(
            &format!("tutor{}", self.listed(&self.world.admin(), "").len()),
            json!([{"role": "tutor"}]),
            None,
        );
        self.make(&tutor, members).expect(201).id()
    }
    fn get(&self, who: &Account, id: &str) -> Reply {
        self.world.get(who, &format!("/intake-requests/{id}"))
    }
    fn check(&self, who: &Account, id: &str, organization: &str) -> Reply {
        self.world.post(
            who,
            &format!("/intake-requests/{id}/check"),
            json!({"organization_id": organization}),
        )
    }
    fn decide(&self, who: &Account, id: &str, members: Value) -> Reply {
        let order = with(json!({"outcome": "no_need", "note": "Съездили-Х."}), &members);
        self.world.post(who, &format!("/intake-requests/{id}/decision"), order)
    }
    fn listed(&self, who: &Account, query: &str) -> Vec<String> {
        let page = self.world.get(who, &format!("/intake-requests{query}")).expect(200);
        page.ids()
    }
}

#[test]
fn a_request_is_checked_and_accepted_into_a_case_and_its_author_learns_the_state_alone() {
    let it = scene();
    let mentor = it.world.account("tutor", json!([{"role": "tutor"}]), None);
    let made = it.make(&mentor, json!({})).expect(201);
    assert_eq!(made.body["state"], "received");
    assert!(!made.text.contains("-Х"), "the words are for those who help: {}", made.text);
    let id = made.id();
    let seen = it.get(&it.director, &id).expect(200);
    for (word, is_told) in [("Женщина с детьми-Х", true), ("Нет дров-Х", true), ("Соседка-Х", false)]
    {
        assert_eq!(seen.text.contains(word), is_told, "{}", seen.text);
    }
    // 2026-03-02 is a Monday: three working days end on Thursday.
    assert_eq!((&seen.body["check_due_on"], seen.actions()), (&json!("2026-03-05"), json!(["check"])));
    let taken = it.check(&it.director, &id, &it.centre).expect(200);
    assert_eq!(
        (&taken.body["state"], &taken.body["organization_name"]),
        (&json!("checking"), &json!("Центр"))
    );
    assert_eq!(taken.actions(), json!(["release", "decide"]));
    assert!(taken.body["check_due_on"].is_null() && taken.text.contains("Соседка-Х"));
    let beside = it.get(&it.colleague, &id).expect(200);
    assert_eq!(beside.body["organization_name"], "Центр");
    assert!(!beside.text.contains("-Х"), "the words are for the organization that has it: {}", beside.text);
    assert!(it.get(&it.officer, &id).expect(200).text.contains("Соседка-Х"));
    let girl = it.world.person(&it.director, json!({}));
    let beneficiary = it.world.beneficiary(&it.director, &it.centre, &girl);
    let case = it.world.case(&it.director, &it.centre, &beneficiary);
    let accepted = it.decide(&it.director, &id, json!({"outcome": "accepted", "case_id": case})).expect(200);
    assert_eq!((&accepted.body["state"], &accepted.body["case_id"]), (&json!("accepted"), &json!(case)));
    assert_eq!(accepted.actions(), json!([]));
    let elsewhere = it.get(&it.colleague, &id).expect(200);
    assert!(!elsewhere.text.contains(&case), "the case is told to the organization that has it");
    let told = it.get(&mentor, &id).expect(200);
    assert_eq!(told.body["state"], "accepted");
    assert!(!told.text.contains("-Х") && told.body.get("organization_id").is_none(), "{}", told.text);
    assert_eq!(it.listed(&mentor, ""), std::slice::from_ref(&id));
    let history = it.world.get(&it.director, &format!("/intake-requests/{id}/history")).expect(200);
    assert_eq!(
        history.kinds(),
        ["intake_request.decided", "intake_request.checked", "intake_request.received"]
    );
    assert!(!history.text.contains(&case) && !history.text.contains("-Х"));
}

#[test]
fn requests_of_a_period_and_the_services_that_came_of_them_are_counted_by_who_found_the_people() {
    let it = scene();
    let (by_neighbour, by_ngo) = (it.made(json!({})), it.made(json!({"source": "ngo"})));
    let again = it.made(json!({"source": "ngo"}));
    it.made(json!({"source": "ngo"}));
    let girl = it.world.person(&it.director, json!({}));
    let beneficiary = it.world.beneficiary(&it.director, &it.centre, &girl);
    let case = it.world.case(&it.director, &it.centre, &beneficiary);
    // Both found the same girl: her case takes in two requests of one source.
    for request in [&by_ngo, &again] {
        it.check(&it.director, request, &it.centre).expect(200);
        it.decide(&it.director, request, json!({"outcome": "accepted", "case_id": case})).expect(200);
    }
    it.check(&it.director, &by_neighbour, &it.centre).expect(200);
    let standards = it.world.get(&it.director, "/service-standards?code=hardship-help").expect(200);
    let today = it.world.day(0);
    // The service of the day before came of none of the requests.
    for delivered_on in [it.world.day(-1), today.clone()] {
        let delivery = json!({"standard_id": standards.items()[0]["id"], "provider_organization_id": it.centre,
            "delivered_on": delivered_on, "volume": 1, "minutes": 60});
        it.world.post(&it.director, &format!("/cases/{case}/service-deliveries"), delivery).expect(201);
    }
    let told = |who: &Account, query: &str| {
        it.world.get(who, &format!("/intake-requests/summary{query}")).expect(200).body
    };
    let line = |source: &str, requests: i32, accepted: i32, services: i32| json!({"source": source, "requests": requests, "accepted": accepted, "services": services});
    let all = json!([line("neighbour", 1, 0, 0), line("ngo", 3, 2, 1)]);
    for who in [&it.officer, &it.world.admin()] {
        let told = told(who, "");
        assert_eq!(sorted(&told["sources"]), all, "{told}");
        assert_eq!((&told["requests"], &told["to"]), (&json!(4), &json!(today)));
    }
    // An organization counts what it has taken up, another one and another territory count nothing of it.
    let own = json!([line("neighbour", 1, 0, 0), line("ngo", 2, 2, 1)]);
    assert_eq!(sorted(&told(&it.director, "")["sources"]), own);
    for who in [&it.colleague, &it.stranger, &it.foreign_officer] {
        assert_eq!(told(who, "")["sources"], json!([]));
    }
    let admin = it.world.admin();
    let yesterday = it.world.day(-1);
    assert_eq!(told(&admin, &format!("?to={yesterday}"))["requests"], json!(0));
    assert_eq!(told(&admin, &format!("?from={today}&to={today}"))["requests"], json!(4));
    it.world.get(&admin, "/intake-requests/summary?from=today").expect(400);
}

/// Lines in the order of their sources.
fn sorted(lines: &Value) -> Value {
    let mut lines = lines.as_array().expect("lines").clone();
    lines.sort_by_key(|it| it["source"].to_string());
    Value::from(lines)
}

#[test]
fn organizations_and_the_guardianship_of_the_territory_see_a_request_at_once_and_others_never() {
    let it = scene();
    let id = it.made(json!({"danger_to_child": true}));
    for who in [&it.director, &it.colleague, &it.officer, &it.world.admin()] {
        assert!(it.get(who, &id).expect(200).text.contains("Нет дров-Х"));
        assert_eq!(it.listed(who, "?danger_to_child=true"), std::slice::from_ref(&id));
        assert!(it.listed(who, "?danger_to_child=false").is_empty());
    }
    let key = |who: &str| it.world.key(&["read_intake"], json!({"organization_ids": [who]}));
    assert_eq!(it.listed(&key(&it.centre), "").len(), 1);
    for who in [&it.stranger, &it.foreign_officer, &key(&it.far)] {
        it.get(who, &id).expect(404);
        assert!(it.listed(who, "").is_empty());
    }
    let analyst = it.world.account("analyst", json!([{"role": "analyst"}]), None);
    it.get(&analyst, &id).expect(404);
    it.make(&analyst, json!({})).refused(403, "access.forbidden");
    it.check(&it.officer, &id, &it.centre).refused(403, "access.forbidden");
    let region = it.world.organization("executive_authority", "Министерство", "25000000");
    let minister = it.world.staff("director", &region);
    it.get(&minister, &id).expect(200);
}

#[test]
fn twenty_checks_at_once_leave_one_organization_and_the_others_learn_who_has_it() {
    let it = scene();
    let id = it.made(json!({}));
    let sides = [(&it.director, &it.centre), (&it.colleague, &it.other)];
    let answers = at_once(20, |n| it.check(sides[n % 2].0, &id, sides[n % 2].1));
    assert_eq!(answers.iter().filter(|it| it.0 == 200).count(), 1, "{answers:?}");
    let mut late = answers.iter().filter(|it| it.0 != 200);
    assert!(late.all(|it| *it == (409, "intake.taken".to_owned())), "{answers:?}");
    let has_it = it.get(&it.director, &id).expect(200).body["organization_id"].clone();
    let refused = it.check(&it.colleague, &id, &it.other).refused(409, "intake.taken");
    let told = refused.body["errors"][0]["params"].to_string();
    assert!(
        told.contains(has_it.as_str().expect("an id")) && told.to_lowercase().contains("центр"),
        "{told}"
    );
    let (theirs, others) = if has_it == json!(it.centre) { (0, 1) } else { (1, 0) };
    it.decide(sides[others].0, &id, json!({})).refused(403, "access.not_yours");
    let decisions = at_once(10, |_| it.decide(sides[theirs].0, &id, json!({})));
    assert_eq!(decisions.iter().filter(|it| it.0 == 200).count(), 1, "{decisions:?}");
    let mut late = decisions.iter().filter(|it| it.0 != 200);
    assert!(late.all(|it| *it == (409, "intake.decided".to_owned())), "{decisions:?}");
}

#[test]
fn a_redirected_request_is_checked_anew_by_that_organization_and_no_other() {
    let it = scene();
    let id = it.made(json!({}));
    it.decide(&it.director, &id, json!({})).refused(409, "intake.not_checked");
    it.check(&it.director, &id, &it.centre).expect(200);
    it.decide(&it.director, &id, json!({"outcome": "redirected", "organization_id": it.centre}))
        .refused(422, "intake.same_organization");
    let order = json!({"outcome": "redirected", "organization_id": it.far});
    let redirected = it.decide(&it.director, &id, order).expect(200);
    assert_eq!(redirected.body["directed_to_organization_name"], "Дальний центр");
    assert!(redirected.body.get("organization_id").is_none());
    assert_eq!(redirected.body["check_due_on"], "2026-03-05");
    it.check(&it.colleague, &id, &it.other).refused(403, "access.not_yours");
    let agenda = |who: &Account| {
        let agenda = it.world.get(who, "/me/agenda").expect(200);
        agenda.body["intake_to_check"].as_array().expect("requests").len()
    };
    assert_eq!((agenda(&it.stranger), agenda(&it.colleague)), (1, 0));
    assert_eq!(it.get(&it.stranger, &id).expect(200).actions(), json!(["check"]));
    it.check(&it.stranger, &id, &it.far).expect(200);
    it.decide(&it.stranger, &id, json!({"outcome": "unreachable"})).expect(200);
    it.check(&it.director, &id, &it.centre).refused(409, "intake.decided");
}

#[test]
fn each_outcome_tells_what_it_needs_and_refers_to_what_its_author_sees() {
    let it = scene();
    let earlier = it.made(json!({"urgency": "week"}));
    let id = it.made(json!({}));
    let elsewhere = it.made(json!({"territory": "25701000"}));
    it.check(&it.director, &id, &it.centre).expect(200);
    it.decide(&it.director, &id, json!({"outcome": "accepted"})).refused(422, "field.missing");
    it.decide(&it.director, &id, json!({"outcome": "redirected"})).refused(422, "field.missing");
    it.decide(&it.director, &id, json!({"outcome": "duplicate"})).refused(422, "field.missing");
    it.decide(&it.director, &id, json!({"case_id": earlier})).expect(422);
    it.decide(&it.director, &id, json!({"note": " "})).expect(422);
    it.decide(&it.director, &id, json!({"outcome": "checking"})).expect(422);
    let foreign = it.world.person(&it.stranger, json!({}));
    let foreign = it.world.beneficiary_in(&it.stranger, &it.far, "25701000", &foreign);
    it.decide(&it.director, &id, json!({"outcome": "accepted", "beneficiary_id": foreign}))
        .refused(422, "field.reference");
    it.decide(&it.director, &id, json!({"outcome": "duplicate", "duplicate_of_id": elsewhere}))
        .refused(422, "field.reference");
    it.decide(&it.director, &id, json!({"outcome": "duplicate", "duplicate_of_id": id}))
        .refused(422, "intake.own_duplicate");
    let later = it.made(json!({}));
    it.decide(&it.director, &id, json!({"outcome": "duplicate", "duplicate_of_id": later}))
        .refused(422, "intake.not_earlier");
    let empty = it.world.organization("ngo", "Пустая", "25655000");
    it.decide(&it.director, &id, json!({"outcome": "redirected", "organization_id": empty}))
        .refused(422, "intake.nobody_there");
    let stale = it.world.ask("POST", &format!("/api/v1/intake-requests/{id}/decision")).by(&it.director);
    let order = json!({"outcome": "duplicate", "note": "Уже знаем.", "duplicate_of_id": earlier});
    stale.header("If-Match", "\"7.0\"").json(&order).send().refused(412, "version.stale");
    let duplicate =
        it.world.post(&it.director, &format!("/intake-requests/{id}/decision"), order).expect(200);
    assert_eq!(duplicate.body["duplicate_of_id"], json!(earlier));
    assert_eq!(duplicate.body["duplicate_of_name"], json!(it.world.day(0)), "the day on which it came");
    it.check(&it.director, &later, &it.centre).expect(200);
    it.decide(&it.director, &later, json!({"outcome": "duplicate", "duplicate_of_id": id}))
        .refused(422, "intake.not_earlier");
    let girl = it.world.person(&it.director, json!({}));
    let beneficiary = it.world.beneficiary(&it.director, &it.centre, &girl);
    it.check(&it.director, &earlier, &it.centre).expect(200);
    let accepted = json!({"outcome": "accepted", "beneficiary_id": beneficiary});
    assert_eq!(
        it.decide(&it.director, &earlier, accepted).expect(200).body["beneficiary_id"],
        json!(beneficiary)
    );
}

#[test]
fn a_request_tells_who_is_in_need_once_and_names_nobody_whom_its_author_does_not_see() {
    let it = scene();
    let girl = it.world.person(&it.director, json!({}));
    it.make(&it.director, json!({"person_id": girl})).refused(422, "field.combination");
    let mut known = it.form();
    known.as_object_mut().expect("a form").remove("described");
    it.world.post(&it.director, "/intake-requests", known.clone()).refused(422, "field.missing");
    let known = with(known, &json!({"person_id": girl}));
    it.world.post(&it.stranger, "/intake-requests", known.clone()).refused(422, "field.reference");
    let made = it.world.post(&it.director, "/intake-requests", known).expect(201);
    assert_eq!(made.body["person_id"], json!(girl));
    assert!(made.body["person_name"].is_string());
    let seen = it.get(&it.colleague, &made.id()).expect(200);
    assert!(seen.body.get("person_name").is_none(), "a person of another organization has no name here");
    it.make(&it.director, json!({"territory": "здесь"})).expect(422);
    it.make(&it.director, json!({"urgency": "never"})).expect(422);
    it.make(&it.director, json!({"state": "accepted"})).expect(422);
    let key = it.world.key(&["make_intake", "read_intake"], json!({"organization_ids": [it.far]}));
    let made = it.world.keyed_post(&key, "/intake-requests", "one", it.form()).expect(201);
    it.get(&key, &made.id()).expect(404);
}

#[test]
fn a_request_is_overdue_after_the_working_days_of_the_region() {
    let mut it = scene();
    let id = it.made(json!({}));
    it.world.advance_days(3);
    it.director = it.world.again(&it.director);
    assert!(it.listed(&it.director, "?overdue=true").is_empty());
    assert_eq!(it.listed(&it.director, "?overdue=false&urgency=now,week"), std::slice::from_ref(&id));
    it.world.advance_days(1);
    it.director = it.world.again(&it.director);
    assert_eq!(it.listed(&it.director, "?overdue=true"), std::slice::from_ref(&id));
    assert!(it.listed(&it.director, "?overdue=true&state=checking").is_empty());
    let rules = json!({"effective_from": it.world.day(0), "quorum_percent": 51, "quorum_people": 3, "urgent_quorum_people": 2,
        "dissent_days": 3, "protocol_working_days": 5, "task_postponements": 3, "continuation_months": 12, "team_months": 12,
        "lost_contact_attempts": 3, "lost_contact_days": 60, "intake_check_days": 5});
    let admin = it.world.again(&it.world.admin());
    it.world.post(&admin, "/accompaniment-rules", rules).expect(201);
    assert!(it.listed(&it.director, "?overdue=true").is_empty());
    assert_eq!(it.get(&it.director, &id).expect(200).body["check_due_on"], "2026-03-09");
    it.check(&it.director, &id, &it.centre).expect(200);
    let order = json!({"outcome": "redirected", "organization_id": it.other});
    it.decide(&it.director, &id, order).expect(200);
    it.colleague = it.world.again(&it.colleague);
    assert_eq!(it.listed(&it.colleague, "?state=redirected&overdue=false"), std::slice::from_ref(&id));
    assert!(it.listed(&it.colleague, "?state=redirected&overdue=true").is_empty());
    it.world.advance_days(8);
    it.colleague = it.world.again(&it.colleague);
    assert_eq!(it.listed(&it.colleague, "?state=redirected&overdue=true"), [id]);
}

#[test]
fn a_request_is_decided_within_the_working_days_after_its_check_is_taken_up() {
    let mut it = scene();
    let id = it.made(json!({}));
    it.world.advance_days(1);
    it.director = it.world.again(&it.director);
    let taken = it.check(&it.director, &id, &it.centre).expect(200);
    // The check is taken up on a Tuesday: three working days end on Friday.
    assert_eq!(taken.body["decision_due_on"], "2026-03-06");
    assert!(taken.body.get("check_due_on").is_none());
    let late = |it: &Scene, is: bool| it.listed(&it.director, &format!("?state=checking&overdue={is}"));
    it.world.advance_days(3);
    it.director = it.world.again(&it.director);
    assert_eq!((late(&it, true).len(), late(&it, false).len()), (0, 1));
    it.world.advance_days(1);
    it.director = it.world.again(&it.director);
    assert_eq!((late(&it, true), late(&it, false).len()), (vec![id.clone()], 0));
    assert_eq!(it.listed(&it.director, "?overdue=true"), std::slice::from_ref(&id));
    let agenda = it.world.get(&it.director, "/me/agenda").expect(200);
    assert_eq!(agenda.body["intake_to_decide"][0]["decision_due_on"], "2026-03-06");
    let decided = it.decide(&it.director, &id, json!({})).expect(200);
    assert!(decided.body.get("decision_due_on").is_none());
}

#[test]
fn a_request_is_accepted_into_an_open_case_of_the_organization_about_the_person_in_need() {
    let it = scene();
    let girl = it.world.person(&it.director, json!({}));
    let mut form = it.form();
    form.as_object_mut().expect("a form").remove("described");
    let form = with(form, &json!({"person_id": girl}));
    let id = it.world.post(&it.director, "/intake-requests", form).expect(201).id();
    it.check(&it.director, &id, &it.centre).expect(200);
    let other = it.world.person(&it.director, json!({"given_name": "Другая"}));
    let other = it.world.beneficiary(&it.director, &it.centre, &other);
    let accept =
        |members: Value| it.decide(&it.director, &id, with(json!({"outcome": "accepted"}), &members));
    accept(json!({"beneficiary_id": other})).refused(422, "intake.case_unsuited");
    let beneficiary = it.world.beneficiary(&it.director, &it.centre, &girl);
    let case = it.world.case(&it.director, &it.centre, &beneficiary);
    let closing = json!({"closed_on": it.world.day(0), "reason": "moved"});
    it.world.post(&it.director, &format!("/cases/{case}/closing"), closing).expect(200);
    accept(json!({"case_id": case})).refused(422, "intake.case_unsuited");
    accept(json!({"beneficiary_id": beneficiary})).expect(200);
}

#[test]
fn a_request_that_was_taken_up_is_on_the_desk_of_its_organization_and_can_be_given_back() {
    let it = scene();
    let id = it.made(json!({"danger_to_child": true}));
    let desk = |who: &Account, part: &str| {
        let agenda = it.world.get(who, "/me/agenda").expect(200);
        agenda.body[part].as_array().expect("requests").iter().map(Reply::id_of).collect::<Vec<_>>()
    };
    let one = [id.clone()];
    assert_eq!(desk(&it.officer, "intake_in_danger"), one, "the guardianship sees a child in danger at once");
    assert!(desk(&it.foreign_officer, "intake_in_danger").is_empty());
    assert_eq!(
        (desk(&it.director, "intake_to_check").len(), desk(&it.director, "intake_to_decide").len()),
        (1, 0)
    );
    it.world
        .post(&it.director, &format!("/intake-requests/{id}/release"), json!({"note": "Рано."}))
        .refused(409, "intake.not_checked");
    let taken = it.check(&it.director, &id, &it.centre).expect(200);
    assert_eq!(taken.body["checked_on"], json!(it.world.day(0)));
    assert_eq!(
        (desk(&it.director, "intake_to_check").len(), desk(&it.director, "intake_to_decide").len()),
        (0, 1)
    );
    assert!(desk(&it.colleague, "intake_to_decide").is_empty());
    assert_eq!(desk(&it.officer, "intake_in_danger"), one);
    let give_back = |who: &Account, note: &str| {
        it.world.post(who, &format!("/intake-requests/{id}/release"), json!({"note": note}))
    };
    give_back(&it.colleague, "Чужое.").refused(403, "access.not_yours");
    let back = give_back(&it.director, "Специалист заболел-Х.").expect(200);
    assert_eq!((&back.body["state"], back.actions()), (&json!("received"), json!(["check"])));
    it.check(&it.colleague, &id, &it.other).expect(200);
    let decided = it.decide(&it.colleague, &id, json!({"note": "Мальчик у тёти-Х."})).expect(200);
    let notes: Vec<&Value> =
        decided.body["handlings"].as_array().expect("handlings").iter().map(|it| &it["note"]).collect();
    assert_eq!(notes, ["Специалист заболел-Х.", "Мальчик у тёти-Х."], "no words are written over");
    assert!(desk(&it.officer, "intake_in_danger").is_empty());
}

#[test]
fn a_request_about_a_whole_district_reaches_the_organizations_of_its_settlements() {
    let it = scene();
    let village = it.world.organization("ngo", "Сельский клуб", "25655102");
    let head = it.world.staff("director", &village);
    let (whole, beside) = (it.made(json!({"territory": "25655000"})), it.made(json!({})));
    assert_eq!(it.listed(&head, ""), std::slice::from_ref(&whole));
    it.get(&head, &beside).expect(404);
    it.check(&head, &whole, &village).expect(200);
}

#[test]
fn a_relative_of_the_person_in_need_reads_no_word_of_a_request() {
    let it = scene();
    let girl = it.world.person(&it.director, json!({}));
    let father = it
        .world
        .person(&it.director, json!({"given_name": "Сергей-Х", "birth_date": "1980-02-02", "sex": "male"}));
    it.world.family(&it.director, &[&girl, &father]);
    let grant = json!([{"role": "support_specialist", "organization_id": it.other}]);
    let relative = it.world.account("father", grant, Some(&father));
    let mut form = it.form();
    form.as_object_mut().expect("a form").remove("described");
    let id = it
        .world
        .post(&it.director, "/intake-requests", with(form, &json!({"person_id": girl})))
        .expect(201)
        .id();
    assert!(it.get(&it.colleague, &id).expect(200).text.contains("Нет дров-Х"));
    let told = it.get(&relative, &id).expect(200);
    assert!(!told.text.contains("-Х") && !told.text.contains(&girl), "{}", told.text);
}

#[test]
fn the_history_of_a_request_is_not_for_its_author() {
    let it = scene();
    let program = it.world.plain_program("help", json!({}));
    let grant = json!([{"role": "program_coordinator", "program_id": program}]);
    let coordinator = it.world.account("coordinator", grant, None);
    let id = it.make(&coordinator, json!({})).expect(201).id();
    it.get(&coordinator, &id).expect(200);
    let history = |who: &Account| it.world.get(who, &format!("/intake-requests/{id}/history")).status;
    assert_eq!((history(&coordinator), history(&it.director), history(&it.stranger)), (403, 200, 404));
}
