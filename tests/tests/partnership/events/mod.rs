//! Events: planned, held and cancelled; the numbers of people, their corrections, and the table of attendance.
mod participants;
mod ties;
mod volunteers;

use super::projects::{Scene, scene};
use crate::parts::raw::Raw;
use serde_json::{Value, json};
use tests::{Account, Reply, with};

impl Scene {
    pub(super) fn event_form(&self, members: Value) -> Value {
        let form = json!({"organization_id": self.organization, "title": "Формула счастья", "kind": "lecture", "level": "municipal",
            "online": false, "starts_on": "2015-10-01", "audiences": ["minors"], "registration": "none"});
        with(form, &members)
    }
    pub(super) fn event(&self, members: Value) -> String {
        self.world.post(&self.director, "/events", self.event_form(members)).expect(201).id()
    }
    pub(super) fn hold(&self, id: &str, members: Value) -> Reply {
        let order = with(json!({"held_on": "2015-10-01"}), &members);
        self.world.post(&self.director, &format!("/events/{id}/holding"), order)
    }
    pub(super) fn held(&self, members: Value, counts: Value) -> String {
        let id = self.event(members);
        self.hold(&id, json!({"counts": counts})).expect(200);
        id
    }
    /// The version of the numbers that is in force.
    pub(super) fn in_force(&self, id: &str) -> Value {
        let versions = self.world.get(&self.director, &format!("/events/{id}/event-attendances")).expect(200);
        versions.items().first().map_or(Value::Null, |it| it["id"].clone())
    }
    fn correct(&self, who: &Account, id: &str, members: Value) -> Reply {
        let form = json!({"counted_on": "2015-10-05", "corrects_id": self.in_force(id)});
        self.world.post(who, &format!("/events/{id}/event-attendances"), with(form, &members))
    }
    fn attendance(&self, who: &Account, query: &str) -> Value {
        let path = format!("/events/attendance?from=2015-01-01&to=2015-12-31{query}");
        self.world.get(who, &path).expect(200).body
    }
}

fn minors(people: i32) -> Value {
    json!([{"audience": "minors", "people": people}])
}

#[test]
fn people_at_events_are_summed_and_who_was_not_counted_is_told_beside() {
    let it = scene();
    it.held(json!({"title": "Табачная зависимость. Курительные смеси"}), minors(16));
    it.held(json!({"title": "Видеолекция", "kind": "video_lecture"}), json!([{"audience": "minors"}]));
    let third = it.held(json!({}), minors(43));
    let seen = |query: &str| it.attendance(&it.stranger, &format!("&audience=minors{query}"));
    let table = seen("");
    let told: Vec<&Value> = table["rows"].as_array().expect("rows").iter().map(|it| &it["people"]).collect();
    assert_eq!(told, [&json!(16), &Value::Null, &json!(43)]);
    assert_eq!((&table["sum"], &table["without_number"]), (&json!(59), &json!(1)));

    // A correction keeps both versions, and the figure follows it.
    it.correct(&it.director, &third, json!({"counts": minors(42)})).refused(422, "event.no_reason");
    let order = json!({"counts": minors(42), "reason": "Один подросток записан дважды."});
    it.correct(&it.stranger, &third, order.clone()).refused(403, "access.forbidden");
    let version = it.correct(&it.director, &third, order).expect(201).id();
    assert_eq!(seen("")["sum"], json!(58));
    let versions = it.world.get(&it.director, &format!("/events/{third}/event-attendances")).expect(200);
    let counted: Vec<&Value> = versions.items().iter().map(|it| &it["counts"][0]["people"]).collect();
    assert_eq!(counted, [&json!(42), &json!(43)]);
    // A reader of the former version does not override the correction unseen.
    let former = Reply::id_of(&versions.items()[1]);
    let stale = json!({"counts": minors(45), "corrects_id": former, "reason": "Пришли ещё двое."});
    it.correct(&it.director, &third, stale.clone()).refused(409, "event.corrected_meanwhile");
    let unseen = with(stale.clone(), &json!({"corrects_id": null}));
    it.correct(&it.director, &third, unseen).refused(409, "event.corrected_meanwhile");
    let fresh = with(stale, &json!({"corrects_id": version, "counts": minors(42)}));
    let fresh = it.correct(&it.director, &third, fresh).expect(201).id();
    // A version is annulled after the one that corrects it.
    let refused = it
        .world
        .post(&it.director, &format!("/event-attendances/{version}/annulment"), json!({"reason": "Проба."}))
        .refused(409, "entry.built_on");
    let named = json!([{"name": "id", "value": fresh}, {"name": "kind", "value": "event_attendance"}]);
    assert_eq!(refused.body["errors"][0]["params"], named);
    it.world
        .post(&it.director, &format!("/event-attendances/{fresh}/annulment"), json!({"reason": "Проба."}))
        .expect(200);
    it.world
        .get(&it.stranger, &format!("/events/{third}/event-attendances"))
        .refused(403, "access.forbidden");
    let annulment = json!({"reason": "Исправлено зря."});
    it.world
        .post(&it.director, &format!("/event-attendances/{version}/annulment"), annulment.clone())
        .expect(200);
    assert_eq!(seen("")["sum"], json!(59));

    assert_eq!(seen(&format!("&organization_id={}", it.other))["rows"], json!([]));
    it.world.post(&it.director, &format!("/events/{third}/annulment"), annulment).expect(200);
    assert_eq!(seen("")["sum"], json!(16));
}

