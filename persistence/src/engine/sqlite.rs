//! One region in one SQLite file: inline readers, and one writer that commits many requests at once.
use crate::engine::conn::{STATISTICS, open_sqlite};
use crate::engine::failure::Failure;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Requests of one commit at most. With more, the first request would wait too long for the last.
const GROUP: usize = 64;

/// Settings of a connection that reads. There is one for each worker and each long read, so its cache has half the size of the
/// writer's: the pages of a list are few, and the system keeps the others.
const READS_ONLY: &str = "PRAGMA query_only = ON; PRAGMA cache_size = -16384";

/// The callback that tells a request the result of its commit.
type Done = Box<dyn FnOnce(Result<(), Failure>) + Send>;
/// The work of one request, or the reason why it cannot begin. It returns whether its effects are kept, and the callback to call
/// after the commit.
pub(crate) type Job = Box<dyn FnOnce(Result<&mut SqliteConnection, Failure>) -> (bool, Done) + Send>;

thread_local! {
    /// Idle read connections of this worker thread. There may be several, because a read inside a read takes another.
    static IDLE: RefCell<Vec<Idle>> = const { RefCell::new(Vec::new()) };
}

/// An idle read connection: its file, and the count of statistics that it has read.
type Idle = (Arc<Path>, u64, SqliteConnection);

/// The connections of one file.
pub(crate) struct Door {
    path: Arc<Path>,
    /// The number of times that the writer has gathered statistics.
    gathered: Arc<AtomicU64>,
    queue: Mutex<Option<mpsc::SyncSender<Job>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Door {
    pub(crate) fn open(path: &Path, queue_length: usize, create: bool) -> Result<Self, Failure> {
        let mut conn = open_sqlite(path, create).map_err(unavailable)?;
        let (queue, jobs) = mpsc::sync_channel(queue_length);
        let gathered = Arc::new(AtomicU64::new(0));
        let told = gathered.clone();
        let writer = std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || write_groups(&mut conn, &jobs, &told))
            .map_err(Failure::broken)?;
        let (queue, writer) = (Mutex::new(Some(queue)), Mutex::new(Some(writer)));
        Ok(Self { path: path.into(), gathered, queue, writer })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Runs work on a read-only connection of this thread.
    pub(crate) async fn read<T>(
        &self,
        work: impl AsyncFnOnce(&mut SqliteConnection) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let gathered = self.gathered.load(Ordering::Acquire);
        let idle = IDLE.with_borrow_mut(|all| {
            let place = all.iter().position(|(path, ..)| Arc::ptr_eq(path, &self.path))?;
            Some(all.swap_remove(place))
        });
        // A connection reads the statistics once, when it opens.
        let mut conn = match idle {
            Some((_, known, conn)) if known == gathered => conn,
            _ => self.reader()?,
        };
        let done = work(&mut conn).await;
        IDLE.with_borrow_mut(|all| all.push((self.path.clone(), gathered, conn)));
        done
    }

    /// A connection that cannot write.
    pub(crate) fn reader(&self) -> Result<SqliteConnection, Failure> {
        let mut conn = open_sqlite(&self.path, false).map_err(unavailable)?;
        conn.batch_execute(READS_ONLY)?;
        Ok(conn)
    }

    /// Gives the work of a request to the writer.
    pub(crate) fn enqueue(&self, job: Job) -> Result<(), Failure> {
        let queue = held(&self.queue).clone().ok_or_else(|| Failure::Unavailable("shutting down".into()))?;
        queue.try_send(job).map_err(|_| Failure::Busy)
    }

    /// Takes no more work, finishes the queued work, and closes the file. It blocks.
    pub(crate) fn close(&self) {
        held(&self.queue).take();
        let writer = held(&self.writer).take();
        if let Some(writer) = writer
            && writer.join().is_err()
        {
            log::error!("the SQLite writer of {} had panicked", self.path.display());
        }
    }
}

pub(crate) fn unavailable(error: ConnectionError) -> Failure {
    Failure::Unavailable(error.to_string())
}

/// Locks a mutex, even after a panic of another holder. The guarded values are replaced whole, so none is left
/// half-changed.
pub(crate) fn held<T>(it: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}

fn run(conn: &mut SqliteConnection, sql: &str) -> Result<(), Failure> {
    Ok(conn.batch_execute(sql)?)
}

/// The time at which the statistics are gathered: as soon as there are twice as many writes as the last time, for a young region
/// grows fast, and later after a minute with new ones. A table may fill long after the others, and gathering takes 10 ms.
struct Growth {
    written: usize,
    last: usize,
    last_at: Instant,
}

impl Growth {
    /// Writes that are worth new statistics.
    const WORTH: usize = 1000;
    const OLD: Duration = Duration::from_secs(60);

