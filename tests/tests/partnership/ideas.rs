//! Ideas with the problems that they answer: taken up, adopted into something, or declined.
use super::projects::{Scene, scene};
use serde_json::{Value, json};
use tests::{Account, Reply, with};

impl Scene {
    fn idea(&self, members: Value) -> Reply {
        let form = json!({"organization_id": self.organization, "noticed_on": "2015-11-25", "of_specialists": false,
            "audience": "homeless", "problem": "Не знают, где восстановить документы."});
        self.world.post(&self.director, "/ideas", with(form, &members))
    }
    fn settle(&self, id: &str, step: &str, order: Value) -> Reply {
        self.world.post(&self.director, &format!("/ideas/{id}/{step}"), order)
    }
}

#[test]
fn an_adopted_idea_says_what_it_became() {
    let it = scene();
    let event = it.held(json!({}), json!([]));
    it.idea(json!({"problem": "", "idea": ""})).expect(422);
    let id = it
        .idea(
            json!({"event_id": event, "idea": "Курьеры из бывших бездомных.", "technology": "peer_outreach"}),
        )
        .expect(201)
        .id();
    it.settle(&id, "review", json!({})).expect(200);
    it.settle(&id, "review", json!({})).refused(409, "idea.not_new");
    it.settle(&id, "adoption", json!({})).refused(422, "idea.adopted_into");
    let hidden = it.world.post(
        &it.stranger,
        "/projects",
        with(it.project_form(json!({})), &json!({"organization_id": it.other})),
    );
    let refused =
        it.settle(&id, "adoption", json!({"project_id": hidden.expect(201).id(), "task_id": id})).expect(422);
    assert_eq!(refused.codes(), ["field.reference", "field.reference"]);
    let project = it.running(json!({}));
    let adopted = it.settle(&id, "adoption", json!({"project_id": project})).expect(200);
    assert_eq!((&adopted.body["state"], &adopted.body["project_id"]), (&json!("adopted"), &json!(project)));
    it.settle(&id, "rejection", json!({"reason": "Уже есть."})).refused(409, "idea.decided");
    let found = it.world.get(&it.stranger, &format!("/ideas?event_id={event}&state=adopted")).expect(200);
    assert_eq!(found.items().len(), 1);
    let edit =
        it.world.patch(&it.director, &format!("/ideas/{id}"), &adopted.etag(), json!({"state": "new"}));
    edit.refused(422, "field.unknown");
}

#[test]
fn nothing_is_noticed_and_nothing_comes_out_on_a_day_to_come() {
    let it = scene();
    let ahead = json!({"noticed_on": it.world.day(1)});
    assert_eq!(it.idea(ahead.clone()).refused(422, "life.in_future").pointers(), ["/noticed_on"]);
    let idea = format!("/ideas/{}", it.idea(json!({})).expect(201).id());
    it.world.edit(&it.director, &idea, ahead).refused(422, "life.in_future");
    let leaflet = json!({"title": "Станьте наставником", "kind": "leaflet", "organization_id": it.organization, "year": 2026,
        "published_on": it.world.day(0), "topic": "recruitment"});
    let ahead = json!({"published_on": it.world.day(1)});
    let refused = it.world.post(&it.director, "/publications", with(leaflet.clone(), &ahead));
    assert_eq!(refused.refused(422, "life.in_future").pointers(), ["/published_on"]);
    let publication = it.world.post(&it.director, "/publications", leaflet).expect(201).id();
    let path = format!("/publications/{publication}");
    it.world.edit(&it.director, &path, ahead).refused(422, "life.in_future");
}

#[test]
fn an_adopted_idea_calls_its_task_by_the_title_to_those_who_see_it() {
    let it = scene();
    let id = it.idea(json!({})).expect(201).id();
    it.settle(&id, "review", json!({})).expect(200);
    let order = json!({"kind": "other", "title": "Открыть приём", "controller_user_id": it.director.id,
        "assignee": {"kind": "organization", "id": it.organization}, "due_on": it.world.day(5)});
    let task = it.world.post(&it.director, "/tasks", order).expect(201).id();
    let adopted = it.settle(&id, "adoption", json!({"task_id": task})).expect(200);
    assert_eq!(adopted.body["task_name"], json!("Открыть приём"));
    let read = it.world.get(&it.stranger, &format!("/ideas/{id}")).expect(200).body;
    assert_eq!((&read["task_id"], read.get("task_name")), (&json!(task), None));
}

#[test]
fn a_decided_idea_tells_what_was_and_is_edited_no_more() {
    let it = scene();
    for (step, order) in [
        ("adoption", json!({"project_id": it.running(json!({}))})),
        ("rejection", json!({"reason": "Такая служба уже есть."})),
    ] {
        let id = it.idea(json!({})).expect(201).id();
        let path = format!("/ideas/{id}");
        it.settle(&id, "review", json!({})).expect(200);
        it.world.edit(&it.director, &path, json!({"idea": "Курьеры из бывших бездомных."})).expect(200);
        it.settle(&id, step, order).expect(200);
        let edited = it.world.edit(&it.director, &path, json!({"idea": "Другая."}));
        edited.refused(409, "idea.decided");
        let card = it.world.get(&it.director, &path).expect(200);
        assert_eq!(card.body["idea"], json!("Курьеры из бывших бездомных."), "{step}");
        assert_eq!(card.action("edit").expect("an edit")["blocked_by"], json!(["idea.decided"]));
        it.settle(&id, "annulment", json!({"reason": "Внесена дважды."})).expect(200);
    }
}

#[test]
fn an_idea_is_decided_by_the_organization_that_keeps_it() {
    let it = scene();
    let id = it.idea(json!({})).expect(201).id();
    let order = json!({"reason": "Такая служба уже есть."});
    it.world
        .post(&it.stranger, &format!("/ideas/{id}/rejection"), order.clone())
        .refused(403, "access.forbidden");
    let declined = it.settle(&id, "rejection", order).expect(200);
    assert_eq!(
        (&declined.body["state"], &declined.body["decline_reason"]),
        (&json!("declined"), &json!("Такая служба уже есть."))
    );
    let history = it.world.get(&it.director, &format!("/ideas/{id}/history")).expect(200);
    assert_eq!(history.items()[0]["kind"], json!("idea.declined"));
    it.idea(json!({"organization_id": it.other})).refused(422, "field.reference");
    let other = format!("/ideas/{}", it.idea(json!({})).expect(201).id());
    it.world.edit(&it.director, &other, json!({"event_id": id})).refused(422, "field.reference");
}

#[test]
fn an_idea_waits_on_the_desk_of_its_organization_until_it_is_decided() {
    let it = scene();
    let [first, second] = [0, 1].map(|_| it.idea(json!({})).expect(201).id());
    let waiting = |who: &Account| it.world.on_desk(who, "ideas_to_decide");
    it.settle(&first, "review", json!({})).expect(200);
    let listed = it.world.get(&it.director, "/ideas?state=new,considered").expect(200);
    assert_eq!(waiting(&it.director), listed.ids());
    assert_eq!(listed.ids(), [second.clone(), first.clone()]);
    assert!(waiting(&it.stranger).is_empty() && waiting(&it.world.admin()).is_empty());
    it.settle(&first, "rejection", json!({"reason": "Уже есть."})).expect(200);
    assert_eq!(waiting(&it.director), [second]);
}
