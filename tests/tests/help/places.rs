//! Facilities, rooms and beds: what an edit may change, beds out of use, and the nights of a month.
use crate::parts::raw::Raw;
use serde_json::{Value, json};
use tests::{Account, Reply, World, with};

/// A social hotel of an institution, with its beds.
pub(super) struct House {
    pub(super) world: World,
    pub(super) organization: String,
    pub(super) director: Account,
    pub(super) specialist: Account,
    pub(super) facility: String,
    pub(super) rooms: Vec<String>,
    /// The beds, room by room.
    pub(super) beds: Vec<String>,
}

/// A house of one bed.
fn of_one(world: World) -> House {
    House::in_world(world, 1, 1)
}

/// A house of one room with two beds.
fn of_two(world: World) -> House {
    House::in_world(world, 1, 2)
}

impl House {
    /// A house of so many rooms with so many beds each. Its rooms are for the first sex and the first age that comes.
    pub(super) fn new(rooms: usize, beds: usize) -> Self {
        match (rooms, beds) {
            (1, 1) => {
                tests::prepared!(House { organization, director, specialist, facility, rooms, beds } by of_one)
            }
            (1, 2) => {
                tests::prepared!(House { organization, director, specialist, facility, rooms, beds } by of_two)
            }
            _ => Self::in_world(World::new(), rooms, beds),
        }
    }
    pub(super) fn in_world(world: World, rooms: usize, beds: usize) -> Self {
        let (organization, director) = world.institution("Центр помощи");
        let specialist = world.staff("support_specialist", &organization);
        let facility = world.post(&director, "/facilities", facility_form(&organization)).expect(201).id();
        let mut it =
            Self { world, organization, director, specialist, facility, rooms: Vec::new(), beds: Vec::new() };
        for room in 1..=rooms {
            let form =
                json!({"name": format!("Комната {room}"), "sex_rule": "by_first", "age_rule": "by_first"});
            let id = it
                .world
                .post(&it.director, &format!("/facilities/{}/rooms", it.facility), form)
                .expect(201)
                .id();
            for bed in 1..=beds {
                let form = json!({"name": format!("{room}-{bed}"), "opened_on": "2025-01-01"});
                it.beds
                    .push(it.world.post(&it.director, &format!("/rooms/{id}/beds"), form).expect(201).id());
            }
            it.rooms.push(id);
        }
        it
    }
    /// A beneficiary of the institution.
    pub(super) fn person(&self, sex: &str, birth_date: &str) -> String {
        let members = json!({"sex": sex, "birth_date": birth_date});
        let person = self.world.person(&self.director, members);
        self.world.beneficiary(&self.director, &self.organization, &person)
    }
    /// A grown woman.
    pub(super) fn woman(&self) -> String {
        self.person("female", "2005-05-05")
    }
    /// An order to book a bed by an order of the director, for so many nights from that day on.
    pub(super) fn order(&self, who: &str, bed: usize, from: i64, nights: i64) -> Value {
        json!({"beneficiary_id": who, "bed_id": self.beds[bed], "from_on": self.world.day(from), "until_on": self.world.day(from + nights),
            "purpose": "hardship", "order_number": "12-п", "order_on": self.world.day(0)})
    }
    pub(super) fn book(&self, who: &str, bed: usize, from: i64, nights: i64) -> Reply {
        self.world.post(&self.specialist, "/stays", self.order(who, bed, from, nights))
    }
    pub(super) fn booked(&self, who: &str, bed: usize, from: i64, nights: i64) -> String {
        self.book(who, bed, from, nights).expect(201).id()
    }
    pub(super) fn step(&self, stay: &str, step: &str, order: Value) -> Reply {
        self.world.post(&self.specialist, &format!("/stays/{stay}/{step}"), order)
    }
    pub(super) fn arrived(&self, stay: &str) {
        self.step(stay, "arrival", json!({"arrived_at": self.world.now()})).expect(200);
    }
    pub(super) fn stay(&self, stay: &str) -> Value {
        self.world.get(&self.specialist, &format!("/stays/{stay}")).expect(200).body
    }
    pub(super) fn occupancy(&self, month: &str) -> Value {
        let path = format!("/facilities/{}/occupancy?month={month}", self.facility);
        self.world.get(&self.specialist, &path).expect(200).body
    }
    /// Asserts that the people of each room and night are those who have its beds.
    pub(super) fn recount(&self) {
        if tests::postgres_url().is_some() {
            return; // The same program; the file of SQLite is read here.
        }
        let raw = rusqlite::Connection::open(self.world.region_file()).expect("a region's file");
        raw.busy_timeout(std::time::Duration::from_secs(5)).expect("patience");
        let kept = "SELECT room_id, night, occupants FROM room_nights";
        let counted = "SELECT room_id, night, count(*) FROM bed_nights WHERE beneficiary_id IS NOT NULL GROUP BY room_id, night";
        let of = |one: &str, other: &str| {
            format!("SELECT count(*) FROM (SELECT * FROM ({one}) EXCEPT SELECT * FROM ({other}))")
        };
        for differing in [of(kept, counted), of(counted, kept)] {
            let rows: i64 = raw.query_row(&differing, [], |row| row.get(0)).expect("a count");
            assert_eq!(rows, 0, "{differing}");
        }
    }
    /// Makes another organization responsible for everybody, as a transfer does.
    pub(super) fn leave_people_to(&self, other: &str) {
        actix_web::rt::System::new().block_on(async {
            let raw = Raw::of_world(&self.world).await;
            raw.batch(&format!("UPDATE beneficiaries SET organization_id = {}", raw.id(other))).await;
        });
    }
    pub(super) fn log_in(&mut self) {
        self.director = self.world.login(&self.director.login);
        self.specialist = self.world.login(&self.specialist.login);
    }
}

