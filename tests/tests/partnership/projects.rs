//! Projects: drafts, steps, targets, contributions, the number of projects and the account of one.
use serde_json::{Value, json};
use tests::pairs::at_once;
use tests::{Account, Reply, World, with};

pub(super) struct Scene {
    pub(super) world: World,
    pub(super) organization: String,
    pub(super) director: Account,
    pub(super) stranger: Account,
    pub(super) other: String,
}

pub(super) fn scene() -> Scene {
    tests::prepared!(Scene { organization, director, stranger, other } by scene_in)
}

fn scene_in(world: World) -> Scene {
    let (organization, director) = world.institution("Центр социальной адаптации");
    let (other, stranger) = world.institution("Другой центр");
    Scene { world, organization, director, stranger, other }
}

impl Scene {
    pub(super) fn project_form(&self, members: Value) -> Value {
        let form = json!({"organization_id": self.organization, "title": "Здоровым духом и бездомный богат",
            "goal": "Вернуть людей без дома к труду.", "target_groups": ["homeless"], "technologies": ["peer_outreach"],
            "level": "municipal", "starts_on": "2015-12-01", "ends_on": "2016-12-31"});
        with(form, &members)
    }
    pub(super) fn project(&self, members: Value) -> String {
        self.world.post(&self.director, "/projects", self.project_form(members)).expect(201).id()
    }
    pub(super) fn running(&self, members: Value) -> String {
        let id = self.project(members);
        self.step(&id, "start", json!({"started_on": "2015-12-01"})).expect(200);
        id
    }
    pub(super) fn step(&self, id: &str, step: &str, order: Value) -> Reply {
        self.world.post(&self.director, &format!("/projects/{id}/{step}"), order)
    }
    fn completed(&self, id: &str) -> Reply {
        self.step(id, "completion", json!({"ended_on": "2016-12-31", "summary": "Сорок человек работают."}))
    }
    fn implemented(&self, since: &str) -> Value {
        let path = format!("/projects/summary?organization_id={}&since={since}", self.organization);
        self.world.get(&self.stranger, &path).expect(200).body["implemented"].clone()
    }
}

#[test]
fn a_draft_is_seen_by_those_alone_who_may_edit_it_and_a_started_project_by_all() {
    let it = scene();
    let draft = it.project(json!({}));
    let path = format!("/projects/{draft}");
    let target = json!({"title": "Вернулись к работе", "unit": "человек", "plan": 40});
    let target = it.world.post(&it.director, &format!("{path}/project-targets"), target).expect(201).id();
    let analyst = it.world.account("analyst", json!([{"role": "analyst"}]), None);
    let sees = |who: &Account| {
        let listed = it.world.get(who, "/projects").expect(200);
        let is_listed = listed.items().iter().any(|it| it["id"] == json!(draft));
        let one = it.world.get(who, &path).status;
        assert_eq!(one == 200, is_listed, "{}", who.login);
        for under in [
            format!("{path}/project-targets"),
            format!("/project-targets/{target}"),
            format!("{path}/account"),
        ] {
            assert_eq!(it.world.get(who, &under).status, one, "{}: {under}", who.login);
        }
        is_listed
    };
    for (who, expected) in
        [(&it.director, true), (&it.world.admin(), true), (&it.stranger, false), (&analyst, false)]
    {
        assert_eq!(sees(who), expected, "{}", who.login);
    }
    it.step(&draft, "start", json!({"started_on": "2015-12-01"})).expect(200);
    for who in [&it.director, &it.stranger, &analyst] {
        assert!(sees(who), "{}", who.login);
    }
}

