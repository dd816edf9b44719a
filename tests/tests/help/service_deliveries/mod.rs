//! Deliveries of services: by a standard in force, for whom it is, by whom it admits.
mod contributions;

use super::needs::{Scene, scene};
use super::service_standards::{drafted, introduced, step};
use serde_json::{Value, json};
use tests::{Reply, with};

impl Scene {
    fn deliver(&self, standard: &str, members: Value) -> Reply {
        let form = json!({"standard_id": standard, "provider_organization_id": self.organization,
            "delivered_on": self.world.day(-2), "volume": 1, "minutes": 60});
        self.world.post(&self.director, &self.of_case("service-deliveries"), with(form, &members))
    }
    fn shipped(&self, code: &str) -> String {
        let found = self.world.get(&self.director, &format!("/service-standards?code={code}")).expect(200);
        Reply::id_of(&found.items()[0])
    }
}

#[test]
fn several_providers_deliver_in_one_case_and_answer_its_needs() {
    let it = scene();
    let (standard, fund) = (it.shipped("hardship-help"), it.world.ngo("Берег"));
    let need = it.need(json!({}));
    it.deliver(&standard, json!({"need_ids": [need], "result": "Помогли с заявлением."})).expect(201);
    it.deliver(&standard, json!({"provider_organization_id": fund, "delivered_on": it.world.day(-1)}))
        .expect(201);
    let outside = json!({"provider_organization_id": null, "provider_text": "Служба «Круг»", "provider_kind": "ngo",
        "delivered_on": it.world.day(0)});
    it.deliver(&standard, outside).expect(201);
    let all = it.world.get(&it.director, &it.of_case("service-deliveries")).expect(200);
    assert_eq!(all.items().len(), 3);
    let (third, first) = (&all.items()[0], &all.items()[2]);
    assert_eq!(
        (&third["provider_text"], third.get("provider_organization_id")),
        (&json!("Служба «Круг»"), None)
    );
    assert_eq!((&first["need_ids"], &first["result"]), (&json!([need]), &json!("Помогли с заявлением.")));
    let by = |query: &str| {
        it.world
            .get(&it.director, &it.of_case(&format!("service-deliveries?{query}")))
            .expect(200)
            .items()
            .len()
    };
    assert_eq!(
        (by(&format!("provider_organization_id={fund}")), by(&format!("standard_id={standard}"))),
        (1, 3)
    );
}

#[test]
fn nobody_delivers_by_a_draft_a_retired_a_later_or_a_replaced_standard() {
    let it = scene();
    let (world, admin) = (&it.world, it.world.admin());
    let draft = drafted(world, json!({"code": "one"}));
    it.deliver(&draft, json!({})).refused(409, "standard.not_in_force");
    step(world, &admin, &draft, "introduction", json!({"state": "piloted"})).expect(200);
    it.deliver(&draft, json!({})).expect(201);
    let later = introduced(world, json!({"code": "two", "effective_from": world.day(-1)}));
    it.deliver(&later, json!({})).refused(409, "standard.not_in_force");
    it.deliver(&later, json!({"delivered_on": world.day(-1)})).expect(201);
    step(world, &admin, &later, "retirement", json!({"retired_on": world.day(0)})).expect(200);
    it.deliver(&later, json!({"delivered_on": world.day(0)})).refused(409, "standard.not_in_force");
    it.deliver(&later, json!({"delivered_on": world.day(-1)})).expect(201);
    let next = introduced(world, json!({"code": "one", "effective_from": world.day(-1)}));
    it.deliver(&draft, json!({})).expect(201);
    it.deliver(&draft, json!({"delivered_on": world.day(-1)})).refused(409, "standard.not_in_force");
    it.deliver(&next, json!({"delivered_on": world.day(-1)})).expect(201);
    step(world, &admin, &next, "annulment", json!({"reason": "Ошибка."})).expect(200);
    let refused = it.deliver(&next, json!({"delivered_on": world.day(-1)}));
    assert_eq!(refused.codes(), ["field.reference", "standard.not_in_force"]);
    refused.refused(422, "field.reference");
}

#[test]
fn a_standard_is_for_its_ages_and_categories_and_admits_its_providers() {
    let it = scene();
    let world = &it.world;
    // The girl is 15.
    let adults = it.shipped("individual-accompaniment");
    let refused = it.deliver(&adults, json!({})).refused(409, "delivery.recipient");
    assert_eq!(refused.body["errors"][0]["pointer"], "/standard_id");
    it.deliver(&it.shipped("preparation"), json!({})).expect(201);
    let families = introduced(world, json!({"code": "families", "categories": ["hardship_family"]}));
    it.deliver(&families, json!({})).refused(409, "delivery.recipient");
    let (vocational, ngo) =
        (world.organization("vocational_school", "Техникум", "25655000"), world.ngo("Берег"));
    let standard = it.shipped("hardship-help");
    let by = |who: &str| it.deliver(&standard, json!({"provider_organization_id": who}));
    by(&vocational).refused(422, "delivery.provider");
    by(&ngo).expect(201);
    let business =
        json!({"provider_organization_id": null, "provider_text": "ООО «Лад»", "provider_kind": "business"});
    let refused = it.deliver(&standard, business).refused(422, "delivery.provider");
    assert_eq!(refused.body["errors"][0]["pointer"], "/provider_kind");
    let both = json!({"provider_text": "ООО «Лад»"});
    let refused = it.deliver(&standard, both).expect(422);
    assert_eq!(refused.codes(), ["field.combination", "field.missing"]);
}

