//! Server: one process that serves its regions.
//!
//! - [`edge`]: the common work around each request: id, limits, methods, log, metrics. [`origins`]: pages of other sites.
//!   [`compression`]: gzip.
//! - [`clock`]: work that time starts. [`runner`] and [`work`]: jobs.
//! - [`stopping`]: the end of the server.
//! - [`outside`]: health, metrics, the contract. [`docs`]: pages for people. [`keys`]: files of keys.
//!
//! Invariant: nothing below knows that a process serves it.
pub mod clock;
mod compression;
mod docs;
pub mod edge;
pub mod keys;
pub mod metrics;
mod origins;
mod outside;
pub mod runner;
mod stopping;
pub mod work;

pub use docs::make_ahead;

use crate::http::leaving;
use crate::http::state::State;
use crate::server::metrics::Metrics;
use actix_web::body::BoxBody;
use actix_web::dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::{App, Error, HttpServer, web};
use std::any::Any;
use std::time::Duration;

/// Serves on the given listener until the returned server is stopped.
pub fn serve(listener: std::net::TcpListener, state: State) -> std::io::Result<Server> {
    let settings = state.settings.clone();
    let state = web::Data::new(state);
    let metrics = web::Data::new(Metrics::new().map_err(std::io::Error::other)?);
    clock::start(&state);
    let ended = stopping::signal(state.clone());
    let server = HttpServer::new(move || app(&state, &metrics));
    let workers = match settings.workers {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        some => usize::from(some),
    };
    let reader = Duration::from_secs(settings.reader_seconds.into());
    let per_worker = usize::try_from(settings.max_connections).unwrap_or(usize::MAX);
    Ok(server
        .workers(workers)
        .max_connections(per_worker)
        .client_request_timeout(Duration::from_secs(settings.header_seconds.into()))
        .client_disconnect_timeout(Duration::from_secs(5))
        .on_connect(move |connection, requests| {
            cut_off_slow_reader(connection, reader);
            leaving::keep_socket(connection, requests);
        })
        .shutdown_signal(ended)
        .shutdown_timeout(settings.shutdown_seconds.into())
        .listen(listener)?
        .run())
}

/// Lets the system end a connection whose client takes nothing for so long. A worker that waits for the client has no timer of its
/// own: it is not asked for more of the answer.
fn cut_off_slow_reader(connection: &dyn Any, after: Duration) {
    #[cfg(target_os = "linux")]
    if let Some(tcp) = connection.downcast_ref::<actix_web::rt::net::TcpStream>()
        && let Err(error) = socket2::SockRef::from(tcp).set_tcp_user_timeout(Some(after))
    {
        log::warn!("a slow client will not be cut off: {error}");
    }
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
    App::new()
        .app_data(state.clone())
        .app_data(metrics.clone())
        .configure(crate::routes::routes)
        .configure(outside::routes)
        .configure(docs::routes)
        .default_service(web::to(edge::unrouted))
        .wrap(from_fn(edge::admit))
        .wrap(origins::cors(&state.settings.cors_origins))
        .wrap(from_fn(edge::wrap))
}
