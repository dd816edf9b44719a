//! Stock of an organization: balances follow from movements, and nothing is given that is not there.
use serde_json::{Value, json};
use tests::pairs::at_once;
use tests::{Account, Reply, World};

/// An institution with a stock of food kits.
pub(super) struct Store {
    pub(super) world: World,
    pub(super) organization: String,
    pub(super) director: Account,
    pub(super) kits: String,
}

pub(super) fn store(quantity: i64) -> Store {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let form = json!({"name": "Продуктовый набор", "kind": "food_kit", "unit": "набор"});
    let kits = world.post(&director, &format!("/organizations/{organization}/stock-items"), form);
    let it = Store { kits: kits.expect(201).id(), world, organization, director };
    if quantity > 0 {
        it.moved("in", quantity, "donation").expect(201);
    }
    it
}

impl Store {
    fn movement(&self, direction: &str, quantity: i64, reason: &str) -> Value {
        json!({"stock_item_id": self.kits, "direction": direction, "quantity": quantity, "reason": reason, "moved_on": self.world.day(0)})
    }
    fn moved(&self, direction: &str, quantity: i64, reason: &str) -> Reply {
        self.world.post(&self.director, "/stock-movements", self.movement(direction, quantity, reason))
    }
    pub(super) fn card(&self) -> Reply {
        self.world.get(&self.director, &format!("/stock-items/{}", self.kits)).expect(200)
    }
    pub(super) fn balance(&self) -> i64 {
        self.card().body["balance"].as_i64().expect("a balance")
    }
    pub(super) fn movements(&self) -> Vec<Value> {
        let path = format!("/stock-movements?limit=200&stock_item_id={}", self.kits);
        self.world.get(&self.director, &path).expect(200).items().clone()
    }
    /// The balance, counted anew from the movements.
    pub(super) fn recounted(&self) -> i64 {
        let signed = |it: &Value| {
            let quantity = it["quantity"].as_i64().expect("a quantity");
            if it["direction"] == "in" { quantity } else { -quantity }
        };
        self.movements().iter().map(signed).sum()
    }
}

#[test]
fn a_balance_follows_from_movements_and_nobody_enters_it() {
    let it = store(0);
    assert_eq!(it.balance(), 0);
    let partner = json!({"partner": "Благотворительная организация «Каритас»"});
    let came = tests::with(it.movement("in", 40, "donation"), &partner);
    let came = it.world.post(&it.director, "/stock-movements", came).expect(201);
    assert_eq!((&came.body["quantity"], &came.body["partner"]), (&json!(40), &partner["partner"]));
    let path = format!("/stock-movements/{}", came.id());
    assert_eq!(came.header("location"), Some(format!("/api/v1{path}").as_str()));
    assert_eq!(it.world.get(&it.director, &path).expect(200).body, came.body);
    it.moved("out", 31, "handed_over").expect(201);
    assert_eq!((it.balance(), it.recounted()), (9, 9));
    let listed: Vec<Value> = it.movements().iter().map(|it| it["direction"].clone()).collect();
    assert_eq!(listed, ["out", "in"]);
    let (path, card) = (format!("/stock-items/{}", it.kits), it.card());
    let form = json!({"name": "Набор", "kind": "food_kit", "unit": "набор"});
    let entered = tests::with(form.clone(), &json!({"balance": 100}));
    let refused = it.world.put(&it.director, &path, &card.etag(), entered).refused(422, "field.unknown");
    assert_eq!(refused.body["errors"][0]["pointer"], "/balance");
    let other = tests::with(form.clone(), &json!({"unit": "кг"}));
    it.world.put(&it.director, &path, &card.etag(), other).refused(422, "stock_item.unit_fixed");
    let renamed = it.world.put(&it.director, &path, &card.etag(), form.clone()).expect(200);
    assert_eq!((&renamed.body["name"], &renamed.body["balance"]), (&json!("Набор"), &json!(9)));
    it.moved("out", 1, "written_off").expect(201);
    it.world.put(&it.director, &path, &renamed.etag(), form).refused(412, "version.stale");
    let history = it.world.get(&it.director, &format!("{path}/history")).expect(200);
    assert_eq!(
        history.kinds(),
        ["stock_item.moved", "stock_item.edited", "stock_item.moved", "stock_item.moved", "stock_item.added"]
    );
    assert!(!history.text.contains("Каритас"), "a partner may be a person");
}

