//! The waiting list for places: its order, and offers that lapse.
use super::places::House;
use super::stays::hand_over;
use chrono::TimeDelta;
use persistence::help::place_requests;
use persistence::tx::Tx;
use serde_json::{Value, json};
use tests::{Reply, World, with};

fn ask(it: &House, who: &str, members: Value) -> Reply {
    let form = json!({"beneficiary_id": who, "facility_id": it.facility, "from_on": it.world.day(0), "nights": 5, "urgency": "week"});
    it.world.post(&it.specialist, "/place-requests", with(form, &members))
}
fn asked(it: &House, who: &str, urgency: &str) -> String {
    ask(it, who, json!({"urgency": urgency})).expect(201).id()
}
fn card(it: &House, request: &str) -> Value {
    it.world.get(&it.specialist, &format!("/place-requests/{request}")).expect(200).body
}
fn listed(it: &House, filter: &str) -> Vec<Value> {
    let page = it.world.get(&it.specialist, &format!("/place-requests{filter}")).expect(200);
    page.items().iter().map(|it| it["id"].clone()).collect()
}

#[test]
fn the_freed_nights_go_to_the_most_urgent_and_an_unanswered_offer_keeps_the_place_in_the_list() {
    let mut it = House::new(1, 1);
    let stay = it.booked(&it.woman(), 0, 0, 30);
    it.arrived(&stay);
    let month = asked(&it, &it.woman(), "month");
    let week = asked(&it, &it.woman(), "week");
    // The most urgent one is a man: the room is his only while nobody else has it.
    let now = asked(&it, &it.person("male", "2005-05-05"), "now");
    assert_eq!(listed(&it, ""), [json!(now), json!(week), json!(month)]);
    it.world.advance_days(3);
    it.log_in();
    let left = json!({"departed_on": it.world.day(0), "reason": "own_wish"});
    it.step(&stay, "departure", left).expect(200);
    let offered = card(&it, &now);
    assert_eq!((&offered["state"], &offered["offer"]["bed_id"]), (&json!("offered"), &json!(it.beds[0])));
    assert_eq!(
        (&offered["offer"]["from_on"], &offered["offer"]["until_on"]),
        (&json!(it.world.day(0)), &json!(it.world.day(5)))
    );
    assert_eq!((&card(&it, &week)["state"], &card(&it, &month)["offer"]), (&json!("waiting"), &Value::Null));
    assert_eq!(listed(&it, "?state=offered"), [json!(now)]);
    it.book(&it.woman(), 0, 2, 1).refused(409, "stay.bed_taken");
    let occupancy = it.occupancy("2026-03");
    assert_eq!((&occupancy["offered"], &occupancy["waiting"]), (&json!(5), &json!(3)));

    it.world.advance(TimeDelta::hours(24));
    it.world.advance_days(0);
    it.log_in();
    assert_eq!((&card(&it, &now)["state"], &card(&it, &now)["offer"]), (&json!("waiting"), &Value::Null));
    assert_eq!(listed(&it, ""), [json!(now), json!(week), json!(month)]);
    assert_eq!(it.occupancy("2026-03")["offered"], json!(0));
    it.booked(&it.woman(), 0, 2, 1);
}

