//! Names beside ids: `mentor_id`, then `mentor_name`, in every answer, shown by the right to see the row.
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::{Account, Realm, World};

/// Ids without a name beside them, each with its reason. The list may only become shorter.
const WITHOUT_NAME: &[(&str, &str, &str)] = &[
    ("HistoryEntry", "request_id", "a request over HTTP is no row"),
    ("ClashCard", "other_id", "it is of any kind, told by `kind`"),
    ("JobCard", "subject_id", "it is of any kind, told by `subject_kind`"),
];

fn schemas() -> &'static serde_json::Map<String, Value> {
    api::openapi::document()["components"]["schemas"].as_object().expect("schemas")
}

fn references(it: &Value, all: &mut Vec<String>) {
    match it {
        Value::Object(members) => {
            let name = members
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|it| it.strip_prefix("#/components/schemas/"));
            all.extend(name.map(str::to_owned));
            members.values().for_each(|it| references(it, all));
        }
        Value::Array(items) => items.iter().for_each(|it| references(it, all)),
        _ => {}
    }
}

/// The schemas that these parts of operations name, with all that those refer to.
fn reached(part: &str) -> BTreeSet<String> {
    let paths = api::openapi::document()["paths"].as_object().expect("paths").values();
    let mut open = Vec::new();
    paths
        .flat_map(|it| it.as_object().expect("operations").values())
        .for_each(|it| references(&it[part], &mut open));
    let mut found = BTreeSet::new();
    while let Some(name) = open.pop() {
        if let Some(schema) = schemas().get(&name).filter(|_| found.insert(name.clone())) {
            references(schema, &mut open);
        }
    }
    found
}

#[test]
fn every_id_in_an_answer_has_a_name_beside_it() {
    let (answered, sent) = (reached("responses"), reached("requestBody"));
    let mut bare = Vec::new();
    let mut met = BTreeSet::new();
    // A form inside a card is the form that an edit sends back, and the server refuses members that it does not know.
    for name in answered.difference(&sent) {
        let Some(members) = schemas()[name]["properties"].as_object() else { continue };
        for member in members.keys().filter(|it| it.ends_with("_id")) {
            let is_named = members.contains_key(&format!("{}_name", member.trim_end_matches("_id")));
            let listed = WITHOUT_NAME.iter().position(|it| (it.0 == "*" || it.0 == name) && it.1 == member);
            met.extend(listed);
            if !is_named && listed.is_none() {
                bare.push(format!("{name}.{member}"));
            }
        }
    }
    assert!(bare.is_empty(), "no name beside {bare:#?}");
    assert_eq!(met.len(), WITHOUT_NAME.len(), "an exception that nothing needs");
}

#[test]
fn what_has_no_name_of_its_own_is_called_by_its_kind_its_day_or_its_number() {
    let (world, home, _) = Realm::in_world();
    let (admin, director) = (world.admin(), &home.accounts["D"]);
    let card = |who: &Account, collection: &str| {
        world.get(who, &format!("/{collection}/{}", home.objects[collection])).expect(200).body
    };
    let plan = format!("жизненный план, {}", world.day(0));
    assert_eq!(card(director, "plan-versions")["plan_name"], json!(plan));
    assert_eq!(card(director, "consilium-items")["consilium_name"], json!(world.day(1)));
    assert_eq!(card(director, "matching-rounds")["job_name"], "подбор");
    assert_eq!(card(&admin, "register-scans")["job_name"], "поиск похожих записей единого учёта");
    let number = format!("№ {}", card(&admin, "register-entries")["number"].as_str().expect("a number"));
    let merge = card(&admin, "register-merges");
    assert_eq!(merge["entry_id"], json!(home.objects["register-entries"]));
    assert_eq!(merge["entry_name"], json!(number));
    let second = merge["other_entry_id"].as_str().expect("an id");
    let merged = world.get(&admin, &format!("/register-entries/{second}")).expect(200).body;
    assert_eq!(merged["merged_into_name"], json!(number));
}

