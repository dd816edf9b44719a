//! Assessments by scales: before and after, readiness, and what each role sees of them.
use super::{Place, place};
use serde_json::{Value, json};
use tests::pairs::at_once;
use tests::{Account, Reply, World, with};

const CONCLUSION: &str = "Вывод-Х";

/// The latest edition of a scale.
pub(super) fn scale(world: &World, code: &str) -> Value {
    world.get(&world.admin(), &format!("/scales?code={code}")).expect(200).items()[0].clone()
}

/// Answers to all items of a scale, each with this value.
fn answers(scale: &Value, value: i64) -> Value {
    let domains = scale["domains"].as_array().unwrap().iter();
    let items = domains.flat_map(|it| it["items"].as_array().unwrap());
    items.map(|it| json!({"item": it["code"], "value": value})).collect()
}

impl Place {
    fn assessments(&self) -> String {
        format!("/beneficiaries/{}/assessments", self.beneficiary)
    }
    pub(super) fn form(&self, scale: &Value, value: i64, members: Value) -> Value {
        let form = json!({"scale_id": scale["id"], "rater": "specialist", "point": "before",
            "assessed_on": self.world.day(-40), "answers": answers(scale, value)});
        with(form, &members)
    }
    pub(super) fn start(&self, who: &Account, form: Value) -> Reply {
        self.world.post(who, &self.assessments(), form)
    }
    pub(super) fn end_draft(&self, who: &Account, id: &str) -> Reply {
        self.world.post(who, &format!("/assessments/{id}/completion"), json!({}))
    }
    /// A completed assessment.
    fn completed(&self, scale: &Value, value: i64, members: Value) -> Reply {
        let id = self.start(&self.director, self.form(scale, value, members)).expect(201).id();
        self.end_draft(&self.director, &id).expect(200)
    }
    fn readiness(&self, who: &Account) -> Reply {
        self.world.get(who, &format!("/beneficiaries/{}/readiness", self.beneficiary))
    }
}

#[test]
fn a_region_has_scales_that_all_read_and_an_administrator_adds() {
    let it = place();
    let world = &it.world;
    let listed = world.get(&it.director, "/scales?kind=readiness").expect(200);
    assert_eq!(listed.items()[0]["domains"].as_array().unwrap().len(), 8);
    let sdq = scale(world, "sdq");
    assert_eq!((&sdq["licensed"], sdq["domains"][0].get("items")), (&json!(true), None));
    let mut form = json!({"code": "own-scale", "name": "Своя шкала", "kind": "skills", "effective_from": world.day(0), "raters": ["specialist"],
        "domains": [{"code": "one", "label_ru": "Один", "items": [{"code": "aa", "label_ru": "Умеет", "range": {"min": 1, "max": 5}}]}],
        "rule": "sum", "higher_is_better": true, "min_answered_percent": 100, "licensed": false});
    let added = world.post(&world.admin(), "/scales", form.clone()).expect(201);
    world.put(&world.admin(), &format!("/scales/{}", added.id()), &added.etag(), form.clone()).expect(405);
    world.post(&it.director, "/scales", form.clone()).expect(403);
    form["licensed"] = json!(true);
    let refused = world.post(&world.admin(), "/scales", form.clone()).expect(422);
    assert_eq!(refused.codes(), ["field.missing", "scale.licensed_items", "field.missing"]);
    form["licensed"] = json!(false);
    form["levels"] = json!([{"from_percent": 10, "code": "low", "label_ru": "низкий"}]);
    form["domains"][0]["items"][0]["range"] = json!({"min": 5, "max": 5});
    let item = form["domains"][0]["items"][0].clone();
    form["domains"][0]["items"] = json!([item, item]);
    let refused = world.post(&world.admin(), "/scales", form).expect(422);
    let codes = ["scale.empty_range", "scale.repeated", "scale.empty_range", "scale.levels"];
    assert_eq!(refused.codes(), codes);
}

