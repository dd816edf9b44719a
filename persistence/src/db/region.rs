//! A region and its three ways to a transaction: short reads, writes, long reads.
use super::work::{Place, Task, Work};
use crate::engine::conn::Conn;
use crate::engine::failure::Failure;
use crate::engine::page::RegionInfo;
use crate::engine::seal::RegionKeys;
use crate::engine::{postgres, sqlite};
use crate::journal;
use crate::region::jobs;
use crate::tx::{Actor, Bench, Door, RegionCore, Tx};
use diesel::connection::SimpleConnection;
use domain::base::moment::Moment;
use futures_util::FutureExt;
use std::borrow::Borrow;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// A region: one tenant with a database of its own.
#[derive(Clone)]
pub struct Region(pub(super) Arc<RegionCore>);

/// Attempts after which a transaction that keeps crossing others fails.
const ATTEMPTS: u32 = 8;
/// Attempts beside other transactions. After them, the transaction gets the region to itself. PostgreSQL detects
/// crossing by pages of an index, and all writers of the newest rows share the newest page. The writes of one program
/// take turns, but jobs and other programs on the same region do not. Beside them, a transaction might never commit.
const BESIDE_OTHERS: u32 = 3;

/// BEGIN of a transaction that runs beside others. LOCK TABLE takes no snapshot. So a transaction that waited for the
/// lock sees the commits made meanwhile.
const BEGIN: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE schema_migrations IN ROW SHARE MODE";
/// BEGIN of a transaction that runs alone. It waits until the others end, and new ones wait until it ends.
const BEGIN_ALONE: &str =
    "BEGIN ISOLATION LEVEL SERIALIZABLE; LOCK TABLE schema_migrations IN EXCLUSIVE MODE";
/// BEGIN of the transaction that makes a region. There is no table to lock yet.
const BEGIN_FIRST: &str = postgres::long!("BEGIN ISOLATION LEVEL SERIALIZABLE", "");
/// BEGIN of a write of a job, which may take long.
const BEGIN_JOB: &str =
    postgres::long!("BEGIN ISOLATION LEVEL SERIALIZABLE", "LOCK TABLE schema_migrations IN ROW SHARE MODE");
/// BEGIN of a migration, which may take long.
const BEGIN_LONG: &str =
    postgres::long!("BEGIN ISOLATION LEVEL SERIALIZABLE", "LOCK TABLE schema_migrations IN EXCLUSIVE MODE");
/// BEGIN of a long read.
const BEGIN_READ: &str = postgres::long!("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", "");
/// BEGIN of a short read that is repeated in one snapshot.
const BEGIN_WHOLE: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY; \
     SET LOCAL plan_cache_mode = auto; SET LOCAL enable_seqscan = on";

/// The relation of a write to other writes of its region.
#[derive(Debug, Clone, Copy)]
enum Company {
    /// It runs beside them, until it has crossed them too often.
    Others,
    /// It is a write of a job: as those beside others, but it may take long.
    Job,
    /// It runs alone and may take long.
    Nobody,
    /// It makes the region.
    First,
}

impl Company {
    fn begin(self, attempt: u32) -> &'static str {
        match self {
            Self::Others if attempt < BESIDE_OTHERS => BEGIN,
            Self::Others => BEGIN_ALONE,
            Self::Job if attempt < BESIDE_OTHERS => BEGIN_JOB,
            Self::Job | Self::Nobody => BEGIN_LONG,
            Self::First => BEGIN_FIRST,
        }
    }
    /// The time between two answers of the database.
    fn patience(self) -> Duration {
        match self {
            Self::Others => postgres::SILENCE,
            Self::Job | Self::Nobody | Self::First => postgres::LONG,
        }
    }
}