pub(super) fn facility_form(organization: &str) -> Value {
    json!({"organization_id": organization, "kind": "social_hotel", "name": "Социальная гостиница", "address": "ул. Лесная, 1",
        "territory": "25655000", "amenities": ["kitchen"], "opened_on": "2025-01-01"})
}

/// The nights that a refusal names.
pub(super) fn nights(refused: &Reply, code: &str) -> Value {
    let named = param(refused, code, "nights");
    named.split(", ").map(|it| json!(it)).collect()
}

/// A parameter of an error.
pub(super) fn param(refused: &Reply, code: &str, name: &str) -> String {
    let errors = refused.body["errors"].as_array().expect("errors");
    let told = errors.iter().find(|it| it["code"] == code).unwrap_or_else(|| panic!("{}", refused.text));
    let params = told["params"].as_array().expect("parameters");
    let one = params.iter().find(|it| it["name"] == name).expect("the parameter");
    one["value"].as_str().expect("a text").to_owned()
}

#[test]
fn a_facility_has_ages_and_days_that_agree() {
    let it = House::new(1, 1);
    let (world, director) = (&it.world, &it.director);
    let refuse = |members: Value, pointers: Value| {
        let refused =
            world.post(director, "/facilities", with(facility_form(&it.organization), &members)).expect(422);
        let told: Value = refused.body["errors"]
            .as_array()
            .expect("errors")
            .iter()
            .map(|it| it["pointer"].clone())
            .collect();
        assert_eq!(told, pointers, "{}", refused.text);
    };
    refuse(json!({"age_from": 23, "closed_on": "2024-12-31"}), json!(["/age_below", "/closed_on"]));
    refuse(json!({"max_nights": 367}), json!(["/max_nights"]));
    refuse(json!({"amenities": ["pool"]}), json!(["/amenities/0"]));
    refuse(json!({"organization_id": it.rooms[0]}), json!(["/organization_id"]));
}

#[test]
fn a_move_stays_within_the_facility_and_a_facility_within_its_organization() {
    let it = House::new(1, 1);
    let world = &it.world;
    let stay = it.booked(&it.woman(), 0, 0, 3);
    let flat = json!({"organization_id": it.organization, "kind": "training_apartment", "name": "Квартира",
        "territory": "25655000", "opened_on": "2025-01-01"});
    let flat = world.post(&it.director, "/facilities", flat).expect(201);
    let room = json!({"name": "Комната", "sex_rule": "any", "age_rule": "any"});
    let room = world.post(&it.director, &format!("/facilities/{}/rooms", flat.id()), room).expect(201).id();
    let bed = json!({"name": "У окна", "opened_on": "2025-01-01"});
    let bed = world.post(&it.director, &format!("/rooms/{room}/beds"), bed).expect(201).id();
    it.step(&stay, "moves", json!({"bed_id": bed})).refused(422, "stay.other_facility");
    let (other, _) = world.institution("Другой центр");
    let role = |organization: &str| json!({"role": "director", "organization_id": organization});
    let both = world.account("both", json!([role(&it.organization), role(&other)]), None);
    let path = format!("/facilities/{}", flat.id());
    let moved = json!({"organization_id": other, "kind": "training_apartment", "name": "Квартира", "territory": "25655000",
        "opened_on": "2025-01-01"});
    world.put(&both, &path, &flat.etag(), moved).refused(409, "facility.owner_fixed");
}

