//! Errors of the API in the form of RFC 9457, from one table of codes, in Russian or English.
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use domain::base::refusal::{Kind, Reason, RefusalCode, Rule};
use persistence::engine::failure::Failure;
use serde::Serialize;
use serde_json::{Map, Value, json};
use shape::card;

/// Errors of a problem at most.
pub const MOST: usize = 100;

/// A code of the protocol. The codes of rules are in the domain.
#[derive(Debug)]
pub struct Entry {
    /// The stable code.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    ru: &'static str,
    en: &'static str,
}

macro_rules! entries {
    ($($name:ident = $code:literal, $status:literal, $ru:literal, $en:literal;)+) => {
        $(#[doc = $en] pub static $name: Entry = Entry { code: $code, status: $status, ru: $ru, en: $en };)+
        static ENTRIES: &[&Entry] = &[$(&$name),+];
    };
}

entries! {
    MALFORMED = "request.malformed", 400, "Запрос не удалось разобрать.", "The request could not be parsed.";
    BAD_PARAMETER = "request.parameter", 400, "Неизвестный или неверный параметр запроса.", "A query parameter is unknown or wrong.";
    BAD_CURSOR = "request.cursor", 400, "Курсор не от этого списка.", "The cursor does not belong to this list.";
    BAD_HEADER = "request.header", 400, "Неверный заголовок запроса.", "A header of the request is wrong.";
    KEY_REQUIRED = "idempotency.required", 400, "Интеграция обязана передавать Idempotency-Key.", "An integration must send Idempotency-Key.";
    UNAUTHENTICATED = "auth.required", 401, "Нужно войти.", "Sign in first.";
    BAD_TOKEN = "auth.token", 401, "Токен недействителен.", "The token is not valid.";
    ORIGIN = "request.origin", 403, "Запросы со страниц этого сайта не разрешены.", "Requests from pages of this site are not allowed.";
    FORBIDDEN = "access.forbidden", 403, "У вашей роли нет этого права.", "Your role does not have this right.";
    NOT_FOUND = "request.not_found", 404, "Не найдено.", "Not found.";
    METHOD = "request.method", 405, "Метод здесь не поддерживается.", "The method is not supported here.";
    NOT_ACCEPTABLE = "request.accept", 406, "Ответ есть только в формате JSON.", "The answer is available as JSON only.";
    IN_FLIGHT = "idempotency.in_flight", 409, "Запрос с этим ключом ещё выполняется.", "A request with this key is still running.";
    STALE = "version.stale", 412, "Запись уже изменена другим пользователем.", "Somebody else has changed it first.";
    TOO_LARGE = "request.too_large", 413, "Слишком большой запрос.", "The request is too large.";
    URI_TOO_LONG = "request.uri", 414, "Слишком длинный адрес.", "The address is too long.";
    MEDIA_TYPE = "request.media_type", 415, "Этот тип содержимого не принимается.", "This content type is not accepted.";
    RANGE = "request.range", 416, "Такого отрезка в файле нет.", "The file has no such range.";
    KEY_REUSED = "idempotency.reused", 422, "С этим ключом уже выполнен другой запрос.", "Another request was made with this key.";
    VERSION_REQUIRED = "version.required", 428, "Нужен заголовок If-Match с версией записи.", "If-Match with the version is required.";
    TOO_MANY = "request.too_many", 429, "Слишком много попыток, повторите позже.", "Too many attempts, come back later.";
    UPLOAD_SLOTS = "upload.slots", 429, "Эта учётная запись уже загружает столько файлов, сколько может одновременно.", "The account is uploading as many files as it may at once.";
    INTERNAL = "server.internal", 500, "Ошибка на нашей стороне; номер запроса поможет её найти.", "Our fault; the request id will help to find it.";
    BUSY = "server.busy", 503, "Сервер перегружен, повторите позже.", "The server is overloaded, come back later.";
    UNAVAILABLE = "server.unavailable", 503, "База данных недоступна, повторите позже.", "The database is unavailable, come back later.";
    OUTCOME_UNKNOWN = "server.outcome_unknown", 503, "База данных не ответила, выполнен ли запрос; повторите его с тем же Idempotency-Key.", "The database did not tell whether the request is done; repeat it with the same Idempotency-Key.";
    TIMEOUT = "request.timeout", 408, "Запрос пришёл не полностью за отведённое время.", "The request did not arrive in time.";
}

/// An error that the client gets. It is boxed, because it is part of every `Result` but rarely occurs.
#[derive(Debug, Clone)]
pub struct Problem(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    status: StatusCode,
    code: &'static str,
    ru: &'static str,
    en: &'static str,
    rule: Option<&'static str>,
    reasons: Vec<Reason>,
    params: Map<String, Value>,
    headers: Vec<(&'static str, String)>,
    /// Whether the reasons name parameters of the query instead of members of a body.
    is_of_query: bool,
    /// The cause, for the log only.
    cause: Option<String>,
}

impl Problem {
    /// The problem with that code.
    pub fn new(entry: &'static Entry) -> Self {
        let status = StatusCode::from_u16(entry.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self(Box::new(Parts {
            status,
            code: entry.code,
            ru: entry.ru,
            en: entry.en,
            rule: None,
            reasons: Vec::new(),
            params: Map::new(),
            headers: Vec::new(),
            is_of_query: false,
            cause: None,
        }))
    }
    /// Adds a header to the answer.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl ToString) -> Self {
        self.0.headers.push((name, value.to_string()));
        self
    }
    /// Adds a parameter to the problem.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        self.0.params.insert(name.to_owned(), serde_json::to_value(value).unwrap_or(Value::Null));
        self
    }
    /// Notes the cause for the log.
    #[must_use]
    pub fn because(mut self, cause: impl ToString) -> Self {
        self.0.cause = Some(cause.to_string());
        self
    }
    /// The cause, for the log.
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }
    /// The code of the problem.
    pub fn code(&self) -> &'static str {
        self.0.code
    }

    fn refused(reasons: &[Reason]) -> Self {
        let Some(first) = reasons.first() else { return Self::new(&INTERNAL) };
        let rule = first.rule;
        let mut problem = Self::new(&INTERNAL);
        problem.0.status = status_of(rule);
        problem.0.code = rule.code;
        problem.0.ru = rule.ru;
        problem.0.en = rule.en;
        problem.0.rule = rule.rule;
        problem.0.reasons = reasons.iter().take(MOST).cloned().collect();
        problem
    }

    /// The same for a request whose members are parameters of its query.
    #[must_use]
    pub fn of_query(mut self) -> Self {
        for reason in &mut self.0.reasons {
            reason.pointer = reason.pointer.take().map(|it| it.trim_start_matches('/').to_owned());
        }
        self.0.is_of_query = true;
        self
    }

    /// All errors in one text for people.
    fn detail(&self, english: bool) -> String {
        let mut told: Vec<&str> = Vec::new();
        for reason in &self.0.reasons {
            let text = if english { reason.rule.en } else { reason.rule.ru };
            if !told.contains(&text) {
                told.push(text);
            }
        }
        if told.is_empty() {
            told.push(if english { self.0.en } else { self.0.ru });
        }
        told.join(" ")
    }

    /// The answer, in the client's language.
    pub fn answer(&self, english: bool, request_id: &str) -> HttpResponse {
        let title = if english { self.0.en } else { self.0.ru };
        let mut body = json!({
            "type": format!("/problems/{}", self.0.code),
            "title": title,
            "status": self.0.status.as_u16(),
            "code": self.0.code,
            "detail": self.detail(english),
            "request_id": request_id,
        });
        if let Value::Object(body) = &mut body {
            if let Some(rule) = self.0.rule {
                body.insert("rule".into(), json!(rule));
            }
            if !self.0.reasons.is_empty() {
                body.insert(
                    "errors".into(),
                    self.0.reasons.iter().map(|it| self.error_body(it, english)).collect(),
                );
            }
            if !self.0.params.is_empty() {
                body.insert("params".into(), params_body(&self.0.params));
            }
        }
        let mut answer = HttpResponse::build(self.0.status);
        for (name, value) in &self.0.headers {
            answer.insert_header((*name, value.as_str()));
        }
        answer.content_type("application/problem+json").body(body.to_string())
    }

    fn error_body(&self, reason: &Reason, english: bool) -> Value {
        let mut body = json!({
            "code": reason.rule.code,
            "message": if english { reason.rule.en } else { reason.rule.ru },
        });
        if let Value::Object(body) = &mut body {
            if let Some(pointer) = &reason.pointer {
                let place = if self.0.is_of_query { "parameter" } else { "pointer" };
                body.insert(place.into(), json!(pointer));
            }
            if let Some(rule) = reason.rule.rule {
                body.insert("rule".into(), json!(rule));
            }
            if !reason.params.is_empty() {
                body.insert("params".into(), params_body(&reason.params));
            }
        }
        body
    }
}

