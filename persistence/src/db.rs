//! Regions, and the three doors into each: short reads, writes, long reads.
use crate::conn::Conn;
use crate::failure::Failure;
use crate::jobs::{self, Bench};
use crate::journal::{self, Reads};
use crate::page::RegionInfo;
use crate::seal::{MasterKey, RegionKeys};
use crate::tx::{Actor, Tx};
use crate::{migrate, postgres, sqlite};
use diesel::connection::SimpleConnection;
use domain::moment::Moment;
use futures_util::FutureExt;
use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::{Notify, oneshot};

/// What time it is. Tests move it.
pub type Clock = Arc<dyn Fn() -> Moment + Send + Sync>;

/// How much may wait and how much may run at once.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Writes that may wait for the writer of a SQLite region before the next is told to come back: 1024 by default.
    pub queue_length: usize,
    /// Connections that write to a PostgreSQL region at once: 16 by default.
    pub writers: usize,
    /// The only regions that this process opens; all of them where it is empty.
    pub only: Vec<String>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { queue_length: 1024, writers: 16, only: Vec::new() }
    }
}

#[derive(Clone)]
enum Engine {
    Sqlite { folder: PathBuf },
    Postgres { url: String },
}

/// All the regions of this installation.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    engine: Engine,
    key: MasterKey,
    clock: Clock,
    limits: Limits,
    regions: RwLock<BTreeMap<String, Region>>,
}

/// PostgreSQL schemas of regions begin so, which keeps them apart from everything else in the database.
const SCHEMA: &str = "region_";

impl Db {
    /// The installation at `sqlite:FOLDER` or `postgres://…`; any other scheme is refused.
    pub fn at(url: &str, key: MasterKey, clock: Clock, limits: Limits) -> Result<Self, String> {
        let engine = if let Some(folder) = url.strip_prefix("sqlite:") {
            Engine::Sqlite { folder: folder.trim_start_matches("//").into() }
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Engine::Postgres { url: url.to_owned() }
        } else {
            return Err("its scheme is neither sqlite: nor postgres:".into());
        };
        Ok(Self(Arc::new(Inner { engine, key, clock, limits, regions: RwLock::default() })))
    }

    /// The same installation with another clock, and no region open yet: for telling of days gone by.
    pub fn with_clock(&self, clock: Clock) -> Self {
        let Inner { engine, key, limits, .. } = &*self.0;
        let (engine, key, limits) = (engine.clone(), key.clone(), limits.clone());
        Self(Arc::new(Inner { engine, key, clock, limits, regions: RwLock::default() }))
    }

    /// Opens every region that there is and brings each to the newest schema.
    pub async fn open(&self) -> Result<(), Failure> {
        for code in self.mine().await? {
            let region = self.enter(&code).await?;
            self.remember(region);
        }
        Ok(())
    }

    /// The open region with that code.
    pub fn region(&self, code: &str) -> Option<Region> {
        self.0.regions.read().unwrap_or_else(PoisonError::into_inner).get(code).cloned()
    }

    /// All open regions, by code.
    pub fn regions(&self) -> Vec<Region> {
        self.0.regions.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Creates a region: its file or schema, its tables, and the row that says what it is.
    pub async fn add_region(&self, info: RegionInfo) -> Result<Region, Failure> {
        if self.codes().await?.contains(&info.code) {
            return Err(Failure::Broken(format!("there is a region '{}' already", info.code)));
        }
        let code = info.code.clone();
        match &self.0.engine {
            Engine::Sqlite { folder } => std::fs::create_dir_all(folder).map_err(Failure::broken)?,
            Engine::Postgres { url } => {
                let lobby = postgres::lobby(url).await?;
                postgres::batch(&lobby, &format!("CREATE SCHEMA \"{SCHEMA}{code}\"")).await?;
            }
        }
        let door = self.door(&code, true)?;
        let region = self.core(info.clone(), door)?;
        migrate::up(&region).await?;
        region
            .write(Actor::system("region add"), async move |tx: &mut Tx<'_>| {
                journal::found_region(tx, &info).await
            })
            .await?;
        self.remember(region.clone());
        Ok(region)
    }

