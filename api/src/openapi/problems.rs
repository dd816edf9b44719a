//! Problems in the contract: the statuses and the codes with which each operation can refuse.
//!
//! Codes of the protocol and of reading a body follow from the shape of an operation. Codes of rules are those that the tests have
//! met at it: `problems.txt`, which `make problems` completes. A test fails when it meets another one.
use super::schemas::reference;
use crate::http::problem::{self, Entry, codes};
use domain::base::text;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The member of an operation with its codes, by the status of the answer.
pub const CODES: &str = "x-problems";
/// The codes of rules that the tests have met: the operation, the status, the code.
const MET: &str = include_str!("problems.txt");

/// Addresses whose question names something else.
const ASKED_ABOUT: &[&str] = &[
    "comparison",
    "/candidates",
    "/candidates/{mentor_id}",
    "/explanation",
    "/waiting-list",
    "/waiting-list/summary",
    "/projects/summary",
    "/events/attendance",
];

/// Operations whose address asks about a period, which may end before it begins.
const OVER_DAYS: &[&str] = &["/councils/{id}/activity", "/projects/{id}/account", "/intake-requests/summary"];

/// The facts about an operation that decide how it can refuse.
pub(super) struct Shape<'a> {
    pub(super) route: &'a str,
    pub(super) method: &'a str,
    pub(super) is_open: bool,
    pub(super) is_page: bool,
    pub(super) is_content: bool,
    pub(super) is_step: bool,
    pub(super) has_body: bool,
    pub(super) takes_key: bool,
}

impl Shape<'_> {
    pub(super) fn is_edit(&self) -> bool {
        matches!(self.method, "put" | "patch" | "delete")
    }
    fn is_upload(&self) -> bool {
        self.method == "post" && self.route == "/files"
    }
    fn is_throttled(&self) -> bool {
        let asks_for_access = self.method == "post" && self.route == "/access-requests";
        self.route.starts_with("/auth/") || self.route == "/me/password" || asks_for_access
    }

    /// The statuses of its problems.
    fn statuses(&self) -> BTreeSet<&'static str> {
        let mut all = BTreeSet::from(["400", "403", "406", "414", "500", "503"]);
        let mut add = |is_so: bool, some: &[&'static str]| {
            if is_so {
                all.extend(some);
            }
        };
        add(!self.is_open, &["401", "404"]);
        add(self.route.contains('{'), &["404"]);
        add(self.has_body, &["408", "413", "415", "422"]);
        add(self.takes_key, &["422"]);
        add((self.method != "get" && !self.is_open) || self.route == "/auth/login", &["409"]);
        // The question stands in the address. It may refer to a thing that is not there, or ask what rules forbid.
        let is_question = ASKED_ABOUT.iter().any(|it| self.route.ends_with(it));
        let is_over_days = OVER_DAYS.iter().any(|it| self.route.ends_with(it));
        add(is_question || is_over_days, &["422"]);
        add(is_question && !self.route.ends_with("comparison"), &["409"]);
        add(self.is_content, &["416"]);
        add(self.is_step, &["412"]);
        add(self.is_edit(), &["412", "428"]);
        add(self.route.starts_with("/auth/"), &["401"]);
        add(self.is_throttled() || self.is_upload(), &["429"]);
        all
    }

    /// The codes of the protocol.
    fn of_protocol(&self) -> Vec<&'static Entry> {
        use problem::{
            BAD_CURSOR, BAD_HEADER, BAD_PARAMETER, BAD_TOKEN, BUSY, FORBIDDEN, IN_FLIGHT, INTERNAL,
            KEY_REQUIRED, KEY_REUSED, MALFORMED, MEDIA_TYPE, NOT_ACCEPTABLE, NOT_FOUND, ORIGIN,
            OUTCOME_UNKNOWN, RANGE, STALE, TIMEOUT, TOO_LARGE, TOO_MANY, UNAUTHENTICATED, UNAVAILABLE,
            UPLOAD_SLOTS, URI_TOO_LONG, VERSION_REQUIRED,
        };
        let is_read = self.method == "get" || self.is_page;
        let groups: [(bool, &[&'static Entry]); 15] = [
            (true, &[&MALFORMED, &BAD_HEADER, &ORIGIN, &URI_TOO_LONG, &INTERNAL, &BUSY, &UNAVAILABLE]),
            (!self.is_content, &[&NOT_ACCEPTABLE]),
            (!self.is_open, &[&UNAUTHENTICATED, &BAD_TOKEN, &FORBIDDEN]),
            (!self.is_open || self.route.contains('{'), &[&NOT_FOUND]),
            (is_read, &[&BAD_PARAMETER]),
            (self.is_page, &[&BAD_CURSOR]),
            (self.takes_key, &[&KEY_REQUIRED, &IN_FLIGHT, &KEY_REUSED]),
            (self.has_body, &[&TIMEOUT, &TOO_LARGE, &MEDIA_TYPE]),
            (!is_read, &[&OUTCOME_UNKNOWN]),
            (self.is_edit(), &[&STALE, &VERSION_REQUIRED]),
            (self.is_step, &[&STALE]),
            (self.is_content, &[&RANGE]),
            (self.is_throttled(), &[&TOO_MANY]),
            (self.is_upload(), &[&TOO_MANY, &UPLOAD_SLOTS]),
            (self.route == "/auth/refresh", &[&BAD_TOKEN]),
        ];
        groups.into_iter().filter(|it| it.0).flat_map(|it| it.1.iter().copied()).collect()
    }

    /// The codes of all problems, by the status of the answer.
    fn codes(&self, operation: &str) -> BTreeMap<String, BTreeSet<&'static str>> {
        let mut all: BTreeMap<String, BTreeSet<&'static str>> = BTreeMap::new();
        for it in self.of_protocol() {
            all.entry(it.status.to_string()).or_default().insert(it.code);
        }
        if self.has_body {
            let of_bodies = text::OF_BODIES.iter().map(|it| it.code);
            all.entry("422".to_owned()).or_default().extend(of_bodies);
        }
        for (status, code) in met().get(told_as(operation).as_str()).into_iter().flatten() {
            all.entry((*status).to_owned()).or_default().insert(code);
        }
        all
    }
}