#[test]
fn a_history_of_a_mentorship_names_the_consent_that_was_signed() {
    let (world, pair) = World::paired();
    let id = world.consented(&pair);
    let history = world.get(&pair.director, &format!("/mentorships/{id}/history")).expect(200);
    let signed = history.items().iter().find(|it| it["kind"] == "mentorship.consented").expect("a signature");
    let mut details = signed["details"].as_array().expect("details").iter();
    let consent = details.find(|it| it["name"] == "consent_id").expect("the consent");
    assert_eq!(consent["ru"], json!(format!("участие в наставничестве, {}", world.day(0))));
}

#[test]
fn who_reads_an_item_by_its_case_is_told_no_name_of_the_consilium() {
    let (world, home, _) = Realm::in_world();
    let path = format!("/consilium-items/{}", home.objects["consilium-items"]);
    let item = world.get(&home.accounts["G"], &path).expect(200).body;
    assert_eq!(item["consilium_id"], json!(home.objects["consilia"]));
    assert_eq!(item.get("consilium_name"), None, "{item}");
}

#[test]
fn a_name_is_shown_by_the_right_to_see_its_row_and_left_out_otherwise() {
    let (world, pair) = World::paired();
    let tutor = world.account("tutor", json!([{"role": "tutor"}]), None);
    let id = world.followed(&pair, &tutor);
    let specialist = world.staff("support_specialist", &pair.organization);
    let (mentor, mentee) = (world.mentor_account("maria", &pair), world.mentee_account("daria", &pair));
    let card = |who: &Account| world.get(who, &format!("/mentorships/{id}")).expect(200).body;
    let by_admin = card(&world.admin());
    assert_eq!(by_admin["organization_name"], "Центр помощи семье");
    assert!(by_admin["program_name"].is_string() && by_admin["edition_name"].is_string(), "{by_admin}");
    assert!(by_admin["tutor_user_name"].is_string(), "an administrator sees accounts");
    for who in [&specialist, &mentor, &mentee] {
        let told = card(who);
        assert_eq!(told["organization_name"], "Центр помощи семье");
        assert_eq!(told.get("tutor_user_name"), None, "{} sees no accounts", who.login);
        assert!(told["tutor_user_id"].is_string());
    }
    let consents = world.get(&mentor, &format!("/mentorships/{id}/consents")).expect(200);
    assert_eq!(consents.items()[0].get("person_name"), None, "a mentor sees no people of the register");
    let consents = world.get(&pair.director, &format!("/mentorships/{id}/consents")).expect(200);
    assert!(consents.items()[0]["person_name"].as_str().is_some_and(|it| it.contains("Дарья")));
}

#[test]
fn a_list_of_mentorships_names_programs_and_institutions_to_those_alone_who_may_read_them() {
    let (world, pair, id) = World::mentoring();
    let told = |key: &Account| {
        let list = world.get(key, "/mentorships?state=active").expect(200);
        assert_eq!(list.ids(), [id.as_str()]);
        ["program_name", "edition_name", "organization_name"].map(|it| list.items()[0][it].is_string())
    };
    let bare = world.key(&["read_mentorships"], json!({}));
    assert_eq!(told(&bare), [false; 3], "the page has read the names, and the key may not");
    let rights = ["read_mentorships", "read_programs", "read_organizations"];
    assert_eq!(told(&world.key(&rights, json!({}))), [true; 3]);
    for narrowing in
        [json!({"organization_ids": [pair.organization]}), json!({"program_ids": [pair.program]})]
    {
        let key = world.key(&rights, narrowing.clone());
        assert_eq!(told(&key), [true; 3], "{narrowing}");
    }
}

