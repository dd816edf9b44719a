//! Individual programmes of services: a view of needs with standard, volume, mark, and what was delivered.
use super::needs::scene;
use super::service_standards::introduced;
use serde_json::{Value, json};

#[test]
fn a_programme_tells_its_lines_and_the_part_of_their_volume_that_was_delivered() {
    let it = scene();
    let world = &it.world;
    let lawyer = introduced(world, json!({"code": "lawyer", "effective_from": world.day(-90)}));
    let other = introduced(world, json!({"code": "other", "effective_from": world.day(-90)}));
    let line = |members: Value| it.need(tests::with(json!({"programme_number": "17-2026"}), &members));
    let counted = line(json!({"standard_id": lawyer, "volume": 8}));
    let whole = line(json!({"standard_id": other, "volume": 2, "mark": "done"}));
    let bare = line(json!({"noticed_on": world.day(-1)}));
    let elsewhere = it.need(json!({"programme_number": "3-2026", "standard_id": lawyer, "volume": 1}));
    it.need(json!({}));
    let deliver = |standard: &str, needs: &[&String], volume: Value| {
        let form = json!({"standard_id": standard, "provider_organization_id": it.organization, "delivered_on": world.day(-1),
            "volume": volume, "need_ids": needs});
        world.post(&it.director, &it.of_case("service-deliveries"), form).expect(201).id()
    };
    deliver(&lawyer, &[&counted], json!(3));
    deliver(&lawyer, &[&counted, &bare], json!(null));
    deliver(&other, &[&counted, &whole], json!(5));
    let wrong = deliver(&lawyer, &[&counted], json!(4));
    let next = introduced(world, json!({"code": "lawyer", "effective_from": world.day(0)}));
    let today = json!({"standard_id": next, "provider_organization_id": it.organization, "delivered_on": world.day(0), "volume": 2,
        "need_ids": [counted]});
    world.post(&it.director, &it.of_case("service-deliveries"), today).expect(201);
    let annulment = json!({"reason": "Внесено дважды."});
    world.post(&it.director, &format!("/service-deliveries/{wrong}/annulment"), annulment).expect(200);
    let told = world.get(&it.director, &it.of_case("service-programmes")).expect(200);
    let [first, second] = told.body["items"].as_array().expect("programmes").as_slice() else {
        panic!("{}", told.text)
    };
    assert_eq!((&first["number"], &second["number"]), (&json!("17-2026"), &json!("3-2026")));
    let lines: Vec<Value> = first["lines"]
        .as_array()
        .expect("lines")
        .iter()
        .map(|it| {
            json!([it["need_id"], it["volume"], it["delivered_volume"], it["done_percent"], it["mark"]])
        })
        .collect();
    // Three, one without a volume, and two by the later edition: six of eight.
    let expected = [
        json!([counted, 8, 6, 75, null]),
        json!([whole, 2, 5, 100, "done"]),
        json!([bare, null, 1, null, null]),
    ];
    assert_eq!(lines, expected);
    assert_eq!((&first["done_percent"], &first["marked"]), (&json!(87), &json!(1)));
    assert_eq!(first["lines"][0]["last_delivered_on"], json!(world.day(0)));
    assert_eq!((&second["lines"][0]["need_id"], &second["done_percent"]), (&json!(elsewhere), &json!(0)));
    assert!(!told.text.contains("техникум"), "words of needs are at their own address");
}

#[test]
fn a_delivery_for_two_needs_of_one_standard_is_counted_once() {
    let it = scene();
    let lawyer = introduced(&it.world, json!({"code": "lawyer", "effective_from": it.world.day(-90)}));
    let line = |volume: i64| {
        it.need(json!({"programme_number": "17-2026", "standard_id": lawyer, "volume": volume}))
    };
    let needs = [line(2), line(4)];
    let deliver = |volume: i64| {
        let form = json!({"standard_id": lawyer, "provider_organization_id": it.organization, "delivered_on": it.world.day(-1),
            "volume": volume, "need_ids": needs});
        it.world.post(&it.director, &it.of_case("service-deliveries"), form).expect(201);
    };
    let told = || {
        let told = it.world.get(&it.director, &it.of_case("service-programmes")).expect(200);
        let lines = told.body["items"][0]["lines"].as_array().expect("lines").clone();
        lines.iter().map(|it| it["delivered_volume"].as_i64().expect("a volume")).collect::<Vec<_>>()
    };
    deliver(3);
    assert_eq!(told(), [2, 1]);
    deliver(3);
    assert_eq!(told(), [2, 4]);
    deliver(1);
    assert_eq!(told().iter().sum::<i64>(), 7, "more than was due is told too");
}

#[test]
fn programmes_are_seen_as_their_case_is() {
    let it = scene();
    let world = &it.world;
    it.need(json!({"programme_number": "17-2026"}));
    let path = it.of_case("service-programmes");
    let officer = json!([{"role": "guardianship_officer", "territory": "25655000"}]);
    let officer = world.account("officer", officer, None);
    for who in [&world.admin(), &officer, &world.staff("support_specialist", &it.organization)] {
        assert_eq!(world.get(who, &path).expect(200).body["items"][0]["done_percent"], Value::Null);
    }
    let (_, stranger) = world.institution("Чужой центр");
    world.get(&stranger, &path).expect(404);
    let mentor = world.account("mentor", json!([{"role": "mentor"}]), None);
    world.get(&mentor, &path).expect(404);
    let empty = scene();
    let told = empty.world.get(&empty.director, &empty.of_case("service-programmes")).expect(200);
    assert_eq!(told.body["items"], json!([]));
}
