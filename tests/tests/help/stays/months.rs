//! Stays in the monthly records of cases.
use crate::help::places::House;
use serde_json::json;

#[test]
fn a_stay_by_an_order_is_in_the_month_of_the_case_that_is_open_on_the_day() {
    let mut it = House::new(1, 2);
    let (known, newcomer) = (it.woman(), it.woman());
    let case = it.world.case(&it.director, &it.organization, &known);
    let stays = [it.booked(&known, 0, 0, 5), it.booked(&newcomer, 1, 0, 5)];
    for stay in &stays {
        it.arrived(stay);
    }
    let told = |it: &House, case: &str| {
        let record =
            it.world.get(&it.director, &format!("/cases/{case}/monthly-records/2026-03")).expect(200);
        let counts = record.body["counts"].as_array().expect("counts").clone();
        let of = |kind: &str| {
            counts.iter().find(|it| it["kind"] == kind).map_or(json!(0), |it| it["count"].clone())
        };
        [of("arrival"), of("departure")]
    };
    assert_eq!(told(&it, &case), [1, 0]);
    it.world.advance_days(2);
    it.log_in();
    let order =
        json!({"beneficiary_id": newcomer, "organization_id": it.organization, "opened_on": it.world.day(0)});
    let later = it.world.post(&it.director, "/cases", order).expect(201).id();
    assert_eq!(told(&it, &later), [0, 0], "she had come before the case");
    for stay in &stays {
        let left = json!({"departed_on": it.world.day(0), "reason": "term"});
        it.step(stay, "departure", left).expect(200);
    }
    assert_eq!((told(&it, &case), told(&it, &later)), ([json!(1), json!(1)], [json!(0), json!(1)]));
}
