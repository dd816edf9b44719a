//! The contract as the page for people shows it.
//!
//! Each operation tells the codes that can occur there, with their texts and one example of a status, where the contract for programs
//! refers to shared answers.
use super::catalogues::{ADDRESS, NAME};
use super::problems::{self, CODES};
use super::schemas::referred;
use crate::http::problem::{ProblemCode, codes};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The document of the page.
pub fn document() -> Value {
    let mut document = super::document().clone();
    let known: BTreeMap<&str, ProblemCode> = codes().into_iter().map(|it| (it.code, it)).collect();
    let schemas =
        document.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default();
    for operation in operations(&mut document) {
        let member = first_member(operation, &schemas);
        unfold(operation, &known, &member);
        parameters(operation).for_each(point_at_catalogue);
    }
    older(&mut document, &schemas);
    operations(&mut document).flat_map(parameters).for_each(leave_empty);
    let shared = document.pointer_mut("/components/parameters").and_then(Value::as_object_mut);
    shared.into_iter().flatten().for_each(|(_, it)| leave_empty(it));
    // The only server is the one that serves the page.
    document.as_object_mut().and_then(|it| it.remove("servers"));
    if let Some(info) = document.get_mut("info").and_then(Value::as_object_mut) {
        info.remove("summary");
    }
    if let Some(version) = document.get_mut("openapi") {
        *version = json!("3.0.3");
    }
    document
}

fn operations(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    paths.filter_map(|(_, it)| it.as_object_mut()).flatten().map(|(_, it)| it)
}

fn parameters(operation: &mut Value) -> impl Iterator<Item = &mut Value> {
    operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten()
}

/// The member of the body that an example of a fault points at: the first that is required, or the first of all.
fn first_member(operation: &Value, schemas: &Map<String, Value>) -> String {
    let mut bodies =
        operation.pointer("/requestBody/content").and_then(Value::as_object).into_iter().flatten();
    let form = bodies.find_map(|(_, it)| schemas.get(referred(it.pointer("/schema/$ref")?)?));
    let required = form.and_then(|it| it.pointer("/required/0")?.as_str());
    let any = form.and_then(|it| it.get("properties")?.as_object()?.keys().next()).map(String::as_str);
    required.or(any).unwrap_or_default().to_owned()
}

/// Puts the codes of an operation into its answers.
fn unfold(operation: &mut Value, known: &BTreeMap<&str, ProblemCode>, member: &str) {
    let Some(members) = operation.as_object_mut() else { return };
    let codes = members.remove(CODES).unwrap_or_default();
    let Some(responses) = members.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for (status, response) in responses {
        let told = codes.get(status).and_then(Value::as_array).into_iter().flatten();
        let told: Vec<&ProblemCode> = told.filter_map(|it| known.get(it.as_str()?)).collect();
        if status.starts_with(['4', '5']) {
            *response = answer(status, &told, member);
        }
    }
}

/// The answer with a problem: the codes, those of rules first, and an example of such a one. Faults that any body may have come last.
fn answer(status: &str, told: &[&ProblemCode], member: &str) -> Value {
    let order = |it: &&ProblemCode| match it.code {
        "field.missing" => 1,
        code if code.starts_with("field.") => 2,
        code if domain::codes::all().any(|rule| rule.code == code) => 0,
        _ => 3,
    };
    let mut told = told.to_vec();
    told.sort_by_key(order);
    let mut text = format!("{}\n", problems::meaning(status));
    for it in &told {
        let rule = it.rule.map(|it| format!(" ({it})")).unwrap_or_default();
        text.push_str(&format!("\n- `{}` {}{rule}", it.code, it.en));
    }
    let mut answer = Map::from_iter([("description".to_owned(), json!(text.trim_end()))]);
    if let Some(first) = told.first().filter(|it| order(it) < 3) {
        let example = problems::example(status, first.code, member);
        answer.insert("content".to_owned(), json!({"application/problem+json": {"example": example}}));
    }
    Value::Object(answer)
}

fn point_at_catalogue(parameter: &mut Value) {
    let address = parameter.get(ADDRESS).and_then(Value::as_str).map(str::to_owned);
    if let (Some(address), Some(it)) = (address, parameter.as_object_mut()) {
        let text = it.get("description").and_then(Value::as_str).unwrap_or_default();
        it.insert("description".to_owned(), json!(format!("{text} Words: [`{address}`]({address}).")));
    }
}

/// Written as OpenAPI 3.0, which the page opens ten times as fast: its reader of 3.1 follows every reference anew.
fn older(value: &mut Value, schemas: &Map<String, Value>) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| name != NAME && name != ADDRESS);
            inline(members, schemas);
            if let Some([kind, _]) = members.get("type").and_then(Value::as_array).map(Vec::as_slice) {
                let kind = kind.clone();
                members.insert("type".to_owned(), kind);
                members.insert("nullable".to_owned(), json!(true));
            }
            if let Some([first, ..]) = members.get("examples").and_then(Value::as_array).map(Vec::as_slice) {
                let first = first.clone();
                members.remove("examples");
                members.insert("example".to_owned(), first);
            }
            members.values_mut().for_each(|it| older(it, schemas));
        }
        Value::Array(items) => items.iter_mut().for_each(|it| older(it, schemas)),
        _ => {}
    }
}

/// Puts a plain schema where it is referred to: 3.0 reads no description beside a reference.
fn inline(members: &mut Map<String, Value>, schemas: &Map<String, Value>) {
    let reference = members.get("$ref").filter(|it| it.as_str().is_some_and(|it| it.contains("/schemas/")));
    let target = reference.and_then(referred).and_then(|it| schemas.get(it));
    let Some(target) = target.and_then(Value::as_object).filter(|it| !it.contains_key("properties")) else {
        return;
    };
    members.remove("$ref");
    for (name, it) in target {
        if name != NAME && name != ADDRESS {
            members.entry(name).or_insert_with(|| it.clone());
        }
    }
}

/// Nothing is filled in for a parameter: the page would send it.
fn leave_empty(parameter: &mut Value) {
    let Some(schema) = parameter.get_mut("schema").and_then(Value::as_object_mut) else { return };
    schema.remove("example");
    schema.remove("default");
    if let Some(items) = schema.get_mut("items").and_then(Value::as_object_mut) {
        items.remove("example");
    }
}
