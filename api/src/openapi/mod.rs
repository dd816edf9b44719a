//! The contract: collected from the handlers, then given what all operations share. `openapi.yaml` is its text.
//!
//! Shared errors, examples, security and headers are added here, so that no handler repeats them.
//!
//! Invariant: the document is made of the code alone; a test fails when the committed text is another one.
#![expect(
    clippy::indexing_slicing,
    reason = "a Value is indexed by name; the document's shape is ours, and every start and test builds it"
)]
use crate::routes::{BASE, operations};
use problems::Shape;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::LazyLock;
use utoipa::OpenApi;

pub mod catalogues;
mod names;
pub mod page;
pub mod problems;
mod schemas;
pub mod yaml;

#[derive(OpenApi)]
#[openapi(components(schemas(
    crate::http::answer::Warning,
    domain::base::filters::order::ListOrder,
    domain::base::filters::order::MentorshipGrouping,
    domain::base::filters::order::MeetingGrouping,
    domain::base::filters::order::ApplicationGrouping,
    domain::base::filters::order::CaseGrouping,
    domain::base::filters::order::TaskGrouping,
    domain::base::filters::order::ReferralGrouping,
    domain::base::filters::order::CrisisGrouping,
    domain::base::filters::order::IntakeGrouping,
    domain::base::filters::order::StayGrouping,
    domain::base::filters::order::RegisterGrouping,
    domain::mentorships::MentorshipPart,
    domain::accompaniment::tasks::MyTasks,
    domain::accompaniment::tasks::TaskSourceKind,
    domain::help::referrals::ReferralDirection,
    crate::http::problem::ProblemBody,
    crate::http::problem::ProblemError,
    crate::http::problem::ProblemParam
)))]
struct Base;

/// The tags, each with its description.
const TAGS: &[(&str, &str)] = &[
    ("auth", "Logging in, staying in, leaving."),
    ("users", "Accounts and what they may do; keys of integrations."),
    ("organizations", "Organizations of the partnership and their units; municipalities."),
    ("people", "People, families, beneficiaries and their representatives."),
    ("register", "The register: one person, one entry; pairs that may be one person, and their merges."),
    ("cases", "Cases of accompaniment and their problems."),
    (
        "partnership",
        "Agreements, councils, projects, events, clubs, volunteers, practices and packages of measures.",
    ),
    ("help", "Needs, services, referrals, urgent aid with its stock, and crises."),
    ("places", "Facilities with rooms and beds, stays, the waiting list and occupancy."),
    ("consilia", "Consilia: sittings of specialists that move stages and decide about cases."),
    ("tasks", "Tasks: orders with a day, an assignee and a controller."),
    ("plans", "Plans with versions, approvals and results; forms of plans."),
    ("programs", "Mentoring programs and their editions: the regulation as data."),
    ("annexes", "Annexes of the regulation: forms with versions."),
    ("files", "Documents as files."),
    ("mentors", "Applications, mentors, their training and eligibility."),
    ("matching", "Profiles and needs for matching, candidates, rounds and the waiting list."),
    ("activities", "Joint activities, choices made after them, and vetoes."),
    ("mentorships", "A family gets its mentor: proposal, acceptance, consent, confirmation, end."),
    ("meetings", "Meetings of mentorships and of groups of them."),
    ("requests", "Requests of the sides of a mentorship."),
    ("reports", "Surveys of living conditions and reports of mentors."),
    ("jobs", "Work that outlives its request."),
    ("system", "Catalogues, problem codes, keys."),
];

/// Operations that need no account.
const OPEN: &[&str] = &[
    "/auth/login",
    "/auth/refresh",
    "/auth/logout",
    "/catalogues",
    "/catalogues/{name}",
    "/problems",
    "/problems/{code}",
];

/// The document.
pub fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(build);
    &DOCUMENT
}

/// The document as YAML, with a byte-stable order.
pub fn yaml() -> Result<String, String> {
    serde_norway::to_string(document()).map(|it| yaml::for_all(&it)).map_err(|it| it.to_string())
}

/// The methods that an address knows; none for an unknown address.
pub fn methods_at(path: &str) -> &'static [String] {
    static METHODS: LazyLock<Vec<(Vec<String>, Vec<String>)>> = LazyLock::new(|| {
        let Some(paths) = document().get("paths").and_then(Value::as_object) else { return Vec::new() };
        let segments = |path: &str| path.split('/').map(str::to_owned).collect();
        let methods = |item: &Value| {
            item.as_object().map(|it| it.keys().map(|it| it.to_uppercase()).collect()).unwrap_or_default()
        };
        paths.iter().map(|(path, item)| (segments(path), methods(item))).collect()
    });
    let sent: Vec<&str> = path.split('/').collect();
    let fits = |template: &[String]| {
        template.len() == sent.len()
            && template
                .iter()
                .zip(&sent)
                .all(|(part, sent)| part == sent || (part.starts_with('{') && !sent.is_empty()))
    };
    let literal = |template: &[String]| template.iter().zip(&sent).all(|(part, sent)| part == sent);
    let found =
        METHODS.iter().filter(|(template, _)| fits(template)).max_by_key(|(template, _)| literal(template));
    found.map(|(_, methods)| methods.as_slice()).unwrap_or_default()
}