    /// Opens regions that another process has added since.
    pub async fn refresh(&self) -> Result<(), Failure> {
        for code in self.mine().await? {
            if self.region(&code).is_none() {
                let region = self.enter(&code).await?;
                self.remember(region);
            }
        }
        Ok(())
    }

    /// Erases a region with everything in it. There is no way back.
    pub async fn remove_region(&self, code: &str) -> Result<(), Failure> {
        let region = self.0.regions.write().unwrap_or_else(PoisonError::into_inner).remove(code);
        let Some(region) = region else { return Err(Failure::NotFound(None)) };
        region.shut().await;
        match &self.0.engine {
            Engine::Sqlite { folder } => {
                for ending in ["sqlite", "sqlite-wal", "sqlite-shm"] {
                    let file = folder.join(format!("{code}.{ending}"));
                    if file.exists() {
                        std::fs::remove_file(file).map_err(Failure::broken)?;
                    }
                }
                Ok(())
            }
            Engine::Postgres { url } => {
                let lobby = postgres::lobby(url).await?;
                Ok(postgres::batch(&lobby, &format!("DROP SCHEMA \"{SCHEMA}{code}\" CASCADE")).await?)
            }
        }
    }

    /// Finishes what is queued and closes every region.
    pub async fn close(&self) {
        for region in self.regions() {
            region.shut().await;
        }
    }

    /// The regions of this process among all that there are.
    async fn mine(&self) -> Result<Vec<String>, Failure> {
        let mut codes = self.codes().await?;
        let only = &self.0.limits.only;
        if let Some(missing) = only.iter().find(|it| !codes.contains(it)) {
            return Err(Failure::Broken(format!("there is no region '{missing}'")));
        }
        codes.retain(|it| only.is_empty() || only.contains(it));
        Ok(codes)
    }

    async fn codes(&self) -> Result<Vec<String>, Failure> {
        match &self.0.engine {
            Engine::Sqlite { folder } => Ok(files(folder)),
            Engine::Postgres { url } => {
                let lobby = postgres::lobby(url).await?;
                journal::schemas(&lobby, SCHEMA).await
            }
        }
    }

    fn door(&self, code: &str, create: bool) -> Result<Door, Failure> {
        let limits = &self.0.limits;
        Ok(match &self.0.engine {
            Engine::Sqlite { folder } => Door::Sqlite(sqlite::Door::open(
                &folder.join(format!("{code}.sqlite")),
                limits.queue_length,
                create,
            )?),
            Engine::Postgres { url } => {
                let address = postgres::Address { url: url.clone(), schema: format!("{SCHEMA}{code}") };
                Door::Postgres(postgres::Door::open(address, limits.writers)?)
            }
        })
    }

    fn core(&self, info: RegionInfo, door: Door) -> Result<Region, Failure> {
        let keys = self.0.key.of_region(&info.code)?;
        let (clock, reads) = (self.0.clock.clone(), Reads::default());
        let (established, bench) = (Notify::new(), Bench::default());
        Ok(Region(Arc::new(RegionCore {
            info,
            door,
            keys,
            clock,
            reads,
            established,
            bench,
            mentor_sides: Default::default(),
        })))
    }

    async fn enter(&self, code: &str) -> Result<Region, Failure> {
        let unknown = RegionInfo::unknown(code);
        let region = self.core(unknown, self.door(code, false)?)?;
        migrate::up(&region).await?;
        let info = region
            .read(Actor::system("open"), async |tx: &mut Tx<'_>| journal::region_info(tx).await)
            .await?;
        let core = Arc::into_inner(region.0)
            .ok_or_else(|| Failure::broken("a region in use before it was opened"))?;
        self.core(info, core.door)
    }

    fn remember(&self, region: Region) {
        let mut all = self.0.regions.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(region.code().to_owned(), region);
    }
}

fn files(folder: &std::path::Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path());
    let regions = names.filter(|it| it.extension().is_some_and(|it| it == "sqlite"));
    let mut codes: Vec<String> =
        regions.filter_map(|it| it.file_stem()?.to_str().map(str::to_owned)).collect();
    codes.sort();
    codes
}