#[test]
fn staff_of_the_organization_alone_sees_its_places_and_only_its_heads_change_them() {
    let it = House::new(1, 1);
    let (world, form) = (&it.world, facility_form(&it.organization));
    let (_, stranger) = world.institution("Чужой центр");
    for path in [
        format!("/facilities/{}", it.facility),
        format!("/rooms/{}", it.rooms[0]),
        format!("/beds/{}", it.beds[0]),
    ] {
        world.get(&it.specialist, &path).expect(200);
        world.get(&world.admin(), &path).expect(200);
        world.get(&stranger, &path).refused(404, "request.not_found");
        world.put(&it.specialist, &path, "\"1\"", json!({})).expect(403);
    }
    world.post(&it.specialist, "/facilities", form.clone()).expect(403);
    world.post(&stranger, "/facilities", form.clone()).refused(422, "field.reference");
    let head = world.staff("unit_head", &it.organization);
    world.post(&head, "/facilities", form).expect(201);
    world.get(&stranger, &format!("/facilities/{}/occupancy", it.facility)).expect(404);
    assert_eq!(world.get(&stranger, "/facilities").expect(200).items().len(), 0);
    let block =
        json!({"bed_id": it.beds[0], "from_on": world.day(0), "until_on": world.day(1), "reason": "repair"});
    world.post(&it.specialist, "/bed-blocks", block.clone()).expect(403);
    world.post(&stranger, "/bed-blocks", block).refused(422, "field.reference");
}

#[test]
fn a_bed_that_somebody_has_does_not_close_and_a_room_with_people_keeps_its_rules() {
    let it = House::new(1, 2);
    let (world, director) = (&it.world, &it.director);
    let stay = it.booked(&it.woman(), 0, 1, 5);
    let bed = format!("/beds/{}", it.beds[0]);
    let close = |day: i64| world.edit(director, &bed, json!({"closed_on": world.day(day)}));
    close(5).refused(409, "bed.in_use");
    let facility = format!("/facilities/{}", it.facility);
    world.edit(director, &facility, json!({"closed_on": world.day(5)})).refused(409, "bed.in_use");
    let room = format!("/rooms/{}", it.rooms[0]);
    let etag = world.get(director, &room).expect(200).etag();
    world.patch(director, &room, &etag, json!({"sex_rule": "male"})).refused(409, "room.in_use");
    world.patch(director, &room, &etag, json!({"name": "Большая комната"})).expect(200);
    close(6).expect(200);
    let refused = it.book(&it.woman(), 0, 5, 3).refused(409, "stay.bed_not_open");
    assert_eq!(nights(&refused, "stay.bed_not_open"), json!([world.day(6), world.day(7)]));
    it.step(&stay, "cancellation", json!({})).expect(200);
    close(1).expect(200);
    world.edit(director, &room, json!({"sex_rule": "male"})).expect(200);
    it.book(&it.woman(), 1, 1, 1).refused(409, "stay.room_sex");
}

