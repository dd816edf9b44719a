//! Problems of a case (002 §3.3) and their changes.
use super::{Scene, scene};
use serde_json::{Value, json};
use tests::{Account, Reply};

impl Scene {
    fn problem(&self) -> Value {
        json!({"cause": "loss_of_work", "text": "Мать потеряла работу.", "noticed_on": self.world.day(-10)})
    }
    fn notice(&self, who: &Account, form: Value) -> Reply {
        self.world.post(who, &format!("/cases/{}/problems", self.case), form)
    }
    fn resolve(&self, who: &Account, id: &str, state: &str, day: i64) -> Reply {
        let order = json!({"state": state, "on": self.world.day(day)});
        self.world.post(who, &format!("/case-problems/{id}/resolution"), order)
    }
    fn listed(&self, query: &str) -> Reply {
        self.world.get(&self.director, &format!("/cases/{}/problems{query}", self.case)).expect(200)
    }
}

#[test]
fn a_problem_is_noticed_followed_and_resolved_with_its_history_kept() {
    let it = scene();
    let specialist = it.world.staff("support_specialist", &it.organization);
    let noticed = it.notice(&specialist, it.problem()).expect(201);
    let path = format!("/case-problems/{}", noticed.id());
    assert_eq!(noticed.header("location"), Some(format!("/api/v1{path}").as_str()));
    assert_eq!(
        (&noticed.body["state"], &noticed.body["cause"], &noticed.body["changes"]),
        (&json!("open"), &json!("loss_of_work"), &json!([]))
    );
    assert_eq!(noticed.actions(), json!(["resolve"]));
    assert_eq!(it.world.get(&specialist, &path).expect(200).body, noticed.body);
    it.resolve(&specialist, &noticed.id(), "worsened", -5).expect(200);
    let order = json!({"state": "improved", "note": "Вышла на работу.", "on": it.world.day(-5)});
    it.world.post(&specialist, &format!("{path}/resolution"), order).expect(200);
    let resolved = it.resolve(&it.director, &noticed.id(), "resolved", 0).expect(200);
    assert_eq!((&resolved.body["state"], &resolved.body["version"]), (&json!("resolved"), &json!(4)));
    let steps = resolved.body["changes"].as_array().unwrap();
    let told: Vec<_> = steps.iter().map(|it| (&it["state"], &it["on"], it.get("note"))).collect();
    assert_eq!(
        told,
        [
            (&json!("worsened"), &json!(it.world.day(-5)), None),
            (&json!("improved"), &json!(it.world.day(-5)), Some(&json!("Вышла на работу."))),
            (&json!("resolved"), &json!(it.world.day(0)), None),
        ]
    );
    assert_eq!(resolved.actions(), json!([]));
    let told = it.resolve(&it.director, &noticed.id(), "worsened", 0).refused(409, "case_problem.resolved");
    assert_eq!(told.body["rule"], "002 §3.3");
    let history = it.world.get(&it.director, &format!("{path}/history")).expect(200);
    assert_eq!(
        history.kinds(),
        ["case_problem.changed", "case_problem.changed", "case_problem.changed", "case_problem.noticed"]
    );
    assert!(!history.text.contains("работу") && !history.text.contains("loss_of_work"));
}

#[test]
fn only_an_open_case_takes_new_problems() {
    let it = scene();
    let known = it.notice(&it.director, it.problem()).expect(201).id();
    let closing = json!({"closed_on": it.world.day(0), "reason": "moved"});
    it.world.post(&it.director, &format!("/cases/{}/closing", it.case), closing).expect(200);
    it.notice(&it.director, it.problem()).refused(409, "case.not_open");
    it.resolve(&it.director, &known, "resolved", 0).expect(200);
}

