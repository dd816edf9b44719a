//! Arrivals that come late or are recorded late, reservations for which nobody comes, and stays that end.
use crate::help::places::{House, facility_form, nights};
use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Account, World, with};

#[test]
fn an_arrival_in_time_undoes_the_no_show_while_the_nights_are_free() {
    for clock in ["1", "3600"] {
        let mut it = House::in_world(World::with(&["--clock-seconds", clock]), 1, 2);
        let waiting = json!({"beneficiary_id": it.woman(), "facility_id": it.facility, "from_on": it.world.day(1), "nights": 9, "urgency": "now"});
        let waiting = it.world.post(&it.specialist, "/place-requests", waiting).expect(201).id();
        let came = it.world.now();
        let [stay, late] = [0, 1].map(|bed| it.booked(&it.woman(), bed, 0, 6));
        it.world.advance_days(2);
        it.log_in();
        if clock == "1" {
            it.world.fact("stay.missed");
        }
        let arrive = |it: &House, stay: &str, at: &str| it.step(stay, "arrival", json!({"arrived_at": at}));
        arrive(&it, &stay, "2026-03-03T15:00:00Z").refused(409, "stay.not_reserved");
        arrive(&it, &stay, "2026-02-27T15:00:00Z").refused(422, "stay.not_today");
        let restored = arrive(&it, &stay, &came).expect(200);
        assert_eq!((&restored.body["state"], &restored.body["ended_on"]), (&json!("arrived"), &Value::Null));
        assert_eq!(restored.actions(), json!(["extend", "move", "depart"]));
        arrive(&it, &stay, &came).refused(409, "stay.not_reserved");
        let request = it.world.get(&it.specialist, &format!("/place-requests/{waiting}")).expect(200);
        let is_offered = request.body["offer"]["bed_id"] == json!(it.beds[0]);
        assert!(!is_offered, "an offer gives way to the one who sleeps there");
        it.book(&it.woman(), 0, 1, 1).refused(409, "stay.bed_taken");
        // The other bed is given away on one of the nights.
        if clock == "3600" {
            it.booked(&it.woman(), 1, 1, 1);
            let refused = arrive(&it, &late, &came).refused(409, "stay.bed_taken");
            assert_eq!(nights(&refused, "stay.bed_taken"), json!([it.world.day(1)]));
        }
        let month = it.occupancy("2026-03");
        assert_eq!((&month["slept"], &month["missed"]), (&json!(2), &json!(1)));
        let told = it.world.get(&it.director, &format!("/stays/{stay}/history")).expect(200);
        assert_eq!(told.items()[0]["kind"], "stay.restored");
        it.recount();
    }
}

#[test]
fn a_late_arrival_gives_no_nights_to_the_dead_and_none_by_a_closed_case() {
    let mut it = House::new(1, 2);
    let world = &it.world;
    let person = world.person(&it.director, json!({"sex": "female", "birth_date": "2005-05-05"}));
    let who = world.beneficiary(&it.director, &it.organization, &person);
    let other = it.woman();
    let case = world.case(&it.director, &it.organization, &other);
    let came = world.now();
    let stay = it.booked(&who, 0, 0, 6);
    let order = with(it.order(&other, 1, 0, 6), &json!({"case_id": case}));
    let by_case = world.post(&it.specialist, "/stays", order).expect(201).id();
    it.world.advance_days(3);
    it.log_in();
    it.world.die(&it.director, &person, -1).expect(200);
    let closing = json!({"closed_on": it.world.day(0), "reason": "goals_reached", "end_open": true});
    it.world.post(&it.director, &format!("/cases/{case}/closing"), closing).expect(200);
    let restored = it.step(&stay, "arrival", json!({"arrived_at": came})).expect(200).body;
    assert_eq!((&restored["state"], &restored["departure_reason"]), (&json!("departed"), &json!("died")));
    assert_eq!(restored["ended_on"], json!(it.world.day(-1)));
    it.booked(&it.woman(), 0, 0, 2);
    it.step(&by_case, "arrival", json!({"arrived_at": came})).refused(409, "stay.case_needed");
    it.recount();
}

