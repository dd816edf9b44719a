//! Urgent aid (442-ФЗ ст. 21; 003 L53): what is given, to whom, with which act, and what the stock has of it.
use super::stock::{Store, store};
use serde_json::{Value, json};
use tests::pairs::at_once;
use tests::{Account, Reply};

/// A store with a beneficiary and the open case.
struct Scene {
    store: Store,
    girl: String,
    beneficiary: String,
    case: String,
}

impl std::ops::Deref for Scene {
    type Target = Store;
    fn deref(&self) -> &Store {
        &self.store
    }
}

fn scene(kits: i64) -> Scene {
    let store = store(kits);
    let girl = store.world.person(&store.director, json!({}));
    let beneficiary = store.world.beneficiary(&store.director, &store.organization, &girl);
    let case = store.world.case(&store.director, &store.organization, &beneficiary);
    Scene { store, girl, beneficiary, case }
}

impl Scene {
    fn form(&self, members: Value) -> Value {
        let form = json!({"organization_id": self.organization, "kind": "food_kit", "beneficiary_id": self.beneficiary,
            "given_on": self.world.day(0), "items": [{"stock_item_id": self.kits, "quantity": 1}],
            "act": {"number": "17", "signed_by_recipient": true}});
        tests::with(form, &members)
    }
    /// To somebody who is not on record.
    fn homeless(&self, members: Value) -> Value {
        let mut form = self.form(json!({"described": "Мужчина лет сорока с вокзала"}));
        form.as_object_mut().expect("a form").remove("beneficiary_id");
        tests::with(form, &members)
    }
    fn give(&self, who: &Account, form: Value) -> Reply {
        self.world.post(who, "/emergency-aids", form)
    }
    fn given(&self, members: Value) -> Reply {
        self.give(&self.director, self.form(members))
    }
    fn cancel(&self, who: &Account, id: &str) -> Reply {
        let order = json!({"reason": "Набор не забрали."});
        self.world.post(who, &format!("/emergency-aids/{id}/cancellation"), order)
    }
    fn listed(&self, query: &str) -> Vec<String> {
        let page = self.world.get(&self.director, &format!("/emergency-aids{query}")).expect(200);
        page.ids()
    }
}

#[test]
fn what_is_counted_is_never_given_twice_and_a_cancellation_gives_it_back_once() {
    let it = scene(3);
    let answers = at_once(10, |_| it.given(json!({})));
    assert_eq!(answers.iter().filter(|it| it.0 == 201).count(), 3, "{answers:?}");
    let mut refused = answers.iter().filter(|it| it.0 != 201);
    assert!(refused.all(|it| *it == (409, "emergency_aid.out_of_stock".to_owned())), "{answers:?}");
    assert_eq!((it.balance(), it.listed("").len()), (0, 3));
    let id = it.listed("").remove(0);
    let answers = at_once(5, |_| it.cancel(&it.director, &id));
    assert_eq!(answers.iter().filter(|it| it.0 == 200).count(), 1, "{answers:?}");
    let mut refused = answers.iter().filter(|it| it.0 != 200);
    assert!(refused.all(|it| *it == (409, "emergency_aid.cancelled".to_owned())), "{answers:?}");
    assert_eq!((it.balance(), it.recounted()), (1, 1));
    let cancelled = it.world.get(&it.director, &format!("/emergency-aids/{id}")).expect(200);
    assert_eq!((&cancelled.body["state"], cancelled.actions()), (&json!("cancelled"), json!([])));
    assert_eq!(cancelled.body["cancellation_reason"], "Набор не забрали.");
    let back = &it.movements()[0];
    assert_eq!((&back["reason"], &back["emergency_aid_id"]), (&json!("aid_cancelled"), &json!(id)));
    let name = format!("продуктовый набор, {}", cancelled.body["given_on"].as_str().expect("a day"));
    assert_eq!(back["emergency_aid_name"], json!(name));
    it.given(json!({})).expect(201);
    it.given(json!({})).refused(409, "emergency_aid.out_of_stock");
    let history = it.world.get(&it.director, &format!("/emergency-aids/{id}/history")).expect(200);
    assert_eq!(history.kinds(), ["emergency_aid.cancelled", "emergency_aid.given"]);
    assert!(!history.text.contains("не забрали"), "a reason stays out of the journal");
}

