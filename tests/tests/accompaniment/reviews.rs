//! Reviews of a case at an age: what is due when somebody comes of age and turns 23, and the completion.
use super::{Place, place, place_in};
use chrono::TimeDelta;
use domain::base::moment::born_by;
use serde_json::{Value, json};
use tests::pairs::at_once;
use tests::{Account, Reply, World, with};

impl Place {
    /// The birth date of somebody who turns an age so many days from today.
    fn born(&self, years: i32, days: i64) -> String {
        born_by(self.world.today() + TimeDelta::days(days), years).to_string()
    }
    /// A case of a young man of that birth date, opened so many days from today.
    fn accompanied(&self, born: &str, days: i64, kind: &str) -> String {
        let man = self
            .world
            .person(&self.director, json!({"given_name": "Пётр", "sex": "male", "birth_date": born}));
        let man = self.world.beneficiary(&self.director, &self.organization, &man);
        let order = json!({"beneficiary_id": man, "organization_id": self.organization, "opened_on": self.world.day(days),
            "kind": kind, "stage": "accompaniment"});
        self.world.post(&self.director, "/cases", order).expect(201).id()
    }
    fn due(&self, case: &str) -> Value {
        self.world.get(&self.director, &format!("/cases/{case}")).expect(200).body["reviews_due"].clone()
    }
    /// The cases with a review that is due, by the filter and by the agenda of the director.
    fn listed(&self) -> [Vec<String>; 2] {
        let ids = |it: &Vec<Value>| it.iter().map(Reply::id_of).collect();
        let cases = self.world.get(&self.director, "/cases?review_due=true&sort=earliest_first").expect(200);
        let agenda = self.world.get(&self.director, "/me/agenda").expect(200);
        [ids(cases.items()), ids(agenda.body["reviews_due"].as_array().expect("a part"))]
    }
    fn listed_all(&self, filter: &str) -> Vec<String> {
        let page = self.world.get(&self.director, &format!("/cases?limit=200&{filter}")).expect(200);
        page.ids()
    }
    fn both(cases: &[&str]) -> [Vec<String>; 2] {
        let ids: Vec<String> = cases.iter().map(|it| (*it).to_owned()).collect();
        [ids.clone(), ids]
    }
    fn complete(&self, who: &Account, case: &str, members: Value) -> Reply {
        let order = json!({"kind": "coming_of_age", "outcome": "noted", "completed_on": self.world.day(0)});
        self.world.post(who, &format!("/cases/{case}/reviews"), with(order, &members))
    }
    fn log_in_again(&mut self) {
        self.director = self.world.login(&self.director.login);
    }
}

#[test]
fn coming_of_age_is_reviewed_from_a_midnight_of_the_region_ninety_days_before() {
    let mut it = place();
    let (soon, late) = (it.born(18, 91), it.born(18, -30));
    let (soon, late) = (it.accompanied(&soon, -60, "social"), it.accompanied(&late, -60, "aftercare"));
    let card = |is_overdue| json!([{"kind": "coming_of_age", "anchor_on": it.world.day(-30), "due_on": it.world.day(0), "is_overdue": is_overdue}]);
    let (in_time, overdue) = (card(false), card(true));
    // The region is three hours ahead, and its day is about to end.
    it.world.advance(TimeDelta::hours(14) + TimeDelta::minutes(59));
    it.log_in_again();
    assert_eq!((it.due(&soon), it.due(&late)), (json!([]), in_time));
    assert_eq!(it.listed(), Place::both(&[&late]));
    it.world.advance(TimeDelta::minutes(1));
    let told = json!([{"kind": "coming_of_age", "anchor_on": it.world.day(90), "due_on": it.world.day(120), "is_overdue": false}]);
    assert_eq!((it.due(&soon), it.due(&late)), (told, overdue));
    assert_eq!(it.listed(), Place::both(&[&soon, &late]));
    let others = it.world.get(&it.director, "/cases?review_due=false").expect(200);
    assert_eq!(others.items().len(), 0);
}

