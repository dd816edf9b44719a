//! Words in the contract: each member or parameter that holds a code names the catalogue of its labels.
use api::openapi::catalogues::{ADDRESS, NAME};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tests::World;

/// Vocabularies without labels.
const UNLABELLED: [&str; 1] = ["Right"];
/// Members whose codes are of several lists: codes of rules beside barriers.
const OF_SEVERAL: [&str; 1] = ["MatchingProposalCard.refusals"];

fn schemas() -> &'static Map<String, Value> {
    api::openapi::document()["components"]["schemas"].as_object().expect("schemas")
}

/// Every member of every schema and every parameter, with its place and the schema of one value.
fn members() -> Vec<(String, &'static Value, &'static Value)> {
    fn value(mut schema: &'static Value) -> &'static Value {
        while let Some(items) = schema.get("items") {
            schema = items;
        }
        schema
    }
    let mut all = Vec::new();
    for (name, schema) in schemas() {
        for (member, it) in schema["properties"].as_object().into_iter().flatten() {
            all.push((format!("{name}.{member}"), it, value(it)));
        }
    }
    let paths = api::openapi::document()["paths"].as_object().expect("paths").values();
    for operation in paths.flat_map(|it| it.as_object().expect("operations").values()) {
        for it in operation["parameters"].as_array().into_iter().flatten() {
            if let Some(schema) = it.get("schema") {
                all.push((format!("{}?{}", operation["operationId"], it["name"]), it, value(schema)));
            }
        }
    }
    all
}

/// The schema to which a value refers, or the value's own.
fn referred(value: &'static Value) -> (&'static str, &'static Value) {
    match value["$ref"].as_str().and_then(|it| it.rsplit('/').next()) {
        Some(name) => (name, &schemas()[name]),
        None => ("", value),
    }
}

fn codes_at(world: &World, address: &str) -> Vec<Value> {
    let served = world.ask("GET", address).send().expect(200);
    served.items().iter().map(|it| it["code"].clone()).collect()
}

#[test]
fn every_member_with_a_word_names_the_catalogue_of_exactly_these_words() {
    let world = World::new();
    let mut served: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    let mut named = 0;
    for (place, member, value) in members() {
        let (schema, target) = referred(value);
        let Some(words) = target["enum"].as_array() else { continue };
        if UNLABELLED.contains(&schema) {
            continue;
        }
        let name = member[NAME].as_str().unwrap_or_else(|| panic!("{place} names no catalogue"));
        assert_eq!(member[ADDRESS], json!(format!("/api/v1/catalogues/{name}")), "{place}");
        assert_eq!((&target[NAME], &target[ADDRESS]), (&member[NAME], &member[ADDRESS]), "{place}");
        let address = member[ADDRESS].as_str().expect("an address");
        let entries = served
            .entry(address)
            .or_insert_with(|| world.ask("GET", address).send().expect(200).items().clone());
        // An order takes only the words that are not the system's own.
        let is_there = |it: &&Value| !schema.starts_with("Sent") || it["by_system"] != true;
        let codes: Vec<&Value> = entries.iter().filter(is_there).map(|it| &it["code"]).collect();
        assert_eq!(codes, words.iter().collect::<Vec<_>>(), "{place}: {name} has other words");
        named += 1;
    }
    assert!(named > 150, "{named} members hold a word");
}

#[test]
fn every_member_with_the_code_of_a_refusal_names_the_list_of_them() {
    let world = World::new();
    let known: BTreeSet<String> =
        codes_at(&world, "/api/v1/problems").iter().filter_map(|it| it.as_str().map(str::to_owned)).collect();
    let of_schemas = schemas().iter().flat_map(|(name, schema)| {
        let examples =
            schema["examples"].as_array().into_iter().flatten().filter_map(Value::as_object).flatten();
        examples.map(move |(member, it)| (format!("{name}.{member}"), it))
    });
    let shown: BTreeMap<String, BTreeSet<&str>> = of_schemas.fold(BTreeMap::new(), |mut all, (place, it)| {
        let texts = it.as_array().map_or_else(|| vec![it], |it| it.iter().collect());
        all.entry(place).or_default().extend(texts.into_iter().filter_map(Value::as_str));
        all
    });
    let mut named = BTreeSet::new();
    for (place, member, value) in members() {
        let (schema, _) = referred(value);
        let holds_code = schema == "RefusalCode"
            || shown.get(&place).is_some_and(|all| all.iter().any(|it| known.contains(*it)));
        if place == "ProblemCode.code" || OF_SEVERAL.contains(&place.as_str()) || !holds_code {
            continue;
        }
        assert_eq!(member[NAME], json!("problems"), "{place}");
        assert_eq!(member[ADDRESS], json!("/api/v1/problems"), "{place}");
        named.insert(place);
    }
    for place in
        ["Problem.code", "ProblemError.code", "OrderWarning.code", "Finding.code", "JobCard.problem_code"]
    {
        assert!(named.contains(place), "{place}: {named:?}");
    }
}

#[test]
fn a_catalogue_is_named_only_by_its_own_words() {
    for (place, member, value) in members() {
        let (schema, _) = referred(value);
        assert!(member.get(NAME).is_none() || !schema.is_empty(), "{place} names a catalogue by hand");
    }
    for (name, schema) in schemas() {
        let is_vocabulary = schema.get("enum").is_some() && !UNLABELLED.contains(&name.as_str());
        assert_eq!(schema.get(NAME).is_some(), is_vocabulary || name == "RefusalCode", "{name}");
    }
}
