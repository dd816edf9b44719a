//! Stopping: a server that ends lets nobody down who has asked already.
//!
//! At SIGTERM, `/health/ready` turns red and each answer closes its connection, while the server goes on. So a balancer looks
//! elsewhere, and no client sends its next request into a connection that ends. A second later the server accepts no more and
//! finishes what is under way.
use crate::http::state::State;
use actix_web::web;
use std::time::Duration;

/// The time between the signal and the end of accepting.
const NOTICE: Duration = Duration::from_secs(1);

/// Ends when the server is to accept no more connections.
pub(super) async fn signal(state: web::Data<State>) {
    if let Err(why) = told_to_end().await {
        log::error!("signals cannot be heard: {why}");
        return std::future::pending().await;
    }
    state.begin_to_stop();
    tokio::time::sleep(NOTICE).await;
}

#[cfg(unix)]
async fn told_to_end() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut term, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = term.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn told_to_end() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
