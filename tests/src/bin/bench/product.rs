//! The product as `nastavnik serve` starts it, on existing data.
use crate::server::announce;
use api::http::state::State;
use persistence::db::{Db, Limits};
use persistence::engine::column::machine_clock;
use std::sync::Arc;

/// Serves until the process ends. The arguments are those of the program.
pub async fn serve(flags: &[String]) {
    let settings = tests::settings(flags);
    env_logger::Builder::new().parse_filters(&settings.log).format_timestamp_millis().init();
    let limits = Limits {
        queue_length: usize::try_from(settings.write_queue).expect("a length"),
        writers: usize::from(settings.pg_writers),
        only: settings.regions.clone(),
    };
    let master = api::server::keys::master(&settings.keys).expect("a key");
    let tokens = api::server::keys::tokens(&settings.keys, &settings.public_url).expect("a key");
    let db = Db::at(&settings.database_url, master, Arc::new(machine_clock), limits).expect("an address");
    db.open().await.expect("a database");
    let listener = std::net::TcpListener::bind(settings.listen).expect("a port");
    let address = listener.local_addr().expect("an address");
    let server = api::server::serve(listener, State::new(db, tokens, settings)).expect("a server");
    announce(address);
    server.await.expect("the server ends well");
}
