//! Answers of the API to requests that succeed.
use crate::http::problem::{INTERNAL, Problem};
use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder};
use domain::base::change::Subject;
use domain::base::id::JobId;
use persistence::engine::card::Card;
use persistence::idempotency::Answered;
use serde::Serialize;

/// An answer: a status, the headers that belong to it, and JSON.
#[derive(Debug)]
pub struct Answer {
    answered: Answered,
    is_replay: bool,
}

impl Answer {
    /// The answer with a read model, its version and, if it is new, its address.
    pub fn card<T: Card>(status: u16, card: &T) -> Result<Self, Problem> {
        let mut answer = Self::json(status, card)?;
        if let Some(version) = card.version() {
            answer.header("ETag", format!("\"{version}\""));
        }
        if matches!(status, 201 | 202)
            && let Some(path) = card.path()
        {
            answer.header("Location", path);
        }
        Ok(answer)
    }
    /// The answer with any JSON.
    pub fn json<T: Serialize>(status: u16, body: &T) -> Result<Self, Problem> {
        let body = serde_json::to_string(body).map_err(|it| Problem::new(&INTERNAL).because(it))?;
        Ok(Self { answered: Answered { status, headers: Vec::new(), body }, is_replay: false })
    }
    /// The answer that the same request got before.
    pub fn again(answered: Answered) -> Self {
        Self { answered, is_replay: true }
    }
    /// Adds a header.
    pub fn header(&mut self, name: &str, value: impl Into<String>) {
        self.answered.headers.push((name.to_owned(), value.into()));
    }
    /// The parts of the answer that are stored for a repeated request.
    pub fn answered(&self) -> &Answered {
        &self.answered
    }
    /// Whether the client already has this version (`If-None-Match`).
    pub fn is_known(&self, condition: Option<&HeaderValue>) -> bool {
        let Some(condition) = condition.and_then(|it| it.to_str().ok()) else { return false };
        let tag = self.answered.headers.iter().find(|(name, _)| name == "ETag").map(|(_, tag)| tag.as_str());
        tag.is_some_and(|tag| condition.split(',').any(|it| it.trim().trim_start_matches("W/") == tag))
    }
    /// The answer 304, without a body.
    #[must_use]
    pub fn not_modified(mut self) -> Self {
        self.answered.status = StatusCode::NOT_MODIFIED.as_u16();
        self.answered.body.clear();
        self
    }
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
        if body.is_empty() { answer.finish() } else { answer.content_type("application/json").body(body) }
    }
}