fn build() -> Value {
    let mut collected = Base::openapi();
    operations(&mut collected);
    let mut document = serde_json::to_value(collected).unwrap_or_default();
    document["openapi"] = json!("3.1.0");
    document["info"] = info();
    document["servers"] = json!([{"url": "/", "description": "This server."}]);
    document["tags"] = TAGS.iter().map(|(name, text)| json!({"name": name, "description": text})).collect();
    document["security"] = json!([{"bearer": []}]);
    let mut forms = Vec::new();
    let versioned = schemas::versioned(&document["components"]["schemas"]);
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        for (path, item) in paths.iter_mut() {
            complete_path(path, item, &versioned, &mut forms);
        }
    }
    complete_components(&mut document["components"]);
    let sent = names::sent(&document);
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        names::add(schemas, &sent);
        schemas::complete(schemas, &forms);
    }
    catalogues::name(&mut document);
    drop_unused(&mut document);
    document
}

fn info() -> Value {
    json!({
        "title": "Nastavnik",
        "version": env!("CARGO_PKG_VERSION"),
        "summary": "Mentoring and accompaniment of children in care, care leavers and families in difficulty.",
        "description": "Begin with [Start here](/docs/start). Errors are `application/problem+json` with stable codes (`GET /api/v1/problems`); refusals of rules cite their paragraph. \
            Texts are Russian, or English by `Accept-Language`. Lists are paged by an opaque `cursor`. \
            Members with a code name their catalogue (`x-catalogue`); operations list the codes of their refusals (`x-problems`). \
            PUT, PATCH and DELETE need `If-Match`; every POST, PUT and PATCH takes an `Idempotency-Key`, kept for 48 hours. \
            In the body of a POST or a PUT, `null` is the same as a member that is absent; a PATCH removes by it. \
            What you cannot see answers 404; what you see and may not do answers 403.",
        "contact": {"name": "Nastavnik", "url": "https://example.org/nastavnik"},
        "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
    })
}

/// Gives the operations of a path what all of them share, and a PATCH to every PUT.
fn complete_path(path: &str, item: &mut Value, versioned: &BTreeSet<String>, forms: &mut Vec<String>) {
    let Some(operations) = item.as_object_mut() else { return };
    if let Some(put) = operations.get("put").cloned() {
        operations.insert("patch".into(), patch_of(put, forms));
    }
    for (method, operation) in operations.iter_mut() {
        complete_operation(path, method, operation, versioned);
    }
}

/// The same form, any part of it, as a merge patch. Tells which form that is.
fn patch_of(put: Value, forms: &mut Vec<String>) -> Value {
    let mut patch = put;
    let id = patch["operationId"].as_str().unwrap_or_default().replacen("replace", "patch", 1);
    patch["operationId"] = json!(id);
    patch["summary"] = json!(patch["summary"].as_str().unwrap_or_default().replacen("Replace", "Change", 1));
    patch["description"] = json!(
        "A merge patch (RFC 7396) of the form that PUT replaces, judged by the same rules: what is absent stays, `null` removes."
    );
    let form = patch
        .pointer("/requestBody/content/application~1json/schema/$ref")
        .and_then(schemas::referred)
        .unwrap_or_default()
        .to_owned();
    patch["requestBody"] = json!({"required": true, "content": {"application/merge-patch+json": {
        "schema": schemas::reference(&schemas::patch_name(&form))}}});
    forms.push(form);
    patch
}