/// The parameters with values as text, so that they have one type for every client.
fn params_body(params: &Map<String, Value>) -> Value {
    let text = |it: &Value| it.as_str().map_or_else(|| it.to_string(), str::to_owned);
    params.iter().map(|(name, value)| json!({"name": name, "value": text(value)})).collect()
}

/// Seconds after which an account that has used up a budget of a day may try again.
const TOO_MANY_SECONDS: u32 = 3600;

fn status_of(rule: &Rule) -> StatusCode {
    match rule.kind {
        Kind::State => StatusCode::CONFLICT,
        Kind::Content => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Kind::Warning => StatusCode::OK,
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.0.status.as_u16(), self.0.code)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.status
    }
    fn error_response(&self) -> HttpResponse {
        self.answer(false, "")
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotFound(_) => Self::new(&NOT_FOUND),
            Failure::Stale { current } => Self::new(&STALE)
                .with("current_version", current)
                .with_header("ETag", format!("\"{current}\"")),
            Failure::Refused(refused) => Self::from(refused),
            Failure::Busy | Failure::Apart | Failure::LeaseLost => {
                Self::new(&BUSY).with_header("Retry-After", 1)
            }
            Failure::Crossed(cause) => Self::new(&BUSY).with_header("Retry-After", 1).because(cause),
            Failure::Unavailable(cause) => {
                Self::new(&UNAVAILABLE).with_header("Retry-After", 5).because(cause)
            }
            Failure::OutcomeUnknown(cause) => {
                Self::new(&OUTCOME_UNKNOWN).with_header("Retry-After", 5).because(cause)
            }
            Failure::Broken(cause) | Failure::Stops(cause) | Failure::Unsealed(cause) => {
                Self::new(&INTERNAL).because(cause)
            }
            other @ Failure::OtherKey(_) => Self::new(&INTERNAL).because(other),
        }
    }
}

