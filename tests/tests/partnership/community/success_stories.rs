//! Success stories: told with consents or without names, shown no longer than the consents hold, gone with their withdrawal.
use super::super::{Child, child};
use serde_json::{Value, json};
use tests::{Account, Reply, World, with};

struct Scene {
    world: World,
    organization: String,
    director: Account,
    child: Child,
}

fn scene() -> Scene {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let child = child(&world, &director, &organization, 10);
    Scene { world, organization, director, child }
}

impl Scene {
    fn story(&self, members: Value) -> Reply {
        let form = json!({"title": "Новая школа", "organization_id": self.organization, "person_id": self.child.person,
            "text": "Анна пошла в новую школу, ей помог наставник.", "anonymous": false});
        self.world.post(&self.director, "/success-stories", with(form, &members))
    }
    fn step(&self, id: &str, step: &str, order: Value) -> Reply {
        self.world.post(&self.director, &format!("/success-stories/{id}/{step}"), order)
    }
    fn consents(&self, purpose: &str, days: i64) -> String {
        self.child.consents(&self.world, &self.director, purpose, days, false).expect(201).id()
    }
    fn shown(&self) -> Vec<String> {
        let analyst = self.world.login("analyst");
        self.world.get(&analyst, "/published-stories").expect(200).ids()
    }
}

#[test]
fn a_mother_withdraws_her_consent_and_the_story_is_gone_with_the_same_answer() {
    let it = scene();
    it.world.account("analyst", json!([{"role": "analyst"}]), None);
    let id = it.story(json!({})).expect(201).id();
    it.step(&id, "readiness", json!({})).refused(409, "story.no_consent");
    let consent = it.consents("story", 100);
    it.step(&id, "publication", json!({"shown_until": it.world.day(50)})).refused(409, "story.not_ready");
    it.step(&id, "readiness", json!({})).expect(200);
    it.step(&id, "publication", json!({})).refused(422, "field.missing");
    let beyond = it.step(&id, "publication", json!({"shown_until": it.world.day(101)}));
    beyond.refused(422, "story.beyond_consent");
    it.step(&id, "publication", json!({"shown_until": it.world.day(-1)})).refused(422, "story.shown_in_past");
    let specialist = it.world.staff("support_specialist", &it.organization);
    let order = json!({"shown_until": it.world.day(100)});
    it.world.post(&specialist, &format!("/success-stories/{id}/publication"), order.clone()).expect(403);
    it.step(&id, "publication", order).expect(200);
    assert_eq!(it.shown(), std::slice::from_ref(&id));
    it.child.withdraws(&it.world, &it.director, &consent).expect(200);
    assert!(it.shown().is_empty());
    let path = format!("/success-stories/{id}");
    let after = it.world.get(&it.director, &path).expect(200);
    assert_eq!(
        (&after.body["state"], &after.body["withdrawn_on"]),
        (&json!("withdrawn"), &json!(it.world.day(0)))
    );
    it.step(&id, "publication", json!({"shown_until": it.world.day(50)})).refused(409, "story.not_ready");
    let next = it.story(json!({})).expect(201).id();
    it.step(&next, "readiness", json!({})).refused(409, "story.no_consent");
    let told = it.world.get(&it.director, &format!("{path}/history")).expect(200);
    let expected =
        ["success_story.withdrawn", "success_story.published", "success_story.ready", "success_story.added"];
    assert_eq!(told.kinds(), expected);
}

#[test]
fn a_story_is_shown_until_its_last_day_and_no_person_stands_on_it() {
    let mut it = scene();
    it.world.account("analyst", json!([{"role": "analyst"}]), None);
    it.consents("story", 100);
    let id = it.story(json!({})).expect(201).id();
    it.step(&id, "readiness", json!({})).expect(200);
    it.step(&id, "publication", json!({"shown_until": it.world.day(1)})).expect(200);
    let page = it.world.get(&it.world.login("analyst"), "/published-stories").expect(200);
    assert!(page.items()[0].get("person_id").is_none(), "{}", page.text);
    assert_eq!(page.items()[0]["organization_name"], "Центр");
    it.world.advance_days(1);
    assert_eq!(it.shown(), std::slice::from_ref(&id));
    it.world.advance_days(1);
    assert!(it.shown().is_empty());
}

