//! Organizations, units and specialists as the partnership knows them, the staffing on a day, and the directory for everybody.
use serde_json::{Value, json};
use tests::{Reply, World};

fn edited(world: &World, organization: &str, members: Value) -> Reply {
    world.edit(&world.admin(), &format!("/organizations/{organization}"), members)
}

fn listed(world: &World, path: &str) -> Vec<String> {
    world.get(&world.admin(), path).expect(200).ids()
}

#[test]
fn an_organization_tells_its_form_its_audiences_its_mark_and_its_site_and_old_bodies_stay_valid() {
    let world = World::new();
    let old = json!({"kind": "ngo", "name": "БФ «Мост»", "territory": "25655000", "focus_areas": [], "ngo_register_number": "38-1"});
    let ngo = world.post(&world.admin(), "/organizations", old).expect(201);
    assert_eq!((&ngo.body["target_groups"], &ngo.body["prevention_subject"]), (&json!([]), &json!(false)));
    let told = json!({"legal_form": "foundation", "target_groups": ["homeless", "minors"], "prevention_subject": true, "site": "https://most.example.org"});
    let told = edited(&world, &ngo.id(), told).expect(200);
    // A foundation stays an НКО with its number in the register.
    assert_eq!((&told.body["kind"], &told.body["ngo_register_number"]), (&json!("ngo"), &json!("38-1")));
    edited(&world, &ngo.id(), json!({"site": "http://most.example.org"})).refused(422, "field.format");
    edited(&world, &ngo.id(), json!({"site": "https://most example.org"})).refused(422, "field.format");
    edited(&world, &ngo.id(), json!({"target_groups": ["everybody"]})).refused(422, "field.word");
    for kind in [
        "rehabilitation_centre",
        "employers_union",
        "trade_union",
        "self_government_body",
        "research_institute",
        "media",
        "school",
    ] {
        world.organization(kind, &format!("Организация {kind}"), "25655000");
    }
}

#[test]
fn a_unit_has_a_kind_and_functions_and_a_resource_centre_tells_its_own() {
    let world = World::new();
    let (home, director) = world.institution("Центр «Точка опоры»");
    let department = world.unit(&director, &home, json!({"name": "Отделение помощи семье"}));
    assert_eq!((&department.body["kind"], &department.body["functions"]), (&json!("department"), &json!([])));
    let centre = json!({"name": "Ресурсный центр", "kind": "resource_centre"});
    let units = format!("/organizations/{home}/units");
    world.post(&director, &units, centre.clone()).refused(422, "unit.centre_functions");
    let functions = json!({"functions": ["competence", "study", "development", "introduction"], "charter": "charter_change", "opened_on": "2019-09-01"});
    let centre = world.unit(&director, &home, tests::with(centre, &functions)).id();
    assert_eq!(listed(&world, &format!("/organizations/{home}/units?kind=resource_centre")), [centre]);
}

#[test]
fn an_organization_that_was_merged_away_leaves_the_lists_and_keeps_what_is_its_own() {
    let world = World::new();
    let (small, director) = world.institution("Малый центр");
    let (large, _) = world.institution("Большой центр");
    let act = json!({"organization_id": small, "kind": "order", "adopted_on": "1997-05-12", "title": "О попечителях"});
    let act = world.post(&director, "/legal-acts", act).expect(201).id();
    edited(&world, &small, json!({"successor_id": small})).refused(422, "organization.own_successor");
    let merged =
        edited(&world, &small, json!({"closed_on": world.day(-1), "successor_id": large})).expect(200);
    assert_eq!(merged.body["successor_name"], json!("Большой центр"));
    for list in ["/organizations", "/organization-directory"] {
        assert!(!listed(&world, list).contains(&small), "{list}");
    }
    assert_eq!(listed(&world, "/organizations?ended=true"), std::slice::from_ref(&small));
    let kept = world.get(&world.admin(), &format!("/legal-acts/{act}")).expect(200);
    assert_eq!(
        (&kept.body["organization_id"], &kept.body["organization_name"]),
        (&json!(small), &json!("Малый центр"))
    );
    world.get(&director, &format!("/organizations/{small}")).expect(200);
}