/// The operation under whose name the codes are kept: a PATCH is judged by the rules of its PUT.
pub fn told_as(operation: &str) -> String {
    match operation.strip_prefix("patch") {
        Some(rest) if rest.starts_with(|it: char| it.is_ascii_uppercase()) => format!("replace{rest}"),
        _ => operation.to_owned(),
    }
}

type Met = BTreeMap<&'static str, Vec<(&'static str, &'static str)>>;

fn met() -> &'static Met {
    static ALL: LazyLock<Met> = LazyLock::new(|| {
        let mut all = Met::new();
        for line in MET.lines() {
            let mut words = line.split(' ');
            if let (Some(operation), Some(status), Some(code)) = (words.next(), words.next(), words.next()) {
                all.entry(operation).or_default().push((status, code));
            }
        }
        all
    });
    &ALL
}

/// Gives an operation its problems: a shared answer for each status, and the codes.
pub(super) fn add(operation: &mut Value, shape: &Shape<'_>) {
    let name = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
    let codes = shape.codes(&name);
    let Some(members) = operation.as_object_mut() else { return };
    members.insert(CODES.to_owned(), json!(codes));
    let responses = members.entry("responses").or_insert_with(|| json!({}));
    if let Some(responses) = responses.as_object_mut() {
        for status in shape.statuses() {
            responses
                .entry(status)
                .or_insert_with(|| json!({"$ref": format!("#/components/responses/Problem{status}")}));
        }
    }
}

/// The statuses of problems: what each means, and the code that its example shows.
const STATUSES: &[(&str, &str, &str)] = &[
    ("400", "The request could not be parsed.", "request.parameter"),
    ("401", "Not signed in, or the token is not valid.", "auth.token"),
    (
        "403",
        "Visible, but not allowed; or from a page of another site that is not known.",
        "access.forbidden",
    ),
    ("404", "Not there, or not visible.", "request.not_found"),
    ("406", "The answer is available as JSON only.", "request.accept"),
    ("408", "The request did not arrive in time.", "request.timeout"),
    ("409", "The state of things or a rule about it forbids this.", "mentorship.not_active"),
    ("412", "Changed by somebody else; the version it has now is in `ETag`.", "version.stale"),
    ("413", "Too large.", "request.too_large"),
    ("414", "The address is too long.", "request.uri"),
    ("415", "This content type is not accepted.", "request.media_type"),
    ("416", "The file has no such range.", "request.range"),
    ("422", "Parsed, but not valid.", "field.missing"),
    ("428", "`If-Match` is required.", "version.required"),
    ("429", "Too many attempts.", "request.too_many"),
    ("500", "Our fault.", "server.internal"),
    ("503", "Overloaded or without a database: come back later.", "server.busy"),
];

/// The meaning of a status.
pub(super) fn meaning(status: &str) -> &'static str {
    STATUSES.iter().find(|it| it.0 == status).map_or("", |it| it.1)
}

/// A problem with this code, as a client gets it. An error of a member points at this one.
pub(super) fn example(status: &str, code: &str, member: &str) -> Value {
    let Some(it) = codes().into_iter().find(|it| it.code == code) else { return Value::Null };
    let mut body = json!({
        "type": format!("/problems/{code}"), "title": it.ru, "status": status.parse::<u16>().unwrap_or_default(),
        "code": code, "detail": it.ru, "request_id": "0198f0c2a5d07f6e8a3b",
    });
    let is_reasoned = domain::codes::all().any(|it| it.code == code);
    if let Some(members) = body.as_object_mut() {
        let error = json!({"code": code, "message": it.ru});
        let mut error = error.as_object().cloned().unwrap_or_default();
        if let Some(rule) = it.rule {
            members.insert("rule".to_owned(), json!(rule));
            error.insert("rule".to_owned(), json!(rule));
        }
        if code.starts_with("field.") {
            error.insert("pointer".to_owned(), json!(format!("/{member}")));
        }
        if is_reasoned {
            members.insert("errors".to_owned(), json!([error]));
        }
    }
    body
}

/// The answers that operations share, each with an example of its status.
pub(super) fn responses() -> Map<String, Value> {
    let all = STATUSES.iter().map(|(status, text, code)| {
        let mut headers = json!({"X-Request-Id": header("RequestId")});
        let own = match *status {
            "429" | "503" => Some(("Retry-After", "RetryAfter")),
            "412" => Some(("ETag", "ETag")),
            "416" => Some(("Content-Range", "ContentRange")),
            _ => None,
        };
        if let (Some((name, shared)), Some(headers)) = (own, headers.as_object_mut()) {
            headers.insert(name.to_owned(), header(shared));
        }
        let content = json!({"application/problem+json": {"schema": reference("Problem"), "example": example(status, code, "birth_date")}});
        (format!("Problem{status}"), json!({"description": text, "content": content, "headers": headers}))
    });
    all.collect()
}

fn header(name: &str) -> Value {
    json!({"$ref": format!("#/components/headers/{name}")})
}
