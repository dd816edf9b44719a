//! One region in one PostgreSQL schema: pipelined readers, pooled writers. A connection belongs to one region for life.
//!
//! A database that is silent must not hold requests: connecting, each statement and each answer have a deadline. A
//! connection that missed it is dropped, and while the database is silent, one request at a time tries to connect.
use crate::engine::failure::Failure;
use deadpool::managed::{self, Metrics, PoolError, RecycleError, RecycleResult, TimeoutType};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::AbortHandle;
use tokio::time::Instant;
use tokio_postgres::config::SslMode;

/// A connection that requests of one thread share.
type Pipe = Rc<Line>;

/// Shared read connections of one worker thread for one region.
const PIPES: usize = 2;
/// The time to connect. After it, the request is answered with 503.
const CONNECTS: Duration = Duration::from_secs(2);
/// The time to wait for a connection of the pool.
const QUEUES: Duration = Duration::from_secs(1);
/// Connections of the pool for jobs, long reads and the numbering of facts, beside those of the writes that run at once.
const BESIDE_WRITES: usize = 15;
/// The time to wait for the turn of a write. An upload before it may take seconds; where the database falls silent, the turns come
/// at once.
const TURNS: Duration = Duration::from_secs(10);
/// The time between two answers of the database within a write. The server ends a statement a little earlier, so that
/// one that waits for a lock costs no connection.
pub(crate) const SILENCE: Duration = Duration::from_secs(2);
/// The time for a short read with all its waiting.
pub(crate) const READS: Duration = Duration::from_millis(2500);
/// The time between two answers within a migration, a job or a long read.
pub(crate) const LONG: Duration = Duration::from_secs(600);

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

/// A connection and its socket.
pub(crate) struct Line {
    conn: AsyncPgConnection,
    has_ended: Arc<AtomicBool>,
    socket: AbortHandle,
}

impl Line {
    pub(crate) fn conn(&self) -> &AsyncPgConnection {
        &self.conn
    }
    pub(crate) fn has_ended(&self) -> bool {
        self.has_ended.load(Ordering::Relaxed)
    }
    /// Closes the socket at once. The server rolls its work for it back, or has committed it.
    pub(crate) fn cut(&self) {
        self.has_ended.store(true, Ordering::Relaxed);
        self.socket.abort();
    }
}

/// Makes the connections of the pool.
struct Lines(Arc<Address>);

/// The settings of a connection. Compiling a plan takes longer than the statements of this program run.
const SETTINGS: &str = "SET TIME ZONE 'UTC'; SET statement_timeout = '1800ms'; \
    SET idle_in_transaction_session_timeout = '15s'; SET jit = off";
/// The settings of a connection that writes. Its statements find single rows by an index, so their plans do not depend on
/// values. A scan of a table would cross every other write to it.
const WRITES: &str = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off";
/// The settings of a long transaction on such a connection.
macro_rules! long {
    ($begin:literal, $then:literal) => {
        concat!(
            $begin,
            "; SET LOCAL statement_timeout = 0; SET LOCAL plan_cache_mode = auto; SET LOCAL enable_seqscan = on; ",
            $then
        )
    };
}
pub(crate) use long;

impl managed::Manager for Lines {
    type Type = Line;
    type Error = ConnectionError;
    async fn create(&self) -> Result<Line, ConnectionError> {
        let line = connect(&self.0).await?;
        batch(&line.conn, WRITES).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(line)
    }
    async fn recycle(&self, it: &mut Line, _: &Metrics) -> RecycleResult<ConnectionError> {
        if it.has_ended() { Err(RecycleError::message("its socket has ended")) } else { Ok(()) }
    }
}

/// Whether the database has missed a deadline since it last let somebody in, and whether somebody is trying.
#[derive(Default)]
struct Quiet {
    is_silent: AtomicBool,
    is_tried: AtomicBool,
}

/// The connections of one schema.
pub(crate) struct Door {
    address: Arc<Address>,
    pool: managed::Pool<Lines>,
    /// The turns of writes.
    turns: Semaphore,
    quiet: Quiet,
}