#[test]
fn an_offer_holds_its_bed_for_the_stay_that_answers_it() {
    let it = House::new(1, 2);
    let (who, other) = (it.woman(), it.woman());
    let request = asked(&it, &who, "week");
    let offer = |request: &str, bed: usize, from: i64, until: i64| {
        let order =
            json!({"bed_id": it.beds[bed], "from_on": it.world.day(from), "until_on": it.world.day(until)});
        it.world.post(&it.specialist, &format!("/place-requests/{request}/offers"), order)
    };
    offer(&request, 0, 2, 2).refused(422, "field.combination");
    offer(&request, 0, -1, 2).refused(422, "stay.in_past");
    let offered = offer(&request, 0, 0, 5).expect(200);
    assert_eq!(offered.body["offer"]["held_until"], "2026-03-03T06:00:00Z");
    assert_eq!(offered.actions(), json!(["offer_place", "refuse_offer", "withdraw"]));
    it.book(&who, 1, 0, 2).refused(409, "stay.elsewhere");
    it.book(&other, 0, 0, 2).refused(409, "stay.bed_taken");
    offer(&request, 1, 0, 5).expect(200);
    let free = it.booked(&other, 0, 0, 2);
    let second = asked(&it, &it.woman(), "now");
    let wrong = with(it.order(&who, 1, 0, 5), &json!({"place_request_id": second}));
    it.world.post(&it.specialist, "/stays", wrong).refused(422, "place_request.other_person");
    let order = with(it.order(&who, 1, 0, 5), &json!({"place_request_id": request}));
    let stay = it.world.post(&it.specialist, "/stays", order.clone()).expect(201).id();
    let placed = card(&it, &request);
    assert_eq!((&placed["state"], &placed["stay_id"]), (&json!("placed"), &json!(stay)));
    it.world.post(&it.specialist, "/stays", order).refused(409, "place_request.not_waiting");
    offer(&request, 0, 10, 12).refused(409, "place_request.not_waiting");
    let told = it.world.get(&it.director, &format!("/place-requests/{request}/history")).expect(200);
    let kinds = told.kinds();
    let all =
        ["place_request.placed", "place_request.offered", "place_request.offered", "place_request.added"];
    assert_eq!(kinds, all);
    it.step(&free, "cancellation", json!({})).expect(200);
    assert_eq!(card(&it, &second)["state"], "offered", "the freed bed is offered to the one who waits");
    let path = format!("/place-requests/{second}/withdrawal");
    it.world.post(&it.specialist, &path, json!({})).expect(200);
    it.world.post(&it.specialist, &path, json!({})).refused(409, "place_request.not_waiting");
    it.booked(&it.woman(), 0, 0, 5);
}

/// Offers that bed to a request for the next three nights.
fn offer(it: &House, request: &str, bed: usize) -> Reply {
    let order = json!({"bed_id": it.beds[bed], "from_on": it.world.day(0), "until_on": it.world.day(3)});
    it.world.post(&it.specialist, &format!("/place-requests/{request}/offers"), order)
}
fn state(it: &House, request: &str) -> Value {
    card(it, request)["state"].clone()
}

