//! Stays: who may have which bed, and what becomes of a reservation.
mod late;
mod months;

use super::places::{House, nights, param};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::{World, with};

#[test]
fn a_person_books_arrives_is_extended_moves_and_departs_early() {
    let mut it = House::new(1, 3);
    let who = it.woman();
    let case = it.world.case(&it.director, &it.organization, &who);
    let order =
        json!({"case_id": case, "order_number": null, "order_on": null, "purpose": "waiting_housing"});
    let booked = it.world.post(&it.specialist, "/stays", with(it.order(&who, 0, 0, 3), &order)).expect(201);
    let stay = booked.id();
    assert_eq!((&booked.body["state"], &booked.body["nights"]), (&json!("reserved"), &json!(3)));
    assert_eq!(booked.body["held_until"], "2026-03-03T15:00:00Z", "18 hours after the first day, in Moscow");
    assert_eq!(booked.actions(), json!(["arrive", "extend", "move", "cancel"]));
    assert!(booked.body["facility_name"] == "Социальная гостиница" && booked.body["bed_name"] == "1-1");
    it.stay(&stay);
    // Noted reads are written in batches, by the server too.
    let is_read = |_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        it.world.readers(domain::base::change::SubjectKind::Stay, &stay).contains(&it.specialist.id)
    };
    assert!((0..50).any(is_read), "a read leaves a trace");
    it.step(&stay, "departure", json!({"departed_on": it.world.day(0), "reason": "term"}))
        .refused(409, "stay.not_arrived");
    it.arrived(&stay);
    it.step(&stay, "arrival", json!({"arrived_at": it.world.now()})).refused(409, "stay.not_reserved");
    it.step(&stay, "cancellation", json!({})).refused(409, "stay.not_reserved");
    it.step(&stay, "extensions", json!({"until_on": it.world.day(3)})).refused(422, "stay.not_later");
    it.step(&stay, "extensions", json!({"until_on": it.world.day(8)})).expect(200);
    it.world.advance_days(2);
    it.log_in();
    it.step(&stay, "moves", json!({"bed_id": it.beds[0]})).refused(422, "stay.same_bed");
    it.step(&stay, "moves", json!({"bed_id": it.facility})).refused(422, "field.reference");
    let moved = it.step(&stay, "moves", json!({"bed_id": it.beds[1]})).expect(200);
    assert_eq!(moved.body["bed_id"], json!(it.beds[1]));
    it.booked(&it.woman(), 0, 0, 2);
    it.book(&it.woman(), 1, 0, 1).refused(409, "stay.bed_taken");
    let early = json!({"departed_on": it.world.day(1), "reason": "housing"});
    it.step(&stay, "departure", early).refused(422, "stay.in_future");
    let before = json!({"departed_on": it.world.day(-3), "reason": "housing"});
    it.step(&stay, "departure", before).refused(422, "stay.departure_day");
    let other = json!({"departed_on": it.world.day(0), "reason": "other"});
    it.step(&stay, "departure", other).refused(422, "field.missing");
    let died = json!({"departed_on": it.world.day(0), "reason": "died"});
    it.step(&stay, "departure", died).expect(422);
    let left = json!({"departed_on": it.world.day(0), "reason": "housing", "note": "Получила квартиру."});
    let departed = it.step(&stay, "departure", left).expect(200);
    assert_eq!(
        (&departed.body["state"], &departed.body["note"]),
        (&json!("departed"), &json!("Получила квартиру."))
    );
    assert_eq!(departed.actions(), json!([]));
    it.step(&stay, "extensions", json!({"until_on": it.world.day(20)})).refused(409, "stay.over");
    it.step(&stay, "moves", json!({"bed_id": it.beds[2]})).refused(409, "stay.over");
    it.booked(&it.woman(), 1, 0, 6);
    let told = it.world.get(&it.director, &format!("/stays/{stay}/history")).expect(200);
    assert_eq!(
        told.kinds(),
        ["stay.departed", "stay.moved", "stay.extended", "stay.arrived", "stay.reserved"]
    );
}

