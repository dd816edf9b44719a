//! Groups of volunteers: minors with consent only, and a squad of which nobody but its owner reads what it is made of.
use super::super::child;
use serde_json::{Value, json};
use tests::{Account, Reply, World, with};

fn group(world: &World, who: &Account, organization: &str, members: Value) -> Reply {
    let form = json!({"name": "Собственный отряд", "organization_id": organization, "source": "own_squad",
        "formed_on": world.day(-400), "audiences": ["elderly"], "made_of": "minors_in_conflict"});
    world.post(who, "/volunteer-groups", with(form, &members))
}

fn joins(world: &World, who: &Account, group: &str, person: &str) -> Reply {
    let form = json!({"volunteer_group_id": group, "person_id": person, "role": "member", "joined_on": world.day(0)});
    world.post(who, "/volunteer-group-members", form)
}

#[test]
fn only_the_owner_of_a_squad_reads_what_it_is_made_of_and_others_see_no_small_number() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let (_, stranger) = world.institution("Другой центр");
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    let entered = group(&world, &director, &organization, json!({})).expect(201);
    let squad = entered.id();
    let path = format!("/volunteer-groups/{squad}");
    let adults: Vec<String> =
        (0..12).map(|_| world.person(&director, json!({"birth_date": "2000-01-01"}))).collect();
    let strength = |who: &Account, group: &str| {
        let it = world.get(who, &format!("/volunteer-groups/{group}/strength")).expect(200);
        (it.body["members"].clone(), it.body["hidden"].clone())
    };
    for it in &adults[..4] {
        joins(&world, &director, &squad, it).expect(201);
    }
    assert_eq!(strength(&director, &squad), (json!(4), json!(false)));
    for who in [&stranger, &analyst, &world.admin()] {
        assert_eq!(strength(who, &squad), (Value::Null, json!(true)), "{}", who.login);
    }
    for it in &adults[4..] {
        joins(&world, &director, &squad, it).expect(201);
    }
    assert_eq!(strength(&stranger, &squad), (json!(12), json!(false)));
    let open = group(&world, &director, &organization, json!({"made_of": "students", "name": "Студенты"}));
    assert_eq!(
        strength(&analyst, &open.expect(201).id()),
        (Value::Null, json!(true)),
        "a hidden number tells nothing"
    );
    assert_eq!(entered.body["made_of"], "minors_in_conflict");
    for who in [&stranger, &analyst, &world.admin()] {
        let card = world.get(who, &path).expect(200);
        assert_eq!(card.body["made_of"], "minors", "{}", who.login);
        let list = world.get(who, "/volunteer-groups?source=own_squad").expect(200);
        let told: Vec<&Value> = list.items().iter().map(|it| &it["made_of"]).collect();
        assert!(!told.contains(&&json!("minors_in_conflict")), "{told:?}");
    }
    world.get(&stranger, &format!("{path}/members")).expect(200);
    assert!(world.get(&stranger, &format!("{path}/members")).expect(200).items().is_empty());
    assert_eq!(world.get(&director, &format!("{path}/members?limit=200")).expect(200).items().len(), 12);
    let edited = world.patch(&director, &path, &entered.etag(), json!({"name": "Отряд"})).expect(200);
    assert_eq!(edited.body["made_of"], "minors_in_conflict", "an edit of another member leaves it");
    let admin = world.admin();
    world.patch(&admin, &path, &edited.etag(), json!({"made_of": "minors"})).expect(403);
    for who in [&director, &admin] {
        let history = world.get(who, &format!("{path}/history")).expect(200);
        assert!(!history.text.contains("minors_in_conflict"), "{}", history.text);
    }
}

