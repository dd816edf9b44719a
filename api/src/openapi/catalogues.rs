//! Catalogues in the contract: every member and every parameter that holds a code tells which catalogue has its labels.
//!
//! It follows from the type: a vocabulary knows its catalogue, and a schema is referred to by its name.
use super::schemas::referred;
use crate::routes::BASE;
use domain::base::refusal::RefusalCode;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The member of the contract with the name of the catalogue.
pub const NAME: &str = "x-catalogue";
/// The member of the contract with the address of the catalogue.
pub const ADDRESS: &str = "x-catalogue-address";

/// The name and the address of the catalogue of each schema.
type Catalogues = BTreeMap<String, (&'static str, String)>;

fn catalogues() -> Catalogues {
    let words = domain::catalogues::all().iter().filter_map(|it| {
        Some((it.schema?().into_owned(), (it.name, format!("{BASE}/catalogues/{}", it.name))))
    });
    let problems = (RefusalCode::name().into_owned(), ("problems", format!("{BASE}/problems")));
    let words: Catalogues = words.collect();
    // The words that an order takes are of the same catalogue.
    let sent = words.iter().map(|(schema, it)| (format!("Sent{schema}"), it.clone())).collect::<Catalogues>();
    words.into_iter().chain(sent).chain([problems]).collect()
}

/// Names the catalogues in the whole document.
pub(super) fn name(document: &mut Value) {
    let all = catalogues();
    if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        for (name, schema) in schemas {
            if let Some(it) = all.get(name) {
                mark(schema, it);
            }
            let members = schema.get_mut("properties").and_then(Value::as_object_mut);
            members.into_iter().flatten().for_each(|(_, it)| name_of(it, &all));
        }
    }
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    let operations = paths.filter_map(|(_, it)| it.as_object_mut()).flatten();
    let parameters = operations.filter_map(|(_, it)| it.get_mut("parameters")?.as_array_mut()).flatten();
    parameters.for_each(|it| name_of(it, &all));
}

/// Names the catalogue of a member or a parameter. A list names that of its items.
fn name_of(member: &mut Value, all: &Catalogues) {
    let mut schema = member.get("schema").unwrap_or(member);
    while let Some(items) = schema.get("items") {
        schema = items;
    }
    let found = schema.get("$ref").and_then(referred).and_then(|it| all.get(it));
    if let Some(it) = found {
        mark(member, it);
    }
}

fn mark(it: &mut Value, (name, address): &(&str, String)) {
    if let Some(members) = it.as_object_mut() {
        members.insert(NAME.to_owned(), json!(name));
        members.insert(ADDRESS.to_owned(), json!(address));
    }
}
