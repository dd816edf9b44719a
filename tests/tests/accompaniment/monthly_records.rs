//! Monthly records: virtual drafts, signatures that stay, late entries beside them, and completeness.
use super::{Scene, scene};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::pairs::at_once;
use tests::{Account, Reply, World, with};

fn words() -> Value {
    json!({"summary": "КАНАРЕЙКА: сдаёт экзамены.", "changes": [{"domain": "study_work", "change": "better"}],
        "next_month": "Запись к врачу.", "for_person": "Ты молодец."})
}

impl Scene {
    fn record(&self, who: &Account, month: &str) -> Reply {
        self.world.get(who, &format!("/cases/{}/monthly-records/{month}", self.case))
    }
    fn step(&self, who: &Account, month: &str, step: &str, order: Value) -> Reply {
        self.world.post(who, &format!("/cases/{}/monthly-records/{month}/{step}", self.case), order)
    }
    fn sign(&self, month: &str) -> Reply {
        self.step(&self.director, month, "signature", json!({"words": words()}))
    }
    fn write(&self, who: &Account, month: &str, etag: &str, words: Value) -> Reply {
        self.world.put(who, &format!("/cases/{}/monthly-records/{month}", self.case), etag, words)
    }
    fn talked(&self, day: &str, minutes: i64) -> String {
        let form = json!({"held_on": day, "medium": "phone", "talked_with": ["person"], "reached": true, "minutes": minutes});
        self.world.post(&self.director, &format!("/cases/{}/case-contacts", self.case), form).expect(201).id()
    }
    /// The clock goes on to noon of the day.
    fn until(&mut self, day: &str) {
        let day: chrono::NaiveDate = day.parse().expect("a day");
        self.world.advance(TimeDelta::days((day - self.world.today()).num_days()));
        self.place.director = self.world.login(&self.director.login);
    }
    fn completeness(&self, month: &str) -> Value {
        let path = format!("/monthly-records/completeness?month={month}");
        self.world.get(&self.director, &path).expect(200).body["organizations"].clone()
    }
    fn months_listed(&self, who: &Account, filter: &str) -> Vec<String> {
        let page = self.world.get(who, &format!("/monthly-records?{filter}")).expect(200);
        page.items()
            .iter()
            .map(|it| format!("{} {}", it["month"].as_str().unwrap(), it["state"].as_str().unwrap()))
            .collect()
    }
}

fn count(record: &Value, kind: &str) -> Value {
    let counts = record["counts"].as_array().expect("counts");
    counts.iter().find(|it| it["kind"] == kind).cloned().unwrap_or(Value::Null)
}

#[test]
fn a_draft_needs_no_row_and_counts_everything_that_happened_in_the_month() {
    let it = scene();
    it.talked(&it.world.day(0), 40);
    it.talked(&it.world.day(0), 20);
    let problem = json!({"text": "Пропускает занятия.", "noticed_on": it.world.day(0)});
    it.world.post(&it.director, &format!("/cases/{}/problems", it.case), problem).expect(201);
    let draft = it.record(&it.director, "2026-03").expect(200);
    assert_eq!((&draft.body["version"], &draft.body["state"]), (&json!(0), &json!("draft")));
    assert_eq!((draft.body.get("id"), &draft.body["due_on"]), (None, &json!("2026-04-05")));
    assert_eq!(count(&draft.body, "contact"), json!({"kind": "contact", "count": 2, "minutes": 60}));
    assert_eq!(count(&draft.body, "problem_noticed")["count"], 1);
    assert_eq!(draft.body["items"].as_array().expect("items").len(), 3);
    for month in ["2026-02", "2026-04", "2026-3", "2026-13", "march"] {
        it.record(&it.director, month).refused(404, "request.not_found");
    }
    let all = it.world.get(&it.director, &format!("/cases/{}/monthly-records", it.case)).expect(200);
    let months: Vec<&Value> = all.items().iter().map(|it| &it["month"]).collect();
    assert_eq!(months, ["2026-03"]);
    assert_eq!((all.items()[0].get("items"), all.items()[0].get("words")), (None, None));
}