#[test]
fn an_urgent_service_has_its_act_with_the_signature_of_the_recipient() {
    let it = scene(3);
    let mut without = it.form(json!({}));
    without.as_object_mut().expect("a form").remove("act");
    let refused = it.give(&it.director, without).refused(422, "delivery.act_missing");
    assert_eq!((&refused.body["rule"], refused.pointers()), (&json!("442-ФЗ ст. 21"), vec!["/act"]));
    let refused = it.given(json!({"act": {"number": "17", "signed_by_recipient": false}}));
    assert_eq!(refused.refused(422, "delivery.act_missing").pointers(), ["/act/signed_by_recipient"]);
    let scan = it.world.file(&it.director, "other");
    let act = json!({"number": "17", "signed_by_recipient": true, "file_id": scan});
    let given = it.given(json!({"act": act, "result": "Хватит на неделю."})).expect(201);
    assert_eq!((&given.body["act"], &given.body["result"]), (&act, &json!("Хватит на неделю.")));
    let (_, stranger) = it.world.institution("Чужое");
    let foreign = it.world.file(&stranger, "other");
    let act = json!({"number": "18", "signed_by_recipient": true, "file_id": foreign});
    assert_eq!(it.given(json!({"act": act})).refused(422, "field.reference").pointers(), ["/act/file_id"]);
    assert_eq!(it.balance(), 2);
}

#[test]
fn aid_is_given_to_somebody_on_record_or_described() {
    let it = scene(3);
    let given = it.give(&it.director, it.homeless(json!({}))).expect(201);
    assert_eq!(given.body.get("beneficiary_id"), None);
    assert_eq!(given.body["described"], "Мужчина лет сорока с вокзала");
    let refused = it.given(json!({"described": "Девушка"})).refused(422, "field.combination");
    assert_eq!(refused.pointers(), ["/described"]);
    let mut nobody = it.form(json!({}));
    nobody.as_object_mut().expect("a form").remove("beneficiary_id");
    assert_eq!(it.give(&it.director, nobody).refused(422, "field.missing").pointers(), ["/beneficiary_id"]);
    let refused = it.give(&it.director, it.homeless(json!({"case_id": it.case})));
    assert_eq!(refused.refused(422, "field.combination").pointers(), ["/case_id"]);
    assert_eq!(it.balance(), 2);
}

#[test]
fn a_gift_names_what_the_giving_organization_has() {
    let it = scene(3);
    let (world, other) = (&it.world, scene_beside(&it));
    // A director of both institutions gives from the stock of the one that gives.
    let grants = json!([{"role": "director", "organization_id": it.organization}, {"role": "director", "organization_id": other.organization}]);
    let both = world.account("both", grants, None);
    let foreign = json!({"items": [{"stock_item_id": other.kits, "quantity": 1}]});
    for who in [&it.director, &both] {
        let refused = it.give(who, it.form(foreign.clone())).refused(422, "field.reference");
        assert_eq!(refused.pointers(), ["/items/0/stock_item_id"]);
    }
    let refused =
        it.give(&both, it.form(json!({"beneficiary_id": other.beneficiary, "case_id": other.case})));
    assert_eq!(refused.refused(422, "emergency_aid.case_unsuited").pointers(), ["/case_id"]);
    let refused = it.give(&both, it.form(json!({"case_id": other.case})));
    assert_eq!(refused.refused(422, "emergency_aid.case_unsuited").pointers(), ["/case_id"]);
    let refused = it.given(json!({"organization_id": other.organization, "beneficiary_id": other.beneficiary, "case_id": other.case}));
    let told = refused.refused(422, "field.reference");
    let mut told = told.pointers();
    told.sort_unstable();
    assert_eq!(told, ["/beneficiary_id", "/case_id", "/items/0/stock_item_id", "/organization_id"]);
    let own = it.given(json!({"case_id": it.case})).expect(201);
    assert_eq!(own.body["case_id"], json!(it.case));
    assert_eq!((it.balance(), other_balance(&it, &other)), (2, 5));
}