#[test]
fn a_stay_that_ends_or_should_have_ended_stands_on_the_agenda_with_the_end_of_the_basis() {
    let mut it = House::new(2, 2);
    let (first, second) = (it.woman(), it.woman());
    let basis = json!([{"kind": "contract", "number": "17-с", "drawn_on": it.world.day(-30), "valid_until": it.world.day(40)}]);
    let order = json!({"beneficiary_id": first, "organization_id": it.organization, "opened_on": it.world.day(-1), "legal_bases": basis});
    it.world.post(&it.director, "/cases", order).expect(201);
    let [soon, over, later] = [(&first, 0, 12), (&second, 1, 4), (&it.woman(), 2, 60)]
        .map(|(who, bed, nights)| it.booked(who, bed, 0, nights));
    for stay in [&soon, &over, &later] {
        it.arrived(stay);
    }
    let ending = |it: &House| {
        let agenda = it.world.get(&it.specialist, "/me/agenda").expect(200);
        agenda.body["stays_ending"].as_array().expect("stays").clone()
    };
    assert_eq!(ending(&it).iter().map(|it| &it["stay"]["id"]).collect::<Vec<_>>(), [&json!(over)]);
    it.world.advance_days(6);
    it.log_in();
    let told = ending(&it);
    let days: Vec<(&Value, &Value)> = told.iter().map(|it| (&it["stay"]["id"], &it["days_left"])).collect();
    assert_eq!(days, [(&json!(over), &json!(-2)), (&json!(soon), &json!(6))]);
    assert_eq!((&told[0]["basis_until"], &told[1]["basis_until"]), (&Value::Null, &json!(it.world.day(34))));
    assert_eq!(told[1]["stay"]["facility_name"], "Социальная гостиница");
    let listed = it.world.get(&it.specialist, "/stays?state=arrived&ends_within_days=7").expect(200);
    assert_eq!(listed.items().len(), 2);
    it.world.get(&it.specialist, "/stays?ends_within_days=0").refused(400, "request.parameter");
    let left = json!({"departed_on": it.world.day(-2), "reason": "term"});
    it.step(&over, "departure", left).expect(200);
    assert_eq!(ending(&it).len(), 1);
    let stranger = it.world.institution("Чужой центр").1;
    let agenda = it.world.get(&stranger, "/me/agenda").expect(200);
    assert_eq!(agenda.body["stays_ending"], json!([]));
}

#[test]
fn of_a_late_arrival_and_a_booking_at_once_one_has_the_nights() {
    let mut it = House::new(1, 1);
    let came = it.world.now();
    let stay = it.booked(&it.woman(), 0, 0, 6);
    it.world.advance_days(2);
    it.log_in();
    let order = it.order(&it.woman(), 0, 1, 2);
    let (world, clerk) = (&it.world, &it.specialist);
    let statuses = std::thread::scope(|threads| {
        let arrival = threads.spawn(|| {
            world.post(clerk, &format!("/stays/{stay}/arrival"), json!({"arrived_at": came})).status
        });
        let booking = threads.spawn(|| world.post(clerk, "/stays", order.clone()).status);
        [arrival.join().expect("an answer"), booking.join().expect("an answer")]
    });
    assert!([[200, 409], [409, 201]].contains(&statuses), "{statuses:?}");
    it.recount();
}

#[test]
fn the_night_before_a_late_arrival_is_missed() {
    let mut it = House::new(1, 1);
    let stay = it.booked(&it.woman(), 0, 0, 5);
    it.world.advance(TimeDelta::hours(24));
    it.world.advance_days(0);
    it.log_in();
    it.arrived(&stay);
    it.world.advance_days(2);
    it.log_in();
    let month = it.occupancy("2026-03");
    assert_eq!((&month["missed"], &month["slept"], &month["reserved"]), (&json!(1), &json!(2), &json!(2)));
}

#[test]
fn a_reservation_is_held_for_some_hours_and_then_its_nights_are_free() {
    let mut it = House::new(1, 1);
    let who = it.woman();
    let stay = it.booked(&who, 0, 0, 5);
    it.world.advance(TimeDelta::hours(24 + 9 - 1));
    it.world.advance_days(0);
    it.log_in();
    assert_eq!(it.stay(&stay)["state"], "reserved");
    it.book(&it.woman(), 0, 0, 1).refused(409, "stay.bed_taken");
    it.world.advance(TimeDelta::hours(1));
    it.world.advance_days(0);
    it.log_in();
    let card = it.world.get(&it.specialist, &format!("/stays/{stay}")).expect(200);
    assert_eq!((&card.body["state"], &card.body["held_until"]), (&json!("no_show"), &Value::Null));
    assert_eq!(card.actions(), json!(["arrive"]), "an arrival that was in time");
    assert_eq!(card.body["ended_on"], json!(it.world.day(0)));
    it.step(&stay, "arrival", json!({"arrived_at": it.world.now()})).refused(409, "stay.not_reserved");
    let missed = it.world.get(&it.specialist, "/stays?state=no_show").expect(200);
    assert_eq!(missed.items()[0]["id"], json!(stay));
    assert_eq!(it.world.get(&it.specialist, "/stays?state=reserved").expect(200).items().len(), 0);
    let month = it.occupancy("2026-03");
    assert_eq!((&month["missed"], &month["reserved"], &month["free"]), (&json!(1), &json!(0), &json!(30)));
    it.booked(&who, 0, 0, 4);
    let month = it.occupancy("2026-03");
    assert_eq!((&month["missed"], &month["reserved"]), (&json!(1), &json!(4)));
}

