//! Organizations that were closed: nobody sleeps there after the last day, nothing is given by them, and no request for help is theirs.
use super::places::{House, facility_form};
use super::stock::store;
use serde_json::{Value, json};
use tests::{Account, Reply, World, with};

/// Asserts that a closed organization is all that stands against it, at that place.
fn refused(reply: Reply, at: &str) {
    reply.refused_at(422, "organization.closed", at);
}

#[test]
fn nobody_sleeps_in_a_house_after_the_last_day_of_its_organization() {
    let it = House::new(1, 3);
    let (lives, waits) = (it.woman(), it.woman());
    let stay = it.booked(&lives, 0, 0, 2);
    it.arrived(&stay);
    let ask = |who: &str, from: i64| {
        let form = json!({"beneficiary_id": who, "facility_id": it.facility, "from_on": it.world.day(from), "nights": 5, "urgency": "week"});
        it.world.post(&it.specialist, "/place-requests", form)
    };
    let request = ask(&waits, 0).expect(201).id();
    it.world.close_organization(&it.organization, &it.world.day(2));

    refused(it.book(&it.woman(), 1, 0, 4), "/until_on");
    it.booked(&it.woman(), 1, 0, 3);
    let until = |days: i64| json!({"until_on": it.world.day(days)});
    refused(it.step(&stay, "extensions", until(4)), "/until_on");
    it.step(&stay, "extensions", until(3)).expect(200);
    refused(ask(&it.woman(), 3), "/facility_id");
    let offer = |days: i64| {
        let order = json!({"bed_id": it.beds[2], "from_on": it.world.day(0), "until_on": it.world.day(days)});
        it.world.post(&it.specialist, &format!("/place-requests/{request}/offers"), order)
    };
    refused(offer(4), "/until_on");
    // The nights that become free are offered to nobody who would stay longer.
    it.step(&stay, "departure", json!({"departed_on": it.world.day(0), "reason": "term"})).expect(200);
    let card = it.world.get(&it.specialist, &format!("/place-requests/{request}")).expect(200);
    assert_eq!((&card.body["state"], &card.body["offer"]), (&json!("waiting"), &Value::Null));
    offer(3).expect(200);
}

#[test]
fn a_closed_organization_opens_no_house_offers_no_service_and_gives_nothing() {
    let it = store(3);
    let (world, director) = (&it.world, &it.director);
    let house = world.post(director, "/facilities", facility_form(&it.organization)).expect(201).id();
    let partner = world.ngo("Берег");
    let offer = json!({"organization_id": it.organization, "name": "Консультация юриста", "kind": "legal", "free": true,
        "territory": "25655000", "starts_on": world.day(-5)});
    let offered = world.post(director, "/service-offers", offer.clone()).expect(201).id();
    let beneficiary = world.beneficiary(director, &it.organization, &world.person(director, json!({})));
    let case = world.case(director, &it.organization, &beneficiary);
    world.close_organization(&it.organization, &world.day(-1));
    world.close_organization(&partner, &world.day(-1));

    let post = |path: &str, form: Value| world.post(director, path, form);
    refused(post("/facilities", facility_form(&it.organization)), "/organization_id");
    world.edit(director, &format!("/facilities/{house}"), json!({"closed_on": world.day(0)})).expect(200);
    refused(post("/service-offers", offer), "/organization_id");
    world
        .edit(director, &format!("/service-offers/{offered}"), json!({"ends_on": world.day(-1)}))
        .expect(200);
    // What was given until the last day is entered late.
    let aid = |days: i64| {
        json!({"organization_id": it.organization, "kind": "food_kit", "beneficiary_id": beneficiary,
        "given_on": world.day(days), "items": [{"stock_item_id": it.kits, "quantity": 1}], "act": {"number": "17", "signed_by_recipient": true}})
    };
    refused(post("/emergency-aids", aid(0)), "/organization_id");
    post("/emergency-aids", aid(-1)).expect(201);
    let passed = |days: i64| {
        json!({"stock_item_id": it.kits, "direction": "out", "quantity": 1, "reason": "handed_over",
        "partner_organization_id": partner, "moved_on": world.day(days)})
    };
    refused(post("/stock-movements", passed(0)), "/partner_organization_id");
    let standards = world.get(director, "/service-standards?code=hardship-help").expect(200);
    let standard = Reply::id_of(&standards.items()[0]);
    let delivery = |days: i64| json!({"standard_id": standard, "provider_organization_id": partner, "delivered_on": world.day(days)});
    let deliveries = format!("/cases/{case}/service-deliveries");
    refused(post(&deliveries, delivery(0)), "/provider_organization_id");
    post(&deliveries, delivery(-1)).expect(201);
}

#[test]
fn a_request_for_help_goes_to_no_organization_that_was_closed() {
    let world = World::new();
    let (centre, director) = world.institution("Центр");
    let (closed, colleague) = world.institution("Закрытый центр");
    let form = json!({"source": "neighbour", "described": "Женщина с детьми", "territory": "25655101001", "urgency": "week", "text": "Нет дров."});
    let request = world.post(&director, "/intake-requests", form.clone()).expect(201).id();
    let accusing = with(form, &json!({"concerned_organization_id": closed}));
    world.close_organization(&closed, &world.day(-1));

    let step = |who: &Account, step: &str, order: Value| {
        world.post(who, &format!("/intake-requests/{request}/{step}"), order)
    };
    let theirs = json!({"organization_id": closed});
    refused(step(&colleague, "check", theirs.clone()), "/organization_id");
    let note = json!({"note": "В районе некому проверить."});
    refused(step(&world.admin(), "direction", with(theirs.clone(), &note)), "/organization_id");
    step(&director, "check", json!({"organization_id": centre})).expect(200);
    let redirected = with(json!({"outcome": "redirected", "note": "Их участок."}), &theirs);
    refused(step(&director, "decision", redirected), "/organization_id");
    // Whom a request accuses may be closed by now.
    world.post(&director, "/intake-requests", accusing).expect(201);
}