#[test]
fn before_and_after_of_inclusion_are_compared_by_domain() {
    let it = place();
    let inclusion = scale(&it.world, "social-inclusion");
    let before = it.completed(&inclusion, 2, json!({}));
    it.completed(&inclusion, 5, json!({"point": "interim", "assessed_on": it.world.day(-20)}));
    let after = it.completed(&inclusion, 4, json!({"point": "after", "assessed_on": it.world.day(-1)}));
    it.completed(&inclusion, 1, json!({"rater": "psychologist"}));
    let path = format!("/beneficiaries/{}/assessment-comparison", it.beneficiary);
    it.world.get(&it.director, &path).refused(422, "field.missing");
    let told = it.world.get(&it.director, &format!("{path}?scale=social-inclusion")).expect(200);
    let raters = told.body["raters"].as_array().unwrap();
    assert_eq!(raters.len(), 1, "a psychologist who has not looked again compares nothing");
    let total = &raters[0]["total"];
    assert_eq!(
        (&total["before"], &total["after"], &total["change"]),
        (&json!(2.0), &json!(4.0), &json!(2.0))
    );
    assert_eq!((&total["is_better"], &total["is_rescaled"]), (&json!(true), &json!(false)));
    assert_eq!(raters[0]["domains"][0]["domain"], "participation");
    assert_eq!(raters[0]["before_assessment_id"], before.body["id"]);
    let annulment = json!({"reason": "Не тот человек."});
    let annulled = format!("/assessments/{}/annulment", after.id());
    it.world.post(&it.director, &annulled, annulment.clone()).expect(200);
    it.world.post(&it.director, &annulled, annulment).refused(409, "entry.annulled");
    let told = it.world.get(&it.director, &format!("{path}?scale=social-inclusion")).expect(200);
    assert_eq!(told.body["raters"], json!([]));
    let listed =
        |query: &str| it.world.get(&it.director, &format!("{}{query}", it.assessments())).expect(200);
    assert_eq!((listed("").items().len(), listed("?annulled=true").items().len()), (3, 1));
    assert_eq!(
        (listed("?kind=inclusion").items().len(), listed("?kind=family,skills").items().len()),
        (3, 0)
    );
}

#[test]
fn social_competence_is_measured_before_and_after() {
    let it = place();
    let competence = scale(&it.world, "social-competence");
    it.completed(&competence, 2, json!({}));
    it.completed(&competence, 4, json!({"point": "after", "assessed_on": it.world.day(-1)}));
    let path = format!("/beneficiaries/{}/assessment-comparison?scale=social-competence", it.beneficiary);
    let told = it.world.get(&it.director, &path).expect(200);
    let total = &told.body["raters"][0]["total"];
    assert_eq!((&total["change"], &total["is_better"]), (&json!(2.0), &json!(true)));
    assert_eq!(told.body["raters"][0]["domains"][0]["domain"], "communication");
}

#[test]
fn a_draft_is_edited_and_completed_once_and_then_never_changes() {
    let it = place();
    let (world, potential) = (&it.world, scale(&it.world, "rehabilitation-potential"));
    let few = it.form(
        &potential,
        3,
        json!({"answers": [{"item": "personal-1", "value": 3}], "conclusion": CONCLUSION}),
    );
    let draft = it.start(&it.director, few.clone()).expect(201);
    let path = format!("/assessments/{}", draft.id());
    assert_eq!((&draft.body["state"], draft.body.get("scores")), (&json!("draft"), None));
    assert_eq!(draft.actions(), json!(["edit", "complete", "annul"]));
    let refused = it.end_draft(&it.director, &draft.id()).refused(422, "assessment.incomplete");
    assert_eq!(refused.codes().len(), 3);
    let whole = it.form(&potential, 3, json!({"conclusion": CONCLUSION}));
    world.put(&it.director, &path, "\"7\"", whole.clone()).expect(412);
    let edited = world.put(&it.director, &path, &draft.etag(), whole).expect(200);
    world.patch(&it.director, &path, &edited.etag(), json!({"point": "interim"})).expect(200);
    let done = it.end_draft(&it.director, &draft.id()).expect(200);
    assert_eq!(
        (&done.body["scores"]["total"]["score"], &done.body["state"]),
        (&json!(3.0), &json!("completed"))
    );
    assert_eq!(done.body["scores"]["total"]["level"], "partial");
    it.end_draft(&it.director, &draft.id()).refused(409, "assessment.completed");
    world.put(&it.director, &path, &done.etag(), few).refused(409, "assessment.completed");
    let history = world.get(&it.director, &format!("{path}/history")).expect(200);
    assert_eq!(history.items().len(), 4);
    assert!(!history.text.contains(CONCLUSION));
}

