//! HTTP: routes, guards, problems, the contract.
pub mod annexes;
pub mod answer;
pub mod case_problems;
pub mod cases;
pub mod clock;
pub mod config;
pub mod demo;
pub mod download;
pub mod edge;
pub mod files;
pub mod group_meetings;
pub mod guard;
pub mod history;
pub mod joint_activities;
pub mod json;
pub mod keys;
pub mod list;
pub mod meetings;
pub mod mentors;
pub mod mentorships;
pub mod metrics;
pub mod openapi;
pub mod order;
pub mod organizations;
pub mod password;
pub mod people;
pub mod problem;
pub mod programs;
pub mod reports;
pub mod requests;
pub mod state;
pub mod surveys;
pub mod system;
pub mod throttle;
pub mod tokens;
pub mod upload;
pub mod users;

use crate::metrics::Metrics;
use crate::state::State;
use actix_cors::Cors;
use actix_web::body::BoxBody;
use actix_web::dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::{App, Error, HttpServer, web};
use std::time::Duration;
use utoipa_actix_web::AppExt;

/// Serves on the given listener until the returned server is stopped.
pub fn serve(listener: std::net::TcpListener, state: State) -> std::io::Result<Server> {
    let settings = state.settings.clone();
    let state = web::Data::new(state);
    let metrics = web::Data::new(Metrics::new().map_err(std::io::Error::other)?);
    clock::start(&state);
    let server = HttpServer::new(move || app(&state, &metrics));
    let workers = match settings.workers {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        some => usize::from(some),
    };
    let per_worker = usize::try_from(settings.max_connections).unwrap_or(usize::MAX);
    Ok(server
        .workers(workers)
        .max_connections(per_worker)
        .client_request_timeout(Duration::from_secs(settings.header_seconds.into()))
        .client_disconnect_timeout(Duration::from_secs(5))
        .shutdown_timeout(settings.shutdown_seconds.into())
        .listen(listener)?
        .run())
}

/// The application: every route behind the edge.
pub fn app(
    state: &web::Data<State>,
    metrics: &web::Data<Metrics>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    > + use<>,
> {
    let (api, _) = App::new()
        .app_data(state.clone())
        .app_data(metrics.clone())
        .into_utoipa_app()
        .configure(openapi::routes)
        .split_for_parts();
    api.configure(system::outside)
        .service(docs())
        .default_service(web::to(edge::unrouted))
        .wrap(cors(&state.settings.cors_origins))
        .wrap(from_fn(edge::wrap))
}

/// The page on which people read the contract, from files inside the program.
fn docs() -> utoipa_swagger_ui::SwaggerUi {
    utoipa_swagger_ui::SwaggerUi::new("/docs/{_:.*}").config(utoipa_swagger_ui::Config::from("/openapi.json"))
}

fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
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