#[test]
fn an_event_is_held_or_cancelled_once_and_its_card_tells_no_number() {
    let it = scene();
    let id = it.event(json!({}));
    it.correct(&it.director, &id, json!({"counts": minors(5)})).refused(409, "event.not_held");
    it.hold(&id, json!({"held_on": it.world.day(1)})).refused(422, "event.in_future");
    let twice = json!([{"audience": "minors", "people": 1}, {"audience": "minors", "people": 2}]);
    it.hold(&id, json!({"counts": twice})).refused(422, "event.counted_twice");
    assert_eq!(
        it.world.get(&it.stranger, &format!("/events/{id}")).expect(200).body["state"],
        json!("planned")
    );
    it.hold(&id, json!({"counts": minors(43), "organization_ids": [it.world.day(0)]})).expect(422);
    let held = it.hold(&id, json!({"counts": minors(43), "organization_ids": [it.other]})).expect(200);
    assert_eq!((&held.body["state"], &held.body["held_on"]), (&json!("held"), &json!("2015-10-01")));
    assert!(!held.text.contains("people") && !held.text.contains("counts"), "{}", held.text);
    it.hold(&id, json!({})).refused(409, "event.not_planned");
    let order = json!({"reason": "Карантин в школе."});
    it.world
        .post(&it.director, &format!("/events/{id}/cancellation"), order.clone())
        .refused(409, "event.not_planned");
    let other = it.event(json!({"kind": "other", "kind_text": "Слёт-поход"}));
    it.world
        .post(&it.stranger, &format!("/events/{other}/cancellation"), order.clone())
        .refused(403, "access.forbidden");
    it.world.post(&it.director, &format!("/events/{other}/cancellation"), order).expect(200);
    it.hold(&other, json!({})).refused(409, "event.not_planned");
    let history = it.world.get(&it.director, &format!("/events/{id}/history")).expect(200);
    assert_eq!(history.kinds(), ["event.held", "event.added"]);
    assert!(!history.text.contains("minors"), "{}", history.text);
}

#[test]
fn all_that_is_wrong_with_a_holding_is_told_at_once() {
    let it = scene();
    let id = it.event(json!({}));
    let counts = json!([{"audience": "minors", "people": 1}, {"audience": "minors", "people": 2}]);
    let wrong = json!({"held_on": it.world.day(1), "counts": counts, "organization_ids": [it.director.id]});
    let refused = it.hold(&id, wrong).refused(422, "event.in_future");
    assert_eq!(refused.codes(), ["event.in_future", "event.counted_twice", "field.reference"]);
    assert_eq!(refused.pointers(), ["/held_on", "/counts/1/audience", "/organization_ids/0"]);
    let path = format!("/events/{id}/event-attendances");
    assert!(it.world.get(&it.director, &path).expect(200).items().is_empty(), "nothing of it is on record");
}

#[test]
fn a_co_organizer_enters_numbers_too_and_nobody_else_does() {
    let it = scene();
    let id = it.held(json!({"co_organizer_ids": [it.other]}), minors(16));
    let order =
        json!({"counts": minors(18), "organization_ids": [it.other], "reason": "Наших было на двое больше."});
    it.correct(&it.stranger, &id, order.clone()).expect(201);
    let (third, outsider) = it.world.institution("Третий центр");
    it.correct(&outsider, &id, order).refused(403, "access.forbidden");
    let found = |of: &str| it.attendance(&outsider, &format!("&partner_id={of}"))["sum"].clone();
    assert_eq!((found(&it.other), found(&third)), (json!(18), json!(0)));
    let specialist = it.world.staff("support_specialist", &it.other);
    assert_eq!(
        it.world.get(&specialist, &format!("/events/{id}/event-attendances")).expect(200).items().len(),
        2
    );
}