#[test]
fn a_bed_out_of_use_is_given_to_nobody_until_its_block_ends() {
    let it = House::new(1, 1);
    let (world, director) = (&it.world, &it.director);
    let order = |from: i64, until: i64, members: Value| {
        let form = json!({"bed_id": it.beds[0], "from_on": world.day(from), "until_on": world.day(until), "reason": "repair"});
        world.post(director, "/bed-blocks", with(form, &members))
    };
    order(2, 2, json!({})).refused(422, "field.combination");
    order(0, 367, json!({})).refused(422, "field.combination");
    order(0, 2, json!({"until_on": "2199-12-31"})).refused(422, "field.combination");
    order(-1, 2, json!({})).refused(422, "stay.in_past");
    order(0, 2, json!({"reason": "other"})).refused(422, "field.missing");
    let stay = it.booked(&it.woman(), 0, 6, 2);
    let refused = order(0, 7, json!({})).refused(409, "stay.bed_taken");
    assert_eq!(nights(&refused, "stay.bed_taken"), json!([world.day(6)]));
    let block = order(0, 6, json!({"note": "Красят стены."})).expect(201);
    assert_eq!((&block.body["state"], &block.body["note"]), (&json!("running"), &json!("Красят стены.")));
    assert_eq!(block.actions(), json!(["end_block"]));
    it.book(&it.woman(), 0, 5, 1).refused(409, "stay.bed_taken");
    let listed = world.get(&it.specialist, &format!("/bed-blocks?bed_id={}", it.beds[0])).expect(200);
    assert_eq!(listed.items()[0]["id"], json!(block.id()));
    let path = format!("/bed-blocks/{}", block.id());
    world.post(&it.specialist, &format!("{path}/ending"), json!({})).expect(403);
    let stale = world.ask("POST", &format!("/api/v1{path}/ending")).by(director).header("If-Match", "\"7\"");
    stale.json(&json!({})).send().refused(412, "version.stale");
    let ended = world.post(director, &format!("{path}/ending"), json!({})).expect(200);
    assert_eq!((&ended.body["state"], &ended.body["ended_on"]), (&json!("ended"), &json!(world.day(0))));
    world.post(director, &format!("{path}/ending"), json!({})).refused(409, "bed_block.not_running");
    it.booked(&it.woman(), 0, 0, 6);
    assert_eq!(it.stay(&stay)["state"], "reserved");
    let told = world.get(director, &format!("{path}/history")).expect(200);
    assert_eq!(
        (&told.items()[0]["kind"], &told.items()[1]["kind"]),
        (&json!("bed_block.ended"), &json!("bed_block.added"))
    );
}

#[test]
fn the_nights_of_a_month_are_slept_booked_blocked_or_free() {
    let it = House::new(2, 2);
    let (world, director) = (&it.world, &it.director);
    let here = it.booked(&it.woman(), 0, 0, 10);
    it.arrived(&here);
    it.booked(&it.woman(), 1, 28, 10);
    let block = json!({"bed_id": it.beds[2], "from_on": world.day(0), "until_on": world.day(3), "reason": "quarantine"});
    world.post(director, "/bed-blocks", block).expect(201);
    let march = it.occupancy("2026-03");
    assert_eq!((&march["beds"], &march["bed_nights"]), (&json!(4), &json!(124)));
    assert_eq!((&march["reserved"], &march["blocked"], &march["slept"]), (&json!(12), &json!(3), &json!(0)));
    assert_eq!((&march["free"], &march["mean_nights"]), (&json!(109), &Value::Null));
    assert_eq!(it.occupancy("2026-04")["reserved"], json!(8));
    assert_eq!(it.occupancy("2028-02")["bed_nights"], json!(4 * 29));
    assert_eq!(it.occupancy("2024-12")["bed_nights"], json!(0));
    world.get(director, &format!("/facilities/{}/occupancy?month=2026-13", it.facility)).expect(400);
    let present = world.get(director, &format!("/facilities/{}/occupancy", it.facility)).expect(200);
    assert_eq!(present.body, march);
    let mut it = it;
    it.world.advance_days(4);
    it.log_in();
    let march = it.occupancy("2026-03");
    assert_eq!((&march["slept"], &march["reserved"]), (&json!(4), &json!(8)));
    assert_eq!((&march["stays"], &march["mean_nights"]), (&json!(1), &json!(4.0)));
}

#[test]
fn a_beneficiary_with_a_bed_or_a_place_in_the_list_does_not_move_to_another_institution() {
    let it = House::new(1, 1);
    let (next, _) = it.world.institution("Другой центр");
    let (sleeps, waits) = (it.woman(), it.woman());
    let stay = it.booked(&sleeps, 0, 0, 5);
    let request = json!({"beneficiary_id": waits, "facility_id": it.facility, "from_on": it.world.day(9), "nights": 5, "urgency": "week"});
    let request = it.world.post(&it.specialist, "/place-requests", request).expect(201).id();
    let moves = |who: &str| {
        let there = json!({"organization_id": next});
        it.world.edit(&it.world.admin(), &format!("/beneficiaries/{who}"), there)
    };
    for (who, what) in [(&sleeps, "stays"), (&waits, "place_requests")] {
        let told = moves(who).refused(409, "beneficiary.engaged");
        assert_eq!(told.body["errors"][0]["params"], json!([{"name": what, "value": "1"}]));
    }
    it.step(&stay, "cancellation", json!({"note": "Поселилась у родных."})).expect(200);
    it.world.post(&it.specialist, &format!("/place-requests/{request}/withdrawal"), json!({})).expect(200);
    moves(&sleeps).expect(200);
    moves(&waits).expect(200);
}