/// Another institution of the same region.
struct Beside {
    organization: String,
    director: Account,
    kits: String,
    beneficiary: String,
    case: String,
}

fn scene_beside(it: &Scene) -> Beside {
    let world = &it.world;
    let (organization, director) = world.institution("Чужое");
    let form = json!({"name": "Набор", "kind": "food_kit", "unit": "набор"});
    let kits =
        world.post(&director, &format!("/organizations/{organization}/stock-items"), form).expect(201).id();
    let movement = json!({"stock_item_id": kits, "direction": "in", "quantity": 5, "reason": "purchase", "moved_on": world.day(0)});
    world.post(&director, "/stock-movements", movement).expect(201);
    let person = world.person(&director, json!({"given_name": "Ольга"}));
    let beneficiary = world.beneficiary(&director, &organization, &person);
    let case = world.case(&director, &organization, &beneficiary);
    Beside { organization, director, kits, beneficiary, case }
}

fn other_balance(it: &Scene, other: &Beside) -> i64 {
    let card = it.world.get(&other.director, &format!("/stock-items/{}", other.kits)).expect(200);
    card.body["balance"].as_i64().expect("a balance")
}

#[test]
fn a_gift_leaves_the_stock_as_a_whole_and_what_has_no_stock_is_not_counted() {
    let it = scene(3);
    let coats = json!({"name": "Пальто", "kind": "clothing", "unit": "шт."});
    let coats =
        it.world.post(&it.director, &format!("/organizations/{}/stock-items", it.organization), coats);
    let coats = coats.expect(201).id();
    let items = json!([{"stock_item_id": it.kits, "quantity": 2}, {"stock_item_id": coats, "quantity": 1}]);
    let refused = it.given(json!({"items": items})).refused(409, "emergency_aid.out_of_stock");
    assert_eq!(refused.pointers(), ["/items/1/quantity"]);
    assert_eq!((it.balance(), it.listed("").len()), (3, 0));
    let items =
        json!([{"stock_item_id": it.kits, "quantity": 2}, {"name": "Одеяло", "quantity": 3, "unit": "шт."}]);
    let given = it.given(json!({"items": items})).expect(201);
    assert_eq!((&given.body["items"], it.balance()), (&items, 1));
    it.cancel(&it.director, &given.id()).expect(200);
    assert_eq!((it.balance(), it.recounted()), (3, 3));
    let (counted, uncounted) =
        (json!({"stock_item_id": it.kits, "quantity": 1}), json!({"name": "Чай", "quantity": 1}));
    for (items, code) in [
        (json!([counted, counted]), "field.combination"),
        (json!([{"quantity": 1}]), "field.missing"),
        (json!([{"stock_item_id": it.kits, "name": "Набор", "quantity": 1}]), "field.combination"),
        (json!([{"stock_item_id": it.kits, "unit": "кг", "quantity": 1}]), "field.combination"),
        (json!([{"name": "Чай", "quantity": 0}]), "field.range"),
        (json!([{"name": " ", "quantity": 1}]), "field.empty"),
        (json!(vec![uncounted; 11]), "field.length"),
    ] {
        it.given(json!({"items": items})).refused(422, code);
    }
    it.given(json!({"items": [], "kind": "psychological"})).expect(201);
    it.given(json!({"kind": "money"})).refused(422, "field.word");
}

#[test]
fn the_day_of_a_gift_lies_in_the_life_and_in_the_case() {
    let it = scene(3);
    it.given(json!({"given_on": it.world.day(1)})).refused(422, "emergency_aid.in_future");
    it.given(json!({"given_on": "2010-04-16"})).refused(422, "life.before_birth");
    let before = json!({"case_id": it.case, "given_on": it.world.day(-31)});
    assert_eq!(it.given(before).refused(422, "case.outside").pointers(), ["/given_on"]);
    it.given(json!({"case_id": it.case, "given_on": it.world.day(-30)})).expect(201);
    it.world.die(&it.director, &it.girl, -3).expect(200);
    it.given(json!({"given_on": it.world.day(-2)})).refused(422, "life.after_death");
    it.given(json!({"given_on": it.world.day(-3)})).expect(201);
}