#[test]
fn a_small_number_of_a_sensitive_audience_is_hidden_from_all_who_do_not_hold_the_event() {
    let it = scene();
    let counts = json!([{"audience": "minors", "people": 10}, {"audience": "homeless", "people": 4}]);
    let id = it.held(json!({"audiences": []}), counts);
    it.held(json!({"audiences": []}), minors(7));
    let analyst = it.world.account("analyst", json!([{"role": "analyst"}]), None);
    for who in [&it.stranger, &analyst] {
        let table = it.attendance(who, "");
        let row = &table["rows"][0];
        assert_eq!(
            (&table["sum"], &row["people"], &row["hidden"]),
            (&Value::Null, &Value::Null, &json!(true))
        );
        assert_eq!(row["counts"][1], json!({"audience": "homeless", "hidden": true}));
        assert_eq!(row["counts"][0]["people"], json!(10));
        assert_eq!(it.attendance(who, "&audience=homeless")["sum"], Value::Null);
        assert_eq!(it.attendance(who, "&audience=minors")["sum"], json!(17));
    }
    assert_eq!(it.attendance(&it.director, "")["sum"], json!(21));
    it.correct(
        &it.director,
        &id,
        json!({"counts": [{"audience": "homeless", "people": 5}], "reason": "Пришёл ещё один."}),
    )
    .expect(201);
    assert_eq!(it.attendance(&analyst, "")["sum"], json!(12), "five are enough");
    let history = it.world.get(&it.director, &format!("/events/{id}/history")).expect(200).text;
    assert!(!history.contains("homeless") && !history.contains("БОМЖ"), "{history}");
}

#[test]
fn the_account_of_a_project_has_its_events_and_those_of_its_platforms() {
    let it = scene();
    let project = it.running(json!({"starts_on": "2015-09-01"}));
    let platform = it.running(json!({"parent_id": project, "title": "Площадка «Северная»"}));
    let draft = it.project(json!({"parent_id": project, "title": "Черновик"}));
    it.held(json!({"project_id": project}), minors(16));
    it.held(json!({"project_id": platform}), minors(43));
    it.held(json!({"project_id": platform}), json!([]));
    it.held(json!({"project_id": draft}), minors(100));
    it.held(json!({}), minors(1000));
    it.event(json!({"project_id": platform, "starts_on": "2015-11-01"}));
    let account = |query: &str| {
        it.world.get(&it.stranger, &format!("/projects/{project}/account{query}")).expect(200).body
    };
    let all = account("?to=2015-12-31");
    let told = ["events_held", "events_planned", "people", "without_number"].map(|it| all[it].clone());
    assert_eq!(told, [json!(3), json!(1), json!(59), json!(1)]);
    assert_eq!(account("?from=2015-10-02&to=2015-12-31")["people"], json!(0));
    let found = it.world.get(&it.stranger, &format!("/events?project_id={platform}&state=held")).expect(200);
    assert_eq!(found.items().len(), 2);
}

#[test]
fn all_that_is_wrong_with_an_event_is_told_at_once_and_days_of_1997_are_taken() {
    let it = scene();
    let wrong = it
        .event_form(json!({"kind": "other", "ends_on": "2015-09-30", "seats": 5, "host_id": it.director.id}));
    let refused = it.world.post(&it.director, "/events", wrong).expect(422);
    assert_eq!(
        refused.codes(),
        ["event.ends_early", "field.missing", "field.combination", "field.reference"]
    );
    let id = it.event(json!({"starts_on": "1997-05-01"}));
    it.world
        .edit(&it.director, &format!("/events/{id}"), json!({"host_id": it.director.id}))
        .refused(422, "field.reference");
    it.hold(&id, json!({"held_on": "1997-05-01", "organization_ids": [it.director.id]}))
        .refused(422, "field.reference");
    it.hold(
        &id,
        json!({"held_on": "1997-05-01", "counts": [{"audience": "volunteers", "people": 1_000_001}]}),
    )
    .refused(422, "field.range");
    it.hold(&id, json!({"held_on": "1997-05-01"})).expect(200);
    let early = "/events/attendance?from=1997-01-01&to=1997-12-31";
    assert_eq!(it.world.get(&it.director, early).expect(200).body["without_number"], json!(1));
    it.world.get(&it.director, "/events/attendance?audience=nobody").refused(400, "request.parameter");
    let stranger = it.event_form(json!({}));
    it.world.post(&it.stranger, "/events", stranger).refused(422, "field.reference");
}

