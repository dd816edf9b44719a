//! Programmes of independent living: the region's and those of organizations, enrolments, encounters with work.
use super::{Place, place};
use serde_json::{Value, json};
use tests::pairs::at_once;
use tests::{Account, Reply, with};

impl Place {
    fn issue(&self, who: &Account, members: Value) -> Reply {
        let form = json!({"effective_from": self.world.day(0), "name": "Подготовка", "organization_id": self.organization});
        self.world.post(who, "/living-programmes", with(form, &members))
    }
    /// The edition of the region that is in force.
    fn regional(&self) -> Value {
        self.world.get(&self.director, "/living-programmes?regional=true").expect(200).items()[0].clone()
    }
    fn enrolments(&self) -> String {
        format!("/beneficiaries/{}/living-enrolments", self.beneficiary)
    }
    fn enrol(&self, who: &Account, programme: &Value, members: Value) -> Reply {
        let form = json!({"programme_id": programme, "starts_on": self.world.day(0)});
        self.world.post(who, &self.enrolments(), with(form, &members))
    }
    fn record(&self, enrolment: &str, module: &str, members: Value) -> Reply {
        let order = json!({"module_code": module, "state": "passed", "on": self.world.day(0), "hours": 24, "result": "Справляется."});
        let path = format!("/living-enrolments/{enrolment}/module-results");
        self.world.post(&self.director, &path, with(order, &members))
    }
}

fn module(code: &str, members: Value) -> Value {
    let form = json!({"code": code, "name": "Огород", "domain": "household", "min_hours": 12, "min_age": 14, "outcome": "Выращивает овощи."});
    with(form, &members)
}

#[test]
fn an_organization_adapts_the_programme_of_the_region_and_takes_nothing_away() {
    let it = place();
    let local =
        json!({"modules": [module("garden", json!({}))], "hours": [{"module_code": "money", "hours": 24}]});
    let own = it.issue(&it.director, local).expect(201);
    let modules = own.body["modules"].as_array().unwrap();
    assert_eq!(modules.len(), it.regional()["modules"].as_array().unwrap().len() + 1);
    assert_eq!(own.body["regional_name"], "Подготовка к самостоятельной жизни");
    let money = modules.iter().find(|it| it["code"] == "money").unwrap();
    assert_eq!((&money["hours"], &money["mandatory"]), (&json!(24), &json!(true)));
    let taken = json!({"modules": [module("law", json!({})), module("garden", json!({"mandatory": true})), module("garden", json!({}))],
        "hours": [{"module_code": "money", "hours": 15}, {"module_code": "nothing", "hours": 15}]});
    let refused = it.issue(&it.director, taken).expect(422);
    let codes = [
        "living_programme.mandatory_code",
        "living_programme.local_mandatory",
        "living_programme.repeated",
        "living_programme.hours_reduced",
        "living_programme.unknown_module",
    ];
    assert_eq!(refused.codes(), codes);
    it.issue(&it.director, json!({"effective_from": it.world.day(-1)}))
        .refused(422, "living_programme.before_previous");
    it.issue(&it.director, json!({"effective_from": "2020-01-01"})).expect(422);
    let specialist = it.world.staff("support_specialist", &it.organization);
    it.issue(&specialist, json!({})).expect(403);
    let (_, stranger) = it.world.institution("Чужой центр");
    it.issue(&stranger, json!({})).refused(422, "field.reference");
    let path = format!("/living-programmes/{}", own.id());
    assert_eq!(it.world.get(&stranger, &path).expect(200).body["id"], own.body["id"]);
    let listed = it
        .world
        .get(&stranger, &format!("/living-programmes?organization_id={}", it.organization))
        .expect(200);
    assert_eq!(listed.items().len(), 1);
    let early = json!({"effective_from": "2020-01-01", "organization_id": it.world.ngo("Доброе дело")});
    it.issue(&it.world.admin(), early).refused(422, "living_programme.no_regional");
}