#[test]
fn the_bed_of_a_refused_or_withdrawn_offer_goes_at_once_to_the_next_who_has_had_none() {
    let it = House::new(1, 2);
    let [first, second, third] = ["now", "week", "month"].map(|urgency| asked(&it, &it.woman(), urgency));
    let step = |request: &str, step: &str| {
        it.world.post(&it.specialist, &format!("/place-requests/{request}/{step}"), json!({}))
    };
    step(&first, "refusal").refused(409, "place_request.not_offered");
    let stay = it.booked(&it.woman(), 0, 0, 5);
    it.step(&stay, "cancellation", json!({})).expect(200);
    assert_eq!(state(&it, &first), "offered");
    let officer =
        it.world.account("opeka", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    it.world.post(&officer, &format!("/place-requests/{first}/refusal"), json!({})).expect(403);
    let stale = it.world.ask("POST", &format!("/api/v1/place-requests/{first}/refusal")).by(&it.specialist);
    stale.header("If-Match", "\"9\"").json(&json!({})).send().refused(412, "version.stale");
    let refused = step(&first, "refusal").expect(200);
    assert_eq!((&refused.body["state"], &refused.body["offer"]), (&json!("waiting"), &Value::Null));
    assert_eq!(card(&it, &second)["offer"]["bed_id"], json!(it.beds[0]));
    step(&second, "refusal").expect(200);
    assert_eq!(
        [&first, &second, &third].map(|it_is| state(&it, it_is)),
        ["waiting", "waiting", "offered"],
        "who was asked since the bed became free is not asked again"
    );
    step(&third, "withdrawal").expect(200);
    let told = it.world.get(&it.director, &format!("/place-requests/{third}/history")).expect(200);
    assert_eq!(told.items()[0]["kind"], "place_request.withdrawn");
    assert_eq!([&first, &second].map(|it_is| state(&it, it_is)), ["waiting", "waiting"]);
    let told = it.world.get(&it.director, &format!("/place-requests/{first}/history")).expect(200);
    assert_eq!(told.kinds(), ["place_request.offer_ended", "place_request.offered", "place_request.added"]);
    // Another vacancy begins another turn.
    it.world.advance(TimeDelta::minutes(1));
    let stay = it.booked(&it.woman(), 1, 0, 5);
    it.step(&stay, "cancellation", json!({})).expect(200);
    assert_eq!(card(&it, &first)["offer"]["bed_id"], json!(it.beds[1]));
    // A bed that is offered in place of another leaves that to the next.
    offer(&it, &first, 0).expect(200);
    assert_eq!(card(&it, &second)["offer"]["bed_id"], json!(it.beds[1]));
    it.recount();
}

#[test]
fn the_clock_passes_an_unanswered_offer_on_until_somebody_has_the_bed() {
    let mut it = House::in_world(World::with(&["--clock-seconds", "1"]), 1, 1);
    let [first, second] = ["now", "week"].map(|urgency| asked(&it, &it.woman(), urgency));
    let stay = it.booked(&it.woman(), 0, 0, 5);
    it.step(&stay, "cancellation", json!({})).expect(200);
    assert_eq!([&first, &second].map(|it_is| state(&it, it_is)), ["offered", "waiting"]);
    it.world.advance(TimeDelta::hours(25));
    it.world.advance_days(0);
    it.log_in();
    assert_eq!(it.world.fact("place_request.offer_ended"), first);
    assert_eq!([&first, &second].map(|it_is| state(&it, it_is)), ["waiting", "offered"]);
    let told = it.world.get(&it.director, &format!("/place-requests/{first}/history")).expect(200);
    assert!(told.text.contains("нет ответа"), "{}", told.text);
    it.recount();
}

#[test]
fn another_bed_for_somebody_whose_offer_has_lapsed_leaves_the_former_one_to_the_next() {
    let mut it = House::in_world(World::with(&["--clock-seconds", "3600"]), 1, 2);
    let [first, second] = ["now", "week"].map(|urgency| asked(&it, &it.woman(), urgency));
    let sleeps = it.booked(&it.woman(), 1, 0, 30);
    it.arrived(&sleeps);
    let stay = it.booked(&it.woman(), 0, 0, 5);
    it.step(&stay, "cancellation", json!({})).expect(200);
    assert_eq!(card(&it, &first)["offer"]["bed_id"], json!(it.beds[0]));
    it.world.advance(TimeDelta::hours(25));
    it.world.advance_days(0);
    it.log_in();
    let left = json!({"departed_on": it.world.day(0), "reason": "own_wish"});
    it.step(&sleeps, "departure", left).expect(200);
    assert_eq!(card(&it, &first)["offer"]["bed_id"], json!(it.beds[1]));
    assert_eq!(card(&it, &second)["offer"]["bed_id"], json!(it.beds[0]));
    let told = it.world.get(&it.director, &format!("/place-requests/{first}/history")).expect(200);
    let kinds = told.kinds();
    let all = [
        "place_request.offered",
        "place_request.offer_ended",
        "place_request.offered",
        "place_request.added",
    ];
    assert_eq!(kinds, all);
    it.recount();
}

#[test]
fn an_offer_is_made_to_those_alone_who_may_be_booked() {
    let it = House::new(1, 2);
    let grown = asked(&it, &it.person("female", "1999-03-01"), "now");
    offer(&it, &grown, 0).refused(422, "stay.age");
    let unknown = asked(&it, &it.person("unknown", "2005-05-05"), "now");
    offer(&it, &unknown, 0).refused(422, "stay.sex_unknown");
    let woman = asked(&it, &it.woman(), "month");
    assert!(
        !offer(&it, &woman, 0).expect(200).text.contains("place_request.more_urgent"),
        "the bed suits nobody before"
    );
    let stay = it.booked(&it.woman(), 1, 0, 3);
    it.step(&stay, "cancellation", json!({})).expect(200);
    assert_eq!([&grown, &unknown].map(|it_is| state(&it, it_is)), ["waiting", "waiting"]);
}

#[test]
fn an_offer_asks_whether_the_organization_still_answers_for_the_one_who_waits() {
    let it = House::new(1, 1);
    let request = asked(&it, &it.woman(), "now");
    let (other, _) = it.world.institution("Чужой центр");
    it.leave_people_to(&other);
    offer(&it, &request, 0).refused(409, "place_request.not_served");
}

#[test]
fn lapsed_offers_of_two_beds_leave_their_room_empty_for_the_next_one() {
    let mut it = House::new(1, 2);
    for bed in [0, 1] {
        let request = asked(&it, &it.woman(), "now");
        let order = json!({"bed_id": it.beds[bed], "from_on": it.world.day(2), "until_on": it.world.day(6)});
        it.world.post(&it.specialist, &format!("/place-requests/{request}/offers"), order).expect(200);
    }
    let man = it.person("male", "2005-05-05");
    it.book(&man, 0, 2, 3).refused(409, "stay.bed_taken");
    it.recount();
    it.world.advance(TimeDelta::hours(24));
    it.world.advance_days(0);
    it.log_in();
    it.booked(&man, 0, 1, 3);
    it.recount();
}

#[test]
fn nights_beyond_those_of_the_facility_are_neither_asked_for_nor_offered() {
    let it = House::new(1, 1);
    ask(&it, &it.woman(), json!({"nights": 181})).refused(422, "stay.too_long");
    let of_kind = json!({"facility_id": null, "kind": "social_hotel", "organization_id": it.organization, "nights": 200});
    let request = ask(&it, &it.woman(), of_kind).expect(201).id();
    let offer = |until: String| {
        let order = json!({"bed_id": it.beds[0], "from_on": it.world.day(0), "until_on": until});
        it.world.post(&it.specialist, &format!("/place-requests/{request}/offers"), order)
    };
    offer(it.world.day(181)).refused(422, "stay.too_long");
    offer("2199-12-31".to_owned()).refused(422, "field.combination");
    let stay = it.booked(&it.woman(), 0, 0, 3);
    it.step(&stay, "cancellation", json!({})).expect(200);
    assert_eq!(card(&it, &request)["offer"]["until_on"], json!(it.world.day(180)));
}

#[test]
fn the_one_who_waits_for_another_kind_of_place_is_asked_behind_fifty_more_urgent() {
    let mut it = House::new(1, 1);
    let flat = json!({"kind": "training_apartment", "name": "Учебная квартира"});
    let flat = with(super::places::facility_form(&it.organization), &flat);
    let flat = it.world.post(&it.director, "/facilities", flat).expect(201).id();
    let room = json!({"name": "Комната", "sex_rule": "any", "age_rule": "any"});
    let room = it.world.post(&it.director, &format!("/facilities/{flat}/rooms"), room).expect(201).id();
    let bed = json!({"name": "1", "opened_on": "2025-01-01"});
    let bed = it.world.post(&it.director, &format!("/rooms/{room}/beds"), bed).expect(201).id();
    it.beds.push(bed.clone());
    for _ in 0..51 {
        asked(&it, &it.woman(), "now");
    }
    let of_kind = json!({"facility_id": null, "kind": "training_apartment", "organization_id": it.organization, "urgency": "month"});
    let request = ask(&it, &it.woman(), of_kind).expect(201).id();
    let stay = it.booked(&it.woman(), 1, 0, 3);
    it.step(&stay, "cancellation", json!({})).expect(200);
    assert_eq!(card(&it, &request)["offer"]["bed_id"], json!(bed));
}

#[test]
fn a_note_that_does_not_open_stops_no_departure() {
    if tests::postgres_url().is_some() {
        return; // The same program; the file of SQLite is changed here.
    }
    let it = House::new(1, 1);
    let request = ask(&it, &it.woman(), json!({"note": "Ждёт жильё."})).expect(201).id();
    let raw = rusqlite::Connection::open(it.world.region_file()).expect("a region's file");
    raw.busy_timeout(std::time::Duration::from_secs(5)).expect("patience");
    raw.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)
        .expect("no triggers");
    assert_eq!(raw.execute("UPDATE place_requests SET note = 'v1.k1.AAAA'", []).expect("a note"), 1);
    let stay = it.booked(&it.woman(), 0, 0, 3);
    it.step(&stay, "cancellation", json!({})).expect(200);
    it.book(&it.woman(), 0, 0, 1).refused(409, "stay.bed_taken");
    let told = it.world.get(&it.director, &format!("/place-requests/{request}/history")).expect(200);
    assert_eq!(told.items()[0]["kind"], "place_request.offered");
}

