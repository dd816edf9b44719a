//! Acts and funding programmes on which work rests, packages of measures with their table, and plans.
use crate::parts::raw::Raw;
use serde_json::{Value, json};
use tests::pairs::at_once;
use tests::{Account, Reply, World, with};

struct Scene {
    world: World,
    ministry: String,
    director: Account,
}

fn scene() -> Scene {
    let world = World::new();
    let (ministry, director) = world.institution("Министерство");
    Scene { world, ministry, director }
}

impl Scene {
    fn programme(&self, title: &str, parent: Option<&str>) -> Reply {
        let form = json!({"organization_id": self.ministry, "kind": "subprogram", "name": title});
        let under = parent.map_or(json!({}), |it| json!({"parent_id": it}));
        self.world.post(&self.director, "/funding-programs", with(form, &under))
    }
    fn place(&self, programme: &str, parent: &str) -> Reply {
        let path = format!("/funding-programs/{programme}");
        self.world.edit(&self.director, &path, json!({"parent_id": parent}))
    }
    fn package(&self) -> String {
        let form = json!({"organization_id": self.ministry, "title": "Комплекс мер", "starts_on": "2018-01-01", "ends_on": "2019-12-31"});
        self.world.post(&self.director, "/action-packages", form).expect(201).id()
    }
    fn measure(&self, package: &str, number: i32, members: Value) -> Reply {
        let form = json!({"number": number, "name": format!("Мера {number}")});
        self.world.post(&self.director, &format!("/action-packages/{package}/measures"), with(form, &members))
    }
    fn table(&self, package: &str) -> Value {
        self.world.get(&self.director, &format!("/action-packages/{package}/table")).expect(200).body
    }
}

#[test]
fn a_funding_programme_is_no_part_of_itself_and_stands_on_one_of_four_levels() {
    let it = scene();
    let state = it.programme("Семья и дети", None).expect(201).id();
    let sub = it.programme("Старт в будущее", Some(&state)).expect(201).id();
    let third = it.programme("Мероприятие 1", Some(&sub)).expect(201).id();
    let fourth = it.programme("Мероприятие 1.1", Some(&third)).expect(201).id();
    it.programme("Мероприятие 1.1.1", Some(&fourth)).refused(422, "funding_program.depth");
    it.place(&state, &fourth).refused(422, "funding_program.cycle");
    it.place(&state, &state).refused(422, "funding_program.cycle");
    let other = it.programme("Иная программа", None).expect(201).id();
    it.place(&state, &other).refused(422, "funding_program.depth");
    it.place(&third, &state).expect(200);
    it.place(&state, &other).expect(200);
    let parts = it.world.get(&it.director, &format!("/funding-programs?parent_id={state}")).expect(200);
    assert_eq!(parts.items().len(), 2);
    let turned = json!({"organization_id": it.ministry, "kind": "charity", "name": "Фонд", "starts_on": "2020-01-01", "ends_on": "2019-01-01"});
    it.world.post(&it.director, "/funding-programs", turned).refused(422, "funding_program.term");
    let money =
        json!({"organization_id": it.ministry, "kind": "charity", "name": "Фонд", "budget": "1500,5"});
    it.world.post(&it.director, "/funding-programs", money).refused(422, "field.format");
}

#[test]
fn two_edits_at_once_make_no_circle_of_programmes() {
    let it = scene();
    let (one, other) =
        (it.programme("Первая", None).expect(201).id(), it.programme("Вторая", None).expect(201).id());
    let told = at_once(50, |n| if n % 2 == 0 { it.place(&one, &other) } else { it.place(&other, &one) });
    let parent = |id: &str| {
        it.world.get(&it.director, &format!("/funding-programs/{id}")).expect(200).body["parent_id"]
            .is_string()
    };
    assert!(parent(&one) != parent(&other), "one is a part of the other: {told:?}");
}

