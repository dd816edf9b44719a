//! Kinds and stages of cases, legal bases, continuation, contacts and snapshots that are due, and contact that is lost.
use super::{Place, place};
use serde_json::{Value, json};
use tests::{Reply, with};

impl Place {
    fn open(&self, members: Value) -> Reply {
        let order = json!({"beneficiary_id": self.beneficiary, "organization_id": self.organization, "opened_on": self.world.day(-30)});
        self.world.post(&self.director, "/cases", with(order, &members))
    }
    fn close(&self, case: &str, members: Value) -> Reply {
        let order = json!({"closed_on": self.world.day(0), "reason": "goals_reached"});
        self.world.post(&self.director, &format!("/cases/{case}/closing"), with(order, &members))
    }
    fn contact(&self, case: &str, day: i64, reached: bool) -> Reply {
        let form = json!({"held_on": self.world.day(day), "medium": "phone", "talked_with": ["person"], "reached": reached});
        self.world.post(&self.director, &format!("/cases/{case}/case-contacts"), form).expect(201)
    }
    fn case(&self, id: &str) -> Value {
        self.world.get(&self.director, &format!("/cases/{id}")).expect(200).body
    }
    fn found(&self, query: &str) -> usize {
        self.world.get(&self.director, &format!("/cases?{query}")).expect(200).items().len()
    }
}

#[test]
fn a_case_of_a_care_leaver_tells_its_first_stage_and_none_begins_with_monitoring() {
    let it = place();
    it.open(json!({"kind": "aftercare"})).refused(422, "field.missing");
    it.open(json!({"kind": "aftercare", "stage": "monitoring"})).refused(422, "case.stage_not_first");
    let opened = it.open(json!({"kind": "aftercare", "stage": "preparation"})).expect(201);
    assert_eq!(
        (&opened.body["stage"], &opened.body["stage_since"]),
        (&json!("preparation"), &json!(it.world.day(-30)))
    );
    assert_eq!((it.found("stage=preparation,monitoring"), it.found("stage=accompaniment")), (1, 0));
    assert_eq!((it.found("kind=aftercare"), it.found("kind=social")), (1, 0));
}

#[test]
fn a_family_is_not_accompanied_as_a_care_leaver() {
    let it = place();
    let mother = it.world.person(&it.director, json!({"given_name": "Анна", "birth_date": "1985-06-01"}));
    let family = it.world.family(&it.director, &[&mother]);
    let family = it.world.family_beneficiary(&it.director, &it.organization, &family);
    let order = json!({"beneficiary_id": family, "kind": "aftercare", "stage": "accompaniment"});
    it.open(order).refused(422, "case.kind_unsuited");
    assert_eq!(it.open(json!({"beneficiary_id": family})).expect(201).body["kind"], "social");
}