#[test]
fn a_request_ends_with_the_case_where_the_responsibility_ends() {
    let it = House::new(1, 1);
    let world = &it.world;
    let (centre, receiver) = world.institution("Центр сопровождения");
    let heir = world.staff("support_specialist", &centre);
    let waits = || {
        let person = world.person(&it.director, json!({"birth_date": "2005-05-05"}));
        let who = world.beneficiary(&it.director, &it.organization, &person);
        let case = world.case(&it.director, &it.organization, &who);
        let form = json!({"beneficiary_id": who, "facility_id": it.facility, "from_on": world.day(0), "nights": 3, "urgency": "now"});
        let request = world.post(&it.specialist, "/place-requests", form).expect(201).id();
        (person, who, case, request)
    };
    let state = |request: &str| {
        let card = world.get(&it.director, &format!("/place-requests/{request}")).expect(200);
        card.body["state"].as_str().expect("a state").to_owned()
    };
    let (_, _, case, stays_on) = waits();
    let closing = json!({"closed_on": world.day(0), "reason": "moved", "note": "Переехала."});
    world.post(&it.director, &format!("/cases/{case}/closing"), closing).expect(200);
    assert_eq!(state(&stays_on), "waiting", "the organization is still responsible");
    let (person, who, case, request) = waits();
    let transfer = hand_over(&it, (&person, &who, &case), &centre).expect(201).id();
    let accepted = json!({"specialist_user_id": heir.id});
    world.post(&receiver, &format!("/case-transfers/{transfer}/acceptance"), accepted).expect(200);
    assert_eq!(state(&request), "withdrawn");
}