impl From<domain::base::refusal::Refused> for Problem {
    fn from(it: domain::base::refusal::Refused) -> Self {
        let problem = Self::refused(it.reasons());
        let is_too_many = it.reasons().iter().any(|it| it.rule.kind == Kind::TooMany);
        if is_too_many { problem.with_header("Retry-After", TOO_MANY_SECONDS) } else { problem }
    }
}

/// A problem as the contract describes it (RFC 9457).
#[card]
#[schema(as = Problem, example = json!({"type": "/problems/mentorship.not_active", "title": "Наставничество не действует.", "status": 409, "code": "mentorship.not_active", "detail": "Наставничество не действует.", "rule": "002 §3.11", "request_id": "0198f0c2a5d07f6e8a3b", "errors": [{"code": "mentorship.not_active", "message": "Наставничество не действует.", "rule": "002 §3.11"}]}))]
pub struct ProblemBody {
    /// The address of the code's description.
    #[serde(rename = "type")]
    #[schema(max_length = 200)]
    pub kind: String,
    /// The problem in words, in the requested language.
    #[schema(max_length = 500)]
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: i32,
    /// The stable code for programs; it is never reused.
    #[schema(value_type = RefusalCode)]
    pub code: String,
    /// All errors in one text for people. It repeats no submitted value.
    #[schema(max_length = 4000)]
    pub detail: String,
    /// The paragraph of the regulation behind the problem.
    #[schema(max_length = 64)]
    pub rule: Option<String>,
    /// The id of the request. Name it when you ask for help.
    #[schema(max_length = 64)]
    pub request_id: String,
    /// The single errors, if there are details: all that is wrong with the request, at most 100.
    #[schema(max_items = 100)]
    pub errors: Option<Vec<ProblemError>>,
    /// The parameters of the problem.
    #[schema(max_items = 20)]
    pub params: Option<Vec<ProblemParam>>,
}