#[test]
fn one_leaves_and_another_arrives_on_the_same_day_and_every_clash_names_its_nights() {
    let it = House::new(2, 1);
    let (first, second) = (it.woman(), it.woman());
    it.booked(&first, 0, 2, 3);
    let refused = it.book(&second, 0, 0, 4).refused(409, "stay.bed_taken");
    assert_eq!(nights(&refused, "stay.bed_taken"), json!([it.world.day(2), it.world.day(3)]));
    it.booked(&second, 0, 0, 2);
    it.booked(&second, 0, 5, 2);
    let refused = it.book(&first, 1, 4, 3).refused(409, "stay.elsewhere");
    assert_eq!(nights(&refused, "stay.elsewhere"), json!([it.world.day(4)]));
    let refused = it.book(&first, 0, 4, 2).expect(409);
    assert_eq!(refused.codes(), ["stay.bed_taken", "stay.elsewhere"]);
    assert_eq!(nights(&refused, "stay.bed_taken"), json!([it.world.day(4), it.world.day(5)]));
}

#[test]
fn a_room_has_people_of_one_sex_and_one_age_where_its_rules_ask_for_it() {
    let it = House::new(1, 4);
    let (woman, man) = (it.woman(), it.person("male", "2005-05-05"));
    it.booked(&woman, 0, 2, 3);
    let refused = it.book(&man, 1, 1, 3).refused(409, "stay.room_sex");
    assert_eq!(nights(&refused, "stay.room_sex"), json!([it.world.day(2), it.world.day(3)]));
    let girl = it.person("female", "2010-04-17");
    let permitted = json!({"permission_file_id": it.world.file(&it.director, "other")});
    let order = with(it.order(&girl, 1, 4, 2), &permitted);
    let refused = it.world.post(&it.specialist, "/stays", order).refused(409, "stay.room_age");
    assert_eq!(nights(&refused, "stay.room_age"), json!([it.world.day(4)]));
    it.booked(&man, 1, 0, 2);
    it.booked(&man, 1, 5, 2);
    let unknown = it.person("unknown", "2005-05-05");
    it.book(&unknown, 2, 9, 1).refused(422, "stay.sex_unknown");
    let room = format!("/rooms/{}", it.rooms[0]);
    it.world.edit(&it.director, &room, json!({"age_rule": "any"})).refused(409, "room.in_use");
}

#[test]
fn a_minor_needs_a_permission_another_age_an_order_and_nobody_stays_without_a_case_or_an_order() {
    let it = House::new(3, 1);
    let (world, case_of) = (&it.world, |who: &str| it.world.case(&it.director, &it.organization, who));
    let book = |who: &str, bed: usize, members: Value| {
        let plain = with(it.order(who, bed, 0, 2), &json!({"order_number": null, "order_on": null}));
        world.post(&it.specialist, "/stays", with(plain, &members))
    };
    let girl = it.person("female", "2010-04-17");
    let refused = book(&girl, 0, json!({})).expect(422);
    assert_eq!(refused.codes(), ["stay.permission", "stay.case_needed"]);
    let file = world.file(&it.director, "other");
    book(&girl, 0, json!({"case_id": case_of(&girl), "permission_file_id": file})).expect(201);
    let grown = it.person("female", "1999-03-02");
    let case = case_of(&grown);
    book(&grown, 1, json!({"case_id": case})).refused(422, "stay.age");
    book(&grown, 1, json!({"case_id": case, "order_number": "1"})).refused(422, "field.missing");
    book(&grown, 1, json!({"case_id": case, "order_on": world.day(0)})).refused(422, "field.combination");
    book(&grown, 1, json!({"case_id": case, "order_number": "1", "order_on": world.day(0)})).expect(201);
    let woman = it.woman();
    book(&woman, 2, json!({})).refused(409, "stay.case_needed");
    let of_another = book(&woman, 2, json!({"case_id": case})).refused(409, "stay.case_needed");
    assert_eq!(of_another.body["errors"][0]["pointer"], "/case_id");
    // On the day before the birthday she is still 17.
    let almost = it.person("female", "2008-03-03");
    let refused = it.book(&almost, 2, 0, 2).refused(422, "stay.permission");
    assert_eq!(refused.codes(), ["stay.permission"]);
    it.booked(&almost, 2, 1, 2);
}

