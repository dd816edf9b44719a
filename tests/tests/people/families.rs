use serde_json::{Value, json};
use tests::World;

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
    world.patch(&entered, &path, &edited.etag(), json!({"name": "Семья"})).expect(200);
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