impl Door {
    pub(crate) fn open(address: Address, writers: usize) -> Result<Self, Failure> {
        let address = Arc::new(address);
        let pool = managed::Pool::builder(Lines(address.clone()))
            .max_size(writers + BESIDE_WRITES)
            .wait_timeout(Some(QUEUES))
            .create_timeout(Some(CONNECTS))
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .map_err(Failure::broken)?;
        Ok(Self { address, pool, turns: Semaphore::new(writers), quiet: Quiet::default() })
    }

    /// The turn of a write of a request. Writes that ran beside it would be repeated more often than they save time, because
    /// they meet on the newest pages of indexes.
    pub(crate) async fn turn(&self) -> Result<SemaphorePermit<'_>, Failure> {
        if let Ok(turn) = self.turns.try_acquire() {
            return Ok(turn);
        }
        match tokio::time::timeout(TURNS, self.turns.acquire()).await {
            // Those who have waited while the database fell silent would only wait again.
            Ok(_) if self.quiet.is_silent.load(Ordering::Relaxed) => {
                Err(Failure::Unavailable("it does not answer".into()))
            }
            Ok(turn) => turn.map_err(Failure::broken),
            Err(_) => Err(Failure::Busy),
        }
    }

    /// A shared connection that cannot write.
    pub(crate) async fn reader(&self) -> Result<Pipe, Failure> {
        let turn = TURN.replace(TURN.get().wrapping_add(1));
        let open = OPEN.with_borrow_mut(|all| {
            all.retain(|(_, pipe)| !pipe.has_ended());
            let mine = all.iter().filter(|(it, _)| Arc::ptr_eq(it, &self.address)).map(|(_, pipe)| pipe);
            if mine.clone().count() < PIPES { None } else { mine.clone().nth(turn % PIPES).cloned() }
        });
        if let Some(pipe) = open {
            return Ok(pipe);
        }
        let pipe = async {
            let pipe: Pipe = Rc::new(patiently(connect(&self.address)).await?);
            batch(pipe.conn(), "SET default_transaction_read_only = on").await?;
            Ok(pipe)
        };
        let pipe = self.try_in(pipe).await?;
        OPEN.with_borrow_mut(|all| all.push((self.address.clone(), pipe.clone())));
        Ok(pipe)
    }

    /// A connection for one transaction alone.
    pub(crate) async fn writer(&self) -> Result<Held, Failure> {
        let held = async {
            match self.pool.get().await {
                Ok(object) => Ok(Held(Some(object))),
                // All connections are in use. The database is reachable but has too much work.
                Err(PoolError::Timeout(TimeoutType::Wait)) => Err(Failure::Busy),
                Err(PoolError::Timeout(_)) => Err(self.fell_silent()),
                Err(error) => Err(Failure::Unavailable(error.to_string())),
            }
        };
        self.try_in(held).await
    }

    /// Tries to get a connection. While the database is silent, all but one are refused at once: they would only wait
    /// for the deadline, and come all together when it answers again.
    async fn try_in<T>(&self, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        let quiet = &self.quiet;
        if !quiet.is_silent.load(Ordering::Relaxed) {
            return work.await;
        }
        if quiet.is_tried.swap(true, Ordering::Relaxed) {
            return Err(Failure::Unavailable("it does not answer".into()));
        }
        let _tried = Tried(&quiet.is_tried);
        let done = work.await;
        quiet.is_silent.store(done.is_err(), Ordering::Relaxed);
        done
    }

    /// Notes that a deadline was missed.
    pub(crate) fn fell_silent(&self) -> Failure {
        if !self.quiet.is_silent.swap(true, Ordering::Relaxed) {
            log::warn!("{} does not answer in time", self.address.schema);
        }
        Failure::Unavailable("no answer in time".into())
    }

    pub(crate) fn close(&self) {
        self.pool.close();
    }
}