#[test]
fn an_act_amends_another_one_and_has_a_term() {
    let it = scene();
    let form = json!({"organization_id": it.ministry, "kind": "regional_resolution", "number": "455", "adopted_on": "2013-09-05", "title": "О порядке"});
    let act = it.world.post(&it.director, "/legal-acts", form.clone()).expect(201);
    let change = with(form.clone(), &json!({"amends_id": act.id(), "link": "https://docs.example.org/455"}));
    let change = it.world.post(&it.director, "/legal-acts", change).expect(201);
    assert_eq!(change.body["amends_name"], json!("О порядке"));
    let path = format!("/legal-acts/{}", act.id());
    it.world
        .patch(&it.director, &path, &act.etag(), json!({"amends_id": act.id()}))
        .refused(422, "legal_act.amends_itself");
    let further = with(form.clone(), &json!({"amends_id": change.id()}));
    let further = it.world.post(&it.director, "/legal-acts", further).expect(201).id();
    for amended in [change.id(), further] {
        let circle = it.world.edit(&it.director, &path, json!({"amends_id": amended}));
        assert_eq!(circle.refused(422, "legal_act.amends_itself").pointers(), ["/amends_id"]);
    }
    let turned = with(form, &json!({"valid_from": "2014-01-01", "valid_until": "2013-12-31"}));
    it.world.post(&it.director, "/legal-acts", turned).refused(422, "legal_act.term");
    let found = it.world.get(&it.director, &format!("/legal-acts?amends_id={}", act.id())).expect(200);
    assert_eq!(found.items().len(), 1);
}

#[test]
fn everybody_reads_the_text_of_an_act_and_no_other_file_gets_open_by_being_named_there() {
    let it = scene();
    let (_, stranger) = it.world.institution("Чужое");
    let read = |file: &str| it.world.get(&stranger, &format!("/files/{file}"));
    let entered = |file: &str| {
        let form = json!({"organization_id": it.ministry, "kind": "order", "adopted_on": "2013-09-05", "title": "О порядке", "file_id": file});
        it.world.post(&it.director, "/legal-acts", form).expect(201).id()
    };
    let (text, scan) = (it.world.file(&it.director, "act"), it.world.file(&it.director, "consent"));
    read(&text).refused(404, "request.not_found");
    let act = entered(&text);
    entered(&scan);
    read(&text).expect(200);
    read(&scan).refused(404, "request.not_found");
    let annulment = json!({"reason": "Введено дважды."});
    it.world.post(&it.director, &format!("/legal-acts/{act}/annulment"), annulment).expect(200);
    read(&text).refused(404, "request.not_found");
}

#[test]
fn an_authority_appoints_a_coordinator_of_a_program_and_the_appointment_gives_no_right() {
    let it = scene();
    let (ngo, coordinator) = it.world.institution("АНО «Старт в будущее»");
    let program = it.world.program("family-mentoring");
    let form = json!({"authority_id": it.ministry, "organization_id": ngo, "program_id": program, "starts_on": "2016-09-01"});
    let made = it.world.post(&it.director, "/coordinator-appointments", form.clone()).expect(201);
    assert_eq!(made.body["organization_name"], json!("АНО «Старт в будущее»"));
    let nothing = json!({"authority_id": it.ministry, "organization_id": ngo, "starts_on": "2016-09-01"});
    it.world.post(&it.director, "/coordinator-appointments", nothing).refused(422, "field.missing");
    let own = with(form.clone(), &json!({"organization_id": it.ministry}));
    let own = it.world.post(&it.director, "/coordinator-appointments", own).refused(422, "field.combination");
    assert_eq!(own.pointers(), ["/organization_id"]);
    let turned = with(form.clone(), &json!({"ends_on": "2016-08-31"}));
    it.world
        .post(&it.director, "/coordinator-appointments", turned)
        .refused(422, "coordinator_appointment.term");
    // Nobody appoints for another authority, and who is appointed edits nothing.
    it.world.post(&coordinator, "/coordinator-appointments", form).refused(422, "field.reference");
    let path = format!("/coordinator-appointments/{}", made.id());
    it.world.patch(&coordinator, &path, &made.etag(), json!({"ends_on": it.world.day(-1)})).expect(403);
    it.world.patch(&it.director, &path, &made.etag(), json!({"ends_on": it.world.day(-1)})).expect(200);
    let now = it.world.get(&it.director, "/coordinator-appointments").expect(200);
    assert!(now.items().is_empty());
    assert_eq!(
        it.world.get(&it.director, "/coordinator-appointments?ended=true").expect(200).items().len(),
        1
    );
}