#[test]
fn everything_wrong_with_an_assessment_is_told_at_once() {
    let it = place();
    let own = scale(&it.world, "social-capital");
    let wrong = it.form(
        &own,
        1,
        json!({"rater": "outside", "assessed_on": it.world.day(1),
        "answers": [{"item": "ties-1", "value": 9}, {"item": "nothing", "value": 1}]}),
    );
    let refused = it.start(&it.director, wrong).expect(422);
    let codes = ["assessment.in_future", "assessment.rater", "assessment.answer", "assessment.answer"];
    assert_eq!(refused.codes(), codes);
    let unborn = it.form(&own, 1, json!({"assessed_on": "1900-01-01"}));
    let refused = it.start(&it.director, unborn).expect(422);
    assert_eq!(refused.codes(), ["life.before_birth", "assessment.scale_not_in_force"]);
    let nothing = it.form(&own, 1, json!({"scale_id": it.beneficiary}));
    it.start(&it.director, nothing).refused(422, "field.reference");
    let kept = it.start(&it.director, it.form(&own, 1, json!({}))).expect(201).id();
    let annulment = json!({"reason": "Ошибка в пунктах."});
    it.world
        .post(&it.world.admin(), &format!("/scales/{}/annulment", own["id"].as_str().unwrap()), annulment)
        .expect(200);
    it.start(&it.director, it.form(&own, 1, json!({}))).refused(422, "assessment.scale_not_in_force");
    it.end_draft(&it.director, &kept).refused(422, "assessment.scale_not_in_force");
}

#[test]
fn an_assessment_is_made_with_the_edition_that_was_in_force_on_its_day() {
    let it = place();
    let (world, old) = (&it.world, scale(&it.world, "social-capital"));
    let draft = it.start(&it.director, it.form(&old, 2, json!({}))).expect(201);
    let mut form = json!({"effective_from": world.day(-20)});
    let kept = "code name kind raters domains rule higher_is_better min_answered_percent licensed";
    for name in kept.split(' ') {
        form[name] = old[name].clone();
    }
    let new = world.post(&world.admin(), "/scales", form).expect(201);
    let start = |scale: &Value, days: i64| {
        it.start(&it.director, it.form(scale, 2, json!({"assessed_on": world.day(days)})))
    };
    for (scale, days) in [(&old, -20), (&old, 0), (&new.body, -21)] {
        let refused = start(scale, days).refused(422, "assessment.scale_not_in_force");
        assert_eq!(refused.pointers(), ["/scale_id"]);
    }
    start(&new.body, 0).expect(201);
    start(&old, -21).expect(201);
    let later = json!({"assessed_on": world.day(-1)});
    let path = format!("/assessments/{}", draft.id());
    let edited = world.patch(&it.director, &path, &draft.etag(), later);
    edited.refused(422, "assessment.scale_not_in_force");
    it.end_draft(&it.director, &draft.id()).expect(200);
    let annulment = json!({"reason": "Ошибка в пунктах."});
    world.post(&world.admin(), &format!("/scales/{}/annulment", new.id()), annulment).expect(200);
    start(&old, 0).expect(201);
}

#[test]
fn a_readiness_result_of_a_specialist_holds_for_its_term() {
    let mut it = place();
    let readiness = scale(&it.world, "readiness");
    let none = it.readiness(&it.director).expect(200);
    assert_eq!(none.body.get("assessment_id"), None);
    let own = it.completed(&readiness, 5, json!({"rater": "self"}));
    assert_eq!(own.body.get("valid_until"), None);
    let result = it.completed(&readiness, 4, json!({"assessed_on": it.world.day(0)}));
    assert_eq!(result.body["valid_until"], json!(it.world.day(180)));
    let told = it.readiness(&it.director).expect(200);
    assert_eq!(told.body["assessment_id"], result.body["id"]);
    let name = format!("готовность к самостоятельной жизни, {}", it.world.day(0));
    assert_eq!(told.body["assessment_name"], json!(name));
    assert_eq!(told.body["self_scores"]["total"]["percent"], 100);
    let term = json!({"kind": "readiness_valid", "effective_from": it.world.day(0), "days": 30});
    it.world.post(&it.world.admin(), "/terms", term).expect(201);
    it.world.advance_days(30);
    it.director = it.world.again(&it.director);
    assert_eq!(it.readiness(&it.director).expect(200).body["assessment_id"], result.body["id"]);
    it.world.advance_days(1);
    it.director = it.world.again(&it.director);
    assert_eq!(it.readiness(&it.director).expect(200).body.get("assessment_id"), None);
}