#[test]
fn a_project_is_completed_only_with_a_result_for_each_target() {
    let it = scene();
    let id = it.project(json!({}));
    it.completed(&id).refused(409, "project.not_running");
    it.step(&id, "start", json!({"started_on": it.world.day(1)})).refused(422, "project.day");
    it.step(&id, "start", json!({"started_on": "2015-12-01"})).expect(200);
    it.step(&id, "start", json!({"started_on": "2015-12-01"})).refused(409, "project.not_draft");
    let targets = format!("/projects/{id}/project-targets");
    let target = |title: &str| {
        let form = json!({"title": title, "unit": "человек", "plan": 40.5, "baseline": 2});
        it.world.post(&it.director, &targets, form).expect(201).id()
    };
    let (first, second, mistaken) = (target("Работают"), target("Есть жильё"), target("Лишний"));
    let annulment = json!({"reason": "Внесён по ошибке."});
    it.world
        .post(&it.director, &format!("/project-targets/{mistaken}/annulment"), annulment.clone())
        .expect(200);
    let refused = it.completed(&id).refused(409, "project.fact_missing");
    assert_eq!(refused.codes(), ["project.fact_missing", "project.fact_missing"]);
    let result = |target: &str, day: &str, value: f64| {
        let form = json!({"measured_on": day, "value": value});
        it.world.post(&it.director, &format!("/project-targets/{target}/target-results"), form)
    };
    result(&first, &it.world.day(1), 1.0).refused(422, "life.in_future");
    result(&first, "2016-06-01", 20.0).expect(201);
    let wrong = result(&second, "2016-06-01", 5.0).expect(201).id();
    it.world.post(&it.director, &format!("/target-results/{wrong}/annulment"), annulment).expect(200);
    it.completed(&id).refused(409, "project.fact_missing");
    result(&second, "2016-12-01", 7.5).expect(201);
    result(&first, "2016-12-01", 42.5).expect(201);
    let done = it.completed(&id).expect(200);
    assert_eq!((&done.body["state"], &done.body["ended_on"]), (&json!("completed"), &json!("2016-12-31")));
    it.step(&id, "stopping", json!({"ended_on": "2016-12-31", "reason": "Закончились средства."}))
        .refused(409, "project.not_running");
    let path = format!("/projects/{id}");
    let edited = it.world.edit(&it.director, &path, json!({"title": "Милосердие"}));
    edited.refused(409, "project.ended");
    let card = it.world.get(&it.director, &path).expect(200);
    assert_eq!(card.action("edit").expect("an edit")["blocked_by"], json!(["project.ended"]));
    let account = it.world.get(&it.stranger, &format!("/projects/{id}/account?to=2016-11-30")).expect(200);
    let told: Vec<&Value> =
        account.body["targets"].as_array().expect("targets").iter().map(|it| &it["value"]).collect();
    assert_eq!(told, [&json!(20.0), &Value::Null], "a target without a result until that day has none");
    let history = it.world.get(&it.director, &format!("/projects/{id}/history")).expect(200);
    assert_eq!(history.kinds(), ["project.completed", "project.started", "project.added"]);
}

#[test]
fn the_targets_of_a_project_stay_with_their_results_once_it_is_over() {
    let it = scene();
    let (id, stopped) = (it.running(json!({})), it.running(json!({})));
    let target = |project: &str| {
        let form = json!({"title": "Работают", "unit": "человек", "plan": 40});
        it.world.post(&it.director, &format!("/projects/{project}/project-targets"), form)
    };
    let result = |target: &str, day: &str| {
        let form = json!({"measured_on": day, "value": 42});
        let path = format!("/project-targets/{target}/target-results");
        it.world.post(&it.director, &path, form).expect(201).id()
    };
    let annul = |path: &str| {
        it.world.post(&it.director, &format!("{path}/annulment"), json!({"reason": "Внесён по ошибке."}))
    };
    let own = target(&id).expect(201).id();
    let first = result(&own, "2016-06-01");
    it.completed(&id).expect(200);
    let path = format!("/project-targets/{own}");
    target(&id).refused(409, "project.ended");
    it.world.edit(&it.director, &path, json!({"plan": 42})).refused(409, "project.ended");
    annul(&path).refused(409, "project.ended");
    // The only result stays. Another one may come late, and then one of them goes.
    annul(&format!("/target-results/{first}")).refused(409, "project.ended");
    let card = it.world.get(&it.director, &format!("/target-results/{first}")).expect(200);
    assert!(card.body.get("annulment").is_none(), "{}", card.text);
    let second = result(&own, "2016-12-31");
    annul(&format!("/target-results/{first}")).expect(200);
    annul(&format!("/target-results/{second}")).refused(409, "project.ended");
    // A stopped project needs no result.
    let other = target(&stopped).expect(201).id();
    let only = result(&other, "2016-03-01");
    let stopping = json!({"ended_on": "2016-05-01", "reason": "Закончились средства."});
    it.step(&stopped, "stopping", stopping).expect(200);
    target(&stopped).refused(409, "project.ended");
    annul(&format!("/target-results/{only}")).expect(200);
}