#[test]
fn a_stay_is_no_longer_than_the_facility_allows_with_all_its_extensions() {
    let it = House::new(1, 1);
    let who = it.woman();
    let refused = it.book(&who, 0, 0, 181).refused(422, "stay.too_long");
    assert_eq!(param(&refused, "stay.too_long", "nights"), "180");
    it.book(&who, 0, 0, 367).refused(422, "field.combination");
    it.book(&who, 0, 3, 0).refused(422, "field.combination");
    let stay = it.booked(&who, 0, 0, 100);
    it.step(&stay, "extensions", json!({"until_on": it.world.day(160)})).expect(200);
    it.step(&stay, "extensions", json!({"until_on": it.world.day(181)})).refused(422, "stay.too_long");
    it.step(&stay, "extensions", json!({"until_on": "2200-12-31"})).refused(422, "stay.too_long");
    it.step(&stay, "extensions", json!({"until_on": it.world.day(180)})).expect(200);
    it.booked(&it.woman(), 0, 180, 1);
}

#[test]
fn one_arrives_from_the_first_day_on_with_the_rules_in_force_signed() {
    let mut it = House::new(1, 2);
    let rules = format!("/facilities/{}/house-rules", it.facility);
    let issue = |it: &House, from: &str| {
        let form = json!({"effective_from": from, "text": "Тишина с 23 до 7."});
        it.world.post(&it.director, &rules, form).expect(201).id()
    };
    let (old, new) = (issue(&it, "2026-01-01"), issue(&it, "2026-03-03"));
    let stay = it.booked(&it.woman(), 0, 1, 5);
    let early = it.step(&stay, "arrival", json!({"arrived_at": it.world.now()})).expect(422);
    assert_eq!(early.codes(), ["stay.not_today", "stay.rules_unsigned"]);
    it.world.advance_days(1);
    it.log_in();
    let file = it.world.file(&it.director, "other");
    let arrive = |it: &House, at: &str, rules: &str| {
        it.step(&stay, "arrival", json!({"arrived_at": at, "house_rules_id": rules, "rules_file_id": file}))
    };
    arrive(&it, "2026-03-03T09:00:00Z", &new).refused(422, "stay.in_future");
    arrive(&it, "2026-03-03T05:00:00Z", &old).refused(409, "stay.rules_unsigned");
    let lacking = json!({"arrived_at": it.world.now(), "house_rules_id": new});
    it.step(&stay, "arrival", lacking).refused(422, "field.missing");
    let blocked = it.world.get(&it.director, &format!("/stays/{stay}")).expect(200);
    assert_eq!(blocked.action("arrive").expect("the arrival")["blocked_by"], json!([]));
    let arrived = arrive(&it, "2026-03-03T05:00:00Z", &new).expect(200);
    assert_eq!(arrived.body["house_rules_id"], json!(new));
    it.world
        .post(&it.director, &format!("/house-rules/{new}/annulment"), json!({"reason": "Ошибка."}))
        .expect(200);
    assert_eq!(it.stay(&stay)["house_rules_id"], json!(new));
}

#[test]
fn who_accompanies_books_a_bed_also_where_another_organization_is_responsible() {
    let it = House::new(1, 1);
    let world = &it.world;
    let (who, stranger) = (it.woman(), it.woman());
    let case = world.case(&it.director, &it.organization, &who);
    let (other, _) = world.institution("Ответственный центр");
    it.leave_people_to(&other);
    it.book(&stranger, 0, 0, 1).refused(422, "field.reference");
    let order =
        with(it.order(&who, 0, 0, 2), &json!({"case_id": case, "order_number": null, "order_on": null}));
    world.post(&it.specialist, "/stays", order).expect(201);
    let waiting = json!({"beneficiary_id": who, "facility_id": it.facility, "from_on": world.day(5), "nights": 2, "urgency": "now"});
    world.post(&it.specialist, "/place-requests", waiting).expect(201);
}

