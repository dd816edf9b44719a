//! Hours of volunteers: limits by age, consents of minors, and a confirmation by somebody else.
use super::super::child;
use super::super::projects::{Scene, scene};
use serde_json::{Value, json};
use tests::{Account, Reply, with};

impl Scene {
    fn work(&self, who: &Account, event: &str, members: Value) -> Reply {
        let form = with(json!({"worked_on": "2015-10-01", "minutes": 60}), &members);
        self.world.post(who, &format!("/events/{event}/volunteer-work"), form)
    }
    fn decide(&self, who: &Account, id: &str, step: &str) -> Reply {
        let order =
            if step == "rejection" { json!({"reason": "Ушёл через час."}) } else { json!({}) };
        self.world.post(who, &format!("/volunteer-work/{id}/{step}"), order)
    }
}

#[test]
fn hours_are_confirmed_by_somebody_else_and_only_after_the_event() {
    let it = scene();
    let person = it.world.person(&it.director, json!({"birth_date": "1980-01-01"}));
    let own = it.world.director_and("worker", &it.organization, "mentor", &person);
    let planned = it.event(json!({}));
    it.work(&own, &planned, json!({"person_id": person})).refused(409, "volunteer_work.not_held");
    it.hold(&planned, json!({})).expect(200);
    let id = it.work(&own, &planned, json!({"person_id": person})).expect(201).id();
    it.work(&it.stranger, &planned, json!({"person_id": person})).refused(403, "access.forbidden");
    it.decide(&own, &id, "confirmation").refused(403, "volunteer_work.own");
    it.decide(&own, &id, "rejection").refused(403, "volunteer_work.own");
    it.decide(&it.stranger, &id, "confirmation").refused(404, "request.not_found");
    let confirmed = it.decide(&it.director, &id, "confirmation").expect(200);
    assert_eq!(confirmed.body["state"], json!("confirmed"));
    let edit = confirmed.action("edit").expect("an edit");
    assert_eq!(edit["blocked_by"], json!(["volunteer_work.decided"]));
    it.decide(&it.director, &id, "rejection").refused(409, "volunteer_work.decided");
    let path = format!("/volunteer-work/{id}");
    it.world
        .patch(&it.director, &path, &confirmed.etag(), json!({"minutes": 90}))
        .refused(409, "volunteer_work.decided");
    it.work(&it.director, &planned, json!({"person_id": person, "worked_on": it.world.day(1)}))
        .refused(422, "life.in_future");
}

#[test]
fn nobody_works_longer_on_a_day_than_their_age_allows() {
    let it = scene();
    let event = it.held(json!({}), json!([]));
    let other = it.held(json!({}), json!([]));
    let person = it.world.person(&it.director, json!({"birth_date": "1980-01-01"}));
    let work = |event: &str, minutes: i32| {
        it.work(&it.director, event, json!({"person_id": person, "minutes": minutes}))
    };
    work(&event, 721).refused(422, "field.range");
    let id = work(&event, 400).expect(201).id();
    work(&other, 321).refused(422, "volunteer_work.day");
    let more = work(&other, 320).expect(201).id();
    let path = format!("/volunteer-work/{more}");
    let edited = it.world.edit(&it.director, &path, json!({"minutes": 319})).expect(200);
    it.world
        .patch(&it.director, &path, &edited.etag(), json!({"minutes": 321}))
        .refused(422, "volunteer_work.day");
    it.decide(&it.director, &id, "rejection").expect(200);
    work(&event, 401).expect(201);
    it.decide(&it.director, &more, "confirmation").expect(200);
    let child = it.world.person(&it.director, json!({"birth_date": "2003-01-01"}));
    let refused = it.work(&it.director, &event, json!({"person_id": child})).expect(422);
    assert_eq!(
        refused.codes(),
        ["volunteer_work.day"],
        "at 12, and nobody asks a consent of an adult of today"
    );
}