#[test]
fn interactions_with_a_partner_are_read_in_the_organization_alone() {
    let it = scene();
    let (partner, stranger) = it.world.institution("«Каритас»");
    let form = json!({"organization_id": it.ministry, "partner_id": partner, "held_on": "2016-02-20", "kind": "joint_aid", "about": "Двадцать наборов."});
    let ahead = with(form.clone(), &json!({"held_on": it.world.day(1)}));
    let ahead = it.world.post(&it.director, "/partner-interactions", ahead).expect(422);
    assert_eq!(ahead.body["errors"][0]["pointer"], "/held_on");
    let own = with(form.clone(), &json!({"partner_id": it.ministry}));
    let own = it.world.post(&it.director, "/partner-interactions", own).refused(422, "field.combination");
    assert_eq!(own.pointers(), ["/partner_id"]);
    let made = it.world.post(&it.director, "/partner-interactions", form).expect(201).id();
    let found =
        it.world.get(&it.director, &format!("/partner-interactions?partner_id={partner}")).expect(200);
    assert_eq!(found.items().len(), 1);
    it.world.get(&stranger, &format!("/partner-interactions/{made}")).expect(404);
    assert!(it.world.get(&stranger, "/partner-interactions").expect(200).items().is_empty());
    let analyst = it.world.account("analyst", json!([{"role": "analyst"}]), None);
    it.world.get(&analyst, "/partner-interactions").expect(403);
    it.world.get(&it.world.admin(), &format!("/partner-interactions/{made}")).expect(200);
}

#[test]
fn a_package_prints_its_table_by_numbers_in_words_and_values() {
    let it = scene();
    let package = it.package();
    it.measure(
        &package,
        2,
        json!({"before_text": "Рамочный закон", "after_text": "Методические рекомендации"}),
    )
    .expect(201);
    let values = json!({"unit": "служб", "before_value": 7.0, "before_on": "2018-01-01", "after_value": 10.5, "after_on": "2019-12-18"});
    it.measure(&package, 1, values).expect(201);
    let table = it.table(&package);
    let rows = table["rows"].as_array().expect("rows");
    let numbers: Vec<&Value> = rows.iter().map(|it| &it["number"]).collect();
    assert_eq!(numbers, [1, 2]);
    assert_eq!((&rows[0]["before"]["value"], &rows[0]["after"]["value"]), (&json!(7.0), &json!(10.5)));
    assert_eq!(rows[0]["before"]["is_counted"], json!(false));
    assert_eq!(
        (&rows[1]["after"]["text"], rows[1]["after"].get("value")),
        (&json!("Методические рекомендации"), None)
    );
    // 004 L292–293: the work of НКО stands in the package.
    let ngo = it.world.ngo("СО НКО «Рядом»");
    let theirs = json!({"after_text": "Вошло в комплекс мер", "organization_ids": [ngo], "responsible_id": it.ministry});
    it.measure(&package, 11, theirs).expect(201);
    let last = it.table(&package)["rows"][2].clone();
    assert_eq!((&last["organization_ids"], &last["responsible_id"]), (&json!([ngo]), &json!(it.ministry)));
    let nobody = json!({"organization_ids": [it.director.id]});
    let refused = it.measure(&package, 12, nobody).refused(422, "field.reference");
    assert_eq!(refused.pointers(), ["/organization_ids/0"]);
    let both =
        json!({"counted": "clubs", "before_value": 1.0, "before_on": "2018-01-01", "after_on": "2019-12-18"});
    it.measure(&package, 3, both).refused(422, "measure.derived");
    it.measure(&package, 3, json!({"after_value": 4.0})).refused(422, "field.missing");
    it.measure(&package, 3, json!({"facility_kind": "social_hotel"})).refused(422, "field.combination");
    it.measure(&package, 0, json!({})).refused(422, "field.range");
    let turned = json!({"organization_id": it.ministry, "title": "Комплекс", "starts_on": "2019-01-01", "ends_on": "2018-12-31"});
    it.world.post(&it.director, "/action-packages", turned).refused(422, "action_package.term");
}

