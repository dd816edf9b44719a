use serde_json::{Value, json};
use tests::{Account, World};

fn text<'a>(it: &'a Value, name: &str) -> &'a str {
    it[name].as_str().unwrap_or_default()
}

/// The person, the role and the name of each member of a family.
fn roles(members: &Value) -> Vec<(&str, &str, &str)> {
    let member = |it| (text(it, "person_id"), text(it, "role"), text(it, "person_name"));
    members.as_array().expect("members").iter().map(member).collect()
}

#[test]
fn a_family_is_put_on_record_read_and_edited() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let mother = world.person(&director, json!({"family_name": "Мать", "patronymic": null}));
    let child = world.person(&director, json!({"family_name": "Дитя", "patronymic": null}));
    let form = json!({"name": "Семья Морозовых", "has_minor_children": true, "hardship_causes": ["many_children", "low_income", "low_income"],
        "risk_flags": ["school_absence"], "members": [{"person_id": mother, "role": "mother"}, {"person_id": child, "role": "child"}],
        "primary_contact_id": mother});
    let added = world.post(&director, "/families", form.clone()).expect(201);
    let path = format!("/families/{}", added.id());
    assert_eq!(added.header("location"), Some(format!("/api/v1{path}").as_str()));
    assert_eq!(added.body["organization_id"], json!(organization));
    assert_eq!(added.body["hardship_causes"], json!(["low_income", "many_children"]));
    assert_eq!(
        roles(&added.body["members"]),
        [(mother.as_str(), "mother", "Мать Алёна"), (child.as_str(), "child", "Дитя Алёна")]
    );
    assert_eq!(world.get(&director, &path).expect(200).body, added.body);
    assert_eq!(world.get(&director, "/families").expect(200).items(), &[added.row()]);

    let patch = json!({"members": [{"person_id": child, "role": "other"}], "primary_contact_id": null});
    let patched = world.patch(&director, &path, &added.etag(), patch).expect(200);
    assert_eq!(roles(&patched.body["members"]), [(child.as_str(), "other", "Дитя Алёна")]);
    let replaced = world.put(&director, &path, &patched.etag(), form).expect(200);
    assert_eq!(
        (&replaced.body["version"], &replaced.body["primary_contact_id"]),
        (&json!(3), &json!(mother))
    );
    world.patch(&director, &path, &patched.etag(), json!({"name": "x"})).refused(412, "version.stale");
    let history = world.get(&director, &format!("{path}/history")).expect(200);
    assert_eq!(
        history.items()[1]["details"],
        json!([{"name": "fields", "value": "members, primary_contact_id",
            "ru": "члены семьи, основное контактное лицо", "en": "members, primary contact"}])
    );
}

#[test]
fn a_family_has_each_member_once_and_turns_to_one_of_them_first() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let (mother, stranger) = (world.person(&director, json!({})), world.person(&director, json!({})));
    let member = |id: &str| json!({"person_id": id, "role": "mother"});
    let form = json!({"name": "Семья", "has_minor_children": false, "members": [member(&mother), member(&mother)], "primary_contact_id": stranger});
    let refused = world.post(&director, "/families", form).refused(422, "family.member_twice");
    // The mother is fifteen herself, so the family has a minor.
    assert_eq!(refused.codes(), ["family.member_twice", "family.contact_not_member", "family.minor_member"]);
    let unknown = json!({"name": "Семья", "has_minor_children": false, "risk_flags": ["boredom"]});
    assert_eq!(world.post(&director, "/families", unknown).expect(422).codes(), ["field.word"]);
}

#[test]
fn nobody_becomes_a_member_whom_the_caller_does_not_see() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let foreign = world.person(&world.admin(), json!({}));
    for id in [foreign.as_str(), "01980000-0000-7000-8000-000000000005"] {
        let form = json!({"name": "Семья", "has_minor_children": true, "members": [{"person_id": id, "role": "child"}]});
        let refused = world.post(&director, "/families", form).refused(422, "field.reference");
        assert_eq!(refused.body["errors"][0]["pointer"], "/members/0/person_id");
    }
    let id = world.family(&director, &[]);
    let patch = json!({"members": [{"person_id": foreign, "role": "child"}]});
    world.patch(&director, &format!("/families/{id}"), "\"1\"", patch).refused(422, "field.reference");
}

