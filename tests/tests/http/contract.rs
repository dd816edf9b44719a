//! The contract as a document, without a server. `make contract` checks it with linters and generated clients.
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use tests::postgres_url;

const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];
/// The addresses that need no account. All others need one.
const OPEN: [&str; 7] = [
    "/auth/login",
    "/auth/logout",
    "/auth/refresh",
    "/catalogues",
    "/catalogues/{name}",
    "/problems",
    "/problems/{code}",
];

fn document() -> &'static Value {
    api::openapi::document()
}

fn schemas() -> &'static Map<String, Value> {
    document()["components"]["schemas"].as_object().expect("schemas")
}

/// One operation with its path and method.
struct Operation {
    path: &'static str,
    method: &'static str,
    it: &'static Value,
}

impl Operation {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
    fn is_open(&self) -> bool {
        self.it.get("security").is_some()
    }
    /// The schema of the successful answer.
    fn answer(&self) -> &'static str {
        let answers = ["200", "201", "202"]
            .map(|status| self.it["responses"][status].pointer("/content/application~1json/schema/$ref"));
        answers.into_iter().flatten().find_map(Value::as_str).unwrap_or_default()
    }
    fn is_page(&self) -> bool {
        self.answer().ends_with("Page")
    }
    fn has_shared(&self, kind: &str, name: &str) -> bool {
        let reference = format!("#/components/{kind}/{name}");
        match kind {
            "parameters" => {
                self.it["parameters"].as_array().into_iter().flatten().any(|it| it["$ref"] == reference)
            }
            _ => self.it["responses"][name.trim_start_matches("Problem")]["$ref"] == reference,
        }
    }
}

fn operations() -> Vec<Operation> {
    let paths = document()["paths"].as_object().expect("paths");
    let of = |(path, item): (&'static String, &'static Value)| {
        METHODS.into_iter().filter_map(move |method| Some(Operation { path, method, it: item.get(method)? }))
    };
    let all: Vec<_> = paths.iter().flat_map(of).collect();
    assert!(all.len() > 20);
    all
}

/// Visits every value in the document, with the names that lead to it.
fn walk<'d>(value: &'d Value, path: &str, visit: &mut impl FnMut(&str, &'d Value)) {
    visit(path, value);
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, it)| walk(it, &format!("{path}/{name}"), visit))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, it)| walk(it, &format!("{path}/{index}"), visit))
        }
        _ => {}
    }
}

/// Visits every schema with its place: named schemas, their members and items, and schemas of parameters and headers.
fn every_schema(visit: &mut impl FnMut(&str, &'static Value)) {
    fn inside(schema: &'static Value, path: &str, visit: &mut impl FnMut(&str, &'static Value)) {
        visit(path, schema);
        for (name, it) in schema["properties"].as_object().into_iter().flatten() {
            inside(it, &format!("{path}.{name}"), visit);
        }
        if let Some(items) = schema.get("items") {
            inside(items, &format!("{path}[]"), visit);
        }
    }
    schemas().iter().for_each(|(name, it)| inside(it, name, visit));
    let components = &document()["components"];
    for kind in ["parameters", "headers"] {
        for (name, it) in components[kind].as_object().into_iter().flatten() {
            inside(&it["schema"], name, visit);
        }
    }
    for operation in operations() {
        for it in operation.it["parameters"].as_array().into_iter().flatten() {
            if let Some(schema) = it.get("schema") {
                inside(schema, &format!("{} {}", operation.name(), it["name"]), visit);
            }
        }
    }
}