#[test]
fn the_clock_ends_a_reservation_for_which_nobody_came() {
    let mut it = House::in_world(World::with(&["--clock-seconds", "1"]), 1, 1);
    let stay = it.booked(&it.woman(), 0, 0, 5);
    it.world.advance_days(2);
    it.log_in();
    assert_eq!(it.world.fact("stay.missed"), stay);
    let card = it.stay(&stay);
    assert_eq!((&card["state"], &card["ended_on"]), (&json!("no_show"), &json!(it.world.day(-1))));
    it.booked(&it.woman(), 0, 0, 1);
}

#[test]
fn stays_are_counted_by_the_state_in_which_they_are_now_and_read_from_either_end() {
    let mut it = House::new(1, 3);
    let arrived = it.booked(&it.woman(), 0, 0, 6);
    it.arrived(&arrived);
    let missed = it.booked(&it.woman(), 1, 0, 6);
    it.booked(&it.woman(), 2, 3, 2);
    it.world.advance_days(2);
    it.log_in();
    assert_eq!(it.world.get(&it.director, "/stays?state=no_show").expect(200).ids(), [missed]);
    let grants = json!([{"role": "guardianship_officer", "territory": "25655000"}]);
    let (officer, admin) = (it.world.account("opeka", grants, None), it.world.admin());
    for who in [&it.director, &it.specialist, &officer, &admin] {
        it.world.must_count_as_listed(who, "stays", &["state", "organization_id", "facility_id"]);
        it.world.must_read_from_either_end(who, "stays");
    }
    let (_, stranger) = it.world.institution("Чужой центр");
    it.world.must_count_as_listed(&stranger, "stays", &["state"]);
    it.world.get(&it.director, "/stays/counts?group_by=beneficiary_id").refused(400, "request.parameter");
}

#[test]
fn an_unanswered_offer_of_another_organization_ends_with_a_booking_and_goes_to_the_next() {
    let it = House::new(1, 1);
    let asked = |who: &str| {
        let form = json!({"beneficiary_id": who, "facility_id": it.facility, "from_on": it.world.day(0), "nights": 5, "urgency": "week"});
        it.world.post(&it.specialist, "/place-requests", form).expect(201).id()
    };
    let state = |request: &str| {
        it.world.get(&it.specialist, &format!("/place-requests/{request}")).expect(200).body["state"].clone()
    };
    let who = it.woman();
    let request = asked(&who);
    let offer = json!({"bed_id": it.beds[0], "from_on": it.world.day(0), "until_on": it.world.day(5)});
    it.world.post(&it.specialist, &format!("/place-requests/{request}/offers"), offer).expect(200);
    let (other, director) = it.world.institution("Приют");
    it.leave_people_to(&other);
    let next = asked(&it.woman());
    assert_eq!((state(&request), state(&next)), (json!("offered"), json!("waiting")));
    let enter = |path: &str, form: Value| it.world.post(&director, path, form).expect(201).id();
    let house = enter("/facilities", facility_form(&other));
    let room = json!({"name": "Комната", "sex_rule": "by_first", "age_rule": "by_first"});
    let room = enter(&format!("/facilities/{house}/rooms"), room);
    let bed = enter(&format!("/rooms/{room}/beds"), json!({"name": "1", "opened_on": "2025-01-01"}));
    let booking = with(it.order(&who, 0, 0, 2), &json!({"bed_id": bed}));
    it.world.post(&director, "/stays", booking.clone()).expect(201);
    assert_eq!((state(&request), state(&next)), (json!("waiting"), json!("offered")));
    it.world.post(&director, "/stays", booking).expect(409);
    it.recount();
}

#[test]
fn an_offer_waits_on_the_desks_of_those_who_book_beds_there() {
    let it = House::new(1, 2);
    let form = json!({"beneficiary_id": it.woman(), "facility_id": it.facility, "from_on": it.world.day(0), "nights": 5, "urgency": "week"});
    let request = it.world.post(&it.specialist, "/place-requests", form).expect(201).id();
    let offer = json!({"bed_id": it.beds[0], "from_on": it.world.day(0), "until_on": it.world.day(5)});
    it.world.post(&it.specialist, &format!("/place-requests/{request}/offers"), offer).expect(200);
    let waiting = |who: &Account| it.world.on_desk(who, "place_offers_to_answer");
    for who in [&it.specialist, &it.director] {
        assert_eq!(waiting(who), std::slice::from_ref(&request));
    }
    let (_, stranger) = it.world.institution("Чужой центр");
    assert!(waiting(&stranger).is_empty() && waiting(&it.world.admin()).is_empty());
}