#[test]
fn a_birthday_begins_at_the_midnight_of_its_region_far_in_the_east_and_in_the_west() {
    for (zone, hours) in [("Asia/Irkutsk", 8), ("Europe/Kaliningrad", 2)] {
        let mut it = place_in(World::in_zone(zone, hours));
        let child =
            it.world.person(&it.director, json!({"given_name": "Катя", "birth_date": it.born(14, 1)}));
        let page = it.world.beneficiary(&it.director, &it.organization, &child);
        let page = format!("/beneficiaries/{page}/accompaniment");
        let katya = it.world.account("katya", json!([{"role": "mentee"}]), Some(&child));
        let at_18 = it.accompanied(&it.born(18, 91), -60, "social");
        let at_23 = it.accompanied(&it.born(23, 91), -60, "aftercare");
        // Worlds begin at six in the morning of UTC.
        it.world.advance(TimeDelta::hours(18 - hours) - TimeDelta::minutes(1));
        it.log_in_again();
        assert_eq!((it.due(&at_18), it.due(&at_23)), (json!([]), json!([])), "{zone}");
        it.world.get(&it.world.again(&katya), &page).expect(404);
        it.world.advance(TimeDelta::minutes(1));
        it.world.get(&it.world.again(&katya), &page).expect(200);
        let told = |case: &str| it.due(case)[0]["kind"].clone();
        assert_eq!((told(&at_18), told(&at_23)), (json!("coming_of_age"), json!("closing")), "{zone}");
    }
}

#[test]
fn a_corrected_birth_date_moves_the_review_of_an_open_case() {
    let it = place();
    let young = json!({"given_name": "Пётр", "sex": "male", "birth_date": it.born(18, 200)});
    let man = it.world.person(&it.director, young);
    let beneficiary = it.world.beneficiary(&it.director, &it.organization, &man);
    let case = it.world.case(&it.director, &it.organization, &beneficiary);
    assert_eq!((it.due(&case), it.listed()), (json!([]), Place::both(&[])));
    let path = format!("/people/{man}");
    let correct = |birth_date: String| {
        it.world.edit(&it.director, &path, json!({"birth_date": birth_date})).expect(200);
    };
    correct(it.born(18, 10));
    assert_eq!(
        (&it.due(&case)[0]["anchor_on"], it.listed()),
        (&json!(it.world.day(10)), Place::both(&[&case]))
    );
    correct(it.born(18, 200));
    assert_eq!((it.due(&case), it.listed()), (json!([]), Place::both(&[])));
}

#[test]
fn who_is_born_on_a_leap_day_comes_of_age_on_the_first_of_march() {
    let it = place();
    let on_the_day = it.accompanied("2008-02-29", -1, "social");
    let a_day_later = it.accompanied("2008-02-29", 0, "social");
    let a_day_before = it.accompanied("2008-02-28", -1, "social");
    assert_eq!(it.due(&on_the_day)[0]["anchor_on"], "2026-03-01");
    assert_eq!((it.due(&a_day_later), it.due(&a_day_before)), (json!([]), json!([])), "they came as adults");
    assert_eq!(it.listed(), Place::both(&[&on_the_day]));
    it.complete(&it.director, &on_the_day, json!({"completed_on": it.world.day(-1)})).expect(200);
    assert_eq!(it.listed(), Place::both(&[]));
    let others = it.world.get(&it.director, "/cases?review_due=false").expect(200);
    assert_eq!(others.items().len(), 3);
}