#[test]
fn a_minor_works_only_with_a_consent() {
    let it = scene();
    let day = it.world.day(0);
    let event = it.event(json!({"starts_on": day}));
    it.hold(&event, json!({"held_on": day})).expect(200);
    let minor = child(&it.world, &it.director, &it.organization, 17);
    let work = || it.work(&it.director, &event, json!({"person_id": minor.person, "worked_on": day}));
    work().refused(409, "volunteer_work.no_consent");
    let consent = json!({"purpose": "volunteering", "data": ["full_name"], "valid_until": it.world.day(300)});
    let consent = minor.signs(&it.world, &it.director, consent, (0, true)).expect(201).id();
    let id = work().expect(201).id();
    minor.withdraws(&it.world, &it.director, &consent).expect(200);
    it.decide(&it.director, &id, "confirmation").refused(409, "volunteer_work.no_consent");
    it.decide(&it.director, &id, "rejection").expect(200);
}

#[test]
fn a_minor_who_is_no_beneficiary_works_by_a_signed_paper() {
    let it = scene();
    let day = it.world.day(0);
    let event = it.event(json!({"starts_on": day}));
    it.hold(&event, json!({"held_on": day})).expect(200);
    let born = it.world.today() - chrono::Months::new(16 * 12);
    let pupil = it.world.person(&it.director, json!({"given_name": "Вера", "birth_date": born}));
    let paper = it.world.file(&it.director, "consent");
    let work = |person: &str, members: Value| {
        it.work(&it.director, &event, with(json!({"person_id": person, "worked_on": day}), &members))
    };
    work(&pupil, json!({})).refused(409, "volunteer_work.no_consent");
    let hours = work(&pupil, json!({"consent_file_id": paper})).expect(201);
    assert_eq!(hours.body["consent_file_id"], json!(paper));
    it.decide(&it.director, &hours.id(), "confirmation").expect(200);
    let ward = child(&it.world, &it.director, &it.organization, 15);
    work(&ward.person, json!({"consent_file_id": paper})).refused(409, "volunteer_work.no_consent");
}

#[test]
fn hours_are_of_a_person_or_of_a_group_with_its_number() {
    let it = scene();
    let event = it.held(json!({}), json!([]));
    let group = json!({"name": "Отряд «Маяк»", "organization_id": it.organization, "source": "college", "formed_on": "2014-09-01",
        "made_of": "minors_in_conflict"});
    let group = it.world.post(&it.director, "/volunteer-groups", group).expect(201).id();
    let work = |members: Value| it.work(&it.director, &event, members);
    work(json!({})).refused(422, "field.missing");
    work(json!({"group_id": group})).refused(422, "field.missing");
    work(json!({"group_id": group, "people": 4})).refused(422, "field.range");
    work(json!({"group_id": group, "people": 12, "minutes": 241})).refused(422, "volunteer_work.day");
    let hours = work(json!({"group_id": group, "people": 12})).expect(201).id();
    let person = it.world.person(&it.director, json!({"birth_date": "1980-01-01"}));
    work(json!({"person_id": person, "people": 6})).refused(422, "field.combination");
    let tells = work(json!({"person_id": person, "group_id": group})).refused(422, "field.combination");
    assert_eq!(tells.body["errors"][0]["pointer"], "/group_id");
    let leader = json!({"volunteer_group_id": group, "person_id": person, "role": "leader", "joined_on": it.world.day(-1)});
    it.world.post(&it.director, "/volunteer-group-members", leader).expect(201);
    let own = it.world.director_and("leader", &it.organization, "mentor", &person);
    it.decide(&own, &hours, "confirmation").refused(403, "volunteer_work.own");
    let key = it.world.key(
        &["read_partnership_inside", "edit_participants"],
        json!({"organization_ids": [it.organization]}),
    );
    it.world
        .keyed_post(&key, &format!("/volunteer-work/{hours}/confirmation"), "hours", json!({}))
        .expect(403);
    let planned = it.event(json!({}));
    it.work(&it.director, &planned, json!({"group_id": group, "people": 5}))
        .refused(409, "volunteer_work.not_held");
    let page =
        it.world.get(&it.director, &format!("/events/{event}/volunteer-work?state=recorded")).expect(200);
    assert_eq!(page.items().len(), 1);
}