#[test]
fn a_stopped_project_is_edited_no_more_and_may_be_annulled() {
    let it = scene();
    let id = it.running(json!({}));
    let path = format!("/projects/{id}");
    it.world.edit(&it.director, &path, json!({"title": "Милосердие"})).expect(200);
    let stopping = json!({"ended_on": "2016-05-01", "reason": "Закончились средства."});
    let stopped = it.step(&id, "stopping", stopping).expect(200);
    let form = it.project_form(json!({"ends_on": "2015-11-30"}));
    let refused = it.world.put(&it.director, &path, &stopped.etag(), form).refused(409, "project.ended");
    assert_eq!(refused.codes(), ["project.ended", "project.ends_early"], "all that is wrong is told");
    it.step(&id, "annulment", json!({"reason": "Внесён дважды."})).expect(200);
}

#[test]
fn a_project_never_comes_to_stand_under_itself_also_when_fifty_edits_meet() {
    let it = scene();
    let above = it.project(json!({"title": "Милосердие"}));
    let middle = it.project(json!({"parent_id": above}));
    let below = it.project(json!({"parent_id": middle, "title": "Площадка «Северная»"}));
    let put_under = |id: &str, parent: &str| {
        it.world.edit(&it.director, &format!("/projects/{id}"), json!({"parent_id": parent}))
    };
    for (id, parent) in [(&above, &below), (&above, &middle), (&middle, &below), (&above, &above)] {
        let refused = put_under(id, parent).refused(422, "project.cycle");
        assert_eq!(refused.pointers(), ["/parent_id"]);
    }
    let (one, other) = (it.project(json!({})), it.project(json!({})));
    let answers = at_once(50, |n| if n % 2 == 0 { put_under(&one, &other) } else { put_under(&other, &one) });
    assert!(answers.iter().any(|it| it.0 == 200));
    let parent = |id: &str| {
        it.world.get(&it.director, &format!("/projects/{id}")).expect(200).body["parent_id"].clone()
    };
    assert!(parent(&one).is_null() || parent(&other).is_null(), "{answers:?}");
}

#[test]
fn the_number_of_projects_leaves_out_drafts_stopped_and_annulled_ones_and_counts_parts_with_the_whole() {
    let it = scene();
    let days = ["2012-02-01", "2012-09-01", "2013-03-01", "2014-02-01", "2015-01-15"];
    let ids: Vec<String> = days.iter().map(|day| it.project(json!({"starts_on": day}))).collect();
    assert_eq!(it.implemented("2012-01-01"), json!(0));
    for (id, day) in ids.iter().zip(days) {
        it.step(id, "start", json!({"started_on": day})).expect(200);
        it.completed(id).expect(200);
    }
    it.running(json!({"parent_id": ids[4], "starts_on": "2015-02-01", "title": "Площадка"}));
    let stopped = it.running(json!({"starts_on": "2014-05-01"}));
    it.step(&stopped, "stopping", json!({"ended_on": "2016-01-10", "reason": "Нет средств."})).expect(200);
    assert_eq!(it.implemented("2012-01-01"), json!(5));
    assert_eq!(it.implemented("2012-02-02"), json!(4), "the first began on the day before");
    it.world
        .post(&it.director, &format!("/projects/{}/annulment", ids[2]), json!({"reason": "Внесён дважды."}))
        .expect(200);
    assert_eq!(it.implemented("2012-01-01"), json!(4));
    let history = it.world.get(&it.director, &format!("/projects/{}/history", ids[2])).expect(200);
    assert_eq!(history.items().len(), 4);
    it.world.get(&it.director, "/projects/summary").refused(422, "field.missing");
    it.world.get(&it.director, "/projects/summary?since=yesterday").refused(400, "request.parameter");
}