#[test]
fn lists_orders_and_kept_answers_tell_names_too() {
    let (world, pair, id) = World::mentoring();
    let plan = json!({"planned_at": world.hour(1), "method": "talk"});
    let path = format!("/api/v1/mentorships/{id}/meetings");
    let plan =
        || world.ask("POST", &path).by(&pair.director).header("idempotency-key", "a").json(&plan).send();
    let (first, again) = (plan().expect(201), plan().expect(201));
    let two = world.get(&pair.director, &format!("/mentorships/{id}")).expect(200).body;
    let two =
        format!("{} — {}", two["mentor_name"].as_str().unwrap(), two["beneficiary_name"].as_str().unwrap());
    assert_eq!((&first.body["mentorship_name"], &first.text), (&json!(two), &again.text));
    let list = world.get(&pair.director, "/meetings").expect(200);
    assert_eq!(list.items()[0]["mentorship_name"], json!(two));
    let agenda = world.get(&pair.director, "/me/agenda").expect(200).body;
    assert_eq!(agenda["meetings_today"][0]["mentorship_name"], json!(two));
}

#[test]
fn a_mentor_learns_no_family_name_from_a_name_before_the_consent() {
    let (world, pair) = World::paired();
    let id = world.proposed(&pair);
    let mentor = world.mentor_account("maria", &pair);
    let family_name =
        world.get(&pair.director, &format!("/people/{}", pair.person)).expect(200).body["family_name"]
            .clone();
    let family_name = family_name.as_str().expect("a name").to_owned();
    for path in [
        format!("/mentorships/{id}"),
        format!("/mentorships/{id}/history"),
        "/mentorships".into(),
        "/me/agenda".into(),
    ] {
        let told = world.get(&mentor, &path).expect(200);
        assert!(!told.text.contains(&family_name), "{path}: {}", told.text);
    }
}

#[test]
fn an_entry_tells_the_names_of_its_parent_and_references() {
    let world = World::new();
    let (organization, director) = world.institution("Центр помощи семье");
    let form = json!({"name": "Отделение", "head_user_id": director.id});
    let unit = world.unit(&director, &organization, form);
    assert_eq!(unit.body["organization_name"], "Центр помощи семье");
    assert!(unit.body["head_user_name"].is_string(), "{}", unit.text);
    let members =
        json!({"kind": "ngo", "name": "Филиал", "territory": "25655000", "parent_id": organization});
    let branch = world.post(&world.admin(), "/organizations", members).expect(201);
    assert_eq!(branch.body["parent_name"], "Центр помощи семье");
}

#[test]
fn the_tag_of_a_card_follows_the_names_that_it_shows() {
    let world = World::new();
    let (organization, director) = world.institution("Центр помощи семье");
    let unit = world.unit(&director, &organization, json!({"name": "Отделение"}));
    let path = format!("/units/{}", unit.id());
    let known = |tag: &str| {
        world.ask("GET", &format!("/api/v1{path}")).by(&director).header("if-none-match", tag).send()
    };
    let before = world.get(&director, &path).expect(200).etag();
    assert_eq!(known(&before).status, 304);
    let of = format!("/organizations/{organization}");
    world.edit(&world.admin(), &of, json!({"name": "Центр семьи"})).expect(200);
    assert_eq!(known(&before).expect(200).body["organization_name"], "Центр семьи");
    world.patch(&director, &path, &before, json!({"name": "Отделение семьи"})).expect(200);
}

#[test]
fn a_name_of_a_person_beside_an_id_is_journaled() {
    let (world, pair) = World::paired();
    let family = world.family(&pair.director, &[&pair.person]);
    let other = world.staff("support_specialist", &pair.organization);
    let card = world.get(&other, &format!("/families/{family}")).expect(200).body;
    assert!(card["members"][0]["person_name"].is_string(), "{card}");
    assert!(world.readers(domain::base::change::SubjectKind::Person, &pair.person).contains(&other.id));
}