#[test]
fn a_family_is_seen_by_who_entered_it_and_by_who_is_responsible_for_it() {
    let world = World::new();
    let (_, entered) = world.institution("Центр");
    let (responsible, director) = world.institution("Служба сопровождения");
    let mother = world.person(&entered, json!({"family_name": "Мать"}));
    let path = format!("/families/{}", world.family(&entered, &[&mother]));
    let officer =
        world.account("opeka", json!([{"role": "guardianship_officer", "territory": "25655000"}]), None);
    for account in [&director, &officer] {
        world.get(account, &path).refused(404, "request.not_found");
        assert!(world.get(account, "/families").items().is_empty());
        world.patch(account, &path, "\"1\"", json!({"name": "x"})).refused(404, "request.not_found");
    }
    world.family_beneficiary(&world.admin(), &responsible, path.trim_start_matches("/families/"));
    for account in [&entered, &director, &officer] {
        let card = world.get(account, &path).expect(200);
        assert_eq!(roles(&card.body["members"])[0].2, "Мать Алёна Сергеевна");
    }
    world.patch(&officer, &path, "\"1\"", json!({"name": "x"})).refused(403, "access.forbidden");

    let father = world.person(&director, json!({"family_name": "Отец"}));
    let members = json!({"members": [{"person_id": mother, "role": "mother"}, {"person_id": father, "role": "father"}]});
    let edited = world.patch(&director, &path, "\"1\"", members).expect(200);
    let shown = world.get(&entered, &path).expect(200);
    assert_eq!(roles(&shown.body["members"])[1], (father.as_str(), "father", ""), "not theirs to see");
    let theirs_no_more = world.patch(&entered, &path, &edited.etag(), json!({"name": "Семья"}));
    theirs_no_more.refused(403, "access.not_yours");
}

#[test]
fn a_mentor_does_not_read_records_of_families() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let id = world.family(&director, &[]);
    let mentor = world.account("mentor", json!([{"role": "mentor"}]), None);
    world.get(&mentor, "/families").refused(403, "access.forbidden");
    world.get(&mentor, &format!("/families/{id}")).refused(404, "request.not_found");
}

#[test]
fn a_former_institution_reads_a_family_and_edits_nothing_of_it() {
    let world = World::new();
    let (organization, director) = world.institution("Центр");
    let (next, next_director) = world.institution("Другой центр");
    let child = world.person(&director, json!({}));
    let (around, whole) = (world.family(&director, &[&child]), world.family(&director, &[]));
    let rename = |who: &Account, family: &str| {
        world.edit(who, &format!("/families/{family}"), json!({"name": "Семья Ильиных"}))
    };
    let moves = |beneficiary: &str| {
        let there = json!({"organization_id": next});
        world.edit(&world.admin(), &format!("/beneficiaries/{beneficiary}"), there).expect(200);
    };
    rename(&director, &around).expect(200);
    moves(&world.beneficiary(&director, &organization, &child));
    let shown = world.get(&director, &format!("/families/{around}")).expect(200);
    assert_eq!(shown.actions(), json!([]));
    rename(&director, &around).refused(403, "access.not_yours");
    moves(&world.family_beneficiary(&director, &organization, &whole));
    rename(&director, &whole).refused(403, "access.not_yours");
    rename(&next_director, &whole).expect(200);
}

#[test]
fn minor_children_are_told_by_the_members_of_a_family() {
    let world = World::new();
    let (_, director) = world.institution("Центр");
    let mother = world.person(&director, json!({"family_name": "Мать", "birth_date": "1985-01-01"}));
    let child = world.person(&director, json!({"family_name": "Дитя"}));
    let add = |members: Value| {
        let form = json!({"name": "Семья", "has_minor_children": true, "members": members});
        world.post(&director, "/families", form).expect(201)
    };
    let alone = add(json!([{"person_id": mother, "role": "mother"}]));
    let warning = &alone.body["warnings"][0];
    assert_eq!(
        (&warning["code"], &warning["pointer"]),
        (&json!("family.no_minor_member"), &json!("/has_minor_children"))
    );
    assert_eq!(alone.body["has_minor_children"], json!(true), "a child need not be a member on record");
    let whole = add(json!([{"person_id": mother, "role": "mother"}, {"person_id": child, "role": "child"}]));
    assert_eq!(whole.body["warnings"], Value::Null);
    let (family, person) = (format!("/families/{}", whole.id()), format!("/people/{child}"));
    let has = || world.get(&director, &family).expect(200).body["has_minor_children"].clone();
    let born = |on: &str| world.edit(&director, &person, json!({"birth_date": on})).expect(200);
    born("2008-03-02");
    assert_eq!(has(), json!(false), "the child has come of age");
    born("2008-03-03");
    assert_eq!(has(), json!(true));
    let listed = world.get(&director, "/families").expect(200);
    assert!(listed.items().iter().all(|it| it["has_minor_children"] == json!(true)), "{}", listed.text);
    world.die(&director, &child, 0).expect(200);
    assert_eq!(has(), json!(false));
    // What an edit leaves out stays as the members tell it.
    world.edit(&director, &family, json!({"name": "Семья Ильиных"})).expect(200);
}

#[test]
fn a_program_asks_the_members_of_a_family_for_minor_children() {
    let world = World::new();
    let pair = world.family_pair();
    let card = world.get(&pair.director, &format!("/beneficiaries/{}", pair.beneficiary)).expect(200);
    let family = card.body["family_id"].as_str().expect("a family");
    let members = world.get(&pair.director, &format!("/families/{family}")).expect(200);
    let child = members.body["members"][1]["person_id"].as_str().expect("a child");
    world.die(&pair.director, child, 0).expect(200);
    let told = world.post(&pair.director, "/mentorships", world.proposal(&pair)).expect(409);
    assert_eq!(told.codes(), ["mentorship.no_minor_children"]);
}
