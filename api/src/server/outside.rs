//! Routes outside of the API: health, metrics, the contract, public keys.
use super::metrics::Metrics;
use crate::http::answer::Compressible;
use crate::http::state::State;
use crate::region::catalogues::problem_page;
use actix_web::{HttpResponse, Responder, web};
use serde_json::json;

/// The routes outside of the API.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/health/live", web::get().to(live))
        .route("/health/ready", web::get().to(ready))
        .route("/metrics", web::get().to(metrics))
        .route("/openapi.json", web::get().to(openapi))
        .service(web::redirect("/docs", "/docs/"))
        .route("/problems/{code}", web::get().to(problem_page))
        .route("/.well-known/jwks.json", web::get().to(jwks));
}

async fn live() -> impl Responder {
    HttpResponse::Ok().json(json!({"status": "live"}))
}

/// Whether the server is ready: the database of every region must answer.
async fn ready(state: web::Data<State>) -> impl Responder {
    let mut silent = Vec::new();
    for region in state.db.regions() {
        if let Err(failure) = region.ping().await {
            log::warn!("region {} is not ready: {failure}", region.code());
            silent.push(region.code().to_owned());
        }
    }
    match silent.is_empty() {
        true => HttpResponse::Ok().json(json!({"status": "ready", "regions": state.db.regions().len()})),
        false => HttpResponse::ServiceUnavailable()
            .insert_header(("Retry-After", "5"))
            .json(json!({"status": "not ready", "silent": silent.len()})),
    }
}

async fn metrics(metrics: web::Data<Metrics>) -> impl Responder {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(metrics.text())
}

async fn openapi() -> impl Responder {
    let mut answer = HttpResponse::Ok()
        .insert_header(("Cache-Control", "public, max-age=300"))
        .json(crate::openapi::document());
    answer.extensions_mut().insert(Compressible);
    answer
}

async fn jwks(state: web::Data<State>) -> impl Responder {
    HttpResponse::Ok().insert_header(("Cache-Control", "public, max-age=300")).json(state.tokens.jwks())
}