#[test]
fn a_beneficiary_rates_themselves_and_reads_no_words_about_them() {
    let it = place();
    let world = &it.world;
    let readiness = scale(world, "readiness");
    let mentee = world.account("mentee", json!([{"role": "mentee"}]), Some(&it.girl));
    it.start(&mentee, it.form(&readiness, 5, json!({}))).refused(422, "assessment.rater");
    let own = it
        .start(&mentee, it.form(&readiness, 5, json!({"rater": "self", "conclusion": "Сама."})))
        .expect(201);
    it.end_draft(&mentee, &own.id()).expect(200);
    let draft =
        it.start(&it.director, it.form(&readiness, 2, json!({"conclusion": CONCLUSION}))).expect(201).id();
    let path = format!("/assessments/{draft}");
    world.get(&mentee, &path).expect(404);
    it.end_draft(&it.director, &draft).expect(200);
    let seen = world.get(&mentee, &path).expect(200);
    assert!(seen.body["scores"].is_object() && seen.body.get("answers").is_none());
    let listed = world.get(&mentee, &it.assessments()).expect(200);
    assert_eq!((listed.items().len(), listed.text.contains(CONCLUSION)), (2, false));
    assert_eq!(listed.items()[1]["conclusion"], "Сама.");
    it.end_draft(&mentee, &draft).expect(403);
    assert!(it.readiness(&mentee).expect(200).body["scores"].is_object());
}

#[test]
fn a_mentor_makes_assessments_of_the_own_mentee_and_sees_no_others() {
    let (world, pair) = World::paired();
    world.active(&pair);
    let account = world.mentor_account("mentor", &pair);
    let it = Place {
        organization: pair.organization.clone(),
        director: pair.director.clone(),
        girl: pair.person.clone(),
        beneficiary: pair.beneficiary.clone(),
        world,
    };
    let capital = scale(&it.world, "social-capital");
    it.completed(&capital, 2, json!({"conclusion": CONCLUSION}));
    it.start(&account, it.form(&capital, 3, json!({}))).refused(422, "assessment.rater");
    let own = it.start(&account, it.form(&capital, 3, json!({"rater": "mentor"}))).expect(201).id();
    it.end_draft(&account, &own).expect(200);
    let listed = it.world.get(&account, &it.assessments()).expect(200);
    assert_eq!(listed.ids(), [own]);
    it.readiness(&account).expect(404);
    let path = format!("/beneficiaries/{}/assessment-comparison?scale=social-capital", it.beneficiary);
    assert_eq!(it.world.get(&account, &path).expect(200).body["raters"], json!([]));
    let stranger =
        it.world.account("other", json!([{"role": "mentor"}]), Some(&it.world.resident(&it.director)));
    it.world.get(&stranger, &it.assessments()).expect(404);
}

#[test]
fn a_director_who_is_the_beneficiary_reads_as_the_beneficiary() {
    let it = place();
    let both = it.world.director_and("both", &it.organization, "mentee", &it.girl);
    let capital = scale(&it.world, "social-capital");
    let other = it.completed(&capital, 2, json!({"conclusion": CONCLUSION}));
    let seen = it.world.get(&both, &format!("/assessments/{}", other.id())).expect(200);
    assert!(seen.body["scores"].is_object() && seen.body.get("answers").is_none(), "{}", seen.text);
    assert!(!seen.text.contains(CONCLUSION));
    it.start(&both, it.form(&capital, 5, json!({}))).refused(422, "assessment.rater");
    let annulment = json!({"reason": "Не согласна."});
    let annulled = format!("/assessments/{}/annulment", other.id());
    it.world.post(&both, &annulled, annulment).refused(403, "access.own");
}

#[test]
fn another_institution_neither_reads_nor_makes_assessments() {
    let it = place();
    let capital = scale(&it.world, "social-capital");
    let own = it.completed(&capital, 2, json!({})).id();
    let (_, stranger) = it.world.institution("Чужой центр");
    it.world.get(&stranger, &it.assessments()).expect(404);
    it.world.get(&stranger, &format!("/assessments/{own}")).expect(404);
    it.start(&stranger, it.form(&capital, 2, json!({}))).expect(404);
    it.end_draft(&stranger, &own).expect(404);
    it.readiness(&stranger).expect(404);
    let analyst = it.world.account("analyst", json!([{"role": "analyst"}]), None);
    it.world.get(&analyst, &it.assessments()).expect(404);
    it.world.get(&analyst, "/scales").expect(200);
}

#[test]
fn twenty_completions_of_an_assessment_at_once_complete_it_once() {
    let it = place();
    let capital = scale(&it.world, "social-capital");
    let id = it.start(&it.director, it.form(&capital, 2, json!({}))).expect(201).id();
    let replies = at_once(20, |_| it.end_draft(&it.director, &id));
    let count = |status, code: &str| replies.iter().filter(|it| it.0 == status && it.1 == code).count();
    assert_eq!((count(200, ""), count(409, "assessment.completed")), (1, 19), "{replies:?}");
    let card = it.world.get(&it.director, &format!("/assessments/{id}")).expect(200);
    assert_eq!(card.body["version"], 2);
}
