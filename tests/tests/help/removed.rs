//! The waiting list for places and somebody who is removed from the register.
use super::places::House;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::with;

fn asked(it: &House, who: &str, urgency: &str) -> String {
    let form = json!({"beneficiary_id": who, "facility_id": it.facility, "from_on": it.world.day(0), "nights": 5, "urgency": urgency});
    it.world.post(&it.specialist, "/place-requests", form).expect(201).id()
}
/// Frees the nights of a bed.
fn free(it: &House, bed: usize) {
    let stay = it.booked(&it.woman(), bed, 0, 5);
    it.step(&stay, "cancellation", json!({})).expect(200);
}
fn state(it: &House, request: &str) -> Value {
    it.world.get(&it.specialist, &format!("/place-requests/{request}")).expect(200).body["state"].clone()
}

#[test]
fn a_freed_bed_passes_over_one_who_is_removed_from_the_register() {
    let it = House::new(1, 1);
    let who = it.woman();
    let (first, second) = (asked(&it, &who, "week"), asked(&it, &it.woman(), "month"));
    it.world.removed(&who, 0);
    free(&it, 0);
    assert_eq!([&first, &second].map(|request| state(&it, request)), ["waiting", "offered"]);
    let refusal = format!("/place-requests/{second}/refusal");
    it.world.post(&it.specialist, &refusal, json!({})).expect(200);
    assert_eq!(state(&it, &first), "waiting");
    let order = json!({"bed_id": it.beds[0], "from_on": it.world.day(0), "until_on": it.world.day(3)});
    let offer = || it.world.post(&it.specialist, &format!("/place-requests/{first}/offers"), order.clone());
    offer().refused(409, "register.not_active");
    it.world.restored(&who);
    offer().expect(200);
    it.recount();
}

#[test]
fn a_bed_that_is_needed_now_is_offered_and_given_also_to_one_who_is_removed_from_the_register() {
    let it = House::new(1, 1);
    let who = it.woman();
    let request = asked(&it, &who, "now");
    it.world.removed(&who, 0);
    it.world.advance(TimeDelta::minutes(1));
    free(&it, 0);
    assert_eq!(state(&it, &request), "offered");
    it.book(&who, 0, 0, 5).refused(409, "register.not_active");
    let order = with(it.order(&who, 0, 0, 5), &json!({"place_request_id": request}));
    it.world.post(&it.specialist, "/stays", order).expect(201);
    assert_eq!(state(&it, &request), "placed");
    it.recount();
}
