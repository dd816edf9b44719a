//! Entries in the contract: operations and schemas, made of the form and its data.
use super::addresses;
use crate::http::routing::Schemas;
use domain::base::entry::correction::Past;
use domain::base::entry::{Entry, Order, Owner, Step};
use domain::base::word::Word;
use serde_json::{Map, Value, json};
use utoipa::openapi::path::{HttpMethod, Operation, ParameterIn, Paths};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{IntoParams, PartialSchema, ToSchema};

/// An operation before it stands in the document.
struct Told {
    summary: String,
    description: String,
    name: String,
    parameters: Value,
    body: Option<String>,
    answer: (&'static str, String),
}

impl Told {
    fn operation<F: Entry>(self) -> Operation {
        let content = |name: &str| json!({"application/json": {"schema": reference(name)}});
        let (status, answer) = self.answer;
        let mut it = json!({
            "tags": [F::ABOUT.tag], "summary": self.summary, "description": self.description,
            "operationId": self.name, "parameters": self.parameters,
            "responses": {status: {"description": "", "content": content(&answer)}}
        });
        if let Some(body) = self.body
            && let Some(members) = it.as_object_mut()
        {
            members.insert("requestBody".to_owned(), json!({"required": true, "content": content(&body)}));
        }
        serde_json::from_value(it).unwrap_or_default()
    }
}

/// The operations of an entry.
pub(super) fn paths<F: Entry>() -> Paths {
    let about = F::ABOUT;
    let (one, many) = (about.one, about.many);
    let (a, noun, nouns) = (with_article(one), one.replace(' ', "_"), many.replace(' ', "_"));
    let (form, card) = (F::name().to_string(), about.card.to_owned());
    let id = json!([{"name": "id", "in": "path", "required": true, "schema": reference(&F::Id::name())}]);
    let (collection, single) = addresses::<F>();
    let (under, of_parent) = match &about.parent {
        Some(parent) => {
            let owner = parent.kind.to_string().replace('_', " ");
            let schema = reference(parent.id);
            (
                json!([{"name": "id", "in": "path", "required": true, "schema": schema}]),
                format!(" of {}", with_article(&owner)),
            )
        }
        None => (json!([]), String::new()),
    };
    let mut filters =
        serde_json::to_value(F::Filter::into_params(|| Some(ParameterIn::Query))).unwrap_or_default();
    if let (Some(filters), Some(under)) = (filters.as_array_mut(), under.as_array()) {
        filters.splice(0..0, under.iter().cloned());
    }
    let fixed = fixed_sentence::<F>();
    let mut paths = Paths::new();
    let mut add = |path: &str, method: HttpMethod, told: Told| {
        paths.add_path_operation(path, vec![method], told.operation::<F>());
    };
    let told = |summary: String,
                description: String,
                name: String,
                parameters: &Value,
                body: Option<&str>,
                answer: (&'static str, &str)| Told {
        summary,
        description,
        name,
        parameters: parameters.clone(),
        body: body.map(str::to_owned),
        answer: (answer.0, answer.1.to_owned()),
    };
    add(
        &collection,
        HttpMethod::Get,
        told(
            format!("List the {many}{of_parent}"),
            list_sentence::<F>(),
            format!("list_{nouns}"),
            &filters,
            None,
            ("200", about.page),
        ),
    );
    add(
        &collection,
        HttpMethod::Post,
        told(
            format!("Enter {a}"),
            format!("Enters {a}{of_parent}. References must be visible to the caller."),
            format!("add_{noun}"),
            &under,
            Some(&form),
            ("201", &card),
        ),
    );
    add(
        &single,
        HttpMethod::Get,
        told(
            format!("Get {a}"),
            format!("One {one} by its id."),
            format!("get_{noun}"),
            &id,
            None,
            ("200", &card),
        ),
    );
    if !about.is_entered_once {
        let term = late_sentence::<F>();
        let sentence = format!("Replaces the whole form{fixed}. Needs the version in `If-Match`.{term}");
        let body = Some(form.as_str());
        let replace =
            told(format!("Replace {a}"), sentence, format!("replace_{noun}"), &id, body, ("200", &card));
        add(&single, HttpMethod::Put, replace);
    }
    add(
        &format!("{single}/history"),
        HttpMethod::Get,
        told(
            format!("Get the history of {a}"),
            "Its changes, the latest first.".to_owned(),
            format!("get_{noun}_history"),
            &id,
            None,
            ("200", "HistoryPage"),
        ),
    );
    paths
}

/// The operation of a step.
pub(super) fn step_paths<F: Entry, S: Step<F>>() -> Paths {
    let about = F::ABOUT;
    let told = Told {
        summary: format!("{} {}", capital(S::ACTION.code()), with_article(about.one)),
        description: S::description(),
        name: format!("{}_{}", S::ACTION.code(), about.one.replace(' ', "_")),
        parameters: json!([{"name": "id", "in": "path", "required": true, "schema": reference(&F::Id::name())}]),
        body: Some(S::name().into_owned()),
        answer: ("200", about.card.to_owned()),
    };
    let mut paths = Paths::new();
    let at = format!("{}/{}", addresses::<F>().1, S::AT);
    paths.add_path_operation(at, vec![HttpMethod::Post], told.operation::<F>());
    paths
}

fn list_sentence<F: Entry>() -> String {
    let order = match F::ABOUT.order {
        Order::Newest => "the newest first",
        Order::Name(_) => "by name",
        Order::Day(_) => "the latest day first",
    };
    let sight = match F::ABOUT.owner {
        Owner::Nobody | Owner::Itself | Owner::Parent => "",
        Owner::Column(_) => " that the caller sees",
    };
    let annulled = if F::ABOUT.has_annulment { " Annulled ones are left out unless asked for." } else { "" };
    let ended = F::ABOUT.until.map_or("", |_| " So are those whose last day has passed.");
    format!("The {}{sight}, {order}.{annulled}{ended}", F::ABOUT.many)
}

/// «, except for the code» for members that stay as they were entered.
fn fixed_sentence<F: Entry>() -> String {
    let fixed: Vec<String> =
        F::ABOUT.members.iter().filter(|it| it.is_fixed).map(|it| format!("`{}`", it.name)).collect();
    if fixed.is_empty() { String::new() } else { format!("; {} stays as it was entered", fixed.join(", ")) }
}

/// The sentence about edits of what is past.
fn late_sentence<F: Entry>() -> String {
    let since = match F::ABOUT.past {
        Some(Past { until: Some(last) }) => format!(" after `{last}`"),
        Some(Past { until: None }) => String::new(),
        None => return String::new(),
    };
    format!(" Refused once the term of corrections{since} is over, except to an administrator.")
}

/// The schemas of an entry: form, card, page, and the types that these name.
pub(super) fn schemas<F: Entry>(all: &mut Schemas) {
    let about = F::ABOUT;
    // The schema of the form leaves out the members that no body has.
    let form = serde_json::to_value(F::schema()).unwrap_or_default();
    all.push((about.card.to_owned(), schema(card::<F>(&form))));
    all.push((F::name().into_owned(), schema(form)));
    all.extend(F::states().into_iter().filter_map(|it| Some((it.named?, it.schema))));
    all.push((about.page.to_owned(), schema(page(about.card))));
    all.push((F::Id::name().into_owned(), F::Id::schema()));
    F::schemas(all);
}

/// The schemas of a step of an entry.
pub(super) fn step_schemas<F: Entry, S: Step<F>>(all: &mut Schemas) {
    all.push((S::name().into_owned(), S::schema()));
    S::schemas(all);
}

fn schema(it: Value) -> RefOr<Schema> {
    serde_json::from_value(it).unwrap_or_else(|_| Schema::default().into())
}

/// The card: the form between its id and its dates; lists and structures are always there.
fn card<F: Entry>(form: &Value) -> Value {
    let about = F::ABOUT;
    let described =
        |kind: &str, text: &str| json!({"$ref": format!("#/components/schemas/{kind}"), "description": text});
    let mut members = Map::new();
    members.insert("id".into(), described(&F::Id::name(), "Its id."));
    members.insert(
        "version".into(),
        json!({"type": "integer", "format": "int64", "description": "Grows with every change; the `ETag`.", "minimum": 1, "examples": [1]}),
    );
    let mut required = vec![json!("id"), json!("version")];
    if let Some(parent) = &about.parent {
        let owner = parent.kind.to_string().replace('_', " ");
        members
            .insert(parent.column.into(), described(parent.id, &format!("The {owner} that it belongs to.")));
        required.push(json!(parent.column));
    }
    if let Some(own) = form.get("properties").and_then(Value::as_object) {
        members.extend(own.iter().map(|(name, it)| (name.clone(), exemplified(form, name, it.clone()))));
    }
    for it in F::states() {
        let told = match &it.named {
            Some(named) => described(named, it.about),
            None => with_description(&it.schema, it.about),
        };
        members.insert(it.name.into(), told);
    }
    required.extend(about.members.iter().filter(|it| !it.is_optional).map(|it| json!(it.name)));
    if about.has_annulment {
        members.insert("annulment".into(), described("Annulment", "The annulment, where there is one."));
    }
    members.insert(
        "available_actions".into(),
        json!({"type": "array", "maxItems": 20, "items": reference("AvailableAction"),
            "description": "Orders that this caller may send now; absent in lists."}),
    );
    for (name, text) in
        [("created_at", "The instant of entering."), ("updated_at", "The instant of the last change.")]
    {
        members.insert(name.into(), described("Moment", text));
        required.push(json!(name));
    }
    json!({"type": "object", "description": format!("{} as every endpoint shows it.", capital(&with_article(about.one))),
        "required": required, "properties": members})
}

fn with_description(schema: &RefOr<Schema>, text: &str) -> Value {
    let mut it = serde_json::to_value(schema).unwrap_or_default();
    if let Some(members) = it.as_object_mut() {
        members.insert("description".to_owned(), json!(text));
    }
    it
}

/// A number with the value that it has in the example of the form.
fn exemplified(form: &Value, name: &str, mut member: Value) -> Value {
    let whole = form.get("example").or_else(|| form.pointer("/examples/0"));
    let example = whole.and_then(|it| it.get(name)).filter(|it| it.is_number());
    if let (Some(example), Some(it)) = (example, member.as_object_mut()) {
        it.insert("examples".to_owned(), json!([example]));
    }
    member
}

/// The page of a list, as `pages!` makes it for hand-written resources.
fn page(card: &str) -> Value {
    json!({"type": "object", "description": "A page of a list.", "required": ["items"], "properties": {
        "items": {"type": "array", "description": "The items.", "maxItems": 200, "items": reference(card)},
        "next_cursor": {"type": "string", "maxLength": 2000,
            "description": "To be sent as `cursor` for the next page; absent on the last."}}})
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}
fn with_article(noun: &str) -> String {
    let is_vowel = noun.starts_with(['a', 'e', 'i', 'o']);
    format!("{} {noun}", if is_vowel { "an" } else { "a" })
}
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|it| it.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}
