//! The edge: the work common to every request and every answer.
use crate::http::accepted::{is_english, takes_json};
use crate::http::entered::RequestId;
use crate::http::faults::Found;
use crate::http::order::IsPatch;
use crate::http::problem::{
    BAD_HEADER, INTERNAL, MALFORMED, METHOD, NOT_ACCEPTABLE, NOT_FOUND, Problem, TIMEOUT, TOO_LARGE,
    URI_TOO_LONG,
};
use crate::server::compression::compress;
use crate::server::metrics::Metrics;
use crate::server::origins;
use actix_cors::CorsError;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY, VARY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::http::{ConnectionType, Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, web};
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Bytes of an address at most.
const URI_BYTES: usize = 8 * 1024;
/// The content security policy of the page that shows the contract.
const OF_PAGES: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";
/// The content security policy of all other answers: they load nothing.
const OF_DATA: &str = "default-src 'none'; frame-ancestors 'none'";
/// Bytes of a client's own request id at most.
const REQUEST_ID_BYTES: usize = 64;

/// Wraps every request, the refused ones too: the id, headers, compression, log and metrics.
pub async fn wrap(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let began = Instant::now();
    let request_id = request_id(request.headers());
    request.extensions_mut().insert(RequestId(request_id.clone()));
    let (method, is_page) = (request.method().clone(), request.path().starts_with("/docs"));
    let trace = request.headers().get("traceparent").cloned();
    let metrics = request.app_data::<web::Data<Metrics>>().cloned();
    let state = crate::http::state::of(request.request()).ok();
    let mut answer = compress(told(next.call(request).await?));
    let route = answer.request().match_pattern().unwrap_or_else(|| "unmatched".into());
    let status = answer.status();
    finish(answer.headers_mut(), &request_id, trace, is_page);
    if state.is_some_and(|it| it.stops()) {
        answer.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    if let Some(metrics) = metrics {
        metrics.observe(&method, &route, status, began.elapsed());
    }
    log(&method, &route, status, began, &request_id);
    Ok(answer)
}

/// Admits a request to its handler: limits, HEAD and PATCH, and problems in the client's language.
pub async fn admit(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if let Some(problem) = refuse(&request) {
        let (request, _) = request.into_parts();
        return Ok(render(request, &problem));
    }
    disguise(&mut request);
    let answer = told(next.call(request).await?);
    // The guard refuses a body with faults. A handler that passes it by would be a fault of ours, but nothing faulty is answered.
    let found =
        answer.request().extensions().get::<Found>().cloned().filter(|_| answer.status().is_success());
    match found.map_or(Ok(()), |it| it.refuse(&[])) {
        Ok(()) => Ok(answer),
        Err(refused) => {
            let (request, _) = answer.into_parts();
            Ok(render(request, &refused.into()))
        }
    }
}

/// The answer, where a problem is told as one of this API.
fn told(answer: ServiceResponse<impl MessageBody + 'static>) -> ServiceResponse<BoxBody> {
    match problem_of(&answer) {
        Some(problem) => {
            let (request, _) = answer.into_parts();
            render(request, &problem)
        }
        None => answer.map_into_boxed_body(),
    }
}

/// The client's own id if it is well-formed, otherwise a new one.
fn request_id(headers: &HeaderMap) -> String {
    let decent = |it: &&str| {
        (1..=REQUEST_ID_BYTES).contains(&it.len())
            && it.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.'))
    };
    let sent = headers.get("x-request-id").and_then(|it| it.to_str().ok()).filter(decent);
    sent.map_or_else(mint, str::to_owned)
}

/// A new id. Nobody can guess the next one from it, and making it needs no system call.
fn mint() -> String {
    static SECRET: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    uuid::Uuid::from_u64_pair(SECRET.hash_one(count), SECRET.hash_one(!count)).simple().to_string()
}

fn refuse(request: &ServiceRequest) -> Option<Problem> {
    let address = request.uri().path_and_query().map(|it| it.as_str()).unwrap_or_default();
    if address.len() > URI_BYTES {
        return Some(Problem::new(&URI_TOO_LONG).with("max_bytes", URI_BYTES));
    }
    if address.contains('%') && address.contains("%00") {
        return Some(Problem::new(&MALFORMED));
    }
    let lengths = request.headers().get_all("content-length").count();
    if lengths > 1 {
        return Some(Problem::new(&BAD_HEADER).with("header", "Content-Length"));
    }
    let is_api = request.path().starts_with("/api/") && !request.path().ends_with("/content");
    if is_api && !takes_json(request.headers()) { Some(Problem::new(&NOT_ACCEPTABLE)) } else { None }
}

/// Turns HEAD into GET, whose body is not sent, and PATCH into PUT, whose body is merged into the form.
fn disguise(request: &mut ServiceRequest) {
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    if request.method() == Method::PATCH {
        request.extensions_mut().insert(IsPatch);
        request.head_mut().method = Method::PUT;
    }
}

/// The problem of a handler or an extractor. Errors of actix become problems of this API.
fn problem_of<B>(answer: &ServiceResponse<B>) -> Option<Problem> {
    let response = answer.response();
    if let Some(error) = response.error() {
        if let Some(problem) = error.as_error::<Problem>() {
            return Some(problem.clone());
        }
        if let Some(error) = error.as_error::<CorsError>() {
            return Some(origins::problem(error));
        }
        return Some(foreign(response.status()).because(error));
    }
    None
}

/// The problem for a status with which a library refused the request.
fn foreign(status: StatusCode) -> Problem {
    Problem::new(match status.as_u16() {
        404 => &NOT_FOUND,
        408 => &TIMEOUT,
        413 => &TOO_LARGE,
        400..500 => &MALFORMED,
        _ => &INTERNAL,
    })
}

fn render(request: HttpRequest, problem: &Problem) -> ServiceResponse<BoxBody> {
    let request_id = request.extensions().get::<RequestId>().map(|it| it.0.clone()).unwrap_or_default();
    if let Some(cause) = problem.cause() {
        log::warn!("{request_id} {}: {cause}", problem.code());
    }
    let is_query = request.method() == Method::GET;
    let problem = if is_query { problem.clone().of_query() } else { problem.clone() };
    let answer = problem.answer(is_english(request.headers()), &request_id);
    ServiceResponse::new(request, answer)
}

/// Sets the headers of an answer. The default is `no-store`, because almost every answer is about a person.
fn finish(headers: &mut HeaderMap, request_id: &str, trace: Option<HeaderValue>, is_page: bool) {
    headers.reserve(8);
    if let Ok(request_id) = HeaderValue::from_str(request_id) {
        headers.insert(HeaderName::from_static("x-request-id"), request_id);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if let Some(trace) = trace {
        headers.insert(HeaderName::from_static("traceparent"), trace);
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    headers.insert(VARY, HeaderValue::from_static("accept-language, accept-encoding, origin"));
    headers
        .insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(if is_page { OF_PAGES } else { OF_DATA }));
}

/// Logs the pattern of the route, not the address, so that ids and queries stay out of the log.
fn log(method: &Method, route: &str, status: StatusCode, began: Instant, request_id: &str) {
    let took_ms = began.elapsed().as_secs_f64() * 1000.0;
    if status.is_server_error() {
        log::error!("{method} {route} {} {took_ms:.1} ms {request_id}", status.as_u16());
    } else {
        log::info!("{method} {route} {} {took_ms:.1} ms {request_id}", status.as_u16());
    }
}

/// Answers a request without a route: 405 with `Allow` for another method of a known address, otherwise 404.
pub async fn unrouted(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let allowed = crate::openapi::methods_at(request.path());
    if allowed.is_empty() {
        return Err(Problem::new(&NOT_FOUND));
    }
    let mut all: Vec<&str> = allowed.iter().map(String::as_str).collect();
    if all.contains(&"GET") {
        all.push("HEAD");
    }
    Err(Problem::new(&METHOD).with_header("Allow", all.join(", ")))
}