/// Marks the end of a try, also of one that was given up.
struct Tried<'q>(&'q AtomicBool);
impl Drop for Tried<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// A pooled connection that may be inside a transaction. It is closed and not reused unless it is given back
/// explicitly. That covers a panic, a task dropped at shutdown and a failed COMMIT.
pub(crate) struct Held(Option<managed::Object<Lines>>);

impl Held {
    pub(crate) fn conn(&self) -> Result<&AsyncPgConnection, Failure> {
        let line = self.0.as_deref().map(Line::conn);
        line.ok_or_else(|| Failure::broken("a connection used after it was given back"))
    }
    pub(crate) fn give_back(mut self) {
        drop(self.0.take());
    }
}
impl Drop for Held {
    fn drop(&mut self) {
        if let Some(object) = self.0.take() {
            managed::Object::take(object).cut();
        }
    }
}

/// Work with the database, given up when nothing has come back for so long. Each poll but that of the timer follows an
/// answer, as the work awaits nothing else.
pub(crate) async fn answered<T>(within: Duration, work: impl Future<Output = T>) -> Option<T> {
    let (mut work, mut silence) = (pin!(work), pin!(tokio::time::sleep(within)));
    std::future::poll_fn(|cx| {
        if let Poll::Ready(done) = work.as_mut().poll(cx) {
            return Poll::Ready(Some(done));
        }
        if silence.as_mut().poll(cx).is_ready() {
            return Poll::Ready(None);
        }
        silence.as_mut().reset(Instant::now() + within);
        silence.as_mut().poll(cx).map(|()| None)
    })
    .await
}

pub(crate) async fn batch(conn: &AsyncPgConnection, sql: &str) -> QueryResult<()> {
    SimpleAsyncConnection::batch_execute(&mut &*conn, sql).await
}

async fn patiently<T>(work: impl Future<Output = ConnectionResult<T>>) -> Result<T, Failure> {
    match tokio::time::timeout(CONNECTS, work).await {
        Ok(done) => done.map_err(|it| Failure::Unavailable(it.to_string())),
        Err(_) => Err(Failure::Unavailable("no connection in time".into())),
    }
}

/// A connection outside of any region. It finds and creates the schemas of regions.
pub(crate) async fn lobby(url: &str) -> Result<AsyncPgConnection, Failure> {
    let address = Address { url: url.to_owned(), schema: "public".into() };
    patiently(connect(&address)).await.map(|it| it.conn)
}

async fn connect(address: &Address) -> ConnectionResult<Line> {
    let bad = |it: tokio_postgres::Error| ConnectionError::BadConnection(it.to_string());
    let mut config: tokio_postgres::Config = address.url.parse().map_err(bad)?;
    config.connect_timeout(CONNECTS).tcp_user_timeout(CONNECTS * 5).keepalives_idle(CONNECTS * 5);
    // So `pg_stat_activity` tells whose connection it is.
    if config.get_application_name().is_none() {
        config.application_name(&address.schema);
    }
    let has_ended = Arc::new(AtomicBool::new(false));
    let end = End(has_ended.clone());
    let (client, socket) = if config.get_ssl_mode() == SslMode::Require {
        let (client, socket) =
            config.connect(tokio_postgres_rustls::MakeRustlsConnect::new(tls()?)).await.map_err(bad)?;
        (client, tokio::spawn(async move { note_end(socket.await, end) }))
    } else {
        let (client, socket) = config.connect(tokio_postgres::NoTls).await.map_err(bad)?;
        (client, tokio::spawn(async move { note_end(socket.await, end) }))
    };
    let conn = AsyncPgConnection::try_from(client).await?;
    let line = Line { conn, has_ended, socket: socket.abort_handle() };
    let setup = format!("SET search_path = \"{}\"; {SETTINGS}", address.schema);
    batch(&line.conn, &setup).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(line)
}

/// Marks the end of a socket, also when the thread that drove it has ended.
struct End(Arc<AtomicBool>);
impl Drop for End {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn note_end(end: Result<(), tokio_postgres::Error>, _: End) {
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