#[test]
fn an_offer_past_somebody_more_urgent_is_made_and_warned_of() {
    let it = House::new(1, 2);
    let (calm, urgent) = (asked(&it, &it.woman(), "month"), asked(&it, &it.woman(), "now"));
    let order =
        |bed: usize| json!({"bed_id": it.beds[bed], "from_on": it.world.day(0), "until_on": it.world.day(3)});
    let offer = |request: &str, bed: usize| {
        it.world.post(&it.specialist, &format!("/place-requests/{request}/offers"), order(bed)).expect(200)
    };
    let warned = offer(&calm, 0);
    assert!(warned.text.contains("place_request.more_urgent"), "{}", warned.text);
    assert!(!offer(&urgent, 1).text.contains("place_request.more_urgent"));
}

#[test]
fn an_offer_by_hand_stays_in_the_turn_of_its_nights() {
    let it = House::new(1, 1);
    let [first, second] = ["now", "week"].map(|urgency| asked(&it, &it.woman(), urgency));
    let refuse = |request: &str| {
        it.world.post(&it.specialist, &format!("/place-requests/{request}/refusal"), json!({})).expect(200);
    };
    let stay = it.booked(&it.woman(), 0, 0, 5);
    it.step(&stay, "cancellation", json!({})).expect(200);
    refuse(&first);
    refuse(&second);
    it.world.advance(TimeDelta::minutes(1));
    offer(&it, &first, 0).expect(200);
    refuse(&first);
    assert_eq!(
        state(&it, &second),
        "waiting",
        "who was asked since the nights became free is not asked again"
    );
    let third = asked(&it, &it.woman(), "month");
    offer(&it, &first, 0).expect(200);
    refuse(&first);
    assert_eq!([&second, &third].map(|it_is| state(&it, it_is)), ["waiting", "offered"]);
    it.recount();
}

