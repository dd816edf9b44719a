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
fn nobody_annuls_their_own_hours_under_any_record() {
    let it = scene();
    let day = it.world.day(0);
    let event = it.event(json!({"starts_on": day}));
    it.hold(&event, json!({"held_on": day})).expect(200);
    let [one, other] = [0, 1].map(|_| it.world.person(&it.director, json!({"birth_date": "2005-05-05"})));
    let own = it.world.director_and("worker", &it.organization, "mentee", &one);
    let [first, second] =
        [&one, &other].map(|person| it.world.beneficiary(&it.director, &it.organization, person));
    it.world.merged(&first, &second);
    for person in [&one, &other] {
        let form = json!({"person_id": person, "worked_on": day});
        let path = format!("/volunteer-work/{}", it.work(&it.director, &event, form).expect(201).id());
        let (annulment, reason) = (format!("{path}/annulment"), json!({"reason": "Внесено дважды."}));
        it.world.post(&own, &annulment, reason.clone()).refused(403, "access.own");
        assert!(it.world.get(&own, &path).expect(200).action("annul").is_none(), "{path}");
        it.world.post(&it.director, &annulment, reason).expect(200);
    }
}

#[test]
fn the_hours_of_a_person_are_one_day_under_all_records_and_nobody_confirms_their_own_under_any() {
    let it = scene();
    let day = it.world.day(0);
    let event = it.event(json!({"starts_on": day}));
    it.hold(&event, json!({"held_on": day})).expect(200);
    let [one, other] = [0, 1].map(|_| it.world.person(&it.director, json!({"birth_date": "2005-05-05"})));
    let own = it.world.director_and("worker", &it.organization, "mentee", &one);
    let [first, second] =
        [&one, &other].map(|person| it.world.beneficiary(&it.director, &it.organization, person));
    it.world.merged(&first, &second);
    let work = |person: &str, minutes: i32| {
        let form = json!({"person_id": person, "worked_on": day, "minutes": minutes});
        it.work(&it.director, &event, form)
    };
    work(&one, 400).expect(201);
    work(&other, 321).refused_at(422, "volunteer_work.day", "/minutes");
    let hours = work(&other, 320).expect(201).id();
    it.world.edit(&it.director, &format!("/volunteer-work/{hours}"), json!({"minutes": 319})).expect(200);
    it.decide(&own, &hours, "confirmation").refused(403, "volunteer_work.own");
}

#[test]
fn hours_lie_on_the_days_of_the_event_or_on_the_day_before_it() {
    let it = scene();
    let event = it.held(json!({"ends_on": "2015-10-02"}), json!([]));
    let person = it.world.person(&it.director, json!({"birth_date": "1980-01-01"}));
    let work = |day: &str| it.work(&it.director, &event, json!({"person_id": person, "worked_on": day}));
    for day in ["1997-05-01", "2015-09-29", "2015-10-03"] {
        work(day).refused_at(422, "volunteer_work.outside", "/worked_on");
    }
    for day in ["2015-09-30", "2015-10-01", "2015-10-02"] {
        work(day).expect(201);
    }
}

