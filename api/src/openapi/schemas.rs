//! Parts that the schemas of the contract share: patches of forms, examples, bounds of versions.
//!
//! Written for what generated clients can read: no `oneOf`, no `null` in an enum, no object without a name.
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

type Schemas = Map<String, Value>;

/// The greatest integer that JavaScript keeps exactly: 2^53 - 1.
const SAFE: i64 = 9_007_199_254_740_991;
/// The greatest depth of an example that is assembled from its members.
const DEPTH: usize = 6;

/// The name at the end of a `$ref`.
pub(super) fn referred(reference: &Value) -> Option<&str> {
    reference.as_str()?.rsplit('/').next()
}

/// A `$ref` to a schema.
pub(super) fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// `OrganizationForm` is patched by `OrganizationPatch`.
pub(super) fn patch_name(form: &str) -> String {
    format!("{}Patch", form.trim_end_matches("Form"))
}

/// The schemas whose version is the `ETag`.
pub(super) fn versioned(schemas: &Value) -> BTreeSet<String> {
    let all = schemas.as_object().into_iter().flatten();
    all.filter(|(_, it)| it.pointer("/properties/version").is_some()).map(|(name, _)| name.clone()).collect()
}

/// The cards that an order can answer with warnings beside them.
const WARNED: &[&str] = &[
    "PersonCard",
    "FamilyCard",
    "RepresentativeCard",
    "CrisisCard",
    "PlaceRequestCard",
    "EventParticipantCard",
];

/// Gives cards the member that only the answers of orders have.
fn warn(schemas: &mut Schemas) {
    for name in WARNED {
        let properties = schemas.get_mut(*name).and_then(|it| it.get_mut("properties"));
        let Some(properties) = properties.and_then(Value::as_object_mut) else { continue };
        let text = "Likely mistakes in the order that this answers; it was carried out. Absent where there are none, and from every other answer.";
        let warnings = json!({"type": "array", "maxItems": 100, "description": text, "items": reference("OrderWarning")});
        properties.insert("warnings".into(), warnings);
    }
}

/// Completes the schemas that the handlers name and adds the patches of these forms.
pub(super) fn complete(schemas: &mut Schemas, forms: &[String]) {
    warn(schemas);
    for schema in schemas.values_mut() {
        complete_schema(schema);
    }
    for form in forms {
        if let Some(patch) = patch(form, schemas) {
            let example = schemas.get(form).and_then(|it| it.pointer("/examples/0")).map(part);
            let patch = with(patch, "minProperties", json!(1));
            let patch = match example {
                Some(example) => with(patch, "examples", json!([example])),
                None => patch,
            };
            schemas.insert(patch_name(form), patch);
        }
    }
    for name in schemas.keys().cloned().collect::<Vec<_>>() {
        // A page is shown by its items.
        if name.ends_with("Page") || name.ends_with("Patch") {
            continue;
        }
        let Some(schema) = schemas.get(&name) else { continue };
        if schema.get("properties").is_some() && schema.get("examples").is_none() {
            let example = example(schema, schemas, DEPTH);
            let completed = with(schema.clone(), "examples", json!([example]));
            schemas.insert(name, completed);
        }
    }
}

fn with(schema: Value, member: &str, value: Value) -> Value {
    let mut schema = schema;
    if let Some(members) = schema.as_object_mut() {
        members.insert(member.to_owned(), value);
    }
    schema
}

/// `example` is deprecated in 3.1, and a version grows for ever but no further than every client can count.
fn complete_schema(schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else { return };
    if let Some(example) = members.remove("example") {
        members.insert("examples".into(), json!([example]));
    }
    if let Some(items) = members.get_mut("items") {
        complete_schema(items);
    }
    let Some(properties) = members.get_mut("properties").and_then(Value::as_object_mut) else { return };
    for (name, property) in properties {
        if (name == "version" || name.ends_with("_version")) && property.get("maximum").is_none() {
            *property = with(property.take(), "maximum", json!(SAFE));
        }
        complete_schema(property);
    }
}