#[test]
fn a_page_names_a_mentorship_beside_its_consents_and_is_one_read_of_it() {
    let (world, pair, id) = World::mentoring();
    let other = world.staff("support_specialist", &pair.organization);
    let page = world.get(&other, "/mentorships").expect(200);
    let card = &page.items()[0];
    let name = |member: &str| card[member].as_str().expect("a name").to_owned();
    let two = format!("{} — {}", name("mentor_name"), name("beneficiary_name"));
    assert_eq!(card["consents"][0]["mentorship_name"], json!(two));
    let readers = world.readers(domain::base::change::SubjectKind::Mentorship, &id);
    assert_eq!(readers.iter().filter(|it| **it == other.id).count(), 1, "{readers:?}");
}

/// Schemas with a `title`: of a document, such as a regulation, of a task, which is an order in a few words, of a project, an event, a talk
/// and what a project measures, which are announced by a title, and of a problem, where RFC 9457 asks for it.
const TITLED: &[&str] = &[
    "ActionPackageCard",
    "ActionPackageForm",
    "ActionPackagePatch",
    "ActionPlanCard",
    "ActionPlanForm",
    "ActionPlanPatch",
    "AgreementCard",
    "AgreementForm",
    "AgreementPatch",
    "LegalActCard",
    "LegalActForm",
    "LegalActPatch",
    "AnnexCard",
    "AnnexForm",
    "ConsiliumDecision",
    "DecisionCard",
    "DecisionText",
    "EditionForm",
    "EventCard",
    "EventForm",
    "EventPatch",
    "PlanLayout",
    "ProgrammePart",
    "ProjectAccount",
    "ProjectCard",
    "ProjectForm",
    "ProjectPatch",
    "ProjectTargetCard",
    "ProjectTargetForm",
    "ProjectTargetPatch",
    "PublicationCard",
    "PublicationForm",
    "PublicationPatch",
    "PublishedStory",
    "SuccessStoryCard",
    "SuccessStoryForm",
    "SuccessStoryPatch",
    "TargetAccount",
    "TaskCard",
    "TaskForm",
    "Problem",
];

#[test]
fn a_thing_is_called_by_its_name_and_what_is_written_or_announced_has_a_title() {
    for (name, schema) in schemas() {
        for member in schema["properties"].as_object().into_iter().flatten().map(|it| it.0) {
            let is_titled = member == "title" && !TITLED.contains(&name.as_str());
            let is_other_word =
                member == "display_name" || member == "full_name" || member.ends_with("_title");
            assert!(!is_titled && !is_other_word, "{name}.{member}");
            let of = member.strip_suffix("_name").filter(|it| !["family", "given", "head"].contains(it));
            let id = of.map(|it| format!("{it}_id"));
            let is_beside = id.is_none_or(|it| schema["properties"].get(&it).is_some());
            assert!(
                is_beside || ["region_name", "primary_contact_name"].contains(&member.as_str()),
                "{name}.{member}"
            );
        }
    }
}

#[test]
fn the_contract_accepts_numbers_as_people_write_them() {
    let written = [
        ("Snils", "112-233-445 95"),
        ("Snils", "11223344595"),
        ("Inn", "7707 083-893"),
        ("Ogrn", "1 02 77 00 132195"),
        ("Oktmo", "25 655 000"),
        ("Phone", "8 (912) 345-67-89"),
        ("Phone", "+7 912 345 67 89"),
    ];
    for (name, text) in written {
        let schema = &schemas()[name];
        let validator = jsonschema::validator_for(schema).expect("a schema");
        assert!(validator.is_valid(&json!(text)), "{name}: {text}");
        assert!(!validator.is_valid(&json!("1234")) && !validator.is_valid(&json!("abc")), "{name}");
        assert!(schema["description"].as_str().is_some_and(|it| it.contains("are accepted")), "{name}");
    }
    let moment = schemas()["Moment"]["description"].as_str().expect("a description");
    assert!(moment.contains("any offset"), "{moment}");
}