#[test]
fn the_programme_of_the_region_is_its_administrators_and_those_enrolled_keep_their_edition() {
    let it = place();
    let old = it.regional();
    let enrolment = it.enrol(&it.director, &old["id"], json!({})).expect(201);
    assert_eq!(enrolment.body["progress"], json!({"mandatory": 8, "done": 0}));
    let regional = |modules: Value| json!({"effective_from": it.world.day(0), "name": "Новая подготовка", "modules": modules});
    let new = regional(json!([module("driving", json!({"mandatory": true}))]));
    it.world.post(&it.director, "/living-programmes", new.clone()).refused(422, "field.missing");
    let hours = with(new.clone(), &json!({"hours": [{"module_code": "driving", "hours": 20}]}));
    it.world.post(&it.world.admin(), "/living-programmes", hours).refused(422, "field.combination");
    it.world.post(&it.world.admin(), "/living-programmes", regional(json!([]))).refused(422, "field.missing");
    let own = it.issue(&it.director, json!({})).expect(201);
    let new = it.world.post(&it.world.admin(), "/living-programmes", new).expect(201);
    let kept = it.world.get(&it.director, &format!("/living-enrolments/{}", enrolment.id())).expect(200);
    assert_eq!((&kept.body["programme_id"], &kept.body["progress"]["mandatory"]), (&old["id"], &json!(8)));
    let boy = it.world.person(&it.director, json!({"given_name": "Пётр", "sex": "male"}));
    let it = Place { beneficiary: it.world.beneficiary(&it.director, &it.organization, &boy), ..it };
    for outdated in [&old["id"], &own.body["id"]] {
        it.enrol(&it.director, outdated, json!({})).refused(422, "living_enrolment.programme");
    }
    let enrolled = it.enrol(&it.director, &new.body["id"], json!({})).expect(201);
    assert_eq!(enrolled.body["modules"][0]["code"], "driving");
}

#[test]
fn a_person_of_age_is_enrolled_and_a_family_is_not() {
    let it = place();
    let programme = &it.regional()["id"];
    it.enrol(&it.director, programme, json!({"starts_on": "2024-04-16"}))
        .refused(422, "living_enrolment.age");
    it.enrol(&it.director, programme, json!({"starts_on": it.world.day(1)}))
        .refused(422, "living_enrolment.day");
    let early = json!({"planned_end_on": it.world.day(-1)});
    it.enrol(&it.director, programme, early).refused(422, "field.combination");
    it.enrol(&it.director, &json!(it.beneficiary), json!({})).refused(422, "field.reference");
    it.enrol(&it.director, programme, json!({"starts_on": "1900-01-01"})).refused(422, "life.before_birth");
    let (_, stranger) = it.world.institution("Чужой центр");
    it.enrol(&stranger, programme, json!({})).expect(404);
    let family = it.world.family(&it.director, &[]);
    let family = it.world.family_beneficiary(&it.director, &it.organization, &family);
    let of_family = format!("/beneficiaries/{family}/living-enrolments");
    let form = json!({"programme_id": programme, "starts_on": it.world.day(0)});
    it.world.post(&it.director, &of_family, form).refused(422, "living_enrolment.age");
    it.enrol(&it.director, programme, json!({})).expect(201);
    it.enrol(&it.director, programme, json!({})).refused(409, "living_enrolment.already");
}

#[test]
fn a_programme_is_completed_when_all_mandatory_modules_are_done() {
    let place = place();
    let born = place.world.today() - chrono::Months::new(17 * 12);
    let girl = place.world.person(&place.director, json!({"given_name": "Вера", "birth_date": born}));
    let it = Place {
        beneficiary: place.world.beneficiary(&place.director, &place.organization, &girl),
        girl,
        ..place
    };
    let enrolment = it.enrol(&it.director, &it.regional()["id"], json!({})).expect(201).id();
    let path = format!("/living-enrolments/{enrolment}");
    it.record(&enrolment, "law", json!({"hours": 15})).refused(422, "living_module.hours_short");
    it.record(&enrolment, "nothing", json!({})).refused(422, "living_module.unknown");
    it.record(&enrolment, "law", json!({"state": "waived"})).refused(409, "living_module.not_waivable");
    it.record(&enrolment, "law", json!({"state": "not_started"})).expect(422);
    it.record(&enrolment, "law", json!({"on": it.world.day(-1)})).refused(422, "living_enrolment.day");
    let silent = json!({"module_code": "law", "state": "credited", "on": it.world.day(0)});
    it.world.post(&it.director, &format!("{path}/module-results"), silent).refused(422, "field.missing");
    for code in ["household", "money", "housing", "health", "study-work", "law", "relations"] {
        it.record(&enrolment, code, json!({})).expect(200);
    }
    let order = json!({"completed_on": it.world.day(0)});
    let open = it.world.post(&it.director, &format!("{path}/completion"), order.clone());
    let open = open.refused(409, "living_enrolment.modules_open");
    assert!(open.text.contains("self-reliance") && !open.text.contains("household"), "{}", open.text);
    let told = it.world.get(&it.director, &path).expect(200);
    assert_eq!(told.action("complete").unwrap()["blocked_by"], json!(["living_enrolment.modules_open"]));
    it.record(&enrolment, "self-reliance", json!({"state": "credited"})).expect(200);
    let done = it.world.post(&it.director, &format!("{path}/completion"), order).expect(200);
    assert_eq!((&done.body["state"], &done.body["progress"]["done"]), (&json!("completed"), &json!(8)));
    assert_eq!(done.actions(), json!([]));
    it.record(&enrolment, "law", json!({})).refused(409, "living_enrolment.not_running");
    let history = it.world.get(&it.director, &format!("{path}/history")).expect(200);
    assert!(history.text.contains("self-reliance") && !history.text.contains("Справляется"));
    let mentee = it.world.account("mentee", json!([{"role": "mentee"}]), Some(&it.girl));
    let own = it.world.get(&mentee, &it.enrolments()).expect(200);
    assert_eq!(own.items()[0]["modules"][0]["result"], "Справляется.");
    it.enrol(&mentee, &it.regional()["id"], json!({})).expect(403);
}