#[test]
fn a_review_is_completed_once_and_stands_in_the_list_and_the_history() {
    let it = place();
    let case = it.accompanied(&it.born(18, -10), -300, "aftercare");
    let path = format!("/cases/{case}");
    let opened = it.world.get(&it.director, &path).expect(200);
    let action = opened.action("complete_review").expect("a completion");
    assert_eq!(action["blocked_by"], json!([]));
    assert_eq!(action["takes"][0]["words"], json!(["coming_of_age"]));
    let specialist = it.world.staff("support_specialist", &it.organization);
    let note = json!({"note": "КАНАРЕЙКА: согласия подписаны заново.", "completed_on": it.world.day(-2)});
    let done = it.complete(&specialist, &case, note).expect(200);
    assert_eq!((&done.body["reviews_due"], &done.body["version"]), (&json!([]), &json!(2)));
    assert_eq!((&done.body["state"], &done.body["stage"]), (&json!("open"), &json!("accompaniment")));
    let blocked = done.action("complete_review").expect("a completion")["blocked_by"].clone();
    assert_eq!(blocked, json!(["case_review.completed"]));
    it.complete(&it.director, &case, json!({})).refused(409, "case_review.completed");
    assert_eq!(it.listed(), Place::both(&[]));
    let all = it.world.get(&it.director, &format!("{path}/reviews")).expect(200);
    let [one] = all.items().as_slice() else { panic!("{}", all.text) };
    assert_eq!(
        (&one["kind"], &one["anchor_on"], &one["outcome"], &one["completed_on"], &one["made_by_user_id"]),
        (
            &json!("coming_of_age"),
            &json!(it.world.day(-10)),
            &json!("noted"),
            &json!(it.world.day(-2)),
            &json!(specialist.id)
        )
    );
    assert_eq!(one["note"], "КАНАРЕЙКА: согласия подписаны заново.");
    assert_eq!((one.get("ground"), one.get("continue_until")), (None, None));
    let history = it.world.get(&it.director, &format!("{path}/history")).expect(200);
    assert_eq!(history.items()[0]["kind"], "case.reviewed");
    assert!(
        !history.text.contains("КАНАРЕЙКА") && !history.text.contains(&it.world.day(-10)),
        "{}",
        history.text
    );
}

#[test]
fn twenty_completions_at_once_complete_once() {
    let it = place();
    let case = it.accompanied(&it.born(18, 0), -300, "social");
    let replies = at_once(20, |_| it.complete(&it.director, &case, json!({})));
    let count = |status, code: &str| replies.iter().filter(|it| it.0 == status && it.1 == code).count();
    assert_eq!((count(200, ""), count(409, "case_review.completed")), (1, 19), "{replies:?}");
    let all = it.world.get(&it.director, &format!("/cases/{case}/reviews")).expect(200);
    assert_eq!(all.items().len(), 1);
}

#[test]
fn all_that_is_wrong_with_a_completion_is_told_at_once() {
    let it = place();
    let case = it.accompanied(&it.born(18, 91), -300, "social");
    let path = format!("/cases/{case}");
    let blocked = |case: &str| {
        let card = it.world.get(&it.director, &format!("/cases/{case}")).expect(200);
        card.action("complete_review").expect("a completion")["blocked_by"].clone()
    };
    assert_eq!(blocked(&case), json!(["case_review.not_due"]));
    let wrong = json!({"outcome": "close", "completed_on": it.world.day(1)});
    let told = it.complete(&it.director, &case, wrong).expect(409);
    assert_eq!(told.codes(), ["case_review.not_due", "case_review.outcome_unsuited", "case.in_future"]);
    let due = it.accompanied(&it.born(18, 80), -300, "social");
    let early = it.complete(&it.director, &due, json!({"completed_on": it.world.day(-11)}));
    let told = early.refused(422, "case_review.early").body["errors"][0]["params"].to_string();
    assert!(told.contains(&it.world.day(-10)), "{told}");
    let young = it.accompanied(&it.born(18, 10), -5, "social");
    let early = it.complete(&it.director, &young, json!({"completed_on": it.world.day(-6)}));
    early.refused(422, "case_review.early");
    it.complete(&it.director, &due, json!({"outcome": "continue"}))
        .refused(422, "case_review.outcome_unsuited");
    it.complete(&it.director, &due, json!({"kind": "yearly"})).refused(422, "field.word");
    it.complete(&it.director, &due, json!({"completed_on": "1900-01-01"})).refused(422, "case_review.early");
    let tag = it.world.get(&it.director, &path).expect(200).etag();
    it.world.post(&it.director, &format!("{path}/assignment"), json!({})).expect(200);
    let order = json!({"kind": "coming_of_age", "outcome": "noted", "completed_on": it.world.day(0)});
    let stale =
        it.world.ask("POST", &format!("/api/v1{path}/reviews")).by(&it.director).header("if-match", tag);
    stale.json(&order).send().refused(412, "version.stale");
}