    fn begin() -> Self {
        Self { written: 0, last: 0, last_at: Instant::now() }
    }
    fn add(&mut self, writes: usize) {
        self.written = self.written.saturating_add(writes);
    }
    /// Whether the statistics are to be gathered now. The next ones count from here.
    fn is_due(&mut self) -> bool {
        let new = self.written.saturating_sub(self.last);
        let is_due = new >= Self::WORTH && (new >= self.last || self.last_at.elapsed() >= Self::OLD);
        if is_due {
            (self.last, self.last_at) = (self.written, Instant::now());
        }
        is_due
    }
}

fn write_groups(conn: &mut SqliteConnection, jobs: &mpsc::Receiver<Job>, gathered: &AtomicU64) {
    let mut growth = Growth::begin();
    while let Ok(first) = jobs.recv() {
        if let Err(error) = run(conn, "BEGIN IMMEDIATE") {
            // All have waited for as long as this one.
            refuse(first, error);
            jobs.try_iter().for_each(|it| refuse(it, Failure::Busy));
            continue;
        }
        let (mut waiting, mut next) = (Vec::new(), Some(first));
        let committed = (|| {
            while let Some(job) = next.take() {
                waiting.extend(write_one(conn, job)?);
                if waiting.len() < GROUP {
                    next = jobs.try_recv().ok();
                }
            }
            run(conn, "COMMIT")
        })();
        if let Err(error) = &committed {
            log::error!("a group of writes was not committed: {error}");
            let _ = run(conn, "ROLLBACK"); // fails if the database has undone it by itself
        }
        growth.add(waiting.len());
        for done in waiting {
            done(committed.as_ref().map(|&()| ()).map_err(|it| Failure::Unavailable(it.to_string())));
        }
        if growth.is_due() {
            match run(conn, STATISTICS) {
                Ok(()) => drop(gathered.fetch_add(1, Ordering::Release)),
                Err(error) => log::warn!("the statistics were not gathered: {error}"),
            }
        }
    }
    if let Err(error) = run(conn, "PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE)") {
        log::warn!("the last checkpoint failed: {error}");
    }
}

/// Answers a request that cannot begin. Another process may hold the file.
fn refuse(job: Job, error: Failure) {
    log::warn!("a write did not begin: {error}");
    let why = if matches!(error, Failure::Crossed(_)) { Failure::Busy } else { error };
    job(Err(why)).1(Ok(()));
}

/// Runs one request of a group in a savepoint of its own, so that its failure does not affect the others. Each request is answered,
/// also if the savepoint fails; one that panicked answers by its end.
fn write_one(conn: &mut SqliteConnection, job: Job) -> Result<Option<Done>, Failure> {
    if let Err(error) = run(conn, "SAVEPOINT request") {
        refuse(job, Failure::Unavailable(error.to_string()));
        return Err(error);
    }
    let done = catch_unwind(AssertUnwindSafe(|| job(Ok(conn))));
    let is_kept = matches!(done, Ok((true, _)));
    let ended = run(conn, if is_kept { "RELEASE request" } else { "ROLLBACK TO request; RELEASE request" });
    let done = done.ok().map(|it| it.1);
    match ended {
        Ok(()) => Ok(done),
        Err(error) => {
            done.into_iter().for_each(|it| it(Err(Failure::Unavailable(error.to_string()))));
            Err(error)
        }
    }
}