#[test]
fn legal_bases_are_edited_and_no_order_moves_a_stage() {
    let it = place();
    let paper = it.world.file(&it.director, "other");
    let basis = json!({"kind": "contract", "number": "17-с", "drawn_on": it.world.day(-20), "valid_until": it.world.day(300), "file_id": paper});
    let wrong = json!([
        {"kind": "contract", "drawn_on": it.world.day(1)},
        {"kind": "court", "drawn_on": it.world.day(-1), "valid_until": it.world.day(-2)},
    ]);
    let refused = it.open(json!({"legal_bases": wrong, "opened_on": it.world.day(1)})).expect(422);
    assert_eq!(refused.codes(), ["case.in_future", "case.basis_ends_early", "case.in_future"]);
    let case = it.open(json!({"legal_bases": [basis]})).expect(201);
    let path = format!("/cases/{}", case.id());
    assert_eq!(case.body["legal_bases"], json!([basis]));
    let moved = it.world.patch(&it.director, &path, &case.etag(), json!({"stage": "monitoring"}));
    moved.refused(422, "field.unknown");
    let kept = it.world.patch(&it.director, &path, &case.etag(), json!({})).expect(200);
    assert_eq!(kept.body["legal_bases"], json!([basis]));
    let edited = it.world.put(&it.director, &path, &kept.etag(), json!({"legal_bases": []})).expect(200);
    assert_eq!(edited.body["legal_bases"], json!([]));
    it.world.put(&it.director, &path, &case.etag(), json!({})).refused(412, "version.stale");
    let (other, stranger) = it.world.institution("Другой центр");
    let theirs = it.world.unit(&it.world.admin(), &other, json!({"name": "Отделение"})).id();
    let unit = json!({"unit_id": theirs});
    it.world.put(&it.director, &path, &edited.etag(), unit).refused(422, "field.reference");
    let gone = it.world.unit(&it.world.admin(), &it.organization, json!({"name": "Отделение"})).id();
    let annulment = json!({"reason": "Внесено по ошибке."});
    it.world.post(&it.world.admin(), &format!("/units/{gone}/annulment"), annulment).expect(200);
    it.world
        .put(&it.director, &path, &edited.etag(), json!({"unit_id": gone}))
        .refused(422, "field.reference");
    let foreign = json!({"legal_bases": [{"kind": "other", "drawn_on": it.world.day(-1), "file_id": it.world.file(&stranger, "other")}]});
    let refused = it.world.put(&it.director, &path, &edited.etag(), foreign).refused(422, "field.reference");
    assert_eq!(refused.body["errors"][0]["pointer"], "/legal_bases/0/file_id");
    it.close(&case.id(), json!({})).expect(200);
    let closed = it.world.get(&it.director, &path).expect(200).etag();
    it.world.put(&it.director, &path, &closed, json!({})).refused(409, "case.not_open");
}

#[test]
fn a_case_is_accompanied_by_a_unit_of_its_organization() {
    let it = place();
    let case = it.open(json!({})).expect(201);
    let form = json!({"name": "Отделение сопровождения"});
    let unit = it.world.unit(&it.world.admin(), &it.organization, form).id();
    let path = format!("/cases/{}", case.id());
    let edited = it.world.put(&it.director, &path, &case.etag(), json!({"unit_id": unit})).expect(200);
    assert_eq!(edited.body["unit_id"], json!(unit));
}

#[test]
fn a_closed_case_is_continued_in_the_stage_that_was_left_and_no_other() {
    let it = place();
    let first = it.open(json!({"kind": "aftercare", "stage": "hardship_help"})).expect(201).id();
    it.close(&first, json!({"reason": "moved", "closed_on": it.world.day(-1)})).expect(200);
    let otherwise = json!({"kind": "social", "stage": "accompaniment", "continues_id": first, "opened_on": it.world.day(-2)});
    let refused = it.open(otherwise).expect(422);
    let told = ["case.continued_otherwise", "case.continued_otherwise", "case.continued_early"];
    assert_eq!(refused.codes(), told);
    let next = it.open(json!({"continues_id": first, "opened_on": it.world.day(-1)})).expect(201);
    assert_eq!((&next.body["kind"], &next.body["stage"]), (&json!("aftercare"), &json!("hardship_help")));
    it.close(&next.id(), json!({"reason": "moved"})).expect(200);
    let again = json!({"continues_id": first, "opened_on": it.world.day(0)});
    it.open(again).refused(409, "case.continued_already");
    let boy = it.world.person(&it.director, json!({"given_name": "Пётр", "sex": "male"}));
    let boy = it.world.beneficiary(&it.director, &it.organization, &boy);
    let of_another = json!({"beneficiary_id": boy, "continues_id": next.id()});
    it.open(of_another).refused(422, "case.wrong_continuation");
    let open = it.open(json!({"beneficiary_id": boy})).expect(201).id();
    it.open(json!({"continues_id": open})).refused(422, "case.wrong_continuation");
}

