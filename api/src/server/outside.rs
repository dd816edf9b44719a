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
        .route("/problems/{code}", web::get().to(problem_page))
        .route("/.well-known/jwks.json", web::get().to(jwks));
}

async fn live() -> impl Responder {
    HttpResponse::Ok().json(json!({"status": "live"}))
}

/// Whether the server is ready: the database of every open region must answer. Regions that stay closed do not take
/// the server from the others; alone, they do. A server that stops is not ready.
async fn ready(state: web::Data<State>) -> impl Responder {
    let (regions, closed) = (state.db.regions(), state.db.closed().len());
    let asked = regions.iter().map(async |it| {
        it.ping().await.inspect_err(|why| log::warn!("region {} is not ready: {why}", it.code()))
    });
    let silent = futures_util::future::join_all(asked).await.iter().filter(|it| it.is_err()).count();
    match silent == 0 && (closed == 0 || !regions.is_empty()) && !state.stops() {
        true => {
            HttpResponse::Ok().json(json!({"status": "ready", "regions": regions.len(), "closed": closed}))
        }
        false => HttpResponse::ServiceUnavailable()
            .insert_header(("Retry-After", "5"))
            .json(json!({"status": "not ready", "silent": silent, "closed": closed})),
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