#[test]
fn a_stock_never_falls_below_nothing_however_many_orders_meet() {
    let it = store(3);
    let answers = at_once(10, |_| it.moved("out", 1, "handed_over"));
    assert_eq!(answers.iter().filter(|it| it.0 == 201).count(), 3, "{answers:?}");
    let refused = answers.iter().filter(|it| it.0 != 201);
    assert!(refused.clone().all(|it| *it == (409, "emergency_aid.out_of_stock".to_owned())), "{answers:?}");
    assert_eq!((it.balance(), it.recounted()), (0, 0));
    let short = it.moved("out", 2, "written_off").refused(409, "emergency_aid.out_of_stock");
    assert_eq!(short.body["errors"][0]["pointer"], "/quantity");
    assert_eq!(it.movements().len(), 4);
}

#[test]
fn a_movement_is_whole_and_lies_in_the_past() {
    let it = store(3);
    let post = |members: Value| {
        let form = tests::with(it.movement("in", 1, "purchase"), &members);
        it.world.post(&it.director, "/stock-movements", form)
    };
    let refused = post(
        json!({"moved_on": it.world.day(1), "direction": "out", "quantity": 4, "reason": "written_off"}),
    );
    assert_eq!(refused.expect(422).codes(), ["stock_movement.in_future", "emergency_aid.out_of_stock"]);
    post(json!({"moved_on": it.world.day(1)})).refused(422, "stock_movement.in_future");
    for members in [
        json!({"direction": "out"}),
        json!({"reason": "written_off"}),
        json!({"partner": "Каритас", "partner_organization_id": it.organization}),
    ] {
        post(members).refused(422, "field.combination");
    }
    for reason in ["aid", "aid_cancelled", "other"] {
        post(json!({"reason": reason})).refused(422, "field.word");
    }
    for (quantity, code) in [
        (json!(0), "field.range"),
        (json!(-5), "field.range"),
        (json!(1.5), "field.type"),
        (json!(1_000_001), "field.range"),
    ] {
        post(json!({"quantity": quantity})).refused(422, code);
    }
    for (member, id) in [("stock_item_id", &it.organization), ("partner_organization_id", &it.kits)] {
        let refused = post(json!({member: id})).refused(422, "field.reference");
        assert_eq!(refused.body["errors"][0]["pointer"], json!(format!("/{member}")));
    }
    post(json!({"moved_on": "2026-02-30"})).expect(422);
    post(json!({"reason": "count", "direction": "out"})).expect(201);
    post(json!({"partner_organization_id": it.organization})).expect(201);
    assert_eq!(it.balance(), 3);
}

#[test]
fn a_stock_is_kept_by_the_staff_of_its_organization_and_seen_by_nobody_else() {
    let it = store(3);
    let (world, item) = (&it.world, format!("/stock-items/{}", it.kits));
    let movement = format!("/stock-movements/{}", Reply::id_of(&it.movements()[0]));
    for role in ["unit_head", "support_specialist"] {
        let who = world.staff(role, &it.organization);
        world.post(&who, "/stock-movements", it.movement("in", 1, "purchase")).expect(201);
        assert_eq!(world.get(&who, &item).expect(200).actions(), json!(["edit"]));
    }
    let admin = world.admin();
    assert_eq!(world.get(&admin, &item).expect(200).actions(), json!([]));
    world.get(&admin, &movement).expect(200);
    world.post(&admin, "/stock-movements", it.movement("in", 1, "purchase")).refused(403, "access.forbidden");
    let (_, stranger) = world.institution("Чужое");
    let officer =
        world.account("opeka", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    for who in [&stranger, &officer] {
        world.get(who, &item).refused(404, "request.not_found");
        world.get(who, &movement).refused(404, "request.not_found");
        assert!(world.get(who, "/stock-movements").expect(200).items().is_empty());
        world
            .get(who, &format!("/organizations/{}/stock-items", it.organization))
            .refused(403, "access.forbidden");
    }
    let refused = world.post(&stranger, "/stock-movements", it.movement("in", 1, "purchase"));
    refused.refused(422, "field.reference");
    for role in ["mentor", "tutor", "analyst"] {
        let who = world.account(role, json!([{"role": role}]), None);
        world.get(&who, "/stock-movements").refused(403, "access.forbidden");
        world.get(&who, &item).refused(404, "request.not_found");
        world
            .post(&who, "/stock-movements", it.movement("in", 1, "purchase"))
            .refused(403, "access.forbidden");
    }
    assert_eq!(it.balance(), 5);
}
