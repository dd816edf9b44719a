//! The check of every reply of every test against the contract. It also records the operations and codes that tests
//! met.
use crate::client::Reply;
use domain::base::refusal::Kind;
use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

/// Operations and problem codes that tests of this process have met.
static MET: LazyLock<Mutex<BTreeSet<String>>> = LazyLock::new(|| {
    let _ = std::fs::remove_file(record_file());
    Mutex::default()
});
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// The file with the record of a run, for the test that reads it. Each engine has one.
pub fn record_file() -> PathBuf {
    let engine = if crate::postgres_url().is_some() { "postgres" } else { "sqlite" };
    let target = std::env::current_exe().expect("a test runs from a file");
    let folder = target.ancestors().nth(2).expect("a target folder");
    folder.join(format!("contract-{engine}.txt"))
}

/// Records an operation or a code. Tests call it for replies over a plain socket.
pub fn met(what: String) {
    let mut all = MET.lock().unwrap();
    if all.insert(what.clone()) {
        let mut file =
            std::fs::OpenOptions::new().append(true).create(true).open(record_file()).expect("a record");
        writeln!(file, "{what}").expect("a record");
    }
}

/// A template of addresses: its words, and its operations.
struct Template {
    words: Vec<&'static str>,
    operations: Vec<Operation>,
}

/// An operation of the contract.
struct Operation {
    /// As a request writes it.
    method: String,
    /// The method and the template.
    name: String,
    told: &'static Value,
    id: &'static str,
    /// Whether it was recorded that a test has a good answer from it.
    is_met: AtomicBool,
}

/// The number of words of an address, and its third one, which is the collection.
type Kin<'w> = (usize, &'w str);

fn kin<'w>(words: &[&'w str]) -> Kin<'w> {
    (words.len(), words.get(3).copied().unwrap_or_default())
}

/// The templates of addresses that are alike, those with the fewest parameters first.
static TEMPLATES: LazyLock<HashMap<Kin<'_>, Vec<Template>>> = LazyLock::new(|| {
    let paths = api::openapi::document()["paths"].as_object().expect("paths");
    let mut all: HashMap<Kin<'_>, Vec<Template>> = HashMap::new();
    for (template, item) in paths {
        let words: Vec<&str> = template.split('/').collect();
        let operation = |(method, told): (&String, &'static Value)| {
            let id = told["operationId"].as_str().expect("an id");
            let (name, method) = (format!("{method} {template}"), method.to_uppercase());
            Operation { method, name, told, id, is_met: AtomicBool::new(false) }
        };
        let operations = item.as_object().expect("operations").iter().map(operation).collect();
        all.entry(kin(&words)).or_default().push(Template { words, operations });
    }
    let parameters = |it: &Template| it.words.iter().filter(|it| it.starts_with('{')).count();
    all.values_mut().for_each(|it| it.sort_by_key(parameters));
    all
});

/// The operation of an address in the contract.
fn operation<'p>(method: &str, path: &'p str) -> Option<&'p Operation> {
    let sent: Vec<&str> = path.split('?').next().unwrap_or_default().split('/').collect();
    let fits = |words: &[&str]| {
        let mut both = words.iter().zip(&sent);
        both.all(|(word, sent)| word == sent || (word.starts_with('{') && !sent.is_empty()))
    };
    let template = TEMPLATES.get(&kin(&sent))?.iter().find(|it| fits(&it.words))?;
    let method = if method == "HEAD" { "GET" } else { method };
    template.operations.iter().find(|it| it.method == method)
}