#[test]
fn clubs_and_places_of_a_measure_are_counted_for_its_days() {
    let it = scene();
    let (package, world) = (it.package(), &it.world);
    let dated = |what: &str, kind: Option<&str>| {
        let days = json!({"counted": what, "before_on": "2018-01-01", "after_on": "2019-12-18"});
        with(days, &kind.map_or(json!({}), |it| json!({"facility_kind": it})))
    };
    it.measure(&package, 1, dated("clubs", None)).expect(201);
    it.measure(&package, 2, dated("facility_organizations", Some("training_apartment"))).expect(201);
    it.measure(&package, 3, dated("beds", Some("social_hotel"))).expect(201);
    it.measure(&package, 4, dated("facilities", None)).expect(201);
    let ahead = json!({"counted": "clubs", "before_on": "2018-01-01", "after_on": "2199-01-01"});
    it.measure(&package, 5, ahead).expect(201);
    let mut clubs = Vec::new();
    for (n, opened) in ["2017-09-01", "2018-09-01", "2019-09-01", "2019-12-18"].into_iter().enumerate() {
        let club = json!({"name": format!("Клуб {n}"), "kind": "care_leavers", "organization_id": it.ministry, "host_id": it.ministry, "opened_on": opened});
        clubs.push(world.post(&it.director, "/clubs", club).expect(201).id());
    }
    let other = json!({"name": "Клуб наставников", "kind": "mentors", "organization_id": it.ministry, "host_id": it.ministry, "opened_on": "2017-01-01"});
    world.post(&it.director, "/clubs", other).expect(201);
    let flat = |opened: &str, kind: &str| {
        let form = json!({"organization_id": it.ministry, "kind": kind, "name": "Место", "territory": "25655000", "amenities": [], "opened_on": opened});
        world.post(&it.director, "/facilities", form).expect(201).id()
    };
    flat("2017-01-01", "training_apartment");
    flat("2019-01-01", "training_apartment");
    let hotel = flat("2019-06-01", "social_hotel");
    let room = json!({"name": "1", "sex_rule": "any", "age_rule": "any"});
    let room = world.post(&it.director, &format!("/facilities/{hotel}/rooms"), room).expect(201).id();
    for n in 0..3 {
        let bed = json!({"name": format!("{n}"), "opened_on": "2019-06-01"});
        world.post(&it.director, &format!("/rooms/{room}/beds"), bed).expect(201);
    }
    let table = it.table(&package);
    let sides =
        |n: usize| (table["rows"][n]["before"]["value"].clone(), table["rows"][n]["after"]["value"].clone());
    assert_eq!(sides(0), (json!(1.0), json!(4.0)));
    assert_eq!(table["rows"][0]["after"]["club_ids"], json!(clubs));
    assert_eq!(
        (sides(1), sides(2), sides(3)),
        ((json!(1.0), json!(1.0)), (json!(0.0), json!(3.0)), (json!(1.0), json!(3.0)))
    );
    assert_eq!(sides(4), (json!(1.0), Value::Null), "a day to come has no value");
    // A club that was entered by mistake counts no more.
    world
        .post(&it.director, &format!("/clubs/{}/annulment", clubs[1]), json!({"reason": "Ошибка."}))
        .expect(200);
    assert_eq!(it.table(&package)["rows"][0]["after"]["value"], json!(3.0));
}