#[test]
fn a_key_of_one_institution_is_told_of_its_own_projects_and_events_alone() {
    let it = scene();
    it.running(json!({}));
    it.held(json!({}), minors(43));
    let key = |of: &str| it.world.key(&["read_partnership"], json!({"organization_ids": [of]}));
    let summary = format!("/projects/summary?organization_id={}", it.organization);
    for (of, people, events) in [(&it.organization, 43, 1), (&it.other, 0, 0)] {
        let key = key(of);
        assert_eq!(it.attendance(&key, "")["sum"], json!(people));
        assert_eq!(it.world.get(&key, "/events").expect(200).items().len(), events);
        let summary = it.world.get(&key, &summary);
        match events {
            1 => assert_eq!(summary.expect(200).body["implemented"], json!(1)),
            _ => drop(summary.refused(422, "field.reference")),
        }
    }
}

#[test]
fn a_campaign_that_attracts_mentors_is_found_by_its_kind_and_counted() {
    let it = scene();
    it.held(json!({}), minors(16));
    let mentors = json!([{"audience": "mentors", "people": 12}]);
    let id =
        it.held(json!({"title": "Стань наставником", "kind": "campaign", "audiences": ["mentors"]}), mentors);
    let found = it.world.get(&it.stranger, "/events?kind=campaign").expect(200);
    assert_eq!(found.ids(), [id]);
    assert_eq!(it.attendance(&it.stranger, "&audience=mentors")["sum"], json!(12));
}

#[test]
fn trainings_of_mentors_are_found_by_year_as_they_are_planned_and_as_they_were_held() {
    let it = scene();
    let training = json!({"kind": "mentor_training", "title": "Школа наставника", "audiences": ["mentors"]});
    let planned = it.event(with(training.clone(), &json!({"starts_on": "2015-11-20"})));
    let held = it.held(training.clone(), json!([{"audience": "mentors", "people": 14}]));
    it.event(with(training, &json!({"starts_on": "2016-01-15"})));
    it.held(json!({}), minors(16));
    let year = "from=2015-01-01&to=2015-12-31";
    let found = |state: &str| {
        let path = format!("/events?kind=mentor_training&state={state}&{year}");
        it.world.get(&it.stranger, &path).expect(200).ids()
    };
    assert_eq!((found("planned"), found("held")), (vec![planned], vec![held]));
    assert_eq!(it.attendance(&it.stranger, "&audience=mentors")["sum"], json!(14));
}

#[test]
fn an_event_stays_with_its_organization() {
    let it = scene();
    let role = |organization: &str| json!({"role": "director", "organization_id": organization});
    let both = it.world.account("both", json!([role(&it.organization), role(&it.other)]), None);
    let event = it.world.post(&both, "/events", it.event_form(json!({}))).expect(201);
    let path = format!("/events/{}", event.id());
    let moved = json!({"organization_id": it.other});
    it.world.patch(&both, &path, &event.etag(), moved).refused(422, "event.owner_fixed");
}

#[test]
fn a_table_of_more_than_a_thousand_events_is_refused_and_a_narrower_one_is_told() {
    let it = scene();
    it.held(json!({}), minors(16));
    actix_web::rt::System::new().block_on(async {
        Raw::of_world(&it.world).await.copy_rows("events", 1000).await;
    });
    let table = |to: &str| it.world.get(&it.director, &format!("/events/attendance?from=2015-01-01&to={to}"));
    table("2015-12-31").refused(409, "event.too_many");
    assert_eq!(table("2015-09-30").expect(200).body["rows"], json!([]));
}

#[test]
fn events_are_found_by_their_first_days() {
    let it = scene();
    let [first, second, third] =
        ["2015-09-30", "2015-10-01", "2015-10-15"].map(|on| it.event(json!({"starts_on": on})));
    let found = |query: &str| it.world.get(&it.stranger, &format!("/events?{query}")).expect(200).ids();
    assert_eq!(found("from=2015-10-01"), [third.clone(), second.clone()]);
    assert_eq!(found("to=2015-10-01"), [second.clone(), first]);
    assert_eq!(found("from=2015-10-01&to=2015-10-14&kind=lecture"), std::slice::from_ref(&second));
    assert_eq!(found("from=2015-10-02&to=2015-10-01"), Vec::<String>::new());
    let own = format!("from=2015-10-02&organization_id={}", it.organization);
    assert_eq!(found(&own), [third]);
    let path = format!("/events/{second}");
    it.world.edit(&it.director, &path, json!({"starts_on": "2015-11-01"})).expect(200);
    assert_eq!(found("from=2015-11-01"), [second]);
    it.world.get(&it.stranger, "/events?from=2015-13-01").refused(400, "request.parameter");
}