/// Checks a reply against the contract; an unknown one fails the test.
pub fn check(method: &str, path: &str, reply: &Reply) {
    let known = operation(method, path);
    let answered = |code: &str| {
        met(format!("problem {code}"));
        if let Some(it) = known {
            met(format!("answer {} {} {code}", api::openapi::problems::told_as(it.id), reply.status));
        }
    };
    for warning in reply.body["warnings"].as_array().into_iter().flatten() {
        answered(warning["code"].as_str().unwrap_or_default());
    }
    if reply.header("content-type").is_some_and(|it| it.starts_with("application/problem+json")) {
        answered(reply.code());
        reply.codes().into_iter().for_each(answered);
        for error in reply.body["errors"].as_array().into_iter().flatten() {
            assert_ne!(error["pointer"], json!(""), "{method} {path}: {}", reply.text);
            let is_placed = error["pointer"].is_string() || error["parameter"].is_string();
            assert!(is_placed || !is_of_content(&error["code"]), "{method} {path}: {}", reply.text);
        }
        conforms("#/components/schemas/Problem", &reply.body, &format!("{method} {path}"));
        assert!(reply.status < 500 || reply.status == 503, "{method} {path}: {}", reply.text);
    }
    let Some(operation) = known else { return };
    let name = &operation.name;
    let Some(response) = operation.told["responses"].get(reply.status.to_string()) else {
        panic!("{name} answered {}, which the contract does not know: {}", reply.status, reply.text)
    };
    if (200..300).contains(&reply.status) {
        if !operation.is_met.swap(true, Ordering::Relaxed) {
            met(format!("operation {}", operation.id));
        }
        if let Some(schema) =
            response.pointer("/content/application~1json/schema/$ref").and_then(Value::as_str)
            && method != "HEAD"
        {
            conforms(schema, &reply.body, name);
            if schema.ends_with("/HistoryPage") {
                reply.items().iter().for_each(is_told);
            }
        }
    }
}

/// Checks that a history entry is a whole sentence in each language.
fn is_told(entry: &Value) {
    let is_cyrillic = |text: &str| text.chars().any(|it| matches!(it, 'а'..='я' | 'А'..='Я'));
    for language in ["ru", "en"] {
        let sentence = entry[language].as_str().unwrap_or_default();
        let is_whole =
            sentence.len() > 5 && sentence.ends_with('.') && !sentence.contains(['{', '}', '[', ']']);
        assert!(is_whole, "{language} of {entry:#}");
    }
    assert!(is_cyrillic(entry["ru"].as_str().unwrap_or_default()), "{entry:#}");
    assert!(domain::history::told(entry["kind"].as_str().unwrap_or_default()).is_some(), "{entry:#}");
}

/// Whether the code is about what was sent, so that it concerns a member.
fn is_of_content(code: &Value) -> bool {
    static CODES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        domain::codes::all().filter(|it| it.kind == Kind::Content).map(|it| it.code).collect()
    });
    code.as_str().is_some_and(|it| CODES.contains(it))
}

fn conforms(schema: &str, body: &Value, of: &str) {
    let validator = VALIDATORS
        .lock()
        .unwrap()
        .entry(schema.to_owned())
        .or_insert_with(|| Arc::new(validator(schema)))
        .clone();
    let errors: Vec<String> =
        validator.iter_errors(body).map(|it| format!("{}: {it}", it.instance_path())).collect();
    assert!(errors.is_empty(), "{of}: the reply is not a {schema}: {errors:#?}\n{body:#}");
}

/// The validator for a schema with the schemas that it refers to, and no others: a copy of the whole contract for each would take a
/// tenth of a test. Members that the schema does not name are refused, so that none is sent unnoticed.
fn validator(schema: &str) -> Validator {
    validator_of(schema, |it| {
        if it["type"] == json!("object")
            && it.get("additionalProperties").is_none()
            && it.get("properties").is_some()
        {
            it["additionalProperties"] = json!(false);
        }
    })
}

/// The validator for a schema of the contract, by its address, after a change of each schema that it needs.
pub fn validator_of(schema: &str, change: impl Fn(&mut Value)) -> Validator {
    let mut schemas = serde_json::Map::new();
    let mut open = BTreeSet::from([schema.to_owned()]);
    while let Some(address) = open.pop_first() {
        let name = address.strip_prefix("#/components/schemas/").expect("a schema").to_owned();
        if schemas.contains_key(&name) {
            continue;
        }
        let mut it = api::openapi::document().pointer(&address[1..]).expect("a known schema").clone();
        change(&mut it);
        api::openapi::references(&it, &mut open);
        schemas.insert(name, it);
    }
    let components = json!({"schemas": schemas});
    let whole = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": schema, "components": components});
    jsonschema::options().should_validate_formats(true).build(&whole).expect("a schema")
}