#[test]
fn a_night_far_in_the_east_begins_with_the_day_there() {
    let it = House::in_world(World::in_zone("Asia/Kamchatka", 12), 1, 1);
    let who = it.woman();
    // It is 18 o'clock there: the hold of the last night is just over.
    it.book(&who, 0, -1, 3).refused(422, "stay.in_past");
    let stay = it.booked(&who, 0, 0, 3);
    assert_eq!(
        it.stay(&stay)["held_until"],
        "2026-03-03T06:00:00Z",
        "18 hours after the midnight of Kamchatka"
    );
    let moscow = House::new(1, 1);
    moscow.booked(&moscow.woman(), 0, -1, 3);
}

#[test]
fn only_people_of_the_organization_get_its_beds_and_only_its_staff_gives_them() {
    let it = House::new(1, 2);
    let world = &it.world;
    let (other, stranger) = world.institution("Чужой центр");
    let theirs =
        world.beneficiary(&stranger, &other, &world.person(&stranger, json!({"birth_date": "2005-05-05"})));
    it.book(&theirs, 0, 0, 1).refused(422, "field.reference");
    let ours = it.woman();
    world.post(&stranger, "/stays", it.order(&ours, 0, 0, 1)).refused(422, "field.reference");
    world.post(&world.admin(), "/stays", it.order(&ours, 0, 0, 1)).expect(403);
    let family = world.family_beneficiary(&it.director, &it.organization, &world.family(&it.director, &[]));
    it.book(&family, 0, 0, 1).refused(422, "stay.not_a_person");
    let stay = it.booked(&ours, 0, 0, 2);
    world.get(&stranger, &format!("/stays/{stay}")).refused(404, "request.not_found");
    world
        .post(&stranger, &format!("/stays/{stay}/cancellation"), json!({}))
        .refused(404, "request.not_found");
    assert_eq!(world.get(&stranger, "/stays").expect(200).items().len(), 0);
    let officer =
        world.account("opeka", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    let seen = world.get(&officer, &format!("/stays/{stay}")).expect(200).body;
    assert_eq!(seen["facility_name"], "Социальная гостиница", "guardianship learns where the person sleeps");
    world.get(&officer, &format!("/facilities/{}", it.facility)).expect(404);
    assert_eq!(world.get(&officer, "/stays").expect(200).items().len(), 1);
    world.post(&officer, &format!("/stays/{stay}/cancellation"), json!({})).expect(403);
    let far =
        world.account("daleko", json!([{"role": "guardianship_officer", "territory": "33701000"}]), None);
    world.get(&far, &format!("/stays/{stay}")).expect(404);
    assert_eq!(world.get(&far, "/stays").expect(200).items().len(), 0);
    let stale = world.ask("POST", &format!("/api/v1/stays/{stay}/cancellation")).by(&it.specialist);
    stale.header("If-Match", "\"9\"").json(&json!({})).send().refused(412, "version.stale");
    let cancelled = it.step(&stay, "cancellation", json!({"note": "Уехала к тёте."})).expect(200);
    assert_eq!(
        (&cancelled.body["state"], &cancelled.body["note"]),
        (&json!("cancelled"), &json!("Уехала к тёте."))
    );
    let told = world.get(&it.director, &format!("/stays/{stay}/history")).expect(200);
    assert_eq!(told.items()[0]["kind"], "stay.cancelled");
    let filters = [
        "state=cancelled".to_owned(),
        format!("bed_id={}", it.beds[0]),
        format!("beneficiary_id={ours}"),
        format!("facility_id={}", it.facility),
    ];
    for filter in filters {
        let found = world.get(&it.specialist, &format!("/stays?{filter}")).expect(200);
        assert_eq!(found.items().len(), 1, "{filter}");
    }
    assert_eq!(world.get(&it.specialist, "/stays?state=arrived").expect(200).items().len(), 0);
}

#[test]
fn hostile_and_careless_orders_are_told_all_their_faults() {
    let it = House::new(1, 1);
    let world = &it.world;
    let refused = world
        .post(
            &it.specialist,
            "/stays",
            json!({"beneficiary_id": "x", "bed_id": it.beds[0], "from_on": "2026-02-30",
        "until_on": "завтра", "purpose": "party", "room": 1}),
        )
        .expect(422);
    let told: BTreeSet<&str> = refused.body["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .filter_map(|it| it["pointer"].as_str())
        .collect();
    assert_eq!(told, BTreeSet::from(["/beneficiary_id", "/from_on", "/purpose", "/room", "/until_on"]));
    let who = it.woman();
    let nothing = "01980000-0000-7000-8000-000000000001";
    let order = with(
        it.order(&who, 0, 0, 1),
        &json!({"case_id": nothing, "enrolment_id": nothing, "permission_file_id": nothing}),
    );
    let refused = world.post(&it.specialist, "/stays", order).expect(409);
    let references = refused.codes().iter().filter(|it| **it == "field.reference").count();
    assert_eq!(references, 3, "{}", refused.text);
    let nobody = with(it.order(&who, 0, 0, 1), &json!({"beneficiary_id": nothing, "case_id": nothing}));
    let refused = world.post(&it.specialist, "/stays", nobody).refused(422, "field.reference");
    assert_eq!(refused.pointers(), ["/beneficiary_id", "/case_id"]);
    it.book(&who, 0, -3, 5).refused(422, "stay.in_past");
    world.get(&it.specialist, "/stays?colour=red").refused(400, "request.parameter");
    world.post(&it.specialist, "/stays/nothing/arrival", json!({"arrived_at": world.now()})).expect(404);
}

#[test]
fn a_case_with_a_stay_does_not_close_and_a_death_ends_both() {
    let it = House::new(1, 1);
    let world = &it.world;
    let person = world.person(&it.director, json!({"birth_date": "2005-05-05"}));
    let who = world.beneficiary(&it.director, &it.organization, &person);
    let case = world.case(&it.director, &it.organization, &who);
    let order = with(it.order(&who, 0, 0, 5), &json!({"case_id": case}));
    let stay = world.post(&it.specialist, "/stays", order).expect(201).id();
    let closing = json!({"closed_on": world.day(0), "reason": "moved", "note": "Переехала."});
    world.post(&it.director, &format!("/cases/{case}/closing"), closing).refused(409, "case.open_stay");
    it.arrived(&stay);
    let month = world.get(&it.director, &format!("/cases/{case}/monthly-records/2026-03")).expect(200);
    assert!(month.text.contains("\"arrival\""), "{}", month.text);
    let waiting = json!({"beneficiary_id": who, "facility_id": it.facility, "from_on": world.day(9), "nights": 3, "urgency": "month"});
    let waiting = world.post(&it.specialist, "/place-requests", waiting).expect(201).id();
    world.die(&it.director, &person, 0).expect(200);
    let card = it.stay(&stay);
    assert_eq!((&card["state"], &card["departure_reason"]), (&json!("departed"), &json!("died")));
    let request = world.get(&it.specialist, &format!("/place-requests/{waiting}")).expect(200);
    assert_eq!(request.body["state"], "withdrawn");
    it.book(&who, 0, 0, 1).refused(409, "person.dead");
    it.booked(&it.woman(), 0, 0, 1);
}

/// An order to hand a case over to another organization, by a consent to that.
pub(super) fn hand_over(it: &House, (person, who, case): (&str, &str, &str), to: &str) -> tests::Reply {
    let world = &it.world;
    let paper = world.file(&it.director, "consent");
    let signature =
        json!({"signatory": "recipient", "person_id": person, "signed_on": world.day(0), "file_id": paper});
    let consent = json!({"purpose": "transfer", "organization_ids": [to], "parts": ["identity"], "valid_until": world.day(300),
        "signatures": [signature]});
    let consent =
        world.post(&it.director, &format!("/beneficiaries/{who}/consents"), consent).expect(201).id();
    let order =
        json!({"to_organization_id": to, "reason": "study", "parts": ["identity"], "consent_id": consent});
    world.post(&it.director, &format!("/cases/{case}/transfers"), order)
}

#[test]
fn a_stay_by_an_order_keeps_the_case_from_its_closing_and_from_another_organization() {
    let it = House::new(1, 1);
    let world = &it.world;
    let person = world.person(&it.director, json!({"birth_date": "2005-05-05"}));
    let who = world.beneficiary(&it.director, &it.organization, &person);
    let case = world.case(&it.director, &it.organization, &who);
    let (centre, _) = world.institution("Центр сопровождения");
    let stay = it.booked(&who, 0, 0, 5);
    let closing = json!({"closed_on": world.day(0), "reason": "moved", "note": "Переехала."});
    let close = || world.post(&it.director, &format!("/cases/{case}/closing"), closing.clone());
    close().refused(409, "case.open_stay");
    hand_over(&it, (&person, &who, &case), &centre).refused(409, "case.open_stay");
    it.arrived(&stay);
    close().refused(409, "case.open_stay");
    let left = json!({"departed_on": world.day(0), "reason": "own_wish"});
    it.step(&stay, "departure", left).expect(200);
    close().expect(200);
}

#[test]
fn a_move_is_judged_by_the_age_of_its_day() {
    let mut it = House::new(2, 2);
    let girl = |it: &House, born: &str, bed: usize| {
        let who = it.person("female", born);
        let permitted = json!({"permission_file_id": it.world.file(&it.director, "other")});
        let order = with(it.order(&who, bed, 0, 30), &permitted);
        it.world.post(&it.specialist, "/stays", order).expect(201).id()
    };
    let (almost, young) = (girl(&it, "2008-03-04", 0), girl(&it, "2012-05-05", 2));
    it.arrived(&almost);
    it.arrived(&young);
    it.world.advance_days(3);
    it.log_in();
    it.step(&almost, "moves", json!({"bed_id": it.beds[3]})).refused(409, "stay.room_age");
    it.step(&almost, "extensions", json!({"until_on": it.world.day(40)})).expect(200);
    let grown = it.booked(&it.woman(), 3, 40, 10);
    assert_eq!(it.stay(&grown)["state"], "reserved");
    it.recount();
}

#[test]
fn of_a_thousand_bookings_at_once_no_bed_and_no_person_has_two_of_one_night() {
    let it = House::new(4, 3);
    let people: Vec<String> = (0..24)
        .map(|it_is| it.person(if it_is % 2 == 0 { "female" } else { "male" }, "2005-05-05"))
        .collect();
    let orders: Vec<Value> = (0..1000_usize)
        .map(|n| {
            let from = i64::try_from(n * 7 % 20).expect("a day");
            it.order(&people[n * 5 % 24], n % 12, from, i64::try_from(1 + n % 4).expect("nights"))
        })
        .collect();
    let (world, clerk) = (&it.world, &it.specialist);
    let statuses: Vec<u16> = std::thread::scope(|threads| {
        let parts: Vec<_> = orders.chunks(84).collect();
        let all: Vec<_> = parts
            .into_iter()
            .map(|part| {
                threads.spawn(move || {
                    part.iter().map(|it| world.post(clerk, "/stays", it.clone()).status).collect::<Vec<u16>>()
                })
            })
            .collect();
        all.into_iter().flat_map(|it| it.join().expect("answers")).collect()
    });
    assert!(statuses.iter().all(|it| [201, 409, 503].contains(it)), "{statuses:?}");
    let mut stays = Vec::new();
    let mut next = Some("/stays?limit=200".to_owned());
    while let Some(path) = next {
        let page = world.get(clerk, &path).expect(200);
        stays.extend(page.items().clone());
        next = page.body["next_cursor"].as_str().map(|it| format!("/stays?limit=200&cursor={it}"));
    }
    assert_eq!(stays.len(), statuses.iter().filter(|it| **it == 201).count());
    assert!(stays.len() > 30, "{}", stays.len());
    let (mut beds, mut sleepers, mut count) = (BTreeSet::new(), BTreeSet::new(), 0);
    for stay in &stays {
        let day =
            |name: &str| stay[name].as_str().expect("a day").parse::<chrono::NaiveDate>().expect("a day");
        for night in day("from_on").iter_days().take_while(|it| *it < day("until_on")) {
            assert!(beds.insert((stay["bed_id"].to_string(), night)), "a bed twice on {night}");
            assert!(
                sleepers.insert((stay["beneficiary_id"].to_string(), night)),
                "a person twice on {night}"
            );
            count += 1;
        }
    }
    let occupancy = it.occupancy("2026-03");
    assert_eq!(occupancy["reserved"], json!(count));
    assert_eq!(occupancy["free"], json!(12 * 31 - count));
    it.recount();
}

#[test]
fn the_last_beds_of_an_empty_room_go_to_one_sex_though_both_ask_at_once() {
    let it = House::new(1, 2);
    let (world, clerk) = (&it.world, &it.specialist);
    let other = it.person("female", "2005-05-05");
    it.booked(&other, 0, 10, 2);
    for round in 0..6_i64 {
        let orders = [("male", 0), ("female", 1)]
            .map(|(sex, bed)| it.order(&it.person(sex, "2005-05-05"), bed, round, 1));
        let answers: Vec<(u16, String)> = std::thread::scope(|threads| {
            let all: Vec<_> = orders
                .iter()
                .map(|order| {
                    threads.spawn(move || {
                        let answer = world.post(clerk, "/stays", order.clone());
                        (answer.status, answer.code().to_owned())
                    })
                })
                .collect();
            all.into_iter().map(|it| it.join().expect("an answer")).collect()
        });
        let mut told: Vec<(u16, &str)> = answers.iter().map(|it| (it.0, it.1.as_str())).collect();
        told.sort_unstable();
        assert_eq!(told, [(201, ""), (409, "stay.room_sex")]);
    }
    let booked = world.get(clerk, "/stays?limit=200").expect(200);
    assert_eq!(booked.items().len(), 7);
}

#[test]
fn one_who_is_removed_from_the_register_has_a_bed_in_a_crisis_alone() {
    let it = House::new(1, 2);
    let who = it.woman();
    it.world.removed(&who, 0);
    let ask = |urgency: &str| {
        let form = json!({"beneficiary_id": who, "facility_id": it.facility, "from_on": it.world.day(30), "nights": 5, "urgency": urgency});
        it.world.post(&it.specialist, "/place-requests", form)
    };
    ask("week").refused(409, "register.not_active");
    it.book(&who, 0, 0, 5).refused(409, "register.not_active");
    let in_crisis = with(it.order(&who, 0, 0, 5), &json!({"purpose": "crisis"}));
    it.world.post(&it.specialist, "/stays", in_crisis).expect(201);
    ask("now").expect(201);
    it.world.restored(&who);
    it.booked(&who, 1, 10, 2);
}

#[test]
fn a_stay_tells_the_programme_of_its_enrolment() {
    let it = House::new(1, 1);
    let (world, who) = (&it.world, it.woman());
    let programme =
        world.get(&it.director, "/living-programmes?regional=true").expect(200).items()[0].clone();
    let order = json!({"programme_id": programme["id"], "starts_on": world.day(0)});
    let path = format!("/beneficiaries/{who}/living-enrolments");
    let enrolment = world.post(&it.director, &path, order).expect(201).id();
    let order = with(it.order(&who, 0, 0, 5), &json!({"enrolment_id": enrolment}));
    let stay = world.post(&it.specialist, "/stays", order).expect(201);
    let name = format!("{}, {}", programme["name"].as_str().expect("a name"), world.day(0));
    assert_eq!(stay.body["enrolment_name"], json!(name));
}
