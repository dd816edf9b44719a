//! Request bodies: an order, or an edit of a form.
use crate::http::faults::{self, Faulty, Found};
use crate::http::json;
use crate::http::problem::{MALFORMED, MEDIA_TYPE, Problem, TIMEOUT, TOO_LARGE};
use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use domain::base::refusal::Refused;
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::ops::Deref;
use std::rc::Rc;
use std::time::Duration;
use tokio::sync::Notify;
use utoipa::ToSchema;
use validator::Validate;

/// Bytes of a body at most. Files have their own limit.
pub const BODY_BYTES: usize = 1024 * 1024;

/// The digest of the body, for the fingerprint of an idempotent request.
#[derive(Debug, Clone)]
pub struct BodyDigest(pub String);

/// A mark of a PATCH: the body is merged into the current form (RFC 7396).
#[derive(Debug, Clone, Copy)]
pub struct IsPatch;

/// An order: the input of a rule, read strictly from the body.
#[derive(Debug)]
pub struct Order<T>(T);

impl<T> Deref for Order<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + Validate + ToSchema + 'static> FromRequest for Order<T> {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;
    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let value = body(&request, payload, "application/json").await?;
            Ok(Self(found(&request).note(faults::read(value)).map_err(Problem::from)?))
        })
    }
}

/// An edit of a form: the whole form by PUT, or a merge patch by PATCH. The same rule judges both.
#[derive(Debug)]
pub struct Edit<F> {
    sent: Sent<F>,
    found: Judged,
}

/// A whole form is read with the request. A patch can be read only with the form that it changes, which the transaction knows.
#[derive(Debug)]
enum Sent<F> {
    /// The form as it is to be. Its faults are told by the transaction: a stale version is told before.
    Whole(Result<F, Faulty<F>>),
    /// A merge patch of the form (RFC 7396).
    Patch(Value),
}

impl<F: DeserializeOwned + Validate + ToSchema + 'static> FromRequest for Edit<F> {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;
    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let is_patch = request.extensions().get::<IsPatch>().is_some();
            let media_type = if is_patch { "application/merge-patch+json" } else { "application/json" };
            let value = body(&request, payload, media_type).await?;
            let sent = if is_patch { Sent::Patch(value) } else { Sent::Whole(faults::read(value)) };
            Ok(Self { sent, found: found(&request) })
        })
    }
}

impl<F: Serialize + DeserializeOwned + Validate + ToSchema + Clone> Edit<F> {
    /// The new form, made of the edit and the current form.
    pub fn of(&self, current: &F) -> Result<F, Refused> {
        self.of_without(current, &[])
    }

    /// The same, where no body has these members of the current form: a patch is not made of them.
    pub fn of_without(&self, current: &F, members: &[&str]) -> Result<F, Refused> {
        let read = match &self.sent {
            Sent::Whole(form) => form.clone(),
            Sent::Patch(patch) => {
                let mut whole = serde_json::to_value(current).unwrap_or(Value::Null);
                if let Some(whole) = whole.as_object_mut() {
                    members.iter().for_each(|it| drop(whole.remove(*it)));
                }
                json_patch::merge(&mut whole, patch);
                faults::read(whole)
            }
        };
        self.found.note(read)
    }

    /// The new form of an edit that may leave a trace that is not undone. One in which a member is lacking, unreadable or out of its bounds
    /// is refused before.
    pub fn complete(&self, current: &F) -> Result<F, Refused> {
        let form = self.of(current)?;
        self.found.must_be_complete()?;
        Ok(form)
    }
}

/// Where faults are noted. A request without a guard has no transaction that is undone, so its faults are told at once.
#[derive(Debug)]
struct Judged(Option<Found>);

impl Judged {
    fn note<T>(&self, read: Result<T, Faulty<T>>) -> Result<T, Refused> {
        match &self.0 {
            Some(found) => found.note(read),
            None => read.map_err(Faulty::refused),
        }
    }
    fn must_be_complete(&self) -> Result<(), Refused> {
        self.0.as_ref().map_or(Ok(()), Found::must_be_complete)
    }
}

/// A signal that the caller has been let in. The body is read after it, so that callers without permission learn
/// nothing about errors in their body.
#[derive(Debug, Clone, Default)]
pub struct Entrance(Rc<Notify>);

impl Entrance {
    /// Lets the body be read.
    pub fn open(&self) {
        self.0.notify_one();
    }
    /// Waits until the caller of a guarded request has been let in. A request without a guard has no entrance and
    /// does not wait.
    pub async fn wait(request: &HttpRequest) {
        let entrance = request.extensions().get::<Self>().cloned();
        if let Some(entrance) = entrance {
            entrance.0.notified().await;
        }
    }
}

fn found(request: &HttpRequest) -> Judged {
    let is_guarded = request.extensions().contains::<Entrance>();
    let found = is_guarded.then(Found::default);
    if let Some(found) = &found {
        request.extensions_mut().insert(found.clone());
    }
    Judged(found)
}

async fn body(request: &HttpRequest, payload: Payload, media_type: &str) -> Result<Value, Problem> {
    Entrance::wait(request).await;
    accept(request.headers(), media_type)?;
    let patience = Duration::from_secs(crate::http::state::of(request)?.settings.body_seconds.into());
    let bytes =
        tokio::time::timeout(patience, collect(payload)).await.map_err(|_| Problem::new(&TIMEOUT))??;
    if request.headers().contains_key("idempotency-key") {
        let digest = ring::digest::digest(&ring::digest::SHA256, &bytes);
        request.extensions_mut().insert(BodyDigest(format!("{digest:?}")));
    }
    let value = json::parse(&bytes)?;
    if value.is_object() { Ok(value) } else { Err(Problem::new(&MALFORMED).with("expected", "object")) }
}

/// Refuses a body with another media type, another character encoding, or compression.
pub fn accept(headers: &HeaderMap, media_type: &str) -> Result<(), Problem> {
    let sent = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let mut parts = sent.split(';').map(|it| it.trim().to_ascii_lowercase());
    let is_type = parts.next().is_some_and(|it| it == media_type);
    let is_utf8 =
        parts.all(|it| !it.starts_with("charset=") || it == "charset=utf-8" || it == "charset=\"utf-8\"");
    let is_plain = headers.get(CONTENT_ENCODING).is_none_or(|it| it == "identity");
    if is_type && is_utf8 && is_plain {
        Ok(())
    } else {
        Err(Problem::new(&MEDIA_TYPE).with("expected", media_type))
    }
}

async fn collect(mut payload: Payload) -> Result<web::Bytes, Problem> {
    let mut all = web::BytesMut::new();
    while let Some(part) = payload.next().await {
        let part = part.map_err(|it| Problem::new(&MALFORMED).because(it))?;
        if all.len() + part.len() > BODY_BYTES {
            return Err(Problem::new(&TOO_LARGE).with("max_bytes", BODY_BYTES));
        }
        all.extend_from_slice(&part);
    }
    Ok(all.freeze())
}