#[test]
fn photos_need_a_consent_of_their_own_whose_withdrawal_takes_the_story_back() {
    let it = scene();
    it.world.account("analyst", json!([{"role": "analyst"}]), None);
    let photo = it.world.file(&it.director, "other");
    it.consents("story", 100);
    let id = it.story(json!({"photo_ids": [photo]})).expect(201).id();
    it.step(&id, "readiness", json!({})).refused(409, "story.no_image_consent");
    let image = it.consents("image", 30);
    it.step(&id, "readiness", json!({})).expect(200);
    it.step(&id, "publication", json!({"shown_until": it.world.day(31)}))
        .refused(422, "story.beyond_consent");
    it.step(&id, "publication", json!({"shown_until": it.world.day(30)})).expect(200);
    it.child.withdraws(&it.world, &it.director, &image).expect(200);
    assert!(it.shown().is_empty());
    let anonymous = it.story(json!({"anonymous": true, "photo_ids": [photo], "text": "Всё хорошо."}));
    anonymous.refused(422, "field.combination");
}

#[test]
fn an_anonymous_story_needs_no_consent_and_has_no_name_of_the_person_the_family_or_the_mentor() {
    let it = scene();
    it.world.account("analyst", json!([{"role": "analyst"}]), None);
    let sister = it.world.person(&it.director, json!({"given_name": "Вероника", "birth_date": "2012-01-01"}));
    it.world.family(&it.director, &[&it.child.person, &sister]);
    let anonymous = |text: &str| it.story(json!({"anonymous": true, "text": text}));
    for text in [
        "Анна пошла в школу.",
        "Мы гордимся АННОЙ",
        "Морозовой помогли.",
        "С сестрой Вероникой они снова вместе.",
    ] {
        let refused = anonymous(text);
        assert_eq!((refused.status, refused.codes()), (422, vec!["story.names_left"]));
        assert_eq!(refused.body["errors"][0]["pointer"], "/text");
    }
    it.story(json!({"anonymous": true, "title": "История Анны", "text": "Всё хорошо."}))
        .refused(422, "story.names_left");
    let unproven = json!({"title": "Чужая", "organization_id": it.organization, "text": "Петрова Аня, 14 лет.", "anonymous": true});
    let unproven = it.world.post(&it.director, "/success-stories", unproven);
    unproven.refused(422, "field.missing");
    let id = anonymous("Девочка пошла в новую школу.").expect(201).id();
    it.step(&id, "readiness", json!({})).expect(200);
    it.step(&id, "publication", json!({})).expect(200);
    assert_eq!(it.shown(), std::slice::from_ref(&id));
    let consent = it.consents("story", 100);
    it.child.withdraws(&it.world, &it.director, &consent).expect(200);
    assert_eq!(it.shown(), [id], "it tells of nobody");
    it.story(json!({"anonymous": false, "text": "Анна рада."})).expect(201);
}

#[test]
fn stories_are_worked_on_inside_their_organization() {
    let it = scene();
    let story = it.story(json!({})).expect(201);
    let path = format!("/success-stories/{}", story.id());
    let (_, stranger) = it.world.institution("Другой центр");
    it.world.get(&stranger, &path).expect(404);
    it.world.get(&it.world.admin(), &path).expect(200);
    let edited = it.world.patch(&it.director, &path, &story.etag(), json!({"title": "Школа"})).expect(200);
    it.world
        .patch(&it.director, &path, &story.etag(), json!({"title": "Другое"}))
        .refused(412, "version.stale");
    it.consents("story", 10);
    it.step(&story.id(), "readiness", json!({})).expect(200);
    let ready = it.world.get(&it.director, &path).expect(200);
    assert_ne!(ready.etag(), edited.etag());
    it.world
        .patch(&it.director, &path, &ready.etag(), json!({"title": "Другое"}))
        .refused(409, "story.not_draft");
    it.step(&story.id(), "withdrawal", json!({})).expect(200);
    it.step(&story.id(), "withdrawal", json!({})).refused(409, "story.over");
}