#[test]
fn hours_of_a_group_are_entered_by_its_organization_and_no_refusal_tells_what_it_is_made_of() {
    let it = scene();
    let group = |made_of: &str| {
        let form = json!({"name": "Отряд", "organization_id": it.organization, "source": "own_squad", "formed_on": "2014-09-01",
            "disbanded_on": "2015-10-01", "made_of": made_of});
        it.world.post(&it.director, "/volunteer-groups", form).expect(201).id()
    };
    let of_stranger = |members: Value| {
        let form = it.event_form(with(json!({"organization_id": it.other}), &members));
        let id = it.world.post(&it.stranger, "/events", form).expect(201).id();
        let held = json!({"held_on": "2015-10-01"});
        it.world.post(&it.stranger, &format!("/events/{id}/holding"), held).expect(200);
        id
    };
    let (alone, together) =
        (of_stranger(json!({})), of_stranger(json!({"co_organizer_ids": [it.organization]})));
    for made_of in ["minors_in_conflict", "homeless", "students"] {
        let group = group(made_of);
        let hours = |minutes: i32| json!({"group_id": group, "people": 12, "minutes": minutes});
        for (event, minutes) in [(&alone, 60), (&alone, 241), (&together, 241)] {
            let refused = it.work(&it.stranger, event, hours(minutes));
            refused.refused_at(422, "field.reference", "/group_id");
        }
        // The organization of the group enters its hours, also at an event that it holds together with others.
        let own = it.work(&it.director, &together, hours(240)).expect(201).id();
        let path = format!("/volunteer-work/{own}");
        let edit = |who: &Account, minutes: i32| it.world.edit(who, &path, json!({"minutes": minutes}));
        edit(&it.stranger, 241).refused_at(422, "volunteer_work.day", "/minutes");
        edit(&it.stranger, 239).expect(200);
        let longer = edit(&it.director, 241);
        match made_of {
            "minors_in_conflict" => drop(longer.refused_at(422, "volunteer_work.day", "/minutes")),
            _ => drop(longer.expect(200)),
        }
        it.decide(&it.stranger, &own, "confirmation").expect(200);
    }
    let late = it.event(json!({"starts_on": "2015-10-02"}));
    it.hold(&late, json!({"held_on": "2015-10-02"})).expect(200);
    let hours = json!({"group_id": group("students"), "people": 12, "worked_on": "2015-10-02"});
    it.work(&it.director, &late, hours).refused_at(422, "volunteer_work.no_group", "/worked_on");
}

#[test]
fn hours_at_an_event_that_was_annulled_count_nowhere() {
    let it = scene();
    let [wrong, right] = [0, 1].map(|_| it.held(json!({}), json!([])));
    let person = it.world.person(&it.director, json!({"birth_date": "1980-01-01"}));
    let work = |event: &str| it.work(&it.director, event, json!({"person_id": person, "minutes": 720}));
    let hours = || {
        let path = format!("/organizations/{}/capacity", it.organization);
        it.world.get(&it.director, &path).expect(200).body["volunteer_hours"].clone()
    };
    let confirmed = work(&wrong).expect(201).id();
    it.decide(&it.director, &confirmed, "confirmation").expect(200);
    work(&right).refused(422, "volunteer_work.day");
    assert_eq!(hours(), json!(12));
    let reason = json!({"reason": "Внесено дважды."});
    it.world.post(&it.director, &format!("/events/{wrong}/annulment"), reason).expect(200);
    assert_eq!(hours(), json!(0));
    work(&right).expect(201);
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

#[test]
fn hours_wait_on_the_desks_of_those_who_confirm_them_and_not_on_that_of_the_volunteer() {
    let it = scene();
    let person = it.world.person(&it.director, json!({"birth_date": "1980-01-01"}));
    let own = it.world.director_and("worker", &it.organization, "mentor", &person);
    let event = it.held(json!({"co_organizer_ids": [it.other]}), json!([]));
    let elsewhere = it.held(json!({}), json!([]));
    let late = it.work(&own, &event, json!({"person_id": person})).expect(201).id();
    let early = json!({"person_id": person, "worked_on": "2015-09-30"});
    let early = it.work(&own, &elsewhere, early).expect(201).id();
    let waiting = |who: &Account| it.world.on_desk(who, "volunteer_work_to_confirm");
    assert_eq!(waiting(&it.director), [early.clone(), late.clone()], "the earliest day first");
    assert_eq!(
        waiting(&it.stranger),
        std::slice::from_ref(&late),
        "an organization that holds it with others confirms too"
    );
    assert!(waiting(&own).is_empty() && waiting(&it.world.admin()).is_empty());
    let listed =
        it.world.get(&it.director, &format!("/events/{event}/volunteer-work?state=recorded")).expect(200);
    assert_eq!(listed.ids(), std::slice::from_ref(&late));
    it.decide(&it.director, &late, "confirmation").expect(200);
    it.decide(&it.director, &early, "rejection").expect(200);
    assert!(waiting(&it.director).is_empty() && waiting(&it.stranger).is_empty());
    it.work(&own, &elsewhere, json!({"person_id": person})).expect(201);
    let wrong = json!({"reason": "Внесено по ошибке."});
    it.world.post(&it.director, &format!("/events/{elsewhere}/annulment"), wrong).expect(200);
    assert!(waiting(&it.director).is_empty(), "nobody confirms hours at an event that was annulled");
}