#[test]
fn specialists_are_counted_on_a_day_by_unit_and_direct_support_and_their_names_stay_inside() {
    let world = World::new();
    let (home, director) = world.institution("Служба сопровождения");
    let (other, stranger) = world.institution("Другой центр");
    let unit =
        world.unit(&director, &home, json!({"name": "Отделение", "kind": "accompaniment"})).expect(201).id();
    let foreign = world.unit(&stranger, &other, json!({"name": "Чужое"})).expect(201).id();
    let list = format!("/organizations/{home}/specialists");
    let add = |name: &str, unit: Option<&String>, direct: bool, ends: Option<i64>| {
        let mut form = json!({"name": name, "position": "psychologist", "direct_support": direct, "starts_on": "2019-09-01"});
        if let Some(unit) = unit {
            form["unit_id"] = json!(unit);
        }
        if let Some(ends) = ends {
            form["ends_on"] = json!(world.day(ends));
        }
        world.post(&director, &list, form)
    };
    add("Первая П. П.", Some(&unit), true, None).expect(201);
    add("Вторая В. В.", Some(&unit), false, None).expect(201);
    add("Третья Т. Т.", None, true, Some(-1)).expect(201);
    add("Чужая Ч. Ч.", Some(&foreign), true, None).refused(422, "field.reference");
    add("Поздняя П. П.", None, true, Some(-4000)).refused(422, "specialist.term");
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    let count = |query: &str| world.get(&analyst, &format!("/staffing?{query}")).expect(200).body;
    let now = count(&format!("organization_id={home}"));
    assert_eq!((&now["specialists"], &now["direct_support"]), (&json!(2), &json!(1)));
    assert_eq!(
        now["units"],
        json!([{"unit_id": unit, "unit_name": "Отделение", "specialists": 2, "direct_support": 1}])
    );
    let before = count(&format!("organization_id={home}&on={}", world.day(-1)));
    assert_eq!((&before["specialists"], &before["direct_support"]), (&json!(3), &json!(2)));
    for place in ["25000000", "25655000"] {
        let there = count(&format!("kind=social_service_agency&territory={place}"));
        assert_eq!((&there["organizations"], &there["specialists"]), (&json!(2), &json!(2)), "{place}");
    }
    let all = count("kind=social_service_agency");
    assert_eq!((&all["organizations"], &all["without_specialists"]), (&json!(2), &json!(1)));
    assert_eq!(count("kind=media")["organizations"], json!(0));
    // Names are read in the organization alone.
    world.get(&stranger, &list).expect(403);
    world.get(&analyst, &list).expect(403);
    assert_eq!(listed(&world, &list).len(), 2);
    assert_eq!(listed(&world, &format!("{list}?ended=true")).len(), 1);
    world.get(&analyst, "/staffing?on=yesterday").expect(400);
}

#[test]
fn services_at_homes_for_orphans_are_counted_on_a_day() {
    let world = World::new();
    let home = world.organization("residential_care", "Школа-интернат", "25655000");
    let school = world.organization("vocational_school", "Техникум", "25655000");
    let mut services = Vec::new();
    for (n, parent) in [&home, &home, &home, &school].into_iter().enumerate() {
        let form = json!({"kind": "aftercare_service", "name": format!("Служба {n}"), "territory": "25655000", "parent_id": parent});
        services.push(world.post(&world.admin(), "/organizations", form).expect(201).id());
    }
    edited(&world, &services[0], json!({"closed_on": world.day(-1)})).expect(200);
    let count = |query: &str| {
        let asked = format!("/staffing?kind=aftercare_service{query}");
        world.get(&world.admin(), &asked).expect(200).body["organizations"].clone()
    };
    let before = format!("&on={}", world.day(-1));
    assert_eq!((count(""), count(&before)), (json!(3), json!(4)));
    let at_homes = "&parent_kind=residential_care";
    assert_eq!((count(at_homes), count(&format!("{at_homes}{before}"))), (json!(2), json!(3)));
    assert_eq!(count("&parent_kind=vocational_school"), json!(1));
    assert_eq!(count("&parent_kind=police"), json!(0));
}

#[test]
fn everybody_finds_an_organization_with_its_units_and_services_and_no_person_in_the_directory() {
    let world = World::new();
    let (home, director) = world.institution("Центр помощи");
    edited(&world, &home, json!({"target_groups": ["homeless"], "contacts": {"phones": ["+73954131522"]}}))
        .expect(200);
    world
        .unit(
            &director,
            &home,
            json!({"name": "Срочная помощь", "kind": "urgent_help", "head_name": "Петрова"}),
        )
        .expect(201);
    let offer = json!({"organization_id": home, "name": "Ночлег", "kind": "urgent", "free": true, "territory": "25655000", "starts_on": "2020-01-01"});
    world.post(&director, "/service-offers", offer).expect(201);
    let mentee = world.account("reader", json!([{"role": "tutor"}]), None);
    let found =
        world.get(&mentee, "/organization-directory?target_group=homeless&territory=25655000").expect(200);
    assert_eq!(found.items().len(), 1);
    let card = &found.items()[0];
    assert_eq!((&card["id"], &card["units"][0]["kind"]), (&json!(home), &json!("urgent_help")));
    assert_eq!(card["services"][0]["name"], json!("Ночлег"));
    assert!(!found.text.contains("Петрова") && !found.text.contains("keeps_register"), "{}", found.text);
    let near = world.organization("ngo", "НКО посёлка", "25655101");
    for (place, count) in [("25000000", 1), ("25655000", 1), ("25655101", 1), ("25701000", 0)] {
        let there =
            world.get(&mentee, &format!("/organization-directory?kind=ngo&territory={place}")).expect(200);
        assert_eq!(there.items().len(), count, "{place}");
    }
    assert!(listed(&world, "/organization-directory?territory=25655000").contains(&near));
    let several = "/organization-directory?kind=aftercare_service,ngo&territory=25655101";
    assert!(listed(&world, several).contains(&near));
    let either = "/organization-directory?target_group=veterans,homeless&territory=25655000";
    assert_eq!(world.get(&mentee, either).expect(200).ids(), [home]);
    let none = world.get(&mentee, "/organization-directory?target_group=veterans").expect(200);
    assert!(none.items().is_empty());
    world.ask("GET", "/api/v1/organization-directory").send().expect(401);
}