/// The form with nothing required and no defaults, for what is absent from a patch stays.
///
/// `null` removes a member that the form may lack. The contract says so of texts, numbers and lists. It does not of codes and of objects inside
/// the form: that takes `oneOf` or an enum with null, on which generated clients break. The server takes `null` there too, and those
/// with a generated client remove them by PUT. An object inside the form is patched member by member, as RFC 7396 has it.
fn patch(form: &str, schemas: &mut Schemas) -> Option<Value> {
    let mut patch = schemas.get(form)?.clone();
    let required: BTreeSet<String> = patch["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    let members = patch.as_object_mut()?;
    for name in ["required", "examples", "default"] {
        members.remove(name);
    }
    members.insert(
        "description".into(),
        json!("Any part of the form: what is absent stays, `null` removes. Codes and objects are removed by replacing the whole form."),
    );
    for (name, property) in members.get_mut("properties").and_then(Value::as_object_mut)? {
        patch_member(property, !required.contains(name), schemas);
    }
    Some(patch)
}

fn patch_member(property: &mut Value, may_be_absent: bool, schemas: &mut Schemas) {
    if let Some(members) = property.as_object_mut() {
        members.remove("default");
    }
    if let Some(name) = property.get("$ref").and_then(referred).map(str::to_owned) {
        let Some(target) = schemas.get(&name).cloned() else { return };
        if target.get("properties").is_some() {
            let inner = patch_name(&name);
            if !schemas.contains_key(&inner) {
                // Holds the place, should the object contain itself.
                schemas.insert(inner.clone(), Value::Null);
                let patch = patch(&name, schemas);
                schemas.insert(inner.clone(), patch.unwrap_or_default());
            }
            let inner = reference(&inner);
            *property = with(property.take(), "$ref", inner.get("$ref").cloned().unwrap_or_default());
            return;
        }
        if !may_be_absent || target.get("enum").is_some() {
            return;
        }
        let description = property.get("description").cloned();
        *property = match description {
            Some(text) => with(target, "description", text),
            None => target,
        };
    }
    if may_be_absent
        && property.get("enum").is_none()
        && let Some(kind) = property.get("type").and_then(Value::as_str).map(str::to_owned)
    {
        *property = with(property.take(), "type", json!([kind, "null"]));
    }
}

/// The example of a patch: the first two plain members of the form's example, or its only one where none is plain.
fn part(example: &Value) -> Value {
    let all = || example.as_object().into_iter().flatten();
    let plain = all().filter(|(_, it)| !it.is_object() && !it.is_array()).take(2).collect::<Vec<_>>();
    let some = if plain.is_empty() { all().take(1).collect() } else { plain };
    some.into_iter().map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>().into()
}

/// The example that a schema has, or one assembled from its members.
fn example(schema: &Value, schemas: &Schemas, depth: usize) -> Value {
    let own = ["/examples/0", "/default", "/enum/0"].into_iter().find_map(|it| schema.pointer(it));
    if let Some(own) = own {
        return own.clone();
    }
    if let Some(name) = schema.get("$ref").and_then(referred) {
        return schemas
            .get(name)
            .filter(|_| depth > 0)
            .map_or(Value::Null, |it| example(it, schemas, depth - 1));
    }
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    match (schema.get("type").and_then(Value::as_str).unwrap_or_default(), format) {
        ("string", "date") => json!("2026-03-01"),
        ("string", "date-time") => json!("2026-03-01T09:30:00Z"),
        ("string", "binary") => json!("%PDF-1.7"),
        ("boolean", _) => json!(true),
        ("integer" | "number", _) => schema.get("minimum").cloned().unwrap_or(json!(1)),
        ("array", _) => {
            let item = schema.get("items").map_or(Value::Null, |it| example(it, schemas, depth));
            if item.is_null() { json!([]) } else { json!([item]) }
        }
        ("object", _) => {
            let members = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
            let members = members.map(|(name, it)| (name.clone(), example(it, schemas, depth)));
            Value::Object(members.filter(|(_, it)| !it.is_null()).collect())
        }
        _ => Value::Null,
    }
}
