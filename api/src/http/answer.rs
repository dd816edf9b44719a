//! Answers of the API to requests that succeed.
use crate::http::naming::Named;
use crate::http::problem::{INTERNAL, Problem};
use crate::http::tags;
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder};
use domain::base::change::Subject;
use domain::base::id::JobId;
use domain::base::refusal::Reason;
use foldhash::quality::FixedState;
use persistence::engine::card::Card;
use persistence::idempotency::Answered;
use serde::Serialize;
use shape::card;
use std::hash::BuildHasher;

/// An answer: a status, the headers that belong to it, and JSON.
#[derive(Debug)]
pub struct Answer {
    answered: Answered,
    is_replay: bool,
    may_be_compressed: bool,
}

/// A mark of an answer that holds no secret, so that it may be compressed.
#[derive(Debug, Clone, Copy)]
pub struct Compressible;

impl Answer {
    /// The answer with a read model, its version and, if it is new, its address.
    ///
    /// `body` is its JSON.
    pub fn card<T: Card>(status: u16, card: &T, body: Named) -> Self {
        let is_joined = T::IS_JOINED || body.has_names;
        let mut answer = Self::json(status, body);
        answer.may_be_compressed = !T::HOLDS_SECRET;
        if let Some(version) = card.version() {
            let digest = is_joined.then(|| format!(".{:016x}", digest(&answer.answered.body)));
            answer.header("ETag", format!("\"{version}{}\"", digest.unwrap_or_default()));
        }
        if matches!(status, 201 | 202)
            && let Some(path) = card.path()
        {
            answer.header("Location", path);
        }
        answer
    }
    /// The answer with a read model that refers to nothing.
    pub fn plain<T: Card>(status: u16, card: &T) -> Result<Self, Problem> {
        let body = Named::plain(card).map_err(|it| Problem::new(&INTERNAL).because(it))?;
        Ok(Self::card(status, card, body))
    }
    /// The same, with what the order is warned of. The tag leaves the warnings out.
    pub fn warned<T: Card>(
        status: u16,
        card: &T,
        body: Named,
        warnings: &[Warning],
    ) -> serde_json::Result<Self> {
        let mut answer = Self::card(status, card, body);
        if !warnings.is_empty() {
            let text = &mut answer.answered.body;
            text.pop();
            text.push_str(&format!(",\"warnings\":{}}}", serde_json::to_string(warnings)?));
        }
        Ok(answer)
    }
    /// The answer with any JSON that holds no secret.
    pub fn open<T: Serialize>(status: u16, body: &T) -> Result<Self, Problem> {
        let body = Named::plain(body).map_err(|it| Problem::new(&INTERNAL).because(it))?;
        Ok(Self { may_be_compressed: true, ..Self::json(status, body) })
    }
    /// The answer with a page of such cards.
    pub fn list<T: Card>(page: Named) -> Self {
        Self { may_be_compressed: !T::HOLDS_SECRET, ..Self::json(200, page) }
    }
    /// Gives a page a tag of its items. The cursor to the next page is sealed anew each time, so only its being there counts.
    pub fn tag_without(&mut self, cursor: Option<&str>) {
        let body = &self.answered.body;
        let end = body.len().saturating_sub(cursor.map_or(0, |it| it.len() + 2));
        let digest = digest(body.get(..end).unwrap_or(body));
        let tag = format!("\"{digest:016x}\"");
        self.header("ETag", tag);
    }
    fn json(status: u16, body: Named) -> Self {
        let answered = Answered { status, headers: Vec::new(), body: body.text };
        Self { answered, is_replay: false, may_be_compressed: false }
    }
    /// The answer that the same request got before.
    pub fn again<T: Card>(answered: Answered) -> Self {
        Self { answered, is_replay: true, may_be_compressed: !T::HOLDS_SECRET }
    }
    /// Adds a header.
    pub fn header(&mut self, name: &str, value: impl Into<String>) {
        self.answered.headers.push((name.to_owned(), value.into()));
    }
    /// The parts of the answer that are stored for a repeated request.
    pub fn answered(&self) -> &Answered {
        &self.answered
    }
    /// The answer, or 304 without a body if the client already has this version (`If-None-Match`).
    #[must_use]
    pub fn unless_known(mut self, headers: &HeaderMap) -> Self {
        let tag = self.answered.headers.iter().find(|(name, _)| name == "ETag");
        if tag.is_some_and(|(_, tag)| tags::is_known(headers, tag)) {
            self.answered.status = StatusCode::NOT_MODIFIED.as_u16();
            self.answered.body.clear();
        }
        self
    }
}

/// A likely mistake in an order that was carried out.
#[card]
#[schema(as = OrderWarning, example = json!({"code": "person.possible_duplicate", "message": "Похоже, этот человек уже есть: данные очень похожи.", "pointer": "/family_name"}))]
pub struct Warning {
    /// The stable code of the warning.
    #[schema(value_type = domain::base::refusal::RefusalCode)]
    pub code: &'static str,
    /// The warning in words, in the requested language.
    #[schema(max_length = 500, example = "Похоже, этот человек уже есть: данные очень похожи.")]
    pub message: &'static str,
    /// The JSON pointer to the member of the request that it is about.
    #[schema(max_length = 300, example = "/family_name")]
    pub pointer: Option<String>,
}

impl Warning {
    /// The warning in that language.
    pub fn of(reason: Reason, english: bool) -> Self {
        let Reason { rule, pointer, .. } = reason;
        Self { code: rule.code, message: if english { rule.en } else { rule.ru }, pointer }
    }
}

/// A quick digest, the same in every process.
fn digest(body: &str) -> u64 {
    FixedState::default().hash_one(body)
}

/// The result of an accepted order: a read model, and the job that does the rest.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Accepted<T> {
    /// The current state of the subject of the job.
    pub card: T,
    /// The job. Its address is the `Location` of the answer.
    #[serde(skip)]
    pub job_id: JobId,
}

impl<T: Card> Card for Accepted<T> {
    const HOLDS_SECRET: bool = T::HOLDS_SECRET;
    const IS_JOINED: bool = T::IS_JOINED;
    fn version(&self) -> Option<i64> {
        self.card.version()
    }
    fn path(&self) -> Option<String> {
        Some(format!("/api/v1/jobs/{}", self.job_id))
    }
    fn personal(&self) -> Vec<Subject> {
        self.card.personal()
    }
}

impl Responder for Answer {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let Answered { status, headers, body } = self.answered;
        let mut answer =
            HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
        for (name, value) in headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                answer.insert_header((name, value));
            }
        }
        if self.is_replay {
            answer.insert_header(("Idempotency-Replayed", "true"));
        }
        if self.may_be_compressed {
            answer.extensions_mut().insert(Compressible);
        }
        if body.is_empty() { answer.finish() } else { answer.content_type("application/json").body(body) }
    }
}