#[test]
fn a_minor_joins_a_group_with_a_consent_and_stays_on_record_after_its_withdrawal() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let group = group(&world, &director, &organization, json!({})).expect(201).id();
    let minor = child(&world, &director, &organization, 15);
    joins(&world, &director, &group, &minor.person).refused(409, "volunteer_group_member.no_consent");
    let half = minor.consents(&world, &director, "volunteering", 200, false).expect(201);
    assert_eq!(half.body["state"], "awaiting");
    joins(&world, &director, &group, &minor.person).refused(409, "volunteer_group_member.no_consent");
    minor.consents(&world, &director, "story", 200, true).expect(201);
    joins(&world, &director, &group, &minor.person).refused(409, "volunteer_group_member.no_consent");
    let consent = minor.consents(&world, &director, "volunteering", 200, true).expect(201).id();
    let since = json!({"purpose": "volunteering", "data": ["full_name"], "valid_until": world.day(200)});
    let since = minor.signs(&world, &director, since, (-5, true)).expect(201).id();
    let joined = joins(&world, &director, &group, &minor.person).expect(201);
    let path = format!("/volunteer-group-members/{}", joined.id());
    assert_eq!(joined.body["consented"], true);
    for it in [&consent, &since] {
        minor.withdraws(&world, &director, it).expect(200);
    }
    let form = json!({"name": "Второй отряд", "organization_id": organization, "source": "school", "formed_on": world.day(-400)});
    let second = world.post(&director, "/volunteer-groups", form).expect(201).id();
    let earlier = json!({"volunteer_group_id": second, "person_id": minor.person, "role": "member", "joined_on": world.day(-1)});
    let earlier = world.post(&director, "/volunteer-group-members", earlier);
    earlier.refused(409, "volunteer_group_member.no_consent");
    let after = world.get(&director, &path).expect(200);
    assert_eq!((after.body["consented"].clone(), after.body.get("left_on")), (json!(false), None));
    let young = child(&world, &director, &organization, 13);
    young.consents(&world, &director, "volunteering", 200, false).expect(201);
    let refused = joins(&world, &director, &group, &young.person);
    refused.refused(422, "volunteer_group_member.too_young");
    let rights = ["read_partnership", "read_partnership_inside", "edit_partnership_inside"];
    let key = world.key(&rights, json!({"territories": ["25655000"]}));
    assert!(world.get(&key, &format!("/volunteer-groups/{group}/members")).expect(200).items().is_empty());
    world.get(&key, &path).expect(404);
    world
        .keyed_post(&key, &format!("{path}/leaving"), "leaving", json!({"left_on": world.day(0)}))
        .expect(404);
    world.post(&director, &format!("{path}/leaving"), json!({"left_on": world.day(0)})).expect(200);
    assert_eq!(
        world.get(&director, &format!("/volunteer-groups/{group}/members")).expect(200).ids(),
        [joined.id()]
    );
    let specialist = world.staff("support_specialist", &organization);
    assert_eq!(
        world.get(&specialist, &path).expect(200).actions(),
        json!(["annul"]),
        "nothing but a mistake"
    );
    world
        .get(
            &world.account(
                "officer",
                json!([{"role": "guardianship_officer", "territory": "25655000"}]),
                None,
            ),
            &path,
        )
        .expect(404);
}

#[test]
fn somebody_put_into_a_squad_by_mistake_is_taken_out_of_its_members_and_its_strength() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let (_, stranger) = world.institution("Другой центр");
    let specialist = world.staff("support_specialist", &organization);
    let squad = group(&world, &director, &organization, json!({})).expect(201).id();
    let people: Vec<String> =
        (0..5).map(|_| world.person(&director, json!({"birth_date": "2000-01-01"}))).collect();
    let members: Vec<String> =
        people.iter().map(|it| joins(&world, &director, &squad, it).expect(201).id()).collect();
    let strength = |who: &Account| {
        let path = format!("/volunteer-groups/{squad}/strength");
        world.get(who, &path).expect(200).body["members"].clone()
    };
    assert_eq!((strength(&director), strength(&stranger)), (json!(5), json!(5)));
    let path = format!("/volunteer-group-members/{}", members[0]);
    let reason = json!({"reason": "Внесён однофамилец."});
    let annul = |who: &Account| world.post(who, &format!("{path}/annulment"), reason.clone());
    annul(&world.admin()).refused(403, "access.forbidden");
    annul(&stranger).expect(404);
    assert_eq!(annul(&specialist).expect(200).body["annulment"], reason);
    annul(&specialist).refused(409, "entry.annulled");
    assert_eq!((strength(&director), strength(&stranger)), (json!(4), Value::Null));
    let listed = |query: &str| {
        let path = format!("/volunteer-groups/{squad}/members{query}");
        world.get(&director, &path).expect(200).ids()
    };
    assert!(!listed("").contains(&members[0]));
    assert_eq!(listed("?annulled=true"), [members[0].clone()]);
    let told = world.get(&director, &format!("{path}/history")).expect(200);
    assert_eq!(told.kinds(), ["volunteer_group_member.annulled", "volunteer_group_member.joined"]);
    joins(&world, &director, &squad, &people[0]).expect(201);
}