#[test]
fn the_committed_contract_is_what_the_program_makes() {
    if postgres_url().is_some() {
        return; // It tells of the API, not of the engine.
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi.yaml");
    let committed = std::fs::read_to_string(file).expect("openapi.yaml");
    let made = api::openapi::yaml().expect("the document");
    let differing = committed.lines().zip(made.lines()).position(|(was, is)| was != is);
    let differing = differing.unwrap_or_else(|| committed.lines().count().min(made.lines().count()));
    let line = |text: &str| text.lines().nth(differing).unwrap_or("the end").to_owned();
    assert!(
        committed == made,
        "openapi.yaml is not what the program makes; run `make openapi`. Line {}:\n committed {}\n made      {}",
        differing + 1,
        line(&committed),
        line(&made)
    );
}

#[test]
fn every_operation_tells_its_errors_and_takes_what_all_take() {
    for it in operations() {
        let name = it.name();
        let mut problems = vec!["400", "406", "500", "503"];
        if !it.is_open() {
            problems.extend(["401", "403", "404"]);
        }
        if it.it.get("requestBody").is_some() {
            problems.extend(["408", "413", "415", "422"]);
        }
        let is_edit = matches!(it.method, "put" | "patch" | "delete");
        if is_edit {
            problems.extend(["409", "412", "428"]);
            assert!(it.has_shared("parameters", "IfMatch"), "{name}");
        }
        if it.method == "post" && !it.is_open() && !it.is_page() {
            problems.extend(["409", "422"]);
            assert!(it.has_shared("parameters", "IdempotencyKey"), "{name}");
        }
        if it.is_page() {
            assert!(it.has_shared("parameters", "Limit") && it.has_shared("parameters", "Cursor"), "{name}");
        }
        for status in problems {
            assert!(it.has_shared("responses", &format!("Problem{status}")), "{name} has no {status}");
        }
        for (status, response) in it.it["responses"].as_object().expect("responses") {
            let is_shared = response.get("$ref").is_some();
            assert_eq!(is_shared, !status.starts_with('2'), "{name} {status}");
            assert!(is_shared || response["headers"].get("X-Request-Id").is_some(), "{name} {status}");
        }
    }
}

#[test]
fn what_needs_no_account_is_known() {
    assert!(document()["security"].as_array().is_some_and(|it| !it.is_empty()));
    for it in operations() {
        let route = it.path.strip_prefix(api::routes::BASE).expect("under the base");
        assert_eq!(it.is_open(), OPEN.contains(&route), "{}", it.name());
        assert!(!it.is_open() || it.it["security"] == json!([]), "{}", it.name());
    }
}

#[test]
fn every_operation_has_a_name_a_tag_and_words_of_its_own() {
    let tags: BTreeSet<&str> =
        document()["tags"].as_array().expect("tags").iter().filter_map(|it| it["name"].as_str()).collect();
    let mut ids = BTreeSet::new();
    for it in operations() {
        let name = it.name();
        let id = it.it["operationId"].as_str().expect("an operationId");
        assert!(ids.insert(id), "{name}: {id} is there twice");
        let is_camel = id.chars().all(|it| it.is_ascii_alphanumeric())
            && id.starts_with(|it: char| it.is_ascii_lowercase())
            && id.contains(|it: char| it.is_ascii_uppercase());
        assert!(is_camel, "{name}: {id} is no verb with a noun");
        let verbs: &[&str] = match it.method {
            "get" => &["get", "list", "search", "download", "stream"],
            "put" => &["replace"],
            "patch" => &["patch"],
            _ => &[""],
        };
        assert!(verbs.iter().any(|it| id.starts_with(it)), "{name}: {id} begins with none of {verbs:?}");
        let own: Vec<_> = it.it["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert!(own.len() == 1 && own.iter().all(|it| tags.contains(it)), "{name}: {own:?}");
        let summary = it.it["summary"].as_str().unwrap_or_default();
        assert!((3..=60).contains(&summary.chars().count()) && !summary.ends_with('.'), "{name}: {summary}");
        assert!(it.it["description"].as_str().is_some_and(|it| it.len() >= 10), "{name} has no description");
    }
}

#[test]
fn every_reference_resolves_and_every_shared_part_is_used() {
    let mut used = BTreeSet::new();
    walk(document(), "", &mut |path, it| {
        if let Some(reference) = it.get("$ref").and_then(Value::as_str) {
            let pointer = reference.strip_prefix('#').expect("a reference into the document");
            assert!(document().pointer(pointer).is_some(), "{path}: {reference} leads nowhere");
            used.insert(pointer.to_owned());
        }
    });
    for kind in ["schemas", "responses", "parameters", "headers"] {
        for name in document()["components"][kind].as_object().expect("components").keys() {
            assert!(used.contains(&format!("/components/{kind}/{name}")), "{kind}/{name} is not used");
        }
    }
}

#[test]
fn every_text_list_and_number_has_bounds() {
    let mut wrong = Vec::new();
    every_schema(&mut |path, it| {
        let is = |kind: &str| it["type"] == kind || lists(&it["type"], kind);
        let has = |name: &str| it.get(name).is_some();
        let is_free =
            has("enum") || matches!(it["format"].as_str(), Some("uuid" | "date" | "date-time" | "binary"));
        let mut ask = |is_missing: bool, attribute: &str| {
            if is_missing {
                wrong.push(format!("{path}: add #[schema({attribute})]"));
            }
        };
        ask(is("string") && !is_free && !has("maxLength"), "max_length = …");
        ask(is("array") && !has("maxItems"), "max_items = …");
        let is_number = is("integer") || is("number");
        ask(is_number && !(has("minimum") && has("maximum")), "minimum = …, maximum = …");
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_schema_breaks_generated_clients() {
    let mut wrong = Vec::new();
    every_schema(&mut |path, it| {
        let mut refuse = |is_wrong: bool, why: &str| {
            if is_wrong {
                wrong.push(format!("{path}: {why}"));
            }
        };
        for word in ["oneOf", "anyOf", "not", "prefixItems", "readOnly", "writeOnly", "nullable"] {
            refuse(it.get(word).is_some(), word);
        }
        refuse(it["type"] == "object" && !schemas().contains_key(path), "an object without a name");
        refuse(it.get("type").is_none() && it.get("$ref").is_none(), "no type");
        let is_integer = it["type"] == "integer" || lists(&it["type"], "integer");
        let is_sized = matches!(it["format"].as_str(), Some("int32" | "int64"));
        refuse(is_integer && !is_sized, "an integer that is neither i32 nor i64");
        let words: Vec<&Value> = it["enum"].as_array().into_iter().flatten().collect();
        refuse(!words.iter().all(|it| it.is_string()), "an enum of more than texts");
        // Every enumeration of Kotlin and Java has these already.
        refuse(words.iter().any(|it| **it == "name" || **it == "ordinal"), "a word that enumerations have");
        let in_patch = path.split(['.', '[']).next().is_some_and(|it| it.ends_with("Patch"));
        let has_null = lists(&it["type"], "null");
        refuse(has_null && !in_patch, "add #[schema(nullable = false)] and skip_serializing_if");
        refuse(in_patch && it.get("default").is_some(), "what is absent from a patch stays");
        for name in it["properties"].as_object().into_iter().flat_map(Map::keys) {
            let is_snake = name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_');
            refuse(!is_snake, &format!("{name} is not in snake_case"));
        }
    });
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn lists(all: &Value, one: &str) -> bool {
    all.as_array().is_some_and(|all| all.iter().any(|it| it == one))
}

#[test]
fn every_body_has_an_example_that_its_schema_accepts() {
    if postgres_url().is_some() {
        return; // It tells of the API, not of the engine.
    }
    let mut bodies = BTreeSet::new();
    for it in operations() {
        let asked = it.it.pointer("/requestBody/content").and_then(Value::as_object);
        for (media_type, content) in asked.into_iter().flatten().filter(|(it, _)| it.ends_with("json")) {
            let name = content["schema"]["$ref"].as_str().and_then(|it| it.rsplit('/').next());
            let name = name.unwrap_or_else(|| panic!("{} asks for {media_type} without a name", it.name()));
            assert_eq!(schemas()[name]["type"], "object", "{name}");
            bodies.insert(name);
        }
        if let Some(name) = it.answer().rsplit('/').next().filter(|it| !it.is_empty()) {
            assert_eq!(schemas()[name]["type"], "object", "{name}");
            // A page needs no example of its own, because its items have one.
            bodies.extend(Some(name).filter(|it| !it.ends_with("Page")));
        }
    }
    for name in bodies {
        assert!(schemas()[name]["examples"][0].is_object(), "{name}: add #[schema(example = json!({{…}}))]");
    }
    for (name, schema) in schemas() {
        let Some(examples) = schema["examples"].as_array() else { continue };
        let validator = tests::contract::validator_of(&format!("#/components/schemas/{name}"), |_| {});
        for example in examples {
            let errors: Vec<_> =
                validator.iter_errors(example).map(|it| format!("{}: {it}", it.instance_path())).collect();
            assert!(errors.is_empty(), "the example of {name}: {errors:#?}");
            walk(example, name, &mut |path, it| {
                assert!(*it != json!(""), "{path}: add #[schema(example = …)]")
            });
        }
    }
}

#[test]
fn whatever_is_replaced_can_be_patched_member_by_member() {
    for put in operations().into_iter().filter(|it| it.method == "put") {
        let name = put.name();
        let patch = &document()["paths"][put.path]["patch"];
        let patch = patch["requestBody"]["content"]["application/merge-patch+json"]["schema"]["$ref"]
            .as_str()
            .unwrap_or_else(|| panic!("{name} has no PATCH"));
        let form =
            put.it["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str().expect("a form");
        let members = |reference: &str| {
            let schema = document().pointer(reference.trim_start_matches('#')).expect("a schema");
            (schema["properties"].as_object().expect("members").keys().collect::<Vec<_>>(), schema)
        };
        let ((whole, _), (part, schema)) = (members(form), members(patch));
        assert_eq!(whole, part, "{name}");
        assert!(schema.get("required").is_none(), "{name}");
    }
}