#[test]
fn foster_patronage_social_patronage_and_accompaniment_after_care_are_delivered_in_a_case() {
    let it = scene();
    let woman = it.world.person(&it.director, json!({"given_name": "Дарья", "birth_date": "2007-01-10"}));
    let beneficiary = it.world.beneficiary(&it.director, &it.organization, &woman);
    let case = it.world.case(&it.director, &it.organization, &beneficiary);
    let it = Scene { case, ..it };
    let foster = introduced(&it.world, json!({"code": "foster", "kind": "foster_patronage"}));
    let social = introduced(&it.world, json!({"code": "social", "kind": "social_patronage"}));
    for standard in [foster, social, it.shipped("individual-accompaniment")] {
        it.deliver(&standard, json!({})).expect(201);
        let told = it.of_case(&format!("service-deliveries?standard_id={standard}"));
        assert_eq!(it.world.get(&it.director, &told).expect(200).items().len(), 1);
    }
}

#[test]
fn a_family_is_served_by_standards_without_ages_alone() {
    let it = scene();
    let family = it.world.family(&it.director, &[&it.girl]);
    let beneficiary = it.world.family_beneficiary(&it.director, &it.organization, &family);
    let case = it.world.case(&it.director, &it.organization, &beneficiary);
    let it = Scene { case, ..it };
    it.deliver(&it.shipped("preparation"), json!({})).refused(409, "delivery.recipient");
    it.deliver(&it.shipped("hardship-help"), json!({})).expect(201);
}

#[test]
fn a_delivery_lies_within_its_case_names_its_own_needs_and_is_only_annulled() {
    let it = scene();
    let (world, standard) = (&it.world, it.shipped("hardship-help"));
    for (day, code) in [(1, "case.in_future"), (-31, "case.outside")] {
        it.deliver(&standard, json!({"delivered_on": world.day(day)})).refused(422, code);
    }
    let person = world.person(&it.director, json!({"given_name": "Вера"}));
    let beneficiary = world.beneficiary(&it.director, &it.organization, &person);
    let other = world.case(&it.director, &it.organization, &beneficiary);
    let foreign =
        world.post(&it.director, &format!("/cases/{other}/needs"), it.form(json!({}))).expect(201).id();
    let own = it.need(json!({}));
    let refused = it.deliver(&standard, json!({"need_ids": [own, foreign]})).refused(422, "field.reference");
    assert_eq!(refused.body["errors"][0]["pointer"], "/need_ids/1");
    assert_eq!(refused.body["errors"].as_array().map(Vec::len), Some(1));
    it.deliver(&standard, json!({"need_ids": [own, own]})).refused(422, "delivery.need_repeated");
    let annulled = it.need(json!({}));
    it.step(&it.director, &annulled, "annulment", json!({"reason": "Ошибка."})).expect(200);
    it.deliver(&standard, json!({"need_ids": [annulled]})).refused(422, "field.reference");
    it.deliver(&standard, json!({"need_ids": vec![&own; 6]})).refused(422, "field.length");
    let added = it.deliver(&standard, json!({"need_ids": [own]})).expect(201);
    let path = format!("/service-deliveries/{}", added.id());
    world.patch(&it.director, &path, &added.etag(), json!({})).refused(405, "request.method");
    world.post(&it.director, &format!("{path}/annulment"), json!({"reason": "Не тот день."})).expect(200);
    assert!(world.get(&it.director, &it.of_case("service-deliveries")).expect(200).items().is_empty());
}

#[test]
fn a_need_is_not_annulled_while_a_delivery_answers_it() {
    let it = scene();
    let (need, other) = (it.need(json!({})), it.need(json!({})));
    let delivered = it.deliver(&it.shipped("hardship-help"), json!({"need_ids": [other, need]}));
    let delivered = delivered.expect(201).id();
    let reason = json!({"reason": "Не тот случай."});
    let refused = it.step(&it.director, &need, "annulment", reason.clone()).refused(409, "entry.built_on");
    let named = json!([{"name": "id", "value": delivered}, {"name": "kind", "value": "service_delivery"}]);
    assert_eq!(refused.body["errors"][0]["params"], named);
    let card = it.world.get(&it.director, &format!("/needs/{need}")).expect(200);
    assert_eq!(card.action("annul").expect("an action")["blocked_by"], json!(["entry.built_on"]));
    let annulment = format!("/service-deliveries/{delivered}/annulment");
    it.world.post(&it.director, &annulment, reason.clone()).expect(200);
    it.step(&it.director, &need, "annulment", reason).expect(200);
}

#[test]
fn deliveries_are_entered_by_the_institution_of_the_case_and_late_ones_too() {
    let it = scene();
    let (world, standard) = (&it.world, it.shipped("hardship-help"));
    let away = world.institution("Чужой центр").1;
    let form = json!({"standard_id": standard, "provider_organization_id": it.organization, "delivered_on": world.day(-4)});
    let path = it.of_case("service-deliveries");
    world.post(&away, &path, form.clone()).refused(404, "request.not_found");
    world.get(&away, &path).refused(404, "request.not_found");
    world.post(&world.admin(), &path, form.clone()).refused(403, "access.forbidden");
    let specialist = world.staff("support_specialist", &it.organization);
    let added = world.post(&specialist, &path, form.clone()).expect(201);
    world.get(&away, &format!("/service-deliveries/{}", added.id())).refused(404, "request.not_found");
    let closing = json!({"closed_on": world.day(-5), "reason": "goals_reached"});
    world.post(&it.director, &it.of_case("closing"), closing).refused(409, "case.recorded_later");
    let closing = json!({"closed_on": world.day(-3), "reason": "goals_reached"});
    world.post(&it.director, &it.of_case("closing"), closing).expect(200);
    world.post(&specialist, &path, form.clone()).expect(201);
    world
        .post(&specialist, &path, with(form, &json!({"delivered_on": world.day(-2)})))
        .refused(422, "case.outside");
}