#[test]
fn a_minor_who_is_no_beneficiary_joins_by_a_signed_paper() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let school = json!({"source": "school", "made_of": "students"});
    let group = group(&world, &director, &organization, school).expect(201).id();
    let born = world.today() - chrono::Months::new(16 * 12);
    let pupil = world.person(&director, json!({"given_name": "Вера", "birth_date": born}));
    let paper = world.file(&director, "consent");
    let joins = |person: &str, members: Value| {
        let form = json!({"volunteer_group_id": group, "person_id": person, "role": "member", "joined_on": world.day(0)});
        world.post(&director, "/volunteer-group-members", with(form, &members))
    };
    joins(&pupil, json!({})).refused(409, "volunteer_group_member.no_consent");
    let (_, stranger) = world.institution("Другой центр");
    let foreign = world.file(&stranger, "consent");
    let refused = joins(&pupil, json!({"consent_file_id": foreign})).refused(422, "field.reference");
    assert_eq!(refused.body["errors"][0]["pointer"], "/consent_file_id");
    let joined = joins(&pupil, json!({"consent_file_id": paper})).expect(201);
    assert_eq!((&joined.body["consent_file_id"], &joined.body["consented"]), (&json!(paper), &json!(true)));
    let ward = child(&world, &director, &organization, 15);
    joins(&ward.person, json!({"consent_file_id": paper})).refused(409, "volunteer_group_member.no_consent");
    world.beneficiary(&director, &organization, &pupil);
    let card = world.get(&director, &format!("/volunteer-group-members/{}", joined.id())).expect(200);
    assert_eq!(card.body["consented"], false, "a beneficiary consents in the ledger");
}

#[test]
fn groups_of_schools_since_1997_and_of_enterprises_since_2014_are_found_by_their_source() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let college = world.organization("vocational_school", "Аграрный техникум", "25655000");
    let of = |members: Value| group(&world, &director, &organization, members).expect(201).id();
    let students = json!({"name": "Доброград", "source": "college", "source_organization_id": college, "formed_on": "1997-09-01",
        "made_of": "students"});
    let students = of(students);
    let veteran = world.person(&director, json!({"birth_date": "1981-03-01"}));
    let form = json!({"volunteer_group_id": students, "person_id": veteran, "role": "member", "joined_on": "1997-09-01"});
    world.post(&director, "/volunteer-group-members", form).expect(201);
    let workers = of(
        json!({"name": "Завод", "source": "enterprise", "formed_on": "2014-05-01", "made_of": "volunteers"}),
    );
    of(json!({"name": "Прежний", "source": "enterprise", "disbanded_on": world.day(-1)}));
    let analyst = world.account("analyst", json!([{"role": "analyst"}]), None);
    let found = |query: &str| world.get(&analyst, &format!("/volunteer-groups{query}")).expect(200).ids();
    assert_eq!(found("?source=college"), [students]);
    assert_eq!(found("?source=enterprise"), [workers]);
    let early = json!({"disbanded_on": world.day(-401)});
    group(&world, &director, &organization, early).refused(422, "volunteer_group.ends_early");
}