#[test]
fn aid_is_seen_by_who_gives_and_by_guardianship_of_the_territory() {
    let it = scene(5);
    let world = &it.world;
    let known = it.given(json!({})).expect(201).id();
    let homeless = it.give(&it.director, it.homeless(json!({}))).expect(201).id();
    let specialist = world.staff("support_specialist", &it.organization);
    let by_specialist = it.give(&specialist, it.form(json!({}))).expect(201);
    assert_eq!(by_specialist.actions(), json!(["cancel"]));
    assert!(by_specialist.body["beneficiary_name"].is_string());
    it.cancel(&specialist, &by_specialist.id()).expect(200);
    let officer =
        world.account("opeka", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    let path = format!("/emergency-aids/{known}");
    assert_eq!(world.get(&officer, &path).expect(200).actions(), json!([]));
    it.cancel(&officer, &known).refused(403, "access.forbidden");
    assert_eq!(world.get(&world.admin(), &path).expect(200).actions(), json!(["cancel"]));
    for who in [&officer, &world.admin()] {
        it.give(who, it.form(json!({}))).refused(403, "access.forbidden");
    }
    assert_eq!(world.get(&officer, "/emergency-aids").expect(200).items().len(), 2);
    world.get(&officer, &format!("/emergency-aids/{homeless}")).refused(404, "request.not_found");
    let (_, stranger) = world.institution("Чужое");
    let elsewhere =
        world.account("opeka2", json!([{"role": "guardianship_officer", "territory": "33701000"}]), None);
    for who in [&stranger, &elsewhere] {
        assert!(world.get(who, "/emergency-aids").expect(200).items().is_empty());
        for id in [&known, &homeless] {
            world.get(who, &format!("/emergency-aids/{id}")).refused(404, "request.not_found");
            world.get(who, &format!("/emergency-aids/{id}/history")).refused(404, "request.not_found");
            it.cancel(who, id).refused(404, "request.not_found");
        }
    }
    let mentee = world.account("mentee", json!([{"role": "mentee"}]), Some(&it.girl));
    let mentor = world.account("mentor", json!([{"role": "mentor"}]), None);
    for who in [&mentee, &mentor] {
        world.get(who, "/emergency-aids").refused(403, "access.forbidden");
        world.get(who, &format!("/emergency-aids/{known}")).refused(404, "request.not_found");
        it.give(who, it.form(json!({}))).refused(403, "access.forbidden");
    }
}

#[test]
fn aid_is_listed_by_kind_by_beneficiary_by_state_and_by_day() {
    let it = scene(9);
    let on = |day: i64, kind: &str| {
        it.given(json!({"given_on": it.world.day(day), "kind": kind, "items": []})).expect(201).id()
    };
    let (old, meal, kit) = (on(-9, "food_kit"), on(-1, "hot_meal"), on(-1, "food_kit"));
    let homeless = it.give(&it.director, it.homeless(json!({"kind": "clothing"}))).expect(201).id();
    it.cancel(&it.director, &meal).expect(200);
    let all = [&homeless, &kit, &meal, &old];
    assert_eq!(it.listed("").iter().collect::<Vec<_>>(), all);
    assert_eq!(it.listed("?kind=food_kit"), [kit.clone(), old.clone()]);
    assert_eq!(it.listed("?kind=food_kit,hot_meal"), [kit.clone(), meal.clone(), old.clone()]);
    assert_eq!(
        it.listed(&format!("?beneficiary_id={}", it.beneficiary)),
        [kit.clone(), meal.clone(), old.clone()]
    );
    assert_eq!(it.listed("?state=cancelled"), std::slice::from_ref(&meal));
    assert_eq!(it.listed(&format!("?organization_id={}&state=recorded", it.organization)).len(), 3);
    assert_eq!(
        it.listed(&format!("?from={}&to={}", it.world.day(-9), it.world.day(-2))),
        std::slice::from_ref(&old)
    );
    let (mut seen, mut next) = (Vec::new(), Some("/emergency-aids?limit=1".to_owned()));
    while let Some(path) = next {
        let page = it.world.get(&it.director, &path).expect(200);
        seen.extend(page.ids());
        next = page.body["next_cursor"].as_str().map(|it| format!("/emergency-aids?limit=1&cursor={it}"));
    }
    assert_eq!(seen.iter().collect::<Vec<_>>(), all);
    it.world.get(&it.director, "/emergency-aids?kind=money").refused(400, "request.parameter");
}

#[test]
fn temporary_housing_names_the_stay_of_the_recipient() {
    let it = super::places::House::new(1, 2);
    let who = it.woman();
    let (stay, other) = (it.booked(&who, 0, 0, 3), it.booked(&it.woman(), 1, 0, 3));
    let give = |members: Value| {
        let form = json!({"organization_id": it.organization, "kind": "temporary_housing", "beneficiary_id": who, "stay_id": stay,
            "given_on": it.world.day(0), "items": [], "act": {"number": "17", "signed_by_recipient": true}});
        it.world.post(&it.specialist, "/emergency-aids", tests::with(form, &members))
    };
    give(json!({"kind": "food_kit"})).refused(422, "field.combination");
    give(json!({"beneficiary_id": null, "described": "Мужчина с вокзала"})).refused(422, "field.combination");
    give(json!({"stay_id": who})).refused(422, "field.reference");
    give(json!({"stay_id": other})).refused(422, "emergency_aid.stay_unsuited");
    let given = give(json!({})).expect(201);
    assert_eq!(given.body["stay_id"], json!(stay));
    let read = it.world.get(&it.director, &format!("/emergency-aids/{}", given.id())).expect(200);
    assert_eq!(read.body["stay_id"], json!(stay));
    let days = format!("{} — {}", it.world.day(0), it.world.day(3));
    assert_eq!(read.body["stay_name"], json!(days), "a stay is called by its days");
}

#[test]
fn a_cancellation_holds_to_the_version_that_was_seen() {
    let it = scene(3);
    let given = it.given(json!({})).expect(201);
    let cancel = |tag: &str| {
        let path = format!("/api/v1/emergency-aids/{}/cancellation", given.id());
        let ask = it.world.ask("POST", &path).by(&it.director).header("if-match", tag);
        ask.json(&json!({"reason": "Ошибка."})).send()
    };
    cancel("\"7\"").refused(412, "version.stale");
    cancel(&given.etag()).expect(200);
    let empty = json!({});
    let path = format!("/emergency-aids/{}/cancellation", it.given(json!({})).expect(201).id());
    it.world.post(&it.director, &path, empty).refused(422, "field.missing");
}

#[test]
fn who_was_helped_and_with_what_cannot_be_read_out_of_the_files() {
    if tests::postgres_url().is_some() {
        return; // PostgreSQL has the same columns, but no files to read.
    }
    let it = scene(3);
    let words = json!({"described": "КАНАРЕЙКА-КТО", "result": "КАНАРЕЙКА-ИТОГ", "items": [{"name": "КАНАРЕЙКА-ЧТО", "quantity": 1}]});
    let id = it.give(&it.director, it.homeless(words)).expect(201).id();
    let order = json!({"reason": "КАНАРЕЙКА-ПОЧЕМУ"});
    it.world.post(&it.director, &format!("/emergency-aids/{id}/cancellation"), order).expect(200);
    for entry in std::fs::read_dir(&it.world.folder).unwrap().flatten() {
        let bytes = std::fs::read(entry.path()).unwrap();
        let canary = "КАНАРЕЙКА".as_bytes();
        assert!(!bytes.windows(canary.len()).any(|it| it == canary), "{}", entry.path().display());
    }
}

#[test]
fn a_month_of_a_case_tells_its_gifts_and_documents_and_no_closing_is_before_them() {
    let it = scene(3);
    // The open case of the recipient counts where the order names none.
    let given = it.given(json!({})).expect(201);
    assert_eq!(given.body["case_id"], json!(it.case));
    let given = given.id();
    let cancelled = it.given(json!({"case_id": it.case})).expect(201).id();
    let before = it.given(json!({"given_on": it.world.day(-40)})).expect(201);
    assert_eq!(before.body.get("case_id"), None);
    it.cancel(&it.director, &cancelled).expect(200);
    let needed = json!({"kind": "inn", "noticed_on": it.world.day(0)});
    let needed = it
        .world
        .post(&it.director, &format!("/cases/{}/document-assistance", it.case), needed)
        .expect(201)
        .id();
    let received = json!({"state": "received", "issued_on": it.world.day(0)});
    it.world.post(&it.director, &format!("/document-assistance/{needed}/progress"), received).expect(200);
    let month = it.world.day(0).get(..7).expect("a month").to_owned();
    let record =
        it.world.get(&it.director, &format!("/cases/{}/monthly-records/{month}", it.case)).expect(200);
    let items = record.body["items"].as_array().expect("items");
    let of = |kind: &str| {
        items.iter().filter(|it| it["kind"] == kind).map(|it| it["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!((of("emergency_aid"), of("document_received")), (vec![json!(given)], vec![json!(needed)]));
    let closing = json!({"closed_on": it.world.day(-1), "reason": "goals_reached"});
    let refused = it.world.post(&it.director, &format!("/cases/{}/closing", it.case), closing);
    refused.refused(409, "case.recorded_later");
}

#[test]
fn a_gift_that_is_sent_twice_under_one_key_is_given_once_and_every_kind_is_given() {
    let it = scene(3);
    let send = || it.world.keyed_post(&it.director, "/emergency-aids", "kit-1", it.form(json!({})));
    assert_eq!(send().expect(201).id(), send().expect(201).id());
    assert_eq!((it.balance(), it.listed("").len()), (2, 1));
    let kinds = it.world.get(&it.director, "/catalogues/aid-kinds-urgent").expect(200);
    assert_eq!(kinds.items().len(), 8);
    for kind in kinds.items() {
        let given = it.given(json!({"kind": kind["code"], "items": []})).expect(201);
        assert_eq!(given.body["kind"], kind["code"]);
    }
    assert_eq!(it.balance(), 2);
}

#[test]
fn after_the_term_of_corrections_an_administrator_alone_cancels_a_gift() {
    let it = scene(3);
    let given = it.given(json!({})).expect(201).id();
    it.world.advance(chrono::TimeDelta::days(91));
    let (director, admin) = (it.world.again(&it.director), it.world.login("admin"));
    let seen = it.world.get(&director, &format!("/emergency-aids/{given}")).expect(200);
    assert_eq!(seen.action("cancel").expect("it is told")["blocked_by"], json!(["entry.term"]));
    it.cancel(&director, &given).refused(409, "entry.term");
    it.cancel(&admin, &given).expect(200);
    let item = it.world.get(&director, &format!("/stock-items/{}", it.kits)).expect(200);
    assert_eq!(item.body["balance"], 3);
}

#[test]
fn somebody_with_two_ways_sees_each_gift_and_each_movement_once() {
    let it = scene(3);
    let other = scene_beside(&it);
    let known = it.given(json!({})).expect(201).id();
    let homeless = it.give(&it.director, it.homeless(json!({}))).expect(201).id();
    let grants = json!([{"role": "director", "organization_id": it.organization}, {"role": "unit_head", "organization_id": it.organization},
        {"role": "support_specialist", "organization_id": other.organization}, {"role": "guardianship_officer", "territory": "25655000"}]);
    let both = it.world.account("both", grants, None);
    let aids = it.world.get(&both, "/emergency-aids").expect(200);
    assert_eq!(aids.ids(), [homeless, known]);
    let all = it.world.get(&both, "/stock-movements").expect(200);
    assert_eq!(all.items().len(), 4);
    let theirs =
        it.world.get(&both, &format!("/stock-movements?organization_id={}", other.organization)).expect(200);
    assert_eq!(theirs.items().len(), 1);
}