#[test]
fn the_filter_and_the_card_tell_the_same_of_every_case() {
    let it = place();
    let mut births: Vec<String> =
        ["2008-02-28", "2008-02-29", "2008-03-01", "2003-02-28"].map(str::to_owned).into();
    for years in [17, 18, 23, 30] {
        births.extend([-31, -30, -1, 0, 1, 89, 90, 91].map(|days| it.born(years, days)));
    }
    let mut cases = Vec::new();
    for born in &births {
        for (opened, kind) in [(-200, "social"), (-1, "aftercare"), (0, "social"), (0, "aftercare")] {
            cases.push((it.accompanied(born, opened, kind), format!("born {born}, opened {opened}, {kind}")));
        }
    }
    let due = it.listed_all("review_due=true");
    let others = it.listed_all("review_due=false");
    for (case, told) in &cases {
        let is_due = it.due(case) != json!([]);
        assert_eq!((due.contains(case), others.contains(case)), (is_due, !is_due), "{told}");
    }
    assert!(due.len() > 20 && others.len() > 20, "{} of {}", due.len(), cases.len());
}

#[test]
fn a_care_leaver_is_reviewed_at_23_and_no_age_closes_the_case() {
    let mut it = place();
    let case = it.accompanied(&it.born(23, 90), -300, "aftercare");
    let later = it.accompanied(&it.born(25, 0), -10, "aftercare");
    let social = it.accompanied(&it.born(23, -1), -300, "social");
    let told = |anchor, due| json!([{"kind": "closing", "anchor_on": it.world.day(anchor), "due_on": it.world.day(due), "is_overdue": false}]);
    assert_eq!((it.due(&case), it.due(&later), it.due(&social)), (told(90, 120), told(-10, 20), json!([])));
    assert_eq!(it.listed(), Place::both(&[&case, &later]));
    let card = it.world.get(&it.director, &format!("/cases/{case}")).expect(200);
    let action = card.action("complete_review").expect("a completion");
    assert_eq!(
        (&action["blocked_by"], &action["takes"][0]["words"]),
        (&json!(["case_review.by_consilium"]), &json!([]))
    );
    for outcome in ["close", "continue", "noted"] {
        let refused = it.complete(&it.director, &case, json!({"kind": "closing", "outcome": outcome}));
        assert_eq!(refused.refused(409, "case_review.by_consilium").body["rule"], "004 L29");
    }
    it.world.advance_days(400);
    it.log_in_again();
    let due = it.due(&case);
    assert_eq!((&due[0]["kind"], &due[0]["is_overdue"]), (&json!("closing"), &json!(true)));
    let card = it.world.get(&it.director, &format!("/cases/{case}")).expect(200);
    assert_eq!(card.body["state"], "open");
    assert_eq!(it.listed(), Place::both(&[&case, &later]));
}

#[test]
fn a_case_that_is_closed_or_of_the_dead_or_of_a_family_has_no_review() {
    let it = place();
    let born = it.born(18, -1);
    let closed = it.accompanied(&born, -300, "social");
    let order = json!({"closed_on": it.world.day(0), "reason": "goals_reached"});
    it.world.post(&it.director, &format!("/cases/{closed}/closing"), order).expect(200);
    let man = it.world.person(&it.director, json!({"given_name": "Олег", "sex": "male", "birth_date": born}));
    let beneficiary = it.world.beneficiary(&it.director, &it.organization, &man);
    let dead = it.world.case(&it.director, &it.organization, &beneficiary);
    assert_eq!(it.listed(), Place::both(&[&dead]));
    it.world.die(&it.director, &man, 0).expect(200);
    let twin =
        it.world.person(&it.director, json!({"given_name": "Иван", "sex": "male", "birth_date": born}));
    let family = it.world.family(&it.director, &[&twin]);
    let family = it.world.family_beneficiary(&it.director, &it.organization, &family);
    let family = it.world.case(&it.director, &it.organization, &family);
    assert_eq!(it.listed(), Place::both(&[]));
    for (case, code) in
        [(&closed, "case.not_open"), (&dead, "case.not_open"), (&family, "case_review.not_due")]
    {
        assert_eq!(it.due(case), json!([]));
        it.complete(&it.director, case, json!({})).refused(409, code);
    }
    let others = it.world.get(&it.director, "/cases?review_due=false").expect(200);
    assert_eq!(others.items().len(), 3);
}