#[test]
fn words_are_written_by_version_from_zero_on_and_only_their_writer_s_version_is_overwritten() {
    let it = scene();
    let empty = it.record(&it.director, "2026-03").expect(200);
    let written = it
        .write(&it.director, "2026-03", &empty.etag(), json!({"summary": "Начали.", "changes": []}))
        .expect(200);
    assert_eq!((&written.body["version"], &written.body["words"]["summary"]), (&json!(1), &json!("Начали.")));
    it.write(&it.director, "2026-03", &empty.etag(), words()).refused(412, "version.stale");
    let path = format!("/cases/{}/monthly-records/2026-03", it.case);
    let patched =
        it.world.patch(&it.director, &path, &written.etag(), json!({"next_month": "К врачу."})).expect(200);
    assert_eq!((&patched.body["words"]["summary"], &patched.body["version"]), (&json!("Начали."), &json!(2)));
    it.write(&it.director, "2026-03", &patched.etag(), words()).expect(200);
    let twice = json!({"changes": [{"domain": "health", "change": "better"}, {"domain": "health", "change": "worse"}]});
    let now = it.record(&it.director, "2026-03").expect(200);
    it.write(&it.director, "2026-03", &now.etag(), twice).refused(422, "field.combination");
    let id = now.id();
    assert_eq!(
        it.world.get(&it.director, &format!("/monthly-records/{id}")).expect(200).body["words"],
        now.body["words"]
    );
    let history = it.world.get(&it.director, &format!("/monthly-records/{id}/history")).expect(200);
    assert_eq!(history.kinds(), ["monthly_record.worded"; 3]);
    assert!(!history.text.contains("КАНАРЕЙКА"));
}

#[test]
fn the_specialist_in_charge_signs_when_the_month_is_over_and_a_colleague_does_not() {
    let mut it = scene();
    let specialist = it.world.staff("support_specialist", &it.organization);
    let colleague = it.world.staff("support_specialist", &it.organization);
    let path = format!("/cases/{}/assignment", it.case);
    it.world.post(&it.director, &path, json!({"specialist_user_id": specialist.id})).expect(200);
    let early = it.step(&specialist, "2026-03", "signature", json!({"words": words()}));
    early.refused(409, "monthly_record.month_not_over");
    let blocked = it.record(&specialist, "2026-03").expect(200);
    assert_eq!(
        blocked.action("sign").expect("a signature")["blocked_by"],
        json!(["monthly_record.month_not_over"])
    );
    it.until("2026-03-31");
    let (specialist, colleague) = (it.world.login(&specialist.login), it.world.login(&colleague.login));
    it.step(&colleague, "2026-03", "signature", json!({"words": words()}))
        .refused(403, "monthly_record.not_in_charge");
    assert!(it.record(&colleague, "2026-03").expect(200).action("sign").is_none());
    let wordless = it.step(&specialist, "2026-03", "signature", json!({}));
    assert_eq!(wordless.codes(), ["field.missing", "field.missing"]);
    let signed = it.step(&specialist, "2026-03", "signature", json!({"words": words()})).expect(200);
    assert_eq!(
        (&signed.body["state"], &signed.body["signed_by_user_id"]),
        (&json!("signed"), &json!(specialist.id))
    );
    let own = signed.action("correct").expect("a correction")["path"].as_str().expect("a path").to_owned();
    assert_eq!(own, format!("/api/v1/cases/{}/monthly-records/2026-03/corrections", it.case));
    it.step(&specialist, "2026-03", "signature", json!({})).refused(409, "monthly_record.signed");
    it.write(&specialist, "2026-03", &signed.etag(), words()).refused(409, "monthly_record.signed");
    it.step(&colleague, "2026-03", "corrections", json!({"text": "Экзамен один.", "reason": "Описка."}))
        .expect(200);
    let corrected = it.record(&specialist, "2026-03").expect(200);
    assert_eq!(corrected.body["corrections"][0]["made_by_user_id"], json!(colleague.id));
    assert_eq!(
        (&corrected.body["words"], &corrected.body["sha256"]),
        (&signed.body["words"], &signed.body["sha256"])
    );
    let text = json!({"text": "Экзамен один.", "reason": "Описка."});
    for _ in 1..50 {
        it.step(&specialist, "2026-03", "corrections", text.clone()).expect(200);
    }
    it.step(&specialist, "2026-03", "corrections", text.clone()).refused(409, "monthly_record.corrections");
    it.world.advance(TimeDelta::days(1));
    let specialist = it.world.login(&specialist.login);
    it.step(&specialist, "2026-04", "corrections", text).refused(409, "monthly_record.not_signed");
}