impl Region {
    /// The code of the region.
    pub fn code(&self) -> &str {
        &self.0.info.code
    }
    /// The description of the region.
    pub fn info(&self) -> &RegionInfo {
        &self.0.info
    }
    /// The current instant of the region's clock.
    pub fn now(&self) -> Moment {
        self.0.now()
    }
    /// The value of that type that this process keeps in memory for the region.
    pub fn remembered<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        self.0.memory.of::<T>()
    }
    /// The keys of the region.
    pub fn keys(&self) -> &RegionKeys {
        &self.0.keys
    }
    /// Whether the region is on PostgreSQL.
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

    /// Runs a short read. SQLite works inline on this thread's own connection, PostgreSQL on a shared, pipelined
    /// connection.
    pub async fn read<T>(&self, actor: impl Borrow<Actor>, work: impl Work<T>) -> Result<T, Failure> {
        let (place, task) = Place::of(work);
        self.read_task(actor.borrow(), &task).await?;
        place.taken()
    }

    async fn read_task(&self, actor: &Actor, task: &dyn Task) -> Result<(), Failure> {
        match &self.0.door {
            Door::Sqlite(door) => door
                .read(async |conn| task.run(&mut Tx::begin(Conn::Sqlite(conn), &self.0, actor)).await)
                .now_or_never()
                .unwrap_or_else(|| Err(Failure::broken("a read awaited something that is not the database"))),
            Door::Postgres(door) => Box::pin(self.read_postgres(door, actor, task)).await,
        }
    }

    /// Runs a short read on a shared connection. The server may have closed an idle connection: a new one shows whether the
    /// database is reachable. Statements of a shared connection have no common snapshot, so a write between two of them
    /// can make rows seem to contradict each other. Such a read is repeated in one snapshot.
    async fn read_postgres(
        &self,
        door: &postgres::Door,
        actor: &Actor,
        task: &dyn Task,
    ) -> Result<(), Failure> {
        let until = Instant::now() + postgres::READS;
        match self.read_until(until, door, actor, task).await {
            (true, Err(Failure::Unavailable(_))) => self.read_until(until, door, actor, task).await.1,
            (_, Err(Failure::Broken(why))) => {
                log::debug!("reading again in one snapshot: {why}");
                match tokio::time::timeout_at(until, self.read_whole(false, actor, task)).await {
                    Err(_) | Ok(Err(Failure::Busy)) => Err(Failure::Broken(why)),
                    Ok(done) => done,
                }
            }
            (_, done) => done,
        }
    }

    /// Runs a short read on a shared connection up to its deadline. Tells also whether the connection has ended.
    async fn read_until(
        &self,
        until: Instant,
        door: &postgres::Door,
        actor: &Actor,
        task: &dyn Task,
    ) -> (bool, Result<(), Failure>) {
        let pipe = match tokio::time::timeout_at(until, door.reader()).await {
            Ok(Ok(pipe)) => pipe,
            Ok(Err(failure)) => return (false, Err(failure)),
            Err(_) => return (false, Err(door.fell_silent())),
        };
        let mut tx = Tx::begin(Conn::Postgres(pipe.conn()), &self.0, actor);
        match tokio::time::timeout_at(until, task.run(&mut tx)).await {
            Ok(done) => (pipe.has_ended(), done),
            Err(_) => {
                pipe.cut();
                (false, Err(door.fell_silent()))
            }
        }
    }

    /// Runs one durable transaction. It runs to its end even if the client has disconnected. Inside it, await nothing
    /// but the database.
    pub async fn write<T, F>(&self, actor: Actor, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: Work<T> + Send + 'static,
    {
        let (place, task) = Place::of(work);
        self.write_in(Company::Others, actor, Box::new(task)).await?;
        place.taken()
    }

    /// Runs one durable transaction of a job, which may take longer than a request may.
    pub async fn write_long<T, F>(&self, actor: Actor, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: Work<T> + Send + 'static,
    {
        let (place, task) = Place::of(work);
        self.write_in(Company::Job, actor, Box::new(task)).await?;
        place.taken()
    }

    /// Runs one durable transaction while no other transaction writes.
    pub(crate) async fn write_alone<T, F>(&self, actor: Actor, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: Work<T> + Send + 'static,
    {
        let (place, task) = Place::of(work);
        self.write_in(Company::Nobody, actor, Box::new(task)).await?;
        place.taken()
    }

    /// Runs the transaction that makes the region.
    pub(super) async fn write_first<T, F>(&self, actor: Actor, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: Work<T> + Send + 'static,
    {
        let (place, task) = Place::of(work);
        self.write_in(Company::First, actor, Box::new(task)).await?;
        place.taken()
    }

    /// Runs a write in that company. SQLite has only one writer at a time, so it does not matter there.
    async fn write_in(
        &self,
        company: Company,
        actor: Actor,
        task: Box<dyn Task + Send>,
    ) -> Result<(), Failure> {
        let done = match &self.0.door {
            Door::Sqlite(door) => self.write_sqlite(door, actor, task).await,
            Door::Postgres(_) => {
                let region = self.clone();
                let write = async move { region.write_postgres(company, &actor, &*task).await };
                tokio::task::spawn_local(write)
                    .await
                    .map_err(|it| Failure::broken(format!("a transaction broke off: {it}")))?
            }
        };
        let effects = done?;
        if effects.established {
            self.0.established.notify_one();
        }
        if effects.enqueued {
            self.0.bench.wake();
        }
        Ok(())
    }

    async fn write_sqlite(
        &self,
        door: &sqlite::Door,
        actor: Actor,
        task: Box<dyn Task + Send>,
    ) -> Result<Effects, Failure> {
        let (answer, received) = oneshot::channel();
        let core = self.0.clone();
        door.enqueue(Box::new(move |begun| {
            let done = begun.and_then(|conn| {
                let ready = attempt(Conn::Sqlite(conn), &core, &actor, &*task).now_or_never();
                ready.unwrap_or_else(|| {
                    Err(Failure::broken("a transaction awaited something that is not the database"))
                })
            });
            (done.is_ok(), Box::new(move |committed| drop(answer.send(committed.and(done)))))
        }))?;
        received.await.map_err(|_| Failure::broken("a transaction broke off"))?
    }

    async fn write_postgres(
        &self,
        company: Company,
        actor: &Actor,
        task: &dyn Task,
    ) -> Result<Effects, Failure> {
        for attempt in 0..ATTEMPTS {
            match self.attempt_postgres(company, attempt, actor, task).await {
                Err(Failure::Crossed(why)) => log::debug!("repeating a transaction: {why}"),
                done => return done,
            }
            let pause_ms = u64::from(1_u32 << attempt);
            let spread =
                u64::from(crate::engine::seal::random::<1>()?.first().copied().unwrap_or(0)) % pause_ms;
            tokio::time::sleep(Duration::from_millis(pause_ms + spread)).await;
        }
        Err(Failure::Busy)
    }

    async fn attempt_postgres(
        &self,
        company: Company,
        attempt_number: u32,
        actor: &Actor,
        task: &dyn Task,
    ) -> Result<Effects, Failure> {
        let Door::Postgres(door) = &self.0.door else { return Err(Failure::broken("not PostgreSQL")) };
        let _turn = match company {
            Company::Others => Some(door.turn().await?),
            Company::Job | Company::Nobody | Company::First => None,
        };
        let held = door.writer().await?;
        let conn = held.conn()?;
        // BEGIN and the first statement leave in one packet, which saves a round trip.
        let begin = postgres::batch(conn, company.begin(attempt_number));
        let both = async { futures_util::join!(begin, attempt(Conn::Postgres(conn), &self.0, actor, task)) };
        let Some((begun, done)) = postgres::answered(company.patience(), both).await else {
            return Err(door.fell_silent());
        };
        let done = begun.map_err(Failure::from).and(done);
        if let Err(Failure::Unavailable(why)) = done {
            return Err(Failure::Unavailable(why)); // dropping the connection rolls back
        }
        let end = postgres::batch(conn, if done.is_ok() { "COMMIT" } else { "ROLLBACK" });
        let Some(ended) = postgres::answered(company.patience(), end).await else {
            door.fell_silent();
            return done.and_then(|_| Err(Failure::OutcomeUnknown("no answer to COMMIT in time".into())));
        };
        match (ended, done) {
            (Ok(()), done) => {
                held.give_back();
                done
            }
            (Err(_), Err(failure)) => Err(failure),
            (Err(error), Ok(_)) => match Failure::from(error) {
                crossed @ Failure::Crossed(_) => {
                    held.give_back(); // PostgreSQL has already rolled back
                    Err(crossed)
                }
                Failure::Unavailable(why) => Err(Failure::OutcomeUnknown(why)),
                failure => Err(failure),
            },
        }
    }

    /// Runs the SQL that must be in place before the first transaction begins.
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

    /// Runs a long read, such as an export or a check. It has one snapshot, no time limit on statements, and a thread
    /// of its own on SQLite.
    pub async fn read_long<T, F>(&self, actor: Actor, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: Work<T> + Send + 'static,
    {
        let (place, task) = Place::of(work);
        self.read_task_long(actor, Box::new(task)).await?;
        place.taken()
    }

    async fn read_task_long(&self, actor: Actor, task: Box<dyn Task + Send>) -> Result<(), Failure> {
        match &self.0.door {
            Door::Sqlite(door) => {
                let (mut conn, core) = (door.reader()?, self.0.clone());
                let done = tokio::task::spawn_blocking(move || {
                    conn.batch_execute("BEGIN")?;
                    task.run(&mut Tx::begin(Conn::Sqlite(&mut conn), &core, &actor).apart())
                        .now_or_never()
                        .unwrap_or_else(|| {
                            Err(Failure::broken("a transaction awaited something that is not the database"))
                        })
                });
                done.await.map_err(Failure::broken)?
            }
            // Work on the rows takes as long as reading them, so a worker thread would hold up its other requests.
            Door::Postgres(_) => {
                let (region, runtime) = (self.clone(), tokio::runtime::Handle::current());
                let read = move || runtime.block_on(region.read_whole(true, &actor, &*task));
                tokio::task::spawn_blocking(read).await.map_err(Failure::broken)?
            }
        }
    }

    /// Runs a read in one snapshot, on a connection of its own.
    async fn read_whole(&self, is_long: bool, actor: &Actor, task: &dyn Task) -> Result<(), Failure> {
        let Door::Postgres(door) = &self.0.door else { return Err(Failure::broken("not PostgreSQL")) };
        let held = door.writer().await?;
        let conn = held.conn()?;
        let (begin, patience) =
            if is_long { (BEGIN_READ, postgres::LONG) } else { (BEGIN_WHOLE, postgres::SILENCE) };
        let whole = async {
            postgres::batch(conn, begin).await?;
            let tx = Tx::begin(Conn::Postgres(conn), &self.0, actor);
            let done = task.run(&mut if is_long { tx.apart() } else { tx }).await;
            postgres::batch(conn, "ROLLBACK").await?;
            Ok::<_, Failure>(done)
        };
        let Some(done) = postgres::answered(patience, whole).await else {
            return Err(door.fell_silent());
        };
        let done = done?; // dropping a connection that failed to begin or to end closes it
        held.give_back();
        done
    }

    /// The bench on which this process runs jobs of the region.
    pub fn bench(&self) -> &Bench {
        &self.0.bench
    }

    /// Returns the running jobs to the queue, so that another process takes them up at once.
    async fn lay_down(&self) -> Result<(), Failure> {
        for (id, runner) in self.0.bench.close() {
            let give_back = async move |tx: &mut Tx<'_>| jobs::give_back(tx, id, runner).await;
            self.write(Actor::system("stop"), give_back).await?;
        }
        Ok(())
    }

    pub(super) async fn shut(&self) {
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

    /// Waits until a write of this process has established facts since the last call.
    pub async fn established(&self) {
        self.0.established.notified().await;
    }

    /// Numbers committed facts in the journal.
    pub async fn number_facts(&self) -> Result<(), Failure> {
        let Door::Postgres(door) = &self.0.door else { return Ok(()) };
        let held = door.writer().await?;
        match postgres::answered(postgres::SILENCE, journal::number(held.conn()?)).await {
            Some(done) => done?,
            None => return Err(door.fell_silent()),
        }
        held.give_back();
        Ok(())
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Failure> {
        self.read(Actor::system("ready"), async |tx: &mut Tx<'_>| journal::region_info(tx).await.map(drop))
            .await
    }
}

/// Effects of a transaction on other parts of this process, after the commit.
struct Effects {
    /// Facts were written.
    established: bool,
    /// Work was put into the queue.
    enqueued: bool,
}

async fn attempt(
    conn: Conn<'_>,
    core: &Arc<RegionCore>,
    actor: &Actor,
    task: &dyn Task,
) -> Result<Effects, Failure> {
    let mut tx = Tx::begin(conn, core, actor);
    task.run(&mut tx).await?;
    let established = tx.publish().await?;
    Ok(Effects { established, enqueued: tx.has_work() })
}
