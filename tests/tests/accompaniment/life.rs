//! Periods of life, snapshots of the life situation and contacts in a case.
use super::{Scene, scene};
use serde_json::{Value, json};
use tests::World;

impl Scene {
    fn periods(&self) -> String {
        format!("/beneficiaries/{}/life-periods", self.beneficiary)
    }
    fn of_case(&self, what: &str) -> String {
        format!("/cases/{}/{what}", self.case)
    }
    fn snapshot(&self, members: Value) -> Value {
        let form = json!({"taken_on": self.world.day(-5), "source": "visit", "in_touch": "yes"});
        tests::with(form, &members)
    }
    fn contact(&self, members: Value) -> Value {
        let form = json!({"held_on": self.world.day(-5), "medium": "phone", "talked_with": ["person"], "reached": true});
        tests::with(form, &members)
    }
}

#[test]
fn the_path_from_an_institution_to_the_first_job_is_told_by_periods() {
    let it = scene();
    for form in [
        json!({"kind": "placement", "name": "Детский дом № 1", "placement": "institution", "starts_on": "2015-03-01", "ends_on": "2025-08-31"}),
        json!({"kind": "education", "name": "Колледж", "level": "vocational", "occupation": "Повар", "course": 1, "starts_on": "2025-09-01"}),
        json!({"kind": "work", "name": "Столовая № 5", "occupation": "Помощник повара", "official": true, "starts_on": "2026-02-01"}),
        json!({"kind": "hobby", "name": "Волейбол", "place": "Дом спорта", "starts_on": "2024-10-01"}),
    ] {
        it.world.post(&it.director, &it.periods(), form).expect(201);
    }
    let told = |query: &str| {
        let page = it.world.get(&it.director, &format!("{}{query}", it.periods())).expect(200);
        page.items().iter().map(|it| it["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(told(""), ["work", "education", "hobby", "placement"]);
    assert_eq!(told("?kind=education,work"), ["work", "education"]);
}

#[test]
fn a_period_tells_what_its_kind_has_and_ends_after_it_begins() {
    let it = scene();
    let form = json!({"kind": "hobby", "name": "Хор", "course": 2, "placement": "hostel", "starts_on": "2025-09-01", "ends_on": "2025-08-31"});
    let refused = it.world.post(&it.director, &it.periods(), form).expect(422);
    assert_eq!(refused.codes(), ["field.combination", "field.combination", "life_period.ends_early"]);
    let form =
        json!({"kind": "education", "name": "Школа № 3", "level": "school", "starts_on": "2020-09-01"});
    let added = it.world.post(&it.director, &it.periods(), form).expect(201);
    let path = format!("/life-periods/{}", added.id());
    let work = json!({"kind": "work", "name": "Школа № 3", "starts_on": "2020-09-01"});
    it.world.put(&it.director, &path, &added.etag(), work).refused(422, "life_period.kind_fixed");
    it.world.patch(&it.director, &path, &added.etag(), json!({"ends_on": "2024-05-31"})).expect(200);
}

#[test]
fn nothing_is_told_of_days_before_a_birth_or_outside_of_the_case() {
    let it = scene();
    let (world, director) = (&it.world, &it.director);
    let period =
        json!({"kind": "placement", "name": "Дом", "placement": "institution", "starts_on": "1990-01-01"});
    let refused = world.post(director, &it.periods(), period).refused(422, "life.before_birth");
    assert_eq!(refused.body["errors"][0]["pointer"], "/starts_on");
    let period = json!({"kind": "hobby", "name": "Хор", "starts_on": world.day(1)});
    world.post(director, &it.periods(), period).refused(422, "life.in_future");
    let (snapshots, contacts) = (it.of_case("snapshots"), it.of_case("case-contacts"));
    for (day, code) in [(world.day(1), "case.in_future"), (world.day(-31), "case.outside")] {
        world.post(director, &snapshots, it.snapshot(json!({"taken_on": day}))).refused(422, code);
        world.post(director, &contacts, it.contact(json!({"held_on": day}))).refused(422, code);
    }
    let closing = json!({"closed_on": world.day(-2), "reason": "goals_reached"});
    world.post(director, &it.of_case("closing"), closing).expect(200);
    // A contact of the days on which the case was open is recorded late.
    world.post(director, &contacts, it.contact(json!({}))).expect(201);
    world
        .post(director, &contacts, it.contact(json!({"held_on": world.day(-1)})))
        .refused(422, "case.outside");
}

#[test]
fn a_snapshot_describes_nobody_who_was_not_reached_and_is_never_edited() {
    let it = scene();
    let (world, director, path) = (&it.world, &it.director, it.of_case("snapshots"));
    let housing = json!({"domain": "housing", "level": "alarm", "note": "Договор найма не продлён."});
    let unreached = it.snapshot(json!({"in_touch": "unreachable", "tenure": "rent", "domains": [housing]}));
    let refused = world.post(director, &path, unreached).expect(422);
    assert_eq!(refused.codes(), ["snapshot.no_contact_no_content", "snapshot.no_contact_no_content"]);
    let twice = it.snapshot(json!({"domains": [housing, housing]}));
    world.post(director, &path, twice).refused(422, "snapshot.domain_repeated");
    let told = it.snapshot(json!({"tenure": "special_rent", "activity": "studying", "domains": [housing]}));
    let added = world.post(director, &path, told).expect(201);
    assert_eq!(added.body["domains"], json!([housing]));
    let one = format!("/snapshots/{}", added.id());
    world.patch(director, &one, &added.etag(), json!({})).refused(405, "request.method");
    world.post(director, &format!("{one}/annulment"), json!({"reason": "Не тот случай."})).expect(200);
    assert!(world.get(director, &path).expect(200).items().is_empty());
}

#[test]
fn an_attempt_that_reached_nobody_is_on_record_and_found() {
    let it = scene();
    let (world, director, path) = (&it.world, &it.director, it.of_case("case-contacts"));
    let twice = it.contact(json!({"talked_with": ["person", "person"], "topics": ["money", "money"]}));
    let refused = world.post(director, &path, twice).expect(422);
    assert_eq!(refused.codes(), ["case_contact.repeated", "case_contact.repeated"]);
    let attempt = it.contact(json!({"reached": false, "minutes": 5, "next_on": world.day(-6)}));
    let refused = world.post(director, &path, attempt).expect(422);
    assert_eq!(refused.codes(), ["case_contact.next_early", "case_contact.nobody_talked"]);
    let attempt = world.post(director, &path, it.contact(json!({"reached": false}))).expect(201).id();
    world.post(director, &path, it.contact(json!({"minutes": 20, "topics": ["money"]}))).expect(201);
    let page = world.get(director, &format!("{path}?reached=false")).expect(200);
    assert_eq!(page.ids(), [attempt]);
}

#[test]
fn a_student_of_a_vocational_school_is_accompanied_there() {
    let it = scene();
    let (world, director) = (&it.world, &it.director);
    let studies = json!({"kind": "education", "name": "Колледж", "level": "vocational", "occupation": "Повар",
        "course": 1, "starts_on": "2025-09-01"});
    world.post(director, &it.periods(), studies).expect(201);
    let visit =
        json!({"medium": "visit_place", "talked_with": ["person", "school"], "topics": ["study_work"]});
    let visit = world.post(director, &it.of_case("case-contacts"), it.contact(visit)).expect(201).id();
    let page = world.get(director, &it.of_case("case-contacts?medium=visit_place")).expect(200);
    assert_eq!(page.ids(), [visit]);
}

#[test]
fn what_was_planned_before_a_death_is_recorded_late() {
    let it = scene();
    it.world.die(&it.director, &it.girl, -3).expect(200);
    let contact = it.contact(json!({"held_on": it.world.day(-5), "next_on": it.world.day(5)}));
    it.world.post(&it.director, &it.of_case("case-contacts"), contact).expect(201);
    let snapshot = it.snapshot(json!({"contract_until": it.world.day(90)}));
    it.world.post(&it.director, &it.of_case("snapshots"), snapshot).expect(201);
    let period = json!({"kind": "hobby", "name": "Хор", "starts_on": it.world.day(-2)});
    it.world.post(&it.director, &it.periods(), period).refused(422, "life.after_death");
}

#[test]
fn whom_a_case_is_shown_to_sees_what_is_in_it_and_nobody_else() {
    let (world, pair) = World::paired();
    let director = &pair.director;
    let case = format!("/cases/{}", world.case(director, &pair.organization, &pair.beneficiary));
    let periods = format!("/beneficiaries/{}/life-periods", pair.beneficiary);
    let (snapshots, contacts) = (format!("{case}/snapshots"), format!("{case}/case-contacts"));
    let snapshot = json!({"taken_on": world.day(0), "source": "visit", "in_touch": "yes"});
    let contact =
        json!({"held_on": world.day(0), "medium": "phone", "talked_with": ["person"], "reached": true});
    let period = json!({"kind": "hobby", "name": "Хор", "starts_on": "2025-09-01"});
    let mut paths = vec![periods.clone(), snapshots.clone(), contacts.clone()];
    for (list, form) in [(&periods, &period), (&snapshots, &snapshot), (&contacts, &contact)] {
        let one = world.post(director, list, form.clone()).expect(201).id();
        let collection = list.rsplit('/').next().unwrap();
        paths.extend([format!("/{collection}/{one}"), format!("/{collection}/{one}/history")]);
        let gone = world.post(director, list, form.clone()).expect(201).id();
        let gone = format!("/{collection}/{gone}");
        world.post(director, &format!("{gone}/annulment"), json!({"reason": "Не тот."})).expect(200);
        paths.push(gone);
    }
    let (_, stranger) = world.institution("Другой центр");
    let officer = |territory: &str| {
        let grant = json!([{"role": "guardianship_officer", "territory": territory}]);
        world.account(&format!("officer.{territory}"), grant, None)
    };
    let coordinator = json!([{"role": "program_coordinator", "program_id": pair.program}]);
    let coordinator = world.account("coordinator.here", coordinator, None);
    let mentor = world.account("mentor.here", json!([{"role": "mentor"}]), Some(&pair.mentor_person));
    let specialist = world.staff("support_specialist", &pair.organization);
    let near = officer("25655000");
    let callers = [
        (&specialist, true),
        (&near, true),
        (&stranger, false),
        (&officer("33701000"), false),
        (&coordinator, false),
        (&mentor, false),
    ];
    for (who, sees) in callers {
        for path in &paths {
            let status = world.get(who, path).status;
            assert_eq!(status == 200, sees, "{} {path}: {status}", who.login);
        }
    }
    world.post(&near, &snapshots, snapshot).expect(403);
}

#[test]
fn a_key_of_a_program_reads_no_periods_of_those_whom_the_program_knows() {
    let (world, pair) = World::paired();
    let needs = json!({"needs": ["exams"], "risk_level": 0, "agrees_to_matching": true,
        "waits": [{"program_id": pair.program, "since": world.day(-20)}]});
    let one = format!("/beneficiaries/{}", pair.beneficiary);
    world.put(&pair.director, &format!("{one}/matching-needs"), "\"0\"", needs).expect(200);
    let (elsewhere, _) = world.institution("Другой центр");
    let rights = ["read_beneficiaries", "read_cases", "edit_cases"];
    let of_program = json!({"program_ids": [pair.program]});
    let of_both = json!({"program_ids": [pair.program], "organization_ids": [elsewhere]});
    let mut seen = 0;
    for key in [world.key(&rights, of_program), world.key(&rights, of_both)] {
        seen += usize::from(world.get(&key, &one).status == 200);
        let status = world.get(&key, &format!("{one}/life-periods")).status;
        assert!([403, 404].contains(&status), "{status}");
        let period = json!({"kind": "hobby", "name": "Хор", "starts_on": "2025-09-01"});
        let status = world.keyed_post(&key, &format!("{one}/life-periods"), "first", period).status;
        assert!([403, 404].contains(&status), "{status}");
    }
    assert!(seen > 0, "the program knows the beneficiary");
}

#[test]
fn nobody_annuls_what_is_on_record_about_themselves() {
    let it = scene();
    let world = &it.world;
    let own = world.director_and("grown.up", &it.organization, "mentee", &it.girl);
    let period = json!({"kind": "hobby", "name": "Хор", "starts_on": "2025-09-01"});
    for (list, form) in [
        (it.periods(), period),
        (it.of_case("snapshots"), it.snapshot(json!({}))),
        (it.of_case("case-contacts"), it.contact(json!({}))),
    ] {
        let one = world.post(&it.director, &list, form).expect(201).id();
        let path = format!("/{}/{one}", list.rsplit('/').next().unwrap());
        let annulment = format!("{path}/annulment");
        let reason = json!({"reason": "Не тот."});
        world.post(&own, &annulment, reason.clone()).refused(403, "access.own");
        assert!(world.get(&own, &path).expect(200).action("annul").is_none(), "{path}");
        world.post(&it.director, &annulment, reason).expect(200);
    }
}

#[test]
fn a_period_that_has_ended_is_edited_until_the_term_after_its_last_day_is_over() {
    let Scene { mut place, .. } = scene();
    let list = format!("/beneficiaries/{}/life-periods", place.beneficiary);
    let form = json!({"kind": "hobby", "name": "Хор", "starts_on": "2025-09-01"});
    let path = format!("/life-periods/{}", place.world.post(&place.director, &list, form).expect(201).id());
    place.world.advance_days(100);
    let director = place.world.again(&place.director);
    place.world.edit(&director, &path, json!({"ends_on": place.world.day(0)})).expect(200);
    place.world.advance_days(90);
    let director = place.world.again(&place.director);
    place.world.edit(&director, &path, json!({"name": "Хор «Заря»"})).expect(200);
    place.world.advance_days(1);
    let director = place.world.again(&place.director);
    place.world.edit(&director, &path, json!({"name": "Хор"})).refused(409, "entry.term");
    let reason = json!({"reason": "Не тот."});
    place.world.post(&director, &format!("{path}/annulment"), reason).refused(409, "entry.term");
}