#[test]
fn an_enrolment_ends_with_its_reason_or_with_a_death() {
    let it = place();
    let programme = &it.regional()["id"];
    let enrolment = it.enrol(&it.director, programme, json!({})).expect(201).id();
    it.record(&enrolment, "housing", json!({})).refused(422, "living_enrolment.age");
    let end =
        |order: Value| it.world.post(&it.director, &format!("/living-enrolments/{enrolment}/ending"), order);
    end(json!({"reason": "other", "ended_on": it.world.day(0)})).refused(422, "field.missing");
    end(json!({"reason": "died", "ended_on": it.world.day(0)})).expect(422);
    end(json!({"reason": "moved", "ended_on": it.world.day(1)})).refused(422, "living_enrolment.day");
    let ended = end(json!({"reason": "other", "note": "Призван.", "ended_on": it.world.day(0)})).expect(200);
    assert_eq!((&ended.body["state"], &ended.body["end_note"]), (&json!("ended"), &json!("Призван.")));
    end(json!({"reason": "moved", "ended_on": it.world.day(0)})).refused(409, "living_enrolment.not_running");
    let again = it.enrol(&it.director, programme, json!({})).expect(201).id();
    it.world.die(&it.director, &it.girl, 0).expect(200);
    let over = it.world.get(&it.director, &format!("/living-enrolments/{again}")).expect(200);
    assert_eq!(over.body["end_reason"], "died");
    it.enrol(&it.director, programme, json!({})).refused(409, "person.dead");
    let listed =
        |query: &str| it.world.get(&it.director, &format!("{}?running={query}", it.enrolments())).expect(200);
    assert_eq!((listed("true").items().len(), listed("false").items().len()), (0, 2));
}

#[test]
fn twenty_enrolments_at_once_leave_one() {
    let it = place();
    let programme = &it.regional()["id"];
    let replies = at_once(20, |_| it.enrol(&it.director, programme, json!({})));
    let count = |status, code: &str| replies.iter().filter(|it| it.0 == status && it.1 == code).count();
    assert_eq!((count(201, ""), count(409, "living_enrolment.already")), (1, 19), "{replies:?}");
    assert_eq!(it.world.get(&it.director, &it.enrolments()).expect(200).items().len(), 1);
}

#[test]
fn an_encounter_with_work_is_on_record_of_the_beneficiary() {
    let it = place();
    let path = format!("/beneficiaries/{}/career-activities", it.beneficiary);
    let form = json!({"kind": "excursion", "name": "Хлебозавод", "held_on": it.world.day(-3), "hours": 3, "result": "Понравилось."});
    let added = it.world.post(&it.director, &path, form).expect(201);
    assert_eq!(added.body["result"], "Понравилось.");
    let late = json!({"kind": "trial", "name": "Проба", "held_on": it.world.day(1)});
    it.world.post(&it.director, &path, late).refused(422, "life.in_future");
    assert_eq!(it.world.get(&it.director, &format!("{path}?kind=excursion")).expect(200).items().len(), 1);
    let (_, stranger) = it.world.institution("Чужой центр");
    it.world.get(&stranger, &path).expect(404);
}