#[test]
fn clubs_and_places_are_counted_in_the_territory_of_the_package() {
    let it = scene();
    let world = &it.world;
    let far = world.organization("vocational_school", "Колледж", "25701000");
    let near = world.organization("vocational_school", "Колледж района", "25655101");
    for host in [&far, &near] {
        let club = json!({"name": "Клуб", "kind": "care_leavers", "organization_id": it.ministry, "host_id": host, "opened_on": "2017-09-01"});
        world.post(&it.director, "/clubs", club).expect(201);
    }
    for (territory, beds) in [("25701000", 2), ("25655101", 3)] {
        let form = json!({"organization_id": it.ministry, "kind": "social_hotel", "name": "Гостиница", "territory": territory, "amenities": [], "opened_on": "2017-01-01"});
        let hotel = world.post(&it.director, "/facilities", form).expect(201).id();
        let room = json!({"name": "1", "sex_rule": "any", "age_rule": "any"});
        let room = world.post(&it.director, &format!("/facilities/{hotel}/rooms"), room).expect(201).id();
        for n in 0..beds {
            let bed = json!({"name": format!("{n}"), "opened_on": "2017-01-01"});
            world.post(&it.director, &format!("/rooms/{room}/beds"), bed).expect(201);
        }
    }
    let counts = |territory: Value| {
        let form = json!({"organization_id": it.ministry, "title": "Комплекс мер", "starts_on": "2018-01-01", "ends_on": "2019-12-31"});
        let form = with(form, &territory);
        let package = world.post(&it.director, "/action-packages", form).expect(201).id();
        for (n, what) in (1..).zip(["clubs", "facilities", "beds"]) {
            let counted = json!({"counted": what, "before_on": "2016-01-01", "after_on": "2018-12-31"});
            it.measure(&package, n, counted).expect(201);
        }
        let table = it.table(&package);
        [0, 1, 2].map(|n| table["rows"][n]["after"]["value"].clone())
    };
    assert_eq!(counts(json!({})), [json!(2.0), json!(2.0), json!(5.0)]);
    assert_eq!(counts(json!({"territory": "25655000"})), [json!(1.0), json!(1.0), json!(3.0)]);
}

#[test]
fn a_package_has_two_hundred_measures_at_most_and_its_table_shows_each() {
    let it = scene();
    let package = it.package();
    let first = it.measure(&package, 1, json!({})).expect(201);
    actix_web::rt::System::new().block_on(async {
        Raw::of_world(&it.world).await.copy_rows("measures", 199).await;
    });
    let refused = it.measure(&package, 201, json!({})).refused(409, "measure.too_many");
    assert_eq!(refused.body["errors"][0]["params"][0], json!({"name": "most", "value": "200"}));
    assert_eq!(it.table(&package)["rows"].as_array().map(Vec::len), Some(200));
    it.measure(&it.package(), 1, json!({})).expect(201);
    let path = format!("/measures/{}", first.id());
    it.world.patch(&it.director, &path, &first.etag(), json!({"name": "Клубы"})).expect(200);
    // An annulled measure counts no more.
    it.world.post(&it.director, &format!("{path}/annulment"), json!({"reason": "Ошибка."})).expect(200);
    it.measure(&package, 201, json!({})).expect(201);
    it.measure(&package, 202, json!({})).refused(409, "measure.too_many");
}

#[test]
fn a_plan_of_a_package_has_a_term_and_is_found_by_its_package() {
    let it = scene();
    let package = it.package();
    let form = json!({"organization_id": it.ministry, "kind": "interagency", "title": "План межведомственного взаимодействия", "package_id": package, "starts_on": "2018-01-01", "ends_on": "2019-12-31"});
    let plan = it.world.post(&it.director, "/action-plans", form.clone()).expect(201);
    assert_eq!(plan.body["package_name"], json!("Комплекс мер"));
    let found = it
        .world
        .get(&it.director, &format!("/action-plans?package_id={package}&kind=interagency"))
        .expect(200);
    assert_eq!(found.items().len(), 1);
    let turned = with(form, &json!({"ends_on": "2017-12-31"}));
    it.world.post(&it.director, "/action-plans", turned).refused(422, "action_plan.term");
}