#[test]
fn partners_are_open_and_contributions_are_read_by_the_organization_alone() {
    let it = scene();
    let id = it.running(json!({}));
    let path = format!("/projects/{id}");
    let partner =
        json!({"organization_id": it.other, "role": "organisational_support", "starts_on": "2015-12-01"});
    let partner = with(partner, &json!({"ends_on": "2015-11-30"}));
    it.world
        .post(&it.director, &format!("{path}/project-partners"), partner.clone())
        .refused(422, "project_partner.ends_early");
    let partner = with(partner, &json!({"ends_on": "2016-12-31"}));
    it.world
        .post(&it.stranger, &format!("{path}/project-partners"), partner.clone())
        .refused(403, "access.forbidden");
    it.world.post(&it.director, &format!("{path}/project-partners"), partner).expect(201);
    let bare = json!({"role": "lead", "starts_on": "2015-12-01"});
    it.world.post(&it.director, &format!("{path}/project-partners"), bare).refused(422, "field.missing");
    let all = it.world.get(&it.stranger, &format!("{path}/project-partners")).expect(200);
    assert_eq!(all.items().len(), 1);

    let contributions = format!("{path}/project-contributions");
    let give = |form: Value| {
        it.world.post(
            &it.director,
            &contributions,
            with(json!({"given_on": "2016-02-20", "private_givers": true}), &form),
        )
    };
    let refused = give(json!({"kind": "money", "quantity": 3, "private_givers": false}))
        .refused(422, "contribution.money");
    assert_eq!(refused.pointers(), ["/value", "/quantity", "/unit", "/organization_id"]);
    give(json!({"kind": "money", "value": "1500,5"})).refused(422, "field.format");
    give(json!({"kind": "money", "value": "1500.50"})).expect(201);
    give(json!({"kind": "money", "value": "0.50", "given_on": "2016-03-01"})).expect(201);
    give(json!({"kind": "clothing", "quantity": 40.5, "unit": "кг", "value": "9000.00"})).expect(201);
    let uncounted = give(json!({"kind": "food"})).expect(201);
    assert!(uncounted.body.get("quantity").is_none(), "what nobody has counted is not nothing");
    it.world.get(&it.stranger, &contributions).refused(403, "access.forbidden");
    it.world
        .get(&it.stranger, &format!("/project-contributions/{}", uncounted.id()))
        .refused(404, "request.not_found");
    let account =
        |who: &Account, query: &str| it.world.get(who, &format!("{path}/account{query}")).expect(200).body;
    assert_eq!(account(&it.director, "")["money"], json!("1501.00"), "money alone is added up");
    assert_eq!(account(&it.director, "?to=2016-02-29")["money"], json!("1500.50"));
    assert_eq!(
        (&account(&it.stranger, "")["money"], &account(&it.stranger, "")["partners"]),
        (&Value::Null, &json!(1))
    );
}

