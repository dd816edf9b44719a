//! One region in one PostgreSQL schema: pipelined readers, pooled writers. A connection belongs to one region for life.
use crate::engine::failure::Failure;
use diesel::prelude::*;
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod, deadpool,
};
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use futures_util::FutureExt;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio_postgres::config::SslMode;

type Pool = deadpool::Pool<AsyncPgConnection>;
/// A connection that requests of one thread share, and a flag for the end of its socket.
type Pipe = Rc<(AsyncPgConnection, Arc<AtomicBool>)>;

/// Shared read connections of one worker thread for one region.
const PIPES: usize = 2;
/// The time to wait for a connection or a place in the pool. After it, the request is answered with 503.
const PATIENCE: Duration = Duration::from_secs(2);

thread_local! {
    static OPEN: RefCell<Vec<(Arc<Address>, Pipe)>> = const { RefCell::new(Vec::new()) };
    static TURN: Cell<usize> = const { Cell::new(0) };
}

/// The address of a region's schema.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Address {
    pub(crate) url: String,
    pub(crate) schema: String,
}

/// The connections of one schema.
pub(crate) struct Door {
    address: Arc<Address>,
    pool: Pool,
}

impl Door {
    pub(crate) fn open(address: Address, writers: usize) -> Result<Self, Failure> {
        let mut config = ManagerConfig::default();
        config.recycling_method = RecyclingMethod::Fast;
        let schema = address.schema.clone();
        config.custom_setup = Box::new(move |url| {
            let address = Address { url: url.to_owned(), schema: schema.clone() };
            async move { Ok(connect(&address).await?.0) }.boxed()
        });
        let manager = AsyncDieselConnectionManager::new_with_config(&address.url, config);
        let pool = Pool::builder(manager)
            .max_size(writers)
            .wait_timeout(Some(PATIENCE))
            .create_timeout(Some(PATIENCE))
            .runtime(::deadpool::Runtime::Tokio1)
            .build()
            .map_err(Failure::broken)?;
        Ok(Self { address: Arc::new(address), pool })
    }

    /// A shared connection that cannot write.
    pub(crate) async fn reader(&self) -> Result<Pipe, Failure> {
        let turn = TURN.replace(TURN.get().wrapping_add(1));
        let open = OPEN.with_borrow_mut(|all| {
            all.retain(|(_, pipe)| !pipe.1.load(Ordering::Relaxed));
            let mine = all.iter().filter(|(it, _)| Arc::ptr_eq(it, &self.address)).map(|(_, pipe)| pipe);
            if mine.clone().count() < PIPES { None } else { mine.clone().nth(turn % PIPES).cloned() }
        });
        if let Some(pipe) = open {
            return Ok(pipe);
        }
        let pipe: Pipe = Rc::new(patiently(connect(&self.address)).await?);
        SimpleAsyncConnection::batch_execute(&mut &pipe.0, "SET default_transaction_read_only = on").await?;
        OPEN.with_borrow_mut(|all| all.push((self.address.clone(), pipe.clone())));
        Ok(pipe)
    }

    /// A connection for one transaction alone.
    pub(crate) async fn writer(&self) -> Result<Held, Failure> {
        match self.pool.get().await {
            Ok(object) => Ok(Held(Some(object))),
            // All connections are in use. The database is reachable but has too much work.
            Err(deadpool::PoolError::Timeout(::deadpool::managed::TimeoutType::Wait)) => Err(Failure::Busy),
            Err(error) => Err(Failure::Unavailable(error.to_string())),
        }
    }

    pub(crate) fn close(&self) {
        self.pool.close();
    }
}

/// A pooled connection that may be inside a transaction. It is closed and not reused unless it is given back
/// explicitly. That covers a panic, a task dropped at shutdown and a failed COMMIT.
pub(crate) struct Held(Option<deadpool::Object<AsyncPgConnection>>);

impl Held {
    pub(crate) fn conn(&self) -> Result<&AsyncPgConnection, Failure> {
        self.0.as_deref().ok_or_else(|| Failure::broken("a connection used after it was given back"))
    }
    pub(crate) fn give_back(mut self) {
        drop(self.0.take());
    }
}
impl Drop for Held {
    fn drop(&mut self) {
        if let Some(object) = self.0.take() {
            drop(deadpool::Object::take(object));
        }
    }
}

pub(crate) async fn batch(conn: &AsyncPgConnection, sql: &str) -> QueryResult<()> {
    SimpleAsyncConnection::batch_execute(&mut &*conn, sql).await
}

async fn patiently<T>(work: impl Future<Output = ConnectionResult<T>>) -> Result<T, Failure> {
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(done) => done.map_err(|it| Failure::Unavailable(it.to_string())),
        Err(_) => Err(Failure::Unavailable("no connection in time".into())),
    }
}

/// A connection outside of any region. It finds and creates the schemas of regions.
pub(crate) async fn lobby(url: &str) -> Result<AsyncPgConnection, Failure> {
    let address = Address { url: url.to_owned(), schema: "public".into() };
    patiently(connect(&address)).await.map(|it| it.0)
}

async fn connect(address: &Address) -> ConnectionResult<(AsyncPgConnection, Arc<AtomicBool>)> {
    let bad = |it: tokio_postgres::Error| ConnectionError::BadConnection(it.to_string());
    let config: tokio_postgres::Config = address.url.parse().map_err(bad)?;
    let ended = Arc::new(AtomicBool::new(false));
    let flag = ended.clone();
    let client = if config.get_ssl_mode() == SslMode::Require {
        let (client, socket) =
            config.connect(tokio_postgres_rustls::MakeRustlsConnect::new(tls()?)).await.map_err(bad)?;
        tokio::spawn(async move { note_end(socket.await, &flag) });
        client
    } else {
        let (client, socket) = config.connect(tokio_postgres::NoTls).await.map_err(bad)?;
        tokio::spawn(async move { note_end(socket.await, &flag) });
        client
    };
    let conn = AsyncPgConnection::try_from(client).await?;
    let setup = format!(
        "SET search_path = \"{}\"; SET TIME ZONE 'UTC'; SET statement_timeout = '10s'; \
         SET idle_in_transaction_session_timeout = '15s'",
        address.schema
    );
    batch(&conn, &setup).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok((conn, ended))
}

fn note_end(end: Result<(), tokio_postgres::Error>, ended: &AtomicBool) {
    ended.store(true, Ordering::Relaxed);
    if let Err(error) = end {
        log::warn!("a PostgreSQL connection ended: {error}");
    }
}

fn tls() -> ConnectionResult<rustls::ClientConfig> {
    let bad = |it: rustls::Error| ConnectionError::BadConnection(it.to_string());
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(bad)?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