enum Door {
    Sqlite(sqlite::Door),
    Postgres(postgres::Door),
}

/// What every transaction of a region shares.
pub struct RegionCore {
    pub(crate) info: RegionInfo,
    door: Door,
    pub(crate) keys: RegionKeys,
    clock: Clock,
    pub(crate) reads: Reads,
    pub(crate) mentor_sides: crate::matching::remembered::Sides,
    established: Notify,
    bench: Bench,
}

impl RegionCore {
    pub(crate) fn now(&self) -> Moment {
        (self.clock)()
    }
}

/// One tenant: a database of its own.
#[derive(Clone)]
pub struct Region(Arc<RegionCore>);

/// A piece of work that may be repeated when it crosses another transaction, hence `AsyncFn`.
pub trait Work<T>: AsyncFn(&mut Tx<'_>) -> Result<T, Failure> {}
impl<T, F: AsyncFn(&mut Tx<'_>) -> Result<T, Failure>> Work<T> for F {}

/// Attempts before a transaction that keeps crossing others is given up.
const ATTEMPTS: u32 = 8;
/// After so many attempts beside others it gets the region to itself. PostgreSQL tells transactions apart by pages of an index, and
/// whoever writes the newest rows shares the newest page with everybody else: without a turn of its own, a long transaction among
/// many writers might never get through.
const BESIDE_OTHERS: u32 = 3;

/// How a transaction begins that runs beside others. Locking a table takes no snapshot yet, so who had to wait sees what was done
/// meanwhile.
const BEGIN: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE schema_migrations IN ROW SHARE MODE";
/// How one begins that waits for the others' end and lets none begin before its own.
const BEGIN_ALONE: &str =
    "BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE schema_migrations IN EXCLUSIVE MODE";

impl Region {
    /// Its code.
    pub fn code(&self) -> &str {
        &self.0.info.code
    }
    /// What it is.
    pub fn info(&self) -> &RegionInfo {
        &self.0.info
    }
    /// The instant its clock shows.
    pub fn now(&self) -> Moment {
        self.0.now()
    }
    /// Its keys.
    pub fn keys(&self) -> &RegionKeys {
        &self.0.keys
    }
    /// Whether its engine is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self.0.door, Door::Postgres(_))
    }
    /// The file of a SQLite region.
    pub fn file(&self) -> Option<&std::path::Path> {
        match &self.0.door {
            Door::Sqlite(door) => Some(door.path()),
            Door::Postgres(_) => None,
        }
    }

    /// Short reading. SQLite works inline on this thread's own connection, PostgreSQL on a shared, pipelined one.
    pub async fn read<T>(&self, actor: impl Borrow<Actor>, work: impl Work<T>) -> Result<T, Failure> {
        let actor = actor.borrow();
        match &self.0.door {
            Door::Sqlite(door) => {
                door.read(async |conn| work(&mut Tx::begin(Conn::Sqlite(conn), &self.0, actor)).await).await
            }
            Door::Postgres(door) => {
                let pipe = door.reader().await?;
                match work(&mut Tx::begin(Conn::Postgres(&pipe.0), &self.0, actor)).await {
                    // The server closed an idle connection: a fresh one tells whether the database is there.
                    Err(Failure::Unavailable(_)) => {
                        let pipe = door.reader().await?;
                        work(&mut Tx::begin(Conn::Postgres(&pipe.0), &self.0, actor)).await
                    }
                    done => done,
                }
            }
        }
    }

    /// One durable transaction. It runs to its end even when the client has gone. Nothing but the database may be awaited in it.
    pub async fn write<T, F>(&self, actor: Actor, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: Work<T> + Send + 'static,
    {
        self.write_beside(BESIDE_OTHERS, actor, work).await
    }

    /// The same, while no other writes.
    pub(crate) async fn write_alone<T, F>(&self, actor: Actor, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: Work<T> + Send + 'static,
    {
        self.write_beside(0, actor, work).await
    }

    /// SQLite has one writer at a time anyway.
    async fn write_beside<T, F>(&self, beside_others: u32, actor: Actor, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: Work<T> + Send + 'static,
    {
        let done = match &self.0.door {
            Door::Sqlite(door) => self.write_sqlite(door, actor, work).await,
            Door::Postgres(_) => {
                let region = self.clone();
                let write = async move { region.write_postgres(beside_others, &actor, &work).await };
                tokio::task::spawn_local(write)
                    .await
                    .map_err(|it| Failure::broken(format!("a transaction broke off: {it}")))?
            }
        };
        let (value, told) = done?;
        if told.established {
            self.0.established.notify_one();
        }
        if told.enqueued {
            self.0.bench.wake();
        }
        Ok(value)
    }

    async fn write_sqlite<T, F>(
        &self,
        door: &sqlite::Door,
        actor: Actor,
        work: F,
    ) -> Result<(T, Told), Failure>
    where
        T: Send + 'static,
        F: Work<T> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let core = self.0.clone();
        door.enqueue(Box::new(move |conn| {
            let ready = attempt(Conn::Sqlite(conn), &core, &actor, &work).now_or_never();
            let done = ready.unwrap_or_else(|| {
                Err(Failure::broken("a transaction awaited something that is not the database"))
            });
            (done.is_ok(), Box::new(move |committed| drop(tell.send(committed.and(done)))))
        }))?;
        told.await.map_err(|_| Failure::broken("a transaction broke off"))?
    }

    async fn write_postgres<T, F: Work<T>>(
        &self,
        beside_others: u32,
        actor: &Actor,
        work: &F,
    ) -> Result<(T, Told), Failure> {
        for attempt in 0..ATTEMPTS {
            let begin = if attempt < beside_others { BEGIN } else { BEGIN_ALONE };
            match self.attempt_postgres(begin, actor, work).await {
                Err(Failure::Crossed(why)) => log::debug!("repeating a transaction: {why}"),
                done => return done,
            }
            let pause_ms = u64::from(1_u32 << attempt);
            let spread = u64::from(crate::seal::random::<1>()?.first().copied().unwrap_or(0)) % pause_ms;
            tokio::time::sleep(Duration::from_millis(pause_ms + spread)).await;
        }
        Err(Failure::Busy)
    }

    async fn attempt_postgres<T, F: Work<T>>(
        &self,
        begin: &str,
        actor: &Actor,
        work: &F,
    ) -> Result<(T, Told), Failure> {
        let Door::Postgres(door) = &self.0.door else { return Err(Failure::broken("not PostgreSQL")) };
        let held = door.writer().await?;
        let conn = held.conn()?;
        // BEGIN and the first statement leave in one packet: a round trip less.
        let begin = postgres::batch(conn, begin);
        let (begun, done) = futures_util::join!(begin, attempt(Conn::Postgres(conn), &self.0, actor, work));
        let done = begun.map_err(Failure::from).and(done);
        let ended = postgres::batch(conn, if done.is_ok() { "COMMIT" } else { "ROLLBACK" }).await;
        match (ended, done) {
            (Ok(()), done) => {
                held.give_back();
                done
            }
            (Err(_), Err(failure)) => Err(failure),
            (Err(error), Ok(_)) => match Failure::from(error) {
                crossed @ Failure::Crossed(_) => {
                    held.give_back(); // PostgreSQL has rolled back by itself
                    Err(crossed)
                }
                failure => Err(failure),
            },
        }
    }

    /// What has to stand before the first transaction begins.
    pub(crate) async fn prepare(&self, sql: &'static str) -> Result<(), Failure> {
        match &self.0.door {
            Door::Sqlite(_) => {
                let work = async move |tx: &mut Tx<'_>| Ok(tx.conn.batch(sql).await?);
                self.write(Actor::system("prepare"), work).await
            }
            Door::Postgres(door) => {
                let held = door.writer().await?;
                postgres::batch(held.conn()?, sql).await?;
                held.give_back();
                Ok(())
            }
        }
    }

    /// Long reading: exports, checks. In one snapshot, off the worker threads, without a time limit on statements.
    pub async fn read_long<T, F>(&self, actor: Actor, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: Work<T> + Send + 'static,
    {
        match &self.0.door {
            Door::Sqlite(door) => {
                let (mut conn, core) = (door.reader()?, self.0.clone());
                let done = tokio::task::spawn_blocking(move || {
                    conn.batch_execute("BEGIN")?;
                    work(&mut Tx::begin(Conn::Sqlite(&mut conn), &core, &actor))
                        .now_or_never()
                        .unwrap_or_else(|| {
                            Err(Failure::broken("a transaction awaited something that is not the database"))
                        })
                });
                done.await.map_err(Failure::broken)?
            }
            Door::Postgres(door) => {
                let held = door.writer().await?;
                let conn = held.conn()?;
                postgres::batch(
                    conn,
                    "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL statement_timeout = 0",
                )
                .await?;
                let done = work(&mut Tx::begin(Conn::Postgres(conn), &self.0, &actor)).await;
                postgres::batch(conn, "ROLLBACK").await?;
                held.give_back();
                done
            }
        }
    }

    /// Where the jobs of this process are run.
    pub fn bench(&self) -> &Bench {
        &self.0.bench
    }

    /// Lays down the work in hand, so that the next to start takes it up at once.
    async fn lay_down(&self) -> Result<(), Failure> {
        let Some((id, runner)) = self.0.bench.close() else { return Ok(()) };
        self.write(Actor::system("stop"), async move |tx: &mut Tx<'_>| jobs::give_back(tx, id, runner).await)
            .await
    }

    async fn shut(&self) {
        self.lay_down().await.unwrap_or_else(|it| log::warn!("a job of {} is left: {it}", self.code()));
        self.flush_reads()
            .await
            .unwrap_or_else(|it| log::error!("reads of {} not journaled: {it}", self.code()));
        let core = self.0.clone();
        let closed = tokio::task::spawn_blocking(move || match &core.door {
            Door::Sqlite(door) => door.close(),
            Door::Postgres(door) => door.close(),
        });
        closed.await.unwrap_or_else(|it| log::error!("closing a region failed: {it}"));
    }

    /// Waits until something was written here since last asked.
    pub async fn established(&self) {
        self.0.established.notified().await;
    }

    /// Gives committed facts their places in the journal.
    pub async fn number_facts(&self) -> Result<(), Failure> {
        let Door::Postgres(door) = &self.0.door else { return Ok(()) };
        let held = door.writer().await?;
        journal::number(held.conn()?).await?;
        held.give_back();
        Ok(())
    }

    /// Writes the reads of personal data that were noted since the last time.
    pub async fn flush_reads(&self) -> Result<(), Failure> {
        let noted = self.0.reads.take();
        if noted.is_empty() {
            return Ok(());
        }
        let batch = Arc::new(noted);
        let kept = batch.clone();
        let done = self
            .write(Actor::system("reads"), async move |tx: &mut Tx<'_>| journal::keep_reads(tx, &batch).await)
            .await;
        if done.is_err() {
            self.0.reads.put_back(&kept);
        }
        done
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Failure> {
        self.read(Actor::system("ready"), async |tx: &mut Tx<'_>| journal::region_info(tx).await.map(drop))
            .await
    }
}

/// What others of this process are to hear of once it is committed.
struct Told {
    /// Facts were written.
    established: bool,
    /// Work was put into the queue.
    enqueued: bool,
}

async fn attempt<T, F: Work<T>>(
    conn: Conn<'_>,
    core: &Arc<RegionCore>,
    actor: &Actor,
    work: &F,
) -> Result<(T, Told), Failure> {
    let mut tx = Tx::begin(conn, core, actor);
    let value = work(&mut tx).await?;
    let established = tx.publish().await?;
    Ok((value, Told { established, enqueued: tx.has_work() }))
}