fn complete_operation(path: &str, method: &str, operation: &mut Value, versioned: &BTreeSet<String>) {
    let route = path.strip_prefix(BASE).unwrap_or(path);
    let is_open = OPEN.contains(&route);
    let has_body = operation.get("requestBody").is_some();
    let is_edit = matches!(method, "put" | "patch" | "delete");
    operation["operationId"] = json!(camel(operation["operationId"].as_str().unwrap_or_default()));
    if is_open {
        operation["security"] = json!([]);
    }
    if let Some(text) = operation["description"].as_str() {
        operation["description"] = json!(text.trim());
    }
    let body = operation
        .pointer("/responses/200/content/application~1json/schema/$ref")
        .and_then(schemas::referred)
        .unwrap_or_default();
    let is_page = body.ends_with("Page");
    // The tag of a list is its digest, and so is that of an answer that needs no account.
    let is_content = route.ends_with("/content");
    let has_tag = versioned.contains(body) || (method == "get" && (is_open || is_page)) || is_content;
    let takes_key = matches!(method, "post" | "put" | "patch") && !is_open && !is_page;
    let mut parameters = operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    for it in &mut parameters {
        if it["in"] == "path" && it.get("description").is_none() {
            it["description"] = json!("Its id.");
        }
        tell_example(it);
    }
    let mut add = |name: &str| parameters.push(json!({"$ref": format!("#/components/parameters/{name}")}));
    if is_page {
        add("Limit");
        add("Cursor");
    }
    if is_edit {
        add("IfMatch");
    }
    let is_step = takes_key && method == "post" && path.contains("{id}");
    if is_step {
        add("IfMatchOfStep");
    }
    if takes_key {
        add(if is_edit { "IdempotencyKeyOfEdit" } else { "IdempotencyKey" });
    }
    if method == "get" && has_tag {
        add("IfNoneMatch");
    }
    if is_content {
        add("Range");
    }
    if method == "post" && route == "/files" {
        add("ContentDigest");
    }
    if !parameters.is_empty() {
        operation["parameters"] = Value::Array(parameters);
    }
    if method == "get" && has_tag {
        operation["responses"]["304"] = json!({"$ref": "#/components/responses/NotModified"});
    }
    complete_responses(operation, versioned, Shared { is_page, takes_key, has_tag });
    let shape = Shape { route, method, is_open, is_page, is_content, is_step, has_body, takes_key };
    problems::add(operation, &shape);
}

/// Puts the example of an optional filter into its description: tools fill in an `example`, and send it.
fn tell_example(parameter: &mut Value) {
    if parameter["in"] != "query" || parameter["required"] == true {
        return;
    }
    let example = parameter.as_object_mut().and_then(|it| it.remove("example"));
    if let Some(example) = example.filter(|it| !it.is_boolean()) {
        let example = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
        let text = parameter["description"].as_str().unwrap_or_default();
        parameter["description"] = json!(format!("{} Example: `{example}`.", text.trim_end()));
    }
}

/// The facts that decide the headers of an answer.
#[derive(Clone, Copy)]
struct Shared {
    is_page: bool,
    takes_key: bool,
    has_tag: bool,
}

fn complete_responses(operation: &mut Value, versioned: &BTreeSet<String>, shared: Shared) {
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for (status, response) in responses.iter_mut().filter(|(_, it)| it.get("$ref").is_none()) {
        if response["description"].as_str().is_none_or(str::is_empty) {
            response["description"] = json!(match status.as_str() {
                "201" => "Created.",
                "202" => "Accepted.",
                _ => "Done.",
            });
        }
        // Bytes have types of their own; clients that know few types read them as what they are in any case.
        if let Some(content) = response.get_mut("content").and_then(Value::as_object_mut)
            && content.keys().all(|it| !it.ends_with("json"))
            && let Some(bytes) = content.values().next().cloned()
        {
            content.insert("application/octet-stream".into(), bytes);
        }
        let body = response.pointer("/content/application~1json/schema/$ref").and_then(schemas::referred);
        let is_versioned = body.is_some_and(|it| versioned.contains(it));
        let mut headers = response.get("headers").and_then(Value::as_object).cloned().unwrap_or_default();
        let mut add = |header: &str, name: &str| {
            drop(headers.insert(header.into(), json!({"$ref": format!("#/components/headers/{name}")})))
        };
        add("X-Request-Id", "RequestId");
        if shared.is_page {
            add("Link", "Link");
        }
        if is_versioned || shared.has_tag {
            add("ETag", "ETag");
        }
        if status == "201" || status == "202" {
            add("Location", "Location");
        }
        if shared.takes_key {
            add("Idempotency-Replayed", "IdempotencyReplayed");
        }
        if status == "206" {
            add("Content-Range", "ContentRange");
        }
        if response.pointer("/content/application~1pdf").is_some() {
            add("Content-Disposition", "ContentDisposition");
            add("Accept-Ranges", "AcceptRanges");
            add("Repr-Digest", "ReprDigest");
        }
        response["headers"] = Value::Object(headers);
    }
}

fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, it| {
        let (head, tail) = it.split_at(it.char_indices().nth(1).map_or(it.len(), |(at, _)| at));
        all + &head.to_uppercase() + tail
    })
}

