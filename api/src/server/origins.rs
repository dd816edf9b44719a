//! Origins: pages of other sites, and the answers that their browsers may show them (CORS).
//!
//! It stands around everything that answers, so that a problem of any layer carries the same headers as an answer.
use crate::http::problem::{BAD_HEADER, METHOD, ORIGIN, Problem};
use actix_cors::{Cors, CorsError};
use actix_web::dev::RequestHead;
use actix_web::http::header::{HOST, HeaderValue};

/// The answers to pages of these sites, and of our own.
pub fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .block_on_origin_mismatch(true)
        .allowed_origin_fn(is_own)
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers([
            "authorization",
            "content-type",
            "accept-language",
            "if-match",
            "if-none-match",
            "idempotency-key",
            "x-request-id",
            "traceparent",
            "range",
            "if-range",
            "content-digest",
        ])
        .expose_headers([
            "etag",
            "location",
            "link",
            "retry-after",
            "x-request-id",
            "idempotency-replayed",
            "accept-ranges",
            "content-range",
            "content-disposition",
            "repr-digest",
        ])
        .max_age(600);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

/// Whether the page is of this server, such as the one that shows the contract. A browser says so itself; an old one sends only
/// the origin, which then is the host that it asked.
fn is_own(origin: &HeaderValue, request: &RequestHead) -> bool {
    if let Some(site) = request.headers().get("sec-fetch-site") {
        return site == "same-origin";
    }
    let host = request.headers().get(HOST).and_then(|it| it.to_str().ok());
    let sent = origin.to_str().ok().and_then(|it| it.split_once("://")).map(|it| it.1);
    sent.is_some() && sent == host
}

/// The problem of a request that is refused for its origin, or of a preflight that asks for too much.
pub fn problem(error: &CorsError) -> Problem {
    match error {
        CorsError::MethodNotAllowed | CorsError::BadRequestMethod => Problem::new(&METHOD),
        CorsError::HeadersNotAllowed | CorsError::BadRequestHeaders => {
            Problem::new(&BAD_HEADER).with("header", "Access-Control-Request-Headers")
        }
        CorsError::MissingOrigin => Problem::new(&BAD_HEADER).with("header", "Origin"),
        _ => Problem::new(&ORIGIN),
    }
}