#[test]
fn a_case_is_closed_no_earlier_than_its_last_record() {
    let it = place();
    let case = it.open(json!({})).expect(201).id();
    let contact = it.contact(&case, -2, false).id();
    let early = json!({"closed_on": it.world.day(-20)});
    it.close(&case, early.clone()).refused(409, "case.recorded_later");
    let annulment = json!({"reason": "Не тот случай."});
    it.world.post(&it.director, &format!("/case-contacts/{contact}/annulment"), annulment).expect(200);
    it.close(&case, early).expect(200);
}

#[test]
fn contact_is_due_by_the_stage_and_a_term_of_the_region_changes_it() {
    let it = place();
    let (world, case) = (&it.world, it.open(json!({})).expect(201).id());
    assert_eq!(it.case(&case)["contact_due_on"], json!(world.day(-16)));
    let due = || {
        let agenda = world.get(&it.director, "/me/agenda").expect(200).body;
        [&agenda["contacts_due"], &agenda["snapshots_due"]].map(|it| it.as_array().unwrap().len())
    };
    assert_eq!((due(), it.found("contact_overdue=true"), it.found("snapshot_overdue=true")), ([1, 0], 1, 0));
    it.contact(&case, -20, false);
    assert_eq!(due(), [1, 0], "an attempt that reached nobody moves nothing");
    let last = it.contact(&case, -14, true).id();
    let card = it.case(&case);
    assert_eq!(
        (&card["last_contact_on"], &card["contact_due_on"]),
        (&json!(world.day(-14)), &json!(world.day(0)))
    );
    assert_eq!(due(), [0, 0], "it is due today, and not yet overdue");
    let mine = world.get(&it.director, "/me/agenda?mine=true").expect(200);
    assert_eq!(mine.body["contacts_due"], json!([]));
    let term = json!({"kind": "contact_accompaniment", "effective_from": world.day(-1), "days": 7});
    world.post(&world.admin(), "/terms", term).expect(201);
    let term = json!({"kind": "snapshot_accompaniment", "effective_from": world.day(-1), "days": 20});
    world.post(&world.admin(), "/terms", term).expect(201);
    assert_eq!(due(), [1, 1]);
    let annulment = json!({"reason": "Не состоялся."});
    world.post(&it.director, &format!("/case-contacts/{last}/annulment"), annulment).expect(200);
    assert_eq!(it.case(&case)["contact_due_on"], json!(world.day(-23)));
    it.close(&case, json!({})).expect(200);
    assert_eq!((due(), it.found("contact_overdue=true"), it.found("contact_overdue=false")), ([0, 0], 0, 1));
    assert_eq!(it.case(&case).get("contact_due_on"), None);
}

#[test]
fn a_contract_about_housing_that_ends_soon_is_told_until_a_later_snapshot_tells_another_one() {
    let it = place();
    let (world, case) = (&it.world, it.open(json!({})).expect(201).id());
    let taken = |day: i64, members: Value| {
        let form = json!({"taken_on": world.day(day), "source": "visit", "in_touch": "yes"});
        world.post(&it.director, &format!("/cases/{case}/snapshots"), with(form, &members)).expect(201).id()
    };
    let rents = |until: i64| json!({"tenure": "special_rent", "contract_until": world.day(until)});
    let told = || {
        let agenda = world.get(&it.director, "/me/agenda").expect(200);
        let on_desk = agenda.body["housing_contracts_ending"].as_array().expect("cases").len();
        assert_eq!(on_desk, it.found("housing_contract_ending=true"));
        assert_eq!(on_desk, 1 - it.found("housing_contract_ending=false"));
        (on_desk, it.case(&case)["housing_contract_until"].clone())
    };
    assert_eq!(told(), (0, Value::Null));
    taken(-20, rents(121));
    assert_eq!(told(), (0, json!(world.day(121))), "in 121 days");
    taken(-19, rents(120));
    assert_eq!(told(), (1, json!(world.day(120))));
    let term = json!({"kind": "housing_contract", "effective_from": world.day(-1), "days": 60});
    world.post(&world.admin(), "/terms", term).expect(201);
    assert_eq!(told().0, 0);
    taken(-10, rents(-1));
    assert_eq!(told().0, 1, "it has ended");
    taken(-15, rents(300));
    taken(-5, json!({"in_touch": "unreachable"}));
    assert_eq!(told(), (1, json!(world.day(-1))), "neither is the last one of a person in touch");
    let own = taken(-4, json!({"tenure": "own"}));
    assert_eq!(told(), (0, Value::Null));
    let annulment = json!({"reason": "Не тот случай."});
    world.post(&it.director, &format!("/snapshots/{own}/annulment"), annulment).expect(200);
    assert_eq!(told().0, 1);
    it.close(&case, json!({})).expect(200);
    assert_eq!(told().0, 0);
}