/// One error of a request.
#[card]
#[schema(example = json!({"pointer": "/birth_date", "code": "field.missing", "message": "Обязательное поле не заполнено."}))]
pub struct ProblemError {
    /// The JSON pointer to the member of the request. Where several members contradict each other, the parameter `with` has the
    /// pointers of the others.
    #[schema(max_length = 300, example = "/ended_on")]
    pub pointer: Option<String>,
    /// The parameter of the query, where the request has no body.
    #[schema(max_length = 64, example = "program_id")]
    pub parameter: Option<String>,
    /// The stable code of the error.
    #[schema(value_type = RefusalCode)]
    pub code: String,
    /// The error in words.
    #[schema(max_length = 500, example = "Обязательное поле не заполнено.")]
    pub message: String,
    /// The paragraph of the regulation behind the error.
    #[schema(max_length = 64, example = "002 §3.9")]
    pub rule: Option<String>,
    /// The parameters of the error, for a client's own message.
    #[schema(max_items = 20)]
    pub params: Option<Vec<ProblemParam>>,
}

/// A parameter of a problem.
#[card]
pub struct ProblemParam {
    /// The name of the parameter.
    #[schema(max_length = 64, example = "max")]
    pub name: String,
    /// The value of the parameter, as text.
    #[schema(max_length = 300, example = "100")]
    pub value: String,
}

/// A code that a problem or an error can have.
#[card]
pub struct ProblemCode {
    /// The stable code.
    #[schema(max_length = 64, example = "mentorship.not_active")]
    pub code: &'static str,
    /// The HTTP status of the problem. For an error of a member, it is the status of the whole problem. 200 for a warning: the
    /// order was carried out.
    #[schema(minimum = 200, maximum = 599, example = 409)]
    pub status: i32,
    /// The paragraph of the regulation behind the code.
    #[schema(max_length = 64, example = "002 §3.11")]
    pub rule: Option<&'static str>,
    /// The text in Russian.
    #[schema(max_length = 500, example = "Наставничество не действует.")]
    pub ru: &'static str,
    /// The text in English.
    #[schema(max_length = 500, example = "The mentorship is not active.")]
    pub en: &'static str,
}

/// Every code, sorted by code.
pub fn codes() -> Vec<ProblemCode> {
    let protocol = ENTRIES.iter().map(|it| ProblemCode {
        code: it.code,
        status: i32::from(it.status),
        rule: None,
        ru: it.ru,
        en: it.en,
    });
    let rules = domain::codes::all().map(|it| ProblemCode {
        code: it.code,
        status: i32::from(status_of(it).as_u16()),
        rule: it.rule,
        ru: it.ru,
        en: it.en,
    });
    let mut all: Vec<_> = protocol.chain(rules).collect();
    all.sort_by_key(|it| it.code);
    all
}