#[test]
fn the_nights_that_a_shorter_stay_leaves_are_offered_to_the_next() {
    let it = House::new(1, 1);
    let who = it.woman();
    let request = asked(&it, &who, "now");
    let now = ask(&it, &it.woman(), json!({"urgency": "now"})).expect(201).id();
    let later = json!({"from_on": it.world.day(2), "nights": 3, "urgency": "month"});
    let later = ask(&it, &it.woman(), later).expect(201).id();
    let order = json!({"bed_id": it.beds[0], "from_on": it.world.day(0), "until_on": it.world.day(5)});
    it.world.post(&it.specialist, &format!("/place-requests/{request}/offers"), order).expect(200);
    let order = with(it.order(&who, 0, 0, 2), &json!({"place_request_id": request}));
    it.world.post(&it.specialist, "/stays", order).expect(201);
    assert_eq!(card(&it, &later)["offer"]["from_on"], json!(it.world.day(2)));
    assert_eq!(state(&it, &now), "waiting", "whose nights are taken waits on");
    it.recount();
}

#[test]
fn who_gives_way_has_had_no_turn() {
    let mut it = House::in_world(World::with(&["--clock-seconds", "3600"]), 1, 2);
    let came = it.world.now();
    let missed = it.booked(&it.woman(), 1, 0, 6);
    let held = it.booked(&it.woman(), 0, 2, 6);
    // Forty-two hours after the first midnight the hold is over.
    it.world.advance(TimeDelta::hours(32));
    it.world.advance_days(0);
    it.log_in();
    let [first, second] = ["now", "week"].map(|urgency| asked(&it, &it.woman(), urgency));
    it.step(&held, "cancellation", json!({})).expect(200);
    assert_eq!([&first, &second].map(|it_is| state(&it, it_is)), ["offered", "waiting"]);
    it.world.advance(TimeDelta::hours(2));
    it.world.advance_days(0);
    it.log_in();
    let id = missed.parse::<uuid::Uuid>().expect("an id").into();
    it.world.inside(async move |tx: &mut Tx<'_>| place_requests::end_missed(tx, id).await);
    assert_eq!(card(&it, &second)["offer"]["bed_id"], json!(it.beds[1]));
    it.step(&missed, "arrival", json!({"arrived_at": came})).expect(200);
    assert_eq!(state(&it, &second), "waiting", "the one who had come in time has the bed");
    it.world.post(&it.specialist, &format!("/place-requests/{first}/refusal"), json!({})).expect(200);
    assert_eq!(card(&it, &second)["offer"]["bed_id"], json!(it.beds[0]), "the turn of the other bed goes on");
    it.recount();
}

/// The clock looks once for searches that go on. Their number.
fn looked(it: &House) -> usize {
    it.world.inside(async move |tx: &mut Tx<'_>| {
        let beds = place_requests::unfinished(tx, None).await?;
        for (_, bed) in &beds {
            place_requests::go_on(tx, *bed).await?;
        }
        Ok(beds.len())
    })
}

#[test]
fn those_behind_the_first_part_of_the_list_are_tried_by_the_clock() {
    let it = House::new(1, 2);
    let sleeps = it.booked(&it.woman(), 1, 0, 30);
    it.arrived(&sleeps);
    for _ in 0..20 {
        asked(&it, &it.person("male", "2005-05-05"), "now");
    }
    let woman = asked(&it, &it.woman(), "month");
    let stay = it.booked(&it.woman(), 0, 0, 5);
    it.step(&stay, "cancellation", json!({})).expect(200);
    assert_eq!(state(&it, &woman), "waiting", "one order tries the first part alone");
    assert_eq!((looked(&it), looked(&it)), (1, 0));
    assert_eq!(state(&it, &woman), "offered");
    it.recount();
}