#[test]
fn what_is_recorded_of_a_problem_follows_in_time() {
    let it = scene();
    let mut ahead = it.problem();
    ahead["noticed_on"] = json!(it.world.day(1));
    let refused = it.notice(&it.director, ahead).refused(422, "case_problem.in_future");
    assert_eq!(refused.body["errors"][0]["pointer"], "/noticed_on");
    let noticed = it.notice(&it.director, it.problem()).expect(201);
    it.resolve(&it.director, &noticed.id(), "improved", 1).refused(422, "case_problem.in_future");
    it.resolve(&it.director, &noticed.id(), "improved", -11).refused(422, "case_problem.out_of_order");
    it.resolve(&it.director, &noticed.id(), "improved", -3).expect(200);
    let refused = it.resolve(&it.director, &noticed.id(), "resolved", -4);
    assert_eq!(refused.refused(422, "case_problem.out_of_order").body["errors"][0]["pointer"], "/on");
    let refused = it.resolve(&it.director, &noticed.id(), "open", 0).expect(422);
    assert_eq!(refused.codes(), ["field.word"]);
    let stale = it
        .world
        .ask("POST", &format!("/api/v1/case-problems/{}/resolution", noticed.id()))
        .by(&it.director)
        .header("if-match", noticed.etag())
        .json(&json!({"state": "resolved", "on": it.world.day(0)}))
        .send();
    stale.refused(412, "version.stale");
}

#[test]
fn the_problems_of_a_case_are_listed_with_what_became_of_each() {
    let it = scene();
    let first = it.notice(&it.director, it.problem()).expect(201).id();
    let second = it.notice(&it.director, json!({"text": "Пропускает школу.", "noticed_on": it.world.day(0)}));
    let second = second.expect(201).id();
    it.resolve(&it.director, &first, "improved", 0).expect(200);
    let all = it.listed("");
    let told: Vec<_> =
        all.items().iter().map(|it| (&it["id"], it["changes"].as_array().unwrap().len())).collect();
    assert_eq!(told, [(&json!(second), 0), (&json!(first), 1)]);
    assert_eq!(all.items()[0].get("cause"), None);
    let page = it.listed("?limit=1");
    let next = it.listed(&format!("?limit=1&cursor={}", page.body["next_cursor"].as_str().unwrap()));
    assert_eq!(next.items()[0]["id"], json!(first));
}

#[test]
fn problems_are_seen_with_their_case_and_recorded_by_those_who_keep_it() {
    let it = scene();
    let id = it.notice(&it.director, it.problem()).expect(201).id();
    let path = format!("/case-problems/{id}");
    let list = format!("/cases/{}/problems", it.case);
    let officer =
        it.world.account("opeka", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    for who in [&it.world.admin(), &officer] {
        assert_eq!(it.world.get(who, &path).expect(200).actions(), json!([]));
        assert_eq!(it.world.get(who, &list).expect(200).items().len(), 1);
        it.notice(who, it.problem()).refused(403, "access.forbidden");
        it.resolve(who, &id, "resolved", 0).refused(403, "access.forbidden");
    }
    let (_, stranger) = it.world.institution("Чужое");
    let mentor = it.world.account("mentor", json!([{"role": "mentor"}]), None);
    for who in [&stranger, &mentor] {
        it.world.get(who, &path).refused(404, "request.not_found");
        it.world.get(who, &format!("{path}/history")).refused(404, "request.not_found");
        it.world.get(who, &list).refused(404, "request.not_found");
        it.notice(who, it.problem()).refused(404, "request.not_found");
        it.resolve(who, &id, "resolved", 0).refused(404, "request.not_found");
    }
    let head = it.world.staff("unit_head", &it.organization);
    it.resolve(&head, &id, "resolved", 0).expect(200);
}

#[test]
fn what_troubles_a_family_cannot_be_read_out_of_the_files() {
    if tests::postgres_url().is_some() {
        return; // PostgreSQL has the same columns, but no files to read.
    }
    let it = scene();
    let id = it.notice(&it.director, json!({"text": "КАНАРЕЙКА-БЕДА", "noticed_on": it.world.day(0)}));
    let order = json!({"state": "worsened", "note": "КАНАРЕЙКА-ХУЖЕ", "on": it.world.day(0)});
    let path = format!("/case-problems/{}/resolution", id.expect(201).id());
    it.world.post(&it.director, &path, order).expect(200);
    for entry in std::fs::read_dir(&it.world.folder).unwrap().flatten() {
        let bytes = std::fs::read(entry.path()).unwrap();
        let canary = "КАНАРЕЙКА".as_bytes();
        assert!(!bytes.windows(canary.len()).any(|it| it == canary), "{}", entry.path().display());
    }
}
