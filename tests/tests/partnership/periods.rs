//! Days of lists and of figures: what is found by its days, and periods that are none.
use super::projects::scene;
use serde_json::json;
use tests::Reply;

#[test]
fn projects_since_a_day_are_listed_as_they_are_counted() {
    let it = scene();
    let [old, first, second] = ["2011-06-01", "2012-01-01", "2015-12-01"].map(|day| {
        let id = it.project(json!({"title": format!("Проект {day}"), "starts_on": day}));
        it.step(&id, "start", json!({"started_on": day})).expect(200);
        id
    });
    let found = |query: &str| {
        let path = format!("/projects?organization_id={}&{query}", it.organization);
        it.world.get(&it.stranger, &path).expect(200).ids()
    };
    assert_eq!(found("from=2012-01-01"), [second.clone(), first.clone()]);
    assert_eq!(found("from=2012-01-02&state=running"), [second]);
    assert_eq!(found("to=2012-01-01"), [first, old]);
    let path = format!("/projects/summary?organization_id={}&since=2012-01-01", it.organization);
    assert_eq!(it.world.get(&it.stranger, &path).expect(200).body["implemented"], json!(2));
}

#[test]
fn a_period_that_ends_before_it_begins_has_no_figures() {
    let it = scene();
    let project = it.running(json!({}));
    let form = json!({"organization_id": it.organization, "kind": "public", "name": "Общественный совет", "level": "municipal",
        "quorum": "none", "decides_by": "consensus"});
    let council = it.world.post(&it.director, "/councils", form).expect(201).id();
    let figures = [
        "/events/attendance".to_owned(),
        format!("/councils/{council}/activity"),
        format!("/projects/{project}/account"),
        "/intake-requests/summary".to_owned(),
    ];
    for path in figures {
        let asked = |query: &str| -> Reply { it.world.get(&it.director, &format!("{path}?{query}")) };
        let turned = asked("from=2016-03-01&to=2015-12-31");
        assert_eq!((turned.status, turned.codes()), (422, vec!["field.combination"]), "{path}");
        assert_eq!(turned.body["errors"][0]["parameter"], "from", "{path}");
        let ahead = asked(&format!("from={}", it.world.day(1)));
        assert_eq!((ahead.status, ahead.codes()), (422, vec!["field.combination"]), "{path}");
        let told = asked("from=1850-01-01&to=2016-03-01").expect(200).body;
        assert_eq!((&told["from"], &told["to"]), (&json!("1850-01-01"), &json!("2016-03-01")), "{path}");
        asked("from=2016-03-01&to=2016-03-01").expect(200);
    }
    // A project that begins later than the last day has an account of that day.
    let account = format!("/projects/{project}/account?to=2015-01-01");
    assert_eq!(it.world.get(&it.director, &account).expect(200).body["events_held"], json!(0));
}
