//! The parts that all transactions of a region share.
use super::{Bench, Memory, Reads, Registry};
use crate::engine::page::RegionInfo;
use crate::engine::seal::RegionKeys;
use crate::engine::{postgres, sqlite};
use domain::base::moment::Moment;
use std::sync::Arc;
use tokio::sync::{Notify, Semaphore};

/// The source of the current time. Tests move it.
pub type Clock = Arc<dyn Fn() -> Moment + Send + Sync>;

/// The connections to the database of a region.
pub(crate) enum Door {
    Sqlite(sqlite::Door),
    Postgres(postgres::Door),
}

/// Long reads for which requests wait: those that run, and all of them.
pub(crate) struct Apart {
    pub(crate) running: Arc<Semaphore>,
    pub(crate) waiting: Semaphore,
}

impl Default for Apart {
    fn default() -> Self {
        Self { running: Arc::new(Semaphore::new(APART)), waiting: Semaphore::new(APART_WAITING) }
    }
}

/// Long reads of requests that run at once.
const APART: usize = 2;
/// Requests with a long read at once, running or waiting.
const APART_WAITING: usize = 64;

/// The parts that all transactions of a region share.
pub struct RegionCore {
    pub(crate) info: RegionInfo,
    pub(crate) door: Door,
    pub(crate) keys: RegionKeys,
    pub(crate) clock: Clock,
    pub(crate) reads: Reads,
    /// Values that areas keep in memory between transactions.
    pub(crate) memory: Memory,
    /// The answers of higher areas to questions of lower ones.
    pub(crate) registry: &'static dyn Registry,
    pub(crate) established: Notify,
    pub(crate) apart: Apart,
    pub(crate) bench: Bench,
}

impl RegionCore {
    pub(crate) fn now(&self) -> Moment {
        (self.clock)()
    }
}