#[test]
fn a_contact_that_is_entered_late_leaves_the_signed_month_as_it_was_and_the_next_record_tells_it() {
    let mut it = scene();
    it.until("2026-04-30");
    let annulled = it.talked("2026-04-20", 15);
    let april = it.sign("2026-04").expect(200);
    it.until("2026-05-12");
    let late = it.talked("2026-04-28", 30);
    it.world
        .post(
            &it.director,
            &format!("/case-contacts/{annulled}/annulment"),
            json!({"reason": "Не тот человек."}),
        )
        .expect(200);
    let told = |of: &Value| -> Vec<(String, String)> {
        let all = of.as_array().expect("entries").iter();
        all.map(|it| {
            (it["change"].as_str().unwrap().to_owned(), it["item"]["id"].as_str().unwrap().to_owned())
        })
        .collect()
    };
    let expected = vec![("added".to_owned(), late), ("removed".to_owned(), annulled)];
    let same = it.record(&it.director, "2026-04").expect(200);
    for member in ["sha256", "counts", "items", "words", "signed_at"] {
        assert_eq!(same.body[member], april.body[member], "{member}");
    }
    assert_eq!(told(&same.body["since_signed"]), expected);
    let may = it.record(&it.director, "2026-05").expect(200);
    assert_eq!(told(&may.body["late_entries"]), expected);
    assert_eq!(may.body["late_entries"][0]["month"], "2026-04");
    assert_eq!(may.body["items"], json!([]));
    it.until("2026-05-31");
    let may = it.sign("2026-05").expect(200);
    assert_eq!(told(&may.body["late_entries"]), expected);
    it.until("2026-06-01");
    assert_eq!(it.record(&it.director, "2026-06").expect(200).body["late_entries"], json!([]));
    let march = json!({"organization_id": it.organization, "expected": 1, "signed_in_time": 0, "signed_late": 0, "missing": 1});
    let in_time = json!({"organization_id": it.organization, "expected": 1, "signed_in_time": 1, "signed_late": 0, "missing": 0});
    let without = |it: Value| tests::without_names(&it);
    assert_eq!(without(it.completeness("2026-03")), json!([march]));
    assert_eq!(without(it.completeness("2026-04")), json!([in_time]));
    it.sign("2026-03").expect(200);
    assert_eq!(it.completeness("2026-03")[0]["signed_late"], 1);
    assert_eq!(it.completeness("2026-07"), json!([]));
}