#[test]
fn one_partner_in_two_roles_is_one_and_is_on_record_once_in_a_role() {
    let it = scene();
    let id = it.running(json!({}));
    let path = format!("/projects/{id}/project-partners");
    let partner = |role: &str, members: Value| {
        let form = json!({"organization_id": it.other, "role": role, "starts_on": "2015-12-01"});
        it.world.post(&it.director, &path, with(form, &members))
    };
    let author = partner("author", json!({"ends_on": "2016-03-31"})).expect(201);
    let host = partner("host", json!({})).expect(201);
    let refused = partner("author", json!({"starts_on": "2016-03-31"})).refused(409, "project_partner.twice");
    assert_eq!(refused.pointers(), ["/role"]);
    partner("author", json!({"starts_on": "2016-04-01"})).expect(201);
    // Two parts in one role differ by their words.
    partner("host", json!({"about": "Даёт зал для турнира."})).expect(201);
    let same = with(json!({"role": "author"}), &json!({"starts_on": "2016-01-01"}));
    let edit =
        |id: &str, members: Value| it.world.edit(&it.director, &format!("/project-partners/{id}"), members);
    edit(&host.id(), same).refused(409, "project_partner.twice");
    edit(&author.id(), json!({"about": "Написал заявку."})).expect(200);
    let council = json!({"organization_id": it.organization, "kind": "public", "name": "Совет", "level": "regional",
        "founded_on": "2012-02-01", "quorum": "half", "decides_by": "simple_majority"});
    let council = it.world.post(&it.director, "/councils", council).expect(201).id();
    let adviser = json!({"council_id": council, "role": "scientific", "starts_on": "2015-12-01"});
    it.world.post(&it.director, &path, adviser).expect(201);
    let account = it.world.get(&it.stranger, &format!("/projects/{id}/account")).expect(200);
    assert_eq!(account.body["partners"], json!(2), "an organization and a council");
}

#[test]
fn all_that_is_wrong_with_a_project_is_told_at_once() {
    let it = scene();
    let wrong = it.project_form(json!({"ends_on": "2015-11-30", "grant_amount": "10.00", "own_share": "10.01", "parent_id": it.organization}));
    let refused = it.world.post(&it.director, "/projects", wrong).expect(422);
    assert_eq!(refused.codes(), ["project.ends_early", "project.grant", "field.missing", "field.reference"]);
    assert_eq!(refused.pointers(), ["/ends_on", "/own_share", "/grant_funder", "/parent_id"]);
    let foreign = it.project_form(json!({"organization_id": it.other}));
    it.world.post(&it.director, "/projects", foreign).refused(422, "field.reference");
    let id = it.running(json!({}));
    let nobody = json!({"author_ids": [it.director.id]});
    let edited = it.world.edit(&it.director, &format!("/projects/{id}"), nobody);
    assert_eq!(edited.refused(422, "field.reference").pointers(), ["/author_ids/0"]);
    it.world
        .post(
            &it.stranger,
            &format!("/projects/{id}/stopping"),
            json!({"ended_on": "2016-01-01", "reason": "Нет."}),
        )
        .refused(403, "access.forbidden");
    let stale = it
        .world
        .ask("POST", &format!("/api/v1/projects/{id}/stopping"))
        .by(&it.director)
        .header("If-Match", "\"1\"");
    stale.json(&json!({"ended_on": "2016-01-01", "reason": "Нет."})).send().refused(412, "version.stale");
}

#[test]
fn a_project_has_its_first_day_and_its_approval_by_a_body_outside_of_it() {
    let it = scene();
    let approval = json!({"body": "Агентство стратегических инициатив", "approved_on": "2016-07-21"});
    let id = it.running(
        json!({"title": "Наставники: не рядом, а вместе!", "starts_on": "2017-09-01", "ends_on": "2018-09-01",
        "technologies": ["mentoring"], "approvals": [approval], "author_ids": [it.other]}),
    );
    let seen = it.world.get(&it.stranger, &format!("/projects/{id}")).expect(200);
    assert_eq!((&seen.body["starts_on"], &seen.body["approvals"][0]), (&json!("2017-09-01"), &approval));
    let many = vec![approval; 11];
    let refused =
        it.world.post(&it.director, "/projects", it.project_form(json!({"approvals": many}))).expect(422);
    assert_eq!(refused.pointers(), ["/approvals"]);
}
