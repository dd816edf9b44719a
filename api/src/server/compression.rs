//! Compression of answers: gzip, for what is long enough and holds no secret.
use crate::http::accepted::takes_gzip;
use crate::http::answer::Compressible;
use crate::http::tags;
use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_ENCODING, ETAG, HeaderMap, HeaderValue};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// Bytes from which an answer is compressed. Less fits into one packet anyway.
const WORTH: usize = 1400;
/// Answers are made anew for each client, so time counts more than the last tenth of their length.
const LEVEL: Compression = Compression::new(3);

/// Compresses the answer if its type allows it and the client takes it. A body that is made while it is sent stays as it is.
pub fn compress(answer: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    if !answer.response().extensions().contains::<Compressible>() {
        return answer;
    }
    if answer.status() == StatusCode::NOT_MODIFIED {
        return name_what_is_known(answer);
    }
    if !takes_gzip(answer.request().headers()) {
        return answer;
    }
    let (request, response) = answer.into_parts();
    let (response, body) = response.into_parts();
    let response = match body.try_into_bytes() {
        Ok(plain) if plain.len() >= WORTH => match gzip(&plain) {
            Ok(packed) => marked(response.set_body(BoxBody::new(packed))),
            Err(_) => response.set_body(BoxBody::new(plain)),
        },
        Ok(plain) => response.set_body(BoxBody::new(plain)),
        Err(streamed) => response.set_body(streamed),
    };
    ServiceResponse::new(request, response)
}

/// The bytes, packed.
pub(super) fn gzip(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packed = GzEncoder::new(Vec::with_capacity(plain.len() / 4), LEVEL);
    packed.write_all(plain)?;
    packed.finish()
}

/// A compressed answer has a tag of its own (RFC 9110 §8.8.3).
fn marked(mut response: HttpResponse<BoxBody>) -> HttpResponse<BoxBody> {
    response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    retag(response.headers_mut());
    response
}

fn retag(headers: &mut HeaderMap) {
    let tag = headers.get(ETAG).and_then(|it| it.to_str().ok()).map(tags::compressed);
    if let Some(tag) = tag.and_then(|it| HeaderValue::from_str(&it).ok()) {
        headers.insert(ETAG, tag);
    }
}

/// Answers 304 with the tag that the client has.
fn name_what_is_known(mut answer: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    if tags::names_compressed(answer.request().headers()) {
        retag(answer.headers_mut());
    }
    answer
}
