//! Forms of plans: editions that are issued and never edited.
use serde_json::{Value, json};
use tests::World;

fn layout(kind: &str) -> Value {
    json!({"kind": kind, "effective_from": "2026-01-01", "title": "Траектория", "review_months": 3, "approvers": ["unit_head"],
        "sections": [{"code": "aims", "label_ru": "Цели", "goals_required": true, "fields": [
            {"code": "hours", "label_ru": "Часов в неделю", "kind": "number"},
            {"code": "days", "label_ru": "Дни", "kind": "choices", "choices": [
                {"code": "mon", "label_ru": "Понедельник"}, {"code": "sat", "label_ru": "Суббота"}]}]}]})
}

#[test]
fn every_region_has_a_form_for_each_kind_of_plan() {
    let world = World::new();
    let forms = world.get(&world.admin(), "/plan-forms?limit=50").expect(200);
    let mut kinds: Vec<&str> = forms.items().iter().filter_map(|it| it["layout"]["kind"].as_str()).collect();
    kinds.sort_unstable();
    let all = [
        "corrective",
        "development_placement",
        "education_route",
        "life_plan",
        "prevention",
        "route",
        "trajectory",
    ];
    assert_eq!(kinds, all);
    let own = forms.items().iter().find(|it| it["layout"]["kind"] == "development_placement").expect("it");
    let title = own["layout"]["title"].as_str().expect("a title");
    assert!(title.contains("форма приказа № 241 с ней не сверена"), "{title}");
}

#[test]
fn an_edition_follows_the_previous_one_and_is_compared_with_it() {
    let world = World::new();
    let admin = world.admin();
    let before = world.get(&admin, "/plan-forms?kind=trajectory&in_force_on=2025-12-31").expect(200);
    let second = world.post(&admin, "/plan-forms", layout("trajectory")).expect(201);
    assert_eq!(second.body["number"], 2);
    let in_force = world.get(&admin, "/plan-forms?kind=trajectory&in_force_on=2026-01-01").expect(200);
    assert_eq!(in_force.items()[0]["id"], second.body["id"]);
    let earlier = before.items()[0]["id"].as_str().expect("an id").to_owned();
    let path = format!("/plan-forms/{earlier}/comparison?with={}", second.id());
    let told = world.get(&admin, &path).expect(200);
    let pointers: Vec<&str> = told.body["differences"]
        .as_array()
        .expect("differences")
        .iter()
        .filter_map(|it| it["pointer"].as_str())
        .collect();
    assert_eq!(pointers, ["/effective_from", "/title", "/review_months", "/sections"]);
    let route = world.get(&admin, "/plan-forms?kind=route").expect(200).items()[0]["id"].clone();
    let path = format!("/plan-forms/{earlier}/comparison?with={}", route.as_str().expect("an id"));
    world.get(&admin, &path).refused(422, "plan_form.other_kind");
    let nothing = format!("/plan-forms/{earlier}/comparison?with=01980000-0000-7000-8000-0000000000ff");
    world.get(&admin, &nothing).refused(422, "field.reference");
    let early = json!({"effective_from": "2025-01-01"});
    let mut order = layout("trajectory");
    order["effective_from"] = early["effective_from"].clone();
    world.post(&admin, "/plan-forms", order).refused(422, "plan_form.before_previous");
}

#[test]
fn everything_wrong_with_a_form_is_told_at_once_and_only_the_region_issues_it() {
    let world = World::new();
    let mut order = layout("corrective");
    let twice = order["sections"][0].clone();
    order["sections"].as_array_mut().expect("sections").push(twice);
    order["sections"][0]["fields"][1]["choices"] = json!([]);
    let told = world.post(&world.admin(), "/plan-forms", order.clone()).refused(422, "plan_form.repeated");
    assert_eq!(told.codes(), ["plan_form.repeated", "annex.choices"]);
    let (_, director) = world.institution("Центр помощи семье");
    world.get(&director, "/plan-forms").expect(200);
    world.post(&director, "/plan-forms", layout("corrective")).refused(403, "access.forbidden");
}