#[test]
fn a_cancelled_task_was_given_all_the_same_but_for_a_mistake() {
    let it = scene();
    let give = || {
        let task = json!({"kind": "other", "title": "Собрать документы", "case_id": it.case,
            "assignee": {"kind": "user", "id": it.director.id}, "controller_user_id": it.director.id, "due_on": it.world.day(5)});
        it.world.post(&it.director, "/tasks", task).expect(201).id()
    };
    let [kept, mistaken] = [give(), give()];
    for (task, reason) in [(&kept, "not_needed"), (&mistaken, "mistake")] {
        let order = json!({"reason": reason});
        it.world.post(&it.director, &format!("/tasks/{task}/cancellation"), order).expect(200);
    }
    let draft = it.record(&it.director, "2026-03").expect(200);
    assert_eq!(count(&draft.body, "task_given")["count"], 1);
    assert!(draft.text.contains(&kept) && !draft.text.contains(&mistaken), "{}", draft.text);
}

#[test]
fn a_clock_that_stood_still_misses_no_month_and_a_closed_case_has_none_after_its_end() {
    let mut it = scene();
    let other = it.world.person(&it.director, json!({"given_name": "Анна"}));
    let other = it.world.beneficiary(&it.director, &it.organization, &other);
    let closed = it.world.case(&it.director, &it.organization, &other);
    it.until("2026-03-31");
    let closing = json!({"closed_on": "2026-03-31", "reason": "goals_reached"});
    let closing = it.world.post(&it.director, &format!("/cases/{closed}/closing"), closing);
    assert_eq!(closing.status, 200, "{}", closing.text);
    it.until("2026-06-03");
    let months = |it: &Scene, case: &str| -> Vec<String> {
        let page = it.world.get(&it.director, &format!("/cases/{case}/monthly-records")).expect(200);
        page.items().iter().map(|it| it["month"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(months(&it, &it.case), ["2026-06", "2026-05", "2026-04", "2026-03"]);
    assert_eq!(months(&it, &closed), ["2026-03"]);
    assert_eq!(it.months_listed(&it.director, "from=2026-03&to=2026-06").len(), 5);
    assert_eq!(it.months_listed(&it.director, "from=2026-03&to=2026-06&state=late").len(), 3);
    assert_eq!(it.months_listed(&it.director, ""), ["2026-05 draft"]);
    let filter = format!("from=2026-04&specialist_user_id={}", it.director.id);
    assert_eq!(it.months_listed(&it.director, &filter), Vec::<String>::new());
    let first = it.world.get(&it.director, "/monthly-records?from=2026-03&to=2026-06&limit=3").expect(200);
    let cursor = first.body["next_cursor"].as_str().expect("a next page");
    let next = format!("/monthly-records?from=2026-03&to=2026-06&limit=3&cursor={cursor}");
    let rest = it.world.get(&it.director, &next).expect(200);
    let place =
        |it: &Value| (it["month"].as_str().unwrap().to_owned(), it["case_id"].as_str().unwrap().to_owned());
    let all: Vec<_> = first.items().iter().chain(rest.items()).map(place).collect();
    let once: std::collections::BTreeSet<_> = all.iter().collect();
    assert_eq!((all.len(), once.len()), (5, 5));
    assert!(all.is_sorted_by_key(|it| it.0.clone()), "{all:?}");
    let agenda = it.world.get(&it.director, "/me/agenda").expect(200);
    assert_eq!(agenda.body["monthly_records_to_sign"].as_array().expect("records").len(), 4);
    let overview = it.world.get(&it.director, &format!("/cases/{}/overview", it.case)).expect(200);
    assert_eq!(overview.body["monthly_records"].as_array().expect("records").len(), 4);
}

/// Of each organization, the records that are expected of a month, those signed in time, those signed late, and those that are missing.
type Completeness = BTreeMap<String, [i64; 4]>;

/// Those figures, counted from the list of records.
fn recounted(world: &World, who: &Account, month: &str) -> Completeness {
    let mut counted = Completeness::new();
    let first = format!("/monthly-records?from={month}&to={month}&limit=2");
    let mut next = Some(first.clone());
    while let Some(path) = next {
        let page = world.get(who, &path).expect(200);
        for record in page.items() {
            let due_on = record["due_on"].as_str().expect("a day");
            let state = match record["signed_at"].as_str() {
                Some(at) if &at[..10] <= due_on => 1,
                Some(_) => 2,
                None => 3,
            };
            let organization = record["organization_id"].as_str().expect("an organization").to_owned();
            let of = counted.entry(organization).or_default();
            of[0] += 1;
            of[state] += 1;
        }
        next = page.body["next_cursor"].as_str().map(|it| format!("{first}&cursor={it}"));
    }
    counted
}

/// The same figures as the program tells them.
fn told(world: &World, who: &Account, month: &str) -> Completeness {
    let told = world.get(who, &format!("/monthly-records/completeness?month={month}")).expect(200);
    let rows = told.body["organizations"].as_array().expect("organizations").iter();
    let figures = |row: &Value| {
        ["expected", "signed_in_time", "signed_late", "missing"].map(|it| row[it].as_i64().expect("a number"))
    };
    rows.map(|it| (it["organization_id"].as_str().expect("an id").to_owned(), figures(it))).collect()
}

#[test]
fn completeness_is_what_a_recount_of_the_records_of_several_organizations_gives() {
    let mut it = scene();
    let case_of_another = |it: &Scene, director: &Account, organization: &str| {
        let person = it.world.person(director, json!({"given_name": "Анна"}));
        let beneficiary = it.world.beneficiary(director, organization, &person);
        it.world.case(director, organization, &beneficiary)
    };
    let (away, other) = it.world.institution("Центр «Кров»");
    let (centre, receiver) = it.world.institution("Центр «Порог»");
    let heir = it.world.staff("support_specialist", &centre);
    let late = case_of_another(&it, &other, &away);
    let [closed, moved, _] = [0; 3].map(|_| case_of_another(&it, &it.director, &it.organization));
    let transfer = json!({"to_organization_id": centre, "reason": "study", "parts": ["identity"], "legal_ground": "Запрос опеки",
        "ground_file_id": it.world.file(&it.director, "consent")});
    let transfer =
        it.world.post(&it.director, &format!("/cases/{moved}/transfers"), transfer).expect(201).id();
    let order = json!({"specialist_user_id": heir.id});
    it.world.post(&receiver, &format!("/case-transfers/{transfer}/acceptance"), order).expect(200);
    it.until("2026-03-31");
    let closing = json!({"closed_on": "2026-03-31", "reason": "goals_reached"});
    it.world.post(&it.director, &format!("/cases/{closed}/closing"), closing).expect(200);
    let sign = |it: &Scene, who: &Account, case: &str| {
        let path = format!("/cases/{case}/monthly-records/2026-03/signature");
        it.world.post(who, &path, json!({"words": words()})).expect(200);
    };
    it.until("2026-04-03");
    for case in [&it.case, &moved] {
        sign(&it, &it.director, case);
    }
    it.until("2026-04-12");
    let [other, receiver] = [&other, &receiver].map(|who| it.world.again(who));
    sign(&it, &other, &late);

    let admin = it.world.login("admin");
    for month in ["2026-03", "2026-04"] {
        for who in [&admin, &it.director, &other, &receiver] {
            let (told, counted) = (told(&it.world, who, month), recounted(&it.world, who, month));
            assert_eq!(told, counted, "{month} for {}", who.login);
        }
    }
    let expected = [(it.organization.clone(), [4, 2, 0, 2]), (away, [1, 0, 1, 0]), (centre, [1, 0, 0, 1])];
    assert_eq!(told(&it.world, &admin, "2026-03"), Completeness::from(expected));
    let overdue = it.world.get(&admin, "/monthly-records?from=2026-03&to=2026-03&state=late").expect(200);
    assert_eq!(overdue.items().len(), 3, "what is missing and due is late");
}

#[test]
fn a_meeting_belongs_to_the_month_of_the_region_and_counts_by_its_directions() {
    let (world, pair) = World::paired();
    let case = world.case(&pair.director, &pair.organization, &pair.beneficiary);
    let mentorship = world.active(&pair);
    // The region is three hours ahead: one in the morning of 1 April here is still March in Greenwich.
    world.advance(TimeDelta::days(29) + TimeDelta::hours(16));
    let director = world.login(&pair.director.login);
    let in_march = world.held(&director, &mentorship, 2).expect(200);
    let in_april = world.held(&director, &mentorship, 1).expect(200);
    assert_eq!(
        (&in_march.body["at"], &in_april.body["at"]),
        (&json!("2026-03-31T20:00:00Z"), &json!("2026-03-31T21:00:00Z"))
    );
    for (month, meeting) in [("2026-03", in_march), ("2026-04", in_april)] {
        let record = world.get(&director, &format!("/cases/{case}/monthly-records/{month}")).expect(200);
        assert_eq!(count(&record.body, "meeting_held")["count"], 1, "{}", record.text);
        assert_eq!(record.body["items"][0]["id"], json!(meeting.id()));
        let directions = meeting.body["held"]["directions"].as_array().expect("directions");
        assert_eq!(record.body["directions"].as_array().expect("directions").len(), directions.len());
    }
}

#[test]
fn of_many_signatures_one_stands_and_no_words_come_after_it() {
    let mut it = scene();
    it.until("2026-03-31");
    let empty = it.record(&it.director, "2026-03").expect(200);
    let later = json!({"summary": "Позже.", "changes": []});
    let answers = at_once(50, |n| match n % 2 {
        0 => it.sign("2026-03"),
        _ => it.write(&it.director, "2026-03", &empty.etag(), later.clone()),
    });
    assert!(answers.iter().all(|it| matches!(it.0, 200 | 409 | 412)), "{answers:?}");
    let record = it.record(&it.director, "2026-03").expect(200);
    assert_eq!(
        (&record.body["state"], &record.body["words"]["summary"]),
        (&json!("signed"), &words()["summary"])
    );
    let history =
        it.world.get(&it.director, &format!("/monthly-records/{}/history", record.id())).expect(200);
    let signed = history.items().iter().filter(|it| it["kind"] == "monthly_record.signed").count();
    assert_eq!((signed, &history.items()[0]["kind"]), (1, &json!("monthly_record.signed")));
}

#[test]
fn a_record_is_seen_by_its_organization_and_the_guardianship_of_the_territory_alone() {
    let it = scene();
    let (_, stranger) = it.world.institution("Чужой центр");
    let empty = it.record(&it.director, "2026-03").expect(200);
    let id = it.write(&it.director, "2026-03", &empty.etag(), words()).expect(200).id();
    let officer = |territory: &str| json!([{"role": "guardianship_officer", "territory": territory}]);
    let here = it.world.account("opeka", officer("25655000"), None);
    let away = it.world.account("neighbour", officer("25656000"), None);
    for path in [
        format!("/cases/{}/monthly-records/2026-03", it.case),
        format!("/monthly-records/{id}"),
        format!("/cases/{}/monthly-records", it.case),
        format!("/monthly-records/{id}/history"),
    ] {
        it.world.get(&stranger, &path).refused(404, "request.not_found");
        it.world.get(&it.world.admin(), &path).expect(200);
    }
    assert_eq!(it.months_listed(&stranger, "to=2026-03"), Vec::<String>::new());
    assert_eq!(it.months_listed(&it.world.admin(), "to=2026-03"), ["2026-03 draft"]);
    it.write(&stranger, "2026-03", &empty.etag(), words()).refused(404, "request.not_found");
    it.record(&here, "2026-03").expect(200);
    it.record(&away, "2026-03").refused(404, "request.not_found");
    assert_eq!(
        (it.months_listed(&here, "to=2026-03").len(), it.months_listed(&away, "to=2026-03").len()),
        (1, 0)
    );
    it.step(&here, "2026-03", "signature", json!({"words": words()})).refused(403, "access.forbidden");
    let form = with(words(), &json!({"verdict": "x"}));
    it.write(&it.director, "2026-03", "\"1\"", form).refused(422, "field.unknown");
}

#[test]
fn a_case_is_not_closed_before_a_month_with_words_and_a_change_of_a_problem_counts_on_its_own_day() {
    let it = scene();
    let problem = json!({"text": "Пропускает занятия.", "noticed_on": it.world.day(0)});
    let problem =
        it.world.post(&it.director, &format!("/cases/{}/problems", it.case), problem).expect(201).id();
    let mut it = it;
    it.until("2026-04-20");
    for (state, on) in [("improved", "2026-04-05"), ("resolved", "2026-04-20")] {
        let change = json!({"state": state, "on": on, "note": "Ходит."});
        it.world.post(&it.director, &format!("/case-problems/{problem}/resolution"), change).expect(200);
    }
    it.until("2026-04-30");
    let signed = it.sign("2026-04").expect(200);
    assert_eq!(count(&signed.body, "problem_changed")["count"], 2);
    assert_eq!(signed.body["since_signed"], json!([]));
    it.until("2026-05-31");
    let may = it.sign("2026-05").expect(200);
    assert_eq!(may.body["late_entries"], json!([]));
    let closing = json!({"closed_on": "2026-04-15", "reason": "goals_reached"});
    it.world
        .post(&it.director, &format!("/cases/{}/closing", it.case), closing)
        .refused(409, "case.recorded_later");
}

#[test]
fn a_handed_over_meeting_stays_in_the_months_of_the_organization_where_it_was_held() {
    let (world, pair) = World::paired();
    let case = world.case(&pair.director, &pair.organization, &pair.beneficiary);
    let mentorship = world.active(&pair);
    let first = world.held(&pair.director, &mentorship, 1).expect(200).id();
    let (centre, receiver) = world.institution("Центр сопровождения");
    let paper = world.file(&pair.director, "consent");
    let signature = json!({"signatory": "recipient", "person_id": pair.person, "signed_on": world.day(0), "file_id": paper});
    let consent = json!({"purpose": "transfer", "organization_ids": [centre], "parts": ["identity"], "valid_until": world.day(300),
        "signatures": [signature]});
    let ledger = format!("/beneficiaries/{}/consents", pair.beneficiary);
    let consent = world.post(&pair.director, &ledger, consent).expect(201).id();
    let transfer = json!({"to_organization_id": centre, "reason": "study", "parts": ["identity"], "consent_id": consent,
        "mentorship_ids": [mentorship]});
    let transfer = world.post(&pair.director, &format!("/cases/{case}/transfers"), transfer).expect(201).id();
    let heir = world.staff("support_specialist", &centre);
    let accepted = world.post(
        &receiver,
        &format!("/case-transfers/{transfer}/acceptance"),
        json!({"specialist_user_id": heir.id}),
    );
    let next = accepted.expect(200).body["next_case_id"].as_str().expect("a case").to_owned();
    world.advance(TimeDelta::days(1));
    let (director, heir) = (world.again(&pair.director), world.again(&heir));
    let second = world.held(&heir, &mentorship, 1).expect(200).id();
    let meetings = |who: &Account, case: &str| -> Vec<String> {
        let record = world.get(who, &format!("/cases/{case}/monthly-records/2026-03")).expect(200);
        let items = record.body["items"].as_array().expect("items").iter();
        items.filter(|it| it["kind"] == "meeting_held").map(Reply::id_of).collect()
    };
    assert_eq!((meetings(&director, &case), meetings(&heir, &next)), (vec![first], vec![second]));
    let order = json!({"words": words()});
    let signed =
        world.post(&director, &format!("/cases/{case}/monthly-records/2026-03/signature"), order).expect(200);
    assert_eq!((&signed.body["since_signed"], &signed.body["state"]), (&json!([]), &json!("signed")));
}