#[test]
fn terms_of_the_region_move_a_review_and_another_birthday_asks_for_another() {
    let it = place();
    let born = it.born(18, 100);
    let case = it.accompanied(&born, -300, "social");
    let person =
        it.world.get(&it.director, &format!("/cases/{case}")).expect(200).body["beneficiary_id"].clone();
    let person =
        it.world.get(&it.director, &format!("/beneficiaries/{}", person.as_str().unwrap())).expect(200);
    let person = format!("/people/{}", person.body["person_id"].as_str().expect("a person"));
    assert_eq!(it.listed(), Place::both(&[]));
    for (kind, days) in [("coming_of_age_lead", 100), ("coming_of_age_review", 7)] {
        let term = json!({"kind": kind, "effective_from": it.world.day(-1), "days": days});
        it.world.post(&it.world.admin(), "/terms", term).expect(201);
    }
    assert_eq!(
        (it.listed(), &it.due(&case)[0]["due_on"]),
        (Place::both(&[&case]), &json!(it.world.day(107)))
    );
    it.complete(&it.director, &case, json!({})).expect(200);
    assert_eq!(it.listed(), Place::both(&[]));
    let corrected = json!({"birth_date": it.born(18, 50)});
    it.world.edit(&it.director, &person, corrected).expect(200);
    assert_eq!(
        (it.listed(), &it.due(&case)[0]["anchor_on"]),
        (Place::both(&[&case]), &json!(it.world.day(50)))
    );
    it.complete(&it.director, &case, json!({})).expect(200);
    let all = it.world.get(&it.director, &format!("/cases/{case}/reviews?limit=1")).expect(200);
    assert_eq!(all.items()[0]["anchor_on"], it.world.day(50));
    let cursor = all.body["next_cursor"].as_str().expect("another page");
    let next =
        it.world.get(&it.director, &format!("/cases/{case}/reviews?limit=1&cursor={cursor}")).expect(200);
    assert_eq!(next.items()[0]["anchor_on"], it.world.day(100));
}

#[test]
fn reviews_are_seen_with_their_case_and_completed_by_its_institution() {
    let it = place();
    let case = it.accompanied(&it.born(18, -1), -300, "social");
    let path = format!("/cases/{case}/reviews");
    let officer = json!([{"role": "guardianship_officer", "territory": "25655000"}]);
    let officer = it.world.account("opeka", officer, None);
    let key = it.world.key(&["read_cases"], json!({}));
    for who in [&it.world.admin(), &officer, &key] {
        assert_eq!(it.world.get(who, &path).expect(200).items().len(), 0);
        let card = it.world.get(who, &format!("/cases/{case}")).expect(200);
        assert_eq!(
            (card.body["reviews_due"].as_array().map(Vec::len), card.action("complete_review")),
            (Some(1), None)
        );
        it.complete(who, &case, json!({})).refused(403, "access.forbidden");
    }
    let agenda = it.world.get(&officer, "/me/agenda").expect(200);
    assert_eq!(agenda.body["reviews_due"], json!([]), "an officer asks the list of cases");
    let (_, stranger) = it.world.institution("Чужое");
    let coordinator = json!([{"role": "program_coordinator", "program_id": it.world.program("long-term")}]);
    let mut strangers = vec![stranger, it.world.account("coordinator", coordinator, None)];
    for role in ["mentor", "tutor", "analyst"] {
        strangers.push(it.world.account(role, json!([{"role": role}]), None));
    }
    for who in &strangers {
        let hidden = it.world.get(who, &path);
        assert!(matches!(hidden.status, 403 | 404), "{}: {}", who.login, hidden.text);
        let refused = it.complete(who, &case, json!({}));
        assert!(matches!(refused.status, 403 | 404), "{}: {}", who.login, refused.text);
        assert_eq!(it.world.get(who, "/me/agenda").body["reviews_due"], json!([]), "{}", who.login);
    }
    it.world.get(&strangers[0], &path).refused(404, "request.not_found");
    it.complete(&strangers[0], &case, json!({})).refused(404, "request.not_found");
    let head = it.world.staff("unit_head", &it.organization);
    it.complete(&head, &case, json!({})).expect(200);
}