#[test]
fn one_waits_once_for_a_facility_or_for_any_of_a_kind() {
    let it = House::new(1, 1);
    let who = it.woman();
    let of_kind = json!({"facility_id": null, "kind": "social_hotel", "organization_id": it.organization, "note": "Ждёт жильё."});
    ask(&it, &who, json!({"kind": "social_hotel"})).refused(422, "field.combination");
    ask(&it, &who, json!({"facility_id": null})).refused(422, "field.missing");
    ask(&it, &who, json!({"facility_id": null, "kind": "social_hotel"})).refused(422, "field.missing");
    ask(&it, &who, json!({"facility_id": it.beds[0]})).refused(422, "field.reference");
    ask(&it, &who, json!({"from_on": it.world.day(-1)})).refused(422, "stay.in_past");
    ask(&it, &who, json!({"nights": 0})).refused(422, "field.range");
    let request = ask(&it, &who, of_kind).expect(201);
    assert_eq!(
        (&request.body["kind"], &request.body["note"]),
        (&json!("social_hotel"), &json!("Ждёт жильё."))
    );
    ask(&it, &who, json!({})).refused(409, "place_request.already");
    let family =
        it.world.family_beneficiary(&it.director, &it.organization, &it.world.family(&it.director, &[]));
    ask(&it, &family, json!({})).refused(422, "stay.not_a_person");
    let (other, stranger) = it.world.institution("Чужой центр");
    it.world.get(&stranger, &format!("/place-requests/{}", request.id())).expect(404);
    let theirs = it.world.beneficiary(&stranger, &other, &it.world.person(&stranger, json!({})));
    ask(&it, &theirs, json!({})).refused(422, "field.reference");
    let foreign = json!({"beneficiary_id": theirs, "facility_id": it.facility, "from_on": it.world.day(0), "nights": 5, "urgency": "now"});
    it.world.post(&stranger, "/place-requests", foreign).refused(422, "field.reference");
    let apartment =
        json!({"facility_id": null, "kind": "training_apartment", "organization_id": it.organization});
    let elsewhere = ask(&it, &it.woman(), apartment).expect(201).id();
    let order = json!({"bed_id": it.beds[0], "from_on": it.world.day(0), "until_on": it.world.day(3)});
    it.world
        .post(&it.specialist, &format!("/place-requests/{elsewhere}/offers"), order)
        .refused(422, "place_request.unsuited");
    assert_eq!(listed(&it, &format!("?beneficiary_id={who}")), [json!(request.id())]);
    let page = it.world.get(&it.specialist, "/place-requests?limit=1").expect(200);
    let cursor = page.body["next_cursor"].as_str().expect("a next page");
    assert_eq!(listed(&it, &format!("?limit=1&cursor={cursor}")), [json!(elsewhere)]);
    let officer =
        it.world.account("opeka", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    assert_eq!(it.world.get(&officer, "/place-requests").expect(200).items().len(), 2);
    it.world.post(&officer, "/place-requests", json!({})).expect(403);
}

#[test]
fn of_many_requests_of_one_person_sent_at_once_one_is_on_the_list() {
    let it = House::new(1, 1);
    let who = it.woman();
    let statuses: Vec<u16> = std::thread::scope(|threads| {
        let all: Vec<_> = (0..20).map(|_| threads.spawn(|| ask(&it, &who, json!({})).status)).collect();
        all.into_iter().map(|it| it.join().expect("an answer")).collect()
    });
    assert_eq!(statuses.iter().filter(|it| **it == 201).count(), 1, "{statuses:?}");
    assert_eq!(listed(&it, "").len(), 1);
}