#[test]
fn a_case_of_a_care_leaver_without_a_primary_consilium_is_told_after_the_days_of_the_region() {
    let it = place();
    let found = || (it.found("primary_consilium_overdue=true"), it.found("primary_consilium_overdue=false"));
    let prepared = json!({"kind": "aftercare", "stage": "preparation", "opened_on": it.world.day(-90)});
    let prepared = it.open(prepared).expect(201).id();
    assert_eq!((found(), it.case(&prepared).get("primary_consilium_due_on")), ((0, 1), None));
    it.close(&prepared, json!({"reason": "moved", "closed_on": it.world.day(-40)})).expect(200);
    let entered = json!({"kind": "aftercare", "stage": "accompaniment", "opened_on": it.world.day(-31)});
    let entered = it.open(entered).expect(201).id();
    assert_eq!(it.case(&entered)["primary_consilium_due_on"], json!(it.world.day(-1)));
    assert_eq!(found(), (1, 1));
    let term = json!({"kind": "primary_consilium", "effective_from": it.world.day(-1), "days": 31});
    it.world.post(&it.world.admin(), "/terms", term).expect(201);
    assert_eq!(it.case(&entered)["primary_consilium_due_on"], json!(it.world.day(0)));
    assert_eq!(found(), (0, 2), "it is due today, and not yet overdue");
    it.close(&entered, json!({"reason": "moved"})).expect(200);
    let continued = json!({"continues_id": entered, "opened_on": it.world.day(0)});
    let continued = it.open(continued).expect(201);
    assert_eq!(continued.body.get("primary_consilium_due_on"), None, "the former case was asked");
}

#[test]
fn contact_is_lost_after_three_attempts_and_a_refusal_needs_its_paper() {
    let it = place();
    let case = it.open(json!({"opened_on": it.world.day(-90)})).expect(201).id();
    let unreachable = json!({"reason": "unreachable"});
    for day in [-70, -40, -30] {
        it.contact(&case, day, false);
    }
    it.close(&case, unreachable.clone()).refused(409, "case.contact_attempts_few");
    let path = format!("/cases/{case}");
    let close = it.world.get(&it.director, &path).expect(200);
    let takes = close.action("close").expect("a closing")["takes"].to_string();
    assert!(!takes.contains("unreachable"), "{takes}");
    it.contact(&case, -10, false);
    it.close(&case, json!({"reason": "refused"})).refused(422, "case.refusal_paper");
    for day in [-5, -5, -5] {
        it.contact(&case, day, false);
    }
    it.contact(&case, -5, true);
    // Attempts of the day on which somebody was reached lost nothing.
    it.close(&case, unreachable.clone()).refused(409, "case.contact_attempts_few");
    let paper = it.world.file(&it.director, "other");
    let refused = it.close(&case, json!({"reason": "refused", "file_id": paper})).expect(200);
    assert_eq!(refused.body["closing_file_id"], json!(paper));
    let again = it.open(json!({"opened_on": it.world.day(0), "continues_id": case})).expect(201).id();
    for _ in 0..3 {
        it.contact(&again, 0, false);
    }
    it.close(&again, unreachable).expect(200);
}