#[test]
fn events_are_found_by_an_audience_as_it_was_told_last() {
    let it = scene();
    let both = it.event(json!({"starts_on": "2015-10-02", "audiences": ["minors", "mentors"]}));
    let minors = it.event(json!({"audiences": ["minors", "minors"]}));
    let mentors = it.event(json!({"starts_on": "2015-10-03", "audiences": ["mentors"]}));
    let found = |query: &str| it.world.get(&it.stranger, &format!("/events?{query}")).expect(200).ids();
    assert_eq!(found("audience=minors"), [both.clone(), minors.clone()]);
    assert_eq!(found("audience=mentors"), [mentors.clone(), both.clone()]);
    assert_eq!(found("audience=mentors&to=2015-10-02&state=planned"), std::slice::from_ref(&both));
    assert_eq!(found("audience=mentors&from=2015-10-03"), std::slice::from_ref(&mentors));
    assert_eq!(found("audience=homeless"), Vec::<String>::new());
    let all = [mentors.clone(), both.clone(), minors.clone()];
    assert_eq!(found("audience=minors,mentors"), all, "each once, in the order of days");
    assert_eq!(found("audience=minors,homeless&to=2015-10-01"), std::slice::from_ref(&minors));
    let (mut walked, mut page) = (Vec::new(), Some("/events?audience=minors,mentors&limit=1".to_owned()));
    while let Some(path) = page {
        let told = it.world.get(&it.stranger, &path).expect(200);
        walked.extend(told.ids());
        let cursor = told.body["next_cursor"].as_str();
        page = cursor.map(|cursor| format!("/events?audience=minors,mentors&limit=1&cursor={cursor}"));
    }
    assert_eq!(walked, all);
    it.world.get(&it.stranger, "/events?audience=nobody").refused(400, "request.parameter");

    let moved = json!({"audiences": ["mentors"], "starts_on": "2015-10-05"});
    it.world.edit(&it.director, &format!("/events/{minors}"), moved).expect(200);
    assert_eq!(found("audience=minors"), std::slice::from_ref(&both));
    let expected = [minors.clone(), mentors.clone(), both];
    assert_eq!(found("audience=mentors"), expected);
    let (mut seen, mut next) = (Vec::new(), Some("/events?audience=mentors&limit=1".to_owned()));
    while let Some(path) = next {
        let page = it.world.get(&it.stranger, &path).expect(200);
        seen.extend(page.ids());
        let cursor = page.body["next_cursor"].as_str();
        next = cursor.map(|cursor| format!("/events?audience=mentors&limit=1&cursor={cursor}"));
    }
    assert_eq!(seen, expected);

    it.hold(&mentors, json!({"held_on": "2015-10-03"})).expect(200);
    let annulment = json!({"reason": "Введено дважды."});
    it.world.post(&it.director, &format!("/events/{minors}/annulment"), annulment).expect(200);
    assert_eq!(found("audience=mentors&state=held"), [mentors]);
    assert_eq!(found("audience=mentors&annulled=true"), [minors]);
}

#[test]
fn events_are_found_by_an_organizer_who_holds_them_alone_or_with_others() {
    let it = scene();
    let own = it.event(json!({}));
    let helped = json!({"starts_on": "2015-10-02", "co_organizer_ids": [it.other, it.organization]});
    let shared = it.event(helped);
    let told = it.event(json!({"starts_on": "2015-10-03", "information_partner_ids": [it.other]}));
    let found = |who: &Account, of: &str, query: &str| {
        it.world.get(who, &format!("/events?organizer_id={of}{query}")).expect(200).ids()
    };
    assert_eq!(found(&it.stranger, &it.organization, ""), [told, shared.clone(), own.clone()]);
    assert_eq!(found(&it.stranger, &it.other, ""), std::slice::from_ref(&shared));
    let minors = "&audience=minors&from=2015-10-02";
    assert_eq!(found(&it.stranger, &it.other, minors), std::slice::from_ref(&shared));
    let key = it.world.key(&["read_partnership"], json!({"organization_ids": [it.other]}));
    assert_eq!(found(&key, &it.other, ""), Vec::<String>::new(), "it is no event of the key's organization");
    let alone = json!({"co_organizer_ids": []});
    it.world.edit(&it.director, &format!("/events/{shared}"), alone).expect(200);
    assert_eq!(found(&it.stranger, &it.other, ""), Vec::<String>::new());
    assert_eq!(found(&it.stranger, &it.organization, "&to=2015-10-01"), [own]);
}