#[test]
fn a_consent_to_other_data_or_for_another_organization_lets_nothing_out() {
    let it = scene();
    let id = it.story(json!({})).expect(201).id();
    let other = it.world.organization("vocational_school", "Техникум", "25655000");
    for narrow in
        [json!({"data": ["age"]}), json!({"data": ["full_name", "story"], "organization_ids": [other]})]
    {
        let form = with(json!({"purpose": "story", "valid_until": it.world.day(90)}), &narrow);
        it.child.signs(&it.world, &it.director, form, (0, false)).expect(201);
        it.step(&id, "readiness", json!({})).refused(409, "consent.scope");
    }
    let form = json!({"purpose": "story", "data": ["full_name", "story"], "organization_ids": [other, it.organization],
        "valid_until": it.world.day(90)});
    it.child.signs(&it.world, &it.director, form, (0, false)).expect(201);
    it.step(&id, "readiness", json!({})).expect(200);
}

#[test]
fn a_story_is_published_through_a_channel_that_each_of_its_consents_names() {
    let it = scene();
    it.world.account("analyst", json!([{"role": "analyst"}]), None);
    let photo = it.world.file(&it.director, "other");
    let id = it.story(json!({"photo_ids": [photo]})).expect(201).id();
    let consents = |purpose: &str, data: Value, channels: &[&str]| {
        let form =
            json!({"purpose": purpose, "data": data, "channels": channels, "valid_until": it.world.day(90)});
        it.child.signs(&it.world, &it.director, form, (0, false)).expect(201).id()
    };
    consents("story", json!(["full_name", "story"]), &["Районная газета", "Сайт учреждения"]);
    let image = consents("image", json!(["image"]), &["Сайт учреждения"]);
    it.step(&id, "readiness", json!({})).expect(200);
    let publish = |id: &str, channel: Value| {
        it.step(id, "publication", json!({"shown_until": it.world.day(30), "channel": channel}))
    };
    for other in [Value::Null, json!("Телевидение"), json!("Районная газета")] {
        let refused = publish(&id, other).refused(409, "consent.scope");
        assert!(refused.pointers().iter().all(|it| *it == "/channel"), "{}", refused.text);
    }
    let published = publish(&id, json!("сайт  учреждения")).expect(200);
    assert_eq!(published.body["channel"], "сайт учреждения");
    assert_eq!(it.shown(), std::slice::from_ref(&id));
    // A consent for another channel does not keep what is published here.
    consents("image", json!(["image"]), &["Районная газета"]);
    it.child.withdraws(&it.world, &it.director, &image).expect(200);
    assert!(it.shown().is_empty());
    let after = it.world.get(&it.director, &format!("/success-stories/{id}")).expect(200);
    assert_eq!(after.body["state"], "withdrawn");
    let next = it.story(json!({})).expect(201).id();
    it.step(&next, "readiness", json!({})).expect(200);
    publish(&next, json!("Районная газета")).expect(200);
    assert_eq!(it.shown(), [next]);
}

#[test]
fn a_story_is_shown_no_more_once_its_consent_counts_no_more() {
    let it = scene();
    it.world.account("analyst", json!([{"role": "analyst"}]), None);
    it.consents("story", 100);
    let id = it.story(json!({})).expect(201).id();
    it.step(&id, "readiness", json!({})).expect(200);
    it.step(&id, "publication", json!({"shown_until": it.world.day(50)})).expect(200);
    assert_eq!(it.shown(), [id]);
    let path = format!("/people/{}", it.child.person);
    let older = it.world.today() - chrono::Months::new(15 * 12);
    it.world.edit(&it.director, &path, json!({"birth_date": older})).expect(200);
    assert!(it.shown().is_empty(), "at 15 one signs too");
}

#[test]
fn a_death_ends_the_consent_and_the_story_with_it() {
    let it = scene();
    it.world.account("analyst", json!([{"role": "analyst"}]), None);
    it.consents("story", 100);
    let id = it.story(json!({})).expect(201).id();
    it.step(&id, "readiness", json!({})).expect(200);
    it.step(&id, "publication", json!({"shown_until": it.world.day(100)})).expect(200);
    assert_eq!(it.shown(), [id]);
    it.world.die(&it.director, &it.child.person, 0).expect(200);
    assert!(it.shown().is_empty());
}