fn complete_components(components: &mut Value) {
    let mut responses = problems::responses();
    responses.insert("NotModified".into(), json!({"description": "You have the current version already.", "headers": {
        "ETag": {"$ref": "#/components/headers/ETag"}, "X-Request-Id": {"$ref": "#/components/headers/RequestId"}}}));
    let text = |max: i64, example: &str| json!({"type": "string", "maxLength": max, "examples": [example]});
    components["responses"] = json!(responses);
    components["securitySchemes"] = json!({"bearer": {"type": "http", "scheme": "bearer",
        "description": "An access token of `POST /auth/login` (15 minutes), or a key of an integration (`nst_…`)."}});
    components["headers"] = json!({
        "RequestId": {"description": "Names the request in logs, problems and the journal.", "schema": text(64, "0198f0c2a5d07f6e8a3b")},
        "ETag": {"description": "The version, or the digest of a list, for `If-None-Match`; the version for `If-Match` too. A card that shows data of other rows has a digest behind the version. A compressed answer has `.gz` behind it; only what stands before the dot decides edits.", "schema": text(40, "\"7\"")},
        "Location": {"description": "Where the new thing is; of what was accepted, where its job is.", "schema": text(300, "/api/v1/organizations/01980000-0000-7000-8000-000000000001")},
        "Link": {"description": "`rel=\"next\"`: the next page.", "schema": text(4000, "</api/v1/organizations?limit=50&cursor=eyJpIjoiMDE5OCJ9.x>; rel=\"next\"")},
        "IdempotencyReplayed": {"description": "`true` where the answer is that of the first request with this key.", "schema": {"type": "string", "enum": ["true"]}},
        "ContentRange": {"description": "Which bytes these are, and of how many.", "schema": text(64, "bytes 0-1023/48213")},
        "ContentDisposition": {"description": "An attachment, with the name of the file.", "schema": text(2000, "attachment; filename=\"scan.pdf\"; filename*=UTF-8''scan.pdf")},
        "AcceptRanges": {"description": "A range of bytes may be asked for.", "schema": text(10, "bytes")},
        "ReprDigest": {"description": "SHA-256 of the whole file (RFC 9530).", "schema": text(100, "sha-256=:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=:")},
        "RetryAfter": {"description": "Seconds to wait.", "schema": {"type": "integer", "format": "int32", "minimum": 0, "maximum": 86400, "examples": [5]}},
    });
    components["parameters"] = json!({
        "Limit": {"name": "limit", "in": "query", "description": "Items of a page at most.",
            "schema": {"type": "integer", "format": "int32", "minimum": 1, "maximum": 200, "default": 50}},
        "Cursor": {"name": "cursor", "in": "query", "description": "`next_cursor` of the page before, with the same filters.", "schema": text(2000, "eyJpIjoiMDE5OCJ9.x")},
        "IfMatch": {"name": "If-Match", "in": "header", "required": true, "description": "The `ETag` that you have seen, or several. `*` and weak tags pass no edit.", "schema": text(200, "\"7\"")},
        "IfMatchOfStep": {"name": "If-Match", "in": "header", "description": "The `ETag` that you have seen: the step is taken only from it.", "schema": text(200, "\"7\"")},
        "IfNoneMatch": {"name": "If-None-Match", "in": "header", "description": "The `ETag` of the answer that you have, several of them or `*`: 304 if it is still this one.", "schema": text(200, "\"7\"")},
        "Range": {"name": "Range", "in": "header", "description": "One range of bytes; several are answered with the whole.", "schema": text(100, "bytes=0-1023")},
        "ContentDigest": {"name": "Content-Digest", "in": "header", "description": "SHA-256 of the request's body (RFC 9530).", "schema": text(300, "sha-256=:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=:")},
        "IdempotencyKey": {"name": "Idempotency-Key", "in": "header",
            "description": "Makes a repeated request answer the same without doing it twice, for 48 hours. Required from integrations.", "schema": text(128, "0b9f5c1e-6d0a-4f6e-9d57-3f1f0f6f2f10")},
        "IdempotencyKeyOfEdit": {"name": "Idempotency-Key", "in": "header",
            "description": "Makes a repeated edit answer as the first time instead of 412, for 48 hours.", "schema": text(128, "0b9f5c1e-6d0a-4f6e-9d57-3f1f0f6f2f10")},
    });
}

/// Shared parts that nothing refers to are left out.
fn drop_unused(document: &mut Value) {
    let mut named = BTreeSet::new();
    references(document, &mut named);
    for kind in ["responses", "headers", "parameters", "schemas"] {
        if let Some(parts) = document["components"][kind].as_object_mut() {
            parts.retain(|name, _| named.contains(&format!("#/components/{kind}/{name}")));
        }
    }
}

/// Adds the addresses of shared parts that a part of the document names.
pub fn references(part: &Value, named: &mut BTreeSet<String>) {
    match part {
        Value::String(it) if it.starts_with("#/components/") => drop(named.insert(it.clone())),
        Value::Array(all) => all.iter().for_each(|it| references(it, named)),
        Value::Object(members) => members.values().for_each(|it| references(it, named)),
        _ => {}
    }
}
